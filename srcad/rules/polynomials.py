"""Polynomials by their coefficients, the highest power first.

Abramowitz and Stegun, *Handbook of Mathematical Functions*, section 3.
"""

from __future__ import annotations

from srcad.analysis.kind import Array, Kind, Scalar, broadcast
from srcad.analysis.lengths import known_length, longer
from srcad.rules.axes import dtype_of, float_dtype, rank_of
from srcad.rules.products import product_dtype
from srcad.rules.signature import Refused
from srcad.rules.sizes import array_of, axes_of
from srcad.rules.table import Use, structured


def _is_row(use: Use) -> None:
    if rank_of(use.kinds[0]) != 1:
        raise Refused("a polynomial", "its coefficients are no row", "an array with one axis")


def _polyval_kind(use: Use) -> Kind:
    _is_row(use)
    value = broadcast(Array((), "f8"), use.kinds[1])
    return value if axes_of(value) else broadcast(Scalar("float"), use.kinds[1])


def _polyval_adjoint(use: Use, operand: int) -> str:
    if use.names[operand] == "x":
        return "ȳ * np.polyval(np.polyder(p), x)"
    if isinstance(use.kinds[1], Scalar):
        return "ȳ * x ** np.arange(len(like_p) - 1, -1, -1)"
    flat = "ȳ" if rank_of(use.kinds[1]) == 1 else "np.ravel(ȳ)"
    points = "x" if rank_of(use.kinds[1]) == 1 else "np.ravel(x)"
    return f"{flat} @ np.vander({points}, len(like_p))"


def _polyval_tangents(use: Use, moving: frozenset[str]) -> str:
    terms = ["np.polyval(ṗ, x)"] * ("p" in moving)
    return " + ".join(terms + ["ẋ * np.polyval(np.polyder(p), x)"] * ("x" in moving))


structured(
    "np.polyval",
    "p x",
    kind=_polyval_kind,
    adjoint=_polyval_adjoint,
    tangents=_polyval_tangents,
)


def _polyder_kind(use: Use) -> Kind:
    _is_row(use)
    order = use.value("m")
    if order != 1:
        raise Refused(f"`m={order}`", "it has no rule", "`np.polyder` of `np.polyder`")
    (length,) = axes_of(use.kinds[0])
    if known_length(length) == 0:
        return array_of(use, [length])
    return array_of(use, [longer(length, -1)])


def _polyder_adjoint(use: Use, _: int) -> str:
    return "[:-1] += ȳ * np.arange(len(ȳ), 0, -1)"


structured("np.polyder", "p m=1", kind=_polyder_kind, adjoint=_polyder_adjoint)


# -- sums and integrals ----------------------------------------------------------------------------


def _sum_kind(use: Use) -> Kind:
    if tuple(map(rank_of, use.kinds)) != (1, 1):
        raise Refused("a polynomial", "its coefficients are no row", "an array with one axis")
    (a,), (b,) = map(axes_of, use.kinds)
    return Array((a if a == b else "?",), product_dtype(use))


def _sum_adjoint(use: Use, operand: int) -> str:
    """The shorter one is added to the last coefficients of the longer one."""
    (a,), (b,) = map(axes_of, use.kinds)
    return "ȳ" if a == b != "?" else f"ȳ[len(ȳ) - len(like_{use.names[operand]}):]"


def _difference_adjoint(use: Use, operand: int) -> str:
    return ("", "-")[operand] + _sum_adjoint(use, operand)


structured("np.polyadd", "a/a1 b/a2", jointly=True, kind=_sum_kind, adjoint=_sum_adjoint)
structured("np.polysub", "a/a1 b/a2", jointly=True, kind=_sum_kind, adjoint=_difference_adjoint)


def _polyint_kind(use: Use) -> Kind:
    _is_row(use)
    if use.value("m") != 1:
        raise Refused(f"`m={use.value('m')}`", "it has no rule", "`np.polyint` of `np.polyint`")
    (length,) = axes_of(use.kinds[0])
    return Array((longer(length, 1),), float_dtype(dtype_of(use.kinds[0])))


structured(
    "np.polyint",
    "p m=1 k!",
    kind=_polyint_kind,
    adjoint=lambda use, _: "ȳ[:-1] / np.arange(len(ȳ) - 1, 0, -1)",
)
