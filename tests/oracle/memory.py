"""Memory for dual numbers: arrays of objects that lie as the arrays of floats they stand for.

Whether ``x.ravel()`` is a view of ``x`` or a copy depends on the strides of ``x``, and so does what
a write to it does. So an array of floats is replaced by an array of objects of the same strides,
and NumPy itself decides.

    >>> x = np.arange(6.0).reshape(2, 3).T
    >>> x.ravel().base is None, cells(x).ravel().base is None
    (True, True)
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np


class Cells(np.ndarray):
    """An array of objects that stands for one of floats."""

    def astype(self, dtype: Any, *args: Any, **kwargs: Any) -> Any:
        """A copy: of objects if of floats is asked for, else of the type that is asked for."""
        wanted = object if is_floating(dtype) else dtype
        return super().astype(wanted, *args, **kwargs)

    @property
    def real(self) -> Any:
        """The real parts: of objects NumPy would give the array itself."""
        return np.asarray(np.frompyfunc(lambda x: x.real, 1, 1)(self), object).view(Cells)

    @property
    def imag(self) -> Any:
        """The imaginary parts: of objects NumPy would give zeros."""
        return np.asarray(np.frompyfunc(lambda x: x.imag, 1, 1)(self), object).view(Cells)

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        # A subclass would get arrays without axes, and its own kind of booleans.
        if return_scalar:
            return array[()]
        return array.view(Cells) if array.dtype == object else array


def is_floating(dtype: Any) -> bool:
    """True of what dual numbers take the place of."""
    return dtype is not None and np.issubdtype(np.dtype(dtype), np.inexact)


def like(a: Any, dtype: Any) -> Any:
    """Uninitialised memory of another type, of the shape of ``a`` and laid out as it is.

    >>> like(np.zeros(6)[::-2], np.float32).strides
    (-8,)
    """
    dtype = np.dtype(dtype)
    if a.size == 0 or any(step % a.itemsize for step in a.strides):
        return np.empty(a.shape, dtype)
    steps = [step // a.itemsize for step in a.strides]
    ends = [(n - 1) * step for n, step in zip(a.shape, steps, strict=True)]
    first = -sum(min(end, 0) for end in ends)
    memory = np.empty(first + sum(max(end, 0) for end in ends) + 1, dtype)
    strides = [step * dtype.itemsize for step in steps]
    return np.lib.stride_tricks.as_strided(memory[first:], a.shape, strides)


def distinct(a: Any) -> Any:
    """``a``, or a copy in which no two elements share memory."""
    shared = any(step == 0 and n > 1 for n, step in zip(a.shape, a.strides, strict=True))
    return a.copy() if shared else a


def blank(a: Any) -> Any:
    """Memory for objects, each with a place of its own."""
    return like(distinct(a), object).view(Cells)


def protected(new: Any, values: Any, a: Any) -> Any:
    """``new``, filled, and read-only if ``a`` is."""
    new[...] = values
    if not a.flags.writeable:
        new.flags.writeable = False
    return new


def cells(a: Any) -> Any:
    """A copy of ``a`` in which dual numbers can be written, if ``a`` is an array of floats."""
    if not isinstance(a, np.ndarray) or not (is_floating(a.dtype) or a.dtype == object):
        return a
    return protected(blank(a), a, a)


def copied(args: Any) -> Any:
    """The arguments again, as a list: arrays are copied with their layout, read-only ones as such.

    What is passed twice stays one thing.
    """
    copies: dict[int, Any] = {}
    for a in args:
        if id(a) not in copies:
            array = isinstance(a, np.ndarray)
            copies[id(a)] = protected(like(a, a.dtype), a, a) if array else copy.deepcopy(a)
    return [copies[id(a)] for a in args]
