"""The last lines of a reverse sweep: an adjoint that ends as another one's is returned as it is.

The adjoint of ``y = x.copy()`` is ``x̄ = ȳ``.  If nothing is added to ``x̄`` and ``ȳ`` is not read
again, that line says nothing: the life of ``ȳ`` ends there, and it is what is returned.  A
temporary has no name to keep: it is ``x̄`` from the start.

>>> import gast
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> names = Names({"x", "y", "a"})
>>> names.derivatives |= {"x̄", "ȳ", "ā", "w̄1"}
>>> names.temporaries |= {"w̄1"}
>>> body = gast.parse("ȳ, w̄1 = f(y)\\nx̄ = ȳ\\nā = w̄1\\nreturn x̄, ā").body
>>> print(emit(returned_as_they_are(body, names)), end="")
ȳ, ā = f(y)
return ȳ, ā
>>> body = gast.parse("x̄ = g(y)\\nx̄ = ȳ\\nreturn np.full_like(x, x̄)").body  # in a call it stays
>>> print(emit(returned_as_they_are(body, names)), end="")
x̄ = g(y)
x̄ = ȳ
return np.full_like(x, x̄)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import gast

from srcad.names import Names
from srcad.simplify.flow import read_by, reads_of, written_by
from srcad.simplify.rename import renamed
from srcad.tree import COMPOUND, Node, assigned, copy_node, is_name, statements_in


def returned_as_they_are(
    body: list[Node], names: Names, parameters: Collection[str] = ()
) -> list[Node]:
    """The body without those of its last lines that give a returned adjoint a second name.

    A seed is the caller's, and among the ``parameters``: it is not returned.
    """
    last = body[-1] if body else None
    if not isinstance(last, gast.Return) or last.value is None:
        return body
    returned, direct = Counter(reads_of(last)), _given_back(last.value)
    later: set[str] = set()
    given: dict[str, str] = {}
    kept: list[Node] = []
    gone = 0
    for stmt in body[-2::-1]:
        if isinstance(stmt, COMPOUND):
            break
        name = assigned(stmt)
        value: Node = getattr(stmt, "value", None)
        if (
            isinstance(stmt, gast.Assign)
            and returned[name] == 1
            and name in direct
            and is_name(value)
            and {name, value.id} <= names.derivatives
            and value.id not in parameters
            and not returned[value.id]
            and later.isdisjoint((name, value.id))
        ):
            returned[value.id] += 1
            direct.add(value.id)
            first = next((each for each, now in given.items() if now == name), name)
            given[first] = value.id
            gone += 1
        else:
            kept.append(stmt)
            later |= read_by(stmt) | written_by(stmt)
    if not given:
        return body
    body = [*body[: len(body) - 1 - len(kept) - gone], *reversed(kept)]
    own = _own_from_the_start(body, given, names)
    last = _with(last, {name: value for name, value in given.items() if value not in own})
    return [*(renamed(body, own) if own else body), last]


def _given_back(value: Node) -> set[str]:
    """The names that are returned as they are: those inside of calls are not."""
    if isinstance(value, gast.Tuple):
        return {name for each in value.elts for name in _given_back(each)}
    return {value.id} if is_name(value) else set()


def _own_from_the_start(body: list[Node], given: dict[str, str], names: Names) -> dict[str, str]:
    """The temporaries that can have the name under which they are returned."""
    written = {name for stmt in statements_in(body) for name in written_by(stmt)}
    return {
        value: name
        for name, value in given.items()
        if value in names.temporaries and name not in written
    }


def _with(stmt: Node, given: dict[str, str]) -> Node:
    """A ``return`` with names exchanged; what is marked on their places stays there."""

    def exchanged(node: Node) -> Node:
        if is_name(node, *given):
            return copy_node(node, id=given[node.id])
        if isinstance(node, gast.Tuple):
            return copy_node(node, elts=[exchanged(each) for each in node.elts])
        return node

    return copy_node(stmt, value=exchanged(stmt.value)) if given else stmt
