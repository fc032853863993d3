"""What statements of generated code read and write, and which of them may be dropped."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import gast

from srcad.tree import (
    Comment,
    Node,
    assigned,
    calls_in,
    facts_of,
    is_name,
    name_occurrences,
    popped_list,
    target_names,
    walk,
)


def read_by(stmt: Node) -> frozenset[str]:
    """The variables that a simple statement, or a compound statement's header, reads."""
    facts = facts_of(stmt)
    read = facts.read
    if read is None:
        read = frozenset(reads_of(stmt))
        if isinstance(stmt, gast.AugAssign):
            read = read.union(target_names(stmt.target))
        facts.read = read
    return read


def reads_of(stmt: Node) -> tuple[str, ...]:
    """Every reading of a variable by what a simple statement, or a header, evaluates."""
    facts = facts_of(stmt)
    reads = facts.reads
    if reads is None:
        parts = [name_occurrences(part) for part in read_parts(stmt)]
        reads = parts[0] if len(parts) == 1 else tuple(chain.from_iterable(parts))
        facts.reads = reads
    return reads


def read_parts(stmt: Node) -> list[Node]:
    """The expressions that a simple statement, or a compound statement's header, evaluates."""
    if assigned(stmt):
        return [stmt.value]
    if isinstance(stmt, gast.Assign):
        return [stmt.value, *(t for t in stmt.targets if not is_name(t) and not _is_tuple(t))]
    if isinstance(stmt, gast.AugAssign):
        return [stmt.value] if is_name(stmt.target) else [stmt.value, stmt.target]
    if isinstance(stmt, (gast.If, gast.While)):
        return [stmt.test]
    if isinstance(stmt, gast.For):
        return [stmt.iter]
    if isinstance(stmt, Comment):
        return []
    if isinstance(stmt, gast.FunctionDef):
        return []
    return [stmt]


def expressions_of(stmt: Node) -> Iterator[Node]:
    """The expressions of a simple statement, targets too, or of a compound one's header."""
    for field in stmt._fields:
        value = getattr(stmt, field, None)
        if field not in ("body", "orelse"):
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, gast.AST):
                    yield part


def _is_tuple(node: Node) -> bool:
    return isinstance(node, gast.Tuple)


def written_by(stmt: Node) -> frozenset[str]:
    """The variables that a simple statement, or a loop's header, binds or changes in place."""
    facts = facts_of(stmt)
    written = facts.written
    if written is None:
        written = facts.written = frozenset(_written(stmt))
    return written


def _written(stmt: Node) -> set[str]:
    if assigned(stmt):
        return {assigned(stmt)}
    if isinstance(stmt, gast.Assign):
        found = {name for target in stmt.targets for name in target_names(target)}
        return found | {name for target in stmt.targets for name in _changed(target)}
    if isinstance(stmt, gast.AugAssign):
        return set(target_names(stmt.target)) | _changed(stmt.target)
    if isinstance(stmt, gast.For):
        return set(target_names(stmt.target))
    if isinstance(stmt, gast.Expr) and isinstance(stmt.value, gast.Call):
        func = stmt.value.func
        if isinstance(func, gast.Attribute) and is_name(func.value):
            return {func.value.id}  # list.append
    return set()


def changed_by(stmt: Node) -> frozenset[str]:
    """The variables that may hold something else after a simple statement.

    Those that it writes, the lists that it pops from, and what it hands to a call with an effect.
    """
    facts = facts_of(stmt)
    changed = facts.changed
    if changed is None:
        calls = [call for part in read_parts(stmt) for call in calls_in(part)]
        if not calls:
            changed = facts.changed = written_by(stmt)
            return changed
        popped = {popped_list(call) for call in calls} - {""}
        acting = [call for call in calls if getattr(call, "effect", False)]
        handed = [name for call in acting for name in name_occurrences(call)]
        changed = facts.changed = written_by(stmt).union(popped, handed)
    return changed


def bound_by(stmt: Node) -> set[str]:
    """The variables that a statement itself assigns: not those whose memory it changes."""
    if assigned(stmt):
        return {assigned(stmt)}
    if isinstance(stmt, gast.Assign):
        return {name for target in stmt.targets for name in target_names(target)}
    if isinstance(stmt, (gast.AugAssign, gast.For)):
        return set(target_names(stmt.target))
    if isinstance(stmt, (gast.If, gast.While, gast.Return)):
        return set()
    return {node.id for node in walk(stmt) if is_name(node) and isinstance(node.ctx, gast.Store)}


def _changed(target: Node) -> set[str]:
    """The variable whose memory a target changes: ``x[i]``, and each such part of a tuple."""
    if isinstance(target, gast.Subscript):
        base = target.value
        return {base.id} if is_name(base) else _changed(base)
    if isinstance(target, gast.Tuple):
        return {name for each in target.elts for name in _changed(each)}
    return set()


def has_effect(expression: Node) -> bool:
    """Whether evaluating an expression may do more than compute: ``t.pop()``, a user's function."""
    return any(map(_acts, calls_in(expression)))


def _acts(call: Node) -> bool:
    func = call.func
    if getattr(call, "effect", False):
        return True
    return isinstance(func, gast.Attribute) and func.attr in ("pop", "append")
