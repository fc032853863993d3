"""The last names: temporaries numbered in the order in which they are read.

(The names of the notes are given by :mod:`srcad.simplify.number`.)
"""

from __future__ import annotations

import gast

from srcad.listing import Listing
from srcad.names import Names
from srcad.tree import (
    Node,
    copy_node,
    facts_of,
    kinds_in,
    name_occurrences,
    own_parts,
    statements_in,
    with_names,
    with_parts,
)


def renumbered(
    body: list[Node], parameters: list[str], listing: Listing
) -> tuple[list[Node], list[str]]:
    """The body and the parameters under their last names."""
    names = listing.names
    base = names.unmarked()
    order: dict[str, None] = {}
    # A parameter that nothing reads is numbered too, after the others: no name is given twice.
    found = [*occurrences(body), *parameters]
    present = {each for name in found for each in (name, base.get(name, name))}
    twins = {new: old for new, old in names.twins.items() if old in present}
    # The tapes, which are made first, are not counted.
    for identifier in dict.fromkeys([*(n for n in found if n not in names.tapes), *found]):
        plain = base.get(identifier, identifier)
        plain = names.tapes.get(plain, plain)
        plain = twins.get(plain, plain)
        if plain in names.temporaries:
            order[plain] = None
    tapes = {tape for tape, plain in names.tapes.items() if plain in names.temporaries}
    taken = names.taken - names.temporaries - tapes
    own = {marked for marked, plain in base.items() if plain in names.temporaries}
    fresh = Names(taken - own, ascii=names.ascii)
    fresh_names = {old: fresh.temporary() for old in order}
    mapping = fresh_names | {new: fresh_names[old] for new, old in twins.items()}
    for tape, plain in names.tapes.items():
        if plain in names.temporaries and twins.get(plain, plain) in fresh_names:
            mapping[tape] = fresh.fresh(f"{fresh_names[twins.get(plain, plain)]}_tape")
    for marked, plain in base.items():
        if plain in fresh_names:
            mark = fresh.dot if marked in names.tangents else fresh.bar
            mapping[marked] = mark(fresh_names[plain])
    return renamed(body, mapping), [mapping.get(each, each) for each in parameters]


def occurrences(body: list[Node]) -> list[str]:
    """Every occurrence of a name in a body, in order."""
    found: list[str] = []
    for stmt in statements_in(body):
        for part in own_parts(stmt):
            found += name_occurrences(part)
    return found


def renamed(body: list[Node], mapping: dict[str, str]) -> list[Node]:
    """Statements with variables renamed."""
    other = {old: new for old, new in mapping.items() if old != new}

    return [_renamed(stmt, other) for stmt in body]


def _renamed(old: Node, other: dict[str, str]) -> Node:
    if isinstance(old, gast.stmt):
        return with_parts(old, lambda part: _renamed(part, other))
    names = name_occurrences(old)
    if other.keys().isdisjoint(names):
        return old

    def exchanged(name: Node) -> Node:
        return copy_node(name, id=other[name.id]) if name.id in other else name

    new = with_names(old, exchanged)
    # What is known of the old part is known of the new one.
    facts = facts_of(new)
    facts.names, facts.kinds = tuple([other.get(n, n) for n in names]), kinds_in(old)
    return new
