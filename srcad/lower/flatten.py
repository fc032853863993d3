"""Statements to three-address form: one elementary operation each.

What becomes of their expressions is in :mod:`srcad.lower.operations`.

>>> import gast
>>> from srcad.emit import emit
>>> from srcad.lower.resolve import Resolver
>>> from srcad.lower.varied import Varied
>>> from srcad.names import Names
>>> import math
>>> class Scope:
...     def lookup(self, name): return {"math": math}[name]
>>> body = gast.parse("y = 1 / (1 + math.exp(-(a * x + b * (n - 1))))").body
>>> resolver = Resolver(Scope(), {"x", "a", "b", "n", "y"})
>>> varied = Varied(body, {"x", "a", "b"}, resolver)
>>> print(emit(Flatten(Names({"y"}), resolver, varied).block(body)), end="")
w1 = a * x
w2 = b * (n - 1)
w3 = w1 + w2
w4 = -w3
w5 = math.exp(w4)
w6 = 1 + w5
y = 1 / w6
"""

from __future__ import annotations

from collections import Counter

import gast
import numpy as np

from srcad.listing import with_origin
from srcad.lower.operations import Operations, is_display
from srcad.lower.resolve import Resolver
from srcad.tree import (
    Node,
    assign,
    binary,
    call,
    constant,
    copy_node,
    is_name,
    is_number,
    item,
    kinds_in,
    load,
    name_occurrences,
    names_in,
    popped_list,
    rewrite,
    store,
    target_names,
    walk,
)


