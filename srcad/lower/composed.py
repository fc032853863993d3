"""Calls that are other calls put together: they need no rules of their own.

>>> import numpy as np
>>> from srcad.emit import text
>>> from srcad.tree import parse
>>> text(composed(parse("np.quantile(x, [0.25, q])"), np.quantile, lambda node: node))
'np.stack((np.quantile(x, 0.25), np.quantile(x, q)))'
>>> text(composed(parse("np.linalg.cond(a, 1)"), np.linalg.cond, lambda node: node))
'np.linalg.norm(a, 1, (-2, -1)) * np.linalg.norm(np.linalg.inv(a), 1, (-2, -1))'
"""

from __future__ import annotations

from collections.abc import Callable

import gast
import numpy as np

from srcad.tree import Node, binary, call, constant, copy_node, is_number, number_of

QUANTILES = (np.quantile, np.percentile, np.nanquantile, np.nanpercentile)

Atom = Callable[[Node], Node]


def composed(node: Node, function: object, atom: Atom) -> Node | None:
    """The call as others; ``atom`` names what they share.  None where it is an operation itself."""
    if not isinstance(node.func, gast.Attribute):
        return None
    if function is np.linalg.cond:
        return _condition_number(node, atom)
    return _quantiles(node, atom) if any(function is each for each in QUANTILES) else None


def _condition_number(node: Node, atom: Atom) -> Node | None:
    """The norm of the matrix times that of its inverse; in the 2-norm it is an operation."""
    by_name = {each.arg: each.value for each in node.keywords}
    order = node.args[1] if len(node.args) > 1 else by_name.get("p")
    two = order is None or (isinstance(order, gast.Constant) and order.value in (None, 2))
    if two or not node.args or (is_number(order) and number_of(order) == -2):
        return None
    matrix = atom(node.args[0])
    axes = gast.Tuple([constant(-2), constant(-1)], gast.Load())
    norm = copy_node(node.func, attr="norm")
    inverse = call(copy_node(node.func, attr="inv"), matrix)
    factors = [atom(call(norm, each, order, axes)) for each in (matrix, inverse)]
    return binary(factors[0], gast.Mult(), factors[1])


def _quantiles(node: Node, atom: Atom) -> Node | None:
    """Several quantiles, written out, along a first axis of their own."""
    by_name = {each.arg: each.value for each in node.keywords}
    several = node.args[1] if len(node.args) > 1 else by_name.get("q")
    if not isinstance(several, (gast.List, gast.Tuple)) or not several.elts or not node.args:
        return None
    operand = atom(node.args[0])
    parts = []
    for each in several.elts:
        args = [operand, *node.args[1:]]
        keywords = node.keywords
        if len(args) > 1:
            args[1] = each
        else:
            keywords = [copy_node(k, value=each) if k.arg == "q" else k for k in keywords]
        parts.append(copy_node(node, args=args, keywords=keywords))
    return call(copy_node(node.func, attr="stack"), gast.Tuple(parts, gast.Load()))
