"""Elementwise arithmetic between shapes; the adjoint of an expansion is a sum."""

import numpy as np

from tests.programs import program
from tests.programs.array_points import (
    COLUMN,
    M03,
    M23,
    N23,
    ONE,
    POINT,
    READ_ONLY,
    ROW,
    STRIDED,
    T234,
    U3,
    V0,
    V1,
    V2,
    V3,
)

PAIRS = [
    (V3, U3),
    (V3, V1),
    (V1, V3),
    (M23, V3),
    (V3, M23),
    (M23, COLUMN),
    (COLUMN, ROW),
    (ROW, M23),
    (M23, ONE),
    (ONE, V3),
    (V1, COLUMN),
    (M23, POINT),
    (POINT, V3),
    (POINT, POINT),
    (V3, 0.7),
    (0.7, M23),
    (0.7, POINT),
    (T234, M23[0, 0]),
    (T234, COLUMN[:1]),
    (V0, 0.7),
    (V0, V1),
    (M03, V3),
    (ROW, M03),
    (STRIDED, 0.7),
    (READ_ONLY, V3),
    (V1, V1),
    (ONE, V1),
]


@program(*PAIRS)
def add(x, y):
    return np.sum((x + y) * (x + y))


@program(*PAIRS)
def subtract(x, y):
    return np.sum((x - y) * (y - x) * x)


@program(*PAIRS)
def multiply(x, y):
    return np.sum(x * y * x)


@program(*PAIRS)
def divide(x, y):
    return np.sum(x / (2 + y * y))


@program(*PAIRS)
def power(x, y):
    return np.sum((x * x + 0.5) ** y)


@program(*PAIRS)
def elementwise_result(x, y):
    return np.sin(x) * y + x


@program(*PAIRS)
def maximum_and_where(x, y):
    return np.sum(np.maximum(x, y + 0.01) * np.where(x > y, x * y, np.sin(x)))


@program((M23, V3, 0.7), (COLUMN, ROW, 0.7), (V3, V1, -0.3))
def three_ways(a, b, c):
    return np.sum(a * b * c + c * c * b)


@program((V3, 2), (M23, 3))
def with_ints(x, n):
    return np.sum(x**n * n + n / (2 + x * x) - n)


@program((M23, N23))
def the_same_array_everywhere(x, y):
    return np.sum(x * x + y / (1 + y * y) * y - x)


@program((V3,))
def alias_and_rebinding(x):
    y = x
    x = x * y
    y = x * y
    return np.sum(y * x)


@program((V3, 0.7))
def scalar_broadcast_twice(x, s):
    y = s + x
    z = y * s
    return np.sum(z * y) * s


@program((V3,))
def int_array_is_a_constant(x):
    k = np.array([1, 2, 3])
    return np.sum(x**k * k)


@program((M23, V3), (V3, V3))
def result_is_a_parameter(x, y):
    return y


@program((M23,))
def result_is_unbroadcast_parameter_twice(x):
    return x, x


@program((V3, 0.7))
def constant_array_result(x, s):
    return np.array([1.0, 2.0])


@program((V3, V1, 0.7))
def negation_and_unary(x, y, s):
    return np.sum(-x * +y - -s * (-x) ** 2)


def _first(x, k):
    return x[:k]


@program((V3, 1, 3), (V3, 3, 1), (V3, 2, 2))
def two_lengths_from_one_function(x, k, n):
    return np.sum(_first(x, k) * _first(x, n))


@program((V3, 3), (V3, 1))
def a_length_of_the_trip_before(x, n):
    s = 0.0
    previous = x
    for k in range(1, n + 1):
        new = x[:k]
        if k > 1:
            s = s + np.sum(previous * new[k - 2 :])
            s = s + np.sum(previous[:1] * new)
        previous = new
    return s


@program((V3, 3), (V1, 1))
def one_length_carried_along(x, n):
    s = 0.0
    previous = x
    for k in range(1, n):
        new = x[:k]
        if k == 2:
            s = s + np.sum(previous * new)
        previous = new
    return s


@program((V2, V3, 0), (V2, V3, 1))
def lengths_that_are_not_known(x, y, c):
    a = x
    b = y
    if c == 1:
        a = y
        b = x
    return np.sum(a[1:] * b[1:] * b[1:])


@program((0.7, 1.1))
def lists_of_different_lengths(x, y):
    t = [x]
    u = [y, x, y]
    return np.sum(np.array(t) * np.array(u))


@program((V3, 2), (M23, 1))
def one_length_all_the_way(x, n):
    r = x[:n]
    y = np.tanh(r) * 2.0
    z = y * y + 1
    return np.sum(z * r)


@program((0.7, 3), (0.7, 0))
def array_of_a_growing_list(x, n):
    t = [1.0]
    for i in range(n):
        t.append(x * i)
    a = np.array(t)
    return np.sum(a * a * a)


# -- what cancels may be the one that the others are broadcast to --------------------------------


@program((np.array([0.7]), M23), (np.array(0.7), M23), (V3, M23), (M23, M23), order=1)
def cancels_and_is_the_larger(x, y):
    return np.sum(np.hypot(x, y) ** 2)


