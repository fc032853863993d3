"""Which variables may depend on a differentiated input: a first, syntactic answer.

The three-address form takes apart only what may carry a derivative; the rest stays as it is
written.  Comparisons, lengths, shapes and roundings carry none.

>>> import gast
>>> from srcad.lower.resolve import Resolver
>>> class Scope:
...     def lookup(self, name): return {"len": len}[name]
>>> body = gast.parse("n = len(x)\\ny = n * x\\nk = n + 1\\nc = y > 0").body
>>> resolver = Resolver(Scope(), {"x", "n", "y", "k", "c"})
>>> sorted(Varied(body, {"x"}, resolver).names)
['x', 'y']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import gast
import numpy as np

from srcad.lower.resolve import MISSING, Resolver
from srcad.rules import METHODS, entries_of, is_zero_function
from srcad.tree import Node, statements_in, target_names, walk

SHAPES = frozenset({"shape", "size", "ndim", "dtype", "nbytes", "itemsize"})


class Varied:
    """The variables that may depend on the given inputs, and the test for an expression."""

    def __init__(self, body: Iterable[Node], inputs: set[str], resolver: Resolver) -> None:
        self.resolver = resolver
        self.names: set[str] = set()
        # Whether anything may be written into arrays.
        self.writes = False
        influences: dict[str, set[str]] = {}
        body = list(body)
        for sources, targets in (*self._flows(body), *self._aliases(body)):
            for source in sources:
                influences.setdefault(source, set()).update(targets)
        pending = list(inputs)
        while pending:
            name = pending.pop()
            if name not in self.names:
                self.names.add(name)
                pending.extend(influences.get(name, ()))

    def carries(self, expression: Node) -> bool:
        """Whether the expression's value may depend on an input through a derivative."""
        return any(name in self.names for name in self._carriers(expression))

    def carriers(self, expression: Node) -> set[str]:
        """The variables whose derivatives may reach the expression's value."""
        return set(self._carriers(expression))

    def _carriers(self, expression: Node) -> Iterator[str]:
        pending = [expression]
        while pending:
            node = pending.pop()
            if isinstance(node, gast.Name):
                yield node.id
            elif isinstance(node, gast.Constant):
                pass
            elif isinstance(node, gast.BinOp):
                pending += [node.left, node.right]
            elif isinstance(node, gast.UnaryOp):
                pending += [] if isinstance(node.op, gast.Not) else [node.operand]
            elif isinstance(node, gast.BoolOp):
                pending += node.values
            elif isinstance(node, gast.IfExp):
                pending += [node.body, node.orelse]
            elif isinstance(node, gast.NamedExpr):
                pending.append(node.value)
            elif isinstance(node, (gast.Tuple, gast.List)):
                pending += node.elts
            elif isinstance(node, (gast.Subscript, gast.Starred)):
                pending.append(node.value)
                if self.resolver.object_of(node.value) is np.r_:  # np.r_[x, y] holds values
                    pending.append(node.slice)
            elif isinstance(node, gast.Attribute):
                # A module's attribute is a constant, and the module no variable.
                constant = node.attr in SHAPES or self.resolver.object_of(node) is not MISSING
                pending += [] if constant else [node.value]
            elif isinstance(node, gast.Call):
                pending += self._arguments(node)

    def _arguments(self, node: Node) -> list[Node]:
        function = self.resolver.object_of(node.func)
        is_method = function is MISSING and isinstance(node.func, gast.Attribute)
        entries = METHODS.get(node.func.attr, []) if is_method else entries_of(function)
        if is_zero_function(entries):
            return []
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        if is_method:
            arguments.append(node.func.value)  # its object is an operand
        return arguments

    def _flows(self, body: Iterable[Node]) -> Iterable[tuple[set[str], set[str]]]:
        """Each assignment as the variables read and the variables written."""
        for stmt in statements_in(body):
            for node in () if isinstance(stmt, (gast.If, gast.For, gast.While)) else walk(stmt):
                if isinstance(node, gast.NamedExpr):
                    yield self.carriers(node.value), set(target_names(node.target))
                elif isinstance(node, gast.Call):
                    yield from self._effects(node)
            if isinstance(stmt, (gast.If, gast.While)):
                for node in walk(stmt.test):
                    if isinstance(node, gast.NamedExpr):
                        yield self.carriers(node.value), set(target_names(node.target))
            if isinstance(stmt, gast.Assign):
                for target in stmt.targets:
                    yield self.carriers(stmt.value), _written(target)
            elif isinstance(stmt, gast.AugAssign) or (
                isinstance(stmt, gast.AnnAssign) and stmt.value is not None
            ):
                yield self.carriers(stmt.value), _written(stmt.target)
            elif isinstance(stmt, gast.For) and not isinstance(stmt.iter, gast.Call):
                yield self.carriers(stmt.iter), _written(stmt.target)

    def _aliases(self, body: list[Node]) -> Iterable[tuple[set[str], set[str]]]:
        """What is written into ``v = y[1:]`` is found in ``y`` too, where anything is written."""
        nodes = [node for stmt in body for node in walk(stmt)]
        self.writes = any(map(self._may_write, nodes))
        if not self.writes:
            return
        for node in nodes:
            if isinstance(node, gast.Assign) and not isinstance(
                node.value, (gast.BinOp, gast.Compare)
            ):
                yield {n for t in node.targets for n in _written(t)}, self.carriers(node.value)
            elif isinstance(node, gast.For) and not isinstance(node.iter, gast.Call):
                yield _written(node.target), self.carriers(node.iter)
            elif isinstance(node, gast.NamedExpr):
                yield set(target_names(node.target)), self.carriers(node.value)
            elif self._puts_into_list(node):
                held = [each for argument in node.args for each in self._memory(argument)]
                yield set(self._memory(node.func.value)), set(held)

    def _puts_into_list(self, node: Node) -> bool:
        """``t.append(y)``: a method, and none of arrays."""
        is_method = isinstance(node, gast.Call) and self._is_method(node)
        return is_method and node.func.attr not in METHODS

    def _may_write(self, node: Node) -> bool:
        if isinstance(node, gast.Subscript):
            return isinstance(node.ctx, gast.Store)
        if isinstance(node, gast.AugAssign):
            return True
        return isinstance(node, gast.Call) and not entries_of(self.resolver.object_of(node.func))

    def _effects(self, node: Node) -> Iterable[tuple[set[str], set[str]]]:
        """What a call may write: a list that it is a method of, or the memory that it is given."""
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        if self._is_method(node):
            known = node.func.attr in METHODS
            written = set() if known else set(self._memory(node.func.value))
        elif entries_of(self.resolver.object_of(node.func)):
            written = set()
        else:
            written = {name for each in arguments for name in self._memory(each)}
        for argument in arguments if written else ():
            yield self.carriers(argument), written

    def _is_method(self, node: Node) -> bool:
        """Whether a call is that of a method of some value: no function has its name."""
        is_unknown = self.resolver.object_of(node.func) is MISSING
        return is_unknown and isinstance(node.func, gast.Attribute)

    def _memory(self, expression: Node) -> Iterator[str]:
        """The variables whose memory an expression's value may be, or be a part of."""
        if isinstance(expression, gast.Call):
            func = expression.func
            entries = entries_of(self.resolver.object_of(func))
            entries = METHODS.get(func.attr, []) if self._is_method(expression) else entries
            rules = [each.rule for each in entries]
            if rules and all(getattr(rule, "shares", "never") == "never" for rule in rules):
                return
            for argument in self._arguments(expression):
                yield from self._memory(argument)
        elif isinstance(expression, gast.IfExp):
            yield from self._memory(expression.body)
            yield from self._memory(expression.orelse)
        elif isinstance(expression, (gast.Tuple, gast.List)):
            for each in expression.elts:
                yield from self._memory(each)
        elif not isinstance(expression, (gast.BinOp, gast.UnaryOp, gast.Compare)):
            yield from self.carriers(expression)


def _written(target: Node) -> set[str]:
    if isinstance(target, gast.Subscript):
        return _written(target.value)
    if isinstance(target, (gast.Tuple, gast.List)):
        return {name for element in target.elts for name in _written(element)}
    return set(target_names(target))
