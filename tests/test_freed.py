"""Arrays that are let go: a derivative that makes many keeps no more of them than it reads."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import srcad
from srcad.check import check_grads


def long_chain(x, a):
    y = np.sin(x) * a
    v = y[1:]
    z = np.exp(-y * y)
    w = np.cos(z * x) + v.sum()
    u = w * z + np.tanh(y)
    p = u / (1.0 + w * w)
    q = np.sqrt(1.0 + p * p) * x
    r = (q - u) ** 2
    s = np.arctan(r * p) + q
    return (s * s).sum()


def written_and_viewed(x, a):
    y = np.sin(x) * a
    z = y.copy()
    v = z[1:]
    v[:] = v * v + y[:-1]
    w = np.cos(z * x) + v.sum()
    u = w * z + np.tanh(y)
    alias = u
    p = alias / (1.0 + w * w)
    q = np.sqrt(1.0 + p * p) * x
    alias += q
    r = (q - u) ** 2
    s = np.arctan(r * p) + q
    return (s * s).sum()


FUNCTIONS = [long_chain, written_and_viewed]


def arguments(n: int) -> tuple[Any, Any]:
    return np.linspace(0.2, 1.4, n), 0.7


@pytest.mark.parametrize("f", FUNCTIONS)
def test_right_and_again(f: Callable[..., Any]) -> None:
    gradient = srcad.grad(f, wrt=(0, 1))
    first = gradient(*arguments(5))
    again = gradient(*arguments(5))
    plain = srcad.grad(f, wrt=(0, 1), optimize=False)(*arguments(5))
    for one, other, third in zip(first, again, plain, strict=True):
        np.testing.assert_array_equal(one, other)
        np.testing.assert_allclose(one, third, rtol=1e-12)
    assert "    del " in gradient.source
    check_grads(f, arguments(5), order=2)


def test_memory() -> None:
    """Arrays are let go before others are made: fewer are there at any time than are made."""
    n = 20_000
    gradient = srcad.grad(long_chain)
    gradient(*arguments(n))
    lines = [line for line in gradient.source.splitlines() if not line.strip().startswith("del ")]
    namespace: dict[str, Any] = dict(long_chain.__globals__)
    exec("\n".join(lines), namespace)
    kept = peak(namespace["long_chain_grad"], n)
    assert peak(gradient, n) < 0.8 * kept


def peak(function: Callable[..., Any], n: int) -> int:
    tracemalloc.start()
    try:
        function(*arguments(n))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_short_functions_have_none() -> None:
    gradient = srcad.grad(lambda x: (np.sin(x) * x).sum())
    gradient(np.ones(3))
    assert "del" not in gradient.source
