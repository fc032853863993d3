"""Many random programs, counted."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from tests.fuzz.broadcasts import broadcast_case
from tests.fuzz.check import shrink, verdict
from tests.fuzz.generate import case
from tests.fuzz.language import FEATURES, language_case
from tests.fuzz.memory import memory_case
from tests.fuzz.mixed import mixed_case
from tests.fuzz.shapes import shape_case
from tests.fuzz.templates import GROUPS
from tests.fuzz.tree import Case

# Every so many programs one is checked unoptimised as well, each argument alone, and more.
THOROUGH = 16
THOROUGH_OF_MEMORY = 64
FAMILIES: dict[str, Callable[[int, int], Case]] = {
    "memory": memory_case,
    "mixed": mixed_case,
    "shapes": shape_case,
    "broadcasts": broadcast_case,
    "language": language_case,
} | {each: partial(language_case, feature=each) for each in sorted({*FEATURES})}
FAMILIES |= {each: partial(mixed_case, group=each) for each in sorted(GROUPS)}


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


def chosen(seed: int, number: int, memory: bool, family: str = "") -> Case:
    """The program of that number.

    With ``memory`` every second one writes to arrays; all are of a ``family``, if one is named.
    """
    if family:
        return FAMILIES[family](seed, number)
    return memory_case(seed, number) if memory and number % 2 else case(seed, number)


def is_thorough(number: int, memory: bool) -> bool:
    """Every so many, of each of the two families."""
    return number % THOROUGH_OF_MEMORY in (0, 1) if memory else number % THOROUGH == 0


def one(number: int, seed: int, memory: bool = False, family: str = "") -> tuple[str, str]:
    """The verdict on one program; for a wrong one the report."""
    program, thorough = chosen(seed, number, memory, family), is_thorough(number, memory)
    kind, text = verdict(program, thorough)
    if kind == "wrong":
        text = f"{text}\n--- seed {seed}, number {number}\n{program.source}"
    return kind, text


def report(number: int, seed: int, memory: bool = False, family: str = "") -> str:
    """A wrong program, and what is left of it when all that does not matter is gone."""
    program, thorough = chosen(seed, number, memory, family), is_thorough(number, memory)
    small = shrink(program, thorough)
    how = verdict(small, thorough)[1]
    return (
        f"{how}\n--- seed {seed}, number {number}\n{program.source}"
        f"--- shrunken, at {small.points}\n{small.source}"
    )


def run(
    count: int,
    seed: int = 0,
    jobs: int = 1,
    first: int = 0,
    shrunken: int = 5,
    memory: bool = False,
    family: str = "",
) -> Counts:
    """Check programs `first` to `first + count`; shrink the first few that are wrong."""
    counts = Counts()
    numbers = range(first, first + count)
    wrong: list[int] = []
    verdicts = _verdicts(numbers, seed, jobs, memory, family)
    for number, (kind, text) in zip(numbers, verdicts, strict=True):
        if kind == "accepted":
            counts.accepted += 1
        elif kind == "wrong":
            wrong.append(number)
            counts.wrong.append(text)
        else:
            (counts.refused if kind == "refused" else counts.invalid)[text] += 1
    for k, number in enumerate(wrong[:shrunken]):
        counts.wrong[k] = report(number, seed, memory, family)
    return counts


def _verdicts(
    numbers: range, seed: int, jobs: int, memory: bool, family: str
) -> Iterator[tuple[str, str]]:
    task = partial(one, seed=seed, memory=memory, family=family)
    if jobs == 1:
        yield from map(task, numbers)
        return
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap(task, numbers, chunksize=20)
