"""Loops that read an array number by number: what may be read as a list, and what may not."""

import math

import numpy as np

from tests.programs import program
from tests.programs.array_points import READ_ONLY, U3, V0, V1, V2, V3

STRIDED = np.array([0.6, 9.0, -0.4, 9.0, 1.1, 9.0])[::-2]
SINGLE = np.array([0.7, 1.3, -0.2], np.float32)


@program((V3,), (V2,), (V1,), (V0,), (STRIDED,), (READ_ONLY,))
def chain_of_squares(x):
    s = 0.0
    for i in range(len(x) - 1):
        s += 3 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2
    return s


@program((V3,), (V0,))
def cubes_and_powers(x):
    s = 1.0
    for i in range(x.size):
        s = s * 0.5 + x[i] ** 3 - 2.0 * x[i] ** 4
    return s


@program((V3, U3), (V0, V0))
def two_arrays(x, y):
    s = 0.0
    for i in range(len(x)):
        s = s + x[i] * y[len(y) - 1 - i] * s
        s += y[i] * x[-1 - i]
    return s


@program((V3, 3), (V3, 0), (V3, 1))
def count_given(x, n):
    s = 0.0
    for i in range(n):
        s = s * x[i] + x[i]
    return s


@program((V3,), (V1,), (V0,))
def length_named(x):
    n = len(x)
    s = 0.3
    for i in range(n - 1, -1, -1):
        s = math.sin(s * x[i])
    return s * s


@program((V3,), (V1,), (V0,))
def branch_on_number(x):
    s = 0.0
    for i in range(len(x)):
        if x[i] > 0.25 and not x[i] > 100:
            s = s + x[i] * x[i]
        elif x[i] < -0.1:
            s -= x[i] * s
    return s


@program((V3,), (V1,))
def sum_of_truths(x):
    # NumPy adds truth values up to a truth value.
    s = 0.0
    for i in range(len(x) - 1):
        s += ((x[i] > 0) + (x[i + 1] > -5)) * x[i]
    return s


@program((V3,), (V1,), (V0,))
def quotients(x):
    s = 0.0
    for i in range(len(x)):
        s += 1.0 / (2.0 + x[i]) + x[i] / 4 - s / 3.0
    return s


@program((V3,), (V1,))
def numpy_functions_of_numbers(x):
    s = 0.0
    for i in range(len(x)):
        s = s + np.tanh(x[i]) * math.exp(-x[i])
    return s


@program((V3,), (V0,))
def largest_of_pairs(x):
    s = 0.0
    for i in range(len(x) - 1):
        s = s + max(x[i], x[i + 1]) * abs(x[i]) + min(s, x[i])
    return s


@program((V3,), (V0,))
def nested_pairs(x):
    s = 0.0
    for i in range(len(x)):
        for j in range(i):
            s += x[i] * x[j] * x[j]
    return s


@program((V3,), (V1,))
def whole_and_numbers(x):
    s = (x * x).sum()
    for i in range(len(x)):
        s = s + x[i] * np.sum(x[i:]) + x[0]
    return s * x.mean()


@program((V3,), (V0,))
def rebound_array(x):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * x[i]
    x = 2.0 * x
    for i in range(len(x)):
        s += s * x[i]
    return s


def weight(x):
    return x * x + 1


@program((V3,), (V0,))
def helper_of_numbers(x):
    s = 0.0
    for i in range(len(x)):
        s = s + weight(x[i]) * s + weight(x[i] - 1)
    return s


@program((V3, 0.5), (V3, 5.0), (V0, 0.5))
def leaves_early(x, limit):
    s = 0.0
    for i in range(len(x)):
        s = s + x[i] * x[i]
        if s > limit:
            return s * x[i]
    return s


@program((V3,), (V1,))
def some_numbers_only(x):
    s = x[0]
    for i in range(0, len(x), 2):
        s = s * x[i] + x[i]
    return s + x[-1]


