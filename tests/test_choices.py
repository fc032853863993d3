"""What a choice drops does not poison: in both modes, to second order."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import srcad
from tests.agreement import MODES

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
NAN, INF = np.nan, np.inf


def entropy(x):
    return np.sum(np.where(x > 0, x * np.log(x), 0.0))


def other_side(x):
    return np.sum(np.where(x <= 0, -x, np.sqrt(x) ** 3))


def named_condition(x):
    r = np.sqrt(x)
    good = r > 0
    return np.sum(np.where(good, 1 / r, 0.5) * x)


def missing_data(x):
    data = np.where(x > 2, NAN, 3.0)
    return np.sum(np.where(np.isnan(data), 0.0, (x * data - 1) ** 2))


def nested(x):
    inner = np.where(x > 1, np.log(x - 1), x * x)
    return np.sum(np.where(x > 0, inner * np.log(x), 5 * x))


def used_elsewhere(x):
    y = np.sqrt(x)
    return np.sum(np.where(x > 0, 1 / y, 3 * x)) + np.sum(y)


def of_whole_operation(x):
    m = np.where(x > 0, np.log(x), 0.0) * np.ones((2, 3))
    return np.sum(np.where(m > 0, (m @ np.ones((3, 3))) ** 2, m))


def in_a_loop(x):
    s = 0.0
    for k in range(3):
        s = s + np.sum(np.where(x > k, np.sqrt(x - k), x * k))
    return s


def in_a_branch(x):
    y = x
    if np.sum(x) > 0:
        y = np.where(x > 0, np.sqrt(x), 2 * x)
    return np.sum(y * y * y)


def chosen(x, k):
    return np.select([x > k, x > 0], [np.sqrt(x - k), np.log(x)], x * x)


def in_a_function(x):
    return np.sum(chosen(x, 1.0) * x)


def doubled(x):
    return 2 * x


def used_by_a_function(x):
    y = np.log(x + 3)
    return np.sum(np.where(x > 0, np.sqrt(x) * y, 0.0)) + np.sum(doubled(y))


def clamped_log(x):
    return np.sum(np.maximum(np.log(x), -5.0))


def clipped(x):
    return np.sum(np.clip(np.log(x), -2.0, 0.5) * x)


def smallest(x):
    return np.sum(np.minimum(np.exp(400 * x), 7.0 + x))


def root_of_positive_part(x):
    return np.sum(np.sqrt(np.maximum(x, 0.0)))


def root_of_clipped(x):
    return np.sum(np.clip(x, 0.0, 4.0) ** 0.5)


def roots(x):
    return np.sum(np.sqrt(x) * np.cbrt(x)) + np.sum(np.arccos(1 - x / 2))


def replaced(x):
    return np.sum(np.nan_to_num(np.log(x), neginf=-9.0) * x)


def read_in_part(x):
    w = 2 * np.log(x)
    return np.sum(w[1:] * x[1:])


def read_in_all_parts(x):
    w = np.sqrt(x)
    return np.sum(w[:1] * x[1:]) + np.sum(w[1:] ** 2)


def read_in_all_parts_but_one_of_them_in_part(x):
    w = np.sqrt(x)
    u, v = w[:2], w[2:]
    return np.sum(u[1:]) + np.sum(v)


def read_in_parts_of_changing_bounds(x):
    n = 1
    w = np.sqrt(x)
    u = w[:n]
    n = 2
    return np.sum(u) + np.sum(w[n:])


def read_in_parts_in_two_branches(x):
    w = np.sqrt(x)
    if x[1] > 5:
        u = w[:2]
    else:
        u = w[2:]
    return np.sum(u)


def one_entry(x):
    return np.sqrt(x)[1] * x[1] + np.max(np.log(x)) + np.take(np.cbrt(x), [1])[0]


def written(x):
    y = np.zeros(3)
    y[:] = np.where(x > 0, x * np.log(x), 0.0)
    y[1:] += np.where(x[1:] > 1, 1 / (x[1:] - 1), 2.0)
    y[0] = y[0] * y[2]
    return np.sum(y * y)


def condition_that_is_written(x):
    c = x > 0
    y = np.where(c, np.sqrt(x), 0.0)
    c[2] = False
    return np.sum(y) + np.sum(np.where(c, np.log(x), 0.0))


def squares_but_nan(x):
    data = np.where(x > 2, NAN, x)
    return np.nansum((data * x) ** 2) + np.nanmax(np.exp(data))


def overwritten(x):
    y = np.sqrt(x)
    y[np.isnan(y)] = 0.0
    return np.sum(y)


def overwritten_later(x):
    y = np.sqrt(x)
    z = y * y + y**3
    z[x < 0] = 0.0
    return np.sum(z[::-1])


def overwritten_in_a_copy(x):
    y = np.log(x)
    z = y.copy()
    z[x <= 0] = 0.0
    return np.sum(z)


def overwritten_through_a_view(x):
    y = np.sqrt(x)
    v = y[:1]
    v[0] = x[1]
    return np.sum(y)


def product_read_in_part(x):
    y = np.sqrt(x)
    z = y * y
    return z[1:].sum()


def inside_another(x):
    data = np.where(x > 2, NAN, 3.0)
    return np.sum(np.where(np.isnan(data), 0.0, np.maximum(x * data, 0.0)))


# A function, a point, and the derivative there.
CASES: list[tuple[Any, list[float], list[float]]] = [
    (entropy, [0.0, 1.0, 2.0], [0.0, 1.0, 1 + np.log(2)]),
    (other_side, [0.0, -1.0, 4.0], [-1.0, -1.0, 3.0]),
    (named_condition, [0.0, 1.0, 4.0], [0.5, 0.5, 0.25]),
    (missing_data, [3.0, 1.0], [0.0, 12.0]),
    (nested, [-1.0, 0.5, 3.0], [
        5.0, 2 * 0.5 * np.log(0.5) + 0.5, np.log(3) / 2 + np.log(2) / 3
    ]),
    (used_elsewhere, [0.0, 4.0], [INF, 0.25 - 0.5 / 8]),
    (in_a_loop, [0.0, 1.0, 2.0], [
        3.0, 0.5 + 1 + 2, 0.5 / np.sqrt(2) + 0.5 + 2
    ]),
    (in_a_branch, [0.0, 1.0], [0.0, 1.5]),
    (in_a_function, [-1.0, 0.5, 1.0, 3.0], [
        3.0, np.log(0.5) + 1, 1.0, 0.5 * 3 / np.sqrt(2) + np.sqrt(2)
    ]),
    (used_by_a_function, [0.0, 1.0], [2 / 3, 0.5 * np.log(4) + 1 / 4 + 2 / 4]),
    (read_in_part, [0.0, 2.0], [0.0, 2 * np.log(2) + 2]),
    (read_in_all_parts, [4.0, 1.0], [0.25, 3.0]),
    (read_in_all_parts_but_one_of_them_in_part, [0.0, 1.0, 4.0], [0.0, 0.5, 0.25]),
    (read_in_parts_of_changing_bounds, [1.0, 0.0, 4.0], [0.5, 0.0, 0.25]),
    (read_in_parts_in_two_branches, [0.0, 0.0, 4.0], [0.0, 0.0, 0.25]),
    (one_entry, [0.0, 1.0], [0.0, 1.5 + 1 + 1 / 3]),
    (squares_but_nan, [3.0, 1.0], [0.0, 4 + np.e]),
    (inside_another, [3.0, 1.0], [0.0, 3.0]),
    (clamped_log, [0.0, 2.0], [0.0, 0.5]),
    (clipped, [0.0, 1.0, 9.0], [-2.0, 1.0, 0.5]),
    (smallest, [5.0, 0.0], [1.0, 400.0]),
    (root_of_positive_part, [-1.0, 4.0], [0.0, 0.25]),
    (overwritten, [-1.0, 4.0], [0.0, 0.25]),
    (overwritten_later, [-1.0, 4.0], [0.0, 4.0]),
    (overwritten_in_a_copy, [-1.0, 0.0, 4.0], [0.0, 0.0, 0.25]),
    (overwritten_through_a_view, [0.0, 4.0], [0.0, 1.25]),
    (product_read_in_part, [-1.0, 4.0], [0.0, 1.0]),
    (root_of_clipped, [-1.0, 1.0, 9.0], [0.0, 0.5, 0.0]),
]  # fmt: skip


@pytest.mark.parametrize("optimize", [True, False])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("f", "x", "want"), CASES)
def test_gradient(f: Any, x: list[float], want: list[float], mode: Any, optimize: bool) -> None:
    got = srcad.grad(f, mode=mode, optimize=optimize)(np.array(x))
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=0)


@pytest.mark.parametrize("mode", MODES)
def test_what_does_not_move(mode: Any) -> None:
    """An infinite slope at one entry leaves the others alone."""
    x = np.array([0.0, 1.0])
    got = srcad.grad(roots, mode=mode)(x)
    want = 5 / 6 + 0.5 / np.sqrt(1 - 0.25)
    assert got[0] == INF or np.isnan(got[0])
    np.testing.assert_allclose(got[1], want, rtol=1e-12)


@pytest.mark.parametrize("modes", [(a, b) for a in MODES for b in MODES])
def test_second_order(modes: tuple[Any, Any]) -> None:
    """Of the sum of the gradient's entries, along x: x log x has 1 / x."""
    first = srcad.grad(along, mode=modes[0], wrt="s")
    second = srcad.grad(first, mode=modes[1], wrt="s")
    got = second(0.0, np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 1.0]))
    np.testing.assert_allclose(got, 1.5, rtol=1e-12)


