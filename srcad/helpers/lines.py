"""Arrays as rows of entries along some of their axes.

>>> lines, back = lines_along(np.arange(6).reshape(2, 3), 1)
>>> lines[0], back(lines)[0]
(array([0, 3]), array([0, 1, 2]))
"""

import math

import numpy as np


def lines_along(x, axis):  # type: ignore[no-untyped-def]
    """The array with the entries along the axes, in order, along its first axis; the way back."""
    x = np.asarray(x)
    axes = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    moved = np.moveaxis(x, axes, range(len(axes)))
    shape = moved.shape
    count = math.prod(shape[: len(axes)])

    def back(made):  # type: ignore[no-untyped-def]
        return np.moveaxis(np.reshape(made, shape), range(len(axes)), axes)

    return moved.reshape(count, *shape[len(axes) :]), back
