"""Tuples and lists, nested: as arguments, on the way, and as results."""

import math

import numpy as np

from tests.programs import program, refused

W = np.array([[0.3, -0.2], [0.5, 0.1]])
B = np.array([0.1, -0.2])


@program(((0.5, 1.5),))
def a_tuple(t):
    return t[0] * t[0] * t[1]


@program(([0.5, 1.5, -0.7], 2.0), ([0.5], 2.0))
def a_list(t, k):
    s = 0.0
    for v in t:
        s = s * k + v * v
    return s * t[-1] * len(t)


@program(([(W, B), (W.T.copy(), B)], np.array([0.5, -0.3])))
def layers_of_pairs(layers, x):
    for w, b in layers:
        x = np.tanh(w @ x + b)
    return x.sum()


@program(([(W, B), (W, 2.0 * B)], np.array([0.5, -0.3])))
def by_index(layers, x):
    for i in range(len(layers)):
        w, b = layers[i]
        x = w @ x + b * i
    return (x * x).sum()


@program(([0.5, 1.5, -0.7],))
def neighbours(t):
    s = 0.0
    for i in range(1, len(t)):
        s += (t[i] - t[i - 1]) ** 2
    return s


@program(((0.5, (1.5, [2.0, {"a": -0.3}])),))
def deep(t):
    x, (y, (z, p)) = t
    return x * y + z * p["a"] ** 2


@program(((0.5, 1.5), (2.0, -0.3)))
def zipped(a, b):
    return sum(x * y for x, y in zip(a, b, strict=True)) + sum(i * v for i, v in enumerate(a, 1))


@program(((0.5, 1.5), (2.0, -0.3)))
def joined_and_sliced(a, b):
    c = a + b
    d = c[1:3] * 2
    return c[0] * d[3] + sum(c[::-1][:2]) * d[0]


@program(((0.5, 1.5, 2.5),))
def starred(t):
    first, *rest = t
    *start, last = [*t, first]
    return first * rest[0] * rest[-1] + start[2] * last


@program((0.5, 1.5))
def lists_of_dicts(x, y):
    t = [{"v": x}, {"v": y}]
    t.append({"v": x * y})
    t[0]["v"] = t[1]["v"] * t[2]["v"]
    t.insert(1, {"v": 3.0 * x})
    last = t.pop()
    return sum(p["v"] * (i + 1) for i, p in enumerate(t)) * last["v"]


@program((0.5, 1.5, 4), (0.5, 1.5, 0))
def a_list_in_a_dict_that_grows(x, y, n):
    p = {"scale": y}
    t = [x]
    for i in range(n):
        t.append(t[-1] * p["scale"] + i)
    return sum(t) * p["scale"]


@program((0.5, 1.5))
def swapped(x, y):
    a, b = {"v": x}, {"v": y}
    a, b = b, a
    a["v"] = a["v"] * 3.0
    x, y = y, x
    return a["v"] * b["v"] ** 2 + x


@program((0.5, 1.5, 3), (0.5, 1.5, 0))
def swapped_in_a_loop(x, y, n):
    a, b = (x, 1.0), (y, 2.0)
    for _ in range(n):
        a, b = b, (a[0] * b[0], a[1] + b[1])
    return a[0] * b[1] + a[1] * b[0]


@program((0.5, 1.5))
def a_value_before_it_changes(x, y):
    t = (x, y)
    p = [x, t]
    x = x * 3.0
    return x * t[0] + p[0] * p[1][1]


@program((0.5, 3), (0.5, 0), (-0.5, 3))
def left_early(x, n):
    p = {"v": x, "n": 0.0}
    for i in range(n):
        if p["v"] < 0:
            break
        p["v"] = p["v"] * x
        if i == 1:
            continue
        p["n"] = p["n"] + p["v"]
    return p["v"] + p["n"] * 2.0


@program((0.5,), (1.5,))
def returned_early(x):
    p = {"v": x}
    if x > 1:
        return p["v"] * 2.0
    p["v"] = p["v"] * x
    return p["v"]


