"""Each check fails when what it checks is broken: a faultless stand-in, broken once each."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests import agreement
from tests.oracle import directional, gradient


class StandIn:
    """srcad's interface, by the oracle; a subclass breaks one thing."""

    def slope(self, f: Any, args: Any, wrt: Any, mode: str, optimize: bool) -> Any:
        return gradient(f, args, wrt)

    def value(self, f: Any, args: Any) -> Any:
        return f(*copy.deepcopy(args))

    def adjoints(self, f: Any, primals: Any, seed: Any) -> Any:
        wrt = agreement.differentiable_arguments(primals)
        slopes = gradient(lambda *a: np.sum(f(*a) * seed), primals, wrt)
        return tuple(slopes[wrt.index(k)] if k in wrt else None for k in range(len(primals)))

    def grad(self, f: Any, *, wrt: Any, mode: str = "reverse", optimize: bool = True) -> Any:
        return lambda *args: self.slope(f, args, wrt, mode, optimize)

    def value_and_grad(self, f: Any, **options: Any) -> Any:
        return lambda *args: (self.value(f, args), self.grad(f, **options)(*args))

    def jvp(self, f: Any, primals: Any, tangents: Any) -> Any:
        return self.value(f, primals), directional(f, primals, tangents)[1]

    def vjp(self, f: Any, *primals: Any) -> Any:
        return self.value(f, primals), lambda seed: self.adjoints(f, primals, seed)


X, N = np.array([0.5, -1.0, 2.0]), 2


def program(x: Any, n: int) -> Any:
    return np.sum(x * x) * n


def array_program(x: Any, n: int) -> Any:
    return x * n


def number_program(x: Any, y: Any) -> Any:
    return x * x * y


def _check_all() -> None:
    agreement.check_gradients(program, (X, N))
    agreement.check_products(program, (X, N))
    agreement.check_products(array_program, (X, N))
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
    def slope(self, f: Any, args: Any, wrt: Any, mode: str, optimize: bool) -> Any:
        slope = gradient(f, args, wrt)
        if isinstance(args[0], np.ndarray):
            args[0][0] += 1.0
        return slope


class ReturnsItsArgument(StandIn):
    def value(self, f: Any, args: Any) -> Any:
        value = f(*args)
        if isinstance(value, np.ndarray):
            args[0][...] = value
            return args[0]
        return value


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
    ReturnsItsArgument, ReturnsItsSeed, WrongAdjoint, AdjointOfAnInt, WrongTangent,
    WrongSecondOrder,
])  # fmt: skip
def test_a_broken_one_is_noticed(monkeypatch: pytest.MonkeyPatch, broken: type[StandIn]) -> None:
    monkeypatch.setattr(agreement, "srcad", broken())
    with pytest.raises(AssertionError):
        _check_all()
