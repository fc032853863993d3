"""What is no argument, and what to pass instead.

>>> import numpy as np
>>> print(said("x", np.ma.ones(2)))
argument x is a MaskedArray: numbers, NumPy arrays, strings and None are accepted; pass x.filled(...), or the mask as an array of its own
>>> print(said("x", np.array([1.0, None])))
argument x is a NumPy array of dtype object: numbers, NumPy arrays, strings and None are accepted; pass x.astype(float)
"""  # noqa: E501  (a line is a sentence)

from __future__ import annotations

from enum import Enum
from typing import Any

import numpy as np

from srcad.analysis.kind import library_of
from srcad.errors import a_type


def said(name: str, value: Any) -> str:
    """Why a value is no argument of a function to differentiate."""
    accepted = "numbers, NumPy arrays, strings and None are accepted"
    instead = _instead(name, value)
    return f"argument {name} is {_type(value)}: {accepted}" + (f"; pass {instead}" * bool(instead))


def _type(value: Any) -> str:
    if type(value) is np.ndarray:
        return f"a NumPy array of dtype {value.dtype}"
    if library_of(value):
        return f"an array of {library_of(value)} of dtype {value.dtype} and shape {value.shape}"
    return a_type(value)


def _instead(name: str, value: Any) -> str:
    """What to pass instead of a value; "" where that is not known."""
    kind = type(value)
    if isinstance(value, np.ma.MaskedArray):
        return f"{name}.filled(...), or the mask as an array of its own"
    if kind.__module__.partition(".")[0] == "pandas":
        return f"{name}.to_numpy()"
    if isinstance(value, np.ndarray) or library_of(value):
        dtype = value.dtype
        if dtype.names:
            return f"its fields, each as an array: {name}[{dtype.names[0]!r}]"
        if dtype.kind in "fciub" and not dtype.isnative:
            return f'{name}.astype({name}.dtype.newbyteorder("="))'
        if any(length != length for length in value.shape):  # NaN: Dask has not counted
            return f"{name} when its lengths are known ({name}.compute_chunk_sizes())"
        if dtype.kind == "O":
            return f"{name}.astype(float)"
        return f"np.asarray({name})" if kind is not np.ndarray and dtype.kind in "fiub" else ""
    if isinstance(value, (np.longdouble, np.clongdouble)):
        return f"np.array({name}): a number is computed with in double precision"
    if isinstance(value, Enum):
        return f"{name}.value"
    for plain in (int, float, complex, str, tuple):
        if isinstance(value, plain) and not isinstance(value, np.number):
            return f"{plain.__name__}({name})"
    if isinstance(value, (list, range)):
        return f"np.asarray({name})"
    if hasattr(kind, "__array__") and not isinstance(value, np.generic):
        return f"np.asarray({name})"
    return ""
