"""Entries that are repeated: the adjoint of an entry is the sum over all its copies."""

from __future__ import annotations

from srcad.analysis.kind import INT, Array, Kind, ListOf, Scalar, TupleOf, as_array
from srcad.analysis.lengths import counted, derived, known_length
from srcad.rules.axes import normal_axis, one, rank_of
from srcad.rules.signature import Refused
from srcad.rules.sizes import array_of, axes_of, product, shape_option, written
from srcad.rules.table import Use, holomorphic, structured, zero
from srcad.tree import Node, is_number, number_of

# -- repeat ----------------------------------------------------------------------------------------


def _repeats_each(use: Use) -> bool:
    """Whether each entry is repeated its own number of times."""
    kind = getattr(use.options["repeats"], "kind", INT)
    if isinstance(kind, Array) and kind.rank == 1 and kind.dtype[0] in "iu":
        return True
    if isinstance(kind, ListOf) and kind.item == INT:
        return True
    if isinstance(kind, TupleOf) and all(item == INT for item in kind.items):
        return True
    if kind != INT:
        raise Refused("`repeats=`", "it is neither an int nor a row of ints", "ints")
    return False


def _repeat_axis(use: Use) -> int | None:
    """The axis along which is repeated; None where the array is flattened first."""
    rank = rank_of(use.kinds[0])
    axis = use.value("axis")
    if axis is None:
        return 0 if rank == 1 else None
    return normal_axis(axis, rank)


def _repeat_kind(use: Use) -> Kind:
    axis = _repeat_axis(use)
    axes = list(axes_of(use.kinds[0]))
    length = product(axes) if axis is None else axes[axis]
    repeated = "?" if _repeats_each(use) else times(length, use.options["repeats"])
    if axis is None:
        return array_of(use, [repeated])
    axes[axis] = repeated
    return array_of(use, axes)


def times(length: str, count: Node) -> str:
    """The length of an axis that is repeated."""
    if not is_number(count):
        return "?"
    number = number_of(count)
    if number == 1 or not isinstance(number, int):
        return length if number == 1 else "?"
    known = known_length(length)
    return counted(known * number) if known is not None else derived(length, f"*{number}")


def _repeat_adjoint(use: Use, _: int) -> str:
    axis, rank = _repeat_axis(use), rank_of(use.kinds[0])
    if isinstance(use.kinds[0], Scalar):
        return "ȳ.sum()"
    if _repeats_each(use):
        if axis is None:
            numbers = "np.repeat(np.arange(like_x.size), repeats)"
            return f"np.bincount({numbers}, ȳ, like_x.size).reshape(like_x.shape)"
        length = "len(like_x)" if axis == 0 else f"like_x.shape[{axis}]"
        return f"at[{':, ' * axis}np.repeat(np.arange({length}), repeats)] += ȳ"
    if axis is None or rank == 1:
        rows = "ȳ.reshape(like_x.size, repeats).sum(axis=1)"
        return rows if rank == 1 else f"{rows}.reshape(like_x.shape)"
    lengths = [f"like_x.shape[{n}]" for n in range(rank)]
    lengths.insert(axis + 1, "repeats")
    return f"ȳ.reshape({', '.join(lengths)}).sum(axis={axis + 1})"


structured(
    "np.repeat",
    "x/a repeats= axis=None",
    methods="repeat",
    kind=_repeat_kind,
    adjoint=_repeat_adjoint,
)


def _counts(use: Use) -> None:
    if not isinstance(use.kinds[0], Scalar) and _repeats_each(use) and _repeat_axis(use) is None:
        why = "without an axis its adjoint is counted, and complex numbers are not"
        raise Refused("`repeat` by several numbers", why, "`axis=`")


holomorphic("np.repeat", check=_counts)

# -- tile ------------------------------------------------------------------------------------------


def _tile_counts(use: Use) -> list[str]:
    """How often the array is repeated along each axis of the result, as the formula reads it."""
    counts = written(use, "reps")
    node = use.options["reps"]
    nodes = node.elts if isinstance(counts, list) else [node]
    counts = [
        "1" if is_number(each) and number_of(each) == 1 else name
        for each, name in zip(nodes, counts if isinstance(counts, list) else [counts], strict=True)
    ]
    return ["1"] * (rank_of(use.kinds[0]) - len(counts)) + counts


def _tile_kind(use: Use) -> Kind:
    counts = _tile_counts(use)
    axes = axes_of(use.kinds[0])
    axes = ("1",) * (len(counts) - len(axes)) + axes
    node = use.options["reps"]
    nodes = node.elts if isinstance(written(use, "reps"), list) else [node]
    skipped = len(counts) - len(nodes)
    repeated = [
        length if n < skipped else times(length, nodes[n - skipped])
        for n, length in enumerate(axes)
    ]
    return array_of(use, repeated)


def _tile_adjoint(use: Use, _: int) -> str:
    if isinstance(use.kinds[0], Scalar):
        return "ȳ.sum()"
    counts, rank = _tile_counts(use), rank_of(use.kinds[0])
    extra = len(counts) - rank
    lengths: list[str] = []
    summed: list[int] = []
    for n, count in enumerate(counts):
        if count != "1":
            summed.append(len(lengths))
            lengths.append(count)
        if n >= extra:
            lengths.append("like_x.size" if rank == 1 else f"like_x.shape[{n - extra}]")
    if not summed:
        return "ȳ.reshape(like_x.shape)" if extra > 0 else "ȳ"
    axes = str(summed[0]) if len(summed) == 1 else str(tuple(summed))
    return f"ȳ.reshape({', '.join(lengths)}).sum(axis={axes})"


structured("np.tile", "x/A reps=", kind=_tile_kind, adjoint=_tile_adjoint)

# -- resize ----------------------------------------------------------------------------------------


def _resize_kind(use: Use) -> Kind:
    return array_of(use, shape_option(use, "new_shape"))


def _resize_adjoint(use: Use, _: int) -> str:
    if isinstance(use.kinds[0], Scalar):
        return "ȳ.sum()"
    numbers = "np.arange(ȳ.size) % like_x.size"
    flat = "ȳ" if rank_of(use.result) == 1 else "ȳ.ravel()"
    back = "" if rank_of(use.kinds[0]) == 1 else ".reshape(like_x.shape)"
    # Of no values at all NumPy counts whole numbers.
    is_some = all(token[0] != "?" and token != "=0" for token in axes_of(use.result))
    real = "" if is_some else ".astype(float)"
    return f"np.bincount({numbers}, {flat}, like_x.size){real}{back}"


structured("np.resize", "x/a new_shape=", kind=_resize_kind, adjoint=_resize_adjoint)

# -- counting --------------------------------------------------------------------------------------


def _bincount_kind(use: Use) -> Kind:
    numbers = as_array(getattr(use.options["numbers"], "kind", INT))
    if not isinstance(numbers, Array) or numbers.rank != 1 or numbers.dtype[0] not in "iub":
        raise Refused("`np.bincount`", "it does not count a row of ints", "an array of ints")
    return Array(("?",), "f8")


structured(
    "np.bincount",
    "numbers= x/weights minlength=0",
    kind=_bincount_kind,
    adjoint=lambda use, _: "ȳ[numbers]",
)
zero("np.bincount", one(Array(("?",), "i8")), "x * minlength=0")
