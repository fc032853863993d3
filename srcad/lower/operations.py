"""Expressions to three-address form: one elementary operation each.

Only what may carry a derivative is taken apart, in Python's order of evaluation.  A conditional
expression, ``and`` and ``or`` become ``if`` statements, a walrus an assignment before the
statement, ``divmod`` its quotient and remainder.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import gast
import numpy as np

from srcad.analysis.effects import writes_arguments
from srcad.listing import with_origin
from srcad.lower.composed import composed
from srcad.lower.resolve import MISSING, Resolver
from srcad.lower.varied import Varied
from srcad.names import Names
from srcad.rules import METHODS, Structured, entries_of
from srcad.tree import (
    Node,
    assign,
    binary,
    calls_in,
    constant,
    copy_node,
    is_name,
    load,
    names_in,
    store,
    walk,
    with_parts,
)

PARTS = (gast.expr, gast.Slice)
# The parts of an expression that read nothing, or that are no values.
UNREAD = (gast.Constant, gast.Slice, gast.Starred)


class Operations:
    """The rewriting of expressions; the statements made for them are in ``out``."""

    def __init__(
        self,
        names: Names,
        resolver: Resolver,
        varied: Varied,
        is_user_function: Callable[[object], bool] = lambda function: False,
    ) -> None:
        self.names = names
        self.resolver = resolver
        self.varied = varied
        self.is_user_function = is_user_function
        # How often each name occurs in the whole function.
        self.occurrences: Counter[str] = Counter()
        # The names that are read anywhere in it.
        self.loads: set[str] = set()
        self.out: list[Node] = []
        self.origin: Node | None = None
        # Variables that a walrus in the current statement rebinds: read them when Python does.
        self.rebound: Counter[str] = Counter()
        # Lists that grow or shrink: their lengths are read when Python does.
        self.growing: set[str] = set()
        # Whether anything is written into arrays; by a function that the statement at hand calls.
        self.writes = False
        self.acting = False
        self.writers: dict[int, bool] = {}

    def emit(self, stmt: Node) -> None:
        """Append one finished statement."""
        if getattr(stmt, "origin", None) is None:
            with_origin(stmt, self.origin)
        stmt.primal = True
        self.out.append(stmt)

    def bind_name(self, target: Node, operation: Node) -> None:
        """``name = operation``."""
        if target.id in names_in(operation) and self._needs_two_names(operation):
            operation = self.temporary(operation)
        self.emit(assign(store(target.id), operation))

    def _needs_two_names(self, operation: Node) -> bool:
        """Whether an operand and the result must not be one variable.

        The adjoint may read both, or add a part of the new adjoint to a part of the old one.
        """
        return isinstance(operation, gast.Subscript) or bool(self._structured_rules(operation))

    def _structured_rules(self, expression: Node) -> list[Structured]:
        if not isinstance(expression, gast.Call):
            return []
        function = self.resolver.object_of(expression.func)
        entries = entries_of(function)
        if function is MISSING and isinstance(expression.func, gast.Attribute):
            entries = METHODS.get(expression.func.attr, [])
        return [each.rule for each in entries if isinstance(each.rule, Structured)]

    def temporary(self, operation: Node) -> Node:
        """A new variable that holds an operation's value."""
        name = self.names.temporary()
        if self.varied.carries(operation):
            self.varied.names.add(name)
        self.emit(assign(store(name), operation))
        return load(name)

    def atom(self, expression: Node) -> Node:
        """The expression as a variable, a literal, or an expression without derivative."""
        return self.as_atom(self.operation(expression))

    def as_atom(self, operation: Node) -> Node:
        """An operation as an atom: its own temporary, if it is more than that."""
        if isinstance(operation, (gast.Name, gast.Constant)):
            return operation
        if not self.varied.carries(operation):
            return self.kept(operation)
        return self.temporary(operation)

    def inactive(self, expression: Node) -> Node:
        """An expression that carries no derivative: as it is, assignments inside taken out."""
        if self.rebound or any(self._must_lift(node) for node in walk(expression)):
            return self.lifted(expression)
        return expression

    def kept(self, expression: Node) -> Node:
        """An inactive expression that a derivative may ask again.

        In a variable, where asking again costs much or, of a list that grows, gives another value.
        """
        expression = self.inactive(expression)
        if isinstance(expression, (gast.Tuple, gast.Slice)):  # an index
            return with_parts(expression, self.kept)
        if isinstance(expression, gast.Name):
            return expression
        if self.acting and not isinstance(expression, gast.Constant):
            return self.temporary(expression)  # as it is before what is called writes
        if not self.growing.isdisjoint(names_in(expression)) or self._is_costly(expression):
            return self.temporary(expression)
        return expression

    def _is_costly(self, expression: Node) -> bool:
        """Whether an expression calls more than built-in functions and those of ``math``."""
        functions = [self.resolver.object_of(each.func) for each in calls_in(expression)]
        return any(
            getattr(each, "__module__", None) not in ("builtins", "math", "cmath")
            for each in functions
        )

    def _index(self, expression: Node) -> Node:
        """An index that gives the same again where arrays are written: what it reads is kept."""
        if not self.writes:
            return expression
        if isinstance(expression, gast.Tuple):
            return copy_node(expression, elts=[self._index(each) for each in expression.elts])
        if isinstance(expression, gast.Slice):
            bounds = {
                field: self._index(bound)
                for field in ("lower", "upper", "step")
                if (bound := getattr(expression, field)) is not None
            }
            return copy_node(expression, **bounds)
        if any(map(_reads_content, walk(expression))):
            return self.temporary(expression)
        return expression

    def _must_lift(self, node: Node) -> bool:
        """Whether a part of an inactive expression has an effect of its own (``t.pop()``)."""
        if not isinstance(node, gast.Call):
            return False
        pops = isinstance(node.func, gast.Attribute) and node.func.attr == "pop"
        return pops or (self.acting and self._writes(node))

    def _writes(self, node: Node) -> bool:
        """Whether a node is the call of a function that may write into its arguments."""
        function = self.resolver.object_of(node.func) if isinstance(node, gast.Call) else None
        if not self.is_user_function(function):
            return False
        if id(function) not in self.writers:
            self.writers[id(function)] = writes_arguments(function)
        return self.writers[id(function)]

    def lifted(self, expression: Node) -> Node:
        """The expression with its walruses and pops as statements of their own before it."""
        if isinstance(expression, gast.NamedExpr):
            return self._NamedExpr(expression)
        if self._must_lift(expression):
            return self.temporary(self._lifted_call(expression))
        if isinstance(expression, (gast.BoolOp, gast.IfExp)) and self._has_effect(expression):
            handler: Callable[[Node], Node] = getattr(self, f"_{type(expression).__name__}")
            return handler(expression)
        if isinstance(expression, gast.Compare):
            return self._lifted_comparison(expression)
        if isinstance(expression, gast.Name):
            return self._read(expression)
        return self._lifted_parts(expression)

    def _lifted_call(self, expression: Node) -> Node:
        """A call that may write: what is chosen of arrays for it has a name."""
        new = self._lifted_parts(expression)
        return copy_node(new, args=list(map(self._chosen, new.args)))

    def _chosen(self, argument: Node) -> Node:
        return self.temporary(argument) if isinstance(argument, gast.IfExp) else argument

    def _lifted_parts(self, expression: Node) -> Node:
        """The expression with its parts lifted, in the order in which Python evaluates them."""
        parts = [
            each.value if isinstance(each, gast.keyword) else each for each in _parts(expression)
        ]
        new = iter(self._in_order(parts))

        def lifted(each: Any) -> Any:
            if isinstance(each, gast.keyword):
                return copy_node(each, value=next(new))
            return next(new) if isinstance(each, PARTS) else each

        changes: dict[str, Any] = {}
        for name in expression._fields:
            value = getattr(expression, name, None)
            if isinstance(value, list):
                changes[name] = [lifted(each) for each in value]
            elif isinstance(value, PARTS) and name != "func":
                changes[name] = lifted(value)
        return copy_node(expression, **changes)

    def _in_order(self, parts: list[Node]) -> list[Node]:
        """Parts lifted one after the other; what a later one may write is read before it."""
        last = 0
        if self.acting:
            writing = (any(map(self._writes, walk(each))) for each in parts)
            last = max((place for place, writes in enumerate(writing) if writes), default=0)
        out = []
        for place, each in enumerate(parts):
            part = self.lifted(each)
            if place < last and not isinstance(part, (gast.Name, *UNREAD)):
                part = self.temporary(part)
            out.append(part)
        return out

    def _has_effect(self, expression: Node) -> bool:
        """Whether a walrus or a pop is in an expression."""
        return any(
            isinstance(node, gast.NamedExpr) or self._must_lift(node) for node in walk(expression)
        )

    def _lifted_comparison(self, expression: Node) -> Node:
        """A comparison; of a chain, what comes after a false link has no effect."""
        first, *others = expression.comparators
        left, middle = self._in_order([expression.left, first])
        if not any(map(self._has_effect, others)):
            comparators = [middle, *map(self.lifted, others)]
            return copy_node(expression, left=left, comparators=comparators)
        if not isinstance(middle, gast.Name):
            middle = self.temporary(middle)
        link = copy_node(expression, left=left, ops=expression.ops[:1], comparators=[middle])
        rest = copy_node(expression, left=middle, ops=expression.ops[1:], comparators=others)
        return self._BoolOp(gast.BoolOp(gast.And(), [link, rest]))

    def operation(self, expression: Node) -> Node:
        """The expression as one elementary operation on atoms, the parts before it emitted."""
        if not self.varied.carries(expression):
            function = self.resolver.object_of(getattr(expression, "func", None))
            if self.acting and self._writes(expression):
                return self._lifted_call(expression)
            if not isinstance(expression, gast.Call) or function not in (divmod, np.divmod):
                return self.inactive(expression)
        handler = getattr(self, f"_{type(expression).__name__}", None)
        if handler is None:
            return self.inactive(expression)
        result: Node = handler(expression)
        if not hasattr(result, "lineno") and hasattr(expression, "lineno"):
            gast.copy_location(result, expression)
        return result

    def _read(self, expression: Node) -> Node:
        if expression.id in self.rebound:
            return self.temporary(load(expression.id))
        return expression

    def _Name(self, expression: Node) -> Node:
        return self._read(expression)

    def _NamedExpr(self, expression: Node) -> Node:
        name = expression.target.id
        if not is_name(expression.value, name):  # not `k := k`
            self.bind_name(store(name), self.operation(expression.value))
        return load(name) if self.rebound[name] == 1 else self.temporary(load(name))

    def _BinOp(self, expression: Node) -> Node:
        # A long chain a + b + ... leans to the left: walk down it instead of recursing, and up
        # again to where it carries a derivative.
        spine = [expression]
        while isinstance(spine[-1].left, gast.BinOp):
            spine.append(spine[-1].left)
        if not self.varied.carries(spine[-1].left):
            while len(spine) > 1 and not self.varied.carries(spine[-1].right):
                spine.pop()
        left = self.atom(spine[-1].left)
        for node in reversed(spine):
            step = copy_node(node, left=left, right=self.atom(node.right))
            left = step if node is expression else self.temporary(step)
        return left

    def _UnaryOp(self, expression: Node) -> Node:
        return copy_node(expression, operand=self.atom(expression.operand))

    def _IfExp(self, expression: Node) -> Node:
        name = self.names.temporary()
        self.varied.names.add(name)
        test = self.kept(expression.test)
        branches = []
        for value in (expression.body, expression.orelse):
            outer, self.out = self.out, []
            self.emit(assign(store(name), self.operation(value)))
            branches.append(self.out)
            self.out = outer
        self.emit(gast.If(test, *branches))
        return load(name)

    def _BoolOp(self, expression: Node) -> Node:
        name = self.names.temporary()
        self.varied.names.add(name)
        outer = self.out
        block = outer
        for position, value in enumerate(expression.values):
            self.out = block
            self.emit(assign(store(name), self.operation(value)))
            if position < len(expression.values) - 1:
                truth = load(name)
                if isinstance(expression.op, gast.Or):
                    truth = gast.UnaryOp(gast.Not(), truth)
                branch = gast.If(truth, [], [])
                self.emit(branch)
                block = branch.body
        self.out = outer
        return load(name)

    def _Attribute(self, expression: Node) -> Node:
        return copy_node(expression, value=self.atom(expression.value))

    def _Subscript(self, expression: Node) -> Node:
        index = self._index(self.kept(expression.slice))
        return copy_node(expression, value=self.atom(expression.value), slice=index)

    def _Tuple(self, expression: Node) -> Node:
        return copy_node(expression, elts=[self.atom(each) for each in expression.elts])

    _List = _Tuple

    def _Call(self, expression: Node) -> Node:
        function = self.resolver.object_of(expression.func)
        arguments = list(expression.args)
        plain = not expression.keywords
        if function in (divmod, np.divmod) and len(arguments) == 2 and plain:
            a, b = (self.atom(each) for each in arguments)
            quotient = binary(a, gast.FloorDiv(), b)
            remainder = self.as_atom(binary(a, gast.Mod(), b))
            return gast.Tuple([quotient, remainder], gast.Load())
        link = next((link for each, link in CHAINS if each is function), None)
        start = [each.value for each in expression.keywords if each.arg == "start"]
        by_start = len(start) == len(expression.keywords)
        if link is not None and by_start and arguments and is_display(arguments[0]):
            return self.operation(chain(link(), *arguments[0].elts, *arguments[1:], *start))
        if (
            function is math.dist
            and isinstance(expression.func, gast.Attribute)
            and len(arguments) == 2
            and all(map(is_display, arguments))
        ):
            pairs = zip(*(each.elts for each in arguments), strict=False)
            parts = [self.atom(binary(p, gast.Sub(), q)) for p, q in pairs]
            return gast.Call(copy_node(expression.func, attr="hypot"), parts, [])
        others = composed(expression, function, self.atom)
        if others is not None:
            return self.operation(others)
        if function is np.block and _is_nested_block(expression):
            return self.operation(self._blocks(expression, arguments[0]))
        func = expression.func
        if function is MISSING and isinstance(func, gast.Attribute):
            func = copy_node(func, value=self.atom(func.value))
        takes_display = any(each.takes_display for each in entries_of(function))

        def lowered(argument: Node) -> Node:
            if takes_display:
                is_one = is_display(argument)
                return self._display(expression, argument) if is_one else self.atom(argument)
            return self._elements(argument)

        keywords = [
            copy_node(keyword, value=lowered(keyword.value)) for keyword in expression.keywords
        ]
        return copy_node(expression, func=func, args=[*map(lowered, arguments)], keywords=keywords)

    def _elements(self, expression: Node) -> Node:
        """An argument as an atom; of a tuple written out, its elements."""
        if isinstance(expression, gast.Tuple):
            return copy_node(expression, elts=[self._elements(each) for each in expression.elts])
        return self.atom(expression)

    def _inner(self, caller: Node, display: Node) -> Node:
        """A display inside another one as an array; a list where `np.array` has no name."""
        function, func = self.resolver.object_of(caller.func), caller.func
        if function not in (np.array, np.asarray):
            if not isinstance(func, gast.Attribute):
                return copy_node(display, elts=[self.atom(each) for each in display.elts])
            func = copy_node(func, attr="array")
        made = copy_node(caller, func=func, args=[display], keywords=[])
        return copy_node(made, args=[self._display(made, display)])

    def _blocks(self, caller: Node, display: Node) -> Node:
        """`np.block([[a, b], [c, d]])`: rows of blocks, joined along the axis before their own."""
        depth = _depth(display)
        if depth == 1:
            return copy_node(caller, args=[display])
        rows = [self._blocks(caller, each) for each in display.elts]
        if depth == 2:
            rows = [copy_node(r, func=copy_node(r.func, attr="atleast_2d"), args=[r]) for r in rows]
        axis = gast.keyword("axis", constant(-depth))
        joined = copy_node(display, elts=rows)
        return copy_node(
            caller, func=copy_node(caller.func, attr="concatenate"), args=[joined], keywords=[axis]
        )

    def _display(self, caller: Node, display: Node) -> Node:
        """A display of operands keeps its brackets; a display inside it is an array of its own."""
        elements = []
        for each in display.elts:
            if is_display(each) and self.varied.carries(each):
                elements.append(self.temporary(self._inner(caller, each)))
            else:
                elements.append(self.atom(each))
        return copy_node(display, elts=elements)


