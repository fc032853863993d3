"""The chain rule on one elementary operation: what its rule says, in the listing's own names.

Both modes start from here.  :func:`partials` gives ``∂y/∂x`` for each operand as an expression;
:func:`tangent` adds up ``∂y/∂x · ẋ``; :func:`contribution` is ``ȳ · ∂y/∂x``, summed over the axes
along which ``x`` was broadcast.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import gast

from srcad import helpers
from srcad.analysis.kind import (
    NOTHING,
    Array,
    Kind,
    Scalar,
    Unknown,
    is_complex,
    same_length,
    same_shape,
)
from srcad.analysis.operation import Operation
from srcad.listing import origin_of, with_origin
from srcad.rules import Elementwise, Structured
from srcad.tree import (
    Node,
    binary,
    call,
    constant,
    is_name,
    is_number,
    kinds_in,
    load,
    names_in,
    negate,
    number_of,
    parse,
    rewrite,
    substitute,
)

Choose = Callable[[list[Node]], Node]


class Modules:
    """The names by which generated code reaches ``math``, ``numpy`` and the helpers."""

    def __init__(self, alias: Callable[[str], str]) -> None:
        self.alias = alias

    def put(self, expression: Node) -> Node:
        """The expression with canonical names (``math``, ``np``, helpers) exchanged."""
        return rewrite(expression, self._exchanged)

    def _exchanged(self, node: Node) -> Node | None:
        if isinstance(node, gast.Attribute) and is_name(node.value, "scipy"):
            return parse(self.alias(f"scipy.{node.attr}"))
        if isinstance(node, gast.Attribute) and is_name(node.value, "math", "cmath", "np"):
            return gast.Attribute(load(self.alias(node.value.id)), node.attr, gast.Load())
        if isinstance(node, gast.Call) and is_name(node.func, *HELPERS):
            return call(load(self.alias(node.func.id)), *map(self.put, node.args))
        return None


HELPERS = frozenset(helpers.__all__)


def check_of(view: str, base: str, modules: Modules, stmt: Node) -> Node:
    """``as_view(view, base)``: a check when running, for the statement that makes the view."""
    check = modules.put(call("as_view", load(view), load(base)))
    check.effect = True
    return with_origin(gast.Expr(check), origin_of(stmt))


def is_array_operation(operation: Operation, result: Kind) -> bool:
    """Whether the operation is one of arrays, or may be."""
    kinds = [getattr(operand, "kind", NOTHING) for _, operand in operation.operands]
    return any(isinstance(kind, (Array, Unknown)) for kind in (*kinds, result))


def partials(
    operation: Operation, operand: int, result: Node, choose: Choose, modules: Modules
) -> Node:
    """``∂y/∂x`` of an elementwise operation, for one of its operands.

    ``choose`` picks one of the forms that the rule lists.
    """
    rule = operation.rule
    assert isinstance(rule, Elementwise)
    name, node = operation.operands[operand]
    forms = rule.partials.get(rule.parameter_of(name), ("0",))
    arrays = is_array_operation(operation, getattr(result, "kind", NOTHING))
    # math takes real numbers.
    complex_ = is_complex(getattr(result, "kind", NOTHING))
    module = operation.module or ("np" if arrays or complex_ else "math")
    values = dict(operation.operands) | operation.options | {"y": result}
    if rule.parameter_of(name) != name:
        values[rule.parameter_of(name)] = node
    everything = [each for _, each in operation.operands]
    plain = all(map(is_name, values.values()))

    def instantiate(form: str) -> Node:
        chosen = _decided(parse(form), values)
        if plain and kinds_in(chosen).isdisjoint((gast.Call, gast.Attribute)):
            return substitute(chosen, values)
        form_here = _Use(values, module, everything, arrays).put(chosen)
        return modules.put(_zero_product(rewrite(form_here, _number)))

    return choose([instantiate(form) for form in forms])


def condition(operation: Operation, operand: int, modules: Modules) -> tuple[Node, bool]:
    """When a choice takes an operand: the condition, and whether it must hold."""
    rule, values = operation.rule, dict(operation.operands) | operation.options
    if isinstance(rule, Elementwise):
        form, holds = rule.chosen[operation.operands[operand][0]], True
    else:
        assert isinstance(rule, Structured)
        assert rule.chosen is not None
        form, holds = rule.chosen(operation.use(NOTHING), operand)
    chosen = _decided(parse(form), values)
    nodes = [each for _, each in operation.operands]
    return modules.put(_Use(values, "np", nodes, arrays=True).put(chosen)), holds


def where(test: Node, holds: bool, value: Node, modules: Modules, *, number: bool = False) -> Node:
    """A derivative that is exactly zero where an operand was not taken.

    That of a number is not computed there: what Python's own numbers divide by may be 0.
    """
    zero = constant(0.0)
    parts = (value, zero) if holds else (zero, value)
    if number:
        return gast.IfExp(test, *parts)
    return modules.put(call("np.where", test, *parts))


def _decided(form: Node, values: dict[str, Node]) -> Node:
    """``e if literal(b) else f``, decided for one use: see :mod:`srcad.rules.table`."""

    def replace(node: Node) -> Node | None:
        if not isinstance(node, gast.IfExp):
            return None
        operand = values.get(node.test.args[0].id)
        holds = operand is not None
        if node.test.func.id == "literal":
            holds = is_number(operand) and not is_zero(operand) if holds else False
        return _decided(node.body if holds else node.orelse, values)

    return form if gast.IfExp not in kinds_in(form) else rewrite(form, replace)


def _number(node: Node) -> Node | None:
    """``0.5`` for ``1.5 - 1``: an order of a function, one lower."""
    if not isinstance(node, gast.BinOp) or not is_number(node.left) or not is_number(node.right):
        return None
    left, right = number_of(node.left), number_of(node.right)
    if isinstance(node.op, gast.Add):
        return constant(left + right)
    return constant(left - right) if isinstance(node.op, gast.Sub) else None


def _zero_product(partial: Node) -> Node:
    """0 for ``0 * a ** -1``: the exponent 0 is a literal."""
    if isinstance(partial, gast.BinOp) and isinstance(partial.op, gast.Mult):
        return partial.left if is_zero(partial.left) else partial
    return partial


@dataclass
class _Use:
    """One use of a rule: what its expressions' names mean there."""

    values: dict[str, Node]
    module: str
    operands: list[Node]
    arrays: bool

    def put(self, form: Node) -> Node:
        """A rule's expression in the names of this use."""
        return rewrite(form, self._replace)

    def _replace(self, node: Node) -> Node | None:
        if isinstance(node, gast.Name):
            return self.values.get(node.id)
        if isinstance(node, gast.Attribute) and is_name(node.value, "m"):
            return gast.Attribute(load(self.module), node.attr, gast.Load())
        if not isinstance(node, gast.Call):
            return None
        if any(isinstance(each, gast.Starred) for each in node.args):
            return gast.Call(self.put(node.func), self.operands, [])
        name = getattr(node.func, "id", None)
        if name == "ties":
            value = self.put(node.args[0])
            equal = [gast.Compare(each, [gast.Eq()], [value]) for each in self.operands]
            # A float from the start: NumPy's bools add up to a bool.
            total = binary(constant(1.0), gast.Mult(), equal[0])
            for each in equal[1:]:
                total = binary(total, gast.Add(), each)
            return total
        if name == "sign":
            x = self.put(node.args[0])
            if self.arrays:
                return call("np.sign", x)
            nonzero = gast.Compare(x, [gast.NotEq()], [constant(0)])
            return call("math.copysign", nonzero, x)
        return None


