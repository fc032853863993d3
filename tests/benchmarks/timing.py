"""Timing competitors in turn, so that what disturbs one disturbs the other."""

import statistics
import timeit
from collections.abc import Callable, Sequence
from dataclasses import dataclass

REPEATS = 31
SAMPLE_SECONDS = 4e-3


@dataclass(frozen=True)
class Times:
    """The repeated measurements of one competitor, in seconds a call."""

    samples: tuple[float, ...]

    @property
    def minimum(self) -> float:
        """The least disturbed sample."""
        return min(self.samples)

    @property
    def median(self) -> float:
        """The typical sample."""
        return statistics.median(self.samples)


def call_timer(function: Callable[..., object], arguments: tuple[object, ...]) -> timeit.Timer:
    """A timer of ``function(*arguments)``, with each argument written out as in a user's call."""
    # `f(*arguments)` would be another, slower, kind of call than the one that users write.
    names = [f"x{i}" for i in range(len(arguments))]
    statement = f"function({', '.join(names)})"
    namespace = dict(zip(names, arguments, strict=True))
    return timeit.Timer(statement, globals={"function": function, **namespace})


def interleaved(timers: Sequence[timeit.Timer], repeats: int = REPEATS) -> list[Times]:
    """Time each of `timers` `repeats` times, A B A B, each sample long enough for the clock."""
    # Calibrating also warms up: first calls generate code, and CPython specialises hot code.
    numbers = [_calls_for_one_sample(timer) for timer in timers]
    samples: list[list[float]] = [[] for _ in timers]
    for _ in range(repeats):
        for timer, number, seconds in zip(timers, numbers, samples, strict=True):
            seconds.append(timer.timeit(number) / number)
    return [Times(tuple(seconds)) for seconds in samples]


def _calls_for_one_sample(timer: timeit.Timer) -> int:
    """How many calls take about `SAMPLE_SECONDS`."""
    number = 1
    while (seconds := timer.timeit(number)) < SAMPLE_SECONDS / 2:
        number *= 2
    return max(1, round(number * SAMPLE_SECONDS / seconds))
