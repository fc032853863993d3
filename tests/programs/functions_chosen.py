"""Functions that branches choose: by a test, by a string, or because none is given."""

import math
from functools import partial

import numpy as np

from tests.programs import program, refused
from tests.programs.array_points import V3


def applied(f, x):
    return f(x)


def square(x):
    return x * x


def layer(x, act=None):
    if act is None:
        act = math.tanh
    return act(x) * x


def layer_of_two(x, act=None, g=None):
    if act is None and g is None:
        return x
    if act is None:
        act = g
    return act(x)


def layer_or(x, act=None):
    act = act or math.tanh
    return act(x) * x


def layer_where_given(x, act=None):
    return act(x) if act is not None else x


def layer_if_given(x, act=None):
    if act is not None:
        x = act(x)
    return x * x


@program((1.3,), (0.3,))
def a_chain_of_tests(x):
    if x > 1:
        f = square
    elif x > 0.5:
        f = math.sin
    elif x > 0.2:
        f = lambda y: y * x
    else:
        f = math.cos
    x = x * x
    return f(x) * applied(f, x)


@program((1.3,), (0.3,))
def two_names_at_once(x):
    if x > 1:
        f = square
        g = math.sin
    else:
        g = square
        f = math.sin
    return f(x) - 2 * g(x)


@program((1.3, True), (0.3, False))
def a_default_and_a_branch(x, flag):
    f = math.sin
    if flag:
        f = square
    flag = not flag
    return f(x)


@program((1.3,), (0.3,))
def another_branch_returns(x):
    if x > 1:
        f = square
    else:
        return x**3
    return f(x)


@program((1.3,), (0.3,))
def the_branch_itself_returns(x):
    f = math.sin
    if x > 1:
        f = square
        return f(x)
    return f(x)


@program((1.3,), (0.3,))
def another_branch_raises(x):
    if x > 0:
        f = square
    else:
        raise ValueError("x")
    return f(x)


@program((1.3, 4), (1.3, 0))
def bound_before_continue(x, n):
    t = 0.0
    for i in range(n):
        f = math.sin
        if i == 2:
            f = square
            continue
        t += f(x)
    return t


@program((1.3, 4))
def used_after_the_loop(x, n):
    for i in range(n):
        if i == 2:
            f = square
        else:
            f = math.sin
    return f(x)


@program((1.3, 3))
def used_after_a_break(x, n):
    for i in range(n):
        if i == 2:
            f = square
        else:
            f = math.sin
        if i == 1:
            break
    return f(x)


@program((1.3,), (0.3,))
def partial_in_branches(x):
    if x > 1:
        f = partial(lambda a, b: a * b, x * x)
    else:
        f = partial(lambda a, b: a - b, 2 * x)
    return f(x)


@program((1.3,), (0.3,))
def defaults_in_branches(x):
    if x > 1:
        a = x * x
        f = lambda y, k=a: y * k
        a = 3 * a
    else:
        f = lambda y, k=2 * x: y + k
        a = 1.0
    return f(x) * a


@program((V3, 1), (V3, 2))
def a_list_that_is_empty_no_more(x, n):
    acc = []
    if acc:
        f = np.sum
    else:
        f = np.prod
    acc.append(1.0)
    return f(x)


@program((V3,))
def a_test_of_what_is_written_later(x):
    y = x.copy()
    if y[0] > 0:
        f = np.sum
    else:
        f = np.prod
    y[0] = -1.0
    return f(x * y)


@program((1.3, "square"), (1.3, "sin"), (1.3, "other"))
def by_a_string(x, name):
    if name == "square":
        f = square
    elif name == "sin":
        f = math.sin
    elif name in ("tan", "other"):
        f = math.tan
    else:
        raise ValueError(name)
    return f(x) * f(2 * x)


@program((1.3, "square"), (1.3, "sin"))
def by_a_string_bound_anew(x, name):
    if name == "square":
        f = square
    else:
        f = math.sin
    name = "square"
    return f(x) + len(name)


@program((1.3,))
def unless_one_is_given(x):
    return layer(x) + layer(x, square) + layer(x, act=lambda y: y * x) + layer(x, None)


@program((1.3,))
def or_another(x):
    return layer_or(x) + layer_or(x, square) + layer_or(x, act=lambda y: y * x)


@program((1.3,))
def where_one_is_given(x):
    return (
        layer_where_given(x)
        + layer_where_given(x, square)
        + layer_where_given(x, act=lambda y: y * x)
    )


