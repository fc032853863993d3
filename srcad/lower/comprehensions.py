"""Comprehensions and generator expressions: loops before the statement that they are in.

What consumes a generator decides what the loop does: `sum` adds up, `max` compares, `all` breaks
off, and a list is appended to.

>>> import builtins, gast
>>> from srcad.emit import emit
>>> from srcad.errors import Problems
>>> from srcad.lower.resolve import Resolver
>>> from srcad.names import Names
>>> class Scope:
...     def lookup(self, name): return getattr(builtins, name)
>>> body = gast.parse("y = a * sum(x * k for k in range(n) if k != 2)").body
>>> names = Names({"a", "k", "n", "x", "y"})
>>> print(emit(as_loops(body, {"n"}, names, Resolver(Scope(), {"a", "n", "x", "y"}),
...                     Problems(None))), end="")
w1 = 0
for k in range(n):
    if k != 2:
        w1 = w1 + x * k
y = a * w1
"""

from __future__ import annotations

import functools
import itertools
import math
import types
from collections.abc import Callable

import gast

from srcad.errors import Problems
from srcad.listing import with_origin
from srcad.lower.resolve import MISSING, Resolver
from srcad.lower.scopes import assigned_in, bound_by, exchanged, free_names
from srcad.lower.scopes import own_nodes as own_nodes_of
from srcad.names import Names
from srcad.read import Source
from srcad.rules import rule_of
from srcad.tree import (
    Node,
    assign,
    binary,
    blocks_of,
    call,
    children,
    constant,
    copy_node,
    is_name,
    load,
    statements_in,
    store,
    target_names,
    walk,
    with_parts,
)

LOOPED = (gast.ListComp, gast.GeneratorExp)


def as_loops(
    body: list[Node],
    parameters: set[str],
    names: Names,
    resolver: Resolver,
    problems: Problems,
) -> list[Node]:
    """The body with a loop for each comprehension."""
    loops = _Loops(body, parameters, names, resolver, problems)
    return loops.top(body) if loops.wanted else body


