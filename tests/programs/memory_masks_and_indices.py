"""Writes through boolean masks and through arrays of integers; where an index repeats, the last."""

import numpy as np

from tests.programs import program
from tests.programs.array_points import M23, M33, M34, M45, U3, U6, V0, V1, V2, V3, V5, V6


@program((V6,), (-V6,), (V0,))
def zero_where_large(x):
    y = x * x * 2.0
    y[y > 1] = 0
    return np.sum(y * y * x)


@program((V6, 0.7), (-V6, 1.9), (V1, 0.2))
def a_number_where_negative(x, a):
    y = x.copy()
    y[x < 0] = a * a
    return np.sum(y * y * x)


@program((V6, U6), (-V6, U6))
def an_expression_where_positive(x, z):
    y = np.sin(x)
    y[x > 0] = x[x > 0] * z[x > 0] ** 2
    return np.sum(y * z)


@program((V6, U6), (-V6, U6), (V6 + 3, U6), (V6 - 3, U6))
def a_mask_kept_by_name(x, z):
    y = x.copy()
    m = y > 0.3
    y[m] = y[m] * z[m]
    y[~m] += y[~m] * y[~m]
    return np.sum(y * y)


@program((V6,), (-V6,))
def the_mask_changes_afterwards(x):
    y = x.copy()
    m = y > 0.3
    y[m] = y[m] * y[m]
    m[0] = not m[0]
    y[m] = y[m] * 3.0
    return np.sum(y * y)


@program((V6,), (-V6,))
def the_values_that_make_the_mask_change(x):
    y = x.copy()
    y[y > 0] = y[y > 0] * 0.5 - 0.25
    y[y > 0] = y[y > 0] * y[y > 0]
    y[y < 0] *= y[0]
    return np.sum(y * y)


@program((V6,), (-V6,))
def augmented_masks(x):
    y = x.copy()
    y[y > 0] *= 2.0
    y[y < 0] += x[x < 0] * x[0]
    y[y > 1] /= 3.0
    return np.sum(y * y * y)


@program((M34,), (M23,), (-M33,))
def a_mask_of_a_matrix(a):
    b = a * 2.0
    b[b < 0] = b[b < 0] ** 2
    return np.sum(b * b * a)


@program((M34, V3), (M23, V2))
def a_mask_of_rows(a, x):
    b = a.copy()
    b[x > 0] = b[0] * b[1]
    b[x < 0, 1:] *= 3.0
    b[x > 0, 0] = b[x > 0, 1] ** 2
    return np.sum(b * b)


@program((M34, np.append(V3, 1.0)), (M23, V3))
def a_mask_of_columns(a, x):
    b = a.copy()
    b[:, x > 0] = b[:, :1] * b[:, x > 0]
    b[0, x < 0] = x[x < 0] * 2.0
    return np.sum(b * b)


@program((V6,), (U6,))
def indices_without_repeats(x):
    k = np.array([4, 0, 2])
    y = x.copy()
    y[k] = y[k] * x[k + 1]
    return np.sum(y * y)


@program((V6, V3), (U6, U3))
def the_last_of_the_same_wins(x, z):
    k = np.array([1, 4, 1])
    y = x.copy()
    y[k] = z * z
    return np.sum(y * y * x)


@program((V6,), (U6,))
def the_last_of_the_same_wins_onto_itself(x):
    k = np.array([1, 1, 3, 1, 3])
    y = x.copy()
    y[k] = y[k] * x[:5]
    y[k[::-1]] = y[k - 1] * y[k]
    return np.sum(y * y)


@program((V6, 0.7), (U6, -0.4))
def a_number_into_repeated_indices(x, a):
    k = np.array([2, 2, 2, 5])
    y = x.copy()
    y[k] = a * y[2]
    return np.sum(y * y)


@program((V6,), (U6,))
def repeats_are_read_as_often_as_they_are(x):
    k = np.array([0, 2, 0, 0, 5])
    y = x * x
    return np.sum(y[k] * x[k] * x[:5])


@program((V6,), (U6,))
def augmented_with_repeats(x):
    # y[k] += v is y[k] = y[k] + v: of what is added to a repeated index only the last stays.
    k = np.array([0, 2, 0, 2])
    y = x.copy()
    y[k] += x[:4] * x[1:5]
    y[k] *= x[2:]
    return np.sum(y * y)


@program((V6,), (U6,))
def negative_indices(x):
    k = np.array([-1, 2, -4, 5])
    y = x.copy()
    y[k] = x[:4] * y[k]
    return np.sum(y * y)


@program((V6,), (U6,))
def a_list_of_integers(x):
    y = x.copy()
    y[[0, 3]] = y[[3, 0]] * y[1]
    y[[5, 5]] += 1.5 * y[0]
    return np.sum(y * y)


@program((V6,), (U6,))
def added_at(x):
    k = np.array([0, 2, 0, 2, 0])
    y = np.zeros(4)
    np.add.at(y, k, x[:5] * x[1:])
    return np.sum(y * y) + y[0] * x[0]


