"""Slices written at once: strided, negative, reversed, broadcast, by a number, by themselves."""

import numpy as np

from tests.programs import program
from tests.programs.array_points import (
    COLUMN,
    FORTRAN,
    M22,
    M23,
    M33,
    M34,
    M45,
    ONE,
    REVERSED,
    ROW,
    T234,
    U3,
    U6,
    V0,
    V1,
    V2,
    V3,
    V5,
    V6,
)


@program((V5,), (V2,), (V1,))
def all_but_the_first(x):
    y = x * 1.0
    y[1:] = x[1:] * y[0]
    return np.sum(y * y)


@program((V5, 0.7), (V2, -1.2), (V0, 0.3))
def a_number_into_all(x, a):
    y = x.copy()
    s = np.sum(y * y)
    y[:] = a * s
    return np.sum(y * y) + s


@program((V5, 0.7), (V1, 0.2))
def a_number_into_a_slice(x, a):
    y = x.copy()
    y[1:3] = a
    y[:1] = a * a
    return np.sum(y * y * x)


@program((V5,), (V1,), (V0,))
def a_constant_into_a_slice(x):
    y = np.sin(x)
    z = np.sum(y * y)
    y[1:-1] = 0.0
    return np.sum(y * y) * z


@program(
    (V6, U6),
)
def all_of_another(x, z):
    y = x.copy()
    s = y[1] * y[2]
    y[:] = z
    y[0] = s * y[1]
    return np.sum(y * y) + np.sum(z)


@program(
    (V6, U6),
)
def all_by_an_ellipsis(x, z):
    y = x * z
    y[...] = y * z[::-1]
    return np.sum(y * x)


@program((V6, U6), (V3, U3))
def every_second(x, z):
    y = x.copy()
    y[::2] = z[::2] * x[::2]
    y[1::2] = y[::2][: len(y[1::2])] * z[1::2]
    return np.sum(y * y)


@program((V6, U6), (V5, REVERSED))
def backwards_by_two(x, z):
    y = x.copy()
    y[::-2] = z[::-2] * z[::-2]
    y[-2:0:-3] = y[-1:1:-3] * y[0]
    return np.sum(y * y * z)


@program((V6, U6), (V2, V2[::-1]))
def reversed_order(x, z):
    y = np.zeros(len(x))
    y[::-1] = x * z
    return np.sum(y * x * x)


@program((V6,), (V5,))
def reversed_onto_itself(x):
    y = x * x
    y[::-1] = y
    y[:] = y[::-1] * y
    return np.sum(y * x)


@program((V6,), (V2,), (V1,))
def shifted_to_the_right(x):
    y = x.copy()
    y[1:] = y[:-1]
    return np.sum(y * y * x)


@program((V6,), (V2,), (V1,))
def shifted_to_the_left(x):
    y = x.copy()
    y[:-1] = y[1:] * y[:-1]
    y[:-1] = y[1:]
    return np.sum(y * y * x)


@program((V6, 3), (V6, 1), (V6, 0), (V6, 6))
def the_bound_is_computed(x, k):
    y = x.copy()
    y[k:] = y[k:] * y[0]
    y[:k] = y[:k] * y[-1]
    return np.sum(y * y)


@program((V6, 2), (V6, 0))
def a_window(x, k):
    y = x.copy()
    for i in range(3):
        y[i + k : i + k + 2] = y[i : i + 2] * x[i] + y[i + k : i + k + 2]
    return np.sum(y * y)


@program((M34, V3), (M33, U3), (M23, V2))
def a_column(a, x):
    b = a.copy()
    b[:, 0] = x * b[:, 1]
    b[:, -1] = b[:, 0] * b[:, -1]
    return np.sum(b * b)


@program((M34,), (M23,), (FORTRAN,))
def a_row(a):
    b = a * 1.0
    b[0] = b[1] * b[0]
    b[1, :] = b[0, ::-1]
    return np.sum(b * b * a)


@program((M34, V3[:, None], np.append(V3, 0.4)), (M23, COLUMN, V3))
def broadcast_into_a_matrix(a, c, r):
    b = a.copy()
    s = np.sum(b * b)
    b[:, :] = c
    b[1:] = r * b[:1]
    b[:, 1:] *= c
    return np.sum(b * b * a) * s


