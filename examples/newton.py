"""A `while` loop: the square root by Newton's method, differentiated as it ran."""

from srcad import grad


def newton_sqrt(x: float) -> float:
    """The square root of x."""
    y = x
    while abs(y * y - x) > 1e-12 * x:
        y = 0.5 * (y + x / y)
    return y


derivative = grad(newton_sqrt)


def main() -> None:
    """The source of the derivative, and its values beside 1 / (2 √x)."""
    print(derivative.source)
    for x in (0.5, 2.0, 9.0, 100.0):
        exact = 0.5 / x**0.5
        print(f"x = {x:5}:  derivative {derivative(x):.12f},  1 / (2 √x) = {exact:.12f}")
    # At 1 the loop is not entered: the program is y = x there, and so is its derivative.
    print(f"x = {1.0:5}:  derivative {derivative(1.0)}: the loop is not entered")


if __name__ == "__main__":
    main()
