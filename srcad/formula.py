"""What a structured rule writes, in the names of one use of it.

A rule writes Python in the names of its parameters: an expression and, on lines before it,
definitions of what it reads more than once.  What a definition is named in the rule becomes a
temporary; a definition that the formulas of several operands share is written once.

>>> from srcad.emit import emit, text
>>> from srcad.names import Names
>>> from srcad.tree import parse
>>> names = Names({"A", "p"})
>>> values = {"a": parse("A"), "y": parse("p"), "ȳ": parse("p̄")}
>>> writer = Writer(names, Modules(lambda name: name), values)
>>> text(writer.write("s̄ = np.linalg.solve(a.T, ȳ); -np.outer(s̄, y)"))
'-np.outer(w̄1, p)'
>>> text(writer.write("s̄ = np.linalg.solve(a.T, ȳ); s̄"))
'w̄1'
>>> print(emit(writer.definitions), end="")
w̄1 = np.linalg.solve(A.T, p̄)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import gast

from srcad.analysis.kind import NOTHING, Array, Kind, TupleOf
from srcad.analysis.lengths import UNNAMED
from srcad.analysis.operation import Operation
from srcad.chain import Modules
from srcad.errors import UnsupportedError, problem_at
from srcad.listing import origin_of
from srcad.names import BARS, DOTS, Names
from srcad.read import Source
from srcad.rules import Refused, Structured
from srcad.simplify.algebra import axes_of
from srcad.tree import Node, is_name, is_number, load, negate, parse, rewrite, store, target_names


class Writer:
    """The formulas of one statement: ``definitions`` are the statements that come before them."""

    def __init__(self, names: Names, modules: Modules, values: Mapping[str, Node]) -> None:
        self.names = names
        self.modules = modules
        self.values = dict(values)
        self.definitions: list[Node] = []
        self._written: dict[str, str] = {}
        self._locals: dict[str, Node] = {}

    def write(self, form: str, values: Mapping[str, Node] | None = None) -> Node:
        """The formula's expression; ``values`` are those of one operand only."""
        *definitions, expression = form.split("; ")
        for each in definitions:
            self._define(each)
        return self._filled(parse(expression), values or {})

    def _define(self, text: str) -> None:
        target, _, expression = text.partition(" = ")
        if self._written.get(target) == expression:
            return
        assert target not in self._written, f"{target} has two definitions"
        self._written[target] = expression
        value = self._filled(parse(expression), {})
        pattern = gast.parse(f"{target} = 0").body[0].targets[0]
        for name in target_names(pattern):
            self._locals[name] = load(self._named(name))
        if isinstance(value, gast.Compare):  # flags, which NumPy neither negates nor subtracts
            self._locals[target].kind = Array(axes_of(value) or (UNNAMED,), "b1")
        written = rewrite(
            pattern, lambda node: store(self._locals[node.id].id) if is_name(node) else None
        )
        definition = gast.Assign([written], value, None)
        definition.formula = True
        self.definitions.append(definition)

    def _named(self, name: str) -> str:
        """A temporary, with the dot or the bar that the rule gave it."""
        marks = unicodedata.normalize("NFD", name)
        if BARS[0] in marks:
            return self.names.bar(self.names.temporary())
        if DOTS[0] in marks:
            return self.names.dot(self.names.temporary())
        return self.names.temporary()

    def _filled(self, expression: Node, values: Mapping[str, Node]) -> Node:
        known = self.values | self._locals | dict(values)
        return self.modules.put(_filled(expression, known))


def _filled(expression: Node, known: Mapping[str, Node]) -> Node:
    """The expression with names exchanged; the negative of a negative literal is positive."""

    def replace(node: Node) -> Node | None:
        if is_name(node):
            return known.get(node.id)
        if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
            operand = rewrite(node.operand, replace)
            if is_number(operand) and isinstance(operand, gast.UnaryOp):
                return operand.operand
        return None

    return rewrite(expression, replace)


