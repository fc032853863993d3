"""The layout of an argument: which structure it is, and where its numbers and arrays are.

A structure is a dict, a list, a tuple, a named tuple, or an object with attributes (a dataclass, a
``types.SimpleNamespace``, an instance of a class that is written in Python).  Its *leaves* are the
numbers and arrays in it; what else it holds (strings, None, functions) is part of the layout.

>>> layout = layout_of({"w": 2.0, "how": "tanh", "b": (1.0, 3)}, "p")
>>> leaves_of({"w": 2.0, "how": "tanh", "b": (1.0, 3)}, layout)
[2.0, 1.0, 3]
>>> rebuilt(layout, iter([0.5, 0.25, None]))
{'w': 0.5, 'how': None, 'b': (0.25, None)}
"""

from __future__ import annotations

import collections
import dataclasses
import sys
import types
import weakref
from abc import ABCMeta
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import gast
import numpy as np

from srcad.analysis.kind import INT, Kind, Literal, is_continuous, is_derived, kind_of_value
from srcad.errors import ArgumentError, a_type
from srcad.read.called import signature_of
from srcad.rules import rule_of
from srcad.tree import Node, call, constant, item

DICT, LIST, TUPLE, NAMED, OBJECT = "dict", "list", "tuple", "named tuple", "object"


@dataclass(frozen=True)
class Structure(Kind):
    """A structure: its form and class, its keys (with their types), and the kinds of its parts."""

    form: str
    cls: type
    keys: tuple[Any, ...]
    key_types: tuple[type, ...]
    items: tuple[Kind, ...]


def form_of(value: object) -> str:
    """Which form of structure a value is; "" for what is none."""
    cls = type(value)
    if cls in (dict, list, tuple):
        return {dict: DICT, list: LIST, tuple: TUPLE}[cls]
    return form_of_class(cls)


def form_of_class(cls: type) -> str:
    """Which form of structure an instance of a class is; "" for what is none."""
    if is_named(cls):
        return NAMED
    if cls is types.SimpleNamespace or _is_plain_class(cls):
        return OBJECT
    return ""


def is_named(cls: type) -> bool:
    """Whether a class is one of named tuples, which are made as they always are."""
    fields = getattr(cls, "_fields", None)
    if not issubclass(cls, tuple) or not isinstance(fields, tuple):
        return False
    base = next(each for each in cls.__mro__ if "_fields" in each.__dict__)
    return all("__new__" not in each.__dict__ for each in cls.__mro__[: cls.__mro__.index(base)])


_LIBRARIES = frozenset(sys.stdlib_module_names) - {"__main__"}
_LIBRARIES |= {"numpy", "scipy", "pandas", "srcad"}
# What decides how attributes are read and written, what a class is, and how it meets NumPy.
HOOKS = (
    "__getattr__",
    "__getattribute__",
    "__setattr__",
    "__class__",
    "__set_name__",
    "__array__",
    "__array_function__",
)


def _is_plain_class(cls: type) -> bool:
    """Whether instances have attributes, and nothing that intercepts how these are read."""
    if type(cls) not in (type, ABCMeta) or cls.__new__ is not object.__new__:  # type: ignore[comparison-overlap]
        return False
    for each in cls.__mro__[:-1]:
        if each.__module__.partition(".")[0] in _LIBRARIES and each.__module__ not in (
            "abc",
            "typing",
        ):
            return False
        hooks = [hook for hook in HOOKS if hook in each.__dict__]
        if hooks and not (hooks == ["__setattr__"] and is_frozen(each)):
            return False
    return True


# What a named tuple has in place of a property.
_FIELD: type = type(collections.namedtuple("Pair", "a b").a)  # type: ignore[attr-defined]


def found_in(cls: type, name: str) -> object:
    """What a class, or one that it inherits from, has under a name; None if nothing."""
    return next((each.__dict__[name] for each in cls.__mro__ if name in each.__dict__), None)


def is_data(found: object) -> bool:
    """Whether what a class has under a name comes before an instance's own attribute.

    >>> is_data(property(abs)), is_data(2.0)
    (True, False)
    """
    slot = isinstance(found, (types.MemberDescriptorType, _FIELD))
    return not slot and (hasattr(type(found), "__set__") or hasattr(type(found), "__delete__"))


def is_frozen(cls: type) -> bool:
    """Whether a class is a frozen dataclass."""
    parameters = getattr(cls, "__dataclass_params__", None)
    return parameters is not None and parameters.frozen


def parts_of(value: Any, form: str) -> dict[Any, Any]:
    """The parts of a structure by their keys, positions or attributes."""
    if form == DICT:
        return dict(value)
    if form in (LIST, TUPLE):
        return dict(enumerate(value))
    if form == NAMED:
        return dict(zip(type(value)._fields, value, strict=True))
    slots = slots_of(type(value))
    found = {name: getattr(value, name) for name in slots if hasattr(value, name)}
    return found | getattr(value, "__dict__", {})


_slots: weakref.WeakKeyDictionary[type, tuple[str, ...]] = weakref.WeakKeyDictionary()


