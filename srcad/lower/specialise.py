"""Constants of the specialisation put in place, and the branches on them decided.

>>> import gast
>>> from srcad.emit import emit
>>> body = gast.parse("if mode == 'fast' and not flag:\\n    y = x\\nelse:\\n    y = x ** n").body
>>> print(emit(specialise(body, {"mode": "fast", "flag": False})), end="")
y = x

A parameter that is bound anew is a constant up to there:

>>> body = gast.parse("if w is None:\\n    w = 2.0\\ny = x * w").body
>>> print(emit(specialise(body, {"w": None})), end="")
w = 2.0
y = x * w
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import gast

from srcad.listing import with_origin
from srcad.lower.jumps import always_jumps
from srcad.lower.scopes import FUNCTIONS, assigned_in, exchanged, free_names
from srcad.tree import (
    Node,
    assign,
    blocks_of,
    constant,
    copy_node,
    is_name,
    kinds_in,
    rewrite,
    walk,
)

PLAIN = (str, bool, type(None))
# Methods of strings that are asked before the function runs.
METHODS = ("casefold", "endswith", "lower", "lstrip", "rstrip", "startswith", "strip", "upper")

# What may be decided before the function runs.
DECIDED = (gast.IfExp, gast.BoolOp, gast.Call, gast.Compare)

# The answer to a question about classes, in a 1-tuple; None if it is not known before running.
Ask = Callable[[Node], "tuple[object] | None"]


def specialise(
    body: list[Node], constants: Mapping[str, object], ask: Ask = lambda question: None
) -> list[Node]:
    """The body with variables exchanged for constants and decided branches taken."""
    pass_ = _Specialised(constants, ask)
    known: dict[str, Node | None] = {n: constant(value) for n, value in constants.items()}
    # What a function inside reads is what the name means when that is called.
    inside = [node for stmt in body for node in walk(stmt) if isinstance(node, FUNCTIONS)]
    for name in free_names(*inside) & assigned_in(body) & known.keys():
        known[name] = None
    out = pass_.block(body, known)
    first = [
        with_origin(gast.copy_location(assign(name, constant(value)), body[0]), None)
        for name, value in constants.items()
        if name in pass_.kept
    ]
    return [*first, *out]


class _Specialised:
    """``known`` says what variables hold: a constant, or None where that depends on the way."""

    def __init__(self, constants: Mapping[str, object], ask: Ask) -> None:
        self.constants = constants
        self.ask = ask
        # Parameters that are read where they may hold the constant, or another value.
        self.kept: set[str] = set()

    def block(self, body: list[Node], known: dict[str, Node | None]) -> list[Node]:
        """A block; ``known`` is brought to its end."""
        out: list[Node] = []
        for stmt in body:
            if isinstance(stmt, (gast.For, gast.While)):
                for name in assigned_in([stmt]) & known.keys():
                    known[name] = None
            changes = self.header(stmt, known)
            if isinstance(stmt, gast.If):
                decided = self.value(changes["test"])
                if decided is not None:
                    chosen = stmt.body if decided[0] else stmt.orelse
                    out += self.block(chosen, known)
                    if always_jumps(chosen):
                        return out
                    continue
                other = dict(known)
                changes["body"] = self.block(stmt.body, known)
                changes["orelse"] = self.block(stmt.orelse, other)
                if always_jumps(stmt.body):
                    known.clear()
                    known.update(other)
                elif not always_jumps(stmt.orelse):
                    _join(known, other)
            elif list(blocks_of(stmt)):
                for field in ("body", "orelse"):
                    changes[field] = self.block(getattr(stmt, field), dict(known))
            new = copy_node(stmt, **changes)
            out.append(new)
            self.bind(new, known)
        return out

    def header(self, stmt: Node, known: dict[str, Node | None]) -> dict[str, Any]:
        """The expressions of a statement, with what is known put in."""
        if known:
            for name in _bound_on_the_way(stmt) & known.keys():
                known[name] = None
        places = {n: value for n, value in known.items() if value is not None}
        changes: dict[str, Any] = {}
        for field in stmt._fields:
            part: Any = getattr(stmt, field, None)
            if field in ("body", "orelse"):
                continue
            if field in ("target", "targets"):
                self.note(part if isinstance(part, list) else [part], known)
            elif isinstance(part, gast.AST) and not isinstance(part, gast.operator):
                part = exchanged(part, places)
                self.note([part], known)
                changes[field] = self.decide(part)
        if isinstance(stmt, gast.AugAssign) and is_name(stmt.target):
            self.kept |= {stmt.target.id} & known.keys()
        return changes

    def note(self, parts: list[Node], known: dict[str, Node | None]) -> None:
        unclear = {name for name, value in known.items() if value is None}
        if unclear:
            self.kept |= free_names(*parts) & unclear

    def bind(self, stmt: Node, known: dict[str, Node | None]) -> None:
        """What a statement does to what is known."""
        if isinstance(stmt, (gast.If, gast.For, gast.While)):
            return
        value = getattr(stmt, "value", None)
        constants = known.keys() | self.constants.keys()
        for name in assigned_in([stmt]) & constants if constants else ():
            known.pop(name, None)
            plain = isinstance(value, gast.Constant) and isinstance(value.value, PLAIN)
            single = isinstance(stmt, gast.Assign) and len(stmt.targets) == 1
            if plain and single and is_name(stmt.targets[0], name):
                known[name] = value

    def decide(self, expression: Node) -> Node:
        """Conditional expressions and questions, decided."""

        def replace(node: Node) -> Node | None:
            if isinstance(node, gast.IfExp):
                known = self.value(node.test)
                if known is not None:
                    return self.decide(node.body if known[0] else node.orelse)
            if isinstance(node, gast.BoolOp):
                return self.shortened(node)
            if isinstance(node, (gast.Call, gast.Compare)):
                known = self.value(node)
                if known is not None:
                    return constant(known[0])
            return None

        return (
            expression if kinds_in(expression).isdisjoint(DECIDED) else rewrite(expression, replace)
        )

    def shortened(self, node: Node) -> Node | None:
        """``True and a`` is ``a``, and ``False and a`` is ``False``."""
        values = list(node.values)
        is_and = isinstance(node.op, gast.And)
        while len(values) > 1:
            known = self.value(values[0])
            if known is None:
                break
            if bool(known[0]) is not is_and:
                return constant(known[0])
            values = values[1:]
        if len(values) == len(node.values):
            return None
        return self.decide(values[0] if len(values) == 1 else copy_node(node, values=values))

    def value(self, node: Node) -> tuple[object] | None:
        """The value of a test that is known, in a 1-tuple; None if it is not known."""
        if isinstance(node, gast.Constant) and isinstance(node.value, PLAIN):
            return (node.value,)
        if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.Not):
            known = self.value(node.operand)
            return None if known is None else (not known[0],)
        if isinstance(node, gast.BoolOp):
            is_and = isinstance(node.op, gast.And)
            for each in node.values:
                known = self.value(each)
                if known is None or bool(known[0]) is not is_and:
                    return known
            return known
        if isinstance(node, gast.Compare) and len(node.ops) == 1:
            return self.comparison(node)
        if isinstance(node, gast.Call):
            return self.method(node) or self.ask(node)
        return None

    def comparison(self, node: Node) -> tuple[object] | None:
        left = self.value(node.left)
        (op,), (other,) = node.ops, node.comparators
        if left is None:
            return self.ask(node)
        if isinstance(op, (gast.In, gast.NotIn)) and isinstance(other, _DISPLAYS):
            found = [self.value(each) for each in other.elts]
            among = [each[0] for each in found if each is not None]
            if len(among) < len(found):
                return None
            inside = any(type(each) is type(left[0]) and each == left[0] for each in among)
            return (inside is isinstance(op, gast.In),)
        right = self.value(other)
        if right is None:
            return None
        same = type(left[0]) is type(right[0]) and left[0] == right[0]
        if isinstance(op, (gast.Eq, gast.Is)):
            return (same,)
        if isinstance(op, (gast.NotEq, gast.IsNot)):
            return (not same,)
        return None

    def method(self, node: Node) -> tuple[object] | None:
        """``mode.lower()``, ``mode.startswith("a")`` of a string that is known."""
        if not isinstance(node.func, gast.Attribute) or node.keywords:
            return None
        owner = node.func.value
        known = [self.value(each) for each in (owner, *node.args)]
        if node.func.attr not in METHODS or None in known:
            return None
        text, *others = (each[0] for each in known if each is not None)
        if not all(isinstance(each, str) for each in (text, *others)):
            return None
        return (getattr(text, node.func.attr)(*others),)


def _bound_on_the_way(stmt: Node) -> set[str]:
    """The variables that a statement's expressions bind, by `:=`."""
    header = [getattr(stmt, field, None) for field in ("value", "test", "iter")]
    nodes = [node for each in header if isinstance(each, gast.AST) for node in walk(each)]
    return {node.target.id for node in nodes if isinstance(node, gast.NamedExpr)}


_DISPLAYS = (gast.Tuple, gast.List, gast.Set)


def _join(known: dict[str, Node | None], other: dict[str, Node | None]) -> None:
    """What is known after two ways: what both of them say."""
    for name in known.keys() | other.keys():
        if name in known and name in other:
            one, two = (None if each is None else each.value for each in (known[name], other[name]))
            both = known[name] is not None and other[name] is not None
            if both and type(one) is type(two) and one == two:
                continue
        known[name] = None
