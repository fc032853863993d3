"""Random programs of many constructs, put together from templates beside those that write arrays.

A program has two to four groups of templates, or the one that is asked for.  Whether a construct is
one that srcad accepts is not asked: what is refused is counted, what is wrong is found.
"""

from __future__ import annotations

import re
from random import Random

from tests.fuzz.expressions import Scope
from tests.fuzz.memory import MemoryWriter
from tests.fuzz.templates import GROUPS, MADE, PRELUDE
from tests.fuzz.tree import Body, Case, Compound, Statement

IMPORTS = ("import functools", "from dataclasses import dataclass")
CONTINUED = ("else:", "elif ", "except ", "finally:")
GAP = re.compile(r"{([a-zA-Z]+)(\d?)}")


def mixed_case(seed: int, number: int, group: str = "") -> Case:
    """The program of that number among those of many constructs; of one group, if asked."""
    return MixedWriter(Random(f"mixed:{group}:{seed}:{number}"), group).case(f"f{number}")


class MixedWriter(MemoryWriter):
    """Writes one case."""

    def __init__(self, random: Random, group: str) -> None:
        super().__init__(random)
        some = [group] if group else random.sample(sorted(GROUPS), random.randint(2, 4))
        self.groups = sorted(some)
        self.depth = 0

    def case(self, name: str) -> Case:
        """The case of the other family, with what its templates need before it."""
        case = super().case(name)
        before: list[tuple[str, Body]] = []
        for word, text in PRELUDE.items():
            if word in case.source:
                (made,) = parsed(text.strip("\n"))
                assert isinstance(made, Compound)
                before.append(made.clauses[0])
        imports = (*IMPORTS, "import srcad") if "srcad." in case.source else IMPORTS
        return Case(case.name, (*before, *case.functions), case.points, imports)

    def function_body(self, scope: Scope, size: int, returns: object) -> Body:
        """Containers are there from the start, so that every template finds its own."""
        first: list[Statement] = []
        if "v" in scope.values:
            for name, ways in MADE.items():
                if any(f"{{{name}}}" in t for g in self.groups for t in GROUPS[g]):
                    first += self.filled(f"{name} = {self.random.choice(ways)}", scope)
                    scope.others[name] = ("made", ())
        return (*first, *super().function_body(scope, size, returns))  # type: ignore[arg-type]

    def statement(self, scope: Scope, nesting: int, jumps: bool) -> list[Statement]:
        """One statement, with what must stand before it: two of three are of a template."""
        r = self.random
        if "x" not in scope.values or not scope.names((2, 3)) or r.random() < 0.35:
            return super().statement(scope, nesting, jumps)
        templates = GROUPS[r.choice(self.groups)]
        fit = [t for t in templates if (nesting < 2 or not _is_nested(t)) and _made(t, scope)]
        return self.filled(r.choice(fit), scope, nesting) if fit else []

    def filled(self, template: str, scope: Scope, nesting: int = 0) -> list[Statement]:
        """The statements of a template, its gaps filled; its targets are bound behind it."""
        same: dict[str, str] = {}
        bound: list[tuple[str, tuple[int, ...]]] = []
        bodies: dict[str, Body] = {}

        def fill(gap: re.Match[str]) -> str:
            if gap[0] in same:
                return same[gap[0]]
            kind = gap[1]
            if kind == "body":
                text = f"body{len(bodies)}"
                self.loops += 1
                bodies[text] = self.body(scope.copy(), self.random.randint(1, 2), nesting + 2)
                self.loops -= 1
            elif kind in ("t", "w"):
                text = self.target(scope, () if kind == "t" else (3,))
                bound.append((text, () if kind == "t" else (3,)))
            else:
                text = self.gap(kind, scope)
            if gap[2]:
                same[gap[0]] = text
            return text

        text = GAP.sub(fill, template.strip("\n"))
        for name, shape in bound:
            scope.values[name] = shape
        return list(_with_bodies(parsed(text), bodies))

    def gap(self, kind: str, scope: Scope) -> str:
        """What is written into a gap of that kind."""
        r, write = self.random, self.expressions
        if kind in MADE:
            return kind
        ints = sorted(scope.ints)
        name = f" {r.choice(ints)} " if ints and r.random() < 0.4 else ""
        ways = {
            "e": lambda: write.bounded(scope, (), 1),
            "a": lambda: f"({r.choice(scope.names(()))} * {r.choice([0.5, 0.75, -0.25])})",
            "E": lambda: write.bounded(scope, (3,), 1),
            "M": lambda: write.bounded(scope, (2, 3), 1),
            "v": lambda: r.choice(scope.names((3,))),
            "m": lambda: r.choice(scope.names((2, 3))),
            "x": lambda: r.choice(scope.names(())),
            "i": lambda: f"({name.strip()} % 3)" if name else str(r.randint(0, 2)),
            "j": lambda: f"({name.strip()} % 2)" if name else str(r.randint(0, 1)),
            "c": lambda: write.condition(scope),
            "h": lambda: str(write.threshold()),
            "ab": lambda: r.choice("ab"),
            "op": lambda: r.choice(["+=", "-=", "*=", "="]),
            "slice": lambda: r.choice(["1:", ":2", "::-1", "::2", ":0:-1", "-2:", ":"]),
        }
        return ways[kind]()

    def result(self, scope: Scope) -> str:
        """A number that depends on what has been written, in the containers too."""
        ways = {
            "rows": "rows[1][0] * rows[0][2]", "arrs": "np.sum(arrs[0] * arrs[1])",
            "ball": "ball.x * ball.v", "cloth": "np.sum(cloth.p) * cloth.age",
        }  # fmt: skip
        terms = [ways[n] for n in sorted(scope.others) if self.random.random() < 0.8]
        return " + ".join([super().result(scope), *terms])


def parsed(text: str) -> Body:
    """The statements of a text; a header and what is indented below it are one.

    >>> parsed("if a:\\n    b = 1\\nelse:\\n    b = 2\\nc = b")
    (Compound(clauses=(('if a:', ('b = 1',)), ('else:', ('b = 2',)))), 'c = b')
    """
    statements: list[Statement] = []
    lines = text.split("\n")
    while lines:
        header = lines.pop(0)
        while header.split("\n")[-1].startswith("@"):  # stands with what it decorates
            header = f"{header}\n{lines.pop(0)}"
        inner: list[str] = []
        while lines and lines[0].startswith("    "):
            inner.append(lines.pop(0)[4:])
        if not inner:
            statements.append(header)
            continue
        clause = (header, parsed("\n".join(inner)))
        if header.startswith(CONTINUED):
            begun = statements.pop()
            assert isinstance(begun, Compound)
            statements.append(Compound((*begun.clauses, clause)))
        else:
            statements.append(Compound((clause,)))
    return tuple(statements)


def _with_bodies(body: Body, bodies: dict[str, Body]) -> Body:
    """The statements that stand for bodies, replaced by these."""
    made: list[Statement] = []
    for each in body:
        if isinstance(each, str):
            made += bodies.get(each, (each,))
        else:
            clauses = tuple((h, _with_bodies(b, bodies) or ("pass",)) for h, b in each.clauses)
            made.append(Compound(clauses))
    return tuple(made)


def _is_nested(template: str) -> bool:
    return "\n    " in template


def _made(template: str, scope: Scope) -> bool:
    """Whether the containers are there that a template is about."""
    return all(name in scope.others for name in MADE if f"{{{name}}}" in template)
