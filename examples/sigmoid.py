"""Exercise I of the lecture: the sigmoid y = 1 / (1 + e^(-a x)), in both modes.

python -m srcad.show examples/sigmoid.py --mode both    prints the two derivatives
python examples/sigmoid.py                              runs them
"""

import math

from srcad import grad, jvp


@grad(wrt=("x", "a"))
def sigmoid(x: float, a: float) -> float:
    """The name means the gradient (dx, da) now; ``sigmoid.primal`` is the function itself."""
    w3 = -x * a
    w4 = 1 + math.exp(w3)
    w5 = 1 / w4
    return w5


def main() -> None:
    """The derivatives at one point: forward, reverse, and by the formulas of the notes."""
    x, a = 0.5, 2.0
    y = sigmoid.primal(x, a)
    print(f"y  = {y:.6f}      at x = {x}, a = {a}")

    # Forward mode: one sweep along each input, with its seed 1 and the other's 0.
    _, dx = jvp(sigmoid.primal, (x, a), (1.0, 0.0))
    _, da = jvp(sigmoid.primal, (x, a), (0.0, 1.0))
    print(f"dx = {dx:.6f}, da = {da:.6f}    forward mode, two sweeps")

    # Reverse mode: one sweep gives both.
    dx, da = sigmoid(x, a)
    print(f"dx = {dx:.6f}, da = {da:.6f}    reverse mode, one sweep")

    dx, da = a * y * (1 - y), x * y * (1 - y)
    print(f"dx = {dx:.6f}, da = {da:.6f}    a·y·(1 - y), x·y·(1 - y)")


if __name__ == "__main__":
    main()
