"""Functions that write to their arguments, that return a view of them, or that return them."""

import math

import numpy as np

from tests.programs import program, shared_helpers
from tests.programs.array_points import M23, M33, M34, M44, REVERSED, U3, U6, V3, V5, V6


def _damp(u, k):
    for i in range(len(u)):
        u[i] = u[i] * math.exp(-k * u[i])


@program((V5, 0.3), (REVERSED, -0.4), (V3, 1.1))
def writes_its_argument(x, k):
    u = x.copy()
    _damp(u, k)
    e = (u * u).sum()
    _damp(u, 2 * k)
    return e * (u * u).sum()


@program((V5, 0.3), (V6, -0.4))
def called_on_a_view(x, k):
    u = x * x
    _damp(u[1:], k)
    _damp(u[::2], u[1])
    return (u * u).sum()


@program((V6, 0.3), (U6, -0.4))
def called_on_overlapping_views(x, k):
    u = x.copy()
    _damp(u[:4], k)
    _damp(u[2:], k * k)
    _damp(u[1:5], u[0])
    return np.sum(u * u)


@program((M34, 0.3), (M33, -0.4))
def called_on_rows(a, k):
    b = a.copy()
    for i in range(len(b)):
        _damp(b[i], k * i)
    _damp(b[:, 1], k)
    return np.sum(b * b)


def _scale(u, c):
    u *= c


@program((V5, 0.3), (V3, -1.4))
def augments_its_argument(x, c):
    u = x * x
    _scale(u, c)
    _scale(u[1:], u[0])
    return np.sum(u * u)


def _rebinds(u, c):
    u = u * c
    u[0] = u[1] * c
    return np.sum(u)


@program((V5, 0.3), (V3, -1.4))
def binds_its_parameter_anew(x, c):
    u = x * x
    s = _rebinds(u, c)
    u[0] = s * u[1]
    return s * np.sum(u)


def _writes_then_rebinds(u, c):
    u[0] = u[1] * c
    u = u * c
    u[1] = 3.0 * u[0]
    return u


@program((V5, 0.3), (V3, -1.4))
def writes_and_then_binds_anew(x, c):
    u = x * x
    v = _writes_then_rebinds(u, c)
    v[0] *= u[0]
    u[0] *= v[1]
    return np.sum(u * u) + np.sum(v * v)


def _inner(u):
    return u[1:-1]


@program((V5,), (V6,))
def returns_a_view(x):
    u = x.copy()
    v = _inner(u)
    v[0] = v[1] * u[0]
    u[1] *= v[2]
    w = _inner(_inner(u))
    w *= u[0]
    return np.sum(u * u)


def _itself(u, c):
    u[0] = u[1] * c
    return u


@program((V5, 0.7), (V3, -0.3))
def returns_its_argument(x, c):
    u = x.copy()
    v = _itself(u, c)
    v[1] = u[0] * v[2]
    w = _itself(_itself(v, c), v[1])
    w *= u
    return np.sum(u * v * w)


@program((V5, 0.7), (V3, -0.3))
def what_is_returned_is_not_used(x, c):
    u = x.copy()
    _itself(u, c)
    _itself(u[1:], u[0])
    return np.sum(u * u)


def _writes_and_returns_a_number(u, i):
    s = u[i] * u[i - 1]
    u[i] = s
    return s * s


@program((V5,), (V3,))
def writes_and_returns_a_number(x):
    u = x.copy()
    a = _writes_and_returns_a_number(u, 0)
    b = _writes_and_returns_a_number(u, 1) * a
    return a * b * np.sum(u)


@program((V5,), (V3,))
def twice_in_one_expression(x):
    u = x.copy()
    s = _writes_and_returns_a_number(u, 0) * _writes_and_returns_a_number(u, 1) + u[0]
    return s * np.sum(u)


@program((V5,), (V3,))
def operands_before_and_after_the_call(x):
    # u[0] is read before the call writes it; u itself is read after.
    u = x.copy()
    s = u[0] * _writes_and_returns_a_number(u, 0) * u[0]
    return s + np.sum(u * u)


@program((V5,), (V3,))
def the_array_itself_before_the_call(x):
    u = x.copy()
    s = np.sum(u * _writes_and_returns_a_number(u, 0) * u)
    return s + np.sum(u)


