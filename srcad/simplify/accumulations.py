"""The additions to one adjoint within a group, written as one.

A new value of an adjoint is moved down to where it is read first, an addition down to the next
one to the same adjoint; each stops before the line that would give it another value.
"""

from __future__ import annotations

from collections import Counter

import gast

from srcad.analysis.kind import Scalar
from srcad.listing import origin_of, with_origin
from srcad.names import Names
from srcad.simplify.aliases import Aliases
from srcad.simplify.flow import has_effect, read_by
from srcad.simplify.lines import width
from srcad.simplify.order import in_place_of, place_of
from srcad.simplify.ownership import is_fresh
from srcad.tree import Node, assign, assigned, binary, copy_node, is_name, names_in

NOWHERE = 1 << 60  # a place behind every line


def sunk(items: list[Node], names: Names, aliases: Aliases) -> list[Node]:
    """New values of adjoints moved behind the lines that read the old ones."""
    items = list(items)
    for position in range(len(items) - 2, -1, -1):
        stmt = items[position]
        target = assigned(stmt)
        if target not in names.derivatives or target in names.temporaries:
            continue
        if not isinstance(stmt, gast.Assign) or has_effect(stmt.value):
            continue
        sources = read_by(stmt)
        place = position
        while place + 1 < len(items):
            after = items[place + 1]
            written = aliases.written(after)
            if target in written or target in read_by(after) or not sources.isdisjoint(written):
                break
            if isinstance(after, gast.Return):
                break
            place += 1
        items.insert(place, items.pop(position))
    return items


def merged(
    items: list[Node], names: Names, aliases: Aliases, writes: Counter[str], limit: int | None
) -> list[Node]:
    """Accumulations into one adjoint moved together, down to the last of them.

    A line that would be wider than the ``limit`` is not made.  How often each variable is written
    is counted on in ``writes``.
    """
    every = [name for name in map(assigned, items) if name]
    if len(set(every)) == len(every):
        return items
    targets = [_accumulated(stmt) for stmt in items]
    found: list[Node | None] = list(items)
    # Behind each accumulation: the next line that has to do with its target, the next one that
    # changes what it reads, and the next one that reads what it changes in place.
    following, blocked, read = ([NOWHERE] * len(items) for _ in range(3))
    next_of: dict[str, int] = {}
    next_reader: dict[str, int] = {}
    next_writer: dict[str, int] = {}
    for place in range(len(items) - 1, -1, -1):
        stmt, target = items[place], targets[place]
        if target is not None and target in names.derivatives and not _is_view(stmt):
            following[place] = next_of.get(target, NOWHERE)
            sources = (next_writer.get(name, NOWHERE) for name in read_by(stmt) - {target})
            blocked[place] = min(sources, default=NOWHERE)
            others = (next_reader.get(name, NOWHERE) for name in aliases.changed(stmt))
            read[place] = min(others, default=NOWHERE)
        next_reader.update(dict.fromkeys(read_by(stmt), place))
        next_writer.update(dict.fromkeys(aliases.written(stmt), place))
        next_of.update(dict.fromkeys(read_by(stmt) | aliases.written(stmt), place))
    for place, next_one in enumerate(following):
        first, target = found[place], targets[place]
        if next_one == NOWHERE or min(blocked[place], read[place]) < next_one:
            continue
        second = found[next_one]
        if not _adds(second, target):
            continue
        joined = _joined(first, second)
        if limit is None or width(joined.value) <= limit:
            joined.place = min(place_of(first), place_of(second))
            found[next_one] = with_origin(joined, origin_of(first))
            found[place] = None
            writes[assigned(first)] -= 1
            blocked[next_one] = min(blocked[next_one], blocked[place])
            if not isinstance(joined, gast.AugAssign):
                read[next_one] = NOWHERE
    return [stmt for stmt in found if stmt is not None]


def _accumulated(stmt: Node) -> str | None:
    """The adjoint that a statement starts or adds to."""
    target = assigned(stmt)
    if not target or has_effect(stmt.value):
        return None
    adds = not isinstance(stmt, gast.AugAssign) or isinstance(stmt.op, gast.Add)
    return target if adds else None


def _is_view(stmt: Node) -> bool:
    """Whether a statement gives an array another name: what is added to it is added to both."""
    if not isinstance(stmt, gast.Assign) or is_fresh(stmt.value):
        return False
    return not isinstance(getattr(stmt.targets[0], "kind", None), Scalar)


def _adds(stmt: Node, target: str | None) -> bool:
    """Whether a statement is an addition to an adjoint, of nothing that reads it."""
    if isinstance(stmt, gast.AugAssign):
        return (
            assigned(stmt) == target
            and isinstance(stmt.op, gast.Add)
            and target not in names_in(stmt.value)
            and not has_effect(stmt.value)
        )
    return _self_sum(stmt, target)


def _self_sum(stmt: Node, target: str | None) -> bool:
    """``x̄ = x̄ + e``: an accumulation that must not be done in place."""
    return (
        isinstance(stmt, gast.Assign)
        and assigned(stmt) == target
        and isinstance(stmt.value, gast.BinOp)
        and isinstance(stmt.value.op, gast.Add)
        and is_name(stmt.value.left)
        and stmt.value.left.id == target
        and target not in names_in(stmt.value.right)
    )


def _joined(first: Node, second: Node) -> Node:
    """Two accumulations as one; what the first one does decides its form."""
    addition = second.value if isinstance(second, gast.AugAssign) else second.value.right
    value = binary(first.value, gast.Add(), addition)
    if isinstance(first, gast.AugAssign) and not isinstance(second, gast.AugAssign):
        target = first.target.id
        whole = binary(second.value.left, gast.Add(), value)
        return in_place_of(first, assign(target, whole))
    return copy_node(first, value=value)
