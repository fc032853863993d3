"""`max`, `min` and `sorted` with a key, as Python has them, for code that is differentiated.

The key decides which value it is, and the derivative goes through that value.

>>> largest_by([1.0, -3.0, 2.0], abs), smallest_by_of_range(0, 3, 1, lambda k: (k - 1) ** 2)
(-3.0, 1)
>>> order_of(np.array([1.0, 3.0, 2.0, 3.0]), False), order_of(np.array([3.0, 2.0, 3.0]), True)
(array([0, 2, 1, 3]), array([0, 2, 1]))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Key = Callable[[Any], Any]


def largest_by(values: Sequence[Any], key: Key) -> Any:
    """The first one of the largest key."""
    if len(values) == 0:
        raise ValueError("max() iterable argument is empty")
    most = 0.0
    for k, value in enumerate(values):
        now = key(value)
        if k == 0 or now > most:
            best = value
            most = now
    return best


def smallest_by(values: Sequence[Any], key: Key) -> Any:
    """The first one of the smallest key."""
    if len(values) == 0:
        raise ValueError("min() iterable argument is empty")
    least = 0.0
    for k, value in enumerate(values):
        now = key(value)
        if k == 0 or now < least:
            best = value
            least = now
    return best


def largest_by_of_range(start: int, stop: int, step: int, key: Key) -> int:
    """The first number of the largest key."""
    if len(range(start, stop, step)) == 0:
        raise ValueError("max() iterable argument is empty")
    best = start
    most = key(start)
    for value in range(start + step, stop, step):
        now = key(value)
        if now > most:
            best = value
            most = now
    return best


def smallest_by_of_range(start: int, stop: int, step: int, key: Key) -> int:
    """The first number of the smallest key."""
    if len(range(start, stop, step)) == 0:
        raise ValueError("min() iterable argument is empty")
    best = start
    least = key(start)
    for value in range(start + step, stop, step):
        now = key(value)
        if now < least:
            best = value
            least = now
    return best


def order_of(keys: Any, back: bool) -> Any:
    """The places of some keys in their order; equal ones stay as they are."""
    if np.any(keys != keys):
        raise ValueError("sorted() by keys of which some are nan, and have no order")
    if back:
        return len(keys) - 1 - np.argsort(keys[::-1], kind="stable")[::-1]
    return np.argsort(keys, kind="stable")
