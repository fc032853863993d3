"""Entries taken, repeated, put in, left out; borders and diagonals."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np

from tests.rule_samples.matrices import Matrices
from tests.rule_samples.sample import Shapes

VECTORS: list[Shapes] = [((3,),), ((5,),)]
MATRICES: list[Shapes] = [((2, 3),), ((3, 2),), ((3, 3),), ((1, 3),)]

STRUCTURED: dict[str, list[tuple[str, list[Shapes]]]] = {
    "np.take": [
        ("np.take(a, [0, -1, 0])", [((3,),), ((2, 3),), ((1,),), ((2, 3, 4),)]),
        ("a.take([[0, 1], [1, 1]], axis=0)", [((3,),), ((2, 3),), ((2, 3, 4),)]),
        ("np.take(a, [2, 0, -2], 1)", [((2, 3),), ((2, 3, 4),)]),
        ("np.take(a, 1, axis=-1)", [((3,),), ((2, 3),)]),
        ("np.take(a, -1)", [((3,),), ((2, 3),)]),
        ("np.take(a, [0, 5, -4], mode='wrap')", [((3,),), ((2, 3),)]),
        ("np.take(a, [0, 5, -4], axis=0, mode='clip')", [((3,),), ((2, 3),)]),
        ("np.take(a, int(c[0] > 0), axis=0)", [((3,), (3,)), ((3, 2), (3,))]),
    ],
    "np.take_along_axis": [
        ("np.take_along_axis(a, (c > 0).astype(int), 0)", [((3,), (3,))]),
        ("np.take_along_axis(a, (c > 0).astype(int), axis=1)", [((2, 3), (2, 3)),
                                                                  ((1, 3), (2, 3))]),
        ("np.take_along_axis(a, (c > 0).astype(int), axis=0)", [((2, 3), (2, 3)),
                                                                  ((2, 1), (2, 3))]),
        ("np.take_along_axis(a, (c > 0).astype(int), axis=-1)", [((2, 2, 3), (2, 1, 3)),
                                                           ((2, 3), (2, 3))]),
        ("np.take_along_axis(a, np.array([[0, 0, 1], [2, 2, 2]]), axis=1)", [((2, 3),)]),
    ],
    "np.compress": [
        ("np.compress([True, False, True], a)", [((3,),), ((5,),)]),
        ("a.compress(c > 0, axis=0)", [((3,), (3,)), ((3, 2), (3,))]),
        ("np.compress(c > 0, a, axis=-1)", [((2, 3), (3,)), ((2, 3), (2,))]),
    ],
    "np.extract": [
        ("np.extract(c > 0, a)", [((3,), (3,)), ((3,), (2,))]),
        ("np.extract(a * 0.0 + c > 0, a * 1.0)", [((2, 3), (2, 3))]),
    ],
    "np.choose": [
        ("np.choose(np.array([1, 0, 1]), [a, b])", [((3,), (3,)), (None, (3,)), ((2, 3), (1,))]),
        ("np.choose((c > 0).astype(int), (a, b, a))", [((3,), (3,), (3,)), (None, None, (3,))]),
    ],
    "np.select": [
        ("np.select([c > 1, c > 0, c < -1], [a, b, a * 2], default=b * 3)",
         [((3,), (3,), (3,)), ((2, 3), (3,), (2, 1))]),
        ("np.select(default=a, choicelist=[b], condlist=[c > 0])", [((3,), (3,), (1,))]),
        ("np.select([c > 0, c > -1], [a, b])", [((3,), (3,), (3,)), (None, (2, 3), (3,))]),
        ("np.select([c > 0], [a], b)", [((3,), (3,), (3,)), (None, (1,), (3,)),
                                        ((2, 3), None, (2, 1))]),
        ("np.select([c > 0, c < 5], [a, 0.0], default=b)", [((3,), (3,), (3,))]),
    ],
    "np.repeat": [
        ("np.repeat(a, 2)", [((3,),), ((2, 3),), ((1,),), ((0,),), ((),), (None,)]),
        ("a.repeat(3, axis=0)", [((3,),), ((2, 3),), ((2, 3, 4),), ((0, 2),)]),
        ("np.repeat(a, repeats=2, axis=-1)", [((2, 3),), ((2, 3, 4),)]),
        ("np.repeat(a, len(a) - 2, axis=1)", [((2, 3),), ((3, 3),)]),
        ("np.repeat(a, 0)", [((3,),)]),
        ("np.repeat(a, [2, 0, 1])", [((3,),), ((3, 1),)]),
        ("np.repeat(a, np.array([2, 0, 1]), axis=1)", [((2, 3),), ((2, 3, 2),)]),
        ("np.repeat(a, (1, 3), 0)", [((2, 3),), ((2,),)]),
    ],
    "np.tile": [
        ("np.tile(a, 2)", [((3,),), ((2, 3),), ((1,),), ((0,),), (None,)]),
        ("np.tile(a, (2, 3))", [((3,),), ((2, 3),), ((2, 3, 4),), (None,)]),
        ("np.tile(a, (2, 1))", [((3,),), ((2, 3),), ((1, 3),)]),
        ("np.tile(a, (1, 1))", [((3,),), ((2, 3),)]),
        ("np.tile(a, reps=(len(a), 2, 1))", [((3,),), ((2, 3),)]),
        ("np.tile(a, 0)", [((3,),)]),
    ],
    "np.resize": [
        ("np.resize(a, (2, 4))", [((3,),), ((2, 3),), ((1,),), ((3, 4),), (None,)]),
        ("np.resize(a, 7)", [((3,),), ((2, 3),)]),
        ("np.resize(a, (len(a), 2))", [((3,),)]),
    ],
    "np.bincount": [
        ("np.bincount(np.array([0, 2, 0]), a)", [((3,),)]),
        ("np.bincount(np.array([0, 2, 0]), weights=a, minlength=5)", [((3,),)]),
    ],
    "np.pad": [
        (f"np.pad(a, {width}, {mode})", [((3,),), ((1,),), ((2, 3),), ((1, 2, 3),)])
        for width in (2, "(1, 4)", "len(a)")
        for mode in ("mode='edge'", "'wrap'", "'symmetric'", "'reflect'", "'constant'",
                     "mode='mean'", "mode='linear_ramp'", "'reflect', reflect_type='odd'",
                     "'symmetric', reflect_type='odd'", "mode='mean', stat_length=2")
    ] + [
        ("np.pad(a, 2)", [((3,),), ((0,),), ((2, 3),), ((2, 0),)]),
        ("np.pad(a, ((1, 0), (0, 2)), 'edge')", [((2, 3),)]),
        ("np.pad(a, ((1,), (2,)))", [((2, 3),)]),
        ("np.pad(a, [(0, 3), (len(a), 0)])", [((2, 3),)]),
        ("np.pad(a, ((1, 2),), 'reflect')", [((3,),), ((2, 3),)]),
        ("np.pad(a, (1,))", [((3,),), ((2, 3),)]),
        ("np.pad(a, 1, 'constant', constant_values=b)", [((3,), None), ((2, 3), None)]),
        ("np.pad(a, (2, 1), 'linear_ramp', end_values=b)", [((3,), None), ((2, 3), None)]),
    ],
    "np.diagonal": [
        ("np.diagonal(a)", [*MATRICES, ((2, 3, 4),), ((0, 2),)]),
        ("a.diagonal(1)", MATRICES),
        ("a.diagonal(offset=-1)", MATRICES),
        ("np.diagonal(a, 0, 1, 2)", [((2, 3, 4),)]),
        ("np.diagonal(a, axis1=2, axis2=0)", [((2, 3, 4),)]),
        ("np.diagonal(a, len(a) - 1, -1, 0)", [((2, 3, 4),), ((3, 3),)]),
    ],
    "helpers.undiagonal": [
        ("undiagonal(a, c)", [((2,), (2, 3)), (None, (3, 3)), ((4, 2), (2, 3, 4)),
                              ((4, 1), (2, 3, 4))]),
        ("undiagonal(a, c, 1)", [((2,), (2, 3)), ((1,), (2, 3))]),
        ("undiagonal(a, c, 0, 1, 2)", [((2, 3), (2, 3, 4))]),
    ],
    "np.trace": [
        ("np.trace(a)", [*MATRICES, ((2, 3, 4),)]),
        ("a.trace(1)", MATRICES),
        ("np.trace(a, offset=-1)", [*MATRICES, ((2, 3, 4),)]),
        ("np.trace(a, 0, 1, 2)", [((2, 3, 4),)]),
        ("np.trace(a, axis1=1, axis2=0)", [((2, 3),), ((2, 3, 4),)]),
    ],
    "np.diag": [
        ("np.diag(a)", [((3,),), ((1,),), ((0,),), *MATRICES]),
        ("np.diag(a, 1)", [((3,),), *MATRICES]),
        ("np.diag(a, k=-2)", [((3,),), ((3, 3),), ((4, 3),)]),
        ("np.diag(a, len(a) - 2)", [((3,),), ((3, 3),)]),
    ],
    "np.diagflat": [
        ("np.diagflat(a)", [((3,),), ((2, 2),), ((1,),)]),
        ("np.diagflat(a, 1)", [((3,),), ((2, 2),)]),
    ],
    "np.tril": [
        (call, [*MATRICES, ((2, 3, 3),)])
        for call in ("np.tril(a)", "np.tril(a, 1)", "np.tril(a, k=-1)")
    ],
    "np.triu": [
        (call, [*MATRICES, ((2, 3, 3),)])
        for call in ("np.triu(a)", "np.triu(a, 1)", "np.triu(a, k=-len(a))")
    ],
    "np.delete": [
        ("np.delete(a, 1)", [((3,),)]),
        ("np.delete(a, -1, axis=1)", [((2, 3),), ((2, 3, 4),), ((2, 1),)]),
        ("np.delete(a, [0, 2, 0])", [((3,),), ((4,),)]),
        ("np.delete(a, c > 0, axis=0)", [((3,), (3,)), ((3, 2), (3,))]),
    ],
    "np.insert": [
        ("np.insert(a, 1, b)", [((3,), None), ((3,), (2,)), ((1,), ()), ((3,), (1,))]),
        ("np.insert(a, -1, b)", [((3,), None), ((3,), (2,))]),
        ("np.insert(a, len(a), b, axis=0)", [((3,), None), ((0,), (2,))]),
    ],
    "np.ndarray.item": [("a.item()", [((1,),), ((),), ((1, 1),)])],
    "np.ndarray.astype": [
        (call, [((3,),), ((2, 3),), ((),)])
        for call in ("a.astype(float)", "a.astype(np.float64)", "a.astype('f8')")
    ],
    "np.real": [(call, [((3,),), ((2, 3),)]) for call in ("np.real(a)", "a.real")],
    "np.diff": [
        ("np.diff(a)", [((3,),), ((2, 3),), ((1,),), ((0,),), ((2, 3, 4),)]),
        ("np.diff(a, axis=0)", [((3,),), ((2, 3),), ((2, 3, 4),)]),
        ("np.diff(a, n=2)", [((4,),), ((2, 4),), ((2,),), ((1,),), ((0,),)]),
        ("np.diff(a, 3, axis=0)", [((5,),), ((5, 2),), ((2, 3),)]),
        ("np.diff(a, prepend=b)", [((3,), None), ((3,), (2,)), ((2, 3), None), ((2, 3), (2, 1)),
                                   ((0,), (0,)), ((0,), (2,))]),
        ("np.diff(a, append=b)", [((3,), None), ((3,), (2,)), ((2, 3), (2, 2))]),
        ("np.diff(a, n=2, axis=0, prepend=0.0, append=b)", [((3,), None), ((2, 3), (1, 3))]),
    ],
    "np.ediff1d": [
        ("np.ediff1d(a)", [((4,),), ((1,),), ((0,),)]),
        ("np.ediff1d(a, b)", [((4,), None), ((4,), (2,))]),
        ("np.ediff1d(a, to_begin=b)", [((4,), None), ((4,), (2,)), ((1,), (2,))]),
        ("np.ediff1d(a, to_end=b, to_begin=b)", [((4,), None), ((4,), (2,)), ((4,), ())]),
    ],
    "np.gradient": [
        ("np.gradient(a)", [((4,),), ((2,),)]),
        ("np.gradient(a, 0.5)", [((4,),)]),
        ("np.gradient(a, edge_order=2)", [((4,),), ((3,),)]),
        ("np.gradient(a, 2.0, axis=1)", [((2, 3),), ((2, 3, 4),)]),
        ("np.gradient(a)[0]", [((3, 4),), ((2, 2, 2),)]),
        ("np.gradient(a, np.array([0.0, 0.5, 2.0, 2.5]))", [((4,),)]),
        ("np.gradient(a, np.array([1.0, 0.5, -2.0, 4.5]), axis=-1, edge_order=2)", [((3, 4),)]),
        ("np.gradient(a, 2.0, np.arange(4.0) ** 2)[1]", [((3, 4),)]),
        ("np.gradient(a, 2.0, 0.5)[1]", [((3, 4),)]),
        ("np.gradient(a, 2.0, 0.5, axis=(2, 0))[1]", [((3, 4, 2),)]),
    ],
    "helpers.ungradient": [
        ("ungradient(a, np.array([0.0, 0.5, 2.0, 2.5]), 0, 1)", [((4,),), ((4, 3),)]),
        ("ungradient(a, np.array([0.0, 0.5, 2.0, 2.5]), 1, 2)", [((2, 4),)]),
        ("ungradient(a, 0.5, 0, 1)", [((4,),), ((2,),), ((3, 4),)]),
        ("ungradient(a, 0.5, 1, 2)", [((3, 4),)]),
    ],
    "np.convolve": [
        (f"np.convolve(a, b{mode})", [((4,), (3,)), ((3,), (4,)), ((4,), (2,)), ((2,), (5,)),
                                      ((3,), (3,)), ((1,), (3,)), ((1,), (1,))])
        for mode in ("", ", 'same'", ", mode='valid'", ", 'full'")
    ],
    "np.correlate": [
        (f"np.correlate(a, b{mode})", [((4,), (3,)), ((3,), (4,)), ((4,), (2,)), ((2,), (5,)),
                                       ((3,), (3,)), ((1,), (3,)), ((1,), (1,))])
        for mode in ("", ", 'same'", ", mode='valid'", ", 'full'")
    ],
    "np.split": [
        ("np.split(a, 3)[1]", [((6,),), ((3, 2),), ((0,),)]),
        ("np.split(a, 2, axis=1)[0]", [((3, 4),)]),
        ("np.split(a, [1, 3])[1]", [((6,),), ((4, 2),), ((2,),)]),
        ("np.split(a, (len(a) - 1,), axis=-1)[-1]", [((6,),), ((2, 4),)]),
    ],
    "np.array_split": [
        ("np.array_split(a, 3)[1]", [((7,),), ((2, 2),), ((1,),)]),
        ("np.array_split(a, 2, axis=1)[0]", [((3, 5),)]),
    ],
    "np.hsplit": [("np.hsplit(a, 2)[1]", [((4,),), ((3, 4),), ((2, 2, 3),)])],
    "np.vsplit": [("np.vsplit(a, 2)[1]", [((4, 3),), ((2, 2, 3),)])],
    "np.dsplit": [("np.dsplit(a, [1])[1]", [((2, 2, 3),)])],
    "np.broadcast_arrays": [
        (f"np.broadcast_arrays(a, b)[{n}]", [((3,), (2, 3)), ((2, 1), (3,)), ((3,), (3,)),
                                             (None, (3,)), ((1,), ())])
        for n in (0, 1)
    ],
    "np.polyder": [("np.polyder(a)", [((4,),), ((1,),), ((0,),)])],
    "np.meshgrid": [
        (f"np.meshgrid(a, b{more})[{n}]", [((3,), (2,)), ((1,), (2,)), (None, (2,))])
        for n in (0, 1)
        for more in ("", ", indexing='ij'", ", sparse=True")
    ] + [("np.meshgrid(a, b, a)[2]", [((3,), (2,))]), ("np.meshgrid(a, b, a)[1]", [((3,), (2,))])],
}  # fmt: skip

# Calls with an operand x near 2.7; their derivatives are zero.
ZERO: dict[str, list[str]] = {
    "np.zeros": ["np.sum(np.zeros(3))", "np.sum(np.zeros((2, int(x)), dtype=int))"],
    "np.ones": ["np.sum(np.ones((2, 3)))", "np.sum(np.ones(int(x)) + np.ones(int(x)))"],
    "np.empty": ["np.empty((2, 3)).size"],
    "np.zeros_like": [
        "np.sum(np.zeros_like(np.array([x, x])))",
        "np.sum(np.zeros_like(np.array([x, x]), shape=(3,)))",
    ],
    "np.ones_like": [
        "np.sum(np.ones_like(np.array([x, x])))",
        "np.sum(np.ones_like(np.array([x, x]), dtype=int))",
    ],
    "np.empty_like": ["np.empty_like(np.array([x, x])).size"],
    "np.eye": ["np.sum(np.eye(3) @ np.eye(3, 2, k=-1))", "np.sum(np.eye(int(x)))"],
    "np.identity": ["np.sum(np.identity(int(x)))"],
    "np.tri": ["np.sum(np.tri(3, 4, 1))", "np.sum(np.tri(3))"],
    "np.nonzero": ["np.nonzero(np.array([x, 0.0]))[0].size", "np.eye(3).nonzero()[1][2]"],
    "np.flatnonzero": ["np.sum(np.flatnonzero(np.array([0.0, x])))"],
    "np.argwhere": ["np.sum(np.argwhere(np.array([0.0, x])))"],
    "np.where": ["np.where(np.array([0.0, x]) > 1)[0][0]"],
    "np.searchsorted": [
        "np.searchsorted(np.arange(5), x)",
        "np.arange(5).searchsorted(x, side='right')",
        "np.sum(np.searchsorted(np.arange(5), np.array([x, 1.0])))",
    ],
    "np.digitize": ["np.digitize(x, np.arange(5))", "np.sum(np.digitize(np.array([x]), [1, 2]))"],
    "np.triu_indices": ["np.sum(np.triu_indices(3)[0])", "np.sum(np.triu_indices(3, 1, 4)[1])"],
    "np.tril_indices": ["np.sum(np.tril_indices(int(x), k=-1)[0])"],
    "np.triu_indices_from": ["np.sum(np.triu_indices_from(np.eye(3))[1])"],
    "np.tril_indices_from": ["np.sum(np.tril_indices_from(np.eye(3), -1)[0])"],
    "np.diag_indices": ["np.sum(np.diag_indices(3)[1])"],
    "np.diag_indices_from": ["np.sum(np.diag_indices_from(np.eye(3))[1])"],
    "np.unravel_index": [
        "(np.unravel_index(5, (2, 3))[0] + 1)",
        "np.sum(np.unravel_index(np.array([1, 5]), (2, int(x) + 1))[1])",
    ],
    "np.isin": ["np.sum(np.isin(np.arange(5), [int(x), 4]) * 1.0)", "np.isin(2, np.arange(3)) * 1"],
    "np.bartlett": ["np.sum(np.bartlett(5))", "np.sum(np.bartlett(int(x) + 2) * np.ones(4))"],
    "np.blackman": ["np.sum(np.blackman(5))"],
    "np.hamming": ["np.sum(np.hamming(5))"],
    "np.hanning": ["np.sum(np.hanning(5))"],
    "np.kaiser": ["np.sum(np.kaiser(5, 2.0))", "np.sum(np.kaiser(int(x) + 2, 1.5) * np.ones(4))"],
    "np.polynomial.legendre.leggauss": ["np.sum(np.polynomial.legendre.leggauss(3)[0] ** 2)"],
    "np.polynomial.chebyshev.chebgauss": ["np.sum(np.polynomial.chebyshev.chebgauss(3)[1])"],
    "np.polynomial.hermite.hermgauss": ["np.sum(np.polynomial.hermite.hermgauss(int(x))[1])"],
    "np.polynomial.hermite_e.hermegauss": ["np.sum(np.polynomial.hermite_e.hermegauss(3)[1])"],
    "np.polynomial.laguerre.laggauss": ["np.sum(np.polynomial.laguerre.laggauss(deg=2)[0])"],
    "np.ix_": ["np.sum(np.eye(3)[np.ix_([0, 1], [1, 2])])", "np.sum(np.ix_(np.arange(3))[0])"],
    "np.indices": ["np.sum(np.indices((2, 3)))", "np.sum(np.indices((int(x),)))"],
    "np.bincount": ["np.sum(np.bincount(np.array([1, 3, 1])))"],
}


def _slope(x: Any, h: Any, edge_order: int) -> Any:
    ends = [-1, 1] if edge_order == 1 else [mp.mpf(-3) / 2, 2, mp.mpf(-1) / 2]
    inner = (x[2:] - x[:-2]) / (2 * h)
    first = sum(w * x[n] for n, w in enumerate(ends)) / h
    last = -sum(w * x[-1 - n] for n, w in enumerate(ends)) / h
    return np.concatenate([[first], inner, [last]])


def _slopes(axis: int, edge_order: int, spacing: int = 1) -> Any:
    def twin(operands: tuple[Any, ...], found: tuple[Any, ...]) -> tuple[Any, ...]:
        moved = np.moveaxis(operands[0], axis, 0)
        return (np.moveaxis(_slope(moved, operands[spacing], edge_order), 0, axis),)

    return twin


def _polynomial(operands: tuple[Any, ...], found: tuple[Any, ...]) -> tuple[Any, ...]:
    coefficients, x = operands
    value = 0 * x
    for each in coefficients:
        value = value * x + each
    return (value,)


# What is not linear, with twins at 50 digits.
CURVED: dict[str, list[Matrices]] = {
    "np.polyval": [
        Matrices("np.polyval(a, b)", (((4,), None), ((4,), (3,)), ((1,), (2, 3)), ((3,), ()),
                                      ((2,), (1,))), _polynomial),
    ],
    "np.gradient": [
        Matrices("np.gradient(a, b)", (((4,), None), ((2,), None), ((3,), ())), _slopes(0, 1)),
        Matrices("np.gradient(a, b, edge_order=2)", (((4,), None),), _slopes(0, 2)),
        Matrices("np.gradient(a, b, axis=1)", (((2, 3), None),), _slopes(1, 1)),
        Matrices("np.gradient(a, b, d)[1]", (((3, 4), None, None),), _slopes(1, 1, 2)),
        Matrices("np.gradient(a, b)[1]", (((3, 4), None),), _slopes(1, 1)),
        Matrices("np.gradient(a, b, 1.5, axis=(1, 0), edge_order=2)[0]", (((3, 4), None),),
                 _slopes(1, 2)),
    ],
    "helpers.ungradient": [
        Matrices("ungradient(a, b, 0, 1)", (((4,), None),)),
        Matrices("ungradient(a, b, 1, 2)", (((2, 4), None),)),
    ],
}  # fmt: skip
