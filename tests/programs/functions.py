"""Functions as arguments and as results; starred arguments; partial, map, filter and reduce."""

import functools
import math
from functools import partial, reduce

import numpy as np

from tests.programs import program, refused
from tests.programs.array_points import V3


def square(y):
    return y * y


def product(x, y):
    return x * y


def applied(f, x):
    return f(x)


def twice(f, x):
    return f(f(x))


def newton(f, slope, x, n):
    for _ in range(n):
        x = x - f(x) / slope(x)
    return x


def simpson(f, a, b, n=4):
    h = (b - a) / n
    total = f(a) + f(b)
    for i in range(1, n):
        total += f(a + i * h) * (4 if i % 2 else 2)
    return total * h / 3


def steps(f, x, n):
    if n == 0:
        return x
    return steps(f, f(x), n - 1)


def scaled_by(a):
    b = a * a

    def inner(y):
        return b * y + a

    return inner


def composed(f, g):
    return lambda x: f(g(x))


def total_of(x, *rest):
    total = x
    for each in rest:
        total = total * each
    return total


def first_of(*args):
    return args[0] * args[1]


def passed_on(*args, **kwargs):
    return keywords(*args, **kwargs)


def keywords(x, /, y, *, z=2.0):
    return x * y**z


def options(x, **named):
    return x * named["a"] + named["b"]


