"""A derivative's line with its algebra done: like terms collected, signs and numbers in front.

>>> import gast
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> names = Names()
>>> names.derivatives |= {"x_bar", "y_bar"}
>>> body = gast.parse("x_bar = -(y_bar * -a) * 2\\nx_bar += -y_bar * b\\ny = 2 * y * 1").body
>>> print(emit([tidied(stmt, names) for stmt in body]), end="")
x_bar = 2 * y_bar * a
x_bar -= y_bar * b
y = 2 * y * 1
"""

from __future__ import annotations

import gast

from srcad.analysis.kind import COMPLEX, FLOAT, NOTHING, Array, Scalar, is_complex
from srcad.names import Names
from srcad.simplify.algebra import (
    FAST,
    Style,
    Term,
    axes_of,
    kept_value,
    terms,
    tidy,
    without_complex_zero,
    without_sign,
    write,
)
from srcad.simplify.flow import written_by
from srcad.simplify.order import in_place_of
from srcad.simplify.ownership import is_fresh
from srcad.tree import (
    COMPOUND,
    Node,
    binary,
    call,
    children,
    constant,
    copy_node,
    is_name,
    is_number,
    kinds_in,
    name_occurrences,
    names_in,
    number_of,
    rewrite,
)

FLOATS = Style(floats=True)


def style_of(origin: Node | None) -> Style:
    """How the numbers of a derivative are written: as floats where all the user's numbers are.

    CPython multiplies two floats in half the time that an int and a float take.
    """
    numbers: list[Node] = []
    pending = [] if origin is None or isinstance(origin, COMPOUND) else [origin]
    while pending:
        node = pending.pop()
        if is_number(node):
            numbers.append(node)
        elif isinstance(node, gast.BinOp) and isinstance(node.op, gast.Pow):
            pending.append(node.left)
        elif not isinstance(node, gast.Subscript):
            pending += children(node)
    floats = all(isinstance(number_of(node), float) for node in numbers)
    return FLOATS if numbers and floats else FAST


def tidied(stmt: Node, names: Names, style: Style = FAST) -> Node:
    """The statement with its algebra done, if it is one of a derivative."""
    derivatives = names.derivatives
    if written_by(stmt).isdisjoint(derivatives):
        return stmt
    if isinstance(stmt, gast.Expr) and getattr(stmt.value.func, "attr", "") == "append":
        return stmt  # a list of arrays that are written holds the new array, and no operand of it
    if isinstance(getattr(stmt, "value", None), gast.expr):
        value = without_seeds(stmt.value)
        if gast.IfExp in kinds_in(value):
            value = rewrite(value, lambda node: _tidied_sides(node, style))
        stmt = stmt if value is stmt.value else copy_node(stmt, value=value)
    if isinstance(getattr(stmt, "value", None), gast.Call):
        arguments = [
            _typed_zero(tidy(each, style)) if _is_sum_of(derivatives, each) else each
            for each in stmt.value.args
        ]
        stmt = copy_node(stmt, value=copy_node(stmt.value, args=arguments))
    if isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]):
        if not _algebraic(stmt.value):
            return stmt
        value = _typed_zero(tidy(stmt.value, style), stmt.targets[0])
        if is_fresh(stmt.value) and not is_fresh(value):
            value = _copied(value, stmt.targets[0])
        augmented = as_augmented(stmt, stmt.targets[0], value)
        if augmented is None:
            return copy_node(stmt, value=value)
        return tidied(augmented, names, style)
    if isinstance(stmt, gast.AugAssign) and isinstance(stmt.op, gast.Add):
        found = terms(stmt.value)
        if is_complex(getattr(stmt.target, "kind", None)):
            found = without_complex_zero(found)
        if all(term.coefficient < 0 for term in found):
            opposite = [Term(-term.coefficient, term.factors) for term in found]
            return copy_node(stmt, op=gast.Sub(), value=write(opposite, style))
        return copy_node(stmt, value=write(found, style))
    return stmt


def _tidied_sides(node: Node, style: Style) -> Node | None:
    """``a if c else 0.0`` with its sides tidied."""
    if not isinstance(node, gast.IfExp):
        return None
    return copy_node(node, body=tidy(node.body, style), orelse=tidy(node.orelse, style))


