"""What is changed between calls: the derivative sees it, or is refused; it is never the old one.

Each case changes something that a function depends on after its derivative has been called twice:
a global, an attribute of a module, what a function or a class is made of, a library's own function.
"""

from __future__ import annotations

import math
import subprocess
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
import pytest

import srcad
from tests.agreement import MODES

H = 1e-5
SETTINGS = types.ModuleType("settings")
LIST = [2.0, 3.0]
DICT = {"a": 2.0, "b": {"c": 1.0}}
ARRAY = np.array([2.0, 3.0])
SCALE = 2.0
TRIPS = 3
MODE = "square"


def scaled(x: Any, c: float = 2.0, *, k: float = 3.0) -> Any:
    return x * x * c + x * k


def cubed(x: Any) -> Any:
    return x * x * x


def held(x: Any, parts: list[float] = [2.0]) -> Any:  # noqa: B006
    return x * x * parts[0]


SETTINGS.scale = 2.0  # type: ignore[attr-defined]
SETTINGS.scaled = scaled  # type: ignore[attr-defined]


class Spring:
    k = 2.0

    def __init__(self, v: float) -> None:
        self.v = v

    def force(self, x: Any) -> Any:
        return self.v * x * x * self.k

    @property
    def twice(self) -> Any:
        return self.v * 2.0

    @staticmethod
    def square(x: Any) -> Any:
        return x * x

    @classmethod
    def of_class(cls, x: Any) -> Any:
        return x * x * cls.k


class Stiff(Spring):
    pass


SPRING, STIFF = Spring(2.0), Stiff(3.0)


def by_module(x: Any) -> Any:
    return x * x * SETTINGS.scale


def function_of_module(x: Any) -> Any:
    return SETTINGS.scaled(x) * x


def handed_on(x: Any) -> Any:
    return applied(SETTINGS.scaled, x)


def applied(f: Any, x: Any) -> Any:
    return f(x) * x


def by_helper(x: Any) -> Any:
    return scaled(x) * 2.0


def by_held(x: Any) -> Any:
    return held(x)


def by_list(x: Any) -> Any:
    return x * x * sum(LIST) + len(LIST) * x


def by_loop(x: Any) -> Any:
    total = 0.0
    for each in LIST:
        total += each * x * x
    return total


def by_dict(x: Any) -> Any:
    return x * x * DICT["a"] + DICT["b"]["c"] * x + x * ("z" in DICT)  # type: ignore[index]


def by_get(x: Any) -> Any:
    return x * x * DICT.get("z", 1.0)  # type: ignore[operator]


def by_array(x: Any) -> Any:
    return x * x * ARRAY[0]


def by_scale(x: Any) -> Any:
    return x * x * SCALE


def by_trips(x: Any) -> Any:
    for _ in range(TRIPS):
        x = x * x
    return x


def by_mode(x: Any) -> Any:
    return x * x if MODE == "square" else 3.0 * x


def by_objects(x: Any) -> Any:
    return SPRING.force(x) + SPRING.twice * x + Spring.square(x) + Spring.of_class(x)


def by_subclass(x: Any) -> Any:
    return STIFF.force(x)


def by_instance(x: Any) -> Any:
    return Spring(x).force(x)


def by_absolute(x: Any) -> Any:
    return abs(x) * x


def _closure() -> tuple[Callable[[Any], Any], Any]:
    k = 2.0
    g = cubed

    def f(x: Any) -> Any:
        return g(x) * k

    return f, dict(zip(f.__code__.co_freevars, f.__closure__, strict=True))  # type: ignore[arg-type]


CLOSURE, CELLS = _closure()
HERE = sys.modules[__name__]
ABSENT = object()


@contextmanager
def attribute(owner: Any, name: str, value: Any) -> Iterator[None]:
    names = getattr(owner, "__dict__", {})
    before = names.get(name, getattr(owner, name, ABSENT) if name[:2] == "__" else ABSENT)
    before = owner.cell_contents if isinstance(owner, types.CellType) else before
    setattr(owner, name, value)
    try:
        yield
    finally:
        if before is ABSENT:
            delattr(owner, name)
        else:
            setattr(owner, name, before)


@contextmanager
def item(owner: Any, key: Any, value: Any) -> Iterator[None]:
    before = owner.get(key, ABSENT) if isinstance(owner, dict) else owner[key]
    owner[key] = value
    try:
        yield
    finally:
        if before is ABSENT:
            del owner[key]
        else:
            owner[key] = before


@contextmanager
def appended(owner: list[float], value: float) -> Iterator[None]:
    owner.append(value)
    try:
        yield
    finally:
        owner.pop()


def other(x: Any, c: float = 5.0, *, k: float = 3.0) -> Any:
    return x * x * x * c + k


def other_method(self: Any, x: Any) -> Any:
    return x * x * x + self.v


def of_init(self: Any, v: Any) -> None:
    self.v = v * v * v


