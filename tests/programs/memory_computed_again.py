"""What is computed again instead of saved, and taken without a copy: what is in its way."""

import numpy as np

from tests.programs import program
from tests.programs.array_points import V3, V5


@program((V5, V3, 0), (V5, V3, 2))
def products_of_what_is_overwritten(x, k, n):
    u = x.copy()
    s = 0.0
    for _ in range(n):
        slope = u[1:-1] * k
        flow = slope * u[:-2]
        u[1:-1] += 0.1 * flow * slope
        s += np.sum(flow * slope)
    return s


@program((V5, V3, 0), (V5, V3, 3))
def written_between_making_and_using(x, k, n):
    u = x.copy()
    s = 0.0
    for t in range(n):
        w = u[1:-1] * k
        u[t] = 2.0 * u[t] * u[0]
        v = u[1:-1] * w
        u[1:-1] = v * 0.5
        s += np.sum(v * w * u[2:])
    return s + np.sum(u * u)


@program((V5, 0), (V5, 3))
def product_that_is_written_into(x, n):
    s = 0.0
    for t in range(n):
        w = x * x
        w[t] = w[t] * x[0]
        s += np.sum(w * w * x)
    return s


@program((V5, 0), (V5, 3))
def product_seen_under_another_name(x, n):
    s = 0.0
    for t in range(n):
        w = x * x
        v = w[1:]
        v[t] = v[t] * w[0]
        s += np.sum(w * w * x)
    return s


@program((V5, 0), (V5, 1), (V5, 3))
def carried_product(x, n):
    w = x * 1.0
    s = 0.0
    for _ in range(n):
        s += np.sum(w * w)
        w = w * x
    return s + np.sum(w * x)


@program(
    (V5, 2),
)
def more_elements_read_than_written(x, n):
    for _ in range(n):
        for i in range(1, len(x) - 1):
            x[i] = x[i] * x[i - 1] + x[i + 1] * x[i]
    return x.sum()


@program(
    (V5, 2),
)
def elements_read_after_another_is_written(x, n):
    x = x.copy()
    s = 0.0
    for _ in range(n):
        for i in range(1, len(x)):
            a = x[i]
            b = x[i - 1]
            x[i - 1] = a * b
            c = x[i - 1]
            x[i] = c * a
            s += a * b * c
    return s * x[0]


@program((V5, 0), (V5, 3))
def swapped_with_a_view_taken_before(x, n):
    u = x.copy()
    v = x * 2.0
    for _ in range(n):
        w = u[1:-1]
        u, v = v, u
        u[1:-1] = w * w + u[1:-1] * v[2:]
        w += u[:-2] * 0.5
    return np.sum(u * v)


@program((V5, 0), (V5, 2))
def written_from_the_same_and_the_other(x, n):
    u = x.copy()
    v = x * 2.0
    for _ in range(n):
        w = v[1:-1]
        v[1:-1] = u[1:-1] * v[2:] + w * u[0]
        w *= 0.5
        u, v = v, u
    return np.sum(u * v)


@program((V5,))
def one_part_twice(x):
    y = x.copy()
    y[1:-1] = y[1:-1] * y[1:-1]
    y[1:-1] = y[:-2] * 2.0 + y[1:-1]
    y[1:3] = y[1:3] * y[2:4]
    return np.sum(y * y)


@program((V5, 1))
def one_element_by_two_indices(x, i):
    y = x.copy()
    j = i + 1
    y[i] = y[i] * y[j - 1]
    y[j - 1] = y[i] * y[j - 1] * x[0]
    return np.sum(y * y)


@program((V5,))
def the_argument_and_what_is_equal_to_it(x):
    y = x.copy()
    z = y
    z[0] = z[1] * y[2]
    return np.sum(z * y)


@program((V3, V3))
def two_results_of_one_adjoint(x, y):
    z = x + y
    return np.sum(z * z)
