"""Loops over arrays and lists, by index: ``for``, with what pairs up, joins or repeats them.

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

import types

import gast

from srcad.errors import Problems
from srcad.listing import with_origin
from srcad.lower.iterables import Iterables, bound_in
from srcad.lower.resolve import Resolver
from srcad.lower.validate import is_short_display
from srcad.names import Names
from srcad.read import Source
from srcad.rules import rule_of
from srcad.tree import (
    Node,
    binary,
    blocks_of,
    call,
    constant,
    copy_node,
    is_name,
    is_number,
    load,
    number_of,
    statements_in,
    store,
    target_names,
    walk,
)


def by_index(body: list[Node], names: Names, resolver: Resolver, problems: Problems) -> list[Node]:
    """The body with loops over elements written as loops over their indices."""
    return _Loops(body, names, resolver, problems).block(body)


class _Loops:
    def __init__(
        self, body: list[Node], names: Names, resolver: Resolver, problems: Problems
    ) -> None:
        self.body = body
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
        if function is range or (is_name(stmt.target) and self.is_plain(stmt)):
            return [stmt]
        if function is reversed and len(stmt.iter.args) == 1 and is_name(stmt.target):
            inner = stmt.iter.args[0]
            is_range = self.resolver.object_of(getattr(inner, "func", None)) is range
            if is_range and not inner.keywords and 1 <= len(inner.args) <= 2:
                return self.reversed_range(stmt, inner)
        index = self.names.fresh("w")
        if is_short_display(stmt.iter):
            return self.over_display(stmt, index)
        iterables = Iterables(stmt, self.names, self.resolver)
        iterated = iterables.of(stmt.iter, each_in_turn=True)
        if iterated is None:
            return self.refused(stmt)
        if iterated.count is None:
            why = "it never ends by itself, and the reverse sweep runs a loop backwards"
            self.problems.add(stmt.iter, "`for` without an end", why, "`while True` and `break`")
            return self.unlooped(stmt)
        if iterables.holds and self.may_write(stmt):
            why = "it goes over what was there before, and its body may write into that"
            instead = "`s = s + ...` for sums, or a loop over a copy by its indices"
            self.problems.add(stmt.iter, "`for` over this iterable", why, instead)
        head = iterated.head(load(index))
        element = iterated.at(load(index))
        bound = self.bind(stmt, stmt.target, element)
        if bound is None:
            why = "it has as many names as there are values in no trip"
            self.problems.add(stmt.target, "this target of a `for`", why, "a name for each value")
            return self.unlooped(stmt)
        loop = copy_node(
            stmt,
            target=store(index),
            iter=call("range", iterated.count),
            body=[*head, *bound, *stmt.body],
        )
        return [*iterables.before, loop]

    def may_write(self, stmt: Node) -> bool:
        """Whether the body of a loop may write into what the loop goes over."""
        for node in (node for each in stmt.body for node in walk(each)):
            if isinstance(node, gast.Subscript) and isinstance(node.ctx, gast.Store):
                return True
            if isinstance(node, gast.Expr) and isinstance(node.value, gast.Call):
                return True
            if isinstance(node, gast.Call):
                function = self.resolver.object_of(node.func)
                if isinstance(function, (types.FunctionType, Source)) and not rule_of(function):
                    return True
            if isinstance(node, gast.AugAssign) and not self.is_number(node.target.id):
                return True
        return False

    def is_number(self, name: str) -> bool:
        """Whether a variable begins as a number that is written out, wherever it is assigned."""
        values = [
            each.value
            for each in statements_in(self.body)
            if isinstance(each, gast.Assign)
            and name in {n for t in each.targets for n in target_names(t)}
        ]
        return bool(values) and all(map(is_number, values))

    def bind(self, stmt: Node, target: Node, element: Node) -> list[Node] | None:
        """The assignments to the target of a loop; None where the numbers of values differ."""
        if isinstance(target, (gast.Tuple, gast.List)) and isinstance(element, gast.Tuple):
            if len(target.elts) != len(element.elts):
                return None
            pairs = zip(target.elts, element.elts, strict=True)
            parts = [self.bind(stmt, one, other) for one, other in pairs]
            return None if None in parts else [each for part in parts for each in part or ()]
        new = gast.Assign([target], element, None)
        return [with_origin(gast.copy_location(new, stmt), None)]

    def over_display(self, stmt: Node, index: str) -> list[Node]:
        """``for e in (a, b)``: ``e = a`` in the first trip, ``e = b`` in the second.

        The body stands once; what it writes into an element is written into that array.
        """
        iterables = Iterables(stmt, self.names, self.resolver)
        *others, last = [iterables.parts(each) for each in stmt.iter.elts]
        chosen = self.bind(stmt, stmt.target, last)
        for number, element in reversed(list(enumerate(others))):
            test = gast.Compare(load(index), [gast.Eq()], [constant(number)])
            first = self.bind(stmt, stmt.target, element)
            if chosen is None or first is None:
                return self.refused(stmt)
            branch = gast.If(test, first, chosen)
            chosen = [with_origin(gast.copy_location(branch, stmt), None)]
        if chosen is None:
            return self.refused(stmt)
        count = constant(len(others) + 1)
        iterated = {"target": store(index), "iter": call("range", count)}
        return [*iterables.before, copy_node(stmt, body=[*chosen, *stmt.body], **iterated)]

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
        return is_name(iterable) and iterable.id not in bound_in(stmt)

    def refused(self, stmt: Node) -> list[Node]:
        """A loop in a form that is not followed: it is refused, and left as it is."""
        why = "only ranges, arrays and lists are iterated over, one by one, paired up or joined"
        instead = "`for i in range(len(values))`, with `values[i]` in its body"
        self.problems.add(stmt.iter, "`for` over this iterable", why, instead)
        return self.unlooped(stmt)

    def unlooped(self, stmt: Node) -> list[Node]:
        """A refused loop, in a form that the passes after this one can read."""
        return [copy_node(stmt, target=store(self.names.fresh("w")), iter=call("range"))]

    def reversed_range(self, stmt: Node, inner: Node) -> list[Node]:
        """``for i in reversed(range(a, b))``; one with a step is read by its index."""
        arguments = inner.args
        first = arguments[0] if len(arguments) == 2 else constant(0)
        start = binary(arguments[-1], gast.Sub(), constant(1))
        end = binary(first, gast.Sub(), constant(1)) if len(arguments) == 2 else constant(-1)
        return [copy_node(stmt, iter=call("range", start, end, constant(-1)))]
