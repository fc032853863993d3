"""Views of arrays that are written: what is written into one is found in the other.

>>> y = np.zeros(6)
>>> as_view(y.reshape(2, 3), y)
>>> as_view(y[::-1].copy(), y)
Traceback (most recent call last):
    ...
ValueError: this array is a copy here, where the derivative takes it for a view: write .copy()
"""

import numpy as np


def as_view(view, base):  # type: ignore[no-untyped-def]
    """Check that an array is a view of another one, where only running tells."""
    if np.size(view) and not np.may_share_memory(view, base):
        raise ValueError(
            "this array is a copy here, where the derivative takes it for a view: write .copy()"
        )