class Flatten(Operations):
    """The rewriting of one function's statements."""

    def block(self, stmts: list[Node]) -> list[Node]:
        """The statements of a block in three-address form."""
        outer, self.out = self.out, []
        for stmt in stmts:
            self.statement(stmt)
        block, self.out = self.out, outer
        return block

    def statement(self, stmt: Node) -> None:
        """One statement, appended in three-address form."""
        outer = self.origin, self.rebound, self.acting
        self.origin = getattr(stmt, "origin", None) or (stmt if hasattr(stmt, "lineno") else None)
        header = [stmt.test] if isinstance(stmt, (gast.If, gast.While)) else [stmt]
        header = [stmt.iter] if isinstance(stmt, gast.For) else header
        kinds = frozenset[type]().union(*map(kinds_in, header))
        self.rebound = Counter()
        if gast.NamedExpr in kinds:
            nodes = [node for part in header for node in walk(part)]
            walruses = (node for node in nodes if isinstance(node, gast.NamedExpr))
            self.rebound = Counter(node.target.id for node in walruses)
        self.acting = (
            self.writes
            and gast.Call in kinds
            and any(self._writes(node) for part in header for node in walk(part))
        )
        if gast.Subscript in kinds:
            stmt = rewrite(stmt, self._row)
        handler = getattr(self, f"_{type(stmt).__name__.lower()}", None)
        if handler is None:
            self.emit(stmt)
        else:
            handler(stmt)
        self.origin, self.rebound, self.acting = outer

    def _row(self, node: Node) -> Node | None:
        """`np.r_[a, b]` as the call that it stands for."""
        if not isinstance(node, gast.Subscript) or not _is_row(node):
            return None
        return _joined_row(node) if self.resolver.object_of(node.value) is np.r_ else None

    def _pass(self, stmt: Node) -> None:
        """Nothing to do."""

    _delete = _global = _nonlocal = _pass

    def _expr(self, stmt: Node) -> None:
        if isinstance(stmt.value, gast.Constant):
            return  # a docstring
        if self._is_append(stmt.value):
            value = self.atom(stmt.value.args[0])
            self.emit(gast.Expr(copy_node(stmt.value, args=[value])))
        elif (sign := self._adds_at(stmt.value)) is not None:
            base, index, value = stmt.value.args
            target = gast.Subscript(base, _as_index(index, self.resolver), gast.Store())
            value = self.atom(value)
            added = gast.AugAssign(self._element(target), sign, value)
            added.repeats = True
            self.emit(added)
        elif self.is_user_function(self.resolver.object_of(getattr(stmt.value, "func", None))):
            # For its effect: what it returns is dropped, what it writes is not.
            self.emit(assign(self.names.temporary(), self.operation(stmt.value)))
        else:
            value = self.inactive(stmt.value)
            if not isinstance(value, gast.Name):  # t.pop() has been assigned to one
                self.emit(gast.Expr(value))

    def _adds_at(self, node: Node) -> Node | None:
        """The operator of `np.add.at(x, index, value)`, which adds one by one; else None."""
        function = self.resolver.object_of(getattr(node, "func", None))
        if getattr(function, "__name__", "") != "at" or len(node.args) != 3 or node.keywords:
            return None
        ufunc = getattr(function, "__self__", None)
        return {id(np.add): gast.Add(), id(np.subtract): gast.Sub()}.get(id(ufunc))

    def _is_append(self, node: Node) -> bool:
        return (
            isinstance(node, gast.Call)
            and isinstance(node.func, gast.Attribute)
            and node.func.attr == "append"
            and len(node.args) == 1
            and is_name(node.func.value)
        )

    def _assign(self, stmt: Node) -> None:
        first, *others = stmt.targets
        if others:
            value = self.atom(stmt.value)
            if not isinstance(value, (gast.Name, gast.Constant)):
                value = self.temporary(value)  # it is one object, under several names
            for target in stmt.targets:
                self.bind(target, value)
        else:
            self.bind_expression(first, stmt.value)

    def _annassign(self, stmt: Node) -> None:
        if stmt.value is not None:
            self.bind_expression(stmt.target, stmt.value)

    def _augassign(self, stmt: Node) -> None:
        target = stmt.target
        if isinstance(target, gast.Name):
            old = self._read(load(target.id))
        else:
            target = self._element(target)
            target.is_changed = True
            # Whether it is the same element still when the new value is known.
            pops = any(popped_list(each) for each in walk(stmt.value))
            target.older = "" if pops or self._calls_user(stmt.value) else "known"
            repeats = getattr(stmt, "repeats", False)
            adds = isinstance(stmt.op, (gast.Add, gast.Sub))
            if repeats or (adds and not self._calls_user(stmt.value)):
                added = gast.AugAssign(target, stmt.op, self.atom(stmt.value))
                added.repeats = repeats
                self.emit(added)
                return
            old = self.temporary(self.operation(copy_node(target, ctx=gast.Load())))
            target.older = target.older and old.id
        right = self.atom(stmt.value)
        value = binary(old, stmt.op, right)
        value.augmented = isinstance(target, gast.Name)
        gast.copy_location(value, stmt)
        if isinstance(target, gast.Name):
            self.emit(assign(store(target.id), value))
        else:
            self.bind(target, self.temporary(value))

    def _element(self, target: Node) -> Node:
        """An element, or a part, to be written: of a variable, at an index that is at hand."""
        base = target.value
        if not is_name(base):
            base = self.temporary(self.operation(copy_node(base, ctx=gast.Load())))
        base = self._read(base)
        return copy_node(target, value=base, slice=self._index(self.kept(target.slice)))

    def _calls_user(self, expression: Node) -> bool:
        """Whether a function is called that may write what the code around it reads."""
        return any(
            self.is_user_function(self.resolver.object_of(node.func))
            for node in walk(expression)
            if isinstance(node, gast.Call)
        )

    def bind_expression(self, target: Node, value: Node) -> None:
        """``target = value`` for a value still to be taken apart."""
        if isinstance(target, gast.Name) and is_name(value, target.id):
            return  # k = k
        if isinstance(target, gast.Name):
            self.bind(target, self.operation(value))
        elif isinstance(target, gast.Subscript):
            value = self.atom(value)
            self.bind(target, value)
        elif isinstance(value, (gast.Tuple, gast.List)) and len(value.elts) == len(target.elts):
            written: set[str] = set(target_names(target))
            matched = _matched(target, value)
            targets = [each for each, _ in matched]
            parts = [self.operation(each) for _, each in matched]
            # In parallel: what a later part still reads is kept before it is overwritten.
            for position, part in enumerate(parts[:-1] if len(parts) > 1 else []):
                is_itself = is_name(part) or isinstance(part, gast.List)
                if not names_in(part).isdisjoint(written) or not is_itself:
                    parts[position] = self.temporary(part)
            last = parts[-1]
            written_before = {n for each in targets[:-1] for n in target_names(each)}
            writes = any(isinstance(each, gast.Subscript) for each in targets)
            if names_in(last) & written_before or (writes and not is_name(last)):
                parts[-1] = self.temporary(last)
            for each, part in zip(targets, parts, strict=True):
                self.bind(each, part)
        elif self._at_once(target, value):
            operation = self.operation(value)
            if names_in(operation) & names_in(target) and self._structured_rules(operation):
                self.bind(target, self.temporary(operation))
            else:
                self.emit(gast.Assign([_as_tuple(target)], operation, None))
        else:
            self.bind(target, self.atom(value))

    def _at_once(self, target: Node, value: Node) -> bool:
        """Whether a value is a call whose several results are assigned to names at once."""
        if not isinstance(value, gast.Call) or not self.varied.carries(value):
            return False
        leaves = [n for n in walk(target) if not isinstance(n, (gast.Tuple, gast.List, gast.Store))]
        if not all(map(is_name, leaves)):
            return False
        names = target_names(target)
        again = {name for name in names if names.count(name) > 1}
        if any(rule.results for rule in self._structured_rules(value)):
            return again.isdisjoint(self.loads)  # `_, _` are dropped
        return not again and self.is_user_function(self.resolver.object_of(value.func))

    def bind(self, target: Node, value: Node) -> None:
        """``target = value`` for a value that is an atom or an operation."""
        if isinstance(target, gast.Name):
            self.bind_name(target, value)
        elif isinstance(target, gast.Subscript):
            self.emit(gast.Assign([self._element(target)], self.as_atom(value), None))
        else:
            value = self.as_atom(value)
            if not is_name(value) or value.id in target_names(target):
                value = self.temporary(value)
            for position, each in enumerate(target.elts):
                part = item(load(value.id), constant(position))
                part.unpacked = len(target.elts)
                if isinstance(each, gast.Name):
                    self.emit(assign(store(each.id), part))
                else:
                    self.bind(each, self.temporary(part))

    def _if(self, stmt: Node) -> None:
        test = self.kept(stmt.test)
        branch = copy_node(stmt, test=test, body=self.block(stmt.body), orelse=[])
        # elif is not nested deeper here than Python nests it.
        branch.orelse = self.block(stmt.orelse)
        self.emit(branch)

    def _while(self, stmt: Node) -> None:
        if not self.rebound and not any(map(self._must_lift, walk(stmt.test))):
            self.emit(copy_node(stmt, test=self.inactive(stmt.test), body=self.block(stmt.body)))
            return
        # The test assigns, or writes: it is run at the head of every trip, the last one included.
        stop = stmt.stop or self.names.fresh("stop")
        end = [with_origin(assign(stop, constant(-1)), None), gast.Break()]
        outer, self.out = self.out, []
        test = self.inactive(stmt.test)
        head, self.out = self.out, outer
        leave = gast.If(gast.UnaryOp(gast.Not(), test), end, self.block(stmt.body))
        leave.guard = True
        with_origin(leave, self.origin)
        if stmt.stop is None:
            self.emit(with_origin(assign(stop, constant(0)), None))
        loop = copy_node(stmt, test=constant(True), body=[*head, leave])
        loop.stop = stop
        self.emit(loop)
        if getattr(stmt, "stop", None) is not None:  # the code that follows asks how the loop ended
            ended = gast.Compare(load(stop), [gast.Eq()], [constant(-1)])
            reset = with_origin(assign(stop, constant(0)), None)
            self.emit(gast.If(ended, [reset], []))

    def _for(self, stmt: Node) -> None:
        iterable = stmt.iter
        inside = {
            name
            for each in walk(gast.If(None, stmt.body, []))
            if isinstance(each, gast.Name) and isinstance(each.ctx, gast.Store)
            for name in [each.id]
        }
        if isinstance(iterable, gast.Call):
            bounds = []
            for each in iterable.args:
                bound = self.kept(each)
                # Python evaluates the range once; a bound that the body rebinds is kept.
                changed = names_in(bound) & (inside | {stmt.target.id})
                bounds.append(self.temporary(bound) if changed else bound)
            iterable = copy_node(iterable, args=bounds)
        target = stmt.target
        body = stmt.body
        if not isinstance(iterable, gast.Call):
            return self._for_elements(stmt, iterable)
        kept = getattr(stmt, "stop", None) is not None and self._is_used_outside(target.id, stmt)
        if target.id in inside or target.id in self.varied.names or kept:
            # The variable has other values too: they are told apart.
            counter = self.names.temporary()
            copied = with_origin(assign(store(target.id), load(counter)), None)
            body = [copied, *body]
            target = store(counter)
        self.emit(copy_node(stmt, target=target, iter=iterable, body=self.block(body)))

    def _is_used_outside(self, name: str, stmt: Node) -> bool:
        """Whether a loop's index is a variable of the code around the loop too."""
        inside = sum(
            name_occurrences(part).count(name) for part in walk(stmt) if isinstance(part, gast.Name)
        )
        return self.occurrences[name] > inside

    def _for_elements(self, stmt: Node, iterable: Node) -> None:
        """``for y in t[::-1]`` over a list of numbers, by index."""
        index = self.names.temporary()
        backwards = isinstance(iterable, gast.Subscript)
        name = load((iterable.value if backwards else iterable).id)
        length = self.kept(call("len", name))
        if backwards:
            last = binary(length, gast.Sub(), constant(1))
            bounds = [last, constant(-1), constant(-1)]
        else:
            bounds = [length]
        element = with_origin(assign(store(stmt.target.id), item(name, load(index))), None)
        element.element = True
        if self.varied.carries(name):
            self.varied.names.add(stmt.target.id)
        numbered = call("range", *bounds)
        body = self.block([element, *stmt.body])
        self.emit(copy_node(stmt, target=store(index), iter=numbered, body=body))

    def _assert(self, stmt: Node) -> None:
        self.emit(copy_node(stmt, test=self.inactive(stmt.test)))


