"""Sums, means and their kin, over all axes or some."""

import numpy as np

from tests.programs import program
from tests.programs.array_points import COLUMN, M03, M23, M33, ONE, POINT, STRIDED, T234, V0, V1, V3

ARRAYS = [(V3,), (V1,), (M23,), (COLUMN,), (ONE,), (POINT,), (T234,), (STRIDED,)]
MATRICES = [(M23,), (COLUMN,), (ONE,), (T234,), (STRIDED,)]


@program(*ARRAYS, (V0,), (M03,))
def total(x):
    return np.sum(x * x) * np.sum(np.sin(x))


@program(*ARRAYS)
def average(x):
    return np.mean(x * x) * np.mean(np.sin(x))


@program(*ARRAYS)
def methods(x):
    return (x * x).sum() * np.sin(x).mean()


@program(*MATRICES, (M03,))
def over_the_first_axis(x):
    return np.sum(np.sum(x * x, axis=0) ** 2)


@program(*MATRICES)
def over_the_last_axis(x):
    return np.sum(np.mean(x * x, axis=-1) ** 2)


@program(*MATRICES)
def keeping_dimensions(x):
    return np.sum((x - np.mean(x, axis=1, keepdims=True)) ** 2 * x)


@program(*MATRICES)
def method_with_axis(x):
    return np.sum((x * x).sum(axis=1) * x.mean(axis=0)[:1].sum())


@program((T234,))
def over_two_axes(x):
    return np.sum(np.sum(x, axis=(0, 2)) ** 2)


@program((V3,), (M23,))
def variance(x):
    return np.mean((x - np.mean(x)) ** 2)


@program((V3,), (M23,))
def softmax_entropy(x):
    e = np.exp(x - np.sum(x))
    p = e / np.sum(e)
    return -np.sum(p * np.log(p))


@program((V3, 0.7))
def sum_times_scalar(x, s):
    return np.sum(x) * s + np.sum(x * s) * np.sum(s * s)


@program((V3, 3))
def sum_in_a_loop(x, n):
    s = 0.0
    for i in range(n):
        s = s + np.sum(x * s) + np.mean(x * x) * i
    return s


@program((M33,))
def sum_of_sums(x):
    return np.sum(np.sum(x, axis=0) * np.sum(x, axis=1))


@program((V3,))
def array_result(x):
    return np.sum(x) * x


@program((M23,))
def axis_result(x):
    return np.sum(x * x, axis=1), np.mean(x, axis=0)


@program((V3,), (M23,), may_refuse=True)
def largest(x):
    return np.max(x * x) * np.min(x)


@program((V3,), may_refuse=True)
def product(x):
    return np.prod(x) * x[0]


@program((V3,), may_refuse=True)
def running_sum(x):
    return np.sum(np.cumsum(x) ** 2)
