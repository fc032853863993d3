"""Gauss-Seidel on a grid: elements that are averaged in place, one after the other."""

import numpy as np

from ..program import Program
from .arrays import Array, random


def seidel_2d(a: Array, steps: int) -> float:
    """Replace each inner element by the mean of the nine around it, in place."""
    a = a.copy()
    n, m = a.shape
    for _ in range(steps):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                a[i, j] = (
                    a[i - 1, j - 1] + a[i - 1, j] + a[i - 1, j + 1]
                    + a[i, j - 1] + a[i, j] + a[i, j + 1]
                    + a[i + 1, j - 1] + a[i + 1, j] + a[i + 1, j + 1]
                ) / 9.0  # fmt: skip
    return (a * a).sum()


def seidel_2d_by_hand(a: Array, steps: int) -> Array:
    """The gradient on lists of rows: linear, so that nothing is saved."""
    n, m = a.shape
    rows = a.tolist()
    for _ in range(steps):
        for i in range(1, n - 1):
            up, row, down = rows[i - 1], rows[i], rows[i + 1]
            for j in range(1, m - 1):
                row[j] = (
                    up[j - 1] + up[j] + up[j + 1]
                    + row[j - 1] + row[j] + row[j + 1]
                    + down[j - 1] + down[j] + down[j + 1]
                ) / 9.0  # fmt: skip
    bars = [[2.0 * e for e in row] for row in rows]
    for _ in range(steps):
        for i in range(n - 2, 0, -1):
            up, row, down = bars[i - 1], bars[i], bars[i + 1]
            for j in range(m - 2, 0, -1):
                w = row[j] / 9.0
                row[j] = w
                up[j - 1] += w
                up[j] += w
                up[j + 1] += w
                row[j - 1] += w
                row[j + 1] += w
                down[j - 1] += w
                down[j] += w
                down[j + 1] += w
    return np.array(bars)


def seidel_2d_by_hand_on_arrays(a: Array, steps: int) -> Array:
    """The gradient on the array itself: what is left without the lists."""
    a = a.copy()
    n, m = a.shape
    for _ in range(steps):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                a[i, j] = (
                    a[i - 1, j - 1] + a[i - 1, j] + a[i - 1, j + 1]
                    + a[i, j - 1] + a[i, j] + a[i, j + 1]
                    + a[i + 1, j - 1] + a[i + 1, j] + a[i + 1, j + 1]
                ) / 9.0  # fmt: skip
    a_bar = 2.0 * a
    for _ in range(steps):
        for i in range(n - 2, 0, -1):
            for j in range(m - 2, 0, -1):
                w = a_bar[i, j] / 9.0
                a_bar[i, j] = 0.0
                # Nine elements at once cost less than two of them one by one.
                a_bar[i - 1 : i + 2, j - 1 : j + 2] += w
    return a_bar


_ARGUMENTS = (random((50, 50), 1), 20)
_SMALL = (random((5, 6), 2), 2)

PROGRAMS = (
    Program("seidel-2d, 50² × 20, on lists", seidel_2d, seidel_2d_by_hand, 0, _ARGUMENTS, _SMALL),
    Program(
        "seidel-2d, 50² × 20, on arrays",
        seidel_2d,
        seidel_2d_by_hand_on_arrays,
        0,
        _ARGUMENTS,
        _SMALL,
    ),
)
