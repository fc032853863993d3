"""What to write instead of what is no call of a function, and has no rule.

>>> import numpy as np
>>> nearest_brackets(np.c_), nearest_member("tolist"), nearest_member("shape")
('`np.column_stack`', '`x[i]`, or the array itself', '')
"""

from __future__ import annotations

import abc
import functools

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


def unfollowed(function: object, name: str) -> tuple[str, str]:
    """Why a call of what has neither rule nor source is refused, and what to write instead.

    >>> import random
    >>> unfollowed(random.random, "random.random")[0]
    'it gives another value at each call'
    >>> unfollowed(len, "len")
    ('', '')
    """
    if isinstance(function, _CACHED):
        why = "it keeps what it has returned, and no derivative of that"
        return why, f"the function without its cache, `{name}.__wrapped__`"
    if isinstance(function, type) and type(function) not in (type, abc.ABCMeta):
        return "its metaclass decides what a call of it makes", "a class without a metaclass"
    module = (getattr(function, "__module__", "") or "").partition(".")[0]
    owner = type(getattr(function, "__self__", None)).__module__
    if module in _CHANGING or owner in _CHANGING:
        return "it gives another value at each call", "a parameter for the value"
    if any(function is each for each in (input, open, id, hash)):
        return "what it gives is not told by its arguments", "a parameter for the value"
    return "", ""


_CACHED = type(functools.lru_cache(abs))
_CHANGING = ("random", "secrets", "time", "datetime", "uuid", "os")
