"""A program, its adjoint by hand and its adjoint by srcad: first compared, then timed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import srcad

from .report import against, print_table
from .timing import call_timer, interleaved

TOLERANCE = 1e-9
TARGET = 1.3

HEADER = (
    "program",
    "primal",
    "by hand",
    "srcad",
    "srcad/hand min",
    "median",
    "target",
    "gradient/primal min",
    "median",
)


@dataclass(frozen=True)
class Program:
    """What is compared: `by_hand` must return what ``srcad.grad(primal, wrt=wrt)`` returns."""

    name: str
    primal: Callable[..., float]
    by_hand: Callable[..., Any]
    wrt: int | tuple[int, ...]
    arguments: tuple[Any, ...]


def compare(programs: Sequence[Program]) -> None:
    """Print the table of some programs; one that is not accepted or not equal gets no times."""
    rows = []
    for program in programs:
        try:
            derivative = srcad.grad(program.primal, wrt=program.wrt)
            gradient = derivative(*program.arguments)
        except srcad.SrcadError as refusal:
            print(f"\n{program.name}: refused\n{refusal}")
            continue
        error = largest_relative_error(gradient, program.by_hand(*program.arguments))
        if not error <= TOLERANCE:  # written so that a NaN is an error too
            print(f"\n{program.name}: the gradients differ, relative error {error:.1e}; not timed")
            continue
        rows.append(_row(program, derivative))
    if rows:
        print_table(f"Gradients, equal to {TOLERANCE:g}; times are minima", HEADER, rows)


def largest_relative_error(actual: Any, expected: Any) -> float:
    """The largest error of any component, relative to that component; NaN if any is NaN.

    >>> largest_relative_error((1.0, 2.0), (1.0, 2.0))
    0.0
    >>> largest_relative_error(1e-30, 2e-30)
    0.5
    """
    a, b = _components(actual), _components(expected)
    if a.shape != b.shape:
        return float("inf")
    scale = np.maximum(np.abs(a), np.abs(b))
    # Two zeros are equal; 0/0 would make them a NaN.
    return float(np.max(np.abs(a - b) / np.where(scale == 0.0, 1.0, scale), initial=0.0))


def _components(gradient: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    parts = gradient if isinstance(gradient, tuple) else (gradient,)
    return np.concatenate([np.ravel(np.asarray(part, dtype=float)) for part in parts])


def _row(program: Program, derivative: Callable[..., Any]) -> tuple[str, ...]:
    competitors = (program.primal, program.by_hand, derivative)
    timers = [call_timer(function, program.arguments) for function in competitors]
    primal, by_hand, generated = interleaved(timers)
    ratio = generated.minimum / by_hand.minimum
    return (
        program.name,
        *(f"{times.minimum * 1e6:.1f} µs" for times in (primal, by_hand, generated)),
        f"{ratio:.2f}",
        f"{generated.median / by_hand.median:.2f}",
        against(ratio, TARGET),
        f"{generated.minimum / primal.minimum:.2f}",
        f"{generated.median / primal.median:.2f}",
    )
