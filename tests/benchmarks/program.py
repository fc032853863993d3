"""A program, its adjoint by hand and its adjoint by srcad: first compared, then timed."""

import gc
import math
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import srcad

from .report import against, print_table
from .timing import REPEATS, Times, call_timer, interleaved

TOLERANCE = 1e-9
TARGET = 1.3
TARGET_MEAN = 1.15
TARGET_MEMORY = 1.2
# Of one program: slow ones are repeated less often.
SECONDS = 8.0

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
    "peak by hand",
    "srcad/hand",
    "target",
)


@dataclass(frozen=True)
class Program:
    """What is compared: `by_hand` must return what ``srcad.grad(primal, wrt=wrt)`` returns.

    Neither changes its arguments. `small` are arguments for a test of `by_hand` by differences.
    """

    name: str
    primal: Callable[..., float]
    by_hand: Callable[..., Any]
    wrt: int | tuple[int, ...]
    arguments: tuple[Any, ...]
    small: tuple[Any, ...] | None = None


def compare(programs: Sequence[Program]) -> None:
    """Print the table of some programs; what is refused or not equal is said in its row."""
    rows, ratios, refusals = [], [], []
    for program in programs:
        by_hand = program.by_hand(*program.arguments)
        try:
            derivative = srcad.grad(program.primal, wrt=program.wrt)
            gradient = derivative(*program.arguments)
        except srcad.SrcadError as refusal:
            refusals.append(f"{program.name}: {refusal}")
            rows.append(_row_without(program, "refused"))
            continue
        error = largest_relative_error(gradient, by_hand)
        if not error <= TOLERANCE:  # written so that a NaN is an error too
            rows.append(_row_without(program, f"differs, {error:.0e}"))
            continue
        ratio, row = _row(program, derivative)
        ratios.append(ratio)
        rows.append(row)
    print_table(f"Gradients, equal to {TOLERANCE:g}; times are minima", HEADER, rows)
    if len(ratios) > 1:
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        verdict = against(mean, TARGET_MEAN)
        print(f"  geometric mean of srcad/hand over {len(ratios)}: {mean:.2f}, {verdict}")
    for text in refusals:
        print(f"\nrefused: {text}")


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


def _row(program: Program, derivative: Callable[..., Any]) -> tuple[float, tuple[str, ...]]:
    primal, by_hand, generated = _times(program, (program.primal, program.by_hand, derivative))
    peak, peak_generated = (
        peak_bytes(function, program.arguments) for function in (program.by_hand, derivative)
    )
    ratio = generated.minimum / by_hand.minimum
    # A peak that is nothing but Python's own objects says nothing.
    memory = peak_generated / peak if peak > 100_000 else None
    return ratio, (
        program.name,
        *(_duration(times.minimum) for times in (primal, by_hand, generated)),
        f"{ratio:.2f}",
        f"{generated.median / by_hand.median:.2f}",
        against(ratio, TARGET),
        f"{generated.minimum / primal.minimum:.2f}",
        f"{generated.median / primal.median:.2f}",
        f"{peak / 1e6:.1f} MB" if memory else "",
        f"{memory:.2f}" if memory else "",
        against(memory, TARGET_MEMORY) if memory else "",
    )


def _row_without(program: Program, verdict: str) -> tuple[str, ...]:
    """The primal and the adjoint by hand alone."""
    primal, by_hand = _times(program, (program.primal, program.by_hand))
    peak = peak_bytes(program.by_hand, program.arguments)
    times = (_duration(times.minimum) for times in (primal, by_hand))
    memory = f"{peak / 1e6:.1f} MB" if peak > 100_000 else ""
    return program.name, *times, verdict, "", "", "", "", "", memory, "", ""


def _times(program: Program, competitors: Sequence[Callable[..., Any]]) -> list[Times]:
    timers = [call_timer(function, program.arguments) for function in competitors]
    # The first calls are not among the samples.
    once = sum(timer.timeit(1) for timer in timers)
    return interleaved(timers, max(5, min(REPEATS, round(SECONDS / once))))


def _duration(seconds: float) -> str:
    return f"{seconds * 1e6:.1f} µs" if seconds < 1e-3 else f"{seconds * 1e3:.1f} ms"


def peak_bytes(function: Callable[..., Any], arguments: tuple[Any, ...]) -> int:
    """The most memory that a call has in use at one time, arguments apart.

    >>> 8000 < peak_bytes(lambda n: [0.0] * n, (1000,)) < 9000
    True
    """
    gc.collect()
    tracemalloc.start()
    try:
        function(*arguments)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
