"""Tapes: where the values are saved that the reverse sweep reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import gast

from srcad.analysis.kind import COMPLEX, FLOAT, INT, Kind
from srcad.analysis.memory import element_of_array, is_content
from srcad.analysis.needed import Saves
from srcad.analysis.places import Places
from srcad.names import Names
from srcad.reverse.stacks import stack_for
from srcad.tree import Node, is_number, number_of


@dataclass
class Tape:
    """Where the values of one name are saved: a list, read by index or popped."""

    name: str
    index: str = ""
    length: Node | None = None
    zero: object = 0.0
    loop: Node | None = None


def at_site(stmt: Node, name: str, overwriting: Node) -> Node:
    """A save, or what puts the saved value back, marked with the statement that overwrites it.

    Both run as often as that statement does: without either of them, nobody misses the other.
    """
    stmt.site = id(overwriting), name
    return stmt


ZEROS: dict[Kind, complex] = {COMPLEX: 0j, FLOAT: 0.0, INT: 0}
"""What lists of saved numbers start from."""


class Tapes:
    """What chooses the tapes of one body; ``stacks`` names those that all calls share."""

    def __init__(
        self,
        names: Names,
        places: Places,
        stacks: dict[str, str],
        kind: Callable[[str], Kind],
        is_steady: Callable[[Node], bool],
    ) -> None:
        self.names = names
        self.places = places
        self.stacks = stacks
        self.kind = kind
        self.is_steady = is_steady

    def of(self, saves: Saves) -> dict[str, Tape]:
        """A list for each saved name; read by index where one save a trip is sure."""
        tapes: dict[str, Tape] = {}
        sites: dict[str, list[tuple[Node, bool]]] = {}
        for number, names in [*saves.before.items(), *saves.after.items()]:
            stmt = self.places.stmt[number]
            for name in names:
                after = name in saves.after.get(number, [])
                sites.setdefault(name, []).append((stmt, after))
        for name, found in sites.items():
            tape = Tape(self.stacks[stack_for(self.kind(name))]) if self.stacks else None
            if tape is None and not any(self.places.loops(stmt) for stmt, _ in found):
                continue
            if tape is None:
                tape = Tape(self.names.fresh(f"{self._spoken(name, found)}_tape"))
                self.names.tapes[tape.name] = name.removesuffix("[]")
                self._make_indexed(tape, name, found)
            tapes[name] = tape
        return tapes

    def _spoken(self, name: str, sites: list[tuple[Node, bool]]) -> str:
        """The user's name of what is saved: of contents, that of the array that is written."""
        elements = [element_of_array(stmt) for stmt, _ in sites] if is_content(name) else []
        written = {each.value.id if each is not None else "" for each in elements}
        name = written.pop() if len(written) == 1 and "" not in written else name
        name = name.removesuffix("[]")
        while name in self.names.versions:
            name = self.names.versions[name]
        return name

    def _make_indexed(self, tape: Tape, name: str, sites: list[tuple[Node, bool]]) -> None:
        if len(sites) != 1:
            return
        stmt, _ = sites[0]
        loops = self.places.loops(stmt)
        if len(loops) != 1 or not isinstance(loops[0], gast.For):
            return
        (loop,) = loops
        bounds = loop.iter.args
        if len(bounds) == 2 and is_number(bounds[0]) and number_of(bounds[0]) == 0:
            bounds = bounds[1:]
        if len(bounds) != 1 or getattr(loop, "stop", None) or self.kind(name) not in ZEROS:
            return
        if self.places.block_of[id(stmt)].body is not loop.body:
            return
        root = self.places.block_of[id(loop)] is self.places.root
        if not root and not self.is_steady(bounds[0]):
            return  # the list must be there on every path
        tape.index, tape.length, tape.loop = loop.target.id, bounds[0], loop
        tape.zero = ZEROS[self.kind(name)]
