"""The outer forms of ufuncs: every entry of one operand with every entry of the other."""

from __future__ import annotations

from srcad.analysis.kind import Array, Kind, promote
from srcad.rules.axes import rank_of
from srcad.rules.signature import Refused
from srcad.rules.table import Use, structured


def _outer_kind(use: Use) -> Kind:
    a, b = use.kinds
    if not isinstance(a, Array) or not isinstance(b, Array):
        raise Refused("this operation", "an operand is a number", "arrays")
    return Array((*a.axes, *b.axes), promote(a.dtype, b.dtype))


def _summed(use: Use, operand: int) -> str:
    """The adjoint, summed over the axes of the other operand."""
    a, b = map(rank_of, use.kinds)
    axes = tuple(range(a, a + b)) if operand == 0 else tuple(range(a))
    return f"np.sum(ȳ, axis={axes[0] if len(axes) == 1 else axes})"


structured("np.add.outer", "a b", jointly=True, kind=_outer_kind, adjoint=_summed)
structured(
    "np.subtract.outer",
    "a b",
    jointly=True,
    kind=_outer_kind,
    adjoint=lambda use, n: ("", "-")[n] + _summed(use, n),
)
structured(
    "np.multiply.outer",
    "a b",
    kind=_outer_kind,
    adjoint=lambda use, n: (
        f"np.tensordot(ȳ, b, {rank_of(use.kinds[1])})",
        f"np.tensordot(a, ȳ, {rank_of(use.kinds[0])})",
    )[n],
)
