"""What is known of a value before running.

An array's kind holds a *length token* for each axis: ``"1"`` is a length of one, a token that
starts with ``"?"`` may be any length, every other token is a length that is not one.  Two equal
tokens are equal lengths, so broadcasting is decided before running wherever tokens allow it.

>>> join(FLOAT, FLOAT), join(INT, FLOAT)
(Scalar(name='float'), Scalar(name='float'))
>>> broadcast(Array(("x:0", "1"), "f8"), Array(("b:0",), "f8")).axes
('x:0', 'b:0')
"""

from __future__ import annotations

import types
from dataclasses import dataclass, field
from typing import Any

import numpy as np


class Kind:
    """What is known of a value before running."""


@dataclass(frozen=True)
class Scalar(Kind):
    """A number: ``complex``, ``float``, ``int`` or ``bool``."""

    name: str


@dataclass(frozen=True)
class Array(Kind):
    """An array: a length token for each axis, and the dtype (``f8``, ``c16``, ``i8``, ``b1`` ...).

    It is NumPy's, unless it is an argument of another ``library``.
    """

    axes: tuple[str, ...]
    dtype: str
    library: str = field(default="", repr=False)

    @property
    def rank(self) -> int:
        """The number of axes."""
        return len(self.axes)


@dataclass(frozen=True)
class TupleOf(Kind):
    """A tuple of known structure; a named tuple's items have ``names``."""

    items: tuple[Kind, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class ListOf(Kind):
    """A list whose elements are of one kind: what a tape is."""

    item: Kind


@dataclass(frozen=True, eq=False)
class Literal(Kind):
    """A constant of the specialisation: a string, None, a bool given as an argument.

    >>> Literal(1) == Literal(True), Literal("a") == Literal("a")
    (False, True)
    """

    value: Any

    def __eq__(self, other: object) -> bool:
        alike = isinstance(other, Literal) and type(self.value) is type(other.value)
        return alike and bool(self.value == other.value)  # type: ignore[attr-defined]

    def __hash__(self) -> int:
        return hash((Literal, self.value))


@dataclass(frozen=True)
class Other(Kind):
    """A value that carries no derivative and is not looked into: a range, a slice, a module."""

    name: str = "object"


@dataclass(frozen=True)
class Unknown(Kind):
    """A number or an array: what could not be inferred."""


@dataclass(frozen=True)
class Nothing(Kind):
    """No value yet: the start of an inference that goes round a loop or a recursion."""


FLOAT, INT, BOOL = Scalar("float"), Scalar("int"), Scalar("bool")
COMPLEX = Scalar("complex")
UNKNOWN, NOTHING, OTHER = Unknown(), Nothing(), Other()
MIXED = Other("complex on one path")
"""What is complex on one path, and an array or real on another: to read it is refused."""
_ORDER = {"bool": 0, "int": 1, "float": 2, "complex": 3}


def is_floating_point(kind: Kind) -> bool:
    """Whether a value is certainly a float, a complex number, or an array of them."""
    if isinstance(kind, Array):
        return is_floating(kind.dtype)
    return kind in (FLOAT, COMPLEX)


def is_continuous(kind: Kind) -> bool:
    """Whether a value of this kind can carry a derivative: it is real or complex, not whole."""
    if kind is FLOAT:
        return True
    if isinstance(kind, (TupleOf, ListOf)):
        items = kind.items if isinstance(kind, TupleOf) else (kind.item,)
        return any(is_continuous(item) for item in items)
    if isinstance(kind, Array):
        return is_floating(kind.dtype)
    return kind in (FLOAT, COMPLEX) or isinstance(kind, (Unknown, Nothing))


def is_complex(kind: Kind | None) -> bool:
    """Whether a value of this kind is, or holds, complex numbers."""
    if isinstance(kind, (TupleOf, ListOf)):
        items = kind.items if isinstance(kind, TupleOf) else (kind.item,)
        return any(map(is_complex, items))
    return kind == COMPLEX or (isinstance(kind, Array) and kind.dtype[0] == "c")


def is_floating(dtype: str) -> bool:
    """Whether numbers of a dtype are real or complex, and no whole numbers or bools."""
    return dtype[0] in "fc"


def scalar(dtype: str) -> Kind:
    """The kind of one entry of an array."""
    return {"c": COMPLEX, "f": FLOAT, "b": BOOL}.get(dtype[0], INT)


def mixes(left: Kind, right: Kind) -> bool:
    """Whether a value that is of either kind would be complex on one path only, or an array.

    Of two numbers one may be complex.

    >>> z = Array(("z:0",), "c16")
    >>> mixes(COMPLEX, FLOAT), mixes(COMPLEX, z), mixes(z, Array(("z:0",), "f8")), mixes(z, z)
    (False, True, True, False)
    """
    if isinstance(left, (TupleOf, ListOf)) and type(left) is type(right):
        return any(map(mixes, _items(left), _items(right)))
    numbers = (Scalar, Array, Unknown)
    if not isinstance(left, numbers) or not isinstance(right, numbers):
        return False
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        return False
    alike = isinstance(left, Array) and isinstance(right, Array) and left.rank == right.rank
    one, other = is_complex(left), is_complex(right)
    return one != other if alike else one or other


def widens(left: Kind, right: Kind) -> bool:
    """Whether a real number, or a list of them, becomes complex where it may be either."""
    if isinstance(left, (TupleOf, ListOf)) and type(left) is type(right):
        return any(map(widens, _items(left), _items(right)))
    numbers = isinstance(left, Scalar) and isinstance(right, Scalar)
    return numbers and is_complex(left) != is_complex(right)


def _items(kind: TupleOf | ListOf) -> tuple[Kind, ...]:
    return kind.items if isinstance(kind, TupleOf) else (kind.item,)


def leaf_kinds(kind: Kind) -> list[Kind]:
    """The kinds of a tuple's elements, inner tuples taken apart too."""
    if isinstance(kind, TupleOf):
        return [leaf for each in kind.items for leaf in leaf_kinds(each)]
    return [kind]


def join(left: Kind, right: Kind) -> Kind:
    """The kind of a value that is of one kind on one path and of another on another."""
    if left == right or isinstance(right, Nothing):
        return left
    if isinstance(left, Nothing):
        return right
    # None is what a variable holds before it gets its value.
    if Literal(None) in (left, right):
        return right if left == Literal(None) else left
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        return max(left, right, key=lambda kind: _ORDER[kind.name])
    if isinstance(left, Array) and isinstance(right, Array) and left.rank == right.rank:
        pairs = zip(left.axes, right.axes, strict=True)
        axes = tuple(a if a == b else "?" for a, b in pairs)
        return Array(axes, promote(left.dtype, right.dtype))
    if (
        isinstance(left, TupleOf)
        and isinstance(right, TupleOf)
        and len(left.items) == len(right.items)
    ):
        return TupleOf(tuple(join(a, b) for a, b in zip(left.items, right.items, strict=True)))
    if isinstance(left, ListOf) and isinstance(right, ListOf):
        return ListOf(join(left.item, right.item))
    numbers = (Scalar, Array, Unknown)
    if isinstance(left, numbers) and isinstance(right, numbers):
        return UNKNOWN
    return Other("mixed")


def promote(left: str, right: str) -> str:
    """NumPy's result type of two dtypes, as a short code."""
    return code_of(np.promote_types(left, right)) if left != right else left


def code_of(dtype: Any) -> str:
    """The short code of a dtype: kind and size."""
    dtype = np.dtype(dtype)
    return f"{dtype.kind}{dtype.itemsize}"


def same_length(left: str, right: str) -> bool:
    """Whether two lengths that were broadcast together are surely equal."""
    if left == right:
        return left != "?"  # a length of which nothing is known is not even equal to itself
    return _is_many(left) and _is_many(right)


def same_shape(left: tuple[str, ...] | None, right: tuple[str, ...] | None) -> bool:
    """Whether two shapes that were broadcast together are surely equal."""
    if left is None or right is None or len(left) != len(right):
        return False
    return all(map(same_length, left, right))


def _is_many(token: str) -> bool:
    return token != "1" and token[0] != "?"


def broadcast_axis(left: str, right: str) -> str:
    """The length of an axis that two lengths broadcast to."""
    if left == right or right == "1":
        return left
    if left == "1":
        return right
    if left.startswith("?"):
        return "?" if right.startswith("?") else right
    return left


def broadcast(*kinds: Kind) -> Kind:
    """The kind of an elementwise operation's result (its dtype apart)."""
    result: Kind = NOTHING
    for kind in kinds:
        if isinstance(kind, (Unknown, Nothing)) or not isinstance(kind, (Scalar, Array)):
            return UNKNOWN if not isinstance(kind, Nothing) else NOTHING
        if isinstance(result, Nothing):
            result = kind
        elif isinstance(result, Scalar) and isinstance(kind, Scalar):
            result = max(result, kind, key=lambda each: _ORDER[each.name])
        elif isinstance(result, Array) and isinstance(kind, Array):
            rank = max(result.rank, kind.rank)
            left = ("1",) * (rank - result.rank) + result.axes
            right = ("1",) * (rank - kind.rank) + kind.axes
            axes = tuple(map(broadcast_axis, left, right))
            result = Array(axes, promote(result.dtype, kind.dtype))
        else:
            array, number = (result, kind) if isinstance(result, Array) else (kind, result)
            assert isinstance(array, Array)
            assert isinstance(number, Scalar)
            result = Array(array.axes, _with_number(array.dtype, number))
    return result


def _with_number(dtype: str, number: Scalar) -> str:
    """A Python number does not widen an array, except a whole one by a float, a real by a complex.

    >>> _with_number("f4", FLOAT), _with_number("i8", FLOAT), _with_number("f4", COMPLEX)
    ('f4', 'f8', 'c8')
    """
    if number == COMPLEX and dtype[0] != "c":
        return promote(dtype, "c8") if dtype[0] == "f" else "c16"
    return "f8" if number == FLOAT and dtype[0] in "iub" else dtype


def as_float(kind: Kind) -> Kind:
    """The kind of a result that is floating point whatever its operands are."""
    if isinstance(kind, Array) and not is_floating(kind.dtype):
        return Array(kind.axes, "f8")
    return FLOAT if kind in (INT, BOOL) else kind


DTYPES = {"complex": "c16", "float": "f8", "int": "i8", "bool": "b1"}
"""The dtypes that NumPy gives Python's numbers."""


def as_array(kind: Kind) -> Kind:
    """The kind of the array that a list of numbers makes; any other kind as it is."""
    if not isinstance(kind, ListOf):
        return kind
    item = as_array(kind.item)
    if isinstance(item, Scalar):
        return Array(("?",), DTYPES[item.name])
    return Array(("?", *item.axes), item.dtype) if isinstance(item, Array) else kind


def library_of(value: object) -> str:
    """The library of an array that is not NumPy's but speaks its protocols; "" for all else.

    >>> library_of(np.ones(2)), library_of(np.ma.ones(2)), library_of([1.0])
    ('', '', '')
    """
    kind = type(value)
    if issubclass(kind, np.ndarray) or not hasattr(kind, "__array_function__"):
        return ""
    known = isinstance(getattr(value, "dtype", None), np.dtype)
    if not known or getattr(kind, "__array_ufunc__", None) is None:
        return ""
    return kind.__module__.partition(".")[0]


_PLAIN = (int, float, complex, str, tuple)
# What a class derived from one of these may have of its own, and compute as they do.
_HARMLESS = {
    *("__class__", "__delattr__", "__dir__", "__doc__", "__format__", "__getattribute__"),
    *("__getnewargs__", "__hash__", "__init__", "__init_subclass__", "__new__", "__reduce__"),
    *("__reduce_ex__", "__repr__", "__setattr__", "__sizeof__", "__str__", "__subclasshook__"),
}


def is_derived(value: Any) -> bool:
    """Whether a value is of a class of somebody's own that is derived from one of Python's.

    >>> is_derived(True), is_derived(np.float64(1.0)), is_derived(type("Own", (float,), {})(1.0))
    (False, False, True)
    """
    known = (bool, types.NoneType, *_PLAIN)
    numpys = isinstance(value, np.generic) and type(value).__module__ == "numpy"
    return isinstance(value, _PLAIN) and type(value) not in known and not numpys


def _computes_alike(cls: type) -> bool:
    """Whether a derived class computes, and compares, as the one of Python's does."""
    base = next(each for each in _PLAIN if issubclass(cls, each))
    special = [name for name in vars(base) if name.startswith("__")]
    names = [name for name in special if name not in _HARMLESS]
    same = all(getattr(cls, name) is getattr(base, name) for name in names)
    return same and base in (int, float, complex) and not hasattr(cls, "__array_ufunc__")


def kind_of_value(value: Any, name: str = "x") -> Kind | None:
    """The kind of an argument or a constant; None where there is none (it is refused).

    ``name`` makes the length tokens of an array's axes.
    """
    library = library_of(value)
    if type(value) is np.ndarray or library:
        if value.dtype.kind not in ("fiub" if library else "fciub") or not value.dtype.isnative:
            return None
        if library and any(length != length for length in value.shape):
            return None  # NaN: the library has not counted
        # Lengths of 1 broadcast, and so does what is left of three without the first and the last;
        # vectors of length 2 and 3 have different products; and nothing has no mean.
        known = {0: "=0", 1: "1", 2: "=2", 3: "=3"}
        axes = tuple(known.get(n, f"{name}:{axis}") for axis, n in enumerate(value.shape))
        return Array(axes, code_of(value.dtype), library)
    cls = type(value)
    if is_derived(value) and not _computes_alike(cls):
        return None
    if isinstance(value, (bool, np.bool_)):
        return BOOL
    if isinstance(value, (int, np.integer)):
        return INT
    if isinstance(value, (np.longdouble, np.clongdouble)):
        return None  # as a float it would lose its precision
    if isinstance(value, (float, np.floating)):
        return FLOAT
    if isinstance(value, (complex, np.complexfloating)):
        return COMPLEX
    if value is None or cls is str:
        return Literal(value)
    if cls is tuple:
        items: list[Kind] = []
        for n, each in enumerate(value):
            kind = kind_of_value(each, f"{name}.{n}")
            if kind is None:
                return None
            items.append(kind)
        return TupleOf(tuple(items))
    return None
