"""The trapezoidal rule is bilinear: the matrix of its form in the values and the coordinates.

>>> x, f = np.array([0.0, 1.0, 4.0]), np.array([1.0, 2.0, 3.0])
>>> trapezoid_weights(x, 0) @ f, trapezoid_slopes(f, 0) @ x
(np.float64(9.0), np.float64(9.0))
"""

import numpy as np


def trapezoid_weights(x, axis):  # type: ignore[no-untyped-def]
    """What each value is multiplied by, for coordinates x along an axis."""
    x = np.moveaxis(x, axis, 0) * 1.0
    halves = (x[1:] - x[:-1]) / 2
    weights = np.zeros_like(x)
    weights[:-1] += halves
    weights[1:] += halves
    return np.moveaxis(weights, 0, axis)


def trapezoid_slopes(f, axis):  # type: ignore[no-untyped-def]
    """What each coordinate is multiplied by, for values f along an axis."""
    f = np.moveaxis(f, axis, 0) * 1.0
    means = (f[1:] + f[:-1]) / 2
    slopes = np.zeros_like(f)
    slopes[1:] += means
    slopes[:-1] -= means
    return np.moveaxis(slopes, 0, axis)
