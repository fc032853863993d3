"""Each check fails when what it checks is broken: a faultless stand-in, broken once each."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests import agreement
from tests.oracle import copied, directional, gradient


class StandIn:
    """srcad's interface, by the oracle; a subclass breaks one thing."""

    def slope(self, f: Any, args: Any, wrt: Any, mode: str, optimize: bool) -> Any:
        if isinstance(wrt, int):
            return _like(gradient(f, args, wrt), args[wrt])
        return tuple(_like(gradient(f, args, k), args[k]) for k in wrt)

    def value(self, f: Any, args: Any) -> Any:
        return copy.deepcopy(f(*args))

    def adjoints(self, f: Any, primals: Any, seed: Any) -> Any:
        wrt = agreement.differentiable_arguments(primals)
        slopes = gradient(lambda *a: np.sum(f(*a) * seed), primals, wrt)
        return tuple(slopes[wrt.index(k)] if k in wrt else None for k in range(len(primals)))

    def grad(self, f: Any, **options: Any) -> Any:
        return lambda *args: self.value_and_grad(f, **options)(*args)[1]

    def value_and_grad(
        self, f: Any, *, wrt: Any, mode: str = "reverse", optimize: bool = True
    ) -> Any:
        def derivative(*args: Any) -> Any:
            slope = self.slope(f, args, wrt, mode, optimize)
            return self.value(f, args), slope

        return derivative

    def jvp(self, f: Any, primals: Any, tangents: Any) -> Any:
        tangent = directional(f, primals, tangents)[1]
        return self.value(f, primals), tangent

    def vjp(self, f: Any, *primals: Any) -> Any:
        kept = copied(primals)
        return self.value(f, primals), lambda seed: self.adjoints(f, kept, seed)


def _like(slope: Any, arg: Any) -> Any:
    return slope.astype(arg.dtype) if isinstance(arg, np.ndarray) else slope


X, N = np.array([0.5, -1.0, 2.0]), 2
X_SINGLE = X.astype(np.float32)


def program(x: Any, n: int) -> Any:
    return np.sum(x * x) * n


def array_program(x: Any, n: int) -> Any:
    return x * n


def writing_program(x: Any, n: int) -> Any:
    x[1:] *= n * x[:-1]
    return x


def scalar_writing_program(x: Any, n: int) -> Any:
    x[0] = n * x[1] * x[0]
    return np.sum(x * x)


def number_program(x: Any, y: Any) -> Any:
    return x * x * y


def _check_all() -> None:
    agreement.check_gradients(program, (X, N))
    agreement.check_gradients(program, (X_SINGLE, N))
    agreement.check_gradients(scalar_writing_program, (X, N))
    agreement.check_all_points(scalar_writing_program, ((X, N), (-X, 1)))
    agreement.check_products(program, (X, N))
    agreement.check_products(array_program, (X, N))
    agreement.check_products(writing_program, (X[::-1], N))
    agreement.check_higher_order(number_program, (0.5, 2.0), 2)


def test_a_faultless_one_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "srcad", StandIn())
    _check_all()


class WrongForward(StandIn):
    def slope(self, f: Any, args: Any, wrt: Any, mode: str, optimize: bool) -> Any:
        slope = gradient(f, args, wrt)
        return _times(slope, 1 + 1e-8) if mode == "forward" else slope


class WrongUnoptimised(StandIn):
    def slope(self, f: Any, args: Any, wrt: Any, mode: str, optimize: bool) -> Any:
        return _times(gradient(f, args, wrt), 1.0 if optimize else -1.0)


class NotANumber(StandIn):
    def slope(self, f: Any, args: Any, wrt: Any, mode: str, optimize: bool) -> Any:
        return _times(gradient(f, args, wrt), np.nan)


class WrongValue(StandIn):
    def value(self, f: Any, args: Any) -> Any:
        return f(*args) + 1e-9


class OtherAtTheSecondCall(StandIn):
    calls = 0.0

    def slope(self, f: Any, args: Any, wrt: Any, mode: str, optimize: bool) -> Any:
        self.calls += 1e-15
        return _times(gradient(f, args, wrt), 1 + self.calls)


