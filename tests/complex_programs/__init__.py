"""Programs with complex values: each a plain function with a real result, and points to try it at.

``tests/test_complex_programs.py`` says what must hold of each.  They are a corpus of their own: the
function itself, which NumPy's arrays of complex numbers do not keep from differences, is a second
oracle beside the dual numbers.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from types import FunctionType
from typing import Any

REGISTRY: list[tuple[FunctionType, tuple[tuple[Any, ...], ...], int]] = []


def program(*points: tuple[Any, ...], order: int = 1) -> Callable[[Any], Any]:
    """Declare a program that is differentiated, rightly, at each point, up to an order."""

    def register(function: Any) -> Any:
        REGISTRY.append((function, points, order))
        return function

    return register


def corpus() -> list[tuple[FunctionType, tuple[tuple[Any, ...], ...], int]]:
    """All programs of all themes."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return list(REGISTRY)
