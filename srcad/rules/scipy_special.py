"""Functions of ``scipy.special``, for programs that use it; SciPy is never imported here.

The order of a Bessel function, and what else is a parameter rather than a variable, is an option:
it carries no derivative, and is refused where it depends on what is differentiated.

Formulas: Abramowitz and Stegun, *Handbook of Mathematical Functions*, chapters 6, 7, 9, 13, 15, 17;
*NIST Digital Library of Mathematical Functions*.
"""

from __future__ import annotations

import re
from typing import Any

from srcad.analysis.kind import Array, Kind, Scalar, TupleOf, as_float, same_shape
from srcad.rules.axes import (
    array,
    dtype_of,
    float_dtype,
    keeps_dims,
    reduced,
    reduced_axes,
    with_axes,
)
from srcad.rules.signature import Refused
from srcad.rules.table import Partials, Use, elementwise, excluded, structured

S = "scipy.special"
BAR = "\u0304"


def _of_numbers(
    names: str,
    signature: str,
    facts: str = "",
    *,
    slope: str = "",
    variant: str = "",
    **partials: Partials,
) -> None:
    """Declare functions of numbers by their names in ``scipy.special``, which forms call ``s``.

    Where there is an end to the domain the slope may be infinite.
    """
    slope = slope or ("pole" if facts else "")
    full = " ".join(f"{S}.{name}" for name in names.split())
    listed = {p: (e,) if isinstance(e, str) else tuple(e) for p, e in partials.items()}
    forms: dict[str, Any] = {
        p: tuple(re.sub(r"\bs\.", f"{S}.", form) for form in each) for p, each in listed.items()
    }
    elementwise(full, signature, facts, slope=slope, variant=variant, **forms)


# The error function and the normal distribution.
_of_numbers("erf", "x/z", x="2 / m.sqrt(m.pi) * m.exp(-x ** 2)")
_of_numbers("erfc", "x", x="-2 / m.sqrt(m.pi) * m.exp(-x ** 2)")
_of_numbers(
    "erfcx",
    "x",
    x=("2 * (x * y - 1 / m.sqrt(m.pi))", "2 * (x * s.erfcx(x) - 1 / m.sqrt(m.pi))"),
)
_of_numbers("erfi", "x/z", x="2 / m.sqrt(m.pi) * m.exp(x ** 2)")
_of_numbers("dawsn", "x", x=("1 - 2 * x * y", "1 - 2 * x * s.dawsn(x)"))
_of_numbers(
    "erfinv",
    "x/y",
    "-1 < x < 1",
    x=("m.sqrt(m.pi) / 2 * m.exp(y ** 2)", "m.sqrt(m.pi) / 2 * m.exp(s.erfinv(x) ** 2)"),
)
_of_numbers(
    "erfcinv",
    "x/y",
    "0 < x < 2",
    x=("-m.sqrt(m.pi) / 2 * m.exp(y ** 2)", "-m.sqrt(m.pi) / 2 * m.exp(s.erfcinv(x) ** 2)"),
)
_of_numbers("ndtr", "x", x="m.exp(-x ** 2 / 2) / m.sqrt(2 * m.pi)")
_of_numbers(
    "ndtri",
    "x/y",
    "0 < x < 1",
    x=("m.sqrt(2 * m.pi) * m.exp(y ** 2 / 2)", "m.sqrt(2 * m.pi) * m.exp(s.ndtri(x) ** 2 / 2)"),
)
_of_numbers(
    "ndtri_exp",
    "x/y",
    "x < 0",
    x=(
        "m.sqrt(2 * m.pi) * m.exp(x + y ** 2 / 2)",
        "m.sqrt(2 * m.pi) * m.exp(x + s.ndtri_exp(x) ** 2 / 2)",
    ),
)
_of_numbers("powm1", "a/x b/y", "a > 0", a="b * a ** (b - 1)", b="m.log(a) * a ** b")
_of_numbers(
    "log_ndtr",
    "x",
    x=(
        "m.exp(-x ** 2 / 2 - y) / m.sqrt(2 * m.pi)",
        "m.exp(-x ** 2 / 2 - s.log_ndtr(x)) / m.sqrt(2 * m.pi)",
    ),
)
_of_numbers(
    "owens_t",
    "h a",
    h="m.exp(-h ** 2 / 2) * (0.5 - s.ndtr(a * h)) / m.sqrt(2 * m.pi)",
    a="m.exp(-h ** 2 * (1 + a ** 2) / 2) / (2 * m.pi * (1 + a ** 2))",
)

