"""Memory: which variables may share it, and which of it is written in place.

A variable that nothing is written into, under any of its names, is a *value*.  The others are
grouped: two variables are in one *region* if they may share memory (``v = y[1:]``, ``z = y``), and
what is stored there is the region's *content*, a name of its own (``"y[]"``) for the analyses of
what is read and written.  Buffers that swap their names keep their regions, and have one content.

>>> import gast
>>> from srcad.analysis.kind import Array
>>> body = gast.parse("v = y[1:]\\nz = y * 2\\nv[0] = 1.0").body
>>> for node in (n for stmt in body for n in gast.walk(stmt) if isinstance(n, gast.Name)):
...     node.kind = Array(("y:0",), "f8")
>>> body[0].value.kind = body[1].value.kind = Array(("?",), "f8")
>>> memory = Memory(body)
>>> memory.content("y"), memory.content("v"), memory.content("z")
('y[]', 'y[]', '')
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import gast

from srcad.analysis.kind import NOTHING, Array, Kind, ListOf, TupleOf, Unknown
from srcad.analysis.operation import Operation
from srcad.analysis.returned import Part
from srcad.rules import Structured
from srcad.simplify.flow import read_by, written_by
from srcad.tree import Node, is_name, names_in, statements_in, target_names, walk


class Summary(NamedTuple):
    """What a call of a user's function does to memory.

    ``written`` are the positions of the arguments that it may write, ``shared`` those that its
    result may share memory with; ``together`` says that its results may share theirs, and
    ``parts`` which of the ``results`` are parts of arguments for sure, ``fresh`` which are of none.
    ``held`` are pairs of positions: a list, and an argument that it may hold after the call.
    """

    written: frozenset[int] = frozenset()
    shared: frozenset[int] = frozenset()
    together: bool = False
    results: int = 0
    parts: tuple[Part, ...] = ()
    fresh: frozenset[int] = frozenset()
    held: frozenset[tuple[int, int]] = frozenset()


NO_MEMORY = Summary()
# What a call is known to make where the rule alone does not tell.
VIEW, COPY = "view", "copy"
# The functions whose views cannot be written.
READ_ONLY = frozenset(
    {"np.diag", "np.diagonal", "np.linalg.diagonal", "np.broadcast_to", "np.broadcast_arrays"}
    | {"np.linalg.matrix_power"}
)


class Memory:
    """The regions of one body whose nodes are marked with kinds."""

    def __init__(
        self,
        body: list[Node],
        summary: Callable[[Operation], Summary] | None = None,
        *,
        written: Iterable[str] = (),
        together: Iterable[Iterable[str]] = (),
    ) -> None:
        self._summary = summary
        self._parents: dict[str, str] = {}
        self._swapped: dict[str, str] = {}
        self._order: dict[str, int] = {}
        self._sizes: Counter[str] | None = None
        self.written: set[str] = set(written)
        # The variables whose memory is another one's, by the statement that says so.
        self.links: list[tuple[str, str, Node]] = []
        self._linked: set[int] = set()
        for stmt in statements_in(body):
            self._statement(stmt)
        for one, other, _ in self.links:
            self._join(self._parents, other, one)
        for first, *others in together:  # parameters that may be parts of one array
            for name in others:
                self._join(self._parents, first, name)
        self._swapped = {**self._parents, **self._swapped}
        for stmt in statements_in(body):
            if getattr(stmt, "permutes", False):
                first, *rest = target_names(stmt.targets[0])
                for name in rest:
                    self._join(self._swapped, first, name)
        for name in list(self._parents):
            self._join(self._swapped, name, self._root(self._parents, name))
        self._dirty = {self._root(self._swapped, name) for name in self.written}

    # -- what is asked ----------------------------------------------------------------------------

    def __bool__(self) -> bool:
        return bool(self.written)

    def is_written(self, name: str) -> bool:
        """Whether a variable's memory may be written in place, by this or by another name."""
        return bool(self._dirty) and self._root(self._swapped, name) in self._dirty

    def content(self, name: str) -> str:
        """The name of what is stored in a variable's memory; "" for a value."""
        return f"{self._root(self._swapped, name)}[]" if self.is_written(name) else ""

    def contents(self, names: Iterable[str]) -> set[str]:
        """The contents of those of the variables that are no values."""
        return {self.content(name) for name in names if self.is_written(name)} if self else set()

    def left_behind(self, stmt: Node) -> set[str]:
        """The contents of the arrays that lose their only name by a statement.

        A new array has that name then: writing it leaves the older one as it is.
        """
        if not self or not isinstance(stmt, gast.Assign) or self.is_link(stmt):
            return set()
        names = (name for name in self.binds(stmt) if self.is_written(name))
        return {self.content(name) for name in names if self._is_alone(name)}

    def _is_alone(self, name: str) -> bool:
        """Whether an array that is written has no other name, or part with a name, at any time."""
        if self._sizes is None:
            self._sizes = Counter(self._root(self._swapped, each) for each in self._swapped)
        return self._sizes[self._root(self._swapped, name)] <= 1

    def is_link(self, stmt: Node) -> bool:
        """Whether an assignment gives a variable the memory of another one, or a part of it."""
        return id(getattr(stmt, "value", None)) in self._linked

    def must_be_checked(self, stmt: Node) -> bool:
        """Whether only running tells if an array, which is written, is a view of another one.

        Where it was asked if it is, the adjoints and tangents are still to be checked.
        """
        if not self.is_link(stmt) or not is_name(stmt.targets[0]):
            return False
        operation: Operation | None = getattr(stmt.value, "operation", None)
        if operation is None or getattr(operation.rule, "shares", "") != "maybe":
            return False
        return self.is_written(stmt.targets[0].id)

    def region(self, name: str) -> str:
        """A name for the memory that a variable may share with others."""
        return self._root(self._parents, name)

    def names(self) -> set[str]:
        """All variables that are no values."""
        return {name for name in self._parents if self.is_written(name)}

    def holding(self, contents: AbstractSet[str]) -> set[str]:
        """All variables that may hold one of some contents, buffers that swap their names too."""
        return {name for name in self._swapped if self.content(name) in contents}

    def written_names(self) -> set[str]:
        """All variables whose memory is written, those with one name only too."""
        return {name for name in {*self._parents, *self.written} if self.is_written(name)}

    def shares(self, one: str, other: str) -> bool:
        """Whether two variables may share memory that is written."""
        return self.is_written(one) and self.content(one) == self.content(other)

    def reads(self, stmt: Node) -> AbstractSet[str]:
        """What a simple statement, or a header, reads: variables, and contents."""
        names = read_by(stmt)
        return names | self.contents(names) if self.written else names

    def writes(self, stmt: Node) -> AbstractSet[str]:
        """What a simple statement, or a header, writes: variables, and contents."""
        if not self.written:
            return written_by(stmt)
        return self.binds(stmt) | self.contents(self.changed_by(stmt))

    def binds(self, stmt: Node) -> AbstractSet[str]:
        """The variables that a statement gives another value, or another array."""
        return written_by(stmt) - self.changed_by(stmt)

    def changed_by(self, stmt: Node) -> set[str]:
        """The variables whose arrays a simple statement writes in place."""
        known: set[str] | None = getattr(stmt, "changes", None)
        if known is not None:
            return known
        target = element_of_array(stmt)
        if target is not None:
            return {target.value.id}
        operation = getattr(getattr(stmt, "value", None), "operation", None)
        if operation is not None and operation.callee is not None and self._summary is not None:
            return _names_at(operation, self._summary(operation).written)
        return set()

    # -- how it is found --------------------------------------------------------------------------

    def _statement(self, stmt: Node) -> None:
        self.written |= self.changed_by(stmt)
        func = getattr(getattr(stmt, "value", None), "func", None)
        if isinstance(stmt, gast.Expr) and isinstance(func, gast.Attribute):  # list.append
            for argument in filter(
                lambda each: is_memory(getattr(each, "kind", None)), stmt.value.args
            ):
                self.links += [(func.value.id, name, stmt) for name in names_in(argument)]
        if not isinstance(stmt, gast.Assign) or getattr(stmt, "permutes", False):
            return
        (target,) = stmt.targets
        if isinstance(target, gast.Subscript):
            if isinstance(getattr(target.value, "kind", None), ListOf) and is_name(target.value):
                held = self._sources(stmt.value) - {target.value.id}
                self.links += [(target.value.id, name, stmt) for name in held]
            return
        sources = self._sources(stmt.value)
        operation = getattr(stmt.value, "operation", None) or Operation(None, [])
        summary = NO_MEMORY
        if operation.callee is not None and self._summary is not None:
            summary = self._summary(operation)
        for pair in sorted(summary.held):
            lists, arrays = (_names_at(operation, frozenset({place})) for place in pair)
            self.links += [(a, b, stmt) for a in sorted(lists) for b in sorted(arrays - {a})]
        one = set(target_names(target)[:1]) if summary.together else set()
        holding = _names_that_hold(target)
        fresh = summary.fresh if len(target_names(target)) == summary.results else ()
        for place, name in holding:
            for source in ((set() if place in fresh else sources) | one) - {name}:
                self.links.append((name, source, stmt))
                self._linked.add(id(stmt.value))

    def _sources(self, value: Node) -> set[str]:
        """The variables that a value may share memory with."""
        operation: Operation | None = getattr(value, "operation", None)
        if operation is not None and operation.callee is not None and self._summary is not None:
            return _names_at(operation, self._summary(operation).shared)
        if not may_share(value):
            return set()
        if operation is not None:
            several = isinstance(operation.rule, Structured) and bool(operation.rule.results)
            sharing = operation.operands if several else operation.operands[:1]
            return _holding(value, *(node for _, node in sharing))
        if isinstance(value, gast.IfExp):
            return self._sources(value.body) | self._sources(value.orelse)
        return _holding(value, value.value if isinstance(value, gast.Subscript) else value)

    def _root(self, parents: dict[str, str], name: str) -> str:
        while (above := parents.get(name, name)) != name:
            parents[name] = parents.get(above, above)  # the next one has half as far to go
            name = above
        return name

    def _join(self, parents: dict[str, str], one: str, other: str) -> None:
        for name in (one, other):
            self._order.setdefault(name, len(self._order))
            parents.setdefault(name, name)
        one, other = self._root(parents, one), self._root(parents, other)
        # The user's own name is the better one, and the first.
        first, second = sorted((one, other), key=lambda n: self._order[n])
        parents[second] = first


