"""The listing: a function in three-address form, the normal form between all passes.

A body is a list of gast statements of these shapes:

- ``name = operation``, one elementary operation on atoms; an *atom* is a variable, a literal or an
  expression that carries no derivative; a call of a user's function may bind several names;
- ``name[index] = atom`` and ``name[index] += atom`` (or ``-=``), on arrays and lists of numbers;
- ``list.append(atom)``, on lists of numbers;
- ``u, v = v, u``, arrays that swap their names, marked as ``permutes``;
- ``if``, ``for ... in range(...)`` and ``while``, whose tests carry no derivative;
- ``break``, only at the end of a branch, after ``stop = k`` has recorded why;
- ``assert``, ``raise`` and calls for their effect (``print``), kept as they are.

There is no ``return``: the results are variables.  Each statement's ``origin`` is the user's
statement that it comes from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import gast

from srcad.analysis.kind import NOTHING, Kind, TupleOf, is_continuous
from srcad.names import Names
from srcad.tree import Node, constant, item


@dataclass(eq=False)
class Listing:
    """A function in three-address form.

    ``result`` is the variable that holds the result, ``structure`` how it is made of variables
    once tuples are taken apart: a name, or a tuple of structures.
    """

    name: str
    parameters: list[str]
    body: list[Node]
    result: str
    names: Names
    resolver: Any
    source: Any
    structure: Any = None
    kinds: dict[str, Kind] = field(default_factory=dict)
    # For each of the user's parameters, the variables that it is: several for a tuple.
    leaves: dict[str, list[str]] = field(default_factory=dict)
    kinds_of_parameters: dict[str, Kind] = field(default_factory=dict)
    result_kind: Kind = NOTHING
    # Which variables may depend on what is differentiated (``lower/varied.py``).
    varied: Any = None
    # Options that depend on what is differentiated: wrong where the listing is differentiated.
    option_problems: Any = None
    memory: Any = None
    # The kinds of what is put into lists, by their names.
    put: dict[str, Kind] = field(default_factory=dict)
    # What a call of the function does to memory.
    summary: Any = None
    # The listing before that: what may stand in the place of a call (``lower/written_out.py``).
    plain: Any = None

    @property
    def outputs(self) -> list[str]:
        """The variables that a caller sees: the results, and the arguments that are written."""
        return [*self.results, *filter(self.memory.is_written, self.parameters)]

    @property
    def results(self) -> list[str]:
        """The variables that make up the result, in order."""
        return leaves_of(self.structure if self.structure is not None else self.result)


def leaves_of(structure: Any) -> list[str]:
    """The names in a structure, in order."""
    if isinstance(structure, str):
        return [structure]
    return [leaf for each in structure for leaf in leaves_of(each)]


def operand_leaves(node: Node) -> list[Node]:
    """The operand of a call, taken apart as the callee's parameter is: a tuple's elements."""
    kind = getattr(node, "kind", NOTHING)
    if not isinstance(kind, TupleOf) or not is_continuous(kind):
        return [node]
    if isinstance(node, gast.Tuple):
        return [leaf for each in node.elts for leaf in operand_leaves(each)]
    found = []
    for position, each in enumerate(kind.items):
        part = item(node, constant(position))
        part.kind = each
        found += operand_leaves(part)
    return found


def with_origin(stmt: Node, origin: Node | None) -> Node:
    """The statement, marked with the user's statement that it comes from."""
    stmt.origin = origin
    return stmt


def origin_of(stmt: Node) -> Node | None:
    """The user's statement that a statement comes from."""
    return getattr(stmt, "origin", None)
