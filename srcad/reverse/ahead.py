"""The forward sweep: the listing, with what the reverse sweep needs saved on the way."""

from __future__ import annotations

from collections.abc import Iterable

import gast

from srcad.analysis.kind import BOOL, COMPLEX, FLOAT, INT, Kind, Scalar
from srcad.analysis.memory import element_of_array, has_index_array, is_content
from srcad.listing import origin_of, with_origin
from srcad.reverse.plan import Plan
from srcad.reverse.stacks import empty, numbers
from srcad.reverse.tapes import at_site
from srcad.simplify.flow import written_by
from srcad.tree import Node, assign, call, constant, copy_node, item, load, tuple_of


class Ahead:
    """The forward sweep of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.names = plan.names
        self.places = plan.places
        self.saves = plan.saves
        self.tapes = plan.tapes
        self.stacks = plan.stacks
        # The variables that certainly have a value here, and those saved where they may have none.
        self.bound = set(plan.listing.parameters)
        self.bound |= plan.shadows.of(plan.listing.parameters)
        self.uncertain: set[str] = set()

    def run(self) -> list[Node]:
        """The listing, with its saves and with the tapes made before the loops that fill them."""
        body = self._block(self.plan.body)
        head: list[Node] = []
        for stem, stack in self.plan.shared_stacks.items():
            head.append(assign(stack, empty(stem)))
        for tape in self.tapes.values():
            if tape.index:
                assert tape.length is not None
                if self.plan.is_steady(tape.length):
                    head.append(assign(tape.name, numbers(tape.length, tape.zero)))
            elif not self.stacks:
                head.append(assign(tape.name, gast.List([], gast.Load())))
        kept = [assign(kept, load(name)) for name, kept in self.plan.original.items()]
        shadows = self.plan.shadows.start(self.plan.listing.parameters)
        return kept + self.first_values(self.uncertain) + head + shadows + body

    def first_values(self, names: Iterable[str]) -> list[Node]:
        """The start of the variables that are read where no path may have given them a value."""
        return [assign(name, self._first_value(name)) for name in sorted(names)]

    def _first_value(self, name: str) -> Node:
        """What is saved of a variable that has no value yet: nothing will read it.

        Where the function itself may read the variable too early it must fail, as it would.
        """
        if name in self.plan.needed.exposed[id(self.plan.body)]:
            return constant(None)
        zeros: dict[Kind, object] = {COMPLEX: 0j, FLOAT: 0.0, INT: 0, BOOL: False}
        return constant(zeros.get(self.plan.kind(name)))

    def _block(self, body: list[Node]) -> list[Node]:
        out: list[Node] = []
        ends: list[Node] = []
        for stmt in body:
            late: list[Node] = []
            for name in self.saves.before.get(id(stmt), []):
                if self.stacks and getattr(stmt, "tapes", None):
                    # What the callee saves on the stacks comes first, for it is popped last.
                    kept = self.names.temporary()
                    out.append(with_origin(assign(kept, load(name)), origin_of(stmt)))
                    late.append(_replaced_value(self._save(name, stmt), load(kept)))
                else:
                    out.append(at_site(self._save(name, stmt), name, stmt))
            if isinstance(stmt, gast.Break):
                out += [*ends, *self._break_saves(stmt)]
                ends = []
            for tape in self.tapes.values():
                if tape.loop is not stmt or tape.length is None:
                    continue
                if not self.plan.is_steady(tape.length):
                    out.append(assign(tape.name, numbers(tape.length, tape.zero)))
            out.append(self._statement(stmt))
            out += self.plan.checked(stmt)
            out += self.plan.shadows.beside(stmt)
            out += late
            for name in self.saves.after.get(id(stmt), []):
                if self.stacks:
                    ends.append(with_origin(self._save(name, stmt), origin_of(body[-1])))
                elif name in self.tapes:
                    out.append(self._save(name, stmt))
        return out + ends

    def _statement(self, stmt: Node) -> Node:
        """A statement with the saves in it; what it gives a value is known to have one."""
        if isinstance(stmt, gast.If):
            entry = self.bound
            blocks, ends = [], []
            for branch in (stmt.body, stmt.orelse):
                self.bound = set(entry)
                blocks.append(self._block(branch))
                if not (branch and isinstance(branch[-1], (gast.Break, gast.Raise))):
                    ends.append(self.bound)
            self.bound = set.intersection(*ends) if ends else entry
            return copy_node(stmt, body=blocks[0], orelse=blocks[1])
        if isinstance(stmt, (gast.For, gast.While)):
            entry = self.bound
            self.bound = entry | written_by(stmt)
            body = self._block(stmt.body)
            self.bound = entry  # it may make no trip
            return copy_node(stmt, body=body)
        self.bound |= written_by(stmt) | self.plan.shadows.bound_by(stmt)
        return stmt

    def _break_saves(self, stmt: Node) -> list[Node]:
        """What the trip that breaks must still push, for the reverse sweep pops it."""
        out = []
        loop = self.places.loops(stmt)[-1]
        for block in self.places.block_of[id(stmt)].ancestry():
            if block.body is loop.body:
                break
            assert block.parent is not None
            scope, holder = block.parent, self.places.number[id(block.owner)]
            for saved in scope.body:
                # A stack is filled where the trip ends; other tapes are, up to here.
                if not self.stacks and self.places.number[id(saved)] < holder:
                    continue
                for name in self.saves.after.get(id(saved), []):
                    tape = self.tapes.get(name)
                    if self.saves.scope[(id(saved), name)] is scope and tape and not tape.index:
                        out.append(self._save(name, None))
        return out

    def _save(self, name: str, stmt: Node | None) -> Node:
        tape = self.tapes.get(name)
        value = load(name)
        value.kind = self.plan.kind(name)
        if is_content(name):
            value = part_of_content(stmt, self.plan.memory.changed_by(stmt))
        elif name not in self.bound:
            self.uncertain.add(name)
        if tape is None:
            saved = self.names.temporary()
            self.plan.plain_saves.setdefault(id(stmt), {})[name] = saved
            new = assign(saved, value)
            new.targets[0].kind = self.plan.kind(name)
        elif tape.index:
            new = gast.Assign([item(tape.name, load(tape.index), stored=True)], value, None)
        else:
            append = gast.Attribute(load(tape.name), "append", gast.Load())
            new = gast.Expr(call(append, value))
        new.early = True
        origin = origin_of(stmt) if stmt is not None else None
        return with_origin(new, origin)


def part_of_content(stmt: Node, changed: set[str]) -> Node:
    """The part of an array that a statement writes, as it is before: an array is copied."""
    element = element_of_array(stmt)
    if element is None:  # a call that writes arrays: all of them
        copies = [call(gast.Attribute(load(n), "copy", gast.Load())) for n in sorted(changed)]
        return tuple_of(copies)
    part = copy_node(element, ctx=gast.Load())
    if isinstance(getattr(element, "kind", None), Scalar) or has_index_array(element):
        return part
    return call(gast.Attribute(part, "copy", gast.Load()))


def _replaced_value(save: Node, value: Node) -> Node:
    """``tape.append(value)`` for another value."""
    new = copy_node(save, value=copy_node(save.value, args=[value]))
    new.early = True
    return new
