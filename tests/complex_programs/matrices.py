"""Decompositions of complex matrices: energies, channels, fits."""

from __future__ import annotations

import numpy as np

from tests.complex_programs import program

A3 = np.array([[2.0 + 0.3j, 0.4j, 0.1], [0.2 - 0.5j, 1.7, 0.3j], [0.1j, -0.2, 2.9 - 0.4j]])
A43 = np.concatenate([A3, [[0.3 + 0.2j, -0.5j, 0.7]]])
B4 = np.array([0.4 + 0.3j, -0.7 + 0.2j, 0.5 - 0.6j, 0.9j])
T = np.array([0.6, -0.3, 0.8])


@program((A3, 0.7))
def energies(h, t):
    w = np.linalg.eigvalsh(h + t * h.conj().T)
    return np.sum(np.exp(-t * w)) + w[0] * w[2]


@program((A43,))
def capacity(h):
    s = np.linalg.svd(h, compute_uv=False)
    return np.sum(np.log(1 + s * s)) + np.linalg.cond(h) + np.linalg.norm(h, "nuc")


@program((A3, T))
def gaussian(a, x):
    c = np.linalg.cholesky(a @ a.conj().T + np.eye(3))
    z = np.linalg.solve(c, x + 0j)
    sign, logdet = np.linalg.slogdet(a)
    return np.sum(np.abs(z) ** 2) + 2 * np.sum(np.log(np.diagonal(c).real)) + logdet * sign.imag


@program((A43, B4))
def fitted_waves(a, b):
    x = np.linalg.lstsq(a, b, rcond=None)[0]
    q, r = np.linalg.qr(a)
    rest = b - q @ (q.conj().T @ b)
    return np.linalg.norm(rest, 1) + np.sum(np.abs(x) ** 2) + abs(r[0, 1]) * abs(q[0, 0])


@program((np.stack([A3, A3.T]),))
def a_stack(a):
    h = np.linalg.pinv(a) @ np.swapaxes(a, -1, -2).conj()
    return np.sum(np.linalg.eigvalsh(a, UPLO="U")[:, 0] * np.abs(h[:, 0, 1]) ** 2)


@program((B4, A3[0]), order=2)
def filtered(z, w):
    y = np.convolve(z, w, "same")
    return np.sum(np.abs(np.correlate(y, w, "full")) ** 2) + np.sum(y * z).real
