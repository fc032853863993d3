"""Kernels as people write them, in place: grids, recurrences, factorisations, sorting, networks."""

import math

import numpy as np

from tests.programs import program
from tests.programs.array_points import M22, M33, M34, M44, M45, SPD3, U3, U6, V2, V3, V4, V5, V6


@program((V6, U6, 3), (V3, U3, 2), (V6, U6, 0))
def jacobi_1d(a, b, steps):
    a, b = a.copy(), b.copy()
    for t in range(steps):
        b[1:-1] = 0.33333 * (a[:-2] + a[1:-1] + a[2:])
        a[1:-1] = 0.33333 * (b[:-2] + b[1:-1] + b[2:])
    return np.sum(a * a)


@program((M45, 2), (M33, 3), (M45, 0))
def jacobi_2d(a, steps):
    b = a.copy()
    a = a * 1.0
    for t in range(steps):
        b[1:-1, 1:-1] = 0.2 * (
            a[1:-1, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:] + a[2:, 1:-1] + a[:-2, 1:-1]
        )
        a[1:-1, 1:-1] = 0.2 * (
            b[1:-1, 1:-1] + b[1:-1, :-2] + b[1:-1, 2:] + b[2:, 1:-1] + b[:-2, 1:-1]
        )
    return np.sum(a * a * b)


@program((M45, 2), (M33, 1), (M45, 0))
def seidel_2d(a, steps):
    for t in range(steps):
        for i in range(1, a.shape[0] - 1):
            for j in range(1, a.shape[1] - 1):
                a[i, j] = (
                    a[i - 1, j - 1] + a[i - 1, j] + a[i - 1, j + 1]
                    + a[i, j - 1] + a[i, j] + a[i, j + 1]
                    + a[i + 1, j - 1] + a[i + 1, j] + a[i + 1, j + 1]
                ) / 9.0  # fmt: skip
    return np.sum(a * a)


@program((V6, np.abs(U6), 0.1, 3), (V3, np.abs(U3), 0.2, 1))
def heat_with_variable_coefficients(u, k, dt, steps):
    u = u.copy()
    flux = np.zeros(len(u) - 1)
    for t in range(steps):
        flux[:] = 0.5 * (k[1:] + k[:-1]) * (u[1:] - u[:-1])
        u[1:-1] += dt * (flux[1:] - flux[:-1])
        u[0] = u[1] * k[0]
        u[-1] = u[-2]
    return np.sum(u * u)


@program((V6, U6, 3), (V6, U6, 2))
def wave(u, v, steps):
    old = u.copy()
    now = u + 0.1 * v
    new = np.zeros(len(u))
    for t in range(steps):
        new[1:-1] = 2.0 * now[1:-1] - old[1:-1] + 0.1 * (now[2:] - 2.0 * now[1:-1] + now[:-2])
        new[0] = now[1]
        new[-1] = 0.0
        old, now, new = now, new, old
    return np.sum(now * now) + np.sum(old * v)


@program((V6, 0.2, 3), (V5, -0.1, 2))
def burgers_upwind(u, c, steps):
    u = u.copy()
    for t in range(steps):
        un = u.copy()
        for i in range(1, len(u) - 1):
            if un[i] > 0:
                u[i] = un[i] - c * un[i] * (un[i] - un[i - 1])
            else:
                u[i] = un[i] - c * un[i] * (un[i + 1] - un[i])
    return np.sum(u * u)


@program((V6,), (V5,), (V2,))
def prefix_sums(x):
    s = np.zeros(len(x) + 1)
    for i in range(len(x)):
        s[i + 1] = s[i] + x[i] * x[i]
    return np.sum(s * s)


@program((V6,), (V5,))
def prefix_sums_in_place_by_doubling(x):
    y = x * x
    d = 1
    while d < len(y):
        y[d:] += y[:-d].copy()
        d *= 2
    return np.sum(y * y)


@program((V6,), (V5,))
def prefix_sums_by_doubling_without_a_copy(x):
    y = x * x
    d = 1
    while d < len(y):
        y[d:] += y[:-d]
        d *= 2
    return np.sum(y * y)