SEEN: dict[str, tuple[Callable[[Any], Any], Callable[[], Any]]] = {
    "a module's number": (by_module, lambda: attribute(SETTINGS, "scale", 5.0)),
    "a module's function": (function_of_module, lambda: attribute(SETTINGS, "scaled", cubed)),
    "a function handed on": (handed_on, lambda: attribute(SETTINGS, "scaled", cubed)),
    "code of the function": (scaled, lambda: attribute(scaled, "__code__", other.__code__)),
    "code of a helper": (by_helper, lambda: attribute(scaled, "__code__", other.__code__)),
    "code of a module's": (
        function_of_module,
        lambda: attribute(scaled, "__code__", other.__code__),
    ),
    "defaults": (scaled, lambda: attribute(scaled, "__defaults__", (5.0,))),
    "defaults of a helper": (by_helper, lambda: attribute(scaled, "__defaults__", (5.0,))),
    "keyword defaults": (scaled, lambda: attribute(scaled, "__kwdefaults__", {"k": 5.0})),
    "a keyword default": (scaled, lambda: item(scaled.__kwdefaults__, "k", 5.0)),
    "a keyword default of a helper": (by_helper, lambda: item(scaled.__kwdefaults__, "k", 5.0)),
    "a default that is a list": (held, lambda: item(held.__defaults__[0], 0, 5.0)),  # type: ignore[index]
    "one of a helper": (by_held, lambda: item(held.__defaults__[0], 0, 5.0)),  # type: ignore[index]
    "an item of a list": (by_list, lambda: item(LIST, 1, 5.0)),
    "a list that grows": (by_list, lambda: appended(LIST, 5.0)),
    "a list in a loop": (by_loop, lambda: appended(LIST, 5.0)),
    "an item of a dict": (by_dict, lambda: item(DICT, "a", 5.0)),
    "an item of a dict in it": (by_dict, lambda: item(DICT["b"], "c", 5.0)),
    "a key of a dict": (by_dict, lambda: item(DICT, "z", 5.0)),
    "a key that is asked for": (by_get, lambda: item(DICT, "z", 5.0)),
    "an element of an array": (by_array, lambda: item(ARRAY, 0, 5.0)),
    "a number": (by_scale, lambda: attribute(HERE, "SCALE", 5.0)),
    "a number of NumPy": (by_scale, lambda: attribute(HERE, "SCALE", np.float64(5.0))),
    "a count": (by_trips, lambda: attribute(HERE, "TRIPS", 2)),
    "a string": (by_mode, lambda: attribute(HERE, "MODE", "other")),
    "a variable captured": (CLOSURE, lambda: attribute(CELLS["k"], "cell_contents", 5.0)),
    "a function captured": (CLOSURE, lambda: attribute(CELLS["g"], "cell_contents", by_mode)),
    "a builtin that is hidden": (by_absolute, lambda: attribute(HERE, "abs", cubed)),
    "a method": (by_objects, lambda: attribute(Spring, "force", other_method)),
    "code of a method": (
        by_objects,
        lambda: attribute(Spring.force, "__code__", other_method.__code__),
    ),
    "a property": (by_objects, lambda: attribute(Spring, "twice", property(lambda self: 9.0))),
    "a static method": (by_objects, lambda: attribute(Spring, "square", staticmethod(cubed))),
    "an attribute of a class": (by_objects, lambda: attribute(Spring, "k", 5.0)),
    "an attribute of an object": (by_objects, lambda: attribute(SPRING, "v", 5.0)),
    "an attribute that hides one": (by_objects, lambda: attribute(SPRING, "k", 5.0)),
    "a method of an object": (by_objects, lambda: attribute(SPRING, "force", cubed)),
    "a method of a subclass": (by_subclass, lambda: attribute(Stiff, "force", other_method)),
    "the class of an object": (by_subclass, lambda: attribute(STIFF, "__class__", Spring)),
    "bases of a class": (
        by_subclass,
        lambda: attribute(
            Stiff, "__bases__", (type("Between", (Spring,), {"force": other_method}),)
        ),
    ),
    "a class": (by_instance, lambda: attribute(HERE, "Spring", Stiff)),
    "how instances begin": (by_instance, lambda: attribute(Spring, "__init__", of_init)),
    "code of how they begin": (
        by_instance,
        lambda: attribute(Spring.__init__, "__code__", of_init.__code__),
    ),
}  # fmt: skip


def slope(f: Callable[[Any], Any], x: float) -> float:
    """A central difference, of the fourth order."""
    near, far = f(x + H) - f(x - H), f(x + 2 * H) - f(x - 2 * H)
    return float(8 * near - far) / (12 * H)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", SEEN)
def test_it_is_seen(case: str, mode: str) -> None:
    f, change = SEEN[case]
    derivative = srcad.grad(f, mode=mode)
    before = derivative(0.7)
    assert derivative(0.7) == before == pytest.approx(slope(f, 0.7), rel=1e-9)
    with change():
        after = slope(f, 0.7)
        if case not in ("a class", "the class of an object"):
            assert after != pytest.approx(before, rel=1e-3)  # the change does something
        assert derivative(0.7) == pytest.approx(after, rel=1e-9)
        assert derivative(0.7) == pytest.approx(after, rel=1e-9)
    assert derivative(0.7) == before


