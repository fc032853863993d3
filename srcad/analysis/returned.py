"""Results that are the same part of an argument, or of another result, on every path.

>>> import gast
>>> body = gast.parse('''
... if c > 0:
...     w1 = u
...     w2 = w1[1:, -1]
... else:
...     w2 = u[1:, -1]
... ''').body
>>> parts_returned(body, ["w2"], ["u", "c"])
(Part(result=0, argument=True, place=0, steps=('s1:n:n,c-1',)),)
>>> from srcad.emit import emit
>>> print(emit([gast.Expr(step_of("s1:n:n,c-1")(gast.Name("x", gast.Load(), None, None)))]), end="")
x[1:, -1]
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import gast

from srcad.tree import Node, constant, is_name, is_number, number_of, statements_in, target_names

# A variable, and the way to a part of it.
Origin = tuple[str, tuple[str, ...]]


class Part(NamedTuple):
    """What one result is: a part of an argument, or of another result, at some place."""

    result: int
    argument: bool
    place: int
    steps: tuple[str, ...]


def parts_returned(
    body: list[Node],
    results: list[str],
    arguments: list[str],
    given: AbstractSet[str] = frozenset(),
) -> tuple[Part, ...]:
    """The results that are parts of arguments, or of results before them.

    ``given`` are the variables that have a value from the start: what is handed in.
    """
    writers: dict[str, list[Node]] = {}
    for stmt in statements_in(body):
        for target in stmt.targets if isinstance(stmt, gast.Assign) else ():
            if not isinstance(target, gast.Subscript):
                for name in target_names(target):
                    writers.setdefault(name, []).append(stmt)
    found = []
    first: dict[str, int] = {}
    for place, result in enumerate(results):
        origin = _origin(result, writers, given)
        if origin is None:
            continue
        name, steps = origin
        if name in arguments and name not in writers:
            found.append(Part(place, True, arguments.index(name), steps))
        elif name in first and any(stmt in body for stmt in writers.get(name, ())):
            found.append(Part(place, False, first[name], steps))
        elif not steps and len(writers.get(name, ())) == 1:
            first[name] = place
    return tuple(found)


def _origin(
    name: str, writers: dict[str, list[Node]], given: AbstractSet[str], seen: tuple[str, ...] = ()
) -> Origin | None:
    """The variable of which another one is a part, whichever statement bound it, and which part."""
    found: set[Origin] = set()
    if name in given and name in writers:
        return None  # it may be what was handed in, too
    for stmt in writers.get(name, ()):
        step = _step(stmt, name)
        before: Origin | None = (name, ()) if step is None else None
        if step is not None and step[0] not in seen:
            before = _origin(step[0], writers, given, (*seen, name))
        if before is None:
            return None
        found.add((before[0], before[1] + step[1]) if step is not None else before)
    if not found:
        return name, ()
    return found.pop() if len(found) == 1 else None


def _step(stmt: Node, name: str) -> Origin | None:
    """The variable of which a statement binds a part to a name, and the part."""
    if not is_name(stmt.targets[0], name):
        return None
    value, steps = stmt.value, list[str]()
    while not is_name(value):
        if isinstance(value, gast.Attribute) and value.attr == "T":
            steps.insert(0, "T")
        elif isinstance(value, gast.Subscript) and (written := _written(value.slice)) is not None:
            steps.insert(0, written)
        else:
            return None
        value = value.value
    return value.id, tuple(steps)


def _written(index: Node | None) -> str | None:
    """A literal index as a word: ``s1:n:n,c-1`` for ``[1:, -1]``; None for any other one."""
    if index is None:
        return "n"
    if isinstance(index, gast.Tuple):
        parts = [_written(each) for each in index.elts]
        return None if None in parts else ",".join(map(str, parts))
    if isinstance(index, gast.Slice):
        bounds = [index.lower, index.upper, index.step]
        if not all(each is None or _is_int(each) for each in bounds):
            return None
        return "s" + ":".join("n" if each is None else str(number_of(each)) for each in bounds)
    if isinstance(index, gast.Constant) and index.value is ...:
        return "e"
    return f"c{number_of(index)}" if _is_int(index) else None


def step_of(word: str) -> Callable[[Node], Node]:
    """What a word of a part's steps makes of an array."""
    if word == "T":
        return lambda whole: gast.Attribute(whole, "T", gast.Load())
    return lambda whole: gast.Subscript(whole, _index(word), gast.Load())


def _index(word: str) -> Node:
    """The index that a word stands for."""
    if "," in word:
        return gast.Tuple([_index(each) for each in word.split(",")], gast.Load())
    if word == "e":
        return gast.Constant(..., None)
    if word.startswith("s"):
        bounds = [None if each == "n" else _int(each) for each in word[1:].split(":")]
        return gast.Slice(*bounds)
    return _int(word[1:])


def _is_int(node: Node) -> bool:
    return is_number(node) and isinstance(number_of(node), int)


def _int(text: str) -> Node:
    number = constant(abs(int(text)))
    return gast.UnaryOp(gast.USub(), number) if text.startswith("-") else number
