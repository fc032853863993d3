"""The same entries in another shape or order: what is moved comes back the other way."""

from __future__ import annotations

from typing import Any

import numpy as np

from srcad.analysis.kind import Array, Kind
from srcad.rules.axes import first, normal_axes, rank_of
from srcad.rules.signature import Refused
from srcad.rules.sizes import (
    array_of,
    axes_of,
    given,
    is_number_kind,
    permuted,
    product,
    reshaped,
    shape_option,
    written,
)
from srcad.rules.table import ATTRIBUTES, Use, structured

# -- another shape ---------------------------------------------------------------------------------


def _order(use: Use) -> str:
    """The ``order`` of a reshape that is not C's own."""
    order = use.value("order")
    if order not in ("C", "F"):
        raise Refused(f"`order={order!r}`", "it depends on the layout in memory", "'C' or 'F'")
    return "order" if order == "F" else ""


def _reshape_kind(use: Use) -> Kind:
    _order(use)
    axes = shape_option(use)
    whole = product(axes_of(use.kinds[0]))
    # One length may be left out, and -1 may stand where there is but one other.
    unknown = [n for n, token in enumerate(axes) if token == "?"]
    if len(unknown) == 1 and all(token == "1" for token in axes if token != "?"):
        axes = tuple(whole if token == "?" else token for token in axes)
    return array_of(use, axes)


def _reshape_adjoint(use: Use, _: int) -> str:
    return reshaped(use, order=_order(use))


def _ravel_kind(use: Use) -> Kind:
    _order(use)
    return array_of(use, (product(axes_of(use.kinds[0])),))


structured(
    "np.reshape",
    "x/a shape= order='C' copy!",
    methods={"reshape": "x *shape= order='C' copy!"},
    shares="maybe",
    kind=_reshape_kind,
    adjoint=_reshape_adjoint,
)
structured(
    "np.ravel",
    "x/a order='C'",
    methods="ravel",
    shares="maybe",
    kind=_ravel_kind,
    adjoint=_reshape_adjoint,
)
structured(
    "np.ndarray.flatten",
    "x order='C'",
    methods="flatten",
    kind=_ravel_kind,
    adjoint=_reshape_adjoint,
)


def _expanded(use: Use) -> Kind:
    axis = use.value("axis")
    axes = list(axes_of(use.kinds[0]))
    count = len(axis) if isinstance(axis, tuple) else 1
    for n in normal_axes(axis, len(axes) + count):
        axes.insert(n, "1")
    return array_of(use, axes)


def _squeezed(use: Use) -> Kind:
    axes = axes_of(use.kinds[0])
    axis = use.value("axis")
    if axis is None:
        if any(token[0] == "?" for token in axes):
            raise Refused(
                "`squeeze` without `axis=`",
                "which axes have the length 1 is not known before running",
                "`axis=` with the axes to drop",
            )
        return array_of(use, [token for token in axes if token != "1"])
    dropped = normal_axes(axis, len(axes))
    return array_of(use, [token for n, token in enumerate(axes) if n not in dropped])


structured(
    "np.expand_dims",
    "x/a axis=",
    shares="view",
    kind=_expanded,
    adjoint=lambda use, _: reshaped(use),
)
structured(
    "np.squeeze",
    "x/a axis=None",
    methods="squeeze",
    shares="view",
    kind=_squeezed,
    adjoint=lambda use, _: reshaped(use),
)


def _at_least(rank: int) -> Any:
    def kind(use: Use) -> Kind:
        axes = axes_of(use.kinds[0])
        if rank == 3 and len(axes) in (1, 2):
            return array_of(use, ("1", *axes, "1") if len(axes) == 1 else (*axes, "1"))
        return array_of(use, ("1",) * (rank - len(axes)) + axes)

    return kind


def _at_least_adjoint(use: Use, _: int) -> str:
    return "ȳ" if rank_of(use.kinds[0]) == rank_of(use.result) else reshaped(use)


for _rank in (1, 2, 3):
    structured(
        f"np.atleast_{_rank}d",
        "x",
        shares="view",
        kind=_at_least(_rank),
        adjoint=_at_least_adjoint,
    )

# -- another order of the axes ---------------------------------------------------------------------


def _moved(use: Use) -> tuple[int, ...]:
    """The axis of the operand that each axis of the result is."""
    kind = use.kinds[0]
    if "axes" in use.values:
        axes = use.value("axes")
        if isinstance(axes, tuple) and len(axes) == 1 and isinstance(axes[0], tuple):
            (axes,) = axes
        return permuted(kind, lambda x: np.transpose(x, axes), f"`axes={axes}`")
    if "axis1" in use.values:
        one, other = use.value("axis1"), use.value("axis2")
        return permuted(kind, lambda x: np.swapaxes(x, one, other), f"axes {one} and {other}")
    if "source" in use.values:
        source, to = use.value("source"), use.value("destination")
        return permuted(kind, lambda x: np.moveaxis(x, source, to), f"axes {source} and {to}")
    axis, start = use.value("axis"), use.value("start")
    return permuted(kind, lambda x: np.rollaxis(x, axis, start), f"axes {axis} and {start}")


def _moved_kind(use: Use) -> Kind:
    axes = axes_of(use.kinds[0])
    return array_of(use, [axes[n] for n in _moved(use)]) if axes else use.kinds[0]


