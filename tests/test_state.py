"""What is left behind: by threads, by exceptions in either sweep, by ten thousand calls."""

from __future__ import annotations

import gc
import linecache
import math
import os
import sys
import threading
import traceback
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import srcad

MODES = ["forward", "reverse"]
DOMAIN = r"math domain error|expected a"
X = np.array([0.3, 1.2, 0.8, 2.0])


def recursive(x, n):
    if n == 0:
        return x
    return x * recursive(math.sin(x), n - 1)


def branching(x, mode, n):
    s = 1.0
    for i in range(n):
        if mode == "mul":
            s = s * x + i
        else:
            s = s + x * i
    return s


def written(x, n):
    y = x.copy()
    for i in range(n):
        y[i % len(y)] = y[(i + 1) % len(y)] * y[0]
    return np.sum(y * y)


def _calls():
    return [
        (recursive, (0.7, 3)),
        (recursive, (0.7, 0)),
        (branching, (0.7, "mul", 3)),
        (branching, (0.7, "add", 4)),
        (written, (X, 5)),
        (written, (X[:3], 2)),
    ]


@pytest.mark.parametrize("mode", MODES)
def test_sixteen_threads_at_once_first_calls_included(mode):
    expected = [srcad.grad(f, mode=mode)(*args) for f, args in _calls()]
    shared = {f: srcad.grad(f, mode=mode) for f, _ in _calls()}
    start = threading.Barrier(16)
    failures = []

    def work(number):
        try:
            start.wait()
            for turn in range(30):
                at = (number + turn) % len(expected)
                f, args = _calls()[at]
                got = shared[f](*args)
                if not np.array_equal(got, expected[at]):
                    failures.append((at, got))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(16)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not failures


def raises_ahead(x, t, n):
    s = x
    for i in range(n):
        s = s * math.log(t) + x
        x = x * s
    return s


@pytest.mark.parametrize("mode", MODES)
def test_an_exception_leaves_nothing_behind(mode):
    derivative = srcad.grad(raises_ahead, mode=mode)
    before = derivative(0.7, 2.0, 3)
    with pytest.raises(ValueError, match=DOMAIN):
        derivative(0.7, -1.0, 3)
    assert derivative(0.7, 2.0, 3) == before


@pytest.mark.parametrize("mode", MODES)
def test_an_exception_in_the_sweep_of_the_adjoints(mode):
    """The derivative of the root is infinite at 0, where the root itself is 0."""

    def root(x, y):
        return recursive(x, 2) * math.sqrt(y)

    derivative = srcad.grad(root, wrt=("x", "y"), mode=mode)
    before = derivative(0.7, 2.0)
    with pytest.raises(ZeroDivisionError):
        derivative(0.7, 0.0)
    assert derivative(0.7, 2.0) == before


def test_a_pullback_that_fails_may_be_called_again():
    value, pullback = srcad.vjp(written, X, 5)
    before = pullback(1.0)
    with pytest.raises((TypeError, srcad.SrcadError)):
        pullback("no number")
    after = pullback(1.0)
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))


def interrupted(call: Callable[[], Any], at: int, files: str) -> bool:
    """Call, and interrupt in the line of that number of files of a name; whether that came."""
    left = at

    def trace(frame, event, argument):
        nonlocal left
        if event == "line" and files in frame.f_code.co_filename:
            left -= 1
            if left == 0:
                raise KeyboardInterrupt
        return trace

    old = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(old)
    return False


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("f", "args"), [(branching, (0.7, "mul", 3)), *_calls()[::4]])
def test_an_interrupt_in_any_line_leaves_nothing_behind(f, args, mode):
    """In the forward sweep and in the reverse sweep, one line after the other."""
    derivative = srcad.grad(f, mode=mode)
    before = derivative(*args)
    at = 1
    while interrupted(lambda: derivative(*args), at, "<srcad "):
        assert np.array_equal(derivative(*args), before)
        at += 1
    assert at > 6


