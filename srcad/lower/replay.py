"""Control flow made replayable: what the reverse sweep cannot ask again is kept in a variable.

A ``while`` loop counts its trips.  A loop that may break keeps its index where it ended.  A test
whose variables change before the reverse sweep comes back to it becomes a variable of its own.

>>> import gast
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> body = gast.parse('''
... while x > 1:
...     if x > 3:
...         x = x * 0.5
...     x = x - 0.3
... ''').body
>>> print(emit(replayable(body, Names({"x"}))), end="")
trips = 0
while x > 1:
    trips = trips + 1
    w1 = x > 3
    if w1:
        x = x * 0.5
    x = x - 0.3
"""

from __future__ import annotations

import gast

from srcad.analysis.kind import BOOL, INT
from srcad.analysis.memory import Memory
from srcad.analysis.places import places_of
from srcad.listing import with_origin
from srcad.names import Names
from srcad.simplify.algebra import literal
from srcad.tree import Node, assign, binary, constant, copy_node, load, store


def replayable(body: list[Node], names: Names, memory: Memory | None = None) -> list[Node]:
    """The body with the variables from which its control flow can be replayed."""
    return _Replay(body, names, memory or Memory([])).block(body)


class _Replay:
    def __init__(self, body: list[Node], names: Names, memory: Memory) -> None:
        self.names = names
        self.memory = memory
        self.places = places_of(body, memory.writes)

    def block(self, stmts: list[Node]) -> list[Node]:
        out: list[Node] = []
        for stmt in stmts:
            if isinstance(stmt, gast.If):
                out += self._if(stmt)
            elif isinstance(stmt, gast.While):
                out += self._while(stmt)
            elif isinstance(stmt, gast.For):
                out += self._for(stmt)
            else:
                out.append(stmt)
        return out

    def _if(self, stmt: Node) -> list[Node]:
        changes = {"body": self.block(stmt.body), "orelse": self.block(stmt.orelse)}
        if self.can_ask_again(stmt):
            return [copy_node(stmt, **changes)]
        name = self.names.temporary()
        kept = _marked(assign(name, stmt.test), stmt)
        kept.targets[0].kind = BOOL
        return [kept, copy_node(stmt, test=_of_kind(load(name), BOOL), **changes)]

    def can_ask_again(self, stmt: Node) -> bool:
        """Whether the test gives the same answer when the reverse sweep asks it."""
        if any(isinstance(each, gast.Break) for each in stmt.body[-1:]):
            return True  # asked of ``stop``
        places = self.places
        loops = places.loops(stmt)
        for name in self.memory.reads(stmt):
            if places.written_in(name, stmt):
                return False
            writers = places.writers.get(name, [])
            if loops:
                own = [w for w in writers if places.inside(w, loops[-1])]
                if any(not _is_index(w, name) for w in own):
                    return False
            elif any(places.number[id(w)] > places.number[id(stmt)] for w in writers):
                return False
        return True

    def _while(self, stmt: Node) -> list[Node]:
        trips = self.names.fresh("trips")
        start = _marked(assign(store(trips), constant(0)), None)
        count = _marked(assign(store(trips), binary(load(trips), gast.Add(), constant(1))), None)
        start.targets[0].kind = count.targets[0].kind = INT
        loop = copy_node(stmt, body=[count, *self.block(stmt.body)])
        loop.trips = trips
        return [start, loop]

    def _for(self, stmt: Node) -> list[Node]:
        loop = copy_node(stmt, body=self.block(stmt.body))
        if getattr(stmt, "stop", None) is None:
            return [loop]
        bounds = stmt.iter.args
        lower = bounds[0] if len(bounds) > 1 else constant(0)
        step = bounds[2] if len(bounds) > 2 else constant(1)
        before = _marked(assign(store(stmt.target.id), difference(lower, step)), None)
        before.targets[0].kind = INT
        return [before, loop]


def difference(left: Node, right: Node) -> Node:
    """``left - right``, as short as it can be written: ``n - 2`` for ``n - 1 - 1``.

    >>> from srcad.emit import text
    >>> from srcad.tree import parse
    >>> [text(difference(parse(left), parse("-1"))) for left in ("3", "n - 1", "n + 1", "n")]
    ['4', 'n', 'n + 2', 'n + 1']
    """
    amount, value = literal(right), literal(left)
    if amount is None:
        return binary(left, gast.Sub(), right)
    if value is not None:
        return constant(value - amount)
    base, added = left, 0
    if isinstance(left, gast.BinOp) and isinstance(left.op, (gast.Add, gast.Sub)):
        own = literal(left.right)
        if own is not None:
            base, added = left.left, int(own if isinstance(left.op, gast.Add) else -own)
    total = added - int(amount)
    if total == 0:
        return base
    return binary(base, gast.Add() if total > 0 else gast.Sub(), constant(abs(total)))


def _is_index(writer: Node, name: str) -> bool:
    return isinstance(writer, gast.For) and bool(writer.target.id == name)


def _marked(stmt: Node, origin: Node | None) -> Node:
    stmt.primal = True
    return with_origin(stmt, origin)


def _of_kind(node: Node, kind: object) -> Node:
    node.kind = kind
    return node
