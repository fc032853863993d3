"""What must hold of a derivative: shared by the corpus and by the random programs.

``srcad`` is held against the oracle in both modes, optimised and not, twice; against itself
(forward against reverse by the dot product); and against the primal: its value, and how it leaves
its arguments. No result shares memory with an argument, a seed, a tape or another result.
"""

from __future__ import annotations

import copy
import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import srcad
from tests.oracle import assert_close, copied, directional, gradient, is_differentiable

MODES = ("reverse", "forward")


def is_refusal(error: Exception) -> bool:
    """Whether a program is refused, before it runs or where it runs; a failure of srcad is none.

    Generated code needs numpy only: what it finds out when running, it says by a `ValueError`.
    """
    if isinstance(error, srcad.SrcadError):
        return "please report" not in str(error)
    return isinstance(error, ValueError) and "where the derivative takes it for" in str(error)


def differentiable_arguments(args: Sequence[Any]) -> tuple[int, ...]:
    """The positions of the arguments that carry a derivative."""
    return tuple(k for k, a in enumerate(args) if is_differentiable(a))


def is_scalar(value: Any) -> bool:
    """A result that has a gradient."""
    return isinstance(value, (bool, int, float, np.number)) or (
        isinstance(value, np.ndarray) and value.shape == ()
    )


def run(f: Callable[..., Any], args: Sequence[Any]) -> tuple[Any, list[Any]]:
    """What the primal returns, and how it leaves its arguments."""
    given = copied(args)
    return copy.deepcopy(f(*given)), given


@dataclass(frozen=True)
class Known:
    """What holds at one point: the primal's value, how it leaves its arguments, the gradients."""

    wrt: tuple[int, ...]
    value: Any
    after: list[Any]
    slopes: tuple[Any, ...]


def known(f: Callable[..., Any], args: Sequence[Any]) -> Known:
    """By Python itself, and of a function whose result is a number by the oracle."""
    wrt = differentiable_arguments(args)
    value, after = run(f, args)
    return Known(wrt, value, after, gradient(f, args, wrt) if is_scalar(value) else ())


def check_gradients(
    f: Callable[..., Any],
    args: Sequence[Any],
    precision: float = 1e-9,
    here: Known | None = None,
) -> None:
    """``value_and_grad`` and ``grad`` in each mode equal the oracle's, at each call."""
    here = here or known(f, args)
    wrt, value, after, want = here.wrt, here.value, here.after, here.slopes
    near, nearer = _tolerances(args, precision)
    for mode, optimized in itertools.product(MODES, (True, False)):
        what = f"{mode}{'' if optimized else ', not optimised'}"
        both = _derivative(srcad.value_and_grad, f, mode, wrt, optimized)
        first = _called(both, args, after, what)
        assert_close(first[0], value, **nearer, what=f"{what}: value")
        assert_close(first[1], want, **near, what=f"{what}: gradient")
        for k, slope in zip(wrt, first[1], strict=True):
            _same_type(slope, args[k], f"{what}: gradient {k}")
        _same(_called(both, args, after, what), first, f"{what}: second call")
        # Of one argument alone, what is not optimised is the same but for the value.
        for k in {wrt[0], wrt[-1]} if optimized or len(wrt) > 1 else ():
            alone = _derivative(srcad.grad, f, mode, k, optimized)
            slope, what_alone = _called(alone, args, after, what), f"{what}: grad, wrt={k}"
            assert_close(slope, want[wrt.index(k)], **near, what=what_alone)
            _same_type(slope, args[k], what_alone)


@functools.lru_cache(maxsize=64)
def _derivative(
    what: Callable[..., Any], f: Callable[..., Any], mode: str, wrt: Any, optimize: bool = True
) -> Callable[..., Any]:
    """One for all checks of a program: it is generated again for other kinds of arguments only."""
    made: Callable[..., Any] = what(f, mode=mode, wrt=wrt, optimize=optimize)
    return made


