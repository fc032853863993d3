"""The adjoints of variables: their states, and how a contribution is added.

Of each adjoint it is known whether it is still zero (then the first accumulation is an
assignment), and whether the derivative owns its memory (then an array is added to in place).
"""

from __future__ import annotations

import gast

from srcad.adjoint import Contribution, may_be_array, zeros
from srcad.analysis.kind import COMPLEX, NOTHING, Array, Kind, ListOf
from srcad.chain import check_of
from srcad.reverse.filled import COPY, FILL, OWN
from srcad.reverse.plan import Plan
from srcad.reverse.values import Values
from srcad.simplify.ownership import is_fresh
from srcad.tree import (
    Node,
    assign,
    augment,
    binary,
    call,
    constant,
    copy_node,
    is_name,
    item,
    load,
    names_in,
    popped_list,
    store,
    substitute,
)

# Of an adjoint: still zero; an array of our own; one that others hold too; a number 0.0 that
# stands for an array of zeros, or an array.
ZERO, OWNED, SHARED, LOOSE = "zero", "owned", "shared", "loose"


class Bars:
    """The adjoints of one reverse sweep, as it is written."""

    def __init__(self, plan: Plan, values: Values) -> None:
        self.plan = plan
        self.values = values
        self.memory = plan.memory
        self.views = plan.views
        self.shadows = plan.shadows
        # The views whose adjoints are bound here.
        self.bound: set[str] = set()
        self.names = plan.names
        self.modules = plan.modules
        self.state: dict[str, str] = {}
        # The adjoint whose life ends with the statement at hand.
        self.dying = ""
        # The adjoints of lists whose items may be arrays.
        self.lists_of_arrays = {
            plan.names.bar(name)
            for name in plan.active
            for kind in [plan.kind(name)]
            if isinstance(kind, ListOf) and may_be_array(kind.item)
        }
        # The inputs whose adjoints are handed in, as arrays to be added to.
        self.handed: set[str] = set()

    def is_zero(self, name: str) -> bool:
        """Whether nothing has been added to an adjoint yet; a shadow may hold anything."""
        owner = self.views.owner(name)
        return owner not in self.shadows and self.state.get(owner, ZERO) == ZERO

    def is_untouched(self, name: str) -> bool:
        """Whether an adjoint is still zero, and no view of another one."""
        listed = isinstance(self.plan.kind(name), ListOf)
        return self.is_zero(name) and name not in self.views and not listed

    def target(self, node: Node) -> Node:
        """The adjoint of a variable, as a target."""
        target = store(self.names.bar(node.id))
        target.kind = getattr(node, "kind", NOTHING)
        return target

    def accumulate(self, contribution: Contribution) -> list[Node]:
        """``x̄ = e`` the first time, ``x̄ += e`` later; a new array where the old one is shared."""
        operand, value = contribution.operand, contribution.value
        name = operand.id
        kind = getattr(operand, "kind", NOTHING)
        state = self.state.get(name, ZERO)
        if name in self.views:
            return self._accumulate_in_view(contribution)
        if name in self.shadows:
            return self._add_in_place(contribution)
        if contribution.index is not None:
            return self._accumulate_item(contribution, kind, state)
        if isinstance(kind, ListOf):
            return self._accumulate_items(name, value)
        fresh = is_fresh(value)
        held = value.value if isinstance(value, gast.Attribute) else value  # ȳ, or ȳ.real
        if is_name(held):
            for other in [n for n in self.state if self.names.bar(n) == held.id]:
                if may_be_array(self.plan.kind(other)):
                    self.state[other] = SHARED
        loose = may_be_array(kind) and self._may_be_unread(value)
        if state == ZERO and loose:
            self.state[name] = LOOSE
            return [assign(self.target(operand), value)]
        if state == ZERO and self.memory.is_written(name) and may_be_array(kind):
            if not fresh and not (is_name(value) and value.id == self.dying):
                value = call(gast.Attribute(value, "copy", gast.Load()))
            self.state[name] = OWNED
            return [assign(self.target(operand), value)]
        if state == ZERO:
            # What is a number here may be an array without axes, which `+=` would write into.
            borrowed = may_be_array(kind) or may_be_array(getattr(held, "kind", NOTHING))
            self.state[name] = SHARED if borrowed and not fresh else OWNED
            return [assign(self.target(operand), value)]
        is_number = not may_be_array(kind) and state != SHARED
        if is_number or (state == OWNED and isinstance(kind, Array)):
            return [augment(self.target(operand), value)]
        self.state[name] = LOOSE if state == LOOSE and loose else OWNED
        new = assign(self.target(operand), binary(load(self.names.bar(name)), gast.Add(), value))
        new.fresh = True
        return [new]

    def _may_be_unread(self, value: Node) -> bool:
        """Whether a value is an item of a list's adjoint: 0.0 where nobody has read the item."""
        name = popped_list(value)
        if not name and isinstance(value, gast.Subscript) and is_name(value.value):
            name = value.value.id
        return name in self.lists_of_arrays

    def own(self, name: str) -> list[Node]:
        """The adjoint of an owner as an array of its own, to be written in place."""
        if name in self.shadows:
            return self.values.at_hand({self.names.bar(name)}, None)
        state = self.state.get(name, ZERO)
        self.state[name] = OWNED
        if state == OWNED:
            return []
        bar = store(self.names.bar(name))
        bar.kind = self.plan.kind(name)
        out = self.values.at_hand({name}, None)
        model = self.values.renamed(load(name))
        if state == ZERO:
            return [*out, assign(bar, self.modules.put(call("np.zeros_like", model)))]
        if state == LOOSE:
            return [*out, self.fill(name, OWN)]
        return [self.copied(name)]

    def bind(self, name: str) -> list[Node]:
        """The adjoint of a variable whose array is written, there to be written in place."""
        if name not in self.views:
            return self.own(name)
        if name in self.bound:
            return []
        definition = self.views.definitions[name]
        out = self.bind(self.views.base(name))
        out += self.values.at_hand(names_in(definition.value) - {self.views.base(name)}, None)
        bar = store(self.names.bar(name))
        bar.kind = self.plan.kind(name)
        self.bound.add(name)
        out.append(assign(bar, self._view_of_adjoint(name)))
        if self.memory.must_be_checked(definition):
            base_bar = self.names.bar(self.views.base(name))
            out.append(check_of(bar.id, base_bar, self.modules, definition))
        return out

    def seed(self, name: str) -> list[Node]:
        """The adjoint of a result that is a view: it is added to that of the array."""
        seed = load(self.plan.seed(name))
        seed.kind = self.plan.kind(name)
        if name in self.shadows:
            operand = load(name)
            operand.kind = seed.kind
            return [*self.own(name), *self.accumulate(Contribution(operand, seed))]
        base = self.views.base(name)
        place = self._view_of_adjoint(name)
        if is_name(place) and self.is_zero(base):
            operand = load(base)
            operand.kind = self.plan.kind(base)
            return self.accumulate(Contribution(operand, seed))
        return [*self.bind(base), augment(copy_node(place, ctx=gast.Store()), seed)]

    def _view_of_adjoint(self, name: str) -> Node:
        """``ȳ[1:]`` for ``v = y[1:]``."""
        base = self.views.base(name)
        value = self.views.definitions[name].value
        bar = load(self.names.bar(base))
        bar.kind = self.plan.kind(base)
        return self.values.renamed(substitute(value, {base: bar}))

    def _accumulate_in_view(self, contribution: Contribution) -> list[Node]:
        """``v̄ += e``, ``v̄[i] += e``: into the array that it is a part of."""
        name, value = contribution.operand.id, contribution.value
        definition = self.views.definitions[name].value
        direct = (
            name in self.names.temporaries
            and name not in self.bound
            and isinstance(definition, gast.Subscript)
            and contribution.index is None
        )
        if direct:  # ȳ[1:] += e
            base = self.views.base(name)
            out = self.bind(base)
            out += self.values.at_hand(names_in(definition.slice), None)
            place = copy_node(self._view_of_adjoint(name), ctx=gast.Store())
        else:
            return [*self.bind(name), *self._add_in_place(contribution)]
        added = augment(place, value)
        added.repeats = contribution.repeats
        return [*out, added]

    def _add_in_place(self, contribution: Contribution) -> list[Node]:
        """``ȳ += e``, ``ȳ[i] += e``."""
        place = store(self.names.bar(contribution.operand.id))
        place.kind = self.plan.kind(contribution.operand.id)
        if contribution.index is not None:
            place = item(load(place.id), contribution.index, stored=True)
        added = augment(place, contribution.value)
        added.repeats = contribution.repeats
        return [added]

    def _accumulate_items(self, name: str, value: Node) -> list[Node]:
        """What an array made of a list adds to the list's adjoint, item by item."""
        out: list[Node] = []
        if not is_name(value):
            out.append(assign(self.names.bar(self.names.temporary()), value))
            value = load(out[0].targets[0].id)
        bar, index = load(self.names.bar(name)), self.names.fresh("i")
        added = self._added_to_item(name, bar, load(index), item(value, load(index)))
        items = gast.For(store(index), call("range", call("len", bar)), [added], [], None)
        return [*out, items]

    def _added_to_item(self, name: str, bar: Node, index: Node, value: Node) -> Node:
        """An addition to an item of a list's adjoint; an array there may be another one."""
        place = item(load(bar.id), index, stored=True)
        kind = self.plan.kind(name)
        if not isinstance(kind, ListOf) or not may_be_array(kind.item):
            return augment(place, value)
        return assign(place, binary(item(load(bar.id), index), gast.Add(), value))

    def _accumulate_item(self, contribution: Contribution, kind: Kind, state: str) -> list[Node]:
        operand, value = contribution.operand, contribution.value
        out: list[Node] = []
        bar = self.target(operand)
        written = self.memory.is_written(operand.id)
        if state == ZERO and not written and takes_rows(contribution, kind):
            self.state[operand.id] = OWNED
            model = self.values.renamed(load(operand.id))
            sums = call("row_sums", value, contribution.index, model)
            return [assign(bar, self.modules.put(sums))]
        if not isinstance(kind, ListOf):
            if self.memory.is_written(operand.id):
                out += self.own(operand.id)
            elif state == ZERO:
                model = self.values.renamed(load(operand.id))
                out.append(assign(bar, zeros(model, kind, self.modules)))
            elif isinstance(kind, Array) and not kind.rank and operand.id not in self.handed:
                # NumPy may have made a number of it.
                array = call("np.array", load(bar.id))
                out.append(assign(bar, self.modules.put(array)))
            elif state == LOOSE:
                out.append(self.fill(operand.id, OWN))
            elif state == SHARED:
                out.append(self.copied(operand.id))
            self.state[operand.id] = OWNED
        if isinstance(kind, ListOf):
            added = self._added_to_item(operand.id, bar, contribution.index, value)
        else:
            added = augment(item(load(bar.id), contribution.index, stored=True), value)
        added.repeats = contribution.repeats
        return [*out, added]

    def zero(self, name: str, stmt: Node, *, after: bool) -> list[Node]:
        """The statements that start an adjoint at zero, where a statement is reversed.

        That is where the function itself is before, or after, that statement: what may have no
        value there has no shape yet.
        """
        kind = self.plan.kind(name)
        bound = self.plan.is_bound(name, stmt, after=after)
        if self.memory.is_written(name) and isinstance(kind, Array) and bound:
            return self.own(name)
        target = store(self.names.bar(name))
        target.kind = kind
        if may_be_array(kind) and self.plan.places.is_set_once(name):
            self.state[name] = OWNED
            model = self.values.renamed(load(name))
            return [assign(target, zeros(model, kind, self.modules))]
        self.state[name] = LOOSE if may_be_array(kind) else OWNED
        start = assign(target, constant(0j if kind == COMPLEX else 0.0))
        start.start = self.plan.rank(name)
        return [start]

    def fill(self, name: str, how: str = FILL) -> Node:
        """``x̄ = np.full_like(x, x̄)``, for an adjoint that is read, or written, as an array."""
        return self._made(name, self.filled(name), how)

    def copied(self, name: str) -> Node:
        """``x̄ = x̄.copy()``, for an adjoint that others hold too, and that is written."""
        return self._made(
            name, call(gast.Attribute(load(self.names.bar(name)), "copy", gast.Load())), COPY
        )

    def _made(self, name: str, value: Node, how: str) -> Node:
        bar = store(self.names.bar(name))
        bar.kind = self.plan.kind(name)
        stmt = assign(bar, value)
        if is_plain(bar.kind):
            stmt.fills, stmt.how = bar.id, how
        return stmt

    def filled(self, name: str) -> Node:
        """An adjoint that may be the number 0.0, as an array of the variable's shape."""
        model, bar = self.values.renamed(load(name)), load(self.names.bar(name))
        return self.modules.put(call("np.full_like", model, bar))

    def results(self, order: list[str], *, lists: bool = True) -> list[Node]:
        """The adjoints of the inputs at the end: of their shapes, and nobody else's."""
        found: list[Node] = []
        for name in order:
            kind = self.plan.listing.kinds_of_parameters[name]
            if isinstance(kind, ListOf) and not lists:
                continue
            if self.is_zero(name):
                zero = zeros(load(self.plan.original.get(name, name)), kind, self.modules)
                found.append(zero)
                continue
            value: Node = load(self.names.bar(name))
            value.kind = kind
            if name in self.plan.original:
                value = self.modules.put(
                    call("np.full_like", load(self.plan.original[name]), value)
                )
                if is_plain(kind):
                    value.fills, value.fills_kind = self.names.bar(name), kind
            elif isinstance(kind, Array) and (kind.dtype not in ("f8", "c16") or not kind.rank):
                value = self.modules.put(
                    call("np.array", value, dtype=gast.Attribute(load(name), "dtype", gast.Load()))
                )
            elif may_be_array(kind) and self.state.get(name) == LOOSE:
                value = self.filled(name)
                if is_plain(kind):
                    value.fills, value.fills_kind = self.names.bar(name), kind
            elif may_be_array(kind):
                value.must_own = True
            elif self.state[name] == SHARED:  # an array without axes, and somebody else's
                value = binary(constant(1.0), gast.Mult(), value)
            found.append(value)
        return found


def takes_rows(contribution: Contribution, kind: Kind) -> bool:
    """Whether an operand's rows are taken by their numbers: ``w = x[index]`` of a matrix."""
    rows, index = contribution.value, getattr(contribution.index, "kind", NOTHING)
    if not contribution.repeats or not isinstance(kind, Array) or not isinstance(index, Array):
        return False
    by_number = index.rank == 1 and index.dtype[0] in "iu"
    taken = getattr(rows, "kind", NOTHING)
    doubles = isinstance(taken, Array) and taken.dtype == kind.dtype == "f8" and taken.rank == 2
    return by_number and doubles and kind.rank == 2 and not kind.library


def is_plain(kind: Kind) -> bool:
    """Whether an adjoint of an array's shape is what NumPy's arithmetic gives."""
    return isinstance(kind, Array) and kind.rank > 0 and kind.dtype == "f8"


def either(left: str, right: str) -> str:
    """The state of an adjoint that is in one state on one path and in another on another."""
    if left == right:
        return left
    return LOOSE if LOOSE in (left, right) else SHARED
