"""Arrays of which only running tells if they are views: a branch for each of the two.

Of an array that is written, ``y.reshape(6)`` is a view if the layout of ``y`` allows it, and a copy
if not.  Both are followed where the function asks which it is:

>>> import gast
>>> from srcad.analysis.kind import Array
>>> from srcad.analysis.operation import Operation
>>> from srcad.emit import emit
>>> from srcad.rules import rule_of
>>> import numpy as np
>>> body = gast.parse("v = y.reshape(6)\\nv[0] = 1.0").body
>>> for node in (n for stmt in body for n in gast.walk(stmt) if isinstance(n, gast.Name)):
...     node.kind = Array(("y:0", "y:1"), "f8")
>>> value = body[0].value
>>> value.kind = Array(("?",), "f8")
>>> value.operation = Operation(rule_of(np.reshape), [("a", value.func.value)])
>>> print(emit(with_copies(body, Names({"v", "y"}), Memory(body), lambda: "np")), end="")
is_view = np.may_share_memory(y.reshape(6), y)
if is_view:
    v = y.reshape(6)
else:
    v = y.reshape(6)
v[0] = 1.0

Where ``y`` is new, and of one layout for sure, as ``np.zeros`` makes it, it is a view.
"""

from __future__ import annotations

from collections.abc import Callable

import gast

from srcad.analysis.kind import NOTHING, Array
from srcad.analysis.memory import COPY, READ_ONLY, VIEW, Memory, base_of
from srcad.listing import origin_of, with_origin
from srcad.names import Names
from srcad.rules import Structured
from srcad.simplify.flow import written_by
from srcad.tree import (
    Node,
    assign,
    blocks_of,
    call,
    copy_node,
    fresh,
    is_name,
    load,
    statements_in,
)


def with_copies(
    body: list[Node], names: Names, memory: Memory, numpy: Callable[[], str]
) -> list[Node]:
    """The body with such branches; the same list if there is nothing to ask.

    ``numpy`` gives the name by which NumPy is reached.
    """
    if not memory:
        return body
    makers: dict[str, list[Node]] = {}
    for stmt in statements_in(body):
        for name in written_by(stmt) - memory.changed_by(stmt):
            makers.setdefault(name, []).append(stmt)

    def block(stmts: list[Node]) -> list[Node]:
        out: list[Node] = []
        for stmt in stmts:
            if list(blocks_of(stmt)):
                blocks = [block(each) for each in blocks_of(stmt)]
                if any(new is not old for new, old in zip(blocks, blocks_of(stmt), strict=True)):
                    stmt = copy_node(stmt, body=blocks[0], orelse=blocks[1])
                out.append(stmt)
            elif _is_asked(stmt, memory) and not _is_certain(stmt.value, makers):
                out += _asked(stmt, names, numpy())
            else:
                out.append(stmt)
        same = len(out) == len(stmts) and all(a is b for a, b in zip(out, stmts, strict=True))
        return stmts if same else out

    return block(body)


def _is_asked(stmt: Node, memory: Memory) -> bool:
    """Whether only running tells if a new variable is a view of another one, which is written."""
    if not memory.must_be_checked(stmt):
        return False
    return stmt.value.operation.rule.name not in READ_ONLY and bool(base_of(stmt.value))


def _is_certain(value: Node, makers: dict[str, list[Node]]) -> bool:
    """Whether it is a view for sure: of an axis, or of rows that lie one after the other."""
    rule = value.operation.rule
    assert isinstance(rule, Structured)
    ((_, whole), *_) = value.operation.operands
    kind = getattr(whole, "kind", NOTHING)
    if rule.name == "np.reshape" and isinstance(kind, Array) and kind.rank == 1:
        return True
    if not is_name(whole) or rule.name not in ("np.reshape", "np.ravel") or _order(value):
        return False
    made = makers.get(whole.id, [])
    return bool(made) and all(_is_made_in_order(stmt) for stmt in made)


def _order(value: Node) -> bool:
    """Whether an order of the axes is asked for."""
    return "order" in value.operation.options


def _is_made_in_order(stmt: Node) -> bool:
    """Whether a statement makes a new array whose rows lie one after the other."""
    value, (target, *_) = stmt.value, stmt.targets
    operation = getattr(value, "operation", None)
    name = getattr(getattr(operation, "rule", None), "name", "")
    if not is_name(target) or not isinstance(value, gast.Call) or _order(value):
        return False
    return name in IN_ORDER or (name == "np.copy" and hasattr(value.func.value, "kind"))


IN_ORDER = frozenset({"np.zeros", "np.ones", "np.empty", "np.full"})  # and the method .copy()


def _asked(stmt: Node, names: Names, numpy: str) -> list[Node]:
    function = gast.Attribute(load(numpy), "may_share_memory", gast.Load())
    test = names.fresh("is_view")
    asked = assign(test, call(function, _marked(stmt.value, COPY), load(base_of(stmt.value))))
    branches = [[copy_node(stmt, value=_marked(stmt.value, mark))] for mark in (VIEW, COPY)]
    branch = gast.If(load(test), *branches)
    for each in (asked, branch):
        each.primal = True
        gast.copy_location(each, stmt)
    return [with_origin(each, origin_of(stmt)) for each in (asked, branch)]


def _marked(value: Node, mark: str) -> Node:
    """The call, known to make a view, or to make a copy."""
    new = fresh(value)
    new.makes = mark
    return new