# The gamma function and its kin.
_of_numbers("gamma", "x/z", "x not 0, -1, -2 ...", x=("y * s.psi(x)", "s.gamma(x) * s.psi(x)"))
_of_numbers("gammaln", "x", "x not 0, -1, -2 ...", x="s.psi(x)")
_of_numbers("loggamma", "x/z", "x > 0", x="s.psi(x)")
_of_numbers("rgamma", "x/z", "x not 0, -1, -2 ...", x=("-y * s.psi(x)", "-s.rgamma(x) * s.psi(x)"))
_of_numbers("psi digamma", "x/z", "x not 0, -1, -2 ...", x="s.polygamma(1, x)")
_of_numbers("polygamma", "n= x", "x not 0, -1, -2 ...", x="s.polygamma(n + 1, x)")
_of_numbers(
    "poch",
    "a/z b/m",
    "a > 0 and a + b > 0",
    a=("y * (s.psi(a + b) - s.psi(a))", "s.poch(a, b) * (s.psi(a + b) - s.psi(a))"),
    b=("y * s.psi(a + b)", "s.poch(a, b) * s.psi(a + b)"),
)
_of_numbers(
    "beta",
    "a b",
    "a > 0 and b > 0",
    a=("y * (s.psi(a) - s.psi(a + b))", "s.beta(a, b) * (s.psi(a) - s.psi(a + b))"),
    b=("y * (s.psi(b) - s.psi(a + b))", "s.beta(a, b) * (s.psi(b) - s.psi(a + b))"),
)
_of_numbers(
    "betaln", "a b", "a > 0 and b > 0", a="s.psi(a) - s.psi(a + b)", b="s.psi(b) - s.psi(a + b)"
)
_of_numbers(
    "binom",
    "n k",
    "0 < k < n",
    n=(
        "y * (s.psi(n + 1) - s.psi(n - k + 1))",
        "s.binom(n, k) * (s.psi(n + 1) - s.psi(n - k + 1))",
    ),
    k=(
        "y * (s.psi(n - k + 1) - s.psi(k + 1))",
        "s.binom(n, k) * (s.psi(n - k + 1) - s.psi(k + 1))",
    ),
)
_of_numbers("gammainc", "a= x", "x > 0", x="m.exp((a - 1) * m.log(x) - x - s.gammaln(a))")
_of_numbers("gammaincc", "a= x", "x > 0", x="-m.exp((a - 1) * m.log(x) - x - s.gammaln(a))")
_of_numbers(
    "gammaincinv",
    "a= x/y",
    "0 < x < 1",
    x=(
        "m.exp(y - (a - 1) * m.log(y) + s.gammaln(a))",
        "m.exp(s.gammaincinv(a, x) - (a - 1) * m.log(s.gammaincinv(a, x)) + s.gammaln(a))",
    ),
)
_of_numbers("betainc", "a= b= x", "0 < x < 1", x="x ** (a - 1) * (1 - x) ** (b - 1) / s.beta(a, b)")
_of_numbers(
    "betaincinv",
    "a= b= x/y",
    "0 < x < 1",
    x=(
        "s.beta(a, b) * y ** (1 - a) * (1 - y) ** (1 - b)",
        "s.beta(a, b) * s.betaincinv(a, b, x) ** (1 - a) * (1 - s.betaincinv(a, b, x)) ** (1 - b)",
    ),
)
_of_numbers("zeta", "x= q", "q > 0", q="-x * s.zeta(x + 1, q)")

