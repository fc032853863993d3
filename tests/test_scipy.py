"""Programs that use SciPy: by which name they reach it, and what is not imported for others."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import srcad
from tests.agreement import MODES

pytest.importorskip("scipy")

import scipy
import scipy.linalg
import scipy.special
import scipy.special as sc
from scipy import special as functions
from scipy.linalg import cho_factor, cho_solve
from scipy.special import gammaln

K = np.array([[4.0, 0.1, 0.3], [0.2, 3.0, 0.1], [0.1, 0.1, 2.0]])
Y = np.array([1.0, 2.0, 3.0])


def by_module(x):
    return scipy.special.gammaln(x)


def by_short_name(x):
    return sc.gammaln(x)


def by_another_name(x):
    return functions.gammaln(x)


def by_function(x):
    return gammaln(x)


special = 2.0


def beside_a_constant(x):
    return gammaln(x) * special


@pytest.mark.parametrize(
    ("f", "written"),
    [
        (by_module, "scipy.special.psi(x)"),
        (by_short_name, "sc.psi(x)"),
        (by_another_name, "functions.psi(x)"),
        (by_function, "special2.psi(x)"),
        (beside_a_constant, "special * special2.psi(x)"),
    ],
)
def test_names(f, written):
    gradient = srcad.grad(f)
    factor = 2.0 if f is beside_a_constant else 1.0
    assert gradient(2.5) == pytest.approx(factor * scipy.special.psi(2.5), rel=1e-15)
    assert written in gradient.source
    space: dict[str, object] = {}
    exec(compile(gradient.standalone(), "alone.py", "exec"), space)
    assert space[f"{f.__name__}_grad"](2.5) == gradient(2.5)


def likelihood(k, y):
    factor = cho_factor(k, lower=True)
    return y @ cho_solve(factor, y)


def likelihood_in_parts(k, y):
    c, low = cho_factor(k, lower=True)
    return y @ cho_solve((c, low), y)


def likelihood_by_solve(k, y):
    return y @ np.linalg.solve(np.tril(k) + np.tril(k, -1).T, y)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("f", [likelihood, likelihood_in_parts])
def test_factor_and_solve(f, mode):
    step = 1e-3
    want = np.zeros_like(K)
    for index in np.ndindex(K.shape):
        e = np.zeros_like(K)
        e[index] = step
        near = likelihood_by_solve(K + e, Y) - likelihood_by_solve(K - e, Y)
        far = likelihood_by_solve(K + 2 * e, Y) - likelihood_by_solve(K - 2 * e, Y)
        want[index] = (8 * near - far) / (12 * step)
    got = srcad.grad(f, mode=mode, wrt=0)(K, Y)
    np.testing.assert_allclose(got, want, rtol=1e-8, atol=1e-10)


FACTOR = cho_factor(K)


def with_a_constant_factor(y):
    return y @ cho_solve(FACTOR, y)


@pytest.mark.parametrize("mode", MODES)
def test_a_factor_that_is_constant(mode):
    want = 2 * cho_solve(FACTOR, Y)
    np.testing.assert_allclose(srcad.grad(with_a_constant_factor, mode=mode)(Y), want, rtol=1e-13)


def by_order(v, x):
    return scipy.special.jv(v, x)


def order_of_the_first(v, x):
    return by_order(v, x) * x


def order_of_the_second(v, x):
    return by_order(x, v) * x


def orders_in_a_tuple(v, x):
    both = (v, x)
    return scipy.special.jv(both[0], both[1])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("f", "wrt", "want"),
    [
        (order_of_the_first, "x", scipy.special.jvp(1.5, 2.0) * 2.0 + scipy.special.jv(1.5, 2.0)),
        (order_of_the_second, "v", scipy.special.jvp(2.0, 1.5) * 2.0),
        (order_of_the_first, "v", None),
        (order_of_the_second, "x", None),
        (orders_in_a_tuple, "v", None),
    ],
)
def test_orders_in_called_functions(f, wrt, want, mode):
    gradient = srcad.grad(f, wrt=wrt, mode=mode)
    if want is not None:
        assert gradient(1.5, 2.0) == pytest.approx(want, rel=1e-13)
        return
    with pytest.raises(srcad.UnsupportedError) as caught:
        gradient(1.5, 2.0)
    assert "it depends on what is differentiated" in caught.value.msg


ORDERS = np.arange(3)


def orders(x):
    return np.sum(scipy.special.jv(ORDERS, x) ** 2)


@pytest.mark.parametrize("mode", MODES)
def test_orders(mode):
    want = srcad.grad(by_order, wrt="x", mode=mode)(1.5, 2.0)
    assert want == pytest.approx(scipy.special.jvp(1.5, 2.0), rel=1e-14)
    values, slopes = scipy.special.jv(ORDERS, 2.0), scipy.special.jvp(ORDERS, 2.0)
    want = np.sum(2 * values * slopes)
    assert srcad.grad(orders, mode=mode)(2.0) == pytest.approx(want, rel=1e-13)


def complex_values(x):
    return sc.lambertw(x)


def without_rule(x):
    return sc.voigt_profile(x, 1.0, 1.0)


def without_rule_in_python(x):
    return scipy.linalg.cosm(x)


def overwriting(k, y):
    return np.sum(scipy.linalg.solve(k, y, overwrite_a=True))


def factored(K, y):
    return scipy.linalg.lu_solve(scipy.linalg.lu_factor(K), y).sum()


REFUSED = [
    (by_order, (1.5, 2.0), "`v=`: it depends on what is differentiated"),
    (complex_values, (1.0,), "its values are complex"),
    (without_rule, (1.0,), "there is no rule for this function"),
    (without_rule_in_python, (Y,), "there is no rule for this function"),
    (factored, (K, Y), "the factor of `lu_factor`: it has no rule"),
    (overwriting, (K, Y), "`overwrite_a=` of `scipy.linalg.solve(...)`: it has no rule"),
]


@pytest.mark.parametrize(("f", "args", "why"), REFUSED)
def test_refused(f, args, why):
    with pytest.raises(srcad.UnsupportedError) as caught:
        srcad.grad(f, wrt=tuple(range(len(args))))(*args)
    assert why in caught.value.msg


def test_not_imported_for_others():
    program = (
        "import sys, math, numpy as np, srcad\n"
        "def f(x):\n    return math.gamma(x) + np.sum(np.linalg.inv(np.array([[x]])))\n"
        "srcad.grad(f)(2.0)\n"
        "print([name for name in sys.modules if name.startswith('scipy')])\n"
    )
    # A function read from standard input has no source: it is written to a file.
    done = subprocess.run(
        [sys.executable, "-c", f"import linecache\ntext = {program!r}\n"
         "linecache.cache['p.py'] = (len(text), None, text.splitlines(True), 'p.py')\n"
         "exec(compile(text, 'p.py', 'exec'), {'__name__': 'p'})"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "[]\n"


def test_on_the_command_line(tmp_path):
    path = tmp_path / "program.py"
    path.write_text(
        "from scipy import special\n\n\ndef f(x):\n    return special.gammaln(x)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "srcad.show", str(path)], capture_output=True, text=True, check=True
    )
    assert "x̄ = special.psi(x)" in done.stdout