def _matched(target: Node, value: Node) -> list[tuple[Node, Node]]:
    """The targets and the values of an unpacking; of displays inside displays, their parts."""
    if not (is_display(target) and is_display(value)) or len(target.elts) != len(value.elts):
        return [(target, value)]
    rows = zip(target.elts, value.elts, strict=True)
    return [pair for one, other in rows for pair in _matched(one, other)]


def _as_tuple(target: Node) -> Node:
    """A target with its brackets written as parentheses."""
    if isinstance(target, (gast.Tuple, gast.List)):
        return gast.Tuple([_as_tuple(each) for each in target.elts], gast.Store())
    return target


def _is_row(expression: Node) -> bool:
    """Whether `np.r_[...]` holds values only, and is called by a dotted name."""
    parts = [expression.slice, *getattr(expression.slice, "elts", [])]
    text = [n for n in parts if isinstance(n, gast.Constant) and not is_number(n)]
    slices = any(isinstance(each, gast.Slice) for each in parts)
    return isinstance(expression.value, gast.Attribute) and not slices and not text


def _joined_row(expression: Node) -> Node:
    """`np.r_[a, b]` as a call: what is joined has one axis at least."""
    name, index = expression.value, expression.slice
    one = copy_node(name, attr="atleast_1d")
    elements = index.elts if isinstance(index, gast.Tuple) else [index]
    parts = [gast.Call(one, [each], []) for each in elements]
    return gast.Call(copy_node(name, attr="concatenate"), [gast.Tuple(parts, gast.Load())], [])


def _as_index(argument: Node, resolver: Resolver) -> Node:
    """An argument that is an index, as it stands in brackets: of `np.s_[1:]` what is in there."""
    if isinstance(argument, gast.Subscript) and resolver.object_of(argument.value) is np.s_:
        return argument.slice
    return argument
