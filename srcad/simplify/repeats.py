"""Sums into places that may be one and the same: ``x[index] += e`` where the index repeats.

Until here such a statement is an augmented assignment that is marked with ``repeats``; NumPy adds
once to each place then, and ``np.add.at`` does what is meant.

>>> from srcad.emit import emit
>>> from srcad.tree import statement
>>> stmt = statement("x_bar[index] += y_bar")
>>> stmt.repeats = True
>>> print(emit(added_one_by_one([stmt], lambda: "np")), end="")
np.add.at(x_bar, index, y_bar)
"""

from __future__ import annotations

from collections.abc import Callable

import gast

from srcad.tree import COMPOUND, Node, call, copy_node, load, statements_in


def added_one_by_one(body: list[Node], numpy: Callable[[], str]) -> list[Node]:
    """The body with its marked statements spelled out; ``numpy`` gives the module's name."""
    if not any(getattr(stmt, "repeats", False) for stmt in statements_in(body)):
        return body
    out = []
    for stmt in body:
        if isinstance(stmt, COMPOUND):
            inner = added_one_by_one(stmt.body, numpy)
            stmt = copy_node(stmt, body=inner, orelse=added_one_by_one(stmt.orelse, numpy))
        elif getattr(stmt, "repeats", False):
            stmt = _added(stmt, numpy)
        out.append(stmt)
    return out


def _added(stmt: Node, numpy: Callable[[], str]) -> Node:
    ufunc = "add" if isinstance(stmt.op, gast.Add) else "subtract"
    place = stmt.target
    base = copy_node(place.value, ctx=gast.Load())
    at = gast.Attribute(gast.Attribute(load(numpy()), ufunc, gast.Load()), "at", gast.Load())
    added = gast.Expr(call(at, base, _argument(place.slice, numpy), stmt.value))
    added.origin = getattr(stmt, "origin", None)
    return added


def _argument(index: Node, numpy: Callable[[], str]) -> Node:
    """An index as an argument: with slices in it it is written ``np.s_[rows, 1:]``."""
    parts = index.elts if isinstance(index, gast.Tuple) else [index]
    if not any(isinstance(each, gast.Slice) or _is_ellipsis(each) for each in parts):
        return index
    return gast.Subscript(gast.Attribute(load(numpy()), "s_", gast.Load()), index, gast.Load())


def _is_ellipsis(node: Node) -> bool:
    return isinstance(node, gast.Constant) and node.value is Ellipsis
