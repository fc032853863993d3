"""Loops in the reverse sweep: the trips in the opposite order, and how the last one ended."""

from __future__ import annotations

from collections.abc import Callable

import gast

from srcad.lower.replay import difference
from srcad.names import Names
from srcad.simplify.flow import read_by, written_by
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
    names_in,
    number_of,
    popped_list,
    statements_in,
    store,
)


def backwards(stmt: Node, body: list[Node], names: Names, renamed: Callable[[Node], Node]) -> Node:
    """The loop with its trips in the opposite order."""
    if isinstance(stmt, gast.While):
        index = names.fresh("_")
        trips = call("range", renamed(load(stmt.trips)))
        return gast.For(store(index), trips, body, [], None)
    bounds = [renamed(bound) for bound in stmt.iter.args]
    lower = bounds[0] if len(bounds) > 1 else constant(0)
    upper = bounds[1] if len(bounds) > 1 else bounds[0]
    step = bounds[2] if len(bounds) > 2 else constant(1)
    end = difference(lower, step)
    back = difference(constant(0), step)
    if not is_number(step):
        back = gast.UnaryOp(gast.USub(), step)
    if getattr(stmt, "stop", None):
        start: Node = renamed(load(stmt.target.id))
    elif is_number(step) and number_of(step) == 1:
        start = difference(upper, constant(1))
    elif is_number(step) and number_of(step) == -1:
        start = difference(upper, constant(-1))
    else:
        # The last index: lower + (number of trips - 1) * step.
        trips = binary(call("len", call("range", *bounds)), gast.Sub(), constant(1))
        start = binary(trips, gast.Mult(), step)
        if not is_number(lower) or number_of(lower) != 0:
            start = binary(lower, gast.Add(), start)
    counted = call("range", *plain_range([start, end, back]))
    return gast.For(store(stmt.target.id), counted, body, [], None)


def plain_range(bounds: list[Node]) -> list[Node]:
    """``range(n)`` for ``range(0, n, 1)``."""
    start, end, step = bounds
    if not is_number(step) or number_of(step) != 1:
        return bounds
    return [end] if is_number(start) and number_of(start) == 0 else [start, end]


def over_tape(body: list[Node], tapes: set[str]) -> Node | None:
    """``for y in y_tape[::-1]`` for a body that pops one of the tapes before anything reads ``y``.

    The tape, which holds one value for each trip, is then its own trip count.
    """
    pops = [stmt for stmt in statements_in(body) if popped_list(getattr(stmt, "value", None))]
    if len(pops) != 1 or pops[0] not in body or not isinstance(pops[0], gast.Assign):
        return None
    (pop,) = pops
    (target,) = pop.targets
    if not is_name(target):
        return None  # a part of an array, put back: the array is more than that
    tape, name = popped_list(pop.value), target.id
    place = body.index(pop)
    before = [read_by(stmt) | written_by(stmt) for stmt in statements_in(body[:place])]
    if tape not in tapes or any(name in touched for touched in before):
        return None
    backwards = gast.Slice(None, None, gast.UnaryOp(gast.USub(), constant(1)))
    rest = [*body[:place], *body[place + 1 :]]
    return gast.For(store(name), item(tape, backwards), rest, [], None)


def clear_stop(body: list[Node], stop: str) -> list[Node]:
    """``stop = 0`` after the part that asks it: it is about the last trip only."""
    asking = [n for n, each in enumerate(body) if stop in names_in(each)]
    if not asking:
        return body
    last = body[asking[-1]]
    rest = body[asking[-1] + 1 :]
    if isinstance(last, gast.If) and stop not in names_in(last.test):
        sides = [
            stop in {n for each in side for n in names_in(each)}
            for side in (last.body, last.orelse)
        ]
        if sides != [True, True]:
            field = "body" if sides[0] else "orelse"
            inner = clear_stop(getattr(last, field), stop)
            return [*body[: asking[-1]], copy_node(last, **{field: inner}), *rest]
    return [*body[: asking[-1] + 1], assign(stop, constant(0)), *rest]
