"""Shadows: adjoints that are made beside the arrays, and bound wherever the arrays are.

Where a name is one array on one path and another elsewhere (``z = u if c else v``), no rule can say
when the reverse sweep is written which adjoint is meant.  So the forward sweep keeps, beside each
such array, the memory of its adjoint, under the same aliases: ``z̄ = ū`` where ``z = u``, and
``v̄ = ȳ[1:]`` where ``v = y[1:]``.  The name of a shadow is then like any other variable of the
forward sweep: what overwrites it saves the reference, and the reverse sweep puts it back.

The shadows of Enzyme (Moses and Churavy, *Instead of rewriting foreign code for machine learning,
automatically synthesize fast gradients*, NeurIPS 2020), for those arrays only that need them.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

import gast

from srcad.analysis.kind import Array, Kind, ListOf, is_continuous
from srcad.analysis.memory import Memory, base_of
from srcad.chain import Modules, check_of
from srcad.listing import origin_of, with_origin
from srcad.names import Names
from srcad.reverse.pair import leaves_of_target
from srcad.reverse.views import cannot_be_written
from srcad.tree import (
    Node,
    assign,
    call,
    copy_node,
    is_name,
    load,
    names_in,
    rewrite,
    store,
    substitute,
    target_names,
)


class Shadows:
    """The variables that have a shadow, and the statements that keep the shadows beside them."""

    def __init__(
        self,
        variables: Iterable[str],
        kinds: dict[str, Kind],
        memory: Memory,
        names: Names,
        modules: Modules,
    ) -> None:
        self.kinds = {name: kinds[name] for name in variables}
        self.memory = memory
        self.names = names
        self.modules = modules
        # The variable of which a name is the shadow.
        self.primal = {names.bar(name): name for name in self.kinds}
        self._beside: dict[int, list[Node]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self.kinds

    def __bool__(self) -> bool:
        return bool(self.kinds)

    def start(self, parameters: Iterable[str]) -> list[Node]:
        """The shadows of the arrays that are handed in."""
        return [self._zeros(name) for name in parameters if name in self]

    def beside(self, stmt: Node) -> list[Node]:
        """The statements that bind the shadows of what a statement has bound."""
        if not self or not isinstance(stmt, (gast.Assign, gast.Expr)):
            return []
        if id(stmt) not in self._beside:
            self._beside[id(stmt)] = self._bindings(stmt)
        return self._beside[id(stmt)]

    def _bindings(self, stmt: Node) -> list[Node]:
        if self.puts_into(stmt):
            return [with_origin(self._put(stmt), origin_of(stmt))]
        primal = _primal(stmt)
        if not isinstance(primal, gast.Assign):
            return []
        (target,) = primal.targets
        if is_name(target) and target.id in self and isinstance(self.kinds[target.id], ListOf):
            value = rewrite(primal.value, self._item)
            return [with_origin(self._assigned(target.id, value), origin_of(stmt))]
        if getattr(stmt, "permutes", False):
            names = [target_names(target), target_names(stmt.value)]
            if names[0][0] not in self:
                return []
            sides = [
                gast.Tuple([make(self.names.bar(each)) for each in side], context)
                for side, make, context in zip(
                    names, (store, load), (gast.Store(), gast.Load()), strict=True
                )
            ]
            return [gast.Assign([sides[0]], sides[1], None)]
        bound = [leaf for leaf in leaves_of_target(target) if is_name(leaf) and leaf.id in self]
        if not bound:
            return []
        if not self.memory.is_link(primal):
            return [with_origin(self._zeros(leaf.id), origin_of(stmt)) for leaf in bound]
        base = base_of(primal.value)
        value = substitute(primal.value, {base: self._bar(base)})
        new = gast.Assign([self._target(target)], value, None)
        out = [with_origin(new, origin_of(stmt))]
        if self.memory.must_be_checked(primal):
            view, whole = self.names.bar(target.id), self.names.bar(base)
            out.append(check_of(view, whole, self.modules, stmt))
        return out

    def puts_into(self, stmt: Node) -> str:
        """The list with a shadow into which a statement puts an array; "" for none."""
        holder = getattr(stmt.value, "func", None) if isinstance(stmt, gast.Expr) else None
        if isinstance(stmt, gast.Assign) and isinstance(stmt.targets[0], gast.Subscript):
            holder = stmt.targets[0]
        name = getattr(getattr(holder, "value", None), "id", "")
        return name if isinstance(self.kinds.get(name), ListOf) else ""

    def _put(self, stmt: Node) -> Node:
        """What a statement does to a list, done to the list of shadows."""
        name = self.puts_into(stmt)
        if isinstance(stmt, gast.Expr):
            func = copy_node(stmt.value.func, value=self._bar(name))
            items = list(map(self._of, stmt.value.args))
            return gast.Expr(copy_node(stmt.value, func=func, args=items))
        target = copy_node(stmt.targets[0], value=self._bar(name))
        return gast.Assign([target], self._of(stmt.value), None)

    def _of(self, node: Node) -> Node:
        """The shadow of an array that is put into a list."""
        if is_name(node) and node.id not in self:
            return self.modules.put(call("np.zeros_like", node))
        return self._bar(node.id) if is_name(node) else node

    def _item(self, node: Node) -> Node | None:
        """The items of a display of arrays as those of their shadows."""
        if isinstance(node, gast.List):
            return copy_node(node, elts=list(map(self._of, node.elts)))
        return None

    def bound_by(self, stmt: Node) -> set[str]:
        """The names of the shadows that are bound beside a statement."""
        return {
            name
            for each in self.beside(stmt)
            if isinstance(each, gast.Assign)
            for name in target_names(each.targets[0])
            if name in self.primal
        }

    def read_by(self, stmt: Node) -> set[str]:
        """The names of the shadows that are read to bind those beside a statement."""
        if name := self.puts_into(stmt):
            items = stmt.value.args if isinstance(stmt, gast.Expr) else [stmt.value]
            return self.of({name, *names_in(*items)})
        primal = _primal(stmt)
        if getattr(stmt, "permutes", False):
            return self.bound_by(stmt)
        if isinstance(getattr(primal, "value", None), (gast.List, gast.BinOp)):
            return self.of(names_in(primal.value)) if self.bound_by(stmt) else set()
        linked = self.memory.is_link(primal) and bool(self.bound_by(stmt))
        return {self.names.bar(base_of(primal.value))} if linked else set()

    def of(self, variables: Iterable[str]) -> set[str]:
        """The names of the shadows that some variables have."""
        return {self.names.bar(name) for name in variables if name in self}

    def _zeros(self, name: str) -> Node:
        return self._assigned(name, self.modules.put(call("np.zeros_like", load(name))))

    def _assigned(self, name: str, value: Node) -> Node:
        new = assign(self.names.bar(name), value)
        new.targets[0].kind = self.kinds[name]
        return new

    def _bar(self, name: str) -> Node:
        bar = load(self.names.bar(name))
        bar.kind = self.kinds[name]
        return bar

    def _target(self, target: Node) -> Node:
        """The shadows of a target; what has none is not wanted."""
        if isinstance(target, gast.Tuple):
            return copy_node(target, elts=list(map(self._target, target.elts)))
        name = self.names.bar(target.id) if target.id in self else self.names.temporary()
        new = store(name)
        new.kind = getattr(target, "kind", None)
        return new


class ShadowedMemory(Memory):
    """The memory of a body whose statements bind shadows too."""

    def __init__(self, memory: Memory, shadows: Shadows) -> None:
        self.__dict__.update(copy.copy(memory.__dict__))
        self.shadows = shadows
        self._bound: dict[int, set[str]] = {}

    def reads(self, stmt: Node) -> AbstractSet[str]:
        """What a statement reads, and the shadows that are read beside it."""
        return super().reads(stmt) | self.shadows.read_by(stmt)

    def writes(self, stmt: Node) -> AbstractSet[str]:
        """What a statement writes, and the shadows that are bound beside it."""
        return super().writes(stmt) | self._shadows_bound(stmt)

    def binds(self, stmt: Node) -> AbstractSet[str]:
        """What a statement gives another value, and the shadows that it binds."""
        return super().binds(stmt) | self._shadows_bound(stmt)

    def _shadows_bound(self, stmt: Node) -> set[str]:
        if id(stmt) not in self._bound:
            self._bound[id(stmt)] = self.shadows.bound_by(stmt)
        return self._bound[id(stmt)]


def _primal(stmt: Node) -> Node:
    """The call of a user's function that the call of its forward sweep stands for."""
    return getattr(stmt, "primal_call", stmt)


def is_followed(link: Node) -> bool:
    """Whether a shadow can be bound as a statement binds another name for an array."""
    if not isinstance(link, gast.Assign):
        return isinstance(link, gast.Expr)  # what is put into a list
    if isinstance(link.targets[0], gast.Subscript) or isinstance(link.value, gast.List):
        return True
    operation = getattr(link.value, "operation", None)
    if operation is not None and operation.callee is not None:
        return False
    return bool(base_of(link.value)) and not cannot_be_written(link)


def is_float_array(kind: Kind) -> bool:
    """Whether a variable is an array that carries a derivative on every path, or a list of them."""
    if isinstance(kind, ListOf):
        kind = kind.item
    return isinstance(kind, Array) and is_continuous(kind)
