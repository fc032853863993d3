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
from srcad.lower.list_operations import (
    changed_list,
    changed_while_iterated,
    is_list,
    is_operation,
    list_variables,
    range_of,
)
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
    is_number,
    load,
    number_of,
    statements_in,
    store,
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
    kinds = {type(node) for stmt in body for node in walk(stmt)}
    if kinds.isdisjoint((gast.List, *LOOPED)):
        return body
    loops = _Loops(body, parameters, names, resolver, problems)
    for stmt, name in changed_while_iterated(body, loops.lists):
        why = "how many trips there are, and what they read, is decided as the list changes"
        problems.add(stmt, f"`{name}`, changed in a loop over it", why, "a loop over a copy of it")
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
        self.lists = list_variables(body) - parameters
        self.parameters = parameters
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
            name = self.made_list(stmt)
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
        if not changed_list(stmt, self.lists) and not any(map(self.has_loop, header)):
            return [stmt]
        outer = self.out, self.origin, self.calls
        self.out, self.origin = [], stmt
        self.calls = any(map(self.is_user_call, (n for part in header for n in walk(part))))
        if not changed_list(stmt, self.lists):
            self._check_order(header)
        self._statement(stmt)
        out = self.out
        self.out, self.origin, self.calls = outer
        return out

    def _statement(self, stmt: Node) -> None:
        if isinstance(stmt, gast.While):
            self._while(stmt)
            return
        if changed_list(stmt, self.lists):
            self.change(stmt)
            return
        if isinstance(stmt, gast.Assign):
            name = self.made_list(stmt)
            if name and name not in free_names(stmt.value):
                self.list_of(stmt.value, name)
                return
            if name in self.lists and is_operation(stmt.value, self.lists):
                self.renew(name, stmt.value)
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
            isinstance(each, LOOPED)
            or self.reduced_list(each) is not None
            or is_operation(each, self.lists)
            or changed_list(each, self.lists) != ""
            for each in own_nodes_of(node)
        )

    def reduced_list(self, node: Node) -> Node | None:
        """``sum(t)`` of a list as ``sum(w for w in t)``."""
        if not isinstance(node, gast.Call) or not node.args or len(node.args) > 2:
            return None
        source = node.args[0]
        if not is_name(source, *self.lists) and not is_operation(source, self.lists):
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
        if isinstance(node, gast.ListComp) or is_operation(node, self.lists):
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
            source = self.extract(source)
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

    # -- lists ----------------------------------------------------------------------------------

    def made_list(self, stmt: Node) -> str:
        """The variable that a statement gives a list that loops fill; "" for any other."""
        if not isinstance(stmt, gast.Assign) or len(stmt.targets) != 1:
            return ""
        loops = isinstance(stmt.value, LOOPED[:1]) or is_operation(stmt.value, self.lists)
        if not is_name(stmt.targets[0]) or not (loops or _generated(stmt.value) is not None):
            return ""
        return str(stmt.targets[0].id)

    def list_of(self, source: Node, name: str) -> Node:
        """``[...]``: a list of that name."""
        first, rest = _displayed(source)
        items = [self.extract(each) for each in first]
        self.emit(assign(name, gast.List(items, gast.Load())))
        self.lists.add(name)
        for each in rest:
            self.fill(name, each)
        return load(name)

    def fill(self, name: str, source: Node) -> None:
        """Append what an expression makes a list of, item by item."""
        generated = _generated(source)
        if isinstance(source, LOOPED) or generated is not None:
            self.loops(generated or source, lambda value: self.append(name, value))
        elif isinstance(source, gast.List):
            for each in source.elts:
                self.append(name, self.extract(each))
        elif isinstance(source, gast.IfExp):
            test = self.extract(source.test)
            blocks = [
                self.captured(functools.partial(self.fill, name, part))
                for part in (source.body, source.orelse)
            ]
            self.emit(gast.If(test, *blocks))
        elif _is_sum(source):
            self.fill(name, source.left)
            self.fill(name, source.right)
        elif isinstance(source, gast.BinOp):
            self.repeat(name, source.left, source.right)
        elif isinstance(source, gast.Subscript):
            self.fill_part(name, source)
        elif isinstance(source, gast.Call) and is_operation(source, self.lists):
            self.fill(name, source.args[0] if source.args else source.func.value)
        else:
            self.fill_part(name, gast.Subscript(source, gast.Slice(None, None, None), gast.Load()))

    def append(self, name: str, value: Node) -> None:
        """One more item."""
        self.emit(gast.Expr(gast.Call(_method(name, "append"), [value], [])))

    def fill_part(self, name: str, source: Node) -> None:
        """``a[1:]``: an item for each of its places."""
        base = self.spilled(self.extract(source.value))
        bounds = [source.slice.lower, source.slice.upper, source.slice.step]
        kept = [
            each if each is None or is_number(each) else self.spilled(self.extract(each))
            for each in bounds
        ]
        count = self.spilled(call("len", base))
        places = range_of(gast.Slice(*kept), count)
        if places is None:
            why = "which items it holds is known only when the function runs"
            self.problems.add(source, "this part of a list", why, "a list comprehension")
            return
        index = self.names.fresh("w")
        item = gast.Subscript(load(base.id), load(index), gast.Load())
        block = self.captured(lambda: self.append(name, item))
        self.emit(gast.For(store(index), places, block, [], None))

    def repeat(self, name: str, left: Node, right: Node) -> None:
        """``a * n`` and ``n * a``."""
        is_left = is_list(left, self.lists)
        items = self.spilled(self.extract(left)) if is_left else None
        count = self.spilled(self.extract(right if is_left else left))
        items = items or self.spilled(self.extract(right))
        block = self.captured(lambda: self.fill(name, items))
        self.emit(gast.For(store(self.names.fresh("w")), call("range", count), block, [], None))

    def change(self, stmt: Node) -> None:
        """``a += b``, ``a.extend(b)``, ``a.insert(i, v)``, ``v = a.pop(i)`` ..."""
        name = changed_list(stmt, self.lists)
        if isinstance(stmt, gast.AugAssign):
            self.extend(name, stmt.value)
            return
        method, arguments = stmt.value.func.attr, stmt.value.args
        if method == "extend" and len(arguments) == 1:
            self.extend(name, arguments[0])
        elif method == "clear" and not arguments:
            self.clear(name)
        elif method == "reverse" and not arguments:
            self.template(REVERSED, a=name)
        elif method == "insert" and len(arguments) == 2:
            place, value = (self.spilled(self.extract(each)) for each in arguments)
            self.template(INSERTED, a=name, value=value, place=_counted(place, name))
        elif method == "pop" and len(arguments) == 1:
            place = self.spilled(self.extract(arguments[0]))
            taken = load(self.names.fresh("w"))
            counted = _counted(place, name)
            self.template(POPPED, a=name, place=place, counted=counted, taken=taken)
            if isinstance(stmt, gast.Assign):
                self.out.append(copy_node(stmt, value=taken))
        else:
            self.out.append(stmt)

    def extend(self, name: str, source: Node) -> None:
        """``a += b``: as many items as ``b`` had before."""
        followed = isinstance(source, LOOPED) or is_list(source, self.lists)
        self.fill(name, source if followed else self.extract(source))

    def renew(self, name: str, value: Node) -> None:
        """``a = a + b``: nobody else holds the old list, and it becomes the new one."""
        if name in self.parameters:
            why = "its items are the caller's, and would be those of another list"
            self.problems.add(value, f"`{name} = ...`, a list made of itself", why, "a new name")
        first = value
        while _is_sum(first):
            first = first.left
        if is_name(first, name):
            added = _without_first(value)
            if len(added) == 1 and isinstance(added[0], gast.List):  # each sees the old list
                items = [self.spilled(self.extract(each)) for each in added[0].elts]
                added = [copy_node(added[0], elts=items)]
            if len(added) == 1 or name not in free_names(*added):
                for each in added:
                    self.fill(name, each)
                return
        new = self.list_of(value, self.names.fresh("w"))
        self.clear(name)
        self.fill(name, new)

    def clear(self, name: str) -> None:
        """Take all items out."""
        self.template(CLEARED, a=name)

    def template(self, text: str, **parts: Node | str) -> None:
        """Statements in which names stand for parts."""
        names = {n: load(each) if isinstance(each, str) else each for n, each in parts.items()}
        names |= {n: load(self.names.fresh("w")) for n in ("i", "n", "last")}
        for stmt in gast.parse(text).body:
            self.emit(self.all_placed(exchanged(stmt, names)))

    def all_placed(self, stmt: Node) -> Node:
        """A statement with those in it, all at the place of the user's."""
        if list(blocks_of(stmt)):
            blocks = {field: getattr(stmt, field) for field in ("body", "orelse")}
            stmt = copy_node(
                stmt, **{f: [self.all_placed(each) for each in b] for f, b in blocks.items()}
            )
        return self.placed(stmt)

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


