"""Matrix algebra: solutions, determinants, factors and products, in programs around them."""

import numpy as np
from numpy.linalg import inv

from tests.programs import program

A = np.array([[2.0, 0.3, -0.4], [0.5, 3.5, 0.2], [-0.1, 0.7, 2.5]])
B = np.array([[1.0, -0.5], [0.3, 2.0], [-1.2, 0.4]])
V = np.array([1.0, -2.0, 0.5])
U = np.array([0.3, 0.8, -1.1])
S = np.array([[3.0, 0.4, -0.3], [0.4, 2.0, 0.5], [-0.3, 0.5, 4.0]])
TALL = np.array([[1.0, 0.2], [0.4, 2.0], [-0.5, 0.3], [0.8, -1.0]])
STACK = np.stack([A, S])


@program((A, V))
def quadratic_form_of_inverse(a, v):
    return v @ np.linalg.solve(a, v)


@program((A, B))
def solve_for_a_matrix(a, b):
    return np.sum(np.linalg.solve(a, b) ** 2)


@program((STACK, B), (A, np.stack([B, 2 * B])))
def solve_for_a_stack(a, b):
    return np.sum(np.linalg.solve(a, b) ** 2)


@program((A, V), (S, U))
def gaussian_likelihood(k, y):
    k = k @ k.T
    sign, logdet = np.linalg.slogdet(k)
    return -0.5 * (y @ np.linalg.solve(k, y)) - 0.5 * sign * logdet


@program((S, V))
def likelihood_by_cholesky(k, y):
    factor = np.linalg.cholesky(k)
    z = np.linalg.solve(factor, y)
    return -0.5 * (z @ z) - np.sum(np.log(np.diagonal(factor)))


@program((A,))
def determinant_and_inverse(a):
    return np.linalg.det(a) * np.sum(inv(a)[0])


@program((A,), (S,))
def inverse_as_result(a):
    return np.linalg.inv(a @ a)


@program((A, 0), (A, 3))
def newton_for_the_inverse(a, n):
    x = a.T / np.sum(a * a)
    for i in range(n):
        x = 2 * x - x @ a @ x
    return np.sum(x * x)


@program((A, V, 0), (A, V, 4))
def power_iteration(a, v, n):
    for i in range(n):
        v = a @ v
        v = v / np.sqrt(v @ v)
    return v @ a @ v


@program((A, V, 3))
def inverse_iteration(a, v, n):
    for i in range(n):
        v = np.linalg.solve(a, v)
        v = v / np.sqrt(np.sum(v * v))
    return v @ a @ v


@program((S, V, 1e-3))
def conjugate_gradients(a, b, tol):
    x = 0.0 * b
    r = b - a @ x
    p = r
    while np.sum(r * r) > tol:
        q = a @ p
        rr = r @ r
        alpha = rr / (p @ q)
        x = x + alpha * p
        r = r - alpha * q
        p = r + (r @ r) / rr * p
    return np.sum(x * x)


@program((A, V, 0), (A, V, 3))
def implicit_steps(a, v, n):
    m = np.eye(3) + 0.1 * a
    for i in range(n):
        v = np.linalg.solve(m, v)
    return v


@program((A, V))
def sherman_morrison(a, v):
    x = np.linalg.solve(a, v)
    return (v @ x) / (1.0 + v @ x)


@program((TALL, V[:2]))
def least_squares(a, x):
    b = a @ x + 1.0
    solution, _, rank, _ = np.linalg.lstsq(a, b, rcond=None)
    return np.sum(solution**2) * rank


@program((A,), (S,))
def powers(a):
    return np.sum(np.linalg.matrix_power(a, 3)) + np.sum(np.linalg.matrix_power(a, -2))


@program((A, B))
def a_chain_of_products(a, b):
    return np.sum(np.linalg.multi_dot([b.T, a, a, b]) ** 2)


@program((A, B))
def contractions(a, b):
    trace = np.einsum("ii", a)
    diagonal = np.einsum("ii->i", a)
    return trace * np.sum(np.einsum("ij,jk,ik->k", a, b, b)) + diagonal @ diagonal


@program((STACK, V))
def batched_contractions(a, v):
    return np.sum(np.einsum("...ij,j->...i", a, v) ** 2) + np.sum(np.einsum("bij->j", a) * v)


@program((A, B))
def tensor_products(a, b):
    return np.sum(np.tensordot(a, b, axes=(0, 0)) ** 3) + np.sum(np.tensordot(a, b, axes=0) ** 2)


@program((V, U))
def triple_products(a, b):
    c = np.cross(a, b)
    return np.dot(a, np.cross(b, c)) + np.sum(c**3)


@program((A, B[:2]))
def kronecker(a, b):
    return np.sum(np.kron(a, b) ** 3)


@program((V, U), (B, B[::-1]))
def products_of_vectors(a, b):
    return np.vdot(a, b) * np.sum(np.inner(a, b)) + np.sum(np.outer(a, b) ** 2)


def whitened(k, y):
    return np.linalg.solve(np.linalg.cholesky(k), y)


@program((S, V, 1.0), (S, V, -1.0))
def through_a_function(k, y, c):
    z = whitened(k, y)
    if c > 0:
        z = whitened(k + np.eye(3), z)
    return np.sum(z * z)


@program((A, V))
def the_same_name_again(a, v):
    v = np.linalg.solve(a, v)
    a = np.linalg.inv(a)
    v = np.linalg.solve(a, v)
    return v * np.linalg.det(a)
