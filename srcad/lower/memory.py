"""What a listing does to memory: found out, written in the listing's forms, and checked.

Arrays that nothing is written into are values, and their listings stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import gast
import numpy as np

from srcad.analysis.held import holds_arrays, not_followed
from srcad.analysis.kind import NOTHING, Kind, ListOf, join
from srcad.analysis.memory import NO_MEMORY, Memory, Summary
from srcad.analysis.operation import Operation
from srcad.analysis.overlap import Overlap
from srcad.analysis.returned import parts_returned
from srcad.errors import Problems
from srcad.listing import Listing, origin_of
from srcad.lower.chosen_arrays import with_branches
from srcad.lower.copies import with_copies
from srcad.lower.diagonals import with_diagonals
from srcad.lower.imaginary import of_copies, views_of_imaginary_parts
from srcad.lower.inplace import in_place, permutations
from srcad.lower.renewed import with_own_names
from srcad.lower.resolve import Resolver
from srcad.lower.results import own_results
from srcad.lower.returned import taken_by_caller
from srcad.lower.versions import versions
from srcad.read import Source
from srcad.simplify.flow import written_by
from srcad.tree import Node, is_name, own_parts, statements_in, walk

CallMemory = Callable[[Source, tuple[Kind, ...]], Summary]


class MemoryOf:
    """The memory of one listing; ``call_memory`` says what the functions that it calls do.

    ``overlap`` are the parameters that may be parts of one array; with ``own_names`` those that are
    written, and bound anew, have names of the function's own.  A ``recursive`` function hands no
    shadows from one sweep to the other: what may be a view is checked there, not asked.
    """

    def __init__(
        self,
        listing: Listing,
        call_memory: CallMemory,
        overlap: Overlap = (),
        *,
        own_names: bool = False,
        recursive: bool = False,
    ) -> None:
        self.listing = listing
        self.call_memory = call_memory
        self.own_names = own_names
        self.recursive = recursive
        self.together = [{listing.parameters[n] for n in group} for group in overlap]
        listing.names.together = self.together
        # What was found out last, and of which body.
        self._known: tuple[list[Node], Memory] | None = None

    def prepare(self) -> bool:
        """Write the listing's writes in few forms; whether it has to be marked with kinds anew."""
        listing = self.listing
        names, parameters = listing.names, set(listing.parameters)
        before = listing.body
        listing.body = taken_by_caller(
            before, names, self._memory(), partial(_summary_of, self.call_memory), listing.results
        )
        taken = listing.body is not before
        listing.body = in_place(listing.body, parameters, names, self._memory())
        asked = self._write_out_lists()
        asked = (not self.recursive and self._ask()) or asked
        listing.body = versions(listing.body, parameters, names, self._memory())
        listing.resolver.variables |= set(names.versions)
        body = own_results(listing.body, names, self._memory())
        taken_apart = body is not listing.body
        listing.body = body
        body = of_copies(listing.body, names, self._memory(), listing.results, self._numpy)
        copied = body is not listing.body
        listing.body = body
        body = with_diagonals(listing.body, names, self._memory(), self._numpy)
        copied = copied or body is not listing.body
        listing.body = body
        own = self._rebound() if self.own_names else []
        listing.body, renamed = with_own_names(listing.body, own, names)
        listing.structure = _exchanged(listing.structure, renamed)
        listing.resolver.variables |= set(renamed.values())
        for each in listing.body[: len(renamed)]:
            each.value.kind = each.targets[0].kind = listing.kinds_of_parameters[each.value.id]
        return bool(names.versions) or copied or taken or taken_apart or asked or bool(own)

    def _write_out_lists(self) -> bool:
        """Choose the arrays that are written of lists by branches; whether there are any."""
        listing, before = self.listing, self.listing.body
        listing.body = with_branches(
            before,
            listing.names,
            self._memory(),
            set(listing.parameters),
            lambda function: listing.resolver.object_of(function) is len,
        )
        found = (name for stmt in statements_in(listing.body) for name in written_by(stmt))
        listing.resolver.variables.update(found)
        return listing.body is not before

    def _numpy(self) -> str:
        """The name by which NumPy is reached."""
        resolver: Resolver = self.listing.resolver
        return resolver.name_of(np, "np")

    def _ask(self) -> bool:
        """Ask which arrays are views, where only running tells; whether there are any."""
        listing, before = self.listing, self.listing.body
        listing.body = with_copies(before, listing.names, self._memory(), self._numpy)
        if listing.body is before:
            return False
        listing.resolver.variables |= {
            n for s in statements_in(listing.body) for n in written_by(s)
        }
        return True

    def _rebound(self) -> list[str]:
        """The parameters that are arrays which are written, and whose names become others'."""
        memory = self._memory()
        bound = {name for stmt in statements_in(self.listing.body) for name in memory.binds(stmt)}
        return [p for p in self.listing.parameters if p in bound and memory.is_written(p)]

    def find(self, parameters: list[str], problems: Problems) -> None:
        """The listing's memory, and what a call of the function does to it."""
        listing = self.listing
        listing.body = permutations(listing.body, self._memory())
        listing.memory = self._memory()
        _check_lists(listing, problems)
        _check_captured(listing, problems)
        _check_imaginary(listing, problems)
        problems.raise_if_any()
        for _, _, stmt in listing.memory.links:
            stmt.value.shares = isinstance(stmt.value, gast.Call)
        for stmt in statements_in(listing.body):
            if getattr(getattr(stmt, "value", None), "operation", None) is not None:
                called = stmt.value.operation.callee is not None
                if called and listing.memory.changed_by(stmt):
                    stmt.value.effect = True
        listing.summary = _summary(listing, parameters)

    def _memory(self) -> Memory:
        body = self.listing.body
        if self._known is None or self._known[0] is not body:
            self._known = (
                body,
                Memory(body, partial(_summary_of, self.call_memory), together=self.together),
            )
        return self._known[1]


