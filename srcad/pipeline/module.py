"""A generated module: functions are entered under names that mean nothing else in sight."""

from __future__ import annotations

import builtins
import cmath
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

import gast
import numpy

from srcad import helpers
from srcad.analysis.kind import Kind
from srcad.chain import Modules
from srcad.emit import Lines, emit, lines_of, text_of
from srcad.foreign import for_libraries
from srcad.functions.derived import Inner
from srcad.listing import Listing, origin_of
from srcad.lower.function import identifiers_of
from srcad.lower.hidden import FUNCTIONS
from srcad.lower.resolve import MISSING
from srcad.pipeline.options import Options
from srcad.pipeline.passes import simplified
from srcad.read import Source, Unresolved
from srcad.read.contexts import Context
from srcad.rules import METHODS, rule_of
from srcad.signature import own_signature
from srcad.simplify import rename
from srcad.simplify.floats import Called
from srcad.simplify.flow import bound_by
from srcad.simplify.repeats import added_one_by_one
from srcad.simplify.within import with_contexts
from srcad.tree import Node, copy_node, is_name, load, names_in, own_parts, statements_in, walk

MODULES = {"math": math, "cmath": cmath, "np": numpy}


@dataclass
class Function:
    """One generated function: its tree, and what its free names are bound to."""

    name: str
    tree: Node
    free: dict[str, object] = field(default_factory=dict)
    # The user's file that it is made from.
    filename: str = ""
    # What the user's statements stand in, and whether all of it is a reverse sweep.
    contexts: Sequence[Context] = ()
    is_reverse: bool = False

    def whole(self) -> Node:
        """The function with its statements in their contexts: how it is printed."""
        if not self.contexts:
            return self.tree
        body = with_contexts(self.tree.body, self.contexts, is_reverse=self.is_reverse)
        return copy_node(self.tree, body=body)


