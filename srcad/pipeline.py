"""The passes in order, and the module of functions that they make.

A :class:`Program` is one generated module: the derivative that was asked for, the tangents and
sweeps of the functions that it calls, the helpers that they use.  Every function goes through the
same stages, and the text of each stage is kept.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import gast
import numpy

from srcad import helpers
from srcad.adjoint import may_be_array
from srcad.analysis.kind import (
    NOTHING,
    Array,
    Kind,
    ListOf,
    Literal,
    Unknown,
    is_continuous,
    leaf_kinds,
)
from srcad.analysis.lengths import canonical, renamed
from srcad.analysis.memory import NO_MEMORY, Summary, is_memory
from srcad.analysis.operation import parameters_of
from srcad.chain import Modules
from srcad.dispatch import Watch
from srcad.driver import Driver
from srcad.emit import emit
from srcad.errors import Problems
from srcad.foreign import check_writes, for_libraries
from srcad.forward import Forward
from srcad.listing import Listing, origin_of, with_origin
from srcad.lower.function import identifiers_of, is_user_function, lower, variables_of
from srcad.lower.resolve import MISSING, Resolver
from srcad.lower.tuples import expression_of
from srcad.names import Names
from srcad.read import Source, Unresolved, source_for
from srcad.reverse import Ahead, Back, Pair, Plan
from srcad.reverse.bars import OWNED
from srcad.reverse.pair import of_kind
from srcad.reverse.stacks import STACKS, empty, is_used, kept
from srcad.rules import METHODS, rule_of
from srcad.signature import own_signature
from srcad.simplify import rename
from srcad.simplify.aliases import Aliases
from srcad.simplify.constants import propagate
from srcad.simplify.dead import live_before, live_code
from srcad.simplify.first import set_first
from srcad.simplify.floats import Called, Floats
from srcad.simplify.flow import bound_by, written_by
from srcad.simplify.fold import Fold
from srcad.simplify.guards import early_ends, placeholders, short_returns
from srcad.simplify.lists import as_lists, uses_single_precision
from srcad.simplify.number import numbered
from srcad.simplify.ownership import own_results
from srcad.simplify.rename import renumbered
from srcad.simplify.repeats import added_one_by_one
from srcad.simplify.versions import one_name
from srcad.standalone import standalone
from srcad.tree import (
    Comment,
    Node,
    assign,
    call,
    constant,
    is_name,
    item,
    load,
    names_in,
    own_parts,
    statements_in,
    store,
)

MODULES = {"math": math, "np": numpy}


@dataclass(frozen=True)
class Options:
    """How code is written: whose names, which alphabet, whether it is simplified.

    ``foreign`` is the library of the arrays that it is for, where they are not NumPy's.
    """

    names: str = "user"
    ascii: bool = False
    optimize: bool = True
    foreign: str = ""


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
        # The statements after each pass, of the first function that went through it.
        self.staged: dict[str, list[Node]] = {}
        self.globals: dict[str, object] = {}
        # Whether a reverse sweep goes back over arrays that the forward sweep has written.
        self.restores = False
        # What the free names of all functions meant that the module was made from.
        self.resolvers: list[Resolver] = []
        # The same of the module that the function to differentiate is part of, if it is generated.
        self.inherited: tuple[Watch, ...] = ()
        # Names of generated functions, and of modules and helpers: they mean one thing only.
        self.generated: set[str] = set()
        self.aliases: set[str] = set()
        self._made: dict[Any, str] = {}
        self._pairs: dict[Any, Pair] = {}
        self._facts: dict[Any, tuple[Kind, Summary]] = {}
        self._assumed: dict[Any, tuple[Kind, Summary]] = {}
        # What the functions that are differentiated do to memory.
        self._summaries: dict[Any, Summary] = {}
        self._recursed: set[Any] = set()
        self._listings: dict[Any, Listing] = {}
        # The pairs made so far of functions that call one another, until all of them are made.
        self._unfinished: dict[frozenset[Source], list[Pair]] = {}
        self._recursions: dict[Source, frozenset[Source]] = {}

    # -- what a called function returns ----------------------------------------------------------

    def call_kind(self, source: Source, kinds: tuple[Kind, ...]) -> Kind:
        """The kind of a user's function's result."""
        inside, back = canonical(kinds)
        return renamed(self._call(source, inside)[0], back)

    def call_memory(self, source: Source, kinds: tuple[Kind, ...]) -> Summary:
        """What a call of a user's function does to memory."""
        return self._call(source, canonical(kinds)[0])[1]

    def written(self, source: Source, kinds: tuple[Kind, ...]) -> list[int]:
        """Which of the arguments of the generated function it writes, by their positions."""
        given = [n for n, kind in enumerate(kinds) if not isinstance(kind, Literal)]
        return [given.index(n) for n in sorted(self._written(source, kinds))]

    def _written(self, source: Source, kinds: tuple[Kind, ...]) -> frozenset[int]:
        """Which of its parameters a function writes, by their positions."""
        if not any(map(is_memory, kinds)):
            return frozenset()  # a number cannot be written into
        summary = self._summaries.get((source, kinds)) or self.call_memory(source, kinds)
        return summary.written

    def _call(self, source: Source, kinds: tuple[Kind, ...]) -> tuple[Kind, Summary]:
        """What is known of a call, in the function's own lengths.

        A recursion is gone round until it is stable.
        """
        key = (source, kinds)
        if key in self._facts:
            return self._facts[key]
        if key in self._assumed:
            self._recursed.add(key)
            return self._assumed[key]
        self._assumed[key] = NOTHING, NO_MEMORY
        active = tuple(is_continuous(kind) for kind in kinds)
        while True:
            self._recursed.discard(key)
            listing = self._lower(source, kinds, active)
            found = listing.result_kind, listing.summary
            if key not in self._recursed or found == self._assumed[key]:
                break
            self._assumed[key] = found
        del self._assumed[key]
        self._facts[key] = found
        self._listings[source, kinds, active] = listing
        return found

    def result_kind(
        self, source: Source, kinds: tuple[Kind, ...], active: tuple[bool, ...]
    ) -> Kind:
        """The kind of the result of the function that is differentiated."""
        if self.is_recursive(source):
            return self.call_kind(source, kinds)
        listing = self._lower(source, kinds, active)
        listing.option_problems.raise_if_any()
        self._listings[source, kinds, active] = listing
        if active == tuple(map(is_continuous, kinds)) or not called_by(source):
            # What is not differentiated is not taken apart: a call in there would not be seen.
            self._summaries[source, kinds] = listing.summary
        return listing.result_kind

    def _lower(self, source: Source, kinds: tuple[Kind, ...], active: tuple[bool, ...]) -> Listing:
        ascii = self.options.ascii
        listing = lower(source, kinds, active, self.call_kind, self.call_memory, ascii=ascii)
        self.resolvers.append(listing.resolver)
        if self.options.foreign:
            check_writes(listing.body, source, self.options.foreign)
        return listing

    def lowered(self, source: Source, kinds: tuple[Kind, ...], active: tuple[bool, ...]) -> Listing:
        """The listing of a function, for one use."""
        listing = self._listings.pop((source, kinds, active), None)
        if listing is None:
            listing = self._lower(source, kinds, active)
        listing.option_problems.raise_if_any()
        self.staged.setdefault("read", [source.tree])
        self.staged.setdefault("lower", listing.body)
        return listing

    # -- generated functions ---------------------------------------------------------------------

    def function_name(self, source: Source, suffix: str) -> str:
        """A name for a generated function that nothing else in sight has."""
        name = self._free_name(source, f"{source.name}_{suffix}")
        self.globals[name] = None
        self.generated.add(name)
        return name

    def _free_name(self, source: Source, wanted: str) -> str:
        name, number = wanted, 2
        while name in self.globals or self._is_taken(name, source):
            name, number = f"{wanted}{number}", number + 1
        return name

    def _is_taken(self, name: str, source: Source) -> bool:
        if name in identifiers_of(source):
            return True
        try:
            source.scope.lookup(name)
        except Unresolved:
            return False
        return True

    def modules_for(self, listing: Listing) -> Modules:
        """How a function's generated code reaches ``math``, ``numpy`` and the helpers."""
        return Modules(lambda name: self._alias(name, listing))

    def _alias(self, name: str, listing: Listing) -> str:
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

    def tangent(self, source: Source, kinds: tuple[Kind, ...], active: tuple[bool, ...]) -> str:
        """The name of the function ``f_jvp(args, tangents) -> value, tangent``."""
        kinds, _ = canonical(kinds)
        key = ("jvp", source, kinds, active)
        if key not in self._made:
            self._made[key] = self.function_name(source, "jvp")
            listing = self.lowered(source, kinds, active)
            self._tangent(self._made[key], listing, _chosen(listing, source, active))
        return self._made[key]

    def _tangent(self, name: str, listing: Listing, inputs: list[str]) -> None:
        forward = Forward(listing, inputs, self.modules_for(listing), self.tangent)
        body = forward.run()
        dots = iter(forward.tangents())
        if not isinstance(listing.result_kind, Literal):
            value = expression_of(listing.structure)
            tangent = _with_leaves(listing.structure, dots)
            returned = gast.Return(gast.Tuple([value, tangent], gast.Load()))
            body.append(with_origin(returned, _last_return(body)))
        parameters = listing.parameters + [listing.names.dot(each) for each in inputs]
        self.finish(name, parameters, body, listing, inputs=inputs)

    # -- reverse mode ------------------------------------------------------------------------------

    def gradient(
        self,
        source: Source,
        kinds: tuple[Kind, ...],
        active: tuple[bool, ...],
        *,
        value: bool = False,
        seeded: bool = False,
        order: tuple[int, ...] = (),
        several: bool = False,
    ) -> str:
        """The name of ``f_grad(args)``: both sweeps in one function, from the seed 1.

        With ``value`` the result is ``value, gradient``; with ``seeded`` the seed is an argument
        and the adjoints come in a tuple of their own, as in the notes.
        """
        name = self.function_name(source, "vjp" if seeded else "grad")
        listing = self.lowered(source, kinds, active)
        inputs = _chosen(listing, source, active)
        wanted_order = [parameters_of(source)[n] for n in order] or inputs
        modules = self.modules_for(listing)
        if self.is_recursive(source):
            self._gradient_by_pair(
                name, listing, source, kinds, active, value, seeded, wanted_order, several
            )
            return name
        plan = Plan(listing, inputs, modules, self.pair)
        ahead = Ahead(plan).run()
        back = Back(plan)
        seeds: list[str] = []
        backward = back.run()
        kept = {p: listing.names.fresh(f"{p}_end") for p in plan.restored_parameters()}
        given = {p: p for p in kept}
        for parameter in [p for p in kept if p in plan.places.writers]:
            # It swaps its name with others; here it is still the caller's.
            given[parameter] = listing.names.fresh(f"{parameter}_given")
            ahead.insert(0, assign(given[parameter], load(parameter)))
        for parameter, end in kept.items():
            copied = call(gast.Attribute(load(given[parameter]), "copy", gast.Load()))
            backward.insert(0, assign(end, copied))
        for result in reversed(listing.results):
            if result in plan.active:
                if seeded:
                    seeds.insert(0, listing.names.bar(result))
                else:
                    backward.insert(0, assign(listing.names.bar(result), constant(1.0)))
        for parameter, end in kept.items():  # the caller finds what the function left
            whole = item(given[parameter], gast.Constant(..., None), stored=True)
            backward.append(gast.Assign([whole], load(end), None))
        several = several or seeded
        returned: Node = _tuple(back.bars.results(wanted_order), always=several)
        if value or seeded:
            returned = gast.Tuple([expression_of(listing.structure), returned], gast.Load())
        backward.append(gast.Return(returned))
        parameters = listing.parameters + seeds
        if self.options.names == "w":
            ahead, backward, seeds = without_copy(ahead, backward, seeds, listing.names)
            parameters = listing.parameters + seeds
        self.finish(name, parameters, ahead, listing, backward, inputs)
        if not seeded:
            self._sign(source, kinds)
        return name

    def _sign(self, source: Source, kinds: tuple[Kind, ...]) -> None:
        """Give the function that was made last the parameters of the user's."""
        made = self.functions[-1]

        def bind(parameter: str, value: object) -> Node:
            name = self._free_name(source, f"{parameter}_default")
            self.globals[name] = made.free[name] = value
            return load(name)

        made.tree.args = own_signature(made.tree.args, source, kinds, bind)

    def _gradient_by_pair(
        self,
        name: str,
        listing: Listing,
        source: Source,
        kinds: tuple[Kind, ...],
        active: tuple[bool, ...],
        value: bool,
        seeded: bool,
        order: list[str],
        several: bool,
    ) -> None:
        """A recursive function's gradient: its two sweeps, called one after the other."""
        pair = self.pair(source, kinds, active)
        several = several or seeded
        names = Names(set(listing.parameters) | set(self.globals), ascii=self.options.ascii)
        stacks = {stem: names.fresh(stem) for stem in pair.stacks}
        tapes, result = [load(each) for each in stacks.values()], names.temporary()
        arguments = [load(each) for each in listing.parameters]
        forward = call(load(pair.forward), *arguments, *tapes)
        seeds = [names.bar(names.temporary()) for each in pair.seeds if each] if seeded else []
        backward = call(
            load(pair.reverse),
            *(load(each) for each in pair.arguments),
            *tapes,
            *(map(load, seeds) if seeded else [constant(1.0)]),
        )
        forward_stmt = assign(result, forward) if value or seeded else gast.Expr(forward)
        steps: list[Node] = []
        returned: Node = backward
        if several or len(pair.inputs) > 1:
            adjoints = [names.bar(each) for each in pair.inputs]
            target = _tuple([store(each) for each in adjoints], stored=True)
            steps = [assign(target, backward)]
            by_name = dict(zip(pair.inputs, adjoints, strict=True))
            returned = _tuple([load(by_name[each]) for each in order], always=several)
        if value or seeded:
            returned = gast.Tuple([load(result), returned], gast.Load())
        made = [assign(name, empty(stem)) for stem, name in stacks.items()]
        body = [*made, forward_stmt, *steps, gast.Return(returned)]
        tree = function(name, listing.parameters + seeds, body)
        self.functions.append(Function(name, tree, {}))
        if not seeded:
            self._sign(source, kinds)

    def pair(
        self,
        source: Source,
        kinds: tuple[Kind, ...],
        active: tuple[bool, ...],
        nested: bool = False,
    ) -> Pair:
        """The two sweeps of a function: ``f_forward`` and ``f_reverse``.

        ``nested`` says that it is called in a loop or in a branch.
        """
        kinds, _ = canonical(kinds)
        recursion = self.recursion(source)
        stacked = bool(recursion) or (nested and self._saves_numbers(source, kinds))
        key = ("pair", source, kinds, active, stacked)
        if key in self._pairs:
            return self._pairs[key]
        listing = self.lowered(source, kinds, active)
        self.restores = self.restores or bool(listing.memory)
        inputs = _chosen(listing, source, active)
        forward = self.function_name(source, "forward")
        backward = self.function_name(source, "reverse")
        pair = Pair(
            forward,
            backward,
            list(listing.parameters),
            "stacks" if stacked else "tuple",
            inputs,
            list(listing.parameters),
            [True] * len(listing.results),
        )
        if stacked:
            pair.stacks = list(STACKS)
        started = recursion not in self._unfinished
        if recursion:
            self._pairs[key] = pair
            self._unfinished.setdefault(recursion, []).append(pair)
        pair.shadowed = [each for each in inputs if _is_shadowed(each, listing)]
        stacks = {stem: listing.names.fresh(stem) for stem in pair.stacks}
        modules = self.modules_for(listing)
        plan = Plan(listing, inputs, modules, self.pair, stacks=stacks, splits=True, called=True)
        pair.seeds = [each in plan.active for each in listing.results]
        if recursion:
            pair.seeds = [is_continuous(plan.kind(each)) for each in listing.results]
        ahead = Ahead(plan).run()
        back = Back(plan)
        back.bars.state |= dict.fromkeys(pair.shadowed, OWNED)
        behind = back.run()
        returned = [each for each in inputs if each not in pair.shadowed]
        values = back.bars.results(returned, lists=False)
        if values:
            behind.append(gast.Return(_tuple(values)))
        seeds = [
            listing.names.bar(each)
            for each, seeded in zip(listing.results, pair.seeds, strict=True)
            if seeded
        ]
        lists = [
            listing.names.bar(each)
            for each in inputs
            if isinstance(listing.kinds_of_parameters[each], ListOf) or each in pair.shadowed
        ]
        held = held_by_caller(listing) | {*stacks.values(), *lists}
        if any(isinstance(plan.kind(each), ListOf) for each in listing.results):
            held |= set(seeds)
        self._finish_pair(
            pair, listing, ahead, behind, seeds + lists, list(stacks.values()), held, plan.kind
        )
        self._pairs[key] = pair
        if started and stacked:
            self._keep_used_stacks(self._unfinished.pop(recursion, [pair]))
        return pair

    def _saves_numbers(self, source: Source, kinds: tuple[Kind, ...]) -> bool:
        """Whether what a function saves is numbers, and how many depends on its loops."""
        leaves = [leaf for kind in kinds for leaf in leaf_kinds(kind)]
        leaves = [leaf.item if isinstance(leaf, ListOf) else leaf for leaf in leaves]
        return not any(map(may_be_array, leaves)) and any(
            map(has_loop, {source, *reached_from(source)})
        )

    def _keep_used_stacks(self, pairs: list[Pair]) -> None:
        """Stacks that none of the functions uses are no parameters of theirs."""
        first = {name: len(p.arguments) for p in pairs for name in (p.forward, p.reverse)}
        members = [each for each in self.functions if each.name in first]
        trees = [each.tree for each in members]
        used = [stem for stem in STACKS if is_used(trees, first, stem)]
        for each, tree in zip(members, kept(trees, first, used), strict=True):
            each.tree = tree
        for pair in pairs:
            pair.stacks, pair.tape = used, "stacks" if used else ""

    def _finish_pair(
        self,
        pair: Pair,
        listing: Listing,
        ahead: list[Node],
        behind: list[Node],
        seeds: list[str],
        stacks: list[str],
        held: set[str],
        kind_of: Callable[[str], Kind],
    ) -> None:
        """Split the sweeps into two functions; what the second one reads of the first travels."""
        aliases = Aliases([*ahead, *behind])
        behind = live_code(behind, held, aliases)
        read = live_before(behind, held, aliases) - set(seeds) - set(stacks)
        made = {name for stmt in statements_in(ahead) for name in listing.memory.binds(stmt)}
        # A list that was handed in is still the caller's: it is handed in again, or not read.
        lists = {n for n, k in listing.kinds_of_parameters.items() if isinstance(k, ListOf)}
        made -= lists
        read -= lists - names_in(*behind)
        travelling = sorted(read & made, key=_natural)
        pair_arguments = [p for p in listing.parameters if p in read and p not in made]
        value = expression_of(listing.structure)
        nothing = isinstance(listing.result_kind, Literal)
        if pair.tape == "stacks":
            pair_arguments = list(listing.parameters)
            returned = None if nothing else value
            arguments = [*listing.parameters, *stacks]
        else:
            pair.tape = "tuple" if travelling else ""
            pair.saved = [kind_of(each) for each in travelling]
            arguments = list(listing.parameters)
            tape = gast.Tuple([load(each) for each in travelling], gast.Load())
            saved = tape if len(travelling) > 1 else (tape.elts or [None])[0]
            returned = gast.Tuple([value, saved], gast.Load()) if travelling else value
            if nothing:
                returned = saved if travelling else None
        pair.arguments = pair_arguments
        ahead = placeholders(ahead, set(travelling) - set(listing.parameters))
        ahead = [*ahead, with_origin(gast.Return(returned), _last_return(ahead))]
        parameters = list(pair_arguments)
        if pair.tape == "stacks":
            parameters += stacks
        elif travelling:
            name = travelling[0] if len(travelling) == 1 else listing.names.fresh("tape")
            parameters.append(name)
            if len(travelling) > 1:
                unpacked = [of_kind(store(each), kind_of(each)) for each in travelling]
                targets = gast.Tuple(unpacked, gast.Store())
                behind.insert(0, assign(targets, load(name)))
        parameters += seeds
        bodies = [ahead, behind]
        if self.options.optimize:
            names = listing.names
            bodies = [live_code(each, held, aliases) for each in bodies]
            whole, again = one_name([*bodies[0], gast.Pass(), *bodies[1]], names, seeds)
            bodies, parameters = _split(whole), [again.get(each, each) for each in parameters]
            aliases = Aliases([*bodies[0], *bodies[1]])
            own = arguments + parameters
            bodies = [propagate(each, names, own, aliases) for each in bodies]
            bodies = [live_code(each, held, aliases) for each in bodies]
            bodies = [early_ends(each) for each in bodies]
            fold = Fold(listing.names, [*bodies[0], *bodies[1]], set())
            bodies = [fold.block(each) for each in bodies[::-1]][::-1]
            bodies = [short_returns(each, listing.names.temporaries) for each in bodies]
        else:
            bodies = [early_ends(each) for each in bodies]
        together, both = renumbered(
            [*bodies[0], gast.Pass(), *bodies[1]], arguments + parameters, listing
        )
        together = own_results(together)
        ahead, behind = _split(together)
        given, read_back = both[: len(arguments)], both[len(arguments) :]
        if self.options.foreign:
            behind = for_libraries(behind, read_back[len(read_back) - len(pair.shadowed) :])
        for name, body, own in ((pair.forward, ahead, given), (pair.reverse, behind, read_back)):
            self.add(name, own, body, listing)

    def is_recursive(self, source: Source) -> bool:
        """Whether a function may call itself, directly or through others."""
        return bool(self.recursion(source))

    def recursion(self, source: Source) -> frozenset[Source]:
        """The functions that a function calls and that call it, itself among them; or none."""
        if source not in self._recursions:
            within = reached_from(source)
            members = {each for each in within if source in reached_from(each)}
            self._recursions[source] = frozenset(members)
        return self._recursions[source]

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
            body, behind, parameters, listing, self.options, inputs, self._called(listing)
        )
        tree = self.add(name, parameters, body, listing)
        self.staged.setdefault("simplify", [tree])

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

    def add(self, name: str, parameters: list[str], body: list[Node], listing: Listing) -> Node:
        """Enter a function into the module, its free names bound to what they mean."""
        body = self._spelled_out(body, listing)
        tree = function(name, parameters, body)
        parts = [part for stmt in statements_in(body) for part in own_parts(stmt)]
        own = {*parameters, *(name for stmt in statements_in(body) for name in bound_by(stmt))}
        free: dict[str, object] = {}
        renamed: dict[str, str] = {}
        for identifier in sorted(names_in(*parts) - own - self.generated):
            bound = self._bind(identifier, listing, own)
            if bound != identifier:
                renamed[identifier] = bound
            free[bound] = self.globals[bound]
        if renamed:
            tree.body = rename.renamed(tree.body, renamed)
        self.functions.append(Function(name, tree, free))
        return tree

    def shadow_counts(self) -> dict[str, int]:
        """How many of the last arguments of each reverse sweep are adjoints that it adds to."""
        return {pair.reverse: len(pair.shadowed) for pair in self._pairs.values()}

    def _spelled_out(self, body: list[Node], listing: Listing) -> list[Node]:
        body = for_libraries(body) if self.options.foreign else body
        return added_one_by_one(body, lambda: self._alias("np", listing))

    def _bind(self, name: str, listing: Listing, own: set[str]) -> str:
        """A free name's name in the module: its own, unless that means something else there."""
        if name in self.aliases:
            return name
        value = listing.resolver.lookup(name)
        bound, number = name, 2
        while bound in own or self.globals.get(bound, value) is not value:
            bound, number = f"{name}{number}", number + 1
        if bound not in self.globals:
            self.globals[bound] = value
        return bound

    # -- gradients in forward mode -----------------------------------------------------------------

    def forward_gradient(
        self,
        source: Source,
        kinds: tuple[Kind, ...],
        wrt: tuple[int, ...],
        *,
        value: bool,
        several: bool,
    ) -> str:
        """The name of ``f_grad(args)`` in forward mode: a tangent sweep for each entry."""
        parameters = parameters_of(source)
        active = tuple(n in wrt for n in range(len(kinds)))
        listing = self.lowered(source, kinds, active)
        rebound_arguments(listing).raise_if_any()
        self._listings[source, canonical(kinds)[0], active] = listing
        jvp = self.tangent(source, kinds, active)
        name = self.function_name(source, "grad")
        given = [p for p, k in zip(parameters, kinds, strict=True) if not isinstance(k, Literal)]
        written = self._written(source, kinds)
        driver = Driver(
            jvp,
            given,
            [parameters[n] for n in wrt],
            [kinds[n] for n in wrt],
            sorted(wrt),
            parameters,
            self._plain_alias,
            written=[p for n, p in enumerate(parameters) if n in written],
            ascii=self.options.ascii,
        )
        body = driver.body(value=value, several=several)
        tree = function(name, given, body)
        self.functions.append(Function(name, tree, {}))
        self._sign(source, kinds)
        return name

    def _plain_alias(self, name: str, taken: set[str]) -> str:
        wanted = MODULES[name]
        alias, number = name, 2
        while alias in taken or self.globals.get(alias, wanted) is not wanted:
            alias, number = f"{name}{number}", number + 1
        self.globals[alias] = wanted
        return alias

    # -- the module ------------------------------------------------------------------------------

    @property
    def stages(self) -> dict[str, str]:
        """The text after each pass, by its name."""
        texts = {name: emit(stmts) if stmts else "" for name, stmts in self.staged.items()}
        return texts | {"emit": self.text()}

    def text(self) -> str:
        """The module's functions as text, those that are called before those that call."""
        return emit([each.tree for each in self.functions])

    def live_bindings(self) -> dict[str, object]:
        """What the free names of the module are bound to when it runs here."""
        bound = {name: value for name, value in self.globals.items() if value is not None}
        for each in self.functions:
            for name, value in each.free.items():
                bound[name] = value.function if isinstance(value, Source) else value
        return bound

    def standalone(self) -> str:
        """The module with its imports, helpers and constants: it needs only numpy and math."""
        return standalone(self)


