"""Lists that grow and shrink, also in functions that they are handed to."""

import math

import numpy as np

from tests.programs import program
from tests.programs.array_points import V3


@program((0.7, 3), (0.7, 0))
def length_of_a_list_that_shrinks_later(x, n):
    t = [x]
    for i in range(n):
        t.append(x * x * i)
    s = 0.0
    for i in range(len(t)):
        s = s + t[i] * t[i]
    for _ in range(n):
        s = s + t.pop()
    return s


@program((0.7, 3), (0.7, 0))
def length_of_a_list_that_grows_later(x, n):
    t = [x, x * x]
    s = 0.0
    for i in range(len(t)):
        s = s + t[i] * t[i] * len(t)
    for i in range(n):
        t.append(x * i)
        if len(t) > 3:
            s = s * t[len(t) - 1]
        s = s + t[-1] * t[-2]
    return s


@program((0.7, 1.2, 4), (0.7, 1.2, 1))
def an_element_by_the_length(x, y, n):
    t = [x]
    s = y
    for _ in range(n):
        t.append(s * t[len(t) - 1])
        s = s + t[len(t) - 1] * t[len(t) - 2]
    return s


def append_square(t, x):
    t.append(x * x)
    return x


@program((0.7,))
def appended_by_a_function(x):
    t = [x, x * x]
    y = append_square(t, x)
    return t[-1] * t[0] + y


def append_and_forget(t, x):
    t.append(x * x)
    return 1.0


@program((0.7,))
def only_the_list_matters(x):
    t = [0.0] * 0
    y = append_and_forget(t, x)
    return t[0] * x + y


@program((0.7,))
def read_and_popped_in_one_line(x):
    t = [x, x * x]
    z = t.pop()
    t.append(math.sin(z))
    y = append_square(t, t[0])
    return t[-1] * t[0] + y * t[1] * t.pop() * len(t)


@program((0.7,))
def both_ways(x):
    t = [x, x * x]
    s = 1.0
    for y in t:
        s = s * y + x
    for y in t[::-1]:
        s = s * y + x
    return s


def drain(t):
    s = 1.0
    for i in range(len(t)):
        s = s * math.sin(t.pop())
    return s


@program((0.7,))
def drained_twice(x):
    t = [x, x * x]
    s = drain(t)
    t.append(x)
    return s * t[0] * drain(t)


def grow_both(t, u):
    t.append(u[0] * u[1])
    u.append(t[0])
    return 3.0


@program((0.7,))
def two_lists(x):
    t = [x, x * x]
    u = [x * 2, 1.0]
    s = grow_both(t, u)
    s = s + grow_both(u, t)
    return s * t[-1] * u[-1]


def put_powers(t, x, n):
    if n == 0:
        return 0
    t.append(x * n)
    return put_powers(t, x * x, n - 1) + 1


@program((0.7, 3))
def grown_by_a_recursion(x, n):
    t = [0.0] * 0
    k = put_powers(t, x, n)
    s = 0.0
    for i in range(k):
        s += t[i] * t[i]
    return s


@program((0.7,))
def ints_become_floats_in_a_function(x):
    t = [0] * 0
    y = append_square(t, x)
    return t[0] * y


@program((0.7,))
def tuples_written_out_in_a_list(x):
    t = [(x, 1.0), (x * x, x)]
    return t[0][0] * t[1][1]


@program((0.7,))
def tuples_appended_to_a_list(x):
    t = []
    for i in range(3):
        t.append((x * i, x))
    return t[1][0] * t[2][1]


@program((0.7,))
def tuples_of_constants_in_a_list(x):
    t = [(0.5, 1.0), (2.0, 3.0)]
    s = x
    for i in range(2):
        s = s * t[i][0] + x * t[i][1]
    return s


@program((V3, 0.5))
def an_array_in_a_list_changed_in_place(v, x):
    w = v * x
    arrays = [w, w]
    for i in range(2):
        arrays[i] += w[0]
    return w[1] * x


