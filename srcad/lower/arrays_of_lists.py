"""NumPy's functions of a list of numbers: the array that NumPy makes of it, under a name.

>>> import gast, numpy as np
>>> from srcad.analysis.kind import FLOAT, ListOf
>>> from srcad.analysis.operation import operation_of
>>> from srcad.emit import emit
>>> from srcad.errors import Problems
>>> from srcad.lower.resolve import Resolver
>>> from srcad.names import Names
>>> class Scope:
...     def lookup(self, name): return {"np": np}[name]
>>> body = gast.parse("y = np.prod(t)").body
>>> resolver = Resolver(Scope(), {"t", "y"})
>>> body[0].value.operation = operation_of(body[0].value, resolver)
>>> body[0].value.args[0].kind = ListOf(FLOAT)
>>> names, problems = Names({"t", "y"}), Problems(None)
>>> print(emit(with_arrays_of_lists(body, names, resolver, {"t"}, problems)), end="")
w1 = np.array(t)
y = np.prod(w1)
"""

from __future__ import annotations

import gast
import numpy as np

from srcad.analysis.kind import NOTHING, ListOf
from srcad.analysis.operation import Operation
from srcad.emit import text
from srcad.errors import Problems
from srcad.listing import origin_of, with_origin
from srcad.lower.resolve import Resolver
from srcad.names import Names
from srcad.rules import Structured, Zero
from srcad.tree import (
    Node,
    assign,
    blocks_of,
    call,
    copy_node,
    fresh,
    is_name,
    key_of,
    load,
    names_in,
    rewrite,
)


def with_arrays_of_lists(
    body: list[Node], names: Names, resolver: Resolver, varied: set[str], problems: Problems
) -> list[Node]:
    """The body with an array made of each list that one of NumPy's functions takes for one.

    Where nothing depends on what is differentiated NumPy makes it itself.  ``varied`` are the
    variables that do; the arrays are added to them.
    """
    out: list[Node] = []
    for stmt in body:
        if list(blocks_of(stmt)):
            blocks = {
                field: with_arrays_of_lists(getattr(stmt, field), names, resolver, varied, problems)
                for field in ("body", "orelse")
            }
            if any(new is not getattr(stmt, field) for field, new in blocks.items()):
                stmt = copy_node(stmt, **blocks)
        for node in _lists_of(stmt, varied):
            func = _array_function(stmt.value.func, resolver)
            if func is None:
                why = "it is a list, of which NumPy makes an array"
                construct, instead = f"`{text(node)}`", f"`np.array({text(node)})`"
                problems.add(origin_of(stmt) or stmt, construct, why, instead)
                continue
            array = names.temporary()
            varied |= {array} if is_name(node) and node.id in varied else set()
            made = gast.copy_location(assign(array, call(func, fresh(node))), stmt)
            out.append(with_origin(made, origin_of(stmt)))
            stmt = copy_node(stmt, value=_with_array(stmt.value, node, array))
        out.append(stmt)
    same = len(out) == len(body) and all(new is old for new, old in zip(out, body, strict=True))
    return body if same else out


def _lists_of(stmt: Node, varied: set[str]) -> list[Node]:
    """The lists among the operands of a function that takes arrays, each of them once."""
    value = getattr(stmt, "value", None)
    operation: Operation | None = getattr(value, "operation", None)
    if operation is None or not isinstance(stmt, gast.Assign) or not isinstance(value, gast.Call):
        return []
    rule = operation.rule
    if isinstance(rule, Zero) or (isinstance(rule, Structured) and rule.takes_lists):
        return []
    nodes = [node for _, node in operation.operands]
    if operation.module != "np" or varied.isdisjoint(names_in(*nodes)):
        return []
    lists = [node for node in nodes if isinstance(getattr(node, "kind", NOTHING), ListOf)]
    return list({key_of(node): node for node in lists}.values())


def _with_array(value: Node, node: Node, array: str) -> Node:
    """The call with the array wherever it has the list; each place has a node of its own."""
    wanted = key_of(node)
    return rewrite(value, lambda each: load(array) if key_of(each) == wanted else None)


def _array_function(func: Node, resolver: Resolver) -> Node | None:
    """``np.array``, where a function is called as one of ``np``'s."""
    while isinstance(func, gast.Attribute):
        if resolver.object_of(func.value) is np:
            return copy_node(func, attr="array")
        func = func.value
    return None
