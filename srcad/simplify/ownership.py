"""Which expressions make a new array, and which may hold what they are made of."""

from __future__ import annotations

import gast

from srcad.rules import SHARING
from srcad.tree import Node

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
