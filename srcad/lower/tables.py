"""Lists of lists that are tables: arrays of two axes and more.

A table is made by ``[[0.0] * m for _ in range(n)]``, whose rows are equally long and no row of
another table, and it is read and written number by number: ``t[i][j]``.  A row that has a name of
its own, ``row = t[i]``, is the table's in a list as in an array.  Where a table is used as only
lists are (a row that is appended to, or replaced) it stays a list of lists.

>>> import gast, numpy
>>> from srcad.emit import emit
>>> from srcad.lower.resolve import Resolver
>>> from srcad.names import Names
>>> class Scope:
...     def lookup(self, name): return {"np": numpy, "range": range, "len": len}[name]
>>> body = gast.parse('''
... t = [[0.0] * m for _ in range(n + 1)]
... t[0][0] = x
... for i in range(n):
...     row = t[i]
...     t[i + 1][0] = row[0] * x
... return t[-1][0]
... ''').body
>>> resolver = Resolver(Scope(), {"t", "m", "n", "x", "i", "row"})
>>> print(emit(as_tables(body, {"m", "n", "x"}, Names(resolver.variables), resolver)), end="")
t = np.zeros((n + 1, m))
t[0, 0] = x
for i in range(n):
    row = t[i]
    t[i + 1, 0] = row[0] * x
return t[-1, 0]

The numbers of an array are floats, where a list keeps a whole number that it is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import gast
import numpy as np

from srcad.listing import with_origin
from srcad.lower.resolve import Resolver
from srcad.lower.scopes import COMPREHENSIONS, FUNCTIONS, bound_by, exchanged
from srcad.names import Names
from srcad.tree import (
    Node,
    assign,
    blocks_of,
    call,
    children,
    constant,
    copy_node,
    is_name,
    is_number,
    load,
    negate,
    number_of,
    same,
    statements_in,
    store,
    target_names,
    tuple_of,
    walk,
    with_parts,
)

# What reads a row, or a whole table, as it reads an array.
OF_ROWS = (sum, min, max)
OF_TABLES = (np.array, np.sum, np.max, np.min, np.mean, np.prod, np.trace)
PURE = (gast.Name, gast.Constant, gast.BinOp, gast.UnaryOp, gast.operator, gast.unaryop)


def as_tables(
    body: list[Node], parameters: set[str], names: Names, resolver: Resolver
) -> list[Node]:
    """The body with arrays in place of its tables."""
    if not any(isinstance(node, gast.ListComp) for stmt in body for node in walk(stmt)):
        return body
    axes = Uses(body, parameters, resolver).axes()
    return _Rewriting(axes, names, resolver).block(body) if axes else body


@dataclass(frozen=True)
class Display:
    """An expression that makes a table: its lengths, and what each of its numbers is at first.

    Each axis may have a variable, which goes over a `range`, or over what is gone over.
    """

    lengths: tuple[Node, ...]
    variables: tuple[str, ...]
    over: tuple[Node | None, ...]
    element: Node


def display_of(node: Node) -> Display | None:
    """What ``[[0.0] * m for _ in range(n)]`` makes; None for what is no table."""
    lengths: list[Node] = []
    variables: list[str] = []
    over: list[Node | None] = []
    while (axis := _axis_of(node)) is not None:
        length, variable, iterable, node = axis
        lengths.append(length)
        variables.append(variable)
        over.append(iterable)
    inside = {n.id for each in lengths for n in walk(each) if is_name(n)}
    is_list = isinstance(node, (gast.List, gast.ListComp, gast.Tuple, gast.Dict, gast.Set))
    if len(lengths) < 2 or is_list or not all(map(_is_length, lengths)) or inside & {*variables}:
        return None
    return Display(tuple(lengths), tuple(variables), tuple(over), node)


def _axis_of(node: Node) -> tuple[Node, str, Node | None, Node] | None:
    """The length of a display, its variable ("" for none), what that goes over, the element."""
    if isinstance(node, gast.ListComp) and len(node.generators) == 1:
        (clause,) = node.generators
        if clause.ifs or clause.is_async or not is_name(clause.target):
            return None
        if is_name(clause.iter):
            return call("len", clause.iter), clause.target.id, clause.iter, node.elt
        called = clause.iter
        if is_name(getattr(called, "func", None), "range") and len(called.args) == 1:
            return called.args[0], clause.target.id, None, node.elt
    if isinstance(node, gast.List) and node.elts and all(map(_is_literal, node.elts)):
        first = node.elts[0]
        alike = all(same(first, each) for each in node.elts)
        return (constant(len(node.elts)), "", None, first) if alike else None
    if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Mult):
        repeated = isinstance(node.left, gast.List) and len(node.left.elts) == 1
        if repeated and _is_literal(node.left.elts[0]):  # `[row] * n` is one row, n times
            return node.right, "", None, node.left.elts[0]
    return None


def _is_length(node: Node) -> bool:
    """Whether an expression gives the same whole number again, and does nothing else."""
    for each in walk(node):
        if isinstance(each, gast.Call) and is_name(each.func, "len") and len(each.args) == 1:
            continue
        shape = isinstance(each, gast.Attribute) and each.attr == "shape"
        if not shape and not isinstance(each, (*PURE, gast.Subscript, gast.expr_context)):
            return False
    return True


def _is_literal(node: Node) -> bool:
    """Whether an expression is a number that the source shows, or an infinite one."""
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
        return _is_literal(node.operand)
    if isinstance(node, gast.Call):
        return is_name(node.func, "float") and len(node.args) == 1 and not node.keywords
    if isinstance(node, gast.Attribute):
        return is_name(node.value) and node.attr in ("inf", "nan")
    return is_number(node)


# ---- which variables are tables, and rows of them ------------------------------------------------

# What a variable is given, and how many axes less it has: one, of what a loop goes over.
Binding = tuple[Node | None, int]


def axes_of(node: Node, axes: Mapping[str, int]) -> int:
    """How many axes an expression has, if it is a table or a row of one; else 0."""
    if is_name(node):
        return axes.get(node.id, 0)
    if isinstance(node, gast.Subscript) and not isinstance(node.slice, gast.Slice):
        return max(0, axes_of(node.value, axes) - 1)
    copied = copied_table(node)
    if copied is not None:
        return 2 if axes_of(copied, axes) == 2 else 0
    display = display_of(node)
    return len(display.lengths) if display is not None else 0


def copied_table(node: Node) -> Node | None:
    """``t`` of ``[row[:] for row in t]``, however a row is copied."""
    if not isinstance(node, gast.ListComp) or len(node.generators) != 1:
        return None
    (clause,) = node.generators
    if clause.ifs or clause.is_async or not is_name(clause.target):
        return None
    name, row = clause.target.id, node.elt
    if isinstance(row, gast.Subscript) and isinstance(row.slice, gast.Slice):
        parts = (row.slice.lower, row.slice.upper, row.slice.step)
        return clause.iter if is_name(row.value, name) and parts == (None, None, None) else None
    if isinstance(row, gast.Call) and not row.keywords:
        method = isinstance(row.func, gast.Attribute) and row.func.attr == "copy" and not row.args
        return clause.iter if method and is_name(row.func.value, name) else None
    if isinstance(row, gast.ListComp) and len(row.generators) == 1:  # list(row)
        (inner,) = row.generators
        each = getattr(inner.target, "id", "")
        whole = is_name(inner.target) and is_name(row.elt, each) and is_name(inner.iter, name)
        return clause.iter if whole and not inner.ifs and each != name else None
    return None


def bindings(target: Node, value: Node | None, less: int = 0) -> Iterator[tuple[str, Binding]]:
    """The variables that an assignment or a loop binds, and what to."""
    if is_name(target):
        yield target.id, (value, less)
        return
    parts: list[tuple[Node | None, int]] = []
    if less and value is not None and is_name(getattr(value, "func", None), "enumerate", "zip"):
        parts = [(each, 1) for each in value.args]
        if value.func.id == "enumerate":
            parts = [(None, 0), *parts[:1]]
    elif isinstance(value, gast.Tuple) and not less:
        parts = [(each, 0) for each in value.elts]
    if isinstance(target, (gast.Tuple, gast.List)) and len(parts) == len(target.elts):
        for each, (part, count) in zip(target.elts, parts, strict=True):
            yield from bindings(each, part, count)
    else:
        for name in target_names(target):
            yield name, (None, 0)


class Uses:
    """How many axes each variable's table has, where it is used as an array may be."""

    def __init__(self, body: list[Node], parameters: set[str], resolver: Resolver) -> None:
        self.body = body
        self.resolver = resolver
        self.barred = set(parameters)
        self.bindings: dict[str, list[Binding]] = {}
        for stmt in statements_in(body):
            pairs = [(each, stmt.value, 0) for each in getattr(stmt, "targets", ())]
            if isinstance(stmt, gast.For):
                pairs = [(stmt.target, stmt.iter, 1)]
            elif isinstance(stmt, gast.Delete):
                pairs = [(each, None, 0) for each in stmt.targets]
            for name, bound in (row for pair in pairs for row in bindings(*pair)):
                self.bindings.setdefault(name, []).append(bound)
        for stmt in body:  # what `:=` and nested functions bind is not followed
            for node in walk(stmt):
                if isinstance(node, gast.NamedExpr):
                    self.barred.add(node.target.id)
                elif isinstance(node, FUNCTIONS):
                    self.barred |= {each.id for each in walk(node) if is_name(each)}

    def axes(self) -> dict[str, int]:
        """The number of axes of each table and row, by its name."""
        while True:
            known = self._possible()
            before = len(self.barred)
            self.fine: set[int] = set()
            for stmt in self.body if known else ():
                self.look(stmt, known)
            if len(self.barred) == before:
                return known

    def _possible(self) -> dict[str, int]:
        """What the bindings say, the names left out that are used otherwise."""

        def count(bound: Binding) -> int:
            value, less = bound
            return 0 if value is None else max(0, axes_of(value, known) - less)

        known: dict[str, int] = {}
        before = -1
        while len(known) > before:
            before = len(known)
            for name, bound in self.bindings.items():
                found = {count(each) for each in bound} - {0}
                if name not in known and name not in self.barred and len(found) == 1:
                    known[name] = found.pop()
        while True:
            wrong = [n for n, k in known.items() if any(count(b) != k for b in self.bindings[n])]
            if not wrong:
                return known
            for name in wrong:
                del known[name]

    def bar(self, node: Node) -> None:
        """A table is used as only a list can be."""
        copied = copied_table(node)
        node = node if copied is None else copied
        while isinstance(node, gast.Subscript):
            node = node.value
        if is_name(node):
            self.barred.add(node.id)

    def look(self, node: Node, axes: Mapping[str, int]) -> None:
        """Look at what is done with tables in a statement or an expression."""
        is_bound = is_name(node) and not isinstance(node.ctx, gast.Load)
        if axes_of(node, axes) and id(node) not in self.fine and not is_bound:
            self.bar(node)
        if isinstance(node, gast.Subscript) and axes_of(node.value, axes):
            self.fine.add(id(node.value))
            if not self.is_place(node, axes):
                self.bar(node)
        self.fine |= set(map(id, self.allowed(node, axes)))
        if not isinstance(node, COMPREHENSIONS):
            for part in children(node):
                self.look(part, axes)
            return
        self.look(node.generators[0].iter, axes)
        if copied_table(node) is not None:
            return
        own = inside(node, axes)
        for number, clause in enumerate(node.generators):
            for part in [*([clause.iter] if number else []), *clause.ifs]:
                self.look(part, own)
        for part in children(node):
            if not isinstance(part, gast.comprehension):
                self.look(part, own)

    def is_place(self, node: Node, axes: Mapping[str, int]) -> bool:
        """Whether a subscript means in an array what it means in a list."""
        if isinstance(node.slice, gast.Slice):  # in a list this is a copy
            is_row = axes_of(node.value, axes) == 1 and isinstance(node.ctx, gast.Load)
            return is_row and id(node) in self.fine
        return not _is_truth(node.slice) and not isinstance(node.ctx, gast.Del)

    def allowed(self, node: Node, axes: Mapping[str, int]) -> Iterator[Node]:
        """The parts of a node that may be tables, or rows."""
        if isinstance(node, gast.Call) and node.args:
            function = self.resolver.object_of(node.func)
            first = node.args[0]
            base = first.value if is_slice(first) else first
            is_row = axes_of(base, axes) == 1 and len(node.args) == 1 and not node.keywords
            readers = (len, *(OF_ROWS if is_row else ()), *(() if is_slice(first) else OF_TABLES))
            if any(function is each for each in readers):
                yield first
        elif isinstance(node, (gast.Assign, gast.For)):
            is_loop = isinstance(node, gast.For)
            targets = [node.target] if is_loop else node.targets
            value = node.iter if is_loop else node.value
            for name, (bound, _) in (b for t in targets for b in bindings(t, value, int(is_loop))):
                if bound is not None and (is_loop or name in axes):
                    yield bound
        elif isinstance(node, COMPREHENSIONS):
            for clause in node.generators:
                for _, (bound, _) in bindings(clause.target, clause.iter, 1):
                    if bound is not None:
                        yield bound


