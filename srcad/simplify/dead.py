"""Dead code: statements whose values nothing reads.

A backward liveness analysis over structured code.  Statements with an effect of their own stay:
``assert``, ``raise``, ``print``, calls of functions that may do any of these.

>>> import gast
>>> from srcad.emit import emit
>>> body = gast.parse('''
... s = 0.0
... for i in range(n):
...     t = x * i
...     s = s + t
...     y = y * x
... ''').body
>>> print(emit(live_code(body, {"y"})), end="")
for i in range(n):
    y = y * x

Taking a value from a list changes the list.  A tape from which no value that is read is ever taken
is not needed at all:

>>> body = gast.parse('''
... tape = []
... for i in range(n):
...     tape.append(y)
...     y = y * x
... for i in range(n):
...     y = tape.pop()
...     s = s * x
... ''').body
>>> print(emit(live_code(body, {"s"}, tapes=popped_only(body, {"tape"}))), end="")
for i in range(n):
    s = s * x
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import gast

from srcad.listing import origin_of, with_origin
from srcad.simplify.aliases import Aliases
from srcad.simplify.flow import bound_by, has_effect, read_by
from srcad.tree import (
    COMPOUND,
    Comment,
    Node,
    appended_list,
    copy_node,
    popped_list,
    statements_in,
    target_names,
)


def live_code(
    body: list[Node],
    live_out: set[str],
    aliases: Aliases | None = None,
    tapes: Collection[str] = (),
) -> list[Node]:
    """The body without statements whose values are not needed after it.

    ``aliases`` are those of a function of which the body is only a part; ``tapes`` the lists that
    are only appended to and popped.
    """
    aliases = aliases or Aliases(body)
    sites = {_site(s) for s in statements_in(body) if popped(s) in tapes} if tapes else set()
    while sites:
        out = _live(body, live_out, aliases, sites)
        unread = unread_saves(body, out) & sites
        if unread == sites:
            break
        if _pops(out) == _pops(body):
            return out  # all of them are read
        # One value that is read makes all the others of its site be popped, too, and what they
        # are popped by may be read then.
        sites = unread
    return _live(without_saves(body, sites), live_out, aliases)


def _live(
    body: list[Node], live_out: set[str], aliases: Aliases, unread: Collection[object] = ()
) -> list[Node]:
    dead = Dead(aliases, unread)
    dead.kept = set(live_out)
    return dead.block(body, set(live_out))


def unread_saves(body: list[Node], live: list[Node]) -> set[object]:
    """The sites of a body whose saved values are all popped in vain; ``live`` is what is not."""
    return _pops(body).keys() - _pops(live).keys()


def without_saves(body: list[Node], sites: Collection[object]) -> list[Node]:
    """The body without what is appended to tapes, and popped from them, at some sites."""
    if not sites:
        return body
    out: list[Node] = []
    for stmt in body:
        if isinstance(stmt, COMPOUND):
            blocks = {
                field: without_saves(getattr(stmt, field), sites) for field in ("body", "orelse")
            }
            out.append(copy_node(stmt, **blocks))
        elif not (popped(stmt) or grown(stmt)) or _site(stmt) not in sites:
            out.append(stmt)
    return out


def _pops(body: list[Node]) -> Counter[object]:
    """How often each site is popped."""
    return Counter(_site(stmt) for stmt in statements_in(body) if popped(stmt))


def _site(stmt: Node) -> object:
    """Where a value is saved: at a statement of its own, or anywhere on a tape."""
    return getattr(stmt, "site", None) or popped(stmt) or grown(stmt)


def popped(stmt: Node) -> str:
    """The list that a statement takes a value from; or ""."""
    return popped_list(stmt.value) if isinstance(stmt, gast.Assign) else ""


def grown(stmt: Node) -> str:
    """The list that a statement appends to; or ""."""
    return appended_list(stmt.value) if isinstance(stmt, gast.Expr) else ""


def popped_only(body: list[Node], tapes: Collection[str]) -> set[str]:
    """The tapes that are made, appended to and popped, and not read in any other way."""
    others: set[str] = set()
    for stmt in statements_in(body):
        others |= read_by(stmt) - {popped(stmt) or grown(stmt)}
    return {tape for tape in tapes if tape not in others}


def live_before(body: list[Node], live_out: set[str], aliases: Aliases) -> set[str]:
    """The variables whose values a body needs from before it."""
    live = set(live_out)
    dead = Dead(aliases)
    dead.kept = live_out
    dead.block(body, live)
    return live


class Dead:
    """The pass; ``breaks`` holds what is live where the loops around a statement end."""

    def __init__(self, aliases: Aliases, unread: Collection[object] = ()) -> None:
        self.aliases = aliases
        # The sites of values that may be popped less often.
        self.unread = unread
        self.breaks: list[set[str]] = []
        # Inside a loop a first round only finds what is live; the second one drops.
        self.heads: list[set[str]] = []
        # What the caller sees after any return: a list that is handed in.
        self.kept: set[str] = set()
        self.known: dict[object, tuple[Node, list[Node], frozenset[str]]] = {}

    def block(self, body: list[Node], live: set[str]) -> list[Node]:
        """The live part of a block; ``live`` becomes what is live before it."""
        kept: list[Node] = []
        for stmt in reversed(body):
            if isinstance(stmt, (gast.Assign, gast.AugAssign, gast.Expr)):
                needed = self.simple(stmt, live)
                if needed is not None:
                    kept.append(needed)
            else:
                kept += self.statement(stmt, live)
        return kept[::-1]

    def simple(self, stmt: Node, live: set[str]) -> Node | None:
        """What is needed of an assignment or a call; ``live`` becomes what is live before it."""
        written = self.aliases.written(stmt)
        if popped(stmt) and _site(stmt) in self.unread:
            written = written - {popped(stmt)}
        if written and written.isdisjoint(live) and not self._acts(stmt):
            return None
        if isinstance(stmt, gast.Assign):
            bound = bound_by(stmt)
            unread = bound.isdisjoint(live) and getattr(stmt.value, "effect", False)
            # What the caller holds it still has where its name here becomes another array's.
            live -= bound - self.kept
            if unread:  # it is there for its effect
                stmt = with_origin(gast.Expr(stmt.value), origin_of(stmt))
        live |= read_by(stmt)
        return stmt

    def statement(self, stmt: Node, live: set[str]) -> list[Node]:
        """What is needed of any other statement."""
        if isinstance(stmt, Comment):
            return [stmt]
        if isinstance(stmt, gast.If):
            return self._if(stmt, live)
        if isinstance(stmt, (gast.For, gast.While)):
            return self._loop(stmt, live)
        if isinstance(stmt, gast.Break):
            live.clear()
            live.update(self.breaks[-1])
            return [stmt]
        if isinstance(stmt, gast.Continue):
            live.clear()
            live.update(self.heads[-1])
            return [stmt]
        if isinstance(stmt, (gast.Return, gast.Raise)):
            live.clear()
            live.update(self.kept)
        live |= read_by(stmt)
        return [stmt]

    def _acts(self, stmt: Node) -> bool:
        if isinstance(stmt, gast.Expr):
            return getattr(getattr(stmt.value, "func", None), "attr", "") != "append"
        return has_effect(stmt.value) and not (popped(stmt) and _site(stmt) in self.unread)

    def _if(self, stmt: Node, live: set[str]) -> list[Node]:
        after = set(live)
        body = self.block(stmt.body, live)
        orelse = self.block(stmt.orelse, after)
        live |= after
        if not body and not orelse:
            return []
        live |= read_by(stmt)
        return [copy_node(stmt, body=body, orelse=orelse)]

    def _loop(self, stmt: Node, live: set[str]) -> list[Node]:
        # An inner loop that is met again with the same needs is not gone round again.
        key = (id(stmt), frozenset(live), tuple(map(frozenset, (*self.breaks, *self.heads))))
        if key not in self.known:
            kept = self._round(stmt, live)
            self.known[key] = (stmt, kept, frozenset(live))
        _, kept, before = self.known[key]
        live.clear()
        live.update(before)
        return kept

    def _round(self, stmt: Node, live: set[str]) -> list[Node]:
        after = set(live)
        head = set(live)
        self.breaks.append(after)
        self.heads.append(head)
        while True:
            trial = set(head)
            if isinstance(stmt, gast.While):
                trial |= read_by(stmt)
            self.heads[-1] = set(trial)
            body = self.block(stmt.body, trial)
            if isinstance(stmt, gast.While):
                trial |= read_by(stmt)
            else:
                trial -= set(target_names(stmt.target))
            if trial <= head:
                break
            head |= trial
        self.breaks.pop()
        self.heads.pop()
        target = set() if isinstance(stmt, gast.While) else set(target_names(stmt.target))
        if not body and target.isdisjoint(after):
            return []
        if not body and isinstance(stmt, gast.For) and not _jumps(stmt.body):
            body = []
        live |= head
        live |= read_by(stmt)
        return [copy_node(stmt, body=body)]


def _jumps(body: list[Node]) -> bool:
    return any(isinstance(each, (gast.Break, gast.Continue)) for each in body)
