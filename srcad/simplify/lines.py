"""The lines of one group while they are folded: what each of them reads, and who reads a name.

A line keeps its place.  One that was folded into another is gone, and whoever asks for the readers
of a name is sent on to where it went.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable

import gast

from srcad.analysis.kind import Scalar
from srcad.simplify.aliases import Aliases
from srcad.simplify.flow import has_effect, reads_of, written_by
from srcad.tree import Node, copy_node, is_name, substitute, walk


class Line:
    """A statement and what has been folded into it; it is written anew when it is asked for."""

    def __init__(self, stmt: Node, place: int, aliases: Aliases) -> None:
        self.place = place
        # Where the line went, once it was folded into others: the first of them, or nowhere.
        self.gone = False
        self.into: Line | None = None
        self.changed = aliases.written(stmt)
        self._folded: dict[str, Node] = {}
        self.exchange(stmt)

    def exchange(self, stmt: Node) -> None:
        """Put another form of the statement in its place."""
        self._stmt, self._width = stmt, 0
        self._folded.clear()
        reads = reads_of(stmt)
        self.reads = dict.fromkeys(reads, 1)
        if len(self.reads) < len(reads):
            self.reads = {name: reads.count(name) for name in self.reads}

    @property
    def stmt(self) -> Node:
        """The statement with all that was folded into it."""
        if self._folded:
            self._stmt = replaced(self._stmt, self._folded)
            self._folded.clear()
        return self._stmt

    @property
    def width(self) -> int:
        """About how many characters the line takes."""
        self._width = self._width or width(self.stmt)
        return self._width

    def fold(self, name: str, definition: Line, *, last: bool) -> None:
        """Put a variable's definition into its place; its ``last`` use takes over what it reads."""
        times = self.reads.pop(name)
        if self._folded and reads_of(self._stmt).count(name) != times:
            self._stmt = self.stmt  # it is read by what was folded in before
        self._folded[name] = definition.stmt.value
        self._width = 0
        mine, other = self.reads, definition.reads
        if last and times == 1 and len(mine) < len(other):
            mine, other = other, mine
        for read, count in other.items():
            mine[read] = mine.get(read, 0) + count * times
        self.reads = mine


class Lines:
    """The lines of a group; ``names`` are those whose readers are asked for."""

    def __init__(self, stmts: list[Node], names: Iterable[str], aliases: Aliases) -> None:
        self.lines = [Line(stmt, place, aliases) for place, stmt in enumerate(stmts)]
        self._readers: dict[str, list[Line]] = {name: [] for name in names}
        self._changing: dict[str, list[int]] = {}
        for line in self.lines:
            for name in line.reads:
                if name in self._readers:
                    self._readers[name].append(line)
            for name in line.changed:
                self._changing.setdefault(name, []).append(line.place)

    def stmts(self) -> list[Node]:
        """The statements that are left, in order."""
        return [line.stmt for line in self.lines if not line.gone]

    def readers_after(self, name: str, place: int) -> list[Line]:
        """The lines behind a place that read a name."""
        found = {}
        for reader in self._readers[name]:
            line = _now(reader)
            if line is not None and line.place > place and name in line.reads:
                found[line.place] = line
        return [found[each] for each in sorted(found)]

    def is_changed_between(self, names: Collection[str], first: int, last: int) -> bool:
        """Whether any of the names is changed behind one place and before another."""
        if last - first <= len(names):
            lines = (line for line in self.lines[first + 1 : last] if not line.gone)
            return any(not line.changed.isdisjoint(names) for line in lines)
        for name in names:
            places = self._changing.get(name, [])
            at = bisect_left(places, first + 1)
            if at < len(places) and places[at] < last:
                return True
        return False

    def is_next(self, definition: Line, uses: list[Line]) -> bool:
        """Whether what a call gives is used once, by the next line, with numbers only.

        ``k̄ += 2 * f_reverse(u, ū)``: an array in that line might be one that the call changes.
        """
        later = (line for line in self.lines[definition.place + 1 :] if not line.gone)
        if [next(later, None)] != uses:
            return False
        (name,) = written_by(definition.stmt)
        (use,) = uses
        target = use.stmt.targets[0] if isinstance(use.stmt, gast.Assign) else use.stmt.target
        number = is_name(target) and isinstance(getattr(target, "kind", None), Scalar)
        alone = use.reads.keys() <= {name, getattr(target, "id", "")} and use.reads[name] == 1
        return number and alone and not has_effect(use.stmt.value)

    def fold(self, name: str, definition: Line, uses: list[Line]) -> None:
        """Fold the definition of a name into the lines that use it."""
        definition.gone = True
        self._changing[name].remove(definition.place)
        if uses:
            definition.into = uses[0]
        for use in uses[1:]:
            for read in definition.reads.keys() & self._readers.keys():
                self._readers[read].append(use)
        for use in uses:
            use.fold(name, definition, last=use is uses[-1])


def _now(line: Line) -> Line | None:
    """The line that a line has become a part of."""
    now = line
    while now.into is not None:
        now = now.into
    if now is not line:
        line.into = now
    return None if now.gone else now


def replaced(stmt: Node, values: dict[str, Node]) -> Node:
    """A statement with variables that it reads exchanged for expressions."""
    changes = {}
    for field in ("value", "test", "exc", "msg"):
        part = getattr(stmt, field, None)
        if isinstance(part, gast.AST):
            changes[field] = substitute(part, values)
    if isinstance(stmt, gast.Assign):
        changes["targets"] = [t if is_name(t) else substitute(t, values) for t in stmt.targets]
    elif isinstance(stmt, gast.AugAssign) and not is_name(stmt.target):
        changes["target"] = substitute(stmt.target, values)
    return copy_node(stmt, **changes)


def width(node: Node) -> int:
    """About how many characters a line takes: its names and numbers, and what joins them."""
    total = 0
    for part in walk(node):
        if isinstance(part, gast.Name):
            total += len(part.id) + 2
        elif isinstance(part, gast.Constant):
            total += len(repr(part.value)) + 2
        elif isinstance(part, gast.Attribute):
            total += len(part.attr) + 1
        elif isinstance(part, (gast.BinOp, gast.Call)):
            total += 1
    return total
