"""A small network whose parameters are dataclasses: the gradient is one, too.

Run it: `python examples/mlp_dataclass.py`
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import srcad


@dataclass
class Layer:
    """An affine map and what follows it."""

    w: np.ndarray
    b: np.ndarray
    activation: str = "tanh"

    def __call__(self, x: np.ndarray) -> np.ndarray:
        y = x @ self.w + self.b
        return np.tanh(y) if self.activation == "tanh" else y


@dataclass
class Network:
    """Layers, one after the other."""

    layers: list[Layer]
    decay: float = 1e-4

    def __call__(self, x: np.ndarray) -> np.ndarray:
        for layer in self.layers:
            x = layer(x)
        return x


def loss(network: Network, x: np.ndarray, target: np.ndarray) -> float:
    """Mean square error, and a little weight decay."""
    error = network(x) - target
    return np.mean(error**2) + network.decay * sum(np.sum(each.w**2) for each in network.layers)


def main() -> None:
    """Fit a sine."""
    random = np.random.default_rng(0)
    network = Network(
        [
            Layer(random.normal(size=(1, 16)), np.zeros(16)),
            Layer(random.normal(size=(16, 1)) / 4, np.zeros(1), "none"),
        ]
    )
    x = np.linspace(-2, 2, 41)[:, None]
    target = np.sin(2 * x)
    value_and_gradient = srcad.value_and_grad(loss)
    value, gradient = value_and_gradient(network, x, target)
    print("The gradient:", type(gradient).__name__, "of", len(gradient.layers), "layers")
    print(f"The loss before: {value:.3f}")
    for _ in range(2000):
        value, gradient = value_and_gradient(network, x, target)
        for layer, slope in zip(network.layers, gradient.layers, strict=True):
            layer.w -= 0.05 * slope.w
            layer.b -= 0.05 * slope.b
    print(f"The loss after:  {value:.3f}")
    print(value_and_gradient.source)


if __name__ == "__main__":
    main()
