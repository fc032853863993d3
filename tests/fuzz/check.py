"""One random program held against the oracle; and the smallest program that is still wrong."""

from __future__ import annotations

import re
import signal
import sys
import tempfile
import traceback
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

import srcad
from tests.agreement import MODES, differentiable_arguments, is_refusal, run
from tests.fuzz.tree import Case
from tests.oracle import Mismatch, assert_close, copied, gradient
from tests.oracle.structures import replaced

SECONDS = 20  # a derivative that runs longer than this does not end


class Invalid(Exception):
    """The program itself does not run: not to be counted."""


@contextmanager
def loaded(case: Case) -> Iterator[Callable[..., Any]]:
    """The program as a function of a module of its own, in a file of its own."""
    with tempfile.TemporaryDirectory() as directory:
        name = f"fuzzed_{case.name}"
        path = Path(directory) / f"{name}.py"
        path.write_text(case.source, encoding="utf-8")
        module = types.ModuleType(name)
        module.__file__ = str(path)
        sys.modules[name] = module
        try:
            try:
                exec(compile(case.source, str(path), "exec"), vars(module))
            except Exception as error:  # a jump that has lost its loop, a class its method
                raise Invalid(f"{type(error).__name__}: {error}") from error
            yield vars(module)[case.name]
        finally:
            del sys.modules[name]


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Interrupt what does not end."""

    def interrupt(*_: object) -> None:
        raise TimeoutError(f"still running after {seconds} s")

    previous = signal.signal(signal.SIGALRM, interrupt)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)


def wanted(f: Callable[..., Any], case: Case) -> list[tuple[Any, Any, Any]]:
    """Value and gradient at each point, by the oracle; and how the primal leaves its arguments."""
    try:
        with limited(SECONDS):
            found = []
            for point in case.points:
                value, after = run(f, point)
                with replaced(sys.modules[f.__module__]):  # for the methods of its classes
                    slope = gradient(f, point, differentiable_arguments(point))
                found.append((float(value), after, slope))
            return found
    except Exception as error:
        raise Invalid(f"{type(error).__name__}: {error}") from error


def check(case: Case, thorough: bool = False) -> None:
    """Nothing, or srcad.SrcadError if it is refused, or any other exception if it is wrong."""
    with loaded(case) as f:
        want = wanted(f, case)
        wrt = differentiable_arguments(case.points[0])
        with limited(SECONDS):
            for optimize in (True, False) if thorough else (True,):
                for mode in MODES:
                    derivative = srcad.value_and_grad(f, mode=mode, wrt=wrt, optimize=optimize)
                    what = f"{mode}, optimize={optimize}"
                    for point, (value, after, slope) in zip(case.points, want, strict=True):
                        given = copied(point)
                        got_value, got = derivative(*given)
                        assert_close(got_value, value, 1e-12, f"{what}: value at {point}")
                        assert_close(given, after, 1e-12, f"{what}: arguments after {point}")
                        at = f"{what}: gradient at {point}"
                        # Sums of numbers of order one are rounded as such.
                        assert_close(got, slope, 1e-9, at, scale=1.0 + abs(value))
            if thorough:
                # Of one argument each, for all points and what is made of it.
                alone = {(mode, k): srcad.grad(f, mode=mode, wrt=k) for mode in MODES for k in wrt}
                for point, known in zip(case.points, want, strict=True):
                    _check_each_alone(alone, point, *known)
                    _check_products(f, point, *known)
                if all(isinstance(a, (int, float)) for a in case.points[0]):
                    _check_second_order(f, alone, case, wrt)


def _check_each_alone(
    alone: dict[tuple[str, int], Any],
    point: tuple[Any, ...],
    value: float,
    after: Any,
    slope: Any,
) -> None:
    """The gradient of one argument: the others are constants, and are written all the same."""
    for k, want in zip(differentiable_arguments(point), slope, strict=True):
        for mode in MODES:
            given, what = copied(point), f"{mode}, wrt={k} at {point}"
            got = alone[mode, k](*given)
            assert_close(got, want, 1e-9, f"{what}: gradient", scale=1.0 + abs(value))
            assert_close(given, after, 1e-12, f"{what}: arguments afterwards")


def _check_products(
    f: Callable[..., Any], point: tuple[Any, ...], value: float, after: Any, slope: Any
) -> None:
    """jvp, and vjp with a pullback that is called twice."""
    wrt = differentiable_arguments(point)
    random = np.random.default_rng(len(wrt))
    tangents: list[Any] = [None] * len(point)
    for k in wrt:
        tangents[k] = random.uniform(-1, 1, np.shape(point[k]))
        if not isinstance(point[k], np.ndarray):
            tangents[k] = float(tangents[k])
    terms = [np.sum(s * tangents[k]) for s, k in zip(slope, wrt, strict=True)]
    given = copied(point)
    got_value, tangent = srcad.jvp(f, given, tangents)
    size = 1.0 + abs(value) + float(np.sum(np.abs(terms)))
    assert_close(got_value, value, 1e-12, f"jvp: value at {point}")
    assert_close(given, after, 1e-12, f"jvp: arguments after {point}")
    assert_close(tangent, sum(terms), 1e-9, f"jvp at {point}", scale=size)
    given = copied(point)
    got_value, pullback = srcad.vjp(f, *given)
    assert_close(got_value, value, 1e-12, f"vjp: value at {point}")
    assert_close(given, after, 1e-12, f"vjp: arguments after {point}")
    for seed in (1.0, -2.0):
        adjoints = tuple(a for k, a in enumerate(pullback(seed)) if k in wrt)
        want = tuple(seed * s for s in slope)
        assert_close(adjoints, want, 1e-9, f"vjp: {seed} at {point}", scale=1.0 + abs(value))
    assert_close(given, after, 1e-12, f"pullback: arguments after {point}")


def _check_second_order(
    f: Callable[..., Any], alone: dict[tuple[str, int], Any], case: Case, wrt: tuple[int, ...]
) -> None:
    point = case.points[0]
    want = gradient(lambda *a: gradient(f, a, wrt[0]), point, wrt)
    for inner in MODES:
        for outer in MODES:
            second = srcad.grad(alone[inner, wrt[0]], mode=outer, wrt=wrt)
            assert_close(second(*point), want, 1e-7, f"{outer} of {inner} at {point}")


def verdict(case: Case, thorough: bool = False) -> tuple[str, str]:
    """("accepted", ""), ("refused", why), ("invalid", why) or ("wrong", how)."""
    try:
        check(case, thorough)
    except Invalid as error:
        return "invalid", str(error)
    except srcad.SrcadError as error:
        if isinstance(error.__cause__, TimeoutError):
            return "refused", f"still generating after {SECONDS} s"
        if error.__cause__ is not None:  # an error of srcad's own
            return "wrong", str(error)
        return "refused", _reason(error)
    except Mismatch as error:
        return "wrong", str(error)
    except Exception as error:
        if is_refusal(error):
            return "refused", str(error)
        return "wrong", traceback.format_exc(limit=-4)
    return "accepted", ""


def shrink(case: Case, thorough: bool = False, tries: int = 2000) -> Case:
    """The smallest case, one part taken away at a time, that is still wrong."""
    progress = True
    while progress:
        progress = False
        for smaller in case.smaller():
            tries -= 1
            if tries < 0:
                return case
            if verdict(smaller, thorough)[0] == "wrong":
                case, progress = smaller, True
                break
    return case


def _reason(error: srcad.SrcadError) -> str:
    """The message without the names and numbers of this program, so that like counts with like."""
    lines = str(error.msg or error).strip().splitlines()
    # Of several reasons the first, without its place.
    text = lines[0] if len(lines) == 1 else lines[1].strip().split(": ", 1)[-1]
    text = re.sub(r"[`'\"‘“][^`'\"’”]*[`'\"’”]", "…", text)
    return re.sub(r"\d+(\.\d+)?", "#", text)
