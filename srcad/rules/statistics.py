"""Averages, variances and quantiles, as ``numpy.lib`` has them."""

from __future__ import annotations

from dataclasses import replace

from srcad.analysis.kind import Array, Kind, Scalar
from srcad.analysis.lengths import counted
from srcad.rules.axes import (
    along,
    array_needed,
    axes_text,
    count,
    dtype_of,
    no_nan,
    rank_of,
    reduced_axes,
    share_of,
    spread,
    with_axes,
)
from srcad.rules.complex_values import real_part
from srcad.rules.reductions import mean_kind, valid
from srcad.rules.signature import Refused
from srcad.rules.sizes import axes_of
from srcad.rules.table import Use, of_complex, structured, zero


def _mean_kind(use: Use) -> Kind:
    """The kind of a mean without a dtype of its own."""
    array_needed(use)
    return mean_kind(replace(use, values={"dtype": None, **use.values}))


# -- weighted means --------------------------------------------------------------------------------


def _average_kind(use: Use) -> Kind:
    own, weights = map(rank_of, use.kinds)
    if weights != own and not (weights == 1 and len(reduced_axes(use)) == 1):
        raise Refused(
            "`weights=`",
            "they are neither of the array's shape nor along its axis",
            "weights of the array's shape",
        )
    return _mean_kind(use)


def _weights(use: Use) -> str:
    """The weights with the axes of the array."""
    own, weights = map(rank_of, use.kinds)
    behind = tuple(range(1, own - reduced_axes(use)[0])) if weights < own else ()
    if not behind:
        return "weights"
    return f"np.expand_dims(weights, {behind[0] if len(behind) == 1 else behind})"


def _average_tangent(use: Use, operand: int) -> str:
    total = f"n = {_total_weight(use)}"
    moved = _weights(use).replace("weights", "ẋ")
    form = (f"{_weights(use)} * ẋ", f"(x - {with_axes(use, 'y')}) * {moved}")[operand]
    return f"{total}; np.sum({form}{along(use)}) / n"


def _average_adjoint(use: Use, operand: int) -> str:
    total = f"n = {_total_weight(use)}"
    share = with_axes(use, "ȳ / n")
    if operand == 0:
        return f"{total}; {share} * {_weights(use)}"
    form = f"{share} * (x - {with_axes(use, 'y')})"
    if rank_of(use.kinds[1]) < rank_of(use.kinds[0]):
        others = tuple(n for n in range(rank_of(use.kinds[0])) if n not in reduced_axes(use))
        form = f"np.sum({form}, axis={others[0] if len(others) == 1 else others})"
    return f"{total}; {form}"


def _total_weight(use: Use) -> str:
    same = rank_of(use.kinds[0]) == rank_of(use.kinds[1])
    return f"np.sum(weights{along(use)})" if same else "np.sum(weights)"


structured(
    "np.average",
    "x/a axis=None weights returned! * keepdims=False",
    variant="with weights",
    kind=_average_kind,
    tangent=_average_tangent,
    adjoint=_average_adjoint,
)

structured(
    "np.average",
    "x/a axis=None weights! returned! * keepdims=False",
    kind=_mean_kind,
    adjoint=lambda use, _: spread(use, f"ȳ / {share_of(use)}"),
)

# -- variances -------------------------------------------------------------------------------------

_VARIANCE = "x/a axis=None dtype=None out! ddof/correction=0 keepdims=False * where! mean!"


def _freedom(use: Use, entries: str = "n") -> str:
    """The number of entries less ``ddof``."""
    return f"({entries} - ddof)" if "ddof" in use.options else entries


def _centred(use: Use, mean: str = "np.mean") -> str:
    return f"(x - {mean}(x{along(use, keepdims=True)}))"


def _deviating(use: Use) -> str:
    """The deviations; of entries that are equal none at all, where their mean is rounded."""
    kept = along(use, keepdims=True)
    return f"{_centred(use)} * (np.max(x{kept}) > np.min(x{kept}))"


def _std_scale(use: Use, entries: str = "n") -> str:
    """What the deviations are divided by; at 0 all deviations are 0, and so is the derivative."""
    return f"{_freedom(use, entries)} * (y + (y == 0))"


structured(
    "np.var",
    _VARIANCE,
    methods="var",
    kind=_mean_kind,
    tangent=lambda use, _: (
        f"2 * np.sum({_centred(use)} * ẋ{along(use)}) / {_freedom(use, count(use))}"
    ),
    adjoint=lambda use, _: (
        f"{with_axes(use, f'2 * ȳ / {_freedom(use, share_of(use))}')} * {_centred(use)}"
    ),
)
structured(
    "np.std",
    _VARIANCE,
    methods="std",
    facts="not all entries equal; 0",
    kind=_mean_kind,
    tangent=lambda use, _: (
        f"np.sum({_deviating(use)} * ẋ{along(use)}) / ({_std_scale(use, count(use))})"
    ),
    adjoint=lambda use, _: (
        f"{with_axes(use, f'ȳ / ({_std_scale(use, count(use))})')} * {_deviating(use)}"
    ),
)


