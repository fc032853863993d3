"""The last names: temporaries numbered in the order in which they are read.

(The names of the notes are given by :mod:`srcad.simplify.number`.)
"""

from __future__ import annotations

import gast

from srcad.listing import Listing
from srcad.names import Names
from srcad.tree import Node, copy_node, is_name, name_occurrences, rewrite, statements_in


def renumbered(
    body: list[Node], parameters: list[str], listing: Listing
) -> tuple[list[Node], list[str]]:
    """The body and the parameters under their last names."""
    names = listing.names
    base = names.unmarked()
    order: list[str] = []
    found = occurrences(body)
    present = set(found)
    twins = {new: old for new, old in names.twins.items() if old in present}
    # The tapes, which are made first, are not counted.
    for identifier in [*(n for n in found if n not in names.tapes), *found]:
        plain = base.get(identifier, identifier)
        plain = names.tapes.get(plain, plain)
        plain = twins.get(plain, plain)
        if plain in names.temporaries and plain not in order:
            order.append(plain)
    taken = {n for n in names.taken if n not in names.temporaries}
    own = {marked for marked, plain in base.items() if plain in names.temporaries}
    fresh = Names(taken - own, ascii=names.ascii)
    fresh_names = {old: fresh.temporary() for old in order}
    mapping = fresh_names | {new: fresh_names[old] for new, old in twins.items()}
    for tape, plain in names.tapes.items():
        if plain in names.temporaries and twins.get(plain, plain) in fresh_names:
            mapping[tape] = fresh.fresh(f"{fresh_names[twins.get(plain, plain)]}_tape")
    for marked, plain in base.items():
        if plain in fresh_names:
            mark = fresh.dot if marked in names.dots() else fresh.bar
            mapping[marked] = mark(fresh_names[plain])
    return renamed(body, mapping), [mapping.get(each, each) for each in parameters]


def occurrences(body: list[Node]) -> list[str]:
    """Every occurrence of a name in a body, in order."""
    found: list[str] = []
    for stmt in statements_in(body):
        parts = [
            getattr(stmt, field, None)
            for field in ("target", "targets", "value", "test", "iter", "exc", "msg")
        ]
        for part in parts:
            for each in part if isinstance(part, list) else [part]:
                if isinstance(each, gast.AST):
                    found += name_occurrences(each)
    return found


def renamed(body: list[Node], mapping: dict[str, str]) -> list[Node]:
    """Statements with variables renamed."""

    def replace(node: Node) -> Node | None:
        if is_name(node) and node.id in mapping:
            return copy_node(node, id=mapping[node.id])
        return None

    return [rewrite(stmt, replace) for stmt in body]
