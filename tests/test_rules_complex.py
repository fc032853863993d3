"""Every rule with complex operands: right, or refused.

The samples are those of the real rules.  A rule that is declared to hold for complex operands has
a complex derivative in each: the reference is Cauchy's integral of the operation over a circle
around the operand, along its tangent.  Rules that are not declared so must be refused.

The adjoint is held against the tangent by ``Re Σ w̄ ẇ = Σ Re Σ z̄ ż``, which is the convention.
"""

from __future__ import annotations

import importlib.util
import re
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import srcad
from srcad.rules import Elementwise, Excluded, Operator, Rule, Zero, all_rules, takes_complex
from srcad.rules.table import find
from tests.rule_samples import ELEMENTWISE, MATRICES, STRUCTURED, WHOLE, ZERO
from tests.rule_samples.complex_values import COMPLEX, TOGETHER
from tests.test_rules import HEADER, exists, expression_of, operands_of

OF_COMPLEX = "of complex numbers"
# Calls of rules for complex operands that are refused: what they are given, or do, has no rule.
REFUSED_USES = re.compile(r"astype|\[0\]\[0\]")
Function = Callable[..., Any]


def spread(shapes: Any) -> list[Any]:
    """The first shapes of a call that have entries."""
    full = [each for each in shapes if not any(s is not None and 0 in s for s in each)]
    return full[-1:]


def calls_of(rule: Rule) -> list[tuple[str, tuple[Any, ...]]]:
    """The calls of a rule's samples, with shapes for their operands."""
    found: list[tuple[str, tuple[Any, ...]]] = []
    if isinstance(rule, Elementwise):
        names = [n for n in rule.names if isinstance(rule, Operator) or find(n) is not None]
        names = [n for n in names if not n.startswith("math.")] or names
        for sample in ELEMENTWISE.get(rule.label, [])[:4] if names else []:
            call = re.sub(r"\b[xyz]\b", lambda m: "abd"["xyz".index(m[0])],
                          expression_of(names[0], sample))  # fmt: skip
            found += [(call, (shape,) * len(sample.intervals)) for shape in ((3,), None)]
        return found
    if isinstance(rule, Zero):
        calls = [re.sub(r"\bx\b", "a", call) for call in ZERO.get(rule.label, [])]
        return [(f"a * {call}", (None,)) for call in calls if "a" in operands_of(call)]
    listed = STRUCTURED.get(rule.label, [])
    found += [(call, shapes) for call, all_shapes in listed for shapes in spread(all_shapes)]
    for sample in [*MATRICES.get(rule.label, []), *WHOLE.get(rule.label, [])]:
        found += [(sample.call, shapes) for shapes in spread(sample.shapes)]
    return found


RULES = [rule for rule in all_rules() if not isinstance(rule, Excluded)]
CALLS = [
    (rule, call, shapes)
    for rule in RULES
    for call, shapes in dict.fromkeys(calls_of(rule)[: None if takes_complex(rule) else 2])
]


