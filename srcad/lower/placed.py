"""Values that are put into places of an array, as writes with an index.

>>> import gast
>>> from srcad.analysis.kind import FLOAT, INT, Array
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> stmt = gast.parse("y[i] = e").body[0]
>>> stmt.targets[0].manner, stmt.targets[0].slice.kind, stmt.value.kind = FLAT, INT, FLOAT
>>> stmt.targets[0].value.kind = Array(("y:0", "y:1"), "f8")
>>> print(emit(with_places([stmt], Names({"y", "i"}), set(), lambda: "np")), end="")
y[i // y.shape[1], i % y.shape[1]] = e
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import gast

from srcad.analysis.kind import INT, NOTHING, Array, Kind, Scalar
from srcad.analysis.placed import ALONG, AT, DIAGONAL, FLAT, MASK, is_counted, is_turned
from srcad.listing import origin_of, with_origin
from srcad.names import Names
from srcad.tree import (
    Node,
    assign,
    binary,
    blocks_of,
    call,
    constant,
    copy_node,
    item,
    load,
    names_in,
    statements_in,
    store,
    tuple_of,
)


def with_places(
    body: list[Node], names: Names, varied: set[str], numpy: Callable[[], str]
) -> list[Node]:
    """The body with such writes; the same list if there are none.

    ``varied`` are the variables that depend on what is differentiated; what is made of them is
    added.  ``numpy`` gives the name by which NumPy is reached.
    """
    out: list[Node] = []
    for stmt in body:
        if list(blocks_of(stmt)):
            blocks = [with_places(block, names, varied, numpy) for block in blocks_of(stmt)]
            if any(new is not old for new, old in zip(blocks, blocks_of(stmt), strict=True)):
                stmt = copy_node(stmt, body=blocks[0], orelse=blocks[1])
            out.append(stmt)
        elif (target := _target(stmt)) is not None and hasattr(target, "manner"):
            new = _Placed(stmt, target, names, varied, numpy()).statements()
            for each in statements_in(new):
                with_origin(gast.copy_location(each, stmt), origin_of(stmt)).primal = True
            out += new
        else:
            out.append(stmt)
    same = len(out) == len(body) and all(a is b for a, b in zip(out, body, strict=True))
    return body if same else out


def _target(stmt: Node) -> Node | None:
    if isinstance(stmt, gast.AugAssign):
        return stmt.target
    return stmt.targets[0] if isinstance(stmt, gast.Assign) else None


class _Placed:
    """One such write, in the making."""

    def __init__(
        self, stmt: Node, target: Node, names: Names, varied: set[str], numpy: str
    ) -> None:
        self.stmt = stmt
        self.names = names
        self.varied = varied
        self.numpy = numpy
        self.target = target
        self.base = load(self.target.value.id)
        self.kind: Array = self.target.value.kind
        self.before: list[Node] = []

    def statements(self) -> list[Node]:
        """What is computed before, and the write."""
        manner = self.target.manner
        if manner == AT:
            return self._one_by_one()
        value, index = self.stmt.value, self.target.slice
        place: Kind = getattr(self.target, "kind", NOTHING)
        if manner == DIAGONAL:
            index = self._diagonal()
            value = self._in_turn(value, place, call("len", index))
            index = gast.Tuple([index, index], gast.Load())
        elif manner == MASK:
            value = self._in_turn(value, place, gast.Attribute(self.base, "shape", gast.Load()))
            if isinstance(getattr(self.stmt.value, "kind", NOTHING), Array):
                value = self._kept(item(value, index))
        elif manner == ALONG:
            index = self._along(index, self.target.axis)
        elif manner == FLAT:
            index = self._counted(self._within(index))
            value = self._in_turn(value, place, self._count(index))
            index = self._split(index)
        else:
            value = self._in_turn(value, place, self._np("count_nonzero", index))
        target = item(self.base, index, stored=True)
        if isinstance(self.stmt, gast.AugAssign):
            return [*self.before, gast.AugAssign(target, self.stmt.op, value)]
        return [*self.before, gast.Assign([target], value, None)]

    def _np(self, function: str, *arguments: Node) -> Node:
        return call(gast.Attribute(load(self.numpy), function, gast.Load()), *arguments)

    def _kept(self, value: Node) -> Node:
        """A value under a name of its own."""
        name = self.names.temporary()
        if not names_in(value).isdisjoint(self.varied):
            self.varied.add(name)
        self.before.append(assign(name, value))
        return load(name)

    def _length(self, axis: int) -> Node:
        return item(gast.Attribute(self.base, "shape", gast.Load()), constant(axis))

    def _in_turn(self, value: Node, place: Kind, shape: Node) -> Node:
        """The values, as many as there are places: taken again from the first, or cut."""
        kind: Kind = getattr(value, "kind", NOTHING)
        if isinstance(kind, Scalar) or not is_turned(place, kind):
            return value
        if is_counted(kind):
            size = gast.Attribute(value, "size", gast.Load())
            self._check(gast.Compare(size, [gast.Eq()], [constant(0)]))
        return self._kept(self._np("resize", value, shape))

    def _check(self, test: Node) -> None:
        """Raise where there are no values for the places, or more or fewer than there may be."""
        sentence = constant("not as many values as places, where the derivative takes it for that")
        error = gast.Raise(call("ValueError", sentence), None)
        self.before.append(gast.If(test, [error], []))

    def _one_by_one(self) -> list[Node]:
        """``np.multiply.at(y, i, v)`` as a loop: an entry may be there more than once."""
        index, value = self.target.slice, self.stmt.value
        if getattr(index, "kind", NOTHING) == INT:
            self._change(index, value)
            return self.before
        if not isinstance(getattr(index, "kind", NOTHING), Array):
            index = self._kept(self._np("array", index))
        place: Kind = getattr(self.target, "kind", NOTHING)
        is_array = isinstance(getattr(value, "kind", NOTHING), Array)
        if is_array and is_turned(place, value.kind):
            self._check(gast.Compare(call("len", value), [gast.NotEq()], [call("len", index)]))
        counter = self.names.fresh("k")
        before, self.before = self.before, []
        turn = load(counter)
        self._change(self._kept(item(index, turn)), item(value, turn) if is_array else value)
        count = call("range", call("len", index))
        return [*before, gast.For(store(counter), count, self.before, [], None)]

    def _change(self, place: Node, value: Node) -> None:
        """``y[i] = np.multiply(y[i], v)``, in single steps."""
        old = self._kept(item(self.base, place))
        if isinstance(value, gast.Subscript):
            value = self._kept(value)
        given = [old] if self.target.is_unary else [old, value]
        new = self._kept(call(self.target.function, *given))
        self.before.append(gast.Assign([item(self.base, place, stored=True)], new, None))

    def _diagonal(self) -> Node:
        rows, columns = self.kind.axes
        ends = [self._length(0)] if rows == columns != "?" else [self._length(0), self._length(1)]
        shorter = call("min", *ends) if len(ends) > 1 else ends[0]
        return _distinct(self._kept(self._np("arange", shorter)))

    def _along(self, index: Node, axis: int) -> Node:
        """The index of each axis: of one as it is given, of each other one a range along it."""
        rank, parts = self.kind.rank, []
        for each in range(rank):
            if each == axis % rank:
                parts.append(index)
                continue
            shape = tuple_of([constant(-1 if n == each else 1) for n in range(rank)])
            line = self._kept(self._np("arange", self._length(each)))
            parts.append(self._kept(self._np("reshape", line, shape)))
        return tuple_of(parts)

    def _counted(self, index: Node) -> Node:
        """Of an array with several axes: the places as an int, or an array of ints."""
        if self.kind.rank == 1:
            return index
        if isinstance(index, gast.Slice):
            size = gast.Attribute(self.base, "size", gast.Load())
            return _distinct(self._kept(item(self._kept(self._np("arange", size)), index)))
        kind: Kind = getattr(index, "kind", NOTHING)
        return (
            index
            if kind == INT or isinstance(kind, Array)
            else self._kept(self._np("array", index))
        )

    def _within(self, index: Node) -> Node:
        """Places beyond the array, where ``np.put`` says what they mean: counted on, or the last.

        All of them are counted from the start then; a negative one is the first if it is clipped.
        """
        beyond = getattr(self.target, "beyond", "raise")
        if beyond not in ("wrap", "clip"):
            return index
        size: Node = gast.Attribute(self.base, "size", gast.Load())
        if beyond == "wrap":
            return self._kept(self._np("mod", index, size))
        last = binary(size, gast.Sub(), constant(1))
        return self._kept(self._np("clip", index, constant(0), last))

    def _count(self, index: Node) -> Node:
        """How many places there are."""
        return call("len", item(self.base, index) if isinstance(index, gast.Slice) else index)

    def _split(self, index: Node) -> Node:
        """A place that is counted through all axes, as an index for each of them.

        What is counted from the end is, too: ``-1 // n`` is ``-1``, and ``-1 % n`` is ``n - 1``.
        """
        if self.kind.rank == 1:
            return index
        parts = []
        for axis in range(self.kind.rank):
            part = index
            later = [self._length(n) for n in range(axis + 1, self.kind.rank)]
            if later:
                part = binary(part, gast.FloorDiv(), reduce(_times, later))
            if axis:
                part = binary(part, gast.Mod(), self._length(axis))
            is_int = getattr(index, "kind", NOTHING) == INT  # one is counted again, not saved
            parts.append(part if is_int else self._kept(part))
        if getattr(index, "is_distinct", False):
            _distinct(parts[0])  # that none is twice is said of one, and meant of all
        return tuple_of(parts)


def _distinct(index: Node) -> Node:
    """An index array, known to hold no place twice."""
    index.is_distinct = True
    return index


def _times(left: Node, right: Node) -> Node:
    return binary(left, gast.Mult(), right)
