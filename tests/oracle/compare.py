"""Equality of derivatives: relative, and strict about what is not a number."""

from __future__ import annotations

from typing import Any

import numpy as np


class Mismatch(AssertionError):
    """Two derivatives differ."""


def assert_close(
    got: Any,
    want: Any,
    rtol: float = 1e-9,
    what: str = "",
    scale: float = 0.0,
    rounding: float = 1e-13,
) -> None:
    """Raise Mismatch unless ``got`` equals ``want``, entry by entry and in structure.

    An entry may be off by ``rtol`` of itself, or by ``rounding`` of the largest entry beside it,
    because entries of one gradient are sums of terms of one size. ``scale`` says that size
    where it is known otherwise. NaN equals NaN only, and infinities must agree in sign.
    """
    largest = max([scale, *(_size(leaf) for leaf in _leaves(want))])
    _compare(got, want, rtol, rounding * largest + 1e-300, what)


def _compare(got: Any, want: Any, rtol: float, atol: float, what: str) -> None:
    if isinstance(want, (tuple, list)):
        if not isinstance(got, (tuple, list)) or len(got) != len(want):
            raise Mismatch(f"{what}: got {got!r}, expected {want!r}")
        for k, (g, w) in enumerate(zip(got, want, strict=True)):
            _compare(g, w, rtol, atol, f"{what}[{k}]")
        return
    if got is None or want is None or isinstance(got, (tuple, list, str)):
        if got is not want:
            raise Mismatch(f"{what}: got {got!r}, expected {want!r}")
        return
    g, w = np.asarray(got), np.asarray(want)
    if g.dtype == object or g.shape != w.shape:
        raise Mismatch(f"{what}: got {got!r} of shape {g.shape}, expected {want!r} of {w.shape}")
    if w.dtype == bool:
        g, w = g.astype(int), w.astype(int)
    finite = np.isfinite(w)
    with np.errstate(invalid="ignore"):
        near = np.abs(g - w) <= rtol * np.abs(w) + atol
    same = np.where(finite, near, (g == w) | (np.isnan(g) & np.isnan(w)))
    if not np.all(same):
        raise Mismatch(f"{what}: got {got!r}, expected {want!r}")


def _leaves(x: Any) -> list[Any]:
    if isinstance(x, (tuple, list)):
        return [leaf for e in x for leaf in _leaves(e)]
    return [] if x is None else [x]


def _size(x: Any) -> float:
    a = np.abs(np.asarray(x, dtype=float)).ravel()
    a = a[np.isfinite(a)]
    return float(a.max()) if a.size else 0.0
