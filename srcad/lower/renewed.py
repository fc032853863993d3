"""Parameters whose arrays are written, and whose names become other arrays': names of our own.

The adjoint of what the caller gave is the caller's; which array the name means then depends on the
way the program took.

>>> import gast
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> body = gast.parse("if c > 0:\\n    u = u * c\\nu[0] = c").body
>>> print(emit(with_own_names(body, ["u"], Names({"u", "c"}))[0]), end="")
u2 = u
if c > 0:
    u2 = u2 * c
u2[0] = c
"""

from __future__ import annotations

from collections.abc import Iterable

from srcad.names import Names
from srcad.simplify.rename import renamed
from srcad.tree import Node, assign, load


def with_own_names(
    body: list[Node], parameters: Iterable[str], names: Names
) -> tuple[list[Node], dict[str, str]]:
    """The body with other names for some parameters, and these names."""
    own = {name: names.fresh(name) for name in parameters}
    names.own |= {new: old for old, new in own.items()}
    if not own:
        return body, {}
    return [*(assign(new, load(old)) for old, new in own.items()), *renamed(body, own)], own
