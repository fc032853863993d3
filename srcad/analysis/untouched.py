"""Elements of arrays that nothing has read before they are overwritten: they need not be saved.

``u[t + 1] = u[t] * c`` fills a new array row by row.  What row ``t + 1`` held before, nobody has
read: no adjoint will, and nothing is put back.  To be sure of it, the places of each read are
compared with that of the write, loop by loop from the outermost one: with the loop's variable as
an index on both sides, ``i + a`` is written in a trip and ``i + b`` read in another one, ``a - b``
trips later if ``i`` grows.

>>> from srcad.analysis.kind import Array
>>> from srcad.analysis.memory import Memory
>>> from srcad.analysis.places import places_of
>>> body = gast.parse('''
... u = np.zeros(n)
... for i in range(1, n):
...     u[i] = f(u[i - 1])
... u[0] = u[1]
... ''').body
>>> for node in (n for stmt in body for n in gast.walk(stmt) if isinstance(n, gast.Name)):
...     node.kind = Array(("n",), "f8") if node.id == "u" else None
>>> memory = Memory(body)
>>> untouched = Untouched(places_of(body, memory.writes), memory, [], lambda node: False)
>>> untouched.before(body[1].body[0]), untouched.before(body[2])
(True, False)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import gast

from srcad.analysis.memory import Memory, element_of_array, has_index_array
from srcad.analysis.places import Places
from srcad.simplify.flow import read_parts
from srcad.tree import Node, children, is_name, is_number, number_of


class Affine(NamedTuple):
    """An index: a loop's variable and a number that is added to it, or a number alone."""

    variable: str
    offset: int


# The indices along the axes of an array, as far as they are known; of all of it, none.
Index = tuple["Affine | None", ...]


class Untouched:
    """What is asked about the writes into the arrays of one body."""

    def __init__(
        self,
        places: Places,
        memory: Memory,
        parameters: Iterable[str],
        is_length: Callable[[Node], bool],
    ) -> None:
        self.places = places
        self.memory = memory
        self.parameters = set(parameters)
        self.is_length = is_length
        self._known: dict[int, bool] = {}
        self._reads: dict[str, list[tuple[Node, Index]] | None] = {}

    def before(self, stmt: Node) -> bool:
        """Whether nothing has read what a statement overwrites, a part of an array."""
        if id(stmt) not in self._known:
            self._known[id(stmt)] = self._is_untouched(stmt)
        return self._known[id(stmt)]

    def _is_untouched(self, stmt: Node) -> bool:
        element = element_of_array(stmt)
        if element is None or isinstance(stmt, gast.AugAssign) or not is_name(element.value):
            return False
        reads = self._reads_of(element.value.id)
        if reads is None:
            return False
        definition = self._definition(element.value.id)
        index = _index(element.slice)
        return not any(self._may_precede(read, at, stmt, index, definition) for read, at in reads)

    # -- the array, and who reads it --------------------------------------------------------------

    def _definition(self, name: str) -> Node:
        """The one statement that makes an array, or takes a part of one; or None."""
        binding = [w for w in self.places.writers.get(name, ()) if name in self.memory.binds(w)]
        if len(binding) != 1 or name in self.parameters or not isinstance(binding[0], gast.Assign):
            return None
        return binding[0] if is_name(binding[0].targets[0]) else None

    def _reads_of(self, array: str) -> list[tuple[Node, Index]] | None:
        """Where an array is read, and at which indices; None if that cannot be told."""
        if array not in self._reads:
            self._reads[array] = self._find_reads(array)
        return self._reads[array]

    def _find_reads(self, array: str) -> list[tuple[Node, Index]] | None:
        definition = self._definition(array)
        if definition is None or self.memory.is_link(definition):
            return None
        parts: dict[str, Index] = {}
        for name in self.memory.holding(self.memory.contents([array])) - {array}:
            part = self._part(name, array)
            if part is None:
                return None
            parts[name] = part
        found = []
        for stmt in self.places.every():
            for index in self._reads_in(stmt, array, parts):
                found.append((stmt, index))
        return found

    def _part(self, name: str, array: str) -> Index | None:
        """The index of a part of an array that has a name and is bound once."""
        definition = self._definition(name)
        value = getattr(definition, "value", None)
        if not isinstance(value, gast.Subscript) or not is_name(value.value):
            return None
        if value.value.id == array:
            return _index(value.slice)
        return self._part(value.value.id, array) if value.value.id != name else None

    def _reads_in(self, stmt: Node, array: str, parts: dict[str, Index]) -> Iterator[Index]:
        """The indices at which a statement, or a compound one's header, reads an array."""
        if isinstance(stmt, gast.Assign) and parts and is_name(stmt.targets[0], *parts):
            return  # it takes a part, and reads nothing of it
        written = element_of_array(stmt) if isinstance(stmt, gast.Assign) else None
        pending = [stmt.value, written.slice] if written is not None else read_parts(stmt)
        while pending:
            node = pending.pop()
            if is_name(node, array):
                yield ()
            elif is_name(node) and node.id in parts:
                yield parts[node.id] if self._is_of_this_trip(node.id, stmt) else ()
            elif isinstance(node, gast.Subscript) and is_name(node.value, array):
                yield () if has_index_array(node) else _index(node.slice)
                pending.append(node.slice)
            elif not self.is_length(node):
                pending += children(node)

    def _is_of_this_trip(self, name: str, stmt: Node) -> bool:
        """Whether a statement reads a part as it was taken in the same trips of all loops."""
        definition = self._definition(name)
        loops = self.places.loops(definition)
        earlier = self.places.number[id(definition)] < self.places.number[id(stmt)]
        return earlier and self.places.loops(stmt)[: len(loops)] == loops

    # -- which comes first ------------------------------------------------------------------------

    def _may_precede(
        self, read: Node, at: Index, write: Node, index: Index, definition: Node
    ) -> bool:
        """Whether an element may be read, and written later, while it has been that of one array.

        Where the array is made anew in an outer loop, that is one trip of it.
        """
        number, last = self.places.number, self.places.last
        outer = len(self.places.loops(definition))
        loops = self.places.loops(write)
        if self.places.loops(definition) != loops[:outer]:
            return True
        end = last[id(loops[outer])] if len(loops) > outer else number[id(write)]
        if number[id(read)] < number[id(definition)] or number[id(read)] > end:
            return False
        pairs = list(zip(index, at, strict=False))
        if any(_are_apart(one, other) for one, other in pairs):
            return False
        inside = self.places.loops(read)
        if isinstance(read, (gast.For, gast.While)):
            inside = (*inside, read)
        for loop, other in zip(loops[outer:], inside[outer:], strict=False):
            if loop is not other:
                break
            later = self._trips_later(loop, pairs)
            if later is None or later < 0:
                return True
            if later > 0:
                return False
        return number[id(read)] <= number[id(write)]

    def _trips_later(
        self, loop: Node, pairs: list[tuple[Affine | None, Affine | None]]
    ) -> int | None:
        """How many trips of a loop later an element is read than written; None if unknown."""
        counted = _counted(loop)
        if counted is None or self.places.writers.get(loop.target.id) != [loop]:
            return None
        step, lowest = counted
        for one, other in pairs:
            if one is None or other is None or {one.variable, other.variable} != {loop.target.id}:
                continue
            if lowest + min(one.offset, other.offset) >= 0:  # from the end, it may be any
                return (one.offset - other.offset) * (1 if step > 0 else -1)
        return None


