"""Lists that are made in branches or loops, or more than once.

The adjoint of a list is as long as the list.  Where the reverse sweep comes to the place that made
a list, the adjoint of the one that had the name before begins, and its length is needed.

>>> import gast
>>> from srcad.analysis.kind import FLOAT, ListOf
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> body = gast.parse("for i in range(n):\\n    a = [x]\\n    a.append(x)").body
>>> body[0].body[0].targets[0].kind = ListOf(FLOAT)
>>> print(emit(with_lengths_before(body, Names({"a"}), set())), end="")
a = []
for i in range(n):
    w1 = len(a)
    a = [x]
    a.append(x)
"""

from __future__ import annotations

from collections.abc import Collection

import gast

from srcad.analysis.kind import ListOf, is_continuous
from srcad.listing import origin_of, with_origin
from srcad.names import Names
from srcad.tree import (
    Node,
    assign,
    blocks_of,
    call,
    copy_node,
    is_name,
    load,
    popped_list,
    statements_in,
)


def with_lengths_before(body: list[Node], names: Names, given: Collection[str]) -> list[Node]:
    """The body with the length of the older list before each such place.

    The lists that are ``given`` are the caller's.
    """
    makers: dict[str, list[Node]] = {}
    for stmt in statements_in(body):
        if _makes_list(stmt):
            makers.setdefault(stmt.targets[0].id, []).append(stmt)
    top = set(map(id, body))
    again = {
        name
        for name, stmts in makers.items()
        if name not in given and (len(stmts) > 1 or id(stmts[0]) not in top)
    }
    if not again:
        return body
    first = [with_origin(assign(name, gast.List([], gast.Load())), None) for name in sorted(again)]
    return [*first, *_block(body, names, again)]


def _makes_list(stmt: Node) -> bool:
    if not isinstance(stmt, gast.Assign) or not is_name(stmt.targets[0]):
        return False
    kind = getattr(stmt.targets[0], "kind", None)
    if not isinstance(kind, ListOf) or not is_continuous(kind) or popped_list(stmt.value):
        return False
    # What a call gives, or another name means, is made elsewhere.
    method = getattr(getattr(stmt.value, "func", None), "attr", "")
    return isinstance(stmt.value, (gast.List, gast.BinOp)) or method == "tolist"


def _block(body: list[Node], names: Names, again: set[str]) -> list[Node]:
    out: list[Node] = []
    for stmt in body:
        if list(blocks_of(stmt)):
            blocks = {f: _block(getattr(stmt, f), names, again) for f in ("body", "orelse")}
            stmt = copy_node(stmt, **blocks)
        elif _makes_list(stmt) and stmt.targets[0].id in again:
            length = names.temporary()
            counted = assign(length, call("len", load(stmt.targets[0].id)))
            out.append(with_origin(gast.copy_location(counted, stmt), origin_of(stmt)))
            stmt = copy_node(stmt)
            stmt.length_before = length
        out.append(stmt)
    return out
