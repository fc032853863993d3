"""What all parts of the rewriting share: names, statements that are written, refusals."""

from __future__ import annotations

import keyword
import re
import types
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NoReturn

import gast

from srcad.analysis.kind import FLOAT, INT, kind_of_value
from srcad.errors import Problems, UndecidedError
from srcad.lower.matches import captures
from srcad.names import RESERVED
from srcad.read import Source, Unresolved
from srcad.rules import rule_of
from srcad.structures.layout import DICT, LIST, NAMED, OBJECT, TUPLE, form_of, parts_of
from srcad.structures.outside import Written
from srcad.structures.values import Const, Leaf, Method, Opened, Poison, Struct, Value
from srcad.tree import Node, assign, call, constant, copy_node, is_name, load, walk

if TYPE_CHECKING:
    from srcad.structures.run import Run

NUMBERS = (int, float, complex)
MOST_PARTS = 400


class NeedsStatic(Exception):
    """A structure is indexed by what is not known before running: unroll the loop around it."""

    def __init__(self, node: Node, problem: tuple[str, str, str], source: Source) -> None:
        super().__init__(*problem)
        self.node = node
        self.problem = problem
        self.source = source

    def refused(self) -> NoReturn:
        """Say so where no loop can be unrolled."""
        problems = Problems(self.source)
        problems.add(self.node, *self.problem)
        problems.raise_if_any(UndecidedError)
        raise AssertionError


class Running(Exception):
    """A list grows or is indexed as the run decides: it is one variable, and not one a part."""

    def __init__(self, site: object) -> None:
        super().__init__(site)
        self.site = site


