"""Reductions of some entries only (``where=``), and from an initial value."""

import numpy as np

from tests.programs import program, refused

V4 = np.array([0.7, -1.2, 0.4, 1.5])
M23 = np.array([[0.3, 1.1, -0.6], [-0.8, 0.6, 1.4]])
SOME = np.array([[True, False, True], [True, True, False]])


@program((M23,))
def of_a_mask(x):
    return np.sum(x * x, where=SOME) + np.prod(x, axis=1, where=SOME)[0] * np.mean(x, where=SOME)


@program((np.array([0.7, np.nan, 0.4, 1.5]), np.array([True, False, True, True])), order=1)
def what_is_left_out_may_be_nan(x, known):
    return np.sum(x * x, where=known) * np.max(x, initial=0.0, where=known)


@program((M23,))
def spread_of_some(x):
    return np.var(x, axis=1, where=SOME) @ np.std(x, axis=0, where=SOME)[:2]


@program((V4,))
def at_least(x):
    return np.max(x * x, initial=2.0) + np.max(x, initial=0.5) * np.min(x, initial=1.0, where=x > 0)


@program((V4, 3))
def from_a_start(x, n):
    return np.sum(x, initial=n) * np.prod(x, initial=2.0)


@refused((M23,), "it has more axes than the array")
def a_mask_with_more_axes(x):
    return np.sum(x[0], where=SOME)


@refused((V4,), "depends on what is differentiated")
def from_an_active_start(x):
    return np.sum(x, initial=x[0])


@refused((V4,), "`where=` of `np.sin\\(...\\)`")
def a_function_of_some(x):
    return np.sin(x, where=x > 0).sum()
