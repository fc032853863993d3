"""What a module binds at its top level, found by reading it, without executing it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_Names: TypeAlias = Iterator[tuple[str, ast.AST]]


@dataclass(frozen=True)
class Binding:
    """One place where a name gets its meaning."""

    node: ast.AST  #: the statement (or the part of one) that binds it
    value: ast.AST | None  #: what is bound, where that is one expression or definition
    certain: bool  #: whether the module cannot end without having executed it
    lineno: int


@dataclass(frozen=True)
class Star:
    """`from module import *`: binds names that only the module knows."""

    module: str
    lineno: int
    certain: bool


def bindings(module: ast.Module) -> tuple[Mapping[str, list[Binding]], list[Star]]:
    """Every binding of every global name, in the order of the file, and the star imports.

    >>> found, _ = bindings(ast.parse("k = 2\\nif k:\\n    k = 3\\ndef f(x):\\n    y = x\\n"))
    >>> {name: [binding.certain for binding in found[name]] for name in found}
    {'k': [True, False], 'f': [True]}
    """
    found: dict[str, list[Binding]] = defaultdict(list)
    stars: list[Star] = []
    waiting: list[tuple[ast.AST, bool]] = [(module, True)]
    while waiting:
        node, certain = waiting.pop()
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            stars.append(Star("." * node.level + (node.module or ""), node.lineno, certain))
            continue
        for name, bound in _bound_by(node):
            value = _value_of(node, bound)
            found[name].append(Binding(node, value, certain, getattr(node, "lineno", 0)))
        if isinstance(node, _SCOPES):
            for name, inner in _declared_global(node):
                found[name].append(Binding(inner, None, False, inner.lineno))
            # Decorators, defaults and annotations are outside: a walrus in them binds here.
            body = node.body if isinstance(node.body, list) else [node.body]
            waiting += [(c, False) for c in ast.iter_child_nodes(node) if c not in body]
            continue
        # What is inside any other compound statement may be executed never, or many times.
        certain = certain and isinstance(node, ast.Module)
        for child in reversed(list(ast.iter_child_nodes(node))):
            if not (isinstance(node, _COMPREHENSIONS) and isinstance(child, ast.comprehension)):
                waiting.append((child, certain))
            else:  # its variables are its own; a walrus in it binds outside
                parts = [child.iter, *child.ifs]
                waiting += [(part, False) for part in reversed(parts)]
    for name in found:
        found[name].sort(key=lambda binding: binding.lineno)
    return found, stars


def _bound_by(node: ast.AST) -> _Names:
    """The names that a node binds itself."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name, node
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            whole = alias.asname or alias.name
            yield (whole if alias.asname else whole.split(".")[0]), alias
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _targets(target)
    elif isinstance(node, ast.AnnAssign):
        if node.value is not None:
            yield from _targets(node.target)
    elif isinstance(node, ast.AugAssign | ast.NamedExpr | ast.For | ast.AsyncFor):
        yield from _targets(node.target)
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield from _targets(node.optional_vars)
    elif isinstance(node, ast.Delete):
        for target in node.targets:
            yield from _targets(target)
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name, node
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest, node
    elif type(node).__name__ == "TypeAlias":  # Python 3.12: `type name = ...`
        yield from _targets(node.name)  # type: ignore[attr-defined]


def _targets(target: ast.AST) -> _Names:
    """The names in an assignment target; those in `a[i]` and `a.b` are not bound by it."""
    if isinstance(target, ast.Name):
        yield target.id, target
    elif isinstance(target, ast.Tuple | ast.List):
        for item in target.elts:
            yield from _targets(item)
    elif isinstance(target, ast.Starred):
        yield from _targets(target.value)


def _value_of(node: ast.AST, bound: ast.AST) -> ast.AST | None:
    """What a binding binds, if the file shows it as one whole."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return node.value if any(bound is target for target in targets) else None
    if isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef):
        return bound
    return None


def _declared_global(scope: ast.AST) -> Iterator[tuple[str, ast.Global]]:
    """The names that a function declares `global`: it may assign them whenever it is called."""
    for node in ast.walk(scope):
        if isinstance(node, ast.Global):
            for name in node.names:
                yield name, node
