"""What random programs, and others written to be difficult, were wrong in."""

import math

import numpy as np

from tests.programs import program
from tests.programs.array_points import M33


@program((0.4, 3), (0.4, 0), order=1)
def name_rebound_to_what_is_made_of_its_view(x, n):
    y = np.array([x, 2 * x, 0.3])
    y[1] = x * x
    for _ in range(n):
        y = y[::-1] * y + y[1] * x
        y[0] = math.cos(x)
    return np.sum(y * np.sin(y))


@program((0.4, 3), order=1)
def name_rebound_to_a_function_of_its_part(x, n):
    y = np.array([x, 2 * x, 0.3, 0.4, x])
    y[1] = x * x
    for _ in range(n):
        y = np.exp(0.3 * y[1:])
        y[0] *= math.cos(x)
    return np.sum(y * np.sin(y))


@program((M33, 2))
def name_rebound_to_a_product_with_its_transpose(a, n):
    a = a.copy()
    for _ in range(n):
        a = np.tanh(a.T @ a + a[0])
        a[0] *= 0.5
    return np.sum(a * a)


def scaled_and_raised(p, s):
    return p * s + p[0]


@program((0.4, 3), order=1)
def name_rebound_to_what_a_function_makes_of_its_view(x, n):
    y = np.array([x, 2 * x, 0.3, x])
    y[1] = x * x
    for _ in range(n):
        y = scaled_and_raised(y[::-1], x)
        y[0] *= math.cos(x)
    return np.sum(y * np.sin(y))
