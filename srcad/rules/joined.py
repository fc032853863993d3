"""Arrays joined that are in a list, of which only running tells how many there are.

The adjoint of each is its part of ``ȳ``, as for those that are written out
(:mod:`srcad.rules.assembly`).
"""

from __future__ import annotations

from collections.abc import Callable

from srcad.analysis.kind import Array, Kind
from srcad.analysis.lengths import UNNAMED
from srcad.rules.axes import dtype_of, normal_axis
from srcad.rules.signature import Refused
from srcad.rules.table import Use, structured

Axes = tuple[str, ...]
Joining = Callable[[Use, Axes], tuple[Axes, str]]
"""The axes of the result and the adjoint of the list, from the axes of what the list holds."""


def _along(axis: int, axes: Axes) -> tuple[Axes, str]:
    """One after the other along an axis that they have."""
    return (*axes[:axis], UNNAMED, *axes[axis + 1 :]), f"parts_like(ȳ, x, {axis})"


def _side_by_side(axis: int, axes: Axes) -> tuple[Axes, str]:
    """Side by side, along a new axis."""
    adjoint = f"np.moveaxis(ȳ, {axis}, 0)" if axis else "ȳ"
    return (*axes[:axis], UNNAMED, *axes[axis:]), adjoint


def _concatenate(use: Use, axes: Axes) -> tuple[Axes, str]:
    if use.value("axis") is None:
        raise Refused("`axis=None`", "the arrays are joined as flat ones", "`.ravel()` of each")
    return _along(normal_axis(use.value("axis"), len(axes)), axes)


def _stack(use: Use, axes: Axes) -> tuple[Axes, str]:
    return _side_by_side(normal_axis(use.value("axis"), len(axes) + 1), axes)


def _vstack(use: Use, axes: Axes) -> tuple[Axes, str]:
    if not axes:
        return (UNNAMED, "1"), "ȳ[:, 0]"
    return _side_by_side(0, axes) if len(axes) == 1 else _along(0, axes)


def _hstack(use: Use, axes: Axes) -> tuple[Axes, str]:
    return _along(min(1, len(axes) - 1), axes) if axes else _side_by_side(0, axes)


def _column_stack(use: Use, axes: Axes) -> tuple[Axes, str]:
    if not axes:
        return ("1", UNNAMED), "ȳ[0]"
    return _side_by_side(1, axes) if len(axes) == 1 else _along(1, axes)


def _items(use: Use) -> Axes:
    """The axes of the arrays in the list: other lengths than an argument's may be any."""
    (kind,) = use.kinds
    if getattr(use.operands[0], "kind", None) == kind or not isinstance(kind, Array):
        raise Refused("this operation", "what it joins is no list of arrays", "a list of them")
    return tuple(UNNAMED if token[0] == "?" else token for token in kind.axes[1:])


def _kind_of(joining: Joining) -> Callable[[Use], Kind]:
    def kind(use: Use) -> Kind:
        return Array(joining(use, _items(use))[0], dtype_of(use.kinds[0]))

    return kind


def _adjoint_of(joining: Joining) -> Callable[[Use, int], str]:
    return lambda use, _: joining(use, _items(use))[1]


for _names, _signature, _joining in (
    ("np.concatenate", "x/arrays axis=0 out! * dtype! casting!", _concatenate),
    ("np.stack", "x/arrays axis=0 out! * dtype! casting!", _stack),
    ("np.vstack np.row_stack", "x/tup * dtype! casting!", _vstack),
    ("np.hstack", "x/tup * dtype! casting!", _hstack),
    ("np.column_stack", "x/tup", _column_stack),
):
    structured(
        _names,
        _signature,
        variant="of a list",
        takes_lists=True,
        kind=_kind_of(_joining),
        adjoint=_adjoint_of(_joining),
    )
