"""Imaginary parts of arrays that are written, read before the next write: those of a copy.

``u.imag`` is a view of ``u``, but its adjoint no view of that of ``u``: it is minus the imaginary
part.  What is read of it before anything is written may be read of a copy.

    w1 = u.imag                 w2 = u.copy()
    w3 = w1 * x         ->      w1 = w2.imag
                                w3 = w1 * x
"""

from __future__ import annotations

import gast

from srcad.analysis.memory import Memory
from srcad.listing import origin_of, with_origin
from srcad.names import Names
from srcad.rules import Structured
from srcad.simplify.flow import read_by
from srcad.tree import Node, assign, call, copy_node, is_name, load, statements_in, substitute


def views_of_imaginary_parts(memory: Memory) -> list[Node]:
    """The statements that make such views, of arrays that are written."""
    return [stmt for _, _, stmt in memory.links if _is_imaginary(stmt, memory)]


def of_copies(body: list[Node], names: Names, memory: Memory, results: list[str]) -> list[Node]:
    """The body where what is read before the next write is read of a copy."""
    views = {id(stmt) for stmt in views_of_imaginary_parts(memory)}
    if not views:
        return body
    return _Copies(body, names, memory, set(results), views).block(body)


def _is_imaginary(stmt: Node, memory: Memory) -> bool:
    operation = getattr(getattr(stmt, "value", None), "operation", None)
    rule = getattr(operation, "rule", None)
    if not isinstance(rule, Structured) or rule.name != "np.imag":
        return False
    (target,) = stmt.targets
    return is_name(target) and memory.is_written(target.id)


class _Copies:
    def __init__(
        self, body: list[Node], names: Names, memory: Memory, results: set[str], views: set[int]
    ) -> None:
        self.names = names
        self.memory = memory
        self.results = results
        self.views = views
        self.statements = list(statements_in(body))

    def block(self, body: list[Node]) -> list[Node]:
        out: list[Node] = []
        for place, stmt in enumerate(body):
            if id(stmt) in self.views and self._is_read_at_once(stmt, body[place + 1 :]):
                ((_, operand),) = stmt.value.operation.operands
                copied = self.names.temporary()
                method = gast.Attribute(load(operand.id), "copy", gast.Load())
                out.append(with_origin(assign(copied, call(method)), origin_of(stmt)))
                value = substitute(stmt.value, {operand.id: load(copied)})
                out.append(copy_node(stmt, value=value))
            elif isinstance(stmt, (gast.If, gast.For, gast.While)):
                inner = self.block(stmt.body)
                out.append(copy_node(stmt, body=inner, orelse=self.block(stmt.orelse)))
            else:
                out.append(stmt)
        return out

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
