"""Lists put together, repeated, cut, extended, turned round: in loops and branches too."""

import math

import numpy as np

from tests.programs import program, refused

V4 = np.array([0.7, -1.2, 0.4, 1.5])


@program((1.3,))
def put_together(x):
    a = [x, 2.0] + [x * x]
    return a[0] * a[2] + len(a)


@program((1.3, 0.4))
def three_put_together(x, y):
    a = [x, y]
    b = [2.0] + a + [x * y, 1.0]
    a[0] = b[1] * 3.0
    return sum(b) * a[0] + b[3]


@program((1.3, 3), (1.3, 0))
def repeated(x, n):
    a = [x, x * x] * n + n * [1.0, x]
    s = 0.0
    for i, v in enumerate(a):
        s = s + v * (i + 1)
    return s


@program((1.3, 4), (1.3, 2), (1.3, 0))
def weights_of_simpson(x, n):
    w = [1] + [4, 2] * (n // 2 - 1) + [4, 1]
    s = 0.0
    for i, c in enumerate(w):
        s += c * math.exp(x * i / (n + 1))
    return s


@program((1.3,))
def parts(x):
    a = [x, x * 2, 3.0, x**2, x - 1]
    b = a[1:3]
    b[0] = b[0] * x
    return b[0] + sum(a[::-1]) * a[0] + sum(a[:-1]) * sum(a[-2:]) - sum(a[::2]) * sum(a[:2])


@program((1.3, 0), (1.3, 2), (1.3, -2), (1.3, 9), (1.3, -9))
def parts_from_a_variable(x, n):
    a = [x, x * 2, 3.0, x**2]
    return sum(a[n:]) * 2.0 + sum(a[:n]) * x + len(a[n : n + 2])


@program((1.3,))
def extended(x):
    a = [x, 2 * x]
    a.extend([x * x, 1.0])
    a += [x**3]
    a.extend(v * x for v in a[:2])
    s = 0.0
    for i, v in enumerate(a):
        s += v * v * i
    return s * len(a)


@program((1.3, 2))
def extended_by_itself(x, n):
    a = [x, 2.0 * x]
    for _ in range(n):
        a += a
        a[0] = a[0] * x
    a.extend(a)
    s = 0.0
    for i, v in enumerate(a):
        s += v * v * i
    return s


@program((1.3, 3), (1.3, 0))
def made_of_itself_in_a_loop(x, n):
    a = [x]
    for i in range(n):
        a = a + [a[-1] * x + i]
        if i == 1:
            a = [x * x] + a
        elif i == 2:
            a = a[1:] + a[:2]
    s = 0.0
    for i, v in enumerate(a):
        s += v * v * (i + 1)
    return s


@program((1.3,))
def made_of_itself(x):
    a = [x, x * x, 2.0]
    a = a[1:] + a
    a = a * 2
    s = 0.0
    for i, v in enumerate(a):
        s += v * v * (i + 1)
    return s


@program((1.3, 4), (1.3, 1))
def turned_round(x, n):
    a = []
    for i in range(n):
        a.append(x * i + 1)
    a.reverse()
    b = a[::-1]
    return a[0] * b[0] * b[-1] + max(a) - min(b)


@program((1.3, 0), (1.3, 1), (1.3, 7), (1.3, -1), (1.3, -9))
def inserted(x, place):
    a = [x, x * x, 2.0 * x]
    a.insert(place, a[1] * a[2])
    s = 0.0
    for i, v in enumerate(a):
        s += v * v * (i + 1)
    return s


@program((1.3, 0), (1.3, 2), (1.3, -1), (1.3, -3))
def popped(x, place):
    a = [x, x * x, 2.0 * x, 1.0]
    y = a.pop(place)
    a.pop(0)
    s = y * y
    for i, v in enumerate(a):
        s += v * v * (i + 1)
    return s


@program((1.3, 4), (1.3, 0))
def a_queue(x, n):
    queue = [x, x * x]
    s = 0.0
    for i in range(n):
        first = queue.pop(0)
        s += first * first
        queue.append(first * queue[0] + i)
    return s + sum(queue)


@program((1.3, 2))
def cleared(x, n):
    s = 0.0
    a = [x]
    for i in range(n):
        a.append(x * a[-1])
        s += sum(a)
        a.clear()
        a.append(s * x)
    return s * a[0]


@program((1.3,))
def copies(x):
    a = [x, x * x]
    b = a.copy()
    c = list(a)
    d = a[:]
    b[0] = 5.0
    c.append(x * b[1])
    d[1] = d[0] * d[1]
    return sum(a) * sum(c) + sum(b) * sum(d)


@program((1.3, True), (1.3, False))
def in_a_choice(x, first):
    a, b = [x, 1.0], [x * x]
    c = a + b if first else b[:1] + a * 2
    return sum(c) * c[1]


@program((1.3,))
def neighbours(x):
    a = [x, x * x, x**3, 0.5]
    s = 0.0
    for u, v in zip(a, a[1:]):
        s += (v - u) ** 2
    for v in a[1:-1]:
        s *= v
    return s


@program((1.3, 6))
def in_the_test_of_a_while(x, n):
    a = [x]
    while sum(a[-2:]) < n and len(a + a) < 10:
        a.append(a[-1] * 1.1)
    return sum(a) * a[-1]


def total(items):
    s = 0.0
    for i, v in enumerate(items):
        s += v * (i + 1)
    return s


@program((1.3,))
def handed_on(x):
    a = [x, x * x]
    return total(a + [1.0]) * total(a[1:]) + total([x] * 3)


@program((V4,))
def of_elements(x):
    a = [x[0], x[1]] + [e * e for e in x]
    return np.sum(np.array(a[1:]) ** 2) * a[0]


@program((V4, 2))
def of_arrays(x, n):
    rows = [x]
    rows = rows + [rows[-1] * x, np.sin(x)] * n
    rows.reverse()
    return np.sum(np.array(rows[1:]) ** 2)


@program((1.3,))
def of_ints(x):
    a = [1, 2] + [3]
    a += [4]
    s = x
    for k in a[1:]:
        s = s * x + k
    return s


@program((V4, 3), (V4, 1))
def stacked(x, n):
    rows = []
    for i in range(n):
        rows.append(x * i + np.sin(x))
    table = np.stack(rows)
    return np.sum(table.T @ table) + np.sum(np.stack([e * x for e in x]) ** 2)


@refused((V4,), match="operator on lists")
def an_array_added_to_a_list(x):
    a = [1.0, 2.0, 3.0, 4.0]
    b = a + x
    return b[0] * b[3]


@refused((V4,), match="list")
def an_array_added_to_a_list_in_place(x):
    a = [x[0]]
    a += x
    return a[1] * a[0]


@refused((1.3,), match="changed in a loop over it")
def longer_while_it_is_gone_over(x):
    a = [x, x * x, 2.0]
    s = 0.0
    for v in a:
        if len(a) < 5:
            a.append(v * x)
        s = s + v * v
    return s


@refused((1.3,), match="changed in a loop over it")
def shorter_while_it_is_gone_over(x):
    a = [x, x * x, 2.0]
    s = 0.0
    for i, v in enumerate(a):
        if i == 0:
            s = s + a.pop()
        s = s + v * v
    return s


@program((1.3,))
def bound_anew_while_it_is_gone_over(x):
    a = [x, x * x, 2.0]
    s = 0.0
    for v in a:
        a = [v] + a
        s = s + v * v * len(a)
    return s
