"""Quantiles as weighted means.

>>> quantile_weights(np.array([5.0, 1.0, 3.0, 2.0]), 0.5, None)
array([0. , 0. , 0.5, 0.5])
>>> quantile_weights(np.array([[1.0, 4.0, 4.0], [np.nan, 7.0, 8.0]]), 1.0, 1)
array([[0. , 0.5, 0.5],
       [0. , 0. , 1. ]])
"""

import numpy as np

from srcad.helpers.lines import lines_along

# Where NumPy's definitions of a quantile begin and end (Hyndman and Fan, 1996).
_ENDS = {
    "hazen": (1 / 2, 1 / 2),
    "weibull": (0, 0),
    "median_unbiased": (1 / 3, 1 / 3),
    "normal_unbiased": (3 / 8, 3 / 8),
    "interpolated_inverted_cdf": (0, 1),
}


def _place(last, q, method):  # type: ignore[no-untyped-def]
    """Where the q-quantile is among the ordered entries, counted from 0."""
    if method in _ENDS:
        start, end = _ENDS[method]
        return np.clip((last + 1) * q + (start + q * (1 - start - end)) - 1, 0, last)
    if method == "inverted_cdf":
        return np.maximum(np.ceil((last + 1) * q - 1), 0)
    place = last * q
    rounded = {"lower": np.floor, "higher": np.ceil, "nearest": np.rint}
    if method == "midpoint":
        return (np.floor(place) + np.ceil(place)) / 2
    return rounded[method](place) if method in rounded else place


def quantile_weights(x, q, axis, method="linear"):  # type: ignore[no-untyped-def]
    """How much each entry counts in the q-quantile: ties share equally, nan counts for nothing."""
    lines, back = lines_along(x, axis)
    last = np.sum(~np.isnan(lines), axis=0) - 1
    place = _place(last, q, method)
    below = np.floor(place)
    ordered = np.sort(lines, axis=0)
    weights = np.zeros(lines.shape)
    for k, share in ((below, 1 - (place - below)), (np.minimum(below + 1, last), place - below)):
        value = np.take_along_axis(ordered, np.expand_dims(k, 0).astype(int), axis=0)
        tied = lines == value
        weights += share * tied / np.sum(tied, axis=0)
    return back(weights)
