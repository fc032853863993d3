"""Diagonals and triangles of matrices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from srcad.analysis.kind import Array, Kind
from srcad.analysis.lengths import longer
from srcad.rules.axes import array, dtype_of, first, rank_of, wanted_dtype
from srcad.rules.signature import Refused
from srcad.rules.sizes import array_of, axes_of, given, permuted, product
from srcad.rules.table import Use, structured


def _matrix_axes(use: Use) -> tuple[list[str], tuple[int, ...]]:
    """The axes beside the two of the matrices, and where all axes are, those two at the end."""
    axes = axes_of(use.kinds[0])
    if len(axes) < 2:
        raise Refused("a diagonal", f"the array has {len(axes)} axes", "an array with two axes")
    one, other = use.values.get("axis1", 0), use.values.get("axis2", 1)
    order = permuted(
        use.kinds[0], lambda x: np.moveaxis(x, (one, other), (-2, -1)), f"axes {one} and {other}"
    )
    return [axes[n] for n in order[:-2]], order


def _diagonal_length(use: Use, offset: str) -> str:
    axes, order = axes_of(use.kinds[0]), _matrix_axes(use)[1]
    rows, columns = (axes[n] for n in order[-2:])
    square = rows == columns and use.values.get(offset) == 0
    return rows if square else "?"


def _diagonal_kind(use: Use) -> Kind:
    others, _ = _matrix_axes(use)
    return array_of(use, [*others, _diagonal_length(use, "offset")])


def _diagonal_adjoint(use: Use, _: int) -> str:
    return f"undiagonal(ȳ, like_x{_of_diagonal(use)})"


def _of_diagonal(use: Use) -> str:
    """The options of a diagonal, by position."""
    names = ["offset", "axis1", "axis2"]
    while names and names[-1] not in use.options:
        names.pop()
    defaults = {"offset": "0", "axis1": "0", "axis2": "1"}
    return "".join(f", {name if name in use.options else defaults[name]}" for name in names)


def _undiagonal_adjoint(use: Use, _: int) -> str:
    diagonal = f"np.diagonal(ȳ{_of_diagonal(use)})"
    axes = axes_of(use.kinds[0])
    if not axes:
        return f"{diagonal}.sum()"
    return f"unbroadcast({diagonal}, like_x)" if axes[-1][0] in "1?" else diagonal


structured(
    "np.diagonal",
    "x/a offset=0 axis1=0 axis2=1",
    methods="diagonal",
    shares="view",
    leaves_out=True,
    kind=_diagonal_kind,
    adjoint=_diagonal_adjoint,
)
structured(
    "helpers.undiagonal",
    "x like offset=0 axis1=0 axis2=1",
    fixed="like",
    kind=lambda use: use.kinds[1],
    adjoint=_undiagonal_adjoint,
)


def _trace_kind(use: Use) -> Kind:
    others, _ = _matrix_axes(use)
    return array(tuple(others), wanted_dtype(use, dtype_of(use.kinds[0])))


def _trace_adjoint(use: Use, _: int) -> str:
    if rank_of(use.kinds[0]) > 2:
        return f"undiagonal(np.expand_dims(ȳ, -1), like_x{_of_diagonal(use)})"
    offset = ", k=offset" if "offset" in use.options else ""
    if use.values.get("axis1") != 0 or use.values.get("axis2") != 1:
        return f"undiagonal(ȳ, like_x{_of_diagonal(use)})"
    return f"ȳ * np.eye(like_x.shape[0], like_x.shape[1]{offset})"


structured(
    "np.trace",
    "x/a offset=0 axis1=0 axis2=1 dtype=None out!",
    methods="trace",
    leaves_out=True,
    kind=_trace_kind,
    adjoint=_trace_adjoint,
)


# np.linalg's own: of the last two axes.


def _of_last(use: Use) -> Use:
    return replace(use, values={**use.values, "axis1": -2, "axis2": -1})


def _offset(use: Use) -> str:
    return "offset" if "offset" in use.options else "0"


def _last_trace_adjoint(use: Use, _: int) -> str:
    if rank_of(use.kinds[0]) > 2:
        return f"undiagonal(np.expand_dims(ȳ, -1), like_x, {_offset(use)}, -2, -1)"
    offset = ", k=offset" if "offset" in use.options else ""
    return f"ȳ * np.eye(like_x.shape[0], like_x.shape[1]{offset})"


structured(
    "np.linalg.diagonal",
    "x * offset=0",
    shares="view",
    kind=lambda use: _diagonal_kind(_of_last(use)),
    adjoint=lambda use, _: f"undiagonal(ȳ, like_x, {_offset(use)}, -2, -1)",
)
structured(
    "np.linalg.trace",
    "x * offset=0 dtype=None",
    kind=lambda use: _trace_kind(_of_last(use)),
    adjoint=_last_trace_adjoint,
)


def _diag_kind(use: Use) -> Kind:
    axes = axes_of(use.kinds[0])
    if len(axes) == 1:
        return array_of(use, _square(use, axes[0]))
    if len(axes) != 2:
        raise Refused("`np.diag`", f"the array has {len(axes)} axes", "a vector or a matrix")
    return array_of(use, [_diagonal_length(use, "k")])


def _square(use: Use, length: str) -> tuple[str, str]:
    """The axes of the matrix that has a vector as its k-th diagonal."""
    k = use.values.get("k")
    if not isinstance(k, int):
        return ("?", "?")
    side = longer(length, abs(k))
    return (side, side)


def _diag_adjoint(use: Use, _: int) -> str:
    more = given(use, "k")
    if rank_of(use.kinds[0]) == 1:
        return f"np.diag(ȳ{more})"
    rows, columns = axes_of(use.kinds[0])
    if rows == columns and rows != "?" and use.values.get("k") == 0:
        return "np.diag(ȳ)"
    return f"undiagonal(ȳ, like_x{', k' if more else ''})"


structured(
    "np.diag",
    "x/v k=0",
    shares="maybe",
    copies=lambda use: rank_of(use.kinds[0]) == 1,
    leaves_out=True,
    kind=_diag_kind,
    adjoint=_diag_adjoint,
)
structured(
    "np.diagflat",
    "x/v k=0",
    kind=lambda use: array_of(use, _square(use, product(axes_of(use.kinds[0])))),
    adjoint=lambda use, _: (
        f"np.diag(ȳ{given(use, 'k')})"
        + ("" if rank_of(use.kinds[0]) == 1 else ".reshape(like_x.shape)")
    ),
)


def _triangle_kind(use: Use) -> Kind:
    kind = first(use)
    if not isinstance(kind, Array) or kind.rank < 2:
        raise Refused("a triangle", "the array has less than two axes", "a matrix")
    return kind


structured(
    "np.tril",
    "x/m k=0",
    leaves_out=True,
    kind=_triangle_kind,
    adjoint=lambda use, _: f"np.tril(ȳ{given(use, 'k')})",
)
structured(
    "np.triu",
    "x/m k=0",
    leaves_out=True,
    kind=_triangle_kind,
    adjoint=lambda use, _: f"np.triu(ȳ{given(use, 'k')})",
)
