"""Where each statement of a listing stands: its block, its loops, its place in the text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import gast

from srcad.simplify.flow import written_by
from srcad.tree import Node, blocks_of


@dataclass(eq=False)
class Block:
    """A list of statements, and the block and the statement that hold it."""

    body: list[Node]
    parent: Block | None
    owner: Node | None
    loops: tuple[Node, ...]

    def ancestry(self) -> Iterator[Block]:
        """This block and those that hold it, outwards."""
        block: Block | None = self
        while block is not None:
            yield block
            block = block.parent

    def within(self, other: Block) -> bool:
        """Whether this block is the other one or lies in it."""
        return any(block is other for block in self.ancestry())


@dataclass
class Places:
    """The block and the number of every statement, and the statements that write each name."""

    block_of: dict[int, Block] = field(default_factory=dict)
    number: dict[int, int] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)
    stmt: dict[int, Node] = field(default_factory=dict)
    writers: dict[str, list[Node]] = field(default_factory=dict)
    blocks: dict[int, Block] = field(default_factory=dict)
    root: Block | None = None

    def every(self) -> Iterable[Node]:
        """All statements, nested ones after the statement that holds them."""
        return self.stmt.values()

    def loops(self, stmt: Node) -> tuple[Node, ...]:
        """The loops around a statement, outermost first."""
        return self.block_of[id(stmt)].loops

    def inside(self, stmt: Node, loop: Node) -> bool:
        """Whether a statement is in a loop's body."""
        return self.number[id(loop)] < self.number[id(stmt)] <= self.last[id(loop)]

    def written_in(self, name: str, compound: Node) -> bool:
        """Whether any statement inside a compound one writes a name."""
        return any(self.inside(stmt, compound) for stmt in self.writers.get(name, ()))

    def is_made_once(self, name: str) -> bool:
        """Whether a list is made outside all branches and loops, and only there.

        Or, where it is made elsewhere, the length of the older list is known.
        """
        makers = [
            writer
            for writer in self.writers.get(name, [])
            if isinstance(writer, gast.Assign) and not isinstance(writer.targets[0], gast.Subscript)
        ]
        return all(
            self.block_of[id(maker)] is self.root or hasattr(maker, "length_before")
            for maker in makers
        )

    def is_set_once(self, name: str) -> bool:
        """Whether a variable is a parameter that is kept, or is set once, outside all branches."""
        writers = self.writers.get(name, [])
        return not writers or (len(writers) == 1 and self.block_of[id(writers[0])] is self.root)

    def is_bound(self, name: str, stmt: Node, *, after: bool) -> bool:
        """Whether a name certainly has a value before or after a statement, if one is reached."""
        end = (self.last if after else self.number)[id(stmt)] + after
        for block in self.block_of[id(stmt)].ancestry():
            if self._is_bound_in(name, block, end):
                return True
            if block.owner is not None:
                end = self.number[id(block.owner)]
        return False

    def _is_bound_in(self, name: str, block: Block, end: int) -> bool:
        """Whether the statements of a block that come before a number give a name a value."""
        tops: dict[int, Node] = {}
        for writer in self.writers.get(name, ()):
            if self.number[id(writer)] < end and self.block_of[id(writer)].within(block):
                top = self.top_level(writer, block)
                tops[id(top)] = top
        return any(self._binds(name, top, end) for top in tops.values())

    def _binds(self, name: str, stmt: Node, end: int) -> bool:
        """Whether a statement that may give a name a value does so on each path that goes on."""
        if not isinstance(stmt, gast.If):
            return not isinstance(stmt, (gast.For, gast.While))  # which may make no trip
        sides = [each for each in (stmt.body, stmt.orelse) if not _leaves(each)]
        return all(self._is_bound_in(name, self.blocks[id(each)], end) for each in sides)

    def written_between(self, name: str, first: Node, last: Node) -> bool:
        """Whether a name is written after one statement and before another."""
        start, end = self.number[id(first)], self.number[id(last)]
        return any(start < self.number[id(stmt)] < end for stmt in self.writers.get(name, ()))

    def common(self, blocks: list[Block]) -> Block:
        """The innermost block that holds all the given ones."""
        for candidate in blocks[0].ancestry():
            if all(block.within(candidate) for block in blocks):
                return candidate
        raise AssertionError("blocks of one function have a common one")

    def top_level(self, stmt: Node, block: Block) -> Node:
        """The statement of a block that is, or holds, a given statement."""
        while self.block_of[id(stmt)] is not block:
            stmt = self.block_of[id(stmt)].owner
        return stmt


Names = Callable[[Node], AbstractSet[str]]


def places_of(body: list[Node], writes: Names = written_by) -> Places:
    """Number all statements of a body; ``writes`` gives what a statement writes."""
    places = Places()
    places.root = Block(body, None, None, ())
    _enter(places, places.root, writes)
    return places


def _enter(places: Places, block: Block, writes: Names) -> None:
    places.blocks[id(block.body)] = block
    for stmt in block.body:
        places.block_of[id(stmt)] = block
        places.number[id(stmt)] = len(places.number) + 1
        places.stmt[id(stmt)] = stmt
        for name in writes(stmt):
            places.writers.setdefault(name, []).append(stmt)
        loops = block.loops
        if isinstance(stmt, (gast.For, gast.While)):
            loops = (*loops, stmt)
        for nested in blocks_of(stmt):
            _enter(places, Block(nested, block, stmt, loops), writes)
        places.last[id(stmt)] = len(places.number)


def _leaves(body: list[Node]) -> bool:
    """Whether a block ends in a jump: what comes after it is reached on other paths."""
    return bool(body) and isinstance(body[-1], (gast.Break, gast.Raise))


def exposed_reads(
    body: list[Node], reads: Mapping[int, AbstractSet[str]], binds: Names = written_by
) -> dict[int, set[str]]:
    """For each loop, the names that a trip may read before it writes them.

    ``reads`` gives the names that each statement reads, ``binds`` those that it certainly writes.
    """
    found: dict[int, set[str]] = {}
    found[id(body)] = _exposed(body, reads, binds, found)[0]
    return found


def _exposed(
    body: list[Node],
    reads: Mapping[int, AbstractSet[str]],
    binds: Names,
    found: dict[int, set[str]],
) -> tuple[set[str], set[str]]:
    """The names read before being written, and those certainly written."""
    exposed: set[str] = set()
    written: set[str] = set()
    for stmt in body:
        exposed |= reads.get(id(stmt), set()) - written
        if isinstance(stmt, gast.If):
            (e1, w1), (e2, w2) = (
                _exposed(each, reads, binds, found) for each in (stmt.body, stmt.orelse)
            )
            exposed |= (e1 | e2) - written
            if _leaves(stmt.body):
                written |= w2
            elif _leaves(stmt.orelse):
                written |= w1
            else:
                written |= w1 & w2
        elif isinstance(stmt, (gast.For, gast.While)):
            inner, _ = _exposed(stmt.body, reads, binds, found)
            if isinstance(stmt, gast.For):
                inner.discard(stmt.target.id)
            found[id(stmt)] = inner
            exposed |= inner - written
        elif isinstance(stmt, gast.Assign):
            written |= binds(stmt)
    return exposed, written
