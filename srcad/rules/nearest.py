"""What to write instead of an operation that has no rule: the nearest one that has.

>>> import numpy as np
>>> nearest(np.unique), nearest_member("tolist"), nearest(len)
('`np.sort`, and what is equal counted apart', '`x[i]`, or the array itself', '')
"""

from __future__ import annotations

from functools import cache

from srcad.rules.table import find

FUNCTIONS = {
    "np.unique": "`np.sort`, and what is equal counted apart",
    "np.histogram np.histogram2d np.histogramdd": "`np.bincount` with weights, of `np.digitize`",
    "np.piecewise": "`np.select`, or `np.where`",
    "np.vectorize np.frompyfunc": "NumPy's functions, which take whole arrays",
    "np.apply_along_axis np.apply_over_axes": "NumPy's functions with `axis=`, or a loop",
    "np.put np.place np.putmask np.copyto": "`x[index] = value`",
    "np.put_along_axis": "`x[index] = value`",
    "np.fill_diagonal": "`x[i, i] = value`, with `i = np.arange(len(x))`",
    "np.c_": "`np.column_stack`",
    "np.r_": "`np.concatenate`, or `np.arange` and `np.linspace` of its slices",
    "np.mgrid np.ogrid": "`np.meshgrid`, or `np.indices`",
    "np.unstack": "`x[0], x[1]`, the parts one by one",
    "np.nditer np.ndenumerate np.ndindex": "`for i in range(len(x))`",
    "np.fromiter np.fromfunction": "`np.array`, or a loop",
    "np.broadcast_shapes": "the shape, written out",
    "np.poly1d np.polyfit np.roots": "a loop over the coefficients",
    "np.lexsort": "`np.argsort`",
    "np.block": "rows of blocks, as in `np.block([[a, b], [c, d]])`",
}
MEMBERS = {
    "tolist": "`x[i]`, or the array itself",
    "flat": "`.ravel()`",
    "fill": "`x[...] = value`",
    "put": "`x[index] = value`",
    "itemset": "`x[index] = value`",
    "view": "`.astype(float)`, or the array itself",
    "resize": "`np.resize`",
    "tobytes": "the array itself",
    "imag": "0.0: the arrays are real",
    "base": "the array itself",
    "strides": "`.shape`",
}


@cache
def _by_object() -> dict[int, str]:
    found = {id(find(name)): text for names, text in FUNCTIONS.items() for name in names.split()}
    found.pop(id(None), None)
    return found


def nearest(function: object) -> str:
    """What to write instead of a function; "" where nothing comes near."""
    return _by_object().get(id(function), "")


def nearest_member(name: str) -> str:
    """What to write instead of an array's method or attribute; "" where nothing comes near."""
    return MEMBERS.get(name, "")