class _Loops:
    def __init__(
        self,
        body: list[Node],
        parameters: set[str],
        names: Names,
        resolver: Resolver,
        problems: Problems,
    ) -> None:
        self.names = names
        self.resolver = resolver
        self.problems = problems
        self.lists = _lists(body)
        # Names that mean something else outside of the comprehensions that bind them.
        self.taken = parameters | assigned_in(body) | free_names(*body)
        self.out: list[Node] = []
        self.origin: Node | None = None
        # Whether a function of the user's is called, which may write what is read around it.
        self.calls = False
        self.wanted = any(map(self.has_loop, body))

    # -- statements -----------------------------------------------------------------------------

    def top(self, body: list[Node]) -> list[Node]:
        """The function's own block: a list that is made anew has a new name from there on."""
        out: list[Node] = []
        pending = list(body)
        known = set(self.taken) & self.lists
        seen: set[str] = set()
        while pending:
            stmt = pending.pop(0)
            name = _made_list(stmt)
            if name and name in known and (name in seen or name in free_names(stmt.value)):
                new = load(self.names.fresh(name))
                self.lists.add(new.id)
                known.add(new.id)
                pending = [exchanged(each, {name: new}) for each in pending]
                stmt = copy_node(stmt, targets=[store(new.id)])
                name = new.id
            seen |= assigned_in([stmt])
            out += self.statement(stmt)
        return out

    def block(self, body: list[Node]) -> list[Node]:
        return [new for stmt in body for new in self.statement(stmt)]

    def statement(self, stmt: Node) -> list[Node]:
        """One statement, and the loops before it."""
        if list(blocks_of(stmt)):
            stmt = copy_node(stmt, body=self.block(stmt.body), orelse=self.block(stmt.orelse))
        header = [part for part in children(stmt) if not isinstance(part, gast.stmt)]
        if not any(map(self.has_loop, header)):
            return [stmt]
        outer = self.out, self.origin, self.calls
        self.out, self.origin = [], stmt
        self.calls = any(map(self.is_user_call, (n for part in header for n in walk(part))))
        self._check_order(header)
        self._statement(stmt)
        out = self.out
        self.out, self.origin, self.calls = outer
        return out

    def _statement(self, stmt: Node) -> None:
        if isinstance(stmt, gast.While):
            self._while(stmt)
            return
        if isinstance(stmt, gast.Assign):
            name = _made_list(stmt)
            if name and name not in free_names(stmt.value):
                self.list_of(_listed(stmt.value), name)
                return
            value = self.extract(stmt.value)
            if any(map(self.has_loop, stmt.targets)):
                value = self.spilled(value)
            targets = [self.extract(each) for each in stmt.targets]
            self.out.append(copy_node(stmt, targets=targets, value=value))
            return
        if isinstance(stmt, gast.AugAssign):
            target = stmt.target
            if self.calls and not is_name(target):
                self.refuse(stmt.value, "a comprehension that is added to an element")
            self.out.append(copy_node(stmt, target=target, value=self.extract(stmt.value)))
            return
        fields = ("value", "test", "iter", "exc", "msg")
        changes = {
            field: self.extract(part)
            for field in fields
            if isinstance(part := getattr(stmt, field, None), gast.AST)
        }
        self.out.append(copy_node(stmt, **changes))

    def _while(self, stmt: Node) -> None:
        """The test is computed at the head of every trip."""
        jumps = (gast.Break, gast.Continue)
        if any(isinstance(each, jumps) for s in stmt.orelse for each in statements_in([s])):
            self.refuse(stmt.test, "a comprehension in the test of this `while`")
        head = self.captured(lambda: self.extract(stmt.test))
        test = head.pop()
        leave = gast.If(gast.UnaryOp(gast.Not(), test.value), [*stmt.orelse, gast.Break()], [])
        loop = copy_node(
            stmt, test=constant(True), body=[*head, self.placed(leave), *stmt.body], orelse=[]
        )
        self.out.append(loop)

    def _check_order(self, header: list[Node]) -> None:
        """What a walrus or `pop` changes would be read too early, or too late."""
        for part in header:
            for node in own_nodes_of(part):
                changes = isinstance(node, gast.NamedExpr)
                if isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute):
                    changes = changes or node.func.attr == "pop"
                if changes:
                    self.refuse(node, "an assignment or `pop()` next to a comprehension")

    def refuse(self, node: Node, construct: str) -> None:
        why = "which of them comes first would be changed by the loop that it becomes"
        self.problems.add(node, construct, why, "a statement of its own, before this one")

    # -- expressions ----------------------------------------------------------------------------

    def has_loop(self, node: Node) -> bool:
        """Whether there is something in a tree, scopes inside left out, that becomes a loop."""
        return any(
            isinstance(each, LOOPED) or self.reduced_list(each) is not None
            for each in own_nodes_of(node)
        )

    def reduced_list(self, node: Node) -> Node | None:
        """``sum(t)`` of a list as ``sum(w for w in t)``."""
        if not isinstance(node, gast.Call) or not node.args or not is_name(node.args[0]):
            return None
        if node.args[0].id not in self.lists or len(node.args) > 2:
            return None
        reducer = self.reducer(node)
        if (
            reducer is None
            or reducer in (list, tuple)
            or (len(node.args) > 1 and reducer is not sum)
        ):
            return None
        return node

    def reducer(self, node: Node) -> object:
        """Python's function that consumes a generator here, if it is one."""
        function = self.resolver.object_of(node.func)
        return next((each for each in REDUCERS if each is function), None)

    def is_user_call(self, node: Node) -> bool:
        """Whether a function without a rule is called: it may write into arrays."""
        if not isinstance(node, gast.Call):
            return False
        function = self.resolver.object_of(node.func)
        if isinstance(function, (types.FunctionType, Source)):
            return rule_of(function) is None
        return function is MISSING and is_name(node.func)

    def extract(self, node: Node) -> Node:
        """The expression with its loops taken out, in Python's order of evaluation."""
        if not self.has_loop(node):
            return node
        if isinstance(node, gast.ListComp):
            return self.list_of(node, self.names.fresh("w"))
        if isinstance(node, gast.GeneratorExp):
            why = "its values are computed when something asks for them"
            instead = "a list comprehension, or the generator as the argument of `sum` or `max`"
            self.problems.add(node, "a generator that is kept or handed on", why, instead)
            return constant(0)
        if isinstance(node, gast.Call):
            reduced = self.reduction(node)
            if reduced is not None:
                return reduced
        if isinstance(node, gast.IfExp):
            return self.choice(node)
        if isinstance(node, gast.BoolOp):
            return self.truth(node)
        if isinstance(node, gast.Compare) and len(node.ops) > 1:
            return self.extract(self.links(node))
        parts = children(node)
        last = max(n for n, part in enumerate(parts) if self.has_loop(part))
        places = itertools.count()

        def exchange(part: Node) -> Node:
            place, new = next(places), self.extract(part)
            return self.first(new) if place < last and self.calls else new

        return with_parts(node, exchange)

    def first(self, part: Node) -> Node:
        """A part that is evaluated before a loop, where functions may write what it reads."""
        if isinstance(part, (gast.Name, gast.Constant)) or not isinstance(part, gast.expr):
            return part
        if isinstance(part, gast.Attribute) and self.resolver.object_of(part) is not MISSING:
            return part
        if isinstance(part, gast.Attribute):
            return copy_node(part, value=self.first(part.value))
        return self.spilled(part)

    def spilled(self, value: Node) -> Node:
        """An expression as a variable of its own, assigned here."""
        if isinstance(value, (gast.Name, gast.Constant)):
            return value
        name = self.names.temporary()
        self.emit(assign(name, value))
        return load(name)

    def choice(self, node: Node) -> Node:
        """``a if c else b``: only what is chosen is computed."""
        name = self.names.fresh("w")
        test = self.extract(node.test)
        parts = (node.body, node.orelse)
        found = [self.captured(functools.partial(self.extract, part)) for part in parts]
        blocks = [[*b[:-1], self.placed(assign(name, b[-1].value))] for b in found]
        self.emit(gast.If(test, *blocks))
        return load(name)

    def truth(self, node: Node) -> Node:
        """``a and b``, ``a or b``: what follows is computed where it is asked for."""
        name = self.names.fresh("w")
        outer = self.out
        for position, part in enumerate(node.values):
            self.emit(assign(name, self.extract(part)))
            if position < len(node.values) - 1:
                test: Node = load(name)
                if isinstance(node.op, gast.Or):
                    test = gast.UnaryOp(gast.Not(), test)
                branch = gast.If(test, [], [])
                self.emit(branch)
                self.out = branch.body
        self.out = outer
        return load(name)

    def links(self, node: Node) -> Node:
        """``a < b < c`` as ``a < b and b < c``, with ``b`` computed once."""
        operands = [node.left, *node.comparators]
        operands[1:-1] = [self.spilled(self.extract(each)) for each in operands[1:-1]]
        rows = zip(operands, node.ops, operands[1:], strict=False)
        return gast.BoolOp(gast.And(), [gast.Compare(a, [op], [b]) for a, op, b in rows])

    # -- what consumes a generator --------------------------------------------------------------

    def reduction(self, node: Node) -> Node | None:
        """A call that consumes a generator or a list at once; None for any other call."""
        reducer = self.reducer(node)
        if reducer is None or not node.args:
            return None
        source, *others = node.args
        if self.reduced_list(node) is not None:
            each = self.names.fresh("w")
            clause = gast.comprehension(store(each), source, [], 0)
            source = gast.copy_location(gast.GeneratorExp(load(each), [clause]), source)
        if not isinstance(source, LOOPED):
            return None
        options = {each.arg: each.value for each in node.keywords}
        if reducer in (sum, math.prod) and len(others) <= 1 and options.keys() <= {"start"}:
            start = [*others, *options.values(), constant(0 if reducer is sum else 1)][0]
            return self.total(source, start, gast.Add() if reducer is sum else gast.Mult())
        if reducer in (max, min) and not others and options.keys() <= {"default", "key"}:
            if "key" in options:
                why = "which value is the result is decided by another function"
                construct = f"`key=` in `{node.func.id}`"
                self.problems.add(node, construct, why, "a loop that compares, and keeps the best")
            return self.extreme(node, source, options.get("default"))
        if reducer in (all, any) and not others and not options:
            return self.found(source, reducer is any)
        if reducer in (list, tuple) and not others and not options:
            return self.list_of(source, self.names.fresh("w"))
        return None

    def total(self, source: Node, start: Node, operator: Node) -> Node:
        """``sum(...)`` and ``math.prod(...)``."""
        name = self.names.fresh("w")
        self.emit(assign(name, self.extract(start)))

        def add(value: Node) -> None:
            self.emit(assign(name, binary(load(name), operator, value)))

        self.loops(source, add)
        return load(name)

    def extreme(self, node: Node, source: Node, default: Node | None) -> Node:
        """``max(...)`` and ``min(...)``: of no values Python makes an error, or the default."""
        name = self.names.fresh("w")
        default = None if default is None else self.first(self.extract(default))
        self.emit(assign(name, constant(None)))
        is_none = gast.Compare(load(name), [gast.Is()], [constant(None)])

        def compare(value: Node) -> None:
            value = self.spilled(value)
            larger = gast.Call(copy_node(node.func), [load(name), value], [])
            blocks = [assign(name, value)], [assign(name, larger)]
            self.emit(gast.If(is_none, *([self.placed(each) for each in b] for b in blocks)))

        self.loops(source, compare)
        if default is None:
            what = f"{node.func.id}() iterable argument is empty"
            end = gast.Raise(call("ValueError", constant(what)), None)
        else:
            end = assign(name, default)
        self.emit(gast.If(copy_node(is_none), [self.placed(end)], []))
        return load(name)

    def found(self, source: Node, wanted: bool) -> Node:
        """``any(...)`` and ``all(...)``: the loops end with the first value that decides."""
        name = self.names.fresh("w")
        self.emit(assign(name, constant(not wanted)))
        decided: Node = load(name) if wanted else gast.UnaryOp(gast.Not(), load(name))

        def ask(value: Node) -> None:
            test = value if wanted else gast.UnaryOp(gast.Not(), value)
            end = [self.placed(assign(name, constant(wanted))), gast.Break()]
            self.emit(gast.If(test, end, []))

        self.loops(source, ask, lambda: self.emit(gast.If(decided, [gast.Break()], [])))
        return load(name)

    def list_of(self, source: Node, name: str) -> Node:
        """``[...]``: a list of that name."""
        self.emit(assign(name, gast.List([], gast.Load())))

        def append(value: Node) -> None:
            appended = gast.Call(gast.Attribute(load(name), "append", gast.Load()), [value], [])
            self.emit(gast.Expr(appended))

        self.lists.add(name)
        self.loops(source, append)
        return load(name)

    # -- loops ----------------------------------------------------------------------------------

    def loops(
        self,
        source: Node,
        inside: Callable[[Node], None],
        after: Callable[[], None] = lambda: None,
    ) -> None:
        """The loops of a comprehension; ``after`` follows each loop inside another one."""
        new: dict[str, Node] = {}
        outer = set(self.taken)

        def clause(number: int) -> None:
            each = source.generators[number]
            iterable = self.extract(exchanged(each.iter, new))
            if not number:
                new.update({name: self.variable(name) for name in bound_by(source)})
                self.taken |= {name.id for name in new.values()}
            body = self.captured(lambda: conditions(number, list(each.ifs)))
            self.emit(gast.For(exchanged(each.target, new), iterable, body, [], None))
            if number:
                after()

        def conditions(number: int, tests: list[Node]) -> None:
            if tests:
                test = self.extract(exchanged(tests[0], new))
                block = self.captured(lambda: conditions(number, tests[1:]))
                self.emit(gast.If(test, block, []))
            elif number + 1 < len(source.generators):
                clause(number + 1)
            else:
                inside(self.extract(exchanged(source.elt, new)))

        clause(0)
        self.taken = outer

    def variable(self, name: str) -> Node:
        """The name that a comprehension's variable has in the function: its own, if it is free."""
        return load(self.names.fresh(name) if name in self.taken else name)

    def captured(self, write: Callable[[], Node | None]) -> list[Node]:
        """The statements that are emitted by a function, and last the expression it returns."""
        outer, self.out = self.out, []
        result = write()
        block = self.out if result is None else [*self.out, gast.Expr(result)]
        self.out = outer
        return block

    def emit(self, stmt: Node) -> None:
        """One statement of the loops: it comes from the user's."""
        self.out.append(self.placed(stmt))

    def placed(self, stmt: Node) -> Node:
        """A statement, at the place of the user's."""
        origin = self.origin
        return with_origin(gast.copy_location(stmt, origin), getattr(origin, "origin", origin))


