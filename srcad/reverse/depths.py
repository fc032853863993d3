"""Where in the user's expression an operand stands: the order in which its adjoint is written.

Outer operands come before inner ones, and each from left to right; a chain of sums, or of
products, is one operation.  So of ``r = h @ W + b - t`` the adjoint of ``b`` is written first, and
of ``-x * a`` that of ``x``.
"""

from __future__ import annotations

from dataclasses import dataclass

import gast

from srcad.adjoint import Contribution
from srcad.names import Names
from srcad.tree import Node

CHAINS = {gast.Add: "sum", gast.Sub: "sum", gast.Mult: "product", gast.Div: "product"}


@dataclass(frozen=True)
class Spot:
    """How deep an operand stands, the way down to it, and the operation it is an operand of."""

    depth: int = 0
    way: tuple[int, ...] = ()
    chain: str = ""


class Depths:
    """The spots of the operands of one listing, taken from the results to the operands."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.spots: dict[str, Spot] = {}

    def place(self, line: Node, stmt: Node, contribution: Contribution, position: int) -> None:
        """Give the line of a contribution its place among those of the user's statement."""
        target, value = stmt.targets[0].id, stmt.value
        outer = self.spots[target] if target in self.spots else Spot()
        chain = CHAINS.get(type(getattr(value, "op", None)), "")
        if isinstance(value, gast.UnaryOp):
            chain = outer.chain
        deeper = not chain or chain != outer.chain
        spot = Spot(outer.depth + deeper, (*outer.way, position), chain)
        if contribution.operand.id in self.names.temporaries:
            self.spots[contribution.operand.id] = spot
        line.place = spot.depth, spot.way
