"""``with`` statements that do nothing to values: their bodies, and where they stood.

What a context does to the run (a lock that is held, warnings that are not shown, the time that is
taken) it does to the derivative, too: the statements that come from its body are put into it again,
once they are there.

>>> import numpy
>>> from srcad.emit import emit
>>> from srcad.read import read_module
>>> (source,) = read_module('''
... import numpy as np
... def f(x):
...     with np.errstate(divide="ignore"):
...         y = np.log(x)
...     return y * y
... ''', "example.py").functions
>>> print(emit([source.tree]), end="")
def f(x):
    y = np.log(x)
    return y * y
>>> [(context.start, context.end) for context in source.contexts]
[((5, 8), (5, 21))]
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import threading
import time
import types
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import gast
import numpy as np

from srcad.read.source import Scope, Source, Unresolved
from srcad.read.unwound import is_unwound, unwound
from srcad.tree import Node, copy_node, is_name, walk, with_parts

Place = tuple[int, int]

LOCKS = (
    *(type(threading.Lock()), type(threading.RLock())),
    *(threading.Semaphore, threading.BoundedSemaphore, threading.Condition),
)
CLOCKS = (
    *(time.perf_counter, time.perf_counter_ns, time.time, time.time_ns, time.monotonic),
    *(time.monotonic_ns, time.process_time, time.process_time_ns, time.thread_time),
)
# What a timer may call beside the clock.
PLAIN = (*CLOCKS, print, float, int, str, round, len, format)


@dataclass(frozen=True)
class Context:
    """What is entered around some statements, and which these are."""

    items: tuple[Node, ...]
    #: What is said to it first: which warnings are shown.
    first: tuple[Node, ...]
    start: Place
    end: Place
    #: Whether it is entered for the forward sweep alone: a timer.
    once: bool

    def holds(self, node: Node) -> bool:
        """Whether a statement of the user's stands in it."""
        return self.start <= (node.lineno, node.col_offset) < self.end

    def under(self, names: Mapping[str, str]) -> Context:
        """The context, names in it exchanged."""

        def renamed(node: Node) -> Node:
            if is_name(node) and node.id in names:
                return copy_node(node, id=names[node.id])
            return with_parts(node, renamed)

        items, first = map(renamed, self.items), map(renamed, self.first)
        return replace(self, items=tuple(items), first=tuple(first))


def without_contexts(source: Source) -> Source:
    """The function without those ``with`` that do nothing to values."""
    if not any(isinstance(node, (gast.With, gast.Try)) for node in source.nodes):
        return source
    reader = _Reader(source)
    body = reader.block(source.tree.body)
    if not _differs(body, source.tree.body):
        return source
    tree = copy_node(source.tree, body=body)
    return replace(source, tree=tree, contexts=tuple(reader.found))


def _differs(one: list[Node], other: list[Node]) -> bool:
    return len(one) != len(other) or any(a is not b for a, b in zip(one, other, strict=True))


def _own_names(source: Source) -> set[str]:
    """The names that the function, or one inside it, binds."""
    nodes = [*source.nodes, *walk(source.tree.args)]
    stored = {n.id for n in nodes if is_name(n) and not isinstance(n.ctx, gast.Load)}
    return stored | {n.name for n in nodes if isinstance(n, gast.FunctionDef)}