def along(s, x, v):
    y = x + s * v
    return np.sum(np.where(y > 0, y * np.log(y), 0.0))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("f", [of_whole_operation, written, condition_that_is_written])
def test_against_differences(f: Any, mode: Any) -> None:
    x = np.array([0.0, 2.0, 3.0])
    step = 1e-6
    got = srcad.grad(f, mode=mode)(x)
    assert got[0] == 0.0
    for k in (1, 2):
        h = step * np.eye(3)[k]
        np.testing.assert_allclose(got[k], (f(x + h) - f(x - h)) / (2 * step), rtol=1e-8)


def test_nothing_is_left_out_by_parts_that_are_all() -> None:
    """No product is guarded against entries that nobody reads, where there are none."""
    gradient = srcad.grad(read_in_all_parts)
    gradient(np.array([4.0, 1.0]))
    assert "np.where" not in gradient.source
    gradient = srcad.grad(read_in_part)
    gradient(np.array([4.0, 1.0]))
    assert "np.where" in gradient.source


def number(x):
    return np.where(x > 0, np.log(x) * x, 0.0) + np.where(x < 1, np.sqrt(1 - x), x * x)


def of_several(x):
    return np.select([x > 0, x < -1], [np.log(x), 1 / np.sqrt(-x - 1)], 0.5 * x)


