"""Writes to an argument: the caller sees them, once; the gradient is of the value at entry."""

import math

import numpy as np

from tests.programs import program
from tests.programs.array_points import (
    EVERY_SECOND,
    FORTRAN,
    M23,
    M33,
    M34,
    POINT,
    READ_ONLY,
    REVERSED,
    SINGLE,
    STRIDED,
    U3,
    U6,
    V0,
    V1,
    V2,
    V3,
    V5,
    V6,
)


@program((V3,), (V5,), (REVERSED,), (EVERY_SECOND,))
def an_element(x):
    x[0] = x[1] * x[0]
    return np.sum(x * x)


@program((V5, 2), (V3, 0), (REVERSED, 1))
def elements_in_a_loop(x, n):
    for t in range(n):
        for i in range(1, len(x)):
            x[i] = x[i] * x[i - 1]
    return x.sum()


@program((V5,), (V0,), (REVERSED,))
def all_of_it_by_zeros(x):
    s = np.sum(x * x)
    x[:] = 0.0
    return s


@program((V5,), (V1,), (EVERY_SECOND,))
def in_place_on_all(x):
    x += 1.0
    x *= x
    return np.sum(x * x)


@program((V5, 0.7), (V3, -1.3))
def an_element_by_a_number(x, a):
    s = np.sum(x * x)
    x[-1] = a * s
    a = a * x[0]
    x[0] = a
    return s * np.sum(x * x)


@program((V5,), (REVERSED,))
def bound_anew_first(x):
    x = x * 2.0
    x[0] = x[1] * x[2]
    return np.sum(x * x)


@program((V5,), (REVERSED,))
def bound_anew_after_a_write(x):
    x[0] = x[1] * x[2]
    x = x * x
    x[1] = 7.0 * x[0]
    return np.sum(x)


@program((V5,), (REVERSED,))
def written_and_returned(x):
    x[1:] = x[:-1] * x[1:]
    return x


@program((V5,), (REVERSED,))
def only_returned(x):
    return x


@program((V5, U3), (REVERSED, V2))
def written_by_another(x, z):
    x[: len(z)] *= z
    z[0] = x[0] * z[1]
    return np.sum(x * x) + z[0] * z[1]


@program((V5, V5[::-1]), (V3, U3))
def only_one_is_written(x, z):
    x *= z
    x[0] = z[1] * x[2]
    return np.sum(x * x * z)


@program((V5, V5[::-1]), (V3, U3))
def returned_in_a_tuple(x, z):
    x[0] = z[0] * x[1]
    return x, x * z, z


@program((V5,), (REVERSED,))
def returned_twice_and_in_part(x):
    x[0] = x[1] * x[0]
    return x, x, x[1:], x[0]


@program((0.7, V5), (-0.4, REVERSED))
def a_number_first(a, x):
    x[1] = math.tanh(a)
    return np.sum(np.sin(x * a))


@program((0.7, V5, 1.3, M34), (-0.4, REVERSED, 0.2, M23))
def numbers_between_arrays(a, x, b, m):
    x[1] = a * b
    m[1] += a * x[0]
    x[0] *= b
    m[0] *= x[1]
    return np.sum(np.sin(x)) + np.sum(m * m) * b


@program((0.7, V5), (-0.4, REVERSED))
def all_is_overwritten_by_a_number(a, x):
    x[:] = a
    x[0] *= a
    return np.sum(x * x)


@program((V5,), (REVERSED,))
def through_an_alias(x):
    y = x
    y[0] = x[1] * y[2]
    x[1] = y[0] * x[3]
    return np.sum(x * y)


@program((V5,), (REVERSED,))
def through_a_view(x):
    v = x[1:]
    w = v[::-1]
    w[0] = v[0] * x[0]
    v[1] *= w[2]
    return np.sum(x * x)


@program((M34,), (FORTRAN,), (STRIDED,), (M33.T,))
def through_rows(a):
    for row in a:
        row[0] = row[1] * row[0]
        row *= a[0, 1]
    return np.sum(a * a)


@program((M34,), (FORTRAN,), (STRIDED,), (M33.T,))
def by_two_indices(a):
    for i in range(a.shape[0]):
        for j in range(1, a.shape[1]):
            a[i, j] += a[i - 1, j] * a[i, j - 1]
    return np.sum(a * a)


@program((M34,), (FORTRAN,), (STRIDED,))
def through_a_transpose(a):
    t = a.T
    t[0] *= t[1]
    a[0] = t[:, 0].sum() * a[0]
    return np.sum(t * t)


def _writes(u, c):
    u[0] = u[1] * c
    u[1:] *= c


@program((V5, 0.6), (REVERSED, -1.2), (V3, 0.3))
def through_a_helper(x, c):
    _writes(x, c)
    _writes(x[1:], x[0])
    return np.sum(x * x)


@program((V5,), (-V5,))
def where_it_is_negative(x):
    x[x < 0] = 0.0
    return np.sum(x * x * x)


@program((V5,), (-V5,))
def in_one_branch(x):
    s = np.sum(x * x)
    if x[0] > 0:
        x[0] = s * x[1]
    else:
        x[1:] *= x[0]
    return s * np.sum(x)


@program((V5, True), (V5, False))
def only_if_asked(x, flag):
    if flag:
        x *= 2.0
    return np.sum(x * x)


@program((V5, 0.4), (V5, 100.0), (-V5, 0.1))
def an_early_return(x, limit):
    for i in range(len(x)):
        x[i] = x[i] * x[i] + 0.1
        if x[i] > limit:
            return x[i] * x[0]
    return np.sum(x)


