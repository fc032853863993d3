"""Rules of operations on whole arrays that are not linear: both modes, layouts, second order.

The reference is the operation's twin on arrays of mpmath's numbers, and differences of it at so
many digits that they are exact: half of the digits for each order.
"""

from __future__ import annotations

import functools
import importlib.util
import itertools
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import mpmath as mp
import numpy as np
import pytest

import srcad
from tests.rule_samples import WHOLE
from tests.rule_samples.whole import Whole, exact
from tests.test_rules import HEADER, LAYOUTS, MODES, NOTHING, close, drawn, random_for, untouched

DIGITS = 90
STEP = mp.mpf(10) ** -25
CALLS = [
    pytest.param(sample, shapes, id=f"{sample.call}-{shapes}")
    for samples in WHOLE.values()
    for sample in samples
    for shapes in sample.shapes
]
Function = Callable[..., Any]


def operands_of(sample: Whole) -> str:
    return "".join(v for v in "abd" if re.search(rf"\b{v}\b", sample.call))


def program(sample: Whole) -> tuple[str, str]:
    """The function of a sample, and its second derivative's: a sum along a line through a."""
    name = f"f_{zlib.crc32(sample.call.encode()):08x}"
    operands = ", ".join(operands_of(sample))
    moved = re.sub(r"\ba\b", "(a + s * v)", sample.call)
    return name, (
        f"def {name}({operands}):\n    return {sample.call}\n\n\n"
        f"def {name}_along(s, {operands}, v, u):\n    return np.sum({moved} * u)\n"
    )


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Function]:
    texts = dict(program(sample) for samples in WHOLE.values() for sample in samples)
    path: Path = tmp_path_factory.mktemp("array_rules") / "programs.py"
    path.write_text("\n\n".join([HEADER, *texts.values()]), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("array_rule_programs", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return vars(module)


def arguments(sample: Whole, shapes: Any, layout: str = "plain") -> list[Any]:
    random = random_for(sample.call, shapes)
    pairs = zip(sample.intervals, shapes, strict=False)
    args = list(sample.prepared(*(drawn(random, i, s) for i, s in pairs)))
    return [a if layout == "plain" or np.ndim(a) == 0 else laid_out(a, layout) for a in args]


def laid_out(x: Any, layout: str) -> Any:
    if layout == "strided":
        wide = np.full((*x.shape[:-1], 2 * x.shape[-1]), np.nan)
        wide[..., ::2] = x
        return wide[..., ::2]
    x = x.T.copy().T if layout == "transposed" else x.copy()
    x.flags.writeable = layout != "read-only"
    return x


def units(x: Any) -> Any:
    """The unit tangents of an operand."""
    if np.ndim(x) == 0 and not isinstance(x, np.ndarray):
        return [((), mp.mpf(1))]
    found = []
    for index in np.ndindex(x.shape):
        unit = exact(np.zeros(x.shape))
        if x.shape:
            unit[index] = mp.mpf(1)
        else:
            unit = mp.mpf(1)
        found.append((index, unit))
    return found


def slope(twin: Function, args: list[Any], k: int, direction: Any) -> Any:
    """The derivative of a twin along a tangent of one operand."""
    ahead, behind = list(args), list(args)
    ahead[k], behind[k] = args[k] + STEP * direction, args[k] - STEP * direction
    return (twin(*ahead) - twin(*behind)) / (2 * STEP)


def inner(x: Any, y: Any) -> Any:
    return np.sum(np.multiply(x, y))


WAYS = [
    pytest.param(sample, shapes, layout, id=f"{sample.call}-{shapes}-{layout}")
    for samples in WHOLE.values()
    for sample in samples
    for shapes in sample.shapes
    for layout in (LAYOUTS if shapes is sample.shapes[0] else LAYOUTS[:1])
]


@pytest.mark.parametrize(("sample", "shapes", "layout"), WAYS)
def test_first_order(
    functions: dict[str, Function], sample: Whole, shapes: Any, layout: str
) -> None:
    check_first_order(
        functions[program(sample)[0]], sample, arguments(sample, shapes, layout), 1e-11
    )


@pytest.mark.parametrize(("sample", "shapes"), CALLS)
def test_single_precision(functions: dict[str, Function], sample: Whole, shapes: Any) -> None:
    args = [
        a.astype(np.float32) if isinstance(a, np.ndarray) else a for a in arguments(sample, shapes)
    ]
    check_first_order(functions[program(sample)[0]], sample, args, 1e-4)


def check_first_order(f: Function, sample: Whole, args: list[Any], rtol: float) -> None:
    random = random_for(sample.call)
    tangents = [np.asarray(drawn(random, (0.5, 1.5), np.shape(a))) for a in args]
    tangents = [
        t.astype(a.dtype) if isinstance(a, np.ndarray) else float(t)
        for t, a in zip(tangents, args, strict=True)
    ]
    n = len(args)
    expected = reference(sample, args, tangents)
    value, tangent = untouched(lambda *all_: srcad.jvp(f, all_[:n], all_[n:]), [*args, *tangents])
    assert np.array_equal(value, f(*args), equal_nan=True)
    near(value, expected.value, rtol, "value")
    near(tangent, expected.tangent, rtol, "tangent")
    seed = drawn(random, (0.5, 1.5), np.shape(value))
    if isinstance(value, np.ndarray):
        seed = seed.astype(value.dtype)
    value, pullback = srcad.vjp(f, *args)
    adjoints = untouched(lambda s: pullback(s), [seed])
    rows = zip(args, adjoints, expected.columns, strict=True)
    for k, (argument, adjoint, columns) in enumerate(rows):
        assert np.shape(adjoint) == np.shape(argument)
        if isinstance(argument, np.ndarray):
            assert adjoint.dtype == argument.dtype
        want = np.empty(np.shape(argument), object)
        with mp.workdps(DIGITS):
            for index, column in columns:
                want[index] = inner(exact(seed), column)
        near(adjoint, want, rtol, f"adjoint {k}")


class Reference(NamedTuple):
    """The twin's value, its tangent, and its derivative along each entry of each operand."""

    value: Any
    tangent: Any
    columns: list[list[tuple[Any, Any]]]


REFERENCES: dict[object, Reference] = {}


def reference(sample: Whole, args: list[Any], tangents: list[Any]) -> Reference:
    """Computed once for operands of the same values, whatever their layouts."""
    operands = [*args, *tangents]
    key = (sample, *((np.shape(x), np.asarray(x).dtype, np.asarray(x).tobytes()) for x in operands))
    if key not in REFERENCES:
        with mp.workdps(DIGITS):
            precise = [exact(a) for a in args]
            ways = enumerate(map(exact, tangents))
            REFERENCES[key] = Reference(
                sample.twin(*precise),
                sum(slope(sample.twin, precise, k, t) for k, t in ways),
                [
                    [(index, slope(sample.twin, precise, k, unit)) for index, unit in units(a)]
                    for k, a in enumerate(args)
                ],
            )
    return REFERENCES[key]


def near(got: Any, want: Any, rtol: float, what: str) -> None:
    """Entry by entry, relative to it and, as entries may cancel, to the largest one."""
    got, want = np.asarray(got, float), np.asarray(want, float)
    assert got.shape == want.shape, f"{what}: shape {got.shape}, expected {want.shape}"
    size = np.max(np.abs(want), initial=0.0)
    close = np.abs(got - want) <= rtol * (np.abs(want) + size) + NOTHING
    assert np.all(close), f"{what}: {got}, not {want}"


@pytest.mark.parametrize(("outer", "inner_mode"), list(itertools.product(MODES, MODES)))
@pytest.mark.parametrize(
    "sample", [pytest.param(s, id=s.call) for samples in WHOLE.values() for s in samples]
)
def test_second_order(
    functions: dict[str, Function], sample: Whole, outer: Any, inner_mode: Any
) -> None:
    """The derivative with respect to all operands of that along a line."""
    along = functions[f"{program(sample)[0]}_along"]
    args, v, u, wants = second_reference(sample)
    derivative = srcad.grad(along, mode=inner_mode, wrt="s")
    wrt = tuple(range(1, 1 + len(args)))
    got = srcad.grad(derivative, mode=outer, wrt=wrt)(0.0, *args, v, u)
    for k, want in enumerate(wants):
        near(got[k], want, 1e-9, f"operand {k}")


@functools.cache
def second_reference(sample: Whole) -> tuple[list[Any], Any, Any, list[Any]]:
    """Operands, a direction of the first, weights of the result; and what is expected there."""
    random = random_for("second", sample.call)
    args = arguments(sample, sample.shapes[-1])
    v = drawn(random, (0.5, 1.5), np.shape(args[0]))
    wants = []
    with mp.workdps(DIGITS):
        precise = [exact(a) for a in args]
        u = drawn(random, (0.5, 1.5), np.shape(sample.twin(*precise)))
        direction, weights = exact(np.asarray(v)), exact(np.asarray(u))

        def first(*operands: Any) -> Any:
            return inner(slope(sample.twin, list(operands), 0, direction), weights)

        for k, argument in enumerate(args):
            want = np.empty(np.shape(argument), object)
            for index, unit in units(argument):
                want[index] = slope(first, precise, k, unit)
            wants.append(want)
    return args, v, u, wants


def test_the_reference() -> None:
    """Differences of a known function are exact."""
    with mp.workdps(DIGITS):
        point = [exact(np.array([0.5, 2.0]))]
        found = slope(lambda x: sum(x**3), point, 0, exact(np.array([1.0, 0.0])))
        close(found, 0.75, 1e-15, "d/dx x³")


def sum_of_some(x, mask):
    return np.sum(x, where=mask)


def product_of_some(x, mask):
    return np.prod(x, where=mask)


def mean_of_some(x, mask):
    return np.mean(x, where=mask)


def largest_of_some(x, mask):
    return np.max(x, where=mask, initial=0.0)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("f", [sum_of_some, product_of_some, mean_of_some, largest_of_some])
def test_a_mask_that_does_not_fit_raises_as_in_the_function(f: Any, mode: Any) -> None:
    x, mask = np.array([[0.7, 1.3, -0.4]]), np.ones((2, 3), bool)
    with pytest.raises(ValueError, match="broadcast"):
        f(x, mask)
    with pytest.raises(ValueError, match="broadcast"):
        srcad.grad(f, mode=mode)(x, mask)
