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
    done: dict[str, str] = {}
    for new, old in reversed(names.versions.items()):
        mapping = {new: old}
        if names.bar(old) in fixed or not _follows(body, new, old):
            continue
        bars = {names.bar(new): names.bar(old), names.dot(new): names.dot(old)}
        for later, earlier in bars.items():
            if not _follows(body, later, earlier) and not _follows(body, earlier, later):
                break
            mapping[later] = earlier
        else:
            body = [stmt for stmt in renamed(body, mapping) if not _copies_itself(stmt)]
            done |= mapping
    return body, done


def _follows(body: list[Node], later: str, earlier: str) -> bool:
    """Whether one name is used only after another one was used last."""
    for position, stmt in enumerate(body):
        if later not in _names(stmt):
            continue
        if earlier in {name for each in body[position + 1 :] for name in _names(each)}:
            return False
        is_write = isinstance(stmt, gast.Assign) and is_name(stmt.targets[0], later)
        return earlier not in _names(stmt) or (is_write and earlier not in written_by(stmt))
    return True


def _names(stmt: Node) -> set[str]:
    return set(occurrences([stmt]))


def _copies_itself(stmt: Node) -> bool:
    return (
        isinstance(stmt, gast.Assign)
        and is_name(stmt.value)
        and is_name(stmt.targets[0], stmt.value.id)
    )
