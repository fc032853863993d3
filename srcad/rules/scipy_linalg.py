"""Functions of ``scipy.linalg``, for programs that use it; SciPy is never imported here.

Those that NumPy has too have NumPy's rules.  The derivative of the matrix exponential along ``e``
is ``expm_frechet(a, e)``; the derivative of that is a block of its value at ``[[a, ȧ], [0, a]]``
and ``[[e, ė], [0, e]]`` (Higham, *Functions of Matrices*, 2008, section 3.2).
"""

from __future__ import annotations

from srcad.analysis.kind import Array, Kind, Literal, TupleOf, is_complex
from srcad.rules.axes import array, rank_of
from srcad.rules.decompositions import (
    cholesky_adjoint,
    cholesky_tangents,
    symmetric,
    triangle,
)
from srcad.rules.linalg import (
    Moving,
    det_adjoint,
    det_tangents,
    inv_adjoint,
    inv_tangents,
    matrices,
    result_dtype,
    solve_adjoint,
    solve_kind,
    solve_tangents,
)
from srcad.rules.products import ranks_of
from srcad.rules.signature import Refused
from srcad.rules.table import Use, holomorphic, structured

L = "scipy.linalg"


def _matrix(use: Use) -> Kind:
    """The kind of a matrix as large as the first operand, which must be one."""
    axes = matrices(use)
    if len(axes) > 2:
        raise Refused("`scipy.linalg` of several matrices", "it has no rule", "`np.linalg`")
    return Array(axes, result_dtype(use))


def _solution(use: Use) -> Kind:
    _matrix(use)
    if not 1 <= rank_of(use.kinds[1]) <= 2:
        raise Refused("this right-hand side", "it is no vector and no matrix", "an array")
    return solve_kind(use)


SYMMETRIC = ("pos", "positive definite", "sym", "symmetric")


def _is_symmetric(use: Use) -> bool:
    """Whether a matrix is taken for a symmetric one, of which a triangle is read."""
    return use.value("assume_a") in SYMMETRIC


def _solution_as_assumed(use: Use) -> Kind:
    if use.value("assume_a") not in (None, "gen", "general", *SYMMETRIC):
        why = "of a matrix with a structure only a part is read"
        raise Refused("`assume_a=`", why, "the call without it")
    if _is_symmetric(use) and any(map(is_complex, use.kinds)):
        raise Refused("`assume_a=` of complex matrices", "it has no rule", "the call without it")
    use.value("lower")
    return _solution(use)


def _solve_anew(use: Use, right: str) -> str:
    lower = ", lower=True" if use.value("lower") else ""
    return f"{L}.solve(a, {right}, assume_a='{use.value('assume_a')}'{lower})"


def _solve_adjoint(use: Use, operand: int) -> str:
    if not _is_symmetric(use):
        return solve_adjoint(use, operand)
    define = f"s̄ = {_solve_anew(use, 'ȳ')}"
    if operand == 1:
        return f"{define}; s̄"
    product = "np.outer(s̄, y)" if ranks_of(use)[1] == 1 else "s̄ @ y.T"
    return f"{define}; m̄ = -{product}; {triangle(use, 'm̄', upper=not use.value('lower'))}"


def _solve_tangents(use: Use, moving: Moving) -> str:
    if not _is_symmetric(use):
        return solve_tangents(use, moving)
    if moving == {"b"}:
        return _solve_anew(use, "ḃ")
    _, change = symmetric(use, "ȧ", upper=not use.value("lower"))
    right = f"ḃ - ({change}) @ y" if "b" in moving else f"-({change}) @ y"
    return _solve_anew(use, right)


OPTIONS = "overwrite_a!False check_finite=True"

structured(
    f"{L}.solve",
    "a b lower=False overwrite_a!False overwrite_b!False check_finite=True assume_a=None "
    "transposed!False",
    kind=_solution_as_assumed,
    adjoint=_solve_adjoint,
    tangents=_solve_tangents,
)
structured(
    f"{L}.inv",
    f"a {OPTIONS} * assume_a! lower!",
    kind=_matrix,
    adjoint=inv_adjoint,
    tangents=inv_tangents,
)


