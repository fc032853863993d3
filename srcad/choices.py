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

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import gast

from srcad.analysis.activity import differentiable_operands, reachable
from srcad.analysis.covered import covers
from srcad.analysis.kind import NOTHING, Array, Kind, Scalar, same_shape
from srcad.analysis.operation import Operation
from srcad.analysis.unread import unread
from srcad.chain import Modules, condition
from srcad.rules import Elementwise, Structured
from srcad.tree import (
    Node,
    is_name,
    is_number,
    key_of,
    names_in,
    parse,
    statements_in,
    target_names,
)


@dataclass(eq=False)
class Region:
    """The variables that flow into choices only, all under one condition that must hold, or not."""

    test: Node
    holds: bool
    # The statements that choose, each with the number of the operand.
    choices: list[tuple[Node, int]] = field(default_factory=list)
    members: set[str] = field(default_factory=set)


class Choices:
    """The choices of a listing, their regions, and the infinite slopes around them."""

    def __init__(
        self, body: list[Node], active: set[str], results: Iterable[str], modules: Modules
    ) -> None:
        self.active = active
        self.results = set(results)
        self.modules = modules
        self._region_of: dict[str, Region] = {}
        self._of_choice: dict[tuple[int, int], Region] = {}
        self._writers: dict[str, list[Node]] = {}
        self._readers: dict[str, list[Node]] = {}
        # The number of each statement, and the blocks that it is in.
        self._number: dict[int, int] = {}
        self._body = body
        self._blocks: dict[int, tuple[int, ...]] = {}
        kinds = (gast.Assign, gast.AugAssign, gast.Expr)
        statements = [stmt for stmt in statements_in(body) if isinstance(stmt, kinds)]
        # Whether memory is written: a condition may then change between two statements.
        self._stores = False
        # The variables whose entries are written: what they held before is left out.
        self._overwritten: set[str] = set()
        for number, stmt in enumerate(statements):
            self._number[id(stmt)] = number
            targets = [stmt.target] if isinstance(stmt, gast.AugAssign) else []
            targets = getattr(stmt, "targets", targets)
            stored = [target for target in targets if isinstance(target, gast.Subscript)]
            self._stores = self._stores or bool(stored)
            self._overwritten |= {_memory(target) for target in stored}
            written = {name for target in targets for name in target_names(target)}
            for name in written.union(*(names_in(target.value) for target in stored)):
                self._writers.setdefault(name, []).append(stmt)
            if stored or not written or not written.isdisjoint(active):
                for name in _reads(stmt):
                    self._readers.setdefault(name, []).append(stmt)
        self._elementwise = [stmt for stmt in statements if is_elementwise(stmt)]
        self._copies = [stmt for stmt in statements if is_copy(stmt)]
        for stmt in reversed(statements):  # what is written into a part is written into the whole
            if isinstance(stmt.value, gast.Subscript) and is_part(stmt, self._overwritten):
                self._overwritten.add(_memory(stmt.value))
        # Operands of choices whose regions make no difference: see `_needless`.
        self._plain: set[tuple[int, int]] = set()
        if any(chooses(operation_of(stmt)) for stmt in statements):
            self._block(body, ())
            self._plain = self._needless()
            self._region_of, self._of_choice = {}, {}
            self._block(body, ())

    # -- regions --------------------------------------------------------------------------------

    def region(self, name: str) -> Region | None:
        """The region that a variable is in."""
        return self._region_of.get(name)

    def region_of_operand(self, stmt: Node, operand: int) -> Region | None:
        """The region of one operand of a choice."""
        return self._of_choice.get((id(stmt), operand))

    def is_at_hand(self, region: Region, stmt: Node) -> bool:
        """Whether a region's condition can be computed before a statement, as it was later."""
        return not self._stores and all(
            len(writers) == 1
            and self._number[id(writers[0])] < self._number[id(stmt)]
            and self._blocks[id(writers[0])][-1] in self._blocks[id(stmt)]
            for writers in map(self._writers.get, names_in(region.test))
            if writers
        )

    def region_at_hand(self, name: str) -> Region | None:
        """The region that a variable is in, if its condition can be asked where it is set."""
        region = self._region_of.get(name)
        if region is None:
            return None
        (writer,) = self._writers[name]
        return region if self.is_at_hand(region, writer) else None

    def _block(self, body: list[Node], outer: tuple[int, ...]) -> None:
        blocks = (*outer, id(body))
        regions: dict[object, Region] = {}
        for stmt in body:
            self._blocks[id(stmt)] = blocks
        for stmt in reversed(body):
            for part in (getattr(stmt, "body", None), getattr(stmt, "orelse", None)):
                if part:
                    self._block(part, blocks)
            if not isinstance(stmt, gast.Assign) or not is_name(stmt.targets[0]):
                continue
            self._member(stmt, blocks)
            if chooses(operation_of(stmt)):
                self._choice(stmt, regions)

    def _choice(self, stmt: Node, regions: dict[object, Region]) -> None:
        """Prepare the regions of a choice's operands; those under one condition are one."""
        operation = operation_of(stmt)
        assert operation is not None
        for number in range(len(operation.operands)):
            if is_chosen(operation, number) and (id(stmt), number) not in self._plain:
                test, holds = condition(operation, number, self.modules)
                once = all(len(self._writers.get(name, [])) <= 1 for name in names_in(test))
                lasts = once and not self._stores
                key = (key_of(test), holds) if lasts else (id(stmt), number)
                region = regions.setdefault(key, Region(test, holds))
                region.choices.append((stmt, number))
                self._of_choice[id(stmt), number] = region

    def _member(self, stmt: Node, blocks: tuple[int, ...]) -> None:
        """Enter what a statement defines into the one region that it flows into."""
        name = stmt.targets[0].id
        readers = self._readers.get(name, [])
        regions = {self._reached(name, reader) for reader in readers}
        if len(regions) != 1 or None in regions:
            return
        (region,) = regions
        assert region is not None
        here = all(self._blocks.get(id(reader)) == blocks for reader in readers)
        once = len(self._writers[name]) == 1 and name not in self.results
        same = all(_same(stmt.targets[0], _whole(*choice)) for choice in region.choices)
        # Where memory is written the adjoint of a view is a view: nothing leaves it by entries.
        own = not (self._stores and _may_share(stmt))
        if here and once and same and own and name in self.active:
            region.members.add(name)
            self._region_of[name] = region

    def _reached(self, name: str, reader: Node) -> Region | None:
        """The region that a statement takes a variable to."""
        operation = operation_of(reader)
        if operation is None or operation.rule is None or not is_name(reader.targets[0]):
            return None
        places = [n for n, (_, node) in enumerate(operation.operands) if is_name(node, name)]
        own = [self.region_of_operand(reader, place) for place in places]
        if any(region is not None for region in own):
            return own[0] if len(own) == 1 else None
        if isinstance(operation.rule, Elementwise):
            return self._region_of.get(reader.targets[0].id)
        return None

    def _needless(self) -> set[tuple[int, int]]:
        """The choices in whose regions no slope that could be infinite or nan is computed."""
        found: set[tuple[int, int]] = set()
        for region in set(self._of_choice.values()):
            rules = [getattr(operation_of(stmt), "rule", None) for stmt, _ in region.choices]
            compares = all(isinstance(rule, Elementwise) for rule in rules)
            definitions = [self._writers[name][0] for name in region.members]
            if not any(is_steep(s) if compares else not is_linear(s) for s in definitions):
                found |= {(id(stmt), number) for stmt, number in region.choices}
        return found

    # -- infinite slopes --------------------------------------------------------------------------

    def flows_into_slope(self, name: str) -> bool:
        """Whether the adjoint of a variable may be infinite, entry by entry."""
        return name in self._into_slopes

    def comes_from_slope(self, name: str) -> bool:
        """Whether the tangent of a variable may be infinite, entry by entry."""
        return name in self._from_slopes

    def is_read_in_part(self, name: str) -> bool:
        """Whether all that reads a variable, or writes it anew, may leave out some entries."""
        return bool(self._readers.get(name)) and name not in self._read_whole

    def may_be_unread(self, name: str) -> bool:
        """Whether on some path nothing reads a variable: its adjoint is zero there."""
        return name in self._unread

    @cached_property
    def _unread(self) -> set[str]:
        return unread(self._body, self.results, _reads)

    @cached_property
    def _into_slopes(self) -> set[str]:
        steps: dict[str, set[str]] = {}
        for stmt in self._elementwise:
            steps.setdefault(stmt.targets[0].id, set()).update(differentiable_operands(stmt.value))
        slopes = [stmt for stmt in self._elementwise if slope_of(stmt)]
        return reachable({n for s in slopes for n in differentiable_operands(s.value)}, steps)

    @cached_property
    def _from_slopes(self) -> set[str]:
        steps: dict[str, set[str]] = {}
        for stmt in self._elementwise:
            for name in differentiable_operands(stmt.value):
                steps.setdefault(name, set()).add(stmt.targets[0].id)
        return reachable({s.targets[0].id for s in self._elementwise if slope_of(s)}, steps)

    @cached_property
    def _read_whole(self) -> set[str]:
        """The variables that something reads as a whole, entry by entry or not."""
        steps: dict[str, set[str]] = {}
        for stmt in [*self._elementwise, *self._copies]:
            steps.setdefault(stmt.targets[0].id, set()).update(differentiable_operands(stmt.value))
        entry_by_entry = set(map(id, [*self._elementwise, *self._copies]))
        for stmt in {id(s): s for readers in self._readers.values() for s in readers}.values():
            if isinstance(stmt, gast.Assign) and is_name(stmt.value) and is_name(stmt.targets[0]):
                steps.setdefault(stmt.targets[0].id, set()).add(stmt.value.id)
                entry_by_entry.add(id(stmt))
        whole = {
            name
            for name, readers in self._readers.items()
            for reader in readers
            if id(reader) not in entry_by_entry
            and not isinstance(reader.value, gast.Subscript)
            and not leaves_out(operation_of(reader))
        }
        found = reachable((whole | self.results) - self._overwritten, steps)
        while more := self._read_in_all_parts(found):
            found = reachable(found | more, steps)
        return found

    def _read_in_all_parts(self, whole: set[str]) -> set[str]:
        """The variables of which parts that are read as a whole leave nothing out."""
        return {
            name
            for (name, _), readers in self._parts.items()
            if name not in whole | self._overwritten
            if self._cover([reader for reader in readers if is_part(reader, whole)])
        }

    @cached_property
    def _parts(self) -> dict[tuple[str, int], list[Node]]:
        """The statements of one block that bind parts of one variable, two or more."""
        found: dict[tuple[str, int], list[Node]] = {}
        for block in blocks_in(self._body):
            for stmt in block:
                part = isinstance(stmt, gast.Assign) and isinstance(stmt.value, gast.Subscript)
                if part and is_name(stmt.value.value) and id(stmt) in self._number:
                    found.setdefault((stmt.value.value.id, id(block)), []).append(stmt)
        return {key: readers for key, readers in found.items() if len(readers) > 1}

    def _cover(self, readers: list[Node]) -> bool:
        """Whether parts cover an array, by bounds that mean the same in all of them."""
        if len(readers) < 2 or not covers([reader.value.slice for reader in readers]):
            return False
        numbers = [self._number[id(reader)] for reader in readers]
        names = {name for reader in readers for name in names_in(reader.value.slice)}
        changes = [self._number[id(w)] for name in names for w in self._writers.get(name, [])]
        counted = {n for block in blocks_in(self._body) for s in block for n in _counted(s)}
        lasting = not any(min(numbers) <= change < max(numbers) for change in changes)
        return lasting and names.isdisjoint(counted)

    # -- what does not move -----------------------------------------------------------------------

    def root(self, name: str, inputs: Iterable[str]) -> str | None:
        """The variable whose tangent tells which entries of another do not move at all.

        Its tangent is that of an input, rearranged, or what a choice kept of it: where that is 0
        nothing moves, and an infinite slope does not matter.
        """
        seen: set[str] = set()
        while name not in seen and not self._stores:
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
            if _may_share(stmt) or chooses(operation):
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


