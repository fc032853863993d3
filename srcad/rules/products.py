"""Products of vectors, matrices and arrays of more axes.

All are linear in each operand; each adjoint is the transpose of the linear map, written in the
operands, ``ȳ`` and ``like_x``, any value with the shape of the operand ``x``.  Giles, *An extended
collection of matrix derivative results for forward and reverse mode algorithmic differentiation*
(2008), section 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from srcad.analysis.kind import Array, Kind, Scalar, broadcast, is_complex, promote, same_shape
from srcad.rules.axes import array, dtype_of, normal_axis, rank_of
from srcad.rules.signature import Refused
from srcad.rules.table import Use, of_complex, structured

Axes = tuple[str, ...]


def axes_of(kind: Kind) -> Axes:
    """The length tokens of a kind's axes; a number has none."""
    return kind.axes if isinstance(kind, Array) else ()


def ranks_of(use: Use) -> tuple[int, ...]:
    """The numbers of axes of the operands."""
    return tuple(map(rank_of, use.kinds))


def product_dtype(use: Use) -> str:
    """The dtype of a product of all operands."""
    dtype = dtype_of(use.kinds[0])
    for kind in use.kinds[1:]:
        dtype = promote(dtype, dtype_of(kind))
    return dtype


def transposed(name: str, rank: int) -> str:
    """The transpose of a matrix, or of each of a stack of matrices."""
    return f"{name}.T" if rank == 2 else f"np.swapaxes({name}, -1, -2)"


def batches(use: Use, cores: Sequence[int]) -> Axes:
    """The stack of results: what the operands have before their last ``cores`` axes, broadcast."""
    stacks = [
        Array(axes_of(kind)[: rank_of(kind) - core], "f8")
        for kind, core in zip(use.kinds, cores, strict=True)
    ]
    return axes_of(broadcast(*stacks))


def summed(adjoint: str, use: Use, operand: int, core: int, cores: Sequence[int]) -> str:
    """An adjoint with a stack of results, summed where the operand has fewer."""
    kind = use.kinds[operand]
    own = axes_of(kind)[: rank_of(kind) - core]
    if same_shape(own, batches(use, cores)):
        return adjoint
    return f"unbroadcast({adjoint}, like_{use.names[operand]})"


def vector_or_more(use: Use, what: str) -> None:
    """Refuse a number where an array is asked for."""
    if not all(ranks_of(use)):
        raise Refused(f"`{what}` of a number", "it multiplies arrays", "the operator `*`")


# -- matmul and dot --------------------------------------------------------------------------------


def _matmul_kind(use: Use) -> Kind:
    vector_or_more(use, "matmul")
    a, b = map(axes_of, use.kinds)
    cores = tuple(min(rank, 2) for rank in ranks_of(use))
    rows = a[-2:-1] if len(a) > 1 else ()
    columns = b[-1:] if len(b) > 1 else ()
    return array((*batches(use, cores), *rows, *columns), product_dtype(use))


def _matmul_adjoint(use: Use, operand: int) -> str:
    a, b = ranks_of(use)
    if (a, b) == (1, 1):
        return ("ȳ * b", "ȳ * a")[operand]
    if b == 1:
        # y = A b, for each matrix of a stack.
        if operand == 1:
            return f"np.tensordot(ȳ, a, {a - 1})" if a > 2 else "a.T @ ȳ"
        return "np.outer(ȳ, b)" if a == 2 else "np.expand_dims(ȳ, -1) * b"
    if a == 1:
        # y = a B, for each matrix of a stack.
        if operand == 0 and b > 2:
            leading = tuple(range(b - 2))
            return f"np.tensordot(b, ȳ, ({(*leading, b - 1)}, {(*leading, b - 2)}))"
        if operand == 0:
            return "b @ ȳ"
        return "np.outer(a, ȳ)" if b == 2 else "np.expand_dims(a, 1) * np.expand_dims(ȳ, -2)"
    if operand == 0 and a == 2 < b:
        # One matrix for a stack: the sum over the stack is part of the product.
        leading = tuple(range(b - 2))
        return f"np.tensordot(ȳ, b, ({(*leading, b - 1)}, {(*leading, b - 1)}))"
    if operand == 1 and b == 2 < a:
        leading = tuple(range(a - 1))
        return f"np.tensordot(a, ȳ, ({leading}, {leading}))"
    full = f"ȳ @ {transposed('b', b)}" if operand == 0 else f"{transposed('a', a)} @ ȳ"
    return summed(full, use, operand, 2, (2, 2))


