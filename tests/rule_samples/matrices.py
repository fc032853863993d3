"""Products and linear algebra, with twins that compute at 50 digits.

A twin takes the operands as arrays of mpmath's numbers, and the results that NumPy found, which
say which of the possible signs of a vector is meant.  It gives the results in a tuple.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np

from tests.rule_samples.sample import Shapes

Twin = Callable[..., tuple[Any, ...]]
Make = Callable[[np.random.Generator, Any], Any]


def plain(random: np.random.Generator, shape: Any) -> Any:
    """Any numbers; a float where there is no shape."""
    x = random.uniform(-2.0, 2.0, shape)
    return float(x) if shape is None else np.asarray(x)


def regular(random: np.random.Generator, shape: Any) -> Any:
    """Matrices far from singular; other arrays are any."""
    x = plain(random, shape)
    if shape is not None and len(shape) >= 2 and shape[-1] == shape[-2]:
        x = x + 3.0 * np.eye(shape[-1])
    return x


def positive(random: np.random.Generator, shape: Any) -> Any:
    """Matrices that are positive definite if either of their triangles is read."""
    x = plain(random, shape) / 4
    if len(shape) < 2 or shape[-1] != shape[-2]:
        return x
    return x + np.diag(np.arange(1.0, shape[-1] + 1))


def graded(random: np.random.Generator, shape: Any) -> Any:
    """Matrices whose eigenvalues, and whose singular values, differ and are not small."""
    x = plain(random, shape) / 4
    if len(shape) < 2:
        return x
    return x + 2.0 * np.eye(*shape[-2:]) * np.arange(1.0, shape[-1] + 1)


@dataclass(frozen=True)
class Matrices:
    """A call in operands a, b and d, and shapes for them; without a twin it is its own."""

    call: str
    shapes: tuple[Shapes, ...]
    twin: Twin | None = None
    make: Make = plain


def each(function: Callable[..., Any], *cores: int) -> Twin:
    """A twin of matrices made one of stacks: ``cores`` are the axes that it takes of each."""

    def twin(operands: tuple[Any, ...], found: tuple[Any, ...]) -> tuple[Any, ...]:
        ranks = [core if core else min(x.ndim, 2) for core, x in zip(cores, operands, strict=True)]
        stacks = [x.shape[: x.ndim - rank] for x, rank in zip(operands, ranks, strict=True)]
        stack = np.broadcast_shapes(*stacks)
        operands = tuple(
            np.broadcast_to(x, (*stack, *x.shape[x.ndim - rank :]))
            for x, rank in zip(operands, ranks, strict=True)
        )
        results = [np.empty(np.shape(each), object) for each in found]
        for index in np.ndindex(stack):
            parts = function(
                *(x[index] for x in operands), found=tuple(np.asarray(f)[index] for f in found)
            )
            for result, part in zip(results, parts, strict=True):
                result[index] = part
        return tuple(results)

    return twin


def matrix(x: Any) -> Any:
    """An array as mpmath's matrix; a vector as a column."""
    return mp.matrix(x.tolist())


def array(x: Any, like: Any) -> Any:
    """A matrix of mpmath's as an array of a shape."""
    return np.array(x.tolist(), object).reshape(np.shape(like))


def solve(a: Any, b: Any, found: Any) -> Any:
    """The solution, for a vector or a matrix."""
    return (array(mp.inverse(matrix(a)) * matrix(b), found[0]),)


def inv(a: Any, found: Any) -> Any:
    """The inverse."""
    return (array(mp.inverse(matrix(a)), found[0]),)


def _pseudo_inverse(a: Any) -> Any:
    a = matrix(a)
    if a.rows >= a.cols:
        return mp.inverse(a.T * a) * a.T
    return a.T * mp.inverse(a * a.T)


def pinv(a: Any, found: Any) -> Any:
    """The pseudo-inverse."""
    return (array(_pseudo_inverse(a), found[0]),)


def lstsq(a: Any, b: Any, found: Any) -> Any:
    """The least squares solution."""
    return (array(_pseudo_inverse(a) * matrix(b), found[0]),)


def det(a: Any, found: Any) -> Any:
    """The determinant."""
    return (mp.det(matrix(a)),)


def _cond_by(order: Any) -> Any:
    """The condition number in another norm than the 2-norm."""

    def twin(a: Any, found: Any) -> Any:
        return (mp.mnorm(matrix(a), order) * mp.mnorm(mp.inverse(matrix(a)), order),)

    return twin


def _slogdet(a: Any, found: Any) -> Any:
    return (mp.sign(mp.det(matrix(a))), mp.log(abs(mp.det(matrix(a)))))


def _power(n: int) -> Twin:
    return each(lambda a, found: (array(matrix(a) ** n, found[0]),), 2)


