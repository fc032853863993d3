"""Linear algebra."""

from srcad.analysis.kind import Array, TupleOf
from srcad.rules.table import structured


def _eigh_kind(use):
    a = use.kinds[0]
    return TupleOf((Array(a.axes[:-1], a.dtype), a), ("eigenvalues", "eigenvectors"))


def _eigh_adjoint(use, _):
    terms = []
    if "w" in use.wanted:
        terms.append("(v * w̄) @ v.T")
    if "v" in use.wanted:
        terms.append("v @ (np.subtract.outer(w,w) * (v.T @ v̄)) @ v.T")
    return f"s̄ = {' + '.join(terms)}; np.tril(s̄) + np.tril(s̄.T, -1)"


structured(
    "np.linalg.eigh",
    "a",
    kind=_eigh_kind,
    adjoint=_eigh_adjoint,
    results="w v",
    tangents=lambda use, _: (
        "ṡ = v.T @ (np.tril(ȧ) + np.tril(ȧ, -1).T) @ v; np.diag(ṡ)",
        "v @ (np.subtract.outer(w, w) * ṡ)",
    ),
)
structured(
    "np.linalg.solve",
    "a b",
    kind=lambda use: use.kinds[1],
    adjoint=lambda use, n: "s̄ = np.linalg.solve(a.T, ȳ); " + ("-np.outer(s̄, y)", "s̄")[n],
    tangents=lambda use, m: (
        "np.linalg.solve(a, "
        + {"ab": "ḃ - ȧ @ y", "a": "-ȧ @ y", "b": "ḃ"}["".join(sorted(m))]
        + ")"
    ),
)
