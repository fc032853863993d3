"""``numpy.fft``: what is real of it.  Its transforms are complex, and are refused."""

from __future__ import annotations

from srcad.analysis.kind import Array, Kind
from srcad.rules.axes import normal_axes, rank_of
from srcad.rules.signature import Refused
from srcad.rules.table import Use, excluded, structured

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
TRANSFORMS = "fft ifft rfft irfft fft2 ifft2 rfft2 irfft2 fftn ifftn rfftn irfftn hfft ihfft"
excluded(
    " ".join(f"{F}.{name}" for name in TRANSFORMS.split()),
    "the values of the transform are complex",
    "sums of sines and cosines",
)