@program((M23, ROW), (M23, ONE), (M33, ROW))
def a_matrix_of_one_row(a, r):
    b = np.empty(a.shape)
    b[...] = r
    return np.sum(b * b * a)


@program((M23, V3), (M33, U3), may_refuse=True)
def a_leading_axis_is_dropped(a, x):
    b = a * a
    b[:] = x[None, :]
    b[0] = x[None, :] * b[-1:]
    return np.sum(b * b * a)


@program((M34,), (M45,))
def a_block(a):
    b = a.copy()
    b[1:, 1:3] = b[:-1, 1:3] * b[1:, :2]
    b[::2, ::-1] = b[::2] * b[::2, ::-1]
    return np.sum(b * b)


@program((T234,))
def rank_three(t):
    u = t.copy()
    u[1] = u[0] * u[1]
    u[:, 2] = u[:, 0] * u[:, 1]
    u[..., 3] = u[..., 0] * u[..., 3]
    u[0, :, 1:3] = u[1, :, :2]
    u[:, 1, 2] = u[:, 2, 1] * u[0, 0, 0]
    return np.sum(u * u)


@program((V3, M33), (V2, M22))
def a_matrix_from_vectors(x, a):
    b = np.zeros((len(x), len(x)))
    for i in range(len(x)):
        b[i, :] = x * x[i]
        b[:, i] += a[i] * b[i, i]
    return np.sum(b * b)


@program((V6,), (V5,))
def cut_in_two(x):
    y = np.empty(len(x))
    n = len(x) // 2
    y[:n] = np.sin(x[n : 2 * n]) * x[:n]
    y[n:] = np.cos(x[n:])
    return np.sum(y[1:] * y[:-1])


@program((V6,), (V2,))
def slices_that_overlap_in_turn(x):
    y = x.copy()
    y[:-1] = y[:-1] * y[1:]
    y[1:] = y[1:] * y[:-1]
    y[:-1] = y[:-1] + y[1:] * y[1:]
    return np.sum(y)


@program((V6, 0), (V6, 1), (V6, 4))
def slices_in_a_loop(x, n):
    y = x.copy()
    for t in range(n):
        y[1:-1] = 0.5 * y[1:-1] + 0.25 * (y[2:] * y[:-2])
    return np.sum(y * y)


@program((V6, 3), (V6, 1))
def the_target_moves(x, n):
    y = x.copy()
    for t in range(n):
        y[t : t + 2] = y[t + 1 : t + 3] * y[t : t + 2]
        y[-1 - t] = y[t] * y[-1 - t]
    return np.sum(y * x)


@program((V6,), (V3,))
def an_empty_slice(x):
    y = x.copy()
    y[3:3] = 2.0
    y[len(x) :] = y[:0] * 3.0
    y[2:1] *= y[0]
    return np.sum(y * y)


@program((V3,), (V1,), may_refuse=True)
def a_list_into_a_slice(x):
    y = np.zeros(3)
    y[:] = [x[0], x[0] * x[-1], 2.0]
    y[1:] = (y[0] * y[2], y[1])
    return np.sum(y * y)


@program((V6, U6), may_refuse=True)
def with_a_slice_object(x, z):
    inner = slice(1, -1)
    y = x.copy()
    y[inner] = y[inner] * z[inner]
    return np.sum(y * y)


@program((V3,), (V5,))
def with_a_new_axis(x):
    b = np.zeros((2, len(x)))
    b[:, None, 0] = x[1]
    b[0, None] = x * x
    return np.sum(b * b)


@program(
    (V6, U6),
)
def the_source_is_changed_afterwards(x, z):
    y = np.zeros(6)
    w = x * z
    y[:3] = w[:3]
    w[:3] = w[3:] * w[:3]
    y[3:] = w[:3]
    return np.sum(y * y) + np.sum(w)


@program(
    (np.linspace(0.3, 1.2, 3), np.linspace(-1.1, 0.9, 5)),
    (np.linspace(0.3, 1.2, 5), np.linspace(-1.1, 0.9, 5)),
    (np.linspace(0.3, 1.2, 3), np.linspace(-1.1, 0.9, 3)),
    (np.linspace(0.3, 1.2, 4), np.linspace(-1.1, 0.9, 4)),
)
def what_is_left_of_three_into_more(x, y):
    z = y * y
    z[1:-1] = x[1:-1] * z[0]
    z[1:] += x[1:2]
    return np.sum(z * np.sin(z)) + np.sum(x)
