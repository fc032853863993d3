"""Arguments of a call that may be one array, or parts of one, which the called function writes.

What a function writes into one of its arguments it then reads through another: its listing is made
for that pattern, with the memory of such parameters in one region.

>>> import gast
>>> from srcad.analysis.kind import Array
>>> from srcad.analysis.memory import Memory
>>> body = gast.parse("v = u[1:]\\na = u[0]\\nb = u[1]\\nv[0] = 1.0").body
>>> for node in (n for stmt in body for n in gast.walk(stmt) if isinstance(n, gast.Name)):
...     node.kind = Array(("y:0", "y:1"), "f8")
>>> for stmt in body[:3]:
...     stmt.value.kind = Array(("?",), "f8")
>>> memory, operands = Memory(body), [gast.parse(name).body[0].value for name in "uvxab"]
>>> overlapping(operands, {"v"}, memory, Parts(body))
((0, 1, 3, 4),)
>>> overlapping(operands[3:], {"a"}, memory, Parts(body))  # two rows
()
"""

from __future__ import annotations

import gast

from srcad.analysis.memory import Memory, base_of
from srcad.tree import Node, blocks_of, is_number, names_in, number_of, target_names

# Groups of parameters that may share memory, by their places among the listing's parameters.
Overlap = tuple[tuple[int, ...], ...]


class Parts:
    """The variables of a body that are rows, or elements, of another one for good."""

    def __init__(self, body: list[Node]) -> None:
        # Where each variable is bound: in which block, at which place, by which statement.
        self._bound: dict[str, list[tuple[int, int, Node]]] = {}
        # The variables that are swapped with one another: each may be what another one was.
        self.swapped: list[set[str]] = []
        self._look(body)

    def _look(self, block: list[Node]) -> None:
        for place, stmt in enumerate(block):
            if getattr(stmt, "permutes", False):
                self.swapped.append(set(target_names(stmt.targets[0])))
            for target in stmt.targets if isinstance(stmt, gast.Assign) else ():
                for name in target_names(target) if not isinstance(target, gast.Subscript) else ():
                    self._bound.setdefault(name, []).append((id(block), place, stmt))
            for nested in blocks_of(stmt):
                self._look(nested)

    def are_apart(self, one: str, other: str) -> bool:
        """Whether two variables are sure to be different rows of what has one name all the time."""
        found = [self._bound.get(name, []) for name in (one, other)]
        if [len(each) for each in found] != [1, 1]:
            return False
        (first, _, one_is), (second, _, other_is) = (each[0] for each in found)
        parts = [one_is.value, other_is.value]
        if not all(isinstance(p, gast.Subscript) and is_number(p.slice) for p in parts):
            return False
        bases, rows = {base_of(part) for part in parts}, [number_of(part.slice) for part in parts]
        if len(bases) != 1 or rows[0] == rows[1] or min(rows) < 0:
            return False
        return first == second and all(self._is_kept(base) for base in bases)

    def _is_kept(self, name: str) -> bool:
        return len(self._bound.get(name, [])) <= 1


def overlapping(operands: list[Node], changed: set[str], memory: Memory, parts: Parts) -> Overlap:
    """The groups of operands that may be parts of one array, which the call changes."""
    same: dict[str, str] = {}

    def region(name: str) -> str:
        found = memory.region(name)
        return same.get(found, found)

    for swapped in parts.swapped if changed else ():
        met = set(map(region, swapped))
        merged = {each for each, into in same.items() if into in met} | met
        same.update(dict.fromkeys(merged, min(met)))
    regions: dict[str, list[tuple[int, str]]] = {region(name): [] for name in changed}
    for place, node in enumerate(operands) if changed else ():
        for name in names_in(node):
            if region(name) in regions:
                regions[region(name)].append((place, name))
    return tuple(
        tuple(sorted({place for place, _ in members}))
        for members in regions.values()
        if not _all_apart([name for _, name in members], parts)
    )


def _all_apart(names: list[str], parts: Parts) -> bool:
    return all(
        parts.are_apart(one, other) for n, one in enumerate(names) for other in names[n + 1 :]
    )
