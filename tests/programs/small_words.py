"""Small words: `del`, `list` of an array, defaults that are functions."""

import numpy as np

from tests.programs import program, refused
from tests.programs.array_points import M23, V3


@program((0.7, 0), (0.7, 3))
def deleted_and_made_anew(x, n):
    y = x * x
    z = y * x
    del y
    for i in range(n):
        y = z * i + x
        z = z + y * y
        if z > 2:
            del y
            continue
        z = z * y
        del y
    y = z * z
    return y * x


@program((0.7,), (1.7,))
def deleted_on_one_path(x):
    y = x * x
    if x > 1:
        del y
        y = x
    else:
        x = y * x
    return y * x


@refused((0.7, 3), match="`del y`: `y` is needed later")
def deleted_before_the_next_trip(x, n):
    y = x
    for i in range(n):
        x = x * y
        if i > 5:
            del y
    return x


@refused((0.7,), match="`del y`: `y` is needed later")
def deleted_on_one_path_and_read(x):
    y = x * x
    if x > 1:
        del y
    return y * x


@program((V3, M23), order=1)
def lists_of_arrays(x, a):
    t = list(x)
    t.append(t[0] * t[1])
    rows = list(a)
    u = list(t)
    u[0] = 2.0
    return sum(t) * u[3] + np.sum(rows[0] * rows[1]) * t[0]


def _applied(x, f=lambda t: t * t, *, g=np.sin):
    return f(x) * g(x)


@program((0.7,), order=1)
def defaults_that_are_functions(x):
    def inside(y, h=lambda t: t**3):
        return h(y) * y

    return inside(x) + _applied(x) + _applied(x, g=lambda t: t + x)
