"""Products and linear algebra against twins at 50 digits: both modes, and second derivatives.

A derivative of the twin is a difference of two of its values, exact to some 30 digits.  A product
is its own twin: NumPy multiplies arrays of mpmath's numbers.
"""

from __future__ import annotations

import importlib.util
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import srcad
from srcad.helpers import __all__ as HELPERS
from srcad.rules import all_rules
from tests.rule_samples import MATRICES, Matrices
from tests.test_rules import SCIPY, exists, operands_of, random_for, untouched

mp = pytest.importorskip("mpmath")

Function = Callable[..., Any]
STEP = mp.mpf(10) ** -18
HEADER = f"import numpy as np\n{SCIPY}\nfrom srcad.helpers import {', '.join(HELPERS)}\n"

HERE = {rule.label for rule in all_rules() if exists(rule)}
SAMPLES = [
    pytest.param(sample, shapes, id=f"{sample.call}-{shapes}")
    for name, samples in MATRICES.items()
    if name in HERE
    for sample in samples
    for shapes in sample.shapes
]
# Enough of them: what holds for one shape or layout holds for all.
FIRST = [
    pytest.param(sample, sample.shapes[0], id=sample.call)
    for name, samples in MATRICES.items()
    if name in HERE
    for sample in samples
]


def count(call: str) -> int:
    """How many results a call has."""
    if call.startswith("scipy.special."):
        return {"airy(a)": 4, "fresnel(a)": 2, "sici(a)": 2, "shichi(a)": 2}.get(call[14:], 1)
    one = any(each in call for each in ("compute_uv=False", "mode='r'", "eigvals_only=True"))
    if call.endswith(")") and not one:
        for name, number in (("svd(", 3), ("eigh(", 2), ("qr(", 2), ("slogdet(", 2)):
            if f"linalg.{name}" in call:
                return number
    return 1


