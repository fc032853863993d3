"""Tests that functions decide: whether one is there, and which of two is meant."""

from __future__ import annotations

from typing import Any

import gast

from srcad.functions.meanings import Meanings
from srcad.functions.values import Choice, Function, Held, Several, Undecided, is_none
from srcad.tree import Node, constant, is_name, load


class Decided(Meanings):
    """What is known of a test before the code runs, and how it is kept for later."""

    def is_rebound(self, name: str) -> bool:
        raise NotImplementedError

    def decided(self, test: Node) -> bool | None:
        """What a test about a function comes out as; None if it is about something else.

        `f is None` is false where `f` is a function, and so on.
        """
        if isinstance(test, gast.UnaryOp) and isinstance(test.op, gast.Not):
            inner = self.decided(test.operand)
            return None if inner is None else not inner
        if isinstance(test, gast.BoolOp):
            stops = isinstance(test.op, gast.Or)
            found = [self.decided(each) for each in test.values]
            if found[0] is stops:
                return stops
            return None if None in found else any(found) if stops else all(found)
        if isinstance(test, gast.Call) and self.meaning(test.func) is callable:
            plain = len(test.args) == 1 and is_name(test.args[0]) and not test.keywords
            return self.decided(test.args[0]) if plain else None
        if is_name(test):
            return True if self._is_function(test) else False if self._is_none(test) else None
        if not isinstance(test, gast.Compare) or not is_none(test.comparators[0]):
            return None
        (op, *others) = test.ops
        if others or not isinstance(op, (gast.Is, gast.IsNot)):
            return None
        asks = isinstance(op, gast.Is)
        if self._is_none(test.left):
            return asks
        return not asks if self._is_function(test.left) else None

    def _is_none(self, node: Node) -> bool:
        return is_name(node) and node.id in self.nones and node.id not in self.env

    def _is_function(self, node: Node) -> bool:
        value = self.env.get(node.id) if is_name(node) else None
        if isinstance(value, Choice):
            return not any(isinstance(each, (Held, Undecided)) for each in alternatives(value))
        return value is not None and not isinstance(value, (Undecided, Several, Held))

    def either(self, node: Node, stem: str) -> Function | None:
        """`f or g`: what a parameter holds, if it is a function, or else another one."""
        if not isinstance(node.op, gast.Or) or len(node.values) != 2:
            return None
        first, other = node.values
        if not is_name(first) or not self.may_be_function(other):
            return None
        if (known := self.decided(first)) is not None:
            return self.value(first if known else other, stem)
        if first.id not in self.parameters or first.id in self.env:
            return None
        value = self.value(other, stem)
        return None if value is None else Choice(asks_none(first), value, Held(first.id))

    def kept_test(self, test: Node, stem: str) -> Node:
        """A test that is asked now, and read later: as a variable, or as it stands."""
        if self.is_steady(test):
            return test
        truth = test
        if not (isinstance(test, gast.Compare) or is_name(test)):
            truth = gast.copy_location(gast.IfExp(test, constant(True), constant(False)), test)
        kept: Node = self.kept(truth, f"{stem}_test")
        return kept

    def is_steady(self, test: Node) -> bool:
        """Whether a test asks a parameter that stays as it is for a string, or for None."""
        if isinstance(test, gast.UnaryOp) and isinstance(test.op, gast.Not):
            return self.is_steady(test.operand)
        if not isinstance(test, gast.Compare) or not is_name(test.left):
            return False
        plain = all(
            isinstance(each, gast.Constant) and (each.value is None or type(each.value) is str)
            for each in test.comparators
        )
        name = test.left.id
        return plain and name in self.parameters and not self.is_rebound(name)


def asks_none(name: Node) -> Node:
    """``name is None``."""
    made = gast.Compare(load(name.id), [gast.Is()], [constant(None)])
    return gast.copy_location(made, name)


def alternatives(value: Any) -> list[Any]:
    """The functions of which one is meant."""
    if isinstance(value, Choice):
        return [*alternatives(value.body), *alternatives(value.orelse)]
    return [value]
