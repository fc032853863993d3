"""The functions that a module is made from: lowered once, and asked about when they are called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import gast

from srcad.analysis.kind import NOTHING, Kind, Literal, is_continuous
from srcad.analysis.lengths import canonical, renamed
from srcad.analysis.memory import NO_MEMORY, Summary, is_memory
from srcad.analysis.operation import Operation, parameters_of
from srcad.analysis.overlap import Overlap
from srcad.dispatch import Watch
from srcad.errors import ArgumentError
from srcad.foreign import check_writes
from srcad.functions import source_of
from srcad.functions.derived import Derived, behind
from srcad.listing import Listing
from srcad.lower.function import is_user_function, lower, variables_of
from srcad.lower.resolve import Resolver
from srcad.lower.written_out import Plain
from srcad.pipeline.module import Module
from srcad.read import Source
from srcad.tree import statements_in


class Facts(NamedTuple):
    """What is known of a call: its result's kind, what it does to memory, and puts into lists."""

    result: Kind
    memory: Summary
    put: tuple[Kind, ...]


class Listings:
    """The listings of the functions of one module, and what is known of those that are called."""

    def __init__(self, module: Module, written_out: frozenset[Source] = frozenset()) -> None:
        self.module = module
        # The functions whose calls are written out, and their listings.
        self.written_out = written_out
        self._plain: dict[Any, Plain] = {}
        # What the free names of all functions meant that the module was made from, and what the
        # code of derivatives was made of that is called.
        self.resolvers: list[Resolver] = []
        self.watched: list[Watch] = []
        self._facts: dict[Any, Facts] = {}
        self._assumed: dict[Any, Facts] = {}
        # What the functions that are differentiated do to memory.
        self._summaries: dict[Any, Summary] = {}
        self._recursed: set[Any] = set()
        self._listings: dict[Any, Listing] = {}
        self._recursions: dict[Source, frozenset[Source]] = {}
        # The function that is differentiated: its arguments are what the caller hands in.
        self._entry: Source | None = None

    # -- listings --------------------------------------------------------------------------------

    def lowered(
        self,
        source: Source,
        kinds: tuple[Kind, ...],
        active: tuple[bool, ...],
        overlap: Overlap = (),
        *,
        own_names: bool = False,
    ) -> Listing:
        """The listing of a function, for one use.

        ``overlap`` are the parameters that may be parts of one array; with ``own_names`` those that
        are written, and bound anew, have names of the function's own.
        """
        listing = (
            None if overlap or own_names else self._listings.pop((source, kinds, active), None)
        )
        if listing is None:
            listing = self._lower(source, kinds, active, overlap, own_names)
        listing.option_problems.raise_if_any()
        self.module.staged.setdefault("read", [source.tree])
        self.module.staged.setdefault("lower", listing.body)
        return listing

    def keep(
        self, listing: Listing, source: Source, kinds: tuple[Kind, ...], active: tuple[bool, ...]
    ) -> None:
        """Keep a listing for who asks for it next."""
        self._listings[source, kinds, active] = listing

    def _lower(
        self,
        source: Source,
        kinds: tuple[Kind, ...],
        active: tuple[bool, ...],
        overlap: Overlap = (),
        own_names: bool = False,
    ) -> Listing:
        ascii = self.module.options.ascii
        if self._entry is None:
            self._entry = source
        listing = lower(
            source,
            kinds,
            active,
            self.call_kind,
            self.call_memory,
            self.code_of,
            self.call_lists,
            overlap=overlap,
            own_names=own_names,
            recursive=self.is_recursive(source),
            ascii=ascii,
            is_entry=source is self._entry,
            numbered=self.module.options.names == "w",
            reserved=self.module.generated,
            plain=self.plain if self.written_out else None,
        )
        self.module.taken |= source.identifiers - variables_of(source)
        self.resolvers.append(listing.resolver)
        if self.module.options.foreign:
            check_writes(listing.body, source, self.module.options.foreign)
        return listing

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

    # -- what a call returns, and what it writes -------------------------------------------------

    def call_kind(self, source: Source, kinds: tuple[Kind, ...]) -> Kind:
        """The kind of a user's function's result."""
        inside, back = canonical(kinds)
        return renamed(self._call(source, inside).result, back)

    def call_lists(self, source: Source, kinds: tuple[Kind, ...]) -> list[Kind]:
        """The kinds of what a call puts into each of its arguments that is a list."""
        inside, back = canonical(kinds)
        return [renamed(kind, back) for kind in self._call(source, inside).put]

    def code_of(self, derived: Derived, kinds: tuple[Kind, ...]) -> tuple[Source, tuple[int, ...]]:
        """The code of a derivative that is called, and the positions of the arguments it takes."""
        if self.module.options.foreign:
            library = self.module.options.foreign
            what = f"a derivative inside a function is not made for arrays of {library}"
            raise ArgumentError(f"{what}; pass NumPy arrays")
        found = derived.generated(canonical(kinds)[0])
        self.watched += found.watched
        return source_of(found.function), found.kept

    def call_memory(self, source: Source, kinds: tuple[Kind, ...]) -> Summary:
        """What a call of a user's function does to memory."""
        return self._call(source, canonical(kinds)[0]).memory

    def plain(self, operation: Operation) -> Plain | None:
        """What is to be written out in the place of a call; None for a call that stays one."""
        source = operation.callee
        if source not in self.written_out or source.is_generated or self.is_recursive(source):
            return None
        kinds = tuple(getattr(node, "kind", NOTHING) for _, node in operation.operands)
        inside, _ = canonical(kinds)
        self._call(source, inside)
        return self._plain.get((source, inside))

    def written(self, source: Source, kinds: tuple[Kind, ...]) -> list[int]:
        """Which of the arguments of the generated function it writes, by their positions."""
        given = [n for n, kind in enumerate(kinds) if not isinstance(kind, Literal)]
        return [given.index(n) for n in sorted(self.written_parameters(source, kinds))]

    def written_parameters(self, source: Source, kinds: tuple[Kind, ...]) -> frozenset[int]:
        """Which of its parameters a function writes, by their positions."""
        if not any(map(is_memory, kinds)):
            return frozenset()  # a number cannot be written into
        summary = self._summaries.get((source, kinds)) or self.call_memory(source, kinds)
        return summary.written

    def _call(self, source: Source, kinds: tuple[Kind, ...]) -> Facts:
        """What is known of a call, in the function's own lengths.

        A recursion is gone round until it is stable.
        """
        key = (source, kinds)
        if key in self._facts:
            return self._facts[key]
        if key in self._assumed:
            self._recursed.add(key)
            return self._assumed[key]
        self._assumed[key] = Facts(NOTHING, NO_MEMORY, (NOTHING,) * len(kinds))
        active = tuple(is_continuous(kind) for kind in kinds)
        try:
            while True:
                self._recursed.discard(key)
                listing = self._lower(source, kinds, active)
                put = tuple(listing.put.get(name, NOTHING) for name in parameters_of(source))
                found = Facts(listing.result_kind, listing.summary, put)
                if key not in self._recursed or found == self._assumed[key]:
                    break
                self._assumed[key] = found
        finally:  # who asks again for what is refused is told so again
            del self._assumed[key]
        self._plain[key] = listing.plain
        self._facts[key] = found
        self._listings[source, kinds, active] = listing
        return found

    # -- functions that call one another ---------------------------------------------------------

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


def called_by(source: Source, of: Callable[[object], Source] = source_of) -> list[Source]:
    """The user's functions that a function calls, each as ``of`` gives its source."""
    resolver = Resolver(source.scope, variables_of(source))
    found = []
    for node in source.nodes:
        if isinstance(node, gast.Call):
            callee = resolver.object_of(node.func)
            if is_user_function(callee):
                found.append(of(behind(callee)))
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


def chosen(listing: Listing, source: Source, active: tuple[bool, ...]) -> list[str]:
    """The variables to differentiate with respect to: those of the active parameters."""
    return [
        leaf
        for name, flag in zip(parameters_of(source), active, strict=True)
        for leaf in (listing.leaves.get(name, []) if flag else [])
        if is_continuous(listing.kinds_of_parameters[leaf])
    ]
