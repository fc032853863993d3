"""Functions of numbers that Python's ``math`` and NumPy's ufuncs share.

Formulas: Abramowitz and Stegun, *Handbook of Mathematical Functions*, chapters 4, 6 and 7.
"""

from srcad.rules.table import elementwise

# Where the exponent may be 0: 0 * a ** 0 is 0 also where a is 0.
POWER = "b * a ** (b - 1) if literal(b) else b * a ** (b - (b != 0))"

# Arithmetic, as NumPy names it.
elementwise("np.add", "a b", whole=True, a="1", b="1")
elementwise("np.subtract", "a b", whole=True, a="1", b="-1")
elementwise("np.multiply", "a b", whole=True, a="b", b="a")
elementwise("np.divide", "a b", "b != 0", a="1 / b", b=("-y / b", "-a / b ** 2"))
elementwise("np.negative", "x", whole=True, x="-1")
elementwise("np.positive", "x", whole=True, x="1")
elementwise("np.square", "x", whole=True, x="2 * x")
elementwise("np.reciprocal", "x", "x != 0", x=("-y ** 2", "-1 / x ** 2"))

# Exponentials and logarithms.
elementwise("math.exp np.exp", "x", x=("y", "m.exp(x)"))
elementwise("math.exp2 np.exp2", "x", x=("m.log(2) * y", "m.log(2) * m.exp2(x)"))
elementwise("math.expm1 np.expm1", "x", x=("y + 1", "m.exp(x)"))
elementwise("np.log math.log", "x", "x > 0", x="1 / x")
elementwise(
    "math.log",
    "x base",
    "x > 0",
    variant="to a base",
    x="1 / (x * m.log(base))",
    base=("-y / (base * m.log(base))", "-m.log(x) / (base * m.log(base) ** 2)"),
)
elementwise("math.log2 np.log2", "x", "x > 0", x="1 / (m.log(2) * x)")
elementwise("math.log10 np.log10", "x", "x > 0", x="1 / (m.log(10) * x)")
elementwise("math.log1p np.log1p", "x", "x > -1", x="1 / (1 + x)")

# Powers and roots.
elementwise(
    "math.pow np.power np.float_power",
    "a b",
    "a > 0, or b a constant",
    a=POWER,
    b=("m.log(a + (a == 0)) * y", "m.log(a + (a == 0)) * a ** b"),
)
elementwise("math.sqrt np.sqrt", "x", "x > 0", x=("0.5 / y", "0.5 / m.sqrt(x)"))
elementwise("math.cbrt np.cbrt", "x", "x != 0", x=("y / (3 * x)", "m.cbrt(x) / (3 * x)"))

# Trigonometric functions and their inverses.
elementwise("math.sin np.sin", "x", x="m.cos(x)")
elementwise("math.cos np.cos", "x", x="-m.sin(x)")
elementwise("math.tan np.tan", "x", "cos(x) != 0", x=("1 + y ** 2", "1 / m.cos(x) ** 2"))
elementwise("math.asin np.arcsin", "x", "-1 < x < 1", x="1 / m.sqrt(1 - x ** 2)")
elementwise("math.acos np.arccos", "x", "-1 < x < 1", x="-1 / m.sqrt(1 - x ** 2)")
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
elementwise("math.sinh np.sinh", "x", x="m.cosh(x)")
elementwise("math.cosh np.cosh", "x", x="m.sinh(x)")
elementwise("math.tanh np.tanh", "x", x=("1 - y ** 2", "1 - m.tanh(x) ** 2"))
elementwise("math.asinh np.arcsinh", "x", x="1 / m.sqrt(1 + x ** 2)")
elementwise("math.acosh np.arccosh", "x", "x > 1", x="1 / (m.sqrt(x - 1) * m.sqrt(x + 1))")
elementwise("math.atanh np.arctanh", "x", "-1 < x < 1", x="1 / (1 - x ** 2)")

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

# Sums and products of several numbers.
elementwise("math.hypot np.hypot", "*x", "not all 0", x=("x / y", "x / m.hypot(*xs)"))
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
elementwise("math.ldexp", "x i", x="m.ldexp(1.0, i)", i="0")
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

# Choices: operands that tie share the derivative equally.  Of two operands it is asked which one
# is larger: a recomputed operand may differ from the result in the last digit.
elementwise(
    "np.maximum np.fmax",
    "a b",
    "a != b; ties share equally",
    whole=True,
    a="(a > b) + 0.5 * (a == b)",
    b="(b > a) + 0.5 * (a == b)",
)
elementwise(
    "np.minimum np.fmin",
    "a b",
    "a != b; ties share equally",
    whole=True,
    a="(a < b) + 0.5 * (a == b)",
    b="(b < a) + 0.5 * (a == b)",
)
elementwise(
    "np.clip",
    "x/a low/a_min/min high/a_max/max out!",
    "low < x < high; 1 at the bounds",
    whole=True,
    methods="clip",
    x="1.0 * ((low <= x) & (x <= high))",
    low="1.0 * (x < low)",
    high="1.0 * (x > high)",
)
