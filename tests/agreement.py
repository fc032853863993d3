"""What must hold of a derivative: shared by the corpus and by the random programs.

``srcad`` is held against the oracle in both modes, optimised and not, twice; against itself
(forward against reverse by the dot product); and against the primal (value, arguments untouched).
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

import srcad
from tests.oracle import assert_close, directional, gradient, is_differentiable

MODES = ("reverse", "forward")


def differentiable_arguments(args: Sequence[Any]) -> tuple[int, ...]:
    """The positions of the arguments that carry a derivative."""
    return tuple(k for k, a in enumerate(args) if is_differentiable(a))


def is_scalar(value: Any) -> bool:
    """A result that has a gradient."""
    return isinstance(value, (bool, int, float, np.number)) or (
        isinstance(value, np.ndarray) and value.shape == ()
    )


def check_gradients(
    f: Callable[..., Any],
    args: Sequence[Any],
    modes: Sequence[str] = MODES,
    optimize: Sequence[bool] = (True, False),
) -> None:
    """``value_and_grad`` and ``grad`` in each mode equal the oracle's, at each call."""
    wrt = differentiable_arguments(args)
    value = f(*copy.deepcopy(args))
    want = gradient(f, args, wrt)
    for mode, optimized in itertools.product(modes, optimize):
        what = f"{mode}{'' if optimized else ', not optimised'}"
        both = srcad.value_and_grad(f, mode=mode, wrt=wrt, optimize=optimized)
        first = _untouched(both, args, what)
        assert_close(first[0], value, 1e-13, f"{what}: value")
        assert_close(first[1], want, 1e-9, f"{what}: gradient")
        _same(_untouched(both, args, what), first, f"{what}: second call")
        alone = srcad.grad(f, mode=mode, wrt=wrt[0], optimize=optimized)
        assert_close(_untouched(alone, args, what), want[0], 1e-9, f"{what}: grad, wrt={wrt[0]}")


def check_all_points(
    f: Callable[..., Any], points: Sequence[Sequence[Any]], mode: str = "reverse"
) -> None:
    """One derivative serves arguments of all kinds, there and back again."""
    wrt = differentiable_arguments(points[0])
    derivative = srcad.grad(f, mode=mode, wrt=wrt)
    for point in (*points, *reversed(points)):
        if differentiable_arguments(point) == wrt and is_scalar(f(*copy.deepcopy(point))):
            assert_close(derivative(*point), gradient(f, point, wrt), 1e-9, f"{mode} at {point}")


def check_products(f: Callable[..., Any], args: Sequence[Any], seed: int = 0) -> None:
    """jvp along random tangents equals the oracle's; ⟨ȳ, J ẋ⟩ = ⟨Jᵀ ȳ, ẋ⟩ for a random ȳ."""
    random = np.random.default_rng(seed)
    wrt = differentiable_arguments(args)
    # An int or a flag does not vary; its tangent is None.
    tangents = [_random_like(a, random) if k in wrt else None for k, a in enumerate(args)]
    want_value, want = directional(f, args, tangents)
    value, tangent = _untouched(
        lambda *a: srcad.jvp(f, a[: len(args)], a[len(args) :]), (*args, *tangents), "jvp"
    )
    assert_close(value, want_value, 1e-13, "jvp: value")
    # Single precision is checked as what it is: 24 bits.
    single = any(getattr(arg, "dtype", None) == np.float32 for arg in args)
    assert_close(tangent, want, 1e-6 if single else 1e-9, "jvp: tangent")
    pullbacks = []

    def forward(*primals: Any) -> Any:
        value, pullback = srcad.vjp(f, *primals)
        pullbacks.append(pullback)
        return value

    assert_close(_untouched(forward, args, "vjp"), want_value, 1e-13, "vjp: value")
    seeds = _random_seed(want_value, random)
    adjoints = _untouched(pullbacks[0], (seeds,), "pullback")
    _same(_untouched(pullbacks[0], (seeds,), "pullback"), adjoints, "pullback: second call")
    assert len(adjoints) == len(args)
    terms = [
        np.multiply(t, adjoint)
        for t, adjoint in zip(tangents, adjoints, strict=True)
        if t is not None
    ]
    for k, adjoint in enumerate(adjoints):
        assert (adjoint is not None) == (k in wrt), f"vjp: adjoint {k} is {adjoint!r}"
        if k in wrt:
            assert np.shape(adjoint) == np.shape(args[k]), f"vjp: shape of adjoint {k}"
    size = sum(float(np.sum(np.abs(t))) for t in terms)
    left, right = _inner(seeds, want), sum(float(np.sum(t)) for t in terms)
    single = any(getattr(arg, "dtype", None) == np.float32 for arg in args)
    tolerance = 1e-6 if single else 1e-9
    assert_close(right, left, tolerance, "⟨Jᵀ ȳ, ẋ⟩ against ⟨ȳ, J ẋ⟩", scale=1e3 * size)


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
            for mode, k in zip(modes[:-1], path, strict=True):
                got = srcad.grad(got, mode=mode, wrt=k)
            got = srcad.grad(got, mode=modes[-1], wrt=wrt)
            what = f"order {order}, wrt {path}, {' of '.join(reversed(modes))}"
            assert_close(got(*args), expected, 1e-8, what)


def _untouched(derivative: Callable[..., Any], args: Sequence[Any], what: str) -> Any:
    """The result of a call that leaves its arguments as they were, and shares no memory."""
    given = copy.deepcopy(args)
    result = derivative(*given)
    _same(given, args, f"{what}: arguments afterwards")
    arrays = list(_arrays(result))
    for k, array in enumerate(arrays):
        for other in [*_arrays(given), *arrays[:k]]:
            assert not np.shares_memory(array, other), f"{what}: a result shares memory"
    return copy.deepcopy(result)


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
