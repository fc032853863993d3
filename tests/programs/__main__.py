"""How much of the corpus is accepted: `python -m tests.programs [theme ...]`, and why the rest not.

Names of themes may be the beginning only: `python -m tests.programs memory_`.
"""

from __future__ import annotations

import sys
from collections import defaultdict

import srcad
from tests.agreement import MODES, differentiable_arguments, is_refusal, is_scalar, run
from tests.programs import Program, corpus


def refusal(program: Program, mode: str) -> str | None:
    """Why the gradient at the first point is refused (the jvp or vjp of a result of arrays)."""
    args = program.points[0]
    wrt = differentiable_arguments(args)
    _, given = run(lambda *a: None, args)
    try:
        if is_scalar(run(program.function, args)[0]):
            srcad.grad(program.function, mode=mode, wrt=wrt)(*given)
        elif mode == "reverse":
            srcad.vjp(program.function, *given)
        else:
            seeds = [a * 1.0 if k in wrt else None for k, a in enumerate(given)]
            srcad.jvp(program.function, given, seeds)
    except Exception as error:
        why = str(getattr(error, "msg", "") or error).strip().splitlines()[-1].strip()
        return why if is_refusal(error) else f"FAILS: {type(error).__name__}: {why}"
    return None


def main(themes: list[str]) -> None:
    """Print each refused program, then the counts."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for program in corpus():
        theme = program.name.partition(".")[0]
        if program.refused is not None or not any(theme.startswith(t) for t in themes or [""]):
            continue
        for mode in MODES:
            why = refusal(program, mode)
            counts[theme][why is not None] += 1
            if why is not None:
                print(f"{program.name}, {mode}: {why}")
    print()
    for theme, (accepted, not_accepted) in counts.items():
        print(f"{theme:28} accepted {accepted:4}, refused {not_accepted:4}")


if __name__ == "__main__":
    main(sys.argv[1:])
