"""The programs whose generated derivatives are kept to the letter.

Plain functions, each with one reason to be here; ``tests/golden/__init__.py`` says at which point
each is run and with respect to what it is differentiated.
"""

import math

import numpy as np

# -- the examples of the documentation -----------------------------------------------------------


def sigmoid(x, a):
    w3 = -x * a
    w4 = 1 + math.exp(w3)
    w5 = 1 / w4
    return w5


def f(x1, x2):
    return x1 * x2 + math.sin(x1)


def logistic_sum(a, b, y, n):
    s = 0.0
    for i in range(n):
        y = 1 / (1 + math.exp(-(a * y + b)))
        s += y
    return s


def newton_sqrt(x):
    y = x
    while abs(y * y - x) > 1e-12 * x:
        y = 0.5 * (y + x / y)
    return y


def hunt(x, n):
    s = 1.0
    for i in range(n):
        if i % 3 == 1:
            continue
        s = math.cos(i) * s * s + x
        if s > 1.8:
            break
        x = x + 0.3 * s * s
        if x > 1.5:
            return s * x
    return s - x


def power(x, n):
    if n == 0:
        return 1.0
    return x * power(x, n - 1)


def mlp_loss(W1, b1, W2, b2, X, t):
    h = np.tanh(X @ W1 + b1)
    r = h @ W2 + b2 - t
    return (r * r).mean()


# -- assignments and loops -----------------------------------------------------------------------


def swap(x, y, n):
    for i in range(n):
        x, y = y, x * math.sin(y)
    return x + 2 * y


def nested_loops(x, n):
    s = 0.0
    for i in range(n):
        for j in range(i, n):
            s = s * x + math.sin(x * j)
    return s


def while_break_else(x, limit):
    y = x
    k = 0
    while k < 10:
        y = y * y + x
        k += 1
        if y > limit:
            y = y / limit
            break
    else:
        y = y * x
    return y


def early_returns(x, y):
    if x < 0:
        return -x * y
    if y < 0:
        z = x * y
        return z * z
    return math.sqrt(x + y)


# -- calls ---------------------------------------------------------------------------------------


def damped(u, k):
    return u * math.exp(-k * u)


def call_in_loop(u, k, n):
    for i in range(n):
        u = u + 0.1 * damped(u, k)
    return u


def polar(x, y):
    r = math.sqrt(x * x + y * y)
    return r, math.atan2(y, x)


def tuple_of_call(x, y):
    r, phi = polar(x, y)
    return r * r * math.cos(2 * phi)


# -- arrays --------------------------------------------------------------------------------------


def bias_of_one(x, b):
    h = np.tanh(x + b)
    return np.sum(h * h)


def rosenbrock(x):
    s = 0.0
    for i in range(len(x) - 1):
        s += 100 * (x[i + 1] - x[i] * x[i]) ** 2 + (1 - x[i]) ** 2
    return s


def likelihood(k, y):
    sign, logdet = np.linalg.slogdet(k)
    return -0.5 * (y @ np.linalg.solve(k, y)) - 0.5 * logdet


def contraction(a, b, v):
    c = np.einsum("ij,jk,i->k", a, b, v)
    return c @ np.linalg.inv(b) @ c


# -- complex values -------------------------------------------------------------------------------


def shifted(x, k, angle):
    z = np.fft.ifft(np.fft.fft(x) * np.exp(1j * angle * k))
    return np.sum(z.real**3 * z.imag) + np.abs(z[0])


def orbit(a, b, n):
    z = 0j
    c = complex(a, b)
    for _ in range(n):
        z = z * z + c
    return abs(z)


def corner(x):
    y = x.copy()
    v = y[1:]
    v[0] = v[0] * y[0]
    return (y * y * y).sum()


def damp(u, k):
    for i in range(len(u)):
        u[i] = u[i] * math.exp(-k * u[i])


def cool(u, k):
    u = u.copy()
    damp(u, k)
    e = (u * u).sum()
    damp(u, 2 * k)
    return e * (u * u).sum()


def fisher(u, c, r, n):
    u = u.copy()
    v = u.copy()
    for t in range(n):
        w = u[1:-1]
        v[1:-1] = w + c * (u[2:] - 2 * w + u[:-2]) + r * w * (1 - w)
        u, v = v, u
    return (u * u).sum()


def march(x, n):
    for t in range(n):
        for i in range(1, len(x)):
            x[i] = x[i] * x[i - 1]
    return x.sum()


def energy(a):
    e = 0.0
    for (i, j), v in np.ndenumerate(a):
        e += (i - j) * v * v
    for row in a:
        r = 0.5 * row
        for v in r:
            e += math.sin(v)
    return e
