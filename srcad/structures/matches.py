"""``match`` where structures take part: most cases are decided while the function is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn

import gast

from srcad.lower.matches import identifier
from srcad.structures.base import DICT, LIST, NAMED, OBJECT, TUPLE, said
from srcad.structures.branches import Branches
from srcad.structures.values import Const, Leaf, Struct, Value
from srcad.tree import Node, copy_node

# Classes whose pattern with one part hands on the value itself.
WHOLE = (bool, bytes, dict, float, frozenset, int, list, set, str, tuple)


@dataclass
class Match:
    """What a pattern asks when the function runs, in order, and what it binds."""

    tests: list[Node] = field(default_factory=list)
    bound: dict[str, Value] = field(default_factory=dict)


class Matches(Branches):
    """The `match` statements of one function."""

    def _Match_statement(self, stmt: Node) -> str:
        subject: Value = getattr(stmt, "known_subject", None) or self.value(stmt.subject, "subject")
        if isinstance(subject, Leaf) and not self.is_stable(subject.node):
            subject = Leaf(self.keep(subject.node, "subject"), subject.number, subject.whole)
        if isinstance(subject, Struct) and not subject.stem:
            self.name_parts(subject, "subject")
        for n, case in enumerate(stmt.cases):
            match = self.matched(case.pattern, subject)
            if match is None:
                continue
            rest = [copy_node(stmt, cases=stmt.cases[n + 1 :])] if stmt.cases[n + 1 :] else []
            for each in rest:
                each.known_subject = subject
            if match.tests:
                return self._by_tests(case, match, rest, stmt)
            self._bind(match, case)
            if case.guard is None:
                return self.block(case.body)
            guard = self.value(case.guard)
            known = self.truth(guard, case.guard)
            if known is None:
                test = self.node_of(guard, case.guard)
                return self.branch(stmt, test, case.body, rest)
            if known:
                return self.block(case.body)
        return ""

    def _bind(self, match: Match, case: Node) -> None:
        """Give what a pattern captures its name."""
        for name, value in match.bound.items():
            target = gast.Name(name, gast.Store(), None, None)
            self.assign_to(gast.copy_location(target, case.pattern), value)

    def _by_tests(self, case: Node, match: Match, rest: list[Node], stmt: Node) -> str:
        """A case that only the run can decide."""
        if case.guard is not None and match.bound:
            why = "what it captures is bound before the guard, where only the run knows whether"
            self.refuse(case.pattern, "this pattern of a `match`", why, "an `if` inside the case")
        tests = list(match.tests)
        if case.guard is not None:
            tests.append(self.leaf(case.guard))
        test = tests[0] if len(tests) == 1 else gast.BoolOp(gast.And(), tests)
        test = self.located_at(test, case.pattern)
        return self.branch(stmt, test, case.body, rest, lambda: self._bind(match, case))

    # -- patterns ----------------------------------------------------------------------------------

    def matched(self, pattern: Node, value: Value) -> Match | None:
        """What a pattern makes of a value; None where it does not match."""
        handler = getattr(self, f"_{type(pattern).__name__}")
        found: Match | None = handler(pattern, value)
        return found

    def undecided(self, pattern: Node) -> NoReturn:
        """Refuse a pattern that cannot be decided."""
        why = "whether the value is of its form is not known"
        self.refuse(pattern, "this pattern of a `match`", why, "`isinstance` and an `if`")

    def _MatchAs(self, pattern: Node, value: Value) -> Match | None:
        found = Match() if pattern.pattern is None else self.matched(pattern.pattern, value)
        name = identifier(pattern.name)
        if found is not None and name:
            found.bound[name] = value
        return found

    def _MatchValue(self, pattern: Node, value: Value) -> Match | None:
        wanted = self.value(pattern.value)
        if isinstance(value, Struct):
            if value.form == OBJECT and self.special(value, "__eq__") is not None:
                self.undecided(pattern)
            return None
        if isinstance(value, Const) and isinstance(wanted, Const):
            return Match() if value.value == wanted.value else None
        sides = [self.node_of(value, pattern), self.node_of(wanted, pattern)]
        return Match([self.located_at(gast.Compare(sides[0], [gast.Eq()], sides[1:]), pattern)])

    def _MatchSingleton(self, pattern: Node, value: Value) -> Match | None:
        if isinstance(value, Const):
            return Match() if value.value is pattern.value else None
        if isinstance(value, Leaf) and not value.number:
            self.undecided(pattern)
        return None

    def _MatchSequence(self, pattern: Node, value: Value) -> Match | None:
        if isinstance(value, Leaf) and not value.number:
            self.undecided(pattern)
        if not isinstance(value, Struct) or value.form not in (LIST, TUPLE, NAMED):
            return None
        parts, patterns = list(value.parts.values()), pattern.patterns
        star = next((n for n, p in enumerate(patterns) if isinstance(p, gast.MatchStar)), None)
        if star is None:
            return self._each(patterns, parts) if len(parts) == len(patterns) else None
        after = len(patterns) - star - 1
        if len(parts) < star + after:
            return None
        end = len(parts) - after
        found = self._each(patterns[:star] + patterns[star + 1 :], parts[:star] + parts[end:])
        name = identifier(patterns[star].name)
        if found is not None and name:
            found.bound[name] = self.made(LIST, list, dict(enumerate(parts[star:end])), name)
        return found

    def _each(self, patterns: list[Node], values: list[Value]) -> Match | None:
        """Several patterns, of which each has to match."""
        whole = Match()
        for pattern, value in zip(patterns, values, strict=True):
            found = self.matched(pattern, value)
            if found is None:
                return None
            whole.tests += found.tests
            whole.bound |= found.bound
        return whole

    def _MatchMapping(self, pattern: Node, value: Value) -> Match | None:
        if not isinstance(value, Struct) or value.form != DICT:
            return None
        keys = [self.key(self.value(each), each, said(value)) for each in pattern.keys]
        if any(key not in value.parts for key in keys):
            return None
        found = self._each(pattern.patterns, [value.parts[key] for key in keys])
        name = identifier(pattern.rest)
        if found is not None and name:
            rest = {key: part for key, part in value.parts.items() if key not in keys}
            found.bound[name] = self.made(DICT, dict, rest, name)
        return found

    def _MatchClass(self, pattern: Node, value: Value) -> Match | None:
        cls = self.value(pattern.cls)
        if not isinstance(cls, Const) or not isinstance(cls.value, type):
            self.undecided(pattern)
        assert isinstance(cls, Const)
        wanted: type = cls.value
        own = self.class_of(value)
        found = Match()
        if own is not None:
            if not issubclass(own, wanted):
                return None
        elif wanted in WHOLE or wanted.__module__ in ("numpy", "numbers", "builtins"):
            call = gast.Call(gast.Name("isinstance", gast.Load(), None, None), [], [])
            call.args = [self.node_of(value, pattern), self.node_of(cls, pattern)]
            found.tests.append(self.located_at(call, pattern))
        else:
            return None
        whole = wanted in WHOLE and len(pattern.patterns) == 1
        names = [] if whole else list(getattr(wanted, "__match_args__", ()))
        if not whole and len(pattern.patterns) > len(names):
            why = f"{wanted.__name__} takes {len(names)} positions in a pattern"
            self.refuse(pattern, "this pattern of a `match`", why, "attributes by their names")
        if whole:
            parts: list[Value] = [value]
        else:
            every = [*names[: len(pattern.patterns)], *pattern.kwd_attrs]
            if every and not isinstance(value, Struct):
                self.undecided(pattern)
            parts = []
            for name in every:
                has = self._of_hasattr([value, Const(name)], {}, pattern, "")
                if not isinstance(has, Const) or not has.value:
                    return None
                parts.append(self.attribute_of(value, name, pattern))
        inner = self._each([*pattern.patterns, *pattern.kwd_patterns], parts)
        if inner is None:
            return None
        return Match(found.tests + inner.tests, inner.bound)

    def _MatchOr(self, pattern: Node, value: Value) -> Match | None:
        tests: list[Node] = []
        for each in pattern.patterns:
            found = self.matched(each, value)
            if found is None:
                continue
            if not found.tests and not tests:
                return found
            if found.bound:
                self.undecided(each)
            if not found.tests:
                return Match()
            both = found.tests[0]
            tests.append(both if len(found.tests) == 1 else gast.BoolOp(gast.And(), found.tests))
        if not tests:
            return None
        one = tests[0] if len(tests) == 1 else gast.BoolOp(gast.Or(), tests)
        return Match([self.located_at(one, pattern)])


__all__ = ["Matches"]
