"""The corpus of structures: dicts, tuples, dataclasses and objects, against the oracle."""

from __future__ import annotations

import copy
import functools
import itertools
from typing import Any

import numpy as np
import pytest

import srcad
from srcad.analysis.kind import FLOAT
from srcad.read import read_function
from srcad.structures import is_structured
from srcad.structures.run import Run
from tests.oracle import assert_close, directional, gradient, is_differentiable
from tests.oracle.structures import Flat, leaves, remade, same_layout
from tests.programs import Program, corpus

PROGRAMS = corpus(structures=True)
ACCEPTED = [p for p in PROGRAMS if p.refused is None]
REFUSED = [p for p in PROGRAMS if p.refused is not None]
POINTS = [
    pytest.param(p, point, id=f"{p.name}-{k}") for p in ACCEPTED for k, point in enumerate(p.points)
]
MODES = ("reverse", "forward")


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (float, np.floating)) or (
        isinstance(value, np.ndarray) and value.ndim == 0
    )


@functools.lru_cache(maxsize=64)
def _derivative(f: Any, mode: str, wrt: tuple[int, ...], optimize: bool) -> Any:
    """One for all points of a program."""
    return srcad.value_and_grad(f, mode=mode, wrt=wrt, optimize=optimize)


def _same_leaves(one: Any, other: Any) -> None:
    for a, b in zip(leaves(one), leaves(other), strict=True):
        assert np.array_equal(a, b, equal_nan=isinstance(b, float)), (a, b)


def _wrt(point: Any) -> tuple[int, ...]:
    return tuple(k for k, a in enumerate(point) if any(map(is_differentiable, leaves(a))))


@pytest.mark.parametrize(("program", "point"), POINTS)
def test_gradient(program: Program, point: tuple[Any, ...]) -> None:
    primal = copy.deepcopy(point)
    value = program.function(*primal)
    if not _is_scalar(value):
        return
    flat, numbers, wrt = Flat(program.function, point), leaves(point), _wrt(point)
    active = tuple(n for n, leaf in enumerate(numbers) if is_differentiable(leaf))
    slopes = iter(gradient(flat, numbers, active))
    by_leaf = [next(slopes) if n in active else None for n in range(len(numbers))]
    want = [remade(a, rest, False) for rest in [iter(by_leaf)] for a in point]
    for mode, optimize in itertools.product(MODES, (True, False)):
        derivative = _derivative(program.function, mode, wrt, optimize)
        for _ in range(2):
            given = copy.deepcopy(point)
            got_value, got = derivative(*given)
            what = f"{mode}{'' if optimize else ', not optimised'}"
            assert_close(got_value, value, 1e-14, what)
            assert len(got) == len(wrt)
            for k, slope in zip(wrt, got, strict=True):
                wanted = want[k]
                assert same_layout(slope, wanted), f"{what}: {slope!r} is not like {point[k]!r}"
                assert_close(_all(slope), _all(wanted), 1e-9, f"{what}: {k}")
            _same_leaves(given, primal)
    alone = srcad.grad(program.function, wrt=wrt[0])(*copy.deepcopy(point))
    assert_close(_all(alone), _all(want[wrt[0]]), 1e-9, "one alone")


def _all(value: Any) -> list[Any]:
    """The leaves of a gradient, those that are None included."""
    found = []

    def walk(each: Any) -> None:
        inner = each if isinstance(each, (list, tuple)) else None
        if isinstance(each, dict):
            inner = list(each.values())
        if inner is None and hasattr(each, "__dict__"):
            inner = list(vars(each).values())
        if inner is None and hasattr(type(each), "__slots__") and not isinstance(each, np.generic):
            inner = [getattr(each, n) for n in type(each).__slots__]
        for part in inner if inner is not None else ():
            walk(part)
        if inner is None:
            found.append(each)

    walk(value)
    return found


