"""Listing to text: the only place that prints code.

>>> from srcad.tree import Comment, statement
>>> print(emit([Comment("y = x ** 2"), statement("w1 = (-1.0) ** 2 * (a - (b - c))")]), end="")
# y = x ** 2
w1 = (-1.0) ** 2 * (a - (b - c))
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable
from typing import Any

import gast

from srcad.tree import Node

with warnings.catch_warnings():
    # astor 0.8.1 reads ast.Num and ast.Str when it is imported; Python 3.12 warns.
    warnings.simplefilter("ignore", DeprecationWarning)
    from astor.code_gen import SourceGenerator, set_precedence
    from astor.op_util import Precedence


class _Comment(ast.stmt):
    """The printer's side of :class:`srcad.tree.Comment`."""

    _fields = ("text",)


class _ToAst(gast.ast3.GAstToAst3):  # type: ignore[misc]
    """gast's own converter, which must learn what a comment is."""

    def visit_Comment(self, node: Node) -> ast.stmt:
        comment = _Comment()
        comment.text = node.text  # type: ignore[attr-defined]
        return comment


class _Printer(SourceGenerator):  # type: ignore[misc]
    """astor's generator: one statement a line, never wrapped, with comments."""

    def visit__Comment(self, node: Any) -> None:
        self.statement(node, "# " + node.text)

    def visit_Constant(self, node: Any) -> None:
        if isinstance(node.value, (str, bytes)):
            self.write(repr(node.value))
        else:
            super().visit_Constant(node)

    def visit_Tuple(self, node: Any) -> None:
        if len(node.elts) == 1:
            set_precedence(Precedence.Comma, node.elts[0])
            self.write("(", node.elts[0], ",)")
        else:
            super().visit_Tuple(node)

    def visit_JoinedStr(self, node: Any) -> None:
        # astor meets ast.Str here, which Python 3.14 no longer has.
        self.write(ast.unparse(node))

    def visit_FunctionDef(self, node: Any, is_async: bool = False) -> None:
        self.statement(node, f"def {node.name}(")
        self.visit_arguments(node.args)
        self.write("):")
        self.body(node.body)


def emit(body: Iterable[Node]) -> str:
    """The text of a list of statements, ending in a newline."""
    printer = _Printer(indent_with="    ")
    convert = _ToAst()
    for number, stmt in enumerate(body):
        if isinstance(stmt, gast.FunctionDef) and number:
            printer.newline(extra=2)
        printer.visit(convert.visit(stmt))
    return "".join(printer.result).lstrip("\n") + "\n"


def text(expression: Node) -> str:
    """The text of one expression, without the parentheses that a larger one would need."""
    return emit([gast.Expr(expression)])[:-1]


def one_line(stmt: Node) -> str:
    """The text of a statement's first line: what a comment quotes."""
    return emit([stmt]).split("\n", 1)[0]
