"""Arrays whose numbers a loop reads one by one: read as lists.

NumPy hands out a number of an array five times more slowly than a list does, and ``+=`` on one is
five times slower too.  An array that is never written, and that a loop over its length reads, is
copied into a list where the function starts; an adjoint that is only added to number by number is
a list of its own, and becomes an array where it is returned.

>>> import gast
>>> from srcad.analysis.kind import INT, Array
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> from srcad.tree import is_name, walk
>>> names = Names({"x"})
>>> names.derivatives.add("x_bar")
>>> body = gast.parse('''
... x_bar = np.zeros_like(x)
... for i in range(len(x)):
...     x_bar[i] += 2 * x[i]
... return x_bar
... ''').body
>>> for stmt in body[1].body:
...     for node in walk(stmt):
...         if is_name(node, "i"):
...             node.kind = INT
>>> body, lists = as_lists(body, {"x": Array(("x:0",), "f8")}, names)
>>> print(emit(body), end="")
x_list = x.tolist()
x_bar = [0.0] * len(x)
for i in range(len(x)):
    x_bar[i] += 2 * x_list[i]
return np.array(x_bar)

Whether that makes a difference is asked afterwards, by :mod:`srcad.simplify.floats`.
"""

from __future__ import annotations

import gast

from srcad.analysis.kind import INT, Array, Kind, kind_of_value
from srcad.listing import Listing
from srcad.names import Names
from srcad.simplify.floats import Floats, is_square
from srcad.simplify.flow import expressions_of, written_by
from srcad.tree import (
    Node,
    assign,
    binary,
    blocks_of,
    call,
    constant,
    copy_node,
    is_name,
    is_number,
    load,
    names_in,
    number_of,
    rewrite,
    statements_in,
    walk,
)


def as_lists(body: list[Node], kinds: dict[str, Kind], names: Names) -> tuple[list[Node], set[str]]:
    """The body with lists for the arrays whose numbers its loops read, and the lists' names.

    ``kinds`` are those of the parameters.
    """
    vectors = {name for name, kind in kinds.items() if _is_vector(kind)}
    if not vectors:
        return body, set()
    use = _Use(body, vectors, {name for name, kind in kinds.items() if kind == INT}, names)
    if not (use.read or use.made):
        return body, set()
    return _Rewriting(use, body).run(body), {*use.lists.values(), *use.made}


def uses_single_precision(listing: Listing) -> bool:
    """Whether a function handles arrays whose precision a NumPy number raises, Python's not."""
    captured = map(kind_of_value, listing.resolver.captured().values())
    return any(
        isinstance(kind, Array) and kind.dtype[0] == "f" and kind.dtype != "f8"
        for kind in (*listing.kinds.values(), *captured)
    )


def _is_vector(kind: Kind) -> bool:
    return isinstance(kind, Array) and kind.rank == 1 and kind.dtype == "f8"


class _Use:
    """How the arrays of a function are used: ``read`` and ``made`` may be lists."""

    def __init__(self, body: list[Node], vectors: set[str], ints: set[str], names: Names) -> None:
        self.names = names
        writers: dict[str, list[Node]] = {}
        for stmt in statements_in(body):
            for name in written_by(stmt):
                writers.setdefault(name, []).append(stmt)
        self.vectors = vectors - writers.keys() - set().union(*names.together)
        self.ints = {name for name in ints if name not in writers}
        self.ints |= {stmt.target.id for stmt in statements_in(body) if _is_counting(stmt)}
        self.lengths = {
            name
            for name, (first, *others) in writers.items()
            if not others and isinstance(first, gast.Assign) and self.is_length(first.value)
        }
        # The names of arrays that a loop over a length reads, or adds to, number by number.
        self.looped: set[str] = set()
        # How often each name occurs other than as an array of which one number is taken.
        self.whole: dict[str, int] = {}
        self._look(body, set())
        self.read = self.looped & self.vectors
        self.made = {
            name
            for name in self.looped & names.derivatives
            if self._is_list_of_adjoints(name, body, writers.get(name, []))
        }
        self.lists = {name: names.fresh(f"{name}_list") for name in sorted(self.read)}

    def is_length(self, expression: Node) -> bool:
        """Whether an expression is made of the length of an array that may be a list."""
        measured = [
            node.args[0] if isinstance(node, gast.Call) else node.value
            for node in walk(expression)
            if (isinstance(node, gast.Call) and is_name(node.func, "len"))
            or (isinstance(node, gast.Attribute) and node.attr in ("size", "shape"))
        ]
        return any(is_name(node) and node.id in self.vectors for node in measured)

    def element(self, node: Node) -> str:
        """The array of which an expression is one number; "" for any other expression."""
        if isinstance(node, gast.Subscript) and is_name(node.value) and self._is_int(node.slice):
            return str(node.value.id)
        return ""

    def _is_int(self, index: Node) -> bool:
        if getattr(index, "kind", None) == INT:
            return True
        if isinstance(index, gast.Name):
            return index.id in self.ints
        if isinstance(index, gast.BinOp) and not isinstance(index.op, (gast.Div, gast.Pow)):
            return self._is_int(index.left) and self._is_int(index.right)
        if isinstance(index, gast.Call):
            return is_name(index.func, "len")
        return is_number(index) and isinstance(number_of(index), int)

    def _look(self, body: list[Node], counters: set[str]) -> None:
        """Note how arrays are used; ``counters`` count the loops over lengths around the body."""
        for stmt in body:
            for part in expressions_of(stmt):
                bases = set()
                for node in walk(part):
                    name = self.element(node)
                    if name:
                        bases.add(id(node.value))
                        if not counters.isdisjoint(names_in(node.slice)):
                            self.looped.add(name)
                    elif is_name(node) and id(node) not in bases:
                        self.whole[node.id] = self.whole.get(node.id, 0) + 1
            inner = counters
            if _is_counting(stmt) and (
                self.is_length(stmt.iter) or not self.lengths.isdisjoint(names_in(stmt.iter))
            ):
                inner = {*counters, stmt.target.id}
            for block in blocks_of(stmt):
                self._look(block, inner)

    def _is_list_of_adjoints(self, name: str, body: list[Node], writers: list[Node]) -> bool:
        """Whether an adjoint is made of zeros, added to number by number, and returned."""
        makers = [stmt for stmt in writers if is_name(getattr(stmt, "targets", [None])[0], name)]
        returned = sum(_results(stmt).count(name) for stmt in statements_in(body))
        return (
            len(makers) == 1
            and any(stmt is makers[0] for stmt in body)
            and self.model(makers[0].value) in self.vectors
            and self.whole.get(name, 0) == len(makers) + returned
        )

    def model(self, value: Node) -> str:
        """The array like which ``np.zeros_like(x)`` makes another."""
        func = getattr(value, "func", None)
        if (
            isinstance(func, gast.Attribute)
            and func.attr == "zeros_like"
            and is_name(value.args[0])
        ):
            return str(value.args[0].id)
        return ""