structured("np.matmul np.linalg.matmul", "a b out!", kind=_matmul_kind, adjoint=_matmul_adjoint)


def _dot_kind(use: Use) -> Kind:
    a, b = map(axes_of, use.kinds)
    if a and b:
        axes = a[:-1] if len(b) == 1 else (*a[:-1], *b[:-2], b[-1])
        return array(axes, product_dtype(use))
    return broadcast(*use.kinds)


def _by_number(use: Use, operand: int) -> str:
    """The adjoint of a product by a number: that of the number is one number."""
    product = ("ȳ * b", "ȳ * a")[operand]
    return product if ranks_of(use)[operand] else f"np.sum({product})"


def _dot_adjoint(use: Use, operand: int) -> str:
    a, b = ranks_of(use)
    if not a or not b:
        return _by_number(use, operand)
    if a <= 2 and b <= 2:
        return _matmul_adjoint(use, operand)
    if b == 1:
        return ("np.expand_dims(ȳ, -1) * b", f"np.tensordot(ȳ, a, {a - 1})")[operand]
    shared = tuple(range(a - 1, a + b - 2))
    others = tuple(n for n in range(b) if n != b - 2)
    if operand == 0:
        return f"np.tensordot(ȳ, b, ({shared}, {others}))"
    leading = tuple(range(a - 1))
    return f"np.moveaxis(np.tensordot(a, ȳ, ({leading}, {leading})), 0, -2)"


structured("np.dot", "a b out!", methods={"dot": "a b out!"}, kind=_dot_kind, adjoint=_dot_adjoint)


# -- vdot, vecdot, matvec, inner, outer ------------------------------------------------------------


def _vdot_adjoint(use: Use, operand: int) -> str:
    own, other = use.kinds[operand], use.kinds[1 - operand]
    name, factor = use.names[operand], use.names[1 - operand]
    equal = axes_of(own) == axes_of(other) and "?" not in axes_of(own)
    if equal or rank_of(own) == rank_of(other) == 1:
        return f"ȳ * {factor}"
    # Both are read as one long vector: their shapes may differ.
    if not rank_of(own):
        return f"np.sum(ȳ * {factor})"
    return f"np.reshape(ȳ * {factor}, np.shape(like_{name}))"


structured("np.vdot", "a b", kind=lambda use: array((), product_dtype(use)), adjoint=_vdot_adjoint)


def _vecdot_axis(use: Use) -> int:
    """The axis that is summed, counted from the last: -1."""
    vector_or_more(use, "vecdot")
    least = min(ranks_of(use))
    return normal_axis(use.value("axis"), least) - least


def _vecdot_kind(use: Use) -> Kind:
    axis = _vecdot_axis(use)
    axes = list(axes_of(broadcast(*use.kinds)))
    del axes[axis]
    return array(tuple(axes), product_dtype(use))


def _vecdot_adjoint(use: Use, operand: int) -> str:
    axis = _vecdot_axis(use)
    factor = use.names[1 - operand]
    seed = "ȳ" if isinstance(use.result, Scalar) else f"np.expand_dims(ȳ, {axis})"
    return summed(f"{seed} * {factor}", use, operand, 0, (0, 0))


