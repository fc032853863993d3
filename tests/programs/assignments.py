"""Every form of assignment on names, and the aliases that they make."""

import math

from tests.programs import program
from tests.programs.array_points import V3


@program((0.7,), (-1.3,), order=3)
def chain(x):
    y = math.sin(x)
    y = y * y
    y = math.exp(y) * y
    return y


@program((0.7,))
def overwrite_the_parameter(x):
    x = x * x
    x = math.sin(x) * x
    return x * x


@program((0.7, 1.9), order=3)
def swap(x, y):
    x, y = y, x
    return x * x * y


@program((0.7, 1.9))
def swap_with_arithmetic(x, y):
    x, y = y * x, x + y * y
    x, y = x - y, y * x
    return x / (2 + y * y)


@program((0.7, 1.9, -0.4))
def rotate_three(a, b, c):
    a, b, c = b, c, a
    a, b, c = b * a, c * b, a
    return a * a + 2 * b * c + math.sin(c)


@program((0.7,))
def chained(x):
    a = b = c = x * x
    a = a + 1
    b = b * a
    return a * b * c


@program((0.7, 2.0))
def augmented(x, y):
    s = x
    s += y
    s *= x
    s -= y * s
    s /= 2 + y
    return s


@program((1.7,), (0.3,))
def augmented_power(x):
    y = x
    y **= 2
    y **= 3
    return y + x


@program((1.7, 3), (0.3, 0), (0.4, 1))
def augmented_power_by_parameter(x, n):
    x **= n
    return x * 2.0


@program((1.7, 0.6))
def augmented_by_itself(x, y):
    x += x
    x *= x
    y -= y * x
    y /= 1 + x
    return y * x


@program((7.3,), (-7.3,))
def augmented_modulo(x):
    y = x
    y %= 3
    z = x * x
    z //= 2
    return y * x + z


@program((0.7,))
def annotated(x: float) -> float:
    y: float = x * x
    z: float
    z = y * math.cos(y)
    return z


@program((0.7, 1.2, 0.1))
def nested_unpacking(a, b, c):
    (p, q), r = (a * b, b * c), a + c
    [s, (t, u)] = [p * r, (q, r * r)]
    return s * t + u


@program((0.7, 1.2))
def tuple_value(a, b):
    t = (a * b, a + b)
    p, q = t
    return p * q + t[0] * t[1]


@program((0.7,))
def alias(x):
    y = x
    z = y
    y = y * z
    return x * y * z


@program((0.7,))
def alias_kept_while_the_name_moves_on(x):
    old = x
    x = x * 3.0
    x = x * old
    return x * old


@program((0.7, 0.2), order=3)
def square_by_itself(x, y):
    z = x * x
    z = z * z
    return z * z * y


@program((0.7,))
def same_operand_everywhere(x):
    return x * x + x / x + x - x + x**2 / (x + x)


@program((0.7,))
def walrus(x):
    y = (z := x * x) * z + z
    return y * (w := y + z) * w


@program((0.7, 2.0))
def walrus_overwrites(x, y):
    # Operands are evaluated from left to right: the first x is the old one.
    return x * (x := x * y) + x * y


@program((0.7, 2.0))
def old_value_in_the_tuple(x, y):
    x, z = y * y, x
    return x * z


@program((0.7, 2.0))
def dead_code(x, y):
    a = math.exp(x) * y
    b = a * a
    a = x * y
    return a


@program((0.7, 2.0))
def unused_parameter(x, unused):
    return x * x


@program((0.7, 2.0))
def the_result_is_a_parameter(x, y):
    return y


@program((0.7, 2.0))
def the_result_is_a_constant(x, y):
    return 3.5


@program((0.7,))
def the_result_is_an_int(x):
    return 3


@program((0.7, 2.0))
def constant_after_all(x, y):
    x = 4.0
    y = x * 2
    return y


@program((0.7, 3), (0.7, -2))
def int_and_float(x, n):
    k = n * 2 + 1
    y = x * k + n / 2
    y = y + n // 2 + n % 2
    return y * n


@program((0.7, True), (0.7, False))
def bool_as_number(x, flag):
    return x * flag + (x > 0) * x + x * x


@program((0.7, 2.0))
def inplace_names_cross(x, y):
    x = x + y
    y = x - y
    x = x - y
    return x * x * y


@program((0.7,))
def a_long_line(x):
    return x + x * x + x * x * x + x + x * x + x + x * x * x * x + x + x + x * x - x - x / 2 - x * x


@program((0.7, 1.1))
def parentheses_matter(x, y):
    a = x - (y - (x - y * y))
    b = -(x**2) + (-x) ** 2 * y
    c = x / (y / (x / (y + 1)))
    return a * b * c - (x - y) * -(x + y)


