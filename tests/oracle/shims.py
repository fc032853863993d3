"""Replacements for the functions that cannot carry a dual number, or would choose at a tie.

Three tables by identity of the original: builtins, ``math`` and ``numpy``. Whatever is not in a
table is used as it is: NumPy's object arrays already add, multiply, index, sum and broadcast.
"""

from __future__ import annotations

import builtins
import functools
import math
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

import numpy as np

from tests.oracle import linalg, special
from tests.oracle.dual import Dual, Number, linearise, over, primal, sign
from tests.oracle.elementary import MATH, NUMPY, NUMPY_NAMES
from tests.oracle.memory import Cells, is_floating


def has_dual(x: object) -> bool:
    """True if a dual number may be in there."""
    if isinstance(x, np.ndarray):
        return bool(x.dtype == object)
    if isinstance(x, (list, tuple)):
        return any(has_dual(e) for e in x)
    return isinstance(x, Dual)


# Builtins.


class _FloatType(type):
    def __instancecheck__(cls, x: object) -> bool:
        return isinstance(x, (float, Dual))


class float_(metaclass=_FloatType):
    """``float`` that keeps a tangent; as the type of an array's numbers it is read by ``dtype``."""

    dtype = np.dtype(float)

    def __new__(cls, x: Any = 0.0) -> Number:
        if isinstance(x, np.ndarray) and x.dtype == object:
            x = x.item()
        return x if isinstance(x, Dual) else float(x)


class float32_(float_):
    """Single precision, but not rounded to it."""

    dtype = np.dtype(np.float32)


def shared(tied: list[Number]) -> Number:
    """One number for several of equal value: each gives an equal share of its tangent."""
    level = max((a.level for a in tied if isinstance(a, Dual)), default=0)
    if level == 0 or len(tied) == 1:
        return tied[0]
    values, dot = [], 0.0
    for a in tied:
        outer = isinstance(a, Dual) and a.level == level
        values.append(a.value if outer else a)
        dot = dot + (a.dot if outer else 0.0) / len(tied)
    return Dual(level, shared(values), dot)


def _extreme(best: Callable[..., Any]) -> Callable[..., Number]:
    def function(*args: Any, **kwargs: Any) -> Number:
        if kwargs:
            return best(*args, **kwargs)
        items = list(args[0] if len(args) == 1 else args)
        if not has_dual(items):
            return best(items)
        top = best(primal(e) for e in items)
        return shared([e for e in items if primal(e) == top])

    return function


max_, min_ = _extreme(max), _extreme(min)


def pow_(a: Number, b: Number, modulus: int | None = None) -> Number:
    """``pow``: the operator, or with a modulus the integers' own."""
    return a**b if modulus is None else pow(a, b, modulus)


class _ComplexType(type):
    def __instancecheck__(cls, x: object) -> bool:
        return isinstance(primal(x), complex)


class complex_(metaclass=_ComplexType):
    """``complex`` that keeps tangents; ``dtype`` is it as the type of an array's numbers."""

    dtype = np.dtype(complex)

    def __new__(cls, a: Number = 0.0, b: Number = 0.0) -> Number:
        return a + 1j * b if has_dual((a, b)) else complex(a, b)


def import_(name: str, *args: Any, **kwargs: Any) -> Any:
    """``import math`` inside a function meets the shims too."""
    module = builtins.__import__(name, *args, **kwargs)
    return MODULES.get(getattr(module, "__name__", ""), module)


BUILTINS: dict[str, Any] = {
    **vars(builtins),
    "float": float_,
    "max": max_,
    "min": min_,
    "pow": pow_,
    "complex": complex_,
    "__import__": import_,
}

# math.


def log_(x: Number, base: Number | None = None) -> Number:
    """``math.log`` with its optional base."""
    return MATH.log(x) if base is None else MATH.log(x) / MATH.log(base)


def _atan2(y: Number, x: Number) -> Number:
    if not has_dual((y, x)):
        return math.atan2(y, x)
    return linearise(
        _atan2,
        (lambda y, x, w: over(x, x * x + y * y), lambda y, x, w: over(-y, x * x + y * y)),
        y,
        x,
    )


def _hypot(*coordinates: Number) -> Number:
    if not has_dual(coordinates):
        return math.hypot(*coordinates)
    return MATH.sqrt(sum(c * c for c in coordinates))


def _copysign(x: Number, y: Number) -> Number:
    flip = math.copysign(1.0, primal(x)) * math.copysign(1.0, primal(y))
    return x * flip


