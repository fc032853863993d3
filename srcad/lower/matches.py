"""``match``: its cases as ``if`` and ``elif``.

>>> import gast
>>> from srcad.emit import emit
>>> from srcad.errors import Problems
>>> from srcad.names import Names
>>> body = gast.parse('''
... match mode:
...     case "mean" | "average":
...         y = x / n
...     case k if k == other:
...         y = x * k
...     case _:
...         y = x
... ''').body
>>> print(emit(without_matches(body, {}, Names(), Problems(None))), end="")
if mode == 'mean' or mode == 'average':
    y = x / n
elif mode == other:
    k = mode
    y = x * k
else:
    y = x
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import gast

from srcad.analysis.kind import Array, Kind, Literal, Scalar, TupleOf
from srcad.errors import Problems
from srcad.listing import with_origin
from srcad.lower.scopes import exchanged
from srcad.names import Names
from srcad.tree import (
    Node,
    assign,
    blocks_of,
    call,
    children,
    constant,
    copy_node,
    is_name,
    item,
    load,
    walk,
)


def without_matches(
    body: list[Node], kinds: Mapping[str, Kind], names: Names, problems: Problems
) -> list[Node]:
    """The body with a chain of branches for each ``match``.

    ``kinds`` are those of the parameters that are not bound anew.
    """
    if not any(isinstance(node, gast.Match) for stmt in body for node in walk(stmt)):
        return body
    return _Matches(body, kinds, names, problems).block(body)


class _Pattern(NamedTuple):
    """What a pattern asks, in order, and what it binds where all of that holds."""

    tests: tuple[Node, ...] = ()
    bound: tuple[tuple[str, Node], ...] = ()

    def __add__(self, other: Any) -> _Pattern:
        return _Pattern(self.tests + other.tests, self.bound + other.bound)


# Classes whose pattern with one part hands on the value itself.
_WHOLE = ("bool", "float", "int", "str")


class _Refused(Exception):
    """A pattern that is not followed: the node, why, and what to write instead."""


class _Matches:
    def __init__(
        self, body: list[Node], kinds: Mapping[str, Kind], names: Names, problems: Problems
    ) -> None:
        self.kinds = kinds
        self.names = names
        self.problems = problems
        self.reads = [
            node.id
            for stmt in body
            for node in walk(stmt)
            if is_name(node) and isinstance(node.ctx, gast.Load)
        ]

    def block(self, body: list[Node]) -> list[Node]:
        out: list[Node] = []
        for stmt in body:
            if isinstance(stmt, gast.Match):
                out += self.match(stmt)
                continue
            if list(blocks_of(stmt)):
                changes = {"body": self.block(stmt.body), "orelse": self.block(stmt.orelse)}
                stmt = copy_node(stmt, **changes)
            out.append(stmt)
        return out

    def match(self, stmt: Node) -> list[Node]:
        """One ``match``; its subject is computed once."""
        before: list[Node] = []
        bound = {name for case in stmt.cases for name in captures(case.pattern)}
        subject = self.held(stmt.subject, bound, stmt, before)
        chain: list[Node] = []
        for case in reversed(stmt.cases):
            try:
                chain = self.case(case, subject, stmt, chain)
            except _Refused as refusal:
                node, why, instead = refusal.args
                self.problems.add(node, "this pattern of a `match`", why, instead)
        return [*before, *chain]

    def held(self, value: Node, bound: set[str], stmt: Node, before: list[Node]) -> Node:
        """The subject under names; of a tuple that is written out, each part."""
        if isinstance(value, gast.Constant) or (is_name(value) and value.id not in bound):
            return value
        if isinstance(value, (gast.Tuple, gast.List)) and not _has_star(value):
            parts = [self.held(each, bound, stmt, before) for each in value.elts]
            return copy_node(value, elts=parts)
        name = self.names.fresh("w")
        before.append(self.placed(assign(name, value), stmt))
        return load(name)

    def case(self, case: Node, subject: Node, stmt: Node, others: list[Node]) -> list[Node]:
        """The branch of one case, and the other cases where it does not match."""
        found = self.pattern(case.pattern, subject)
        new = dict(found.bound)
        tests = list(found.tests)
        if case.guard is not None:
            tests.append(exchanged(case.guard, new))
            if any(self.is_read_without(name, stmt) for name in new):
                why = "what it captures is read elsewhere, and is bound even if the guard says no"
                raise _Refused(case.pattern, why, "another name in each case")
        binds = [self.placed(assign(name, value), stmt) for name, value in found.bound]
        body = [*binds, *self.block(case.body)]
        if not tests:
            return body
        test = tests[0] if len(tests) == 1 else gast.BoolOp(gast.And(), tests)
        branch = gast.copy_location(gast.If(test, body, others), case.pattern)
        return [with_origin(branch, None)]

    def is_read_without(self, name: str, stmt: Node) -> bool:
        """Whether a name is read outside of those cases that bind it."""
        cases = [case for case in stmt.cases if name in captures(case.pattern)]
        inside = sum(_reads(node, name) for case in cases for node in walk(case))
        return self.reads.count(name) > inside

    def placed(self, new: Node, stmt: Node) -> Node:
        return with_origin(gast.copy_location(new, stmt), None)

    # -- patterns -------------------------------------------------------------------------------

    def pattern(self, pattern: Node, subject: Node) -> _Pattern:
        """What has to hold of a subject, and what is bound."""
        if isinstance(pattern, gast.MatchValue):
            self.no_display(pattern, subject)
            return _Pattern((gast.Compare(subject, [gast.Eq()], [pattern.value]),))
        if isinstance(pattern, gast.MatchSingleton):
            self.no_display(pattern, subject)
            return _Pattern((gast.Compare(subject, [gast.Is()], [constant(pattern.value)]),))
        if isinstance(pattern, gast.MatchAs):
            inner = (
                _Pattern() if pattern.pattern is None else self.pattern(pattern.pattern, subject)
            )
            name = identifier(pattern.name)
            return inner + _Pattern((), ((name, subject),)) if name else inner
        if isinstance(pattern, gast.MatchOr):
            return self.one_of(pattern, subject)
        if isinstance(pattern, gast.MatchSequence):
            return self.sequence(pattern, subject)
        if isinstance(pattern, gast.MatchClass):
            return self.of_class(pattern, subject)
        why = "which keys a mapping has is known only when the function runs"
        raise _Refused(pattern, why, "`if` and `elif` that ask for the keys")

    def no_display(self, pattern: Node, subject: Node) -> None:
        if isinstance(subject, (gast.Tuple, gast.List)):
            why = "it compares a whole tuple"
            raise _Refused(pattern, why, "a pattern for each part of the tuple")

    def one_of(self, pattern: Node, subject: Node) -> _Pattern:
        found = [self.pattern(each, subject) for each in pattern.patterns]
        if any(each.bound for each in found):
            why = "its alternatives bind names"
            raise _Refused(pattern, why, "a case for each alternative")
        if not all(each.tests for each in found):
            return _Pattern()
        tests = [
            each.tests[0] if len(each.tests) == 1 else gast.BoolOp(gast.And(), list(each.tests))
            for each in found
        ]
        return _Pattern((gast.BoolOp(gast.Or(), tests),))

    def sequence(self, pattern: Node, subject: Node) -> _Pattern:
        """Parts of a tuple whose length is known; numbers are no sequences."""
        kind = self.kinds.get(subject.id) if is_name(subject) else None
        if isinstance(kind, Array):
            why = "an array is a sequence here from NumPy 2.5 on, and is none before"
            raise _Refused(pattern, why, "`if` with `len(x)`")
        if isinstance(subject, gast.Constant) or isinstance(kind, (Scalar, Literal)):
            return _Pattern((constant(False),))
        if isinstance(subject, (gast.Tuple, gast.List)):
            parts = list(subject.elts)
        elif isinstance(kind, TupleOf):
            parts = [item(subject, constant(number)) for number in range(len(kind.items))]
        else:
            why = "whether it is a sequence, and of which length, is known only when it runs"
            raise _Refused(pattern, why, "`match` of a tuple that is written out, or `if`")
        stars = [n for n, each in enumerate(pattern.patterns) if isinstance(each, gast.MatchStar)]
        found = _Pattern()
        wanted = list(pattern.patterns)
        if stars:
            (place,) = stars
            after = len(wanted) - place - 1
            if len(parts) < len(wanted) - 1:
                return _Pattern((constant(False),))
            end = len(parts) - after
            name = identifier(wanted[place].name)
            if name:
                rest = gast.List(parts[place:end], gast.Load())
                found += _Pattern((), ((name, rest),))
            wanted = wanted[:place] + wanted[place + 1 :]
            parts = parts[:place] + parts[end:]
        if len(parts) != len(wanted):
            return _Pattern((constant(False),))
        for each, part in zip(wanted, parts, strict=True):
            found += self.pattern(each, part)
        return found

    def of_class(self, pattern: Node, subject: Node) -> _Pattern:
        """``float()``, ``float(y)``, ``Point(x=a)``."""
        self.no_display(pattern, subject)
        found = _Pattern((call("isinstance", subject, pattern.cls),))
        if pattern.patterns:
            if not is_name(pattern.cls, *_WHOLE) or len(pattern.patterns) > 1:
                why = "which attributes its parts stand for is said by the class"
                raise _Refused(pattern, why, "the attributes by their names, `Point(x=a, y=b)`")
            found += self.pattern(pattern.patterns[0], subject)
        for name, each in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
            found += self.pattern(each, gast.Attribute(subject, name, gast.Load()))
        return found


def captures(pattern: Node) -> set[str]:
    """The names that a pattern binds."""
    found: set[str] = set()
    pending = [pattern]
    while pending:
        node = pending.pop()
        for field in ("name", "rest"):
            name = identifier(getattr(node, field, None))
            found |= {name} if name else set()
        pending += children(node)
    return found


def identifier(name: Any) -> str:
    """A name that a pattern binds, as a string; "" for none."""
    return str(getattr(name, "id", name) or "")


def _reads(node: Node, name: str) -> bool:
    return is_name(node, name) and isinstance(node.ctx, gast.Load)


def _has_star(display: Node) -> bool:
    return any(isinstance(each, gast.Starred) for each in display.elts)
