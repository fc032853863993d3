"""Every rule, generated from the table: each operand, both modes, shapes, layouts, orders.

The reference of a function of numbers is mpmath's derivative at 50 digits.  A structured operation
is linear, so that NumPy's own result on the tangents is the reference.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import functools
import importlib.util
import itertools
import math
import re
import sys
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import srcad
from srcad import helpers
from srcad.rules import Elementwise, Operator, Rule, Structured, Zero, all_rules
from srcad.rules.table import find
from tests.rule_samples import COMPLEX, ELEMENTWISE, MATRICES, STRUCTURED, WHOLE, ZERO, Sample

mp = pytest.importorskip("mpmath")

MODES = ("forward", "reverse")
NOTHING = 1e-40  # what mpmath's own differences leave of a zero
Function = Callable[..., Any]

try:
    import scipy.linalg
    import scipy.special  # noqa: F401  (its rules are tested where it is there)

    SCIPY = "import scipy.linalg\nimport scipy.special\n"
except ImportError:
    SCIPY = ""
HEADER = f"""import cmath
import math

import numpy as np
{SCIPY}
from srcad.helpers import {", ".join(helpers.__all__)}
"""


# -- the programs ----------------------------------------------------------------------------------


def called(name: str) -> str:
    """How a function is written in a program."""
    return name.removeprefix("builtins.").removeprefix("helpers.")


def uses() -> list[tuple[str, int, Sample]]:
    """Each name of each elementwise rule with each of its samples."""
    found = []
    for rule in all_rules():
        if isinstance(rule, Elementwise):
            for name in rule.names:
                if isinstance(rule, Operator) or find(name) is not None:
                    found += [(name, k, s) for k, s in enumerate(ELEMENTWISE.get(rule.label, []))]
    return found


USES = uses()
CALLS = [
    (rule.label, call, shapes)
    for rule in all_rules()
    if isinstance(rule, Structured)
    for call, all_shapes in STRUCTURED.get(rule.label, [])
    for shapes in all_shapes
]
ZERO_CALLS = [
    (rule.label, call) for rule in all_rules() if isinstance(rule, Zero)
    for call in ZERO.get(rule.label, [])
]  # fmt: skip


def program(operands: str, expression: str) -> tuple[str, str]:
    """A name for the function of an expression, and its text."""
    name = f"f_{zlib.crc32(f'{operands}: {expression}'.encode()):08x}"
    return name, f"def {name}({', '.join(operands)}):\n    return {expression}\n"


def expression_of(name: str, sample: Sample) -> str:
    return sample.call.replace("{f}", called(name))


def operands_of(call: str) -> str:
    names = {node.id for node in ast.walk(ast.parse(call)) if isinstance(node, ast.Name)}
    return "".join(v for v in "cabd" if v in names)


def all_programs() -> dict[str, str]:
    texts = []
    for name, _, sample in USES:
        expression = expression_of(name, sample)
        texts.append(program(sample.operands, expression))
        texts.append(program(sample.operands, f"np.sum({expression})"))
    texts += [program(operands_of(call), call) for _, call, _ in CALLS]
    texts += [program("x", f"x * {call}") for _, call in ZERO_CALLS]
    return dict(texts)


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Function]:
    """All programs, in one module that is imported like any other."""
    path: Path = tmp_path_factory.mktemp("rules") / "programs.py"
    path.write_text("\n\n".join([HEADER, *all_programs().values()]), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("rule_programs", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return vars(module)


def random_for(*what: object) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(repr(what).encode()))


def close(got: Any, want: Any, rtol: float, what: str) -> None:
    """Entry by entry, relatively; NaN is never close."""
    got, want = np.asarray(got, float), np.asarray(want, float)
    assert got.shape == want.shape, f"{what}: shape {got.shape}, expected {want.shape}"
    near = np.abs(got - want) <= rtol * np.abs(want) + NOTHING
    assert near.all(), f"{what}: got {got!r}, expected {want!r}"


# -- completeness ----------------------------------------------------------------------------------


def exists(rule: Rule) -> bool:
    """Whether this Python and this NumPy have the function."""
    return isinstance(rule, Operator) or any(find(name) is not None for name in rule.names)


def test_every_rule_has_samples() -> None:
    tables: list[tuple[type[Any], dict[str, Any]]] = [
        (Elementwise, ELEMENTWISE), (Zero, ZERO),
        (Structured, STRUCTURED | MATRICES | WHOLE | COMPLEX),
    ]  # fmt: skip
    for kind, table in tables:
        here = [rule.label for rule in all_rules() if isinstance(rule, kind) and exists(rule)]
        rules = [rule.label for rule in all_rules() if isinstance(rule, kind)]
        assert sorted(set(here) - set(table)) == [], f"{kind.__name__} rules without a sample"
        assert sorted(set(table) - set(rules)) == [], f"{kind.__name__} samples without a rule"
        assert len(rules) == len(set(rules)), f"{kind.__name__} rules declared twice"
    assert all(table.values() for _, table in tables)


def test_every_operand_has_a_partial() -> None:
    for rule in all_rules():
        if isinstance(rule, Elementwise) and rule.name != "//":
            operands = {p.removeprefix("*") for p in rule.parameters}
            assert set(rule.partials) == operands, rule.name


# -- the forms of a partial derivative -------------------------------------------------------------


def forms() -> list[tuple[str, str, str, int, Sample]]:
    """Every form that a rule lists, chosen by the differentiator or not."""
    found = []
    for rule in all_rules():
        for sample in ELEMENTWISE.get(rule.label, []):
            n = len(sample.intervals)
            variadic = rule.parameters[-1].startswith("*")
            names = [*"xyz"[:n]] if variadic else list(rule.parameters)[:n]
            if not isinstance(rule, Elementwise) or re.search(r"\d|None|=", sample.call):
                continue  # a literal is an operand
            for k, parameter in enumerate(names if n > 1 or len(rule.parameters) == 1 else ["x"]):
                listed = rule.partials.get("x" if variadic else parameter, ())
                found += [(rule.label, ",".join(names), form, k, sample) for form in listed]
    return found


@pytest.mark.parametrize(("name", "operands", "form", "k", "sample"), forms())
def test_every_form(name: str, operands: str, form: str, k: int, sample: Sample) -> None:
    """Each is the partial derivative, and the others equal it."""
    rule = next(r for r in all_rules() if r.label == name)
    on_numpy = all(each.startswith(("np.", "scipy.")) for each in rule.names)
    variadic = rule.parameters[-1].startswith("*")
    for point in points(f"form of {name}", sample):
        values = dict(zip(operands.split(","), point, strict=True))
        if variadic:
            values = {"x": point[k], "xs": point}
        with mp.workdps(50):
            values["y"] = float(sample.twin(*map(mp.mpf, point)))
        functions = {
            "m": np if on_numpy else math,
            "literal": bool,
            "scipy": sys.modules.get("scipy"),
            "given": lambda operand: True,
            "sign": lambda v: math.copysign(v != 0, v),
            "ties": lambda v, xs=point: sum(each == v for each in xs),
        } | vars(helpers)
        got = eval(form, functions, values)
        close(got, exact(sample, point, once(len(point), k)), 1e-11, f"{name}: {form} at {point}")


# -- numbers ---------------------------------------------------------------------------------------


@functools.cache
def exact(sample: Sample, point: tuple[float, ...], orders: tuple[int, ...]) -> Any:
    """A partial derivative by mpmath, at 50 digits."""
    with mp.workdps(50):
        return float(mp.diff(sample.twin, tuple(mp.mpf(p) for p in point), orders))


def points(name: str, sample: Sample, count: int = 3) -> list[tuple[float, ...]]:
    random = random_for(name, sample.call, sample.intervals)
    return [tuple(float(random.uniform(*i)) for i in sample.intervals) for _ in range(count)]


def once(n: int, *operands: int) -> tuple[int, ...]:
    return tuple(operands.count(k) for k in range(n))


SCALARS = [pytest.param(*use, id=f"{use[0]}-{use[1]}") for use in USES]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("name", "k", "sample"), SCALARS)
def test_numbers(
    functions: dict[str, Function], name: str, k: int, sample: Sample, mode: Any
) -> None:
    f = functions[program(sample.operands, expression_of(name, sample))[0]]
    n = len(sample.operands)
    everything = srcad.grad(f, mode=mode, wrt=tuple(range(n)))
    alone = [srcad.grad(f, mode=mode, wrt=each) for each in range(n) if n > 1]
    for point in points(name, sample):
        want = [exact(sample, point, once(n, each)) for each in range(n)]
        close(everything(*point), want, 1e-11, f"{name} at {point}")
        for each, derivative in enumerate(alone):
            close(derivative(*point), want[each], 1e-11, f"{name}, operand {each}, at {point}")


@pytest.mark.parametrize(("outer", "inner"), list(itertools.product(MODES, MODES)))
@pytest.mark.parametrize(("name", "k", "sample"), SCALARS)
def test_second_order(
    functions: dict[str, Function], name: str, k: int, sample: Sample, outer: Any, inner: Any
) -> None:
    f = functions[program(sample.operands, expression_of(name, sample))[0]]
    n = len(sample.operands)
    (point,) = points(name, sample, 1)
    for first in range(n):
        second = srcad.grad(srcad.grad(f, mode=inner, wrt=first), mode=outer, wrt=tuple(range(n)))
        want = [exact(sample, point, once(n, first, each)) for each in range(n)]
        size = max(map(abs, want))
        got = second(*point)
        for each in range(n):
            # Rounding of the largest entry is granted: the others may be differences of such.
            near = abs(got[each] - want[each]) <= 1e-10 * abs(want[each]) + 1e-13 * size + NOTHING
            assert near, f"{name}, {first}{each} at {point}: {got} expected {want}"


# -- arrays, entry by entry ------------------------------------------------------------------------

Shape = tuple[int, ...] | None
SHAPES: dict[int, list[tuple[Shape, ...]]] = {
    1: [((),), ((1,),), ((0,),), ((3,),), ((2, 3),), ((1, 3),), ((2, 0),)],
    2: [((), ()), ((1,), (1,)), ((0,), (0,)), ((3,), (3,)), ((2, 3), (2, 3)), ((2, 3), (3,)),
        ((3,), (2, 3)), ((2, 1), (1, 3)), ((2, 3), (2, 1)), ((1,), (3,)), ((3,), ()),
        ((0,), (1,)), ((0, 3), (3,)), ((3,), None), (None, (2, 3)), ((0,), None)],
    3: [((3,), (3,), (3,)), ((2, 3), (3,), (2, 1)), ((3,), None, None), ((), (), ())],
}  # fmt: skip
LAYOUTS = ("plain", "strided", "transposed", "read-only")
ON_ARRAYS = [
    use for use in USES
    if use[0].startswith(("np.", "scipy.")) or not use[0][0].isalpha() or use[0] == "builtins.abs"
]  # fmt: skip
ENTRIES = [
    pytest.param(name, sample, shapes, id=f"{name}-{k}-{'-'.join(map(str, shapes))}")
    for name, k, sample in ON_ARRAYS
    for shapes in (
        SHAPES[len(sample.operands)]
        if k < 3 and not name.startswith("scipy.")
        else SHAPES[len(sample.operands)][3 : 4 if name.startswith("scipy.") else 5]
    )
]


def drawn(
    random: np.random.Generator, interval: tuple[float, float], shape: Shape, layout: str = "plain"
) -> Any:
    """An operand in a layout; with no shape, a float."""
    if shape is None:
        return float(random.uniform(*interval))
    x = np.asarray(random.uniform(*interval, shape))
    if layout == "strided" and shape:
        wide = np.zeros((*shape[:-1], 2 * shape[-1]))
        wide[..., ::2] = x
        return wide[..., ::2]
    if layout == "transposed":
        return x.T.copy().T
    if layout == "read-only":
        x.flags.writeable = False
    return x


def partial_arrays(sample: Sample, args: Sequence[Any]) -> list[Any]:
    """Each operand's partial derivative, in the shape of the result."""
    spread = np.broadcast_arrays(*args)
    n = len(args)
    out = [np.zeros(spread[0].shape) for _ in args]
    for index in np.ndindex(spread[0].shape):
        point = tuple(float(each[index]) for each in spread)
        for k in range(n):
            out[k][index] = exact(sample, point, once(n, k))
    return out


