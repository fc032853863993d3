"""Activity: which variables depend on a differentiated input and influence a result.

>>> from srcad.analysis.activity import reachable
>>> sorted(reachable({"x"}, {"x": {"y"}, "y": {"z"}, "a": {"z"}}))
['x', 'y', 'z']
"""

from __future__ import annotations

from collections.abc import Iterable

import gast

from srcad.analysis.kind import OTHER, ListOf, is_continuous
from srcad.listing import Listing, operand_leaves
from srcad.rules import Structured, Zero
from srcad.tree import Node, is_name, names_in, statements_in


def reachable(start: Iterable[str], edges: dict[str, set[str]]) -> set[str]:
    """Everything that can be reached along the edges."""
    found: set[str] = set()
    pending = list(start)
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending.extend(edges.get(name, ()))
    return found


def differentiable_operands(value: Node) -> set[str]:
    """The variables through which an elementary operation may carry a derivative."""
    operation = getattr(value, "operation", None)
    if operation is not None:
        if isinstance(operation.rule, Zero):
            return set()
        rule = operation.rule
        fixed = rule.fixed if isinstance(rule, Structured) else ()
        operands = [
            leaf
            for name, node in operation.operands
            if rule is None or rule.parameter_of(name) not in fixed
            for leaf in operand_leaves(node)
        ]
        return {node.id for node in operands if is_name(node) and carries(node)}
    if isinstance(value, (gast.Name, gast.Tuple, gast.List)):
        return names_in(value)
    if isinstance(value, gast.Subscript):  # what carries a derivative has a name
        return {value.value.id} if is_name(value.value) else set()
    if isinstance(value, gast.Call) and isinstance(value.func, gast.Attribute):
        return names_in(value.func.value)  # list.pop()
    if isinstance(value, (gast.Compare, gast.Constant)):
        return set()
    if isinstance(value, gast.BinOp):
        return names_in(value)  # [0.0] * n
    return set()


def carries(node: Node) -> bool:
    """Whether a variable's kind can carry a derivative."""
    return is_continuous(getattr(node, "kind", OTHER))


def flows(listing: Listing) -> Iterable[tuple[set[str], set[str]]]:
    """Each statement's differentiable reads and writes."""
    memory = listing.memory
    for name in memory.names():
        # What is written under one name is read under all.
        yield {name}, {memory.content(name)}
        yield {memory.content(name)}, {name}
    for stmt in statements_in(listing.body):
        if isinstance(stmt, gast.Assign):
            (target,) = stmt.targets
            reads = differentiable_operands(stmt.value)
            if isinstance(target, gast.Subscript):
                yield reads | names_in(stmt.value), {target.value.id}
            else:
                yield reads, {n.id for n in _names(target) if carries(n) or not hasattr(n, "kind")}
            operation = getattr(stmt.value, "operation", None)
            if operation is not None and operation.callee is not None:
                operands = [leaf for _, n in operation.operands for leaf in operand_leaves(n)]
                changed = {n.id for n in operands if is_name(n) and _is_list(n) and carries(n)}
                changed |= memory.changed_by(stmt)
                yield reads | changed, changed
                # The adjoint of a list that a call makes is as long as the list at its end only
                # where whatever else changes it is reversed, too.
                made = {n.id for n in _names(target) if _is_list(n) and carries(n)}
                yield made, {n.id for n in _names(target) if carries(n)}
        elif isinstance(stmt, gast.AugAssign):
            yield names_in(stmt.value), {stmt.target.value.id}
        elif isinstance(stmt, gast.Expr) and isinstance(stmt.value.func, gast.Attribute):
            if stmt.value.func.attr == "append":
                written = stmt.value.func.value
                yield names_in(*stmt.value.args), {written.id} if carries(written) else set()
        elif isinstance(stmt, gast.For) and not isinstance(stmt.iter, gast.Call):
            yield names_in(stmt.iter), {stmt.target.id}


def _is_list(node: Node) -> bool:
    return isinstance(getattr(node, "kind", None), ListOf)


def _names(target: Node) -> list[Node]:
    if isinstance(target, gast.Tuple):
        return [name for each in target.elts for name in _names(each)]
    return [target]


def active_variables(listing: Listing, inputs: Iterable[str], outputs: Iterable[str]) -> set[str]:
    """The variables that depend on an input and influence an output, differentiably.

    A list that is handed in is an output too: the caller sees what is done to it.
    """
    lists = {n for n, kind in listing.kinds_of_parameters.items() if isinstance(kind, ListOf)}
    forward: dict[str, set[str]] = {}
    backward: dict[str, set[str]] = {}
    for reads, writes in flows(listing):
        for read in reads:
            forward.setdefault(read, set()).update(writes)
        for write in writes:
            backward.setdefault(write, set()).update(reads)
    return reachable(inputs, forward) & reachable({*outputs, *lists}, backward)
