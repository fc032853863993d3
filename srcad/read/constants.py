"""The values of expressions that are plain to see: literals, and arithmetic of them."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
}
_NUMBERS = (int, float, complex, bool)
_LIMIT = 10_000  # bits of an integer: nobody writes a longer one, and 9**9**9 would never end


class NotConstant(Exception):
    """The expression has to be executed for its value; the argument says why."""


def constant_value(node: ast.AST, name_value: Callable[[ast.expr], object]) -> object:
    """The value of an expression of literals; `name_value` gives those of names and attributes.

    >>> def no_names(node):
    ...     raise NotConstant("a name")
    >>> constant_value(ast.parse("(-1, 2.0 / 4, 'a')", mode="eval").body, no_names)
    (-1, 0.5, 'a')
    """
    # A postfix order of the nodes instead of recursion: a sum may have a thousand terms.
    order: list[ast.AST] = []
    waiting = [node]
    while waiting:
        current = waiting.pop()
        order.append(current)
        waiting += _operands(current)
    stack: list[object] = []
    for current in reversed(order):
        count = len(_operands(current))
        values = stack[len(stack) - count :]
        del stack[len(stack) - count :]
        stack.append(_value(current, values, name_value))
    return stack.pop()


def _operands(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.UnaryOp):
        return [node.operand]
    return list(node.elts) if isinstance(node, ast.Tuple) else []


def _value(node: ast.AST, values: list[object], name_value: Callable[[ast.expr], object]) -> object:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Tuple):
        return tuple(values)
    if isinstance(node, ast.Name | ast.Attribute):
        return name_value(node)
    if isinstance(node, ast.BinOp | ast.UnaryOp):
        return _calculated(node, values)
    if isinstance(node, ast.Call):
        raise NotConstant("it is assigned by a call")
    raise NotConstant("it is not a number, a string or a tuple of them")


def _calculated(node: ast.BinOp | ast.UnaryOp, values: list[object]) -> object:
    operation: Callable[..., object] | None
    operation = _BINARY.get(type(node.op)) if isinstance(node, ast.BinOp) else None
    if isinstance(node, ast.UnaryOp):
        operation = _UNARY.get(type(node.op))
    if operation is None or not all(type(value) in _NUMBERS for value in values):
        raise NotConstant("it is computed by more than arithmetic of numbers")
    if isinstance(node.op, ast.Pow | ast.Mult) and all(isinstance(v, int) for v in values):
        base, other = (abs(int(value)) for value in values)  # type: ignore[call-overload]
        size = other * base.bit_length() if isinstance(node.op, ast.Pow) else 0
        if max(size, base.bit_length() + other.bit_length()) > _LIMIT:
            raise NotConstant("it is a very large integer")
    try:
        return operation(*values)
    except (ArithmeticError, ValueError) as error:
        raise NotConstant(f"its arithmetic fails ({error})") from None
