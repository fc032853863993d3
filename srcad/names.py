"""Every name that generated code introduces.

A tangent is the variable's name with a dot, an adjoint with a bar, on the first letter; a second
derivative of the same mode gets a mark of its own.  No new name ever meets one of the user's.

>>> names = Names({"x", "w1", "i", "_x"})
>>> names.dot("x"), names.bar("w3"), names.dot("i"), names.bar("_x")
('ẋ', 'w̄3', 'i_dot', '_x_bar')
>>> names.fresh("w"), names.fresh("stop"), names.fresh("stop")
('w2', 'stop', 'stop2')
>>> Names({"x"}, ascii=True).dot("x")
'x_dot'
"""

from __future__ import annotations

import builtins
import keyword
import unicodedata
from collections.abc import Iterable

# The combining marks of the first, second and third derivative of one mode.
DOTS = ("\u0307", "\u0308", "\u20db")
BARS = ("\u0304", "\u033f", "\u0305\u033f")
# A dot on these cannot be told from the letter's own.
NO_DOT = frozenset("ij")

RESERVED = frozenset(keyword.kwlist) | frozenset(keyword.softkwlist) | frozenset(dir(builtins))


class Names:
    """The names of one generated module: the user's, which are taken, and ours."""

    def __init__(self, taken: Iterable[str] = (), *, ascii: bool = False) -> None:
        self.taken = set(taken) | RESERVED
        self.ascii = ascii
        self.temporaries: set[str] = set()
        # The names of tangents and adjoints, and those of tangents.
        self.derivatives: set[str] = set()
        self.tangents: set[str] = set()
        # A temporary's name in the reverse sweep, and in the forward sweep.
        self.twins: dict[str, str] = {}
        # A later array of a variable, under a name of its own (``lower/versions.py``).
        self.versions: dict[str, str] = {}
        # The variable whose values a tape holds.
        self.tapes: dict[str, str] = {}
        # The user's name of a parameter that has one of the function's own (``lower/renewed.py``).
        self.own: dict[str, str] = {}
        # The parameters that may be parts of one array, which is written.
        self.together: list[set[str]] = []
        self._dots: dict[str, str] = {}
        self._bars: dict[str, str] = {}
        self._next: dict[str, int] = {}

    def fresh(self, stem: str) -> str:
        """A name nobody has: ``w`` is numbered from 1, other stems from 2."""
        number = self._next.get(stem, 1)
        while True:
            name = stem if number == 1 and stem != "w" else f"{stem}{number}"
            number += 1
            if name not in self.taken:
                break
        self._next[stem] = number
        self.taken.add(name)
        return name

    def temporary(self) -> str:
        """A new ``w``: the value of one elementary operation.

        Whoever makes it assigns it by one statement only: passes take it for its definition.
        """
        name = self.fresh("w")
        self.temporaries.add(name)
        return name

    def dot(self, name: str) -> str:
        """The name of a variable's tangent."""
        dotted = self._mark(name, self._dots, DOTS, "dot", NO_DOT)
        self.tangents.add(dotted)
        return dotted

    def bar(self, name: str) -> str:
        """The name of a variable's adjoint."""
        return self._mark(name, self._bars, BARS, "bar", frozenset())

    def unmarked(self) -> dict[str, str]:
        """The variable that each tangent and adjoint belongs to."""
        return {m: name for known in (self._dots, self._bars) for name, m in known.items()}

    def is_adjoint(self, name: str) -> bool:
        """Whether a name is that of an adjoint."""
        return name in self.derivatives and name not in self.tangents

    def _mark(
        self,
        name: str,
        known: dict[str, str],
        marks: tuple[str, ...],
        word: str,
        unmarkable: frozenset[str],
    ) -> str:
        if name not in known:
            known[name] = self._first_free(name, marks, word, unmarkable)
            self.derivatives.add(known[name])
            if name in self.temporaries:
                self.temporaries.add(known[name])
        return known[name]

    def overlapping(self) -> list[set[str]]:
        """The names that may be parts of one array: such parameters, and their derivatives."""
        groups = [[group, *zip(*map(self.marked, group), strict=False)] for group in self.together]
        return [set(group) for each in groups for group in each]

    def marked(self, name: str) -> list[str]:
        """The tangent and the adjoint of a variable, where they have been named."""
        return [known[name] for known in (self._dots, self._bars) if name in known]

    def _first_free(
        self, name: str, marks: tuple[str, ...], word: str, unmarkable: frozenset[str]
    ) -> str:
        base = unicodedata.normalize("NFD", name)
        letter, rest = base[:1], base[1:]
        if not self.ascii and letter.isalpha() and letter not in unmarkable:
            # A name that carries the first mark gets the second instead, and so on.
            level = next((n for n, mark in enumerate(marks) if rest.startswith(mark)), -1)
            rest = rest[len(marks[level]) :] if level >= 0 else rest
            for mark in marks[level + 1 :]:
                candidate = unicodedata.normalize("NFKC", letter + mark + rest)
                if candidate.isidentifier() and candidate not in self.taken:
                    self.taken.add(candidate)
                    return candidate
        number = 1
        while True:
            candidate = f"{name}_{word}{number if number > 1 else ''}"
            if candidate not in self.taken:
                self.taken.add(candidate)
                return candidate
            number += 1
