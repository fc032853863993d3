"""Statements to three-address form: one elementary operation each.

Only what may carry a derivative is taken apart, in Python's order of evaluation.  A conditional
expression, ``and`` and ``or`` become ``if`` statements, a walrus an assignment before the
statement, ``divmod`` its quotient and remainder.

>>> import gast
>>> from srcad.emit import emit
>>> from srcad.lower.resolve import Resolver
>>> from srcad.lower.varied import Varied
>>> from srcad.names import Names
>>> import math
>>> class Scope:
...     def lookup(self, name): return {"math": math}[name]
>>> body = gast.parse("y = 1 / (1 + math.exp(-(a * x + b * (n - 1))))").body
>>> resolver = Resolver(Scope(), {"x", "a", "b", "n", "y"})
>>> varied = Varied(body, {"x", "a", "b"}, resolver)
>>> print(emit(Flatten(Names({"y"}), resolver, varied).block(body)), end="")
w1 = a * x
w2 = b * (n - 1)
w3 = w1 + w2
w4 = -w3
w5 = math.exp(w4)
w6 = 1 + w5
y = 1 / w6
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
    call,
    calls_in,
    constant,
    copy_node,
    is_name,
    is_number,
    item,
    kinds_in,
    load,
    name_occurrences,
    names_in,
    popped_list,
    rewrite,
    store,
    target_names,
    walk,
    with_parts,
)

PARTS = (gast.expr, gast.Slice)
# The parts of an expression that read nothing, or that are no values.
UNREAD = (gast.Constant, gast.Slice, gast.Starred)


class Flatten:
    """The rewriting of one function's statements."""

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

    # -- statements -----------------------------------------------------------------------------

    def block(self, stmts: list[Node]) -> list[Node]:
        """The statements of a block in three-address form."""
        outer, self.out = self.out, []
        for stmt in stmts:
            self.statement(stmt)
        block, self.out = self.out, outer
        return block

    def statement(self, stmt: Node) -> None:
        """One statement, appended in three-address form."""
        outer = self.origin, self.rebound, self.acting
        self.origin = getattr(stmt, "origin", None) or (stmt if hasattr(stmt, "lineno") else None)
        header = [stmt.test] if isinstance(stmt, (gast.If, gast.While)) else [stmt]
        header = [stmt.iter] if isinstance(stmt, gast.For) else header
        kinds = frozenset[type]().union(*map(kinds_in, header))
        self.rebound = Counter()
        if gast.NamedExpr in kinds:
            nodes = [node for part in header for node in walk(part)]
            walruses = (node for node in nodes if isinstance(node, gast.NamedExpr))
            self.rebound = Counter(node.target.id for node in walruses)
        self.acting = (
            self.writes
            and gast.Call in kinds
            and any(self._writes(node) for part in header for node in walk(part))
        )
        if gast.Subscript in kinds:
            stmt = rewrite(stmt, self._row)
        handler = getattr(self, f"_{type(stmt).__name__.lower()}", None)
        if handler is None:
            self.emit(stmt)
        else:
            handler(stmt)
        self.origin, self.rebound, self.acting = outer

    def _row(self, node: Node) -> Node | None:
        """`np.r_[a, b]` as the call that it stands for."""
        if not isinstance(node, gast.Subscript) or not _is_row(node):
            return None
        return _joined_row(node) if self.resolver.object_of(node.value) is np.r_ else None

    def emit(self, stmt: Node) -> None:
        """Append one finished statement."""
        if getattr(stmt, "origin", None) is None:
            with_origin(stmt, self.origin)
        stmt.primal = True
        self.out.append(stmt)

    def _pass(self, stmt: Node) -> None:
        """Nothing to do."""

    _delete = _global = _nonlocal = _pass

    def _expr(self, stmt: Node) -> None:
        if isinstance(stmt.value, gast.Constant):
            return  # a docstring
        if self._is_append(stmt.value):
            value = self.atom(stmt.value.args[0])
            self.emit(gast.Expr(copy_node(stmt.value, args=[value])))
        elif (sign := self._adds_at(stmt.value)) is not None:
            base, index, value = stmt.value.args
            target = gast.Subscript(base, _as_index(index, self.resolver), gast.Store())
            value = self.atom(value)
            added = gast.AugAssign(self._element(target), sign, value)
            added.repeats = True
            self.emit(added)
        elif self.is_user_function(self.resolver.object_of(getattr(stmt.value, "func", None))):
            # For its effect: what it returns is dropped, what it writes is not.
            self.emit(assign(self.names.temporary(), self.operation(stmt.value)))
        else:
            value = self.inactive(stmt.value)
            if not isinstance(value, gast.Name):  # t.pop() has been assigned to one
                self.emit(gast.Expr(value))

    def _adds_at(self, node: Node) -> Node | None:
        """The operator of `np.add.at(x, index, value)`, which adds one by one; else None."""
        function = self.resolver.object_of(getattr(node, "func", None))
        if getattr(function, "__name__", "") != "at" or len(node.args) != 3 or node.keywords:
            return None
        ufunc = getattr(function, "__self__", None)
        return {id(np.add): gast.Add(), id(np.subtract): gast.Sub()}.get(id(ufunc))

    def _is_append(self, node: Node) -> bool:
        return (
            isinstance(node, gast.Call)
            and isinstance(node.func, gast.Attribute)
            and node.func.attr == "append"
            and len(node.args) == 1
            and is_name(node.func.value)
        )

    def _assign(self, stmt: Node) -> None:
        first, *others = stmt.targets
        if others:
            value = self.atom(stmt.value)
            if not isinstance(value, (gast.Name, gast.Constant)):
                value = self.temporary(value)  # it is one object, under several names
            for target in stmt.targets:
                self.bind(target, value)
        else:
            self.bind_expression(first, stmt.value)

    def _annassign(self, stmt: Node) -> None:
        if stmt.value is not None:
            self.bind_expression(stmt.target, stmt.value)

    def _augassign(self, stmt: Node) -> None:
        target = stmt.target
        if isinstance(target, gast.Name):
            old = self._read(load(target.id))
        else:
            target = self._element(target)
            target.is_changed = True
            # Whether it is the same element still when the new value is known.
            pops = any(popped_list(each) for each in walk(stmt.value))
            target.older = "" if pops or self._calls_user(stmt.value) else "known"
            repeats = getattr(stmt, "repeats", False)
            adds = isinstance(stmt.op, (gast.Add, gast.Sub))
            if repeats or (adds and not self._calls_user(stmt.value)):
                added = gast.AugAssign(target, stmt.op, self.atom(stmt.value))
                added.repeats = repeats
                self.emit(added)
                return
            old = self.temporary(self.operation(copy_node(target, ctx=gast.Load())))
            target.older = target.older and old.id
        right = self.atom(stmt.value)
        value = binary(old, stmt.op, right)
        value.augmented = isinstance(target, gast.Name)
        gast.copy_location(value, stmt)
        if isinstance(target, gast.Name):
            self.emit(assign(store(target.id), value))
        else:
            self.bind(target, self.temporary(value))

    def _element(self, target: Node) -> Node:
        """An element, or a part, to be written: of a variable, at an index that is at hand."""
        base = target.value
        if not is_name(base):
            base = self.temporary(self.operation(copy_node(base, ctx=gast.Load())))
        base = self._read(base)
        return copy_node(target, value=base, slice=self._index(self.kept(target.slice)))

    def _calls_user(self, expression: Node) -> bool:
        """Whether a function is called that may write what the code around it reads."""
        return any(
            self.is_user_function(self.resolver.object_of(node.func))
            for node in walk(expression)
            if isinstance(node, gast.Call)
        )

    def bind_expression(self, target: Node, value: Node) -> None:
        """``target = value`` for a value still to be taken apart."""
        if isinstance(target, gast.Name) and is_name(value, target.id):
            return  # k = k
        if isinstance(target, gast.Name):
            self.bind(target, self.operation(value))
        elif isinstance(target, gast.Subscript):
            value = self.atom(value)
            self.bind(target, value)
        elif isinstance(value, (gast.Tuple, gast.List)) and len(value.elts) == len(target.elts):
            written: set[str] = set(target_names(target))
            matched = _matched(target, value)
            targets = [each for each, _ in matched]
            parts = [self.operation(each) for _, each in matched]
            # In parallel: what a later part still reads is kept before it is overwritten.
            for position, part in enumerate(parts[:-1] if len(parts) > 1 else []):
                is_itself = is_name(part) or isinstance(part, gast.List)
                if not names_in(part).isdisjoint(written) or not is_itself:
                    parts[position] = self.temporary(part)
            last = parts[-1]
            written_before = {n for each in targets[:-1] for n in target_names(each)}
            writes = any(isinstance(each, gast.Subscript) for each in targets)
            if names_in(last) & written_before or (writes and not is_name(last)):
                parts[-1] = self.temporary(last)
            for each, part in zip(targets, parts, strict=True):
                self.bind(each, part)
        elif self._at_once(target, value):
            operation = self.operation(value)
            if names_in(operation) & names_in(target) and self._structured_rules(operation):
                self.bind(target, self.temporary(operation))
            else:
                self.emit(gast.Assign([_as_tuple(target)], operation, None))
        else:
            self.bind(target, self.atom(value))

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

    def _at_once(self, target: Node, value: Node) -> bool:
        """Whether a value is a call whose several results are assigned to names at once."""
        if not isinstance(value, gast.Call) or not self.varied.carries(value):
            return False
        leaves = [n for n in walk(target) if not isinstance(n, (gast.Tuple, gast.List, gast.Store))]
        if not all(map(is_name, leaves)):
            return False
        names = target_names(target)
        again = {name for name in names if names.count(name) > 1}
        if any(rule.results for rule in self._structured_rules(value)):
            return again.isdisjoint(self.loads)  # `_, _` are dropped
        return not again and self.is_user_function(self.resolver.object_of(value.func))

    def bind(self, target: Node, value: Node) -> None:
        """``target = value`` for a value that is an atom or an operation."""
        if isinstance(target, gast.Name):
            if target.id in names_in(value) and self._needs_two_names(value):
                value = self.temporary(value)
            self.emit(assign(store(target.id), value))
        elif isinstance(target, gast.Subscript):
            self.emit(gast.Assign([self._element(target)], self.as_atom(value), None))
        else:
            value = self.as_atom(value)
            if not is_name(value) or value.id in target_names(target):
                value = self.temporary(value)
            for position, each in enumerate(target.elts):
                part = item(load(value.id), constant(position))
                part.unpacked = len(target.elts)
                if isinstance(each, gast.Name):
                    self.emit(assign(store(each.id), part))
                else:
                    self.bind(each, self.temporary(part))

    def _if(self, stmt: Node) -> None:
        test = self.kept(stmt.test)
        branch = copy_node(stmt, test=test, body=self.block(stmt.body), orelse=[])
        # elif is not nested deeper here than Python nests it.
        branch.orelse = self.block(stmt.orelse)
        self.emit(branch)

    def _while(self, stmt: Node) -> None:
        if not self.rebound and not any(map(self._must_lift, walk(stmt.test))):
            self.emit(copy_node(stmt, test=self.inactive(stmt.test), body=self.block(stmt.body)))
            return
        # The test assigns, or writes: it is run at the head of every trip, the last one included.
        stop = stmt.stop or self.names.fresh("stop")
        end = [with_origin(assign(stop, constant(-1)), None), gast.Break()]
        outer, self.out = self.out, []
        test = self.inactive(stmt.test)
        head, self.out = self.out, outer
        leave = gast.If(gast.UnaryOp(gast.Not(), test), end, self.block(stmt.body))
        leave.guard = True
        with_origin(leave, self.origin)
        if stmt.stop is None:
            self.emit(with_origin(assign(stop, constant(0)), None))
        loop = copy_node(stmt, test=constant(True), body=[*head, leave])
        loop.stop = stop
        self.emit(loop)
        if getattr(stmt, "stop", None) is not None:  # the code that follows asks how the loop ended
            ended = gast.Compare(load(stop), [gast.Eq()], [constant(-1)])
            reset = with_origin(assign(stop, constant(0)), None)
            self.emit(gast.If(ended, [reset], []))

    def _for(self, stmt: Node) -> None:
        iterable = stmt.iter
        inside = {
            name
            for each in walk(gast.If(None, stmt.body, []))
            if isinstance(each, gast.Name) and isinstance(each.ctx, gast.Store)
            for name in [each.id]
        }
        if isinstance(iterable, gast.Call):
            bounds = []
            for each in iterable.args:
                bound = self.kept(each)
                # Python evaluates the range once; a bound that the body rebinds is kept.
                changed = names_in(bound) & (inside | {stmt.target.id})
                bounds.append(self.temporary(bound) if changed else bound)
            iterable = copy_node(iterable, args=bounds)
        target = stmt.target
        body = stmt.body
        if not isinstance(iterable, gast.Call):
            return self._for_elements(stmt, iterable)
        kept = getattr(stmt, "stop", None) is not None and self._is_used_outside(target.id, stmt)
        if target.id in inside or target.id in self.varied.names or kept:
            # The variable has other values too: they are told apart.
            counter = self.names.temporary()
            copied = with_origin(assign(store(target.id), load(counter)), None)
            body = [copied, *body]
            target = store(counter)
        self.emit(copy_node(stmt, target=target, iter=iterable, body=self.block(body)))

    def _is_used_outside(self, name: str, stmt: Node) -> bool:
        """Whether a loop's index is a variable of the code around the loop too."""
        inside = sum(
            name_occurrences(part).count(name) for part in walk(stmt) if isinstance(part, gast.Name)
        )
        return self.occurrences[name] > inside

    def _for_elements(self, stmt: Node, iterable: Node) -> None:
        """``for y in t[::-1]`` over a list of numbers, by index."""
        index = self.names.temporary()
        backwards = isinstance(iterable, gast.Subscript)
        name = load((iterable.value if backwards else iterable).id)
        length = self.kept(call("len", name))
        if backwards:
            last = binary(length, gast.Sub(), constant(1))
            bounds = [last, constant(-1), constant(-1)]
        else:
            bounds = [length]
        element = with_origin(assign(store(stmt.target.id), item(name, load(index))), None)
        element.element = True
        if self.varied.carries(name):
            self.varied.names.add(stmt.target.id)
        numbered = call("range", *bounds)
        body = self.block([element, *stmt.body])
        self.emit(copy_node(stmt, target=store(index), iter=numbered, body=body))

    def _assert(self, stmt: Node) -> None:
        self.emit(copy_node(stmt, test=self.inactive(stmt.test)))

    # -- expressions ----------------------------------------------------------------------------

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
        self.bind_expression(store(name), expression.value)
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