def _last_return(body: list[Node]) -> Node | None:
    """The user's return that a body ends with, if it does."""
    origin = origin_of(body[-1]) if body else None
    return origin if isinstance(origin, gast.Return) else None


def _with_leaves(structure: Any, leaves: Any) -> Node:
    """A structure with each name exchanged for the next leaf."""
    if isinstance(structure, str):
        return next(leaves)
    return gast.Tuple([_with_leaves(each, leaves) for each in structure], gast.Load())


def _chosen(listing: Listing, source: Source, active: tuple[bool, ...]) -> list[str]:
    """The variables to differentiate with respect to: those of the active parameters."""
    return [
        leaf
        for name, flag in zip(parameters_of(source), active, strict=True)
        for leaf in (listing.leaves.get(name, []) if flag else [])
        if is_continuous(listing.kinds_of_parameters[leaf])
    ]


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


def simplified(
    ahead: list[Node],
    behind: list[Node] | None,
    parameters: list[str],
    listing: Listing,
    options: Options,
    inputs: Sequence[str],
    called: Called,
) -> tuple[list[Node], list[str]]:
    """A derivative function's body after all simplifications; ``behind`` is its reverse sweep."""
    marks = [gast.Pass()] if behind is not None else []
    body = [*ahead, *marks, *(behind or [])]
    always = options.names == "w"
    held = held_by_caller(listing)
    held |= {listing.names.dot(name) for name in held}
    if options.optimize or always:
        body, _ = one_name(live_code(body, held), listing.names)
        body = propagate(body, listing.names, parameters, always=always)
        body = live_code(body, held)
    names = listing.names
    kinds = dict(listing.kinds_of_parameters)
    kinds |= {marked: kinds[each] for each in inputs for marked in names.marked(each)}
    plain = always or not options.optimize or uses_single_precision(listing) or options.foreign
    with_lists, lists = (body, set[str]()) if plain else as_lists(body, kinds, names)
    before, after = folded(with_lists, names, options, split=bool(marks))
    if lists:
        floats = Floats([*before, *after], lists)
        arrays = {n for n, kind in listing.kinds.items() if isinstance(kind, (Array, Unknown))}
        if not floats.behave_alike(names.tapes.keys() | names.derivatives, arrays, called):
            before, after = folded(body, names, options, split=bool(marks))
    if not always and options.optimize:
        after = set_first(after, names.derivatives)
    if before:
        before = [Comment("forward sweep"), *before, Comment("reverse sweep")]
    body = before + after
    if always:
        return numbered(own_results(body), parameters, listing, list(inputs))
    return renumbered(own_results(body), parameters, listing)


