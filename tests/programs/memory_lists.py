"""Lists of arrays that are written: buffers chosen by an index, one array twice, rows in turn."""

import numpy as np

from tests.programs import program
from tests.programs.array_points import M33, M34, U3, U6, V3, V5, V6


@program((V3, 3), (V6, 4), (V5, 0))
def two_buffers_in_turn(x, n):
    u, v = x * 1.0, x * 2.0
    buffers = [u, v]
    for k in range(n):
        old, new = buffers[k % 2], buffers[(k + 1) % 2]
        new[1:] = old[:-1] * x[0]
        new[0] += old[-1] * old[0]
    return np.sum(u * v)


@program((V3, 3), (V6, 2), (V5, 0))
def new_buffers_in_turn(x, n):
    t = [x.copy(), np.zeros(len(x)), x * x]
    for k in range(n):
        t[k % 3][0] = t[(k + 1) % 3][1] * x[k]
        t[-1][1] *= t[0][0]
    return np.sum(t[0] * t[2]) + np.sum(t[1])


@program((V3, 4), (V6, 3), (V5, 0))
def one_array_twice(x, n):
    a, b = x * 1.0, x * 3.0
    t = [a, b, a]
    for k in range(n):
        t[k % 3][0] += t[(k + 1) % 3][1] * x[0]
        t[k % 2][1] = t[k % 3][0] * 0.5
    return np.sum(a * b)