@program((V5,), (V3,))
def the_call_is_the_right_side_of_a_write(x):
    u = x.copy()
    u[1] = _writes_and_returns_a_number(u, 0)
    u[1] += _writes_and_returns_a_number(u, 1)
    u[0] *= _writes_and_returns_a_number(u, 2)
    return np.sum(u * u)


def _two(u, v):
    u[0] = v[1] * u[1]
    v[0] = u[0] * v[1]
    return u[1]


@program((V5, V6), (V3, U3))
def writes_two_arguments(x, z):
    u, v = x.copy(), z.copy()
    a = _two(u, v)
    b = _two(v, u)
    return a * b * np.sum(u[:3] * v[:3])


@program((V6,), (U6,))
def two_arguments_that_overlap(x):
    u = x.copy()
    a = _two(u[:4], u[2:])
    b = _two(u, u)
    c = _two(u[1:], u[:-1])
    return np.sum(u * u) * a + b * c


@program((V6,), (U6,))
def two_arguments_that_are_one(x):
    u = x.copy()
    return _two(u, u) * _two(u, u[::-1]) + np.sum(u)


def _reads_then_writes_the_other(u, v, c):
    return 3.0 * v[0] + _writes_first(u, c) * c + v[1]


def _writes_first(u, c):
    u[0] = u[0] * c
    return u[0] * u[1]


@program((V6, 0.7), (U6, -1.3))
def what_is_read_before_another_name_writes_it(x, c):
    u = x * x
    a = _reads_then_writes_the_other(u, u, c)
    b = _reads_then_writes_the_other(u[1:], u[1::2], c)
    return a * b + _reads_then_writes_the_other(u, u[::-1], c) + np.sum(u)


def _sums_of_what_it_writes(u, v, c):
    s = 0.0
    for i in range(len(v)):
        s += v[i] * v[i]
        u[i] = s * c
    return s


@program((V6, 0.3), (U6, -0.4))
def numbers_read_one_by_one_while_another_name_writes_them(x, c):
    u = x.copy()
    a = _sums_of_what_it_writes(u, u[::-1], c)
    b = _sums_of_what_it_writes(u[1:4], u[2:5], c)
    return a * b + np.sum(u * u)


def _sets_constants(u, v, w):
    u[0] = 2.0
    s = v[0] * v[1]
    w[...] = v[1]
    v[-1] = 0.5
    return s * u[-1]


@program((V6,), (U6,))
def constants_written_under_another_name(x):
    u = x * x
    a = _sets_constants(u, u[::2], u[1:3])
    return a + _sets_constants(u[1:], u[:-1], x.copy()) * np.sum(u)


def _passes_on(u, v, n):
    for k in range(n):
        _two(u[k:], v)
        if u[k] > 0:
            u[k] = _writes_first(v, u[0]) * 0.5
    return v[1]


@program((V6, 3), (U6, 2), (V6, 0))
def overlaps_that_are_passed_on(x, n):
    u = x * x
    a = _passes_on(u, u[1:], n)
    for k in range(n):
        a += _passes_on(u[k:], u[: len(u) - k], 1)
    return a * np.sum(u)


@program((M33, 0.7), (M34, -1.3))
def rows_apart_and_rows_that_may_be_one(a, c):
    b = a * c
    for i in range(len(b)):
        _two(b[i], b[0])
        _two(b[0], b[1])
    return np.sum(b * b)


def _step(u, v, c):
    v[1:-1] = u[1:-1] + c * u[1:-1] * (u[2:] - u[:-2])


@program((V6, 0.4, 3), (U6, -0.2, 2), (V6, 0.4, 0))
def a_step_of_two_buffers(x, c, n):
    u = x.copy()
    v = u.copy()
    for t in range(n):
        _step(u, v, c)
        u, v = v, u
    return np.sum(u * u)


def _halves(u):
    if len(u) < 2:
        return
    m = len(u) // 2
    u[0] = u[0] * u[m] + 0.1
    _halves(u[:m])
    _halves(u[m:])
    u[-1] = u[0] + u[-1] * u[m - 1]


@program((V6,), (V5,), (V3,))
def recursion_on_slices(x):
    u = x.copy()
    _halves(u)
    return np.sum(u * u)


def _tail(u, c):
    if len(u) == 0:
        return c
    u[0] = u[0] * c
    return _tail(u[1:], u[0] + 0.5) * u[0]


