"""Many random programs, counted."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from tests.fuzz.check import shrink, verdict
from tests.fuzz.generate import case

# Every so many programs one is checked unoptimised as well, and to second order.
THOROUGH = 8


@dataclass
class Counts:
    """What became of the programs."""

    accepted: int = 0
    invalid: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        refused, invalid = self.refused.total(), self.invalid.total()
        lines = [f"accepted {self.accepted}, refused {refused}, wrong {len(self.wrong)}"]
        lines += [f"  refused {n:6d}  {why}" for why, n in self.refused.most_common(20)]
        if invalid:
            lines.append(f"invalid {invalid}: the generator's own fault")
            lines += [f"  invalid {n:6d}  {why}" for why, n in self.invalid.most_common(5)]
        return "\n".join(lines)


def one(number: int, seed: int) -> tuple[str, str]:
    """The verdict on one program; for a wrong one the report."""
    program, thorough = case(seed, number), number % THOROUGH == 0
    kind, text = verdict(program, thorough)
    if kind == "wrong":
        text = f"{text}\n--- seed {seed}, number {number}\n{program.source}"
    return kind, text


def report(number: int, seed: int) -> str:
    """A wrong program, and what is left of it when all that does not matter is gone."""
    program, thorough = case(seed, number), number % THOROUGH == 0
    small = shrink(program, thorough)
    how = verdict(small, thorough)[1]
    return (
        f"{how}\n--- seed {seed}, number {number}\n{program.source}"
        f"--- shrunken, at {small.points}\n{small.source}"
    )


def run(count: int, seed: int = 0, jobs: int = 1, first: int = 0, shrunken: int = 5) -> Counts:
    """Check programs `first` to `first + count`; shrink the first few that are wrong."""
    counts = Counts()
    numbers = range(first, first + count)
    wrong: list[int] = []
    for number, (kind, text) in zip(numbers, _verdicts(numbers, seed, jobs), strict=True):
        if kind == "accepted":
            counts.accepted += 1
        elif kind == "wrong":
            wrong.append(number)
            counts.wrong.append(text)
        else:
            (counts.refused if kind == "refused" else counts.invalid)[text] += 1
    for k, number in enumerate(wrong[:shrunken]):
        counts.wrong[k] = report(number, seed)
    return counts


def _verdicts(numbers: range, seed: int, jobs: int) -> Iterator[tuple[str, str]]:
    task = partial(one, seed=seed)
    if jobs == 1:
        yield from map(task, numbers)
        return
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap(task, numbers, chunksize=20)
