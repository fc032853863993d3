"""Decompositions of matrices: Cholesky, eigenvalues, singular values, QR.

Of a stack of matrices each is treated alone, as in NumPy.  Where eigenvalues or singular values are
equal their vectors are not differentiable: what is divided by their difference is infinite or NaN.

A function that reads one triangle of a symmetric matrix has a derivative with respect to what it
reads, and none with respect to the rest: ``np.tril(s̄) + np.tril(s̄.T, -1)`` adds the two entries
that one stands for.

Giles (2008) as in :mod:`srcad.rules.linalg`; Murray, *Differentiation of the Cholesky
decomposition* (2016); Seeger, Hetzel, Dai, Meissner and Lawrence, *Auto-differentiating linear
algebra* (2017); Walter and Lehmann, *Algorithmic differentiation of linear algebra functions with
application in optimum experimental design* (2012).
"""

from __future__ import annotations

from srcad.analysis.kind import Array, Kind, TupleOf, is_complex
from srcad.rules.axes import array, rank_of
from srcad.rules.linalg import Moving, dagger, matrices, result_dtype, same_matrix, spread
from srcad.rules.signature import Refused
from srcad.rules.table import Use, structured


def half_triangle(name: str, upper: bool = False) -> str:
    """A triangle with half its diagonal: the mean of it with the diagonal and without."""
    part, other = ("np.triu", 1) if upper else ("np.tril", -1)
    return f"({part}({name}) + {part}({name}, {other})) / 2"


def triangle(use: Use, name: str, upper: bool) -> str:
    """The adjoint of the triangle that is read of a symmetric matrix, from that of the matrix.

    Of the diagonal of a complex one the real part is read.
    """
    if is_complex(use.kinds[0]):
        return f"both = {name} + {dagger(use, name)}; {half_triangle('both', upper)}"
    part, other = ("np.triu", 1) if upper else ("np.tril", -1)
    return f"{part}({name}) + {part}({dagger(use, name)}, {other})"


def symmetric(use: Use, name: str, upper: bool) -> tuple[str, str]:
    """The symmetric matrix of which one triangle is read; what is defined before it."""
    if is_complex(use.kinds[0]):
        return f"half = {half_triangle(name, upper)}; ", f"half + {dagger(use, 'half')}"
    part, other = ("np.triu", 1) if upper else ("np.tril", -1)
    return "", f"{part}({name}) + {dagger(use, f'{part}({name}, {other})')}"


def least(axes: tuple[str, ...]) -> str:
    """The length of the shorter of a matrix's two axes."""
    rows, columns = axes[-2:]
    if rows == columns or "1" in (rows, columns):
        return rows if columns != "1" else "1"
    return "?" if "?" in (rows, columns) else f"?min({rows},{columns})"


# -- Cholesky --------------------------------------------------------------------------------------

# With A = L Lᵀ and Φ(X), the lower triangle of X, its diagonal halved:  L̇ = L Φ(L⁻¹ Ȧ L⁻ᵀ) and
# Ā = L⁻ᵀ Φ(Lᵀ L̄) L⁻¹ (Murray).


def _is_upper(use: Use) -> bool:
    return bool(use.value("upper"))


def _cholesky_adjoint(use: Use, _: int) -> str:
    return cholesky_adjoint(use, upper=_is_upper(use))


def cholesky_adjoint(use: Use, *, upper: bool) -> str:
    """The adjoint of the lower or the upper factor."""
    factor, factor_t = "y", dagger(use, "y")
    if upper:
        factor, factor_t = factor_t, factor
    seed = dagger(use, "ȳ") if upper else "ȳ"
    right = dagger(use, f"np.linalg.solve({factor_t}, {dagger(use, 'q̄')})")
    return (
        f"p̄ = {factor_t} @ {seed}; q̄ = {half_triangle('p̄')}; "
        f"s̄ = np.linalg.solve({factor_t}, {right}); {triangle(use, 's̄', upper)}"
    )


def _cholesky_tangents(use: Use, _: Moving) -> str:
    return cholesky_tangents(use, upper=_is_upper(use))


