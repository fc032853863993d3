"""`nonlocal`: variables that nested functions assign, and what they are afterwards."""

import functools
import math

import numpy as np

import srcad
from tests.programs import program, refused
from tests.programs.array_points import V3 as V


@program((0.7,), order=1)
def a_counter(x):
    n = 0

    def f(y):
        nonlocal n
        n += 1
        return y * x + n

    a = f(x)
    b = f(a)
    return b * n


@program((0.7, 3), order=1)
def an_accumulator(x, k):
    s = 0.0

    def add(v):
        nonlocal s
        s += v * v

    for i in range(k):
        add(x + i)
    return s * x


@program((V,), order=1)
def an_array_bound_anew(x):
    t = x * 2

    def step(c):
        nonlocal t
        t = t * c + x

    step(2.0)
    step(x[0])
    return np.sum(t * t)


@program((0.7,))
def two_variables(x):
    a = x
    b = 1.0

    def inner(v):
        nonlocal a, b
        a = a * v
        if a > 1:
            b = a * b
            return b
        b = b + v
        return a

    r = inner(2.0) + inner(3.0)
    return r * a * b


@program((0.7,))
def what_is_read_before_stays(x):
    s = x

    def nxt():
        nonlocal s
        s = s * x + 1
        return s

    return s + nxt() * s + nxt()


@program((0.7,), order=1)
def through_two_functions(x):
    s = x

    def outer(v):
        def inner(w):
            nonlocal s
            s = s + v * w

        inner(2.0)
        inner(v)

    outer(x)
    return s * s


@program((0.7,), order=1)
def a_counter_that_is_made(x):
    def make():
        n = 0.0

        def nxt():
            nonlocal n
            n = n + x
            return n

        return nxt

    c = make()
    a = c()
    b = c()
    return a * b


@program((0.7,), order=1)
def added_to_itself(x):
    s = x

    def f(v):
        nonlocal s
        s = s * v + 1
        return s

    s += f(x)
    t = s
    t += f(2.0)
    return s * t


@program((0.7,), order=1)
def on_some_paths(x):
    n = 0.0

    def f(v):
        nonlocal n
        if v > 1:
            n = n + v
            return v * n
        elif v > 0.5:
            n = n * x + 1
            return n
        return v

    a = f(x)
    b = f(2.0)
    c = f(0.1)
    return a * b * c + n


@program((0.7,), order=1)
def returns_nothing_early(x):
    n = 1.0

    def f(v):
        nonlocal n
        if v > 1:
            return
        n = n * v

    f(x)
    f(2.0)
    f(x * x)
    return n


def apply(g, v):
    return g(v) * g(v + 1)


@program((0.7,), order=1)
def handed_to_another_function(x):
    n = 1.0

    def f(v):
        nonlocal n
        n = n * v + x
        return n

    a = apply(f, x)
    return a * n


def each_of(g, n):
    for i in range(n):
        g(i * 1.0)


@program((0.7, 3), order=1)
def called_in_a_loop_elsewhere(x, k):
    n = 1.0

    def f(v):
        nonlocal n
        n = n * x + v

    each_of(f, k)
    return n * n


@program((0.7, 5))
def in_the_test_of_a_while(x, k):
    n = 0
    y = x

    def more():
        nonlocal n
        n += 1
        return n < k

    while more():
        y = y * x + n
    return y


@program((0.7,), order=1)
def in_tests_and_conditionals(x):
    n = 1.0

    def f(v):
        nonlocal n
        n = n * v
        return n

    if f(x) > 0.5:
        y = f(2.0)
    elif f(3.0) > 1:
        y = 1.0
    else:
        y = x
    z = f(x) if y > 0 else 0.0
    return y * z * n


@program((0.7,), order=1)
def recursion_that_collects(x):
    s = 0.0

    def visit(k, v):
        nonlocal s
        if k == 0:
            return
        s = s + v * v
        visit(k - 1, v * x)
        visit(k - 1, v + x)

    visit(3, x)
    return s


@program((V,))
def an_array_changed_in_place(x):
    t = x * 1.0

    def add(c):
        nonlocal t
        t += c * x
        return t

    u = t * 2 + add(2.0) + t
    return np.sum(u * t)


@program((0.7,), order=1)
def two_of_them_are_made(x):
    def make(step):
        n = 0.0

        def nxt(v):
            nonlocal n
            n = n + step * v
            return n

        return nxt

    a = make(x)
    b = make(2.0)
    return a(x) * b(x) + a(1.0) * b(3.0)


