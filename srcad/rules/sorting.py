"""Sorting: the derivative goes where the entries go.

Entries that tie keep their order; any other order would be as right.
"""

from __future__ import annotations

from srcad.analysis.kind import Array, Kind
from srcad.rules.axes import array_needed, normal_axis, rank_of
from srcad.rules.table import Use, structured


def _sorted_kind(use: Use) -> Kind:
    array_needed(use)
    kind = use.kinds[0]
    assert isinstance(kind, Array)
    if use.value("axis") is None:
        return Array(kind.axes if kind.rank == 1 else ("?",), kind.dtype)
    normal_axis(use.value("axis"), kind.rank)
    return kind


class _Lines:
    """How the places along the sorted axis are written; without an axis, those in one row."""

    def __init__(self, use: Use) -> None:
        self.rank = rank_of(use.kinds[0])
        axis = use.value("axis")
        self.axis = None if axis is None or self.rank == 1 else normal_axis(axis, self.rank)
        self.flattened = axis is None and self.rank != 1
        self.further = "" if self.axis is None else f", axis={self.axis}"

    def order(self, x: str) -> str:
        """The places of the entries, in ascending order."""
        further = ", axis=None" if self.flattened else self.further
        return f'np.argsort({x}{further}, kind="stable")'

    def rank_in(self, x: str) -> str:
        """The place of each entry in that order."""
        return f"np.argsort({self.order(x)}{self.further})"

    def take(self, x: str, places: str) -> str:
        """The entries at places of each line."""
        if self.axis is None:
            return f"{x}[{places}]"
        return f"np.take_along_axis({x}, {places}, {self.axis})"

    def row(self, x: str) -> str:
        """An array of the operand's shape, taken in one row if the axes are."""
        return f"np.ravel({x})" if self.flattened else x

    def back(self, x: str) -> str:
        """The same in the operand's shape."""
        return f"np.reshape({x}, like_x.shape)" if self.flattened else x


def _sort_tangent(use: Use, _: int) -> str:
    lines = _Lines(use)
    return lines.take(lines.row("ẋ"), lines.order("x"))


def _sort_adjoint(use: Use, _: int) -> str:
    lines = _Lines(use)
    return lines.back(lines.take("ȳ", lines.rank_in("x")))


structured(
    "np.sort",
    "x/a axis=-1 kind=None order! * stable=None",
    facts="entries differ; those that tie keep their order",
    kind=_sorted_kind,
    tangent=_sort_tangent,
    adjoint=_sort_adjoint,
)


def _partition_tangent(use: Use, _: int) -> str:
    lines = _Lines(use)
    places = lines.take(lines.order("x"), lines.rank_in("y"))
    return lines.take(lines.row("ẋ"), places)


def _partition_adjoint(use: Use, _: int) -> str:
    lines = _Lines(use)
    places = lines.take(lines.order("y"), lines.row(lines.rank_in("x")))
    return lines.back(lines.take("ȳ", places))


# How the entries on each side of the kth are ordered is NumPy's choice: it is read off the result.
structured(
    "np.partition",
    "x/a kth= axis=-1 kind=None order!",
    facts="entries differ; those that tie keep their order",
    kind=_sorted_kind,
    tangent=_partition_tangent,
    adjoint=_partition_adjoint,
)
