"""A copy of a function in which dual numbers survive.

The code object stays the user's own. Only what its free names mean changes: ``math``, ``np``,
``float`` become the shims, and user functions become copies of themselves, recursively.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tests.oracle.memory import cells
from tests.oracle.shims import BUILTINS, BY_IDENTITY, MODULES

OWN = {
    f"tests.oracle.{room}"
    for room in (
        "derivatives",
        "dual",
        "elementary",
        "lift",
        "linalg",
        "memory",
        "nested",
        "shims",
        "special",
        "structures",
    )
}

# How other objects are made fit, by their types.
OTHERS: dict[type, Callable[[Any, dict[int, Any]], Any]] = {}


def lift(value: Any, memo: dict[int, Any] | None = None) -> Any:
    """What a name stands for, made fit for dual numbers."""
    memo = {} if memo is None else memo
    if getattr(value, "__module__", None) in OWN:
        return value  # the oracle, differentiating a function that calls it
    if id(value) in BY_IDENTITY:
        return BY_IDENTITY[id(value)]
    if type(value) in OTHERS:
        return OTHERS[type(value)](value, memo)
    if isinstance(value, types.FunctionType):
        return memo[id(value)] if id(value) in memo else _lift_function(value, memo)
    if isinstance(value, types.ModuleType):
        if value.__name__ in MODULES:
            return MODULES[value.__name__]
        if value.__name__.split(".")[0] in ("builtins", "numpy"):
            return value
        return _Module(value, memo)
    if isinstance(value, np.ndarray):  # a captured array: dual numbers may be written to a copy
        return memo.setdefault(id(value), cells(value))
    return value


def _lift_function(function: types.FunctionType, memo: dict[int, Any]) -> Callable[..., Any]:
    namespace: dict[str, Any] = {"__builtins__": BUILTINS, "__name__": function.__module__}
    cells = tuple(types.CellType() for _ in function.__closure__ or ())
    copy = types.FunctionType(
        function.__code__, namespace, function.__name__, function.__defaults__, cells
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    memo[id(function)] = copy  # before its names are lifted: it may be one of them
    for name in _names(function.__code__):
        if name in function.__globals__:
            namespace[name] = lift(function.__globals__[name], memo)
    for cell, original in zip(cells, function.__closure__ or (), strict=True):
        cell.cell_contents = lift(original.cell_contents, memo)
    return copy


def _names(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names(constant)


class _Module:
    """A user's module: each attribute is lifted when asked for."""

    def __init__(self, module: types.ModuleType, memo: dict[int, Any]) -> None:
        self._module = module
        self._memo = memo

    def __getattr__(self, name: str) -> Any:
        return lift(getattr(self._module, name), self._memo)
