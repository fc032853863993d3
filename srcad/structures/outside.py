"""What is there before a call and after it, and is written in it: global dicts, lists and objects.

They are arguments that nobody passes.  A derivative reads them where it begins, and writes what the
function has written when both sweeps are over.  Which layout they have belongs to what the code is
made for, as their values do not: it is made anew for another layout.

A list or a dict is *open* as long as the function only puts things into it: what it holds besides
does not matter, and is not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from srcad.analysis.kind import COMPLEX, FLOAT, INT, Kind, Literal
from srcad.dispatch import Watch
from srcad.errors import ArgumentError
from srcad.structures.layout import (
    DICT,
    LIST,
    Structure,
    form_of,
    layout_of,
    leaf_kinds,
    leaves_of,
    parts_of,
)
from srcad.structures.values import Const, Leaf, Opened, Struct, Value
from srcad.tree import load


class Written(Exception):
    """Something from outside is written: the function is to be rewritten with it as an argument.

    ``whole`` says that what it holds matters, too.
    """

    def __init__(self, value: Any, name: str, *, whole: bool = False) -> None:
        super().__init__(name)
        self.value = value
        self.name = name
        self.whole = whole


@dataclass(eq=False)
class Outside:
    """One object from outside: what it is called in the rewriting, and its layout if it matters."""

    value: Any
    name: str
    whole: bool
    kind: Kind | None = None

    @property
    def leaf_kinds(self) -> list[Kind]:
        """The kinds of the numbers and arrays in it."""
        return [] if self.kind is None else leaf_kinds(self.kind)

    def leaves(self) -> list[Any]:
        """The numbers and arrays that it holds now."""
        return [] if self.kind is None else leaves_of(self.value, self.kind)

    def watch(self) -> Watch:
        """That it has the layout for which the code was made."""
        return (_Layout(self.value, self.stem, self.kind), "layout", self.kind)

    @property
    def stem(self) -> str:
        """The user's name for it."""
        return self.name.split()[1]

    def enter(self, function: Any, names: list[str]) -> None:
        """Make it known to a function; the names of its leaves are added to ``names``."""
        form = form_of(self.value)
        if not self.whole and form in (LIST, DICT):
            root = Struct(form, type(self.value), {}, self.stem)
            function.outside[id(self.value)] = Opened(root, self.value, self.stem)
        else:
            self.kind = layout_of(self.value, self.stem)
            taken = self._taken(function, self.value, self.kind, self.stem, names)
            assert isinstance(taken, Struct)
            root = taken
        function.arguments[self.name] = root

    def _taken(
        self, function: Any, value: Any, kind: Kind | None, stem: str, names: list[str]
    ) -> Value:
        if isinstance(kind, Literal):
            return Const(kind.value)
        if not isinstance(kind, Structure):
            name = function.fresh(stem)
            names.append(name)
            return Leaf(load(name), kind in (FLOAT, INT, COMPLEX), kind == INT)
        if id(value) in function.outside and kind.form in (LIST, DICT, "object"):
            raise ArgumentError(
                f"{self.stem} holds an object that is known elsewhere, too, and is written: the "
                "derivative is that of objects that are apart"
            )
        made = Struct(kind.form, kind.cls, {}, stem)
        made.given = True
        function.outside[id(value)] = made
        rows = zip(kind.keys, kind.items, parts_of(value, kind.form).values(), strict=True)
        for key, item, part in rows:
            stem_of_part = function.part_stem(stem, key)
            made.parts[key] = self._taken(function, part, item, stem_of_part, names)
        return made


class _Layout:
    """The layout of an object, asked like a namespace."""

    def __init__(self, value: Any, name: str, kind: Kind | None) -> None:
        self.owner = value
        self.name = name
        self.kind = kind

    def get(self, name: str, default: object, /) -> object:
        """The layout that was known, as long as it is the same."""
        try:
            return self.kind if layout_of(self.owner, self.name) == self.kind else default
        except ArgumentError:
            return default
