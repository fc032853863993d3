"""Saved derivatives: they run where srcad is not, and give the same numbers."""

from __future__ import annotations

import importlib.util
import math
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from math import exp as e
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy
import numpy as np
import pytest

import srcad
from srcad.standalone import Preamble

K = 0.25
BIG = 1e300 * 10
HALF = np.float64(0.5)
SINGLE = np.float32(0.1)
PAIR = (0.75, (2, "a", None, True))
WORDS = 'it\'s "so"\n'
TABLE = np.array([[0.1, 1 / 3], [1e-300, -7.25]])
LARGE = np.arange(1001.0)
OBJECTS = np.array([1.0, None], dtype=object)
shorter = lambda t: t * K


def factorial(n: int) -> int:
    return 1 if n <= 0 else n * factorial(n - 1)


fac = factorial


def counted(n: int, k: float = K, *, more: int = 2) -> float:
    """Only called, never differentiated."""
    # A comment that is kept only where the text is.
    total = 0.0
    for i in range(n):
        total += shorter(k) + max(i, more)
    return total


def make(k: float) -> Callable[[Any], Any]:
    return lambda x: math.sin(k * x) / k


def uses_all(x: Any, n: int = 3) -> Any:
    y = e(-K * x) * counted(n) * fac(n)
    return y * math.gamma(x) + math.sin(x) * HALF * PAIR[0]


def uses_arrays(x: Any) -> Any:
    y = numpy.tanh(x) * TABLE
    return np.sum(y * y * SINGLE) / fac(2)


def uses_broadcasting(x: Any, b: Any) -> Any:
    y = x * b
    return np.sum(y * y)


def recursive(x: Any, n: int) -> Any:
    return 1.0 if n == 0 else x * recursive(x, n - 1)


def uses_large(x: Any) -> Any:
    return np.sum(x * LARGE)


class Thing:
    size = 3


THING = Thing()


def count(thing: Any) -> int:
    return int(thing.size)


def run_alone(path: Path, name: str, *arguments: str) -> str:
    """What the saved function gives in an interpreter that cannot import srcad."""
    program = textwrap.dedent(f"""
        import sys
        sys.modules["srcad"] = None
        sys.path.insert(0, {str(path.parent)!r})
        from {path.stem} import {name}
        import numpy
        numpy.set_printoptions(floatmode="unique")
        print(repr({name}({", ".join(arguments)})))
    """)
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=path.parent, capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONPATH": "", "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def written(argument: Any) -> str:
    if isinstance(argument, np.ndarray):
        return f"numpy.array({argument.tolist()!r})"
    return repr(argument)


@pytest.mark.parametrize("mode", ["reverse", "forward"])
@pytest.mark.parametrize(("f", "wrt", "args"), [
    (uses_all, 0, (1.3, 3)),
    (uses_arrays, 0, (np.array([[1.0, -2.0], [0.3, 1e-3]]),)),
    (uses_broadcasting, (0, 1), (np.array([[1.0, 2.0]]), np.array([[0.5], [3.0]]))),
    (recursive, 0, (1.5, 4)),
    (make(3.0), 0, (0.7,)),
])  # fmt: skip
def test_it_runs_alone(
    tmp_path: Path, mode: Any, f: Callable[..., Any], wrt: Any, args: tuple[Any, ...]
) -> None:
    derivative = srcad.value_and_grad(f, mode=mode, wrt=wrt)
    want = derivative(*args)
    path = tmp_path / "saved.py"
    srcad.save(derivative, path)
    assert "srcad" not in path.read_text(encoding="utf-8")
    name = derivative.compiled(*args).__name__
    with np.printoptions(floatmode="unique"):
        assert run_alone(path, name, *(written(a) for a in args)) == repr(want)


def test_the_text() -> None:
    derivative = srcad.grad(uses_all)
    derivative(1.3, 3)
    text = derivative.standalone()
    lines = text.split("\n")
    assert lines[:2] == ["from math import exp as e", "import math"] or lines[:2] == [
        "import math",
        "from math import exp as e",
    ]
    assert "import numpy as np" in lines
    assert "K = 0.25" in lines
    assert "HALF = np.float64(0.5)" in lines
    assert "def counted(n, k=0.25, *, more=2):" in lines
    assert "fac = factorial" in lines
    first, _, rest = derivative.source.partition("\n")
    assert text.endswith(rest)
    assert f"{first}\n    if not isinstance(x, float):\n" in text
    assert "type: ignore" not in text
    assert text.count("def factorial") == 1


