"""What users call: options, arguments, results, and the object that ``grad`` returns."""

from __future__ import annotations

import inspect
import io
import itertools
import linecache
import math
import os
import pickle
import subprocess
import sys
import textwrap
import threading
import traceback
from math import cos, exp, log, sin
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import srcad

MODES = ("forward", "reverse")
SCALE = 2.0


def product(x: Any, a: Any) -> Any:
    """The product."""
    return x * x * a


def with_default(x: float, a: float = 3.0, *, k: float = 2.0) -> float:
    return x * x * a + k * x


def scaled(x: Any) -> Any:
    return SCALE * x * x


def squares(x: Any) -> Any:
    return np.sum(x * x)


def means_of_nothing(x: Any) -> Any:
    return np.mean(x * x) + x.mean() + np.sum(np.mean(x, axis=0)) + np.var(x) + np.average(x)


def doubled(x: Any) -> Any:
    return x * 2


def logarithm(x: Any) -> Any:
    y = x - 1
    return log(y) * y


def chosen(x: Any, flag: Any, how: Any = "sin", nothing: Any = None) -> Any:
    y = sin(x) if how == "sin" else cos(x)
    if nothing is None and flag:
        return 10 * y
    return y


@srcad.grad
def decorated(x: Any) -> Any:
    """The cube."""
    return x * x * x


@srcad.value_and_grad(mode="forward", wrt="a")
def decorated_with_options(x: Any, a: Any) -> Any:
    return x * a * a


def approx(want: Any) -> Any:
    return pytest.approx(want, rel=1e-14)


# -- wrt -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("wrt", "want"), [
    (0, 12.0), (1, 9.0), (-1, 9.0), (-2, 12.0), ("x", 12.0), ("a", 9.0), ((0,), (12.0,)),
    ((0, 1), (12.0, 9.0)), ((1, 0), (9.0, 12.0)), (("a", 0), (9.0, 12.0)),
    (("x", "a"), (12.0, 9.0)), (np.int64(1), 9.0),
])  # fmt: skip
def test_wrt(mode: Any, wrt: Any, want: Any) -> None:
    got = srcad.grad(product, wrt=wrt, mode=mode)(3.0, 2.0)
    assert got == want
    assert type(got) is type(want)
    value, slope = srcad.value_and_grad(product, wrt=wrt, mode=mode)(3.0, 2.0)
    assert (value, slope) == (18.0, want)


@pytest.mark.parametrize(("wrt", "said"), [
    (2, "wrt=2: product has 2 parameters"),
    (-3, "wrt=-3: product has 2 parameters"),
    ("y", "wrt='y': product has the parameters x, a"),
    ((), "wrt names no argument"),
    ((0, "x"), "wrt names an argument twice"),
    (1.0, "wrt takes a position, a parameter's name or a tuple of them, not 1.0"),
    (True, "wrt takes a position, a parameter's name or a tuple of them, not True"),
    ([0], "wrt takes a position, a parameter's name or a tuple of them, not [0]"),
    (None, "wrt takes a position, a parameter's name or a tuple of them, not None"),
    ((0, (1,)), "wrt takes a position, a parameter's name or a tuple of them, not (1,)"),
])  # fmt: skip
def test_wrong_wrt(wrt: Any, said: str) -> None:
    with pytest.raises(srcad.ArgumentError) as error:
        srcad.grad(product, wrt=wrt)
    assert str(error.value) == said


# -- options ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [srcad.grad, srcad.value_and_grad])
def test_wrong_options(make: Any) -> None:
    for mode in ("reversed", "Forward", "", None, 1):
        with pytest.raises(srcad.ArgumentError, match='mode must be "forward" or "reverse", not'):
            make(product, mode=mode)
        with pytest.raises(srcad.ArgumentError, match='mode must be "forward" or "reverse", not'):
            make(mode=mode)(product)
    with pytest.raises(srcad.ArgumentError, match='names must be "user" or "w", not'):
        make(product, names="v")
    for thing, said in ((3.0, "not a float"), ("f", "not a str"), (np.ones(2), "not a ndarray")):
        with pytest.raises(srcad.ArgumentError, match=f"a function is differentiated, {said}"):
            make(thing)
    with pytest.raises(srcad.SrcadError):
        make(sin)
    with pytest.raises(srcad.SrcadError):
        make(int)
    with pytest.raises(TypeError):
        make(product, 0)


def test_three_ways_to_use_it() -> None:
    assert srcad.grad(product)(3.0, 2.0) == 12.0
    assert srcad.grad(mode="forward")(product)(3.0, 2.0) == 12.0
    assert decorated(2.0) == 12.0
    assert decorated_with_options(3.0, 2.0) == (12.0, 12.0)


def test_as_a_method() -> None:
    class Model:
        @srcad.grad(wrt="x")
        def energy(self, x: Any) -> Any:
            return x * x

    assert Model().energy(3.0) == 6.0
    assert isinstance(Model.energy, srcad.Derivative)


