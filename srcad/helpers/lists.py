"""Lists of arrays that were joined, taken apart again.

>>> parts_like(np.arange(5.0), [np.ones(2), np.ones(0), np.ones(3)], 0)
[array([0., 1.]), array([], dtype=float64), array([2., 3., 4.])]
"""

import numpy as np


def parts_like(joined, arrays, axis):  # type: ignore[no-untyped-def]
    """The parts of an array that arrays like these make, one after the other along an axis."""
    ends = np.cumsum([np.shape(each)[axis] for each in arrays])
    return np.split(joined, ends[:-1], axis)
