"""Loops over `map`, `filter` and the functions of `itertools` that call one for each item.

Their function is called at the head of each trip, as Python calls it, when the item is asked for.

>>> from srcad.emit import emit
>>> from srcad.functions import source_of
>>> from srcad.read import read_module
>>> (source,) = read_module('''
... def f(x, a):
...     s = 0.0
...     for k, y in enumerate(map(lambda v: v * a, x)):
...         s += k * y
...     return s
... ''', "example.py").functions
>>> print(emit([source_of(source).tree]), end="")
def f(x, a):
    s = 0.0
    for k, item in enumerate(x):
        y = item * a
        s += k * y
    return s
"""

from __future__ import annotations

import itertools
import types
from dataclasses import dataclass, field
from typing import Any

import gast

from srcad.functions.meanings import Meanings
from srcad.functions.values import Closure, Known
from srcad.lower.scopes import parameters
from srcad.read import Source
from srcad.tree import Node, assign, constant, copy_node, is_name, load, store, walk

CALLING = (
    *(map, filter, itertools.starmap, itertools.filterfalse, itertools.takewhile),
    *(itertools.dropwhile, itertools.accumulate, itertools.compress),
)


@dataclass
class Trip:
    """What a loop goes over instead, and what is done in each trip."""

    iterable: Node
    target: Node
    value: Node
    head: list[Node] = field(default_factory=list)
    #: Whether some trips have no value, and whether the loop may end before the iterable does.
    skips: bool = False
    ends: bool = False


class Unknown(Exception):
    """An iterable that is left as it is."""


