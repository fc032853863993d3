"""Loops over `map`, `filter` and the functions of itertools; choices and orders by a key."""

import itertools
import math
from itertools import accumulate, chain, combinations, count, dropwhile, takewhile

import numpy as np

from tests.programs import program, refused
from tests.programs.array_points import V3

W3 = np.array([0.3, -1.2, 2.0])
W4 = np.array([0.3, -1.2, 2.0, 0.7])
NONE = np.zeros(0)


def _square(v):
    return v * v


@program((V3, W3))
def map_in_a_loop(x, y):
    s = 0.0
    for v in map(math.sin, x):
        s += v * v
    for k, v in enumerate(map(lambda a, b: a * b, x, y), start=1):
        if k == 2:
            continue
        s = s * 0.5 + k * v
    return s


@program((V3, 0.7))
def map_calls_late(x, a):
    s = 0.0
    for v in map(lambda t: t * a, x):
        a = a * 1.5
        s += v * v
    return s * a


@program((V3, 0.7))
def map_default_is_of_the_start(x, a):
    s = 0.0
    for v in map(lambda t, k=a: t * k, x):
        a = a * 1.5
        s += v * v
    return s * a


@program((V3, W3), (W3, NONE))
def filter_in_a_loop(x, y):
    s = 1.0
    for v in filter(lambda t: t > 0, x):
        s = s * v + v
        if s > 50:
            break
    else:
        s = s * s
    for v in map(_square, filter(None, y)):
        s += v * s
    for v in itertools.filterfalse(lambda t: t > 0, x):
        s -= v**3
    return s


@program((V3, W3))
def while_it_holds(x, y):
    s = 0.0
    for v in takewhile(lambda t: t < 1.5, y):
        s += v**2
    for v in dropwhile(lambda t: t < 1.5, y):
        s += v**3
    for v in itertools.compress(x, [1, 0, 1]):
        s = s * v + 1
    return s


@program((V3, W3))
def starmap_in_a_loop(x, y):
    s = 0.0
    for v in itertools.starmap(lambda a, b: a * b * b, itertools.product(x, y)):
        s += v * v
    return s


@program((V3, 1.5), (V3[:1], 1.5))
def accumulated_by_a_lambda(x, c):
    s = 0.0
    for v in accumulate(x, lambda p, q: p * 0.5 + q * q):
        s += v * v
    for v in accumulate(x, lambda p, q: p * q, initial=c):
        s += v**3
    for v in accumulate(x, initial=c):
        s = s * 0.1 + v
    return s


@program((W4, 2.0), (NONE, 2.0))
def combinations_in_loops(x, c):
    s = 0.0
    for a, b in combinations(x, 2):
        if a > c:
            continue
        s = s + a * b * b
    for a, b, d in combinations(x, 3):
        s = s * a + b * d
        if s > 3.0:
            break
    else:
        s = s * 2
    return s + sum(a * b**2 for a, b in itertools.permutations(x, 2))


@program((W4, -3.0), (W4, 0.0))
def out_of_permutations(x, c):
    s = 0.0
    for a, b, d in itertools.permutations(x, 3):
        s = s * 0.5 + a * b**2 * d**3
        if s < c:
            break
    else:
        s = s * x[0]
    return s


@program((W4, NONE))
def up_to_the_longest(x, y):
    s = 0.0
    for a, b in itertools.zip_longest(x, y, fillvalue=2.0):
        s += a * b * b
    return s


@program((1.7,))
def counted_until_it_is_small(x):
    s = 0.0
    for k in count(1):
        t = x**-k
        if k == 2:
            continue
        if t < 1e-2:
            break
        s += t / k
    for k in count(start=1, step=2):
        s = s * 0.5 + x
        if k > 6:
            return s * s


@program((V3, W3))
def mapped_in_comprehensions(x, y):
    a = sum([v * v for v in map(math.sin, x)])
    b = sum(k * v for k, v in enumerate(map(_square, y)))
    return a * b + sum(v**3 for v in filter(lambda t: t > 0, y))


@program((W4,), (W4[::-1],))
def chosen_by_a_key(x):
    far = max(x, key=abs)
    near = min(x, key=lambda t: (t - 0.6) ** 2)
    first = max([x[0], x[1], -x[0]], key=abs)
    k = max(range(len(x)), key=lambda i: x[i])
    return far * near + x[k] ** 3 + first * x[2]


@program((-0.7, 0.7))
def chosen_of_arguments(x, y):
    def away(t):
        return abs(t - 0.2 * x)

    return max(x, y, x * y, key=away) ** 2 + min(v * x for v in (x, y)) * y


@program((W4,))
def in_the_order_of_a_key(x):
    s = 0.0
    for k, v in enumerate(sorted(x, key=lambda t: t * t, reverse=True)):
        s += v * (k + 1) ** 2
    for k, i in enumerate(sorted(range(len(x)), key=lambda i: -x[i])):
        s += x[i] ** 2 * (k + 1)
    t = [v * x[0] for v in x]
    t.sort(key=abs)
    return s + t[0] + t[1] ** 2 + t[2] ** 3 + t[3]


@program((0.7, 0.3), order=1)
def equal_keys_keep_their_order(x, y):
    t = sorted([x, y, -x, -y, 2 * x], key=abs)
    u = sorted([x, y, -x, -y, 2 * x], key=abs, reverse=True)
    return t[0] + 2 * t[1] ** 2 + 3 * t[2] ** 3 + u[0] + 5 * u[1] ** 2 + 7 * u[2] ** 3


def _damp(v, a):
    a[0] = a[0] * 0.5
    return v * a[0]


@refused((V3, W3))
def a_map_that_writes_what_it_goes_over(x, y):
    return sum([v * y[0] for v in map(lambda t: _damp(t, y), x)])


@refused((V3,), match="`for` over this iterable")
def nothing_to_fill_with(x):
    s = 0.0
    for a, b in itertools.zip_longest(x, x[:2]):
        s += a * b
    return s


@refused((V3,), match="its body may write into that")
def combinations_keep_what_they_have_read(x):
    y = x.copy()
    s = 0.0
    for a, b in combinations(y, 2):
        y[0] = y[0] * 2
        s += a * b
    return s


@program((V3,))
def over_chained_maps(x):
    s = 0.0
    for v in chain(x, x[:1]):
        for w in map(lambda t: t * v, map(_square, x)):
            s += w * w
    return s


@program((0.7,), order=1)
def keys_of_a_dict_and_rows_by_a_key(x):
    d = {0: x, 1: x * x, 2: 3 * x}
    k = max(d, key=lambda k: k * 2)
    pairs = [(x, 1.0), (x * x, 2.0), (x**3, 0.5)]
    best = min(pairs, key=lambda p: p[1])
    rows = np.array([[x, 1.0], [x * x, 2.0]])
    s = np.sum(max(rows, key=lambda r: np.sum(r)) ** 2)
    for r in sorted(rows, key=lambda r: -np.sum(r)):
        s = s * 0.5 + r[0]
    return k * x + best[0] * best[1] + s
