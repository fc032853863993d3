"""Second derivatives through linear operations: of ``Σ y³`` with ``y = J x``.

The gradient is ``3 Jᵀ y²``, its derivative along ``v`` is ``6 Jᵀ (y ∘ J v)``; ``J`` is the
operation itself, applied to unit vectors.
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
from srcad.rules import Structured, all_rules
from tests.rule_samples import STRUCTURED
from tests.test_rules import ANY_SIGN, HEADER, drawn, operands_of, random_for

Function = Callable[..., Any]
LINEAR = {
    rule.label: rule
    for rule in all_rules()
    if isinstance(rule, Structured) and not rule.is_nonlinear
}


def varying(call: str) -> list[int]:
    """The positions of the operands that are differentiated."""
    return [k for k, name in enumerate(operands_of(call)) if name != "c"]


def largest(shapes: list[Any]) -> Any:
    """The shapes with most axes."""
    return max(shapes, key=lambda each: sum(len(shape or ()) for shape in each))


# What takes apart again as many arrays as only running tells.
TAKEN_APART = tuple(
    f"np.{each}([(k + 1)" for each in ("concatenate", "stack", "vstack", "hstack", "column_stack")
)
ALL_CALLS = [
    pytest.param(call, largest(shapes), id=call)
    for name, samples in STRUCTURED.items()
    if name in LINEAR
    for call, shapes in samples
    if len(varying(call)) == 1 or LINEAR[name].jointly
]
CALLS = [each for each in ALL_CALLS if not each.values[0].startswith(TAKEN_APART)]
REFUSED = [each for each in ALL_CALLS if each not in CALLS]


def program(call: str) -> tuple[str, str]:
    """The name of the program that cubes a call, and its text."""
    name = f"f_{zlib.crc32(call.encode()):08x}"
    operands = ", ".join(operands_of(call))
    return name, f"def {name}({operands}):\n    y = {call}\n    return np.sum(y * y * y)\n"


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Function]:
    """All programs, in one module that is imported like any other."""
    calls = sorted({each.values[0] for each in ALL_CALLS})
    path: Path = tmp_path_factory.mktemp("second") / "programs.py"
    path.write_text("\n\n".join([HEADER, *(program(c)[1] for c in calls)]), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("second_programs", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return vars(module)


def operation(call: str) -> Function:
    """The operation itself."""
    space: dict[str, Any] = {}
    exec(HEADER + f"def f({', '.join(operands_of(call))}):\n    return {call}\n", space)
    f: Function = space["f"]
    return f


def matrix(f: Function, args: list[Any], moving: list[int]) -> Any:
    """``J``: a column for each entry of the operands."""
    columns = []
    for k in moving:
        for index in np.ndindex(np.shape(args[k])):
            unit = np.zeros(np.shape(args[k]))
            unit[index] = 1.0
            units = [0.0 * a if n in moving else a for n, a in enumerate(args)]
            units[k] = unit if isinstance(args[k], np.ndarray) else 1.0
            columns.append(np.ravel(f(*units)))
    return np.stack(columns, axis=1) if columns else np.zeros((0, 0))


def flat(parts: Any) -> Any:
    return np.concatenate([np.ravel(each) for each in parts])


@pytest.mark.parametrize("outer", ["forward", "reverse"])
@pytest.mark.parametrize(("call", "shapes"), CALLS)
def test_second_order(functions: dict[str, Function], call: str, shapes: Any, outer: str) -> None:
    """The derivative of the gradient, in both modes."""
    operands, moving = operands_of(call), varying(call)
    order = operands if "c" not in operands else "abc" if "b" in operands else "ac"
    if call.startswith("np.where"):
        order = "cab"
    random = random_for(call, "second")
    by_name = dict(zip(order, shapes, strict=True))
    args = [drawn(random, ANY_SIGN, by_name[name]) for name in operands]
    tangents = [drawn(random, (0.5, 1.5), np.shape(a)) if isinstance(a, np.ndarray)
                else float(random.uniform(0.5, 1.5)) for a in args]  # fmt: skip
    tangents = [t if k in moving else 0.0 * t for k, t in enumerate(tangents)]
    gradient = srcad.grad(functions[program(call)[0]], wrt=tuple(moving))
    f = operation(call)
    j = matrix(f, args, moving)
    y, dy = np.ravel(f(*args)), j @ flat(tangents[k] for k in moving)
    if outer == "forward":
        _, tangent = srcad.jvp(gradient, args, tangents)
        got = flat(tangent)
    else:
        _, pullback = srcad.vjp(gradient, *args)
        adjoints = pullback(tuple(tangents[k] for k in moving))
        got = flat(adjoints[k] for k in moving)
    want = 6.0 * j.T @ (y * dy)
    size = np.max(np.abs(want), initial=0.0)
    assert got.shape == want.shape
    assert np.all(np.abs(got - want) <= 1e-12 * size), (got, want)


@pytest.mark.parametrize("outer", ["forward", "reverse"])
@pytest.mark.parametrize(("call", "shapes"), REFUSED)
def test_no_second_order(
    functions: dict[str, Function], call: str, shapes: Any, outer: Any
) -> None:
    """The first derivative makes a list of arrays, which is not differentiated again."""
    point = drawn(random_for(call, "second"), ANY_SIGN, shapes[0])
    gradient = srcad.grad(functions[program(call)[0]])
    assert np.shape(gradient(point)) == np.shape(point)
    with pytest.raises(srcad.UnsupportedError):
        srcad.jvp(gradient, (point,), (point,)) if outer == "forward" else srcad.vjp(
            gradient, point
        )