def test_two_texts_are_the_same() -> None:
    texts = []
    for _ in range(2):
        derivative = srcad.grad(uses_all)
        derivative(1.3, 3)
        texts.append(derivative.standalone())
    assert texts[0] == texts[1]


def test_it_is_differentiated_again(tmp_path: Path) -> None:
    """A saved module is accepted input."""
    derivative = srcad.grad(uses_arrays)
    x = np.array([[1.0, -2.0], [0.3, 1e-3]])
    derivative(x)
    path = tmp_path / "again.py"
    srcad.save(derivative, path)
    module = imported(path)
    seed = np.ones_like(x)
    first = srcad.jvp(getattr(module, derivative.compiled(x).__name__), (x,), (seed,))
    second = srcad.jvp(derivative, (x,), (seed,))
    assert np.array_equal(first[1], second[1])


def imported(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "value",
    [
        0.1, -0.0, 1e-320, BIG, -BIG, 7, True, None, WORDS, b"\x00", PAIR, (1,), (), [1.0, [2]],
        HALF, SINGLE, np.int32(-3), np.float16(0.1), np.bool_(True), TABLE, TABLE.astype("f4"),
        np.array([1, 2]), np.array([True]), np.zeros((0, 3)), np.array(2.5), np.array(["a"])[:0],
        np.array([np.inf, -np.inf]), TABLE.astype(">f8"), TABLE.T, math.pi,
        2 - 1j, complex(-0.0, np.inf), np.complex64(1j), TABLE * 1j, np.array(1 + 2j),
        np.array([[complex(-0.0, 1), complex(1, -0.0)]]), (TABLE * 1j).astype("c8"),
    ],
)  # fmt: skip
def test_constants_come_back(value: Any) -> None:
    preamble = Preamble(set())
    if isinstance(value, np.ndarray) and value.dtype.kind == "U":
        with pytest.raises(srcad.ArgumentError):
            preamble.bind("k", value)
        return
    preamble.bind("k", value)
    names: dict[str, Any] = {}
    exec(str(preamble), names)
    got = names["k"]
    assert type(got) is type(value)
    assert repr(got) == repr(value)
    if isinstance(value, np.ndarray):
        assert got.dtype == value.dtype
        assert np.array_equal(got, value)


def test_nan_comes_back() -> None:
    preamble = Preamble(set())
    preamble.bind("k", (math.nan, np.array([np.nan, 1.0])))
    names: dict[str, Any] = {}
    exec(str(preamble), names)
    assert math.isnan(names["k"][0])
    assert np.isnan(names["k"][1][0])


def test_other_names_of_modules() -> None:
    preamble = Preamble(set())
    preamble.bind("np", math)
    preamble.bind("largest", max)
    preamble.bind("max", min)
    preamble.bind("array", np.array)
    preamble.bind("abs", abs)
    assert str(preamble).split("\n") == [
        "from builtins import max as largest",
        "from builtins import min as max",
        "import math as np",
        "from numpy import array",
    ]


# -- what it is called with --------------------------------------------------------------------


def loss(x: Any, b: Any, n: Any, how: str = "mean") -> Any:
    return np.mean((x - b) ** n) if how == "mean" else np.sum((x - b) ** n)


X, B = np.arange(15.0).reshape(5, 3), np.ones(3)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((X[:, :2], B, 2), r"x must be a float64 array of shape (> 3, 3): this was generated for"),
        ((X[:3], B, 2), r"x must be a float64 array of shape (> 3, 3): this was generated for one"),
        ((X[0], B, 2), r"x must be a float64 array of shape (> 3, 3): this was generated for one"),
        ((X.astype("f4"), B, 2), r"x must be a float64 array of shape (> 3, 3): this was"),
        ((X.tolist(), B, 2), r"x must be a float64 array of shape (> 3, 3): this was generated"),
        ((X, B[:1], 2), r"b must be a float64 array of shape (3,): this was generated for one"),
        ((X, 1.0, 2), r"b must be a float64 array of shape (3,): this was generated for one"),
        ((X, B, 2.5), r"n must be an int: this was generated for one"),
        ((X, B, X), r"n must be an int: this was generated for one"),
    ],
)
@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_other_arguments_than_it_was_made_for(mode: Any, args: Any, message: str) -> None:
    derivative = srcad.value_and_grad(loss, mode=mode, wrt=(0, 1))
    want = derivative(X, B, 2)
    names: dict[str, Any] = {}
    exec(derivative.standalone(), names)
    saved = names[derivative.compiled(X, B, 2).__name__]
    assert repr(saved(X, B, 2)) == repr(want)
    twice = np.concatenate([X, X])
    assert repr(saved(twice, B, 2)) == repr(derivative(twice, B, 2))
    with pytest.raises(TypeError) as error:
        saved(*args)
    assert message in str(error.value)


