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

from srcad.listing import origin_of
from srcad.names import Names
from srcad.simplify.algebra import spread_value, tidy
from srcad.simplify.aliases import Aliases
from srcad.simplify.flow import has_effect, read_by, written_by
from srcad.simplify.tidied import tidied
from srcad.tree import (
    COMPOUND,
    Node,
    assigned,
    copy_node,
    is_name,
    is_number,
    names_in,
    statements_in,
    substitute,
    walk,
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
    body = _block(body, known) if known else body
    seeds = {} if always else _seeds(body, names, writes)
    return [_without(stmt, seeds, names, writes) for stmt in body] if seeds else body


def _without(stmt: Node, seeds: dict[str, Node], names: Names, writes: Counter[str]) -> Node:
    """A statement without the adjoints that are one number all over."""
    if isinstance(stmt, COMPOUND):
        changes = {
            field: [_without(each, seeds, names, writes) for each in getattr(stmt, field)]
            for field in ("body", "orelse")
        }
        return copy_node(stmt, **changes)
    if seeds.keys().isdisjoint(read_by(stmt)) or assigned(stmt) in seeds:
        return stmt
    whole = copy_node(stmt, value=substitute(stmt.value, seeds))
    value = tidy(whole.value)
    name = assigned(stmt)
    if isinstance(stmt, gast.Assign) and is_name(value) and name in names.temporaries:
        unwritten = writes[name] == 1 and writes[value.id] <= 1
        return copy_node(stmt, value=value) if unwritten else tidied(whole, names)
    return tidied(whole, names)


def _seeds(body: list[Node], names: Names, writes: Counter[str]) -> dict[str, Node]:
    """The adjoints that are one number all over, where every line that reads them is shorter
    without: ``w̄ * a`` is ``a`` for ``w̄ = np.full_like(y, 1.0)``.

    Only where they go from one of the user's statements to another: the lines of one statement are
    put together as a whole (:mod:`srcad.simplify.fold`).
    """
    known: dict[str, Node] = {}
    origins: dict[str, Node | None] = {}
    for stmt in body:
        name = assigned(stmt)
        if isinstance(stmt, gast.Assign) and name in names.derivatives and writes[name] == 1:
            value = substitute(stmt.value, known)
            inner = value.operand if isinstance(value, gast.UnaryOp) else value
            spread = spread_value(inner)
            if spread is not None and is_number(spread[0]) and is_name(spread[1]):
                known[name] = value
                earlier = [origins[n] for n in read_by(stmt) if n in origins]
                origins[name] = earlier[0] if earlier else origin_of(stmt)
    every = list(statements_in(body))
    while True:
        failing = {
            name
            for stmt in every
            for name in known.keys() & read_by(stmt)
            if assigned(stmt) not in known
            and (origin_of(stmt) is origins[name] or not _is_shorter(stmt, known))
        }
        if not failing:
            return known
        known = {name: value for name, value in known.items() if name not in failing}
        known = {n: v for n, v in known.items() if _is_made_of(n, v, body, known)}


def _is_made_of(name: str, value: Node, body: list[Node], known: dict[str, Node]) -> bool:
    """Whether an adjoint's own line is that of a number, or of others that are known."""
    (line,) = (stmt for stmt in body if assigned(stmt) == name)
    inner = line.value.operand if isinstance(line.value, gast.UnaryOp) else line.value
    return spread_value(inner) is not None or names_in(line.value) <= known.keys()


def _is_shorter(stmt: Node, known: dict[str, Node]) -> bool:
    """Whether a line has nothing left of the known adjoints once its products are written."""
    if not isinstance(stmt, (gast.Assign, gast.AugAssign)):
        return False
    if not isinstance(stmt.value, (gast.BinOp, gast.UnaryOp)):
        return False
    read = {name: value for name, value in known.items() if name in read_by(stmt)}
    if not set(read) <= names_in(stmt.value) or not set(read).isdisjoint(written_by(stmt)):
        return False
    value = tidy(substitute(stmt.value, read))
    return not any(spread_value(node) is not None for node in walk(value))


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
