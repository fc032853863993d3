"""For each rule: its twin in mpmath, or calls of it, and where to try it.

Every rule of the table must be named here; ``test_rules.py`` sees to that.  An operand is drawn
from an interval in which the function is smooth.  One module a family, as in :mod:`srcad.rules`.
"""

from __future__ import annotations

import functools
import importlib.util
from typing import TypeVar

import numpy as np

from tests.rule_samples import (
    assembly,
    choices,
    complex_values,
    equations,
    in_part,
    interpolation,
    linear,
    makers,
    matrices,
    norms,
    numbers,
    ordering,
    places,
    products,
    reductions,
    shapes,
    special,
    zero,
)
from tests.rule_samples.matrices import Matrices
from tests.rule_samples.sample import Sample, Shapes
from tests.rule_samples.whole import Whole

Samples = TypeVar("Samples")


def here(table: dict[str, Samples]) -> dict[str, Samples]:
    """The samples of those functions that this NumPy has, and of SciPy's where that is there."""
    return {label: samples for label, samples in table.items() if _is_here(label.split()[0])}


def _is_here(name: str) -> bool:
    module, *path = name.split(".")
    if module == "scipy":
        return importlib.util.find_spec("scipy") is not None
    return (
        module != "np" or functools.reduce(lambda f, n: getattr(f, n, None), path, np) is not None
    )


ELEMENTWISE: dict[str, list[Sample]] = {
    **numbers.ELEMENTWISE,
    **special.SPECIAL,
    **choices.ELEMENTWISE,
}
STRUCTURED: dict[str, list[tuple[str, list[Shapes]]]] = {
    **linear.STRUCTURED,
    **products.PRODUCTS,
    **shapes.STRUCTURED,
    **assembly.STRUCTURED,
    **makers.STRUCTURED,
    **places.STRUCTURED,
    **choices.STRUCTURED,
    **here(equations.STRUCTURED),
}
# Of complex values, of which they are the only samples.
COMPLEX = complex_values.COMPLEX
# What is not linear, with twins at 50 digits; and the products, for their second derivatives.
MATRICES: dict[str, list[Matrices]] = {
    **matrices.MATRICES,
    **special.SCIPY_MATRICES,
    **equations.MATRICES,
    **makers.CURVED,
    **places.CURVED,
    **{
        name: [Matrices(call, tuple(shapes)) for call, shapes in samples]
        for name, samples in products.PRODUCTS.items()
    },
}
# Of other operations on whole arrays that are not linear.
WHOLE: dict[str, list[Whole]] = {
    **interpolation.WHOLE,
    **here(reductions.WHOLE),
    **in_part.WHOLE,
    **ordering.WHOLE,
    **here(norms.WHOLE),
}
ZERO: dict[str, list[str]] = {**here(zero.ZERO), **places.ZERO}

__all__ = [
    "COMPLEX",
    "ELEMENTWISE",
    "MATRICES",
    "STRUCTURED",
    "WHOLE",
    "ZERO",
    "Matrices",
    "Sample",
    "Whole",
]
