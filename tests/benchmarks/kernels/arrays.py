"""The type of arrays, and arrays of random numbers that are the same at each run."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]


def random(shape: tuple[int, ...], seed: int, low: float = -1.0, high: float = 1.0) -> Array:
    """Uniform numbers of a shape."""
    return np.random.default_rng(seed).uniform(low, high, shape)
