"""Branches on constants: None, strings, flags; parameters that are bound anew; and, or."""

import numpy as np

from tests.programs import program
from tests.programs.array_points import V3


@program((0.7, None), (0.7, 1.3))
def a_default_is_filled_in(x, w):
    if w is None:
        w = 2.0 * x
    return x * w


@program((0.7, None), (0.7, 3))
def a_default_by_an_expression(x, n):
    n = 2 if n is None else n
    return x**n


@program((0.7, None), (0.7, 1.3))
def a_default_by_or(x, w):
    w = w or x * x
    return x * w


@program((V3, "sum"), (V3, " MEAN "), (V3, "total"), (V3, "max"), (V3, "norm2"))
def modes(x, mode):
    mode = mode.strip().lower()
    if mode == "mean":
        return np.mean(x)
    elif mode in ("sum", "total"):
        return np.sum(x)
    elif mode.startswith("norm"):
        return np.sqrt(np.sum(x * x))
    return np.max(x)


@program((0.7, False), (0.7, True))
def a_flag_that_is_set(x, flag):
    if not flag:
        flag = True
        x = x * 2
    return x * x if flag else x


@program((0.7, False, 3), (0.7, True, 3), (0.7, True, 0))
def a_flag_that_a_loop_sets(x, flag, n):
    s = x
    for i in range(n):
        if flag:
            s = s * x + i
        flag = not flag
    return s if flag else s * s


@program((0.7, False), (0.7, True), (2.7, False))
def a_flag_that_a_branch_sets(x, flag):
    if x > 1:
        flag = True
    return x * x if flag else 3 * x


@program((0.7, None), (0.7, 2.0))
def none_in_the_end(x, w):
    y = x * x
    if w is not None:
        y = y * w
        w = None
    return y if w is None else w


@program((0.7, None, 3), (0.7, 2.0, 3), (0.7, None, 0))
def none_and_something_else(x, w, n):
    if w is not None and n > 2:
        return x * w
    if w is None or n > 2:
        return x * x * n
    return x


@program((0.7, 0), (0.7, 2), (0.0, 2))
def values_of_and_and_or(x, n):
    a = n and x
    b = x or 3.0
    c = (n > 1 and x * x) or b
    return a * b + c


@program((0.7, 5), (1.3, 12))
def integers_of_any_size(x, n):
    k = 3**100 // 3**98
    bits = (n << 3) ^ (n >> 1) | 1 & ~n
    return x**2 * k + x * bits + (-7 // 2) * x * (n % -3)


@program((0.7, 0.3), (-0.7, 0.3), (0.7, -0.3))
def floor_and_remainder_of_floats(x, y):
    return (x % y) * x + (x // y) * y * y


@program((V3, None), (V3, 1))
def a_comprehension_with_the_name_of_a_constant(x, k):
    s = sum([k * k for k in x])
    return s * 2 if k is None else s
