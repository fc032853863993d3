"""Exercise III of the lecture: a small neural network, with scalars as by hand.

Two inputs A and B, two hidden sigmoid neurons 1 and 2, a tanh output neuron 3, each with a bias.
"""

import math

from srcad import value_and_grad

NAMES = ("b1", "w1A", "w1B", "b2", "w2A", "w2B", "b3", "w31", "w32")
WEIGHTS = (0.1, 0.1, 0.8, 0.1, 0.4, 0.6, 0.1, 0.3, 0.9)
INPUTS = (1.0, 1.0)
TARGET = 0.5
RATE = 1.0


def sig(a):
    """The activation of the hidden neurons."""
    return 1 / (1 + math.exp(-a))


def loss(b1, w1A, w1B, b2, w2A, w2B, b3, w31, w32, xA, xB, y):
    """Half the squared distance of the prediction h3 from y."""
    a1 = b1 + w1A * xA + w1B * xB
    a2 = b2 + w2A * xA + w2B * xB
    h1 = sig(a1)
    h2 = sig(a2)
    a3 = b3 + w31 * h1 + w32 * h2
    h3 = math.tanh(a3)
    return 0.5 * (y - h3) ** 2


# The loss and its nine derivatives, from one forward and one reverse sweep.
loss_and_gradient = value_and_grad(loss, wrt=NAMES)


def updated(weights, gradient):
    """The weights after one step of gradient descent."""
    return tuple(w - RATE * dw for w, dw in zip(weights, gradient, strict=True))


def print_pass(b1, w1A, w1B, b2, w2A, w2B, b3, w31, w32):
    """The values that a forward pass meets on its way, as one writes them down by hand."""
    xA, xB = INPUTS
    a1, a2 = b1 + w1A * xA + w1B * xB, b2 + w2A * xA + w2B * xB
    h1, h2 = sig(a1), sig(a2)
    a3 = b3 + w31 * h1 + w32 * h2
    print(f"  a1, a2 = {a1:.4f}, {a2:.4f}    h1, h2 = {h1:.4f}, {h2:.4f}")
    print(f"  a3 = {a3:.4f}            prediction h3 = {math.tanh(a3):.4f}")


def main() -> None:
    """Forward pass, backward pass, update, second forward pass."""
    print("first forward pass")
    print_pass(*WEIGHTS)
    value, gradient = loss_and_gradient(*WEIGHTS, *INPUTS, TARGET)
    weights = updated(WEIGHTS, gradient)
    print(f"  loss = {value:.4f}")
    print("backward pass, and the update with rate 1")
    for name, derivative, new in zip(NAMES, gradient, weights, strict=True):
        print(f"  d{name:3} = {derivative:.4f}    {name:3} -> {new:7.4f}")
    print("second forward pass")
    print_pass(*weights)
    print(f"  loss = {loss(*weights, *INPUTS, TARGET):.4f}")


if __name__ == "__main__":
    main()