@program((V6, 0.7), (V3, 1.2))
def recursion_with_a_number(x, c):
    u = x.copy()
    s = _tail(u, c)
    return s * np.sum(u)


def _deep(u, i):
    if i == len(u):
        return u
    u[i] *= u[i - 1]
    return _deep(u, i + 1)


@program((V6,), (V3,), may_refuse=True)
def recursion_that_returns_its_argument(x):
    u = x.copy()
    v = _deep(u, 1)
    v[0] = u[1] * v[2]
    return np.sum(u * v)


def _fill(u, row, c):
    u[row, :] = c * u[row - 1, :]
    _scale(u[row, 1:], c)


@program((M34, 0.7), (M33, -1.3))
def a_helper_of_a_helper(a, c):
    b = a.copy()
    for row in range(1, len(b)):
        _fill(b, row, c)
    return np.sum(b * b)


def _makes(x, n):
    u = np.zeros(n)
    for i in range(n):
        u[i] = x[i] * x[i - 1]
    return u


@program((V6,), (V3,))
def returns_a_new_array(x):
    u = _makes(x, 3)
    v = _makes(x, 3)
    u[0] = v[1] * u[2]
    v *= u
    return np.sum(u * v)


def _makes_two(x):
    u = x * x
    v = u[1:]
    v[0] = u[0] * v[1]
    return u, v


@program((V6,), (V3,))
def returns_an_array_and_a_view_of_it(x):
    u, v = _makes_two(x)
    v[0] *= u[0]
    u[1] += v[1]
    return np.sum(u * u) + np.sum(v * v)


def _copies(u):
    v = u.copy()
    v[0] = v[1] * v[2]
    return v


@program((V6,), (V3,))
def leaves_its_argument(x):
    u = x * x
    v = _copies(u)
    u[0] = v[0] * v[1]
    v = _copies(v)
    return np.sum(u * u) + np.sum(v * v)


def _binds_in_a_loop(u, v, c):
    u[0] = v[1] * c
    for _ in range(2):
        if u[0] * c > 0.1:
            u = u * c
        u[1] *= u[0]
    v[0] = u[0]
    return u[1] * v[1]


@program((V5, 0.7), (V3, -0.3))
def a_parameter_bound_anew_in_a_loop(x, c):
    a, b = x * x, x * 2.0
    s = _binds_in_a_loop(a, b, c) + _binds_in_a_loop(b, a, -c)
    return s * np.sum(a * b) + _binds_in_a_loop(a[::-1], b, 0.3 * c)


@program((V5, 0.7), (V3, -0.3), may_refuse=True)
def a_parameter_bound_anew_and_two_arguments_that_are_one(x, c):
    a = x * x
    return _binds_in_a_loop(a, a[::-1], c) + np.sum(a)


def _swaps_parameters(u, v, c):
    for k in range(3):
        v[k % 2] = u[1] * c + v[2]
        u, v = v, u
    return u[0] * v[1]


@program((V5, 0.7), (V3, -0.3))
def parameters_swapped_in_a_loop(x, c):
    a, b = x * x, x * 2.0
    s = _swaps_parameters(a, b, c) + _swaps_parameters(b, a, -c)
    return s * np.sum(a * b)


def _binds_to_the_other(u, v, c):
    w = u
    if c > 0.5:
        u = v
    u[0] = w[1] * c
    if c > 0.1:
        u = u[1:]
        u[0] *= c
        w[0] = u[-1]
    return u[0] * w[0]


@program((V5, 0.7), (V3, 0.3), (V3, -0.3))
def a_parameter_bound_to_another_one(x, c):
    a, b = x * x, x * 2.0
    s = _binds_to_the_other(a, b, c) * _binds_to_the_other(b, a, -c)
    for k in range(2):
        s += _binds_to_the_other(a[::-1], b, c * k)
    return s * np.sum(a * b)


def _deeper(u, c, n):
    u[0] *= c
    if n > 0:
        if u[0] > 1.0:
            u = u[1:] * 0.5
        _deeper(u, c * u[0], n - 1)
    return u[0] * u[-1]


@program((V5, 0.7), (V6, 1.3), may_refuse=True)
def a_recursion_that_binds_its_parameter_anew(x, c):
    a = x * x
    return _deeper(a, c, 2) * np.sum(a)


def _first_row(g, c):
    g[0, 1] *= c
    if c > 0.5:
        return g[0, ::-1]
    g[1] += g[0] * c
    return g[0, ::-1]