def cholesky(a: Any, found: Any) -> Any:
    """The lower factor, of the lower triangle."""
    lower = np.tril(a) + np.tril(a, -1).T
    return (array(mp.cholesky(matrix(lower)), found[0]),)


def cholesky_upper(a: Any, found: Any) -> Any:
    """The upper factor, of the upper triangle."""
    return (cholesky(a.T, (found[0].T,))[0].T,)


def _signs(vectors: Any, found: Any) -> Any:
    """The columns, each with the sign that NumPy chose."""
    return np.array([1 if p > 0 else -1 for p in np.sum(vectors * found, axis=0)], object)


def eigh(a: Any, found: Any) -> Any:
    """Eigenvalues and their vectors, of the lower triangle."""
    values, vectors = mp.eigsy(matrix(np.tril(a) + np.tril(a, -1).T))
    vectors = array(vectors, a)
    if len(found) == 2:
        vectors = vectors * _signs(vectors, found[1])
    return (array(values, a[0]), vectors)


def eigh_upper(a: Any, found: Any) -> Any:
    """Eigenvalues and their vectors, of the upper triangle."""
    return eigh(a.T, found)


def only(function: Callable[..., Any], *which: int) -> Callable[..., Any]:
    """Some of the results of a decomposition."""

    def some(*operands: Any, found: Any) -> Any:
        results = function(*operands, found=found)
        return tuple(results[n] for n in which)

    return some


def svd(a: Any, found: Any) -> Any:
    """Singular values and their vectors, with NumPy's signs."""
    u, s, vt = mp.svd_r(matrix(a))
    u, vt = np.array(u.tolist(), object), np.array(vt.tolist(), object)
    if len(found) == 3:
        signs = _signs(u, found[0])
        u, vt = u * signs, (vt.T * signs).T
    return u, np.array(s.tolist(), object).ravel(), vt


def _cond(a: Any, found: Any) -> Any:
    s = svd(a, found)[1]
    return (s[0] / s[-1],)


def qr(a: Any, found: Any) -> Any:
    """The factors, with NumPy's signs."""
    q, r = mp.qr(matrix(a), mode="skinny")
    q, r = np.array(q.tolist(), object), np.array(r.tolist(), object)
    signs = _signs(q, found[0]) if len(found) == 2 else _row_signs(r, found[0])
    return q * signs, (r.T * signs).T


def _row_signs(r: Any, found: Any) -> Any:
    return np.array([1 if p > 0 else -1 for p in np.diagonal(r * found)], object)


def _squared_q(a: Any, found: Any) -> Any:
    q, _ = mp.qr(matrix(a), mode="skinny")
    return (np.array(q.tolist(), object) ** 2,)


SQUARE: tuple[Shapes, ...] = (((3, 3),), ((1, 1),), ((2, 3, 3),), ((2, 1, 2, 2),))
ANY: tuple[Shapes, ...] = (((3, 3),), ((4, 2),), ((2, 4),), ((3, 1),), ((2, 3, 2),))
TALL: tuple[Shapes, ...] = (((3, 3),), ((4, 2),), ((3, 1),), ((2, 3, 2),))
SQUARES: tuple[Shapes, ...] = SQUARE[:1]
NUMPY_2 = int(np.__version__.partition(".")[0]) >= 2
SOLVED: tuple[Shapes, ...] = (
    *(((3, 3), (3,)), ((3, 3), (3, 2)), ((1, 1), (1,)), ((3, 3), (2, 3, 2))),
    *(((2, 3, 3), (2, 3, 2)), ((1, 3, 3), (2, 3, 1))),
    # Before NumPy 2 these right-hand sides were stacks of vectors.
    *((((2, 3, 3), (3,)), ((2, 3, 3), (3, 2))) if NUMPY_2 else ()),
)


def _frequencies(operands: tuple[Any, ...], found: tuple[Any, ...]) -> tuple[Any, ...]:
    whole = (0, 1, 2, -2, -1)[: len(found[0])]
    spacing = np.asarray(operands[0]).item()
    return (np.array([k / (5 * spacing) for k in whole], object),)


