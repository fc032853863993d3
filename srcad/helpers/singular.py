"""Which matrices NumPy's functions refuse: asked before they are called, where that is handled.

>>> is_singular(np.ones((2, 2))), is_singular(np.eye(2))
(True, False)
>>> has_no_cholesky(-np.eye(2)), has_no_cholesky(np.eye(2))
(True, False)
"""

import numpy as np


def is_singular(a):  # type: ignore[no-untyped-def]
    """Whether ``np.linalg.solve`` and ``np.linalg.inv`` raise ``LinAlgError`` of a matrix."""
    try:
        np.linalg.inv(a)
    except np.linalg.LinAlgError:
        return True
    return False


def has_no_cholesky(a):  # type: ignore[no-untyped-def]
    """Whether ``np.linalg.cholesky`` raises ``LinAlgError`` of a matrix."""
    try:
        np.linalg.cholesky(a)
    except np.linalg.LinAlgError:
        return True
    return False
