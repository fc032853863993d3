"""The axes of the arrays in a derivative, as far as its lines tell.

Of the primal's variables they are known (:mod:`srcad.analysis.kinds`).  An adjoint may be the
number 0.0 where nothing has been added to it: its axes are those of what it is bound to.

>>> import gast
>>> x = Array(("x:0", "x:1"), "f8")
>>> body = gast.parse("b = 0.0\\na = np.expand_dims(x.sum(axis=1), 1) * x[:, 1:]\\nb = b + x").body
>>> extents = Extents(body, {"x": x}, {"a", "b"})
>>> extents.axes["a"], "b" in extents.axes
(('x:0', 'x:1-1'), False)
"""

from __future__ import annotations

from collections.abc import Mapping, Set

import gast

from srcad.analysis.indexing import BadIndex, Part, indexed
from srcad.analysis.kind import FLOAT, INT, OTHER, Array, Kind, Literal, broadcast
from srcad.simplify.flow import bound_by
from srcad.tree import Node, assigned, is_name, is_number, number_of, statements_in

Axes = tuple[str, ...]

# What NumPy does entry by entry.
ELEMENTWISE = frozenset(
    ("exp", "log", "sqrt", "sin", "cos", "tan", "tanh", "sinh", "cosh", "abs", "sign", "square")
)
# What has the shape of the operand of this number.
LIKE = {"zeros_like": 0, "ones_like": 0, "full_like": 0, "copy": 0, "unbroadcast": 1, "row_sums": 2}


class Extents:
    """The axes of the variables of a body that are numbers, or arrays of doubles."""

    def __init__(self, body: list[Node], kinds: Mapping[str, Kind], derivatives: Set[str]) -> None:
        self.axes: dict[str, Axes] = {
            name: kind.axes
            for name, kind in kinds.items()
            if isinstance(kind, Array) and kind.dtype == "f8" and not kind.library
        }
        self.axes |= {name: () for name, kind in kinds.items() if kind in (FLOAT, INT)}
        bindings: dict[str, list[Node]] = {}
        unknown: set[str] = set()
        for stmt in statements_in(body):
            name = assigned(stmt)
            if name in derivatives and isinstance(stmt, gast.Assign):
                bindings.setdefault(name, []).append(stmt.value)
            elif not isinstance(stmt, gast.AugAssign):
                unknown |= bound_by(stmt) & derivatives
        for name in bindings.keys() - unknown:
            self.axes.pop(name, None)
        # In the order of the lines: what a loop carries is known by what it starts from.
        for name, values in bindings.items():
            axes = self.of(values[0])
            if name not in unknown and axes is not None:
                self.axes[name] = axes
        self._withdraw(bindings)

    def _withdraw(self, bindings: Mapping[str, list[Node]]) -> None:
        """Take back what another binding contradicts, and what was concluded from it."""
        wrong = True
        while wrong:
            wrong = False
            for name in bindings.keys() & self.axes.keys():
                axes = self.axes[name]
                others = (v for v in bindings[name] if not axes or not _adds_to(name, v))
                if any(self.of(each) != axes for each in others):
                    del self.axes[name]
                    wrong = True

    def of(self, node: Node) -> Axes | None:
        """The axes of an expression's value, ``()`` of a number; None where they are not known."""
        if is_number(node):
            return ()
        if is_name(node):
            return self.axes.get(node.id)
        if isinstance(node, gast.UnaryOp) and isinstance(node.op, (gast.USub, gast.UAdd)):
            return self.of(node.operand)
        if isinstance(node, gast.BinOp):
            product = isinstance(node.op, gast.MatMult)
            return self._multiplied(node) if product else self._joined(node.left, node.right)
        if isinstance(node, gast.Attribute):
            axes = self.of(node.value) if node.attr in ("T", "size") else None
            return axes and (() if node.attr == "size" else axes[::-1])
        if isinstance(node, gast.Subscript):
            return self._part(node)
        return self._called(node) if isinstance(node, gast.Call) else None

    def _joined(self, *parts: Node) -> Axes | None:
        kinds: list[Kind] = []
        for part in parts:
            axes = self.of(part)
            if axes is None:
                return None
            kinds.append(Array(axes, "f8"))
        kind = broadcast(*kinds)
        return kind.axes if isinstance(kind, Array) else None

    def _multiplied(self, node: Node) -> Axes | None:
        left, right = self.of(node.left), self.of(node.right)
        if left is None or right is None or not len(left) == len(right) == 2:
            return None
        return left[0], right[1]

    def _part(self, node: Node) -> Axes | None:
        axes = self.of(node.value)
        parts = node.slice.elts if isinstance(node.slice, gast.Tuple) else [node.slice]
        if not axes or not all(isinstance(p, gast.Slice) or _is_none(p) for p in parts):
            return None
        try:
            kind = indexed(
                Array(axes, "f8"), [Part(p, Literal(None) if _is_none(p) else OTHER) for p in parts]
            )
        except BadIndex:
            return None
        return kind.axes if isinstance(kind, Array) else None

    def _called(self, node: Node) -> Axes | None:
        function = node.func
        operands = node.args
        if isinstance(function, gast.Attribute):
            name = function.attr
            operands = operands or [function.value]
        else:  # a helper: what else has a name of its own is a function of the user's
            name = function.id if function.id in ("unbroadcast", "row_sums") else ""
            if function.id == "len":
                return ()
        if name in ELEMENTWISE and len(operands) == 1 and not node.keywords:
            return self.of(operands[0])
        if name in LIKE and len(operands) > LIKE[name]:
            return self.of(operands[LIKE[name]])
        if name == "expand_dims" and len(operands) == 2 and is_number(operands[1]):
            inner, axis = self.of(operands[0]), int(number_of(operands[1]))
            if inner is None or not 0 <= axis <= len(inner):
                return None
            return (*inner[:axis], "1", *inner[axis:])
        if name == "broadcast_to" and getattr(operands[-1], "attr", "") == "shape":
            return self.of(operands[-1].value)
        if name == "sum" and (summed := summed_axis(node)):
            inner, (axis, keeps) = self.of(operands[0]), summed
            if inner is None or axis >= len(inner):
                return None
            return (*inner[:axis], *(["1"] * keeps), *inner[axis + 1 :])
        return None


def _adds_to(name: str, value: Node) -> bool:
    """Whether an adjoint's new value is the old one and something of the same shape."""
    while isinstance(value, gast.BinOp) and isinstance(value.op, (gast.Add, gast.Sub)):
        value = value.left
    return is_name(value, name)


def summed_axis(node: Node) -> tuple[int, bool] | None:
    """The axis in ``x.sum(axis=1)``, and whether it is kept: with ``keepdims=True``."""
    if not isinstance(node.func, gast.Attribute) or node.func.attr != "sum" or node.args:
        return None
    options = {each.arg: each.value for each in node.keywords}
    keeps = options.pop("keepdims", None)
    if options.keys() != {"axis"} or not is_number(options["axis"]):
        return None
    kept = isinstance(keeps, gast.Constant) and keeps.value is True
    axis = number_of(options["axis"])
    return (int(axis), kept) if axis >= 0 and (kept or keeps is None) else None


def _is_none(node: Node) -> bool:
    return isinstance(node, gast.Constant) and node.value is None
