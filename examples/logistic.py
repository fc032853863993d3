"""A `for` loop: what its reverse sweep needs is saved by its forward sweep."""

import math

from srcad import grad


def logistic_sum(a: float, b: float, y: float, n: int) -> float:
    """The sum of n iterates of the logistic function of a·y + b."""
    s = 0.0
    for i in range(n):  # noqa: B007
        y = 1 / (1 + math.exp(-(a * y + b)))
        s += y
    return s


forward = grad(logistic_sum, mode="forward", wrt=("a", "b", "y"))
reverse = grad(logistic_sum, mode="reverse", wrt=("a", "b", "y"))


def main() -> None:
    """The source of the reverse mode, and the gradient in both modes."""
    print(reverse.source)
    point = (1.5, -0.5, 0.25, 10)
    print(f"the gradient with respect to a, b, y at {point}")
    for mode, gradient in (("forward", forward), ("reverse", reverse)):
        print(f"{mode}: " + ", ".join(f"{each:.12f}" for each in gradient(*point)))


if __name__ == "__main__":
    main()