def _reads(stmt: Node) -> set[str]:
    """The variables that a statement may take a derivative from."""
    operation = operation_of(stmt)
    if operation is not None and operation.rule is not None and not hasattr(stmt, "pair"):
        return differentiable_operands(stmt.value)
    return names_in(stmt.value)


def operation_of(stmt: Node) -> Operation | None:
    """The operation that an assignment performs."""
    operation: Operation | None = getattr(stmt.value, "operation", None)
    return operation


def _may_share(stmt: Node) -> bool:
    """Whether what an assignment binds may be a view of what it reads, or a part of it."""
    operation = operation_of(stmt)
    rule = operation.rule if operation is not None else None
    shares = isinstance(rule, Structured) and rule.shares != "never"
    return shares or isinstance(stmt.value, (gast.Name, gast.Subscript))


def is_elementwise(stmt: Node) -> bool:
    """Whether an assignment is of a function of numbers, applied to arrays."""
    operation = operation_of(stmt)
    if operation is None or not isinstance(operation.rule, Elementwise):
        return False
    if not isinstance(stmt, gast.Assign):
        return False
    return is_name(stmt.targets[0]) and isinstance(kind_of(stmt.targets[0]), Array)


def is_copy(stmt: Node) -> bool:
    """Whether an assignment binds a copy of an array, as it is."""
    operation = operation_of(stmt)
    rule = operation.rule if operation is not None else None
    copies = isinstance(rule, Structured) and rule.name == "np.copy"
    return copies and isinstance(stmt, gast.Assign) and is_name(stmt.targets[0])


