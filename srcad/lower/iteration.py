"""Loops over arrays and lists, by index: ``for``, with ``enumerate``, ``zip`` and ``reversed``.

>>> import gast
>>> from srcad.emit import emit
>>> from srcad.errors import Problems
>>> from srcad.lower.resolve import Resolver
>>> from srcad.names import Names
>>> import builtins
>>> class Scope:
...     def lookup(self, name): return getattr(builtins, name)
>>> body = gast.parse("for i, row in enumerate(a):\\n    s += i * row").body
>>> resolver = Resolver(Scope(), {"a"})
>>> print(emit(by_index(body, Names({"a", "i", "row", "s"}), resolver, Problems(None))), end="")
for w1 in range(len(a)):
    i = w1
    row = a[w1]
    s += i * row
"""

from __future__ import annotations

import gast

from srcad.errors import Problems
from srcad.listing import with_origin
from srcad.lower.resolve import Resolver
from srcad.lower.validate import is_short_display
from srcad.names import Names
from srcad.tree import (
    Node,
    assign,
    binary,
    blocks_of,
    call,
    constant,
    copy_node,
    is_name,
    is_number,
    item,
    load,
    number_of,
    store,
    walk,
)


def by_index(body: list[Node], names: Names, resolver: Resolver, problems: Problems) -> list[Node]:
    """The body with loops over elements written as loops over their indices."""
    return _Loops(names, resolver, problems).block(body)


