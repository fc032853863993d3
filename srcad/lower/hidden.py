"""Functions of the user's that have the name of one of Python's own get another name.

Passes know `len(x)` and `list(x)` by their names, and write such calls themselves: after this one,
that is what they are.

>>> from srcad.emit import emit
>>> from srcad.tree import parse, statement
>>> class Scope:
...     def lookup(self, name): return {"len": print, "list": list}[name]
>>> resolver = Resolver(Scope(), {"x", "y"})
>>> stmt = statement("y = len(list(x))")
>>> print(emit(without_hidden([stmt], resolver, Names({"x", "y"}))), end="")
y = len2(list(x))
>>> resolver.lookup("len2") is print
True
"""

from __future__ import annotations

import builtins
from collections.abc import Set

import gast

from srcad.lower.resolve import Resolver
from srcad.names import Names
from srcad.read import Names as Namespace
from srcad.read import Scope, Unresolved
from srcad.tree import Node, is_name, walk

FUNCTIONS = frozenset(name for name, value in vars(builtins).items() if callable(value))


class Renamed:
    """A scope in which some names are called otherwise."""

    def __init__(self, scope: Scope, names: dict[str, str]) -> None:
        self.scope = scope
        self.names = names

    def lookup(self, name: str) -> object:
        """The object that a name means."""
        return self.scope.lookup(self.names.get(name, name))

    def places(self, name: str) -> list[tuple[Namespace, str]]:
        """Where that may change."""
        return self.scope.places(self.names.get(name, name))


def without_hidden(body: list[Node], resolver: Resolver, names: Names) -> list[Node]:
    """The statements, whose names are changed in place, and a resolver that knows the new ones."""
    nodes = [node for stmt in body for node in walk(stmt) if is_name(node)]
    used = {node.id for node in nodes if isinstance(node.ctx, gast.Load)}
    hidden = [name for name in sorted(used & FUNCTIONS) if _is_hidden(name, resolver)]
    if hidden:
        new = {name: names.fresh(f"{name}2") for name in hidden}
        for node in nodes:
            node.id = new.get(node.id, node.id)
        resolver.scope = Renamed(resolver.scope, {new[name]: name for name in hidden})
    return body


def never_called(body: list[Node], parameters: set[str], assigned: Set[str]) -> set[str]:
    """The parameters called `len` or `range` that are numbers: they are calculated with, and kept.

    >>> from srcad.tree import statement
    >>> body = [statement("y = len * x"), statement("z = f(range)")]
    >>> never_called(body, {"len", "range", "x"}, {"y", "z"})
    {'len'}
    """
    found = parameters & {"len", "range"} - assigned
    if found:
        every = [node for stmt in body for node in walk(stmt)]
        calls = [node for node in every if isinstance(node, gast.Call)]
        handed_on = [each for node in calls for each in (node.func, *node.args)]
        handed_on += [each.value for node in calls for each in node.keywords]
        handed_on += [each.value for each in handed_on if isinstance(each, gast.Starred)]
        found -= {each.id for each in handed_on if is_name(each)}
    return found


def _is_hidden(name: str, resolver: Resolver) -> bool:
    if name in resolver.variables:
        return False
    try:
        return resolver.lookup(name) is not getattr(builtins, name)
    except Unresolved:
        return False
