"""The kind of every variable at every place: a forward analysis of a listing.

Each variable in the listing is marked with its kind (``node.kind``) and each elementary operation
with what it does (``node.operation``).  What has no rule, or is not accepted for its kind, is
collected as problems.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import gast

from srcad.analysis import placed
from srcad.analysis.effects import has_effects
from srcad.analysis.expressions import CodeOf, Environment, Expressions
from srcad.analysis.held import changes_item
from srcad.analysis.kind import (
    BOOL,
    INT,
    MIXED,
    NOTHING,
    OTHER,
    UNKNOWN,
    Array,
    Kind,
    ListOf,
    Nothing,
    Other,
    Scalar,
    TupleOf,
    Unknown,
    is_complex,
    is_continuous,
    join,
    mixes,
    widens,
)
from srcad.analysis.operation import Operation, for_kinds, operation_of
from srcad.analysis.outputs import NAMES, misfit
from srcad.analysis.widened import real_values_of
from srcad.errors import Problem, Problems
from srcad.listing import Listing
from srcad.read import Source
from srcad.rules import Refused
from srcad.rules.nearest import nearest_member
from srcad.tree import Node, is_name, names_in


class Kinds(Expressions):
    """The inference over one listing."""

    def __init__(
        self,
        listing: Listing,
        problems: Problems,
        call_kind: Callable[[Source, tuple[Kind, ...]], Kind],
        code_of: CodeOf,
        call_lists: Callable[[Source, tuple[Kind, ...]], list[Kind]],
    ) -> None:
        super().__init__(listing, problems, call_kind, code_of)
        self.call_lists = call_lists
        # The lists among the parameters that carry no derivative.
        self.lists: set[str] = set()
        self.loops: dict[int, tuple[Environment, Environment, list[Problem]]] = {}
        # The variables that are a real number on one path, and a complex one on another.
        self.widened: set[str] = set()

    def infer(self, parameters: dict[str, Kind]) -> Environment:
        """Mark the listing; the kinds of the variables at its end are returned."""
        environment = dict(parameters)
        lists = {n: kind for n, kind in parameters.items() if isinstance(kind, ListOf)}
        self.lists = {name for name, kind in lists.items() if not is_continuous(kind)}
        self.block(self.listing.body, environment)
        for place, name in real_values_of(self.widened, self.listing.body, parameters):
            self.stmt = place
            why = "it is complex on another path, and its derivative would be complex here"
            self.refuse(f"a real value of `{name}`", why, "`+ 0j` where it is real")
        return environment

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
        said = len(self.problems.found)
        kind = self.kind(stmt.value, environment)
        if isinstance(kind, Other) and len(self.problems.found) > said:
            kind = NOTHING  # what is made of what is refused is not refused as well
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
        is_put = hasattr(target, "manner")
        if isinstance(base, ListOf) and index in (INT, BOOL) and not is_put:
            target.value.kind = base
            if getattr(target, "is_changed", False) and not isinstance(base.item, Scalar):
                if not changes_item(target) and not isinstance(base.item, Nothing):
                    self.refuse(
                        "an element of a list, changed by an augmented assignment",
                        "it may be an array, which changes in place for all its names",
                        "`x[i] = x[i] + ...`, a new array, or the array by its own name",
                    )
                return  # the list holds what it has held
            target.value.kind = self._put(target.value.id, base, value, environment)
        elif is_put and isinstance(base, Array) and base.rank:
            self._put_into_places(target, base, index, value)
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
            elif getattr(target, "demand", ""):
                why = misfit(target, value)
                if why:
                    construct = NAMES.get(target.demand, "this `out=`")
                    self.refuse(construct, why, "an assignment, `y[...] = ...`")
        elif not isinstance(base, Nothing):
            what = "whether it is an array or a number is not known before running"
            if not isinstance(base, Unknown):
                what = "only lists of numbers and arrays with axes have elements to be written"
            self.refuse("writing to an element", what, "an array that is one on every path")

    def _put_into_places(self, target: Node, base: Array, index: Kind, value: Kind) -> None:
        """``np.put(y, index, value)`` and its like: values that are put into places of an array."""
        place = placed.places(target.manner, base, index)
        why = placed.why_not(target.manner, base, place, value)
        if why and not isinstance(value, Nothing):
            self.refuse(placed.NAMES[target.manner], why, "`y[index] = value`")
        target.kind = place

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

    def _operation(self, node: Node, environment: Environment) -> Kind:
        result = super()._operation(node, environment)
        found, operation = self.found
        if found is node and operation is not None and operation.callee is not None:
            self._put_by_call(operation, operation.callee, environment)
        return result

    def _put_by_call(self, operation: Operation, callee: Source, environment: Environment) -> None:
        """What a user's function puts into the lists that it is given."""
        kinds = [operand.kind for _, operand in operation.operands]
        if not any(isinstance(kind, ListOf) for kind in kinds):
            return
        put = self.call_lists(callee, tuple(kinds))
        for (_, operand), kind, item in zip(operation.operands, kinds, put, strict=True):
            if isinstance(kind, ListOf) and is_name(operand):
                self._put(operand.id, kind, item, environment)

    def _put(self, name: str, known: ListOf, item: Kind, environment: Environment) -> Kind:
        """A list's kind when an item has been put into it."""
        self._check_ints(name, item)
        self._check_alike(name, known.item, item)
        self.listing.put[name] = join(self.listing.put.get(name, NOTHING), item)
        environment[name] = ListOf(join(known.item, item))
        return environment[name]

    def _check_ints(self, name: str, value: Kind) -> None:
        """The caller takes a list of ints for one that carries no derivative: it must stay one."""
        if name in self.lists and value not in (INT, BOOL, NOTHING):
            why = "it was handed in as a list of ints, or of no numbers"
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
                func.value.kind = self._put(func.value.id, base, value, environment)
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
                said = len(self.problems.found)
                kind = self.kind(argument, environment)
                if kind not in (INT, BOOL, NOTHING) and len(self.problems.found) == said:
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


def _diverges(body: list[Node]) -> bool:
    """Whether control never reaches the end of the block."""
    return bool(body) and isinstance(body[-1], gast.Raise)
