"""Derivatives that are called inside a function: made of what stands there, and of its captures.

``grad(lambda y: x * y)(z)`` becomes ``f_lambda_grad(z, x)``, a call of the derivative of a function
beside this one: its captures are parameters, with respect to which it is not differentiated.  Every
level has functions, and names, of its own: no tangent is ever taken for another level's.

What is called is an :class:`Inner`, or a derivative that was there before.  Which code that is, the
kinds of its arguments say; so a listing asks for it when they are known (``lower/derived.py``).
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeGuard

from srcad.analysis.kind import Kind
from srcad.dispatch import Watch
from srcad.read import Source

Kinds = tuple[Kind, ...]


@dataclass(frozen=True)
class Generated:
    """The code of a derivative for the kinds of its arguments.

    ``kept`` are the positions of those arguments that it takes, ``watched`` what it was made of.
    """

    function: Any
    kept: tuple[int, ...]
    watched: tuple[Watch, ...]


class Derived(Protocol):
    """A derivative, as a function that calls it sees it."""

    @property
    def signature(self) -> inspect.Signature:
        """What it is called with."""
        ...

    def generated(self, kinds: Kinds) -> Generated:
        """Its code for arguments of these kinds."""
        ...


def is_derived(found: object) -> TypeGuard[Derived]:
    """Whether an object is a derivative."""
    return callable(getattr(type(found), "generated", None))


def behind(found: object) -> object:
    """The function that a derivative is of, of whatever order it is; any other object."""
    while is_derived(found):
        found = found.of if isinstance(found, Inner) else getattr(found, "primal", None)
    return found


@dataclass(frozen=True)
class Maker:
    """What makes derivatives of functions: `grad`, say, with the options that it is given.

    ``make(fun, wrt)`` gives the derivative; ``wrt`` is what was written, 0 where nothing was.
    """

    what: str
    make: Callable[..., Any]
    options: tuple[tuple[str, Any], ...] = ()

    def with_options(self, options: dict[str, Any]) -> Maker:
        """The same, with options."""
        given = dict(self.options) | options
        return Maker(self.what, self.make, tuple(sorted(given.items())))


# The functions of srcad's that make derivatives; each is entered where it is defined.
MAKERS: dict[object, Maker] = {}


def maker_of(found: object) -> Maker | None:
    """What an object makes derivatives by, if it does."""
    try:
        return MAKERS.get(found)
    except TypeError:  # what has no hash is none of them
        return None


_SUFFIXES = {"jvp": "jvp", "vjp": "vjp"}


@dataclass(eq=False)
class Inner:
    """A derivative that is made inside a function: of a function made of it, or of another one.

    It can be called, too: functions without derivative run as they are.
    """

    of: Source | Any
    maker: Maker
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def __name__(self) -> str:
        name = self.of.name if isinstance(self.of, Source) else self.of.__name__
        return f"{name}_{_SUFFIXES.get(self.maker.what, 'grad')}"

    @functools.cached_property
    def derivative(self) -> Any:
        """The derivative: the function is there by the time that somebody asks."""
        if isinstance(self.of, Source):
            primal: Any = self.of.function
        else:
            primal = self.of.derivative if isinstance(self.of, Inner) else self.of
        return self.maker.make(primal, **self.options)

    @property
    def signature(self) -> inspect.Signature:
        """What it is called with."""
        found: inspect.Signature = self.derivative.signature
        return found

    def generated(self, kinds: Kinds) -> Generated:
        """Its code for arguments of these kinds."""
        found: Generated = self.derivative.generated(kinds)
        return found

    def __call__(self, *args: Any) -> Any:
        return self.derivative(*args)
