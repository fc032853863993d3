"""Calls of functions written out: what the called function does stands where it is called.

``z = pick(a, b, c)`` may be ``a`` or ``b``, and only inside ``pick`` can be seen which.  Where
arrays that are written are handed in and out so, a reverse sweep of its own cannot say which
adjoint is meant; written out, the call is a branch like any other.

>>> import gast
>>> from srcad.emit import emit
>>> from srcad.lower.resolve import Resolver
>>> from srcad.names import Names
>>> resolver = Resolver(None, {"p", "q", "w1"})
>>> callee = Plain(gast.parse("if p[0] > 1:\\n    w1 = p\\nelse:\\n    w1 = q").body,
...                ["p", "q"], "w1", {"w1"}, set(), resolver, "f.py")
>>> (stmt,) = gast.parse("z = pick(a, b)").body
>>> names = Names({"z", "a", "b"})
>>> out = Body(callee, stmt, stmt.value.args, names, set(), Resolver(None, {"a", "b", "z"}), "f.py")
>>> print(emit(out.statements()), end="")
if a[0] > 1:
    w1 = a
else:
    w1 = b
z = w1
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import gast

from srcad.analysis.kind import NOTHING, Kind, Literal
from srcad.analysis.operation import Operation
from srcad.listing import Listing, leaves_of, operand_leaves, origin_of, with_origin
from srcad.lower.resolve import MISSING, Resolver
from srcad.names import Names
from srcad.simplify.flow import written_by
from srcad.tree import (
    Node,
    assign,
    blocks_of,
    constant,
    copy_node,
    fresh,
    is_name,
    load,
    names_in,
    own_parts,
    statements_in,
    walk,
    with_names,
)

# More statements than this are not written out: the code stays as long as the source.
MOST = 400
# What the analyses find out anew.
MARKS = ("kind", "operation", "held", "makes", "shares")


class Plain(NamedTuple):
    """A function's listing before what it does to memory is written in the listing's forms.

    ``varied`` are the variables that depend on what is differentiated.
    """

    body: list[Node]
    parameters: list[str]
    structure: Any
    temporaries: set[str]
    varied: set[str]
    resolver: Resolver
    filename: str

    @property
    def variables(self) -> set[str]:
        """All names that mean nothing outside the function."""
        bound = (name for stmt in statements_in(self.body) for name in written_by(stmt))
        return {*self.parameters, *bound, *leaves_of(self.structure)} | self.resolver.variables


def plain_of(listing: Listing) -> Plain:
    """What may be written out of a listing, as it is now."""
    return Plain(
        list(listing.body),
        list(listing.parameters),
        listing.structure,
        set(listing.names.temporaries),
        set(listing.varied.names),
        listing.resolver,
        listing.source.filename,
    )


def with_bodies(listing: Listing, plain: Callable[[Operation], Plain | None]) -> list[Node]:
    """The body of a listing with some calls written out; the same list if there are none.

    ``plain`` gives what is to be written out in the place of a call.
    """
    count = len(list(statements_in(listing.body)))

    def block(body: list[Node]) -> list[Node]:
        out: list[Node] = []
        for stmt in body:
            if list(blocks_of(stmt)):
                inner = [block(each) for each in blocks_of(stmt)]
                if any(new is not old for new, old in zip(inner, blocks_of(stmt), strict=True)):
                    stmt = copy_node(stmt, body=inner[0], orelse=inner[1])
                out.append(stmt)
            else:
                out += instead(stmt)
        same = len(out) == len(body) and all(a is b for a, b in zip(out, body, strict=True))
        return body if same else out

    def instead(stmt: Node) -> list[Node]:
        nonlocal count
        operation: Operation | None = getattr(getattr(stmt, "value", None), "operation", None)
        if not isinstance(stmt, gast.Assign) or operation is None or operation.callee is None:
            return [stmt]
        callee = plain(operation)
        if callee is None:
            return [stmt]
        given = [
            leaf
            for _, node in operation.operands
            for leaf in operand_leaves(node)
            if not isinstance(_kind_of(leaf), Literal)
        ]
        count += len(list(statements_in(callee.body)))
        written = Body(
            callee,
            stmt,
            given,
            listing.names,
            listing.varied.names,
            listing.resolver,
            listing.source.filename,
        )
        return written.statements() if count <= MOST and written.fits() else [stmt]

    return block(listing.body)


def _kind_of(node: Node) -> Kind:
    kind: Kind = getattr(node, "kind", NOTHING)
    return kind


class Body:
    """What stands in the place of one call."""

    def __init__(
        self,
        callee: Plain,
        stmt: Node,
        given: list[Node],
        names: Names,
        varied: set[str],
        resolver: Resolver,
        filename: str,
    ) -> None:
        self.callee = callee
        self.stmt = stmt
        self.given = given
        self.names = names
        self.varied = varied
        self.resolver = resolver
        self.filename = filename
        self.results = leaves_of(callee.structure)
        (target,) = stmt.targets
        self.targets = _leaves(target)
        self.known: dict[str, str] = {}

    def fits(self) -> bool:
        """Whether the counts of arguments and results are right, and all names are known."""
        returns_none = isinstance(_kind_of(self.stmt.targets[0]), Literal)
        counts = len(self.given), len(self.results) if not returns_none else len(self.targets)
        if counts != (len(self.callee.parameters), len(self.targets)):
            return False
        return all(self.callee.resolver.object_of(load(n)) is not MISSING for n in self._free())

    def _free(self) -> set[str]:
        """The names of modules, functions and constants."""
        variables = self.callee.variables
        return {
            node.id
            for stmt in statements_in(self.callee.body)
            for part in own_parts(stmt)
            for node in walk(part)
            if is_name(node) and node.id not in variables
        }

    def statements(self) -> list[Node]:
        """The arguments by their names, the function's statements, and the results."""
        for name in sorted(self._free()):
            self.known[name] = self._reached(name)
        out: list[Node] = []
        bound = {n for stmt in statements_in(self.callee.body) for n in written_by(stmt)}
        kept = bound | set(self.results)
        for parameter, node in zip(self.callee.parameters, self.given, strict=True):
            if is_name(node) and parameter not in kept:
                self.known[parameter] = node.id
            else:
                out.append(self._own(assign(self._named(parameter), node)))
        out += map(self._renamed, self.callee.body)
        if isinstance(_kind_of(self.stmt.targets[0]), Literal):
            return [*out, self._own(assign(self.targets[0], constant(None)))]
        for target, result in zip(self.targets, self.results, strict=True):
            out.append(self._own(assign(target, load(self._named(result)))))
        return out

    def _reached(self, name: str) -> str:
        """The name by which the caller reaches what a free name means in the function."""
        found = self.callee.resolver.object_of(load(name))
        if self.resolver.object_of(load(name)) is found:
            self.names.taken.add(name)
            return name
        for made, known in self.resolver.made.items():
            if known is found:
                return made
        new = self.names.fresh(name)
        self.resolver.made[new] = found
        return new

    def _named(self, name: str) -> str:
        """The name that a variable of the function has in the caller."""
        if name not in self.known:
            temporary = name in self.callee.temporaries
            self.known[name] = self.names.temporary() if temporary else self.names.fresh(name)
            self.resolver.variables.add(self.known[name])
            if name in self.callee.varied:
                self.varied.add(self.known[name])
        return self.known[name]

    def _own(self, stmt: Node) -> Node:
        stmt.primal = True
        return with_origin(gast.copy_location(stmt, self.stmt), origin_of(self.stmt))

    def _renamed(self, stmt: Node) -> Node:
        """A copy of a statement of the function, with those in it, under the caller's names."""

        def exchanged(node: Node) -> Node:
            return copy_node(node, id=self._named(node.id))

        blocks = [list(map(self._renamed, block)) for block in blocks_of(stmt)]
        if blocks:
            header = copy_node(stmt, body=[], orelse=[])
            new = copy_node(with_names(fresh(header), exchanged), body=blocks[0], orelse=blocks[1])
            if getattr(stmt, "stop", None) is not None:  # where a loop records how it ended
                new.stop = self._named(stmt.stop)
        else:
            new = with_names(fresh(stmt), exchanged)
        for part in own_parts(new):
            for node in walk(part):
                for mark in MARKS:
                    node.__dict__.pop(mark, None)
        for mark in MARKS:
            new.__dict__.pop(mark, None)
        if not blocks and any(self.known.get(n, n) != n for n in names_in(stmt)):
            new.changed = True  # the user's line has other names
        if self.callee.filename != self.filename:  # a line of another file would be misread
            with_origin(gast.copy_location(new, self.stmt), origin_of(self.stmt))
        return new


def _leaves(target: Node) -> list[str]:
    if isinstance(target, gast.Tuple):
        return [name for each in target.elts for name in _leaves(each)]
    return [target.id]
