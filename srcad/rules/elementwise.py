"""Functions of numbers that Python's ``math`` and NumPy's ufuncs share.

Formulas: Abramowitz and Stegun, *Handbook of Mathematical Functions*, chapters 4, 6 and 7.
"""

from __future__ import annotations

from collections.abc import Mapping

from srcad.analysis.kind import Array, Scalar, TupleOf
from srcad.rules.axes import floating, numbers
from srcad.rules.table import Use, elementwise, structured
from srcad.tree import Node, is_number, number_of


def quotient_slope(operands: Mapping[str, Node]) -> str:
    """A quotient by one number has no pole at some of the entries."""
    return "" if isinstance(getattr(operands["b"], "kind", None), Scalar) else "pole"


def power_slope(operands: Mapping[str, Node]) -> str:
    """The slope of a power at 0 is infinite for exponents below 1, if they are not 0."""
    exponent = operands["b"]
    if not is_number(exponent):
        return "edge"
    value = number_of(exponent)
    return "edge" if 0 < value < 1 else "pole" if value < 0 else ""


# Where the exponent may be 0: 0 * a ** 0 is 0 also where a is 0.
POWER = "b * a ** (b - 1) if literal(b) else b * a ** (b - (b != 0))"

# Arithmetic, as NumPy names it.
elementwise("np.add", "a b", whole=True, a="1", b="1")
elementwise("np.subtract", "a b", whole=True, a="1", b="-1")
elementwise("np.multiply", "a b", whole=True, a="b", b="a")
elementwise(
    "np.divide", "a b", "b != 0", slope=quotient_slope, a="1 / b", b=("-y / b", "-a / b ** 2")
)
elementwise("np.negative", "x", whole=True, x="-1")
elementwise("np.positive", "x", whole=True, x="1")
elementwise("np.conjugate", "x", whole=True, methods="conj conjugate", x="1")
elementwise("np.square", "x", whole=True, x="2 * x")
elementwise("np.reciprocal", "x", "x != 0", slope="pole", x=("-y ** 2", "-1 / x ** 2"))

# Exponentials and logarithms.
elementwise("math.exp np.exp", "x", slope="pole", x=("y", "m.exp(x)"))
elementwise("math.exp2 np.exp2", "x", slope="pole", x=("m.log(2) * y", "m.log(2) * m.exp2(x)"))
elementwise("math.expm1 np.expm1", "x", slope="pole", x=("y + 1", "m.exp(x)"))
elementwise("np.log math.log", "x", "x > 0", slope="pole", x="1 / x")
elementwise(
    "math.log",
    "x base",
    "x > 0",
    variant="to a base",
    x="1 / (x * m.log(base))",
    base=("-y / (base * m.log(base))", "-m.log(x) / (base * m.log(base) ** 2)"),
)
elementwise("math.log2 np.log2", "x", "x > 0", slope="pole", x="1 / (m.log(2) * x)")
elementwise("math.log10 np.log10", "x", "x > 0", slope="pole", x="1 / (m.log(10) * x)")
elementwise("math.log1p np.log1p", "x", "x > -1", slope="pole", x="1 / (1 + x)")
elementwise(
    "np.logaddexp",
    "a b",
    a=("m.exp(a - y)", "m.exp(a - m.logaddexp(a, b))"),
    b=("m.exp(b - y)", "m.exp(b - m.logaddexp(a, b))"),
)
elementwise(
    "np.logaddexp2",
    "a b",
    a=("m.exp2(a - y)", "m.exp2(a - m.logaddexp2(a, b))"),
    b=("m.exp2(b - y)", "m.exp2(b - m.logaddexp2(a, b))"),
)

# Powers and roots.
elementwise(
    "math.pow np.power np.float_power",
    "a b",
    "a > 0, or b a constant",
    a=POWER,
    slope=power_slope,
    b=("m.log(a + (a == 0)) * y", "m.log(a + (a == 0)) * a ** b"),
)
elementwise("math.sqrt np.sqrt", "x", "x > 0", slope="edge", x=("0.5 / y", "0.5 / m.sqrt(x)"))
elementwise(
    "math.cbrt np.cbrt",
    "x",
    "x != 0",
    slope="edge",
    x=("1 / (3 * y ** 2)", "1 / (3 * m.cbrt(x) ** 2)"),
)

# Trigonometric functions and their inverses.
elementwise("math.sin np.sin", "x", x="m.cos(x)")
elementwise("math.cos np.cos", "x", x="-m.sin(x)")
elementwise(
    "math.tan np.tan", "x", "cos(x) != 0", slope="pole", x=("1 + y ** 2", "1 / m.cos(x) ** 2")
)
elementwise("math.asin np.arcsin", "x", "-1 < x < 1", slope="edge", x="1 / m.sqrt(1 - x ** 2)")
elementwise("math.acos np.arccos", "x", "-1 < x < 1", slope="edge", x="-1 / m.sqrt(1 - x ** 2)")
elementwise("math.atan np.arctan", "x", x="1 / (1 + x ** 2)")
elementwise(
    "math.atan2 np.arctan2",
    "a b",
    "(a, b) != (0, 0)",
    a="b / (a ** 2 + b ** 2)",
    b="-a / (a ** 2 + b ** 2)",
)
elementwise("math.degrees np.degrees np.rad2deg", "x", x="180 / m.pi")
elementwise("math.radians np.radians np.deg2rad", "x", x="m.pi / 180")

