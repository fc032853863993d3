"""Grids and time: Jacobi's sweeps of two buffers, and heat in a rod of variable conductivity."""

import numpy as np

from ..program import Program
from .arrays import Array, random

THIRD = 0.33333


def jacobi_1d(a: Array, b: Array, steps: int) -> float:
    """Average each with its neighbours, from one buffer into the other and back."""
    a, b = a.copy(), b.copy()
    for _ in range(steps):
        b[1:-1] = THIRD * (a[:-2] + a[1:-1] + a[2:])
        a[1:-1] = THIRD * (b[:-2] + b[1:-1] + b[2:])
    return (a * a).sum()


def jacobi_1d_by_hand(a: Array, b: Array, steps: int) -> tuple[Array, Array]:
    """The derivative with respect to `a` and `b`.

    Both statements are linear: nothing is saved.  The adjoint of an average is an average: gathered
    from the weights `w`, whose ends stay 0, it overwrites an interior that need not be cleared.
    """
    a, b = a.copy(), b.copy()
    for _ in range(steps):
        b[1:-1] = THIRD * (a[:-2] + a[1:-1] + a[2:])
        a[1:-1] = THIRD * (b[:-2] + b[1:-1] + b[2:])
    a_bar = 2 * a
    b_bar = np.zeros_like(b)
    w = np.zeros_like(a)
    for _ in range(steps):
        _gathered_1d(a_bar, b_bar, w)
        _gathered_1d(b_bar, a_bar, w)
    # Only the ends are left of what the first statement overwrites.
    b_bar[1:-1] = 0.0
    return a_bar, b_bar


def _gathered_1d(written: Array, read: Array, w: Array) -> None:
    np.multiply(written[1:-1], THIRD, out=w[1:-1])
    np.add(w[:-2], w[1:-1], out=read[1:-1])
    read[1:-1] += w[2:]
    read[0] += w[1]
    read[-1] += w[-2]


def jacobi_2d(a: Array, b: Array, steps: int) -> float:
    """The same over a cross of five, in two dimensions."""
    a, b = a.copy(), b.copy()
    for _ in range(steps):
        b[1:-1, 1:-1] = 0.2 * (
            a[1:-1, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:] + a[2:, 1:-1] + a[:-2, 1:-1]
        )
        a[1:-1, 1:-1] = 0.2 * (
            b[1:-1, 1:-1] + b[1:-1, :-2] + b[1:-1, 2:] + b[2:, 1:-1] + b[:-2, 1:-1]
        )
    return (a * a).sum()


def jacobi_2d_by_hand(a: Array, b: Array, steps: int) -> tuple[Array, Array]:
    """The derivative with respect to `a` and `b`, gathered as in one dimension."""
    a, b = a.copy(), b.copy()
    for _ in range(steps):
        b[1:-1, 1:-1] = 0.2 * (
            a[1:-1, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:] + a[2:, 1:-1] + a[:-2, 1:-1]
        )
        a[1:-1, 1:-1] = 0.2 * (
            b[1:-1, 1:-1] + b[1:-1, :-2] + b[1:-1, 2:] + b[2:, 1:-1] + b[:-2, 1:-1]
        )
    a_bar = 2 * a
    b_bar = np.zeros_like(b)
    w = np.zeros_like(a)
    for _ in range(steps):
        _gathered_2d(a_bar, b_bar, w)
        _gathered_2d(b_bar, a_bar, w)
    b_bar[1:-1, 1:-1] = 0.0
    return a_bar, b_bar


def _gathered_2d(written: Array, read: Array, w: Array) -> None:
    np.multiply(written[1:-1, 1:-1], 0.2, out=w[1:-1, 1:-1])
    inner = read[1:-1, 1:-1]
    np.add(w[1:-1, 1:-1], w[1:-1, :-2], out=inner)
    inner += w[1:-1, 2:]
    inner += w[2:, 1:-1]
    inner += w[:-2, 1:-1]
    read[0] += w[1]
    read[-1] += w[-2]
    read[:, 0] += w[:, 1]
    read[:, -1] += w[:, -2]


def heat(u: Array, k: Array, dt: float, steps: int) -> float:
    """The heat equation, explicit in time; `k` is the conductivity between two neighbours."""
    u = u.copy()
    for _ in range(steps):
        flux = k * (u[1:] - u[:-1])
        u[1:-1] += dt * (flux[1:] - flux[:-1])
    return (u * u).sum()


def heat_by_hand(u: Array, k: Array, dt: float, steps: int) -> tuple[Array, Array, float]:
    """The derivative with respect to `u`, `k` and `dt`.

    The slopes are saved, in one block; the fluxes are computed again.
    """
    u = u.copy()
    slopes = np.empty((steps, len(k)))
    for t in range(steps):
        slope = np.subtract(u[1:], u[:-1], out=slopes[t])
        flux = k * slope
        u[1:-1] += dt * (flux[1:] - flux[:-1])
    u_bar = 2 * u
    k_bar = np.zeros_like(k)
    dt_bar = 0.0
    flux_bar = np.empty_like(k)
    product = np.empty_like(k)
    for slope in slopes[::-1]:
        # The ends of u are not written: no flux comes from them.
        np.subtract(u_bar[1:-2], u_bar[2:-1], out=flux_bar[1:-1])
        flux_bar[0] = -u_bar[1]
        flux_bar[-1] = u_bar[-2]
        np.multiply(flux_bar, slope, out=product)
        dt_bar += product @ k
        product *= dt
        k_bar += product
        np.multiply(flux_bar, k, out=product)
        product *= dt
        u_bar[1:] += product
        u_bar[:-1] -= product
    return u_bar, k_bar, dt_bar


def _jacobi(shape: tuple[int, ...], steps: int) -> tuple[Array, Array, int]:
    return random(shape, 1), random(shape, 2), steps


def _heat(n: int, steps: int) -> tuple[Array, Array, float, int]:
    return random((n,), 3), 1.0 + 0.5 * random((n - 1,), 4), 0.2, steps


PROGRAMS = (
    Program(
        "jacobi-1d, 20000 × 1000 steps",
        jacobi_1d,
        jacobi_1d_by_hand,
        (0, 1),
        _jacobi((20_000,), 1000),
        _jacobi((7,), 3),
    ),
    Program(
        "jacobi-2d, 300² × 100 steps",
        jacobi_2d,
        jacobi_2d_by_hand,
        (0, 1),
        _jacobi((300, 300), 100),
        _jacobi((5, 6), 3),
    ),
    Program(
        "heat, 20000 × 400 steps", heat, heat_by_hand, (0, 1, 2), _heat(20_000, 400), _heat(7, 3)
    ),
)
