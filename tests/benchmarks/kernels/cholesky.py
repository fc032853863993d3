"""The Cholesky factor of a matrix, by three loops over scalars."""

import math

import numpy as np

from ..program import Program
from .arrays import Array, random


def cholesky(a: Array) -> float:
    """The logarithm of the determinant, and the sum of the squares below the diagonal."""
    n = len(a)
    low = np.zeros((n, n))
    for j in range(n):
        s = a[j, j]
        for k in range(j):
            s -= low[j, k] * low[j, k]
        low[j, j] = math.sqrt(s)
        for i in range(j + 1, n):
            s = a[i, j]
            for k in range(j):
                s -= low[i, k] * low[j, k]
            low[i, j] = s / low[j, j]
    result = 0.0
    for j in range(n):
        result += 2.0 * math.log(low[j, j])
        for i in range(j + 1, n):
            result += low[i, j] * low[i, j]
    return result


def cholesky_by_hand(a: Array) -> Array:
    """The gradient on lists; of all that was computed only the factor is needed."""
    n = len(a)
    a_rows = a.tolist()
    low = [[0.0] * n for _ in range(n)]
    for j in range(n):
        low_j = low[j]
        s = a_rows[j][j]
        for k in range(j):
            s -= low_j[k] * low_j[k]
        pivot = low_j[j] = math.sqrt(s)
        for i in range(j + 1, n):
            low_i = low[i]
            s = a_rows[i][j]
            for k in range(j):
                s -= low_i[k] * low_j[k]
            low_i[j] = s / pivot
    bars = [[2.0 * e for e in row] for row in low]
    a_bar = [[0.0] * n for _ in range(n)]
    for j in range(n - 1, -1, -1):
        low_j, bar_j = low[j], bars[j]
        pivot = low_j[j]
        bar = 2.0 / pivot
        for i in range(n - 1, j, -1):
            low_i, bar_i = low[i], bars[i]
            s_bar = bar_i[j] / pivot
            bar -= s_bar * low_i[j]
            a_bar[i][j] = s_bar
            for k in range(j):
                bar_i[k] -= s_bar * low_j[k]
                bar_j[k] -= s_bar * low_i[k]
        s_bar = 0.5 * bar / pivot
        a_bar[j][j] = s_bar
        for k in range(j):
            bar_j[k] -= 2.0 * s_bar * low_j[k]
    return np.array(a_bar)


def cholesky_by_hand_on_arrays(a: Array) -> Array:
    """The gradient on arrays, in scalars as the function itself."""
    n = len(a)
    low = np.zeros((n, n))
    for j in range(n):
        s = a[j, j]
        for k in range(j):
            s -= low[j, k] * low[j, k]
        low[j, j] = math.sqrt(s)
        for i in range(j + 1, n):
            s = a[i, j]
            for k in range(j):
                s -= low[i, k] * low[j, k]
            low[i, j] = s / low[j, j]
    bars = 2.0 * low
    a_bar = np.zeros((n, n))
    for j in range(n - 1, -1, -1):
        pivot = low[j, j]
        bar = 2.0 / pivot
        for i in range(n - 1, j, -1):
            s_bar = bars[i, j] / pivot
            bar -= s_bar * low[i, j]
            a_bar[i, j] = s_bar
            for k in range(j):
                bars[i, k] -= s_bar * low[j, k]
                bars[j, k] -= s_bar * low[i, k]
        s_bar = 0.5 * bar / pivot
        a_bar[j, j] = s_bar
        for k in range(j):
            bars[j, k] -= 2.0 * s_bar * low[j, k]
    return a_bar


def _positive_definite(n: int) -> tuple[Array]:
    a = random((n, n), 1)
    return (a @ a.T / n + np.eye(n),)


_ARGUMENTS, _SMALL = _positive_definite(100), _positive_definite(5)

PROGRAMS = (
    Program("cholesky, 100², on lists", cholesky, cholesky_by_hand, 0, _ARGUMENTS, _SMALL),
    Program(
        "cholesky, 100², on arrays", cholesky, cholesky_by_hand_on_arrays, 0, _ARGUMENTS, _SMALL
    ),
)
