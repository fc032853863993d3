"""How a call is bound to its rule: by position and keyword, as NumPy does, or refused by name."""

from __future__ import annotations

import numpy as np
import pytest

import srcad
from tests.agreement import MODES

AXIS = 1
AXES = (0, -1)
X = np.arange(1.0, 7.0).reshape(2, 3)


def by_captured_axis(x):
    return np.sum(np.sum(x * x, AXIS) ** 2)


def by_captured_axes(x):
    return np.sum((x * x).sum(AXES) ** 2)


def by_keyword(x):
    return np.sum(np.sum(a=x * x, keepdims=True, axis=-1) ** 2)


def with_defaults_written(x):
    return np.sum(np.mean(x * x, None, None, None, False) * x.sum(axis=None))


def clipped_by_keyword(x):
    return np.sum(x.clip(max=4.0, min=2.0) * np.clip(a_max=5.0, a=x, a_min=3.0))


def single_precision_sum(x):
    return np.sum(x * x, dtype=np.float32)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("f", "want"),
    [
        (by_captured_axis, 4 * X * np.sum(X * X, axis=1, keepdims=True)),
        (by_captured_axes, 4 * X * np.sum(X * X)),
        (by_keyword, 4 * X * np.sum(X * X, axis=1, keepdims=True)),
        (with_defaults_written, 2 * X / 6 * np.sum(X) + np.mean(X * X)),
        (
            clipped_by_keyword,
            ((X >= 2) & (X <= 4)) * np.clip(X, 3, 5) + ((X >= 3) & (X <= 5)) * np.clip(X, 2, 4),
        ),
        (single_precision_sum, 2 * X),
    ],
)
def test_bound(f, want, mode):
    np.testing.assert_allclose(srcad.grad(f, mode=mode)(X), want, rtol=1e-13)


@pytest.mark.parametrize("mode", MODES)
def test_a_captured_axis_that_changes(monkeypatch, mode):
    gradient = srcad.grad(by_captured_axis, mode=mode)
    gradient(X)
    monkeypatch.setitem(globals(), "AXIS", 0)
    want = 4 * X * np.sum(X * X, axis=0)
    np.testing.assert_allclose(gradient(X), want, rtol=1e-13)


def axis_from_a_parameter(x, n):
    return np.sum(np.sum(x, axis=n) ** 2)


def axis_out_of_range(x):
    return np.sum(np.sum(x, axis=2))


def axis_twice(x):
    return np.sum(np.sum(x, axis=(0, -2)))


def with_out_by_position(x):
    return np.sum(x, None, None, x)


def with_where(x):
    return np.exp(x, where=x > 0)


def whole_sum(x):
    return np.sum(x, dtype=int)


def too_many(x):
    return np.exp(x, x, x)


def too_few(x):
    return np.maximum(x)


def not_written_out(x):
    return np.sum(np.concatenate(x))


REFUSED = [
    (axis_from_a_parameter, (X, 0), "`axis=`", "its value is not known before running"),
    (axis_out_of_range, (X,), "`axis=2`", "the array has 2 axes"),
    (axis_twice, (X,), "`axis=(0, -2)`", "it names an axis twice"),
    (with_out_by_position, (X,), "`out=` of `np.sum(...)`", "it has no rule"),
    (with_where, (X,), "`where=` of `np.exp(...)`", "it has no rule"),
    (whole_sum, (X,), "`dtype=`", "a whole number has no derivative"),
    (too_many, (X,), "`np.exp(...)`", "it is given too many arguments"),
    (too_few, (X,), "`np.maximum(...)`", "it is given too few arguments"),
    (not_written_out, (X,), "`np.concatenate(...)`", "what it joins is no list of arrays"),
]


@pytest.mark.parametrize(("f", "args", "construct", "why"), REFUSED)
def test_refused(f, args, construct, why):
    with pytest.raises(srcad.UnsupportedError) as caught:
        srcad.grad(f)(*args)
    assert construct in caught.value.msg
    assert why in caught.value.msg