REDUCERS: tuple[object, ...] = (sum, max, min, all, any, list, tuple, math.prod)


def _made_list(stmt: Node) -> str:
    """The variable that a statement makes a list by a comprehension; "" for any other."""
    if isinstance(stmt, gast.Assign) and len(stmt.targets) == 1 and is_name(stmt.targets[0]):
        return stmt.targets[0].id if _listed(stmt.value) is not None else ""
    return ""


def _listed(value: Node) -> Node | None:
    """The comprehension whose values a list is made of."""
    if isinstance(value, gast.ListComp):
        return value
    if isinstance(value, gast.Call) and is_name(value.func, "list") and len(value.args) == 1:
        return value.args[0] if isinstance(value.args[0], LOOPED) else None
    return None


def _lists(body: list[Node]) -> set[str]:
    """The variables that hold lists, wherever they are assigned."""
    found: dict[str, bool] = {}
    for stmt in statements_in(body):
        if isinstance(stmt, gast.Assign):
            for target in stmt.targets:
                for name in target_names(target):
                    is_list = isinstance(stmt.value, gast.List) or _listed(stmt.value) is not None
                    found[name] = found.get(name, True) and is_list and is_name(target)
        elif isinstance(stmt, (gast.For, gast.AugAssign, gast.AnnAssign)):
            found |= dict.fromkeys(target_names(stmt.target), False)
    return {name for name, is_list in found.items() if is_list}
