"""The values of the primal in the reverse sweep: put back, or computed again.

What a statement overwrote is put back as late as can be, just before it is read; cheap functions of
values at hand are recomputed where they are read first.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import gast

from srcad.adjoint import Adjoint
from srcad.analysis.memory import element_of_array, is_content
from srcad.analysis.places import Block
from srcad.listing import origin_of, with_origin
from srcad.reverse.pair import of_kind
from srcad.reverse.plan import Plan
from srcad.reverse.tapes import at_site
from srcad.tree import Node, assign, call, copy_node, item, load, store, substitute, tuple_of


class Values:
    """Which values of the primal the reverse sweep has at hand, as it is written."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.names = plan.names
        self.places = plan.places
        self.saves = plan.saves
        self.tapes = plan.tapes
        self.stacks = plan.stacks
        # Per block of the reverse sweep: restores still to be written, values recomputed so far.
        self.pending: list[tuple[Block, dict[str, Node]]] = []
        self.recomputed: set[str] = set()
        self.late: list[tuple[str, Node]] = []
        # The statements whose shadows have been put back.
        self.shadowed: set[int] = set()
        # What has been taken of shadows that are put back, while a statement is reversed.
        self.taken: dict[str, Node] = {}
        # The variables that the reverse sweep has for temporaries of the forward sweep.
        self.again: dict[str, Node] = {}

    def needs(self, adjoint: Adjoint) -> set[str]:
        """All that an adjoint reads: values, contents of arrays, and arrays of a shape."""
        contents = self.plan.memory.contents(adjoint.before)
        return adjoint.before | adjoint.shapes | contents

    def in_names(self, expression: Node) -> Node:
        """An expression of adjoints and values under the names that they have here."""
        return substitute(self.renamed(expression), self.taken)

    def at_hand(self, names: AbstractSet[str], origin: Node | None) -> list[Node]:
        """Restore or recompute the values that the next statements read."""
        out: list[Node] = self.put_back(names)
        for name in sorted(names, key=self.plan.needed._first_place):
            if name in self.saves.recomputed:
                if name not in self.recomputed:
                    definition = self.saves.recomputed[name]
                    out += self.at_hand(self.plan.needed.leaves(name), origin)
                    again = assign(self.own_name(name), self.renamed(definition.value))
                    again.early = True
                    out.append(with_origin(again, origin))
                    self.recomputed.add(name)
            else:
                for _, restores in self.pending:
                    if name in restores:
                        out.append(with_origin(restores.pop(name), origin))
        return out

    def put_back(self, names: AbstractSet[str] | None = None) -> list[Node]:
        """The late restores of some variables, or of all, with those that must come before."""
        chosen = [each for each in self.late if names is None or self.stacks or each[0] in names]
        self.late = [each for each in self.late if each not in chosen]
        return [stmt for _, stmt in chosen]

    def own_name(self, name: str) -> str:
        """The reverse sweep's own name for a temporary that it restores or recomputes."""
        if name not in self.names.temporaries or name in self.plan.shadows.primal:
            return name
        if name not in self.again:
            own = self.names.temporary()
            self.names.twins[own] = name
            self.again[name] = of_kind(load(own), self.plan.kind(name))
        return str(self.again[name].id)

    def renamed(self, expression: Node) -> Node:
        """An expression of the primal under the reverse sweep's own names."""
        return substitute(expression, self.again)

    def restore(self, name: str) -> Node:
        new = assign(of_kind(store(self.own_name(name)), self.plan.kind(name)), self.saved(name))
        new.early = True
        return new

    def saved(self, name: str) -> Node:
        """What was saved last of a name on its tape."""
        tape = self.tapes[name]
        if tape.index:
            return item(tape.name, load(tape.index))
        return call(gast.Attribute(load(tape.name), "pop", gast.Load()))

    def restores_before(self, stmt: Node) -> list[Node]:
        """What a statement overwrote, put back; its shadows too, if they are not yet."""
        out = []
        shadows = self.plan.shadows.primal if id(stmt) in self.shadowed else ()
        for name in reversed(self.saves.before.get(id(stmt), [])):
            if name in shadows:
                continue
            if is_content(name):
                place = place_of(stmt, self.plan.memory.changed_by(stmt))
                out += self.at_hand(self.plan.memory.reads(gast.Expr(place)), None)
                new = self._restore_content(name, stmt)
            elif name in self.tapes:
                new = self.restore(name)
            else:
                new = assign(name, load(self.plan.plain_saves[id(stmt)][name]))
            self.recomputed = {r for r in self.recomputed if name not in self.plan.needed.leaves(r)}
            out.append(at_site(with_origin(new, origin_of(stmt)), name, stmt))
        return out

    def restores_of_shadows(self, stmt: Node) -> list[Node]:
        """The shadows that a statement overwrote, put back before all else."""
        self.shadowed.add(id(stmt))
        out = []
        for name in reversed(self.saves.before.get(id(stmt), [])):
            if name in self.plan.shadows.primal:
                plain = self.plan.plain_saves.get(id(stmt), {})
                new = self.restore(name) if name in self.tapes else assign(name, load(plain[name]))
                out.append(at_site(with_origin(new, origin_of(stmt)), name, stmt))
        return out

    def _restore_content(self, content: str, stmt: Node) -> Node:
        """What a write into an array overwrote, put back: ``y[i] = y_tape.pop()``."""
        if content in self.tapes:
            saved = self.saved(content)
        else:
            saved = load(self.plan.plain_saves[id(stmt)][content])
        changed = self.plan.memory.changed_by(stmt)
        place = self.renamed(place_of(stmt, changed))
        new = gast.Assign([copy_node(place, ctx=gast.Store())], saved, None)
        new.early = True
        return new

    def restores_for(self, stmt: Node) -> list[Node]:
        """The restores that a compound statement's reverse reads, written before it."""
        out = []
        for _, restores in self.pending:
            for name in [n for n in restores if self._is_read_in(stmt, n)]:
                out.append(with_origin(restores.pop(name), None))
        return out

    def _is_read_in(self, stmt: Node, name: str) -> bool:
        return any(
            use is stmt or self.places.inside(use, stmt) for use in self.plan.needed._needing(name)
        )

    def restore_late(self, restores: list[Node]) -> None:
        self.late += [(each.targets[0].id, each) for each in restores]


def place_of(stmt: Node, changed: set[str]) -> Node:
    """The part of an array that a statement writes; of a call all arrays that it writes."""
    element = element_of_array(stmt)
    if element is not None:
        return element
    whole = [item(name, gast.Constant(..., None), stored=True) for name in sorted(changed)]
    return tuple_of(whole, stored=True)
