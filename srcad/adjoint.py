"""The adjoint of one elementary statement: what it adds to the adjoint of each operand.

``w = f(u, v)`` becomes ``ū += w̄ · ∂f/∂u`` and ``v̄ += w̄ · ∂f/∂v``.  A :class:`Contribution` is one
such addition, written in the adjoint of the target; which values it reads decides what must be
saved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import gast

from srcad.analysis.indexing import may_repeat, parts_of
from srcad.analysis.kind import (
    COMPLEX,
    NOTHING,
    UNKNOWN,
    Array,
    Kind,
    ListOf,
    Scalar,
    Unknown,
    is_complex,
    is_continuous,
    same_shape,
)
from srcad.analysis.operation import Operation
from srcad.chain import (
    Modules,
    condition,
    is_zero,
    keeps_shape,
    partials,
    reduce_to,
    times,
    where,
)
from srcad.choices import (
    Choices,
    Region,
    chooses,
    is_chosen,
    is_linear,
    is_steep,
    slope_at,
    slope_of,
)
from srcad.formula import AdjointFormulas
from srcad.names import Names
from srcad.rules import Elementwise, Structured
from srcad.tree import (
    Node,
    assign,
    binary,
    call,
    children,
    constant,
    copy_node,
    is_name,
    item,
    load,
    names_in,
    negate,
    target_names,
    walk,
)

Cost = Callable[[Node], float]


@dataclass
class Contribution:
    """``operand̄ += value``, or ``operand̄[index] += value``; the index may have ``repeats``."""

    operand: Node
    value: Node
    index: Node | None = None
    repeats: bool = False


@dataclass
class Adjoint:
    """The contributions of a statement, and which values of the primal they read.

    ``before`` are read as they are before the statement, of ``shapes`` it is the shape that is
    read; ``result`` says whether what it assigns is read; ``shaped`` whether that is its
    ``"shape"`` only, or its ``"value"`` too.  Of several results ``seeds`` are those whose adjoints
    are read.  ``bound`` are the shadows of what is assigned.
    """

    contributions: list[Contribution] = field(default_factory=list)
    shared: list[Node] = field(default_factory=list)
    before: set[str] = field(default_factory=set)
    shapes: set[str] = field(default_factory=set)
    result: bool = False
    shaped: str = ""
    seeds: list[Node] = field(default_factory=list)
    bound: set[str] = field(default_factory=set)


class Adjoints:
    """Makes the adjoints of a listing's statements."""

    def __init__(self, names: Names, modules: Modules, active: set[str], choices: Choices) -> None:
        self.names = names
        self.modules = modules
        self.active = active
        self.choices = choices
        # The variables that hold the conditions of the choices' regions, once they are asked for.
        self.kept: dict[Region, str] = {}
        # The statement that defines each temporary: an adjoint needs a shape, not a value.
        self.definitions: dict[str, Node] = {}

    def bar(self, node: Node) -> Node:
        """The adjoint of a variable, as an expression."""
        bar = load(self.names.bar(node.id))
        bar.kind = getattr(node, "kind", NOTHING)
        return bar

    def moves(self, node: Node) -> bool:
        """Whether an operand is an active variable."""
        if not is_name(node) or node.id not in self.active:
            return False
        return is_continuous(getattr(node, "kind", UNKNOWN))

    def has_choice(self, stmt: Node) -> bool:
        """Whether a partial derivative of a statement has several forms."""
        operation = getattr(stmt.value, "operation", None)
        if operation is None or not isinstance(operation.rule, Elementwise):
            return False
        rule, operands = operation.rule, operation.operands
        moving = (rule.parameter_of(name) for name, operand in operands if self.moves(operand))
        return any(len(rule.partials.get(name, ())) > 1 for name in moving)

    def of(self, stmt: Node, cost: Cost) -> Adjoint:
        """The adjoint of an active assignment; ``cost`` rates the values that a form reads."""
        (target,) = stmt.targets
        value, operation = stmt.value, getattr(stmt.value, "operation", None)
        if isinstance(target, gast.Tuple):
            assert operation is not None
            return self._several(operation, target)
        if not is_name(target) or target.id not in self.active:
            return Adjoint()
        bar = self.bar(target)
        adjoint = Adjoint()
        if operation is not None and isinstance(operation.rule, Elementwise):
            self._elementwise(adjoint, operation, bar, stmt, cost)
            self._find_reads(adjoint, self.bar(target))
            return adjoint
        bar = self._kept_seed(adjoint, bar, stmt)
        if operation is not None and isinstance(operation.rule, Structured):
            self._structured(adjoint, operation, bar, stmt)
        elif is_name(value) and self.moves(value):
            adjoint.contributions.append(Contribution(value, bar))
        elif isinstance(value, gast.Subscript) and self.moves(value.value):
            repeats = may_repeat(parts_of(value.slice))
            adjoint.contributions.append(Contribution(value.value, bar, value.slice, repeats))
        self._find_reads(adjoint, self.bar(target))
        return adjoint

    def of_write(self, stmt: Node) -> Adjoint:
        """The adjoint of ``y[i] = v`` and of ``y[i] += v``: what v gets of ``ȳ[i]``."""
        target = stmt.target if isinstance(stmt, gast.AugAssign) else stmt.targets[0]
        adjoint = Adjoint()
        if not self.moves(stmt.value):
            return adjoint
        bar = item(self.bar(target.value), target.slice)
        bar.kind = getattr(target, "kind", NOTHING)
        value: Node = bar
        if may_repeat(parts_of(target.slice)) and not getattr(stmt, "repeats", False):
            # Where an index repeats the last value stays, and it alone has an adjoint.
            last = call("written_last", target.value, _as_value(target.slice))
            value = call("np.where", last, bar, gast.Constant(0.0, None))
        if isinstance(stmt, gast.AugAssign) and isinstance(stmt.op, gast.Sub):
            value = negate(value)
        value = reduce_to(self.modules.put(value), stmt.value, bar.kind, self.modules)
        value = real_part(value, stmt.value, getattr(target.value, "kind", NOTHING))
        adjoint.contributions.append(Contribution(stmt.value, value))
        self._find_reads(adjoint, self.bar(target.value))
        return adjoint

    def _find_reads(self, adjoint: Adjoint, *bars: Node) -> None:
        own = {bar.id for bar in bars} | set(self.kept.values())
        own |= {name for stmt in adjoint.shared for name in written_targets(stmt)}
        parts = [each.value for each in (*adjoint.contributions, *adjoint.shared)]
        parts += [each.index for each in adjoint.contributions if each.index is not None]
        for part in parts:
            values, shapes = _values_and_shapes(part)
            for node in values + shapes:
                if node.id in own:
                    continue
                if getattr(node, "is_result", False):
                    adjoint.result = True
                elif any(node is value for value in values):
                    adjoint.before.add(node.id)
                else:
                    adjoint.shapes.add(node.id)
        for each in adjoint.contributions:
            if each.index is not None and not isinstance(
                getattr(each.operand, "kind", None), ListOf
            ):
                adjoint.shapes.add(each.operand.id)
        adjoint.shapes -= adjoint.before

    def _elementwise(
        self,
        adjoint: Adjoint,
        operation: Operation,
        bar: Node,
        stmt: Node,
        cost: Cost,
    ) -> None:
        (target,), value = stmt.targets, stmt.value
        result = _result(target)
        reads_itself = target.id in names_in(value)
        pair = self._quotient_pair(operation) and not reads_itself
        for number, (_, operand) in enumerate(operation.operands):
            if not self.moves(operand):
                continue

            def choose(forms: list[Node]) -> Node:
                usable = [f for f in forms if not (reads_itself and _reads(f, result))]
                usable = usable or forms[-1:]
                return usable[0] if len(usable) == 1 else min(usable, key=cost)

            partial = partials(operation, number, result, choose, self.modules)
            if is_zero(partial):
                continue
            product = times(bar, partial)
            if pair:
                product = self._shared_quotient(adjoint, bar, operation, number, result)
            product = self._of_choice(product, operation, number, stmt)
            if not keeps_shape(operation, operand):
                product = reduce_to(product, operand, target.kind, self.modules)
            product = real_part(product, operand, target.kind)
            adjoint.contributions.append(Contribution(operand, product))
        self._keep_conditions(adjoint, stmt)

    def _quotient_pair(self, operation: Operation) -> bool:
        """``a / b`` with both active: the two adjoints share ``ȳ / b``."""
        rule = operation.rule
        assert rule is not None
        operands = [node for _, node in operation.operands]
        if rule.name not in ("/", "np.divide") or not all(map(self.moves, operands)):
            return False
        return len({operand.id for operand in operands}) == 2

    def _shared_quotient(
        self, adjoint: Adjoint, bar: Node, operation: Operation, number: int, result: Node
    ) -> Node:
        """``ȳ / b``, computed once, for the numerator; ``-(ȳ / b) * y`` for the denominator."""
        if not adjoint.shared:
            name = self.names.bar(self.names.temporary())
            divided = binary(bar, gast.Div(), operation.operands[1][1])
            adjoint.shared.append(assign(name, divided))
        quotient = load(adjoint.shared[0].targets[0].id)
        quotient.kind = bar.kind
        if number == 0:
            return quotient
        form = binary(quotient, gast.Mult(), result)
        return negate(form)

    # -- choices ----------------------------------------------------------------------------------

    def _of_choice(self, product: Node, operation: Operation, operand: int, stmt: Node) -> Node:
        """A product that is exactly zero where a choice drops it: see :mod:`srcad.choices`."""
        (target,), (_, node) = stmt.targets, operation.operands[operand]
        inner, outer = self.choices.region(node.id), self.choices.region(target.id)
        drops = chooses(operation) and is_chosen(operation, operand)
        drops = drops and not self._is_left_to(inner, stmt, operand)
        if drops and self.choices.flows_into_slope(target.id):
            test, holds = condition(operation, operand, self.modules)
            product = where(test, holds, product, self.modules)
        divides = isinstance(target.kind, Scalar) and bool(slope_at(operation))
        if outer is not None and (inner is not outer or divides):
            product = self._where_kept(outer, product, stmt)
        # What is left out may be nan, and so may a slope be that is made of it.
        known = isinstance(target.kind, (Array, Scalar))
        if known and is_steep(stmt) and self.choices.may_be_unread(target.id):
            return self._of_read(product, target)
        steep = slope_of(stmt) or (self.choices.comes_from_slope(node.id) and not is_linear(stmt))
        if steep and self.choices.is_read_in_part(target.id):
            product = self._of_read(product, target)
        return product

    def _of_read(self, product: Node, target: Node) -> Node:
        """A product that is exactly zero for what nothing reads, whatever the slope is."""
        reads = gast.Compare(self.bar(target), [gast.NotEq()], [constant(0.0)])
        number = isinstance(target.kind, Scalar)
        return where(reads, True, product, self.modules, number=number)

    def _is_left_to(self, region: Region | None, stmt: Node, operand: int) -> bool:
        """Whether what leaves a region, that of a choice's operand, is taken care of."""
        return region is not None and region is self.choices.region_of_operand(stmt, operand)

    def _where_kept(self, region: Region, value: Node, stmt: Node) -> Node:
        """A value only where the region's choice took its operand."""
        number = isinstance(getattr(stmt.targets[0], "kind", None), Scalar)
        if self.choices.is_at_hand(region, stmt):
            return where(region.test, region.holds, value, self.modules, number=number)
        if region not in self.kept:
            self.kept[region] = self.names.temporary()
        kept = load(self.kept[region])
        return where(kept, region.holds, value, self.modules, number=number)

    def _keep_conditions(self, adjoint: Adjoint, stmt: Node) -> None:
        """The conditions of a choice that are needed earlier, computed where its adjoint starts."""
        for region, name in self.kept.items():
            if any(choice is stmt for choice, _ in region.choices):
                adjoint.shared.append(assign(name, region.test))

    def _kept_seed(self, adjoint: Adjoint, bar: Node, stmt: Node) -> Node:
        """The adjoint of a result, for a whole operation: without what a choice drops of it."""
        region = self.choices.region(stmt.targets[0].id)
        if region is None:
            return bar
        kept = load(self.names.bar(self.names.temporary()))
        adjoint.shared.append(assign(kept.id, self._where_kept(region, bar, stmt)))
        kept.kind = bar.kind
        return kept

    def _structured(self, adjoint: Adjoint, operation: Operation, bar: Node, stmt: Node) -> None:
        (target,) = stmt.targets
        results = {"y": _result(target)}
        formulas = AdjointFormulas(
            operation, results, results, self.like, self.names, self.modules, {"y": bar}
        )
        assert isinstance(operation.rule, Structured)
        taken = {
            n: bar
            for n, (_, node) in enumerate(operation.operands)
            if operation.rule.broadcasts
            and is_name(node)
            and self._is_left_to(self.choices.region(node.id), stmt, n)
        }
        self._contribute(adjoint, formulas, target.kind, taken)
        self._keep_conditions(adjoint, stmt)

    def _several(self, operation: Operation, target: Node) -> Adjoint:
        """The adjoint of an operation that has several results."""
        rule = operation.rule
        if not isinstance(rule, Structured):  # of derivative zero
            return Adjoint()
        names = rule.result_names(len(target.elts))
        results = dict(zip(names, map(_result, target.elts), strict=True))
        wanted = {name: node for name, node in results.items() if self.moves(node)}
        adjoint = Adjoint(seeds=list(wanted.values()))
        seeds = {name: self.bar(node) for name, node in wanted.items()}
        formulas = AdjointFormulas(
            operation, results, wanted, self.like, self.names, self.modules, seeds
        )
        self._contribute(adjoint, formulas, NOTHING)
        self._find_reads(adjoint, *seeds.values())
        # An adjoint that is still zero, or the number 0.0, gets the shape of its result.
        adjoint.result |= any(may_be_array(node.kind) for node in adjoint.seeds)
        return adjoint

    def _contribute(
        self,
        adjoint: Adjoint,
        formulas: AdjointFormulas,
        result: Kind,
        given: Mapping[int, Node] = MappingProxyType({}),
    ) -> None:
        rule = formulas.rule
        for number, (name, operand) in enumerate(formulas.operation.operands):
            if rule.parameter_of(name) in rule.fixed or not self.moves(operand):
                continue
            if number in given:
                value = real_part(given[number], operand, result)
                adjoint.contributions.append(Contribution(operand, value))
                continue
            for value, place in formulas.adjoint(number):
                if rule.broadcasts and place is None:
                    value = reduce_to(value, operand, result, self.modules)
                value = real_part(value, operand, formulas.use.result)
                index, repeats = (None, False) if place is None else (place.index, place.repeats)
                adjoint.contributions.append(Contribution(operand, value, index, repeats))
        adjoint.shared += formulas.definitions

    def like(self, node: Node) -> Node:
        """A variable with the shape of a value: of a temporary, one of its own operands."""
        while is_name(node) and node.id in self.names.temporaries:
            stmt = self.definitions.get(node.id)
            kind = getattr(node, "kind", NOTHING)
            if stmt is None or not isinstance(kind, Array):
                return node
            operation = getattr(stmt.value, "operation", None)
            if operation is None or not isinstance(operation.rule, Elementwise):
                return node
            names = [each for _, each in operation.operands if is_name(each)]
            model = next((each for each in names if _is_like(each, kind)), None)
            if model is None:
                return node
            node = model
        return node


