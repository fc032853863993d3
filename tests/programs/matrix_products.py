"""Products of all pairs of ranks, as @, as np.dot; transposes."""

import numpy as np

from tests.programs import program
from tests.programs.array_points import (
    COLUMN,
    M03,
    M23,
    M32,
    M33,
    M34,
    N23,
    ONE,
    ROW,
    T234,
    T243,
    U3,
    V0,
    V1,
    V2,
    V3,
)

PAIRS = [
    (V3, U3),
    (V3, M34),
    (M23, V3),
    (M23, M34),
    (M23, M32),
    (COLUMN, ROW),
    (ROW, V3),
    (ONE, V1),
    (ONE, ROW),
    (V0, V0),
    (M03, V3),
    (M03, M34),
    (V0, M03),
]
BATCHED = [(T234, T243), (T234, T243[0]), (M23, T234), (T234, M34[0]), (V3, T234), (T234[:1], T243)]


@program(*PAIRS)
def at(a, b):
    return np.sum((a @ b) ** 2)


@program(*PAIRS)
def dot(a, b):
    return np.sum(np.sin(np.dot(a, b)))


@program(*BATCHED)
def batched(a, b):
    return np.sum((a @ b) ** 2)


@program(*BATCHED[:2], *PAIRS)
def product_as_result(a, b):
    return a @ b


@program((M33, V3))
def quadratic_form(a, x):
    return x @ a @ x


@program((M33,))
def with_itself(a):
    return np.sum(a @ a @ a.T * a)


@program((V3,))
def inner_with_itself(x):
    return x @ x * np.dot(x, x)


@program((M23,), (T234,), (V3,))
def transposes(a):
    return np.sum(a.T * a.T * 2) + np.sum(np.sin(a.T).T * a)


@program((M23, N23))
def gram(a, b):
    return np.sum((a.T @ b) ** 2) + np.sum((a @ b.T) * (b @ a.T))


@program((M33, V3, 4), (M33, V3, 0))
def power_iteration(a, x, n):
    for i in range(n):
        x = np.tanh(a @ x)
    return x @ x


@program((M33, 3))
def product_carried_in_a_loop(a, n):
    b = a
    for i in range(n):
        b = 0.5 * (b @ a) + b.T
    return np.sum(b * b)


@program((M34, V3[:1], M34.T, V3, M23), (M34[:, :1], V1, M34.T[:1], V3, N23))
def network(w1, b1, w2, b2, x):
    h = np.tanh(x @ w1 + b1)
    r = h @ w2 + b2
    return np.mean(r * r)


@program((V3, U3))
def outer_by_broadcasting(x, y):
    return np.sum(np.sin(x[:, None] * y[None, :]))


@program((M33, V3))
def matvec_elements(a, x):
    y = a @ x
    return y[0] * y[1] + y[2] * x[0]


@program((V2, M23), (V3, M33), may_refuse=True)
def method_dot(x, a):
    return np.sum(x.dot(a))
