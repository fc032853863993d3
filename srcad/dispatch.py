"""The quick way from a call to the generated function.

Which generated function is right for a call depends on the types of its numbers, the dtypes and
shapes of its arrays, and on its constants.  A :class:`Plan` is what a call came to once: the next
one that fits it need not find all that out again.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from srcad.narrow import Narrowing
from srcad.read import Names, Scope

NUMBERS = (float, int)
# So many plans are kept for arguments of the same types: the shapes of arrays may vary.
MOST = 8
ABSENT = object()

# That a name means a value there.
Watch = tuple[Names, str, object]
# How a name is looked up there, and what it means.
Look = tuple[Callable[[str, object], object], str, object]
# An argument's position, and how it is converted.
Pick = tuple[int, Callable[[Any], Any] | None]


@dataclass
class Plan:
    """What to call for arguments of given types, and what else must hold of them.

    ``arrays`` have a dtype and a shape, ``constants`` a value, ``structures`` a layout that each
    has a function for, which says whether it is that one; the defaults of ``owner`` are the
    same, where it is one that has to have them.  Whether ``watched`` names mean what they meant,
    whether ``arrays`` are like those, and whether the function has that ``code``, is for the caller
    to see: each name has the function that looks it up.
    ``picked`` is None where the arguments are handed on as they are.  ``module`` is what the
    function is part of; ``narrow`` gives what it returns the types of the arguments.

    >>> plan = Plan(lambda x: 2 * x, constants=((1, "k"),), picked=((0, float),))
    >>> plan.fits((3, "k")), plan.fits((3, "q")), plan.call((3, "k"), {})
    (True, False, 6.0)
    """

    function: Callable[..., Any]
    arrays: tuple[tuple[int, Any, tuple[int, ...]], ...] = ()
    constants: tuple[tuple[int, object], ...] = ()
    watched: tuple[Look, ...] = ()
    picked: tuple[Pick, ...] | None = None
    owner: Any = None
    module: Any = None
    narrow: Narrowing | None = None
    structures: tuple[tuple[int, Callable[[Any], bool]], ...] = ()
    code: object = None

    def __post_init__(self) -> None:
        self.is_simple = not (self.constants or self.owner or self.structures)
        self.defaults = getattr(self.owner, "__defaults__", None)
        self.by_keyword = getattr(self.owner, "__kwdefaults__", None)

    def fits(self, values: Sequence[Any]) -> bool:
        """Whether the structures, the constants and the defaults are the same."""
        for n, is_like in self.structures:
            if not is_like(values[n]):
                return False
        if self.constants and any(values[n] != value for n, value in self.constants):
            return False
        owner = self.owner
        return owner is None or (
            owner.__defaults__ is self.defaults and owner.__kwdefaults__ is self.by_keyword
        )

    def call(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call the generated function with those arguments that it takes."""
        if self.picked is None:
            return self.function(*args, **kwargs)
        values = (*args, *kwargs.values())
        found = self.function(
            *[values[n] if to is None else to(values[n]) for n, to in self.picked]
        )
        return found if self.narrow is None else self.narrow(found)


def with_plan(plans: tuple[Plan, ...], plan: Plan) -> tuple[Plan, ...]:
    """The plans for arguments of the same types, the new one first; of many the oldest goes."""
    return (plan, *plans)[:MOST]


class Attributes:
    """The attributes of an object, asked like a namespace."""

    def __init__(self, owner: Any) -> None:
        self.owner = owner

    def get(self, name: str, default: object, /) -> object:
        """An attribute's value."""
        return getattr(self.owner, name, default)


def looks(watched: Iterable[Watch], function: object) -> tuple[Look, ...]:
    """What has to be looked up to see that all names mean what they meant.

    But for the code of the function itself, which is quicker to compare.
    """
    code = (id(function), "__code__")
    rows = [each for each in watched if key_of(each) != code]
    return tuple((_asked(names), name, value) for names, name, value in rows)


def _asked(names: Names) -> Callable[[str, object], object]:
    return partial(getattr, names.owner) if isinstance(names, Attributes) else names.get


def key_of(watch: Watch) -> tuple[int, str]:
    """What is watched: two watches of one place have one key."""
    return id(getattr(watch[0], "owner", watch[0])), watch[1]


def still(watched: Iterable[Watch]) -> bool:
    """Whether all names mean what they meant.

    >>> names = {"k": 2.0}
    >>> watched = [(names, "k", names["k"])]
    >>> still(watched)
    True
    >>> names["k"] = 3.0
    >>> still(watched)
    False
    """
    return all(names.get(name, ABSENT) is value for names, name, value in watched)


def watches(scope: Scope, name: str, value: object) -> list[Watch]:
    """That a name means a value, and what that is made of: the places where this could change."""
    places = scope.places(name)
    before: list[Watch] = [(names, stored, ABSENT) for names, stored in places[:-1]]
    return [*before, *((names, stored, value) for names, stored in places[-1:]), *inside(value)]


def watches_attribute(module: types.ModuleType, name: str, value: object) -> list[Watch]:
    """That a module has a value under a name, and what that is made of."""
    names: Mapping[str, object] = vars(module)
    there = names.get(name, ABSENT)  # what a module makes on demand is not there
    return [(names, name, there), *inside(value)]


def inside(value: object) -> list[Watch]:
    """What a function is made of, and which classes a class has its attributes from.

    >>> def f(x, *, k=2.0):
    ...     return x * k
    >>> watched = inside(f)
    >>> f.__kwdefaults__["k"] = 3.0
    >>> still(watched)
    False
    """
    if isinstance(value, (staticmethod, classmethod, types.MethodType)):
        return inside(value.__func__)
    if isinstance(value, property):
        return [each for made in (value.fget, value.fset) for each in inside(made)]
    if isinstance(value, type):
        return [(Attributes(value), "__mro__", value.__mro__)]
    if not isinstance(value, types.FunctionType):
        return []
    parts = ["__code__", *(n for n in ("__defaults__", "__kwdefaults__") if getattr(value, n))]
    found: list[Watch] = [(Attributes(value), name, getattr(value, name)) for name in parts]
    by_name = value.__kwdefaults__ or {}
    return found + [(by_name, name, default) for name, default in by_name.items()]
