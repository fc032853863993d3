"""Linear algebra: solutions, inverses, determinants, powers.

Of a stack of matrices each is treated alone, as in NumPy.  ``y`` is the result, ``ȳ`` its adjoint.

Giles, *An extended collection of matrix derivative results for forward and reverse mode
algorithmic differentiation* (2008); Golub and Pereyra, *The differentiation of pseudo-inverses and
nonlinear least squares problems whose variables separate* (1973).
"""

from __future__ import annotations

import numpy as np

from srcad.analysis.kind import INT, Array, Kind, TupleOf, is_complex
from srcad.rules.axes import array, float_dtype, rank_of
from srcad.rules.products import axes_of, batches, product_dtype, ranks_of, summed, transposed
from srcad.rules.signature import Refused
from srcad.rules.table import Use, excluded, structured, zero

Moving = frozenset[str]


def matrices(use: Use, operand: int = 0) -> tuple[str, ...]:
    """The axes of an operand that must be a matrix or a stack of them."""
    axes = axes_of(use.kinds[operand])
    if len(axes) < 2:
        raise Refused("linear algebra on this value", "it is no matrix", "an array of two axes")
    return axes


def result_dtype(use: Use) -> str:
    """The dtype of a result of linear algebra: always floating point."""
    return float_dtype(product_dtype(use))


def same_matrix(use: Use) -> Kind:
    """The kind of a matrix as large as the first operand."""
    return Array(matrices(use), result_dtype(use))


def a_transposed(use: Use, name: str = "a") -> str:
    """The transpose of a matrix of the use's first operand's rank."""
    return transposed(name, rank_of(use.kinds[0]))


def dagger(use: Use, name: str = "a") -> str:
    """The same; of a complex matrix the conjugate of it."""
    if not any(map(is_complex, use.kinds)):
        return a_transposed(use, name)
    if rank_of(use.kinds[0]) == 2:
        return f"{name}.conj().T"
    return f"np.conj(np.swapaxes({name}, -1, -2))"


def spread(use: Use, name: str) -> str:
    """A number for each matrix of a stack, with axes to multiply the matrices."""
    return f"{name}[..., None, None]" if rank_of(use.kinds[0]) > 2 else name


# -- solve -----------------------------------------------------------------------------------------


def _is_vector(use: Use) -> bool:
    """Whether the right-hand side is one vector: since NumPy 2, only if it has one axis."""
    a, b = ranks_of(use)
    if a > 2 and b == a - 1 and int(np.__version__.split(".")[0]) < 2:
        why = "before NumPy 2 its right-hand side is a stack of vectors, since then a matrix"
        raise Refused("`solve`", why, "a right-hand side with as many axes as the matrix")
    return b == 1


def solve_kind(use: Use) -> Kind:
    """The kind of a solution: a vector or a matrix, as the right-hand side is."""
    a = matrices(use)
    b = axes_of(use.kinds[1])
    if not b:
        raise Refused("`solve` for a number", "its right-hand side is no vector", "an array")
    if _is_vector(use):
        return Array((*a[:-2], a[-1]), result_dtype(use))
    return Array((*batches(use, (2, 2)), a[-1], b[-1]), result_dtype(use))


def solve_adjoint(use: Use, operand: int) -> str:
    """``b̄ = a⁻ᵀ ȳ`` and ``ā = -b̄ yᵀ``."""
    of_a = a_transposed(use)
    if not _is_vector(use):
        product = f"-s̄ @ {transposed('y', rank_of(use.result))}"
        value = summed((product, "s̄")[operand], use, operand, 2, (2, 2))
        return f"s̄ = np.linalg.solve({of_a}, ȳ); {value}"
    if rank_of(use.kinds[0]) == 2:
        value = ("-np.outer(s̄, y)", "s̄")[operand]
        return f"s̄ = np.linalg.solve({of_a}, ȳ); {value}"
    # One vector for a stack of matrices: y has a vector for each.
    product = "-np.expand_dims(s̄, -1) * np.expand_dims(y, -2)"
    value = (product, "unbroadcast(s̄, like_b)")[operand]
    return f"s̄ = np.linalg.solve({of_a}, np.expand_dims(ȳ, -1))[..., 0]; {value}"


