"""Adjoints of writes into arrays.

>>> y = np.zeros(3)
>>> written_last(y, np.array([0, 2, 0]))
array([False,  True,  True])
"""

import numpy as np


def written_last(array, index):  # type: ignore[no-untyped-def]
    """Which of the values written to ``array[index]`` stay: of a place that repeats, the last."""
    turns = np.arange(array[index].size).reshape(array[index].shape)
    last = np.empty(array.shape, np.intp)
    last[index] = turns
    return last[index] == turns
