"""What a loop goes over, by index: how many elements there are, and which one each trip has.

``zip``, ``enumerate``, ``reversed`` and the functions of ``itertools`` are not called; of what they
are given, the element of a trip is read at its place.

>>> import itertools
>>> from srcad.emit import text
>>> from srcad.lower.resolve import Resolver
>>> from srcad.names import Names
>>> from srcad.tree import load, parse, statement
>>> class Scope:
...     def lookup(self, name): return {"product": itertools.product}[name]
>>> loop = statement("for pair in product(a, b): pass")
>>> iterated = Iterables(loop, Names({"a", "b"}), Resolver(Scope(), {"a", "b"})).of(loop.iter)
>>> text(iterated.count), text(iterated.at(load("k")))
('len(a) * len(b)', 'a[k // len(b)], b[k % len(b)]')
"""

from __future__ import annotations

import itertools
import operator as operator_module
from collections.abc import Callable
from dataclasses import dataclass

import gast
import numpy as np

from srcad.listing import with_origin
from srcad.lower.resolve import Resolver
from srcad.names import Names
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
    load,
    number_of,
    store,
    walk,
)


def _no_head(index: Node) -> list[Node]:
    return []


@dataclass
class Iterated:
    """An iterable by index."""

    #: How many elements there are; None of one that never ends.
    count: Node | None
    #: The element at an index that is below the count.
    at: Callable[[Node], Node]
    #: What is done at the head of the trip with that index.
    head: Callable[[Node], list[Node]] = _no_head


class Iterables:
    """The iterables of one loop; what has to be computed before it is in ``before``."""

    def __init__(self, stmt: Node, names: Names, resolver: Resolver) -> None:
        self.stmt = stmt
        self.names = names
        self.resolver = resolver
        self.bound = bound_in(stmt)
        self.before: list[Node] = []
        # Whether Python keeps elements that it has read, to give them again.
        self.holds = False

    def of(self, iterable: Node, *, each_in_turn: bool = False) -> Iterated | None:
        """An iterable of the loop; None if it is not followed.

        ``each_in_turn``: its elements are asked for one after the other, and each once.
        """
        function = self.resolver.object_of(getattr(iterable, "func", None))
        reader = next((reader for known, reader in _READERS if known is function), None)
        if reader is None:
            turned = _turned(iterable)
            if turned is not None and self.resolver.object_of(turned.func) is range:
                return _reversed(self, [turned], {}, each_in_turn)
            if _is_iterator(function):
                return None
            if isinstance(iterable, gast.Tuple):
                iterable = gast.copy_location(gast.List(iterable.elts, gast.Load()), iterable)
            held = self.held(iterable)
            return Iterated(call("len", held), lambda index: item(held, index))
        starred = any(isinstance(each, gast.Starred) for each in iterable.args)
        if starred and reader is not _ndindex:
            return None
        options = {each.arg: each.value for each in iterable.keywords}
        if None in options:
            return None
        return reader(self, list(iterable.args), options, each_in_turn)

    def all_of(self, iterables: list[Node], *, each_in_turn: bool = False) -> list[Iterated] | None:
        """Several iterables; None if one of them is not followed."""
        found = [self.of(each, each_in_turn=each_in_turn) for each in iterables]
        return None if None in found else [each for each in found if each is not None]

    # -- what is computed before the loop -------------------------------------------------------

    def held(self, value: Node) -> Node:
        """A value, computed once: by its own name, if the loop does not bind that anew."""
        if is_number(value) or (is_name(value) and value.id not in self.bound):
            return copy_node(value)
        name = self.names.fresh("w")
        self.emit(assign(name, value))
        return load(name)

    def parts(self, value: Node) -> Node:
        """A value, computed once; of a tuple that is written out, its parts."""
        if isinstance(value, gast.Constant):
            return value
        if isinstance(value, gast.Tuple):
            return gast.Tuple([self.parts(each) for each in value.elts], gast.Load())
        return self.held(value)

    def counted(self, count: Node) -> Node:
        """A count that is asked for more than once."""
        if is_number(count) or is_name(count):
            return count
        if isinstance(count, gast.Call) and is_name(count.func, "len") and is_name(count.args[0]):
            return count
        return self.held(count)

    def axes(self, shape: Node, target: Node) -> list[Node]:
        """The lengths of an array's axes, of which there are as many as a target has names."""
        count = len(target.elts) if isinstance(target, (gast.Tuple, gast.List)) else 0
        lengths = [self.names.fresh("w") for _ in range(count)]
        if lengths:
            targets = gast.Tuple([store(each) for each in lengths], gast.Store())
            self.emit(gast.Assign([targets], shape, None))
        return [load(each) for each in lengths]

    def indices(self, counts: list[Node]) -> Iterated | None:
        """All tuples of indices below some counts, the last one running fastest."""
        if not counts:
            return None

        def at(index: Node) -> Node:
            return _tuple(*_digits(index, counts))

        return Iterated(_times(counts), at)

    def refuse_when(self, left: Node, op: Node, right: Node, message: str) -> None:
        """An error before the loop, where the iterable would make one."""
        error = gast.Raise(call("ValueError", constant(message)), None)
        self.emit(gast.If(gast.Compare(left, [op], [right]), [self.placed(error)], []))

    def emit(self, stmt: Node) -> None:
        self.before.append(self.placed(stmt))

    def placed(self, stmt: Node) -> Node:
        return with_origin(gast.copy_location(stmt, self.stmt), None)


