"""The largest and the smallest entry so far: what each takes from those that it is equal to.

>>> x = np.array([1.0, 3.0, 2.0, 3.0, 4.0])
>>> y = np.maximum.accumulate(x)
>>> running_tangent(np.array([0.5, 1.0, 7.0, 2.0, 0.0]), x, y, 0)
array([0.5, 1. , 1. , 1.5, 0. ])
>>> running_adjoint(np.ones(5), x, y, 0)
array([1. , 2.5, 0. , 0.5, 1. ])
"""

import numpy as np


def _since(y):  # type: ignore[no-untyped-def]
    """Where the extreme entry so far was met first."""
    new = np.ones(y.shape, bool)
    new[1:] = y[1:] != y[:-1]
    places = np.arange(len(y)).reshape(-1, *[1] * (y.ndim - 1))
    return np.maximum.accumulate(np.where(new, places, 0), axis=0), new


def running_tangent(tangent, x, y, axis):  # type: ignore[no-untyped-def]
    """The tangent of the extreme entry so far: of those that tie the mean."""
    t, x, y = (np.moveaxis(each, axis, 0) for each in (tangent, x, y))
    since, new = _since(y)
    out = np.take_along_axis(t, since, axis=0)
    if np.any((x == y) & ~new):
        total = count = np.zeros(y.shape[1:])
        for k in range(len(t)):
            total = np.where(new[k], 0.0, total) + np.where(x[k] == y[k], t[k], 0.0)
            count = np.where(new[k], 0.0, count) + (x[k] == y[k])
            out[k] = total / count
    return np.moveaxis(out, 0, axis)


def running_adjoint(adjoint, x, y, axis):  # type: ignore[no-untyped-def]
    """The transpose of that."""
    a, x, y = (np.moveaxis(each, axis, 0) for each in (adjoint, x, y))
    since, new = _since(y)
    out = np.zeros_like(a)
    if np.any((x == y) & ~new):
        counts = np.zeros(y.shape)
        for k in range(len(a)):
            counts[k] = np.where(new[k], 0.0, counts[k - 1]) + (x[k] == y[k])
        share = np.zeros(y.shape[1:])
        for k in range(len(a) - 1, -1, -1):
            share = share + a[k] / counts[k]
            out[k] = np.where(x[k] == y[k], share, 0.0)
            share = np.where(new[k], 0.0, share)
    else:
        np.add.at(out, (since, *np.indices(y.shape)[1:]), a)
    return np.moveaxis(out, 0, axis)