# Logistic functions and entropies.
_of_numbers("expit", "x", x=("y * (1 - y)", "s.expit(x) * s.expit(-x)"))
_of_numbers("logit", "x", "0 < x < 1", x="1 / (x * (1 - x))")
_of_numbers("log_expit", "x", x="s.expit(-x)")
_of_numbers("softplus", "x", x="s.expit(x)")
_of_numbers("xlogy", "a/x b/y", "b > 0", slope="edge", a="m.log(b)", b="a / b")
_of_numbers("xlog1py", "a/x b/y", "b > -1", slope="edge", a="m.log1p(b)", b="a / (1 + b)")
_of_numbers("entr", "x", "x > 0", slope="edge", x="-m.log(x) - 1")
_of_numbers(
    "rel_entr", "a/x b/y", "a > 0 and b > 0", slope="edge", a="m.log(a / b) + 1", b="-a / b"
)
_of_numbers("kl_div", "a/x b/y", "a > 0 and b > 0", slope="edge", a="m.log(a / b)", b="1 - a / b")
_of_numbers(
    "huber",
    "delta r",
    "|r| != delta for the second derivative",
    delta="m.maximum(m.abs(r) - delta, 0.0)",
    r="m.clip(r, -delta, delta)",
)
_of_numbers(
    "pseudo_huber",
    "delta r",
    "delta > 0",
    delta="r ** 4 / (m.hypot(delta, r) * (delta + m.hypot(delta, r)) ** 2)",
    r="delta * r / m.hypot(delta, r)",
)
_of_numbers("boxcox", "x lmbda=", "x > 0", x="x ** (lmbda - 1)")
_of_numbers("boxcox1p", "x lmbda=", "x > -1", x="(1 + x) ** (lmbda - 1)")
_of_numbers(
    "inv_boxcox", "x/y lmbda=", x=("y ** (1 - lmbda)", "s.inv_boxcox(x, lmbda) ** (1 - lmbda)")
)
_of_numbers(
    "inv_boxcox1p",
    "x/y lmbda=",
    x=("(1 + y) ** (1 - lmbda)", "(1 + s.inv_boxcox1p(x, lmbda)) ** (1 - lmbda)"),
)

# Bessel functions; the order is a parameter.
_of_numbers("j0", "x", x="-s.j1(x)")
_of_numbers("j1", "x", x="(s.j0(x) - s.jv(2, x)) / 2")
_of_numbers("y0", "x", "x > 0", x="-s.y1(x)")
_of_numbers("y1", "x", "x > 0", x="(s.y0(x) - s.yv(2, x)) / 2")
_of_numbers("i0", "x", x="s.i1(x)")
_of_numbers("i1", "x", x="(s.i0(x) + s.iv(2, x)) / 2")
_of_numbers("k0", "x", "x > 0", x="-s.k1(x)")
_of_numbers("k1", "x", "x > 0", x="-(s.k0(x) + s.kv(2, x)) / 2")
_of_numbers("i0e", "x", "x != 0", x=("s.i1e(x) - m.sign(x) * y", "s.i1e(x) - m.sign(x) * s.i0e(x)"))
_of_numbers(
    "i1e",
    "x",
    "x != 0",
    x=(
        "(s.i0e(x) + s.ive(2, x)) / 2 - m.sign(x) * y",
        "(s.i0e(x) + s.ive(2, x)) / 2 - m.sign(x) * s.i1e(x)",
    ),
)
_of_numbers("k0e", "x", "x > 0", x=("y - s.k1e(x)", "s.k0e(x) - s.k1e(x)"))
_of_numbers(
    "k1e",
    "x",
    "x > 0",
    x=("y - (s.k0e(x) + s.kve(2, x)) / 2", "s.k1e(x) - (s.k0e(x) + s.kve(2, x)) / 2"),
)
_of_numbers("jv jn", "v= x/z", x="(s.jv(v - 1, x) - s.jv(v + 1, x)) / 2")
_of_numbers("yv", "v= x/z", "x > 0", x="(s.yv(v - 1, x) - s.yv(v + 1, x)) / 2")
_of_numbers("yn", "n= x", "x > 0", x="(s.yv(n - 1, x) - s.yv(n + 1, x)) / 2")
_of_numbers("iv", "v= x/z", x="(s.iv(v - 1, x) + s.iv(v + 1, x)) / 2")
_of_numbers("kv", "v= x/z", "x > 0", x="-(s.kv(v - 1, x) + s.kv(v + 1, x)) / 2")
_of_numbers("kn", "n= x", "x > 0", x="-(s.kv(n - 1, x) + s.kv(n + 1, x)) / 2")
for _name in ("jvp", "yvp", "ivp", "kvp"):
    _domain = "" if _name[0] in "ji" else "x > 0"
    _of_numbers(_name, "v= x/z", _domain, x=f"s.{_name}(v, x, 2)")
    _of_numbers(_name, "v= x/z n=", _domain, variant="of an order", x=f"s.{_name}(v, x, n + 1)")
