"""The example scripts: they run, and they print the numbers of the lecture.

The numbers expected are computed here, by the formulas that one derives by hand.
"""

import importlib
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.py"))


def exactly(expected):
    """Equal but for the rounding of some dozen operations."""
    return pytest.approx(expected, rel=1e-13, abs=0.0)


def module(name):
    return importlib.import_module(f"examples.{name}")


@pytest.fixture(scope="module")
def printed():
    """What each script prints, run as a user runs it."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    runs = {}
    for name in EXAMPLES:
        done = subprocess.run(
            [sys.executable, str(ROOT / "examples" / f"{name}.py")],
            env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        assert (done.returncode, done.stderr) == (0, ""), name
        runs[name] = done.stdout
    return runs


@pytest.mark.parametrize("name", EXAMPLES)
def test_importing_prints_nothing(name, capsys):
    sys.modules.pop(f"examples.{name}", None)
    module(name)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_script_prints_what_main_prints(name, printed, capsys):
    module(name).main()
    assert capsys.readouterr().out == printed[name] != ""


# -- exercise I ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("x", "a"), [(0.5, 2.0), (-1.25, 0.75), (0.0, 3.0), (2.0, -1.5)])
def test_sigmoid(x, a):
    y = 1 / (1 + math.exp(-a * x))
    sigmoid = module("sigmoid").sigmoid
    assert sigmoid.primal(x, a) == exactly(y)
    assert sigmoid(x, a) == exactly((a * y * (1 - y), x * y * (1 - y)))


def test_sigmoid_printed(printed):
    y = 1 / (1 + math.exp(-1.0))
    dx, da = 2.0 * y * (1 - y), 0.5 * y * (1 - y)
    assert f"y  = {y:.6f} " in printed["sigmoid"]
    assert printed["sigmoid"].count(f"dx = {dx:.6f}, da = {da:.6f} ") == 3


# -- exercise II ---------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize(("x1", "x2"), [(2.0, 3.0), (-0.5, 1.5), (0.0, 0.25)])
def test_exercise2(mode, x1, x2):
    gradient = getattr(module("exercise2"), mode)
    assert gradient(x1, x2) == exactly((x2 + math.cos(x1), x1))


def test_exercise2_printed(printed):
    assert printed["exercise2"].count(f"{3 + math.cos(2.0):.6f}, 2.000000") == 3


# -- exercise III --------------------------------------------------------------------------------


def sig(a):
    return 1 / (1 + math.exp(-a))


def forward_pass(b1, w1A, w1B, b2, w2A, w2B, b3, w31, w32):
    h1, h2 = sig(b1 + w1A + w1B), sig(b2 + w2A + w2B)
    h3 = math.tanh(b3 + w31 * h1 + w32 * h2)
    return h1, h2, h3, 0.5 * (0.5 - h3) ** 2


def backward_pass(*weights):
    """The formulas of the notes, with both inputs 1."""
    *_, w31, w32 = weights
    h1, h2, h3, _ = forward_pass(*weights)
    d3 = (h3 - 0.5) * (1 - h3**2)
    d1 = d3 * w31 * h1 * (1 - h1)
    d2 = d3 * w32 * h2 * (1 - h2)
    return d1, d1, d1, d2, d2, d2, d3, d3 * h1, d3 * h2


WEIGHTS = (0.1, 0.1, 0.8, 0.1, 0.4, 0.6, 0.1, 0.3, 0.9)
GRADIENT = backward_pass(*WEIGHTS)
UPDATED = tuple(w - dw for w, dw in zip(WEIGHTS, GRADIENT, strict=True))


def test_the_formulas_give_the_numbers_of_the_notes():
    assert forward_pass(*WEIGHTS) == pytest.approx((0.7311, 0.7503, 0.7593, 0.0336), abs=5e-5)
    nine = (*3 * [0.0065], *3 * [0.0185], 0.1098, 0.0803, 0.0824)
    assert pytest.approx(nine, abs=5e-5) == GRADIENT
    assert forward_pass(*UPDATED) == pytest.approx((0.7272, 0.7397, 0.6380, 0.0095), abs=5e-5)


def test_neuron_scalars():
    network = module("neuron_scalars")
    loss, gradient = network.loss_and_gradient(*WEIGHTS, 1.0, 1.0, 0.5)
    assert loss == exactly(forward_pass(*WEIGHTS)[-1])
    assert gradient == exactly(GRADIENT)
    updated = network.updated(WEIGHTS, gradient)
    assert updated == exactly(UPDATED)
    assert network.loss(*updated, 1.0, 1.0, 0.5) == exactly(forward_pass(*UPDATED)[-1])


def test_neuron_matrices():
    network = module("neuron_matrices")
    loss, (dW, dV) = network.loss_and_gradient(network.W, network.V, network.X, 0.5)
    assert loss == exactly(forward_pass(*WEIGHTS)[-1])
    assert (dW.shape, dV.shape) == ((2, 3), (3,))
    assert (*dW.ravel(), *dV) == exactly(GRADIENT)
    after = network.loss(network.W - dW, network.V - dV, network.X, 0.5)
    assert after == exactly(forward_pass(*UPDATED)[-1])


@pytest.mark.parametrize("name", ["neuron_scalars", "neuron_matrices"])
def test_neuron_printed(name, printed):
    first, second = forward_pass(*WEIGHTS), forward_pass(*UPDATED)
    losses = [line for line in printed[name].splitlines() if "loss" in line]
    assert losses == [f"  loss = {first[-1]:.4f}", f"  loss = {second[-1]:.4f}"]
    assert losses == ["  loss = 0.0336", "  loss = 0.0095"]
    for number in (*first[:3], *second[:3], *GRADIENT, *UPDATED):
        assert f"{number:.4f}" in printed[name]


# -- loops ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("x", [0.5, 2.0, 9.0, 100.0, 1e-3])
def test_newton(x):
    # The iteration converges quadratically, and so does its derivative: 1e-12 is the stop's.
    assert module("newton").derivative(x) == pytest.approx(0.5 / math.sqrt(x), rel=1e-11)


def test_newton_where_the_loop_is_not_entered():
    assert module("newton").derivative(1.0) == 1.0


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("n", [0, 1, 10])
def test_logistic(mode, n):
    a, b, y = 1.5, -0.5, 0.25
    total = [0.0, 0.0, 0.0]
    dy = [0.0, 0.0, 1.0]  # of the current y, by a, b and the first y
    for _ in range(n):
        z = sig(a * y + b)
        direct = (y, 1.0, 0.0)
        dy = [z * (1 - z) * (one + a * d) for one, d in zip(direct, dy, strict=True)]
        total = [t + d for t, d in zip(total, dy, strict=True)]
        y = z
    gradient = getattr(module("logistic"), mode)
    assert gradient(a, b, 0.25, n) == pytest.approx(tuple(total), rel=1e-12, abs=0.0)


# -- data in several processes ---------------------------------------------------------------------


def test_data_parallel_gradient(printed):
    example = module("data_parallel_gradient")
    X, t = example.data()
    w = np.linspace(-1.0, 1.0, X.shape[1])
    z = t * (X @ w)
    value, gradient = example.loss(w, X, t)
    assert value == exactly(np.mean(np.logaddexp(0.0, -z)))
    np.testing.assert_allclose(gradient, -(t / (1 + np.exp(z))) @ X / len(t), rtol=1e-12)
    lines = printed["data_parallel_gradient"].splitlines()
    assert lines[-1] == "equal: True"
    losses = [float(line.split()[-1]) for line in lines if line.startswith("loss")]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] == pytest.approx(math.log(2), abs=1e-6)


# -- what the README shows -----------------------------------------------------------------------


def test_the_readme_shows_what_make_demo_prints(monkeypatch, capsys):
    from srcad.show.command import main

    monkeypatch.chdir(ROOT)
    assert main(["examples/sigmoid.py", "--mode", "both"]) == 0
    assert f"```\n{capsys.readouterr().out}```" in (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "-m srcad.show examples/sigmoid.py --mode both\n" in makefile