def solve_tangents(use: Use, moving: Moving) -> str:
    """``a ẏ = ḃ - ȧ y``."""
    if not _is_vector(use) or rank_of(use.kinds[0]) == 2:
        right = {"a b": "ḃ - ȧ @ y", "a": "-ȧ @ y", "b": "ḃ"}[" ".join(sorted(moving))]
        return f"np.linalg.solve(a, {right})"
    if moving == {"b"}:
        return "np.linalg.solve(a, ḃ)"
    right = "-ȧ @ np.expand_dims(y, -1)"
    if "b" in moving:
        right = f"np.expand_dims(ḃ, -1) {right[0]} {right[1:]}"
    return f"np.linalg.solve(a, {right})[..., 0]"


structured(
    "np.linalg.solve",
    "a b",
    kind=solve_kind,
    adjoint=solve_adjoint,
    tangents=solve_tangents,
)


# -- inverses --------------------------------------------------------------------------------------


def inv_adjoint(use: Use, _: int) -> str:
    """The adjoint of an inverse."""
    y = a_transposed(use, "y")
    return f"-{y} @ ȳ @ {y}"


def inv_tangents(use: Use, _: Moving) -> str:
    """The tangent of an inverse."""
    return "-y @ ȧ @ y"


structured("np.linalg.inv", "a", kind=same_matrix, adjoint=inv_adjoint, tangents=inv_tangents)


def pinv_kind(use: Use) -> Kind:
    """The kind of a pseudo-inverse."""
    axes = matrices(use)
    if use.value("hermitian"):
        raise Refused("`hermitian=True` of `pinv`", "it has no rule", "the call without it")
    return Array((*axes[:-2], axes[-1], axes[-2]), result_dtype(use))


def pinv_adjoint(use: Use, _: int) -> str:
    """The adjoint of a pseudo-inverse."""
    y, seed = dagger(use, "y"), dagger(use, "ȳ")
    return (
        f"s̄ = {seed} @ y @ {y}; t̄ = {y} @ y @ {seed}; "
        f"s̄ - a @ (y @ s̄) + t̄ - (t̄ @ y) @ a - {y} @ ȳ @ {y}"
    )


def pinv_tangents(use: Use, _: Moving) -> str:
    """The tangent of a pseudo-inverse."""
    y, dot = dagger(use, "y"), dagger(use, "ȧ")
    return (
        f"ṡ = y @ {y} @ {dot}; ṫ = {dot} @ {y} @ y; ṡ - (ṡ @ a) @ y + ṫ - y @ (a @ ṫ) - y @ ȧ @ y"
    )


structured(
    "np.linalg.pinv",
    "a rcond=None hermitian=False * rtol=None",
    kind=pinv_kind,
    adjoint=pinv_adjoint,
    tangents=pinv_tangents,
    facts="the rank does not change near a; ; Golub and Pereyra (1973)",
)


# -- determinants ----------------------------------------------------------------------------------


def each_number(use: Use) -> Kind:
    """A number for each matrix."""
    return array(matrices(use)[:-2], result_dtype(use))


def inverse_transposed(use: Use) -> str:
    """``a⁻ᵀ``, which the determinant changes by."""
    return transposed("np.linalg.inv(a)", rank_of(use.kinds[0]))


def trace(use: Use) -> str:
    """The trace of ``a⁻¹ ȧ``: the tangent of the determinant's logarithm."""
    if rank_of(use.kinds[0]) == 2:
        return "np.trace(np.linalg.solve(a, ȧ))"
    return "np.trace(np.linalg.solve(a, ȧ), axis1=-2, axis2=-1)"


def det_adjoint(use: Use, _: int) -> str:
    """The adjoint of a determinant: ``ȳ y a⁻ᵀ``."""
    return f"{spread(use, '(ȳ * y)')} * {inverse_transposed(use)}"


def det_tangents(use: Use, _: Moving) -> str:
    """The tangent of a determinant."""
    return f"y * {trace(use)}"


structured(
    "np.linalg.det",
    "a",
    kind=each_number,
    adjoint=det_adjoint,
    tangents=det_tangents,
    facts="a is regular",
)
structured(
    "np.linalg.slogdet",
    "a",
    results="sign l",
    kind=lambda use: TupleOf((each_number(use), each_number(use)), ("sign", "logabsdet")),
    # The sign is constant.
    adjoint=lambda use, _: (
        f"{spread(use, 'l̄')} * {inverse_transposed(use)}" if "l" in use.wanted else ""
    ),
    tangents=lambda use, _: ("", trace(use)),
    facts="a is regular",
)


# -- powers ----------------------------------------------------------------------------------------


def _exponent(use: Use) -> int:
    n = use.value("n")
    if not isinstance(n, int) or isinstance(n, bool):
        raise Refused("`matrix_power`", "its exponent is not a literal int", "a literal int")
    return n


