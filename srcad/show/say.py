"""What goes to stderr: one sentence for each problem, with its line of source and a caret."""

from __future__ import annotations

import unicodedata

from srcad.errors import Problem, SrcadError
from srcad.lower.function import variables_of
from srcad.lower.resolve import Resolver
from srcad.read import Source, Unresolved
from srcad.tree import names_in

REPORT = "this is a defect of srcad: please report it, with the function"


def refusal(error: SrcadError, place: str) -> str:
    """A refusal in words; ``place`` is where the function begins.

    >>> from srcad.errors import UnsupportedError
    >>> problem = Problem("`with`", "it has no derivative", "", "f.py", 2, 4, 2, 8, "    with x:")
    >>> print(refusal(UnsupportedError([problem]), "f.py:1 f"))
    f.py:2:5: cannot differentiate `with`: it has no derivative
        with x:
        ^^^^
    """
    if not error.problems:
        return f"{place}: {error}"
    return "\n".join(_located(each) for each in error.problems)


def _located(problem: Problem) -> str:
    said = f"{problem.construct}: {problem.why}"
    if problem.instead:
        said += f"; write instead {problem.instead}"
    if problem.construct != "invalid syntax":
        said = f"cannot differentiate {said}"
    line, start = problem.text.rstrip(), problem.col_offset
    end = problem.end_col_offset if problem.end_lineno == problem.lineno else len(line)
    # Tabs stay tabs under the line, and a letter with its marks is one column.
    before = "".join(c if c == "\t" else " " * columns(c) for c in line[:start])
    carets = "^" * max(columns(line[start:end]), 1)
    where = f"{problem.filename}:{problem.lineno}:{start + 1}"
    return f"{where}: {said}\n{line}\n{before}{carets}"


def columns(line: str) -> int:
    """The columns that a text takes in a terminal.

    >>> columns("w̄3"), columns("é"), columns("漢字")
    (2, 1, 4)
    """
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in line)
    return len(line) + wide - sum(map(bool, map(unicodedata.combining, line)))


def unresolved(source: Source) -> list[str]:
    """The names of a function whose meaning only running the file would tell, and why."""
    resolver = Resolver(source.scope, variables_of(source))
    found = []
    for name in sorted(names_in(*source.tree.body) - resolver.variables):
        try:
            resolver.lookup(name)
        except Unresolved as error:
            if "running the file" in error.reason:
                found.append(str(error))
    return found


def defect(error: BaseException, place: str) -> str:
    """The sentence for an exception that should not have come."""
    if isinstance(error, RecursionError):
        return f"{place}: it is nested too deeply: break long expressions up over statements"
    reason = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(": ")
    return f"{place}: srcad failed ({reason}); {REPORT}"