def check_all_points(
    f: Callable[..., Any],
    points: Sequence[Sequence[Any]],
    precision: float = 1e-9,
    here: Sequence[Known] = (),
) -> None:
    """One derivative serves arguments of all kinds, there and back again."""
    here = here or [known(f, point) for point in points]
    wrt = here[0].wrt
    for mode in MODES:
        derivative = _derivative(srcad.value_and_grad, f, mode, wrt)
        rows = [*zip(points, here, strict=True)]
        for point, at in (*rows, *reversed(rows)):
            if at.wrt == wrt and is_scalar(at.value):
                what, (near, nearer) = f"{mode} at {point}", _tolerances(point, precision)
                value, slopes = _called(derivative, point, at.after, what)
                assert_close(value, at.value, **nearer, what=f"{what}: value")
                assert_close(slopes, at.slopes, **near, what=what)


def check_products(
    f: Callable[..., Any], args: Sequence[Any], precision: float = 1e-9, seed: int = 0
) -> None:
    """jvp along random tangents equals the oracle's; ⟨ȳ, J ẋ⟩ = ⟨Jᵀ ȳ, ẋ⟩ for a random ȳ."""
    random = np.random.default_rng(seed)
    wrt = differentiable_arguments(args)
    near, nearer = _tolerances(args, precision)
    # An int or a flag does not vary; its tangent is None.
    tangents = [_random_like(a, random) if k in wrt else None for k, a in enumerate(args)]
    (want_value, want), (value, after) = directional(f, args, tangents), run(f, args)
    assert_close(want_value, value, **nearer, what="the oracle's value")
    got_value, tangent = _called(
        lambda *a: srcad.jvp(f, a[: len(args)], a[len(args) :]),
        (*args, *tangents),
        (*after, *tangents),
        "jvp",
    )
    assert_close(got_value, value, **nearer, what="jvp: value")
    assert_close(tangent, want, **near, what="jvp: tangent")
    _same_type(got_value, value, "jvp: value")
    seeds = _random_seed(value, random)
    adjoints = _pulled_back(f, args, value, after, seeds, nearer)
    assert len(adjoints) == len(args)
    for k, adjoint in enumerate(adjoints):
        assert (adjoint is not None) == (k in wrt), f"vjp: adjoint {k} is {adjoint!r}"
        if k in wrt:
            _same_type(adjoint, args[k], f"vjp: adjoint {k}")
    terms = [
        np.multiply(t, adjoint)
        for t, adjoint in zip(tangents, adjoints, strict=True)
        if t is not None
    ]
    size = sum(float(np.sum(np.abs(t))) for t in terms)
    left, right = _inner(seeds, want), sum(float(np.sum(t)) for t in terms)
    what = "⟨Jᵀ ȳ, ẋ⟩ against ⟨ȳ, J ẋ⟩"
    assert_close(right, left, near["rtol"], what, scale=near["rtol"] * 1e12 * size)


def _pulled_back(
    f: Callable[..., Any], args: Any, value: Any, after: Any, seeds: Any, nearer: Any
) -> Any:
    """The adjoints by ``vjp``; the pullback is called twice, and has no memory but its own."""
    given = copied(args)
    got_value, pullback = srcad.vjp(f, *given)
    assert_close(got_value, value, **nearer, what="vjp: value")
    _same_type(got_value, value, "vjp: value")
    _same(given, after, "vjp: arguments afterwards")
    _separate([*_arrays(got_value)], [*_arrays(given)], "vjp: the value")
    _spoil(got_value)
    # The caller may change an array before the pullback is called.
    _spoil([a for a in given if not isinstance(a, np.ndarray) or a.flags.writeable])
    after = copied(given)
    adjoints = _called(pullback, (seeds,), (seeds,), "pullback", beside=(given, got_value))
    again = _called(pullback, (seeds,), (seeds,), "pullback", beside=(given, got_value))
    _same(again, adjoints, "pullback: second call")
    _same(given, after, "pullback: arguments of vjp afterwards")
    return adjoints