def summed_to(x: Any, like: Any) -> Any:
    """The transpose of broadcasting, as in the definition: a sum over all that one entry fed."""
    out = np.zeros(np.shape(like))
    numbers = np.broadcast_to(np.arange(out.size).reshape(out.shape), x.shape)
    np.add.at(out.reshape(-1), numbers.reshape(-1), x.reshape(-1))
    return out


def untouched(call: Function, args: Sequence[Any]) -> Any:
    """The result of a call that leaves its arguments alone and shares no memory with them."""
    before = copy.deepcopy(args)
    result = call(*args)
    for one, other in zip(args, before, strict=True):
        assert np.array_equal(one, other, equal_nan=True), "an argument was changed"
    for leaf in result if isinstance(result, tuple) else (result,):
        for each in args:
            if isinstance(leaf, np.ndarray) and isinstance(each, np.ndarray):
                assert not np.shares_memory(leaf, each), "a result is an argument"
    return result


def check_entries(f: Function, sample: Sample, args: list[Any], rtol: float) -> None:
    random = random_for(sample.call)
    tangents = [np.asarray(drawn(random, (0.5, 1.5), np.shape(a))) for a in args]
    tangents = [
        t.astype(a.dtype) if isinstance(a, np.ndarray) else float(t)
        for t, a in zip(tangents, args, strict=True)
    ]
    partials = partial_arrays(sample, args)
    n = len(args)
    value, tangent = untouched(lambda *all_: srcad.jvp(f, all_[:n], all_[n:]), [*args, *tangents])
    assert np.array_equal(value, f(*args), equal_nan=True)
    terms = [p * t for p, t in zip(partials, tangents, strict=True)]
    size = np.max(np.abs(terms), initial=0.0)
    want = sum(terms)
    assert np.shape(tangent) == want.shape
    assert np.all(np.abs(tangent - want) <= rtol * (np.abs(want) + size)), (tangent, want)
    seed = drawn(random, (0.5, 1.5), want.shape)
    if isinstance(value, np.ndarray):
        seed = seed.astype(value.dtype)
    value, pullback = srcad.vjp(f, *args)
    adjoints = untouched(lambda s: pullback(s), [seed])
    assert len(adjoints) == n
    for p, argument, adjoint in zip(partials, args, adjoints, strict=True):
        want = summed_to(p * seed, argument)
        scale = np.max(np.abs(want), initial=0.0)
        assert np.shape(adjoint) == want.shape
        assert np.all(np.abs(adjoint - want) <= rtol * (np.abs(want) + scale)), (adjoint, want)
        if isinstance(argument, np.ndarray):
            assert adjoint.dtype == argument.dtype
    left = np.sum(np.multiply(seed, tangent))
    products = [np.multiply(a, t) for a, t in zip(adjoints, tangents, strict=True)]
    scale = sum(float(np.sum(np.abs(each))) for each in products)
    right = sum(float(np.sum(each)) for each in products)
    assert abs(left - right) <= rtol * scale


