"""Linear operations on arrays: sums, products, assembly and shape.

Each adjoint is the transpose of the linear map, written in the operands, ``ȳ`` and ``like_x``,
any value with the shape of the operand ``x``.  Giles, *An extended collection of matrix
derivative results for forward and reverse mode algorithmic differentiation* (2008), section 2.
"""

from __future__ import annotations

from srcad.analysis.kind import UNKNOWN, Array, Kind, Scalar, broadcast, promote
from srcad.analysis.lengths import derived
from srcad.rules.axes import first, normal_axis, rank_of
from srcad.rules.table import ATTRIBUTES, Use, structured


def _array_kind(use: Use) -> Kind:
    parts = broadcast(*use.kinds)
    length = "1" if len(use.kinds) == 1 else f"={len(use.kinds)}"
    if isinstance(parts, Scalar):
        return Array((length,), {"float": "f8", "int": "i8", "bool": "b1"}[parts.name])
    return Array((length, *parts.axes), parts.dtype) if isinstance(parts, Array) else UNKNOWN


def _concatenate_kind(use: Use) -> Kind:
    model = use.kinds[0]
    if not all(isinstance(kind, Array) for kind in use.kinds) or not isinstance(model, Array):
        return UNKNOWN
    axis = normal_axis(use.value("axis"), model.rank)
    dtype = model.dtype
    for kind in use.kinds[1:]:
        assert isinstance(kind, Array)
        dtype = promote(dtype, kind.dtype)
    parts = [kind.axes[axis] for kind in use.kinds if isinstance(kind, Array)]
    lengths = "?" if "?" in parts else derived(parts[0], "".join(f"+{each}" for each in parts[1:]))
    axes = (*model.axes[:axis], lengths, *model.axes[axis + 1 :])
    return Array(axes, dtype)


def _concatenate_adjoint(use: Use, operand: int) -> str:
    axis = normal_axis(use.value("axis"), rank_of(use.kinds[0]))

    def length(n: int) -> str:
        return f"like_x{n}.shape[{axis}]" if axis else f"len(like_x{n})"

    start = " + ".join(length(n) for n in range(operand))
    stop = " + ".join(length(n) for n in range(operand + 1))
    if operand == len(use.operands) - 1:
        stop = ""
    return f"ȳ[{':, ' * axis}{start}:{stop}]"


structured(
    "np.array np.asarray",
    "[x]",
    jointly=True,
    takes_lists=True,
    kind=_array_kind,
    adjoint=lambda use, n: f"ȳ[{n}]",
)
structured(
    "np.copy np.array",
    "x/a/object",
    methods="copy",
    takes_unknown=True,
    takes_lists=True,
    kind=first,
    adjoint=lambda use, _: "ȳ",
)
structured(
    "np.asarray",
    "x/a",
    shares="maybe",
    takes_unknown=True,
    takes_lists=True,
    kind=first,
    adjoint=lambda use, _: "ȳ",
)
structured(
    "np.concatenate",
    "[x] axis=0",
    jointly=True,
    takes_lists=True,
    kind=_concatenate_kind,
    adjoint=_concatenate_adjoint,
)


def _same_rank(use: Use) -> Kind:
    kind = use.kinds[0]
    return Array(kind.axes[::-1], kind.dtype) if isinstance(kind, Array) else kind


ATTRIBUTES["T"] = structured(
    "np.transpose",
    "x",
    methods="transpose",
    shares="view",
    kind=_same_rank,
    adjoint=lambda use, _: "ȳ.T",
)


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
structured(
    "np.full_like",
    "like x",
    fixed="like",
    kind=lambda use: use.kinds[0],
    adjoint=lambda use, n: "ȳ.sum()",
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
