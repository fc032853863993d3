"""Where paths meet: branches, and which part of a structure is in which variable after them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import gast

from srcad.errors import Problems, UnsupportedError
from srcad.lower import handlers
from srcad.lower.handlers import goes_on
from srcad.lower.resolve import Resolver
from srcad.read import Source
from srcad.structures.base import DICT, LIST, TUPLE, NeedsStatic, Running
from srcad.structures.run import Run
from srcad.structures.statements import Statements
from srcad.structures.values import Const, Leaf, Poison, State, Struct, Value, state_of
from srcad.tree import Node, assign, copy_node, is_name, key_of, load, walk


@dataclass
class End:
    """A `return`: its statement, its value, and what the arguments hold there."""

    stmt: Node
    value: Value
    state: State


class Branches(Statements):
    """The blocks and branches of one function."""

    def __init__(self, run: Run, source: Source) -> None:
        super().__init__(run, source)
        self.depth = 0
        self.ends: list[End] = []
        # The structures that the caller has, by their ids: they may be out of reach in the end.
        self.given: dict[int, Struct] = {}

    # -- blocks ------------------------------------------------------------------------------------

    def block(self, stmts: Iterable[Node]) -> str:
        """The statements of a block; how it ends: "" at its end, else by what leaves it."""
        for stmt in stmts:
            end = self.statement(stmt)
            if end:
                return end
        return ""

    def apart(
        self, stmts: Iterable[Node], state: State, start: Callable[[], None] | None = None
    ) -> tuple[list[Node], str, State]:
        """A block that starts from a state: its statements, its end, and the state there."""
        outer, self.out = self.out, []
        self.restore(state)
        if start is not None:
            start()
        end = self.block(stmts)
        made, self.out = self.out, outer
        return made, end, self.snapshot()

    def snapshot(self) -> State:
        """What all variables and arguments stand for now."""
        roots = dict(self.variables)
        roots |= self.from_caller()
        state = state_of(roots)
        state.variables = dict(self.variables)
        return state

    def from_caller(self) -> dict[str, Value]:
        """What the caller has, whatever the function still knows of it."""
        found: dict[str, Value] = {f"  {name}": each for name, each in self.arguments.items()}
        return found | {f"  {key}": struct for key, struct in self.given.items()}

    def restore(self, state: State) -> None:
        """Go back to a state."""
        self.variables = dict(state.variables)
        for key, parts in state.parts.items():
            state.structs[key].parts = dict(parts)

    def _With_statement(self, stmt: Node) -> str:
        items = [copy_node(i, context_expr=self.leaf(i.context_expr)) for i in stmt.items]
        outer, self.out = self.out, []
        end = self.block(stmt.body)
        body, self.out = self.out or [gast.copy_location(gast.Pass(), stmt)], outer
        self.emit(copy_node(stmt, items=items, body=body))
        return end

    def _Try_statement(self, stmt: Node) -> str:
        if stmt.finalbody or (stmt.orelse and not goes_on(stmt)):
            self._any(stmt)
            return ""
        if not goes_on(stmt):
            return self.block(stmt.body)
        problems = Problems(self.source)
        resolver = Resolver(self.source.scope, self.own)
        made = _Handlers(self, resolver, problems).statement(stmt)
        problems.raise_if_any()
        return self.block(made)

    # -- branches ----------------------------------------------------------------------------------

    def _If_statement(self, stmt: Node) -> str:
        test = self.value(stmt.test)
        known = self.truth(test, stmt.test)
        if known is not None:
            return self.block(stmt.body if known else stmt.orelse)
        return self.branch(stmt, self.node_of(test, stmt.test), stmt.body, stmt.orelse)

    def branch(
        self,
        stmt: Node,
        test: Node,
        body: list[Node],
        orelse: list[Node],
        start: Callable[[], None] | None = None,
    ) -> str:
        """A branch that only the run can decide; its body has a ``start`` of its own."""
        state = self.snapshot()
        self.depth += 1
        one, first_end, first = self.apart(body, state, start)
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
            if isinstance(a, Const) and isinstance(b, Const) and same_constant(a, b):
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
                self.look_whole(a)
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
            met(value, value, name.split()[-1])
        for struct in self.given.values():
            met(struct, struct, struct.stem)
        self.variables = variables

    def _are_fresh(self, a: Struct, b: Struct, one: State, two: State) -> bool:
        """Whether two objects, one in each state, are known from one place alone."""
        if id(a) in self.given or id(b) in self.given:
            return False
        counts = [(references(one, x), references(two, x)) for x in (a, b)]
        return counts == [(1, 0), (0, 1)]


class _Handlers(handlers.Branches):
    """Branches in place of `try`, in a function of structures."""

    def __init__(self, function: Branches, resolver: Resolver, problems: Problems) -> None:
        super().__init__(resolver, problems)
        self.function = function

    def holds(self, node: Node) -> str:
        """What a variable, or a part of a structure, is."""
        parts = (gast.Name, gast.Constant, gast.Subscript, gast.Attribute, gast.expr_context)
        if not all(isinstance(each, parts) for each in walk(node)):
            return ""
        mark = len(self.function.out)
        try:
            value = self.function.value(node)
        except (UnsupportedError, NeedsStatic, Running):  # no such part: it is asked for first
            return ""
        finally:
            del self.function.out[mark:]
        if isinstance(value, Leaf):
            return "number" if value.number else "array"
        if isinstance(value, Const):
            return "number" if type(value.value) in (int, float, complex) else ""
        form = value.form if isinstance(value, Struct) else ""
        return {DICT: "dict", LIST: "array", TUPLE: "array"}.get(form, "")


def references(state: State, struct: Struct) -> int:
    """From how many places an object is known."""
    places = [*state.variables.values(), *(p for row in state.parts.values() for p in row.values())]
    owners = [getattr(place, "owner", None) for place in places]
    return sum(place is struct for place in places) + sum(owner is struct for owner in owners)


def same_constant(one: Value, other: Value) -> bool:
    """Whether two constants are one: `True` and `1` are two."""
    if not isinstance(one, Const) or not isinstance(other, Const):
        return False
    a, b = one.value, other.value
    plain = (bool, int, float, complex, str, type(None))
    if isinstance(a, plain) and isinstance(b, plain):
        return type(a) is type(b) and repr(a) == repr(b)
    return a is b