class Trips(Meanings):
    """Loops whose iterables call functions."""

    def calls_in_turn(self, node: Node) -> bool:
        """Whether an iterable calls a function for each item."""
        if not isinstance(node, gast.Call):
            return False
        meaning = self.meaning(node.func)
        if any(meaning is each for each in (enumerate, zip)):
            return any(map(self.calls_in_turn, node.args))
        if meaning is itertools.accumulate:
            given = [*node.args[1:2], *(k.value for k in node.keywords if k.arg == "func")]
            return bool(given) and isinstance(self.value(given[0]), Closure)
        return any(meaning is each for each in CALLING)

    def in_turn(self, stmt: Node) -> Node:
        """The loop with the calls at the head of its body; what goes before it is in ``before``."""
        if not self.calls_in_turn(stmt.iter):
            return stmt
        before = list(self.before)
        try:
            trip = self.trip(stmt.iter, stmt.target)
        except Unknown:
            self.before = before
            return stmt
        if trip.ends and stmt.orelse:
            self.before = before
            return stmt
        bound = [] if trip.value is trip.target else [gast.Assign([stmt.target], trip.value, None)]
        head = [*trip.head, *bound]
        for part in [trip.target, trip.iterable, *head]:
            for each in walk(part):
                if not hasattr(each, "lineno"):
                    gast.copy_location(each, stmt)
        return copy_node(stmt, target=trip.target, iter=trip.iterable, body=[*head, *stmt.body])

    def trip(self, node: Node, target: Node | None = None) -> Trip:
        """One iterable; ``target`` is what the loop binds to its items."""
        if not self.calls_in_turn(node):
            if target is None:
                name = self.item("item")
                return Trip(node, store(name), load(name))
            return Trip(node, target, target)
        meaning: Any = self.meaning(node.func)
        if any(isinstance(each, gast.Starred) for each in node.args):
            raise Unknown
        if meaning is enumerate or meaning is zip:
            return self.beside(node, meaning, target)
        if meaning is itertools.accumulate:
            return self.accumulated(node)
        if node.keywords or len(node.args) < 2 or (len(node.args) > 2 and meaning is not map):
            raise Unknown
        if meaning is itertools.compress:
            return self.compressed(node)
        is_none = isinstance(node.args[0], gast.Constant) and node.args[0].value is None
        if is_none and meaning not in (filter, itertools.filterfalse):
            raise Unknown
        called = "" if is_none else self.function(node.args[0])
        inner = [self.trip(each) for each in node.args[1:]]
        made = inner[0]
        if meaning is map:
            if len(inner) > 1:
                made = self.paired(inner)
            values = [each.value for each in inner]
            return self.with_(made, gast.Call(load(called), values, []))
        if meaning is itertools.starmap:
            return self.starred(made, node.args[0], called)
        made = self.as_name(made)
        asked = made.value if is_none else gast.Call(load(called), [made.value], [])
        if meaning is itertools.filterfalse:
            return self.skipping(made, asked)
        if meaning is itertools.dropwhile:
            flag = self.item("dropping")
            self.before.append(assign(flag, constant(True)))
            made = self.skipping(made, gast.BoolOp(gast.And(), [load(flag), asked]))
            made.head.append(assign(flag, constant(False)))
            return made
        refused = gast.UnaryOp(gast.Not(), asked)
        if meaning is filter:
            return self.skipping(made, refused)
        head = [*made.head, gast.If(refused, [gast.Break()], [])]
        return Trip(made.iterable, made.target, made.value, head, made.skips, ends=True)

    def with_(self, made: Trip, value: Node) -> Trip:
        return Trip(made.iterable, made.target, value, made.head, made.skips, made.ends)

    def as_name(self, made: Trip) -> Trip:
        """With a value that is a name: it is read more than once."""
        if is_name(made.value):
            return made
        name = self.item("item")
        head = [*made.head, assign(name, made.value)]
        return Trip(made.iterable, made.target, load(name), head, made.skips, made.ends)

    def skipping(self, made: Trip, test: Node) -> Trip:
        head = [*made.head, gast.If(test, [gast.Continue()], [])]
        return Trip(made.iterable, made.target, made.value, head, True, made.ends)

    def paired(self, inner: list[Trip]) -> Trip:
        """Several at once."""
        if any(each.skips or each.ends for each in inner):
            raise Unknown
        over = gast.Call(load(self.name_for(zip, "zip")), [each.iterable for each in inner], [])
        target = gast.Tuple([each.target for each in inner], gast.Store())
        value = gast.Tuple([each.value for each in inner], gast.Load())
        return Trip(over, target, value, [stmt for each in inner for stmt in each.head])

    def beside(self, node: Node, meaning: object, target: Node | None) -> Trip:
        """`enumerate` and `zip`: what stands beside them is bound as the loop has it."""
        count = 2 if meaning is enumerate else len(node.args)
        elts = getattr(target, "elts", [])
        fits = len(elts) == count and not any(isinstance(e, gast.Starred) for e in elts)
        given = elts if fits else [None] * count
        if meaning is enumerate:
            given = given[1:]
        inner = [
            self.trip(each, one) for each, one in zip(node.args[: len(given)], given, strict=True)
        ]
        if any(each.skips or each.ends for each in inner):
            raise Unknown
        targets, values = [each.target for each in inner], [each.value for each in inner]
        if meaning is enumerate:
            number = elts[0] if fits else store(self.item("number"))
            targets.insert(0, number)
            values.insert(0, number if fits else load(number.id))
        head = [stmt for each in inner for stmt in each.head]
        rest = node.args[len(inner) :]
        over = copy_node(node, args=[*(each.iterable for each in inner), *rest])
        into = gast.Tuple(targets, gast.Store())
        if not fits:
            return Trip(over, into, gast.Tuple(values, gast.Load()), head)
        for one, now, value in zip(elts, targets, values, strict=True):
            if now is not one:
                head.append(gast.Assign([one], value, None))
        return Trip(over, into, into, head)

    def compressed(self, node: Node) -> Trip:
        """`compress`: the items beside which a true value stands."""
        if node.keywords or len(node.args) != 2:
            raise Unknown
        made = self.paired([self.trip(each) for each in node.args])
        value, test = made.value.elts
        return self.skipping(self.with_(made, value), gast.UnaryOp(gast.Not(), test))

    def accumulated(self, node: Node) -> Trip:
        """`accumulate`: what the trip before has reached, and one item more."""
        options = {each.arg: each.value for each in node.keywords}
        given = [*node.args[1:], *(v for k, v in options.items() if k == "func")]
        start = options.get("initial")
        if len(node.args) > 2 or len(given) != 1 or not options.keys() <= {"func", "initial"}:
            raise Unknown
        called = self.function(given[0])
        iterable = node.args[0]
        if start is not None and not (isinstance(start, gast.Constant) and start.value is None):
            first = gast.List([start], gast.Load())
            iterable = gast.Call(
                load(self.name_for(itertools.chain, "chain")), [first, iterable], []
            )
        inner = self.trip(iterable)
        if inner.skips or inner.ends:
            raise Unknown
        place, total = self.item("place"), self.item("total")
        over = gast.Call(load(self.name_for(enumerate, "enumerate")), [inner.iterable], [])
        more = gast.Call(load(called), [load(total), inner.value], [])
        is_first = gast.Compare(load(place), [gast.Eq()], [constant(0)])
        step = gast.If(is_first, [assign(total, inner.value)], [assign(total, more)])
        target = gast.Tuple([store(place), inner.target], gast.Store())
        return Trip(over, target, load(total), [*inner.head, step])

    def starred(self, made: Trip, node: Node, called: str) -> Trip:
        """`starmap`: as many values in each item as its function takes."""
        function = self.value(node)
        found: Any = function.function if isinstance(function, Known) else None
        tree = function.node if isinstance(function, Closure) else getattr(found, "tree", None)
        if tree is None and not isinstance(found, (types.FunctionType, Source)):
            raise Unknown
        given = getattr(tree, "args", None)
        if given is not None and (given.vararg or given.kwarg or given.defaults):
            raise Unknown
        if tree is None and (found.__defaults__ or found.__code__.co_flags & 0x0C):
            raise Unknown
        count = len(parameters(tree)) if tree is not None else found.__code__.co_argcount
        if not is_name(made.value):
            raise Unknown
        names = [self.item("item") for _ in range(count)]
        parts = gast.Tuple([store(each) for each in names], gast.Store())
        value = gast.Call(load(called), [load(each) for each in names], [])
        if not made.head and is_name(made.target):
            return Trip(made.iterable, parts, value)
        head = [*made.head, gast.Assign([parts], made.value, None)]
        return Trip(made.iterable, made.target, value, head, made.skips, made.ends)

    def function(self, node: Node) -> str:
        """A name for the function, as it is where the loop begins."""
        found = self.value(node)
        if found is None:
            raise Unknown
        name = self.item("function")
        self.variables.discard(name)
        self.env[name] = found
        self.free.add(name)
        return name
