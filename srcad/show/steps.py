"""The values w1, w2, ... of a function of numbers, as the notes number them.

The inputs come first, then each statement that gives a variable of the user's a value; where a
``return`` holds an expression, each of its operations.  What the listing puts between (``-x`` in
``w3 = -x * a``) is folded into the step that reads it, its partial derivatives by the chain rule.
"""

from __future__ import annotations

import cmath
import math
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import gast
import numpy as np

from srcad import helpers
from srcad.analysis.kind import FLOAT
from srcad.analysis.operation import Operation, operation_of
from srcad.chain import Modules, is_zero, partials, plus, times
from srcad.emit import text
from srcad.errors import ArgumentError
from srcad.listing import Listing
from srcad.read import Unresolved
from srcad.rules import Elementwise, Zero
from srcad.simplify.algebra import NOTES, tidy
from srcad.tree import Node, constant, is_name, item, load, names_in, rewrite

RESULT = "_result"
PROVIDED = {"math": math, "cmath": cmath, "np": np, "polygamma": helpers.polygamma}


@dataclass(eq=False)
class Step:
    """One value: what computes it, and its partial derivatives by the number of the operand.

    A step without a number is part of those that read it.
    """

    number: int
    expression: Node
    partials: dict[int, Node] = field(default_factory=dict)
    origin: Node | None = None
    is_input: bool = False

    @property
    def name(self) -> str:
        """What it is called."""
        return f"w{self.number}"

    def written(self) -> Node:
        """How another step's expression reads it."""
        return _float(load(self.name)) if self.number else self.expression


Path = tuple[int, ...]  # where a number is in a result that is a tuple
CallPartials = Callable[[Operation, list[Node], Path], dict[int, Node]]


class Steps:
    """Collects the steps of one function, statement by statement in the order of execution.

    ``constants`` are the values of variables that carry no derivative, where they are known;
    ``call_partials`` gives the partial derivatives of a call of the user's own function.
    """

    def __init__(
        self,
        listing: Listing,
        call_partials: CallPartials,
        choose: Callable[[list[Node]], Node],
    ) -> None:
        self.listing = listing
        self.steps: list[Step] = []
        self.where: dict[str, Step] = {}
        self.constants: dict[str, object] = {}
        self.provided: dict[str, object] = {}
        self._call_partials = call_partials
        self._choose = choose
        self._modules = Modules(self._alias)

    def input(self, name: str, expression: Node) -> Step:
        """A parameter."""
        step = Step(len(self.steps) + 1, expression, is_input=True)
        self.steps.append(step)
        self.where[name] = step
        return step

    def assigned(self, target: str, value: Node, origin: Node | None) -> Step:
        """The step of ``target = value``: a new one, or for a copy the one that is copied."""
        if is_name(value) and value.id in self.where:
            step = self.where[value.id]
            if not step.number and not self._is_hidden(target, origin):
                step = self._numbered(Step(0, step.expression, step.partials, origin))
        else:
            step = Step(0, self.in_steps(value), self._partials(value), origin)
            if not self._is_hidden(target, origin):
                step = self._numbered(step)
        self.where[target] = step
        return step

    def unpacked(self, leaves: dict[str, Path], value: Node, origin: Node | None) -> None:
        """The steps of ``a, b = value``, where ``leaves`` tells what each variable gets."""
        made = {
            target: self._numbered(
                Step(0, item_at(self.in_steps(value), path), self._partials(value, path), origin)
            )
            for target, path in leaves.items()
        }
        self.where |= made

    def inlined(self, target: str, value: Node) -> None:
        """A value that carries no derivative, written out where it is read."""
        self.where[target] = Step(0, self.in_steps(value))

    def in_steps(self, expression: Node) -> Node:
        """The expression with variables exchanged for steps, and for values that are known."""

        def replace(node: Node) -> Node | None:
            if not is_name(node):
                return None
            if node.id in self.where:
                return self.where[node.id].written()
            if node.id in self.constants:
                return _literal(self.constants[node.id], node)
            if re.fullmatch(r"w\d+", node.id) and node.id not in self.listing.resolver.variables:
                # A global of the user's that is called as our steps are.
                self.provided[f"_{node.id}"] = self.listing.resolver.lookup(node.id)
                return _literal(self.provided[f"_{node.id}"], load(f"_{node.id}"))
            return None

        return rewrite(expression, replace)

    def _numbered(self, step: Step) -> Step:
        step.number = len(self.steps) + 1
        self.steps.append(step)
        return step

    def _is_hidden(self, target: str, origin: Node | None) -> bool:
        """Whether a value is only a part of what its statement computes."""
        return target in self.listing.names.temporaries and not isinstance(
            origin, gast.Return | type(None)
        )

    def _partials(self, value: Node, path: Path = ()) -> dict[int, Node]:
        """The partial derivatives with respect to steps, by the chain rule over hidden ones."""
        operation = operation_of(value, self.listing.resolver)
        if operation is None:
            return {}
        operands = [operand for _, operand in operation.operands]
        moving = [
            n
            for n, each in enumerate(operands)
            if is_name(each) and each.id in self.where and self._moves(self.where[each.id])
        ]
        for each in operands:
            inside = names_in(each) if isinstance(each, gast.Tuple) else ()
            if any(name in self.where and self._moves(self.where[name]) for name in inside):
                raise ArgumentError(
                    f"tables and graphs are made of numbers: `{text(value)}` takes a tuple"
                )
        if not moving:
            return {}
        if operation.callee is not None:
            local = self._call_partials(operation, operands, path)
        elif isinstance(operation.rule, Elementwise):
            result = _float(load(RESULT))
            self.where[RESULT] = Step(0, self.in_steps(value))
            local = {
                n: self.in_steps(partials(operation, n, result, self._choose, self._modules))
                for n in moving
            }
            del self.where[RESULT]
        elif isinstance(operation.rule, Zero):
            return {}
        else:
            raise ArgumentError(
                f"`{text(value)}` is not one of the operations that tables and graphs are made of"
            )
        found: dict[int, Node] = {}
        for n in moving:
            if n not in local or is_zero(local[n]):
                continue
            step = self.where[operands[n].id]
            outer = {step.number: constant(1)} if step.number else step.partials
            for number, inner in outer.items():
                found[number] = plus(found.get(number), times(local[n], inner))
        return found

    def _moves(self, step: Step) -> bool:
        return bool(step.number or step.partials)

    def _alias(self, name: str) -> str:
        """A name for a module or a helper that a partial derivative uses."""
        meaning: object = PROVIDED.get(name, getattr(helpers, name, None))
        meaning = sys.modules.get(name, meaning) if "." in name else meaning
        alias = name = name.rpartition(".")[2]
        try:
            taken = self.listing.resolver.lookup(name) is not meaning
        except Unresolved:
            taken = False
        if taken or name in self.listing.resolver.variables:
            alias = f"_{name}"
        self.provided[alias] = meaning
        return alias


