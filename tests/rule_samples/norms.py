"""Norms, with twins on arrays of mpmath's numbers."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np

from tests.rule_samples.reductions import reductions
from tests.rule_samples.sample import Shapes
from tests.rule_samples.whole import Whole, along

VECTORS: tuple[Shapes, ...] = (((4,),), ((1,),), ((3,),))
MATRICES: tuple[Shapes, ...] = (((2, 3),), ((3, 2),), ((2, 2),))
STACKS: tuple[Shapes, ...] = (((2, 3),), ((2, 2, 3),))


def euclidean(x: list[Any]) -> Any:
    return mp.sqrt(sum(each * each for each in x))


def p_norm(p: float) -> Any:
    return lambda x: sum(abs(each) ** mp.mpf(p) for each in x) ** (1 / mp.mpf(p))


def size(x: list[Any]) -> Any:
    return sum(map(abs, x))


def largest(x: list[Any]) -> Any:
    return max(map(abs, x))


def smallest(x: list[Any]) -> Any:
    return min(map(abs, x))


def sums(function: Any, summed: int, over: int) -> Any:
    """The largest or the smallest sum of sizes along an axis."""

    def twin(x: Any) -> Any:
        return along(function, over if over < summed else over - 1)(along(size, summed)(x))

    return twin


def singular(function: Any) -> Any:
    """A function of the singular values of each matrix."""

    def one(x: Any) -> Any:
        rows, columns = x.shape
        matrix = mp.matrix(x.tolist())
        gram = matrix.T * matrix if columns <= rows else matrix * matrix.T
        return function([mp.sqrt(each) for each in mp.eigsy(gram, eigvals_only=True)])

    def twin(x: Any) -> Any:
        if x.ndim == 2:
            return one(x)
        return np.array([one(each) for each in x], object)

    return twin


WHOLE: dict[str, list[Whole]] = {
    "np.linalg.norm": [
        *reductions("np.linalg.norm", euclidean)[:1],
        Whole("np.linalg.norm(a)", along(euclidean), (((4,),), ((2, 3),), ((2, 2, 2),))),
        Whole("np.linalg.norm(a, axis=0)", along(euclidean, 0), (((4,),), ((2, 3),))),
        Whole("np.linalg.norm(a, None, -1, True)", along(euclidean, -1, keepdims=True), STACKS),
        Whole("np.linalg.norm(a, ord=2)", along(euclidean), VECTORS),
        Whole("np.linalg.norm(a, 'fro')", along(euclidean), MATRICES),
        Whole("np.linalg.norm(a, axis=(0, 1), keepdims=True)",
              along(euclidean, (0, 1), keepdims=True), STACKS),
        Whole("np.linalg.norm(a, 1, axis=-1)", along(size, -1), (((4,),), ((2, 3),))),
        Whole("np.linalg.norm(a, np.inf)", along(largest), VECTORS),
        Whole("np.linalg.norm(a, -np.inf, axis=0)", along(smallest, 0), (((4,),), ((2, 3),))),
        Whole("np.linalg.norm(a, 3, axis=0, keepdims=True)", along(p_norm(3), 0, keepdims=True),
              (((4,),), ((2, 3),))),
        Whole("np.linalg.norm(a, ord=1.5)", along(p_norm(1.5)), VECTORS),
        Whole("np.linalg.norm(a, -2)", along(p_norm(-2)), VECTORS),
        Whole("np.linalg.norm(a, 1)", sums(max, 0, 1), MATRICES),
        Whole("np.linalg.norm(a, -1)", sums(min, 0, 1), MATRICES),
        Whole("np.linalg.norm(a, np.inf)", sums(max, 1, 0), MATRICES),
        Whole("np.linalg.norm(a, -np.inf, axis=(0, 1))", sums(min, 1, 0), MATRICES),
        Whole("np.linalg.norm(a, 1, axis=(1, 0))", sums(max, 1, 0), MATRICES),
        Whole("np.linalg.norm(a, np.inf, axis=(0, 2))", sums(max, 2, 0), (((2, 2, 3),),)),
        Whole("np.linalg.norm(a, 2)", singular(max), MATRICES),
        Whole("np.linalg.norm(a, -2)", singular(min), MATRICES),
        Whole("np.linalg.norm(a, 'nuc')", singular(sum), MATRICES),
        Whole("np.linalg.norm(a, 2, axis=(1, 2))", singular(max), (((2, 3, 2),),)),
        Whole("np.linalg.norm(a, 'nuc', axis=(-2, -1))", singular(sum), (((2, 2, 3),),)),
    ],
    "scipy.linalg.norm": [
        Whole("scipy.linalg.norm(a)", along(euclidean), (((4,),), ((2, 3),))),
        Whole("scipy.linalg.norm(a, 1, check_finite=False)", sums(max, 0, 1), MATRICES[:1]),
    ],
    "np.linalg.vector_norm": [
        Whole("np.linalg.vector_norm(a)", along(euclidean), (((4,),), ((2, 3),), ((2, 2, 3),))),
        Whole("np.linalg.vector_norm(a, axis=0)", along(euclidean, 0), (((4,),), ((2, 3),))),
        Whole("np.linalg.vector_norm(a, axis=(0, 2), keepdims=True, ord=3)",
              along(p_norm(3), (0, 2), keepdims=True), (((2, 2, 3),),)),
        Whole("np.linalg.vector_norm(a, ord=1)", along(size), (((4,),), ((2, 3),))),
        Whole("np.linalg.vector_norm(a, ord=np.inf, axis=(1, 0))", along(largest), (((2, 3),),)),
        Whole("np.linalg.vector_norm(a, ord=-np.inf)", along(smallest), (((2, 2, 3),),)),
        Whole("np.linalg.vector_norm(a, ord=1.5)", along(p_norm(1.5)), (((2, 3),),)),
    ],
    "np.linalg.matrix_norm": [
        Whole("np.linalg.matrix_norm(a)", along(euclidean, (-2, -1)), STACKS),
        Whole("np.linalg.matrix_norm(a, ord=1)", sums(max, 0, 1), MATRICES),
        Whole("np.linalg.matrix_norm(a, ord=-np.inf)", sums(min, 1, 0), MATRICES),
        Whole("np.linalg.matrix_norm(a, ord=2)", singular(max), STACKS),
        Whole("np.linalg.matrix_norm(a, ord='nuc')", singular(sum), STACKS),
        Whole("np.linalg.matrix_norm(a, keepdims=True)",
              along(euclidean, (-2, -1), keepdims=True), STACKS),
    ],
}  # fmt: skip
