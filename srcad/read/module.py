"""A file → its functions, and the derivatives that it asks srcad for. It is not executed."""

from __future__ import annotations
import __future__

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from srcad.read.constants import NotConstant, constant_value
from srcad.read.source import Source, Unresolved
from srcad.read.static import StaticScope
from srcad.read.text import parse

APIS = frozenset({"grad", "value_and_grad"})
# What holds definitions that may not be reached, or not once.
_BLOCKS = (
    *(ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar),
    *(ast.ExceptHandler, ast.Match, ast.match_case),
)


@dataclass(frozen=True, eq=False)
class Request:
    """A derivative that the file asks for: `@grad` above a function, or `df = grad(f)`."""

    name: str  #: the function's name; empty where it has none
    api: str  #: `grad` or `value_and_grad`
    options: Mapping[str, object]  #: the keyword arguments, those that are plain to see
    lineno: int
    target: str  #: the name that the derivative gets
    source: Source | None  #: the function; None if it is not one of this file
    reason: str | None  #: why the request cannot be fulfilled without running the file


@dataclass(frozen=True)
class Conditional:
    """A function whose definition stands inside an `if`, a `try` or a loop at top level."""

    name: str
    lineno: int
    api: str  #: what its decorator asks for, if it does
    inside: str


@dataclass(frozen=True, eq=False)
class Module:
    """A file that was read."""

    functions: tuple[Source, ...]  #: those that are defined at top level, in the order of the file
    requests: tuple[Request, ...]
    scope: StaticScope
    conditional: tuple[Conditional, ...] = ()

    def requests_for(self, name: str) -> tuple[Request, ...]:
        """What the file asks for of one function."""
        return tuple(request for request in self.requests if request.name == name)


def read_module(text: str, filename: str) -> Module:
    """Read a file, without executing it.

    >>> module = read_module('''
    ... import srcad as s
    ... @s.grad(mode="forward")
    ... def f(x, a):
    ...     return x * a
    ... df = s.value_and_grad(f, wrt=("x", "a"))
    ... ''', "example.py")
    >>> [source.name for source in module.functions]
    ['f']
    >>> for request in module.requests:
    ...     print(request.lineno, request.name, request.api, request.options)
    3 f grad {'mode': 'forward'}
    6 f value_and_grad {'wrt': ('x', 'a')}
    """
    file = parse(text, filename)
    flags = _future_flags(file.tree)
    scope = StaticScope(file, flags)
    functions: list[Source] = []
    requests: list[Request] = []
    for node in file.tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            source = scope.source(node)
            functions.append(source)
            requests += _decorations(node, source, scope)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            request = _called(node.value, names[0], scope) if names else None
            requests += [request] if request else []
    return Module(tuple(functions), tuple(requests), scope, tuple(_conditional(file.tree, scope)))


def _conditional(tree: ast.Module, scope: StaticScope) -> Iterator[Conditional]:
    """The functions whose definitions may not be reached, or not once."""
    pending: list[tuple[ast.AST, str]] = [(node, "") for node in reversed(tree.body)]
    while pending:
        node, inside = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and inside:
            calls = (d.func if isinstance(d, ast.Call) else d for d in node.decorator_list)
            apis = [api for api in (_api(each, scope) for each in calls) if api]
            yield Conditional(node.name, node.lineno, apis[0] if apis else "", inside)
        elif isinstance(node, _BLOCKS):
            word = type(node).__name__.lower().removeprefix("async").removesuffix("star")
            children = list(ast.iter_child_nodes(node))
            pending += [(each, inside or word) for each in reversed(children)]


def _future_flags(tree: ast.Module) -> int:
    flags = 0
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module, node.level) == ("__future__", 0):
            for alias in node.names:
                flags |= getattr(__future__, alias.name).compiler_flag
    return flags


def _decorations(
    node: ast.FunctionDef | ast.AsyncFunctionDef, source: Source, scope: StaticScope
) -> Iterator[Request]:
    """What the decorators of a function ask for."""
    for decorator in node.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        api = _api(call.func if call else decorator, scope)
        if api is None:
            continue
        options, reason = _options(call, scope)
        if len(node.decorator_list) > 1:
            reason = "the function has several decorators; ask for its derivative in a call"
        elif call and call.args:
            reason = "options are given by keyword"
        yield Request(node.name, api, options, decorator.lineno, node.name, source, reason)


def _called(node: ast.expr, target: str, scope: StaticScope) -> Request | None:
    """The request in `target = grad(f, ...)` or `target = grad(...)(f)`, if it is one."""
    if not isinstance(node, ast.Call):
        return None
    settings = node
    positional = list(node.args)
    if isinstance(node.func, ast.Call):  # grad(mode="forward")(f)
        settings = node.func
    api = _api(settings.func, scope)
    if api is None:
        return None
    options, reason = _options(settings, scope)
    given = [k.value for k in settings.keywords if k.arg == "fun"] + positional
    options.pop("fun", None)
    name, source = "", None
    if len(given) != 1 or (settings is not node and settings.args):
        reason = "it is called with other arguments than one function and keywords"
    elif isinstance(given[0], ast.Lambda):
        source = scope.source(given[0])
        name = source.name
    elif isinstance(given[0], ast.Name):
        name = given[0].id
        source, why = _function(name, scope)
        reason = why or reason
    else:
        reason = "it is called with something else than the name of a function"
    return Request(name, api, options, node.lineno, target, source, reason)


def _function(name: str, scope: StaticScope) -> tuple[Source | None, str | None]:
    """The function of that name, or why there is none."""
    try:
        found = scope.lookup(name)
    except Unresolved as error:
        return None, str(error)
    if isinstance(found, Source):
        return found, None
    return None, f"`{name}` is not a function of this file"


def _api(node: ast.AST, scope: StaticScope) -> str | None:
    """`grad` for any expression that means `srcad.grad`, and so on; None for all others."""
    first, _, last = (scope.qualified(node) or "").rpartition(".")
    return last if first in ("srcad", "srcad.api") and last in APIS else None


def _options(call: ast.Call | None, scope: StaticScope) -> tuple[dict[str, object], str | None]:
    """The keyword arguments of a call that are plain to see, and what to say of the others."""
    options: dict[str, object] = {}
    reason = None
    for keyword in call.keywords if call else []:
        if keyword.arg == "fun":
            continue
        if keyword.arg is None:
            reason = "its options are not written out (`**`)"
            continue
        try:
            options[keyword.arg] = constant_value(keyword.value, scope.part)
        except NotConstant as error:
            reason = f"the option `{keyword.arg}` is not a literal: {error}"
    return options, reason
