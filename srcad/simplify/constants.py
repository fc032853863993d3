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
    Node,
    copy_node,
    is_name,
    is_number,
    name_occurrences,
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

    Constant are the derivatives that are numbers, and the temporaries that are copies, negatives
    or (read once) products of variables that are written only once; with ``always`` all such.
    """
    writes: Counter[str] = Counter(parameters)
    aliases = aliases or Aliases(body)
    for stmt in statements_in(body):
        writes.update(aliases.written(stmt))
    reads: Counter[str] = Counter()
    for stmt in body:
        if isinstance(stmt, (gast.Assign, gast.AugAssign, gast.Return)) and stmt.value is not None:
            reads.update(name_occurrences(stmt.value))
    top = set(map(id, body))
    for stmt in statements_in(body):
        if id(stmt) not in top or isinstance(stmt, (gast.If, gast.For, gast.While)):
            # What is read more than once, or in a loop, keeps its name.
            reads.update(dict.fromkeys(read_by(stmt), 2))
    known: dict[str, Node] = {}
    for stmt in body:
        if isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]):
            name = stmt.targets[0].id
            value = substitute(stmt.value, known)
            if writes[name] != 1:
                continue
            inlined = (
                name in names.temporaries
                and all(writes[n] <= 1 for n in names_in(value))
                and (is_trivial(value) or (always and not has_effect(value)))
            )
            if inlined or (name in names.derivatives and is_number(value)):
                known[name] = value
    return _block(body, known) if known else body


def _is_product(value: Node) -> bool:
    """Whether an expression only multiplies variables and numbers."""
    if isinstance(value, gast.BinOp) and isinstance(value.op, gast.Mult):
        return all(is_name(side) or is_number(side) for side in (value.left, value.right))
    return False


def is_trivial(value: Node) -> bool:
    """Whether an expression is a variable or its negative."""
    if isinstance(value, gast.UnaryOp) and isinstance(value.op, gast.USub):
        value = value.operand
    return is_name(value)


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