def programs(call: str) -> tuple[str, str, str]:
    """The name of a call's program, its text, and that of a number made of it."""
    name = f"f_{zlib.crc32(call.encode()):08x}"
    operands = ", ".join(operands_of(call))
    results = [f"y{n}" for n in range(count(call))]
    cubes = " + ".join(f"np.sum({each} ** 3)" for each in results)
    text = f"def {name}({operands}):\n    return {call}\n"
    number = (
        f"def {name}_cubes({operands}):\n    {', '.join(results)} = {call}\n    return {cubes}\n"
    )
    return name, text, number


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Function]:
    """All programs, in one module that is imported like any other."""
    calls = {sample.call for samples in MATRICES.values() for sample in samples}
    texts = [text for call in sorted(calls) for text in programs(call)[1:]]
    path: Path = tmp_path_factory.mktemp("matrices") / "programs.py"
    path.write_text("\n\n".join([HEADER, *texts]), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("matrix_programs", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return vars(module)


def exact(x: Any) -> Any:
    """Numbers as mpmath's, in an array."""
    numbers = np.empty(np.shape(x), object)
    for index in np.ndindex(numbers.shape):
        numbers[index] = mp.mpf(float(np.asarray(x)[index]))
    return numbers


class Reference:
    """A sample at a point: its values and derivatives, by its twin."""

    def __init__(self, sample: Matrices, f: Function, args: list[Any]) -> None:
        self.sample, self.f = sample, f
        self.args = [exact(a) for a in args]
        found = f(*args)
        self.found = found if isinstance(found, tuple) else (found,)

    def at(self, args: list[Any]) -> list[Any]:
        if self.sample.twin is not None:
            results = self.sample.twin(tuple(args), self.found)
        else:
            results = (self.f(*(a.item() if a.ndim == 0 else a for a in args)),)
        return [np.asarray(r, object) for r in results]

    def moved(self, directions: dict[int, Any], step: Any) -> list[Any]:
        return [np.asarray(a + step * exact(directions[k])) if k in directions else a
                for k, a in enumerate(self.args)]  # fmt: skip

    def along(self, directions: dict[int, Any]) -> list[Any]:
        """``J ẋ`` for tangents of some operands."""
        with mp.workdps(50):
            ahead = self.at(self.moved(directions, STEP))
            behind = self.at(self.moved(directions, -STEP))
            return [np.asarray((a - b) / (2 * STEP))
                    for a, b in zip(ahead, behind, strict=True)]  # fmt: skip

    def cubes(self, args: list[Any]) -> Any:
        return sum(np.asarray(r**3).sum() for r in self.at(args))

    def second(self, one: dict[int, Any], other: dict[int, Any]) -> float:
        """The second derivative of the sum of the results' cubes, along two directions."""
        with mp.workdps(60):
            total = mp.mpf(0)
            for sign in (1, -1):
                for more in (1, -1):
                    args = self.moved(one, sign * STEP)
                    args = [np.asarray(a + more * STEP * exact(d))
                            for a, d in zip(args, other.values(), strict=True)]  # fmt: skip
                    total += sign * more * self.cubes(args)
            return float(total / (4 * STEP * STEP))


def close(got: Any, want: Any, rtol: float, what: str, size: float = 0.0) -> None:
    """Relative to the largest entry; NaN is never close."""
    got, want = np.asarray(got), np.asarray(want, float)
    assert got.shape == want.shape, f"{what}: shape {got.shape}, expected {want.shape}"
    size = max(size, np.max(np.abs(want), initial=0.0))
    assert np.all(np.abs(got - want) <= rtol * size + 1e-300), f"{what}: {got} expected {want}"


def drawn(sample: Matrices, shapes: Any, what: str) -> tuple[list[Any], dict[int, Any]]:
    """A point, and tangents."""
    random = random_for(sample.call, shapes, what)
    args = [sample.make(random, shape) for shape in shapes]
    tangents = {
        k: random.uniform(0.5, 1.5, np.shape(a)) if isinstance(a, np.ndarray)
        else float(random.uniform(0.5, 1.5)) for k, a in enumerate(args)
    }  # fmt: skip
    return args, tangents


def results_of(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


@pytest.mark.parametrize(("sample", "shapes"), SAMPLES)
def test_first_order(functions: dict[str, Function], sample: Matrices, shapes: Any) -> None:
    """The tangent is that of the twin; the adjoint is its transpose, column by column."""
    f = functions[programs(sample.call)[0]]
    args, tangents = drawn(sample, shapes, "first")
    reference = Reference(sample, f, args)
    n = len(args)
    given = [*args, *tangents.values()]
    value, tangent = untouched(lambda *all_: srcad.jvp(f, all_[:n], all_[n:]), given)
    want = reference.along(tangents)
    for k, (v, t, w) in enumerate(zip(results_of(value), results_of(tangent), want, strict=True)):
        assert np.array_equal(v, results_of(f(*args))[k])
        close(t, w, 1e-11, f"tangent {k}", np.max(np.abs(v), initial=0.0))
    value, pullback = srcad.vjp(f, *args)
    random = random_for(sample.call, "seeds")
    seeds = [np.asarray(random.uniform(0.5, 1.5, np.shape(v))) for v in results_of(value)]
    seeds = [s if isinstance(v, np.ndarray) else float(s)
             for s, v in zip(seeds, results_of(value), strict=True)]  # fmt: skip
    adjoints = untouched(lambda *s: pullback(s if isinstance(value, tuple) else s[0]), seeds)
    for k, argument in enumerate(args):
        column = np.zeros(np.shape(argument))
        for index in np.ndindex(np.shape(argument)):
            unit = np.zeros(np.shape(argument))
            unit[index] = 1.0
            terms = zip(reference.along({k: unit}), seeds, strict=True)
            column[index] = float(sum(np.sum(exact(s) * j) for j, s in terms))
        close(adjoints[k], column, 1e-11, f"adjoint {k}")
        if isinstance(argument, np.ndarray):
            assert adjoints[k].dtype == argument.dtype


ORDERS = [("forward", "reverse"), ("reverse", "reverse")]


@pytest.mark.parametrize(("outer", "inner"), ORDERS)
@pytest.mark.parametrize(("sample", "shapes"), SAMPLES)
def test_second_order(
    functions: dict[str, Function], sample: Matrices, shapes: Any, outer: Any, inner: Any
) -> None:
    """``vᵀ H u`` of the sum of the results' cubes, by every combination of modes."""
    f = functions[programs(sample.call)[0]]
    cubes = functions[programs(sample.call)[0] + "_cubes"]
    args, one = drawn(sample, shapes, "second")
    _, other = drawn(sample, shapes, "other")
    want = Reference(sample, f, args).second(one, other)
    operands = tuple(range(len(args)))
    gradient = srcad.grad(cubes, wrt=operands, mode=inner)
    if outer == "forward":
        _, change = srcad.jvp(gradient, args, list(one.values()))
    else:
        _, pullback = srcad.vjp(gradient, *args)
        change = pullback(tuple(one.values()))
    got = sum(float(np.sum(c * d)) for c, d in zip(change, other.values(), strict=True))
    size = sum(float(np.sum(np.abs(c * d))) for c, d in zip(change, other.values(), strict=True))
    assert abs(got - want) <= 1e-10 * size + 1e-12, f"{got} expected {want}"


@pytest.mark.parametrize("layout", ["transposed", "strided", "read-only"])
@pytest.mark.parametrize(("sample", "shapes"), FIRST)
def test_layouts(
    functions: dict[str, Function], sample: Matrices, shapes: Any, layout: str
) -> None:
    """The same derivatives, whatever the memory of the operands is like."""
    f = functions[programs(sample.call)[0] + "_cubes"]
    args, _ = drawn(sample, shapes, "layout")
    want = srcad.grad(f, wrt=tuple(range(len(args))))(*args)
    got = srcad.grad(f, wrt=tuple(range(len(args))))(*(laid_out(a, layout) for a in args))
    for g, w in zip(got, want, strict=True):
        close(g, w, 1e-11, layout)


def laid_out(x: Any, layout: str) -> Any:
    """An operand in another layout."""
    if not isinstance(x, np.ndarray):
        return x
    if layout == "transposed":
        return x.T.copy().T
    if layout == "strided" and x.ndim:
        wide = np.zeros((*x.shape[:-1], 2 * x.shape[-1]))
        wide[..., ::2] = x
        return wide[..., ::2]
    x.flags.writeable = False
    return x
