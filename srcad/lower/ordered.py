"""`sorted(x)` and `a.sort()` of numbers, `list(x)`, `del a[i]`: by what has a derivative.

>>> import builtins, gast, numpy
>>> from srcad.emit import emit
>>> from srcad.errors import Problems
>>> from srcad.lower.resolve import Resolver
>>> from srcad.names import Names
>>> class Scope:
...     def lookup(self, name): return numpy if name == "np" else getattr(builtins, name)
>>> body = gast.parse('''
... a = sorted(x, reverse=True)
... a.sort()
... del a[0]
... a[1:2] = [y, y]
... ''').body
>>> resolver = Resolver(Scope(), {"a", "x"})
>>> print(emit(ordered(body, Names({"a", "x"}), resolver, Problems(None))), end="")
a = [w1 for w1 in np.sort(np.array(x))[::-1]]
a = [w2 for w2 in np.sort(np.array(a))]
a.pop(0)
a = a[:1] + [y, y] + a[2:]
"""

from __future__ import annotations

import gast
import numpy as np

from srcad.errors import Problems
from srcad.lower.list_operations import list_variables
from srcad.lower.resolve import Resolver
from srcad.lower.validate import DELETED
from srcad.names import Names
from srcad.tree import (
    Node,
    assign,
    binary,
    blocks_of,
    call,
    constant,
    copy_node,
    is_name,
    is_number,
    load,
    number_of,
    rewrite,
    store,
    walk,
)


def ordered(body: list[Node], names: Names, resolver: Resolver, problems: Problems) -> list[Node]:
    """The body with what orders lists, and takes parts out of them, in other words."""
    nodes = [node for stmt in body for node in walk(stmt)]
    wanted = any(
        isinstance(n, gast.Delete)
        or is_name(n, "sorted", "list")
        or (isinstance(n, gast.Attribute) and n.attr == "sort")
        or _is_part(n)
        for n in nodes
    )
    if not wanted:
        return body
    made = _Ordered(body, names, resolver, problems)
    return made.block(made.body)


def _is_part(node: Node) -> bool:
    is_slice = isinstance(node, gast.Subscript) and isinstance(node.slice, gast.Slice)
    return is_slice and not isinstance(node.ctx, gast.Load)


class _Ordered:
    def __init__(
        self, body: list[Node], names: Names, resolver: Resolver, problems: Problems
    ) -> None:
        self.problems = problems
        self.names = names
        self.resolver = resolver
        self.body = [self.expression(stmt) for stmt in body]
        self.lists = list_variables(self.body)

    def is_list(self, node: Node) -> bool:
        """Whether an expression is the name of a list."""
        return is_name(node) and node.id in self.lists

    def block(self, stmts: list[Node]) -> list[Node]:
        return [new for stmt in stmts for new in self.statement(stmt)]

    def statement(self, stmt: Node) -> list[Node]:
        if list(blocks_of(stmt)):
            blocks = {"body": self.block(stmt.body), "orelse": self.block(stmt.orelse)}
            return [copy_node(stmt, **blocks)]
        if isinstance(stmt, gast.Delete):
            return [gast.copy_location(each, stmt) for each in self.deleted(stmt)]
        new = self.changed(stmt)
        return [stmt if new is None else gast.copy_location(new, stmt)]

    def deleted(self, stmt: Node) -> list[Node]:
        """`del a[0], b` as `a.pop(0)` and `del b`."""
        found: list[Node] = []
        for target in stmt.targets:
            is_item = isinstance(target, gast.Subscript) and self.is_list(target.value)
            if is_item and not isinstance(target.slice, (gast.Slice, gast.Tuple)):
                pop = gast.Attribute(load(target.value.id), "pop", gast.Load())
                found.append(gast.Expr(call(pop, target.slice)))
            elif isinstance(target, gast.Subscript):
                self.problems.add(target, *DELETED)
            else:
                found.append(gast.Delete([target]))
        return found

    def changed(self, stmt: Node) -> Node | None:
        """`a.sort()` and `a[1:3] = b` as assignments of a new list to the one name of it."""
        value: Node = getattr(stmt, "value", None)
        func: Node = getattr(value, "func", None)
        is_method = isinstance(stmt, gast.Expr) and isinstance(func, gast.Attribute)
        if is_method and func.attr == "sort" and self.is_list(func.value):
            new = self.sorted(value, load(func.value.id))
            return None if new is None or value.args else assign(func.value.id, new)
        if not isinstance(stmt, gast.Assign) or len(stmt.targets) != 1:
            return None
        (target,) = stmt.targets
        if not _is_part(target) or not self.is_list(target.value):
            return None
        lower, upper, step = target.slice.lower, target.slice.upper, target.slice.step
        bounds = [number_of(n) if n is not None and is_number(n) else n for n in (lower, upper)]
        whole = all(each is None or isinstance(each, int) for each in bounds)
        first, last = (bounds[0] or 0, bounds[1]) if whole else (0, 0)
        falls = last is not None and (first > last if (first < 0) is (last < 0) else last < 0)
        if step is not None or not whole or falls or (first < 0 and last is not None and last >= 0):
            return None
        name = target.value.id
        parts: list[Node] = [value]
        if first:
            parts.insert(0, _slice(name, None, lower))
        if upper is not None:
            parts.append(_slice(name, upper, None))
        total = parts[0]
        for part in parts[1:]:
            total = binary(total, gast.Add(), part)
        return assign(name, total)

    def sorted(self, node: Node, source: Node) -> Node | None:
        """The list of an array's numbers, in order; None where a function decides the order."""
        options = {each.arg: each.value for each in node.keywords}
        back = options.pop("reverse", constant(False))
        if options or not isinstance(back, gast.Constant):
            return None
        if isinstance(source, gast.GeneratorExp):
            source = gast.ListComp(source.elt, source.generators)
        numpy = self.resolver.name_of(np, "np")

        def of_numpy(name: str, value: Node) -> Node:
            return call(gast.Attribute(load(numpy), name, gast.Load()), value)

        new = of_numpy("sort", of_numpy("array", source))
        if back.value:
            new = gast.Subscript(new, gast.Slice(None, None, constant(-1)), gast.Load())
        return self.listed(new, node)

    def listed(self, items: Node, node: Node) -> Node:
        """The list of what an array, or another list, holds."""
        each = self.names.temporary()
        clause = gast.comprehension(store(each), items, [], 0)
        return gast.copy_location(gast.ListComp(load(each), [clause]), node)

    def expression(self, node: Node) -> Node:
        """The expression, or the simple statement, with its calls of `sorted` exchanged."""

        def exchange(part: Node) -> Node | None:
            if not isinstance(part, gast.Call) or len(part.args) != 1:
                return None
            function = self.resolver.object_of(part.func)
            if function is sorted:
                return self.sorted(part, self.expression(part.args[0]))
            plain = isinstance(part.args[0], (gast.Name, gast.Subscript, gast.Attribute))
            if function is list and plain and not part.keywords:
                return self.listed(part.args[0], part)
            return None

        return rewrite(node, exchange)


def _slice(name: str, lower: Node | None, upper: Node | None) -> Node:
    return gast.Subscript(load(name), gast.Slice(lower, upper, None), gast.Load())
