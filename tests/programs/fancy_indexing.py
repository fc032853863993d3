"""Reading arrays by arrays: what is read twice gets both its adjoints."""

import numpy as np

from tests.programs import program, refused
from tests.programs.array_points import M23, M33, M34, POINT, T234, U3, V0, V1, V2, V3

TWICE = np.array([0, 2, 0, 1, 0])
BACK = np.array([-1, 1, -3])
NONE = np.array([], dtype=int)
TABLE = np.array([[0, 1], [1, 1], [2, 0]])
MASK = np.array([True, False, True])
NO = np.array([False, False, False])
MASK23 = np.array([[True, False, True], [False, True, True]])
ROWS, COLUMNS = np.array([0, 1, 0, 0]), np.array([2, 0, 2, 1])

WEIGHTS = np.arange(1.0, 13.0).reshape(3, 4)


@program((V3, TWICE), (V3, BACK), (V3, NONE), (V3, TABLE), (V1, np.array([0, 0])))
def by_ints(x, idx):
    return np.sum(x[idx] ** 3)


@program((M34, TWICE), (M34, TABLE), (M33, BACK))
def rows(a, idx):
    return np.sum(a[idx] * a[idx] * a[0])


@program((M34, TWICE), (M34, BACK))
def columns(a, idx):
    return np.sum(np.sin(a[:, idx]) * a[:, idx])


@program((M23, ROWS, COLUMNS), (M33, ROWS, np.array([0])), (M33, TABLE, np.array([0, -1])))
def by_two_arrays(a, i, j):
    return np.sum(a[i, j] ** 2 * np.cos(a[i, j]))


@program((T234, ROWS, COLUMNS))
def arrays_around_a_slice(a, i, j):
    return np.sum(a[i, :, j] ** 2 * WEIGHTS[0, :3]) + np.sum(a[i, 1:, 0] ** 3)


@program((T234, ROWS, COLUMNS))
def arrays_among_slices(a, i, j):
    return np.sum(a[0, :, j].T ** 2 * WEIGHTS) + np.sum(a[:, j, i] ** 2) + np.sum(a[i][:, j] ** 3)


@program((T234, ROWS))
def arrays_with_new_axes(a, i):
    return np.sum(a[None, i] ** 2 * a[0, None, :, :1]) + np.sum(a[..., i, None] ** 3)


@program((V3, MASK), (V3, NO), (V3, ~MASK), (M33, MASK))
def by_bools(x, mask):
    return np.sum(x[mask] ** 3 + x[mask])


@program((M23, MASK23, MASK))
def bools_in_part(a, whole, some):
    return np.sum(a[whole] ** 2) + np.sum(a[:, some] ** 3) * np.sum(a[1, some])


@program((T234, MASK23, COLUMNS))
def bools_and_ints(a, mask, j):
    return np.sum(a[mask] ** 2) + np.sum(a[mask, 1] ** 3) + np.sum(a[mask, j] ** 2)


@program((V3,), (U3,), (M23,))
def by_a_condition(x):
    return np.sum(x[x > 0] ** 2) * np.sum(np.exp(x[x < 0.5]))


@program((V3,), (U3,))
def by_lists(x):
    return np.sum(x[[0, 2]] * x[[1, 1]] * x[[-1, -1]]) + np.sum(x[[0, -3]] ** 2)


@program((M33,))
def by_nested_lists(a):
    return np.sum(a[[[0, 1], [1, 1]]] ** 2) + np.sum(a[[0, 0], [1, 1]] ** 3) + np.sum(a[(1,)])


@program((M33, 1, 2), (M34, -1, 0))
def by_a_list_of_variables(a, i, j):
    t = [i, j, i]
    return np.sum(a[t] ** 2 * a[[i, j, j]])


@program((V3, TWICE, 3), (V3, BACK, 2), (V3, TWICE, 0))
def in_a_loop(x, idx, n):
    s = 0.0
    for k in range(n):
        y = x[idx] * (k + 1)
        s = s + np.sum(y * y * y)
        idx = idx[::-1]
    return s


@program((V3, TWICE, 3), (V3, BACK, 1))
def of_what_a_loop_carries(x, idx, n):
    y = x
    for _ in range(n):
        y = y[idx][:3] * x
    return np.sum(y * y)


@program((M34, 5), (M34, 0))
def slices_in_a_loop(a, n):
    s = 0.0
    for k in range(n):
        r = a[k % 3, 1:]
        s = s + np.sum(r * r * a[(k + 1) % 3, :-1])
    return s


@program((V3, 0), (V3, 1), (V3, 2))
def on_one_path_only(x, c):
    idx = np.array([0, 0, 1])
    if c == 0:
        y = x[idx]
    elif c == 1:
        y = x[1:] * 2.0
    else:
        y = x
    return np.sum(y * y)


