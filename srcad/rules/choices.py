"""Functions that choose one of their operands, entry by entry.

Operands that tie share the derivative equally.  Of two operands it is asked which one is larger: a
recomputed operand may differ from the result in the last digit.
"""

from __future__ import annotations

from collections.abc import Callable

from srcad.analysis.kind import Array, Kind, Scalar, broadcast
from srcad.rules.signature import Refused
from srcad.rules.table import Use, elementwise, structured

elementwise(
    "np.maximum",
    "a b",
    "a != b; ties share equally",
    whole=True,
    chosen={"a": "a >= b", "b": "b >= a"},
    a="(a > b) + 0.5 * (a == b)",
    b="(b > a) + 0.5 * (a == b)",
)
elementwise(
    "np.minimum",
    "a b",
    "a != b; ties share equally",
    whole=True,
    chosen={"a": "a <= b", "b": "b <= a"},
    a="(a < b) + 0.5 * (a == b)",
    b="(b < a) + 0.5 * (a == b)",
)
# These two take the other operand where one is nan.
elementwise(
    "np.fmax",
    "a b",
    "a != b; ties share equally",
    whole=True,
    chosen={"a": "(a >= b) | m.isnan(b)", "b": "(b >= a) | m.isnan(a)"},
    a="((a > b) | m.isnan(b)) + 0.5 * (a == b)",
    b="((b > a) | m.isnan(a)) + 0.5 * (a == b)",
)
elementwise(
    "np.fmin",
    "a b",
    "a != b; ties share equally",
    whole=True,
    chosen={"a": "(a <= b) | m.isnan(b)", "b": "(b <= a) | m.isnan(a)"},
    a="((a < b) | m.isnan(b)) + 0.5 * (a == b)",
    b="((b < a) | m.isnan(a)) + 0.5 * (a == b)",
)
_INSIDE = "((low <= x) & (x <= high) if given(high) else low <= x) if given(low) else x <= high"
# The upper bound wins where it is below the lower one.
elementwise(
    "np.clip",
    "x/a low?/a_min/min high?/a_max/max out!",
    "low < x < high; 1 at the bounds",
    whole=True,
    methods="clip",
    chosen={"x": _INSIDE},
    x=f"1.0 * ({_INSIDE})",
    low="1.0 * ((x < low) & (low <= high)) if given(high) else 1.0 * (x < low)",
    high="1.0 * ((x > high) | (low > high)) if given(low) else 1.0 * (x > high)",
)
elementwise("np.heaviside", "x half", "x != 0; 0 at 0", x="0", half="1.0 * (x == 0)")
elementwise(
    "np.nan_to_num",
    "x copy!True nan=0.0 posinf=None neginf=None",
    whole=True,
    chosen={"x": "m.isfinite(x)"},
    x="1.0 * m.isfinite(x)",
)


def _shape_only(kind: Kind) -> Kind:
    """A condition takes part in broadcasting, not in the result's dtype."""
    if isinstance(kind, Array):
        return Array(kind.axes, "b1")
    return Scalar("bool") if isinstance(kind, Scalar) else kind


def chosen_adjoint(
    chosen: Callable[[Use, int], tuple[str, bool]],
) -> Callable[[Use, int], str]:
    """Exactly zero where the operand was not taken, whatever its value: nan does not pass."""

    def adjoint(use: Use, operand: int) -> str:
        condition, holds = chosen(use, operand)
        return f"np.where({condition}, {'ȳ, 0.0' if holds else '0.0, ȳ'})"

    return adjoint


def _where_chosen(use: Use, operand: int) -> tuple[str, bool]:
    return "c", operand == 1


structured(
    "np.where",
    "c/condition a/x b/y",
    jointly=True,
    fixed="c",
    broadcasts=True,
    takes_unknown=True,
    kind=lambda use: broadcast(*use.kinds[1:], _shape_only(use.kinds[0])),
    chosen=_where_chosen,
    adjoint=chosen_adjoint(_where_chosen),
)


def _select_kind(use: Use) -> Kind:
    named = list(zip(use.names, use.kinds, strict=True))
    conditions = [_shape_only(kind) for name, kind in named if name[0] == "c"]
    choices = broadcast(*(kind for name, kind in named if name[0] != "c"))
    if len(conditions) != sum(name[0] == "x" for name in use.names):
        raise Refused("`np.select`", "there is not a choice for each condition", "as many of both")
    return broadcast(choices, *conditions)


def _select_chosen(use: Use, operand: int) -> tuple[str, bool]:
    """Where its own condition holds and no earlier one does; the default, where none does."""
    name = use.names[operand]
    conditions = [each for each in use.names if each[0] == "c"]
    if name == "default":
        return " | ".join(conditions), False
    own = int(name[1:])
    earlier = " | ".join(conditions[:own])
    return f"{conditions[own]} & np.logical_not({earlier})" if earlier else conditions[own], True


structured(
    "np.select",
    "[c]/condlist [x]/choicelist default?",
    jointly=True,
    fixed="c",
    broadcasts=True,
    kind=_select_kind,
    chosen=_select_chosen,
    adjoint=chosen_adjoint(_select_chosen),
)
