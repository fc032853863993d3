"""Free names that mean a generated function in the code to be: they get other names here.

>>> import gast
>>> from srcad.emit import emit
>>> from srcad.lower.resolve import Resolver
>>> from srcad.names import Names
>>> class Scope:
...     def lookup(self, name): return {"g_forward": abs}[name]
>>> resolver = Resolver(Scope(), {"x"})
>>> body = gast.parse("y = g_forward(x)").body
>>> names = Names({"x", "y", "g_forward"})
>>> print(emit(apart(body, {"g_forward"}, resolver, names, {"g_forward", "g_forward2"})), end="")
y = g_forward3(x)
>>> resolver.lookup("g_forward3")
<built-in function abs>
"""

from __future__ import annotations

from collections.abc import Set

from srcad.lower.resolve import Resolver
from srcad.lower.scopes import exchanged
from srcad.names import Names
from srcad.read import Unresolved
from srcad.tree import Node, load


def apart(
    body: list[Node], free: Set[str], resolver: Resolver, names: Names, reserved: Set[str]
) -> list[Node]:
    """The body with other names for those of its free names that are reserved."""
    renames: dict[str, Node] = {}
    for name in sorted(free):
        try:
            value = resolver.lookup(name)
        except Unresolved:
            continue  # this is said where it is read
        new = names.fresh(name)
        while new in reserved:
            new = names.fresh(name)
        resolver.made[new] = value
        renames[name] = load(new)
    return [exchanged(stmt, renames) for stmt in body]
