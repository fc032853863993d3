"""Adjoints of numerical slopes.

>>> x, y = np.array([1.0, 3.0, 2.0, 5.0]), np.array([2.0, -1.0, 4.0, 0.5])
>>> bool(np.isclose(np.gradient(x, 0.5) @ y, x @ ungradient(y, 0.5, 0, 1)))
True
"""

import numpy as np


def ungradient(adjoint, spacing, axis, edge_order):  # type: ignore[no-untyped-def]
    """The transpose of ``np.gradient(x, spacing, axis=axis, edge_order=edge_order)``."""
    slopes = np.moveaxis(adjoint, axis, 0) / spacing
    x = np.zeros_like(slopes)
    x[2:] += slopes[1:-1] / 2
    x[:-2] -= slopes[1:-1] / 2
    ends = [-1.0, 1.0] if edge_order == 1 else [-1.5, 2.0, -0.5]
    for n, weight in enumerate(ends):
        x[n] += weight * slopes[0]
        x[-1 - n] -= weight * slopes[-1]
    return np.moveaxis(x, 0, axis)
