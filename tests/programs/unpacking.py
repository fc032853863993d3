"""Arrays and lists unpacked to names: as many as there are entries, or the error of the primal."""

import numpy as np

from tests.programs import program

V3 = np.array([1.2, -0.7, 0.4])
V5 = np.array([1.2, -0.7, 0.4, 0.9, -1.1])
M33 = np.array([[0.5, 1.5, -0.3], [1.1, -0.9, 0.2], [0.8, 0.6, 1.3]])
M53 = np.array([[0.5, 1.5, -0.3], [1.1, -0.9, 0.2], [0.8, 0.6, 1.3], [0.1, 0.3, -0.2], [1, -1, 2]])
V = np.array([0.3, 1.1, -0.6, 0.9, 0.2, -0.8])


@program((V3,))
def three_numbers(x):
    a, b, c = x / np.sqrt(np.sum(x * x))
    return a * b - c


@program((V5,))
def more_than_are_told_apart(x):
    a, b, c, d, e = x * x
    return a * b - c * d + e


@program((M33,), (M53[:3],))
def rows(A):
    a, b, c = A
    return a @ b + c @ c * a[0]


@program((M53,), (M33,))
def columns_of_each_row(A):
    s = 0.0
    for a, b, c in A:
        s += a * b * c
    return s


@program((M53,))
def rows_turned(A):
    a, b, c = A.T
    return np.sum(a * b + c * c)


@program((V3,))
def swapped_after(x):
    a, b, c = x
    a, b = b, a
    return a * b * c + a


@program((V3,))
def into_the_name_itself(x):
    a, x, c = x
    return a * x * c + x


@program((M53,))
def nested(A):
    (a, b), c = A[:, 0][:2], A[0, 2]
    return a * b * c


@program((V,))
def rows_that_are_written(x):
    y = np.array(x.reshape(2, 3))
    a, b = y
    a[0] = a[1] * b[2]
    b *= a
    return np.sum(y * y) + a[0]


@program((V3, 2), (V3, 0))
def in_a_loop(x, n):
    s = 0.0
    for i in range(n):
        a, b, c = x * (i + 1) + s
        s = s + a * b - c * c
    return s


@program((0.7,))
def a_list(x):
    t = [x, x * x]
    t.append(3.0 * x)
    a, b, c = t
    return a * b + c


@program((V5, 3), (V3, 1))
def a_part(x, n):
    head, tail = x[1 : n + 1 : n - 1] if n > 1 else x[:2]
    return head * tail * tail


@program((np.array([0.7, 1.3, 2.0]),), (np.array([0.7, 1.3]),))
def a_star_takes_the_rest(x):
    a, *b = x
    s = a
    for each in b:
        s = s * each
    return s * len(b)


@program((np.array([0.7, 1.3, 2.0, 0.3]),), (np.array([0.7, 1.3]),))
def a_star_between(x):
    a, *b, c = x
    return a * c**2 + sum(b) * a


@program((0.7, 1.3))
def a_star_of_values_that_are_written_out(x, y):
    a, *b, y = x * y, x, 2.0, y, x + y
    return a * b[0] * b[2] + y


@program((0.7, 1.3))
def a_star_in_parallel(x, y):
    x, *z = y, x
    return x * x * z[0]


@program((0.7, 1.3), may_refuse=True)
def a_number_that_becomes_a_list(x, y):
    x, *y = y, x
    return x * x * y[0]


@program((np.array([[0.7, 1.3, 2.0], [0.3, 0.2, 0.1]]),), may_refuse=True)
def a_star_in_a_loop(a):
    s = 0.0
    for first, *others in a:
        s = s + first * others[0] * others[1]
    return s


@program((0.7, 1.3))
def a_nested_star(x, y):
    (a, *b), c = (x, y, x * y), 2.0
    return a * b[1] * c


@program((0.7, 1.3))
def a_tuple_in_parallel(x, y):
    x, p = y, (x, (x, y))
    return x * x * p[0] * p[1][0] + p[1][1]


@program((0.7, 1.3))
def a_dict_in_parallel(x, y):
    x, p = y, {"a": x}
    return x * x * p["a"]
