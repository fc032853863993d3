"""Reductions, with twins on arrays of mpmath's numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
import numpy as np

from tests.rule_samples.sample import Shapes
from tests.rule_samples.whole import Whole, along, lines

ANY: tuple[Shapes, ...] = (((2, 3),), ((3,),), ((1,),), ((1, 3),), ((2, 2, 2),))
MATRIX: tuple[Shapes, ...] = (((2, 3),), ((3, 1),), ((2, 2, 3),))
# How a reduction is called: the arguments after the array, the axes, and the shapes to try.
CALLS: tuple[tuple[str, dict[str, Any], tuple[Shapes, ...]], ...] = (
    ("", {}, ANY),
    (", axis=0", {"axis": 0}, ANY),
    (", -1", {"axis": -1}, MATRIX),
    (", axis=(0, 1)", {"axis": (0, 1)}, MATRIX),
    (", axis=(-1, 0), keepdims=True", {"axis": (0, -1), "keepdims": True}, MATRIX),
    (", keepdims=True", {"keepdims": True}, MATRIX),
)
Core = Callable[[list[Any]], Any]


def reductions(
    name: str, core: Core, shapes: tuple[Shapes, ...] = (), **options: Any
) -> list[Whole]:
    """All ways to call a reduction."""
    return [
        Whole(f"{name}(a{arguments})", along(core, **ways), shapes or usual, **options)
        for arguments, ways, usual in CALLS
    ]


def variance(ddof: float = 0) -> Core:
    def core(x: list[Any]) -> Any:
        mean = sum(x) / len(x)
        return sum((each - mean) ** 2 for each in x) / (len(x) - ddof)

    return core


def deviation(ddof: int = 0) -> Core:
    return lambda x: mp.sqrt(variance(ddof)(x))


def mean(x: list[Any]) -> Any:
    return sum(x) / len(x)


def without_nan(core: Core) -> Core:
    return lambda x: core([each for each in x if not mp.isnan(each)])


def others(x: list[Any]) -> list[Any]:
    """The product of all but one, for each."""
    return [mp.fprod(x[:n] + x[n + 1 :]) for n in range(len(x))]


def others_along(x: Any, u: Any) -> Any:
    """The derivative of that along u."""
    n = len(x)
    return np.array(
        [
            sum(
                u[k] * mp.fprod(x[j] for j in range(n) if j not in (i, k))
                for k in range(n)
                if k != i
            )
            for i in range(n)
        ],
        object,
    )


def running_product(x: list[Any]) -> list[Any]:
    return [mp.fprod(x[: n + 1]) for n in range(len(x))]


def running_product_along(x: Any, u: Any) -> Any:
    """The derivative of the running product along u."""
    return np.array(
        [
            sum(u[k] * mp.fprod(x[j] for j in range(n + 1) if j != k) for k in range(n + 1))
            for n in range(len(x))
        ],
        object,
    )


def running_product_back(x: Any, d: Any) -> Any:
    """The gradient of d times the running product."""
    return np.array(
        [
            sum(d[n] * mp.fprod(x[j] for j in range(n + 1) if j != k) for n in range(k, len(x)))
            for k in range(len(x))
        ],
        object,
    )


def running_product_back_along(x: Any, u: Any, d: Any) -> Any:
    """The derivative of that along u."""
    n = range(len(x))
    return np.array(
        [
            sum(
                d[i] * u[m] * mp.fprod(x[j] for j in range(i + 1) if j not in (k, m))
                for i in range(k, len(x))
                for m in range(i + 1)
                if m != k
            )
            for k in n
        ],
        object,
    )


def running_sum(x: list[Any]) -> list[Any]:
    return [sum(x[: n + 1]) for n in range(len(x))]


def filled(core: Core, value: int) -> Core:
    """With a value for nan."""
    return lambda x: core([mp.mpf(value) if mp.isnan(each) else each for each in x])


def with_zeros(*x: Any) -> Any:
    """The first operand with some entries 0."""
    y = np.array(x[0])
    y.reshape(-1)[1:2] = 0.0
    y.reshape(-1)[5:6] = 0.0
    return (y, *x[1:])


def with_nan(x: Any) -> Any:
    y = np.array(x)
    y.reshape(-1)[1] = np.nan
    return (y,)


def weighted(axis: Any = None, *, keepdims: bool = False) -> Any:
    """The mean with weights."""
    total = along(sum, axis, keepdims=keepdims)
    return lambda x, w: total(x * w) / total(np.broadcast_to(w, x.shape) + 0 * x)


SEVERAL: tuple[Shapes, ...] = (((2, 3),), ((4,),), ((2, 2, 3),))
WEIGHTED = {"intervals": ((-2.0, 2.0), (0.5, 2.0))}


def log_of_powers(x: list[Any]) -> Any:
    return mp.log(sum(map(mp.exp, x)))


def mantissa(x: Any) -> Any:
    """NumPy's own exponent says by which power of 2 to divide."""
    return x / 2 ** np.frexp(np.array(x, float))[1].astype(object)


