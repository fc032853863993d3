"""Adjoints of diagonals.

>>> undiagonal(np.array([1.0, 2.0]), np.zeros((2, 3)), 1)
array([[0., 1., 0.],
       [0., 0., 2.]])
"""

import numpy as np


def undiagonal(diagonal, like, offset=0, axis1=0, axis2=1):  # type: ignore[no-untyped-def]
    """An array with the shape of ``like``: a diagonal, and zeros."""
    whole = np.zeros_like(like)
    matrices = np.moveaxis(whole, (axis1, axis2), (-2, -1))
    rows = np.arange(np.diagonal(like, offset, axis1, axis2).shape[-1]) + max(-offset, 0)
    matrices[..., rows, rows + offset] = diagonal
    return whole
