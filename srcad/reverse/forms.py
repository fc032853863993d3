"""The forms of the partial derivatives, chosen so that little has to be saved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import gast

from srcad.adjoint import Adjoint, Adjoints, may_be_array, written_targets
from srcad.analysis.kind import NOTHING, ListOf
from srcad.analysis.places import Places
from srcad.chain import Modules
from srcad.choices import Choices, chooses, operation_of
from srcad.formula import refused_at
from srcad.listing import Listing
from srcad.reverse.pair import kind_of, leaves_of_target, shadowed_operands
from srcad.rules import Refused
from srcad.tree import Node, is_name, names_in, size, walk


class Forms:
    """The adjoints of the active statements of one body."""

    def __init__(
        self,
        listing: Listing,
        body: list[Node],
        places: Places,
        uses: dict[str, list[Node]],
        active: set[str],
        modules: Modules,
    ) -> None:
        self.listing = listing
        self.memory = listing.memory
        self.names = listing.names
        self.modules = modules
        self.body = body
        self.places = places
        self.active = active
        self._uses = uses
        self._costs: dict[str, float] = {}
        self._listed = _listed(places)

    def chosen(self) -> dict[int, Adjoint]:
        """The adjoint of every active statement, its forms chosen so that little is saved."""
        choices = Choices(self.body, self.active, self.listing.results, self.modules)
        maker = Adjoints(self.names, self.modules, self.active, choices)
        for stmt in self.places.every():
            if isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]):
                maker.definitions[stmt.targets[0].id] = stmt
        known: set[str] = set()
        found: dict[int, Adjoint] = {}
        active = [
            stmt
            for stmt in self.places.every()
            if isinstance(stmt, (gast.Assign, gast.AugAssign)) and self._is_active(stmt)
        ]
        # First what there is no choice about, then the choices, in view of it; last what takes
        # entries from its operands (`np.where`): it keeps the conditions that these asked for.
        active.sort(key=lambda stmt: (chooses(operation_of(stmt)), maker.has_choice(stmt)))
        for stmt in active:
            adjoint = self._adjoint_of(maker, stmt, partial(self.cost, known=known))
            found[id(stmt)] = adjoint
            known |= adjoint.before
            if adjoint.result and maker.has_choice(stmt):
                known |= set(written_targets(stmt))
            self._need_shape(stmt, adjoint)
        return found

    def _need_shape(self, stmt: Node, adjoint: Adjoint) -> None:
        """An array's adjoint may be the number 0.0: its shape is read.

        So it is after a branch or a loop, and where the array is put into a list of which that item
        is never read.
        """
        target = stmt.targets[0] if isinstance(stmt, gast.Assign) else stmt.target
        if not is_name(target):
            return
        set_once = self.places.is_set_once(target.id) or self._is_local(target.id)
        if set_once and target.id not in self._listed:
            return
        if may_be_array(getattr(target, "kind", NOTHING)) and adjoint.contributions:
            # Its shape is all that is read, unless a partial derivative reads it too.
            adjoint.shaped = "shape" if not adjoint.result else "value"
            adjoint.result = True

    def _is_local(self, name: str) -> bool:
        """Whether a variable is set and used in one block, and no trip takes it from another."""
        (writer, *others) = self.places.writers.get(name, [None])
        if writer is None or others or name in self.listing.results:
            return False
        block = self.places.block_of[id(writer)]
        if name not in self._uses:
            return True
        first = self.places.number[id(writer)]
        return all(
            self.places.block_of[id(use)] is block and self.places.number[id(use)] > first
            for use in self._uses[name]
        )

    def _adjoint_of(self, maker: Adjoints, stmt: Node, cost: Callable[[Node], float]) -> Adjoint:
        if hasattr(stmt, "pair"):
            adjoint = Adjoint()
            names = dict(zip(stmt.pair.parameters, stmt.operands, strict=True))
            for name in stmt.pair.arguments:
                if not isinstance(kind_of(names[name]), ListOf):
                    adjoint.before |= names_in(names[name])
            # What the callee saved may be a part of an array that it was given.
            adjoint.before |= set(filter(self.memory.is_written, names_in(*stmt.operands)))
            adjoint.shapes = names_in(*shadowed_operands(stmt)) - adjoint.before
            leaves = leaves_of_target(stmt.pair_target)
            leaves = [leaf for leaf in leaves if not getattr(leaf, "unread", False)]
            adjoint.result = any(may_be_array(kind_of(leaf)) for leaf in leaves)
            return adjoint
        if getattr(stmt, "permutes", False):
            return Adjoint()
        if isinstance(stmt, gast.AugAssign) or isinstance(stmt.targets[0], gast.Subscript):
            return maker.of_write(stmt)
        try:
            adjoint = maker.of(stmt, cost)
            adjoint.before |= {stmt.length_before} if hasattr(stmt, "length_before") else set()
            return adjoint
        except Refused as refused:
            raise refused_at(stmt, self.listing.source, refused) from None

    def _is_active(self, stmt: Node) -> bool:
        target = stmt.targets[0] if isinstance(stmt, gast.Assign) else stmt.target
        if isinstance(target, gast.Subscript):
            return target.value.id in self.active
        if getattr(stmt, "permutes", False):
            return any(each.id in self.active for each in target.elts)
        if hasattr(stmt, "pair"):
            return True
        if isinstance(target, gast.Tuple):
            operation = getattr(stmt.value, "operation", None)
            several = operation is not None and operation.rule is not None
            return several and not self.active.isdisjoint(written_targets(stmt))
        return is_name(target) and target.id in self.active

    def cost(self, form: Node, known: set[str]) -> float:
        """How many more values a form of a partial derivative makes the forward sweep keep."""
        calls = sum(isinstance(node, gast.Call) for node in walk(form))
        total = 5.0 * calls
        for name in names_in(form) - known:
            if name not in self._costs:
                self._costs[name] = self._cost_of(name)
            total += self._costs[name]
        # Of forms that keep the same values, the one that computes less.
        return total + 0.01 * size(form)

    def _cost_of(self, name: str) -> float:
        """How much it costs to keep one variable's values."""
        writers = self.places.writers.get(name, [])
        if name in self.names.temporaries:
            cheap = all(
                isinstance(w, gast.Assign) and isinstance(w.value, (gast.BinOp, gast.UnaryOp))
                for w in writers
            )
            return 1.0 if cheap else 4.0
        if not writers:
            return 0.5
        return 2.0 if any(map(self.places.loops, writers)) else 1.5


def _listed(places: Places) -> set[str]:
    """The variables that are put into lists."""
    found: set[str] = set()
    for stmt in places.every():
        value = getattr(stmt, "value", None)
        if isinstance(stmt, gast.Assign) and isinstance(value, gast.List):
            found |= names_in(value)
        elif isinstance(stmt, gast.Expr) and isinstance(value, gast.Call):
            found |= names_in(*value.args)
    return found