structured("np.vecdot", "a/x1 b/x2 out! * axis=-1", kind=_vecdot_kind, adjoint=_vecdot_adjoint)
structured("np.linalg.vecdot", "a/x1 b/x2 * axis=-1", kind=_vecdot_kind, adjoint=_vecdot_adjoint)


def _conj(use: Use, text: str, operand: int = 0) -> str:
    """The conjugate, if an operand is complex."""
    return f"np.conj({text})" if is_complex(use.kinds[operand]) else text


def _complex_vecdot_adjoint(use: Use, operand: int) -> str:
    """``Σ conj(a) b``."""
    axis = _vecdot_axis(use)
    seed = "ȳ" if isinstance(use.result, Scalar) else f"np.expand_dims(ȳ, {axis})"
    form = (f"np.conj({seed} * b)", f"{seed} * {_conj(use, 'a')}")[operand]
    return summed(form, use, operand, 0, (0, 0))


of_complex("np.vecdot np.linalg.vecdot", "a b", kind=_vecdot_kind, adjoint=_complex_vecdot_adjoint)


def _matvec_kind(use: Use) -> Kind:
    vector_or_more(use, "matvec")
    a, _ = map(axes_of, use.kinds)
    return array((*batches(use, (2, 1)), a[-2]), product_dtype(use))


def _matvec_adjoint(use: Use, operand: int) -> str:
    if operand == 0:
        return summed("np.expand_dims(ȳ, -1) * np.expand_dims(b, -2)", use, 0, 2, (2, 1))
    seed = "np.conj(ȳ)" if any(map(is_complex, use.kinds)) else "ȳ"  # which vecmat conjugates
    return summed(f"np.vecmat({seed}, a)", use, 1, 1, (2, 1))


def _vecmat_kind(use: Use) -> Kind:
    vector_or_more(use, "vecmat")
    _, b = map(axes_of, use.kinds)
    return array((*batches(use, (1, 2)), b[-1]), product_dtype(use))


def _vecmat_adjoint(use: Use, operand: int) -> str:
    if operand == 0:
        return summed(_conj(use, "np.matvec(b, ȳ)"), use, 0, 1, (1, 2))
    vector = _conj(use, "a")
    return summed(f"np.expand_dims({vector}, -1) * np.expand_dims(ȳ, -2)", use, 1, 2, (1, 2))


structured("np.matvec", "a/x1 b/x2 out!", kind=_matvec_kind, adjoint=_matvec_adjoint)
structured("np.vecmat", "a/x1 b/x2 out!", kind=_vecmat_kind, adjoint=_vecmat_adjoint)
of_complex("np.vecmat", "a b", kind=_vecmat_kind, adjoint=_vecmat_adjoint)


def _inner_kind(use: Use) -> Kind:
    a, b = map(axes_of, use.kinds)
    if a and b:
        return array((*a[:-1], *b[:-1]), product_dtype(use))
    return broadcast(*use.kinds)


def _inner_adjoint(use: Use, operand: int) -> str:
    a, b = ranks_of(use)
    if not a or not b:
        return _by_number(use, operand)
    forms = {
        (1, 1): ("ȳ * b", "ȳ * a"),
        (1, 2): ("ȳ @ b", "np.outer(ȳ, a)"),
        (2, 1): ("np.outer(ȳ, b)", "ȳ @ a"),
        (2, 2): ("ȳ @ b", "ȳ.T @ a"),
    }
    if (a, b) in forms:
        return forms[a, b][operand]
    leading = tuple(range(a - 1))
    second = f"np.tensordot(ȳ, a, ({leading}, {leading}))"
    return (f"np.tensordot(ȳ, b, {b - 1})", second)[operand]


structured("np.inner", "a b", kind=_inner_kind, adjoint=_inner_adjoint)


def _length(kind: Kind) -> str:
    """The length of an array that is read as one vector."""
    axes = axes_of(kind)
    if not axes:
        return "1"
    return axes[0] if len(axes) == 1 else product_length(axes)