def real_part(value: Node, operand: Node, result: Kind) -> Node:
    """What a real operand gets of a complex adjoint: ``dL = Re(w̄ dw)``, and ``dx`` is real."""
    if not is_complex(result) or is_complex(getattr(operand, "kind", NOTHING)):
        return value
    inner = value.operand if isinstance(value, gast.UnaryOp) else value
    if isinstance(inner, gast.Attribute) and inner.attr in ("real", "imag"):
        return value
    return gast.Attribute(value, "real", gast.Load())


def _result(target: Node) -> Node:
    """The result of a statement, as its adjoint reads it."""
    result = load(target.id)
    result.kind = target.kind
    result.is_result = True
    return result


def _values_and_shapes(expression: Node) -> tuple[list[Node], list[Node]]:
    """The variables whose values an expression reads, and those of which it reads the shape."""
    values, shapes = [], []
    pending = [expression]
    while pending:
        node = pending.pop()
        if is_name(node):
            values.append(node)
        elif isinstance(node, gast.Attribute) and node.attr in SHAPES and is_name(node.value):
            shapes.append(node.value)
        elif isinstance(node, gast.Call) and _asks_shape(node) and node.args:
            (shapes if is_name(node.args[0]) else pending).append(node.args[0])
            pending += [node.func, *node.args[1:], *(each.value for each in node.keywords)]
        else:
            pending += children(node)
    return values, shapes


