"""The corpus: each program at each of its points, against the oracle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

import srcad
from tests import agreement
from tests.oracle import assert_close, directional
from tests.oracle.differences import difference
from tests.programs import Program, corpus

PROGRAMS = corpus()
ACCEPTED = [p for p in PROGRAMS if p.refused is None]
REFUSED = [p for p in PROGRAMS if p.refused is not None]


def _or_refused(program: Program, check: Any, *args: Any, **options: Any) -> None:
    try:
        check(program.function, *args, **options)
    except Exception as error:
        if not program.may_refuse or not agreement.is_refusal(error):
            raise


@contextmanager
def _named(point: Any) -> Iterator[None]:
    """What fails says at which point."""
    try:
        yield
    except Exception as error:
        error.add_note(f"at {point}")
        raise


def _with_arguments(f: Any) -> Any:
    """The result, and the arrays among the arguments as they are left."""

    def both(*args: Any) -> Any:
        result = f(*args)
        return result, [a for a in args if isinstance(a, np.ndarray)]

    return both


@pytest.mark.parametrize("program", [pytest.param(p, id=p.name) for p in ACCEPTED])
def test_the_oracle_runs_it(program: Program) -> None:
    both = _with_arguments(program.function)
    for point in program.points:
        wrt = agreement.differentiable_arguments(point)
        tangents = [1.0 if k in wrt else None for k in range(len(point))]
        with _named(point):
            value, _ = directional(both, point, tangents)
            rounded = program.precision > 1e-9
            want = agreement.run(both, point)[0]
            assert_close(value, want, program.precision if rounded else 1e-14)


@pytest.mark.parametrize(
    "program",
    # The points of the other themes are put on kinks and jumps, too.
    [pytest.param(p, id=p.name) for p in ACCEPTED if p.name.startswith("memory_")],
)
def test_the_oracle_agrees_with_differences(program: Program) -> None:
    both = _with_arguments(program.function)
    for point in program.points:
        random = np.random.default_rng(1)
        wrt = agreement.differentiable_arguments(point)
        tangents = [
            random.choice([-1.0, -0.5, 0.5, 1.0], np.shape(a)) if k in wrt else None
            for k, a in enumerate(point)
        ]
        single = [getattr(a, "dtype", None) == np.float32 for a in point]
        with _named(point):
            _, slope = directional(both, point, tangents)
            if any(single) or "float32" in program.function.__code__.co_names:
                found = difference(both, point, tangents, 1 / 16)
                assert_close(found, slope, 1e-5, rounding=1e-6)
            else:
                assert_close(difference(both, point, tangents), slope, 1e-7, rounding=1e-9)


def gradients(program: Program) -> None:
    """At each point; and by one derivative at all points, there and back again."""
    f, precision = program.function, program.precision
    here = [agreement.known(f, point) for point in program.points]
    for point, at in zip(program.points, here, strict=True):
        if agreement.is_scalar(at.value):
            with _named(point):
                _or_refused(program, agreement.check_gradients, point, precision, here=at)
    if len(program.points) > 1:
        _or_refused(program, agreement.check_all_points, program.points, precision, here=here)


def products(program: Program) -> None:
    """Tangents, and adjoints of any seed."""
    for point in program.points:
        with _named(point):
            _or_refused(program, agreement.check_products, point, precision=program.precision)


def second_order(program: Program) -> None:
    """In all mixtures of modes."""
    for point in _scalar_points(program):
        with _named(point):
            _or_refused(program, agreement.check_higher_order, point, 2)


def third_order(program: Program) -> None:
    """In all mixtures of modes."""
    for point in _scalar_points(program):
        with _named(point):
            agreement.check_higher_order(program.function, point, 3)


def _scalar_points(program: Program) -> list[Any]:
    """Those of numbers, where the result is a number, too."""
    return [
        point
        for point in program.points[:2]
        if not any(isinstance(a, np.ndarray) for a in point)
        and agreement.is_scalar(agreement.run(program.function, point)[0])
    ]


def _checks() -> Iterator[Any]:
    """Program by program: all checks of one share its derivatives."""
    for p in ACCEPTED:
        higher = [second_order, third_order][: p.order - 1] if _scalar_points(p) else []
        for check in (gradients, products, *higher):
            yield pytest.param(p, check, id=f"{p.name}-{check.__name__}")


@pytest.mark.parametrize(("program", "check"), [*_checks()])
def test_derivatives(program: Program, check: Callable[[Program], None]) -> None:
    check(program)


@pytest.mark.parametrize("mode", agreement.MODES)
@pytest.mark.parametrize("program", [pytest.param(p, id=p.name) for p in REFUSED])
def test_refused(program: Program, mode: str) -> None:
    point = program.points[0]
    with pytest.raises(srcad.SrcadError, match=program.refused or None):
        srcad.grad(program.function, mode=mode)(*point)
