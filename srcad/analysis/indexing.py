"""The kind of what an index reads of an array, and whether it may read one place twice.

An index is basic (ints, slices, ``...``, ``None``) or has index arrays: of ints, which are
broadcast together, or of bools, which stand for the places where they are true.  Where the axes of
the result go is asked of NumPy itself, on arrays of other, distinct lengths.

>>> from srcad.tree import parse
>>> x, rows = Array(("x:0", "x:1", "x:2"), "f8"), Array(("rows:0",), "i8")
>>> def axes(index, *kinds):
...     parts = [Part(n, k) for n, k in zip(parse(f"x[{index}]").slice.elts, kinds, strict=True)]
...     return indexed(x, parts).axes
>>> axes("rows, 1:, 0", rows, OTHER, INT)
('rows:0', 'x:1-1')
>>> axes("rows, 0", rows, INT), axes("None, mask", Literal(None), Array(("?", "?"), "b1"))
(('rows:0', 'x:2'), ('1', '?', 'x:2'))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gast
import numpy as np

from srcad.analysis.kind import (
    BOOL,
    INT,
    NOTHING,
    OTHER,
    Array,
    Kind,
    ListOf,
    Literal,
    Nothing,
    Scalar,
    TupleOf,
    Unknown,
    broadcast,
    scalar,
)
from srcad.analysis.lengths import counted, longer
from srcad.tree import Node, is_number, number_of


class BadIndex(Exception):
    """An index that is not accepted: why, and what to write instead."""


@dataclass(frozen=True)
class Part:
    """One part of an index, and its kind; no node where the parts are in a tuple variable."""

    node: Node | None
    kind: Kind


def parts_of(index: Node) -> list[Part]:
    """The parts of an index whose nodes are marked with their kinds."""
    kind = getattr(index, "kind", OTHER)
    if isinstance(kind, TupleOf) and not isinstance(index, gast.Tuple):
        return [Part(None, each) for each in kind.items]
    nodes = index.elts if isinstance(index, gast.Tuple) else [index]
    return [Part(node, getattr(node, "kind", OTHER)) for node in nodes]


def indexed(base: Array, parts: Sequence[Part]) -> Kind:
    """The kind of ``base[index]``."""
    taken = sum(map(_axes_taken, parts))
    if taken > base.rank:
        raise BadIndex(f"the array has {base.rank} axes", "fewer indices")
    spread = _spread(parts)
    # The lengths that stand for the tokens: no two are the same.
    tokens = ["", "1"]

    def length(token: str) -> int:
        if token == "1":
            return 1
        tokens.append(token)
        return len(tokens) - 1

    lengths = [length(token) for token in spread]
    axes = list(base.axes)
    index: list[Any] = []
    shape: list[int] = []
    for part in parts:
        if _is_ellipsis(part):
            index.append(Ellipsis)
            shape += [length(axes.pop(0)) for _ in range(base.rank - taken)]
        elif _is_new(part):
            index.append(None)
        elif isinstance(part.node, gast.Slice):
            index.append(slice(None))
            shape.append(length(_sliced(axes.pop(0), part.node)))
        else:
            for own in _as_arrays(part):
                pairs = zip(own, lengths[len(lengths) - len(own) :], strict=True)
                index.append(np.zeros([1 if t == "1" else n for t, n in pairs], int) if own else 0)
                axes.pop(0)
                shape.append(1)
    shape += map(length, axes)
    result = np.broadcast_to(0.0, shape)[tuple(index)]
    found = tuple(tokens[n] for n in result.shape)
    return Array(found, base.dtype) if found else scalar(base.dtype)


def _is_new(part: Part) -> bool:
    return part.kind == Literal(None)


def _is_ellipsis(part: Part) -> bool:
    return isinstance(part.node, gast.Constant) and part.node.value is Ellipsis


def _axes_taken(part: Part) -> int:
    if _is_ellipsis(part) or _is_new(part):
        return 0
    return 1 if isinstance(part.node, gast.Slice) else len(_as_arrays(part))


def may_repeat(parts: Sequence[Part]) -> bool:
    """Whether an index may read one place of an array twice."""
    arrays = [part for part in parts if isinstance(part.kind, (Array, ListOf, TupleOf))]
    if any(getattr(part.node, "is_distinct", False) for part in arrays):
        return False
    if len(arrays) == 1:
        (part,) = arrays
        return not (_is_mask(part.kind) or _is_distinct(part.node))
    return bool(arrays)


def _is_mask(kind: Kind) -> bool:
    while isinstance(kind, ListOf):
        kind = kind.item
    return kind == BOOL or (isinstance(kind, Array) and kind.dtype == "b1")


def _is_distinct(node: Node | None) -> bool:
    """Whether an index is a list of different ints, written out."""
    if not isinstance(node, gast.List) or not all(map(is_number, node.elts)):
        return False
    numbers = [number_of(each) for each in node.elts]
    same_side = min(numbers, default=0) >= 0 or max(numbers, default=0) < 0
    return same_side and len(set(numbers)) == len(numbers)


def _as_arrays(part: Part) -> list[tuple[str, ...]]:
    """The shapes of the index arrays that a part stands for: no axes for an int."""
    kind = part.kind
    if kind == INT or isinstance(kind, Nothing):
        return [()]
    if isinstance(kind, ListOf):
        kind = array_of_list(kind, part.node)
    if isinstance(kind, TupleOf) and all(item == INT for item in kind.items):
        kind = Array((counted(len(kind.items)),), "i8")
    if isinstance(kind, Array) and kind.dtype[0] in "iu":
        return [kind.axes]
    if isinstance(kind, Array) and kind.dtype == "b1" and kind.rank:
        return [("?",)] * kind.rank
    if isinstance(kind, Unknown):
        raise BadIndex("whether it is an int or an array is not known before running", "an int")
    raise BadIndex(
        "an index is neither an int nor an array of ints or bools", "ints, slices and such arrays"
    )


def array_of_list(kind: Kind, node: Node | None) -> Kind:
    """The array that a list used as an index stands for."""
    outer: list[str] = []
    while isinstance(kind, ListOf):
        written = isinstance(node, gast.List)
        outer.append(counted(len(node.elts)) if written and node is not None else "?")
        node = node.elts[0] if written and node is not None and node.elts else None
        kind = kind.item
    if isinstance(kind, (Scalar, Nothing)):
        dtype = {INT: "i8", BOOL: "b1", NOTHING: "i8"}.get(kind, "f8")
        return Array(tuple(outer), dtype)
    return kind


def _spread(parts: Sequence[Part]) -> tuple[str, ...]:
    """The axes that the index arrays are broadcast to."""
    arrays = [
        Array(axes, "i8")
        for part in parts
        if not (_is_ellipsis(part) or _is_new(part) or isinstance(part.node, gast.Slice))
        for axes in _as_arrays(part)
    ]
    result = broadcast(Array((), "i8"), *arrays)
    assert isinstance(result, Array)
    return result.axes


def _sliced(token: str, part: Node) -> str:
    """The length that a slice leaves: literal bounds leave out a known number of entries."""
    bounds = (part.lower, part.upper)
    if bounds == (None, None) and part.step is None:
        return token
    if part.step is None and all(each is None or is_number(each) for each in bounds):
        lower = 0 if part.lower is None else int(number_of(part.lower))
        upper = 0 if part.upper is None else int(number_of(part.upper))
        if lower >= 0 and upper <= 0 and (part.upper is None or upper < 0):
            return longer(token, upper - lower)
    return "?"
