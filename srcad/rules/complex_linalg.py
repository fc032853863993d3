"""Decompositions of complex matrices, and what is made of them.

The books' formulas hold for complex matrices with conjugate transposes, if they are read as those
of gradients ``G`` with ``dL = Re Σ conj(G) dA``: they are the conjugates of the adjoints.

A matrix that is taken for a Hermitian one is read like a symmetric one, and real on its diagonal.
The phase of an eigenvector is arbitrary, and that of a pair of singular vectors.  Of what does not
depend on it the derivative is right, and all else raises where an adjoint tells it; a tangent does
not tell, and is refused.

Sources: those of :mod:`srcad.rules.decompositions`; Wan and Zhang, *Automatic differentiation for
complex valued SVD* (2019).
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from srcad.analysis.kind import Kind, TupleOf
from srcad.names import BARS
from srcad.rules.complex_values import real_part
from srcad.rules.decompositions import (
    cholesky_adjoint,
    cholesky_tangents,
    cond_adjoint,
    cond_kind,
    cond_tangents,
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
    each_number,
    inverse_transposed,
    lstsq_adjoint,
    lstsq_kind,
    lstsq_tangents,
    pinv_adjoint,
    pinv_kind,
    pinv_tangents,
    same_matrix,
    spread,
    trace,
)
from srcad.rules.signature import Refused
from srcad.rules.table import AdjointOf, KindOf, Use, holomorphic, of_complex, structured

# -- between gradients and adjoints ----------------------------------------------------------------


def of_gradients(adjoint: AdjointOf, real: str = "") -> AdjointOf:
    """The adjoint, where a formula gives gradients from those of the results."""

    def formula(use: Use, operand: int) -> str:
        text = adjoint(use, operand)
        assert isinstance(text, str)
        if not text:
            return ""
        *definitions, value = unicodedata.normalize("NFKC", text).split("; ")
        text = "; ".join([*definitions, f"np.conj({value})"])
        for each in sorted(use.wanted - set(real.split())):
            bar = unicodedata.normalize("NFKC", each[0] + BARS[0] + each[1:])
            text = f"c{bar} = np.conj({bar}); " + text.replace(bar, f"c{bar}")
        return text

    return formula


def _with_real(kind_of: KindOf, *numbers: int) -> KindOf:
    """The kind, where some of the results are real."""

    def kind(use: Use) -> Kind:
        found = kind_of(use)
        if not isinstance(found, TupleOf):
            return real_part(found)
        items = [real_part(each) if n in numbers else each for n, each in enumerate(found.items)]
        return replace(found, items=tuple(items))

    return kind


# -- Hermitian matrices ----------------------------------------------------------------------------


def _phases_refused(use: Use, *vectors: str) -> None:
    if use.asked.intersection(vectors):
        raise Refused(
            "the vectors of a complex matrix",
            "their phases are arbitrary, and no tangent tells whether the result depends on them",
            'the gradient, with `mode="reverse"`',
        )


def _eigh_tangents(use: Use, moving: Moving) -> tuple[str, str]:
    _phases_refused(use, "v")
    return eigh_tangents(use, moving)[0], ""


of_complex(
    "np.linalg.eigh",
    "a",
    results=("w", "v"),
    domain="the eigenvalues differ; of vectors in reverse mode",
    kind=_with_real(eigh_kind, 0),
    adjoint=of_gradients(eigh_adjoint, real="w"),
    tangents=_eigh_tangents,
)
of_complex(
    "np.linalg.eigvalsh",
    "a",
    domain="the eigenvalues differ",
    kind=_with_real(eigvalsh_kind),
    adjoint=of_gradients(eigvalsh_adjoint, real="y"),
    tangents=eigvalsh_tangents,
)


def _is_upper(use: Use) -> bool:
    return bool(use.value("upper"))


of_complex(
    "np.linalg.cholesky",
    "a",
    domain="a is positive definite",
    kind=same_matrix,
    adjoint=of_gradients(lambda use, _: cholesky_adjoint(use, upper=_is_upper(use))),
    tangents=lambda use, _: cholesky_tangents(use, upper=_is_upper(use)),
)

# -- singular values, QR ---------------------------------------------------------------------------


def _svd_tangents(use: Use, moving: Moving) -> str | tuple[str, ...]:
    _phases_refused(use, "u", "vt")
    found = svd_tangents(use, moving)
    return found if isinstance(found, str) else ("", found[1], "")


of_complex(
    "np.linalg.svd",
    "a",
    results=("u", "s", "vt"),
    domain="the singular values differ and are not 0; of vectors in reverse mode",
    kind=_with_real(svd_kind, 1),
    adjoint=of_gradients(svd_adjoint, real="s y"),
    tangents=_svd_tangents,
)
of_complex(
    "np.linalg.svdvals",
    "a",
    domain="the singular values differ and are not 0",
    kind=_with_real(svdvals_kind),
    adjoint=of_gradients(svdvals_adjoint, real="y"),
    tangents=svdvals_tangents,
)
of_complex(
    "np.linalg.cond",
    "a",
    domain="the largest and the smallest singular value are simple",
    kind=_with_real(cond_kind),
    adjoint=of_gradients(cond_adjoint, real="y"),
    tangents=cond_tangents,
)
of_complex(
    "np.linalg.qr",
    "a",
    results=("q", "r"),
    domain="the columns are independent",
    kind=qr_kind,
    adjoint=of_gradients(qr_adjoint),
    tangents=qr_tangents,
)


structured(
    "helpers.free_of_phase",
    "p q",
    kind=lambda use: use.kinds[0],
    adjoint=lambda use, n: ("ȳ", "")[n],
    tangents=lambda use, moving: "ṗ" if "p" in moving else "",
)
holomorphic("helpers.free_of_phase")

# -- pseudo-inverses, determinants -----------------------------------------------------------------

of_complex(
    "np.linalg.pinv",
    "a",
    domain="the rank does not change near a",
    kind=pinv_kind,
    adjoint=of_gradients(pinv_adjoint),
    tangents=pinv_tangents,
)
of_complex(
    "np.linalg.lstsq",
    "a b",
    results=("x", "residuals", "rank", "s"),
    ruled_out=("residuals", "s"),
    domain="the rank does not change near a",
    kind=_with_real(lstsq_kind, 1, 3),
    adjoint=of_gradients(lstsq_adjoint),
    tangents=lstsq_tangents,
)


def _slogdet_adjoint(use: Use, _: int) -> str:
    """The logarithm changes by the real part of ``tr(a⁻¹ ȧ)``, the sign turns by the other."""
    turned = "1j * (s̄ign * sign).imag"
    terms = [each for name, each in (("l", "l̄"), ("sign", turned)) if name in use.wanted]
    seed = spread(use, f"({' + '.join(terms)})")
    return f"{seed} * {inverse_transposed(use)}"


def _slogdet_kind(use: Use) -> Kind:
    number = each_number(use)
    return TupleOf((number, real_part(number)), ("sign", "logabsdet"))


of_complex(
    "np.linalg.slogdet",
    "a",
    results=("sign", "l"),
    domain="a is regular",
    kind=_slogdet_kind,
    adjoint=_slogdet_adjoint,
    tangents=lambda use, _: (
        f"ṫ = {trace(use)}; 1j * ṫ.imag * sign",
        f"ṫ = {trace(use)}; ṫ.real",
    ),
)
