"""Each function of math, alone, nested, and in a loop."""

import math
import math as m
from math import cos, sin
from math import exp as e_to_the

from tests.programs import program


@program((0.7,), (-0.4,))
def trigonometric(x):
    return math.sin(x) + math.cos(x) * math.tan(x) + math.sin(2 * x) ** 2


@program((0.7,), (-0.4,))
def inverse_trigonometric(x):
    return math.asin(x) * math.acos(x) + math.atan(x)


@program((0.7,), (-12.4,), (3e-9,), order=2)
def parts_of_a_float(x):
    mantissa, exponent = math.frexp(x)
    return mantissa * mantissa * exponent + math.hypot(mantissa) * math.frexp(x)[0]


@program((0.7, 1.2), (-0.4, -2.0), (-0.4, 3.0))
def atan2(x, y):
    return math.atan2(y, x) * math.atan2(x, 2.0) + math.atan2(1.5, y)


@program((0.7,), (-0.4,))
def hyperbolic(x):
    return math.sinh(x) + math.cosh(x) * math.tanh(x)


@program((0.7,))
def inverse_hyperbolic(x):
    return math.asinh(x) + math.acosh(1 + x) * math.atanh(x)


@program((0.7,), (2.5,))
def exponentials(x):
    return math.exp(x) + math.expm1(x) * math.exp(-x * x) + 2.0**x


@program((0.7,))
def exp2(x):
    return math.exp2(x) * x


@program((0.7,), (2.5,))
def logarithms(x):
    return math.log(x) + math.log2(x) * math.log10(x) + math.log1p(x)


@program((0.7, 3.0))
def log_with_base(x, b):
    return math.log(x, b) + math.log(x, 2) + math.log(7.0, b)


@program((0.7,), (2.5,))
def roots(x):
    return math.sqrt(x) * math.sqrt(1 + x * x) + math.cbrt(x)


@program((0.7, -1.2), (3.0, 4.0))
def hypot(x, y):
    return math.hypot(x, y) * math.hypot(x, 1.0)


@program((0.7, -1.2, 2.0), may_refuse=True)
def hypot_of_three(x, y, z):
    return math.hypot(x, y, z)


@program((0.7,), (-1.2,))
def fabs(x):
    return math.fabs(x) * x


@program((0.7, -1.2), (-0.7, -1.2), (-0.7, 1.2))
def copysign(x, y):
    return math.copysign(x * x, y) + math.copysign(y, x)


@program((7.3, 2.1), (-7.3, 2.1))
def fmod(x, y):
    return math.fmod(x, y) * x


@program((0.7, 2.1))
def math_pow(x, y):
    return math.pow(x, y) + math.pow(x, 3) * math.pow(2.0, y)


@program((0.7,), (-0.7,))
def error_functions(x):
    return math.erf(x) * x + math.erfc(x * 2)


@program((0.7,), (3.2,), may_refuse=True)
def gammas(x):
    return math.gamma(x) + math.lgamma(x)


@program((0.7,))
def angles(x):
    return math.degrees(x) * math.radians(x) * math.sin(math.radians(30 * x))


@program((0.7,), (-1.7,))
def steps(x):
    return x * math.floor(x) + x * x * math.ceil(x) + math.trunc(x) * x


@program((0.7,))
def constants_of_math(x):
    return x * math.pi + math.e**x + (x if x < math.inf else 0.0) + math.sin(math.tau * x)


@program((0.7,))
def other_names(x):
    return m.sin(x) + sin(x) * cos(m.exp(x)) + e_to_the(x)


@program((0.7, 6))
def in_a_loop(x, n):
    y = x
    for i in range(n):
        y = math.tanh(y) + math.log(1.5 + math.sin(y)) * math.sqrt(1 + y * y) / (i + 1)
    return y


@program((0.2,), (0.9,))
def deeply_nested(x):
    return math.sin(math.exp(math.cos(math.sqrt(math.log(2 + math.atan(x * x))))))


@program((0.7,))
def sigmoid(x, a=1.5):
    return 1 / (1 + math.exp(-a * x))


@program((0.7,), (-30.0,), (30.0,))
def stable_softplus(x):
    if x > 0:
        return x + math.log1p(math.exp(-x))
    return math.log1p(math.exp(x))


@program((0.7,))
def questions(x):
    if math.isnan(x) or math.isinf(x) or not math.isfinite(x):
        return 0.0
    return x * x


@program((0.7, 1.3, 0.4), may_refuse=True)
def collections_of_numbers(x, y, z):
    return math.fsum([x, y * z]) * math.prod((x, y, z)) + math.dist((x, y), (z, 1.0))


@program((0.7, 1.3))
def products_and_sums_with_a_start(x, y):
    return math.prod((x, y, x * y), start=x) * sum([x, y], start=y)
