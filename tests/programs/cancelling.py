"""Derivatives that cancel, and derivatives that are negative: a zero has its argument's shape."""

import numpy as np

from tests.programs import program
from tests.programs.array_points import COLUMN, M23, ONE, ROW, U3, V1, V3

BROADCAST = [(V1, V3), (V3, V1), (ROW, M23), (COLUMN, M23), (0.7, V3), (V3, U3), (V1, V1)]


@program(*BROADCAST)
def added_and_taken_away(x, y):
    z = x - y - 2.0 - x
    return np.sum(z * y)


@program(*BROADCAST)
def product_less_itself(x, y):
    first = x * y
    second = x * y
    return np.sum((first - second) * y)


@program((M23, V3))
def rows_that_cancel(a, v):
    first = a @ v
    second = a @ v
    return np.sum(first - second) + np.sum(v)


@program(*BROADCAST)
def zero_times(x, y):
    return np.sum(0.0 * (x + y)) + 0 * np.sum(x * y)


# -- flags are not negated, nor subtracted -------------------------------------------------------


@program((M23,), (V1,), (ONE,))
def negative_of_the_largest(x):
    return -np.max(x)


@program((V3,), (V1,))
def smallest_less_largest(x):
    low = np.min(x)
    high = np.max(x)
    return low - high


@program((V3,), (V1,))
def negative_of_a_vectors_largest(x):
    return -max(x) - min(x)


@program((V3,), (V1,))
def negative_of_a_spread(x):
    return -np.ptp(x)


@program((V3,), (V1,))
def negative_of_a_norm(x):
    return -np.linalg.norm(x, np.inf)


@program((V3, U3), (V1, V1))
def negative_masks(x, y):
    mask = x > y
    return -np.sum(x * mask) - np.sum(x * np.isfinite(y)) - x[0] * (y[0] > -9)
