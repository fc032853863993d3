"""Norms of vectors and of matrices, as ``np.linalg`` and ``scipy.linalg`` have them.

Sources: Petersen and Pedersen, *The Matrix Cookbook* (2012), section 2.8; for the norms of singular
values Giles (2008), section 3.4.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from srcad.analysis.kind import Array, Kind, is_complex
from srcad.rules.axes import (
    along,
    array_needed,
    float_dtype,
    keeps_dims,
    normal_axis,
    rank_of,
    reduced,
    reduced_axes,
    with_axes,
)
from srcad.rules.complex_values import real_part
from srcad.rules.signature import Refused
from srcad.rules.table import Use, of_complex, structured

SINGULAR = {2: "largest", -2: "smallest", "nuc": "all"}


def _is_matrix(use: Use) -> bool:
    """Whether the norm is one of matrices; without ``ord`` all norms are the 2-norm of a vector."""
    if use.value("of vectors"):
        return False
    return use.value("ord") not in (None, "fro") and len(reduced_axes(use)) == 2


def _norm_kind(use: Use) -> Kind:
    array_needed(use)
    kind, order = use.kinds[0], use.value("ord")
    assert isinstance(kind, Array)
    axes = reduced_axes(use)
    vectors = use.value("of vectors")
    if order is not None and len(axes) > 2 and not vectors:
        raise Refused("`ord=`", f"the array has {kind.rank} axes", "`axis=`, one or two axes")
    if _is_matrix(use):
        good = order in (1, -1, math.inf, -math.inf) or order in SINGULAR
        if order in SINGULAR and axes != (kind.rank - 2, kind.rank - 1):
            raise Refused("`axis=`", "matrices are in the last two axes", "the last two axes")
    else:
        number = isinstance(order, (int, float)) and order != 0
        good = (
            order is None
            or (order == "fro" and len(axes) == 2)
            or (number and (len(axes) == 1 or vectors))
        )
    if not good:
        raise Refused(f"`ord={order!r}`", "this norm has no derivative, or no rule", "another norm")
    return reduced(kind, axes, keepdims=keeps_dims(use), dtype=float_dtype(kind.dtype))


def _scale(use: Use) -> str:
    """The norm itself; where it is 0, so is every entry and the derivative."""
    return "(y + (y == 0))"


def _extreme_ties(use: Use) -> str:
    """Which entries are the largest in size, or the smallest."""
    function = "max" if use.value("ord") > 0 else "min"
    return f"t = np.abs(x) == np.{function}(np.abs(x){along(use, keepdims=True)})"


def _row_sum_ties(use: Use) -> str:
    """The share of each row, or column, in the largest sum of sizes: those that tie share."""
    rank, order = rank_of(use.kinds[0]), use.value("ord")
    axis = use.value("axis") or (0, 1)
    row, column = (normal_axis(each, rank) for each in axis)
    summed, over = (row, column) if abs(order) == 1 else (column, row)
    function = "max" if order > 0 else "min"
    return (
        f"s = np.sum(np.abs(x), axis={summed}, keepdims=True); "
        f"t = s == np.{function}(s, axis={over}, keepdims=True); "
        f"t_share = t / np.sum(t, axis={over}, keepdims=True)"
    )


def _singular(use: Use) -> tuple[str, str]:
    """The matrix of the derivative: singular vectors times their transposes."""
    definition = "u, s, v = np.linalg.svd(x, full_matrices=False)"
    batch = rank_of(use.kinds[0]) > 2
    which = SINGULAR[use.value("ord")]
    if which == "all":
        return definition, "(u @ v)"
    at = 0 if which == "largest" else -1
    if batch:
        column = "..., :1" if at == 0 else "..., -1:"
        row = "..., :1, :" if at == 0 else "..., -1:, :"
        return definition, f"(u[{column}] @ v[{row}])"
    return definition, f"np.outer(u[:, {at}], v[{at}])"


def _sign(use: Use) -> str:
    """The derivative of an entry's size; of a complex one its gradient."""
    return "x / (np.abs(x) + (x == 0))" if is_complex(use.kinds[0]) else "np.sign(x)"