# Hyperbolic functions and their inverses.
elementwise("math.sinh np.sinh", "x", slope="pole", x="m.cosh(x)")
elementwise("math.cosh np.cosh", "x", slope="pole", x="m.sinh(x)")
elementwise("math.tanh np.tanh", "x", x=("1 - y ** 2", "1 - m.tanh(x) ** 2"))
elementwise("math.asinh np.arcsinh", "x", x="1 / m.sqrt(1 + x ** 2)")
elementwise(
    "math.acosh np.arccosh", "x", "x > 1", slope="edge", x="1 / (m.sqrt(x - 1) * m.sqrt(x + 1))"
)
elementwise("math.atanh np.arctanh", "x", "-1 < x < 1", slope="pole", x="1 / (1 - x ** 2)")

# Special functions.
elementwise("math.erf", "x", x="2 / m.sqrt(m.pi) * m.exp(-x ** 2)")
elementwise("math.erfc", "x", x="-2 / m.sqrt(m.pi) * m.exp(-x ** 2)")
elementwise(
    "math.gamma",
    "x",
    "x not 0, -1, -2 ...",
    x=("y * polygamma(0, x)", "m.gamma(x) * polygamma(0, x)"),
)
elementwise("helpers.polygamma", "n x", "x not 0, -1, -2 ...", n="0", x="polygamma(n + 1, x)")
elementwise("math.lgamma", "x", "x not 0, -1, -2 ...", x="polygamma(0, x)")
elementwise("np.sinc", "x", x="sinc_derivative(1, x)")
elementwise("helpers.sinc_derivative", "n x", n="0", x="sinc_derivative(n + 1, x)")
elementwise("np.i0", "x", x="bessel_i(1, x)")
elementwise(
    "helpers.bessel_i",
    "n x",
    n="0",
    x="0.5 * (bessel_i(abs(n - 1), x) + bessel_i(n + 1, x))",
)

# Sums and products of several numbers.
elementwise("math.hypot np.hypot", "*x | x", "not all 0", x=("x / y", "x / m.hypot(*xs)"))
elementwise("math.fma", "a b c", a="b", b="a", c="1")

# Remainders and signs.
elementwise(
    "math.fmod np.fmod", "a b", "a / b not whole; the one-sided value", a="1", b="-m.trunc(a / b)"
)
elementwise(
    "math.remainder",
    "a b",
    "a / b not halfway",
    a="1",
    b=("(y - a) / b", "(m.remainder(a, b) - a) / b"),
)
elementwise("np.remainder", "a b", "a / b not whole", whole=True, a="1", b="-(a // b)")
elementwise("math.ldexp np.ldexp", "x i", x="m.ldexp(1.0, i)", i="0")
elementwise("math.nextafter np.nextafter", "a b", a="1", b="0")
elementwise("math.fabs", "x", "x != 0; 0 at 0", x="m.copysign(x != 0, x)")
elementwise("builtins.abs", "x", "x != 0; 0 at 0", whole=True, x="sign(x)")
elementwise("np.abs np.absolute", "x", "x != 0; 0 at 0", whole=True, x="m.sign(x)")
elementwise("np.fabs", "x", "x != 0; 0 at 0", x="m.sign(x)")
elementwise(
    "math.copysign np.copysign",
    "a b",
    "a != 0 and b != 0",
    a="m.copysign(1.0, a) * m.copysign(1.0, b)",
    b="0",
)


def _scaled(use: Use, derivative: str) -> str:
    module = "np" if isinstance(use.kinds[0], Array) else "math"
    return f"{module}.ldexp({derivative}, -e)"


# Parts of a number, and what leaves a number as it is.
structured(
    "np.modf math.modf",
    "x",
    results="y n",
    facts="x not whole; the one-sided value",
    kind=lambda use: TupleOf((floating(use), floating(use))),
    adjoint=lambda use, _: "ȳ" if "y" in use.wanted else "",
    tangents=lambda use, _: ("ẋ", ""),
)
structured(
    "np.frexp math.frexp",
    "x",
    results="y e",
    facts="x no power of 2; the one-sided value",
    kind=lambda use: TupleOf((floating(use), numbers("i4")(use))),
    # The mantissa: y = x * 2 ** -e.
    adjoint=lambda use, _: f"{_scaled(use, 'ȳ')}" if "y" in use.wanted else "",
    tangents=lambda use, _: (_scaled(use, "ẋ"), ""),
)
structured(
    "np.unwrap",
    "x/p discont=None axis=-1 * period=6.283185307179586",
    facts="no step as large as half a period",
    kind=floating,
    adjoint=lambda use, _: "ȳ",
    tangent=lambda use, _: "ẋ",
)
