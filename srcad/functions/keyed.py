"""`max`, `min`, `sorted` and `.sort` with a key: calls of functions that do it in Python."""

from __future__ import annotations

from typing import Any

import gast
import numpy as np

from srcad.functions import by_key
from srcad.functions.meanings import Meanings
from srcad.functions.values import Function, Known
from srcad.tree import (
    Node,
    assign,
    constant,
    copy_node,
    is_name,
    is_number,
    load,
    number_of,
    store,
    walk,
)

KEYED: dict[object, tuple[object, object]] = {
    max: (by_key.largest_by, by_key.largest_by_of_range),
    min: (by_key.smallest_by, by_key.smallest_by_of_range),
}


class Keyed(Meanings):
    """Choices by a key."""

    def specialised(
        self, function: Any, args: list[Any], keywords: dict[str, Any], node: Node
    ) -> Node:
        raise NotImplementedError

    def keyed(self, node: Node, meaning: object) -> Node | None:
        """The call of what does it in Python; None where no key is given, or more than that."""
        options = {each.arg: each.value for each in node.keywords}
        back = options.pop("reverse", constant(False)) if meaning is sorted else constant(False)
        starred = any(isinstance(each, gast.Starred) for each in node.args)
        if options.keys() != {"key"} or not node.args or starred:
            return None
        key = self.key_in(options["key"])
        if key is None or not isinstance(back, gast.Constant):
            return None
        if meaning is sorted and (len(node.args) > 1 or not self.may_go_before(node)):
            return None
        values = node.args[0]
        if len(node.args) > 1:
            values = gast.copy_location(gast.List(node.args, gast.Load()), node)
        ends = self.ends_of(values)
        if meaning is sorted:
            return self.in_order(values, ends, key, bool(back.value), node)
        made, of_range = KEYED[meaning]
        over = [self.items_of(values)] if ends is None else [self.expr(each) for each in ends]
        return self.specialised(Known(made if ends is None else of_range), [*over, key], {}, node)

    def in_order(
        self, values: Node, ends: list[Node] | None, key: Function, back: bool, node: Node
    ) -> Node:
        """The values as they stand at the places that the keys give, one after the other."""
        name = self.fresh("key")
        self.env[name] = key
        self.free.add(name)
        place, value = self.item("place"), self.item("value")
        if ends is None:
            held = self.stored(self.items_of(values), node)
            if self.may_be_dict(held):  # of which the keys are sorted
                return node
            item = gast.Subscript(held, load(place), gast.Load())
        else:
            ends = [self.stored(self.expr(each), node) for each in ends]
            start, _, step = ends
            held = gast.Call(load(self.name_for(range, "range")), ends, [])
            item = load(place)
            if not is_number(step) or number_of(step) != 1:
                item = gast.BinOp(item, gast.Mult(), step)
            if not is_number(start) or number_of(start) != 0:
                item = gast.BinOp(start, gast.Add(), item)
        asked = gast.Call(load(name), [load(value)], [])
        keys = gast.ListComp(asked, [gast.comprehension(store(value), held, [], 0)])
        array = gast.Attribute(load(self.name_for(np, "np")), "array", gast.Load())
        order = load(self.name_for(by_key.order_of, "order_of"))
        for each in walk(keys):
            gast.copy_location(each, node)
        keys = gast.Call(array, [self.expr(keys)], [])
        order = gast.Call(order, [keys, constant(back)], [])
        return gast.ListComp(item, [gast.comprehension(store(place), order, [], 0)])

    def may_be_dict(self, node: Node) -> bool:
        """Whether a variable is assigned a dict somewhere in the function."""
        stores = [each for each in self.source.nodes if isinstance(each, gast.Assign)]
        values = [
            each.value
            for each in stores
            if any(is_name(target) and target.id == node.id for target in each.targets)
        ]
        made = (gast.Dict, gast.DictComp)
        return any(
            isinstance(v, made) or self.meaning(getattr(v, "func", v)) is dict for v in values
        )

    def ends_of(self, values: Node) -> list[Node] | None:
        """The start, the stop and the step of a `range`."""
        if not isinstance(values, gast.Call) or self.meaning(values.func) is not range:
            return None
        given = list(values.args)
        if values.keywords or not 1 <= len(given) <= 3:
            return None
        given = [constant(0), *given] if len(given) == 1 else given
        return given if len(given) == 3 else [*given, constant(1)]

    def items_of(self, values: Node) -> Node:
        """The values as a list; a generator is gone over to its end."""
        if isinstance(values, gast.GeneratorExp):
            values = gast.copy_location(gast.ListComp(values.elt, values.generators), values)
        return self.expr(values)

    def stored(self, value: Node, node: Node) -> Node:
        """A value that is read more than once, under a name."""
        if is_name(value) or isinstance(value, gast.Constant):
            return value
        name = self.fresh("values")
        self.variables.add(name)
        self.before.append(gast.copy_location(assign(name, value), node))
        return load(name)

    def key_in(self, node: Node) -> Function | None:
        """The function that is given as key."""
        found = self.value(node, "key")
        if found is None and self.meaning(node) in (float, int):
            return Known(self.meaning(node))
        return found

    def sorted_in_place(self, stmt: Node) -> Node:
        """`a.sort(key=f)` as `a[:] = sorted(a, key=f)`."""
        called: Any = getattr(stmt, "value", None)
        func: Any = getattr(called, "func", None)
        is_sort = isinstance(func, gast.Attribute) and func.attr == "sort"
        if not isinstance(stmt, gast.Expr) or not is_sort or called.args or not is_name(func.value):
            return stmt
        if not any(each.arg == "key" for each in called.keywords) or not self.is_plain(func):
            return stmt
        name = func.value.id
        new = copy_node(called, func=load(self.name_for(sorted, "sorted")), args=[load(name)])
        every = gast.Subscript(load(name), gast.Slice(None, None, None), gast.Store())
        made = gast.Assign([every], new, None)
        for each in (new.func, new.args[0], every, every.value, made):
            gast.copy_location(each, stmt)
        return made
