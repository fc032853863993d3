"""The ends of a function: each path returns a value, or raises.

Python gives None where control runs off the end of a function, and a derivative has no such value.

>>> import gast
>>> body = gast.parse('''
... for i in range(n):
...     if x > 1:
...         return x
...     x = x * x
... else:
...     if n > 3:
...         raise ValueError
... ''').body
>>> [stmt.lineno for stmt in open_ends(body)]
[7]
>>> open_ends(gast.parse("while True:\\n    if x > 1:\\n        return x").body)
[]
"""

from __future__ import annotations

from collections.abc import Iterable

import gast

from srcad.lower.jumps import is_endless
from srcad.tree import Node, blocks_of, is_name, walk

LOOPS = (gast.For, gast.While)


def open_ends(body: list[Node]) -> list[Node]:
    """The last statements of a body on the paths that run off its end."""
    if not body or not all(map(completes, body)):
        return []
    last = body[-1]
    if isinstance(last, gast.If):
        branches = [branch for branch in (last.body, last.orelse) if _completes(branch)]
        return [end for branch in branches for end in (open_ends(branch) or [last])]
    if isinstance(last, LOOPS) and last.orelse and not _breaks(last.body):
        return open_ends(last.orelse)
    return [last]


def always_raises(body: list[Node]) -> bool:
    """Whether a function never returns."""
    returns = any(isinstance(n, gast.Return) for stmt in body for n in walk(stmt))
    return not returns and not _completes(body)


def completes(stmt: Node) -> bool:
    """Whether control may go on after a statement."""
    if isinstance(stmt, (gast.Return, gast.Raise, gast.Break, gast.Continue)):
        return False
    if isinstance(stmt, gast.If):
        return _completes(stmt.body) or _completes(stmt.orelse)
    if isinstance(stmt, LOOPS):
        return _breaks(stmt.body) or (not is_endless(stmt) and _completes(stmt.orelse))
    return True


def _completes(body: list[Node]) -> bool:
    return all(map(completes, body))


def _breaks(body: list[Node]) -> bool:
    """Whether a loop's body has a ``break`` of this loop."""
    pending = list(body)
    while pending:
        stmt = pending.pop()
        if isinstance(stmt, gast.Break):
            return True
        if isinstance(stmt, LOOPS):
            pending += stmt.orelse
        else:
            pending += [each for block in blocks_of(stmt) for each in block]
    return False


def maybe_none(body: list[Node], names: Iterable[str]) -> list[Node]:
    """The statements of a listing by which any of the variables may be None at its end."""
    held: dict[str, list[Node]] = {}
    _flow(body, held, [])
    return [stmt for name in names for stmt in held.get(name, [])]


def _flow(
    body: list[Node], held: dict[str, list[Node]], breaks: list[dict[str, list[Node]]]
) -> None:
    """Which variables may be None after a block, by which statements."""
    for stmt in body:
        if isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]):
            name = stmt.targets[0].id
            is_none = isinstance(stmt.value, gast.Constant) and stmt.value.value is None
            copied = held.get(stmt.value.id, []) if is_name(stmt.value) else []
            held[name] = [stmt] if is_none else copied
        elif isinstance(stmt, gast.If):
            other = dict(held)
            name, is_none = _tested(stmt.test)
            (other if is_none else held).pop(name, None)
            _flow(stmt.body, held, breaks)
            _flow(stmt.orelse, other, breaks)
            if _ends(stmt.body):
                held.clear()
            if not _ends(stmt.orelse):
                _join(held, other)
        elif isinstance(stmt, LOOPS):
            leaving: list[dict[str, list[Node]]] = []
            before: dict[str, list[Node]] = {}
            while before != held:  # a trip may hand it on to the next one
                before = dict(held)
                _flow(stmt.body, held, leaving)
                _join(held, before)
            for each in leaving:
                _join(held, each)
        elif isinstance(stmt, gast.Break):
            breaks.append(dict(held))


def _tested(test: Node) -> tuple[str, bool]:
    """The variable that a test compares with None, and whether it asks if it is None."""
    if isinstance(test, gast.Compare) and is_name(test.left) and len(test.ops) == 1:
        other, operator = test.comparators[0], test.ops[0]
        is_none = isinstance(other, gast.Constant) and other.value is None
        if is_none and isinstance(operator, (gast.Is, gast.IsNot)):
            return test.left.id, isinstance(operator, gast.Is)
    return "", True


def _join(held: dict[str, list[Node]], other: dict[str, list[Node]]) -> None:
    for name, stmts in other.items():
        known = held.get(name, [])
        held[name] = known + [each for each in stmts if not any(each is old for old in known)]


def _ends(body: list[Node]) -> bool:
    return bool(body) and isinstance(body[-1], (gast.Raise, gast.Break))
