"""What the command line asks for, apart from the file."""

from __future__ import annotations

from dataclasses import dataclass


class UsageError(Exception):
    """The command cannot be carried out as it was given; the message is one sentence."""


@dataclass(frozen=True)
class Settings:
    """The options.  ``None`` is for what was not given: then the function's own option holds."""

    mode: str | None = None  #: forward, reverse or both
    wrt: tuple[int | str, ...] | None = None
    names: str | None = None
    ascii: bool = False
    stages: bool = False
    at: str | None = None
    format: str = "python"
    axes: tuple[tuple[str, int], ...] = ()  #: parameters that are arrays, and of how many axes


def axes_of(text: str) -> tuple[tuple[str, int], ...]:
    """The numbers of axes of a list with commas.

    >>> axes_of("b=1, t=2")
    (('b', 1), ('t', 2))
    """
    found: list[tuple[str, int]] = []
    for part in text.split(","):
        name, _, number = (each.strip() for each in part.partition("="))
        if not name or not number.isdecimal() or int(number) > 32:
            raise UsageError(f"--axes takes numbers of axes, as in b=1,t=2, not {text!r}")
        found.append((name, int(number)))
    return tuple(found)


def wrt_of(text: str) -> tuple[int | str, ...]:
    """The names and positions of a list with commas.

    >>> wrt_of("x, 1,-1")
    ('x', 1, -1)
    """
    found: list[int | str] = []
    for part in (each.strip() for each in text.split(",")):
        if not part:
            raise UsageError(f"--wrt takes names or positions with commas between, not {text!r}")
        try:
            found.append(int(part))
        except ValueError:
            found.append(part)
    return tuple(found)