def _are_apart(one: Affine | None, other: Affine | None) -> bool:
    """Whether two indices are different numbers."""
    if one is None or other is None or one.variable or other.variable:
        return False
    return one.offset != other.offset and (one.offset < 0) == (other.offset < 0)


def _index(node: Node) -> Index:
    """The indices of a subscript, each as far as it is known."""
    parts = node.elts if isinstance(node, gast.Tuple) else [node]
    shifted = [isinstance(each, gast.Constant) and type(each.value) is not int for each in parts]
    if any(shifted):  # None and ... stand for other axes
        return ()
    return tuple(map(_affine, parts))


def _affine(node: Node) -> Affine | None:
    """``i``, ``i + 1``, ``i - 1``, ``1 + i``, or a number."""
    if is_name(node):
        return Affine(node.id, 0)
    if is_number(node) and isinstance(number_of(node), int):
        return Affine("", int(number_of(node)))
    if not isinstance(node, gast.BinOp) or not isinstance(node.op, (gast.Add, gast.Sub)):
        return None
    left, right = _affine(node.left), _affine(node.right)
    if left is None or right is None or (left.variable and right.variable):
        return None
    if isinstance(node.op, gast.Sub):
        if right.variable:
            return None
        right = Affine("", -right.offset)
    return Affine(left.variable or right.variable, left.offset + right.offset)


def _counted(loop: Node) -> tuple[int, int] | None:
    """The step of a loop over a range, and the lowest number that its variable may be."""
    if not isinstance(loop, gast.For) or not is_name(loop.target):
        return None
    call = loop.iter
    if not isinstance(call, gast.Call) or not is_name(call.func, "range") or call.keywords:
        return None
    bounds = [_affine(each) for each in call.args]
    step = bounds[2] if len(bounds) == 3 else Affine("", 1)
    if step is None or step.variable or not step.offset:
        return None
    if len(bounds) == 1:
        return step.offset, 0
    first = bounds[0] if step.offset > 0 else bounds[1]
    if first is None or first.variable:
        return None
    return step.offset, first.offset + (step.offset < 0)