def cholesky_tangents(use: Use, *, upper: bool) -> str:
    """The tangent of the lower or the upper factor."""
    factor = dagger(use, "y") if upper else "y"
    inner = dagger(use, f"np.linalg.solve({factor}, ṡ)")
    before, whole = symmetric(use, "ȧ", upper)
    define = f"{before}ṡ = {whole}; ṗ = np.linalg.solve({factor}, {inner}); "
    value = f"{factor} @ ({half_triangle('ṗ')})"
    return define + (dagger(use, f"({value})") if upper else value)


structured(
    "np.linalg.cholesky",
    "a * upper=False",
    kind=same_matrix,
    adjoint=_cholesky_adjoint,
    tangents=_cholesky_tangents,
    facts="a is positive definite; ; Murray (2016)",
)


# -- eigenvalues of symmetric matrices -------------------------------------------------------------

# With A V = V Λ:  λ̇ = diag(Vᵀ Ȧ V),  V̇ = V (F ∘ Vᵀ Ȧ V)  with F = 1 / (λ_j - λ_i) off the diagonal.


def _reads_upper(use: Use) -> bool:
    side = use.value("UPLO")
    if side not in ("L", "U", "l", "u"):
        raise Refused(f"`UPLO={side!r}`", "it is neither 'L' nor 'U'", "'L' or 'U'")
    return side in ("U", "u")


def eigh_kind(use: Use) -> Kind:
    """The kind of eigenvalues and their vectors."""
    axes, dtype = matrices(use), result_dtype(use)
    _reads_upper(use)
    items = (Array(axes[:-1], dtype), Array(axes, dtype))
    return TupleOf(items, ("eigenvalues", "eigenvectors"))


def columns(use: Use, name: str) -> str:
    """A number for each column of a matrix, with an axis to multiply the matrix."""
    return f"np.expand_dims({name}, -2)" if rank_of(use.kinds[0]) > 2 else name


def eigh_adjoint(use: Use, _: int) -> str:
    """The adjoint of eigenvalues and their vectors."""
    v_t = dagger(use, "v")
    values = f"(v * {columns(use, 'w̄')}) @ {v_t}"
    turned = f"({v_t} @ v̄)"
    if is_complex(use.kinds[0]):
        turned = f"free_of_phase{turned[:-1]}, 0.0)"
    vectors = f"v @ (inverse_gaps(w) * {turned}) @ {v_t}"
    terms = [term for name, term in (("w", values), ("v", vectors)) if name in use.wanted]
    return f"s̄ = {' + '.join(terms)}; {triangle(use, 's̄', _reads_upper(use))}"


def _diagonal(use: Use, name: str) -> str:
    """The diagonal of a matrix; it is real, but for rounding."""
    axes = "" if rank_of(use.kinds[0]) == 2 else ", axis1=-2, axis2=-1"
    return f"np.diagonal({name}{axes}){'.real' if is_complex(use.kinds[0]) else ''}"


def eigh_tangents(use: Use, _: Moving) -> tuple[str, str]:
    """The tangents of eigenvalues and their vectors."""
    v_t = dagger(use, "v")
    before, whole = symmetric(use, "ȧ", _reads_upper(use))
    define = f"{before}ṡ = {v_t} @ ({whole}) @ v; "
    return define + _diagonal(use, "ṡ"), f"{define}v @ (inverse_gaps(w) * ṡ)"


structured(
    "np.linalg.eigh",
    "a UPLO='L'",
    results="w v",
    kind=eigh_kind,
    adjoint=eigh_adjoint,
    tangents=eigh_tangents,
    facts="the eigenvalues differ; ; Giles (2008), 3.1",
)


def eigvalsh_kind(use: Use) -> Kind:
    """The kind of eigenvalues."""
    _reads_upper(use)
    return Array(matrices(use)[:-1], result_dtype(use))


def eigvalsh_adjoint(use: Use, _: int) -> str:
    """The adjoint of eigenvalues."""
    v_t = dagger(use, "v")
    option = ', UPLO="U"' if _reads_upper(use) else ""
    return (
        f"v = np.linalg.eigh(a{option})[1]; s̄ = (v * {columns(use, 'ȳ')}) @ {v_t}; "
        f"{triangle(use, 's̄', _reads_upper(use))}"
    )


