"""Linear operations on arrays: sums, products, assembly and shape.

Each adjoint is the transpose of the linear map, written in the operands, ``ȳ`` and ``like_x``,
any value with the shape of the operand ``x``.  Giles, *An extended collection of matrix
derivative results for forward and reverse mode algorithmic differentiation* (2008), section 2.
"""

from __future__ import annotations

import gast

from srcad.analysis.kind import FLOAT, UNKNOWN, Array, Kind, Scalar, broadcast, promote
from srcad.analysis.lengths import derived
from srcad.rules.table import ATTRIBUTES, Use, structured
from srcad.tree import Node, is_number, number_of
from srcad.tree import constant as number_node


def literal_axes(axis: Node | None, rank: int) -> tuple[int, ...] | None:
    """The axes that an ``axis`` argument names, counted from 0; None where it is no literal."""
    if axis is None or (isinstance(axis, gast.Constant) and axis.value is None):
        return tuple(range(rank))
    elements = axis.elts if isinstance(axis, gast.Tuple) else [axis]
    if not all(is_number(each) and type(number_of(each)) is int for each in elements):
        return None
    return tuple(sorted(int(number_of(each)) % rank for each in elements)) if rank else ()


def _keeps_dims(use: Use) -> bool:
    option = use.options.get("keepdims")
    return option is not None and getattr(option, "value", None) is True


def _reduced(use: Use) -> Kind:
    kind = use.kinds[0]
    if isinstance(kind, Scalar):
        return FLOAT if kind == FLOAT else kind
    if not isinstance(kind, Array):
        return FLOAT
    axes = literal_axes(use.options.get("axis"), kind.rank)
    if axes is None:
        return UNKNOWN
    if _keeps_dims(use):
        kept = tuple("1" if n in axes else token for n, token in enumerate(kind.axes))
    else:
        kept = tuple(token for n, token in enumerate(kind.axes) if n not in axes)
    return Array(kept, kind.dtype) if kept else _scalar(kind)


def _scalar(kind: Array) -> Kind:
    return {"f": FLOAT, "b": Scalar("int")}.get(kind.dtype[0], Scalar("int"))


def _spread(use: Use, adjoint: str) -> str:
    """The adjoint of a reduction's result, repeated along the axes that were reduced."""
    kind = use.kinds[0]
    if isinstance(kind, Scalar):
        return adjoint
    if not isinstance(kind, Array) or isinstance(use.result, Scalar):
        return f"np.full_like(like_x, {adjoint})"
    axes = literal_axes(use.options.get("axis"), kind.rank) or ()
    if not _keeps_dims(use):
        where = str(axes[0]) if len(axes) == 1 else str(axes)
        adjoint = f"np.expand_dims({adjoint}, {where})"
    return f"np.broadcast_to({adjoint}, like_x.shape)"


def _mean_adjoint(use: Use, _: int) -> str:
    kind = use.kinds[0]
    if not isinstance(kind, Array):
        return "ȳ" if isinstance(kind, Scalar) else _spread(use, "ȳ / np.size(like_x)")
    axes = literal_axes(use.options.get("axis"), kind.rank) or ()
    if len(axes) == kind.rank:
        return _spread(use, "ȳ / like_x.size")
    count = " * ".join(f"like_x.shape[{n}]" for n in axes)
    return _spread(use, f"ȳ / ({count})")


structured(
    "np.sum",
    "x",
    options="axis keepdims",
    methods="sum",
    kind=_reduced,
    adjoint=lambda use, _: _spread(use, "ȳ"),
)
structured(
    "np.mean", "x", options="axis keepdims", methods="mean", kind=_reduced, adjoint=_mean_adjoint
)


def _product_kind(use: Use) -> Kind:
    a, b = use.kinds
    if not isinstance(a, Array) or not isinstance(b, Array) or not a.rank or not b.rank:
        return broadcast(a, b)
    dtype = promote(a.dtype, b.dtype)
    if a.rank == 1 and b.rank == 1:
        return _scalar(Array((), dtype))
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
        return Array(axes, dtype) if axes else _scalar(Array((), dtype))
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
    first = tuple(range(a - 1))
    return f"np.moveaxis(np.tensordot(a, ȳ, ({first}, {first})), 0, -2)"


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


def _axis_option(use: Use, default: int = 0) -> int:
    axis = use.options.get("axis")
    if axis is None:
        return default
    return int(number_of(axis)) if is_number(axis) else default


def _concatenate_kind(use: Use) -> Kind:
    first = use.kinds[0]
    if not all(isinstance(kind, Array) for kind in use.kinds) or not isinstance(first, Array):
        return UNKNOWN
    axis = _axis_option(use) % first.rank
    dtype = first.dtype
    for kind in use.kinds[1:]:
        assert isinstance(kind, Array)
        dtype = promote(dtype, kind.dtype)
    parts = [kind.axes[axis] for kind in use.kinds if isinstance(kind, Array)]
    lengths = "?" if "?" in parts else derived(parts[0], "".join(f"+{each}" for each in parts[1:]))
    axes = (*first.axes[:axis], lengths, *first.axes[axis + 1 :])
    return Array(axes, dtype)


def _concatenate_adjoint(use: Use, operand: int) -> str:
    first = use.kinds[0]
    axis = _axis_option(use) % (first.rank if isinstance(first, Array) else 1)

    def length(n: int) -> str:
        return f"like_x{n}.shape[{axis}]" if axis else f"len(like_x{n})"

    start = " + ".join(length(n) for n in range(operand))
    stop = " + ".join(length(n) for n in range(operand + 1))
    if operand == len(use.operands) - 1:
        stop = ""
    return f"ȳ[{':, ' * axis}{start}:{stop}]"


structured(
    "np.array np.asarray",
    "*x",
    jointly=True,
    kind=_array_kind,
    adjoint=lambda use, n: f"ȳ[{n}]",
)
structured(
    "np.concatenate",
    "*x",
    options="axis",
    jointly=True,
    kind=_concatenate_kind,
    adjoint=_concatenate_adjoint,
)
structured("math.fsum", "*x", jointly=True, kind=lambda use: FLOAT, adjoint=lambda use, n: "ȳ")


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


def _copied(use: Use) -> Kind:
    return use.kinds[0]


structured("np.copy", "x", methods="copy", kind=_copied, adjoint=lambda use, _: "ȳ")


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


def _builtin_sum_kind(use: Use) -> Kind:
    """Python's ``sum`` adds along the first axis."""
    along_first = {"axis": number_node(0)}
    return _reduced(Use(use.operands, use.kinds, along_first, use.result, use.like))


def _builtin_sum_adjoint(use: Use, _: int) -> str:
    vector = getattr(use.kinds[0], "rank", 0) <= 1
    return "np.full_like(like_x, ȳ)" if vector else "np.broadcast_to(ȳ, like_x.shape)"


structured("builtins.sum", "x", kind=_builtin_sum_kind, adjoint=_builtin_sum_adjoint)
