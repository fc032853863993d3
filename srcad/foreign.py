"""Arrays of other libraries that answer to NumPy's functions: Dask's, for one.

A library that speaks NumPy's protocols (NEP 13 and NEP 18: ``__array_ufunc__`` and
``__array_function__``) has `np.sum(x)` do what it takes for a sum.  Generated code calls NumPy's
functions, so it runs on such arrays as the function itself does, and gives such arrays.

But an array of another library may be no memory: a part of it is no view, so what is written into
the part is not found in the whole.  Code that is made for such arrays writes only into arrays of
its own making that have no views.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import gast
import numpy as np

from srcad.analysis.kind import Array, Kind, Scalar, library_of
from srcad.analysis.memory import element_of_array
from srcad.emit import text
from srcad.errors import Problems
from srcad.listing import origin_of, with_origin
from srcad.read import Source
from srcad.simplify.ownership import is_fresh
from srcad.tree import (
    Node,
    binary,
    copy_node,
    is_name,
    is_number,
    item,
    load,
    names_in,
    own_parts,
    rewrite,
    statements_in,
    walk,
)

NONE: Mapping[str, int] = MappingProxyType({})


def libraries(kinds: Iterable[Kind]) -> list[str]:
    """The other libraries that the arrays among a function's arguments come from."""
    return sorted({kind.library for kind in kinds if isinstance(kind, Array)} - {""})


def check_writes(body: Iterable[Node], source: Source, library: str) -> None:
    """Refuse a function that writes into arrays, where they may be another library's."""
    problems = Problems(source)
    for stmt in statements_in(body):
        target = element_of_array(stmt)
        if target is not None:
            problems.add(
                origin_of(stmt) or source.tree,
                f"a write into an array (`{text(target.value)}`)",
                f"an argument is an array of {library}, and what is written into a part of such "
                "an array is not found in the whole",
                "expressions that make new arrays, or pass NumPy arrays",
            )
    problems.raise_if_any()


def writes_in_place(
    body: Iterable[Node], shadows: Iterable[str] = (), called: Mapping[str, int] = NONE
) -> list[Node]:
    """The statements of a function that write into memory which others may hold, or may be.

    ``shadows`` are its parameters that are there to be written into, element by element; so many of
    the last arguments of the functions in ``called`` are such.

    >>> import gast
    >>> def lines(source):
    ...     return [each.lineno for each in writes_in_place(gast.parse(source).body, "z", {"g": 1})]
    >>> lines("y = np.zeros_like(x)\\ny[1:] += x[:-1]\\nx[0] = 0.0\\nz[0] = x\\nz += x")
    [3, 5]
    >>> lines("y = x.copy()\\nv = y[1:]\\nv += 1.0\\ny[0] = 0.0\\nnp.add.at(y, i, x)")
    [3, 4, 5]
    >>> lines("y = x\\ny[0] = 0.0")
    [2]
    >>> lines("y = x[1:]\\ny = y.copy()\\ny[0] += x\\nv = y[1:]")
    []
    >>> lines("y = x.copy()\\nfor i in range(2):\\n    y += x\\n    v = y")
    [3]
    >>> lines("g(x, z)\\ng(x, z[1:])\\ng(x, x)")
    [2, 3]
    """
    found: list[Node] = []
    _block(list(body), set(shadows), frozenset(shadows), called, found)
    return found


def _block(
    body: list[Node],
    own: set[str],
    shadows: frozenset[str],
    called: Mapping[str, int],
    found: list[Node],
) -> None:
    """Go through a block; ``own`` are the arrays that the function made and that have no views."""
    for stmt in body:
        for each in _written(stmt, shadows, called):
            if not (is_name(each) and each.id in own) and stmt not in found:
                found.append(stmt)
        if isinstance(stmt, gast.If):
            other = set(own)
            _block(stmt.body, own, shadows, called, found)
            _block(stmt.orelse, other, shadows, called, found)
            own &= other
        elif isinstance(stmt, (gast.For, gast.While)):
            for _ in range(2):  # what a trip does, the next one finds
                before = set(own)
                _block(stmt.body, own, shadows, called, found)
                own &= before
            _block(stmt.orelse, own, shadows, called, found)
        elif isinstance(stmt, gast.Assign):
            (target,) = stmt.targets
            if _is_number(target) or isinstance(target, gast.Subscript):
                continue
            own -= {target.id} if is_name(target) else set(names_in(target))
            if is_name(target) and is_fresh(stmt.value):
                own.add(target.id)
            else:
                own -= {_name(stmt.value)}