def eigvalsh_tangents(use: Use, _: Moving) -> str:
    """The tangent of eigenvalues."""
    v_t = dagger(use, "v")
    option = ', UPLO="U"' if _reads_upper(use) else ""
    before, whole = symmetric(use, "ȧ", _reads_upper(use))
    product = f"{v_t} @ ({whole}) @ v"
    return f"v = np.linalg.eigh(a{option})[1]; {before}{_diagonal(use, product)}"


structured(
    "np.linalg.eigvalsh",
    "a UPLO='L'",
    kind=eigvalsh_kind,
    adjoint=eigvalsh_adjoint,
    tangents=eigvalsh_tangents,
    facts="the eigenvalues differ",
)


# -- singular values -------------------------------------------------------------------------------

# With A = U S Vᵀ and P = Uᵀ Ȧ V:  ṡ = diag(P); with F = 1 / (s_j² - s_i²) off the diagonal
# U̇ = U (F ∘ (P S + S Pᵀ)) + (I - U Uᵀ) Ȧ V S⁻¹,  V̇ = V (F ∘ (S P + Pᵀ S)) + (I - V Vᵀ) Ȧᵀ U S⁻¹.

THIN = "np.linalg.svd(a, full_matrices=False)"


def svd_kind(use: Use) -> Kind:
    """The kind of a singular value decomposition, or of the values alone."""
    axes, dtype = matrices(use), result_dtype(use)
    if use.value("hermitian"):
        raise Refused("`hermitian=True` of `svd`", "it has no rule", "`np.linalg.eigh`")
    values = Array((*axes[:-2], least(axes)), dtype)
    if not use.value("compute_uv"):
        return values
    if use.value("full_matrices"):
        why = "the vectors that complete a basis are no function of the matrix"
        raise Refused("`svd` with full matrices", why, "`full_matrices=False`")
    u, vt = (*axes[:-1], least(axes)), (*axes[:-2], least(axes), axes[-1])
    return TupleOf((Array(u, dtype), values, Array(vt, dtype)), ("U", "S", "Vh"))


def svdvals_adjoint(use: Use, _: int) -> str:
    """The adjoint of singular values."""
    return f"u, s, vt = {THIN}; {_values_adjoint(use, 'u', 'vt', 'ȳ')}"


def _values_adjoint(use: Use, u: str, vt: str, seed: str) -> str:
    return f"({u} * {columns(use, seed)}) @ {vt}"


def svd_adjoint(use: Use, _: int) -> str:
    """The adjoint of a singular value decomposition."""
    if not isinstance(use.result, TupleOf):
        return f"u, s, vt = {THIN}; {_values_adjoint(use, 'u', 'vt', 'ȳ')}"
    u_t, v, s = dagger(use, "u"), dagger(use, "vt"), columns(use, "s")
    define: list[str] = []
    inner: list[str] = []  # the terms of U X Vᵀ
    left: list[str] = []  # the terms of X Vᵀ
    of_u, of_vt = f"({u_t} @ ū)", f"(vt @ {dagger(use, 'v̄t')})"
    if use.wanted & {"u", "vt"}:
        define.append("f = inverse_gaps(s ** 2)")
    if is_complex(use.kinds[0]):
        define_more, of_u, of_vt, turned = _free_of_phases(use, of_u, of_vt)
        define += define_more
        inner += turned
    if "u" in use.wanted:
        define.append(f"p̄ = f * {of_u}")
        inner.append(f"(p̄ + {dagger(use, 'p̄')}) * {s}")
        left.append(f"(ū - u @ ({u_t} @ ū)) / {s}")
    if "vt" in use.wanted:
        define.append(f"q̄ = f * {of_vt}")
        inner.append(f"np.expand_dims(s, -1) * (q̄ + {dagger(use, 'q̄')})")
    if len(inner) > 1:
        define.append(f"m̄ = {' + '.join(inner)}")
        inner = ["m̄"]
    if inner:
        left.insert(0, f"u @ ({inner[0]})")
    if "s" in use.wanted:
        left.insert(0, f"u * {columns(use, 's̄')}")
    value = f"({' + '.join(left)}) @ vt"
    if "vt" in use.wanted:
        value += f" + (u / {s}) @ (v̄t - (v̄t @ {v}) @ vt)"
    return "; ".join([*define, value])


