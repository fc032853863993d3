"""Swaps: of elements, of rows, of the names of buffers; shifts onto themselves."""

import numpy as np

from tests.programs import program
from tests.programs.array_points import M33, M34, M45, U3, U6, V2, V3, V5, V6


@program((V3,), (V5,))
def two_elements(x):
    y = x * 1.0
    y[0], y[1] = y[1], y[0]
    y[1], y[-1] = y[-1] * y[0], y[1]
    return np.sum(y * y * x)


@program((V3,), (V5,))
def three_elements_rotated(x):
    y = x.copy()
    y[0], y[1], y[2] = y[2], y[0], y[1]
    return y[0] * y[0] * y[1] + y[2] * x[0]


@program((V3, 0, 2), (V5, 3, 3), (V5, 1, -1))
def two_elements_by_computed_indices(x, i, j):
    y = x.copy()
    y[i], y[j] = y[j] * 2.0, y[i] * y[0]
    return np.sum(y * y * x)


@program((V3,), (V5,))
def by_hand(x):
    y = x.copy()
    t = y[0]
    y[0] = y[1]
    y[1] = t
    return y[0] * y[0] * y[1] * x[0]


@program((M34,), (M33,))
def rows_with_copies(a):
    b = a * 1.0
    t = b[0].copy()
    b[0] = b[1]
    b[1] = t
    b[0, 0] = b[1, 1] * b[0, 2]
    return np.sum(b * b * a)


@program((M34,), (M33,))
def rows_of_views_are_not_swapped(a):
    # Both sides are views of the same memory: the second row is written twice.
    b = a * 1.0
    b[0], b[1] = b[1], b[0]
    return np.sum(b * b * a)


@program((M34,), (M33,))
def rows_by_a_temporary_that_is_a_view(a):
    b = a * 1.0
    t = b[0]
    b[0] = b[1]
    b[1] = t
    return np.sum(b * b * a)


@program((M34,), (M33,))
def rows_by_a_list_of_indices(a):
    b = a * 1.0
    b[[0, 2]] = b[[2, 0]]
    b[:, [0, 1]] = b[:, [1, 0]]
    b[[0, 1]] *= b[[1, 0]]
    return np.sum(b * b * a)


@program((V6,), (U6,))
def halves_with_copies(x):
    y = x * x
    y[:3], y[3:] = y[3:].copy(), y[:3].copy()
    return np.sum(y * y * x)


@program((V6,), (U6,))
def halves_that_are_not_swapped(x):
    y = x * x
    y[:3], y[3:] = y[3:], y[:3]
    return np.sum(y * y * x)


@program((V6, 2), (V6, 0), (V2, 1))
def shifted_many_times(x, n):
    y = x.copy()
    for i in range(n):
        y[1:] = y[:-1]
        y[0] = x[0] * y[-1]
    return np.sum(y * y * x)


@program((V6, 3), (V5, 1))
def rotated_with_a_temporary(x, n):
    y = x.copy()
    for i in range(n):
        t = y[0]
        y[:-1] = y[1:]
        y[-1] = t * y[0]
    return np.sum(y * y * x)


@program((V6, 3), (V6, 4), (V6, 0), (V6, 1))
def ping_pong(x, n):
    u = x.copy()
    v = np.zeros(len(x))
    for t in range(n):
        v[1:-1] = u[1:-1] + 0.2 * (u[2:] - 2 * u[1:-1] + u[:-2]) * u[1:-1]
        v[0] = u[-1]
        v[-1] = u[0] * v[1]
        u, v = v, u
    return np.sum(u * u)


@program((V6, 3), (V6, 4), (V6, 0), (V6, 1))
def ping_pong_that_leaves_the_ends(x, n):
    u = x.copy()
    v = x * x
    for t in range(n):
        v[1:-1] += 0.3 * u[1:-1] * (u[2:] - u[:-2])
        u, v = v, u
    return np.sum(u * u) + np.sum(v * x)


@program((V6, 0.7, 3), (V6, -0.3, 2), (V6, 0.7, 0))
def ping_pong_by_elements(x, c, n):
    u = x.copy()
    v = u.copy()
    for t in range(n):
        for i in range(1, len(u) - 1):
            v[i] = u[i] + c * u[i] * (u[i + 1] - u[i - 1])
        u, v = v, u
    return np.sum(u * v)


@program((V6, 5), (V6, 4), (V6, 3), (V6, 0))
def three_buffers(x, n):
    a = x.copy()
    b = x * 0.5
    c = np.zeros(len(x))
    for t in range(n):
        c[1:-1] = 2 * b[1:-1] - a[1:-1] + 0.1 * b[1:-1] * (b[2:] + b[:-2])
        c[0] = b[1] * a[0]
        a, b, c = b, c, a
    return np.sum(b * b) + np.sum(a * c)


