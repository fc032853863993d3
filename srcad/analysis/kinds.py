"""The kind of every variable at every place: a forward analysis of a listing.

Each variable in the listing is marked with its kind (``node.kind``) and each elementary operation
with what it does (``node.operation``).  What has no rule, or is not accepted for its kind, is
collected as problems.
"""

from __future__ import annotations

import itertools
import types
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

import gast
import numpy as np

from srcad.analysis.effects import has_effects
from srcad.analysis.indexing import BadIndex, indexed, parts_of
from srcad.analysis.kind import (
    BOOL,
    FLOAT,
    INT,
    MIXED,
    NOTHING,
    OTHER,
    UNKNOWN,
    Array,
    Kind,
    ListOf,
    Literal,
    Nothing,
    Other,
    Scalar,
    TupleOf,
    Unknown,
    as_array,
    as_float,
    broadcast,
    is_complex,
    is_continuous,
    join,
    kind_of_value,
    mixes,
    widens,
)
from srcad.analysis.lengths import Lengths
from srcad.analysis.operation import Operation, for_kinds, operation_of
from srcad.analysis.widened import real_values_of
from srcad.emit import text
from srcad.errors import Problem, Problems
from srcad.listing import Listing, origin_of
from srcad.lower.resolve import Resolver
from srcad.read import Source, Unresolved
from srcad.rules import ATTRIBUTES, Elementwise, Refused, Structured, Zero, gives_real
from srcad.rules.nearest import nearest_brackets, nearest_member
from srcad.tree import Node, children, is_name, is_number, names_in, number_of

Environment = dict[str, Kind]


