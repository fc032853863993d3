"""Starred targets: ``a, *b = t`` by index, with a list for what the star takes.

>>> import gast
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> body = gast.parse("a, *b, c = t").body
>>> print(emit(without_stars(body, Names({"a", "b", "c", "t"}))), end="")
if len(t) < 2:
    raise ValueError('not enough values to unpack')
a = t[0]
b = [w1 for w1 in t[1:len(t) - 1]]
c = t[len(t) - 1]
"""

from __future__ import annotations

import gast

from srcad.listing import with_origin
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
    item,
    load,
    store,
    target_names,
    walk,
)

DISPLAYS = (gast.Tuple, gast.List)


def without_stars(body: list[Node], names: Names) -> list[Node]:
    """The body without starred targets."""
    if not any(_is_starred(node) for stmt in body for node in walk(stmt)):
        return body
    return [new for stmt in body for new in _statement(stmt, names)]


def _is_starred(target: Node) -> bool:
    """Whether a display, written to, has a star."""
    return (
        isinstance(target, DISPLAYS)
        and isinstance(target.ctx, gast.Store)
        and any(isinstance(each, gast.Starred) for each in target.elts)
    )


def _statement(stmt: Node, names: Names) -> list[Node]:
    if list(blocks_of(stmt)):
        stmt = copy_node(
            stmt, body=without_stars(stmt.body, names), orelse=without_stars(stmt.orelse, names)
        )
    if isinstance(stmt, gast.For) and any(map(_is_starred, walk(stmt.target))):
        name = names.fresh("w")
        first = _placed(gast.Assign([stmt.target], load(name), None), stmt)
        return [copy_node(stmt, target=store(name), body=[*_statement(first, names), *stmt.body])]
    if not isinstance(stmt, gast.Assign):
        return [stmt]
    if not any(_is_starred(node) for target in stmt.targets for node in walk(target)):
        return [stmt]
    out: list[Node] = []
    value = stmt.value
    bound = [name for target in stmt.targets for name in target_names(target)]
    display = isinstance(value, DISPLAYS) and len(stmt.targets) == 1
    if not (is_name(value) and value.id not in bound) and not display:
        name = names.fresh("w")
        out.append(_placed(assign(name, value), stmt))
        value = load(name)
    for target in stmt.targets:
        out += [_placed(each, stmt) for each in _bound(target, value, names)]
    return out


def _bound(target: Node, value: Node, names: Names) -> list[Node]:
    """The assignments to one target."""
    if not any(map(_is_starred, walk(target))):
        return [gast.Assign([target], value, None)]
    place = next((n for n, e in enumerate(target.elts) if isinstance(e, gast.Starred)), None)
    if isinstance(value, DISPLAYS) and _fits(target, value, place):
        # In parallel: the values are computed before any of them is bound.
        out, values = _computed(value.elts, names)
        if place is not None:
            after = len(target.elts) - place - 1
            rest = gast.List(values[place : len(values) - after], gast.Load())
            values = [*values[:place], rest, *values[len(values) - after :]]
        for each, part in zip(target.elts, values, strict=True):
            inner = each.value if isinstance(each, gast.Starred) else each
            out += _bound(inner, part, names)
        return out
    if not is_name(value):
        name = names.fresh("w")
        return [assign(name, value), *_bound(target, load(name), names)]
    length = call("len", value)
    count = len(target.elts)
    enough, message = (gast.NotEq(), "") if place is None else (gast.Lt(), "not enough ")
    error = call("ValueError", constant(f"{message or 'not as many '}values to unpack"))
    wanted = constant(count if place is None else count - 1)
    out = [gast.If(gast.Compare(length, [enough], [wanted]), [gast.Raise(error, None)], [])]
    for position, each in enumerate(target.elts):
        later = count - position - 1
        if place is None or position < place:
            out += _bound(each, item(value, constant(position)), names)
        elif position > place:
            last = binary(length, gast.Sub(), constant(later + 1))
            out += _bound(each, item(value, last), names)
        else:
            end = binary(length, gast.Sub(), constant(later)) if later else None
            part = item(value, gast.Slice(constant(position) if position else None, end, None))
            one = names.fresh("w")
            clause = gast.comprehension(store(one), part, [], 0)
            out += _bound(each.value, gast.ListComp(load(one), [clause]), names)
    return out


def _computed(values: list[Node], names: Names) -> tuple[list[Node], list[Node]]:
    """The assignments of values to names of their own, and the names; displays stay displays."""
    out: list[Node] = []
    held: list[Node] = []
    for each in values:
        if isinstance(each, DISPLAYS) and not any(isinstance(e, gast.Starred) for e in each.elts):
            before, parts = _computed(each.elts, names)
            out += before
            held.append(copy_node(each, elts=parts))
        else:
            name = names.fresh("w")
            out.append(assign(name, each))
            held.append(load(name))
    return out, held


def _fits(target: Node, value: Node, place: int | None) -> bool:
    if any(isinstance(each, gast.Starred) for each in value.elts):
        return False
    if place is None:
        return len(target.elts) == len(value.elts)
    return len(value.elts) >= len(target.elts) - 1


def _placed(new: Node, stmt: Node) -> Node:
    for node in walk(new):
        if isinstance(node, (gast.stmt, gast.expr)) and getattr(node, "lineno", None) is None:
            gast.copy_location(node, stmt)
    return with_origin(new, None)
