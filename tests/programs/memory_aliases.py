"""Several names for one array: by assignment, by a chain, by a branch, in lists and tuples."""

import numpy as np

from tests.programs import program
from tests.programs.array_points import M33, M34, U3, U6, V3, V5, V6


@program((V3,), (V5,))
def a_second_name(x):
    y = x.copy()
    z = y
    z[0] = y[1] * z[2]
    y[1] = z[0] * y[0]
    return np.sum(y * z)


@program((V3,), (V5,))
def one_name_for_two_arrays_in_turn(x):
    y = x.copy()
    z = y
    y[0] = y[1] * y[2]
    y = x * x
    y[0] = z[0] * y[1]
    z[1] = y[0] * y[2]
    return np.sum(y * y) + np.sum(z * z)


@program((V3,), (V5,))
def a_chain_of_names(x):
    a = b = np.zeros(len(x))
    a[0] = x[0] * x[1]
    b[1] = a[0] * x[2]
    a[2] = b[0] * b[1]
    return np.sum(a * b)


@program((V3,), (V5,))
def a_chain_then_bound_anew(x):
    a = b = x * x
    a[0] = b[1] * b[2]
    a = a * 2.0
    a[1] = b[0] * b[1]
    return np.sum(a * b)


@program((V3, 0.5), (V3, -0.5))
def one_of_two_by_an_expression(x, c):
    a = x.copy()
    b = x * x
    z = a if c > 0 else b
    z[0] = a[1] * b[2]
    return np.sum(a * a) + np.sum(b * b * z)


@program((V3, 0.5), (V3, -0.5))
def one_of_two_by_a_branch(x, c):
    a = x.copy()
    b = x * x
    if c > 0:
        z = a
    else:
        z = b
    z *= a
    a[0] = b[1] * z[0]
    return np.sum(a * b) + np.sum(z * z)


@program((V3, 0.5), (V3, -0.5))
def an_alias_or_a_copy(x, c):
    a = x * x
    z = a
    if c > 0:
        z = a.copy()
    z[0] = a[1] * z[2]
    a[0] *= z[0]
    return np.sum(a * z)


@program((V3, 2), (V5, 3))
def an_alias_from_the_last_trip(x, n):
    y = x.copy()
    z = x * x
    for i in range(n):
        y[i] = z[i] * y[0]
        z = y
        z[0] = z[1] * 0.5
    return np.sum(y * z)


@program((V3,), (V5,), may_refuse=True)
def a_list_with_the_same_array_twice(x):
    y = x.copy()
    both = [y, y]
    both[0][0] = both[1][1] * y[2]
    both[1][1] = both[0][0] * y[0]
    return np.sum(both[0] * both[1])


@program((V3,), (V5,))
def a_list_with_the_same_array_thrice_in_a_loop(x):
    y = x.copy()
    for z in [y, y, y]:
        z *= x
        z[0] += y[1]
    return np.sum(y * y)


@program((V3,), (U3,))
def a_tuple_of_two_arrays(x):
    pair = (x.copy(), x * x)
    pair[0][1] = pair[1][0] * pair[0][2]
    u, v = pair
    u[0] = v[1] * u[1]
    v *= u
    return np.sum(pair[0] * pair[1])


@program((V6,), (U6,), may_refuse=True)
def a_list_of_views(x):
    y = x.copy()
    parts = [y[:3], y[2:5], y[::-2]]
    for p in parts:
        p[0] = p[1] * p[2]
        p *= x[:3]
    return np.sum(y * y)


@program((V3,), (U3,), may_refuse=True)
def a_list_of_arrays_written_in_a_loop(x):
    arrays = [x.copy(), x * x, np.sin(x)]
    for i in range(3):
        arrays[i][i] = arrays[i - 1][0] * arrays[i][1]
        arrays[i] *= 2.0
    return np.sum(arrays[0] * arrays[1] * arrays[2])


@program((V3,), (U3,), may_refuse=True)
def list_times_two_is_the_same_array_twice(x):
    y = x.copy()
    rows = [y] * 2
    rows[0][0] = rows[1][1] * 2.0
    rows[1][2] *= rows[0][0]
    return np.sum(rows[0] * y)


@program((V3,), (U3,), may_refuse=True)
def an_element_of_a_list_bound_anew(x):
    y = x.copy()
    arrays = [y, y]
    arrays[0] = arrays[0] * 2.0
    arrays[0][0] = arrays[1][1] * y[2]
    arrays[1][0] = arrays[0][0] * y[1]
    return np.sum(arrays[0] * arrays[1] * y)


