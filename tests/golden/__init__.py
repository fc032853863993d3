"""Generated sources, kept to the letter: one text file for each program and form.

``python -m tests.golden`` writes all files anew.  What has changed is then read as a diff, and
committed if it is better.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from srcad.build import build
from srcad.derivative import kinds_of
from srcad.pipeline import Options, Program
from srcad.read import source_for
from tests.golden import programs

FOLDER = Path(__file__).parent
SUFFIX = ".py.txt"

OPTIONS = {
    "jvp": Options(),
    "grad": Options(),
    # The forms of the lecture notes: all values numbered, the seed an argument.
    "jvp_w": Options(names="w"),
    "vjp_w": Options(names="w", optimize=False),
}


@dataclass(frozen=True)
class Generated:
    """One generated module."""

    text: str
    function: Callable[..., Any]


@dataclass(frozen=True)
class Case:
    """A program, points that take its paths, the positions of the arguments to differentiate."""

    program: Callable[..., Any]
    points: tuple[tuple[Any, ...], ...]
    wrt: tuple[int, ...]
    forms: tuple[str, ...] = ("jvp", "grad")

    @property
    def name(self) -> str:
        """The program's name."""
        return self.program.__name__

    def path(self, form: str) -> Path:
        """The file that holds the text of a form."""
        return FOLDER / f"{self.name}.{form}{SUFFIX}"

    def generated(self, form: str) -> Generated:
        """The module that a form of the derivative is made as, from the start."""
        program = Program(OPTIONS[form])
        source = source_for(self.program)
        kinds = kinds_of(self.program, list(self.points[0]))
        active = tuple(n in self.wrt for n in range(len(kinds)))
        if form.startswith("jvp"):
            entry = program.tangent(source, kinds, active)
        else:
            seeded = form.startswith("vjp")
            order = () if seeded else self.wrt
            entry = program.gradient(source, kinds, active, seeded=seeded, order=order)
        text = program.text()
        return Generated(text, build(text, entry, program.live_bindings()))


_random = np.random.default_rng(3)


def _array(*shape: int) -> np.ndarray[Any, Any]:
    return _random.uniform(-1, 1, shape)


_LAYERS = (_array(3, 4), _array(4), _array(4, 2), _array(2))

CASES = [
    Case(programs.sigmoid, ((0.7, -1.3),), (0, 1), ("jvp", "grad", "jvp_w", "vjp_w")),
    Case(programs.f, ((0.7, -1.3),), (0, 1)),
    Case(programs.logistic_sum, ((0.7, -0.4, 0.2, 4), (0.7, -0.4, 0.2, 0)), (0, 1, 2)),
    Case(programs.newton_sqrt, ((2.0,), (1.0,)), (0,)),
    Case(programs.hunt, ((0.3, 9), (0.75, 9), (-0.5, 9), (0.3, 0)), (0,)),
    Case(programs.power, ((0.7, 4), (0.7, 0)), (0,)),
    Case(programs.mlp_loss, ((*_LAYERS, _array(5, 3), _array(5, 2)),), (0, 1, 2, 3)),
    Case(programs.swap, ((0.7, 1.2, 3), (0.7, 1.2, 0)), (0, 1)),
    Case(programs.nested_loops, ((0.7, 3), (0.7, 0)), (0,)),
    Case(programs.while_break_else, ((0.7, 5.0), (0.1, 5.0)), (0, 1)),
    Case(programs.early_returns, ((0.7, 1.2), (-0.7, 1.2), (0.7, -1.2)), (0, 1)),
    Case(programs.call_in_loop, ((0.7, 1.2, 3), (0.7, 1.2, 0)), (0, 1)),
    Case(programs.tuple_of_call, ((0.7, 1.2),), (0, 1)),
    Case(programs.bias_of_one, ((_array(3), _array(1)),), (0, 1)),
    Case(programs.rosenbrock, ((_array(4),), (_array(2),)), (0,)),
    Case(programs.likelihood, ((_array(3, 3) + 3 * np.eye(3), _array(3)),), (0, 1)),
    Case(programs.contraction, ((_array(4, 3), _array(3, 3) + 3 * np.eye(3), _array(4)),), (0, 1)),
    Case(programs.shifted, ((_array(5), np.fft.fftfreq(5), 0.7),), (0, 2)),
    Case(programs.corner, ((_array(4),),), (0,)),
    Case(programs.cool, ((_array(4), 0.3),), (0, 1)),
    Case(programs.fisher, ((_array(5), 0.1, 0.2, 3), (_array(5), 0.1, 0.2, 0)), (0, 1, 2)),
    Case(programs.energy, ((_array(3, 2),), (np.zeros((0, 2)),)), (0,)),
    Case(programs.march, ((_array(4), 2), (_array(4), 0)), (0,)),
    Case(programs.orbit, ((0.2, 0.3, 4), (0.2, 0.3, 0)), (0, 1)),
]
FORMS = [(case, form) for case in CASES for form in case.forms]