@program((0.9,))
def while_a_part_is_large(x):
    p = {"v": x, "steps": 0}
    while p["v"] > 0.3:
        p["v"] = p["v"] * x
        p["steps"] = p["steps"] + 1
    return p["v"] * p["steps"]


@program((0.5, 1.5))
def nested_results(x, y):
    return (x * y, [x, {"s": x + y}], "text", 3)


@program(((0.5, 1.5), 0.3))
def passed_on(t, x):
    return total(t, x) * total((x, *t), 2.0) + spread(*t, k=x)


def total(t, k):
    s = 0.0
    for v in t:
        s += math.sin(k * v)
    return s


def spread(a, *rest, k, **more):
    return a * k + sum(rest) + len(more)


@program(([1.0, 2.0, 3.0], 2))
def minima(t, n):
    return min(t) * max(t) ** n + (1.0 if all(v > 0 for v in t) else 5.0) * t[1]


@program(([np.array([1.0, 2.0]), np.array([3.0])],))
def stacked(t):
    return np.concatenate([t[0], t[1]]).sum() * np.sum(np.array([v.sum() for v in t]) ** 2)


@program((0.5, 4), (0.5, 0))
def a_history_of_states(x, n):
    state = (x, 1.0)
    for i in range(n):
        q, p = state
        state = (q + 0.1 * p, p - 0.1 * q * i)
    return state[0] ** 2 + state[1] ** 2


@program((0.5, 1.5), (2.5, 1.5))
def chosen(x, y):
    t = (x, y) if x < y else (y * x, x)
    return t[0] * t[0] + t[1]


@program((0.5, 4))
def fibonacci(x, n):
    return pair_of(x, n)[0] * 2.0


def pair_of(x, n):
    a, b = x, x * x
    for _ in range(n):
        a, b = b, a + b
    return a, b


@program((0.5, 1.5))
def calls_that_write_in_a_comprehension(x, y):
    p = {"v": np.array([x, y])}
    t = [p["v"][0] * k + first_doubled(p) for k in (1.0, 2.0, 3.0)]
    return t[0] * t[1] + t[2]


def first_doubled(p):
    p["v"][0] *= 2.0
    return p["v"][0] if p["v"].sum() > 0 else 0.0


@program((0.5,))
def a_walrus_in_a_comprehension(x):
    p = {"k": x}
    t = [(y := p["k"] * k) for k in (1.0, 2.0, 3.0)]
    return t[0] * t[1] * t[2] + y


@program(({"a": 0.5, "b": 1.5},))
def variables_of_loops_that_are_written_out(p):
    t, q = [], {}
    for name, v in p.items():
        u = v * v
        t.append(u)
        q[name] = (u, v)
        v = v * 3.0
        q[name + "3"] = v
    return t[0] * 3.0 + t[1] + q["a"][0] * q["b"][1] + q["a3"] * u


@program(([1.0, 2.0], 1), ([1.0, 2.0], 0))
def an_index_of_the_caller(t, n):
    return t[n] * t[0]


@refused(([1.0, 2.0], 2.0), match="this operator on `t`, a list")
def arithmetic_with_a_list(t, k):
    return (t - k)[0]


@refused(((1.0, 2.0),), match="it takes 3 values, and gets 2")
def too_few(t):
    a, b, c = t
    return a * b * c


@refused(([1.0, 2.0, 3.0],), match="what it makes is not known|the order of numbers")
def sorted_numbers(t):
    return sorted(t, key=abs)[0]


@program(([3.0, 1.0, 2.0], 0.5), ([3.0, 1.0, -2.0], 0.5))
def in_order(a, x):
    b = sorted(a)
    c = [v * x for v in a]
    c.sort(reverse=True)
    s = 0.0
    for k in sorted([2, 0, 1]):
        s = s * x + b[k] * (k + 1)
    return s * c[0] - c[2] * b[1] ** 2


@program(([3.0, 1.0, 2.0, 5.0], 0.5))
def parts_replaced_and_deleted(a, x):
    b = [*a, x]
    b[1:3] = [a[0] * a[1], x, a[2] ** 2]
    b[:0] = (x,)
    del b[2], b[-1]
    s = 0.0
    for k, v in enumerate(b):
        s += v * (k + 1)
    return s * len(b)