@program((V3, 4), (U3, 0))
def history_in_a_list(x, n):
    y = x.copy()
    kept = [y.copy()]
    for i in range(n):
        y *= x
        y[0] = kept[-1][1] * y[2]
        kept.append(y.copy())
    s = 0.0
    for k in kept:
        s += np.sum(k * k)
    return s


@program((V3, 4), (U3, 1), may_refuse=True)
def history_without_copies(x, n):
    y = x.copy()
    kept = []
    for i in range(n):
        y *= x
        kept.append(y)
    return np.sum(kept[0] * kept[-1])


@program((V3,), (U3,))
def the_alias_of_an_alias_is_written(x):
    a = x.copy()
    b = a
    c = b[1:]
    d = c
    d[0] = a[0] * b[2]
    b = d
    b[1] = a[1] * c[0]
    return np.sum(a * a) + np.sum(b * c)


@program((V3,), (U3,))
def a_name_is_lent_back(x):
    y = x.copy()
    z = y
    y = z * z
    y[0] = z[1]
    z[0] = y[2]
    z, y = y, z
    z[1] *= y[0]
    return np.sum(y * z)


@program((M34,), (M33,))
def rows_by_name(a):
    b = a.copy()
    first, second = b[0], b[1]
    first[0] = second[1] * first[2]
    second *= first
    b[0] *= second
    return np.sum(b * b)


@program(
    (V3, U3),
)
def names_of_arguments(x, z):
    y = x
    w = z
    y = y * w
    y[0] = w[1] * x[2]
    return np.sum(y * x * z)


@program((V3, 3), (U3, 0))
def conditional_aliases_in_a_loop(x, n):
    a = x.copy()
    b = x * x
    for i in range(n):
        z = a if i % 2 == 0 else b
        z[i] = a[i - 1] * b[i - 2]
    return np.sum(a * b)


@program((V3, 0.5), (U3, -0.5), may_refuse=True)
def a_view_or_a_new_array(x, c):
    y = x * x
    z = y[1:] if c > 0 else y[1:] * 1.0
    z[0] = y[0] * z[1]
    return np.sum(y * y) + np.sum(z * z)


@program((V3, 0.5), (U3, -0.5), may_refuse=True)
def the_whole_or_a_part(x, c):
    y = x * x
    z = y
    if c > 0:
        z = y[1:]
    z *= z[0]
    y[1] = y[0] * z[-1]
    return np.sum(y * y) + np.sum(z)


@program((V3, 0.5), (U3, -0.5), may_refuse=True)
def or_gives_an_array(x, c):
    y = x * x
    z = None
    if c > 0:
        z = y
    if z is None:
        z = np.zeros(3)
    z[0] = y[1] * x[2]
    return np.sum(y * y) + np.sum(z * z)


@program((V3,), (U3,), may_refuse=True)
def a_dictionary_of_arrays(x):
    state = {"u": x.copy(), "v": x * x}
    state["u"][0] = state["v"][1] * state["u"][2]
    state["v"] *= state["u"]
    return np.sum(state["u"] * state["v"])


@program((0.8, 4), (0.8, 1), (0.3, 3), order=1)
def another_name_for_an_array_that_grows_with_each_trip(x, n):
    s = 0.0
    for k in range(1, n):
        a = np.ones(k)
        w = a
        w[0] = x * x
        w *= x
        s = s + np.sum(w * w * w) * s + x
    return s


@program((0.8, 4), (0.8, 1), (0.3, 3), order=1)
def a_part_of_a_tuple_that_grows_with_each_trip(x, n):
    s = 0.0
    for k in range(1, n):
        p = (np.ones(k), np.ones(k))
        w = p[1]
        w[0] = x * x
        w *= x
        s = s + np.sum(w * w * w) * s + x
    return s


@program((V3, 0.7), (V3, -0.7), (U3, 0.2))
def put_back_under_another_name_before_it_is_read(x, c):
    d = x * c
    for _ in range(3):
        e = d
        e[::-1] -= np.sin(x[:1] / (2.0 + d * d))
    return np.sum(d * np.sin(d)) + c


@program((V3, 0.7), (U3, 0.2))
def one_array_twice_in_a_display(x, c):
    d = np.full(2, 0.75) * c
    for e in [d, d, d]:
        e[::-1] -= np.sin(x[:1] / (2.0 + d * d))
    return np.sum(d * np.sin(d)) + np.sum(x * x)
