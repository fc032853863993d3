"""A function of structures as a function of their leaves, for one layout of its arguments.

>>> from srcad.analysis.kind import FLOAT
>>> from srcad.emit import emit
>>> from srcad.read import read_module
>>> from srcad.structures.layout import layout_of
>>> (source,) = read_module('''
... def f(p, x):
...     for name, w in p.items():
...         x = x + w * p["scale"]
...     return {"y": x, "n": len(p)}
... ''', "example.py").functions
>>> made = plain(source, ["p", "x"], (layout_of({"w": 2.0, "scale": 3.0}, "p"), FLOAT))
>>> print(emit([made.source.tree]), end="")
def f(p_w, p_scale, x):
    x = x + p_w * p_scale
    x = x + p_scale * p_scale
    return x
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from srcad.analysis.kind import COMPLEX, FLOAT, INT, Kind, Literal
from srcad.dispatch import Watch
from srcad.errors import ArgumentError
from srcad.lower.ends import always_raises
from srcad.read import Source
from srcad.structures.base import NeedsStatic, said
from srcad.structures.function import Function
from srcad.structures.layout import (
    Structure,
    form_of_class,
    leaf_kinds,
    leaves_of,
    rebuilt,
    structure_of,
)
from srcad.structures.outside import Outside, Written
from srcad.structures.run import Run, needs_structures
from srcad.structures.state import State
from srcad.structures.values import Const, Leaf, Struct, Value, leaves_in
from srcad.tree import load


@dataclass
class Plain:
    """A function of leaves, and how structures are taken apart for it and put together again."""

    original: Source
    source: Source
    parameters: list[str]
    kinds: tuple[Kind, ...]
    leaf_names: list[list[str]]
    result: Value
    outputs: list[str]
    run: Run
    state: State
    # What is there before the call, and is written in it.
    outside: list[Outside]

    @property
    def leaf_kinds(self) -> tuple[Kind, ...]:
        """The kinds of the plain function's arguments."""
        found = [leaf for kind in self.kinds for leaf in leaf_kinds(kind)]
        return (*found, *(leaf for each in self.outside for leaf in each.leaf_kinds))

    @property
    def watched(self) -> tuple[Watch, ...]:
        """What names meant when the function was rewritten, and what was outside."""
        of_outside = [each.watch() for each in self.outside if each.kind is not None]
        return (*self.run.watched.values(), *of_outside)

    def leaves(self, arguments: Sequence[Any]) -> list[Any]:
        """The plain function's arguments."""
        rows = zip(arguments, self.kinds, strict=True)
        found = [leaf for value, kind in rows for leaf in leaves_of(value, kind)]
        found += [leaf for each in self.outside for leaf in each.leaves()]
        return [plain_number(leaf) for leaf in found]

    def arguments(self, arguments: Sequence[Any]) -> list[Any]:
        """The arguments of the gradient, with Python's numbers in place of NumPy's."""
        rows = zip(arguments, self.kinds, strict=True)
        leaves = [leaf for a, k in rows for leaf in leaves_of(a, k)]
        if self.state or not any(isinstance(leaf, np.generic) for leaf in leaves):
            return list(arguments)
        return self.rebuilt([plain_number(leaf) for leaf in leaves])

    def rebuilt(self, leaves: Sequence[Any]) -> list[Any]:
        """Structures like the arguments, with other leaves."""
        rest = iter(leaves)
        return [rebuilt(kind, rest) for kind in self.kinds]

    def returned(self, values: Any, *, constants: bool = True) -> Any:
        """What the user's function returns, of what the plain one does.

        Without ``constants`` there is None in place of what is no number.
        """
        several = len(self.outputs) != 1
        by_name = dict(zip(self.outputs, values if several else (values,), strict=True))

        def made(value: Value) -> Any:
            if isinstance(value, Leaf):
                return by_name[value.node.id]
            if isinstance(value, Struct):
                parts = {key: made(part) for key, part in value.parts.items()}
                return structure_of(value.form, value.cls, parts)
            assert isinstance(value, Const)
            slope = 0.0 if isinstance(value.value, (float, complex)) else None
            return value.value if constants else slope

        return made(self.result)

    def check(self, arguments: Sequence[Any]) -> None:
        """Refuse arguments that the function knows by other names, too, and writes."""
        # What an open list holds does not matter, and may be much.
        opened = {id(each.value) for each in self.outside if each.kind is None}
        whole = [each.value for each in self.outside if each.kind is not None]
        self.state.check(opened.union(self.run.captured), [*arguments, *whole])

    @property
    def by_name(self) -> dict[str, Any]:
        """What is outside, by what it is called in the rewriting."""
        return {each.name: each.value for each in self.outside}

    @property
    def written(self) -> tuple[int, ...]:
        """The plain function's results that are no part of the user's function's."""
        if not self.state:
            return ()
        value = self.result
        own = {leaf.node.id for _, _, leaf in leaves_in(value)}
        own |= {value.node.id} if isinstance(value, Leaf) else set()
        return tuple(n for n, name in enumerate(self.outputs) if name not in own)

    def seeds(self, seed: Any, values: Any) -> Any:
        """The adjoints of what the plain function returns, of one of the user's function's."""
        found: list[Any] = []

        def take(value: Value, part: Any) -> None:
            if isinstance(value, Leaf):
                found.append(0.0 if part is None else part)
            elif isinstance(value, Struct):
                rows = _parts_like(value, part)
                for key, inner in value.parts.items():
                    take(inner, rows[key])

        take(self.result, seed)
        found += [np.zeros_like(values[n], float) for n in self.written]
        return tuple(found) if len(self.outputs) != 1 else found[0]

    def check_gradient(self) -> None:
        """Refuse the gradient of what returns a structure."""
        if isinstance(self.result, Struct):
            raise ArgumentError(
                f"grad needs a function that returns one number; {self.original.name} returns "
                f"{said(self.result)} (vjp and jvp differentiate it)"
            )
        self.check_returns()

    def check_nothing_outside(self) -> None:
        """Refuse a derivative inside a function of what writes globals: nobody would write them."""
        if self.outside:
            names = " and ".join(each.stem for each in self.outside)
            raise ArgumentError(
                f"{self.original.name} writes {names}, which is there before the call; "
                f"a parameter for {names}, or what is written among the results"
            )

    def check_returns(self) -> None:
        """Refuse the derivative of what returns nothing, or no numbers."""
        if isinstance(self.result, Const):
            what = "nothing (None)" if self.result.value is None else repr(self.result.value)
            what = "always raises" if always_raises(self.original.tree.body) else f"returns {what}"
            raise ArgumentError(f"{self.original.name} {what}: it has no derivative")
        if not self.outputs:
            what = said(self.result)
            raise ArgumentError(f"{self.original.name} returns {what} without numbers in it")


