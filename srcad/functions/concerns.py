"""Whether a function has functions in it that are made or handed on."""

from __future__ import annotations

import types
from typing import Any

import gast

from srcad.errors import SrcadError
from srcad.functions.binding import parameters_of
from srcad.functions.derived import maker_of
from srcad.functions.meanings import is_function
from srcad.functions.trips import CALLING
from srcad.read import Source, Unresolved, source_for
from srcad.rules import rule_of
from srcad.tree import Node, is_name


def concerns(source: Source) -> bool:
    """Whether functions are made or handed on in a function, or arguments are starred."""
    for node in source.nodes:
        if isinstance(node, (gast.Lambda, gast.FunctionDef)):
            return True
        if isinstance(node, gast.Call):
            values = [*node.args, *(each.value for each in node.keywords)]
            if any(isinstance(each, gast.Starred) for each in node.args):
                return True
            if any(each.arg is None for each in node.keywords):
                return True
            if any(_is_function(source, each) for each in values):
                return True
            callee = meaning_in(source, node.func)
            if any(callee is each for each in CALLING):
                return True
            if maker_of(callee) is not None:
                return True
            if is_function(callee) and rule_of(callee) is None:
                code = getattr(callee, "__code__", None)
                if code is not None and code.co_flags & 0x0C:  # *args, **kwargs
                    return True
                if code is not None and _has_functions_as_defaults(callee):
                    return True
                arguments = getattr(getattr(callee, "tree", None), "args", None)
                if arguments is not None and (arguments.vararg or arguments.kwarg):
                    return True
                if _returns_function(callee):
                    return True
        if isinstance(node, gast.Assign) and _is_function(source, node.value):
            return True
    return False


def _has_functions_as_defaults(callee: Any) -> bool:
    defaults = [*(callee.__defaults__ or ()), *(callee.__kwdefaults__ or {}).values()]
    return any(map(is_function, defaults))


def _returns_function(callee: object) -> bool:
    """Whether the last statement of a function returns one that is made in it."""
    try:
        body = source_for(callee).tree.body
    except SrcadError:
        return False
    value = getattr(body[-1], "value", None) if isinstance(body[-1], gast.Return) else None
    defined = {each.name for each in body if isinstance(each, gast.FunctionDef)}
    return isinstance(value, gast.Lambda) or getattr(value, "id", None) in defined


def _is_function(source: Source, node: Node) -> bool:
    if isinstance(node, (gast.Tuple, gast.IfExp, gast.BoolOp)):
        parts = [node.body] if isinstance(node, gast.IfExp) else []
        parts += getattr(node, "elts", []) + getattr(node, "values", [])
        return any(_is_function(source, each) for each in parts)
    found = meaning_in(source, node)
    return is_function(found)


def meaning_in(source: Source, node: Node) -> object:
    """The object that a free name, or an attribute of a module, stands for; None of others."""
    names = []
    while isinstance(node, gast.Attribute):
        names.append(node.attr)
        node = node.value
    if not is_name(node) or node.id in source.assigned:
        return None
    if any(node.id == each.id for each in parameters_of(source.tree)):
        return None
    try:
        found = source.scope.lookup(node.id)
    except Unresolved:
        return None
    for name in reversed(names):
        if not isinstance(found, types.ModuleType):
            return None
        found = getattr(found, name, None)
    return found
