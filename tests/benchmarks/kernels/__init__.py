"""NumPy kernels, each beside the best adjoint that we can write by hand.

``python -m tests.benchmarks kernels`` compares all, and prints the geometric mean;
``python -m tests.benchmarks stencils`` those of one file.
"""

from collections.abc import Callable

from ..program import compare
from . import black_scholes, bundle, cholesky, mixture, networks, seidel, stencils

MODULES = {
    "stencils": stencils,
    "seidel": seidel,
    "cholesky": cholesky,
    "networks": networks,
    "mixture": mixture,
    "bundle": bundle,
    "black_scholes": black_scholes,
}
PROGRAMS = tuple(program for module in MODULES.values() for program in module.PROGRAMS)


def run() -> None:
    """Compare and time all of them."""
    compare(PROGRAMS)


def runner(name: str) -> Callable[[], None]:
    """What compares and times those of one file."""
    return lambda: compare(MODULES[name].PROGRAMS)
