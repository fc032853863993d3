"""Statements: what is assigned, and what is written into structures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import gast

from srcad.structures.base import DICT, LIST, OBJECT, said
from srcad.structures.calls import Calls
from srcad.structures.expressions import SPECIAL
from srcad.structures.outside import Written
from srcad.structures.values import Const, Leaf, Opened, Struct, Value
from srcad.tree import Node, assign, copy_node, is_name, load, store, walk


class Statements(Calls):
    """The simple statements of one function."""

    def statement(self, stmt: Node) -> str:
        """One statement; how it ends the block, if it does."""
        outer, self.place = self.place, stmt
        handler = getattr(self, f"_{type(stmt).__name__}_statement", None)
        end: str | None = (handler or self._any)(stmt)
        self.place = outer
        return end or ""

    def _any(self, stmt: Node) -> None:
        """A statement that no structure takes part in."""
        inside = () if isinstance(stmt, gast.FunctionDef) else walk(stmt)
        for node in inside:
            if isinstance(node, (gast.Return, gast.Break, gast.Continue)):
                what = f"`{type(node).__name__.lower()}` in this statement"
                self.refuse(node, what, "structures are not followed out of it", "an `if`")
        for node in walk(stmt):
            if is_name(node) and isinstance(self.variables.get(node.id), Struct):
                what = f"`{node.id}` in this statement"
                self.refuse(node, what, "structures are not followed into it", "its parts")
            known = self.variables.get(node.id) if is_name(node) else None
            if isinstance(known, (Leaf, Const)) and not is_name(self.node_of(known, node), node.id):
                self.emit(assign(node.id, self.node_of(known, node)))
                self.variables[node.id] = Leaf(load(node.id))
            if is_name(node) and not isinstance(node.ctx, gast.Load):
                self.variables.pop(node.id, None)
        self.emit(stmt)

    # -- assignments -------------------------------------------------------------------------------

    def _Assign_statement(self, stmt: Node) -> None:
        first = stmt.targets[0]
        if len(stmt.targets) == 1:
            self.assign_from(first, stmt.value)
            return
        value = self.value(stmt.value, first.id if is_name(first) else "")
        if isinstance(value, Leaf) and not self.is_stable(value.node):
            value = Leaf(self.keep(value.node, "part"), value.number)
        for target in stmt.targets:
            self.assign_to(target, value)

    def _AnnAssign_statement(self, stmt: Node) -> None:
        if stmt.value is not None:
            self.assign_from(stmt.target, stmt.value)

    def assign_from(self, target: Node, value: Node) -> None:
        """`target = value`."""
        stem = target.id if is_name(target) else target.attr if _is_attribute(target) else ""
        self.assign_to(target, self.value(value, stem))

    def assign_to(self, target: Node, value: Value) -> None:
        """Give a target a value."""
        if is_name(target):
            self.assign_name(target, value)
        elif isinstance(target, (gast.Tuple, gast.List)):
            self._unpack(target, value)
        elif isinstance(target, gast.Starred):
            self.assign_to(target.value, value)
        elif isinstance(target, gast.Attribute):
            base = self.value(target.value)
            if isinstance(base, Struct):
                name = self._mangled(target.attr)
                self.set_attribute(base, name, value, target)
                return
            plain = copy_node(target, value=self.node_of(base, target.value))
            self.emit(assign(plain, self.node_of(value, target)))
        else:
            self._assign_item(target, value)

    def _mangled(self, name: str) -> str:
        from srcad.read.live import mangled

        return mangled(name, getattr(self.source.scope, "class_name", None))

    def assign_name(self, target: Node, value: Value) -> None:
        """A variable gets a value."""
        name = target.id
        if isinstance(value, Const) and not isinstance(value.value, (float, complex)):
            self.variables[name] = Const(value.value)
            if callable(value.value):
                self.variables[name] = value
            return
        if isinstance(value, (Leaf, Const)):
            number = isinstance(value, Const) or value.number
            if not is_name(value.node, name):
                target = gast.copy_location(store(name), self.located(target))
                self.emit(assign(target, self.node_of(value, target)))
            self.variables[name] = Leaf(load(name), number)
            return
        self.variables[name] = self.kept(value, name)

    def _unpack(self, target: Node, value: Value) -> None:
        if not isinstance(value, (Struct, Const)):
            node = self.node_of(value, target)
            names = [each for each in walk(target) if is_name(each)]
            if all(isinstance(each, (gast.Name, gast.Tuple, gast.List)) for each in walk(target)):
                self.emit(assign(target, node))
                self.variables |= {each.id: Leaf(load(each.id)) for each in names}
                return
            if any(isinstance(each, gast.Starred) for each in target.elts):
                self.elements(value, target)
            made = [self.fresh("part") for _ in target.elts]
            self.emit(assign(gast.Tuple(list(map(store, made)), gast.Store()), node))
            for each, name in zip(target.elts, made, strict=True):
                self.assign_to(each, Leaf(load(name)))
            return
        parts = self.elements(value, target)
        targets = target.elts
        star = next((n for n, t in enumerate(targets) if isinstance(t, gast.Starred)), None)
        if star is not None and len(parts) >= len(targets) - 1:
            end = len(parts) - (len(targets) - star - 1)
            middle = Struct(LIST, list, dict(enumerate(parts[star:end])))
            parts = [*parts[:star], middle, *parts[end:]]
        if len(parts) != len(targets):
            why = f"it takes {len(targets)} values, and gets {len(parts)}"
            self.refuse(target, "this unpacking", why, "as many names as there are values")
        if all(map(is_name, targets)) and all(isinstance(each, Leaf) for each in parts):
            nodes = [self.node_of(each, target) for each in parts]
            given = {t.id for t in targets}
            simple = all(self.is_stable(n) and not (is_name(n) and n.id in given) for n in nodes)
            if len(targets) > 1 and not simple:
                together = gast.Tuple([store(t.id) for t in targets], gast.Store())
                self.emit(assign(together, gast.Tuple(nodes, gast.Load())))
                for each, part in zip(targets, parts, strict=True):
                    number = isinstance(part, Leaf) and part.number
                    self.variables[each.id] = Leaf(load(each.id), number)
                return
        assigned = {each.id for t in targets for each in walk(t) if is_name(each)}
        kept = [self._apart(part, assigned, set()) for part in parts]
        for each, part in zip(targets, kept, strict=True):
            self.assign_to(each, part)

    def _apart(self, part: Value, assigned: set[str], seen: set[int]) -> Value:
        """A part that is read before any target is bound, what it holds included."""
        if isinstance(part, Struct) and id(part) not in seen:
            seen.add(id(part))
            for key, inside in part.parts.items():
                part.parts[key] = self._apart(inside, assigned, seen)
        if not isinstance(part, Leaf):
            return part
        read = any(is_name(n, *assigned) for n in walk(part.node))
        if not read and self.is_stable(part.node):
            return part
        return Leaf(self.keep(part.node, "part"), part.number)

    def _assign_item(self, target: Node, value: Value) -> None:
        if isinstance(value, Leaf) and not self.is_stable(value.node):
            mark = len(self.out)
            base = self.value(target.value)
            if len(self.out) != mark:
                name = self.fresh("part")
                self.out.insert(mark, gast.copy_location(assign(name, value.node), self.place))
                value = Leaf(load(name), value.number)
        else:
            base = self.value(target.value)
        if isinstance(base, Opened):
            if base.struct.form != DICT:
                raise Written(base.value, base.name, whole=True)
            base = base.struct
        if not isinstance(base, Struct):
            self._holder_is_written(target)
            index = self._index(target.slice)
            plain = copy_node(target, value=self.node_of(base, target.value), slice=index)
            self.emit(assign(plain, self.node_of(value, target)))
            return
        if base.form == OBJECT:
            method = self.special(base, "__setitem__")
            if method is None:
                why = "its class has no `__setitem__`"
                self.refuse(target, f"an item of {said(base)}", why, "an attribute")
            self.call_user(method, [base, self.value(target.slice), value], {}, target)
            return
        if base.form == DICT:
            self.put(
                base, self.key(self.value(target.slice), target.slice, "a dict"), value, target
            )
            return
        where = self.where(base, copy_node(target, ctx=gast.Load()))
        if isinstance(where, slice):
            parts = list(base.parts.values())
            parts[where] = self.elements(value, target)
            self.set_parts(base, parts, target)
            return
        self.put(base, where, value, target)

    def _holder_is_written(self, target: Node) -> None:
        """Where an array is written that an object from outside holds, that is written, too."""
        if isinstance(target.value, (gast.Attribute, gast.Subscript)):
            owner = self.value(target.value.value)
            if isinstance(owner, Opened):
                raise Written(owner.value, owner.name, whole=True)
            if isinstance(owner, Struct) and owner.source is not None:
                raise Written(*owner.source)

    def _AugAssign_statement(self, stmt: Node) -> None:
        target = stmt.target
        if is_name(target):
            before = self.value(copy_node(target, ctx=gast.Load()))
            if isinstance(before, Leaf):
                mark = len(self.out)
                value = self.leaf(stmt.value)
                if len(self.out) != mark:
                    now = self.variables.get(target.id)
                    if not isinstance(now, Leaf):
                        self.refuse(stmt, "this assignment", "its value is another one now", "`=`")
                self.emit(copy_node(stmt, value=value))
                number = before.number and isinstance(self.variables.get(target.id), Leaf)
                self.variables[target.id] = Leaf(load(target.id), number)
                return
            after = self.value(stmt.value)
            self.assign_to(target, self.augmented(stmt, before, after, target.id))
            return
        if isinstance(target, gast.Attribute):
            owner = self.value(target.value)
            if isinstance(owner, Struct):
                before = self.attribute_of(owner, target.attr, target)
                after = self.value(stmt.value)
                stem = self.part_stem(owner.stem, target.attr)
                made = self.augmented(stmt, before, after, stem)
                if made is not before:
                    self.set_attribute(owner, self._mangled(target.attr), made, target)
                return
        elif isinstance(target, gast.Subscript):
            owner = self.value(target.value)
            if isinstance(owner, Struct) and owner.form != OBJECT:
                where = self.where(owner, copy_node(target, ctx=gast.Load()))
                if isinstance(where, slice):
                    self.refuse(target, "a slice of this list", "its parts move", "a new list")
                before = self.part(owner, where, target)
                after = self.value(stmt.value)
                stem = self.part_stem(owner.stem, where)
                made = self.augmented(stmt, before, after, stem)
                if made is not before:
                    self.put(owner, where, made, target)
                return
            if isinstance(owner, Struct):
                why = "it is read by one method and written by another"
                self.refuse(target, "this assignment", why, "`p[i] = p[i] + ...`")
            self._holder_is_written(target)
            index = self._index(target.slice)
            plain = copy_node(target, value=self.node_of(owner, target.value), slice=index)
            self.emit(copy_node(stmt, target=plain, value=self.leaf(stmt.value)))
            return
        self.emit(copy_node(stmt, value=self.leaf(stmt.value)))

    def augmented(self, stmt: Node, before: Value, after: Value, stem: str) -> Value:
        """What `before op= after` makes of a part of a structure."""
        node = gast.copy_location(gast.BinOp(stmt.target, stmt.op, stmt.value), stmt)
        if isinstance(before, Struct):
            if before.form == LIST and isinstance(stmt.op, gast.Add):
                for each in self.elements(after, stmt.value):
                    self.put(before, len(before.parts), each, stmt)
                return before
            if before.form == DICT and isinstance(stmt.op, gast.BitOr):
                for key, part in self.as_dict(after, stmt.value).items():
                    self.put(before, key, part, stmt)
                return before
            if before.form == OBJECT and type(stmt.op) in SPECIAL:
                return self.by_class(node, before, after, stem, inplace=True)
            return self.operation(node, before, after, stem)
        if isinstance(before, Leaf) and not before.number:
            # An array is written in place, and a number is not: both are what `+=` does to a name.
            value = self.node_of(after, stmt.value)
            if not self.is_stable(value):
                value = self.keep(value, "part")
            name = self.fresh(stem)
            self.emit(assign(name, before.node))
            self.emit(gast.AugAssign(store(name), stmt.op, value))
            return Leaf(load(name))
        return self.operation(node, before, after, stem)

    # -- others ------------------------------------------------------------------------------------

    def _Expr_statement(self, stmt: Node) -> None:
        if isinstance(stmt.value, gast.Constant):
            return
        value = self.value(stmt.value)
        if isinstance(value, Leaf) and not self.is_stable(value.node):
            self.emit(copy_node(stmt, value=value.node))

    def _Pass_statement(self, stmt: Node) -> None:
        """Nothing to do."""

    def _Delete_statement(self, stmt: Node) -> None:
        kept = []
        for target in stmt.targets:
            if is_name(target) and isinstance(self.variables.get(target.id), (Struct, Const)):
                del self.variables[target.id]
                continue
            if isinstance(target, gast.Subscript):
                base = self.value(target.value)
                if isinstance(base, Opened):
                    raise Written(base.value, base.name, whole=True)
                if isinstance(base, Struct) and base.form in (DICT, LIST):
                    self.writable(base, target)
                    key = self.where(base, copy_node(target, ctx=gast.Load()))
                    if base.form == DICT:
                        del base.parts[key]
                    else:
                        parts = list(base.parts.values())
                        del parts[key]
                        self.set_parts(base, parts, target)
                    continue
            kept.append(target)
        if kept:
            self.emit(copy_node(stmt, targets=kept))

    def _Assert_statement(self, stmt: Node) -> None:
        known = self.value(stmt.test)
        if self.truth(known, stmt.test) is True:
            return
        test = self.node_of(known, stmt.test)
        message = None if stmt.msg is None else self.leaf(stmt.msg)
        self.emit(copy_node(stmt, test=test, msg=message))

    def _Raise_statement(self, stmt: Node) -> str:
        if stmt.exc is None:
            self.emit(stmt)
            return "raise"
        exc = stmt.exc
        made = exc
        if isinstance(exc, gast.Call):
            made = copy_node(exc, args=[self.leaf(each) for each in exc.args])
        self.emit(copy_node(stmt, exc=made))
        return "raise"


def _is_attribute(node: Node) -> bool:
    return isinstance(node, gast.Attribute)


__all__ = ["Any", "Iterable", "Statements"]
