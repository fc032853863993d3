"""Memory that the arguments of one call share, with each other or with the seeds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import srcad
from tests.agreement import MODES, check_gradients, check_products, is_refusal
from tests.oracle import assert_close, directional, gradient

# Until array writes are accepted; from then on a refusal is a failure.
MAY_REFUSE = False


def writes_the_second(x: Any, y: Any) -> Any:
    y += x * x
    return np.sum(y * y)


def writes_the_first(x: Any, y: Any) -> Any:
    x[0] = y[1] * x[0]
    return np.sum(x * y)


def writes_both(x: Any, y: Any) -> Any:
    x[1:] = y[1:] * x[:-1]
    y[0] = x[1]
    return np.sum(x * y)


def writes_through_a_view(x: Any, y: Any) -> Any:
    v = x[1:]
    v[0] *= y[0]
    return np.sum(x * y)


def _doubled(u: Any) -> None:
    u *= 2.0


def writes_in_a_helper(x: Any, y: Any) -> Any:
    _doubled(y)
    return np.sum(x * y)


def writes_if_positive(x: Any, y: Any) -> Any:
    if x[0] > 0:
        y[:] = x
    return np.sum(x * y)


def only_reads(x: Any, y: Any) -> Any:
    return np.sum(x * x * y)


WRITERS = [
    writes_the_second, writes_the_first, writes_both, writes_through_a_view, writes_in_a_helper,
    writes_if_positive,
]  # fmt: skip
BASE = np.array([0.4, 1.2, -0.7, 0.9, -0.2, 0.6, 1.1, 0.3, -0.5])
OVERLAPPING: dict[str, Callable[[Any], tuple[Any, Any]]] = {
    "the same": lambda b: (b, b),
    "shifted by one": lambda b: (b[:-1], b[1:]),
    "one in the other": lambda b: (b, b[:]),
    "reversed": lambda b: (b, b[::-1]),
    "a row and a column": lambda b: (b.reshape(3, 3)[0], b.reshape(3, 3)[:, 0]),
    "strides that meet": lambda b: (b[0:8:4], b[1:5:3]),
}
SEPARATE: dict[str, Callable[[Any], tuple[Any, Any]]] = {
    "halves": lambda b: (b[:4], b[4:8]),
    "interleaved": lambda b: (b[0:8:2], b[1:8:2]),
    "two columns": lambda b: (b.reshape(3, 3)[:, 0], b.reshape(3, 3)[:, 1]),
}
DERIVATIVES: dict[str, Callable[[Callable[..., Any], Any, Any], Any]] = {
    **{
        f"grad, {mode}, {wrt}": lambda f, x, y, m=mode, w=wrt: srcad.grad(f, mode=m, wrt=w)(x, y)
        for mode in MODES
        for wrt in (0, 1, (0, 1))
    },
    "value_and_grad": lambda f, x, y: srcad.value_and_grad(f)(x, y),
    "jvp": lambda f, x, y: srcad.jvp(f, (x, y), (np.ones_like(x), np.ones_like(y))),
    "vjp": lambda f, x, y: srcad.vjp(f, x, y),
}


def _or_refused(check: Callable[..., Any], *args: Any) -> Any:
    try:
        return check(*args)
    except Exception as error:
        if not MAY_REFUSE or not is_refusal(error):
            raise
        return None


@pytest.mark.parametrize("derivative", DERIVATIVES)
@pytest.mark.parametrize("overlap", OVERLAPPING)
@pytest.mark.parametrize("f", WRITERS, ids=lambda f: f.__name__)
def test_arguments_that_overlap_are_refused(f: Any, overlap: str, derivative: str) -> None:
    base = BASE.copy()
    x, y = OVERLAPPING[overlap](base)
    assert np.shares_memory(x, y)
    with pytest.raises(srcad.SrcadError):
        DERIVATIVES[derivative](f, x, y)
    assert np.array_equal(base, BASE)


@pytest.mark.parametrize("derivative", DERIVATIVES)
@pytest.mark.parametrize("overlap", OVERLAPPING)
def test_arguments_that_overlap_may_be_read(overlap: str, derivative: str) -> None:
    base = BASE.copy()
    DERIVATIVES[derivative](only_reads, *OVERLAPPING[overlap](base))
    assert np.array_equal(base, BASE)
    x, y = OVERLAPPING[overlap](base)
    got = srcad.grad(only_reads, wrt=(0, 1))(x, y)
    assert_close(got, (2 * x * y, x * x), 1e-14)


@pytest.mark.parametrize("separate", SEPARATE)
@pytest.mark.parametrize("f", WRITERS, ids=lambda f: f.__name__)
def test_arguments_side_by_side(f: Any, separate: str) -> None:
    """They share a base, but no element."""
    base = BASE.copy()
    x, y = SEPARATE[separate](base)
    assert not np.shares_memory(x, y)
    want = gradient(f, (x, y), (0, 1))
    after = BASE.copy()
    f(*SEPARATE[separate](after))
    for mode in MODES:
        base[:] = BASE
        got = _or_refused(srcad.grad(f, mode=mode, wrt=(0, 1)), x, y)
        if got is not None:
            assert_close(got, want, 1e-9)
            assert np.array_equal(base, after)


@pytest.mark.parametrize("f", WRITERS, ids=lambda f: f.__name__)
def test_the_same_function_on_separate_arguments(f: Any) -> None:
    """Nothing is wrong with the programs but the arguments."""
    args = (BASE[:4], BASE[3:7])
    _or_refused(check_gradients, f, args)
    _or_refused(check_products, f, args)


def writes_and_returns(x: Any, y: Any) -> Any:
    x[1:] *= x[:-1]
    y *= x
    y[0] = x[1]
    return x, y


@pytest.mark.parametrize(
    "tangents",
    [
        pytest.param(lambda x, y: (x, y), id="the primals themselves"),
        pytest.param(lambda x, y: (y, x), id="each other's primal"),
        pytest.param(lambda x, y: (BASE[:4], BASE[:4]), id="one for both"),
        pytest.param(lambda x, y: (BASE[:4], BASE[1:5]), id="overlapping"),
        pytest.param(lambda x, y: (BASE[:4], BASE[3::-1]), id="reversed"),
    ],
)
def test_tangents_that_share_memory(tangents: Any) -> None:
    x, y = BASE[:4].copy(), BASE[4:8].copy()
    want = directional(writes_and_returns, (x, y), tangents(x.copy(), y.copy()))
    before = BASE.copy()
    got = _or_refused(srcad.jvp, writes_and_returns, (x, y), tangents(x, y))
    if got is not None:
        assert_close(got, want, 1e-12)
        assert_close((x, y), want[0], 1e-14)
    assert np.array_equal(BASE, before)


def test_seeds_that_share_memory() -> None:
    x, y = BASE[:4].copy(), BASE[4:8].copy()
    made = _or_refused(srcad.vjp, writes_and_returns, x, y)
    if made is None:
        return
    (v, w), pullback = made
    apart = pullback((BASE[:4].copy(), BASE[1:5].copy()))
    overlapping = BASE.copy()
    assert_close(pullback((overlapping[:4], overlapping[1:5])), apart, 1e-14)
    assert np.array_equal(overlapping, BASE)
    own_values = pullback((v.copy(), w.copy()))
    assert_close(pullback((v, w)), own_values, 1e-14)
    assert_close(pullback((x, y)), own_values, 1e-14)
    one = BASE[2:6].copy()
    assert_close(pullback((one, one)), pullback((one.copy(), one.copy())), 1e-14)


def writes_its_argument(x: Any) -> Any:
    x[0] = x[1] * x[1]
    return np.sum(x * x)


@pytest.mark.parametrize("mode", MODES)
def test_what_cannot_be_written_is_not(mode: str) -> None:
    """A read-only argument raises what NumPy raises, and stays as it is."""
    x = BASE.copy()
    x.flags.writeable = False
    with pytest.raises((ValueError, srcad.SrcadError)):
        srcad.grad(writes_its_argument, mode=mode)(x)
    assert np.array_equal(x, BASE)


@pytest.mark.parametrize("mode", MODES)
def test_an_index_out_of_bounds_is_the_primals_error(mode: str) -> None:
    x = BASE[:1].copy()
    with pytest.raises((IndexError, srcad.SrcadError)):
        srcad.grad(writes_its_argument, mode=mode)(x)
    assert np.array_equal(x, BASE[:1])


@pytest.mark.parametrize("mode", MODES)
def test_integers_are_no_memory_for_floats(mode: str) -> None:
    """An argument of integers is written as NumPy writes it: cut off, and without a derivative."""

    def f(x: Any, k: Any) -> Any:
        k[0] = x[0] * 10
        x[1] = k[0] * x[1]
        return np.sum(x * x)

    x, k = BASE[:3].copy(), np.array([7, 8])
    got = _or_refused(srcad.grad(f, mode=mode), x, k)
    if got is not None:
        assert k.tolist() == [4, 8]
        assert_close(got, np.array([2 * 0.4, 2 * 16 * 1.2, -1.4]), 1e-14)


def running_sum_into(x: Any, n: int) -> Any:
    y = np.zeros(n)
    np.cumsum(x[x > 0.0], out=y)
    return np.sum(y * y)


def rows_into(x: Any, n: int) -> Any:
    y = np.zeros((n, 2))
    np.sum(x[x > 0.0][:, None, None] * x[:2, None], axis=2, out=y)
    return np.sum(y * y)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("f", [running_sum_into, rows_into])
def test_out_of_another_length_raises_as_in_numpy(f: Callable[..., Any], mode: str) -> None:
    x = np.array([1.5, -1.0, -2.0])  # of the length 1, which an assignment would stretch
    derivative = srcad.grad(f, mode=mode)
    assert_close(derivative(x, 1), gradient(f, (x, 1), (0,))[0], 1e-12)
    with pytest.raises(ValueError, match=r"shape|size"):
        f(x, 3)
    with pytest.raises(ValueError, match="out= has not the shape of the result"):
        derivative(x, 3)
