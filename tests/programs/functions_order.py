"""In which order things happen where functions are handed on, made and written out."""

import math
from functools import partial, reduce

from tests.programs import program, refused
from tests.programs.array_points import V3


def written(u, i, v):
    u[i] = v
    return v


def last_written(y, p, q):
    y[2] = p
    return p * q


def applied(f, x):
    return f(x)


def given(f, a, b):
    return f(a) * b


@program((V3,))
def an_argument_that_the_body_overwrites(x):
    y = x.copy()
    f = lambda k: written(y, 0, 5.0 * y[2]) * k
    return f(y[0] * 1.0)


@program((V3,))
def an_argument_that_another_part_overwrites(x):
    y = x.copy()
    f = lambda a, k: written(y, 0, a) * k
    return f(y[2], y[0] + 0.0) * y[0]


@program((V3,))
def arguments_that_write(x):
    y = x.copy()
    return (lambda a, b: a * b * a)(y[0], written(y, 0, y[1] * 2)) + y[0]


@program((1.3,))
def arguments_in_another_order(x):
    a = x
    f = lambda p, q: q * p * p
    return f(q=(a := a * x), p=a) + given(b=(a := a + x), f=lambda y: y * a, a=a * a)


@program((V3,))
def a_default_before_a_write(x):
    y = x.copy()
    f = lambda k, d=y[0]: k * d
    y[0] = 4.0 * x[1]
    return f(y[0])


@program((V3,))
def a_default_that_is_an_array(x):
    y = x.copy()
    f = lambda k, d=y: k * d[0]
    y[0] = 4.0 * x[1]
    y = 2 * y
    return f(y[0])


@program((V3,))
def a_partial_argument_that_is_an_array(x):
    y = x.copy()
    f = partial(lambda d, k: k * d[0], y)
    y[0] = 2.5 * x[2]
    y = 3 * y
    return f(y[1])


@program((1.3,))
def a_partial_argument_bound_anew(x):
    f = partial(lambda p, q: p * q, x)
    x = x * x
    return f(x)


@program((1.3, 4), (1.3, 1))
def defaults_in_a_loop(x, n):
    total = 0.0
    for i in range(n):
        f = lambda y, i=i, a=x * i: y * i + a
        total += applied(f, x)
        x = x * 1.1
    return total


@program((1.3,))
def a_default_that_gathers(x):
    def f(y, total=[]):  # noqa: B006
        total.append(y * x)
        return sum(total)

    return f(x) * f(2.0) * f(x)


@program((1.3,))
def captures_that_change_places(x):
    a = x
    b = 2 * x
    f = lambda y: a * y - b
    first = applied(f, x)
    a, b = b, a
    return first * applied(f, x)


@program((1.3,))
def one_maker_called_twice(x):
    def times(k):
        k = k * 2
        return lambda y: y * k

    f = times(x)
    x = x * 3
    g = times(x)
    return f(x) * g(1.0) + applied(f, applied(g, x))


@program((V3,))
def an_element_read_before_the_call_that_writes_it(x):
    y = x.copy()
    total = y[0]
    for q in y[1:]:
        total = last_written(y, total, q)
    return total + y[2]


@program((V3, 3), (V3, 0))
def elements_read_before_calls_that_write_them(x, n):
    y = x.copy()
    total = 1.0
    for i in range(n):
        q = y[i] * y[2]
        total = last_written(y, math.sin(q), total + q)
    return total + y[2]


@program((V3,))
def a_reduction_that_writes(x):
    y = x.copy()
    total = reduce(lambda p, q: written(y, 0, p * q), [x[0], x[1], x[2]])
    return total * y[0]


@program((V3,))
def a_reduction_whose_target_comes_later(x):
    y = x.copy()
    y[len(y) - 1] = reduce(lambda p, q: p * q, [y[0], y[1], y[2]])
    return y[2] * y[2]


@refused((V3,), match="its steps are a loop, which cannot stand here")
def a_reduction_that_writes_what_was_read(x):
    y = x.copy()
    total = y[0] + reduce(lambda p, q: written(y, 0, p * q), [x[0], x[1], x[2]])
    return total * y[0]


@refused((V3,), match="may write what it goes over, after the first item was taken")
def a_reduction_over_what_it_writes(x):
    y = [x[0], x[1], x[2]]

    def f(p, q):
        y[2] = p
        return p * q

    return reduce(f, y) + y[2]
