"""How a function is called: by what it is itself, whatever it says of itself.

``functools.wraps`` and a ``__signature__`` of its own let a function look like another one.
"""

from __future__ import annotations

import inspect
import types
from typing import Any


def unwrapped(fun: Any) -> Any:
    """The plain function that a derivative is of; any other callable as it is."""
    while not isinstance(fun, types.FunctionType) and hasattr(fun, "primal"):
        fun = fun.primal
    return fun


def signature_of(fun: Any) -> inspect.Signature:
    """The parameters that a function, or the one that a derivative is of, has.

    >>> import functools
    >>> def f(x, y, k=2.0): ...
    >>> @functools.wraps(f)
    ... def g(y, x, k=3.0): ...
    >>> print(inspect.signature(g), signature_of(g))
    (x, y, k=2.0) (y, x, k=3.0)
    """
    fun = unwrapped(fun)
    if not isinstance(fun, types.FunctionType):
        return inspect.signature(fun, follow_wrapped=False)
    itself = types.FunctionType(
        fun.__code__, fun.__globals__, fun.__name__, fun.__defaults__, fun.__closure__
    )
    itself.__kwdefaults__ = fun.__kwdefaults__
    itself.__annotations__ = fun.__annotations__
    return inspect.signature(itself)
