"""Random programs on arrays that broadcast: without axes, with lengths of 1, and beside numbers.

They are written like those that change shapes, of other expressions.
"""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from tests.fuzz.shapes import ShapeWriter, Values
from tests.fuzz.tree import Case

EXPRESSIONS = (
    "{a} + {b}", "{a} - {b}", "{a} * {b}", "{a} * {b} * 0.7", "0.5 - {a}", "-{a}", "2.0 * {a}",
    "{a} / (1.5 + {b} ** 2)", "{a} ** 2", "{a} ** 3", "{a} ** 0", "{a} ** 1", "{a}",
    "np.sin({a})", "np.exp(-{a} * {b})", "np.sqrt(1.0 + {a} ** 2)", "np.log(2.0 + {a} ** 2)",
    "np.sqrt({a} ** 2 + {b} ** 2 + 0.1) ** 2", "np.hypot({a} + 2.0, {b}) ** 2",
    "np.arctan2({a}, 2.5 + {b} ** 2)", "np.logaddexp({a}, {b})", "np.hypot({a}, 2.0) * {b}",
    "np.maximum({a}, {b})", "np.minimum({a}, {b} * {b})", "np.where({a} > {b}, {a}, {b})",
    "np.where({a} > 0.5, {a} * {b}, 0.3)", "np.clip({a}, 0.2, {b})", "np.abs({a} - {b})",
    "np.sum({a})", "np.mean({a})", "np.sum({a}, axis=0)", "np.mean({a}, axis=-1)",
    "np.sum({a}, axis=-1, keepdims=True)", "np.mean({a}, axis=0, keepdims=True) * {b}",
    "np.sum({a} * {b}, axis=0, keepdims=True)", "{a}[:1]", "{a}[0]", "{a}[-1] * {b}",
    "{a}[..., :1]", "{a}[None]", "{a}[..., None] * {b}", "np.transpose({a}) * {b}",
    "np.broadcast_to({a}, np.shape({b}))", "np.sum({a} + {b})",
    "np.array([{a}, {b}])", "np.stack([{a}, {b} * {a}])", "{a} * n + {b}", "np.max({a}) * {b}",
)  # fmt: skip
SHAPES = (None, (), (), (1,), (1,), (3,), (1, 1), (2, 1), (1, 3), (2, 3))


def broadcast_case(seed: int, number: int) -> Case:
    """The program of that number among those whose arrays broadcast."""
    return BroadcastWriter(Random(f"broadcasts:{seed}:{number}")).case(f"f{number}")


class BroadcastWriter(ShapeWriter):
    """Writes one case."""

    expressions = EXPRESSIONS

    def argument(self, numbers: np.random.Generator) -> Any:
        """A number, or an array of one of the shapes."""
        shape = self.random.choice(SHAPES)
        made = numbers.uniform(0.2, 1.0, shape)
        return float(made) if shape is None else np.asarray(made)

    def value(self, text: str, state: Values) -> Any:
        """What an expression gives, if it is a number or an array of a fair size."""
        names = {n: v for n, v in state.items() if f"{n}[" in text}
        if any(not isinstance(v, np.ndarray) for v in names.values()):
            return None  # NumPy's numbers have indices, those of the oracle have none
        try:
            value = eval(text, dict(state))
        except (ValueError, IndexError, TypeError, AttributeError, np.exceptions.AxisError):
            return None
        if not isinstance(value, (np.ndarray, float)) or np.ndim(value) > 3 or np.size(value) > 60:
            return None
        return value if np.max(np.abs(value)) < 1e3 else None