_of_numbers(
    "ive",
    "v= x/z",
    "x != 0",
    x=(
        "(s.ive(v - 1, x) + s.ive(v + 1, x)) / 2 - m.sign(x) * y",
        "(s.ive(v - 1, x) + s.ive(v + 1, x)) / 2 - m.sign(x) * s.ive(v, x)",
    ),
)
_of_numbers(
    "kve",
    "v= x/z",
    "x > 0",
    x=(
        "y - (s.kve(v - 1, x) + s.kve(v + 1, x)) / 2",
        "s.kve(v, x) - (s.kve(v - 1, x) + s.kve(v + 1, x)) / 2",
    ),
)

# Integrals.
_of_numbers("expi", "x", "x != 0", x="m.exp(x) / x")
_of_numbers("exp1", "x/z", "x > 0", x="-m.exp(-x) / x")
_of_numbers("expn", "n= x", "x > 0", x="-s.expn(n - 1, x)")
_of_numbers("spence", "x/z", "x > 0", x="-s.hyp2f1(1, 1, 2, 1 - x)")
_of_numbers("ellipk", "x/m", "x < 1", x="m.pi / 8 * s.hyp2f1(1.5, 1.5, 2, x)")
_of_numbers("ellipe", "x/m", "x < 1", slope="edge", x="-m.pi / 8 * s.hyp2f1(0.5, 1.5, 2, x)")
_of_numbers("hyp0f1", "b/v= x/z", x="s.hyp0f1(b + 1, x) / b")
_of_numbers("hyp1f1", "a= b= x", x="a / b * s.hyp1f1(a + 1, b + 1, x)")
_of_numbers("hyp2f1", "a= b= c= x/z", "x < 1", x="a * b / c * s.hyp2f1(a + 1, b + 1, c + 1, x)")
_of_numbers("wrightomega", "x/z", x=("y / (1 + y)", "s.wrightomega(x) / (1 + s.wrightomega(x))"))

_of_numbers("ellipkm1", "x/p", "x > 0", x="-m.pi / 8 * s.hyp2f1(1.5, 1.5, 2, 1 - x)")
_of_numbers("ellipeinc", "x/phi k/m=", "k * sin(x) ** 2 < 1", x="m.sqrt(1 - k * m.sin(x) ** 2)")
_of_numbers("ellipkinc", "x/phi k/m=", "k * sin(x) ** 2 < 1", x="1 / m.sqrt(1 - k * m.sin(x) ** 2)")
_of_numbers("hyperu", "a= b= x", "x > 0", x="-a * s.hyperu(a + 1, b + 1, x)")
_of_numbers(
    "struve",
    "v= x",
    "x > 0",
    x="(s.struve(v - 1, x) - s.struve(v + 1, x) + (x / 2) ** v / m.sqrt(m.pi) * s.rgamma(v + 1.5))"
    " / 2",
)
_of_numbers(
    "modstruve",
    "v= x",
    "x > 0",
    x="(s.modstruve(v - 1, x) + s.modstruve(v + 1, x)"
    " + (x / 2) ** v / m.sqrt(m.pi) * s.rgamma(v + 1.5)) / 2",
)
for _name, _sign in (("jn", "-"), ("yn", "-"), ("in", "+"), ("kn", "-")):
    _of_numbers(
        f"spherical_{_name}",
        "n= x/z derivative!",
        "x != 0",
        x=(
            f"n / x * y {_sign} s.spherical_{_name}(n + 1, x)",
            f"n / x * s.spherical_{_name}(n, x) {_sign} s.spherical_{_name}(n + 1, x)",
        ),
    )

