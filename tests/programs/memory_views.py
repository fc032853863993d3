"""Writes through views, and views of views: rows, transposes, reshapes, diagonals, reversals."""

import numpy as np

from tests.programs import program
from tests.programs.array_points import (
    EVERY_SECOND,
    FORTRAN,
    M33,
    M34,
    M44,
    REVERSED,
    STRIDED,
    T234,
    U3,
    U6,
    V2,
    V3,
    V5,
    V6,
)


@program((V3,), (V5,), (V2,))
def an_element_of_a_view(x):
    y = x.copy()
    v = y[1:]
    v[0] = v[0] * y[0]
    return np.sum(y * y * y)


@program((V5,), (REVERSED,))
def all_of_a_view(x):
    y = x * 1.0
    v = y[1:4]
    v[:] = v * y[0]
    v += y[:3]
    return np.sum(y * y)


@program((V5,), (V6,))
def the_array_under_a_view(x):
    y = x.copy()
    v = y[1:3]
    s = v[0] * v[1]
    y[1] = s * y[0]
    y *= 2.0
    return np.sum(v * v) * s


@program((V6,), (U6,))
def a_view_of_a_view(x):
    y = x.copy()
    v = y[1:]
    w = v[1::2]
    u = w[::-1]
    u[0] = u[1] * v[0]
    w[1] *= y[0]
    v[0] = w[0] * u[0]
    return np.sum(y * y)


@program((V6,), (U6,))
def a_reversed_view(x):
    y = x.copy()
    v = y[::-1]
    v[0] = v[1] * v[-1]
    y[0] = v[0] * y[1]
    v *= y
    return np.sum(v * y * y)


@program((V6,), (U6,))
def two_views_that_overlap(x):
    y = x.copy()
    v = y[:4]
    w = y[2:]
    v[2] = w[0] * v[0]
    w[1] = v[3] * w[2]
    v *= w
    return np.sum(v * v) + np.sum(w * w)


@program((V6,), (U6,))
def two_views_that_do_not(x):
    y = x.copy()
    even = y[::2]
    odd = y[1::2]
    even *= odd
    odd += even * even
    return np.sum(y * y)


@program((V6,), (U6,))
def a_view_outlives_its_name(x):
    y = x.copy()
    v = y[2:]
    y = x * x
    v[0] = v[1] * y[0]
    y[2] = v[0] * y[1]
    return np.sum(v * v) + np.sum(y * y)


@program((V6,), (U6,))
def a_view_is_bound_anew(x):
    y = x.copy()
    v = y[:3]
    v[0] = v[1] * v[2]
    v = y[3:]
    v[0] = v[1] * v[2]
    v = v * 2.0
    v[0] = v[1] * v[2]
    return np.sum(y * y) + np.sum(v)


@program((M34,), (M33,), (FORTRAN,))
def a_row(a):
    b = a.copy()
    r = b[1]
    r[0] = r[1] * b[0, 0]
    r *= 2.0
    b[1, 2] = r[0] * r[2]
    return np.sum(b * b)


@program((M34,), (M33,), (FORTRAN,))
def a_column(a):
    b = a.copy()
    c = b[:, 1]
    c[0] = c[1] * b[0, 0]
    c += b[:, 0]
    return np.sum(b * b)


@program((M34,), (M33,))
def a_row_of_a_block(a):
    b = a.copy()
    block = b[1:, 1:]
    r = block[0]
    c = block[:, -1]
    r *= c[0]
    c += r[-1] * block[1, 0]
    return np.sum(b * b)


@program((M34,), (M33,), (FORTRAN,))
def a_transpose(a):
    b = a.copy()
    t = b.T
    t[0] = t[1] * t[0]
    t[2, 1] = b[0, 2] * t[1, 0]
    b[0] *= t[:, 1]
    return np.sum(t * t)


@program((M44,), (M33,))
def a_transpose_of_itself(a):
    b = a.copy()
    b += b.T
    b.T[0] *= b[1]
    b *= b.T
    return np.sum(b * b * a)