def blocks_in(body: list[Node]) -> Iterator[list[Node]]:
    """All lists of statements of a body, itself first."""
    yield body
    for stmt in statements_in(body):
        for block in (getattr(stmt, "body", None), getattr(stmt, "orelse", None)):
            if isinstance(block, list) and block:
                yield block


def _counted(stmt: Node) -> Iterable[str]:
    """The variables that a loop sets."""
    return target_names(stmt.target) if isinstance(stmt, gast.For) else ()


def is_part(stmt: Node, names: set[str]) -> bool:
    """Whether an assignment binds one of some names to a part of an array."""
    return isinstance(stmt, gast.Assign) and not names.isdisjoint(target_names(stmt.targets[0]))


def _memory(target: Node) -> str:
    """The variable that is read or written in part; "" for what is none."""
    while isinstance(target, (gast.Subscript, gast.Attribute)):
        target = target.value
    return target.id if is_name(target) else ""


def chooses(operation: Operation | None) -> bool:
    """Whether an operation takes each entry from one of its operands."""
    rule = getattr(operation, "rule", None)
    return isinstance(rule, (Elementwise, Structured)) and bool(rule.chosen)


def leaves_out(operation: Operation | None) -> bool:
    """Whether an operation may take no notice of some entries of its operand."""
    rule = operation.rule if operation is not None else None
    return isinstance(rule, Structured) and rule.leaves_out


def _whole(choice: Node, operand: int) -> Node:
    """What has the shape of the entries that a choice is made of."""
    operation = operation_of(choice)
    assert operation is not None
    if isinstance(operation.rule, Structured) and not operation.rule.broadcasts:
        return operation.operands[operand][1]
    return choice.targets[0]


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


def is_steep(stmt: Node) -> bool:
    """Whether an elementwise operation, on numbers too, may have an infinite slope."""
    operation = operation_of(stmt)
    if operation is None or not isinstance(operation.rule, Elementwise):
        return False
    return bool(slope_at(operation))


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
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        return True
    if not isinstance(left, Array) or not isinstance(right, Array):
        return False
    return same_shape(left.axes, right.axes)
