"""Functions that are differentiated for the arguments of one call, which are given by position."""

from __future__ import annotations

import weakref
from typing import Any

from srcad.derivative import Derivative, bound_arguments, check_callable
from srcad.functions.lifted import Lifting
from srcad.starred import Given, for_call, is_starred

# The functions that are made for calls with starred arguments.
_CALLS: weakref.WeakKeyDictionary[Any, dict[Any, tuple[Lifting, Any]]] = weakref.WeakKeyDictionary()


def for_positions(fun: Any, primals: tuple[Any, ...]) -> tuple[Any, list[Any], list[int]]:
    """The function to differentiate for a call, its arguments, and where the given ones are.

    It is another one for a function of starred arguments.

    >>> def power_sum(a, *xs):
    ...     return a * sum(xs)
    >>> made, arguments, places = for_positions(power_sum, (2.0, 3.0, 4.0))
    >>> made(*arguments), places
    (14.0, [0, 1, 2])
    """
    check_callable(fun)
    if isinstance(fun, Derivative) and fun.is_starred:
        made, given, _ = fun.for_call(primals, {})
        return made, given.every, given.order
    if not is_starred(fun):
        return fun, bound_arguments(fun, primals, {}), list(range(len(primals)))
    given = Given.of(fun, primals, {}, fun.__name__)
    known = _CALLS.setdefault(fun, {})
    key = (fun.__code__, *given.key)
    found = known.get(key)
    if found is None or not found[0].is_current():
        function, lifting = for_call(fun, list(given.named), len(given.star), list(given.keywords))
        found = known[key] = lifting, function
    return found[1], given.every, given.order
