"""Loops: written out over structures; else what one trip changes is handed on to the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import gast

from srcad.lower.list_operations import changed_in_place
from srcad.read import Source
from srcad.structures.base import MOST_PARTS, NeedsStatic, said
from srcad.structures.branches import same_constant
from srcad.structures.matches import Matches
from srcad.structures.run import Run
from srcad.structures.values import (
    Const,
    Leaf,
    Method,
    Poison,
    State,
    Struct,
    Value,
    leaves_in,
    structs_in,
)
from srcad.tree import Node, assign, copy_node, is_name, key_of, load, store, target_names, walk

# Where a value is: a variable's name, or a structure's id and a key.
Location = tuple[Any, ...]


@dataclass
class Loop:
    """A loop that is being rewritten: what it hands on, and how its trips may end."""

    carried: dict[Location, Value] = field(default_factory=dict)
    # What the structures among these hold where a trip begins: the variables that are handed on.
    begun: dict[int, tuple[Struct, dict[Any, Value]]] = field(default_factory=dict)
    states: list[State] = field(default_factory=list)
    # Variables that only its trips give values, of which the ends of trips know different ones.
    late: set[str] = field(default_factory=set)
    static: bool = False
    # How deep in branches that only the run decides.
    depth: int = 0


class Loops(Matches):
    """The loops of one function."""

    def __init__(self, run: Run, source: Source) -> None:
        super().__init__(run, source)
        self.loops: list[Loop] = []

    def _For_statement(self, stmt: Node) -> str:
        for changed in changed_in_place(stmt):
            why = "how many trips there are is decided as it changes"
            self.refuse(stmt.iter, f"`{changed}`, changed in a loop over it", why, "a copy of it")
        iterable = self.value(stmt.iter)
        items = self.iterated(iterable, stmt.iter)
        is_range = isinstance(iterable, Const) and isinstance(iterable.value, range)
        if items is not None and not is_range:
            if isinstance(iterable, Struct) and not iterable.stem:
                self.name_parts(iterable, "part")
                items = self.iterated(iterable, stmt.iter) or []
            return self._unrolled_loop(stmt, items)
        if is_range and items is not None:
            state, mark = self.snapshot(), len(self.out)
            taken, ends = set(self.taken), len(self.ends)
            loops, depth = list(self.loops), self.depth
            outer, self.trips = self.trips, self.trips + (len(items) <= MOST_PARTS)
            out = self.out
            try:
                return self._running_loop(stmt, self.leaf_range(stmt))
            except NeedsStatic as error:
                if len(items) > MOST_PARTS:
                    what, why, _ = error.problem
                    many = f"a list or an array: {len(items)} trips are not written out"
                    error.problem = what, why, many
                    raise
                self.loops, self.depth, self.out = loops, depth, out
                self.restore(state)
                del self.out[mark:], self.ends[ends:]
                self.taken = taken
                return self._unrolled_loop(stmt, items)
            finally:
                self.trips = outer
        return self._running_loop(stmt, self.node_of(iterable, stmt.iter))

    def leaf_range(self, stmt: Node) -> Node:
        """`range(...)` with what is known of its bounds written out."""
        call = stmt.iter
        if not isinstance(call, gast.Call):
            return self.leaf(call)
        return copy_node(call, args=[self.leaf(each) for each in call.args])

    def _unrolled_loop(self, stmt: Node, items: list[Value]) -> str:
        if len(items) > MOST_PARTS:
            why = f"it has {len(items)} trips, each of which is written out"
            self.refuse(stmt.iter, "`for` over this structure", why, "an array")
        # Each trip gives them a value anew.
        self.stable -= {n.id for s in stmt.body for n in walk(s) if _stored(n)}
        loop = Loop(static=True, depth=self.depth)
        self.loops.append(loop)
        for each in items:
            self.bind_trip(stmt.target, each)
            end = self.block(stmt.body)
            if end == "break":
                self.loops.pop()
                return ""
            if end and end != "continue":
                self.loops.pop()
                return end
        self.loops.pop()
        return self.block(stmt.orelse)

    def bind_trip(self, target: Node, value: Value) -> None:
        """The variable of a loop that is written out: another name of a part, if it stays one."""
        if isinstance(target, gast.Tuple) and isinstance(value, Struct):
            parts = list(value.parts.values())
            if len(parts) == len(target.elts) and not any(
                isinstance(t, gast.Starred) for t in target.elts
            ):
                for each, part in zip(target.elts, parts, strict=True):
                    self.bind_trip(each, part)
                return
        stays = is_name(target) and isinstance(value, Leaf) and self.is_stable(value.node)
        if stays and target.id in self.stable:
            self.variables[target.id] = value
        else:
            self.stable -= set(target_names(target))
            self.assign_to(target, value)

    def _Break_statement(self, stmt: Node) -> str:
        return self._leave(stmt, "break")

    def _Continue_statement(self, stmt: Node) -> str:
        return self._leave(stmt, "continue")

    def _leave(self, stmt: Node, how: str) -> str:
        loop = self.loops[-1]
        if loop.static:
            if self.depth != loop.depth:
                why = "the loop is written out, and whether it goes on is known only in the run"
                self.refuse(stmt, f"`{how}`", why, "an `if` around the rest")
            return how
        loop.states.append(self.snapshot())
        self._hand_on(loop)
        self.emit(stmt)
        return how

    def _While_statement(self, stmt: Node) -> str:
        mark = self.snapshot()
        outer, self.out = self.out, []
        known = self.truth(self.value(stmt.test), stmt.test)
        self.out = outer
        self.restore(mark)
        changed = {n for each in stmt.body for s in walk(each) for n in _stored(s)}
        if known is False and not changed:
            return self.block(stmt.orelse)
        return self._running_loop(stmt, None)

    def _running_loop(self, stmt: Node, iterable: Node | None) -> str:
        """A loop that stays one: what it changes is handed from trip to trip."""
        start, loop = self.snapshot(), Loop()
        taken, ends = set(self.taken), len(self.ends)
        before: list[Node] = []
        while True:
            self.taken = set(taken)
            del self.ends[ends:]
            self.restore(start)
            before = self._carry(loop, start)
            head = self.snapshot()
            loop.states = []
            made, end, state = self._trip(stmt, iterable, loop)
            if not end:
                loop.states.append(state)
            found = False
            for each in loop.states:
                found = self._find_carried(loop, head, each) or found
            if not found:
                break
        self.out += before
        self.emit(made)
        after = head
        variables = dict(head.variables)
        for each in loop.states:
            for name, value in each.variables.items():
                known = Leaf(load(name)) if name in loop.late else value
                if name not in head.variables and self._is_handed_on(value, loop):
                    why = "it is what another name meant in the last trip of the loop"
                    known = Poison(f"`{name}`", why, "a value of its own before the loop")
                variables.setdefault(name, known)
        self.restore(after)
        self.variables = variables
        if stmt.orelse:
            state, otherwise = self.snapshot(), list[Node]()
            made.orelse, end, last = self.apart(stmt.orelse, state)
            if not any(isinstance(s, gast.Break) for s in _own_statements(made.body)):
                self.restore(last)
                return end
            if not end:
                self._merge(last, made.orelse, state, otherwise)
            if otherwise:
                why = "it changes what the loop leaves, and after `break` it does not"
                self.refuse(stmt, "`else` of this loop", why, "a flag, and an `if` after the loop")
        endless = (
            iterable is None and isinstance(made.test, gast.Constant) and made.test.value is True
        )
        if endless and not any(isinstance(s, gast.Break) for s in _own_statements(made.body)):
            return "return"
        return ""

    def _is_handed_on(self, value: Value, loop: Loop) -> bool:
        """Whether a value holds what the end of a trip has given other values."""
        carried: dict[int, Struct] = {}
        for each in loop.carried.values():
            structs_in(each, carried)
        names = {leaf.node.id for s in carried.values() for _, _, leaf in leaves_in(s)}
        names |= {v.node.id for v in loop.carried.values() if isinstance(v, Leaf)}
        inside = structs_in(value)
        held = {n.id for _, _, leaf in leaves_in(value) for n in walk(leaf.node) if is_name(n)}
        return bool(inside.keys() & carried.keys() or held & names)

    def _trip(self, stmt: Node, iterable: Node | None, loop: Loop) -> tuple[Node, str, State]:
        """One trip: the loop with its body, how that ends, and the state there."""
        outer, self.out = self.out, []
        self.loops.append(loop)
        self.depth += 1
        test: Node = None
        if iterable is not None:
            number = isinstance(stmt.iter, gast.Call) and is_name(stmt.iter.func, "range")
            for name in target_names(stmt.target):
                self.variables[name] = Leaf(load(name), number)
        else:
            test = self.leaf(stmt.test)
            if self.out:
                why = "what it calls takes statements, which a test has none of"
                self.refuse(stmt.test, "this test", why, "`while True`, with `if ...: break`")
        end = self.block(stmt.body)
        state = self.snapshot()
        if not end:
            self._hand_on(loop)
        body, self.out = self.out or [gast.copy_location(gast.Pass(), stmt)], outer
        self.depth -= 1
        self.loops.pop()
        if iterable is not None:
            return copy_node(stmt, iter=iterable, body=body, orelse=[]), end, state
        return copy_node(stmt, test=test, body=body, orelse=[]), end, state

    def _carry(self, loop: Loop, start: State) -> list[Node]:
        """Put in place what the loop hands on; the statements before it that give it a start."""
        before: list[Node] = []
        for struct, parts in loop.begun.values():  # an earlier trial has put others into it
            struct.parts.clear()
            struct.parts.update(parts)
        for location, value in loop.carried.items():
            old = self._at(location)
            before += self._copies(value, old, loop)
            self._put_at(location, value)
        return before

    def _at(self, location: Location) -> Value:
        if len(location) == 1:
            return self.variables[location[0]]
        found: Value = location[0].parts[location[1]]
        return found

    def _put_at(self, location: Location, value: Value) -> None:
        if len(location) == 1:
            self.variables[location[0]] = value
        else:
            location[0].parts[location[1]] = value

    def _copies(self, target: Value, value: Value, loop: Loop) -> list[Node]:
        """What gives the variables of one value those of another."""
        rows: list[tuple[str, Node]] = []

        def pair(one: Value, other: Value) -> None:
            if isinstance(one, Leaf):
                node = self.node_of(other, None)
                if not is_name(node, one.node.id):
                    rows.append((one.node.id, node))
            elif isinstance(one, Struct) and isinstance(other, Struct):
                if id(one) in loop.begun:
                    parts = loop.begun[id(one)][1]
                else:
                    parts = one.parts if one is not other else {}
                for key, part in parts.items():
                    pair(part, other.parts[key])

        pair(target, value)
        return self._together(rows)

    def _together(self, rows: list[tuple[str, Node]]) -> list[Node]:
        """Assignments that read all before they write any."""
        names = [name for name, _ in rows]
        apart = all(
            not any(is_name(n, *names[:k]) for n in walk(node)) for k, (_, node) in enumerate(rows)
        )
        if apart:
            made = [assign(name, node) for name, node in rows]
        else:
            targets = gast.Tuple([store(name) for name in names], gast.Store())
            made = [assign(targets, gast.Tuple([node for _, node in rows], gast.Load()))]
        return [gast.copy_location(each, self.place) for each in made]

    def _hand_on(self, loop: Loop) -> None:
        """At the end of a trip: what the loop carries gets the values of this trip."""
        rows: list[Node] = []
        every: list[tuple[Value, Value]] = []
        for location, value in loop.carried.items():
            try:
                now = self._at(location)
            except KeyError:
                continue
            every.append((value, now))
        targets = Struct("tuple", tuple, {n: t for n, (t, _) in enumerate(every)})
        values = Struct("tuple", tuple, {n: v for n, (_, v) in enumerate(every)})
        if all(_alike(t, v) for t, v in every):
            rows = self._copies(targets, values, loop)
        for each in rows:
            self.emit(each)
        for name in sorted(loop.late):
            known = self.variables.get(name)
            if isinstance(known, Const):
                self.emit(assign(name, self.node_of(known, None)))

    def _find_carried(self, loop: Loop, head: State, end: State) -> bool:
        """What a trip changes, and the loop does not hand on yet."""
        found = False

        def differs(location: Location, a: Value, b: Value, stem: str) -> None:
            nonlocal found
            if location in loop.carried:
                self._check_carried(loop.carried[location], b, stem)
                return
            if a is b or (isinstance(a, Const) and isinstance(b, Const) and same_constant(a, b)):
                return
            if isinstance(a, Leaf) and isinstance(b, Leaf):
                if key_of(a.node) == key_of(b.node):
                    return
            elif isinstance(a, Poison) or isinstance(b, Poison):
                return
            elif isinstance(a, Struct) and isinstance(b, Struct):
                pass
            elif isinstance(a, (Struct, Method)) or isinstance(b, (Struct, Method)):
                why = "it is a structure of another layout after a trip of the loop than before it"
                self.refuse(None, f"`{stem}`", why, "one layout from the start")
            own = stem if len(location) == 1 and stem in self.own else ""
            new = self._carried(a, b, stem, own, head, end)
            loop.carried[location] = new
            if new is not a:
                inside = structs_in(new)
                loop.begun |= {key: (each, dict(each.parts)) for key, each in inside.items()}
            found = True

        for name, value in head.variables.items():
            if name in end.variables:
                differs((name,), value, end.variables[name], name)
        for name, value in end.variables.items():
            if name not in head.variables and name not in loop.late:
                every = [s.variables[name] for s in loop.states if name in s.variables]
                if all(_is_same(value, other) for other in every):
                    continue
                if not all(isinstance(v, (Leaf, Const)) for v in every):
                    why = "which structure it is depends on how the loop ends"
                    self.refuse(None, f"`{name}`", why, "a value before the loop")
                loop.late.add(name)
                found = True
        for key, parts in head.parts.items():
            struct = head.structs[key]
            after = end.parts.get(key)
            if after is None or after == parts:
                continue
            if list(after) != list(parts):
                self.look_whole(struct)
                self.stays_list(struct)
                why = "the loop adds or removes parts of it: its layout depends on the trips"
                problem = (said(struct), why, "all its parts before the loop")
                raise NeedsStatic(self.place, problem, self.source)
            if key in loop.begun:
                continue  # it is handed on as a whole
            for k, part in parts.items():
                differs((struct, k), part, after[k], self.part_stem(struct.stem, k))
        return found

    def _carried(self, a: Value, b: Value, stem: str, own: str, head: State, end: State) -> Value:
        if isinstance(a, Struct) and isinstance(b, Struct):
            left, right = head.parts.get(id(a), a.parts), end.parts.get(id(b), b.parts)
            if (a.form, a.cls) != (b.form, b.cls) or list(left) != list(right):
                why = "it is of another layout after a trip of the loop than before it"
                self.refuse(None, f"`{stem}`", why, "one layout from the start")
            fixed = a.fixed or b.fixed
            if a.is_mutable and not self._are_fresh(a, b, head, end):
                why = "the loop makes it anew in each trip, and it is known elsewhere"
                fixed = fixed or why
            parts = {
                k: self._carried(left[k], right[k], self.part_stem(stem, k), "", head, end)
                for k in left
            }
            return Struct(a.form, a.cls, parts, stem, fixed)
        if isinstance(a, Const) and isinstance(b, Const) and same_constant(a, b):
            return a
        if any(isinstance(v, (Struct, Method, Poison)) for v in (a, b)):
            why = "it is a structure of another layout after a trip of the loop than before it"
            self.refuse(None, f"`{stem}`", why, "one layout from the start")
        name = own or self._loop_name(stem)
        number = all(
            (isinstance(v, Const) and type(v.value) in (int, float))
            or (isinstance(v, Leaf) and v.number)
            for v in (a, b)
        )
        return Leaf(load(name), number)

    def _loop_name(self, stem: str) -> str:
        name = self.fresh(stem)
        self.stable.discard(name)
        self.own.add(name)
        return name

    def _check_carried(self, carried: Value, now: Value, stem: str) -> None:
        if not _alike(carried, now):
            why = "it is of another layout after a trip of the loop than before it"
            self.refuse(None, f"`{stem}`", why, "one layout from the start")


def _alike(one: Value, other: Value) -> bool:
    """Whether a value can be handed on in the place of another."""
    if isinstance(one, Struct):
        return (
            isinstance(other, Struct)
            and (one.form, one.cls, list(one.parts)) == (other.form, other.cls, list(other.parts))
            and all(_alike(one.parts[k], other.parts[k]) for k in one.parts)
        )
    if isinstance(one, Const):
        return isinstance(other, Const) and same_constant(one, other)
    return isinstance(other, (Leaf, Const))


def _is_same(one: Value, other: Value) -> bool:
    """Whether two values are known to be one."""
    if isinstance(one, Leaf) and isinstance(other, Leaf):
        return key_of(one.node) == key_of(other.node)
    return one is other or same_constant(one, other)


def _stored(node: Node) -> list[str]:
    return [node.id] if is_name(node) and not isinstance(node.ctx, gast.Load) else []


def _own_statements(body: list[Node]) -> list[Node]:
    """The statements of a loop's body, those of inner loops apart."""
    found = []
    for stmt in body:
        found.append(stmt)
        if isinstance(stmt, gast.If):
            found += _own_statements(stmt.body) + _own_statements(stmt.orelse)
    return found