# -- arguments -------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_an_integer_is_refused(mode: Any) -> None:
    derivative = srcad.grad(product, mode=mode)
    for number in (3, np.int64(3), np.int32(3)):
        with pytest.raises(srcad.ArgumentError) as error:
            derivative(number, 2.0)
        assert str(error.value) == (
            "product is differentiated with respect to x, but it is an int: "
            "pass a float (3.0, not 3)"
        )
    with pytest.raises(srcad.ArgumentError, match="an array of dtype i8: pass an array of floats"):
        srcad.grad(squares, mode=mode)(np.arange(3))
    assert derivative(3.0, 2) == 12.0  # not differentiated with respect to this one


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("bad", ["three", None, True, np.bool_(True)])
def test_what_is_no_number_is_refused(mode: Any, bad: Any) -> None:
    with pytest.raises(srcad.ArgumentError):
        srcad.grad(product, mode=mode)(bad, 2.0)


@pytest.mark.parametrize("bad", [
    object(), {1: 2}, {1}, sin, srcad, [1.0], np.array(["a"]), np.array([None]),
    np.ones(3).view(np.recarray), np.ma.ones(3), (1.0, 2.0),
])  # fmt: skip
def test_other_things_are_refused(bad: Any) -> None:
    with pytest.raises(srcad.SrcadError) as error:
        srcad.grad(product)(bad, 2.0)
    assert "x" in str(error.value)
    with pytest.raises(srcad.SrcadError) as error:
        srcad.grad(product)(2.0, bad)
    assert "a" in str(error.value)


@pytest.mark.parametrize("mode", MODES)
def test_keywords_and_defaults(mode: Any) -> None:
    derivative = srcad.grad(with_default, mode=mode)
    assert derivative(2.0) == 14.0
    assert derivative(x=2.0) == 14.0
    assert derivative(2.0, 1.0) == 6.0
    assert derivative(2.0, a=1.0, k=5.0) == 9.0
    assert derivative(k=5.0, a=1.0, x=2.0) == 9.0
    assert srcad.grad(with_default, wrt=("k", "a"), mode=mode)(2.0) == (2.0, 4.0)


@pytest.mark.parametrize(
    ("args", "kwargs", "said"),
    [
        ((), {}, "missing a required argument: 'x'"),
        ((1.0, 2.0, 3.0), {}, "too many positional arguments"),
        ((1.0,), {"y": 2.0}, "unexpected keyword argument 'y'"),
        ((1.0,), {"x": 2.0}, "multiple values for argument 'x'"),
    ],
)
def test_wrong_arguments(args: Any, kwargs: Any, said: str) -> None:
    for _ in range(2):
        with pytest.raises(srcad.ArgumentError, match=said) as error:
            srcad.grad(with_default)(*args, **kwargs)
        assert str(error.value).startswith("with_default(x")


@pytest.mark.parametrize("mode", MODES)
def test_wrong_arguments_after_right_ones(mode: Any) -> None:
    derivative = srcad.grad(product, mode=mode)
    derivative(1.0, 2.0)
    with pytest.raises(srcad.ArgumentError, match="missing a required argument: 'a'"):
        derivative(1.0)
    with pytest.raises(srcad.ArgumentError, match="but it is an int"):
        derivative(1, 2.0)


class Frame:
    """Looks like a pandas object: it has a shape and a dtype, and becomes an array if asked."""

    __module__ = "pandas.core.frame"
    shape, dtype, ndim = (2,), np.dtype(float), 1

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.ones(2)

    def __array_ufunc__(self, *args: Any, **kwargs: Any) -> Any:
        raise AssertionError("it was used")


class Subclass(np.ndarray):
    pass


@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
@pytest.mark.parametrize(("make", "what", "instead"), [
    (lambda: np.matrix([[1.0]]), "a matrix", "np.asarray(x)"),
    (lambda: np.ma.ones(2), "a MaskedArray", "x.filled(...), or the mask as an array of its own"),
    (lambda: np.ones(2).view(Subclass), "a Subclass", "np.asarray(x)"),
    (lambda: np.ones(2, object), "a NumPy array of dtype object", "x.astype(float)"),
    (lambda: np.zeros(2, [("a", float)]), "a NumPy array of dtype [('a', '<f8')]",
     "its fields, each as an array: x['a']"),
    (lambda: np.ones(2, ">f8"), "a NumPy array of dtype >f8",
     'x.astype(x.dtype.newbyteorder("="))'),
    (lambda: np.array(["a"]), "a NumPy array of dtype <U1", ""),
    (lambda: np.array(["2020"], "M8[D]"), "a NumPy array of dtype datetime64[D]", ""),
    (lambda: Frame(), "a Frame", "x.to_numpy()"),
    (lambda: np.longdouble(1.0), "a longdouble",
     "np.array(x): a number is computed with in double precision"),
])  # fmt: skip
def test_arguments_are_refused_by_their_type(make: Any, what: str, instead: str) -> None:
    want = f"argument x is {what}: numbers, NumPy arrays, strings and None are accepted"
    want += f"; pass {instead}" if instead else ""
    for call in (
        lambda x: srcad.grad(product)(x, 2.0),
        lambda x: srcad.grad(product, wrt="a", mode="forward")(x, 2.0),
        lambda x: srcad.jvp(product, (x, 2.0), (x, 1.0)),
        lambda x: srcad.vjp(product, x, 2.0),
    ):
        with pytest.raises(srcad.ArgumentError) as error:
            call(make())
        assert str(error.value) == want


