"""Functions that call themselves and each other."""

import math

from tests.programs import program


@program((0.7, 0), (0.7, 1), (0.7, 4))
def power(x, n):
    if n == 0:
        return 1.0
    return x * power(x, n - 1)


@program((1.1, 9), (1.1, 0))
def fast_power(x, n):
    if n == 0:
        return 1.0
    h = fast_power(x, n // 2)
    if n % 2:
        return h * h * x
    return h * h


@program((0.7, 5), (0.7, 1), (0.7, 0))
def fibonacci(x, n):
    if n == 0:
        return math.sin(x)
    if n == 1:
        return x
    return fibonacci(x, n - 1) + 0.5 * fibonacci(x, n - 2) * x


@program((0.7, 3))
def tree_product(x, n):
    if n == 0:
        return x
    return tree_product(x * 0.9, n - 1) * tree_product(x + 0.1, n - 1)


@program((0.7, 4))
def accumulator(x, n, acc=1.0):
    if n == 0:
        return acc
    return accumulator(x, n - 1, acc * x + 0.1 * n)


@program((0.7,), (11.0,))
def until_small(x):
    if x < 1:
        return x * x
    return until_small(x / 2) + math.sin(x)


@program((0.7, 5), (0.7, 4), (0.7, 0))
def even(x, n):
    if n == 0:
        return x
    return math.sin(odd(x, n - 1)) * x


@program((0.7, 3), (0.7, 0))
def odd(x, n):
    if n == 0:
        return 2 * x
    y = even(x, n - 1)
    return y * y + x


def pair(x, n):
    if n == 0:
        return x, 1.0
    a, b = pair(x * 0.5, n - 1)
    return a * b + x, a - b * x


@program((0.7, 3))
def tuple_recursion(x, n):
    a, b = pair(x, n)
    return a * b


@program((0.7, 3))
def recursion_in_a_loop(x, n):
    s = x
    for i in range(n):
        s = s * 0.5 + power(s, i) + fibonacci(x, i)
    return s


@program((0.7, 3))
def loop_in_recursion(x, n):
    y = x
    for i in range(n):
        y = y * 0.4 + loop_in_recursion(y, n - 1 - i) * x
    return y


@program((1.3, 0.7))
def recursion_on_active_values(x, y):
    if x > 3:
        return x * y
    if y > 2:
        return x + y
    return recursion_on_active_values(x + y * y, y * x)


def integrate(a, b, depth):
    m = 0.5 * (a + b)
    if depth == 0:
        return (b - a) * math.exp(-m * m)
    return integrate(a, m, depth - 1) + integrate(m, b, depth - 1)


@program((0.2, 1.4))
def quadrature(a, b):
    return integrate(a, b, 3)


@program((0.7, 2, 2))
def nested_argument(x, n, m):
    if n == 0:
        return x * x + m
    return nested_argument(nested_argument(x * 0.5, n - 1, m), n - 1, m) * 0.3


def three_a(x, n):
    return x if n <= 0 else three_b(x * 1.1, n - 1) + x


def three_b(x, n):
    return x * x if n <= 0 else three_c(math.sin(x), n - 1) * x


def three_c(x, n):
    return x * 3 if n <= 0 else three_a(x * x, n - 1) - three_b(x, n - 2)


@program((0.7, 6))
def three_way(x, n):
    return three_a(x, n)
