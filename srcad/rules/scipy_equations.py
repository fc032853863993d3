"""More of ``scipy.linalg``: decompositions, matrix equations, and matrices made of others.

What NumPy has too has NumPy's formulas.  Of a linear equation in ``y`` the adjoint is a solution of
the transposed equation: Golub and Van Loan, *Matrix Computations* (2013), section 7.6.
"""

from __future__ import annotations

from dataclasses import replace

from srcad.analysis.kind import Array, Kind, TupleOf
from srcad.analysis.lengths import counted, known_length
from srcad.rules.axes import rank_of
from srcad.rules.decompositions import (
    eigh_adjoint,
    eigh_kind,
    eigh_tangents,
    eigvalsh_adjoint,
    eigvalsh_kind,
    eigvalsh_tangents,
    qr_adjoint,
    qr_kind,
    qr_tangents,
    svd_adjoint,
    svd_kind,
    svd_tangents,
    svdvals_adjoint,
    svdvals_kind,
    svdvals_tangents,
)
from srcad.rules.linalg import (
    Moving,
    lstsq_adjoint,
    lstsq_kind,
    lstsq_tangents,
    matrices,
    pinv_adjoint,
    pinv_kind,
    pinv_tangents,
    result_dtype,
    solve_kind,
)
from srcad.rules.products import axes_of, product_dtype
from srcad.rules.signature import Refused
from srcad.rules.table import KindOf, Use, excluded, structured

L = "scipy.linalg"
CHECKS = "overwrite_a!False check_finite=True"


def _one_matrix(use: Use) -> None:
    if any(rank_of(kind) != 2 for kind in use.kinds):
        raise Refused("`scipy.linalg` of these operands", "they are no matrices", "`np.linalg`")


def _of_one(kind: KindOf) -> KindOf:
    """The kind for one matrix; of SciPy's results the parts have no names."""

    def of(use: Use) -> Kind:
        _one_matrix(use)
        found = kind(use)
        return TupleOf(found.items) if isinstance(found, TupleOf) else found

    return of


# -- decompositions --------------------------------------------------------------------------------


def _by_triangle(use: Use) -> Use:
    """The triangle that is read, in NumPy's words."""
    side = "L" if use.value("lower") else "U"
    return replace(use, values={**use.values, "UPLO": side})


def _eigh_kind(use: Use) -> Kind:
    of = eigvalsh_kind if use.value("eigvals_only") else eigh_kind
    return of(_by_triangle(use))


def _eigh_adjoint(use: Use, n: int) -> str:
    of = eigh_adjoint if isinstance(use.result, TupleOf) else eigvalsh_adjoint
    return of(_by_triangle(use), n)


def _eigh_tangents(use: Use, moving: Moving) -> str | tuple[str, str]:
    of = eigh_tangents if isinstance(use.result, TupleOf) else eigvalsh_tangents
    return of(_by_triangle(use), moving)


HERMITIAN = f"{CHECKS} overwrite_b!False type! subset_by_index! subset_by_value! driver!"
structured(
    f"{L}.eigh",
    f"a b! * lower=True eigvals_only=False {HERMITIAN}",
    results="w v",
    kind=_of_one(_eigh_kind),
    adjoint=_eigh_adjoint,
    tangents=_eigh_tangents,
    facts="the eigenvalues differ; ; Giles (2008), 3.1",
)
structured(
    f"{L}.eigvalsh",
    f"a b! * lower=True {HERMITIAN}",
    kind=_of_one(lambda use: eigvalsh_kind(_by_triangle(use))),
    adjoint=lambda use, n: eigvalsh_adjoint(_by_triangle(use), n),
    tangents=lambda use, moving: eigvalsh_tangents(_by_triangle(use), moving),
    facts="the eigenvalues differ",
)
structured(
    f"{L}.svd",
    f"a full_matrices=True compute_uv=True {CHECKS} lapack_driver!",
    results="u s vt",
    kind=_of_one(svd_kind),
    adjoint=svd_adjoint,
    tangents=svd_tangents,
    facts="the singular values differ and are not 0; ; Seeger et al. (2017)",
)
structured(
    f"{L}.svdvals",
    f"a {CHECKS}",
    kind=_of_one(svdvals_kind),
    adjoint=svdvals_adjoint,
    tangents=svdvals_tangents,
    facts="the singular values differ and are not 0",
)


def _economic(use: Use) -> Use:
    return replace(use, values={**use.values, "mode": "reduced"})


def _qr_kind(use: Use) -> Kind:
    if use.value("mode") != "economic" or use.value("pivoting"):
        raise Refused("this call of `scipy.linalg.qr`", "it has no rule", '`mode="economic"`')
    return qr_kind(_economic(use))


