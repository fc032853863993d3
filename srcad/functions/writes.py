"""Whether anything may be written into an array while a function runs, and what it calls."""

from __future__ import annotations

import types

import gast

from srcad.errors import SrcadError
from srcad.functions.concerns import meaning_in
from srcad.functions.derived import behind, maker_of
from srcad.functions.order import WRITING
from srcad.read import Source, source_for
from srcad.rules import rule_of
from srcad.tree import Node, is_name


def may_write(source: Source, seen: set[Source] | None = None) -> bool:
    """Whether a function, or one that it calls by its name, may write into an array.

    Those that it is given have been looked at where they are handed on.

    >>> from srcad.read import read_module
    >>> text = '''
    ... def total(x):
    ...     s = 0.0
    ...     for each in x:
    ...         s += each
    ...     return s
    ... def twice(x):
    ...     return 2 * total(x)
    ... def half(x):
    ...     x *= 0.5
    ...     return total(x)
    ... def quarter(x):
    ...     return half(half(x))
    ... '''
    >>> [each.name for each in read_module(text, "example.py").functions if may_write(each)]
    ['half', 'quarter']
    """
    seen = set() if seen is None else seen
    seen.add(source)
    for node in source.nodes:
        parts = (gast.Subscript, gast.Attribute)
        if isinstance(node, parts) and not isinstance(node.ctx, gast.Load):
            return True
        if isinstance(node, gast.AugAssign) and not _is_number(source, node.target):
            return True
        if not isinstance(node, gast.Call):
            continue
        if isinstance(node.func, gast.Attribute) and node.func.attr in WRITING:
            return True
        if any(each.arg == "out" for each in node.keywords):
            return True
        for each in (node.func, *node.args, *(keyword.value for keyword in node.keywords)):
            called = behind(meaning_in(source, each))
            if not isinstance(called, (types.FunctionType, Source)) or maker_of(called) is not None:
                continue
            if rule_of(called) is not None:
                continue
            try:
                inner = source_for(called)
            except SrcadError:
                return True
            if inner not in seen and may_write(inner, seen):
                return True
    return False


def _is_number(source: Source, target: Node) -> bool:
    """Whether all that is assigned to a name, but for what is added to it, are numbers."""
    if not is_name(target):
        return False
    stored = [n for n in source.nodes if is_name(n, target.id) and isinstance(n.ctx, gast.Store)]
    values, added = [], 0
    for stmt in source.nodes:
        if isinstance(stmt, gast.AugAssign):
            added += is_name(stmt.target, target.id)
        if isinstance(stmt, gast.Assign):
            values += [stmt.value for each in stmt.targets if is_name(each, target.id)]
    numbers = all(isinstance(each, gast.Constant) for each in values)
    return bool(values) and numbers and len(stored) == len(values) + added
