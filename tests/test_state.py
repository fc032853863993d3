"""What is left behind: by threads, by exceptions in either sweep, by ten thousand calls."""

from __future__ import annotations

import gc
import math
import os
import sys
import threading
import traceback
from pathlib import Path

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


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("at", [1, 2, 5])
def test_an_interrupt_leaves_nothing_behind(mode, at):
    derivative = srcad.grad(branching, mode=mode)
    before = derivative(0.7, "mul", 6)

    left = at

    def trace(frame, event, argument):
        nonlocal left
        if event == "line" and frame.f_code.co_filename.startswith("<srcad "):
            left -= 1
            if left == 0:
                raise KeyboardInterrupt
        return trace

    old = sys.gettrace()
    sys.settrace(trace)
    try:
        with pytest.raises(KeyboardInterrupt):
            derivative(0.7, "mul", 6)
    finally:
        sys.settrace(old)
    assert derivative(0.7, "mul", 6) == before


@pytest.mark.parametrize("mode", MODES)
def test_a_traceback_shows_the_users_line(mode):
    derivative = srcad.grad(raises_ahead, mode=mode)
    with pytest.raises(ValueError, match=DOMAIN) as caught:
        derivative(0.7, -1.0, 3)
    text = "".join(traceback.format_exception(caught.value))
    assert "math.log(t)" in text
    assert f"{raises_ahead.__name__}_" in text


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
