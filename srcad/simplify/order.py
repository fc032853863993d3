"""The order of the lines that one of the user's statements becomes.

A sweep gives them in the order of the three-address form, or its reverse.  They are read more
easily so, as far as one line does not wait for another:

- what is saved, put back or computed again comes first, as soon as it can;
- an adjoint that is finished comes before those that the next statement carries on;
- numbers that are added to come last, in the order in which they start: that of the parameters;
- a temporary comes just before the first line that reads it.

>>> import gast
>>> from srcad.analysis.kind import FLOAT
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> from srcad.simplify.aliases import Aliases
>>> names = Names()
>>> names.temporaries |= {"w", "w_bar"}
>>> names.derivatives |= {"w_bar", "a_bar", "b_bar", "y_bar"}
>>> body = gast.parse('''
... w_bar = y_bar * y
... b_bar += w_bar
... y = y_tape[i]
... y_bar = w_bar * a
... a_bar += w_bar * y
... ''').body
>>> for stmt in body:
...     for target in getattr(stmt, "targets", None) or [stmt.target]:
...         target.kind = FLOAT
>>> body[2].early = True
>>> order = Order(names, Aliases(body), carried={"y_bar"}, started={"a_bar": 0, "b_bar": 1})
>>> print(emit(order.reverse(body)), end="")
w_bar = y_bar * y
y = y_tape[i]
a_bar += w_bar * y
b_bar += w_bar
y_bar = w_bar * a
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

import gast

from srcad.analysis.kind import Scalar
from srcad.listing import origin_of, with_origin
from srcad.names import Names
from srcad.simplify.aliases import Aliases
from srcad.simplify.flow import has_effect, read_by, written_by
from srcad.tree import Node, is_name, names_in, popped_list, walk

# What every line touches that changes an array in place: several names may share its memory.
MEMORY = "memory"


class Order:
    """The orders of one function's lines.

    ``carried`` are the adjoints that some line reads; ``started`` numbers the adjoints in the
    order of their first values.
    """

    def __init__(
        self, names: Names, aliases: Aliases, carried: set[str], started: dict[str, int]
    ) -> None:
        self.names = names
        self.aliases = aliases
        self.carried = carried
        self.started = started

    def forward(self, lines: list[Node]) -> list[Node]:
        """The lines of a forward sweep, each value saved as soon as it is there."""
        if not any(_is_early(line) for line in lines):
            return lines
        return self._scheduled(lines, range(len(lines)))

    def reverse(self, lines: list[Node]) -> list[Node]:
        """The lines of a reverse sweep."""
        if lines and isinstance(lines[-1], gast.Return):
            return [*self.reverse(lines[:-1]), lines[-1]]
        if len(lines) < 2 or not all(_is_early(line) or self._is_adjoint(line) for line in lines):
            return lines
        wanted = [n for n, line in enumerate(lines) if not self._waits(line)]
        wanted.sort(key=lambda n: self._rank(lines[n]))
        if wanted == list(range(len(lines))):
            return lines
        return self._scheduled(lines, [*wanted, *range(len(lines))])

    def _is_adjoint(self, line: Node) -> bool:
        written = written_by(line)
        return bool(written) and all(map(self.names.is_adjoint, written))

    def _waits(self, line: Node) -> bool:
        """Whether a line is written for the lines that read it only."""
        return _is_early(line) or written_by(line) <= self.names.temporaries

    def _rank(self, line: Node) -> tuple[int, int, tuple[int, tuple[int, ...]]]:
        names = written_by(line)  # several, where adjoints are swapped
        added = isinstance(line, gast.AugAssign) and _is_number(line.target)
        start = self.started.get(line.target.id, 0) if added else 0
        return 2 * (not names.isdisjoint(self.carried)) + added, start, place_of(line)

    def _changed(self, line: Node) -> tuple[AbstractSet[str], AbstractSet[str]]:
        """What a line gives new values, and what it adds to; an array under all its names."""
        written, added = _changed(line)
        if _is_early(line) and not self._saves(line):  # it puts back
            written = written | self.aliases.changed(line)
        elif added:
            shared = self.aliases.changed(line)
            if shared.isdisjoint(names_in(line.value)):
                return written, added | shared
            return added | shared, written
        return written, added

    def _saves(self, line: Node) -> bool:
        """Whether a line puts a value on a tape: ``tape[i] = v``, ``tape.append(v)``."""
        target = line.targets[0] if isinstance(line, gast.Assign) else line.value.func
        return getattr(getattr(target, "value", None), "id", "") in self.names.tapes

    def _scheduled(self, lines: list[Node], wanted: Iterable[int]) -> list[Node]:
        """The lines in the wanted order, each after those that it waits for, early ones early."""
        waits = [set(each) for each in _Waiting(lines, list(map(self._changed, lines))).waits]
        waiting: list[list[int]] = [[] for _ in lines]
        for number, each in enumerate(waits):
            for before in each:
                waiting[before].append(number)
        out: list[int] = []
        ready = deque(n for n, line in enumerate(lines) if _is_early(line) and not waits[n])
        done: set[int] = set()

        def put(number: int) -> None:
            done.add(number)
            out.append(number)
            for later in waiting[number]:
                waits[later].discard(number)
                if _is_early(lines[later]) and not waits[later]:
                    ready.append(later)

        pending = list(wanted)[::-1]
        while pending or ready:
            if ready:
                number = ready.popleft()
                if number not in done:
                    put(number)
                continue
            number = pending[-1]
            if number in done:
                pending.pop()
            elif waits[number]:
                pending += sorted(waits[number], reverse=True)
            else:
                put(pending.pop())
        return [lines[n] for n in out]


class _Waiting:
    """Which lines must come after which: those that touch the same variables.

    Of one variable: the lines that all further ones wait for, those that have only added to it
    since (in any order), and those that have read it since.
    """

    def __init__(
        self, lines: list[Node], changes: list[tuple[AbstractSet[str], AbstractSet[str]]]
    ) -> None:
        self.base: dict[str, list[int]] = {}
        self.adders: dict[str, list[int]] = {}
        self.readers: dict[str, list[int]] = {}
        self.waits: list[set[int]] = []
        for number, (line, (written, added)) in enumerate(zip(lines, changes, strict=True)):
            self.waits.append(set())
            for name in (read_by(line) | {MEMORY}) - written - added:
                self._read(number, name)
            for name in added:
                self._add(number, name)
            for name in written:
                self._write(number, name)

    def _read(self, number: int, name: str) -> None:
        self.waits[number].update(self.adders.get(name) or self.base.get(name, []))
        self.readers.setdefault(name, []).append(number)

    def _write(self, number: int, name: str) -> None:
        for known in (self.base, self.adders, self.readers):
            self.waits[number].update(known.pop(name, []))
        self.base[name] = [number]

    def _add(self, number: int, name: str) -> None:
        if name in self.readers:
            before = [known.pop(name, []) for known in (self.base, self.adders, self.readers)]
            self.base[name] = [each for part in before for each in part]
        self.waits[number].update(self.base.get(name, []))
        self.adders.setdefault(name, []).append(number)


def _is_early(line: Node) -> bool:
    """Whether a line saves a value, puts it back or computes it again."""
    return bool(getattr(line, "early", False))


def _is_number(target: Node) -> bool:
    return is_name(target) and isinstance(getattr(target, "kind", None), Scalar)


def _changed(line: Node) -> tuple[AbstractSet[str], AbstractSet[str]]:
    """The variables that a line gives new values, and those that it only adds to."""
    written = written_by(line)
    value = getattr(line, "value", None)
    if isinstance(line, gast.AugAssign):
        written = written if _is_number(line.target) else written | {MEMORY}
        adds = isinstance(line.op, (gast.Add, gast.Sub)) and not has_effect(value)
        if adds and written.isdisjoint(names_in(value)):
            return set(), written
        return written, set()
    if isinstance(line, gast.Assign) and not _is_early(line):
        stored = (node for target in line.targets for node in walk(target))
        written |= {MEMORY} if any(isinstance(node, gast.Subscript) for node in stored) else set()
    if value is not None and has_effect(value) and not (isinstance(line, gast.Expr) and written):
        popped = popped_list(value)
        written |= {popped} if popped else {MEMORY, *read_by(line)}
    return written, set()


def place_of(line: Node) -> tuple[int, tuple[int, ...]]:
    """The place of a line among those of the user's statement (:mod:`srcad.reverse.depths`)."""
    place: tuple[int, tuple[int, ...]] = getattr(line, "place", (0, ()))
    return place


def in_place_of(old: Node, new: Node) -> Node:
    """The new line, which comes from the same statement as the old one, and takes its place."""
    new.place = place_of(old)
    return with_origin(new, origin_of(old))