@program((M33, 0.7, 3), (M34, -1.3, 2), (M33, 0.7, 0))
def a_part_that_is_returned_in_a_loop(a, c, n):
    b = a * a
    s = 0.0
    for k in range(n):
        row = _first_row(b, c)
        row[k] += row[0] * b[1, k]
        s += row[1]
        last = _first_row(b.T, s * 0.1)
        last[0] = row[0] * 2.0
    return s + np.sum(b * b)


@program((V6, 0.7), (U6, -1.3))
def the_name_of_what_a_part_is_of(x, c):
    u = x * x
    whole = u
    u = _itself(u, c)
    u[0] *= u[1]
    u = _inner(u)
    u[0] = u[1] * c
    u = _inner(u)
    u *= whole[0]
    return np.sum(whole * whole) * u[0]


def _new_and_part(u, c):
    u[1] = u[0] * c
    return u * u, u[1:]


@program((V5, 0.7), (V3, -1.3))
def a_new_array_and_a_part_of_the_old(x, c):
    u = x * c
    old = u
    u, v = _new_and_part(u, c)
    v[0] *= u[0]
    u[0] = v[1] * 3.0
    return np.sum(u) * np.sum(old * old) + v[0]


def _two_parts(u, v, c):
    u[0], v[0] = v[1] * c, u[1] * c
    return v[1:], u[::-1]


@program((V5, 0.7), (V3, -1.3))
def two_parts_under_each_others_names(x, c):
    u, v = x * c, x + c
    first, second = u, v
    v, u = _two_parts(u, v, c)
    v[0] = v[1] * u[0]
    u[1] *= v[-1]
    v, w = _two_parts(first, v, c)
    w[0] *= v[0] + u[0]
    return np.sum(first * first) + np.sum(second * v[0]) + w[1]


def _binds_then_returns_a_part(u, c):
    u[0] = u[1] * c
    u = u * c
    v = u[1:]
    u = v * v
    return v


@program((V5, 0.7), (V3, -1.3))
def a_part_of_another_array_of_that_name(x, c):
    u = x * c
    v = _binds_then_returns_a_part(u, c)
    v[0] = v[1] * u[0]
    u[1] *= v[0]
    return np.sum(u * u) * np.sum(v)


def _earlier(x, n):
    v = x
    u = x * 2.0
    for k in range(n):
        v = u[1:]
        u = x * (k + 1.0)
    return u, v


@program((V5, 1), (V5, 3), (V3, 0), may_refuse=True)
def a_part_of_what_the_loop_bound_before(x, n):
    u, v = _earlier(x.copy(), n)
    v[0] = v[1] * 3.0
    u[1] *= v[0]
    return np.sum(u * u) * np.sum(v)


def _part_of_part(u):
    v = _inner(u)
    v[0] *= v[-1]
    return v[::-1]


@program((V6,), (U6,))
def parts_that_a_helper_was_returned(x):
    u = x * x
    v = _part_of_part(u)
    v[0] *= u[0]
    w = _part_of_part(_part_of_part(u))
    w[0] = u[1] * v[1]
    return np.sum(u * u)


def _number_of(u, k):
    return u[k], u[0]


@program((V5,), (V3,))
def elements_that_are_returned_are_no_parts(x):
    u = x * x
    a, b = _number_of(u, 1)
    u[0] = a * b
    u[1] = u[0] * b
    return a * b + np.sum(u)


def _chosen(u, v, c):
    if c > 0:
        return u
    return v


@program((V3, 0.4), (V3, -0.4), may_refuse=True)
def returns_one_of_two(x, c):
    u, v = x.copy(), x * x
    w = _chosen(u, v, c)
    w[0] = u[1] * v[2]
    return np.sum(u * v * w)


def _swap(u, i, j):
    u[i], u[j] = u[j], u[i]


@program((V5, 0, 3), (V3, 1, 1))
def swaps_in_a_helper(x, i, j):
    u = x.copy()
    _swap(u, i, j)
    _swap(u, 0, 2)
    u[0] *= u[1]
    return np.sum(u * x)


def _stops_early(u, limit):
    for i in range(len(u)):
        if u[i] > limit:
            return i
        u[i] = u[i] * u[i] + 0.5
    return len(u)


