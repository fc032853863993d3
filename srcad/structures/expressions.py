"""Expressions: what they stand for, and what is left of them without structures."""

from __future__ import annotations

import operator
import types
from collections.abc import Callable
from functools import partial
from typing import Any

import gast

from srcad.read import Unresolved
from srcad.structures.base import DICT, LIST, NAMED, NUMBERS, OBJECT, TUPLE, Base, said
from srcad.structures.layout import form_of
from srcad.structures.outside import Written
from srcad.structures.values import Const, Leaf, Method, Opened, Poison, Struct, Super, Value
from srcad.tree import Node, assign, copy_node, is_name, load, walk

# The special methods of operators: of the left operand, and of the right one.
SPECIAL: dict[type, str] = {
    gast.Add: "add",
    gast.Sub: "sub",
    gast.Mult: "mul",
    gast.Div: "truediv",
    gast.FloorDiv: "floordiv",
    gast.Mod: "mod",
    gast.Pow: "pow",
    gast.MatMult: "matmul",
    gast.BitAnd: "and",
    gast.BitOr: "or",
    gast.BitXor: "xor",
    gast.LShift: "lshift",
    gast.RShift: "rshift",
}
UNARY: dict[type, str] = {gast.USub: "__neg__", gast.UAdd: "__pos__", gast.Invert: "__invert__"}
COMPARED: dict[type, str] = {
    gast.Eq: "__eq__",
    gast.NotEq: "__ne__",
    gast.Lt: "__lt__",
    gast.LtE: "__le__",
    gast.Gt: "__gt__",
    gast.GtE: "__ge__",
}
REFLECTED = {"__lt__": "__gt__", "__gt__": "__lt__", "__le__": "__ge__", "__ge__": "__le__"}
# Operations on whole numbers that are known before running.
WHOLE: dict[type, Callable[[int, int], int]] = {
    gast.Add: operator.add,
    gast.Sub: operator.sub,
    gast.Mult: operator.mul,
}


