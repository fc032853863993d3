"""Values put into places: diagonals, `np.put`, `.flat[i]`, masks, along an axis."""

import numpy as np

from tests.programs import program
from tests.programs.array_points import FORTRAN, M23, M33, M34, STRIDED, T234, U3, U6, V3, V6


@program((M33, V3), (M34, U3), (M23, U3))
def a_diagonal_is_filled(a, x):
    b = a * a
    np.fill_diagonal(b, x * x)
    np.fill_diagonal(b[1:], b[0, 1])
    return np.sum(b * b * a)


@program((M34, V3), (M23, V3), (FORTRAN, U6), (STRIDED, V3))
def a_diagonal_gets_values_in_turn(a, x):
    b = a.T * 2.0
    np.fill_diagonal(b, x[:2])
    np.fill_diagonal(b[1:], x * x)
    return np.sum(b * b * b)


@program((M34, V3, 5), (FORTRAN, U3, -3), (STRIDED, V3, 0))
def put_where_all_axes_are_counted(a, x, i):
    b = a * a
    np.put(b, i, x[0])
    np.put(b.T, [1, -2, 1], x)
    b.put([0, 1, 2, 3], x[:2] * x[1])
    return np.sum(b * b * a)


@program((V6, U3), (V3, U3))
def put_into_a_row(x, z):
    y = x * x
    np.put(y, [0, -1, 0], [z[0], z[1] * z[2], x[0]])
    y.put(1, y[0] * z[2])
    np.put(y, np.argsort(x)[:2], z)
    return np.sum(y * y)


@program((T234, 5), (T234, 0))
def flat_places_in_a_loop(a, n):
    b = a * 2.0
    for i in range(n):
        b.flat[3 * i] = a[0, 0, i % 4] * b[1, 2, 3]
        b.flat[i - 2] += a[1, i % 3, 0] * a[0, 0, 0]
        b.flat[-1] -= b[0, 1, 1]
    return np.sum(b * b)


@program((M34, V3), (FORTRAN, U3), (STRIDED, V3))
def flat_slices(a, x):
    a.flat[1:7:2] = x * x
    b = a[::-1]
    b.flat[[0, 5]] = x[:2]
    b.flat[::-3] = x[1]
    return np.sum(a * a * a) + np.sum(b)


@program((V6, U3), (V3, U3))
def flat_slices_of_a_row(x, z):
    y = x * z[0]
    y.flat[1:] = z[1:] * x[0]
    y.flat[::2] = 7.0 * y[1]
    return np.sum(y * y)


@program((M34, V3), (M33, U3))
def values_where_a_mask_is_true(a, x):
    b = a * a
    np.putmask(b, b > 0.1, a * x[0])
    np.putmask(b, a < -0.3, x)
    np.putmask(b, a > 0.7, x[1] * x[2])
    return np.sum(b * b * a)


@program((M34, V3), (M33, U3), (M23, U6))
def values_placed_where_a_mask_is_true(a, x):
    b = a * 3.0
    np.place(b, a > 0.0, x[:2] * x[1])
    np.place(b, a > 100.0, x)
    np.place(b, a < -0.5, x[0])
    np.place(b, b == b[0, 0], [x[1], x[0] * x[0]])
    return np.sum(b * b * a)


@program((M34, U3), (M33, V3))
def values_along_an_axis(a, x):
    b = a * a
    np.put_along_axis(b, np.argmax(a, axis=1)[:, None], x[0] * x[1], axis=1)
    np.put_along_axis(b, np.argsort(a, axis=0)[:2], a[0] * x[2], 0)
    np.put_along_axis(b, np.array([[1, 1]] * len(a)), a[:, :2] * 2.0, axis=-1)
    return np.sum(b * b * a)


@program((V6,), (V3,))
def values_along_a_row(x):
    y = x * x
    np.put_along_axis(y, np.argsort(x)[:2], x[-2:], axis=0)
    return np.sum(y * y * y)


@program((V3, 2), (V6, 3))
def a_diagonal_in_a_loop(x, n):
    a = np.outer(x, x)
    s = 0.0
    for i in range(n):
        np.fill_diagonal(a, x * a[0, i])
        s += a[i, i] * a[0, 1]
        a[0, 1] *= s
    return s + np.sum(a * a)


@program((M33, V3), (M34, U3))
def places_that_are_copied_stay_as_they_are(a, x):
    b = a * a
    np.put(b[[0, 1]], [0, 1], x[:2])
    np.fill_diagonal(b[:, [1, 0, 2]], 5.0)
    return np.sum(b * a) + x[0]


@program((M34,), (M33,))
def an_index_that_is_computed_of_the_array(a):
    b = a * a
    rows, columns = np.arange(len(a))[:, None], np.argmax(b, axis=1)[:, None]
    b[rows, columns] = 0.0
    b[rows, np.argmin(a, axis=1)[:, None]] = a[:, :1]
    return np.sum(b * b)


@program((V6, U3), (V3, U3))
def changed_one_by_one(x, z):
    y = x * x
    np.multiply.at(y, [0, 1, 0], z)
    np.divide.at(y, [2, -1], 1.5 + z[:2] * z[:2])
    np.negative.at(y, [0, 0, 1])
    np.multiply.at(y, np.argsort(x)[:2], z[:2])
    np.multiply.at(y, 1, y[0])
    return np.sum(y * y)


@program((M33, V3), (M23, U3))
def rows_changed_one_by_one(a, x):
    b = a * a
    np.multiply.at(b, [0, 1, 0], x[:, None] * a[0])
    np.multiply.at(b, np.array([1, 1]), x[0])
    return np.sum(b * b)


@program((V3, 3), (V6, 0))
def changed_one_by_one_in_a_loop(x, n):
    y = x * 1.0
    s = 0.0
    for i in range(n):
        np.multiply.at(y, [i, 0, i], x[:3] + s)
        s += y[0] * 0.1
    return s + np.sum(y)


@program((V3, 7), (U3, -4), (V3, 1))
def put_beyond_the_end(x, i):
    y = x * x
    np.put(y, i, x[0] * x[1], mode="wrap")
    y.put([i, -1, 5], x * y[0], "clip")
    return np.sum(y * y * x)


@program((M34, 25), (FORTRAN, -30))
def put_beyond_the_end_of_all_axes(a, i):
    b = a * a
    np.put(b, [i, 1], a[0, :2] * a[1, 1], "wrap")
    np.put(b, np.array([i, i, 3]), a[0, :3], mode="clip")
    return np.sum(b * b * a)
