"""What writes into arrays, as assignments to parts of variables: functions of NumPy, and others.

>>> import gast
>>> import numpy
>>> from srcad.emit import emit
>>> from srcad.lower.resolve import Resolver
>>> class Scope:
...     def lookup(self, name): return {"np": numpy}[name]
>>> from srcad.names import Names
>>> text = "np.multiply(x, 2.0, out=y)\\ny.fill(0.0)\\nnp.copyto(y, x)\\ny.ravel()[::2] = 1.0"
>>> resolver = Resolver(Scope(), {"x", "y"})
>>> print(emit(as_assignments(gast.parse(text).body, resolver, Names({"x", "y"}))), end="")
y[...] = np.multiply(x, 2.0)
y[...] = 0.0
y[...] = x
w1 = y.ravel()
w1[::2] = 1.0
"""

from __future__ import annotations

import gast
import numpy as np

from srcad.analysis.outputs import CAST, FILLED, demand_of
from srcad.listing import with_origin
from srcad.lower.placers import placing
from srcad.lower.resolve import MISSING, Resolver
from srcad.names import Names
from srcad.rules import entries_of
from srcad.tree import (
    Node,
    assign,
    blocks_of,
    call,
    calls_in,
    copy_node,
    is_name,
    item,
    kinds_in,
    load,
    rewrite,
)


def as_assignments(body: list[Node], resolver: Resolver, names: Names) -> list[Node]:
    """The body with calls that write into their arguments written as assignments."""
    out: list[Node] = []
    for stmt in body:
        if list(blocks_of(stmt)):
            blocks = [as_assignments(block, resolver, names) for block in blocks_of(stmt)]
            out.append(copy_node(stmt, body=blocks[0], orelse=blocks[1]))
            continue
        placed = placing(stmt, resolver)
        written = [placed] if placed is not None else _named(stmt, resolver, names)
        if not written:
            written = [
                new
                for each in _apart(stmt, resolver, names)
                for new in _statement(each, resolver, names)
            ]
        for new in written:
            out.append(new if new is stmt else with_origin(gast.copy_location(new, stmt), stmt))
    return out


def _named(stmt: Node, resolver: Resolver, names: Names) -> list[Node]:
    """``w = y.ravel()``, ``w[i] = e`` for ``y.ravel()[i] = e``: what is written has a name."""
    targets = [stmt.target] if isinstance(stmt, gast.AugAssign) else getattr(stmt, "targets", [])
    if not isinstance(stmt, (gast.Assign, gast.AugAssign)) or len(targets) != 1:
        return []
    (target,) = targets
    if not isinstance(target, gast.Subscript):
        return []
    place = target.value
    if gast.NamedExpr in kinds_in(stmt.value):
        return []  # it comes first, and may give the place's name another array
    function = resolver.object_of(place.func) if isinstance(place, gast.Call) else MISSING
    if not isinstance(place, (gast.Call, gast.Attribute)):
        return []
    if function is not MISSING and not entries_of(function):
        return []  # a function of the user's, which may do more than that
    view = names.temporary()
    target = copy_node(target, value=load(view))
    changes = {"target": target} if isinstance(stmt, gast.AugAssign) else {"targets": [target]}
    return [assign(view, place), copy_node(stmt, **changes)]


def _statement(stmt: Node, resolver: Resolver, names: Names) -> list[Node]:
    value = getattr(stmt, "value", None)
    if not isinstance(value, gast.Call):
        return [stmt]
    function = resolver.object_of(value.func)
    module = getattr(value.func, "value", None)
    selects = module if module is not None and resolver.object_of(module) is np else None
    out = _out(value, function, selects)
    if out is not None and isinstance(stmt, (gast.Expr, gast.Assign, gast.Return)):
        return _into(stmt, *out, demand_of(function, value.func), names)
    if not isinstance(stmt, gast.Expr):
        return [stmt]
    if function is np.copyto and len(value.args) == 2 and _is_place(value.args[0]):
        place, new = value.args
        where = [each.value for each in value.keywords if each.arg == "where"]
        if not value.keywords:
            return [_whole(place, new, CAST)]
        if selects is not None and len(where) == len(value.keywords):
            return [_whole(place, _chosen(selects, where[0], new, place), CAST)]
    if value.keywords:
        return [stmt]
    func = value.func
    if isinstance(func, gast.Attribute) and func.attr == "at" and len(value.args) == 3:
        array, index, added = value.args
        if isinstance(index, gast.Subscript) and resolver.object_of(index.value) is np.s_:
            index = index.slice
        return _added_at(stmt, resolver.object_of(func.value), array, index, added)
    fills = function is MISSING and isinstance(func, gast.Attribute) and func.attr == "fill"
    if fills and len(value.args) == 1 and _is_place(func.value):
        return [_whole(func.value, value.args[0], FILLED)]
    return [stmt]


