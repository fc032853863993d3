"""A corpus of small, nasty programs: one file a theme, each program a plain function.

A program declares the points at which it is tried; points are chosen to take every path, the loop
that makes no trip included. ``tests/test_programs.py`` says what must hold of each.

    @program((2.0, 0), (2.0, 3))      # two points
    def f(x, n): ...

    @refused((2.0,), match="global")  # must be refused, with a message that says so
    def g(x): ...
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from types import FunctionType
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Program:
    """A function, the points to try it at, and what is expected of it."""

    function: FunctionType
    points: tuple[tuple[Any, ...], ...]
    order: int = 2
    may_refuse: bool = False
    refused: str | None = None
    precision: float = 1e-9

    @property
    def name(self) -> str:
        """Theme and function."""
        return f"{self.function.__module__.rpartition('.')[2]}.{self.function.__name__}"


REGISTRY: list[Program] = []


def program(
    *points: tuple[Any, ...],
    order: int = 2,
    may_refuse: bool = False,
    precision: float = 1e-9,
) -> Callable[[F], F]:
    """Declare a program that is differentiated, rightly, at each point.

    ``order`` is the highest derivative to take of it; ``may_refuse`` marks a program outside the
    promised language, which may be refused but not be wrong; ``precision`` is the relative error
    that a program may have that computes in single precision.
    """

    def register(function: F) -> F:
        assert isinstance(function, FunctionType)
        REGISTRY.append(
            Program(function, points, order, may_refuse, precision=precision),
        )
        return function

    return register


def refused(*points: tuple[Any, ...], match: str = "") -> Callable[[F], F]:
    """Declare a program that must be refused before it runs."""

    def register(function: F) -> F:
        assert isinstance(function, FunctionType)
        REGISTRY.append(Program(function, points, refused=match))
        return function

    return register


# Themes of structures: ``tests/test_structures.py`` says what must hold of their programs.
STRUCTURES = (
    "dicts",
    "sequences",
    "namedtuples",
    "dataclasses",
    "objects",
    "operators",
    "flows",
    "tricks",
    "state",
    "keys",
    "matches",
)


def corpus(*, structures: bool = False) -> list[Program]:
    """All programs of all themes; those of structures, or those without."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    themes = {f"{__name__}.structured_{theme}" for theme in STRUCTURES}
    return [each for each in REGISTRY if (each.function.__module__ in themes) is structures]
