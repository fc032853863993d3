"""What a function writes into the structures that it is given: written once, as in the primal.

The plain function returns what it has written beside its result.  When both sweeps are over, the
derivative puts it where the caller finds it: ``p["w"] = w2``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import gast

from srcad.analysis.kind import Array, Kind
from srcad.build import build
from srcad.emit import emit
from srcad.errors import ArgumentError
from srcad.lower.scopes import exchanged
from srcad.structures.base import DICT, LIST, NAMED, OBJECT, TUPLE, said
from srcad.structures.layout import form_of, literal, parts_of
from srcad.structures.values import Const, Leaf, Struct, Value, leaves_in, structs_in
from srcad.tree import Node, assign, call, constant, is_name, item, key_of, load, walk

WHY = "the caller would have to see it, and the derivative is that of the function alone"
INSTEAD = "a copy that is changed, and returned"
# How an output of the plain function is written.
Output = Callable[[str], Node]


@dataclass
class Change:
    """One structure among the arguments that the function leaves as another one."""

    struct: Struct
    place: Node
    before: dict[Any, Value]


class State:
    """What is written into the arguments of one plain function."""

    def __init__(self, made: Any, function: Any) -> None:
        self.function = function
        self.arguments = function.arguments
        self.before: dict[int, dict[Any, Value]] = made.before
        self.structs: dict[int, Struct] = made.structs
        self.outputs: list[str] = made.outputs
        self.changes = list(self._changes())
        self._written: Callable[..., None] | None = None
        if self.changes:
            self._check(made)

    def __bool__(self) -> bool:
        return bool(self.changes)

    def _changes(self) -> Any:
        places: dict[int, Node] = {}

        def look(value: Value, place: Node) -> None:
            if not isinstance(value, Struct) or id(value) in places:
                return
            places[id(value)] = place
            for key, part in self.before.get(id(value), {}).items():
                look(part, part_of(value, place, key))

        for name, value in self.arguments.items():
            look(value, load(name))
        for key, before in self.before.items():
            struct = self.structs[key]
            names = {**before, **struct.parts}
            if any(before.get(name) is not struct.parts.get(name) for name in names):
                yield Change(struct, places[key], before)

    def refuse(self, change: Change, key: object, why: str = WHY) -> None:
        """Refuse what is written into one part."""
        where = "from outside" if is_outside(change.place) else "among the arguments"
        what = f"{said(change.struct)} {where}, written (its part {key!r})"
        self.function.refuse(self.function.source.tree, what, why, INSTEAD)

    def _check(self, made: Any) -> None:
        known = set(self.structs)
        assigned = set(self.function.source.assigned)
        seen: set[int] = set()

        def check(value: Value, change: Change, key: object) -> None:
            if isinstance(value, Leaf):
                if value.node.id not in self.outputs:
                    self.refuse(change, key, "it is another part of the arguments")
            elif isinstance(value, Struct):
                if id(value) in known | seen or value.form not in (DICT, LIST, TUPLE):
                    self.refuse(change, key, "it is an object that is known elsewhere, too")
                seen.add(id(value))
                for part in value.parts.values():
                    check(part, change, key)
            elif not isinstance(value, Const) or not _is_plain(value.value):
                self.refuse(change, key)

        exchanged = {
            key_of(part_of(each.struct, each.place, key))
            for each in self.changes
            for key in each.before
            if self._differs(each, key)
        }
        for change in self.changes:
            root = change.place
            while not isinstance(root, gast.Name):
                if key_of(root) in exchanged:
                    self.refuse(change, next(iter(change.before), ""), "it is exchanged, too")
                root = root.args[0] if isinstance(root, gast.Call) else root.value
            after = change.struct.parts
            first = next((k for k in {**change.before, **after} if self._differs(change, k)), "")
            kept = [k for k in change.before if k in after]
            if root.id in assigned:
                self.refuse(change, first, f"`{root.id}` has another value afterwards")
            if change.struct.form not in (DICT, LIST, OBJECT) or list(after)[: len(kept)] != kept:
                self.refuse(change, first)
            for key, part in after.items():
                if self._differs(change, key):
                    check(part, change, key)
        known_too = structs_in(made.result).keys() & (known | seen)
        fresh = all(leaf.node.id in self.outputs for _, _, leaf in leaves_in(made.result))
        if known_too or not fresh:
            change = self.changes[0]
            first = next(iter(change.struct.parts), "")
            self.refuse(change, first, "it is a part of what is returned, too")

    @staticmethod
    def _differs(change: Change, key: object) -> bool:
        return change.before.get(key) is not change.struct.parts.get(key)

    def check_arrays(self, kinds: Iterable[Kind]) -> None:
        """Refuse arrays that a reverse sweep may have taken back to what they were before."""
        nodes = [n for stmt in self.function.out for n in walk(stmt)]
        in_place = any(
            isinstance(n, gast.AugAssign)
            or (isinstance(n, gast.Subscript) and not isinstance(n.ctx, gast.Load))
            for n in nodes
        )
        if in_place and any(isinstance(kind, Array) for kind in kinds):
            why = "an array is put into it, and arrays are written in place"
            change = self.changes[0]
            first = next(k for k in change.struct.parts if self._differs(change, k))
            self.refuse(change, first, why)

    # -- as statements -----------------------------------------------------------------------------

    def statements(self, output: Output, names: dict[str, str]) -> list[Node]:
        """The statements that write it, at the end of a derivative.

        ``names`` are those of what is outside.
        """
        found: list[Node] = []
        for each in self.changes:
            change = Change(each.struct, renamed(each.place, names), each.before)
            after, struct = change.struct.parts, change.struct
            changed = {k: part for k, part in after.items() if self._differs(change, k)}
            left = [key for key in change.before if key not in after]
            if struct.form == LIST and left:
                rest = gast.Slice(constant(left[0]), None, None)
                found.append(gast.Delete([gast.Subscript(change.place, rest, gast.Del())]))
                left = []
            for key in left:
                target = part_of(struct, change.place, key)
                target.ctx = gast.Del()
                found.append(gast.Delete([target]))
            for key, part in changed.items():
                if struct.form == LIST and key not in change.before:
                    append = gast.Attribute(change.place, "append", gast.Load())
                    found.append(gast.Expr(call(append, written(part, output))))
                    continue
                target = part_of(struct, change.place, key)
                target.ctx = gast.Store()
                found.append(assign(target, written(part, output)))
        return found

    def write(
        self,
        parameters: Collection[str],
        arguments: Collection[Any],
        outside: Mapping[str, Any],
        values: Any,
    ) -> None:
        """Write it into arguments, and outside, of what the plain function has returned."""
        if not self:
            return
        if self._written is None:
            several = len(self.outputs) != 1

            def output(name: str) -> Node:
                place = self.outputs.index(name)
                return item("values", constant(place)) if several else load("values")

            own = {name: f"outside{n}" for n, name in enumerate(outside)}
            given = (*parameters, *own.values(), "values")
            names = [gast.Name(each, gast.Param(), None, None) for each in given]
            signature = gast.arguments(names, [], None, [], [], None, [])
            tree = gast.FunctionDef(
                "write", signature, self.statements(output, own), [], None, None, []
            )
            self._written = build(emit([tree]), "write", {})
        self._written(*arguments, *outside.values(), values)

    def check(self, known: Collection[int], values: Collection[Any]) -> None:
        """Refuse values that hold one object at two places: what is written is seen at both.

        ``known`` are the ids of objects that the function knows by other names.
        """
        seen = set(known)
        pending = list(values) if self else []
        while pending:
            value = pending.pop()
            form = form_of(value)
            if not form:
                continue
            if form in (DICT, LIST, OBJECT) and id(value) in seen:
                raise ArgumentError(
                    "an object is at two places of the arguments, or is one that the function has "
                    "without them, and they are written: the derivative is that of arguments that "
                    "are apart; pass a copy"
                )
            seen.add(id(value))
            pending += parts_of(value, form).values()


def is_outside(place: Node) -> bool:
    """Whether a place is a part of something from outside."""
    return any(is_name(node) and node.id[0] == " " for node in walk(place))


def renamed(place: Node, names: Mapping[str, str]) -> Node:
    """A place with what is outside called by other names."""
    return exchanged(place, {name: load(new) for name, new in names.items()})


def part_of(struct: Struct, place: Node, key: object) -> Node:
    """The expression of a part of a structure."""
    if struct.form == DICT:
        return item(place, literal(key))
    if struct.form in (LIST, TUPLE):
        return item(place, constant(key))
    assert struct.form in (NAMED, OBJECT)
    name = str(key)
    if name.isidentifier():
        return gast.Attribute(place, name, gast.Load())
    return call("getattr", place, constant(name))


def written(value: Value, output: Output) -> Node:
    """A value that is put into a structure."""
    if isinstance(value, Leaf):
        return output(value.node.id)
    if isinstance(value, Const):
        return constant(value.value)
    assert isinstance(value, Struct)
    parts = [written(part, output) for part in value.parts.values()]
    if value.form == DICT:
        return gast.Dict([literal(key) for key in value.parts], parts)
    made = gast.List if value.form == LIST else gast.Tuple
    return made(parts, gast.Load())


def _is_plain(value: object) -> bool:
    return value is None or type(value) in (bool, int, float, str)


__all__ = ["State"]
