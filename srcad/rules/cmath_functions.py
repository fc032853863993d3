"""Functions of ``cmath``: of complex numbers, and of real ones, which they take for complex.

The derivative of each is that of the function of a complex number; of a real operand its real part
counts (:mod:`srcad.rules.complex_values`).

Formulas: Abramowitz and Stegun, *Handbook of Mathematical Functions*, chapter 4.
"""

from __future__ import annotations

from srcad.analysis.kind import BOOL, COMPLEX, FLOAT, Array, Kind, TupleOf, is_complex
from srcad.rules.signature import Refused
from srcad.rules.table import Use, holomorphic, structured, zero


def _number(kind: Kind, use: Use) -> Kind:
    if any(isinstance(each, Array) and each.rank for each in use.kinds):
        raise Refused("a function of `cmath` of an array", "it takes numbers", "NumPy's function")
    return kind


def _complex(use: Use) -> Kind:
    return _number(COMPLEX, use)


def _function(name: str, partial: str, domain: str = "") -> None:
    structured(
        name,
        "x",
        facts=domain,
        kind=_complex,
        adjoint=lambda use, _: f"ȳ * {partial}",
        tangent=lambda use, _: f"ẋ * {partial}",
    )
    holomorphic(name)


_function("cmath.exp", "y")
_function("cmath.log", "(1 / x)", "x off the negative real numbers and 0")
_function("cmath.log10", "(1 / (math.log(10) * x))", "x off the negative real numbers and 0")
_function("cmath.sqrt", "(0.5 / y)", "x off the negative real numbers and 0")
_function("cmath.sin", "cmath.cos(x)")
_function("cmath.cos", "-cmath.sin(x)")
_function("cmath.tan", "(1 + y ** 2)", "cos(x) != 0")
_function("cmath.asin", "(1 / cmath.sqrt(1 - x ** 2))", "x != ±1")
_function("cmath.acos", "(-1 / cmath.sqrt(1 - x ** 2))", "x != ±1")
_function("cmath.atan", "(1 / (1 + x ** 2))", "x != ±i")
_function("cmath.sinh", "cmath.cosh(x)")
_function("cmath.cosh", "cmath.sinh(x)")
_function("cmath.tanh", "(1 - y ** 2)", "cosh(x) != 0")
_function("cmath.asinh", "(1 / cmath.sqrt(1 + x ** 2))", "x != ±i")
_function("cmath.acosh", "(1 / (cmath.sqrt(x - 1) * cmath.sqrt(x + 1)))", "x != ±1")
_function("cmath.atanh", "(1 / (1 - x ** 2))", "x != ±1")

structured(
    "cmath.log",
    "x base",
    variant="to a base",
    facts="x off the negative real numbers and 0",
    kind=_complex,
    adjoint=lambda use, n: (
        "ȳ / (x * cmath.log(base))",
        "-ȳ * y / (base * cmath.log(base))",
    )[n],
    tangents=lambda use, moving: " + ".join(
        ["ẋ / (x * cmath.log(base))"] * ("x" in moving)
        + ["-ḃase * y / (base * cmath.log(base))"] * ("base" in moving)
    ),
)

# -- sizes and angles ------------------------------------------------------------------------------

# With x = r exp(ip):  ṙ = Re(x̅ ẋ) / r  and  ṗ = Im(ẋ / x).  The angle of a real number is constant.
_QUOTIENT = "(x != 0) / (x + (x == 0))"
_RADIAL = "r̄ / (r + (r == 0)) * x.conjugate()"


def _polar_adjoint(use: Use, _: int) -> str:
    parts = [_RADIAL] if "r" in use.wanted else []
    if "p" in use.wanted and is_complex(use.kinds[0]):
        parts.append(f"-1j * p̄ * {_QUOTIENT}")
    return " + ".join(parts)


structured(
    "cmath.phase",
    "x",
    facts="x != 0 and no negative real number; 0 at 0",
    kind=lambda use: _number(FLOAT, use),
    adjoint=lambda use, _: f"-1j * ȳ * {_QUOTIENT}" if is_complex(use.kinds[0]) else "",
    tangent=lambda use, _: f"(ẋ * {_QUOTIENT}).imag",
)
structured(
    "cmath.polar",
    "x",
    results="r p",
    facts="x != 0 and no negative real number; 0 at 0",
    kind=lambda use: TupleOf((_number(FLOAT, use), FLOAT)),
    adjoint=_polar_adjoint,
    tangents=lambda use, _: (
        "(x.conjugate() * ẋ).real / (r + (r == 0))",
        f"(ẋ * {_QUOTIENT}).imag",
    ),
)
structured(
    "cmath.rect",
    "r phi",
    kind=_complex,
    adjoint=lambda use, n: ("ȳ * cmath.rect(1.0, phi)", "ȳ * 1j * y")[n],
    tangents=lambda use, moving: " + ".join(
        ["ṙ * cmath.rect(1.0, phi)"] * ("r" in moving) + ["ṗhi * 1j * y"] * ("phi" in moving)
    ),
)
holomorphic("cmath.phase cmath.polar", real=True)

zero("cmath.isnan cmath.isinf cmath.isfinite cmath.isclose", lambda use: BOOL)
holomorphic("cmath.isnan cmath.isinf cmath.isfinite cmath.isclose")