WHOLE: dict[str, list[Whole]] = {
    "np.frexp": [
        Whole("np.frexp(a)[0]", mantissa, SEVERAL),
        Whole("np.frexp(a)[0] * np.frexp(3 * a)[1]",
              lambda a: mantissa(a) * np.frexp(3 * np.array(a, float))[1], SEVERAL),
    ],
    "np.logaddexp.reduce": [
        Whole("np.logaddexp.reduce(a)", along(log_of_powers, 0), SEVERAL),
        Whole("np.logaddexp.reduce(a, axis=-1, keepdims=True)",
              along(log_of_powers, -1, keepdims=True), SEVERAL),
        Whole("np.logaddexp.reduce(a, axis=None)", along(log_of_powers), SEVERAL),
    ],
    "np.modf": [
        Whole("np.modf(a)[0] * np.modf(a)[1]",
              lambda a: (a - np.array(a, float).astype(int)) * np.array(a, float).astype(int),
              SEVERAL),
    ],
    "np.var": [
        *reductions("np.var", variance()),
        Whole("a.var()", along(variance()), SEVERAL),
        Whole("a.var(-1, ddof=1)", along(variance(1), -1), SEVERAL),
        Whole("np.var(a, axis=0, dtype=float)", along(variance(), 0), SEVERAL),
        *(Whole("np.var(a, axis=0, correction=1)", along(variance(1), 0), (((2, 3),),))
          for _ in range(int(np.__version__.split(".")[0]) >= 2)),
        Whole("np.var(a, ddof=1, axis=0)", along(variance(1), 0), (((2, 3),), ((4,),))),
    ],
    "np.std": [
        Whole("np.std(a)", along(deviation()), SEVERAL),
        Whole("a.std(axis=-1)", along(deviation(), -1), SEVERAL),
        Whole("np.std(a, axis=0, ddof=1, keepdims=True)", along(deviation(1), 0, keepdims=True),
              (((3, 2),), ((4,),))),
        Whole("a.std(axis=(0, -1), ddof=1)", along(deviation(1), (0, -1)), (((2, 3),),)),
    ],
    "np.nanvar": [
        Whole("np.nanvar(a)", along(without_nan(variance())), SEVERAL, prepared=with_nan),
        Whole("np.nanvar(a, axis=-1, ddof=1)", along(without_nan(variance(1)), -1),
              (((2, 3),), ((4,),)), prepared=with_nan),
    ],
    "np.nanstd": [
        Whole("np.nanstd(a)", along(without_nan(deviation())), SEVERAL, prepared=with_nan),
        Whole("np.nanstd(a, axis=1, keepdims=True)",
              along(without_nan(deviation()), 1, keepdims=True), (((2, 3),),), prepared=with_nan),
    ],
    "np.nansum": [
        Whole("np.nansum(a)", along(without_nan(sum)), SEVERAL, prepared=with_nan),
        Whole("np.nansum(a, 0)", along(without_nan(sum), 0), SEVERAL[::2], prepared=with_nan),
    ],
    "np.nanmean": [
        Whole("np.nanmean(a)", along(without_nan(mean)), SEVERAL, prepared=with_nan),
        Whole("np.nanmean(a, axis=-1, keepdims=True)",
              along(without_nan(mean), -1, keepdims=True), SEVERAL[::2], prepared=with_nan),
    ],
    "np.average with weights": [
        Whole("np.average(a, weights=b)", weighted(), (((3,), (3,)), ((2, 3), (2, 3))), **WEIGHTED),
        Whole("np.average(a, 0, b)", weighted(0), (((3,), (3,)), ((2, 3), (2, 3))), **WEIGHTED),
        Whole("np.average(a, axis=1, weights=b)",
              lambda x, w: np.sum(x * w[:, None], 1) / np.sum(w), (((2, 3, 2), (3,)),), **WEIGHTED),
        Whole("np.average(a, 0, b, keepdims=True)",
              lambda x, w: np.sum(x * w[:, None], 0, keepdims=True) / np.sum(w),
              (((3, 2), (3,)),), **WEIGHTED),
        Whole("np.average(a, axis=-1, weights=b, keepdims=True)", weighted(-1, keepdims=True),
              (((2, 3), (3,)), ((2, 2, 3), (3,)), ((2, 3), (2, 3))), **WEIGHTED),
    ],
    "math.prod of a vector": [
        Whole("math.prod(a)", along(mp.fprod), (((4,),), ((1,),)), prepared=with_zeros),
    ],
    "np.prod": [
        *reductions("np.prod", mp.fprod),
        Whole("a.prod()", along(mp.fprod), SEVERAL, prepared=with_zeros),
        Whole("np.prod(a, axis=0, dtype=float)", along(mp.fprod, 0), SEVERAL, prepared=with_zeros),
        Whole("a.prod(axis=-1)", along(mp.fprod, -1), SEVERAL, prepared=with_zeros),
        Whole("np.prod(a, axis=(0, 1))", along(mp.fprod, (0, 1)), SEVERAL[::2],
              prepared=with_zeros),
    ],
    "np.multiply.reduce": [Whole("np.multiply.reduce(a)", along(mp.fprod, 0), SEVERAL)],
    "np.nanprod": [
        Whole("np.nanprod(a)", along(without_nan(mp.fprod)), SEVERAL, prepared=with_nan),
        Whole("np.nanprod(a, axis=1)", along(without_nan(mp.fprod), 1), SEVERAL[::2],
              prepared=with_nan),
    ],
    "helpers.product_of_others": [
        Whole("product_of_others(a, 0)", lines(others, 0), (((2, 3),), ((4,),), ((1,),))),
        Whole("product_of_others(a, 1)", lines(others, 1), SEVERAL[::2]),
    ],
    "helpers.product_of_others along directions": [
        Whole("product_of_others(a, None, [b])", others_along, (((3,), (3,)), ((4,), (4,))),
              prepared=with_zeros),
    ],
    "np.cumprod": [
        Whole("np.cumprod(a)", lines(running_product, None), (((4,),), ((2, 3),), ((1,),))),
        Whole("a.cumprod(0)", lines(running_product, 0), SEVERAL, prepared=with_zeros),
        Whole("np.cumprod(a, axis=-1)", lines(running_product), SEVERAL, prepared=with_zeros),
    ],
    "np.multiply.accumulate": [
        Whole("np.multiply.accumulate(a)", lines(running_product, 0), SEVERAL),
        Whole("np.multiply.accumulate(a, 1)", lines(running_product, 1), SEVERAL[::2]),
    ],
    "np.cumulative_prod": [
        Whole("np.cumulative_prod(a)", lines(running_product, 0), (((4,),), ((1,),))),
        Whole("np.cumulative_prod(a, axis=-1)", lines(running_product), SEVERAL,
              prepared=with_zeros),
        Whole("np.cumulative_prod(a, axis=0, include_initial=True)",
              lines(lambda x: [mp.mpf(1), *running_product(x)], 0), SEVERAL),
        Whole("np.cumulative_prod(a, axis=1, include_initial=True)",
              lines(lambda x: [mp.mpf(1), *running_product(x)], 1), SEVERAL[::2]),
    ],
    "np.nancumprod": [
        Whole("np.nancumprod(a)", lines(filled(running_product, 1), None), SEVERAL,
              prepared=with_nan),
        Whole("np.nancumprod(a, axis=1)", lines(filled(running_product, 1), 1), SEVERAL[::2],
              prepared=with_nan),
    ],
    "helpers.cumprod_tangent": [
        Whole("cumprod_tangent(a, 0, [b])", running_product_along, (((4,), (4,)), ((1,), (1,))),
              prepared=with_zeros),
    ],
    "helpers.cumprod_adjoint": [
        Whole("cumprod_adjoint(a, 0, [], b)", running_product_back, (((4,), (4,)),)),
        Whole("cumprod_adjoint(a, 0, [b], d)", running_product_back_along,
              (((4,), (4,), (4,)),), prepared=with_zeros),
    ],
    "np.nancumsum": [
        Whole("np.nancumsum(a)", lines(filled(running_sum, 0), None), SEVERAL, prepared=with_nan),
        Whole("np.nancumsum(a, axis=0)", lines(filled(running_sum, 0), 0), SEVERAL,
              prepared=with_nan),
    ],
}  # fmt: skip
