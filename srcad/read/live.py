"""What the names of a live function mean: its closure, its globals, its builtins."""

from __future__ import annotations

import types
from collections.abc import Mapping

from srcad.read.source import Names, Unresolved

_ABSENT = object()


class LiveScope:
    """The namespace of a live function, asked anew at each lookup.

    >>> import math
    >>> def outer(k):
    ...     return lambda x: math.sin(k * x) + abs(x)
    >>> scope = LiveScope(outer(3.0))
    >>> scope.lookup("k"), scope.lookup("math") is math, scope.lookup("abs") is abs
    (3.0, True, True)
    >>> scope.lookup("nowhere")
    Traceback (most recent call last):
    srcad.read.source.Unresolved: `nowhere`: it is not defined
    """

    def __init__(self, function: types.FunctionType, class_name: str | None = None) -> None:
        self._function = function
        self.class_name = class_name

    def lookup(self, name: str) -> object:
        """The object that `name` means in the function now."""
        *_, (names, stored) = self.places(name)
        found = names.get(stored, _ABSENT)
        if found is _ABSENT and isinstance(names, _Cell):
            raise Unresolved(name, "the function around this one has given it no value yet")
        if found is _ABSENT:
            raise Unresolved(name, "it is not defined")
        return found

    def places(self, name: str) -> list[tuple[Names, str]]:
        """The namespaces that Python asks for `name`, up to the one that has it now."""
        function = self._function
        stored = mangled(name, self.class_name)
        cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=False))
        if stored in cells:
            return [(_Cell(cells[stored]), stored)]
        builtins: Mapping[str, object] = getattr(function, "__builtins__", {})
        if stored in function.__globals__:
            return [(function.__globals__, stored)]
        return [(function.__globals__, stored), (builtins, stored)]


class _Cell:
    """A variable of the function around, asked like a namespace."""

    def __init__(self, cell: types.CellType) -> None:
        self.owner = cell

    def get(self, name: str, default: object) -> object:
        """The variable's value, or the default while it has none."""
        try:
            return self.owner.cell_contents
        except ValueError:
            return default


def mangled(name: str, class_name: str | None) -> str:
    """A name as Python stores it: `__k` inside `class A` is `_A__k`.

    >>> mangled("__k", "_A"), mangled("__k", None), mangled("__k__", "A"), mangled("k", "A")
    ('_A__k', '__k', '__k__', 'k')
    """
    stem = (class_name or "").lstrip("_")
    private = name.startswith("__") and not name.endswith("__") and "." not in name
    return f"_{stem}{name}" if stem and private else name