@pytest.mark.parametrize(("program", "point"), POINTS)
def test_products(program: Program, point: tuple[Any, ...]) -> None:
    """jvp along a random direction is the oracle's; ⟨ȳ, J ẋ⟩ = ⟨Jᵀ ȳ, ẋ⟩ for a random ȳ."""
    random = np.random.default_rng(0)
    numbers = leaves(point)
    tangents = [_random(x, random) if is_differentiable(x) else None for x in numbers]
    flat = Flat(program.function, point)
    _, want = directional(flat, numbers, tangents)
    value = program.function(*copy.deepcopy(point))
    scalar = not isinstance(want, tuple)
    seeds = remade(point, iter(tangents), False)
    given = copy.deepcopy(point)
    got_value, tangent = srcad.jvp(program.function, given, seeds)
    assert same_layout(got_value, value)
    assert_close(leaves(got_value), leaves(value), 1e-14, "jvp: value")
    got = [0.0 if t is None else t for t in _of_leaves(tangent, value)]
    assert_close(got, [want] if scalar else list(want), 1e-9, "jvp: tangent")
    bars = [_random(x, random) if is_differentiable(x) else 0.0 for x in leaves(value)]
    given = copy.deepcopy(point)
    got_value, pullback = srcad.vjp(program.function, *given)
    assert same_layout(got_value, value)
    assert_close(leaves(got_value), leaves(value), 1e-14, "vjp: value")
    for _ in range(2):
        adjoints = pullback(remade(value, iter(bars), False))
        pulled = [a for arg, x in zip(adjoints, point, strict=True) for a in _of_leaves(arg, x)]
        pairs = [(t, a) for t, a in zip(tangents, pulled, strict=True) if t is not None]
        right = sum(float(np.sum(np.multiply(t, a))) for t, a in pairs)
        left = sum(float(np.sum(np.multiply(b, t))) for b, t in zip(bars, got, strict=True))
        size = sum(float(np.sum(np.abs(np.multiply(t, a)))) for t, a in pairs)
        assert_close(right, left, 1e-9, "⟨Jᵀ ȳ, ẋ⟩ against ⟨ȳ, J ẋ⟩", scale=1e3 * size)


def _of_leaves(slope: Any, like: Any) -> list[Any]:
    """What a tangent or an adjoint has where its primal has a leaf."""
    if slope is None:
        return [None] * len(leaves(like))
    flags = leaves(remade(like, iter([True] * len(leaves(like)))))
    assert len(flags) == 0  # True is no leaf: the marks are found below
    marks = iter(_all(remade(like, iter([1.0] * len(leaves(like))), False)))
    return [s for s, mark in zip(_all(slope), marks, strict=True) if mark is not None]


def _random(x: Any, random: np.random.Generator) -> Any:
    made = random.uniform(0.5, 1.5, np.shape(x)) * random.choice([-1.0, 1.0], np.shape(x))
    return np.asarray(made) if isinstance(x, np.ndarray) else float(made)


SMALL = [
    pytest.param(p, p.points[0], id=p.name)
    for p in ACCEPTED
    if p.order > 1 and sum(np.size(x) for x in leaves(p.points[0])) <= 8
]


@pytest.mark.parametrize(("program", "point"), SMALL)
def test_second_order(program: Program, point: tuple[Any, ...]) -> None:
    """The gradient's own tangent: what is generated is in the language that is accepted."""
    if not _is_scalar(program.function(*copy.deepcopy(point))):
        return
    random = np.random.default_rng(2)
    numbers, wrt = leaves(point), _wrt(point)
    active = tuple(n for n, leaf in enumerate(numbers) if is_differentiable(leaf))
    tangents = [_random(x, random) if n in active else None for n, x in enumerate(numbers)]
    flat = Flat(program.function, point)
    _, want = directional(lambda *a: gradient(flat, a, active), numbers, tangents)
    slopes = iter(want)
    by_leaf = [next(slopes) if n in active else None for n in range(len(numbers))]
    rest = iter(by_leaf)
    wanted = [remade(a, rest, False) for a in point]
    derivative = srcad.grad(program.function, wrt=wrt)
    seeds = remade(point, iter(tangents), False)
    _, got = srcad.jvp(derivative, copy.deepcopy(point), seeds)
    for k, slope in zip(wrt, got, strict=True):
        assert_close(_all(slope), _all(wanted[k]), 1e-8, f"wrt {k}")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("program", [pytest.param(p, id=p.name) for p in REFUSED])