def _is_counting(stmt: Node) -> bool:
    """``for i in range(...)``."""
    return isinstance(stmt, gast.For) and isinstance(stmt.iter, gast.Call) and is_name(stmt.target)


def _results(stmt: Node) -> list[str]:
    """The names that a return hands out as they are."""
    if not isinstance(stmt, gast.Return) or stmt.value is None:
        return []
    pending, found = [stmt.value], []
    while pending:
        node = pending.pop()
        if isinstance(node, gast.Tuple):
            pending += node.elts
        elif is_name(node):
            found.append(node.id)
    return found


class _Rewriting:
    """The body with the lists in place of the arrays."""

    def __init__(self, use: _Use, body: list[Node]) -> None:
        self.use = use
        self.numbers = Floats(body, use.read | use.made).numbers
        self.array: Node = None  # NumPy's function, as the function at hand calls it

    def run(self, body: list[Node]) -> list[Node]:
        """The body, with the lists made where it starts."""
        first = [
            assign(name, call(gast.Attribute(load(array), "tolist", gast.Load())))
            for array, name in self.use.lists.items()
        ]
        start = 1 if body and isinstance(body[0], gast.Pass) else 0
        return [*body[:start], *first, *self.block(body[start:])]

    def block(self, body: list[Node]) -> list[Node]:
        """A block, statement by statement."""
        out = []
        for stmt in body:
            new = rewrite(stmt, self.replaced)
            if new is not stmt:
                new.changed = True  # it is no longer what the user wrote
            out.append(new)
        return out

    def replaced(self, node: Node) -> Node | None:
        """A number of an array as one of a list, a square as a product, a result as an array."""
        if isinstance(node, (gast.If, gast.For, gast.While)):
            parts = {
                field: rewrite(part, self.replaced)
                for field in ("test", "iter")
                if isinstance(part := getattr(node, field, None), gast.AST)
            }
            blocks = zip(("body", "orelse"), map(self.block, blocks_of(node)), strict=True)
            return copy_node(node, **parts, **dict(blocks))
        if isinstance(node, gast.Return) and node.value is not None:
            return copy_node(node, value=rewrite(node.value, self.returned))
        if (
            isinstance(node, gast.Assign)
            and is_name(node.targets[0])
            and (node.targets[0].id in self.use.made)
        ):
            self.array = copy_node(node.value.func, attr="array")
            length = call("len", node.value.args[0])
            zeros = binary(gast.List([constant(0.0)], gast.Load()), gast.Mult(), length)
            return copy_node(node, value=zeros)
        name = self.use.element(node)
        if name in self.use.lists:
            return copy_node(node, value=load(self.use.lists[name]))
        if is_square(node) and node.left.id in self.numbers:
            return binary(node.left, gast.Mult(), node.left)  # no overflow is raised
        return None

    def returned(self, node: Node) -> Node | None:
        """The part of a result: a list as an array."""
        if is_name(node) and node.id in self.use.made:
            return call(self.array, load(node.id))
        return self.replaced(node)
