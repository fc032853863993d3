"""Complex numbers and arrays: circuits, maps, quantum steps, buffers that are written."""

from __future__ import annotations

import cmath

import numpy as np

from tests.complex_programs import program

Z3 = np.array([0.4 + 0.3j, -0.7 + 0.2j, 0.5 - 0.6j])
W3 = np.array([1.1 - 0.2j, 0.3 + 0.9j, -0.4 + 0.8j])
X3 = np.array([0.6, -0.3, 0.8])
M3 = np.array([[2.0 + 0.3j, 0.4j, 0.1], [0.2 - 0.5j, 1.7, 0.3j], [0.1j, -0.2, 2.2 - 0.4j]])


@program((3.0, 0.2, 0.05, 4.0), order=2)
def impedance(r, ind, c, w):
    z = r + 1j * w * ind + 1 / (1j * w * c)
    return abs(z)


@program((3.0, 0.2, 0.05, 4.0, 2.0), order=2)
def power_of_a_load(r, ind, c, w, v):
    branch = 1 / (1 / complex(r, w * ind) + 1j * w * c)
    current = v / (branch + 2.0)
    return (v * current.conjugate()).real


@program((0.3 + 0.8j, 0.5 + 0.1j), order=2)
def moebius(z, a):
    w = (z - a) / (1 - a.conjugate() * z)
    return abs(w) ** 2


@program((1.2 + 0.7j, 3), (1.2 + 0.7j, 0), order=2)
def newton_step(z, n):
    for _ in range(n):
        z = z - (z * z * z - 1) / (3 * z * z)
    return z.real + 2 * z.imag


@program((0.2 + 0.3j, 4), (-0.1 + 0.2j, 1))
def escape(c, n):
    z = 0j
    for _ in range(n):
        z = z * z + c
    return abs(z) ** 2


@program((0.2, 0.3, 5))
def escape_of_two_reals(x, y, n):
    z, c = 0j, x + 1j * y
    for k in range(n):
        if k == 3:
            z = z.conjugate()
        z = z * z + c
    return z.real * z.imag


@program((0.7 + 0.4j,), order=2)
def polar_form(z):
    return abs(z) * np.cos(2 * np.angle(z))


@program((0.7 + 0.4j,), (-0.3 + 1.1j,))
def functions_of_one_number(z):
    w = np.exp(z) + np.log(z) * np.sin(z) - np.cosh(z) / np.tan(z)
    return (w * np.sqrt(z) + np.arctan(z) + np.arcsinh(z) + np.tanh(z)).imag


@program((0.7 + 0.4j, 0.3, 1.1 - 0.2j), order=2)
def powers(z, x, w):
    return (z**3 + z**x + z**-2 + z**w + 2.0**w + z**0.5).real


@program((0.6, 0.9))
def a_pair_of_reals(x, y):
    z = complex(x, y) * complex(y)
    return z.real**2 - z.imag


@program((Z3,))
def numbers_of_an_array(z):
    total = 0j
    for k in range(len(z)):
        total += z[k] ** 2 * (k + 1j)
    return abs(total)


@program((Z3, W3))
def products_of_vectors(z, w):
    return abs(np.vdot(z, w)) + (z @ w).real + np.sum(z.conj() * w).imag


@program((M3, X3))
def real_vector_complex_matrix(m, x):
    return np.sum(np.abs(m @ x) ** 2)


@program((M3, W3))
def solution(m, b):
    x = np.linalg.solve(m, b)
    return np.sum(x.real * x.imag) + np.abs(np.linalg.det(m))


@program((M3,))
def of_the_inverse(m):
    return np.sum(np.abs(np.linalg.inv(m)) ** 2) + np.trace(m @ m.conj().T).real


@program((X3, 0.1, 3))
def crank_nicolson(v, dt, n):
    h = np.diag(v) + np.diag(np.full(2, -0.5), 1) + np.diag(np.full(2, -0.5), -1)
    psi = np.array([1.0, 1j, 0.5]) / 1.5
    left = np.eye(3) + 0.5j * dt * h
    right = np.eye(3) - 0.5j * dt * h
    for _ in range(n):
        psi = np.linalg.solve(left, right @ psi)
    return np.sum(np.abs(psi[:2]) ** 2)


@program((0.7, 0.4))
def a_qubit(theta, phi):
    state = np.array([np.cos(theta / 2) + 0j, np.exp(1j * phi) * np.sin(theta / 2)])
    flip = np.array([[0.0, 1.0], [1.0, 0.0]])
    return np.vdot(state, flip @ state).real


@program((Z3, 0.3))
def expectation_of_a_phase(psi, t):
    psi = psi / np.linalg.norm(psi)
    turned = psi * np.exp(-1j * t * np.arange(3))
    return np.abs(np.vdot(psi, turned)) ** 2


@program((X3, 4), (X3, 0))
def written_number_by_number(x, n):
    y = np.zeros(5, dtype=complex)
    y[0] = x[0] + 1j * x[1]
    for k in range(n):
        y[k + 1] = y[k] * y[k] * np.exp(1j * x[k % 3]) + x[2]
    return np.sum(np.abs(y) ** 2)


@program((Z3, 3))
def two_buffers(z, n):
    u = z.copy()
    v = np.empty_like(u)
    for _ in range(n):
        v[1:-1] = u[2:] - 2j * u[1:-1] * u[1:-1].conj() + u[:-2]
        v[0] = u[0] * 0.5
        v[-1] = 1j * u[-1]
        u, v = v, u
    return np.sum(np.abs(u))


