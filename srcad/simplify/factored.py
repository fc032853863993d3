"""The adjoint of nested products, nested as they are: Horner's rule for that of a polynomial.

An adjoint that several terms of one line read, and nothing else, stands there once; and then so
does what it is made of.

>>> import gast
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> names = Names()
>>> names.derivatives |= {"u", "v", "w", "x_bar"}
>>> names.temporaries |= {"u", "v", "w"}
>>> text = "u = s * t; v = u * x; w = v * x; x_bar += u * a - 3 * v * b + w * c + w * x * d"
>>> body = gast.parse(text).body
>>> print(emit(factored(body, names, Aliases(body))), end="")
u = s * t
x_bar += u * (a + x * (-3 * b + x * (c + x * d)))
"""

from __future__ import annotations

from collections import Counter

import gast

from srcad.names import Names
from srcad.simplify.aliases import Aliases
from srcad.simplify.flow import read_by, reads_of, written_by
from srcad.simplify.lines import width
from srcad.simplify.products import factors_of, product_of
from srcad.tree import (
    COMPOUND,
    Node,
    assigned,
    binary,
    constant,
    copy_node,
    is_name,
    name_occurrences,
    negate,
    statements_in,
)

# A line longer than this is not made.
WIDTH = 96
# A term of a sum: whether it is taken off, and its factors.
Term = tuple[bool, list[Node]]


def repeats_adjoint(value: Node, names: Names) -> bool:
    """Whether several terms of a sum read one temporary adjoint."""
    if not isinstance(value, gast.BinOp) or not isinstance(value.op, (gast.Add, gast.Sub)):
        return False
    own = [n for n in name_occurrences(value) if n in names.derivatives and n in names.temporaries]
    return len(set(own)) < len(own)


def factored(body: list[Node], names: Names, aliases: Aliases) -> list[Node]:
    """The body with adjoints that one line reads in several terms taken out of these."""
    reads = Counter(name for stmt in statements_in(body) for name in reads_of(stmt))
    writes = Counter(name for stmt in statements_in(body) for name in written_by(stmt))
    return _block(body, names, aliases, reads, writes)


def _block(
    body: list[Node], names: Names, aliases: Aliases, reads: Counter[str], writes: Counter[str]
) -> list[Node]:
    out: list[Node] = []
    for stmt in body:
        if isinstance(stmt, COMPOUND):
            blocks = (_block(b, names, aliases, reads, writes) for b in (stmt.body, stmt.orelse))
            stmt = copy_node(stmt, **dict(zip(("body", "orelse"), blocks, strict=True)))
        elif isinstance(stmt, (gast.Assign, gast.AugAssign)) and repeats_adjoint(stmt.value, names):
            stmt = _line(stmt, out, names, aliases, reads, writes)
        out.append(stmt)
    return out


def _line(
    stmt: Node,
    before: list[Node],
    names: Names,
    aliases: Aliases,
    reads: Counter[str],
    writes: Counter[str],
) -> Node:
    """One line, its terms collected; what they are made of is taken from the lines ``before``."""
    terms = _terms(stmt.value)
    here = Counter(f.id for _, factors in terms for f in factors if is_name(f))
    changed: set[str] = set()
    for place in range(len(before) - 1, -1, -1):
        line = before[place]
        name = assigned(line)
        own = name in names.derivatives and name in names.temporaries and writes[name] == 1
        once = all(sum(is_name(f, name) for f in factors) < 2 for _, factors in terms)
        if own and once and here[name] == reads[name] > 1 and isinstance(line, gast.Assign):
            terms = _collected(terms, name)
            here[name] = reads[name] = 1
            parts = factors_of(line.value)
            if _goes_on(parts, terms, names) and changed.isdisjoint(read_by(line)):
                made = [
                    (m, [g for f in fs for g in (parts if is_name(f, name) else [f])])
                    for m, fs in terms
                ]
                if width(_sum(made)) <= WIDTH:
                    terms = made
                    here.update(f.id for f in parts if is_name(f))
                    del before[place]
                    continue
        changed |= {n for each in statements_in([line]) for n in aliases.written(each)}
    return copy_node(stmt, value=_sum(terms))


def _goes_on(parts: list[Node], terms: list[Term], names: Names) -> bool:
    """Whether what an adjoint is a product of has another adjoint in it, which other terms read."""
    read = {f.id for _, factors in terms for f in factors if is_name(f)} & names.derivatives
    return all(map(_is_plain, parts)) and any(is_name(f) and f.id in read for f in parts)


def _is_plain(factor: Node) -> bool:
    return is_name(factor) or isinstance(factor, gast.Constant)


def _terms(value: Node) -> list[Term]:
    found: list[Term] = []
    pending = [(False, value)]
    while pending:
        minus, node = pending.pop()
        if isinstance(node, gast.BinOp) and isinstance(node.op, (gast.Add, gast.Sub)):
            other = minus != isinstance(node.op, gast.Sub)
            pending += [(other, node.right), (minus, node.left)]
            continue
        factors = factors_of(node)
        while isinstance(factors[0], gast.UnaryOp) and isinstance(factors[0].op, gast.USub):
            minus, factors = not minus, [*factors_of(factors[0].operand), *factors[1:]]
        found.append((minus, factors))
    return found


def _collected(terms: list[Term], name: str) -> list[Term]:
    """The terms with those that have a factor as one."""
    inner: list[Term] = []
    place = -1
    rest: list[Term] = []
    for minus, factors in terms:
        if any(is_name(f, name) for f in factors):
            factor = next(f for f in factors if is_name(f, name))
            place = len(rest) if place < 0 else place
            others = [f for f in factors if f is not factor]
            inner.append((minus, others or [constant(1)]))
        else:
            rest.append((minus, factors))
    rest.insert(place, (False, [factor, _sum(inner)]))
    return rest


def _sum(terms: list[Term]) -> Node:
    (minus, factors), *others = terms
    total = product_of(factors)
    if minus:
        total = product_of([negate(factors[0]), *factors[1:]])
    for minus, factors in others:
        total = binary(total, gast.Sub() if minus else gast.Add(), product_of(factors))
    return total
