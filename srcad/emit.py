"""Listing to text: the only place that prints code.

What listings are made of is printed from the gast tree as it is, by astor's table of precedences;
the rest of the language is converted for astor's own printer.

>>> from srcad.tree import Comment, statement
>>> print(emit([Comment("y = x ** 2"), statement("w1 = (-1.0) ** 2 * (a - (b - c))")]), end="")
# y = x ** 2
w1 = (-1.0) ** 2 * (a - (b - c))
"""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import gast

from srcad.tree import Comment, Node

with warnings.catch_warnings():
    # astor 0.8.1 reads ast.Num and ast.Str when it is imported; Python 3.12 warns.
    warnings.simplefilter("ignore", DeprecationWarning)
    from astor.code_gen import SourceGenerator, set_precedence
    from astor.op_util import Precedence, precedence_data, symbol_data

INDENT = "    "


class Lines(list[str]):
    """Lines of text, and the statements that begin in them."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: dict[int, Node] = {}


def emit(body: Iterable[Node]) -> str:
    """The text of a list of statements, ending in a newline."""
    return text_of(lines_of(body))


def text_of(lines: Lines) -> str:
    """The text of some lines, ending in a newline."""
    return "\n".join(lines) + "\n"


def lines_of(body: Iterable[Node]) -> Lines:
    """The lines of a list of statements.

    >>> from srcad.tree import statement
    >>> lines = lines_of([statement("if a: b = c")])
    >>> lines, [type(lines.begun[n]).__name__ for n in lines.begun]
    (['if a:', '    b = c'], ['If', 'Assign'])
    """
    lines = Lines()
    for number, stmt in enumerate(body):
        if isinstance(stmt, gast.FunctionDef) and number:
            lines += ["", ""]
        _statement(stmt, 0, lines)
    return lines


def text(expression: Node) -> str:
    """The text of one expression, without the parentheses that a larger one would need."""
    return _expression(expression, Precedence.Expr)


def one_line(stmt: Node) -> str:
    """The text of a statement's first line: what a comment quotes."""
    return emit([stmt]).split("\n", 1)[0]


# -- statements -----------------------------------------------------------------------------------


def _statement(stmt: Node, depth: int, lines: Lines) -> None:
    lines.begun[len(lines)] = stmt
    simple = _SIMPLE.get(type(stmt))
    if simple is not None:
        lines.append(INDENT * depth + simple(stmt))
    elif isinstance(stmt, gast.If):
        word = "if"
        while True:
            lines.append(f"{INDENT * depth}{word} {_expression(stmt.test, Precedence.If)}:")
            _block(stmt.body, depth, lines)
            if len(stmt.orelse) != 1 or not isinstance(stmt.orelse[0], gast.If):
                break
            word, stmt = "elif", stmt.orelse[0]
        _else(stmt, depth, lines)
    elif isinstance(stmt, gast.For):
        target = _expression(stmt.target, Precedence.For)
        iterable = _expression(stmt.iter, Precedence.highest)
        lines.append(f"{INDENT * depth}for {target} in {iterable}:")
        _block(stmt.body, depth, lines)
        _else(stmt, depth, lines)
    elif isinstance(stmt, gast.While):
        lines.append(f"{INDENT * depth}while {_expression(stmt.test, Precedence.While)}:")
        _block(stmt.body, depth, lines)
        _else(stmt, depth, lines)
    elif isinstance(stmt, gast.With):
        items = ", ".join(_by_astor(each.context_expr) for each in stmt.items)
        lines.append(f"{INDENT * depth}with {items}:")
        _block(stmt.body, depth, lines)
    elif isinstance(stmt, gast.FunctionDef):
        lines.append(f"{INDENT * depth}def {stmt.name}({_by_astor(stmt.args)}):")
        _block(stmt.body, depth, lines)
    else:
        lines.append(_by_astor(stmt, depth=depth).lstrip("\n"))


def _block(body: list[Node], depth: int, lines: Lines) -> None:
    if not body:  # a stage on the way may have emptied it
        lines.append(INDENT * (depth + 1) + "pass")
    for stmt in body:
        _statement(stmt, depth + 1, lines)


def _else(stmt: Node, depth: int, lines: Lines) -> None:
    if stmt.orelse:
        lines.append(INDENT * depth + "else:")
        _block(stmt.orelse, depth, lines)


def _assign(stmt: Node) -> str:
    parts = [_expression(each, Precedence.Assign) for each in (*stmt.targets, stmt.value)]
    return " = ".join(parts)


def _augassign(stmt: Node) -> str:
    target = _expression(stmt.target, Precedence.AugAssign)
    return f"{target} {_SYMBOLS[type(stmt.op)]}= {_expression(stmt.value, Precedence.AugAssign)}"


def _return(stmt: Node) -> str:
    if stmt.value is None:
        return "return"
    return f"return {_expression(stmt.value, Precedence.Return)}"


_SIMPLE: dict[type, Callable[[Node], str]] = {
    Comment: lambda stmt: f"# {stmt.text}",
    gast.Assign: _assign,
    gast.AugAssign: _augassign,
    gast.Return: _return,
    gast.Expr: lambda stmt: _expression(stmt.value, Precedence.Expr),
    gast.Break: lambda stmt: "break",
    gast.Continue: lambda stmt: "continue",
    gast.Pass: lambda stmt: "pass",
}


# -- expressions ----------------------------------------------------------------------------------


def _expression(node: Node, above: int) -> str:
    """The text of an expression inside one that binds as strongly as ``above``."""
    if type(node) is gast.Name:
        name: str = node.id
        return name
    written = _EXPRESSIONS.get(type(node))
    return _by_astor(node, above) if written is None else written(node, above)


