"""Arrays joined, taken apart, repeated, bordered; diagonals, differences, windows."""

import numpy as np

from tests.programs import program, refused
from tests.programs.array_points import M23, M33, M34, N23, ONE, POINT, T234, U3, V0, V1, V2, V3

WEIGHTS = np.arange(1.0, 31.0) / 7


@program((V3, U3), (V1, V1), (V0, V0))
def stacked(x, y):
    a = np.stack([x, y * y, x], axis=1)
    b = np.vstack([x, y]) * np.stack((y, x))
    return np.sum(a * a[:, ::-1] * a) + np.sum(b * b)


@program((V3, V2, 0.7), (V1, V3, 0.7))
def joined(x, y, a):
    b = np.hstack([x, a, y * a])
    c = np.append(b, [a, 1.0])
    return np.sum(b * b * WEIGHTS[: b.size]) + np.sum(c * c * c)


@program((M23, N23, V3))
def columns_and_rows(a, b, x):
    c = np.column_stack([a.T, x, b.T])
    d = np.dstack([a, b])
    e = np.vstack((a, x, b))
    return np.sum(c * c * c) + np.sum(d[..., 0] * d[..., 1] ** 2) + np.sum(e @ e.T)


@program((M33, V3, 0.7), (ONE, V1, 0.7))
def blocks(a, x, s):
    b = np.block([[a, x.reshape(-1, 1)], [x.reshape(1, -1), s]])
    return np.sum(b @ b * b)


@program((0.7, 1.2))
def a_matrix_of_blocks_of_numbers(x, y):
    a = np.block([[x, x * y], [y, 2.0]])
    return np.sum(a @ a) * a[0, 1]


@program((V3, U3), (V1, V1))
def taken_apart(x, y):
    z = np.concatenate([x, y, x * y])
    a, b, c = np.split(z, 3)
    return np.sum(a * b * c) + np.sum(c * c)


@program(
    (M34,),
)
def taken_apart_in_columns(a):
    left, right = np.split(a, [1], axis=1)
    parts = np.hsplit(a, 2)
    top, bottom = np.vsplit(a, [2])
    rest = np.array_split(a, 3, axis=1)
    return (
        np.sum(left * right)
        + np.sum(parts[0] * parts[1] ** 2)
        + np.sum(top[:1] * bottom)
        + np.sum(rest[0][:, 0] * rest[2][:, 0])
    )


@program((M34, 3), (M34, 0))
def taken_apart_in_a_loop(a, n):
    s = 0.0
    x = a[0]
    for k in range(n):
        p, q = np.split(x * (k + 1), 2)
        s = s + np.sum(p * q * q)
        x = np.concatenate((q, p)) * a[1]
    return s


@program((V3, 2), (V3, 0), (V1, 3))
def repeated(x, n):
    y = np.repeat(x, n) * np.tile(x, n)
    return np.sum(y * y) + np.sum(np.repeat(x, 2)[::2] * x)


@program((M23,))
def repeated_by_their_own_numbers(a):
    b = np.repeat(a, [2, 0, 1], axis=1)
    c = np.tile(a, (2, 1, 2))
    return np.sum(b * b * WEIGHTS[:3]) + np.sum(c * c * c) + np.sum(np.resize(a, 10) * WEIGHTS[:10])


@program((V3, 2), (V3, 1))
def borders(x, n):
    y = np.pad(x, n) + np.pad(x, n, mode="edge") * np.pad(x, n, mode="wrap")
    z = np.pad(x, (1, n), "reflect") * np.pad(x, (1, n), "symmetric")
    return np.sum(y * y) + np.sum(z * z * WEIGHTS[: z.size])


@program((M23, 0.7))
def borders_of_a_matrix(a, s):
    b = np.pad(a, ((1, 0), (2, 1)), mode="edge")
    c = np.pad(a, 1, constant_values=s)
    return np.sum(b * b * WEIGHTS[:6]) + np.sum(c * c * c * WEIGHTS[:5])


