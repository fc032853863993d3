"""Reductions: sums, means, and the largest and the smallest entry, over all axes or some.

Each adjoint is the transpose of the tangent; both are written with the axes that were reduced put
back (:func:`srcad.rules.axes.with_axes`), so that broadcasting does the rest.
"""

from __future__ import annotations

from dataclasses import replace

from srcad.analysis.kind import FLOAT, UNKNOWN, Array, Kind, Scalar
from srcad.rules.axes import (
    along,
    array,
    array_needed,
    dtype_of,
    float_dtype,
    keeps_dims,
    no_nan,
    reduced,
    reduced_axes,
    share_of,
    spread,
    summed_dtype,
    wanted_dtype,
    with_axes,
)
from srcad.rules.signature import Refused
from srcad.rules.table import Use, structured

# -- sums and means --------------------------------------------------------------------------------


def sum_kind(use: Use, mean: bool = False) -> Kind:
    """The kind of a sum, or of a mean."""
    kind = use.kinds[0]
    dtype = (float_dtype if mean else summed_dtype)(dtype_of(kind))
    if dtype[0] != "c" and wanted_dtype(use, dtype)[0] == "c":
        raise Refused("`dtype=`", "it makes a real sum complex", "`x + 0j`")
    if isinstance(kind, Array):
        dtype = wanted_dtype(use, dtype)
        return reduced(kind, reduced_axes(use), keepdims=keeps_dims(use), dtype=dtype)
    if isinstance(kind, Scalar):
        return array((), wanted_dtype(use, dtype))
    return FLOAT if use.value("axis") is None and not keeps_dims(use) else UNKNOWN


def mean_kind(use: Use) -> Kind:
    """The kind of a mean."""
    return sum_kind(use, mean=True)


def _sum_adjoint(use: Use, _: int) -> str:
    return spread(use, "ȳ")


def _mean_adjoint(use: Use, _: int) -> str:
    kind = use.kinds[0]
    return "ȳ" if isinstance(kind, Scalar) else spread(use, f"ȳ / {share_of(use)}")


structured(
    "np.sum",
    "x/a axis=None dtype=None out! keepdims=False initial! where!",
    methods="sum",
    takes_unknown=True,
    kind=sum_kind,
    adjoint=_sum_adjoint,
)
structured(
    "np.add.reduce",
    "x/array axis=0 dtype=None out! keepdims=False initial! where!",
    kind=sum_kind,
    adjoint=_sum_adjoint,
)
structured(
    "np.mean",
    "x/a axis=None dtype=None out! keepdims=False * where!",
    methods="mean",
    takes_unknown=True,
    kind=mean_kind,
    adjoint=_mean_adjoint,
)


def _along_first(use: Use) -> Use:
    """Python's ``sum`` adds along the first axis."""
    return replace(use, values={"axis": 0, "keepdims": False, "dtype": None})


def _builtin_sum_adjoint(use: Use, _: int) -> str:
    vector = getattr(use.kinds[0], "rank", 0) <= 1
    return "np.full_like(like_x, ȳ)" if vector else "np.broadcast_to(ȳ, like_x.shape)"


structured(
    "builtins.sum",
    "x start!",
    kind=lambda use: sum_kind(_along_first(use)),
    adjoint=_builtin_sum_adjoint,
)
structured("math.fsum", "[x]", jointly=True, kind=lambda use: FLOAT, adjoint=lambda use, n: "ȳ")


def vector_needed(use: Use) -> Kind:
    """The kind of what a function of Python's makes of an array's numbers."""
    if getattr(use.kinds[0], "rank", 0) != 1:
        raise Refused("this operation", "its operand is no row of numbers", "NumPy's function")
    return FLOAT


structured(
    "math.fsum",
    "x",
    variant="of a vector",
    takes_lists=True,
    kind=vector_needed,
    adjoint=lambda use, _: "np.full_like(like_x, ȳ)",
)

# nan counts as nothing in these.


def _nansum_tangent(use: Use, _: int) -> str:
    return f"np.sum(np.where(np.isnan(x), 0.0, ẋ){along(use)})"


def valid(use: Use) -> str:
    """How many entries are no nan."""
    return f"n = np.sum(~np.isnan(x){along(use)})"


