"""Functions that ask for the classes of their arguments, and NumPy's numbers.

Generated code computes with Python's numbers, whatever the class of those that it is given; a
function that asks `isinstance(n, int)` would hear something else there.
"""

from __future__ import annotations

import types
from typing import Any

import gast
import numpy as np

from srcad.errors import ArgumentError, with_article
from srcad.read import source_for
from srcad.structures.layout import form_of, parts_of
from srcad.tree import walk

# Numbers of these classes are what Python's are: `np.float64` is a float.
_LIKE_PYTHON = (np.float64, np.complex128)
_ASKING = ("isinstance", "type")


def check_classes(fun: Any, arguments: dict[str, Any]) -> None:
    """Refuse numbers of NumPy's own classes where the function may ask for that.

    >>> def doubled(x, n):
    ...     return x * 2 if isinstance(n, int) else x
    >>> check_classes(doubled, {"x": np.float64(1.0), "n": 3})
    >>> check_classes(doubled, {"x": 1.0, "n": np.int64(3)})
    Traceback (most recent call last):
    srcad.errors.ArgumentError: argument n is an int64 of NumPy, and doubled asks for classes of \
values: pass one of Python's own, `n.item()`
    """
    divides = divides_in_try(fun)
    for name, value in arguments.items():
        if divides and holds_numpy(value):
            raise ArgumentError(
                f"argument {name} is, or holds, a number of NumPy, and a quotient of "
                f"{getattr(fun, '__name__', 'the function')} is in a `try`: NumPy's numbers are "
                f"divided by zero without an error; pass one of Python's own, `float({name})`"
            )
        if isinstance(value, np.generic) and not isinstance(value, _LIKE_PYTHON) and asks(fun):
            raise ArgumentError(
                f"argument {name} is {with_article(type(value).__name__)} of NumPy, and "
                f"{getattr(fun, '__name__', 'the function')} asks for classes of values: pass one "
                f"of Python's own, `{name}.item()`"
            )


def holds_numpy(value: Any) -> bool:
    """Whether a value is one of NumPy's numbers, or a structure that holds one."""
    pending, seen = [value], set()
    while pending:
        each = pending.pop()
        if isinstance(each, np.generic):
            return True
        form = form_of(each)
        if form and id(each) not in seen:
            seen.add(id(each))
            pending += parts_of(each, form).values()
    return False


def divides_in_try(fun: Any) -> bool:
    """Whether a function handles what a division raises."""
    if not isinstance(fun, types.FunctionType) or not fun.__code__.co_exceptiontable:
        return False
    tries = [node for node in source_for(fun).nodes if isinstance(node, gast.Try)]
    divisions = (gast.Div, gast.FloorDiv, gast.Mod)
    nodes = (each for node in tries for stmt in node.body for each in walk(stmt))
    return any(isinstance(getattr(each, "op", None), divisions) for each in nodes)


def asks(fun: Any) -> bool:
    """Whether a function, or one that it may call, asks for the class of a value."""
    pending, seen = [fun], set()
    while pending:
        function = pending.pop()
        function = getattr(function, "primal", function)
        if not isinstance(function, types.FunctionType) or id(function) in seen:
            continue
        seen.add(id(function))
        if function.__module__.partition(".")[0] in ("numpy", "scipy"):
            continue
        names = function.__code__.co_names
        if any(each in names for each in _ASKING):
            return True
        found = [function.__globals__.get(name) for name in names]
        modules = [each for each in found if isinstance(each, types.ModuleType)]
        found += [getattr(module, name, None) for module in modules for name in names]
        for cell in function.__closure__ or ():
            try:
                found.append(cell.cell_contents)
            except ValueError:
                continue
        pending += found
    return False