Options = dict[str, Node]


def _range(self: Iterables, given: list[Node], options: Options, turn: bool) -> Iterated | None:
    if options or not 1 <= len(given) <= 3:
        return None
    given = [self.held(each) for each in given]
    start = given[0] if len(given) > 1 else constant(0)
    step = given[2] if len(given) > 2 else constant(1)

    def at(index: Node) -> Node:
        place = index if _is(step, 1) else binary(index, gast.Mult(), step)
        return place if _is(start, 0) else binary(start, gast.Add(), place)

    count = call("len", call("range", *given))
    if all(map(is_number, given)) and not _is(step, 0):
        count = constant(len(range(*(int(number_of(each)) for each in given))))
    return Iterated(count, at)


def _enumerate(self: Iterables, given: list[Node], options: Options, turn: bool) -> Iterated | None:
    start = options.pop("start", None)
    if options or len(given) + (start is not None) not in (1, 2) or not given:
        return None
    inner = self.of(given[0], each_in_turn=turn)
    if inner is None:
        return None
    first = given[1] if len(given) > 1 else start
    first = None if first is None else self.held(first)

    def at(index: Node) -> Node:
        number = index if first is None else binary(first, gast.Add(), index)
        if isinstance(first, gast.Constant):
            number = binary(index, gast.Add(), first)
        return _tuple(number, inner.at(index))

    return Iterated(inner.count, at, inner.head)


def _zip(self: Iterables, given: list[Node], options: Options, turn: bool) -> Iterated | None:
    strict = options.pop("strict", constant(False))
    if options or not given or not isinstance(strict, gast.Constant):
        return None
    inner = self.all_of(given, each_in_turn=turn)
    if inner is None:
        return None
    counts = [each.count for each in inner if each.count is not None]
    if strict.value is True:
        if len(counts) < len(inner):
            return None
        first, *others = counts = [self.counted(each) for each in counts]
        for other in others:
            message = "zip() has arguments of different lengths"
            self.refuse_when(first, gast.NotEq(), other, message)
        counts = counts[:1]
    count = None if not counts else counts[0] if len(counts) == 1 else call("min", *counts)

    def head(index: Node) -> list[Node]:
        return [stmt for each in inner for stmt in each.head(index)]

    return Iterated(count, lambda index: _tuple(*(each.at(index) for each in inner)), head)


