"""Constants and copies followed through a function: the seed ``w̄ = 1.0``, above all.

>>> import gast
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> names = Names()
>>> names.derivatives |= {"s", "w"}
>>> body = gast.parse("w = 1.0\\ns = w\\nfor i in range(n):\\n    y += s").body
>>> print(emit(propagate(body, names, [])), end="")
w = 1.0
s = 1.0
for i in range(n):
    y += 1.0
"""

from __future__ import annotations

from collections import Counter

import gast

from srcad.names import Names
from srcad.simplify.aliases import Aliases
from srcad.simplify.flow import has_effect, read_by
from srcad.tree import (
    COMPOUND,
    Node,
    copy_node,
    is_name,
    is_number,
    names_in,
    statements_in,
    substitute,
)


def propagate(
    body: list[Node],
    names: Names,
    parameters: list[str],
    aliases: Aliases | None = None,
    *,
    always: bool = False,
) -> list[Node]:
    """The body with what is constant for good exchanged for its value.

    Constant are the derivatives that are numbers, and the temporaries that are copies or negatives
    of variables that are written only once; with ``always`` all expressions of such.
    """
    writes: Counter[str] = Counter(parameters)
    aliases = aliases or Aliases(body)
    writes.update(name for stmt in statements_in(body) for name in aliases.written(stmt))
    known: dict[str, Node] = {}
    for stmt in body:
        if isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]):
            name = stmt.targets[0].id
            if writes[name] != 1:
                continue
            value = substitute(stmt.value, known)
            inlined = (
                name in names.temporaries
                and all(writes[n] <= 1 for n in names_in(value))
                and (is_trivial(value) or (always and not has_effect(value)))
            )
            if inlined or (name in names.derivatives and is_number(value)):
                known[name] = value
    return _block(body, known) if known else body


def is_trivial(value: Node) -> bool:
    """Whether an expression is a variable or its negative."""
    if isinstance(value, gast.UnaryOp) and isinstance(value.op, gast.USub):
        value = value.operand
    return is_name(value)


def _block(body: list[Node], known: dict[str, Node]) -> list[Node]:
    return [_statement(stmt, known) for stmt in body]


def _statement(stmt: Node, known: dict[str, Node]) -> Node:
    if isinstance(stmt, COMPOUND):
        field = "iter" if isinstance(stmt, gast.For) else "test"
        changes = {field: substitute(getattr(stmt, field), known)}
        changes |= {"body": _block(stmt.body, known), "orelse": _block(stmt.orelse, known)}
        return copy_node(stmt, **changes)
    if isinstance(stmt, gast.Return):
        # A gradient is returned under its name, ``x̄``, also where it is a number.
        known = {name: value for name, value in known.items() if is_name(value)}
    if known.keys().isdisjoint(read_by(stmt)):
        return stmt
    changes = {}
    for field in ("value", "test"):
        part = getattr(stmt, field, None)
        if isinstance(part, gast.AST):
            changes[field] = substitute(part, known)
    return copy_node(stmt, **changes)
