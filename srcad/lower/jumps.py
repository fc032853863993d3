"""Jumps to structure: what follows a jump moves into the other branch.

An early ``return`` at the level of the function becomes the result's assignment and an ``else``;
``continue`` becomes an ``else``; ``break``, and ``return`` inside a loop, become ``stop = k`` and
one ``break``, so that the reverse sweep can ask how the loop ended.  A loop's ``else`` is run where
``stop`` is still 0.  Nothing is duplicated.

>>> import gast
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> body = gast.parse('''
... for i in range(n):
...     if i == k:
...         return x
...     x = x * x
... return y
... ''').body
>>> print(emit(Jumps(Names(), "result").function(body)), end="")
stop = 0
for i in range(n):
    if i == k:
        stop = 1
        break
    else:
        x = x * x
if stop == 1:
    result = x
else:
    result = y
"""

from __future__ import annotations

from dataclasses import dataclass, field

import gast

from srcad.listing import with_origin
from srcad.names import Names
from srcad.tree import Node, assign, blocks_of, constant, copy_node, load

JUMPS = (gast.Return, gast.Break, gast.Continue)


@dataclass
class Loop:
    """The loop that a statement is in: the variable that says how it ended, and its endings."""

    names: Names
    stop: str = ""
    returns: dict[int, Node] = field(default_factory=dict)
    endings: int = 0

    def ending(self, returned: Node | None = None) -> int:
        """The number of one way to leave the loop early."""
        self.stop = self.stop or self.names.fresh("stop")
        self.endings += 1
        if returned is not None:
            self.returns[self.endings] = returned
        return self.endings


def equals(name: str, value: int) -> Node:
    """``name == value``."""
    return gast.Compare(load(name), [gast.Eq()], [constant(value)])


def is_endless(stmt: Node) -> bool:
    """Whether a loop ends by a jump only: ``while True``."""
    if not isinstance(stmt, gast.While) or not isinstance(stmt.test, gast.Constant):
        return False
    return bool(stmt.test.value)


def may_jump(stmt: Node) -> bool:
    """Whether control may leave the statement's block by a jump."""
    pending = [(stmt, False)]
    while pending:
        current, in_loop = pending.pop()
        if isinstance(current, gast.Return):
            return True
        if isinstance(current, (gast.Break, gast.Continue)) and not in_loop:
            return True
        inside = in_loop or isinstance(current, (gast.For, gast.While))
        if isinstance(current, gast.If):
            pending += [(s, in_loop) for block in blocks_of(current) for s in block]
        elif isinstance(current, (gast.For, gast.While)):
            pending += [(s, inside) for s in current.body]
            pending += [(s, in_loop) for s in current.orelse]
    return False


def always_jumps(block: list[Node]) -> bool:
    """Whether control never reaches the end of the block."""
    if not block:
        return False
    last = block[-1]
    if any(isinstance(stmt, (*JUMPS, gast.Raise)) for stmt in block):
        return True
    return isinstance(last, gast.If) and always_jumps(last.body) and always_jumps(last.orelse)


class Jumps:
    """The rewriting of one function's jumps; ``result`` names its result."""

    def __init__(self, names: Names, result: str) -> None:
        self.names = names
        self.result = result

    def function(self, body: list[Node]) -> list[Node]:
        """The body without jumps out of it."""
        return self.block(body, None)

    def block(self, stmts: list[Node], loop: Loop | None) -> list[Node]:
        """A block whose jumps are gone, but for ``break`` at the end of a branch."""
        out: list[Node] = []
        pending = list(reversed(stmts))
        while pending:
            stmt = pending.pop()
            if isinstance(stmt, JUMPS):
                return out + self.jump(stmt, loop)
            if isinstance(stmt, (gast.For, gast.While)):
                lowered, after = self.loop(stmt)
                out += lowered
                pending += reversed(after)
            elif isinstance(stmt, gast.If) and may_jump(stmt):
                rest = pending[::-1]
                if rest and not always_jumps(stmt.body) and not always_jumps(stmt.orelse):
                    pending += reversed(self.flagged(stmt))
                    continue
                body = stmt.body if always_jumps(stmt.body) else stmt.body + rest
                orelse = stmt.orelse if always_jumps(stmt.orelse) else stmt.orelse + rest
                branch = copy_node(
                    stmt, body=self.block(body, loop), orelse=self.block(orelse, loop)
                )
                branch.guard = always_jumps(stmt.body) and not stmt.orelse
                return [*out, branch]
            elif isinstance(stmt, gast.If):
                branch = copy_node(
                    stmt, body=self.block(stmt.body, loop), orelse=self.block(stmt.orelse, loop)
                )
                out.append(branch)
            else:
                out.append(stmt)
                if isinstance(stmt, gast.Raise):
                    return out
        return out

    def jump(self, stmt: Node, loop: Loop | None) -> list[Node]:
        """What a jump becomes at the end of its branch."""
        if isinstance(stmt, gast.Continue):
            return []
        if loop is None:
            value = stmt.value if stmt.value is not None else constant(None)
            return [with_origin(assign(self.result, value), stmt)]
        number = loop.ending(stmt if isinstance(stmt, gast.Return) else None)
        record = with_origin(assign(loop.stop, constant(number)), None)
        record.is_stop = True
        return [record, gast.Break()]

    def loop(self, stmt: Node) -> tuple[list[Node], list[Node]]:
        """The loop with its early endings recorded, and what comes after it."""
        context = Loop(self.names)
        lowered = copy_node(stmt, body=self.block(stmt.body, context), orelse=[])
        lowered.stop = context.stop or None
        before = [lowered]
        after: list[Node] = []
        if context.stop:
            before.insert(0, with_origin(assign(context.stop, constant(0)), None))
            after = [
                gast.If(equals(context.stop, number), [returned], [])
                for number, returned in context.returns.items()
            ]
        if is_endless(stmt) and len(context.returns) == context.endings > 0:
            after[-1] = after[-1].body[0]  # there is no other way out
        elif stmt.orelse and context.endings > len(context.returns):
            after.append(gast.If(equals(context.stop, 0), stmt.orelse, []))
        else:
            after += stmt.orelse
        return before, after

    def flagged(self, stmt: Node) -> list[Node]:
        """A jump from the depth of an ``if`` that others follow: first a flag, then the jump."""
        flag = self.names.fresh("jump")
        jumps: list[Node] = []

        def block(stmts: list[Node]) -> list[Node]:
            out: list[Node] = []
            for position, each in enumerate(stmts):
                if isinstance(each, JUMPS):
                    jumps.append(each)
                    return [*out, with_origin(assign(flag, constant(len(jumps))), None)]
                if isinstance(each, gast.If) and may_jump(each):
                    out.append(copy_node(each, body=block(each.body), orelse=block(each.orelse)))
                    rest = block(stmts[position + 1 :])
                    if rest:
                        out.append(gast.If(equals(flag, 0), rest, []))
                    return out
                if isinstance(each, (gast.For, gast.While)) and may_jump(each):
                    lowered, after = self.loop(each)
                    return out + lowered + block(after + stmts[position + 1 :])
                out.append(each)
            return out

        lowered = block([stmt])
        start = with_origin(assign(flag, constant(0)), None)
        dispatch = [gast.If(equals(flag, n), [jump], []) for n, jump in enumerate(jumps, 1)]
        return [start, *lowered, *dispatch]
