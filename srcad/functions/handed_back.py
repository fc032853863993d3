"""Variables that nested functions assign (`nonlocal`): they come back with the result.

A call of such a function is a statement of its own, so that what is evaluated before it is, and
what is evaluated after it reads the new values.

>>> from srcad.emit import emit
>>> from srcad.functions import source_of
>>> from srcad.read import read_module
>>> (source,) = read_module('''
... def f(x):
...     n = 1.0
...     def grown(y):
...         nonlocal n
...         n = n * y
...         return n + y
...     return n * grown(x)
... ''', "example.py").functions
>>> made = source_of(source)
>>> print(emit([made.tree, made.scope.lookup("grown").tree]), end="")
def f(x):
    n = 1.0
    before = n
    result, n = grown(x, n)
    return before * result
<BLANKLINE>
<BLANKLINE>
def grown(y, n):
    n = n * y
    return n + y, n
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import gast

from srcad.functions.meanings import Meanings
from srcad.functions.values import VALUES, Closure, parts_of
from srcad.lower.jumps import always_jumps
from srcad.lower.scopes import COMPREHENSIONS, FUNCTIONS, bound_by, free_names, own_nodes
from srcad.lower.scopes import body_of as scope_body
from srcad.tree import (
    Node,
    assign,
    children,
    constant,
    copy_node,
    is_name,
    load,
    store,
    walk,
    with_parts,
)

SOMETIMES = (gast.BoolOp, gast.IfExp, gast.Lambda, gast.Dict, *COMPREHENSIONS)


def assigned_outside(scope: Node) -> set[str]:
    """The variables of the functions around it that a function assigns, or one inside it."""
    found: set[str] = set()
    pending = list(scope_body(scope))
    while pending:
        node = pending.pop()
        if isinstance(node, gast.Nonlocal):
            found |= set(node.names)
        elif isinstance(node, FUNCTIONS):
            found |= assigned_outside(node) - bound_by(node)
        else:
            pending += children(node)
    return found - (bound_by(scope) if not isinstance(scope, gast.Lambda) else set())


def with_values_back(body: list[Node], names: list[str], has_value: bool) -> list[Node]:
    """A function's body that returns variables too."""

    def returned(stmt: Node) -> Node:
        parts = [stmt.value] if has_value else []
        parts += [load(each) for each in names]
        made = parts[0] if len(parts) == 1 else gast.Tuple(parts, gast.Load())
        return gast.copy_location(gast.Return(made), stmt)

    def block(stmts: list[Node]) -> list[Node]:
        return [statement(each) for each in stmts]

    def statement(stmt: Node) -> Node:
        if isinstance(stmt, gast.Return) and not (has_value and stmt.value is None):
            return returned(stmt)
        if isinstance(stmt, gast.Match):
            return copy_node(stmt, cases=[copy_node(c, body=block(c.body)) for c in stmt.cases])
        fields = [f for f in ("body", "orelse", "finalbody") if hasattr(stmt, f)]
        changes = {f: block(getattr(stmt, f)) for f in fields}
        if isinstance(stmt, gast.Try):
            changes["handlers"] = [copy_node(h, body=block(h.body)) for h in stmt.handlers]
        return copy_node(stmt, **changes) if changes else stmt

    body = block(body)
    if not has_value and not always_jumps(body):
        place = body[-1] if body else gast.Pass()
        body.append(returned(gast.copy_location(gast.Return(None), place)))
    return body


