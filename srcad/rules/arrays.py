"""Linear operations on arrays: sums, products, assembly and shape.

Each adjoint is the transpose of the linear map, written in the operands, ``ȳ`` and ``like_x``,
any value with the shape of the operand ``x``.  Giles, *An extended collection of matrix
derivative results for forward and reverse mode algorithmic differentiation* (2008), section 2.
"""

from __future__ import annotations

from srcad.analysis.kind import UNKNOWN, Array, Kind, Scalar, broadcast, promote
from srcad.analysis.lengths import derived
from srcad.rules.axes import first, normal_axis, rank_of, scalar
from srcad.rules.table import ATTRIBUTES, Use, structured


def _product_kind(use: Use) -> Kind:
    a, b = use.kinds
    if not isinstance(a, Array) or not isinstance(b, Array) or not a.rank or not b.rank:
        return broadcast(a, b)
    dtype = promote(a.dtype, b.dtype)
    if a.rank == 1 and b.rank == 1:
        return scalar(dtype)
    if a.rank == 1:
        axes = (*b.axes[:-2], b.axes[-1])
    elif b.rank == 1:
        axes = a.axes[:-1]
    else:
        batch = broadcast(Array(a.axes[:-2], dtype), Array(b.axes[:-2], dtype))
        assert isinstance(batch, Array)
        axes = (*batch.axes, a.axes[-2], b.axes[-1])
    return Array(axes, dtype)


def _matmul_adjoint(use: Use, operand: int) -> str:
    ranks = tuple(getattr(kind, "rank", 0) for kind in use.kinds)
    forms = {
        (1, 1): ("ȳ * b", "ȳ * a"),
        (2, 2): ("ȳ @ b.T", "a.T @ ȳ"),
        (2, 1): ("np.outer(ȳ, b)", "a.T @ ȳ"),
        (1, 2): ("b @ ȳ", "np.outer(a, ȳ)"),
    }
    if ranks in forms:
        return forms[ranks][operand]
    # Batched: a vector is a matrix with one row or column; batch axes are then broadcast back.
    a = "np.expand_dims(a, 0)" if ranks[0] == 1 else "a"
    b = "np.expand_dims(b, 1)" if ranks[1] == 1 else "b"
    seed = "np.expand_dims(ȳ, -2)" if ranks[0] == 1 else "ȳ"
    seed = "np.expand_dims(ȳ, -1)" if ranks[1] == 1 else seed
    if operand == 0:
        full = f"{seed} @ np.swapaxes({b}, -1, -2)"
        full = f"({full})[..., 0, :]" if ranks[0] == 1 else full
        return f"unbroadcast({full}, like_a)"
    full = f"np.swapaxes({a}, -1, -2) @ {seed}"
    full = f"({full})[..., 0]" if ranks[1] == 1 else full
    return f"unbroadcast({full}, like_b)"


def _dot_kind(use: Use) -> Kind:
    a, b = use.kinds
    if isinstance(a, Array) and isinstance(b, Array) and a.rank and b.rank:
        axes = a.axes[:-1] if b.rank == 1 else (*a.axes[:-1], *b.axes[:-2], b.axes[-1])
        dtype = promote(a.dtype, b.dtype)
        return Array(axes, dtype) if axes else scalar(dtype)
    return broadcast(a, b)


def _dot_adjoint(use: Use, operand: int) -> str:
    a, b = (getattr(kind, "rank", 0) for kind in use.kinds)
    if not a or not b:
        # A product by a number: its adjoint is one number.
        product = ("ȳ * b", "ȳ * a")[operand]
        return product if (a, b)[operand] else f"np.sum({product})"
    if a <= 2 and b <= 2:
        return _matmul_adjoint(use, operand)
    if b == 1:
        forms = (f"np.expand_dims(ȳ, {a - 1}) * b", f"np.tensordot(ȳ, a, {a - 1})")
        return forms[operand]
    shared = tuple(range(a - 1, a + b - 2))
    others = tuple(n for n in range(b) if n != b - 2)
    if operand == 0:
        return f"np.tensordot(ȳ, b, ({shared}, {others}))"
    leading = tuple(range(a - 1))
    return f"np.moveaxis(np.tensordot(a, ȳ, ({leading}, {leading})), 0, -2)"


structured("np.matmul", "a b", kind=_product_kind, adjoint=_matmul_adjoint)
structured("np.dot", "a b", methods="dot", kind=_dot_kind, adjoint=_dot_adjoint)
structured(
    "np.outer",
    "a b",
    kind=lambda use: Array(
        tuple(k.axes[0] if isinstance(k, Array) and k.rank == 1 else "?" for k in use.kinds), "f8"
    ),
    adjoint=lambda use, n: ("ȳ @ b", "a @ ȳ")[n],
)


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
structured(
    "helpers.unbroadcast",
    "x like",
    fixed="like",
    shares="maybe",
    kind=_like_second,
    adjoint=lambda use, n: "np.broadcast_to(ȳ, np.shape(like_x))",
)