@program((0.7, M23), (np.array([0.7]), M23), (V3, M23), (M23, V3), order=1)
def square_of_a_root(x, y):
    return np.sum(np.sqrt(x * x + y * y) ** 2 * x) + np.sum(np.cbrt(x * y) ** 3)


@program((np.array([0.7]), M23), (np.array(0.7), V3), (V3, V3), (0.7, V3), order=1)
def power_of_zero(x, y):
    return np.sum(y**0 * x * x)


@program((0.7, M23), (0.7, V3), order=1)
def subtracted_from_itself(x, y):
    return np.sum((y - y) + x * x)


# -- arrays without axes beside numbers: what is one of the two may be the other -------------------


@program((np.array(0.8), 0.7), (0.8, np.array(0.7)), (np.array(0.8), np.array(0.7)))
def one_adjoint_for_two(x, s):
    return np.sum(x**2) + np.sum(s**2) + np.sum(np.sum(x + s))


@program((np.array(0.8), 0.7), (0.8, np.array(0.7)), (np.array(0.8), np.array(0.7)))
def number_as_the_adjoint_of_an_array(x, s):
    u = np.sin(s)
    return x * s + u * s * s


@program((np.array(0.8), 0.7), (0.8, np.array(0.7)))
def number_after_an_array(x, s):
    z = x * s + s
    w = s * s
    return z * 1.0 + w * w


@program((np.array(0.8), 0.7), (0.8, np.array(0.7)), (np.array(-0.8), 0.7))
def chosen_of_two(x, s):
    y = np.where(x > 0, x + s, x * s)
    w = s * s + np.mean(x)
    return y + w * s + np.sum(y + s) + np.sum(np.where(s > 0, s, x))


@program((np.array(0.8), 0.7), (0.8, np.array(0.7)))
def several_numbers_of_one_adjoint(x, s):
    return x + s, s, np.sum(x + s) * 1.0


@program((np.array(0.8), 0.7), (0.8, np.array(0.7)), (V3, np.array(0.7)))
def nothing_is_added(x, s):
    for i in range(2):
        s = x / (1.5 + s * s)
    a = s - s
    for i in range(2):
        s = np.sum(x) * 1.0
        a = x / (1.5 + a**2)
    return np.sum(a**2) + np.sum(s**2)


SQUARE = np.array([[0.5, 2.0], [1.5, 0.25]])


@program((np.array([0.3, 0.7]), 1), (np.array([0.3, 0.7]), 0), may_refuse=True)
def along_an_axis_of_one_or_two(x, n):
    y = x * x
    for i in range(n):
        y = y * SQUARE
    return np.sum(np.sum(y, axis=-1) ** 2) + np.sum(np.mean(y, axis=-1) ** 2)


@program((np.array(0.8), V3), (np.array(0.8), np.array(0.7)), (ONE, V3))
def axes_of_an_array_without(x, y):
    return np.sum(np.tanh(x) * 0.5) + np.sum((x[..., None] * y) ** 2) + np.sum(x[None] * x[...])


@program((np.array([[0.8], [0.3]]), np.array(0.7)), may_refuse=True, order=1)
def zero_of_a_shape_that_changes(x, y):
    u = x + x
    q = np.abs(u - u)
    p = q[None]
    for _ in range(2):
        t = np.maximum(p, q)
        q = np.sin(y)
    u = t[..., :1]
    return np.sum(np.tanh(q) * 3.5) + np.sum(np.tanh(u) * 4.5)


@program(
    (np.linspace(0.3, 1.2, 3), np.linspace(-1.1, 0.9, 3)),
    (np.linspace(0.3, 1.2, 4), np.linspace(-1.1, 0.9, 4)),
    (np.linspace(0.3, 1.2, 5), np.linspace(-1.1, 0.9, 3)),
    (np.linspace(0.3, 1.2, 3), np.linspace(-1.1, 0.9, 5)),
    (np.linspace(0.3, 1.2, 2), np.linspace(-1.1, 0.9, 3)),
)
def what_is_left_of_a_few(x, y):
    """One entry is left of three without two: it is broadcast."""
    z = np.sin(x[1:-1]) * y[1:-1] + x[:1]
    return np.sum(z * z) + np.sum(x[:-2] * y[2:] * x[0]) + np.sum(x[1:] * y[1:2])


def _inner(u, v):
    return np.sum(u[1:] * v[:-1] * v[0]) + np.sum(u[:-1] / (2.0 + v[1:] * v[1:]))


@program(
    (np.linspace(0.3, 1.2, 3), np.linspace(-1.1, 0.9, 3)),
    (np.linspace(0.3, 1.2, 4), np.linspace(-1.1, 0.9, 4)),
    (np.linspace(0.3, 1.2, 3), np.linspace(-1.1, 0.9, 6)),
)
def what_a_helper_leaves_of_a_few(x, y):
    return _inner(x[1:], y[1:]) * _inner(x[:-1], y[:-1])
