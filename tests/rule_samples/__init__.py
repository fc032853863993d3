"""For each rule: its twin in mpmath, or calls of it, and where to try it.

Every rule of the table must be named here; ``test_rules.py`` sees to that.  An operand is drawn
from an interval in which the function is smooth.  One module a family, as in :mod:`srcad.rules`.
"""

from tests.rule_samples import (
    assembly,
    choices,
    complex_values,
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
}
# Of complex values, of which they are the only samples.
COMPLEX = complex_values.COMPLEX
# What is not linear, with twins at 50 digits; and the products, for their second derivatives.
MATRICES: dict[str, list[Matrices]] = {
    **matrices.MATRICES,
    **special.SCIPY_MATRICES,
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
    **reductions.WHOLE,
    **ordering.WHOLE,
    **norms.WHOLE,
}
ZERO: dict[str, list[str]] = {**zero.ZERO, **places.ZERO}

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
