"""Writes that are made on some paths only, and conditions that ask what has been written."""

import math

import numpy as np

from tests.programs import program
from tests.programs.array_points import M23, M33, M34, U3, U6, V3, V5, V6


@program((V3, 0.5), (V3, -0.5))
def only_if(x, c):
    y = x.copy()
    if c > 0:
        y[0] = y[1] * c
    return np.sum(y * y)


@program((V3, 0.5), (V3, -0.5))
def either_or(x, c):
    y = x * x
    if c > 0:
        y[0] = y[1] * c
    else:
        y[1:] = y[:-1] * y[0]
    y *= y[0]
    return np.sum(y * y)


@program((V3, 0.5), (V3, -0.5), (V3, 1.5))
def one_of_three(x, c):
    y = x * x
    if c > 1:
        y[0] *= c
    elif c > 0:
        y = y * c
        y[1] = y[0]
    else:
        y[:] = c
    return np.sum(y * y * x)


@program((V5,), (-V5,))
def if_the_element_is_positive(x):
    y = x.copy()
    for i in range(len(y)):
        if y[i] > 0:
            y[i] = y[i] * y[i - 1]
    return np.sum(y * y)


@program((V5,), (-V5,))
def the_condition_is_written_in_its_branch(x):
    y = x.copy()
    if y[0] > 0:
        y[0] = y[1] * y[0] - 1.0
    else:
        y[0] = y[1] * y[1] + 2.0
    if y[0] > 0:
        y[1] *= y[0]
    return np.sum(y * y)


@program((V5,), (-V5,))
def the_condition_asks_for_all(x):
    y = x.copy()
    for i in range(3):
        if np.sum(y) > 0.3:
            y *= y[0]
        else:
            y += 0.4
    return np.sum(y * y)


@program((V5,), (-V5,))
def signs_by_turns(x):
    y = np.zeros(len(x))
    for i in range(len(x)):
        if x[i] > 0:
            y[i] = math.log(x[i]) * x[i]
        elif x[i] < -0.45:
            y[i] = x[i] ** 2
        else:
            y[i] = y[i - 1] + 0.2 * x[i]
    return np.sum(y * y)


@program((V5, 0.5), (V5, -0.5))
def the_array_is_made_in_a_branch(x, c):
    if c > 0:
        y = np.zeros(len(x))
        y[0] = c * x[1]
    else:
        y = x * c
    y[1] = y[0] * x[0]
    return np.sum(y * y)


@program((V5, 0.5), (V5, -0.5))
def the_array_is_another_in_a_branch(x, c):
    y = x * x
    z = y
    if c > 0:
        y = y * c
        y[0] = z[1]
    z[0] = y[1] * c
    return np.sum(y * y * z)


@program((V5, 0.5), (V5, -0.5))
def a_view_in_a_branch(x, c):
    y = x * x
    if c > 0:
        v = y[:3]
    else:
        v = y[2:]
    v[0] = y[1] * c
    v *= y[2]
    return np.sum(y * y)


@program((V5, 0.5), (V5, -0.5))
def a_view_of_another_length_in_a_branch(x, c):
    y = x * x
    v = y[:2] if c > 0 else y[1:]
    v *= c
    y[0] *= v[-1]
    return np.sum(y * y)


@program((V5,), (-V5,))
def the_index_by_a_branch(x):
    y = x.copy()
    k = 0
    for i in range(1, len(y)):
        if y[i] > y[k]:
            k = i
        y[k] = y[k] * 0.5 + y[i]
    return np.sum(y * y)


@program((V5,), (-V5,))
def a_maximum_so_far(x):
    y = np.empty(len(x))
    best = x[0]
    for i in range(len(x)):
        if x[i] > best:
            best = x[i]
        y[i] = best * best
    return np.sum(y * x)


@program((V5,), (-V5,))
def the_value_by_an_expression(x):
    y = x.copy()
    for i in range(len(y)):
        y[i] = y[i] * y[i] if y[i] > 0 else 2.0 * y[i - 1]
    return np.sum(y * y)


@program((V5, 2), (V5, 0), (V5, 5))
def by_the_counter(x, k):
    y = x.copy()
    for i in range(len(y)):
        if i < k:
            y[i] *= y[-1]
        if i == k:
            y[-1] = y[i] * y[0]
        if i > k:
            y[i] += y[0]
    return np.sum(y * y)


