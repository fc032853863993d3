"""The elementary functions of one variable, and their derivatives, written once for math and NumPy.

``math.log(0.0)`` raises where ``np.log(0.0)`` is -inf, so each library keeps its own functions for
plain numbers; a dual number goes through the rule: ``f(v + v̇ε) = f(v) + f'(v) v̇ ε``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np

from tests.oracle.dual import Dual, Number, over, primal, sign, times

# name -> f'(v), given the library's functions F, the argument v and the result w = f(v)
DERIVATIVES: dict[str, Callable[[SimpleNamespace, Number, Number], Number]] = {
    "sin": lambda F, v, w: F.cos(v),
    "cos": lambda F, v, w: -F.sin(v),
    "tan": lambda F, v, w: 1.0 + w * w,
    "asin": lambda F, v, w: over(1.0, F.sqrt((1.0 - v) * (1.0 + v))),
    "acos": lambda F, v, w: over(-1.0, F.sqrt((1.0 - v) * (1.0 + v))),
    "atan": lambda F, v, w: 1.0 / (1.0 + v * v),
    "sinh": lambda F, v, w: F.cosh(v),
    "cosh": lambda F, v, w: F.sinh(v),
    "tanh": lambda F, v, w: 1.0 / F.cosh(v) ** 2,  # 1 - w² would cancel
    "asinh": lambda F, v, w: 1.0 / F.sqrt(1.0 + v * v),
    "acosh": lambda F, v, w: over(1.0, F.sqrt((v - 1.0) * (v + 1.0))),
    "atanh": lambda F, v, w: over(1.0, (1.0 - v) * (1.0 + v)),
    "exp": lambda F, v, w: w,
    "exp2": lambda F, v, w: w * math.log(2.0),
    "expm1": lambda F, v, w: F.exp(v),
    "log": lambda F, v, w: over(1.0, v),
    "log2": lambda F, v, w: over(1.0 / math.log(2.0), v),
    "log10": lambda F, v, w: over(1.0 / math.log(10.0), v),
    "log1p": lambda F, v, w: over(1.0, 1.0 + v),
    "sqrt": lambda F, v, w: over(0.5, w),
    "cbrt": lambda F, v, w: over(1.0, 3.0 * w * w),
    "fabs": lambda F, v, w: sign(v),
    "degrees": lambda F, v, w: 180.0 / math.pi,
    "radians": lambda F, v, w: math.pi / 180.0,
    "erf": lambda F, v, w: 2.0 / math.sqrt(math.pi) * F.exp(-v * v),
    "erfc": lambda F, v, w: -2.0 / math.sqrt(math.pi) * F.exp(-v * v),
    "gamma": lambda F, v, w: w * digamma(v),
    "lgamma": lambda F, v, w: digamma(v),
}

# NumPy's older spelling of the same functions.
NUMPY_NAMES = {
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "asinh": "arcsinh",
    "acosh": "arccosh",
    "atanh": "arctanh",
}


def digamma(x: Number) -> Number:
    """The logarithmic derivative of gamma: shifted up, then its asymptotic series.

    Written in plain arithmetic, so it accepts dual numbers and its own derivatives follow.
    """
    shift: Number = 0.0
    if primal(x) <= 0:  # reflection
        tan = MATH.tan(math.pi * x)
        return digamma(1.0 - x) - math.pi / tan
    while primal(x) < 15:
        shift = shift - 1.0 / x
        x = x + 1.0
    r = 1.0 / (x * x)
    series: Number = 0.0
    for c in (-1 / 12, 691 / 32760, -1 / 132, 1 / 240, -1 / 252, 1 / 120, -1 / 12):
        series = (series + c) * r
    return shift + _log(x) - 0.5 / x + series


def _log(x: Number) -> Number:
    return MATH.log(x)


def _rule(
    F: SimpleNamespace,
    plain: Callable[[Number], Number],
    derivative: Callable[[SimpleNamespace, Number, Number], Number],
) -> Callable[[Number], Number]:
    def function(v: Number) -> Number:
        if isinstance(v, np.ndarray):  # without axes: one number
            v = v.item()
        if not isinstance(v, Dual):
            return plain(v)
        w = function(v.value)
        if not isinstance(v.dot, Dual) and v.dot == 0:
            return Dual(v.level, w, 0.0)
        return Dual(v.level, w, times(derivative(F, v.value, w), v.dot))

    return function


def _library(plain: Callable[[str], Callable[[Number], Number] | None]) -> SimpleNamespace:
    F = SimpleNamespace()
    for name, derivative in DERIVATIVES.items():
        function = plain(name)
        if function is not None:
            setattr(F, name, _rule(F, function, derivative))
    return F


MATH = _library(lambda name: getattr(math, name, None))
NUMPY = _library(lambda name: getattr(np, NUMPY_NAMES.get(name, name), None))

# On an object array np.sin(x) calls the method .sin() of each element.
for _name, _function in vars(NUMPY).items():
    setattr(Dual, NUMPY_NAMES.get(_name, _name), _function)
