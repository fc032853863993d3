"""What is decided before the sweeps are written: the forms of the adjoints, saves and tapes.

The forms of the partial derivatives are chosen so that little has to be saved; what must be saved
then follows from what the chosen forms read (:mod:`srcad.analysis.needed`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial

import gast

from srcad.adjoint import SHAPES, Adjoint
from srcad.analysis.activity import active_variables
from srcad.analysis.changed_lists import ListChanges
from srcad.analysis.kind import (
    INT,
    NOTHING,
    UNKNOWN,
    Array,
    Kind,
    ListOf,
    is_continuous,
    join,
)
from srcad.analysis.memory import Memory, base_of, element_of_array, is_content
from srcad.analysis.needed import Needed, Saves
from srcad.analysis.overlap import Parts
from srcad.analysis.places import exposed_reads, places_of
from srcad.chain import Modules, check_of
from srcad.errors import Problems, UnsupportedError
from srcad.listing import Listing, origin_of
from srcad.lower.replay import replayable
from srcad.lower.resolve import Resolver
from srcad.read import Source
from srcad.reverse.forms import Forms
from srcad.reverse.pair import (
    CallPair,
    Calls,
    kind_of,
    leaves_of_target,
)
from srcad.reverse.shadows import ShadowedMemory, Shadows, is_float_array, is_followed
from srcad.reverse.tapes import Tapes
from srcad.reverse.views import DEPENDS, SEES, Views
from srcad.simplify.flow import read_by
from srcad.tree import Node, assign, call, is_name, load, names_in


class Plan:
    """The decisions for one listing with respect to some of its parameters."""

    def __init__(
        self,
        listing: Listing,
        inputs: list[str],
        modules: Modules,
        call_pair: CallPair,
        *,
        stacks: dict[str, str] | None = None,
        splits: bool = False,
        called: bool = False,
        first: bool = False,
    ) -> None:
        self.listing = listing
        self.memory: Memory = listing.memory
        self.called = called
        self.inputs = inputs
        self.names = listing.names
        self.modules = modules
        # A recursion saves on stacks that all its calls share: their names here.
        self.stacks = stacks or {}
        # The results whose adjoints are handed in.
        self.seeded = listing.results[:1] if first else listing.results
        outputs = listing.outputs if called else self.seeded
        self.active = active_variables(listing, inputs, outputs)
        parts = Parts(listing.body)
        known = self.names, self.memory, self.active, call_pair, parts
        calls = Calls(*known, stacks=self.stacks, splits=splits)
        self.body = replayable(calls.block(listing.body), self.names, self.memory)
        # What a recursion leaves on its stacks is all that it has of its lists: their lengths.
        self.lengths = {n: self.names.temporary() for n in self.own_lists() if self.stacks}
        self.body = [*self.body, *(_counted(*each) for each in self.lengths.items())]
        self.shared_stacks = calls.shared
        self.places = places_of(self.body, self.memory.writes)
        self._kinds: dict[str, Kind] = {}
        uses: dict[str, list[Node]] = {}
        for stmt in self.places.every():
            for name in read_by(stmt):
                uses.setdefault(name, []).append(stmt)
        self.shadows = Shadows((), {}, self.memory, self.names, modules)
        self.adjoints = Forms(listing, self.body, self.places, uses, self.active, modules).chosen()
        self.views = Views(self.body, listing, self.places, self.active, self.adjoints)
        self.shadows = self._shadows()
        self.seeds = self._seeds_of_shadows()
        if self.shadows:
            self.memory = ShadowedMemory(self.memory, self.shadows)
            self.places = places_of(self.body, self.memory.writes)
            self._read_shadows()
        self._check_lists()
        self._read_shapes_of_owners()
        needed = Needed(
            self.body,
            self.places,
            self.adjoints,
            listing.parameters,
            self.names.temporaries,
            self.active,
            partial(_is_number_function, listing.resolver),
            partial(_is_length, listing.resolver),
            self.memory,
            whole=bool(self.stacks),
            apart=splits,
            entry=self.shadows.of(inputs)
            | (self.memory.contents(listing.parameters) if called else set()),
            end=self.lengths.values(),
        )
        self.needed = needed
        self.saves: Saves = needed.run()
        for names in self.saves.before.values():
            names.sort(key=lambda name: name in self.shadows.primal)  # they are put back first
        self.exposed = exposed_reads(self.body, self._active_reads(), self.memory.binds)
        # The arrays that the caller gave, where the function rebinds their names.
        self.original = {
            name: self.names.temporary()
            for name in inputs
            if isinstance(listing.kinds_of_parameters[name], Array) and self._is_rebound(name)
        }
        self.tapes = Tapes(self.names, self.places, self.stacks, self.kind, self.is_steady).of(
            self.saves
        )
        # The variables that the reverse sweep reads where they may not have a value yet.
        self.unbound: set[str] = set()
        # The variables that statements outside loops save values in, by statement and name.
        self.plain_saves: dict[int, dict[str, str]] = {}

    def own_lists(self) -> list[str]:
        """The active lists that are neither handed in nor handed out."""
        others = {*self.listing.parameters, *self.listing.results}
        kinds = self.listing.kinds
        return sorted(n for n in self.active - others if isinstance(kinds.get(n), ListOf))

    def seed(self, name: str) -> str:
        """The name under which the adjoint of a result, or of an array to add to, is handed in."""
        return self.seeds.get(name) or self.names.bar(name)

    def is_apart(self, name: str) -> bool:
        """Whether a variable's adjoint is a part of another one, or a shadow."""
        return name in self.views or name in self.shadows

    def _check_lists(self) -> None:
        """Refuse what reads a list in the reverse sweep, where it may hold other items."""
        problems, changes = Problems(self.listing.source), ListChanges(self.places)
        for stmt in self.places.every():
            adjoint = self.adjoints.get(id(stmt))
            names = adjoint.before | adjoint.shapes if adjoint is not None else set()
            value: Node = getattr(stmt, "value", None)
            if isinstance(value, gast.Subscript):
                names = names - {base_of(value)}  # the index asks its length, and it keeps that
            for name in sorted(names):
                if isinstance(self.kind(name), ListOf) and changes.is_cut_after(name, stmt):
                    problems.add(
                        origin_of(stmt) or stmt,
                        f"an operation on the list `{name}`, which changes later",
                        "what the list held is asked for in the reverse sweep",
                        f"`{name}.copy()` in its place",
                    )
        problems.raise_if_any()

    def _shadows(self) -> Shadows:
        """The shadows of the arrays whose names cannot be followed back."""
        lost, memory = dict(self.views.lost), self.memory
        for name in () if self.called else self.listing.parameters:
            if memory.is_written(name) and name in self.active and self._is_rebound(name):
                lost.setdefault(name, (self.places.writers[name][0], DEPENDS))
        if not lost:
            return self.shadows
        contents = set(map(memory.content, lost))
        region = memory.holding(contents) | lost.keys()
        chosen = {name for name in region if name not in self.views.definitions or name in lost}
        links = [(one, other, stmt) for one, other, stmt in memory.links if one in region]
        while more := {other for one, other, _ in links if one in chosen} - chosen:
            chosen |= more
        kinds = {name: self.kind(name) for name in chosen}
        clear = {stmt for one, _, stmt in links if one in chosen and is_followed(stmt)}
        unclear = {one for one, _, stmt in links if one in chosen and stmt not in clear}
        unclear |= {name for name, kind in kinds.items() if not is_float_array(kind)}
        items = [kind.item if isinstance(kind, ListOf) else kind for kind in kinds.values()]
        if len({getattr(kind, "dtype", "") for kind in items}) > 1:
            unclear |= chosen
        # Adjoints that are parts of one array of the caller's are not ours to make.
        unclear |= chosen & set().union(*self.names.together)
        if self.stacks:  # a recursion hands no shadows from one sweep to the other
            unclear |= chosen.intersection(self.listing.parameters)
        refused = set(map(memory.content, unclear))
        problems = Problems(self.listing.source)
        callees = {_callee(stmt) for one, _, stmt in links if one in unclear}
        callees |= {self.listing.source} if self.called else set()
        own = self.names.temporaries
        said: set[int] = set()
        for name, (stmt, why) in sorted(lost.items(), key=lambda each: each[0] in own):
            place = origin_of(stmt)
            if memory.content(name) not in refused or (name in own and id(place) in said):
                continue
            said.add(id(place))
            user = self.names.own.get(name, name)
            instead = f"`{user} = ... .copy()`, or one name for each array"
            problems.add(
                place if place is not None else stmt,
                f"`{user}`, another name for an array that is written",
                why,
                "a copy of the array, as in `np.diag(x.copy())`" if why == SEES else instead,
            )
        try:
            problems.raise_if_any()
        except UnsupportedError as refusal:
            refusal.callees = frozenset(callees - {None})
            raise
        for name in chosen:
            self.views.definitions.pop(name, None)
        return Shadows(chosen, kinds, memory, self.names, self.modules)

    def _seeds_of_shadows(self) -> dict[str, str]:
        """Names for adjoints that are handed in, where a shadow has the variable's own."""
        given = set(self.listing.results)
        if self.called:
            given |= set(self.inputs)
        wanted = sorted(given.intersection(self.shadows.kinds))
        return {name: self.names.bar(self.names.temporary()) for name in wanted}

    def _read_shadows(self) -> None:
        """Enter what adjoints read of shadows into what they read."""
        for stmt in self.places.every():
            adjoint = self.adjoints.get(id(stmt))
            if adjoint is None:
                continue
            primal: Node = getattr(stmt, "primal_call", stmt)
            bound = self.shadows.bound_by(stmt)
            is_list = bool(bound) and isinstance(kind_of(primal.targets[0]), ListOf)
            followed = bool(bound) and (is_list or self.memory.is_link(primal))
            if followed or self.shadows.puts_into(stmt):
                self.adjoints[id(stmt)] = Adjoint()  # its shadow is bound with it
                continue
            names = {each.operand.id for each in adjoint.contributions}
            names |= self.memory.changed_by(stmt)
            if hasattr(stmt, "pair"):
                names |= names_in(*stmt.operands)
            adjoint.before |= self.shadows.of(map(self.views.owner, names))
            if isinstance(stmt, gast.Assign) and not getattr(stmt, "permutes", False):
                adjoint.bound |= self.shadows.bound_by(stmt)

    def _read_shapes_of_owners(self) -> None:
        """Where the adjoint of a view starts, that of its array does: of the array's shape."""
        for stmt in self.places.every():
            adjoint = self.adjoints.get(id(stmt))
            if adjoint is None:
                continue
            names = {each.operand.id for each in adjoint.contributions}
            if hasattr(stmt, "pair"):
                names |= names_in(*stmt.operands)
            owners = {self.views.owner(name) for name in names if name in self.views}
            adjoint.shapes |= {n for n in owners if n not in self.shadows} - adjoint.before

    def _is_rebound(self, name: str) -> bool:
        """Whether a variable gets another value; a swap is undone in the end."""
        writers = self.places.writers.get(name, [])
        return any(not getattr(stmt, "permutes", False) for stmt in writers)

    def is_bound(self, name: str, stmt: Node, *, after: bool) -> bool:
        """Whether a variable certainly has a value before or after a statement."""
        return name in self.listing.parameters or self.places.is_bound(name, stmt, after=after)

    def checked(self, stmt: Node) -> list[Node]:
        """The check that an array is the view that it is taken for, where only running tells."""
        if not self.memory.must_be_checked(stmt) or hasattr(stmt.value, "makes"):
            return []
        return [check_of(stmt.targets[0].id, base_of(stmt.value), self.modules, stmt)]

    def moves(self, node: Node) -> bool:
        """Whether an operand is an active variable of a kind that carries a derivative."""
        return is_name(node) and node.id in self.active and is_continuous(kind_of(node))

    def _active_reads(self) -> dict[int, set[str]]:
        """The active variables whose adjoints each statement's reverse adds to."""
        found: dict[int, set[str]] = {}
        for stmt in self.places.every():
            adjoint = self.adjoints.get(id(stmt))
            if adjoint is None:
                continue
            names = {each.operand.id for each in adjoint.contributions}
            if hasattr(stmt, "pair"):
                names |= {n.id for n in stmt.operands if is_name(n) and n.id in self.active}
            target = stmt.targets[0] if isinstance(stmt, gast.Assign) else stmt.target
            if isinstance(target, gast.Subscript):
                names |= names_in(stmt.value, target.value) & self.active
            names |= {self.views.owner(name) for name in names}
            found[id(stmt)] = names
        for stmt in self.places.every():
            if isinstance(stmt, gast.Expr):
                found[id(stmt)] = names_in(*getattr(stmt.value, "args", [])) & self.active
        return found

    def restored_parameters(self) -> list[str]:
        """The arrays of the caller's into which the reverse sweep puts back older values."""
        contents = {name for names in self.saves.before.values() for name in names}
        for stmt in self.places.every():
            if hasattr(stmt, "pair"):
                contents |= self.memory.contents(stmt.changes)
        return [p for p in self.listing.parameters if self.memory.content(p) in contents]

    def kind(self, name: str) -> Kind:
        """The kind of a variable, joined over all its assignments."""
        name = self.shadows.primal.get(name, name)
        if name not in self._kinds:
            self._kinds[name] = self._joined_kind(name)
        return self._kinds[name]

    def adjoints_of_arrays(self) -> set[str]:
        """The adjoints that are arrays wherever they are not zero."""
        return {
            self.names.bar(name)
            for name in self.active
            for kind in [self.kind(name)]
            if isinstance(kind, Array) and kind.rank
        }

    def _joined_kind(self, name: str) -> Kind:
        found: Kind = self.listing.kinds.get(name, NOTHING)
        if is_content(name):
            return self._content_kind(name)
        for stmt in self.places.writers.get(name, []):
            for target in stmt.targets if isinstance(stmt, gast.Assign) else []:
                for leaf in leaves_of_target(target):
                    if is_name(leaf) and leaf.id == name:
                        found = join(found, getattr(leaf, "kind", NOTHING))
        return found

    def in_order(self, variables: Iterable[str]) -> list[str]:
        """Variables in the order of the parameters, then of their first assignments."""
        return sorted(variables, key=self.rank)

    def rank(self, name: str) -> tuple[int, int, str]:
        """The place of a variable in that order."""
        parameters = self.listing.parameters
        writers = self.places.writers.get(name)
        place = parameters.index(name) if name in parameters else len(parameters)
        return place, self.places.number[id(writers[0])] if writers else 0, name

    def _content_kind(self, content: str) -> Kind:
        """The kind of the parts of arrays that are written."""
        found: Kind = NOTHING
        for stmt in self.places.writers.get(content, []):
            element = element_of_array(stmt)
            found = join(found, getattr(element, "kind", UNKNOWN))
        return found

    def is_steady(self, length: Node) -> bool:
        """Whether a length is known where the function starts."""
        names = names_in(length)
        known = names <= set(self.listing.parameters) | self.free_names()
        return known and not any(self.places.writers.get(name) for name in names)

    def free_names(self) -> set[str]:
        """The names of the function that are no variables of its own."""
        return {name for name in self.listing.resolver.captured() if name not in self.listing.kinds}


def _callee(stmt: Node) -> Source | None:
    """The user's function that a statement calls."""
    operation = getattr(stmt.value, "operation", None)
    return operation.callee if operation is not None else None


def _counted(name: str, length: str) -> Node:
    """``length = len(list)``."""
    counted = assign(length, call("len", load(name)))
    counted.targets[0].kind = INT
    return counted


def _is_number_function(resolver: Resolver, node: Node) -> bool:
    """Whether a call is one of a function of ``math``."""
    function = resolver.object_of(node.func)
    return any(function is each for each in vars(math).values())


def _is_length(resolver: Resolver, node: Node) -> bool:
    """``len(x)``, ``x.shape``: of an array, which keeps them whatever is written into it."""
    if isinstance(node, gast.Call) and len(node.args) == 1 and not node.keywords:
        (array,) = node.args
        asks = is_name(node.func) and resolver.object_of(node.func) is len
    else:
        array = getattr(node, "value", None)
        asks = isinstance(node, gast.Attribute) and node.attr in SHAPES
    return asks and is_name(array) and isinstance(getattr(array, "kind", None), Array)
