"""What derivatives of ``np.interp`` are made of.

On each segment ``[xp[j], xp[j + 1]]`` the interpolant is a straight line; a knot belongs to the
segment on its right, the last one to that on its left.  Outside it is constant.

>>> x, xp, fp = np.array([0.5, 2.0, 9.0]), np.array([0.0, 1.0, 3.0]), np.array([0.0, 4.0, 0.0])
>>> interp_slope(x, xp, fp)
array([ 4., -2.,  0.])
>>> interp_spread(np.array([1.0, 1.0, 1.0]), x, xp)
array([0.5, 1. , 1.5])
"""

import numpy as np


def interp_segment(x, xp):  # type: ignore[no-untyped-def]
    """The segment that each x lies on."""
    return np.clip(np.searchsorted(xp, x, side="right") - 1, 0, len(xp) - 2)


def interp_slope(x, xp, fp):  # type: ignore[no-untyped-def]
    """The slope of the interpolant at each x: 0 outside."""
    if len(xp) < 2:
        return np.zeros_like(np.asarray(x, float))[()]
    j = interp_segment(x, xp)
    inside = (xp[0] <= x) & (x <= xp[-1])
    return np.where(inside, (fp[j + 1] - fp[j]) / (xp[j + 1] - xp[j]), 0.0)[()]


def interp_spread(d, x, xp):  # type: ignore[no-untyped-def]
    """The transpose of ``fp -> np.interp(x, xp, fp)``: each d is shared by two neighbours."""
    out = np.zeros(len(xp))
    if len(xp) < 2:
        out[0] = np.sum(d)
        return out
    j = interp_segment(x, xp)
    t = np.clip((x - xp[j]) / (xp[j + 1] - xp[j]), 0.0, 1.0)
    np.add.at(out, j, (1 - t) * d)
    np.add.at(out, j + 1, t * d)
    return out


def interp_slope_spread(d, x, xp):  # type: ignore[no-untyped-def]
    """The transpose of ``fp -> interp_slope(x, xp, fp)``."""
    out = np.zeros(len(xp))
    if len(xp) < 2:
        return out
    j = interp_segment(x, xp)
    inside = (xp[0] <= x) & (x <= xp[-1])
    steep = np.where(inside, d / (xp[j + 1] - xp[j]), 0.0)
    np.add.at(out, j, -steep)
    np.add.at(out, j + 1, steep)
    return out
