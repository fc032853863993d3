"""Lists that hold arrays that are written: which of their uses can be followed.

Beside such a list there is one of its arrays' tangents, or of their adjoints, and whatever is done
to the one is done to the other: a list made of names, items put in, taken out and read one by one.

>>> import gast
>>> from srcad.analysis.kind import FLOAT, INT, Array, ListOf
>>> array = Array(("x:0",), "f8")
>>> kinds = {"h": ListOf(array), "x": array, "w": array, "s": FLOAT, "i": INT}
>>> body = gast.parse("h = [x, x]\\nh.append(x)\\nw = h[i]\\nh[0] = w\\ns = np.sum(h)").body
>>> for node in (n for stmt in body for n in gast.walk(stmt)):
...     if isinstance(node, gast.Name):
...         node.kind = kinds.get(node.id)
>>> body[2].value.kind = array
>>> [not_followed(stmt, {"h"}, lambda function: False) for stmt in body]
[False, False, False, False, True]
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet

import gast

from srcad.analysis.kind import BOOL, INT, Array, Kind, ListOf, is_floating
from srcad.tree import Node, is_name, own_parts, popped_list, walk


def holds_arrays(kind: Kind | None) -> bool:
    """Whether a variable is a list of arrays of floating point, which have axes."""
    return isinstance(kind, ListOf) and _is_array(kind.item)


def changes_item(target: Node) -> bool:
    """Whether an augmented assignment changes an array in a list, that is there afterwards too."""
    if not isinstance(target, gast.Subscript) or not getattr(target, "older", ""):
        return False
    kind = getattr(target.value, "kind", None)
    return is_name(target.value) and isinstance(kind, ListOf) and _is_array(kind.item)


def not_followed(stmt: Node, lists: AbstractSet[str], is_len: Callable[[Node], bool]) -> bool:
    """Whether a statement does to one of some lists what cannot be done to the one beside it.

    ``is_len`` says whether the name of a called function means Python's ``len``.
    """
    known = {id(node) for node in _followed(stmt, lists)}
    for part in own_parts(stmt):
        for node in walk(part):
            if isinstance(node, gast.Call) and is_len(node.func) and len(node.args) == 1:
                known.add(id(node.args[0]))
            if is_name(node) and node.id in lists and id(node) not in known:
                return True
    return False


def _followed(stmt: Node, lists: AbstractSet[str]) -> list[Node]:
    """The places of lists in a statement that does to them what is followed."""
    value: Node = getattr(stmt, "value", None)
    if isinstance(stmt, gast.Expr):
        func: Node = getattr(value, "func", None)
        appends = isinstance(func, gast.Attribute) and func.attr == "append"
        return [func.value] if appends and all(map(_is_item, value.args)) else []
    if not isinstance(stmt, gast.Assign):
        return []
    (target,) = stmt.targets
    if isinstance(target, gast.Subscript) and is_name(target.value) and _is_item(value):
        return [target.value] if _is_int(target.slice) else []
    if not is_name(target):
        return []
    if target.id in lists:
        return [target] if _is_display(value) else []
    if isinstance(value, gast.Subscript) and is_name(value.value):
        taken = _is_int(value.slice) and _is_array(getattr(value, "kind", None))
        return [value.value] if taken else []
    return [value.func.value] if popped_list(value) else []


def _is_display(value: Node) -> bool:
    if isinstance(value, gast.BinOp) and isinstance(value.op, gast.Mult):
        value = value.left
    return isinstance(value, gast.List) and all(map(_is_item, value.elts))


def _is_item(node: Node) -> bool:
    """An array by its name, or None where one will be."""
    if isinstance(node, gast.Constant):
        return node.value is None
    return is_name(node) and _is_array(getattr(node, "kind", None))


def _is_array(kind: Kind | None) -> bool:
    return isinstance(kind, Array) and bool(kind.rank) and is_floating(kind.dtype)


def _is_int(index: Node) -> bool:
    if isinstance(index, (gast.Slice, gast.Tuple)):
        return False
    kind = getattr(index, "kind", None)
    if isinstance(index, gast.UnaryOp):
        index = index.operand
    return kind in (INT, BOOL) or isinstance(getattr(index, "value", None), int)