def _zip_longest(
    self: Iterables, given: list[Node], options: Options, turn: bool
) -> Iterated | None:
    """Up to the longest: where another one has ended, the value that is given for that."""
    filled = options.pop("fillvalue", None)
    if options or filled is None or _is_none(filled) or not given:
        return None
    inner = self.all_of(given, each_in_turn=turn)
    if inner is None or any(each.head is not _no_head for each in inner):
        return None
    counts = [self.counted(each.count) for each in inner if each.count is not None]
    if len(counts) < len(inner):
        return None
    value = self.held(filled)

    def at(index: Node) -> Node:
        parts = []
        for each, count in zip(inner, counts, strict=True):
            is_there = gast.Compare(index, [gast.Lt()], [count])
            parts.append(gast.IfExp(is_there, each.at(index), copy_node(value)))
        return _tuple(*parts)

    return Iterated(call("max", *counts) if len(counts) > 1 else counts[0], at)


def _reversed(self: Iterables, given: list[Node], options: Options, turn: bool) -> Iterated | None:
    if options or len(given) != 1:
        return None
    (iterable,) = given
    if isinstance(iterable, gast.Call) and self.resolver.object_of(iterable.func) is not range:
        if any(self.resolver.object_of(iterable.func) is known for known, _ in _READERS):
            return None  # what they make cannot be reversed
        iterable = self.held(iterable)
    inner = self.of(iterable)
    if inner is None or inner.count is None:
        return None
    last = binary(self.counted(inner.count), gast.Sub(), constant(1))
    return Iterated(inner.count, lambda index: inner.at(binary(last, gast.Sub(), index)))


def _product(self: Iterables, given: list[Node], options: Options, turn: bool) -> Iterated | None:
    """The last iterable runs fastest: the digits of the index, each in its own base."""
    times = options.pop("repeat", constant(1))
    if options or not given or not is_number(times) or not 1 <= number_of(times) <= 8:
        return None
    self.holds = True
    inner = self.all_of(given)
    if inner is None:
        return None
    counts = [self.counted(each.count) for each in inner if each.count is not None]
    if len(counts) < len(inner):
        return None
    inner, counts = inner * int(number_of(times)), counts * int(number_of(times))

    def at(index: Node) -> Node:
        digits = _digits(index, counts)
        return _tuple(*(each.at(digit) for each, digit in zip(inner, digits, strict=True)))

    return Iterated(_times(counts), at)


def _digits(index: Node, counts: list[Node]) -> list[Node]:
    """The digits of an index, each in its own base; the last one runs fastest."""
    digits = []
    for place, count in enumerate(counts):
        later = counts[place + 1 :]
        digit = binary(index, gast.FloorDiv(), _times(later)) if later else index
        digits.append(binary(digit, gast.Mod(), count) if place else digit)
    return digits


def _chain(self: Iterables, given: list[Node], options: Options, turn: bool) -> Iterated | None:
    inner = self.all_of(given)
    if options or not inner:
        return None
    counts = [self.counted(each.count) for each in inner if each.count is not None]
    if len(counts) < len(inner):
        return None
    starts = [self.counted(_plus(counts[:place])) for place in range(1, len(counts))]

    def at(index: Node) -> Node:
        value = None
        for place in reversed(range(len(inner))):
            inside = binary(index, gast.Sub(), starts[place - 1]) if place else index
            part = inner[place].at(inside)
            if value is None:
                value = part
            else:
                test = gast.Compare(index, [gast.Lt()], [starts[place]])
                value = gast.IfExp(test, part, value)
        return value

    return Iterated(_plus(counts), at)


def _pairwise(self: Iterables, given: list[Node], options: Options, turn: bool) -> Iterated | None:
    if options or len(given) != 1:
        return None
    self.holds = True
    inner = self.of(given[0])
    if inner is None or inner.count is None:
        return None
    count = call("max", binary(inner.count, gast.Sub(), constant(1)), constant(0))

    def at(index: Node) -> Node:
        return _tuple(inner.at(index), inner.at(binary(index, gast.Add(), constant(1))))

    return Iterated(count, at)


