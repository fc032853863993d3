"""Questions about classes that are answered before the function runs, or refused.

``isinstance(x, float)``, ``type(x) is tuple``, ``hasattr(x, "shape")``, ``callable(f)``: what is
known of a parameter is its kind.  The class of a number is not part of it: generated code computes
with Python's floats where the function may be given NumPy's.  A question that tells them apart is
refused.
"""

from __future__ import annotations

import sys
import types
from abc import ABCMeta
from collections.abc import Callable, Mapping
from typing import Any

import gast
import numpy as np

from srcad.analysis.kind import BOOL, COMPLEX, FLOAT, INT, Array, Kind, ListOf, Literal, TupleOf
from srcad.errors import Problems
from srcad.lower.resolve import MISSING, Resolver
from srcad.tree import Node, is_name

# The classes that a number of a kind may have.
_CLASSES: dict[Kind, tuple[type, ...]] = {
    FLOAT: (float, np.float64),
    INT: (int,),
    BOOL: (bool,),
    COMPLEX: (complex, np.complex128),
}


def is_protocol(cls: type) -> bool:
    """Whether a class is a protocol: what has certain attributes is an instance of it."""
    return bool(getattr(cls, "_is_protocol", False))


def decides_itself(cls: type) -> bool:
    """Whether a class says itself what is an instance of it, and not the instance's class alone."""
    meta: Any = type(cls)
    if (meta.__instancecheck__, meta.__subclasscheck__) == (
        type.__instancecheck__,
        type.__subclasscheck__,
    ):
        return False
    if cls.__module__.partition(".")[0] in sys.stdlib_module_names:
        return is_protocol(cls)
    return meta is not ABCMeta or "__subclasshook__" in vars(cls)


class Classes:
    """The questions of one function; ``kinds`` are those of parameters that stay what they are."""

    def __init__(self, kinds: Mapping[str, Kind], resolver: Resolver, problems: Problems) -> None:
        self.kinds = kinds
        self.resolver = resolver
        self.problems = problems

    def ask(self, node: Node) -> tuple[object] | None:
        """The answer in a 1-tuple; None where it is found when the function runs."""
        if isinstance(node, gast.Compare):
            return self._type_is(node)
        function = self.resolver.object_of(node.func)
        if node.keywords or function not in (isinstance, hasattr, callable):
            return None
        if function is callable and len(node.args) == 1:
            meant = self.resolver.object_of(node.args[0])
            if meant is MISSING:
                return self._answer(node, node.args[0], _is_callable)
            return (callable(meant),)
        if len(node.args) != 2:
            return None
        value, other = node.args
        if function is hasattr:
            if not isinstance(other, gast.Constant):
                return None
            return self._answer(node, value, lambda cls: hasattr(cls, str(other.value)))
        wanted = self._classes(other)
        if wanted is None:
            return None
        for each in wanted:
            if decides_itself(each):
                why = f"the metaclass of {each.__name__} decides it"
                self.problems.add(node, "this `isinstance`", why, "a class of type")
                return (False,)
        return self._answer(node, value, lambda cls: issubclass(cls, wanted), wanted)

    def _type_is(self, node: Node) -> tuple[object] | None:
        """``type(x) is float``."""
        (op,), (other,) = node.ops, node.comparators
        call = node.left
        if not isinstance(call, gast.Call) or self.resolver.object_of(call.func) is not type:
            return None
        wanted = self._classes(other)
        if len(call.args) != 1 or wanted is None or len(wanted) != 1:
            return None
        if not isinstance(op, (gast.Is, gast.IsNot, gast.Eq, gast.NotEq)):
            return None
        positive = isinstance(op, (gast.Is, gast.Eq))
        found = self._answer(node, call.args[0], lambda cls: cls is wanted[0], wanted)
        return None if found is None else (bool(found[0]) is positive,)

    def _classes(self, node: Node) -> tuple[type, ...] | None:
        """The classes that an expression means."""
        if isinstance(node, gast.Tuple):
            parts = [self._classes(each) for each in node.elts]
            return None if None in parts else tuple(c for part in parts for c in part or ())
        if isinstance(node, gast.BinOp) and isinstance(node.op, gast.BitOr):
            return self._classes(gast.Tuple([node.left, node.right], gast.Load()))
        meant = self.resolver.object_of(node)
        if meant is None or (isinstance(node, gast.Constant) and node.value is None):
            return (types.NoneType,)
        return (meant,) if isinstance(meant, type) else None

    def _answer(
        self,
        node: Node,
        value: Node,
        holds: Callable[[type], bool],
        wanted: tuple[type, ...] = (),
    ) -> tuple[object] | None:
        """What holds of all classes that a value may have; refused where they differ."""
        if isinstance(value, gast.Constant):
            return (holds(type(value.value)),)
        classes = self._of(self.kinds.get(value.id)) if is_name(value) else ()
        answers = {holds(each) for each in classes}
        if len(answers) == 1:
            return (answers.pop(),)
        if answers or any(issubclass(each, np.generic) for each in wanted):
            why = "it tells Python's numbers from NumPy's, which generated code does not"
            instead = "`isinstance(x, float)`, or `np.ndim(x) == 0`"
            self.problems.add(node, "this question about a class", why, instead)
            return (False,)
        return None

    def _of(self, kind: Kind | None) -> tuple[type, ...]:
        if isinstance(kind, Literal):
            return (type(kind.value),)
        if isinstance(kind, Array):
            return () if kind.library else (np.ndarray,)
        if isinstance(kind, TupleOf):
            return () if kind.names else (tuple,)
        if isinstance(kind, ListOf):
            return (list,)
        return () if kind is None else _CLASSES.get(kind, ())


def _is_callable(cls: type) -> bool:
    """Whether instances of a class can be called."""
    return any("__call__" in vars(each) for each in cls.__mro__)