def product_length(lengths: Sequence[str]) -> str:
    """The length of an axis that is made of several."""
    others = [length for length in lengths if length != "1"]
    if len(others) <= 1:
        return (*others, "1")[0]
    return "?" if "?" in others else f"?{'*'.join(others)}"


def _outer_kind(use: Use) -> Kind:
    return Array(tuple(map(_length, use.kinds)), product_dtype(use))


def _outer_adjoint(use: Use, operand: int) -> str:
    own, other = use.names[operand], use.names[1 - operand]
    ranks = ranks_of(use)
    vector = other if ranks[1 - operand] == 1 else f"np.ravel({other})"
    full = f"ȳ @ {vector}" if operand == 0 else f"{vector} @ ȳ"
    if ranks[operand] == 1:
        return full
    return f"np.reshape({full}, like_{own}.shape)" if ranks[operand] else f"np.sum({full})"


structured("np.outer", "a b out!", kind=_outer_kind, adjoint=_outer_adjoint)
structured("np.linalg.outer", "a/x1 b/x2", kind=_outer_kind, adjoint=_outer_adjoint)


# -- cross -----------------------------------------------------------------------------------------


def _cross_axes(use: Use) -> tuple[int, int, int]:
    """The axes of the vectors in a, b and the result, counted from the last."""
    axis = use.values.get("axis", -1)
    given = [axis if axis is not None else use.value(f"axis{each}") for each in "abc"]
    a, b = ranks_of(use)
    if not a or not b:
        raise Refused("`cross` of a number", "it multiplies vectors", "the operator `*`")
    ranks = (a, b, max(a, b))
    axes = [normal_axis(each, rank) - rank for each, rank in zip(given, ranks, strict=True)]
    if axes != [-1, -1, -1] and not same_shape(*(_stack(use, n, axes[n]) for n in range(2))):
        why = "its vectors are not along the last axis, and one is used several times"
        raise Refused("`cross`", why, "`np.moveaxis`, and `cross` along the last axis")
    return axes[0], axes[1], axes[2]


def _stack(use: Use, operand: int, axis: int) -> Axes:
    """The axes of an operand but for its vectors'."""
    axes = list(axes_of(use.kinds[operand]))
    del axes[axis]
    return tuple(axes)


def _cross_kind(use: Use) -> Kind:
    of_a, of_b, of_y = _cross_axes(use)
    lengths = {axes_of(use.kinds[0])[of_a], axes_of(use.kinds[1])[of_b]}
    if "=2" in lengths:
        why = "of vectors of length 2 it is a number, which NumPy gives up"
        raise Refused("`cross`", why, "`a[0] * b[1] - a[1] * b[0]`")
    if any(length.startswith("?") for length in lengths):
        why = "whether its vectors have length 2 or 3 is not known before running"
        raise Refused("`np.cross`", why, "`np.linalg.cross`, which takes vectors of length 3")
    return _crossed(use, of_y)


def _crossed(use: Use, of_y: int) -> Kind:
    of_a, of_b, _ = _cross_axes(use)
    stacks = (Array(_stack(use, 0, of_a), "f8"), Array(_stack(use, 1, of_b), "f8"))
    axes = list(axes_of(broadcast(*stacks)))
    axes.insert(len(axes) + 1 + of_y, "=3")
    return Array(tuple(axes), product_dtype(use))


def _cross_adjoint(use: Use, operand: int) -> str:
    # ⟨ȳ, ȧ × b⟩ = ⟨b × ȳ, ȧ⟩ and ⟨ȳ, a × ḃ⟩ = ⟨ȳ × a, ḃ⟩.
    of_a, of_b, of_y = _cross_axes(use)
    if (of_a, of_b, of_y) == (-1, -1, -1):
        return summed(("np.cross(b, ȳ)", "np.cross(ȳ, a)")[operand], use, operand, 1, (1, 1))
    if of_a == of_b == of_y:
        return (f"np.cross(b, ȳ, axis={of_a})", f"np.cross(ȳ, a, axis={of_a})")[operand]
    if operand == 0:
        return f"np.cross(b, ȳ, axisa={of_b}, axisb={of_y}, axisc={of_a})"
    return f"np.cross(ȳ, a, axisa={of_y}, axisb={of_a}, axisc={of_b})"


