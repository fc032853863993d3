"""What is saved of an array of which the reverse sweep asks the shape only."""

from typing import Any

import numpy as np
import pytest

import srcad
from srcad.check import check_grads


def gates(w, x, h):
    n = len(h)
    for t in range(len(x)):
        z = np.sin(x[t] * w + h[0])
        i = np.exp(-z[:n])
        g = np.tanh(z[n:])
        h = i * g
    return (h * h).sum()


def of_several_lengths(w, x):
    s = 0.0
    for t in range(1, len(x)):
        z = np.sin(x[t] * w[:t])
        u, v = np.exp(z[:1]), np.tanh(z[1:])
        s += u @ u + v @ v
    return s


def in_branches(w, x):
    s = 0.0
    for t in range(1, len(x)):
        if x[t] > 0.3:
            z = np.sin(x[t] * w[:t])
            u, v = np.exp(z[:1]), np.tanh(z[1:])
            s += u @ u + v @ v
    return s


def read_too(w, x):
    s = 0.0
    for t in range(1, len(x)):
        z = np.exp(x[t] * w[:t])
        u, v = np.exp(z[:1]), np.tanh(z[1:])
        s += u @ u + v @ v
    return s


X = np.array([0.3, 0.5, -0.2, 0.9])
CASES: list[tuple[Any, tuple[Any, ...], bool]] = [
    (gates, (np.linspace(0.1, 0.7, 4), X, np.array([0.2, 0.4])), True),
    (of_several_lengths, (np.linspace(0.1, 0.7, 4), X), True),
    (in_branches, (np.linspace(0.1, 0.7, 4), X), True),
    (read_too, (np.linspace(0.1, 0.7, 4), X), False),
]


@pytest.mark.parametrize(("f", "arguments", "saves_shapes"), CASES)
def test_right(f: Any, arguments: tuple[Any, ...], saves_shapes: bool) -> None:
    wrt = tuple(range(len(arguments)))
    gradient = srcad.grad(f, wrt=wrt)
    plain = srcad.grad(f, wrt=wrt, optimize=False)(*arguments)
    for one, other in zip(gradient(*arguments), plain, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)
    assert (".shape)" in gradient.source) is saves_shapes
    check_grads(f, arguments, order=2)


def test_single_precision_keeps_its_type() -> None:
    w, x = np.linspace(0.1, 0.7, 4, dtype=np.float32), X.astype(np.float32)
    for one in srcad.grad(of_several_lengths, wrt=(0, 1))(w, x):
        assert one.dtype == np.float32
