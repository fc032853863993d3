"""Comprehensions and generator expressions: loops inside expressions."""

import math

import numpy as np

from tests.programs import program, refused
from tests.programs.array_points import M23, V3

i = 3.0  # a global of the same name as loop variables below


@program((0.7, 4), (0.7, 0))
def sum_of_terms(x, n):
    return sum(math.sin(x * i) for i in range(n)) * x


@program((0.7, 4), (0.7, 0))
def sum_of_a_list(x, n):
    return sum([x**i for i in range(n)], 1.5 * x)


@program((0.7, 5))
def with_a_condition(x, n):
    return sum(x * i for i in range(n) if i % 2 if i != 3) + x * x


@program((0.7, 3))
def two_loops(x, n):
    return sum(math.cos(x * i) * j for i in range(n) for j in range(i + 1) if i != j)


@program((0.7, 3))
def one_in_another(x, n):
    return sum(x * sum(x * i * j for j in range(i)) for i in range(n))


@program((0.7, 1.2))
def largest(x, y):
    return max(math.sin(x * k) + y for k in range(5)) * min(y * k - x for k in range(1, 4))


@program((0.7, 0), (0.7, 3))
def largest_or_default(x, n):
    return max((x * k for k in range(n)), default=x * x) + min((k for k in range(n)), default=7)


@program((0.7,), (1.9,))
def any_and_all(x):
    if any(x * k > 3 for k in range(4)) and not all(k * x < 2 for k in range(5)):
        return x * x
    return math.sin(x)


@program((0.7, 4))
def list_that_is_indexed(x, n):
    t = [x * k for k in range(n)]
    u = [math.sin(v) for v in t]
    return t[1] * u[-1] + u[2] * len(t)


@program((0.7, 4))
def list_of_a_generator(x, n):
    t = list(x * k for k in range(n))
    return t[1] * t[2] * t[-1]


@program((V3,))
def over_an_array(x):
    return sum(v * v for v in x) * max(v for v in x)


@program((V3, 2.0))
def over_pairs(x, a):
    s = sum(a * u * v for u, v in zip(x, x[1:]))
    return s + sum(k * v**2 for k, v in enumerate(x))


@program((M23,))
def over_rows(a):
    return sum(np.sum(row * row) for row in a) + sum(row @ row * k for k, row in enumerate(a))


@program((M23,))
def sum_of_rows(a):
    s = sum(row * row for row in a)
    return np.sum(s * s)


@program((0.7, 4))
def array_of_a_comprehension(x, n):
    y = np.array([math.sin(x * k) for k in range(n)])
    return np.sum(y * y) * y[1]


@program((0.7, 4), may_refuse=True)
def array_of_a_nested_comprehension(x, n):
    y = np.array([[x ** (j + k) for j in range(2)] for k in range(2)])
    return np.sum(y @ y)


@program((0.7, 2.0))
def the_variable_has_a_name_of_the_function(x, k):
    s = sum(k * x for k in range(3)) * k
    return s + sum(x for x in (x, x * x, k)) * x


@program((0.7,))
def the_variable_has_a_name_of_a_global(x):
    s = sum(x * i for i in range(4))
    return s * i


@program((0.7, -0.4), (-0.7, 0.4))
def in_a_conditional(x, y):
    t = [x, y]
    a = sum(math.sqrt(x) * k for k in range(3)) if x > 0 else sum(math.sqrt(y) for _ in range(2))
    b = x > 0 and sum(math.log(x) * k for k in range(3))
    return a * t[0] + (b or sum(x * y for _ in t))


@program((0.7, 3))
def in_a_while_test(x, n):
    while sum(x**k for k in range(n)) < 20:
        x = x * 1.5
        if x > 9:
            continue
        x = x + 0.1
    return x * x


@program((0.7, 3))
def in_a_loop(x, n):
    s = x
    for j in range(n):
        s = s + sum(math.sin(s * k) for k in range(j))
    return s


def bumps(u, c):
    u[0] = u[0] * c
    return u[0]


@program((V3, 0.7))
def the_order_of_what_is_written(x, c):
    y = x.copy()
    return bumps(y, c) * sum(v * v for v in y) + y[0] * sum(bumps(y, v) for v in x) + y[0]


@program((0.7, 3))
def product_of_terms(x, n):
    return math.prod(x + k for k in range(n)) * math.prod([x, 2.0])


@program((0.7, 3))
def in_an_argument_and_an_index(x, n):
    t = [x, x * x, 2.0]
    return math.sin(sum(x * k for k in range(n))) * t[sum(1 for _ in range(2))]


@program((0.7, 3))
def assigned_and_augmented(x, n):
    s = x
    s += sum(s * k for k in range(n))
    s *= max(s * k for k in range(n))
    a, b = sum(s * k for k in range(2)), s
    return a * b


@program((0.7,), order=1)
def a_list_made_of_itself(x):
    t = [x, x * x]
    t = [v * 2 for v in t]
    t = [v * v + t[0] for v in t]
    t.append(x)
    return t[0] * t[1] * sum(t)


@program((0.7,))
def assigns_inside(x):
    s = sum((y := x * k) for k in range(3))
    return s * y


@refused((0.7,), match="a generator")
def generator_that_is_kept(x):
    g = (x * k for k in range(3))
    return next(g) * x


@refused((0.7,), match="a set comprehension")
def set_of_values(x):
    return sum({x * k for k in range(3)})


@program((0.7, 3))
def largest_by_a_key(x, n):
    return max((x * k for k in range(n)), key=abs)
