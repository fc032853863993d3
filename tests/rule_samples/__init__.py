"""For each rule: its twin in mpmath, or calls of it, and where to try it.

Every rule of the table must be named here; ``test_rules.py`` sees to that.  An operand is drawn
from an interval in which the function is smooth.  One module a family, as in :mod:`srcad.rules`.
"""

from tests.rule_samples import linear, numbers, zero
from tests.rule_samples.sample import Sample, Shapes

ELEMENTWISE: dict[str, list[Sample]] = numbers.ELEMENTWISE
STRUCTURED: dict[str, list[tuple[str, list[Shapes]]]] = linear.STRUCTURED
ZERO: dict[str, list[str]] = zero.ZERO

__all__ = ["ELEMENTWISE", "STRUCTURED", "ZERO", "Sample"]
