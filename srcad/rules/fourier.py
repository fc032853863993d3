"""``numpy.fft``: Fourier transforms, shifts and frequencies.

The matrix of a transform is symmetric: its adjoint is the transform itself (there is no conjugate
in it: see :mod:`srcad.rules.complex_values`).  A transform along n numbers of an axis first cuts
the axis, or continues it by zeros: :func:`srcad.helpers.fourier.fitted` undoes that.

Of a real array ``rfft`` keeps one half of the spectrum, and ``irfft`` takes the other half for its
mirror image; so of ``x = irfft(z)``, of n numbers, ``dx = Re(Σ c z̃ dz) / n``, where c is 2, or 1 at
the two frequencies that are their own mirror images: ``with_mirrors``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from srcad.analysis.kind import INT, OTHER, Array, Kind, TupleOf, code_of, is_complex
from srcad.analysis.lengths import counted, derived, known_length
from srcad.rules.axes import dtype_of, normal_axes, normal_axis, rank_of
from srcad.rules.signature import Refused
from srcad.rules.sizes import axes_of, shape_option, token_of
from srcad.rules.table import Use, holomorphic, structured, zero

F = "numpy.fft"


def _shifted(use: Use) -> Kind:
    kind = use.kinds[0]
    if not isinstance(kind, Array):
        raise Refused("`fftshift` of a number", "it moves entries", "an array")
    normal_axes(use.value("axes"), rank_of(kind), "axes")
    return kind


def _back(name: str, use: Use) -> str:
    axes = ", axes=axes" if "axes" in use.options else ""
    return f"np.fft.{name}(ȳ{axes})"


structured(
    f"{F}.fftshift", "x axes=None", kind=_shifted, adjoint=lambda use, _: _back("ifftshift", use)
)
structured(
    f"{F}.ifftshift", "x axes=None", kind=_shifted, adjoint=lambda use, _: _back("fftshift", use)
)
# The frequencies are in proportion to 1 / d.
structured(
    f"{F}.fftfreq {F}.rfftfreq",
    "n= d?",
    kind=lambda use: Array(("?",), "f8"),
    adjoint=lambda use, _: "-(ȳ * y).sum() / d",
    tangent=lambda use, _: "-y * (ẋ / d)",
)

# -- the axes of a transform, and its lengths ------------------------------------------------------


def _axes(use: Use) -> tuple[int, ...]:
    """The axes of a transform, in its order: it goes along the last of them first."""
    kind = use.kinds[0]
    if not isinstance(kind, Array) or not kind.rank:
        raise Refused("a Fourier transform of this value", "it is no array with axes", "an array")
    if "axis" in use.values:
        return (normal_axis(use.value("axis"), kind.rank),)
    axes = use.value("axes")
    if axes is None:
        count = len(shape_option(use, "s")) if "s" in use.options else kind.rank
        axes = tuple(range(-count, 0))
    if not isinstance(axes, tuple):
        raise Refused("`axes=`", "it is no tuple of axes", "a tuple, written out")
    normal_axes(axes, kind.rank, "axes")  # each of them once
    return tuple(normal_axis(each, kind.rank, "axes") for each in axes)


def _length_option(use: Use) -> str:
    """The option that gives the lengths, if it was given."""
    return next((option for option in ("n", "s") if option in use.options), "")


def _lengths(use: Use) -> list[str]:
    """The lengths to which the axes are fitted, as tokens."""
    option, own = _length_option(use), axes_of(use.kinds[0])
    if not option:
        return [own[axis] for axis in _axes(use)]
    if option == "n":
        return [token_of(use.options["n"])]
    if not isinstance(getattr(use.options["s"], "kind", OTHER), TupleOf):
        raise Refused("`s=`", "it is no tuple of lengths", "a tuple, written out")
    lengths = list(shape_option(use, "s"))
    if len(lengths) != len(_axes(use)):
        raise Refused("`s=`", "it has not a length for each axis", "as many lengths as axes")
    return lengths


def _with_axes(use: Use, lengths: Sequence[str], dtype: str) -> Kind:
    axes = list(axes_of(use.kinds[0]))
    for axis, length in zip(_axes(use), lengths, strict=True):
        axes[axis] = length
    return Array(tuple(axes), dtype)


def _half(length: str) -> str:
    """The length of one half of a spectrum."""
    known = known_length(length)
    return derived(length, "/2+1") if known is None else counted(known // 2 + 1)


def _whole(use: Use) -> list[str]:
    """The lengths of what has such halves: an even number of entries, if none is given."""
    *others, last = _lengths(use)
    if _length_option(use):
        return [*others, last]
    known = known_length(last)
    return [*others, derived(last, "-1*2") if known is None else counted(2 * known - 2)]


def _dtype(use: Use, name: str) -> str:
    """The dtype of the result, as NumPy itself says."""
    made = getattr(np.fft, name)(np.ones((2, 2), dtype_of(use.kinds[0])))
    return code_of(made.dtype)


def _norm(use: Use) -> str:
    norm = use.value("norm")
    if norm not in (None, "backward", "ortho", "forward"):
        raise Refused(f"`norm={norm!r}`", "it is none of NumPy's", "'ortho' or 'forward'")
    return norm or "backward"


# -- formulas --------------------------------------------------------------------------------------

_DUAL = {"backward": "forward", "forward": "backward", "ortho": "ortho"}


def _along(use: Use, norm: str, *, several: bool) -> str:
    """The further arguments of a transform along the same axes, as they are written."""
    axes, rank = _axes(use), rank_of(use.kinds[0])
    if several:
        where = "" if axes == tuple(range(rank)) else f", axes={axes}"
    else:
        where = "" if axes == (rank - 1,) else f", axis={axes[0]}"
    return where if norm == "backward" else f"{where}, norm={norm!r}"


def _fitted(use: Use, adjoint: str) -> str:
    """An adjoint in the operand's shape: where a length was given, it may be another one."""
    return f"fitted({adjoint}, like_x, {_axes(use)})" if _length_option(use) else adjoint