@program((V6, U6, 3), (V6, U6, 2), (V6, U6, 0), may_refuse=True)
def two_buffers_of_the_caller(u, v, n):
    for t in range(n):
        v[1:-1] = u[1:-1] * (u[2:] + u[:-2])
        u, v = v, u
    return np.sum(u * u)


@program((V6, U6), (V3, U3), may_refuse=True)
def swapped_names(x, z):
    x, z = z, x
    x[0] = z[1] * x[0]
    z *= x
    return np.sum(x * z)


@program((V5, np.zeros(5)), (V3, U3), may_refuse=True)
def an_output_argument(x, out):
    out[:] = x * x
    out[0] += out[1] * x[2]


@program((V5, np.zeros(5)), (V3, U3))
def an_output_argument_that_is_returned(x, out):
    for i in range(len(x)):
        out[i] = x[i] * x[i - 1]
    return out


@program((V5, np.zeros(5)), (V3, U3))
def an_output_argument_and_a_number(x, out):
    out[:] = np.sin(x) * x
    out[1:] += out[:-1]
    return np.sum(out * out)


@program((V5, np.ones(5)), (V3, U3))
def an_output_argument_that_is_added_to(x, out):
    out += x * x
    out[0] *= out[1]
    return np.sum(out * out)


@program((V5, np.arange(5)), (V3, np.array([2, 0, 1])))
def an_argument_of_integers(x, k):
    k[0] = k[1] + k[2]
    k[1:] = k[:-1] % len(x)
    x[k[1] % len(x)] *= 2.0
    return np.sum(x * k)


@program((V5, np.array([True, False, True, True, False])), (V3, V3 > 0))
def an_argument_of_booleans(x, m):
    x[m] *= 3.0
    m[0] = not m[0]
    x[m] *= x[m]
    return np.sum(x * x)


@program((READ_ONLY,), (V3,), (np.broadcast_to(V1, (3,)),), may_refuse=True)
def a_read_only_argument_is_copied(x):
    y = x.copy()
    y[0] = y[1] * y[2]
    x = y
    x[1] = y[0] * 2.0
    return np.sum(x * y)


@program((READ_ONLY, V3), (np.broadcast_to(0.7, (3,)), U3))
def a_read_only_argument_beside(x, z):
    z *= x
    z[0] = x[0] * z[1]
    return np.sum(z * z * x)


@program((POINT,), (np.array(-1.3),), may_refuse=True)
def an_array_without_axes(x):
    x += 1.0
    x *= x
    x[...] = math.sin(x) * x
    return x * x


@program((SINGLE,), (SINGLE[::-1],), (SINGLE[::2],))
def single_precision(x):
    x[0] = x[1] * x[0]
    x[1:] *= 2.0
    x -= 0.5
    return np.sum(x * x)


@program((SINGLE, SINGLE.astype(float)), (SINGLE.astype(float), SINGLE))
def single_and_double(x, z):
    x[0] = z[1] * x[0]
    z[1:] = x[1:] * 0.5
    return np.sum(x * z)


@program((M23, V3), (M33, U3))
def a_row_from_another(a, x):
    a[0] = x
    x[0] = a[0, 1] * a[1, 0]
    a[1] *= x
    return np.sum(a * a)


@program((V5,), (REVERSED,))
def restored_at_the_end(x):
    kept = x.copy()
    x *= x
    s = np.sum(x * kept)
    x[:] = kept
    return s


@program((V5, 3), (V3, 1), (V3, 0))
def restored_each_time(x, n):
    s = 0.0
    for i in range(n):
        old = x[i]
        x[i] = old * old
        s += np.sum(x * x)
        x[i] = old
    return s


@program((V5,), (V3,), may_refuse=True)
def finite_differences_by_hand(x):
    def energy(u):
        return u[0] * u[1] * u[-1] + np.sum(u * u)

    slopes = np.zeros(len(x))
    for i in range(len(x)):
        x[i] += 0.125
        up = energy(x)
        x[i] -= 0.25
        slopes[i] = up - energy(x)
        x[i] += 0.125
    return np.sum(slopes * slopes)


@program((V5, V5), may_refuse=True)
def twice_the_same_only_read(x, z):
    y = x * z
    y[0] = x[1] * z[2]
    return np.sum(y * y)


@program((0.4, M23))
def an_argument_bound_to_a_copy_of_a_new_array(a, x):
    x = np.full((2, 3), 0.75)
    x = x.copy()
    for row in reversed(x):
        row[-2] = np.cos(a)
    return np.sum(x * x) + x[0, 1]


@program((0.4, V3), (1.2, U3))
def written_and_then_another_array(a, x):
    x[[2, 0, 0]] = np.tanh(x) * a
    x = x[::-1].copy()
    return a * a


@program((0.4, V3, M33), (1.2, U3, M33), may_refuse=True)
def a_view_under_the_name_of_an_argument(a, x, m):
    x[0] *= a
    if a > 1:
        x = m[1, :]
    x[1] = x[0] * x[2]
    m[0] = x * a
    return np.sum(m * np.sin(m)) + np.sum(x * x)


@program((0.4, V3), (1.2, U3), may_refuse=True)
def a_new_array_under_the_name_of_an_argument_each_trip(a, x):
    for _ in range(3):
        x[0] = x[1] * a
        x = x * a
    return np.sum(x * np.sin(x))


@program((0.4, M33), (1.2, M34), may_refuse=True)
def bound_to_another_array_in_the_end(a, m):
    g = np.full((2, 3), 0.75)
    g[0], g[1] = g[1] * a, g[0].copy()
    m[0] *= a
    m = g
    return np.sum(g * np.sin(m))