class _Reader:
    """One function, and the contexts that are found in it."""

    def __init__(self, source: Source) -> None:
        self.scope = source.scope
        self.names = _own_names(source)
        loads = (n for n in source.nodes if is_name(n) and isinstance(n.ctx, gast.Load))
        self.read = {n.id for n in loads}
        self.found: list[Context] = []

    def block(self, stmts: list[Node]) -> list[Node]:
        return [new for stmt in stmts for new in self.statement(stmt)]

    def statement(self, stmt: Node) -> list[Node]:
        if isinstance(stmt, gast.With):
            return self.entered(stmt)
        changes: dict[str, list[Node]] = {}
        for field in ("body", "orelse", "finalbody"):
            inner = getattr(stmt, field, None)
            if isinstance(inner, list):
                changes[field] = self.block(inner)
        for field in ("handlers", "cases"):
            inner = getattr(stmt, field, [])
            if inner:
                changes[field] = [copy_node(part, body=self.block(part.body)) for part in inner]
        same = all(not _differs(new, getattr(stmt, field)) for field, new in changes.items())
        made = stmt if same else copy_node(stmt, **changes)
        if isinstance(stmt, gast.Try) and is_unwound(made):
            return unwound(made, self.fresh("result"))
        return [made]

    def fresh(self, stem: str) -> str:
        """A name that nothing in the function has."""
        name, number = stem, 2
        while name in self.names | self.read:
            name, number = f"{stem}{number}", number + 1
        self.names.add(name)
        return name

    def entered(self, stmt: Node) -> list[Node]:
        """The body of a ``with``, if what is entered does nothing to values."""
        caught = self.suppressed(stmt)
        if caught is not None:
            return [caught]
        items = [self.unbound(each) for each in stmt.items]
        kinds = [kind_of(each, self.scope, self.names) for each in items]
        place = len(self.found)
        body = self.block(stmt.body)
        if not all(kinds):
            return [copy_node(stmt, body=body)]
        first, rest = self.said_first(body) if "warnings" in kinds else ([], body)
        pairs = zip(items, kinds, strict=True)
        items = [each for each, kind in pairs if kind != "nothing"]
        if items and rest:
            last = rest[-1]
            start = rest[0].lineno, rest[0].col_offset
            end = last.end_lineno, last.end_col_offset
            context = Context(tuple(items), tuple(first), start, end, once="timer" in kinds)
            self.found.insert(place, context)
        return rest or [gast.copy_location(gast.Pass(), stmt)]

    def suppressed(self, stmt: Node) -> Node | None:
        """`with suppress(ValueError)` as a `try` whose handler does nothing."""
        context = stmt.items[0].context_expr
        plain = isinstance(context, gast.Call) and context.args and not context.keywords
        if len(stmt.items) > 1 or not plain or stmt.items[0].optional_vars is not None:
            return None
        if meaning_of(context.func, self.scope, self.names) is not contextlib.suppress:
            return None
        if any(isinstance(each, gast.Starred) for each in context.args):
            return None
        caught = gast.Tuple(context.args, gast.Load())
        handler = gast.ExceptHandler(caught, None, [gast.copy_location(gast.Pass(), stmt)])
        made = gast.Try(self.block(stmt.body), [handler], [], [])
        for node in (caught, handler, made):
            gast.copy_location(node, stmt)
        return made

    def unbound(self, item: Node) -> Node:
        """An item without the name that it binds, if nothing reads that."""
        bound = item.optional_vars
        if bound is None or not is_name(bound) or bound.id in self.read:
            return item
        return copy_node(item, optional_vars=None)

    def said_first(self, body: list[Node]) -> tuple[list[Node], list[Node]]:
        """`warnings.simplefilter("ignore")` at the head of a body, and the rest."""
        count = 0
        while count < len(body) and self.is_filter(body[count]):
            count += 1
        return body[:count], body[count:]

    def is_filter(self, stmt: Node) -> bool:
        value = stmt.value if isinstance(stmt, gast.Expr) else None
        if not isinstance(value, gast.Call):
            return False
        function = meaning_of(value.func, self.scope, self.names)
        if function not in (warnings.simplefilter, warnings.filterwarnings):
            return False
        given = [*value.args, *(each.value for each in value.keywords)]
        texts = [each for each in given if isinstance(each, gast.Constant)]
        others = [each for each in given if not isinstance(each, gast.Constant)]
        known = [meaning_of(each, self.scope, self.names) for each in others]
        return all(isinstance(each, type) for each in known) and not any(
            each.value == "error" for each in texts
        )


def meaning_of(node: Node, scope: Scope, names: set[str]) -> object:
    """The object that a free name, or an attribute of a module, stands for; None of others."""
    if isinstance(node, gast.Attribute):
        base = meaning_of(node.value, scope, names)
        return getattr(base, node.attr, None) if isinstance(base, types.ModuleType) else None
    if not is_name(node) or node.id in names:
        return None
    try:
        return scope.lookup(node.id)
    except Unresolved:
        return None


