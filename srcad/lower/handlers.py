"""``try`` whose handlers go on: the test beforehand that tells which of them would run.

An operation that raises does so of its operands alone: ``math.log`` of what is not positive, a
quotient by zero, an item past the end.  So the handler that runs is known before the operation is,
and the statement is a branch, as one would write it by hand.

>>> import builtins, gast, math
>>> from srcad.analysis.kind import FLOAT
>>> from srcad.emit import emit
>>> from srcad.errors import Problems
>>> from srcad.lower.resolve import MISSING, Resolver
>>> class Scope:
...     def lookup(self, name): return math if name == "math" else getattr(builtins, name)
>>> body = gast.parse('''
... try:
...     y = math.log(x / d)
... except ZeroDivisionError:
...     y = 0.0
... except ValueError:
...     y = x
... ''').body
>>> resolver = Resolver(Scope(), {"x", "d", "y"})
>>> print(emit(as_branches(body, {"x", "d"}, resolver, Problems(None))), end="")
if d == 0:
    y = 0.0
elif x / d <= 0:
    y = x
else:
    y = math.log(x / d)

NumPy's numbers are divided by zero without an error, so that both sides of a quotient have to be
Python's own.
"""

from __future__ import annotations

import math
import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

import gast
import numpy as np

from srcad import helpers
from srcad.errors import Problems, SrcadError
from srcad.listing import with_origin
from srcad.lower.resolve import MISSING, Resolver
from srcad.lower.scopes import SCOPES, exchanged
from srcad.read import Source, source_for
from srcad.rules import METHODS, rule_of
from srcad.tree import (
    Node,
    blocks_of,
    call,
    children,
    constant,
    copy_node,
    is_name,
    is_number,
    negate,
    number_of,
    parse,
    target_names,
    walk,
)

# What a function raises of its one operand, and when.
_LARGEST = "709.782712893384 < x <= 1.7976931348623157e308"
RAISES: dict[object, tuple[type[Exception], str]] = {
    math.log: (ValueError, "x <= 0"),
    math.log2: (ValueError, "x <= 0"),
    math.log10: (ValueError, "x <= 0"),
    math.log1p: (ValueError, "x <= -1"),
    math.sqrt: (ValueError, "x < 0"),
    math.asin: (ValueError, "abs(x) > 1"),
    math.acos: (ValueError, "abs(x) > 1"),
    math.acosh: (ValueError, "x < 1"),
    math.atanh: (ValueError, "abs(x) >= 1"),
    math.exp: (OverflowError, _LARGEST),
    math.expm1: (OverflowError, _LARGEST),
}
# What LinAlgError is raised of: a matrix, the first operand.
OF_MATRICES = {
    np.linalg.solve: helpers.is_singular,
    np.linalg.inv: helpers.is_singular,
    np.linalg.cholesky: helpers.has_no_cholesky,
}
# What raises of no number, infinite ones apart.
CALM = (
    *(math.sin, math.cos, math.tan, math.atan, math.atan2, math.tanh, math.asinh, math.erf),
    *(math.erfc, math.fabs, math.copysign, abs, min, max, len),
)
CAUGHT: tuple[object, ...] = (
    *(ZeroDivisionError, OverflowError, ArithmeticError, ValueError, TypeError),
    *(IndexError, KeyError, LookupError, Exception, np.linalg.LinAlgError),
)
MOST_CALLS = 3
DIVISIONS = (gast.Div, gast.FloorDiv, gast.Mod)
PLAIN = (
    *(gast.Assign, gast.AugAssign, gast.AnnAssign, gast.Return, gast.Pass),
    *(gast.Break, gast.Continue),
)
AFTER = "what is caught may be raised at more than one place, or at one that is not known"


class Unclear(Exception):
    """What an operation may raise is not known."""

    def __init__(self, node: Node) -> None:
        super().__init__(node)
        self.node = node


@dataclass(frozen=True)
class Raise:
    """An operation raises an exception where a test is true."""

    exception: type[Exception]
    test: Node


def goes_on(node: Node) -> bool:
    """Whether a `try` has a handler that does more than to raise anew what it caught."""
    return any(
        len(each.body) != 1
        or not isinstance(each.body[0], gast.Raise)
        or each.body[0].exc is not None
        for each in node.handlers
    )


