"""Lists of numbers and of arrays, made in loops, that NumPy's functions take for arrays."""

import numpy as np

from tests.programs import program, refused

V4 = np.array([0.7, -1.2, 0.4, 1.5])
M32 = np.array([[0.3, 1.1], [-0.8, 0.6], [1.4, -0.5]])


@program((V4,))
def numbers_in_a_list(x):
    a = []
    for v in x:
        if v > 0:
            a.append(v * v)
    return np.sum(a) * np.prod(a) + np.mean(a) + np.max(a) * np.sqrt(np.dot(a, a))


@program((V4,))
def lists_as_operands(x):
    a = [v * v for v in x]
    b = [1.0 + k for k in range(len(x))]
    return np.dot(a, x) + np.dot(b, x) + np.exp(a)[1] + np.maximum(x, a).sum() + np.var(a)


@program((M32,))
def sum_over_a_list(x):
    return np.sum([np.sin(r) * k for k, r in enumerate(x)], axis=0)[1]


@program((M32,))
def rows_put_together(x):
    rows = []
    for r in x:
        rows.append(r / np.linalg.norm(r))
    y = np.concatenate(rows)
    z = np.stack(rows, axis=1)
    return y[1:] @ y[:-1] + (z[0] * z[1]).sum() + np.vstack(rows)[2, 0]


@program((M32,))
def of_different_lengths(x):
    parts = [x[i:] ** 2 for i in range(len(x))]
    y = np.concatenate(parts)
    z = np.hstack([r[k % 2 :] * (k + 1.0) for k, r in enumerate(x)])
    return (y[1:] * y[:-1]).sum() + z @ np.arange(5.0)


@program((M32,))
def columns(x):
    a = np.column_stack([r * 2.0 for r in x])
    b = np.column_stack([x[:, k:] ** 2 for k in range(2)])
    c = np.hstack([np.exp(x[:, k:]) for k in range(2)])
    return (a**2).sum() + (b[:, 1:] * c[:, :-1]).sum()


@program((M32,))
def states_of_a_recurrence(x):
    h = np.zeros(2)
    states = []
    for r in x:
        h = np.tanh(h + r)
        states.append(h)
    whole = np.stack(states)
    return (whole * whole).sum() + states[-1][0]


@program((M32,))
def joined_while_it_grows(x):
    out = []
    s = 0.0
    for i in range(3):
        out.append(x[i] * 2.0)
        if i > 0:
            s = s + np.concatenate(out).sum() * i + np.stack(out, axis=1)[0, -1] ** 2
    return s


@program((M32,))
def items_taken_off_and_put_back(x):
    out = []
    s = 0.0
    for i in range(3):
        out.append(x[: i + 1].sum() * 2.0)
        s = s + np.hstack(out).sum() * i
        t = out.pop()
        out.append(t * t)
        out.append(t)
    return s + np.mean(out) + np.max(out)


@program((V4,))
def one_list_joined_three_times(x):
    parts = [x * 2.0, x[:2] * x[2:]]
    parts.append(x)
    a, b, c = np.concatenate(parts), np.concatenate(parts), np.concatenate(parts)
    return np.sum((a + b + c) * a)


@program((V4,))
def one_list_joined_three_times_in_one_sum(x):
    parts = [np.sin(x[k:]) for k in range(3)]
    a, b, c = np.concatenate(parts), np.concatenate(parts), np.concatenate(parts)
    return np.sum(a + b + c)


@program((V4,))
def adjoint_of_an_item_is_another_ones_too(x):
    items = [x * 1.0]
    a = items[0] * 2.0
    y = items.pop()
    s = y + x
    return (s * s).sum() + (a * 3.0).sum()


@program((V4, V4 + 1.0))
def adjoint_of_an_item_goes_on(x, t):
    w = x * 2.0
    z = w * 3.0
    items = [w]
    y = np.concatenate(items)
    s = y + t
    return (s * s).sum() + (z * z).sum()


@program((V4,))
def lists_of_constants(x):
    y = [x[0], x[1]]
    s = np.dot([1.0, 2.0, 3.0, 4.0], x) + np.multiply([1, 2, 3, 4], x).sum()
    return s * np.dot(y, y) + np.outer(y, [1.0, 2.0])[1, 0] + np.maximum(y, [0.0, 1.0]).sum()


@program((V4,))
def several_quantiles(x):
    q = np.quantile(x * x, [0.25, 0.75])
    return q @ np.array([1.0, 2.0]) + np.sum(np.percentile(x, (10, 50)))


@refused((M32,), "no list of arrays")
def rows_of_an_array(x):
    return np.concatenate(x).sum()


@refused((M32,), "joined as flat ones")
def joined_flat(x):
    return np.concatenate([r * 2.0 for r in x], axis=None).sum()


@program((V4, 3), (V4, 0), order=1)
def items_read_of_a_list_that_is_changed_later(x, n):
    h = [x * 1.0, x * 2.0, x * 3.0]
    s = 0.0
    for i in range(n):
        w = h[i]
        s += np.sum(w * w * h[-1])
    h[0] = x * x * 7.0
    h.append(x * s)
    v = h.pop(0)
    return s + np.sum(h[0] * h[-1]) + np.sum(v)


@program((V4, 3), (V4, 0), order=1)
def items_beside_one_that_is_popped(x, n):
    h = [x * 1.0, x * 2.0]
    s = 0.0
    for _ in range(n):
        s += np.sum(np.array(h) ** 2)
        h.append(x * 0.1)
    while len(h) > 1:
        w = h.pop()
        s += np.sum(w * h[-1])
    return s


@program((V4, 2), may_refuse=True)
def joined_before_an_item_of_another_length(x, n):
    h = []
    for i in range(n):
        h.append(x[i:] * 2.0)
    y = np.concatenate(h)
    h[0] = x[:2] * np.sum(x)
    return np.sum(y * y) + np.sum(h[0] * h[0])
