"""What the functions of ``math``, NumPy and SciPy were when their rules were made.

Generated code calls them by name.  A name that means something else by now, or meant something else
from the start, is refused: nothing would be known of what is called.

>>> import math
>>> is_original(math, "sin"), is_original(math, "nothing")
(True, True)
>>> sin, math.sin = math.sin, math.cos
>>> is_original(math, "sin")
False
>>> math.sin = sin
"""

from __future__ import annotations

import builtins
import types
from typing import Any

import numpy

from srcad.errors import SrcadError

_LIBRARIES = ("math", "cmath", "numpy", "scipy", "builtins", "srcad")
_KNOWN: dict[str, dict[str, object]] = {}


def remember(module: types.ModuleType) -> None:
    """Remember what the names of a library's module mean."""
    if module.__name__ not in _KNOWN:
        _KNOWN[module.__name__] = dict(vars(module))


def replaced(module: types.ModuleType, name: str) -> None:
    """Note that a name of a library's module was given to something else beforehand."""
    _KNOWN.setdefault(module.__name__, {})[name] = None


def is_original(module: types.ModuleType, name: str) -> bool:
    """Whether a name of a library's module means what it always did."""
    known = _KNOWN.get(module.__name__)
    if known is None or name not in vars(module):
        return True
    value = vars(module)[name]  # of a part of NumPy that has been imported since, there is none
    return known.get(name, value) is value and is_of_library(value)


# What srcad is itself written with, as far as somebody might replace it.
_BUILTINS = {
    name: vars(builtins)[name]
    for name in (
        *("abs", "all", "any", "bool", "callable", "complex", "dict", "divmod", "enumerate"),
        *("filter", "float", "frozenset", "getattr", "hasattr", "id", "int", "isinstance", "iter"),
        *("issubclass", "len", "list", "map", "max", "min", "next", "pow", "range", "reversed"),
        *("repr", "round", "set", "setattr", "slice", "sorted", "str", "sum", "tuple", "type"),
        *("vars", "zip"),
    )
}


def check_builtins() -> None:
    """Refuse to do anything while a builtin function is not Python's own.

    >>> check_builtins()
    >>> builtins.divmod = lambda a, b: (a, b)
    >>> try:
    ...     check_builtins()
    ... except SrcadError as error:
    ...     print(error)
    ... finally:
    ...     builtins.divmod = _BUILTINS["divmod"]
    `divmod` of builtins is not Python's own: it was replaced, and derivatives are made and run \
with it; put Python's own back, or give yours a name in your module
    """
    now = vars(builtins)
    for name, known in _BUILTINS.items():
        if now.get(name) is not known:
            raise SrcadError(
                f"`{name}` of builtins is not Python's own: it was replaced, and derivatives are "
                "made and run with it; put Python's own back, or give yours a name in your module"
            )


def is_of_library(value: object) -> bool:
    """Whether a value is a library's own: no function or object of somebody else's.

    >>> is_of_library(numpy.sin), is_of_library(numpy.pi), is_of_library(numpy.vectorize(abs))
    (True, True, False)
    >>> is_of_library(types.FunctionType(is_of_library.__code__, {"__name__": "mine"}))
    False
    """
    if isinstance(value, types.MethodType):
        return is_of_library(value.__func__)
    if isinstance(value, types.FunctionType):
        # What `functools.wraps` wraps has the name of what it hides.
        return _is_library(value.__globals__.get("__name__"))
    method_of = getattr(value, "__self__", None)  # `np.add.reduce`
    if not callable(value) or any(isinstance(each, numpy.ufunc) for each in (value, method_of)):
        return True
    cython = type(value).__module__.startswith("_cython")
    if isinstance(value, (type, types.BuiltinFunctionType)) or cython:
        return _is_library(value.__module__)
    made: Any = type(value)
    return made is not numpy.vectorize and _is_library(made.__module__)


def _is_library(module: object) -> bool:
    return str(module).partition(".")[0] in _LIBRARIES
