"""Constants of the specialisation put in place, and the branches on them decided.

>>> import gast
>>> from srcad.emit import emit
>>> body = gast.parse("if mode == 'fast' and not flag:\\n    y = x\\nelse:\\n    y = x ** n").body
>>> print(emit(specialise(body, {"mode": "fast", "flag": False})), end="")
y = x
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gast

from srcad.tree import Node, constant, copy_node, rewrite, substitute

PLAIN = (str, bool, type(None))


def specialise(body: list[Node], constants: Mapping[str, object]) -> list[Node]:
    """The body with variables exchanged for constants and decided branches taken."""
    replacements = {name: constant(value) for name, value in constants.items()}
    return _block(body, replacements) if replacements else body


def _block(body: list[Node], constants: dict[str, Node]) -> list[Node]:
    out: list[Node] = []
    for stmt in body:
        changes: dict[str, Any] = {}
        for field in stmt._fields:
            part = getattr(stmt, field, None)
            if field in ("body", "orelse", "targets", "target"):
                continue
            if isinstance(part, gast.AST):
                changes[field] = _decide(substitute(part, constants))
        if isinstance(stmt, gast.If):
            known = _value(changes["test"])
            if known is not None:
                out += _block(stmt.body if known[0] else stmt.orelse, constants)
                continue
        for field in ("body", "orelse"):
            if isinstance(getattr(stmt, field, None), list):
                changes[field] = _block(getattr(stmt, field), constants)
        out.append(copy_node(stmt, **changes))
    return out


def _decide(expression: Node) -> Node:
    """Conditional expressions on constants, decided."""

    def replace(node: Node) -> Node | None:
        if isinstance(node, gast.IfExp):
            known = _value(node.test)
            if known is not None:
                return _decide(node.body if known[0] else node.orelse)
        return None

    return rewrite(expression, replace)


def _value(node: Node) -> tuple[object] | None:
    """The value of a test on strings, None and bools, in a 1-tuple; None if it is not known."""
    if isinstance(node, gast.Constant) and isinstance(node.value, PLAIN):
        return (node.value,)
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.Not):
        known = _value(node.operand)
        return None if known is None else (not known[0],)
    if isinstance(node, gast.BoolOp):
        is_and = isinstance(node.op, gast.And)
        for each in node.values:
            known = _value(each)
            if known is None:
                return None
            if bool(known[0]) is not is_and:
                return known
        return known
    if isinstance(node, gast.Compare) and len(node.ops) == 1:
        left, right = _value(node.left), _value(node.comparators[0])
        (op,) = node.ops
        if left is None or right is None:
            return None
        same = type(left[0]) is type(right[0]) and left[0] == right[0]
        if isinstance(op, (gast.Eq, gast.Is)):
            return (same,)
        if isinstance(op, (gast.NotEq, gast.IsNot)):
            return (not same,)
    return None
