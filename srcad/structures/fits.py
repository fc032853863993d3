"""Whether an argument is like one that was seen before: asked at each call, so it has to be quick.

>>> fits = fitting({"w": 2.0, "how": "tanh", "b": (1.0, 3)})
>>> fits({"w": 5.0, "how": "tanh", "b": (0.5, 4)}), fits({"w": 5.0, "how": "sin", "b": (0.5, 4)})
(True, False)
>>> fits({"w": 5, "how": "tanh", "b": (0.5, 4)}), fits({"how": "tanh", "w": 5.0, "b": (0.5, 4)})
(False, False)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from srcad.structures.layout import DICT, LIST, NAMED, TUPLE, form_of, parts_of, slots_of

Fits = Callable[[Any], bool]
PLAIN = (str, bool, type(None))


def fitting(value: Any) -> Fits | None:
    """What says whether another value has the layout of this one; None of what takes longer.

    Numbers of NumPy's own classes take longer, which are converted at each call.
    """
    form = form_of(value)
    if not form:
        return _leaf(value)
    cls, parts = type(value), parts_of(value, form)
    checks = [fitting(part) for part in parts.values()]
    known = [check for check in checks if check is not None]
    if len(known) != len(checks):
        return None
    if form in (LIST, TUPLE, NAMED):
        return _sequence(cls, known)
    keys, types = list(parts), list(map(type, parts))
    rows = list(zip(keys, known, strict=True))
    if form == DICT:
        return _dict(keys, types, rows)
    return _object(cls, keys, rows)


def _leaf(value: Any) -> Fits | None:
    cls = type(value)
    if cls in (float, int, complex):
        return lambda other: type(other) is cls
    if cls is np.ndarray:
        dtype, shape = value.dtype, value.shape

        def is_like(other: Any) -> bool:
            return type(other) is cls and other.dtype is dtype and other.shape == shape

        return is_like
    if cls in PLAIN:
        return lambda other: type(other) is cls and other == value
    if callable(value):
        return lambda other: other is value
    return None


def _sequence(cls: Any, checks: list[Fits]) -> Fits:
    count = len(checks)

    def is_like(other: Any) -> bool:
        if type(other) is not cls or len(other) != count:
            return False
        return all(check(part) for check, part in zip(checks, other, strict=True))

    return is_like


def _dict(keys: list[Any], types: list[type], rows: list[tuple[Any, Fits]]) -> Fits:
    strings = all(each is str for each in types)

    def is_like(other: Any) -> bool:
        if type(other) is not dict or list(other) != keys:
            return False
        if not strings and list(map(type, other)) != types:  # True is 1, and another key
            return False
        return all(check(other[key]) for key, check in rows)

    return is_like


def _object(cls: type, names: list[str], rows: list[tuple[str, Fits]]) -> Fits | None:
    if slots_of(cls):
        return None

    def is_like(other: Any) -> bool:
        if type(other) is not cls:
            return False
        attributes = other.__dict__
        return list(attributes) == names and all(check(attributes[n]) for n, check in rows)

    return is_like
