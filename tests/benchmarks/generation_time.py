"""How long srcad takes from a function to its first derivative, and how that grows."""

import math
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np

import srcad

from .generated_source import (
    fifty_lines,
    fifty_lines_of_arrays,
    imported,
    rebinding,
    straight_line,
    sum_in_a_chain,
    sum_in_groups,
)
from .program import TOLERANCE, largest_relative_error
from .report import against, print_table

Mode = Literal["forward", "reverse"]
MODES: tuple[Mode, ...] = ("forward", "reverse")

ARGUMENTS = (0.7, 1.3)
REPEATS = 11
SIZES = (1250, 2500, 5000)
TERMS = 3000
TARGET_50_LINES_MILLISECONDS = 30.0
TARGET_5000_STATEMENTS_SECONDS = 5.0
TARGET_EXPONENT = 1.2
PATIENCE_SECONDS = 20.0


def run() -> None:
    """Time small functions, the growth with the number of statements, and one long expression."""
    _small_functions()
    for title, source in (("a name each", straight_line), ("two names rebound", rebinding)):
        _growth(title, source)
    _long_expressions()


def first_derivative(
    source: str, mode: Mode, arguments: tuple[Any, float] = ARGUMENTS
) -> tuple[float, Any]:
    """The seconds from a new function to the value of its derivative, and that value.

    The first call is part of it, because the code is generated for the kinds of its arguments.  It
    is this process's own time: what else runs on the machine counts less.
    """
    with imported(source) as function:
        start = time.process_time()
        gradient = srcad.grad(function, mode=mode, wrt=(0, 1))(*arguments)
        return time.process_time() - start, gradient


def _small_functions() -> None:
    # What is loaded at the first use only is not the cost of a function: shown apart.
    loading, _ = first_derivative("def f(x, a):\n    return x * a\n", "reverse")
    rows = [("x * a, first in the process", "reverse", f"{1e3 * loading:.1f} ms", "", "")]
    array = np.linspace(0.1, 0.3, 3), 1.2
    cases: tuple[tuple[str, str, tuple[Any, float]], ...] = (
        ("50 statements in a line", straight_line(50), ARGUMENTS),
        ("50 lines, branches and loops", fifty_lines(), ARGUMENTS),
        ("50 lines, arrays", fifty_lines_of_arrays(), array),
    )
    for what, source, arguments in cases:
        for mode in MODES:
            times = [1e3 * first_derivative(source, mode, arguments)[0] for _ in range(REPEATS)]
            verdict = against(min(times), TARGET_50_LINES_MILLISECONDS, "ms")
            median = f"{statistics.median(times):.1f} ms"
            rows.append((what, mode, f"{min(times):.1f} ms", median, verdict))
    header = ("Generation", "mode", "min", "median", "target")
    print_table("From a function to its first derivative", header, rows)


def _growth(title: str, source: Callable[[int], str]) -> None:
    sizes = [f"{size}" for size in SIZES]
    header = ["mode", *sizes, "target", "last ratio", "exponent", "target", "modes agree"]
    rows = []
    gradients: dict[Mode, tuple[float, ...]] = {}
    for mode in MODES:
        times: list[float] = []
        for size in SIZES:
            seconds, gradients[mode] = _best_of(source(size), mode)
            times.append(seconds)
            if seconds > PATIENCE_SECONDS:
                break
        cells = [f"{seconds:.2f} s" for seconds in times] + ["-"] * (len(SIZES) - len(times))
        if len(times) == len(SIZES):
            exponent = math.log(times[-1] / times[0]) / math.log(SIZES[-1] / SIZES[0])
            cells.append(against(times[-1], TARGET_5000_STATEMENTS_SECONDS, "s"))
            cells.append(f"{times[-1] / times[-2]:.2f}")
            cells += [f"{exponent:.2f}", against(exponent, TARGET_EXPONENT)]
        else:
            cells += [against(math.inf, TARGET_5000_STATEMENTS_SECONDS, "s"), "-", "-", "-"]
        agree = ""
        if len(gradients) == len(MODES):
            error = largest_relative_error(gradients["forward"], gradients["reverse"])
            agree = "yes" if error <= TOLERANCE else f"no, {error:.1e}"
        rows.append([mode, *cells, agree])
    print_table(f"Straight-line statements, {title}", header, rows)


def _best_of(source: str, mode: Mode) -> tuple[float, tuple[float, ...]]:
    """The fastest of three, or only the first if that is long enough to be steady."""
    seconds, gradient = first_derivative(source, mode)
    if seconds < 1.0:
        seconds = min(seconds, *(first_derivative(source, mode)[0] for _ in range(2)))
    return seconds, gradient


def _long_expressions() -> None:
    # CPython 3.11 and 3.12 cannot compile a chain of 3000 terms at their usual recursion limit:
    # there it takes a program that has raised it.  The shorter chain shows whether a pass recurses.
    cases = (
        ("one chain", 2500, sum_in_a_chain, sys.getrecursionlimit()),
        ("one chain, recursion limit 10000", TERMS, sum_in_a_chain, 10_000),
        ("in groups of 50", TERMS, sum_in_groups, sys.getrecursionlimit()),
    )
    rows = []
    for shape, count, source, limit in cases:
        for mode in MODES:
            with _recursion_limit(limit):
                rows.append((shape, f"{count}", mode, *_accepted(source(count), count, mode)))
    print_table("One long sum", ("shape", "terms", "mode", "time", "accepted"), rows)


def _accepted(source: str, count: int, mode: Mode) -> tuple[str, str]:
    try:
        seconds, gradient = first_derivative(source, mode)
    except (srcad.SrcadError, RecursionError) as refusal:
        return "-", f"no: {type(refusal).__name__}: {str(refusal).splitlines()[0]}"
    # A term i*x, i even, adds i to the derivative in x; a term x*a adds a to it, and x to the one
    # in a.
    x, a = ARGUMENTS
    half = count // 2
    exact = (half * (half - 1) + half * a, half * x)
    right = largest_relative_error(gradient, exact) <= TOLERANCE
    return f"{1e3 * seconds:.0f} ms", "yes" if right else f"yes, but wrong: {gradient}"


@contextmanager
def _recursion_limit(limit: int) -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(limit)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