# Orthogonal polynomials, of a whole degree: one of a negative degree is 0.
_of_numbers("eval_legendre", "n= x out!", x="s.eval_gegenbauer(n - 1, 1.5, x)")
_of_numbers("eval_chebyt", "n= x out!", x="n * s.eval_gegenbauer(n - 1, 1, x)")
_of_numbers("eval_chebyu", "n= x out!", x="2 * s.eval_gegenbauer(n - 1, 2, x)")
_of_numbers("eval_gegenbauer", "n= a/alpha= x out!", x="2 * a * s.eval_gegenbauer(n - 1, a + 1, x)")
_of_numbers("eval_laguerre", "n= x out!", x="-s.eval_genlaguerre(n - 1, 1, x)")
_of_numbers("eval_genlaguerre", "n= a/alpha= x out!", x="-s.eval_genlaguerre(n - 1, a + 1, x)")
_of_numbers(
    "eval_jacobi",
    "n= a/alpha= b/beta= x out!",
    x="(n + a + b + 1) / 2 * s.eval_jacobi(n - 1, a + 1, b + 1, x)",
)
_of_numbers("eval_hermite", "n= x out!", x="2 * n * s.eval_hermite(m.maximum(n - 1, 0), x)")
_of_numbers("eval_hermitenorm", "n= x out!", x="n * s.eval_hermitenorm(m.maximum(n - 1, 0), x)")

# Distributions: the derivative of the probability is the density.
_of_numbers("chdtr", "v= x", "x > 0",
            x="m.exp((v / 2 - 1) * m.log(x / 2) - x / 2 - s.gammaln(v / 2)) / 2")  # fmt: skip
_of_numbers("chdtrc", "v= x", "x > 0",
            x="-m.exp((v / 2 - 1) * m.log(x / 2) - x / 2 - s.gammaln(v / 2)) / 2")  # fmt: skip
_of_numbers("pdtr", "k= x/m", "x > 0",
            x="-m.exp(m.floor(k) * m.log(x) - x - s.gammaln(m.floor(k) + 1))")  # fmt: skip
_of_numbers("pdtrc", "k= x/m", "x > 0",
            x="m.exp(m.floor(k) * m.log(x) - x - s.gammaln(m.floor(k) + 1))")  # fmt: skip
_of_numbers(
    "stdtr",
    "v/df= x/t",
    x="m.exp(-(v + 1) / 2 * m.log1p(x ** 2 / v)) / (m.sqrt(v) * s.beta(v / 2, 0.5))",
)
_of_numbers(
    "stdtrit",
    "v/df= x/p",
    "0 < x < 1",
    x=(
        "m.exp((v + 1) / 2 * m.log1p(y ** 2 / v)) * (m.sqrt(v) * s.beta(v / 2, 0.5))",
        "m.exp((v + 1) / 2 * m.log1p(s.stdtrit(v, x) ** 2 / v)) * (m.sqrt(v) * s.beta(v / 2, 0.5))",
    ),
)
_of_numbers(
    "fdtr",
    "u/dfn= v/dfd= x",
    "x > 0",
    x="(u * x / (u * x + v)) ** (u / 2) * (v / (u * x + v)) ** (v / 2)"
    " / (x * s.beta(u / 2, v / 2))",
)
_of_numbers(
    "betaincc", "a= b= x", "0 < x < 1", x="-x ** (a - 1) * (1 - x) ** (b - 1) / s.beta(a, b)"
)
_of_numbers(
    "betainccinv",
    "a= b= x/y",
    "0 < x < 1",
    x=(
        "-s.beta(a, b) * y ** (1 - a) * (1 - y) ** (1 - b)",
        "-s.beta(a, b) * s.betainccinv(a, b, x) ** (1 - a)"
        " * (1 - s.betainccinv(a, b, x)) ** (1 - b)",
    ),
)
_of_numbers(
    "gammainccinv",
    "a= x/y",
    "0 < x < 1",
    x=(
        "-m.exp(y - (a - 1) * m.log(y) + s.gammaln(a))",
        "-m.exp(s.gammainccinv(a, x) - (a - 1) * m.log(s.gammainccinv(a, x)) + s.gammaln(a))",
    ),
)

