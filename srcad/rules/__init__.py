"""The derivative of every operation, declared once and used by both modes.

One file a family, mirroring the library that it differentiates.  Each file declares rules with
the functions of :mod:`srcad.rules.table`; :func:`rule_of` finds the rule of a function.

>>> import math
>>> rule_of(math.sin).partials
{'x': ('m.cos(x)',)}
"""

from __future__ import annotations

from srcad.rules import arrays, elementwise, numbers, operators  # noqa: F401  (they declare)
from srcad.rules.table import (
    ATTRIBUTES,
    METHODS,
    SHARING,
    Elementwise,
    Operator,
    Rule,
    Structured,
    Use,
    Zero,
    all_rules,
    operator_rule,
    rule_of,
)

__all__ = [
    "ATTRIBUTES",
    "METHODS",
    "SHARING",
    "Elementwise",
    "Operator",
    "Rule",
    "Structured",
    "Use",
    "Zero",
    "all_rules",
    "operator_rule",
    "rule_of",
]
