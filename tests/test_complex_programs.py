"""Programs with complex values, in both modes: against differences of the functions themselves.

The gradient with respect to ``z = x + iy`` is ``∂L/∂x - i ∂L/∂y``; each of the two is a difference
of sixth order, which for these functions is exact to ten digits.  The two modes are held against
each other more closely.
"""

from __future__ import annotations

import copy
import importlib.util
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import srcad
from tests import oracle
from tests.complex_programs import at_random, corpus
from tests.complex_programs.matrices import A3

WEIGHTS = (45 / 60, -9 / 60, 1 / 60)
STEP = 2.0**-9
POINTS = [
    pytest.param(f, point, order, id=f"{f.__module__.rpartition('.')[2]}.{f.__name__}-{k}")
    for f, points, order in corpus()
    for k, point in enumerate(points)
]


def is_smooth(x: Any) -> bool:
    return np.asarray(x).dtype.kind in "fc"


def slope(f: Any, args: Any, k: int, direction: Any) -> float:
    def at(distance: float) -> float:
        moved = copy.deepcopy(list(args))
        moved[k] = moved[k] + distance * direction
        return float(f(*moved))

    step = STEP * float(np.max(np.abs(args[k])) or 1.0)
    terms = [w * (at((n + 1) * step) - at(-(n + 1) * step)) for n, w in enumerate(WEIGHTS)]
    return sum(terms) / step


def gradient(f: Any, args: Any, k: int) -> Any:
    """By differences along the two parts of each entry."""
    x = np.asarray(args[k])
    found = np.zeros(x.shape, x.dtype)
    for index in np.ndindex(x.shape):
        unit = np.zeros(x.shape)
        unit[index] = 1.0
        unit = unit if x.ndim else 1.0
        found[index] = slope(f, args, k, unit)
        if x.dtype.kind == "c":
            found[index] -= 1j * slope(f, args, k, 1j * unit)
    return found


@pytest.mark.parametrize(("f", "point", "order"), POINTS)
def test_gradient(f: Any, point: Any, order: int) -> None:
    check_gradient(f, point)


# A view of the real parts of objects is none: what is written to it would not be seen.  And
# ``cmath`` takes no other numbers than Python's own, and ``np.linalg`` than NumPy's.
OF_NUMBERS_ONLY = {"real_parts_written", "roots_of_a_square", "phasors"}


@pytest.mark.parametrize(
    ("f", "point", "order"),
    [
        each
        for each in POINTS
        if each.values[0].__name__ not in OF_NUMBERS_ONLY
        and not each.values[0].__module__.endswith(".matrices")
    ],
)
def test_against_dual_numbers(f: Any, point: Any, order: int) -> None:
    """The function itself, run on complex dual numbers: exact to rounding."""
    wrt = tuple(k for k, x in enumerate(point) if is_smooth(x))
    want = oracle.gradient(f, copy.deepcopy(point), wrt)
    got = srcad.grad(f, wrt=wrt)(*copy.deepcopy(point))
    size = max(float(np.max(np.abs(each), initial=0.0)) for each in want)
    for k, one, other in zip(wrt, got, want, strict=True):
        assert np.max(np.abs(one - other), initial=0.0) <= 1e-12 * size, f"argument {k}"


@pytest.mark.parametrize("part", range(5))
def test_random_programs(part: int, tmp_path: Path) -> None:
    refused = 0
    for seed in range(20 * part, 20 * part + 20):
        path = tmp_path / f"program_{seed}.py"
        path.write_text(f"import numpy as np\n\n\n{at_random.program(seed)}", encoding="utf-8")
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        a, b = np.array([0.7, -0.5, 0.9]), np.array([0.4 + 0.3j, 0.8 - 0.5j, 0.6 + 0.7j])
        try:
            check_gradient(module.f, (0.6, 0.8 - 0.4j, a, b))
        except srcad.SrcadError as error:
            if "please report" in str(error):
                raise
            refused += 1
    assert refused <= 2


def check_gradient(f: Any, point: Any) -> None:
    """Both modes, optimised and not, twice, against differences and against each other."""
    wrt = tuple(k for k, x in enumerate(point) if is_smooth(x))
    kink = f.__name__ == "size_of_zero"  # a difference is no derivative there; 0 is taken
    want = [gradient(f, point, k) if not (kink and k == 0) else 0j for k in wrt]
    first: Any = None
    for mode, optimize in itertools.product(("reverse", "forward"), (True, False)):
        derivative = srcad.value_and_grad(f, mode=mode, wrt=wrt, optimize=optimize)
        given = copy.deepcopy(point)
        value, got = derivative(*given)
        assert value == pytest.approx(f(*copy.deepcopy(point)), rel=1e-13)
        size = max(float(np.max(np.abs(each), initial=0.0)) for each in want)
        for k, one, other in zip(wrt, got, want, strict=True):
            what = f"{mode}, optimize={optimize}, argument {k}"
            assert np.shape(one) == np.shape(point[k]), what
            assert np.asarray(one).dtype == np.asarray(point[k]).dtype, what
            assert np.max(np.abs(one - other), initial=0.0) <= 1e-9 * size, what
        again = derivative(*given)[1]
        assert all(map(np.array_equal, again, got)), f"{mode}: the second call"
        assert all(map(np.array_equal, given, point)), f"{mode}: arguments afterwards"
        first = first or got
        for one, other in zip(got, first, strict=True):
            assert np.max(np.abs(one - other), initial=0.0) <= 1e-13 * size, f"{mode}: the modes"


