"""Helpers that give back one array or another: their calls are written out in reverse mode."""

import numpy as np

from tests.programs import helpers_elsewhere, program
from tests.programs.array_points import M33, U3, V3, V5

K = 2.0


def scaled(v):
    v += K


def _pick(a, b, c):
    return a if c > 0 else b


@program((V3, 0.5), (V5, -0.5))
def one_of_two_is_written(x, c):
    a = x * x
    b = x.copy()
    z = _pick(a, b, c)
    z[0] = a[1] * b[2]
    a[2] *= z[0]
    return np.sum(a * a) + np.sum(b * z)


@program((V3, U3, 0.5), (V3, U3, -0.5), order=1)
def an_argument_or_another_one(a, b, c):
    z = _pick(a, b, c)
    z[0] = a[1] * b[2]
    return np.sum(a * a) + np.sum(b * z)


@program((V3, 3), (V5, 0), order=1)
def buffers_chosen_in_each_trip(x, n):
    a = x * x
    b = np.zeros_like(x)
    for t in range(n):
        source = _pick(a, b, t % 2 - 0.5)
        target = _pick(b, a, t % 2 - 0.5)
        target[1:] = source[:-1] * x[1:]
        target[0] = source[0] * x[0]
    return np.sum(a * b)


@program((V3, 1), (V3, 0), order=1)
def a_helper_of_another_module(x, flag):
    out = x * x
    k = x + K
    z = helpers_elsewhere.picked(out, k, flag)
    scaled(z)
    z[0] *= out[1]
    n = helpers_elsewhere.picked(k, z, 1 - flag)
    n[1] = k[2] * out[0]
    return np.sum(out * z * n) + np.sum(k * K)


def _exchanged(a, b, c):
    if c > 0:
        a, b = b, a
    return a, b


@program((V3, 0.5), (V3, -0.5), order=1)
def two_arrays_in_one_order_or_the_other(x, c):
    a = x * x
    b = x + 1.0
    a, b = _exchanged(a, b, c)
    a[0] = b[1] * x[2]
    a, b = _exchanged(a, b, x[0])
    b *= a
    return np.sum(a * a * b)


def _filled(u, out=None, scale=2.0, *, copy=False):
    if out is None:
        out = u.copy() if copy else u
    out[:] = scale * u * u
    return out


@program((V3,), (V5,), order=1)
def a_place_for_the_result_or_none(x):
    y = x.copy()
    a = _filled(y)
    b = _filled(a, copy=True)
    c = _filled(b, out=y, scale=x[0])
    c[0] = a[1] * b[2]
    return np.sum(y * a * b)


def _stages(u, v, n):
    for k in range(n):
        if k == 2:
            return v
        if np.sum(u) > 3.0:
            return u
        v[k] = u[k] * u[k + 1]
        u = u + v
    return v


@program((V3, 3), (V3, 1), (V3 + 2.0, 3), order=1)
def returned_early_from_a_loop(x, n):
    u = x * x
    v = x * 1.0
    w = _stages(u, v, n)
    w[0] = u[1] * v[2]
    return np.sum(w * u * v)


def _chosen(a, b, c):
    z = _pick(a, b, c)
    z[0] = z[1] * c
    return _pick(b, a, z[0])


@program((V3, 0.5), (V3, -0.5), order=1)
def a_helper_that_calls_another(x, c):
    a = x * x
    b = x + 1.0
    for i in range(3):
        z = _chosen(a, b, c)
        z[i] *= a[0] * b[1]
        c = c * z[2]
    return np.sum(a * a * b) + c


def _row(matrix, other, i):
    if i % 2:
        return matrix[i]
    return other[i]


@program((M33,), order=1)
def a_row_of_one_of_two(m):
    a = m * m
    b = m + 1.0
    for i in range(3):
        row = _row(a, b, i)
        row *= m[0]
        row[0] = a[i, 1] * b[i, 2]
    return np.sum(a * a * b)


def _in_turn(a, b, n):
    if n == 0:
        return a
    a[0] = b[1] * a[2]
    return _in_turn(b, a, n - 1)


@program((V3, 2), may_refuse=True)
def a_recursion_is_not_written_out(x, n):
    a = x * x
    b = x + 1.0
    z = _in_turn(a, b, n)
    z *= 2.0
    return np.sum(a * a * b)
