"""The time of one element, read or written in a loop: it must not grow with the array's length."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

import srcad

from .report import against, print_table
from .timing import call_timer, interleaved

Vector = NDArray[np.float64]

SIZES = (1000, 4000, 16_000, 64_000)
REPEATS = 7
# Of the time of all elements, as a power of their number; with one copy an element it would be 2.
TARGET_EXPONENT = 1.1


def recurrence(x: Vector) -> float:
    """Each element of a buffer is written once, and reads the one before it."""
    y = np.zeros(len(x))
    y[0] = x[0]
    for i in range(1, len(x)):
        y[i] = 0.5 * y[i - 1] * y[i - 1] + x[i]
    return y[len(x) - 1] * y[len(x) // 2]


def in_place(x: Vector) -> float:
    """Each element is read and overwritten, in a copy."""
    y = x.copy()
    for i in range(1, len(y)):
        y[i] *= y[i - 1]
        y[i - 1] += x[i]
    return (y * y).sum()


def rows(x: Vector) -> float:
    """Each row of two is written through a view."""
    y = x.copy().reshape(-1, 2)
    for row in y:
        row *= row[0]
    return (y * y).sum()


def scattered(x: Vector) -> float:
    """Elements are added to at computed places."""
    y = np.zeros(16)
    for i in range(len(x)):
        y[i * i % 16] += x[i] * x[i]
    return (y * y).sum()


def read_only(x: Vector) -> float:
    """Nothing is written; each element is read twice."""
    s = 0.0
    for i in range(1, len(x)):
        s += x[i] * x[i - 1]
    return s * s


def made_in_a_loop(x: Vector) -> float:
    """Each element is read of an array that every trip of a loop makes anew."""
    s = 0.0
    for k in range(2):
        y = x * (k + 1.0)
        for i in range(len(y)):
            if y[i] > 0.0:
                s += y[i] * y[i]
    return s


PROGRAMS = (read_only, made_in_a_loop, recurrence, in_place, scattered, rows)


def derivatives(f: Callable[[Vector], float], x: Vector) -> dict[str, Callable[[], Any]]:
    """What is timed at each size: the function itself, a whole gradient, and one tangent."""
    gradient = srcad.grad(f)
    direction = np.ones_like(x)
    return {
        "primal": lambda: f(x),
        "gradient": lambda: gradient(x),
        "tangent": lambda: srcad.jvp(f, (x,), (direction,)),
    }


def run() -> None:
    """Time each at each size, in turn.  The primal shows what the machine itself makes of it."""
    table = []
    for f in PROGRAMS:
        for mode in ("primal", "gradient", "tangent"):
            table.append(_row(f, mode))
    header = (
        "time of an element",
        "",
        *(f"n = {size}" for size in SIZES),
        "exponent of n",
        "target",
    )
    print_table("Elements in a loop", header, table)


def _row(f: Callable[[Vector], float], mode: str) -> tuple[str, ...]:
    calls = []
    for size in SIZES:
        x = np.random.default_rng(size).uniform(0.1, 0.9, size)
        call = derivatives(f, x)[mode]
        try:
            call()
        except srcad.SrcadError:
            return f.__name__, mode, *(["refused"] + [""] * (len(SIZES) + 1))
        calls.append(call)
    times = interleaved([call_timer(call, ()) for call in calls], REPEATS)
    least = [t.minimum for t in times]
    # The smallest is left out: a call costs what it costs.
    exponent = math.log(least[-1] / least[1]) / math.log(SIZES[-1] / SIZES[1])
    each = [f"{1e6 * t / size:.3f} µs" for t, size in zip(least, SIZES, strict=True)]
    return f.__name__, mode, *each, f"{exponent:.2f}", against(exponent, TARGET_EXPONENT)