def _split(body: list[Node]) -> list[list[Node]]:
    """The two sweeps of a body, with a mark between them."""
    mark = next(n for n, each in enumerate(body) if isinstance(each, gast.Pass))
    return [body[:mark], body[mark + 1 :]]


def _is_shadowed(name: str, listing: Listing) -> bool:
    """Whether a parameter is an array that is written, or read in part."""
    if not isinstance(listing.kinds_of_parameters[name], Array):
        return False
    if any(name in listing.memory.binds(stmt) for stmt in statements_in(listing.body)):
        return False
    if listing.memory.is_written(name):
        return True
    values = (getattr(stmt, "value", None) for stmt in statements_in(listing.body))
    return any(isinstance(v, gast.Subscript) and is_name(v.value, name) for v in values)


def rebound_arguments(listing: Listing) -> Problems:
    """The arguments that are written, and whose names become other arrays' on the way.

    Forward mode's gradient starts each sweep from what the caller gave, and would write it back.
    """
    problems = Problems(listing.source)
    for stmt in statements_in(listing.body):
        for name in listing.memory.binds(stmt) & set(listing.parameters):
            if listing.memory.is_written(name) and not getattr(stmt, "permutes", False):
                problems.add(
                    origin_of(stmt) or listing.source.tree,
                    f"`{name}`, an argument that is written, bound to another array",
                    "which array is written depends on the way the program took",
                    f"a new name for the new array, or `{name} = {name}.copy()` at the start",
                )
    return problems


