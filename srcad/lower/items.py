"""Arrays in lists, changed by an augmented assignment: they change in place, under all their names.

``t[i] += v`` takes the array from the list, and changes it; the list holds what it has held:

>>> import gast
>>> from srcad.analysis.kind import Array, ListOf
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> body = gast.parse("t[i] += v\\nw1 = t[i]\\nw2 = w1 * v\\nt[i] = w2").body
>>> for stmt in (body[0], body[3]):
...     target = stmt.target if isinstance(stmt, gast.AugAssign) else stmt.targets[0]
...     target.value.kind = ListOf(Array(("x:0",), "f8"))
...     target.is_changed, target.older = True, "w1"
>>> print(emit(with_items_changed(body, Names({"t", "i", "v", "w1", "w2"}), {"t"})), end="")
w3 = t[i]
w3 = w3 + v
w1 = t[i]
w2 = w1 * v
w1[...] = w2
"""

from __future__ import annotations

import gast

from srcad.analysis.held import changes_item
from srcad.listing import origin_of, with_origin
from srcad.names import Names
from srcad.tree import Node, assign, binary, blocks_of, copy_node, item, load


def with_items_changed(body: list[Node], names: Names, varied: set[str]) -> list[Node]:
    """The body with such statements written as what they do; the same list if there are none.

    ``varied`` are the variables that depend on what is differentiated; what is made of them is
    added.
    """
    out: list[Node] = []
    for stmt in body:
        if list(blocks_of(stmt)):
            blocks = [with_items_changed(block, names, varied) for block in blocks_of(stmt)]
            if any(new is not old for new, old in zip(blocks, blocks_of(stmt), strict=True)):
                stmt = copy_node(stmt, body=blocks[0], orelse=blocks[1])
            out.append(stmt)
            continue
        new = _instead(stmt, names, varied)
        for each in new if new != [stmt] else []:
            each.primal = True
            with_origin(gast.copy_location(each, stmt), origin_of(stmt))
        out += new
    same = len(out) == len(body) and all(a is b for a, b in zip(out, body, strict=True))
    return body if same else out


def _instead(stmt: Node, names: Names, varied: set[str]) -> list[Node]:
    if isinstance(stmt, gast.AugAssign) and changes_item(stmt.target):
        holder = names.temporary()
        if stmt.target.value.id in varied:
            varied.add(holder)
        changed = binary(load(holder), stmt.op, stmt.value)
        changed.augmented = True
        taken = copy_node(stmt.target, ctx=gast.Load())
        return [assign(holder, taken), assign(holder, changed)]
    for target in stmt.targets if isinstance(stmt, gast.Assign) else ():
        if getattr(target, "is_changed", False) and changes_item(target):
            whole = item(load(target.older), gast.Constant(..., None), stored=True)
            return [gast.Assign([whole], stmt.value, None)]
    return [stmt]
