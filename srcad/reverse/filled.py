"""Adjoints that are arrays, and nobody else's, on every path: they are not filled, or copied.

An adjoint that nothing has been added to yet may be the number 0.0, and one that is another's too
must not be added to in place (see :mod:`srcad.reverse.bars`).  What reads it as an array fills it
first, ``x̄ = np.full_like(x, x̄)``; what writes it takes a copy.  While the sweep is written, the
worst has to be assumed of what a loop carries from trip to trip; once it is there, a data-flow
analysis tells where it cannot be.

>>> from srcad.emit import emit
>>> body = gast.parse('''
... h̄ = 2 * h
... for t in range(n):
...     h̄ = np.full_like(h, h̄)
...     h̄[0] += 1.0
...     h̄ = w.T @ h̄
... ''').body
>>> body[1].body[0].fills, body[1].body[0].how = "h̄", OWN
>>> print(emit(without_fills(body, {"h̄"})), end="")
h̄ = 2 * h
for t in range(n):
    h̄[0] += 1.0
    h̄ = w.T @ h̄
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from typing import TypeAlias

import gast

from srcad.simplify.flow import read_by, written_by
from srcad.simplify.ownership import is_fresh
from srcad.tree import (
    COMPOUND,
    Node,
    assigned,
    blocks_of,
    call,
    children,
    copy_node,
    is_name,
    load,
    names_in,
    rewrite,
    statements_in,
    target_names,
    walk,
)

JUMPS = (gast.Break, gast.Continue)

# How a statement makes an array of its own of an adjoint: from a number, too, or from an array.
FILL, OWN, COPY = "fill", "own", "copy"

# The arrays that have one name, each with the names that end soon and hold it until then.
Owned: TypeAlias = dict[str, frozenset[str]]
NOBODY: frozenset[str] = frozenset()


def without_fills(body: list[Node], arrays: Set[str]) -> list[Node]:
    """The sweep without the fills that are in vain; ``arrays`` are the adjoints of arrays."""
    if not any(each.fills in arrays for stmt in statements_in(body) for each in _fills_in(stmt)):
        return body
    found = Adjoints(arrays, Lives(body))
    found.block(body)
    return _settled(body, found)


def _fills_in(stmt: Node) -> list[Node]:
    """A statement that fills an adjoint, or the parts of a ``return`` that do."""
    if isinstance(stmt, gast.Return) and stmt.value is not None:
        return [node for node in walk(stmt.value) if hasattr(node, "fills")]
    return [stmt] if hasattr(stmt, "fills") else []


class Adjoints:
    """Which of ``arrays`` may be numbers, and which nobody else holds, statement by statement."""

    def __init__(self, arrays: Set[str], lives: Lives) -> None:
        self.arrays = arrays
        self.lives = lives
        self.numbers: set[str] = set()
        self.owned: Owned = {}
        # What each name that ends soon has held, and the states at the jumps of the loop around.
        self._holding: dict[str, set[str]] = {}
        self._jumps: list[tuple[set[str], Owned]] = []
        # The fills that meet a number, and those that meet what others hold.
        self.filled: set[int] = set()
        self.copied: set[int] = set()

    def block(self, body: list[Node]) -> None:
        """Follow the statements of a block."""
        for stmt in body:
            if isinstance(stmt, gast.If):
                self._if(stmt)
            elif isinstance(stmt, (gast.For, gast.While)):
                self._loop(stmt)
            elif isinstance(stmt, JUMPS):
                self._jumps.append((set(self.numbers), dict(self.owned)))
            else:
                self._simple(stmt)
            for name in self.lives.ending(stmt):
                for each in self._holding.pop(name, set()) & self.owned.keys():
                    self.owned[each] -= {name}

    def _if(self, stmt: Node) -> None:
        numbers, owned = set(self.numbers), dict(self.owned)
        self.block(stmt.body)
        numbers, self.numbers = self.numbers, numbers
        owned, self.owned = self.owned, owned
        self.block(stmt.orelse)
        self.numbers |= numbers
        self.owned = _both(self.owned, owned)

    def _loop(self, stmt: Node) -> None:
        if isinstance(stmt, gast.For):
            self._share(stmt.iter)
        outside = self._jumps
        numbers, owned = set(self.numbers), dict(self.owned)
        while True:
            self.numbers, self.owned, self._jumps = set(numbers), dict(owned), []
            self.block(stmt.body)
            ends = [(self.numbers, self.owned), *self._jumps]
            end = numbers.union(*(each for each, _ in ends))
            kept = owned
            for _, each in ends:
                kept = _both(kept, each)
            if end == numbers and kept == owned:
                break
            numbers, owned = end, kept
        self.numbers, self.owned, self._jumps = numbers, owned, outside
        self.block(stmt.orelse)

    def _simple(self, stmt: Node) -> None:
        for fill in _fills_in(stmt):
            if fill.fills in self.numbers:
                self.filled.add(id(fill))
            if self.owned.get(fill.fills) != NOBODY:
                self.copied.add(id(fill))
        if hasattr(stmt, "fills"):
            self._fill(stmt)
        elif isinstance(stmt, gast.Assign):
            self._assign(stmt)
        elif isinstance(stmt, gast.AugAssign):
            if assigned(stmt) and not self._is_number(stmt.value):
                self.numbers.discard(assigned(stmt))
        elif isinstance(stmt, gast.Expr):
            self._share(stmt.value)

    def _fill(self, stmt: Node) -> None:
        self.numbers.discard(stmt.fills)
        if id(stmt) in self.filled or stmt.how != FILL:
            self.owned[stmt.fills] = NOBODY

    def _assign(self, stmt: Node) -> None:
        (target,) = stmt.targets
        name, value = assigned(stmt), stmt.value
        fresh = is_fresh(value)
        if not fresh:
            self._share(value, name)
        if isinstance(target, gast.Tuple) and isinstance(value, gast.Tuple):
            pairs = zip(target.elts, value.elts, strict=True)
            numbers = {t.id for t, v in pairs if is_name(t) and self._is_number(v)}
        else:
            numbers = {name} if name and self._is_number(value) else set()
        bound = set(target_names(target))
        for each in bound:
            self.owned.pop(each, None)
        self.numbers -= bound
        self.numbers |= numbers & self.arrays
        if name and fresh and name not in self.numbers:
            self.owned[name] = NOBODY

    def _share(self, value: Node, holder: str = "") -> None:
        """What an expression holds that is no new array is not one name's alone any more.

        If its ``holder`` is a name that ends soon, that is so until then.
        """
        names = names_in(value)
        owners = {
            each for name in names for each in self._holding.get(name, ())
        } & self.owned.keys()
        owners = {each for each in owners if not self.owned[each].isdisjoint(names)}
        for name in owners | names & self.owned.keys():
            if self.lives.end(holder):
                self.owned[name] |= {holder}
                self._holding.setdefault(holder, set()).add(name)
            else:
                del self.owned[name]

    def _is_number(self, value: Node) -> bool:
        """Whether what is given to an adjoint, or added to it, may be a number."""
        if is_name(value):
            return value.id in self.numbers or value.id not in self.arrays
        if isinstance(value, gast.Constant):
            return True
        if isinstance(value, gast.BinOp) and isinstance(value.op, (gast.Add, gast.Sub)):
            return self._is_number(value.left) and self._is_number(value.right)
        if isinstance(value, gast.UnaryOp):
            return self._is_number(value.operand)
        if isinstance(value, gast.Subscript) and is_name(value.value):
            return value.value.id in self.numbers or value.value.id not in self.arrays
        return self._reads_number(value)

    def _reads_number(self, value: Node) -> bool:
        """Whether a formula reads an adjoint that may be a number, or takes one from a list."""
        pending = [value]
        while pending:
            node = pending.pop()
            if is_name(node) and node.id in self.numbers:
                return True
            if isinstance(node, gast.Attribute) and node.attr == "pop":
                return True
            pending += children(node)
        return False


def _both(one: Owned, other: Owned) -> Owned:
    """What is owned on both of two paths, each with all that holds it on either."""
    return {name: one[name] | other[name] for name in one.keys() & other.keys()}


class Lives:
    """Where the names end that are bound once, and read in the block where they are bound."""

    def __init__(self, body: list[Node]) -> None:
        every = list(statements_in(body))
        self._writes = Counter(name for stmt in every for name in written_by(stmt))
        self._reads = Counter(name for stmt in every for name in read_by(stmt))
        self._last: dict[str, int] = {}
        self._ending: dict[int, list[str]] = {}
        self._block(body)

    def end(self, name: str) -> bool:
        """Whether a name ends in the block where it is bound."""
        return name in self._last

    def ending(self, stmt: Node) -> list[str]:
        """The names that end with a statement."""
        return self._ending.get(id(stmt), [])

    def _block(self, body: list[Node]) -> Counter[str]:
        """How often a block reads each name."""
        total: Counter[str] = Counter()
        last: dict[str, Node] = {}
        for stmt in body:
            reads = Counter(read_by(stmt))
            for block in blocks_of(stmt):
                reads += self._block(block)
            total += reads
            last |= dict.fromkeys(reads, stmt)
        for name in {assigned(stmt) for stmt in body} & last.keys():
            if self._writes[name] == 1 and total[name] == self._reads[name]:
                self._last[name] = id(last[name])
                self._ending.setdefault(id(last[name]), []).append(name)
        return total


def _settled(body: list[Node], found: Adjoints) -> list[Node]:
    """The body with each fill as it has to be: a fill, a copy, or nothing."""
    out: list[Node] = []
    for stmt in body:
        if isinstance(stmt, COMPOUND):
            new = {"body": _settled(stmt.body, found), "orelse": _settled(stmt.orelse, found)}
            out.append(copy_node(stmt, **new))
        elif isinstance(stmt, gast.Return) and _fills_in(stmt):
            value = rewrite(stmt.value, lambda node: _unfilled(node, found))
            out.append(copy_node(stmt, value=value))
        elif (
            not hasattr(stmt, "fills")
            or stmt.fills not in found.arrays
            or (id(stmt) in found.filled and stmt.how != COPY)
        ):
            out.append(stmt)
        elif id(stmt) in found.copied and stmt.how != FILL:
            copied = call(gast.Attribute(load(stmt.fills), "copy", gast.Load()))
            out.append(copy_node(stmt, value=copied))
    return out


def _unfilled(node: Node, found: Adjoints) -> Node | None:
    """An adjoint itself, instead of what fills it: it must be nobody else's."""
    if not hasattr(node, "fills") or node.fills not in found.arrays or id(node) in found.filled:
        return None
    bar = load(node.fills)
    bar.kind, bar.must_own = node.fills_kind, True
    return bar
