"""Elements written one at a time: `y[i] = …`, `y[i, j] += …`, in loops."""

import math

import numpy as np

from tests.programs import program
from tests.programs.array_points import (
    EVERY_SECOND,
    M23,
    M33,
    M34,
    REVERSED,
    T234,
    U3,
    V0,
    V1,
    V2,
    V3,
    V5,
    V6,
)


@program((V3,), (U3,))
def one_element(x):
    y = x * 1.0
    y[1] = y[0] * y[1] * y[2]
    return np.sum(y * y)


@program((V3, 1.7), (U3, -0.4))
def one_element_by_a_number(x, a):
    y = x.copy()
    y[-1] = a * a
    return np.sum(y * y * y) * a


@program((V3,), (U3,))
def the_same_element_three_times(x):
    y = x.copy()
    y[0] = y[0] * y[1]
    y[0] = y[0] * y[0]
    y[0] = y[0] * y[2] + y[0]
    return y[0] * y[1]


@program((V3,), (U3,))
def read_before_and_after(x):
    y = x.copy()
    a = y[0] * y[1]
    y[0] = a * a
    b = y[0] * y[1]
    y[1] = b * a
    return a * b * y[0] * y[1]


@program((V3,), (U3,))
def read_number_is_no_view(x):
    y = x.copy()
    a = y[0]
    y[0] = y[1] * 2.0
    return a * a * y[0]


@program((V3, 0), (V3, 1), (V3, -1))
def a_computed_element(x, k):
    y = np.sin(x)
    y[k] = y[k - 1] * y[k]
    return np.sum(y * x)


@program((V5,), (V1,), (V0,))
def every_element(x):
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = math.sin(x[i]) * x[i]
    return np.sum(y * y)


@program((V5,), (V1,), (V0,), (REVERSED,), (EVERY_SECOND,))
def every_element_of_a_copy(x):
    y = x.copy()
    for i in range(len(y)):
        y[i] = y[i] * y[i] + 0.5 * y[0]
    return np.sum(y)


@program((V5, 0.7), (V2, -1.3))
def running_product(x, a):
    y = np.empty(len(x))
    y[0] = a
    for i in range(1, len(x)):
        y[i] = y[i - 1] * x[i] + math.cos(y[i - 1])
    return y[-1] * y[0]


@program((V5,), (V2,))
def backwards(x):
    y = x.copy()
    for i in range(len(x) - 2, -1, -1):
        y[i] = y[i] * y[i + 1] + math.sin(y[i + 1])
    return y[0] * y[-1]


@program((V5,), (V1,), (V0,))
def adding_to_an_element(x):
    y = np.zeros(3)
    for i in range(len(x)):
        y[i % 3] += x[i] * x[i]
    return y[0] * y[1] + y[2] * y[2]


@program((V5,), (V1,))
def augmented_in_every_way(x):
    y = x.copy()
    y[0] += y[-1] * 2.0
    y[0] -= y[0] * y[0]
    y[0] *= y[-1] + 3.0
    y[0] /= 2.5 + y[0] * y[0]
    y[0] **= 3
    return y[0] * y[-1]


@program((V5,), (V2,))
def an_element_times_itself(x):
    y = x.copy()
    for i in range(len(y)):
        y[i] *= y[i]
        y[i] += y[i]
        y[i] -= 0.5 * y[i] * y[i]
    return np.sum(y * x)


@program((M34,), (M33,), (M23,))
def a_matrix(a):
    b = np.zeros(a.shape)
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            b[i, j] = a[i, j] * a[i, j - 1] + i * j
    return np.sum(b * b)


@program((M34,), (M33,), (M23,))
def a_matrix_onto_itself(a):
    b = a.copy()
    for i in range(1, a.shape[0]):
        for j in range(1, a.shape[1]):
            b[i, j] += b[i - 1, j] * b[i, j - 1] + 0.3 * b[i - 1, j - 1]
    return np.sum(b * b)


@program((M34,), (M23,))
def sums_of_columns(a):
    s = np.zeros(a.shape[1])
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            s[j] += a[i, j] * a[i, j]
    p = 1.0
    for j in range(a.shape[1]):
        p *= s[j]
    return p


@program((T234,))
def rank_three(t):
    s = np.zeros((4, 2))
    for i in range(2):
        for j in range(3):
            for k in range(4):
                s[k, i] += t[i, j, k] * t[i, j - 1, k]
    return np.sum(s * s)


@program((M34,), (M23,))
def a_row_then_an_element(a):
    b = a.copy()
    b[1][2] = b[0][1] * b[1][2]
    b[0][2] *= b[1][2]
    return np.sum(b * b)


