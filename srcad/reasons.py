"""All reasons why a function is refused, those of the functions that it calls among them.

A refusal ends the pass that finds it, and no later one has seen the function.  What is refused for
its form, or for what a name means, is found again here, in all functions at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import gast

from srcad.errors import Problem, Problems, SrcadError, UnsupportedError
from srcad.lower.meanings import check_meanings
from srcad.lower.validate import NAMESPACES, REFUSED, validate
from srcad.pipeline.listings import called_by
from srcad.read import Source, source_for

# Forms that are followed where functions or structures take part.
_FOLLOWED = (gast.FunctionDef, gast.Lambda, gast.Dict, gast.DictComp, gast.Set)
_ALWAYS = {each.construct for kind, each in REFUSED.items() if kind not in _FOLLOWED}
_ALWAYS |= {"`async def`", *(f"`{name}()`" for name in NAMESPACES)}


def with_called(refusal: UnsupportedError, fun: Callable[..., Any]) -> UnsupportedError:
    """A refusal of a function, with what is wrong with it and with all functions that it calls."""
    try:
        source = source_for(fun)
    except SrcadError:
        return refusal
    found = dict.fromkeys(refusal.problems)
    seen: set[Source] = set()
    pending = [source]
    while pending:
        each = pending.pop(0)
        if each in seen or each.is_generated or _is_library(each):
            continue
        seen.add(each)
        for problem in refused_anywhere(each):
            found.setdefault(problem)
        try:
            pending += called_by(each, source_for)
        except SrcadError:  # one of them has no source
            continue
    files = list(dict.fromkeys([source.filename, *(each.filename for each in found)]))
    ordered = sorted(found, key=lambda p: (files.index(p.filename), p.lineno, p.col_offset))
    return type(refusal)(ordered) if len(ordered) > len(refusal.problems) else refusal


def _is_library(source: Source) -> bool:
    """Whether a function is not the user's."""
    module = getattr(source.function, "__module__", None) or ""
    root = module.partition(".")[0]
    libraries = sys.stdlib_module_names | {"numpy", "scipy", "srcad"}
    return root in libraries and root != "__main__"


def refused_anywhere(source: Source) -> list[Problem]:
    """The constructs of a function that are refused whatever is around them."""
    problems = Problems(source)
    try:
        validate(source)
    except UnsupportedError as error:
        problems.found += [p for p in error.problems if p.construct in _ALWAYS]
    check_meanings(source, problems, all_of_them=True)
    return problems.found
