"""Functions of numbers, with their twins in mpmath."""

from __future__ import annotations

from typing import Any

import mpmath as mp

from tests.rule_samples.sample import ANY, NEGATIVE, POSITIVE, UNIT, Sample, of


def _sign(x: Any) -> Any:
    return 1 if x > 0 else -1


def _remainder(a: Any, b: Any) -> Any:
    return a - b * mp.floor(a / b)


def _hypot(*x: Any) -> Any:
    return mp.sqrt(sum(each * each for each in x))


def _power_samples(form: str) -> list[Sample]:
    """A power: of two variables, and with the exponents that rules treat apart."""
    both = of(lambda a, b: mp.mpf(a) ** b, POSITIVE, ANY, call=form.format(x="x", y="y"))
    whole = [
        of(lambda a, n=n: mp.mpf(a) ** n, interval, call=form.format(x="x", y=n))
        for n in (0, 1, 2, 3, 5, -1, -2)
        for interval in (POSITIVE, NEGATIVE)
    ]
    parts = [
        of(lambda a, p=p: mp.mpf(a) ** p, POSITIVE, call=form.format(x="x", y=p))
        for p in (0.5, 1.5, -0.5, 2.0)
    ]
    base = of(lambda b: mp.mpf(2.5) ** b, ANY, call=form.format(x=2.5, y="x"))
    square = of(lambda a: mp.mpf(a) ** a, POSITIVE, call=form.format(x="x", y="x"))
    return [both, *whole, *parts, base, square]


