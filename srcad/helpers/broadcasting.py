"""Adjoints of broadcasting.

>>> unbroadcast(np.ones((3, 2)), np.zeros((3, 1)))
array([[2.],
       [2.],
       [2.]])
>>> unbroadcast(np.ones((3, 2)), 1.0)
np.float64(6.0)
"""

import numpy as np


def unbroadcast(adjoint, like):  # type: ignore[no-untyped-def]
    """The adjoint summed over the axes along which ``like`` was broadcast to its shape."""
    extra = np.ndim(adjoint) - np.ndim(like)
    if extra > 0:
        adjoint = np.sum(adjoint, axis=tuple(range(extra)))
    for axis in range(-np.ndim(adjoint), 0):
        if np.shape(like)[axis] == 1 and adjoint.shape[axis] != 1:
            adjoint = np.sum(adjoint, axis=axis, keepdims=True)
    if np.shape(adjoint) != np.shape(like):
        adjoint = np.broadcast_to(adjoint, np.shape(like))
    return adjoint
