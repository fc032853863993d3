"""Entries taken by their numbers: each adds its adjoint to the place that it was taken from.

A place that is taken twice is added to twice.
"""

from __future__ import annotations

from srcad.analysis.indexing import BadIndex, Part, indexed
from srcad.analysis.kind import (
    BOOL,
    INT,
    OTHER,
    UNKNOWN,
    Array,
    Kind,
    ListOf,
    Scalar,
    TupleOf,
    broadcast,
)
from srcad.rules.axes import dtype_of, normal_axis, rank_of
from srcad.rules.choices import chosen_adjoint
from srcad.rules.signature import Refused
from srcad.rules.sizes import array_of, axes_of
from srcad.rules.table import Use, holomorphic, structured
from srcad.tree import parse

EVERYTHING = Part(parse("x[:]").slice, OTHER)


def _kind_of_option(use: Use, option: str) -> Kind:
    kind: Kind = getattr(use.options[option], "kind", OTHER)
    return kind


def _axis(use: Use) -> int | None:
    """The axis along which is taken; None where the array is flattened first."""
    axis = use.value("axis")
    rank = rank_of(use.kinds[0])
    if axis is None:
        return 0 if rank == 1 else None
    return normal_axis(axis, rank)


def _needs_axis(use: Use, name: str) -> int:
    axis = _axis(use)
    if axis is None:
        raise Refused(f"`{name}` without `axis=`", "it flattens the array", "`.ravel()` before it")
    return axis


def _along(use: Use, axis: int, part: Part) -> Kind:
    """The kind of ``x[:, part]``, with the part along an axis."""
    kind = use.kinds[0]
    assert isinstance(kind, Array)
    try:
        return indexed(kind, [EVERYTHING] * axis + [part])
    except BadIndex as problem:
        raise Refused("an index", *problem.args) from None


# -- by numbers ------------------------------------------------------------------------------------


def _take_kind(use: Use) -> Kind:
    part = Part(use.options["indices"], _kind_of_option(use, "indices"))
    if use.value("mode") not in ("raise", "wrap", "clip"):
        raise Refused("`mode=`", "it is none of NumPy's", "'raise', 'wrap' or 'clip'")
    axis = _axis(use)
    if axis is None:
        return indexed(Array(("?",), dtype_of(use.kinds[0])), [part])
    return _along(use, axis, part)


def _take_adjoint(use: Use, _: int) -> str:
    axis = _axis(use)
    length = "like_x.size" if axis is None else f"like_x.shape[{axis}]"
    listed = isinstance(_kind_of_option(use, "indices"), (ListOf, TupleOf))
    array = "np.array(indices)" if listed else "indices"
    index = {
        "raise": array if axis is None else "indices",
        "wrap": f"np.mod({array}, {length})",
        "clip": f"np.clip({array}, 0, {length} - 1)",
    }[use.value("mode")]
    if axis is None:
        # By bincount, for an array of any rank: the places are numbers there.
        flat = f"np.mod({index}, {length})" if use.value("mode") == "raise" else index
        counted = f"np.bincount(np.ravel({flat}), np.ravel(ȳ), {length})"
        return f"{counted}.reshape(like_x.shape)"
    repeats = "" if _kind_of_option(use, "indices") == INT else "at"
    return f"{repeats}[{':, ' * axis}{index}] += ȳ"


structured(
    "np.take",
    "x/a indices= axis=None out! mode='raise'",
    methods="take",
    leaves_out=True,
    kind=_take_kind,
    adjoint=_take_adjoint,
)


def _flattens(use: Use) -> None:
    if _axis(use) is None:
        why = "it flattens the array, and its adjoint is counted: complex numbers are not"
        raise Refused("`take` without `axis=`", why, "`.ravel()` before it")


holomorphic("np.take", check=_flattens)


def _take_along_kind(use: Use) -> Kind:
    axis = _needs_axis(use, "take_along_axis")
    indices, kind = _kind_of_option(use, "indices"), use.kinds[0]
    if not isinstance(indices, Array) or indices.dtype[0] not in "iu":
        raise Refused("`indices=`", "it is no array of ints", "an array of ints")
    if indices.rank != rank_of(kind):
        raise Refused("`indices=`", f"the array has {rank_of(kind)} axes", "as many axes")
    whole = broadcast(Array(axes_of(kind), "i8"), indices)
    axes = list(axes_of(whole))
    axes[axis] = indices.axes[axis]
    return array_of(use, axes)


