"""The corpus: each program at each of its points, against the oracle."""

from __future__ import annotations

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
POINTS = [
    pytest.param(p, point, id=f"{p.name}-{k}") for p in ACCEPTED for k, point in enumerate(p.points)
]
SCALAR_POINTS = [
    (p, point, f"{p.name}-{k}")
    for p in ACCEPTED
    for k, point in enumerate(p.points[:2])
    if not any(isinstance(a, np.ndarray) for a in point)
    and agreement.is_scalar(agreement.run(p.function, point)[0])
]


def _or_refused(program: Program, check: Any, *args: Any, **options: Any) -> None:
    try:
        check(program.function, *args, **options)
    except Exception as error:
        if not program.may_refuse or not agreement.is_refusal(error):
            raise


def _with_arguments(f: Any) -> Any:
    """The result, and the arrays among the arguments as they are left."""

    def both(*args: Any) -> Any:
        result = f(*args)
        return result, [a for a in args if isinstance(a, np.ndarray)]

    return both


@pytest.mark.parametrize(("program", "point"), POINTS)
def test_the_oracle_runs_it(program: Program, point: tuple[Any, ...]) -> None:
    wrt = agreement.differentiable_arguments(point)
    tangents = [1.0 if k in wrt else None for k in range(len(point))]
    both = _with_arguments(program.function)
    value, _ = directional(both, point, tangents)
    rounded = program.precision > 1e-9
    assert_close(value, agreement.run(both, point)[0], program.precision if rounded else 1e-14)


@pytest.mark.parametrize(
    ("program", "point"),
    [
        pytest.param(p, point, id=f"{p.name}-{k}")
        for p in ACCEPTED
        for k, point in enumerate(p.points)
        # The points of the other themes are put on kinks and jumps, too.
        if p.name.startswith("memory_")
    ],
)
def test_the_oracle_agrees_with_differences(program: Program, point: tuple[Any, ...]) -> None:
    random = np.random.default_rng(1)
    wrt = agreement.differentiable_arguments(point)
    tangents = [
        random.choice([-1.0, -0.5, 0.5, 1.0], np.shape(a)) if k in wrt else None
        for k, a in enumerate(point)
    ]
    both = _with_arguments(program.function)
    _, slope = directional(both, point, tangents)
    single = [getattr(a, "dtype", None) == np.float32 for a in point]
    if any(single) or "float32" in program.function.__code__.co_names:
        assert_close(difference(both, point, tangents, 1 / 16), slope, 1e-5, rounding=1e-6)
    else:
        assert_close(difference(both, point, tangents), slope, 1e-7, rounding=1e-9)


@pytest.mark.parametrize(("program", "point"), POINTS)
def test_gradient(program: Program, point: tuple[Any, ...]) -> None:
    if agreement.is_scalar(agreement.run(program.function, point)[0]):
        _or_refused(program, agreement.check_gradients, point, precision=program.precision)


@pytest.mark.parametrize("mode", agreement.MODES)
@pytest.mark.parametrize(
    "program", [pytest.param(p, id=p.name) for p in ACCEPTED if len(p.points) > 1]
)
def test_one_derivative_at_all_points(program: Program, mode: str) -> None:
    points, precision = program.points, program.precision
    _or_refused(program, agreement.check_all_points, points, mode, precision=precision)


@pytest.mark.parametrize(("program", "point"), POINTS)
def test_products(program: Program, point: tuple[Any, ...]) -> None:
    _or_refused(program, agreement.check_products, point, precision=program.precision)


@pytest.mark.parametrize(
    ("program", "point"),
    [pytest.param(p, point, id=name) for p, point, name in SCALAR_POINTS if p.order >= 2],
)
def test_second_order(program: Program, point: tuple[Any, ...]) -> None:
    _or_refused(program, agreement.check_higher_order, point, 2)


@pytest.mark.parametrize(
    ("program", "point"),
    [pytest.param(p, point, id=name) for p, point, name in SCALAR_POINTS if p.order >= 3],
)
def test_third_order(program: Program, point: tuple[Any, ...]) -> None:
    agreement.check_higher_order(program.function, point, 3)


@pytest.mark.parametrize("mode", agreement.MODES)
@pytest.mark.parametrize("program", [pytest.param(p, id=p.name) for p in REFUSED])
def test_refused(program: Program, mode: str) -> None:
    point = program.points[0]
    with pytest.raises(srcad.SrcadError, match=program.refused or None):
        srcad.grad(program.function, mode=mode)(*point)
