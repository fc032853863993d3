"""Sums of products: how a derivative line is tidied and written.

An expression is read as a sum of *terms*, each a coefficient times factors with whole exponents;
like terms are collected and the sum is written again, signs and numbers in front.  Nothing is
distributed, nothing but a literal 0 is dropped, and factors keep their order.

>>> from srcad.emit import text
>>> from srcad.tree import parse
>>> for source in ("-(-s * 2 * a) + 0.5 * a * s", "x * -1 / w ** 2", "y * (1 - y) * 1.0",
...                "-(p * b) - a * q", "s * w * c + s * c * w", "3 * x ** (3 - 1)",
...                "2 * a * b + 2 * (1 - b)"):
...     print(text(tidy(parse(source))))
2.5 * s * a
-x / (w * w)
y * (1 - y)
-(p * b + a * q)
2 * s * w * c
3 * x * x
2 * (a * b + (1 - b))
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import gast

from srcad.analysis.kind import BOOL, INT, Array, Kind, Scalar, Unknown, same_shape
from srcad.tree import (
    Node,
    binary,
    children,
    constant,
    copy_node,
    facts_of,
    is_name,
    is_number,
    key_of,
    negate,
    number_of,
)

Number = int | float


@dataclass
class Factor:
    """A base and its whole exponent."""

    base: Node
    exponent: int


@dataclass
class Term:
    """A coefficient times factors, in the order in which they were met."""

    coefficient: Number = 1
    factors: dict[object, Factor] = field(default_factory=dict)

    def times(self, base: Node, exponent: int = 1) -> None:
        """Multiply by a power of an expression."""
        key = key_of(base)
        if key in self.factors:
            self.factors[key].exponent += exponent
        else:
            self.factors[key] = Factor(base, exponent)

    def cancel(self) -> None:
        """Drop what is 1: what is divided by itself, and powers of 0.

        Not an array that the others may be broadcast to: with a number ``s``, ``w * s / w`` is an
        array.
        """
        for key, factor in [each for each in self.factors.items() if _is_one(each[1])]:
            others = (other.base for k, other in self.factors.items() if k != key)
            axes = axes_of(factor.base)
            if _is_number(factor.base) or any(same_shape(axes_of(each), axes) for each in others):
                del self.factors[key]

    def absorb(self, other: Term, exponent: int = 1) -> None:
        """Multiply by another term, or divide by it."""
        if abs(other.coefficient) == 1:
            self.coefficient *= int(other.coefficient)
        elif exponent == 1:
            self.coefficient *= other.coefficient
        else:
            self.times(constant(other.coefficient), -1)
        for factor in other.factors.values():
            self.times(factor.base, factor.exponent * exponent)

    def signature(self) -> object:
        """What like terms have in common."""
        return frozenset((key, factor.exponent) for key, factor in self.factors.items())


@dataclass(frozen=True)
class Style:
    """How sums are written: for speed, or as the notes write them."""

    powers: bool = False
    """Write ``w ** 2`` rather than ``w * w``."""
    sign_inside: bool = False
    """Write ``a * -b`` rather than ``-a * b``: an adjoint times a partial derivative."""
    floats: bool = False
    """Write ``2.0 * w`` rather than ``2 * w``."""


FAST = Style()
NOTES = Style(powers=True, sign_inside=True)


def terms(expression: Node) -> list[Term]:
    """The expression as a sum of terms, like terms collected; it remembers them.

    Unless it is a factor of its own: then it would hold itself, and outlive its tree.
    """
    if type(expression) is gast.Name:
        return [Term(1, {expression.id: Factor(expression, 1)})]
    facts = facts_of(expression)
    found = facts.terms
    if found is None:
        found = _sum_of(expression)
        if not any(expression is factor.base for factor in found[0].factors.values()):
            facts.terms = found
    return found


def _sum_of(expression: Node) -> list[Term]:
    found = _kept_together(_unspread_terms(_like_terms(_terms(expression))))
    kept = [term for term in found if term.coefficient != 0 or _may_have_array(term)]
    if len(kept) > 2 and any(map(_is_complex, kept)):
        kept = without_complex_zero(kept)
    return kept or [Term(found[0].coefficient if found else 0.0)]


def without_complex_zero(found: list[Term]) -> list[Term]:
    """The terms without ``0j``, which makes a real sum complex: where it is, or goes into such."""
    return [term for term in found if not _is_complex_zero(term)] or found


def _is_complex_zero(term: Term) -> bool:
    values = [getattr(f.base, "value", None) for f in term.factors.values()]
    return len(values) == 1 and isinstance(values[0], complex) and values[0] == 0


def _is_complex(term: Term) -> bool:
    """Whether a term is certainly complex: it has an imaginary number as a factor."""
    values = [getattr(f.base, "value", None) for f in term.factors.values()]
    return any(isinstance(value, complex) and value != 0 for value in values)


def _like_terms(found: Iterable[Term]) -> list[Term]:
    """Like terms collected."""
    collected: dict[object, Term] = {}
    for term in found:
        key = term.signature()
        if key in collected:
            collected[key].coefficient += term.coefficient
        else:
            collected[key] = term
    return list(collected.values())


def _kept_together(found: list[Term]) -> list[Term]:
    """``np.where(c, a, 0.0) + np.where(c, b, 0.0)`` as one, and its value tidied."""
    together: dict[object, list[Term]] = {}
    for term in found:
        (base, *others) = [factor.base for factor in term.factors.values()] or [None]
        if not others and base is not None and kept_value(base) is not None:
            holds = kept_value(base) is base.args[1]
            together.setdefault((key_of(base.args[0]), holds), []).append(term)
    result = list(found)
    for same in together.values():
        wheres = [factor for term in same for factor in term.factors.values()]
        if any(factor.exponent != 1 for factor in wheres):
            continue
        inner = [
            Term(term.coefficient * part.coefficient, part.factors)
            for term, where in zip(same, wheres, strict=True)
            for part in terms(kept_value(where.base))
        ]
        model = wheres[0].base
        value = write(_unspread_terms(_like_terms(inner)))
        arguments = [value if each is kept_value(model) else each for each in model.args]
        merged = Term()
        merged.times(copy_node(model, args=arguments))
        result = [merged if each is same[0] else each for each in result if each not in same[1:]]
    return _either_kept(result)


def _either_kept(found: list[Term]) -> list[Term]:
    """``np.where(c, a, 0.0) + np.where(c, 0.0, b)`` as ``np.where(c, a, b)``."""
    other: dict[object, tuple[int, Term]] = {}
    result: list[Term | None] = list(found)
    for place, term in enumerate(found):
        factors = list(term.factors.values())
        if len(factors) != 1 or factors[0].exponent != 1 or kept_value(factors[0].base) is None:
            continue
        model = factors[0].base
        holds = kept_value(model) is model.args[1]
        earlier, first = other.pop((key_of(model.args[0]), not holds), (0, None))
        if first is None:
            other[key_of(model.args[0]), holds] = (place, term)
            continue
        (before,) = first.factors.values()
        values = [
            tidy(each if coefficient == 1 else binary(constant(coefficient), gast.Mult(), each))
            for each, coefficient in (
                (kept_value(before.base), first.coefficient),
                (kept_value(model), term.coefficient),
            )
        ]
        merged = Term()
        merged.times(copy_node(model, args=[model.args[0], *(values[::-1] if holds else values)]))
        result[earlier], result[place] = merged, None
    return [term for term in result if term is not None]


def kept_value(node: Node) -> Node | None:
    """The value of ``np.where(c, value, 0.0)``, or of ``np.where(c, 0.0, value)``."""
    if not isinstance(node, gast.Call) or len(node.args) != 3:
        return None
    if getattr(node.func, "attr", "") != "where":
        return None
    zeros = [is_number(each) and number_of(each) == 0 for each in node.args[1:]]
    return node.args[1 + zeros[0]] if sum(zeros) == 1 else None


def _terms(expression: Node) -> list[Term]:
    """The terms, in order; a chain of sums is walked down its left side."""
    pending = [(expression, 1)]
    found: list[Term] = []
    while pending:
        node, sign = pending.pop()
        if isinstance(node, gast.BinOp) and isinstance(node.op, (gast.Add, gast.Sub)):
            pending.append((node.right, -sign if isinstance(node.op, gast.Sub) else sign))
            pending.append((node.left, sign))
        elif isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
            pending.append((node.operand, -sign))
        elif isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.UAdd):
            pending.append((node.operand, sign))
        else:
            term = product(node)
            term.coefficient *= sign
            found.append(term)
    return found


def product(node: Node) -> Term:
    """An expression that is no sum, as one term."""
    term = Term()
    pending = [(node, 1)]
    seed = False
    while pending:
        node, exponent = pending.pop()
        if isinstance(node, gast.Name):
            term.times(node, exponent)
        elif is_number(node):
            if abs(number_of(node)) == 1:  # the seed 1.0 does not make 2.0 of 2
                seed = seed or isinstance(number_of(node), float)
                term.coefficient *= int(number_of(node))
            elif exponent == 1:
                term.coefficient *= number_of(node)
            else:
                term.times(node, exponent)
        elif isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
            term.coefficient = -term.coefficient
            pending.append((node.operand, exponent))
        elif isinstance(node, gast.BinOp) and isinstance(node.op, gast.Mult):
            pending.append((node.right, exponent))
            pending.append((node.left, exponent))
        elif isinstance(node, gast.BinOp) and isinstance(node.op, gast.Div):
            pending.append((node.right, -exponent))
            pending.append((node.left, exponent))
        elif isinstance(node, gast.BinOp) and isinstance(node.op, gast.Pow):
            power = _whole(node.right)
            if power is None or power == 0 or abs(power) > 64:
                term.times(folded(node), exponent)
            elif power == 1:
                pending.append((node.left, exponent))
            else:
                inner = terms(node.left)
                if len(inner) == 1 and abs(inner[0].coefficient) == 1:
                    for factor in inner[0].factors.values():
                        term.times(factor.base, factor.exponent * power * exponent)
                    term.coefficient *= inner[0].coefficient ** abs(power)
                else:
                    term.times(tidy(node.left), power * exponent)
        elif isinstance(node, gast.BinOp) and isinstance(node.op, (gast.Add, gast.Sub)):
            inner = terms(node)
            if len(inner) == 1:
                term.absorb(inner[0], exponent)
            elif all(each.coefficient < 0 for each in inner):
                term.coefficient = -term.coefficient
                term.times(tidy(negate(node)), exponent)
            else:
                term.times(tidy(node), exponent)
        else:
            sign, base = without_sign(node)
            if exponent == 1:
                term.coefficient *= sign
                node = base
            term.times(node, exponent)
    was_whole = _is_whole_term(term)
    _unspread(term)
    term.cancel()
    if _is_whole_term(term) and (seed or not was_whole):  # x ** 0 is 1.0
        term.coefficient = float(term.coefficient)
    return term


def without_sign(node: Node) -> tuple[Number, Node]:
    """``-1`` and ``a.sum()`` for ``(-a).sum()``: an array is not negated for its sum."""
    func = getattr(node, "func", None)
    if not isinstance(func, gast.Attribute) or func.attr != "sum" or node.args:
        return 1, node
    if not isinstance(func.value, (gast.UnaryOp, gast.BinOp)):
        return 1, node
    inner = terms(func.value)
    if not all(term.coefficient < 0 for term in inner):
        return 1, node
    positive = write([Term(-term.coefficient, term.factors) for term in inner])
    return -1, copy_node(node, func=copy_node(func, value=positive))


def _is_one(factor: Factor) -> bool:
    """Whether a factor is 1 wherever it is a number."""
    base = factor.base
    power = isinstance(base, gast.BinOp) and isinstance(base.op, gast.Pow)
    return factor.exponent == 0 or (power and literal(base.right) == 0)


def _whole(node: Node) -> int | None:
    """The value of a literal whole exponent, also where a rule left ``3 - 1`` unevaluated."""
    value = literal(node)
    if value is None or value != int(value):
        return None
    return int(value)


def literal(node: Node) -> Number | None:
    """The value of arithmetic on literal numbers."""
    if is_number(node):
        return number_of(node)
    if isinstance(node, gast.BinOp) and isinstance(node.op, (gast.Add, gast.Sub)):
        left, right = literal(node.left), literal(node.right)
        if left is not None and right is not None:
            return left + right if isinstance(node.op, gast.Add) else left - right
    return None


def folded(node: Node) -> Node:
    """A power with its literal exponent evaluated."""
    value = literal(node.right)
    return copy_node(node, right=constant(value)) if value is not None else node


# -- writing ------------------------------------------------------------------------------------


def tidy(expression: Node, style: Style = FAST) -> Node:
    """The expression with like terms collected, written again."""
    return write(terms(expression), style)


def write(sum_of: list[Term], style: Style = FAST) -> Node:
    """A sum of terms as an expression."""
    if len(sum_of) > 1 and all(term.coefficient < 0 for term in sum_of):
        return negate(write([Term(-t.coefficient, t.factors) for t in sum_of], style))
    shared = abs(sum_of[0].coefficient)
    if len(sum_of) > 1 and shared not in (0, 1) and all(_has_number(t, shared) for t in sum_of):
        # 2 * a + 2 * b is written 2 * (a + b).
        inner = [Term(t.coefficient / shared, t.factors) for t in sum_of]
        return binary(constant(_number(shared, style)), gast.Mult(), write(inner, style))
    ordered = sum_of
    if sum_of[0].coefficient < 0:  # a - b rather than -b + a
        first = next((n for n, term in enumerate(sum_of) if term.coefficient > 0), 0)
        ordered = [sum_of[first], *sum_of[:first], *sum_of[first + 1 :]]
    result: Node | None = None
    for term in ordered:
        if result is None:
            result = write_term(term, style)
        elif term.coefficient < 0:
            positive = Term(-term.coefficient, term.factors)
            result = binary(result, gast.Sub(), write_term(positive, style))
        else:
            result = binary(result, gast.Add(), write_term(term, style))
    assert result is not None
    return result


def _has_number(term: Term, number: Number) -> bool:
    """Whether a number stands in front of a term that is a float without it."""
    return abs(term.coefficient) == number and not _is_whole_term(term) and not _has_array(term)


def _is_whole_term(term: Term) -> bool:
    return all(f.exponent > 0 and _is_whole(f.base) for f in term.factors.values())


def write_term(term: Term, style: Style = FAST) -> Node:
    """One term as an expression."""
    above = [f for f in term.factors.values() if f.exponent > 0]
    below = [f for f in term.factors.values() if f.exponent < 0]
    for shape in [f.base for f in term.factors.values() if f.exponent == 0]:
        above.append(Factor(shape, 1))
        below.append(Factor(shape, -1))
    coefficient = term.coefficient
    if not above and not below:
        return constant(coefficient)
    if _is_whole_term(term) and (isinstance(coefficient, float) or coefficient < 0):
        # A derivative is floating point, whatever it is multiplied by.
        factors = [node for f in above for node in _powers(f.base, f.exponent, style)]
        return _chain(constant(float(coefficient)), factors)
    numerators = [node for f in above for node in _powers(f.base, f.exponent, style)]
    denominators = [node for f in below for node in _powers(f.base, -f.exponent, style)]
    negative = coefficient < 0
    size = abs(coefficient)
    arrays = [node for node in numerators if _is_array(node)]
    if not arrays:
        return _write_product(size, numerators, denominators, negative, style)
    scalars = [node for node in numerators if not _is_array(node)]
    several_scalars = len(scalars) + (size != 1) + len(below) > 1
    if several_scalars and not any(_is_array(f.base) for f in below):
        # Numbers first: they are multiplied once, not once for each entry.
        head = _write_product(size, scalars, denominators, negative, style)
        return _chain(head, arrays)
    return _write_product(size, numerators, denominators, negative, style)


def _is_whole(node: Node) -> bool:
    """Whether an expression is an int or a bool, as far as its form tells."""
    if isinstance(node, gast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return name in ("floor", "ceil", "trunc", "round", "int", "len", "bool")
    if isinstance(node, gast.UnaryOp):
        return isinstance(node.op, gast.Not) or _is_whole(node.operand)
    if isinstance(node, gast.BinOp):
        operators = (gast.Add, gast.Sub, gast.Mult, gast.FloorDiv, gast.Mod, gast.BitAnd)
        return isinstance(node.op, operators) and _is_whole(node.left) and _is_whole(node.right)
    if isinstance(node, gast.Constant):
        return isinstance(node.value, int)
    if isinstance(node, gast.Name):
        return getattr(node, "kind", None) in (INT, BOOL)
    return isinstance(node, (gast.Compare, gast.BoolOp))


def _chain(head: Node, factors: list[Node]) -> Node:
    for factor in factors:
        head = binary(head, gast.Mult(), factor)
    return head


def _is_flag(node: Node) -> bool:
    """Whether an expression is a flag, or an array of flags, as far as its form tells."""
    kind: Kind | None = getattr(node, "kind", None)
    if isinstance(kind, Array):
        return kind.dtype == "b1"
    return kind == BOOL or isinstance(node, (gast.Compare, gast.BoolOp))


def _write_product(
    size: Number, numerators: list[Node], denominators: list[Node], negative: bool, style: Style
) -> Node:
    factors = list(numerators)
    has_number = size != 1 or not factors
    if has_number:
        factors.insert(0, constant(_number(size, style)))
    if negative:
        if style.sign_inside and len(factors) > 1 and not denominators and size == 1:
            factors[1] = negate(factors[1])
        else:
            if not has_number and _is_flag(factors[0]):
                factors.insert(0, constant(-1.0))  # NumPy's bools have no negative
            else:
                factors[0] = constant(-_number(size, style)) if has_number else negate(factors[0])
    result = _chain(factors[0], factors[1:])
    if denominators:
        result = binary(result, gast.Div(), _chain(denominators[0], denominators[1:]))
    return result


def _number(value: Number, style: Style) -> Number:
    return float(value) if style.floats else value


def _powers(base: Node, exponent: int, style: Style) -> list[Node]:
    """The factors that a power is written as: ``x * x`` is faster than ``x ** 2``."""
    if exponent == 1:
        return [base]
    if not style.powers and exponent <= 3 and isinstance(base, (gast.Name, gast.Constant)):
        return [base] * exponent
    return [binary(base, gast.Pow(), constant(exponent))]


# -- arrays -------------------------------------------------------------------------------------


def axes_of(node: Node) -> tuple[str, ...] | None:
    """The axes of an elementwise expression, where they are known."""
    kind: Kind | None = getattr(node, "kind", None)
    if isinstance(kind, Array):
        return kind.axes
    if isinstance(node, gast.Name):
        return None
    if isinstance(node, gast.BinOp) and not isinstance(node.op, gast.MatMult):
        left, right = axes_of(node.left), axes_of(node.right)
        return max((a for a in (left, right) if a is not None), key=len, default=None)
    if isinstance(node, gast.Compare):
        found = (axes_of(each) for each in (node.left, *node.comparators))
        return max((a for a in found if a is not None), key=len, default=None)
    if isinstance(node, gast.UnaryOp):
        return axes_of(node.operand)
    return None


def _dtype_of(node: Node) -> str:
    """The dtype of an elementwise expression of arrays, where it is known."""
    kind: Kind | None = getattr(node, "kind", None)
    if isinstance(kind, Array):
        return kind.dtype
    parts = [node.left, node.right] if isinstance(node, gast.BinOp) else []
    parts = [node.operand] if isinstance(node, gast.UnaryOp) else parts
    found = {_dtype_of(part) for part in parts if _is_array(part)}
    return found.pop() if len(found) == 1 else ""


def _is_number(node: Node) -> bool:
    """Whether an expression is surely a number, which has no shape."""
    pending = [node]
    while pending:
        node = pending.pop()
        kind: Kind | None = getattr(node, "kind", None)
        if isinstance(kind, (Array, Unknown)):
            return False
        function = getattr(node, "func", None)
        if isinstance(kind, Scalar) or is_name(getattr(function, "value", None), "math"):
            continue
        parts = (gast.BinOp, gast.UnaryOp, gast.BoolOp, gast.Compare, gast.Name, gast.Constant)
        if not isinstance(node, parts):
            return False
        pending += children(node)
    return True


def _is_array(node: Node) -> bool:
    axes = axes_of(node)
    if axes is not None:
        return bool(axes)
    return isinstance(node, gast.Call) and isinstance(getattr(node, "kind", None), Array)


def _has_array(term: Term) -> bool:
    bases = [factor.base for factor in term.factors.values()]
    return any(_is_array(base) or spread_value(base) is not None for base in bases)


def _may_have_array(term: Term) -> bool:
    """Whether a term is an array for all that is known: ``ȳ.sum(axis=0)`` may well be one."""
    bases = [factor.base for factor in term.factors.values()]
    return _has_array(term) or not all(map(_is_number, bases))


def _unspread(term: Term) -> None:
    """A number spread over an array is a number where the array is a factor anyway."""
    calls = [each for each in term.factors.items() if isinstance(each[1].base, gast.Call)]
    for key, factor in calls:
        inner = spread_value(factor.base)
        if inner is None or factor.exponent != 1:
            continue
        value, like = inner
        axes = axes_of(like)
        others = [f.base for k, f in term.factors.items() if k != key and f.exponent]
        if axes is not None and any(
            same_shape(axes_of(other), axes) and _dtype_of(other) == _dtype_of(like)
            for other in others
        ):
            del term.factors[key]
            found = terms(value)
            if len(found) == 1:
                term.absorb(found[0])
            else:
                term.times(value)


def _unspread_terms(found: list[Term]) -> list[Term]:
    """A number spread over an array is a number where another term is such an array anyway."""
    result = []
    for term in found:
        (base, *others) = [factor.base for factor in term.factors.values()] or [None]
        inner = None if others or base is None else spread_value(base)
        if inner is not None:
            value, axes = inner[0], axes_of(inner[1])
            arrays = (f.base for t in found if t is not term for f in t.factors.values())
            if axes is not None and any(same_shape(axes_of(each), axes) for each in arrays):
                plain = terms(value)
                result += [Term(term.coefficient * t.coefficient, t.factors) for t in plain]
                continue
        result.append(term)
    return _like_terms(result)


def spread_value(node: Node) -> tuple[Node, Node] | None:
    """The value and the model of ``np.full_like(model, value)`` and of a broadcast."""
    if not isinstance(node, gast.Call) or not isinstance(node.func, gast.Attribute):
        return None
    if node.func.attr == "full_like" and len(node.args) == 2:
        return node.args[1], node.args[0]
    if node.func.attr == "broadcast_to" and len(node.args) == 2:
        shape = node.args[1]
        if isinstance(shape, gast.Attribute) and shape.attr == "shape":
            return node.args[0], shape.value
    return None
