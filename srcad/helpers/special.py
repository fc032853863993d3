"""Special functions that partial derivatives need, and ``math`` and NumPy lack.

>>> round(polygamma(1, 1.0), 12) == round(math.pi ** 2 / 6, 12)
True
>>> bessel_i(0, 2.0) == np.i0(2.0), round(float(bessel_i(1, 2.0)), 12)
(np.True_, 1.590636854637)
>>> sinc_derivative(1, np.array([0.0, 1.0]))
array([ 0., -1.])
"""

import math

import numpy as np


def polygamma(n, x):  # type: ignore[no-untyped-def]
    """The n-th derivative of the digamma function (Abramowitz and Stegun, 6.4.6, 6.4.11)."""
    if n == 0 and x < 0.5:
        return polygamma(0, 1 - x) - math.pi / math.tan(math.pi * x)
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


def sinc_derivative(n, x):  # type: ignore[no-untyped-def]
    """The n-th derivative of ``np.sinc``, sin(pi x) / (pi x).

    Its Taylor series near 0; elsewhere ``x s(n) + n s(n - 1) = pi^(n - 1) sin(pi x + n pi / 2)``,
    which is Leibniz's rule on ``x sinc(x)``.
    """
    near = np.abs(x) < 0.5 + 0.2 * n
    small = np.where(near, math.pi * x, 0.0)
    series = 0.0 * small
    for k in range((n + 1) // 2, n // 2 + 16 + n):
        power = small ** (2 * k - n) / math.factorial(2 * k - n)
        series = series + (-1) ** k * power / (2 * k + 1)
    large = np.where(near, 1.0, x)
    far = np.sinc(large)
    for k in range(1, n + 1):
        far = (math.pi ** (k - 1) * np.sin(math.pi * large + k * math.pi / 2) - k * far) / large
    return np.where(near, math.pi**n * series, far)[()]


def bessel_i(n, x):  # type: ignore[no-untyped-def]
    """The modified Bessel function of the first kind (Abramowitz and Stegun, 9.6.10)."""
    quarter = np.square(0.5 * np.asarray(x))
    term = (0.5 * np.asarray(x)) ** n / math.factorial(n)
    total = term
    k = 1
    while np.any(np.abs(term) > 1e-17 * np.abs(total)):
        term = term * quarter / (k * (k + n))
        total = total + term
        k += 1
    return total[()]