@program((Z3,))
def in_place(z):
    u = z * z
    u *= 1j
    u[1:] += u[:-1]
    u -= z
    return np.sum(u.real * u.imag)


@program((Z3, X3, 3))
def imaginary_parts_of_what_is_written(z, x, n):
    u = z.copy()
    total = 0.0
    for k in range(n):
        total += np.sum(u.imag * x) ** 2
        u += 1j * np.imag(u) * u[::-1]
        u[k] = u.imag[1] * u[0]
    kept = u.imag.copy()
    u[0] = 2 * kept[1]
    return total + np.sum(kept * u.imag[::-1])


@program((Z3, X3))
def real_parts_written(z, x):
    u = z.copy()
    v = u.real
    v[:2] = x[:2] * x[1:]
    u[2] = u[0] * u[1]
    return np.sum(np.abs(u) ** 2) + np.sum(v * x)


@program((0.4 - 0.2j, X3))
def a_number_into_an_array_that_is_written(z, x):
    u = x + z
    u[1] = u[1] * z
    return np.sum(u).imag + (z - z).real + np.abs(u[1])


@program((0.4 - 0.2j, 0.7))
def what_cancels(z, x):
    return abs(complex(x, 0.5)) + (z - z).real


@program((X3, Z3))
def real_values_in_a_complex_array(x, z):
    y = np.zeros((2, 3), dtype=complex)
    y[0] = x
    y[1] = z * x
    y[0, 1] += z[0]
    y[:, 2] = x[2]
    return np.sum(y * y).real + np.sum(y[1] ** 3).imag


@program((X3, 0.3 - 0.7j), (-X3, 0.3 - 0.7j))
def where(x, c):
    z = np.where(x > 0, x * c, 1j * x)
    return np.sum(np.abs(z) ** 2)


@program((X3, Z3))
def indexed_twice(x, z):
    y = z[[0, 1, 0]] * x[[2, 2, 1]]
    return np.sum(y * y).imag


@program((X3, W3))
def put_together(x, w):
    a = np.concatenate([x, w, 1j * x])
    b = np.stack([w, x]).T
    return np.sum(np.abs(a)) + np.sum(b[:, 0] * b[:, 1]).real + np.array([x[0], w[1]])[1].imag


def _turned(z, angle):
    return z * np.exp(1j * angle)


@program((0.3 + 0.8j, 0.4))
def calls(z, angle):
    w = _turned(_turned(z, angle), angle * angle)
    return abs(w + 1) + w.imag


def _turn_each(u, angle):
    for k in range(len(u)):
        u[k] = u[k] * np.exp(1j * angle * k) + u[k] ** 2


@program((Z3, 0.4))
def a_helper_that_writes(z, angle):
    u = z.copy()
    _turn_each(u, angle)
    return np.sum(u).real * np.sum(u).imag


def _power(z, n):
    if n == 0:
        return 1 + 0j
    return z * _power(z, n - 1)


@program((0.6 + 0.5j, 4), (0.6 + 0.5j, 0))
def recursion(z, n):
    return _power(z, n).real + abs(z)


@program((0.6 + 0.5j, 3))
def a_growing_list(z, n):
    kept = []
    for k in range(n):
        z = z * z + k
        kept.append(z)
    return abs(kept[0] * kept[n - 1])


@program((Z3, W3), order=2)
def spread_of_points(z, w):
    return np.var(z * w) + np.std(z - 1j * w) + np.sum(np.stack([z, w]).var(axis=0) ** 2)


@program((0.3, 0.8), (0.9, 0.2))
def one_of_two_ways(x, y):
    z = complex(x, y)
    if abs(z) > 0.9:
        w = z * z
    else:
        w = 1 / z
    return w.real + y


@program((Z3, W3))
def gram_schmidt(a, b):
    a = a / np.linalg.norm(a)
    b = b - np.vdot(a, b) * a
    return np.linalg.norm(b) + np.sum(np.abs(b[:2]))


@program((np.array([0.4 - 0.3j, 0.0, 1.0 + 2j]), X3))
def a_dead_branch_at_zero(z, x):
    live = np.abs(z) > 0.1
    turn = np.where(live, np.angle(z), 0.0)
    unit = np.where(live, z / np.abs(z + (z == 0)), 0.0)
    size = np.where(live, np.log(np.abs(z + (z == 0))), 0.0)
    return np.sum(turn * x) + np.sum(unit * x).imag + np.sum(size)


@program((0.0 + 0j, 0.5))
def size_of_zero(z, x):
    return abs(z) * x + x * x


@program((Z3, X3))
def imaginary_parts_that_are_overwritten(z, x):
    y = z * z
    v = y.imag
    s = np.sum(v * v * x)
    y[0] = s * z[1]
    return np.sum(y * np.conj(y)).real + s


@program((0.4, 1.3), (1.7, 0.2), order=2)
def roots_of_a_square(p, q):
    """Their parts, by ``cmath``, whether or not they are real."""
    root = cmath.sqrt(p * p - q)
    r, phi = cmath.polar(root - p)
    return r * cmath.cos(phi * 1j).real + abs(cmath.log(root + 2, 3)) + cmath.rect(r, q).imag


@program((0.3 + 0.8j, 0.5), order=2)
def phasors(z, t):
    while abs(z) < 2 and not cmath.isclose(z, 2):
        z = z * cmath.exp(1j * cmath.pi * t + 0.4)
    return cmath.phase(z) * t + (cmath.tanh(z) / cmath.acosh(z)).imag
