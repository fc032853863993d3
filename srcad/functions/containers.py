"""Lists, tuples and dicts of functions, and which function is taken from them.

What holds only functions of modules is left to the structures; what holds a lambda, or another
function that is made where it stands, is followed here: it is indexed and gone over, no more.
"""

from __future__ import annotations

from typing import Any

import gast

from srcad.functions.meanings import Meanings
from srcad.functions.values import Choice, Function, Known, Several, Undecided
from srcad.tree import Node, assign, constant, is_name, load


class Containers(Meanings):
    """What containers of functions stand for."""

    def kept(self, node: Node, stem: str) -> Any:
        raise NotImplementedError

    def displayed(self, node: Node, stem: str) -> Several | None:
        """The functions of a list, a tuple or a dict that is written out."""
        if isinstance(node, gast.Dict):
            if not all(isinstance(key, gast.Constant) for key in node.keys):
                return None
            parts, keys = node.values, tuple(key.value for key in node.keys)
        else:
            parts, keys = node.elts, ()
        if not parts or not all(self.may_be_function(each) for each in parts):
            return None
        made_here = any(
            not is_name(each) or isinstance(self.env.get(each.id, Known(None)), Known)
            for each in parts
            if self.meaning(each) is None
        )
        if not isinstance(node, gast.Tuple) and not made_here:
            return None
        items = [self.value(each, stem) for each in parts]
        if keys:
            rows = dict(zip(keys, items, strict=True))
            keys, items = tuple(rows), list(rows.values())
        return Several(tuple(each for each in items if each is not None), keys)

    def element(self, node: Node) -> Function | None:
        """`f[0]`, `f[i]`, `f["name"]`."""
        several = self.value(node.value) if not isinstance(node.value, gast.Subscript) else None
        if not isinstance(several, Several):
            return None
        items, index = several.items, node.slice
        places = list(several.keys) or [*range(len(items)), *range(-len(items), 0)]
        number = _number(index)
        if number is not None:
            if number not in places:
                return Undecided("there is none at this place")
            return items[places.index(number) % len(items)]
        if isinstance(index, gast.Slice) and not several.keys:
            ends = [index.lower, index.upper, index.step]
            numbers = [_number(each) for each in ends]
            if all(n is not None or end is None for n, end in zip(numbers, ends, strict=True)):
                return Several(items[slice(*numbers)])
        if isinstance(index, (gast.Slice, gast.Tuple)):
            return Undecided("only one at a time is followed")
        if not self.may_go_before(node):
            return Undecided("which one is taken is evaluated not always, or after something else")
        if several.keys:
            return self.by_key(several, self.kept(index, "key"), node)
        return self.by_number(several, index, node)

    def by_number(self, several: Several, index: Node, node: Node) -> Function:
        """One of them, by a number that is known when the code runs."""
        count = len(several.items)
        given = self.kept(index, "index")
        bounds = [constant(-count), given]
        ops = [gast.LtE(), gast.Lt()]
        inside = gast.Compare(bounds[0], ops, [given, constant(count)])
        self.guard(gast.UnaryOp(gast.Not(), inside), "IndexError", node)
        name = self.fresh("index")
        self.variables.add(name)
        place = gast.BinOp(given, gast.Mod(), constant(count))
        self.before.append(gast.copy_location(assign(name, place), node))
        return self.chosen(several, load(name), list(range(count)))

    def by_key(self, several: Several, key: Node, node: Node) -> Function:
        """One of them, by a key that is known when the code runs."""
        keys = gast.Tuple([constant(each) for each in several.keys], gast.Load())
        self.guard(gast.Compare(key, [gast.NotIn()], [keys]), "KeyError", node)
        return self.chosen(several, key, list(several.keys))

    def guard(self, test: Node, error: str, node: Node) -> None:
        """Python's error where there is no such function."""
        stmt = gast.Raise(gast.Call(load(error), [], []), None)
        made = gast.If(test, [gast.copy_location(stmt, node)], [])
        self.before.append(gast.copy_location(made, node))

    def chosen(self, several: Several, asked: Node, places: list[Any]) -> Function:
        """The choice of one by its place."""
        found = several.items[-1]
        for item, place in list(zip(several.items, places, strict=True))[-2::-1]:
            found = Choice(gast.Compare(asked, [gast.Eq()], [constant(place)]), item, found)
        return found

    def rows(self, iterable: Node) -> list[list[Any]] | None:
        """What each trip of a loop over functions binds; None if it goes over something else."""
        several: Any = self.value(iterable)
        if isinstance(several, Several):
            if several.keys:
                return [[constant(key)] for key in several.keys]
            return [[each] for each in several.items]
        if isinstance(iterable, (gast.List, gast.Tuple)):
            return self.pairs(iterable)
        if not isinstance(iterable, gast.Call) or iterable.keywords:
            return None
        if self.meaning(iterable.func) is reversed and len(iterable.args) == 1:
            inner = self.rows(iterable.args[0])
            return None if inner is None else inner[::-1]
        if self.meaning(iterable.func) is enumerate and len(iterable.args) == 1:
            inner = self.rows(iterable.args[0])
            if inner is None:
                return None
            return [[constant(n), *each] for n, each in enumerate(inner)]
        owner = getattr(iterable.func, "value", None)
        several = self.env.get(owner.id) if owner is not None and is_name(owner) else None
        if not isinstance(several, Several) or not several.keys or iterable.args:
            return None
        pairs = list(zip(several.keys, several.items, strict=True))
        if iterable.func.attr == "items":
            return [[constant(key), item] for key, item in pairs]
        if iterable.func.attr == "values":
            return [[item] for _, item in pairs]
        return [[constant(key)] for key, _ in pairs] if iterable.func.attr == "keys" else None

    def pairs(self, node: Node) -> list[list[Any]] | None:
        """The rows of `[(lambda y: y, 0.5), (g, w)]`: functions, and what goes with them."""
        rows = [each.elts if isinstance(each, gast.Tuple) else [] for each in node.elts]
        lambdas = [each for row in rows for each in row if isinstance(each, gast.Lambda)]
        if not lambdas or len({len(row) for row in rows}) > 1:
            return None
        found: list[list[Any]] = []
        for row in rows:
            found.append([])
            for each in row:
                value = self.value(each) if self.may_be_function(each) else None
                found[-1].append(self.kept(each, "item") if value is None else value)
        return found


def _number(index: Node) -> Any:
    """The index that the source shows; None if it is another one."""
    if isinstance(index, gast.UnaryOp) and isinstance(index.op, gast.USub):
        inner = _number(index.operand)
        return -inner if type(inner) is int else None
    return index.value if isinstance(index, gast.Constant) else None
