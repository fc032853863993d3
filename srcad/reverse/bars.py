"""The adjoints of variables: their states, and how a contribution is added.

Of each adjoint it is known whether it is still zero (then the first accumulation is an
assignment), and whether the derivative owns its memory (then an array is added to in place).
"""

from __future__ import annotations

import gast

from srcad.adjoint import Contribution, may_be_array, zeros
from srcad.analysis.kind import NOTHING, Array, Kind, ListOf
from srcad.reverse.plan import Plan
from srcad.simplify.ownership import is_fresh
from srcad.tree import Node, assign, augment, binary, call, constant, is_name, item, load, store

# Of an adjoint: still zero; an array of our own; one that others hold too; a number 0.0 that
# stands for an array of zeros, or an array.
ZERO, OWNED, SHARED, LOOSE = "zero", "owned", "shared", "loose"


class Bars:
    """The adjoints of one reverse sweep, as it is written."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.names = plan.names
        self.modules = plan.modules
        self.state: dict[str, str] = {}

    def is_zero(self, name: str) -> bool:
        """Whether nothing has been added to an adjoint yet."""
        return self.state.get(name, ZERO) == ZERO

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
        if contribution.index is not None:
            return self._accumulate_item(contribution, kind, state)
        if isinstance(kind, ListOf):
            return self._accumulate_items(name, value)
        fresh = is_fresh(value)
        if is_name(value):
            for other in [n for n in self.state if self.names.bar(n) == value.id]:
                self.state[other] = SHARED
        if state == ZERO:
            self.state[name] = OWNED if fresh else SHARED
            return [assign(self.target(operand), value)]
        if not may_be_array(kind) or (state == OWNED and isinstance(kind, Array)):
            return [augment(self.target(operand), value)]
        self.state[name] = OWNED
        new = assign(self.target(operand), binary(load(self.names.bar(name)), gast.Add(), value))
        new.fresh = True
        return [new]

    def _accumulate_items(self, name: str, value: Node) -> list[Node]:
        """What an array made of a list adds to the list's adjoint, item by item."""
        out: list[Node] = []
        if not is_name(value):
            out.append(assign(self.names.bar(self.names.temporary()), value))
            value = load(out[0].targets[0].id)
        bar, index = load(self.names.bar(name)), self.names.fresh("i")
        added = augment(item(bar, load(index), stored=True), item(value, load(index)))
        items = gast.For(store(index), call("range", call("len", bar)), [added], [], None)
        return [*out, items]

    def _accumulate_item(self, contribution: Contribution, kind: Kind, state: str) -> list[Node]:
        operand, value = contribution.operand, contribution.value
        out: list[Node] = []
        bar = self.target(operand)
        if not isinstance(kind, ListOf):
            if state == ZERO:
                out.append(assign(bar, zeros(load(operand.id), kind, self.modules)))
            elif state == LOOSE:
                out.append(assign(bar, self.filled(operand.id)))
            elif state == SHARED:
                copy = call(gast.Attribute(load(bar.id), "copy", gast.Load()))
                out.append(assign(bar, copy))
            self.state[operand.id] = OWNED
        element = item(load(bar.id), contribution.index, stored=True)
        added = augment(element, value)
        added.repeats = contribution.repeats
        return [*out, added]

    def zero(self, name: str) -> Node:
        """The statement that starts an adjoint at zero."""
        kind = self.plan.kind(name)
        target = store(self.names.bar(name))
        target.kind = kind
        if may_be_array(kind) and self.plan.is_set_once(name):
            self.state[name] = OWNED
            return assign(target, zeros(load(name), kind, self.modules))
        self.state[name] = LOOSE if may_be_array(kind) else OWNED
        start = assign(target, constant(0.0))
        start.start = self.plan.rank(name)
        return start

    def filled(self, name: str) -> Node:
        """An adjoint that may be the number 0.0, as an array of the variable's shape."""
        bar = load(self.names.bar(name))
        return self.modules.put(call("np.full_like", load(name), bar))

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
            elif isinstance(kind, Array) and (kind.dtype != "f8" or not kind.rank):
                value = self.modules.put(
                    call("np.array", value, dtype=gast.Attribute(load(name), "dtype", gast.Load()))
                )
            elif may_be_array(kind) and self.state[name] == LOOSE:
                value = self.filled(name)
            elif may_be_array(kind):
                value.must_own = True
            found.append(value)
        return found


def either(left: str, right: str) -> str:
    """The state of an adjoint that is in one state on one path and in another on another."""
    if left == right:
        return left
    return LOOSE if LOOSE in (left, right) else SHARED
