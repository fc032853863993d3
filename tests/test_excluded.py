"""Functions that are refused by their names."""

from __future__ import annotations

import numpy as np
import pytest

import srcad
from srcad.rules import Excluded, all_rules

X = np.array([[2.0, 1.0], [0.5, 3.0]])


def noisy(x):
    return np.sum(x * np.random.normal(size=2))


def along_an_axis(x):
    return np.sum(np.apply_along_axis(np.sum, 0, x))


def eigenvalues(x):
    return np.sum(np.linalg.eigvals(x))


def tensor_inverse(x):
    return np.sum(np.linalg.tensorinv(x))


def complete_basis(x):
    u, s, vt = np.linalg.svd(x)
    return np.sum(s)


def complete_qr(x):
    q, r = np.linalg.qr(x, mode="complete")
    return np.sum(r)


def other_norm(x):
    return np.linalg.cond(x, -2)


def power_of_a_parameter(x, n):
    return np.sum(np.linalg.matrix_power(x, n))


def solve_a_number(x):
    return np.sum(np.linalg.solve(x, 1.0))


def inverse_of_a_vector(x):
    return np.sum(np.linalg.inv(x[0]))


def crossed(x):
    return np.sum(np.cross(x[:, :2], x[:, :2]))


def crossed_of_length_2(x):
    return np.sum(np.cross(x, x))


def letters(x):
    return np.sum(np.einsum("ij,jk", x))


def sublists(x):
    return np.sum(np.einsum(x, [0, 1], [1, 0]))


REFUSED = [
    (noisy, (X,), "it gives other numbers at each call"),
    (along_an_axis, (X,), "it calls a function that is not read"),
    (eigenvalues, (X,), "may be complex; write instead `np.linalg.eigh`"),
    (tensor_inverse, (X,), "write instead `np.reshape`"),
    (complete_basis, (X,), "write instead `full_matrices=False`"),
    (complete_qr, (X,), "`mode='complete'` of `qr`"),
    (other_norm, (X,), "this norm has no rule"),
    (power_of_a_parameter, (X, 2), "its value is not known before running"),
    (solve_a_number, (X,), "its right-hand side is no vector"),
    (inverse_of_a_vector, (X,), "it is no matrix"),
    (crossed, (np.ones((2, 3)),), "is not known before running"),
    (crossed_of_length_2, (X,), "of vectors of length 2 it is a number"),
    (letters, (X,), "2 terms for 1 operands"),
    (sublists, (X,), "`subscripts=`: its value is not known"),
]


@pytest.mark.parametrize(("f", "args", "why"), REFUSED)
def test_refused(f, args, why):
    with pytest.raises(srcad.UnsupportedError) as caught:
        srcad.grad(f)(*args)
    assert why in caught.value.msg


def test_each_has_a_reason():
    found = [rule for rule in all_rules() if isinstance(rule, Excluded)]
    assert len(found) > 40
    assert all(rule.why and rule.instead for rule in found)
