"""What a sample of an operation is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Interval = tuple[float, float]
ANY = (-2.0, 2.0)
POSITIVE = (0.3, 3.0)
NEGATIVE = (-3.0, -0.3)
UNIT = (-0.9, 0.9)


@dataclass(frozen=True)
class Sample:
    """One way to call an operation: the call, its mpmath twin, an interval for each operand.

    In ``call`` the operands are ``x``, ``y`` and ``z``; ``{f}`` is the function's own name.
    """

    call: str
    twin: Callable[..., Any]
    intervals: tuple[Interval, ...]

    @property
    def operands(self) -> str:
        """The names of the operands."""
        return "xyz"[: len(self.intervals)]


def of(twin: Callable[..., Any], *intervals: Interval, call: str = "") -> Sample:
    """A sample; the usual call lists the operands."""
    return Sample(call or f"{{f}}({', '.join('xyz'[: len(intervals)])})", twin, intervals)


Shapes = tuple[tuple[int, ...] | None, ...]