def test_refused(program: Program, mode: str) -> None:
    point = program.points[0]
    with pytest.raises(srcad.SrcadError, match=program.refused or None) as error:
        srcad.grad(program.function, mode=mode)(*copy.deepcopy(point))
    assert "please report" not in str(error.value)


# -- what is around a call ------------------------------------------------------------------------

SETTINGS = {"k": 2.0, "table": np.array([1.0, 2.0])}


class Scale:
    factor = 3.0

    def __init__(self, v: float) -> None:
        self.v = v

    def scaled(self) -> float:
        return self.v * self.factor


def _reads_settings(p: Any) -> Any:
    return p["x"] * p["x"] * SETTINGS["k"] * SETTINGS["table"][0]


def _scales(s: Any) -> Any:
    return s.scaled() * s.v


def test_what_is_changed_outside_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    derivative = srcad.grad(_reads_settings)
    assert derivative({"x": 3.0}) == {"x": 12.0}
    monkeypatch.setitem(SETTINGS, "k", 4.0)
    assert derivative({"x": 3.0}) == {"x": 24.0}
    monkeypatch.setitem(SETTINGS, "table", np.array([10.0, 2.0]))
    assert derivative({"x": 3.0}) == {"x": 240.0}


def test_what_is_changed_in_a_class_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    derivative = srcad.grad(_scales)
    assert derivative(Scale(2.0)).v == 12.0
    monkeypatch.setattr(Scale, "factor", 5.0)
    assert derivative(Scale(2.0)).v == 20.0
    one = Scale(2.0)
    one.factor = 7.0  # its own, which is differentiated, too
    slope = derivative(one)
    assert (slope.v, slope.factor) == (28.0, 4.0)


def test_layouts_have_code_of_their_own() -> None:
    derivative = srcad.grad(lambda p: sum(v * v for v in p.values()))
    assert derivative({"a": 1.0, "b": 2.0}) == {"a": 2.0, "b": 4.0}
    assert derivative({"b": 2.0, "a": 1.0}) == {"b": 4.0, "a": 2.0}
    assert list(derivative({"b": 2.0, "a": 1.0})) == ["b", "a"]
    assert derivative({"a": 1.0}) == {"a": 2.0}
    flagged = srcad.grad(lambda p: p["x"] * (2.0 if p["on"] is True else 3.0))
    assert [flagged({"x": 1.0, "on": on})["x"] for on in (True, 1, True)] == [2.0, 3.0, 2.0]


def _writes(p: Any) -> Any:
    p["u"][0] = p["v"][1] * 2.0
    return (p["u"] * p["v"]).sum()


def test_one_array_twice_is_refused_where_it_is_written() -> None:
    derivative, x = srcad.grad(_writes), np.array([1.0, 2.0])
    derivative({"u": x.copy(), "v": x})
    with pytest.raises(srcad.ArgumentError, match="overlap in memory"):
        derivative({"u": x, "v": x})
    with pytest.raises(srcad.ArgumentError, match="overlap in memory"):
        srcad.vjp(_writes, {"u": x, "v": x})


def test_numpy_numbers_are_python_numbers() -> None:
    got = srcad.grad(_scales)(Scale(np.float64(2.0)))
    assert got.v == 12.0


def test_what_holds_itself_is_refused() -> None:
    p: dict[str, Any] = {"x": 1.0}
    p["p"] = p
    with pytest.raises(srcad.ArgumentError, match="holds itself"):
        srcad.grad(_reads_settings)(p)


