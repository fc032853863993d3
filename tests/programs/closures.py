"""Nested functions and lambdas, and the variables that they capture."""

import math

import numpy as np

from tests.programs import program, refused
from tests.programs.array_points import V3

k = 2.5  # a global of the name of variables below


@program((1.3,))
def captured(x):
    def g(y):
        return y * x

    return g(3.0 * x) + g(2.0)


@program((1.3,))
def bound_late(x):
    def g(y):
        return y * a

    a = x * x
    first = g(x)
    a = math.sin(a)
    return first + g(x) * 2


@program((1.3, 4), (1.3, 0))
def bound_late_in_a_loop(x, n):
    def g(y):
        return y * a + i

    a = x
    total = 0.0
    for i in range(n):
        total += g(x)
        a = a * x
    return total


@program((1.3,))
def default_is_of_the_definition(x):
    a = x * x
    g = lambda y, b=a: y * b * a
    a = x + 1
    return g(x) + g(x, 2.0)


@program((1.3,))
def default_of_a_def(x):
    def g(y, *, b=x * 3, c=2.0):
        return y * b**c

    x = x * x
    return g(x) + g(x, c=3.0) + g(x, b=x)


@program((1.3, 5), (1.3, 0))
def recursion(x, n):
    def power(m):
        if m == 0:
            return 1.0
        return x * power(m - 1)

    return power(n)


@program((1.3, 4))
def mutual_recursion(x, n):
    def even(m):
        return x if m == 0 else odd(m - 1) * x

    def odd(m):
        return math.sin(even(m - 1))

    return even(n)


@program((0.7, 3))
def recursive_lambda(x, n):
    f = lambda m: 1.0 if m == 0 else x * f(m - 1) + m
    return f(n)


@program((1.3,))
def two_levels(x):
    def outer(y):
        def inner(z):
            return x * y * z

        return inner(y) + inner(x)

    return outer(x * x)


@program((1.3,))
def sibling_calls(x):
    a = x * x

    def g(y):
        return y * a

    def h(y):
        return g(y) * g(a) + y

    return h(x)


@program((1.3,))
def capture_hidden_by_a_local(x):
    a = x * 2

    def g(y):
        return y * a

    def h(y):
        a = 3.0 * y
        return g(y) * a

    return h(x)


@program((1.3,))
def capture_hidden_by_a_parameter(x):
    a = x * 2

    def g(y):
        return y * a

    def h(a):
        return g(a) * a * a

    return h(x)


@program((1.3,))
def global_hidden_by_a_variable(x):
    k = x * x

    def g(y):
        return y * k

    return g(x)


def uses_the_global(y):
    return y * k


@program((1.3,))
def global_of_a_function_beside(x):
    k = x * x
    f = uses_the_global
    return f(x) * k


@program((1.3, 3))
def comprehension_hides_what_is_captured(x, n):
    a = x * x

    def g(y):
        return y * a

    return sum(g(x) * a for a in range(n)) + a


@program((1.3, 3))
def lambda_in_a_comprehension(x, n):
    return sum((lambda y: y * i * x)(x) for i in range(n))


@program((1.3,))
def lambda_called_at_once(x):
    return (lambda y, z: y * z + x)(x * x, math.sin(x))


@program((1.3,))
def argument_used_twice(x):
    square = lambda y: y * y
    return square(math.sin(x)) + square(square(x))


@program((1.3,), (-1.3,))
def lambda_with_a_branch(x):
    f = lambda y: y * x if y > 0 else -y
    return f(x) + f(x * x - 2)


@program((1.3,))
def redefined(x):
    def g(y):
        return y * x

    first = g(x)

    def g(y):
        return y + x

    return first * g(x)


@program((1.3, 1), (1.3, 4))
def same_name_in_a_branch_with_its_call(x, n):
    if n > 2:

        def g(y):
            return y * x

        z = g(2.0)
    else:
        g = lambda y: y - x * x
        z = g(3.0)
    return z * x


@program((1.3,))
def several_returns(x):
    def g(y):
        if y > 1:
            return y * x
        return y / x

    return g(x) + g(x - 1)


@program((1.3,))
def two_results(x):
    def polar(r, t):
        return r * math.cos(t) * x, r * math.sin(t)

    a, b = polar(x, x * x)
    return a * b


@program((V3,))
def captures_an_array(x):
    def term(i):
        return x[i] * x[i - 1]

    total = 0.0
    for i in range(len(x)):
        total += term(i) * term(0)
    return total


@program((V3,))
def writes_a_local_array(x):
    def cumulated(y):
        z = y.copy()
        for i in range(1, len(z)):
            z[i] = z[i] * z[i - 1] + x[0]
        return z

    return np.sum(cumulated(x * x))


@program((V3,))
def writes_what_it_captures(x):
    y = x * x

    def scale(i, by):
        y[i] = y[i] * by

    scale(0, x[1])
    scale(1, 2.0)
    return np.sum(y * x)


@program((V3,), may_refuse=True)
def captures_and_is_given_one_array(x):
    y = x * x

    def blend(z):
        z[0] = z[1] * y[2]
        return y[0] * 2

    return blend(y) + np.sum(y)


@program((1.3, 3))
def called_without_a_derivative(x, n):
    def double(m):
        return 2 * m

    return x ** double(n)


@program((1.3,))
def named_as_the_temporaries(x):
    def w1(w2):
        return w2 * x

    w3 = w1(x)
    return w1(w3)


@program((1.3,))
def after_a_call_of_the_same_name(x):
    g = lambda y: y * x
    g = g(x)
    return g * g


@program((1.3,))
def never_called(x):
    def g(y):
        yield y

    return x * x


@program((1.3,))
def counts(x):
    total = 0.0

    def add(y):
        nonlocal total
        total = total + y * x
        return total

    add(x)
    return add(x)


@program((1.3, 1), (1.3, 3))
def chosen_by_a_branch(x, n):
    if n > 2:
        g = lambda y: y * x
    else:
        g = lambda y: y + x
    return g(x)


@refused((1.3, 3), match="which function is meant is not known")
def rebound_in_a_loop(x, n):
    g = lambda y: y * x
    total = 0.0
    for i in range(n):
        total += g(x)
        g = lambda y: y + x * i  # noqa: B023
    return total


@refused((1.3,), match="only calls of it are followed")
def kept_in_a_list(x):
    fs = []
    fs.append(lambda y: y * x)
    return fs[0](x)


@refused((1.3,), match="decorator of a nested")
def decorated(x):
    def twice(f):
        return lambda y: f(f(y))

    @twice
    def g(y):
        return y * x

    return g(x)


@refused((1.3,), match="yield")
def generates(x):
    def g(y):
        yield y

    return sum(g(x))


@refused((1.3,), match="missing")
def called_with_too_few(x):
    def g(y, z):
        return y * z * x

    return g(x)


@refused((1.3,), match="a recursion without end")
def another_function_at_each_step(x):
    def fold(f, t, n):
        return t if n == 0 else fold(lambda y: f(y) * x, f(t), n - 1)

    return fold(lambda y: y + x, x, 2)