def check_higher_order(f: Callable[..., Any], args: Sequence[Any], order: int) -> None:
    """Derivatives of derivatives, in all mixtures of modes, of a function of numbers."""
    wrt = differentiable_arguments(args)
    for path in itertools.combinations_with_replacement(wrt, order - 1):
        want: Callable[..., Any] = f
        for k in path:
            want = lambda *a, g=want, k=k: gradient(g, a, k)
        expected = gradient(want, args, wrt)
        for modes in itertools.product(MODES, repeat=order):
            got: Callable[..., Any] = f
            # The last is of all arguments; those before it are part of several.
            for mode, k in zip(modes, (*path, wrt), strict=True):
                got = _derivative(srcad.grad, got, mode, k)
            what = f"order {order}, wrt {path}, {' of '.join(reversed(modes))}"
            assert_close(got(*args), expected, 1e-8, what)


def _tolerances(args: Sequence[Any], precision: float) -> tuple[dict[str, float], dict[str, float]]:
    """Of derivatives, and of values. Single precision is checked as what it is: 24 bits."""
    if any(getattr(arg, "dtype", None) == np.float32 for arg in args):
        precision = max(precision, 1e-6)
    if precision < 1e-8:
        return {"rtol": precision}, {"rtol": 1e-14}
    return {"rtol": precision, "rounding": 1e-6}, {"rtol": 1e-6, "rounding": 1e-7}


def _called(
    derivative: Callable[..., Any],
    args: Sequence[Any],
    after: Sequence[Any],
    what: str,
    beside: Sequence[Any] = (),
) -> Any:
    """The result of a call that leaves its arguments as it should, and shares no memory."""
    given = copied(args)
    result = derivative(*given)
    _same(given, after, f"{what}: arguments afterwards")
    _separate([*_arrays(result)], [*_arrays((given, beside))], f"{what}: a result")
    kept = copy.deepcopy(result)
    _spoil(result)
    return kept


def _separate(arrays: Sequence[Any], others: Sequence[Any], what: str) -> None:
    for k, array in enumerate(arrays):
        for other in [*others, *arrays[:k]]:
            assert not np.shares_memory(array, other), f"{what} shares memory"


def _spoil(result: Any) -> None:
    """Results are the caller's: what is written to them must not matter to a later call."""
    for array in _arrays(result):
        array[...] = np.nan if np.issubdtype(array.dtype, np.floating) else 0


def _same_type(got: Any, want: Any, what: str) -> None:
    """Of the same shape, and of the same type of numbers."""
    if isinstance(want, (tuple, list)):
        for g, w in zip(got, want, strict=True):
            _same_type(g, w, what)
        return
    assert np.shape(got) == np.shape(want), f"{what}: shape {np.shape(got)}"
    if isinstance(want, np.ndarray):
        assert isinstance(got, np.ndarray), f"{what}: {type(got)}"
        assert got.dtype == want.dtype, f"{what}: {got.dtype}"


def _arrays(x: Any) -> Iterator[Any]:
    if isinstance(x, np.ndarray):
        yield x
    elif isinstance(x, (tuple, list)):
        for e in x:
            yield from _arrays(e)


def _same(got: Any, want: Any, what: str) -> None:
    """Equal to the last bit."""
    if isinstance(want, (tuple, list)):
        for g, w in zip(got, want, strict=True):
            _same(g, w, what)
        return
    numbers = isinstance(want, (float, np.number, np.ndarray))
    same = np.array_equal(got, want, equal_nan=True) if numbers else got == want
    assert same, f"{what}: {got!r} is not {want!r}"


def _random_like(x: Any, random: np.random.Generator) -> Any:
    shape = np.shape(x)
    t = random.uniform(0.5, 1.5, shape) * random.choice([-1.0, 1.0], shape)
    return np.asarray(t) if isinstance(x, np.ndarray) else float(t)


def _random_seed(value: Any, random: np.random.Generator) -> Any:
    if isinstance(value, (tuple, list)):
        return tuple(_random_seed(v, random) for v in value)
    return _random_like(value, random)


def _inner(seeds: Any, tangents: Any) -> float:
    if isinstance(seeds, tuple):
        return sum(_inner(s, t) for s, t in zip(seeds, tangents, strict=True))
    return float(np.sum(np.multiply(seeds, tangents)))