def plain_number(leaf: Any) -> Any:
    """A NumPy number as a Python one: beside objects they are not the same."""
    return leaf.item() if isinstance(leaf, np.generic) else leaf


def _parts_like(value: Struct, part: Any) -> dict[Any, Any]:
    from srcad.structures.layout import form_of, parts_of

    form = form_of(part)
    tuples = ("tuple", "list", "named tuple")
    alike = form == value.form or (form in tuples and value.form in tuples)
    rows = parts_of(part, form) if alike else {}
    if value.form in tuples and form != value.form and len(rows) == len(value.parts):
        rows = dict(zip(value.parts, rows.values(), strict=True))
    if not rows.keys() >= value.parts.keys():
        raise ArgumentError(
            f"the pullback takes an adjoint like the result, which is {said(value)}"
        )
    return rows


def is_structured(source: Source, kinds: Sequence[Kind], run: Run) -> bool:
    """Whether structures take part in a function."""
    if any(isinstance(kind, Structure) for kind in kinds):
        return True
    return needs_structures(source, run.needs)


def plain(source: Source, parameters: Sequence[str], kinds: Sequence[Kind]) -> Plain:
    """A function for one layout of its arguments, rewritten without structures.

    What is found to be written that is there before the call becomes an argument, in another go.
    """
    outside: list[tuple[Any, str, bool]] = []
    while True:
        try:
            return _plain(source, parameters, kinds, outside)
        except Written as found:
            outside = [each for each in outside if each[0] is not found.value]
            outside.append((found.value, found.name, found.whole))


def _plain(
    source: Source,
    parameters: Sequence[str],
    kinds: Sequence[Kind],
    outside: Sequence[tuple[Any, str, bool]],
) -> Plain:
    run = Run()
    function = Function(run, source)
    names: list[list[str]] = []
    for parameter, kind in zip(parameters, kinds, strict=True):
        names.append([])
        function.arguments[parameter] = argument(function, parameter, kind, names[-1], parameter)
    of_outside: list[str] = []
    for value, stem, whole in outside:
        each = Outside(value, f"  {len(run.outside)} {stem}", whole)
        each.enter(function, of_outside)
        run.outside.append(each)
    made = function.begun([name for each in [*names, of_outside] for name in each])
    made.name = made.source.name
    run.made["entry"] = made
    try:
        function.finish(made)
    except NeedsStatic as error:
        error.refused()
    state = State(made, function)
    run.build()
    result = made.result
    return Plain(
        source,
        made.source,
        list(parameters),
        tuple(kinds),
        names,
        result,
        made.outputs,
        run,
        state,
        run.outside,
    )


def argument(function: Function, stem: str, kind: Kind, names: list[str], parameter: str) -> Value:
    """What a parameter stands for at the start; the names of its leaves are added to ``names``."""
    if isinstance(kind, Literal):
        return Const(kind.value)
    if not isinstance(kind, Structure):
        name = stem if stem == parameter else function.fresh(stem)
        names.append(name)
        return Leaf(load(name), kind in (FLOAT, INT, COMPLEX), kind == INT)
    made = Struct(kind.form, kind.cls, {}, stem)
    made.given = True
    for key, item in zip(kind.keys, kind.items, strict=True):
        made.parts[key] = argument(function, function.part_stem(stem, key), item, names, "")
    return made


def parts(tree: Any) -> Iterator[Any]:
    """The leaves of nested tuples."""
    if isinstance(tree, tuple):
        for each in tree:
            yield from parts(each)
    else:
        yield tree


__all__ = ["Plain", "form_of_class", "is_structured", "plain"]
