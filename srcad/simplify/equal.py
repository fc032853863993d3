"""Two derivatives of one statement that are the same number: it is computed once.

>>> import gast
>>> from srcad.analysis.kind import FLOAT
>>> from srcad.emit import emit
>>> lines = gast.parse("k2_bar = 2 * w_bar; k3_bar = 2 * w_bar; k4_bar = w_bar").body
>>> for line in lines:
...     line.targets[0].kind = FLOAT
>>> print(emit(computed_once(lines, {"k2_bar", "k3_bar", "k4_bar"})), end="")
k2_bar = 2 * w_bar
k3_bar = k2_bar
k4_bar = w_bar
"""

from __future__ import annotations

from collections.abc import Collection

import gast

from srcad.analysis.kind import FLOAT
from srcad.simplify.flow import has_effect, written_by
from srcad.tree import Node, copy_node, is_name, key_of, load, names_in, walk


def computed_once(lines: list[Node], derivatives: set[str]) -> list[Node]:
    """The lines of one statement, a derivative that a line before has computed copied from it."""
    known: dict[object, Node] = {}
    out = []
    for line in lines:
        written = written_by(line)
        known = {key: first for key, first in known.items() if _holds(first, written)}
        if _computes_number(line) and line.targets[0].id in derivatives:
            first: Node = known.setdefault(key_of(line.value), line)
            if first is not line:
                line = copy_node(line, value=load(first.targets[0].id))
        out.append(line)
    return out


def _holds(line: Node, written: Collection[str]) -> bool:
    """Whether what a line computes is still in its target, after some variables are written."""
    return {line.targets[0].id, *names_in(line.value)}.isdisjoint(written)


def _computes_number(line: Node) -> bool:
    """``a = b * c``, of a number that is computed from other variables."""
    if not isinstance(line, gast.Assign) or not is_name(line.targets[0]):
        return False
    target, value = line.targets[0], line.value
    computed = isinstance(value, (gast.BinOp, gast.Call)) and not has_effect(value)
    if any(isinstance(node, gast.Subscript) for node in walk(value)):
        return False  # an array may be written under another name
    is_number = getattr(target, "kind", None) == FLOAT
    return computed and is_number and target.id not in names_in(value)
