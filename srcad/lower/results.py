"""What a call gives back has a name of its own, where the call writes into the memory of the name.

``u = step(u)`` of a function that writes into its argument changes two arrays, the one that ``u``
was and the one that it is then: each has an adjoint, and each is put back.

>>> import gast
>>> from srcad.analysis.memory import Memory, Summary
>>> from srcad.analysis.kind import Array
>>> from srcad.analysis.operation import Operation
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> body = gast.parse("for i in range(3):\\n    u = step(u)").body
>>> for node in (n for stmt in body for n in gast.walk(stmt) if isinstance(n, gast.Name)):
...     node.kind = Array(("u:0",), "f8")
>>> call = body[0].body[0].value
>>> call.operation = Operation(None, [("u", call.args[0])], callee="step")
>>> summary = Summary(written=frozenset({0}))
>>> print(emit(own_results(body, Names({"u"}), Memory(body, lambda operation: summary))), end="")
for i in range(3):
    w1 = step(u)
    u = w1
"""

from __future__ import annotations

import gast

from srcad.analysis.kind import Array, Unknown
from srcad.analysis.memory import Memory
from srcad.listing import origin_of, with_origin
from srcad.names import Names
from srcad.tree import Node, blocks_of, copy_node, is_name, load, rewrite


def own_results(body: list[Node], names: Names, memory: Memory) -> list[Node]:
    """The body with such calls taken apart; the same list if there are none."""
    out: list[Node] = []
    for stmt in body:
        if list(blocks_of(stmt)):
            blocks = [own_results(block, names, memory) for block in blocks_of(stmt)]
            same = all(a is b for a, b in zip(blocks, blocks_of(stmt), strict=True))
            out.append(stmt if same else copy_node(stmt, body=blocks[0], orelse=blocks[1]))
        else:
            out += _taken_apart(stmt, names, memory)
    return body if len(out) == len(body) and all(map(_is, out, body)) else out


def _is(one: Node, other: Node) -> bool:
    return one is other


def _taken_apart(stmt: Node, names: Names, memory: Memory) -> list[Node]:
    operation = getattr(getattr(stmt, "value", None), "operation", None)
    if operation is None or operation.callee is None or not isinstance(stmt, gast.Assign):
        return [stmt]
    changed = memory.changed_by(stmt)
    (target,) = stmt.targets
    copies: list[Node] = []

    def renamed(node: Node) -> Node | None:
        if not is_name(node) or not isinstance(getattr(node, "kind", None), (Array, Unknown)):
            return None
        if not any(memory.shares(node.id, name) for name in changed):
            return None
        new = copy_node(node, id=names.temporary())
        value = load(new.id)
        value.kind = node.kind
        copies.append(with_origin(gast.Assign([node], value, None), origin_of(stmt)))
        return new

    new = rewrite(target, renamed)
    return [copy_node(stmt, targets=[new]), *copies] if copies else [stmt]
