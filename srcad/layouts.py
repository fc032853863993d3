"""Copies of arrays that lie in memory as the arrays do: what is a view of one is one of the other.

>>> a = np.arange(6.0).reshape(2, 3)[:, ::-1].T
>>> b = copied(a)
>>> b.strides == a.strides, np.may_share_memory(a, b), (a == b).all()
(True, False, np.True_)
>>> laid_out(np.ones((3, 2)), a.copy(order="F")).flags.f_contiguous
True
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided


def copied(value: Any) -> Any:
    """An array's copy; any other value."""
    if not isinstance(value, np.ndarray):
        return value
    new = value.copy(order="K")
    if new.strides == value.strides or not value.size:
        return new
    ends = [(n - 1) * step for n, step in zip(value.shape, value.strides, strict=True)]
    first = -sum(min(end, 0) for end in ends)
    memory = np.empty(first + sum(max(end, 0) for end in ends) + value.itemsize, np.uint8)
    place = np.ndarray(1, value.dtype, memory, first)
    new = as_strided(place, value.shape, value.strides)
    new[...] = value
    return new


def laid_out(value: Any, model: Any) -> Any:
    """A value of an array's shape, its axes in the order in which they lie in the array."""
    arrays = isinstance(value, np.ndarray) and isinstance(model, np.ndarray)
    if not arrays or value.ndim < 2 or value.strides == model.strides:
        return value
    new = np.empty_like(model, dtype=value.dtype)
    new[...] = value
    return new
