"""Lists in the reverse sweep: their adjoints are lists, which shrink where they have grown."""

from __future__ import annotations

import gast

from srcad.adjoint import Contribution
from srcad.analysis.kind import ListOf
from srcad.errors import SrcadError
from srcad.listing import origin_of, with_origin
from srcad.reverse.bars import OWNED, Bars
from srcad.reverse.plan import Plan
from srcad.reverse.stacks import numbers
from srcad.tree import (
    Node,
    assign,
    call,
    constant,
    is_name,
    item,
    listed_array,
    load,
    popped_list,
)


class Listed:
    """The adjoints of the lists of a plan."""

    def __init__(self, plan: Plan, bars: Bars) -> None:
        self.plan = plan
        self.names = plan.names
        self.bars = bars

    def starts(self) -> list[Node]:
        """The adjoints of lists, as long as the lists are where the reverse sweep starts."""
        out = []
        plain = self.plan.active - self.plan.shadows.kinds.keys()
        for name in plain:
            if isinstance(self.plan.kind(name), ListOf):
                self.bars.state[name] = OWNED
        for name in self.plan.in_order(plain.intersection(self.plan.own_lists())):
            if not self.plan.places.is_made_once(name):
                raise SrcadError(
                    f"the list {name} is made in a branch or a loop, or more than once; "
                    "make it once, where the function starts"
                )
            length = self.plan.lengths.get(name)
            count = (
                call("len", load(name))
                if length is None
                else self.bars.values.renamed(load(length))
            )
            out.append(assign(self.names.bar(name), numbers(count)))
        return out

    def display(self, stmt: Node) -> list[Node]:
        """``t = [a, b]``: each element's adjoint goes to what it was made of."""
        array = getattr(getattr(stmt.value, "func", None), "value", None)
        if listed_array(stmt.value) and self.plan.moves(array):  # t = x.tolist()
            numbers = call("np.array", load(self.names.bar(stmt.targets[0].id)))
            return self.bars.accumulate(Contribution(array, self.plan.modules.put(numbers)))
        bar = load(self.names.bar(stmt.targets[0].id))
        out: list[Node] = []
        for position, element in enumerate(getattr(stmt.value, "elts", ())):
            if is_name(element) and element.id in self.plan.active:
                out += self.bars.accumulate(Contribution(element, item(bar, constant(position))))
        return out

    def older(self, stmt: Node) -> list[Node]:
        """The adjoint of the list that had the name before a new one was made."""
        length = getattr(stmt, "length_before", "")
        if not length:
            return []
        out = self.bars.values.at_hand({length}, origin_of(stmt))
        count = self.bars.values.renamed(load(length))
        return [*out, assign(self.names.bar(stmt.targets[0].id), numbers(count))]

    def popped_from(self, stmt: Node) -> str:
        """The list that ``y = t.pop()`` takes from, if it is an active one."""
        name = popped_list(stmt.value)
        return name if name in self.plan.active and name not in self.plan.shadows else ""

    def append(self, stmt: Node) -> list[Node]:
        """``t.append(v)``: the adjoint of v is taken from the end of the list's."""
        func = getattr(stmt.value, "func", None)
        if not isinstance(func, gast.Attribute) or func.attr != "append":
            return []
        if func.value.id not in self.plan.active or func.value.id in self.plan.shadows:
            return []
        bar = load(self.names.bar(func.value.id))
        popped = call(gast.Attribute(bar, "pop", gast.Load()))
        (value,) = stmt.value.args
        if is_name(value) and value.id in self.plan.active:
            new = self.bars.accumulate(Contribution(value, popped))
        else:
            new = [gast.Expr(popped)]
        return [with_origin(each, origin_of(stmt)) for each in new]
