"""Whether a function does the same with Python's floats as with NumPy's.

The two differ in a division by zero and in an overflowing power, which Python's floats raise;
NumPy's truth values add up to a truth value; and a number that is printed shows what it is.

>>> import gast
>>> def same(text):
...     floats = Floats(gast.parse(text).body, {"x"})
...     return floats.behave_alike({"t"}, set(), lambda call: math.exp)
>>> same("y = 2 * x[0] - math.exp(x[1]) / 3"), same("y = 1 / x[0]"), same("y = x[0] ** 3")
(True, False, False)
>>> same("y = (x[0] > 0) + (x[1] > 0)"), same("if x[0] > 0: y = 1"), same("z[0] = x[1]")
(False, True, False)
"""

from __future__ import annotations

import math
from collections.abc import Callable

import gast
import numpy as np

from srcad.analysis.kind import BOOL
from srcad.simplify.flow import expressions_of, written_by
from srcad.tree import Node, binary, is_name, is_number, number_of, statements_in, walk

# The function that a call calls, None where that is not known to leave the arrays alone.
Called = Callable[[Node], object]

# Functions of numbers that make no difference between Python's floats and NumPy's.
OF_NUMBERS = (abs, float, max, min)


class Floats:
    """Whether a function does the same with Python's floats as with NumPy's.

    It does if what becomes of the numbers are sums and products, comparisons that a branch asks,
    and functions of numbers.  ``lists`` are the lists that the numbers come from.
    """

    def __init__(self, body: list[Node], lists: set[str]) -> None:
        self.body = body
        self.lists = lists
        # The variables that hold such numbers, and those that hold truth values made of them.
        self.numbers: set[str] = set()
        self.truths: set[str] = set()
        self._spread()

    def _spread(self) -> None:
        simple = [s for s in statements_in(self.body) if isinstance(s, ASSIGNING)]
        before = -1
        while before != len(self.numbers) + len(self.truths):
            before = len(self.numbers) + len(self.truths)
            for stmt in simple:
                value = stmt.iter if isinstance(stmt, gast.For) else stmt.value
                if _is_method(value, "append"):
                    (value,) = value.args
                if self.is_number(value):
                    self.numbers |= written_by(stmt)
                    if self.is_truth(value):
                        self.truths |= written_by(stmt)

    def is_number(self, expression: Node) -> bool:
        """Whether an expression is made of such numbers."""
        return any(
            (is_name(node) and node.id in self.numbers)
            or (isinstance(node, gast.Subscript) and getattr(node.value, "id", "") in self.lists)
            for node in walk(expression)
        )

    def is_truth(self, expression: Node) -> bool:
        """Whether an expression is a truth value: of NumPy's the sum is not the number of them."""
        if _is_method(expression, "pop") or isinstance(expression, gast.Subscript):
            base = expression.func if isinstance(expression, gast.Call) else expression
            return is_name(base.value) and base.value.id in self.truths
        if is_name(expression):
            return expression.id in self.truths or getattr(expression, "kind", None) == BOOL
        if isinstance(expression, gast.UnaryOp):
            return isinstance(expression.op, gast.Not)
        return isinstance(expression, (gast.Compare, gast.BoolOp))

    def behave_alike(self, own: set[str], arrays: set[str], called: Called) -> bool:
        """Whether nothing in the function tells the difference.

        ``own`` are the tapes and adjoints, ``arrays`` other variables that may be arrays;
        ``called`` gives the function that a call calls, or ``None`` for one that may do more than
        compute.
        """
        self.own, self.arrays, self.called = own, arrays - own, called
        return all(map(self._alike_in, statements_in(self.body)))

    def _alike_in(self, stmt: Node) -> bool:
        parts = list(expressions_of(stmt))
        calls = [node for part in parts for node in walk(part) if isinstance(node, gast.Call)]
        # What writes to an array may write to the one that the list is a copy of.
        if any(self.called(each) is None or has_out(each) for each in calls):
            return False
        if any(map(self._is_foreign, getattr(stmt, "targets", [getattr(stmt, "target", None)]))):
            return False
        if isinstance(stmt, gast.AugAssign) and not self.arrays.isdisjoint(written_by(stmt)):
            return False
        if isinstance(stmt, (gast.If, gast.While, gast.Assert)):
            return self._is_alike(stmt.test, asked=True)
        if isinstance(stmt, gast.Assign) and all(map(is_name, stmt.targets)):
            return self._is_alike(stmt.value, asked=True)
        if isinstance(stmt, gast.Return) and isinstance(stmt.value, gast.Tuple):
            parts = [node for node in walk(stmt.value) if not isinstance(node, gast.Tuple)]
        if isinstance(stmt, gast.AugAssign):
            parts = [binary(stmt.target, stmt.op, stmt.value)]
        return all(map(self._is_alike, parts))

    def _is_foreign(self, target: Node) -> bool:
        """Whether a target is an element of anything but a tape or an adjoint."""
        if isinstance(target, gast.Tuple):
            return any(map(self._is_foreign, target.elts))
        if not isinstance(target, gast.Subscript):
            return False
        return not is_name(target.value) or target.value.id not in self.own

    def _is_alike(self, node: Node, asked: bool = False) -> bool:
        """Whether an expression has the same value; ``asked`` by a branch."""
        if not self.is_number(node):
            return True
        if self.is_truth(node):
            inner = not isinstance(node, gast.Compare)
            return asked and all(self._is_alike(each, asked=inner) for each in _operands(node))
        if isinstance(node, gast.Name):
            return True
        if isinstance(node, gast.Subscript):
            return is_name(node.value) and self._is_alike(node.slice)
        if isinstance(node, gast.UnaryOp):
            return isinstance(node.op, (gast.USub, gast.UAdd)) and self._is_alike(node.operand)
        if isinstance(node, gast.BinOp):
            return self._is_alike_operator(node)
        if isinstance(node, gast.Call):
            if all(is_name(each) and each.id in self.lists for each in node.args):
                return True  # np.array(t)
            return self._is_alike_call(node)
        return False

    def _is_alike_call(self, node: Node) -> bool:
        if _is_method(node, "append") or _is_method(node, "pop"):
            return all(self._is_alike(each, asked=True) for each in node.args)
        function = self.called(node)
        of_math = any(function is each for each in vars(math).values())
        known = of_math or any(function is each for each in OF_NUMBERS) or _is_of_numpy(function)
        return (
            known
            and not node.keywords
            and all(self._is_alike(each, asked=of_math) for each in node.args)
        )

    def _is_alike_operator(self, node: Node) -> bool:
        sides = [node.left, node.right]
        # A truth value times a number is a number.
        if all(map(self.is_truth, sides)) or not all(self._is_alike(e, asked=True) for e in sides):
            return False
        if isinstance(node.op, (gast.Add, gast.Sub, gast.Mult)):
            return True
        if isinstance(node.op, gast.Div):
            return is_number(node.right) and number_of(node.right) != 0
        return False


ASSIGNING = (gast.Assign, gast.AugAssign, gast.Expr, gast.For)


def _is_of_numpy(function: object) -> bool:
    return isinstance(function, np.ufunc) or (
        callable(function) and (getattr(function, "__module__", None) or "").startswith("numpy")
    )


def has_out(node: Node) -> bool:
    """Whether a call is given an array to write to."""
    return any(keyword.arg == "out" for keyword in node.keywords)


def _is_method(node: Node, method: str) -> bool:
    """``t.append(...)``, ``t.pop()``."""
    return isinstance(node, gast.Call) and getattr(node.func, "attr", "") == method


def _operands(node: Node) -> list[Node]:
    if isinstance(node, (gast.Name, gast.Call, gast.Subscript)):
        return []
    if isinstance(node, gast.Compare):
        return [node.left, *node.comparators]
    return [node.operand] if isinstance(node, gast.UnaryOp) else list(node.values)


def is_square(node: Node) -> bool:
    """``w ** 2``, which may be written ``w * w``."""
    return (
        isinstance(node, gast.BinOp)
        and isinstance(node.op, gast.Pow)
        and is_name(node.left)
        and is_number(node.right)
        and number_of(node.right) == 2
    )