def widest_choice(forms: list[Node]) -> Node:
    """The form of a partial derivative that reads operands only, and is defined most widely."""
    return ([form for form in forms if RESULT not in names_in(form)] or forms[:1])[-1]


def short_choice(forms: list[Node]) -> Node:
    """The form of a partial derivative that reads operands only, and is the shortest."""
    usable = [form for form in forms if RESULT not in names_in(form)] or forms[:1]
    return min(usable, key=lambda form: len(text(form)))


def simplified(partial: Node) -> Node:
    """A partial derivative as the notes write it.

    >>> from srcad.tree import parse
    >>> text(simplified(parse("-1 * -1 / w4 ** 2")))
    '1 / w4 ** 2'
    """
    return tidy(partial, NOTES)


def leaves_of(target: Node) -> dict[str, Path]:
    """Where in a value the variables of a target are.

    >>> from srcad.tree import statement
    >>> leaves_of(statement("(a, b), c = f(x)").targets[0])
    {'a': (0, 0), 'b': (0, 1), 'c': (1,)}
    """
    if is_name(target):
        return {target.id: ()}
    if not isinstance(target, gast.Tuple | gast.List):
        raise ArgumentError(f"tables and graphs are made of numbers: `{text(target)} = ...`")
    return {
        name: (n, *path)
        for n, each in enumerate(target.elts)
        for name, path in leaves_of(each).items()
    }


def item_at(expression: Node, path: Path) -> Node:
    """``expression[0][1]`` for the path ``(0, 1)``."""
    for index in path:
        expression = item(expression, constant(index))
    return expression


def _literal(value: object, otherwise: Node) -> Node:
    if value is None or isinstance(value, int | float | str):
        return constant(value)
    return otherwise


def _float(node: Node) -> Node:
    node.kind = FLOAT
    return node
