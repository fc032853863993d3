"""A chain of 1000 sigmoids: a scalar loop whose only state is overwritten in every trip."""

import math

from .program import Program, compare


def sigmoid_chain(a: float, b: float, y: float, n: int) -> float:
    """Apply ``y = 1 / (1 + exp(-(a*y + b)))`` `n` times."""
    for _ in range(n):
        y = 1 / (1 + math.exp(-(a * y + b)))
    return y


def sigmoid_chain_by_hand(a: float, b: float, y: float, n: int) -> tuple[float, float, float]:
    """The derivative with respect to `a`, `b` and `y`.

    The slope of the sigmoid is ``y * (1 - y)``: only `y` has a tape, and not the exponential.
    """
    y_tape = [0.0] * n
    for i in range(n):
        y_tape[i] = y
        y = 1 / (1 + math.exp(-(a * y + b)))
    a_bar = 0.0
    b_bar = 0.0
    y_bar = 1.0
    for i in range(n - 1, -1, -1):
        w_bar = y_bar * y * (1 - y)
        y = y_tape[i]
        a_bar += w_bar * y
        b_bar += w_bar
        y_bar = w_bar * a
    return a_bar, b_bar, y_bar


# At a = 4, b = -2 the fixed point y = 1/2 has slope a/4 = 1, so that the adjoint of `y` stays of
# ordinary size.  With a smaller slope it would underflow after some hundred steps, and the slow
# arithmetic of subnormal numbers would be timed.
PROGRAMS = (
    Program("sigmoid", sigmoid_chain, sigmoid_chain_by_hand, (0, 1, 2), (4.0, -2.0, 0.3, 1000)),
)


def run() -> None:
    """Compare and time."""
    compare(PROGRAMS)