@pytest.mark.parametrize("mode", MODES)
def test_numpy_numbers(mode: Any) -> None:
    for kind in (np.float64, np.float32, np.float16):
        got = srcad.grad(product, mode=mode)(kind(3.0), kind(2.0))
        assert got == 12.0
        assert type(got) is (float if kind is np.float64 else kind)
    assert srcad.grad(product, mode=mode)(np.float64(3.0), np.int64(2)) == 12.0


@pytest.mark.parametrize("mode", MODES)
def test_constants_of_the_specialisation(mode: Any) -> None:
    derivative = srcad.grad(chosen, mode=mode)
    x = 0.3
    assert derivative(x, True) == approx(10 * cos(x))
    assert derivative(x, False) == approx(cos(x))
    assert derivative(x, True, "cos") == approx(-10 * sin(x))
    assert derivative(x, True, "cos", 1.0) == approx(-sin(x))
    assert derivative(x, True) == approx(10 * cos(x))
    assert "cos" in derivative.source
    assert "if" not in derivative.source


@pytest.mark.parametrize("mode", MODES)
def test_a_changed_global_is_seen(monkeypatch: pytest.MonkeyPatch, mode: Any) -> None:
    derivative = srcad.grad(scaled, mode=mode)
    assert derivative(3.0) == 12.0
    monkeypatch.setitem(globals(), "SCALE", 5.0)
    assert derivative(3.0) == 30.0
    assert srcad.jvp(scaled, (3.0,), (1.0,)) == (45.0, 30.0)
    monkeypatch.setitem(globals(), "SCALE", np.array(0.5))
    assert derivative(3.0) == 3.0
    monkeypatch.setitem(globals(), "SCALE", "text")
    with pytest.raises((srcad.SrcadError, TypeError)):
        derivative(3.0)
    monkeypatch.setitem(globals(), "SCALE", 2.0)
    assert derivative(3.0) == 12.0
    assert srcad.jvp(scaled, (3.0,), (1.0,)) == (18.0, 12.0)


def test_a_changed_closure_is_seen() -> None:
    k = 2.0

    def f(x: Any) -> Any:
        return k * x * x

    derivative = srcad.grad(f)
    assert derivative(3.0) == 12.0
    k = 5.0
    assert derivative(3.0) == 30.0


HELPED = 3.0


def helper(x: Any) -> Any:
    return x * HELPED


def calls_a_helper(x: Any) -> Any:
    return helper(x) * abs(x)


def test_a_redefined_function_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    # In a notebook, the cell that defines a helper is run again.
    derivative = srcad.grad(calls_a_helper)
    assert derivative(-2.0) == derivative(-2.0) == 12.0
    monkeypatch.setitem(globals(), "helper", lambda x: x * x)
    assert derivative(-2.0) == derivative(-2.0) == -12.0
    assert srcad.vjp(calls_a_helper, -2.0)[1](1.0) == (-12.0,)
    assert srcad.jvp(calls_a_helper, (-2.0,), (1.0,)) == (8.0, -12.0)
    monkeypatch.setitem(globals(), "abs", lambda x: x)  # it hides the builtin
    assert derivative(-2.0) == derivative(-2.0) == 12.0
    monkeypatch.delitem(globals(), "abs")
    assert derivative(-2.0) == -12.0


def test_a_changed_global_is_seen_by_second_derivatives(monkeypatch: pytest.MonkeyPatch) -> None:
    second = srcad.grad(srcad.grad(scaled))
    assert second(1.0) == 2 * SCALE
    monkeypatch.setitem(globals(), "SCALE", 5.0)
    assert second(1.0) == second(1.0) == 10.0


def test_changed_defaults_are_seen() -> None:
    def f(x: Any, a: Any = 2.0, *, b: Any = 1.0) -> Any:
        return x * a * b

    derivative = srcad.grad(f)
    assert derivative(5.0) == derivative(5.0) == 2.0
    f.__defaults__ = (7.0,)
    assert derivative(5.0) == derivative(5.0) == 7.0
    f.__kwdefaults__ = {"b": 3.0}
    assert derivative(5.0) == derivative(5.0) == 21.0


def sized(x: Any, how: str = "sum", scale: float = 1.0) -> Any:
    y = x * x * scale
    return np.sum(y) if how == "sum" else np.mean(y)


@pytest.mark.parametrize("mode", MODES)
def test_calls_of_all_forms_one_after_another(mode: Any) -> None:
    derivative = srcad.grad(sized, mode=mode)
    calls: list[tuple[Any, dict[str, Any], float]] = [
        ((), {}, 2.0),
        (("mean",), {}, 2.0),
        (("sum", 3.0), {}, 6.0),
        ((), {"scale": 3.0}, 6.0),
        ((), {"scale": np.float64(3.0), "how": "mean"}, 6.0),
        (("sum",), {"scale": 3}, 6.0),
        (("sum", np.float64(3.0)), {}, 6.0),
    ]
    for _ in range(3):  # a form is prepared at its first call
        for x in (np.ones(2), np.ones((1, 3)), np.ones(3, "f4"), np.ones(2)[::-1]):
            for args, kwargs, want in calls:
                size = x.size if (args[:1] or [kwargs.get("how")])[0] == "mean" else 1
                got = derivative(x, *args, **kwargs)
                assert got.dtype == x.dtype
                assert np.array_equal(got, np.full(x.shape, want / size, x.dtype))
                assert np.array_equal(
                    got,
                    derivative(x=x, **dict(zip(("how", "scale"), args, strict=False)), **kwargs),
                )


