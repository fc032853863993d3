"""The largest, the smallest, quantiles and sorting, with twins on arrays of mpmath's numbers."""

from __future__ import annotations

import math
from typing import Any

import mpmath as mp
import numpy as np

from tests.rule_samples.reductions import SEVERAL, reductions, with_nan, without_nan
from tests.rule_samples.sample import Shapes
from tests.rule_samples.whole import Whole, along, lines


def quantile(q: float) -> Any:
    def core(x: list[Any]) -> Any:
        place = (len(x) - 1) * mp.mpf(q)
        below = int(mp.floor(place))
        ordered = sorted(x)
        above = ordered[min(below + 1, len(x) - 1)]
        return ordered[below] + (place - below) * (above - ordered[below])

    return core


# Where a quantile is: n p + m - 1, for n entries (Hyndman and Fan, 1996); and what jumps.
OFFSETS: dict[str, Any] = {
    "hazen": lambda p: 0.5,
    "weibull": lambda p: p,
    "median_unbiased": lambda p: (p + 1) / 3,
    "normal_unbiased": lambda p: p / 4 + 0.375,
    "interpolated_inverted_cdf": lambda p: 0,
    **{"lower": math.floor, "higher": math.ceil, "nearest": round},
    "midpoint": lambda place: (math.floor(place) + math.ceil(place)) / 2,
    "inverted_cdf": None,
}


def by_method(p: float, method: str) -> Any:
    """The quantile by one of NumPy's definitions."""

    def core(x: list[Any]) -> Any:
        ordered, n, of = sorted(x), len(x), OFFSETS[method]
        if method == "inverted_cdf":
            return next(v for k, v in enumerate(ordered) if (k + 1) / n >= p)
        jumps = method in ("lower", "higher", "nearest", "midpoint")
        place = of((n - 1) * p) if jumps else n * p + of(p) - 1
        place = min(max(place, 0), n - 1)
        below = math.floor(place)
        above = ordered[min(below + 1, n - 1)]
        return ordered[below] + mp.mpf(place - below) * (above - ordered[below])

    return core


def width(x: list[Any]) -> Any:
    return max(x) - min(x)


def parted(k: int, axis: int = -1) -> Any:
    """NumPy's own partition says where the entries go."""

    def twin(x: Any) -> Any:
        plain = np.array(x, float)
        made = np.partition(plain, k, axis=axis)
        order = np.argsort(plain, axis=axis)
        places = np.take_along_axis(order, np.argsort(np.argsort(made, axis=axis), axis=axis), axis)
        return np.take_along_axis(x, places, axis)

    return twin


TWO: tuple[Shapes, ...] = SEVERAL[::2]
WHOLE: dict[str, list[Whole]] = {
    "np.max": [*reductions("np.max", max), Whole("a.max(axis=-1)", along(max, -1), SEVERAL),
               Whole("np.amax(a, 0)", along(max, 0), SEVERAL)],
    "np.min": [*reductions("np.min", min), Whole("a.min()", along(min), SEVERAL),
               Whole("np.amin(a, axis=1)", along(min, 1), TWO)],
    "np.nanmax": [Whole("np.nanmax(a)", along(without_nan(max)), SEVERAL, prepared=with_nan),
                  Whole("np.nanmax(a, axis=-1)", along(without_nan(max), -1), TWO,
                        prepared=with_nan)],
    "np.nanmin": [Whole("np.nanmin(a)", along(without_nan(min)), SEVERAL, prepared=with_nan),
                  Whole("np.nanmin(a, 1, keepdims=True)", along(without_nan(min), 1, keepdims=True),
                        TWO, prepared=with_nan)],
    "np.maximum.reduce": [Whole("np.maximum.reduce(a)", along(max, 0), SEVERAL)],
    "np.minimum.reduce": [Whole("np.minimum.reduce(a, axis=None)", along(min), SEVERAL)],
    **{
        f"np.{name}.accumulate": [
            Whole(f"np.{name}.accumulate(a)", getattr(np, name).accumulate, SEVERAL),
            Whole(f"np.{name}.accumulate(a, axis=-1)",
                  lambda a, name=name: getattr(np, name).accumulate(a, -1), SEVERAL),
        ]
        for name in ("maximum", "minimum")
    },
    "builtins.max of a vector": [Whole("max(a)", along(max), (((3,),), ((1,),)))],
    "builtins.min of a vector": [Whole("min(a)", along(min), (((3,),), ((1,),)))],
    "np.ptp": [*reductions("np.ptp", width)],
    "np.median": [*reductions("np.median", quantile(0.5))],
    "np.nanmedian": [Whole("np.nanmedian(a)", along(without_nan(quantile(0.5))), SEVERAL,
                           prepared=with_nan),
                     Whole("np.nanmedian(a, axis=1)", along(without_nan(quantile(0.5)), 1), TWO,
                           prepared=with_nan)],
    "np.quantile": [
        Whole("np.quantile(a, 0.3)", along(quantile(0.3)), SEVERAL),
        Whole("np.quantile(a, q=0.75, axis=0)", along(quantile(0.75), 0), SEVERAL),
        Whole("np.quantile(a, 1, axis=-1, keepdims=True)", along(quantile(1), -1, keepdims=True),
              SEVERAL),
        *(
            Whole(f"np.quantile(a, {q}, method={name!r})", along(by_method(q, name)), TWO)
            for name in OFFSETS
            for q in (0.05, 0.6)
        ),
        Whole("np.quantile(a, 0.6, 0, method='hazen')", along(by_method(0.6, "hazen"), 0), TWO),
    ],
    "np.nanquantile": [
        Whole("np.nanquantile(a, 0.3, axis=-1)", along(without_nan(quantile(0.3)), -1), SEVERAL,
              prepared=with_nan),
    ],
    "np.percentile": [
        Whole("np.percentile(a, 25)", along(quantile(0.25)), SEVERAL),
        Whole("np.percentile(a, 80.0, axis=1)", along(quantile(0.8), 1), TWO),
    ],
    "np.nanpercentile": [
        Whole("np.nanpercentile(a, 60)", along(without_nan(quantile(0.6))), SEVERAL,
              prepared=with_nan),
    ],
    "np.sort": [
        Whole("np.sort(a)", lines(sorted), (((4,),), ((2, 3),), ((1,),), ((2, 2, 3),))),
        Whole("np.sort(a, axis=0)", lines(sorted, 0), SEVERAL),
        Whole("np.sort(a, axis=None)", lines(sorted, None), SEVERAL),
    ],
    "np.partition": [
        Whole("np.partition(a, 1)", parted(1), (((6,),), ((3, 5),), ((4,),))),
        Whole("np.partition(a, 2, axis=0)", parted(2, 0), (((6,),), ((5, 3),))),
    ],
}  # fmt: skip
