"""Arrays and lists that are unpacked: checked for as many entries as there are names.

>>> import gast
>>> from srcad.analysis.kind import Array
>>> from srcad.emit import emit
>>> body = gast.parse("a = v[0]\\nb = v[1]").body
>>> body[0].value.unpacked = body[1].value.unpacked = 2
>>> body[0].value.value.kind = Array(("v:0",), "f8")
>>> print(emit(with_counts_checked(body)), end="")
if len(v) != 2:
    raise ValueError('2 values to unpack were expected')
a = v[0]
b = v[1]
"""

from __future__ import annotations

import gast

from srcad.analysis.kind import NOTHING, Array, Kind, ListOf, Unknown
from srcad.analysis.lengths import known_length
from srcad.listing import origin_of, with_origin
from srcad.tree import Node, blocks_of, call, constant, copy_node, is_number, number_of


def with_counts_checked(body: list[Node]) -> list[Node]:
    """The body with a check before each first item that is unpacked; the same if there is none."""
    out: list[Node] = []
    for stmt in body:
        if list(blocks_of(stmt)):
            blocks = {field: with_counts_checked(getattr(stmt, field)) for field in _FIELDS}
            if any(new is not getattr(stmt, field) for field, new in blocks.items()):
                stmt = copy_node(stmt, **blocks)
        elif _is_first(stmt) and not _is_known(stmt.value):
            out.append(_check(stmt))
        out.append(stmt)
    same = len(out) == len(body) and all(new is old for new, old in zip(out, body, strict=True))
    return body if same else out


_FIELDS = ("body", "orelse")


def _is_first(stmt: Node) -> bool:
    value: Node = getattr(stmt, "value", None)
    return hasattr(value, "unpacked") and is_number(value.slice) and number_of(value.slice) == 0


def _is_known(part: Node) -> bool:
    """Whether it is known before running that there are as many values as names."""
    kind: Kind = getattr(part.value, "kind", NOTHING)
    if isinstance(kind, Array) and kind.rank:
        return bool(known_length(kind.axes[0]) == part.unpacked)
    return not isinstance(kind, (ListOf, Unknown))


def _check(stmt: Node) -> Node:
    part = stmt.value
    number = constant(part.unpacked)
    test = gast.Compare(call("len", part.value), [gast.NotEq()], [number])
    sentence = constant(f"{part.unpacked} values to unpack were expected")
    error = gast.Raise(call("ValueError", sentence), None)
    return with_origin(gast.copy_location(gast.If(test, [error], []), stmt), origin_of(stmt))