# -- results ---------------------------------------------------------------------------------------


WHOLE = 3


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("f", [
    lambda x, n: n * x, lambda x, n: WHOLE * x - x * n, lambda x, n: x if n > 5 else n * n * x,
    lambda x, n: x * (not x > n) + (x < n) * x, lambda x, n: bool(n) * x + -n * x,
])  # fmt: skip
def test_the_gradient_of_a_float_is_a_float(f: Any, mode: Any) -> None:
    assert type(srcad.grad(f, mode=mode)(2.0, 2)) is float


ARRAYS = [np.array([3.0]), np.array(3.0), np.zeros(0), np.ones((2, 3)), np.ones((0, 2)), np.eye(1)]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("x", ARRAYS, ids=lambda x: str(x.shape))
def test_a_gradient_is_shaped_as_its_argument(mode: Any, x: Any, dtype: Any) -> None:
    x = x.astype(dtype)
    value, gradient = srcad.value_and_grad(squares, mode=mode)(x)
    assert value == squares(x)
    for got in (gradient, srcad.grad(squares, mode=mode)(x)):
        assert isinstance(got, np.ndarray)
        assert got.dtype == x.dtype
        assert got.shape == x.shape
        assert np.array_equal(got, 2 * x)


PROGRAMS = {
    "identity": (lambda x: np.sum(x), "x"),
    "weights": (lambda x, w: np.sum(x * w), "xw"),
    "sum": (lambda x, w: np.sum(x + w), "xw"),
    "captured": (lambda x: np.sum(x * WEIGHTS), "x"),
    "captured row": (lambda x: np.sum(x * MATRIX[0]), "x"),
    "transposed": (lambda x, w: np.sum(x.T * w), "xw"),
    "product": (lambda x, w: np.sum(x @ w), "xw"),
}
WEIGHTS = np.array([1.0, -2.0, 0.5])
MATRIX = np.array([[1.0, -2.0, 0.5], [1.0, 1.0, 1.0]])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", PROGRAMS)
def test_results_are_the_callers_own(name: str, mode: Any) -> None:
    """A result may be written to: it is no argument, no captured array, no other result."""
    f, parameters = PROGRAMS[name]
    args = [np.array([0.5, 1.5, 2.5]), np.array([2.0, -1.0, 3.0])][: len(parameters)]
    derivative = srcad.grad(f, wrt=tuple(range(len(args))), mode=mode)
    alone = srcad.grad(f, mode=mode)
    first = derivative(*args)
    want = [each.copy() for each in first]
    for one, other in itertools.combinations([*first, *args, WEIGHTS, MATRIX], 2):
        assert not np.shares_memory(one, other)
    for each in (*first, alone(*args)):
        assert each.flags.writeable
        each[...] = 99.0
    for got, expected in zip(derivative(*args), want, strict=True):
        assert np.array_equal(got, expected)


@pytest.mark.parametrize("mode", MODES)
def test_a_result_that_is_no_number_is_refused(mode: Any) -> None:
    with pytest.raises(srcad.ArgumentError) as error:
        srcad.grad(doubled, mode=mode)(np.ones(3))
    assert "grad needs a function that returns one number; doubled returns an array" in str(
        error.value
    )
    with pytest.raises(srcad.ArgumentError, match="returns a tuple"):
        srcad.grad(lambda x: (x, x), mode=mode)(1.0)
    # On lines of their own: Python 3.12.1 keeps no columns of lambdas that return constants.
    for f, what in (
        (lambda x: None, "nothing (None)"),
        (lambda x: "a", "'a'"),
    ):
        calls = (
            srcad.grad(f, mode=mode),
            lambda x, f=f: srcad.vjp(f, x),
            lambda x, f=f: srcad.jvp(f, (x,), (x,)),
        )
        for call in calls:
            with pytest.raises(srcad.ArgumentError) as error:
                call(1.0)
            assert f"returns {what}: it has no derivative" in str(error.value)


@pytest.mark.parametrize("mode", MODES)
def test_an_exception_of_the_primal_is_an_exception(mode: Any) -> None:
    with pytest.raises(ValueError, match="math domain error"):
        srcad.value_and_grad(logarithm, mode=mode)(0.5)


def counted(x: Any, y: Any) -> Any:
    print("one sweep")
    return np.sum(x * x) + np.sum(y * y * y)


@pytest.mark.parametrize("make", [srcad.grad, srcad.value_and_grad])
def test_forward_mode_runs_one_sweep_for_each_entry(make: Any, capsys: Any) -> None:
    for x, y, wrt, want in (
        (np.ones(3), 2.0, 0, 3), (np.ones((2, 3)), 2.0, (0, 1), 7), (np.array(2.0), 1.0, 0, 1),
        (np.ones(3), np.ones(2), (0, 1), 5), (np.ones(3), np.zeros(0), (0, 1), 3),
        (np.zeros(0), np.ones(2), (1, 0), 2), (np.zeros(0), np.ones(2), 0, 1),
        (np.zeros((2, 0)), np.zeros(0), (0, 1), 1), (np.zeros(0), 2.0, (0, 1), 1),
    ):  # fmt: skip
        got = make(counted, mode="forward", wrt=wrt)(x, y)
        assert capsys.readouterr().out == want * "one sweep\n"
        if make is srcad.value_and_grad:
            assert got[0] == counted(x, y)
            capsys.readouterr()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's own, for the mean of nothing
