"""Functions of ``scipy.special``; without SciPy there are no such programs."""

import numpy as np

from tests.programs import program

try:
    from scipy import special
    from scipy.special import expit, gammaln, logsumexp
except ImportError:
    special = None

X = np.array([0.4, 1.7, 2.3])
M = np.array([[0.2, -1.0, 0.7], [1.5, 0.3, -0.4]])
P = np.array([0.2, 0.5, 0.3])

if special is not None:

    @program((X,), (2.5,))
    def log_of_a_binomial(x):
        return np.sum(gammaln(x + 3.0) - gammaln(x + 1.0) - special.betaln(x, 2.0))

    @program((M, X))
    def logistic_regression(a, w):
        p = expit(a @ w)
        return -np.sum(np.log(p)) - np.sum(special.log_expit(-(a @ w)))

    @program((M,))
    def cross_entropy(z):
        return np.sum(special.log_softmax(z, axis=1)[:, 0]) + np.sum(special.softmax(z) ** 2)

    @program((M,), (X,))
    def shifted_logarithms(z):
        return logsumexp(z) + np.sum(logsumexp(z * z, axis=0))

    @program((P, X))
    def divergences(p, q):
        return np.sum(special.rel_entr(p, q)) + np.sum(special.kl_div(q, p)) + np.sum(
            special.entr(p)
        )  # fmt: skip

    @program((0.3, 1.2), (-0.7, 0.4))
    def option_price(x, s):
        d = x / s
        return s * special.ndtr(d) - x * special.ndtr(d - s)

    @program((0.4, 0), (0.4, 3))
    def repeated_error_function(x, n):
        for i in range(n):
            x = special.erf(x) + 0.1 * special.erfc(x * x)
        return x

    @program((0.5, 3.0), (2.5, 1.5))
    def gamma_density(x, k):
        return special.xlogy(k - 1.0, x) - x - special.gammaln(k)

    @program((X, 1.0), (X, -1.0))
    def in_a_branch(x, c):
        y = special.gamma(x) if c > 0 else special.expm1(x)
        return np.sum(special.log1p(y))

    def sharpened(z, temperature):
        return special.softmax(z / temperature, axis=-1)

    @program((M, 0.7), (X, 1.3))
    def through_a_function(z, temperature):
        return np.sum(sharpened(z, temperature) * z)

    @program((0.3,))
    def attention(x):
        weights = special.softmax(np.array([x, 2.0 * x, x * x]))
        return weights @ np.array([x, 0.0, 1.0])
