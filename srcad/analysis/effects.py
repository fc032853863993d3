"""Whether calling a function does more than compute its result."""

from __future__ import annotations

import types

import gast
import numpy as np

from srcad.functions import source_of
from srcad.functions.derived import behind
from srcad.lower.resolve import MISSING, Resolver
from srcad.read import Source
from srcad.rules import METHODS, entries_of, rule_of
from srcad.tree import Node

# The functions and methods that write into an array or a list.
WRITERS = {
    "append", "at", "clear", "copyto", "extend", "fill", "fill_diagonal", "insert", "partition",
    "place", "pop", "put", "put_along_axis", "putmask", "remove", "resize", "reverse", "shuffle",
    "sort",
}  # fmt: skip


def has_effects(source: Source) -> bool:
    """Whether a function prints, raises, asserts or changes a list, itself or by a call.

    A call of such a function is kept also where its result is not needed.
    """
    seen: set[Source] = set()
    pending = [source]
    while pending:
        each = pending.pop()
        if each in seen:
            continue
        seen.add(each)
        resolver = Resolver(each.scope, set())
        for node in each.nodes:
            if isinstance(node, (gast.Assert, gast.Raise)) or _writes_memory(node):
                return True
            if isinstance(node, gast.Call):
                function = resolver.object_of(node.func)
                if function is print:
                    return True
                callee = _callee(function)
                if callee is not None:
                    pending.append(callee)
    return False


def _writes_memory(node: Node) -> bool:
    if isinstance(node, gast.Subscript) and isinstance(node.ctx, gast.Store):
        return True
    return isinstance(node, gast.Attribute) and node.attr in ("append", "pop", "at")


def _callee(function: object) -> Source | None:
    function = behind(function)  # a derivative runs what it is the derivative of
    if isinstance(function, (types.FunctionType, Source)) and rule_of(function) is None:
        return source_of(function)
    return None


def writes_arguments(function: object) -> bool:
    """Whether a function of the user's may write into what it is given, itself or by a call.

    A call of what is not known, ``f(x)`` for a parameter ``f``, may; ``s += x`` too, of an array.
    """
    seen: set[Source] = set()
    pending = [function]
    while pending:
        source = _callee(pending.pop())
        if source is None or source in seen:
            continue
        seen.add(source)
        names = [node for node in source.nodes if isinstance(node, gast.Name)]
        own = {node.id for node in names if not isinstance(node.ctx, gast.Load)}
        resolver = Resolver(source.scope, own)
        for node in source.nodes:
            if isinstance(node, gast.AugAssign) or _writes_memory(node):
                return True
            if isinstance(node, gast.Call):
                function = resolver.object_of(node.func)
                if _callee(function) is not None:
                    pending.append(function)
                elif _call_writes(node, function):
                    return True
    return False


def _call_writes(node: Node, function: object) -> bool:
    """Whether a call of a function that is not the user's may write into what it is given."""
    if getattr(node.func, "attr", "") in WRITERS or getattr(function, "__name__", "") in WRITERS:
        return True
    if any(each.arg == "out" for each in node.keywords):
        return True
    if isinstance(function, np.ufunc):
        return len(node.args) > function.nin
    if function is MISSING:
        return not isinstance(node.func, gast.Attribute) or node.func.attr not in METHODS
    return not entries_of(function) and getattr(function, "__module__", "") == "numpy"