def without_seeds(expression: Node) -> Node:
    """``np.outer(a, b)`` for ``np.outer(a, 1.0 * b)``: the seed 1.0 as a factor of an operand.

    And ``w̄ @ a`` for ``w̄ @ a.T.T``.  Not where the product is a new array that matters: at the
    top, and of a function whose result may share memory with its operand.
    """
    if kinds_in(expression).isdisjoint((gast.Call, gast.MatMult)):
        return expression
    return rewrite(expression, _seedless)


def _seedless(node: Node) -> Node | None:
    if isinstance(node, gast.Call):
        held = not is_fresh(node)
        return copy_node(node, args=[_operand(each, held=held) for each in node.args])
    if isinstance(node, gast.BinOp) and isinstance(node.op, gast.MatMult):
        return copy_node(node, left=_operand(node.left), right=_operand(node.right))
    return None


def _operand(node: Node, *, held: bool = False) -> Node:
    """An operand without its seed; of what may be ``held`` by the result, numbers only."""
    if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Mult):
        seed = is_number(node.left) and number_of(node.left) == 1
        kind = getattr(node.right, "kind", None)
        floating = kind == FLOAT or (isinstance(kind, Array) and kind.dtype[0] == "f" and not held)
        if seed and is_name(node.right) and floating:
            return node.right
    if not held and _is_transpose(node) and _is_transpose(node.value):
        return _operand(node.value.value)
    return rewrite(node, _seedless)


def _is_transpose(node: Node) -> bool:
    return isinstance(node, gast.Attribute) and node.attr == "T"


def _is_sum_of(derivatives: set[str], node: Node) -> bool:
    if not isinstance(node, (gast.BinOp, gast.UnaryOp)):
        return False
    return not derivatives.isdisjoint(name_occurrences(node))


def _typed_zero(value: Node, target: Node | None = None) -> Node:
    """What cancels, as in ``ẋ - ẋ``, leaves a zero of the type of its target: never an int."""
    if not is_number(value) or number_of(value) != 0:
        return value
    return constant(0j if getattr(target, "kind", NOTHING) == COMPLEX else 0.0)


def _copied(value: Node, target: Node) -> Node:
    """An array that was computed stays one of its own, also where nothing is left to compute."""
    kind, own = getattr(target, "kind", FLOAT), getattr(value, "kind", NOTHING)
    if isinstance(own, Scalar) or (isinstance(kind, Scalar) and not isinstance(own, Array)):
        return value
    if not getattr(kind, "rank", 0) or is_name(value, target.id):
        return binary(constant(1.0), gast.Mult(), value)  # it may be a number, which has no copy
    return call(gast.Attribute(value, "copy", gast.Load()))


def _algebraic(value: Node) -> bool:
    if gast.List in kinds_in(value):
        return False  # [0.0] * n
    algebraic = isinstance(value, (gast.BinOp, gast.UnaryOp)) or kept_value(value) is not None
    return algebraic or is_number(value) or without_sign(value)[0] != 1


def as_augmented(stmt: Node, target: Node, value: Node) -> Node | None:
    """``x̄ += e`` for ``x̄ = x̄ + e`` of numbers."""
    if axes_of(target) or getattr(stmt, "fresh", False):
        return None
    if not isinstance(getattr(target, "kind", None), Scalar):
        return None  # an array may be somebody else's
    if target.id not in name_occurrences(value):
        return None
    found = terms(value)
    own = [n for n, term in enumerate(found) if _is_variable(term, target.id)]
    others = [term for n, term in enumerate(found) if n not in own]
    if len(own) != 1 or not others:
        return None
    if any(target.id in names_in(f.base) for term in others for f in term.factors.values()):
        return None
    return in_place_of(stmt, gast.AugAssign(target, gast.Add(), write(others)))


def _is_variable(term: Term, name: str) -> bool:
    """Whether a term is just a variable."""
    factors = list(term.factors.values())
    return (
        term.coefficient == 1
        and len(factors) == 1
        and factors[0].exponent == 1
        and is_name(factors[0].base)
        and factors[0].base.id == name
    )
