"""A function with functions inside it as functions beside one another.

What is nested, or handed on as an argument, becomes a function of its own, made for one use: the
variables that it captures are parameters of it, and get the values that they have at the call, as
Python's late binding has it.
"""

from __future__ import annotations

import types

import gast

from srcad.build import build
from srcad.dispatch import Watch, key_of, still, watches, watches_attribute
from srcad.emit import emit
from srcad.errors import UnsupportedError
from srcad.read import Names, Scope, Source, Unresolved, remember, source_for
from srcad.tree import Node

# The constructs that are refused here where `*args` and `**kwargs` are more than handed on.
STARRED = ("the dict", "`*` or `**` in a call", "a jump out of a `for` over functions or starred")


class LiftedScope:
    """The names of a function that was rewritten: its own, and those of what is called instead."""

    def __init__(self, scope: Scope, extra: dict[str, object], lifting: Lifting) -> None:
        self.scope = scope
        self.extra = extra
        self.lifting = lifting
        self.class_name = getattr(scope, "class_name", None)

    def lookup(self, name: str) -> object:
        """The object that a name means."""
        return self.extra[name] if name in self.extra else self.scope.lookup(name)

    def places(self, name: str) -> list[tuple[Names, str]]:
        """Where that may change."""
        return [(self, name)] if name in self.extra else self.scope.places(name)

    def watched(self) -> list[Watch]:
        """What the names of the functions meant that this one was made of."""
        return list(self.lifting.watched.values())

    def get(self, name: str, default: object, /) -> object:
        """The object that a name of the rewriting means, while all is as it was then."""
        return self.extra[name] if self.lifting.is_current() else default


class Lifting:
    """All functions that are made of one function, and what the names in it meant."""

    def __init__(self) -> None:
        self.watched: dict[tuple[int, str], Watch] = {}
        self.made: dict[object, object] = {}
        self.sources: list[Source] = []
        # How often each function was made anew.
        self.times: dict[int, int] = {}
        self.kept: list[object] = []
        # Whether one of them assigns variables of the function around it.
        self.assigns_outside = False

    def watch(self, scope: Scope, name: str, value: object) -> None:
        """Note what a name means, as far as that may change."""
        if isinstance(scope, LiftedScope) and name in scope.extra:
            return  # it is what this rewriting made
        try:
            for each in watches(scope, name, value):
                self.watched.setdefault(key_of(each), each)
        except Unresolved:
            pass

    def watch_attribute(self, module: types.ModuleType, name: str, value: object) -> None:
        """Note what an attribute of a module means."""
        for each in watches_attribute(module, name, value):
            self.watched.setdefault(key_of(each), each)

    def is_current(self) -> bool:
        """Whether all names mean what they meant."""
        return still(self.watched.values())

    def build(self) -> None:
        """The functions that were made, as functions that run: each with its own names."""
        for source in self.sources:
            if not isinstance(source.scope, LiftedScope) or source.function is not None:
                continue
            bindings: dict[str, object] = {}
            for name in source.identifiers:
                try:
                    found = source.scope.lookup(name)
                except Unresolved:
                    continue
                if not isinstance(found, Source):
                    bindings[name] = found
            made = build(emit([source.tree]), source.name, bindings)
            object.__setattr__(source, "function", made)
            remember(made, source)
        for source in self.sources:
            namespace = source.function.__globals__ if source.function else {}
            if isinstance(source.scope, LiftedScope):
                for name, found in source.scope.extra.items():
                    if isinstance(found, Source) and source in self.sources:
                        namespace.setdefault(name, found.function)


def source_of(obj: object) -> Source:
    """The source of a function, without functions inside it.

    >>> from srcad.read import read_module
    >>> (source,) = read_module('''
    ... def f(x, a):
    ...     def damped(y):
    ...         return y * a
    ...     a = 2 * a
    ...     return damped(x) + (lambda y, k=x: y * k)(a)
    ... ''', "example.py").functions
    >>> made = source_of(source)
    >>> print(emit([made.tree, made.scope.lookup("damped").tree]), end="")
    def f(x, a):
        a = 2 * a
        return damped(x, a) + a * x
    <BLANKLINE>
    <BLANKLINE>
    def damped(y, a):
        return y * a
    """
    source = source_for(obj)
    found: tuple[Source, Lifting | None] | None = source.__dict__.get("lifted")
    if found is None or (found[1] is not None and not found[1].is_current()):
        found = _made(source)
        # Kept by the source itself: they live and die together.
        source.__dict__["lifted"] = found
        found[0].__dict__.setdefault("lifted", (found[0], None))
    return found[0]


def _made(source: Source) -> tuple[Source, Lifting | None]:
    from srcad.functions.concerns import concerns
    from srcad.functions.frame import Frame

    if source.is_generated or not isinstance(source.tree, gast.FunctionDef):
        return source, None
    if not concerns(source):
        return source, None
    lifting = Lifting()
    lifting.kept.append(source)
    try:
        made = Frame(lifting, source).whole()
    except UnsupportedError as error:
        nested = any(isinstance(each, (gast.Lambda, gast.FunctionDef)) for each in source.nodes)
        if not nested and all(p.construct.startswith(STARRED) for p in error.problems):
            return source, None  # dicts and tuples are structures, and may be followed as such
        raise
    lifting.build()
    return made, lifting


def with_tree(
    source: Source, tree: Node, scope: Scope, function: types.FunctionType | None
) -> Source:
    """A source with another tree."""
    given = (source.filename, source.lines, scope, function, source.flags, source.contexts)
    return Source(tree.name, tree, *given)