structured(
    "np.cross",
    "a b axisa=-1 axisb=-1 axisc=-1 axis=None",
    kind=_cross_kind,
    adjoint=_cross_adjoint,
)
structured(
    "np.linalg.cross",
    "a/x1 b/x2 * axis=-1",
    kind=lambda use: _crossed(use, _cross_axes(use)[2]),
    adjoint=_cross_adjoint,
)


# -- tensordot, kron, multi_dot --------------------------------------------------------------------


def _contracted(use: Use) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The axes of both operands that are summed, pair by pair."""
    a, b = ranks_of(use)
    axes: Any = use.value("axes")
    if isinstance(axes, int) and not isinstance(axes, bool):
        if not 0 <= axes <= min(a, b):
            raise Refused(f"`axes={axes}`", "the arrays have fewer axes", "one of their axes")
        return tuple(range(a - axes, a)), tuple(range(axes))
    if not isinstance(axes, tuple) or len(axes) != 2:
        raise Refused("`axes=`", "it is no number and no pair", "a number or a pair of axes")
    pair = [each if isinstance(each, tuple) else (each,) for each in axes]
    of_a = tuple(normal_axis(each, a, "axes") for each in pair[0])
    of_b = tuple(normal_axis(each, b, "axes") for each in pair[1])
    if len(of_a) != len(of_b):
        raise Refused("`axes=`", "it names more axes of one array", "a pair of equal length")
    return of_a, of_b


def _free(rank: int, contracted: Sequence[int]) -> tuple[int, ...]:
    return tuple(n for n in range(rank) if n not in contracted)


def _tensordot_kind(use: Use) -> Kind:
    of_a, of_b = _contracted(use)
    a, b = map(axes_of, use.kinds)
    axes = [a[n] for n in _free(len(a), of_a)] + [b[n] for n in _free(len(b), of_b)]
    return array(tuple(axes), product_dtype(use))


def _tensordot_adjoint(use: Use, operand: int) -> str:
    of_a, of_b = _contracted(use)
    a, b = ranks_of(use)
    free_a, free_b = _free(a, of_a), _free(b, of_b)
    of_y = tuple(range(len(free_a) + len(free_b)))
    if operand == 0:
        # (free of a, free of b) and (free of b, contracted of b): over the free axes of b.
        product = _tensordot("ȳ", "b", of_y[len(free_a) :], free_b, len(of_y), b)
        order = (*free_a, *(of_a[of_b.index(n)] for n in sorted(of_b)))
    else:
        product = _tensordot("a", "ȳ", free_a, of_y[: len(free_a)], a, len(of_y))
        order = (*(of_b[of_a.index(n)] for n in sorted(of_a)), *free_b)
    if order == tuple(sorted(order)):
        return product
    places = tuple(order.index(n) for n in range(len(order)))
    return f"np.transpose({product}, {places})"


def _tensordot(
    a: str, b: str, of_a: tuple[int, ...], of_b: tuple[int, ...], rank_a: int, rank_b: int
) -> str:
    """A tensordot, or what is the same and shorter."""
    if not rank_a or not rank_b:
        return f"{a} * {b}"
    count = len(of_a)
    if of_a == tuple(range(rank_a - count, rank_a)) and of_b == tuple(range(count)):
        return f"np.tensordot({a}, {b}, {count})"
    one = count == 1
    return f"np.tensordot({a}, {b}, ({of_a[0] if one else of_a}, {of_b[0] if one else of_b}))"


structured("np.tensordot", "a b axes=2", kind=_tensordot_kind, adjoint=_tensordot_adjoint)
structured(
    "np.linalg.tensordot", "a/x1 b/x2 * axes=2", kind=_tensordot_kind, adjoint=_tensordot_adjoint
)


def _kron_kind(use: Use) -> Kind:
    a, b = map(axes_of, use.kinds)
    rank = max(len(a), len(b))
    a, b = ("1",) * (rank - len(a)) + a, ("1",) * (rank - len(b)) + b
    return array(tuple(product_length(pair) for pair in zip(a, b, strict=True)), product_dtype(use))


def _kron_adjoint(use: Use, operand: int) -> str:
    a, b = ranks_of(use)
    if not a or not b:
        return _by_number(use, operand)
    rank = max(a, b)
    letters = "ijklmnop", "qrstuvwx"
    if rank > len(letters[0]):
        raise Refused("`kron`", "its arrays have too many axes", "arrays of fewer axes")
    # y[i q, j r, ...] = a[i, j, ...] b[q, r, ...]: each axis of ȳ is taken apart into two.
    lengths = []
    for n in range(rank):
        for name, own in (("a", a), ("b", b)):
            axis = n - (rank - own)
            lengths.append(f"like_{name}.shape[{axis}]" if axis >= 0 else "1")
    define = f"s̄ = np.reshape(ȳ, ({', '.join(lengths)}))"
    of_y = "".join(p + q for p, q in zip(letters[0][:rank], letters[1][:rank], strict=True))
    of_a, of_b = letters[0][rank - a : rank], letters[1][rank - b : rank]
    if operand == 0:
        return f"{define}; np.einsum('{of_y},{of_b}->{of_a}', s̄, b)"
    return f"{define}; np.einsum('{of_y},{of_a}->{of_b}', s̄, a)"


structured("np.kron", "a b", kind=_kron_kind, adjoint=_kron_adjoint)


def _multi_dot_kind(use: Use) -> Kind:
    axes = [axes_of(kind) for kind in use.kinds]
    inner = axes[1:-1]
    if (
        len(axes) < 2
        or any(len(each) != 2 for each in inner)
        or not all(1 <= len(each) <= 2 for each in (axes[0], axes[-1]))
    ):
        raise Refused(
            "`multi_dot`", "its arrays are not matrices", "matrices, or vectors at the ends"
        )
    return array((*axes[0][:-1], *axes[-1][1:]), product_dtype(use))


def _multi_dot_adjoint(use: Use, operand: int) -> str:
    ranks = ranks_of(use)
    last = len(ranks) - 1
    row, column = ranks[0] == 1, ranks[last] == 1
    # y = left · x · right; with vectors at the ends the adjoint of a matrix is an outer product.
    left = [f"x{n}" for n in range(operand)]
    right = [f"x{n}" for n in range(operand + 1, last + 1)]
    left_t = [f"{name}.T" for name in reversed(left)]
    right_t = [f"{name}.T" for name in reversed(right)]
    if row and operand == 0:
        return f"ȳ * {_chain(right)}" if column else _chain(["ȳ", *right_t])
    if column and operand == last:
        return f"ȳ * {_chain(left)}" if row else _chain([*left_t, "ȳ"])
    if row and column:
        return f"ȳ * np.outer({_chain(left)}, {_chain(right)})"
    if row:
        return f"np.outer({_chain(left)}, {_chain(['ȳ', *right_t])})"
    if column:
        return f"np.outer({_chain([*left_t, 'ȳ'])}, {_chain(right)})"
    return _chain([*left_t, "ȳ", *right_t])


def _chain(factors: list[str]) -> str:
    """A product of matrices, in the best order where there are several."""
    if len(factors) <= 2:
        return " @ ".join(factors)
    return f"np.linalg.multi_dot([{', '.join(factors)}])"


structured("np.linalg.multi_dot", "[x] * out!", kind=_multi_dot_kind, adjoint=_multi_dot_adjoint)