@program((V3, 0.5))
def an_array_in_a_list_scaled_in_place(v, x):
    arrays = [v, v]
    arrays[0] *= x
    return arrays[1][0] * x


@program((V3, 0.5))
def an_array_in_a_list_that_is_another_one_then(v, x):
    arrays = [v, v]
    arrays[0] = arrays[0] * x
    return arrays[1][0] * arrays[0][1]


@program((V3, 0.5))
def a_number_in_a_list_changed_by_an_augmented_assignment(v, x):
    numbers = [v[0], x]
    numbers[0] *= x
    numbers[1] += np.sum(v * numbers[0])
    return numbers[0] * numbers[1]


@program((-0.9,), (0.4,))
def lists_of_other_lengths_in_each_trip(x):
    items = [x, 1.0, 2.0, x * x]
    for k in range(2):
        items = [x, x * x, math.tanh(items[k % 2])]
    return items[0] + items[2]


@program((-0.9, 2), (0.4, 0))
def longer_lists_in_each_trip_of_two_loops(x, n):
    items = [x]
    for k in range(n):
        for j in range(2):
            items = [items[0] * x, x, items[-1] * j]
            items.append(items[1] * items[0] + k)
        items = [items[-1], items[0]]
    return items[0] + items[-1]


@program((0.7, V3))
def an_array_that_nobody_takes(x, v):
    vecs = [v, np.tanh(v) * x, v]
    p = vecs[-1]
    vecs.append(np.concatenate([p[1:], v[:1]]))
    vecs.append(np.outer(v, p)[0] * x)
    return np.sum(vecs[1] * vecs[0])


@program((0.7, V3), order=1)
def arrays_of_a_loop_that_nobody_takes(x, v):
    vecs = []
    for i in range(3):
        vecs.append(v[::-1] * x + i)
    return np.sum(vecs[1][1:] * v[:2])


def append_parts(vecs, v):
    vecs.append(np.concatenate([v, v[:1]]))
    vecs.append(v[::-1])


@program((0.7, V3), order=1)
def arrays_that_a_function_appends(x, v):
    vecs = [v]
    append_parts(vecs, v * x)
    u = vecs.pop()
    return vecs[0][0] * x * u[0]


def set_first(t, v):
    t[0] = v * 2


@program((0.7, V3))
def an_array_that_a_function_puts_into_a_list_of_numbers(x, v):
    t = [0.0, x]
    set_first(t, v * x)
    return np.sum(np.full(3, t[0] * t[0])) * t[1]


@program((0.7, V3))
def an_array_that_a_function_puts_among_nones(x, v):
    t = [None] * 2
    set_first(t, v * x)
    return np.sum(t[0] * v) * x


@program((0.7,))
def a_number_that_a_function_puts_among_bools(x):
    t = [False] * 2
    set_first(t, x)
    return t[0] * t[0] + x


def set_first_again(t, v, n):
    if n == 0:
        t[0] = v
        return
    t[0] = 1.0
    set_first_again(t, v * 2, n - 1)


@program((0.7, V3), may_refuse=True)
def an_array_that_a_recursion_puts_into_a_list_of_numbers(x, v):
    t = [0.0, x]
    set_first_again(t, v * x, 2)
    return np.sum(np.full(3, t[0] * t[0])) * x


def product(vecs, k):
    return vecs[k][0] * vecs[0][1] + vecs[-1][2]


@program((0.7, V3))
def arrays_of_a_list_that_a_function_reads(x, v):
    return product([v * x, np.concatenate([v, v]), v * 2], 0) * x


@program((0.7, 3), (0.7, 1))
def table_of_lists(x, n):
    table = [[0.0 for _ in range(n)] for _ in range(n)]
    for i in range(1, n):
        table[i][i] = table[i - 1][i - 1] + x
    return table[n - 1][n - 1]
