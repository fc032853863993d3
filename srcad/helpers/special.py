"""Special functions that partial derivatives need and ``math`` lacks.

>>> round(polygamma(1, 1.0), 12) == round(math.pi ** 2 / 6, 12)
True
"""

import math


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