@program((0.7, 0.3, 8), (1.2, -0.4, 2))
def linear_recurrence(a, b, n):
    f = np.zeros(n)
    f[0] = a
    f[1] = b
    for i in range(2, n):
        f[i] = a * f[i - 1] + b * f[i - 2] + f[i - 1] * f[i - 2]
    return f[n - 1] * f[n // 2]


@program((V5, 0.4), (V6, -0.7))
def exponential_smoothing(x, a):
    s = x.copy()
    for i in range(1, len(x)):
        s[i] = a * x[i] + (1 - a) * s[i - 1]
    return np.sum((s - x) ** 2)


@program((SPD3,), (M44 @ M44.T + np.eye(4),))
def cholesky(a):
    n = len(a)
    low = np.zeros((n, n))
    for j in range(n):
        s = a[j, j]
        for k in range(j):
            s -= low[j, k] * low[j, k]
        low[j, j] = math.sqrt(s)
        for i in range(j + 1, n):
            s = a[i, j]
            for k in range(j):
                s -= low[i, k] * low[j, k]
            low[i, j] = s / low[j, j]
    return np.sum(low * low * low) + low[n - 1, 0]


@program((SPD3,), (M44 @ M44.T + np.eye(4),))
def cholesky_in_place(a):
    n = a.shape[0]
    for j in range(n):
        a[j, j] = math.sqrt(a[j, j] - np.dot(a[j, :j], a[j, :j]))
        for i in range(j + 1, n):
            a[i, j] = (a[i, j] - np.dot(a[i, :j], a[j, :j])) / a[j, j]
    s = 0.0
    for j in range(n):
        s += math.log(a[j, j])
    return s + a[n - 1, 0] * a[n - 1, 1]


@program((SPD3, V3), (M33 + 3.0 * np.eye(3), U3))
def gaussian_elimination(a, b):
    a = a.copy()
    x = b.copy()
    n = len(b)
    for k in range(n):
        for i in range(k + 1, n):
            f = a[i, k] / a[k, k]
            a[i, k:] -= f * a[k, k:]
            x[i] -= f * x[k]
    for k in range(n - 1, -1, -1):
        x[k] = (x[k] - np.dot(a[k, k + 1 :], x[k + 1 :])) / a[k, k]
    return np.sum(x * x)


@program((M33,), (M44,), (M33[::-1],))
def lu_with_pivoting(a):
    a = a.copy()
    n = len(a)
    sign = 1.0
    for k in range(n):
        p = k
        for i in range(k + 1, n):
            if abs(a[i, k]) > abs(a[p, k]):
                p = i
        if p != k:
            row = a[k].copy()
            a[k] = a[p]
            a[p] = row
            sign = -sign
        for i in range(k + 1, n):
            a[i, k] /= a[k, k]
            a[i, k + 1 :] -= a[i, k] * a[k, k + 1 :]
    d = sign
    for k in range(n):
        d *= a[k, k]
    return d


@program((M33,), (M44,), may_refuse=True)
def lu_with_pivoting_by_indices(a):
    a = a.copy()
    n = len(a)
    for k in range(n - 1):
        p = k + np.argmax(np.abs(a[k:, k]))
        a[[k, p]] = a[[p, k]]
        a[k + 1 :, k] /= a[k, k]
        a[k + 1 :, k + 1 :] -= np.outer(a[k + 1 :, k], a[k, k + 1 :])
    return np.sum(np.log(np.abs(np.diag(a))))


@program((SPD3,), (M33 + 3.0 * np.eye(3),))
def gauss_jordan_inverse(a):
    n = len(a)
    a = a.copy()
    inverse = np.eye(n)
    for k in range(n):
        pivot = a[k, k]
        a[k] /= pivot
        inverse[k] /= pivot
        for i in range(n):
            if i != k:
                f = a[i, k]
                a[i] -= f * a[k]
                inverse[i] -= f * inverse[k]
    return np.sum(inverse * inverse)


@program((M34,), (M33,))
def gram_schmidt(a):
    q = a.copy()
    for i in range(len(q)):
        for j in range(i):
            q[i] -= np.dot(q[j], q[i]) * q[j]
        q[i] /= math.sqrt(np.sum(q[i] * q[i]))
    return np.sum(q * a * a)


@program((V4, 3.0 + V4, V4 * 0.5, U6[:4]), (V3, 3.0 + V3, U3, U3))
def tridiagonal_solve(low, middle, up, b):
    n = len(b)
    c = up.copy()
    x = b.copy()
    c[0] /= middle[0]
    x[0] /= middle[0]
    for i in range(1, n):
        m = middle[i] - low[i] * c[i - 1]
        c[i] /= m
        x[i] = (x[i] - low[i] * x[i - 1]) / m
    for i in range(n - 2, -1, -1):
        x[i] -= c[i] * x[i + 1]
    return np.sum(x * x)


@program((V4, U6[:4]), (np.tile(V4, 2), np.tile(U6[1:5], 2)), (V2, U3[:2]))
def butterflies(x, y):
    # A fast Fourier transform in place, of real and imaginary parts; decimation in frequency.
    re, im = x.copy(), y.copy()
    n = len(re)
    half = n // 2
    while half >= 1:
        for start in range(0, n, 2 * half):
            for k in range(half):
                i, j = start + k, start + k + half
                angle = -math.pi * k / half
                dr, di = re[i] - re[j], im[i] - im[j]
                re[i] += re[j]
                im[i] += im[j]
                re[j] = dr * math.cos(angle) - di * math.sin(angle)
                im[j] = dr * math.sin(angle) + di * math.cos(angle)
        half //= 2
    return re[0] * im[n - 1] + np.sum((re * re + im * im) ** 2)


@program((V4,), (np.tile(V4, 2) + np.arange(8.0) / 9,))
def walsh_hadamard(x):
    y = x.copy()
    h = 1
    while h < len(y):
        for i in range(0, len(y), 2 * h):
            a = y[i : i + h] + y[i + h : i + 2 * h]
            b = y[i : i + h] - y[i + h : i + 2 * h]
            y[i : i + h] = a
            y[i + h : i + 2 * h] = b
        h *= 2
    return np.sum(y * y * y)


@program((V6,), (U6,), (V2,))
def bubble_sort(x):
    y = x.copy()
    n = len(y)
    for i in range(n):
        for j in range(n - 1 - i):
            if y[j] > y[j + 1]:
                y[j], y[j + 1] = y[j + 1], y[j]
    s = 0.0
    for i in range(n):
        s += (i + 1) * y[i] * y[i]
    return s


@program((V6,), (U6,))
def insertion_sort(x):
    y = x * x
    for i in range(1, len(y)):
        e = y[i]
        j = i - 1
        while j >= 0 and y[j] > e:
            y[j + 1] = y[j]
            j -= 1
        y[j + 1] = e
    return np.sum(y * x)


@program((V6, V3), (V5, V2))
def convolution(x, w):
    y = np.zeros(len(x) - len(w) + 1)
    for i in range(len(y)):
        for k in range(len(w)):
            y[i] += x[i + k] * w[k]
    return np.sum(y * y)


@program((V6, V3), (V5, V2))
def convolution_scattered(x, w):
    y = np.zeros(len(x) + len(w) - 1)
    for i in range(len(x)):
        y[i : i + len(w)] += x[i] * w
    return np.sum(y * y * y)


@program((M45, M22), (M34, M22.T))
def convolution_2d(a, w):
    y = np.zeros((a.shape[0] - 1, a.shape[1] - 1))
    for i in range(2):
        for j in range(2):
            y += w[i, j] * a[i : i + y.shape[0], j : j + y.shape[1]]
    np.maximum(y, 0.01 * y, out=y)
    return np.sum(y * y)


@program((M34, V3, 2), (M33, U3, 3))
def lstm_like(w, h0, steps):
    n = len(h0)
    h = h0.copy()
    c = np.zeros(n)
    gates = np.zeros((2, n))
    for t in range(steps):
        z = w[:, :n] @ h + w[:, -1] * (t + 1)
        gates[0] = 1.0 / (1.0 + np.exp(-z))
        gates[1] = np.tanh(z)
        c *= gates[0]
        c += (1.0 - gates[0]) * gates[1]
        h[:] = np.tanh(c) * gates[0]
    return np.sum(h * h) + np.sum(c)


@program((M33, V3, 3), (M44, V4, 2))
def recurrent_network(w, x, steps):
    states = np.zeros((steps + 1, len(x)))
    states[0] = x
    for t in range(steps):
        states[t + 1] = np.tanh(w @ states[t] + 0.1 * t)
        states[t + 1, 0] += states[t, 1]
    return np.sum(states[1:] * states[:-1])


STEPS = np.array([0.3, -0.7, 0.5, 0.1, -0.2])


@program((0.2, 0.9, 5), (-0.3, 1.1, 3))
def random_walk(drift, scale, n):
    path = np.zeros(n + 1)
    path[0] = scale
    for i in range(n):
        path[i + 1] = path[i] * math.exp(drift * 0.1 + scale * STEPS[i])
    return np.sum(path) * path[n]


@program((V3, 0.9), (V5, -0.4))
def random_walks_side_by_side(x, scale):
    paths = np.empty((len(STEPS) + 1, len(x)))
    paths[0] = x
    for i in range(len(STEPS)):
        paths[i + 1] = paths[i] + scale * STEPS[i] * paths[i]
        paths[i + 1, 0] *= scale
    return np.mean(np.maximum(paths[-1] - 0.1, 0.0)) + np.sum(paths * paths)


@program((V6, U6), (V5, V5[::-1]))
def edit_distance_soft(x, z):
    d = np.zeros((len(x) + 1, len(z) + 1))
    for i in range(1, len(x) + 1):
        d[i, 0] = d[i - 1, 0] + 1.0
        for j in range(1, len(z) + 1):
            cost = (x[i - 1] - z[j - 1]) ** 2
            d[i, j] = cost - math.log(
                math.exp(-d[i - 1, j]) + math.exp(-d[i, j - 1]) + math.exp(-d[i - 1, j - 1])
            )
    return d[len(x), len(z)]


@program((M44,), (M33,))
def shortest_paths(a):
    d = a * a + 0.1
    n = len(d)
    for k in range(n):
        for i in range(n):
            for j in range(n):
                through = d[i, k] + d[k, j]
                if through < d[i, j]:
                    d[i, j] = through
    return np.sum(d * d)


@program((M44, V4, 3), (SPD3 / 4.0, V3, 4))
def power_iteration(a, x, steps):
    v = x.copy()
    for t in range(steps):
        v[:] = a @ v
        v /= math.sqrt(np.sum(v * v))
    return v @ (a @ v)


@program((SPD3, V3, 3), (M44 @ M44.T + np.eye(4), V4, 2))
def conjugate_gradients(a, b, steps):
    x = np.zeros(len(b))
    r = b.copy()
    p = r.copy()
    rr = r @ r
    for t in range(steps - 1):
        q = a @ p
        alpha = rr / (p @ q)
        x += alpha * p
        r -= alpha * q
        new = r @ r
        p *= new / rr
        p += r
        rr = new
    return np.sum(x * b) + rr


@program((V3, U3, 3), (V4, V4 * 0.5, 2))
def leapfrog(q, p, steps):
    q, p = q.copy(), p.copy()
    for t in range(steps):
        p -= 0.05 * np.sin(q) * q
        q += 0.1 * p
        p -= 0.05 * np.sin(q) * q
    return np.sum(p * p) + np.sum(q * q)


@program((M33, V3, 2), (M33.T, U3, 3))
def bodies(x, v, steps):
    x, v = x.copy(), np.outer(v, v)
    n = len(x)
    for t in range(steps):
        for i in range(n):
            for j in range(n):
                if i != j:
                    d = x[j] - x[i]
                    v[i] += 0.01 * d / (0.5 + np.sum(d * d)) ** 1.5
        x += 0.1 * v
    return np.sum(v * v) + np.sum(x * x)


@program((V5, 3), (V6, 2))
def adam(x, steps):
    m = np.zeros(len(x))
    v = np.zeros(len(x))
    w = x.copy()
    for t in range(1, steps + 1):
        g = 2.0 * w * x + 0.3
        m *= 0.9
        m += 0.1 * g
        v *= 0.99
        v += 0.01 * g * g
        w -= 0.1 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.99**t)) + 0.1)
    return np.sum(w * w)