def logged(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        return f(*args, **kwargs)

    return wrapper


def doubled(f):
    @functools.wraps(f)
    def wrapper(*args):
        return 2 * f(*args)

    return wrapper


@logged
def decorated_product(x, y):
    return x * y


@doubled
@logged
def decorated_twice(x):
    return x * x


@functools.lru_cache
def remembered(x):
    return x * x


@program((1.3,))
def a_function_of_the_file(x):
    return applied(square, x) * twice(square, x)


@program((0.7,))
def a_function_of_a_library(x):
    return applied(math.sin, x) + twice(np.cos, x)


@program((1.3,))
def a_lambda(x):
    return applied(lambda y: y * x * x, x)


@program((1.3,))
def by_keyword(x):
    return applied(x=x, f=lambda y: y * x)


@program((2.5,))
def root_of_a_lambda(a):
    return newton(lambda x: x * x - a, lambda x: 2 * x, a, 8)


@program((0.7, 1.9))
def integral(a, b):
    return simpson(lambda t: math.exp(-a * t * t), a, b) + simpson(math.sin, a, b, 2)


@program((0.7, 3), (0.7, 0))
def handed_on_in_a_recursion(x, n):
    return steps(lambda y: y * x + 1, x, n)


@program((0.7,))
def one_function_two_captures(x):
    a = x * x
    first = applied(lambda y: y * a, x)
    a = math.sin(a)
    return first * applied(lambda y: y * a, x)


@program((0.7,))
def a_lambda_in_a_lambda(x):
    return applied(lambda y: applied(lambda z: y * z * x, y), x)


@program((0.7,))
def named_as_a_parameter_there(x):
    f = lambda n: n * x
    n = x * x
    return steps(lambda y: f(y) * n, x, 2)


@program((0.7,))
def returned(x):
    f = scaled_by(x)
    return f(x) * scaled_by(2.0)(x)


@program((0.7,))
def returned_twice(x):
    f = scaled_by(x)
    g = f
    f = scaled_by(x * 3)
    return f(x) * g(x)


@program((0.7,))
def composition(x):
    f = composed(math.sin, lambda t: t * x)
    return f(x)


@program((0.7,))
def returned_of_a_nested_one(x):
    def scaled(a):
        return lambda y: a * y * x

    return scaled(x)(x) + scaled(3.0)(x)


@program((0.7, 3))
def returned_in_a_loop(x, n):
    total = 0.0
    for i in range(n):
        f = scaled_by(x * i)
        total += f(x)
    return total


@program((0.7,))
def bound_first_argument(x):
    f = partial(product, x)
    x = x * x
    return f(x) + f(y=3.0)


@program((0.7,))
def bound_keyword(x):
    f = functools.partial(keywords, z=3.0)
    return f(x, x * x) + f(x, y=2.0, z=x)


@program((0.7,))
def bound_and_handed_on(x):
    return applied(partial(product, x * 2), x) + applied(partial(partial(keywords, x), z=3.0), x)


@program((0.7,))
def in_a_tuple(x):
    fs = (math.sin, lambda t: t * x, square)
    total = fs[1](x)
    for f in fs:
        total += f(x) * x
    return total


@program((0.7, 1), (0.7, 4))
def chosen_by_a_test(x, n):
    f = math.sin if n > 2 else lambda y: y * x
    n = 7
    return f(x) * f(2 * x) + n


@program((0.7,))
def unpacked(x):
    f, g = math.sin, square
    return f(g(x))


@program((0.7, 1.3))
def mapped(x, y):
    return sum(map(lambda v: v * x, [x, y, 2.0])) + max(map(square, [x, y]))


@program((V3,))
def mapped_over_two(x):
    return sum(map(lambda a, b: a * b * b, x, x))


@program((V3,))
def filtered(x):
    return sum(filter(lambda v: v > 0.5, x))


@program((V3,))
def reduced(x):
    return reduce(lambda a, b: a * b + b, x) + reduce(product, x, 2.0)


@program((0.7, 4), (0.7, 0))
def reduced_over_a_range(x, n):
    return functools.reduce(lambda a, i: a * x + i, range(n), x)


@program((0.7, 1.3))
def starred(x, y):
    return total_of(x, y, 2.0, x) + total_of(x) + first_of(x, y)


@program((0.7, 1.3))
def starred_in_the_call(x, y):
    pair = (x, y)
    return product(*pair) + product(*(x, 2.0)) + total_of(*pair, 3.0)


@program((0.7, 1.3))
def handed_on(x, y):
    return passed_on(x, y) + passed_on(x, y=y, z=x) + options(x, b=y, a=x)


@program((0.7, 1.3))
def keywords_of_a_display(x, y):
    return keywords(x, **{"y": y, "z": x})


@program((0.7, 1.3))
def decorators(x, y):
    return decorated_product(x, y=y) + decorated_twice(x)


@program((0.7,))
def a_function_among_starred(x):
    def call(f, *args):
        return f(*args) * x

    return call(product, x, 2.0) + call(math.sin, x)


@refused((0.7,), match="remembered")
def a_cache(x):
    return remembered(x)


@refused((0.7,), match="reduce")
def reduced_in_a_condition(x):
    return x if x > 1 else reduce(product, np.array([1.0, 2.0]), x)


@refused((0.7,), match="only calls of it are followed")
def compared(x):
    f = square
    return x if f is square else x * x


@refused((0.7,), match="the dict")
def keywords_as_a_dict(x):
    def g(**named):
        return len(named) * x

    return g(a=x)


@refused((0.7,), match="is returned")
def returns_a_function(x):
    return lambda y: y * x


def weighted(f, x, w=(2.0, 3.0), *, table=np.array([0.5, 1.5]), more=[1.0]):  # noqa: B006, B008
    return f(x) * w[0] + w[1] * table[1] + more[0]


def by_name(f, x, options={"k": (0.5, [1.0, 2.0])}):  # noqa: B006
    return f(x) * options["k"][1][1]


def with_another(f, x, g=square, both=(square, square)):
    return f(x) * g(x) * both[1](x)


@program((1.3,))
def defaults_that_are_objects(x):
    total = weighted(square, x) + weighted(lambda y: y * x, x) + weighted(square, x, (x, x))
    return total + by_name(lambda y: y * x, x) + with_another(lambda y: y + x, x)


def gathered(f, x, total=np.zeros(1)):  # noqa: B008
    total[0] += x
    return f(total[0])


@refused((1.3,), match="an array from outside the function")
def a_default_that_is_written(x):
    return gathered(square, x)


@program((0.3,))
def one_function_for_many(x):
    total = applied(lambda y: y + 1, x) + applied(lambda y: y + 2, x)
    total = total * applied(lambda y: y - 3, x) + applied(lambda y: y * 4, x)
    total = total * applied(lambda y: y - 5, x) + applied(lambda y: y * 6, x)
    total = total * applied(lambda y: y - 7, x) + applied(lambda y: y * 8, x)
    total = total * applied(lambda y: y - 9, x) + applied(lambda y: y * x, x)
    total = total * applied(lambda y: y - x, x) + applied(lambda y: x / y, x)
    return total * applied(lambda y: x**y, x) + applied(lambda y: y**x, x)


def with_more(f, x, *more, c=2.0):
    return f(x) * c + sum(more)


@program((1.3,))
def a_keyword_behind_starred_arguments(x):
    given = with_more(square, x, x, x * x) + with_more(square, x, x, c=x)
    return given + with_more(square, x, 2 * x)
