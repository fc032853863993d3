"""Expressions as long as Python itself takes: no pass may call itself for each of their terms."""

import sys
from collections.abc import Iterator

import pytest

import srcad
from tests.benchmarks.generated_source import imported, sum_in_a_chain, sum_in_groups

POINT = (0.7, 1.3)


def exact(count: int) -> tuple[float, float]:
    """The derivative: a term i*x, i even, adds i to that in x; x*a adds a to it, x to that in a."""
    x, a = POINT
    half = count // 2
    return half * (half - 1) + half * a, half * x


@pytest.fixture
def deep() -> Iterator[None]:
    """The recursion limit at which CPython 3.11 compiles a chain of 3,000 terms."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(10_000)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.usefixtures("deep")
@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_three_thousand_terms(mode: str) -> None:
    count = 3000
    try:
        compile(sum_in_a_chain(count), "m", "exec")
    except RecursionError:  # CPython 3.12 has a limit of its own, which nothing raises
        count = 2500
    with imported(sum_in_a_chain(count)) as f:
        gradient = srcad.grad(f, mode=mode, wrt=(0, 1))(*POINT)
    assert gradient == pytest.approx(exact(count), rel=1e-12)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_a_chain_at_the_usual_limit(mode: str) -> None:
    # Deeper than Python's stack; CPython 3.11 and 3.12 compile little more than this.
    count = 2000
    assert count > sys.getrecursionlimit()
    with imported(sum_in_a_chain(count)) as f:
        gradient = srcad.grad(f, mode=mode, wrt=(0, 1))(*POINT)
    assert gradient == pytest.approx(exact(count), rel=1e-12)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_three_thousand_terms_in_groups(mode: str) -> None:
    with imported(sum_in_groups(3000)) as f:
        gradient = srcad.grad(f, mode=mode, wrt=(0, 1))(*POINT)
    assert gradient == pytest.approx(exact(3000), rel=1e-12)