def is_zero(expression: Node) -> bool:
    """Whether an expression is the literal 0."""
    return is_number(expression) and number_of(expression) == 0


def is_one(expression: Node) -> bool:
    """Whether an expression is the literal 1."""
    return is_number(expression) and number_of(expression) == 1


def times(left: Node, partial: Node) -> Node:
    """``left * partial``, where a partial of 1 or -1 is not written."""
    if is_one(partial):
        return left
    if is_number(partial) and number_of(partial) == -1:
        return negate(left)
    return binary(left, gast.Mult(), partial)


def plus(left: Node | None, right: Node) -> Node:
    """``left + right``, or the right alone."""
    return right if left is None else binary(left, gast.Add(), right)


def keeps_shape(operation: Operation, operand: Node) -> bool:
    """Whether an elementwise operation certainly gives its operand's shape: no other has one."""
    if not isinstance(getattr(operand, "kind", NOTHING), Array):
        return False
    others = [node for _, node in operation.operands if not is_name(node, operand.id)]
    return all(isinstance(getattr(node, "kind", NOTHING), Scalar) for node in others)


def full_axes(expression: Node, operation: Operation, kinds: dict[str, Kind], result: Kind) -> bool:
    """Whether an elementwise tangent certainly has the result's shape."""
    if not isinstance(result, Array) or not result.rank:
        return True
    for _, operand in operation.operands:
        if is_name(operand) and keeps_shape(operation, operand):
            # Its tangent is the only other array in there.
            return any(isinstance(kinds.get(name), Array) for name in names_in(expression))
    return any(same_shape(_axes(kinds.get(name)), result.axes) for name in names_in(expression))


def _axes(kind: Kind | None) -> tuple[str, ...] | None:
    return kind.axes if isinstance(kind, Array) else None


def reduce_to(expression: Node, operand: Node, result: Kind, modules: Modules) -> Node:
    """The sum of an adjoint over the axes along which an operand was broadcast."""
    kind = getattr(operand, "kind", NOTHING)
    if isinstance(kind, Scalar):
        if isinstance(result, Array) and result.rank:
            return call(gast.Attribute(expression, "sum", gast.Load()))
        if not isinstance(result, Unknown):
            return expression
    if isinstance(kind, Array) and isinstance(result, Array):
        if same_shape(kind.axes, result.axes):
            return expression
        extra = result.rank - kind.rank
        tail = result.axes[extra:]
        pairs = zip(kind.axes, tail, strict=True)
        unequal = [n for n, (a, b) in enumerate(pairs) if not same_length(a, b)]
        certain = all(kind.axes[n] == "1" and tail[n][0] != "?" for n in unequal)
        if certain and not unequal:
            first = [constant(n) for n in range(extra)]
            axis: Node = first[0] if extra == 1 else gast.Tuple(first, gast.Load())
            return call(gast.Attribute(expression, "sum", gast.Load()), axis=axis)
        if certain and not extra and len(unequal) == 1:
            return call(
                gast.Attribute(expression, "sum", gast.Load()),
                axis=constant(unequal[0]),
                keepdims=constant(True),
            )
    return call(load(modules.alias("unbroadcast")), expression, operand)
