"""check_grads finds each kind of wrong derivative, and passes right ones."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import srcad
from srcad import check
from srcad.rules import rule_of, table


def smooth(x: Any, a: Any) -> Any:
    return math.sin(a * x) * math.exp(x)


def on_arrays(x: Any, w: Any) -> Any:
    return np.tanh(x @ w) + np.sum(x)


def several(x: Any, k: int) -> Any:
    return x * k, np.sum(x * x), 3


def tiny(x: Any) -> Any:
    return 1e-30 * math.sin(x)


def near_an_edge(x: Any) -> Any:
    return math.sqrt(x) * math.asin(1 - x)


def fast(x: Any) -> Any:
    return math.sin(100 * x)


def flagged(x: Any, squared: bool, how: str = "sin", nothing: Any = None) -> Any:
    y = x * x if squared else x
    return math.sin(y) if how == "sin" else math.cos(y)


def named(x: Any, *, k: float = 2.0) -> Any:
    return math.sin(k * x)


def nested(x: Any) -> Any:
    return (x * x, (math.sin(x), 1)), x


def nested_calls(x: Any, n: int) -> Any:
    return np.sin(x) if n == 0 else x * nested_calls(0.5 * x, n - 1) + 1


def recursive(x: Any, n: int) -> Any:
    return np.sum(nested_calls(x, n))


def constant(x: Any) -> Any:
    return x - x


X = np.array([[0.5, -1.5], [2.0, 0.25], [0.0, 1.0]])
W = np.array([[0.5, 1.5, -2.0], [1.0, 0.3, 0.7]])


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize(("f", "args"), [
    (smooth, (0.7, -1.3)), (smooth, (np.float64(0.7), 0.0)), (on_arrays, (X, W)),
    (several, (X, 2)), (several, (X.astype(np.float32), 2)), (tiny, (1.0,)),
    (near_an_edge, (1e-9,)), (near_an_edge, (0.999,)), (fast, (1.0,)), (constant, (2.0,)),
    (named, (0.7,)), (nested, (0.7,)), (recursive, (0.7, 2)),
    (flagged, (0.5, True)), (flagged, (0.5, False, "cos")), (smooth, (1e-12, 3.0)),
    (smooth, (-30.0, 1e-9)), (several, (np.zeros((0, 2)), 2)),
])  # fmt: skip
def test_right_derivatives_pass(f: Callable[..., Any], args: tuple[Any, ...], order: int) -> None:
    srcad.check_grads(f, args, order)


def test_a_recursion_on_arrays() -> None:
    srcad.check_grads(recursive, (X[0], 2), 1)


def test_third_order() -> None:
    srcad.check_grads(smooth, (0.7, 0.3), 3)


def test_a_derivative_is_a_function_too() -> None:
    srcad.check_grads(srcad.grad(smooth), (0.7, 0.3))


def test_the_arguments_stay() -> None:
    x, w = X.copy(), W.copy()
    srcad.check_grads(on_arrays, [x, w])
    assert np.array_equal(x, X)
    assert np.array_equal(w, W)


# -- wrong rules ---------------------------------------------------------------------------------


@pytest.fixture
def broken_rule(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def broken(function: Any, **partials: str) -> None:
        rule = rule_of(function)
        assert isinstance(rule, table.Elementwise)
        wrong = dataclasses.replace(rule, partials={p: (e,) for p, e in partials.items()})
        _, entries = table._BY_OBJECT[id(function)]
        changed = [dataclasses.replace(each, rule=wrong) for each in entries]
        monkeypatch.setitem(table._BY_OBJECT, id(function), (function, changed))

    return broken


def sine(x: Any) -> Any:
    return math.sin(x)


@pytest.mark.parametrize(("mode", "form"), [("forward", "J ẋ"), ("reverse", "⟨Jᵀ ȳ, ẋ⟩")])
@pytest.mark.parametrize(
    "partial", ["-m.cos(x)", "m.cos(x) * (1 + 1e-6)", "m.cos(x) + 1e-6", "0.0", "m.cos(x) * m.nan"]
)
def test_a_wrong_partial(broken_rule: Any, partial: str, mode: str, form: str) -> None:
    broken_rule(math.sin, x=partial)
    with pytest.raises(AssertionError) as error:
        srcad.check_grads(lambda x: math.sin(x), (0.7,), modes=(mode,))
    said = str(error.value)
    assert said.startswith(
        f"<lambda>: the derivative with respect to x, in {mode} mode, at order 1: got {form} = "
    )
    assert "expected" in said
    assert "from finite differences" in said


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_a_small_wrong_derivative(broken_rule: Any, mode: str) -> None:
    """No absolute tolerance: 1e-30 for 2e-30 is wrong."""
    broken_rule(math.sin, x="2 * m.cos(x)")
    with pytest.raises(AssertionError, match="at order 1"):
        srcad.check_grads(lambda x: 1e-30 * math.sin(x), (0.7,), modes=(mode,))


def test_a_wrong_second_derivative(broken_rule: Any) -> None:
    """sin' is right, and cos', which it is made of, is wrong."""
    broken_rule(math.cos, x="m.sin(x)")
    f = lambda x: math.sin(x)
    srcad.check_grads(f, (0.7,), order=1)
    for mode in ("forward", "reverse"):
        with pytest.raises(AssertionError, match=f"in {mode} over {mode} mode, at order 2"):
            srcad.check_grads(f, (0.7,), modes=(mode,))


def test_the_wrong_argument_is_named(broken_rule: Any) -> None:
    broken_rule(math.atan2, a="b / (a ** 2 + b ** 2)", b="a / (a ** 2 + b ** 2)")
    with pytest.raises(AssertionError, match="with respect to width"):
        srcad.check_grads(lambda height, width: math.atan2(height, width), (0.3, 0.4))


# -- one mode wrong, by stand-ins ----------------------------------------------------------------


def _with_jvp(monkeypatch: pytest.MonkeyPatch, change: Callable[[Any, Any], Any]) -> None:
    def jvp(f: Any, primals: Any, tangents: Any) -> Any:
        return change(*srcad.jvp(f, primals, tangents))

    monkeypatch.setattr(check, "jvp", jvp)


def _with_pullback(monkeypatch: pytest.MonkeyPatch, change: Callable[[Any], Any]) -> None:
    def vjp(f: Any, *primals: Any) -> Any:
        value, pullback = srcad.vjp(f, *primals)
        return value, lambda seed: tuple(
            None if each is None else change(each) for each in pullback(seed)
        )

    monkeypatch.setattr(check, "vjp", vjp)


def test_the_two_modes_differ_by_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less than finite differences can see: the adjoint identity sees it."""
    _with_pullback(monkeypatch, lambda adjoint: adjoint * (1 + 1e-8))
    with pytest.raises(AssertionError, match="from ⟨ȳ, J ẋ⟩ with the tangents of forward mode"):
        srcad.check_grads(sine, (0.7,))
    srcad.check_grads(sine, (0.7,), 1, modes=("reverse",))


