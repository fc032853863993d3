"""Fourier transforms: spectra, convolutions, equations solved by them."""

from __future__ import annotations

import numpy as np
import numpy.fft as ft
from numpy.fft import fft, ifft

from tests.complex_programs import program

X5 = np.array([0.6, -0.3, 0.8, 1.2, -0.9])
X6 = np.array([0.6, -0.3, 0.8, 1.2, -0.9, 0.4])
K4 = np.array([0.5, 0.2, -0.1])
Z4 = np.array([0.4 + 0.3j, -0.7 + 0.2j, 0.5 - 0.6j, 0.1 + 0.9j])
X34 = np.array([[0.3, 1.1, -0.4, 0.7], [0.9, -0.8, 0.2, 0.5], [-0.6, 0.1, 1.3, -0.2]])


@program((X6,), (X5,))
def power_spectrum(x):
    return np.sum(np.abs(np.fft.rfft(x)) ** 4)


@program((X6,), (Z4,))
def energy(x):
    return np.sum(np.abs(np.fft.fft(x)) ** 2) / len(x)


@program((X6, 0.3))
def spectral_derivative(u, nu):
    k = 2 * np.pi * np.fft.rfftfreq(len(u))
    slope = np.fft.irfft(1j * k * np.fft.rfft(u), len(u))
    return np.sum(slope**2) + nu * np.sum(u * slope**3)


@program((X6, K4))
def convolution(x, kernel):
    n = 8
    y = np.fft.irfft(np.fft.rfft(x, n) * np.fft.rfft(kernel, n), n)
    return np.sum(y**3)


@program((X5,))
def autocorrelation(x):
    spectrum = fft(x, 10)
    return np.sum(ifft(spectrum * spectrum.conj()).real[1:4] ** 2)


@program((Z4,))
def phase_retrieval(z):
    measured = np.array([1.0, 0.5, 0.8, 0.2])
    return np.sum((np.abs(ft.fft(z)) - measured) ** 2)


@program((X34,))
def image_filter(image):
    fy = np.fft.fftfreq(3)[:, None]
    fx = np.fft.fftfreq(4)
    smooth = np.exp(-10 * (fx**2 + fy**2))
    return np.sum(np.fft.ifft2(np.fft.fft2(image) * smooth).real ** 4)


@program((X34,))
def two_axes(x):
    y = np.fft.rfft2(x) * 2
    return np.sum(np.fft.irfft2(y, s=(3, 4)) ** 3) + np.sum(np.abs(np.fft.rfftn(x, axes=(0,))))


@program((X34,))
def poisson(f):
    k = 2 * np.pi * np.fft.fftfreq(4)
    q = 2 * np.pi * np.fft.fftfreq(3)
    laplacian = k**2 + (q**2)[:, None] + 1.0
    u = np.fft.ifftn(np.fft.fftn(f) / laplacian)
    return np.sum(u.real * f)


@program((X6,))
def shifted(x):
    y = np.fft.fftshift(np.fft.fft(x, norm="ortho"))
    return np.sum(np.abs(y[1:3])) + np.sum(np.fft.ifftshift(y.real) * x)


@program((Z4, 0.2, 3))
def split_step(psi, dt, n):
    k = 2 * np.pi * np.fft.fftfreq(4)
    v = np.array([0.0, 0.5, 0.5, 0.0])
    for _ in range(n):
        psi = np.exp(-0.5j * dt * v) * psi
        psi = np.fft.ifft(np.exp(-0.5j * dt * k**2) * np.fft.fft(psi))
        psi = np.exp(-0.5j * dt * (v + np.abs(psi) ** 2)) * psi
    return np.sum(np.abs(psi[:2]) ** 2)


@program((X34,))
def along_the_first_axis(x):
    return np.sum(np.abs(np.fft.fft(x, axis=0)[:2]) * np.abs(x[:2]))


@program((Z4,))
def hermitian(z):
    x = np.fft.hfft(z, 7)
    return np.sum(x**2) + np.sum(np.abs(np.fft.ihfft(x)))


@program((0.7, 5))
def the_frequencies(d, n):
    return np.sum(np.fft.fftfreq(n, d) ** 2 * np.abs(np.fft.fft(np.arange(n) * d)))


@program((X6, 2))
def into_a_buffer(x, n):
    spectra = np.zeros((n, 4), dtype=complex)
    for k in range(n):
        spectra[k] = np.fft.rfft(x * (k + 1))
        spectra[k, 1] *= spectra[0, 2]
    return np.sum(np.abs(spectra) ** 2)
