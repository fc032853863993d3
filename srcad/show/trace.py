"""One run of a listing of numbers: its steps, and the value of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import gast
import numpy as np

from srcad.analysis.kind import Literal, is_continuous, kind_of_value
from srcad.analysis.operation import Operation
from srcad.emit import emit, text
from srcad.errors import ArgumentError, SrcadError
from srcad.listing import Listing, origin_of
from srcad.read import Unresolved
from srcad.show.primal import Primals
from srcad.show.steps import Path, Step, Steps, leaves_of, widest_choice
from srcad.tree import Node, constant, is_name, load

ROWS, STATEMENTS = 10_000, 50_000
PLAIN = (int, float, str, bool, type(None), range)


class Stopped(Exception):
    """A ``break`` of the listing."""


class Trace:
    """A listing that is run at a point.

    ``values`` has the value of each step; ``slopes`` the values of its partial derivatives.
    """

    def __init__(self, listing: Listing, point: Mapping[str, object], active: set[str]) -> None:
        self.listing = listing
        self.values: list[float] = []
        self.slopes: list[dict[int, float]] = []
        self._steps = Steps(listing, self._call_partials, widest_choice)
        self._primals = Primals()
        self._statements = 0
        self._known = _Namespace(self._free)
        self._active: list[bool] = []
        self._inputs: dict[str, Step] = {}
        for name, value in point.items():
            if isinstance(value, float):
                step = self._inputs[name] = self._steps.input(name, load(name))
                self._add(step, value, {}, name in active)
            else:
                self._steps.constants[name] = value

    @property
    def steps(self) -> list[Step]:
        """The steps, in the order of execution."""
        return self._steps.steps

    def step_of(self, name: str) -> Step | None:
        """The step that a variable holds at the end."""
        return self._steps.where.get(name)

    def step_of_input(self, name: str) -> Step:
        """The step that a parameter is."""
        return self._inputs[name]

    def run(self) -> None:
        """Execute the listing."""
        self.block(self.listing.body)

    def block(self, body: list[Node]) -> None:
        """Execute some statements."""
        for stmt in body:
            self._statements += 1
            if len(self.values) > ROWS:
                raise ArgumentError(f"the table gets more than {ROWS} rows at this point")
            if self._statements > STATEMENTS:
                raise ArgumentError(f"at this point more than {STATEMENTS} statements are run")
            self.statement(stmt)

    def statement(self, stmt: Node) -> None:
        """Execute one statement."""
        if isinstance(stmt, gast.Assign):
            self._assign(stmt)
        elif isinstance(stmt, gast.If):
            self.block(stmt.body if self.evaluated(stmt.test) else stmt.orelse)
        elif isinstance(stmt, gast.For | gast.While):
            self._loop(stmt)
        elif isinstance(stmt, gast.Break):
            raise Stopped
        elif isinstance(stmt, gast.Expr | gast.Assert | gast.Raise):
            code = emit([self._steps.in_steps(stmt)])
            self._guarded(lambda: exec(code, {"__builtins__": {}}, self._namespace()))
        elif not isinstance(stmt, gast.Pass):
            raise ArgumentError(f"no table is made of a function with `{text(stmt)}`")

    def _loop(self, stmt: Node) -> None:
        try:
            if isinstance(stmt, gast.While):
                while self.evaluated(stmt.test):
                    self.block([gast.Pass(), *stmt.body])
            else:
                for index in self.evaluated(stmt.iter):
                    self._set(stmt.target.id, index)
                    self.block([gast.Pass(), *stmt.body])
        except Stopped:
            return
        self.block(stmt.orelse)

    def _assign(self, stmt: Node) -> None:
        (target,) = stmt.targets
        if not is_name(target):
            self._unpack(target, stmt)
            return
        if is_name(stmt.value) and stmt.value.id in self._steps.constants:
            self._set(target.id, self._steps.constants[stmt.value.id])
            return
        value = self.evaluated(stmt.value)
        if not isinstance(value, float):
            self._set(target.id, value)
            return
        step = self._steps.assigned(target.id, stmt.value, origin_of(stmt))
        self._steps.constants.pop(target.id, None)
        if step.number > len(self.values):
            self._record(step, value)

    def _unpack(self, target: Node, stmt: Node) -> None:
        """``a, b = f(x)``."""
        result = self.evaluated(stmt.value)
        values = {name: _at(result, path) for name, path in leaves_of(target).items()}
        floats = {
            name: path
            for name, path in leaves_of(target).items()
            if isinstance(values[name], float)
        }
        self._steps.unpacked(floats, stmt.value, origin_of(stmt))
        for name, value in values.items():
            if name in floats:
                self._steps.constants.pop(name, None)
                self._record(self._steps.where[name], value)
            else:
                self._set(name, value)

    def _record(self, step: Step, value: float) -> None:
        """A new row."""
        slopes = {
            n: float(self.evaluated(slope, step, written=True))
            for n, slope in step.partials.items()
            if self._active[n - 1]
        }
        self._add(step, float(value), slopes, bool(slopes))

    def _add(self, step: Step, value: float, slopes: dict[int, float], active: bool) -> None:
        self.values.append(value)
        self.slopes.append(slopes)
        self._active.append(active)
        self._known[step.name] = value

    def _set(self, name: str, value: object) -> None:
        """Give a value to a variable that carries no derivative."""
        if not isinstance(value, PLAIN):
            what = type(value).__name__
            raise ArgumentError(f"a table is made of numbers: {name} is of the type {what} here")
        self._steps.where.pop(name, None)
        self._steps.constants[name] = value

    # -- values ----------------------------------------------------------------------------------

    def evaluated(self, node: Node, step: Step | None = None, *, written: bool = False) -> Any:
        """The value of an expression; ``written`` if it is in terms of steps already."""
        code = text(node if written else self._steps.in_steps(node))
        value = self._guarded(lambda: eval(code, {"__builtins__": {}}, self._namespace()), step)
        return value.item() if isinstance(value, np.generic) else value

    def _namespace(self) -> _Namespace:
        """The names of an expression in terms of steps."""
        self._known.update(self._steps.provided)
        ranges = {n: v for n, v in self._steps.constants.items() if isinstance(v, range)}
        self._known.update(ranges)
        return self._known

    def _free(self, name: str) -> object:
        try:
            return self._primals.callable_of(self.listing.resolver.lookup(name))
        except Unresolved as error:
            raise ArgumentError(str(error)) from None

    def _guarded(self, compute: Callable[[], Any], step: Step | None = None) -> Any:
        try:
            return compute()
        except (SrcadError, RecursionError):
            raise
        except Exception as error:
            reason = f"{type(error).__name__}: {error}".rstrip(": ")
            if step is None:
                raise ArgumentError(f"at this point the function raises {reason}") from None
            raise ArgumentError(
                f"at this point `{text(step.expression)}` has no derivative ({reason})"
            ) from None

    def _call_partials(
        self, operation: Operation, operands: list[Node], path: Path
    ) -> dict[int, Node]:
        """The partial derivatives of a call, as numbers: its tangents along each argument."""
        assert operation.callee is not None
        values = [self.evaluated(each) for each in operands]
        kinds = tuple(
            Literal(v) if isinstance(v, bool) else kind_of_value(v) or Literal(v) for v in values
        )
        active = tuple(map(is_continuous, kinds))
        tangent = self._primals.tangent_of(operation.callee, kinds, active)
        given = [v for v, kind in zip(values, kinds, strict=True) if not isinstance(kind, Literal)]
        varied = [n for n, flag in enumerate(active) if flag]
        found: dict[int, Node] = {}
        for n in varied:
            seeds = [float(n == each) for each in varied]
            _, slope = self._guarded(partial(tangent, *given, *seeds))
            found[n] = constant(float(_at(slope, path)))
        return found


def _at(value: Any, path: Path) -> Any:
    for index in path:
        value = value[index]
    return value.item() if isinstance(value, np.generic) else value


class _Namespace(dict[str, object]):
    """The names of an evaluated expression; those that are not known are asked for."""

    def __init__(self, free: Callable[[str], object]) -> None:
        super().__init__()
        self._free = free

    def __missing__(self, name: str) -> object:
        return self._free(name)