def name_of(call: str) -> str:
    return f"f_{zlib.crc32(call.encode()):08x}"


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Function]:
    """All calls as functions of one module."""
    own = [sample.call for samples in COMPLEX.values() for sample in samples]
    texts = {
        call: f"def {name_of(call)}({', '.join(operands_of(call))}):\n    return {call}\n"
        for call in [*(call for _, call, _ in CALLS), *own, *TOGETHER]
    }
    path: Path = tmp_path_factory.mktemp("complex_rules") / "programs.py"
    path.write_text("\n\n".join([HEADER, *texts.values()]), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("complex_rule_programs", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return vars(module)


def drawn(random: np.random.Generator, kind: str, shape: Any) -> Any:
    """Numbers off the real axis, and matrices that are far from singular."""
    x = random.uniform(1.2, 1.9, shape) * random.choice([-1.0, 1.0], shape)
    if kind == "c":
        x = x + 1j * random.uniform(0.3, 0.9, shape) * random.choice([-1.0, 1.0], shape)
    if shape is not None and len(shape) >= 2 and shape[-1] == shape[-2]:
        x = x + 5.0 * np.eye(shape[-1])
    return np.asarray(x)[()] if shape is None else x


def around(along: Callable[[complex], Any]) -> Any:
    """The derivative at 0 by Cauchy's integral over a circle of 16 points."""
    points = 0.04 * np.exp(2j * np.pi * np.arange(16) / 16)
    return sum(np.asarray(along(s)) / s for s in points) / 16


def paired(left: Any, right: Any) -> float:
    return float(np.sum(np.real(np.multiply(left, right))))


def close(got: Any, want: Any, what: str, size: float = 0.0) -> None:
    """Equal to rounding, of the largest entry or of a size."""
    got, want = np.asarray(got), np.asarray(want)
    assert got.shape == want.shape, f"{what}: shape {got.shape}, expected {want.shape}"
    size = max(size, np.max(np.abs(want), initial=0.0))
    assert np.all(np.abs(got - want) <= 1e-11 * size), f"{what}: got {got!r}, expected {want!r}"


def refused(error: Exception) -> bool:
    return isinstance(error, srcad.SrcadError) and "please report" not in str(error)


def check(function: Function, args: list[Any], kinds: str, expected: Any) -> None:
    """Tangent and adjoint at one point; ``expected`` gives the tangent along given tangents."""
    random = np.random.default_rng(3)
    tangents = [drawn(random, kind, np.shape(x) if isinstance(x, np.ndarray) else None)
                for kind, x in zip(kinds, args, strict=True)]  # fmt: skip
    value, tangent = srcad.jvp(function, args, tangents)
    assert np.array_equal(value, function(*args))
    close(
        tangent, expected(tangents), "the tangent", size=1e-3 * np.max(np.abs(value), initial=0.0)
    )
    value, pullback = srcad.vjp(function, *args)
    seed = drawn(random, "c" if np.iscomplexobj(value) else "r", np.shape(value))
    adjoints = pullback(seed)
    for adjoint, x in zip(adjoints, args, strict=True):
        assert np.shape(adjoint) == np.shape(x)
        assert np.asarray(adjoint).dtype == np.asarray(x).dtype, "the dtype of an adjoint"
    left = paired(seed, tangent)
    right = [paired(z, t) for z, t in zip(adjoints, tangents, strict=True)]
    size = sum(map(abs, right)) + float(np.sum(np.abs(np.multiply(seed, tangent))))
    assert abs(left - sum(right)) <= 1e-12 * size, f"{left} against {right}"


def moved(function: Function, args: list[Any], tangents: list[Any]) -> Any:
    """The tangent: the sum of those of the operands."""
    total: Any = 0.0
    for k, tangent in enumerate(tangents):

        def along(s: complex, k: int = k, tangent: Any = tangent) -> Any:
            return function(*args[:k], args[k] + s * tangent, *args[k + 1 :])

        total = total + around(along)
    return total


@pytest.mark.parametrize(
    "rule", [pytest.param(r, id=f"{r.label}-{type(r).__name__}") for r in RULES]
)
def test_right_or_refused(rule: Rule, functions: dict[str, Function]) -> None:
    accepted, wanted = 0, False
    calls = [(call, shapes) for each, call, shapes in CALLS if each is rule]
    for call, shapes in calls:
        function, operands = functions[name_of(call)], operands_of(call)
        for kinds in sorted({"c" * len(operands), "r" + "c" * (len(operands) - 1)} - {"r"}):
            random = np.random.default_rng(zlib.crc32(call.encode()))
            by_name = named(rule, operands, shapes)
            args = [drawn(random, k, by_name[v]) for k, v in zip(kinds, operands, strict=True)]
            if not runs(function, args):
                continue
            wanted = wanted or not REFUSED_USES.search(call)
            try:
                srcad.jvp(function, args, args)
            except Exception as error:
                if not refused(error) and takes_complex(rule):
                    raise
                continue
            assert takes_complex(rule), f"{call}: it is not declared for complex operands"
            accepted += 1
            if isinstance(rule, Zero) and not replaced(rule):
                value, tangent = srcad.jvp(function, args, args)
                close(tangent, value, "the tangent along the point")
            elif not replaced(rule) and not isinstance(rule, Zero):
                check(function, args, kinds, lambda t, f=function, a=args: moved(f, a, t))
    if takes_complex(rule) and rule.variant != OF_COMPLEX and not isinstance(rule, Zero):
        assert accepted or not wanted, f"{rule.label} is declared for complex operands, and refused"


def runs(function: Function, args: list[Any]) -> bool:
    """Whether the function is there, and takes complex operands, be it with a warning."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            function(*args)
    except (TypeError, ValueError, IndexError, AttributeError, NameError):
        return False
    return True


def named(rule: Rule, operands: str, shapes: Any) -> dict[str, Any]:
    """The shapes of the operands by their names, as the samples of real rules give them."""
    if "c" not in operands:
        return dict(zip("abd", shapes, strict=False))
    order = "cab" if rule.name == "np.where" else "abc" if "b" in operands else "ac"
    return dict(zip(order, shapes, strict=True))


def replaced(rule: Rule) -> bool:
    """Whether another rule stands for this one where an operand is complex: it has its samples."""
    return any(name in other.names for name in rule.names for other in RULES
               if other.variant == OF_COMPLEX)  # fmt: skip


HERE = {rule.label for rule in RULES if exists(rule)}
SAMPLES = [
    pytest.param(sample, shapes, id=f"{sample.call}-{sample.kinds}-{shapes}")
    for label, samples in COMPLEX.items()
    if label in HERE
    for sample in samples
    for shapes in sample.shapes
]


@pytest.mark.parametrize(("sample", "shapes"), SAMPLES)
def test_samples(sample: Any, shapes: Any, functions: dict[str, Function]) -> None:
    random = np.random.default_rng(zlib.crc32(repr((sample, shapes)).encode()))
    function, operands = functions[name_of(sample.call)], operands_of(sample.call)
    kinds = sample.kinds[-len(operands) :]
    drawn_ = [drawn(random, k, s) for k, s in zip(kinds, shapes[-len(operands) :], strict=True)]

    def expected(tangents: list[Any]) -> Any:
        if not sample.tangent:
            return function(*tangents)
        names = dict(zip(operands, drawn_, strict=True))
        names |= {f"d{name}": t for name, t in zip(operands, tangents, strict=True)}
        return eval(sample.tangent, functions | names)

    check(function, drawn_, kinds, expected)


@pytest.mark.parametrize("call", TOGETHER)
@pytest.mark.parametrize("kinds", ["rc", "cr", "cc"])
def test_real_and_complex(call: str, kinds: str, functions: dict[str, Function]) -> None:
    random = np.random.default_rng(zlib.crc32(call.encode()))
    function, args = functions[name_of(call)], [drawn(random, kind, (3,)) for kind in kinds]

    def expected(tangents: list[Any]) -> Any:
        """By differences, which are exact: of one operand at a time the call is linear."""
        total: Any = 0.0
        for k, t in enumerate(tangents):
            step = 2.0**-12  # no choice of `where` changes
            up = [x + step * t if n == k else x for n, x in enumerate(args)]
            down = [x - step * t if n == k else x for n, x in enumerate(args)]
            total = total + (function(*up) - function(*down)) / (2 * step)
        return total

    check(function, args, kinds, expected)
