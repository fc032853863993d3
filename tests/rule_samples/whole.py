"""What a sample of an operation on whole arrays is, where the operation is not linear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np

from tests.rule_samples.sample import Interval, Shapes

Twin = Callable[..., Any]


@dataclass(frozen=True)
class Whole:
    """A call in the operands a, b and d, its twin on arrays of mpmath's numbers, shapes for them.

    Operands are drawn from an interval each, and then ``prepared``.
    """

    call: str
    twin: Twin
    shapes: tuple[Shapes, ...]
    intervals: tuple[Interval, ...] = ((-2.0, 2.0),) * 3
    prepared: Callable[..., Any] = lambda *operands: operands


def exact(x: Any) -> Any:
    """An array, or a number, of mpmath's numbers."""
    if np.ndim(x) == 0:
        return mp.mpf(float(x))
    return np.array([mp.mpf(float(e)) for e in x.flat], object).reshape(x.shape)


def along(
    core: Callable[[list[Any]], Any], axis: Any = None, *, keepdims: bool = False
) -> Callable[[Any], Any]:
    """A twin that reduces the entries along an axis, or several, to one by ``core``."""

    def twin(x: Any) -> Any:
        axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
        axes = tuple(each % x.ndim for each in axes)
        kept = [n for n in range(x.ndim) if n not in axes]
        lines = np.transpose(x, [*kept, *axes])
        shape = [x.shape[n] for n in kept]
        out = np.empty(shape, object)
        for index in np.ndindex(*shape):
            out[index] = core(list(lines[index].flat))
        if keepdims:
            out = np.array(out, object).reshape(
                [1 if n in axes else s for n, s in enumerate(x.shape)]
            )
        return out if out.ndim else out[()]

    return twin


def lines(core: Callable[[list[Any]], list[Any]], axis: int | None = -1) -> Callable[[Any], Any]:
    """A twin that makes a line of each line along an axis by ``core``; without axis, of all."""

    def twin(x: Any) -> Any:
        if axis is None:
            x = x.reshape(-1)
        moved = np.moveaxis(x, 0 if axis is None else axis, -1)
        parts = [core(list(moved[index])) for index in np.ndindex(*moved.shape[:-1])]
        made = np.array(parts, object).reshape(*moved.shape[:-1], -1)
        return np.moveaxis(made, -1, 0 if axis is None else axis)

    return twin