# Counts, of real numbers.
_of_numbers(
    "comb",
    "n/N k exact! repetition!",
    "0 < k < n",
    n="s.binom(n, k) * (s.psi(n + 1) - s.psi(n - k + 1))",
    k="s.binom(n, k) * (s.psi(n - k + 1) - s.psi(k + 1))",
)
_of_numbers("factorial", "n exact! extend!", "n > 0", n="s.gamma(n + 1) * s.psi(n + 1)")

# Elementary functions that are exact near 0, and in degrees.
_of_numbers("expm1", "x", x=("y + 1", "m.exp(x)"))
_of_numbers("log1p", "x", "x > -1", x="1 / (1 + x)")
_of_numbers("exprel", "x", x="s.hyp1f1(2, 3, x) / 2")
_of_numbers("cosm1", "x", x="-m.sin(x)")
_of_numbers("exp2", "x", x=("m.log(2) * y", "m.log(2) * m.exp2(x)"))
_of_numbers("exp10", "x", x=("m.log(10) * y", "m.log(10) * s.exp10(x)"))
_of_numbers("cbrt", "x", "x != 0", slope="edge", x=("y / (3 * x)", "m.cbrt(x) / (3 * x)"))
_of_numbers("sindg", "x", x="m.pi / 180 * s.cosdg(x)")
_of_numbers("cosdg", "x", x="-m.pi / 180 * s.sindg(x)")
_of_numbers("tandg", "x", "cosdg(x) != 0", x=("m.pi / 180 * (1 + y ** 2)",
                                              "m.pi / 180 * (1 + s.tandg(x) ** 2)"))  # fmt: skip
_of_numbers("cotdg", "x", "sindg(x) != 0", x=("-m.pi / 180 * (1 + y ** 2)",
                                              "-m.pi / 180 * (1 + s.cotdg(x) ** 2)"))  # fmt: skip


# Softmax and its kin: p = exp(x - logsumexp(x)).


def _reduced_kind(use: Use) -> Kind:
    kind = use.kinds[0]
    if use.value("return_sign"):
        raise Refused("`return_sign=True`", "it has no rule", "the call without it")
    dtype = float_dtype(dtype_of(kind))
    if not isinstance(kind, Array):
        return array((), dtype)
    return reduced(kind, reduced_axes(use), keepdims=keeps_dims(use), dtype=dtype)


def _logsumexp_adjoint(use: Use, _: int) -> str:
    if isinstance(use.kinds[0], Scalar):
        return "ȳ"
    return f"{with_axes(use, 'ȳ')} * np.exp(x - {with_axes(use, 'y')})"


def _axis(use: Use) -> str:
    """The ``axis`` option as the call has it, for a sum along it."""
    return ", axis=axis" if "axis" in use.options else ""


def _sums(use: Use, of: str) -> str:
    """A sum along the axes, kept with length 1."""
    return f"np.sum({of}{_axis(use)}, keepdims=True)"


def _weighted(use: Use, of: str) -> str:
    """A sum along the axes of a reduction."""
    keep = ", keepdims=True" if keeps_dims(use) else ""
    return f"np.sum({of}{_axis(use)}{keep})"


structured(
    f"{S}.logsumexp",
    "x/a axis=None b! keepdims=False return_sign=False",
    kind=_reduced_kind,
    adjoint=_logsumexp_adjoint,
    tangents=lambda use, _: (
        "ẋ"
        if isinstance(use.kinds[0], Scalar)
        else _weighted(use, f"np.exp(x - {with_axes(use, 'y')}) * ẋ")
    ),
)