class HandedBack(Meanings):
    """Calls of functions that assign variables of the one around them."""

    def calls_in_turn(self, node: Node) -> bool:
        raise NotImplementedError

    def written_by(self, value: Any) -> list[str]:
        """The variables that a function assigns when it is called, as they are named here."""
        if not self.lifting.assigns_outside:
            return []
        if isinstance(value, Closure):
            names = value.frame.assigned_by(value)
            return [value.names.get(each, each) for each in names]
        if not isinstance(value, VALUES):
            return []
        found = [name for part in parts_of(value) for name in self.written_by(part)]
        return list(dict.fromkeys(found))

    def assigned_by(self, closure: Closure) -> list[str]:
        """The variables of this function that one in it assigns, itself or by what it calls."""
        found: dict[str, None] = {}
        pending: list[Any] = [closure]
        seen: set[int] = set()
        while pending:
            value = pending.pop(0)
            if not isinstance(value, Closure) or value.frame is not self:
                found |= dict.fromkeys(self.written_by(value))
                continue
            if id(value.node) in seen:
                continue
            seen.add(id(value.node))
            found |= dict.fromkeys(sorted(assigned_outside(value.node)))
            inside = free_names(*scope_body(value.node)) - bound_by(value.node)
            pending += [self.env[name] for name in sorted(inside) if name in self.env]
        return list(found)

    # -- calls -------------------------------------------------------------------------------------

    def written_in(self, node: Node) -> set[str]:
        """The variables that the functions in an expression assign, which may be called there."""
        found: set[str] = set()
        for name in free_names(node):
            if name in self.env:
                found |= set(self.written_by(self.env[name]))
        return found

    def writes_outside(self, node: Node) -> bool:
        """Whether a call assigns variables of this function."""
        if not isinstance(node, gast.Call):
            return False
        given = [node.func, *node.args, *(each.value for each in node.keywords)]
        functions = [each for each in given if not isinstance(each, gast.Call)]
        return any(self.is_writing(each) for each in functions)

    def is_writing(self, node: Node) -> bool:
        """Whether an expression stands for a function that assigns variables of this one."""
        if is_name(node):
            return node.id in self.env and bool(self.written_by(self.env[node.id]))
        if isinstance(node, gast.Lambda):
            return bool(self.written_in(node))
        if isinstance(node, gast.IfExp):
            return self.is_writing(node.body) or self.is_writing(node.orelse)
        return False

    def holds_call(self, node: Node) -> bool:
        return any(self.writes_outside(each) for each in walk(node))

    def one_by_one(self, stmt: Node) -> list[Node] | None:
        """The calls in a statement as statements before it; None where there are none."""
        if not self.lifting.assigns_outside or isinstance(stmt, gast.FunctionDef):
            return None
        field = "test" if isinstance(stmt, (gast.If, gast.While, gast.Assert)) else "value"
        field = "iter" if isinstance(stmt, gast.For) else field
        whole = getattr(stmt, field, None)
        if whole is None or not self.holds_call(whole):
            return None
        if isinstance(stmt, gast.For) and self.calls_in_turn(whole):
            return None
        if isinstance(stmt, gast.While):
            return self.endless(stmt)
        alone = isinstance(stmt, (gast.Assign, gast.AnnAssign, gast.Return, gast.Expr))
        if alone and isinstance(whole, gast.IfExp) and not self.holds_call(whole.test):
            one, two = (copy_node(stmt, value=each) for each in (whole.body, whole.orelse))
            return [gast.copy_location(gast.If(whole.test, [one], [two]), stmt)]
        out: list[Node] = []
        written = self.written_in(whole)
        if isinstance(stmt, gast.AugAssign):
            if not is_name(stmt.target):
                return None
            now = stmt.target.id
            if now in written:
                now = self.item("before")
                out.append(assign(now, load(stmt.target.id)))
            value = self.pulled_out(whole, written, out)
            out.append(copy_node(stmt, target=store(now), value=value))
            if now != stmt.target.id:
                out.append(assign(stmt.target.id, load(now)))
        elif alone and self.writes_outside(whole):
            value = self.arguments_before(whole, written, out)
            if value is whole:
                return None
            out.append(copy_node(stmt, value=value))
        else:
            value = self.pulled_out(whole, written, out)
            if value is whole:
                return None
            out.append(copy_node(stmt, **{field: value}))
        for each in out:
            for node in walk(each):
                if not hasattr(node, "lineno"):
                    gast.copy_location(node, stmt)
        return out

    def endless(self, stmt: Node) -> list[Node] | None:
        """`while f(x):` as a loop that asks at the head of each trip."""
        if stmt.orelse:
            return None
        ends = gast.If(gast.UnaryOp(gast.Not(), stmt.test), [gast.Break()], [])
        for node in walk(ends):
            if not hasattr(node, "lineno"):
                gast.copy_location(node, stmt)
        return [copy_node(stmt, test=constant(True), body=[ends, *stmt.body])]

    def pulled_out(self, node: Node, written: set[str], out: list[Node]) -> Node:
        """An expression whose calls, and what is evaluated before them, are in ``out``."""
        if not self.holds_call(node) or isinstance(node, SOMETIMES):
            return node
        if isinstance(node, gast.Compare) and len(node.ops) > 1:
            return node
        made = self.arguments_before(node, written, out)
        if not self.writes_outside(node):
            return made
        name = self.item("result")
        out.append(gast.copy_location(assign(name, made), node))
        return load(name)

    def arguments_before(self, node: Node, written: set[str], out: list[Node]) -> Node:
        """An expression with its parts evaluated one after the other."""
        parts = children(node)
        places = [n for n, part in enumerate(parts) if self.holds_call(part)]
        if not places:
            return node
        new: dict[int, Node] = {}
        for part in parts[: places[-1]]:
            if isinstance(part, (gast.operator, gast.cmpop, gast.unaryop, gast.expr_context)):
                continue
            inner = part.value if isinstance(part, gast.keyword) else part
            made = self.pulled_out(inner, written, out)
            stays = isinstance(made, gast.Constant) or (made is not inner and is_name(made))
            stays = stays or (is_name(made) and (made.id not in written or made.id in self.env))
            if part is getattr(node, "func", None) and not self.holds_call(part):
                stays = True
            if not stays:
                name = self.item("before")
                out.append(assign(name, made))
                made = load(name)
            new[id(part)] = copy_node(part, value=made) if part is not inner else made
        last = parts[places[-1]]
        inner = last.value if isinstance(last, gast.keyword) else last
        made = self.pulled_out(inner, written, out)
        new[id(last)] = copy_node(last, value=made) if last is not inner else made
        return with_parts(node, lambda part: new.get(id(part), part))

    def with_back(self, call: Node, names: list[str], has_value: bool, node: Node) -> Node:
        """A call that binds anew what its function has assigned: the statement before."""
        if getattr(self.current, "value", None) is not node or not self.hoists:
            construct = "a call of a function that assigns a `nonlocal` variable"
            why = "whether or when it is called, and so what the variable is, is not known here"
            instead = f"the call in a statement of its own, as `{names[0]} = f({names[0]})`"
            self.problems.add(node, construct, why, instead)
            return node
        into = getattr(self.current, "targets", [])
        plain = len(into) == 1 and is_name(into[0]) and into[0].id not in names
        targets = [into[0].id if plain else self.item("result"), *names][not has_value :]
        target = store(targets[0])
        if len(targets) > 1:
            target = gast.Tuple([store(each) for each in targets], gast.Store())
        made = gast.Assign([target], call, None)
        for each in walk(made):
            if not hasattr(each, "lineno"):
                gast.copy_location(each, node)
        made.quoted = self.current
        self.before.append(made)
        return load(targets[0]) if has_value else constant(None)


def returns_value(body: Iterable[Node]) -> bool:
    """Whether a function returns more than None."""
    returned = [each.value for each in own_nodes(*body) if isinstance(each, gast.Return)]
    return any(
        each is not None and not (isinstance(each, gast.Constant) and each.value is None)
        for each in returned
    )
