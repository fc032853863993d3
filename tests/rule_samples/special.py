"""Functions of ``scipy.special`` and ``scipy.linalg``, with their twins in mpmath."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np

from tests.rule_samples.matrices import (
    Matrices,
    array,
    cholesky,
    cholesky_upper,
    det,
    each,
    inv,
    matrix,
    plain,
    positive,
    regular,
    solve,
)
from tests.rule_samples.sample import ANY, NEGATIVE, POSITIVE, UNIT, Sample, of

HALF = (0.05, 0.45)
PROBABILITY = (0.05, 0.95)


def _root(function: Any, start: Any) -> Any:
    """A twin that inverts a function."""

    def twin(y: Any) -> Any:
        return mp.findroot(lambda x: function(x) - y, start(y) if callable(start) else start)

    return twin


def _erfcx(x: Any) -> Any:
    return mp.exp(x * x) * mp.erfc(x)


def _dawsn(x: Any) -> Any:
    return mp.sqrt(mp.pi) / 2 * mp.exp(-x * x) * mp.erfi(x)


def _ndtri(p: Any) -> Any:
    return mp.sqrt(2) * mp.erfinv(2 * p - 1)


def _owens_t(h: Any, a: Any) -> Any:
    return mp.quad(lambda t: mp.exp(-h * h * (1 + t * t) / 2) / (1 + t * t), [0, a]) / (2 * mp.pi)


def _gammainc(a: Any) -> Any:
    return lambda x: mp.gammainc(a, 0, x, regularized=True)


def _betainc(a: Any, b: Any) -> Any:
    return lambda x: mp.betainc(a, b, 0, x, regularized=True)


def _huber(delta: Any, r: Any) -> Any:
    return r * r / 2 if abs(r) <= delta else delta * (abs(r) - delta / 2)


def _pseudo_huber(delta: Any, r: Any) -> Any:
    return delta * delta * (mp.sqrt(1 + (r / delta) ** 2) - 1)


def _scaled(bessel: Any, order: Any) -> Any:
    return lambda x: mp.exp(-abs(x)) * bessel(order, x)


def _grown(order: Any) -> Any:
    return lambda x: mp.exp(x) * mp.besselk(order, x)


def _degrees(function: Any) -> Any:
    return lambda x: function(x * mp.pi / 180)


BESSELI, BESSELJ, BESSELK, BESSELY = mp.besseli, mp.besselj, mp.besselk, mp.bessely


def _orders(bessel: Any, name: str, *intervals: Any, whole: bool = False) -> list[Sample]:
    orders = (0, 1, 2, 3) if whole else (0, 0.5, 1, 2.5, -1.3)
    return [
        of(lambda x, v=v: bessel(v, x), interval, call=f"{{f}}({v}, x)")
        for v in orders
        for interval in intervals
    ]


def _spherical(bessel: Any) -> list[Sample]:
    return [
        of(
            lambda x, n=n: _half_order(bessel, n, x),
            (0.7, 3.0),
            call=f"{{f}}({n}, x)",
        )
        for n in (0, 1, 3)
    ]


def _half_order(bessel: Any, n: int, x: Any) -> Any:
    return mp.sqrt(mp.pi / (2 * x)) * bessel(n + mp.mpf(1) / 2, x)


def _hermitenorm(n: int, x: Any) -> Any:
    return mp.hermite(n, x / mp.sqrt(2)) / mp.sqrt(2) ** n


def _student(v: float) -> Any:
    def twin(t: Any) -> Any:
        tail = mp.betainc(mp.mpf(v) / 2, 0.5, 0, v / (v + t * t), regularized=True) / 2
        return tail if t < 0 else 1 - tail

    return twin


S = "scipy.special"

SPECIAL: dict[str, list[Sample]] = {
    f"{S}.{name}": samples
    for name, samples in {
        "erf": [of(mp.erf, ANY)],
        "erfc": [of(mp.erfc, ANY)],
        "erfcx": [of(_erfcx, ANY)],
        "erfi": [of(mp.erfi, ANY)],
        "dawsn": [of(_dawsn, ANY)],
        "erfinv": [of(mp.erfinv, UNIT)],
        "erfcinv": [of(lambda x: mp.erfinv(1 - x), (0.1, 1.9))],
        "ndtr": [of(mp.ncdf, ANY)],
        "ndtri": [of(_ndtri, PROBABILITY)],
        "log_ndtr": [of(lambda x: mp.log(mp.ncdf(x)), ANY)],
        "owens_t": [of(_owens_t, POSITIVE, POSITIVE)],
        "gamma": [of(mp.gamma, POSITIVE), of(mp.gamma, (-1.8, -1.2))],
        "gammaln": [of(mp.loggamma, POSITIVE)],
        "loggamma": [of(mp.loggamma, POSITIVE)],
        "rgamma": [of(mp.rgamma, POSITIVE), of(mp.rgamma, (-1.8, -1.2))],
        "psi": [of(mp.digamma, POSITIVE), of(mp.digamma, (-1.8, -1.2))],
        "polygamma": [
            of(lambda x, n=n: mp.psi(n, x), POSITIVE, call=f"{{f}}({n}, x)") for n in (0, 1, 3)
        ],
        "poch": [of(mp.rf, POSITIVE, POSITIVE)],
        "beta": [of(mp.beta, POSITIVE, POSITIVE)],
        "betaln": [of(lambda a, b: mp.log(mp.beta(a, b)), POSITIVE, POSITIVE)],
        "binom": [of(mp.binomial, (3.2, 6.1), (0.6, 2.8))],
        "gammainc": [of(_gammainc(2.5), POSITIVE, call="{f}(2.5, x)")],
        "gammaincc": [of(lambda x: 1 - _gammainc(0.7)(x), POSITIVE, call="{f}(0.7, x)")],
        "gammaincinv": [of(_root(_gammainc(2.5), 2.0), PROBABILITY, call="{f}(2.5, x)")],
        "betainc": [of(_betainc(2.5, 1.5), PROBABILITY, call="{f}(2.5, 1.5, x)")],
        "betaincinv": [
            of(_root(_betainc(2.5, 1.5), lambda y: y), (0.3, 0.7), call="{f}(2.5, 1.5, x)")
        ],
        "zeta": [of(lambda q: mp.zeta(2.5, q), POSITIVE, call="{f}(2.5, x)")],
        "expit": [of(lambda x: 1 / (1 + mp.exp(-x)), ANY)],
        "logit": [of(lambda x: mp.log(x / (1 - x)), PROBABILITY)],
        "log_expit": [of(lambda x: -mp.log(1 + mp.exp(-x)), ANY)],
        "softplus": [of(lambda x: mp.log(1 + mp.exp(x)), ANY)],
        "xlogy": [of(lambda a, b: a * mp.log(b), ANY, POSITIVE)],
        "xlog1py": [of(lambda a, b: a * mp.log(1 + b), ANY, (-0.8, 3.0))],
        "entr": [of(lambda x: -x * mp.log(x), POSITIVE)],
        "rel_entr": [of(lambda a, b: a * mp.log(a / b), POSITIVE, POSITIVE)],
        "kl_div": [of(lambda a, b: a * mp.log(a / b) - a + b, POSITIVE, POSITIVE)],
        "huber": [
            of(_huber, (0.5, 0.7), (-0.4, 0.4)),
            of(_huber, (0.5, 0.7), (0.8, 2.0)),
            of(_huber, (0.5, 0.7), (-2.0, -0.8)),
        ],
        "pseudo_huber": [of(_pseudo_huber, POSITIVE, ANY)],
        "boxcox": [of(lambda x: (x**1.5 - 1) / 1.5, POSITIVE, call="{f}(x, 1.5)")],
        "boxcox1p": [of(lambda x: ((1 + x) ** 1.5 - 1) / 1.5, POSITIVE, call="{f}(x, 1.5)")],
        "inv_boxcox": [
            of(lambda x: (1 + mp.mpf(1.5) * x) ** (1 / mp.mpf(1.5)), POSITIVE, call="{f}(x, 1.5)")
        ],
        "inv_boxcox1p": [
            of(lambda x: (1 + mp.mpf(1.5) * x) ** (1 / mp.mpf(1.5)) - 1, POSITIVE,
               call="{f}(x, 1.5)")
        ],
        "j0": [of(lambda x: BESSELJ(0, x), ANY)],
        "j1": [of(lambda x: BESSELJ(1, x), ANY)],
        "y0": [of(lambda x: BESSELY(0, x), POSITIVE)],
        "y1": [of(lambda x: BESSELY(1, x), POSITIVE)],
        "i0": [of(lambda x: BESSELI(0, x), ANY)],
        "i1": [of(lambda x: BESSELI(1, x), ANY)],
        "k0": [of(lambda x: BESSELK(0, x), POSITIVE)],
        "k1": [of(lambda x: BESSELK(1, x), POSITIVE)],
        "i0e": [of(_scaled(BESSELI, 0), POSITIVE), of(_scaled(BESSELI, 0), NEGATIVE)],
        "i1e": [of(_scaled(BESSELI, 1), POSITIVE), of(_scaled(BESSELI, 1), NEGATIVE)],
        "k0e": [of(_grown(0), POSITIVE)],
        "k1e": [of(_grown(1), POSITIVE)],
        "jv": _orders(BESSELJ, "jv", POSITIVE),
        "yv": _orders(BESSELY, "yv", POSITIVE),
        "yn": _orders(BESSELY, "yn", POSITIVE, whole=True),
        "iv": _orders(BESSELI, "iv", POSITIVE),
        "kv": _orders(BESSELK, "kv", POSITIVE),
        "kn": _orders(BESSELK, "kn", POSITIVE, whole=True),
        "ive": [
            of(_scaled(BESSELI, v), POSITIVE, call=f"{{f}}({v}, x)") for v in (0, 1.5)
        ],
        "kve": [of(_grown(v), POSITIVE, call=f"{{f}}({v}, x)") for v in (0, 1.5)],
        "jvp": [of(lambda x: mp.besselj(2, x, 1), POSITIVE, call="{f}(2, x)")],
        "yvp": [of(lambda x: mp.bessely(2, x, 1), POSITIVE, call="{f}(2, x)")],
        "ivp": [of(lambda x: mp.besseli(2, x, 1), POSITIVE, call="{f}(2, x)")],
        "kvp": [
            of(lambda x: -(BESSELK(1, x) + BESSELK(3, x)) / 2, POSITIVE, call="{f}(2, x)"),
        ],
        "jvp of an order": [
            of(lambda x: mp.besselj(1, x, 2), POSITIVE, call="{f}(1, x, 2)"),
            of(lambda x: mp.besselj(1, x, 1), POSITIVE, call="{f}(1, x, n=1)"),
        ],
        "yvp of an order": [of(lambda x: mp.bessely(1, x, 2), POSITIVE, call="{f}(1, x, 2)")],
        "ivp of an order": [of(lambda x: mp.besseli(1, x, 2), POSITIVE, call="{f}(1, x, 2)")],
        "kvp of an order": [
            of(lambda x: -(BESSELK(0, x) + BESSELK(2, x)) / 2, POSITIVE, call="{f}(1, x, 1)"),
        ],
        "ndtri_exp": [of(lambda x: mp.sqrt(2) * mp.erfinv(2 * mp.exp(x) - 1), (-3.0, -0.2))],
        "powm1": [of(lambda a, b: mp.mpf(a) ** b - 1, POSITIVE, ANY)],
        "expi": [of(mp.ei, POSITIVE), of(mp.ei, NEGATIVE)],
        "exp1": [of(mp.e1, POSITIVE)],
        "expn": [
            of(lambda x, n=n: mp.expint(n, x), POSITIVE, call=f"{{f}}({n}, x)") for n in (2, 3)
        ],
        "spence": [
            of(lambda x: mp.polylog(2, 1 - x), POSITIVE),
            of(lambda x: mp.polylog(2, 1 - x), (0.99999999, 1.00000001)),
        ],
        "ellipk": [of(mp.ellipk, (-2.0, 0.9)), of(mp.ellipk, (-1e-8, 1e-8))],
        "ellipe": [of(mp.ellipe, (-2.0, 0.9)), of(mp.ellipe, (-1e-8, 1e-8))],
        "hyp0f1": [of(lambda x: mp.hyp0f1(1.5, x), ANY, call="{f}(1.5, x)")],
        "hyp1f1": [of(lambda x: mp.hyp1f1(1.5, 2.5, x), ANY, call="{f}(1.5, 2.5, x)")],
        "hyp2f1": [
            of(lambda x: mp.hyp2f1(1.5, 0.5, 2.5, x), UNIT, call="{f}(1.5, 0.5, 2.5, x)")
        ],
        "wrightomega": [of(lambda x: mp.lambertw(mp.exp(x)).real, ANY)],
        "expm1": [of(mp.expm1, ANY), of(mp.expm1, (1e-9, 1e-8))],
        "log1p": [of(mp.log1p, (-0.8, 3.0)), of(mp.log1p, (1e-9, 1e-8))],
        "exprel": [
            of(lambda x: mp.expm1(x) / x, ANY), of(lambda x: mp.expm1(x) / x, (1e-9, 1e-8))
        ],
        "cosm1": [of(lambda x: mp.cos(x) - 1, ANY), of(lambda x: mp.cos(x) - 1, (1e-9, 1e-8))],
        "exp2": [of(lambda x: mp.mpf(2) ** x, ANY)],
        "exp10": [of(lambda x: mp.mpf(10) ** x, ANY)],
        "cbrt": [of(mp.cbrt, POSITIVE), of(lambda x: -mp.cbrt(-x), NEGATIVE)],
        "ellipkm1": [of(lambda x: mp.ellipk(1 - x), (0.1, 1.9))],
        "ellipeinc": [of(lambda x: mp.ellipe(x, 0.4), ANY, call="{f}(x, 0.4)"),
                      of(lambda x: mp.ellipe(x, 1.7), (-0.8, 0.8), call="{f}(x, 1.7)")],
        "ellipkinc": [of(lambda x: mp.ellipf(x, 0.4), ANY, call="{f}(x, 0.4)"),
                      of(lambda x: mp.ellipf(x, -1.5), ANY, call="{f}(x, -1.5)")],
        "hyperu": [of(lambda x: mp.hyperu(1.5, 0.7, x), (0.5, 3.0), call="{f}(1.5, 0.7, x)")],
        "struve": _orders(mp.struveh, "struve", POSITIVE)[:4],
        "modstruve": _orders(mp.struvel, "modstruve", POSITIVE)[:4],
        **{f"spherical_{name}": _spherical(bessel)
           for name, bessel in (("jn", BESSELJ), ("yn", BESSELY), ("in", BESSELI),
                                ("kn", BESSELK))},
        **{f"eval_{name}": [of(lambda x, n=n, p=p, twin=twin: twin(n, *p, x), UNIT,
                               call=f"{{f}}({', '.join(map(repr, (n, *p)))}, x)")
                            for n in (0, 1, 2, 5)]
           for name, twin, p in (
               ("legendre", mp.legendre, ()), ("chebyt", mp.chebyt, ()),
               ("chebyu", mp.chebyu, ()), ("gegenbauer", mp.gegenbauer, (0.7,)),
               ("laguerre", lambda n, x: mp.laguerre(n, 0, x), ()),
               ("genlaguerre", mp.laguerre, (0.7,)), ("jacobi", mp.jacobi, (0.7, 1.2)),
               ("hermite", mp.hermite, ()), ("hermitenorm", _hermitenorm, ()))},
        "chdtr": [of(lambda x: _gammainc(1.75)(x / 2), POSITIVE, call="{f}(3.5, x)")],
        "chdtrc": [of(lambda x: 1 - _gammainc(1.75)(x / 2), POSITIVE, call="{f}(3.5, x)")],
        "pdtr": [of(lambda x: 1 - _gammainc(4)(x), POSITIVE, call="{f}(3.0, x)"),
                 of(lambda x: 1 - _gammainc(4)(x), POSITIVE, call="{f}(3.5, x)")],
        "pdtrc": [of(_gammainc(4), POSITIVE, call="{f}(3.0, x)")],
        "stdtr": [of(_student(3.5), ANY, call="{f}(3.5, x)")],
        "stdtrit": [of(_root(_student(3.5), 0), (0.2, 0.4), call="{f}(3.5, x)")],
        "fdtr": [of(lambda x: _betainc(1.5, 2.5)(3 * x / (3 * x + 5)), POSITIVE,
                    call="{f}(3.0, 5.0, x)")],
        "betaincc": [of(lambda x: 1 - _betainc(1.5, 2.5)(x), PROBABILITY,
                        call="{f}(1.5, 2.5, x)")],
        "betainccinv": [of(_root(lambda x: 1 - _betainc(1.5, 2.5)(x), 0.4), (0.3, 0.7),
                           call="{f}(1.5, 2.5, x)")],
        "gammainccinv": [of(_root(lambda x: 1 - _gammainc(2.5)(x), 2), (0.3, 0.7),
                            call="{f}(2.5, x)")],
        "comb": [of(mp.binomial, (4.0, 6.0), (1.2, 2.8))],
        "factorial": [of(mp.factorial, POSITIVE)],
        "sindg": [of(_degrees(mp.sin), (20.0, 70.0))],
        "cosdg": [of(_degrees(mp.cos), (20.0, 70.0))],
        "tandg": [of(_degrees(mp.tan), (20.0, 70.0))],
        "cotdg": [of(_degrees(mp.cot), (20.0, 70.0))],
    }.items()
}  # fmt: skip


# -- arrays ----------------------------------------------------------------------------------------

exp, log = (np.vectorize(f, otypes=[object]) for f in (mp.exp, mp.log))


def _logsumexp(axis: Any, keepdims: bool = False) -> Any:
    def twin(operands: Any, found: Any) -> Any:
        return (log(np.sum(exp(operands[0]), axis=axis, keepdims=keepdims)),)

    return twin


def _weighted_logsumexp(axis: Any, keepdims: bool = False) -> Any:
    def twin(operands: Any, found: Any) -> Any:
        x, b = operands
        return (log(np.sum(b * b * exp(x), axis=axis, keepdims=keepdims)),)

    return twin


def _softmax(axis: Any) -> Any:
    def twin(operands: Any, found: Any) -> Any:
        powers = exp(operands[0])
        return (powers / np.sum(powers, axis=axis, keepdims=True),)

    return twin


def _log_softmax(axis: Any) -> Any:
    return lambda operands, found: (log(_softmax(axis)(operands, found)[0]),)


def _entries(*functions: Any) -> Any:
    """A twin of a function with several results, entry by entry."""

    def twin(operands: Any, found: Any) -> Any:
        return tuple(np.vectorize(f, otypes=[object])(operands[0]) for f in functions)

    return twin


def above(random: np.random.Generator, shape: Any) -> Any:
    """Positive numbers."""
    return abs(plain(random, shape)) + 0.3


ARRAYS = (((3,),), ((2, 3),), ((2, 3, 2),), ((1,),))
TABLES = (((2, 3),), ((2, 3, 2),))
ENTRIES = (((3,),), ((2, 3),), (None,))
L = "scipy.linalg"


def _triangle(a: Any, lower: bool, unit: bool) -> Any:
    part = np.tril(a, -unit) if lower else np.triu(a, unit)
    return part + np.diag([mp.mpf(1)] * len(a)) if unit else part


def _solve_triangular(lower: bool, unit: bool = False, transposed: bool = False) -> Any:
    def twin(a: Any, b: Any, found: Any) -> Any:
        part = _triangle(a, lower, unit)
        return solve(part.T if transposed else part, b, found)

    return each(twin, 2, 0)


def _cho_solve(lower: bool) -> Any:
    def twin(c: Any, b: Any, found: Any) -> Any:
        part = _triangle(c, lower, False)
        return solve(part @ part.T if lower else part.T @ part, b, found)

    return each(twin, 2, 0)


def _factor_and_solve(lower: bool) -> Any:
    def twin(a: Any, b: Any, found: Any) -> Any:
        full = np.tril(a) + np.tril(a, -1).T if lower else np.triu(a) + np.triu(a, 1).T
        return solve(full, b, found)

    return each(twin, 2, 0)


def _solve_symmetric(upper: bool) -> Any:
    """Of the matrix one triangle is read."""

    def twin(a: Any, b: Any, found: Any) -> Any:
        a = np.triu(a) + np.triu(a, 1).T if upper else np.tril(a) + np.tril(a, -1).T
        return solve(a, b, found)

    return each(twin, 2, 0)


def _expm(a: Any, found: Any) -> Any:
    return (array(mp.expm(matrix(a)), found[0]),)


def _frechet(a: Any, e: Any, found: Any) -> Any:
    n = len(a)
    whole = np.block([[a, e], [np.full((n, n), mp.mpf(0)), a]])
    return (np.array(mp.expm(matrix(whole)).tolist(), object)[:n, n:],)


TRIANGULAR = (((3, 3), (3,)), ((3, 3), (3, 2)), ((1, 1), (1,)))
ONE = (((3, 3),), ((1, 1),))

SCIPY_MATRICES: dict[str, list[Matrices]] = {
    f"{S}.logsumexp": [
        Matrices(f"{S}.logsumexp(a)", (*ARRAYS, (None,)), _logsumexp(None)),
        Matrices(f"{S}.logsumexp(a, axis=0)", ARRAYS, _logsumexp(0)),
        Matrices(f"{S}.logsumexp(a, (0, -1))", TABLES, _logsumexp((0, -1))),
        Matrices(f"{S}.logsumexp(a, axis=-1, keepdims=True)", ARRAYS, _logsumexp(-1, True)),
        Matrices(f"{S}.logsumexp(a, keepdims=True)", TABLES, _logsumexp(None, True)),
    ],
    f"{S}.logsumexp with weights": [
        Matrices(f"{S}.logsumexp(a, b=b * b)", (((3,), (3,)), ((2, 3), (2, 3)), ((2, 3), None)),
                 _weighted_logsumexp(None)),
        Matrices(f"{S}.logsumexp(a, 0, b * b, keepdims=True)", (((2, 3), (2, 3)),),
                 _weighted_logsumexp(0, True)),
    ],
    f"{S}.softmax": [
        Matrices(f"{S}.softmax(a)", ARRAYS, _softmax(None)),
        Matrices(f"{S}.softmax(a, axis=-1)", ARRAYS, _softmax(-1)),
        Matrices(f"{S}.softmax(a, (0, 1))", TABLES, _softmax((0, 1))),
    ],
    f"{S}.log_softmax": [
        Matrices(f"{S}.log_softmax(a)", ARRAYS, _log_softmax(None)),
        Matrices(f"{S}.log_softmax(a, axis=0)", ARRAYS, _log_softmax(0)),
    ],
    f"{S}.multigammaln": [
        Matrices(f"{S}.multigammaln(a + 2.0, 3)", ((None,),),
                 lambda operands, found: (
                     sum(mp.loggamma(operands[0].item() + 2 - mp.mpf(k) / 2) for k in range(3))
                     + mp.mpf(3) / 2 * mp.log(mp.pi),), above),
    ],
    f"{S}.fresnel": [Matrices(f"{S}.fresnel(a)", ENTRIES, _entries(mp.fresnels, mp.fresnelc))],
    f"{S}.sici": [Matrices(f"{S}.sici(a)", ENTRIES, _entries(mp.si, mp.ci), above)],
    f"{S}.shichi": [Matrices(f"{S}.shichi(a)", ENTRIES, _entries(mp.shi, mp.chi), above)],
    f"{S}.airy": [
        Matrices(f"{S}.airy(a)", ENTRIES,
                 _entries(mp.airyai, lambda x: mp.airyai(x, derivative=1),
                          mp.airybi, lambda x: mp.airybi(x, derivative=1))),
    ],
    f"{L}.solve": [
        Matrices(f"{L}.solve(a, b)", TRIANGULAR, each(solve, 2, 0), regular),
        Matrices(f"{L}.solve(a, b, assume_a='pos')", TRIANGULAR, _solve_symmetric(True), positive),
        Matrices(f"{L}.solve(a, b, assume_a='sym', lower=True)", TRIANGULAR,
                 _solve_symmetric(False), positive),
    ],
    f"{L}.inv": [Matrices(f"{L}.inv(a)", ONE, each(inv, 2), regular)],
    f"{L}.det": [Matrices(f"{L}.det(a)", ONE, each(det, 2), regular)],
    f"{L}.cholesky": [
        Matrices(f"{L}.cholesky(a)", ONE, each(cholesky_upper, 2), positive),
        Matrices(f"{L}.cholesky(a, lower=True)", ONE, each(cholesky, 2), positive),
    ],
    f"{L}.solve_triangular": [
        Matrices(f"{L}.solve_triangular(a, b)", TRIANGULAR, _solve_triangular(False), regular),
        Matrices(f"{L}.solve_triangular(a, b, lower=True)", TRIANGULAR, _solve_triangular(True),
                 regular),
        Matrices(f"{L}.solve_triangular(a, b, trans=1, lower=True)", TRIANGULAR,
                 _solve_triangular(True, transposed=True), regular),
        Matrices(f"{L}.solve_triangular(a, b, 'T', unit_diagonal=True)", TRIANGULAR[:2],
                 _solve_triangular(False, True, True), regular),
        Matrices(f"{L}.solve_triangular(a, b, 0, True, True)", TRIANGULAR[:2],
                 _solve_triangular(True, True), regular),
    ],
    f"{L}.cho_factor": [
        Matrices(f"{L}.cho_solve({L}.cho_factor(a), b)", TRIANGULAR, _factor_and_solve(False),
                 positive),
        Matrices(f"{L}.cho_solve({L}.cho_factor(a, True), b)", TRIANGULAR,
                 _factor_and_solve(True), positive),
    ],
    f"{L}.cho_solve": [
        Matrices(f"{L}.cho_solve((a, True), b)", TRIANGULAR, _cho_solve(True), regular),
        Matrices(f"{L}.cho_solve((a, False), b)", TRIANGULAR, _cho_solve(False), regular),
    ],
    f"{L}.expm": [Matrices(f"{L}.expm(a)", ONE, each(_expm, 2), plain)],
    f"{L}.expm_frechet": [
        Matrices(f"{L}.expm_frechet(a, b, compute_expm=False)",
                 (((3, 3), (3, 3)), ((1, 1), (1, 1))), each(_frechet, 2, 2), plain),
    ],
}  # fmt: skip
