"""Calls of Python's own that make, read and change structures."""

from __future__ import annotations

import builtins
import copy
import itertools
import types
from collections.abc import Callable
from typing import Any

import gast
import numpy as np

from srcad.lower.classes import decides_itself
from srcad.structures.base import DICT, LIST, NAMED, OBJECT, TUPLE, said
from srcad.structures.expressions import Expressions
from srcad.structures.layout import found_in, is_data, is_frozen, is_named
from srcad.structures.outside import Written
from srcad.structures.values import Builtin, Const, Leaf, Method, Struct, Value
from srcad.tree import Node, binary, constant, is_name

METHODS: dict[str, frozenset[str]] = {
    DICT: frozenset(
        [
            "get",
            "items",
            "keys",
            "values",
            "update",
            "pop",
            "setdefault",
            "copy",
            "clear",
            "popitem",
        ],
    ),
    LIST: frozenset(["append", "extend", "pop", "insert", "copy", "clear", "reverse", "sort"]),
    TUPLE: frozenset(),
    NAMED: frozenset({"_replace", "_asdict"}),
    OBJECT: frozenset(),
}


ITERTOOLS = ("pairwise", "chain", "product")


class Containers(Expressions):
    """Builtin functions of structures, and their methods."""

    # -- methods -----------------------------------------------------------------------------------

    def call_method(
        self,
        name: str,
        owner: Struct,
        args: list[Value],
        keywords: dict[str, Value],
        node: Node,
        stem: str,
    ) -> Value:
        """`p.items()`."""
        handler = getattr(self, f"_{owner.form.split()[0]}_{name.strip('_')}")
        found: Value = handler(owner, args, keywords, node, stem)
        return found

    def writable(self, struct: Struct, node: Node) -> None:
        """Refuse a write into what cannot be written."""
        if struct.form in (TUPLE, NAMED) or is_frozen(struct.cls):
            why = "Python raises an exception where it is written to"
            self.refuse(node, f"a write into {said(struct)}", why, "a new one")
        if struct.source is not None:
            raise Written(*struct.source)
        if struct.fixed:
            self.refuse(node, f"a write into {said(struct)}", struct.fixed, "a new one")

    def put(self, struct: Struct, key: Any, value: Value, node: Node) -> None:
        """`p[key] = value`, or of an attribute."""
        self.writable(struct, node)
        struct.parts[key] = self.kept(value, self.part_stem(struct.stem, key))

    def _dict_get(
        self, owner: Struct, args: list[Value], keywords: dict[str, Value], node: Node, stem: str
    ) -> Value:
        key = self.key(args[0], node, "a dict")
        if key in owner.parts:
            return owner.parts[key]
        return args[1] if len(args) > 1 else Const(None)

    def _dict_keys(self, owner: Struct, args: Any, keywords: Any, node: Node, stem: str) -> Value:
        return Struct(TUPLE, tuple, dict(enumerate(map(Const, owner.parts))), "keys")

    def _dict_values(self, owner: Struct, args: Any, keywords: Any, node: Node, stem: str) -> Value:
        return Struct(TUPLE, tuple, dict(enumerate(owner.parts.values())), "values")

    def _dict_items(self, owner: Struct, args: Any, keywords: Any, node: Node, stem: str) -> Value:
        return pairs([(Const(key), part) for key, part in owner.parts.items()])

    def _dict_update(
        self, owner: Struct, args: list[Value], keywords: dict[str, Value], node: Node, stem: str
    ) -> Value:
        for each in args:
            for key, part in self.as_dict(each, node).items():
                self.put(owner, key, part, node)
        for name, part in keywords.items():
            self.put(owner, name, part, node)
        return Const(None)

    def _dict_setdefault(
        self, owner: Struct, args: list[Value], keywords: Any, node: Node, stem: str
    ) -> Value:
        key = self.key(args[0], node, "a dict")
        if key not in owner.parts:
            self.put(owner, key, args[1] if len(args) > 1 else Const(None), node)
        return owner.parts[key]

    def _dict_pop(
        self, owner: Struct, args: list[Value], keywords: Any, node: Node, stem: str
    ) -> Value:
        key = self.key(args[0], node, "a dict")
        if key not in owner.parts:
            if len(args) > 1:
                return args[1]
            self.refuse(node, f"the key {key!r}", "it is not there", "a key that is")
        self.writable(owner, node)
        return owner.parts.pop(key)

    def _dict_popitem(
        self, owner: Struct, args: Any, keywords: Any, node: Node, stem: str
    ) -> Value:
        self.writable(owner, node)
        if not owner.parts:
            self.refuse(node, "`popitem` of an empty dict", "there is nothing in it", "a test")
        key, part = owner.parts.popitem()
        return pairs([(Const(key), part)]).parts[0]

    def _dict_copy(self, owner: Struct, args: Any, keywords: Any, node: Node, stem: str) -> Value:
        return self.made(owner.form, owner.cls, dict(owner.parts), stem)

    def _dict_clear(self, owner: Struct, args: Any, keywords: Any, node: Node, stem: str) -> Value:
        self.writable(owner, node)
        owner.parts.clear()
        return Const(None)

    _list_copy, _list_clear = _dict_copy, _dict_clear

    def set_parts(self, owner: Struct, parts: list[Value], node: Node) -> None:
        """Give a list other elements."""
        self.writable(owner, node)
        known = {id(part) for part in owner.parts.values()}
        stem = owner.stem
        owner.parts = {
            n: part if id(part) in known else self.kept(part, self.part_stem(stem, n))
            for n, part in enumerate(parts)
        }

    def _list_append(
        self, owner: Struct, args: list[Value], keywords: Any, node: Node, stem: str
    ) -> Value:
        self.put(owner, len(owner.parts), args[0], node)
        return Const(None)

    def _list_extend(
        self, owner: Struct, args: list[Value], keywords: Any, node: Node, stem: str
    ) -> Value:
        for each in self.elements(args[0], node):
            self.put(owner, len(owner.parts), each, node)
        return Const(None)

    def _list_insert(
        self, owner: Struct, args: list[Value], keywords: Any, node: Node, stem: str
    ) -> Value:
        parts = list(owner.parts.values())
        parts.insert(self.key(args[0], node, "a list"), args[1])
        self.set_parts(owner, parts, node)
        return Const(None)

    def _list_pop(
        self, owner: Struct, args: list[Value], keywords: Any, node: Node, stem: str
    ) -> Value:
        parts = list(owner.parts.values())
        where = self.key(args[0], node, "a list") if args else -1
        if not -len(parts) <= where < len(parts):
            self.refuse(node, "`pop` of this list", f"it has {len(parts)} parts", "a test")
        found = parts.pop(where)
        self.set_parts(owner, parts, node)
        return found

    def _list_reverse(
        self, owner: Struct, args: Any, keywords: Any, node: Node, stem: str
    ) -> Value:
        self.set_parts(owner, list(owner.parts.values())[::-1], node)
        return Const(None)

    def _list_sort(
        self, owner: Struct, args: Any, keywords: dict[str, Value], node: Node, stem: str
    ) -> Value:
        self.set_parts(owner, self.in_size(list(owner.parts.values()), keywords, node), node)
        return Const(None)

    def in_size(self, parts: list[Value], keywords: dict[str, Value], node: Node) -> list[Value]:
        """Values from the smallest to the largest, as `sorted` gives them."""
        back = keywords.get("reverse", Const(False))
        if keywords.keys() - {"reverse"} or not isinstance(back, Const):
            why = "the order of numbers is known only when the function runs"
            self.refuse(node, "`sorted` of these", why, "`np.sort` of an array")
        known = [part.value for part in parts if isinstance(part, Const)]
        if len(known) == len(parts):
            return [Const(each) for each in sorted(known, reverse=bool(back.value))]
        if not all(isinstance(part, (Leaf, Const)) for part in parts):
            why = "what they are compared by is not known"
            self.refuse(node, "`sorted` of these", why, "a list of numbers")
        numpy = self.written(np, "np")

        def of_numpy(name: str, value: Node) -> Node:
            function = gast.Attribute(numpy, name, gast.Load())
            return self.located_at(gast.Call(function, [value], []), node)

        numbers = gast.List([self.node_of(part, node) for part in parts], gast.Load())
        made = self.keep(of_numpy("sort", of_numpy("array", numbers)), "ordered")
        places = range(len(parts))
        found: list[Value] = [
            Leaf(gast.Subscript(made, gast.Constant(n, None), gast.Load())) for n in places
        ]
        return found[::-1] if back.value else found

    def _named_replace(
        self, owner: Struct, args: Any, keywords: dict[str, Value], node: Node, stem: str
    ) -> Value:
        for name in keywords:
            if name not in owner.parts:
                self.refuse(
                    node, f"the field `{name}`", "the tuple has none of that name", "another"
                )
        return self.made(NAMED, owner.cls, owner.parts | keywords, stem)

    def _named_asdict(
        self, owner: Struct, args: Any, keywords: Any, node: Node, stem: str
    ) -> Value:
        return self.made(DICT, dict, dict(owner.parts), stem)

    def as_dict(self, value: Value, node: Node) -> dict[Any, Value]:
        """What `dict(value)` holds."""
        if isinstance(value, Struct) and value.form == DICT:
            return dict(value.parts)
        found: dict[Any, Value] = {}
        for each in self.elements(value, node):
            pair = self.elements(each, node)
            if len(pair) != 2:
                self.refuse(node, "a dict of these", "each is to be a key and a value", "pairs")
            found[self.key(pair[0], node, "a dict")] = pair[1]
        return found

    # -- functions ---------------------------------------------------------------------------------

    def call_builtin(
        self, function: Any, args: list[Value], keywords: dict[str, Value], node: Node, stem: str
    ) -> Value | None:
        """A call of a builtin function, where structures or constants take part in it."""
        name = getattr(function, "__name__", "")
        if function in (copy.copy, copy.deepcopy):
            return self._copied(function is copy.deepcopy, args[0], stem) if args else None
        if getattr(function, "__module__", "") == "itertools" and name in ITERTOOLS:
            return self._by_itertools(name, args, keywords, node)
        if getattr(builtins, name, None) is not function:
            return None
        handler: Callable[..., Value | None] | None = getattr(self, f"_of_{name}", None)
        return handler(args, keywords, node, stem) if handler is not None else None

    def _by_itertools(
        self, name: str, args: list[Value], keywords: dict[str, Value], node: Node
    ) -> Value | None:
        rows = [self.iterated(each, node) for each in args]
        known = [row for row in rows if row is not None]
        if len(known) != len(rows) or keywords:
            return None
        made = getattr(itertools, name)(*known)
        if name == "chain":
            return Struct(TUPLE, tuple, dict(enumerate(made)), "chain")
        return pairs(list(made))

    def _copied(self, deep: bool, value: Value, stem: str, memo: Any = None) -> Value | None:
        if not isinstance(value, Struct):
            return None
        memo = {} if memo is None else memo
        if id(value) in memo:
            found: Value = memo[id(value)]
            return found
        made = memo[id(value)] = Struct(value.form, value.cls, dict(value.parts), stem or "part")
        for key, part in value.parts.items():
            if deep and isinstance(part, Struct):
                copied = self._copied(deep, part, self.part_stem(made.stem, key), memo)
                made.parts[key] = copied if copied is not None else part
            elif deep and isinstance(part, Leaf) and not part.number:
                why = "the array or the number in it is copied by what has no rule"
                self.refuse(None, "`copy.deepcopy` of a structure", why, "`.copy()` of each array")
        return made

    def _of_len(self, args: list[Value], keywords: Any, node: Node, stem: str) -> Value | None:
        (value,) = args
        if isinstance(value, Struct):
            method = self.special(value, "__len__")
            if method is not None:
                return self.call_user(method, [value], {}, node)
            if value.form == OBJECT:
                self.refuse(node, f"`len` of {said(value)}", "it has no `__len__`", "a number")
            return Const(len(value.parts))
        known = isinstance(value, Const) and isinstance(value.value, (str, range, tuple))
        return Const(len(value.value)) if known else None  # type: ignore[attr-defined]

    def _of_dict(
        self, args: list[Value], keywords: dict[str, Value], node: Node, stem: str
    ) -> Value:
        parts = self.as_dict(args[0], node) if args else {}
        return self.made(DICT, dict, parts | keywords, stem)

    def _of_list(self, args: list[Value], keywords: Any, node: Node, stem: str) -> Value | None:
        return self._sequence(LIST, list, args, node, stem)

    def _of_tuple(self, args: list[Value], keywords: Any, node: Node, stem: str) -> Value | None:
        return self._sequence(TUPLE, tuple, args, node, stem)

    def _sequence(
        self, form: str, cls: type, args: list[Value], node: Node, stem: str
    ) -> Value | None:
        parts = self.iterated(args[0], node) if args else []
        return None if parts is None else self.made(form, cls, dict(enumerate(parts)), stem)

    def _of_enumerate(
        self, args: list[Value], keywords: dict[str, Value], node: Node, stem: str
    ) -> Value | None:
        parts = self.iterated(args[0], node)
        start = args[1] if len(args) > 1 else keywords.get("start", Const(0))
        if parts is None:
            return None
        first = self.key(start, node, "`enumerate`")
        return pairs([(Const(n), part) for n, part in enumerate(parts, first)])

    def _of_zip(
        self, args: list[Value], keywords: dict[str, Value], node: Node, stem: str
    ) -> Value | None:
        rows = [self.iterated(each, node) for each in args]
        if all(row is None for row in rows):
            return None
        known = [row for row in rows if row is not None]
        if len(known) != len(rows):
            why = "how many values one of them gives is known only when the function runs"
            self.refuse(node, "this `zip`", why, "structures of known length alone")
        strict = "strict" in keywords and self.key(keywords["strict"], node, "`zip`")
        if strict and len({len(row) for row in known}) > 1:
            why = "what it pairs up differs in length"
            self.refuse(node, "this `zip`", why, "equal lengths")
        return pairs([tuple(each) for each in zip(*known, strict=False)])

    def _of_reversed(self, args: list[Value], keywords: Any, node: Node, stem: str) -> Value | None:
        parts = self.iterated(args[0], node)
        if parts is None:
            return None
        return Struct(TUPLE, tuple, dict(enumerate(parts[::-1])), "reversed")

    def _of_range(self, args: list[Value], keywords: Any, node: Node, stem: str) -> Value | None:
        if all(isinstance(each, Const) and isinstance(each.value, int) for each in args):
            return Const(range(*(each.value for each in args)), None)  # type: ignore[attr-defined]
        return None

    def _of_sorted(
        self, args: list[Value], keywords: dict[str, Value], node: Node, stem: str
    ) -> Value | None:
        parts = self.iterated(args[0], node)
        if parts is None:
            return None
        ordered = self.in_size(parts, keywords, node)
        return self.made(LIST, list, dict(enumerate(ordered)), stem or "part")

    def _of_sum(
        self, args: list[Value], keywords: dict[str, Value], node: Node, stem: str
    ) -> Value | None:
        if not isinstance(args[0], Struct):
            return None
        parts = self.elements(args[0], node)
        start = args[1] if len(args) > 1 else keywords.get("start", Const(0))
        total = start
        for n, part in enumerate(parts):
            zero = n == 0 and isinstance(total, Const) and total.value == 0
            if zero and isinstance(part, Leaf):
                total = part  # 0 + part: an array is not copied, and nothing writes into it
                continue
            sum_ = gast.BinOp(node, gast.Add(), node)
            total = self.operation(self.located_at(sum_, node), total, part, stem)
        return total

    def _of_min(self, args: list[Value], keywords: Any, node: Node, stem: str) -> Value | None:
        if len(args) != 1 or keywords or not isinstance(args[0], Struct):
            return None
        parts = [self.node_of(part, node) for part in self.elements(args[0], node)]
        if len(parts) == 1:
            return Leaf(parts[0])
        return Leaf(self.located_at(gast.Call(node.func, parts, []), node))

    _of_max = _of_min

    def _of_all(self, args: list[Value], keywords: Any, node: Node, stem: str) -> Value | None:
        return self._joined(gast.And(), args, node)

    def _of_any(self, args: list[Value], keywords: Any, node: Node, stem: str) -> Value | None:
        return self._joined(gast.Or(), args, node)

    def _joined(self, op: Node, args: list[Value], node: Node) -> Value | None:
        if not isinstance(args[0], Struct):
            return None
        is_and = isinstance(op, gast.And)
        tests: list[Node] = []
        for part in self.elements(args[0], node):
            known = self.truth(part, node)
            if known is None:
                tests.append(self.node_of(part, node))
            elif known is not is_and and not tests:
                return Const(not is_and)
            elif known is not is_and:
                tests.append(constant(not is_and))
        if not tests:
            return Const(is_and)
        made = tests[0] if len(tests) == 1 else self.located_at(gast.BoolOp(op, tests), node)
        return Leaf(self.located_at(gast.IfExp(made, constant(True), constant(False)), node))

    def _of_isinstance(
        self, args: list[Value], keywords: Any, node: Node, stem: str
    ) -> Value | None:
        value, classes = args
        if isinstance(classes, Struct):
            wanted = [part.value for part in classes.parts.values() if isinstance(part, Const)]
        else:
            wanted = [classes.value] if isinstance(classes, Const) else []
        wanted = [
            each for part in wanted for each in (part if isinstance(part, tuple) else (part,))
        ]
        if not wanted or not all(isinstance(each, type) for each in wanted):
            return None
        for each in wanted:
            if decides_itself(each):
                why = f"the metaclass of {each.__name__} decides it"
                self.refuse(node, "this `isinstance`", why, "a class of type")
        cls = self.class_of(value)
        if cls is not None:
            return Const(issubclass(cls, tuple(wanted)))
        if isinstance(value, Leaf):
            if not any(_may_be_leaf(each) for each in wanted):
                return Const(False)
            if value.number and all(issubclass(n, tuple(wanted)) for n in (int, float)):
                return Const(True)
        return None

    def class_of(self, value: Value) -> type | None:
        """The class of a value, where it is known."""
        if isinstance(value, Struct):
            return value.cls
        return type(value.value) if isinstance(value, Const) else None

    def _of_callable(self, args: list[Value], keywords: Any, node: Node, stem: str) -> Value | None:
        cls = self.class_of(args[0])
        if isinstance(args[0], Method):
            return Const(True)
        if isinstance(args[0], Const):
            return Const(callable(args[0].value))
        return Const(callable(cls)) if cls is not None else Const(False)

    def _of_type(self, args: list[Value], keywords: Any, node: Node, stem: str) -> Value | None:
        cls = self.class_of(args[0]) if len(args) == 1 else None
        return Const(cls) if cls is not None else None

    def _of_hasattr(self, args: list[Value], keywords: Any, node: Node, stem: str) -> Value | None:
        if not isinstance(args[0], Struct):
            return None
        name = self.key(args[1], node, "`hasattr`")
        struct = args[0]
        inside = struct.form in (OBJECT, NAMED) and name in struct.parts
        return Const(inside or hasattr(struct.cls, name))

    def _of_getattr(self, args: list[Value], keywords: Any, node: Node, stem: str) -> Value | None:
        if not isinstance(args[0], (Struct, Const)):
            return None
        name = self.key(args[1], node, "`getattr`")
        has = self._of_hasattr(args[:2], {}, node, "")
        if len(args) > 2 and isinstance(has, Const) and not has.value:
            return args[2]
        return self.attribute_of(args[0], name, node, stem)

    def _of_setattr(self, args: list[Value], keywords: Any, node: Node, stem: str) -> Value | None:
        if not isinstance(args[0], Struct):
            return None
        self.set_attribute(args[0], self.key(args[1], node, "`setattr`"), args[2], node)
        return Const(None)

    def set_attribute(self, struct: Struct, name: str, value: Value, node: Node) -> None:
        """`p.name = value`."""
        found = found_in(struct.cls, name)
        if isinstance(found, property):
            if found.fset is None:
                self.refuse(node, f"the property `{name}`", "it has no setter", "an attribute")
            self.call_user(found.fset, [struct, value], {}, node)
            return
        if is_data(found):
            why = "a descriptor decides what is kept"
            self.refuse(node, f"the attribute `.{name}`", why, "a property")
        slots = struct.form == OBJECT and not _has_dict(struct.cls)
        if struct.form not in (OBJECT,) or (slots and not hasattr(struct.cls, name)):
            self.refuse(node, f"the attribute `.{name}` of {said(struct)}", "it has none", "a dict")
        self.put(struct, name, value, node)

    def _of_vars(self, args: list[Value], keywords: Any, node: Node, stem: str) -> Value | None:
        if len(args) != 1 or not isinstance(args[0], Struct):
            return None
        why = "what is written into it is written into the object"
        self.refuse(node, "`vars`", why, "the attributes, one by one")

    def _of_id(self, args: list[Value], keywords: Any, node: Node, stem: str) -> Value | None:
        self.refuse(node, "`id`", "structures have no place in memory here", "`is`")


def pairs(rows: list[Any]) -> Struct:
    """A tuple of tuples."""
    made = [Struct(TUPLE, tuple, dict(enumerate(row)), "pair") for row in rows]
    return Struct(TUPLE, tuple, dict(enumerate(made)), "pairs")


def _has_dict(cls: type) -> bool:
    return any("__dict__" in each.__dict__ for each in cls.__mro__)


def _may_be_leaf(cls: type) -> bool:
    """Whether a number or an array may be an instance of a class."""
    root = cls.__module__.partition(".")[0]
    containers = (dict, list, tuple, str, set, frozenset, type(None))
    if is_named(cls) or cls in containers:
        return False
    if issubclass(cls, (int, float, complex)):
        return True
    return cls is object or root in ("builtins", "numbers", "numpy", "collections", "typing")


__all__ = ["Builtin", "Containers", "binary", "is_name", "pairs", "types"]