def _islice(self: Iterables, given: list[Node], options: Options, turn: bool) -> Iterated | None:
    if options or not 2 <= len(given) <= 4:
        return None
    inner = self.of(given[0])
    bounds = [self.held(each) if not _is_none(each) else each for each in given[1:]]
    if inner is None:
        return None
    start, stop = (constant(0), bounds[0]) if len(bounds) == 1 else (bounds[0], bounds[1])
    step = bounds[2] if len(bounds) == 3 else constant(1)
    start = constant(0) if _is_none(start) else start
    step = constant(1) if _is_none(step) else step
    for bound, least in ((start, 0), (stop, 0), (step, 1)):
        if is_number(bound):
            if number_of(bound) < least:
                return None
        elif not _is_none(bound):
            message = "the bounds of islice() must not be negative, its step positive"
            self.refuse_when(bound, gast.Lt(), constant(least), message)
    if _is_none(stop):
        if inner.count is None:
            return None
        stop = inner.count
    elif inner.count is not None:
        stop = call("min", stop, inner.count)
    whole = _is(start, 0) and _is(step, 1)
    count = stop if whole else call("len", call("range", start, stop, step))

    def at(index: Node) -> Node:
        place = index if _is(step, 1) else binary(index, gast.Mult(), step)
        return inner.at(place if _is(start, 0) else binary(start, gast.Add(), place))

    return Iterated(count, at)


def _repeat(self: Iterables, given: list[Node], options: Options, turn: bool) -> Iterated | None:
    times = options.pop("times", None) if len(given) == 1 else given[1] if len(given) == 2 else None
    if options or not 1 <= len(given) <= 2:
        return None
    value = self.parts(given[0])
    count = None if times is None else call("max", self.held(times), constant(0))
    return Iterated(count, lambda index: copy_node(value))


def _count(self: Iterables, given: list[Node], options: Options, turn: bool) -> Iterated | None:
    if len(given) > 2 or not options.keys() <= {"start", "step"}:
        return None
    start = [*given[:1], *(v for k, v in options.items() if k == "start"), constant(0)][0]
    step = [*given[1:2], *(v for k, v in options.items() if k == "step"), constant(1)][0]
    start, step = self.held(start), self.held(step)
    if not (is_number(step) and isinstance(number_of(step), int)):
        return None  # Python adds up floats, one rounding after the other

    def at(index: Node) -> Node:
        place = index if _is(step, 1) else binary(index, gast.Mult(), step)
        return place if _is(start, 0) else binary(start, gast.Add(), place)

    return Iterated(None, at) if is_number(start) and isinstance(number_of(start), int) else None


def _cycle(self: Iterables, given: list[Node], options: Options, turn: bool) -> Iterated | None:
    if options or len(given) != 1:
        return None
    self.holds = True
    inner = self.of(given[0])
    if inner is None or inner.count is None:
        return None
    count = self.counted(inner.count)
    # Of nothing, `cycle` gives nothing: the modulus would be zero.
    self.refuse_when(count, gast.Eq(), constant(0), "cycle() of nothing")
    return Iterated(None, lambda index: inner.at(binary(index, gast.Mod(), count)))


def _accumulate(
    self: Iterables, given: list[Node], options: Options, turn: bool
) -> Iterated | None:
    """Each trip goes on with what the trip before has reached."""
    start = options.pop("initial", constant(None))
    if options or not turn or not 1 <= len(given) <= 2:
        return None
    if not _is_none(start):
        first = gast.copy_location(gast.List([self.held(start)], gast.Load()), start)
        inner = _chain(self, [first, given[0]], {}, turn)
    else:
        inner = self.of(given[0], each_in_turn=True)
    function = given[1] if len(given) == 2 and not _is_none(given[1]) else None
    if function is not None and not isinstance(function, (gast.Name, gast.Attribute)):
        return None
    meant = operator_module.add if function is None else self.resolver.object_of(function)
    operator = next((op() for known, op in _OPERATORS if known is meant), None)
    if inner is None:
        return None
    total = self.names.fresh("w")

    def head(index: Node) -> list[Node]:
        value = inner.at(index)
        if operator is not None:
            more = binary(load(total), operator, value)
        else:
            more = gast.Call(copy_node(function), [load(total), value], [])
        is_first = gast.Compare(index, [gast.Eq()], [constant(0)])
        first, later = (self.placed(assign(total, each)) for each in (value, more))
        return [*inner.head(index), self.placed(gast.If(is_first, [first], [later]))]

    return Iterated(inner.count, lambda index: load(total), head)


