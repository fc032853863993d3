"""Helpers that other themes import: they are found in their own module, with its own names."""

import math as m
from math import exp, log1p

import numpy as np

RATE = 0.8


def damped(x, k):
    return x * exp(-k * x) * RATE


def softplus(x):
    return log1p(m.exp(x)) + _private(x)


def _private(x):
    return m.sin(x) * RATE


def add_cosines(g, s):
    g += np.cos(g * s)