def _reads_content(node: Node) -> bool:
    """Whether a part of an index may read what an array holds."""
    if isinstance(node, gast.Call):
        return not is_name(node.func, "len")
    return isinstance(node, (gast.Subscript, gast.Compare)) and not _is_length(node)


def _is_length(node: Node) -> bool:
    """Whether an expression is ``x.shape[0]``."""
    base = getattr(node, "value", None)
    return isinstance(base, gast.Attribute) and base.attr == "shape"


# Functions of one display of numbers that are chains of an operator.
CHAINS: tuple[tuple[object, Callable[[], Node]], ...] = ((sum, gast.Add), (math.prod, gast.Mult))


def is_display(expression: Node) -> bool:
    """Whether an expression is a list or a tuple written out."""
    return isinstance(expression, (gast.List, gast.Tuple))


def _depth(display: Node) -> int:
    """How deep displays are nested; 0 where not all elements are nested as deep."""
    if not is_display(display):
        return 0
    depths = {_depth(each) for each in display.elts}
    return depths.pop() + 1 if len(depths) == 1 else 0


def _is_nested_block(call: Node) -> bool:
    """Whether a call of `np.block` is of rows, of rows of rows ... and by a dotted name."""
    plain = len(call.args) == 1 and not call.keywords
    return isinstance(call.func, gast.Attribute) and plain and _depth(call.args[0]) > 1


def chain(operator: Node, *operands: Node) -> Node:
    """``a + b + c`` for the operands of ``sum([a, b, c])``."""
    if not operands:
        return constant(0 if isinstance(operator, gast.Add) else 1)
    result = operands[0]
    for operand in operands[1:]:
        result = binary(result, operator, operand)
    return result


def _parts(expression: Node) -> Iterator[Node]:
    """The operands of an expression, those by keyword as such."""
    for name in expression._fields:
        value = getattr(expression, name, None)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, (*PARTS, gast.keyword)) and name != "func":
                yield each
