"""Elementwise functions of arrays, arrays made of numbers, joined arrays."""

import math

import numpy as np
from numpy import tanh

from tests.programs import program
from tests.programs.array_points import M23, M33, N23, ONE, POINT, STRIDED, U3, V0, V1, V2, V3

ARRAYS = [(V3,), (M23,), (V1,), (POINT,), (V0,), (STRIDED,)]


@program(*ARRAYS)
def trigonometric(x):
    return np.sum(np.sin(x) * np.cos(x) + np.tan(x * 0.3) + np.arctan(x))


@program(*ARRAYS)
def hyperbolic(x):
    return np.sum(np.sinh(x) + np.cosh(x) * np.tanh(x) + np.arcsinh(x))


@program((V3 / 2,), (M23 / 2,))
def bounded_domains(x):
    return np.sum(np.arcsin(x) * np.arccos(x) + np.arctanh(x) + np.arccosh(2 + x))


@program(*ARRAYS)
def exponentials(x):
    return np.sum(np.exp(x) + np.expm1(x) * np.log1p(x * x) + np.log(1 + x * x))


@program((V3 * V3 + 0.1,), (M23 * M23 + 0.1,))
def positive_domains(x):
    return np.sum(np.sqrt(x) * np.log2(x) + np.log10(x) + np.log(x))


@program((V3, U3), (M23, V3), (V3, 0.5))
def of_two(x, y):
    return np.sum(np.hypot(x, y) + np.arctan2(x, y))


@program(*ARRAYS)
def absolute(x):
    return np.sum(np.abs(x) * x + abs(x - 0.1) + np.fabs(x + 0.3) if x.shape != () else x * x)


@program((np.array([0.0, 1.0, -1.0]),))
def absolute_at_zero(x):
    return np.sum(np.abs(x) * 3 + x)


@program((V3, U3), (M23, V3), (V3, 0.1), (0.1, V3))
def maximum(x, y):
    return np.sum(np.maximum(x, y) * np.minimum(x, y * y))


@program(
    (V3, V3 * 1.0),
)
def maximum_ties(x, y):
    return np.sum(np.maximum(x, y) * 3 + np.minimum(x, y))


@program((np.array([0.0, 1.0, -1.0]),))
def relu(x):
    return np.sum(np.maximum(x, 0.0) * 2 + np.maximum(0, x))


@program((V3,), (M23,))
def clip(x):
    return np.sum(np.clip(x, -0.5, 0.5) * x)


@program((V3, 0.35, 0.9), (M23, -0.1, 0.1))
def clip_with_active_bounds(x, low, high):
    return np.sum(np.clip(x, low, high) * x)


@program((V3, U3), (M23, V3), (V3, 0.5))
def where(x, y):
    return np.sum(np.where(x > 0, x * y, x - y) * np.where(y > x, 1.0, x))


@program((np.array([0.0, 1.0, 4.0]),), (np.array([-1.0, 1.0, 0.0]),))
def where_protects(x):
    # The usual trick: the branch that is not taken must not poison the one that is.
    safe = np.where(x > 0, x, 1.0)
    return np.sum(np.where(x > 0, np.sqrt(safe), 0.0) + np.where(x > 0, np.log(safe) * x, x))


@program((V3,))
def powers(x):
    return np.sum(x**2 + x**3 * x**0 + (x * x) ** 0.5 + x**1)


@program((np.array([0.0, 1.0, -2.0]),))
def powers_at_zero(x):
    return np.sum(x**2 + x**3 + x**1 + x**0)


@program((V3,))
def floor_and_sign(x):
    return np.sum(np.floor(x) * x + np.sign(x) * x * x)


@program((V3,), (M23,), may_refuse=True)
def square_and_reciprocal(x):
    return np.sum(np.square(x) + np.reciprocal(2 + x * x))


@program((0.7, 1.2), order=1)
def array_of_scalars(x, y):
    v = np.array([x, x * y, 1.0, y])
    return np.sum(v * v) * v[1]


