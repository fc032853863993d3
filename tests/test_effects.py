"""What a function prints, it prints once when it is differentiated, in the same order."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from srcad import value_and_grad


def noisy(t: float) -> float:
    print("called with", t)
    return t


def count(t: float) -> int:
    print("counting", t)
    return int(t)


def factor(x, a):
    return noisy(x) * math.sin(a) * a


def test_of_branch(x, a):
    if noisy(x) > 0:
        a = a * a
    return a * x


def length_of_loop(x, a):
    s = 0.0
    for i in range(count(x)):
        s = s + a * math.sin(s + i)
    return s


def index(x, a):
    return a * np.array([1.0, 2.0, 3.0])[count(x)] * a


def conditional(x, a):
    return a * a if noisy(x) else a


def conjunction(x, a):
    return (noisy(x) and a) * a


def condition_of_while(x, a):
    while noisy(x) < 3.0:
        x = x + 1
        a = a * math.sin(a)
    return a


def exponent(x, a):
    return a ** noisy(x) + max(a, noisy(x)) + noisy(2.0)


def element(x, a):
    y = [noisy(x), a * a]
    return y[0] * y[1]


def several(x, a):
    y, z = noisy(x), a
    z *= noisy(1.0)
    return -noisy(x) * z * y + noisy(x) - (0 < noisy(x) < 5) * a


def index_of_write(x, a):
    b = np.zeros(3)
    b[count(x)] = a
    b[count(x)] += a * a
    return np.sum(b * b)


def loops(x, a):
    for i in range(2):
        for _ in range(count(x) + i):
            a = a * math.sin(a)
            if noisy(x) == 7:
                break
        else:
            a = a * 2
    return a


PROGRAMS = [
    factor,
    test_of_branch,
    length_of_loop,
    index,
    conditional,
    conjunction,
    condition_of_while,
    exponent,
    element,
    several,
    index_of_write,
    loops,
]
test_of_branch.__test__ = False  # type: ignore[attr-defined]


@pytest.mark.parametrize("optimize", [True, False])
@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda each: each.__name__)
def test_an_effect_happens_once(
    program: Callable[[float, float], float], mode: Any, optimize: bool, capsys: Any
) -> None:
    x, a, h = 2.0, 1.3, 1e-3
    want = program(x, a)
    printed = capsys.readouterr().out
    assert printed
    derivative = value_and_grad(program, mode=mode, wrt="a", optimize=optimize)
    value, slope = derivative(x, a)
    assert capsys.readouterr().out == printed
    assert value == want
    # Differences of sixth order.
    weights = ((1, 45.0), (2, -9.0), (3, 1.0))
    around = [w * (program(x, a + k * h) - program(x, a - k * h)) for k, w in weights]
    assert slope == pytest.approx(sum(around) / (60 * h), rel=1e-9)


def sets_first(v, a):
    v[0] = a
    return v[1]


def products_of_writing_calls(x, v):
    c = sets_first(v, 2.0) * sets_first(v[1:], 3.0)
    return c + x


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_what_a_call_in_an_expression_writes_is_there_afterwards(mode: Any) -> None:
    v = np.zeros(3)
    assert value_and_grad(products_of_writing_calls, mode=mode)(1.0, v) == (1.0, 1.0)
    assert v.tolist() == [2.0, 3.0, 0.0]
