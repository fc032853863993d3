"""One function of the user's, for one layout of its arguments, as plain code.

Structures are followed while the function is read: which part is in which variable is known at each
place.  Where paths meet, parts that differ get one variable; a loop hands on what it changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import gast

from srcad.read import Source
from srcad.structures.base import MOST_PARTS, NeedsStatic, Running, said
from srcad.structures.run import PlainScope, Run, Specialised
from srcad.structures.statements import Statements
from srcad.structures.values import (
    Const,
    Leaf,
    Method,
    Poison,
    State,
    Struct,
    Value,
    leaves_in,
    state_of,
    structs_in,
)
from srcad.tree import Node, assign, copy_node, is_name, key_of, load, store, target_names, walk

# Where a value is: a variable's name, or a structure's id and a key.
Location = tuple[Any, ...]


@dataclass
class Loop:
    """A loop that is being rewritten: what it hands on, and how its trips may end."""

    carried: dict[Location, Value] = field(default_factory=dict)
    states: list[State] = field(default_factory=list)
    # Variables that only its trips give values, of which the ends of trips know different ones.
    late: set[str] = field(default_factory=set)
    static: bool = False
    # How deep in branches that only the run decides.
    depth: int = 0


@dataclass
class End:
    """A `return`: its statement, its value, and what the arguments hold there."""

    stmt: Node
    value: Value
    state: State


class Function(Statements):
    """The rewriting of one function."""

    def __init__(self, run: Run, source: Source) -> None:
        super().__init__(run, source)
        self.loops: list[Loop] = []
        self.depth = 0
        self.ends: list[End] = []
        self.arguments: dict[str, Value] = {}
        # The structures that the caller has.
        self.given: set[int] = set()

    # -- the whole function ------------------------------------------------------------------------

    def start(self, bound: dict[str, Value], numbers: bool) -> Specialised:
        """The function's own structures for its arguments; it may be called from now on."""
        copies: dict[int, Struct] = {}
        inputs: list[str] = []

        def own(value: Value, stem: str) -> Value:
            if isinstance(value, Struct):
                if id(value) not in copies:
                    made = copies[id(value)] = Struct(value.form, value.cls, {}, stem, value.fixed)
                    made.given = value.given
                    for key, part in value.parts.items():
                        made.parts[key] = own(part, self.part_stem(stem, key))
                return copies[id(value)]
            number = isinstance(value, Const) and type(value.value) in (int, float, complex)
            if isinstance(value, Leaf) or (number and not numbers):
                name = stem if stem in bound else self.fresh(stem)
                is_number = number or (isinstance(value, Leaf) and value.number)
                return Leaf(load(name), is_number)
            return value

        for name, value in bound.items():
            self.arguments[name] = own(value, name)
        seen: set[int] = set()
        slots: list[Any] = []
        for name, value in self.arguments.items():
            if isinstance(value, Leaf):
                inputs.append(value.node.id)
                slots.append(name)
            for key, struct in structs_in(value).items():
                if key not in seen:
                    seen.add(key)
                    leaves = {k: p for k, p in struct.parts.items() if isinstance(p, Leaf)}
                    inputs += [part.node.id for part in leaves.values()]
                    slots += [(key, k) for k in leaves]
        made = self.begun(inputs)
        made.slots = slots
        return made

    def begun(self, inputs: list[str]) -> Specialised:
        """What is known of the function before its body was read."""
        name = self.run.function_name(self.source)
        scope = PlainScope(self.source.scope, self.extra)
        tree = copy_node(self.source.tree, name=name, decorator_list=[], returns=None)
        tree.args = gast.arguments(
            [gast.Name(each, gast.Param(), None, None) for each in inputs],
            [],
            None,
            [],
            [],
            None,
            [],
        )
        source = Source(
            name, tree, self.source.filename, self.source.lines, scope, None, self.source.flags
        )
        structs = {k: s for v in self.arguments.values() for k, s in structs_in(v).items()}
        before = {key: dict(each.parts) for key, each in structs.items()}
        self.given = set(structs)
        made = Specialised(
            source, dict(self.arguments), inputs, Leaf(load(name)), before, [], False, done=False
        )
        made.structs, made.name = structs, name
        return made

    def finish(self, made: Specialised) -> None:
        """Rewrite the body."""
        taken, own, stable = set(self.taken), set(self.own), set(self.stable)
        while True:
            self.variables = dict(self.arguments)
            try:
                end = self.block(self.source.tree.body)
                if not end:
                    ending = gast.copy_location(gast.Return(None), self.source.tree)
                    self._return(Const(None), ending)
                break
            except Running as error:
                self.running.add(error.site)
                self.taken, self.own, self.stable = set(taken), set(own), set(stable)
                self.out, self.ends, self.loops = [], [], []
                self.depth = self.trips = 0
                self.place = self.source.tree
                for key, parts in made.before.items():
                    made.structs[key].parts = dict(parts)
        self._agree(made)
        tree = made.source.tree
        tree.body = self.out or [gast.copy_location(gast.Pass(), tree)]
        if not made.assumed:
            self._drop_unread(made)
        made.has_effects = any(map(_has_effect, self.out))
        made.done = True
        if made.assumed and not (isinstance(made.result, Leaf) and len(made.outputs) == 1):
            why = "what it returns or changes is a structure, which is not known before its end"
            self.refuse(self.source.tree, f"the recursion of `{self.source.name}`", why, "a loop")

    def _drop_unread(self, made: Specialised) -> None:
        """Let the plain function not take what it does not read."""
        read = {n.id for stmt in self.out for n in walk(stmt) if is_name(n)}
        rows = list(zip(made.inputs, made.slots, strict=False))
        kept = [(name, slot) for name, slot in rows if isinstance(slot, str) or name in read]
        if len(kept) < len(rows):
            made.inputs, made.slots = [n for n, _ in kept], [s for _, s in kept]
            arguments = [each for each in made.source.tree.args.args if each.id in made.inputs]
            made.source.tree.args = copy_node(made.source.tree.args, args=arguments)

    def _return(self, value: Value, stmt: Node) -> None:
        self.emit(stmt)
        roots = {**self.variables, "  result": value}
        roots |= {f"  {name}": each for name, each in self.arguments.items()}
        self.ends.append(End(stmt, value, state_of(roots)))

    def _Return_statement(self, stmt: Node) -> str:
        value = Const(None) if stmt.value is None else self.value(stmt.value)
        self._return(value, copy_node(stmt))
        return "return"

    def _agree(self, made: Specialised) -> None:
        """One form for what all paths return, and for what they leave in the arguments."""
        columns: list[list[Node]] = []
        memo: dict[tuple[int, ...], Struct] = {}

        def leaf(values: list[Value]) -> Value:
            nodes = [self.node_of(v, e.stmt) for v, e in zip(values, self.ends, strict=True)]
            made.outputs.append(f"{len(columns)}")
            columns.append(nodes)
            number = all(isinstance(v, Leaf) and v.number for v in values)
            return Leaf(load(made.outputs[-1]), number)

        def agreed(values: list[Value]) -> Value:
            first = values[0]
            if all(isinstance(v, Struct) for v in values):
                structs = [v for v in values if isinstance(v, Struct)]
                key = tuple(map(id, structs))
                if key[0] in made.structs and len(set(key)) == 1:
                    return structs[0]
                if key not in memo:
                    one = structs[0]
                    rows = [e.state.parts[id(s)] for e, s in zip(self.ends, structs, strict=True)]
                    alike = all((s.form, s.cls) == (one.form, one.cls) for s in structs)
                    if not alike or any(list(row) != list(rows[0]) for row in rows):
                        self._differ(structs)
                    fixed = one.fixed
                    if set(key) & set(made.structs):
                        fixed = "on one path it is an argument, on another it is not"
                    memo[key] = Struct(one.form, one.cls, {}, one.stem, fixed)
                    memo[key].parts = {k: agreed([row[k] for row in rows]) for k in rows[0]}
                return memo[key]
            consts = [v for v in values if isinstance(v, Const)]
            if len(consts) == len(values) and all(_same_constant(first, v) for v in consts):
                return first
            if any(isinstance(v, (Struct, Method)) for v in values):
                self._differ(values)
            return leaf(values)

        result = agreed([end.value for end in self.ends]) if self.ends else Const(None)
        after: dict[int, dict[Any, Value]] = {}
        for key, before in made.before.items():
            rows = [end.state.parts[key] for end in self.ends]
            if any(list(row) != list(rows[0]) for row in rows):
                self._differ([made.structs[key]])
            if not rows:
                continue
            after[key] = {
                k: rows[0][k]
                if all(before.get(k) is row[k] for row in rows)
                else agreed([row[k] for row in rows])
                for k in rows[0]
            }
        for key, parts in after.items():
            made.structs[key].parts = parts
        made.result = result
        for n, end in enumerate(self.ends):
            nodes = [column[n] for column in columns]
            end.stmt.value = nodes[0] if len(nodes) == 1 else gast.Tuple(nodes, gast.Load())
            if not nodes:
                end.stmt.value = None
        if not columns and self.ends and self.out and self.out[-1] is self.ends[-1].stmt:
            self.out.pop()

    def _differ(self, values: list[Any]) -> None:
        what = " and ".join(dict.fromkeys(said(v) for v in values))
        why = "paths of the function return, or leave, structures of different layouts"
        self.refuse(self.ends[-1].stmt, what, why, "one layout on all paths")

    # -- blocks ------------------------------------------------------------------------------------

    def block(self, stmts: Iterable[Node]) -> str:
        """The statements of a block; how it ends: "" at its end, else by what leaves it."""
        for stmt in stmts:
            end = self.statement(stmt)
            if end:
                return end
        return ""

    def apart(self, stmts: Iterable[Node], state: State) -> tuple[list[Node], str, State]:
        """A block that starts from a state: its statements, its end, and the state there."""
        outer, self.out = self.out, []
        self.restore(state)
        end = self.block(stmts)
        made, self.out = self.out, outer
        return made, end, self.snapshot()

    def snapshot(self) -> State:
        """What all variables and arguments stand for now."""
        roots = dict(self.variables)
        roots |= {f"  {name}": each for name, each in self.arguments.items()}
        state = state_of(roots)
        state.variables = dict(self.variables)
        return state

    def restore(self, state: State) -> None:
        """Go back to a state."""
        self.variables = dict(state.variables)
        for key, parts in state.parts.items():
            state.structs[key].parts = dict(parts)

    # -- branches ----------------------------------------------------------------------------------

    def _If_statement(self, stmt: Node) -> str:
        test = self.value(stmt.test)
        known = self.truth(test, stmt.test)
        if known is not None:
            return self.block(stmt.body if known else stmt.orelse)
        return self.branch(stmt, self.node_of(test, stmt.test), stmt.body, stmt.orelse)

    def branch(self, stmt: Node, test: Node, body: list[Node], orelse: list[Node]) -> str:
        """A branch that only the run can decide."""
        state = self.snapshot()
        self.depth += 1
        one, first_end, first = self.apart(body, state)
        two, second_end, second = self.apart(orelse, state)
        self.depth -= 1
        made = copy_node(stmt, test=test, body=one, orelse=two)
        if not isinstance(stmt, gast.If):
            made = gast.copy_location(gast.If(test, one, two), self.place)
        self.emit(made)
        if first_end and second_end:
            one.extend([] if one else [gast.Pass()])
            return first_end
        if first_end or second_end:
            self.restore(second if first_end else first)
        else:
            self._merge(first, one, second, two)
        if not one:
            one.append(gast.copy_location(gast.Pass(), self.place))
        return ""

    def chosen(self, node: Node, test: Node, values: list[Node], stem: str) -> Value:
        """`a if test else b`."""
        state = self.snapshot()
        found: list[Value] = []
        blocks: list[list[Node]] = []
        states: list[State] = []
        self.depth += 1
        for each in values:
            outer, self.out = self.out, []
            self.restore(state)
            found.append(self.value(each, stem))
            self.variables["  chosen"] = found[-1]
            blocks.append(self.out)
            states.append(self.snapshot())
            self.out = outer
        self.depth -= 1
        plain = all(isinstance(each, (Leaf, Const)) for each in found)
        if plain and not any(blocks):
            self.restore(state)
            parts = [self.node_of(v, n) for v, n in zip(found, values, strict=True)]
            return Leaf(copy_node(node, test=test, body=parts[0], orelse=parts[1]))
        self.emit(gast.copy_location(gast.If(test, *blocks), self.place))
        self._merge(states[0], blocks[0], states[1], blocks[1])
        return self.variables.pop("  chosen")

    def _merge(self, one: State, out: list[Node], two: State, other: list[Node]) -> None:
        """The state where two paths meet; what differs gets one variable on both."""
        memo: dict[tuple[int, int], Value] = {}

        def put(block: list[Node], name: str, node: Node) -> None:
            if not is_name(node, name):
                block.append(gast.copy_location(assign(name, node), self.place))

        def met(a: Value, b: Value, stem: str, name: str = "") -> Value:
            if a is b and not isinstance(a, Struct):
                return a
            if isinstance(a, Struct) and isinstance(b, Struct):
                return met_structs(a, b, stem)
            if isinstance(a, Const) and isinstance(b, Const) and _same_constant(a, b):
                return a
            plain = all(isinstance(v, (Leaf, Const)) for v in (a, b))
            if not plain:
                return Poison(
                    f"`{stem}`" if stem else "this value",
                    "it is of another layout, or there at all, on one path only",
                    "one layout on all paths",
                )
            left, right = self.node_of(a, None), self.node_of(b, None)
            number = all(isinstance(v, Const) or v.number for v in (a, b))  # type: ignore[attr-defined]
            number = number and not any(isinstance(v, Const) and v.value is None for v in (a, b))
            if isinstance(a, Leaf) and isinstance(b, Leaf) and key_of(left) == key_of(right):
                return Leaf(left, number)
            target = name or self.fresh(stem)
            put(out, target, left)
            put(other, target, right)
            return Leaf(load(target), number)

        def met_structs(a: Struct, b: Struct, stem: str) -> Value:
            key = id(a), id(b)
            if key in memo:
                return memo[key]
            left = one.parts.get(id(a), a.parts)
            right = two.parts.get(id(b), b.parts)
            if (a.form, a.cls) != (b.form, b.cls) or list(left) != list(right):
                memo[key] = Poison(
                    f"`{stem}`" if stem else "this structure",
                    "its layout on one path is another than on the other",
                    "one layout on all paths",
                )
                if a is b:
                    a.parts = dict.fromkeys({**left, **right}, memo[key])
                    memo[key] = a
                return memo[key]
            made = a
            if a is not b:
                fixed = a.fixed or b.fixed
                if a.is_mutable and not self._are_fresh(a, b, one, two):
                    fixed = fixed or "which object it is depends on the path that was taken"
                    a.fixed = b.fixed = fixed
                made = Struct(a.form, a.cls, {}, stem or a.stem, fixed)
            memo[key] = made
            made.parts = {k: met(left[k], right[k], self.part_stem(made.stem, k)) for k in left}
            return made

        variables: dict[str, Value] = {}
        for name in {**one.variables, **two.variables}:
            a, b = one.variables.get(name), two.variables.get(name)
            if a is None or b is None:
                there = a if a is not None else b
                assert there is not None
                if isinstance(there, Const) and (
                    there.value is None or isinstance(there.value, (int, str))
                ):
                    put(out if a is not None else other, name, self.node_of(there, None))
                    variables[name] = Leaf(load(name))
                elif isinstance(there, Leaf):
                    variables[name] = there
                else:
                    why = "it gets its value on one path only"
                    variables[name] = Poison(f"`{name}`", why, "a value on all paths")
                continue
            own = name if name in self.own else ""
            variables[name] = met(a, b, name.strip(), own)
        for name, value in self.arguments.items():
            met(value, value, name)
        self.variables = variables

    def _are_fresh(self, a: Struct, b: Struct, one: State, two: State) -> bool:
        """Whether two objects, one in each state, are known from one place alone."""
        if id(a) in self.given or id(b) in self.given:
            return False
        counts = [(references(one, x), references(two, x)) for x in (a, b)]
        return counts == [(1, 0), (0, 1)]

    # -- loops -------------------------------------------------------------------------------------

    def _For_statement(self, stmt: Node) -> str:
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
            except NeedsStatic:
                if len(items) > MOST_PARTS:
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
        for location, value in loop.carried.items():
            old = self._at(location)
            before += self._copies(value, old)
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

    def _copies(self, target: Value, value: Value) -> list[Node]:
        """What gives the variables of one value those of another."""
        rows: list[tuple[str, Node]] = []

        def pair(one: Value, other: Value) -> None:
            if isinstance(one, Leaf):
                node = self.node_of(other, None)
                if not is_name(node, one.node.id):
                    rows.append((one.node.id, node))
            elif isinstance(one, Struct) and isinstance(other, Struct) and one is not other:
                for key, part in one.parts.items():
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
            rows = self._copies(targets, values)
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
            if a is b or (isinstance(a, Const) and isinstance(b, Const) and _same_constant(a, b)):
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
            loop.carried[location] = self._carried(a, b, stem, own, head, end)
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
                self.stays_list(struct)
                why = "the loop adds or removes parts of it: its layout depends on the trips"
                self.refuse(None, said(struct), why, "all its parts before the loop")
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
        if isinstance(a, Const) and isinstance(b, Const) and _same_constant(a, b):
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
        return isinstance(other, Const) and _same_constant(one, other)
    return isinstance(other, (Leaf, Const))