MATRICES: dict[str, list[Matrices]] = {
    "numpy.fft.fftfreq": [
        Matrices("np.fft.fftfreq(5, a + 3.0)", ((None,),),
                 lambda operands, found: _frequencies((operands[0] + 3,), found)),
        Matrices("np.fft.rfftfreq(5, d=a + 3.0)", ((None,),),
                 lambda operands, found: _frequencies((operands[0] + 3,), found)),
    ],
    "np.linalg.solve": [
        Matrices("np.linalg.solve(a, b)", SOLVED, each(solve, 2, 0), regular),
        Matrices("np.linalg.solve(a, a.T)", SQUARES,
                 each(lambda a, found: solve(a, a.T, found), 2), regular),
        Matrices("np.linalg.solve(b=b, a=a)", SOLVED[:1], each(solve, 2, 0), regular),
    ],
    "np.linalg.inv": [Matrices("np.linalg.inv(a)", SQUARE, each(inv, 2), regular)],
    "np.linalg.pinv": [
        Matrices("np.linalg.pinv(a)", ANY, each(pinv, 2), graded),
        Matrices("np.linalg.pinv(a, 1e-12)", ANY[:1], each(pinv, 2), graded),
    ],
    "np.linalg.det": [Matrices("np.linalg.det(a)", SQUARE, each(det, 2), regular)],
    "np.linalg.slogdet": [
        Matrices("np.linalg.slogdet(a)", SQUARE, each(_slogdet, 2), regular),
        Matrices("np.linalg.slogdet(-a).logabsdet", SQUARE,
                 each(only(lambda a, found: _slogdet(-a, found), 1), 2), regular),
        Matrices("np.linalg.slogdet(a)[0]", SQUARE, each(only(_slogdet, 0), 2), regular),
    ],
    "np.linalg.matrix_power": [
        Matrices(f"np.linalg.matrix_power(a, {n})", SQUARE[::2], _power(n), regular)
        for n in (0, 1, 2, 3, 5, -1, -2, -3)
    ],
    "np.linalg.lstsq": [
        Matrices("np.linalg.lstsq(a, b, rcond=None)[0]",
                 (((4, 2), (4,)), ((4, 2), (4, 3)), ((2, 3), (2,)), ((3, 3), (3, 1))),
                 each(lstsq, 2, 0), graded),
    ],
    "np.linalg.cholesky": [
        Matrices("np.linalg.cholesky(a)", SQUARE, each(cholesky, 2), positive),
        *([Matrices("np.linalg.cholesky(a, upper=True)", SQUARE, each(cholesky_upper, 2), positive)]
          if NUMPY_2 else []),
    ],
    "np.linalg.eigh": [
        Matrices("np.linalg.eigh(a)", SQUARE, each(eigh, 2), graded),
        Matrices("np.linalg.eigh(a, 'U')", SQUARE[:1], each(eigh_upper, 2), graded),
        Matrices("np.linalg.eigh(a, UPLO='L').eigenvalues", SQUARE, each(only(eigh, 0), 2),
                 graded),
        Matrices("np.linalg.eigh(a).eigenvectors ** 2", SQUARE,
                 each(lambda a, found: (eigh(a, found)[1] ** 2,), 2), graded),
    ],
    "np.linalg.eigvalsh": [
        Matrices("np.linalg.eigvalsh(a)", SQUARE, each(only(eigh, 0), 2), graded),
        Matrices("np.linalg.eigvalsh(a, UPLO='U')", SQUARE[:1], each(only(eigh_upper, 0), 2),
                 graded),
    ],
    "np.linalg.svd": [
        Matrices("np.linalg.svd(a, full_matrices=False)", ANY, each(svd, 2), graded),
        Matrices("np.linalg.svd(a, compute_uv=False)", ANY, each(only(svd, 1), 2), graded),
        Matrices("np.linalg.svd(a, False).S", ANY[:2], each(only(svd, 1), 2), graded),
        Matrices("np.linalg.svd(a, full_matrices=False)[0] ** 2", ANY,
                 each(lambda a, found: (svd(a, found)[0] ** 2,), 2), graded),
        Matrices("np.linalg.svd(a, full_matrices=False)[2] ** 2", ANY,
                 each(lambda a, found: (svd(a, found)[2] ** 2,), 2), graded),
    ],
    "np.linalg.svdvals": [
        Matrices("np.linalg.svdvals(a)", ANY, each(only(svd, 1), 2), graded),
    ],
    "np.linalg.cond": [
        Matrices("np.linalg.cond(a)", SQUARE[::2], each(_cond, 2), graded),
        Matrices("np.linalg.cond(a, 2)", (((3, 2),),), each(_cond, 2), graded),
        Matrices("np.linalg.cond(a, 1)", (((3, 3),), ((2, 3, 3),)), each(_cond_by(1), 2), graded),
        Matrices("np.linalg.cond(a, p='fro')", (((3, 3),),), each(_cond_by("f"), 2), graded),
    ],
    "np.linalg.qr": [
        Matrices("np.linalg.qr(a)", TALL, each(qr, 2), graded),
        Matrices("np.linalg.qr(a, mode='r')", TALL, each(only(qr, 1), 2), graded),
        Matrices("np.linalg.qr(a).Q ** 2", TALL, each(_squared_q, 2), graded),
    ],
}  # fmt: skip
