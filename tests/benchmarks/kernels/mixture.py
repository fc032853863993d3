"""The log-likelihood of a mixture of Gaussians with diagonal covariances."""

import numpy as np

from ..program import Program
from .arrays import Array, random


def mixture(alpha: Array, mu: Array, log_sd: Array, x: Array) -> float:
    """The log-likelihood of the rows of `x`; `alpha` are the logarithms of unscaled weights."""
    d = (x[:, None, :] - mu) * np.exp(-log_sd)
    q = alpha - log_sd.sum(axis=1) - 0.5 * (d * d).sum(axis=2)
    top = q.max(axis=1, keepdims=True)
    total = (np.log(np.exp(q - top).sum(axis=1)) + top[:, 0]).sum()
    largest = alpha.max()
    return total - len(x) * (np.log(np.exp(alpha - largest).sum()) + largest)


def mixture_by_hand(alpha: Array, mu: Array, log_sd: Array, x: Array) -> tuple[Array, Array, Array]:
    """The derivative with respect to `alpha`, `mu` and `log_sd`.

    The responsibilities `r` are the adjoint of `q`; what they weigh is a product of matrices for
    each component, so that no third array of all observations, components and axes is made.
    """
    inverse = np.exp(-log_sd)
    d = x[:, None, :] - mu
    d *= inverse
    r = np.einsum("nkd,nkd->nk", d, d)
    r *= -0.5
    r += alpha - log_sd.sum(axis=1)
    r -= r.max(axis=1, keepdims=True)
    np.exp(r, out=r)
    r /= r.sum(axis=1, keepdims=True)
    weights = np.exp(alpha - alpha.max())
    weights /= weights.sum()
    counts = r.sum(axis=0)
    mu_bar = np.einsum("nk,nkd->kd", r, d) * inverse
    log_sd_bar = np.einsum("nk,nkd,nkd->kd", r, d, d) - counts[:, None]
    return counts - len(x) * weights, mu_bar, log_sd_bar


def _mixture(count: int, components: int, axes: int) -> tuple[Array, ...]:
    parameters = random((components,), 1), random((components, axes), 2)
    return *parameters, 0.5 * random((components, axes), 3), 2.0 * random((count, axes), 4)


PROGRAMS = (
    Program(
        "mixture, 20000 × 10 × 8",
        mixture,
        mixture_by_hand,
        (0, 1, 2),
        _mixture(20_000, 10, 8),
        _mixture(7, 3, 2),
    ),
)
