"""Arrays that are filled element by element: what is overwritten has been read, or never was."""

import numpy as np

from tests.programs import program
from tests.programs.array_points import M33, M34, U6, V3, V5


@program((V5, 1.3), (V3, 0.7))
def a_recurrence(x, r):
    y = np.zeros(len(x))
    y[0] = x[0]
    for i in range(1, len(x)):
        y[i] = r * y[i - 1] * (x[i] - y[i - 1])
    return np.sum(y * x)


@program((V5, 1.3), (V3, 0.7))
def from_the_end(x, r):
    y = np.zeros(len(x) + 1)
    for i in range(len(x) - 1, -1, -1):
        y[i] = r * x[i] + y[i + 1] * y[i + 1]
    return y[0] * y[1]


@program((V5, 1.3), (V3, 0.7))
def from_the_end_in_a_closed_ring(x, r):
    # y[i + 1] is y[0] for the last one, which is written when it has been read.
    y = np.ones(len(x))
    for i in range(len(x) - 1, -2, -1):
        y[i] = r * x[i] + y[i + 1 - len(x)] * y[i + 1 - len(x)]
    return y[0] * y[1] * y[2]


@program((V5, 1.3), (V3, 0.7))
def the_last_one_is_read_first(x, r):
    # y[i - 1] is y[-1] in the first trip.
    y = np.ones(len(x))
    for i in range(len(x)):
        y[i] = r * x[i] * y[i - 1] * y[i - 1]
    return np.sum(y * y)


@program((V5, 1.3), (V3, 0.7))
def read_ahead(x, r):
    y = np.ones(len(x) + 2) * r
    for i in range(len(x)):
        y[i] = x[i] * y[i + 2] * y[i + 2]
    return np.sum(y * y)


@program((V5, 1.3), (V3, 0.7))
def read_in_the_same_trip_before(x, r):
    y = np.ones(len(x)) * r
    s = 0.0
    for i in range(len(x)):
        s = s + y[i] * y[i] * x[i]
        y[i] = x[i] * s
    return s + np.sum(y * y)


@program((V5, 1.3), (V3, 0.7))
def read_in_the_same_trip_after(x, r):
    y = np.zeros(len(x))
    s = 0.0
    for i in range(len(x)):
        y[i] = x[i] * s + r
        s = s + y[i] * y[i] * x[i]
    return s


@program((V5, 3, 1.3), (V3, 2, 0.7))
def filled_again_and_again(x, n, r):
    y = np.zeros(len(x))
    s = 0.0
    for t in range(n):
        y[0] = r * t + s
        for i in range(1, len(x)):
            y[i] = y[i - 1] * y[i - 1] * x[i]
        s = s + y[1] * y[2]
    return s


@program((V5, 3, 1.3), (V3, 2, 0.7))
def made_anew_and_filled(x, n, r):
    s = 0.0
    for t in range(n):
        y = np.zeros(len(x))
        y[0] = r * t + s
        for i in range(1, len(x)):
            y[i] = y[i - 1] * y[i - 1] * x[i]
        s = s + y[1] * y[2]
    return s


@program((V5, 3, 1.3), (V3, 2, 0.7))
def made_anew_where_the_older_one_is_read(x, n, r):
    s = 0.0
    y = np.ones(len(x)) * r
    for t in range(n):
        s = s + y[0] * y[1] * x[0]
        y = np.zeros(len(x))
        for i in range(1, len(x)):
            y[i] = y[i - 1] + s * x[i]
        y[0] = s * s
    return s + y[0] * y[2]


@program((V5, 3), (V3, 2))
def made_anew_in_a_branch(x, n):
    s = 0.0
    y = x * x
    for t in range(n):
        if t != 1:
            y = np.ones(len(x))
            y[1] = s + x[0]
        s = s + y[0] * y[1] * y[1]
        y[0] = s * x[1]
    return s * y[0]


@program((M33, 0.7), (M34, 0.4))
def two_loops(a, r):
    n, m = a.shape
    f = np.zeros((n, m))
    for i in range(n):
        f[i, 0] = a[i, 0]
    for j in range(m):
        f[0, j] = a[0, j]
    for i in range(1, n):
        for j in range(1, m):
            f[i, j] = f[i - 1, j] * f[i, j - 1] * r + a[i, j]
    return f[n - 1, m - 1]


