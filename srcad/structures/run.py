"""All functions of one derivative that are rewritten without structures, each for one layout."""

from __future__ import annotations

import types
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any

import gast

from srcad.build import build
from srcad.dispatch import (
    ABSENT,
    Attributes,
    Watch,
    inside,
    key_of,
    watches,
    watches_attribute,
)
from srcad.emit import emit
from srcad.errors import SrcadError
from srcad.lower.scopes import body_of, bound_by, free_names
from srcad.read import Names, Scope, Source, Unresolved, remember, source_for
from srcad.rules import rule_of
from srcad.structures.layout import (
    DICT,
    HOOKS,
    LIST,
    NAMED,
    OBJECT,
    default_values,
    form_of,
    form_of_class,
)
from srcad.structures.outside import Outside
from srcad.structures.values import (
    Builtin,
    Const,
    Leaf,
    Method,
    Struct,
    Value,
    is_int,
    leaves_in,
    structs_in,
)
from srcad.tree import Node, assign, is_name, load, store


class PlainScope:
    """The names of a rewritten function: the user's, and those of what is called instead."""

    def __init__(self, scope: Scope, extra: dict[str, object]) -> None:
        self.scope = scope
        self.extra = extra
        self.class_name = getattr(scope, "class_name", None)

    def lookup(self, name: str) -> object:
        """The object that a name means."""
        return self.extra[name] if name in self.extra else self.scope.lookup(name)

    def places(self, name: str) -> list[tuple[Names, str]]:
        """Where that may change."""
        return [(self.extra, name)] if name in self.extra else self.scope.places(name)


class _Length:
    """How many parts a container has, asked like a namespace."""

    def __init__(self, container: Any) -> None:
        self.container = container

    def get(self, name: str, default: object, /) -> object:
        """Its length, or the part at a position."""
        if name == "":
            return len(self.container)
        return self.container[name] if name < len(self.container) else default  # type: ignore[operator]


@dataclass
class Specialised:
    """A function of the user's for one layout: its plain source, and what a call of it does.

    ``result`` is in terms of the function's own structures, and so are the parts of ``structs``:
    what its arguments hold in the end.  ``outputs`` are the values that the plain function returns.
    """

    source: Source
    arguments: dict[str, Value]
    inputs: list[str]
    result: Value
    before: dict[int, dict[Any, Value]]
    outputs: list[str]
    has_effects: bool
    done: bool = True
    assumed: bool = False
    name: str = ""
    extra: dict[str, object] = field(default_factory=dict)

    def called(self, caller: Any, bound: dict[str, Value], node: Node, stem: str) -> Value:
        """A call: the value that it returns; statements for what else it does."""
        own = self._matched(bound)
        values = self.operands(caller, bound, node)
        func = caller.written(self.source, self.name)
        made = caller.located_at(gast.Call(func, values, []), node)
        if not self.done:
            self.assumed = True
            return Leaf(made)
        if not self.outputs:
            if self.has_effects:
                caller.emit(gast.Expr(made))
        elif isinstance(self.result, Leaf) and len(self.outputs) == 1:
            return Leaf(made, self.result.number)
        # The outputs get their names in the caller.
        names: dict[str, str] = {}
        result_structs = structs_in(self.result)
        for output in self.outputs:
            names[output] = caller.fresh(
                self._output_stem(output, own, result_structs, stem, caller)
            )
        if self.outputs:
            targets: list[Node] = [store(names[each]) for each in self.outputs]
            target = targets[0] if len(targets) == 1 else gast.Tuple(targets, gast.Store())
            caller.emit(assign(target, made))

        def here(value: Value) -> Value:
            """A value of the callee's in terms of the caller's."""
            if isinstance(value, Leaf):
                return Leaf(load(names[value.node.id]), value.number)
            if isinstance(value, Struct):
                if id(value) not in own:
                    stem_here = stem if value is self.result else value.stem
                    copy = own[id(value)] = Struct(
                        value.form, value.cls, {}, stem_here, value.fixed
                    )
                    copy.parts = {key: here(part) for key, part in value.parts.items()}
                return own[id(value)]
            if isinstance(value, Method):
                return Method(value.function, here(value.owner))
            if isinstance(value, Builtin):
                owner = here(value.owner)
                assert isinstance(owner, Struct)
                return Builtin(value.name, owner)
            return value

        for struct_id, parts in list(self.before.items()):
            struct, mine = self.structs[struct_id], own[struct_id]
            if struct.parts == parts:
                continue
            mine.parts = {
                key: mine.parts[key] if parts.get(key) is part else here(part)
                for key, part in struct.parts.items()
            }
        return here(self.result)

    def operands(self, caller: Any, bound: dict[str, Value], node: Node) -> list[Node]:
        """The arguments of the plain function in a call."""
        own = self._matched(bound)
        slots = [
            bound[slot] if isinstance(slot, str) else own[slot[0]].parts[slot[1]]
            for slot in self.slots
        ]
        return [caller.node_of(each, node) for each in slots]

    structs: dict[int, Struct] = field(default_factory=dict)
    # Whether it takes what it does not read, too.
    whole: bool = False
    # Where the plain function's arguments are: a parameter, or a part of a structure.
    slots: list[Any] = field(default_factory=list)

    def _output_stem(
        self, output: str, own: dict[int, Struct], result: dict[int, Struct], stem: str, caller: Any
    ) -> str:
        if isinstance(self.result, Leaf) and self.result.node.id == output:
            return stem or "part"
        for struct_id, parts in self.before.items():
            struct = self.structs[struct_id]
            for key, part in struct.parts.items():
                if parts.get(key) is not part and isinstance(part, Leaf) and part.node.id == output:
                    found: str = caller.part_stem(own[struct_id].stem, key)
                    return found
        for struct, key, leaf in leaves_in(self.result):
            if leaf.node.id == output:
                base = stem if struct is self.result and stem else struct.stem
                found = caller.part_stem(base, key)
                return found
        return "part"

    def _matched(self, bound: dict[str, Value]) -> dict[int, Struct]:
        """The caller's structures, by those of the callee."""
        own: dict[int, Struct] = {}

        def match(mine: Value, theirs: Value) -> None:
            if isinstance(mine, Struct) and isinstance(theirs, Struct) and id(mine) not in own:
                own[id(mine)] = theirs
                for key, part in self.before[id(mine)].items():
                    match(part, theirs.parts[key])
            elif isinstance(mine, (Method, Builtin)) and isinstance(theirs, (Method, Builtin)):
                match(mine.owner, theirs.owner)

        for name, value in bound.items():
            match(self.arguments[name], value)
        return own