def held_by_caller(listing: Listing) -> set[str]:
    """The parameters whose memory the function writes, for its caller to see."""
    kinds = listing.kinds_of_parameters
    return {
        name
        for name in listing.parameters
        if isinstance(kinds[name], ListOf) or listing.memory.is_written(name)
    }


def folded(
    body: list[Node], names: Names, options: Options, *, split: bool
) -> tuple[list[Node], list[Node]]:
    """The two sweeps with their lines folded; only the second, of a body that is not ``split``."""
    always = options.names == "w"
    body = early_ends(body)
    place = next((n for n, each in enumerate(body) if isinstance(each, gast.Pass)), 0)
    before, after = (body[:place], body[place + 1 :]) if split else ([], body)
    if options.optimize or always:
        fold = Fold(names, body, set(), always=always)
        after = short_returns(fold.block(after), names.temporaries)
        before = fold.block(before)
    return before, after


def without_copy(
    ahead: list[Node], behind: list[Node], seeds: list[str], names: Names
) -> tuple[list[Node], list[Node], list[str]]:
    """Both sweeps where the result is the variable that is returned, not a copy of it.

    The reverse sweep must not put an older value into that variable.
    """
    last = ahead[-1] if ahead else None
    if not isinstance(last, gast.Assign) or not is_name(last.targets[0]):
        return ahead, behind, seeds
    copy, value = last.targets[0].id, last.value
    if copy not in names.temporaries or not is_name(value):
        return ahead, behind, seeds
    if any(value.id in written_by(stmt) for stmt in statements_in(behind)):
        return ahead, behind, seeds
    bars = {names.bar(copy): names.bar(value.id)}
    behind = rename.renamed(behind, {copy: value.id, **bars})
    behind = [stmt for stmt in behind if not _copies_itself(stmt)]
    return ahead[:-1], behind, [bars.get(each, each) for each in seeds]


