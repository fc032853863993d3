"""``x̄ += e`` for ``x̄ = x̄ + e``, where the old array is the derivative's own and not read again.

In the reverse sweep, as it is written first, an adjoint that another name holds too gets a new
array.  Where that other name is not read any more, the old array serves.

>>> import gast
>>> from srcad.analysis.kind import Array
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> x, names = Array(("x:0",), "f8"), Names()
>>> names.derivatives |= {"w", "v", "u"}
>>> body = gast.parse("w = 2 * x\\nv = w\\nv = v + w * w\\nu = x\\nu = u * w\\nv = v * x").body
>>> extents = Extents(body, {"x": x}, names.derivatives)
>>> print(emit(in_place(body, names, extents, Aliases(body), ["x"])), end="")
w = 2 * x
v = w
v = v + w * w
u = x
u = u * w
v *= x
"""

from __future__ import annotations

from collections.abc import Collection

import gast

from srcad.analysis.kind import same_shape
from srcad.names import Names
from srcad.simplify.aliases import Aliases
from srcad.simplify.extents import Extents
from srcad.simplify.flow import bound_by, reads_of
from srcad.simplify.order import in_place_of
from srcad.simplify.ownership import is_fresh
from srcad.simplify.products import factors_of, product_of
from srcad.tree import (
    COMPOUND,
    Node,
    assigned,
    copy_node,
    is_name,
    name_occurrences,
    names_in,
    statements_in,
)


class InPlace:
    """The adjoints of one body that may be changed in place."""

    def __init__(
        self,
        body: list[Node],
        names: Names,
        extents: Extents,
        aliases: Aliases,
        parameters: Collection[str],
    ) -> None:
        self.names = names
        self.extents = extents
        self.parameters = set(parameters)
        self.aliases = aliases
        self.bindings: dict[str, list[Node]] = {}
        # What is bound otherwise than by an assignment to one name.
        self.others: set[str] = set()
        for stmt in statements_in(body):
            if isinstance(stmt, gast.Assign) and assigned(stmt):
                self.bindings.setdefault(assigned(stmt), []).append(stmt.value)
            elif not isinstance(stmt, gast.AugAssign):
                self.others |= bound_by(stmt)
        # Where each name is read last.
        self.last = {
            name: place
            for place, stmt in enumerate(body)
            for each in statements_in([stmt])
            for name in reads_of(each)
        }

    def block(self, body: list[Node], *, inside: bool = False) -> list[Node]:
        """A block; ``inside`` of a loop or a branch no other name may hold the array at all."""
        out = []
        for place, stmt in enumerate(body):
            if isinstance(stmt, COMPOUND):
                blocks = (self.block(each, inside=True) for each in (stmt.body, stmt.orelse))
                stmt = copy_node(stmt, **dict(zip(("body", "orelse"), blocks, strict=True)))
            elif isinstance(stmt, gast.Assign) and self._is_last(stmt, place, inside):
                stmt = self._changed(stmt)
            out.append(stmt)
        return out

    def _is_last(self, stmt: Node, place: int, inside: bool) -> bool:
        """Whether a line gives an adjoint a new array, and nothing else reads the old one later."""
        name = assigned(stmt)
        if not self.names.is_adjoint(name) or not self.extents.axes.get(name):
            return False
        group = self.aliases.of(name)
        if inside and group != {name}:
            return False
        later = (other for other in group - {name} if self.last.get(other, -1) > place)
        return next(later, None) is None and all(map(self._is_whole, group))

    def _is_whole(self, name: str) -> bool:
        """Whether a name always means a whole array that was made here."""
        if name in self.parameters or name in self.others or name not in self.bindings:
            return False
        return all(is_name(value) or is_fresh(value) for value in self.bindings[name])

    def _changed(self, stmt: Node) -> Node:
        (target,), value = stmt.targets, stmt.value
        name = target.id
        if not isinstance(value, gast.BinOp):
            return stmt
        if isinstance(value.op, (gast.Add, gast.Sub)):
            if is_name(value.left, name) and name not in names_in(value.right):
                return in_place_of(stmt, gast.AugAssign(target, value.op, value.right))
        elif isinstance(value.op, gast.Mult):
            first, *others = factors_of(value)
            axes = self.extents.of(value)
            alone = name_occurrences(value).count(name) == 1
            if is_name(first, name) and alone and same_shape(axes, self.extents.of(first)):
                return in_place_of(stmt, gast.AugAssign(target, value.op, product_of(others)))
        return stmt


def in_place(
    body: list[Node],
    names: Names,
    extents: Extents,
    aliases: Aliases,
    parameters: Collection[str],
) -> list[Node]:
    """The body with adjoints changed in place, where nobody can tell."""
    return InPlace(body, names, extents, aliases, parameters).block(body)


def renews(name: str, value: Node) -> bool:
    """Whether a variable's new value is made of its old one: ``x̄ + e``, ``x̄ * e``."""
    while isinstance(value, gast.BinOp):
        value = value.left
    return is_name(value, name)