def _names_that_hold(target: Node) -> list[tuple[int, str]]:
    """The variables that a target binds, without those that nothing reads, and their places."""
    names = enumerate(filter(is_name, walk(target)))
    return [(place, node.id) for place, node in names if not getattr(node, "unread", False)]


def _holding(value: Node, *parts: Node) -> set[str]:
    """The variables in some parts of which a value may be memory: ints are no part of floats."""
    kind = getattr(value, "kind", None)
    nodes = [node for part in parts for node in walk(part)]
    modules = {
        id(root) for node in nodes if isinstance(node, gast.Call) if (root := _root_of(node))
    }
    found: set[str] = set()
    for node in filter(is_name, nodes):
        own = getattr(node, "kind", None)
        if id(node) in modules and not is_memory(own):
            continue
        if isinstance(kind, Array) and isinstance(own, Array) and _is_whole(kind) != _is_whole(own):
            continue
        found.add(node.id)
    return found


def _is_whole(kind: Array) -> bool:
    return kind.dtype[0] in "iub"


def _root_of(call: Node) -> Node:
    """The name that the name of a called function starts with."""
    root = call.func
    while isinstance(root, gast.Attribute):
        root = root.value
    return root


def base_of(value: Node) -> str:
    """The variable of which an expression is a view; "" for none, or several."""
    operation: Operation | None = getattr(value, "operation", None)
    if operation is not None and operation.rule is not None and operation.operands:
        return base_of(operation.operands[0][1])
    if isinstance(value, gast.Call):
        func = value.func
        inner = func.value if isinstance(func, gast.Attribute) else None
        first = value.args[0] if value.args else None
        if first is not None and (inner is None or not hasattr(inner, "kind")):
            return base_of(first)  # a function of a module, which has no kind
        return base_of(inner) if inner is not None else ""
    if isinstance(value, (gast.Subscript, gast.Attribute)):
        return base_of(value.value)
    return value.id if is_name(value) else ""


