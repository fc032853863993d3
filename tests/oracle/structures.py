"""Structures for the oracle: a function of dicts, tuples and objects as one of the numbers in them.

Dual numbers live in structures as any others do. What has to be known is where the numbers are, and
how a structure is made of others; and the methods of classes have to find the replaced ``math``.
"""

from __future__ import annotations

import contextlib
import copy
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from tests.oracle.lift import lift
from tests.oracle.shims import BUILTINS, BY_IDENTITY, MODULES

CONSTANTS = (str, bool, type(None), type)
FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, np.ufunc)


def parts(value: Any) -> dict[Any, Any] | None:
    """The parts of a structure; None for what is none."""
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, (list, tuple)):
        return dict(enumerate(value))
    if isinstance(value, (np.ndarray, np.generic, int, float, complex, *CONSTANTS, *FUNCTIONS)):
        return None
    if type(value).__module__.startswith(("tests.programs", "types")):
        slots = [n for c in type(value).__mro__ for n in getattr(c, "__slots__", ())]
        return {n: getattr(value, n) for n in slots} | getattr(value, "__dict__", {})
    return None


def leaves(value: Any) -> list[Any]:
    """The numbers and arrays in a structure, in order; what else it holds is left out.

    >>> leaves({"a": (1.0, "text"), "b": [2]})
    [1.0, 2]
    """
    inner = parts(value)
    if inner is not None:
        return [leaf for each in inner.values() for leaf in leaves(each)]
    return [] if isinstance(value, CONSTANTS) or _is_function(value) else [value]


def _is_function(value: Any) -> bool:
    return isinstance(value, FUNCTIONS)


def remade(value: Any, new: Iterator[Any], constants: bool = True) -> Any:
    """The same structure of other leaves; without ``constants``, None stands in their places."""
    inner = parts(value)
    if inner is None:
        if isinstance(value, CONSTANTS) or _is_function(value):
            return BY_IDENTITY.get(id(value), value) if constants else None
        return next(new)
    made = {key: remade(each, new, constants) for key, each in inner.items()}
    if isinstance(value, dict):
        return made
    if isinstance(value, (list, tuple)):
        if hasattr(value, "_fields"):
            return type(value)(*made.values())
        return type(value)(made.values())
    result = type(value).__new__(type(value))
    for name, each in made.items():
        object.__setattr__(result, name, each)
    return result


def same_layout(one: Any, other: Any) -> bool:
    """Whether two structures are of the same classes, with the same keys in the same order."""
    inner, its = parts(one), parts(other)
    if its is None:
        return inner is None
    if inner is None or type(one) is not type(other) or list(inner) != list(its):
        return False
    return all(same_layout(inner[key], each) for key, each in its.items())


class Flat:
    """A function of structures as a function of their leaves, which returns leaves."""

    def __init__(self, function: Callable[..., Any], point: Sequence[Any]) -> None:
        self.function = lift(function)
        self.module = sys.modules[function.__module__]
        self.point = tuple(point)

    def __call__(self, *values: Any) -> Any:
        given = remade(copy.copy(self.point), iter(values))
        with replaced(self.module):
            result = self.function(*given)
        return tuple(leaves(result)) if parts(result) is not None else result


@contextlib.contextmanager
def replaced(module: Any) -> Iterator[None]:
    """The module of a program, whose classes are to compute with dual numbers, for a while."""
    names = vars(module)
    before = dict(names)
    for name, value in before.items():
        if id(value) in BY_IDENTITY:
            names[name] = BY_IDENTITY[id(value)]
        elif getattr(value, "__name__", "") in MODULES and value is sys.modules[value.__name__]:
            names[name] = MODULES[value.__name__]
    for name in ("float", "max", "min", "pow"):
        names.setdefault(name, BUILTINS[name])
    try:
        yield
    finally:
        names.clear()
        names.update(before)
