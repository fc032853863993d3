"""Exercise III of the lecture with matrices: the same network, written with NumPy."""

import numpy as np

from srcad import value_and_grad

W = np.array([[0.1, 0.1, 0.8], [0.1, 0.4, 0.6]])  # the hidden neurons 1 and 2, the bias first
V = np.array([0.1, 0.3, 0.9])  # the output neuron 3, the bias first
X = np.array([1.0, 1.0, 1.0])  # the 1 that the bias is multiplied by, then A and B
TARGET = 0.5
RATE = 1.0


def sig(a):
    """The activation of the hidden neurons."""
    return 1 / (1 + np.exp(-a))


def loss(W, V, x, y):
    """Half the squared distance of the prediction h3 from y."""
    h = sig(W @ x)
    h3 = np.tanh(V[0] + V[1:] @ h)
    return 0.5 * (y - h3) ** 2


# The loss and its derivatives, from one forward and one reverse sweep.
loss_and_gradient = value_and_grad(loss, wrt=("W", "V"))


def print_pass(W, V):
    """The values that a forward pass meets on its way, as one writes them down by hand."""
    a = W @ X
    h = sig(a)
    a3 = V[0] + V[1:] @ h
    print(f"  a = {a.round(4)}    h = {h.round(4)}")
    print(f"  a3 = {a3:.4f}            prediction h3 = {np.tanh(a3):.4f}")


def main() -> None:
    """Forward pass, backward pass, update, second forward pass."""
    print("first forward pass")
    print_pass(W, V)
    value, (dW, dV) = loss_and_gradient(W, V, X, TARGET)
    new_W, new_V = W - RATE * dW, V - RATE * dV
    print(f"  loss = {value:.4f}")
    print("backward pass, and the update with rate 1")
    for name, derivative, new in (("W", dW, new_W), ("V", dV, new_V)):
        print(f"  d{name} = {derivative.round(4).tolist()}")
        print(f"   {name} -> {new.round(4).tolist()}")
    print("second forward pass")
    print_pass(new_W, new_V)
    print(f"  loss = {loss(new_W, new_V, X, TARGET):.4f}")


if __name__ == "__main__":
    main()
