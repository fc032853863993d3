"""Networks: softmax regression, a perceptron of two layers, an LSTM over 100 steps."""

import numpy as np

from ..program import Program
from .arrays import Array, random


def softmax_regression(w: Array, b: Array, x: Array, t: Array) -> float:
    """Mean cross-entropy of a linear model against the probabilities `t`, with a penalty on `w`."""
    z = x @ w + b
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -(t * log_p).sum() / len(x) + 0.01 * (w * w).sum()


def softmax_regression_by_hand(w: Array, b: Array, x: Array, t: Array) -> tuple[Array, Array]:
    """The derivative with respect to `w` and `b`: the famous `p - t`."""
    z = x @ w
    z += b
    z -= z.max(axis=1, keepdims=True)
    z_bar = np.exp(z, out=z)
    # The rows of t sum to 1 or not: the derivative is that of the program.
    z_bar *= t.sum(axis=1, keepdims=True) / z_bar.sum(axis=1, keepdims=True)
    z_bar -= t
    z_bar /= len(x)
    w_bar = x.T @ z_bar
    w_bar += 0.02 * w
    return w_bar, z_bar.sum(axis=0)


def mlp(w1: Array, b1: Array, w2: Array, b2: Array, x: Array, t: Array) -> float:
    """Mean cross-entropy of a network with one hidden layer."""
    h = np.tanh(x @ w1 + b1)
    z = h @ w2 + b2
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -(t * log_p).sum() / len(x)


def mlp_by_hand(
    w1: Array, b1: Array, w2: Array, b2: Array, x: Array, t: Array
) -> tuple[Array, Array, Array, Array]:
    """The derivative with respect to the weights and biases."""
    h = x @ w1
    h += b1
    np.tanh(h, out=h)
    z = h @ w2
    z += b2
    z -= z.max(axis=1, keepdims=True)
    z_bar = np.exp(z, out=z)
    z_bar *= t.sum(axis=1, keepdims=True) / z_bar.sum(axis=1, keepdims=True)
    z_bar -= t
    z_bar /= len(x)
    w2_bar = h.T @ z_bar
    h_bar = z_bar @ w2.T
    h *= h
    np.subtract(1.0, h, out=h)
    h_bar *= h
    return x.T @ h_bar, h_bar.sum(axis=0), w2_bar, z_bar.sum(axis=0)


def lstm(wx: Array, wh: Array, b: Array, x: Array, h: Array, c: Array) -> float:
    """A layer of long short-term memory, run over the first axis of `x`."""
    n = h.shape[1]
    for t in range(len(x)):
        z = x[t] @ wx + h @ wh + b
        i = 1.0 / (1.0 + np.exp(-z[:, :n]))
        f = 1.0 / (1.0 + np.exp(-z[:, n : 2 * n]))
        o = 1.0 / (1.0 + np.exp(-z[:, 2 * n : 3 * n]))
        g = np.tanh(z[:, 3 * n :])
        c = f * c + i * g
        h = o * np.tanh(c)
    return (h * h).sum()


def lstm_by_hand(
    wx: Array, wh: Array, b: Array, x: Array, h: Array, c: Array
) -> tuple[Array, Array, Array, Array, Array]:
    """The derivative with respect to `wx`, `wh`, `b`, `h` and `c`.

    The inputs are multiplied by their weights all at once, and so are the adjoints at the end.
    """
    steps, batch, n = len(x), *h.shape
    z = (x.reshape(steps * batch, -1) @ wx).reshape(steps, batch, 4 * n)
    z += b
    states = np.empty((steps + 1, batch, n))
    states[0] = h
    cells = np.empty((steps + 1, batch, n))
    cells[0] = c
    squashed = np.empty((steps, batch, n))
    for t in range(steps):
        # The gates take the place of their arguments.
        gates = z[t]
        gates += states[t] @ wh
        sigmoids = gates[:, : 3 * n]
        np.negative(sigmoids, out=sigmoids)
        np.exp(sigmoids, out=sigmoids)
        sigmoids += 1.0
        np.reciprocal(sigmoids, out=sigmoids)
        g = gates[:, 3 * n :]
        np.tanh(g, out=g)
        np.multiply(gates[:, n : 2 * n], cells[t], out=cells[t + 1])
        cells[t + 1] += gates[:, :n] * g
        np.tanh(cells[t + 1], out=squashed[t])
        np.multiply(gates[:, 2 * n : 3 * n], squashed[t], out=states[t + 1])
    h_bar = 2 * states[steps]
    c_bar = np.zeros((batch, n))
    wh_transposed = np.ascontiguousarray(wh.T)
    for t in range(steps - 1, -1, -1):
        gates = z[t]
        i, f = gates[:, :n].copy(), gates[:, n : 2 * n].copy()
        o, g = gates[:, 2 * n : 3 * n], gates[:, 3 * n :].copy()
        s = squashed[t]
        c_bar += h_bar * o * (1.0 - s * s)
        # The adjoints of the arguments take the place of the gates.
        gates[:, :n] = c_bar * g * i * (1.0 - i)
        gates[:, n : 2 * n] = c_bar * cells[t] * f * (1.0 - f)
        gates[:, 2 * n : 3 * n] = h_bar * s * o * (1.0 - o)
        gates[:, 3 * n :] = c_bar * i * (1.0 - g * g)
        c_bar *= f
        h_bar = gates @ wh_transposed
    flat = z.reshape(steps * batch, 4 * n)
    wx_bar = x.reshape(steps * batch, -1).T @ flat
    wh_bar = states[:-1].reshape(steps * batch, n).T @ flat
    return wx_bar, wh_bar, flat.sum(axis=0), h_bar, c_bar


def _one_hot(count: int, classes: int) -> Array:
    return np.eye(classes)[np.arange(count) * 7 % classes]


def _regression(count: int, inputs: int, classes: int) -> tuple[Array, ...]:
    weights = random((inputs, classes), 1), random((classes,), 2)
    return *weights, random((count, inputs), 3), _one_hot(count, classes)


def _mlp(batch: int, inputs: int, hidden: int, classes: int) -> tuple[Array, ...]:
    first = 0.1 * random((inputs, hidden), 1), random((hidden,), 2)
    second = 0.1 * random((hidden, classes), 3), random((classes,), 4)
    return *first, *second, random((batch, inputs), 5), _one_hot(batch, classes)


def _lstm(steps: int, batch: int, inputs: int, n: int) -> tuple[Array, ...]:
    weights = random((inputs, 4 * n), 1), random((n, 4 * n), 2), random((4 * n,), 3)
    state = random((batch, n), 5), random((batch, n), 6)
    return *(w / n**0.5 for w in weights), random((steps, batch, inputs), 4), *state


PROGRAMS = (
    Program(
        "softmax regression, 10000 × 784-10",
        softmax_regression,
        softmax_regression_by_hand,
        (0, 1),
        _regression(10_000, 784, 10),
        _regression(7, 4, 3),
    ),
    Program(
        "mlp 784-128-10, batch 64",
        mlp,
        mlp_by_hand,
        (0, 1, 2, 3),
        _mlp(64, 784, 128, 10),
        _mlp(6, 5, 4, 3),
    ),
    Program(
        "lstm 32-128, batch 32 × 100 steps",
        lstm,
        lstm_by_hand,
        (0, 1, 2, 4, 5),
        _lstm(100, 32, 32, 128),
        _lstm(3, 2, 4, 3),
    ),
)
