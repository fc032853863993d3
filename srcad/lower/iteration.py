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

import itertools
import types
from collections.abc import Iterator

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
    assign,
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


# As many items of a choice are loops in one another.
MOST_CHOSEN = 4


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
        if function in (itertools.combinations, itertools.permutations):
            return self.chosen(stmt, function is itertools.permutations)
        index = self.names.fresh("w")
        if is_short_display(stmt.iter):
            return self.over_display(stmt, index)
        iterables = Iterables(stmt, self.names, self.resolver)
        iterated = iterables.of(stmt.iter, each_in_turn=True)
        if iterated is None:
            return self.refused(stmt)
        if iterables.holds and self.may_write(stmt):
            return self.written_into(stmt)
        head = iterated.head(load(index))
        element = iterated.at(load(index))
        bound = self.bind(stmt, stmt.target, element)
        if bound is None:
            return self.too_many(stmt)
        body = [*head, *bound, *stmt.body]
        if iterated.count is None:
            first = iterables.placed(assign(index, constant(-1)))
            more = iterables.placed(assign(index, binary(load(index), gast.Add(), constant(1))))
            endless = gast.copy_location(gast.While(constant(True), [more, *body], []), stmt)
            return [*iterables.before, first, endless]
        counted = {"target": store(index), "iter": call("range", iterated.count)}
        return [*iterables.before, copy_node(stmt, body=body, **counted)]

    def chosen(self, stmt: Node, any_order: bool) -> list[Node]:
        """``combinations`` and ``permutations``: a loop in a loop for each item of a choice."""
        given = stmt.iter.args
        many = given[1] if len(given) == 2 else None
        iterables = Iterables(stmt, self.names, self.resolver)
        iterables.holds = True
        if many is None or not is_number(many) or not 1 <= number_of(many) <= MOST_CHOSEN:
            return self.refused(stmt)
        inner = iterables.of(given[0]) if not stmt.iter.keywords else None
        if inner is None or inner.count is None:
            return self.refused(stmt)
        if self.may_write(stmt):
            return self.written_into(stmt)
        count = iterables.counted(inner.count)
        indices = [self.names.fresh("w") for _ in range(int(number_of(many)))]
        bound = self.bind(
            stmt, stmt.target, gast.Tuple([inner.at(load(i)) for i in indices], gast.Load())
        )
        if bound is None:
            return self.too_many(stmt)
        leaves = any(isinstance(each, gast.Break) for part in stmt.body for each in _own(part))
        loops = [*bound, *stmt.body]
        for place, index in reversed(list(enumerate(indices))):
            earlier = indices[:place]
            if any_order and earlier:
                same = [gast.Compare(load(index), [gast.Eq()], [load(each)]) for each in earlier]
                test = same[0] if len(same) == 1 else gast.BoolOp(gast.Or(), same)
                loops.insert(0, iterables.placed(gast.If(test, [gast.Continue()], [])))
            first = binary(load(earlier[-1]), gast.Add(), constant(1)) if earlier else constant(0)
            bounds = [count] if any_order or not earlier else [first, count]
            orelse = stmt.orelse if not place else [gast.Continue()] if leaves else []
            ranged = {"target": store(index), "iter": call("range", *bounds), "orelse": orelse}
            loops = [copy_node(stmt, body=loops, **ranged)]
            if place and leaves:  # a jump out of one of them is one out of all
                loops.append(gast.Break())
        return [*iterables.before, *loops]

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

    def written_into(self, stmt: Node) -> list[Node]:
        why = "it goes over what was there before, and its body may write into that"
        instead = "`s = s + ...` for sums, or a loop over a copy by its indices"
        self.problems.add(stmt.iter, "`for` over this iterable", why, instead)
        return self.unlooped(stmt)

    def too_many(self, stmt: Node) -> list[Node]:
        why = "it has as many names as there are values in no trip"
        self.problems.add(stmt.target, "this target of a `for`", why, "a name for each value")
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


def _own(stmt: Node) -> Iterator[Node]:
    """A statement and those in it, but for the bodies of loops inside."""
    yield stmt
    loops = isinstance(stmt, (gast.For, gast.While))
    for block in [stmt.orelse] if loops else blocks_of(stmt):
        for each in block:
            yield from _own(each)
