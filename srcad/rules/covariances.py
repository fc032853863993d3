"""Covariances and correlations of rows, or columns, of numbers.

With ``d`` the rows less their means, ``y = d dᵀ / f``; so ``ẏ = ḋ dᵀ / f`` and its transpose, and
``d̄ = (ȳ + ȳᵀ) d / f``, whose rows have the mean 0 as those of ``d`` have.  A correlation is the
product ``z zᵀ`` of the rows divided by their lengths.
"""

from __future__ import annotations

from srcad.analysis.kind import Array, Kind
from srcad.analysis.lengths import known_length
from srcad.rules.axes import float_dtype, rank_of
from srcad.rules.products import product_dtype
from srcad.rules.signature import Refused
from srcad.rules.sizes import axes_of
from srcad.rules.table import Use, structured

Moving = frozenset[str]


def _in_columns(use: Use) -> bool:
    """Whether each column is a variable; two vectors are two rows."""
    return rank_of(use.kinds[0]) == 2 and not use.value("rowvar")


def _variables(use: Use) -> str:
    """How many variables there are: the length of the result's axes."""
    ranks = tuple(map(rank_of, use.kinds))
    if ranks == (1, 1):
        return "=2"
    if ranks == (1,):
        return "1"
    if ranks != (2,):
        raise Refused("these observations", "they are no row, two rows or a table", "`np.vstack`")
    token = axes_of(use.kinds[0])[1 if _in_columns(use) else 0]
    if known_length(token) == 1 or token[0] == "?":
        raise Refused(
            "the covariance of a table",
            "it may have one variable, and then the result is no table",
            "`np.var`, or an array whose length is an argument's",
        )
    return token


def _table(use: Use) -> Kind:
    count = _variables(use)
    axes = () if count == "1" else (count, count)
    return Array(axes, float_dtype(product_dtype(use)))


def _cov_kind(use: Use) -> Kind:
    use.value("bias")
    use.value("ddof")
    return _table(use)


def _freedom(use: Use) -> str:
    """What the sums of products are divided by."""
    axis = 1 if rank_of(use.kinds[0]) == 2 and not _in_columns(use) else 0
    ddof = use.value("ddof")
    if ddof is None:
        ddof = 0 if use.value("bias") else 1
    count = f"like_a.shape[{axis}]"
    return f"({count} - {ddof})" if ddof else count


def _rows(use: Use) -> str:
    """The rows less their means."""
    if len(use.names) == 2:
        return "d = np.stack((a - np.mean(a), b - np.mean(b)))"
    if rank_of(use.kinds[0]) == 1:
        return "d = a - np.mean(a)"
    if _in_columns(use):
        return "d = (a - np.mean(a, axis=0)).T"
    return "d = a - np.mean(a, axis=1, keepdims=True)"


def _part(use: Use, operand: int, rows: str) -> str:
    """What an operand has of the rows."""
    if len(use.names) == 2:
        return f"({rows})[{operand}]"
    return f"({rows}).T" if _in_columns(use) else rows


def _moving_rows(use: Use, moving: Moving) -> str:
    if len(use.names) == 2:
        parts = [f"{x}\u0307" if x in moving else f"np.zeros_like({x})" for x in use.names]
        return f"np.stack(({', '.join(parts)}))"
    return "ȧ.T" if _in_columns(use) else "ȧ"


def _cov_adjoint(use: Use, operand: int) -> str:
    if use.result == Array((), float_dtype(product_dtype(use))):
        return f"{_rows(use)}; 2 * ȳ / {_freedom(use)} * d"
    return f"{_rows(use)}; " + _part(use, operand, f"(ȳ + ȳ.T) @ d / {_freedom(use)}")


def _cov_tangents(use: Use, moving: Moving) -> str:
    if use.result == Array((), float_dtype(product_dtype(use))):
        return f"{_rows(use)}; 2 * np.dot(d, ȧ) / {_freedom(use)}"
    return f"{_rows(use)}; ṡ = {_moving_rows(use, moving)} @ d.T / {_freedom(use)}; ṡ + ṡ.T"


structured(
    "np.cov",
    "a/m b?/y rowvar=True bias=False ddof=None fweights! aweights! * dtype!",
    kind=_cov_kind,
    adjoint=_cov_adjoint,
    tangents=_cov_tangents,
)


def _corrcoef_kind(use: Use) -> Kind:
    if _variables(use) == "1":
        raise Refused("`np.corrcoef` of one row", "it is 1", "a table, or two rows")
    return _table(use)


_UNIT = "n = np.sqrt(np.sum(d * d, axis=1, keepdims=True)); z = d / n"


def _corrcoef_adjoint(use: Use, operand: int) -> str:
    rows = "(s̄ - z * np.sum(s̄ * z, axis=1, keepdims=True)) / n"
    return f"{_rows(use)}; {_UNIT}; s̄ = (ȳ + ȳ.T) @ z; " + _part(use, operand, rows)


def _corrcoef_tangents(use: Use, moving: Moving) -> str:
    return (
        f"{_rows(use)}; {_UNIT}; ṡ = {_moving_rows(use, moving)}; "
        "ṫ = (ṡ - z * np.sum(z * ṡ, axis=1, keepdims=True)) / n @ z.T; ṫ + ṫ.T"
    )


structured(
    "np.corrcoef",
    "a/x b?/y rowvar=True bias! ddof! * dtype!",
    facts="no row is constant",
    kind=_corrcoef_kind,
    adjoint=_corrcoef_adjoint,
    tangents=_corrcoef_tangents,
)
