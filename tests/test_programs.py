"""The corpus: each program at each of its points, against the oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import srcad
from tests import agreement
from tests.oracle import assert_close, directional
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
    if not any(isinstance(a, np.ndarray) for a in point) and agreement.is_scalar(p.function(*point))
]


def _or_refused(program: Program, check: Any, *args: Any) -> None:
    try:
        check(program.function, *args)
    except srcad.SrcadError:
        if not program.may_refuse:
            raise


@pytest.mark.parametrize(("program", "point"), POINTS)
def test_the_oracle_runs_it(program: Program, point: tuple[Any, ...]) -> None:
    wrt = agreement.differentiable_arguments(point)
    tangents = [1.0 if k in wrt else None for k in range(len(point))]
    value, _ = directional(program.function, point, tangents)
    assert_close(value, program.function(*point), 1e-14)


@pytest.mark.parametrize(("program", "point"), POINTS)
def test_gradient(program: Program, point: tuple[Any, ...]) -> None:
    if agreement.is_scalar(program.function(*point)):
        _or_refused(program, agreement.check_gradients, point)


@pytest.mark.parametrize("mode", agreement.MODES)
@pytest.mark.parametrize(
    "program", [pytest.param(p, id=p.name) for p in ACCEPTED if len(p.points) > 1]
)
def test_one_derivative_at_all_points(program: Program, mode: str) -> None:
    _or_refused(program, agreement.check_all_points, program.points, mode)


@pytest.mark.parametrize(("program", "point"), POINTS)
def test_products(program: Program, point: tuple[Any, ...]) -> None:
    _or_refused(program, agreement.check_products, point)


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
