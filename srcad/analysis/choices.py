"""What a choice drops: entries whose derivative is exactly zero, whatever was computed for them.

``np.where(c, a, b)`` takes no notice of ``a`` where ``c`` is false.  Multiplied along the chain
rule, the zero adjoint there would meet slopes that are infinite or nan, and 0 · inf is nan.  So the
values that flow into one operand of a choice only, entry by entry, form its *region*: inside it
dropped entries may hold anything, and what leaves it is taken only where the operand was.

A choice between numbers that are compared (``np.maximum``, ``np.clip``) is treated so only where an
infinite slope is near: in its region, or where its result flows into one, or its operand comes from
one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import gast

from srcad.analysis.activity import differentiable_operands
from srcad.analysis.kind import NOTHING, Array, Kind, same_shape
from srcad.analysis.operation import Operation
from srcad.rules import Elementwise, Structured
from srcad.tree import Node, is_name, is_number, names_in, parse, statements_in, target_names


@dataclass(eq=False)
class Region:
    """The variables that flow into one operand of a choice only."""

    choice: Node
    operand: int
    members: set[str] = field(default_factory=set)


class Choices:
    """The choices of a listing, their regions, and the infinite slopes around them."""

    def __init__(self, body: list[Node], active: set[str], results: Iterable[str]) -> None:
        self.active = active
        self.results = set(results)
        self.region_of: dict[str, Region] = {}
        self._writers: dict[str, list[Node]] = {}
        self._readers: dict[str, list[Node]] = {}
        writes: Counter[str] = Counter()
        statements = [stmt for stmt in statements_in(body) if isinstance(stmt, gast.Assign)]
        for stmt in statements:
            for name in {name for target in stmt.targets for name in target_names(target)}:
                writes[name] += 1
                self._writers.setdefault(name, []).append(stmt)
            for name in differentiable_operands(stmt.value):
                self._readers.setdefault(name, []).append(stmt)
        self.exist = any(chooses(operation_of(stmt)) for stmt in statements)
        if self.exist:
            self._block(body)
            self._drop_needless()

    # -- regions --------------------------------------------------------------------------------

    def region(self, name: str) -> Region | None:
        """The region that a variable is in."""
        return self.region_of.get(name)

    def _block(self, body: list[Node]) -> None:
        here = set(map(id, body))
        regions: dict[tuple[Node, int], Region] = {}
        for stmt in reversed(body):
            for part in (getattr(stmt, "body", None), getattr(stmt, "orelse", None)):
                if part:
                    self._block(part)
            if not isinstance(stmt, gast.Assign) or not is_name(stmt.targets[0]):
                continue
            name = stmt.targets[0].id
            readers = self._readers.get(name, [])
            keys = {self._key(name, reader) for reader in readers}
            if len(keys) != 1 or None in keys or any(id(reader) not in here for reader in readers):
                continue
            (key,) = keys
            assert key is not None
            once = len(self._writers[name]) == 1 and name not in self.results
            if once and name in self.active and _same(stmt.targets[0], key[0].targets[0]):
                region = regions.setdefault(key, Region(*key))
                region.members.add(name)
                self.region_of[name] = region

    def _key(self, name: str, reader: Node) -> tuple[Node, int] | None:
        """The choice, and which operand of it, that a statement takes a variable to."""
        operation = operation_of(reader)
        if operation is None or not is_name(reader.targets[0]):
            return None
        if chooses(operation):
            places = [n for n, (_, node) in enumerate(operation.operands) if is_name(node, name)]
            if len(places) == 1 and is_chosen(operation, places[0]):
                return reader, places[0]
        elif isinstance(operation.rule, Elementwise):
            region = self.region_of.get(reader.targets[0].id)
            if region is not None:
                return region.choice, region.operand
        return None

    def _drop_needless(self) -> None:
        """Regions in which nothing is computed whose slope could be infinite or nan."""
        for region in set(self.region_of.values()):
            choice = operation_of(region.choice)
            assert choice is not None
            compares = isinstance(choice.rule, Elementwise)
            definitions = [self._writers[name][0] for name in region.members]
            if not any(slope_of(s) if compares else not is_linear(s) for s in definitions):
                for name in region.members:
                    del self.region_of[name]

    # -- infinite slopes --------------------------------------------------------------------------

    def flows_into_slope(self, name: str, seen: frozenset[str] = frozenset()) -> bool:
        """Whether the adjoint of a variable may be infinite, entry by entry."""
        for reader in self._readers.get(name, []):
            if not is_elementwise(reader) or not is_name(reader.targets[0]):
                continue
            target = reader.targets[0].id
            if slope_of(reader) or (
                target not in seen and self.flows_into_slope(target, seen | {name})
            ):
                return True
        return False

    def comes_from_slope(self, name: str, seen: frozenset[str] = frozenset()) -> bool:
        """Whether the tangent of a variable may be infinite, entry by entry."""
        for writer in self._writers.get(name, []):
            if not is_elementwise(writer):
                continue
            operands = differentiable_operands(writer.value) - seen
            if slope_of(writer) or any(
                self.comes_from_slope(each, seen | {name}) for each in operands
            ):
                return True
        return False

    # -- what does not move -----------------------------------------------------------------------

    def root(self, name: str, inputs: Iterable[str]) -> str | None:
        """The variable whose tangent tells which entries of another do not move at all.

        Its tangent is that of an input, rearranged, or what a choice kept of it: where that is 0
        nothing moves, and an infinite slope does not matter.
        """
        seen: set[str] = set()
        while name not in seen:
            seen.add(name)
            writers = self._writers.get(name, [])
            if not writers:
                return name if name in inputs else None
            if len(writers) > 1 or name in inputs:
                return None
            (stmt,) = writers
            (operand, *others) = sorted(differentiable_operands(stmt.value) & self.active) or [""]
            if others or not operand:
                return None
            operation = operation_of(stmt)
            rule = operation.rule if operation is not None else None
            rearranges = isinstance(stmt.value, (gast.Name, gast.Subscript)) or (
                isinstance(rule, Structured) and rule.shares != "never"
            )
            if rearranges or chooses(operation):
                own = self.root(operand, inputs)
                return name if own == operand or (own and chooses(operation)) else None
            if not is_elementwise(stmt) or not self._same_kind(operand, stmt):
                return None
            name = operand
        return None

    def _same_kind(self, operand: str, stmt: Node) -> bool:
        """Whether an elementwise operation has an operand's shape."""
        operation = operation_of(stmt)
        assert operation is not None
        nodes = [node for _, node in operation.operands if is_name(node, operand)]
        return all(_same(node, stmt.targets[0]) for node in nodes)


