"""``np.ones_like(x)`` for ``np.full_like(x, 1.0)``, where an adjoint starts as 1 all over.

>>> import gast
>>> from srcad.emit import emit
>>> body = gast.parse("x_bar = np.full_like(x, 1.0)\\ny = np.full_like(x, 1.0)").body
>>> print(emit(with_ones(body, {"x_bar"})), end="")
x_bar = np.ones_like(x)
y = np.full_like(x, 1.0)
"""

from __future__ import annotations

from collections.abc import Collection

import gast

from srcad.tree import COMPOUND, Node, assigned, copy_node, is_number, number_of, rewrite


def with_ones(body: list[Node], derivatives: Collection[str]) -> list[Node]:
    """The body with ones in the lines of the ``derivatives``: the user's own stay as they are."""
    out = []
    for stmt in body:
        if isinstance(stmt, COMPOUND):
            blocks = [with_ones(block, derivatives) for block in (stmt.body, stmt.orelse)]
            stmt = copy_node(stmt, body=blocks[0], orelse=blocks[1])
        elif assigned(stmt) in derivatives:
            stmt = rewrite(stmt, _ones)
        out.append(stmt)
    return out


def _ones(node: Node) -> Node | None:
    if not isinstance(node, gast.Call) or getattr(node.func, "attr", "") != "full_like":
        return None
    model, *others = node.args
    if len(others) != 1 or node.keywords or not is_number(others[0]) or number_of(others[0]) != 1:
        return None
    return copy_node(node, func=copy_node(node.func, attr="ones_like"), args=[model])
