"""What is taken of an adjoint in memory, which then starts again from zero.

``w̄ = ȳ[i].copy(); ȳ[i] = 0.0`` is how a write into an array is reversed wherever it may be.  Where
nothing that follows touches that memory no copy is needed; and where the next thing is that
something is added to the same part, one assignment serves.

>>> import gast
>>> from collections import Counter
>>> from srcad.analysis.kind import FLOAT, INT, Array
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> from srcad.simplify.flow import reads_of
>>> names = Names()
>>> names.temporaries |= {"w_bar", "v_bar"}
>>> names.derivatives |= {"w_bar", "v_bar", "y_bar", "x_bar"}
>>> def shown(source):
...     items = gast.parse(source).body
...     for node in (node for stmt in items for node in gast.walk(stmt)):
...         if isinstance(node, gast.Name):
...             node.kind = INT if node.id == "i" else Array(("n",), "f8")
...         if isinstance(node, gast.Subscript):
...             whole = isinstance(node.slice, gast.Slice)
...             node.kind = Array(("?",), "f8") if whole else FLOAT
...     reads = Counter(name for stmt in items for name in reads_of(stmt))
...     writes = Counter({"w_bar": 1})
...     print(emit(taken(items, names, Sharing(items), reads, writes)), end="")
>>> shown("w_bar = y_bar[1:].copy(); y_bar[1:] = 0.0; v_bar = 2 * w_bar; y_bar[:-1] += v_bar")
v_bar = 2 * y_bar[1:]
y_bar[1:] = 0.0
y_bar[:-1] += v_bar
>>> shown("w_bar = y_bar[i]; y_bar[i] = 0.0; y_bar[i] += w_bar * a; y_bar[i - 1] += w_bar * b")
w_bar = y_bar[i]
y_bar[i] = w_bar * a
y_bar[i - 1] += w_bar * b
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import gast

from srcad.analysis.kind import INT, Literal
from srcad.names import Names
from srcad.simplify.algebra import tidy
from srcad.simplify.aliases import Aliases, leaves_of
from srcad.simplify.flow import has_effect, reads_of, written_by
from srcad.simplify.order import in_place_of
from srcad.simplify.ownership import is_fresh
from srcad.tree import (
    Node,
    assigned,
    copy_node,
    is_name,
    is_number,
    key_of,
    name_occurrences,
    negate,
    number_of,
    popped_list,
    statements_in,
    substitute,
    walk,
)


class Sharing:
    """Which names may mean the memory of another one, in straight lines of one function.

    Two buffers of which the names are only ever swapped are never one, unless they may be so where
    the function is called: the groups in ``together``.
    """

    def __init__(
        self,
        body: list[Node],
        aliases: Aliases | None = None,
        together: Iterable[set[str]] = (),
    ) -> None:
        self.aliases = aliases or Aliases(body)
        self.swapped: dict[str, set[str]] = {}
        bound = {name for group in together for name in group}
        for stmt in statements_in(body):
            if isinstance(stmt, gast.For):
                bound.update(written_by(stmt))
            if not isinstance(stmt, gast.Assign):
                continue
            leaves = [leaf.id for target in stmt.targets for leaf in leaves_of(target)]
            values = leaves_of(stmt.value)
            if len(leaves) > 1 and sorted(leaves) == sorted(each.id for each in values):
                for name in leaves:
                    self.swapped.setdefault(name, set()).update(leaves)
            elif popped_list(stmt.value) or not is_fresh(stmt.value):
                bound.update(leaves)
        for name in bound:
            self.swapped.pop(name, None)

    def of(self, name: str, lines: list[Node]) -> set[str]:
        """What may share the memory of an array in some lines, in which no names are swapped."""
        found = self.aliases.of(name)
        apart = self.swapped.get(name, set()) & self.swapped.keys() - {name}
        if not apart or any(_binds(line, apart | {name}) for line in lines):
            return found
        # A view that is made here is one of what has that name here.
        views: set[str] = set()
        for number, line in enumerate(lines):
            view, value = assigned(line), getattr(line, "value", None)
            if not isinstance(line, gast.Assign) or not isinstance(value, gast.Subscript):
                continue
            earlier = any(view in name_occurrences(each) for each in lines[:number])
            again = any(_binds(each, [view]) for each in lines[number + 1 :])
            if is_name(value.value, *apart) and not earlier and not again:
                views.add(view)
        return found - apart - views


def taken(
    items: list[Node], names: Names, sharing: Sharing, reads: Counter[str], writes: Counter[str]
) -> list[Node]:
    """The lines of a group, what they take of adjoints taken without a copy where that serves."""
    for line in list(items):
        name = assigned(line)
        if name in names.temporaries and name in names.derivatives and writes[name] == 1:
            part = _part(line.value) if isinstance(line, gast.Assign) else None
            if part is not None and part.value.id in names.derivatives:
                items = _taken(items, line, part, sharing, reads)
    return items


def _taken(
    items: list[Node], line: Node, part: Node, sharing: Sharing, reads: Counter[str]
) -> list[Node]:
    name, copies = assigned(line), line.value is not part
    first = _place(items, line)
    uses = [n for n, each in enumerate(items) if name in reads_of(each)]
    if not uses or sum(reads_of(items[n]).count(name) for n in uses) != reads[name]:
        return items
    if uses[0] <= first or any(has_effect(getattr(items[n], "value", None)) for n in uses):
        return items
    shared = sharing.of(part.value.id, items)
    indices = set(name_occurrences(part.slice))

    def touches(each: Node) -> bool:
        names = set(name_occurrences(each))
        return not (names.isdisjoint(shared) and written_by(each).isdisjoint(indices))

    zero = next((n for n in range(first + 1, len(items)) if touches(items[n])), None)
    consumed = all(map(_consumes, (items[n] for n in uses)))
    if zero is None or zero > uses[-1]:  # it is not changed while it is read
        return _view(items, line, part, uses) if consumed and copies else items
    if not _zeroes(items[zero], part):
        return items
    following = next((n for n in range(zero + 1, len(items)) if touches(items[n])), None)
    alone = reads[name] == 1
    if following is not None and _adds_to(items[following], part, shared):
        stmt = items[following]
        value = stmt.value if isinstance(stmt.op, gast.Add) else tidy(negate(stmt.value))
        made = in_place_of(
            stmt, gast.Assign([copy_node(stmt.target, ctx=gast.Store())], value, None)
        )
        out = [made if each is stmt else each for each in items if each is not items[zero]]
        if copies and consumed and following >= uses[-1] and is_fresh(value):
            out = _view(
                out, line, part, [_place(out, made if items[n] is stmt else items[n]) for n in uses]
            )
        return out
    if consumed and (copies or alone) and (following is None or following > uses[-1]):
        stmt = items[zero]
        late = [each for each in items if each is not stmt]
        late.insert(_place(late, items[uses[-1]]) + 1, stmt)
        return _view(late, line, part, [_place(late, items[n]) for n in uses])
    return items


def _view(items: list[Node], line: Node, part: Node, uses: list[int]) -> list[Node]:
    """The lines with the part itself, not a copy of it: in its place where it is read once."""
    name = assigned(line)
    if len(uses) == 1 and reads_of(items[uses[0]]).count(name) == 1:
        use = items[uses[0]]
        made = copy_node(use, value=substitute(use.value, {name: part}))
        return [made if each is use else each for each in items if each is not line]
    return [copy_node(line, value=part) if each is line else each for each in items]


def _part(value: Node) -> Node | None:
    """The part ``y[i]`` in ``y[i]``, which is a number, and in ``y[i].copy()``."""
    func = getattr(value, "func", None)
    if isinstance(func, gast.Attribute) and func.attr == "copy" and not value.args:
        value = func.value
    elif getattr(value, "kind", None) is None or getattr(value.kind, "axes", None) is not None:
        return None
    if not isinstance(value, gast.Subscript) or not is_name(value.value):
        return None
    return value if _is_basic(value.slice) else None


def _is_basic(index: Node) -> bool:
    """Whether an index is made of whole numbers and slices: what it reads is a view."""
    parts = (gast.Slice, gast.Tuple, gast.Constant, gast.UnaryOp, gast.BinOp, gast.Name)
    for node in walk(index):
        if isinstance(node, gast.Name) and not isinstance(getattr(node, "kind", None), Literal):
            if getattr(node, "kind", None) != INT:
                return False
        elif isinstance(node, gast.expr) and not isinstance(node, parts):
            return False
    return True


def _zeroes(stmt: Node, part: Node) -> bool:
    """``y[i] = 0.0``."""
    if not isinstance(stmt, gast.Assign) or len(stmt.targets) != 1:
        return False
    zero = is_number(stmt.value) and number_of(stmt.value) == 0
    return zero and _is_same(stmt.targets[0], part)


def _adds_to(stmt: Node, part: Node, shared: set[str]) -> bool:
    """``y[i] += e``, of an ``e`` that does not read that memory."""
    if not isinstance(stmt, gast.AugAssign) or not isinstance(stmt.op, (gast.Add, gast.Sub)):
        return False
    apart = shared.isdisjoint(name_occurrences(stmt.value)) and not has_effect(stmt.value)
    return apart and not getattr(stmt, "repeats", False) and _is_same(stmt.target, part)


def _is_same(target: Node, part: Node) -> bool:
    if not isinstance(target, gast.Subscript) or not is_name(target.value, part.value.id):
        return False
    return key_of(target.slice) == key_of(part.slice)


def _consumes(stmt: Node) -> bool:
    """Whether a line keeps nothing of the memory that it reads."""
    if isinstance(stmt, gast.AugAssign):
        return True
    if not isinstance(stmt, gast.Assign):
        return False
    return isinstance(stmt.targets[0], gast.Subscript) or is_fresh(stmt.value)


def _binds(line: Node, names: Iterable[str]) -> bool:
    """Whether a line binds one of some names anew."""
    if not isinstance(line, gast.Assign):
        return False
    leaves = [leaf.id for target in line.targets for leaf in leaves_of(target)]
    return not set(leaves).isdisjoint(names)


def _place(items: list[Node], line: Node) -> int:
    return next(n for n, each in enumerate(items) if each is line)