@pytest.mark.parametrize(("name", "sample", "shapes"), ENTRIES)
def test_shapes(
    functions: dict[str, Function], name: str, sample: Sample, shapes: tuple[Shape, ...]
) -> None:
    f = functions[program(sample.operands, expression_of(name, sample))[0]]
    random = random_for(name, sample.call, shapes)
    args = [drawn(random, i, s) for i, s in zip(sample.intervals, shapes, strict=True)]
    check_entries(f, sample, args, 1e-11)


LAYOUT_USES = [
    pytest.param(name, sample, id=f"{name}-{k}")
    for name, k, sample in ON_ARRAYS
    if k < 3 and not name.startswith("scipy.")
]


@pytest.mark.parametrize("layout", LAYOUTS[1:])
@pytest.mark.parametrize(("name", "sample"), LAYOUT_USES)
def test_layouts(functions: dict[str, Function], name: str, sample: Sample, layout: str) -> None:
    f = functions[program(sample.operands, expression_of(name, sample))[0]]
    random = random_for(name, layout)
    args = [drawn(random, interval, (2, 3), layout) for interval in sample.intervals]
    check_entries(f, sample, args, 1e-11)


@pytest.mark.parametrize(("name", "sample"), LAYOUT_USES)
def test_single_precision(functions: dict[str, Function], name: str, sample: Sample) -> None:
    f = functions[program(sample.operands, expression_of(name, sample))[0]]
    random = random_for(name, "single")
    args = [drawn(random, i, (2, 3)).astype(np.float32) for i in sample.intervals]
    check_entries(f, sample, args, 1e-4)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("name", "sample"), LAYOUT_USES)
