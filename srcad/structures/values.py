"""What an expression stands for while a function is rewritten without structures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import gast

from srcad.structures.layout import DICT, LIST, OBJECT
from srcad.tree import Node


class Value:
    """What is known of an expression's value."""


@dataclass(eq=False)
class Leaf(Value):
    """A number or an array: an expression of the rewritten function.

    ``number`` says that it is one of Python's numbers for certain, ``whole`` that it is an int.
    """

    node: Node
    number: bool = False
    whole: bool = False


@dataclass(eq=False)
class Const(Value):
    """A value that is known: a literal, a function, a class; ``node`` is how it is written."""

    value: Any
    node: Node | None = None


@dataclass(eq=False)
class Struct(Value):
    """A structure of known layout: one Python object, whichever names it has.

    ``stem`` begins the names of the variables that hold its leaves; ``fixed`` says why it cannot be
    written to.
    """

    form: str
    cls: type
    parts: dict[Any, Value]
    stem: str = ""
    fixed: str = ""
    # Where a list is made: it may turn out that it has to stay one.
    site: Any = None
    # Whether the caller has made it: two that are given may be one object.
    given: bool = False
    # What it is a part of, or is itself, where that is there before the call: the object, its name.
    source: Any = None

    @property
    def is_mutable(self) -> bool:
        """Whether Python lets it be written to."""
        return self.form in (DICT, LIST, OBJECT)


@dataclass(eq=False)
class Method(Value):
    """A function of the user's, bound to what it is a method of."""

    function: Any
    owner: Value


@dataclass(eq=False)
class Builtin(Value):
    """A method of Python's own of a structure: ``p.items``."""

    name: str
    owner: Struct


@dataclass(eq=False)
class Super(Value):
    """``super()``: the attributes of the classes after one."""

    after: type
    owner: Value


@dataclass(eq=False)
class Opened(Value):
    """A list or a dict from outside of which only what is put into it is known, in ``struct``."""

    struct: Struct
    value: Any
    name: str


@dataclass(eq=False)
class Poison(Value):
    """What cannot be known before running; to read it is refused."""

    construct: str
    why: str
    instead: str


@dataclass
class State:
    """What the variables and the parts of all structures stand for at one place."""

    variables: dict[str, Value]
    parts: dict[int, dict[Any, Value]] = field(default_factory=dict)
    structs: dict[int, Struct] = field(default_factory=dict)


def is_int(value: Value) -> bool:
    """Whether a value is an int for certain: it carries no derivative."""
    if isinstance(value, Const):
        return isinstance(value.value, int)
    if not isinstance(value, Leaf):
        return False
    return value.whole or (
        isinstance(value.node, gast.Constant) and isinstance(value.node.value, int)
    )


def structs_in(value: Value, found: dict[int, Struct] | None = None) -> dict[int, Struct]:
    """The structures that can be reached from a value, by their ids."""
    found = {} if found is None else found
    if isinstance(value, (Method, Super, Builtin)):
        structs_in(value.owner, found)
    if isinstance(value, Struct) and id(value) not in found:
        found[id(value)] = value
        for part in value.parts.values():
            structs_in(part, found)
    return found


def state_of(variables: dict[str, Value]) -> State:
    """A snapshot."""
    structs: dict[int, Struct] = {}
    for value in variables.values():
        structs_in(value, structs)
    parts = {key: dict(each.parts) for key, each in structs.items()}
    return State(dict(variables), parts, structs)


def leaves_in(value: Value) -> Iterator[tuple[Struct, Any, Leaf]]:
    """The leaves of a structure, each structure looked at once, with where they are."""
    for struct in structs_in(value).values():
        for key, part in struct.parts.items():
            if isinstance(part, Leaf):
                yield struct, key, part
