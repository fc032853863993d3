"""Lists that change: the reverse sweep does not put back what they held.

An item that is read, and a list that is handed to one of NumPy's functions, is what the list holds
there.  What a later statement puts into the list, or takes from it, stays so in the reverse sweep:

>>> import gast
>>> from srcad.analysis.places import places_of
>>> body = gast.parse("w = t[0]\\nt.append(x)\\ns = t[0]").body
>>> changes = ListChanges(places_of(body))
>>> changes.is_changed_after("t", body[0]), changes.is_changed_after("t", body[2])
(True, False)
"""

from __future__ import annotations

import gast

from srcad.analysis.places import Places
from srcad.simplify.flow import changed_by, read_by
from srcad.tree import Node


class ListChanges:
    """The statements of a body that may change what its lists hold."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self._changes: dict[str, list[Node]] = {}
        self._known = False

    def is_changed_after(self, name: str, stmt: Node) -> bool:
        """Whether a list may hold something else where a statement's reverse is run."""
        return bool(self._after(name, stmt))

    def is_cut_after(self, name: str, stmt: Node) -> bool:
        """Whether it may hold other items there, and not only more of them."""
        return not all(isinstance(each, gast.Expr) for each in self._after(name, stmt))

    def _after(self, name: str, stmt: Node) -> list[Node]:
        number = self.places.number[id(stmt)]
        loops = self.places.loops(stmt)
        return [
            each
            for each in self._of(name)
            if self.places.number[id(each)] > number
            or any(self.places.inside(each, loop) for loop in loops)
        ]

    def _of(self, name: str) -> list[Node]:
        if not self._known:
            self._known = True
            for stmt in self.places.every():
                for each in _changed(stmt):
                    self._changes.setdefault(each, []).append(stmt)
        return self._changes.get(name, [])


def _changed(stmt: Node) -> set[str]:
    """What a statement may change; a user's function all that it is given."""
    operation = getattr(getattr(stmt, "value", None), "operation", None)
    called = hasattr(stmt, "pair") or (operation is not None and operation.callee is not None)
    if isinstance(stmt, (gast.If, gast.For, gast.While)):
        return set()
    return set(changed_by(stmt)) | (set(read_by(stmt)) if called else set())
