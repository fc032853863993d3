"""What statements of generated code read and write, and which of them may be dropped."""

from __future__ import annotations

import gast

from srcad.tree import Comment, Node, is_name, popped_list, target_names, walk


def read_by(stmt: Node) -> set[str]:
    """The variables that a simple statement, or a compound statement's header, reads."""
    found: set[str] = set()
    for part in read_parts(stmt):
        for node in walk(part):
            if is_name(node):
                found.add(node.id)
    if isinstance(stmt, gast.AugAssign):
        found.update(target_names(stmt.target))
    return found


def read_parts(stmt: Node) -> list[Node]:
    """The expressions that a simple statement, or a compound statement's header, evaluates."""
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


def _is_tuple(node: Node) -> bool:
    return isinstance(node, gast.Tuple)


def written_by(stmt: Node) -> set[str]:
    """The variables that a simple statement, or a loop's header, binds or changes in place."""
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


def changed_by(stmt: Node) -> set[str]:
    """The variables that may hold something else after a simple statement.

    Those that it writes, the lists that it pops from, and what it hands to a call with an effect.
    """
    found = written_by(stmt)
    for part in read_parts(stmt):
        for node in walk(part):
            if popped_list(node):
                found.add(popped_list(node))
            elif getattr(node, "effect", False):
                found |= {each.id for each in walk(node) if is_name(each)}
    return found


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
    for node in walk(expression):
        if isinstance(node, gast.Call):
            func = node.func
            if getattr(node, "effect", False):
                return True
            if isinstance(func, gast.Attribute) and func.attr in ("pop", "append"):
                return True
    return False
