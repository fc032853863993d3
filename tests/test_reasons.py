"""All that is wrong with a function is said in one message, each thing once and with its place."""

from __future__ import annotations

import builtins
import collections
import functools
import random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import srcad
from tests.agreement import MODES


def of_form(x: Any) -> Any:
    with open("file") as handle:
        y = handle.read()
    z = {each for each in (x, y)}
    w = eval("x")
    return {y, w}


def of_form_and_meaning(x: Any) -> Any:
    y = np.poly(x)[0]
    y = undefined + 1.0  # type: ignore[name-defined]  # noqa: F821
    z = {each for each in (x, y)}
    return y + len(z)


def of_meaning(x: Any) -> Any:
    y = np.linalg.slogdet(x)[0]
    z = x.nothing
    w = np.unwrap(x, discont=1.0, axis=undefined)  # type: ignore[name-defined]  # noqa: F821
    return y + z + w


def of_structures(x: Any) -> Any:
    p = SimpleNamespace(a=x)
    y = p.nothing
    z = p + 1
    w = y * y  # it depends on what is refused: nothing is said of it
    p["a"] = w
    q = {"b": x}
    v = q["c"]
    return y + z + v


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("f", "lines"),
    [
        (of_form, {"`with open`": 1, "a set comprehension": 3, "`eval()`": 4, "a set": 5}),
        (of_form_and_meaning, {"`np.poly(...)`": 1, "`undefined`": 2, "a set comprehension": 3}),
        (of_structures, {"the attribute `.nothing`": 2, "this operator": 3, "the key 'c'": 7}),
    ],
)
def test_all_at_once(f: Any, lines: dict[str, int], mode: str) -> None:
    with pytest.raises(srcad.UnsupportedError) as caught:
        srcad.grad(f, mode=mode)(0.7)
    first = f.__code__.co_firstlineno
    problems = caught.value.problems
    assert [p.lineno - first for p in problems] == list(lines.values())
    for problem, construct in zip(problems, lines, strict=True):
        assert problem.construct.startswith(construct)
        assert str(problem) in str(caught.value)


@pytest.mark.parametrize("mode", MODES)
def test_all_that_kinds_tell(mode: str) -> None:
    with pytest.raises(srcad.UnsupportedError) as caught:
        srcad.grad(of_meaning, mode=mode)(np.eye(2))
    first = of_meaning.__code__.co_firstlineno
    assert {p.lineno - first for p in caught.value.problems} >= {2, 3}
    assert "please report" not in str(caught.value)


def by_eval(x: Any) -> Any:
    return eval("x")


def by_mantissa(x: Any) -> Any:
    return np.poly(x)[0] + by_eval(x)


def of_helpers(x: Any) -> Any:
    z = {each for each in (x, x)}
    return by_mantissa(x) + by_eval(x) + len(z)


def of_helpers_alone(x: Any) -> Any:
    return by_mantissa(x) + x.nothing


def unwrapped(x: Any) -> Any:
    return np.unwrap(x, axis=undefined)  # type: ignore[name-defined]  # noqa: F821


def of_kinds_in_helpers(x: Any) -> Any:
    y = unwrapped(x)  # nothing is said of what is made of it
    z = y[0, 0] * 2.0
    return z + x.nothing


def of_parts(p: Any) -> Any:
    q = p["zz"]
    return p["a"] * q


def of_structures_in_helpers(x: Any) -> Any:
    p = {"a": x}
    q = of_parts(p)
    r = p["b"]
    return q + r + by_eval(x)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("f", "x", "constructs"),
    [
        (of_helpers, 0.7, ["`eval()`", "`np.poly(...)`", "a set comprehension"]),
        (of_helpers_alone, 0.7, ["`eval()`", "`np.poly(...)`", "`.nothing`"]),
        (of_kinds_in_helpers, np.eye(2), ["`undefined`", "`.nothing`"]),
        (of_structures_in_helpers, 0.7, ["`eval()`", "the key 'zz'", "the key 'b'"]),
    ],
)
def test_those_of_helpers_too(f: Any, x: Any, constructs: list[str], mode: str) -> None:
    with pytest.raises(srcad.UnsupportedError) as caught:
        srcad.grad(f, mode=mode)(x)
    problems = caught.value.problems
    assert [p.construct for p in problems] == constructs
    assert [p.lineno for p in problems] == sorted(p.lineno for p in problems)
    for problem in problems:
        assert str(problem) in str(caught.value)


def damped(x: Any) -> Any:
    return abs(x) * x


@pytest.mark.parametrize("name", ["abs", "len", "range", "max", "float"])
def test_a_builtin_that_was_replaced(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    gradient = srcad.grad(damped)
    known = getattr(builtins, name)
    with monkeypatch.context() as patch:
        patch.setattr(builtins, name, lambda *given: known(*given))
        try:
            said = gradient(0.7)
        except srcad.SrcadError as error:
            said = error.msg
    assert f"`{name}` of builtins is not Python's own" in str(said)
    assert gradient(0.7) == pytest.approx(1.4, rel=1e-15)


class Guessed:
    def __getattr__(self, name: str) -> float:
        return 2.0


class Meta(type):
    def __call__(cls, *given: Any) -> float:
        return 3.0


class Made(metaclass=Meta):
    pass


@functools.lru_cache
def kept(x: Any) -> Any:
    return x * x


GUESSED = Guessed()
COUNTS: Any = collections.Counter()


def of_guessed_attributes(x: Any) -> Any:
    return x * GUESSED.k


def of_a_metaclass(x: Any) -> Any:
    return x * Made()


def of_a_cache(x: Any) -> Any:
    return kept(x) * x


def of_chance(x: Any) -> Any:
    return x * random.random()


def of_a_prompt(x: Any) -> Any:
    return x * input()


def of_another_dict(x: Any) -> Any:
    COUNTS["n"] = x
    return x * x


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("f", "words"),
    [
        (of_guessed_attributes, "`__getattr__` of its class Guessed decides"),
        (of_a_metaclass, "its metaclass decides what a call of it makes"),
        (of_a_cache, r"write instead the function without its cache, `kept\.__wrapped__`"),
        (of_chance, "it gives another value at each call"),
        (of_a_prompt, "what it gives is not told by its arguments"),
        (of_another_dict, "a captured Counter is not .* a plain dict"),
    ],
)
def test_each_has_its_own_sentence(f: Any, words: str, mode: str) -> None:
    with pytest.raises(srcad.UnsupportedError, match=words) as caught:
        srcad.grad(f, mode=mode)(0.7)
    assert caught.value.lineno == f.__code__.co_firstlineno + 1