def _several(use: Use) -> str:
    """The suffix of the functions that go along several axes."""
    return "" if "axis" in use.values else "n"


def _transform(inverse: str) -> Callable[[Use, int], str]:
    def adjoint(use: Use, _: int) -> str:
        n = _several(use)
        again = f"np.fft.{inverse}fft{n}(ȳ{_along(use, _norm(use), several=bool(n))})"
        return _fitted(use, again)

    return adjoint


def _half_adjoint(inverse: str) -> Callable[[Use, int], str]:
    """The half that was kept, continued by zeros, transformed; x gets the real part of that."""

    def adjoint(use: Use, _: int) -> str:
        n, axes = _several(use), _axes(use)
        along = _along(use, _norm(use), several=bool(n))
        if not n:
            length = "n" if "n" in use.options else f"like_x.shape[{axes[0]}]"
            return _fitted(use, f"np.fft.{inverse}fft(ȳ, {length}{along})")
        lengths = ", ".join(f"like_x.shape[{axis}]" for axis in axes)
        lengths = f"({lengths},)"
        if "s" in use.options:
            literal = all(known_length(each) for each in _lengths(use))
            lengths = "s" if literal else f"whole_lengths(s, like_x, {axes})"
        if "axes=" not in along:
            along = f", axes={axes}{along}"
        return _fitted(use, f"np.fft.fftn(ȳ, {lengths}{along})")

    return adjoint


def _whole_adjoint(*, conjugated: bool) -> Callable[[Use, int], str]:
    """Half of the spectrum of ``ȳ``, which stands for its mirror image too."""

    def adjoint(use: Use, _: int) -> str:
        n, axes = _several(use), _axes(use)
        norm = _norm(use) if conjugated else _DUAL[_norm(use)]
        half = f"np.fft.rfft{n}(ȳ{_along(use, norm, several=bool(n))})"
        half = half if conjugated else f"np.conj({half})"
        twice = f"with_mirrors({half}, ȳ.shape[{axes[-1]}], {axes[-1]})"
        return _fitted(use, twice if is_complex(use.kinds[0]) else f"{twice}.real")

    return adjoint


# -- transforms ------------------------------------------------------------------------------------

ONE, TWO, MANY = (
    "x/a n=None axis=-1 norm=None out!",
    "x/a s=None axes=(-2,-1) norm=None out!",
    "x/a s=None axes=None norm=None out!",
)


def _kind(name: str, lengths: Callable[[Use], list[str]]) -> Callable[[Use], Kind]:
    def kind(use: Use) -> Kind:
        _norm(use)
        return _with_axes(use, lengths(use), _dtype(use, name))

    return kind


def _halves(use: Use) -> list[str]:
    *others, last = _lengths(use)
    return [*others, _half(last)]


for _suffix, _signature in (("", ONE), ("2", TWO), ("n", MANY)):
    for _inverse in ("", "i"):
        _name = f"{_inverse}fft{_suffix}"
        structured(
            f"{F}.{_name}",
            _signature,
            kind=_kind(_name, _lengths),
            adjoint=_transform(_inverse),
        )
        holomorphic(f"{F}.{_name}")
    structured(
        f"{F}.rfft{_suffix}",
        _signature,
        kind=_kind(f"rfft{_suffix}", _halves),
        adjoint=_half_adjoint(""),
    )
    structured(
        f"{F}.irfft{_suffix}",
        _signature,
        kind=_kind(f"irfft{_suffix}", _whole),
        adjoint=_whole_adjoint(conjugated=False),
    )
    holomorphic(f"{F}.irfft{_suffix}", real=True)
structured(f"{F}.hfft", ONE, kind=_kind("hfft", _whole), adjoint=_whole_adjoint(conjugated=True))
structured(f"{F}.ihfft", ONE, kind=_kind("ihfft", _halves), adjoint=_half_adjoint("i"))
holomorphic(f"{F}.hfft", real=True)
holomorphic(f"{F}.fftshift {F}.ifftshift")

# -- what the adjoints are made of -----------------------------------------------------------------


def _fitted_kind(use: Use) -> Kind:
    x, like = use.kinds
    axes = list(axes_of(x))
    for axis in use.value("axes"):
        axes[axis] = axes_of(like)[axis]
    return Array(tuple(axes), dtype_of(x))


structured(
    "helpers.fitted",
    "x like axes=",
    fixed="like",
    kind=_fitted_kind,
    adjoint=lambda use, _: "fitted(ȳ, like_x, axes)",
)
structured(
    "helpers.with_mirrors",
    "x n= axis=",
    kind=lambda use: use.kinds[0],
    adjoint=lambda use, _: "with_mirrors(ȳ, n, axis)",
)
zero(
    "helpers.whole_lengths",
    lambda use: TupleOf((INT,) * len(use.value("axes"))),
    "lengths= x axes=",
)
holomorphic("helpers.fitted helpers.with_mirrors helpers.whole_lengths")
