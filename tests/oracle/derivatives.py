"""Derivatives of whole functions by running them on dual numbers."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tests.oracle.dual import Dual, primal
from tests.oracle.lift import lift
from tests.oracle.memory import blank, cells, protected

_levels = itertools.count(1)


def is_differentiable(x: Any) -> bool:
    """Floats and arrays of floats carry derivatives; ints, bools and the rest do not."""
    if isinstance(x, np.ndarray):
        return bool(np.issubdtype(x.dtype, np.inexact)) or x.dtype == object
    return isinstance(x, (float, complex, np.inexact, Dual))


def is_complex(x: Any) -> bool:
    """Whether a number, or an array's numbers, are complex."""
    entries = x.ravel() if isinstance(x, np.ndarray) and x.dtype == object else [x]
    return any(np.iscomplexobj(primal(each)) for each in entries)


def directional(
    f: Callable[..., Any], args: Sequence[Any], tangents: Sequence[Any]
) -> tuple[Any, Any]:
    """``f(*args)`` and its derivative along ``tangents`` (None: that argument does not vary).

    >>> directional(lambda x, y: x * y, (3.0, 5.0), (1.0, 10.0))
    (15.0, 35.0)
    """
    return _run(lift(f), args, tangents)


def gradient(f: Callable[..., Any], args: Sequence[Any], wrt: int | tuple[int, ...] = 0) -> Any:
    """The gradient of a scalar function, argument by argument; a tuple for a tuple ``wrt``.

    Of a function whose result is an array: the Jacobian, of the result's shape then the argument's.

    >>> gradient(lambda x, y: x * y, (3.0, 5.0), wrt=(0, 1))
    (5.0, 3.0)
    """
    lifted = lift(f)
    if isinstance(wrt, tuple):
        return tuple(_partial(lifted, args, k) for k in wrt)
    return _partial(lifted, args, wrt)


def hessian(f: Callable[..., Any], args: Sequence[Any], wrt: tuple[int, ...]) -> Any:
    """``hessian(...)[i][j]`` is the derivative along ``wrt[j]`` of that along ``wrt[i]``.

    Its shape is that of argument ``wrt[i]`` followed by that of argument ``wrt[j]``.

    >>> hessian(lambda x, y: x * x * y, (3.0, 5.0), (0, 1))
    ((10.0, 6.0), (6.0, 0.0))
    """
    return tuple(gradient(lambda *a, i=i: gradient(f, a, i), args, wrt) for i in wrt)


def _run(
    lifted: Callable[..., Any], args: Sequence[Any], tangents: Sequence[Any]
) -> tuple[Any, Any]:
    level = next(_levels)
    duals = [
        _own(a) if t is None else _dual(level, a, t) for a, t in zip(args, tangents, strict=True)
    ]
    return _parts(lifted(*duals), level)


def _partial(lifted: Callable[..., Any], args: Sequence[Any], k: int) -> Any:
    def run(tangent: Any) -> Any:
        tangents: list[Any] = [None] * len(args)
        tangents[k] = tangent
        return _run(lifted, args, tangents)[1]

    def along(tangent: Any) -> Any:
        # Of a real function of z = x + iy the gradient is ∂f/∂x - i ∂f/∂y.
        return run(tangent) - 1j * run(1j * tangent) if is_complex(args[k]) else run(tangent)

    if not isinstance(args[k], np.ndarray):
        return along(1.0)
    shape = args[k].shape
    columns = []
    for index in np.ndindex(*shape):
        seed = np.zeros(shape)
        seed[index] = 1.0
        columns.append(np.asarray(along(seed), dtype=object))
    if not columns:
        return np.zeros(shape)
    stacked = np.stack(columns, axis=-1)
    return _plain(stacked.reshape(stacked.shape[:-1] + shape))


def _dual(level: int, value: Any, tangent: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return Dual(level, value, tangent)
    tangent = np.broadcast_to(tangent, value.shape)
    duals = np.empty(value.shape, dtype=object)
    for index in np.ndindex(*value.shape):
        duals[index] = Dual(level, value[index], tangent[index])
    return protected(blank(value), duals, value)


def _own(a: Any) -> Any:
    """An argument that does not vary: it may be written to, and dual numbers too."""
    if isinstance(a, np.ndarray):
        return cells(a) if is_differentiable(a) else a.copy()
    return copy.copy(a) if isinstance(a, list) else a


def _parts(result: Any, level: int) -> tuple[Any, Any]:
    """Value and tangent of a result, whatever its structure."""
    if isinstance(result, (tuple, list)):
        parts = [_parts(r, level) for r in result]
        return tuple(p[0] for p in parts), tuple(p[1] for p in parts)
    if isinstance(result, np.ndarray):
        if result.dtype != object:
            return result, np.zeros(result.shape)
        values, dots = np.empty(result.shape, object), np.empty(result.shape, object)
        for index in np.ndindex(*result.shape):
            values[index], dots[index] = _parts(result[index], level)
        return _plain(values), _plain(dots)
    if isinstance(result, Dual) and result.level == level:
        return result.value, result.dot
    return result, 0.0


def _plain(entries: Any) -> Any:
    """An array of floats, unless an outer derivative's duals are in it."""
    if any(primal(e) is not e for e in entries.ravel()):
        return entries
    return entries.astype(complex if is_complex(entries) else float)
