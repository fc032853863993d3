"""Dicts whose keys, and lists whose indices, the values of ints decide: of arguments, of loops."""

import math

from tests.programs import program, refused


@program((0.7, 4), (0.7, 1))
def filled_in_a_loop(x, n):
    d = {}
    for i in range(n):
        d[i] = x * i + x * x
    return d[0] + d[n - 1]


@program((0.7, 2), (0.7, 6))
def memo(x, n):
    known = {0: x, 1: x * x}
    for i in range(2, n):
        known[i] = known[i - 1] * known[i - 2] + x
    return known[n - 1]


def _fibonacci(n, x, known):
    if n in known:
        return known[n]
    known[n] = _fibonacci(n - 1, x, known) * x + _fibonacci(n - 2, x, known)
    return known[n]


@program((0.7, 5), (0.7, 0), order=1)
def memo_of_a_recursion(x, n):
    return _fibonacci(n, x, {0: x, 1: x * x}) * x


@program((0.7, 1), (0.7, 2), (0.7, True), order=1)
def key_of_the_caller(x, k):
    d = {1: x * x, 2: math.sin(x)}
    return d[k] * x * (3.0 if k is True else 1.0)


@program((0.7, 0), (0.7, 1), order=1)
def key_that_is_computed(x, k):
    d = {1: x * x, 3: math.sin(x)}
    return d[2 * k + 1] * x


@program((0.7, 5), order=1)
def counted_by_remainders(x, n):
    d = {}
    for i in range(n):
        d[i % 3] = d.get(i % 3, 0.0) + x * x * i
    return d[0] * d[1] + len(d) * x


@program((0.7, 3), order=1)
def keys_of_two_ints(x, n):
    d = {}
    for i in range(n):
        for j in range(i, n):
            d[i, j] = x * x * (i + 2 * j)
    return d[1, 2] * d[0, 0] + d[1, 1] * x


@program((0.7, 4), order=1)
def items_of_it(x, n):
    d = {}
    for i in range(n):
        d[i] = x * x * i
    s = 0.0
    for k, v in d.items():
        s += k * v
    return s * x


@program((0.7, 3), (0.7, 1), order=1)
def asked_for(x, n):
    d = {}
    if 2 in d:
        return x
    for i in range(n):
        if i in d:
            continue
        d[i] = x * x * i if i - 1 not in d else d[i - 1] + math.sin(x)
    return d[n - 1] * x


@program((0.7, 1), (0.7, 0), order=1)
def functions_by_number(x, k):
    d = {0: math.sin, 1: lambda y: y * y * x}
    return d[k](x) + d[1 - k](x * x)


@program((0.7, 1), (0.7, -1), order=1)
def parts_by_number(x, k):
    p = [{"a": x}, {"a": x * x}]
    return p[k]["a"] * p[0]["a"]


@refused((0.7, 5), match="the key 5: `d` has the keys 1, 2")
def key_that_is_not_there(x, k):
    d = {1: x * x, 2: math.sin(x)}
    return d[k] * x


@refused((0.7, 1000), match="1000 trips are not written out")
def too_many_keys(x, n):
    d = {}
    for i in range(n):
        d[i] = x * x * i
    return d[n - 1]


@refused((2.7,), match="which part of `d` it means is known only when the function runs")
def key_of_a_float(x):
    d = {1: x * x, 2: math.sin(x)}
    return d[int(x)] * x