def _fmod(x: Number, y: Number) -> Number:
    if not has_dual((x, y)):
        return math.fmod(x, y)
    return linearise(
        _fmod, (lambda a, b, w: 1.0, lambda a, b, w: -math.trunc(primal(a) / primal(b))), x, y
    )


def _math_pow(x: Number, y: Number) -> Number:
    return x**y if has_dual((x, y)) else math.pow(x, y)


def _prod(items: Iterable[Number], *, start: Number = 1) -> Number:
    return functools.reduce(lambda a, b: a * b, items, start)


def _frexp(x: Number) -> tuple[Number, int]:
    exponent = math.frexp(primal(x))[1]
    return x * math.ldexp(1.0, -exponent), exponent


def _fsum(items: Iterable[Number]) -> Number:
    return sum(items, 0.0)


def _on_value(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args, **kwargs: function(*map(primal, args), **kwargs)


MATH_TABLE: dict[str, Any] = {
    **vars(MATH),
    "log": log_,
    "atan2": _atan2,
    "hypot": _hypot,
    "frexp": _frexp,
    "copysign": _copysign,
    "fmod": _fmod,
    "pow": _math_pow,
    "prod": _prod,
    "fsum": _fsum,
    "dist": lambda p, q: _hypot(*(a - b for a, b in zip(p, q, strict=True))),
    **{
        name: _on_value(getattr(math, name))
        for name in ("isnan", "isinf", "isfinite", "isclose", "floor", "ceil", "trunc")
    },
}

# numpy.


def _maximum(a: Number, b: Number) -> Number:
    return shared([e for e in (a, b) if primal(e) == max(primal(a), primal(b))])


def _minimum(a: Number, b: Number) -> Number:
    return shared([e for e in (a, b) if primal(e) == min(primal(a), primal(b))])


def _clip(a: Number, low: Number = None, high: Number = None) -> Number:
    if low is not None:
        a = _maximum(a, low)
    return a if high is None else _minimum(a, high)


def _angle(a: Number) -> Number:
    return _atan2(a.imag, a.real)


def _logaddexp(a: Number, b: Number) -> Number:
    m = max(primal(a), primal(b))
    return m + NUMPY.log(NUMPY.exp(a - m) + NUMPY.exp(b - m))


SCALAR: dict[str, Callable[..., Number]] = {
    **{NUMPY_NAMES.get(name, name): function for name, function in vars(NUMPY).items()},
    **{name: function for name, function in vars(NUMPY).items() if hasattr(np, name)},
    "abs": abs,
    "absolute": abs,
    "maximum": _maximum,
    "minimum": _minimum,
    "fmax": _maximum,
    "fmin": _minimum,
    "clip": _clip,
    "sign": sign,
    "power": lambda a, b: a**b,
    "square": lambda a: a * a,
    "reciprocal": lambda a: 1.0 / a,
    "conjugate": lambda a: a.conjugate(),
    "conj": lambda a: a.conjugate(),
    "hypot": _hypot,
    "arctan2": _atan2,
    "copysign": _copysign,
    "fmod": _fmod,
    "logaddexp": _logaddexp,
    "deg2rad": MATH.radians,
    "rad2deg": MATH.degrees,
    "heaviside": lambda a, h: h if primal(a) == 0 else float(primal(a) > 0),
    "floor": lambda a: float(math.floor(a)),
    "ceil": lambda a: float(math.ceil(a)),
    "trunc": lambda a: float(math.trunc(a)),
    "rint": lambda a: float(round(a)),
    "isnan": _on_value(math.isnan),
    "isfinite": _on_value(math.isfinite),
}


def _elementwise(name: str, scalar: Callable[..., Number]) -> Callable[..., Any]:
    real = getattr(np, name)
    inputs = getattr(real, "nin", 3)

    def function(*args: Any, out: Any = None, where: Any = True) -> Any:
        if not has_dual((*args, out)):
            return real(*args, out=out, where=where)
        if len(args) > inputs:  # `out` by its position
            *args, out = args
        if any(a is None for a in args):  # an open bound of clip
            result = np.frompyfunc(lambda a: scalar(a, *args[1:]), 1, 1)(args[0])
        else:
            result = np.frompyfunc(scalar, len(args), 1)(*args)
        if out is None:
            return result
        np.copyto(out, result, where=where)
        return out

    return function


def _reduction(name: str, scalar: Callable[..., Number]) -> Callable[..., Any]:
    real = getattr(np, name)

    def function(
        a: Any,
        axis: int | None = None,
        keepdims: bool = False,
        where: Any = True,
        initial: Any = None,
    ) -> Any:
        if not has_dual(a):
            start = {} if initial is None else {"initial": initial}
            start |= {} if where is True else {"where": where}
            return real(a, axis=axis, keepdims=keepdims, **start)
        a = np.asarray(a, dtype=object)
        counts = np.broadcast_to(where, a.shape)
        first = [] if initial is None else [initial]

        def of(entries: Any, which: Any) -> Number:
            return scalar(first + [each for each, c in zip(entries, which, strict=True) if c])

        if axis is None:
            whole = of(a.ravel(), counts.ravel())
            return np.array(whole, dtype=object).reshape((1,) * a.ndim) if keepdims else whole
        moved, counts = np.moveaxis(a, axis, -1), np.moveaxis(counts, axis, -1)
        result = np.empty(moved.shape[:-1], dtype=object)
        for index in np.ndindex(*result.shape):
            result[index] = of(moved[index], counts[index])
        return np.expand_dims(result, axis) if keepdims else result

    return function


def _in_part(name: str, scalar: Callable[..., Number]) -> Callable[..., Any]:
    """NumPy's own reduction of objects, but for what it does not do: some entries, and a start."""
    real, other = getattr(np, name), _reduction(name, scalar)

    def function(a: Any, *args: Any, **kwargs: Any) -> Any:
        ours = not kwargs.keys().isdisjoint(("where", "initial"))
        return (other if ours else real)(a, *args, **kwargs)

    return function


def _written_to(made: Any) -> Any:
    """Memory that a dual number may be written to, where there were floats."""
    if is_floating(made.dtype):
        made = made.astype(object)
    return made.view(Cells) if made.dtype == object else made


def _array(name: str) -> Callable[..., Any]:
    real = getattr(np, name)

    def function(items: Any, dtype: Any = None, **kwargs: Any) -> Any:
        # NumPy floats ask for float(element); an array with a dual in it is an array of objects.
        if has_dual(items) and is_floating(dtype):
            dtype = object
        return _written_to(real(items, dtype=dtype, **kwargs))

    return function


def _made(name: str) -> Callable[..., Any]:
    real = getattr(np, name)

    def function(*args: Any, **kwargs: Any) -> Any:
        if has_dual(args) and is_floating(kwargs.get("dtype")):
            kwargs["dtype"] = object
        return _written_to(real(*args, **kwargs))

    return function


def _made_like(name: str) -> Callable[..., Any]:
    real = getattr(np, name)

    def function(a: Any, *fill: Any, dtype: Any = None, **kwargs: Any) -> Any:
        if has_dual(a) and (dtype is None or is_floating(dtype)):
            # Like an array of objects, but filled with the floats that they stand for.
            dtype = object if fill else float
        return _written_to(real(a, *fill, dtype=dtype, **kwargs))

    return function


MAKERS = ("zeros", "ones", "empty", "full", "arange", "linspace", "eye", "identity", "copy")


def _slope(x: Any, h: Number, edge_order: int) -> Any:
    # Along the first axis; at the ends by one neighbour, or by two.
    inner = (x[2:] - x[:-2]) / (2.0 * h)
    if edge_order == 1:
        first, last = x[1] - x[0], x[-1] - x[-2]
    else:
        first = 2.0 * x[1] - 1.5 * x[0] - 0.5 * x[2]
        last = 1.5 * x[-1] - 2.0 * x[-2] + 0.5 * x[-3]
    return np.concatenate([[first / h], inner, [last / h]])


def _gradient(f: Any, *spacing: Number, axis: Any = None, edge_order: int = 1) -> Any:
    if not has_dual((f, *spacing)):
        return np.gradient(f, *spacing, axis=axis, edge_order=edge_order)
    axes = range(f.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    steps = spacing if len(spacing) > 1 else (spacing or (1.0,)) * len(axes)
    moved = [np.moveaxis(f, a, 0) for a in axes]
    found = [_slope(x, h, edge_order) for x, h in zip(moved, steps, strict=True)]
    found = [np.moveaxis(g, 0, a) for g, a in zip(found, axes, strict=True)]
    return found[0] if len(found) == 1 else tuple(found)


def _bincount(x: Any, weights: Any = None, minlength: int = 0) -> Any:
    if not has_dual(weights):
        return np.bincount(x, weights, minlength)
    total = np.zeros(max(minlength, np.max(x, initial=-1) + 1), dtype=object)
    np.add.at(total, x, weights)
    return total


def _mean(x: list[Number]) -> Number:
    return sum(x) / len(x)


def _deviation(x: list[Number]) -> Number:
    return NUMPY.sqrt(_variance(x))


def _variance(x: list[Number]) -> Number:
    return _mean([_square(each - _mean(x)) for each in x])


def _square(x: Number) -> Number:
    return (x * x.conjugate()).real


def _median(x: list[Number]) -> Number:
    ordered = sorted(x, key=primal)
    return (ordered[(len(x) - 1) // 2] + ordered[len(x) // 2]) / 2


def _each(real: Callable[..., Any], scalar: Callable[..., Number]) -> Callable[..., Any]:
    """A function of numbers that is no ufunc."""
    return lambda a: np.frompyfunc(scalar, 1, 1)(a) if has_dual(a) else real(a)


NUMPY_TABLE: dict[str, Any] = {
    "sum": _in_part("sum", sum),
    "prod": _in_part("prod", _prod),
    "mean": _in_part("mean", _mean),
    "var": _in_part("var", _variance),
    "median": _reduction("median", _median),
    "std": _reduction("std", _deviation),
    "angle": _each(np.angle, _angle),
    "real": _each(np.real, lambda a: a.real),
    "imag": _each(np.imag, lambda a: a.imag),
    "ptp": _reduction("ptp", lambda x: max_(x) - min_(x)),
    **{name: _elementwise(name, scalar) for name, scalar in SCALAR.items()},
    "max": _reduction("max", max_),
    "min": _reduction("min", min_),
    "amax": _reduction("max", max_),
    "amin": _reduction("min", min_),
    **{name: _array(name) for name in ("array", "asarray", "ascontiguousarray", "asfortranarray")},
    "float64": float_,
    "float32": float32_,
    **{name: _made(name) for name in MAKERS},
    **{f"{name}_like": _made_like(f"{name}_like") for name in ("zeros", "ones", "empty", "full")},
    "gradient": _gradient,
    "bincount": _bincount,
}


class Shim(SimpleNamespace):
    """A module whose listed attributes are replaced."""

    def __init__(self, module: Any, table: dict[str, Any]) -> None:
        super().__init__(**table)
        self.__module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__module, name)


def _with_duals(real: Callable[..., Any], replacement: Callable[..., Any]) -> Callable[..., Any]:
    """The function itself for plain arguments, another one where a dual number is among them."""

    def function(*args: Any, **kwargs: Any) -> Any:
        return replacement(*args, **kwargs) if has_dual(args) else real(*args, **kwargs)

    return function


LINALG_TABLE = {
    name: _with_duals(getattr(np.linalg, name), replacement)
    for name, replacement in linalg.FUNCTIONS.items()
}
NUMPY_TABLE["linalg"] = Shim(np.linalg, LINALG_TABLE)
FFT_TABLE = {
    name: _with_duals(getattr(np.fft, name), linalg.linear(getattr(np.fft, name)))
    for name in np.fft.__all__
    if "freq" not in name
}
NUMPY_TABLE["fft"] = Shim(np.fft, FFT_TABLE)
MODULES = {
    "numpy.fft": NUMPY_TABLE["fft"],
    "math": Shim(math, MATH_TABLE),
    "numpy": Shim(np, NUMPY_TABLE),
    "numpy.linalg": NUMPY_TABLE["linalg"],
}
TABLES = [
    (math, MATH_TABLE),
    (np, NUMPY_TABLE),
    (np.linalg, LINALG_TABLE),
    (np.fft, FFT_TABLE),
    (builtins, BUILTINS),
]

try:
    import scipy.special as _special
except ImportError:
    pass
else:
    SPECIAL_TABLE = {
        name: _with_duals(getattr(_special, name), function)
        for name, function in special.functions().items()
    }
    MODULES["scipy.special"] = Shim(_special, SPECIAL_TABLE)
    TABLES.append((_special, SPECIAL_TABLE))

# The same by identity, for `from math import sin` and `from numpy import tanh`.
BY_IDENTITY: dict[int, Any] = {
    id(getattr(module, name)): replacement
    for module, table in TABLES
    for name, replacement in table.items()
    if hasattr(module, name) and callable(getattr(module, name))
}

__all__ = ["BUILTINS", "BY_IDENTITY", "MODULES", "has_dual"]
