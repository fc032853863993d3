"""Lists in order, lists without some of their items, and parts of lists that are replaced."""

import numpy as np

from tests.programs import program, refused

X = np.array([3.0, -1.0, 2.0, 0.5])


@program((X,), (X[:2],), order=1)
def an_array_in_order(x):
    s = sorted(x)
    return s[-1] ** 2 * s[0] + len(s)


@program((X,), (X[1:],), order=1)
def a_list_in_order(x):
    a = [v * v for v in x]
    b = sorted(a, reverse=True)
    t = 0.0
    for k, v in enumerate(b):
        t += v * (k + 1)
    return t * a[0]


@program((X,), (X[1:],), order=1)
def a_median(x):
    n = len(x)
    y = sorted(v * x[0] for v in x)
    return y[n // 2] if n % 2 else 0.5 * (y[n // 2 - 1] + y[n // 2])


@program((2.0, 3), (-0.5, 4), order=1)
def sorted_in_place(x, n):
    a = [x**k - k for k in range(n)]
    a.sort()
    s = 0.0
    for v in a:
        s = s * x + v
    a.sort(reverse=True)
    return s + a[0] ** 2


@program((2.0, 5), (-0.5, 3), order=1)
def items_are_deleted(x, n):
    a = [x**k for k in range(n)]
    del a[0]
    del a[-1], a[n - 3]
    s = x
    for k, v in enumerate(a):
        s += v * k
    return s + sum(a)


@program((2.0, 5), (-0.5, 3), order=1)
def parts_are_replaced(x, n):
    a = [x * k for k in range(n)]
    a[1:3] = [x * x]
    a[:0] = [3 * x, a[0] + 1]
    a[-1:] = a
    s = 0.0
    for k, v in enumerate(a):
        s += v * (k + 1)
    return s * len(a)


@refused((X,))
def in_an_order_of_two_keys(x):
    s = sorted(x, key=lambda v: (-v, v))
    return s[0] * s[1]


@refused((X,), match="`del` of an item")
def an_item_of_an_array(x):
    y = x * 2
    del y[0]
    return y[0]
