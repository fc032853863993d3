"""The command line: `python -m tests.fuzz N`, with options that `--help` lists."""

from __future__ import annotations

import argparse
import sys

from tests.fuzz.run import FAMILIES, run


def main() -> int:
    """Run, report, and fail if anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("count", type=int, help="how many programs")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first program")
    parser.add_argument("--shrink", type=int, default=5, help="how many failures to shrink")
    parser.add_argument("--memory", action="store_true", help="half of them write to arrays")
    parser.add_argument("--family", default="", choices=sorted(FAMILIES), help="what they all do")
    options = parser.parse_args()
    counts = run(
        options.count,
        options.seed,
        options.jobs,
        options.first,
        options.shrink,
        options.memory,
        options.family,
    )
    for text in counts.wrong[:20]:
        print(text, end="\n\n")
    print(counts)
    return 1 if counts.wrong or counts.invalid else 0


if __name__ == "__main__":
    sys.exit(main())
