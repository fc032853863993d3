"""Constants and copies followed through a function: the seed ``w̄ = 1.0``, above all.

>>> import gast
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> names = Names()
>>> names.derivatives |= {"s", "w"}
>>> body = gast.parse("w = 1.0\\ns = w\\nfor i in range(n):\\n    y += s").body
>>> print(emit(propagate(body, names)), end="")
w = 1.0
s = 1.0
for i in range(n):
    y += 1.0
"""

from __future__ import annotations

from collections import Counter

import gast

from srcad.names import Names
from srcad.simplify.flow import written_by
from srcad.tree import Node, copy_node, is_name, is_number, statements_in, substitute


def propagate(body: list[Node], names: Names) -> list[Node]:
    """The body with derivatives that are constant for good exchanged for their values."""
    writes: Counter[str] = Counter()
    for stmt in statements_in(body):
        writes.update(written_by(stmt))
    known: dict[str, Node] = {}
    for stmt in body:
        if isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]):
            name = stmt.targets[0].id
            value = substitute(stmt.value, known)
            if name in names.derivatives and writes[name] == 1 and is_number(value):
                known[name] = value
    return _block(body, known) if known else body


def _block(body: list[Node], known: dict[str, Node]) -> list[Node]:
    return [_statement(stmt, known) for stmt in body]


def _statement(stmt: Node, known: dict[str, Node]) -> Node:
    changes: dict[str, object] = {}
    for field in ("value", "test", "iter"):
        part = getattr(stmt, field, None)
        if isinstance(part, gast.AST) and not isinstance(stmt, gast.Return):
            changes[field] = substitute(part, known)
    for field in ("body", "orelse"):
        if isinstance(getattr(stmt, field, None), list):
            changes[field] = _block(getattr(stmt, field), known)
    return copy_node(stmt, **changes) if changes else stmt
