"""Some functions of ``scipy.special`` on dual numbers, as compositions of elementary ones."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.oracle.dual import Number, primal
from tests.oracle.elementary import MATH, NUMPY, digamma


def expit(x: Number) -> Number:
    """The logistic function."""
    return 1.0 / (1.0 + NUMPY.exp(-x))


def ndtr(x: Number) -> Number:
    """The normal distribution."""
    return 0.5 * MATH.erfc(-x / math.sqrt(2.0))


def xlogy(x: Number, y: Number) -> Number:
    """``x log y``."""
    return 0.0 * y if primal(x) == 0 else x * NUMPY.log(y)


NUMBERS: dict[str, Callable[..., Number]] = {
    "expit": expit,
    "logit": lambda p: NUMPY.log(p / (1.0 - p)),
    "log_expit": lambda x: -NUMPY.log1p(NUMPY.exp(-x)),
    "ndtr": ndtr,
    "erf": MATH.erf,
    "erfc": MATH.erfc,
    "gamma": MATH.gamma,
    "gammaln": MATH.lgamma,
    "psi": digamma,
    "xlogy": xlogy,
    "xlog1py": lambda x, y: x * NUMPY.log1p(y),
    "entr": lambda x: -xlogy(x, x),
    "rel_entr": lambda x, y: x * NUMPY.log(x / y),
    "kl_div": lambda x, y: x * NUMPY.log(x / y) - x + y,
    "betaln": lambda a, b: MATH.lgamma(a) + MATH.lgamma(b) - MATH.lgamma(a + b),
    "expm1": NUMPY.expm1,
    "log1p": NUMPY.log1p,
}

OF_TWO = ("xlogy", "xlog1py", "rel_entr", "kl_div", "betaln")
exp, log = np.frompyfunc(NUMPY.exp, 1, 1), np.frompyfunc(NUMPY.log, 1, 1)


def logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The logarithm of a sum of exponentials."""
    return log(np.sum(exp(x), axis=axis, keepdims=keepdims))


def softmax(x: Any, axis: Any = None) -> Any:
    """Exponentials that add up to 1."""
    powers = exp(x)
    return powers / np.sum(powers, axis=axis, keepdims=True)


def log_softmax(x: Any, axis: Any = None) -> Any:
    """The logarithms of those."""
    return x - logsumexp(x, axis, keepdims=True)


ARRAYS: dict[str, Callable[..., Any]] = {
    "logsumexp": logsumexp,
    "softmax": softmax,
    "log_softmax": log_softmax,
}


def functions() -> dict[str, Callable[..., Any]]:
    """All of them, for arrays of dual numbers."""
    entrywise = {
        name: np.frompyfunc(function, 2 if name in OF_TWO else 1, 1)
        for name, function in NUMBERS.items()
    }
    return entrywise | ARRAYS