def test_what_is_no_structure_is_refused_by_its_place() -> None:
    with pytest.raises(srcad.ArgumentError, match=r"argument p holds a set in p\['s'\]"):
        srcad.grad(_reads_settings)({"x": 1.0, "s": {1}})
    with pytest.raises(srcad.ArgumentError, match="a dict without floats in it"):
        srcad.grad(_reads_settings)({"x": 1})


def test_seeds_have_the_structure_of_what_they_belong_to() -> None:
    with pytest.raises(srcad.ArgumentError, match="a dict of the same parts"):
        srcad.jvp(_reads_settings, ({"x": 1.0},), ({"y": 1.0},))
    _, pullback = srcad.vjp(lambda p: {"y": p["x"]}, {"x": 1.0})
    with pytest.raises(srcad.ArgumentError, match="an adjoint like the result"):
        pullback(1.0)


class _Model:
    def __init__(self, w: float, **more: Any) -> None:
        self.w = w
        vars(self).update(more)


class _Other(_Model):
    pass


def _any_layout(p: Any, x: Any) -> Any:
    """The parts that there are, each with another weight by its place and its class."""
    if isinstance(p, _Model):
        rows = [3.0 if isinstance(p, _Other) else 2.0, p.w]
        rows += [p.more] if hasattr(p, "more") else []
    elif isinstance(p, dict):
        rows = [1.0 if any(k is True for k in p) else 5.0, *p.values()]
    else:
        rows = [7.0 if isinstance(p, list) else 4.0, *p]
    s = 0.0
    for n, each in enumerate(rows):
        if isinstance(each, str):
            s = 2.0 * s
        elif each is not None and each is not True:
            s = s + (n + 1.0) * np.sum(x * each)
    return s


LAYOUTS = [
    ({"a": 1.0, "b": 2.0}, 0.5),
    ({"b": 1.0, "a": 2.0}, 0.5),
    ({"a": 1.0, "b": 2}, 0.5),
    ({"a": 1.0, "b": "double"}, 0.5),
    ({"a": 1.0, "b": None}, 0.5),
    ({"a": 1.0, "b": True}, 0.5),
    ({"a": 1.0, "b": 2.0}, 3),
    ({1: 1.0, 2: 2.0}, 0.5),
    ({True: 1.0, 2: 2.0}, 0.5),
    ({"a": np.ones(2), "b": 2.0}, np.ones(2)),
    ({"a": np.ones(2), "b": 2.0}, np.ones((3, 2))),
    ({"a": np.ones(2), "b": 2.0}, np.ones((3, 2), "f4")),
    ([1.0, 2.0], 0.5),
    ([1.0, 2.0, 3.0], 0.5),
    ((1.0, 2.0), 0.5),
    (_Model(1.0), 0.5),
    (_Model(1.0, more=3.0), 0.5),
    (_Other(1.0), 0.5),
]


def test_the_quick_way_is_for_one_layout() -> None:
    """What one call found out is used by the next of the same layout, and by no other."""
    gradient = srcad.grad(_any_layout)
    for p, x in [*LAYOUTS, *reversed(LAYOUTS)]:
        want = srcad.grad(_any_layout)(p, x)
        assert same_layout(gradient(p, x), want)
        for _ in range(2):
            assert_close(_all(gradient(p, x)), _all(want), 1e-15)


