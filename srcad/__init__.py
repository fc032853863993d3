"""srcad: derivatives of plain Python functions, as source code that you can read.

>>> import srcad
>>> @srcad.grad
... def f(x):
...     return x * x * x
>>> f(2.0)
12.0
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from srcad.api import grad, jvp, save, value_and_grad, vjp
    from srcad.check import check_grads
    from srcad.derivative import Derivative
    from srcad.errors import ArgumentError, SourceError, SrcadError, UnsupportedError

__all__ = [
    "ArgumentError",
    "Derivative",
    "SourceError",
    "SrcadError",
    "UnsupportedError",
    "check_grads",
    "grad",
    "jvp",
    "save",
    "value_and_grad",
    "vjp",
]

_HOMES = {
    "Derivative": "derivative",
    "check_grads": "check",
    **dict.fromkeys(("grad", "jvp", "save", "value_and_grad", "vjp"), "api"),
    **dict.fromkeys(("ArgumentError", "SourceError", "SrcadError", "UnsupportedError"), "errors"),
}


def __getattr__(name: str) -> Any:
    # Importing srcad is quick: the passes are imported when the first name is asked for.
    if name not in _HOMES:
        raise AttributeError(f"module 'srcad' has no attribute {name!r}")
    value = getattr(import_module(f"srcad.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
