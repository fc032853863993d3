"""Quantiles as weighted means.

>>> quantile_weights(np.array([5.0, 1.0, 3.0, 2.0]), 0.5, None)
array([0. , 0. , 0.5, 0.5])
>>> quantile_weights(np.array([[1.0, 4.0, 4.0], [np.nan, 7.0, 8.0]]), 1.0, 1)
array([[0. , 0.5, 0.5],
       [0. , 0. , 1. ]])
"""

import numpy as np

from srcad.helpers.lines import lines_along


def quantile_weights(x, q, axis):  # type: ignore[no-untyped-def]
    """How much each entry counts in the q-quantile: ties share equally, nan counts for nothing."""
    lines, back = lines_along(x, axis)
    last = np.sum(~np.isnan(lines), axis=0) - 1
    place = last * q
    below = np.floor(place)
    ordered = np.sort(lines, axis=0)
    weights = np.zeros(lines.shape)
    for k, share in ((below, 1 - (place - below)), (np.minimum(below + 1, last), place - below)):
        value = np.take_along_axis(ordered, np.expand_dims(k, 0).astype(int), axis=0)
        tied = lines == value
        weights += share * tied / np.sum(tied, axis=0)
    return back(weights)