@program((M34,), (-M33,))
def by_elements_of_a_matrix(a):
    b = a.copy()
    for i in range(b.shape[0]):
        for j in range(b.shape[1]):
            if b[i, j] > b[i - 1, j - 1]:
                b[i, j] = b[i - 1, j - 1] * b[i, j]
            else:
                b[i] += 0.1 * b[i, j]
    return np.sum(b * b)


@program((V5, 0.5), (V5, -0.5))
def nested_branches(x, c):
    y = x.copy()
    if c > 0:
        y[0] = c * y[1]
        if y[0] > 0:
            y[1] = y[0] * y[2]
        else:
            y[2] = y[0] * y[1]
    else:
        y[1] = c
        if y[2] > 0:
            y[1] *= y[2]
            y = y * 2.0
    y[3] = y[1] * y[2]
    return np.sum(y * y)


@program((V5, 0.5), (V5, -0.5))
def a_return_in_each_branch(x, c):
    y = x.copy()
    if c > 0:
        y[0] = c * y[1]
        return np.sum(y * y)
    y[1] = c * y[0]
    return np.sum(y * y * y)


@program((V5,), (-V5,))
def a_clamp_by_hand(x):
    y = 3.0 * x
    for i in range(len(y)):
        if y[i] > 1.0:
            y[i] = 1.0
        if y[i] < -1.0:
            y[i] = -1.0
    return np.sum(y * x)


@program((V6, U6), (U6, V6))
def the_larger_one_is_written(x, z):
    u, v = x.copy(), z.copy()
    for i in range(len(x)):
        if u[i] > v[i]:
            u[i] = u[i] * v[i]
        else:
            v[i] = v[i] + u[i - 1]
    return np.sum(u * v)


@program((V5, True), (V5, False))
def a_flag_chosen_once(x, flag):
    y = x.copy()
    for i in range(1, len(y)):
        if flag:
            y[i] = y[i - 1] * y[i]
        else:
            y[i - 1] += y[i]
    return np.sum(y * y)


@program((V5,), (-V5,))
def with_and_and_or(x):
    y = x.copy()
    for i in range(1, len(y)):
        if (y[i] > 0 and y[i - 1] > 0) or i == 2:
            y[i] *= y[i - 1]
        if not (y[i] > 0.5 or y[i - 1] < -0.1):
            y[i - 1] = y[i] * 2.0
    return np.sum(y * y)


@program((V3,), (U3,))
def where_keeps_the_old_one(x):
    y = x.copy()
    old = y
    y = np.where(y > 0, y * y, 0.5 * y)
    y[0] = old[1] * y[2]
    old[2] = y[0] * old[0]
    return np.sum(y * y) + np.sum(old * old)


@program((-1.23, V3, M23), (0.9, V3, M23), order=1, may_refuse=True)
def an_argument_that_is_written_or_is_another_ones_row_in_a_loop(x, v, m):
    g = np.full((2, 3), x)
    for k in range(2):
        if x > 0.6:
            v = m[0]
            return np.sum(v)
        else:
            v += x
            g[k] = v * v
    v = np.full(3, x)
    return np.sum(g * g)


@program((V3, 0.5), (V3, 0.2), (V3, -0.5))
def a_buffer_of_one_path_only(x, c):
    if c > 0.3:
        y = np.empty(2)
        y[...] = np.sin(x[1:] * c)
    elif c > 0.1:
        y = np.tanh(x[1:] * c)
        return c * c + np.sum(y * np.sin(y))
    return np.sum(x * x) * c


@program((V3, 2.5), (V3, 1.5), (V3, 0.5), order=1)
def a_buffer_that_a_loop_writes_on_one_path_only(x, c):
    s = c
    if c > 2:
        y = np.zeros(3)
    for i in range(3):
        if c > 2:
            y[i] = x[i] * c
            s = s * y[i]
        elif c > 1:
            z = np.ones(2)
            z[0] = s * c
            s = s * z[0] + x[i]
    return s


@program((V3, 2.5), (V3, 1.5))
def elements_of_an_array_that_is_set_twice(x, c):
    y = x * 2
    if c > 2:
        y = x * c
    s = c
    for i in range(3):
        s += y[i] * y[i] * c
    return s
