"""Writes into arrays, in the few forms that the listing has.

``x += e`` of an array changes it in place, for all its names: ``x[...] += e``.  Where the array
has one name, and is nobody else's, it is the same as ``x = x + e``, and is written so.  Arrays that
only swap their names are written as one statement, a permutation, which is easy to undo:

>>> import gast
>>> from srcad.analysis.kind import Array
>>> from srcad.emit import emit
>>> body = gast.parse("u[0] = x\\nv[0] = x\\nw1 = u\\nu = v\\nv = w1").body
>>> for node in (n for stmt in body for n in gast.walk(stmt) if isinstance(n, gast.Name)):
...     node.kind = Array(("u:0",), "f8")
>>> print(emit(permutations(body)), end="")
u[0] = x
v[0] = x
u, v = v, u
"""

from __future__ import annotations

from collections import Counter

import gast

from srcad.analysis.kind import Array, Kind, same_shape
from srcad.analysis.memory import Memory, is_memory
from srcad.listing import origin_of, with_origin
from srcad.names import Names
from srcad.tree import (
    Node,
    blocks_of,
    copy_node,
    is_name,
    load,
    name_occurrences,
    statements_in,
    store,
)


def in_place(body: list[Node], parameters: set[str], names: Names, memory: Memory) -> list[Node]:
    """The body with augmented assignments of arrays written as what they do."""
    if not any(isinstance(getattr(stmt, "held", None), Array) for stmt in statements_in(body)):
        return body
    sharing = Counter(
        memory.region(n) for n in {m for one, other, _ in memory.links for m in (one, other)}
    )

    def is_private(name: str) -> bool:
        return (
            name not in parameters
            and sharing[memory.region(name)] <= 1
            and not memory.is_written(name)
        )

    def block(stmts: list[Node]) -> list[Node]:
        out: list[Node] = []
        for stmt in stmts:
            if list(blocks_of(stmt)):
                stmt = copy_node(stmt, body=block(stmt.body), orelse=block(stmt.orelse))
            elif isinstance(getattr(stmt, "held", None), Array):
                out += _augmented(stmt, names, rebinds=is_private(stmt.targets[0].id))
                continue
            out.append(stmt)
        return out

    return block(body)


def _augmented(stmt: Node, names: Names, *, rebinds: bool) -> list[Node]:
    (target,) = stmt.targets
    held: Array = stmt.held
    kind = getattr(stmt.value, "kind", None)
    if (
        rebinds
        and isinstance(kind, Array)
        and kind.dtype == held.dtype
        and same_shape(kind.axes, held.axes)
    ):
        return [stmt]
    whole = gast.Subscript(_of_kind(load(target.id), held), gast.Constant(..., None), gast.Store())
    whole.kind = held
    if isinstance(stmt.value.op, (gast.Add, gast.Sub)):
        new = [gast.AugAssign(whole, stmt.value.op, stmt.value.right)]
    else:
        name = names.temporary()
        result = _of_kind(store(name), kind)
        new = [
            gast.Assign([result], stmt.value, None),
            gast.Assign([whole], _of_kind(load(name), kind), None),
        ]
    for each in new:
        each.primal = True
        with_origin(each, origin_of(stmt))
    return new


def _of_kind(node: Node, kind: Kind | None) -> Node:
    node.kind = kind
    return node


def permutations(body: list[Node], memory: Memory | None = None) -> list[Node]:
    """The body with arrays that swap their names swapped by one statement."""
    memory = memory or Memory(body)
    if not memory:
        return body
    reads = Counter(n for stmt in statements_in(body) for n in _reads(stmt))

    def block(stmts: list[Node]) -> list[Node]:
        out: list[Node] = []
        run: list[Node] = []
        for stmt in stmts:
            if _is_copy(stmt) and memory.is_written(stmt.value.id):
                run.append(stmt)
                continue
            out += _permuted(run, reads)
            run = []
            if list(blocks_of(stmt)):
                stmt = copy_node(stmt, body=block(stmt.body), orelse=block(stmt.orelse))
            out.append(stmt)
        return out + _permuted(run, reads)

    return block(body)


def _reads(stmt: Node) -> list[str]:
    parts = [stmt.test] if isinstance(stmt, (gast.If, gast.While)) else [stmt]
    parts = [stmt.iter] if isinstance(stmt, gast.For) else parts
    found = [name for part in parts for name in name_occurrences(part)]
    return found[1:] if _is_copy(stmt) else found


def _is_copy(stmt: Node) -> bool:
    if not isinstance(stmt, gast.Assign) or not is_name(stmt.value):
        return False
    return is_name(stmt.targets[0]) and is_memory(getattr(stmt.value, "kind", None))


def _permuted(run: list[Node], reads: Counter[str]) -> list[Node]:
    """A run of copies as one permutation, if that is all that it is."""
    holds: dict[str, str] = {}
    nodes: dict[str, Node] = {}
    inside: Counter[str] = Counter()
    for stmt in run:
        source = stmt.value.id
        inside[source] += 1
        holds[stmt.targets[0].id] = holds.get(source, source)
        nodes.setdefault(source, stmt.value)
    kept = [name for name in holds if reads[name] > inside[name] or holds[name] == name]
    images = [holds[name] for name in kept]
    if sorted(kept) != sorted(images) or kept == images:
        return run
    targets = [_of_kind(store(n), getattr(nodes.get(n), "kind", None)) for n in kept]
    values = [_of_kind(load(n), getattr(nodes.get(n), "kind", None)) for n in images]
    new = gast.Assign([gast.Tuple(targets, gast.Store())], gast.Tuple(values, gast.Load()), None)
    new.permutes = new.primal = True
    return [with_origin(new, origin_of(run[0]))]