def test_each_operand_alone(
    functions: dict[str, Function], name: str, sample: Sample, mode: Any
) -> None:
    f = functions[program(sample.operands, f"np.sum({expression_of(name, sample)})")[0]]
    random = random_for(name, "alone")
    shapes = [(2, 3), (3,), (2, 1)]
    args = [drawn(random, i, s) for i, s in zip(sample.intervals, shapes, strict=False)]
    partials = partial_arrays(sample, args)
    for k, argument in enumerate(args):
        got = untouched(srcad.grad(f, mode=mode, wrt=k), args)
        want = summed_to(partials[k], argument)
        size = np.max(np.abs(want), initial=0.0)
        assert got.shape == argument.shape
        assert np.all(np.abs(got - want) <= 1e-11 * (np.abs(want) + size)), (got, want)


# -- linear operations -----------------------------------------------------------------------------


def entries(shapes: Any) -> int:
    return sum(math.prod(shape) for shape in shapes if shape is not None)


def ways() -> list[Any]:
    """Each call with all shapes, in both precisions; in other layouts with the largest shapes."""
    largest: dict[str, Any] = {}
    for _, call, shapes in CALLS:
        largest[call] = max(largest.get(call, shapes), shapes, key=entries)
    plain = [(*c, "plain", dtype) for c in CALLS for dtype in ("float64", "float32")]
    others = [
        (*c, layout, "float64") for c in CALLS if largest[c[1]] == c[2] for layout in LAYOUTS[1:]
    ]
    return [pytest.param(*w, id="-".join(map(str, w[1:]))) for w in plain + others]


