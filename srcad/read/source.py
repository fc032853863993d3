"""The source of one function: its tree, the lines of its file, and what its names mean."""

from __future__ import annotations

import types
from dataclasses import dataclass
from typing import Protocol

from srcad.read.tree import Node


class Unresolved(LookupError):
    """A name whose meaning is not known, and why.

    >>> print(Unresolved("k", "it has no value yet"))
    `k`: it has no value yet
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name = name
        self.reason = reason

    def __str__(self) -> str:
        return f"`{self.name}`: {self.reason}"


class Names(Protocol):
    """A namespace, or something that is asked like one."""

    def get(self, name: str, default: object, /) -> object:
        """The value of a name."""
        ...


class Scope(Protocol):
    """What the names that a function does not assign itself stand for."""

    def lookup(self, name: str) -> object:
        """The object that `name` means: closures first, then globals, then builtins.

        Raises `Unresolved` when that is not known.
        """
        ...

    def places(self, name: str) -> list[tuple[Names, str]]:
        """Where that may change: the namespaces asked for it, and the name that it has there."""
        ...


@dataclass(frozen=True, eq=False)
class Source:
    """A function as it is written. Two sources are equal only if they are the same object.

    The tree is shared by all who ask for it: it is to be read, not changed.
    """

    name: str  #: the name in the `def`; `lambda_` for a lambda
    tree: Node  #: a gast function definition, with its decorators; positions are those of the file
    filename: str
    lines: tuple[str, ...]  #: of the whole file, without line ends
    scope: Scope
    function: types.FunctionType | None  #: None if the file was read without being executed
    flags: int  #: of the `__future__` imports that the function was compiled under
