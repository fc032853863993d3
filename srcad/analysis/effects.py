"""Whether calling a function does more than compute its result."""

from __future__ import annotations

import types

import gast

from srcad.functions import source_of
from srcad.functions.derived import behind
from srcad.lower.resolve import Resolver
from srcad.read import Source
from srcad.rules import rule_of
from srcad.tree import Node


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
