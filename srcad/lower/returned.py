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

from srcad.analysis.kind import Kind
from srcad.analysis.memory import Memory, Summary
from srcad.analysis.operation import Operation
from srcad.analysis.returned import Part, step_of
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
    if len(bound) < len(targets):
        return [stmt]
    given = [node for _, node in stmt.value.operation.operands]
    before: list[Node] = []
    after: list[Node] = []
    for part in summary.parts:
        leaf, whole = targets[part.result], (given if part.argument else targets)[part.place]
        if not memory.is_written(leaf.id) or not is_name(whole):
            continue
        holder = store(names.temporary() if leaf.id in read else leaf.id)
        holder.kind, holder.unread = leaf.kind, True
        targets[part.result] = holder
        if leaf.id not in read:
            continue
        if part.argument and whole.id in bound and len(bound) > 1:
            kept = _assigned(names.temporary(), load(whole.id), leaf.kind)
            before.append(kept)  # that name will mean another array
            whole = kept.targets[0]
        after += _part(part, whole.id, leaf, names)
    if not any(getattr(leaf, "unread", False) for leaf in targets):
        return [stmt]
    new_target = copy_node(target, elts=targets) if isinstance(target, gast.Tuple) else targets[0]
    new = [*before, copy_node(stmt, targets=[new_target]), *after]
    return [with_origin(each, origin_of(stmt)) for each in new]


def _part(part: Part, whole: str, leaf: Node, names: Names) -> list[Node]:
    """A part of a variable under a name, step by step."""
    if not part.steps:
        return [] if whole == leaf.id else [_assigned(leaf.id, load(whole), leaf.kind)]
    *first, last = [step_of(each) for each in part.steps]
    out = []
    for step in first:
        out.append(_assigned(names.temporary(), step(load(whole)), leaf.kind))
        whole = out[-1].targets[0].id
    if whole == leaf.id:  # an array and a part of it are not one variable
        out.append(_assigned(names.temporary(), last(load(whole)), leaf.kind))
        return [*out, _assigned(leaf.id, load(out[-1].targets[0].id), leaf.kind)]
    return [*out, _assigned(leaf.id, last(load(whole)), leaf.kind)]


def _assigned(name: str, value: Node, kind: Kind) -> Node:
    new = assign(name, value)
    for node in (new.targets[0], *walk(value)):
        node.kind = kind
    return new
