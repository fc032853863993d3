"""The reverse sweep: the statements from the last to the first, each by its adjoint.

Each active statement ``w = f(u, v)`` becomes ``ū += w̄ · ∂f/∂u`` and ``v̄ += w̄ · ∂f/∂v``, a loop
runs backwards, a branch is taken again, and what was overwritten is put back.
"""

from __future__ import annotations

import copy
from dataclasses import replace

import gast

from srcad.adjoint import Adjoint, Contribution, may_be_array, written_targets, zeros
from srcad.analysis.kind import Kind, ListOf
from srcad.analysis.places import Block
from srcad.listing import origin_of, with_origin
from srcad.reverse.bars import LOOSE, OWNED, SHARED, Bars
from srcad.reverse.calls import reversed_call
from srcad.reverse.control import Control
from srcad.reverse.depths import Depths
from srcad.reverse.listed import Listed
from srcad.reverse.pair import kind_of
from srcad.reverse.plan import Plan
from srcad.reverse.values import Values
from srcad.simplify.flow import read_by, written_by
from srcad.simplify.ownership import is_fresh
from srcad.tree import (
    Node,
    assign,
    binary,
    call,
    constant,
    copy_node,
    is_name,
    item,
    load,
    statements_in,
    store,
    substitute,
)


class Back:
    """The reverse sweep of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.names = plan.names
        self.places = plan.places
        self.saves = plan.saves
        self.tapes = plan.tapes
        self.memory = plan.memory
        self.values = Values(plan)
        self.depths = Depths(self.names)
        self.bars = Bars(plan, self.values)
        self.control = Control(plan, self.values, self.bars)
        self.lists = Listed(plan, self.bars)
        self.list_starts: list[Node] = []

    def run(self) -> list[Node]:
        """The statements of the sweep; the seeds are the adjoints of the results."""
        for name in self.plan.seeded:
            if name in self.plan.active and not self.plan.is_apart(name):
                self.bars.state[name] = SHARED if may_be_array(self.plan.kind(name)) else OWNED
        self.list_starts = self.lists.starts()
        seeds: list[Node] = []
        for name in self.plan.seeded:
            if name in self.plan.active and self.plan.is_apart(name):
                seeds += self.bars.seed(name)
        assert self.places.root is not None
        given, back = self._given_shadows()
        return _starts_first(given + seeds + self._block(self.places.root) + back)

    def _given_shadows(self) -> tuple[list[Node], list[Node]]:
        """What the caller's arrays of adjoints hold, into our shadows and back."""
        ahead: list[Node] = []
        back: list[Node] = []
        for name in self.plan.inputs if self.plan.called else ():
            if name in self.plan.shadows and name in self.bars.handed:
                pair = [self.names.bar(name), self.plan.seed(name)]
                for out, (target, value) in ((ahead, pair), (back, pair[::-1])):
                    whole = item(target, gast.Constant(..., None), stored=True)
                    out.append(gast.Assign([whole], load(value), None))
        return ahead, back

    def _block(self, block: Block) -> list[Node]:
        out: list[Node] = []
        restores: dict[str, Node] = {}
        outer_recomputed = set(self.values.recomputed)
        for number, names in self.saves.after.items():
            for name in names:
                if self.saves.scope[(number, name)] is block and name in self.tapes:
                    restores[name] = self.values.restore(name)
        if self.plan.stacks:
            # Shared stacks: everything is popped in the order opposite to the pushes.
            order = [
                n
                for stmt in block.body
                for n in self.saves.after.get(id(stmt), [])
                if n in restores
            ]
            first = origin_of(block.body[-1]) if order else None
            out += [with_origin(restores.pop(name), first) for name in reversed(order)]
        if block is self.places.root:
            out += self.list_starts  # as long as the lists, which may have been put back
        self.values.pending.append((block, restores))
        origin: Node | None = None
        for stmt in reversed(block.body):
            simple = isinstance(stmt, (gast.Assign, gast.AugAssign))
            if origin_of(stmt) is not origin or not simple:
                out += self.values.put_back()
            origin = origin_of(stmt)
            # Every push has its pop, in the opposite order, needed here or not.
            for name in reversed(self.saves.after.get(id(stmt), [])):
                if name in restores:
                    out.append(with_origin(restores.pop(name), origin_of(stmt)))
            out += self._statement(stmt)
        out += self.values.put_back()
        self.values.pending.pop()
        self.values.recomputed = outer_recomputed
        return out

    def _statement(self, stmt: Node) -> list[Node]:
        if isinstance(stmt, gast.If):
            return self.control.branch(stmt, self._block)
        if isinstance(stmt, (gast.For, gast.While)):
            return self.control.loop(stmt, self._block)
        if isinstance(stmt, gast.Expr):
            return self.lists.append(stmt)
        if not isinstance(stmt, (gast.Assign, gast.AugAssign)):
            return []
        origin = origin_of(stmt)
        adjoint = self.plan.adjoints.get(id(stmt))
        if getattr(stmt, "permutes", False):
            return [with_origin(each, origin) for each in self._permutation(stmt)]
        if adjoint is None and self.lists.popped_from(stmt):
            adjoint = Adjoint()  # the list's adjoint grows, by 0.0 where the value has none
        if adjoint is None:
            return self.values.restores_before(stmt) + self._killed(stmt)
        before = self._shadows_before(stmt, adjoint)
        if hasattr(stmt, "pair"):
            out = reversed_call(stmt, adjoint, self.plan, self.values, self.bars)
        elif isinstance(stmt, gast.AugAssign) or isinstance(stmt.targets[0], gast.Subscript):
            out = self._write(stmt, adjoint)
        elif isinstance(stmt.targets[0], gast.Tuple):
            out = self._several(stmt, adjoint)
        else:
            out = self._assign(stmt, adjoint)
        out = before + out
        self.values.taken = {}
        return [new if origin_of(new) is not None else with_origin(new, origin) for new in out]

    def _shadows_before(self, stmt: Node, adjoint: Adjoint) -> list[Node]:
        """The shadows of what a statement binds, taken, and those that it overwrote put back."""
        restores = self.values.restores_of_shadows(stmt)
        overwritten = {each.targets[0].id for each in restores}
        taken = []
        for name in sorted(overwritten & adjoint.bound):
            holder = load(self.names.bar(self.names.temporary()))
            holder.kind = self.plan.kind(name)
            self.values.taken[name] = holder
            taken.append(with_origin(assign(holder.id, load(name)), origin_of(stmt)))
        return taken + restores

    def _killed(self, stmt: Node) -> list[Node]:
        """An assignment without derivative ends the life of the adjoint."""
        for name in written_targets(stmt) if isinstance(stmt, gast.Assign) else ():
            self.bars.state.pop(name, None)
        return []

    def _permutation(self, stmt: Node) -> list[Node]:
        """``u, v = v, u``: what was swapped is swapped back, and so are the adjoints."""
        (target,) = stmt.targets
        back = gast.Assign(
            [_with_context(stmt.value, gast.Store())], _with_context(target, gast.Load()), None
        )
        if not any(each.id in self.plan.active for each in target.elts):
            return [back]
        bar = self.names.bar
        new = [n.id for n in target.elts]
        old = [n.id for n in stmt.value.elts]
        out = [each for name in new for each in self.bars.own(name)]
        bars = gast.Assign(
            [gast.Tuple([store(bar(n)) for n in old], gast.Store())],
            gast.Tuple([load(bar(n)) for n in new], gast.Load()),
            None,
        )
        return [*out, back, bars]

    def _assign(self, stmt: Node, adjoint: Adjoint) -> list[Node]:
        (target,) = stmt.targets
        origin = origin_of(stmt)
        restores = self.values.restores_before(stmt)
        if target.id in self.plan.views:  # its adjoint is a part of another one
            self.bars.bound.discard(target.id)
            return restores
        if target.id in self.plan.shadows and not adjoint.contributions:
            return restores
        if isinstance(target.kind, ListOf):
            return [*restores, *self.lists.display(stmt), *self.lists.older(stmt)]
        popped = self.lists.popped_from(stmt)
        if popped:
            bar: Node = load(self.names.bar(target.id))
            if self.bars.is_zero(target.id):
                bar = constant(0.0)
            append = gast.Attribute(load(self.names.bar(popped)), "append", gast.Load())
            self.bars.state.pop(target.id, None)
            return [*restores, gast.Expr(call(append, bar))]
        if self.bars.is_zero(target.id) or not adjoint.contributions:
            self.bars.state.pop(target.id, None)
            return restores
        out: list[Node] = []
        reads_result = adjoint.result and adjoint.shaped != "shape"
        if adjoint.result:
            out += self.values.at_hand({target.id}, origin)
        state = self.bars.state.get(target.id, SHARED)  # a shadow is others' too
        if adjoint.shaped and state == LOOSE:
            out.append(self.bars.fill(target.id))
        if not reads_result:
            self.values.restore_late(restores)
        adjoint = self._formulas(adjoint, stmt, out)
        own = [c for c in adjoint.contributions if c.operand.id == target.id and c.index is None]
        if target.id in self.plan.shadows:
            own = []  # the shadow of the older array has been put back
        elif any(self._is_part(c.operand.id, target.id) for c in adjoint.contributions):
            return out + self._older(stmt, adjoint, restores if reads_result else [])
        if len(adjoint.contributions) == 1 and self.bars.state.get(target.id) == OWNED:
            self.bars.dying = self.names.bar(target.id)
        for position, each in enumerate(adjoint.contributions):
            if each not in own:
                out += self.bars.accumulate(each)
                self.depths.place(out[-1], stmt, each, position)
        self.bars.dying = ""
        if not own:
            self.bars.state.pop(target.id, None)
        elif not (len(own) == 1 and is_name(own[0].value)):
            total = own[0].value
            for each in own[1:]:
                total = binary(total, gast.Add(), each.value)
            out.append(assign(self.bars.target(target), total))
            self.bars.state[target.id] = OWNED if is_fresh(total) else SHARED
        if reads_result:
            self.values.restore_late(restores)
        return out

    def _is_part(self, name: str, owner: str) -> bool:
        """Whether a variable is a view of another one's array."""
        return name in self.plan.views and self.plan.views.owner(name) == owner

    def _older(self, stmt: Node, adjoint: Adjoint, restores: list[Node]) -> list[Node]:
        """``y = y[::-1] * a``: what goes to the older array is added to an adjoint of its own."""
        name = stmt.targets[0].id
        out: list[Node] = []
        older: list[Contribution] = []
        for each in adjoint.contributions:
            if self.plan.views.owner(each.operand.id) != name:
                out += self.bars.accumulate(each)
                continue
            taken = load(self.names.bar(self.names.temporary()))
            taken.kind = getattr(each.value, "kind", self.plan.kind(each.operand.id))
            out.append(assign(_with_kind(store(taken.id), taken.kind), each.value))
            older.append(replace(each, value=taken))
        self.values.restore_late(restores)
        out += self.values.put_back()
        self.bars.state.pop(name)
        for each in older:
            out += self.bars.accumulate(each)
        return out

    def _formulas(self, adjoint: Adjoint, stmt: Node, out: list[Node]) -> Adjoint:
        """The adjoint in the names of the reverse sweep, all that it reads put at hand before."""
        out += self.values.at_hand(self.values.needs(adjoint), origin_of(stmt))
        adjoint = self._named(adjoint, stmt)
        out += [copy_node(each, value=self.values.in_names(each.value)) for each in adjoint.shared]
        adjoint.contributions = list(map(self._renamed, adjoint.contributions))
        return adjoint

    def _renamed(self, contribution: Contribution) -> Contribution:
        value, index = self.values.in_names(contribution.value), contribution.index
        if index is not None:
            index = self.values.renamed(index)
        if value is contribution.value and index is contribution.index:
            return contribution
        return replace(contribution, value=value, index=index)

    def _named(self, adjoint: Adjoint, stmt: Node) -> Adjoint:
        """A definition that is all of an operand's adjoint by its name: ``b̄ = solve(a.T, x̄)``."""
        adjoint = copy.copy(adjoint)
        if not adjoint.shared:
            return adjoint
        operands = [each.operand.id for each in adjoint.contributions]
        new = {
            target.id: value
            for definition in adjoint.shared
            for target, value in [(definition.targets[0], definition.value)]
            if is_name(target) and is_fresh(value) and getattr(definition, "formula", False)
        }
        for position, each in enumerate(list(adjoint.contributions)):
            name, local = each.operand.id, getattr(each.value, "id", "")
            if local in new and operands.count(name) == 1 and self.bars.is_untouched(name):
                bar = self.bars.target(each.operand)
                adjoint.shared = [_under(one, local, bar) for one in adjoint.shared]
                if is_name(stmt.targets[0]):
                    (line,) = [d for d in adjoint.shared if d.targets[0] is bar]
                    self.depths.place(line, stmt, each, position)
                adjoint.contributions = [
                    replace(other, value=substitute(other.value, {local: bar}))
                    for other in adjoint.contributions
                    if other is not each
                ]
                self.bars.state[name] = OWNED
                del new[local]
        return adjoint

    def _several(self, stmt: Node, adjoint: Adjoint) -> list[Node]:
        """An operation with several results: each adjoint that is not there is zero."""
        origin = origin_of(stmt)
        out: list[Node] = []
        restores = self.values.restores_before(stmt)
        if any(not self.bars.is_zero(each.id) for each in adjoint.seeds):
            if adjoint.result:
                out += self.values.at_hand(set(written_targets(stmt)), origin)
            else:
                self.values.restore_late(restores)
            for each in adjoint.seeds:
                kind, result = kind_of(each), self.values.renamed(load(each.id))
                if self.bars.is_zero(each.id):
                    zero = zeros(result, kind, self.plan.modules)
                    out.append(assign(self.bars.target(each), zero))
                elif self.bars.state.get(each.id) == LOOSE:
                    out.append(self.bars.fill(each.id))
            for each in self._formulas(adjoint, stmt, out).contributions:
                out += self.bars.accumulate(each)
            if adjoint.result:
                self.values.restore_late(restores)
        else:
            out += restores
        return out + self._killed(stmt)

    def _write(self, stmt: Node, adjoint: Adjoint) -> list[Node]:
        """``y[i] = v``: the adjoint of the element goes to v and starts again from zero.

        After ``y[i] += v`` it stays.
        """
        target = stmt.target if isinstance(stmt, gast.AugAssign) else stmt.targets[0]
        name = target.value.id
        out = self.values.restores_before(stmt)
        if self.plan.shadows.puts_into(stmt):
            return out  # the list of shadows is read in the forward sweep only
        if self.bars.is_zero(name) and not isinstance(kind_of(target.value), ListOf):
            return out
        index = self.memory.reads(gast.Expr(target.slice))
        out += self.values.at_hand(self.values.needs(adjoint) | index, origin_of(stmt))
        if not isinstance(kind_of(target.value), ListOf):
            out += self.bars.bind(name)
        added: list[Node] = []
        for each in adjoint.contributions:
            value = self.values.renamed(each.value)
            if may_be_array(kind_of(target)) and not is_fresh(value):
                value = call(gast.Attribute(value, "copy", gast.Load()))
            if self.memory.shares(each.operand.id, name):  # y[1:] = y[:-1]: first take, then add
                taken = load(self.names.bar(self.names.temporary()))
                taken.kind = kind_of(target)
                out.append(assign(_with_kind(store(taken.id), taken.kind), value))
                value = taken
            added += self.bars.accumulate(replace(each, value=value))
        if not isinstance(stmt, gast.Assign):
            return out + added
        element = item(load(self.names.bar(name)), self.values.renamed(target.slice))
        element.kind = kind_of(target)
        zeroed = gast.Assign([copy_node(element, ctx=gast.Store())], constant(0.0), None)
        overlap = any(self.memory.shares(c.operand.id, name) for c in adjoint.contributions)
        return [*out, zeroed, *added] if overlap else [*out, *added, zeroed]


def _with_kind(node: Node, kind: Kind) -> Node:
    node.kind = kind
    return node


def _with_context(display: Node, context: Node) -> Node:
    """A tuple of names as a target, or as a value."""
    elements = [copy_node(each, ctx=context) for each in display.elts]
    return copy_node(display, elts=elements, ctx=context)


def _starts_first(body: list[Node]) -> list[Node]:
    """The sweep with the zero starts of numbers where it begins, in the order of the variables."""
    starts: list[Node] = []
    rest: list[Node] = []
    touched: set[str] = set()
    for stmt in body:
        if (
            getattr(stmt, "start", None) is not None
            and touched.isdisjoint(read_by(stmt))
            and touched.isdisjoint(written_by(stmt))
        ):
            starts.append(stmt)
        else:
            rest.append(stmt)
        for each in statements_in([stmt]):
            touched.update(read_by(each), written_by(each))
    return sorted(starts, key=lambda stmt: stmt.start) + rest


def _under(stmt: Node, name: str, new: Node) -> Node:
    """A definition with a name exchanged, as its target and where it is read."""
    target = substitute(stmt.targets[0], {name: new})
    return copy_node(stmt, targets=[target], value=substitute(stmt.value, {name: new}))
