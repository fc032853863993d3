"""Writes to memory that carries no derivative: the value depends on them all the same."""

import numpy as np

from tests.programs import program
from tests.programs.array_points import M33, M34, U3, V2, V3, V5


def _scale(u, c):
    u *= c


def _shift(u):
    u[1:] = u[:-1].copy()


def _count(k, i):
    k[i] += 1


def _first(u):
    u[0] = 3.0
    return u


def _tail(u):
    return u[1:]


@program((V3,), (V5,))
def elements(x):
    w = np.ones(len(x))
    w[0] = 0.5
    w[-1] *= 3.0
    return np.sum(w * x * x)


@program((V3,), (V5,))
def through_a_view(x):
    w = np.ones(len(x))
    v = w[1:]
    v *= 3.0
    u = v[::-1]
    u[0] = 5.0
    return np.sum(w * x * x)


@program((V3,), (V5,))
def through_an_alias(x):
    w = np.ones(len(x))
    z = w
    z[0] = 4.0
    z += 0.5
    return np.sum(w * x * x)


@program((V3,), (V5,))
def through_a_helper(x):
    w = np.arange(1.0, len(x) + 1)
    _scale(w, 2.0)
    _shift(w)
    return np.sum(w * x * x)


@program((V3,), (V5,))
def a_part_through_a_helper(x):
    w = np.ones(len(x))
    _scale(w[1:], 2.0)
    _scale(_tail(w), 1.5)
    return np.sum(w * x * x)


@program((V3,), (V5,))
def what_a_helper_returns(x):
    w = np.ones(len(x))
    v = _first(w)
    v[1] = 7.0
    return np.sum(w * x * x) + np.sum(v * x)


@program((V3,), (V5,))
def a_helper_that_counts(x):
    k = np.zeros(2, dtype=int)
    for i in range(len(x)):
        _count(k, i % 2)
        if x[i] > 0:
            _count(k, 0)
    return np.sum(x * x) * k[0] + x[0] * k[1]


@program((V3, U3), (V5, V5[::-1]))
def a_helper_for_an_active_and_for_a_constant_one(x, z):
    w = np.ones(len(x))
    y = x * z
    _scale(w, 2.0)
    _scale(y, 3.0)
    _scale(w, x[0])
    _scale(y[1:], z[0])
    return np.sum(w * y)


@program((V3, U3), (V5, V5[::-1]))
def arguments_by_a_helper(x, z):
    # With respect to one of them the other is constant, and is written all the same.
    _scale(z, 2.0)
    s = np.sum(x * z)
    _shift(x)
    return s * np.sum(x * z)


@program((V3, U3), (V5, V5[::-1]))
def arguments_through_views(x, z):
    v = z[1:]
    v *= 2.0
    v[0] = 1.5
    w = x
    w[0] = 0.5
    return np.sum(x * x * z)


@program((V3, U3), (V5, V5[::-1]))
def arguments_by_elements(x, z):
    for i in range(1, len(z)):
        z[i] += z[i - 1]
    x[1] = 2.0
    return np.sum(x * z * x)


@program((V3,), (V5,))
def by_functions_of_numpy(x):
    w = np.arange(1.0, len(x) + 1)
    np.multiply(w, 2.0, out=w)
    np.sqrt(w, out=w)
    v = np.empty(len(x))
    v.fill(0.5)
    np.copyto(v[1:], w[1:])
    np.add.at(v, [0, 0], 1.0)
    return np.sum(w * x * x) + np.sum(v * x)


@program((V3,), (V5,), may_refuse=True)
def masks_and_indices(x):
    w = np.arange(float(len(x)))
    w[w > 1] = 0.25
    w[[0, 1, 0]] = [1.0, 2.0, 3.0]
    w[x > 0] *= 2.0
    return np.sum(w * x * x)


@program((V3, 3), (V5, 0))
def swapped_in_a_loop(x, n):
    w = np.ones(len(x))
    v = np.zeros(len(x))
    s = 0.0
    for t in range(n):
        v[:] = w * 0.5
        v[t % len(x)] = 2.0
        w, v = v, w
        s += np.sum(w * x * x)
    return s


@program((V3, 3), (V5, 0))
def changed_between_uses(x, n):
    w = np.ones(len(x))
    s = 1.0
    for t in range(n):
        s *= np.sum(w * x) + 1.0
        w[t] = 0.5 * t
        s += np.sum(w * x * x)
        _scale(w, 0.9)
    return s


@program((M34,), (M33,))
def rows(a):
    w = np.ones(a.shape)
    for i, row in enumerate(w):
        row *= i + 1
        row[0] = 0.5
    for r in w.T:
        r[0] += 1.0
    return np.sum(w * a * a)


@program((V3, 0.5), (V5, -0.5))
def in_one_branch(x, c):
    w = np.ones(len(x))
    if c > 0:
        w[0] = 3.0
    else:
        _scale(w, 2.0)
    return np.sum(w * x * c)


@program((V3,), (V5,), may_refuse=True)
def in_a_list(x):
    w = np.ones(len(x))
    v = np.ones(len(x))
    for z in [w, v, w]:
        z *= 2.0
        z[0] += 1.0
    return np.sum(w * x * x) + np.sum(v * x)


@program((V3, 0.5), (V5, -0.5), may_refuse=True)
def one_of_two(x, c):
    w = np.ones(len(x))
    v = np.ones(len(x))
    z = w if c > 0 else v
    z *= 3.0
    return np.sum(w * x * x) + np.sum(v * x)


@program((V3, np.arange(3)), (V5, np.array([2, 0, 1, 1, 0])))
def arguments_of_integers(x, k):
    k[0] = k[1]
    _count(k, 1)
    v = k[1:]
    v += 2
    return np.sum(x * x * k)


@program((V3,), (V5,))
def a_weight_of_a_random_walk(x):
    w = np.zeros(len(x))
    for i in range(1, len(x)):
        w[i] = w[i - 1] + 0.5
        w[i - 1] *= 2.0
    return np.sum(w * np.sin(x))


@program((V3, V2), (V5, V2))
def written_by_what_is_active_and_cleared(x, z):
    w = np.zeros(len(x))
    w[0] = x[0] * z[0]
    s = np.sum(w * x)
    w.fill(2.0)
    _scale(w, 0.5)
    return s + np.sum(w * x * x)
