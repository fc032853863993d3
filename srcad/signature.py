"""The parameters of a generated gradient: the function's own, with its defaults.

What was a constant when the code was made (a string, a flag) is no parameter any more.

>>> import srcad
>>> def f(x, /, a=2.0, *, n=3, how="fast"):
...     return a * x ** n if how == "fast" else x
>>> print(srcad.grad(f).source, end="")
def f_grad(x, /, a=2.0, *, n=3):
    # return a * x ** n
    x̄ = a * n * x ** (n - (n != 0))
    return x̄
"""

from __future__ import annotations

import math
from collections.abc import Callable

import gast

from srcad.analysis.kind import FLOAT, Kind, Literal, Scalar, join, kind_of_value
from srcad.analysis.operation import defaults_of, parameters_of
from srcad.read import Source
from srcad.tree import Node, constant, copy_node

Bind = Callable[[str, object], Node]


def own_signature(given: Node, source: Source, kinds: tuple[Kind, ...], bind: Bind) -> Node:
    """The arguments of a generated function, in the groups and with the defaults of the user's.

    ``bind`` gives the expression of a default that cannot be written as a number.
    """
    names = [n for n, k in zip(parameters_of(source), kinds, strict=True) if _is_given(k)]
    arguments = dict(zip(names, given.args, strict=True))
    defaults = _defaults(source, dict(zip(parameters_of(source), kinds, strict=True)), bind)
    groups = {
        group: [each.id for each in getattr(source.tree.args, group) if each.id in arguments]
        for group in ("posonlyargs", "args", "kwonlyargs")
    }
    positional: list[Node] = []
    for name in reversed(groups["posonlyargs"] + groups["args"]):
        if name not in defaults:
            break  # those before it have none either: Python asks for that
        positional.insert(0, defaults[name])
    return copy_node(
        given,
        **{group: [arguments[each] for each in names] for group, names in groups.items()},
        defaults=positional,
        kw_defaults=[defaults.get(each) for each in groups["kwonlyargs"]],
    )


def _is_given(kind: Kind) -> bool:
    return not isinstance(kind, Literal)


def _defaults(source: Source, kinds: dict[str, Kind], bind: Bind) -> dict[str, Node]:
    """The default of each parameter for which the generated code is right."""
    found: dict[str, Node] = {}
    for name, value in defaults_of(source).items():
        kind = kinds[name]
        if not _is_given(kind):
            continue
        if isinstance(value, gast.AST):  # the file was read only: as it is written there
            found[name] = value
        elif _fits(kind_of_value(value, name), kind):
            value = float(value) if kind == FLOAT and type(value) is int else value
            plain = type(value) in (int, float) and math.isfinite(value)
            found[name] = constant(value) if plain else bind(name, value)
    return found


def _fits(default: Kind | None, kind: Kind) -> bool:
    """Whether code made for a kind is right for a default; an int is a float, too."""
    if isinstance(default, Scalar) and isinstance(kind, Scalar):
        return join(default, kind) == kind
    return default == kind