@program((M34,), (M33,), (FORTRAN,), (STRIDED,))
def a_flat_view(a):
    b = a * 1.0
    f = b.reshape(-1)
    f[1] = f[0] * f[2]
    f[::2] *= 2.0
    return np.sum(b * b)


@program((M34,), (M33,))
def a_flat_view_by_ravel(a):
    b = np.zeros(a.shape)
    b += a
    f = b.ravel()
    f[1] = f[0] * f[2]
    b[0, 0] = f[1] * b[0, 0]
    return np.sum(b * b) + f[0]


@program((M34,), (M33,), (FORTRAN,))
def ravel_of_a_transpose_is_a_copy(a):
    b = np.zeros(a.shape)
    b[:] = a
    f = b.T.ravel()
    f[1] = f[0] * f[2]
    b[0, 0] = f[1] * b[0, 0]
    return np.sum(b * b) + np.sum(f * f)


@program((M34,), (FORTRAN,), (STRIDED,))
def whether_ravel_copies_is_known_when_running(a):
    f = a.ravel()
    f[0] = f[1] * f[2]
    return np.sum(a * a) + np.sum(f * f)


@program((M34, 3), (FORTRAN, 2), (STRIDED, 3), (M34, 0))
def a_view_in_one_trip_and_a_copy_in_another(a, n):
    b = a * a
    s = 0.0
    for i in range(n):
        f = b[:, i:].reshape(-1)
        f[0] = f[-1] * 2.0
        b[0, 1] *= 1.1
        s += f[1] * b[0, 0]
    return s + np.sum(b * b)


@program((M34,), (FORTRAN,), (STRIDED,))
def a_reshaped_copy_is_reshaped_again(a):
    b = a.T.reshape(2, -1)
    c = b.reshape(-1, 2)
    c[0, 1] = a[0, 0] * a[1, 1]
    a[0, 0] *= b[0, 1]
    return np.sum(b * b) + np.sum(c * b.reshape(-1, 2)) + np.sum(a * a)


@program((M34,), (FORTRAN,), (STRIDED,))
def reshaped_in_the_order_of_columns(a):
    b = a * 2.0
    f = b.reshape(-1, order="F")
    f[1] = f[0] * f[2]
    g = b.ravel(order="F")
    g[0] *= f[1]
    return np.sum(b * b * a) + np.sum(f * g)


@program((M34,), (FORTRAN,), (STRIDED,))
def the_older_array_is_written_after_it_is_reshaped(a):
    b = a * a
    f = b.T.reshape(-1)
    b[0, 0] = 3.0 * a[0, 1]
    return np.sum(f * f * f) + np.sum(b)


@program((M33,), (FORTRAN,), (STRIDED,))
def as_contiguous(a):
    b = np.ascontiguousarray(a)
    b[0, 0] = b[0, 1] * b[1, 0]
    c = np.asfortranarray(b * a)
    c[0, 0] *= b[0, 0]
    return np.sum(a * a * b) + np.sum(c * c)


def _flat_and_scaled(u, c):
    f = u.reshape(-1)
    f[0] *= c
    f[-1] += f[0] * f[1]


@program((M33, 1.5), (FORTRAN, 0.5), (STRIDED, -1.0))
def a_helper_reshapes_what_it_is_given(a, c):
    b = a * a
    _flat_and_scaled(b, c)
    _flat_and_scaled(b.T, b[0, 0])
    _flat_and_scaled(b[:, 1:], 2.0)
    _flat_and_scaled(a, b[1, 1])
    return np.sum(b * b * b) + np.sum(a * b)


@program((V5,), (REVERSED,), (EVERY_SECOND,))
def rows_of_a_row_are_views(x):
    m = x.reshape(1, -1)
    m[0, 1] = m[0, 0] * x[2]
    f = x[::2].ravel()
    f[0] *= m[0, 1]
    return np.sum(m * x) + np.sum(f * f)


