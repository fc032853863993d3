"""Finite differences of a whole function: slow, not exact, and with no theory that could be wrong.

They are no oracle of a derivative; they are what the oracle itself is held against.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tests.oracle.memory import copied, distinct, like, protected

# The central difference that is exact for polynomials of degree 6, by its weights at h, 2h, 3h.
WEIGHTS = (45 / 60, -9 / 60, 1 / 60)


def difference(
    f: Callable[..., Any], args: Sequence[Any], tangents: Sequence[Any], step: float = 1e-3
) -> Any:
    """The slope of ``f`` along ``tangents`` (None: that argument does not vary).

    >>> difference(lambda x: (x**3, 1.0), (2.0,), (0.5,), step=0.25)
    (6.0, 0.0)
    """

    def at(distance: float) -> Any:
        moved = copied(args)
        for k, (a, tangent) in enumerate(zip(args, tangents, strict=True)):
            if isinstance(a, np.ndarray) and tangent is not None:
                moved[k] = protected(like(distinct(a), a.dtype), a + distance * tangent, a)
            elif tangent is not None:
                moved[k] = a + distance * tangent
        return f(*moved)

    pairs = [(at(k * step), at(-k * step)) for k in (1, 2, 3)]
    return _combined([p for p, _ in pairs], [m for _, m in pairs], step)


def _combined(plus: Sequence[Any], minus: Sequence[Any], step: float) -> Any:
    if isinstance(plus[0], (tuple, list)):
        columns = zip(zip(*plus, strict=True), zip(*minus, strict=True), strict=True)
        return tuple(_combined(p, m, step) for p, m in columns)
    if plus[0] is None:
        return 0.0
    terms = [
        w * (np.asarray(p, float) - np.asarray(m, float))
        for w, p, m in zip(WEIGHTS, plus, minus, strict=True)
    ]
    slope = sum(terms) / step
    return slope if isinstance(plus[0], np.ndarray) else float(slope)
