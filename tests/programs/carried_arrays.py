"""Arrays that loops bind anew: what their adjoints start as, and who else holds these."""

import numpy as np

from tests.programs import program
from tests.programs.array_points import M33, V3, V5


@program((V3, 0.3), (V5, -0.2))
def one_of_two_is_read_in_the_end(q, dt):
    p = q * q
    for _ in range(3):
        p = p - dt * q
        q = q + dt * p
    return np.sum(q * q)


@program((V3, 0.3, 0), (V5, -0.2, 3))
def no_trip_at_all(q, dt, n):
    p = q * q
    for _ in range(n):
        p = p - dt * q * q
        q = q + dt * p
    return np.sum(q * q)


@program((V3, M33))
def rows_of_what_is_carried(x, a):
    s = 0.0
    for t in range(3):
        x = a @ x
        s = s + x[t] * x[0]
        x = x - a[t] * s
    return s


@program((V3, 0.3), (V5, -0.2))
def an_adjoint_under_two_names(x, c):
    y = x * c
    for _ in range(3):
        x = y
        y = x * x + x[0]
    return np.sum(y * x)


@program((V3, 0.3), (V5, -0.2))
def an_adjoint_that_a_part_shares(x, c):
    s = 0.0
    for _ in range(3):
        v = x[1:]
        x = x * c
        s = s + v[0] * x[0] + np.sum(v)
        x = x + 0.0 * v[0]
    return s + np.sum(x * x)


@program((V3, 0.3), (V5, -0.2))
def three_names_in_a_ring(x, c):
    y = x * c
    z = x * x
    for _ in range(4):
        x, y, z = y, z, x * y
    return np.sum(x * y + z[0])


@program((V3, 0.3), (V5, 1.2))
def read_on_one_path(x, c):
    y = x * c
    s = 0.0
    for t in range(4):
        if t * c > 1.0:
            s = s + np.sum(y * y)
        elif t == 2:
            y = y * x
        else:
            y = y + 1.0
    return s


@program((V3, 0.3), (V5, 1.2))
def stopped_before_it_is_read(x, c):
    y = x * c
    s = 0.0
    for t in range(5):
        y = y * x
        if np.sum(y) > 0.1:
            break
        s = s + y[0] * t
        y = y + s
    return s + np.sum(y * y)


@program((V3, 0.3), (V5, 1.2))
def items_that_nobody_reads(x, c):
    rows = []
    for _ in range(4):
        x = x * c + 1.0
        rows.append(x)
    s = rows[1][0] * 2.0
    return s * np.sum(rows[2] * rows[1])


@program((V3, 0.3), (V5, 1.2))
def items_and_what_is_carried(x, c):
    rows = []
    for _ in range(4):
        x = x * c + 1.0
        rows.append(x)
    return np.sum(x) * rows[0][1]


@program((V3, 0.3), (V5, 1.2))
def inner_loops(x, c):
    y = x * x
    for _ in range(2):
        z = y * c
        for t in range(3):
            z = z * x
            if t == 1:
                y = y + z[0]
        y = y * z
    return np.sum(y)


@program((V3, 0.3), (V5, 1.2))
def a_loop_after_a_loop(x, c):
    y = x * c
    for _ in range(2):
        y = y * x
    z = y
    for _ in range(2):
        z = z + y * z
        y = y * 0.5
    return np.sum(z) + y[0]


@program((V3, 0.3), (V5, 1.2))
def shorter_every_time(x, c):
    s = 0.0
    for t in range(2):
        s = s + np.sum(x * x) * c
        x = x[1:] * s if t == 0 else x[:1] + s
    return np.sum(x) + s


@program((V3, 0.3), (V5, 1.2))
def while_it_grows(x, c):
    y = x * c
    n = 0
    while np.sum(y * y) < 50.0 and n < 6:
        y = y * (1.5 + x * x)
        n = n + 1
    return np.sum(y)


def _step(u, v, c):
    return v, u * c + v


@program((V3, 0.3), (V5, 1.2))
def by_a_helper_that_swaps(x, c):
    y = x * x
    for _ in range(3):
        x, y = _step(x, y, c)
    return np.sum(x * y)


def _bent(w, x):
    return np.tanh(x @ w)


def _straight(w, x):
    return x @ w


@program((M33, M33, M33))
def an_argument_that_calls_bind_anew(v, w, x):
    x = _bent(v, x)
    x = _straight(w, x)
    return np.mean(x * x) + np.sum(v)
