"""What is written by ``out=``: checked for the shape of the array that is given, if need be.

NumPy asks that a sum, a product of matrices and the like have just that shape; an assignment would
stretch them.

>>> import gast
>>> from srcad.analysis.kind import Array
>>> from srcad.emit import emit
>>> body = gast.parse("w = np.sum(x, axis=0)\\ny[...] = w").body
>>> body[1].targets[0].demand, body[1].targets[0].kind = "exact", Array(("y:0",), "f8")
>>> body[1].value.kind = Array(("?",), "f8")
>>> print(emit(with_outputs_checked(body)), end="")
w = np.sum(x, axis=0)
if w.shape != y.shape:
    raise ValueError('the array that is given as out= has not the shape of the result')
y[...] = w
"""

from __future__ import annotations

import gast

from srcad.analysis.kind import NOTHING
from srcad.analysis.outputs import is_checked
from srcad.listing import origin_of, with_origin
from srcad.tree import Node, blocks_of, call, constant, copy_node


def with_outputs_checked(body: list[Node]) -> list[Node]:
    """The body with a check before each such assignment; the same if there is none."""
    out: list[Node] = []
    for stmt in body:
        if list(blocks_of(stmt)):
            blocks = {field: with_outputs_checked(getattr(stmt, field)) for field in _FIELDS}
            if any(new is not getattr(stmt, field) for field, new in blocks.items()):
                stmt = copy_node(stmt, **blocks)
        elif _is_checked(stmt):
            out.append(_check(stmt))
        out.append(stmt)
    same = len(out) == len(body) and all(new is old for new, old in zip(out, body, strict=True))
    return body if same else out


_FIELDS = ("body", "orelse")


def _is_checked(stmt: Node) -> bool:
    target = stmt.targets[0] if isinstance(stmt, gast.Assign) else None
    demand = getattr(target, "demand", "")
    if not demand:
        return False
    kinds = [getattr(node, "kind", NOTHING) for node in (stmt.value, target)]
    return is_checked(demand, *kinds)


def _check(stmt: Node) -> Node:
    (target,) = stmt.targets
    is_whole = isinstance(target.slice, gast.Constant) and target.slice.value is ...
    place = target.value if is_whole else copy_node(target, ctx=gast.Load())
    shapes = [gast.Attribute(each, "shape", gast.Load()) for each in (stmt.value, place)]
    test = gast.Compare(shapes[0], [gast.NotEq()], [shapes[1]])
    sentence = constant("the array that is given as out= has not the shape of the result")
    error = gast.Raise(call("ValueError", sentence), None)
    return with_origin(gast.copy_location(gast.If(test, [error], []), stmt), origin_of(stmt))
