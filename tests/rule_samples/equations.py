"""More of ``scipy.linalg``, and covariances: with twins at 50 digits, or twins of themselves."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np

from tests.rule_samples.matrices import (
    TALL,
    Matrices,
    array,
    each,
    eigh,
    eigh_upper,
    graded,
    lstsq,
    matrix,
    only,
    pinv,
    plain,
    qr,
    regular,
    svd,
)

L = "scipy.linalg"
TABLE = (((3, 4),), ((2, 5),))
ONE = (((3, 3),), ((1, 1),))
ANY = (((3, 3),), ((4, 2),), ((2, 4),), ((3, 1),))


def _centred(rows: Any) -> Any:
    return rows - (np.sum(rows, axis=1) / rows.shape[1])[:, None]


def _cov(ddof: int = 1, columns: bool = False) -> Any:
    def twin(operands: Any, found: Any) -> Any:
        first = operands[0].T if columns and operands[0].ndim == 2 else operands[0]
        d = _centred(np.vstack([first, *operands[1:]]))
        y = d @ d.T / (mp.mpf(1) * (d.shape[1] - ddof))
        return (y.reshape(np.shape(found[0])),)

    return twin


def _corrcoef(columns: bool = False) -> Any:
    def twin(operands: Any, found: Any) -> Any:
        (y,) = _cov(0, columns)(operands, [np.empty((len(found[0]),) * 2)])
        s = np.array([mp.sqrt(each) for each in np.diagonal(y)], object)
        return (y / s[:, None] / s[None, :],)

    return twin


def _solved(system: Any, right: Any, like: Any) -> Any:
    """The solution of an equation for a matrix, from that for its entries in one column."""
    column = mp.lu_solve(matrix(system), mp.matrix([*right.flat]))
    return (array(column, like).reshape(np.shape(like)),)


def _kron(a: Any, b: Any) -> Any:
    return np.einsum("ij,kl->ikjl", a, b).reshape(len(a) * len(b), -1)


def _one(n: int) -> Any:
    return np.array([[mp.mpf(i == j) for j in range(n)] for i in range(n)], object)


def _sylvester(a: Any, b: Any, q: Any, found: Any) -> Any:
    return _solved(_kron(a, _one(len(b))) + _kron(_one(len(a)), b.T), q, found[0])


def _continuous(a: Any, q: Any, found: Any) -> Any:
    return _sylvester(a, a.T, q, found)


def _discrete(a: Any, q: Any, found: Any) -> Any:
    return _solved(_kron(_one(len(a)), _one(len(a))) - _kron(a, a), q, found[0])


def small(random: np.random.Generator, shape: Any) -> Any:
    """Matrices whose eigenvalues are less than 1."""
    return plain(random, shape) / 8


TWO = (((3, 3), (2, 2), (3, 2)),)
CONSTANT = "np.array([[3.0, 1.0, 0.5], [2.0, 5.0, 1.0], [1.0, 0.2, 4.0]])"


def _with_constant(transposed: bool) -> Any:
    def twin(operands: Any, found: Any) -> Any:
        known = [["3", "1", "0.5"], ["2", "5", "1"], ["1", "0.2", "4"]]
        a = mp.matrix([[float(each) for each in row] for row in known])
        return (array(mp.inverse(a.T if transposed else a) * matrix(operands[0]), found[0]),)

    return twin


def _toeplitz(c: Any, r: Any, found: Any) -> Any:
    n, m = len(c), len(r)
    rows = [[c[i - j] if i >= j else r[j - i] for j in range(m)] for i in range(n)]
    return (np.array(rows, object),)


MATRICES: dict[str, list[Matrices]] = {
    "np.cov": [
        Matrices("np.cov(a)", (*TABLE, ((4,),)), _cov()),
        Matrices("np.cov(a, rowvar=False)", (*TABLE, ((4,),)), _cov(columns=True)),
        Matrices("np.cov(a, bias=True)", (*TABLE, ((4,),)), _cov(0)),
        Matrices("np.cov(a, None, False, True, 2)", (((4, 3),),), _cov(2, True)),
        Matrices("np.cov(a, b)", (((4,), (4,)),), _cov()),
        Matrices("np.cov(a, y=b, ddof=0)", (((4,), (4,)),), _cov(0)),
        Matrices("np.cov(a, a)", (((4,),),), lambda operands, found: _cov()(
            (operands[0], operands[0]), found)),
    ],
    "np.corrcoef": [
        Matrices("np.corrcoef(a)", TABLE, _corrcoef()),
        Matrices("np.corrcoef(a, rowvar=False)", (((4, 3),),), _corrcoef(True)),
        Matrices("np.corrcoef(a, b)", (((4,), (4,)),), _corrcoef()),
        Matrices("np.corrcoef(a, b)[0, 1]", (((4,), (4,)),), lambda operands, found: (
            _corrcoef()(operands, [np.empty((2, 2))])[0][0, 1],)),
    ],
    f"{L}.eigh": [
        Matrices(f"{L}.eigh(a)", ONE, each(eigh, 2), graded),
        Matrices(f"{L}.eigh(a, lower=False)", ONE, each(eigh_upper, 2), graded),
        Matrices(f"{L}.eigh(a, eigvals_only=True)", ONE, each(only(eigh, 0), 2), graded),
    ],
    f"{L}.eigvalsh": [
        Matrices(f"{L}.eigvalsh(a)", ONE, each(only(eigh, 0), 2), graded),
        Matrices(f"{L}.eigvalsh(a, lower=False)", ONE, each(only(eigh_upper, 0), 2), graded),
    ],
    f"{L}.svd": [
        Matrices(f"{L}.svd(a, full_matrices=False)", ANY, each(svd, 2), graded),
        Matrices(f"{L}.svd(a, compute_uv=False)", ANY, each(only(svd, 1), 2), graded),
    ],
    f"{L}.svdvals": [Matrices(f"{L}.svdvals(a)", ANY, each(only(svd, 1), 2), graded)],
    f"{L}.qr": [Matrices(f"{L}.qr(a, mode='economic')", TALL[:3], each(qr, 2), graded)],
    f"{L}.pinv": [Matrices(f"{L}.pinv(a)", ANY, each(pinv, 2), graded)],
    f"{L}.lstsq": [
        Matrices(f"{L}.lstsq(a, b)[0]", (((4, 2), (4,)), ((4, 2), (4, 3)), ((2, 3), (2,))),
                 each(lstsq, 2, 0), graded),
    ],
    f"{L}.lu_factor": [
        Matrices(f"{L}.lu_solve({L}.lu_factor({CONSTANT}, check_finite=False), a)", (((3,),),),
                 _with_constant(False)),
    ],
    f"{L}.lu_solve": [
        Matrices(f"{L}.lu_solve({L}.lu_factor({CONSTANT}), a)", (((3,),), ((3, 2),)),
                 _with_constant(False)),
        Matrices(f"{L}.lu_solve({L}.lu_factor({CONSTANT}), a, trans=1)", (((3,),), ((3, 2),)),
                 _with_constant(True)),
    ],
    f"{L}.solve_sylvester": [
        Matrices(f"{L}.solve_sylvester(a, b, d)", TWO, each(_sylvester, 2, 2, 2), regular),
    ],
    f"{L}.solve_continuous_lyapunov": [
        Matrices(f"{L}.solve_continuous_lyapunov(a, b)", (((3, 3), (3, 3)),),
                 each(_continuous, 2, 2), regular),
    ],
    f"{L}.solve_discrete_lyapunov": [
        Matrices(f"{L}.solve_discrete_lyapunov(a, b)", (((3, 3), (3, 3)),),
                 each(_discrete, 2, 2), small),
    ],
    f"{L}.toeplitz": [
        Matrices(f"{L}.toeplitz(a)", (((4,),), ((1,),)),
                 lambda operands, found: _toeplitz(operands[0], operands[0], found)),
        Matrices(f"{L}.toeplitz(a, b)", (((3,), (4,)), ((4,), (2,)), ((1,), (3,))),
                 each(_toeplitz, 1, 1)),
    ],
}  # fmt: skip

# Linear ones, for which NumPy's own result on the tangents is the reference.
STRUCTURED: dict[str, Any] = {
    "np.polyadd": [("np.polyadd(a, b)", [((3,), (3,)), ((4,), (2,)), ((1,), (3,))])],
    "np.polysub": [("np.polysub(a, b)", [((3,), (3,)), ((4,), (2,)), ((1,), (3,))])],
    "np.polyint": [("np.polyint(a)", [((4,),), ((1,),), ((2,),)])],
    "np.cumulative_sum": [
        ("np.cumulative_sum(a)", [((3,),), ((1,),), ((0,),)]),
        ("np.cumulative_sum(a, axis=-1)", [((3,),), ((2, 3),), ((2, 3, 2),)]),
        ("np.cumulative_sum(a, axis=1, include_initial=True)", [((2, 3),), ((2, 3, 2),)]),
        ("np.cumulative_sum(a, include_initial=True)", [((3,),), ((1,),), ((0,),)]),
    ],
    f"{L}.block_diag": [
        (f"{L}.block_diag(a, b)", [((2, 3), (1, 2)), ((2, 2), (2, 2))]),
        (f"{L}.block_diag(a, b, a)", [((2, 3), (3, 1))]),
    ],
}