def test_means_of_nothing(shape: Any, mode: Any) -> None:
    value, gradient = srcad.value_and_grad(means_of_nothing, mode=mode)(np.zeros(shape))
    assert np.isnan(value)
    assert (gradient.shape, gradient.dtype) == (shape, float)
    # What is broadcast to nothing has no influence.
    derivative = srcad.value_and_grad(lambda x, y: np.sum(np.mean(x * y, axis=0)), mode=mode)
    for x in (np.ones(1), np.array(1.0), np.ones((1, 1))):
        value, gradient = derivative(x, np.ones((0, 3)))
        assert np.isnan(value)
        assert gradient.shape == x.shape


# -- jvp and vjp -----------------------------------------------------------------------------------


def test_jvp() -> None:
    assert srcad.jvp(product, (3.0, 2.0), (1.0, 0.0)) == (18.0, 12.0)
    assert srcad.jvp(product, [3.0, 2.0], [0.0, 10.0]) == (18.0, 90.0)
    assert srcad.jvp(product, (3.0, 2), (1.0, None)) == (18.0, 12.0)
    assert srcad.jvp(product, (3.0, 2), (1.0, 0)) == (18.0, 12.0)
    assert srcad.jvp(with_default, (2.0,), (1.0,)) == (16.0, 14.0)
    value, tangent = srcad.jvp(lambda x, y: (x * y, x), (3.0, 2.0), (1.0, 0.0))
    assert (value, tangent) == ((6.0, 3.0), (2.0, 1.0))
    x, t = np.array([1.0, 2.0]), np.array([0.5, -1.0])
    value, tangent = srcad.jvp(doubled, (x,), (t,))
    assert np.array_equal(value, 2 * x)
    assert np.array_equal(tangent, 2 * t)
    value, tangent = srcad.jvp(lambda x: x, (x,), (t,))
    assert not np.shares_memory(value, x)
    assert not np.shares_memory(tangent, t)


@pytest.mark.parametrize(("primals", "tangents", "said"), [
    ((3.0, 2.0), (1.0,), "jvp got 2 primals and 1 tangents"),
    (3.0, 1.0, "jvp takes its primals and its tangents as tuples or lists"),
    ((3.0, 2), (1.0, 1.0), "argument 1 is not floating point: its tangent must be 0"),
    ((3.0, 2.0), (np.ones(2), 1.0), "argument 0 must be like its primal, of shape ()"),
    ((np.ones(2), 2.0), (1.0, 1.0), "argument 0 must be like its primal, of shape (2,)"),
    ((np.ones(2), 2.0), (np.ones(3), 1.0), "tangent of argument 0 must be like its primal"),
    ((3.0, 2.0), ("one", 1.0), "tangent of argument 0"),
    ((3.0,), (1.0,), "missing a required argument: 'a'"),
])  # fmt: skip
def test_wrong_tangents(primals: Any, tangents: Any, said: str) -> None:
    with pytest.raises(srcad.ArgumentError) as error:
        srcad.jvp(product, primals, tangents)
    assert said in str(error.value)


def test_nothing_to_differentiate() -> None:
    said = "none of the arguments of product is floating point: there is nothing to differentiate"
    for args in ((3, 2), (np.arange(3), 2), (True, np.int64(2))):
        for call in (
            lambda *a: srcad.vjp(product, *a),
            lambda *a: srcad.jvp(product, a, (None, None)),
        ):
            with pytest.raises(srcad.ArgumentError) as error:
                call(*args)
            assert said in str(error.value)


def test_vjp() -> None:
    value, pullback = srcad.vjp(product, 3.0, 2.0)
    assert value == 18.0
    for seed in (1.0, 10.0, 1.0, 0.0, 2):
        assert pullback(seed) == (12.0 * seed, 9.0 * seed)
    value, pullback = srcad.vjp(product, 3.0, 2)
    assert pullback(1.0) == (12.0, None)
    value, pullback = srcad.vjp(lambda x, y: (x * y, x), 3.0, 2.0)
    assert value == (6.0, 3.0)
    assert pullback((1.0, 10.0)) == (12.0, 3.0)
    assert pullback([1.0, 10.0]) == (12.0, 3.0)
    value, pullback = srcad.vjp(with_default, 2.0)
    assert pullback(1.0) == (14.0,)


def test_a_pullback_of_arrays_keeps_what_it_needs() -> None:
    x = np.array([1.0, 2.0, 3.0])
    value, pullback = srcad.vjp(lambda x: x * x, x)
    x[...] = 0.0
    value[...] = -1.0
    seed = np.ones(3)
    (first,) = pullback(seed)
    assert np.array_equal(first, [2.0, 4.0, 6.0])
    first[...] = 0.0
    (second,) = pullback(10 * seed)
    assert np.array_equal(second, [20.0, 40.0, 60.0])
    assert np.array_equal(seed, np.ones(3))


