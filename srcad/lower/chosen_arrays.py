"""Lists of arrays that are written, made once and kept: which array is meant is a branch.

``t[i]`` of ``t = [a, b]`` is ``a`` or ``b``, and names that mean one array on one path and another
elsewhere are followed.

>>> import gast
>>> from srcad.analysis.kind import INT, Array, ListOf
>>> from srcad.analysis.memory import Memory
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> body = gast.parse("t = [a, b]\\nfor i in range(n):\\n    w = t[i % 2]\\n    w[0] = 1.0").body
>>> for node in (n for stmt in body for n in gast.walk(stmt) if isinstance(n, gast.Name)):
...     node.kind = INT if node.id in "in" else Array(("a:0",), "f8")
...     node.kind = ListOf(node.kind) if node.id == "t" else node.kind
>>> body[0].value.kind = body[0].targets[0].kind
>>> body[1].body[0].value.kind = Array(("a:0",), "f8")
>>> names = Names({"t", "a", "b", "i", "n", "w"})
>>> body = with_branches(body, names, Memory(body), {"a", "b", "n"}, lambda func: True)
>>> print(emit(body), end="")
for i in range(n):
    w1 = i % 2
    if w1 == 0:
        w = a
    else:
        w = b
    w[0] = 1.0
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import gast

from srcad.analysis.kind import Array, ListOf
from srcad.analysis.memory import Memory
from srcad.listing import origin_of, with_origin
from srcad.names import Names
from srcad.simplify.flow import written_by
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
    number_of,
    own_parts,
    rewrite,
    statements_in,
    walk,
)

# A list of more arrays is not written out.
FEW = 4


def with_branches(
    body: list[Node],
    names: Names,
    memory: Memory,
    parameters: set[str],
    is_len: Callable[[Node], bool],
) -> list[Node]:
    """The body without such lists; the same body if there are none.

    ``is_len`` says whether the name of a called function means Python's ``len``.
    """
    lists = _kept_lists(body, memory, parameters, is_len) if memory else {}
    return _Chosen(lists, names, is_len).block(body) if lists else body


def _kept_lists(
    body: list[Node], memory: Memory, parameters: set[str], is_len: Callable[[Node], bool]
) -> dict[str, list[Node]]:
    """The lists of arrays that are written, and the variables that they are made of.

    All are bound once, outside loops and branches; of the list nothing is asked but an element and
    its length.
    """
    bound = Counter(
        name for stmt in statements_in(body) for name in written_by(stmt) - memory.changed_by(stmt)
    )
    bound.update(parameters)
    outside = [stmt for stmt in body if isinstance(stmt, gast.Assign)]
    top = parameters | {name for stmt in outside for name in written_by(stmt)}
    found: dict[str, list[Node]] = {}
    for stmt in outside:
        if isinstance(stmt.value, gast.List):
            (target,) = stmt.targets
            kind = getattr(target, "kind", None)
            of_arrays = isinstance(kind, ListOf) and isinstance(kind.item, Array)
            few = is_name(target) and 0 < len(stmt.value.elts) <= FEW
            if of_arrays and few and memory.is_written(target.id):
                found[target.id] = stmt.value.elts
    reads = Counter(
        node.id
        for stmt in statements_in(body)
        for p in own_parts(stmt)
        for node in walk(p)
        if is_name(node) and node.id in found
    )
    for stmt in statements_in(body):
        for name in _asked(stmt, found, is_len):
            reads[name] -= 1
    return {
        name: elements
        for name, elements in found.items()
        if reads[name] == 1
        and bound[name] == 1  # where it is made
        and all(is_name(each, *top) and bound[each.id] == 1 for each in elements)
    }


def _asked(stmt: Node, lists: dict[str, list[Node]], is_len: Callable[[Node], bool]) -> list[str]:
    """The lists whose length is asked, or whose element is taken, once for each time."""
    found = []
    value = getattr(stmt, "value", None)
    for node in (n for part in own_parts(stmt) for n in walk(part)):
        if (counted := _length_of(node, is_len)) in lists:
            found.append(counted)
        elif isinstance(node, gast.Subscript) and is_name(node.value):
            name = node.value.id
            taken = isinstance(stmt, gast.Assign) and node is value and is_name(stmt.targets[0])
            if name in lists and (_place(node, lists) is not None or taken):
                found.append(name)
    return found


def _length_of(node: Node, is_len: Callable[[Node], bool]) -> str:
    if isinstance(node, gast.Call) and len(node.args) == 1 and is_len(node.func):
        return node.args[0].id if is_name(node.args[0]) else ""
    return ""


def _place(part: Node, lists: dict[str, list[Node]]) -> Node | None:
    """The variable that an element at a known place is."""
    if not isinstance(part.ctx, gast.Load) or not is_number(part.slice):
        return None
    elements, place = lists[part.value.id], number_of(part.slice)
    known = isinstance(place, int) and -len(elements) <= place < len(elements)
    return elements[int(place)] if known else None


class _Chosen:
    def __init__(
        self, lists: dict[str, list[Node]], names: Names, is_len: Callable[[Node], bool]
    ) -> None:
        self.lists = lists
        self.names = names
        self.is_len = is_len

    def block(self, body: list[Node]) -> list[Node]:
        """A block without the lists."""
        out: list[Node] = []
        for stmt in body:
            if isinstance(stmt, gast.Assign) and is_name(stmt.targets[0], *self.lists):
                continue
            blocks = dict(zip(("body", "orelse"), blocks_of(stmt), strict=False))
            stmt = rewrite(copy_node(stmt, **{field: [] for field in blocks}), self._known)
            if blocks:
                changes = {field: self.block(block) for field, block in blocks.items()}
                out.append(copy_node(stmt, **changes))
            elif isinstance(part := getattr(stmt, "value", None), gast.Subscript) and is_name(
                part.value, *self.lists
            ):
                new = self._branches(stmt, self.lists[part.value.id])
                out += [with_origin(each, origin_of(stmt)) for each in new]
            else:
                out.append(stmt)
        return out

    def _known(self, node: Node) -> Node | None:
        """A length, and an element at a known place, as what they are."""
        if (counted := _length_of(node, self.is_len)) in self.lists:
            return constant(len(self.lists[counted]))
        if isinstance(node, gast.Subscript) and is_name(node.value, *self.lists):
            element = _place(node, self.lists)
            return copy_node(element, ctx=gast.Load()) if element is not None else None
        return None

    def _branches(self, stmt: Node, elements: list[Node]) -> list[Node]:
        index, count = stmt.value.slice, len(elements)
        place = self.names.temporary()
        before = []
        if not _is_below(index, count):
            number = load(self.names.temporary())
            before.append(assign(number.id, index))
            low = gast.Compare(number, [gast.Lt()], [constant(-count)])
            high = gast.Compare(number, [gast.GtE()], [constant(count)])
            error = gast.Raise(call("IndexError", constant("list index out of range")), None)
            before.append(gast.If(gast.BoolOp(gast.Or(), [low, high]), [error], []))
            index = binary(number, gast.Mod(), constant(count))
        before.append(assign(place, index))
        (*others, last) = [copy_node(stmt, value=copy_node(e, ctx=gast.Load())) for e in elements]
        branch = [last]
        for n, each in reversed(list(enumerate(others))):
            test = gast.Compare(load(place), [gast.Eq()], [constant(n)])
            branch = [with_origin(gast.If(test, [each], branch), origin_of(stmt))]
        for each in (*before, *branch):
            each.primal = True
        return [*before, *branch]


def _is_below(index: Node, count: int) -> bool:
    """Whether an index is a remainder, and so one of the list's for sure."""
    divided = isinstance(index, gast.BinOp) and isinstance(index.op, gast.Mod)
    return divided and is_number(index.right) and 0 < number_of(index.right) <= count
