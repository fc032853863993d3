"""The source of one function: its tree, the lines of its file, and what its names mean."""

from __future__ import annotations

import functools
import types
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import gast

from srcad.read.tree import Node
from srcad.tree import walk

if TYPE_CHECKING:
    from srcad.read.contexts import Context


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
    contexts: tuple[Context, ...] = ()  #: the `with` statements that were around its statements

    @property
    def is_generated(self) -> bool:
        """Whether srcad has written it."""
        return self.filename.startswith("<srcad ")

    @functools.cached_property
    def nodes(self) -> tuple[Node, ...]:
        """All nodes of the function's body, in the order of the source."""
        return tuple(node for stmt in self.tree.body for node in walk(stmt))

    @functools.cached_property
    def identifiers(self) -> frozenset[str]:
        """The names in the function's body."""
        return frozenset(node.id for node in self.nodes if isinstance(node, gast.Name))

    @functools.cached_property
    def assigned(self) -> frozenset[str]:
        """The names that the function's body assigns or deletes: not those of comprehensions."""
        inner: set[int] = set()
        for node in self.nodes:
            if isinstance(node, gast.comprehension):
                inner |= {id(each) for each in walk(node.target)}
        names = (n for n in self.nodes if isinstance(n, gast.Name) and id(n) not in inner)
        return frozenset(node.id for node in names if not isinstance(node.ctx, gast.Load))