@program((V3,), (V1,))
def a_stencil_with_a_border(x):
    y = np.pad(x, 1, mode="edge")
    return np.sum((y[2:] - 2 * y[1:-1] + y[:-2]) ** 2)


@program((M33,), (M23,), (M34,))
def diagonals(a):
    d = np.diagonal(a) * np.diag(a)
    return np.sum(d * d) * np.trace(a) + np.sum(np.diag(a, 1) ** 3) + np.trace(a, offset=-1)


@program((V3,), (V1,))
def matrices_of_a_vector(x):
    a = np.diag(x) + np.diag(x[1:], 1) + np.eye(len(x))
    b = np.tril(a * a[0]) + np.triu(a, 1) * x
    return np.sum(a @ b) + np.sum(np.diagflat(x, -1))


@program((T234,))
def diagonals_of_many_matrices(t):
    d = t.diagonal(axis1=1, axis2=2)
    return np.sum(d * d * d) + np.sum(np.trace(t, axis1=2, axis2=1) ** 2)


@program((V3,), (M34,), (V1,))
def differences(x):
    return np.sum(np.diff(x) ** 3) + np.sum(np.diff(x, axis=0) ** 2) + np.sum(np.diff(x, 2) ** 2)


@program((V3, 0.7))
def differences_with_ends(x, a):
    y = np.diff(x, prepend=a, append=a * a)
    z = np.ediff1d(x, to_begin=a)
    return np.sum(y * y * WEIGHTS[:4]) + np.sum(z * z * z)


@program((np.array([0.3, -1.2, 0.8, 2.0, 0.1]), 0.7))
def slopes(x, h):
    y = np.gradient(x)
    z = np.gradient(x, h, edge_order=2)
    return np.sum(y * y * x) + np.sum(z * z * WEIGHTS[:5])


@program((M34, 0.7))
def slopes_of_a_field(a, h):
    u, v = np.gradient(a, h)
    return np.sum(u * u * v) + np.sum(np.gradient(a, axis=1) ** 2)


@program((V3, V2), (V2, V3), (V1, V3))
def windows(x, k):
    y = np.convolve(x, k) * WEIGHTS[: x.size + k.size - 1]
    z = np.correlate(x, k, mode="same")
    return np.sum(y * y) + np.sum(z * z * z) + np.sum(np.convolve(x, k, "valid") ** 2)


@program((0.3, 1.9, 4), (0.3, 1.9, 1))
def steps_between(a, b, n):
    t = np.linspace(a, b, n)
    u = np.linspace(a * a, b, n, endpoint=False)
    return np.sum(np.sin(t) * u * u)


@program((V3, U3))
def steps_between_arrays(x, y):
    t = np.linspace(x, y, 5)
    return np.sum(t * t * t * WEIGHTS[:3])


@program((V3, V2))
def on_a_grid(x, y):
    a, b = np.meshgrid(x, y)
    c, d = np.meshgrid(x, y, indexing="ij", sparse=True)
    return np.sum(a * b * b * WEIGHTS[:3]) + np.sum(np.sin(c * d))


@program((M34, np.array([2, 0, 2])), (M33, np.array([1, 1, -1])))
def taken(a, idx):
    b = np.take(a, idx, axis=0) * a[0]
    c = np.take_along_axis(a, np.array([[0, 0], [1, 2], [2, 1]]), axis=1)
    return np.sum(b * b) + np.sum(c * c * WEIGHTS[:2]) + np.sum(a.take([0, 5, 0]) ** 3)


@program((V3, U3, np.array([True, False, True])), (V3, U3, np.array([False, False, False])))
def chosen(x, y, mask):
    a = np.compress(mask, x) * np.extract(mask, y)
    b = np.choose(np.array([1, 0, 1]), [x, y * y])
    c = np.select([mask, x > 0], [x * y, y], default=x)
    return np.sum(a * a) + np.sum(b * b * b) + np.sum(c * c)


