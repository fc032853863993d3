"""Results that are nobody else's: a returned array is never an argument, a seed or another result.

>>> import gast
>>> from srcad.emit import emit
>>> body = gast.parse("x̄ = y\\nȳ = x * x\\nreturn x̄, ȳ").body
>>> for each in body[-1].value.elts:
...     each.must_own = True
>>> print(emit(own_results(body)), end="")
x̄ = y
ȳ = x * x
return x̄.copy(), ȳ
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import gast

from srcad.analysis.kind import Array, Kind
from srcad.simplify.aliases import Aliases
from srcad.simplify.ownership import is_fresh
from srcad.tree import Node, call, copy_node, is_name, popped_list, rewrite, statements_in, walk


def own_results(body: list[Node], parameters: Iterable[str] = ()) -> list[Node]:
    """The body with a copy of each result that may share memory."""
    bindings: dict[str, list[Node | None]] = {}
    for stmt in statements_in(body):
        if isinstance(stmt, gast.Assign):
            for target in stmt.targets:
                for leaf, value in _bound(target, stmt.value):
                    bindings.setdefault(leaf, []).append(value)
    shared = {
        name for name, values in bindings.items() if not all(v and is_fresh(v) for v in values)
    }
    shared -= _ends(body, bindings, shared, set(parameters))

    def replace(node: Node) -> Node | None:
        if is_name(node) and getattr(node, "must_own", False) and node.id in shared:
            return call(gast.Attribute(node, "copy", gast.Load()))
        return None

    def block(stmts: list[Node]) -> list[Node]:
        out = []
        for stmt in stmts:
            if isinstance(stmt, gast.Return) and stmt.value is not None:
                stmt = copy_node(stmt, value=rewrite(stmt.value, replace))
            elif isinstance(stmt, (gast.If, gast.For, gast.While)):
                stmt = copy_node(stmt, body=block(stmt.body), orelse=block(stmt.orelse))
            out.append(stmt)
        return out

    return block(body)


def owned(body: list[Node], kinds: list[Kind], parameters: Iterable[str]) -> list[Node]:
    """The body with a copy of each array that it returns and that may share memory.

    ``kinds`` are those of what is returned, tuples taken apart.

    >>> from srcad.emit import emit
    >>> array = Array(("x:0",), "f8")
    >>> body = gast.parse("y = x * x\\nreturn x, (y, y, y[1:])").body
    >>> print(emit(owned(body, [array] * 4, ["x"])), end="")
    y = x * x
    return x.copy(), (y, y.copy(), y[1:].copy())
    """
    given = set(parameters)

    def marked(node: Node, rest: Iterator[Kind], seen: set[str]) -> Node:
        if isinstance(node, gast.Tuple):
            return copy_node(node, elts=[marked(each, rest, seen) for each in node.elts])
        if not isinstance(next(rest), Array):
            return node
        if is_name(node) and node.id not in given | seen:
            seen.add(node.id)
            node = copy_node(node)
            node.must_own = True
            return node
        return node if is_fresh(node) else call(gast.Attribute(node, "copy", gast.Load()))

    def block(stmts: list[Node]) -> list[Node]:
        out = []
        for stmt in stmts:
            if isinstance(stmt, gast.Return) and stmt.value is not None:
                stmt = copy_node(stmt, value=marked(stmt.value, iter(kinds), set()))
            elif isinstance(stmt, (gast.If, gast.For, gast.While)):
                stmt = copy_node(stmt, body=block(stmt.body), orelse=block(stmt.orelse))
            out.append(stmt)
        return out

    return own_results(block(body), given)


def _bound(target: Node, value: Node) -> list[tuple[str, Node | None]]:
    """The names that a target binds, each with its value where it has one of its own."""
    if is_name(target):
        return [(target.id, value)]
    if not isinstance(target, gast.Tuple):
        return []
    values = value.elts if isinstance(value, gast.Tuple) else [None] * len(target.elts)
    return [each for pair in zip(target.elts, values, strict=True) for each in _bound(*pair)]


def _ends(
    body: list[Node],
    bindings: dict[str, list[Node | None]],
    shared: set[str],
    parameters: set[str],
) -> set[str]:
    """The shared names of which the memory was made here, and that alone are returned of it.

    Such a name means a whole array, ``x̄ = ȳ`` or ``ū, v̄ = v̄, ū``: not a view, which may be one
    that must not be written.
    """
    returned = [
        node.id
        for stmt in statements_in(body)
        if isinstance(stmt, gast.Return) and stmt.value is not None
        for node in walk(stmt.value)
        if is_name(node)
    ]
    found: set[str] = set()
    if shared.isdisjoint(returned):
        return found
    aliases = Aliases(body)
    for name in shared & set(returned):
        whole, pending = True, [name]
        seen: set[str] = set()
        while pending and whole:
            each = pending.pop()
            if each in seen:
                continue
            seen.add(each)
            for value in bindings.get(each, [None]):
                if value is not None and is_name(value):
                    pending.append(value.id)
                elif value is None or not is_fresh(value) or popped_list(value):
                    whole = False
        group = aliases.of(name)
        alone = sum(each in group for each in returned) == 1
        if whole and alone and group <= bindings.keys() - parameters:
            found.add(name)
    return found