structured(
    f"{L}.qr",
    "a overwrite_a!False lwork! mode='full' pivoting=False check_finite=True",
    results="q r",
    kind=_of_one(_qr_kind),
    adjoint=lambda use, n: qr_adjoint(_economic(use), n),
    tangents=lambda use, moving: qr_tangents(_economic(use), moving),
    facts="the columns are independent; ; Walter and Lehmann (2012)",
)
structured(
    f"{L}.pinv",
    "a * atol=None rtol=None return_rank! check_finite=True",
    kind=_of_one(pinv_kind),
    adjoint=pinv_adjoint,
    tangents=pinv_tangents,
    facts="the rank does not change near a; ; Golub and Pereyra (1973)",
)
structured(
    f"{L}.lstsq",
    f"a b cond=None {CHECKS} overwrite_b!False lapack_driver!",
    results="x residuals! rank s!",
    kind=lstsq_kind,
    adjoint=lstsq_adjoint,
    tangents=lstsq_tangents,
    facts="the rank does not change near a; ; Golub and Pereyra (1973)",
)

# -- the solution with a factor that is constant ---------------------------------------------------


def _refused_factor() -> str:
    raise Refused("the factor of `lu_factor`", "it has no rule", "`scipy.linalg.solve`")


def _lu_solution(use: Use) -> Kind:
    if use.value("trans") not in (0, 1):
        raise Refused(f"`trans={use.value('trans')!r}`", "it is no transposition", "0 or 1")
    if rank_of(use.kinds[0]) != 2 or not 1 <= rank_of(use.kinds[1]) <= 2:
        raise Refused("this `lu_solve`", "it solves for no vector and no matrix", "those")
    return solve_kind(use)


def _lu_solve(right: str, trans: int) -> str:
    return f"{L}.lu_solve((lu, piv), {right}{', trans=1' if trans else ''})"


def _lu_adjoint(use: Use, operand: int) -> str:
    return _lu_solve("ȳ", 1 - use.value("trans")) if operand else _refused_factor()


def _lu_tangents(use: Use, moving: Moving) -> str:
    return _refused_factor() if "lu" in moving else _lu_solve("ḃ", use.value("trans"))


def _factor_kind(use: Use) -> Kind:
    _one_matrix(use)
    return TupleOf((Array(matrices(use), result_dtype(use)), Array(matrices(use)[:1], "i8")))


structured(
    f"{L}.lu_factor",
    f"a {CHECKS}",
    results="lu piv",
    kind=_factor_kind,
    adjoint=lambda use, _: _refused_factor(),
    tangents=lambda use, _: _refused_factor(),
    facts="a is constant",
)
structured(
    f"{L}.lu_solve",
    "(lu piv) b trans=0 overwrite_b!False check_finite=True",
    kind=_lu_solution,
    adjoint=_lu_adjoint,
    tangents=_lu_tangents,
    facts="the factor is constant",
)
excluded(f"{L}.lu", "it has no rule", "`scipy.linalg.solve`, or `np.linalg.qr`")
excluded(
    f"{L}.sqrtm {L}.logm {L}.eig {L}.eigvals {L}.schur {L}.funm {L}.fractional_matrix_power",
    "its values may be complex",
    "`np.linalg.eigh` of a symmetric matrix",
)
excluded(
    f"{L}.null_space {L}.orth",
    "a basis is no function of the matrix",
    "`np.linalg.svd`, or a projection by `np.linalg.pinv`",
)

# -- matrix equations ------------------------------------------------------------------------------


def _sum_of(terms: dict[str, str], moving: Moving) -> str:
    """The terms of what moves, with a sign each."""
    text = " ".join(term for name, term in terms.items() if name in moving)
    return text.removeprefix("+ ").replace("- ", "-", text.startswith("- "))


def _sylvester_kind(use: Use) -> Kind:
    _one_matrix(use)
    return Array(axes_of(use.kinds[2]), result_dtype(use))


def _sylvester_adjoint(use: Use, operand: int) -> str:
    define = f"s̄ = {L}.solve_sylvester(a.T, b.T, ȳ)"
    return f"{define}; {('-s̄ @ y.T', '-y.T @ s̄', 's̄')[operand]}"


def _sylvester_tangents(use: Use, moving: Moving) -> str:
    right = _sum_of({"q": "+ q̇", "a": "- ȧ @ y", "b": "- y @ ḃ"}, moving)
    return f"{L}.solve_sylvester(a, b, {right})"


structured(
    f"{L}.solve_sylvester",
    "a b q",
    kind=_sylvester_kind,
    adjoint=_sylvester_adjoint,
    tangents=_sylvester_tangents,
    facts="no eigenvalue of a is one of -b; ; Golub and Van Loan (2013)",
)


