"""Calls: of the user's functions and methods for one layout, of classes, of all else."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import types
from typing import Any

import gast

from srcad.errors import SrcadError
from srcad.functions.derived import maker_of
from srcad.helpers import like
from srcad.read import source_for
from srcad.read.called import signature_of
from srcad.read.live import mangled
from srcad.rules import rule_of
from srcad.structures.base import DICT, LIST, NAMED, NUMBERS, OBJECT, TUPLE, NeedsStatic, said
from srcad.structures.containers import METHODS, Containers
from srcad.structures.derivatives import of_structures
from srcad.structures.layout import (
    dataclass_fields,
    form_of_class,
    found_in,
    is_data,
    is_frozen,
)
from srcad.structures.outside import Written
from srcad.structures.values import Builtin, Const, Leaf, Method, Poison, Struct, Super, Value
from srcad.tree import Node, assign, copy_node, is_name, load, store


class Calls(Containers):
    """The calls of one function."""

    # -- attributes --------------------------------------------------------------------------------

    def attribute_of(self, owner: Value, name: str, node: Node, stem: str = "") -> Value:
        """`owner.name`, as Python looks it up."""
        name = mangled(name, getattr(self.source.scope, "class_name", None))
        if isinstance(owner, Super):
            mro = owner.owner.cls.__mro__ if isinstance(owner.owner, Struct) else self._mro(owner)
            classes = mro[mro.index(owner.after) + 1 :]
            return self._of_class(classes, owner.owner, name, node, stem)
        if isinstance(owner, Const):
            if isinstance(owner.value, type):
                meta = type(owner.value)
                own = meta.__getattribute__ is not type.__getattribute__
                if own or (hasattr(meta, name) and not hasattr(type, name)):
                    why = "its metaclass decides what it is"
                    self.refuse(node, f"the attribute `.{name}` of a class", why, "a class of type")
                return self._of_class(owner.value.__mro__, None, name, node, stem, owner)
            return self.captured(getattr(owner.value, name), node, name)
        if isinstance(owner, Method):
            self.refuse(node, f"the attribute `.{name}` of a method", "it has no value", "a call")
        assert isinstance(owner, Struct)
        if owner.form not in (OBJECT, NAMED) or name in METHODS[owner.form]:
            if name in METHODS[owner.form]:
                return Builtin(name, owner)
            why = "it has no derivative here"
            self.refuse(node, f"the attribute `.{name}` of {said(owner)}", why, "its parts")
        if owner.form == OBJECT and name == "__class__":
            return Const(owner.cls)
        if owner.form == OBJECT and name == "__dict__":
            self.refuse(node, "`.__dict__`", "what is written there is an attribute", "attributes")
        if name in owner.parts and not is_data(found_in(owner.cls, name)):
            return self.part(owner, name, node)
        return self._of_class(owner.cls.__mro__, owner, name, node, stem)

    def _mro(self, owner: Super) -> tuple[type, ...]:
        cls = owner.owner.value if isinstance(owner.owner, Const) else object
        return cls.__mro__ if isinstance(cls, type) else (object,)

    def _of_class(
        self,
        classes: tuple[type, ...],
        owner: Value | None,
        name: str,
        node: Node,
        stem: str,
        cls: Const | None = None,
    ) -> Value:
        """An attribute that a class has: a method, a property, a constant."""
        if isinstance(owner, Struct):
            self.run.watch_class(owner.cls)
        for each in classes:
            if name not in each.__dict__:
                self.run.watch_member(each, name)
                continue
            found = each.__dict__[name]
            self.run.watch_member(each, name)
            if isinstance(found, staticmethod):
                return Const(found.__func__)
            if isinstance(found, classmethod):
                of = Const(owner.cls) if isinstance(owner, Struct) else owner
                return Method(found.__func__, cls or of or Const(None))
            if owner is None:
                return self._class_constant(found, node, name)
            if isinstance(found, types.FunctionType):
                return Method(found, owner)
            if isinstance(found, property):
                return self.call_user(found.fget, [owner], {}, node, stem)
            if isinstance(found, functools.cached_property):
                why = "it writes an attribute where it is read first"
                self.refuse(node, f"the cached property `{name}`", why, "a property")
            if each is object and name == "__init__":
                return Const(object.__init__)
            return self._class_constant(found, node, name)
        what = said(owner) if owner is not None else "the class"
        known = ""
        if isinstance(owner, Struct):
            known = f"; it has {', '.join(map(str, owner.parts)) or 'none'}"
        self.refuse(node, f"the attribute `.{name}`", f"{what} has none of that name{known}", "")

    def _class_constant(self, found: object, node: Node, name: str) -> Value:
        if isinstance(found, types.MemberDescriptorType):
            why = "it has no value yet"
            self.refuse(node, f"the attribute `.{name}`", why, "an assignment before it")
        of_class = isinstance(found, types.FunctionType) or rule_of(found) is not None
        if hasattr(type(found), "__get__") and not of_class:
            why = "a descriptor decides what it is"
            self.refuse(node, f"the attribute `.{name}`", why, "a property")
        return self.captured(found, None, name)

    # -- calls -------------------------------------------------------------------------------------

    def _Call(self, node: Node, stem: str) -> Value:
        if is_name(node.func, "super") and not node.args and "super" not in self.own:
            return self._super(node)
        plain = [a.value if isinstance(a, gast.Starred) else a for a in node.args]
        every = [node.func, *plain, *(keyword.value for keyword in node.keywords)]
        function, *given = self.several(*every)
        args: list[Value] = []
        for argument, value in zip(node.args, given, strict=False):
            starred = isinstance(argument, gast.Starred)
            args += self.elements(value, argument) if starred else [value]
        keywords: dict[str, Value] = {}
        for keyword, value in zip(node.keywords, given[len(plain) :], strict=True):
            if keyword.arg is not None:
                keywords[keyword.arg] = value
                continue
            if not isinstance(value, Struct) or value.form != DICT:
                why = "which parameters it fills is known only when the function runs"
                self.refuse(keyword, "`**` in a call", why, "the keywords one by one")
            keywords |= {str(name): part for name, part in value.parts.items()}
        return self.called(function, args, keywords, node, stem)

    def _super(self, node: Node) -> Value:
        cls = self.meaning("__class__")
        first = self.source.tree.args
        parameter = [*(first.posonlyargs or []), *first.args][0].id
        assert isinstance(cls, type)
        return Super(cls, self.variables[parameter])

    def of_strings(self, known: Any, args: list[Value], keywords: dict[str, Value]) -> Value | None:
        """What `str(3)`, `"a+b".split("+")` and the like give: strings are known."""
        values = [part.value for part in args if isinstance(part, Const)]
        is_method = isinstance(getattr(known, "__self__", None), str)
        if keywords or len(values) < len(args) or not (is_method or known is str):
            return None
        if not all(isinstance(each, (str, int)) for each in values):
            return None
        try:
            found = known(*values)
        except (TypeError, ValueError):  # Python says so where it runs
            return None
        if isinstance(found, (list, tuple)):
            form = LIST if isinstance(found, list) else TUPLE
            return Struct(form, type(found), {n: Const(each) for n, each in enumerate(found)})
        return Const(found) if isinstance(found, (str, int)) else None

    def called(
        self, function: Value, args: list[Value], keywords: dict[str, Value], node: Node, stem: str
    ) -> Value:
        """What a call returns."""
        if isinstance(function, Poison):
            self.refuse(node, function.construct, function.why, function.instead)
        if isinstance(function, Method):
            return self.call_user(function.function, [function.owner, *args], keywords, node, stem)
        if isinstance(function, Builtin):
            name, owner = function.name, function.owner
            return self.call_method(name, owner, args, keywords, node, stem)
        if isinstance(function, Struct):
            method = self.special(function, "__call__")
            if method is None:
                why = "its class has no `__call__`"
                self.refuse(node, f"a call of {said(function)}", why, "a function")
            return self.call_user(method, [function, *args], keywords, node, stem)
        if not isinstance(function, Const):
            return Leaf(self.as_written(node, self.node_of(function, node.func), args, keywords))
        known = function.value
        if maker_of(known) is not None:
            why = "what it differentiates is no function by its name here, and no `lambda`"
            name = getattr(known, "__name__", "srcad")
            self.refuse(node, f"`{name}` inside a function", why, "a `def` beside it")
        derived = of_structures(self, known, args, keywords, node, stem)
        if derived is not None:
            return derived
        if known is object.__init__:
            return Const(None)
        told = self.of_strings(known, args, keywords)
        if told is not None:
            return told
        if known is object.__setattr__ and len(args) == 3 and isinstance(args[0], Struct):
            name = self.key(args[1], node, "`__setattr__`")
            if args[0].source is not None:
                raise Written(*args[0].source)
            args[0].parts[name] = self.kept(args[2], self.part_stem(args[0].stem, name))
            return Const(None)
        if known is dataclasses.replace and args and isinstance(args[0], Struct):
            return self._replaced(args[0], keywords, node, stem)
        if known is dataclasses.asdict and args and isinstance(args[0], Struct):
            return self.made(DICT, dict, dict(args[0].parts), stem)
        if known is like and args and isinstance(args[0], Struct):
            return self.made(OBJECT, args[0].cls, dict(keywords), stem)
        made = self.call_builtin(known, args, keywords, node, stem)
        if made is not None:
            return made
        if isinstance(known, type) and form_of_class(known):
            return self.instance(known, args, keywords, node, stem)
        if isinstance(known, types.FunctionType) and rule_of(known) is None:
            return self.call_user(known, args, keywords, node, stem, function)
        number = known in (float, int, complex, len) or getattr(known, "__module__", "") == "math"
        func = self.node_of(function, node.func)
        return Leaf(self.as_written(node, func, args, keywords), number)

    def as_written(
        self, node: Node, func: Node, args: list[Value], keywords: dict[str, Value]
    ) -> Node:
        """A call with plain arguments."""
        made = gast.Call(
            func,
            [self.node_of(each, node) for each in args],
            [gast.keyword(name, self.node_of(each, node)) for name, each in keywords.items()],
        )
        return self.located_at(made, node)

    # -- classes -----------------------------------------------------------------------------------

    def instance(
        self, cls: type, args: list[Value], keywords: dict[str, Value], node: Node, stem: str
    ) -> Value:
        """`Class(...)`."""
        stem = stem or cls.__name__.lower()
        if issubclass(cls, tuple):
            fields, defaults = cls._fields, cls._field_defaults  # type: ignore[attr-defined]
            given = dict(zip(fields, args, strict=False)) | keywords
            return self.made(NAMED, cls, self._filled(fields, given, defaults, node, cls), stem)
        struct = Struct(OBJECT, cls, {}, stem)
        if cls is types.SimpleNamespace:
            for name, value in keywords.items():
                self.put(struct, name, value, node)
            return struct
        owner = next(each for each in cls.__mro__ if "__init__" in each.__dict__)
        init = owner.__dict__["__init__"]
        self.run.watch_member(owner, "__init__")
        if owner is object:
            return struct
        if dataclass_fields(owner) and init.__code__.co_filename == "<string>":
            self._by_fields(struct, owner, args, keywords, node)
        else:
            self.call_user(init, [struct, *args], keywords, node)
        return struct

    def _by_fields(
        self, struct: Struct, cls: type, args: list[Value], keywords: dict[str, Value], node: Node
    ) -> None:
        """The `__init__` that a dataclass has been given."""
        fields = dataclass_fields(cls)
        parameters = list(inspect.signature(cls.__init__).parameters)[1:]  # type: ignore[misc]
        if set(parameters) != {each.name for each in fields if each.init}:
            why = "it is handed on, and is no attribute"
            self.refuse(node, "an `InitVar` of a dataclass", why, "an `__init__` that is written")
        positional = [each.name for each in fields if each.init and not each.kw_only]
        given = dict(zip(positional, args, strict=False)) | keywords
        defaults: dict[str, Any] = {}
        for each in fields:
            if each.default is not dataclasses.MISSING:
                defaults[each.name] = each.default
            elif each.default_factory is not dataclasses.MISSING and each.name not in given:
                if each.default_factory not in (dict, list, tuple):
                    why = "a function makes it"
                    self.refuse(node, f"the default of `{each.name}`", why, "the value itself")
                form = DICT if each.default_factory is dict else each.default_factory.__name__
                given[each.name] = Struct(form, each.default_factory, {})
        wanted = tuple(each.name for each in fields if each.init or each.name in defaults)
        for name, value in self._filled(wanted, given, defaults, node, cls).items():
            struct.parts[name] = self.kept(value, self.part_stem(struct.stem, name))
        after = found_in(struct.cls, "__post_init__")
        if after is not None:
            self.call_user(after, [struct], {}, node)

    def _filled(
        self, fields: Any, given: dict[str, Value], defaults: dict[str, Any], node: Node, cls: type
    ) -> dict[str, Value]:
        missing = [name for name in fields if name not in given and name not in defaults]
        unknown = [name for name in given if name not in fields]
        if missing or unknown:
            why = f"the fields are {', '.join(fields)}"
            self.refuse(node, f"this call of {cls.__name__}", why, "a value for each of them")
        return {
            name: given[name] if name in given else self.captured(defaults[name], None, name)
            for name in fields
        }

    def _replaced(self, struct: Struct, keywords: dict[str, Value], node: Node, stem: str) -> Value:
        """`dataclasses.replace(p, w=...)`."""
        names = [each.name for each in dataclass_fields(struct.cls) if each.init]
        given = {name: struct.parts[name] for name in names} | keywords
        return self.instance(struct.cls, [], given, node, stem)

    # -- the user's functions ----------------------------------------------------------------------

    def call_user(
        self,
        function: Any,
        args: list[Value],
        keywords: dict[str, Value],
        node: Node,
        stem: str = "",
        written: Const | None = None,
    ) -> Value:
        """A call of a function of the user's: as it stands, or of one for this layout."""
        if not isinstance(function, types.FunctionType):
            name = getattr(function, "__name__", "it")
            why = "it is not a plain Python function, and has no source"
            self.refuse(node, f"a call of `{name}`", why, "a `def`")
        every = [*args, *keywords.values()]
        for each in every:
            while isinstance(each, Method):
                each = each.owner
            if isinstance(each, Struct) and not each.stem:
                self.name_parts(each, "part")
        simple = all(
            isinstance(each, Leaf) or (isinstance(each, Const) and _is_plain(each.value))
            for each in every
        )
        if simple and not self.run.needs(function):
            func = self.node_of(written or Const(function), node)
            return Leaf(self.as_written(node, func, args, keywords))
        try:
            source = source_for(function)
        except SrcadError as error:
            why = f"its source is not known ({error.msg})"
            name = getattr(function, "__qualname__", "it")
            self.refuse(node, f"a call of `{name}`", why, "a function that is written in a file")
        bound = self.bound(function, args, keywords, node)
        try:
            return self._specialised(source, bound, node, stem)
        except NeedsStatic as error:
            numbers = {n: v for n, v in bound.items() if isinstance(v, Const)}
            if not any(type(v.value) in (int, float) for v in numbers.values()):
                raise
            del error
            return self._specialised(source, bound, node, stem, numbers=True)

    def _specialised(
        self, source: Any, bound: dict[str, Value], node: Node, stem: str, numbers: bool = False
    ) -> Value:
        bound |= {name: struct for name, struct in self.arguments.items() if name[0] == " "}
        made = self.run.specialised(source, bound, self, numbers)
        return made.called(self, bound, node, stem)

    def bound(
        self, function: Any, args: list[Value], keywords: dict[str, Value], node: Node
    ) -> dict[str, Value]:
        """The arguments by the names of the parameters, defaults filled in."""
        signature = signature_of(function)
        try:
            found = signature.bind(*args, **keywords)
        except TypeError as error:
            name = function.__qualname__
            self.refuse(node, f"this call of `{name}`", str(error), "what its parameters ask for")
        values: dict[str, Value] = {}
        for name, parameter in signature.parameters.items():
            if parameter.kind is parameter.VAR_POSITIONAL:
                rest = found.arguments.get(name, ())
                values[name] = self.made(TUPLE, tuple, dict(enumerate(rest)), name)
            elif parameter.kind is parameter.VAR_KEYWORD:
                values[name] = self.made(DICT, dict, dict(found.arguments.get(name, {})), name)
            elif name in found.arguments:
                values[name] = found.arguments[name]
            else:
                self.run.watch_function(function)
                values[name] = self.captured(parameter.default, None, name)
        return values


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, (bool, str, *NUMBERS))


__all__ = ["Calls", "assign", "copy_node", "is_frozen", "load", "store"]
