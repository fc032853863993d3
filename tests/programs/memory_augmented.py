"""Augmented assignments: in place on an array, a new binding on a number."""

import numpy as np

from tests.programs import program
from tests.programs.array_points import (
    COLUMN,
    M23,
    M33,
    M34,
    POINT,
    REVERSED,
    ROW,
    U3,
    U6,
    V0,
    V1,
    V2,
    V3,
    V5,
    V6,
)


@program((V3, U3), (V1, V1 * 2), (V0, V0))
def all_operators_on_an_array(x, z):
    y = x.copy()
    y += z * y
    y -= y * y
    y *= z
    y /= 1.5 + z * z
    y **= 2
    return np.sum(y * x)


@program((V3,), (V5,))
def an_alias_sees_it(x):
    y = x * x
    z = y
    y += x
    y *= z
    return np.sum(z * z)


@program((V3,), (V5,))
def a_new_array_is_not_seen(x):
    y = x * x
    z = y
    y = y + x
    y *= z
    return np.sum(z * z) + np.sum(y)


@program((V3,), (V5,))
def a_number_is_bound_anew(x):
    s = x[0]
    t = s
    s += x[1] * x[1]
    s *= t
    return s * t


@program((POINT, 1.3), (0.7, 1.3), may_refuse=True)
def a_number_or_an_array_without_axes(x, a):
    y = x * 1.0
    z = y
    y += a * a
    y *= a
    return y * z


@program((V3, 0.8), (V5, -0.5))
def by_a_number(x, a):
    y = x.copy()
    y *= a
    y += a
    y /= a
    y -= a * a
    return np.sum(y * y * y)


@program((M34, V3[:, None], np.append(V3, 1.0)), (M23, COLUMN, ROW), (M33, V3, U3))
def by_what_broadcasts(a, c, r):
    b = a.copy()
    b += c
    b *= r
    b -= c * r
    b /= 2.0 + r * r
    return np.sum(b * b)


@program((V3,), (V5,))
def by_itself(x):
    y = x.copy()
    y += y
    y *= y
    y -= 0.5 * y
    y /= 1.0 + y
    return np.sum(y * y)


@program((V6,), (V5,))
def by_itself_reversed(x):
    y = x.copy()
    y += y[::-1]
    y *= y[::-1]
    y -= x[::-1] * y
    return np.sum(y * y)


@program(
    (V6, U6),
)
def on_slices(x, z):
    y = x.copy()
    y[1:] += y[:-1]
    y[:-1] *= z[1:]
    y[::2] -= y[1::2] * y[::2]
    y[::-2] /= 1.5 + z[::2] ** 2
    y[2:4] **= 3
    return np.sum(y * y)


@program((V6,), (V2,))
def on_overlapping_slices(x):
    y = x.copy()
    y[1:] += y[:-1] * y[1:]
    y[:-1] += y[1:]
    y[1:] *= y[:-1]
    y[:-1] -= y[1:] * y[:-1]
    return np.sum(y)


@program((M34,), (M33,))
def on_rows_and_columns(a):
    b = a.copy()
    b[0] += b[1] * b[0]
    b[:, 0] *= b[:, 1]
    b[1] -= b[0]
    b[:, 1:] /= 2.0 + b[:, :-1] ** 2
    return np.sum(b * b)


@program((V3, 4), (V5, 0))
def in_a_loop(x, n):
    y = x.copy()
    for i in range(n):
        y *= x
        y += 0.5 * i
        y -= 0.1 * y * y
    return np.sum(y * y)


@program((V3, 3), (V5, 0))
def a_sum_of_arrays(x, n):
    s = np.zeros(len(x))
    for i in range(n):
        s += x * x[i]
    return np.sum(s * s)


@program((M34,), (M33,), may_refuse=True)
def a_sum_that_begins_with_a_number(a):
    s = 0.0
    for i in range(len(a)):
        s += a[i] * a[i]
    s *= s
    return np.sum(s)


@program((V3,), (V5,), may_refuse=True)
def a_sum_that_begins_with_an_element_of_a_loop(x):
    # The first s is a name of an array that is written: += is in place from the second trip on.
    s = 0
    t = s
    for i in range(3):
        s = s + x * x[i] if i == 0 else s
        t = s
        s += x
    return np.sum(s * t)


@program((V3,), (V5,))
def inside_an_expression_twice(x):
    y = x.copy()
    w = y * y
    y += w
    w *= y
    v = w * y
    w += v
    return np.sum(v * w)


@program((V3,), (U3,))
def the_operand_is_overwritten_later(x):
    y = x.copy()
    z = x * x
    y *= z
    z[0] = z[1] * y[0]
    y *= z
    z *= 0.5
    return np.sum(y * z)


@program((V3, U3), (V1, V1))
def the_factor_is_saved_not_the_product(x, z):
    y = x.copy()
    for i in range(3):
        y *= z
    for i in range(2):
        y /= z
    return np.sum(y * y)


@program((V3, 0.7, 2.3), (np.abs(V5), 1.2, -0.8))
def powers(x, a, p):
    y = x * x + 0.5
    y **= p
    y **= 2
    y *= a
    y = abs(y) + 1.0
    y **= a
    return np.sum(y * x)


@program((V3,), (V5,))
def bases_of_powers(x):
    y = np.full(len(x), 1.5)
    y **= x
    y[0] **= x[-1]
    return np.sum(y * y)


@program((M33, V3), (M33.T, U3))
def a_product_of_matrices(a, x):
    b = a.copy()
    b @= a
    b @= b
    y = b @ x
    y += x
    return np.sum(y * y)


@program((V3,), (V5,), may_refuse=True)
def remainders(x):
    y = x * 3.1
    y %= 0.71
    z = x * 5.3
    z //= 2.0
    return np.sum(y * y * x) + np.sum(z * x)


@program((V5,), (REVERSED,))
def a_temporary_is_written(x):
    y = np.exp(x)
    y /= y.sum()
    y *= np.log(y)
    return -y.sum() * x[0]


@program((M34,), (M23,))
def softmax_in_place(a):
    b = a - a.max(axis=1, keepdims=True)
    np.exp(b, out=b)
    b /= b.sum(axis=1, keepdims=True)
    return np.sum(b * b * a)


@program((V3,), (V5,))
def layers_in_place(x):
    h = x * 2.0
    for i in range(3):
        h *= 0.5
        h += x
        h = np.tanh(h)
    return np.sum(h * h)


@program((V3,), (U3,))
def a_tuple_of_targets(x):
    y = x.copy()
    z = x * x
    y, z = z, y
    y += z
    z *= y
    return np.sum(y * z * y)


@program((V3,), (U3,))
def an_attribute_of_the_loop(x):
    y = x.copy()
    for k in range(3):
        v = y[k:]
        v *= x[k]
        v += 0.5
    return np.sum(y * y)