# What is there but not computed, or computed more than once, or first: nothing is taken out of it.
APART = {gast.IfExp, gast.BoolOp, gast.Lambda, gast.NamedExpr, gast.ListComp, gast.GeneratorExp}


def _apart(stmt: Node, resolver: Resolver, names: Names) -> list[Node]:
    """``w = np.divide(a, b, out=np.zeros_like(a))`` before the statement that it is a part of.

    What is written into is new, and all that the statement calls is of a library: it makes no
    difference when that is done.
    """
    value = getattr(stmt, "value", None)
    if value is None or not kinds_in(value).isdisjoint(APART):
        return [stmt]
    calls = [each for each in calls_in(value) if each is not value]
    if not any(keyword.arg == "out" for each in calls for keyword in each.keywords):
        return [stmt]
    before: list[Node] = []

    def replace(node: Node) -> Node | None:
        if node is value or not isinstance(node, gast.Call):
            return None
        found = _out(node, resolver.object_of(node.func), None)
        if found is None or not isinstance(found[0], gast.Call):
            return None
        before.append(assign(names.temporary(), node))
        return load(before[-1].targets[0].id)

    known = [resolver.object_of(each.func) for each in calls_in(value)]
    if not all(each is MISSING or entries_of(each) for each in known):
        return [stmt]
    new = copy_node(stmt, value=rewrite(value, replace))
    return [*before, new] if before else [stmt]


def _out(value: Node, function: object, numpy: Node | None) -> tuple[Node, Node] | None:
    """The array that ``out=`` names, and what is written there: a call of NumPy's without it."""
    func = value.func
    is_method = function is MISSING and isinstance(func, gast.Attribute)
    if not entries_of(function) and not (is_method and hasattr(np.ndarray, func.attr)):
        return None
    keywords = {each.arg: each.value for each in value.keywords}
    place, arguments = keywords.pop("out", None), value.args
    if isinstance(function, np.ufunc) and len(arguments) == function.nin + 1:
        *arguments, place = arguments
    if isinstance(place, gast.Tuple) and len(place.elts) == 1:
        (place,) = place.elts
    if place is None or isinstance(place, (gast.Constant, gast.Tuple)):
        return None
    where = None
    if isinstance(function, np.ufunc) and numpy is not None:
        where = keywords.pop("where", None)
    kept = [each for each in value.keywords if each.arg in keywords]
    new = copy_node(value, args=arguments, keywords=kept)
    return place, new if where is None or numpy is None else _chosen(numpy, where, new, place)


def _into(stmt: Node, place: Node, value: Node, demand: str, names: Names) -> list[Node]:
    """The statement with what it computes written into an array first, which is then its value."""
    before = []
    if not _is_place(place):
        before.append(assign(names.temporary(), place))
        place = load(before[0].targets[0].id)
    written = [*before, _whole(place, value, demand)]
    return written if isinstance(stmt, gast.Expr) else [*written, copy_node(stmt, value=place)]


def _chosen(numpy: Node, where: Node, value: Node, place: Node) -> Node:
    """What is written where only some of the elements are: the others keep theirs."""
    return call(gast.Attribute(numpy, "where", gast.Load()), where, value, place)


def _is_place(node: Node) -> bool:
    """Whether an expression is a variable, or a part of one."""
    while isinstance(node, gast.Subscript):
        node = node.value
    return is_name(node)


def _whole(place: Node, value: Node, demand: str = "") -> Node:
    """``place[...] = value``; of a part of a variable, that part."""
    if is_name(place):
        target = item(load(place.id), gast.Constant(..., None), stored=True)
    else:
        target = copy_node(place, ctx=gast.Store())
    target.demand = demand
    return gast.Assign([target], value, None)


def _added_at(stmt: Node, function: object, array: Node, index: Node, value: Node) -> list[Node]:
    """``np.add.at(y, index, value)``: where the index repeats, all is added."""
    if function not in (np.add, np.subtract) or not is_name(array):
        return [stmt]
    operator = gast.Add() if function is np.add else gast.Sub()
    new = gast.AugAssign(item(load(array.id), index, stored=True), operator, value)
    new.repeats = True
    return [new]
