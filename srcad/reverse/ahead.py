"""The forward sweep: the listing, with what the reverse sweep needs saved on the way."""

from __future__ import annotations

import gast

from srcad.listing import origin_of, with_origin
from srcad.reverse.plan import Plan
from srcad.tree import (
    Node,
    assign,
    binary,
    call,
    constant,
    copy_node,
    item,
    load,
    statements_in,
)


class Ahead:
    """The forward sweep of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.names = plan.names
        self.places = plan.places
        self.saves = plan.saves
        self.tapes = plan.tapes
        self.stack = plan.stack

    def run(self) -> list[Node]:
        """The listing, with its saves and with the tapes made before the loops that fill them."""
        body = self._block(self.plan.body)
        head: list[Node] = []
        if self.plan.shared_stack:
            head.append(assign(self.plan.shared_stack, numbers(constant(0))))
        for tape in self.tapes.values():
            if tape.index:
                assert tape.length is not None
                if self.plan.is_steady(tape.length):
                    head.append(assign(tape.name, numbers(tape.length, tape.zero)))
            elif not self.stack:
                head.append(assign(tape.name, gast.List([], gast.Load())))
        return self._first_values() + head + body

    def _first_values(self) -> list[Node]:
        """What must have a value from the start, for it may be saved before it gets one."""
        out = [assign(kept, load(name)) for name, kept in self.plan.original.items()]
        first: dict[str, Node] = {}
        for stmt in statements_in(self.plan.body):
            for name in self.saves.before.get(id(stmt), []):
                first.setdefault(name, stmt)
        if self.stack:  # what a recursive function saves at its end must have a value there
            for stmt in self.plan.body:
                for name in self.saves.after.get(id(stmt), []):
                    first.setdefault(name, self.plan.body[0])
        for name, stmt in sorted(first.items()):
            if self.stack and self._is_root_level(name):
                continue
            if name not in self.plan.listing.parameters and not self._is_certain(name, stmt):
                out.append(assign(name, constant(None)))
        return out

    def _is_root_level(self, name: str) -> bool:
        return any(
            self.places.block_of[id(writer)] is self.places.root and isinstance(writer, gast.Assign)
            for writer in self.places.writers.get(name, [])
        ) and not any(self.saves.before.get(id(s), []).count(name) for s in self.plan.body)

    def _is_certain(self, name: str, stmt: Node) -> bool:
        """Whether a variable certainly has a value before a statement, and its loops, run."""
        loops = self.places.loops(stmt)
        start = self.places.number[id(loops[0] if loops else stmt)]
        return any(
            self.places.block_of[id(writer)] is self.places.root
            and self.places.number[id(writer)] < start
            and isinstance(writer, gast.Assign)
            for writer in self.places.writers.get(name, [])
        )

    def _block(self, body: list[Node]) -> list[Node]:
        out: list[Node] = []
        ends: list[Node] = []
        for stmt in body:
            late: list[Node] = []
            for name in self.saves.before.get(id(stmt), []):
                if self.stack and getattr(stmt, "tape", None) is not None:
                    # What the callee saves on the stack comes first, for it is popped last.
                    kept = self.names.temporary()
                    out.append(with_origin(assign(kept, load(name)), origin_of(stmt)))
                    late.append(_replaced_value(self._save(name, stmt), load(kept)))
                else:
                    out.append(self._save(name, stmt))
            if isinstance(stmt, gast.Break):
                loop = self.places.loops(stmt)[-1]
                out += [*ends, *self._break_saves(stmt, loop)]
                ends = []
            for tape in self.tapes.values():
                if tape.loop is not stmt or tape.length is None:
                    continue
                if not self.plan.is_steady(tape.length):
                    out.append(assign(tape.name, numbers(tape.length, tape.zero)))
            if isinstance(stmt, (gast.If, gast.For, gast.While)):
                changes = {
                    "body": self._block(stmt.body),
                    "orelse": self._block(stmt.orelse),
                }
                out.append(copy_node(stmt, **changes))
            else:
                out.append(stmt)
            out += late
            for name in self.saves.after.get(id(stmt), []):
                if self.stack:
                    ends.append(self._save(name, stmt))
                elif name in self.tapes:
                    out.append(self._save(name, stmt))
        return out + ends

    def _break_saves(self, stmt: Node, loop: Node) -> list[Node]:
        """What the trip that breaks must still push, for the reverse sweep pops it."""
        out = []
        for number, names in self.saves.after.items():
            saved = next(s for s in statements_in(self.plan.body) if id(s) == number)
            for name in names:
                scope = self.saves.scope[(number, name)]
                tape = self.tapes.get(name)
                if tape is None or tape.index or not self.places.inside(saved, loop):
                    continue
                block = self.places.block_of[id(stmt)]
                if not block.within(scope) or block is scope:
                    continue
                holder = self.places.top_level(stmt, scope)
                if self.places.number[id(holder)] <= self.places.number[id(saved)]:
                    out.append(self._save(name, None))
        return out

    def _save(self, name: str, stmt: Node | None) -> Node:
        tape = self.tapes.get(name)
        if tape is None:
            saved = self.names.temporary()
            self.plan.plain_saves.setdefault(id(stmt), {})[name] = saved
            new = assign(saved, load(name))
        elif tape.index:
            new = gast.Assign([item(tape.name, load(tape.index), stored=True)], load(name), None)
        else:
            append = gast.Attribute(load(tape.name), "append", gast.Load())
            new = gast.Expr(call(append, load(name)))
        new.early = True
        origin = origin_of(stmt) if stmt is not None else None
        return with_origin(new, origin)


def numbers(length: Node, zero: object = 0.0) -> Node:
    """``[0.0] * length``."""
    return binary(gast.List([constant(zero)], gast.Load()), gast.Mult(), length)


def _replaced_value(save: Node, value: Node) -> Node:
    """``tape.append(value)`` for another value."""
    new = copy_node(save, value=copy_node(save.value, args=[value]))
    new.early = True
    return new
