"""Loops over rows, with enumerate, zip and reversed; time loops; while loops; early returns."""

import math

import numpy as np

from tests.programs import program
from tests.programs.array_points import (
    FORTRAN,
    M23,
    M33,
    M34,
    M45,
    T234,
    U3,
    U6,
    V0,
    V3,
    V5,
    V6,
)


@program((M34,), (M23,), (FORTRAN,))
def over_rows(a):
    b = a.copy()
    for row in b:
        row[0] = row[1] * row[2]
        row *= 1.5
    return np.sum(b * b)


@program((M34,), (M23,))
def over_rows_that_are_read(a):
    s = np.zeros(a.shape[1])
    for row in a:
        s += row * row[0]
        s *= row
    return np.sum(s * s)


@program((M34,), (M23,))
def over_rows_with_a_carried_row(a):
    b = a.copy()
    last = b[-1]
    for row in b:
        row += last * row[0]
        last = row
    return np.sum(b * b)


@program((M34,), (M23,))
def the_row_after_the_loop(a):
    b = a.copy()
    for row in b:
        row[0] *= row[1]
    row[1] = row[0] * b[0, 0]
    return np.sum(b * b)


@program((M34,), (M23,))
def the_array_changes_under_the_loop(a):
    b = a.copy()
    for i, row in enumerate(b):
        b[-1] += row * row
        row[i] = b[-1, i] * 0.5
    return np.sum(b * b)


@program((M34,), (M23,))
def with_enumerate(a):
    b = a.copy()
    for i, row in enumerate(b):
        row[i] = row[i - 1] * b[0, i]
        row += 0.1 * i
    return np.sum(b * b)


@program((M34,), (M23,))
def with_enumerate_from_one(a):
    b = np.zeros((len(a) + 1, a.shape[1]))
    for i, row in enumerate(a, 1):
        b[i] = b[i - 1] * row + row
    return np.sum(b * b)


@program((M34, M34[::-1]), (M33, M33.T))
def with_zip(a, c):
    b = a.copy()
    d = c.copy()
    for r, q in zip(b, d):
        r *= q
        q[0] = r[1] * q[0]
    return np.sum(b * d)


@program((M34,), (M33,))
def with_zip_of_the_same(a):
    b = a.copy()
    for r, q in zip(b[1:], b[:-1]):
        r += q * r[0]
        q[1] *= r[1]
    return np.sum(b * b)


@program((M34,), (M33,), may_refuse=True)
def with_zip_of_columns(a):
    b = a.copy()
    for i, (c, x) in enumerate(zip(b.T, a[0])):
        c *= x + i
        c[0] = c[1] * b[0, 0]
    return np.sum(b * b)


@program((M34,), (M33,))
def with_reversed(a):
    b = a.copy()
    for row in reversed(b):
        row *= b[-1]
    for i in reversed(range(len(b))):
        b[i, 0] = b[i, 1] * b[i - 1, 0]
    return np.sum(b * b)


@program((M34,), (M23,))
def over_the_transpose(a):
    b = a.copy()
    for column in b.T:
        column[0] = column[1] * column[0]
        column *= column[0]
    return np.sum(b * b)


@program((V5,), (V0,), (V3,))
def over_elements(x):
    y = np.zeros(len(x))
    for i, e in enumerate(x):
        y[i] = e * e * math.sin(e)
    return np.sum(y * x)


@program((V5,), (V3,))
def over_elements_of_what_is_written(x):
    # The loop reads each element when it comes to it, written or not.
    y = x.copy()
    i = 0
    for e in y:
        y[-1] = y[-1] + e * e
        y[i] = e * y[-1]
        i += 1
    return np.sum(y)


@program((T234,))
def rows_of_rows(t):
    u = t.copy()
    for matrix in u:
        for row in matrix:
            row *= matrix[0, 0]
            row[1] = row[0] * row[2]
    return np.sum(u * u)


@program((M34,), (M33,), may_refuse=True)
def over_all_indices(a):
    b = a.copy()
    for i, j in np.ndindex(*a.shape):
        b[i, j] = b[i - 1, j] * b[i, j]
    return np.sum(b * b)


