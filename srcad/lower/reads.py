"""A number in an array that one statement reads more than once is read once.

>>> import gast
>>> from srcad.analysis.kind import FLOAT
>>> from srcad.emit import emit
>>> from srcad.listing import with_origin
>>> origin = gast.parse("y = x[i] * x[i] + x[i + 1]").body[0]
>>> body = gast.parse('''
... w1 = x[i]
... w2 = x[i]
... w3 = w1 * w2
... w4 = x[i + 1]
... y = w3 + w4
... ''').body
>>> body = [with_origin(stmt, origin) for stmt in body]
>>> for stmt in body:
...     stmt.targets[0].kind = FLOAT
>>> print(emit(read_once(body, {"w1", "w2", "w3", "w4"}, lambda call: True)), end="")
w1 = x[i]
w3 = w1 * w1
w4 = x[i + 1]
y = w3 + w4
"""

from __future__ import annotations

from collections.abc import Callable

import gast

from srcad.analysis.kind import Scalar
from srcad.listing import origin_of
from srcad.simplify.flow import written_by
from srcad.simplify.rename import renamed
from srcad.tree import Node, copy_node, is_name, key_of, statements_in, walk

IsPure = Callable[[Node], bool]


def read_once(body: list[Node], temporaries: set[str], is_pure: IsPure) -> list[Node]:
    """The body with the reads of one element in one statement made one.

    ``is_pure`` says whether a call leaves the variables as they are.
    """
    reads = _Reads(temporaries, is_pure)
    kept = reads.block(body, {})
    return renamed(kept, reads.again) if reads.again else body


class _Reads:
    def __init__(self, temporaries: set[str], is_pure: IsPure) -> None:
        self.temporaries = temporaries
        self.is_pure = is_pure
        # The names of second reads, and those of the first.
        self.again: dict[str, str] = {}

    def block(self, body: list[Node], outer: dict[object, Node]) -> list[Node]:
        """A block without second reads; ``outer`` are the reads that hold where it starts."""
        known = dict(outer)
        origin: Node | None = None
        out: list[Node] = []
        for stmt in body:
            if origin_of(stmt) is not origin:
                known, origin = {}, origin_of(stmt)
            if isinstance(stmt, gast.If):
                branches = {field: self.block(getattr(stmt, field), known) for field in BRANCHES}
                out.append(copy_node(stmt, **branches))
            elif isinstance(stmt, (gast.For, gast.While)):
                out.append(copy_node(stmt, body=self.block(stmt.body, {})))
            elif self._is_read(stmt):
                first: Node = known.setdefault(key_of(stmt.value), stmt)
                if first is stmt:
                    out.append(stmt)
                else:
                    self.again[stmt.targets[0].id] = first.targets[0].id
            else:
                out.append(stmt)
            if known and self._may_change_elements(stmt):
                known = {}
        return out

    def _is_read(self, stmt: Node) -> bool:
        """``w = x[i]``, where that is a number: what is read of an array may be memory."""
        return (
            isinstance(stmt, gast.Assign)
            and is_name(stmt.targets[0])
            and stmt.targets[0].id in self.temporaries
            and isinstance(getattr(stmt.targets[0], "kind", None), Scalar)
            and isinstance(stmt.value, gast.Subscript)
            and is_name(stmt.value.value)
            and not any(isinstance(node, (gast.Slice, gast.Call)) for node in walk(stmt.value))
        )

    def _may_change_elements(self, stmt: Node) -> bool:
        """Whether a statement does more than give a temporary a value."""
        written = {name for each in statements_in([stmt]) for name in written_by(each)}
        calls = [node for node in walk(stmt) if isinstance(node, gast.Call)]
        return not (written <= self.temporaries and all(map(self.is_pure, calls)))


BRANCHES = ("body", "orelse")
