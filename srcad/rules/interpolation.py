"""Linear interpolation, and the four operations that its derivatives are made of.

With I for the interpolant at x, S for its slope, and their transposes with respect to fp,

    dI/dx = S,  dI/dfp = I,  dI/dxp = -S I,   dS/dfp = S,  dS/dxp = -S S,

which follows from differentiating the straight line through two points.
"""

from __future__ import annotations

from srcad.analysis.kind import Array, Kind, as_float
from srcad.rules.table import Use, structured


def _like_x(use: Use) -> Kind:
    kind = use.kinds[0]
    return Array(kind.axes, "f8") if isinstance(kind, Array) else as_float(kind)


def _like_knots(use: Use) -> Kind:
    kind = use.kinds[-1]
    return Array(kind.axes, "f8") if isinstance(kind, Array) else kind


structured(
    "np.interp",
    "x xp fp left! right! period!",
    facts="x no knot; the slope on the right, at the last knot on the left",
    kind=_like_x,
    tangent=lambda use, n: (
        "slope = interp_slope(x, xp, fp); ẋ * slope",
        "slope = interp_slope(x, xp, fp); -slope * np.interp(x, xp, ẋ)",
        "np.interp(x, xp, ẋ)",
    )[n],
    adjoint=lambda use, n: (
        "slope = interp_slope(x, xp, fp); ȳ * slope",
        "slope = interp_slope(x, xp, fp); -interp_spread(ȳ * slope, x, xp)",
        "interp_spread(ȳ, x, xp)",
    )[n],
)


def _inside(use: Use, value: str) -> str:
    """A value that is zero where an end of one's own takes the place of the interpolant."""
    ends = {"left": "x < xp[0]", "right": "x > xp[-1]"}
    beyond = [f"({test})" for end, test in ends.items() if end in use.options]
    return f"np.where({' | '.join(beyond)}, 0.0, {value})"


for _signature, _variant in (
    ("x xp fp left= right=None period!", "with a value to the left"),
    ("x xp fp left=None right= period!", "with a value to the right"),
):
    structured(
        "np.interp",
        _signature,
        variant=_variant,
        facts="x no knot; the slope on the right, at the last knot on the left",
        kind=_like_x,
        tangent=lambda use, n: (
            "slope = interp_slope(x, xp, fp); ẋ * slope",
            "slope = interp_slope(x, xp, fp); -slope * np.interp(x, xp, ẋ)",
            _inside(use, "np.interp(x, xp, ẋ)"),
        )[n],
        adjoint=lambda use, n: (
            "slope = interp_slope(x, xp, fp); ȳ * slope",
            "slope = interp_slope(x, xp, fp); -interp_spread(ȳ * slope, x, xp)",
            f"interp_spread({_inside(use, 'ȳ')}, x, xp)",
        )[n],
    )
structured(
    "helpers.interp_slope",
    "x xp fp",
    fixed="x",
    kind=_like_x,
    tangent=lambda use, n: (
        "",
        "-interp_slope(x, xp, fp) * interp_slope(x, xp, ẋ)",
        "interp_slope(x, xp, ẋ)",
    )[n],
    adjoint=lambda use, n: (
        "",
        "-interp_slope_spread(ȳ * interp_slope(x, xp, fp), x, xp)",
        "interp_slope_spread(ȳ, x, xp)",
    )[n],
)
structured(
    "helpers.interp_spread",
    "d x xp",
    kind=_like_knots,
    tangent=lambda use, n: (
        "interp_spread(ẋ, x, xp)",
        "interp_slope_spread(d * ẋ, x, xp)",
        "-interp_slope_spread(d * np.interp(x, xp, ẋ), x, xp)",
    )[n],
    adjoint=lambda use, n: (
        "np.interp(x, xp, ȳ)",
        "d * interp_slope(x, xp, ȳ)",
        "-interp_spread(d * interp_slope(x, xp, ȳ), x, xp)",
    )[n],
)
structured(
    "helpers.interp_slope_spread",
    "d x xp",
    fixed="x",
    kind=_like_knots,
    tangent=lambda use, n: (
        "interp_slope_spread(ẋ, x, xp)",
        "",
        "-interp_slope_spread(d * interp_slope(x, xp, ẋ), x, xp)",
    )[n],
    adjoint=lambda use, n: (
        "interp_slope(x, xp, ȳ)",
        "",
        "-interp_slope_spread(d * interp_slope(x, xp, ȳ), x, xp)",
    )[n],
)