class Formulas:
    """What a rule writes for one use of it: the adjoint of each operand, or the tangents.

    ``results`` are the operation's results by the rule's names, ``wanted`` those whose derivatives
    matter; ``seeds`` are what the formulas are written in: the adjoints ``ȳ`` of these, or the
    tangents ``ẋ`` of operands.
    """

    def __init__(
        self,
        operation: Operation,
        results: Mapping[str, Node],
        wanted: Iterable[str],
        like: Callable[[Node], Node],
        names: Names,
        modules: Modules,
        seeds: Mapping[str, Node],
    ) -> None:
        assert isinstance(operation.rule, Structured)
        for name in operation.rule.ruled_out:
            if name in wanted:
                rule = operation.rule.name
                raise Refused(f"`{name}` of `{rule}`", "it has no rule", "the other results")
        self.operation = operation
        self.rule = operation.rule
        nodes = [node for _, node in operation.operands]
        self.like = [like(node) for node in nodes]
        kinds = tuple(_kind(result) for result in results.values())
        kind = TupleOf(kinds) if len(kinds) > 1 else kinds[0]
        use = operation.use(kind, self.like.__getitem__)
        self.use = replace(use, wanted=frozenset(seeds), asked=frozenset(wanted))
        values = dict(operation.operands) | dict(results)
        values |= {f"like_{name}": self.like[n] for n, (name, _) in enumerate(operation.operands)}
        for name, node in operation.options.items():
            values |= _elements(name, node)
        values |= {marked(name, self.mark): node for name, node in seeds.items()}
        self.writer = Writer(names, modules, values)

    mark = BARS[0]

    @property
    def definitions(self) -> list[Node]:
        """The statements that come before the formulas."""
        return self.writer.definitions

    def own(self, operand: int) -> dict[str, Node]:
        """Of a variadic operation, the operand at hand: ``x``."""
        name, node = self.operation.operands[operand]
        parameter = self.rule.parameter_of(name)
        return {parameter: node, f"like_{parameter}": self.like[operand]}


@dataclass(frozen=True)
class Place:
    """The part of an operand's adjoint that is added to; an index with ``repeats`` has it twice."""

    index: Node
    repeats: bool


class AdjointFormulas(Formulas):
    """The adjoints of a statement's operands, in those of its results."""

    def adjoint(self, operand: int) -> list[tuple[Node, Place | None]]:
        """What the statement adds to the adjoint of an operand, and to which part of it."""
        assert self.rule.adjoint is not None
        forms = self.rule.adjoint(self.use, operand)
        forms = (forms,) if isinstance(forms, str) else forms
        return [self._added(form, operand) for form in forms if form]

    def _added(self, form: str, operand: int) -> tuple[Node, Place | None]:
        found = PLACE.fullmatch(form)
        if found is None:
            return self.writer.write(form, self.own(operand)), None
        before, repeats, index, sign, value = found.groups()
        place = self.writer.write(f"{before or ''}{SUBSCRIPTED}[{index}]", self.own(operand))
        added = self.writer.write(value, self.own(operand))
        added = added if sign == "+" else negate(added)
        return added, Place(place.slice, bool(repeats))


# ``[i] += value``: to a part of the operand; ``at[i] += value`` where ``i`` may repeat.
PLACE = re.compile(r"(.*; )?(at)?\[(.*)\] ([+-])= (.*)")
SUBSCRIPTED = "_"


class TangentFormulas(Formulas):
    """The tangents of a statement's results, in those of its operands."""

    mark = DOTS[0]

    def tangent(self, operand: int, tangent: Node) -> Node:
        """What the tangent ``ẋ`` of one operand adds to that of the result."""
        assert self.rule.tangent is not None
        values = self.own(operand) | {marked("x", self.mark): tangent}
        return self.writer.write(self.rule.tangent(self.use, operand), values)

    def tangents(self) -> list[Node | None]:
        """The tangent of each result, from all operands; None where it is zero."""
        assert self.rule.tangents is not None
        forms = self.rule.tangents(self.use, self.use.wanted)
        forms = (forms,) if isinstance(forms, str) else forms
        return [self.writer.write(form) if form else None for form in forms]


def refused_at(stmt: Node, source: Source, refused: Refused) -> UnsupportedError:
    """What a rule refuses, said at the user's statement."""
    origin = origin_of(stmt)
    problem = problem_at(source.tree if origin is None else origin, source, *refused.args)
    return UnsupportedError([problem])


def _elements(name: str, node: Node) -> dict[str, Node]:
    """An option by its name, and its elements where it is written out: ``shift_0``, ``shift_1``."""
    found = {name: node}
    if isinstance(node, (gast.Tuple, gast.List)):
        for n, each in enumerate(node.elts):
            found |= _elements(f"{name}_{n}", each)
    return found


def marked(name: str, mark: str) -> str:
    """A rule's name of a derivative: the parameter's, a dot or a bar on its first letter.

    >>> marked("x", DOTS[0]), marked("w", BARS[0])
    ('ẋ', 'w̄')
    """
    return unicodedata.normalize("NFKC", name[:1] + mark + name[1:])


def _kind(node: Node) -> Kind:
    kind: Kind = getattr(node, "kind", NOTHING)
    return kind