def test_one_wrong_entry_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    def change(value: Any, tangent: Any) -> Any:
        tangent = tangent.copy()
        tangent[1, 2] *= 1 + 1e-5
        return value, tangent

    _with_jvp(monkeypatch, change)
    with pytest.raises(AssertionError, match="entry 5 of the result: got J ẋ"):
        srcad.check_grads(on_arrays, (X, W))


def test_a_wrong_value(monkeypatch: pytest.MonkeyPatch) -> None:
    _with_jvp(monkeypatch, lambda value, tangent: (value * (1 + 1e-9), tangent))
    with pytest.raises(AssertionError, match=r"got the value 0\.644217"):
        srcad.check_grads(sine, (0.7,))


def test_wrong_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    _with_pullback(monkeypatch, lambda adjoint: np.sum(adjoint))
    with pytest.raises(AssertionError, match=r"got an adjoint of shape \(\), expected \(3, 2\)"):
        srcad.check_grads(on_arrays, (X, W))
    _with_jvp(monkeypatch, lambda value, tangent: (value, np.sum(tangent)))
    with pytest.raises(AssertionError, match=r"got a tangent of shape \(\), expected \(3, 3\)"):
        srcad.check_grads(on_arrays, (X, W))


def test_a_written_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    def vjp(f: Any, *primals: Any) -> Any:
        value, pullback = srcad.vjp(f, *primals)
        primals[1][0, 0] = 0.0
        return value, pullback

    monkeypatch.setattr(check, "vjp", vjp)
    with pytest.raises(AssertionError, match="the call changed its argument w"):
        srcad.check_grads(on_arrays, (X, W))


def test_a_written_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    def vjp(f: Any, *primals: Any) -> Any:
        value, pullback = srcad.vjp(f, *primals)

        def writing(seed: Any) -> Any:
            adjoints = pullback(seed)
            seed *= 2.0
            return adjoints

        return value, writing

    monkeypatch.setattr(check, "vjp", vjp)
    with pytest.raises(AssertionError, match="the pullback writes to its seed"):
        srcad.check_grads(on_arrays, (X, W))


# -- what finite differences cannot follow -------------------------------------------------------


def test_a_step_is_not_smooth() -> None:
    def step(x: Any) -> Any:
        return 0.5 * x if x < 1 else 0.5 * x + 1

    with pytest.raises(AssertionError, match="finite differences"):
        srcad.check_grads(step, (1.0,))


def test_an_edge_of_the_domain() -> None:
    with pytest.raises(AssertionError, match="<lambda> has no finite values around its argument x"):
        srcad.check_grads(lambda x: math.sqrt(x), (0.0,))


def test_wrong_options() -> None:
    with pytest.raises(srcad.ArgumentError, match='mode must be "forward" or "reverse"'):
        srcad.check_grads(sine, (0.7,), modes=("backward",))
    for order in (0, -1, 1.5, "2", True):
        with pytest.raises(srcad.ArgumentError, match="order must be a whole number from 1, not"):
            srcad.check_grads(sine, (0.7,), order)  # type: ignore[arg-type]
    for modes in ("reverse", (), None):
        with pytest.raises(srcad.ArgumentError, match='modes must be a tuple of "forward" and'):
            srcad.check_grads(sine, (0.7,), modes=modes)  # type: ignore[arg-type]
    for args in (0.7, np.ones(2), None):
        with pytest.raises(srcad.ArgumentError, match="args must be a tuple or a list"):
            srcad.check_grads(sine, args)  # type: ignore[arg-type]
    with pytest.raises(srcad.ArgumentError, match="needs an argument of floating point"):
        srcad.check_grads(sine, (1,))


@pytest.mark.parametrize("f", [math.exp, lambda t: 1.0 + 1e-9 * math.exp(t), lambda t: t**9])
def test_the_differences_are_tight(f: Callable[[float], float]) -> None:
    slope = check.differences(lambda t: np.array([f(1.0 + t)]), 2.0**-4)
    assert slope is not None
    want = {True: 9.0}.get(f(2.0) == 512.0, math.e * (1e-9 if f(1.0) < 1.5 else 1.0))
    assert abs(slope.value[0] - want) <= 1e-11 * want + slope.noise[0]
    assert slope.noise[0] < 1e-9 * max(f(1.0), want)