@pytest.mark.parametrize("mode", MODES)
def test_a_pullback_that_was_interrupted(mode):
    value, pullback = srcad.vjp(written, X, 3)
    before = pullback(1.0)
    at = 1
    while interrupted(lambda: pullback(1.0), at, "<srcad "):
        assert np.array_equal(pullback(1.0)[0], before[0])
        at += 1
    assert at > 6


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("at", [1, 300, 1_000, 3_000, 10_000, 20_000, 30_000])
def test_an_interrupt_while_code_is_generated(mode, at):
    """The first call may be interrupted anywhere: the second makes what is missing."""
    want = srcad.grad(recursive, mode=mode)(0.7, 3)
    unknown = types.FunctionType(recursive.__code__, globals())  # nothing of it was read yet
    derivative = srcad.grad(unknown, mode=mode)
    collects = gc.isenabled()
    assert interrupted(lambda: derivative(0.7, 3), at, f"{os.sep}srcad{os.sep}")
    assert gc.isenabled() is collects
    assert derivative(0.7, 3) == want


@pytest.mark.parametrize("mode", MODES)
def test_a_traceback_shows_the_users_line(mode):
    derivative = srcad.grad(raises_ahead, mode=mode)
    with pytest.raises(ValueError, match=DOMAIN) as caught:
        derivative(0.7, -1.0, 3)
    text = "".join(traceback.format_exception(caught.value))
    assert "math.log(t)" in text
    assert f"{raises_ahead.__name__}_" in text


def root(x, y):
    a = x * 2.0
    b = math.sqrt(y) * a  # line 2: its derivative is infinite at 0
    return b * x


def root_in_a_helper(x, y):
    total = 0.0
    for i in range(3):
        if i > 0:
            total += root(x, y)  # line 4
    return total


def root_in_an_object(x, y):
    p = {"y": y}
    for _ in range(2):
        p["z"] = math.sqrt(p["y"])  # line 3
    return p["z"] * x


def root_in_a_closure(x, y):
    def g(z):
        return math.sqrt(z) * x  # line 2

    return g(y) * x


def logarithm(x, y):
    s = x
    while s < 10.0:
        s = s * 2.0 + math.log(y)  # line 3
    return s * x


NAMED = [
    (root, 2, ZeroDivisionError),
    (root_in_a_helper, None, ZeroDivisionError),
    (root_in_an_object, 3, ZeroDivisionError),
    (root_in_a_closure, 2, ZeroDivisionError),
    (logarithm, 3, ValueError),
]


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("optimize", [True, False])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("f", "line", "kind"), NAMED)
def test_an_error_names_the_users_line(f, line, kind, mode, optimize, again):
    """Its file, its number and its text, in whichever sweep it happens."""
    derivative = srcad.grad(f, wrt=("x", "y"), mode=mode, optimize=optimize)
    if again:  # the call after the first goes another way
        derivative(0.7, 2.0)
        derivative(0.7, 2.0)
    with pytest.raises(kind) as caught:
        derivative(0.7, 0.0)
    inner = root if line is None else f
    number = inner.__code__.co_firstlineno + (line or 2)
    text = linecache.getline(__file__, number).strip()
    assert caught.value.__notes__ == [f'derived from "{__file__}", line {number}: {text}']


def test_errors_of_products_name_the_line():
    number = root.__code__.co_firstlineno + 2
    with pytest.raises(ZeroDivisionError) as caught:
        srcad.jvp(root, (0.7, 0.0), (1.0, 1.0))
    assert f"line {number}: b = math.sqrt(y)" in caught.value.__notes__[0]
    with pytest.raises(ZeroDivisionError) as caught:
        srcad.vjp(root, 0.7, 0.0)[1](1.0)
    assert f"line {number}: b = math.sqrt(y)" in caught.value.__notes__[0]
    with pytest.raises(ValueError, match=DOMAIN) as refused:
        srcad.vjp(logarithm, 0.7, 0.0)
    assert ": s = s * 2.0 + math.log(y)" in refused.value.__notes__[0]


def test_refusals_have_no_note():
    with pytest.raises(srcad.SrcadError) as caught:
        srcad.grad(root)("no number", 1.0)
    assert not getattr(caught.value, "__notes__", [])


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="the memory is not told")
@pytest.mark.parametrize("mode", MODES)
def test_ten_thousand_calls_leak_nothing(mode):
    def resident():
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    derivatives = [(srcad.grad(f, mode=mode), args) for f, args in _calls()]
    for derivative, args in derivatives * 100:
        derivative(*args)
    before = resident()
    for derivative, args in derivatives * (10_000 // len(derivatives)):
        derivative(*args)
    assert resident() - before < 2**20
