"""Functions that are made by calls of others: their statements are written at the call."""

from __future__ import annotations

import types

import gast

from srcad.errors import SrcadError
from srcad.functions.binding import PLAIN, Unfit, bind, defaults_of
from srcad.functions.meanings import Meanings
from srcad.functions.values import VALUES, Closure, Function, Known
from srcad.lower.scopes import bound_by, exchanged, free_names
from srcad.read import Source, Unresolved, source_for
from srcad.rules import rule_of
from srcad.tree import Node, assign, constant, copy_node, is_name, load


class Returned(Meanings):
    """The functions that calls return."""

    def returned(self, node: Node, stem: str) -> Function | None:
        """The function that a call of one of the user's returns: its statements, written here."""
        if isinstance(node.func, gast.Call):
            maker = self.returned(node.func, stem)
        else:
            maker = self.value(node.func) if not self.is_plain(node.func) else None
        base: Source | None = None
        if isinstance(maker, Closure) and maker.frame is self and not maker.names:
            base = self.base_of(maker)
        elif isinstance(maker, Known) and isinstance(maker.function, (types.FunctionType, Source)):
            if rule_of(maker.function) is not None:
                return None
            try:
                base = source_for(maker.function)
            except SrcadError:
                return None
        if base is None or base is self.source:
            return None
        *first, last = base.tree.body
        if not isinstance(last, gast.Return) or last.value is None:
            return None
        makes = {each.name for each in first if isinstance(each, gast.FunctionDef)}
        is_made = isinstance(last.value, gast.Lambda) or (
            is_name(last.value) and last.value.id in makes
        )
        if not is_made or not self.may_go_before(node):
            return None
        if not all(isinstance(s, (gast.Assign, gast.FunctionDef, gast.Expr)) for s in first):
            return None
        given = self.arguments(node)
        free = free_names(*base.tree.body) - bound_by(base.tree)
        closed = isinstance(maker, Closure)
        if given is None or (not closed and self.hides(base, free)):
            return None
        defaults = (
            maker.defaults
            if isinstance(maker, Closure)
            else {k: constant(v) for k, v in defaults_of(base).items() if type(v) in PLAIN}
        )
        try:
            bound = bind(base.tree.args, *given, defaults)
        except Unfit:
            return None
        if bound.star or bound.named or base.tree.args.vararg or base.tree.args.kwarg:
            return None
        names = {name: load(self.fresh(f"{stem}_{name}")) for name in sorted(bound_by(base.tree))}
        for name, value in bound.values.items():
            own = names[name].id
            if isinstance(value, VALUES):
                self.env[own] = value
                continue
            self.variables.add(own)
            self.before.append(gast.copy_location(assign(own, value), node))
        body = [_renamed_scope(each, names) for each in base.tree.body]
        for name in bound_by(base.tree) - makes - bound.values.keys():
            self.variables.add(names[name].id)
        outer = self.before
        made = self.block(body[:-1])
        self.before = outer
        self.before += [gast.copy_location(each, node) for each in made]
        return self.value(body[-1].value, stem)

    def hides(self, base: Source, free: set[str]) -> bool:
        """Whether a name of another function would mean something else here."""
        if base.filename != self.source.filename:
            return True
        for name in free:
            if name in self.variables or name in self.env:
                return True
            try:
                if base.scope.lookup(name) is not self.scope.lookup(name):
                    return True
            except Unresolved:
                return True
        return False


def _renamed_scope(stmt: Node, names: dict[str, Node]) -> Node:
    """A statement of another function, its variables renamed; names of functions too."""
    made = exchanged(stmt, names)
    if isinstance(made, gast.FunctionDef) and made.name in names:
        made = copy_node(made, name=names[made.name].id)
    return made