# Of complex values they are those of their distances from the mean.


def _real_kind(use: Use) -> Kind:
    return real_part(_mean_kind(use))


of_complex(
    "np.var",
    "x",
    kind=_real_kind,
    tangent=lambda use, _: (
        f"2 * np.sum((np.conj({_centred(use)}) * ẋ).real{along(use)}) / {_freedom(use, count(use))}"
    ),
    adjoint=lambda use, _: (
        f"{with_axes(use, f'2 * ȳ / {_freedom(use, share_of(use))}')} * np.conj({_centred(use)})"
    ),
)
of_complex(
    "np.std",
    "x",
    domain="not all entries equal",
    kink="0",
    kind=_real_kind,
    tangent=lambda use, _: (
        f"np.sum((np.conj({_centred(use)}) * ẋ).real{along(use)}) / ({_std_scale(use, count(use))})"
    ),
    adjoint=lambda use, _: (
        f"{with_axes(use, f'ȳ / ({_std_scale(use, count(use))})')} * np.conj({_centred(use)})"
    ),
)


def _deviations(use: Use) -> str:
    """The deviations from the mean of the entries that are no nan; 0 for those that are."""
    return f"{valid(use)}; d = np.where(np.isnan(x), 0.0, {_centred(use, 'np.nanmean')})"


structured(
    "np.nanvar",
    _VARIANCE,
    chosen=no_nan,
    kind=_mean_kind,
    tangent=lambda use, _: (
        f"{_deviations(use)}; 2 * np.sum(np.where(np.isnan(x), 0.0, d * ẋ){along(use)})"
        f" / {_freedom(use)}"
    ),
    adjoint=lambda use, _: f"{_deviations(use)}; {with_axes(use, f'2 * ȳ / {_freedom(use)}')} * d",
)
structured(
    "np.nanstd",
    _VARIANCE,
    chosen=no_nan,
    facts="not all entries equal; 0",
    kind=_mean_kind,
    tangent=lambda use, _: (
        f"{_deviations(use)}; np.sum(np.where(np.isnan(x), 0.0, d * ẋ){along(use)})"
        f" / ({_std_scale(use)})"
    ),
    adjoint=lambda use, _: f"{_deviations(use)}; {with_axes(use, f'ȳ / ({_std_scale(use)})')} * d",
)

# -- quantiles -------------------------------------------------------------------------------------


METHODS = (
    *("linear", "lower", "higher", "nearest", "midpoint", "hazen", "weibull", "inverted_cdf"),
    *("median_unbiased", "normal_unbiased", "interpolated_inverted_cdf"),
)


def _quantile_kind(use: Use) -> Kind:
    several = getattr(use.options.get("q"), "elts", ())
    if not several:
        _check_single(use)
    method = use.value("method") if "method" in use.values else "linear"
    if method not in METHODS:
        raise Refused(f"`method={method!r}`", "it has no rule", '`method="linear"`')
    kind = _mean_kind(use)
    return Array((counted(len(several)), *axes_of(kind)), dtype_of(kind)) if several else kind


def _check_single(use: Use) -> None:
    """Several quantiles are written out (:mod:`srcad.lower.composed`) before they get here."""
    q = use.options.get("q")
    if q is not None and not isinstance(getattr(q, "kind", None), Scalar):
        raise Refused("`q=`", "it is no single number", "`np.quantile(x, [0.1, 0.9])`, written out")


def _quantile(name: str, q: str, signature: str) -> None:
    """A weighted mean of the entries: :func:`srcad.helpers.quantile_weights`."""

    def weights(use: Use) -> str:
        _check_single(use)
        method = f", {use.value('method')!r}" if "method" in use.options else ""
        return f"quantile_weights(x, {q}, {axes_text(use)}{method})"

    structured(
        name,
        signature,
        facts="entries differ; ties share equally",
        leaves_out=True,
        chosen=no_nan if name.startswith("np.nan") else None,
        kind=_quantile_kind,
        tangent=lambda use, _: (
            f"share = {weights(use)}; np.sum(np.where(share > 0, share * ẋ, 0.0){along(use)})"
        ),
        adjoint=lambda use, _: f"{with_axes(use, 'ȳ')} * {weights(use)}",
    )


_MEDIAN = "x/a axis=None out! overwrite_input!False keepdims=False"
_QUANTILE = (
    'x/a q= axis=None out! overwrite_input!False method="linear" keepdims=False * weights! '
    "interpolation!"
)
for _prefix in ("np.", "np.nan"):
    _quantile(f"{_prefix}median", "0.5", _MEDIAN)
    _quantile(f"{_prefix}quantile", "q", _QUANTILE)
    _quantile(f"{_prefix}percentile", "q / 100", _QUANTILE)


def _weights_kind(use: Use) -> Kind:
    kind = use.kinds[0]
    return Array(kind.axes, "f8") if isinstance(kind, Array) else kind


zero("helpers.quantile_weights", _weights_kind, "x q= axis= method='linear'")