def _lyapunov_kind(use: Use) -> Kind:
    _one_matrix(use)
    return Array(matrices(use), result_dtype(use))


def _continuous_adjoint(use: Use, operand: int) -> str:
    define = f"s̄ = {L}.solve_continuous_lyapunov(a.T, ȳ)"
    return f"{define}; {('-(s̄ @ y.T + s̄.T @ y)', 's̄')[operand]}"


def _continuous_tangents(use: Use, moving: Moving) -> str:
    right = _sum_of({"q": "+ q̇", "a": "- ȧ @ y - y @ ȧ.T"}, moving)
    return f"{L}.solve_continuous_lyapunov(a, {right})"


def _discrete_adjoint(use: Use, operand: int) -> str:
    define = f"s̄ = {L}.solve_discrete_lyapunov(a.T, ȳ)"
    return f"{define}; {('s̄ @ a @ y.T + s̄.T @ a @ y', 's̄')[operand]}"


def _discrete_tangents(use: Use, moving: Moving) -> str:
    right = _sum_of({"q": "+ q̇", "a": "+ ȧ @ y @ a.T + a @ y @ ȧ.T"}, moving)
    return f"{L}.solve_discrete_lyapunov(a, {right})"


structured(
    f"{L}.solve_continuous_lyapunov",
    "a q",
    kind=_lyapunov_kind,
    adjoint=_continuous_adjoint,
    tangents=_continuous_tangents,
    facts="no two eigenvalues of a add up to 0; ; Golub and Van Loan (2013)",
)
structured(
    f"{L}.solve_discrete_lyapunov",
    "a q method!",
    kind=_lyapunov_kind,
    adjoint=_discrete_adjoint,
    tangents=_discrete_tangents,
    facts="no two eigenvalues of a have the product 1; ; Golub and Van Loan (2013)",
)

# -- matrices made of others -----------------------------------------------------------------------


def _block_kind(use: Use) -> Kind:
    _one_matrix(use)
    return Array((_total(use, 0), _total(use, 1)), product_dtype(use))


def _total(use: Use, axis: int) -> str:
    lengths = [known_length(axes_of(kind)[axis]) for kind in use.kinds]
    known = [each for each in lengths if each is not None]
    return counted(sum(known)) if len(known) == len(lengths) else "?"


def _block_adjoint(use: Use, operand: int) -> str:
    return f"ȳ[{_place(use, operand, 0)}, {_place(use, operand, 1)}]"


def _place(use: Use, operand: int, axis: int) -> str:
    """Where a block begins and ends."""
    before = [f"like_{name}.shape[{axis}]" for name in use.names[:operand]]
    end = " + ".join([*before, f"like_{use.names[operand]}.shape[{axis}]"])
    return f"{' + '.join(before)}:{end}"


structured(
    f"{L}.block_diag",
    "*x",
    jointly=True,
    kind=_block_kind,
    adjoint=_block_adjoint,
)


def _toeplitz_kind(use: Use) -> Kind:
    if any(rank_of(kind) != 1 for kind in use.kinds):
        raise Refused("`toeplitz`", "its operands are no rows", "arrays with one axis")
    rows, columns = axes_of(use.kinds[0]), axes_of(use.kinds[-1])
    return Array((*rows, *columns), product_dtype(use))


def _toeplitz_adjoint(use: Use, operand: int) -> str:
    if len(use.names) == 1:
        rows = "np.arange(len(like_c))"
        places = f"n = np.abs(np.subtract.outer({rows}, {rows}))"
        return f"{places}; np.bincount(n.ravel(), ȳ.ravel(), len(like_c))"
    places = "n = np.subtract.outer(np.arange(len(like_c)), np.arange(len(like_r)))"
    # The diagonals from the main one down are those of c; r[0] is not read.
    n, inside = ("n", "n >= 0") if operand == 0 else ("-n", "n < 0")
    entries = f"np.where({inside}, ȳ, 0.0)"
    length = f"len(like_{use.names[operand]})"
    return f"{places}; np.bincount(np.maximum({n}, 0).ravel(), {entries}.ravel(), {length})"


def _toeplitz_tangents(use: Use, moving: Moving) -> str:
    if len(use.names) == 1:
        return f"{L}.toeplitz(ċ)"
    return f"{L}.toeplitz({_moving('c', moving)}, {_moving('r', moving)})"


def _moving(name: str, moving: Moving) -> str:
    return f"{name}\u0307" if name in moving else f"np.zeros_like({name})"


structured(
    f"{L}.toeplitz",
    "c r?",
    kind=_toeplitz_kind,
    adjoint=_toeplitz_adjoint,
    tangents=_toeplitz_tangents,
)
