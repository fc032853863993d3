"""Calls that are other calls put together: they need no rules of their own.

>>> import numpy as np
>>> from srcad.emit import text
>>> from srcad.tree import parse
>>> text(composed(parse("np.quantile(x, [0.25, q])"), np.quantile, lambda node: node))
'np.stack((np.quantile(x, 0.25), np.quantile(x, q)))'
"""

from __future__ import annotations

from collections.abc import Callable

import gast
import numpy as np

from srcad.tree import Node, call, copy_node

QUANTILES = (np.quantile, np.percentile, np.nanquantile, np.nanpercentile)

Atom = Callable[[Node], Node]


def composed(node: Node, function: object, atom: Atom) -> Node | None:
    """The call as others; ``atom`` names what they share.  None where it is an operation itself."""
    if not isinstance(node.func, gast.Attribute):
        return None
    return _quantiles(node, atom) if any(function is each for each in QUANTILES) else None


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
