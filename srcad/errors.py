"""What is refused, and how it is said.

Every refusal is a `SrcadError`, and a `SrcadError` is a `SyntaxError`: Python itself then prints
the file, the line and a caret under the construct, in a terminal, a notebook or a debugger alike.
All the problems of a function are collected first, and said in one go.
"""

from __future__ import annotations

import os.path
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Problem:
    """One construct that is refused: what, why, what to write instead, and where.

    `col_offset` and `end_col_offset` count characters from 0. (The columns of Python's own syntax
    trees count UTF-8 bytes; `problem_at` converts them.)

    >>> print(Problem("`with`", "it has no derivative", "the body alone", "f.py", 3, 4, 3, 8, ""))
    f.py:3:5: `with`: it has no derivative; write instead the body alone
    """

    construct: str
    why: str
    instead: str
    filename: str
    lineno: int
    col_offset: int
    end_lineno: int
    end_col_offset: int
    text: str

    def __str__(self) -> str:
        # Columns are shown from 1, as compilers and editors do.
        return f"{self.filename}:{self.lineno}:{self.col_offset + 1}: {_said(self)}"


def _said(problem: Problem) -> str:
    """The problem in words, without its place."""
    words = f"{problem.construct}: {problem.why}"
    return f"{words}; write instead {problem.instead}" if problem.instead else words


class SrcadError(SyntaxError):
    """The base of everything that srcad refuses.

    `problems` says what is wrong, one `Problem` per construct; it is empty when the refusal has no
    place in a source (a wrong argument, say).

    >>> try:
    ...     raise SrcadError("`f` is not a function")
    ... except SyntaxError as error:
    ...     print(error)
    `f` is not a function
    """

    problems: tuple[Problem, ...]

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        self.problems = tuple(problems)
        self._message = message
        if not self.problems:
            super().__init__(message)
            return
        first = self.problems[0]
        # SyntaxError counts columns from 1, and its caret is drawn under one line only: the mark
        # of a construct of several lines goes to the end of its first one.
        one_line = first.end_lineno == first.lineno and first.end_col_offset > first.col_offset
        end = first.end_col_offset if one_line else len(first.text.rstrip())
        super().__init__(
            message,
            (
                first.filename,
                first.lineno,
                first.col_offset + 1,
                first.text,
                first.lineno,
                max(end, first.col_offset + 1) + 1,
            ),
        )

    def __str__(self) -> str:
        if len(self.problems) != 1:  # several: each line of the message has its place already
            return self._message
        (only,) = self.problems
        place = f"{os.path.basename(only.filename)}, line {only.lineno}"
        return f"{self._message} ({place}, column {only.col_offset + 1})"

    def __reduce__(self) -> tuple[Any, ...]:
        # SyntaxError's `args` are not the arguments of these classes.
        return _rebuild, (type(self), self._message, self.problems), dict(self.__dict__)


def _rebuild(kind: type[SrcadError], message: str, problems: tuple[Problem, ...]) -> SrcadError:
    """A pickled error back again, whatever the signature of its class."""
    error = kind.__new__(kind)
    SrcadError.__init__(error, message, problems)
    return error


class UnsupportedError(SrcadError):
    """Constructs that are outside the accepted language, all of them at once.

    >>> with_ = Problem("`with`", "it has no derivative", "the body", "f.py", 3, 4, 3, 8, "")
    >>> try_ = Problem("`try`", "it jumps", "an `if`", "f.py", 5, 4, 5, 7, "")
    >>> print(UnsupportedError([with_]))
    cannot differentiate `with`: it has no derivative; write instead the body (f.py, line 3, column 5)
    >>> print(UnsupportedError([with_, try_]))
    cannot differentiate this function, for 2 reasons:
      f.py:3:5: `with`: it has no derivative; write instead the body
      f.py:5:5: `try`: it jumps; write instead an `if`
    """  # noqa: E501  (the line is the message, as printed)

    # The functions whose calls are to be written out, if that may help (``pipeline/program.py``).
    callees: frozenset[Any] = frozenset()

    def __init__(self, problems: Iterable[Problem]) -> None:
        problems = tuple(problems)
        if len(problems) == 1:
            message = f"cannot differentiate {_said(problems[0])}"
        else:
            message = "\n  ".join(
                [f"cannot differentiate this function, for {len(problems)} reasons:"]
                + [str(problem) for problem in problems]
            )
        super().__init__(message, problems)


class UndecidedError(UnsupportedError):
    """What is refused because the value of a number, or a length, decides which part is meant."""


class SourceError(SrcadError):
    """The source of a function cannot be found, or is not the code that runs."""


class ArgumentError(SrcadError, TypeError):
    """A wrong argument, in a call or a decoration. It is a `TypeError` too.

    >>> isinstance(ArgumentError("wrt=3, but `f` has 2 parameters"), TypeError)
    True
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)


def with_article(word: str) -> str:
    """A word after its article.

    >>> with_article("int"), with_article("float"), with_article("ufunc")
    ('an int', 'a float', 'a ufunc')
    """
    vowel = word[:1].lower() in "aeiou" and not word.startswith(("uf", "uni"))
    return f"an {word}" if vowel else f"a {word}"


def a_type(value: object) -> str:
    """What a value is, in an error: its type, after an article."""
    return with_article(type(value).__name__)


class Text(Protocol):
    """As much of a source as an error needs (`srcad.read.Source` has it)."""

    @property
    def filename(self) -> str: ...

    @property
    def lines(self) -> tuple[str, ...]: ...

    @property
    def tree(self) -> Any: ...


def problem_at(node: Any, source: Text, construct: str, why: str, instead: str) -> Problem:
    """The problem with `node`, a node of the tree of `source`."""
    if getattr(node, "lineno", None) is None:
        node = source.tree  # a node that has no place (an operator, say): point at the function
    lineno = int(getattr(node, "lineno", None) or 1)
    column = int(getattr(node, "col_offset", None) or 0)
    end_lineno = int(getattr(node, "end_lineno", None) or lineno)
    end_column = getattr(node, "end_col_offset", None)
    text = _line(source, lineno)
    return Problem(
        construct,
        why,
        instead,
        source.filename,
        lineno,
        characters(text, column),
        end_lineno,
        characters(_line(source, end_lineno), column if end_column is None else int(end_column)),
        text,
    )


def _line(source: Text, lineno: int) -> str:
    return source.lines[lineno - 1] if 1 <= lineno <= len(source.lines) else ""


def characters(line: str, column: int) -> int:
    """How many characters the first `column` UTF-8 bytes of a line are.

    >>> characters("ẇ = x", 6), characters("w = x", 4)
    (4, 4)
    """
    return len(line.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "replace"))


class Problems:
    """Collects what is wrong with one function, so that all of it is said at once.

    A pass calls `add` for each construct that it cannot accept, and goes on; `raise_if_any` at the
    end reports them in the order of the source.
    """

    def __init__(self, source: Text) -> None:
        self.source = source
        self.found: list[Problem] = []

    def add(self, node: Any, construct: str, why: str, instead: str) -> None:
        """Note that `node` is refused. The same thing said twice is kept once."""
        problem = problem_at(node, self.source, construct, why, instead)
        if problem not in self.found:
            self.found.append(problem)

    def __bool__(self) -> bool:
        return bool(self.found)

    def raise_if_any(self, kind: type[UnsupportedError] = UnsupportedError) -> None:
        """Raise `UnsupportedError` with all that was added, if anything was."""
        if self.found:
            raise kind(sorted(self.found, key=lambda p: (p.lineno, p.col_offset)))