def _power_kind(use: Use) -> Kind:
    _exponent(use)
    # With the exponent 0 or 1 whole numbers stay so; they carry no derivative in either case.
    return Array(matrices(use), product_dtype(use) if _exponent(use) >= 0 else result_dtype(use))


def _power_adjoint(use: Use, _: int) -> str:
    n, a, y = _exponent(use), a_transposed(use), a_transposed(use, "y")
    if n == 0:
        return ""
    if n == 1:
        return "ȳ"
    if n == -1:
        return f"-{y} @ ȳ @ {y}"
    if n == 2:
        return f"ȳ @ {a} + {a} @ ȳ"
    if n > 0:
        return f"power_sum({a}, ȳ, {n})"
    # y is the inverse of the power p of a: p̄ = -yᵀ ȳ yᵀ.
    return f"-power_sum({a}, {y} @ ȳ @ {y}, {-n})"


def _power_tangents(use: Use, _: Moving) -> str:
    n = _exponent(use)
    if n == 0:
        return ""
    if n == 1:
        return "ȧ"
    if n == -1:
        return "-y @ ȧ @ y"
    if n == 2:
        return "ȧ @ a + a @ ȧ"
    if n > 0:
        return f"power_sum(a, ȧ, {n})"
    return f"-y @ power_sum(a, ȧ, {-n}) @ y"


structured(
    "np.linalg.matrix_power",
    "a n=",
    shares="maybe",  # of the exponent 1 the result is a itself
    kind=_power_kind,
    adjoint=_power_adjoint,
    tangents=_power_tangents,
)


# -- least squares ---------------------------------------------------------------------------------


def lstsq_kind(use: Use) -> Kind:
    """The kinds of a least squares solution and of what comes with it."""
    a, b = matrices(use), axes_of(use.kinds[1])
    if len(a) != 2 or not 1 <= len(b) <= 2:
        raise Refused("`lstsq`", "it takes one matrix, and a vector or a matrix", "those")
    solution = Array((a[1], *b[1:]), result_dtype(use))
    vector = Array(("?",), result_dtype(use))
    return TupleOf((solution, vector, INT, vector))


def lstsq_adjoint(use: Use, operand: int) -> str:
    """The adjoint of a least squares solution."""
    if "x" not in use.wanted:
        return ""
    p_t = dagger(use, "p")
    define = f"p = np.linalg.pinv(a); s̄ = {p_t} @ x̄"
    if operand == 1:
        return f"{define}; s̄"
    products = [("b - a @ x", "p @ s̄"), ("s̄", "x"), (f"{p_t} @ x", "x̄ - p @ (a @ x̄)")]
    if rank_of(use.kinds[1]) == 1:
        conj = "np.conj" if any(map(is_complex, use.kinds)) else ""
        r, s, t = (f"np.outer({left}, {conj}({right}))" for left, right in products)
    else:
        r, s, t = (f"({left}) @ {dagger(use, f'({right})')}" for left, right in products)
    return f"{define}; {r} - {s} + {t}"


def lstsq_tangents(use: Use, moving: Moving) -> tuple[str, ...]:
    """The tangents of a least squares solution."""
    define = "p = np.linalg.pinv(a); "
    if moving == {"b"}:
        return (f"{define}p @ ḃ", "", "", "")
    right = "ḃ - ȧ @ x" if "b" in moving else "-ȧ @ x"
    p_t, dot = dagger(use, "p"), dagger(use, "ȧ")
    residual = f"{p_t} @ ({dot} @ (b - a @ x))"
    return (f"{define}ṫ = {dot} @ ({p_t} @ x); p @ ({right} + {residual} - a @ ṫ) + ṫ", "", "", "")


structured(
    "np.linalg.lstsq",
    "a b rcond=None",
    results="x residuals! rank s!",
    kind=lstsq_kind,
    adjoint=lstsq_adjoint,
    tangents=lstsq_tangents,
    facts="the rank does not change near a; ; Golub and Pereyra (1973)",
)

zero(
    "np.linalg.matrix_rank",
    lambda use: array(matrices(use)[:-2], "i8"),
    "a/A tol=None hermitian=False * rtol=None",
)

excluded(
    "np.linalg.eig np.linalg.eigvals",
    "the eigenvalues of a matrix that is not symmetric may be complex",
    "`np.linalg.eigh` of a symmetric matrix",
)
excluded(
    "np.linalg.tensorsolve np.linalg.tensorinv",
    "it has no rule",
    "`np.reshape`, and `np.linalg.solve` or `np.linalg.inv` of a matrix",
)