def nested_numbers(x):
    y = x * x
    return np.where(y > 1, np.log(np.sqrt(y) - 1), 2.0 * y)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("optimize", [True, False])
@pytest.mark.parametrize(
    ("f", "x", "want"),
    [
        *((number, 0.0, -0.5), (number, 1.0, 3.0), (number, 2.0, math.log(2) + 5)),
        *((of_several, 0.0, 0.5), (of_several, -1.0, 0.5), (of_several, 2.0, 0.5)),
        *((nested_numbers, 1.0, 4.0), (nested_numbers, 0.0, 0.0), (nested_numbers, 2.0, 1.0)),
    ],
)
def test_numbers(f: Any, x: float, want: float, mode: Any, optimize: bool) -> None:
    """What is dropped is not divided by either: Python's numbers would raise."""
    with np.errstate(divide="ignore", invalid="ignore"):
        got = srcad.grad(f, mode=mode, optimize=optimize)(x)
    assert got == pytest.approx(want, rel=1e-13, abs=0.0)


def unread_number(x):
    root = np.sqrt(x[0])
    if root > 0:
        return 2 * root + x[1]
    return 3.0 * x[0] + x[1]


def unread_array(x):
    root = np.sqrt(x) * 2
    return np.sum(root) if np.sum(x) > 5 else np.sum(3.0 * x)


def unread_on_some_trips(x):
    s = 0.0
    for i in range(len(x)):
        root, log = np.sqrt(x[i]), np.log(x[i])
        if x[i] > 0:
            s += root + log
        elif i > 5:
            s += log
        else:
            s += 3.0 * x[i]
    return s


def one_of_two_names(x):
    inverse = 1 / x
    chosen = inverse if x[1] > 5 else 3.0 * x
    return np.sum(chosen)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("optimize", [True, False])
@pytest.mark.parametrize(
    ("f", "want"),
    [
        *((unread_number, [3.0, 1.0]), (unread_array, [3.0, 3.0])),
        *((unread_on_some_trips, [3.0, 1.5]), (one_of_two_names, [3.0, 3.0])),
    ],
)
def test_what_a_path_does_not_read(f: Any, want: list[float], mode: Any, optimize: bool) -> None:
    """Its slope is infinite, or nan."""
    got = srcad.grad(f, mode=mode, optimize=optimize)(np.array([0.0, 1.0]))
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=0)


def test_nothing_is_guarded_that_all_paths_read() -> None:
    def f(x):
        y = 1 / x
        return y * y if x > 1 else 3 * y

    gradient = srcad.grad(f)
    assert gradient(2.0) == -0.25
    assert "!=" not in gradient.source
