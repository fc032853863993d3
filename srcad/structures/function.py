"""One function of the user's, for one layout of its arguments, as plain code.

Structures are followed while the function is read: which part is in which variable is known at each
place.  Where paths meet, parts that differ get one variable; a loop hands on what it changes.
"""

from __future__ import annotations

from typing import Any

import gast

from srcad.errors import UnsupportedError
from srcad.read import Source
from srcad.structures.base import NeedsStatic, Running, said
from srcad.structures.branches import End, same_constant
from srcad.structures.loops import Loops
from srcad.structures.outside import Written
from srcad.structures.run import PlainScope, Specialised
from srcad.structures.values import (
    Builtin,
    Const,
    Leaf,
    Method,
    Opened,
    Struct,
    Value,
    is_int,
    state_of,
    structs_in,
)
from srcad.tree import Node, copy_node, is_name, load, walk


class Function(Loops):
    """The rewriting of one function."""

    def start(
        self, bound: dict[str, Value], numbers: bool, outside: dict[int, Value]
    ) -> Specialised:
        """The function's own structures for its arguments; it may be called from now on.

        ``outside`` are the caller's structures for what is there before the call.
        """
        copies: dict[int, Struct] = {}
        inputs: list[str] = []

        def own(value: Value, stem: str) -> Value:
            if isinstance(value, Opened):  # what it is in the caller is no value of this one
                raise Written(value.value, value.name, whole=True)
            if isinstance(value, Struct):
                if id(value) not in copies:
                    made = copies[id(value)] = Struct(value.form, value.cls, {}, stem, value.fixed)
                    made.given, made.source = value.given, value.source
                    for key, part in value.parts.items():
                        made.parts[key] = own(part, self.part_stem(stem, key))
                return copies[id(value)]
            if isinstance(value, Method):
                return Method(value.function, own(value.owner, stem))
            if isinstance(value, Builtin):
                copied = own(value.owner, stem)
                assert isinstance(copied, Struct)
                return Builtin(value.name, copied)
            number = isinstance(value, Const) and type(value.value) in (int, float, complex)
            if isinstance(value, Leaf) or (number and not numbers):
                name = stem if stem in bound else self.fresh(stem)
                is_number = number or (isinstance(value, Leaf) and value.number)
                return Leaf(load(name), is_number, is_int(value))
            return value

        for name, value in bound.items():
            self.arguments[name] = own(value, name.split()[-1])
        for key, value in outside.items():
            if isinstance(value, Opened):
                self.outside[key] = Opened(copies[id(value.struct)], value.value, value.name)
            else:
                self.outside[key] = copies[id(value)]
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
        own = self.source
        source = Source(name, tree, own.filename, own.lines, scope, None, own.flags, own.contexts)
        structs = {k: s for v in self.arguments.values() for k, s in structs_in(v).items()}
        before = {key: dict(each.parts) for key, each in structs.items()}
        self.given = structs
        made = Specialised(
            source, dict(self.arguments), inputs, Leaf(load(name)), before, [], False, done=False
        )
        made.structs, made.name = structs, name
        return made

    def finish(self, made: Specialised) -> None:
        """Rewrite the body."""
        taken, own, stable = set(self.taken), set(self.own), set(self.stable)
        while True:
            self.variables = self._given()
            try:
                end = self.block(self.source.tree.body)
                if not end:
                    ending = gast.copy_location(gast.Return(None), self.source.tree)
                    self._return(Const(None), ending)
                break
            except (Running, UnsupportedError) as error:
                self.taken, self.own, self.stable = set(taken), set(own), set(stable)
                self.out, self.ends, self.loops = [], [], []
                self.depth = self.trips = 0
                self.place = self.source.tree
                for key, parts in made.before.items():
                    made.structs[key].parts = dict(parts)
                if isinstance(error, UnsupportedError):
                    raise self._with_others(error) from None
                self.running.add(error.site)
        self._agree(made)
        tree = made.source.tree
        tree.body = self.out or [gast.copy_location(gast.Pass(), tree)]
        if not made.assumed and not made.whole:
            self._drop_unread(made)
        made.has_effects = any(map(_has_effect, self.out))
        made.done = True
        if made.assumed and not (isinstance(made.result, Leaf) and len(made.outputs) == 1):
            why = "what it returns or changes is a structure, which is not known before its end"
            self.refuse(self.source.tree, f"the recursion of `{self.source.name}`", why, "a loop")

    def _given(self) -> dict[str, Value]:
        """The parameters: what is outside has no variable."""
        return {name: value for name, value in self.arguments.items() if name[0] != " "}

    def _with_others(self, first: UnsupportedError) -> UnsupportedError:
        """A refusal, and what is wrong with the statements that do not depend on what it is of."""
        self.variables = self._given()
        found, unclear = list(first.problems), set[str]()
        for stmt in self.source.tree.body:
            names = [node for node in walk(stmt) if is_name(node)]
            targets = {node.id for node in names if not isinstance(node.ctx, gast.Load)}
            if unclear.isdisjoint(node.id for node in names):
                try:
                    if self.block([stmt]):
                        break
                    continue
                except UnsupportedError as error:
                    found += error.problems
                except (NeedsStatic, Running):
                    pass
            unclear |= targets
        every = dict.fromkeys(found)
        return UnsupportedError(sorted(every, key=lambda p: (p.lineno, p.col_offset)))

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
        roots = {**self.variables, "  result": value, **self.from_caller()}
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
            if len(consts) == len(values) and all(same_constant(first, v) for v in consts):
                return first
            if any(isinstance(v, (Struct, Method)) for v in values):
                self._differ(values)
            return leaf(values)

        result = agreed([end.value for end in self.ends]) if self.ends else Const(None)
        after: dict[int, dict[Any, Value]] = {}
        for key, before in made.before.items():
            rows = [end.state.parts[key] for end in self.ends]
            if any(list(row) != list(rows[0]) for row in rows):
                self.look_whole(made.structs[key])
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
