"""Which names of generated code may mean the same memory, so that a write is seen under all.

>>> import gast
>>> body = gast.parse("v = y[1:]\\nz = y + 1\\nv[0] = 2.0").body
>>> sorted(Aliases(body).written(body[2]))
['v', 'y']
"""

from __future__ import annotations

from collections.abc import Iterable

import gast

from srcad.analysis.kind import Kind, ListOf, Literal, Scalar
from srcad.simplify.flow import changed_by
from srcad.simplify.ownership import is_fresh
from srcad.tree import (
    Node,
    facts_of,
    is_name,
    names_in,
    popped_list,
    statements_in,
    target_names,
)


class Aliases:
    """The groups of names of one function that may share memory.

    A name is added to the group of what it is bound to, wherever that is: the groups may be too
    large, never too small.  The names of a group that is given in ``together`` share memory, too.
    """

    def __init__(self, body: Iterable[Node], together: Iterable[set[str]] = ()) -> None:
        self._parents: dict[str, str] = {}
        self._members: dict[str, set[str]] = {}
        for stmt in statements_in(body):
            self._list(stmt)
            if isinstance(stmt, gast.Assign) and not is_fresh(stmt.value):
                for target in stmt.targets:
                    for leaf in leaves_of(target) if not _is_number(stmt.value) else ():
                        if not _is_number(leaf):
                            self._join(leaf.id, _sources(stmt.value))
        for group in together:
            self._join(min(group), group)

    def _list(self, stmt: Node) -> None:
        """What ``t[i] = x`` and ``t.append(x)`` put into a list, and ``x = t.pop()`` takes out."""
        value = getattr(stmt, "value", None)
        for target in stmt.targets if isinstance(stmt, gast.Assign) else ():
            if isinstance(target, gast.Subscript) and _is_list(target.value):
                self._join(target.value.id, set() if _is_number(value) else names_in(value))
            elif is_name(target) and isinstance(value, gast.List):
                for each in value.elts:
                    self._join(target.id, set() if _is_number(each) else names_in(each))
        popped = popped_list(value)
        if popped and isinstance(stmt, gast.Assign):
            for target in stmt.targets:
                if not _is_number(target):
                    self._join(popped, set(target_names(target)))
        func = getattr(value, "func", None)
        if not isinstance(stmt, gast.Expr) or not isinstance(func, gast.Attribute):
            return
        for argument in stmt.value.args if is_name(func.value) else ():
            if not _is_number(argument) and not is_fresh(argument):
                self._join(func.value.id, names_in(argument))

    def of(self, name: str) -> set[str]:
        """All names that may mean the memory that a name means."""
        return self._members.get(self._root(name), {name})

    def changed(self, stmt: Node) -> set[str]:
        """The names whose memory a simple statement may write in place."""
        return {other for name in _changed_in_place(stmt) for other in self.of(name)}

    def written(self, stmt: Node) -> frozenset[str]:
        """The names that a simple statement, or a header, binds or whose memory it may write."""
        changed = self.changed(stmt) if _changed_in_place(stmt) else ()
        return changed_by(stmt).union(changed) if changed else changed_by(stmt)

    def _root(self, name: str) -> str:
        while (above := self._parents.get(name, name)) != name:
            name = above
        return name

    def _join(self, name: str, others: set[str]) -> None:
        for other in others:
            one, two = self._root(name), self._root(other)
            if one == two:
                continue
            large, small = (self._members.pop(each, {each}) for each in (one, two))
            if len(large) < len(small):
                one, two, large, small = two, one, small, large
            large |= small
            self._parents[two] = one
            self._members[one] = large


def _sources(value: Node) -> set[str]:
    """The variables whose memory a value that is not fresh may be, or hold."""
    if isinstance(value, gast.Call) and is_name(value.func, "unbroadcast"):
        # Of what the adjoint is reduced to only the shape is read.
        adjoint = value.args[0]
        return set() if is_fresh(adjoint) else _sources(adjoint)
    return names_in(value)


def leaves_of(target: Node) -> list[Node]:
    """The variables that a target binds."""
    if isinstance(target, (gast.Tuple, gast.List)):
        return [leaf for each in target.elts for leaf in leaves_of(each)]
    return [target] if is_name(target) else []


def _is_list(node: Node) -> bool:
    return is_name(node) and isinstance(getattr(node, "kind", None), ListOf)


def _is_number(node: Node) -> bool:
    kind: Kind | None = getattr(node, "kind", None)
    return isinstance(kind, (Scalar, Literal)) or isinstance(node, gast.Constant)


def _changed_in_place(stmt: Node) -> frozenset[str]:
    """The names through which a statement writes: ``y[i] = v``, ``ȳ += e``, a call's arguments."""
    facts = facts_of(stmt)
    changed = facts.in_place
    if changed is None:
        changed = facts.in_place = frozenset(_in_place(stmt))
    return changed


def _in_place(stmt: Node) -> set[str]:
    found: set[str] = set()
    if isinstance(stmt, gast.AugAssign) and is_name(stmt.target):
        return set() if _is_number(stmt.target) else {stmt.target.id}
    targets = stmt.targets if isinstance(stmt, gast.Assign) else [getattr(stmt, "target", None)]
    for target in targets if isinstance(stmt, (gast.Assign, gast.AugAssign)) else []:
        if isinstance(target, gast.Subscript):
            found |= names_in(target.value)
    value = getattr(stmt, "value", None)
    if isinstance(value, gast.Call) and getattr(value, "effect", False):
        found |= names_in(*value.args)
    return found