def _det_kind(use: Use) -> Kind:
    _matrix(use)
    return array((), result_dtype(use))


structured(
    f"{L}.det",
    f"a {OPTIONS}",
    kind=_det_kind,
    adjoint=det_adjoint,
    tangents=det_tangents,
    facts="a is regular",
)


# -- triangular systems ----------------------------------------------------------------------------


def _is_transposed(use: Use) -> bool:
    trans = use.value("trans")
    if trans not in (0, 1, 2, "N", "T", "C"):
        raise Refused(f"`trans={trans!r}`", "it is no transposition", "0 or 1")
    return trans in (1, 2, "T", "C")


def _triangle(use: Use, name: str) -> str:
    """The part of a matrix that is read."""
    part, off = ("np.tril", -1) if use.value("lower") else ("np.triu", 1)
    return f"{part}({name}, {off})" if use.value("unit_diagonal") else f"{part}({name})"


def _triangular_kind(use: Use) -> Kind:
    _is_transposed(use)
    _triangle(use, "a")
    return _solution(use)


def _solve_triangular(use: Use, right: str, *, transposed: bool) -> str:
    options = ", trans=1" if transposed else ""
    options += ", lower=True" if use.value("lower") else ""
    options += ", unit_diagonal=True" if use.value("unit_diagonal") else ""
    return f"{L}.solve_triangular(a, {right}{options})"


def _triangular_adjoint(use: Use, operand: int) -> str:
    transposed = _is_transposed(use)
    define = f"s̄ = {_solve_triangular(use, 'ȳ', transposed=not transposed)}"
    if operand == 1:
        return f"{define}; s̄"
    left, right = ("y", "s̄") if transposed else ("s̄", "y")
    product = f"np.outer({left}, {right})" if ranks_of(use)[1] == 1 else f"{left} @ {right}.T"
    return f"{define}; -{_triangle(use, product)}"


def _triangular_tangents(use: Use, moving: Moving) -> str:
    transposed = _is_transposed(use)
    change = _triangle(use, "ȧ") + (".T" if transposed else "")
    right = {"a b": f"ḃ - {change} @ y", "a": f"-{change} @ y", "b": "ḃ"}[" ".join(sorted(moving))]
    return _solve_triangular(use, right, transposed=transposed)


structured(
    f"{L}.solve_triangular",
    "a b trans=0 lower=False unit_diagonal=False overwrite_b!False check_finite=True",
    kind=_triangular_kind,
    adjoint=_triangular_adjoint,
    tangents=_triangular_tangents,
    facts="a is regular",
)


# -- Cholesky --------------------------------------------------------------------------------------


def _cholesky_kind(use: Use) -> Kind:
    use.value("lower")
    return _matrix(use)


structured(
    f"{L}.cholesky",
    f"a lower=False {OPTIONS}",
    kind=_cholesky_kind,
    adjoint=lambda use, _: cholesky_adjoint(use, upper=not use.value("lower")),
    tangents=lambda use, _: cholesky_tangents(use, upper=not use.value("lower")),
    facts="a is positive definite; ; Murray (2016)",
)


def _factor_kind(use: Use) -> Kind:
    return TupleOf((_matrix(use), Literal(bool(use.value("lower")))))


def _clean(use: Use) -> str:
    """The factor: the other triangle of ``c`` holds what it held before."""
    return "y = np.tril(c)" if use.value("lower") else "y = np.triu(c)"


def _factor_adjoint(use: Use, _: int) -> str:
    if "c" not in use.wanted:
        return ""
    formula = cholesky_adjoint(use, upper=not use.value("lower")).replace("ȳ", "c̄")
    return f"{_clean(use)}; {formula}"


def _factor_tangents(use: Use, _: Moving) -> tuple[str, ...]:
    formula = cholesky_tangents(use, upper=not use.value("lower"))
    return f"{_clean(use)}; {formula}", ""


