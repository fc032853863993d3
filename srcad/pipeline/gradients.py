"""Reverse mode: both sweeps in one function, from the seed 1."""

from __future__ import annotations

import gast

from srcad.analysis.kind import Kind
from srcad.analysis.operation import parameters_of
from srcad.listing import Listing
from srcad.lower.tuples import expression_of
from srcad.names import Names
from srcad.pipeline.listings import Listings, chosen
from srcad.pipeline.module import Function, Module, function
from srcad.pipeline.pairs import Pairs
from srcad.read import Source
from srcad.reverse import Ahead, Back, Plan
from srcad.reverse.filled import without_fills
from srcad.reverse.stacks import empty
from srcad.simplify import rename
from srcad.simplify.flow import written_by
from srcad.tree import (
    Node,
    assign,
    call,
    constant,
    is_name,
    item,
    load,
    statements_in,
    store,
    tuple_of,
)


class Gradients:
    """The gradients of a module's functions in reverse mode."""

    def __init__(self, module: Module, listings: Listings, pairs: Pairs) -> None:
        self.module = module
        self.listings = listings
        self.pairs = pairs

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
        alone: bool = False,
        first: bool = False,
    ) -> str:
        """The name of ``f_grad(args)``: both sweeps in one function, from the seed 1.

        With ``value`` the result is ``value, gradient``; with ``seeded`` the seed is an argument
        and the adjoints come in a tuple of their own, as in the notes, or ``alone``.  Of several
        results only the ``first`` is differentiated, if it is asked for so; the others are returned
        with it.
        """
        name = self.module.function_name(source, "vjp" if seeded else "grad")
        listing = self.listings.lowered(source, kinds, active)
        inputs = chosen(listing, source, active)
        wanted_order = [parameters_of(source)[n] for n in order] or inputs
        modules = self.module.modules_for(listing)
        if self.listings.is_recursive(source):
            self._by_pair(
                name, listing, source, kinds, active, value, seeded, wanted_order, several, alone
            )
            return name
        plan = Plan(listing, inputs, modules, self.pairs.pair, first=first)
        sweep = Ahead(plan)
        ahead = sweep.run()
        back = Back(plan)
        seeds: list[str] = []
        backward = back.run()
        ahead = sweep.first_values(plan.unbound - sweep.uncertain) + ahead
        kept = {p: listing.names.fresh(f"{p}_end") for p in plan.restored_parameters()}
        given = {p: p for p in kept}
        for parameter in [p for p in kept if p in plan.places.writers]:
            # It swaps its name with others; here it is still the caller's.
            given[parameter] = listing.names.fresh(f"{parameter}_given")
            ahead.insert(0, assign(given[parameter], load(parameter)))
        for parameter, end in kept.items():
            copied = call(gast.Attribute(load(given[parameter]), "copy", gast.Load()))
            backward.insert(0, assign(end, copied))
        for result in reversed(plan.seeded):
            if seeded and (alone or result in plan.active):
                seeds.insert(0, plan.seed(result))
            elif not seeded and result in plan.active:
                backward.insert(0, assign(plan.seed(result), constant(1.0)))
        for parameter, end in kept.items():  # the caller finds what the function left
            whole = item(given[parameter], gast.Constant(..., None), stored=True)
            backward.append(gast.Assign([whole], load(end), None))
        several = several or seeded
        returned: Node = tuple_of(back.bars.results(wanted_order), always=several)
        if value or (seeded and not alone):
            returned = gast.Tuple([expression_of(listing.structure), returned], gast.Load())
        backward.append(gast.Return(returned))
        backward = without_fills(backward, plan.adjoints_of_arrays())
        parameters = listing.parameters + seeds
        if self.module.options.names == "w":
            ahead, backward, seeds = without_copy(ahead, backward, seeds, listing.names)
            parameters = listing.parameters + seeds
        self.module.finish(name, parameters, ahead, listing, backward, inputs)
        if not seeded:
            self.module.sign(source, kinds)
        return name

    def _by_pair(
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
        alone: bool,
    ) -> None:
        """A recursive function's gradient: its two sweeps, called one after the other."""
        pair = self.pairs.pair(source, kinds, active)
        several = several or seeded
        names = Names(
            set(listing.parameters) | set(self.module.globals), ascii=self.module.options.ascii
        )
        stacks = {stem: names.fresh(stem) for stem in pair.stacks}
        tapes, result = [load(each) for each in stacks.values()], names.temporary()
        arguments = [load(each) for each in listing.parameters]
        forward = call(load(pair.forward), *arguments, *tapes)
        taken = [alone or each for each in pair.seeds] if seeded else []
        every = [names.bar(names.temporary()) if each else "" for each in taken]
        seeds = [each for each in every if each]
        seeding: list[Node] = [constant(1.0)]
        if seeded:
            rows = zip(every, pair.seeds, strict=True)
            seeding = [load(each) for each, used in rows if used]
        backward = call(
            load(pair.reverse),
            *(load(each) for each in pair.arguments),
            *tapes,
            *seeding,
        )
        both = value or (seeded and not alone)
        forward_stmt = assign(result, forward) if both else gast.Expr(forward)
        steps: list[Node] = []
        returned: Node = backward
        if several or len(pair.inputs) > 1:
            adjoints = [names.bar(each) for each in pair.inputs]
            target = tuple_of([store(each) for each in adjoints], stored=True)
            steps = [assign(target, backward)]
            by_name = dict(zip(pair.inputs, adjoints, strict=True))
            returned = tuple_of([load(by_name[each]) for each in order], always=several)
        if both:
            returned = gast.Tuple([load(result), returned], gast.Load())
        made = [assign(name, empty(stem)) for stem, name in stacks.items()]
        body = [*made, forward_stmt, *steps, gast.Return(returned)]
        tree = function(name, listing.parameters + seeds, body)
        self.module.functions.append(Function(name, tree, {}))
        if not seeded:
            self.module.sign(source, kinds)


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
