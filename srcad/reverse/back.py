"""The reverse sweep: the statements from the last to the first, each by its adjoint.

Each active statement ``w = f(u, v)`` becomes ``ū += w̄ · ∂f/∂u`` and ``v̄ += w̄ · ∂f/∂v``, a loop
runs backwards, a branch is taken again, and what was overwritten is put back.
"""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import replace

import gast

from srcad.adjoint import Adjoint, Contribution, may_be_array, written_targets, zeros
from srcad.analysis.kind import Kind, ListOf, TupleOf, leaf_kinds
from srcad.analysis.places import Block
from srcad.errors import SrcadError
from srcad.listing import origin_of, with_origin
from srcad.reverse.bars import LOOSE, OWNED, SHARED, ZERO, Bars, either
from srcad.reverse.depths import Depths
from srcad.reverse.loops import backwards, clear_stop, over_tape
from srcad.reverse.pair import Pair, kind_of, leaves_of_target, shadowed_operands
from srcad.reverse.plan import Plan
from srcad.reverse.stacks import numbers
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
    listed_array,
    load,
    popped_list,
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
        # What has been taken of shadows that are put back, while a statement is reversed.
        self.taken: dict[str, Node] = {}

    def run(self) -> list[Node]:
        """The statements of the sweep; the seeds are the adjoints of the results."""
        for name in self.plan.listing.results:
            if name in self.plan.active and not self.plan.is_apart(name):
                self.bars.state[name] = SHARED if may_be_array(self.plan.kind(name)) else OWNED
        reverse = self._shadow_lists()
        for name in self.plan.listing.results:
            if name in self.plan.active and self.plan.is_apart(name):
                reverse += self.bars.seed(name)
        assert self.places.root is not None
        given, back = self._given_shadows()
        return _starts_first(given + reverse + self._block(self.places.root) + back)

    def _given_shadows(self) -> tuple[list[Node], list[Node]]:
        """What the caller's arrays of adjoints hold, into our shadows and back."""
        ahead: list[Node] = []
        back: list[Node] = []
        for name in self.plan.inputs if self.plan.called else ():
            if name in self.plan.shadows:
                pair = [self.names.bar(name), self.plan.seed(name)]
                for out, (target, value) in ((ahead, pair), (back, pair[::-1])):
                    whole = item(target, gast.Constant(..., None), stored=True)
                    out.append(gast.Assign([whole], load(value), None))
        return ahead, back

    def _shadow_lists(self) -> list[Node]:
        """The adjoints of lists, as long as the lists are where the reverse sweep starts."""
        out = []
        for name in self.plan.in_order(self.plan.active):
            if isinstance(self.plan.kind(name), ListOf):
                self.bars.state[name] = OWNED
                if name not in [*self.plan.listing.parameters, *self.plan.listing.results]:
                    if not self.plan.is_made_once(name):
                        raise SrcadError(
                            f"the list {name} is made in a branch or a loop, or more than once; "
                            "make it once, where the function starts"
                        )
                    out.append(assign(self.names.bar(name), numbers(call("len", load(name)))))
        return out

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
            return self._if(stmt)
        if isinstance(stmt, (gast.For, gast.While)):
            return self._loop(stmt)
        if isinstance(stmt, gast.Expr):
            return self._append(stmt)
        if not isinstance(stmt, (gast.Assign, gast.AugAssign)):
            return []
        origin = origin_of(stmt)
        adjoint = self.plan.adjoints.get(id(stmt))
        if getattr(stmt, "permutes", False):
            return [with_origin(each, origin) for each in self._permutation(stmt)]
        if adjoint is None and self._popped_from(stmt):
            adjoint = Adjoint()  # the list's adjoint grows, by 0.0 where the value has none
        if adjoint is None:
            return self.values.restores_before(stmt) + self._killed(stmt)
        before = self._shadows_before(stmt, adjoint)
        if hasattr(stmt, "pair"):
            out = self._call(stmt, adjoint)
        elif isinstance(stmt, gast.AugAssign) or isinstance(stmt.targets[0], gast.Subscript):
            out = self._write(stmt, adjoint)
        elif isinstance(stmt.targets[0], gast.Tuple):
            out = self._several(stmt, adjoint)
        else:
            out = self._assign(stmt, adjoint)
        out = before + out
        self.taken = {}
        return [new if origin_of(new) is not None else with_origin(new, origin) for new in out]

    def _shadows_before(self, stmt: Node, adjoint: Adjoint) -> list[Node]:
        """The shadows of what a statement binds, taken, and those that it overwrote put back."""
        restores = self.values.restores_of_shadows(stmt)
        overwritten = {each.targets[0].id for each in restores}
        taken = []
        for name in sorted(overwritten & adjoint.bound):
            holder = load(self.names.bar(self.names.temporary()))
            holder.kind = self.plan.kind(name)
            self.taken[name] = holder
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
            return restores + self._display(stmt)
        popped = self._popped_from(stmt)
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
            out.append(assign(self.bars.target(target), self.bars.filled(target.id)))
        if not reads_result:
            self.values.restore_late(restores)
        adjoint = self._formulas(adjoint, stmt, out)
        own = [c for c in adjoint.contributions if c.operand.id == target.id and c.index is None]
        if target.id in self.plan.shadows:
            own = []  # the shadow of the older array has been put back
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

    def _formulas(self, adjoint: Adjoint, stmt: Node, out: list[Node]) -> Adjoint:
        """The adjoint in the names of the reverse sweep, all that it reads put at hand before."""
        out += self.values.at_hand(self._needs(adjoint), origin_of(stmt))
        adjoint = self._named(adjoint, stmt)
        out += [copy_node(each, value=self._value(each.value)) for each in adjoint.shared]
        adjoint.contributions = list(map(self._renamed, adjoint.contributions))
        return adjoint

    def _renamed(self, contribution: Contribution) -> Contribution:
        value, index = self._value(contribution.value), contribution.index
        if index is not None:
            index = self.values.renamed(index)
        if value is contribution.value and index is contribution.index:
            return contribution
        return replace(contribution, value=value, index=index)

    def _value(self, expression: Node) -> Node:
        """An expression of adjoints and values under the names that they have here."""
        return substitute(self.values.renamed(expression), self.taken)

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
                    out.append(assign(self.bars.target(each), self.bars.filled(each.id)))
            for each in self._formulas(adjoint, stmt, out).contributions:
                out += self.bars.accumulate(each)
            if adjoint.result:
                self.values.restore_late(restores)
        else:
            out += restores
        return out + self._killed(stmt)

    def _display(self, stmt: Node) -> list[Node]:
        """``t = [a, b]``: each element's adjoint goes to what it was made of."""
        array = getattr(getattr(stmt.value, "func", None), "value", None)
        if listed_array(stmt.value) and self.plan.moves(array):  # t = x.tolist()
            numbers = call("np.array", load(self.names.bar(stmt.targets[0].id)))
            return self.bars.accumulate(Contribution(array, self.plan.modules.put(numbers)))
        if not isinstance(stmt.value, gast.List):
            return []
        bar = load(self.names.bar(stmt.targets[0].id))
        out: list[Node] = []
        for position, element in enumerate(stmt.value.elts):
            if is_name(element) and element.id in self.plan.active:
                out += self.bars.accumulate(Contribution(element, item(bar, constant(position))))
        return out

    def _popped_from(self, stmt: Node) -> str:
        """The list that ``y = t.pop()`` takes from, if it is an active one."""
        name = popped_list(stmt.value)
        return name if name in self.plan.active else ""

    def _needs(self, adjoint: Adjoint) -> set[str]:
        """All that an adjoint reads: values, contents of arrays, and arrays of a shape."""
        contents = self.memory.contents(adjoint.before)
        return adjoint.before | adjoint.shapes | contents

    def _write(self, stmt: Node, adjoint: Adjoint) -> list[Node]:
        """``y[i] = v``: the adjoint of the element goes to v and starts again from zero.

        After ``y[i] += v`` it stays.
        """
        target = stmt.target if isinstance(stmt, gast.AugAssign) else stmt.targets[0]
        name = target.value.id
        out = self.values.restores_before(stmt)
        if self.bars.is_zero(name) and not isinstance(kind_of(target.value), ListOf):
            return out
        index = self.memory.reads(gast.Expr(target.slice))
        out += self.values.at_hand(self._needs(adjoint) | index, origin_of(stmt))
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

    def _append(self, stmt: Node) -> list[Node]:
        func = getattr(stmt.value, "func", None)
        if not isinstance(func, gast.Attribute) or func.attr != "append":
            return []
        if func.value.id not in self.plan.active:
            return []
        bar = load(self.names.bar(func.value.id))
        popped = call(gast.Attribute(bar, "pop", gast.Load()))
        (value,) = stmt.value.args
        if is_name(value) and value.id in self.plan.active:
            new = self.bars.accumulate(Contribution(value, popped))
        else:
            new = [gast.Expr(popped)]
        return [with_origin(each, origin_of(stmt)) for each in new]

    def _call(self, stmt: Node, adjoint: Adjoint) -> list[Node]:
        """The reverse sweep of a called function, given what it reads, its tape and the seeds."""
        pair: Pair = stmt.pair
        origin = origin_of(stmt)
        out = self.values.restores_before(stmt)
        if pair.tape == "tuple":
            out = self.values.at_hand(stmt.tape_names, origin) + out
        out += self.values.at_hand(self._needs(adjoint), origin)
        by_name = dict(zip(pair.parameters, stmt.operands, strict=True))
        arguments = [self.values.renamed(by_name[name]) for name in pair.arguments]
        arguments += [self.values.renamed(tape) for tape in stmt.tapes]
        targets: list[Node | None] = []
        for leaf in leaves_of_target(stmt.pair_target):
            # A tuple of ints stays one variable; it has no adjoint.
            several = isinstance(kind_of(leaf), TupleOf)
            targets += [None] * (len(leaf_kinds(kind_of(leaf))) or 1) if several else [leaf]
        for target, seeded in zip(targets, pair.seeds, strict=True):
            if target is None:
                continue
            if seeded:
                zero = self.bars.is_zero(target.id)
                bar = load(self.names.bar(target.id))
                none = zeros(load(target.id), kind_of(target), self.plan.modules)
                arguments.append(none if zero else self._value(bar))
            self.bars.state.pop(target.id, None)
        results = []
        for name in pair.inputs:
            node = by_name[name]
            if name in pair.shadowed:
                moves = self.plan.moves(node)
                out += self.bars.bind(node.id) if moves else []
                model = self.values.renamed(node)
                none = self.plan.modules.put(call("np.zeros_like", model))
                arguments.append(load(self.names.bar(node.id)) if moves else none)
            elif not isinstance(kind_of(node), ListOf):
                results.append(node)
            elif self.plan.moves(node):
                arguments.append(load(self.names.bar(node.id)))
            else:  # a list without derivative: its adjoint is not asked for
                arguments.append(numbers(call("len", node)))
        value = call(load(pair.reverse), *arguments)
        value.effect = True
        if not results:
            return [*out, gast.Expr(value)]
        if len(results) == 1 and self.plan.moves(results[0]):
            new = self.bars.accumulate(Contribution(results[0], value))
            return out + new
        holders = []
        for node in results:
            holder = self.names.bar(self.names.temporary())
            holders.append((node, holder))
        parts = [store(holder) for _, holder in holders]
        target = parts[0] if len(parts) == 1 else gast.Tuple(parts, gast.Store())
        out.append(assign(target, value))
        for node, holder in holders:
            if not self.plan.moves(node):
                continue
            bar = load(holder)
            bar.kind = kind_of(node)
            out += self.bars.accumulate(Contribution(node, bar))
        return out

    def _if(self, stmt: Node) -> list[Node]:
        entry = dict(self.bars.state)
        bound = set(self.bars.bound)
        recomputed = set(self.values.recomputed)
        out = self.values.restores_for(stmt)
        if self.plan.needed.reversed_by(stmt):
            for name in sorted(self.plan.needed._control_reads(stmt)):
                out += self.values.at_hand({name}, None)
        breaks = [_breaks(stmt.body), _breaks(stmt.orelse)]
        bodies: list[list[Node]] = []
        states: list[dict[str, str]] = []
        for branch in (stmt.body, stmt.orelse):
            self.bars.state = dict(entry)
            self.bars.bound = set(bound)
            self.values.recomputed = set(recomputed)
            bodies.append(self._block(self.places.blocks[id(branch)]))
            states.append(self.bars.state)
        self.values.recomputed = recomputed
        self.bars.bound = bound
        raises = [_raises(stmt.body), _raises(stmt.orelse)]
        if raises[0] or raises[1]:
            taken = 1 if raises[0] else 0
            self.bars.state = states[taken]
            return out + bodies[taken]
        before: list[Node] = []
        for name in self.plan.in_order({*states[0], *states[1]}):
            ends = [state.get(name, ZERO) for state in states]
            if ends[0] == ends[1]:
                self.bars.state[name] = ends[0]
            elif ZERO not in ends:
                self.bars.state[name] = LOOSE if LOOSE in ends else SHARED
            elif entry.get(name, ZERO) == ZERO and not (
                getattr(stmt, "guard", False)
                or self._writes(bodies[0 if ends[0] == ZERO else 1], name)
            ):
                self.bars.state[name] = ZERO
                before += self.bars.zero(name)
                other = ends[1] if ends[0] == ZERO else ends[0]
                self.bars.state[name] = either(other, self.bars.state[name])
            else:
                side = 0 if ends[0] == ZERO else 1
                self.bars.state[name] = ZERO
                bodies[side] += self.bars.zero(name)
                other = ends[1 - side]
                self.bars.state[name] = either(other, self.bars.state[name])
        for name in list(self.bars.state):
            if name not in states[0] and name not in states[1]:
                del self.bars.state[name]
        if not bodies[0] and not bodies[1]:
            return [*out, *before] if before else []
        test = self.values.renamed(stmt.test)
        if any(breaks):
            side = 0 if breaks[0] else 1
            branch = (stmt.body, stmt.orelse)[side]
            record = branch[-2]
            test = gast.Compare(load(record.targets[0].id), [gast.Eq()], [record.value])
            if side == 1:
                bodies.reverse()
        new = copy_node(stmt, test=test, body=bodies[0], orelse=bodies[1])
        new.guard = getattr(stmt, "guard", False) and not any(breaks)
        return [*out, *before, with_origin(new, origin_of(stmt))]

    def _writes(self, body: list[Node], name: str) -> bool:
        """Whether reverse code gives a variable's adjoint a value."""
        bar = self.names.bar(name)
        return any(bar in written_by(each) for each in statements_in(body))

    def _loop(self, stmt: Node) -> list[Node]:
        origin = origin_of(stmt)
        if not self.plan.needed.reversed_by(stmt):
            return self.values.restores_before(stmt)
        out = self.values.restores_for(stmt)
        for name in sorted(self.plan.needed._control_reads(stmt)):
            out += self.values.at_hand({name}, None)
        inside = self.plan.exposed[id(stmt)] & self.plan.active
        assigned = {
            name
            for each in statements_in(stmt.body)
            if isinstance(each, gast.Assign) and not getattr(each, "permutes", False)
            for name in written_targets(each)
        } & self.plan.active
        assigned = {name for name in assigned if not self.plan.is_apart(name)}
        out += self._memory_of(stmt, inside, assigned)
        inside = {name for name in inside if not self.plan.is_apart(name)}
        in_part = self._read_in_part(stmt)
        for name in self.plan.in_order(inside):
            if self.bars.is_zero(name):
                out += self.bars.zero(name)
            elif name in in_part and self.bars.state[name] == LOOSE and name not in assigned:
                out.append(assign(self.names.bar(name), self.bars.filled(name)))
                self.bars.state[name] = OWNED
            elif name in in_part and self.bars.state[name] == SHARED and name not in assigned:
                copy = call(gast.Attribute(load(self.names.bar(name)), "copy", gast.Load()))
                out.append(assign(self.names.bar(name), copy))
                self.bars.state[name] = OWNED
            if name in assigned and may_be_array(self.plan.kind(name)):
                self.bars.state[name] = LOOSE
        for name in sorted(assigned - inside):
            if not self.bars.is_zero(name) and may_be_array(self.plan.kind(name)):
                self.bars.state[name] = LOOSE
        head = dict(self.bars.state)
        bound = set(self.bars.bound)
        recomputed = self.values.recomputed
        self.values.recomputed = set()
        body = self._block(self.places.blocks[id(stmt.body)])
        self.values.recomputed = recomputed
        for name in self.plan.in_order(head):
            if head[name] != ZERO and self.bars.is_zero(name):
                body += self.bars.zero(name)
        for name in [
            n for n, s in self.bars.state.items() if s != ZERO and head.get(n, ZERO) == ZERO
        ]:
            del self.bars.state[name]
        self.bars.state = head
        self.bars.bound = bound
        if getattr(stmt, "stop", None):
            body = clear_stop(body, stmt.stop)
        if body:
            new = over_tape(body, self._counting_tapes(stmt))
            new = new or backwards(stmt, body, self.names, self.values.renamed)
            out.append(with_origin(new, origin))
        return out + self.values.restores_before(stmt)

    def _counting_tapes(self, stmt: Node) -> set[str]:
        """The tapes that hold one value for each trip of a loop, and no others."""
        if not isinstance(stmt, gast.While) or stmt.stop or self.places.loops(stmt):
            return set()
        saves = [*self.saves.before.values(), *self.saves.after.values()]
        saved = Counter(name for names in saves for name in names)
        inside = [name for each in stmt.body for name in self.saves.before.get(id(each), [])]
        return {self.tapes[name].name for name in inside if saved[name] == 1}

    def _memory_of(self, loop: Node, inside: set[str], assigned: set[str]) -> list[Node]:
        """The adjoints of arrays that a loop writes, or swaps, made and bound before it."""
        out: list[Node] = []
        swapped = {
            name
            for each in statements_in(loop.body)
            if getattr(each, "permutes", False)
            for name in written_targets(each)
        }
        if swapped & inside:
            inside |= swapped & self.plan.active
        for name in sorted(inside):
            if (
                not self.memory.is_written(name)
                or name in assigned | self.plan.shadows.kinds.keys()
            ):
                continue
            definition = self.plan.views.definitions.get(name)
            if definition is None or not self.places.inside(definition, loop):
                out += self.bars.bind(name)
        return out

    def _read_in_part(self, loop: Node) -> set[str]:
        """The arrays to whose adjoints a loop adds element by element."""
        found: set[str] = set()
        for stmt in statements_in(loop.body):
            adjoint = self.plan.adjoints.get(id(stmt), Adjoint())
            found |= {c.operand.id for c in adjoint.contributions if c.index is not None}
            if hasattr(stmt, "pair"):
                found |= {node.id for node in shadowed_operands(stmt) if self.plan.moves(node)}
        return found


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


def _breaks(body: list[Node]) -> bool:
    return bool(body) and isinstance(body[-1], gast.Break)


def _raises(body: list[Node]) -> bool:
    return bool(body) and isinstance(body[-1], gast.Raise)
