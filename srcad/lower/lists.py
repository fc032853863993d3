"""One name for a list: what was in a tuple of results or of parameters is the list itself.

>>> import gast
>>> from types import SimpleNamespace
>>> from srcad.emit import emit
>>> body = gast.parse('''
... if n > 0:
...     tape.append(x)
...     r = tape
... else:
...     r = tape
... u = r
... ''').body
>>> listing = SimpleNamespace(body=body, structure=("x", "u"))
>>> one_name_for_lists(listing, {"tape"})
>>> print(emit(listing.body), end="")
if n > 0:
    tape.append(x)
>>> listing.structure
('x', 'tape')
"""

from __future__ import annotations

from typing import Any

import gast

from srcad.analysis.kind import ListOf
from srcad.listing import Listing
from srcad.tree import Node, copy_node, is_name, rewrite, statements_in, target_names


def one_name_for_lists(listing: Listing, parameters: set[str]) -> None:
    """Exchange every second name of a list; ``parameters`` are lists that are handed in."""
    names = _second_names(listing.body, parameters)
    if not names:
        return

    def replace(node: Node) -> Node | None:
        return copy_node(node, id=names[node.id]) if is_name(node, *names) else None

    def exchange(structure: Any) -> Any:
        if isinstance(structure, str):
            return names.get(structure, structure)
        return tuple(exchange(each) for each in structure)

    listing.body = [rewrite(stmt, replace) for stmt in _without(listing.body, names)]
    if listing.structure is not None:
        listing.structure = exchange(listing.structure)


def _second_names(body: list[Node], parameters: set[str]) -> dict[str, str]:
    """Each variable that is one and the same other list on every path, and that list."""
    writers: dict[str, list[Node]] = {}
    for stmt in statements_in(body):
        for name in _written(stmt):
            writers.setdefault(name, []).append(stmt)
    found: dict[str, str] = {}

    def first_name(name: str) -> str:
        while name in found:
            name = found[name]
        return name

    def source(stmt: Node) -> str:
        """The list that a statement gives a second name; "" for any other statement."""
        value = stmt.value
        if not is_name(value) or not is_name(stmt.targets[0]):
            return ""
        is_list = isinstance(getattr(value, "kind", None), ListOf)
        return first_name(value.id) if is_list or value.id in {*parameters, *found} else ""

    before = -1
    while len(found) > before:  # a branch may copy what only a later one names
        before = len(found)
        for name in sorted(writers.keys() - found.keys() - parameters):
            sources = {source(stmt) for stmt in writers[name]}
            first = sources.pop() if len(sources) == 1 else ""
            # That name, too, must mean one list always.
            if first and len(writers.get(first, [])) + (first in parameters) == 1:
                found[name] = first
    return {name: first_name(name) for name in found}


def _without(body: list[Node], names: dict[str, str]) -> list[Node]:
    """The body without the statements that give lists their second names."""
    kept = []
    for stmt in body:
        if not names.keys().isdisjoint(_written(stmt)):
            continue
        if isinstance(stmt, (gast.If, gast.For, gast.While)):
            stmt = copy_node(
                stmt, body=_without(stmt.body, names), orelse=_without(stmt.orelse, names)
            )
        kept.append(stmt)
    return kept


def _written(stmt: Node) -> list[str]:
    if isinstance(stmt, gast.Assign):
        return [name for target in stmt.targets for name in target_names(target)]
    return []