@program((V6, 0.4), (V5, -0.3))
def horner_on_an_array(c, x):
    powers = np.ones(len(c))
    for i in range(1, len(c)):
        powers[i:] *= x
    result = np.zeros(1)
    for k in range(len(c) - 1, -1, -1):
        result *= x
        result += c[k]
    return result[0] * np.sum(c * powers)


@program((V6, 0.3), (V5, 0.7))
def newton_polynomial(y, x):
    # Divided differences, in place from the end.
    n = len(y)
    nodes = np.arange(n) * 0.5
    d = y.copy()
    for k in range(1, n):
        for i in range(n - 1, k - 1, -1):
            d[i] = (d[i] - d[i - 1]) / (nodes[i] - nodes[i - k])
    p = d[n - 1]
    for k in range(n - 2, -1, -1):
        p = p * (x - nodes[k]) + d[k]
    return p * p


@program((0.6, 5), (-0.4, 4), (1.1, 2))
def chebyshev_series(x, n):
    t = np.zeros(n)
    t[0] = 1.0
    t[1] = x
    for k in range(2, n):
        t[k] = 2.0 * x * t[k - 1] - t[k - 2]
    return np.sum(t * t)


@program((100.0, 0.2, 4), (90.0, 0.3, 3))
def binomial_option(s, sigma, n):
    dt = 0.25
    u = math.exp(sigma * math.sqrt(dt))
    p = (math.exp(0.02 * dt) - 1 / u) / (u - 1 / u)
    value = np.zeros(n + 1)
    for i in range(n + 1):
        value[i] = max(s * u ** (2 * i - n) - 95.0, 0.0)
    for step in range(n, 0, -1):
        for i in range(step):
            value[i] = math.exp(-0.02 * dt) * (p * value[i + 1] + (1 - p) * value[i])
    return value[0]


@program((np.abs(M33), V3, 3), (np.abs(M44), V4, 2))
def hidden_markov_forward(a, x, steps):
    a = a + 0.1
    for i in range(len(a)):
        a[i] /= a[i].sum()
    alpha = np.exp(x)
    alpha /= alpha.sum()
    log_likelihood = 0.0
    for t in range(steps):
        alpha[:] = (alpha @ a) * np.exp(-x * x * t)
        c = alpha.sum()
        alpha /= c
        log_likelihood += math.log(c)
    return log_likelihood
