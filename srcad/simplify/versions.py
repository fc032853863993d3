"""The versions of a variable under one name again, where the older one is not read any more.

>>> import gast
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> names = Names({"u"})
>>> names.versions["u2"] = "u"
>>> body = gast.parse("u2 = u + 1.0\\nu2[0] = x\\nreturn u2[1]").body
>>> print(emit(one_name(body, names)[0]), end="")
u = u + 1.0
u[0] = x
return u[1]
"""

from __future__ import annotations

from collections.abc import Collection

import gast

from srcad.names import Names
from srcad.simplify.flow import written_by
from srcad.simplify.rename import occurrences, renamed
from srcad.tree import Node, is_name


def one_name(
    body: list[Node], names: Names, fixed: Collection[str] = ()
) -> tuple[list[Node], dict[str, str]]:
    """The body with later versions named as the first one, their tangents and adjoints too.

    What has been renamed is returned as well.  The ``fixed`` names keep what they mean: an array
    of the caller's, in which it finds an adjoint.
    """
    if not names.versions:
        return body, {}
    done: dict[str, str] = {}
    uses = _Uses(body)
    for new, old in reversed(names.versions.items()):
        mapping = {new: old}
        if names.bar(old) in fixed or not uses.follow(new, old):
            continue
        bars = {names.bar(new): names.bar(old), names.dot(new): names.dot(old)}
        for later, earlier in bars.items():
            if not uses.follow(later, earlier) and not uses.follow(earlier, later):
                break
            mapping[later] = earlier
        else:
            uses.rename(mapping)
            done |= mapping
    return [stmt for stmt in uses.stmts if not _copies_itself(stmt)] if done else body, done


class _Uses:
    """The statements of a body, and by which of them each name is used."""

    def __init__(self, body: list[Node]) -> None:
        self.stmts = list(body)
        self.places: dict[str, set[int]] = {}
        for place, stmt in enumerate(body):
            for name in occurrences([stmt]):
                self.places.setdefault(name, set()).add(place)

    def follow(self, later: str, earlier: str) -> bool:
        """Whether one name is used only after another one was used last."""
        if not self.places.get(later):
            return True
        first, before = min(self.places[later]), self.places.get(earlier, ())
        if any(place > first for place in before):
            return False
        stmt = self.stmts[first]
        is_write = isinstance(stmt, gast.Assign) and is_name(stmt.targets[0], later)
        return first not in before or (is_write and earlier not in written_by(stmt))

    def rename(self, mapping: dict[str, str]) -> None:
        """Exchange names where they are used."""
        for place in set().union(*(self.places.get(name, ()) for name in mapping)):
            (self.stmts[place],) = renamed([self.stmts[place]], mapping)
        for old, new in mapping.items():
            places = self.places.setdefault(new, set()) | self.places.pop(old, set())
            # What copies a variable to itself is dropped in the end.
            self.places[new] = {n for n in places if not _copies_itself(self.stmts[n])}


def _copies_itself(stmt: Node) -> bool:
    return (
        isinstance(stmt, gast.Assign)
        and is_name(stmt.value)
        and is_name(stmt.targets[0], stmt.value.id)
    )