@program((M34,), (M33,))
def flatten_is_a_copy(a):
    b = a * 1.0
    f = b.flatten()
    f[1] = f[0] * f[2]
    b[0, 0] = f[1] * b[0, 0]
    return np.sum(b * b) + np.sum(f * f)


@program((V6,), (U6,))
def a_reshaped_view(x):
    y = x * x
    m = y.reshape(2, 3)
    m[1] = m[0] * m[1]
    m[:, 0] += y[:2]
    y[0] = m[1, 1] * y[2]
    t = m.T.reshape(6)
    t[0] = 5.0 * t[1]
    return np.sum(m * m) + np.sum(t * t)


@program((V6,), (U6,))
def an_axis_more(x):
    y = x.copy()
    c = y[:, None]
    r = y[None, :]
    c[1, 0] = r[0, 0] * y[2]
    r[0, 2:] *= c[0]
    return np.sum(c * r)


@program((V6,), (U6,), may_refuse=True)
def expanded_and_squeezed(x):
    y = x.copy()
    e = np.expand_dims(y, 0)
    e[0, 1] = e[0, 0] * y[1]
    s = np.squeeze(e)
    s *= y[0]
    return np.sum(e * e) + s[1]


@program((T234,))
def swapped_axes(t):
    u = t.copy()
    v = u.swapaxes(0, 2)
    v[1] = v[0] * v[1]
    w = np.transpose(u, (1, 0, 2))
    w[0, 1] *= v[:, 1, 1]
    return np.sum(u * u)


@program((T234,))
def slabs(t):
    u = t.copy()
    for i in range(2):
        s = u[i]
        for j in range(3):
            r = s[j]
            r *= s[j - 1]
            r[0] = r[1] * r[2]
    return np.sum(u * u)


@program((M44,), (M33,))
def a_diagonal_by_a_stride(a):
    b = a.copy()
    d = b.reshape(-1)[:: b.shape[0] + 1]
    d *= b[0]
    d += 1.0
    return np.sum(b * b)


@program((M44,), (M33,), may_refuse=True)
def a_diagonal_filled(a):
    b = a.copy()
    np.fill_diagonal(b, b[0, 1] * b[1, 0])
    return np.sum(b * b)


@program((M44,), (M33,))
def a_diagonal_view_is_read(a):
    b = a.copy()
    d = np.diagonal(b)
    b[0, 0] = b[1, 1] * b[0, 1]
    b *= 2.0
    return np.sum(d * d)


@program((M44,), (M33,))
def a_diagonal_view_by_einsum(a):
    b = a.copy()
    d = np.einsum("ii->i", b)
    d *= b[0]
    return np.sum(b * b)


@program((V6, 3), (U6, 0))
def views_made_in_a_loop(x, n):
    y = x.copy()
    for i in range(n):
        v = y[i : i + 3]
        v[1] = v[0] * v[2]
        v *= x[i]
    return np.sum(y * y)


@program((V6, 3), (U6, 0))
def a_view_from_before_the_loop(x, n):
    y = x.copy()
    inner = y[1:-1]
    left = y[:-2]
    right = y[2:]
    for i in range(n):
        inner += 0.25 * (left * right - inner)
    return np.sum(y * y)


@program((V6, 4), (U6, 1))
def a_view_that_shrinks(x, n):
    y = x.copy()
    v = y
    for i in range(n):
        v = v[1:]
        v *= v[0]
    return np.sum(y * y) + v[0]


@program((V6,), (EVERY_SECOND,))
def a_view_that_is_halved(x):
    y = x.copy()
    v = y
    while len(v) > 1:
        v = v[::2]
        v[0] = v[0] * v[-1]
        v += 0.5
    return np.sum(y * y)


@program((V6,), (U6,))
def a_slice_of_a_temporary(x):
    v = (x * x)[1:4]
    v[0] = v[1] * v[2]
    w = np.sin(x)[::-1]
    w *= x
    return np.sum(v * v) + np.sum(w * x)


@program((V6,), (U6,))
def a_copy_of_a_view(x):
    y = x.copy()
    v = y[1:4].copy()
    v[0] = v[1] * y[1]
    y[1] = v[0] * v[2]
    return np.sum(y * y) + np.sum(v * v)


