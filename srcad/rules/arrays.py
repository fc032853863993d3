"""Sums over the axes of a broadcast.

The adjoint is the transpose of the linear map.
"""

from __future__ import annotations

from srcad.analysis.kind import UNKNOWN, Array, Kind, Scalar, scalar
from srcad.rules.axes import dtype_of
from srcad.rules.table import Use, structured


def _like_second(use: Use) -> Kind:
    """The shape of the model, the numbers of what is summed."""
    if len(use.kinds) < 2:
        return UNKNOWN
    x, like = use.kinds
    if not isinstance(x, (Array, Scalar)) or not isinstance(like, (Array, Scalar)):
        return like
    return Array(like.axes, dtype_of(x)) if isinstance(like, Array) else scalar(dtype_of(x))


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