@program((1.3,))
def applied_where_one_is_given(x):
    return layer_if_given(x) + layer_if_given(x, square) + layer_if_given(x, act=lambda y: y * x)


@program((1.3,))
def one_of_two_that_may_be_given(x):
    return (
        layer_of_two(x)
        + layer_of_two(x, square)
        + layer_of_two(x, g=math.sin)
        + layer_of_two(x, square, math.sin)
    )


@program((1.3, None))
def a_parameter_that_is_none(x, act=None):
    if act is None:
        act = square
    return act(x) * applied(act, x)


@program((1.3, None))
def a_parameter_or_another(x, act=None):
    act = act or square
    return act(x)


@program((1.3, None))
def a_parameter_that_is_none_captured(x, act=None):
    if act is None:
        act = lambda y: y * x
    x = 2 * x

    def g(z):
        return act(z) * z

    return g(x)


@program((1.3,))
def branches_in_branches(x):
    if x > 1:
        if x > 1.2:
            f = square
        else:
            f = math.sin
    else:
        if x < 0.5:
            f = math.cos
        else:
            f = math.tan
    return f(x)


@program((1.3,), (0.3,))
def one_function_on_both_paths(x):
    if x > 1:
        f = square
        y = x
    else:
        f = square
        y = 2 * x
    return f(y)


@program((1.3,), (0.3,))
def captured(x):
    if x > 1:
        f = square
    else:
        f = math.sin

    def g(y):
        return f(y) * x

    h = lambda y: f(g(y))
    return applied(h, x)


@program((1.3,), (0.3,))
def captured_and_chosen_anew(x):
    if x > 1:
        f = square
    else:
        f = math.sin

    def g(y):
        return f(y) * x

    t = g(x)
    if x > 1:
        f = math.sin
    else:
        f = math.cos
    return t * g(x)


@program((1.3, 3), (0.3, 3))
def captured_in_a_recursion(x, n):
    if x > 1:
        f = square
    else:
        f = math.sin

    def r(m):
        return x if m == 0 else f(r(m - 1))

    return r(n)


@program((1.3, 3), (0.3, 3))
def asked_in_the_test_of_a_loop(x, n):
    if x > 1:
        f = square
    else:
        f = math.sin
    t = x
    while f(t) < 2 and n > 0:
        t = t * 1.5
        n -= 1
    return t * f(t)


@program((1.3, 3), (1.3, 0))
def chosen_in_each_trip(x, n):
    t = x
    while n > 0:
        if n % 2:
            f = math.sin
        else:
            f = square
        t = f(t) + x
        n -= 1
    return t


def layer_unless_callable(x, act=None):
    if not callable(act):
        act = square
    return act(x)


@program((1.3,))
def unless_one_is_callable(x):
    return layer_unless_callable(x) + layer_unless_callable(x, math.sin)


@refused((1.3, 4), match="which function is meant is not known: a loop binds it")
def bound_before_a_break(x, n):
    f = math.sin
    for i in range(n):
        if i == 2:
            f = square
            break
    return f(x)


@refused((1.3, 2), match="a branch binds it, and another one does not")
def bound_on_one_path(x, n):
    if n > 1:
        f = square
    return f(x)


@refused((1.3, 0.0), match="act")
def a_number_or_a_function(x, act):
    act = act or square
    return act(x)


def of_two(f, g, x):
    return f(x) - 2 * g(x)


@program((1.1, 0.3), (0.3, 1.1))
def defaults_of_one_branch_handed_on(x, y):
    total = 0.0
    for i in range(3):
        if x > y:
            f = square
        else:
            f = lambda z, k=i * x: z * k
        total += applied(f, y)
        x, y = y, x
    return total


@program((1.1, 0.3), (0.3, 1.1))
def captures_of_one_branch(x, y):
    if x > y:
        a = x

        def f(z):
            return z * a
    else:
        b = y * y

        def f(z):
            return z + b

    return applied(f, x) * y + f(y) + of_two(f, f, x)


@program((1.1, 0.3), (0.3, 1.1))
def captures_bound_in_both_branches(x, y):
    if x > y:
        a = x
        f = lambda z: z * a
    else:
        a = y * y
        f = lambda z: z - a
    return applied(f, y) + applied(lambda z: f(z) * a, x)


@refused((1.1, 0.3), match="`a` may have no value where it is handed on with it")
def captures_of_one_branch_captured(x, y):
    if x > y:
        a = x

        def f(z):
            return z * a
    else:
        f = square

    def g(z):
        return f(z) * 2

    return g(x)
