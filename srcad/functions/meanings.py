"""What the names and the expressions of a function stand for, where that is a function."""

from __future__ import annotations

import functools
import sys
import types
from typing import Any

import gast

from srcad.errors import Problems
from srcad.functions.derived import is_derived
from srcad.functions.lifted import LiftedScope, Lifting
from srcad.functions.values import Choice, Closure, Function, Known, Partial, Several
from srcad.read import Source, Unresolved
from srcad.rules import rule_of
from srcad.tree import Node, is_name, load


def is_function(found: object) -> bool:
    """Whether an object is a function that can be followed: the user's, or one that has a rule."""
    if isinstance(found, Source) or is_derived(found):
        return True
    if isinstance(found, types.FunctionType):
        # What Python's library is written in is not followed.
        library = (found.__module__ or "").partition(".")[0] in sys.stdlib_module_names
        return rule_of(found) is not None or not library or found.__module__ == "__main__"
    return callable(found) and not isinstance(found, type) and rule_of(found) is not None


class Meanings:
    """What is known of one function while it is rewritten, and what is found in that."""

    lifting: Lifting
    source: Source
    problems: Problems
    env: dict[str, Function]
    star: dict[str, list[Any]]
    named: dict[str, dict[str, Any]]
    variables: set[str]
    parameters: list[str]
    taken: set[str]
    free: set[str]
    nones: set[str]
    extra: dict[str, object]
    scope: LiftedScope
    before: list[Node]
    lasting: set[str]
    current: Node
    hoists: bool
    inlining: list[int]
    # The variables that have a value here for certain, and those that have one on some paths.
    bound: set[str]
    partly: set[str]
    # The variables that functions in here assign.
    assigned_inside: set[str]
    # The functions that this one is made within.
    makers: list[int]

    def fresh(self, stem: str) -> str:
        raise NotImplementedError

    def item(self, stem: str) -> str:
        raise NotImplementedError

    def closure(self, node: Node, stem: str) -> Closure:
        raise NotImplementedError

    def kept(self, node: Node, stem: str) -> Any:
        raise NotImplementedError

    def block(self, stmts: list[Node]) -> list[Node]:
        raise NotImplementedError

    def may_go_before(self, node: Node) -> bool:
        raise NotImplementedError

    def decided(self, test: Node) -> bool | None:
        raise NotImplementedError

    def kept_test(self, test: Node, stem: str) -> Node:
        raise NotImplementedError

    def displayed(self, node: Node, stem: str) -> Several | None:
        raise NotImplementedError

    def element(self, node: Node) -> Function | None:
        raise NotImplementedError

    def rows(self, iterable: Node) -> list[list[Any]] | None:
        raise NotImplementedError

    def either(self, node: Node, stem: str) -> Function | None:
        raise NotImplementedError

    def may_write(self, node: Node) -> bool:
        raise NotImplementedError

    def needs(self, closure: Closure) -> tuple[list[str], Any]:
        raise NotImplementedError

    def expr(self, node: Node) -> Node:
        raise NotImplementedError

    def argument(self, node: Node) -> Any:
        raise NotImplementedError

    def arguments(self, node: Node) -> tuple[list[Any], dict[str, Any]] | None:
        raise NotImplementedError

    def applied(
        self, function: Function, args: list[Any], keywords: dict[str, Any], node: Node
    ) -> Node:
        raise NotImplementedError

    def base_of(self, function: Closure | Known) -> Source:
        raise NotImplementedError

    def returned(self, node: Node, stem: str) -> Function | None:
        raise NotImplementedError

    def is_rebound(self, name: str) -> bool:
        raise NotImplementedError

    def makes_derivatives(self, node: Node) -> bool:
        raise NotImplementedError

    def derivative(self, node: Node, stem: str) -> Function:
        raise NotImplementedError

    def meaning(self, node: Node) -> object:
        """The object that a free name, or an attribute of a module, stands for; else None."""
        if is_name(node):
            if node.id in self.variables or node.id in self.env:
                return None
            try:
                found = self.scope.lookup(node.id)
            except Unresolved:
                return None
            self.lifting.watch(self.source.scope, node.id, found)
            return found
        if isinstance(node, gast.Attribute):
            base = self.meaning(node.value)
            if not isinstance(base, types.ModuleType):
                return None
            found = getattr(base, node.attr, None)
            self.lifting.watch_attribute(base, node.attr, found)
            return found
        return None

    def value(self, node: Node, stem: str = "function") -> Function | None:
        """The function that an expression stands for; None if it is none."""
        if isinstance(node, gast.Lambda):
            return self.closure(node, stem)
        if is_name(node) and node.id in self.env:
            return self.env[node.id]
        if isinstance(node, (gast.Name, gast.Attribute)):
            found = self.meaning(node)
            return Known(found) if is_function(found) else None
        if isinstance(node, (gast.Tuple, gast.List, gast.Dict)):
            return self.displayed(node, stem)
        if isinstance(node, gast.IfExp):
            if self.may_be_function(node.body) and self.may_be_function(node.orelse):
                known = self.decided(node.test)
                if known is not None:
                    return self.value(node.body if known else node.orelse, stem)
                test = self.kept_test(node.test, stem)
                # What belongs to one of them is evaluated for that one only.
                outer, self.hoists = self.hoists, False
                body, orelse = self.value(node.body, stem), self.value(node.orelse, stem)
                self.hoists = outer
                assert body is not None
                assert orelse is not None
                return Choice(test, body, orelse)
            return None
        if isinstance(node, gast.BoolOp):
            return self.either(node, stem)
        if isinstance(node, gast.Subscript):
            return self.element(node)
        if isinstance(node, gast.Call):
            if self.makes_derivatives(node.func) and node.args:
                return self.derivative(node, stem)
            if self.meaning(node.func) is functools.partial and node.args:
                inner = self.value(node.args[0], stem)
                if inner is None or any(isinstance(a, gast.Starred) for a in node.args):
                    return None
                args = tuple(self.kept(each, f"{stem}_value") for each in node.args[1:])
                keywords = {k.arg: self.kept(k.value, f"{stem}_{k.arg}") for k in node.keywords}
                return None if None in keywords else Partial(inner, args, keywords)
            return self.returned(node, stem)
        return None

    def may_be_function(self, node: Node) -> bool:
        """Whether an expression stands for a function, without making it."""
        if isinstance(node, gast.Lambda):
            return True
        if is_name(node) and node.id in self.env:
            return True
        if isinstance(node, gast.Call):
            return self.meaning(node.func) is functools.partial
        return is_function(self.meaning(node))

    def is_plain(self, func: Node) -> bool:
        return isinstance(func, gast.Attribute) and self.meaning(func) is None

    def undecided(self, node: Node, construct: str, why: str) -> None:
        self.problems.add(
            node,
            construct,
            f"which function is meant is not known: {why}",
            "a call of one function by its name, in each branch",
        )

    def name_for(self, found: object, stem: str) -> str:
        """A name in this function that means an object."""
        for name, other in self.extra.items():
            if other is found:
                return name
        stem = stem if stem.isidentifier() else "function"  # of a lambda
        if self.meaning(load(stem)) is found:
            return stem
        name, number = stem, 2
        while name in self.extra or (name in self.taken and name not in self.free):
            name, number = f"{stem}{number}", number + 1
        self.taken.add(name)
        self.extra[name] = found
        return name
