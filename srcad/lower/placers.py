"""Functions that put values into places of an array, as assignments that say which places.

``np.put(y, i, v)`` and ``y.flat[i] = v`` write at places counted through all axes, others on a
diagonal, where a mask is true, or along one axis.  The target is marked with the manner; what it is
as an index is written when the axes are known (:mod:`srcad.lower.placed`).

>>> import numpy
>>> from srcad.emit import text
>>> from srcad.lower.resolve import Resolver
>>> from srcad.tree import statement
>>> class Scope:
...     def lookup(self, name): return {"np": numpy}[name]
>>> resolver = Resolver(Scope(), {"y", "m", "v"})
>>> new = placing(statement("np.putmask(y, m, v)"), resolver)
>>> text(new.targets[0]), new.targets[0].manner, text(new.value)
('y[m]', 'mask', 'v')
"""

from __future__ import annotations

import gast
import numpy as np

from srcad.analysis.placed import ALONG, AT, DIAGONAL, FLAT, MASK, PLACE
from srcad.lower.resolve import MISSING, Resolver
from srcad.rules import entries_of
from srcad.tree import Node, call, constant, copy_node, is_number, load, number_of, walk

# The manner, the parameters: array, places, values; an option, and the value that it must have.
PLACERS: dict[object, tuple[str, tuple[str, ...], str, object]] = {
    np.put: (FLAT, ("a", "ind", "v"), "mode", "raise"),
    np.putmask: (MASK, ("a", "mask", "values"), "", ""),
    np.place: (PLACE, ("arr", "mask", "vals"), "", ""),
    np.put_along_axis: (ALONG, ("arr", "indices", "values"), "axis", -1),
    np.fill_diagonal: (DIAGONAL, ("a", "val"), "wrap", False),
}


def placing(stmt: Node, resolver: Resolver) -> Node | None:
    """A statement that puts values into places, as an assignment; None if it is no such."""
    if isinstance(stmt, gast.Expr) and isinstance(stmt.value, gast.Call):
        if getattr(stmt.value.func, "attr", "") == "at":
            return _one_by_one(stmt.value, resolver)
        return _called(stmt.value, resolver)
    targets = [stmt.target] if isinstance(stmt, gast.AugAssign) else getattr(stmt, "targets", [])
    (target, *others) = targets or [None]
    if others or not isinstance(target, gast.Subscript) or not isinstance(stmt.value, gast.AST):
        return None
    flat = target.value
    if not isinstance(flat, gast.Attribute) or flat.attr != "flat":
        return None
    if resolver.object_of(flat) is not MISSING:
        return None
    new = _place(flat.value, target.slice, FLAT)
    if isinstance(stmt, gast.AugAssign):
        if not isinstance(stmt.op, (gast.Add, gast.Sub)) or not _only_computes(stmt, resolver):
            return None
        return copy_node(stmt, target=new)
    return gast.Assign([new], _as_array(stmt.value, resolver), None)


def _called(value: Node, resolver: Resolver) -> Node | None:
    function = resolver.object_of(value.func)
    arguments = list(value.args)
    if function is MISSING and isinstance(value.func, gast.Attribute) and value.func.attr == "put":
        function, arguments = np.put, [value.func.value, *arguments]
    if not any(function is each for each in PLACERS):
        return None
    manner, parameters, option, wanted = PLACERS[function]
    given = dict(zip((*parameters, option), arguments, strict=False))
    named = {each.arg: each.value for each in value.keywords}
    if len(arguments) > len(parameters) + 1 or given.keys() & named.keys():
        return None
    given |= named
    chosen = given.pop(option, constant(wanted))
    beyond = _text(chosen) if function is np.put else ""
    if beyond in ("wrap", "clip"):
        chosen = constant(wanted)
    if manner == DIAGONAL:
        given["places"] = constant(...)
    if given.keys() != {*parameters, *(["places"] if manner == DIAGONAL else [])}:
        return None
    if not (is_number(chosen) if manner == ALONG else _is(chosen, wanted)):
        return None
    array, new = given[parameters[0]], given[parameters[-1]]
    target = _place(array, given.get("places", given[parameters[1]]), manner)
    if manner == ALONG:
        target.axis = number_of(chosen)
    target.beyond = beyond
    return gast.Assign([target], _as_array(new, resolver), None)


def _one_by_one(value: Node, resolver: Resolver) -> Node | None:
    """``np.multiply.at(y, i, v)``: of one entry after the other, also where an index repeats.

    Sums are not written so: no entry of them depends on the others (:mod:`srcad.lower.writes`).
    """
    ufunc = resolver.object_of(value.func.value)
    if not isinstance(ufunc, np.ufunc) or ufunc in (np.add, np.subtract) or ufunc.nout != 1:
        return None
    if not entries_of(ufunc) or value.keywords or len(value.args) != ufunc.nin + 1:
        return None
    array, index, *given = value.args
    target = _place(array, _as_array(index, resolver), AT)
    target.function, target.is_unary = value.func.value, ufunc.nin == 1
    return gast.Assign([target], _as_array(given[0], resolver) if given else constant(0), None)


def _only_computes(stmt: Node, resolver: Resolver) -> bool:
    """Whether no function of the user's is called, which may write what is added to."""
    calls = [node for node in walk(stmt.value) if isinstance(node, gast.Call)]
    functions = [resolver.object_of(node.func) for node in calls]
    return all(each is MISSING or entries_of(each) for each in functions)


def _is(option: Node, wanted: object) -> bool:
    return isinstance(option, gast.Constant) and option.value == wanted


def _text(option: Node) -> str:
    """A literal string; "" for anything else."""
    value = getattr(option, "value", None)
    return value if isinstance(option, gast.Constant) and isinstance(value, str) else ""


def _place(array: Node, places: Node, manner: str) -> Node:
    target = gast.Subscript(array, places, gast.Store())
    target.manner = manner
    return target


def _as_array(value: Node, resolver: Resolver) -> Node:
    """A display of values as an array of them."""
    if not isinstance(value, (gast.List, gast.Tuple)):
        return value
    function = gast.Attribute(load(resolver.name_of(np, "np")), "array", gast.Load())
    return call(function, value)