@program((M34,), (M33,), may_refuse=True)
def over_all_indices_and_elements(a):
    b = np.zeros(a.shape)
    for (i, j), e in np.ndenumerate(a):
        b[i, j] = e * e * b[i - 1, j - 1] + e
    return np.sum(b * b)


@program((V6, 0.3, 3), (U6, -0.2, 1), (V6, 0.3, 0))
def a_stencil_in_time(x, c, n):
    u = x.copy()
    for t in range(n):
        u[1:-1] += c * u[1:-1] * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u * u)


@program((V6, 0.3, 3), (U6, -0.2, 1), (V6, 0.3, 0))
def a_stencil_in_time_of_elements(x, c, n):
    u = x.copy()
    for t in range(n):
        for i in range(1, len(u) - 1):
            u[i] = u[i] + c * u[i - 1] * (u[i + 1] - u[i])
    return np.sum(u * u)


@program((M45, 2), (M33, 1))
def a_stencil_of_two_axes(a, n):
    u = a.copy()
    for t in range(n):
        for i in range(1, u.shape[0] - 1):
            for j in range(1, u.shape[1] - 1):
                u[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j]) + u[i, j - 1] * u[i, j + 1]
    return np.sum(u * u)


@program((V6, 3), (U6, 2))
def rows_of_time(x, n):
    h = np.zeros((n + 1, len(x)))
    h[0] = x
    for t in range(n):
        h[t + 1, 1:] = h[t, 1:] * h[t, :-1]
        h[t + 1, 0] = h[t, -1]
    return np.sum(h * h)


@program((V6, 4), (U6, 1))
def a_loop_in_a_loop(x, n):
    y = x.copy()
    for i in range(n):
        for j in range(i):
            y[i] += y[j] * 0.5
            y[j] *= y[i]
    return np.sum(y * y)


@program((V6,), (U6,))
def while_it_is_large(x):
    y = 2.0 * x
    while np.sum(y * y) > 1.0:
        y *= 0.7
        y[0] += 0.05 * y[1]
    return np.sum(y * x)


@program((V6, 3), (U6, 0))
def while_it_counts(x, n):
    y = x.copy()
    i = 0
    while i < n:
        y[i] = y[i + 1] * y[i]
        i += 1
        y[i:] *= 1.1
    return np.sum(y * y)


@program((V6, 2.0), (U6, 0.5), (V6, 100.0))
def a_break(x, limit):
    y = x.copy()
    for i in range(len(y)):
        y[i] = y[i] * y[i - 1] + 1.0
        if y[i] > limit:
            break
        y[0] += y[i]
    return np.sum(y * y)


@program((V6, 1.1), (U6, 0.5), (V6, 100.0))
def a_break_out_of_while(x, limit):
    y = x.copy()
    i = 0
    while True:
        y[i] = y[i] * 1.5 + 0.4
        if y[i] > limit or i == len(y) - 1:
            break
        i += 1
        y[i] += y[i - 1]
    y[0] *= y[i]
    return np.sum(y * y)


@program((V6,), (U6,))
def a_continue(x):
    y = x.copy()
    for i in range(len(y)):
        y[i] += 0.5 * y[i - 1]
        if y[i] < 0:
            continue
        y[i] = y[i] * y[i - 1]
        if i % 2:
            continue
        y[-1] += y[i]
    return np.sum(y * y)


@program((V6, 0.8), (U6, 5.0))
def an_else_of_a_loop(x, limit):
    y = x.copy()
    for i in range(3):
        y[i] *= y[i + 1]
        if y[i] > limit:
            y[0] = y[i]
            break
    else:
        y[-1] = y[0] * y[1]
    return np.sum(y * y)


@program((V6, 0.8), (U6, 5.0), (V6, -5.0))
def an_early_return(x, limit):
    y = x.copy()
    for i in range(len(y)):
        y[i] = y[i] * y[i] + y[i - 1]
        if y[i] > limit:
            return np.sum(y) * y[i]
        y[i] += 0.1
    return np.sum(y * y)


