"""Results that are nobody else's: a returned array is never an argument, a seed or another result.

>>> import gast
>>> from srcad.emit import emit
>>> body = gast.parse("x̄ = y\\nȳ = x * x\\nreturn x̄, ȳ").body
>>> for each in body[-1].value.elts:
...     each.must_own = True
>>> print(emit(own_results(body)), end="")
x̄ = y
ȳ = x * x
return x̄.copy(), ȳ
"""

from __future__ import annotations

import gast

from srcad.rules import SHARING
from srcad.tree import Node, call, copy_node, is_name, rewrite, statements_in

# Expressions whose value is, or holds, what they are made of.
HOLDERS = (
    *(gast.Name, gast.Attribute, gast.Subscript, gast.Tuple, gast.List),
    *(gast.IfExp, gast.BoolOp, gast.NamedExpr),
)


def is_fresh(value: Node) -> bool:
    """Whether an expression makes a new array, which nobody else holds."""
    kind = type(value)
    if kind is gast.Attribute and value.attr in ("T", "real", "imag"):
        return is_fresh(value.value)
    if kind in HOLDERS:
        return False
    if kind is gast.Call:
        name = getattr(value.func, "attr", getattr(value.func, "id", ""))
        if name == "einsum" and len(value.args) > 2:  # of one operand it may be a view
            return True
        shares = getattr(value, "effect", False) or getattr(value, "shares", False)
        return name not in SHARING and not shares
    return True


def own_results(body: list[Node]) -> list[Node]:
    """The body with a copy of each result that may share memory."""
    shared: set[str] = set()
    for stmt in statements_in(body):
        if isinstance(stmt, gast.Assign):
            for target in stmt.targets:
                if not is_name(target) or not is_fresh(stmt.value):
                    shared |= {n.id for n in _names(target)}

    def replace(node: Node) -> Node | None:
        if is_name(node) and getattr(node, "must_own", False) and node.id in shared:
            return call(gast.Attribute(node, "copy", gast.Load()))
        return None

    def block(stmts: list[Node]) -> list[Node]:
        out = []
        for stmt in stmts:
            if isinstance(stmt, gast.Return) and stmt.value is not None:
                stmt = copy_node(stmt, value=rewrite(stmt.value, replace))
            elif isinstance(stmt, (gast.If, gast.For, gast.While)):
                stmt = copy_node(stmt, body=block(stmt.body), orelse=block(stmt.orelse))
            out.append(stmt)
        return out

    return block(body)


def _names(target: Node) -> list[Node]:
    if isinstance(target, gast.Tuple):
        return [name for each in target.elts for name in _names(each)]
    return [target] if is_name(target) else []
