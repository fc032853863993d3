"""Reverse mode of functions that are called: each has two sweeps, functions of their own.

``f_forward`` returns the result and what it saved; ``f_reverse`` takes that, and the adjoint of
the result.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import gast

from srcad.adjoint import may_be_array
from srcad.analysis.kind import Array, Kind, ListOf, Literal, is_continuous, leaf_kinds
from srcad.analysis.lengths import canonical
from srcad.analysis.overlap import Overlap
from srcad.listing import Listing, with_origin
from srcad.lower.tuples import expression_of
from srcad.pipeline.listings import Listings, chosen, has_loop, reached_from
from srcad.pipeline.module import Module, last_return
from srcad.pipeline.passes import held_by_caller, simplified_pair
from srcad.read import Source
from srcad.reverse import Ahead, Back, Pair, Plan
from srcad.reverse.bars import OWNED
from srcad.reverse.filled import without_fills
from srcad.reverse.pair import of_kind
from srcad.reverse.stacks import STACKS, is_used, kept
from srcad.simplify.aliases import Aliases
from srcad.simplify.dead import (
    live_before,
    live_code,
    popped_only,
    unread_saves,
    without_saves,
)
from srcad.simplify.guards import placeholders
from srcad.tree import (
    Node,
    assign,
    is_name,
    load,
    names_in,
    statements_in,
    store,
    tuple_of,
)


class Pairs:
    """The pairs of sweeps of a module's functions, each made once for each set of kinds."""

    def __init__(self, module: Module, listings: Listings) -> None:
        self.module = module
        self.listings = listings
        # Whether a reverse sweep goes back over arrays that the forward sweep has written.
        self.restores = False
        self._pairs: dict[Any, Pair] = {}
        # The pairs made so far of functions that call one another, until all of them are made.
        self._unfinished: dict[frozenset[Source], list[Pair]] = {}

    def pair(
        self,
        source: Source,
        kinds: tuple[Kind, ...],
        active: tuple[bool, ...],
        nested: bool = False,
        overlap: Overlap = (),
        unread: tuple[int, ...] = (),
    ) -> Pair:
        """The two sweeps of a function: ``f_forward`` and ``f_reverse``.

        ``nested`` says that it is called in a loop or in a branch; ``overlap`` are the parameters
        that may be parts of one array, ``unread`` the results that nothing reads.
        """
        kinds, _ = canonical(kinds)
        recursion = self.listings.recursion(source)
        stacked = bool(recursion) or (nested and self._saves_numbers(source, kinds))
        key = ("pair", source, kinds, active, stacked, overlap, unread)
        if key in self._pairs:
            return self._pairs[key]
        listing = self.listings.lowered(source, kinds, active, overlap)
        if _rebinds_what_it_writes(listing):
            listing = self.listings.lowered(source, kinds, active, overlap, own_names=True)
        self.restores = self.restores or bool(listing.memory)
        inputs = chosen(listing, source, active)
        forward = self.module.function_name(source, "forward")
        backward = self.module.function_name(source, "reverse")
        pair = Pair(
            forward,
            backward,
            list(listing.parameters),
            "stacks" if stacked else "tuple",
            inputs,
            list(listing.parameters),
            [place not in unread for place in range(len(listing.results))],
        )
        if stacked:
            pair.stacks = list(STACKS)
        started = recursion not in self._unfinished
        if recursion:
            self._pairs[key] = pair
            self._unfinished.setdefault(recursion, []).append(pair)
        pair.shadowed = [each for each in inputs if _is_shadowed(each, listing)]
        stacks = {stem: listing.names.fresh(stem) for stem in pair.stacks}
        modules = self.module.modules_for(listing)
        plan = Plan(listing, inputs, modules, self.pair, stacks=stacks, splits=True, called=True)
        plan.seeded = [each for n, each in enumerate(listing.results) if n not in unread]
        for place, each in enumerate(listing.results):
            carries = is_continuous(plan.kind(each)) if recursion else each in plan.active
            pair.seeds[place] = carries and place not in unread
        sweep = Ahead(plan)
        ahead = sweep.run()
        back = Back(plan)
        back.bars.state |= dict.fromkeys(pair.shadowed, OWNED)
        back.bars.handed |= set(pair.shadowed)
        behind = back.run()
        ahead = sweep.first_values(plan.unbound - sweep.uncertain) + ahead
        returned = [each for each in inputs if each not in pair.shadowed]
        values = back.bars.results(returned, lists=False)
        if values:
            behind.append(gast.Return(tuple_of(values)))
        behind = without_fills(behind, plan.adjoints_of_arrays())
        seeds = [
            plan.seed(each)
            for each, seeded in zip(listing.results, pair.seeds, strict=True)
            if seeded
        ]
        lists = [
            plan.seed(each)
            for each in inputs
            if isinstance(listing.kinds_of_parameters[each], ListOf) or each in pair.shadowed
        ]
        held = held_by_caller(listing) | {*stacks.values(), *lists}
        if any(isinstance(plan.kind(each), ListOf) for each in listing.results):
            held |= set(seeds)
        self._finish_pair(
            pair,
            listing,
            ahead,
            behind,
            seeds + lists,
            list(stacks.values()),
            held,
            plan.kind,
            plan.needed.exposed[id(plan.body)],
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
        members = [each for each in self.module.functions if each.name in first]
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
        exposed: set[str],
    ) -> None:
        """Split the sweeps into two functions; what the second one reads of the first travels."""
        aliases = Aliases([*ahead, *behind], listing.names.overlapping())
        tapes = popped_only([*ahead, *behind], listing.names.tapes)
        live = live_code(behind, held, aliases, tapes)
        ahead, behind = without_saves(ahead, unread_saves(behind, live)), live
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
        ahead = placeholders(ahead, set(travelling) - set(listing.parameters), exposed)
        ahead = [*ahead, with_origin(gast.Return(returned), last_return(ahead))]
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
        bodies, both = simplified_pair(
            ahead,
            behind,
            arguments,
            parameters,
            listing,
            self.module.options,
            held,
            seeds,
            aliases,
            lambda: self.module.alias("np", listing),
        )
        for name, body, own in zip((pair.forward, pair.reverse), bodies, both, strict=True):
            is_reverse = name == pair.reverse
            self.module.add(name, own, body, listing, is_reverse=is_reverse)

    def shadow_counts(self) -> dict[str, int]:
        """How many of the last arguments of each reverse sweep are adjoints that it adds to."""
        return {pair.reverse: len(pair.shadowed) for pair in self._pairs.values()}


def _rebinds_what_it_writes(listing: Listing) -> bool:
    """Whether the name of a parameter, an array that is written, becomes another array's."""
    written = set(filter(listing.memory.is_written, listing.parameters))
    binding = statements_in(listing.body) if written else ()
    return any(not written.isdisjoint(listing.memory.binds(stmt)) for stmt in binding)


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


def _natural(name: str) -> tuple[object, ...]:
    """The order in which a tape's names are read: numbers by their value."""
    return tuple(int(p) if p.isdigit() else p for p in re.split(r"(\d+)", name))
