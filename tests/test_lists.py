"""Arrays that loops read number by number: read as lists, where that makes no difference.

That the derivatives are right is tested with the corpus (``tests/programs/array_loops.py``).
"""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest

import srcad
from tests.programs import array_loops
from tests.programs.array_points import V3

LISTED = {
    "cubes_and_powers",
    "chain_of_squares",
    "two_arrays",
    "length_named",
    "branch_on_number",
    "numpy_functions_of_numbers",
    "largest_of_pairs",
    "nested_pairs",
    "some_numbers_only",
    "of_one_entry",
    "wraps_around",
    "element_twice_a_trip",
    "index_from_variable",
}
# Python's floats would raise, or add up to another number, or raise another precision.
NOT_LISTED = {
    "sum_of_truths",
    "quotients",
    "with_single_precision",
    # How often the loop is run is not the length of the array.
    "count_given",
    # What a called function does with a number is not looked into.
    "helper_of_numbers",
    "rebound_array",
}


def lists_in(source: str) -> list[str]:
    return [
        ast.unparse(node.func.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "tolist"
    ]


def points_of(name: str) -> tuple[Any, ...]:
    from tests.programs import REGISTRY

    function = getattr(array_loops, name)
    return next(p.points for p in REGISTRY if p.function is function)


@pytest.mark.parametrize("name", sorted(LISTED | NOT_LISTED))
def test_which_are_lists(name: str) -> None:
    gradient = srcad.grad(getattr(array_loops, name))
    gradient(*points_of(name)[0])
    assert bool(lists_in(gradient.source)) == (name in LISTED)


def test_not_without_optimisation() -> None:
    gradient = srcad.grad(array_loops.chain_of_squares, optimize=False)
    gradient(V3)
    assert not lists_in(gradient.source)


@pytest.mark.parametrize("length", [0, 1, 2, 5])
def test_result_is_an_array(length: int) -> None:
    x = np.linspace(0.5, 1.5, length)
    slope = srcad.grad(array_loops.chain_of_squares)(x)
    assert type(slope) is np.ndarray
    assert slope.dtype == np.float64
    assert slope.shape == x.shape
    assert slope.flags.writeable


def test_arguments_are_read_once() -> None:
    x = V3.copy()
    gradient = srcad.grad(array_loops.chain_of_squares)
    first = gradient(x)
    first[:] = 0.0
    x += 1.0
    np.testing.assert_array_equal(gradient(x), srcad.grad(array_loops.chain_of_squares)(x))
    assert gradient(x).all()


def divided(x):
    s = 0.0
    for i in range(len(x)):
        s = s + min(1.0 / x[i], 5.0) * x[0]
    return s


def overflowing(x):
    s = 0.0
    for i in range(len(x)):
        s = s + min(x[i] ** 2, 1.0) * x[0]
    return s


@pytest.mark.parametrize(("program", "own"), [(divided, -2.0), (overflowing, 0.5)])
def test_what_the_primal_does_not_raise_the_derivative_does_not(program: Any, own: float) -> None:
    x = np.array([0.5, 0.0, 1e200])
    with np.errstate(all="ignore"):
        value, slope = srcad.value_and_grad(program)(x)
        assert value == program(x)
    # The first term's own derivative, and that of the factor x[0].
    assert slope[0] == pytest.approx(own + value / x[0], rel=1e-12)


def written(x, y):
    s = 0.0
    for i in range(len(x)):
        y[0] = s
        s = s + x[i] * x[i]
    return s


def test_an_array_that_is_written_may_be_the_one_that_is_read() -> None:
    x = np.array([0.5, 0.25])
    gradient = srcad.grad(written)
    try:
        slope = gradient(x, x)
    except srcad.SrcadError:
        return
    assert not lists_in(gradient.source)
    np.testing.assert_allclose(slope, [0.0, 0.5])


def of_chain(x):
    s = 0.0
    for i in range(len(x) - 1):
        s += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return s


def second_derivative(x: Any, v: Any) -> Any:
    """The Hessian of :func:`of_chain` times v, by hand."""
    h = np.zeros_like(x)
    for i in range(len(x) - 1):
        h[i] += (1200 * x[i] ** 2 - 400 * x[i + 1] + 2) * v[i] - 400 * x[i] * v[i + 1]
        h[i + 1] += 200 * v[i + 1] - 400 * x[i] * v[i]
    return h


@pytest.mark.parametrize("length", [0, 2, 5])
def test_differentiated_again(length: int) -> None:
    x, v = np.linspace(-1.2, 1.3, length), np.linspace(0.3, 1.7, length)
    gradient = srcad.grad(of_chain)
    want = second_derivative(x, v)
    _, forward = srcad.jvp(gradient, (x,), (v,))
    _, pullback = srcad.vjp(gradient, x)
    np.testing.assert_allclose(forward, want, rtol=1e-12)
    np.testing.assert_allclose(pullback(v)[0], want, rtol=1e-12)
    assert lists_in(gradient.source) == ["x"]


def test_tolist_of_a_matrix_is_refused() -> None:
    def f(x):
        t = x.tolist()
        return t[0][0]

    with pytest.raises(srcad.SrcadError, match="only an array of one axis"):
        srcad.grad(f)(np.eye(2))