@program((M33, M33.T), (M23, M23.T), (M34, M34.T))
def matrix_product(a, b):
    c = np.zeros((a.shape[0], b.shape[1]))
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            for k in range(a.shape[1]):
                c[i, j] += a[i, k] * b[k, j]
    return np.sum(c * c)


@program((0.7, 5), (1.3, 1), (-0.4, 0))
def a_table_of_powers(x, n):
    p = np.ones(n + 1)
    for i in range(n):
        p[i + 1] = p[i] * x
    return np.sum(p * p)


@program((0.7, 1.2, 4), (1.1, -0.3, 1))
def a_table_of_two_numbers(x, y, n):
    t = np.zeros((n + 1, 2))
    t[0, 0] = x
    t[0, 1] = y
    for i in range(n):
        t[i + 1, 0] = math.sin(t[i, 1]) + t[i, 0]
        t[i + 1, 1] = t[i, 0] * t[i, 1]
    return t[n, 0] * t[n, 1]


@program((V6,), (V3,))
def index_from_an_array_of_integers(x):
    k = np.array([2, 0, 1, 0])
    y = x.copy()
    for i in range(len(k)):
        y[k[i]] = y[k[i]] * y[k[i - 1]] + 0.1
    return np.sum(y * y)


@program((V3,), (U3,))
def the_index_changes(x):
    y = x.copy()
    i = 0
    y[i] = y[i + 1] * y[i]
    i = i + 1
    y[i] = y[i + 1] * y[i]
    i = i - 1
    y[i] = y[i + 2] * y[i]
    return np.sum(y * y)


@program((V3,), (U3,))
def a_chain_of_targets(x):
    y = x.copy()
    z = np.zeros(3)
    y[0] = z[1] = a = x[2] * x[1]
    return np.sum(y * y) + z[1] * a


@program((V3,), (U3,))
def two_targets_of_one_array(x):
    y = x.copy()
    y[0], y[1] = y[1] * y[2], y[0] * y[2]
    return np.sum(y * y * x)


@program((V3,), (U3,), may_refuse=True)
def a_loop_over_an_element(x):
    # The loop's own variable is an element of an array.
    y = x.copy()
    for y[1] in range(4):
        y[0] = y[0] * 0.5 + y[1] * y[2]
    return np.sum(y * y)


@program((V6,), (V3,))
def two_arrays_by_turns(x):
    y = x.copy()
    z = np.sin(x)
    for i in range(1, len(x)):
        y[i] = z[i - 1] * y[i]
        z[i] = y[i - 1] * z[i]
    return np.sum(y * z)


@program((V3,), (U3,))
def unused_writes(x):
    y = x.copy()
    y[0] = math.sin(y[1])
    y[1] = 7.0
    y[0] = y[2] * y[2]
    return y[0] * y[2]


@program((V3,), (U3,))
def written_but_never_read(x):
    y = x.copy()
    s = np.sum(y * y)
    y[0] = s * s
    return s * x[0]


@program((V3,), (U3,))
def the_value_is_an_array_of_one(x):
    y = x.copy()
    y[0] = y[1:2].sum() * y[2]
    return np.sum(y * y)


@program((V3,), (U3,), may_refuse=True)
def item_and_setting_by_methods(x):
    y = x.copy()
    y[1] = y.item(0) * y[1]
    return np.sum(y * y)


@program((V6, 3), (V6, 0), (V6, 6))
def up_to_a_bound(x, n):
    y = x.copy()
    for i in range(n):
        y[i] = y[i] * y[-1] + 0.1 * i
    for i in range(n, len(x)):
        y[i] = y[i] * y[0]
    return np.sum(y * x)


@program((V3,), (V1,))
def result_is_the_array(x):
    y = x.copy()
    y[0] = y[0] * y[-1]
    return y


@program((V3,), (V2,))
def result_is_the_array_and_a_number(x):
    y = x.copy()
    y[0] = y[0] * y[1]
    a = y[0]
    y[0] = a * a
    return y, a, y[1]


@program((0.4, V3), (-1.4, U3))
def an_array_filled_with_what_cancels(a, x):
    p = np.full(3, math.sin(x[-2] - a))
    d = np.full(2, math.cos(a - a))
    d[1] = 1 / (2.0 + p[2] * p[2])
    return np.sum(d * np.sin(d)) + np.sum(p * np.sin(x))


@program((0.4, V3, 4), (-1.4, U3, 1))
def a_square_of_a_sum_in_a_loop(a, x, n):
    s = n / (2.0 + np.sum(x) * np.sum(x))
    y = a
    for i in range(n // 2):
        y = np.sin(a * a * (i + s))
    return math.sin(y)