def looped(x: Any, n: Any) -> Any:
    y = x
    for i in range(n):
        while y < 10.0:
            y = y * y + x
        y = y * sin(y) + i
    return y


def power(x: Any, n: Any) -> Any:
    return 1.0 if n == 0 else x * power(x, n - 1)


@pytest.mark.parametrize("f", [looped, power])
def test_a_pullback_with_a_tape_many_times(f: Any) -> None:
    value, pullback = srcad.vjp(f, 1.5, 3)
    want = srcad.grad(f, mode="forward")(1.5, 3)
    assert value == f(1.5, 3)
    for seed in (1.0, 1.0, 3.0, 1.0):
        assert pullback(seed) == (pytest.approx(seed * want, rel=1e-12), None)


@pytest.mark.parametrize(("f", "args", "seed"), [
    (doubled, (np.ones(3),), np.ones(2)), (doubled, (np.ones(3),), "seed"),
    (product, (1.0, 2.0), np.ones(2)), (product, (1.0, 2.0), "seed"), (product, (1.0, 2.0), None),
    (lambda x: (x, x), (1.0,), 1.0), (lambda x: (x, x), (1.0,), (1.0, 1.0, 1.0)),
])  # fmt: skip
def test_a_wrong_seed(f: Any, args: Any, seed: Any) -> None:
    _, pullback = srcad.vjp(f, *args)
    with pytest.raises(srcad.ArgumentError):
        pullback(seed)


def many_parameters(x: Any, /, a: Any = 1.5, *, n: Any = 3, how: Any = "fast") -> Any:
    return a * x**n if how == "fast" else a * x


TABLE = np.array([1.0, 2.0])


def array_default(x: Any, w: Any = TABLE) -> Any:
    return np.sum(w * x)


def no_default_fits(x: Any, a: Any = None, b: Any = 1.0, c: Any = float("inf")) -> Any:
    return x * b if a is None else x * a * b


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("f", "args", "kwargs", "wanted"),
    [
        (with_default, (2.0,), {}, "(x, a=3.0, *, k=2.0)"),
        (many_parameters, (2.0,), {}, "(x, /, a=1.5, *, n=3)"),
        (many_parameters, (2.0, 2.5), {"how": "slow"}, "(x, /, a=1.5, *, n=3)"),
        (array_default, (2.0,), {}, "(x, w=array([1., 2.]))"),
        (no_default_fits, (2.0,), {}, "(x, b=1.0, c=inf)"),
        # The code is made for a number `a`: it may not be left out.
        (no_default_fits, (2.0, 3.0), {}, "(x, a, b=1.0, c=inf)"),
    ],
)
def test_generated_functions_have_the_defaults(
    f: Any, args: Any, kwargs: Any, wanted: str, mode: Any, tmp_path: Path
) -> None:
    derivative = srcad.grad(f, mode=mode)
    value = derivative(*args, **kwargs)
    assert str(inspect.signature(derivative)) == str(inspect.signature(f))
    alone: dict[str, Any] = {}
    srcad.save(derivative, tmp_path / "alone.py")
    exec((tmp_path / "alone.py").read_text(encoding="utf-8"), alone)
    for generated in (derivative.compiled(*args, **kwargs), alone[f"{f.__name__}_grad"]):
        assert str(inspect.signature(generated)) == wanted
        assert generated(*args) == value
    twice = srcad.grad(derivative, mode=mode)
    assert twice(*args, **kwargs) == srcad.grad(derivative, mode="forward")(*args, **kwargs)


def test_a_default_without_a_text_is_not_saved(tmp_path: Path) -> None:
    large = np.arange(2000.0)

    def f(x: Any, w: Any = large) -> Any:
        return np.sum(w * x)

    derivative = srcad.grad(f)
    assert derivative(2.0) == np.sum(large)
    with pytest.raises(srcad.SrcadError, match="w_default has 2000 entries"):
        srcad.save(derivative, tmp_path / "f.py")
    assert not (tmp_path / "f.py").exists()


# -- the object ------------------------------------------------------------------------------------


def test_it_looks_like_the_function() -> None:
    derivative = srcad.grad(product, wrt="a")
    assert derivative.__name__ == "product"
    assert derivative.__doc__ == "The product."
    assert derivative.__module__ == __name__
    assert derivative.__wrapped__ is product
    assert derivative.primal is product
    assert inspect.signature(derivative) == inspect.signature(product)
    assert repr(derivative) == "<srcad grad of product(x, a): reverse mode, with respect to a>"
    assert repr(srcad.value_and_grad(product, wrt=(0, 1), mode="forward")) == (
        "<srcad value_and_grad of product(x, a): forward mode, with respect to x, a>"
    )
    assert list(derivative.stages) == ["read", "lower", "differentiate", "simplify", "emit"]
    assert all(isinstance(text, str) and text for text in derivative.stages.values())


def test_the_source_before_the_first_call() -> None:
    derivative = srcad.grad(product)
    before = derivative.source
    derivative(3.0, 2.0)
    assert derivative.source == before
    assert before.startswith("def product_grad(x, a):\n")


