"""Products that are summed, held or changed in place: what the reverse sweep writes shorter."""

import numpy as np

from tests.programs import program
from tests.programs.array_points import COLUMN, M23, M32, M44, N23, ONE, ROW, T234, V2, V3

INDEX = np.array([1, 0, -1, 1], np.int32)
NONE = np.array([], int)
N24 = M44[:2]


@program((M23, V3, V2), (N23, V3, V2), (M23, ROW, V2), (M23, V3, COLUMN[:, 0]))
def summed_over_either_axis(x, scale, weights):
    y = np.sin(x) * np.exp(scale)
    return (weights * (y * y).sum(axis=1)).sum() + np.sum(y.sum(axis=0) ** 2)


@program((M23, COLUMN), (M23, ONE), (COLUMN, M23), (ROW, COLUMN), (ONE, ONE))
def kept_axes(x, y):
    size = np.sqrt((x * x * y * y).sum(axis=1, keepdims=True))
    return (x * y / size * np.cos(size)).sum()


@program((M23, N23), (ROW, M23), (COLUMN, M23))
def held_and_overwritten(a, b):
    d = a * np.exp(b)
    s = (d * d).sum()
    a = np.cos(a)
    d = a * d
    return s + (d * d * a).sum()


@program((M23, V3, 2), (M23, V3, 0))
def held_in_a_loop(x, v, n):
    s = 0.0
    for i in range(n):
        d = x * v
        v = np.sin(d.sum(axis=0) * v)
        s += (d * v * np.exp(x)).sum()
    return s


@program((M23, N23), (M23, ROW))
def held_and_written(a, b):
    d = a * np.exp(b)
    s = d.sum()
    d *= 2.0
    return s + 3.0 * d.sum()


@program((V3, V3), (V3, 0.5 * V3))
def two_get_one_adjoint(x, y):
    u = np.sin(x)
    v = np.cos(y)
    product = u * u * v
    total = u + v
    return (total * total * product).sum()


@program((M23, INDEX), (M23, NONE), (ROW, INDEX * 0), (M23, np.array([[0, 1], [1, 1]])))
def rows_by_number(x, index):
    y = np.cos(x)[index]
    return (y * y * np.sin(y)).sum()


@program((M23, INDEX, 2), (M23, INDEX, 1))
def rows_by_number_in_a_loop(x, index, n):
    s = 0.0
    for _ in range(n):
        y = x[index]
        s += (y * y).sum()
        x = np.sin(x)
        x = x + 0.1 * x[index[:1]]
    return s


@program((M23, V3, 0.3), (ROW, COLUMN, -1.2), (V3, V3, 0.0), (0.7, 0.3, 1.1))
def nested_polynomial(x, a, b):
    k = np.sin(x)
    y = k * (a + k * (b + k * (a - k * (2.0 - k * a)))) - k * b
    return np.sum(y * y * k)


@program((M23, V3, 2), (ROW, COLUMN, 3))
def nested_polynomial_in_a_loop(x, a, n):
    for _ in range(n):
        x = np.cos(x) * (1.0 - x * (a - x * (0.5 + x * x * a)))
    return (x * x).sum()


@program((T234, M32, N24, 2), (T234, ROW[:, :2], N24, 2))
def sums_of_what_grows(x, h, w, n):
    for t in range(n):
        z = np.tanh(x[t] + h @ w)
        h = z[:, :2] * z[:, 2:]
    return (h * h).sum()