class Base:
    """One function of the user's, for one layout of its arguments, on its way to plain code."""

    def __init__(self, run: Run, source: Source) -> None:
        self.run = run
        self.source = source
        self.variables: dict[str, Value] = {}
        # By the names of the parameters; those that begin with blanks are from outside.
        self.arguments: dict[str, Value] = {}
        self.out: list[Node] = []
        self.place: Node = source.tree
        parameters = [each.id for each in parameters_in(source.tree)]
        captured = {
            name
            for node in source.nodes
            if isinstance(node, gast.match_case)
            for name in captures(node.pattern)
        }
        self.own = set(source.assigned) | set(parameters) | captured
        self.taken = set(source.identifiers) | set(parameters) | captured | RESERVED
        stores = [n.id for n in source.nodes if is_name(n) and not isinstance(n.ctx, gast.Load)]
        counts = Counter([*stores, *parameters])
        # Names with one value: what is kept under them stays.
        self.stable = {name for name, count in counts.items() if count == 1}
        self.extra: dict[str, object] = {}
        # Free names that are written, and mean what they always did.
        self.plainly: set[str] = set()
        # Where lists are made that stay lists: they grow as the run decides.
        self.running: set[object] = set()
        # How many loops over a known `range` are around, which could be written out.
        self.trips = 0
        self._captured: dict[int, Value] = {}
        # What is written that is there before the call, and after it: by the ids of the objects.
        self.outside: dict[int, Value] = {}
        # The object that a captured structure is found in, and its name.
        self._within: tuple[Any, str] | None = None

    # -- refusals ----------------------------------------------------------------------------------

    def refuse(self, node: Node | None, construct: str, why: str, instead: str) -> NoReturn:
        """Refuse a construct of the user's."""
        problems = Problems(self.source)
        problems.add(self.located(node), construct, why, instead)
        problems.raise_if_any()
        raise AssertionError

    def located(self, node: Node | None) -> Node:
        """A node that has a place."""
        return node if hasattr(node, "lineno") else self.place

    def stays_list(self, value: Value) -> None:
        """Rewrite the function anew, with a list that stays one, where it may."""
        if not isinstance(value, Struct) or value.form != LIST or value.site is None:
            return
        if not any(isinstance(part, (Struct, Method)) for part in value.parts.values()):
            raise Running(value.site)

    def needs_static(self, node: Node, what: str, name: str) -> NoReturn:
        """Refuse an index that is not known before running, unless a loop can be unrolled."""
        why = f"which part of {name} it means is known only when the function runs"
        problem = (what, why, "an index that the source shows")
        raise NeedsStatic(self.located(node), problem, self.source)

    # -- names -------------------------------------------------------------------------------------

    def fresh(self, stem: str) -> str:
        """A name that nothing in the function has; it gets its value once."""
        stem = re.sub(r"\W", "_", stem) or "part"
        stem = f"_{stem}" if stem[0].isdigit() or keyword.iskeyword(stem) else stem
        between = "_" if stem[-1].isdigit() else ""
        name, number = stem, 2
        while name in self.taken:
            name, number = f"{stem}{between}{number}", number + 1
        self.taken.add(name)
        self.stable.add(name)
        return name

    def part_stem(self, stem: str, key: object) -> str:
        """How the variable of a part of a structure begins."""
        return f"{stem}_{key}" if stem else f"{key}" if isinstance(key, str) else f"part_{key}"

    def emit(self, stmt: Node) -> None:
        """Write a statement of the plain function."""
        if not hasattr(stmt, "lineno"):
            gast.copy_location(stmt, self.place)
        self.out.append(stmt)

    def keep(self, node: Node, stem: str) -> Node:
        """A variable that holds an expression's value."""
        name = self.fresh(stem or "part")
        self.emit(assign(name, node))
        return load(name)

    def is_stable(self, node: Node) -> bool:
        """Whether an expression gives the same again wherever it stands."""
        if is_name(node):
            return node.id in self.stable or node.id not in self.own
        negated = isinstance(node, gast.UnaryOp) and isinstance(node.operand, gast.Constant)
        return isinstance(node, gast.Constant) or negated

    def kept(self, value: Value, stem: str) -> Value:
        """A value as a part of a structure: what its expression reads may change."""
        if isinstance(value, Leaf) and not self.is_stable(value.node):
            return Leaf(self.keep(value.node, stem), value.number)
        if isinstance(value, Struct) and not value.stem:
            self.name_parts(value, stem)
        return value

    def name_parts(self, struct: Struct, stem: str) -> None:
        """Give the variables of a structure's parts names that tell what they are."""
        struct.stem = stem
        if struct.is_mutable or struct.form in (TUPLE, NAMED):
            for key, part in struct.parts.items():
                struct.parts[key] = self.kept(part, self.part_stem(stem, key))

    # -- values that are there before the function runs --------------------------------------------

    def meaning(self, name: str) -> object:
        """What a free name means; raises `Unresolved`."""
        found = self.source.scope.lookup(name)
        self.run.watch_name(self.source.scope, name, found)
        return found.function if isinstance(found, Source) else found

    def captured(self, found: object, node: Node | None, name: str) -> Value:
        """The value of an object that outlives the call."""
        if found is None or isinstance(found, (bool, str)):
            return Const(found, node)
        if id(found) in self.outside:
            return self.outside[id(found)]
        form = form_of(found)
        if form:
            outer, self._within = self._within, self._within or (found, name)
            try:
                return self._captured_struct(found, form, name)
            finally:
                self._within = outer
        if (
            isinstance(found, (*NUMBERS, types.NotImplementedType))
            or kind_of_value(found) is not None
        ):
            number = type(found) in NUMBERS
            return Leaf(node if node is not None else self.written(found, name), number)
        if isinstance(found, types.MethodType):
            return Method(found.__func__, self.captured(found.__self__, None, f"{name}_self"))
        return Const(found, node)

    def _captured_struct(self, found: Any, form: str, name: str) -> Value:
        if id(found) in self._captured:
            return self._captured[id(found)]
        why = f"`{name}` is there before the call and after it, where no derivative follows"
        struct = Struct(form, type(found), {}, name, why)
        struct.source = self._within
        self._captured[id(found)] = struct
        self.run.captured[id(found)] = found
        for key, part in parts_of(found, form).items():
            self.run.watch_part(found, form, key, part)
            struct.parts[key] = self.captured(part, None, self.part_stem(name, key))
        self.run.watch_length(found, form)
        return struct

    def written(self, value: object, stem: str) -> Node:
        """An object as an expression: a literal, or a name that means it."""
        if value is None or type(value) in (bool, int, float, str):
            return constant(value)
        for name, known in self.extra.items():
            if known is value:
                return load(name)
        if isinstance(value, Source) and self._replaces(stem):
            self.extra[stem] = value
            return load(stem)
        name = getattr(value, "__name__", stem) if callable(value) else stem
        name = name if isinstance(name, str) and name.isidentifier() else "value"
        try:
            taken = name in self.taken or self.source.scope.lookup(name) is not value
        except Unresolved:
            taken = False
        name = self.fresh(name) if taken else name
        self.taken.add(name)
        self.extra[name] = value
        return load(name)

    def _replaces(self, name: str) -> bool:
        """Whether a name that means a function can mean the one that is called instead of it."""
        if name in self.own or name in self.plainly or name in self.extra:
            return False
        try:
            meaning = self.source.scope.lookup(name)
        except Unresolved:
            return True
        return getattr(meaning, "__name__", "") == name and callable(meaning)

    # -- from values back to expressions -----------------------------------------------------------

    def look_whole(self, struct: Struct) -> None:
        """Where paths put other things into a dict from outside: what it holds matters, too."""
        for each in self.outside.values():
            if isinstance(each, Opened) and each.struct is struct and struct.form == DICT:
                raise Written(each.value, each.name, whole=True)

    def node_of(self, value: Value, node: Node | None, stem: str = "part") -> Node:
        """A value as an expression of the plain function."""
        if isinstance(value, Poison):
            self.refuse(node, value.construct, value.why, value.instead)
        if isinstance(value, Opened):
            raise Written(value.value, value.name, whole=True)
        if isinstance(value, Leaf):
            return value.node
        if isinstance(value, Const):
            if value.node is not None and not self._is_replaced(value):
                if is_name(value.node):
                    self.plainly.add(value.node.id)
                return value.node
            return self.written(value.value, stem)
        if isinstance(value, Struct) and value.form in (TUPLE, LIST):
            elements = [self.node_of(part, node) for part in value.parts.values()]
            made = gast.Tuple if value.form == TUPLE else gast.List
            return gast.copy_location(made(elements, gast.Load()), self.located(node))
        what = said(value)
        why = "no operation on numbers or arrays takes it as a whole"
        self.refuse(node, f"{what} here", why, "its parts, one by one")

    def leaf(self, node: Node, stem: str = "") -> Node:
        """An expression that stands for a number or an array, without structures."""
        return self.node_of(self.value(node, stem), node)

    def _is_replaced(self, value: Const) -> bool:
        name = value.node.id if value.node is not None and is_name(value.node) else ""
        return name in self.extra and self.extra[name] is not value.value

    # -- what the other parts of the rewriting do --------------------------------------------------

    def value(self, node: Node, stem: str = "") -> Value:
        """What an expression stands for; ``stem`` begins the names of what it makes."""
        raise NotImplementedError

    def call_user(
        self,
        function: Any,
        args: list[Value],
        keywords: dict[str, Value],
        node: Node,
        stem: str = "",
    ) -> Value:
        """A call of a function of the user's."""
        raise NotImplementedError

    def attribute_of(self, owner: Value, name: str, node: Node, stem: str = "") -> Value:
        """`owner.name`."""
        raise NotImplementedError

    def block(self, stmts: Iterable[Node]) -> str:
        """The statements of a block; how it ends."""
        raise NotImplementedError

    def truth(self, value: Value, node: Node) -> bool | None:
        """Whether a value is true; None where only the run can tell."""
        if isinstance(value, Poison):
            self.refuse(node, value.construct, value.why, value.instead)
        if isinstance(value, Const):
            return bool(value.value)
        if isinstance(value, (Method, Struct)):
            if isinstance(value, Method) or value.form != OBJECT:
                return isinstance(value, Method) or bool(value.parts)
            for name in ("__bool__", "__len__"):
                if hasattr(value.cls, name):
                    self.refuse(node, f"the truth of {said(value)}", f"`{name}` decides", "a test")
            return True
        return None

    def located_at(self, made: Node, node: Node) -> Node:
        """A new expression, at the place of the user's."""
        return gast.copy_location(made, self.located(node))


def parameters_in(tree: Node) -> list[Node]:
    """The names of a function's parameters, in order."""
    arguments = tree.args
    found = [*(arguments.posonlyargs or []), *arguments.args]
    found += [arguments.vararg] if arguments.vararg else []
    found += arguments.kwonlyargs
    return found + ([arguments.kwarg] if arguments.kwarg else [])


def said(value: Value) -> str:
    """What a value is, in an error."""
    if isinstance(value, Struct):
        if value.form == OBJECT:
            name = value.cls.__name__
            return f"{'an' if name[0] in 'AEIOU' else 'a'} {name} object"
        return f"a {value.form}"
    if isinstance(value, Const) and callable(value.value):
        return f"`{getattr(value.value, '__name__', 'a function')}`"
    return "this value"


__all__ = [
    "DICT",
    "FLOAT",
    "INT",
    "LIST",
    "MOST_PARTS",
    "NAMED",
    "NUMBERS",
    "OBJECT",
    "TUPLE",
    "Base",
    "NeedsStatic",
    "Running",
    "call",
    "copy_node",
    "parameters_in",
    "rule_of",
    "said",
    "walk",
]