class Module:
    """The generated functions, their names, and what their free names mean."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.functions: list[Function] = []
        # The statements after each pass, of the first function that went through it.
        self.staged: dict[str, list[Node]] = {}
        self.globals: dict[str, object] = {}
        # Names of generated functions, and of modules and helpers: they mean one thing only.
        self.generated: set[str] = set()
        # The free names of the functions that the module is made from.
        self.taken: set[str] = set()
        self.aliases: set[str] = set()

    # -- functions -------------------------------------------------------------------------------

    def finish(
        self,
        name: str,
        parameters: list[str],
        body: list[Node],
        listing: Listing,
        behind: list[Node] | None = None,
        inputs: Sequence[str] = (),
    ) -> None:
        """Simplify a raw derivative function and enter it into the module."""
        raw = function(name, parameters, self._spelled_out(body + (behind or []), listing))
        self.staged.setdefault("differentiate", [raw])
        body, parameters = simplified(
            body,
            behind,
            parameters,
            listing,
            self.options,
            inputs,
            self._called(listing),
            lambda: self.alias("np", listing),
        )
        tree = self.add(name, parameters, body, listing, is_reverse=behind is not None)
        self.staged.setdefault("simplify", [tree])

    def add(
        self,
        name: str,
        parameters: list[str],
        body: list[Node],
        listing: Listing,
        *,
        is_reverse: bool = False,
    ) -> Node:
        """Enter a function into the module, its free names bound to what they mean."""
        body = self._spelled_out(body, listing)
        tree = function(name, parameters, body)
        parts = [part for stmt in statements_in(body) for part in own_parts(stmt)]
        own = {*parameters, *(name for stmt in statements_in(body) for name in bound_by(stmt))}
        self._call_apart(parts, own)
        contexts = listing.source.contexts
        around = [part for each in contexts for part in (*each.items, *each.first)]
        free: dict[str, object] = {}
        renamed: dict[str, str] = {}
        for identifier in sorted((names_in(*parts) - own | names_in(*around)) - self.generated):
            bound = self._bind(identifier, listing, own)
            if bound != identifier:
                renamed[identifier] = bound
            free[bound] = self.globals[bound]
        if renamed:
            tree.body = rename.renamed(tree.body, renamed)
        if renamed:
            contexts = tuple(each.under(renamed) for each in contexts)
        filename = listing.source.filename
        self.functions.append(Function(name, tree, free, filename, contexts, is_reverse))
        return tree

    def _call_apart(self, parts: list[Node], own: set[str]) -> None:
        """Call Python's own functions by another name where the user has a variable of theirs."""
        for name in sorted(own & FUNCTIONS):
            calls = [
                node
                for part in parts
                for node in walk(part)
                if isinstance(node, gast.Call) and is_name(node.func, name)
            ]
            if calls:
                value = vars(builtins)[name]
                alias, number = f"{name}2", 2
                while alias in own or self.globals.get(alias, value) is not value:
                    alias, number = f"{name}{number + 1}", number + 1
                self.globals[alias] = value
                self.aliases.add(alias)
                for node in calls:
                    node.func = load(alias)

    def sign(self, source: Source, kinds: tuple[Kind, ...]) -> None:
        """Give the function that was made last the parameters of the user's."""
        made = self.functions[-1]

        def bind(parameter: str, value: object) -> Node:
            name = self._free_name(source, f"{parameter}_default")
            self.globals[name] = made.free[name] = value
            return load(name)

        made.tree.args = own_signature(made.tree.args, source, kinds, bind)

    def _called(self, listing: Listing) -> Called:
        """The functions that a function's generated code calls, but for those of the user."""

        def called(node: Node) -> object:
            func = node.func
            base = getattr(func, "value", func)
            if is_name(base) and base.id in self.aliases:
                module = self.globals[base.id]
                return getattr(module, func.attr) if base is not func else module
            function = listing.resolver.object_of(func)
            if function is MISSING and base is not func:
                return func.attr if func.attr in (*METHODS, "append", "pop", "tolist") else None
            known = rule_of(function) is not None or function in (len, range)
            return function if known else None

        return called

    def _spelled_out(self, body: list[Node], listing: Listing) -> list[Node]:
        body = for_libraries(body) if self.options.foreign else body
        return added_one_by_one(body, lambda: self.alias("np", listing))

    # -- names -----------------------------------------------------------------------------------

    def function_name(self, source: Source, suffix: str) -> str:
        """A name for a generated function that nothing else in sight has."""
        name = self._free_name(source, f"{source.name}_{suffix}")
        self.globals[name] = None
        self.generated.add(name)
        return name

    def _free_name(self, source: Source, wanted: str) -> str:
        name, number = wanted, 2
        while name in self.globals or name in self.taken or self._is_taken(name, source):
            name, number = f"{wanted}{number}", number + 1
        return name

    def _is_taken(self, name: str, source: Source) -> bool:
        if name in identifiers_of(source):
            return True
        try:
            found = source.scope.lookup(name)
        except Unresolved:
            return False
        return not isinstance(found, Inner)  # its code has the name that its calls have

    def modules_for(self, listing: Listing) -> Modules:
        """How a function's generated code reaches ``math``, ``numpy`` and the helpers."""
        return Modules(lambda name: self.alias(name, listing))

    def alias(self, name: str, listing: Listing) -> str:
        """The name by which a function's generated code reaches a module or a helper."""
        wanted: object = MODULES.get(name) or sys.modules.get(name) or getattr(helpers, name)
        if "." in name:  # a module of SciPy: by the name that the user has for it
            package = sys.modules[name.partition(".")[0]]
            captured: dict[str, object] = listing.resolver.captured()
            for own, value in captured.items():
                if value is wanted:
                    return own
                if value is package:
                    return f"{own}.{name.partition('.')[2]}"
            name = name.partition(".")[2]
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
                self.aliases.add(alias)
                return alias
            alias, number = f"{name}{number}", number + 1

    def plain_alias(self, name: str, taken: set[str]) -> str:
        """The name of ``math`` or ``numpy`` in a function that is not made of a user's."""
        wanted = MODULES[name]
        alias, number = name, 2
        while alias in taken or self.globals.get(alias, wanted) is not wanted:
            alias, number = f"{name}{number}", number + 1
        self.globals[alias] = wanted
        return alias

    def helper_alias(self, name: str, taken: set[str]) -> str:
        """The name of a helper in a function that is not made of a user's."""
        wanted = getattr(helpers, name)
        alias, number = name, 2
        while alias in taken or self.globals.get(alias, wanted) is not wanted:
            alias, number = f"{name}{number}", number + 1
        self.globals[alias] = wanted
        return alias

    def _bind(self, name: str, listing: Listing, own: set[str]) -> str:
        """A free name's name in the module: its own, unless that means something else there."""
        if name in self.aliases:
            return name
        # One of the user's that has the name of one of Python's has another name by now.
        value = vars(builtins)[name] if name in FUNCTIONS else listing.resolver.lookup(name)
        bound, number = name, 2
        while bound in own or self.globals.get(bound, value) is not value:
            bound, number = f"{name}{number}", number + 1
        if bound not in self.globals:
            self.globals[bound] = value
        return bound

    # -- text ------------------------------------------------------------------------------------

    @property
    def stages(self) -> dict[str, str]:
        """The text after each pass, by its name."""
        texts = {name: emit(stmts) if stmts else "" for name, stmts in self.staged.items()}
        return texts | {"emit": self.text()}

    def lines(self) -> Lines:
        """The module's functions line by line, those that are called before those that call."""
        return lines_of([each.whole() for each in self.functions])

    def text(self) -> str:
        """The module's functions as text."""
        return text_of(self.lines())

    def places(self, lines: Lines) -> list[tuple[str, int]]:
        """For each of the module's ``lines``, the user's file and line that it is made from."""
        filenames = {each.name: each.filename for each in self.functions}
        found, place = [], ("", 0)
        for number in range(len(lines)):
            stmt = lines.begun.get(number)
            if isinstance(stmt, gast.FunctionDef):
                place = (filenames.get(stmt.name, ""), 0)
            lineno = getattr(origin_of(stmt), "lineno", 0) if stmt is not None else 0
            place = (place[0], lineno or place[1])
            found.append(place)
        return found

    def live_bindings(self) -> dict[str, object]:
        """What the free names of the module are bound to when it runs here."""
        bound = {name: value for name, value in self.globals.items() if value is not None}
        for each in self.functions:
            for name, value in each.free.items():
                bound[name] = value.function if isinstance(value, Source) else value
        return bound


def function(name: str, parameters: Sequence[str], body: list[Node]) -> Node:
    """A function definition."""
    arguments = gast.arguments(
        [gast.Name(each, gast.Param(), None, None) for each in parameters],
        [],
        None,
        [],
        [],
        None,
        [],
    )
    return gast.FunctionDef(name, arguments, body or [gast.Pass()], [], None, None, [])


def last_return(body: list[Node]) -> Node | None:
    """The user's return that a body ends with, if it does."""
    origin = origin_of(body[-1]) if body else None
    return origin if isinstance(origin, gast.Return) else None
