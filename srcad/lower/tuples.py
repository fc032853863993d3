"""Tuples taken apart: a variable that holds a tuple becomes a variable for each element.

>>> import gast
>>> from srcad.analysis.kind import FLOAT, TupleOf
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> body = gast.parse("t = (x, y)\\nz = t[1]\\np = t").body
>>> scalarise = Tuples(Names(), {"t": TupleOf((FLOAT, FLOAT)), "p": TupleOf((FLOAT, FLOAT))})
>>> print(emit(scalarise.block(body)), end="")
t_0 = x
t_1 = y
z = t_1
p_0 = t_0
p_1 = t_1
"""

from __future__ import annotations

from typing import Any

import gast

from srcad.analysis.kind import Kind, TupleOf, is_continuous
from srcad.listing import with_origin
from srcad.names import Names
from srcad.tree import (
    Node,
    assign,
    copy_node,
    is_number,
    load,
    names_in,
    number_of,
    statements_in,
    store,
    substitute,
    walk,
)


def tuple_variables(body: list[Node]) -> dict[str, TupleOf]:
    """The variables that hold tuples with a derivative, by the marks of the kinds analysis."""
    found: dict[str, TupleOf] = {}
    for stmt in statements_in(body):
        for target in stmt.targets if isinstance(stmt, gast.Assign) else ():
            for leaf in walk(target):
                kind = getattr(leaf, "kind", None)
                if (
                    isinstance(leaf, gast.Name)
                    and isinstance(kind, TupleOf)
                    and is_continuous(kind)
                ):
                    found[leaf.id] = kind
    return found


class Tuples:
    """The rewriting, for the given variables."""

    def __init__(self, names: Names, variables: dict[str, TupleOf]) -> None:
        self.names = names
        self.parts: dict[str, Any] = {
            name: self._split(name, kind) for name, kind in variables.items()
        }

    def _split(self, name: str, kind: Kind) -> Any:
        """A name for each element, in the tuple's own structure."""
        if not isinstance(kind, TupleOf):
            return name
        parts = []
        for position, item in enumerate(kind.items):
            if name in self.names.temporaries:
                part = self.names.temporary()
            else:
                part = self.names.fresh(f"{name}_{position}")
            parts.append(self._split(part, item))
        return tuple(parts)

    def block(self, body: list[Node]) -> list[Node]:
        """A block without tuple variables."""
        out: list[Node] = []
        for stmt in body:
            out += [with_origin(s, getattr(stmt, "origin", None)) for s in self.statement(stmt)]
        return out

    def statement(self, stmt: Node) -> list[Node]:
        """The statements that one statement becomes."""
        if isinstance(stmt, gast.Assign) and isinstance(stmt.targets[0], gast.Name):
            target = stmt.targets[0].id
            value = self.structure(stmt.value)
            if target in self.parts:
                if value is None:  # a call that returns a tuple
                    parts = expression_of(self.parts[target], stored=True)
                    return [assign(parts, self.replaced(stmt.value))]
                return self.copies(self.parts[target], value)
            if value is not None:
                return [copy_node(stmt, value=expression_of(value))]
            return [copy_node(stmt, value=self.replaced(stmt.value))]
        if isinstance(stmt, gast.Assign) and isinstance(stmt.targets[0], gast.Tuple):
            target = self.replaced(stmt.targets[0])
            return [copy_node(stmt, targets=[target], value=self.replaced(stmt.value))]
        changes: dict[str, Any] = {}
        for field in stmt._fields:
            part: Any = getattr(stmt, field, None)
            if field in ("body", "orelse"):
                changes[field] = self.block(part)
            elif isinstance(part, gast.AST):
                changes[field] = self.replaced(part)
        return [copy_node(stmt, **changes)]

    def replaced(self, expression: Node) -> Node:
        """An expression, or a target, with whole tuples written out."""
        if names_in(expression).isdisjoint(self.parts):
            return expression
        stored = isinstance(getattr(expression, "ctx", None), gast.Store)
        parts = {n: expression_of(each, stored=stored) for n, each in self.parts.items()}
        return substitute(expression, parts)

    def structure(self, value: Node) -> Any:
        """The structure that an expression of tuple variables stands for, else None."""
        if isinstance(value, gast.Name):
            return self.parts.get(value.id)
        if isinstance(value, gast.Tuple):
            return tuple(self.structure(each) or self.replaced(each) for each in value.elts)
        if isinstance(value, gast.Attribute):
            base, kind = self.structure(value.value), getattr(value.value, "kind", None)
            if isinstance(base, tuple) and isinstance(kind, TupleOf):
                return base[kind.names.index(value.attr)]
        if isinstance(value, gast.Subscript):
            base = self.structure(value.value)
            if isinstance(base, tuple):
                if is_number(value.slice):
                    return base[int(number_of(value.slice))]
                if isinstance(value.slice, gast.Slice):
                    bounds = (value.slice.lower, value.slice.upper, value.slice.step)
                    return base[slice(*(None if b is None else int(number_of(b)) for b in bounds))]
        return None

    def copies(self, targets: Any, values: Any) -> list[Node]:
        """Assignments of a structure's elements, one by one."""
        if isinstance(targets, str):
            return [assign(targets, expression_of(values))]
        if not isinstance(values, tuple):
            return [assign(expression_of(targets, stored=True), values)]
        return [s for t, v in zip(targets, values, strict=True) for s in self.copies(t, v)]


def expression_of(structure: Any, *, stored: bool = False) -> Node:
    """A structure of names as an expression: a name, or a tuple of expressions."""
    if isinstance(structure, str):
        return store(structure) if stored else load(structure)
    if isinstance(structure, tuple):
        context = gast.Store() if stored else gast.Load()
        return gast.Tuple([expression_of(each, stored=stored) for each in structure], context)
    return structure