def raised_alone(stmt: Node, handler: Node) -> Node:
    """`raise ... from e` without what was caught: nothing has been raised."""
    name = getattr(handler.name, "id", handler.name)
    if isinstance(stmt, gast.Raise) and name and is_name(stmt.cause, name):
        return copy_node(stmt, cause=None)
    return stmt


def reads_caught(handler: Node) -> bool:
    """Whether a handler reads what it caught, or raises it anew."""
    name = getattr(handler.name, "id", handler.name)
    for stmt in handler.body:
        for node in walk(raised_alone(stmt, handler)):
            again = isinstance(node, gast.Raise) and node.exc is None
            if again or (name and is_name(node, name)):
                return True
    return False


def as_branches(
    body: list[Node], numbers: Iterable[str], resolver: Resolver, problems: Problems
) -> list[Node]:
    """The body with a branch for each `try`; ``numbers`` are parameters that are Python's own."""
    if not any(isinstance(each, gast.Try) and goes_on(each) for each in _all_statements(body)):
        return body
    return _OfNames(body, set(numbers), resolver, problems).block(body)


class Branches:
    """Branches in place of `try`; what a name holds is for others to say."""

    # How many calls of functions of the user's are looked into, one in another.
    depth = 0

    def __init__(self, resolver: Resolver, problems: Problems) -> None:
        self.resolver = resolver
        self.problems = problems

    def holds(self, node: Node) -> str:
        """What is known of a variable or a part: a "number" of Python's, an "array", a "dict"."""
        raise NotImplementedError

    # -- statements ------------------------------------------------------------------------------

    def block(self, stmts: list[Node]) -> list[Node]:
        return [new for stmt in stmts for new in self.statement(stmt)]

    def statement(self, stmt: Node) -> list[Node]:
        if isinstance(stmt, gast.Try):
            handlers = [copy_node(each, body=self.block(each.body)) for each in stmt.handlers]
            parts = {f: self.block(getattr(stmt, f)) for f in ("body", "orelse", "finalbody")}
            stmt = copy_node(stmt, handlers=handlers, **parts)
            return self._try(stmt) if goes_on(stmt) else [stmt]
        if isinstance(stmt, gast.Match):
            cases = [copy_node(each, body=self.block(each.body)) for each in stmt.cases]
            return [copy_node(stmt, cases=cases)]
        if isinstance(stmt, gast.With) or list(blocks_of(stmt)):
            fields = [f for f in ("body", "orelse") if hasattr(stmt, f)]
            return [copy_node(stmt, **{f: self.block(getattr(stmt, f)) for f in fields})]
        return [stmt]

    def _try(self, stmt: Node) -> list[Node]:
        try:
            caught = [self.caught(each) for each in stmt.handlers]
            rows = [list(self.raised(each, caught)) for each in stmt.body]
        except Unclear as error:
            return self.refuse(stmt, error.node)
        places = [n for n, row in enumerate(rows) if row]
        if not places:
            return [*stmt.body, *stmt.orelse, *stmt.finalbody]
        place, last = places[0], places[-1]
        guards = [isinstance(each, gast.If) for each in stmt.body]
        if not all(guards[place:last]):
            return self.refuse(stmt, stmt)
        chain: list[Node] = [*stmt.body[last + guards[last] :], *stmt.orelse]
        numbered = [
            (next(n for n, each in enumerate(caught) if issubclass(row.exception, each)), row.test)
            for row in (each for found in rows[place : last + 1] for each in found)
        ]
        groups = [(n, [test for _, test in g]) for n, g in groupby(numbered, lambda row: row[0])]
        if len({n for n, _ in groups}) < len(groups):
            return self.refuse(stmt, stmt)
        for number, tests in reversed(groups):
            test = tests[0] if len(tests) == 1 else gast.BoolOp(gast.Or(), tests)
            handler = stmt.handlers[number]
            made = gast.If(test, [raised_alone(each, handler) for each in handler.body], chain)
            chain = [with_origin(gast.copy_location(made, stmt.body[place]), None)]
        return [*stmt.body[:place], *chain, *stmt.finalbody]

    def refuse(self, stmt: Node, at: Node) -> list[Node]:
        """A `try` whose handler is not known beforehand."""
        instead = "an `if` that tests for the case beforehand"
        self.problems.add(at if hasattr(at, "lineno") else stmt, "`try`", AFTER, instead)
        return []

    def caught(self, handler: Node) -> tuple[type[BaseException], ...]:
        """The exceptions that a handler catches, as it can be known."""
        if reads_caught(handler):
            raise Unclear(handler.body[0])
        if handler.type is None:
            return (Exception,)
        several = isinstance(handler.type, gast.Tuple)
        found = [
            self.resolver.object_of(each)
            for each in (handler.type.elts if several else [handler.type])
        ]
        if not all(each in CAUGHT or _is_own_error(each) for each in found):
            raise Unclear(handler.type)
        if found == [TypeError]:
            raise Unclear(handler.type)
        return tuple(each for each in found if isinstance(each, type))

    # -- what an expression raises -----------------------------------------------------------------

    def raised(self, node: Node, caught: list[tuple[type[BaseException], ...]]) -> Iterator[Raise]:
        """What a statement or an expression raises of what is caught, as it is evaluated."""
        raises = isinstance(node, gast.If) and not node.orelse and len(node.body) == 1
        if raises and isinstance(node.body[0], gast.Raise):
            yield from self.raised(node.test, caught)
            yield from self.of_raise(node, caught)
            return
        if isinstance(node, gast.If):
            yield from self.raised(node.test, caught)
            inside = [
                each for stmt in (*node.body, *node.orelse) for each in self.raised(stmt, caught)
            ]
            if inside:
                raise Unclear(node)
            return
        if isinstance(node, gast.stmt) and not isinstance(node, PLAIN):
            raise Unclear(node)
        every = tuple(each for row in caught for each in row)
        if isinstance(node, (*SCOPES, gast.IfExp, gast.BoolOp, gast.NamedExpr)):
            parts = [row for part in children(node) for row in self.raised(part, caught)]
            if parts or isinstance(node, SCOPES):
                raise Unclear(node)
            return
        order = children(node)
        if isinstance(node, (gast.Assign, gast.AnnAssign)):
            order = [part for part in order if part is node.value]
            targets = node.targets if isinstance(node, gast.Assign) else [node.target]
            if not all(is_name(n) for t in targets for n in _targets(t)):
                raise Unclear(node)
        for part in order:
            yield from self.raised(part, caught)
        if isinstance(node, gast.Call) and self.is_user_function(node):
            yield from self.of_function(node, caught)
            return
        found = self.own(node, every)
        if found is not None and issubclass(found.exception, every):
            yield found

    def is_user_function(self, node: Node) -> bool:
        function = self.resolver.object_of(node.func)
        plain = isinstance(function, (types.FunctionType, Source))
        return plain and rule_of(function) is None and self.depth < MOST_CALLS

    def of_function(
        self, node: Node, caught: list[tuple[type[BaseException], ...]]
    ) -> Iterator[Raise]:
        """What one of the user's functions raises of its arguments, before it does all else."""
        try:
            source = source_for(self.resolver.object_of(node.func))
        except SrcadError:
            raise Unclear(node) from None
        given = source.tree.args
        names = [each.id for each in [*given.posonlyargs, *given.args]]
        simple = not node.keywords and not given.vararg and not given.kwarg
        if not simple or given.kwonlyargs or len(node.args) != len(names):
            raise Unclear(node)
        if any(isinstance(n, (gast.Call, gast.Starred)) for a in node.args for n in walk(a)):
            raise Unclear(node)
        arguments = dict(zip(names, node.args, strict=True))
        inside = _OfCallee(self, source, arguments)
        ends = False  # whether what comes now is done only if nothing was raised before
        for stmt in source.tree.body:
            if isinstance(stmt, gast.Expr) and isinstance(stmt.value, gast.Constant):
                continue
            try:
                found = list(inside.raised(stmt, caught))
            except Unclear:
                raise Unclear(node) from None
            for each in found:
                free = {n.id for n in walk(each.test) if is_name(n)} - {"abs", "len"}
                asked = {t.__name__: t for t in OF_MATRICES.values() if t.__name__ in free}
                if any(self.resolver.name_of(t, n) != n for n, t in asked.items()):
                    raise Unclear(node)
                free -= asked.keys()
                if ends or not free <= arguments.keys() or free & source.assigned:
                    raise Unclear(node)
                yield Raise(each.exception, exchanged(each.test, arguments))
            is_guard = isinstance(stmt, gast.If) and not stmt.orelse and len(stmt.body) == 1
            ends = ends or not (is_guard and isinstance(stmt.body[0], gast.Raise) and found)

    def of_raise(
        self, node: Node, caught: list[tuple[type[BaseException], ...]]
    ) -> Iterator[Raise]:
        """`if x < 0: raise ValueError(...)`: one of Python's own."""
        raised = node.body[0].exc
        raised = raised.func if isinstance(raised, gast.Call) else raised
        found = MISSING if raised is None else self.resolver.object_of(raised)
        if not isinstance(found, type) or not issubclass(found, Exception):
            raise Unclear(node)
        if issubclass(found, tuple(each for row in caught for each in row)):
            yield Raise(found, node.test)

    def own(self, node: Node, caught: tuple[type[BaseException], ...]) -> Raise | None:
        """What an operation raises itself."""
        if isinstance(node, gast.Call):
            function = self.resolver.object_of(node.func)
            if caught == (np.linalg.LinAlgError,):
                return self.of_matrix(node, function)
            known = next((row for each, row in RAISES.items() if each is function), None)
            if known is not None and len(node.args) == 1 and not node.keywords:
                return Raise(known[0], exchanged(parse(known[1]), {"x": node.args[0]}))
            if known is not None or not any(function is each for each in CALM):
                raise Unclear(node)
            return None
        if isinstance(node, (gast.BinOp, gast.AugAssign)):
            return self.of_operator(node, caught)
        is_item = isinstance(node, gast.Subscript) and not isinstance(node.slice, gast.Slice)
        if is_item and any(issubclass(each, caught) for each in (KeyError, IndexError)):
            held = self.holds(node.value)
            if held == "dict":
                test = gast.Compare(node.slice, [gast.NotIn()], [node.value])
                return Raise(KeyError, test)
            if not held:
                raise Unclear(node)
        if is_item and issubclass(IndexError, caught):
            if isinstance(node.slice, gast.Tuple):
                raise Unclear(node)
            count = call("len", node.value)
            low = negate(count) if not is_number(node.slice) else None
            if is_number(node.slice) and number_of(node.slice) < 0:
                test = gast.Compare(count, [gast.Lt()], [constant(-number_of(node.slice))])
            elif low is None:
                test = gast.Compare(count, [gast.LtE()], [node.slice])
            else:
                test = gast.UnaryOp(
                    gast.Not(), gast.Compare(low, [gast.LtE(), gast.Lt()], [node.slice, count])
                )
            return Raise(IndexError, test)
        return None

    def of_matrix(self, node: Node, function: object) -> Raise | None:
        """What is raised of a matrix: no other function of NumPy's raises that."""
        test = next((test for each, test in OF_MATRICES.items() if each is function), None)
        if test is not None and node.args and not isinstance(node.args[0], gast.Starred):
            name = self.resolver.name_of(test, test.__name__)
            return Raise(np.linalg.LinAlgError, call(name, node.args[0]))
        is_method = function is MISSING and isinstance(node.func, gast.Attribute)
        named = getattr(node.func, "attr", getattr(node.func, "id", ""))
        module = getattr(function, "__module__", "")
        ruled = rule_of(function) is not None and module in ("math", "numpy", "builtins")
        plain_norm = function is np.linalg.norm and len(node.args) == 1 and not node.keywords
        # Fits and roots are found by iterations, which may not come to an end.
        calm = ruled and named not in ("polyfit", "roots", "poly", "polydiv")
        calm = calm or (is_method and named in METHODS)
        if not (calm or plain_norm or function in (range, print)):
            raise Unclear(node)
        return None

    def of_operator(self, node: Node, caught: tuple[type[BaseException], ...]) -> Raise | None:
        """What `a / b`, `a ** b` and the like raise."""
        is_changed = isinstance(node, gast.AugAssign)
        left, right = (node.target, node.value) if is_changed else (node.left, node.right)
        if isinstance(node.op, gast.Pow) and any(
            issubclass(each, caught) for each in (ZeroDivisionError, OverflowError)
        ):
            small = is_number(right) and number_of(right) >= 0
            if not small or issubclass(OverflowError, caught):
                raise Unclear(node)
        if isinstance(node.op, DIVISIONS):
            if is_number(right) and number_of(right) != 0:
                return None
            if not issubclass(ZeroDivisionError, caught):
                return None
            if not (self.is_own(left) and self.is_own(right)):
                raise Unclear(node)
            zero = gast.Compare(right, [gast.Eq()], [constant(0)])
            return Raise(ZeroDivisionError, zero)
        return None

    def is_own(self, node: Node) -> bool:
        """Whether an expression is one of Python's own numbers."""
        if isinstance(node, (gast.Name, gast.Subscript, gast.Attribute)):
            return self.holds(node) == "number"
        if isinstance(node, gast.UnaryOp):
            return self.is_own(node.operand)
        if isinstance(node, gast.BinOp):
            return self.is_own(node.left) and self.is_own(node.right)
        if isinstance(node, gast.IfExp):
            return self.is_own(node.body) and self.is_own(node.orelse)
        if isinstance(node, gast.Call):
            function = self.resolver.object_of(node.func)
            if getattr(function, "__module__", "") == "math" or function in (float, int, len):
                return True
            plain = function in (abs, min, max) and not node.keywords
            return plain and all(map(self.is_own, node.args))
        return is_number(node)