ELEMENTWISE: dict[str, list[Sample]] = {
    "np.add": [of(lambda a, b: a + b, ANY, ANY)],
    "np.subtract": [of(lambda a, b: a - b, ANY, ANY)],
    "np.multiply": [of(lambda a, b: a * b, ANY, ANY)],
    "np.divide": [of(lambda a, b: a / b, ANY, NEGATIVE)],
    "np.negative": [of(lambda a: -a, ANY)],
    "np.conjugate": [of(lambda a: +a, ANY)],
    "np.positive": [of(lambda a: +a, ANY)],
    "np.float64": [of(lambda a: +a, ANY)],
    "np.square": [of(lambda a: a * a, ANY)],
    "np.reciprocal": [of(lambda a: 1 / a, NEGATIVE)],
    "math.exp": [of(mp.exp, ANY)],
    "math.exp2": [of(lambda x: mp.mpf(2) ** x, ANY)],
    "math.expm1": [of(mp.expm1, ANY), of(mp.expm1, (1e-9, 1e-8))],
    "np.log": [of(mp.log, POSITIVE)],
    "math.log to a base": [
        of(lambda x, b: mp.log(x) / mp.log(b), POSITIVE, (1.5, 4.0)),
        of(lambda x: mp.log(x) / mp.log(3), POSITIVE, call="{f}(x, 3)"),
    ],
    "math.log2": [of(lambda x: mp.log(x) / mp.log(2), POSITIVE)],
    "math.log10": [of(mp.log10, POSITIVE)],
    "math.log1p": [of(mp.log1p, (-0.8, 3.0)), of(mp.log1p, (1e-9, 1e-8))],
    "np.logaddexp": [of(lambda a, b: mp.log(mp.exp(a) + mp.exp(b)), ANY, ANY)],
    "np.logaddexp2": [of(lambda a, b: mp.log(2**a + 2**b) / mp.log(2), ANY, ANY)],
    "math.pow": _power_samples("{{f}}({x}, {y})"),
    "math.sqrt": [of(mp.sqrt, POSITIVE), of(mp.sqrt, (1e-12, 1e-10))],
    "math.cbrt": [
        of(mp.cbrt, POSITIVE),
        of(lambda x: -mp.cbrt(-x), NEGATIVE),
    ],
    "math.sin": [of(mp.sin, ANY)],
    "math.cos": [of(mp.cos, ANY)],
    "math.tan": [of(mp.tan, (-1.2, 1.2))],
    "math.asin": [of(mp.asin, UNIT)],
    "math.acos": [of(mp.acos, UNIT)],
    "math.atan": [of(mp.atan, ANY)],
    "math.atan2": [of(mp.atan2, ANY, POSITIVE), of(mp.atan2, POSITIVE, NEGATIVE)],
    "math.degrees": [of(lambda x: x * 180 / mp.pi, ANY)],
    "math.radians": [of(lambda x: x * mp.pi / 180, ANY)],
    "math.sinh": [of(mp.sinh, ANY)],
    "math.cosh": [of(mp.cosh, ANY)],
    "math.tanh": [of(mp.tanh, ANY)],
    "math.asinh": [of(mp.asinh, ANY)],
    "math.acosh": [of(mp.acosh, (1.2, 4.0))],
    "math.atanh": [of(mp.atanh, UNIT)],
    "math.erf": [of(mp.erf, ANY)],
    "math.erfc": [of(mp.erfc, ANY)],
    "math.gamma": [of(mp.gamma, POSITIVE), of(mp.gamma, (-1.8, -1.2))],
    "helpers.polygamma": [
        of(lambda x, n=n: mp.psi(n, x), interval, call=f"{{f}}({n}, x)")
        for n, interval in (
            (0, POSITIVE),
            (1, POSITIVE),
            (2, POSITIVE),
            (0, (-1.8, -1.2)),
            (0, (20.0, 90.0)),
        )
    ],
    "math.lgamma": [
        of(mp.loggamma, POSITIVE),
        of(lambda x: mp.log(abs(mp.gamma(x))), (-1.8, -1.2)),
    ],
    "np.sinc": [of(mp.sincpi, ANY), of(mp.sincpi, (1e-6, 1e-5)), of(mp.sincpi, (4.0, 9.0))],
    "helpers.sinc_derivative": [
        of(lambda x, n=n: mp.diff(mp.sincpi, x, n), interval, call=f"{{f}}({n}, x)")
        for n in (1, 2)
        for interval in (ANY, (4.0, 9.0))
    ],
    "np.i0": [of(lambda x: mp.besseli(0, x), ANY), of(lambda x: mp.besseli(0, x), (15.0, 40.0))],
    "helpers.bessel_i": [
        of(lambda x, n=n: mp.besseli(n, x), ANY, call=f"{{f}}({n}, x)") for n in (0, 1, 2)
    ],
    "math.hypot": [of(_hypot, ANY, POSITIVE)],
    "math.fma": [of(lambda a, b, c: a * b + c, ANY, ANY, ANY)],
    "math.fmod": [
        of(lambda a, b: a - b * int(a / b), (7.1, 7.9), (1.9, 2.2)),
        of(lambda a, b: a - b * int(a / b), (-7.9, -7.1), (1.9, 2.2)),
    ],
    "math.remainder": [of(lambda a, b: a - b * mp.nint(a / b), (7.1, 7.6), (1.95, 2.05))],
    "np.remainder": [
        of(_remainder, (7.1, 7.9), (1.9, 2.2)),
        of(_remainder, (-7.9, -7.1), (1.9, 2.2)),
    ],
    "math.ldexp": [of(lambda x: x * 8, ANY, call="{f}(x, 3)")],
    "math.nextafter": [of(lambda a, b: a, ANY, (5.0, 6.0))],
    "math.fabs": [of(abs, POSITIVE), of(abs, NEGATIVE)],
    "builtins.abs": [of(abs, POSITIVE), of(abs, NEGATIVE)],
    "np.fabs": [of(abs, POSITIVE), of(abs, NEGATIVE)],
    "np.abs": [of(abs, POSITIVE), of(abs, NEGATIVE)],
    "math.copysign": [
        of(lambda a, b: abs(a) * _sign(b), NEGATIVE, POSITIVE),
        of(lambda a, b: abs(a) * _sign(b), NEGATIVE, NEGATIVE),
    ],
    "builtins.max of two": [of(max, ANY, ANY), of(max, ANY, ANY, call="{f}([x, y])")],
    "builtins.max": [of(max, ANY, ANY, ANY), of(max, ANY, ANY, ANY, call="{f}([x, y, z])")],
    "builtins.min of two": [of(min, ANY, ANY), of(min, ANY, ANY, call="{f}((x, y))")],
    "builtins.min": [of(min, ANY, ANY, ANY), of(min, ANY, ANY, ANY, call="{f}([x, y, z])")],
    "builtins.float": [of(lambda x: x, ANY)],
    "builtins.pow": _power_samples("{{f}}({x}, {y})"),
    "+": [of(lambda a, b: a + b, ANY, ANY, call="x + y"), of(lambda a: 2 * a, ANY, call="x + x")],
    "-": [of(lambda a, b: a - b, ANY, ANY, call="x - y"), of(lambda a: a * 0, ANY, call="x - x")],
    "*": [of(lambda a, b: a * b, ANY, ANY, call="x * y"), of(lambda a: a * a, ANY, call="x * x")],
    "/": [
        of(lambda a, b: a / b, ANY, NEGATIVE, call="x / y"),
        of(lambda b: 3 / b, NEGATIVE, call="3 / x"),
        of(lambda a: a / 7, ANY, call="x / 7"),
        of(lambda a: a / (a + 1), POSITIVE, call="x / (x + 1)"),
    ],
    "**": _power_samples("{x} ** {y}"),
    "%": [
        of(_remainder, (7.1, 7.9), (1.9, 2.2), call="x % y"),
        of(_remainder, (-7.9, -7.1), (1.9, 2.2), call="x % y"),
    ],
    "//": [of(lambda a, b: mp.floor(a / b), (7.1, 7.9), (1.9, 2.2), call="x // y")],
    "-x": [of(lambda a: -a, ANY, call="-x")],
    "+x": [of(lambda a: +a, ANY, call="+x")],
}
