"""Rosenbrock's function of 1000 variables, reading an array element by element in a loop."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .program import Program, compare

Vector: TypeAlias = NDArray[np.float64]


def rosenbrock(x: Vector) -> float:
    """The sum over i of ``100 (x[i+1] - x[i]²)² + (1 - x[i])²``."""
    s = 0.0
    for i in range(len(x) - 1):
        s += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return s


def rosenbrock_by_hand(x: Vector) -> Vector:
    """The gradient, on lists: an element of a list is read in a fifth of the time of an array's.

    The sum is linear in its terms, so that nothing is saved and no forward sweep is needed.  Each
    element is read once, and written once: what the next term owes to it is carried over.
    """
    xs = x.tolist()
    n = len(xs)
    x_bar = [0.0] * n
    x1 = xs[n - 1]
    x1_bar = 0.0
    for i in range(n - 2, -1, -1):
        x0 = xs[i]
        r_bar = 200.0 * (x1 - x0 * x0)
        x_bar[i + 1] = x1_bar + r_bar
        x1_bar = -2.0 * (x0 * r_bar + 1.0 - x0)
        x1 = x0
    x_bar[0] = x1_bar
    return np.array(x_bar)


def rosenbrock_by_hand_on_arrays(x: Vector) -> Vector:
    """The gradient on the array itself: what is left without the lists."""
    n = len(x)
    x_bar = np.zeros(n)
    for i in range(n - 2, -1, -1):
        x0 = x[i]
        r_bar = 200.0 * (x[i + 1] - x0 * x0)
        x_bar[i + 1] += r_bar
        x_bar[i] -= 2.0 * (x0 * r_bar + 1.0 - x0)
    return x_bar


_X = np.linspace(-1.2, 1.2, 1000)

PROGRAMS = (
    Program("rosenbrock, hand on lists", rosenbrock, rosenbrock_by_hand, 0, (_X,)),
    Program("rosenbrock, hand on arrays", rosenbrock, rosenbrock_by_hand_on_arrays, 0, (_X,)),
)


def run() -> None:
    """Compare and time."""
    compare(PROGRAMS)