def test_a_float_is_asked_for() -> None:
    names: dict[str, Any] = {}
    exec(srcad.grad(lambda t, z, k=2: t * abs(z) * k).standalone(), names)
    (saved,) = (names[name] for name in names if name.endswith("_grad"))
    assert saved(1.5, 2.0) == 4.0
    for wrong in ((1, 2.0), (np.ones(2), 2.0), (1.5, 2)):
        with pytest.raises(TypeError, match="must be a float: this was generated for one"):
            saved(*wrong)


def test_names_that_mean_something_else_there() -> None:
    """The checks say what they mean, whatever the user calls what he has."""
    space: dict[str, Any] = {"numpy": np}

    def f(np: Any, float: Any, isinstance: Any = 2) -> Any:
        TypeError = numpy.sin(np) * float
        return numpy.sum(TypeError) * isinstance

    derivative = srcad.grad(f)
    want = derivative(X, 0.5)
    exec(derivative.standalone(), space)
    saved = space[derivative.compiled(X, 0.5).__name__]
    assert np.array_equal(saved(X, 0.5), want)
    with pytest.raises(TypeError, match="np must be a float64 array of shape"):
        saved(X[0], 0.5)
    with pytest.raises(TypeError, match="float must be a float"):
        saved(X, 1)


# -- refusals ------------------------------------------------------------------------------------


def refused(f: Callable[..., Any], *args: Any) -> str:
    derivative = srcad.grad(f)
    derivative(*args)
    with pytest.raises(srcad.ArgumentError) as error:
        derivative.standalone()
    return str(error.value)


def test_a_large_array_is_refused() -> None:
    assert refused(uses_large, np.ones(1001)) == (
        "cannot write a stand-alone module: the captured array LARGE has 1001 entries, more than "
        "1000; make it an argument of the function"
    )


@pytest.mark.parametrize(
    "value", [THING, Thing, OBJECTS, {1: 2.0}, np.clongdouble(1j), np.longdouble(1)]
)
def test_an_object_is_refused(value: Any) -> None:
    with pytest.raises(
        srcad.ArgumentError, match=r"k is .*, which cannot be written as text; make"
    ):
        Preamble(set()).bind("k", value)


def test_a_module_of_another_package_is_refused() -> None:
    with pytest.raises(srcad.ArgumentError, match="k is the module pytest, which is part neither"):
        Preamble(set()).bind("k", pytest)


def test_a_name_with_two_meanings_is_refused() -> None:
    preamble = Preamble({"f_grad"})
    preamble.bind("k", 1.0)
    preamble.bind("k", 1.0)
    with pytest.raises(srcad.ArgumentError, match=r"k has two meanings, 1\.0 in one function and"):
        preamble.bind("k", math.exp)
    with pytest.raises(srcad.ArgumentError, match="f_grad is the name of a generated function"):
        preamble.bind("f_grad", 3)


def test_functions_of_two_modules_that_clash(tmp_path: Path) -> None:
    """Each of them means another thing by ``scale``."""
    for name, scale in (("one", 2), ("two", 3)):
        text = f"scale = {scale}\ndef {name}(n):\n    return n * scale\n"
        (tmp_path / f"{name}.py").write_text(text)
    one = imported(tmp_path / "one.py").one
    two = imported(tmp_path / "two.py").two
    assert "scale has two meanings, 2 in one function and 3 in another" in refused(
        lambda x, n: x * x * one(n) * two(n), 1.5, 2
    )


def test_a_derivative_only() -> None:
    with pytest.raises(srcad.ArgumentError, match="save takes a derivative, not a function"):
        srcad.save(uses_all, "nowhere.py")  # type: ignore[arg-type]
