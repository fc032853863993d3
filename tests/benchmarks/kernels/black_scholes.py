"""The prices of many European call options, by the formula of Black and Scholes."""

import math

import numpy as np

from ..program import Program
from .arrays import Array, random

# Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17.
A1, A2, A3, A4, A5 = 0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429
GAMMA = 0.2316419
ROOT = 1.0 / math.sqrt(2.0 * math.pi)


def normal(d: Array) -> Array:
    """The distribution function of the normal distribution, by a polynomial."""
    k = 1.0 / (1.0 + GAMMA * np.abs(d))
    tail = ROOT * np.exp(-0.5 * d * d) * k * (A1 + k * (A2 + k * (A3 + k * (A4 + k * A5))))
    return np.where(d > 0, 1.0 - tail, tail)


def black_scholes(spot: Array, strike: Array, time: Array, rate: float, sigma: float) -> float:
    """The value of one option of each kind."""
    root = sigma * np.sqrt(time)
    d1 = (np.log(spot / strike) + (rate + 0.5 * sigma * sigma) * time) / root
    d2 = d1 - root
    price = spot * normal(d1) - strike * np.exp(-rate * time) * normal(d2)
    return price.sum()


def _normal_and_slope(d: Array) -> tuple[Array, Array]:
    """The polynomial's own derivative, not the density that it approximates."""
    k = np.abs(d)
    k *= GAMMA
    k += 1.0
    np.reciprocal(k, out=k)
    density = d * d
    density *= -0.5
    np.exp(density, out=density)
    density *= ROOT
    p = k * (A1 + k * (A2 + k * (A3 + k * (A4 + k * A5))))
    p_slope = A1 + k * (2.0 * A2 + k * (3.0 * A3 + k * (4.0 * A4 + k * (5.0 * A5))))
    # For d > 0: tail' = density (-d p - γ k² p'); both sides have the same slope of the value.
    k *= k
    p_slope *= k
    p_slope *= GAMMA
    absolute = np.abs(d)
    slope = absolute * p
    slope += p_slope
    slope *= density
    p *= density
    return np.where(d > 0, 1.0 - p, p), slope


def black_scholes_by_hand(
    spot: Array, strike: Array, time: Array, rate: float, sigma: float
) -> tuple[Array, Array, Array, float, float]:
    """The derivative with respect to all arguments."""
    root_time = np.sqrt(time)
    root = sigma * root_time
    drift = rate + 0.5 * sigma * sigma
    d1 = np.log(spot / strike)
    d1 += drift * time
    d1 /= root
    d2 = d1 - root
    n1, slope1 = _normal_and_slope(d1)
    n2, slope2 = _normal_and_slope(d2)
    discount = np.exp(-rate * time)
    discounted = strike * discount
    slope1 *= spot
    slope2 *= discounted
    # The adjoints of the numerator of d1 and of the root; d2 hangs on both.
    d_bar = slope1 - slope2
    root_bar = slope2 - d_bar * d1 / root
    d_bar /= root
    n2 *= discount
    paid = strike * n2
    spot_bar = n1
    spot_bar += d_bar / spot
    strike_bar = -n2
    strike_bar -= d_bar / strike
    time_bar = drift * d_bar
    time_bar += (0.5 * sigma) * root_bar / root_time
    time_bar += rate * paid
    drift_bar = d_bar @ time
    rate_bar = drift_bar + paid @ time
    sigma_bar = drift_bar * sigma + root_bar @ root_time
    return spot_bar, strike_bar, time_bar, rate_bar, sigma_bar


def _options(count: int) -> tuple[Array, Array, Array, float, float]:
    market = random((count,), 1, 80.0, 120.0), random((count,), 2, 80.0, 120.0)
    return *market, random((count,), 3, 0.5, 2.0), 0.03, 0.25


PROGRAMS = (
    Program(
        "Black-Scholes, 1000000 options",
        black_scholes,
        black_scholes_by_hand,
        (0, 1, 2, 3, 4),
        _options(1_000_000),
        _options(6),
    ),
)
