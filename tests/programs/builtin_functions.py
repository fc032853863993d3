"""The builtins that are accepted, their ties and steps."""

import math

from tests.programs import program


@program((0.7,), (-0.7,), (0.0,))
def absolute(x):
    return abs(x) * 3 + x


@program((0.7,), (-0.7,))
def absolute_inside(x):
    return abs(math.sin(x) * abs(x - 1)) * x


@program((0.7, 1.2), (1.2, 0.7))
def maximum(x, y):
    return max(x, y) * x


@program((0.7, 1.2), (1.2, 0.7))
def minimum(x, y):
    return min(x, y * y) * x


@program((0.7, 0.7))
def maximum_tie(x, y):
    return max(x, y)


@program((0.7, 0.7))
def minimum_tie(x, y):
    return 3 * min(x, y)


@program((0.0,))
def relu_at_zero(x):
    return max(x, 0.0) + 2 * max(0.0, x)


@program((0.7, 0.3, 0.5), (0.1, 0.3, 0.5), (0.1, 0.8, 0.5))
def maximum_of_three(x, y, z):
    return max(x, y * y, z) * min(x, y, z * z, 2.0)


@program((0.5, 0.5, 0.5), (0.5, 0.5, 0.2))
def tie_of_three(x, y, z):
    return max(x, y, z)


@program((0.7,), (-0.7,))
def maximum_with_int(x):
    return max(x, 0) * x + min(1, x)


@program((0.7, 1.2))
def maximum_of_a_tuple(x, y):
    return max((x, y)) * min([x * x, y])


@program((0.7,))
def maximum_of_itself(x):
    return max(x, x) * min(x, x)


@program((0.7, 2.5))
def pow_builtin(x, y):
    return pow(x, y) + pow(x, 2) * pow(3, y)


@program((0.7, 2.5))
def sum_of_a_tuple(x, y):
    return sum((x, y * x, 2.0)) * sum([y, x])


@program((0.7, 2.5), may_refuse=True)
def sum_with_start(x, y):
    return sum((x, y), x * y)


@program((0.7,), (2.9,), (-2.9,))
def to_int(x):
    return x * int(x * 3) + int(x)


@program((0.7, 3))
def to_float(x, n):
    return float(x) * float(n) + float(x * x) + float(2)


@program((0.7,), (2.6,), (-1.2,))
def rounded(x):
    return x * round(x) + round(x * x, 2) * x


@program((7.3, 2.0), (-7.3, 2.0), (7.3, -2.0))
def divmod_of_floats(x, y):
    q, r = divmod(x, y)
    return q * r + x


@program((7.3, 2.0), (-7.3, 2.0), (7.3, -2.0))
def floor_division_and_modulo(x, y):
    return (x // y) * x + (x % y) * y + (x % 3) * (7 % y)


@program((0.7, 7))
def divmod_of_ints(x, n):
    q, r = divmod(n, 3)
    return x**q + x * r


@program((0.7,))
def length(x):
    return len((x, x, x)) * x * x


@program((0.7,))
def prints(x):
    print("", end="")
    y = x * x
    print("", end="")
    return y * x


@program((0.7, 5))
def clip_in_a_loop(x, n):
    y = x
    for i in range(n):
        y = max(-1.0, min(1.0, y * 1.4 - 0.2 * i))
    return y * x


@program((0.7, 0.2, 0.4))
def sorting_network(a, b, c):
    a, b = min(a, b), max(a, b)
    b, c = min(b, c), max(b, c)
    a, b = min(a, b), max(a, b)
    return a + 2 * b * b + 3 * c * c * c


@program((0.7, 1.9))
def bool_and_not(x, y):
    return x * (not x > y) + y * bool(x) + (x > y) + (x < y) * x