def _weights_kind(use: Use) -> Kind:
    x, b = use.kinds
    if isinstance(b, Array) and not (isinstance(x, Array) and same_shape(x.axes, b.axes)):
        raise Refused("`b=`", "it has not the shape of the exponents", "weights of that shape")
    return _reduced_kind(use)


def _shares(use: Use) -> str:
    y = with_axes(use, "y") if isinstance(use.kinds[0], Array) else "y"
    return f"np.exp(x - {y})"


def _weighted_adjoint(use: Use, operand: int) -> str:
    seed = with_axes(use, "ȳ") if isinstance(use.kinds[0], Array) else "ȳ"
    form = f"{seed} * {_shares(use)}"
    if operand == 0:
        return f"{form} * b"
    return f"np.sum({form})" if isinstance(use.kinds[1], Scalar) else form


structured(
    f"{S}.logsumexp",
    "x/a axis=None b keepdims=False return_sign=False",
    variant="with weights",
    kind=_weights_kind,
    adjoint=_weighted_adjoint,
    tangents=lambda use, moving: _weighted(
        use,
        " + ".join(
            [f"{_shares(use)} * b * ẋ"] * ("x" in moving)
            + [f"{_shares(use)} * ḃ"] * ("b" in moving)
        ),
    ),
)
structured(
    f"{S}.softmax",
    "x axis=None",
    kind=lambda use: as_float(use.kinds[0]),
    adjoint=lambda use, _: f"y * (ȳ - {_sums(use, 'ȳ * y')})",
    tangents=lambda use, _: f"y * (ẋ - {_sums(use, 'y * ẋ')})",
)
structured(
    f"{S}.log_softmax",
    "x axis=None",
    kind=lambda use: as_float(use.kinds[0]),
    adjoint=lambda use, _: f"ȳ - np.exp(y) * {_sums(use, 'ȳ')}",
    tangents=lambda use, _: f"ẋ - {_sums(use, 'np.exp(y) * ẋ')}",
)


def _multigammaln_kind(use: Use) -> Kind:
    if isinstance(use.kinds[0], Array):
        raise Refused("`multigammaln` of an array", "it has no rule", "a call for each number")
    return array((), "f8")


def _multigammaln_slope(factor: str) -> str:
    return f"{factor} * np.sum({S}.psi(x - np.arange(d) / 2))"


structured(
    f"{S}.multigammaln",
    "x/a d=",
    kind=_multigammaln_kind,
    adjoint=lambda use, _: _multigammaln_slope("ȳ"),
    tangents=lambda use, _: _multigammaln_slope("ẋ"),
)


# Pairs of functions, each other's derivatives.


def _pair(
    name: str, signature: str, results: str, slopes: tuple[str, ...], facts: str = ""
) -> None:
    """Declare a function of one number that has several results, by their derivatives."""
    names = results.split()

    def kind(use: Use) -> Kind:
        return TupleOf((as_float(use.kinds[0]),) * len(names))

    def adjoint(use: Use, _: int) -> str:
        pairs = zip(names, slopes, strict=True)
        return " + ".join(f"{name}{BAR} * ({slope})" for name, slope in pairs if name in use.wanted)

    structured(
        f"{S}.{name}",
        signature,
        results=results,
        kind=kind,
        adjoint=adjoint,
        tangents=lambda use, _: tuple(f"({s}) * ẋ" for s in slopes),
        facts=facts,
    )


_pair("fresnel", "x/z", "s c", ("np.sin(np.pi * x ** 2 / 2)", "np.cos(np.pi * x ** 2 / 2)"))
_pair("sici", "x", "s c", ("np.sin(x) / x", "np.cos(x) / x"), "x > 0")
_pair("shichi", "x", "s c", ("np.sinh(x) / x", "np.cosh(x) / x"), "x > 0")
_pair("airy", "x/z", "a p b q", ("p", "x * a", "q", "x * b"))

excluded(
    f"{S}.wofz {S}.lambertw",
    "its values are complex",
    "a function of real numbers",
)