class _OfCallee(Branches):
    """A function that is called in the body of a `try`."""

    def __init__(self, caller: Branches, source: Source, arguments: dict[str, Node]) -> None:
        variables = set(source.assigned.union(arguments))
        super().__init__(Resolver(source.scope, variables), caller.problems)
        self.caller = caller
        self.depth = caller.depth + 1
        self.arguments = {n: a for n, a in arguments.items() if n not in source.assigned}

    def holds(self, node: Node) -> str:
        """What a parameter is given."""
        if not is_name(node) or node.id not in self.arguments:
            return ""
        given = self.arguments[node.id]
        if isinstance(given, (gast.Name, gast.Subscript, gast.Attribute)):
            return self.caller.holds(given)
        return "number" if self.caller.is_own(given) else ""


def _is_own_error(found: object) -> bool:
    """Whether an exception is one of the user's: only a `raise` raises it."""
    plain = isinstance(found, type) and issubclass(found, Exception)
    return plain and getattr(found, "__module__", "builtins") != "builtins"


class _OfNames(Branches):
    """The variables of a function without structures."""

    def __init__(
        self, body: list[Node], numbers: set[str], resolver: Resolver, problems: Problems
    ) -> None:
        super().__init__(resolver, problems)
        self.numbers = numbers
        self.numbers = self._python_numbers(body)

    def holds(self, node: Node) -> str:
        """A number of Python's own; an array or a list, if it is one that has items."""
        if not is_name(node):
            return ""
        return "number" if node.id in self.numbers else "array"

    def _python_numbers(self, body: list[Node]) -> set[str]:
        """The variables that hold Python's own numbers wherever they are assigned."""
        values: dict[str, list[Node | None]] = {name: [] for name in self.numbers}
        for stmt in _all_statements(body):
            if isinstance(stmt, (gast.Assign, gast.AugAssign, gast.AnnAssign)):
                targets = stmt.targets if isinstance(stmt, gast.Assign) else [stmt.target]
                for target in targets:
                    for name in target_names(target):
                        values.setdefault(name, []).append(stmt.value if is_name(target) else None)
            elif isinstance(stmt, gast.With):
                for each in stmt.items:
                    for name in target_names(each.optional_vars) if each.optional_vars else ():
                        values.setdefault(name, []).append(None)
            elif isinstance(stmt, gast.For):
                ranged = is_name(getattr(stmt.iter, "func", None), "range")
                for name in target_names(stmt.target):
                    values.setdefault(name, []).append(constant(0) if ranged else None)
            for node in walk(stmt):
                if isinstance(node, gast.NamedExpr):
                    values.setdefault(node.target.id, []).append(None)
                elif isinstance(node, (gast.MatchAs, gast.MatchStar)) and node.name:
                    name = getattr(node.name, "id", node.name)
                    values.setdefault(name, []).append(None)
                elif isinstance(node, gast.MatchMapping) and node.rest:
                    values.setdefault(getattr(node.rest, "id", node.rest), []).append(None)
        found = {name for name, given in values.items() if name in self.numbers or given}
        while True:
            self.numbers = found
            wrong = {
                name
                for name in found
                if any(each is None or not self.is_own(each) for each in values[name])
            }
            if not wrong:
                return found
            found = found - wrong


def _targets(target: Node) -> list[Node]:
    nested = isinstance(target, (gast.Tuple, gast.List))
    return [n for each in target.elts for n in _targets(each)] if nested else [target]


def _all_statements(body: list[Node]) -> Iterator[Node]:
    """All statements, those of `try`, `with` and `match` among them."""
    return (node for stmt in body for node in walk(stmt) if isinstance(node, gast.stmt))
