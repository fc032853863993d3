"""How a call is bound to a rule: NumPy's parameters, in NumPy's order, under NumPy's names.

A signature is a line of parameters; ``|`` stands between alternatives.

==============  ==================================================================================
``x``           an operand
``x/a``         an operand that NumPy calls ``a``
``x?``          an operand that may be left out
``*x``          operands: all further positional arguments, two at least
``[x]``         operands written out in a list or a tuple; ``[a b]`` two of them
``(a b)``       a tuple, written out or not, of an operand and an option
``[x]/xs``      the same, where NumPy calls the list ``xs``
``axis=None``   an option, which carries no derivative, with its default
``shape=``      an option that must be given
``*axes=None``  an option that is all further positional arguments
``out!``        a parameter that has no rule: it is refused by its name
``copy!True``   the same, unless it is given this value
``*``           what follows is given by keyword only
==============  ==================================================================================

An optional operand that is given as ``None`` counts as left out, and so does an option whose
default that is.

>>> from srcad.tree import parse
>>> def bound(call, signature):
...     node = parse(call)
...     (alternative,) = signatures(signature)
...     bound = alternative.bind("`f(...)`", node.args, node.keywords)
...     return [name for name, _ in bound.operands], list(bound.options)
>>> bound("f(u, 0, keepdims=True)", "x/a axis=None dtype! keepdims=False")
(['x'], ['axis', 'keepdims'])
>>> bound("f([u, v, w], 1)", "[x] axis=0")
(['x0', 'x1', 'x2'], ['axis'])
>>> bound("f(u, a_max=h)", "x/a low?/a_min high?/a_max")
(['x', 'high'], [])
>>> bound("f(u, dtype=int)", "x/a axis=None dtype!")
Traceback (most recent call last):
srcad.rules.signature.Refused: ('`dtype=` of `f(...)`', 'it has no rule', 'the call without it')
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import gast

from srcad.tree import Node, constant, is_name, item


class Refused(Exception):
    """What is not accepted: the construct, why, and what to write instead."""


@dataclass(frozen=True)
class Parameter:
    """One parameter; ``names[0]`` is the rule's own name, all of them are keywords.

    Of a list that is written out, ``elements`` are the names of what is in it.
    """

    names: tuple[str, ...]
    role: str = "operand"
    """``operand``, ``option`` or ``refused``."""
    required: bool = True
    default: object = None
    rest: bool = False
    """Whether it is all further positional arguments."""
    pair: bool = False
    """Whether it is a tuple of an operand and an option."""
    elements: tuple[str, ...] = ()
    by_keyword: bool = False

    @property
    def name(self) -> str:
        """The rule's own name for it."""
        return self.names[0]

    @property
    def absent_as_none(self) -> bool:
        """Whether to give ``None`` is to leave it out."""
        return not self.required and self.default is None


@dataclass
class Bound:
    """The arguments of a call: the operands in order, and the options that were given."""

    operands: list[tuple[str, Node]] = field(default_factory=list)
    options: dict[str, Node] = field(default_factory=dict)


