"""A random program as a tree of statements: enough structure to print it and to take parts away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Compound:
    """A statement with bodies: each clause is a header ("if a > 0:", "else:") and its body."""

    clauses: tuple[tuple[str, Body], ...]


Statement = str | Compound
Body = tuple[Statement, ...]


@dataclass(frozen=True)
class Case:
    """Functions, of which the last is the program, and the points to try it at."""

    name: str
    functions: tuple[tuple[str, Body], ...]
    points: tuple[tuple[Any, ...], ...]
    imports: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """The text of the module.

        >>> loop = Compound((("for i in range(2):", ("x = x * x",)),))
        >>> print(Case("f", (("def f(x):", (loop, "return x")),), ()).source)
        import math
        <BLANKLINE>
        import numpy as np
        <BLANKLINE>
        <BLANKLINE>
        def f(x):
            for i in range(2):
                x = x * x
            return x
        <BLANKLINE>
        """
        lines = [*self.imports, "import math", "", "import numpy as np"]
        for header, body in self.functions:
            lines += ["", "", header, *_lines(body, 1)]
        return "\n".join(lines) + "\n"

    def smaller(self) -> Iterator[Case]:
        """The same case with one part less, the largest parts first."""
        for k in range(len(self.functions) - 1):
            yield replace(self, functions=self.functions[:k] + self.functions[k + 1 :])
        for k, (header, body) in enumerate(self.functions):
            for less in sorted(_smaller(body), key=_size):
                functions = (*self.functions[:k], (header, less), *self.functions[k + 1 :])
                yield replace(self, functions=functions)
        if len(self.points) > 1:
            for point in self.points:
                yield replace(self, points=(point,))


def _lines(body: Body, depth: int) -> Iterator[str]:
    for statement in body or ("pass",):
        if isinstance(statement, str):
            yield "    " * depth + statement
        else:
            for header, inner in statement.clauses:
                yield from ("    " * depth + line.strip() for line in header.split("\n"))
                yield from _lines(inner, depth + 1)


def _size(body: Body) -> int:
    return sum(
        1 if isinstance(s, str) else sum(1 + _size(inner) for _, inner in s.clauses) for s in body
    )


def _pinned(statement: Statement) -> bool:
    """What keeps a `while` finite stays."""
    return isinstance(statement, str) and statement.startswith("count")


def _smaller(body: Body) -> Iterator[Body]:
    """Every body with one statement removed, unwrapped, or itself made smaller."""
    for k, statement in enumerate(body):
        before, after = body[:k], body[k + 1 :]
        if not _pinned(statement):
            yield before + after
        if isinstance(statement, str):
            continue
        for c, (header, inner) in enumerate(statement.clauses):
            yield before + inner + after
            if c > 0:
                yield (
                    *before,
                    Compound(statement.clauses[:c] + statement.clauses[c + 1 :]),
                    *after,
                )
            for less in _smaller(inner):
                clauses = (*statement.clauses[:c], (header, less), *statement.clauses[c + 1 :])
                yield (*before, Compound(clauses), *after)
