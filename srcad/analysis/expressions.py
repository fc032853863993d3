"""The kind of an expression: of each of its nodes, from the kinds of the variables at its place."""

import collections
import itertools
import types
from collections.abc import Callable, Sequence

import gast
import numpy as np

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
    broadcast,
    is_complex,
    is_continuous,
    is_floating_point,
    join,
    kind_of_value,
    mixes,
)
from srcad.analysis.lengths import Lengths
from srcad.analysis.operation import Operation, for_kinds, operation_of
from srcad.analysis.results import kind_of_result
from srcad.emit import text
from srcad.errors import Problems, SrcadError, UnsupportedError
from srcad.functions.derived import Derived
from srcad.listing import Listing, origin_of
from srcad.lower.resolve import Resolver
from srcad.read import Source, Unresolved
from srcad.rules import ATTRIBUTES, Refused, Zero
from srcad.rules.nearest import nearest_brackets, nearest_member
from srcad.tree import Node, children, is_name, is_number, names_in, number_of

CodeOf = Callable[[Derived, tuple[Kind, ...]], tuple[Source, tuple[int, ...]]]
# The kinds of the variables at a place.
Environment = dict[str, Kind]

UNORDERED = (gast.Eq, gast.NotEq, gast.Is, gast.IsNot)
BITWISE = (gast.BitAnd, gast.BitOr, gast.BitXor, gast.LShift, gast.RShift)


class Expressions:
    """The kinds of expressions, and what is refused of them.

    ``call_kind`` gives the kind of the result of a user's function for the kinds of its
    arguments, ``code_of`` the function that is called where a derivative is.
    """

    def __init__(
        self,
        listing: Listing,
        problems: Problems,
        call_kind: Callable[[Source, tuple[Kind, ...]], Kind],
        code_of: CodeOf,
    ) -> None:
        self.code_of = code_of
        self.listing = listing
        if listing.option_problems is None:
            listing.option_problems = Problems(listing.source)
        self.resolver: Resolver = listing.resolver
        self.problems = problems
        self.call_kind = call_kind
        self.stmt: Node | None = None
        self.said: set[tuple[int, str]] = set()
        self.lengths = Lengths()
        # The expression whose operation was found last, and that operation.
        self.found: tuple[Node | None, Operation | None] = (None, None)

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
            why, instead = _not_followed(value)
            self.refuse(f"`{node.id}`", why, instead, node)
            return NOTHING
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
        if isinstance(node.op, BITWISE) and any(map(is_floating_point, (left, right))):
            return self._no_bits(node)
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

    def _no_bits(self, node: Node) -> Kind:
        """An operator on bits: where the derivative does not need its value, nothing else fails."""
        why = "only whole numbers and flags have bits, and Python raises a TypeError"
        self.refuse(f"`{text(node)}` of a float", why, "arithmetic, or `int(...)` of it", node)
        return INT

    def _UnaryOp(self, node: Node, environment: Environment) -> Kind:
        operand = self.kind(node.operand, environment)
        if isinstance(node.op, gast.Not):
            return BOOL
        if isinstance(node.op, gast.Invert):
            return self._no_bits(node) if is_floating_point(operand) else operand
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
        index = self.kind(node.slice, environment)  # each part of it is marked with its kind
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
            if index == FLOAT:
                what, instead = f"the index of `{text(node)}`", "`int(...)` of it"
                self.refuse(what, "it is no whole number", instead, node)
                return UNKNOWN
            item = base if isinstance(node.slice, gast.Slice) else base.item
            if isinstance(base.item, ListOf) and is_continuous(item) and self._carries(node):
                what = f"`{text(node)}`, a list in a list"
                why = "it is another name for that list, and the rows are not known to be one table"
                instead = "an array of two axes, or `[[0.0] * m for _ in range(n)]`"
                self.refuse(what, why, instead, node)
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
        if isinstance(node.slice, gast.Constant) and isinstance(node.slice.value, str):
            why = "what has keys is known from a call's arguments, and this is taken for an array"
            instead = "a call of the derivative with a dict first, whose code is then to be seen"
            self.refuse(f"the key {node.slice.value!r}", why, instead, node)
            return UNKNOWN
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
            if operation.derived is not None:
                return self._derived(operation.derived, tuple(kinds))
            if operation.callee is not None:
                return self._called(operation.callee, tuple(kinds))
            if Literal(None) in kinds and not isinstance(operation.rule, Zero):
                return self._nothing(node)
            for option, value in operation.options.items():
                self._check_option(option, value, operation, environment)
            operation = for_kinds(operation)
            return self.lengths.named(kind_of_result(operation, kinds), node)
        except Refused as refused:
            construct, why, instead = refused.args
            if construct == "this operation":
                construct = (
                    f"`{text(node.func)}(...)`" if isinstance(node, gast.Call) else construct
                )
            self.refuse(construct, why, instead, node)
            return UNKNOWN

    def _called(self, callee: Source, kinds: tuple[Kind, ...]) -> Kind:
        """The kind of what a user's function returns; what is wrong with it is said with the rest.

        Nothing is known then of what it returns, and nothing is said of what is made of that.
        """
        try:
            return self.call_kind(callee, kinds)
        except UnsupportedError as error:
            self.problems.found += [p for p in error.problems if p not in self.problems.found]
            self.found = None, None
            return NOTHING

    def _derived(self, derived: Derived, kinds: tuple[Kind, ...]) -> Kind:
        """The kind of what a derivative gives."""
        if any(isinstance(kind, Nothing) for kind in kinds):
            return NOTHING
        try:
            code, kept = self.code_of(derived, kinds)
            return self.call_kind(code, tuple(kinds[n] for n in kept))
        except SrcadError as error:
            if error.problems:  # they have places of their own
                self.problems.found += [p for p in error.problems if p not in self.problems.found]
                return UNKNOWN
            why, _, instead = error.msg.partition("; ")
            raise Refused("this derivative", why, instead or "a derivative of one number") from None

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


def _not_followed(value: object) -> tuple[str, str]:
    """Why an object from outside is refused, and what to write instead."""
    name = type(value).__name__
    for hook in ("__getattr__", "__getattribute__"):
        if isinstance(getattr(type(value), hook, None), types.FunctionType):
            why = f"`{hook}` of its class {name} decides what its attributes are"
            return why, "an object with plain attributes, or numbers"
    why = f"a captured {name} is not a number or an array"
    if isinstance(value, dict):
        return why, "a plain dict, made by `{}`"
    if isinstance(value, (list, collections.deque)):
        return why, "a plain list, made by `[]`, or an array"
    return why, "numbers and arrays"


def _are_ints(kind: Kind) -> bool:
    """Whether a value is a tuple of ints, as a shape is."""
    return isinstance(kind, TupleOf) and all(item == INT for item in kind.items)


def _parts(node: Node) -> list[Node]:
    return [each for each in children(node) if isinstance(each, gast.expr)]
