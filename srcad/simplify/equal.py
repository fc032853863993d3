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

import gast

from srcad.analysis.kind import FLOAT
from srcad.simplify.flow import has_effect, written_by
from srcad.tree import Node, copy_node, is_name, key_of, kinds_in, load, names_in


def computed_once(lines: list[Node], derivatives: set[str]) -> list[Node]:
    """The lines of one statement, a derivative that a line before has computed copied from it."""
    known: dict[object, Node] = {}
    # What is known no more once a variable is written.
    made_of: dict[str, list[object]] = {}
    out = []
    for line in lines:
        for name in written_by(line):
            for key in made_of.pop(name, ()):
                if key in known and name in _variables(known[key]):
                    del known[key]
        if _computes_number(line) and line.targets[0].id in derivatives:
            key = key_of(line.value)
            first: Node = known.setdefault(key, line)
            if first is line:
                for name in _variables(line):
                    made_of.setdefault(name, []).append(key)
            else:
                line = copy_node(line, value=load(first.targets[0].id))
        out.append(line)
    return out


def _variables(line: Node) -> set[str]:
    """What must not be written if what a line has computed is to be in its target."""
    return {line.targets[0].id, *names_in(line.value)}


def _computes_number(line: Node) -> bool:
    """``a = b * c``, of a number that is computed from other variables."""
    if not isinstance(line, gast.Assign) or not is_name(line.targets[0]):
        return False
    target, value = line.targets[0], line.value
    computed = isinstance(value, (gast.BinOp, gast.Call)) and not has_effect(value)
    if gast.Subscript in kinds_in(value):
        return False  # an array may be written under another name
    is_number = getattr(target, "kind", None) == FLOAT
    return computed and is_number and target.id not in names_in(value)