def described(value: Value, numbering: dict[int, int], numbers: bool) -> Any:
    """What of an argument a rewritten function depends on."""
    if isinstance(value, Leaf):
        return ("leaf", value.number, is_int(value))
    if isinstance(value, Struct):
        if id(value) in numbering:
            return ("same", numbering[id(value)])
        numbering[id(value)] = len(numbering)
        parts = [(type(k), k, described(p, numbering, numbers)) for k, p in value.parts.items()]
        return (value.form, value.cls, value.fixed, *parts)
    if isinstance(value, Const):
        if type(value.value) in (int, float, complex) and not numbers:
            return ("leaf", True, is_int(value))
        return ("const", type(value.value), Same(value.value))
    if isinstance(value, Method):
        return ("method", Same(value.function), described(value.owner, numbering, numbers))
    if isinstance(value, Builtin):
        return ("builtin", value.name, described(value.owner, numbering, numbers))
    return ("other", id(value))


class Same:
    """A constant as a part of a key: equal only to itself."""

    def __init__(self, value: object) -> None:
        self.value = value
        plain = value is None or type(value) in (bool, int, float, str)
        self.key: object = repr(value) if plain else id(value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


class Run:
    """The rewritten functions of one derivative, and what they depend on."""

    def __init__(self) -> None:
        self.made: dict[Any, Specialised] = {}
        self.names: set[str] = set()
        self.watched: dict[tuple[int, object], Watch] = {}
        self.kept: list[object] = []
        self._needs: dict[Any, bool] = {}
        # What is there before the call and is written in it, in every function that is rewritten.
        self.outside: list[Outside] = []
        # The structures that free names mean, and those in them, by their ids.
        self.captured: dict[int, object] = {}
        self._classes: set[type] = set()

    # -- what it depends on ------------------------------------------------------------------------

    def watch_member(self, cls: type, name: str) -> None:
        """Note what a class itself has under a name, or that it has nothing."""
        found = vars(cls).get(name, ABSENT)
        self.watched[id(cls), name] = (vars(cls), name, found)
        self.kept.append(cls)
        self._watch_all(inside(found))

    def _watch_all(self, watched: list[Watch]) -> None:
        self.watched |= {key_of(each): each for each in watched}

    def watch_attribute(self, module: types.ModuleType, name: str, value: object) -> None:
        """Note what an attribute of a module means."""
        self._watch_all(watches_attribute(module, name, value))

    def watch_name(self, scope: Scope, name: str, value: object) -> None:
        """Note what a free name means."""
        self._watch_all(watches(scope, name, value))

    def watch_class(self, cls: type) -> None:
        """Note what decides how attributes of a class's instances are read and written."""
        if cls not in self._classes:
            self._classes.add(cls)
            self._watch_all(inside(cls))
            for each in cls.__mro__[:-1]:
                for hook in HOOKS:
                    self.watch_member(each, hook)

    def watch_part(self, owner: Any, form: str, key: Any, part: object) -> None:
        """Note what a part of a captured structure is."""
        names: Any = owner if form == DICT else Attributes(owner) if form == OBJECT else None
        if form == LIST:
            names = _Length(owner)
        if names is not None and form != NAMED:
            self.watched[id(owner), key] = (names, key, part)
            self.kept.append(owner)
        self._watch_all(inside(part))

    def watch_length(self, owner: Any, form: str) -> None:
        """Note how many parts a captured list or dict has."""
        if form in (LIST, DICT):
            self.watched[id(owner), "  length"] = (_Length(owner), "", len(owner))
        elif form == OBJECT:
            self._watch_all([(Attributes(owner), "__class__", type(owner))])
            self.watch_class(type(owner))
            if hasattr(owner, "__dict__"):
                attributes = vars(owner)
                self.watched[id(owner), "  length"] = (_Length(attributes), "", len(attributes))

    def watch_function(self, function: Any) -> None:
        """Note what a function is made of, defaults included."""
        self._watch_all(inside(function))

    # -- functions ---------------------------------------------------------------------------------

    def needs(self, function: Any) -> bool:
        """Whether there are structures in a function, or in what it calls."""
        code = getattr(function, "__code__", function)
        if code not in self._needs:
            self._needs[code] = False  # a recursion needs them if anything else does
            try:
                source = source_for(function)
                several = source.tree.args.vararg or source.tree.args.kwarg
                defaults = default_values(function).values()
                several = several or any(map(form_of, defaults))
                outside = {id(each.value) for each in self.outside}
                found = needs_structures(source, self.needs, outside)
                self._needs[code] = bool(several) or found
            except SrcadError:
                self._needs[code] = False
        return self._needs[code]

    def function_name(self, source: Source) -> str:
        """A name for a rewritten function."""
        qualified = getattr(source.function, "__qualname__", source.name)
        cls = qualified.rpartition(".")[0].rpartition(".")[2]
        stem = source.name.strip("_") or source.name
        name = f"{cls}_{stem}" if cls and cls != "<locals>" else source.name
        found, number = name, 2
        while found in self.names:
            found, number = f"{name}_{number}", number + 1
        self.names.add(found)
        return found

    def specialised(
        self,
        source: Source,
        bound: dict[str, Value],
        caller: Any,
        numbers: bool,
        *,
        whole: bool = False,
    ) -> Specialised:
        """A function for the layout of its arguments; the ``whole`` takes what it does not read."""
        from srcad.structures.function import Function

        numbering: dict[int, int] = {}
        rows = tuple((n, described(v, numbering, numbers)) for n, v in bound.items())
        key = (source, rows, whole)
        self.kept.append(bound)
        if key not in self.made:
            function = Function(self, source)
            made = function.start(bound, numbers, caller.outside)
            made.whole = whole
            self.made[key] = made
            try:
                function.finish(made)
            except BaseException:
                del self.made[key]
                raise
        made = self.made[key]
        return made

    def build(self) -> None:
        """The rewritten functions as functions that can be called as they are."""
        sources = [each.source for each in self.made.values()]
        text = emit([each.tree for each in sources])
        bindings: dict[str, object] = {}
        for each in self.made.values():
            for name in each.source.identifiers:
                if name in each.arguments:
                    continue
                try:
                    found = each.source.scope.lookup(name)
                except Unresolved:
                    continue
                if isinstance(found, Source) and found.function is not None:
                    found = found if any(found is other for other in sources) else found.function
                if not isinstance(found, Source):
                    bindings.setdefault(name, found)
        if not sources:
            return
        first = build(text, sources[0].name, bindings)
        for source in sources:
            made = first.__globals__[source.name]
            object.__setattr__(source, "function", made)
            # A derivative of it is one of this source, whose names mean what they mean here.
            remember(made, source)
            source.__dict__["lifted"] = source, None


def needs_structures(source: Source, called: Any, outside: Set[int] = frozenset()) -> bool:
    """Whether there are structures in a function; ``outside`` are ids of some that are written."""
    for node in source.nodes:
        if isinstance(node, (gast.Dict, gast.DictComp)):
            return True
        if isinstance(node, gast.Attribute) and isinstance(node.ctx, gast.Store):
            return True
    # What a parameter is called may have another meaning outside.
    for name in free_names(*body_of(source.tree)) - bound_by(source.tree):
        try:
            meaning = source.scope.lookup(name)
        except Unresolved:
            continue
        if isinstance(meaning, Source):
            meaning = meaning.function
        if isinstance(meaning, type) and form_of_class(meaning):
            return True
        if form_of(meaning) in (DICT, OBJECT, NAMED) or id(meaning) in outside:
            return True
        if isinstance(meaning, list) and changes(source, name):
            return True
        own = isinstance(meaning, types.FunctionType) and rule_of(meaning) is None
        if own and called(meaning):
            return True
    return False


METHODS_THAT_CHANGE = ("append", "extend", "insert", "pop", "clear", "reverse", "sort", "remove")


def changes(source: Source, name: str) -> bool:
    """Whether a function changes what a free name means, in a way that is to be seen."""
    for node in source.nodes:
        owner = getattr(node, "value", None)
        if owner is None or not is_name(owner, name):
            continue
        if isinstance(node, gast.Subscript) and not isinstance(node.ctx, gast.Load):
            return True
        if isinstance(node, gast.Attribute) and node.attr in METHODS_THAT_CHANGE:
            return True
    return False


__all__ = ["PlainScope", "Run", "Specialised", "described"]
