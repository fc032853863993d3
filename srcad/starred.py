"""A function of `*args` or `**kwargs` as one of the arguments of a call, each with its own name.

>>> def power_sum(a, *xs):
...     return a * sum(xs)
>>> made, _ = for_call(power_sum, ["a"], 2, [])
>>> made.__code__.co_varnames[:3]
('a', 'xs_1', 'xs_2')
>>> made(2.0, 3.0, 4.0)
14.0
"""

from __future__ import annotations

import inspect
import types
from dataclasses import dataclass
from typing import Any

import gast

from srcad.errors import ArgumentError
from srcad.functions.binding import Bound
from srcad.functions.frame import Frame
from srcad.functions.lifted import Lifting
from srcad.functions.values import Known
from srcad.read import source_for
from srcad.read.called import signature_of
from srcad.tree import load

GROUPS = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


@dataclass
class Given:
    """The arguments of a call: those of named parameters, and those of `*args` and `**kwargs`.

    ``filled`` says how many of the named parameters are filled by position.

    >>> def f(a, *xs, k=2.0, **rest):
    ...     return a
    >>> given = Given.of(f, (1.0, 3.0), {"z": 4.0}, "f")
    >>> given.every, given.order
    ([1.0, 2.0, 3.0, 4.0], [0, 2])
    """

    named: dict[str, Any]
    star: tuple[Any, ...]
    keywords: dict[str, Any]
    filled: int

    @staticmethod
    def of(fun: Any, args: tuple[Any, ...], kwargs: dict[str, Any], name: str) -> Given:
        """The arguments of a call of a function, defaults filled in."""
        signature = signature_of(fun)
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError as error:
            raise ArgumentError(f"{name}{signature}: {error}") from None
        passed = set(bound.arguments)
        bound.apply_defaults()
        kinds = {name: each.kind for name, each in signature.parameters.items()}
        named = {n: v for n, v in bound.arguments.items() if kinds[n] not in GROUPS}
        star = next((v for n, v in bound.arguments.items() if kinds[n] is GROUPS[0]), ())
        keywords: dict[str, Any] = next(
            (v for n, v in bound.arguments.items() if kinds[n] is GROUPS[1]), {}
        )
        return Given(named, star, keywords, len([n for n in named if n in passed - kwargs.keys()]))

    @property
    def every(self) -> list[Any]:
        """The arguments of the function that is made for such a call."""
        return [*self.named.values(), *self.star, *self.keywords.values()]

    @property
    def order(self) -> list[int]:
        """Where those among them are that the call gives by position."""
        first = len(self.named)
        return [*range(self.filled), *range(first, first + len(self.star))]

    @property
    def key(self) -> tuple[Any, ...]:
        """What calls have in common for which one function is made."""
        return (self.filled, len(self.star), *self.keywords)


def is_starred(fun: Any) -> bool:
    """Whether a plain function takes `*args` or `**kwargs`."""
    if not isinstance(fun, types.FunctionType):
        return False
    return any(each.kind in GROUPS for each in signature_of(fun).parameters.values())


def for_call(
    fun: Any, names: list[str], count: int, keywords: list[str]
) -> tuple[types.FunctionType, Lifting]:
    """The function for so many more arguments, and such keywords; and what it was made of."""
    source = source_for(fun)
    lifting = Lifting()
    bound = Bound(
        {name: load(name) for name in names},
        [gast.Constant(n, None) for n in range(count)],
        {name: load(name) for name in keywords},
    )
    made = Frame(lifting, source).made_for(Known(fun), bound, [], [], ("call",))
    lifting.build()
    assert made.function is not None
    return made.function, lifting


def places(
    wrt: tuple[Any, ...],
    names: list[str],
    positional: int,
    count: int,
    keywords: list[str],
    fun: str,
) -> tuple[int, ...]:
    """Where the arguments are that ``wrt`` names: by their positions in a call, or by name.

    ``positional`` says how many of the parameters are filled by position.

    >>> places((0, 2, "k"), ["a", "b"], 1, 2, ["k"], "f")
    (0, 3, 4)
    """
    every = [*names, *range(count), *keywords]
    order = [*range(positional), *range(len(names), len(names) + count)]
    found = []
    for each in wrt:
        if isinstance(each, str) and each in every:
            found.append(every.index(each))
        elif type(each) is int and -len(order) <= each < len(order):
            found.append(order[each])
        else:
            given = f"{len(order)} by position" + f", and {', '.join(keywords)}" * bool(keywords)
            raise ArgumentError(f"wrt={each!r}: this call of {fun} has the arguments: {given}")
    return tuple(found)