def _form(use: Use) -> tuple[str, str, str]:
    """The definitions, the derivative as an array of the operand's shape, and what divides it."""
    order = use.value("ord")
    if _is_matrix(use):
        if order in SINGULAR:
            definition, form = _singular(use)
            return f"{definition}; ", form, ""
        return f"{_row_sum_ties(use)}; ", f"{_sign(use)} * t_share", ""
    if order in (None, "fro", 2):
        return "", "x", f" / {_scale(use)}"
    if order == 1:
        return "", _sign(use), ""
    if math.isinf(order):
        return f"{_extreme_ties(use)}; ", f"t * {_sign(use)}", f" / np.sum(t{along(use)})"
    scaled = f"(np.abs(x) / {with_axes(use, _scale(use))})"
    return "", f"{_sign(use)} * {scaled} ** {order - 1!r}", ""


def _norm_tangent(use: Use, _: int) -> str:
    definitions, form, divisor = _form(use)
    if is_complex(use.kinds[0]):
        return f"{definitions}np.sum((np.conj({form}) * ẋ).real{along(use)}){divisor}"
    return f"{definitions}np.sum({form} * ẋ{along(use)}){divisor}"


def _norm_adjoint(use: Use, _: int) -> str:
    definitions, form, divisor = _form(use)
    form = f"np.conj({form})" if is_complex(use.kinds[0]) else form
    return f"{definitions}{with_axes(use, f'ȳ{divisor}')} * {form}"


FACTS = "norms other than 0; 0 at 0, ties share equally"

structured(
    "np.linalg.norm",
    "x ord=None axis=None keepdims=False",
    facts=FACTS,
    kind=_norm_kind,
    tangent=_norm_tangent,
    adjoint=_norm_adjoint,
)
of_complex(
    "np.linalg.norm",
    "x",
    domain=FACTS.split(";")[0],
    kink=FACTS.split("; ")[1],
    kind=lambda use: real_part(_norm_kind(use)),
    tangent=_norm_tangent,
    adjoint=_norm_adjoint,
)
structured(
    "scipy.linalg.norm",
    "x/a ord=None axis=None keepdims=False check_finite=True",
    facts=FACTS,
    kind=_norm_kind,
    tangent=_norm_tangent,
    adjoint=_norm_adjoint,
)


def _of_vectors(use: Use) -> Use:
    """The entries along all axes are one vector."""
    return replace(use, values={**use.values, "of vectors": True})


def _of_matrices(use: Use) -> Use:
    """Matrices are in the last two axes."""
    rank = rank_of(use.kinds[0])
    if rank < 2:
        raise Refused("the norm of a matrix", "its operand is none", "`np.linalg.vector_norm`")
    return replace(use, values={**use.values, "axis": (rank - 2, rank - 1)})


def _in_array_api(name: str, signature: str, meant: Callable[[Use], Use]) -> None:
    """Declare a norm that says in its name which norm is meant."""
    structured(
        name,
        signature,
        facts=FACTS,
        kind=lambda use: _norm_kind(meant(use)),
        tangent=lambda use, n: _norm_tangent(meant(use), n),
        adjoint=lambda use, n: _norm_adjoint(meant(use), n),
    )
    of_complex(
        name,
        "x",
        domain=FACTS.split(";")[0],
        kink=FACTS.split("; ")[1],
        kind=lambda use: real_part(_norm_kind(meant(use))),
        tangent=lambda use, n: _norm_tangent(meant(use), n),
        adjoint=lambda use, n: _norm_adjoint(meant(use), n),
    )


_in_array_api("np.linalg.vector_norm", "x * axis=None keepdims=False ord=2", _of_vectors)
_in_array_api("np.linalg.matrix_norm", "x * keepdims=False ord='fro'", _of_matrices)
