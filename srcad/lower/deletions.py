"""`del name`: where what was deleted is read afterwards, before the name has another value.

>>> import gast
>>> body = gast.parse('''
... for i in range(n):
...     y = x * i
...     del y
... y = x
... del x
... return x * y
... ''').body
>>> [(gone.id, read.lineno) for gone, read in read_again(body)]
[('x', 7)]
"""

from __future__ import annotations

import gast

from srcad.lower.scopes import free_names
from srcad.tree import Node, is_name, walk

Deleted = dict[str, Node]


def read_again(body: list[Node]) -> list[tuple[Node, Node]]:
    """The names that are deleted and may be read afterwards, with the place of the reading."""
    if not any(isinstance(node, gast.Delete) for stmt in body for node in walk(stmt)):
        return []
    paths = _Paths()
    paths.block(body, {})
    return list(paths.found.values())


class _Paths:
    """The paths through a function; which names may be deleted at each place."""

    def __init__(self) -> None:
        self.found: dict[int, tuple[Node, Node]] = {}
        # What is deleted where the loops around are left, and where they start again.
        self.breaks: list[Deleted] = []
        self.continues: list[Deleted] = []

    def block(self, stmts: list[Node], gone: Deleted) -> Deleted | None:
        """What may be deleted after a block; None if its end is never reached."""
        state: Deleted | None = dict(gone)
        for stmt in stmts:
            if state is None:
                return None
            state = self.statement(stmt, state)
        return state

    def statement(self, stmt: Node, gone: Deleted) -> Deleted | None:
        if isinstance(stmt, (gast.For, gast.While)):
            return self.loop(stmt, gone)
        if isinstance(stmt, gast.If):
            self.parts([stmt.test], gone)
            return _either(self.block(stmt.body, gone), self.block(stmt.orelse, gone))
        if isinstance(stmt, gast.Match):
            self.parts([stmt.subject], gone)
            ends = [self.block(each.body, gone) for each in stmt.cases]
            return _either(dict(gone), *ends)
        if isinstance(stmt, gast.With):
            self.parts(stmt.items, gone)
            return self.block(stmt.body, gone)
        if isinstance(stmt, gast.Try):
            return self.tried(stmt, gone)
        self.parts([stmt], gone)
        if isinstance(stmt, (gast.Return, gast.Raise)):
            return None
        if isinstance(stmt, (gast.Break, gast.Continue)):
            left = self.breaks if isinstance(stmt, gast.Break) else self.continues
            left[-1].update(gone)
            return None
        return gone

    def loop(self, stmt: Node, gone: Deleted) -> Deleted | None:
        if isinstance(stmt, gast.For):
            self.parts([stmt.iter], gone)
        state = dict(gone)
        while True:  # until a trip deletes nothing more
            self.breaks.append({})
            self.continues.append({})
            start = dict(state)
            self.parts([stmt.target if isinstance(stmt, gast.For) else stmt.test], start)
            end = self.block(stmt.body, start)
            left, again = self.breaks.pop(), self.continues.pop()
            before = len(state)
            state |= {**(end or {}), **again}
            if len(state) == before:
                break
        return _either(self.block(stmt.orelse, state), left)

    def tried(self, stmt: Node, gone: Deleted) -> Deleted | None:
        body = self.block(stmt.body, gone)
        inside = [n for part in stmt.body for n in walk(part) if isinstance(n, gast.Delete)]
        raised = gone | {t.id: t for each in inside for t in each.targets if is_name(t)}
        ends = [self.block(each.body, raised) for each in stmt.handlers]
        if body is not None:
            body = self.block(stmt.orelse, body)
        state = _either(body, *ends)
        return self.block(stmt.finalbody, raised if state is None else state)

    def parts(self, parts: list[Node], gone: Deleted) -> None:
        """What expressions, or a simple statement, read and bind."""
        nodes = [node for part in parts for node in walk(part)]
        read = [n for n in nodes if is_name(n) and not isinstance(n.ctx, gast.Store)]
        read += [n.target for n in nodes if isinstance(n, gast.AugAssign) and is_name(n.target)]
        free = free_names(*parts)
        for each in read:
            used = each.id in free or not isinstance(each.ctx, gast.Load)
            if each.id in gone and used:
                self.found.setdefault(id(gone[each.id]), (gone[each.id], each))
        for each in (n for n in nodes if is_name(n)):
            if isinstance(each.ctx, gast.Store):
                gone.pop(each.id, None)
            elif isinstance(each.ctx, gast.Del):
                gone[each.id] = each


def _either(*states: Deleted | None) -> Deleted | None:
    """What may be deleted where several paths meet."""
    reached = [each for each in states if each is not None]
    return {k: v for each in reached for k, v in each.items()} if reached else None
