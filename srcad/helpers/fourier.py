"""What the adjoints of Fourier transforms need besides the transforms.

>>> fitted(np.array([1.0, 2.0, 3.0]), np.zeros(2), (0,))
array([1., 2.])
>>> fitted(np.array([1.0, 2.0, 3.0]), np.zeros(4), (0,))
array([1., 2., 3., 0.])
>>> with_mirrors(np.array([1.0, 1.0, 1.0]), 4, 0), with_mirrors(np.array([1.0, 1.0, 1.0]), 5, 0)
(array([1., 2., 1.]), array([1., 2., 2.]))
>>> whole_lengths((-1, 8), np.zeros((5, 6)), (0, 1))
(5, 8)
"""

import numpy as np


def fitted(x, like, axes):  # type: ignore[no-untyped-def]
    """x cut, or continued by zeros, to the lengths that ``like`` has along some axes."""
    shape, kept = list(x.shape), [slice(None)] * x.ndim
    for axis in axes:
        shape[axis] = like.shape[axis]
        kept[axis] = slice(min(x.shape[axis], like.shape[axis]))
    whole = np.zeros(shape, x.dtype)
    whole[tuple(kept)] = x[tuple(kept)]
    return whole


def with_mirrors(x, n, axis):  # type: ignore[no-untyped-def]
    """Twice the half of a spectrum of n numbers, but where a frequency is its own mirror image."""
    weights = np.full(x.shape[axis], 2.0, x.real.dtype)
    weights[0] = 1.0
    if n % 2 == 0:
        weights[n // 2] = 1.0
    shape = [1] * x.ndim
    shape[axis] = -1
    return x * weights.reshape(shape)


def whole_lengths(lengths, x, axes):  # type: ignore[no-untyped-def]
    """The lengths to which a transform fits x: -1 stands for the whole axis."""
    pairs = zip(lengths, axes, strict=True)
    return tuple([x.shape[axis] if n == -1 else n for n, axis in pairs])
