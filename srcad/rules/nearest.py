"""What to write instead of what is no call of a function, and has no rule.

>>> import numpy as np
>>> nearest_brackets(np.c_), nearest_member("tolist"), nearest_member("shape")
('`np.column_stack`', '`x[i]`, or the array itself', '')
"""

from __future__ import annotations

import numpy as np

BRACKETS = (
    (np.c_, "`np.column_stack`"),
    (np.r_, "`np.concatenate`, or `np.arange` and `np.linspace` of its slices"),
    (np.mgrid, "`np.meshgrid`, or `np.indices`"),
    (np.ogrid, "`np.meshgrid`, or `np.indices`"),
)
MEMBERS = {
    "tolist": "`x[i]`, or the array itself",
    "flat": "`.ravel()`",
    "sort": "`np.sort`",
    "partition": "`np.partition`",
    "fill": "`x[...] = value`",
    "put": "`x[index] = value`",
    "itemset": "`x[index] = value`",
    "view": "`.astype(float)`, or the array itself",
    "resize": "`np.resize`",
    "tobytes": "the array itself",
    "base": "the array itself",
    "strides": "`.shape`",
}


def nearest_brackets(value: object) -> str:
    """What to write instead of ``np.c_[...]`` and the like; "" for all else."""
    return next((instead for each, instead in BRACKETS if each is value), "")


def nearest_member(name: str) -> str:
    """What to write instead of an array's method or attribute; "" where nothing comes near."""
    return MEMBERS.get(name, "")
