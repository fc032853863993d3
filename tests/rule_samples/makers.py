"""Arrays that are filled, or go from one end to another."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np

from tests.rule_samples.matrices import Matrices, Twin
from tests.rule_samples.sample import Shapes

ENDS: list[Shapes] = [(None, None), ((), None), ((3,), (3,)), ((2, 3), (3,)), ((3,), None),
                      ((0,), (1,))]  # fmt: skip

STRUCTURED: dict[str, list[tuple[str, list[Shapes]]]] = {
    "np.full": [
        ("np.full(3, a)", [(None,), ((),), ((1,),), ((3,),)]),
        ("np.full((2, 3), a)", [(None,), ((3,),), ((2, 1),), ((2, 3),)]),
        ("np.full(c.shape, fill_value=a)", [(None, (2, 3)), ((3,), (2, 3)), (None, (0,))]),
        ("np.full((len(c), 2), a, dtype=float)", [(None, (3,)), (None, (0,)), ((2,), (1,))]),
    ],
    "np.full_like": [
        ("np.full_like(c, a)", [(None, (3,)), (None, (2, 3)), (None, (0,)), ((3,), (2, 3))]),
        ("np.full_like(c, a, shape=(2,))", [(None, (3,)), ((2,), (3,))]),
        ("np.full_like(c, fill_value=a, dtype=float)", [(None, (3,))]),
    ],
    "np.linspace": [
        (call, ENDS)
        for call in ("np.linspace(a, b)", "np.linspace(a, b, 4)", "np.linspace(a, b, num=1)",
                     "np.linspace(a, b, 5, False)", "np.linspace(a, b, num=2 + 1, endpoint=True)",
                     "np.linspace(a, b, 0)")
    ]
    + [("np.linspace(1.0 * a, 2.0 * b, 3, axis=0)", ENDS),
       ("np.linspace(a, b, 3, axis=-1)", [(None, None)])],
}  # fmt: skip


def _above(random: np.random.Generator, shape: Any) -> Any:
    """Numbers from 1/2 to 3/2."""
    x = random.uniform(0.5, 1.5, shape)
    return float(x) if shape is None else np.asarray(x)


def _steps(count: int, power: Twin, *, end: bool = True) -> Twin:
    """Steps from one end to another; ``power`` is what is made of a start, a stop, and a part."""

    def twin(operands: tuple[Any, ...], found: tuple[Any, ...]) -> tuple[Any, ...]:
        parts = max(count - 1, 1) if end else count
        steps = [power(*operands, mp.mpf(k) / parts) for k in range(count)]
        return (np.stack([np.asarray(s, object) for s in steps]),)

    return twin


def _powers(base: Any) -> Any:
    return lambda a, b, t: base ** (a + (b - a) * t)


def _arange(operands: tuple[Any, ...], found: tuple[Any, ...]) -> tuple[Any, ...]:
    start, step = (*operands, mp.mpf(1))[:2]
    return (np.array([start + k * step for k in range(len(found[0]))], object),)


def _vander(count: int, *, increasing: bool = False) -> Twin:
    def twin(operands: tuple[Any, ...], found: tuple[Any, ...]) -> tuple[Any, ...]:
        powers = range(count) if increasing else range(count - 1, -1, -1)
        return (np.array([[x**p for p in powers] for x in operands[0]], object),)

    return twin


# What is not linear, with twins at 50 digits.
CURVED: dict[str, list[Matrices]] = {
    "np.arange": [
        Matrices("np.arange(a, 5.0)", ((None,),), _arange),
        Matrices("np.arange(a, 6.3, b)", ((None, None),), _arange, _above),
        Matrices("np.arange(start=a, stop=a + 3.1 * b, step=b)", ((None, None),), _arange, _above),
    ],
    "np.logspace": [
        Matrices("np.logspace(a, b, 5)", ((None, None), ((2,), (2,)), ((), ()), ((2, 2), (2,))),
                 _steps(5, _powers(10))),
        Matrices("np.logspace(a, b, num=4, base=2.5, endpoint=False)", ((None, None), ((2,), None)),
                 _steps(4, _powers(mp.mpf("2.5")), end=False)),
    ],
    "np.geomspace": [
        Matrices("np.geomspace(a, b, 5)", ((None, None), ((2,), (2,)), ((), ()), ((2,), None)),
                 _steps(5, lambda a, b, t: a ** (1 - t) * b**t), _above),
        Matrices("np.geomspace(a, b, num=3, endpoint=False)", ((None, None),),
                 _steps(3, lambda a, b, t: a ** (1 - t) * b**t, end=False), _above),
    ],
    "np.vander": [
        Matrices("np.vander(a)", (((3,),), ((1,),), ((2,),)),
                 lambda o, f: _vander(len(o[0]))(o, f)),
        Matrices("np.vander(a, 4)", (((3,),),), _vander(4)),
        Matrices("np.vander(a, N=1)", (((3,),),), _vander(1)),
        Matrices("np.vander(a, 4, increasing=True)", (((3,),), ((1,),)),
                 _vander(4, increasing=True)),
    ],
}  # fmt: skip
