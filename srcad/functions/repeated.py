"""`map`, `filter` and `functools.reduce`, as the loops that they stand for."""

from __future__ import annotations

import gast

from srcad.functions.meanings import Meanings
from srcad.tree import Node, assign, constant, is_name, load, store, walk


class Repeated(Meanings):
    """Calls of a function for each item."""

    def generator(self, node: Node, kind: object) -> Node:
        """`map` and `filter` as the generators that they stand for."""
        func, *iterables = node.args
        names = [self.fresh("item") for _ in iterables]
        target: Node = store(names[0])
        over = iterables[0]
        if len(iterables) > 1:
            target = gast.Tuple([store(each) for each in names], gast.Store())
            over = gast.Call(load("zip"), iterables, [])
        loop = gast.comprehension(target, over, [], 0)
        if kind is map:
            made = gast.Call(func, [load(each) for each in names], [])
        else:
            made = load(names[0])
            is_none = isinstance(func, gast.Constant) and func.value is None
            loop.ifs = [load(names[0]) if is_none else gast.Call(func, [load(names[0])], [])]
        for each in walk(made):
            gast.copy_location(each, node)
        return gast.copy_location(gast.GeneratorExp(made, [loop]), node)

    def reduced(self, node: Node) -> Node:
        """`functools.reduce` as a loop before the statement."""
        function = self.value(node.args[0]) if len(node.args) in (2, 3) else None
        if function is None or node.keywords or not self.may_go_before(node):
            why = "its steps are a loop, which cannot stand here"
            self.problems.add(node, "`reduce`", why, "a `for` loop")
            return node
        is_fresh = isinstance(node.args[1], (gast.List, gast.Tuple))
        if len(node.args) == 2 and not is_fresh and self.may_write(node):
            why = "its function may write what it goes over, after the first item was taken"
            self.problems.add(node, "`reduce`", why, "a start as third argument, or a `for` loop")
            return node
        values = self.expr(node.args[1])
        if not is_name(values) and not self._is_range(values):
            name = self.fresh("values")
            self.variables.add(name)
            self.before.append(gast.copy_location(assign(name, values), node))
            values = load(name)
        total, each = self.fresh("total"), self.fresh("item")
        self.variables |= {total, each}
        if len(node.args) == 3:
            start = self.expr(node.args[2])
        elif is_name(values):
            start = gast.Subscript(values, constant(0), gast.Load())
            values = gast.Subscript(values, gast.Slice(constant(1), None, None), gast.Load())
        else:
            why = "without a start it begins with the first item, which a `range` may not have"
            self.problems.add(node, "`reduce` over a `range`", why, "a start as third argument")
            return node
        outer = self.before
        self.before = []
        step = self.applied(function, [load(total), load(each)], {}, node)
        body = [*self.before, gast.copy_location(assign(total, step), node)]
        self.before = outer
        self.before.append(gast.copy_location(assign(total, start), node))
        loop = gast.For(store(each), values, body, [], None)
        self.before.append(gast.copy_location(loop, node))
        return load(total)

    def _is_range(self, node: Node) -> bool:
        return isinstance(node, gast.Call) and self.meaning(node.func) is range
