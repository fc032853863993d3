"""How code is written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """How code is written: whose names, which alphabet, whether it is simplified.

    ``foreign`` is the library of the arrays that it is for, where they are not NumPy's.
    """

    names: str = "user"
    ascii: bool = False
    optimize: bool = True
    foreign: str = ""
