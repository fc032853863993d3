"""Kinds of results, by axes and dtypes: what rules on arrays share.

>>> m = Array(("m:0", "m:1"), "f8")
>>> reduced(m, (0,)).axes, reduced(m, (0, 1)), reduced(m, (1,), keepdims=True).axes
(('m:1',), Scalar(name='float'), ('m:0', '1'))
>>> normal_axes((-1, 0), 3), normal_axes(None, 2)
((0, 2), (0, 1))
"""

from __future__ import annotations

from typing import Any

import numpy as np

from srcad.analysis.kind import (
    BOOL,
    DTYPES,
    INT,
    NOTHING,
    UNKNOWN,
    Array,
    Kind,
    Nothing,
    Scalar,
    Unknown,
    as_float,
    broadcast,
    code_of,
    is_floating,
    scalar,
)
from srcad.analysis.lengths import known_length
from srcad.rules.signature import Refused
from srcad.rules.table import KindOf, Use

# -- axes ------------------------------------------------------------------------------------------


def normal_axis(axis: Any, rank: int, option: str = "axis") -> int:
    """An axis counted from 0; :class:`Refused` where it is no int, or none of the array's."""
    if not isinstance(axis, int) or isinstance(axis, bool) or not -rank <= axis < rank:
        raise Refused(f"`{option}={axis}`", f"the array has {rank} axes", "one of its axes")
    return axis % rank


def normal_axes(axis: Any, rank: int, option: str = "axis") -> tuple[int, ...]:
    """The axes that an ``axis`` option means, in order and counted from 0; None means all."""
    if axis is None:
        return tuple(range(rank))
    each = axis if isinstance(axis, tuple) else (axis,)
    axes = tuple(sorted(normal_axis(one, rank, option) for one in each))
    if len(set(axes)) < len(axes):
        raise Refused(f"`{option}={axis}`", "it names an axis twice", "different axes")
    return axes


def rank_of(kind: Kind) -> int:
    """The number of axes; a number has none."""
    return kind.rank if isinstance(kind, Array) else 0


def reduced_axes(use: Use) -> tuple[int, ...]:
    """The axes along which a reduction goes, from its ``axis`` option."""
    return normal_axes(use.value("axis"), rank_of(use.kinds[0]))


def keeps_dims(use: Use) -> bool:
    """Whether a reduction keeps the axes along which it goes, with length 1."""
    return bool(use.value("keepdims"))


# -- kinds -----------------------------------------------------------------------------------------


def array(axes: tuple[str, ...], dtype: str) -> Kind:
    """An array, or a number where it has no axes: what NumPy's functions return."""
    return Array(axes, dtype) if axes else scalar(dtype)


def dtype_of(kind: Kind) -> str:
    """The dtype of an array, or of the array that a number is taken for."""
    if isinstance(kind, Array):
        return kind.dtype
    return DTYPES[kind.name] if isinstance(kind, Scalar) else "f8"


def array_needed(use: Use) -> None:
    """Refuse a number as the operand."""
    if not isinstance(use.kinds[0], Array):
        raise Refused("this operation", "its operand is a number", "an array")


def reduced(kind: Array, axes: tuple[int, ...], *, keepdims: bool = False, dtype: str = "") -> Kind:
    """An array reduced along axes: a number where none is left."""
    if keepdims:
        kept = tuple("1" if n in axes else token for n, token in enumerate(kind.axes))
    else:
        kept = tuple(token for n, token in enumerate(kind.axes) if n not in axes)
    return array(kept, dtype or kind.dtype)


def summed_dtype(dtype: str) -> str:
    """The dtype of a sum: whole numbers and bools add up to ints."""
    return dtype if dtype[0] in "fcu" else "i8"


def float_dtype(dtype: str) -> str:
    """The dtype of a mean: of whole numbers and bools it is floating point."""
    return dtype if is_floating(dtype) else "f8"


def wanted_dtype(use: Use, otherwise: str) -> str:
    """The dtype that a ``dtype`` option asks for, else another; it must be floating point."""
    dtype = use.value("dtype")
    if dtype is None:
        return otherwise
    code = code_of(np.dtype(dtype))
    keeps_derivative(code, otherwise)
    return code


