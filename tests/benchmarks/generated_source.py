"""Functions of any length: made as text, imported from a file, so that their source is found."""

import importlib.util
import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ScalarFunction = Callable[[Any, float], float]

_serial = itertools.count()


@contextmanager
def imported(source: str) -> Iterator[ScalarFunction]:
    """The function `f` of a module with this source; the file lasts as long as the context."""
    with tempfile.TemporaryDirectory() as directory:
        # A fresh name each time: nothing cached for one file may answer for another.
        name = f"benchmark_{next(_serial)}"
        path = Path(directory, f"{name}.py")
        path.write_text(source, encoding="utf-8")
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        function: ScalarFunction = module.f
        yield function


def fifty_lines() -> str:
    """A function with a body of 50 lines: branches and loops, as people write them."""
    block = [
        "if y > {c}:",
        "    y = y * math.cos(a * y) + {c} * x",
        "else:",
        "    y = math.exp(-a * y * y) - x / (2.0 + y * y)",
        "for k in range(3):",
        "    y = 0.5 * y + {c} * math.sin(a * y) * x",
    ]
    lines = [line.format(c=number / 8) for number in range(1, 9) for line in block]
    return _function(["y = x", *lines])


def fifty_lines_of_arrays() -> str:
    """A function of an array with a body of 50 lines: products, views, writes, reductions."""
    forms = (
        "y = y * np.cos(a * y) + {c} * x",
        "z = np.exp(-a * y * y) @ x",
        "y = y + z * x",
        "w = y[1:] - y[:-1]",
        "y = np.tanh(y) - w.sum() * x",
        "v = y.copy()",
        "v[0] = v[1] * a",
    )
    lines = [forms[n % len(forms)].format(c=n / 8) for n in range(49)]
    return _function(["y = np.sin(x) * a", *lines], "(y * v).sum()", "import numpy as np")


def straight_line(count: int) -> str:
    """`count` statements, each with a name of its own and reading the three before it."""
    forms = (
        "v{i} = v{p} * v{q} + a",
        "v{i} = math.sin(v{p}) - 0.5 * v{r}",
        "v{i} = v{p} / (1.0 + v{q} * v{q})",
        "v{i} = math.exp(-v{p} * v{p}) * x",
        "v{i} = 0.5 * (v{p} + v{r})",
    )
    lines = ["v0 = x", "v1 = a", "v2 = x * a"]
    for i in range(3, count):
        lines.append(forms[i % len(forms)].format(i=i, p=i - 1, q=i - 2, r=i - 3))
    return _function(lines, f"v{count - 1}")


def rebinding(count: int) -> str:
    """`count` statements that overwrite two names again and again."""
    forms = (
        "y = y * z + a",
        "z = math.sin(y) - 0.5 * z",
        "y = y / (1.0 + z * z)",
        "z = math.exp(-y * y) * x",
    )
    lines = ["y = x", "z = a"]
    lines += [forms[i % len(forms)] for i in range(count - 2)]
    return _function(lines, "y + z")


def sum_in_a_chain(count: int) -> str:
    """One expression, ``t + t + ...``: a tree as deep as it has terms."""
    return f"def f(x, a):\n    return {' + '.join(_terms(count))}\n"


def sum_in_groups(count: int) -> str:
    """One expression, ``(t + ... + t) + (t + ... + t) + ...``: a broad tree."""
    terms = _terms(count)
    groups = [f"({' + '.join(terms[i : i + 50])})" for i in range(0, count, 50)]
    return f"def f(x, a):\n    return {' + '.join(groups)}\n"


def _terms(count: int) -> list[str]:
    return ["x * a" if i % 2 else f"{i}.0 * x" for i in range(count)]


def _function(lines: list[str], result: str = "y", imports: str = "import math") -> str:
    return "\n    ".join([f"{imports}\n\n\ndef f(x, a):", *lines, f"return {result}"]) + "\n"
