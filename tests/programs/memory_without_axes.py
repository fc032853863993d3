"""Arrays without axes that are written: of the function's own, and of the caller's."""

import numpy as np

from tests.programs import program
from tests.programs.array_points import U3, V3, V5

ONE, OTHER = np.array(0.8), np.array(-1.3)


@program((0.7,), (-0.4,))
def written_in_each_way(x):
    y = np.zeros(())
    y[...] = x
    y += x
    y[()] = y * x
    z = y
    z *= x
    return y * y + float(z) - z.item()


@program((V3,), (V5,), order=1)
def a_sum_and_its_greatest_term(x):
    total = np.array(0.0)
    best = np.zeros(())
    for v in x:
        if v > best:
            best[...] = v * x[0]
        total += v * best
        older = best
        best = np.zeros(())
        best += older * 0.5
    return np.sin(total) * best


@program((V3,), order=1)
def returned_as_it_is(x):
    y = np.ones(())
    np.sum(x * x, out=y)
    np.multiply(y, x[1], out=y)
    y.fill(y * x[2])
    return y


@program((ONE, V3), (OTHER, U3))
def an_argument_without_axes(a, x):
    a[...] = a * x[0]
    x *= a
    b = a
    b -= x[1] * a
    return np.sum(x) * a


@program((ONE, 3), (OTHER, 2), (np.array(2.0), 3), order=1)
def an_argument_in_a_loop(a, n):
    for _ in range(n):
        a *= a
        if a > 3.0:
            return a
    return a + 1.0


@program((V3,), order=1)
def copied_before_it_is_written(x):
    y = np.full((), 2.0)
    z = y.copy()
    y += x[0]
    z -= x[1] * y
    return y * z


def _added(t, v):
    t += v * v


@program((V3,), order=1, may_refuse=True)
def written_by_a_helper(x):
    y = np.zeros(())
    for v in x:
        _added(y, v)
    return y * x[0]


@program((V3,), order=1, may_refuse=True)
def whole_numbers_without_axes(x):
    y = np.array(1)
    y += 2
    return y * x[0]