def slots_of(cls: type) -> tuple[str, ...]:
    """The names of the slots of a class, found out once.

    >>> class Pair:
    ...     __slots__ = ("a", "b")
    >>> slots_of(Pair)
    ('a', 'b')
    """
    found = _slots.get(cls)
    if found is None:
        found = _slots[cls] = tuple(
            name
            for each in reversed(cls.__mro__)
            for name, member in each.__dict__.items()
            if isinstance(member, types.MemberDescriptorType) and name != "__dict__"
        )
    return found


_CONSTANTS = (types.FunctionType, types.BuiltinFunctionType, types.ModuleType, np.ufunc, type)


def layout_of(value: Any, name: str, around: tuple[int, ...] = ()) -> Kind | None:
    """The layout of an argument; None for what is neither a number, an array nor a structure."""
    if isinstance(value, bool):
        return Literal(value)
    form = form_of(value)
    if not form:
        # The class of an argument is not handed on: a derived one might be asked for.
        known = None if is_derived(value) else kind_of_value(value, name)
        if known is None and around and (isinstance(value, _CONSTANTS) or rule_of(value)):
            return Literal(value)
        return known
    if id(value) in around:
        raise ArgumentError(f"argument {name} holds itself: its parts cannot be told apart")
    parts = parts_of(value, form)
    items = []
    for key, part in parts.items():
        if form == DICT and not isinstance(key, (str, int, bool, type(None), tuple)):
            raise ArgumentError(f"argument {name} has the key {key!r}: keys are strings or ints")
        kind = layout_of(part, f"{name}.{key}", (*around, id(value)))
        if kind is None:
            where = f"[{key!r}]" if form in (DICT, LIST, TUPLE) else f".{key}"
            raise ArgumentError(
                f"argument {name} holds {a_type(part)} in {name}{where}: numbers, arrays, strings, "
                "None, and structures of these are accepted"
            )
        items.append(kind)
    return Structure(form, type(value), tuple(parts), tuple(map(type, parts)), tuple(items))


def with_values(kind: Kind, value: Any) -> Kind:
    """The layout of an argument whose ints are part of it, as its strings are.

    >>> with_values(layout_of(3, "n"), 3)
    Literal(value=3)
    """
    if isinstance(kind, Structure):
        rows = zip(kind.items, parts_of(value, kind.form).values(), strict=True)
        return replace(kind, items=tuple(with_values(item, part) for item, part in rows))
    return Literal(value) if kind == INT and type(value) is int else kind


def leaf_kinds(kind: Kind) -> list[Kind]:
    """The kinds of a structure's leaves, in order."""
    if isinstance(kind, Structure):
        return [leaf for item in kind.items for leaf in leaf_kinds(item)]
    return [] if isinstance(kind, Literal) else [kind]


def leaves_of(value: Any, kind: Kind) -> list[Any]:
    """The numbers and arrays in an argument, in order."""
    if isinstance(kind, Structure):
        parts = parts_of(value, kind.form).values()
        rows = zip(parts, kind.items, strict=True)
        return [leaf for part, item in rows for leaf in leaves_of(part, item)]
    return [] if isinstance(kind, Literal) else [value]


def rebuilt(kind: Kind, leaves: Iterator[Any]) -> Any:
    """A structure of a layout, with given leaves; None in place of what is no leaf."""
    if isinstance(kind, Literal):
        return None
    if not isinstance(kind, Structure):
        return next(leaves)
    parts = {key: rebuilt(item, leaves) for key, item in zip(kind.keys, kind.items, strict=True)}
    return structure_of(kind.form, kind.cls, parts)


def structure_of(form: str, cls: type, parts: dict[Any, Any]) -> Any:
    """A structure of given parts; of a class, without the class's own ways of making one."""
    if form == DICT:
        return parts
    if form in (LIST, TUPLE):
        return cls(parts.values())
    if form == NAMED:
        return tuple.__new__(cls, parts.values())
    new: Any = cls.__new__
    made = new(cls)
    for name, part in parts.items():
        object.__setattr__(made, name, part)
    return made


def has_floats(kind: Kind) -> bool:
    """Whether there is anything in an argument that can carry a derivative."""
    return any(map(is_continuous, leaf_kinds(kind)))


def default_values(function: Any) -> dict[str, Any]:
    """The defaults of a function's parameters."""
    parameters = signature_of(function).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not p.empty}


def dataclass_fields(cls: type) -> tuple[dataclasses.Field[Any], ...]:
    """The fields of a dataclass; none of any other class."""
    return dataclasses.fields(cls) if dataclasses.is_dataclass(cls) else ()


def path(kind: Structure, owner: Node, key: object, number: int) -> Node:
    """The expression of a part of a structure."""
    if kind.form in (LIST, TUPLE):
        return item(owner, constant(number))
    if kind.form == DICT:
        return item(owner, literal(key))
    name = str(key)
    if not name.isidentifier():
        return call("getattr", owner, constant(name))
    return gast.Attribute(owner, name, gast.Load())


def literal(key: object) -> Node:
    """A key, as it is written."""
    if isinstance(key, tuple):
        return gast.Tuple([literal(each) for each in key], gast.Load())
    return constant(key)