def may_share(value: Node) -> bool:
    """Whether an expression's value may share memory with what it is made of."""
    if not is_memory(getattr(value, "kind", None)):
        return False
    if getattr(value, "makes", "") == COPY:
        return False
    operation: Operation | None = getattr(value, "operation", None)
    if operation is not None and operation.rule is not None:
        return isinstance(operation.rule, Structured) and _shares(operation, operation.rule)
    if isinstance(value, gast.Subscript):
        return not has_index_array(value)
    return not isinstance(value, (gast.BinOp, gast.UnaryOp, gast.Compare, gast.Constant))


def _shares(operation: Operation, rule: Structured) -> bool:
    """Whether an operation's result may be memory of an operand: of an array, not of numbers."""
    kinds = [getattr(node, "kind", None) for _, node in operation.operands]
    held = any(is_memory(kind) for kind in kinds)
    return rule.shares != "never" and held and not (kinds and rule.copies(operation.use(NOTHING)))


def is_content(name: str) -> bool:
    """Whether a name is that of what arrays hold."""
    return name.endswith("[]")


def is_memory(kind: Kind | None) -> bool:
    """Whether a value of this kind is, or may hold, an array."""
    if isinstance(kind, TupleOf):
        return any(map(is_memory, kind.items))
    if isinstance(kind, ListOf):
        return is_memory(kind.item)
    return isinstance(kind, (Array, Unknown))


def has_index_array(subscript: Node) -> bool:
    """Whether an index is, or holds, an array: what is read then is a copy."""
    index = subscript.slice
    parts = index.elts if isinstance(index, gast.Tuple) else [index]
    return any(isinstance(getattr(part, "kind", None), (Array, ListOf)) for part in parts)


def element_of_array(stmt: Node) -> Node | None:
    """The target ``y[i]`` of an assignment that writes into an array."""
    target = stmt.target if isinstance(stmt, gast.AugAssign) else None
    if isinstance(stmt, gast.Assign) and len(stmt.targets) == 1:
        (target,) = stmt.targets
    if not isinstance(target, gast.Subscript) or not is_name(target.value):
        return None
    return target if isinstance(getattr(target.value, "kind", None), (Array, Unknown)) else None


def _names_at(operation: Operation, positions: frozenset[int]) -> set[str]:
    return names_in(*(operation.operands[n][1] for n in sorted(positions)))
