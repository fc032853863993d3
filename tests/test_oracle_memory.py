"""The oracle's memory: it lies as the floats' own does, and carries dual numbers everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.oracle import assert_close, copied, directional, gradient
from tests.oracle.differences import difference
from tests.oracle.memory import Cells, blank, cells, like

BASE = np.arange(24.0).reshape(2, 3, 4)
LAYOUTS = {
    "plain": BASE,
    "transposed": BASE.T,
    "Fortran": np.asfortranarray(BASE[0]),
    "reversed": BASE[::-1, :, ::-1],
    "strided": BASE[:, ::2, 1::2],
    "one row": BASE[:1, 1],
    "single precision": BASE.astype(np.float32)[..., ::-3],
    "no axes": BASE[0, 0, 0, ...],
    "empty": BASE[:0],
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_are_kept(layout: str) -> None:
    a = LAYOUTS[layout]
    objects, floats = cells(a), copied([a])[0]
    assert objects.dtype == object
    assert floats.dtype == a.dtype
    for new in (objects, floats):
        assert np.array_equal(new, a)
        assert not np.shares_memory(new, a)
        if a.size:
            steps = [s // new.itemsize for s in new.strides]
            assert steps == [s // a.itemsize for s in a.strides]
        for view in (lambda x: x.ravel(), lambda x: x.reshape(-1), lambda x: x.T.ravel()):
            assert np.shares_memory(view(new), new) == np.shares_memory(view(a), a)


def test_elements_that_share_memory_get_their_own() -> None:
    a = np.broadcast_to(np.arange(3.0), (2, 3))
    assert not cells(a).flags.writeable
    row, column = blank(a)[0], blank(a)[:, 0]
    assert not np.shares_memory(row[1:], column)
    assert_close(gradient(lambda x: np.sum(x * x * x), (a,)), 3 * a * a)
    assert like(a, float).strides == a.strides


def test_what_is_read_only_stays_so() -> None:
    a = np.ones(3)
    a.flags.writeable = False

    def f(x: Any) -> Any:
        x[0] = 2.0
        return x[0]

    with pytest.raises(ValueError, match="read-only"):
        gradient(f, (a,))


def test_arguments_are_not_written() -> None:
    def f(x: Any, y: Any, k: Any, a: Any) -> Any:
        x[0], y[0], k[0] = y[1], x[1], 7
        a.append(1.0)
        return np.sum(x * y) + k[0]

    args = (np.ones(2), np.ones(2), np.ones(2, int), [])
    before = copied(args)
    gradient(f, args, (0, 1))
    directional(f, args, (None, np.ones(2), None, None))
    assert_close(args, before)


def test_what_is_passed_twice_stays_one() -> None:
    a = np.ones(2)
    x, y = copied([a, a])
    assert x is y
    assert x is not a


CAPTURED = np.array([1.0, 2.0])


def test_captured_arrays_may_be_copied_and_written() -> None:
    def f(x: Any) -> Any:
        y = CAPTURED.copy()
        y[0] = x
        return y[0] * y[1] * CAPTURED[0]

    assert gradient(f, (3.0,)) == 2.0
    assert CAPTURED.dtype == float


MAKERS: dict[str, Callable[[Any], Any]] = {
    "zeros": lambda x: np.zeros(3),
    "zeros of a shape": lambda x: np.zeros((3,), dtype=float),
    "zeros by position": lambda x: np.zeros(3, np.float64),
    "ones": lambda x: np.ones(3),
    "empty": lambda x: np.empty(3),
    "full": lambda x: np.full(3, 2.0),
    "full of a dual": lambda x: np.full(3, x[0]),
    "full of a dual, of floats": lambda x: np.full(3, x[0], dtype=float),
    "zeros_like": lambda x: np.zeros_like(x),
    "ones_like": lambda x: np.ones_like(x, dtype=float),
    "empty_like": lambda x: np.empty_like(x),
    "full_like": lambda x: np.full_like(x, 2.0),
    "full_like a dual": lambda x: np.full_like(x, x[1]),
    "arange": lambda x: np.arange(3.0),
    "linspace": lambda x: np.linspace(0.0, 1.0, 3),
    "eye": lambda x: np.eye(3)[0],
    "array": lambda x: np.array([1.0, 2.0, 3.0]),
    "array of a dual": lambda x: np.array([1.0, x[0], 3.0], dtype=float),
    "copy": lambda x: np.copy(x),
    "asarray": lambda x: np.asarray(x),
    "astype": lambda x: x.astype(float),
    "astype by name": lambda x: x.astype("float64"),
}


@pytest.mark.parametrize("name", MAKERS)
def test_where_memory_comes_from(name: str) -> None:
    make = MAKERS[name]

    def f(x: Any) -> Any:
        y = make(x)
        y[:] = x * x
        y[1:] *= y[:-1]
        y = y.astype(float)
        y += y[0]
        return y

    x, way = np.array([0.5, -1.5, 2.0]), np.array([1.0, 0.5, -1.0])
    _, slope = directional(f, (x,), (way,))
    assert_close(slope, difference(f, (x,), (way,)), 1e-9)


def test_integers_stay_integers() -> None:
    def f(x: Any) -> Any:
        k = np.zeros(3, dtype=int)
        k[0] = x[0]
        k[1:] = x[1:] * 10
        m = np.zeros_like(x, dtype=bool)
        m[:] = x > 0
        return k * x, x.astype(int) * 1.0, m * x

    x = np.array([2.5, -1.25, 0.5])
    value, slope = directional(f, (x,), (np.ones(3),))
    assert_close(value, f(x))
    assert_close(slope, (np.array([2.0, -12.0, 5.0]), np.zeros(3), np.array([1.0, 0.0, 1.0])))


def test_asarray_shares_and_array_does_not() -> None:
    def f(x: Any) -> Any:
        y, z = np.asarray(x), np.array(x)
        y[0] = 2 * x[1]
        return x[0] + z[0] * 10

    assert_close(gradient(f, (np.ones(2),)), np.array([10.0, 2.0]))


def test_out_and_where() -> None:
    def f(x: Any) -> Any:
        y = np.zeros(3)
        z = np.sin(x, out=y)
        np.exp(y, y)
        np.maximum(y, 1.0, out=y, where=x > 0)
        np.multiply(y, x, out=y)
        z[0] *= 2.0
        return y, z is y

    x, way = np.array([0.5, -1.5, 2.0]), np.array([1.0, 0.5, -1.0])
    (value, same), (slope, _) = directional(f, (x,), (way,))
    assert same
    assert_close(value, f(x)[0])
    assert_close(slope, difference(lambda v: f(v)[0], (x,), (way,)), 1e-9)


def test_without_axes() -> None:
    def f(x: Any) -> Any:
        y = np.zeros(())
        z = y
        y += x
        y *= y
        assert isinstance(y, np.ndarray)
        return z[()] * 1.0

    assert gradient(f, (3.0,)) == 6.0
    scalar = np.ones((), object).view(Cells) * 2
    assert not isinstance(scalar, np.ndarray)


def test_differences_keep_the_layout() -> None:
    def f(x: Any) -> Any:
        x.ravel()[0] = 0.0  # a copy, of an array in Fortran's order
        return np.sum(x * x)

    a = BASE[0] + 1.0
    way, every = np.ones(a.shape), float(np.sum(2 * a))
    assert_close(difference(f, (np.asfortranarray(a),), (way,)), every, 1e-9)
    assert_close(difference(f, (a,), (way,)), every - 2.0, 1e-9)
