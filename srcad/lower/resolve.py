"""What a name or a dotted name means, seen from inside one function.

>>> import math
>>> from srcad.tree import parse
>>> class Scope:
...     def lookup(self, name): return {"math": math}[name]
>>> resolver = Resolver(Scope(), {"x"})
>>> resolver.object_of(parse("math.sin")) is math.sin, resolver.object_of(parse("x"))
(True, <no object>)
"""

from __future__ import annotations

import builtins
import types
from typing import Final

import gast
import numpy as np

from srcad.read import Scope, Unresolved
from srcad.tree import Node, load


class _Missing:
    def __repr__(self) -> str:
        return "<no object>"


MISSING: Final = _Missing()


class Resolver:
    """The meaning of names in one function: its own variables mean nothing yet."""

    def __init__(self, scope: Scope, variables: set[str]) -> None:
        self.scope = scope
        self.variables = variables
        self._known: dict[str, object] = {}
        self._of_modules: dict[tuple[int, str], tuple[types.ModuleType, str, object]] = {}
        # What lowering has named: functions that are called in the place of others.
        self.made: dict[str, object] = {}
        # The variables that have a name of Python's own, and are never called: calls of them are
        # what passes have written, and mean Python's function.
        self.never_called: set[str] = set()

    def lookup(self, name: str) -> object:
        """The object that a free name means; raises :class:`srcad.read.Unresolved`."""
        if name in self.made:
            return self.made[name]
        if name not in self._known:
            self._known[name] = self.scope.lookup(name)
        return self._known[name]

    def name_of(self, module: object, wanted: str) -> str:
        """A free name for a module: the one that is wanted, if that means the module or nothing."""
        name, number = wanted, 2
        while name in self.variables or self.object_of(load(name)) not in (module, MISSING):
            name, number = f"{wanted}{number}", number + 1
        self._known[name] = module
        return name

    def captured(self) -> dict[str, object]:
        """The free names looked up so far, with what they meant."""
        return dict(self._known)

    def attributes(self) -> list[tuple[types.ModuleType, str, object]]:
        """The attributes of modules looked up so far, with what they meant."""
        return list(self._of_modules.values())

    def object_of(self, expression: Node) -> object:
        """The object that a name or an attribute of a module stands for, else ``MISSING``."""
        if isinstance(expression, gast.Name):
            if expression.id in self.variables:
                if expression.id in self.never_called:
                    return vars(builtins)[expression.id]
                return MISSING
            try:
                return self.lookup(expression.id)
            except Unresolved:
                return MISSING
        if isinstance(expression, gast.Attribute):
            base = self.object_of(expression.value)
            if isinstance(base, types.ModuleType):
                found = getattr(base, expression.attr, MISSING)
                self._of_modules[id(base), expression.attr] = (base, expression.attr, found)
                return found
            if isinstance(base, np.ufunc):
                return getattr(base, expression.attr, MISSING)
        return MISSING