def _moved_back(use: Use, _: int) -> str:
    order = _moved(use)
    if order == tuple(range(len(order))):
        return "ȳ"
    if order == tuple(range(len(order)))[::-1]:
        return "ȳ.T"
    if "axis1" in use.options:
        return "ȳ.swapaxes(axis1, axis2)"
    if "source" in use.options:
        return "np.moveaxis(ȳ, destination, source)"
    return f"ȳ.transpose({tuple(map(int, np.argsort(order)))})"


ATTRIBUTES["T"] = structured(
    "np.transpose np.permute_dims",
    "x/a axes=None",
    methods={"transpose": "x *axes=None"},
    shares="view",
    kind=_moved_kind,
    adjoint=_moved_back,
)
structured(
    "np.swapaxes",
    "x/a axis1= axis2=",
    methods="swapaxes",
    shares="view",
    kind=_moved_kind,
    adjoint=_moved_back,
)
structured(
    "np.moveaxis",
    "x/a source= destination=",
    shares="view",
    kind=_moved_kind,
    adjoint=_moved_back,
)
structured(
    "np.rollaxis",
    "x/a axis= start=0",
    shares="view",
    kind=_moved_kind,
    adjoint=_moved_back,
)


def _matrix_transposed(use: Use) -> Kind:
    axes = axes_of(use.kinds[0])
    if len(axes) < 2:
        raise Refused("the transpose of a matrix", f"the array has {len(axes)} axes", "`.T`")
    return array_of(use, (*axes[:-2], axes[-1], axes[-2]))


ATTRIBUTES["mT"] = structured(
    "np.matrix_transpose np.linalg.matrix_transpose",
    "x",
    shares="view",
    kind=_matrix_transposed,
    adjoint=lambda use, _: "ȳ.swapaxes(-1, -2)",
)

# -- another order of the entries ------------------------------------------------------------------


def _flip_adjoint(use: Use, _: int) -> str:
    return f"np.flip(ȳ{given(use, 'axis')})"


def _flips(use: Use) -> Kind:
    if is_number_kind(use):
        return array_of(use, ())
    normal_axes(use.value("axis"), rank_of(use.kinds[0]))
    return first(use)


def _of_rank(rank: int) -> Any:
    def kind(use: Use) -> Kind:
        if rank_of(use.kinds[0]) < rank:
            raise Refused("this operation", f"it takes {rank} axes", "an array with as many")
        return first(use)

    return kind


structured("np.flip", "x/m axis=None", shares="view", kind=_flips, adjoint=_flip_adjoint)
structured(
    "np.flipud", "x/m", shares="view", kind=_of_rank(1), adjoint=lambda use, _: "np.flipud(ȳ)"
)
structured(
    "np.fliplr", "x/m", shares="view", kind=_of_rank(2), adjoint=lambda use, _: "np.fliplr(ȳ)"
)


def _rot90_kind(use: Use) -> Kind:
    kind = _of_rank(2)(use)
    assert isinstance(kind, Array)
    axes = use.value("axes")
    if not isinstance(axes, tuple) or len(axes) != 2:
        raise Refused(f"`axes={axes}`", "a rotation takes two axes", "two axes")
    normal_axes(axes, kind.rank)
    i, j = (axis % kind.rank for axis in axes)
    turned = list(kind.axes)
    turns = use.values.get("k")
    if not isinstance(turns, int):
        turned[i] = turned[j] = "?"
    elif turns % 2:
        turned[i], turned[j] = turned[j], turned[i]
    return array_of(use, turned)


def _rot90_adjoint(use: Use, _: int) -> str:
    turns = "-k" if "k" in use.options else "-1"
    return f"np.rot90(ȳ, {turns}{given(use, 'axes')})"


structured(
    "np.rot90", "x/m k=1 axes=(0,1)", shares="view", kind=_rot90_kind, adjoint=_rot90_adjoint
)


def _roll_kind(use: Use) -> Kind:
    written(use, "shift")
    return array_of(use, axes_of(use.kinds[0])) if is_number_kind(use) else first(use)


def _roll_adjoint(use: Use, _: int) -> str:
    shift = written(use, "shift")
    back = f"({', '.join(f'-{each}' for each in shift)},)" if isinstance(shift, list) else "-shift"
    return f"np.roll(ȳ, {back}{given(use, 'axis')})"


structured("np.roll", "x/a shift= axis=None", kind=_roll_kind, adjoint=_roll_adjoint)

# -- broadcasting ----------------------------------------------------------------------------------


def _broadcast_kind(use: Use) -> Kind:
    """The shape that is asked for; a length that is none of the operand's ones is its own."""
    axes = shape_option(use)
    own = axes_of(use.kinds[0])
    if len(own) > len(axes):
        raise Refused("`shape=`", f"the array has {len(own)} axes", "a shape with as many axes")
    padded = ("1",) * (len(axes) - len(own)) + own
    pairs = zip(axes, padded, strict=True)
    return array_of(use, [mine if mine[0] not in "1?" else asked for asked, mine in pairs])


structured(
    "np.broadcast_to",
    "x/array shape= subok!False",
    shares="view",
    broadcasts=True,
    kind=_broadcast_kind,
    adjoint=lambda use, _: "ȳ",
)
