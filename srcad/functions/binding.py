"""Arguments to parameters, as Python does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import gast

from srcad.read import Source
from srcad.read.called import signature_of
from srcad.tree import Node

# Default values that may be written out in a call.
PLAIN = (int, float, str, bool, type(None))


class Unfit(Exception):
    """Arguments that do not fit the parameters, and why."""


@dataclass
class Bound:
    """What each parameter is; of ``*args`` and ``**kwargs``, what is in there."""

    values: dict[str, Any] = field(default_factory=dict)
    star: list[Any] = field(default_factory=list)
    named: dict[str, Any] = field(default_factory=dict)


def bind(
    parameters: Node, args: list[Any], keywords: dict[str, Any], defaults: dict[str, Any]
) -> Bound:
    """The parameters with their arguments.

    >>> from srcad.tree import parse
    >>> parameters = parse("lambda a, /, b, *c, d=4, **e: 0").args
    >>> bind(parameters, [1, 2, 3], {"f": 5}, {"d": 4})
    Bound(values={'a': 1, 'b': 2, 'd': 4}, star=[3], named={'f': 5})
    >>> bind(parameters, [1], {}, {})
    Traceback (most recent call last):
    srcad.functions.binding.Unfit: the argument 'b' is missing
    """
    first = [each.id for each in parameters.posonlyargs]
    positional = first + [each.id for each in parameters.args]
    allowed = {each.id for each in [*parameters.args, *parameters.kwonlyargs]}
    bound = Bound(dict(zip(positional, args, strict=False)), args[len(positional) :])
    if bound.star and parameters.vararg is None:
        raise Unfit("it is given too many arguments")
    for name, value in keywords.items():
        if name in allowed and name not in bound.values:
            bound.values[name] = value
        elif parameters.kwarg is not None and name not in allowed:
            bound.named[name] = value
        else:
            raise Unfit(f"it does not take the argument {name!r} here")
    for each in [*positional, *(each.id for each in parameters.kwonlyargs)]:
        if each not in bound.values:
            if each not in defaults:
                raise Unfit(f"the argument {each!r} is missing")
            bound.values[each] = defaults[each]
    return bound


def parameters_of(function: Node) -> list[Node]:
    """All parameters of a `def` or a lambda."""
    given = function.args
    starred = [each for each in (given.vararg, given.kwarg) if each is not None]
    return [*given.posonlyargs, *given.args, *(given.kwonlyargs or []), *starred]


def default_nodes(parameters: Node) -> dict[str, Node]:
    """The expressions of the defaults in a `def` or a lambda."""
    positional = [*parameters.posonlyargs, *parameters.args]
    last = positional[len(positional) - len(parameters.defaults or []) :]
    found = {p.id: node for p, node in zip(last, parameters.defaults or [], strict=True)}
    for each, node in zip(parameters.kwonlyargs, parameters.kw_defaults or [], strict=True):
        if node is not None:
            found[each.id] = node
    return found


def defaults_of(source: Source) -> dict[str, Any]:
    """The default values of a function that is there: objects, or literals of a file."""
    if source.function is None:
        nodes = default_nodes(source.tree.args).items()
        return {name: node.value for name, node in nodes if isinstance(node, gast.Constant)}
    found = signature_of(source.function).parameters.values()
    return {each.name: each.default for each in found if each.default is not each.empty}
