"""1000 Runge-Kutta steps of the Lorenz system in scalars: three states, four stages, no arrays."""

from .program import Program, compare


def lorenz(s: float, r: float, b: float, x: float, y: float, z: float, h: float, n: int) -> float:
    """Integrate ``x' = s(y-x), y' = x(r-z)-y, z' = xy-bz`` in `n` steps of `h`; return x+y+z."""
    for _ in range(n):
        k1x = s * (y - x)
        k1y = x * (r - z) - y
        k1z = x * y - b * z

        x2 = x + 0.5 * h * k1x
        y2 = y + 0.5 * h * k1y
        z2 = z + 0.5 * h * k1z
        k2x = s * (y2 - x2)
        k2y = x2 * (r - z2) - y2
        k2z = x2 * y2 - b * z2

        x3 = x + 0.5 * h * k2x
        y3 = y + 0.5 * h * k2y
        z3 = z + 0.5 * h * k2z
        k3x = s * (y3 - x3)
        k3y = x3 * (r - z3) - y3
        k3z = x3 * y3 - b * z3

        x4 = x + h * k3x
        y4 = y + h * k3y
        z4 = z + h * k3z
        k4x = s * (y4 - x4)
        k4y = x4 * (r - z4) - y4
        k4z = x4 * y4 - b * z4

        x = x + h / 6 * (k1x + 2 * k2x + 2 * k3x + k4x)
        y = y + h / 6 * (k1y + 2 * k2y + 2 * k3y + k4y)
        z = z + h / 6 * (k1z + 2 * k2z + 2 * k3z + k4z)
    return x + y + z


def lorenz_by_hand(
    s: float, r: float, b: float, x: float, y: float, z: float, h: float, n: int
) -> tuple[float, float, float, float, float, float]:
    """The derivative with respect to `s`, `r`, `b`, `x`, `y` and `z`.

    The system is bilinear, so that its adjoint reads the states of the four stages and no slope:
    twelve numbers a step.  Saving all is faster, by an eighth, than saving the first three and
    repeating the stages.
    """
    h2 = 0.5 * h
    h3 = h / 3
    h6 = h / 6
    x_tape = [0.0] * n
    y_tape = [0.0] * n
    z_tape = [0.0] * n
    x2_tape = [0.0] * n
    y2_tape = [0.0] * n
    z2_tape = [0.0] * n
    x3_tape = [0.0] * n
    y3_tape = [0.0] * n
    z3_tape = [0.0] * n
    x4_tape = [0.0] * n
    y4_tape = [0.0] * n
    z4_tape = [0.0] * n
    for i in range(n):
        k1x = s * (y - x)
        k1y = x * (r - z) - y
        k1z = x * y - b * z

        x2 = x + h2 * k1x
        y2 = y + h2 * k1y
        z2 = z + h2 * k1z
        k2x = s * (y2 - x2)
        k2y = x2 * (r - z2) - y2
        k2z = x2 * y2 - b * z2

        x3 = x + h2 * k2x
        y3 = y + h2 * k2y
        z3 = z + h2 * k2z
        k3x = s * (y3 - x3)
        k3y = x3 * (r - z3) - y3
        k3z = x3 * y3 - b * z3

        x4 = x + h * k3x
        y4 = y + h * k3y
        z4 = z + h * k3z

        x_tape[i] = x
        y_tape[i] = y
        z_tape[i] = z
        x2_tape[i] = x2
        y2_tape[i] = y2
        z2_tape[i] = z2
        x3_tape[i] = x3
        y3_tape[i] = y3
        z3_tape[i] = z3
        x4_tape[i] = x4
        y4_tape[i] = y4
        z4_tape[i] = z4

        x += h6 * (k1x + 2 * (k2x + k3x) + s * (y4 - x4))
        y += h6 * (k1y + 2 * (k2y + k3y) + x4 * (r - z4) - y4)
        z += h6 * (k1z + 2 * (k2z + k3z) + x4 * y4 - b * z4)

    s_bar = r_bar = b_bar = 0.0
    x_bar = y_bar = z_bar = 1.0
    for i in range(n - 1, -1, -1):
        x = x_tape[i]
        y = y_tape[i]
        z = z_tape[i]
        x2 = x2_tape[i]
        y2 = y2_tape[i]
        z2 = z2_tape[i]
        x3 = x3_tape[i]
        y3 = y3_tape[i]
        z3 = z3_tape[i]
        x4 = x4_tape[i]
        y4 = y4_tape[i]
        z4 = z4_tape[i]

        # Stage 4.
        kx_bar = h6 * x_bar
        ky_bar = h6 * y_bar
        kz_bar = h6 * z_bar
        w_bar = s * kx_bar
        x4_bar = ky_bar * (r - z4) + kz_bar * y4 - w_bar
        y4_bar = w_bar - ky_bar + kz_bar * x4
        z4_bar = -ky_bar * x4 - kz_bar * b
        s_bar += kx_bar * (y4 - x4)
        r_bar += ky_bar * x4
        b_bar -= kz_bar * z4

        # Stage 3.
        kx_bar = h3 * x_bar + h * x4_bar
        ky_bar = h3 * y_bar + h * y4_bar
        kz_bar = h3 * z_bar + h * z4_bar
        w_bar = s * kx_bar
        x3_bar = ky_bar * (r - z3) + kz_bar * y3 - w_bar
        y3_bar = w_bar - ky_bar + kz_bar * x3
        z3_bar = -ky_bar * x3 - kz_bar * b
        s_bar += kx_bar * (y3 - x3)
        r_bar += ky_bar * x3
        b_bar -= kz_bar * z3

        # Stage 2.
        kx_bar = h3 * x_bar + h2 * x3_bar
        ky_bar = h3 * y_bar + h2 * y3_bar
        kz_bar = h3 * z_bar + h2 * z3_bar
        w_bar = s * kx_bar
        x2_bar = ky_bar * (r - z2) + kz_bar * y2 - w_bar
        y2_bar = w_bar - ky_bar + kz_bar * x2
        z2_bar = -ky_bar * x2 - kz_bar * b
        s_bar += kx_bar * (y2 - x2)
        r_bar += ky_bar * x2
        b_bar -= kz_bar * z2

        # Stage 1.
        kx_bar = h6 * x_bar + h2 * x2_bar
        ky_bar = h6 * y_bar + h2 * y2_bar
        kz_bar = h6 * z_bar + h2 * z2_bar
        w_bar = s * kx_bar
        x_bar += x2_bar + x3_bar + x4_bar + ky_bar * (r - z) + kz_bar * y - w_bar
        y_bar += y2_bar + y3_bar + y4_bar + w_bar - ky_bar + kz_bar * x
        z_bar += z2_bar + z3_bar + z4_bar - ky_bar * x - kz_bar * b
        s_bar += kx_bar * (y - x)
        r_bar += ky_bar * x
        b_bar -= kz_bar * z
    return s_bar, r_bar, b_bar, x_bar, y_bar, z_bar


# Five time units: long enough for the chaos to show, short enough that the same operations in two
# different orders still agree to 1e-9.
_ARGUMENTS = (10.0, 28.0, 8 / 3, 1.0, 1.0, 1.0, 0.005, 1000)

PROGRAMS = (Program("lorenz", lorenz, lorenz_by_hand, (0, 1, 2, 3, 4, 5), _ARGUMENTS),)


def run() -> None:
    """Compare and time."""
    compare(PROGRAMS)