@program((V6,), (U6,))
def added_at_onto_itself(x):
    k = np.array([0, 2, 0, 5])
    y = x.copy()
    np.add.at(y, k, y[:4] * y[2:])
    np.add.at(y, k[:2], y[0])
    return np.sum(y * y)


@program((M34,), (M45,))
def rows_added_at(a):
    k = np.array([1, 0, 1])
    b = np.zeros((2, a.shape[1]))
    np.add.at(b, k, a[:3] * a[1])
    return np.sum(b * b)


@program((V6,), (U6,), may_refuse=True)
def other_functions_at(x):
    k = np.array([0, 2, 0])
    y = x.copy()
    np.subtract.at(y, k, x[3:] * x[3:])
    np.multiply.at(y, k, x[:3])
    return np.sum(y * y)


@program((M34,), (M33,))
def pairs_of_indices(a):
    i, j = np.array([0, 2, 1]), np.array([1, 0, 1])
    b = a.copy()
    b[i, j] = b[j, i] * b[i, j]
    return np.sum(b * b)


@program((M34,), (M33,))
def repeated_pairs_of_indices(a):
    i, j = np.array([0, 2, 0]), np.array([1, 0, 1])
    b = a.copy()
    b[i, j] = a[0, :3] * b[i, j]
    np.add.at(b, (i, j), a[1, :3])
    return np.sum(b * b)


@program((M34,), (M33,))
def indices_of_rows(a):
    k = np.array([2, 0, 2])
    b = a.copy()
    b[k] = b[:3] * b[k]
    b[:, k] *= b[:, :3]
    b[k, 1] = b[k, 0] * b[0, 0]
    b[k, 1:] += b[k, :-1]
    return np.sum(b * b)


@program((M34,), (M33,))
def the_diagonal_by_indices(a):
    n = np.arange(3)
    b = a.copy()
    b[n, n] = b[n, n] * b[n, n - 1] + 2.0
    return np.sum(b * b)


@program((V6,), (U6,))
def a_permutation(x):
    p = np.array([3, 0, 5, 1, 4, 2])
    y = np.empty(6)
    y[p] = x * x
    z = np.empty(6)
    z[:] = y[p]
    return np.sum(z * x)


@program((V6,), (U6,))
def sorted_by_index(x):
    y = np.zeros(6)
    y[np.argsort(x)] = x * np.arange(6)
    return np.sum(y * x)


@program((V6,), (-V6,))
def indices_from_where(x):
    y = x.copy()
    k = np.where(x > 0)[0]
    y[k] = y[k] * y[0]
    y[np.nonzero(x < 0)] *= y[1]
    return np.sum(y * y)


@program((V6,), (U6,))
def the_index_array_changes(x):
    k = np.array([0, 1, 2])
    y = x.copy()
    y[k] = y[k] * y[k + 1]
    k += 1
    y[k] = y[k] * y[k + 1]
    k[0] = 5
    y[k] = y[k] * y[k - 2]
    return np.sum(y * y)


@program((V6, 3), (U6, 0))
def in_a_loop(x, n):
    k = np.array([0, 2, 0, 4])
    y = x.copy()
    for t in range(n):
        y[k] = y[k + 1] * x[:4]
        k = (k + 1) % 5
    return np.sum(y * y)


@program((V5,), (-V5,), may_refuse=True)
def put_place_putmask(x):
    y = x.copy()
    np.put(y, [0, 3], x[:2] * x[1:3])
    np.putmask(y, x > 0, x * x)
    np.place(y, x < 0, y[:1] * 2.0)
    return np.sum(y * y)


@program((M33,), (M23[:, :2],), may_refuse=True)
def a_flat_index(a):
    b = a.copy()
    b.flat[1] = b[0, 0] * b[1, 1]
    b.flat[:: b.shape[1] + 1] = b[0] * b[1]
    return np.sum(b * b)


@program((V6,), (-V6,))
def the_result_of_a_mask_is_a_copy(x):
    y = x.copy()
    z = y[y > 0]
    z *= 2.0
    z[0] = z[0] * z[-1]
    return np.sum(y * y) + np.sum(z * z)


@program((V6,), (U6,))
def the_result_of_indices_is_a_copy(x):
    y = x.copy()
    z = y[[0, 1, 0]]
    y[0] = y[1] * y[2]
    z[0] = z[1] * y[0]
    return np.sum(y * y) + np.sum(z * z)


@program((V3, 0.7), (-V3, 1.1))
def a_choice_in_parts_of_what_is_written_later(x, a):
    y = np.tanh(np.where(np.maximum(x[1:], a) > 0.93, a * x[1:], np.exp(-x[1:] * x[1:])))
    x[0] = np.cos(y[0] * x[1])
    return np.sum(y * np.sin(y)) + np.sum(x * np.sin(x))
