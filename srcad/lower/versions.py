"""A new array under an old name is a variable of its own, where the array is written.

``u = u.copy()`` at the start of a function makes an array that is the function's own; what is
written into it is not written into the caller's.  The two get two names here, and one again in the
end, if the first is not read any more (:mod:`srcad.simplify.versions`).

>>> import gast
>>> from srcad.analysis.kind import Array
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> body = gast.parse("u = u + x\\nu[0] = x\\nw1 = u[1]").body
>>> for node in (n for stmt in body for n in gast.walk(stmt) if isinstance(n, gast.Name)):
...     node.kind = Array(("u:0",), "f8")
>>> names = Names({"u", "x"})
>>> print(emit(versions(body, {"u"}, names)), end="")
u2 = u + x
u2[0] = x
w1 = u2[1]
>>> names.versions
{'u2': 'u'}
"""

from __future__ import annotations

from collections import Counter

import gast

from srcad.analysis.memory import Memory
from srcad.names import Names
from srcad.simplify.flow import reads_of
from srcad.tree import Node, copy_node, is_name, rewrite, statements_in


def versions(
    body: list[Node], parameters: set[str], names: Names, memory: Memory | None = None
) -> list[Node]:
    """The body with new arrays under old names renamed, where that is at the top level."""
    memory = memory or Memory(body)
    if not memory:
        return body
    known = set(parameters)
    current: dict[str, str] = {}
    out: list[Node] = []
    for stmt in _without_steps(body, names, memory):
        target = stmt.targets[0] if isinstance(stmt, gast.Assign) else stmt
        if not is_name(target):
            out.append(_renamed(stmt, current))
        elif target.id in known and memory.is_written(target.id) and not memory.is_link(stmt):
            value = _renamed(stmt.value, current)
            current[target.id] = names.fresh(target.id)
            names.versions[current[target.id]] = target.id
            new = copy_node(target, id=current[target.id])
            out.append(copy_node(stmt, targets=[new], value=value))
        else:
            out.append(_renamed(stmt, current))
            known.add(target.id)
    return out


def _without_steps(body: list[Node], names: Names, memory: Memory) -> list[Node]:
    """The body with ``w1 = u.copy(); u = w1`` as one statement: the new array has its own name."""
    reads = Counter(name for stmt in statements_in(body) for name in reads_of(stmt))
    out: list[Node] = []
    for stmt in body:
        last = out[-1] if out else None
        copies = isinstance(stmt, gast.Assign) and is_name(stmt.value) and is_name(stmt.targets[0])
        if (
            copies
            and isinstance(last, gast.Assign)
            and is_name(last.targets[0], stmt.value.id)
            and stmt.value.id in names.temporaries
            and reads[stmt.value.id] == 1
            and memory.is_written(stmt.targets[0].id)
            and not memory.is_link(last)
        ):
            out[-1] = copy_node(last, targets=stmt.targets)
        else:
            out.append(stmt)
    return out


def _renamed(node: Node, current: dict[str, str]) -> Node:
    def replace(part: Node) -> Node | None:
        if is_name(part) and part.id in current:
            return copy_node(part, id=current[part.id])
        return None

    return rewrite(node, replace) if current else node
