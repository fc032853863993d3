"""A function that was only read, as one that can be called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast

from srcad.build import build
from srcad.emit import emit
from srcad.lower.function import identifiers_of
from srcad.pipeline import Options, Program
from srcad.read import Source, Unresolved
from srcad.tree import copy_node


class Primals:
    """Callables for the functions of a file that is not executed, each made once.

    Only what the file's functions compute is run: names that only running the file would tell
    stay unknown.
    """

    def __init__(self) -> None:
        self._known: dict[int, Callable[..., Any]] = {}

    def callable_of(self, value: object) -> Any:
        """A function for a source; any other object as it is."""
        if not isinstance(value, Source):
            return value
        if value.function is not None:
            return value.function
        if id(value) not in self._known:
            bindings: dict[str, object] = {}
            tree = copy_node(value.tree, decorator_list=[], returns=None, args=_bare(value.tree))
            made = build(emit([tree]), value.tree.name, bindings)
            self._known[id(value)] = made
            for name in identifiers_of(value) - {value.tree.name}:
                try:
                    made.__globals__[name] = self.callable_of(value.scope.lookup(name))
                except Unresolved:
                    continue
        return self._known[id(value)]

    def tangent_of(self, source: Source, kinds: tuple[Any, ...], active: tuple[bool, ...]) -> Any:
        """The function that gives a source's value and its tangent."""
        program = Program(Options())
        name = program.tangent(source, kinds, active)
        bindings = {n: value for n, value in program.globals.items() if value is not None}
        for each in program.functions:
            bindings |= {n: self.callable_of(value) for n, value in each.free.items()}
        return build(program.text(), name, bindings)


def _bare(tree: Any) -> Any:
    """The parameters without annotations, which would be looked up."""
    arguments = tree.args

    def plain(parameters: list[Any]) -> list[Any]:
        return [gast.Name(each.id, gast.Param(), None, None) for each in parameters]

    return gast.arguments(
        plain(arguments.args),
        plain(arguments.posonlyargs),
        arguments.vararg,
        plain(arguments.kwonlyargs),
        arguments.kw_defaults,
        arguments.kwarg,
        arguments.defaults,
    )