def _free_of_phases(use: Use, of_u: str, of_vt: str) -> tuple[list[str], str, str, list[str]]:
    """The same, checked: a pair of complex vectors may turn by a phase, and nothing may change.

    Of two that turn against each other the left one is taken to do so.
    """
    if use.wanted >= {"u", "vt"}:
        turned = f"1j * np.eye(s.shape[-1]) * h̄.imag / {columns(use, 's')}"
        return [f"k̄ = {of_vt}", f"h̄ = free_of_phase({of_u}, k̄)"], "h̄", "k̄", [turned]
    return [], f"free_of_phase({of_u}, 0.0)", f"free_of_phase({of_vt}, 0.0)", []


def svd_tangents(use: Use, _: Moving) -> str | tuple[str, ...]:
    """The tangents of a singular value decomposition."""
    if not isinstance(use.result, TupleOf):
        product = f"{dagger(use, 'u')} @ ȧ @ {dagger(use, 'vt')}"
        return f"u, s, vt = {THIN}; {_diagonal(use, product)}"
    u_t, v, s = dagger(use, "u"), dagger(use, "vt"), columns(use, "s")
    rows = "np.expand_dims(s, -1)"
    define = f"ṗ = {u_t} @ ȧ @ {v}; "
    p_t = dagger(use, "ṗ")
    of_u = (
        f"f = inverse_gaps(s ** 2); u @ (f * (ṗ * {s} + {rows} * {p_t})) + (ȧ @ {v} - u @ ṗ) / {s}"
    )
    of_vt = (
        f"f = inverse_gaps(s ** 2); {dagger(use, f'(f * ({rows} * ṗ + {p_t} * {s}))')} @ vt "
        f"+ ({u_t} @ ȧ - ṗ @ vt) / {rows}"
    )
    return define + of_u, define + _diagonal(use, "ṗ"), define + of_vt


structured(
    "np.linalg.svd",
    "a full_matrices=True compute_uv=True hermitian=False",
    results="u s vt",
    kind=svd_kind,
    adjoint=svd_adjoint,
    tangents=svd_tangents,
    facts="the singular values differ and are not 0; ; Seeger et al. (2017)",
)


def svdvals_kind(use: Use) -> Kind:
    """The kind of singular values."""
    axes = matrices(use)
    return Array((*axes[:-2], least(axes)), result_dtype(use))


def svdvals_tangents(use: Use, _: Moving) -> str:
    """The tangent of singular values."""
    product = f"{dagger(use, 'u')} @ ȧ @ {dagger(use, 'vt')}"
    return f"u, s, vt = {THIN}; {_diagonal(use, product)}"


structured(
    "np.linalg.svdvals",
    "a/x",
    kind=svdvals_kind,
    adjoint=svdvals_adjoint,
    tangents=svdvals_tangents,
    facts="the singular values differ and are not 0",
)


def cond_kind(use: Use) -> Kind:
    """The kind of a condition number."""
    if use.value("p") not in (None, 2):
        raise Refused("`p=` of `cond`", "this norm has no rule", "`p=None`")
    return array(matrices(use)[:-2], result_dtype(use))


def cond_adjoint(use: Use, _: int) -> str:
    """The adjoint of a condition number."""
    # The quotient of the first and the last singular value; the adjoint of each is u vᵀ.
    if rank_of(use.kinds[0]) == 2:
        first, last = "np.outer(u[:, 0], vt[0])", "np.outer(u[:, -1], vt[-1])"
        return f"u, s, vt = {THIN}; ȳ / s[-1] * ({first} - y * {last})"
    first = "u[..., :, :1] @ vt[..., :1, :]"
    last = "u[..., :, -1:] @ vt[..., -1:, :]"
    seed, y = spread(use, "(ȳ / s[..., -1])"), spread(use, "y")
    return f"u, s, vt = {THIN}; {seed} * ({first} - {y} * ({last}))"


