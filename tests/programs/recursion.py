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


@program((0.7, 3), (1.3, 3), (0.2, 4), (0.7, 0))
def breaks_out_of_a_loop(x, n):
    if n == 0:
        return x * x
    s = x
    for i in range(n):
        s = s * s + 0.3 * i
        if s > 1.2:
            break
    return s * breaks_out_of_a_loop(x * 0.9, n - 1)


@program((0.7, 3), (1.3, 3), (0.7, 0))
def returns_from_a_loop(x, n):
    if n == 0:
        return math.sin(x)
    s = x
    for i in range(n):
        s = s * x + 0.4
        if s > 1.2:
            return s * returns_from_a_loop(s * 0.5, n - 1) + i
    return s + returns_from_a_loop(x * 0.9, n - 1) * x


@program((0.7, 3), (1.3, 3))
def recurs_in_a_loop_that_breaks(x, n):
    if n == 0:
        return x
    s = x
    for i in range(n + 1):
        s = s * recurs_in_a_loop_that_breaks(x * 0.8 + 0.1 * i, n - 1) + math.sin(s)
        if s > 1.0:
            break
        s = s * 1.1
    return s * s


@program((0.7, 3), (1.3, 2))
def leaves_a_while(x, n):
    if n == 0:
        return x
    s = x
    k = 0
    while s < 4.0:
        k += 1
        s = s * 1.5 + 0.1 * leaves_a_while(s * 0.2, n - 1)
        if k > 4:
            break
        if s > 2.5:
            return s * x
        s = s + x
    return s * s * leaves_a_while(x * 0.5, n - 1)


@program((0.7, 3), (1.3, 3), (0.7, 1), (0.3, 2))
def leaves_nested_loops(x, n):
    if n <= 0:
        return x * 0.5
    s = x
    for i in range(n):
        for j in range(3):
            s = s * x + 0.2 * j
            if s > 1.1:
                break
            if s < 0.1:
                return s * i + j
        else:
            s = s * 0.7
            continue
        s = math.sin(s) + leaves_nested_loops(s * 0.3, n - 2)
        if s > 1.5:
            return s * s
    return s * x


@program((0.7, 3), (1.3, 4))
def index_of_the_break(x, n):
    if n == 0:
        return x
    i = 7
    s = x
    for i in range(2, 9, 2):
        s = s * x + 0.1 * i
        if s > 0.9:
            break
    t = index_of_the_break(x * 0.9, n - 1)
    return s * i + t * t


@program((0.7, 3), (1.3, 4), (2.5, 2))
def breaks_in_the_first_trip(x, n):
    for i in range(n):
        if x > 2:
            break
        x = x * x + 0.4
        break
    else:
        return x
    return x * breaks_in_the_first_trip(x * 0.3, n - 1)


def left(x, n):
    if n <= 0:
        return x, 1.0
    a = x
    for i in range(5):
        a = a * a * 0.9 + 0.2
        if a > 0.75:
            break
        if a < 0.3:
            return a, x
    p, q = right(a, n - 1)
    return p * a, q + x * a


def right(x, n):
    if n <= 0:
        return x * x, x
    t = x
    for i in range(4, -1, -1):
        t = math.cos(t) * x
        p, q = left(t, n - 2)
        t = t + p * q
        if i * t > 1.0:
            break
    return t, t * x + i


@program((0.7, 3), (1.3, 4), (0.4, 3))
def mutual_with_several_results(x, n):
    p, q = left(x, n)
    r, s = right(q, n)
    return p * q + r * s


@program((0.7, 4))
def saves_nothing(x, n):
    if n == 0:
        return 2 * x
    return 0.5 * saves_nothing(x, n - 1) + x


@program((0.7, 3))
def recursion_with_a_list(x, n):
    if n == 0:
        return x
    q = [0.0] * 2
    q[0] = x * x
    q[1] = x
    return recursion_with_a_list(q[0] * q[1], n - 1)


def _with_a_list(x, u, depth):
    items = [x * u, math.sin(u)]
    if depth <= 0:
        return math.tanh(x)
    b = _with_a_list(items[0] + items[1], u, depth - 1)
    return math.sin(b) * len(items)


@program((0.7, 0.4, 0), (0.7, 0.4, 2), order=1)
def a_list_in_a_recursion(x, u, n):
    return _with_a_list(x, u, n)


def _with_lists(x, u, depth):
    if depth <= 0:
        return math.tanh(x)
    items = [x * u, math.sin(u)]
    if depth == 1:
        items.append(x)
    b = _with_lists(items[0] + items[1], u, depth - 1)
    for item in items:
        b += item
    return b * 2


@program((0.7, 0.4, 0), (0.7, 0.4, 2))
def a_list_in_a_branch_of_a_recursion(x, u, n):
    return _with_lists(x, u, n)