def test_a_call_of_the_same_layout_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not look at the layout part by part again."""
    gradient = srcad.grad(lambda p, x: p["w"] * p["v"][0] * x)
    assert gradient({"w": 2.0, "v": [3.0]}, 5.0) == {"w": 15.0, "v": [10.0]}

    def missing(*_: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr(gradient, "_call", missing)
    assert gradient({"w": 4.0, "v": [0.5]}, 1.0) == {"w": 0.5, "v": [4.0]}
    with pytest.raises(AssertionError):
        gradient({"w": 4.0, "v": (0.5,)}, 1.0)


settings = {"k": 2.0}


def _has_a_parameter_called_settings(x: float, settings: float) -> float:
    return x * settings


def _has_inner_names_called_settings(x: float) -> float:
    scaled = lambda settings: x * settings
    return scaled(2.0) + sum([x * settings for settings in (1.0, 2.0)])


def _reads_the_settings(x: float) -> float:
    return x * settings["k"]


def test_a_name_of_its_own_is_not_the_structure_of_that_name_outside() -> None:
    # The way around structures is quicker at each call.
    own, inner = _has_a_parameter_called_settings, _has_inner_names_called_settings
    assert not is_structured(read_function(own), (FLOAT, FLOAT), Run())
    assert not is_structured(read_function(inner), (FLOAT,), Run())
    assert is_structured(read_function(_reads_the_settings), (FLOAT,), Run())
    assert srcad.grad(own)(3.0, 5.0) == 5.0
    assert srcad.grad(inner)(3.0) == 5.0
    assert srcad.grad(_reads_the_settings)(3.0) == 2.0


def _counts(p: Any, q: Any) -> Any:
    p["w"] = p["w"] + 1.0
    return p["w"] * q["w"]


def test_one_object_twice_is_refused_where_it_is_written() -> None:
    p, q = {"w": 2.0}, {"w": 3.0}
    assert srcad.grad(_counts, wrt=(0, 1))(p, q) == ({"w": 3.0}, {"w": 3.0})
    assert p == {"w": 3.0}
    for derivative in (srcad.grad(_counts), functools.partial(srcad.vjp, _counts)):
        with pytest.raises(srcad.ArgumentError, match="at two places of the arguments"):
            derivative(p, p)
    with pytest.raises(srcad.ArgumentError, match="at two places of the arguments"):
        srcad.jvp(_counts, (p, p), ({"w": 1.0}, None))
    assert p == {"w": 3.0}


def test_a_pullback_writes_nothing() -> None:
    p, q = {"w": 2.0}, {"w": 3.0}
    value, pullback = srcad.vjp(_counts, p, q)
    assert (value, p, pullback(1.0), pullback(2.0)[1]) == (
        9.0,
        {"w": 3.0},
        ({"w": 3.0}, {"w": 3.0}),
        {"w": 6.0},
    )
    assert p == {"w": 3.0}


def _puts_and_writes(p: Any, x: Any) -> Any:
    p["w"] = p["w"] * x
    p["w"][0] = x
    return (p["w"] ** 2).sum()


def test_arrays_that_may_be_taken_back_are_not_put_into_arguments() -> None:
    with pytest.raises(srcad.UnsupportedError, match="arrays are written in place"):
        srcad.grad(_puts_and_writes, wrt=1)({"w": np.ones(2)}, 2.0)


def test_the_source_is_made_for_a_layout_that_was_seen() -> None:
    gradient = srcad.grad(lambda p: p["w"] * 2.0)
    with pytest.raises(srcad.UnsupportedError, match="a call of the derivative with a dict first"):
        _ = gradient.source
    gradient({"w": 1.0})
    assert "p['w']" in gradient.source or "return {'w': " in gradient.source


def by_keys(x: float, keys: Any) -> float:
    d = {}
    for k in keys:
        d[k] = x**k
    return float(d[5] * sum(d.values()))


@pytest.mark.parametrize("mode", MODES)
def test_ints_in_a_structure_are_keys(mode: str) -> None:
    gradient = srcad.grad(by_keys, mode=mode)
    x = 0.7
    for _ in range(2):
        assert gradient(x, (2, 5, 3)) == pytest.approx(7 * x**6 + 10 * x**9 + 8 * x**7, rel=1e-14)
        assert gradient(x, [5]) == pytest.approx(10 * x**9, rel=1e-14)


def test_code_for_values_of_ints_is_let_go() -> None:
    def f(x: float, n: int) -> float:
        d = {n: x * x}
        return d[n] * x * n

    gradient = srcad.grad(f)
    for n in [*range(90), 3]:
        assert gradient(2.0, n) == 12.0 * n
    assert len(gradient._specialiser.cache) == len(gradient._specialiser._plain) == 64
