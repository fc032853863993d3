"""The same entries in another shape or order; arrays of shapes that are computed."""

import math

import numpy as np

from tests.programs import program, refused
from tests.programs.array_points import (
    COLUMN,
    M03,
    M23,
    M33,
    M34,
    ONE,
    POINT,
    READ_ONLY,
    ROW,
    STRIDED,
    T234,
    U3,
    V0,
    V1,
    V2,
    V3,
)

WEIGHTS = np.arange(1.0, 25.0) / 7


@program((M23,), (STRIDED,), (ONE,), (M03,))
def reshaped_and_flattened(x):
    return np.sum(x.ravel() * WEIGHTS[: x.size]) * np.sum(np.sin(x.reshape(-1, 1)))


@program((M23, 3, 2), (M34, 2, 6), (T234, 4, 6))
def a_shape_that_is_computed(x, n, m):
    y = x.reshape(n, m)
    return np.sum(y * y * WEIGHTS[:m]) + np.sum(x.reshape((m, -1))[0] ** 3)


@program((M23,), (T234,))
def by_columns(x):
    y = x.reshape(-1, order="F") * WEIGHTS[: x.size]
    return np.sum(y * x.flatten("F"))


@program((V3, 3), (V2, 0))
def a_table_of_rows(x, n):
    y = np.zeros((n, len(x))) + x
    z = np.full((n, 1), x[0]) * y
    return np.sum(z * z)


@program((V3,), (V1,))
def zeros_as_long_as_the_input(x):
    y = np.zeros(len(x)) + x
    z = np.ones(x.shape) * y * np.ones_like(x)
    return np.sum(y * z + np.zeros_like(x))


@program((V3, 0.7), (M23, 0.7), (POINT, 0.7))
def full_of_a_number(x, a):
    return np.sum(np.full(x.shape, a) * x * a) + np.sum(np.full_like(x, a * a))


@program((V3, 5), (V3, 1))
def a_length_that_grows(x, n):
    s = 0.0
    for k in range(n):
        y = np.full(k, x[0] * k)
        s = s + np.sum(y * y)
        z = np.zeros((k, 3)) + x
        s = s + np.sum(z * z * z)
    return s


@program((T234,))
def axes_moved(x):
    y = np.moveaxis(x, 0, -1)
    z = np.swapaxes(x, 0, 2).transpose(1, 0, 2)
    return np.sum(y * y[::-1] * z.transpose((0, 1, 2))) + np.sum(x.T[0].T ** 2 * x[:, :, 0])


@program((M23,), (M33,), (ONE,))
def transposes_of_products(a):
    return np.sum((a @ a.T) @ a * a.T.T) + np.sum(np.transpose(a)[0] ** 2)


@program((V3, M23), (V1, ONE))
def new_axes_dropped_again(x, a):
    y = np.expand_dims(x, 0) * a
    z = np.squeeze(np.expand_dims(y, (0, 2)), axis=(0, 2))
    return np.sum(z * y * y)


@program((ROW,), (COLUMN,), (ONE,))
def squeezed(x):
    y = np.squeeze(x)
    return np.sum(y * y * np.exp(y))


@program((V3, U3, M23))
def broadcast_on_purpose(x, y, a):
    b = np.broadcast_to(x, a.shape)
    c, d = np.broadcast_arrays(y, a)
    return np.sum(b * c * d) + np.sum(np.broadcast_to(x[0], 4) ** 2)


@program((V3,), (M23,), (READ_ONLY,))
def turned_round(x):
    y = np.flip(x)
    return np.sum(y * x * x) + np.sum(np.roll(x, 1) * x) + np.sum(np.roll(x, -2, axis=0) ** 3)


@program((M23,), (M34,))
def turned_and_mirrored(a):
    b = np.rot90(a)
    c = np.fliplr(a) * np.flipud(a) * a
    return np.sum(b * b * WEIGHTS[: b.shape[1]]) + np.sum(c * a)


@program((M34, 2), (M34, -1), (M34, 0))
def rolled_by_a_variable(a, k):
    b = np.roll(a, (k, 1), axis=(0, 1))
    return np.sum(b * a * a) + np.sum(np.roll(a, k) * a)


@program((0.7,), (-1.2,))
def numbers_as_arrays(x):
    y = np.atleast_1d(x * x)
    z = np.atleast_2d(np.sin(x))
    return np.sum(y * 3.0) * z[0, 0] + np.reshape(x, (1, 1))[0, 0]


@program((V3,), (POINT,), (ONE,))
def at_least_so_many_axes(x):
    y = np.atleast_2d(x)
    return np.sum(y * y.T * np.atleast_3d(x)[..., 0])


@program((V1,), (ONE,), (POINT,))
def one_entry_as_a_number(x):
    return math.sin(x.item()) * float(x.item() ** 2)


@program((V3, 3), (V2, 2))
def carried_in_another_shape(x, n):
    y = x.reshape(-1, 1)
    for _ in range(n):
        y = (y * y.T)[:, :1] + x.reshape(-1, 1)
    return np.sum(y.ravel() * x)


@program((V3, 0), (V3, 1))
def another_shape_on_one_path(x, c):
    if c == 1:
        y = x.reshape(1, -1)
    else:
        y = np.expand_dims(x, 0) * 2.0
    return np.sum(y @ y.T) * y[0, 0]


def _as_matrix(x, rows):
    return x.reshape(rows, -1)


@program((T234,), (M34,), (M23,))
def in_a_helper(x):
    return np.sum(_as_matrix(x, 2)[1] ** 2) + np.sum(_as_matrix(x, len(x)) ** 3)


@program((M23,), (V3,))
def several_shapes_returned(x):
    return x.ravel(), x.T, x.reshape(-1, 1)


@program((V0,), (V3,))
def sizes_as_numbers(x):
    return np.sum(x * x) * x.size + np.sum(x) * x.ndim * (x.nbytes // 8) + 1.0 * x.shape[0]


@refused((V3,), match=r"order='A'.*layout in memory")
def in_the_order_of_the_memory(x):
    return np.sum(x.reshape(-1, order="A"))


@refused((V3, 1), match="which axes have the length 1")
def squeezed_of_who_knows_what(x, n):
    return np.sum(np.squeeze(x[:n]))


@refused((V3,), match=r"\.flat.*ravel")
def flat_iteration(x):
    return np.sum(x.flat)


@refused((M23,), match="axes=")
def transposed_along_no_axis(a):
    return np.sum(np.transpose(a, (0, 2)))


@refused((V3,), match="complex; take .real")
def as_complex_numbers(x):
    return np.sum(x.astype(complex))


@program((M23,), (T234,), (V3,))
def shapes_put_together(x):
    y = np.zeros((2,) + x.shape) + x
    z = np.broadcast_to(x[..., :1], x.shape[:-1] + (4,))
    w = x.reshape((1,) + x.shape[:-1] + (-1,))
    s = x.shape + (1,)
    return np.sum(y * y * y) * np.sum(z * z) + np.sum(x.reshape(s) ** 2 * np.ones(s)) + np.sum(w)
