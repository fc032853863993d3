"""NumPy's numbers of less than double precision: computed with as floats, given back as they came.

>>> import numpy as np
>>> widened(np.float32(0.5)), widened(np.ones(1, "f4"))
(0.5, array([1.], dtype=float32))
>>> narrow = narrowing([np.float32, float])
>>> narrow((2.0, 3.0))
(np.float32(2.0), 3.0)
>>> narrowing([float, np.ndarray]) is None
True
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

NARROW = (np.float16, np.float32)
Narrowing = Callable[[Any], Any]


def widened(argument: Any) -> Any:
    """A number of less than double precision as a float; anything else as it is."""
    return float(argument) if type(argument) in NARROW else argument


def narrowing(types: Sequence[type]) -> Narrowing | None:
    """What gives adjoints the types of their arguments; None where nothing is to be done."""
    ways = [each if each in NARROW else None for each in types]
    if not any(ways):
        return None

    def narrow(adjoints: Any) -> tuple[Any, ...]:
        pairs = zip(adjoints, ways, strict=True)
        return tuple(each if way is None else way(each) for each, way in pairs)

    return narrow


def of_gradient(types: Sequence[type], *, several: bool, value: bool) -> Narrowing | None:
    """The same for what a derivative returns: one gradient or several, alone or after a value.

    >>> of_gradient([np.float32], several=False, value=True)((1.0, 2.0))
    (1.0, np.float32(2.0))
    """
    narrow = narrowing(types)
    if narrow is None:
        return None

    def of(gradient: Any) -> Any:
        return narrow(gradient) if several else narrow((gradient,))[0]

    return (lambda found: (found[0], of(found[1]))) if value else of