class _Loops:
    def __init__(self, names: Names, resolver: Resolver, problems: Problems) -> None:
        self.names = names
        self.problems = problems
        self.resolver = resolver

    def block(self, body: list[Node]) -> list[Node]:
        out: list[Node] = []
        for stmt in body:
            if list(blocks_of(stmt)):
                changes = {"body": self.block(stmt.body), "orelse": self.block(stmt.orelse)}
                stmt = copy_node(stmt, **changes)
            out += self.loop(stmt) if isinstance(stmt, gast.For) else [stmt]
        return out

    def loop(self, stmt: Node) -> list[Node]:
        """One loop, and before it what is iterated over, where that needs a name."""
        function = self.resolver.object_of(getattr(stmt.iter, "func", None))
        arguments = getattr(stmt.iter, "args", [])
        plain = not getattr(stmt.iter, "keywords", [])
        if function is range or (is_name(stmt.target) and self.is_plain(stmt)):
            return [stmt]
        before: list[Node] = []
        index = self.names.fresh("w")
        if is_short_display(stmt.iter):
            return self.over_display(stmt, index)
        if function is enumerate and plain and 1 <= len(arguments) <= 2:
            held = self.held(arguments[0], stmt, before)
            number: Node = load(index)
            if len(arguments) == 2:
                number = binary(self.held(arguments[1], stmt, before), gast.Add(), number)
            lengths, parts = [held], [number, item(held, load(index))]
        elif function is zip and plain and arguments:
            lengths = [self.held(each, stmt, before) for each in arguments]
            parts = [item(each, load(index)) for each in lengths]
        elif function is reversed and plain and len(arguments) == 1:
            inner = arguments[0]
            if self.resolver.object_of(getattr(inner, "func", None)) is range:
                return self.reversed_range(stmt, inner)
            held = self.held(inner, stmt, before)
            last = binary(call("len", held), gast.Sub(), constant(1))
            place = binary(last, gast.Sub(), load(index))
            lengths, parts = [held], [item(held, place)]
        elif isinstance(stmt.iter, gast.Call):
            return self.refused(stmt)
        else:
            lengths = [self.held(stmt.iter, stmt, before)]
            parts = [item(lengths[0], load(index))]
        counts = [call("len", each) for each in lengths]
        count = counts[0] if len(counts) == 1 else call("min", *counts)
        targets = [stmt.target]
        if len(parts) > 1:
            if not isinstance(stmt.target, gast.Tuple) or len(stmt.target.elts) != len(parts):
                return self.refused(stmt)
            targets = stmt.target.elts
        bound = [
            with_origin(gast.copy_location(gast.Assign([target], part, None), stmt), None)
            for target, part in zip(targets, parts, strict=True)
        ]
        loop = copy_node(
            stmt, target=store(index), iter=call("range", count), body=[*bound, *stmt.body]
        )
        return [*before, loop]

    def over_display(self, stmt: Node, index: str) -> list[Node]:
        """``for e in (a, b)``: ``e = a`` in the first trip, ``e = b`` in the second.

        The body stands once; what it writes into an element is written into that array.
        """
        before: list[Node] = []
        *others, last = [
            each if isinstance(each, gast.Constant) else self.held(each, stmt, before)
            for each in stmt.iter.elts
        ]
        chosen = [self.bound(stmt, last)]
        for number, element in reversed(list(enumerate(others))):
            test = gast.Compare(load(index), [gast.Eq()], [constant(number)])
            branch = gast.If(test, [self.bound(stmt, element)], chosen)
            chosen = [with_origin(gast.copy_location(branch, stmt), None)]
        count = constant(len(others) + 1)
        iterated = {"target": store(index), "iter": call("range", count)}
        return [*before, copy_node(stmt, body=[*chosen, *stmt.body], **iterated)]

    def bound(self, stmt: Node, element: Node) -> Node:
        """The variable of a loop bound to an element."""
        new = gast.Assign([stmt.target], element, None)
        return with_origin(gast.copy_location(new, stmt), None)

    def is_plain(self, stmt: Node) -> bool:
        """``t`` and ``t[::-1]``: iterated over by its own name, which the loop does not bind."""
        iterable = stmt.iter
        if isinstance(iterable, gast.Subscript) and isinstance(iterable.slice, gast.Slice):
            part = iterable.slice
            if part.lower is not None or part.upper is not None or part.step is None:
                return False
            if not is_number(part.step) or number_of(part.step) != -1:
                return False
            iterable = iterable.value
        return is_name(iterable) and iterable.id not in _bound_in(stmt)

    def held(self, iterable: Node, stmt: Node, before: list[Node]) -> Node:
        """A name for what is iterated over: its own, if the loop does not bind it anew."""
        if is_name(iterable) and iterable.id not in _bound_in(stmt):
            return load(iterable.id)
        name = self.names.fresh("w")
        before.append(with_origin(gast.copy_location(assign(name, iterable), stmt), None))
        return load(name)

    def refused(self, stmt: Node) -> list[Node]:
        """A loop in a form that is not followed: it is refused, and left as it is."""
        why = "only ranges, arrays and lists are iterated over, one by one or paired up"
        instead = "`for i in range(len(values))`, with `values[i]` in its body"
        self.problems.add(stmt.iter, "`for` over this iterable", why, instead)
        return [copy_node(stmt, target=store(self.names.fresh("w")), iter=call("range"))]

    def reversed_range(self, stmt: Node, inner: Node) -> list[Node]:
        """``for i in reversed(range(a, b))``; a step is left to the reader of the loop."""
        arguments = inner.args
        if inner.keywords or not 1 <= len(arguments) <= 2 or not is_name(stmt.target):
            return self.refused(stmt)
        first = arguments[0] if len(arguments) == 2 else constant(0)
        start = binary(arguments[-1], gast.Sub(), constant(1))
        end = binary(first, gast.Sub(), constant(1)) if len(arguments) == 2 else constant(-1)
        return [copy_node(stmt, iter=call("range", start, end, constant(-1)))]


def _bound_in(loop: Node) -> set[str]:
    """The variables that a loop binds."""
    nodes = [node for each in [*loop.body, *loop.orelse, loop.target] for node in walk(each)]
    return {n.id for n in nodes if is_name(n) and isinstance(n.ctx, gast.Store)}
