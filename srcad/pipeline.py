"""The passes in order, and the module of functions that they make.

A :class:`Program` is one generated module: the derivative that was asked for, the tangents and
sweeps of the functions that it calls, the helpers that they use.  Every function goes through the
same stages, and the text of each stage is kept.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import gast

from srcad import helpers
from srcad.analysis.kind import (
    NOTHING,
    Array,
    Kind,
    Literal,
    TupleOf,
    is_real,
)
from srcad.analysis.operation import parameters_of
from srcad.chain import Modules
from srcad.emit import emit
from srcad.errors import ArgumentError
from srcad.forward import Forward
from srcad.listing import Listing, origin_of, with_origin
from srcad.lower.function import lower
from srcad.lower.tuples import expression_of
from srcad.read import Source, Unresolved, source_for
from srcad.simplify.constants import propagate
from srcad.simplify.dead import live_code
from srcad.simplify.fold import Fold
from srcad.simplify.guards import early_ends
from srcad.simplify.rename import renumbered
from srcad.tree import Node, constant, load, names_in, statements_in, store, walk

STAGES = ("read", "lower", "differentiate", "simplify", "emit")


@dataclass(frozen=True)
class Options:
    """How code is written: whose names, which alphabet, whether it is simplified."""

    names: str = "user"
    ascii: bool = False
    optimize: bool = True


@dataclass
class Function:
    """One generated function: its tree, and what its free names are bound to."""

    name: str
    tree: Node
    free: dict[str, object] = field(default_factory=dict)


class Program:
    """One generated module.  Functions are made on demand, each once for each set of kinds."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.functions: list[Function] = []
        self.stages: dict[str, str] = {}
        self.globals: dict[str, object] = {}
        self.captured: list[tuple[Source, str, object]] = []
        self._made: dict[Any, str] = {}
        self._result_kinds: dict[Any, Kind] = {}
        self._assumed: dict[Any, Kind] = {}

    # -- what a called function returns ----------------------------------------------------------

    def call_kind(self, source: Source, kinds: tuple[Kind, ...]) -> Kind:
        """The kind of a user's function's result; a recursion is gone round until it is stable."""
        key = (source, kinds)
        if key in self._result_kinds:
            return self._result_kinds[key]
        if key in self._assumed:
            return self._assumed[key]
        self._assumed[key] = NOTHING
        while True:
            active = tuple(is_real(kind) for kind in kinds)
            found = lower(source, kinds, active, self.call_kind).result_kind
            if found == self._assumed[key]:
                break
            self._assumed[key] = found
        del self._assumed[key]
        self._result_kinds[key] = found
        return found

    def lowered(self, source: Source, kinds: tuple[Kind, ...], active: tuple[bool, ...]) -> Listing:
        """The listing of a function; the first one's text is kept as a stage."""
        listing = lower(source, kinds, active, self.call_kind, ascii=self.options.ascii)
        self.stages.setdefault("read", emit([source.tree]))
        self.stages.setdefault("lower", emit(listing.body) if listing.body else "")
        return listing

    # -- generated functions ---------------------------------------------------------------------

    def function_name(self, wanted: str) -> str:
        """A name for a generated function that no other global of the module has."""
        name, number = wanted, 2
        while name in self.globals or any(f.name == name for f in self.functions):
            name, number = f"{wanted}{number}", number + 1
        self.globals[name] = None
        return name

    def modules_for(self, listing: Listing) -> Modules:
        """How a function's generated code reaches ``math``, ``numpy`` and the helpers."""
        return Modules(lambda name: self._alias(name, listing))

    def _alias(self, name: str, listing: Listing) -> str:
        import math

        import numpy

        wanted = {"math": math, "np": numpy}.get(name) or getattr(helpers, name)
        alias, number = name, 2
        while True:
            free = alias not in listing.resolver.variables
            try:
                meaning = listing.resolver.scope.lookup(alias) if free else None
            except Unresolved:
                meaning = wanted
            bound = self.globals.get(alias, wanted)
            if free and meaning is wanted and bound is wanted:
                self.globals[alias] = wanted
                return alias
            alias, number = f"{name}{number}", number + 1

    def tangent(
        self, source: Source, kinds: tuple[Kind, ...], active: tuple[bool, ...]
    ) -> str:
        """The name of the function ``f_jvp(args, tangents) -> value, tangent``."""
        key = ("jvp", source, kinds, active)
        if key not in self._made:
            self._made[key] = self.function_name(f"{source.name}_jvp")
            listing = self.lowered(source, kinds, active)
            self._tangent(self._made[key], listing, _chosen(listing, source, kinds, active))
        return self._made[key]

    def _tangent(self, name: str, listing: Listing, inputs: list[str]) -> None:
        forward = Forward(listing, inputs, self.modules_for(listing), self.tangent)
        body = forward.run()
        dots = iter(forward.tangents())
        value = expression_of(listing.structure)
        tangent = _with_leaves(listing.structure, dots)
        returned = gast.Return(gast.Tuple([value, tangent], gast.Load()))
        body.append(with_origin(returned, _last_return(body)))
        parameters = listing.parameters + [listing.names.dot(each) for each in inputs]
        self.finish(name, parameters, body, listing)

    def finish(self, name: str, parameters: list[str], body: list[Node], listing: Listing) -> None:
        """Simplify a raw derivative function and enter it into the module."""
        self.stages.setdefault("differentiate", emit([function(name, parameters, body)]))
        body, parameters = simplified(body, parameters, listing, self.options)
        tree = function(name, parameters, body)
        self.stages.setdefault("simplify", emit([tree]))
        self.functions.append(Function(name, tree, self.bindings(tree, listing)))

    def bindings(self, tree: Node, listing: Listing) -> dict[str, object]:
        """What the free names of a generated function are bound to."""
        own = {each.id for each in tree.args.args}
        for stmt in statements_in(tree.body):
            for node in walk(stmt):
                if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Store):
                    own.add(node.id)
        free: dict[str, object] = {}
        generated = {name for name in self._made.values()}
        for each in tree.body:
            for identifier in sorted(names_in(each) - own - generated):
                free[identifier] = self._binding(identifier, listing)
        return free

    def _binding(self, name: str, listing: Listing) -> object:
        bound = self.globals.get(name)
        if bound is not None:
            return bound
        value = listing.resolver.lookup(name)
        self.globals[name] = value
        self.captured.append((listing.source, name, value))
        return value

    # -- the module ------------------------------------------------------------------------------

    def text(self) -> str:
        """The module's functions as text, those that are called before those that call."""
        return emit([each.tree for each in self.functions])


