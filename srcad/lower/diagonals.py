"""Diagonals of matrices that are written, as views whose adjoints can be added to.

``np.diagonal(a)`` shows what is written into ``a`` later, but cannot be written itself, and so the
same view of an adjoint could not be added to.  ``np.einsum`` makes one that can:

    d = np.diagonal(a)      ->      d = np.einsum('ii->i', a)

Of a matrix that is not square, or beside the main diagonal, it is that of a square part:

    d = np.diag(a, 1)       ->      w1 = a[:, 1:]
                                    w2 = min(w1.shape[0], w1.shape[1])
                                    w3 = w1[:w2, :w2]
                                    d = np.einsum('ii->i', w3)
"""

from __future__ import annotations

from collections.abc import Callable

import gast

from srcad.analysis.kind import NOTHING, Array
from srcad.analysis.memory import Memory
from srcad.analysis.operation import Operation
from srcad.listing import origin_of, with_origin
from srcad.names import Names
from srcad.tree import (
    Node,
    assign,
    blocks_of,
    call,
    constant,
    copy_node,
    is_name,
    item,
    load,
)

# The functions that give a diagonal, and the option that says which.
DIAGONALS = {"np.diag": "k", "np.diagonal": "offset", "np.linalg.diagonal": "offset"}


def with_diagonals(
    body: list[Node], names: Names, memory: Memory, numpy: Callable[[], str]
) -> list[Node]:
    """The body with such diagonals written so; the same list if there are none.

    ``numpy`` gives the name by which NumPy is reached.
    """
    views = {id(stmt) for _, _, stmt in memory.links if _is_diagonal(stmt, memory)}
    return _block(body, views, names, numpy) if views else body


def _block(body: list[Node], views: set[int], names: Names, numpy: Callable[[], str]) -> list[Node]:
    out: list[Node] = []
    for stmt in body:
        if id(stmt) in views:
            for each in _view(stmt, names, numpy()):
                each.changed = True
                out.append(with_origin(each, origin_of(stmt)))
            continue
        if list(blocks_of(stmt)):
            inner = [_block(each, views, names, numpy) for each in blocks_of(stmt)]
            stmt = copy_node(stmt, body=inner[0], orelse=inner[1])
        out.append(stmt)
    return out


def _is_diagonal(stmt: Node, memory: Memory) -> bool:
    """Whether a statement binds such a view to a name through which nothing is written."""
    operation: Operation | None = getattr(getattr(stmt, "value", None), "operation", None)
    option = DIAGONALS.get(getattr(getattr(operation, "rule", None), "name", ""))
    if (
        operation is None
        or option is None
        or not isinstance(stmt, gast.Assign)
        or not is_name(stmt.targets[0])
    ):
        return False
    ((_, matrix), *_) = operation.operands
    kind = getattr(matrix, "kind", NOTHING)
    if not is_name(matrix) or not isinstance(kind, Array) or kind.rank != 2:
        return False
    if not operation.options.keys() <= {option} or not _is_int(operation.values.get(option, 0)):
        return False
    (target,) = stmt.targets
    return memory.is_written(target.id) and not _reached(target.id, memory) & memory.written


def _is_int(offset: object) -> bool:
    return isinstance(offset, int) and not isinstance(offset, bool)


def _reached(name: str, memory: Memory) -> set[str]:
    """A variable, and those that are parts of it: NumPy lets none of them be written."""
    found = {name}
    while more := {one for one, source, _ in memory.links if source in found} - found:
        found |= more
    return found


def _view(stmt: Node, names: Names, numpy: str) -> list[Node]:
    operation = stmt.value.operation
    ((_, matrix), *_) = operation.operands
    offset = operation.values.get(DIAGONALS[operation.rule.name], 0)
    part, out = load(matrix.id), []
    rows, columns = matrix.kind.axes
    if offset or rows != columns or rows == "?":
        if offset:
            beyond = gast.Slice(constant(abs(offset)), None, None)
            index = gast.Tuple([_all(), beyond], gast.Load()) if offset > 0 else beyond
            out.append(assign(names.temporary(), item(part, index)))
            part = load(out[-1].targets[0].id)
        shape = gast.Attribute(load(part.id), "shape", gast.Load())
        ends = [item(shape, constant(n)) for n in (0, 1)]
        out.append(assign(names.temporary(), call("min", *ends)))
        count = out[-1].targets[0].id
        square = [gast.Slice(None, load(count), None) for _ in range(2)]
        out.append(assign(names.temporary(), item(part, gast.Tuple(square, gast.Load()))))
        part = load(out[-1].targets[0].id)
    function = gast.Attribute(load(numpy), "einsum", gast.Load())
    value = call(function, constant("ii->i"), part)
    return [*out, copy_node(stmt, value=value)]


def _all() -> Node:
    return gast.Slice(None, None, None)