@refused((0.7,), match="`nonlocal")
def perhaps_called(x):
    n = 1.0

    def f(v):
        nonlocal n
        n = n * v
        return n

    y = x > 1 and f(2.0)
    return n * x


@program((0.7,), order=1)
def called_by_a_lambda(x):
    n = 1.0

    def f(v):
        nonlocal n
        n = n * v + x
        return n

    g = lambda a: f(a) * 2
    y = g(x)
    return g(y) + n


@refused((0.7,), match="`nonlocal")
def in_a_comprehension(x):
    n = 1.0

    def f(v):
        nonlocal n
        n = n * v + x
        return n

    t = [f(i + 1.0) for i in range(3)]
    return sum(t) * n


@program((0.7,), order=1)
def mapped_in_a_loop(x):
    n = 1.0

    def f(v):
        nonlocal n
        n = n * v + x
        return n

    s = 0.0
    for w in map(f, [x, 2.0, 3.0]):
        s += w * n
    return s


@refused((0.7,), match="`nonlocal")
def one_of_two_functions(x):
    n = 1.0

    def f(v):
        nonlocal n
        n = n * v
        return n

    def g(v):
        return v * n

    h = f if x > 0 else g
    y = h(x)
    return y * n


@program((0.7,), order=1)
def read_by_another_function(x):
    n = x

    def g():
        return n * 2

    def f(v):
        nonlocal n
        n = n * v + 1
        return n

    return g() * f(3.0) + g() * f(g()) + g()


@refused((0.7,), match="`nonlocal")
def differentiated_inside(x):
    n = x

    def f(v):
        nonlocal n
        n = n * v + 1
        return n

    return srcad.grad(f)(x) + n


@program((0.7,), order=1)
def a_parameter_that_was_none(x, n=None):
    def f(v):
        nonlocal n
        n = v * x
        return v

    a = f(x)
    if n is None:
        return a
    return a * n


@program((0.7,), order=1)
def a_default_is_kept(x):
    n = x

    def f(v):
        nonlocal n
        n = n * v + 1
        return n

    g = lambda a, k=n: a * k
    b = f(2.0)
    return g(x) * b


@program((0.7,), order=1)
def a_default_is_kept_of_a_parameter(x):
    def f(v):
        nonlocal x
        x = x * v + 1
        return x

    g = lambda a, k=x: a * k
    b = f(2.0)
    return g(x) * b


@program((0.7,), order=1)
def as_what_is_appended(x):
    t = []
    n = x

    def f(v):
        nonlocal n
        n = n * v + 1
        return n

    t.append(f(2.0))
    t.append(n)
    t.append(f(x) * n)
    return t[0] * t[1] * t[2]


@refused((V,), match="`nonlocal")
def in_a_target(x):
    y = x * 1.0
    k = 0

    def nxt():
        nonlocal k
        k += 1
        return k

    y[nxt()] = 2.0 * x[0]
    y[nxt() - 1] *= x[2]
    return np.sum(y * y)


@program((0.7,), order=1)
def in_a_reduction(x):
    n = 1.0

    def f(a, b):
        nonlocal n
        n = n * x
        return a * n + b

    s = functools.reduce(f, [x, 2.0, 3.0])
    return s * n


@program((0.7,), order=1)
def assigned_after_the_def(x):
    def f(v):
        nonlocal n
        n = v * x

    n = 0.0
    f(x)
    return n


@program((0.7,), order=1)
def a_variable_of_that_name_between(x):
    n = x

    def outer(v):
        n = v * 2

        def inner(w):
            nonlocal n
            n = n * w

        inner(x)
        return n

    return outer(3.0) * n


@program((0.7,), order=1)
def as_a_key(x):
    n = 0

    def key(v):
        nonlocal n
        n += 1
        return -v

    m = max([x, x * x, 2 * x], key=key)
    return m * n


@program((0.7,), order=1)
def with_a_first_argument(x):
    n = x

    def f(a, b):
        nonlocal n
        n = n * a
        return n * b

    g = functools.partial(f, 2.0)
    y = g(x)
    return y + g(n)


@program((0.7,), order=1)
def among_arguments(x):
    n = x

    def f(a):
        nonlocal n
        n = n * a
        return n

    y = math.sin(f(2.0)) * max(n, f(3.0)) - f(n)
    return y


def _counting():
    n = 0.0

    def counted(g, x):
        nonlocal n
        n = n + g(x)
        return n

    return counted


counted = _counting()


@refused((0.7,), match="`nonlocal n`: the function assigns it, and what outlives")
def a_variable_that_outlives_the_call(x):
    return counted(lambda v: v * x, x)
