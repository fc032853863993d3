"""Run the benchmarks named on the command line, or all of them."""

import platform
import sys
import traceback

from . import (
    call_overhead,
    element_time,
    generation_time,
    import_time,
    kernels,
    lorenz,
    rosenbrock,
    sigmoid,
)

BENCHMARKS = {
    "sigmoid": sigmoid.run,
    "lorenz": lorenz.run,
    "rosenbrock": rosenbrock.run,
    "kernels": kernels.run,
    "element_time": element_time.run,
    "call_overhead": call_overhead.run,
    "generation_time": generation_time.run,
    "import_time": import_time.run,
}


def main(names: list[str]) -> None:
    """Run the benchmarks of these names; print what goes wrong, and go on."""
    parts = {name: kernels.runner(name) for name in kernels.MODULES}
    known = {**BENCHMARKS, **parts}
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"No benchmark {', '.join(unknown)}; there are {', '.join(known)}.")
        return
    print(f"Python {platform.python_version()} on {platform.machine()}")
    for name in names or BENCHMARKS:
        try:
            known[name]()
        except Exception:
            # One benchmark that breaks must not hide the numbers of the others.
            print(f"\n{name} stopped:\n{traceback.format_exc()}")


if __name__ == "__main__":
    main(sys.argv[1:])
