"""Python's syntax tree → gast tree, without recursion.

A sum of a thousand terms is a tree a thousand levels deep, and so is an `elif` chain. gast's own
converter calls itself at each level and meets the recursion limit; a list of nodes that are still
to be filled in does not. Positions are kept: they are what errors point at.
"""

from __future__ import annotations

import ast
from typing import Any, TypeAlias

import gast

Node: TypeAlias = Any  #: a node of a gast tree (gast has no types)

LAMBDA = "lambda_"  #: the name of the function that a lambda becomes

# `x + y` holds an Add() and `x` a Load(): they have no fields and no position, and one of each
# serves the whole tree, as in Python's own trees.
_SHARED = (ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop)


def to_gast(root: ast.AST) -> Node:
    """The gast tree of a Python tree.

    >>> tree = to_gast(ast.parse("x + 1", mode="eval").body)
    >>> type(tree) is gast.BinOp, tree.left.id, tree.right.value, tree.right.col_offset
    (True, 'x', 1, 4)
    """
    shared: dict[type, Node] = {}
    waiting: list[tuple[ast.AST, Node]] = []

    def convert(old: ast.AST) -> Node:
        """A node in gast's terms, which is made empty here, and filled when its turn comes."""
        kind = type(old)
        if isinstance(old, _SHARED):
            if kind not in shared:
                shared[kind] = getattr(gast, kind.__name__)()
            return shared[kind]
        # In gast, a parameter is a Name like any other.
        node = getattr(gast, "Name" if kind is ast.arg else kind.__name__)()
        waiting.append((old, node))
        return node

    def converted(value: Any) -> Any:
        if isinstance(value, ast.AST):
            return convert(value)
        return [converted(item) for item in value] if isinstance(value, list) else value

    result = convert(root)
    while waiting:
        old, new = waiting.pop()
        values = new.__dict__
        for name in old._attributes:
            values[name] = getattr(old, name, None)
        if isinstance(old, ast.arg):
            new.id, new.ctx = old.arg, gast.Param()
            new.annotation, new.type_comment = converted(old.annotation), old.type_comment
            continue
        for name in new._fields:  # those that this Python's trees lack are empty
            value = getattr(old, name, [] if name == "type_params" else None)
            values[name] = convert(value) if isinstance(value, ast.AST) else converted(value)
        if isinstance(old, ast.ExceptHandler) and old.name is not None:
            new.name = gast.copy_location(gast.Name(old.name, gast.Store(), None, None), new)
    return result


def definition(node: ast.AST) -> Node:
    """The gast function definition of a `def`, or of a lambda.

    A lambda becomes a function that returns its body; each node keeps its place in the file.

    >>> tree = definition(ast.parse("lambda x: x * x", mode="eval").body)
    >>> tree.name, type(tree.body[0]) is gast.Return, tree.body[0].col_offset
    ('lambda_', True, 10)
    """
    tree = to_gast(node)
    if not isinstance(node, ast.Lambda):
        return tree
    returned = gast.copy_location(gast.Return(tree.body), tree.body)
    function = gast.FunctionDef(LAMBDA, tree.args, [returned], [], None, None, [])
    return gast.copy_location(function, tree)
