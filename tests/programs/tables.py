"""Lists of lists: tables that are filled number by number, their rows and their copies."""

import math

import numpy as np

from tests.programs import program, refused

X = np.array([0.5, -1.2, 2.0])
Y = np.array([0.3, 1.1, -0.7, 0.9])


@program((X, Y), (Y, X), (X[:1], Y[:1]))
def time_warping(x, y):
    n, m = len(x), len(y)
    D = [[math.inf] * (m + 1) for _ in range(n + 1)]
    D[0][0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            c = (x[i - 1] - y[j - 1]) ** 2
            D[i][j] = c + min(D[i - 1][j], D[i][j - 1], D[i - 1][j - 1])
    return D[n][m]


@program((1.3, 4), (0.5, 1), (0.5, 0))
def paths_on_a_grid(x, n):
    T = [[1.0] * (n + 1) for _ in range(n + 1)]
    for i in range(1, n + 1):
        for j in range(1, n + 1):
            T[i][j] = x * T[i - 1][j] + T[i][j - 1]
    return T[n][n] * x


@program((0.7, 4), (0.7, 1), order=1)
def whole_numbers_at_first(x, n):
    T = [[0] * (n + 1) for _ in range(n + 1)]
    T[0][0] = 1
    for i in range(1, n + 1):
        T[i][0] = x * i
        for j in range(1, i + 1):
            T[i][j] += T[i - 1][j - 1] * x + T[i - 1][j] // 2
    return T[n][n] + T[-1][0]


@program((0.7, 3), (0.7, 1), order=1)
def rows_that_are_written_out(x, n):
    T = [[0, 0, 0] for _ in range(n + 1)]
    for k in range(n):
        T[k + 1][k % 3] = T[k][1] * x + x
    return T[n][0] + T[1][0] * x


@program((0.7, 3), (0.7, 0), order=1)
def rows_by_name(x, n):
    T = [[0.0] * 3 for _ in range(n + 1)]
    T[0][1] = x
    for k in range(n):
        row, after = T[k], T[k + 1]
        row[0] = row[0] + x
        for j in range(3):
            after[j] = row[j] * row[j - 1] + x
    last = T[-1]
    return last[0] + last[1] * last[-1]


@program((0.7, 3), order=1)
def loops_over_rows(x, n):
    T = [[x * i - j for j in range(n)] for i in range(n)]
    for k, row in enumerate(T):
        row[k] = row[k] ** 2
        row[0] *= x
    s = 0.0
    for row in T:
        for v in row:
            s = s * 0.5 + v * v
    for a, b in zip(T, T[1]):
        s += sum(a) * b + max(a[1:]) - min(a) * len(T)
    return s


@program((0.7, 3, 2), order=1)
def swapped_in_time(x, n, steps):
    u = [[math.sin(x * i + j) for j in range(n)] for i in range(n)]
    new = [[0.0] * n for _ in range(n)]
    for _ in range(steps):
        for i in range(n):
            for j in range(n):
                left = u[i][j - 1]
                new[i][j] = u[i][j] + 0.1 * (left - u[i - 1][j]) * x
        u, new = new, u
    return sum([sum(row) for row in u])


@program((0.7, 3, 2), order=1)
def made_anew_in_time(x, n, steps):
    u = [[x] * n for _ in range(n)] if False else [[x + i for _ in range(n)] for i in range(n)]
    for _ in range(steps):
        new = [[0.0] * n for _ in range(n)]
        for i in range(n):
            for j in range(n):
                new[i][j] = u[i][j] * u[i - 1][j] * 0.5
        u = new
    return u[0][0] + u[n - 1][n - 1]


@program((0.7, 3, 2), order=1)
def copied_in_time(x, n, steps):
    u = [[x + i * j for j in range(n)] for i in range(n)]
    for _ in range(steps):
        old = [row[:] for row in u]
        for i in range(n):
            for j in range(n):
                u[i][j] = old[i][j] * old[i - 1][j] + x
    first = [list(row) for row in u]
    first[0][0] = 0.0
    return u[0][0] * u[-1][-1] + first[1][1]


@program((0.7, 2), order=1)
def three_axes(x, n):
    T = [[[0.0] * n for _ in range(3)] for _ in range(n)]
    for i in range(n):
        plane = T[i]
        plane[0][0] = x
        for j in range(1, 3):
            for k in range(n):
                T[i][j][k] = T[i][j - 1][k] * x + plane[0][0]
    return T[0][2][0] * T[-1][1][-1]


@program((X,), (X[:2],), order=1)
def outer_product(x):
    m = [[u * v for u in x] for v in x]
    return m[0][1] ** 2 + np.sum(np.array(m) ** 2)


@program((np.array([[2.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.1, 0.4, 1.5]]),), order=1)
def elimination(A):
    n = len(A)
    M = [[A[i, j] for j in range(n)] for i in range(n)]
    L = [[0.0] * n for _ in range(n)]
    det = 1.0
    for k in range(n):
        L[k][k] = 1.0
        for i in range(k + 1, n):
            L[i][k] = M[i][k] / M[k][k]
            for j in range(k, n):
                M[i][j] -= L[i][k] * M[k][j]
        det *= M[k][k]
    return det + L[2][0] * L[2][1]


@program((1.5, 4), order=1)
def romberg(x, n):
    R = [[0.0] * (n + 1) for _ in range(n + 1)]
    h = x
    R[0][0] = 0.5 * h * (math.exp(-x * x) + 1.0)
    for i in range(1, n + 1):
        h *= 0.5
        s = 0.0
        for k in range(1, 2**i, 2):
            s += math.exp(-((k * h) ** 2))
        R[i][0] = 0.5 * R[i - 1][0] + h * s
        for j in range(1, i + 1):
            R[i][j] = R[i][j - 1] + (R[i][j - 1] - R[i - 1][j - 1]) / (4**j - 1)
    return R[n][n]


def _filled(x, n):
    t = [[0.0] * n for _ in range(n)]
    for i in range(n):
        t[i][i] = x ** (i + 1)
    return sum(t[n - 1]) + t[0][0]


@program((0.7, 3), order=1)
def in_helpers(x, n):
    return _filled(x, n) * _filled(x * x, n + 1)


@program((0.7, 3, True), (0.7, 3, False), order=1)
def in_a_branch(x, n, on):
    s = x
    if x > 0:
        t = [[-1.0] * n for _ in range(n)]
        t[0][1] = x * x
        if on:
            t[1][0] = t[0][1] * x
        s += t[0][1] * t[1][0]
    return s


@program((0.7, 3), (-0.7, 3))
def written_by_a_branch(x, n):
    t = [[0.5 for _ in range(n)] for _ in range(2)]
    for i in range(1, n):
        if t[0][i - 1] * x > 0.2:
            t[0][i] = t[0][i - 1] * x
        else:
            t[1][i] += x * i
            if i > 1:
                break
    return sum(t[0]) * sum(t[1])


@refused((0.7, 3), match="a list in a list")
def a_row_that_grows(x, n):
    t = [[x] * 2 for _ in range(n)]
    t[0].append(x)
    return t[0][-1]


@refused((0.7, 3), match="a list in a list")
def a_row_that_is_replaced(x, n):
    t = [[0.0] * 2 for _ in range(n)]
    t[0][0] = x
    t[1] = t[0]
    return t[1][0]


@refused((0.7, 3))
def one_row_many_times(x, n):
    t = [[0.0] * 2] * n
    t[0][0] = x
    return t[1][0]


@refused((0.7, 3))
def a_row_that_is_added(x, n):
    t = [[0.0] * 2 for _ in range(n)]
    t[0][0] = x
    row = t[0] + t[1]
    return row[0] * len(row)


@refused((0.7, 3), match="a list in a list")
def rows_of_many_lengths(x, n):
    t = [[0.0] * (i + 1) for i in range(n)]
    t[2][2] = x
    return t[2][2]


@refused((X, 2))
def numbers_that_are_arrays(x, n):
    t = [[0.0] * 2 for _ in range(n)]
    t[1][0] = x * x
    return np.sum(t[1][0])


@refused((0.7, 2))
def a_part_of_a_row_is_a_copy(x, n):
    t = [[0.0] * 3 for _ in range(n)]
    row = t[0][:]
    row[0] = x
    return t[0][0] + row[0]


@refused((2.0, 3), match="neither an int")
def a_number_as_an_index(x, n):
    best = [[0] * 2 for _ in range(n)]
    t = [[0.0] * 2 for _ in range(n)]
    t[0][0] = x
    for i in range(1, n):
        for j in range(2):
            t[i][j] = t[i - 1][j] * x + 1
            best[i][j] = j
    return t[n - 1][best[n - 1][1]]
