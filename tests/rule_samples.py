"""For each rule: its twin in mpmath, and where to try it.

Every rule of the table must be named here; ``test_rules.py`` sees to that.  An operand is drawn
from an interval in which the function is smooth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath as mp

Interval = tuple[float, float]
ANY = (-2.0, 2.0)
POSITIVE = (0.3, 3.0)
NEGATIVE = (-3.0, -0.3)
UNIT = (-0.9, 0.9)


@dataclass(frozen=True)
class Sample:
    """One way to call an operation: the call, its mpmath twin, an interval for each operand.

    In ``call`` the operands are ``x``, ``y`` and ``z``; ``{f}`` is the function's own name.
    """

    call: str
    twin: Callable[..., Any]
    intervals: tuple[Interval, ...]

    @property
    def operands(self) -> str:
        """The names of the operands."""
        return "xyz"[: len(self.intervals)]


def of(twin: Callable[..., Any], *intervals: Interval, call: str = "") -> Sample:
    """A sample; the usual call lists the operands."""
    return Sample(call or f"{{f}}({', '.join('xyz'[: len(intervals)])})", twin, intervals)


def _sign(x: Any) -> Any:
    return 1 if x > 0 else -1


def _remainder(a: Any, b: Any) -> Any:
    return a - b * mp.floor(a / b)


def _clip(x: Any, low: Any, high: Any) -> Any:
    return min(max(x, low), high)


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
    "np.positive": [of(lambda a: +a, ANY)],
    "np.square": [of(lambda a: a * a, ANY)],
    "np.reciprocal": [of(lambda a: 1 / a, NEGATIVE)],
    "math.exp": [of(mp.exp, ANY)],
    "math.exp2": [of(lambda x: mp.mpf(2) ** x, ANY)],
    "math.expm1": [of(mp.expm1, ANY), of(mp.expm1, (1e-9, 1e-8))],
    "np.log": [of(mp.log, POSITIVE)],
    "math.log": [
        of(mp.log, POSITIVE),
        of(lambda x, b: mp.log(x) / mp.log(b), POSITIVE, (1.5, 4.0)),
        of(lambda x: mp.log(x) / mp.log(3), POSITIVE, call="{f}(x, 3)"),
    ],
    "math.log2": [of(lambda x: mp.log(x) / mp.log(2), POSITIVE)],
    "math.log10": [of(mp.log10, POSITIVE)],
    "math.log1p": [of(mp.log1p, (-0.8, 3.0)), of(mp.log1p, (1e-9, 1e-8))],
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
    "math.fabs": [of(abs, POSITIVE), of(abs, NEGATIVE)],
    "builtins.abs": [of(abs, POSITIVE), of(abs, NEGATIVE)],
    "np.abs": [of(abs, POSITIVE), of(abs, NEGATIVE)],
    "math.copysign": [
        of(lambda a, b: abs(a) * _sign(b), NEGATIVE, POSITIVE),
        of(lambda a, b: abs(a) * _sign(b), NEGATIVE, NEGATIVE),
    ],
    "builtins.max": [of(max, ANY, ANY), of(max, ANY, ANY, ANY)],
    "builtins.min": [of(min, ANY, ANY), of(min, ANY, ANY, ANY)],
    "np.maximum": [of(max, ANY, ANY)],
    "np.minimum": [of(min, ANY, ANY)],
    "np.clip": [of(_clip, ANY, (-0.8, -0.6), (0.6, 0.8))],
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

Shapes = tuple[tuple[int, ...] | None, ...]

# Calls with operands a, b, c, and shapes for them; None is a float.
STRUCTURED: dict[str, list[tuple[str, list[Shapes]]]] = {
    "np.sum": [
        (call, [((3,),), ((2, 3),), ((1,),), ((0,),), ((2, 0),), ((2, 3, 4),)])
        for call in ("np.sum(a)", "a.sum()", "np.sum(a, axis=0)", "a.sum(axis=-1)",
                     "np.sum(a, axis=0, keepdims=True)", "np.sum(a, keepdims=True)",
                     "np.sum(a, axis=None)", "np.sum(a, 0)")
    ] + [
        (call, [((2, 3),), ((1, 3),), ((2, 3, 4),)])
        for call in ("np.sum(a, axis=1)", "np.sum(a, axis=(0, 1))",
                     "a.sum(axis=(-1, 0), keepdims=True)", "np.sum(a.T, axis=0)")
    ],
    "np.mean": [
        (call, [((3,),), ((2, 3),), ((1,),), ((2, 3, 4),)])
        for call in ("np.mean(a)", "a.mean()", "np.mean(a, axis=0)", "a.mean(axis=-1)",
                     "np.mean(a, axis=0, keepdims=True)")
    ] + [("np.mean(a, axis=(0, 1))", [((2, 3),), ((2, 3, 4),)])],
    "np.matmul": [
        (call, [((3,), (3,)), ((2, 3), (3,)), ((2,), (2, 3)), ((2, 3), (3, 4)), ((1, 3), (3, 1)),
                ((0, 3), (3, 2)), ((2, 0), (0, 3)), ((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4)),
                ((5, 2, 3), (5, 3, 4)), ((3,), (5, 3, 4)), ((5, 2, 3), (3,)),
                ((5, 2, 3), (1, 3, 4))])
        for call in ("np.matmul(a, b)", "a @ b")
    ],
    "np.dot": [
        (call, [((3,), (3,)), ((2, 3), (3,)), ((2,), (2, 3)), ((2, 3), (3, 4)), ((0,), (0,)),
                ((5, 2, 3), (3,)), ((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4))])
        for call in ("np.dot(a, b)", "a.dot(b)")
    ] + [("np.dot(a, b)", [(None, (3,)), ((2, 3), None), (None, None), ((), (3,))])],
    "np.outer": [("np.outer(a, b)", [((2,), (3,)), ((1,), (3,)), ((0,), (3,))])],
    "np.array": [
        ("np.array([a, b])", [(None, None), ((3,), (3,)), ((2, 3), (2, 3))]),
        ("np.array([a])", [(None,), ((3,),)]),
        ("np.array((a, b, a))", [(None, None), ((3,), (3,))]),
        ("np.asarray([a, b])", [(None, None), ((3,), (3,))]),
        ("np.array([[a, b], [b, a]])", [(None, None)]),
        ("np.array(a)", [((3,),)]),
    ],
    "np.concatenate": [
        ("np.concatenate([a, b])", [((3,), (2,)), ((2, 3), (1, 3)), ((0,), (2,)), ((3,), (0,))]),
        ("np.concatenate((a, b, a), axis=0)", [((3,), (2,)), ((2, 3), (1, 3))]),
        ("np.concatenate([a, b], axis=1)", [((2, 3), (2, 1)), ((2, 0), (2, 1))]),
        ("np.concatenate([a, b], axis=-1)", [((2, 3), (2, 1)), ((3,), (1,))]),
    ],
    "math.fsum": [("math.fsum([a, b, a])", [(None, None)]), ("math.fsum((a, b))", [(None, None)])],
    "np.transpose": [
        (call, [((3,),), ((2, 3),), ((2, 3, 4),), ((0, 2),), ((1, 1),)])
        for call in ("np.transpose(a)", "a.T", "a.transpose()")
    ],
    "np.copy": [(call, [((3,),), ((2, 3),), ((0,),)]) for call in ("np.copy(a)", "a.copy()")],
    "np.where": [
        ("np.where(c > 0, a, b)", [((3,), (3,), (3,)), ((2, 3), (3,), (2, 1)), ((3,), None, (3,)),
                                   (None, (3,), (3,)), ((1,), (3,), (1, 3)), ((0,), (1,), (0,)),
                                   (None, None, (2, 3)), (None, (3,), None)]),
    ],
    "np.full_like": [("np.full_like(c, a)", [(None, (3,)), (None, (2, 3)), (None, (0,))])],
    "helpers.unbroadcast": [
        ("unbroadcast(a, c)", [((2, 3), (3,)), ((2, 3), (2, 1)), ((2, 3), (1, 1)), ((3,), (3,)),
                               ((2, 3), (1,))]),
    ],
    "builtins.sum": [("sum(a)", [((3,),), ((2, 3),), ((0,),), ((1,),)])],
}  # fmt: skip

# Calls with an operand x near 2.7; their derivatives are zero.
ZERO: dict[str, list[str]] = {
    "builtins.int": ["int(x)"],
    "builtins.round": ["round(x)", "round(x, 1)"],
    "math.floor": ["math.floor(x)"],
    "math.ceil": ["math.ceil(x)"],
    "math.trunc": ["math.trunc(x)"],
    "builtins.len": ["len(np.array([x, x]))"],
    "math.isnan": ["math.isnan(x)"],
    "math.isinf": ["math.isinf(x)"],
    "math.isfinite": ["math.isfinite(x)"],
    "math.isclose": ["math.isclose(x, 2.7)", "math.isclose(x, 2.8, rel_tol=0.5)"],
    "builtins.bool": ["bool(x)"],
    "math.ulp": ["math.ulp(x)"],
    "math.factorial": ["math.factorial(int(x))"],
    "math.gcd": ["math.gcd(int(x), 4)"],
    "math.lcm": ["math.lcm(int(x), 5)"],
    "math.isqrt": ["math.isqrt(int(x))"],
    "math.comb": ["math.comb(5, int(x))"],
    "math.perm": ["math.perm(5, int(x))"],
    "builtins.range": ["len(range(int(x)))"],
    "np.shape": ["np.shape(np.array([x, x]))[0]"],
    "np.size": ["np.size(np.array([x, x]))"],
    "np.ndim": ["np.ndim(np.array([x, x]))"],
    "builtins.isinstance": ["isinstance(x, float)"],
    "np.floor": ["np.floor(x)"],
    "np.ceil": ["np.ceil(x)"],
    "np.trunc": ["np.trunc(x)"],
    "np.rint": ["np.rint(x)"],
    "np.round": ["np.round(x)"],
    "np.sign": ["np.sign(x)"],
    "np.isnan": ["np.isnan(x)"],
    "np.isinf": ["np.isinf(x)"],
    "np.isfinite": ["np.isfinite(x)"],
    "np.zeros_like": ["np.sum(np.zeros_like(np.array([x, x])))"],
    "np.ones_like": ["np.sum(np.ones_like(np.array([x, x])))"],
}