def keeps_derivative(dtype: str, of: str, construct: str = "`dtype=`") -> None:
    """Refuse a dtype that holds no derivative, or half of one, of values of another."""
    if is_floating(of) and not is_floating(dtype):
        raise Refused(construct, "a whole number has no derivative", "a floating point dtype")
    if of[0] == "c" and dtype[0] != "c":
        raise Refused(construct, "it drops the imaginary parts", "`.real`")


def numbers(dtype: str) -> KindOf:
    """The kind of an elementwise result of a fixed dtype: ``numbers("b1")`` of a comparison."""

    def kind(use: Use) -> Kind:
        result = broadcast(*use.kinds)
        if isinstance(result, Array):
            return Array(result.axes, dtype)
        return scalar(dtype) if isinstance(result, Scalar) else result

    return kind


def same(use: Use) -> Kind:
    """The kind of an elementwise result that is whole where the operands are."""
    result = broadcast(*use.kinds)
    return INT if result == BOOL else result


def floating(use: Use) -> Kind:
    """The kind of an elementwise result that is floating point."""
    return as_float(broadcast(*use.kinds))


def one(kind: Kind) -> KindOf:
    """A kind that does not depend on the operands."""
    return lambda use: kind


def first(use: Use) -> Kind:
    """The first operand's own kind."""
    return use.kinds[0]


def reduction(dtype: str) -> KindOf:
    """The kind of a reduction along ``axis`` with ``keepdims`` to a fixed dtype."""

    def kind(use: Use) -> Kind:
        of = use.kinds[0]
        if isinstance(of, Array):
            keepdims = bool(use.values.get("keepdims"))
            return reduced(of, reduced_axes(use), keepdims=keepdims, dtype=dtype)
        if isinstance(of, Nothing):
            return NOTHING
        if isinstance(of, Scalar) or use.value("axis") is None:
            return scalar(dtype)
        return UNKNOWN

    return kind


# -- adjoints --------------------------------------------------------------------------------------


def spread(use: Use, adjoint: str) -> str:
    """The adjoint of a reduction's result, repeated along the axes that were reduced."""
    kind = use.kinds[0]
    if isinstance(kind, Scalar):
        return adjoint
    if isinstance(kind, Unknown) and use.value("axis") is not None:
        raise Refused(
            "`axis=`",
            "how many axes its operand has is not known before running",
            "an operand that has as many on every path",
        )
    if not isinstance(kind, Array) or isinstance(use.result, Scalar):
        return f"np.full_like(like_x, {adjoint})"
    return f"np.broadcast_to({with_axes(use, adjoint)}, like_x.shape)"


def with_axes(use: Use, result: str) -> str:
    """A reduction's result with the axes that were reduced, of length 1."""
    kind = use.kinds[0]
    if keeps_dims(use) or not isinstance(kind, Array) or isinstance(use.result, Scalar):
        return result
    axes = reduced_axes(use)
    return f"np.expand_dims({result}, {axes[0] if len(axes) == 1 else axes})"


def count(use: Use) -> str:
    """How many entries are reduced to one."""
    kind = use.kinds[0]
    if not isinstance(kind, Array):
        return "np.size(like_x)"
    axes = reduced_axes(use)
    if len(axes) == kind.rank:
        return "like_x.size"
    lengths = " * ".join(f"like_x.shape[{n}]" for n in axes)
    return lengths if len(axes) == 1 else f"({lengths})"


def share_of(use: Use) -> str:
    """How many entries share an adjoint; 1 where there is none, and nothing to divide by."""
    kind = use.kinds[0]
    axes = kind.axes if isinstance(kind, Array) else ()
    none = any(known_length(axes[n]) == 0 for n in (reduced_axes(use) if axes else ()))
    return "1" if none else count(use)


def axes_text(use: Use) -> str:
    """The axes of a reduction, as they are written: None for all."""
    axes = reduced_axes(use)
    if len(axes) == rank_of(use.kinds[0]):
        return "None"
    return str(axes[0] if len(axes) == 1 else axes)


def along(use: Use, *, keepdims: bool = False) -> str:
    """The further arguments of a reduction along the same axes, as they are written.

    With ``keepdims``, its result is to be broadcast against the array.
    """
    axes = axes_text(use)
    everything = axes == "None"
    text = "" if everything else f", axis={axes}"
    keeps = keeps_dims(use) or (keepdims and not everything)
    return f"{text}, keepdims=True" if keeps else text


def no_nan(use: Use, operand: int) -> tuple[str, bool]:
    """When an entry counts, where nan does not."""
    return "np.isnan(x)", False
