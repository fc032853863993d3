"""Questions about classes: answered as Python answers them, or refused."""

from __future__ import annotations

from types import NoneType

import numpy as np
import pytest

import srcad
from srcad.errors import ArgumentError, UnsupportedError

MODES = ["forward", "reverse"]
V = np.array([0.3, -1.2, 0.8])


def isinstance_float(x):
    return x * x if isinstance(x, float) else 3 * x


def isinstance_of_several(x):
    return x * x if isinstance(x, (int, float)) else x.sum()


def isinstance_of_a_union(x):
    return x * x if isinstance(x, int | float) else x.sum()


def isinstance_array(x):
    return np.sum(x * x) if isinstance(x, np.ndarray) else x.nothing


def not_an_array(x):
    if not isinstance(x, np.ndarray):
        return x * x
    return x.nothing()


def type_is(x):
    return np.sum(x * x) if type(x) is np.ndarray else 3 * x


def type_is_not(x):
    return 3 * x if type(x) is not np.ndarray else np.sum(x * x)


def has_shape(x):
    return np.sum(x * x) if hasattr(x, "shape") else 3 * x


def is_callable(x):
    return x * x if callable(np.sin) and not callable(np.pi) else 3 * x


def of_a_mode(x, mode="a"):
    return x * x if isinstance(mode, str) else 3 * x


def of_none(x, w=None):
    return x * x if isinstance(w, NoneType) else 3 * x


def matched(x):
    match x:
        case int():
            return 3 * x
        case float(y):
            return y * x
        case _:
            return x


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "function",
    [
        isinstance_float,
        isinstance_of_several,
        isinstance_of_a_union,
        not_an_array,
        is_callable,
        of_a_mode,
        of_none,
        matched,
    ],
)
@pytest.mark.parametrize("x", [0.7, np.float64(0.7)])
def test_of_a_number(function, mode, x):
    assert function(x) == x * x
    assert srcad.grad(function, mode=mode)(x) == 1.4


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("function", [isinstance_array, type_is, type_is_not, has_shape])
def test_of_an_array(function, mode):
    assert np.array_equal(srcad.grad(function, mode=mode)(V), 2 * V)


def of_numpys_floats(x):
    return x * x if isinstance(x, np.floating) else 3 * x


def of_the_exact_class(x):
    return x * x if type(x) is float else 3 * x


def of_a_local(x):
    y = np.sin(x)
    return y * x if isinstance(y, np.floating) else x


def shape_of_a_number(x):
    return x * x if hasattr(x, "shape") else 3 * x


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "function", [of_numpys_floats, of_the_exact_class, of_a_local, shape_of_a_number]
)
@pytest.mark.parametrize("x", [0.7, np.float64(0.7)])
def test_what_tells_numbers_apart_is_refused(function, mode, x):
    with pytest.raises(UnsupportedError, match="tells Python's numbers from NumPy's"):
        srcad.grad(function, mode=mode)(x)


def by_helper(x):
    return isinstance_float(x) * 2


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("function", [isinstance_float, by_helper])
def test_single_precision_numbers_are_refused_where_classes_are_asked_for(function, mode):
    derivative = srcad.grad(function, mode=mode)
    derivative(0.7)
    with pytest.raises(ArgumentError, match="is a float32 of NumPy"):
        derivative(np.float32(0.7))
    srcad.grad(lambda x: x * x, mode=mode)(np.float32(0.7))


def scaled(x, n):
    return x * x if isinstance(n, int) else 3 * x


@pytest.mark.parametrize("mode", MODES)
def test_ints_of_numpy(mode):
    with pytest.raises(ArgumentError, match="n is an int64 of NumPy"):
        srcad.grad(scaled, mode=mode)(0.7, np.int64(3))
    assert srcad.grad(scaled, mode=mode)(0.7, 3) == 1.4


def _quotient(x, d):
    try:
        return x / d["by"]
    except ZeroDivisionError:
        return 3 * x


def test_numpy_divides_by_zero_without_an_error():
    gradient = srcad.grad(_quotient)
    assert [gradient(1.0, {"by": d}) for d in (0.0, 2.0, 0)] == [3.0, 0.5, 3.0]
    for x, d in ((1.0, np.float64(0.0)), (np.float64(1.0), 0.0)):
        with pytest.raises(srcad.ArgumentError, match="divided by zero without an error"):
            gradient(x, {"by": d})
        with pytest.raises(srcad.ArgumentError, match="divided by zero without an error"):
            srcad.vjp(_quotient, x, {"by": d})
