"""Reductions of some entries only (``where=``), and those that start from an ``initial`` value.

What is left out counts as the operation's neutral element, and has no derivative.  The derivatives
are those of :mod:`srcad.rules.reductions` with the entries that count told by a mask.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from srcad.analysis.kind import Array, Kind, Scalar, same_shape
from srcad.rules.accumulations import others
from srcad.rules.axes import (
    along,
    array_needed,
    keeps_dims,
    reduced,
    reduced_axes,
    spread,
    with_axes,
)
from srcad.rules.reductions import mean_kind, sum_kind
from srcad.rules.signature import Refused
from srcad.rules.table import KindOf, Use, structured

Mask = Callable[[Use], str]


def _some(use: Use) -> str:
    """Which entries count."""
    return "where" if "where" in use.options else "True"


def _some_numbers(use: Use) -> str:
    """Which entries count, where nan does not."""
    numbers = "~np.isnan(x)"
    return f"where & {numbers}" if "where" in use.options else numbers


@dataclass(frozen=True)
class Reduction:
    """One function, and how it is called where it reduces some entries only."""

    mask: Mask
    names: str
    signature: str
    variant: str
    methods: str

    def declare(
        self,
        kind: KindOf,
        tangent: Callable[[Use, int], str],
        adjoint: Callable[[Use, int], str],
        facts: str = "",
    ) -> None:
        """Enter the rule; what the mask leaves out is not chosen."""
        structured(
            self.names,
            self.signature,
            methods=self.methods,
            variant=self.variant,
            facts=facts,
            leaves_out=True,
            chosen=lambda use, _: (self.mask(use), True),
            kind=kind,
            tangent=tangent,
            adjoint=adjoint,
        )


def _kept(mask: str, value: str, otherwise: str = "0.0") -> str:
    return value if mask == "True" else f"np.where({mask}, {value}, {otherwise})"


def _fitted(use: Use, mask: str) -> str:
    """The mask, stretched to the array as the reduction does it: one that does not fit raises."""
    kind, own = use.kinds[0], getattr(use.options.get("where"), "kind", None)
    if mask == "True" or isinstance(own, Scalar):
        return mask
    if isinstance(own, Array) and isinstance(kind, Array) and same_shape(own.axes, kind.axes):
        return mask
    return f"np.broadcast_to({mask}, like_x.shape)"


def _plain(use: Use) -> Use:
    return replace(use, values={**use.values, "dtype": None})


def _check(use: Use) -> None:
    """The mask has no more axes than the array: NumPy does not broadcast the array to it."""
    array_needed(use)
    kind, mask = use.kinds[0], getattr(use.options.get("where"), "kind", None)
    if isinstance(kind, Array) and isinstance(mask, Array) and mask.rank > kind.rank:
        raise Refused("`where=`", "it has more axes than the array", "a mask of the array's shape")


# -- sums, means and products ----------------------------------------------------------------------


def _sum_kind(use: Use) -> Kind:
    _check(use)
    return sum_kind(_plain(use))


def _mean_kind(use: Use) -> Kind:
    _check(use)
    return mean_kind(_plain(use))


def _sum(of: Reduction) -> None:
    of.declare(
        kind=_sum_kind,
        tangent=lambda use, _: f"np.sum({_kept(of.mask(use), 'ẋ')}{along(use)})",
        adjoint=lambda use, _: _kept(_fitted(use, of.mask(use)), spread(use, "ȳ")),
    )


def _counted(mask: str, further: str) -> str:
    return f"np.sum(np.broadcast_to({mask}, like_x.shape){further})"


def _mean(of: Reduction) -> None:
    def counted(use: Use) -> str:
        return f"n = {_counted(of.mask(use), along(use))}"

    of.declare(
        kind=_mean_kind,
        tangent=lambda use, _: (
            f"{counted(use)}; np.sum({_kept(of.mask(use), 'ẋ')}{along(use)}) / n"
        ),
        adjoint=lambda use, _: f"{counted(use)}; {_kept(of.mask(use), spread(use, 'ȳ / n'))}",
    )


def _prod(of: Reduction) -> None:
    def product(use: Use) -> str:
        start = "initial * " if "initial" in use.options else ""
        return f"p = {start}{others(use, _kept(_fitted(use, of.mask(use)), 'x', '1.0'))}"

    def adjoint(use: Use, _: int) -> str:
        share = f"{with_axes(use, 'ȳ')} * p"
        return f"{product(use)}; {_kept(_fitted(use, of.mask(use)), share)}"

    of.declare(
        kind=_sum_kind,
        tangent=lambda use, _: (
            f"{product(use)}; np.sum({_kept(of.mask(use), 'p * ẋ')}{along(use)})"
        ),
        adjoint=adjoint,
    )


# -- the largest and the smallest ------------------------------------------------------------------


def _extreme_kind(use: Use) -> Kind:
    _check(use)
    kind = use.kinds[0]
    assert isinstance(kind, Array)
    return reduced(kind, reduced_axes(use), keepdims=keeps_dims(use))


def _extreme(of: Reduction) -> None:
    """The initial value is one more entry, and has no derivative."""

    def ties(use: Use) -> str:
        equal = f"(x == {with_axes(use, 'y')})"
        found = equal if of.mask(use) == "True" else f"{of.mask(use)} & {equal}"
        return f"t = {found}; n = np.sum(t{along(use)}) + (y == initial)"

    of.declare(
        facts="one largest or smallest entry; ties share equally",
        kind=_extreme_kind,
        tangent=lambda use, _: f"{ties(use)}; np.sum(np.where(t, ẋ, 0.0){along(use)}) / n",
        adjoint=lambda use, _: f"{ties(use)}; {with_axes(use, 'ȳ / n')} * t",
    )


# -- variances -------------------------------------------------------------------------------------


def _variance(of: Reduction) -> None:
    # Of a standard deviation 0 the derivative is 0: all deviations are.
    deviates = of.names.endswith("std")

    def deviations(use: Use) -> str:
        m, kept = of.mask(use), along(use, keepdims=True)
        mean = f"np.sum({_kept(m, 'x')}{kept}) / {_counted(m, kept)}"
        free = " - ddof" if "ddof" in use.options else ""
        return f"d = {_kept(m, f'x - {mean}')}; n = {_counted(m, along(use))}{free}"

    def shared(total: str) -> str:
        return f"{total} / (n * (y + (y == 0)))" if deviates else f"2 * {total} / n"

    def tangent(use: Use, _: int) -> str:
        total = f"np.sum({_kept(of.mask(use), 'd * ẋ')}{along(use)})"
        return f"{deviations(use)}; {shared(total)}"

    of.declare(
        facts="not all entries equal; 0" if deviates else "",
        kind=_mean_kind,
        tangent=tangent,
        adjoint=lambda use, _: f"{deviations(use)}; {with_axes(use, shared('ȳ'))} * d",
    )


# -- all of them -----------------------------------------------------------------------------------

SOME, START = "of some entries", "from an initial value"

for _make, _names, _mask, _array, _before, _after, _methods in (
    (_sum, "np.sum", _some, "a", "axis=None dtype! out! keepdims=False", "=0", "sum"),
    (_sum, "np.nansum", _some_numbers, "a", "axis=None dtype! out! keepdims=False", "=0", ""),
    (_sum, "np.add.reduce", _some, "array", "axis=0 dtype! out! keepdims=False", "=0", ""),
    (_prod, "np.prod", _some, "a", "axis=None dtype! out! keepdims=False", "=1", "prod"),
    (_prod, "np.nanprod", _some_numbers, "a", "axis=None dtype! out! keepdims=False", "=1", ""),
    (_prod, "np.multiply.reduce", _some, "array", "axis=0 dtype! out! keepdims=False", "=1", ""),
):
    _make(Reduction(_mask, _names, f"x/{_array} {_before} initial{_after} where=", SOME, _methods))
    _make(Reduction(_mask, _names, f"x/{_array} {_before} initial= where!", START, _methods))

for _names, _mask, _array, _before, _methods in (
    ("np.max np.amax", _some, "a", "axis=None out! keepdims=False", "max"),
    ("np.min np.amin", _some, "a", "axis=None out! keepdims=False", "min"),
    ("np.nanmax", _some_numbers, "a", "axis=None out! keepdims=False", ""),
    ("np.nanmin", _some_numbers, "a", "axis=None out! keepdims=False", ""),
    ("np.maximum.reduce", _some, "array", "axis=0 dtype! out! keepdims=False", ""),
    ("np.minimum.reduce", _some, "array", "axis=0 dtype! out! keepdims=False", ""),
):
    _extreme(Reduction(_mask, _names, f"x/{_array} {_before} initial= where=True", START, _methods))

for _make, _names, _mask, _before, _methods in (
    (_mean, "np.mean", _some, "axis=None dtype! out! keepdims=False *", "mean"),
    (_mean, "np.nanmean", _some_numbers, "axis=None dtype! out! keepdims=False *", ""),
    (_variance, "np.var", _some, "axis=None dtype! out! ddof=0 keepdims=False *", "var"),
    (_variance, "np.nanvar", _some_numbers, "axis=None dtype! out! ddof=0 keepdims=False *", ""),
    (_variance, "np.std", _some, "axis=None dtype! out! ddof=0 keepdims=False *", "std"),
    (_variance, "np.nanstd", _some_numbers, "axis=None dtype! out! ddof=0 keepdims=False *", ""),
):
    _make(Reduction(_mask, _names, f"x/a {_before} where=", SOME, _methods))