@program((V6, 3), (V6, 2), (V6, 0))
def swapped_by_a_temporary_name(x, n):
    u = x.copy()
    v = np.zeros(len(x))
    for t in range(n):
        v[:] = u * u[::-1] + 0.1 * t
        w = u
        u = v
        v = w
    return np.sum(u * x) + np.sum(v)


@program((V6, 3), (V6, 2), (V6, 0))
def swapped_where_it_pays(x, n):
    u = x.copy()
    v = x * x
    for t in range(n):
        v *= u
        if v[0] > 0.1:
            u, v = v, u
        u[1] = v[1] * u[0]
    return np.sum(u * u) + np.sum(v * x)


@program((V6, 3), (V6, 2), may_refuse=True)
def one_buffer_by_the_parity(x, n):
    buffers = [x.copy(), np.zeros(len(x))]
    for t in range(n):
        old, new = buffers[t % 2], buffers[(t + 1) % 2]
        new[:-1] = old[1:] * old[:-1]
        new[-1] = old[0]
    return np.sum(buffers[n % 2] * x)


@program((V6, 3), (V6, 2))
def one_row_by_the_parity(x, n):
    b = np.zeros((2, len(x)))
    b[0] = x
    for t in range(n):
        old, new = b[t % 2], b[(t + 1) % 2]
        new[1:] = old[1:] * old[:-1] + 0.1
        new[0] = old[-1]
    return np.sum(b[n % 2] * x)


@program((V6, 2), (V6, 0))
def swapped_and_copied_back(x, n):
    u = x.copy()
    v = np.zeros(len(x))
    for t in range(n):
        v[:] = u * x
        u[:] = v + v[::-1] * u
    return np.sum(u * u)


@program((V6, 3), (V6, 0))
def a_new_array_each_step(x, n):
    u = x.copy()
    for t in range(n):
        v = np.zeros(len(x))
        v[1:] = u[1:] * u[:-1]
        v[0] = u[0] * 0.5
        u = v
    return np.sum(u * u)


@program((V6, 3), (V6, 0))
def a_copy_each_step(x, n):
    u = x.copy()
    for t in range(n):
        old = u.copy()
        u[1:] = old[:-1] * u[1:]
        u[0] = old[-1]
    return np.sum(u * u)


@program((V6, 3), (V6, 0))
def the_old_one_is_kept_too(x, n):
    u = x.copy()
    v = np.zeros(len(x))
    s = 0.0
    for t in range(n):
        v[:] = u * x + 0.1
        s += np.sum(v * u)
        u, v = v, u
        v[0] = s
    return s * np.sum(u)


@program((M45, 2), (M33, 3), (M34, 0))
def two_grids(a, n):
    u = a.copy()
    v = a.copy()
    for t in range(n):
        v[1:-1, 1:-1] = 0.25 * (u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] * u[1:-1, :-2])
        u, v = v, u
    return np.sum(u * u)


@program((V3, 3), (V5, 2))
def swapped_views(x, n):
    b = np.zeros((2, len(x)))
    b[0] = x
    u, v = b[0], b[1]
    for t in range(n):
        v[:] = u * u[::-1]
        v[0] += b[0, 1]
        u, v = v, u
    return np.sum(b * b) + np.sum(u)


@program((V3, 3), (U3, 0))
def swapped_with_an_alias(x, n):
    u = x.copy()
    v = x * x
    w = u
    for t in range(n):
        v[0] = u[1] * w[2]
        u, v = v, u
    return np.sum(u * v * w)


@program((0.7, V3), (-0.7, V3))
def swapped_and_only_one_is_read(x, v):
    v = v.copy()
    o = v[:1].copy()
    w = np.full(3, np.sin(x))
    w, v = v, w
    v += np.sin(np.where(w > 0.5, w, v))
    return np.sum(o * np.sin(o)) + np.sum(w * np.sin(w))


def _first_row(p, g, s):
    g[0] = p - s * s
    if s < 0.5:
        return
    _first_row(p, g[:, ::-1], s - 0.4)


@program((V3, 0.7, 0.3), (V3, 0.2, 0.3))
def a_row_under_a_swapped_name_is_handed_on_with_its_matrix(v, x, c):
    m = np.outer(v, v * c)
    v = v.copy()
    q = m[-1]
    v, q = q, v
    _first_row(v[::-1], m[::-1], x)
    return np.sum(m * np.sin(m))