# -- single statements -----------------------------------------------------------------------------


def operation_of(stmt: Node) -> Operation | None:
    """The operation that an assignment performs."""
    operation: Operation | None = getattr(stmt.value, "operation", None)
    return operation


def is_elementwise(stmt: Node) -> bool:
    """Whether an assignment is of a function of numbers, applied to arrays."""
    operation = operation_of(stmt)
    if operation is None or not isinstance(kind_of(stmt.targets[0]), Array):
        return False
    return isinstance(operation.rule, Elementwise)


def chooses(operation: Operation | None) -> bool:
    """Whether an operation takes each entry from one of its operands."""
    rule = getattr(operation, "rule", None)
    return isinstance(rule, (Elementwise, Structured)) and bool(rule.chosen)


def is_chosen(operation: Operation, operand: int) -> bool:
    """Whether an operand is one of those that a choice is between."""
    rule, (name, _) = operation.rule, operation.operands[operand]
    if isinstance(rule, Elementwise):
        return name in rule.chosen
    assert isinstance(rule, Structured)
    return rule.parameter_of(name) not in rule.fixed


def slope_of(stmt: Node) -> str:
    """Whether an elementwise operation on arrays may have an infinite slope: see the rules."""
    if not is_elementwise(stmt):
        return ""
    operation = operation_of(stmt)
    assert operation is not None
    return slope_at(operation)


def slope_at(operation: Operation) -> str:
    """Where an elementwise operation may have an infinite slope: at an edge or at a pole."""
    assert isinstance(operation.rule, Elementwise)
    slope = operation.rule.slope
    return slope if isinstance(slope, str) else slope(dict(operation.operands))


def is_linear(stmt: Node) -> bool:
    """Whether all partial derivatives of an elementwise operation are plain numbers."""
    operation = operation_of(stmt)
    if operation is None or not isinstance(operation.rule, Elementwise):
        return True
    values = dict(operation.operands)
    for name, node in operation.operands:
        forms = operation.rule.partials.get(operation.rule.parameter_of(name), ("0",))
        read = names_in(parse(forms[0])) - {"m"}
        if is_name(node) and any(not is_number(values.get(each, node)) for each in read):
            return False
    return True


def kind_of(node: Node) -> Kind:
    """The kind that a node is marked with."""
    kind: Kind = getattr(node, "kind", NOTHING)
    return kind


def _same(one: Node, other: Node) -> bool:
    left, right = kind_of(one), kind_of(other)
    if not isinstance(left, Array) or not isinstance(right, Array):
        return False
    return same_shape(left.axes, right.axes)