def is_slice(node: Node) -> bool:
    """Whether an expression is a part of a list."""
    return isinstance(node, gast.Subscript) and isinstance(node.slice, gast.Slice)


def _is_truth(node: Node) -> bool:
    """Whether an index is a truth, which for an array is no place, or several."""
    told = isinstance(node, gast.Constant) and isinstance(node.value, bool)
    negated = isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.Not)
    return told or negated or isinstance(node, (gast.Compare, gast.BoolOp, gast.Tuple, gast.List))


def inside(node: Node, axes: Mapping[str, int]) -> dict[str, int]:
    """What is a table inside a comprehension."""
    own = bound_by(node)
    found = {name: count for name, count in axes.items() if name not in own}
    for clause in node.generators:
        for name, (value, less) in bindings(clause.target, clause.iter, 1):
            count = 0 if value is None else axes_of(value, found) - less
            if count > 0:
                found[name] = count
    return found


# ---- tables as arrays ----------------------------------------------------------------------------


class _Rewriting:
    def __init__(self, axes: Mapping[str, int], names: Names, resolver: Resolver) -> None:
        self.axes = axes
        self.names = names
        self.resolver = resolver

    def block(self, stmts: list[Node]) -> list[Node]:
        return [new for stmt in stmts for new in self.statement(stmt)]

    def statement(self, stmt: Node) -> list[Node]:
        if list(blocks_of(stmt)):
            blocks = {"body": self.block(stmt.body), "orelse": self.block(stmt.orelse)}
            heads = {
                field: self.expression(getattr(stmt, field), self.axes)
                for field in ("test", "iter")
                if hasattr(stmt, field)
            }
            return [copy_node(stmt, **blocks, **heads)]
        if isinstance(stmt, gast.Assign) and is_name(stmt.targets[0], *self.axes):
            display = display_of(stmt.value)
            if display is not None and len(stmt.targets) == 1:
                return [self.placed(each, stmt) for each in self.table(stmt.targets[0], display)]
        return [with_parts(stmt, lambda part: self.expression(part, self.axes))]

    def placed(self, stmt: Node, origin: Node) -> Node:
        if list(blocks_of(stmt)):
            body = [self.placed(each, origin) for each in stmt.body]
            stmt = copy_node(stmt, body=body)
        return with_origin(gast.copy_location(stmt, origin), getattr(origin, "origin", origin))

    def table(self, target: Node, display: Display) -> list[Node]:
        """A new array, and the loops that fill it."""
        lengths = [self.expression(each, self.axes) for each in display.lengths]
        shape = tuple_of(lengths, always=True)
        element = display.element
        zero = is_number(element) and number_of(element) == 0
        if not zero and _is_literal(element):
            if is_number(element):
                number = float(number_of(element))
                element = constant(abs(number))
                element = negate(element) if number < 0 else element
            return [assign(target, self.of_numpy("full", shape, element))]
        start = assign(target, self.of_numpy("zeros", shape))
        if zero:
            return [start]
        new: dict[str, Node] = {}
        places: list[Node] = []
        loops: list[Node] = []
        for name, iterable in zip(display.variables, display.over, strict=True):
            places.append(self.fresh(name if iterable is None else "w"))
            if iterable is None:
                loops.append(gast.For(places[-1], call("range", lengths[len(loops)]), [], [], None))
                new[name] = places[-1]
            else:
                new[name] = self.fresh(name)
                pair = gast.Tuple([places[-1], new[name]], gast.Store())
                over = self.expression(iterable, self.axes)
                loops.append(gast.For(pair, call("enumerate", over), [], [], None))
        value = self.expression(exchanged(element, new), self.axes)
        filled = gast.Subscript(load(target.id), tuple_of(places), gast.Store())
        body: list[Node] = [assign(filled, value)]
        for loop in reversed(loops):
            names = [store(n) for n in target_names(loop.target)]
            head = names[0] if len(names) == 1 else gast.Tuple(names, gast.Store())
            body = [copy_node(loop, target=head, body=body)]
        return [start, *body]

    def fresh(self, name: str) -> Node:
        """A variable of the loops."""
        new = self.names.fresh(name.strip("_") or "w")
        self.resolver.variables.add(new)
        return load(new)

    def of_numpy(self, name: str, *arguments: Node) -> Node:
        function = gast.Attribute(load(self.resolver.name_of(np, "np")), name, gast.Load())
        return gast.Call(function, list(arguments), [])

    def expression(self, node: Node, axes: Mapping[str, int]) -> Node:
        copied = copied_table(node)
        if copied is not None and axes_of(copied, axes):
            base = self.expression(copied, axes)
            copy = gast.Call(gast.Attribute(base, "copy", gast.Load()), [], [])
            return gast.copy_location(copy, node)
        if isinstance(node, COMPREHENSIONS):
            own = inside(node, axes)
            first = node.generators[0]
            new = with_parts(node, lambda part: self.expression(part, own))
            outer = self.expression(first.iter, axes)
            new.generators[0] = copy_node(new.generators[0], iter=outer)
            return new
        new = with_parts(node, lambda part: self.expression(part, axes))
        if not isinstance(node, gast.Subscript) or not axes_of(node.value, axes):
            return new
        base = new.value
        if isinstance(base, gast.Subscript) and axes_of(node.value.value, axes):
            before = base.slice.elts if isinstance(base.slice, gast.Tuple) else [base.slice]
            index = gast.Tuple([*before, new.slice], gast.Load())
            return copy_node(new, value=base.value, slice=index)
        return new
