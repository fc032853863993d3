"""The names of lecture notes: every value a ``w`` with a number, inputs first.

The user's variables come in the order of their statements, further temporaries after them; counts
and indices keep their names.
"""

from __future__ import annotations

import gast

from srcad.analysis.kind import NOTHING, is_continuous
from srcad.listing import Listing
from srcad.names import Names
from srcad.simplify.rename import occurrences, renamed
from srcad.tree import Comment, Node, assign, load, statements_in, store, target_names


def numbered(
    body: list[Node], parameters: list[str], listing: Listing, inputs: list[str]
) -> tuple[list[Node], list[str]]:
    """The body and the parameters under the names of the notes."""
    names = listing.names
    base = names.unmarked()
    order = list(inputs)
    for stmt in statements_in(body):
        for target in stmt.targets if isinstance(stmt, gast.Assign) else ():
            order += [n for n in target_names(target) if _is_variable(n, listing)]
    order += [
        plain
        for plain in (base.get(each, each) for each in occurrences(body))
        if plain in names.temporaries
    ]
    order = list(dict.fromkeys(order))
    numbered_ones = set(order)
    marks = {marked for marked, plain in base.items() if plain in numbered_ones}
    fresh = Names(names.taken - set(order) - marks - names.temporaries, ascii=names.ascii)
    mapping = {old: fresh.temporary() for old in order}
    for marked, plain in base.items():
        if plain in mapping:
            mark = fresh.dot if marked in names.tangents else fresh.bar
            mapping[marked] = mark(mapping[plain])
    kept = [p for p in parameters if p in inputs]
    tangents = [p for p in parameters if p in names.tangents]
    head = [_parallel([mapping[p] for p in group], group) for group in (kept, tangents) if group]
    new = renamed(body, mapping)
    first = 1 if new and isinstance(new[0], Comment) and new[0].text == "forward sweep" else 0
    if not first and any(isinstance(each, Comment) for each in new[:1]) and not tangents:
        head = [Comment("forward sweep"), *head, Comment("reverse sweep")]
    given = {*kept, *tangents}
    own = [p if p in given else mapping.get(p, p) for p in parameters]
    return [*new[:first], *head, *new[first:]], own


def _is_variable(name: str, listing: Listing) -> bool:
    """Whether a name is a variable of the user's that holds a floating-point value."""
    names = listing.names
    if name in names.temporaries or name in names.derivatives:
        return False
    return is_continuous(listing.kinds.get(name, NOTHING)) and name in listing.kinds


def _parallel(targets: list[str], values: list[str]) -> Node:
    """``w1, w2 = x, a``."""
    if len(targets) == 1:
        return assign(targets[0], load(values[0]))
    target = gast.Tuple([store(each) for each in targets], gast.Store())
    return assign(target, gast.Tuple([load(each) for each in values], gast.Load()))