def test_a_keyword_default_that_is_taken_away() -> None:
    derivative = srcad.grad(scaled)
    derivative(0.7)
    k = scaled.__kwdefaults__.pop("k")
    try:
        with pytest.raises(srcad.SrcadError, match="missing a required argument: 'k'"):
            derivative(0.7)
    finally:
        scaled.__kwdefaults__["k"] = k


def test_an_attribute_that_is_made_up_since() -> None:
    """An object whose class gets ``__getattribute__`` has no parts any more."""
    derivative = srcad.grad(by_objects)
    derivative(0.7)
    with attribute(Spring, "__getattribute__", lambda self, name: 9.0):
        assert SPRING.v == 9.0
        with pytest.raises(srcad.SrcadError):
            derivative(0.7)


# Functions of libraries that are replaced.


def sines(x: Any) -> Any:
    return np.sin(x) * x


def exponential(x: Any) -> Any:
    return math.exp(x) * x


def norm(x: Any) -> Any:
    return np.linalg.norm(x)


@pytest.mark.parametrize("mode", MODES)
def test_a_patched_function_is_what_it_is(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before its derivative is made, and between two calls of it."""
    late = srcad.grad(sines, mode=mode)
    late(0.7)
    monkeypatch.setattr(np, "sin", cubed)
    for derivative in (late, srcad.grad(sines, mode=mode)):
        assert derivative(0.7) == pytest.approx(4 * 0.7**3, rel=1e-14)
    monkeypatch.setattr(math, "exp", cubed)
    assert srcad.grad(exponential, mode=mode)(0.7) == pytest.approx(4 * 0.7**3, rel=1e-14)
    monkeypatch.undo()
    assert late(0.7) == pytest.approx(math.sin(0.7) + 0.7 * math.cos(0.7), rel=1e-14)


def test_a_function_in_the_place_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is called has a rule; where generated code would call it by its name, it is refused."""
    monkeypatch.setattr(np.linalg, "norm", np.sum)
    assert np.array_equal(srcad.grad(norm)(np.array([1.0, 2.0])), np.ones(2))
    with pytest.raises(srcad.SrcadError, match=r"`norm` of numpy\.linalg is not"):
        srcad.value_and_grad(norm)(np.array([1.0, 2.0]))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("f", "x", "owner", "name", "new"),
    [
        (sines, 0.7, np, "sin", np.cos),
        (sines, 0.7, np, "sin", math.exp),
        (sines, 0.7, np, "sin", np.vectorize(cubed)),
        (sines, 0.7, np, "sin", partial(cubed)),
        (sines, 0.7, np, "cos", cubed),  # the derivative calls it, and the function does not
        (exponential, 0.7, math, "exp", math.cos),
        (lambda x: x * math.pi, 0.7, math, "pi", 3.0),
    ],
)
def test_what_replaces_a_function_is_not_taken_for_it(
    f: Any, x: Any, owner: Any, name: str, new: Any, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = srcad.grad(f, mode=mode)
    before = late(x)
    monkeypatch.setattr(owner, name, new)
    for derivative in (late, srcad.grad(f, mode=mode)):
        words = "replaced|no rule for this function|calls a function that is not read"
        with pytest.raises(srcad.SrcadError, match=words):
            derivative(x)
    monkeypatch.undo()
    assert np.array_equal(late(x), before)


FIRST = """
import functools, math
import numpy as np
def cubed(x): return x * x * x
true, whole = np.sin, np.sum
@functools.wraps(whole)
def doubled(*args, **options): return 2 * whole(*args, **options)
{patch}
import srcad
def f(x): return {call}
for mode in ("reverse", "forward"):
    try:
        print(srcad.grad(f, mode=mode)(0.7))
    except srcad.SrcadError as error:
        print("refused:", error.msg)
"""


@pytest.mark.parametrize(
    ("patch", "call", "said"),
    [
        ("np.sin = cubed", "np.sin(x) * x", "1.37"),
        ("np.sin = np.cos", "np.sin(x) * x", "refused: `sin` of numpy is not that of the library"),
        ("np.sin = np.cos", "np.cos(x) * x", "refused: `sin` of numpy is not that of the library"),
        ("np.cos = cubed", "np.sin(x) * x", "refused: `cos` of numpy is not that of the library"),
        ("math.sin = math.exp", "math.sin(x)", "refused: `sin` of math is not that of the library"),
        ("np.sin = np.vectorize(cubed)", "np.sin(x)", "refused: cannot differentiate `np.sin"),
        ("np.sum = doubled", "np.sum(x)", "refused: cannot differentiate `np.sum"),
    ],
)
def test_patched_before_srcad_is_imported(tmp_path: Any, patch: str, call: str, said: str) -> None:
    path = tmp_path / "patched.py"
    path.write_text(FIRST.format(patch=patch, call=call))
    done = subprocess.run(
        [sys.executable, str(path)], capture_output=True, text=True, check=True, cwd=".",
        env={"PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    assert all(line.startswith(said) for line in lines), lines
