"""Parts of arguments that a called function returns, taken from the arguments by the caller.

Where ``f`` returns ``p[1:]`` of its parameter, ``v = f(u)`` says the same as ``f(u)`` and then
``v = u[1:]``; that ``v`` is a part of ``u`` can then be seen.

>>> import gast
>>> from srcad.analysis.kind import Array
>>> from srcad.analysis.memory import Memory, Summary
>>> from srcad.analysis.operation import Operation
>>> from srcad.analysis.returned import Part
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> body = gast.parse("v = f(u)\\nv[0] = 1.0").body
>>> for node in (n for stmt in body for n in gast.walk(stmt) if isinstance(n, gast.Name)):
...     node.kind = Array(("u:0",), "f8")
>>> body[0].value.operation = Operation(None, [("p", body[0].value.args[0])], callee="f")
>>> summary = Summary(shared=frozenset({0}), results=1, parts=(Part(0, True, 0, ("s1:n:n",)),))
>>> memory = Memory(body, lambda operation: summary)
>>> print(emit(taken_by_caller(body, Names("uvf"), memory, lambda operation: summary)), end="")
w1 = f(u)
v = u[1:]
v[0] = 1.0
"""

from __future__ import annotations

from collections.abc import Callable

import gast

from srcad.analysis.memory import Memory, Summary
from srcad.analysis.operation import Operation
from srcad.listing import origin_of, with_origin
from srcad.names import Names
from srcad.simplify.flow import reads_of
from srcad.tree import (
    Node,
    assign,
    blocks_of,
    copy_node,
    is_name,
    load,
    statements_in,
    store,
    walk,
)


def taken_by_caller(
    body: list[Node],
    names: Names,
    memory: Memory,
    summary_of: Callable[[Operation], Summary],
    results: list[str] | None = None,
) -> list[Node]:
    """The body with the parts of arrays that are written taken after the calls that return them."""
    if not memory:
        return body
    changed = False
    read = {name for stmt in statements_in(body) for name in reads_of(stmt)} | set(results or ())

    def block(stmts: list[Node]) -> list[Node]:
        nonlocal changed
        out: list[Node] = []
        for stmt in stmts:
            if list(blocks_of(stmt)):
                stmt = copy_node(stmt, body=block(stmt.body), orelse=block(stmt.orelse))
            operation = getattr(getattr(stmt, "value", None), "operation", None)
            if isinstance(stmt, gast.Assign) and operation and operation.callee is not None:
                taken = _taken(stmt, summary_of(operation), names, memory, read)
                changed = changed or taken[0] is not stmt
                out += taken
            else:
                out.append(stmt)
        return out

    new = block(body)
    return new if changed else body


def _taken(
    stmt: Node, summary: Summary, names: Names, memory: Memory, read: set[str]
) -> list[Node]:
    (target,) = stmt.targets
    targets = list(target.elts) if isinstance(target, gast.Tuple) else [target]
    if not all(map(is_name, targets)) or len(targets) != summary.results:
        return [stmt]
    bound = {leaf.id for leaf in targets}
    after: list[Node] = []
    for part in summary.parts:
        leaf = targets[part.result]
        given = [node for _, node in stmt.value.operation.operands]
        whole = (given if part.argument else targets)[part.place]
        if not memory.is_written(leaf.id) or not is_name(whole):
            continue
        rebound = len(bound) < len(targets) or (part.argument and whole.id in bound)
        if len(targets) > 1 and rebound:
            continue  # where it is taken, that name means another array
        holder = store(leaf.id if leaf.id not in read else names.temporary())
        holder.kind, holder.unread = leaf.kind, True
        targets[part.result] = holder
        if leaf.id in read and not (part.steps == () and is_name(whole, leaf.id)):
            new = assign(leaf.id, part.of(load(whole.id)))
            for node in (new.targets[0], *walk(new.value)):
                node.kind = leaf.kind
            after.append(with_origin(new, origin_of(stmt)))
    if not any(getattr(leaf, "unread", False) for leaf in targets):
        return [stmt]
    new_target = copy_node(target, elts=targets) if isinstance(target, gast.Tuple) else targets[0]
    return [copy_node(stmt, targets=[new_target]), *after]
