"""The oracle against a second, slower truth: mpmath at 50 digits, and closed forms."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.oracle import Dual, Mismatch, assert_close, directional, gradient, hessian, primal
from tests.oracle.elementary import MATH, NUMPY, NUMPY_NAMES
from tests.oracle.lift import lift

mpmath = pytest.importorskip("mpmath")
mpmath.mp.dps = 50

# Arguments inside each function's domain; the rest take these.
EVERYWHERE = (-2.3, -0.7, 0.4, 1.9)
DOMAINS = {
    "asin": (-0.8, 0.1, 0.6),
    "acos": (-0.8, 0.1, 0.6),
    "atanh": (-0.8, 0.1, 0.6),
    "acosh": (1.1, 2.5),
    "log": (0.3, 1.7),
    "log2": (0.3, 1.7),
    "log10": (0.3, 1.7),
    "log1p": (-0.4, 0.01, 1.7),
    "sqrt": (0.3, 1.7),
    "cbrt": (0.3, 1.7),
    "gamma": (-1.4, 0.3, 2.2, 6.1),
    "lgamma": (0.3, 2.2, 6.1),
}
# What mpmath calls otherwise or has not.
PRECISE: dict[str, Callable[[Any], Any]] = {
    "exp2": lambda x: mpmath.mpf(2) ** x,
    "log2": lambda x: mpmath.log(x) / mpmath.log(2),
    "log1p": lambda x: mpmath.log(1 + x),
    "expm1": lambda x: mpmath.exp(x) - 1,
    "lgamma": mpmath.loggamma,
}


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize(
    ("library", "name"),
    [pytest.param(lib, name, id=name) for lib in (MATH, NUMPY) for name in vars(lib)],
)
def test_elementary_functions(library: Any, name: str, order: int) -> None:
    function = getattr(library, name)
    precise = PRECISE.get(name) or getattr(mpmath, name)
    for x in DOMAINS.get(name, EVERYWHERE):
        nested = function
        for _ in range(order):
            nested = lambda v, f=nested: gradient(f, (v,))
        want = float(mpmath.diff(precise, mpmath.mpf(x), order))
        if abs(want) < 1e-25:  # mpmath's own rounding: a derivative that is 0
            want = 0.0
        assert_close(float(nested(x)), want, rtol=1e-12, what=f"{name}({x})")


BINARY: dict[str, tuple[Callable[..., Any], tuple[float, float]]] = {
    "add": (lambda x, y: x + y, (1.3, -0.4)),
    "sub": (lambda x, y: x - y, (1.3, -0.4)),
    "mul": (lambda x, y: x * y, (1.3, -0.4)),
    "div": (lambda x, y: x / y, (1.3, -0.4)),
    "pow": (lambda x, y: x**y, (1.3, -0.4)),
    "number": (lambda x, y: 2 - x * 3 + 4 / y - (1 + y) / 2 + 2**x, (1.3, -0.4)),
    "square": (lambda x, y: x**2 * y**3, (-1.3, 0.4)),
}


@pytest.mark.parametrize("name", BINARY)
def test_operators(name: str) -> None:
    f, (x, y) = BINARY[name]
    for i in range(4):
        for j in range(4 - i):
            if i + j == 0:
                continue
            g: Callable[..., Any] = f
            for k in [0] * i + [1] * j:
                g = lambda *a, g=g, k=k: gradient(g, a, k)
            want = float(mpmath.diff(f, (mpmath.mpf(x), mpmath.mpf(y)), (i, j)))
            got = g(x, y)
            assert abs(got - want) <= 1e-12 * max(abs(want), 1e-3), (name, i, j)


def test_two_argument_functions() -> None:
    def f(y: Any, x: Any) -> Any:
        return math.atan2(y, x) + math.hypot(x, y, 1.0) + math.log(x, y) + math.pow(x, y)

    def precise(y: Any, x: Any) -> Any:
        return (
            mpmath.atan2(y, x)
            + mpmath.sqrt(x * x + y * y + 1)
            + mpmath.log(x) / mpmath.log(y)
            + x**y
        )

    point = (0.7, 1.9)
    exact = tuple(mpmath.mpf(c) for c in point)
    assert_close(f(*point), float(precise(*exact)), rtol=1e-14)
    for i in (0, 1):
        orders = [[1, 0], [0, 1]][i]
        want = float(mpmath.diff(precise, exact, tuple(orders)))
        assert_close(gradient(f, point, i), want, rtol=1e-12)
        for j in (0, 1):
            second = list(orders)
            second[j] += 1
            want = float(mpmath.diff(precise, exact, tuple(second)))
            assert_close(hessian(f, point, (0, 1))[i][j], want, rtol=1e-12)


def test_modulo() -> None:
    assert gradient(lambda x, y: x % y, (7.5, 2.0), (0, 1)) == (1.0, -3.0)
    assert gradient(lambda x, y: math.fmod(x, y), (-7.5, 2.0), (0, 1)) == (1.0, 3.0)
    assert gradient(lambda x: divmod(x, 2)[1] + divmod(x, 2)[0] + x // 2, (7.5,)) == 1.0


KINKS = {
    "abs": (lambda x: abs(x), 0.0),
    "fabs": (lambda x: math.fabs(x), 0.0),
    "max": (lambda x: max(x, 0.0), 0.5),
    "max of three": (lambda x: max(x, 0.0, 2 * x), 1.0),
    "min": (lambda x: min([x, -x, 0.0]), 0.0),
    "np.maximum": (lambda x: np.maximum(x, 0.0), 0.5),
    "np.max": (lambda x: np.max(np.array([x, 3 * x])), 2.0),
    "x ** 0": (lambda x: x**0, 0.0),
    "x ** 1": (lambda x: x**1, 1.0),
    "x ** 2": (lambda x: x**2, 0.0),
    "0 ** y": (lambda x: 0.0 ** (x + 1), 0.0),
    "sqrt": (lambda x: math.sqrt(x), math.inf),
    "dead sqrt": (lambda x: np.sum(np.where(np.ones(1) > 2, np.sqrt(x), 3 * x)), 3.0),
}


@pytest.mark.parametrize("name", KINKS)
def test_kinks(name: str) -> None:
    f, want = KINKS[name]
    assert gradient(f, (0.0,)) == want


def test_powers_at_zero_to_third_order() -> None:
    def derivatives(f: Callable[[Any], Any]) -> tuple[float, ...]:
        def first(x: Any) -> Any:
            return gradient(f, (x,))

        def second(x: Any) -> Any:
            return gradient(first, (x,))

        return first(0.0), second(0.0), gradient(second, (0.0,))

    assert derivatives(lambda x: x**1) == (1, 0, 0)
    assert derivatives(lambda x: x**2) == (0, 2, 0)
    assert derivatives(lambda x: x**3) == (0, 0, 6)
    assert derivatives(lambda x: x**3.0) == (0, 0, 6)


def test_steps_have_no_derivative() -> None:
    for step in (int, round, math.floor, math.ceil, math.trunc, lambda x: x // 1, lambda x: x > 1):
        assert gradient(lambda x, step=step: x + step(x), (1.7,)) == 1.0
    assert gradient(lambda x: x + round(x, 1), (1.7,)) == 1.0


def test_nested_perturbations_are_not_confused() -> None:
    # d/dx [x · d/dy (x + y)] = 1, not 2: the inner ε must not meet the outer one.
    assert gradient(lambda x: x * gradient(lambda y: x + y, (1.0,)), (1.0,)) == 1.0


def _helper(x: Any) -> Any:
    return float(x) * 2


def test_everything_a_function_reaches_is_lifted() -> None:
    scale = 3.0

    def inner(x: Any) -> Any:
        return math.sin(x) * scale

    def f(x: Any, k: float = 2.0, *, shift: float = 1.0) -> Any:
        import math as m

        numbers = [inner(float(x)), _helper(x), *(m.cos(e) for e in (x, x))]
        return sum(numbers) * k + shift

    assert lift(f)(0.3) == f(0.3)
    want = 2 * (3 * math.cos(0.3) + 2 - 2 * math.sin(0.3))
    assert_close(gradient(f, (0.3,)), want, rtol=1e-15)


def test_recursion_and_mutual_recursion() -> None:
    def even(x: Any, n: int) -> Any:
        return 1.0 if n == 0 else x * odd(x, n - 1)

    def odd(x: Any, n: int) -> Any:
        return x if n == 1 else math.sin(x) * even(x, n - 1)

    x = 0.8
    want = 2 * math.sin(x) * math.cos(x) * x**3 + math.sin(x) ** 2 * 3 * x**2
    assert_close(gradient(odd, (x, 5)), want, rtol=1e-14)
    assert_close(gradient(even, (x, 6)), want * x + math.sin(x) ** 2 * x**3, rtol=1e-14)


A = np.array([[0.3, -1.2, 2.0], [1.1, 0.4, -0.6]])
B = np.array([0.5, -0.2, 1.5])


def test_arrays() -> None:
    assert_close(gradient(lambda x: np.sum(np.sin(x) * x), (A,)), np.sin(A) + A * np.cos(A))
    assert_close(
        gradient(lambda a, b: np.sum((a @ b) ** 2), (A, B), (0, 1)),
        (2 * np.outer(A @ B, B), 2 * A.T @ (A @ B)),
        rtol=1e-14,
    )
    assert_close(hessian(lambda b: np.dot(b, b) * b[0], (B,), (0,))[0][0][0, 1], 2 * B[1])
    reversed_mean = gradient(lambda b: np.mean(b[::-1] * b[0]), (B,))
    assert_close(reversed_mean, np.array([B.sum() + B[0], B[0], B[0]]) / 3)
    assert_close(gradient(lambda b: np.concatenate([b, b])[4] * 2, (B,)), np.array([0.0, 2.0, 0.0]))


def test_broadcasting_and_shapes() -> None:
    column, row = A[:, :1], B
    got = gradient(lambda c, r: np.sum(np.exp(c * r)), (column, row), (0, 1))
    e = np.exp(column * row)
    assert_close(got, ((e * row).sum(1, keepdims=True), (e * column).sum(0)), rtol=1e-14)
    assert_close(gradient(lambda x: np.sum(x), (np.zeros((0,)),)), np.zeros((0,)))
    assert_close(gradient(lambda x: np.sum(x * x), (np.array(3.0),)), np.array(6.0))


def test_directional_of_several_results() -> None:
    value, tangent = directional(lambda x, b: (x * 2, b * x, 7), (3.0, B), (1.0, None))
    assert_close(value, (6.0, B * 3, 7))
    assert_close(tangent, (2.0, B, 0.0))


def test_steps_by_complex_numbers() -> None:
    # Im f(x + ih) / h: an independent derivative without cancellation, for a whole program.
    def f(x: Any) -> Any:
        s = 0.1
        for i in range(5):
            s = s * s * x + x / (2 + i) + (s if i % 2 else -s)
        return s

    x = 0.9
    assert_close(gradient(f, (x,)), f(complex(x, 1e-30)).imag / 1e-30, rtol=1e-13)
    assert cmath.isfinite(f(x))


def test_a_lost_tangent_is_an_error() -> None:
    with pytest.raises(TypeError, match="lose its tangent"):
        float(Dual(1, 1.0, 1.0))
    with pytest.raises(TypeError):
        math.erf(Dual(1, 1.0, 1.0))
    assert primal(Dual(2, Dual(1, 1.5, 0.0), 1.0)) == 1.5


def test_names_of_numpy() -> None:
    for name in vars(NUMPY):
        spelled = NUMPY_NAMES.get(name, name)
        x = 1.5 if name == "acosh" else 0.4
        ufunc = getattr(np, spelled)
        f = lambda x, u=ufunc: np.sum(u(x))
        by_array = gradient(f, (np.array([x, x]),))
        assert_close(by_array[0], gradient(getattr(NUMPY, name), (x,)), rtol=1e-15)


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (math.nan, 0.0),
        (0.0, math.nan),
        (math.inf, -math.inf),
        (1e-20, 0.0),
        (1.0 + 1e-8, 1.0),
        (np.ones(1), 1.0),
        ((1.0,), 1.0),
        (None, 0.0),
        ((1.0, 1e-9), (1.0, 0.0)),
    ],
)
def test_comparison_is_strict(got: Any, want: Any) -> None:
    with pytest.raises(Mismatch):
        assert_close(got, want)


def test_comparison_accepts() -> None:
    assert_close(math.nan, math.nan)
    assert_close((1.0, 1e-14), (1.0, 0.0))
    assert_close(1.0 + 1e-10, 1.0)
