"""Choices between arrays, and sums over the axes of a broadcast.

Each adjoint is the transpose of the linear map, written in the operands, ``ȳ`` and ``like_x``,
any value with the shape of the operand ``x``.  Giles, *An extended collection of matrix
derivative results for forward and reverse mode algorithmic differentiation* (2008), section 2.
"""

from __future__ import annotations

from srcad.analysis.kind import UNKNOWN, Array, Kind, Scalar, broadcast
from srcad.rules.table import Use, structured


def _shape_only(kind: Kind) -> Kind:
    """A condition takes part in broadcasting, not in the result's dtype."""
    if isinstance(kind, Array):
        return Array(kind.axes, "b1")
    return Scalar("bool") if isinstance(kind, Scalar) else kind


def _like_second(use: Use) -> Kind:
    return use.kinds[1] if len(use.kinds) > 1 else UNKNOWN


structured(
    "np.where",
    "c a b",
    jointly=True,
    fixed="c",
    broadcasts=True,
    takes_unknown=True,
    kind=lambda use: broadcast(*use.kinds[1:], _shape_only(use.kinds[0])),
    # Exactly zero where the operand was not taken, whatever its value: NaN does not pass.
    adjoint=lambda use, n: ("", "np.where(c, ȳ, 0.0)", "np.where(c, 0.0, ȳ)")[n],
)


def _unbroadcast_adjoint(use: Use, _: int) -> str:
    """Spread where it was summed; and summed where an axis of length 1 was spread."""
    x, like = use.kinds
    if isinstance(x, Array) and isinstance(like, Array) and x.rank >= like.rank:
        pairs = zip(x.axes[x.rank - like.rank :], like.axes, strict=True)
        if all(b == "1" or (a != "1" and not a.startswith("?")) for a, b in pairs):
            return "np.broadcast_to(ȳ, like_x.shape)"
    return "unbroadcast(ȳ, like_x)"


structured(
    "helpers.unbroadcast",
    "x like",
    fixed="like",
    shares="maybe",
    kind=_like_second,
    adjoint=_unbroadcast_adjoint,
)