def _written(stmt: Node, shadows: frozenset[str], called: Mapping[str, int]) -> Iterator[Node]:
    """The arrays into which a statement writes; what is no array's name is none to write into."""
    for node in (each for part in own_parts(stmt) for each in walk(part)):
        if not isinstance(node, gast.Call):
            continue
        count = called.get(getattr(node.func, "id", ""), 0)
        yield from node.args[len(node.args) - count :]
        out = any(each.arg == "out" for each in node.keywords)
        if out or getattr(node.func, "attr", "") in ("at", "fill"):
            yield node
    targets = stmt.targets if isinstance(stmt, gast.Assign) else []
    targets = [stmt.target] if isinstance(stmt, gast.AugAssign) else targets
    for target in targets:
        if isinstance(target, gast.Subscript):
            new_axis = any(isinstance(n, gast.Constant) and n.value is None for n in walk(target))
            yield stmt if new_axis else target.value
        elif isinstance(stmt, gast.AugAssign) and not _is_number(target):
            yield stmt if target.id in shadows else target


def _name(node: Node) -> str:
    """The variable that an expression is, or is a part of; "" if there is none."""
    while isinstance(node, (gast.Subscript, gast.Attribute)):
        node = node.value
    return node.id if is_name(node) else ""


def for_libraries(body: Iterable[Node], shadows: Iterable[str] = ()) -> list[Node]:
    """A body in the words that arrays of other libraries know, too.

    ``s`` in ``np.full_like(x, s)`` may be an array without axes there; what ``np.array`` makes is
    NumPy's; and ``x += e`` gives the name ``x`` to another array, which does not change a parameter
    that is there to be written into.

    >>> from srcad.emit import emit
    >>> source = "a = np.full_like(x, 1.0); b = np.full_like(x, s); c = np.array(b, dtype=x.dtype)"
    >>> print(emit(for_libraries(gast.parse(source + "; z += c").body, "z")), end="")
    a = np.full_like(x, 1.0)
    b = np.ones_like(x) * s
    c = b.astype(x.dtype)
    z[...] = z + c
    """

    def replace(node: Node) -> Node | None:
        if isinstance(node, gast.AugAssign) and is_name(node.target, *shadows, ""):
            whole = item(node.target.id, gast.Constant(..., None), stored=True)
            value = binary(load(node.target.id), node.op, rewrite(node.value, replace))
            return with_origin(gast.Assign([whole], value, None), getattr(node, "origin", None))
        if not isinstance(node, gast.Call) or not node.args:
            return None
        name, first, others = getattr(node.func, "attr", ""), node.args[0], node.args[1:]
        dtype = [each.value for each in node.keywords if each.arg == "dtype"]
        if name == "array" and is_name(first) and len(node.keywords) == len(dtype) == 1:
            return gast.Call(gast.Attribute(first, "astype", gast.Load()), dtype, [])
        if name == "full_like" and len(others) == 1 and not node.keywords:
            ones = gast.Call(copy_node(node.func, attr="ones_like"), [first], [])
            spread = binary(ones, gast.Mult(), rewrite(others[0], replace))
            return None if is_number(others[0]) else spread
        return None

    shadows = tuple(shadows)
    return [rewrite(stmt, replace) for stmt in body]


def rebound(body: Iterable[Node]) -> list[Node]:
    """``x = x + e`` for ``x += e`` of arrays: what it comes to for arrays that are no memory.

    >>> from srcad.emit import emit
    >>> print(emit(rebound(gast.parse("x += y").body)), end="")
    x = x + y
    """

    def replace(node: Node) -> Node | None:
        if not isinstance(node, gast.AugAssign) or not is_name(node.target):
            return None
        if _is_number(node.target):
            return None
        value = binary(load(node.target.id), node.op, node.value)
        return with_origin(gast.Assign([node.target], value, None), getattr(node, "origin", None))

    return [rewrite(stmt, replace) for stmt in body]


def _is_number(target: Node) -> bool:
    return isinstance(getattr(target, "kind", None), Scalar)


def converted(value: Any, dtype: str) -> Any:
    """A tangent or an adjoint as an array of a dtype; one of another library stays there."""
    return value.astype(dtype) if library_of(value) else np.asarray(value, dtype)