@program((V6, 3), (U6, -2), (V6, 0))
def views_that_overlap(x, k):
    y = x * x
    t = [y, y[1:], y[::-1]]
    for i in range(3):
        w = t[(i + k) % 3]
        w[0] = w[1] * x[0]
    t[k // 2][1] *= 2.0
    return np.sum(y * y)


@program((M34, U3), (M33, V3))
def arrays_of_two_ranks_are_two_lists(a, x):
    b, c = a * 2.0, a * a
    t = [b, c]
    for m in t:
        m[0, 0] = x[0] * m[1, 1]
        m[1] += m[0]
    for i in range(len(t)):
        t[i][0] *= x[i]
    return np.sum(b * c)


def _shifted(u, c):
    u[1:] = u[:-1] * c
    u[0] = c


@program((V3, V5, 3), (V6, U6, 2))
def arguments_that_are_written(x, z, n):
    t = [x, z]
    for k in range(n):
        _shifted(t[k % 2], t[1 - k % 2][0])
        if k > 0:
            t[k % 2][-1] += t[0][0]
    return np.sum(x * x) + np.sum(z * z)


@program((V3, 1), (V3, -1), (V6, 0))
def places_from_the_end(x, k):
    t = [x * 1.0, x * 2.0]
    w = t[k]
    w[0] = x[1] * x[2]
    t[k - 1][1] = w[0] * w[1]
    return np.sum(t[0] * t[1])


@program((V3, 2), (V6, 3), may_refuse=True)
def a_name_is_bound_anew_after_the_list_is_made(x, n):
    a = x * 1.0
    t = [a, x]
    a, x = a * 3.0, x * x
    for i in range(n):
        t[i % 2][0] += x[1] * a[0]
    return np.sum(t[0] * t[1]) + np.sum(a * x)


@program((V3, 3), (V6, 1))
def a_list_for_each_trip(x, n):
    s = 0.0
    for j in range(n):
        a = x * j
        t = [a, x * 2.0]
        for i in range(2):
            t[i % 2][0] = x[1] + s
        s += np.sum(t[0] * t[1])
    return s


@program((V3, 3), (V3, 0), order=1)
def put_at_a_place_and_written_later(x, n):
    h = [x * 1.0, x * 2.0]
    y = x * 3.0
    for i in range(n):
        h[i % 2] = y
    y[0] = 5.0 * x[1]
    s = 0.0
    for i in range(2):
        s += np.sum(h[i] * x)
    return s


@program((V3, 2), order=1)
def taken_from_its_place_and_written(x, n):
    h = [x] * n
    y = x * 3.0
    h[n - 1] = y
    w = h[n - 1]
    w *= x
    return np.sum(y * x) * y[0]


def _put(h, y):
    h.append(y)


def _put_first(h, y):
    h[0] = y


@program((V3, 3), order=1, may_refuse=True)
def put_by_a_helper_and_written_later(x, n):
    y = x * 3.0
    h = [x * 1.0]
    for _ in range(n):
        _put(h, y)
    g = [x * 1.0 for _ in range(n)]
    _put_first(g, y)
    y[0] = 5.0 * x[1]
    s = np.sum(g[0] * x)
    for w in h:
        s += np.sum(w * x)
    return s


def _use(h, out):
    out[:] = h[0] * h[1]
    h.append(out * 2.0)


@program((V3,), order=1)
def a_list_beside_what_a_helper_writes(x):
    y = x * 3.0
    h = [x * 1.0, x * 2.0]
    _use(h, y)
    y[0] *= 5.0 * x[1]
    return np.sum(y * h[2])


@program((M33,), order=1)
def vectors_made_orthogonal(a):
    q = []
    for j in range(3):
        v = a[:, j].copy()
        for u in q:
            v -= np.dot(u, v) * u
        v /= np.sqrt(np.sum(v * v))
        q.append(v)
    return q[0][0] + q[1][1] * q[2][0]


@program((V3, 3), (V3, 0))
def one_array_put_in_again_and_again(x, n):
    y = x * x
    h = []
    for _ in range(n):
        y[0] = y[1] * x[2]
        h.append(y)
    s = np.sum(y)
    for w in h:
        s += np.sum(w * x)
    return s


@program((V3, 3), (V3, 0), order=1)
def made_first_and_filled_later(x, n):
    rows = [np.zeros(3) for _ in range(n)]
    for i in range(n):
        for j in range(3):
            rows[i][j] = x[j] * x[(i + j) % 3]
        rows[i] *= 1.0 + rows[i - 1][0]
        rows[i] += x
    s = 0.0
    for i in range(n):
        s += rows[i][0] * rows[n - 1][1]
    return s


@program((V3, 2), order=1)
def taken_from_one_list_to_another(x, n):
    free = [x * 1.0, x * 2.0, x * 3.0]
    used = []
    for i in range(n):
        w = free.pop()
        w[0] = w[1] * x[i]
        used.append(w)
    while len(used) > 0:
        w = used.pop(0)
        w *= 2.0
        free.append(w)
    free[0] -= 0.5 * np.sum(x)
    return np.sum(free[0] * free[-1] * free[1])


@program((V3, 3), order=1)
def a_list_in_each_trip_and_views_in_it(x, n):
    y = x * x
    s = 0.0
    for i in range(n):
        h = [y[1:], y[:2]]
        for j in range(i):
            h.append(x[:2] * (j + s))
        h[i - 1][0] = h[-1][1] * x[2]
        s += np.sum(h[0] * h[-1])
    return s + np.sum(y)


def _worked(a, b, n):
    buffers = []
    for i in range(n):
        buffers.append(a if i % 2 else b)
    for i in range(n):
        buffers[i][i % 3] = buffers[n - 1 - i][0] * buffers[0][1]
    return np.sum(buffers[0])


@program((V3, 3), order=1)
def a_list_of_what_a_helper_is_given(x, n):
    a = x * x
    b = x + 1.0
    s = _worked(a, b, n)
    s += _worked(b, a, n) * a[0]
    return s + np.sum(a * b)


@program((V3, U3, 2), order=1)
def an_argument_is_put_in_and_written(x, v, n):
    h = [v.copy()]
    s = 0.0
    for q in h:
        s += np.sum(np.sin(q) * x)
    for _ in range(n):
        h[-1][-1] = np.sin(s)
        h.append(x)
    return s + np.sum(np.cos(x))


@program((V3, 3), order=1)
def the_products_of_one_are_copies(x, n):
    if x[0] > 0:
        h = [x * 2.0, x * 3.0]
    else:
        h = [x * 4.0]
    h.append(x * 1.0)
    for i in range(len(h)):
        h[i] *= x[i % 3]
        h[i][1] = h[-1][0]
    return np.sum(h[0] * h[1]) + n
