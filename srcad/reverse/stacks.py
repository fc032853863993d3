"""The stacks of a recursion: all its calls save on the same ones, one for each kind of value.

``tape`` holds what the adjoints read, ``trail`` the ints from which the control flow is replayed:
trips, flags, how a loop ended.

>>> from srcad.emit import emit
>>> forward = gast.parse('''
... def f_forward(x, n, tape, trail):
...     w1 = f_forward(x, n - 1, tape, trail)
...     tape.append(w1)
...     return x * w1
... ''').body
>>> first = {"f_forward": 2}
>>> [stem for stem in STACKS if is_used(forward, first, stem)]
['tape']
>>> print(emit(kept(forward, first, ["tape"])), end="")
def f_forward(x, n, tape):
    w1 = f_forward(x, n - 1, tape)
    tape.append(w1)
    return x * w1
"""

from __future__ import annotations

from collections.abc import Sequence

import gast

from srcad.analysis.kind import BOOL, INT, Kind
from srcad.tree import Node, binary, constant, copy_node, is_name, rewrite, walk

# The stacks in the order in which they are handed on, and what an element of each is like.
STACKS: dict[str, object] = {"tape": 0.0, "trail": 0}


def stack_for(kind: Kind) -> str:
    """The stack on which values of a kind are saved."""
    return "trail" if kind in (INT, BOOL) else "tape"


def empty(stem: str) -> Node:
    """A stack with nothing on it, whose kind can be seen: ``[0.0] * 0``."""
    return numbers(constant(0), STACKS[stem])


def numbers(length: Node, zero: object = 0.0) -> Node:
    """``[0.0] * length``."""
    return binary(gast.List([constant(zero)], gast.Load()), gast.Mult(), length)


def is_used(functions: Sequence[Node], first: dict[str, int], stem: str) -> bool:
    """Whether any function of a recursion does more with a stack than hand it on.

    ``first`` says, for each of the functions by name, at which position its stacks start.
    """
    offset = list(STACKS).index(stem)
    for each in functions:
        name = each.args.args[first[each.name] + offset].id
        seen = handed_on = 0
        for node in (node for stmt in each.body for node in walk(stmt)):
            seen += is_name(node, name)
            if isinstance(node, gast.Call) and is_name(node.func, *first):
                handed_on += is_name(node.args[first[node.func.id] + offset], name)
        if seen > handed_on:
            return True
    return False


def kept(functions: Sequence[Node], first: dict[str, int], stems: Sequence[str]) -> list[Node]:
    """The functions of a recursion with those stacks only that are used."""

    def without(given: list[Node], start: int) -> list[Node]:
        stacks = dict(zip(STACKS, given[start:], strict=False))
        return [*given[:start], *(stacks[s] for s in stems), *given[start + len(STACKS) :]]

    def shorter(node: Node) -> Node | None:
        if not isinstance(node, gast.Call) or not is_name(node.func, *first):
            return None
        arguments = [rewrite(each, shorter) for each in node.args]
        return copy_node(node, args=without(arguments, first[node.func.id]))

    out = []
    for each in functions:
        arguments = copy_node(each.args, args=without(each.args.args, first[each.name]))
        body = [rewrite(stmt, shorter) for stmt in each.body]
        out.append(copy_node(each, args=arguments, body=body))
    return out