def _ndindex(self: Iterables, given: list[Node], options: Options, turn: bool) -> Iterated | None:
    """The indices of an array, one by one: of ``A.shape`` as many as the target has names."""
    if options or not given:
        return None
    shape = given[0].value if len(given) == 1 and isinstance(given[0], gast.Starred) else None
    if len(given) == 1 and _is_shape(given[0]):
        shape = given[0]
    if shape is not None:
        return self.indices(self.axes(shape, self.stmt.target))
    (first, *others) = given
    if not others and isinstance(first, gast.Tuple):
        given = first.elts
    if any(isinstance(each, gast.Starred) for each in given):
        return None
    return self.indices([self.held(each) for each in given])


def _ndenumerate(
    self: Iterables, given: list[Node], options: Options, turn: bool
) -> Iterated | None:
    """The indices of an array, and its entries."""
    target = self.stmt.target
    if options or len(given) != 1 or not isinstance(target, gast.Tuple) or len(target.elts) != 2:
        return None
    array = self.held(given[0])
    shape = gast.Attribute(copy_node(array), "shape", gast.Load())
    inner = self.indices(self.axes(shape, target.elts[0]))
    if inner is None:
        return None

    def at(index: Node) -> Node:
        place = inner.at(index)
        entry = item(copy_node(array), place if len(place.elts) > 1 else place.elts[0])
        return _tuple(inner.at(index), entry)

    return Iterated(inner.count, at)


Reader = Callable[[Iterables, list[Node], Options, bool], Iterated | None]

_READERS: tuple[tuple[object, Reader], ...] = (
    (range, _range),
    (enumerate, _enumerate),
    (zip, _zip),
    (itertools.zip_longest, _zip_longest),
    (reversed, _reversed),
    (itertools.product, _product),
    (itertools.chain, _chain),
    (itertools.pairwise, _pairwise),
    (itertools.islice, _islice),
    (itertools.repeat, _repeat),
    (itertools.count, _count),
    (itertools.cycle, _cycle),
    (itertools.accumulate, _accumulate),
    (np.ndindex, _ndindex),
    (np.ndenumerate, _ndenumerate),
)


_OPERATORS: tuple[tuple[object, Callable[[], Node]], ...] = (
    (operator_module.add, gast.Add),
    (operator_module.sub, gast.Sub),
    (operator_module.mul, gast.Mult),
    (operator_module.truediv, gast.Div),
)


def _turned(iterable: Node) -> Node | None:
    """The call in ``range(n)[::-1]``."""
    part = iterable.slice if isinstance(iterable, gast.Subscript) else None
    if not isinstance(part, gast.Slice) or not isinstance(iterable.value, gast.Call):
        return None
    whole = part.lower is None and part.upper is None
    return iterable.value if whole and part.step is not None and _is(part.step, -1) else None


def _is_shape(value: Node) -> bool:
    return isinstance(value, gast.Attribute) and value.attr == "shape"


def _is_iterator(function: object) -> bool:
    """Whether a function of Python's own makes an iterator that is not followed."""
    if function in (map, filter, iter, np.nditer):
        return True
    return isinstance(function, type) and function.__module__ == "itertools"


def bound_in(loop: Node) -> set[str]:
    """The variables that a loop binds."""
    nodes = [node for each in [*loop.body, *loop.orelse, loop.target] for node in walk(each)]
    return {n.id for n in nodes if is_name(n) and isinstance(n.ctx, gast.Store)}


def _tuple(*elements: Node) -> Node:
    return gast.Tuple(list(elements), gast.Load())


def _is(value: Node, number: int) -> bool:
    return is_number(value) and bool(number_of(value) == number)


def _is_none(value: Node) -> bool:
    return isinstance(value, gast.Constant) and value.value is None


def _times(counts: list[Node]) -> Node:
    product = counts[0]
    for each in counts[1:]:
        product = binary(product, gast.Mult(), each)
    return product


def _plus(counts: list[Node]) -> Node:
    total = counts[0]
    for each in counts[1:]:
        total = binary(total, gast.Add(), each)
    return total
