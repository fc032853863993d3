"""What derivatives of linear algebra need and NumPy lacks.

>>> inverse_gaps(np.array([1.0, 3.0]))
array([[ 0. ,  0.5],
       [-0.5,  0. ]])
>>> a, x = np.array([[1.0, 2.0], [0.0, 3.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
>>> np.array_equal(power_sum(a, x, 3), x @ a @ a + a @ x @ a + a @ a @ x)
True
"""

import numpy as np


def inverse_gaps(w):  # type: ignore[no-untyped-def]
    """``1 / (w[j] - w[i])`` at ``i, j``, and 0 on the diagonal."""
    diagonal = np.eye(w.shape[-1])
    gaps = np.expand_dims(w, -2) - np.expand_dims(w, -1)
    return (1 - diagonal) / (gaps + diagonal)


def free_of_phase(p, q):  # type: ignore[no-untyped-def]
    """``p``; the diagonal of ``p + q`` is how a result changes where vectors turn by a phase."""
    turned = np.abs(np.diagonal(p + q, axis1=-2, axis2=-1).imag)
    if np.any(turned > 1e6 * np.finfo(p.dtype).eps * np.max(np.abs(p) + np.abs(q), initial=0.0)):
        raise ValueError(
            "the result depends on the phases of complex eigenvectors or singular vectors, which "
            "are arbitrary: it has no derivative"
        )
    return p


def power_sum(a, x, n):  # type: ignore[no-untyped-def]
    """``x aⁿ⁻¹ + a x aⁿ⁻² + ... + aⁿ⁻¹ x``: what ``aⁿ`` changes by where ``a`` does by ``x``."""
    term = x
    total = x
    for _ in range(n - 1):
        term = a @ term
        total = total @ a + term
    return total


def block_triangle(a, e):  # type: ignore[no-untyped-def]
    """``[[a, e], [0, a]]``: a matrix whose functions hold their own derivatives along ``e``."""
    above = np.concatenate([a, e], axis=1)
    below = np.concatenate([np.zeros_like(a), a], axis=1)
    return np.concatenate([above, below], axis=0)