def _take_along_adjoint(use: Use, _: int) -> str:
    axis, rank = _needs_axis(use, "take_along_axis"), rank_of(use.kinds[0])
    parts = []
    for n in range(rank):
        spread = ", ".join([":"] + ["None"] * (rank - 1 - n))
        every = f"np.arange(like_x.shape[{n}])" + (f"[{spread}]" if n < rank - 1 else "")
        parts.append("indices" if n == axis else every)
    return f"at[{', '.join(parts)}] += ȳ"


structured(
    "np.take_along_axis",
    "x/arr indices= axis=-1",
    leaves_out=True,
    kind=_take_along_kind,
    adjoint=_take_along_adjoint,
)

# -- by truth --------------------------------------------------------------------------------------


def _is_true_or_false(kind: Kind) -> bool:
    if isinstance(kind, ListOf):
        return kind.item == BOOL
    return isinstance(kind, Array) and kind.dtype == "b1"


def _compress_kind(use: Use) -> Kind:
    axis = _needs_axis(use, "compress")
    condition = _kind_of_option(use, "condition")
    if not _is_true_or_false(condition) or rank_of(condition) > 1:
        raise Refused("`condition=`", "it is no row of bools", "an array of bools with one axis")
    return _along(use, axis, Part(None, Array(("?",), "i8")))


def _compress_adjoint(use: Use, _: int) -> str:
    return f"[{':, ' * _needs_axis(use, 'compress')}np.flatnonzero(condition)] += ȳ"


structured(
    "np.compress",
    "condition= x/a axis=None out!",
    methods={"compress": "x condition= axis=None out!"},
    leaves_out=True,
    kind=_compress_kind,
    adjoint=_compress_adjoint,
)


def _extract_kind(use: Use) -> Kind:
    condition = _kind_of_option(use, "condition")
    if not _is_true_or_false(condition) or rank_of(use.kinds[0]) == 0:
        raise Refused("`np.extract`", "it is not given bools and an array", "`x[condition]`")
    if rank_of(use.kinds[0]) > 1 and axes_of(condition) != axes_of(use.kinds[0]):
        raise Refused(
            "`np.extract`", "whether both have one shape is not known before running", "`x[...]`"
        )
    return array_of(use, ("?",))


def _extract_adjoint(use: Use, _: int) -> str:
    return f"[{'np.flatnonzero(condition)' if rank_of(use.kinds[0]) == 1 else 'condition'}] += ȳ"


structured(
    "np.extract", "condition= x/arr", leaves_out=True, kind=_extract_kind, adjoint=_extract_adjoint
)

# -- one of several --------------------------------------------------------------------------------


def _chosen(use: Use, condition: Kind) -> Kind:
    """Where a condition chooses: broadcast with the choices, of their dtype."""
    choices = broadcast(*use.kinds)
    if not isinstance(choices, (Array, Scalar)):
        raise Refused("a choice", "it is not a number or an array", "numbers and arrays")
    whole = broadcast(Array(axes_of(choices), "i8"), Array(axes_of(condition), "i8"))
    return Array(axes_of(whole), dtype_of(choices))


def _choose_kind(use: Use) -> Kind:
    which = _kind_of_option(use, "which")
    if use.value("mode") != "raise":
        raise Refused("`mode=`", "a number that is too large has no rule", "`np.clip` before it")
    if dtype_of(which)[0] not in "iub":
        raise Refused("`np.choose`", "it chooses by ints", "an array of ints")
    return _chosen(use, which)


def _is_which(use: Use, operand: int) -> tuple[str, bool]:
    return f"which == {operand}", True


structured(
    "np.choose",
    "which/a= [x] out! mode='raise'",
    jointly=True,
    broadcasts=True,
    kind=_choose_kind,
    chosen=_is_which,
    adjoint=chosen_adjoint(_is_which),
)


structured(
    "helpers.row_sums",
    "x index= like",
    fixed="like",
    kind=lambda use: use.kinds[1] if len(use.kinds) > 1 else UNKNOWN,
    adjoint=lambda use, _: "ȳ[index]",
)