def _matched(target: Node, value: Node) -> list[tuple[Node, Node]]:
    """The targets and the values of an unpacking; of displays inside displays, their parts."""
    if not (is_display(target) and is_display(value)) or len(target.elts) != len(value.elts):
        return [(target, value)]
    rows = zip(target.elts, value.elts, strict=True)
    return [pair for one, other in rows for pair in _matched(one, other)]


def _as_tuple(target: Node) -> Node:
    """A target with its brackets written as parentheses."""
    if isinstance(target, (gast.Tuple, gast.List)):
        return gast.Tuple([_as_tuple(each) for each in target.elts], gast.Store())
    return target


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


def _is_row(expression: Node) -> bool:
    """Whether `np.r_[...]` holds values only, and is called by a dotted name."""
    parts = [expression.slice, *getattr(expression.slice, "elts", [])]
    text = [n for n in parts if isinstance(n, gast.Constant) and not is_number(n)]
    slices = any(isinstance(each, gast.Slice) for each in parts)
    return isinstance(expression.value, gast.Attribute) and not slices and not text


def _joined_row(expression: Node) -> Node:
    """`np.r_[a, b]` as a call: what is joined has one axis at least."""
    name, index = expression.value, expression.slice
    one = copy_node(name, attr="atleast_1d")
    elements = index.elts if isinstance(index, gast.Tuple) else [index]
    parts = [gast.Call(one, [each], []) for each in elements]
    return gast.Call(copy_node(name, attr="concatenate"), [gast.Tuple(parts, gast.Load())], [])


def _as_index(argument: Node, resolver: Resolver) -> Node:
    """An argument that is an index, as it stands in brackets: of `np.s_[1:]` what is in there."""
    if isinstance(argument, gast.Subscript) and resolver.object_of(argument.value) is np.s_:
        return argument.slice
    return argument


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