@program((V6, 0.8), (V6, 5.0), (V6, -5.0))
def returns_from_its_loop(x, limit):
    u = x.copy()
    k = _stops_early(u, limit)
    k += _stops_early(u, limit * 2)
    return np.sum(u * u) * (k + 1)


def _writes_where(u, flag):
    if flag:
        u[0] = u[1] * u[2]
    else:
        u[1:] *= u[0]


@program((V3, True), (V3, False), (V6, True))
def writes_in_one_branch(x, flag):
    u = x.copy()
    _writes_where(u, flag)
    _writes_where(u, not flag)
    _writes_where(u, flag)
    return np.sum(u * u)


def _ends(u, a=1.5, *, b=0.5):
    u[0] = a * u[0]
    u[-1] += b * u[0] * u[1]


@program((V3, 0.3), (V6, -0.7))
def defaults_and_keywords(x, a):
    u = x.copy()
    _ends(u)
    _ends(u, a)
    _ends(u, b=a * a)
    _ends(a=a, u=u)
    return np.sum(u * u)


SCALE = np.array([0.5, 1.5, -0.7])


def _by_a_constant(u):
    u[:3] *= SCALE


@program((V3,), (V5,))
def a_captured_array_is_only_read(x):
    u = x.copy()
    _by_a_constant(u)
    _by_a_constant(u[::-1])
    v = SCALE.copy()
    v[0] = u[0] * v[1]
    return np.sum(u[:3] * v)


@program((M44,), (M33,), may_refuse=True)
def an_inner_function_that_writes(a):
    b = a.copy()

    def mix(i, j):
        b[i] += b[j] * b[i, j]

    mix(0, 1)
    mix(2, 0)
    return np.sum(b * b)


def _times_sine(p, g, s):
    if s < 0.05:
        return
    _times_sine(g[0], g, 0.5 * s - 0.1)
    g[0, ::-1] *= 1.5 * np.sin(p)


@program((V3, M33), (U3, M33))
def recursion_given_a_row_of_what_it_writes(x, m):
    _times_sine(x, m, 0.9)
    return np.sum(m * np.sin(m))


def _exchange(p, q):
    p[0], q[1] = q[1] * q[0], p[0] + p[1]


@program((M33,), (M34,))
def two_rows_of_one_array(m):
    y = m * m
    _exchange(y[0], y[2])
    return np.sum(y * np.sin(y))


def _last_columns(p, g, s):
    if s < 0.05:
        return
    _last_columns(p, g[:, ::-1], s - 0.4)
    g[:, -1] = np.sin(p[1:][::-1])


@program((V3, M33[:2]), (U3, M33[:2]))
def recursion_that_reads_a_part_backwards(x, m):
    y = m * m
    _last_columns(x, y, 0.9)
    return np.sum(y * np.sin(y))


def scale_both(p, g, c):
    p *= c
    g[1] *= p[0]


@program((0.8, V3, M23), (-0.3, U3, M23), order=1, may_refuse=True)
def a_call_that_writes_two_arrays_of_which_one_name_may_be_either(x, v, m):
    for e in m.T:
        e[-1] = np.sin(x * v[2])
        e = v[:2]
        e[0] = 0.5 * x
    scale_both(v[...], m[:, ::-1], 0.25)
    return x * np.sum(m)


@program((0.8, V3, M23), (-0.3, U3, M23), order=1, may_refuse=True)
def a_call_without_a_derivative_that_writes_two_arrays(x, v, m):
    for e in m.T:
        e[-1] = np.exp(np.sin(x)) + v[2] / (2.0 + x * x)
        e = v[::2]
    scale_both(v[...], m[:, ::-1], 0.25)
    return x


def add_sines(g, s):
    g += np.sin(g * s)


@program((0.7,), (-0.3,), order=1)
def what_is_written_is_reshaped_where_it_is_handed_on(x):
    k = np.full((3, 2), 0.75)
    add_sines(k.reshape(2, 3), x)
    return np.sum(k * np.sin(k))


@program((0.7,), (-0.3,))
def what_is_written_depends_on_a_condition_where_it_is_handed_on(x):
    k, w = np.full(3, 0.75), np.ones(3)
    add_sines(k if x > 0 else w, x)
    return np.sum(k * np.sin(w))


@program((0.7,), (-0.3,))
def what_is_written_is_an_element_of_a_tuple(x):
    k = np.full(3, 0.75)
    pair = (k, k)
    add_sines(pair[0], x)
    return np.sum(k * np.sin(k))


