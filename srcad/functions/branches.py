"""Branches and loops: which function a name means where their paths meet."""

from __future__ import annotations

from typing import Any

import gast

from srcad.functions.decided import asks_none
from srcad.functions.meanings import Meanings
from srcad.functions.values import (
    Choice,
    Function,
    Held,
    Undecided,
    is_none,
    same_function,
    variables_of,
)
from srcad.lower.scopes import assigned_in
from srcad.tree import Node, assign, blocks_of, constant, copy_node, is_name, load, target_names

ENDS = (gast.Return, gast.Raise)


class Branches(Meanings):
    """Statements that hold others."""

    current: Node
    # The variables that hold tests of branches.
    tests: set[str]

    def unrolled(self, stmt: Node, rows: list[list[Any]]) -> list[Node]:
        raise NotImplementedError

    def is_steady(self, test: Node) -> bool:
        raise NotImplementedError

    def in_turn(self, stmt: Node) -> Node:
        raise NotImplementedError

    def branches(self, stmt: Node) -> list[Node]:
        """An `if`: a function that both branches bind is one of two, by its test."""
        known = self.decided(stmt.test)
        if known is not None:
            return self.block(stmt.body if known else stmt.orelse) or [gast.Pass()]
        self.hoists = True
        self.current = stmt.test
        test = self.expr(stmt.test)
        start, nones, tests = dict(self.env), set(self.nones), set(self.tests)
        hoisted, bound = self.before, set(self.bound)
        body = self.block(stmt.body)
        first, self.env = self.env, dict(start)
        nones, self.nones = self.nones, nones
        bound, self.bound = self.bound, bound
        orelse = self.block(stmt.orelse)
        other, self.before = self.env, hoisted
        self.nones &= nones
        every = bound | self.bound
        if body and isinstance(body[-1], ENDS):
            first, bound = other, self.bound
        elif orelse and isinstance(orelse[-1], ENDS):
            other, self.bound = first, bound
        self.bound &= bound
        self.partly |= every - self.bound
        self.env, steady = {}, self.is_steady(test)
        for name in {**first, **other}:
            one, two = first.get(name), other.get(name)
            if one is not None and two is not None and same_function(one, two):
                self.env[name] = one
            elif one is not None and two is not None:
                if not steady:
                    steady, test = True, self.tested(test, name)
                # A test inside one branch is asked again only where that was taken.
                inner = [
                    n for n in variables_of(one) + variables_of(two) if n in self.tests - tests
                ]
                for each in dict.fromkeys(inner):
                    tests.add(each)
                    self.before.append(gast.copy_location(assign(each, constant(False)), stmt))
                self.env[name] = Choice(test, one, two)
                tests |= set(variables_of(test))
            else:
                found = self.unless_given(name, stmt, one)
                self.env[name] = found or Undecided("a branch binds it, and another one does not")
        return [copy_node(stmt, test=test, body=body or [gast.Pass()], orelse=orelse)]

    def tested(self, test: Node, stem: str) -> Node:
        """A test that is asked once, before the branches, as a variable."""
        if not isinstance(test, (gast.Compare, gast.Constant)):
            # A list that is asked whether it is empty may not stay so.
            test = gast.copy_location(gast.IfExp(test, constant(True), constant(False)), test)
        name = self.fresh(f"{stem}_test")
        self.variables.add(name)
        self.tests.add(name)
        self.before.append(gast.copy_location(assign(name, test), test))
        return load(name)

    def unless_given(self, name: str, stmt: Node, one: Function | None) -> Function | None:
        """The function that a parameter stands for that one is bound to where it is None."""
        asked = self.asked_whether_given(stmt.test)
        if asked is None or asked.id != name:
            return None
        elsewhere = len([n for n in self.source.nodes if _stores(n, name)])
        here = len([n for each in stmt.body for n in gast.walk(each) if _stores(n, name)])
        if one is None or name not in self.parameters or elsewhere != here:
            return None
        return Choice(asks_none(asked), one, Held(name))

    def asked_whether_given(self, test: Node) -> Node | None:
        """The name of `name is None`, and of `not callable(name)`."""
        if isinstance(test, gast.Compare) and isinstance(test.ops[0], gast.Is):
            return test.left if is_name(test.left) and is_none(test.comparators[0]) else None
        call = getattr(test, "operand", None)
        if not isinstance(getattr(test, "op", None), gast.Not) or not isinstance(call, gast.Call):
            return None
        plain = len(call.args) == 1 and is_name(call.args[0]) and not call.keywords
        return call.args[0] if plain and self.meaning(call.func) is callable else None

    def loop(self, stmt: Node) -> list[Node]:
        """A loop: what it binds is unknown where it starts again."""
        self.hoists = isinstance(stmt, gast.For)
        self.current = stmt.iter if isinstance(stmt, gast.For) else stmt.test
        changes: dict[str, Any] = {}
        if isinstance(stmt, gast.For):
            stmt = self.in_turn(stmt)
            rows = self.rows(stmt.iter)
            if is_name(stmt.iter) and stmt.iter.id in self.star:
                rows = [[each] for each in self.star[stmt.iter.id]]
            if rows is not None and _fits(stmt.target, rows):
                return self.unrolled(stmt, rows)
            changes["iter"] = self.expr(stmt.iter)
        blocks = list(blocks_of(stmt))
        inner = assigned_in([each for block in blocks for each in block])
        self.nones -= inner
        if isinstance(stmt, gast.While):
            changes["test"] = self.expr(stmt.test)
        before = dict(self.env)
        if isinstance(stmt, gast.For):
            inner |= set(target_names(stmt.target))
        for name in inner & before.keys():
            self.env[name] = Undecided("a loop binds it anew")
        start = dict(self.env)
        ends = []
        for field in ("body", "orelse"):
            self.env = dict(start)
            changes[field] = self.block(getattr(stmt, field))
            ends.append(self.env)
        first, other = ends
        self.env = {}
        for name in {**first, **other}:
            one, two = first.get(name), other.get(name)
            if (one is not None and two is not None and same_function(one, two)) or (
                name not in before and one is not None
            ):
                self.env[name] = one
            else:
                self.env[name] = Undecided("a loop binds it")
        if not changes["body"]:
            changes["body"] = [gast.Pass()]
        return [copy_node(stmt, **changes)]


def _fits(target: Node, rows: list[list[Any]]) -> bool:
    """Whether the target of a loop is names, one for each value of a row."""
    names = [target] if is_name(target) else getattr(target, "elts", [])
    return all(map(is_name, names)) and all(len(each) == len(names) for each in rows)


def _stores(node: Node, name: str) -> bool:
    return is_name(node, name) and isinstance(node.ctx, gast.Store)