def test_pickles() -> None:
    plain = srcad.grad(product, wrt=(1,), mode="forward", names="w", ascii=True)
    plain(3.0, 2.0)
    again = pickle.loads(pickle.dumps(plain))
    assert again(3.0, 2.0) == (9.0,)
    assert again.source == plain.source
    assert repr(again) == repr(plain)
    assert pickle.loads(pickle.dumps(decorated)) is decorated
    assert pickle.loads(pickle.dumps(decorated_with_options)) is decorated_with_options
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(srcad.grad(lambda x: x))


def test_dump(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    derivative = srcad.grad(product, dump=True)
    assert capsys.readouterr().out == ""
    derivative(3.0, 2.0)
    assert capsys.readouterr().out == derivative.source
    derivative(4.0, 2.0)
    assert capsys.readouterr().out == ""
    for path in (tmp_path / "one.py", str(tmp_path / "two.py")):
        derivative = srcad.grad(product, dump=path)
        derivative(3.0, 2.0)
        assert Path(path).read_text(encoding="utf-8") == derivative.source
    stream = io.StringIO()
    derivative = srcad.grad(product, dump=stream)
    derivative(3.0, 2.0)
    assert stream.getvalue() == derivative.source
    said = "dump must be True, a path or a text stream, not"
    with pytest.raises(srcad.ArgumentError, match=said):
        srcad.grad(product, dump=io.BytesIO())(3.0, 2.0)
    for dump in (3, 1.0, "", [], object()):  # said at once
        with pytest.raises(srcad.ArgumentError, match=said):
            srcad.grad(product, dump=dump)  # type: ignore[call-overload]
    for dump in (None, False):
        srcad.grad(product, dump=dump)(3.0, 2.0)
        assert capsys.readouterr().out == ""


def test_names() -> None:
    assert "w̄1" in srcad.grad(product, names="w", optimize=False).source
    assert srcad.grad(product, names="w")(3.0, 2.0) == 12.0
    for mode, names in itertools.product(MODES, ("user", "w")):
        derivative = srcad.grad(looped, mode=mode, names=names, ascii=True)
        assert derivative.source.isascii()
        assert derivative(1.5, 2) == srcad.grad(looped, mode=mode)(1.5, 2)
    assert "x_bar" in srcad.grad(product, ascii=True).source


def test_optimize() -> None:
    plain, short = srcad.grad(looped, optimize=False), srcad.grad(looped)
    assert plain(1.5, 2) == approx(short(1.5, 2))
    assert len(plain.source) >= len(short.source)


def test_the_text_does_not_depend_on_hashing() -> None:
    program = textwrap.dedent("""
        import srcad
        from tests.test_api import chosen, looped, power, product
        for f, args in ((product, (1.0, 2.0)), (chosen, (1.0, True)), (looped, (1.5, 2)),
                        (power, (1.5, 2))):
            for mode in ("forward", "reverse"):
                derivative = srcad.value_and_grad(f, mode=mode)
                derivative(*args)
                print(derivative.source, derivative.standalone(), derivative.stages)
    """)
    texts = []
    for seed in ("0", "1", "4711"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True, timeout=120, cwd=Path(__file__).parents[1],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()
        texts.append(done.stdout)
    assert texts[0] == texts[1] == texts[2]


def test_tracebacks_show_generated_lines() -> None:
    derivative = srcad.value_and_grad(logarithm)
    with pytest.raises(ValueError, match="math domain error") as error:
        derivative(0.5)
    frames = traceback.extract_tb(error.value.__traceback__)
    last = frames[-1]
    assert last.filename.startswith("<srcad ")
    assert last.name == "logarithm_grad"
    assert last.line is not None
    assert "log(y)" in last.line
    lines = linecache.getlines(last.filename)
    assert "".join(lines) == derivative.source
    linecache.checkcache()
    assert linecache.getlines(last.filename) == lines
    generated = derivative.compiled(0.5)
    assert inspect.getsource(generated).rstrip() == derivative.source.rstrip()


def scaled_sum(x, y):
    return (x * y).sum()


CHANGING = [
    (np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0])),
    (np.array([1.0, 2.0, 3.0]), np.array([4.0])),
    (np.array([2.0]), np.array([4.0, 5.0, 6.0])),
    (np.array([1.0, 2.0]), np.array([4.0, 5.0])),
    (np.array([1.0, 2.0], np.float32), np.array([4.0, 5.0])),
    (np.array([[1.0, 2.0, 3.0]]), np.array([[4.0], [5.0]])),
    (np.zeros(0), np.zeros(0)),
    (np.array([1.0, 2.0, 3.0]), np.array(2.0)),
]


def test_calls_with_arrays_of_other_forms() -> None:
    # The code for one form of arguments is never run for another, however calls follow each other.
    gradient = srcad.grad(scaled_sum, wrt=(0, 1))
    for x, y in [*CHANGING, *CHANGING[::-1], *CHANGING]:
        of_x, of_y = gradient(x, y)
        assert of_x.shape == x.shape
        assert of_x.dtype == x.dtype
        assert of_y.shape == y.shape
        ones = np.ones(np.broadcast_shapes(x.shape, y.shape))
        np.testing.assert_allclose(of_x.sum(), (ones * y).sum(), rtol=1e-6)
        np.testing.assert_allclose(of_y.sum(), (ones * x).sum(), rtol=1e-6)


