"""The trapezoidal rule, which is linear in the values and in the coordinates."""

from __future__ import annotations

from srcad.analysis.kind import Array, Kind, same_shape
from srcad.rules.axes import array_needed, float_dtype, normal_axis, rank_of, reduced
from srcad.rules.products import product_dtype
from srcad.rules.signature import Refused
from srcad.rules.table import Use, structured


def _axis(use: Use) -> int:
    return normal_axis(use.value("axis"), rank_of(use.kinds[0]))


def _kind(use: Use) -> Kind:
    array_needed(use)
    kind = use.kinds[0]
    assert isinstance(kind, Array)
    if len(use.kinds) > 1 and rank_of(use.kinds[1]) not in (1, kind.rank):
        raise Refused("`x=`", "it has neither one axis nor those of the values", "one axis")
    return reduced(kind, (_axis(use),), dtype=float_dtype(product_dtype(use)))


def _spread(use: Use) -> str:
    """The adjoint of the integral, with the axis put back."""
    return "ȳ" if rank_of(use.kinds[0]) == 1 else f"np.expand_dims(ȳ, {_axis(use)})"


def _in_line(use: Use, weights: str) -> str:
    """A vector along the axis of the values."""
    behind = tuple(range(1, rank_of(use.kinds[0]) - _axis(use)))
    if not behind:
        return weights
    return f"np.expand_dims({weights}, {behind[0] if len(behind) == 1 else behind})"


def _coordinates_adjoint(use: Use, operand: int) -> str:
    axis, rank = _axis(use), rank_of(use.kinds[0])
    own = rank_of(use.kinds[1])
    if operand == 0:
        weights = f"trapezoid_weights(x, {axis if own == rank else 0})"
        return f"{_spread(use)} * {weights if own == rank else _in_line(use, weights)}"
    form = f"{_spread(use)} * trapezoid_slopes(f, {axis})"
    if own == rank:
        values, coordinates = use.kinds
        assert isinstance(values, Array)
        assert isinstance(coordinates, Array)
        same = same_shape(values.axes, coordinates.axes)
        return form if same else f"unbroadcast({form}, like_x)"
    others = tuple(n for n in range(rank) if n != axis)
    return f"np.sum({form}, axis={others[0] if len(others) == 1 else others})"


def _spacing_adjoint(use: Use, _: int) -> str:
    line = _in_line(use, f"trapezoid_weights(np.arange(like_f.shape[{_axis(use)}]), 0)")
    step = "dx * " if "dx" in use.options else ""
    return f"{_spread(use)} * {step}{line}"


structured(
    "np.trapezoid np.trapz",
    "f/y x dx! axis=-1",
    variant="over coordinates",
    kind=_kind,
    adjoint=_coordinates_adjoint,
)
structured(
    "np.trapezoid np.trapz",
    "f/y x! dx=1.0 axis=-1",
    kind=_kind,
    adjoint=_spacing_adjoint,
)
structured(
    "helpers.trapezoid_weights",
    "x axis=",
    kind=lambda use: use.kinds[0],
    adjoint=lambda use, _: "trapezoid_slopes(ȳ, axis)",
)
structured(
    "helpers.trapezoid_slopes",
    "x axis=",
    kind=lambda use: use.kinds[0],
    adjoint=lambda use, _: "trapezoid_weights(ȳ, axis)",
)
