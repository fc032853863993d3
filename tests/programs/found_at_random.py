"""What random programs, and others written to be difficult, were wrong in."""

import math

import numpy as np

from tests.programs import program
from tests.programs.array_points import M23, M33, V2, V3


@program((0.4, 3), (0.4, 0), order=1)
def name_rebound_to_what_is_made_of_its_view(x, n):
    y = np.array([x, 2 * x, 0.3])
    y[1] = x * x
    for _ in range(n):
        y = y[::-1] * y + y[1] * x
        y[0] = math.cos(x)
    return np.sum(y * np.sin(y))


@program((0.4, 3), order=1)
def name_rebound_to_a_function_of_its_part(x, n):
    y = np.array([x, 2 * x, 0.3, 0.4, x])
    y[1] = x * x
    for _ in range(n):
        y = np.exp(0.3 * y[1:])
        y[0] *= math.cos(x)
    return np.sum(y * np.sin(y))


@program((M33, 2))
def name_rebound_to_a_product_with_its_transpose(a, n):
    a = a.copy()
    for _ in range(n):
        a = np.tanh(a.T @ a + a[0])
        a[0] *= 0.5
    return np.sum(a * a)


def scaled_and_raised(p, s):
    return p * s + p[0]


@program((0.4, 3), order=1)
def name_rebound_to_what_a_function_makes_of_its_view(x, n):
    y = np.array([x, 2 * x, 0.3, x])
    y[1] = x * x
    for _ in range(n):
        y = scaled_and_raised(y[::-1], x)
        y[0] *= math.cos(x)
    return np.sum(y * np.sin(y))


def grown(v, a):
    v[1] *= a
    return v[0]


@program((0.4, V3), (0.4, -V3))
def writing_calls_in_expressions_without_derivative(x, v):
    u = np.array([0.1, 0.7, 0.9])
    s = x * x * u[1]
    k = u[1] + grown(u, 1.5) + max(1.0, grown(u[::-1], u[1]))
    s = s + x * u[1] * k
    if grown(u, 2.0) < u[1]:
        s = s * x + u[2]
    u[int(grown(u, 2.0))] = 0.5 * grown(u, 0.5)
    return s * x * u[1] * u[0] + np.sum(v * u)


@program((0.4,))
def a_writing_call_in_the_test_of_a_while(x):
    u = np.array([0.1, 0.2, 0.9])
    s = x
    while u[1] < 2.0 * grown(u, 1.5) + 1.0:
        s = s + x * s * u[1]
    return s


@program((0.4, V3, 1), (0.4, V3, 2))
def arrays_that_nothing_but_their_swaps_reads(x, v, n):
    q = np.full(3, math.cos(x))
    v[0] += 0.25
    for _ in range(n):
        q, v = v, q
    return np.sum(q * np.sin(q))


def turned_or_replaced(p, g, s):
    if s < 0.13:
        p = g[1]
    return p[::-1]


@program((0.4, V3, M33), (0.1, V3, M33))
def a_helper_that_may_have_exchanged_its_argument(x, v, m):
    v = turned_or_replaced(v, m, x)
    v[0] *= x
    return x + np.sum(v * np.sin(v))


def one_of_two(p, g, s):
    k = g.reshape(3, 2)
    k[0, 0] *= s
    return p if s > 0.2 else k[1:, 0].copy()


@program((0.4, M23, V2, M23 * 2.0), (0.1, M23, V2, M23 * 2.0), order=1)
def a_helper_written_out_whose_names_the_caller_has_too(x, m, v, g):
    p = one_of_two(v, m, x)
    p[0] *= x
    return np.sum(m[:, 0] * np.sin(v)) + np.sum(g * g) + np.sum(p)


def _falls(x, u, depth):
    if depth <= 0:
        return math.cos(math.hypot(u - 1.5, 1.0))
    b = _falls(0.3, 1.5 * math.sin(u - u), depth - 1)
    return math.sin(b * math.cos(math.sqrt(1.0 + x * x)) + b)


@program((0.4, 0.5))
def a_recursion_whose_adjoint_is_multiplied_by_zero(x, y):
    for j in range(2):
        y, x = 1.5 * math.sin(y + _falls(x, x, 0)), math.sin((1.5 + j) * y)
    return y * x * _falls(y, y, 1)


def _spread(p, g, s):
    p[:] = p / (2.0 + p * p) + s * p * g[0, 0]


@program((M33,))
def an_element_of_what_a_call_writes_is_its_argument(m):
    v = m.reshape(-1)[1:4]
    _spread(v[...], m, np.sin(v[0]))
    return m[0, 1] * m[1, 0]


def grown_until_large(p, q, s):
    k = 0
    while True:
        k += 1
        if k > 2 or p[0] > 3.0:
            break
        p += np.tanh(p) * s
    return p if s > 0.2 else q


@program((0.4, V3, V3 * 2.0, 2), (0.1, V3, V3 * 2.0, 2), order=1)
def a_helper_written_out_that_breaks_out_of_its_loop(x, v, w, n):
    u, z = 1.5 * v, 2.0 * w
    for _ in range(n):
        r = grown_until_large(u, z, x)
        r[0] *= math.sin(r[1])
    return np.sum(u * np.sin(z))


def turned(p):
    return p[::-1]


@program((0.4, V3), (0.1, V3), order=1)
def a_name_that_a_helper_gives_its_own_view(x, v):
    w = v
    if x < 0.26:
        v = turned(v)
    v[0] = x
    return np.sum(v * np.sin(v)) + np.sum(w)


class Pair:
    def __init__(self, x, v):
        self.x = x
        self.v = v


@program((0.4, 0), (0.4, 1), (0.4, 3))
def a_list_written_and_made_anew_in_one_trip(x, n):
    pair = Pair(x, 2 * x)
    items = [x, x * x]
    for _ in range(n):
        items[0], items[1] = items[1], items[0] * pair.x
        items = [each + pair.v for each in items]
        pair.v = items[0]
    return items[0] * items[1] + pair.v


def added_to_its_tail(p, s):
    p[1:] += s * p[:-1]
    return p


@program((0.4, V3), order=1)
def an_element_of_what_a_writing_call_gives_back(x, v):
    t = added_to_its_tail(v, x)[1]
    return t * x