def cond_tangents(use: Use, _: Moving) -> str:
    """The tangent of a condition number."""
    product = f"{dagger(use, 'u')} @ ȧ @ {dagger(use, 'vt')}"
    at = "" if rank_of(use.kinds[0]) == 2 else "..., "
    return (
        f"u, s, vt = {THIN}; ṡ = {_diagonal(use, product)}; (ṡ[{at}0] - y * ṡ[{at}-1]) / s[{at}-1]"
    )


structured(
    "np.linalg.cond",
    "a/x p=None",
    kind=cond_kind,
    adjoint=cond_adjoint,
    tangents=cond_tangents,
    facts="the largest and the smallest singular value are simple",
)


# -- QR --------------------------------------------------------------------------------------------

# With A = Q R, M = R R̄ᵀ - Q̄ᵀ Q and C(M), the lower triangle of M made symmetric:
# Ā = (Q̄ + Q C(M)) R⁻ᵀ (Walter and Lehmann, 3.2; A has at least as many rows as columns).


def qr_kind(use: Use) -> Kind:
    """The kind of the factors, or of the right one alone."""
    axes, dtype = matrices(use), result_dtype(use)
    q, r = (*axes[:-1], least(axes)), (*axes[:-2], least(axes), axes[-1])
    mode = use.value("mode")
    if mode == "r":
        return Array(r, dtype)
    if mode != "reduced":
        raise Refused(f"`mode={mode!r}` of `qr`", "it has no rule", "`mode='reduced'`")
    return TupleOf((Array(q, dtype), Array(r, dtype)), ("Q", "R"))


def qr_adjoint(use: Use, _: int) -> str:
    """The adjoint of the factors."""
    define = ""
    wanted = use.wanted
    r, r_bar = "r", "r̄"
    if not isinstance(use.result, TupleOf):
        define, wanted = "q = np.linalg.qr(a)[0]; ", frozenset({"r"})
        r, r_bar = "y", "ȳ"
    plus = f"{r} @ {dagger(use, r_bar)}" if "r" in wanted else ""
    minus = f"- {dagger(use, 'q̄')} @ q" if "q" in wanted else ""
    m = f"{plus} {minus}".strip() if plus else f"-{minus[2:]}"
    before, whole = symmetric(use, "m̄", upper=False)
    right = f"q @ ({whole})"
    right = f"q̄ + {right}" if "q" in wanted else right
    # X R⁻ᵀ = (R⁻¹ Xᵀ)ᵀ
    solved = f"np.linalg.solve({r}, {dagger(use, f'({right})')})"
    return f"{define}m̄ = {m}; {before}{dagger(use, solved)}"


def _skew(use: Use) -> str:
    """``Ω``: of complex matrices with the diagonal that X has, since that of R is real."""
    if is_complex(use.kinds[0]):
        return f"half = {half_triangle('ṡ')}; ṫ = half - {dagger(use, 'half')}"
    return f"ṫ = np.tril(ṡ, -1) - {dagger(use, 'np.tril(ṡ, -1)')}"


def qr_tangents(use: Use, _: Moving) -> str | tuple[str, ...]:
    """The tangents of the factors."""
    # With X = Qᵀ Ȧ R⁻¹:  Qᵀ Q̇ = Ω, the skew matrix of X's lower triangle,  Ṙ = (X - Ω) R.
    single = not isinstance(use.result, TupleOf)
    r = "y" if single else "r"
    solved = f"np.linalg.solve({dagger(use, r)}, {dagger(use, 'ȧ')})"
    define = f"ṗ = {dagger(use, solved)}; ṡ = {dagger(use, 'q')} @ ṗ; {_skew(use)}; "
    if single:
        return f"q = np.linalg.qr(a)[0]; {define}(ṡ - ṫ) @ {r}"
    return f"{define}ṗ - q @ (ṡ - ṫ)", f"{define}(ṡ - ṫ) @ r"


structured(
    "np.linalg.qr",
    "a mode='reduced'",
    results="q r",
    kind=qr_kind,
    adjoint=qr_adjoint,
    tangents=qr_tangents,
    facts="the columns are independent; ; Walter and Lehmann (2012)",
)