def _as_value(index: Node) -> Node:
    """An index as an expression: ``slice(None)`` for ``:``."""
    if isinstance(index, gast.Tuple):
        return copy_node(index, elts=[_as_value(each) for each in index.elts])
    if isinstance(index, gast.Slice):
        none = gast.Constant(None, None)
        return call("slice", *(each or none for each in (index.lower, index.upper, index.step)))
    return index


def _asks_shape(node: Node) -> bool:
    """Whether a call reads no more of its first argument than its shape."""
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    return name in ("zeros_like", "full_like", "shape", "size", "len", "written_last")


SHAPES = frozenset({"shape", "size", "ndim", "dtype"})


def _is_like(node: Node, kind: Array) -> bool:
    """Whether a variable has the shape of a value of a kind, and its dtype."""
    own: Kind | None = getattr(node, "kind", None)
    return isinstance(own, Array) and same_shape(own.axes, kind.axes) and own.dtype == kind.dtype


def _reads(form: Node, result: Node) -> bool:
    return any(node is result for node in walk(form))


def written_targets(stmt: Node) -> list[str]:
    """The variables that an assignment binds."""
    return [name for target in stmt.targets for name in target_names(target)]


def may_be_array(kind: Kind) -> bool:
    """Whether a value is, or may be, an array."""
    return isinstance(kind, (Array, Unknown))


def zeros(node: Node, kind: Kind, modules: Modules) -> Node:
    """A zero adjoint of the shape of a value."""
    if isinstance(kind, (Array, Unknown)):
        return modules.put(call("np.zeros_like", node))
    return gast.Constant(0j if kind == COMPLEX else 0.0, None)