REVERSED = """
for i in range(len(a) // 2):
    a[i], a[len(a) - 1 - i] = a[len(a) - 1 - i], a[i]
"""

INSERTED = """
n = max(0, place)
a.append(value)
for i in range(len(a) - 1, n, -1):
    a[i - 1], a[i] = a[i], a[i - 1]
"""

POPPED = """
taken = a[place]
n = counted
for i in range(n, len(a) - 1):
    a[i] = a[i + 1]
last = a.pop()
"""

CLEARED = """
for i in range(len(a)):
    last = a.pop()
"""


def _method(name: str, method: str) -> Node:
    return gast.Attribute(load(name), method, gast.Load())


def _counted(place: Node, name: str) -> Node:
    """A place that may be counted from the end, counted from the start."""
    if is_number(place) and number_of(place) >= 0:
        return place
    negative = gast.Compare(place, [gast.Lt()], [constant(0)])
    return gast.IfExp(negative, binary(place, gast.Add(), call("len", load(name))), place)


def _displayed(source: Node) -> tuple[list[Node], list[Node]]:
    """The elements that are written out at the start of ``[a, b] + c``, and what is added."""
    added = _without_first(source) if _is_sum(source) else []
    first = source
    while _is_sum(first):
        first = first.left
    if not isinstance(first, gast.List):
        return [], [first, *added]
    elements = list(first.elts)
    while added and isinstance(added[0], gast.List):
        elements += added.pop(0).elts
    return elements, added


def _is_sum(node: Node) -> bool:
    return isinstance(node, gast.BinOp) and isinstance(node.op, gast.Add)


def _generated(value: Node) -> Node | None:
    """The generator whose values ``list(...)`` or ``tuple(...)`` takes."""
    taken = isinstance(value, gast.Call) and is_name(value.func, "list", "tuple")
    if taken and len(value.args) == 1:
        return value.args[0] if isinstance(value.args[0], LOOPED) else None
    return None


def _without_first(value: Node) -> list[Node]:
    """``[b, c]`` for ``a + b + c``."""
    added: list[Node] = []
    while _is_sum(value):
        added.insert(0, value.right)
        value = value.left
    return added
