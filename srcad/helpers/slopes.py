"""Adjoints of numerical slopes.

>>> places = np.array([0.0, 0.5, 2.0, 2.5])
>>> x, y = np.array([1.0, 3.0, 2.0, 5.0]), np.array([2.0, -1.0, 4.0, 0.5])
>>> bool(np.isclose(np.gradient(x, 0.5) @ y, x @ ungradient(y, 0.5, 0, 1)))
True
>>> bool(np.isclose(np.gradient(x, places, edge_order=2) @ y, x @ ungradient(y, places, 0, 2)))
True
"""

import numpy as np


def ungradient(adjoint, spacing, axis, edge_order):  # type: ignore[no-untyped-def]
    """The transpose of ``np.gradient(x, spacing, axis=axis, edge_order=edge_order)``."""
    if np.ndim(spacing):
        return _over_coordinates(adjoint, spacing, axis, edge_order)
    slopes = np.moveaxis(adjoint, axis, 0) / spacing
    x = np.zeros_like(slopes)
    x[2:] += slopes[1:-1] / 2
    x[:-2] -= slopes[1:-1] / 2
    ends = [-1.0, 1.0] if edge_order == 1 else [-1.5, 2.0, -0.5]
    for n, weight in enumerate(ends):
        x[n] += weight * slopes[0]
        x[-1 - n] -= weight * slopes[-1]
    return np.moveaxis(x, 0, axis)


def _over_coordinates(adjoint, places, axis, edge_order):  # type: ignore[no-untyped-def]
    """The same for coordinates: a slope has three weights, of an entry and its neighbours."""
    slopes = np.moveaxis(adjoint, axis, 0)
    steps = np.diff(places).reshape(-1, *[1] * (slopes.ndim - 1))
    x = np.zeros_like(slopes)
    before, after = steps[:-1], steps[1:]
    x[:-2] -= slopes[1:-1] * after / (before * (before + after))
    x[1:-1] += slopes[1:-1] * (after - before) / (before * after)
    x[2:] += slopes[1:-1] * before / (after * (before + after))
    # Each end has weights of its own, counted inwards.
    for sign, row, inner in ((1.0, slopes[0], x), (-1.0, slopes[-1], x[::-1])):
        near, far = (steps[0], steps[1:2]) if sign > 0 else (steps[-1], steps[-2:-1])
        weights = [-1 / near, 1 / near]
        if edge_order == 2:
            both = near + far[0]
            weights = [
                -(near + both) / (near * both),
                both / (near * far[0]),
                -near / (far[0] * both),
            ]
        for n, weight in enumerate(weights):
            inner[n] += sign * weight * row
    return np.moveaxis(x, 0, axis)
