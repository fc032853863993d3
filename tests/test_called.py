"""Functions that look like others: what they are called with is what they take themselves."""

from __future__ import annotations

import functools
import inspect
from typing import Any

import pytest

import srcad
from tests.agreement import MODES


def plain(x: float, y: float, k: float = 5.0) -> float:
    return x * x * y * k


@functools.wraps(plain)
def turned(y: float, x: float, k: float = 2.0) -> float:
    return x * x * y * k


@functools.wraps(plain)
def with_more(x: float, *, n: int = 3) -> float:
    return x * x * n


@functools.wraps(plain)
def starred(*args: float) -> float:
    return args[0] * args[0]


def lying(x: float, y: float = 3.0) -> float:
    return x * x * y


lying.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
    [
        inspect.Parameter("y", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=7.0),
        inspect.Parameter("x", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=8.0),
    ]
)


@pytest.mark.parametrize("mode", MODES)
def test_the_wrappers_own_parameters(mode: str) -> None:
    """``turned(2, 3)`` has y=2 and x=3, and k=2: it is 36."""
    f: Any = turned
    assert list(inspect.signature(f).parameters) == ["x", "y", "k"]
    assert f(2.0, 3.0) == 36.0
    assert srcad.grad(f, mode=mode)(2.0, 3.0) == 18.0
    assert srcad.grad(f, mode=mode, wrt=1)(2.0, 3.0) == 24.0
    assert srcad.grad(f, mode=mode, wrt="x")(2.0, 3.0) == 24.0
    assert srcad.grad(f, mode=mode, wrt="y")(x=3.0, y=2.0) == 18.0
    assert srcad.grad(f, mode=mode, wrt="y")(x=3.0, y=2.0, k=4.0) == 36.0
    assert srcad.grad(with_more, mode=mode)(2.0) == 12.0  # type: ignore[call-arg]
    assert srcad.grad(with_more, mode=mode)(2.0, n=4) == 16.0  # type: ignore[call-arg]
    assert list(inspect.signature(srcad.grad(f)).parameters) == ["y", "x", "k"]


@pytest.mark.parametrize("mode", MODES)
def test_products(mode: str) -> None:
    f: Any = turned
    assert srcad.jvp(f, (2.0, 3.0), (1.0, 0.0)) == (36.0, 18.0)
    value, pullback = srcad.vjp(f, 2.0, 3.0)
    assert (value, pullback(1.0)) == (36.0, (18.0, 24.0))
    second = srcad.grad(srcad.grad(f, mode=mode, wrt=1), mode=mode, wrt=1)
    assert second(2.0, 3.0) == 8.0


@pytest.mark.parametrize("mode", MODES)
def test_called_inside(mode: str) -> None:
    def f(x: float) -> float:
        return turned(2.0, x) + lying(x)

    assert srcad.grad(f, mode=mode)(3.0) == 24.0 + 18.0


@pytest.mark.parametrize("mode", MODES)
def test_a_signature_of_its_own(mode: str) -> None:
    assert srcad.grad(lying, mode=mode)(2.0) == 12.0
    assert srcad.grad(lying, mode=mode, wrt="y")(2.0, 5.0) == 4.0
    assert srcad.grad(lying, mode=mode, wrt="x")(2.0) == 12.0
    assert srcad.grad(lying, mode=mode, wrt="x")(x=2.0, y=1.0) == 4.0


def test_any_number_of_parameters() -> None:
    assert srcad.grad(starred)(2.0) == 4.0  # type: ignore[call-arg]


def test_the_wrappers_own_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is changed is the wrapper, not what it wraps."""
    f: Any = turned
    derivative = srcad.grad(f)
    derivative(2.0, 3.0)
    derivative(2.0, 3.0)
    monkeypatch.setattr(turned, "__defaults__", (10.0,))
    assert derivative(2.0, 3.0) == 90.0
    monkeypatch.setattr(turned, "__code__", plain.__code__)
    with pytest.raises(srcad.SrcadError, match="has other parameters than it had"):
        derivative(2.0, 3.0)
    assert srcad.grad(f)(2.0, 3.0) == 120.0