def kind_of(item: Node, scope: Scope, names: set[str]) -> str:
    """Which context that does nothing to values an item of a ``with`` is; "" if it is another."""
    context = item.context_expr
    if item.optional_vars is not None:
        return ""
    if not isinstance(context, gast.Call):
        found: Any = meaning_of(context, scope, names)
        if isinstance(found, LOCKS):
            return "lock"
        cls: Any = type(found)
        return "timer" if _is_timer(cls) else ""
    function: Any = meaning_of(context.func, scope, names)
    given = [*context.args, *(each.value for each in context.keywords)]
    if any(not isinstance(each, gast.Constant) for each in given):
        return ""
    if any(each.arg is None for each in context.keywords):
        return ""
    if function is np.errstate:
        quiet = all(each.value in ("ignore", "warn") for each in given)
        return "errors" if quiet else ""
    if function is np.printoptions:
        return "printing"
    if function is warnings.catch_warnings:
        return "" if any(each.value in (True, "error") for each in given) else "warnings"
    if function is contextlib.nullcontext:
        return "nothing" if not given else ""
    if isinstance(function, type):
        return "timer" if _is_timer(function) else ""
    return "timer" if _is_timed(function) else ""


# -- timers ---------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=256)
def _is_timer(cls: Any) -> bool:
    """Whether entering and leaving an object of a class reads the clock, and says so, no more."""
    if type(cls) is not type or cls.__module__ == "builtins":
        return False
    methods = [inspect.getattr_static(cls, name, None) for name in ("__enter__", "__exit__")]
    makes = [inspect.getattr_static(cls, name, None) for name in ("__init__", "__new__")]
    own = [each for each in makes if isinstance(each, types.FunctionType)]
    if any(not isinstance(each, types.FunctionType) for each in methods):
        return False
    return all(_reads_clock(each) for each in [*methods, *own] if each is not None)


def _is_timed(function: Any) -> bool:
    """Whether a function made by `contextlib.contextmanager` reads the clock, and says so."""
    inner = getattr(function, "__wrapped__", None)
    made = isinstance(function, types.FunctionType) and isinstance(inner, types.FunctionType)
    if not made or function.__code__.co_filename != contextlib.__file__:
        return False
    return _reads_clock(inner, yields=True)


def _reads_clock(function: object, *, yields: bool = False) -> bool:
    from srcad.errors import SrcadError
    from srcad.read.locate import read_function

    try:
        source = read_function(function)
    except SrcadError:
        return False
    names = _own_names(source)
    body = source.tree.body
    found = [each for each in source.nodes if isinstance(each, (gast.Yield, gast.YieldFrom))]
    if len(found) != yields:
        return False
    return all(_is_quiet(stmt, source.scope, names, yields=yields) for stmt in body)


def _is_quiet(stmt: Node, scope: Scope, names: set[str], *, yields: bool) -> bool:
    """Whether a statement of a timer does nothing but to note and to print."""

    def all_quiet(stmts: Iterable[Node]) -> bool:
        return all(_is_quiet(each, scope, names, yields=yields) for each in stmts)

    if isinstance(stmt, gast.Pass):
        return True
    if isinstance(stmt, gast.If):
        return _is_plain(stmt.test, scope, names) and all_quiet([*stmt.body, *stmt.orelse])
    if isinstance(stmt, gast.Try):
        return not stmt.handlers and all_quiet([*stmt.body, *stmt.orelse, *stmt.finalbody])
    if isinstance(stmt, gast.Return):
        value = stmt.value
        falsy = isinstance(value, gast.Constant) and not value.value
        return value is None or falsy or is_name(value, "self")
    if isinstance(stmt, (gast.Assign, gast.AugAssign)):
        targets = stmt.targets if isinstance(stmt, gast.Assign) else [stmt.target]
        own = all(
            is_name(each) or (isinstance(each, gast.Attribute) and is_name(each.value, "self"))
            for each in targets
        )
        return own and _is_plain(stmt.value, scope, names)
    if isinstance(stmt, gast.Expr):
        if isinstance(stmt.value, gast.Yield):
            return yields and stmt.value.value is None
        if isinstance(stmt.value, gast.Constant):
            return True
        return _is_plain(stmt.value, scope, names)
    return False


def _is_plain(node: Node, scope: Scope, names: set[str]) -> bool:
    """Whether an expression calls only what reads the clock, or prints."""
    for each in walk(node):
        if isinstance(each, (gast.Lambda, gast.Await, gast.Yield, gast.YieldFrom)):
            return False
        if isinstance(each, gast.Call):
            function = meaning_of(each.func, scope, names)
            appends = (
                isinstance(each.func, gast.Attribute)
                and each.func.attr == "append"
                and isinstance(each.func.value, gast.Attribute)
                and is_name(each.func.value.value, "self")
            )
            if not appends and not any(function is known for known in PLAIN):
                return False
    return True
