"""Functions of the file's own under the names of Python's: what is called is what is meant."""

import math

import numpy as np

from tests.programs import program, refused
from tests.programs.array_points import V3

absolute, largest, lowest = abs, max, min


def len(values):
    return 2


def list(values):
    return [7.0, 8.0]


def float(value):
    return value * 3.0


def enumerate(values):
    return [(4, 1.0), (5, 2.0)]


def zip(one, other):
    return [(3.0, 2.0)]


def sum(values):
    return values[0] * 100.0


def abs(value):
    return value * value * value


def max(one, other):
    return one * other


def pow(base, exponent):
    return base * exponent


def round(value):
    return value * value


def divmod(one, other):
    return one * one, other


def range(count):
    return (5, 6)


min, int, isinstance = lowest, math.floor, lambda value, cls: False


@program((0.7,))
def lists(x):
    return x * x * list([3.0, x])[0] + list([x, 2.0])[1] * x


@program((V3,))
def lengths(x):
    s = 0.0
    k = 0
    while k < len(x):
        s += x[k] * x[k]
        k += 1
    return s * len(x) + np.zeros(len(x)).size


@program((0.7,))
def floats(x):
    return float(x) * x + float(2)


@program((0.7,))
def pairs(x):
    s = 0.0
    for i, v in enumerate([x, x]):
        s += x * x * i * v
    for a, b in zip([x], [x]):
        s = s * a + b * x
    return s


@program((0.7,))
def functions_of_numbers(x):
    y = sum([x, x]) + abs(x) * max(x, 0.2) + pow(x, 3)
    return y * round(x) + divmod(x, 0.3)[0] * min(x, 2.0) * int(2.5)


@program((0.7,))
def questions(x):
    return x * x if isinstance(x, object) else 3.0 * x


@program((0.7,))
def absolute_by_another_name(x):
    return absolute(-x) * largest(x, 0.2)


@refused((0.7,), match="`range` is not Python's own here")
def ranges(x):
    s = 0.0
    for i in range(3):
        s += x * x * i
    return s


@program((0.7,))
def variables_come_first(x):
    len = x * x
    list = len * x
    return [len, list][1] * list
