"""Reductions: sums and means, over all axes or some."""

from __future__ import annotations

from dataclasses import replace

from srcad.analysis.kind import FLOAT, UNKNOWN, Array, Kind, Scalar
from srcad.rules.axes import (
    array,
    count,
    dtype_of,
    float_dtype,
    keeps_dims,
    reduced,
    reduced_axes,
    spread,
    summed_dtype,
    wanted_dtype,
)
from srcad.rules.table import Use, structured


def _sum_kind(use: Use, mean: bool = False) -> Kind:
    kind = use.kinds[0]
    dtype = (float_dtype if mean else summed_dtype)(dtype_of(kind))
    if isinstance(kind, Array):
        dtype = wanted_dtype(use, dtype)
        return reduced(kind, reduced_axes(use), keepdims=keeps_dims(use), dtype=dtype)
    if isinstance(kind, Scalar):
        return array((), wanted_dtype(use, dtype))
    return FLOAT if use.value("axis") is None and not keeps_dims(use) else UNKNOWN


def _mean_kind(use: Use) -> Kind:
    return _sum_kind(use, mean=True)


def _sum_adjoint(use: Use, _: int) -> str:
    return spread(use, "ȳ")


def _mean_adjoint(use: Use, _: int) -> str:
    kind = use.kinds[0]
    return "ȳ" if isinstance(kind, Scalar) else spread(use, f"ȳ / {count(use)}")


structured(
    "np.sum",
    "x/a axis=None dtype=None out! keepdims=False initial! where!",
    methods="sum",
    takes_unknown=True,
    kind=_sum_kind,
    adjoint=_sum_adjoint,
)
structured(
    "np.mean",
    "x/a axis=None dtype=None out! keepdims=False * where!",
    methods="mean",
    takes_unknown=True,
    kind=_mean_kind,
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
    kind=lambda use: _sum_kind(_along_first(use)),
    adjoint=_builtin_sum_adjoint,
)
structured("math.fsum", "[x]", jointly=True, kind=lambda use: FLOAT, adjoint=lambda use, n: "ȳ")