@program((0.7,))
def negative_constants(x):
    return -(1.0**2) * x + (-1.0) ** 2 * x * x + (-2) ** 3 * x + x**-2 + 2**-x


@program((0.7,), order=3)
def powers(x):
    return x**0 + x**1 + x**2 + x**3 + x**0.5 + x**-1 + x**-0.5 + x**2.0


@program((0.0,), (-0.5,))
def integer_powers_at_zero(x):
    return x**0 + 2 * x**1 + 3 * x**2 + 4 * x**3


@program((0.7, 1.3), (2.0, -0.5), order=3)
def active_exponent(x, y):
    return x**y + y * 2**x + x**x


@program((1e-3, 1e5))
def large_and_small(x, y):
    return x / y + y * x * x + y


@program((0.7,))
def del_statement_free(x):
    y = x * x
    y = y * x
    z = y
    y = 1.0
    return z * y


@program((0.7,))
def one_line(x): y = x * x; y = y * x; return y  # fmt: skip  # noqa: E702


@program((0.7,))
def strings_and_docstring(x):
    """A docstring.

    With "quotes" and a \\ backslash.
    """
    message = f"never {1 + 1}"
    "a lonely string"
    return x * x


@program((0.7,))
def pass_and_ellipsis(x):
    pass
    ...
    return x * x


@program((0.7, 0.4), (1.3, -0.5))
def displays_in_displays(x, y):
    (a, [b, (c, d)]), e = (x, [y, (x * y, 2.0)]), x - y
    [(a, b), c] = [(b, a), c]
    ((d,), e), [b] = ([d * e], b), (a,)
    return a * b + c * d * e


@program((0.7, 5), (0.7, 2))
def walrus_in_a_range(x, n):
    s = 0.0
    for i in range(m := n - 2):
        s += x ** (k := i + 1) * k * m
    return s * x + m


def pair_of(t, k=2):
    return t[0] ** k * len(t), (t[1], t[0])


@program((0.7, 0.4))
def tuples_handed_on(x, y):
    t = (x, (y, 2.0))
    p = (t[0] * len(t), len(t[1]), t)
    a, u = pair_of((p[0], p[2][1][0]))
    for i in range(2):
        b, u = pair_of(u, i + 1)
        u = (u[1] * b, a)
    return p[1] * u[0] * u[1]


@program((0.7, 0.4), (1.3, -0.5))
def parts_of_divmod(x, y):
    if divmod(y, 0.3)[0] > 1:
        return x * y
    t = divmod(y, 0.3)
    return divmod(y, 0.3)[1] * x + divmod(abs(x), 0.3)[0] * y + t[0] * t[1] * x


# -- a walrus binds at once: what is read before it is older, what is read after it is newer -------


@program((0.7, 1.3))
def walrus_twice_in_a_sum(x, y):
    return (a := x * y) + (a := a * 2) * x + a


@program((0.7, 1.3))
def walrus_after_the_read(x, y):
    b = x
    z = x + (x := x * y) * x
    x += (x := x * y)
    return b * (b := b * b) * b * x * z


@program((0.7, 1.3))
def walrus_in_operands(x, y):
    a, b = x, (x := x * y)
    t = (x, (x := x * y), x)
    m = max(x, (x := x * y), x * x)
    return a * b * t[0] * t[1] * t[2] * m * -((x := x * x) ** 2) * x


@program((0.7, 1.3))
def walrus_in_both_operands_of_divmod(x, y):
    q, r = divmod((x := x * 5), (x := x * y * 0.1))
    return q * r * x


@program((0.7, 1.3), (1.3, 0.7), (-1.0, 1.0))
def walrus_in_a_chain_of_comparisons(x, y):
    ok = x < (x := y * x) > (x := x * x)
    return x * (2.0 if ok else 3.0)


@program((0.7, 1.3), (1.3, 0.7), (-1.0, 1.0))
def chain_that_ends_early(x, y):
    k = 0
    if 0.0 < (k := k + 1) < 2 > (k := k + 10 * x) != (y := x * y) and (y := y * y) > 0.0:
        return k * x * y
    return x * x * k * y


@program((0.7, 3), (1.3, 0), (0.9, 4))
def chain_that_ends_a_loop(x, n):
    s = x
    while 0 <= (n := n - 1) < 10 and s < (s := s * 1.5) < 100:
        s = s * x
    return s * n


@program((V3, 1))
def walrus_beside_an_element(x, i):
    z = x * 1.0
    z[i] += z[(i := i + 1)] * z[i]
    z[i] *= z[(i := i - 2)]
    z[(i := i + 1)] = z[i - 1] * z[i]
    z[i] += (z := z * 2.0)[i]
    return (z * x).sum()