class Kinds:
    """The inference over one listing.

    ``call_kind`` gives the kind of the result of a user's function for the kinds of its
    arguments.
    """

    def __init__(
        self,
        listing: Listing,
        problems: Problems,
        call_kind: Callable[[Source, tuple[Kind, ...]], Kind],
    ) -> None:
        self.listing = listing
        if listing.option_problems is None:
            listing.option_problems = Problems(listing.source)
        self.resolver: Resolver = listing.resolver
        self.problems = problems
        self.call_kind = call_kind
        self.stmt: Node | None = None
        # The lists of ints among the parameters.
        self.lists: set[str] = set()
        self.said: set[tuple[int, str]] = set()
        self.loops: dict[int, tuple[Environment, Environment, list[Problem]]] = {}
        self.lengths = Lengths()
        # The expression whose operation was found last, and that operation.
        self.found: tuple[Node | None, Operation | None] = (None, None)
        # The variables that are a real number on one path, and a complex one on another.
        self.widened: set[str] = set()

    def infer(self, parameters: dict[str, Kind]) -> Environment:
        """Mark the listing; the kinds of the variables at its end are returned."""
        environment = dict(parameters)
        self.lists = {n for n, kind in parameters.items() if kind == ListOf(INT)}
        self.block(self.listing.body, environment)
        for place, name in real_values_of(self.widened, self.listing.body, parameters):
            self.stmt = place
            why = "it is complex on another path, and its derivative would be complex here"
            self.refuse(f"a real value of `{name}`", why, "`+ 0j` where it is real")
        return environment

    def refuse(self, construct: str, why: str, instead: str, node: Node | None = None) -> None:
        """Collect a problem, at the user's code that the statement comes from, once."""
        place = node if node is not None and hasattr(node, "lineno") else self.place()
        if (id(place), construct) not in self.said:
            self.said.add((id(place), construct))
            self.problems.add(place, construct, why, instead)

    def place(self) -> Node:
        """The user's code that the statement at hand comes from."""
        place = None if self.stmt is None else origin_of(self.stmt) or self.stmt
        return place if hasattr(place, "lineno") else self.listing.source.tree

    # -- statements -----------------------------------------------------------------------------

    def block(self, body: list[Node], environment: Environment) -> None:
        """Infer a block's statements in order."""
        for stmt in body:
            self.stmt = stmt
            self.statement(stmt, environment)

    def statement(self, stmt: Node, environment: Environment) -> None:
        """Infer one statement."""
        if isinstance(stmt, gast.Assign):
            self._assign(stmt, environment)
        elif isinstance(stmt, gast.AugAssign):
            self._store(stmt, stmt.target, environment)
        elif isinstance(stmt, gast.Expr):
            self._effect(stmt.value, environment)
        elif isinstance(stmt, gast.If):
            self.test(stmt.test, environment)
            other = dict(environment)
            self.block(stmt.body, environment)
            self.block(stmt.orelse, other)
            ends = [_diverges(stmt.body), _diverges(stmt.orelse)]
            if ends[0] and not ends[1]:
                environment.clear()
                environment.update(other)
            elif not ends[1]:
                self._merge(environment, other)
        elif isinstance(stmt, (gast.For, gast.While)):
            self._loop(stmt, environment)
        elif isinstance(stmt, gast.Assert):
            self.kind(stmt.test, environment)

    def test(self, expression: Node, environment: Environment) -> None:
        """A test: one number or bool."""
        kind = self.kind(expression, environment)
        if isinstance(kind, (TupleOf, ListOf)):
            self.refuse("a test", "it is a tuple or a list", "a comparison", expression)

    def _assign(self, stmt: Node, environment: Environment) -> None:
        (target,) = stmt.targets
        if isinstance(target, gast.Subscript):
            self._store(stmt, target, environment)
            return
        kind = self.kind(stmt.value, environment)
        if isinstance(stmt.value, gast.List):
            self._check_display(stmt.value)
        if isinstance(kind, Other) and any(
            is_continuous(environment.get(name, OTHER)) for name in names_in(stmt.value)
        ):
            self.refuse(
                "this value",
                "it is made of numbers to differentiate, but is itself no number",
                "an expression of numbers and arrays",
                stmt.value,
            )
        if isinstance(kind, ListOf) and isinstance(stmt.value, gast.Name) and is_name(target):
            self.refuse(
                f"`{target.id} = {stmt.value.id}`", "two names for one list", "one name for it"
            )
        if getattr(stmt.value, "augmented", False) and is_name(target):
            stmt.held = environment.get(target.id)
            if isinstance(stmt.held, Unknown):
                self.refuse(
                    f"`{target.id}` changed by an augmented assignment",
                    "whether it is a number or an array, which changes in place, is not known",
                    f"`{target.id} = {target.id} + ...`",
                )
        part = getattr(stmt.value, "slice", None)
        if isinstance(kind, ListOf) and is_continuous(kind) and isinstance(part, gast.Slice):
            self.refuse("a part of a list", "its items are those of another list", "an array")
        if isinstance(getattr(stmt, "held", None), Array):
            kind = self._changed_in_place(stmt, kind)
        self._bind(target, kind, environment)
        self._mark(stmt.value, environment)

    def _bind(self, target: Node, kind: Kind, environment: Environment) -> None:
        """Give a target's variables their kinds."""
        if isinstance(target, (gast.Tuple, gast.List)):
            items = kind.items if isinstance(kind, TupleOf) else (NOTHING,) * len(target.elts)
            refused = isinstance(kind, Unknown) and bool(self.problems)
            if not refused and (
                len(items) != len(target.elts) or not isinstance(kind, (TupleOf, Nothing))
            ):
                self.refuse(
                    "unpacking",
                    f"not {len(target.elts)} values, as many as names, are unpacked",
                    "as many names as values",
                )
                items = (UNKNOWN,) * len(target.elts)
            for each, item in zip(target.elts, items, strict=True):
                self._bind(each, item, environment)
        else:
            environment[target.id] = kind
            target.kind = kind

    def _store(self, stmt: Node, target: Node, environment: Environment) -> None:
        """``t[i] = value`` or ``t[i] += value``: an element of a list, a part of an array."""
        base = self.kind(target.value, environment)
        index = self.kind(target.slice, environment)
        value = self.kind(stmt.value, environment)
        if isinstance(base, ListOf) and index in (INT, BOOL):
            self._check_ints(target.value.id, value)
            self._check_alike(target.value.id, base.item, value)
            environment[target.value.id] = ListOf(join(base.item, value))
            target.value.kind = environment[target.value.id]
        elif isinstance(base, Array) and base.rank:
            target.kind = self._indexed(target, base)
            if is_complex(value) and not is_complex(base):
                self.refuse(
                    "writing a complex value into a real array",
                    "its imaginary part has no place there",
                    "an array made with `dtype=complex`",
                )
            elif not self._fits(value, target.kind):
                self.refuse(
                    "writing into an array",
                    "the value is no number and no array of as few axes",
                    "a number, or an array that can be broadcast to what is written",
                )
        elif not isinstance(base, Nothing):
            what = "whether it is an array or a number is not known before running"
            if not isinstance(base, Unknown):
                what = "only lists of numbers and arrays with axes have elements to be written"
            self.refuse("writing to an element", what, "an array that is one on every path")

    def _changed_in_place(self, stmt: Node, kind: Kind) -> Kind:
        """``x += e`` of an array: it stays as it is but for its content."""
        held: Array = stmt.held
        if not held.rank:
            self.refuse(
                f"`{stmt.targets[0].id}` changed by an augmented assignment",
                "whether it is a number or an array without axes is not known",
                f"`{stmt.targets[0].id} = {stmt.targets[0].id} + ...`",
            )
        if is_complex(kind) and not is_complex(held):
            self.refuse(
                f"`{stmt.targets[0].id}`, real, changed in place by a complex value",
                "its imaginary part has no place there",
                f"`{stmt.targets[0].id} = {stmt.targets[0].id} + ...`, which makes a new array",
            )
        if isinstance(kind, Array) and kind.rank > held.rank:
            self.refuse(
                f"`{stmt.targets[0].id}` changed in place by an augmented assignment",
                "the value has more axes than the array",
                f"`{stmt.targets[0].id} = {stmt.targets[0].id} + ...`, which makes a new array",
            )
        return held

    def _fits(self, value: Kind, place: Kind) -> bool:
        """Whether a value can be written to a place, an element or a part of an array."""
        if isinstance(value, (Scalar, Nothing)) or isinstance(place, Unknown):
            return True
        rank = place.rank if isinstance(place, Array) else 0
        return isinstance(value, Array) and value.rank <= rank

    def _check_ints(self, name: str, value: Kind) -> None:
        """The caller takes a list of ints for one that carries no derivative: it must stay one."""
        if name in self.lists and value not in (INT, BOOL, NOTHING):
            why = "it was handed in as a list of ints"
            self.refuse(f"a number in the list `{name}`", why, "`[0.0] * n` where it is made")

    def _check_alike(self, name: str, item: Kind, value: Kind) -> None:
        """What a list holds is complex, or is real: arrays of both kinds are refused."""
        if mixes(item, value):
            self.refuse(f"what is put into `{name}`", "not all of its items are complex", "`+ 0j`")
        elif widens(item, value):
            self.widened.add(name)

    def _effect(self, expression: Node, environment: Environment) -> None:
        """A call for its effect: ``print(...)`` or ``list.append(value)``."""
        func = getattr(expression, "func", None)
        if isinstance(func, gast.Attribute) and func.attr == "append":
            base = self.kind(func.value, environment)
            value = self.kind(expression.args[0], environment)
            if isinstance(base, ListOf) and isinstance(func.value, gast.Name):
                self._check_item(value, expression.args[0])
                if isinstance(base.item, Scalar) and not isinstance(value, (Scalar, Nothing)):
                    self.refuse(
                        "`.append(...)`", "a list of numbers gets another value", "one kind only"
                    )
                self._check_ints(func.value.id, value)
                self._check_alike(func.value.id, base.item, value)
                environment[func.value.id] = ListOf(join(base.item, value))
                func.value.kind = environment[func.value.id]
                return
        if self.resolver.object_of(func) is print:
            for argument in expression.args:
                self.kind(argument, environment)
            return
        method = func.attr if isinstance(func, gast.Attribute) else ""
        self.refuse(
            "a call for its effect",
            "what it changes is not known to the derivative",
            nearest_member(method) or "an assignment of its result, or `print`",
            expression,
        )

    def _loop(self, stmt: Node, environment: Environment) -> None:
        # An inner loop that is met again with the same kinds is not gone round again.
        entry = dict(environment)
        known = self.loops.get(id(stmt))
        if known is not None and known[0] == entry:
            environment.clear()
            environment.update(known[1])
            self.problems.found += known[2]
            return
        if isinstance(stmt, gast.For):
            item = self._item(stmt.iter, environment)
            self._bind_index(stmt, item, environment)
        self.lengths.loops.append(stmt)
        outside, said = self.problems.found, self.said
        while True:
            # What is wrong with a trip is known when all kinds are: the last round says it.
            self.problems.found, self.said = [], set(said)
            before = dict(environment)
            trial = dict(environment)
            if isinstance(stmt, gast.While):
                self.test(stmt.test, trial)
            self.block(stmt.body, trial)
            trial = {n: self.lengths.after_trip(kind, stmt) for n, kind in trial.items()}
            self._merge(trial, before)
            if trial == before:
                break
            environment.update(trial)
        self.lengths.loops.pop()
        self.loops[id(stmt)] = entry, dict(environment), self.problems.found
        self.problems.found = outside + self.problems.found

    def _bind_index(self, stmt: Node, item: Kind, environment: Environment) -> None:
        environment[stmt.target.id] = item
        stmt.target.kind = item

    def _item(self, iterable: Node, environment: Environment) -> Kind:
        if isinstance(iterable, gast.Call):
            for argument in iterable.args:
                kind = self.kind(argument, environment)
                if kind not in (INT, BOOL, NOTHING):
                    self.refuse("`range(...)`", "its bounds are not ints", "ints", argument)
            return INT
        kind = self.kind(iterable, environment)
        if isinstance(kind, ListOf):
            return kind.item
        if not isinstance(kind, Nothing):
            self.refuse(
                "`for` over this value",
                "only ranges and lists of numbers are iterated over yet",
                "`for i in range(len(...))`",
                iterable,
            )
        return NOTHING

    def _merge(self, environment: Environment, other: Environment) -> None:
        """The kinds of variables that are of one kind on one path and of another on another."""
        for name, kind in other.items():
            known = environment.get(name)
            if known is kind:
                continue
            if known is None:
                environment[name] = kind
            elif MIXED in (known, kind) or mixes(known, kind):
                environment[name] = MIXED
            else:
                environment[name] = join(known, kind)
                if widens(known, kind):
                    self.widened.add(name)

    # -- expressions ----------------------------------------------------------------------------

    def _mark(self, expression: Node, environment: Environment) -> None:
        """Attach the operation to an elementary expression that may carry a derivative."""
        node, operation = self.found
        if node is not expression:
            operation = None
            with suppress(Refused):
                operation = operation_of(expression, self.resolver)
        if operation is not None:
            try:
                operation = for_kinds(operation)
            except Refused:
                operation = None
        for _, operand in operation.operands if operation is not None else ():
            if getattr(operand, "kind", None) is None:  # a default, written out
                self.kind(operand, environment)
        expression.operation = operation
        if operation is not None and operation.callee is not None:
            lists = any(isinstance(getattr(n, "kind", None), ListOf) for _, n in operation.operands)
            expression.effect = lists or has_effects(operation.callee)

    def kind(self, node: Node, environment: Environment) -> Kind:
        """The kind of an expression."""
        handler: Callable[[Node, Environment], Kind] | None = getattr(
            self, f"_{type(node).__name__}", None
        )
        found = OTHER if handler is None else handler(node, environment)
        if handler is None:
            for each in _parts(node):
                self.kind(each, environment)
        node.kind = found
        return found

    def _Constant(self, node: Node, environment: Environment) -> Kind:
        return kind_of_value(node.value) or OTHER

    def _Name(self, node: Node, environment: Environment) -> Kind:
        if environment.get(node.id) == MIXED:
            self.refuse(
                f"`{node.id}`",
                "it is complex on one path, and real or of other axes on another",
                "`+ 0j` where it is real",
                node,
            )
            return UNKNOWN
        if node.id in environment:
            return environment[node.id]
        if node.id in self.resolver.variables:
            return NOTHING  # not assigned yet on this path
        try:
            value = self.resolver.lookup(node.id)
        except Unresolved as unresolved:
            self.refuse(f"`{node.id}`", unresolved.reason, "a parameter", node)
            return UNKNOWN
        kind = kind_of_value(value, node.id)
        if kind is None:
            if callable(value) or isinstance(value, (types.ModuleType, Source, type)):
                return Other("function")
            self.refuse(
                f"`{node.id}`",
                f"a captured {type(value).__name__} is not a number or an array",
                "numbers and arrays",
                node,
            )
            return OTHER
        if isinstance(kind, Array) and kind.library:
            self.refuse(
                f"`{node.id}`",
                f"a captured array of {kind.library} is not NumPy's",
                "a parameter",
                node,
            )
        return kind

    def _BinOp(self, node: Node, environment: Environment) -> Kind:
        left, right = self.kind(node.left, environment), self.kind(node.right, environment)
        repeated = next((each for each in (left, right) if isinstance(each, ListOf)), None)
        if isinstance(node.op, gast.Mult) and repeated is not None:
            display = node.left if repeated is left else node.right
            if not isinstance(display, gast.List) or any(map(is_name, display.elts)):
                self.refuse("a repeated list", "its elements are variables", "`[0.0] * n`", node)
            return repeated
        if isinstance(node.op, gast.Add) and _are_ints(left) and _are_ints(right):
            assert isinstance(left, TupleOf)
            assert isinstance(right, TupleOf)
            return TupleOf(left.items + right.items)  # x.shape + (3,)
        if Literal(None) in (left, right):
            return self._nothing(node)
        if any(isinstance(each, (TupleOf, ListOf, Literal, Other)) for each in (left, right)):
            if any(isinstance(each, (ListOf, TupleOf)) for each in (left, right)):
                self.refuse("an operator on lists or tuples", "they are no numbers", "arrays", node)
            return OTHER
        return self._operation(node, environment)

    def _nothing(self, node: Node) -> Kind:
        """An operation on None; a later round of a loop may find that it is a number."""
        self.refuse("an operation on None", "it is no number", "a number", node)
        return NOTHING

    def _UnaryOp(self, node: Node, environment: Environment) -> Kind:
        operand = self.kind(node.operand, environment)
        if isinstance(node.op, gast.Not):
            return BOOL
        if isinstance(node.op, gast.Invert):
            return operand
        return INT if operand == BOOL else operand

    def _Compare(self, node: Node, environment: Environment) -> Kind:
        kinds = [self.kind(each, environment) for each in (node.left, *node.comparators)]
        if any(map(is_complex, kinds)) and not all(isinstance(op, UNORDERED) for op in node.ops):
            why = "they have no order"
            self.refuse("a comparison of complex numbers", why, "their `abs`, or `.real`", node)
        if any(isinstance(kind, Array) for kind in kinds):
            result = broadcast(*kinds)
            return Array(result.axes, "b1") if isinstance(result, Array) else UNKNOWN
        return UNKNOWN if any(isinstance(kind, Unknown) for kind in kinds) else BOOL

    def _BoolOp(self, node: Node, environment: Environment) -> Kind:
        kinds = [self.kind(each, environment) for each in node.values]
        return self._either(kinds, node)

    def _IfExp(self, node: Node, environment: Environment) -> Kind:
        self.kind(node.test, environment)
        parts = (node.body, node.orelse)
        return self._either([self.kind(each, environment) for each in parts], node)

    def _either(self, kinds: Sequence[Kind], node: Node) -> Kind:
        """The kind of what is one of several values."""
        result: Kind = NOTHING
        for kind in kinds:
            if mixes(result, kind):
                why = "it is complex in one case, and real or of other axes in another"
                self.refuse("this value", why, "`+ 0j` where it is real", node)
            result = join(result, kind)
        return result

    def _Tuple(self, node: Node, environment: Environment) -> Kind:
        return TupleOf(tuple(self.kind(each, environment) for each in node.elts))

    def _List(self, node: Node, environment: Environment) -> Kind:
        kinds = [self.kind(each, environment) for each in node.elts]
        for each, kind in zip(node.elts, kinds, strict=True):
            self._check_item(kind, each)
        item: Kind = NOTHING
        for kind in kinds:
            item = join(item, kind)
        return ListOf(item)

    def _check_display(self, node: Node) -> None:
        """A list that is kept holds complex items only, or real ones only."""
        kinds = [self.kind_of(each) for each in node.elts]
        real = [
            each
            for each, kind in zip(node.elts, kinds, strict=True)
            if is_continuous(kind) and not is_complex(kind) and names_in(each)
        ]
        mixed = any(mixes(one, other) for one, other in itertools.pairwise(kinds))
        if any(map(is_complex, kinds)) and (real or mixed):
            self.refuse("a list", "not all of its items are complex", "`+ 0j` for real ones", node)

    @staticmethod
    def kind_of(node: Node) -> Kind:
        """The kind that a node has been marked with."""
        found: Kind = getattr(node, "kind", NOTHING)
        return found

    def _check_item(self, kind: Kind, node: Node) -> None:
        """What is put into a list: tuples of numbers have no adjoint there."""
        if isinstance(kind, TupleOf) and is_continuous(kind) and self._carries(node):
            why = "the adjoints of its elements are kept in no list"
            self.refuse("a tuple in a list", why, "a list for each element of the tuples", node)

    def _Attribute(self, node: Node, environment: Environment) -> Kind:
        value = self.resolver.object_of(node)
        if not isinstance(self.resolver.object_of(node.value), types.ModuleType):
            base = self.kind(node.value, environment)
            if isinstance(base, Nothing):
                return NOTHING
            if isinstance(base, Scalar) and node.attr in ("real", "imag"):
                return self._operation(node, environment)
            if isinstance(base, (Array, Unknown)):
                if node.attr == "shape":
                    rank = base.rank if isinstance(base, Array) else 0
                    return TupleOf((INT,) * rank) if isinstance(base, Array) else OTHER
                if node.attr in ("size", "ndim", "nbytes", "itemsize"):
                    return INT
                if node.attr == "dtype":
                    return OTHER
                if node.attr in ATTRIBUTES:
                    return self._operation(node, environment)
            if isinstance(base, TupleOf) and node.attr in base.names:
                return base.items[base.names.index(node.attr)]
            known = {"shape", "size", "ndim", *ATTRIBUTES}
            self.refuse(
                f"`.{node.attr}`",
                "this attribute has no rule",
                nearest_member(node.attr)
                or f"an array's {', '.join(sorted(f'.{name}' for name in known))}",
                node,
            )
            return OTHER
        return kind_of_value(value, text(node)) or Other("function")

    def _Subscript(self, node: Node, environment: Environment) -> Kind:
        base = self.kind(node.value, environment)
        self.kind(node.slice, environment)  # each part of it is marked with its kind
        instead = nearest_brackets(self.resolver.object_of(node.value))
        if instead:  # np.c_[x, y]
            what = f"`{text(node.value)}[...]`"
            self.refuse(what, "there is no rule for this", instead, node)
            return UNKNOWN
        if isinstance(base, TupleOf):
            length = len(base.items)
            if is_number(node.slice) and -length <= number_of(node.slice) < length:
                wanted = getattr(node, "unpacked", length)
                if wanted != length:
                    self.refuse(
                        "unpacking",
                        f"{length} values for {wanted} names",
                        "as many names as values",
                    )
                return base.items[int(number_of(node.slice))]
            if isinstance(node.slice, gast.Slice):
                return self._tuple_slice(node, base)
            if all(item == INT for item in base.items):
                return INT
            self.refuse("a tuple's element", "its index is not a literal", "a literal", node)
            return UNKNOWN
        if isinstance(base, ListOf):
            item = base if isinstance(node.slice, gast.Slice) else base.item
            if isinstance(base.item, ListOf) and is_continuous(item) and self._carries(node):
                what = f"`{text(node)}`, a list in a list"
                self.refuse(what, "it is another name for that list", "an array of two axes", node)
            return item
        if isinstance(base, Array):
            return self._indexed(node, base)
        return base if isinstance(base, (Nothing, Unknown)) else OTHER

    def _carries(self, node: Node) -> bool:
        """Whether a value may depend on what is differentiated."""
        varied = self.listing.varied
        return varied is None or bool(varied.carries(node))

    def _tuple_slice(self, node: Node, base: TupleOf) -> Kind:
        bounds = (node.slice.lower, node.slice.upper, node.slice.step)
        if all(each is None or is_number(each) for each in bounds):
            numbers = [None if each is None else int(number_of(each)) for each in bounds]
            return TupleOf(base.items[slice(*numbers)])
        return OTHER

    def _indexed(self, node: Node, base: Array) -> Kind:
        """The kind of ``x[index]``."""
        try:
            kind = indexed(base, parts_of(node.slice))
        except BadIndex as problem:
            why, instead = problem.args
            self.refuse("indexing", why, instead, node)
            return UNKNOWN
        return self.lengths.named(kind, node)

    def _Call(self, node: Node, environment: Environment) -> Kind:
        function = self.resolver.object_of(node.func)
        if isinstance(node.func, gast.Attribute) and not isinstance(
            self.resolver.object_of(node.func.value), types.ModuleType
        ):
            base = self.kind(node.func.value, environment)
            if self._is_unresolved(node.func.value, environment):
                return UNKNOWN  # that is said already
            if isinstance(base, ListOf) and node.func.attr == "pop" and not node.args:
                return base.item
            if isinstance(base, Array) and node.func.attr == "tolist" and not node.args:
                if base.rank != 1 or base.dtype != "f8":
                    self.refuse(
                        "`.tolist()`",
                        "only an array of one axis, of float64, becomes a list of numbers",
                        "the array itself",
                        node,
                    )
                return ListOf(FLOAT)
            if isinstance(base, Nothing):
                return NOTHING
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            self.kind(argument, environment)
        if function in (range, str, repr, format) or (
            isinstance(function, type) and issubclass(function, BaseException)
        ):
            return Other("object")
        if function in (divmod, np.divmod) and len(node.args) == 2 and not node.keywords:
            # With derivative it has been taken apart; here it is part of a test or an index.
            if any(is_complex(each.kind) for each in node.args):
                self.refuse("`divmod` of complex numbers", "they have no order", "`/`", node)
            part = self.lengths.named(broadcast(*(each.kind for each in node.args)), node)
            return TupleOf((part, part))
        return self._operation(node, environment)

    def _is_unresolved(self, node: Node, environment: Environment) -> bool:
        """Whether a name means something that only running the file would tell."""
        if not is_name(node) or node.id in environment or node.id in self.resolver.variables:
            return False
        try:
            self.resolver.lookup(node.id)
        except Unresolved:
            return True
        return False

    def _operation(self, node: Node, environment: Environment) -> Kind:
        try:
            operation = operation_of(node, self.resolver)
            self.found = node, operation
            if operation is None:
                kinds = [self.kind(each, environment) for each in _parts(node)]
                return self.lengths.named(broadcast(*kinds), node)
            kinds = [self.kind(operand, environment) for _, operand in operation.operands]
            for _, operand in operation.operands if operation.callee is not None else ():
                if isinstance(operand, gast.List):
                    self._check_display(operand)
            if operation.callee is not None:
                return self.call_kind(operation.callee, tuple(kinds))
            if Literal(None) in kinds and not isinstance(operation.rule, Zero):
                return self._nothing(node)
            for option, value in operation.options.items():
                self._check_option(option, value, operation, environment)
            operation = for_kinds(operation)
            return self.lengths.named(self._rule_kind(operation, kinds), node)
        except Refused as refused:
            construct, why, instead = refused.args
            if construct == "this operation":
                construct = (
                    f"`{text(node.func)}(...)`" if isinstance(node, gast.Call) else construct
                )
            self.refuse(construct, why, instead, node)
            return UNKNOWN

    def _check_option(
        self, option: str, value: Node, operation: Operation, environment: Environment
    ) -> None:
        """An option carries no derivative: it must not depend on what is differentiated."""
        kind = self.kind(value, environment)
        if isinstance(operation.rule, Zero) or not is_continuous(kind):
            return
        if self.listing.varied is not None and self.listing.varied.carries(value):
            why = "it depends on what is differentiated, and has no derivative"
            place = value if hasattr(value, "lineno") else self.place()
            self.listing.option_problems.add(place, f"`{option}=`", why, "a value that does not")

    def _rule_kind(self, operation: Operation, kinds: list[Kind]) -> Kind:
        kind = self._kind_of_result(operation, kinds)
        rule = operation.rule
        assert rule is not None
        own = isinstance(rule, Zero) or gives_real(rule)
        if any(map(is_complex, kinds)) and not own and not is_complex(kind):
            # What is real of complex operands has a rule of its own: this one would drop a part.
            if isinstance(kind, Nothing):
                return kind
            name = rule.name.rpartition(".")[2]
            why = "whether it is a number or an array is not known before running"
            raise Refused(f"`{name}` of a complex value", why, "an array of known axes")
        return kind

    def _kind_of_result(self, operation: Operation, kinds: list[Kind]) -> Kind:
        rule = operation.rule
        assert rule is not None
        if isinstance(rule, Zero):
            assert rule.kind is not None
            return rule.kind(operation.use(NOTHING))
        if any(isinstance(kind, Nothing) for kind in kinds):
            return NOTHING
        name = rule.name.split(".")[-1]
        if isinstance(rule, Structured) and rule.takes_lists:
            kinds = [as_array(kind) for kind in kinds]
        if any(isinstance(kind, (TupleOf, ListOf, Literal, Other)) for kind in kinds):
            raise Refused(
                f"an operand of `{name}`", "it is not a number or an array", "numbers and arrays"
            )
        if isinstance(rule, Structured):
            if not rule.takes_unknown and any(isinstance(kind, Unknown) for kind in kinds):
                raise Refused(
                    f"`{rule.name}`",
                    "whether its operand is a number or an array is not known before running",
                    "a variable that is of one kind on every path",
                )
            assert rule.kind is not None
            return rule.kind(replace(operation.use(NOTHING), kinds=tuple(kinds)))
        assert isinstance(rule, Elementwise)
        given = [getattr(node, "kind", NOTHING) for node in operation.options.values()]
        result = broadcast(*kinds, *(each for each in given if isinstance(each, (Array, Scalar))))
        if operation.module == "math" or rule.of_number:
            if any(isinstance(kind, Array) and kind.rank for kind in kinds):
                raise Refused(
                    f"`{rule.name}` of an array", "math takes numbers", "NumPy's function"
                )
            return FLOAT
        if rule.whole:
            return INT if result == BOOL else result
        return as_float(result)


def _are_ints(kind: Kind) -> bool:
    """Whether a value is a tuple of ints, as a shape is."""
    return isinstance(kind, TupleOf) and all(item == INT for item in kind.items)


def _diverges(body: list[Node]) -> bool:
    """Whether control never reaches the end of the block."""
    return bool(body) and isinstance(body[-1], gast.Raise)


UNORDERED = (gast.Eq, gast.NotEq, gast.Is, gast.IsNot)


def _parts(node: Node) -> list[Node]:
    return [each for each in children(node) if isinstance(each, gast.expr)]
