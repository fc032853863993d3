"""Views whose adjoints are no views, of arrays that are written: copies, if read before that.

``u.imag`` is a view of ``u``, but its adjoint no view of that of ``u``: it is minus the imaginary
part.  ``np.diag(a)`` is one that cannot be written, and so is that of an adjoint.  What is read of
them before anything is written may be read of a copy, and of a diagonal by an index.

    w1 = u.imag                 w2 = u.copy()
    w3 = w1 * x         ->      w1 = w2.imag
                                w3 = w1 * x
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet

import gast

from srcad.analysis.kind import Array
from srcad.analysis.memory import Memory
from srcad.listing import origin_of, with_origin
from srcad.names import Names
from srcad.rules import Structured
from srcad.simplify.flow import read_by
from srcad.tree import (
    Node,
    assign,
    call,
    constant,
    copy_node,
    is_name,
    item,
    load,
    statements_in,
    substitute,
)


def views_of_imaginary_parts(memory: Memory) -> list[Node]:
    """The statements that make such views, of arrays that are written."""
    return [stmt for _, _, stmt in memory.links if _is_imaginary(stmt, memory)]


def of_copies(
    body: list[Node],
    names: Names,
    memory: Memory,
    results: list[str],
    numpy: Callable[[], str],
) -> list[Node]:
    """The body where what is read before the next write is read of a copy.

    ``numpy`` gives the name by which NumPy is reached.
    """
    views = {id(stmt) for _, _, stmt in memory.links if _is_seen_only(stmt, memory)}
    views |= {id(stmt) for stmt in views_of_imaginary_parts(memory)}
    if not views:
        return body
    return _Copies(body, names, memory, set(results), views, numpy).block(body)


# Views that cannot be written, made without a look at what the array holds.
SEEN_ONLY = frozenset({"np.diag", "np.diagonal", "np.broadcast_to"})


def _is_seen_only(stmt: Node, memory: Memory) -> bool:
    return _is_view_by(stmt, SEEN_ONLY, memory)


def _is_imaginary(stmt: Node, memory: Memory) -> bool:
    return _is_view_by(stmt, {"np.imag"}, memory)


def _is_view_by(stmt: Node, rules: AbstractSet[str], memory: Memory) -> bool:
    """Whether a statement makes a view, by one of some rules, of an array that is written."""
    operation = getattr(getattr(stmt, "value", None), "operation", None)
    rule = getattr(operation, "rule", None)
    if not isinstance(rule, Structured) or rule.name not in rules:
        return False
    (target,) = stmt.targets
    return is_name(target) and memory.is_written(target.id)


def _instead(stmt: Node, *new: Node) -> list[Node]:
    """What stands for a statement, which is not as the user wrote it."""
    for each in new:
        each.changed = True
    return [with_origin(each, origin_of(stmt)) for each in new]


def _is_main_diagonal(value: Node) -> bool:
    """Whether a value is the diagonal of a matrix that has a name."""
    operation = value.operation
    if operation.rule.name not in ("np.diag", "np.diagonal") or operation.options:
        return False
    ((_, matrix), *_) = operation.operands
    return is_name(matrix) and isinstance(matrix.kind, Array) and matrix.kind.rank == 2


class _Copies:
    def __init__(
        self,
        body: list[Node],
        names: Names,
        memory: Memory,
        results: set[str],
        views: set[int],
        numpy: Callable[[], str],
    ) -> None:
        self.numpy = numpy
        self.names = names
        self.memory = memory
        self.results = results
        self.views = views
        self.statements = list(statements_in(body))

    def block(self, body: list[Node]) -> list[Node]:
        out: list[Node] = []
        for place, stmt in enumerate(body):
            if id(stmt) not in self.views or not self._is_read_at_once(stmt, body[place + 1 :]):
                if isinstance(stmt, (gast.If, gast.For, gast.While)):
                    inner = self.block(stmt.body)
                    stmt = copy_node(stmt, body=inner, orelse=self.block(stmt.orelse))
                out.append(stmt)
            elif _is_main_diagonal(stmt.value):
                out += self._by_index(stmt)
            else:
                ((_, operand), *_) = stmt.value.operation.operands
                copied = self.names.temporary()
                method = gast.Attribute(load(operand.id), "copy", gast.Load())
                value = substitute(stmt.value, {operand.id: load(copied)})
                out += _instead(stmt, assign(copied, call(method)), copy_node(stmt, value=value))
        return out

    def _by_index(self, stmt: Node) -> list[Node]:
        """``w1 = np.arange(len(a))``, ``d = a[w1, w1]`` for ``d = np.diag(a)``."""
        ((_, matrix), *_) = stmt.value.operation.operands
        rows, columns = matrix.kind.axes
        ends = [item(gast.Attribute(matrix, "shape", gast.Load()), constant(n)) for n in (0, 1)]
        length = ends[0] if rows == columns != "?" else call("min", *ends)
        arange = gast.Attribute(load(self.numpy()), "arange", gast.Load())
        place = self.names.temporary()
        index = [load(place), load(place)]
        index[0].is_distinct = True
        value = item(matrix, gast.Tuple(index, gast.Load()))
        return _instead(stmt, assign(place, call(arange, length)), copy_node(stmt, value=value))

    def _is_read_at_once(self, view: Node, rest: list[Node]) -> bool:
        """Whether all that reads a view, or what is linked to it, does so before a write."""
        linked = {view.targets[0].id}
        while True:
            more = {n for n, source, _ in self.memory.links if source in linked} - linked
            if not more:
                break
            linked |= more
        if linked & (self.results | self.memory.written):
            return False
        readers = {id(stmt) for stmt in self.statements if linked & read_by(stmt)}
        for stmt in rest:
            if not readers:
                return True
            if not isinstance(stmt, (gast.Assign, gast.AugAssign)):
                return False
            readers.discard(id(stmt))
            if self.memory.changed_by(stmt) and (readers or self._calls(stmt)):
                return False
        return not readers

    @staticmethod
    def _calls(stmt: Node) -> bool:
        operation = getattr(stmt.value, "operation", None)
        return operation is not None and operation.callee is not None
