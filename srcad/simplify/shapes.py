"""Where the reverse sweep asks of a saved array no more than its shape, the shape is what is saved.

>>> import gast
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> before = gast.parse('''
... z_tape = []
... for i in range(n):
...     z = x * y[i]
...     z_tape.append(z)
... ''').body
>>> after = gast.parse('''
... for i in range(n - 1, -1, -1):
...     z = z_tape.pop()
...     z_bar = np.zeros_like(z)
...     z_bar[1:] += w_bar
... ''').body
>>> names = Names()
>>> names.tapes["z_tape"] = "z"
>>> ahead, behind = shapes_saved(before, after, {"z"}, names, lambda: "np")
>>> print(emit(ahead + behind), end="")
z_shapes = []
for i in range(n):
    z = x * y[i]
    z_shapes.append(z.shape)
for i in range(n - 1, -1, -1):
    z_bar = np.zeros(z_shapes.pop())
    z_bar[1:] += w_bar
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial

import gast

from srcad.names import Names
from srcad.simplify.flow import reads_of, written_by
from srcad.tree import (
    Node,
    assigned,
    blocks_of,
    call,
    calls_in,
    copy_node,
    is_name,
    load,
    name_occurrences,
    own_parts,
    popped_list,
    rewrite,
    statements_in,
    store,
    substitute,
)


def shapes_saved(
    before: list[Node],
    after: list[Node],
    arrays: Collection[str],
    names: Names,
    numpy: Callable[[], str],
) -> tuple[list[Node], list[Node]]:
    """Both sweeps; ``arrays`` are the variables that are arrays of double precision."""
    for tape, variable in [(tape, name) for tape, name in names.tapes.items() if name in arrays]:
        starts = [s for s in before if assigned(s) == tape]
        saves = [s for s in statements_in(before) if _appended(s, tape)]
        pops = [s for s in statements_in(after) if popped_list(getattr(s, "value", None)) == tape]
        uses = _count(before, tape), _count(after, tape)
        if not len(starts) == len(saves) == len(pops) == 1 or uses != (2, 1):
            continue
        reader = _only_reader(after, pops[0])
        if reader is None or _appended(saves[0], tape) not in arrays:
            continue
        # The tapes of temporaries are numbered with them, later.
        name = tape if variable in names.temporaries else names.fresh(f"{variable}_shapes")
        shape = gast.Attribute(load(_appended(saves[0], tape)), "shape", gast.Load())
        pop = call(gast.Attribute(load(name), "pop", gast.Load()))
        shaped = _with_shape(reader.value, assigned(pops[0]), pop, numpy)
        if shaped is None:
            continue
        exchange = {
            id(starts[0]): copy_node(starts[0], targets=[store(name)]),
            id(saves[0]): copy_node(
                saves[0], value=call(gast.Attribute(load(name), "append", gast.Load()), shape)
            ),
            id(pops[0]): None,
            id(reader): copy_node(reader, value=shaped),
        }
        before, after = _exchanged(before, exchange), _exchanged(after, exchange)
    return before, after


def _appended(stmt: Node, tape: str) -> str:
    """The variable in ``tape.append(variable)``."""
    value = getattr(stmt, "value", None)
    if not isinstance(stmt, gast.Expr) or not isinstance(value, gast.Call):
        return ""
    func = value.func
    appends = isinstance(func, gast.Attribute) and func.attr == "append"
    if not appends or not is_name(func.value, tape) or not is_name(value.args[0]):
        return ""
    return str(value.args[0].id)


def _only_reader(body: list[Node], pop: Node) -> Node | None:
    """The one statement that reads what was saved, an assignment in the same block."""
    name = assigned(pop)
    readers = [stmt for stmt in statements_in(body) if name in reads_of(stmt)]
    writers = [stmt for stmt in statements_in(body) if name in written_by(stmt)]
    if len(readers) != 1 or len(writers) != 1 or not assigned(readers[0]):
        return None
    (reader,) = readers
    block = next(b for b in _blocks(body) if any(each is pop for each in b))
    places = [place for place, stmt in enumerate(block) if stmt is pop or stmt is reader]
    return reader if len(places) == 2 and block[places[0]] is pop else None


def _with_shape(value: Node, name: str, shape: Node, numpy: Callable[[], str]) -> Node | None:
    """``np.zeros(shape)`` for ``np.zeros_like(x)``, and ``unbroadcast(e, np.empty(shape))``."""
    if name_occurrences(value).count(name) != 1:
        return None
    for node in calls_in(value):
        func = node.func
        zeros = isinstance(func, gast.Attribute) and func.attr == "zeros_like"
        if zeros and not node.keywords and is_name(node.args[0], name) and len(node.args) == 1:
            made = call(copy_node(func, attr="zeros"), shape)
            return rewrite(value, partial(_exchanged_part, part=node, other=made))
        if is_name(func, "unbroadcast") and is_name(node.args[1], name):
            empty = gast.Attribute(load(numpy()), "empty", gast.Load())
            return substitute(value, {name: call(empty, shape)})
    return None


def _exchanged_part(node: Node, part: Node, other: Node) -> Node | None:
    return other if node is part else None


def _blocks(body: list[Node]) -> list[list[Node]]:
    return [body, *(block for stmt in statements_in(body) for block in blocks_of(stmt))]


def _count(body: list[Node], name: str) -> int:
    """How often a name stands in a body."""
    parts = (part for stmt in statements_in(body) for part in own_parts(stmt))
    return sum(name_occurrences(part).count(name) for part in parts)


def _exchanged(body: list[Node], exchange: Mapping[int, Node | None]) -> list[Node]:
    """Statements with some of them exchanged, or left out."""
    out: list[Node] = []
    for stmt in body:
        new = exchange.get(id(stmt), stmt)
        if new is stmt and isinstance(stmt, (gast.If, gast.For, gast.While)):
            blocks = _exchanged(stmt.body, exchange), _exchanged(stmt.orelse, exchange)
            new = copy_node(stmt, body=blocks[0], orelse=blocks[1])
        if new is not None:
            out.append(new)
    return out