@program((M33, 0.7), (M34, 0.4))
def two_loops_that_read_across(a, r):
    # f[i - 1, j + 1] is written in an earlier trip of the outer loop, f[i, j + 1] in none.
    n, m = a.shape
    f = np.ones((n, m + 1)) * r
    for i in range(1, n):
        for j in range(m):
            f[i, j] = f[i - 1, j + 1] * f[i, j + 1] * f[i, j + 1] * a[i, j]
    return np.sum(f * f)


@program((M33, 0.7), (M34, 0.4))
def the_columns_outside(a, r):
    n, m = a.shape
    f = np.ones((n, m)) * r
    for j in range(1, m):
        for i in range(n):
            f[i, j] = f[i, j - 1] * f[i, j - 1] * a[i, j]
    return np.sum(f * f)


@program((V3, 0.3, 4), (V5, 0.2, 3))
def a_trajectory(u0, c, n):
    u = np.zeros((n + 1, len(u0)))
    u[0] = u0
    for t in range(n):
        u[t + 1] = u[t] + c * np.sin(u[t])
    return np.sum(u * u)


@program((V3, 0.3, 4), (V5, 0.2, 3))
def a_trajectory_of_two_steps(u0, c, n):
    u = np.zeros((n + 2, len(u0)))
    u[0] = u0
    u[1] = u0 * c
    for t in range(1, n + 1):
        u[t + 1] = 2.0 * u[t] - u[t - 1] - c * u[t] * u[t] * u[t]
    return np.sum(u[n] * u[n + 1])


@program((V3, 0.3, 4), (V5, 0.2, 3))
def a_trajectory_by_parts_with_names(u0, c, n):
    u = np.zeros((n + 1, len(u0)))
    u[0] = u0
    for t in range(n):
        row = u[t]
        new = u[t + 1]
        new[1:] = row[1:] + c * row[:-1] * row[:-1]
        new[0] = row[0] * row[0]
    return np.sum(u * u)


@program((V3, 0.3, 4), (V5, 0.2, 3))
def a_part_that_is_kept_for_the_next_trip(u0, c, n):
    u = np.ones((n + 1, len(u0)))
    row = u[n]
    for t in range(n):
        u[t + 1] = u0 * row * row + c * u[t]
        row = u[t + 1]
    return np.sum(u * u)


@program((V3, 0.3, 4), (V5, 0.2, 3))
def a_part_of_the_last_row(u0, c, n):
    u = np.ones((n + 1, len(u0)))
    last = u[-1]
    for t in range(n):
        u[t + 1] = u0 * last * last + c * u[t]
    return np.sum(u * u)


@program((U6, 0.3), (V5, 0.2))
def every_other_one(x, c):
    y = np.ones(len(x) + 1) * c
    for i in range(0, len(x) - 1, 2):
        y[i + 2] = y[i] * y[i + 1] * x[i]
    return np.sum(y * y)


@program((U6, 0.3), (V5, 0.2))
def steps_that_overlap(x, c):
    y = np.ones(len(x) + 4) * c
    for i in range(0, len(x) - 1, 2):
        y[i + 1] = y[i + 3] * y[i + 2] * x[i]
        y[i + 2] = y[i + 1] * y[i + 4]
    return np.sum(y * y)


@program((V5, 0.3), (V3, 0.2))
def whole_reads_on_the_way(x, c):
    y = np.ones(len(x))
    s = c
    for i in range(len(x)):
        y[i] = s * x[i]
        s = s + np.sum(y * y)
    return s


@program((V5, 0.3), (V3, 0.2))
def the_variable_is_changed(x, c):
    y = np.ones(len(x) + 2) * c
    for i in range(len(x)):
        k = y[i] * y[i] * x[i]
        i = 0
        y[i + 1] = k + y[i]
    return np.sum(y * y)


@program((V5, 0.3), (V3, 0.2))
def one_element_is_written_each_time(x, c):
    y = np.ones(len(x)) * c
    for i in range(1, len(x)):
        y[0] = y[i] * y[0] * x[i]
    return np.sum(y * y)


@program((V5, 0.3), (V3, 0.2))
def two_constant_elements(x, c):
    y = np.ones(len(x)) * c
    s = y[1] * y[1] * x[0]
    y[0] = s * x[1]
    y[-2] = y[1] * s
    return np.sum(y * y) * s
