"""The adjoints written by hand in the benchmarks are right; and what is refused gets its row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import srcad
from tests.benchmarks import program as benchmark
from tests.benchmarks.kernels import PROGRAMS
from tests.benchmarks.program import Program, compare, peak_bytes
from tests.oracle import assert_close, copied, gradient
from tests.oracle.differences import difference


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.name)
def test_adjoints_by_hand(program: Program) -> None:
    args = program.small
    assert args is not None
    wrt = program.wrt if isinstance(program.wrt, tuple) else (program.wrt,)
    given = copied(args)
    slopes = program.by_hand(*given)
    slopes = slopes if isinstance(program.wrt, tuple) else (slopes,)
    assert all(np.array_equal(g, a) for g, a in zip(given, args, strict=True))
    random = np.random.default_rng(0)
    way = [random.uniform(-1, 1, np.shape(a)) if k in wrt else None for k, a in enumerate(args)]
    terms = [float(np.sum(s * way[k])) for s, k in zip(slopes, wrt, strict=True)]
    scale = sum(map(abs, terms))
    along = difference(program.primal, args, way)
    assert_close(along, sum(terms), 1e-8, scale=1e4 * scale)
    # Each entry by itself, to rounding; the oracle is slow, which is why the arguments are small.
    assert_close(slopes, gradient(program.primal, args, wrt), 1e-9)


def square(x: Any) -> Any:
    return x * x


def test_what_is_refused_has_a_row(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def grad(f: Any, wrt: Any) -> Any:
        raise srcad.ArgumentError("not yet")

    monkeypatch.setattr(benchmark.srcad, "grad", grad)
    monkeypatch.setattr(benchmark, "SECONDS", 0.0)
    compare([Program("a square", square, lambda x: 2 * x, 0, (3.0,))])
    printed = capsys.readouterr().out
    assert "a square" in printed
    assert "refused" in printed
    assert "not yet" in printed


def test_what_differs_is_not_timed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(benchmark, "SECONDS", 0.0)
    compare([Program("a square", square, lambda x: 3 * x, 0, (3.0,))])
    assert "differs" in capsys.readouterr().out


def test_peak_of_memory() -> None:
    def two_at_a_time(n: int) -> float:
        a = np.ones(n)
        b = a * 2
        del a
        return float((b * b).sum())

    assert 2 * 8e5 <= peak_bytes(two_at_a_time, (100_000,)) < 2.1 * 8e5
