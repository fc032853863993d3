"""Random programs in bulk; and a proof that the bulk would notice a wrong derivative."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import srcad
from tests.agreement import differentiable_arguments
from tests.fuzz.broadcasts import broadcast_case
from tests.fuzz.check import loaded, shrink, verdict, wanted
from tests.fuzz.generate import case
from tests.fuzz.language import language_case
from tests.fuzz.memory import memory_case
from tests.fuzz.mixed import mixed_case
from tests.fuzz.run import chosen, run
from tests.fuzz.shapes import shape_case
from tests.fuzz.tree import Case, Compound
from tests.oracle import copied, gradient
from tests.oracle.differences import difference

COUNT = 200
CHUNK = 200
# 5,000 programs, by seed and first number: every other one writes arrays, and 2,500 are like those
# of `test_random_programs`.  Number 4231 of seed 1 has a
# gradient of 1e16 that only a longer float tells to more than seven digits, the oracle's too.
CHUNKS_OF_MEMORY = [(1, n) for n in range(0, 4200, CHUNK)] + [(6, n) for n in range(0, 800, CHUNK)]
COUNT_OF_SHAPES = 100
COUNT_OF_BROADCASTS = 100
COUNT_OF_LANGUAGE = 40
COUNT_OF_MIXED = 16
JOBS = 2


def test_programs_are_decided_by_seed_and_number() -> None:
    assert case(3, 14).source == case(3, 14).source
    assert case(3, 14).points[0][0] == case(3, 14).points[0][0]
    assert case(3, 14).source != case(3, 15).source != case(4, 15).source


def test_a_program_that_writes_to_arrays_leaves_the_others_alone() -> None:
    assert chosen(3, 14, memory=True) == chosen(3, 14, memory=False)
    assert chosen(3, 15, memory=True).source != chosen(3, 15, memory=False).source
    assert memory_case(3, 15).source == chosen(3, 15, memory=True).source


@pytest.mark.parametrize(
    "family",
    [case, memory_case, shape_case, broadcast_case, language_case, mixed_case],
    ids=["values", "memory", "shapes", "broadcasts", "language", "mixed"],
)
def test_the_oracle_agrees_with_finite_differences(family: Callable[[int, int], Case]) -> None:
    for number in range(25 if family is mixed_case else 100):
        program = family(1, number)
        with loaded(program) as f:
            for point, (_, _, slope) in zip(program.points, wanted(f, program), strict=True):
                _against_differences(f, point, slope, np.random.default_rng(number))


def _against_differences(
    f: Callable[..., Any], point: tuple[Any, ...], slope: Any, random: np.random.Generator
) -> None:
    wrt = differentiable_arguments(point)
    way = [random.uniform(-1, 1, np.shape(a)) if k in wrt else None for k, a in enumerate(point)]
    exact = sum(float(np.sum(s * way[k])) for s, k in zip(slope, wrt, strict=True))
    size = 1e-3 + sum(float(np.sum(np.abs(s))) for s in slope)
    assert abs(difference(f, point, way, 1e-6) - exact) < 1e-5 * size


def test_random_programs() -> None:
    counts = run(COUNT, seed=0, jobs=JOBS)
    assert not counts.wrong, "\n\n".join([*counts.wrong[:5], str(counts)])
    assert not counts.invalid, str(counts)
    # What is generated is the promised language; the little that is refused says why.
    assert counts.refused.total() <= 0.05 * COUNT, str(counts)


@pytest.mark.parametrize(("seed", "first"), CHUNKS_OF_MEMORY)
def test_random_programs_that_write_to_arrays(seed: int, first: int) -> None:
    counts = run(CHUNK, seed=seed, first=first, memory=True)
    assert not counts.wrong, "\n\n".join([*counts.wrong[:5], str(counts)])
    assert not counts.invalid, str(counts)
    # Names of which the path decides which array they are, more than any other reason.
    assert counts.refused.total() <= 0.1 * CHUNK, str(counts)


def test_random_programs_that_change_shapes() -> None:
    counts = run(COUNT_OF_SHAPES, seed=2, jobs=JOBS, family="shapes")
    assert not counts.wrong, "\n\n".join([*counts.wrong[:5], str(counts)])
    assert not counts.invalid, str(counts)
    # Where paths give one variable an array and a number, or other numbers of axes.
    assert counts.refused.total() <= 0.3 * COUNT_OF_SHAPES, str(counts)


def test_random_programs_that_broadcast() -> None:
    counts = run(COUNT_OF_BROADCASTS, seed=3, jobs=JOBS, family="broadcasts")
    assert not counts.wrong, "\n\n".join([*counts.wrong[:5], str(counts)])
    assert not counts.invalid, str(counts)
    # Where paths give one variable an array and a number, or other numbers of axes.
    assert counts.refused.total() <= 0.3 * COUNT_OF_BROADCASTS, str(counts)


@pytest.mark.parametrize("feature", ["dict", "list", "object", "tuple"])
def test_random_programs_of_containers(feature: str) -> None:
    counts = run(COUNT_OF_LANGUAGE, seed=4, jobs=JOBS, family=feature)
    assert not counts.wrong, "\n\n".join([*counts.wrong[:5], str(counts)])
    assert not counts.invalid, str(counts)
    # Two names for one list, layouts that differ between paths, indices that vary.
    assert counts.refused.total() <= 0.7 * COUNT_OF_LANGUAGE, str(counts)


def test_random_programs_of_many_constructs() -> None:
    counts = run(COUNT_OF_MIXED, seed=5, jobs=JOBS, family="mixed")
    assert not counts.wrong, "\n\n".join([*counts.wrong[:5], str(counts)])
    assert not counts.invalid, str(counts)
    # Tables of rows that are not one, handlers of what may be raised anywhere.
    assert counts.refused.total() <= 0.4 * COUNT_OF_MIXED, str(counts)


SQUARE_IN_A_LOOP = Case(
    "f",
    (
        ("def unused(x):", ("return x",)),
        (
            "def f(x, n):",
            (
                "s = 1.0",
                "t = x",
                Compound((("if t > 5:", ("t = t + 1.0",)), ("else:", ("s = s * 2.0",)))),
                Compound((("for i in range(n):", ("s = s + t", "t = t * 0.5")),)),
                "count1 = 0",
                Compound((("while count1 < 2:", ("count1 += 1", "s = s * s")),)),
                "return s",
            ),
        ),
    ),
    ((0.5, 2), (0.25, 1)),
)


def test_a_wrong_derivative_is_found_and_shrunk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A forward mode that forgets the square: nothing else may be left of the program."""

    def value_and_grad(f: Callable[..., Any], *, mode: str, wrt: Any, optimize: bool) -> Any:
        def derivative(*args: Any) -> Any:
            wrong = mode == "forward" and _squares(f)
            slope = gradient(f, args, wrt)
            return f(*args), tuple(s * 0.5 for s in slope) if wrong else slope

        return derivative

    def _squares(f: Callable[..., Any]) -> bool:
        x, n = SQUARE_IN_A_LOOP.points[0]
        second = gradient(lambda v: gradient(f, (v, n)), (x,))
        return bool(second != 0)

    monkeypatch.setattr(srcad, "value_and_grad", value_and_grad, raising=False)
    monkeypatch.setattr(srcad, "SrcadError", SyntaxError, raising=False)
    assert verdict(SQUARE_IN_A_LOOP)[0] == "wrong"
    small = shrink(SQUARE_IN_A_LOOP)
    assert verdict(small)[0] == "wrong"
    assert "unused" not in small.source
    assert "if" not in small.source
    assert "s = s * s" in small.source
    assert len(small.points) == 1
    assert small.source.count("\n") < 14


def test_an_argument_that_is_not_written_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The value and the gradient are right, but the caller's array stays as it was."""

    def value_and_grad(f: Callable[..., Any], *, wrt: Any, **options: Any) -> Any:
        return lambda *args: (f(*copied(args)), gradient(f, args, wrt))

    program = Case("f", (("def f(v):", ("v[0] = v[1]", "return v[0]")),), ((np.ones(2) / 3,),))
    same = Case("f", (("def f(v):", ("v[0] = v[1]", "return v[0]")),), ((np.arange(2.0),),))
    monkeypatch.setattr(srcad, "value_and_grad", value_and_grad, raising=False)
    assert verdict(program)[0] == "accepted"
    assert verdict(same)[0] == "wrong"
    assert "arguments after" in verdict(same)[1]


def test_a_program_that_does_not_run_is_not_counted() -> None:
    broken = Case("f", (("def f(x):", ("return x / (x - x)",)),), ((1.0,),))
    assert verdict(broken)[0] == "invalid"
