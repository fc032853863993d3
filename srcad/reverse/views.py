"""Views in the reverse sweep: the adjoint of a view is the same view of the adjoint.

Of memory that is written, each variable is an *owner*, whose array was made for it, or a *view* of
another variable's.  An owner's adjoint is made by its first contribution; that of a view is bound
where it is first needed, ``v̄ = ȳ[1:]`` for ``v = y[1:]``.  So it has to be the same view there as
it was for the primal: what cannot be followed back is refused.
"""

from __future__ import annotations

import gast

from srcad.adjoint import Adjoint
from srcad.analysis.kind import ListOf
from srcad.analysis.memory import READ_ONLY, Memory, base_of
from srcad.analysis.places import Places
from srcad.listing import Listing
from srcad.tree import Node, is_name, names_in, statements_in


class Views:
    """The views among a body's variables, each with the statement that defines it."""

    def __init__(
        self,
        body: list[Node],
        listing: Listing,
        places: Places,
        active: set[str],
        adjoints: dict[int, Adjoint],
    ) -> None:
        self.memory: Memory = listing.memory
        self.kinds = listing.kinds
        self.places = places
        self.adjoints = adjoints
        self.definitions: dict[str, Node] = {}
        # What cannot be followed back, with the statement that says so, and why.
        self.lost: dict[str, tuple[Node, str]] = {}
        for name in sorted(self.memory.names() & active):
            self._find(name, name in listing.parameters)
        uses = self._uses(body)
        for name in self.definitions:
            self._follow(name, uses)

    def __contains__(self, name: str) -> bool:
        return name in self.definitions

    def base(self, name: str) -> str:
        """The variable that a view is a part of."""
        return base_of(self.definitions[name].value)

    def owner(self, name: str) -> str:
        """The variable whose array a variable is, or is a part of."""
        while name in self.definitions:
            name = self.base(name)
        return name

    def _find(self, name: str, is_parameter: bool) -> None:
        writers = self.places.writers.get(name, [])
        if isinstance(self.kinds.get(name), ListOf) and writers:
            self.lost[name] = writers[0], DEPENDS
            return
        links = [
            stmt for stmt in writers if self.memory.is_link(getattr(stmt, "primal_call", stmt))
        ]
        if not links:
            return
        operation = getattr(getattr(links[0], "primal_call", links[0]).value, "operation", None)
        called = operation is not None and operation.callee is not None
        followed = (
            len(writers) == 1
            and is_name(links[0].targets[0])
            and not isinstance(self.kinds.get(base_of(links[0].value)), ListOf)
            and not (is_parameter or called or cannot_be_written(links[0]))
        )
        if followed and base_of(links[0].value):
            self.definitions[name] = links[0]
            return
        self.lost[name] = links[0], SEES if cannot_be_written(links[0]) else DEPENDS

    def _uses(self, body: list[Node]) -> dict[str, list[Node]]:
        """The statements whose adjoints need the adjoint of a variable."""
        found: dict[str, list[Node]] = {}
        for stmt in statements_in(body):
            names = set(self.memory.changed_by(stmt))
            adjoint = self.adjoints.get(id(stmt))
            if adjoint is not None:
                names |= {each.operand.id for each in adjoint.contributions}
            if hasattr(stmt, "pair"):
                names |= names_in(*stmt.operands)
            if isinstance(stmt, gast.Assign) and self._defines_view(stmt):
                names.add(base_of(stmt.value))
            for name in names:
                found.setdefault(name, []).append(stmt)
        return found

    def _defines_view(self, stmt: Node) -> bool:
        target = stmt.targets[0]
        return is_name(target) and self.definitions.get(target.id) is stmt

    def _follow(self, name: str, uses: dict[str, list[Node]]) -> None:
        """Check that the definition of a view means the same wherever its adjoint is needed."""
        definition = self.definitions[name]
        block = self.places.block_of[id(definition)]
        pending, seen = [name], set()
        while pending:
            each = pending.pop()
            if each in seen:
                continue
            seen.add(each)
            for use in uses.get(each, []):
                if not self.places.block_of[id(use)].within(block):
                    self.lost[name] = definition, "it is used outside the loop or branch"
                    return
                if any(self._changes(leaf, definition, use) for leaf in names_in(definition.value)):
                    self.lost[name] = definition, "what it is a part of changes meanwhile"
                    return
                if isinstance(use, gast.Assign) and self._defines_view(use):
                    pending.append(use.targets[0].id)

    def _changes(self, name: str, definition: Node, use: Node) -> bool:
        """Whether a variable may have another value at a use, in any trip of its loops."""
        around = self.places.loops(definition)
        loops = [
            loop for loop in self.places.loops(use) if all(loop is not each for each in around)
        ]
        return (
            self.places.written_between(name, definition, use)
            or any(self.places.written_in(name, loop) for loop in loops)
            or (not _is_plain(use) and name in self.memory.binds(use))
        )


def _is_plain(stmt: Node) -> bool:
    """Whether a statement gives its own value to one name: the older array's adjoint is apart."""
    return isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]) and not hasattr(stmt, "pair")


def cannot_be_written(stmt: Node) -> bool:
    """Whether NumPy gives a view that is read only: what is added to its adjoint has no place."""
    operation = getattr(stmt.value, "operation", None)
    rule = operation.rule if operation is not None else None
    return rule is not None and rule.name in READ_ONLY


SEES = "it shows what is written there later, but nothing can be added to it"
DEPENDS = "which array it is depends on the way the program took"