@pytest.mark.parametrize(("f", "point", "order"), [p for p in POINTS if p.values[2] > 1])
def test_second_order(f: Any, point: Any, order: int) -> None:
    srcad.check_grads(f, point, order=order)


def ground_state(a: Any) -> Any:
    v = np.linalg.eigh(a)[1]
    return np.real(v[:, 0].conj() @ A3 @ v[:, 0]) + np.abs(v[1, 2]) ** 3


def of_eigenvalues(a: Any) -> Any:
    w, v = np.linalg.eigh(a, UPLO="U")
    return np.sum(np.abs((v * np.exp(w)) @ v.conj().T @ A3) ** 2) + w[0]


def unitary_part(a: Any) -> Any:
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    return np.sum(np.abs(u @ vt + A3) ** 2) + np.sum(np.abs(u[0]) ** 3 * s)


def right_vectors(a: Any) -> Any:
    vt = np.linalg.svd(a.T, full_matrices=False)[2]
    return np.sum(np.abs(vt @ A3) ** 3)


@pytest.mark.parametrize("f", [ground_state, of_eigenvalues, unitary_part, right_vectors])
def test_complex_vectors(f: Any) -> None:
    """Of what does not depend on their phases: in reverse mode, since no tangent tells that."""
    got = srcad.grad(f)(A3)
    want = gradient(f, (A3,), 0)
    assert np.max(np.abs(got - want)) <= 1e-9 * np.max(np.abs(want))
    with pytest.raises(srcad.UnsupportedError, match="their phases are arbitrary"):
        srcad.grad(f, mode="forward")(A3)


@pytest.mark.parametrize(
    "f",
    [
        lambda a: np.linalg.eigh(a)[1][1, 0].imag,
        lambda a: np.sum(np.linalg.svd(a, full_matrices=False)[0]).real,
        lambda a: np.linalg.svd(a, full_matrices=False)[2][0, 1].real,
    ],
)
def test_a_phase_has_no_derivative(f: Any) -> None:
    with pytest.raises(ValueError, match="depends on the phases of complex eigenvectors"):
        srcad.grad(f)(A3 + A3.conj().T)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_a_complex_result_has_no_gradient(mode: Any) -> None:
    for f, x in ((lambda z: z * z, 1j), (lambda z: np.sum(z * z), np.ones(2) * 1j)):
        with pytest.raises(srcad.ArgumentError, match=r"complex; take \.real, \.imag or abs"):
            srcad.grad(f, mode=mode)(x)


def test_what_is_real_takes_real_tangents_and_adjoints() -> None:
    f = lambda x, z: (x * z, x * abs(z))
    with pytest.raises(srcad.ArgumentError, match="its tangent must be real"):
        srcad.jvp(f, (1.0, 1j), (1j, 1j))
    _, pullback = srcad.vjp(f, 1.0, 1j)
    with pytest.raises(srcad.ArgumentError, match="takes a real adjoint"):
        pullback((1j, 1j))
    assert pullback((1 + 2j, 0.5)) == (-1.5, 1 + 1.5j)


def test_numpy_numbers_are_taken_as_they_are() -> None:
    f = lambda z: (z.conj() * z * z).imag
    z = 0.3 + 0.4j
    assert srcad.grad(f)(np.complex128(z)) == srcad.grad(f, mode="forward")(np.complex128(z))
    g = lambda x: np.sum(np.abs(np.fft.fft(x)))
    for dtype in ("complex64", "float32"):
        x = np.array([1.0, 2.0, -0.5]).astype(dtype)
        assert srcad.grad(g)(x).dtype == dtype


def test_check_grads_finds_a_wrong_complex_derivative(monkeypatch: pytest.MonkeyPatch) -> None:
    """The conjugate, of the other convention."""
    from srcad.rules.table import _OF_COMPLEX

    monkeypatch.setitem(_OF_COMPLEX, "np.conjugate", _OF_COMPLEX["np.real"])
    with pytest.raises(AssertionError):
        srcad.check_grads(lambda z: np.sum(np.conjugate(z) * z * z).imag, (np.array([1j, 2.0]),))