@program((0.7, 1.2), order=1)
def matrix_of_scalars(x, y):
    m = np.array([[x, -y], [y, x]])
    return np.sum((m @ m) * np.array([[1.0, 2.0], [3.0, 4.0]])) * m[0, 1]


@program((0.7, 1.2))
def array_result_of_scalars(x, y):
    return np.array([x * y, math.sin(x), 2.0])


@program((V3, U3))
def array_of_elements(x, y):
    return np.sum(np.array([x[0], y[1] * x[2], x[0]]) * y)


@program((V3, V2), (V1, V0))
def concatenate(x, y):
    z = np.concatenate([x, y, x * 2])
    return np.sum(z * z[::-1])


@program((M23, N23), (M33, M23))
def concatenate_rows(a, b):
    return np.sum(np.concatenate((a, b * b)) ** 2)


@program((M23, N23))
def concatenate_columns(a, b):
    c = np.concatenate([a, b], axis=1)
    return np.sum(c[:, ::-1] * c)


@program((0.7, 4))
def scalar_by_numpy_functions(x, n):
    y = x
    for i in range(n):
        y = np.sin(y) * x + np.exp(-y * y)
    return y


@program((V3, 4), (V3, 0), (M23, 2))
def carried_in_a_loop(x, n):
    y = x
    for i in range(n):
        y = np.sin(y) * x + y * y * 0.3
    return np.sum(y)


@program((V3, 4), (V3, 0))
def scalar_becomes_array(x, n):
    s = 0.0
    for i in range(n):
        s = s + x * s + np.sin(x)
    return np.sum(s)


@program((V3, U3, 3), (V3, U3, 2))
def swapped_in_a_loop(x, y, n):
    for i in range(n):
        x, y = y, np.tanh(x * y) + 0.1
    return np.sum(x * x * y)


@program((V3, 6))
def jumps(x, n):
    y = x
    for i in range(n):
        if i == 1:
            continue
        y = y * 1.2 + 0.1 * x
        if np.sum(y * y) > 4:
            y = np.sin(y)
            break
        if y[0] > 10:
            return np.sum(y)
    else:
        y = y * y
    return np.sum(y * x)


@program((V3,), (M23,))
def imported_function(x):
    return np.sum(tanh(x) ** 2)


def _layer(x, k):
    return np.tanh(k * x) + x


def _normalised(x):
    n = np.sqrt(np.sum(x * x))
    return x / n, n


def _recursive(x, n):
    if n == 0:
        return x
    return _recursive(np.sin(x) * x, n - 1) + x


@program((V3, 0.7, 3), (M23, 0.7, 1))
def helpers(x, k, n):
    for i in range(n):
        x = _layer(x, k) * 0.8
        x, s = _normalised(x)
        k = k * s
    return np.sum(x * x * x) * k


@program((V3, 0.7))
def helper_with_arrays_and_with_scalars(x, k):
    return np.sum(_layer(x, k)) * _layer(k, 2.0) + np.sum(_layer(k, x))


@program((V3, 3))
def recursion(x, n):
    return np.sum(_recursive(x, n) ** 2)


@program((V3,))
def several_results(x):
    y, n = _normalised(x)
    return n, y * n, y


@program((ONE, V3))
def result_shared_with_argument(x, y):
    z = y
    return x * z, z


@program((V3.astype(np.float32),), may_refuse=True)
def single_precision(x):
    return np.sum(x * x)


@program((V3, U3), may_refuse=True)
def accumulate_array(x, y):
    s = 0.0
    for i in range(3):
        s += x * y[i]
    return np.sum(s * s)


@program((V3,), may_refuse=True)
def made_memory_that_is_only_read(x):
    return np.sum(x * np.ones(3) + np.zeros(3) * x + np.arange(3) * x * x)


@program((M23,), may_refuse=True)
def reshaped(a):
    return np.sum(a.reshape(3, 2) @ a) + np.sum(a.ravel()[1:4] ** 2)


@program((V3, U3), may_refuse=True)
def stacked(x, y):
    return np.sum(np.stack([x, y]) ** 2 * np.array([[1.0], [2.0]])) + np.sum(np.outer(x, y) ** 2)