def references(state: State, struct: Struct) -> int:
    """From how many places an object is known."""
    places = [*state.variables.values(), *(p for row in state.parts.values() for p in row.values())]
    owners = [getattr(place, "owner", None) for place in places]
    return sum(place is struct for place in places) + sum(owner is struct for owner in owners)


def _is_same(one: Value, other: Value) -> bool:
    """Whether two values are known to be one."""
    if isinstance(one, Leaf) and isinstance(other, Leaf):
        return key_of(one.node) == key_of(other.node)
    return one is other or _same_constant(one, other)


def _same_constant(one: Value, other: Value) -> bool:
    """Whether two constants are one: `True` and `1` are two."""
    if not isinstance(one, Const) or not isinstance(other, Const):
        return False
    a, b = one.value, other.value
    plain = (bool, int, float, complex, str, type(None))
    if isinstance(a, plain) and isinstance(b, plain):
        return type(a) is type(b) and repr(a) == repr(b)
    return a is b


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


def _has_effect(stmt: Node) -> bool:
    """Whether a statement does more than to give variables values."""
    if isinstance(stmt, (gast.Return, gast.Pass)):
        return False
    if isinstance(stmt, gast.If):
        return any(map(_has_effect, [*stmt.body, *stmt.orelse]))
    if isinstance(stmt, (gast.For, gast.While)):
        return True
    if isinstance(stmt, gast.Assign):
        named = all(
            is_name(n) for t in stmt.targets for n in walk(t) if not isinstance(n, gast.Tuple)
        )
        return not named or any(isinstance(n, gast.Call) for n in walk(stmt.value))
    return True
