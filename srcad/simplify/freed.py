"""``del w, v``: in a function that makes many arrays, those that nothing reads again are let go.

Their memory serves the arrays that are made next: less of it is needed, and it need not be fetched.
A line of ``del`` stands where the lines of one of the user's statements end.  A loop has none: each
trip takes the memory of the one before.

>>> import gast
>>> from srcad.emit import emit
>>> from srcad.tree import Comment
>>> lines = ["w = x * x", "v = w[1:]", "y = np.exp(v)", "z = y * y + x", "return z"]
>>> body = [line for text in lines for line in (Comment(text), *gast.parse(text).body)]
>>> print(emit(freed(body, {"x"}, {"x", "v"}, many=1)), end="")
# w = x * x
w = x * x
# v = w[1:]
v = w[1:]
# y = np.exp(v)
y = np.exp(v)
del w, v
# z = y * y + x
z = y * y + x
# return z
return z
"""

from __future__ import annotations

from collections.abc import Collection

import gast

from srcad.listing import origin_of
from srcad.simplify.aliases import Aliases, leaves_of
from srcad.simplify.ownership import is_fresh
from srcad.tree import (
    Comment,
    Node,
    calls_in,
    is_name,
    name_occurrences,
    names_in,
    own_parts,
    statements_in,
    target_names,
)

# A function that makes fewer arrays on its way is clear as it is.
MANY = 10
# What calls make numbers of arrays, or arrays that are small beside them.
REDUCTIONS = ("sum", "mean", "max", "min", "dot", "vdot", "len", "shape")


def freed(
    body: list[Node], parameters: Collection[str], arrays: Collection[str], many: int = MANY
) -> list[Node]:
    """The body with arrays deleted after their last use.

    ``parameters`` are the caller's; ``arrays`` the names that are known to be arrays'.
    """
    made = _made(body, set(arrays))
    fresh = {name for name in made if made[name][1]}
    if len(fresh) <= many:
        return body
    last = {name: place for place, stmt in enumerate(body) for name in _names(stmt)}
    aliases = Aliases(body)
    ends: dict[int, list[str]] = {}
    for group in {frozenset(aliases.of(name)) for name in fresh}:
        # What is bound in a branch or a loop may not be bound at all.
        if group <= made.keys() and group.isdisjoint(parameters):
            ends.setdefault(max(last[name] for name in group), []).extend(group)
    ends = {n: names for n, names in ends.items() if not isinstance(body[n], gast.Return)}
    making = max(place for place, _ in made.values())
    out: list[Node] = []
    dead: list[str] = []
    for place, stmt in enumerate(body):
        if dead and place <= making and _starts(stmt, body[place - 1]):
            dead.sort(key=lambda name: (made[name][0], name))
            out.append(gast.Delete([gast.Name(n, gast.Del(), None, None) for n in dead]))
            dead = []
        out.append(stmt)
        dead += ends.get(place, [])
    return out


def _made(body: list[Node], arrays: set[str]) -> dict[str, tuple[int, bool]]:
    """The arrays that a body itself binds: where first, and whether one of them is made anew."""
    found: dict[str, tuple[int, bool]] = {}
    for place, stmt in enumerate(body):
        if not isinstance(stmt, gast.Assign):
            continue
        for leaf in (leaf for target in stmt.targets for leaf in leaves_of(target)):
            if leaf.id in arrays or _is_array(stmt, arrays):
                arrays.add(leaf.id)
                first, fresh = found.get(leaf.id, (place, False))
                found[leaf.id] = first, fresh or is_fresh(stmt.value)
    return found


def _is_array(stmt: Node, arrays: set[str]) -> bool:
    """Whether an assignment of unknown kind binds an array: an expression of arrays."""
    value = stmt.value
    if not is_name(stmt.targets[0]) or arrays.isdisjoint(names_in(value)):
        return False
    called = {getattr(c.func, "attr", getattr(c.func, "id", "")) for c in calls_in(value)}
    elementwise = isinstance(value, (gast.BinOp, gast.UnaryOp, gast.Name)) or "where" in called
    return elementwise and called.isdisjoint(REDUCTIONS)


def _names(stmt: Node) -> set[str]:
    """The names in a statement, and in those inside it."""
    return {
        name
        for each in statements_in([stmt])
        for part in own_parts(each)
        for name in (*name_occurrences(part), *target_names(part))
    }


def _starts(stmt: Node, before: Node) -> bool:
    """Whether a statement is the first of those that come from one of the user's."""
    if isinstance(before, Comment):
        return False
    return isinstance(stmt, Comment) or origin_of(stmt) is not origin_of(before)