@dataclass(frozen=True)
class Signature:
    """One way to call an operation."""

    parameters: tuple[Parameter, ...]

    @functools.cached_property
    def operands(self) -> tuple[str, ...]:
        """The names of the operands; a star before those that stand for several."""
        found: list[str] = []
        for each in self.parameters:
            if each.role == "operand":
                several = each.rest or len(each.elements) == 1
                names = each.elements or each.names[:1]
                found += [f"*{name}" if several else name for name in names]
        return tuple(found)

    @functools.cached_property
    def defaults(self) -> dict[str, object]:
        """The defaults of the options."""
        found = {p.name: p.default for p in self.parameters if p.role == "option"}
        return found | {p.names[1]: None for p in self.parameters if p.pair}

    def bind(self, call: str, arguments: Sequence[Node], keywords: Sequence[Node]) -> Bound:
        """The arguments of a call; :class:`Refused` where they do not fit."""
        given: dict[Parameter, list[Node]] = {}
        pending = list(arguments)
        for parameter in self.parameters:
            if parameter.by_keyword or not pending:
                continue
            count = len(pending) if parameter.rest else 1
            given[parameter], pending = pending[:count], pending[count:]
        if pending:
            raise Refused(call, "it is given too many arguments", "the arguments it takes")
        for keyword in keywords:
            found = next((p for p in self.parameters if keyword.arg in p.names), None)
            if found is None or found in given:
                raise Refused(
                    f"`{keyword.arg}=` of {call}", "it has no rule", "the call without it"
                )
            given[found] = [keyword.value]
        bound = Bound()
        for parameter in self.parameters:
            self._enter(bound, parameter, given.get(parameter, []), call)
        return bound

    def _enter(self, bound: Bound, parameter: Parameter, nodes: list[Node], call: str) -> None:
        name = parameter.name
        if parameter.absent_as_none and len(nodes) == 1 and _is_none(nodes[0]):
            return
        if not nodes:
            if parameter.required:
                raise Refused(call, "it is given too few arguments", "all its operands")
        elif parameter.role == "refused":
            if isinstance(nodes[0], gast.Constant) and nodes[0].value is parameter.default:
                return
            raise Refused(f"`{name}=` of {call}", "it has no rule", "the call without it")
        elif parameter.role == "option":
            several = parameter.rest and len(nodes) > 1
            bound.options[name] = gast.Tuple(nodes, gast.Load()) if several else nodes[0]
        elif parameter.rest:
            if len(nodes) < 2:
                raise Refused(call, "it is given too few arguments", "two operands or more")
            bound.operands += [(f"{name}{n}", each) for n, each in enumerate(nodes)]
        elif parameter.pair:
            parts = nodes[0].elts if isinstance(nodes[0], gast.Tuple) else []
            if is_name(nodes[0]):
                parts = [item(nodes[0], constant(n)) for n in range(2)]
            if len(parts) != 2:
                raise Refused(f"`{name}` of {call}", "it is no tuple of two", "such a tuple")
            bound.operands.append((name, parts[0]))
            bound.options[parameter.names[1]] = parts[1]
        elif parameter.elements:
            if not isinstance(nodes[0], (gast.List, gast.Tuple)):
                why = "its operands must be written out"
                raise Refused(call, why, f"{call[1:].split('(')[0]}([a, b])")
            nodes = nodes[0].elts
            if len(parameter.elements) == 1:
                bound.operands += [
                    (f"{parameter.elements[0]}{n}", each) for n, each in enumerate(nodes)
                ]
            elif len(nodes) == len(parameter.elements):
                bound.operands += zip(parameter.elements, nodes, strict=True)
            else:
                raise Refused(call, "it is given another number of operands", "two operands")
        else:
            bound.operands.append((name, nodes[0]))


def _is_none(node: Node) -> bool:
    return isinstance(node, gast.Constant) and node.value is None


_TOKEN = re.compile(r"(?:\[([^]]*)\])?(\*?)([\w/?]*)(!\S*|=\S*)?")


def signatures(text: str) -> tuple[Signature, ...]:
    """The alternatives of a signature."""
    return tuple(map(_signature, text.split("|")))


def _signature(text: str) -> Signature:
    parameters: list[Parameter] = []
    by_keyword = False
    for token in re.findall(r"\[[^]]*\]\S*|\([^)]*\)|\S+", text):
        if token == "*":
            by_keyword = True
            continue
        if token[0] == "(":
            parameters.append(Parameter(tuple(token[1:-1].split()), pair=True))
            continue
        match = _TOKEN.fullmatch(token)
        assert match is not None, token
        display, star, word, suffix = match.groups()
        elements = tuple((display or "").split())
        word = word.removeprefix("/") or elements[0]
        role = "operand" if suffix is None else "refused" if suffix[0] == "!" else "option"
        default = (suffix or "")[1:]
        parameters.append(
            Parameter(
                tuple(word.replace("?", "").split("/")),
                role,
                required="?" not in word and role != "refused" and default == "",
                default=ast.literal_eval(default) if default else None,
                rest=bool(star),
                elements=elements,
                by_keyword=by_keyword,
            )
        )
    return Signature(tuple(parameters))
