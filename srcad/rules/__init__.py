"""The derivative of every operation, declared once and used by both modes.

One file a family, mirroring the library that it differentiates.  Each file declares rules with
the functions of :mod:`srcad.rules.table`; :func:`rule_of` finds the rule of a function.

>>> import math
>>> rule_of(math.sin).partials
{'x': ('m.cos(x)',)}
"""

from __future__ import annotations

from srcad.rules import (  # noqa: F401  (they declare)
    accumulations,
    arrays,
    assembly,
    choices,
    cmath_functions,
    complex_values,
    covariances,
    decompositions,
    diagonals,
    differences,
    editing,
    einsum,
    elementwise,
    fourier,
    gathers,
    in_part,
    interpolation,
    joined,
    linalg,
    makers,
    norms,
    numbers,
    operators,
    outer,
    padding,
    places,
    polynomials,
    products,
    quadratures,
    reductions,
    refusals,
    repetitions,
    scipy_equations,
    scipy_linalg,
    scipy_special,
    several,
    shapes,
    sorting,
    statistics,
    steps,
    trapezoids,
)
from srcad.rules.signature import Refused
from srcad.rules.table import (
    ATTRIBUTES,
    LATE,
    METHODS,
    SHARING,
    UNKNOWN_VALUE,
    Elementwise,
    Entry,
    Excluded,
    Operator,
    Rule,
    Structured,
    Use,
    Zero,
    all_rules,
    complex_rule,
    entries_of,
    gives_real,
    is_zero_function,
    operator_rule,
    rule_of,
    takes_complex,
)

__all__ = [
    "ATTRIBUTES",
    "LATE",
    "METHODS",
    "SHARING",
    "UNKNOWN_VALUE",
    "Elementwise",
    "Entry",
    "Excluded",
    "Operator",
    "Refused",
    "Rule",
    "Structured",
    "Use",
    "Zero",
    "all_rules",
    "complex_rule",
    "entries_of",
    "gives_real",
    "is_zero_function",
    "operator_rule",
    "rule_of",
    "takes_complex",
]