@program((V6, 0.5), (U6, -0.5))
def an_early_return_after_a_write(x, c):
    y = x.copy()
    y[0] = y[1] * c
    if c > 0:
        y[1] = y[0] * y[2]
        return np.sum(y * y)
    y[1:] = y[:-1] * c
    return y[0] * np.sum(y)


@program((M34, 0.4), (M33, 100.0), (M34, -100.0))
def a_return_from_two_loops(a, limit):
    b = a.copy()
    for i in range(b.shape[0]):
        for j in range(b.shape[1]):
            b[i, j] = b[i, j] * b[i - 1, j] + 0.2
            if b[i, j] > limit:
                return np.sum(b * b) * b[i, j]
    return np.sum(b)


@program((V6, 5), (U6, 0))
def the_loop_changes_its_array(x, n):
    y = x.copy()
    for i in range(n):
        if i % 2:
            y = y * 0.9
        y[i] = y[i - 1] * y[i]
    return np.sum(y * y)


@program((V6, 3), (U6, 0))
def the_array_is_made_in_the_loop(x, n):
    s = 0.0
    for i in range(n):
        y = x * x[i]
        y[i] = y[i + 1] * y[i]
        v = y[1:]
        v[0] += y[0]
        s += np.sum(y * y)
    return s


@program((V6, 3), (U6, 3))
def the_array_of_the_last_trip(x, n):
    for i in range(n):
        y = x * x[i]
        y[i] = y[i + 1] * y[i]
    y[0] *= y[1]
    return np.sum(y * y)


@program((V3, 3), (U3, 1))
def a_chain_of_products(x, n):
    p = np.eye(3)
    for i in range(n):
        p = p @ (np.outer(x, x) + np.eye(3))
        p[0] *= x
        p[1, 2] += x[i % 3]
    return np.sum(p * p)


@program((0.4, M34), (-0.4, M33))
def over_the_rows_of_what_is_constant(a, x):
    for row in x:
        row -= np.tanh(a)
    if (y := x) is not None:
        y[0] *= a
    return a * a + np.sum(x * np.sin(x))


@program((0.3, V3, M33), (1.2, U3, M33))
def rows_under_the_name_of_another_array(a, x, m):
    row = x[1:].copy()
    for row in m.T:
        row[1] = np.sin(a) * m[0, 0]
    return np.sum(x[1:]) + np.sum(m * np.sin(m)) + np.sum(row * row)


@program((0.7, V3), (-0.7, U3))
def over_what_is_written_out(a, x):
    y, z = x * a, x.copy()
    for t in (y, z, y):
        t *= a
        t[0] += z[1]
    s = 0.0
    for c in [1.0, a, 3.0]:
        if s > 2.5:
            break
        s += c * a * a
    return s + np.sum(y * z)


@program((0.4, M34), (1.2, M33), may_refuse=True)
def over_the_rows_of_what_is_bound_anew(a, m):
    for row in m:
        row[2:0:-1] = np.tanh(a) * row[0]
        m = m * a
    return np.sum(m * np.sin(m))


@program((V5, 3), (V5, 0))
def slice_written_in_a_while(x, n):
    x = x.copy()
    while n > 0:
        n -= 1
        x[1:] += np.sin(x[:-1])
    return np.sum(x * np.sin(x))


@program((V3, 2))
def element_written_in_a_while(x, n):
    x = x.copy()
    while n > 0:
        n -= 1
        x[2] = np.sin(x[2])
    return np.sum(x * x)


@program((V3, 2))
def chosen_elements_written_in_a_while(x, n):
    x = x.copy()
    while n > 0:
        n -= 1
        x[[-3, 1, -3]] += np.sin(x)
    return np.sum(x * np.sin(x))


@program((0.3, V3, M23), (-1.4, V3, M34))
def largest_sought_after_a_loop_with_the_same_index(x, v, m):
    for k in range(2):
        for j in range(3):
            x += m[k, j] * np.sin(x)
    best, at = v[0], 0
    v[at] = x
    s = best
    for k in range(1, 3):
        if v[k] > best:
            best, at = v[k], k
    v[at] = best
    return np.sum(m * np.sin(m)) - s
