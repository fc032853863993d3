"""Lengths and shapes that options give, as tokens, and how a rule's formulas write them.

A length may be known only when running: it then has the token ``"?"``.

>>> from srcad.tree import parse
>>> token_of(parse("3")), token_of(parse("1")), token_of(parse("n")), product(("x:0", "1"))
('=3', '1', '?', 'x:0')
>>> product(("x:1", "x:0")), product(("x:0", "?n")), product(("x:0", "?"))
('x:0*x:1', '?n*x:0', '?')
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import gast
import numpy as np

from srcad.analysis.kind import INT, NOTHING, Array, Kind, Scalar, TupleOf
from srcad.analysis.lengths import UNNAMED, counted, known_length
from srcad.rules.axes import dtype_of, rank_of
from srcad.rules.signature import Refused
from srcad.rules.table import Use
from srcad.tree import Node, is_number, number_of


def token_of(node: Node) -> str:
    """The token of a length that an expression gives."""
    if is_number(node):
        length = number_of(node)
        return counted(length) if isinstance(length, int) and length >= 0 else UNNAMED
    if isinstance(node, gast.Subscript) and is_number(node.slice):
        shape = shape_of(node.value)
        index = number_of(node.slice)
        if shape is not None and isinstance(index, int) and -len(shape) <= index < len(shape):
            return shape[index]
    return UNNAMED


def shape_of(node: Node) -> tuple[str, ...] | None:
    """The axes that a shape has, of which each part may be known; None for no shape."""
    kind = getattr(node, "kind", NOTHING)
    if isinstance(node, (gast.Tuple, gast.List)):
        return tuple(map(token_of, node.elts))
    if isinstance(node, gast.Attribute) and node.attr == "shape":
        base = getattr(node.value, "kind", NOTHING)
        return base.axes if isinstance(base, Array) else None
    if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Add):
        left, right = shape_of(node.left), shape_of(node.right)
        return left + right if left is not None and right is not None else None
    if isinstance(node, gast.Subscript) and isinstance(node.slice, gast.Slice):
        bounds = (node.slice.lower, node.slice.upper, node.slice.step)
        whole = shape_of(node.value)
        if whole is not None and all(each is None or is_number(each) for each in bounds):
            return whole[slice(*(None if b is None else int(number_of(b)) for b in bounds))]
    if isinstance(kind, TupleOf) and all(item == INT for item in kind.items):
        return (UNNAMED,) * len(kind.items)
    return None


def shape_option(use: Use, option: str = "shape") -> tuple[str, ...]:
    """The axes that a ``shape`` option gives."""
    node = use.options[option]
    if getattr(node, "kind", NOTHING) == INT:
        return (token_of(node),)
    axes = shape_of(node)
    if axes is None:
        raise Refused(
            f"`{option}=`",
            "how many axes it has is not known before running",
            "a tuple written out",
        )
    return axes


def product(axes: Sequence[str]) -> str:
    """The number of entries in an array with these axes."""
    known = [known_length(token) for token in axes]
    number = math.prod(each for each in known if each is not None)
    many = sorted(t for t, each in zip(axes, known, strict=True) if each is None)
    if not many or number == 0:
        return counted(number)
    if number == 1 and len(many) == 1:
        return many[0]
    if UNNAMED in many:
        return UNNAMED
    unknown = any(token[0] == "?" for token in many)
    factors = [token.removeprefix("?") for token in many]
    factors = [f"({each})" if set(each) & set("+-/") else each for each in factors]
    factors += [str(number)] if number > 1 else []
    return ("?" if unknown else "") + "*".join(factors)


def axes_of(kind: Kind) -> tuple[str, ...]:
    """The axes of an array; a number has none."""
    return kind.axes if isinstance(kind, Array) else ()


def array_of(use: Use, axes: Sequence[str], operand: int = 0) -> Kind:
    """An array with other axes, of an operand's dtype."""
    return Array(tuple(axes), dtype_of(use.kinds[operand]))


def permuted(kind: Kind, move: Callable[[Any], Any], what: str) -> tuple[int, ...]:
    """Where each axis of the result comes from, as NumPy itself says."""
    rank = len(axes_of(kind))
    try:
        moved = move(np.broadcast_to(0.0, tuple(range(2, rank + 2))))
    except (ValueError, TypeError) as error:
        raise Refused(what, str(error), "axes of the array") from None
    return tuple(length - 2 for length in moved.shape)


# -- formulas --------------------------------------------------------------------------------------


def is_number_kind(use: Use, operand: int = 0) -> bool:
    """Whether an operand is a number, and no array."""
    return isinstance(use.kinds[operand], Scalar)


def given(use: Use, *options: str) -> str:
    """The options that were given, as further arguments: ``, axis=axis``."""
    return "".join(f", {option}={option}" for option in options if option in use.options)


def reshaped(use: Use, adjoint: str = "ȳ", operand: int = 0, order: str = "") -> str:
    """An adjoint in the shape of an operand."""
    name = f"like_{use.names[operand]}"
    if not rank_of(use.result):  # an array without axes, whose adjoint may be a number
        return adjoint if is_number_kind(use, operand) else f"np.reshape({adjoint}, {name}.shape)"
    if is_number_kind(use, operand):
        return f"{adjoint}.sum()"
    more = f", order={order}" if order else ""
    return f"{adjoint}.reshape({name}.shape{more})"


def written(use: Use, option: str) -> Any:
    """The names by which a formula reads an option that is an int, or displays of ints.

    The elements of a display ``shift`` are ``shift_0``, ``shift_1`` ...
    """

    def names(node: Node, name: str) -> Any:
        if isinstance(node, (gast.Tuple, gast.List)):
            return [names(each, f"{name}_{n}") for n, each in enumerate(node.elts)]
        if getattr(node, "kind", INT) != INT:
            raise Refused(f"`{option}=`", "it is neither an int nor ints written out", "ints")
        return name

    return names(use.options[option], option)
