"""Statistics as they are written by hand, and NumPy's functions for them."""

import numpy as np

from tests.programs import program
from tests.programs.array_points import M23, M33, M45, STRIDED, T234, V3

ROWS = [(M23,), (M33,), (STRIDED,)]


@program((V3,), (M23,), (T234,))
def logsumexp(x):
    m = np.max(x)
    return m + np.log(np.sum(np.exp(x - m)))


@program(*ROWS)
def softmax_of_rows(x):
    m = x.max(axis=1, keepdims=True)
    e = np.exp(x - m)
    p = e / e.sum(axis=1, keepdims=True)
    return -np.mean(np.sum(np.sin(x) * np.log(p), axis=1))


@program((M33,), (M45,))
def standardised(x):
    z = (x - x.mean(axis=0)) / np.std(x, axis=0)
    return np.sum(z * z * z + z)


@program((V3,), (M23,), (T234,))
def middles(x):
    return np.median(x * x) * np.ptp(x) + np.min(x) * np.max(x)


@program((V3,), (M23,))
def products(x):
    return np.prod(x) + np.sum(np.prod(np.sin(x), axis=-1) ** 2)


@program((V3,))
def running(x):
    return np.sum(np.cumsum(x * x) * np.cumprod(x))


@program((V3,), (M23,))
def ranked(x):
    y = np.sort(x, axis=-1)
    return np.sum(y[..., 1:] * y[..., :-1]) + np.sum(np.sort(x, axis=None) ** 2)


@program((V3, 0.3), (M23, 0.0))
def thresholded(x, t):
    return np.sum(np.where(x > t, np.log(x * x + 1), x * t)) + np.sum(np.maximum(x, t) ** 2)


@program((V3,), (M23,))
def in_a_loop(x):
    total = 0.0
    for k in range(3):
        scale = np.max(np.abs(x)) + k
        x = np.tanh(x / scale)
        total = total + np.std(x) * np.mean(x)
    return total


@program((V3, V3 + 0.5), (M23, np.abs(M23) + 0.1))
def weighted(x, w):
    return np.average(x * x, weights=w * w) + np.sum(np.average(x, axis=-1))