class WritesItsArgument(StandIn):
    def value(self, f: Any, args: Any) -> Any:
        value = super().value(f, args)
        if isinstance(args[0], np.ndarray):
            args[0][0] += 1.0
        return value


class LeavesItsArgument(StandIn):
    """The gradient does not write to the argument, though the primal does."""

    def grad(self, f: Any, **options: Any) -> Any:
        return lambda *args: self.value_and_grad(f, **options)(*copied(args))[1]


class LeavesThePrimal(StandIn):
    def jvp(self, f: Any, primals: Any, tangents: Any) -> Any:
        return super().jvp(f, copied(primals), tangents)


class WritesTwice(StandIn):
    def value(self, f: Any, args: Any) -> Any:
        value = super().value(f, args)
        f(*args)
        return value


class OtherType(StandIn):
    def slope(self, f: Any, args: Any, wrt: Any, mode: str, optimize: bool) -> Any:
        return gradient(f, args, wrt)


class KeepsTheArguments(StandIn):
    def vjp(self, f: Any, *primals: Any) -> Any:
        kept = primals if f is program else copied(primals)
        return self.value(f, primals), lambda seed: self.adjoints(f, kept, seed)


class KeepsTheResult(StandIn):
    def adjoints(self, f: Any, primals: Any, seed: Any) -> Any:
        if not hasattr(self, "kept"):
            self.kept = super().adjoints(f, primals, seed)
        return self.kept


class WritesToTheSeed(StandIn):
    def adjoints(self, f: Any, primals: Any, seed: Any) -> Any:
        adjoints = super().adjoints(f, primals, seed)
        if isinstance(seed, np.ndarray):
            seed[0] = 0.0
        return adjoints


class ReturnsItsArgument(StandIn):
    def value(self, f: Any, args: Any) -> Any:
        value = f(*args)
        return args[0] if isinstance(value, np.ndarray) and value is args[0] else value


class ReturnsItsSeed(StandIn):
    def adjoints(self, f: Any, primals: Any, seed: Any) -> Any:
        adjoints = super().adjoints(f, primals, seed)
        return (seed, *adjoints[1:]) if isinstance(seed, np.ndarray) else adjoints


class WrongAdjoint(StandIn):
    def adjoints(self, f: Any, primals: Any, seed: Any) -> Any:
        first, *rest = super().adjoints(f, primals, seed)
        return (first[::-1], *rest)


class AdjointOfAnInt(StandIn):
    def adjoints(self, f: Any, primals: Any, seed: Any) -> Any:
        return tuple(0.0 if a is None else a for a in super().adjoints(f, primals, seed))


class WrongTangent(StandIn):
    def jvp(self, f: Any, primals: Any, tangents: Any) -> Any:
        value, tangent = super().jvp(f, primals, tangents)
        return value, tangent * 0


class WrongSecondOrder(StandIn):
    def grad(self, f: Any, *, wrt: Any, mode: str = "reverse", optimize: bool = True) -> Any:
        derivative: Callable[..., Any] = super().grad(f, wrt=wrt, mode=mode, optimize=optimize)
        nested = not hasattr(f, "__globals__") or f.__name__ == "<lambda>"
        if not nested:
            return derivative
        return lambda *args: _times(derivative(*args), 2.0 if mode == "forward" else 1.0)


def _times(x: Any, factor: float) -> Any:
    return tuple(e * factor for e in x) if isinstance(x, tuple) else x * factor


@pytest.mark.parametrize("broken", [
    WrongForward, WrongUnoptimised, NotANumber, WrongValue, OtherAtTheSecondCall, WritesItsArgument,
    LeavesItsArgument, LeavesThePrimal, WritesTwice, OtherType, KeepsTheArguments, KeepsTheResult,
    WritesToTheSeed, ReturnsItsArgument, ReturnsItsSeed, WrongAdjoint, AdjointOfAnInt, WrongTangent,
    WrongSecondOrder,
])  # fmt: skip
def test_a_broken_one_is_noticed(monkeypatch: pytest.MonkeyPatch, broken: type[StandIn]) -> None:
    monkeypatch.setattr(agreement, "srcad", broken())
    with pytest.raises(AssertionError):
        _check_all()