def _last_return(body: list[Node]) -> Node | None:
    """The user's return that a body ends with, if it does."""
    origin = origin_of(body[-1]) if body else None
    return origin if isinstance(origin, gast.Return) else None


def _with_leaves(structure: Any, leaves: Any) -> Node:
    """A structure with each name exchanged for the next leaf."""
    if isinstance(structure, str):
        return next(leaves)
    return gast.Tuple([_with_leaves(each, leaves) for each in structure], gast.Load())


def _chosen(
    listing: Listing, source: Source, kinds: tuple[Kind, ...], active: tuple[bool, ...]
) -> list[str]:
    return [name for name, flag in zip(parameters_of(source), active, strict=True) if flag]


def function(name: str, parameters: Sequence[str], body: list[Node]) -> Node:
    """A function definition."""
    arguments = gast.arguments(
        [gast.Name(each, gast.Param(), None, None) for each in parameters],
        [], None, [], [], None, [],
    )
    return gast.FunctionDef(name, arguments, body or [gast.Pass()], [], None, None, [])


def simplified(
    body: list[Node], parameters: list[str], listing: Listing, options: Options
) -> tuple[list[Node], list[str]]:
    """A derivative function's body after all simplifications."""
    if options.optimize:
        body = live_code(body, set())
        body = propagate(body, listing.names)
        body = live_code(body, set())
    if options.optimize or options.names == "w":
        always = options.names == "w"
        body = early_ends(body)
        body = Fold(listing.names, body, set(), always=always).block(body)
    else:
        body = early_ends(body)
    return renumbered(body, parameters, listing, options)


__all__ = ["Array", "ArgumentError", "Callable", "Literal", "Options", "Program", "STAGES",
           "TupleOf", "constant", "inspect", "load", "source_for", "store", "types"]
