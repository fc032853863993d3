"""Operations on lists as loops that append: ``a + b``, ``a * n``, ``a[1:]``, ``a.extend(b)`` ...

A new list is filled item by item, so that its adjoint is emptied item by item.  That a variable is
a list is seen from what is assigned to it, wherever that is.

>>> import gast
>>> body = gast.parse('''
... a = [x, 1.0]
... b = a[1:] + [x * x]
... c = b * n if n else b
... for i in range(n):
...     a = a + [x]
...     d = x
... ''').body
>>> sorted(list_variables(body))
['a', 'b', 'c']
"""

from __future__ import annotations

from collections.abc import Iterable

import gast

from srcad.emit import text
from srcad.tree import (
    Node,
    binary,
    call,
    constant,
    is_name,
    is_number,
    number_of,
    statements_in,
    target_names,
    walk,
)

METHODS = ("extend", "insert", "reverse", "clear")


def list_variables(body: Iterable[Node]) -> set[str]:
    """The variables that hold lists wherever they are assigned."""
    values: dict[str, list[Node | None]] = {}
    for stmt in statements_in(list(body)):
        if isinstance(stmt, gast.Assign):
            for target, value in (
                pair for each in stmt.targets for pair in _pairs(each, stmt.value)
            ):
                for name in target_names(target):
                    values.setdefault(name, []).append(value if is_name(target) else None)
        elif isinstance(stmt, (gast.For, gast.AnnAssign)):
            for name in target_names(stmt.target):
                values.setdefault(name, []).append(None)
    found: set[str] = set()
    while True:  # one assignment has to say so, the others may make the list of itself
        more = {
            name
            for name, assigned in values.items()
            if name not in found
            and any(each is not None and is_list(each, found) for each in assigned)
            and all(each is not None and is_list(each, {*found, name}) for each in assigned)
        }
        if not more:
            return found
        found |= more


def _pairs(target: Node, value: Node) -> list[tuple[Node, Node]]:
    """``a, b = x, y`` as what each target is given."""
    both = isinstance(target, gast.Tuple) and isinstance(value, gast.Tuple)
    if not both or len(target.elts) != len(value.elts):
        return [(target, value)]
    return list(zip(target.elts, value.elts, strict=True))


def is_list(node: Node, lists: set[str]) -> bool:
    """Whether an expression makes or names a list."""
    if isinstance(node, (gast.List, gast.ListComp)):
        return True
    if is_name(node):
        return node.id in lists
    if isinstance(node, gast.IfExp):
        return is_list(node.body, lists) and is_list(node.orelse, lists)
    if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Mult):
        return is_list(node.left, lists) or is_list(node.right, lists)
    return is_operation(node, lists) or is_name(getattr(node, "func", None), "list")


def is_operation(node: Node, lists: set[str]) -> bool:
    """Whether an expression makes a new list of others; ``[0.0] * n`` is made as it is written."""
    if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Mult):
        sides = (node.left, node.right)
        return any(is_list(each, lists) and not is_constant(each) for each in sides)
    if isinstance(node, gast.BinOp):
        terms = _terms(node)  # an array among them would be added to, entry by entry
        return bool(terms) and all(is_list(each, lists) for each in terms)
    if isinstance(node, gast.IfExp):
        sides = (node.body, node.orelse)
        return all(is_list(each, lists) and not is_name(each) for each in sides)
    if isinstance(node, gast.Subscript):
        return isinstance(node.slice, gast.Slice) and is_list(node.value, lists)
    if isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute):
        copies = node.func.attr == "copy" and not node.args and not node.keywords
        return copies and is_list(node.func.value, lists)
    if isinstance(node, gast.Call) and is_name(node.func, "list") and len(node.args) == 1:
        return is_list(node.args[0], lists)
    return False


def _terms(node: Node) -> list[Node]:
    """``[a, b, c]`` for ``a + b + c``, which may be long; nothing for other operators."""
    terms: list[Node] = []
    while isinstance(node, gast.BinOp) and isinstance(node.op, gast.Add):
        terms.append(node.right)
        node = node.left
    return [*terms, node] if terms else []


def is_constant(node: Node) -> bool:
    """Whether a display holds literals only."""
    return isinstance(node, gast.List) and not any(is_name(each) for each in walk(node))


