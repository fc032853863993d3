"""Branches and loops in the reverse sweep: taken again, and run backwards.

What each way through a branch leaves of the adjoints has to agree where the ways meet, and what a
trip of a loop leaves with what the next one takes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import gast

from srcad.adjoint import Adjoint, may_be_array, written_targets
from srcad.analysis.kind import Array
from srcad.analysis.places import Block
from srcad.listing import origin_of, with_origin
from srcad.reverse.bars import LOOSE, OWNED, SHARED, ZERO, Bars, either, is_plain
from srcad.reverse.filled import OWN
from srcad.reverse.loops import backwards, clear_stop, over_tape
from srcad.reverse.pair import shadowed_operands
from srcad.reverse.plan import Plan
from srcad.reverse.values import Values
from srcad.simplify.flow import written_by
from srcad.tree import Node, copy_node, load, statements_in

Blocks = Callable[[Block], list[Node]]


class Control:
    """The compound statements of a reverse sweep; ``block`` reverses the blocks inside."""

    def __init__(self, plan: Plan, values: Values, bars: Bars) -> None:
        self.plan = plan
        self.names = plan.names
        self.places = plan.places
        self.saves = plan.saves
        self.tapes = plan.tapes
        self.memory = plan.memory
        self.values = values
        self.bars = bars

    def branch(self, stmt: Node, block: Blocks) -> list[Node]:
        """A branch, which is taken again; what only one side adds to starts on the other."""
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
            bodies.append(block(self.places.blocks[id(branch)]))
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
                before += self.bars.zero(name, stmt, after=True)
                other = ends[1] if ends[0] == ZERO else ends[0]
                self.bars.state[name] = either(other, self.bars.state[name])
            else:
                side = 0 if ends[0] == ZERO else 1
                self.bars.state[name] = ZERO
                bodies[side] += self.bars.zero(name, stmt, after=False)
                other = ends[1 - side]
                self.bars.state[name] = either(other, self.bars.state[name])
        for name in list(self.bars.state):
            if name not in states[0] and name not in states[1]:
                del self.bars.state[name]
        if not bodies[0] and not bodies[1]:
            return [*out, *before]
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

    def loop(self, stmt: Node, block: Blocks) -> list[Node]:
        """A loop, its trips in the opposite order."""
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
            kept = name in in_part and name not in assigned
            state = ZERO if self.bars.is_zero(name) else self.bars.state[name]
            if kept and state in (ZERO, LOOSE) and isinstance(self.plan.kind(name), Array):
                # Not in each trip anew.
                self._give_shape(name, stmt)
                out += self.bars.own(name)
            elif state == ZERO and self._is_last_bound_in(name, stmt):
                out += self.bars.own(name)
            elif state == ZERO:
                out += self.bars.zero(name, stmt, after=True)
            elif kept and state == LOOSE:
                out.append(self.bars.fill(name, OWN))
                self.bars.state[name] = OWNED
            elif kept and state == SHARED:
                out.append(self.bars.copied(name))
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
        body = block(self.places.blocks[id(stmt.body)])
        self.values.recomputed = recomputed
        for name in self.plan.in_order(head):
            if head[name] != ZERO and self.bars.is_zero(name):
                body += self.bars.zero(name, stmt.body[0], after=False)
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
        if swapped & inside or not all(map(self.bars.is_zero, swapped)):
            inside |= swapped & self.plan.active
        for name in sorted(inside):
            if (
                not self.memory.is_written(name)
                or name in assigned | self.plan.shadows.kinds.keys()
            ):
                continue
            definition = self.plan.views.definitions.get(name)
            if definition is None or not self.places.inside(definition, loop):
                self._give_shape(name, loop)
                out += self.bars.bind(name)
        return out

    def _give_shape(self, name: str, loop: Node) -> None:
        """An adjoint is made of a variable's shape after a loop: a value that it has on any path.

        Where it has none nothing before is about it, and its adjoint is not read.
        """
        if not self.plan.is_bound(name, loop, after=True):
            self.plan.unbound.add(name)

    def _is_last_bound_in(self, name: str, loop: Node) -> bool:
        """Whether a name still means the array that a loop has left it, whose adjoint starts."""
        if self.plan.stacks or self.places.loops(loop):
            return False
        if not is_plain(self.plan.kind(name)) or not self.plan.is_bound(name, loop, after=True):
            return False
        end = self.places.last[id(loop)]
        return all(
            self.places.number[id(each)] <= end for each in self.places.writers.get(name, ())
        )

    def _read_in_part(self, loop: Node) -> set[str]:
        """The arrays to whose adjoints a loop adds element by element."""
        found: set[str] = set()
        for stmt in statements_in(loop.body):
            adjoint = self.plan.adjoints.get(id(stmt), Adjoint())
            found |= {c.operand.id for c in adjoint.contributions if c.index is not None}
            if hasattr(stmt, "pair"):
                found |= {node.id for node in shadowed_operands(stmt) if self.plan.moves(node)}
        return found


def _breaks(body: list[Node]) -> bool:
    return bool(body) and isinstance(body[-1], gast.Break)


def _raises(body: list[Node]) -> bool:
    return bool(body) and isinstance(body[-1], gast.Raise)
