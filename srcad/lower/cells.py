"""Arrays without axes that are written, as arrays of one number.

``y = np.zeros(())`` has one element, which ``y[...] = e``, ``y[()] = e`` and ``y += e`` write.
What is computed from it is a number, and so are the elements of an array with one axis:

>>> import gast, numpy
>>> from srcad.emit import emit
>>> from srcad.lower.resolve import Resolver
>>> from srcad.names import Names
>>> class Scope:
...     def lookup(self, name): return {"np": numpy}[name]
>>> body = gast.parse("y = np.zeros(())\\nz = y\\ny[...] = x\\nz += x * y\\nreturn y").body
>>> resolver = Resolver(Scope(), {"x", "y", "z"})
>>> print(emit(with_cells(body, set(), resolver, Names(resolver.variables))), end="")
y = np.zeros(1)
z = y
y[0] = x
z[0] += x * y[0]
return np.array(y[0])

An argument that is such an array is reached by ``x[None]``, a view.  Where a name may mean anything
else, and where such an array is handed on as a whole, nothing is rewritten.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

import gast
import numpy as np

from srcad.lower.resolve import MISSING, Resolver
from srcad.lower.scopes import exchanged
from srcad.names import Names
from srcad.rules import Structured, entries_of
from srcad.tree import (
    Node,
    assign,
    call,
    constant,
    copy_node,
    is_name,
    is_number,
    item,
    load,
    number_of,
    own_parts,
    rewrite,
    statements_in,
    walk,
)

MAKERS = (np.zeros, np.ones, np.empty, np.full)


def with_cells(
    body: list[Node], given: AbstractSet[str], resolver: Resolver, names: Names
) -> list[Node]:
    """The body with such arrays; the same list if there are none.

    ``given`` are the parameters that are arrays without axes.
    """
    cells = _Cells(body, given, resolver)
    chosen = cells.chosen() if cells.may_be_any() else set()
    if not chosen:
        return body
    views = {name: names.fresh(name) for name in sorted(chosen & given)}
    resolver.variables |= set(views.values())
    body = [exchanged(stmt, {name: load(view) for name, view in views.items()}) for stmt in body]
    chosen = {views.get(name, name) for name in chosen}
    made = [assign(view, item(load(name), constant(None))) for name, view in views.items()]
    return [*made, *(cells.rewritten(stmt, chosen) for stmt in body)]


class _Cells:
    def __init__(self, body: list[Node], given: AbstractSet[str], resolver: Resolver) -> None:
        self.body = body
        self.given = given
        self.resolver = resolver
        self.statements = list(statements_in(body))

    def may_be_any(self) -> bool:
        """Whether there is an array without axes; most functions have none."""
        return bool(self.given) or any(
            isinstance(stmt, gast.Assign) and self._makes(stmt.value) for stmt in self.statements
        )

    def _makes(self, value: Node) -> bool:
        """``np.zeros(())``, ``np.array(0.0)``: a new array without axes, for sure."""
        if not isinstance(value, gast.Call) or not value.args or value.keywords:
            return False
        function = self.resolver.object_of(value.func)
        first, *others = value.args
        if function is np.array:
            return not others and _is_float(first)
        if others and not (function is np.full and _is_float(*others)):
            return False  # of another dtype: NumPy writes no float into an int by `y += 0.5`
        made = any(function is each for each in MAKERS)
        return made and isinstance(first, gast.Tuple) and not first.elts

    def chosen(self) -> set[str]:
        """The names that mean nothing else, with one among them through which is written."""
        others, aliases = set[str](), list[tuple[str, str]]()
        made = set(self.given)
        for stmt in self.statements:
            if isinstance(stmt, gast.Assign) and all(map(is_name, stmt.targets)):
                names = [target.id for target in stmt.targets]
                source = self._copied(stmt.value)
                if self._makes(stmt.value):
                    made |= {*names}
                elif source or is_name(stmt.value):
                    aliases += [(name, source or stmt.value.id) for name in names]
                else:
                    others |= {*names}
            elif not isinstance(stmt, gast.AugAssign):
                others |= {n for part in own_parts(stmt) for n in _bound(part)}
        found = self._reached(made, aliases)
        others |= {name for name, source in aliases if source not in found}
        found -= others
        found -= {name for stmt in self.statements for name in self._lost(stmt, found)}
        # Names for one array are rewritten together, or not at all.
        while lost := {n for pair in aliases if not found.issuperset(pair) for n in pair} & found:
            found -= lost
        chosen = {name for stmt in self.statements for name in self._written(stmt) & found}
        while more := {n for pair in aliases if not chosen.isdisjoint(pair) for n in pair} - chosen:
            chosen |= more
        return chosen & found

    @staticmethod
    def _reached(made: set[str], aliases: list[tuple[str, str]]) -> set[str]:
        found = set(made)
        while more := {name for name, source in aliases if source in found} - found:
            found |= more
        return found

    def _copied(self, value: Node) -> str:
        """The variable that ``y.copy()`` copies; "" for any other expression."""
        func: Node = getattr(value, "func", None)
        is_copy = isinstance(func, gast.Attribute) and func.attr == "copy" and is_name(func.value)
        return func.value.id if is_copy and not value.args and not value.keywords else ""

    @staticmethod
    def _written(stmt: Node) -> set[str]:
        """The names of arrays that a statement may write."""
        targets = [stmt.target] if isinstance(stmt, gast.AugAssign) else []
        targets = stmt.targets if isinstance(stmt, gast.Assign) else targets
        parts = [t.value for t in targets if isinstance(t, gast.Subscript)]
        parts += [stmt.target] if isinstance(stmt, gast.AugAssign) else []
        return {each.id for each in parts if is_name(each)}

    def _lost(self, stmt: Node, names: AbstractSet[str]) -> Iterator[str]:
        """The names that a statement uses in a way that is not known."""
        known: set[int] = set()
        if isinstance(stmt, gast.Assign):
            known |= {id(target) for target in stmt.targets}
            copied = stmt.value.func.value if self._copied(stmt.value) else stmt.value
            if all(is_name(target) and target.id in names for target in stmt.targets):
                known.add(id(copied))
        elif isinstance(stmt, gast.AugAssign):
            known |= {id(stmt.target), id(stmt.value)}
        elif isinstance(stmt, gast.Return):
            known.add(id(stmt.value))
        for part in own_parts(stmt):
            for node in walk(part):
                known |= {id(each) for each in self._read(node)}
                if is_name(node) and node.id in names and id(node) not in known:
                    yield node.id

    def _read(self, node: Node) -> list[Node]:
        """The operands that an expression takes for numbers."""
        if isinstance(node, gast.Subscript):
            return [node.value] if _is_whole(node.slice) else []
        if isinstance(node, gast.BinOp):
            return [node.left, node.right]
        if isinstance(node, gast.UnaryOp):
            return [node.operand]
        if isinstance(node, gast.Compare):
            return [node.left, *node.comparators]
        if not isinstance(node, gast.Call):
            return []
        if isinstance(node.func, gast.Attribute) and node.func.attr == "item" and not node.args:
            return [node.func.value]
        function = self.resolver.object_of(node.func)
        if function is float:
            return list(node.args)
        entries = entries_of(function) if function is not MISSING else []
        rules = [each.rule for each in entries]
        shares = any(isinstance(rule, Structured) and rule.shares != "never" for rule in rules)
        return list(node.args) if rules and not shares and isinstance(function, np.ufunc) else []

    def rewritten(self, stmt: Node, names: AbstractSet[str]) -> Node:
        """A statement, with those in it, for arrays of one number."""
        if isinstance(stmt, (gast.If, gast.For, gast.While)):
            header = rewrite(copy_node(stmt, body=[], orelse=[]), lambda n: self._number(n, names))
            blocks = [[self.rewritten(each, names) for each in b] for b in (stmt.body, stmt.orelse)]
            return copy_node(header, body=blocks[0], orelse=blocks[1])
        if isinstance(stmt, gast.Return) and is_name(stmt.value, *names):
            array = gast.Attribute(load(self.resolver.name_of(np, "np")), "array", gast.Load())
            return copy_node(stmt, value=call(array, item(stmt.value, constant(0))))
        if isinstance(stmt, gast.AugAssign) and is_name(stmt.target, *names):
            target = gast.copy_location(
                item(load(stmt.target.id), constant(0), stored=True), stmt.target
            )
            return copy_node(
                stmt, target=target, value=rewrite(stmt.value, lambda n: self._number(n, names))
            )
        if isinstance(stmt, gast.Assign) and all(is_name(t, *names) for t in stmt.targets):
            if is_name(stmt.value) or self._copied(stmt.value):
                return stmt
            value = rewrite(stmt.value, lambda n: self._number(n, names))
            first = value.args[0]
            one = constant(1) if isinstance(first, gast.Tuple) else gast.List([first], gast.Load())
            return copy_node(stmt, value=copy_node(value, args=[one, *value.args[1:]]))
        return rewrite(stmt, lambda n: self._number(n, names))

    def _number(self, node: Node, names: AbstractSet[str]) -> Node | None:
        """The number that such an array holds."""
        func = getattr(node, "func", None)
        if isinstance(func, gast.Attribute) and func.attr == "item" and is_name(func.value, *names):
            node = func.value
        elif isinstance(node, gast.Subscript) and is_name(node.value, *names):
            number = copy_node(node, slice=constant(0))
            number.__dict__.pop("demand", None)  # it is a place for a number, whoever writes there
            return number
        if not is_name(node, *names):
            return None
        return gast.copy_location(item(load(node.id), constant(0)), node)


def _is_float(*values: Node) -> bool:
    """Whether one value is all, and a float that is written out."""
    return len(values) == 1 and is_number(values[0]) and isinstance(number_of(values[0]), float)


def _is_whole(index: Node) -> bool:
    """``y[...]`` and ``y[()]``."""
    if isinstance(index, gast.Tuple):
        return not index.elts
    return isinstance(index, gast.Constant) and index.value is ...


def _bound(part: Node) -> set[str]:
    """The names that a part of a statement binds."""
    return {n.id for n in walk(part) if is_name(n) and not isinstance(n.ctx, gast.Load)}
