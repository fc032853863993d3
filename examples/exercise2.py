"""Exercise II of the lecture: f(x1, x2) = x1·x2 + sin(x1), in forward and in reverse mode."""

import math

from srcad import grad


def f(x1: float, x2: float) -> float:
    """The function of the homework."""
    return x1 * x2 + math.sin(x1)


forward = grad(f, mode="forward", wrt=("x1", "x2"))
reverse = grad(f, mode="reverse", wrt=("x1", "x2"))


def main() -> None:
    """Both derivatives with their source, then their values at a point."""
    for mode, gradient in (("forward", forward), ("reverse", reverse)):
        print(f"# {mode} mode\n{gradient.source}")
    x1, x2 = 2.0, 3.0
    print(f"dx1, dx2 at ({x1}, {x2})")
    for mode, gradient in (("forward", forward), ("reverse", reverse)):
        dx1, dx2 = gradient(x1, x2)
        print(f"{mode}:          {dx1:.6f}, {dx2:.6f}")
    print(f"x2 + cos x1, x1:  {x2 + math.cos(x1):.6f}, {x1:.6f}")


if __name__ == "__main__":
    main()