def _constant(node: Node, above: int) -> str:
    value = node.value
    if isinstance(value, (int, float)):
        written = repr(value)
        if isinstance(value, float) and not math.isfinite(value):
            written = "(1e1000-1e1000)" if math.isnan(value) else written.replace("inf", "1e1000")
        return f"({written})" if _PRECEDENCES[gast.Constant] < above else written
    if isinstance(value, complex):  # a literal has no real part: 2j
        return repr(value)
    return "..." if value is Ellipsis else repr(value)


def _binop(node: Node, above: int) -> str:
    # A long sum leans to the left: down that side without recursion, and up again.
    spine: list[tuple[Node, int]] = []
    while isinstance(node, gast.BinOp):
        spine.append((node, above))
        is_power = isinstance(node.op, gast.Pow)
        above = Precedence.Pow + 1 if is_power else _PRECEDENCES[type(node.op)]
        node = node.left
    parts = [_expression(node, above)]
    opened = 0
    for each, above in reversed(spine):
        own = _PRECEDENCES[type(each.op)]
        right = Precedence.PowRHS if isinstance(each.op, gast.Pow) else own + 1
        parts.append(f" {_SYMBOLS[type(each.op)]} {_expression(each.right, right)}")
        if own < above:
            opened += 1
            parts.append(")")
    return "(" * opened + "".join(parts)


def _unaryop(node: Node, above: int) -> str:
    symbol, own = _SYMBOLS[type(node.op)], _PRECEDENCES[type(node.op)]
    written = symbol + (" " if symbol.isalpha() else "") + _expression(node.operand, own)
    return f"({written})" if own < above else written


def _boolop(node: Node, above: int) -> str:
    own = _PRECEDENCES[type(node.op)]
    values = [_expression(each, own + 1) for each in node.values]
    written = f" {_SYMBOLS[type(node.op)]} ".join(values)
    return f"({written})" if own < above else written


def _compare(node: Node, above: int) -> str:
    own = _PRECEDENCES[type(node.ops[0])]
    written = _expression(node.left, own + 1)
    for op, right in zip(node.ops, node.comparators, strict=True):
        written += f" {_SYMBOLS[type(op)]} {_expression(right, own + 1)}"
    return f"({written})" if own < above else written


def _attribute(node: Node, above: int) -> str:
    return f"{_expression(node.value, Precedence.highest)}.{node.attr}"


def _subscript(node: Node, above: int) -> str:
    base = _expression(node.value, Precedence.highest)
    return f"{base}[{_expression(node.slice, Precedence.Subscript)}]"


def _call(node: Node, above: int) -> str:
    several = len(node.args) + len(node.keywords) > 1
    inside = Precedence.Comma if several else Precedence.call_one_arg
    arguments = [_expression(each, inside) for each in node.args]
    for keyword in node.keywords:
        value = _expression(keyword.value, Precedence.Comma)
        arguments.append(f"{keyword.arg}={value}" if keyword.arg else f"**{value}")
    return f"{_expression(node.func, Precedence.highest)}({', '.join(arguments)})"


def _tuple(node: Node, above: int) -> str:
    elements = _commas(node.elts)
    if len(node.elts) == 1:
        return f"({elements},)"
    bare = node.elts and _PRECEDENCES[gast.Tuple] >= above
    return elements if bare else f"({elements})"


def _list(node: Node, above: int) -> str:
    return f"[{_commas(node.elts)}]"


def _commas(elements: list[Node]) -> str:
    return ", ".join([_expression(each, Precedence.Comma) for each in elements])


_EXPRESSIONS: dict[type, Callable[[Node, int], str]] = {
    gast.Constant: _constant,
    gast.BinOp: _binop,
    gast.UnaryOp: _unaryop,
    gast.BoolOp: _boolop,
    gast.Compare: _compare,
    gast.Attribute: _attribute,
    gast.Subscript: _subscript,
    gast.Call: _call,
    gast.Tuple: _tuple,
    gast.List: _list,
}


def _of_gast(table: dict[type | None, Any]) -> dict[type, Any]:
    """A table of astor's, by gast's classes."""
    names = {kind.__name__: value for kind, value in table.items() if kind is not None}
    return {getattr(gast, name): value for name, value in names.items() if hasattr(gast, name)}


_SYMBOLS: dict[type, str] = _of_gast(symbol_data)
_PRECEDENCES: dict[type, int] = _of_gast(precedence_data)


# -- astor ----------------------------------------------------------------------------------------


def _by_astor(node: Node, above: int = Precedence.highest, *, depth: int = 0) -> str:
    """The text of what has no form of its own here."""
    converted = gast.ast3.GAstToAst3().visit(node)
    converted._pp = above
    printer = _Printer(indent_with=INDENT)
    printer.indentation = depth
    printer.visit(converted)
    return "".join(printer.result)


class _Printer(SourceGenerator):  # type: ignore[misc]
    """astor's generator: one statement a line, never wrapped."""

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

    def visit_Match(self, node: Any) -> None:
        """A match: astor is older than the statement."""
        self.statement(node, "match ", node.subject, ":")
        self.indentation += 1
        for case in node.cases:
            guard = [" if ", case.guard] if case.guard else []
            self.statement(case, "case ", ast.unparse(case.pattern), *guard, ":")
            self.body(case.body)
        self.indentation -= 1

    def visit_JoinedStr(self, node: Any) -> None:
        # astor meets ast.Str here, which Python 3.14 no longer has.
        self.write(ast.unparse(node))
