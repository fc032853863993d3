"""Nodes and weights that only a number of points decides, read and written."""

import math

import numpy as np

from tests.programs import program


@program((0.8, 0.2, 1.5, 5), (0.3, -1.0, 1.0, 1))
def integral(c, a, b, n):
    x, w = np.polynomial.legendre.leggauss(n)
    t = 0.5 * (b - a) * x + 0.5 * (a + b)
    return 0.5 * (b - a) * np.sum(w * np.exp(-c * t**2))


@program((0.8, 4), (0.8, 1))
def integral_in_a_loop(c, n):
    x, w = np.polynomial.hermite.hermgauss(n)
    s = 0.0
    for i in range(n):
        s += w[i] * math.cos(c * x[i])
    return s


@program((np.array([1.0, -2.0, 0.5, 0.3]), 4))
def window(y, n):
    return np.sum(np.kaiser(n, 3.0) * y * y)