def changed_list(stmt: Node, lists: set[str]) -> str:
    """The list that ``a += b``, ``a.extend(b)`` and the like change; "" for other statements."""
    if isinstance(stmt, gast.AugAssign):
        named = is_name(stmt.target, *lists) and isinstance(stmt.op, gast.Add)
        # NumPy adds an array to the list's entries, and makes an array.
        known = isinstance(stmt.value, (gast.GeneratorExp, gast.Tuple))
        return stmt.target.id if named and (known or is_list(stmt.value, lists)) else ""
    value: Node = getattr(stmt, "value", None)
    func = getattr(value, "func", None)
    if not isinstance(func, gast.Attribute) or not is_name(func.value, *lists):
        return ""
    changes = isinstance(stmt, gast.Expr) and func.attr in METHODS
    pops = isinstance(stmt, (gast.Assign, gast.Expr)) and func.attr == "pop" and bool(value.args)
    return str(func.value.id) if (changes or pops) and not value.keywords else ""


def changed_while_iterated(body: Iterable[Node], lists: set[str]) -> list[tuple[Node, str]]:
    """The loops over lists that their bodies make longer, shorter or anew, with those lists."""
    found = []
    for loop in statements_in(list(body)):
        if not isinstance(loop, gast.For):
            continue
        # A part or a copy of a list is a list of its own; so is not what `enumerate` goes over.
        iterable = loop.iter
        parts = iterable.args if isinstance(iterable, gast.Call) else [iterable]
        over = {node.id for node in parts if is_name(node, *lists)} if lists else set()
        for stmt in statements_in(loop.body) if over else ():
            assigned = {n for each in getattr(stmt, "targets", ()) for n in target_names(each)}
            calls = [node for node in walk(stmt) if isinstance(node, gast.Call)]
            methods = [each.func for each in calls if isinstance(each.func, gast.Attribute)]
            changed = {
                each.value.id
                for each in methods
                if is_name(each.value) and each.attr in ("append", "pop", *METHODS)
            }
            found += [(loop, n) for n in over & (assigned | changed | {changed_list(stmt, lists)})]
    return found


def changed_in_place(loop: Node) -> list[str]:
    """What a loop goes over, by name or place, and its body makes longer or shorter."""
    if is_name(getattr(loop.iter, "func", None), "range"):
        return []
    parts = loop.iter.args if isinstance(loop.iter, gast.Call) else [loop.iter]
    method = loop.iter.func if isinstance(loop.iter, gast.Call) else None
    parts = [*parts, method.value] if isinstance(method, gast.Attribute) else parts
    over = {text(each) for each in parts}
    changed = set()
    for stmt in statements_in(loop.body):
        if isinstance(stmt, gast.AugAssign):
            changed.add(text(stmt.target))
        if isinstance(stmt, gast.Delete):
            changed |= {text(t.value) for t in stmt.targets if isinstance(t, gast.Subscript)}
        for node in walk(stmt):
            func = getattr(node, "func", None)
            if isinstance(func, gast.Attribute) and func.attr in CHANGING:
                changed.add(text(func.value))
    return sorted(over & changed)


CHANGING = ("append", "pop", "remove", "sort", "update", "popitem", "setdefault", *METHODS)


def range_of(part: Node, count: Node) -> Node | None:
    """The places that a slice of ``count`` items picks, as a ``range``; None for what is rare.

    >>> from srcad.emit import text
    >>> from srcad.tree import load, parse
    >>> for part in ("a[1:]", "a[:-1]", "a[2:n]", "a[::2]", "a[::-1]", "a[i::-1]"):
    ...     places = range_of(parse(part).slice, load("m"))
    ...     print(part, places and text(places))
    a[1:] range(1, m)
    a[:-1] range(m - 1)
    a[2:n] range(2, min(n, m) if n >= 0 else n + m)
    a[::2] range(0, m, 2)
    a[::-1] range(m - 1, -1, -1)
    a[i::-1] None
    """
    step = 1 if part.step is None else number_of(part.step) if is_number(part.step) else 0
    if step == -1 and part.lower is None and part.upper is None:
        return call("range", binary(count, gast.Sub(), constant(1)), constant(-1), constant(-1))
    if step <= 0:
        return None
    lower = constant(0) if part.lower is None else _bound(part.lower, count, stop=False)
    upper = count if part.upper is None else _bound(part.upper, count, stop=True)
    if step != 1:
        return call("range", lower, upper, constant(step))
    is_all = is_number(lower) and number_of(lower) == 0
    return call("range", upper) if is_all else call("range", lower, upper)


def _bound(bound: Node, count: Node, *, stop: bool) -> Node:
    """A bound of a slice as one of a range; a start that is past the end does no harm there."""
    if is_number(bound):
        number = number_of(bound)
        if number >= 0:
            return call("min", bound, count) if stop else bound
        back = binary(count, gast.Sub(), constant(-number))
        return back if stop else call("max", back, constant(0))
    back = binary(bound, gast.Add(), count)
    inside = call("min", bound, count) if stop else bound
    test = gast.Compare(bound, [gast.GtE()], [constant(0)])
    return gast.IfExp(test, inside, back if stop else call("max", back, constant(0)))