class Expressions(Base):
    """The expressions of one function."""

    def value(self, node: Node, stem: str = "") -> Value:
        """What an expression stands for."""
        handler = getattr(self, f"_{type(node).__name__}", None)
        if handler is not None:
            found: Value = handler(node, stem)
            return found
        return Leaf(self.plain(node))

    def plain(self, node: Node) -> Node:
        """An expression with all its parts as plain expressions, in Python's order."""
        fields = [f for f in node._fields if isinstance(getattr(node, f, None), (gast.expr, list))]
        parts: list[Node] = []
        for field in fields:
            part = getattr(node, field)
            parts += part if isinstance(part, list) else [part]
        wanted = [part for part in parts if isinstance(part, gast.expr)]
        made = iter(self.in_order([partial(self.value, part) for part in wanted], wanted))
        changes: dict[str, Any] = {}
        for field in fields:
            part = getattr(node, field)
            if isinstance(part, list):
                changes[field] = [next(made) if isinstance(p, gast.expr) else p for p in part]
            else:
                changes[field] = next(made)
        return copy_node(node, **changes)

    def in_order(self, evaluate: list[Callable[[], Value]], nodes: list[Node]) -> list[Node]:
        """Expressions as plain ones: those that stand before a statement are kept before it."""
        return [self.node_of(v, n) for v, n in zip(self.values(evaluate), nodes, strict=True)]

    def values(self, evaluate: list[Callable[[], Value]]) -> list[Value]:
        """Values, evaluated one after the other.

        What one of them writes as a statement comes after the ones before it.
        """
        found: list[Value] = []
        marks: list[int] = []
        for each in evaluate:
            found.append(each())
            marks.append(len(self.out))
        return self.in_their_order(found, marks)

    def in_their_order(self, found: list[Value], marks: list[int]) -> list[Value]:
        """Values of which each was found when so many statements were written.

        What stands before a statement is kept before it.
        """
        end = len(self.out)
        for n in range(len(found) - 1, -1, -1):
            part = found[n]
            if isinstance(part, Leaf) and marks[n] < end and not self.is_stable(part.node):
                name = self.fresh("part")
                kept = gast.copy_location(assign(name, part.node), self.place)
                self.out.insert(marks[n], kept)
                found[n] = Leaf(load(name), part.number)
        return found

    def several(self, *nodes: Node) -> list[Value]:
        """The values of expressions, in order."""
        return self.values([partial(self.value, node) for node in nodes])

    # -- names and literals ------------------------------------------------------------------------

    def _Constant(self, node: Node, stem: str) -> Value:
        return Const(node.value, node)

    def _Name(self, node: Node, stem: str) -> Value:
        if node.id in self.own:
            found = self.variables.get(node.id)
            if found is None:
                return Leaf(node)
            if isinstance(found, Poison):
                self.refuse(node, found.construct, found.why, found.instead)
            if isinstance(found, Leaf) and is_name(found.node):
                return Leaf(gast.copy_location(load(found.node.id), node), found.number)
            return found
        try:
            meaning = self.meaning(node.id)
        except Unresolved:
            return Leaf(node)
        return self.captured(meaning, node, node.id)

    def _NamedExpr(self, node: Node, stem: str) -> Value:
        value = self.value(node.value, node.target.id)
        self.assign_to(node.target, value)
        return self.variables[node.target.id]

    def assign_to(self, target: Node, value: Value) -> None:
        """`target = value`."""
        raise NotImplementedError

    # -- displays ----------------------------------------------------------------------------------

    def _Tuple(self, node: Node, stem: str) -> Value:
        if not isinstance(node.ctx, gast.Load):
            return Leaf(node)
        form, cls = (LIST, list) if isinstance(node, gast.List) else (TUPLE, tuple)
        if id(node) in self.running:
            return Leaf(self.plain(node))
        parts: list[Value] = []
        for element, value in zip(
            node.elts, self.several(*map(_unstarred, node.elts)), strict=True
        ):
            parts += self.elements(value, element) if _is_starred(element) else [value]
        made = self.made(form, cls, dict(enumerate(parts)), stem)
        made.site = id(node) if form == LIST else None
        return made

    _List = _Tuple

    def made(self, form: str, cls: type, parts: dict[Any, Value], stem: str) -> Struct:
        """A new structure."""
        struct = Struct(form, cls, parts)
        if stem:
            self.name_parts(struct, stem)
        return struct

    def _Dict(self, node: Node, stem: str) -> Value:
        pairs = [
            each for k, v in zip(node.keys, node.values, strict=True) for each in (k, v) if each
        ]
        found = iter(self.several(*pairs))
        parts: dict[Any, Value] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                merged = next(found)
                if not isinstance(merged, Struct) or merged.form != DICT:
                    why = "which keys it holds is known only when the function runs"
                    self.refuse(value, "`**` of this", why, "a dict of known keys")
                parts |= merged.parts
                continue
            known = self.key(next(found), key, "a dict")
            parts[known] = next(found)
        return self.made(DICT, dict, parts, stem)

    def _Set(self, node: Node, stem: str) -> Value:
        parts = [self.value(each) for each in node.elts]
        if not all(isinstance(part, Const) for part in parts):
            why = "a set has no order, and forgets which of two equal values it holds"
            self.refuse(node, "a set", why, "a tuple")
        return self.made(TUPLE, tuple, dict(enumerate(parts)), stem)

    def _JoinedStr(self, node: Node, stem: str) -> Value:
        text = ""
        for part in node.values:
            if isinstance(part, gast.Constant):
                text += part.value
                continue
            value = self.value(part.value)
            known = isinstance(value, Const) and isinstance(value.value, (str, int))
            if not known or part.format_spec is not None or part.conversion != -1:
                return Leaf(self.plain(node))
            text += str(value.value)  # type: ignore[attr-defined]
        return Const(text)

    def _FormattedValue(self, node: Node, stem: str) -> Value:
        return Leaf(copy_node(node, value=self.leaf(node.value)))

    def _Lambda(self, node: Node, stem: str) -> Value:
        for each in walk(node.body):
            if is_name(each) and isinstance(self.variables.get(each.id), Struct):
                why = "it is called later, when the structure may be another one"
                self.refuse(node, f"`{each.id}` in a `lambda`", why, "a parameter for it")
        return Leaf(node)

    # -- comprehensions ----------------------------------------------------------------------------

    def _ListComp(self, node: Node, stem: str) -> Value:
        parts = self.unrolled(node, lambda: [self.value(node.elt)])
        if parts is None:
            return Leaf(self._running(node))
        if isinstance(node, gast.GeneratorExp):  # what consumes it reads each of them once
            return self.made(TUPLE, tuple, dict(enumerate(parts)), stem)
        return self.made(LIST, list, dict(enumerate(parts)), stem or "part")

    _GeneratorExp = _ListComp

    def _DictComp(self, node: Node, stem: str) -> Value:
        def pair() -> list[Value]:
            return self.several(node.key, node.value)

        parts = self.unrolled(node, pair)
        if parts is None:
            why = "which keys it gets is known only when the function runs"
            self.refuse(node, "this dict comprehension", why, "one over keys that are known")
        keys = [self.key(each, node.key, "a dict") for each in parts[::2]]
        return self.made(DICT, dict, dict(zip(keys, parts[1::2], strict=True)), stem or "part")

    def unrolled(self, node: Node, element: Callable[[], list[Value]]) -> list[Value] | None:
        """The elements of a comprehension over structures; None of one over what only runs."""
        found: list[Value] = []
        marks: list[int] = []
        outer = dict(self.variables)
        inner = {n.id for g in node.generators for n in walk(g.target) if is_name(n)}
        self.stable -= {n.target.id for n in walk(node) if isinstance(n, gast.NamedExpr)}
        own = set(self.own)
        self.own |= inner
        first = self.value(node.generators[0].iter)

        if isinstance(first, Struct) and not first.stem:
            self.name_parts(first, "part")

        def run(level: int, iterable: Value) -> bool:
            generator = node.generators[level]
            items = self.iterated(iterable, generator.iter)
            if items is None:
                return False
            for each in items:
                self.bind_in_comprehension(generator.target, each)
                verdicts = []
                for test in generator.ifs:
                    verdict = self.truth(self.value(test), test)
                    if verdict is None:
                        why = "how many parts there are is known only when the function runs"
                        self.refuse(test, "this condition", why, "a `for` loop with an `if`")
                    verdicts.append(verdict)
                    if not verdict:
                        break
                if not all(verdicts):
                    continue
                if level + 1 < len(node.generators):
                    if not run(level + 1, self.value(node.generators[level + 1].iter)):
                        why = "how many trips it makes is known only when the function runs"
                        self.refuse(
                            node, "the inner loop of this comprehension", why, "`for` loops"
                        )
                else:
                    found.extend(element())
                    marks.extend([len(self.out)] * (len(found) - len(marks)))
            return True

        done = run(0, first)
        self.variables = {n: v for n, v in self.variables.items() if n not in inner}
        self.variables |= {n: v for n, v in outer.items() if n in inner}
        self.own = own
        return self.in_their_order(found, marks) if done else None

    def bind_in_comprehension(self, target: Node, value: Value) -> None:
        """The variable of a comprehension: it is not one of the function's."""
        if is_name(target):
            self.variables[target.id] = self.kept(value, target.id)
            return
        parts = self.elements(value, target)
        if len(parts) != len(target.elts):
            why = f"it takes {len(target.elts)} values, and gets {len(parts)}"
            self.refuse(target, "this target", why, "as many names as there are values")
        for each, part in zip(target.elts, parts, strict=True):
            self.bind_in_comprehension(each, part)

    def _running(self, node: Node) -> Node:
        """A comprehension that stays one: its own variables are those of its loop."""
        inner = {n.id for g in node.generators for n in walk(g.target) if is_name(n)}
        outer = dict(self.variables)
        for name in inner:
            self.variables[name] = Leaf(load(name))
        own, self.own = self.own, self.own | inner
        mark = len(self.out)
        generators = [
            copy_node(g, iter=self.leaf(g.iter), ifs=[self.leaf(test) for test in g.ifs])
            for g in node.generators
        ]
        element = self.leaf(node.elt)
        if len(self.out) != mark:
            why = "what it makes of structures takes statements, and a comprehension has none"
            self.refuse(node, "this comprehension", why, "a `for` loop")
        self.variables, self.own = outer, own
        return copy_node(node, elt=element, generators=generators)

    # -- what is iterated over ---------------------------------------------------------------------

    def iterated(self, value: Value, node: Node) -> list[Value] | None:
        """The values that an iterable of known structure gives; None of one that only runs."""
        if isinstance(value, Struct):
            if value.form == DICT:
                return [Const(key) for key in value.parts]
            if value.form != OBJECT:
                return list(value.parts.values())
            why = "its class decides what it gives"
            self.refuse(node, f"iterating over {said(value)}", why, "its attributes, one by one")
        if isinstance(value, Const) and isinstance(value.value, (range, str, tuple)):
            return [Const(each) for each in value.value]
        return None

    def elements(self, value: Value, node: Node) -> list[Value]:
        """The values that are unpacked; the number of them has to be known."""
        found = self.iterated(value, node)
        if found is None:
            why = "how many values it holds is known only when the function runs"
            self.refuse(node, "unpacking this", why, "a tuple or a list of known length")
        return found

    # -- indexing ----------------------------------------------------------------------------------

    def key(self, value: Value, node: Node, what: str) -> Any:
        """A key that is known before running."""
        if isinstance(value, Struct) and value.form == TUPLE:
            return tuple(self.key(part, node, what) for part in value.parts.values())
        if not isinstance(value, Const):
            self.needs_static(node, f"this key of {what}", what)
        return value.value

    def _Subscript(self, node: Node, stem: str) -> Value:
        base = self.value(node.value)
        if isinstance(base, Opened):
            return self.item(self.opened(base, self.value(node.slice)), node, stem)
        if isinstance(base, Struct):
            return self.item(base, node, stem)
        mark = len(self.out)
        array = self.node_of(base, node.value)
        index = self._index(node.slice)
        if len(self.out) != mark and not self.is_stable(array):
            name = self.fresh("part")
            self.out.insert(mark, gast.copy_location(assign(name, array), self.place))
            array = load(name)
        return Leaf(copy_node(node, value=array, slice=index))

    def opened(self, base: Opened, index: Value) -> Struct:
        """What was put into a list or a dict from outside, if an index means a part of that."""
        parts = base.struct.parts
        known = index.value if isinstance(index, Const) else None
        inside = known in parts if base.struct.form == DICT else _is_from_end(known, len(parts))
        if not inside:
            raise Written(base.value, base.name, whole=True)
        return base.struct

    def _index(self, node: Node) -> Node:
        if isinstance(node, gast.Slice):
            bounds = {
                f: self.leaf(getattr(node, f))
                for f in ("lower", "upper", "step")
                if getattr(node, f) is not None
            }
            return copy_node(node, **bounds)
        if isinstance(node, gast.Tuple):
            return copy_node(node, elts=[self._index(each) for each in node.elts])
        return self.leaf(node)

    def item(self, base: Struct, node: Node, stem: str) -> Value:
        """`p[key]`."""
        if not base.stem:
            self.name_parts(base, "part")
        if base.form == OBJECT:
            method = self.special(base, "__getitem__")
            if method is None:
                why = "its class has no `__getitem__`"
                self.refuse(node, f"an item of {said(base)}", why, "an attribute")
            return self.call_user(method, [base, self.value(node.slice)], {}, node, stem)
        where = self.where(base, node)
        if isinstance(where, slice):
            parts = list(base.parts.values())[where]
            form, cls = (LIST, list) if base.form == LIST else (TUPLE, tuple)
            return self.made(form, cls, dict(enumerate(parts)), stem)
        return self.part(base, where, node)

    def part(self, base: Struct, where: Any, node: Node) -> Value:
        """A part of a structure."""
        found = base.parts[where]
        if isinstance(found, Poison):
            self.refuse(node, found.construct, found.why, found.instead)
        return found

    def where(self, base: Struct, node: Node) -> Any:
        """The key, the position or the slice that an index means."""
        name = f"`{node.value.id}`" if is_name(node.value) else said(base)
        if isinstance(node.slice, gast.Slice):
            bounds = []
            for field in ("lower", "upper", "step"):
                bound = getattr(node.slice, field)
                known = None if bound is None else self.value(self.negated(bound))
                if known is not None and not isinstance(known, Const):
                    self.stays_list(base)
                    self.needs_static(bound, "this slice", name)
                bounds.append(None if known is None else known.value)
            if base.form == DICT:
                self.refuse(node, "a slice of a dict", "it has keys", "a key")
            return slice(*bounds)
        index = self.value(node.slice)
        if base.form == DICT:
            key = self.key(index, node.slice, name)
            if key not in base.parts:
                keys = ", ".join(map(repr, base.parts)) or "none"
                why = f"{name} has the keys {keys}"
                self.refuse(node, f"the key {key!r}", why, "one of these")
            return key
        if not isinstance(index, Const) or not isinstance(index.value, int):
            if not self.trips:
                self.stays_list(base)
            self.needs_static(node.slice, "this index", name)
        length = len(base.parts)
        if not -length <= index.value < length:
            why = f"{name} has {length} parts"
            self.refuse(node, f"the index {index.value}", why, "one that is there")
        where = index.value % length
        return list(base.parts)[where] if base.form == NAMED else where

    def negated(self, node: Node) -> Node:
        """An expression; `-1` as the constant that it is."""
        return node

    # -- attributes --------------------------------------------------------------------------------

    def _Attribute(self, node: Node, stem: str) -> Value:
        base = self.value(node.value)
        if isinstance(base, Opened) and node.attr in ("append", "extend", "update"):
            return self.attribute_of(base.struct, node.attr, node, stem)
        if isinstance(base, Const):
            if isinstance(base.value, types.ModuleType):
                return self._of_module(base.value, node)
            if isinstance(base.value, type) or form_of(base.value):
                return self.attribute_of(base, node.attr, node, stem)
            if isinstance(base.value, str) and hasattr(base.value, node.attr):
                method = copy_node(node, value=self.node_of(base, node.value))
                return Const(getattr(base.value, node.attr), method)
        if isinstance(base, (Struct, Super, Method)):
            return self.attribute_of(base, node.attr, node, stem)
        return Leaf(copy_node(node, value=self.node_of(base, node.value)))

    def _of_module(self, module: types.ModuleType, node: Node) -> Value:
        found = getattr(module, node.attr, None)
        self.run.watch_attribute(module, node.attr, found)
        if found is None:
            return Leaf(node)
        if callable(found) or isinstance(found, types.ModuleType):
            return Const(found, node)
        if form_of(found):
            return self.captured(found, node, node.attr)
        return Leaf(node, type(found) in NUMBERS)

    # -- operators ---------------------------------------------------------------------------------

    def _BinOp(self, node: Node, stem: str) -> Value:
        spine = [node]  # a long sum leans to the left
        while isinstance(spine[-1].left, gast.BinOp):
            spine.append(spine[-1].left)
        left = self.value(spine[-1].left)
        for each in reversed(spine):
            mark = len(self.out)
            right = self.value(each.right)
            if isinstance(left, Leaf) and len(self.out) != mark and not self.is_stable(left.node):
                name = self.fresh("part")
                self.out.insert(mark, gast.copy_location(assign(name, left.node), self.place))
                left = Leaf(load(name), left.number)
            left = self.operation(each, left, right, stem if each is node else "")
        return left

    def operation(self, node: Node, left: Value, right: Value, stem: str) -> Value:
        """`left op right`."""
        op = type(node.op)
        if isinstance(left, Const) and isinstance(right, Const):
            whole = isinstance(left.value, int) and isinstance(right.value, int)
            text = isinstance(left.value, str) and isinstance(right.value, str) and op is gast.Add
            if (whole and op in WHOLE) or text:
                return Const(WHOLE[op](left.value, right.value))
            if whole and op in (gast.FloorDiv, gast.Mod) and right.value:
                made = left.value // right.value, left.value % right.value
                return Const(made[op is gast.Mod])
        if not isinstance(left, Struct) and not isinstance(right, Struct):
            plain = [self.node_of(left, node.left), self.node_of(right, node.right)]
            number = all(_is_number(each) for each in (left, right)) and op is not gast.Pow
            return Leaf(copy_node(node, left=plain[0], right=plain[1]), number)
        joined = self.of_containers(node, left, right, stem)
        if joined is not None:
            return joined
        return self.by_class(node, left, right, stem)

    def of_containers(self, node: Node, left: Value, right: Value, stem: str) -> Value | None:
        """`+` of two lists or tuples, `*` of one and an int, `|` of two dicts."""
        op = type(node.op)
        if isinstance(left, Struct) and isinstance(right, Struct):
            forms = (left.form, right.form)
            tuples = all(form in (TUPLE, NAMED) for form in forms)
            if op is gast.Add and (forms == (LIST, LIST) or tuples):
                parts = [*left.parts.values(), *right.parts.values()]
                form, cls = (LIST, list) if forms == (LIST, LIST) else (TUPLE, tuple)
                plain = "__add__" not in {n for c in left.cls.__mro__[:-2] for n in vars(c)}
                if plain or form == LIST:
                    return self.made(form, cls, dict(enumerate(parts)), stem)
            if op is gast.BitOr and forms == (DICT, DICT):
                return self.made(DICT, dict, left.parts | right.parts, stem)
        struct, other = (left, right) if isinstance(left, Struct) else (right, left)
        if op is gast.Mult and isinstance(struct, Struct) and struct.form in (LIST, TUPLE):
            if isinstance(other, Const) and isinstance(other.value, int):
                repeated = list(struct.parts.values()) * other.value
                return self.made(struct.form, struct.cls, dict(enumerate(repeated)), stem)
            if isinstance(other, Leaf):
                operands = [self.node_of(left, node.left), self.node_of(right, node.right)]
                return Leaf(copy_node(node, left=operands[0], right=operands[1]))
        return None

    def special(self, value: Value, name: str) -> Any:
        """A special method of a value's class; None where there is none of the user's."""
        if not isinstance(value, Struct) or value.form not in (OBJECT, NAMED):
            return None
        self.run.watch_class(value.cls)
        for cls in value.cls.__mro__:
            if name in cls.__dict__:
                found = cls.__dict__[name]
                self.run.watch_member(cls, name)
                return found if isinstance(found, types.FunctionType) else None
            self.run.watch_member(cls, name)
        return None

    def by_class(
        self, node: Node, left: Value, right: Value, stem: str, inplace: bool = False
    ) -> Value:
        """An operator that the class of an operand defines."""
        word = SPECIAL[type(node.op)]
        first, second = self.special(left, f"__{word}__"), self.special(right, f"__r{word}__")
        if inplace:
            own = self.special(left, f"__i{word}__")
            first = own or first
        derived = (
            isinstance(left, Struct)
            and isinstance(right, Struct)
            and right.cls is not left.cls
            and issubclass(right.cls, left.cls)
            and second is not None
            and self.special(left, f"__r{word}__") is not second
        )
        if isinstance(left, Struct) and first is not None and not derived:
            result = self.call_user(first, [left, right], {}, node, stem)
            if not _is_refusal_of_operands(result):
                return result
        if isinstance(left, Leaf) and isinstance(right, Struct):
            yields = left.number or getattr(right.cls, "__array_ufunc__", 0) is None
            if second is not None and not yields:
                why = (
                    "if the left operand is an array, NumPy goes through its entries, and calls "
                    f"`__r{word}__` for each"
                )
                instead = f"`__array_ufunc__ = None` in the class {right.cls.__name__}"
                self.refuse(node, f"this operator before {said(right)}", why, instead)
        same = isinstance(left, Struct) and isinstance(right, Struct) and left.cls is right.cls
        if second is not None and not same:
            result = self.call_user(second, [right, left], {}, node, stem)
            if not _is_refusal_of_operands(result):
                return result
            if derived and first is not None:
                return self.call_user(first, [left, right], {}, node, stem)
        for operand, written in ((left, node.left), (right, node.right)):
            if isinstance(operand, Struct):
                name = f"`{written.id}`, {said(operand)}" if is_name(written) else said(operand)
                why = f"no `__{word}__` is defined for it"
                instead = "an array" if operand.form in (LIST, TUPLE) else "its parts, one by one"
                self.refuse(node, f"this operator on {name}", why, instead)
        raise AssertionError

    def _UnaryOp(self, node: Node, stem: str) -> Value:
        operand = self.value(node.operand)
        if isinstance(node.op, gast.Not):
            known = self.truth(operand, node.operand)
            if known is not None:
                return Const(not known)
        whole = isinstance(operand, Const) and type(operand.value) is int
        if whole and isinstance(node.op, gast.USub):
            return Const(-operand.value, node)  # type: ignore[attr-defined]
        if isinstance(operand, Struct):
            method = self.special(operand, UNARY.get(type(node.op), ""))
            if method is None:
                why = f"{said(operand)} has none"
                self.refuse(node, "this operator", why, "its parts, one by one")
            return self.call_user(method, [operand], {}, node, stem)
        return Leaf(
            copy_node(node, operand=self.node_of(operand, node.operand)), _is_number(operand)
        )

    def _Compare(self, node: Node, stem: str) -> Value:
        operands = self.several(node.left, *node.comparators)
        known = [
            self.comparison(op, left, right, node)
            for op, left, right in zip(node.ops, operands, operands[1:], strict=False)
        ]
        if len(known) == 1 and known[0] is not None:
            return known[0]
        if all(isinstance(each, Const) for each in known):
            return Const(all(each.value for each in known if isinstance(each, Const)))
        nodes = [node.left, *node.comparators]
        parts = [self.node_of(v, n) for v, n in zip(operands, nodes, strict=True)]
        return Leaf(copy_node(node, left=parts[0], comparators=parts[1:]))

    def comparison(self, op: Node, left: Value, right: Value, node: Node) -> Value | None:
        """A link of a comparison, where structures or constants decide it."""
        consts = isinstance(left, Const) and isinstance(right, Const)
        if isinstance(op, (gast.Is, gast.IsNot)):
            same: bool | None = None
            if consts:
                same = left.value is right.value  # type: ignore[attr-defined]
            elif isinstance(left, Struct) or isinstance(right, Struct):
                same = left is right
                given = [v for v in (left, right) if isinstance(v, Struct) and v.given]
                if not same and len(given) == 2:
                    why = "whether the caller has passed one object twice is not known"
                    self.refuse(node, "`is` between arguments", why, "a flag")
            elif Const in (type(left), type(right)):
                const = left if isinstance(left, Const) else right
                leaf = right if const is left else left
                if isinstance(leaf, Leaf) and leaf.number and isinstance(const, Const):
                    same = False if const.value is None else None
            return None if same is None else Const(same is isinstance(op, gast.Is))
        if isinstance(op, (gast.In, gast.NotIn)):
            inside = self.contains(left, right, node)
            return None if inside is None else Const(inside is isinstance(op, gast.In))
        if consts and isinstance(op, (gast.Eq, gast.NotEq)):
            equal = left.value == right.value  # type: ignore[attr-defined]
            return Const(bool(equal) is isinstance(op, gast.Eq))
        whole = consts and all(type(v.value) is int for v in (left, right))  # type: ignore[attr-defined]
        if whole and type(op) in COMPARED:
            name = COMPARED[type(op)]
            return Const(getattr(operator, name)(left.value, right.value))  # type: ignore[attr-defined]
        return self._compared_by_class(op, left, right, node)

    def _compared_by_class(self, op: Node, left: Value, right: Value, node: Node) -> Value | None:
        if not isinstance(left, Struct) and not isinstance(right, Struct):
            return None
        name = COMPARED[type(op)]
        for one, other, method in ((left, right, name), (right, left, REFLECTED.get(name, name))):
            found = self.special(one, method)
            if found is not None and len(node.ops) == 1:
                return self.call_user(found, [one, other], {}, node)
        operand = left if isinstance(left, Struct) else right
        why = "it compares all parts of both at once"
        self.refuse(node, f"a comparison of {said(operand)}", why, "a comparison of numbers in it")

    def contains(self, left: Value, right: Value, node: Node) -> bool | None:
        """`left in right`, where it is known."""
        if not isinstance(right, Struct):
            text = isinstance(right, Const) and isinstance(right.value, (str, tuple, range))
            if text and isinstance(left, Const):
                return left.value in right.value  # type: ignore[attr-defined]
            return None
        if right.form == DICT:
            return bool(self.key(left, node, "a dict") in right.parts)
        parts = list(right.parts.values())
        if isinstance(left, Const) and all(isinstance(part, Const) for part in parts):
            return any(left.value == p.value for p in parts)  # type: ignore[attr-defined]
        if right.form == OBJECT:
            self.refuse(node, f"`in` {said(right)}", "its class decides", "a test of its parts")
        return None

    # -- expressions that choose -------------------------------------------------------------------

    def _IfExp(self, node: Node, stem: str) -> Value:
        test = self.value(node.test)
        known = self.truth(test, node.test)
        if known is not None:
            return self.value(node.body if known else node.orelse, stem)
        return self.chosen(node, self.node_of(test, node.test), [node.body, node.orelse], stem)

    def chosen(self, node: Node, test: Node, values: list[Node], stem: str) -> Value:
        """One of two values, where only the run can tell which."""
        raise NotImplementedError

    def _BoolOp(self, node: Node, stem: str) -> Value:
        is_and = isinstance(node.op, gast.And)
        first, rest = node.values[0], node.values[1:]
        value = self.value(first)
        known = self.truth(value, first)
        if known is not None:
            if not rest or known is not is_and:
                return value
            others = rest[0] if len(rest) == 1 else copy_node(node, values=rest)
            return self.value(others, stem)
        mark = len(self.out)
        parts: list[Node] = [self.node_of(value, first)]
        for each in rest:
            operand = self.value(each)
            settled = self.truth(operand, each)
            skipped = settled is is_and and isinstance(operand, Const)
            if skipped and each is not rest[-1]:
                continue
            parts.append(self.node_of(operand, each))
        if len(self.out) != mark:
            why = "what stands before it decides whether its statements are run"
            self.refuse(node, "this call after `and` or `or`", why, "an `if` statement")
        return Leaf(copy_node(node, values=parts) if len(parts) > 1 else parts[0])

    def _Starred(self, node: Node, stem: str) -> Value:
        self.refuse(
            node, "a starred value", "it stands for several values", "the values, one by one"
        )


def _is_from_end(index: object, count: int) -> bool:
    """Whether an index means one of the last items of a list, counted from its end."""
    return type(index) is int and -count <= index < 0


def _unstarred(node: Node) -> Node:
    return node.value if isinstance(node, gast.Starred) else node


def _is_starred(node: Node) -> bool:
    return isinstance(node, gast.Starred)


def _is_number(value: Value) -> bool:
    """Whether a value is one of Python's numbers for certain."""
    if isinstance(value, Const):
        return type(value.value) in NUMBERS
    return isinstance(value, Leaf) and value.number


def _is_refusal_of_operands(value: Value) -> bool:
    return isinstance(value, Const) and value.value is NotImplemented
