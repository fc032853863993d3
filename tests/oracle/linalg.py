"""Linear algebra on dual numbers: from what defines a solution, not from a rule for its derivative.

``(A + Ȧε)(x + ẋε) = b + ḃε`` is solved order by order; the rest is made of such solutions, of
products, and of the school's algorithm for the Cholesky factor.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tests.oracle.dual import Dual, Number, primal
from tests.oracle.elementary import NUMPY
from tests.oracle.memory import Cells


def level_of(*arrays: Any) -> int:
    """The level of the outermost dual number in some arrays, 0 for none."""
    entries = [e for x in arrays for e in np.asarray(x, object).ravel()]
    return max((e.level for e in entries if isinstance(e, Dual)), default=0)


def parts(x: Any, level: int) -> tuple[Any, Any]:
    """The values and the dots of a level."""
    x = np.asarray(x, object)
    value, dot = np.empty(x.shape, object), np.empty(x.shape, object)
    for index in np.ndindex(x.shape):
        e = x[index]
        outer = isinstance(e, Dual) and e.level == level
        value[index], dot[index] = (e.value, e.dot) if outer else (e, 0.0)
    return value, dot


def joined(level: int, value: Any, dot: Any) -> Any:
    """Dual numbers of a level, from their values and dots."""
    joined = np.empty(np.shape(value), object)
    for index in np.ndindex(joined.shape):
        joined[index] = Dual(level, np.asarray(value)[index], np.asarray(dot)[index])
    return joined.view(Cells) if joined.ndim else joined.item()


def plain(x: Any) -> Any:
    """An array of objects that are all plain numbers as one of floats, or of complex numbers."""
    entries = np.asarray(x, object).ravel()
    return np.asarray(x, complex if any(map(np.iscomplexobj, entries)) else float)


def linear(function: Callable[..., Any]) -> Callable[..., Any]:
    """A linear map of an array, such as a transform, of the values and of the dots alike."""

    def of(x: Any, *args: Any, **kwargs: Any) -> Any:
        level = level_of(x)
        if level == 0:
            return function(plain(x), *args, **kwargs)
        value, dot = parts(x, level)
        return joined(level, of(value, *args, **kwargs), of(dot, *args, **kwargs))

    return of


def norm(x: Any, *args: Any, **kwargs: Any) -> Any:
    """The norm; of complex numbers the root of the sum of the squared sizes of all."""
    if args or kwargs or not any(isinstance(primal(e), complex) for e in x.ravel()):
        return np.linalg.norm(x, *args, **kwargs)
    return NUMPY.sqrt(np.sum(x * np.conjugate(x)).real)


def solve(a: Any, b: Any) -> Any:
    """The solution of a linear system."""
    level = level_of(a, b)
    if level == 0:
        return np.linalg.solve(plain(a), plain(b))
    (a0, a1), (b0, b1) = parts(a, level), parts(b, level)
    x0 = solve(a0, b0)
    return joined(level, x0, solve(a0, b1 - a1 @ x0))


def inv(a: Any) -> Any:
    """The inverse."""
    return solve(a, np.broadcast_to(np.eye(a.shape[-1]), a.shape))


def det(a: Any) -> Any:
    """The determinant, by elimination."""
    return np.prod([*_pivots(np.array(a, object))])


def _pivots(a: Any) -> list[Number]:
    """The pivots of Gauss's elimination, rows exchanged for the largest one."""
    found: list[Number] = []
    for n in range(len(a)):
        best = max(range(n, len(a)), key=lambda row: abs(a[row, n]))
        if best != n:
            a[[n, best]] = a[[best, n]]
            a[n] = -a[n]
        found.append(a[n, n])
        for row in range(n + 1, len(a)):
            a[row] = a[row] - a[row, n] / a[n, n] * a[n]
    return found


def slogdet(a: Any) -> Any:
    """The sign and the logarithm of the determinant."""
    value = det(a)
    return (1.0 if value > 0 else -1.0), NUMPY.log(abs(value))


def cholesky(a: Any) -> Any:
    """The lower factor, from the lower triangle."""
    lower = np.zeros(a.shape, object) + 0.0
    for i in range(len(a)):
        for j in range(i + 1):
            rest = a[i, j] - lower[i, :j] @ lower[j, :j] if j else a[i, j]
            lower[i, j] = NUMPY.sqrt(rest) if i == j else rest / lower[j, j]
    return lower


def matrix_power(a: Any, n: int) -> Any:
    """A product of equal factors."""
    if n < 0:
        return matrix_power(inv(a), -n)
    return functools.reduce(np.matmul, [a] * n, np.eye(len(a)))


def multi_dot(arrays: Sequence[Any]) -> Any:
    """A product of several factors."""
    return functools.reduce(np.matmul, arrays)


def lstsq(a: Any, b: Any, rcond: object = None) -> Any:
    """The least squares solution of a system of full rank, by its normal equations."""
    return solve(a.T @ a, a.T @ b), None, a.shape[1], None


FUNCTIONS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (norm, solve, inv, det, slogdet, cholesky, matrix_power, multi_dot, lstsq)
}
