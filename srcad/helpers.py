"""Functions that generated code may call.  They are printed with the code that uses them.

>>> unbroadcast(np.ones((3, 2)), np.zeros((3, 1)))
array([[2.],
       [2.],
       [2.]])
>>> unbroadcast(np.ones((3, 2)), 1.0)
np.float64(6.0)
>>> round(polygamma(1, 1.0), 12) == round(math.pi ** 2 / 6, 12)
True
"""

import math

import numpy as np


def unbroadcast(adjoint, like):  # type: ignore[no-untyped-def]
    """The adjoint summed over the axes along which ``like`` was broadcast to its shape."""
    extra = np.ndim(adjoint) - np.ndim(like)
    if extra > 0:
        adjoint = np.sum(adjoint, axis=tuple(range(extra)))
    for axis, length in enumerate(np.shape(like)):
        if np.ndim(adjoint) > axis and length == 1 and adjoint.shape[axis] != 1:
            adjoint = np.sum(adjoint, axis=axis, keepdims=True)
    if np.shape(adjoint) != np.shape(like):
        adjoint = np.broadcast_to(adjoint, np.shape(like))
    return adjoint


def polygamma(n, x):  # type: ignore[no-untyped-def]
    """The n-th derivative of the digamma function (Abramowitz and Stegun, 6.4.6, 6.4.11)."""
    if n == 0 and x < 0.5:
        return polygamma(0, 1 - x) - math.pi / math.tan(math.pi * x)  # type: ignore[no-untyped-call]
    if n > 0 and x < -20:
        raise ValueError("polygamma is not computed below -20")
    total = 0.0
    sign = 1.0 if n % 2 else -1.0
    while x < 12 + n:
        total += 1 / x ** (n + 1)
        x += 1
    total *= sign * math.factorial(n)
    # B(2k) / (2k)! (2k + n - 1)! x^(-2k - n), with the Bernoulli numbers B(2) ... B(16).
    bernoulli = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
    if n == 0:
        total += math.log(x) - 1 / (2 * x)
    else:
        total += sign * math.factorial(n - 1) / x**n + sign * math.factorial(n) / (2 * x ** (n + 1))
    for k, b in enumerate(bernoulli, 1):
        term = b * math.factorial(2 * k + n - 1) / math.factorial(2 * k) / x ** (2 * k + n)
        total += sign * term
    return total
