"""In which order expressions are evaluated, and whether one may be evaluated earlier."""

from __future__ import annotations

import types

import gast

from srcad.errors import SrcadError
from srcad.functions.binding import parameters_of
from srcad.functions.derived import behind, maker_of
from srcad.functions.meanings import Meanings
from srcad.functions.values import Closure, Gradient, Known, Pullback
from srcad.read import Source, source_for
from srcad.rules import rule_of
from srcad.tree import Node, is_name, walk

# Methods that change what they belong to.
WRITING = ("append", "pop", "insert", "extend", "fill", "sort", "at", "update", "clear", "remove")


class Order(Meanings):
    """What may be evaluated before the statement that it stands in."""

    current: Node

    def may_go_before(self, node: Node) -> bool:
        """Whether an expression may be evaluated before all else of its statement."""
        if not self.hoists:
            return False
        # The target of an assignment is evaluated last.
        assigns = isinstance(self.current, (gast.Assign, gast.AnnAssign))
        earlier = [
            each
            for each in walk(self.current.value if assigns else self.current)
            if hasattr(each, "lineno") and _place(each) < _place(node) and not _holds(each, node)
        ]
        if any(self.may_write(each) for each in earlier):
            return False
        writes = any(self.may_write(each) for each in walk(node))
        return not (writes and any(self.may_read(each) for each in earlier))

    def may_read(self, node: Node) -> bool:
        """Whether an expression is of a variable, or of a function that may read some."""
        return is_name(node) and (node.id in self.variables or node.id in self.env)

    def may_write(self, node: Node) -> bool:
        """Whether an expression may change what another one reads."""
        if isinstance(node, gast.NamedExpr):
            return True
        if not isinstance(node, gast.Call):
            return False
        if isinstance(node.func, gast.Attribute) and self.meaning(node.func) is None:
            return node.func.attr in WRITING
        values = [*node.args, *(each.value for each in node.keywords)]
        return self.writes_when_called(node.func) or any(map(self.writes_when_called, values))

    def writes_when_called(self, node: Node) -> bool:
        """Whether an expression is a function that may write what outlives its call."""
        if isinstance(node, gast.Call):  # of what it makes, or of what is made of its arguments
            return any(map(self.writes_when_called, [node.func, *node.args]))
        value = self.env.get(node.id) if is_name(node) else None
        while isinstance(value, Gradient):
            value = value.inner
        if isinstance(value, Pullback):
            return False
        if isinstance(node, gast.Lambda) or isinstance(value, Closure):
            inside = node if value is None else value.node  # type: ignore[union-attr]
            return any(self.writes(each, inside) for each in walk(inside))
        if value is not None and not isinstance(value, Known):
            return True
        found = self.meaning(node) if value is None else value.function
        found = behind(found)
        if not isinstance(found, (types.FunctionType, Source)) or rule_of(found) is not None:
            return False
        if maker_of(found) is not None:
            return False
        try:
            source = source_for(found)
        except SrcadError:
            return True
        return any(self.writes(each, source.tree) for each in source.nodes)

    def writes(self, node: Node, function: Node) -> bool:
        """Whether a part of a function may write, as far as its form says.

        The functions among its arguments are looked at where they are handed to it.
        """
        if isinstance(node, gast.Subscript):
            return isinstance(node.ctx, gast.Store)
        if isinstance(node, gast.AugAssign):
            return True  # of an array, in place
        if not isinstance(node, gast.Call):
            return False
        if isinstance(node.func, gast.Attribute):
            return node.func.attr in WRITING or any(each.arg == "out" for each in node.keywords)
        if is_name(node.func) and node.func.id in {each.id for each in parameters_of(function)}:
            return False
        found = self.meaning(node.func)
        return rule_of(found) is None and found not in (len, range, sum, abs, float, int)


def _place(node: Node) -> tuple[int, int]:
    """Where an expression begins: what begins before another one is evaluated before it."""
    return node.lineno, node.col_offset


def _holds(outer: Node, node: Node) -> bool:
    """Whether one expression is a part of the other, which is thus evaluated later."""
    return any(each is node for each in walk(outer))
