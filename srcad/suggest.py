"""Kinds without arguments: what annotations say, then how a parameter is used, else float.

>>> import numpy as np
>>> def f(x: np.ndarray, n: int, u, k=2.0, mode="fast"):
...     return u[0, 1] * k
>>> [type(kind).__name__ for kind in suggested_kinds(f, (0, 2))]
['Array', 'Scalar', 'Array', 'Scalar', 'Literal']
"""

from __future__ import annotations

import inspect
from typing import Any

import gast

from srcad.analysis.kind import COMPLEX, FLOAT, INT, Array, Kind, Literal, kind_of_value
from srcad.analysis.operation import parameters_of
from srcad.functions import source_of
from srcad.read import Source
from srcad.read.called import signature_of
from srcad.rules import ATTRIBUTES, METHODS
from srcad.tree import Node, is_name, names_in, walk

ARRAY_METHODS = frozenset({"shape", "size", "ndim"} | METHODS.keys() | ATTRIBUTES.keys())

VECTORS = frozenset({"dot", "inner", "outer", "vdot", "cross", "kron", "vecdot"})


def suggested_kinds(fun: Any, differentiated: tuple[int, ...]) -> tuple[Kind, ...]:
    """The kinds that a function's own text suggests for its parameters."""
    if hasattr(fun, "module_for"):
        return suggested_kinds(fun.primal, differentiated)
    signature = signature_of(fun)
    defaults = {
        name: parameter.default
        for name, parameter in signature.parameters.items()
        if parameter.default is not parameter.empty
    }
    annotations = {name: p.annotation for name, p in signature.parameters.items()}
    return kinds_in(source_of(fun), annotations, defaults, differentiated)


def kinds_in(
    source: Source,
    annotations: dict[str, Any],
    defaults: dict[str, Any],
    differentiated: tuple[int, ...],
) -> tuple[Kind, ...]:
    """The suggestion for a function that may only have been read."""
    kinds: list[Kind] = []
    for position, name in enumerate(parameters_of(source)):
        annotated = annotations.get(name, inspect.Parameter.empty)
        rank = _rank_by_use(source.tree, name)
        text = annotated if isinstance(annotated, str) else getattr(annotated, "__name__", "")
        if position not in differentiated and text in ("int", "bool"):
            kinds.append(INT if text == "int" else Literal(False))
        elif text == "ndarray" or "ndarray" in str(annotated) or "NDArray" in str(annotated):
            kinds.append(array_of(name, rank or 1))
        elif text in ("float", "complex"):
            kinds.append(FLOAT if text == "float" else COMPLEX)
        elif name in defaults and isinstance(defaults[name], (str, bool, type(None))):
            kinds.append(Literal(defaults[name]))
        elif rank:
            kinds.append(array_of(name, rank))
        elif position not in differentiated and _is_count(source.tree, name):
            kinds.append(INT)
        elif position not in differentiated and name in defaults:
            kinds.append(kind_of_value(defaults[name], name) or FLOAT)
        else:
            kinds.append(FLOAT)
    return tuple(kinds)


def array_of(name: str, rank: int) -> Array:
    """An array of floats of so many axes, none of which is known to have the length 1."""
    return Array(tuple(f"{name}:{axis}" for axis in range(rank)), "f8")


def _rank_by_use(tree: Node, name: str) -> int:
    """The number of axes that the uses of a parameter show, 0 for none."""
    rank = 0
    for node in (each for stmt in tree.body for each in walk(stmt)):
        if isinstance(node, gast.Subscript) and is_name(node.value, name):
            index = node.slice
            rank = max(rank, len(index.elts) if isinstance(index, gast.Tuple) else 1)
        elif isinstance(node, gast.Attribute) and is_name(node.value, name):
            if node.attr in ARRAY_METHODS:
                rank = max(rank, 2 if node.attr == "T" else 1)
        elif isinstance(node, gast.BinOp) and isinstance(node.op, gast.MatMult):
            if is_name(node.left, name) or is_name(node.right, name):
                rank = max(rank, 2)
        elif _is_call_of(node, "len") and any(is_name(each, name) for each in node.args):
            rank = max(rank, 1)
        elif isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute):
            rank = max(rank, _rank_as_argument(node, name))
    return rank


def _rank_as_argument(call: Node, name: str) -> int:
    """The number of axes that a function of NumPy asks for, as far as its name tells."""
    positions = [n for n, each in enumerate(call.args) if is_name(each, name)]
    if not positions:
        return 0
    function, module = call.func.attr, getattr(call.func.value, "attr", "")
    if function == "einsum":
        text = getattr(call.args[0], "value", "")
        terms = text.partition("->")[0].split(",") if isinstance(text, str) else []
        count = [len(term.replace(" ", "").replace("...", "")) for term in terms]
        return max((count[n - 1] for n in positions if 0 < n <= len(count)), default=0)
    if module == "linalg" and function != "norm":
        return 2 if positions[0] == 0 else 1
    if module == "fft" and positions[0] == 0 and "freq" not in function:
        return 1 if function.endswith("t") else 2
    return 1 if function in VECTORS or module == "linalg" else 0


def _is_count(tree: Node, name: str) -> bool:
    """Whether a parameter is in a bound of a range, or is compared with a whole number."""
    for node in (each for stmt in tree.body for each in walk(stmt)):
        if _is_call_of(node, "range") and name in names_in(*node.args):
            return True
        if (
            isinstance(node, gast.Compare)
            and is_name(node.left, name)
            and all(isinstance(op, gast.Eq) for op in node.ops)
            and all(isinstance(c, gast.Constant) and type(c.value) is int for c in node.comparators)
        ):
            return True
    return False


def _is_call_of(node: Node, name: str) -> bool:
    return isinstance(node, gast.Call) and is_name(node.func, name)