structured(
    "np.nansum",
    "x/a axis=None dtype=None out! keepdims=False initial! where!",
    chosen=no_nan,
    kind=sum_kind,
    tangent=_nansum_tangent,
    adjoint=lambda use, _: f"np.where(np.isnan(x), 0.0, {with_axes(use, 'ȳ')})",
)
structured(
    "np.nanmean",
    "x/a axis=None dtype=None out! keepdims=False * where!",
    chosen=no_nan,
    kind=mean_kind,
    tangent=lambda use, _: f"{valid(use)}; {_nansum_tangent(use, 0)} / n",
    adjoint=lambda use, _: f"{valid(use)}; np.where(np.isnan(x), 0.0, {with_axes(use, 'ȳ / n')})",
)


structured(
    "np.logaddexp.reduce",
    "x/array axis=0 dtype! out! keepdims=False initial! where!",
    kind=lambda use: mean_kind(replace(use, values={**use.values, "dtype": None})),
    tangent=lambda use, _: f"np.sum(np.exp(x - {with_axes(use, 'y')}) * ẋ{along(use)})",
    adjoint=lambda use, _: f"{with_axes(use, 'ȳ')} * np.exp(x - {with_axes(use, 'y')})",
)


# -- the largest and the smallest ------------------------------------------------------------------


def _extreme_kind(use: Use) -> Kind:
    array_needed(use)
    kind = use.kinds[0]
    assert isinstance(kind, Array)
    return reduced(kind, reduced_axes(use), keepdims=keeps_dims(use))


def _extreme(function: str, signature: str, *names: str, methods: str = "") -> None:
    """Entries that tie share equally."""

    def ties(use: Use) -> str:
        return f"t = x == {with_axes(use, 'y')}"

    structured(
        " ".join(names),
        signature,
        methods=methods,
        facts="one largest or smallest entry; ties share equally",
        leaves_out=True,
        chosen=no_nan if function.startswith("nan") else None,
        kind=_extreme_kind,
        tangent=lambda use, _: (
            f"{ties(use)}; np.sum(np.where(t, ẋ, 0.0){along(use)}) / np.sum(t{along(use)})"
        ),
        adjoint=lambda use, _: f"{ties(use)}; {with_axes(use, f'ȳ / np.sum(t{along(use)})')} * t",
    )


_EXTREME = "x/a axis=None out! keepdims=False initial! where!"
_extreme("max", _EXTREME, "np.max", "np.amax", methods="max")
_extreme("min", _EXTREME, "np.min", "np.amin", methods="min")
_extreme("nanmax", _EXTREME, "np.nanmax")
_extreme("nanmin", _EXTREME, "np.nanmin")
_REDUCE = "x/array axis=0 dtype! out! keepdims=False initial! where!"
_extreme("max", _REDUCE, "np.maximum.reduce")
_extreme("min", _REDUCE, "np.minimum.reduce")


def _of_vector(use: Use) -> Kind:
    kind = use.kinds[0]
    if not isinstance(kind, Array) or kind.rank != 1:
        raise Refused("`max` or `min` of one value", "it is no vector", "NumPy's function")
    return reduced(kind, (0,))


def _vector_ties(name: str) -> None:
    ties = "t = x == y"
    structured(
        f"builtins.{name}",
        "x",
        variant="of a vector",
        facts="one largest or smallest entry; ties share equally",
        leaves_out=True,
        kind=_of_vector,
        tangent=lambda use, _: f"{ties}; np.sum(np.where(t, ẋ, 0.0)) / np.sum(t)",
        adjoint=lambda use, _: f"{ties}; ȳ / np.sum(t) * t",
    )


_vector_ties("max")
_vector_ties("min")


def _range_ties(use: Use) -> str:
    further = along(use, keepdims=True)
    return f"t = x == np.max(x{further}); s = x == np.min(x{further})"


structured(
    "np.ptp",
    "x/a axis=None out! keepdims=False",
    facts="one largest and one smallest entry; ties share equally",
    leaves_out=True,
    kind=_extreme_kind,
    tangent=lambda use, _: (
        f"{_range_ties(use)}; np.sum(np.where(t, ẋ, 0.0){along(use)}) / np.sum(t{along(use)})"
        f" - np.sum(np.where(s, ẋ, 0.0){along(use)}) / np.sum(s{along(use)})"
    ),
    adjoint=lambda use, _: (
        f"{_range_ties(use)}; {with_axes(use, f'ȳ / np.sum(t{along(use)})')} * t"
        f" - {with_axes(use, f'ȳ / np.sum(s{along(use)})')} * s"
    ),
)