@program((0.7,), (-0.3,))
def what_is_written_gets_its_name_where_it_is_handed_on(x):
    k = np.full(3, 0.75)
    add_sines((w := k), x)
    return np.sum(k * np.sin(w))


@program((0.7,), (-0.3,))
def written_by_a_function_of_another_module(x):
    k = np.full(3, 0.75)
    shared_helpers.add_cosines(k, x)
    shared_helpers.add_cosines(g=k[1:], s=x)
    return np.sum(k * np.sin(k))


def set_last(p, s):
    p[-1] = s * s
    return p * s


def scale_and_sum(p, s):
    p *= s
    return p * s, np.sum(p)


@program((V3, 0.5), (V3, -0.5))
def the_result_rebinds_what_is_written_in_a_branch(v, x):
    q = v * x
    if x > 0:
        q = set_last(q, x)
    return np.sum(q * v[0])


@program((V3, 0.5), (V3, -0.5))
def the_result_rebinds_the_array_whose_view_is_written(v, x):
    q = v * x
    if x > 0:
        q = set_last(q[1:], x)
    return np.sum(q * v[0])


@program((V3, 0.5), (V3, -0.5))
def the_result_rebinds_what_is_written_in_a_loop(v, x):
    q = v * x
    for _ in range(2):
        q = set_last(q[::-1], x)
    return np.sum(q * v[0])


@program((V3, 0.5), (V3, -0.5))
def one_of_two_results_rebinds_what_is_written(v, x):
    q = v * x
    for _ in range(2):
        q, s = scale_and_sum(q, x)
        q = q * s
    return np.sum(q * v[0])


def _first_times(u, c):
    u[0] *= c


@program((V6,), (V3,))
def an_element_is_handed_on_with_the_row_that_is_written(x):
    y = x * x
    v = y[::-1]
    _first_times(v, v[0])
    _first_times(y, y[0])
    return np.sum(y * y * y)


@program((V6, 3), (V3, 2), (V3, 0))
def elements_are_handed_on_in_a_loop(x, n):
    y = x * x
    for i in range(n):
        _first_times(y[i:], y[i] * y[0])
    return np.sum(y * y)


def _turned_round(p):
    return p[::-1]


@program((V3, M23, 0.7), (V3, M23, -0.7))
def a_parameter_becomes_a_part_of_another(v, m, c):
    s = v[0] * c
    v = _turned_round(m.ravel()[::-2])
    m[:1, 0] /= 2.5 + np.tanh(np.sum(v[1:]))
    e = v[1:]
    return s + np.sum(e * np.sin(e)) + np.sum(v * v) + np.sum(m * m)


def _turned(v, t):
    return v[::-1] * v[0] * t, t * v[1]


@program((V3, 0.7, 2), (V3, -0.7, 1), (V3, 0.7, 0))
def a_result_takes_its_arguments_name(x, c, n):
    y = x * c
    r = np.sum(y * y)
    s = c
    for _ in range(n):
        y, s = _turned(y, s)
    return s * r + np.sum(y * x)


@program((V3, 0.7), (V3, -0.7))
def a_longer_result_takes_its_arguments_name(x, c):
    y = x * c
    r = np.sum(y * y)
    y, s = _with_its_end(y, c)
    if y[0] > 0:
        s = s * 2
    y, s = _with_its_end(y, s)
    return s * r + np.sum(y)


def _with_its_end(v, t):
    return np.concatenate([v, v[1:]]) * t, t * v[0]


@program((V3, 0.7, 2.5), (V3, 0.7, 1.5), (V3, -0.7, 0.5))
def a_result_that_is_read_on_one_path(x, c, d):
    y, s = _with_its_end(x, c)
    if d > 2:
        y, s = _with_its_end(x * c, s)
    if d > 1:
        s = s + np.sum(y)
    return s * c


def _lowered(a, b):
    a[0] = a[0] * 0.5
    a += b[-1]
    return a


@program((V3, U3, 2), (V5, V5 * 0.3, 0), order=1)
def turned_round_by_a_helper_in_each_trip(x, v, n):
    y = x * x
    w = y
    s = np.sin(np.sum(y * v))
    for _ in range(n):
        w = _lowered(w[::-1], w)
    return s + np.sum(w)
