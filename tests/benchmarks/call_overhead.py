"""What the `Derivative` object adds to each call of the function that it generated."""

import math
from collections.abc import Callable
from typing import Any

import srcad

from .report import against, print_table
from .timing import call_timer, interleaved

TARGET_MICROSECONDS = 0.5


def sigmoid(x: float, a: float) -> float:
    """The sigmoid of ``a*x``: so short that a call of its gradient is mostly the call."""
    return 1 / (1 + math.exp(-a * x))


def generated_function(derivative: Any, arguments: tuple[Any, ...]) -> Callable[..., Any]:
    """The plain function inside a derivative, for arguments of these kinds."""
    compiled = getattr(derivative, "compiled", None)
    if compiled is not None:
        function: Callable[..., Any] = compiled(*arguments)
        return function
    # The source is a whole module.  What it defines last is what its other functions serve.
    namespace: dict[str, Any] = {"math": math}
    exec(derivative.source, namespace)
    functions = [value for value in namespace.values() if hasattr(value, "__code__")]
    last: Callable[..., Any] = functions[-1]
    return last


def run() -> None:
    """Time the same gradient called through its object and called directly."""
    arguments = (0.7, 1.3)
    derivative = srcad.grad(sigmoid, wrt=(0, 1))
    direct = generated_function(derivative, arguments)
    if direct(*arguments) != derivative(*arguments):
        print("\nThe generated function and its Derivative object differ; not timed")
        return
    through, plain = interleaved([call_timer(f, arguments) for f in (derivative, direct)])
    overhead = 1e6 * (through.minimum - plain.minimum)
    row = (
        "gradient of a sigmoid",
        f"{1e6 * plain.minimum:.3f} µs",
        f"{1e6 * through.minimum:.3f} µs",
        f"{overhead:.3f} µs",
        f"{1e6 * (through.median - plain.median):.3f} µs",
        against(overhead, TARGET_MICROSECONDS, "µs"),
    )
    header = ("call", "direct", "Derivative", "overhead min", "median", "target")
    print_table("Overhead of a call", header, [row])
