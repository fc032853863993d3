"""Global dicts, lists and objects: written once, as by the function itself, and read as written."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import srcad
from tests.agreement import MODES
from tests.oracle import directional

CACHE: dict[Any, Any] = {}
LOG: list[Any] = []
WEIGHTS = [1.0, 2.0, 3.0]
STATE = SimpleNamespace(
    count=0,
    v=1.5,
    inner=SimpleNamespace(w=2.0, tag="a"),
    hist=[],
    d={"a": 1.0},
    arr=np.array([1.0, 2.0]),
)
CONFIG = {"state": STATE, "k": 2.0}
EVERY = (CACHE, LOG, WEIGHTS, STATE.__dict__)
START = copy.deepcopy(EVERY)


def held() -> Any:
    return copy.deepcopy(EVERY)


def put_back(before: Any) -> None:
    for now, then in zip(EVERY, copy.deepcopy(before), strict=True):
        now.clear()
        now.extend(then) if isinstance(now, list) else now.update(then)


@pytest.fixture(autouse=True)
def _as_at_first() -> Iterator[None]:
    put_back(START)
    yield
    put_back(START)


def written_and_read(x: Any) -> Any:
    CACHE["n"] = x * x
    return CACHE["n"] * x


def read_and_written(x: Any) -> Any:
    STATE.v = STATE.v * x + 3
    STATE.count += 1
    return STATE.v * x * STATE.count


def appended(x: Any) -> Any:
    LOG.append(x * x)
    LOG.append(("s", 1))
    LOG.extend([x, 2.0])
    return LOG[-2] * LOG[-4]


def read_whole(x: Any) -> Any:
    LOG.append(x)
    return len(LOG) * x + sum(LOG) * x


def default_set(x: Any) -> Any:
    CACHE.setdefault("k", 2.0)
    CACHE["k"] *= x
    return CACHE["k"] * x


def counted(x: Any) -> Any:
    STATE.count += 1
    if STATE.count > 1:
        return x * x * x
    return x * x


def _helper(v: Any) -> Any:
    LOG.append(v)
    STATE.count += 2
    return STATE.count * v


def by_helpers(x: Any) -> Any:
    y = _helper(x * 2)
    z = _helper(x * x)
    return x * y + z * STATE.count


def _updated(o: Any, x: Any) -> Any:
    o.w = o.w + x
    return o.w


def handed_on(x: Any) -> Any:
    _updated(STATE.inner, x)
    return _updated(CONFIG["state"].inner, x * x) * STATE.inner.w * CONFIG["k"]


def _kept(x: Any, store: Any = []) -> Any:  # noqa: B006  (a default that is written is the point)
    store.append(x)
    return x * len(store) * store[0]


def in_a_default(x: Any) -> Any:
    return _kept(x) * _kept(x * x)


EVERY = (*EVERY, _kept.__defaults__[0])  # type: ignore[index]
START = copy.deepcopy(EVERY)


def cleared(x: Any) -> Any:
    LOG.clear()
    for i in range(3):
        LOG.append(x * i * x)
    return sum(LOG)


def items_written(x: Any) -> Any:
    WEIGHTS[0] = WEIGHTS[1] * x
    WEIGHTS[2] += x * x
    return WEIGHTS[0] * WEIGHTS[2]


def parts_and_attributes(x: Any) -> Any:
    STATE.inner.w = STATE.inner.w * x
    STATE.hist.append(STATE.inner.w)
    STATE.d["b"] = x * x
    STATE.new = x * x
    return STATE.inner.w * STATE.d["b"] + STATE.new + len(STATE.hist) * x


def on_one_path(x: Any) -> Any:
    if x > 1:
        STATE.v = x * x
    return STATE.v * x


def in_a_loop(x: Any, n: int) -> Any:
    for i in range(n):
        STATE.v = STATE.v * x + i
        STATE.count += 1
    return STATE.v


def appended_in_a_loop(x: Any, n: int) -> Any:
    for i in range(n):
        LOG.append(x * x * i)
    return LOG[-1] * x


def of_a_memo(x: Any, n: int) -> Any:
    if n in CACHE:
        return CACHE[n] * x
    CACHE[n] = x * x
    return CACHE[n]


def by_another_name(x: Any) -> Any:
    s = STATE
    s.v = x * x
    return STATE.v * s.v


def an_entry_of_an_array(x: Any) -> Any:
    STATE.arr[0] = x * x
    STATE.arr[1] *= x
    return STATE.arr[0] * STATE.arr[1] * x


def another_array(x: Any) -> Any:
    STATE.arr = STATE.arr * x
    return np.sum(STATE.arr * STATE.arr)


def _put(d: Any, key: str, v: Any) -> None:
    d[key] = v


def put_by_a_helper(x: Any) -> Any:
    _put(CACHE, "a", x * x)
    _put(CACHE, "z", x)
    return CACHE["a"] * CACHE["z"]


def _logged(held: Any, v: Any) -> Any:
    held["log"].append(v * v)
    return held["cache"]


def in_a_dict_that_is_handed_on(x: Any) -> Any:
    cache = _logged({"log": LOG, "cache": CACHE}, x)
    cache["a"] = x
    return CACHE["a"] * LOG[-1]


def returned_early(x: Any) -> Any:
    if x > 0:
        STATE.d["a"] = x * x
        return STATE.d["a"] * x
    return x


def _maker() -> Callable[[Any], Any]:
    own = {"n": 1.0}
    STATES.append(own)

    def of_a_closure(x: Any) -> Any:
        own["n"] = own["n"] * x
        return own["n"] * x * own["n"]

    return of_a_closure


STATES: list[Any] = []
OF_A_CLOSURE = _maker()
EVERY = (*EVERY, STATES[0])
START = copy.deepcopy(EVERY)

PROGRAMS = [
    *((f, (2.0,)) for f in (written_and_read, read_and_written, appended, read_whole)),
    *((f, (2.0,)) for f in (default_set, counted, by_helpers, handed_on, in_a_default, cleared)),
    *((f, (2.0,)) for f in (items_written, parts_and_attributes, on_one_path, by_another_name)),
    *((f, (2.0,)) for f in (put_by_a_helper, in_a_dict_that_is_handed_on, returned_early)),
    *((f, (2.0,)) for f in (an_entry_of_an_array, another_array, OF_A_CLOSURE)),
    *((f, (2.0, 3)) for f in (in_a_loop, appended_in_a_loop, of_a_memo)),
    (on_one_path, (0.5,)),
]
CALLS = 3


def expected(f: Any, args: Any) -> list[tuple[Any, Any, Any]]:
    """The values and slopes of some calls, one after the other, and what each of them leaves."""
    found = []
    for _ in range(CALLS):
        before = held()
        tangents = [1.0, *[None] * (len(args) - 1)]
        STATE.arr = STATE.arr.astype(object)  # it may hold dual numbers
        slope = directional(f, args, tangents)[1]
        put_back(before)
        value = f(*args)
        found.append((value, slope, held()))
    put_back(START)
    return found


def check(rows: list[tuple[Any, Any, Any]], derivative: Callable[[], Any]) -> None:
    for value, slope, left in rows:
        got = derivative()
        assert got[0] == pytest.approx(value, rel=1e-14)
        assert got[1] == pytest.approx(slope, rel=1e-12)
        assert repr(held()) == repr(left)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("f", "args"), PROGRAMS)
def test_gradients_write_once(f: Any, args: Any, mode: str) -> None:
    derivative = srcad.value_and_grad(f, mode=mode, optimize=mode == "reverse")
    check(expected(f, args), lambda: derivative(*args))


@pytest.mark.parametrize(("f", "args"), PROGRAMS)
def test_jvp_and_vjp_write_once(f: Any, args: Any) -> None:
    rows = expected(f, args)
    check(rows, lambda: srcad.jvp(f, args, [1.0, *[None] * (len(args) - 1)]))
    put_back(START)

    def pulled() -> tuple[Any, Any]:
        value, pullback = srcad.vjp(f, *args)
        return value, pullback(1.0)[0] + 0.0 * pullback(2.0)[0]

    check(rows, pulled)


def test_the_second_derivative() -> None:
    second = srcad.grad(srcad.grad(read_and_written))
    # (v x² + 3 x)'' count, and v becomes v x + 3
    assert [second(2.0) for _ in range(3)] == pytest.approx([3.0, 24.0, 90.0], rel=1e-14)
    assert (STATE.count, STATE.v) == (3, 33.0)


def test_the_code() -> None:
    assert srcad.grad(written_and_read)(2.0) == 12.0
    derivative = srcad.grad(written_and_read)
    derivative(3.0)
    assert derivative.source == (
        "def written_and_read_grad(x):\n"
        "    # forward sweep\n"
        "    CACHE_n = x * x\n"
        "    # reverse sweep\n"
        "    # return CACHE_n * x, CACHE_n\n"
        "    x̄ = CACHE_n\n"
        "    C̄ACHE_n = x\n"
        "    # CACHE_n = x * x\n"
        "    x̄ += 2 * C̄ACHE_n * x\n"
        "    CACHE['n'] = CACHE_n\n"
        "    return x̄\n"
    )


def raising(x: Any) -> Any:
    STATE.count += 1
    if x > 1:
        raise ValueError("no")
    return x * x


def test_an_exception_leaves_nothing() -> None:
    with pytest.raises(ValueError, match="no"):
        srcad.grad(raising)(2.0)
    assert STATE.count == 0
    assert srcad.grad(raising)(0.5) == 1.0
    assert STATE.count == 1


def of_an_argument(o: Any, x: Any) -> Any:
    STATE.v = x
    return o.v * x


def of_an_open_list(p: Any, x: Any) -> Any:
    LOG.append(x)
    return p["log"][-1] * x if p["log"] else x


def read_elsewhere(d: Any, x: Any) -> Any:
    d["k"] = x * x
    return CONFIG["k"] * x


ARRAY = np.zeros(3)


def array_elsewhere(a: Any, x: Any) -> Any:
    a[1:][0] = x * x
    return ARRAY[1] * x


@pytest.mark.parametrize(
    ("f", "argument"),
    [
        (of_an_argument, STATE),
        (read_elsewhere, CONFIG),
        (array_elsewhere, ARRAY),
        (of_an_open_list, {"log": LOG}),
    ],
)
def test_one_object_by_two_names(f: Any, argument: Any) -> None:
    for derivative in (
        lambda: srcad.grad(f, wrt=1)(argument, 2.0),
        lambda: srcad.grad(f, wrt=1, mode="forward")(argument, 2.0),
        lambda: srcad.jvp(f, (argument, 2.0), (None, 1.0)),
        lambda: srcad.vjp(f, argument, 2.0),
    ):
        with pytest.raises(srcad.ArgumentError, match="apart; pass a copy"):
            derivative()


def logged_on_one_path(x: Any) -> Any:
    if x > 1:
        LOG.append(x)
    return x * x


def inside(x: Any) -> Any:
    return srcad.grad(written_and_read)(x) * x


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("f", "words"),
    [
        (logged_on_one_path, "`LOG`: its layout on one path is another than on the other"),
        (inside, "written_and_read writes CACHE, which is there before the call"),
    ],
)
def test_refused(f: Any, words: str, mode: str) -> None:
    with pytest.raises(srcad.UnsupportedError) as caught:
        srcad.grad(f, mode=mode)(2.0)
    assert words in str(caught.value)
    assert repr(held()) == repr(START)


def test_it_is_not_saved(tmp_path: Any) -> None:
    derivative = srcad.grad(written_and_read)
    derivative(2.0)
    with pytest.raises(srcad.ArgumentError, match="CACHE is a dict"):
        srcad.save(derivative, tmp_path / "f_grad.py")