def _summary_of(call_memory: CallMemory, operation: Operation) -> Summary:
    if operation.callee is None:
        return NO_MEMORY
    kinds = tuple(getattr(node, "kind", NOTHING) for _, node in operation.operands)
    return call_memory(operation.callee, kinds)


def _exchanged(structure: Any, names: dict[str, str]) -> Any:
    """A structure of results under other names."""
    if isinstance(structure, tuple):
        return tuple(_exchanged(each, names) for each in structure)
    return names.get(structure, structure)


def _summary(listing: Listing, parameters: list[str]) -> Summary:
    """What a call of the function does to memory: arguments written, arguments shared."""
    regions = [listing.memory.region(name) for name in listing.results]
    results = set(regions)
    written, shared = set(), set()
    for position, name in enumerate(parameters):
        leaves = listing.leaves.get(name, [])
        if any(map(listing.memory.is_written, leaves)):
            written.add(position)
        if any(listing.memory.region(leaf) in results for leaf in leaves):
            shared.add(position)
    held = {
        (place, other)
        for place, name in enumerate(parameters)
        if isinstance(listing.kinds_of_parameters.get(name), ListOf)
        for other, each in enumerate(parameters)
        if other != place
        and listing.memory.region(name) in map(listing.memory.region, listing.leaves.get(each, []))
    }
    handed = {leaf for each in listing.leaves.values() for leaf in each}
    given = set(map(listing.memory.region, handed))
    plain = [listing.leaves.get(name) == [name] for name in parameters]
    arguments = [name if is_plain else "" for name, is_plain in zip(parameters, plain, strict=True)]
    return Summary(
        frozenset(written),
        frozenset(shared),
        len(results) < len(regions),
        len(regions),
        parts_returned(listing.body, listing.results, arguments, handed),
        frozenset(n for n, region in enumerate(regions) if region not in given),
        frozenset(held),
    )


def _check_captured(listing: Listing, problems: Problems) -> None:
    """Refuse writes into arrays that outlive the call: no derivative follows them there."""
    memory = listing.memory
    free = set(listing.resolver.captured()) - listing.names.temporaries
    captured = {memory.content(each): each for each in memory.written_names() & free}
    for stmt in statements_in(listing.body) if captured else ():
        for name in memory.changed_by(stmt):
            outside = captured.get(memory.content(name))
            if outside is not None:
                problems.add(
                    origin_of(stmt) or listing.source.tree,
                    f"writing into `{outside}`, an array from outside the function",
                    "what outlives a call has no derivative",
                    f"a parameter for it, or `{outside}.copy()`",
                )


def _check_imaginary(listing: Listing, problems: Problems) -> None:
    """Refuse views of imaginary parts that are written: the adjoint's is not that of the view."""
    for stmt in views_of_imaginary_parts(listing.memory):
        problems.add(
            origin_of(stmt) or listing.source.tree,
            "the imaginary part of an array that is written",
            "it is a view, whose adjoint is minus the imaginary part of the array's",
            "`.imag.copy()`",
        )


def _check_lists(listing: Listing, problems: Problems) -> None:
    """Refuse lists of arrays that are written, unless all that is done to them is followed."""
    if not listing.memory:
        return
    lists: dict[str, Kind] = {}
    for stmt in statements_in(listing.body):
        for node in walk(stmt):
            kind = getattr(node, "kind", None)
            if isinstance(kind, ListOf) and is_name(node) and listing.memory.is_written(node.id):
                lists[node.id] = join(lists.get(node.id, NOTHING), kind)
    if not lists:
        return
    ours = lists.keys() - {*listing.parameters, *listing.results}
    plain = {name for name in ours if holds_arrays(lists[name])}
    others = lists.keys() - plain

    def is_len(function: Node) -> bool:
        return listing.resolver.object_of(function) is len

    for stmt in statements_in(listing.body):
        read = {node.id for part in own_parts(stmt) for node in walk(part) if is_name(node)}
        lost = read & others or (read & plain if not_followed(stmt, plain, is_len) else ())
        for name in sorted(lost):
            place = origin_of(stmt) or listing.source.tree
            construct = f"`{name}`, a list of arrays that are written"
            why = "what is done to it here is not followed from one of its arrays to another"
            problems.add(place, construct, why, "an array with one axis more")
