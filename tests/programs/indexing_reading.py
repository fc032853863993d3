"""Reading parts of arrays."""

import math

import numpy as np

from tests.programs import program
from tests.programs.array_points import (
    M23,
    M33,
    M34,
    ONE,
    POINT,
    READ_ONLY,
    STRIDED,
    T234,
    U3,
    V0,
    V1,
    V2,
    V3,
)


@program((V3,), (READ_ONLY,))
def elements(x):
    return x[0] * x[1] + math.sin(x[2]) * x[0]


@program((V3,))
def negative_elements(x):
    return x[-1] * x[-3] * x[2] * x[-1]


@program((V3, 1), (V3, -1))
def computed_element(x, i):
    return x[i] * x[i - 1] * x[0]


@program((V3,), (V0,), (V1,))
def loop_over_elements(x):
    s = 0.0
    for i in range(len(x)):
        s = s + x[i] * x[i] * math.cos(x[i])
    return s


@program((V3,), (V1,))
def loop_over_neighbours(x):
    s = 1.0
    for i in range(1, len(x)):
        s = s * x[i] * x[i - 1] + x[-i]
    return s


@program((V3, U3))
def horner(c, x):
    s = 0.0
    for i in range(c.shape[0] - 1, -1, -1):
        s = s * x[0] + c[i] * x[i]
    return s


@program((V3, 4))
def the_same_element_many_times(x, n):
    s = x[1]
    for i in range(n):
        s = math.sin(s) * x[1] + x[0]
    return s * x[1]


@program((M23,), (M33,), (STRIDED,), (ONE,))
def elements_of_a_matrix(a):
    return a[0, 0] * a[-1, -1] + a[0, -1] ** 2


@program((M23,), (M33,), (M34,))
def double_loop(a):
    s = 0.0
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            s = s + a[i, j] * a[i, j - 1] * (i + j)
    return s


@program((M23,), (M33,))
def rows(a):
    s = 0.0
    for i in range(len(a)):
        r = a[i]
        s = s + np.sum(r * r) * r[0]
    return s


@program((M23,), (M33,))
def row_then_element(a):
    return a[1][0] * a[0][2]


@program((M23,), (M33,))
def columns(a):
    return np.sum(a[:, 0] * a[:, -1]) + np.sum(a[:, 1:2] * a)


@program((V3,), (V2,), (V1,))
def slices(x):
    return np.sum(x[1:] * x[:-1]) + np.sum(x[:])


@program((np.arange(7.0) / 5,), (np.arange(2.0),))
def slices_with_steps(x):
    return np.sum(x[::2]) * np.sum(x[1::2] * 3) + np.sum(x[::-1] * x * x) + np.sum(x[-2:0:-2])


@program((V3, 1), (V3, 0), (V3, 3))
def computed_slices(x, k):
    return np.sum(x[k:] * 2) + np.sum(x[:k] * x[:k])


@program((V3,))
def overlapping_slices(x):
    y = x[:2]
    z = x[1:]
    return np.sum(y * z * y) * np.sum(z)


@program((V3,))
def slices_of_slices(x):
    return np.sum(x[1:][::-1][:1] * x[0])


@program((M33,), (M34,))
def blocks(a):
    return np.sum(a[:2, 1:] * a[1:, :-1]) + np.sum(a[::-1, ::2])


@program((T234,))
def rank_three(t):
    return np.sum(t[0] * t[1]) + np.sum(t[:, 1] * t[:, 2]) + np.sum(t[..., 0]) * t[1, 2, 3]


@program((V3,))
def new_axis(x):
    return np.sum(x[:, None] * x[None, :] * x)


@program((V3, M23))
def sizes(x, a):
    return x[0] * x.shape[0] * len(a) * a.shape[1] + a.ndim * x[1] + x.size * x[2]


@program((V3,))
def from_a_temporary(x):
    return (x * x)[1] * np.sin(x)[0] + (x + x[0])[2]


@program((V3,))
def result_is_a_view(x):
    return x[1:]


@program((V3,))
def result_is_a_row_twice(x):
    y = x[::-1]
    return y, y[0]


@program((V3,), (-V3,))
def branch_on_an_element(x):
    if x[0] > 0:
        y = x[1:]
    else:
        y = x[:2] * x[0]
    return np.sum(y * y)


@program((V3, 3))
def sliding_value(x, n):
    y = x
    for i in range(n):
        y = y[::-1] * 0.9 + y[i % 3] * x
    return np.sum(y * y)


@program((np.arange(6.0) / 4,))
def shrinking(x):
    s = 0.0
    while len(x) > 1:
        x = x[1:] * x[:-1] + 0.1
        s = s + np.sum(x)
    return s * x[0]


@program((V3,), (U3,))
def minimum_by_hand(x):
    best = x[0]
    k = 0
    for i in range(1, len(x)):
        if x[i] < best:
            best = x[i]
            k = i
    return best * best * (k + 1)


@program((M33,))
def trace(a):
    s = 0.0
    for i in range(3):
        s = s + a[i, i] * a[i, 0]
    return s


@program((POINT,))
def zero_dimensional(x):
    return x * np.sin(x) * x


@program((V3,), may_refuse=True)
def integer_array_index(x):
    k = np.array([0, 2, 0])
    return np.sum(x[k] * x[k] * k)


@program((V3,), may_refuse=True)
def boolean_mask(x):
    return np.sum(x[x > 0] ** 2)


@program((V3,), (M23,), may_refuse=True)
def iteration_over_an_array(x):
    s = 0.0
    for e in x:
        s = s + e * e
    return np.sum(s)


@program((V3,))
def unpacking_of_an_array(x):
    a, b, c = x
    return a * b * c


@program((M23, np.array([0, 2, 1, 1])))
def rows_of_a_constant_whose_size_an_argument_has(x, labels):
    chosen = np.eye(x.shape[1])[labels]
    return np.sum(np.exp(x) @ chosen.T)


@program((V3,))
def an_element_of_a_constant_whose_size_an_argument_has(x):
    return np.sum(x * x) * np.arange(len(x) + 1.0)[2]
