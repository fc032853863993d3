"""The first addition to an element of zeros is an assignment.

A loop that goes through an array, and reaches each element at a distance from its index, meets
new elements at one end only: what is added there is added to zero.

>>> import gast
>>> from srcad.emit import emit
>>> body = gast.parse('''
... x_bar = np.zeros_like(x)
... for i in range(len(x) - 2, -1, -1):
...     x_bar[i + 1] += w_bar
...     x_bar[i] -= w_bar * x[i]
... return x_bar
... ''').body
>>> print(emit(set_first(body, {"x_bar"})), end="")
x_bar = np.zeros_like(x)
for i in range(len(x) - 2, -1, -1):
    x_bar[i + 1] += w_bar
    x_bar[i] = -w_bar * x[i]
return x_bar
"""

from __future__ import annotations

import gast

from srcad.simplify.algebra import tidy
from srcad.simplify.flow import expressions_of, written_by
from srcad.simplify.order import in_place_of
from srcad.tree import (
    Node,
    copy_node,
    is_name,
    is_number,
    name_occurrences,
    negate,
    number_of,
    same,
    statements_in,
    walk,
)


def set_first(body: list[Node], adjoints: set[str]) -> list[Node]:
    """The body with assignments where an element of an adjoint is reached for the first time."""
    out = list(body)
    for place, stmt in enumerate(body):
        name = _zeros(stmt)
        if name not in adjoints:
            continue
        later = range(place + 1, len(out))
        loop = next((n for n in later if name in _names(out[n])), None)
        if loop is not None:
            first = _first_addition(out[loop], name)
            if first is not None:
                out[loop] = _with_assignment(out[loop], first)
    return out


def _zeros(stmt: Node) -> str:
    """The name in ``x̄ = [0.0] * n`` and in ``x̄ = np.zeros_like(x)``; "" for another statement."""
    if not isinstance(stmt, gast.Assign) or not is_name(stmt.targets[0]):
        return ""
    value = stmt.value
    zeros = isinstance(value, gast.Call) and getattr(value.func, "attr", "") == "zeros_like"
    if isinstance(value, gast.BinOp) and isinstance(value.left, gast.List):
        zeros = isinstance(value.op, gast.Mult) and all(map(_is_zero, value.left.elts))
    return str(stmt.targets[0].id) if zeros else ""


def _is_zero(node: Node) -> bool:
    return is_number(node) and number_of(node) == 0


def _names(stmt: Node) -> set[str]:
    return {
        name
        for each in statements_in([stmt])
        for part in expressions_of(each)
        for name in name_occurrences(part)
    }


def _first_addition(loop: Node, name: str) -> Node | None:
    """The statement of a loop that adds to elements that are still zero, if there is one."""
    trips = _trips(loop)
    if trips is None:
        return None
    lowest, step = trips
    index = loop.target.id
    reached: dict[int, list[Node]] = {}
    for stmt in statements_in(loop.body):
        if index in written_by(stmt):
            return None
        occurrences = 0
        for part in expressions_of(stmt):
            occurrences += name_occurrences(part).count(name)
            for node in walk(part):
                if isinstance(node, gast.Subscript) and is_name(node.value, name):
                    distance = _distance(node.slice, index)
                    if distance is None:
                        return None
                    reached.setdefault(distance, []).append(stmt)
                    occurrences -= 1
        if occurrences:
            return None
    if not reached or lowest + min(reached) < 0:
        return None  # a negative index is one from the end
    (first, *others) = dict.fromkeys(reached[max(reached) if step > 0 else min(reached)])
    once = not others and first in _outside_loops(loop.body)
    adds = once and isinstance(first, (gast.Assign, gast.AugAssign)) and _adds(first, name)
    return first if adds else None


def _trips(loop: Node) -> tuple[int, int] | None:
    """A lower bound of the index and its step, of a loop over a range with step 1 or -1."""
    if not isinstance(loop, gast.For) or not isinstance(loop.iter, gast.Call):
        return None
    bounds = loop.iter.args
    step = number_of(bounds[2]) if len(bounds) == 3 and is_number(bounds[2]) else None
    if len(bounds) < 3:
        step = 1
    if step == 1 and len(bounds) == 1:
        return 0, 1
    limit = bounds[0] if step == 1 else bounds[1]
    if step not in (1, -1) or not is_number(limit):
        return None
    return int(number_of(limit)) + (step == -1), int(step)


def _distance(index: Node, name: str) -> int | None:
    """The number c in ``i``, ``i + c`` or ``i - c``."""
    if is_name(index, name):
        return 0
    if (
        isinstance(index, gast.BinOp)
        and isinstance(index.op, (gast.Add, gast.Sub))
        and is_name(index.left, name)
        and is_number(index.right)
    ):
        distance = int(number_of(index.right))
        return distance if isinstance(index.op, gast.Add) else -distance
    return None


def _outside_loops(body: list[Node]) -> list[Node]:
    """The statements of a body, and of its branches."""
    found = []
    for stmt in body:
        found.append(stmt)
        if isinstance(stmt, gast.If):
            found += _outside_loops(stmt.body) + _outside_loops(stmt.orelse)
    return found


def _adds(stmt: Node, name: str) -> bool:
    """``x̄[i] += e`` or ``x̄[i] -= e``; of a list of arrays ``x̄[i] = x̄[i] + e``."""
    if isinstance(stmt, gast.AugAssign):
        target = stmt.target
        adds = isinstance(stmt.op, (gast.Add, gast.Sub))
    else:
        target, value = stmt.targets[0], stmt.value
        adds = isinstance(value, gast.BinOp) and isinstance(value.op, gast.Add)
        adds = adds and same(value.left, target) and name not in name_occurrences(value.right)
    return adds and isinstance(target, gast.Subscript) and is_name(target.value, name)


def _with_assignment(stmt: Node, addition: Node) -> Node:
    """The statement with one addition somewhere inside exchanged for an assignment."""
    if stmt is addition and isinstance(stmt, gast.Assign):
        return in_place_of(stmt, copy_node(stmt, value=stmt.value.right))
    if stmt is addition:
        value = stmt.value if isinstance(stmt.op, gast.Add) else tidy(negate(stmt.value))
        target = copy_node(stmt.target, ctx=gast.Store())
        return in_place_of(stmt, gast.Assign([target], value, None))
    changes = {
        field: [_with_assignment(each, addition) for each in getattr(stmt, field)]
        for field in ("body", "orelse")
        if isinstance(stmt, (gast.If, gast.For, gast.While))
    }
    return copy_node(stmt, **changes) if changes else stmt
