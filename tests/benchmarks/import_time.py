"""What ``import srcad`` adds to ``import numpy``, in fresh interpreters."""

import statistics
import subprocess
import sys

from .report import against, print_table

REPEATS = 11
TARGET_MILLISECONDS = 60.0

# The child times its own import statement: starting the interpreter is nobody's import.
CHILD = """
import time
{before}
start = time.perf_counter()
import {module}
print(time.perf_counter() - start)
"""


def import_milliseconds(module: str, before: str = "") -> float:
    """Import `module` in an interpreter of its own, which has run the statement `before`."""
    command = [sys.executable, "-c", CHILD.format(module=module, before=before)]
    child = subprocess.run(command, check=True, capture_output=True, text=True)
    return 1e3 * float(child.stdout)


def run() -> None:
    """Time the imports in turn, after one of each that writes the bytecode caches.

    The difference of two medians carries the noise of NumPy's import; the import of srcad where
    NumPy is loaded already does not, and should be about the same.
    """
    for module in ("numpy", "srcad"):
        import_milliseconds(module)
    rounds = [
        (
            import_milliseconds("numpy"),
            import_milliseconds("srcad"),
            import_milliseconds("srcad", before="import numpy"),
        )
        for _ in range(REPEATS)
    ]
    numpy, srcad, after_numpy = (statistics.median(times) for times in zip(*rounds, strict=True))
    added = srcad - numpy
    row = (
        f"median of {REPEATS}",
        f"{numpy:.1f} ms",
        f"{srcad:.1f} ms",
        f"{after_numpy:.1f} ms",
        f"{added:.1f} ms",
        against(added, TARGET_MILLISECONDS, "ms"),
    )
    header = ("import", "numpy", "srcad", "srcad after numpy", "srcad - numpy", "target")
    print_table("Import time", header, [row])