@program((V3, 0.7, 1), (V3, 0.7, -1), (V3, 0.7, 0))
def put_in_and_left_out(x, a, i):
    y = np.insert(x, i, a)
    z = np.delete(y, i) * np.delete(x, [0, 2])
    return np.sum(y * y * WEIGHTS[:4]) + np.sum(z * z)


@program((V3, 4), (V3, 1))
def built_up_row_by_row(x, n):
    a = np.zeros((0, 3))
    for k in range(n):
        a = np.vstack([a, x * k])
    return np.sum(a * a * a)


@program((POINT, V3))
def of_arrays_without_axes(p, x):
    y = np.hstack([p, x, p * p])
    return np.sum(y * y) * np.sum(np.stack([p, p]) ** 3)


@program((V3,))
def counted_with_weights(x):
    y = np.bincount(np.array([0, 2, 0]), weights=x * x, minlength=4)
    return np.sum(y * y * WEIGHTS[:4])


@program((M33,))
def by_triangles(a):
    rows, columns = np.triu_indices(3, 1)
    i = np.nonzero(a[0] > 0)
    return np.sum(a[rows, columns] ** 2) + np.sum(a[np.tril_indices(3)]) + np.sum(a[0][i] ** 2)


@program((M34,))
def an_open_mesh(a):
    b = a[np.ix_([0, 2], [1, 1, 3])]
    return np.sum(b * b * WEIGHTS[:3])


def _halves(x):
    a, b = np.split(x, 2)
    return a * b, np.concatenate([b, a])


@program((np.array([0.3, -1.2, 0.8, 2.0]),), (np.array([0.3, -1.2]),))
def in_helpers(x):
    p, q = _halves(x)
    r, q = _halves(q)
    return np.sum(p * r) + np.sum(q * x)


@program((V3, U3))
def several_results(x, y):
    a, b = np.split(np.append(x, y), [2])
    return a, b, np.stack([x, y]), x


@refused((V3,), match=r"np\.unique.*np\.sort")
def entries_without_their_copies(x):
    return np.sum(np.unique(x))


@refused((V3,), match=r"mode='maximum'.*'edge'")
def a_border_of_largest_entries(x):
    return np.sum(np.pad(x, 1, mode="maximum"))


@refused((V3,), match="how many parts")
def parts_of_a_number_that_is_not_known(x):
    return np.sum(np.split(x, len(x))[0])


@refused((V3,), match="several places")
def inserted_at_several_places(x):
    return np.sum(np.insert(x, [0, 2], 1.0))


@refused((V3, M23), match="different numbers of axes")
def joined_with_another_rank(x, a):
    return np.sum(np.concatenate([x, a]))


@refused((M33,), match="axis=3")
def repeated_along_no_axis(a):
    return np.sum(np.repeat(a, 2, axis=3))


@refused((V3,), match="repeats=")
def repeated_by_what_is_differentiated(x):
    return np.sum(np.repeat(x, x))


@refused((M34,), match="flattens")
def taken_from_a_flattened_array(a):
    return np.sum(np.delete(a, 0))


@refused((V3,), match=r"np\.histogram.*np\.bincount")
def counted_in_bins(x):
    return np.sum(np.histogram(x)[0]) * x[0]


@program((V3, V2, 0.7), (V1, V3, 0.7))
def rows_in_brackets(x, y, a):
    z = np.r_[x, a, y * a, 1.0] * 2.0
    return np.sum(z * z * z) + np.sum(np.r_[x] * np.float64(a))


@refused((V3,), match=r"np\.c_.*column_stack")
def columns_in_brackets(x):
    return np.sum(np.c_[x, x])


@refused((V3,), match=r"np\.r_.*linspace")
def a_range_in_brackets(x):
    return np.sum(np.r_[0 : x[0] : 5] * x[0])