structured(
    f"{L}.cho_factor",
    f"a lower=False {OPTIONS}",
    results="c low",
    kind=_factor_kind,
    adjoint=_factor_adjoint,
    tangents=_factor_tangents,
    facts="a is positive definite; the other triangle of the factor is constant; Murray (2016)",
)


def _is_lower(use: Use) -> bool:
    kind = getattr(use.options["lower"], "kind", None)
    value = kind.value if isinstance(kind, Literal) else use.value("lower")
    return bool(value)


def _cho_solve_adjoint(use: Use, operand: int) -> str:
    # x = M⁻¹ b with M = c cᵀ or cᵀ c:  b̄ = M⁻¹ x̄,  M̄ = -b̄ xᵀ,  c̄ = (M̄ + M̄ᵀ) c or c (M̄ + M̄ᵀ).
    define = f"s̄ = {L}.cho_solve((c, lower), ȳ)"
    if operand == 1:
        return f"{define}; s̄"
    product = "np.outer(s̄, y)" if ranks_of(use)[1] == 1 else "s̄ @ y.T"
    define += f"; m̄ = {product}"
    if _is_lower(use):
        return f"{define}; -np.tril((m̄ + m̄.T) @ np.tril(c))"
    return f"{define}; -np.triu(np.triu(c) @ (m̄ + m̄.T))"


def _cho_solve_tangents(use: Use, moving: Moving) -> str:
    right = "ḃ"
    define = ""
    if "c" in moving:
        if _is_lower(use):
            define = "p = np.tril(c); ṗ = np.tril(ċ); "
            change = "p @ (ṗ.T @ y) + ṗ @ (p.T @ y)"
        else:
            define = "p = np.triu(c); ṗ = np.triu(ċ); "
            change = "p.T @ (ṗ @ y) + ṗ.T @ (p @ y)"
        right = f"ḃ - ({change})" if "b" in moving else f"-({change})"
    return f"{define}{L}.cho_solve((c, lower), {right})"


structured(
    f"{L}.cho_solve",
    "(c lower) b overwrite_b!False check_finite=True",
    kind=_solution,
    adjoint=_cho_solve_adjoint,
    tangents=_cho_solve_tangents,
)


# -- the exponential -------------------------------------------------------------------------------


def _frechet(a: str, e: str) -> str:
    return f"{L}.expm_frechet({a}, {e}, compute_expm=False)"


structured(
    f"{L}.expm",
    "a/A",
    kind=_matrix,
    adjoint=lambda use, _: _frechet("a.T", "ȳ"),
    tangents=lambda use, _: _frechet("a", "ȧ"),
    facts="all reals; ; Higham (2008), 3.2",
)


def _frechet_kind(use: Use) -> Kind:
    if use.value("compute_expm") is not False:
        raise Refused("`expm_frechet` with the exponential", "it has no rule",
                      "`compute_expm=False`, and `expm`")  # fmt: skip
    return _matrix(use)


def _block(a: str, e: str) -> str:
    return f"{_frechet(a, e)}[:len(a), len(a):]"


def _frechet_adjoint(use: Use, operand: int) -> str:
    if operand == 1:
        return _frechet("a.T", "ȳ")
    return _block("block_triangle(a.T, ȳ)", "block_triangle(e.T, np.zeros_like(e))")


def _frechet_tangents(use: Use, moving: Moving) -> str:
    if moving == {"e"}:
        return _frechet("a", "ė")
    change = "ė" if "e" in moving else "np.zeros_like(e)"
    return _block("block_triangle(a, ȧ)", f"block_triangle(e, {change})")


structured(
    f"{L}.expm_frechet",
    "a/A e/E method=None compute_expm=True check_finite=True",
    kind=_frechet_kind,
    adjoint=_frechet_adjoint,
    tangents=_frechet_tangents,
    facts="all reals; ; Higham (2008), 3.2",
)

# Of complex matrices the formulas hold as they stand: the derivatives are complex ones.
holomorphic(f"{L}.solve {L}.inv {L}.det {L}.expm {L}.expm_frechet helpers.block_triangle")
