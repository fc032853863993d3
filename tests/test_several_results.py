"""Operations with several results: all ways to take them apart, in loops and branches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import srcad
from tests.agreement import MODES
from tests.oracle.differences import difference as difference_quotient

A = np.array([[2.0, 0.3, -0.4], [0.5, 3.5, 0.2], [-0.1, 0.7, 5.0]])


def unpacked(a):
    w, v = np.linalg.eigh(a)
    return np.sum(w**2) + np.sum(v**3)


def by_index(a):
    r = np.linalg.eigh(a)
    return np.sum(r[0] ** 2) + np.sum(r[-1] ** 3)


def by_name(a):
    r = np.linalg.eigh(a)
    return np.sum(r.eigenvalues**2) + np.sum(r.eigenvectors**3)


def at_once(a):
    return np.sum(np.linalg.eigh(a).eigenvalues ** 2) + np.sum(np.linalg.eigh(a)[1] ** 3)


def swapped(a):
    a, v = np.linalg.eigh(a)
    v, a = a, v
    return np.sum(v**2) + np.sum(a**3)


def chained(a):
    r = w, v = np.linalg.eigh(a)
    return np.sum(w**2) + np.sum(r[1] ** 3)


def with_copy(a):
    r = np.linalg.eigh(a)
    s = r
    w, v = s
    return np.sum(w**2) + np.sum(v**3)


def decomposed(a):
    return np.linalg.eigh(a)


def through_a_function(a):
    w, v = decomposed(a)
    return np.sum(w**2) + np.sum(v**3)


FORMS = [by_index, by_name, at_once, swapped, chained, with_copy, through_a_function]


def difference(f, a):
    """The gradient by differences of the fourth order."""
    found = np.zeros_like(a)
    for index in np.ndindex(a.shape):
        e = np.zeros_like(a)
        e[index] = 1e-3
        found[index] = (8 * (f(a + e) - f(a - e)) - (f(a + 2 * e) - f(a - 2 * e))) / 12e-3
    return found


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("f", FORMS)
def test_every_way_to_take_results_apart(f, mode):
    want = srcad.grad(unpacked, mode="reverse")(A)
    np.testing.assert_allclose(want, difference(unpacked, A), rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(srcad.grad(f, mode=mode)(A), want, rtol=1e-12, atol=1e-13)


def in_a_loop(a, n):
    s = 0.0
    for i in range(n):
        w, v = np.linalg.eigh(a)
        s += np.sum(w**2) * (i + 1)
        a = v * w + a * 0.1
    return s + np.sum(a)


def one_result_in_a_branch(a, c):
    w, v = np.linalg.eigh(a)
    if c > 0:
        return np.sum(w**3)
    return np.sum(v**3) + w[0]


def only_in_some_trips(a, n):
    s = 0.0
    for i in range(n):
        w, v = np.linalg.eigh(a * (i + 1))
        if i % 2:
            s += np.sum(v**3)
        elif i % 3:
            s += np.sum(w**3)
    return s


def until_small(a, tol):
    trips = 0
    while np.sum(a * a) > tol:
        q, r = np.linalg.qr(a)
        a = 0.5 * (r @ q)
        trips += 1
    return np.sum(a) * trips


def sign_and_logarithm(a):
    sign, logdet = np.linalg.slogdet(a)
    return sign * logdet * a[0, 0] + sign


def sign_alone(a):
    sign, _ = np.linalg.slogdet(a)
    return sign * a[1, 1]


def some_of_least_squares(a):
    x, _, rank, _ = np.linalg.lstsq(a, a[0], rcond=None)
    return np.sum(x * a[1]) * rank


def recursive(a, n):
    if n == 0:
        return np.sum(a * a)
    w, v = np.linalg.eigh(a)
    return recursive(v * w, n - 1) + w[0] ** 2


def two_results(a):
    q, r = np.linalg.qr(a)
    return r, q


def called_in_a_loop(a, n):
    s = 0.0
    for i in range(n):
        r, q = two_results(a)
        s += np.sum(r**2 * q)
        a = r @ q
    return s


def results_overwritten(a):
    w, v = np.linalg.eigh(a)
    w = np.sum(w)
    v = 2.0
    return w * v


def beside_a_number(a):
    (w, v), b = np.linalg.eigh(a), a[0, 0]
    return np.sum(w**3) * b + v[0, 0]


def named_in_an_expression(a):
    return np.sum((r := np.linalg.eigh(a))[0] ** 2) + np.sum(r[1] ** 3)


def chosen(a, c):
    w, v = np.linalg.eigh(a) if c > 0 else np.linalg.eigh(a + a.T)
    return np.sum(w**3) + np.sum(v**3)


PROGRAMS = [
    (in_a_loop, (3,)),
    (in_a_loop, (0,)),
    (one_result_in_a_branch, (1.0,)),
    (one_result_in_a_branch, (-1.0,)),
    (only_in_some_trips, (5,)),
    (until_small, (0.5,)),
    (sign_and_logarithm, ()),
    (sign_alone, ()),
    (some_of_least_squares, ()),
    (recursive, (2,)),
    (recursive, (0,)),
    (called_in_a_loop, (2,)),
    (results_overwritten, ()),
    (beside_a_number, ()),
    (named_in_an_expression, ()),
    (chosen, (1.0,)),
    (chosen, (-1.0,)),
]
OPTIONS: list[dict[str, object]] = [{}, {"optimize": False}, {"names": "w"}, {"ascii": True}]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("f", "args"), PROGRAMS)
def test_in_programs(f, args, mode, options):
    got = srcad.grad(f, mode=mode, wrt=0, **options)(A, *args)
    want = difference(lambda a: f(a, *args), A)
    np.testing.assert_allclose(got, want, rtol=1e-7, atol=1e-8)


def test_a_pullback_of_several_results():
    value, pullback = srcad.vjp(decomposed, A)
    seeds = (np.array([1.0, -2.0, 0.5]), np.arange(9.0).reshape(3, 3))
    first, again = pullback(seeds), pullback(seeds)
    np.testing.assert_array_equal(first, again)
    tangent = np.cos(np.arange(9.0)).reshape(3, 3)
    _, (w_dot, v_dot) = srcad.jvp(decomposed, (A,), (tangent,))
    left = np.sum(seeds[0] * w_dot) + np.sum(seeds[1] * v_dot)
    np.testing.assert_allclose(np.sum(first[0] * tangent), left, rtol=1e-12)
    np.testing.assert_array_equal(value[1], np.linalg.eigh(A)[1])


def test_single_precision():
    single = srcad.grad(unpacked)(A.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, srcad.grad(unpacked)(A), rtol=1e-4, atol=1e-4)


# -- results that are written --------------------------------------------------------------------

CONSTANT = A + A.T


def entries_of_results(a):
    w, v = np.linalg.eigh(a)
    v[0, 0] = w[0] * v[1, 1]
    w[1] = v[0, 1] ** 2
    return np.sum(v**2 * w)


def rows_in_a_loop(a, n):
    w, v = np.linalg.eigh(a)
    for i in range(n):
        v[i, :] = v[i, :] * w[i]
        w += v[0] * 0.1
    return np.sum(v * w)


def two_names_of_a_result(a):
    q, r = np.linalg.qr(a)
    s = r
    s[0, 0] = q[0, 0] ** 2
    r[1, 1] = s[0, 0] * 2
    return np.sum(r**2) + np.sum(q)


def in_place(a):
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    u *= s
    u -= vt
    return np.sum(u**3)


def a_result_in_a_tuple(a):
    w, v = np.linalg.eigh(a)
    p = (w, v)
    p[1][0] = p[0] * 2
    return np.sum(v * v * w)


def results_of_a_constant(a):
    w, v = np.linalg.eigh(CONSTANT)
    v[0] = a[0] * w
    w[1] = a[1, 1]
    return np.sum(v**2 * w)


def constant_at_first(a, n):
    w, v = np.linalg.eigh(CONSTANT)
    for i in range(n):
        v[i % 3] = v[i % 3] * a[0, 0]
        w, v = np.linalg.eigh(a + v)
        w[0] = v[1, 1]
    return np.sum(v**2 * w)


def sign_that_is_written(a):
    sign, logdet = np.linalg.slogdet(np.array([a, 2 * a]))
    sign[0] = a[0, 0] * logdet[1]
    return np.sum(sign * logdet)


def one_result_that_is_written(a):
    w = np.linalg.eigvalsh(a)
    w[0] = 2.0 * w[1]
    return np.sum(w**2)


def written_after_a_branch(a, c):
    w, v = np.linalg.eigh(CONSTANT)
    if c > 0:
        w, v = np.linalg.eigh(a)
        w[0] = w[1] * 2
    v[0] = v[1] * w[0]
    return np.sum(v**2 * w)


def the_argument_is_written(a):
    a[0, 0] = a[0, 0] ** 2
    w, v = np.linalg.eigh(a)
    a[1] = w
    return np.sum(a * v)


WRITING = [
    (entries_of_results, ()),
    (rows_in_a_loop, (2,)),
    (two_names_of_a_result, ()),
    (in_place, ()),
    (a_result_in_a_tuple, ()),
    (results_of_a_constant, ()),
    (constant_at_first, (0,)),
    (constant_at_first, (3,)),
    (sign_that_is_written, ()),
    (one_result_that_is_written, ()),
    (written_after_a_branch, (1.0,)),
    (written_after_a_branch, (-1.0,)),
    (the_argument_is_written, ()),
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("f", "args"), WRITING)
def test_results_that_are_written(f, args, mode, options):
    given, left = A.copy(), A.copy()
    f(left, *args)
    got = srcad.grad(f, mode=mode, wrt=0, **options)(given, *args)
    want = difference(lambda a: f(a.copy(), *args), A)
    np.testing.assert_allclose(got, want, rtol=1e-7, atol=1e-7)
    np.testing.assert_array_equal(given, left)


def too_few_names(a):
    (w,) = np.linalg.eigh(a)
    return np.sum(w)


def residuals(a):
    x, res, _, _ = np.linalg.lstsq(a, a[0], rcond=None)
    return np.sum(x) + np.sum(res)


def residuals_alone(a):
    return np.linalg.lstsq(a, a[0], rcond=None)[1].sum()


def an_entry_of_the_residuals(a):
    x, res, _, _ = np.linalg.lstsq(a, a[0], rcond=None)
    y = 2.0 * res[0]
    return y


def values_of_least_squares(a):
    x, _, _, s = np.linalg.lstsq(a, a[0], rcond=None)
    y = s[0]
    return y * np.sum(x)


@pytest.mark.parametrize(
    ("f", "why"),
    [
        (too_few_names, "unpacked"),
        (residuals, "`residuals` of `np.linalg.lstsq`: it has no rule"),
        (residuals_alone, "it has no rule"),
        (an_entry_of_the_residuals, "it has no rule"),
        (values_of_least_squares, "`s` of `np.linalg.lstsq`"),
    ],
)
@pytest.mark.parametrize("mode", MODES)
def test_refused(f, why, mode):
    with pytest.raises(srcad.UnsupportedError) as caught:
        srcad.grad(f, mode=mode)(A)
    assert why in caught.value.msg


def weights_that_are_written(x: float, n: int) -> float:
    t, w = np.polynomial.legendre.leggauss(n)
    w[0] = x * t[1]
    w[1] *= x
    return np.sum(w * t * w)


def weights_that_are_written_in_a_loop(x: float, n: int) -> float:
    s = 0.0
    for k in range(1, n):
        t, w = np.polynomial.laguerre.laggauss(k)
        w[0] = x * t[0]
        w *= x
        s = s + np.sum(w * t * w) * s + x
    return s


def weights_on_one_path(x: float, n: int) -> float:
    t, w = x * np.ones(2), np.ones(3)
    if n > 2:
        t, w = np.polynomial.legendre.leggauss(n)
        w *= x
    return np.sum(t * t) * np.sum(w)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("n", [2, 3, 5])
@pytest.mark.parametrize(
    "program",
    [weights_that_are_written, weights_that_are_written_in_a_loop, weights_on_one_path],
)
def test_constants_that_are_written(program: Any, n: int, mode: Any) -> None:
    x = 0.8
    value, slope = srcad.value_and_grad(program, mode=mode)(x, n)
    assert value == program(x, n)
    assert slope == pytest.approx(difference_quotient(program, (x, n), (1.0, None), 1e-4), rel=1e-7)