def _copies_itself(stmt: Node) -> bool:
    return (
        isinstance(stmt, gast.Assign)
        and is_name(stmt.value)
        and is_name(stmt.targets[0])
        and stmt.targets[0].id == stmt.value.id
    )


def called_by(source: Source) -> list[Source]:
    """The user's functions that a function calls."""
    resolver = Resolver(source.scope, variables_of(source))
    found = []
    for node in source.nodes:
        if isinstance(node, gast.Call):
            callee = resolver.object_of(node.func)
            if is_user_function(callee):
                found.append(source_for(callee))
    return found


def has_loop(source: Source) -> bool:
    """Whether there is a loop in a function."""
    return any(isinstance(stmt, (gast.For, gast.While)) for stmt in statements_in(source.tree.body))


def reached_from(source: Source) -> set[Source]:
    """The user's functions that a function calls, directly or through others."""
    found: set[Source] = set()
    pending = called_by(source)
    while pending:
        each = pending.pop()
        if each not in found:
            found.add(each)
            pending += called_by(each)
    return found


def _natural(name: str) -> tuple[object, ...]:
    """The order in which a tape's names are read: numbers by their value."""
    return tuple(int(p) if p.isdigit() else p for p in re.split(r"(\d+)", name))


def _tuple(values: list[Node], *, always: bool = False, stored: bool = False) -> Node:
    if len(values) == 1 and not always:
        return values[0]
    return gast.Tuple(values, gast.Store() if stored else gast.Load())