@program((V3, V1), (V0, V1))
def of_one_entry(x, y):
    s = y[0]
    for i in range(len(x)):
        s = s + x[i] * y[0] * s
    return s


@program((V3,), (V0,))
def wraps_around(x):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * x[i - 1] + x[i - 1] * x[i - 1]
    return s


@program((V3,), (V0,))
def element_twice_a_trip(x):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * s
        if s < 100:
            s = s * x[i] + 0.1
    return s


@program((V3,), (V2,))
def index_from_variable(x):
    s = 0.0
    k = 0
    for i in range(len(x)):
        k = (k + 2) % len(x)
        s = s + x[k] * x[i] * s + x[k]
    return s


@program((V3, SINGLE), precision=1e-6)
def with_single_precision(x, y):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * x[i]
    return s * (y * x[0]).sum()


@program((V3,), (V0,))
def list_of_array(x):
    t = x.tolist()
    s = 0.0
    for i in range(len(t)):
        s += t[i] * t[i]
    return s + x.sum()


@program((V3,))
def list_written_to(x):
    t = x.tolist()
    t[0] = t[1] * t[2]
    t.append(t[0] * t[2])
    s = 0.0
    for y in t:
        s = s * 0.5 + y * y
    return s


# -- the first addition to an element of the adjoint -----------------------------------------------


@program((V3,), (V2,), (V0,))
def three_neighbours(x):
    s = 0.0
    for i in range(1, len(x) - 1):
        s += x[i - 1] * x[i + 1] + x[i] * x[i]
    return s


@program((V3,), (V2,), (V0,))
def neighbours_backwards(x):
    s = 0.0
    for i in range(len(x) - 2, -1, -1):
        s += x[i] * x[i + 1] - 2 * x[i + 1]
    return s


@program((V3,), (V0,))
def reaches_below_the_first(x):
    s = 0.0
    for i in range(len(x) - 1, -1, -1):
        s += x[i] * x[i - 2] * x[i - 2]
    return s


@program((V3,), (V0,))
def two_loops(x):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * x[i]
    for i in range(len(x) - 1):
        s += x[i + 1] * x[i]
    return s


@program((V3,), (V0,))
def loop_and_sum(x):
    s = (x * x).sum()
    for i in range(len(x)):
        s += x[i] * x[i]
    return s


@program((V3,), (V0,))
def in_one_branch(x):
    s = 0.0
    for i in range(len(x)):
        if x[i] > 0.2:
            s += x[i] * x[i]
    return s


@program((V3,), (V0,))
def in_both_branches(x):
    s = 0.0
    for i in range(len(x)):
        if x[i] > 0.2:
            s += x[i] * x[i]
        else:
            s -= x[i]
    return s


@program((V3,), (V0,))
def in_an_inner_loop(x):
    s = 0.0
    for i in range(len(x)):
        for _ in range(3):
            s += x[i] * x[i] * s + x[i]
    return s


@program((V3,), (V0,))
def every_second(x):
    s = 0.0
    for i in range(0, len(x) - 1, 2):
        s += x[i] * x[i + 1] * x[i + 1]
    return s


@program((V3,), (V0,))
def one_number_again_and_again(x):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * x[0] + x[0]
    return s


@program((np.array([[0.5, 1.5], [0.25, -2.0], [1.0, 0.5]]),))
def rows(A):
    s = 0.0
    for i in range(len(A) - 1):
        s += (A[i + 1] * A[i]).sum() + A[i].sum() ** 2
    return s


@program((np.array([0.9, 0.4]), 0.5, 2), (np.array([0.9, 0.4]), 0.5, 0), order=1)
def overwritten_by_what_does_not_read_it(x, s, n):
    a = (x + s) / (1.5 + s)
    for i in range(n):
        a = a - a**2.0
        a = np.where(x > s, x, x * x)
        a = x / (1.5 + a[-1] ** 2)
    return np.sum(a)