@pytest.mark.parametrize(("name", "call", "shapes", "layout", "dtype"), ways())
def test_structured(
    functions: dict[str, Function], name: str, call: str, shapes: Any, layout: str, dtype: str
) -> None:
    """``J ẋ`` is the operation on the tangents; ``Jᵀ ȳ`` is built from ``J`` on unit vectors."""
    operands = operands_of(call)
    f = functions[program(operands, call)[0]]
    random = random_for(call, shapes)
    (rule,) = (r for r in all_rules() if r.label == name and isinstance(r, Structured))
    by_name = dict(zip("abd", shapes, strict=False))
    if "c" in operands:
        order = "cab" if rule.name == "np.where" else "abc" if "b" in operands else "ac"
        by_name = dict(zip(order, shapes, strict=True))
    args = [drawn(random, ANY_SIGN, by_name[v], layout) for v in operands]
    args = [a.astype(dtype) if isinstance(a, np.ndarray) else a for a in args]
    varying = [k for k, v in enumerate(operands) if v != "c"]
    rtol = 1e-12 if dtype == "float64" else 1e-5

    def along(directions: dict[int, Any]) -> Any:
        """``J ẋ`` for tangents of some operands."""
        if rule.jointly:
            return f(*(directions.get(k, a if k not in varying else np.zeros_like(a))
                       for k, a in enumerate(args)))  # fmt: skip
        terms = [f(*(d if j == k else a for j, a in enumerate(args)))
                 for k, d in directions.items()]  # fmt: skip
        return sum(terms[1:], terms[0])

    tangents = {k: drawn(random, (0.5, 1.5), np.shape(args[k])) for k in varying}
    tangents = {k: t.astype(dtype) if isinstance(args[k], np.ndarray) else float(t)
                for k, t in tangents.items()}  # fmt: skip
    given = [tangents.get(k, 0.0 * a) for k, a in enumerate(args)]
    n = len(args)
    value, tangent = untouched(lambda *all_: srcad.jvp(f, all_[:n], all_[n:]), [*args, *given])
    assert np.array_equal(value, f(*args))
    want = along(tangents)
    assert np.shape(tangent) == np.shape(want)
    np.testing.assert_allclose(tangent, want, rtol=rtol, atol=rtol)
    value, pullback = srcad.vjp(f, *args)
    seed = drawn(random, (0.5, 1.5), np.shape(value))
    adjoints = untouched(lambda s: pullback(s), [seed])
    for k in varying:
        adjoint = adjoints[k]
        assert np.shape(adjoint) == np.shape(args[k])
        if isinstance(args[k], np.ndarray):
            assert adjoint.dtype == args[k].dtype
        for index in itertools.islice(np.ndindex(np.shape(args[k])), 24):
            unit = np.zeros(np.shape(args[k]))
            unit[index] = 1.0
            column = along({k: unit if isinstance(args[k], np.ndarray) else 1.0})
            want = np.sum(np.multiply(seed, column))
            np.testing.assert_allclose(np.asarray(adjoint)[index], want, rtol=rtol, atol=rtol)


ANY_SIGN = (-2.0, 2.0)


# -- steps -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("name", "call"), ZERO_CALLS)
def test_zero(functions: dict[str, Function], name: str, call: str, mode: Any) -> None:
    """``(x · step(x))' = step(x)``."""
    f = functions[program("x", f"x * {call}")[0]]
    x = 2.7
    is_deprecated = name == "np.fix" and np.lib.NumpyVersion(np.__version__) >= "2.5.0"
    with pytest.deprecated_call() if is_deprecated else contextlib.nullcontext():
        want = f(x)
        value, slope = srcad.value_and_grad(f, mode=mode)(x)
        assert value == want
        assert slope == pytest.approx(float(want) / x, rel=1e-14)
        assert srcad.grad(srcad.grad(f, mode=mode), mode=mode)(x) == 0.0
