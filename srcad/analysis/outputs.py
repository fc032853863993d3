"""What NumPy demands of the array that ``out=`` names: an assignment into it would take more.

A ufunc stretches its result to the array that is given, but into no more axes than that has; any
other function wants an array of the result's own shape.  And neither writes floats into ints.

>>> from srcad.tree import statement
>>> rows, row = Array(("x:0", "=3"), "f8"), Array(("=3",), "f8")
>>> target = statement("y[...] = w").targets[0]
>>> target.kind, target.demand = rows, EXACT
>>> misfit(target, row)
'the array has not the shape of the result'
>>> is_checked(EXACT, Array(("?@1",), "f8"), row), is_checked(EXACT, row, row)
(True, False)
"""

from __future__ import annotations

import numpy as np

from srcad.analysis.kind import Array, Kind, Scalar, Unknown, same_shape
from srcad.analysis.memory import has_index_array
from srcad.tree import Node

EXACT, STRETCHED, CAST, FILLED = "exact", "stretched", "cast", "filled"
NAMES = {CAST: "this `np.copyto`", FILLED: "this `.fill`"}
SHAPE = "the array has not the shape of the result"
COPY = "what is written may be a copy of a part of the array, made by its index"
INTS = "the array is one of ints, and the result is not"


def demand_of(function: object, func: Node) -> str:
    """What a function of NumPy's, or a method of an array's, demands of its ``out=``."""
    elementwise = isinstance(function, np.ufunc) and function.signature is None
    clips = function is np.clip or getattr(func, "attr", "") == "clip"
    return STRETCHED if elementwise or clips else EXACT


def misfit(target: Node, value: Kind) -> str:
    """Why what is computed does not fit into the part of an array that is given; "" if it may."""
    place = target.kind
    if has_index_array(target) or not isinstance(place, Array):
        return COPY
    if not isinstance(value, (Array, Scalar)) or target.demand == FILLED:
        return ""
    axes = value.axes if isinstance(value, Array) else ()
    if target.demand == EXACT and (len(axes) != place.rank or _is_longer(axes, place.axes)):
        return SHAPE
    code = value.dtype[0] if isinstance(value, Array) else value.name[0]
    return INTS if place.dtype[0] in "iub" and code in "fc" else ""


def _is_longer(axes: tuple[str, ...], given: tuple[str, ...]) -> bool:
    """Whether a result's axis of length 1 meets one that has another length."""
    return any(
        one == "1" and other != "1" and other[0] != "?"
        for one, other in zip(axes, given, strict=True)
    )


def is_checked(demand: str, value: Kind, place: Kind) -> bool:
    """Whether only running tells if a result has the shape of the array that is given.

    Two lengths of which neither is 1 are compared by the assignment itself.
    """
    if demand != EXACT or isinstance(value, Scalar):
        return False
    if isinstance(value, Unknown):
        return True
    axes = value.axes if isinstance(value, Array) else ()
    return isinstance(place, Array) and not same_shape(axes, place.axes)