@program((V6,), (U6,))
def an_expression_of_a_view_is_no_view(x):
    y = x.copy()
    v = y[1:4] * 1.0
    w = +y[1:4]
    y[1] = v[0] * w[2]
    v[0] = 3.0 * w[1]
    return np.sum(y * y) + np.sum(v * w)


@program((V6,), (U6,))
def the_whole_is_a_view(x):
    y = x.copy()
    v = y[:]
    w = y[...]
    v[0] = w[1] * y[2]
    w[1] *= v[0]
    return np.sum(y * v * w)


@program((V3,), (U3,))
def read_before_the_write(x):
    y = x.copy()
    v = y[1:]
    a = v * v
    b = v
    y[1] = y[0] * y[2]
    return np.sum(a * b)


@program((V6,), (U6,))
def asarray_is_no_copy(x):
    y = x.copy()
    z = np.asarray(y)
    z[0] = y[1] * y[2]
    w = np.array(y)
    w[1] = z[0] * w[2]
    return np.sum(y * y) + np.sum(w * z)


@program((V5,), (V6,))
def split_in_views(x):
    y = x.copy()
    head, tail = y[:2], y[2:]
    head[0] = tail[0] * head[1]
    tail[0] = head[0] * tail[1]
    head, tail = tail, head
    head[0] *= tail[0]
    return np.sum(y * y)


@program((V6,), (U6,), may_refuse=True)
def split_by_numpy(x):
    y = x.copy()
    a, b = np.split(y, 2)
    a *= b
    b[0] = a[0] * a[1]
    return np.sum(y * y)


@program((V3, U3))
def a_view_of_what_the_value_binds_anew(x, z):
    m = x * 1.0
    m.ravel()[0] = (m := z * 2.0)[1]
    return np.sum(m * m * x)


@program((M33,), (M44,), (M34,))
def a_diagonal_read_before_the_next_write(a):
    b = a * a
    b[0, 1] = a[0, 0]
    d = np.diag(b)
    s = np.sum(d * d) + np.sum(np.diagonal(b, 1) * b[0, 1])
    b[1, 1] = s * a[0, 1]
    e = b.diagonal().copy()
    b[0, 0] = e[1] * e[0]
    return np.sum(b * b) + np.sum(e) + np.diag(b, -1)[0]


@program((V5,), (V6,))
def rows_that_are_broadcast_read_before_the_next_write(x):
    y = x * x
    rows = np.broadcast_to(y, (2, len(y)))
    s = np.sum(rows * rows)
    y[0] = s * x[1]
    return np.sum(y * y)


@program((V5, 3), (V6, 2), (V5, 0))
def a_diagonal_in_each_trip(x, n):
    a = np.outer(x, x)
    for i in range(n):
        t = np.diag(a)[1:].sum()
        a[i, i] = t * 0.1
    return np.sum(a * a)


@program((M34,), (M34.T,), (M33,), (M34[:1],))
def diagonals_that_show_later_writes(a):
    b = a * a
    d, upper, lower = np.diagonal(b), np.diag(b, 1), b.diagonal(offset=-1)
    b *= 2.0
    b[0] *= b[-1]
    return np.sum(d * d) + np.sum(upper**3) + np.sum(lower) * np.sum(d)


@program((M33,))
def a_diagonal_seen_in_a_loop(a):
    b = a.copy()
    s = 0.0
    for i in range(2):
        d = np.diagonal(b)
        b[i, i] = d[0] * d[1] + a[i, 1]
        s += np.sum(d * d)
    return s * np.trace(b)


@program((M33,))
def a_transpose_by_einsum_is_a_view_and_a_sum_is_none(a):
    b = a.copy()
    t, rows = np.einsum("ij->ji", b), np.einsum("ij->i", b)
    t[0, 1] = rows[1] * a[2, 2]
    b[1] *= rows
    rows[0] *= b[0, 1]
    return np.sum(b[0] * t[1]) + np.sum(rows * rows)