@program((V3, TWICE), (V2, np.array([0, 0, 1])))
def read_by_index_and_whole(x, idx):
    y = x * x
    return np.sum(y[idx] * 3.0) + np.sum(y * x[0])


def _gathered(x, idx):
    return x[idx] * x[0]


@program((V3, TWICE, BACK))
def in_helpers(x, idx, jdx):
    return np.sum(_gathered(x, idx)[2:] * _gathered(x, jdx))


@program((V3, np.array(1)), (M33, np.array(-1)))
def by_an_array_without_axes(x, i):
    return np.sum(x[i] * x * x[i])


@program((V3,), (M23,), (V0,), (POINT,))
def new_axes(x):
    return np.sum(x[None] ** 2) * np.sum(np.sin(x[..., np.newaxis]))


@program((V3, TWICE), (V3, NONE))
def several_results(x, idx):
    return x[idx], x[idx][::2], x


@program((0.7, 1.2, 4), (0.7, 1.2, 0))
def of_an_array_of_numbers(x, y, n):
    a = np.array([x, x * y, y])
    s = 0.0
    for k in range(n):
        s = s + np.sum(a[[0, k % 3, 0]] ** 2)
    return s


@refused((V3,), match="neither an int nor an array")
def by_what_is_differentiated(x):
    return np.sum(x[x])


@refused((V3, 2), match="neither an int nor an array")
def by_a_bool(x, n):
    return np.sum(x[n > 1])


@refused((M23, TWICE), match="has 2 axes")
def by_too_many(a, idx):
    return np.sum(a[idx, :, 0])


@program((V3, TWICE), (V3, NONE), (V3, BACK))
def added_one_by_one(x, idx):
    y = np.zeros(3)
    np.add.at(y, idx, x[idx] * x[0])
    np.subtract.at(y, np.s_[1:], x[0])
    return np.sum(y * y * x)


@program((V3, 3), (V3, 0))
def added_one_by_one_in_a_loop(x, n):
    s = 0.0
    y = np.zeros_like(x)
    for k in range(n):
        np.add.at(y, np.array([k, 0]), x[k] * x[:2])
        s = s + np.sum(y * y)
    return s


@program((M34, ROWS, COLUMNS, V3), (M33, ROWS, COLUMNS, V3))
def added_to_rows_and_columns(a, i, j, x):
    b = a.copy()
    np.add.at(b, (i, j), x[0] * a[0, 0])
    np.add.at(b, np.s_[i, 1:], a[0, 1:])
    np.add.at(b[1:], np.array([0, 1, 0]), a[:1] * x[1])
    return np.sum(b * b * b)


@program((V3, TWICE), (V3, BACK))
def written_through_an_index(x, idx):
    y = x.copy()
    y[idx] += x[0] * x[idx]
    y[idx[:2]] = y[idx[1:3]] * 2.0
    y[y > 0.5] = x[1]
    return np.sum(y * y * y)


def _scatter(y, idx, x):
    np.add.at(y, idx, x)


@program((V3, TWICE), (V3, NONE))
def added_by_a_helper(x, idx):
    y = x * x
    _scatter(y, idx, x[idx] * y[idx])
    return np.sum(y * y)


@program((0.7, 4), (0.7, 0))
def added_to_an_array_of_numbers(x, n):
    y = np.zeros(3)
    for k in range(n):
        np.add.at(y, [k % 3, 0, 0], x * k)
        x = x * 1.1 + y[0]
    return np.sum(y * y)


@program((V3,))
def what_is_made_and_then_written(x):
    t = [x[0], x[1] * 2]
    y = np.asarray(t)
    y[0] = y[1] ** 2 * x[2]
    z = np.diag(x)
    z[0, 1] = x[1] * y[0]
    w = np.pad(x, 1)
    w[0] = w[-2]
    w[-1] = w[1] * w[0]
    return np.sum(z * z) + np.sum(np.diff(w) ** 3)


@program((M34,), (M33,))
def a_part_of_itself(a):
    b = a[::-1]
    b = b[1:]
    s, b = np.sum(b * b), b[:, [0, 0, 2]]
    for _ in range(2):
        b = b[:, ::-1] * 1.1
        b = b[[0, 0]] * a[0, 0]
    b = np.take(b, [1, 1, 0], axis=1)
    b = np.diff(b, axis=1)
    return np.sum(b * b * b) * s


@program((V3, 2), (V3, 0))
def less_of_itself_each_trip(x, n):
    t = x
    while n > 0:
        t = t[1:]
        n = n - 1
    return np.sum(t * t) + np.sum(x)