def test_the_generated_function() -> None:
    derivative = srcad.grad(product)
    generated = derivative.compiled(3.0, 2.0)
    assert inspect.isfunction(generated)
    assert generated(3.0, 2.0) == 12.0
    assert list(inspect.signature(generated).parameters) == ["x", "a"]


def test_threads() -> None:
    """Sixteen first calls at once."""

    def f(x: Any, n: Any) -> Any:
        y = x
        for _ in range(n):
            y = exp(-y) * x
        return y

    want = [(srcad.grad(f, mode="forward")(0.1 * k, 3), k) for k in range(16)]
    derivative = srcad.grad(f)
    barrier = threading.Barrier(16)
    results: list[tuple[Any, int]] = []

    def run(k: int) -> None:
        barrier.wait()
        slope = derivative(0.1 * k, 3)
        _, pullback = srcad.vjp(f, 0.1 * k, 3)
        assert pullback(1.0)[0] == pytest.approx(slope, rel=1e-12)
        results.append((slope, k))

    threads = [threading.Thread(target=run, args=(k,)) for k in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 16
    for (slope, _), (expected, _) in zip(sorted(results, key=lambda r: r[1]), want, strict=True):
        assert slope == pytest.approx(expected, rel=1e-12, abs=1e-300)


def test_save(tmp_path: Path) -> None:
    path = tmp_path / "saved.py"
    srcad.save(srcad.grad(product), path)
    names: dict[str, Any] = {}
    exec(path.read_text(encoding="utf-8"), names)
    assert names["product_grad"](3.0, 2.0) == 12.0


def test_errors_are_syntax_errors_with_a_place() -> None:
    def f(x: Any) -> Any:
        with open("nowhere"):
            return x

    with pytest.raises(SyntaxError) as error:
        srcad.grad(f)(1.0)
    assert isinstance(error.value, srcad.UnsupportedError)
    assert error.value.filename == __file__
    first = inspect.getsourcelines(f)[1]
    assert error.value.lineno == first + 1


# -- types -----------------------------------------------------------------------------------------


def test_types(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    here = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path),
         "--follow-imports=silent", str(here / "typing_examples.py")],
        capture_output=True, text=True, cwd=here.parent, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def of_three(x: Any) -> Any:
    a, b, c = x * x
    return a * b * c


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("length", [1, 2, 4, 5])
def test_too_many_or_too_few_to_unpack(mode: Any, length: int) -> None:
    x = np.ones(length)
    with pytest.raises(ValueError, match="unpack"):
        of_three(x)
    with pytest.raises(ValueError, match="unpack"):
        srcad.grad(of_three, mode=mode)(x)
    assert srcad.grad(of_three, mode=mode)(np.ones(3)).tolist() == [2.0, 2.0, 2.0]


def grown(x, a):
    return math.exp(x) * a


def by_default(x=np.float32(2.0), a=3.0):  # noqa: B008
    return x * x * a


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_numbers_of_less_precision_have_gradients_of_their_own_type(dtype, mode):
    x = dtype(0.7)
    exact = 2.0 * math.exp(float(x))
    both = srcad.grad(grown, wrt=("a", 0), mode=mode)
    alone = srcad.value_and_grad(grown, mode=mode)
    for _ in range(2):  # the second call goes the quick way
        da, dx = both(x, 2.0)
        assert (type(da), type(dx)) == (float, dtype)
        assert (da, dx) == (math.exp(float(x)), dtype(exact))
        value, dx = alone(x, a=2.0)
        assert (type(value), type(dx), value, dx) == (float, dtype, exact, dtype(exact))
    assert type(both(0.7, 2.0)[1]) is float
    assert type(srcad.grad(grown, wrt="a", mode=mode)(x, 2.0)) is float
    left_out = srcad.grad(by_default, mode=mode)
    assert [type(left_out()) for _ in range(2)] == [np.float32] * 2
    assert type(left_out(2.0)) is float


def test_numbers_of_less_precision_in_products():
    x = np.float32(0.7)
    value, pullback = srcad.vjp(grown, x, 2.0)
    dx, da = pullback(1.0)
    assert (type(dx), type(da), dx) == (np.float32, float, np.float32(value))
    value, tangent = srcad.jvp(grown, (x, 2.0), (np.float32(1.0), 0.0))
    assert value == tangent == 2.0 * math.exp(float(x))  # computed in double precision


def first_power(x: Any, y: Any) -> Any:
    return x**1 + 3 * (x / x) * y


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_a_constant_gradient_is_a_float(mode: Any) -> None:
    gradient = srcad.grad(first_power, mode=mode, wrt=(0, 1))(2.0, 1.0)
    assert gradient == (1.0, 3.0)
    assert [type(each) for each in gradient] == [float, float]


def takes_any_number(x: float, *others: float, **named: float) -> float:
    return x * sum(others)


def test_any_number_of_parameters() -> None:
    assert srcad.jvp(takes_any_number, (1.0, 2.0), (1.0, 0.0)) == (2.0, 2.0)
    assert srcad.vjp(takes_any_number, 1.0, 2.0, 3.0)[1](1.0) == (5.0, 1.0, 1.0)
    assert srcad.grad(takes_any_number).compiled(1.0, 2.0, 3.0)(1.0, 2.0, 3.0) == 5.0
