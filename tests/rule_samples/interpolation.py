"""Linear interpolation, with twins on arrays of mpmath's numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.rule_samples.sample import Shapes
from tests.rule_samples.whole import Whole


def _segment(x: Any, xp: Any) -> int:
    return max(n for n in range(len(xp) - 1) if n == 0 or xp[n] <= x)


def _value(x: Any, xp: Any, fp: Any) -> Any:
    if len(xp) == 1 or x < xp[0]:
        return fp[0]
    if x > xp[-1]:
        return fp[-1]
    j = _segment(x, xp)
    return fp[j] + (fp[j + 1] - fp[j]) * (x - xp[j]) / (xp[j + 1] - xp[j])


def _ended(**ends: float) -> Any:
    """With values of one's own beyond the knots."""

    def twin(x: Any, xp: Any, fp: Any) -> Any:
        if "left" in ends and x < xp[0]:
            return 0 * x + ends["left"]
        if "right" in ends and x > xp[-1]:
            return 0 * x + ends["right"]
        return _value(x, xp, fp)

    return twin


def _slope(x: Any, xp: Any, fp: Any) -> Any:
    if len(xp) == 1 or x < xp[0] or x > xp[-1]:
        return 0 * x
    j = _segment(x, xp)
    return (fp[j + 1] - fp[j]) / (xp[j + 1] - xp[j])


def _each(function: Any) -> Any:
    def twin(x: Any, xp: Any, fp: Any) -> Any:
        if np.ndim(x) == 0:
            return function(x, xp, fp)
        return np.array([function(e, xp, fp) for e in x.flat], object).reshape(x.shape)

    return twin


def _spread(function: Any) -> Any:
    """The transpose with respect to fp: on unit vectors."""

    def twin(d: Any, x: Any, xp: Any) -> Any:
        units = np.eye(len(xp), dtype=int) * (0 * xp[0] + 1)
        return np.array([np.sum(d * _each(function)(x, xp, unit)) for unit in units], object)

    return twin


def _increasing(x: Any, xp: Any, fp: Any) -> Any:
    return x, np.cumsum(np.abs(xp) + 0.3), fp


def _knots_last(d: Any, x: Any, xp: Any) -> Any:
    return d, x, np.cumsum(np.abs(xp) + 0.3)


POINTS: tuple[Shapes, ...] = (
    ((6,), (4,), (4,)), ((2, 3), (4,), (4,)), (None, (4,), (4,)), ((5,), (1,), (1,)),
    ((), (3,), (3,)), ((8,), (3,), (3,)),
)  # fmt: skip
SPREAD: tuple[Shapes, ...] = (((6,), (6,), (4,)), ((2, 3), (2, 3), (4,)), ((3,), (3,), (1,)),
                              ((7,), (7,), (3,)))  # fmt: skip
WIDE = ((-0.5, 5.0), (-1.0, 1.0), (-2.0, 2.0))
WHOLE: dict[str, list[Whole]] = {
    "np.interp": [Whole("np.interp(a, b, d)", _each(_value), POINTS, WIDE, _increasing)],
    "np.interp with a value to the left": [
        Whole("np.interp(a, b, d, left=0.5)", _each(_ended(left=0.5)), POINTS, WIDE, _increasing),
        Whole("np.interp(a, b, d, 2.5, -1.5)", _each(_ended(left=2.5, right=-1.5)), POINTS, WIDE,
              _increasing),
    ],
    "np.interp with a value to the right": [
        Whole("np.interp(a, b, d, right=0.5)", _each(_ended(right=0.5)), POINTS, WIDE,
              _increasing),
    ],
    "helpers.interp_slope": [
        Whole("interp_slope(a, b, d)", _each(_slope), POINTS, WIDE, _increasing)
    ],
    "helpers.interp_spread": [
        Whole("interp_spread(a, b, d)", _spread(_value), SPREAD, (WIDE[2], WIDE[0], WIDE[1]),
              _knots_last)
    ],
    "helpers.interp_slope_spread": [
        Whole("interp_slope_spread(a, b, d)", _spread(_slope), SPREAD,
              (WIDE[2], WIDE[0], WIDE[1]), _knots_last)
    ],
}  # fmt: skip
