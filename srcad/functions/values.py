"""What a name or an expression stands for, where that is a function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import gast

from srcad.functions.derived import Maker
from srcad.lower.scopes import exchanged
from srcad.tree import Node, is_name, load, name_occurrences


@dataclass(frozen=True, eq=False)
class Known:
    """A function that is there before the code runs: one of a module, or of a library."""

    function: object


@dataclass(frozen=True, eq=False)
class Closure:
    """A nested `def` or a lambda.

    ``frame`` is the function that it stands in.  ``names`` says where the variables of that one
    are now: it is handed them when it is called.
    """

    node: Node
    frame: Any
    defaults: dict[str, Node] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Partial:
    """`functools.partial`: a function with its first arguments, which are variables by now."""

    inner: Function
    args: tuple[Node | Function, ...]
    keywords: dict[str, Node | Function]


@dataclass(frozen=True, eq=False)
class Choice:
    """One of two functions; the test is a variable, or asks variables that stay as they are."""

    test: Node
    body: Function
    orelse: Function


@dataclass(frozen=True, eq=False)
class Several:
    """A tuple or a list of functions; a dict of them, where there are keys."""

    items: tuple[Function, ...]
    keys: tuple[Any, ...] = ()


@dataclass(frozen=True, eq=False)
class Gradient:
    """`grad(f)` or `value_and_grad(f)`."""

    inner: Function
    maker: Maker


@dataclass(frozen=True, eq=False)
class Held:
    """What a parameter holds, if it is a function: a call of it is left as it stands."""

    name: str


@dataclass(frozen=True, eq=False)
class Pullback:
    """The second result of `vjp(f, ...)`, with what the function is given as it was then.

    ``base`` is the function, or the derivative; its first ``count`` arguments have adjoints.
    """

    base: object
    maker: Maker
    given: tuple[Node, ...]
    count: int


@dataclass(frozen=True, eq=False)
class Undecided:
    """A function that only the run decides: why."""

    why: str


Function: TypeAlias = (
    Known | Closure | Partial | Choice | Several | Gradient | Pullback | Held | Undecided
)
VALUES = (Known, Closure, Partial, Choice, Several, Gradient, Pullback, Held, Undecided)


def parts_of(value: Function) -> list[Any]:
    """The functions and expressions that a function is made of."""
    if isinstance(value, Partial):
        return [value.inner, *value.args, *value.keywords.values()]
    if isinstance(value, Choice):
        return [value.test, value.body, value.orelse]
    if isinstance(value, Gradient):
        return [value.inner]
    if isinstance(value, Pullback):
        return list(value.given)
    return list(value.items) if isinstance(value, Several) else []


def key_of(value: Any) -> Any:
    """What distinguishes functions: their variables may have other names."""
    if isinstance(value, Known):
        return ("known", id(value.function))
    if isinstance(value, Closure):
        names, functions = value.frame.needs(value)
        return ("closure", id(value.node), id(value.frame), tuple(names), functions)
    if isinstance(value, Undecided):
        return ("undecided", value.why)
    if isinstance(value, Partial):
        keywords = tuple(value.keywords)
        return ("partial", len(value.args), keywords, *map(key_of, parts_of(value)))
    if isinstance(value, Gradient):
        return ("gradient", value.maker, key_of(value.inner))
    if isinstance(value, Pullback):
        return ("pullback", id(value.base), value.count, *map(key_of, value.given))
    if isinstance(value, Several):
        return ("several", value.keys, *map(key_of, value.items))
    if isinstance(value, VALUES):
        return (type(value).__name__, *map(key_of, parts_of(value)))
    if is_name(value) or not isinstance(value, gast.AST):
        return "variable" if is_name(value) else ("constant", repr(value))
    numbered = {name: load(f"_{n}") for n, name in enumerate(variables_of(value))}
    return ("expression", gast.dump(exchanged(value, numbered)))


def variables_of(value: Any) -> list[str]:
    """The variables that a function needs when it is called, in a fixed order."""
    if isinstance(value, Closure):
        return [value.names.get(each, each) for each in value.frame.needs(value)[0]]
    if isinstance(value, VALUES) and not isinstance(value, Held):
        return [name for part in parts_of(value) for name in variables_of(part)]
    if isinstance(value, Held):
        return [value.name]
    return list(dict.fromkeys(name_occurrences(value))) if isinstance(value, gast.AST) else []


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """The function, its variables under other names."""
    if isinstance(value, Closure):
        needed = value.frame.needs(value)[0]
        own = {each: value.names.get(each, each) for each in needed}
        now = {each: names.get(name, name) for each, name in own.items()}
        return Closure(value.node, value.frame, value.defaults, now)
    if isinstance(value, Partial):
        return Partial(
            renamed(value.inner, names),
            tuple(renamed(each, names) for each in value.args),
            {key: renamed(each, names) for key, each in value.keywords.items()},
        )
    if isinstance(value, Choice):
        return Choice(
            renamed(value.test, names), renamed(value.body, names), renamed(value.orelse, names)
        )
    if isinstance(value, Several):
        return Several(tuple(renamed(each, names) for each in value.items), value.keys)
    if isinstance(value, Gradient):
        return Gradient(renamed(value.inner, names), value.maker)
    if isinstance(value, Pullback):
        given = tuple(renamed(each, names) for each in value.given)
        return Pullback(value.base, value.maker, given, value.count)
    if isinstance(value, Held):
        return Held(names.get(value.name, value.name))
    if not isinstance(value, gast.AST):
        return value
    return exchanged(value, {name: load(new) for name, new in names.items()})


def same_function(one: Function, two: Function) -> bool:
    """Whether two functions are one, with the same variables."""
    if one is two:
        return True
    return key_of(one) == key_of(two) and variables_of(one) == variables_of(two)


def is_none(node: Node) -> bool:
    """``None``."""
    return isinstance(node, gast.Constant) and node.value is None
