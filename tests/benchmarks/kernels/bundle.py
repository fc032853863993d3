"""Bundle adjustment: how far the points that cameras see lie from where they should be seen."""

import numpy as np
from numpy.typing import NDArray

from ..program import Program
from .arrays import Array, random

Indices = NDArray[np.intp]


def cross(a: Array, b: Array) -> Array:
    """The products of rows of three; ``np.cross`` takes vectors of two as well, and is slower."""
    return np.stack(
        [
            a[:, 1] * b[:, 2] - a[:, 2] * b[:, 1],
            a[:, 2] * b[:, 0] - a[:, 0] * b[:, 2],
            a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0],
        ],
        axis=1,
    )


def reprojection(
    cameras: Array, points: Array, seen_by: Indices, seen: Indices, features: Array
) -> float:
    """Half the sum of the squared residuals of all observations.

    A camera has a rotation (an axis times an angle), a centre, a focal length and a radial
    distortion: 3 + 3 + 1 + 1 numbers.  Observation `i` is of point ``seen[i]`` by camera
    ``seen_by[i]``.
    """
    camera = cameras[seen_by]
    x = points[seen] - camera[:, 3:6]
    # The formula of Rodrigues.
    axis = camera[:, :3]
    angle = np.sqrt((axis * axis).sum(axis=1, keepdims=True))
    v = axis / angle
    cosine = np.cos(angle)
    crossed = cross(v, x)
    along = (v * x).sum(axis=1, keepdims=True)
    y = x * cosine + crossed * np.sin(angle) + v * along * (1.0 - cosine)
    # Perspective, then lens.
    p = y[:, :2] / y[:, 2:]
    square = (p * p).sum(axis=1, keepdims=True)
    scale = camera[:, 6:7] * (1.0 + camera[:, 7:8] * square)
    r = p * scale - features
    return 0.5 * (r * r).sum()


def reprojection_by_hand(
    cameras: Array, points: Array, seen_by: Indices, seen: Indices, features: Array
) -> tuple[Array, Array]:
    """The derivative with respect to the cameras and the points."""
    camera = cameras[seen_by]
    x = points[seen]
    x -= camera[:, 3:6]
    axis = camera[:, :3]
    angle = np.sqrt(np.einsum("ni,ni->n", axis, axis))[:, None]
    v = axis / angle
    sine, cosine = np.sin(angle), np.cos(angle)
    crossed = _cross(v, x)
    along = np.einsum("ni,ni->n", v, x)[:, None]
    y = x * cosine
    y += crossed * sine
    y += v * (along * (1.0 - cosine))
    inverse = 1.0 / y[:, 2:]
    p = y[:, :2] * inverse
    square = np.einsum("ni,ni->n", p, p)[:, None]
    focal, radial = camera[:, 6:7], camera[:, 7:8]
    lens = 1.0 + radial * square
    scale = focal * lens
    r = p * scale
    r -= features

    camera_bar = np.empty_like(camera)
    scale_bar = np.einsum("ni,ni->n", r, p)[:, None]
    camera_bar[:, 6:7] = scale_bar * lens
    lens_bar = scale_bar * focal
    camera_bar[:, 7:8] = lens_bar * square
    p_bar = r * scale
    p_bar += (2.0 * lens_bar * radial) * p
    y_bar = np.empty_like(y)
    np.multiply(p_bar, inverse, out=y_bar[:, :2])
    y_bar[:, 2] = -np.einsum("ni,ni->n", y_bar[:, :2], p)

    onto_v = np.einsum("ni,ni->n", y_bar, v)[:, None]
    x_bar = y_bar * cosine
    # a · (v × x) = (a × v) · x = (x × a) · v
    x_bar += _cross(y_bar, v) * sine
    x_bar += v * (onto_v * (1.0 - cosine))
    v_bar = _cross(x, y_bar) * sine
    v_bar += y_bar * (along * (1.0 - cosine))
    v_bar += x * (onto_v * (1.0 - cosine))
    angle_bar = np.einsum("ni,ni->n", y_bar, crossed)[:, None] * cosine
    angle_bar += (onto_v * along - np.einsum("ni,ni->n", y_bar, x)[:, None]) * sine
    # v = axis / |axis|, and the angle is |axis|.
    v_bar /= angle
    angle_bar -= np.einsum("ni,ni->n", v_bar, v)[:, None]
    np.add(v_bar, angle_bar * v, out=camera_bar[:, :3])
    np.negative(x_bar, out=camera_bar[:, 3:6])
    return _gathered(camera_bar, seen_by, len(cameras)), _gathered(x_bar, seen, len(points))


def _cross(a: Array, b: Array) -> Array:
    """The same, into memory that is made once."""
    result = np.empty_like(b)
    for i, j, k in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        np.multiply(a[:, j], b[:, k], out=result[:, i])
        result[:, i] -= a[:, k] * b[:, j]
    return result


def _gathered(rows: Array, index: Indices, count: int) -> Array:
    """The sums of rows of the same index: faster, column by column, than ``np.add.at``."""
    columns = [np.bincount(index, column, minlength=count) for column in rows.T]
    return np.stack(columns, axis=1)


def _scene(cameras: int, points: int, observations: int) -> tuple[Array, ...]:
    rotation, centre = 0.3 + 0.1 * random((cameras, 3), 1), random((cameras, 3), 2)
    centre[:, 2] -= 5.0
    lens = np.stack([1.0 + 0.1 * random((cameras,), 3), 0.1 * random((cameras,), 4)], axis=1)
    seen_by = np.arange(observations) * 7 % cameras
    seen = np.arange(observations) * 11 % points
    features = 0.1 * random((observations, 2), 6)
    return np.hstack([rotation, centre, lens]), random((points, 3), 5), seen_by, seen, features


PROGRAMS = (
    Program(
        "bundle, 50 cameras, 200000 views",
        reprojection,
        reprojection_by_hand,
        (0, 1),
        _scene(50, 20_000, 200_000),
        _scene(3, 4, 9),
    ),
)
