"""``with`` and ``try`` that do nothing to values, imports inside; and those that are refused."""

import contextlib
import math
import threading
import time
import warnings
from contextlib import nullcontext

import numpy as np

from tests.programs import program, refused
from tests.programs.array_points import V3

LOCK = threading.Lock()


@program((0.7,))
def errors_that_are_ignored(x):
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.log(x)
        z = 1 / y
    return y * z * x + y * x * x


@program((V3,), (V3 * 0 + 2,))
def a_context_with_jumps(x):
    s = 1.0
    for a in x:
        with contextlib.nullcontext(), np.printoptions(precision=3):
            if a < 0:
                continue
            s = s * a
            if s > 3:
                return s * s
    return s


@program((0.7,))
def a_context_that_binds(x):
    with nullcontext(x * x) as y, nullcontext(2 * x) as z:
        return y * z * x


@program((0.7,))
def warnings_that_are_caught(x):
    with warnings.catch_warnings():
        y = x * x
    return y * x


@program((0.7,), (2.7,))
def try_finally(x):
    y = x
    try:
        if x > 1:
            y = y * x
    finally:
        n = 3
    return y * n


@program((0.7,))
def try_that_hands_on(x):
    try:
        y = 1 / x
    except ZeroDivisionError:
        raise
    else:
        y = y * x**3 + x
    return y * x


@program((0.7,))
def imports_inside(x):
    import math as m

    from numpy import sin as s

    return m.exp(x) * s(x)


@program((V3,))
def an_import_of_a_submodule(x):
    import numpy.linalg as la

    return la.norm(x) * x[0]


@program((V3,))
def an_import_of_itertools(x):
    from itertools import pairwise

    s = 0.0
    for a, b in pairwise(x):
        s += a * b
    return s


@program((0.7,), (0.0,))
def suppressed(x):
    with contextlib.suppress(ZeroDivisionError):
        return 1 / x
    return x


@program((0.7,), (-0.7,))
def suppressed_in_part(x):
    y = z = x
    with contextlib.suppress(ValueError, ZeroDivisionError):
        y = x * x
        z = math.log(x)
        y = y * z
    return y * z


@refused((0.7,), match="`try`: what is caught")
def suppressed_at_two_places(x):
    y = z = x
    with contextlib.suppress(ValueError):
        z = math.log(x)
        y = math.sqrt(z)
    return y * z


@refused((0.7,), match="`with open`: a file is read or written once")
def a_file(x):
    with open("nothing") as file:
        file.write("1")
    return x


@program((0.7,))
def a_lock(x):
    with LOCK:
        y = x * x
    with LOCK:
        return y * x


class Timer:
    """The time that is spent in it."""

    def __init__(self, label="all"):
        self.label = label
        self.times = []
        self.total = 0.0

    def __enter__(self):
        self.start = time.perf_counter()
        return self

    def __exit__(self, *raised):
        self.times.append(time.perf_counter() - self.start)
        self.total += self.times[-1]
        if self.total > 1e9:
            print(self.label, "is slow")
        return False


TIMER = Timer()


@contextlib.contextmanager
def timed(name):
    start = time.perf_counter()
    try:
        yield
    finally:
        if time.perf_counter() - start > 1e9:
            print(name)


class Swallows:
    """A context that lets no exception out."""

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        return True


@program((0.7, 0), (0.7, 3))
def timers(x, n):
    with TIMER, Timer("one") as _:
        y = x * x
        z = math.sin(y)
    for _ in range(n):
        with timed("a trip"), LOCK:
            y = y * math.cos(z)
            if y < 0:
                break
    return y * z


@program((np.array([0.0, 0.7, 2.0]),))
def what_is_left_out_warns_not(x):
    with np.errstate(all="ignore"):
        y = np.log(x) / x
    return np.sum(np.where(x > 0, y, x))


@program((np.array([0.1, 0.7, 2.0]),), (np.array([0.1, 0.7, 3.0]),))
def a_return_out_of_two(x):
    with np.errstate(all="ignore"):
        s = 1.0
        for v in x:
            with LOCK:
                s = s * v + np.exp(v)
                if s > 20:
                    return s * x[1]
        y = s * 2
    return y * s


@program((0.7,))
def warnings_that_are_not_shown(x):
    def g(v):
        with LOCK:
            w = v * x
        return w * v

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.filterwarnings("ignore", message="nothing")
        d = {"a": g(x)}
        d["b"] = g(d["a"])
    return d["b"] * d["a"]


@refused((0.7,))
def a_context_that_swallows(x):
    with Swallows():
        x = x * math.cos(x)
    return x


@refused((0.7,))
def a_timer_that_is_read(x):
    with Timer() as t:
        y = x * x
    return y * t.total


@refused((0.7,), match="`with errstate`: it makes errors")
def errors_that_are_raised(x):
    with np.errstate(divide="raise"):
        return 1 / x


@contextlib.contextmanager
def errstate(divide):
    yield divide


@refused((0.7,))
def another_errstate(x):
    with errstate(divide="ignore"):
        y = 1 / x
    return y


@refused((0.7,), match="`try` with this `finally`")
def a_finally_with_effects(x):
    try:
        y = 1 / x
    finally:
        print("done")
    return y


@program((0.7,))
def a_jump_through_finally(x):
    try:
        return 1 / x
    finally:
        x = 2.0


@program((0.7, 4), (2.3, 4), (-1.0, 0))
def jumps_through_finally(x, n):
    s = 0.0
    count = 1
    for i in range(n):
        try:
            y = x - i
            if y < -0.5:
                break
            if y > 2:
                continue
            for _ in range(3):
                y = y * y
                if y > 1:
                    break
            if y > 30:
                return s * y * count
        except ValueError:
            raise
        else:
            s = s + y
        finally:
            count += 1
            s = s * 2
    return s * x * count


@program((0.7, 2.0), (0.7, 0.0))
def a_return_in_a_handler_through_finally(x, d):
    n = 1.0
    try:
        y = x / d
    except ZeroDivisionError:
        return x * n
    else:
        if y > 0:
            return y * n
    finally:
        n = n + x
    return n


@refused((0.7, 2.0))
def what_finally_did_is_read_by_a_handler(x, d):
    n = x
    try:
        try:
            y = x / d
        finally:
            n = n + 1
    except ZeroDivisionError:
        return n
    return y * n


@refused((0.7, 2.0), match="`try` with this `finally`")
def a_finally_that_may_raise(x, d):
    try:
        y = x * d
    finally:
        n = abs(x)
    return y * n


@program((0.7,))
def imports_that_are_not_differentiated(x):
    import os
    import time as clock

    if x > 1e9:
        print(os, clock)
    return x * x


@refused((0.7,), match="`random.random")
def an_import_of_anything(x):
    import random

    return random.random() * x
