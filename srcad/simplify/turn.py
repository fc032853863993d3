"""Where the sweeps turn: what only the last statement's adjoint reads goes to the second sweep.

Nothing lies between them; its lines are then put together with those that read them.

>>> import gast
>>> from srcad.emit import emit
>>> from srcad.listing import with_origin
>>> from srcad.names import Names
>>> names = Names({"x"})
>>> names.temporaries |= {"w1"}
>>> origin = gast.parse("return x * x * x").body[0]
>>> before = gast.parse("x = 2 * a").body
>>> before += [with_origin(gast.parse("w1 = x * x").body[0], origin)]
>>> lines = gast.parse("x_bar = w1 + 2 * x * x\\nreturn x_bar").body
>>> before, after = turned(before, [with_origin(lines[0], origin), lines[1]], names)
>>> print(emit(before + after), end="")
x = 2 * a
w1 = x * x
x_bar = w1 + 2 * x * x
return x_bar
>>> len(before)
1
"""

from __future__ import annotations

from collections import Counter

from srcad.listing import origin_of
from srcad.names import Names
from srcad.simplify.flow import has_effect, reads_of
from srcad.tree import Node, assigned, statements_in


def turned(before: list[Node], after: list[Node], names: Names) -> tuple[list[Node], list[Node]]:
    """Both sweeps, with what ends the first one at the start of the second."""
    origin = origin_of(before[-1]) if before else None
    first = next((n for n, stmt in enumerate(after) if origin_of(stmt) is not origin), len(after))
    if origin is None or not first:
        return before, after
    reads = Counter(n for stmt in statements_in([*before, *after]) for n in reads_of(stmt))
    inside = Counter(name for stmt in after[:first] for name in reads_of(stmt))
    place = len(before)
    while place and origin_of(before[place - 1]) is origin:
        stmt = before[place - 1]
        name = assigned(stmt)
        own = name in names.temporaries and name not in names.derivatives
        if not own or reads[name] != inside[name] or has_effect(stmt.value):
            break
        inside.update(reads_of(stmt))
        place -= 1
    if not place:  # of a function of one line both sweeps are shown
        return before, after
    return before[:place], [*before[place:], *after]
