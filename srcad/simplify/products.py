"""A product that a variable holds is not computed again: ``w̄ * d`` for ``w̄ * a * b``.

>>> import gast
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> names = Names()
>>> names.derivatives |= {"w_bar", "x_bar"}
>>> lines = ["d = a * b", "x_bar = -w_bar * a * x * b", "a[0] = 1", "x_bar -= a * b * w_bar"]
>>> body = [line for text in lines for line in gast.parse(text).body]
>>> kinds = {"d": Array(("a:0",), "f8")}
>>> print(emit(known_products(body, names, kinds, Aliases(body))), end="")
d = a * b
x_bar = -w_bar * d * x
a[0] = 1
x_bar -= a * b * w_bar
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial, reduce

import gast

from srcad.analysis.kind import Array, Kind
from srcad.names import Names
from srcad.simplify.aliases import Aliases
from srcad.simplify.flow import read_by, written_by
from srcad.tree import (
    COMPOUND,
    Node,
    assigned,
    binary,
    copy_node,
    is_name,
    load,
    rewrite,
    statements_in,
)

Known = dict[tuple[str, str], str]


def known_products(
    body: list[Node], names: Names, kinds: Mapping[str, Kind], aliases: Aliases
) -> list[Node]:
    """The body with products of two arrays in the derivatives' lines read where they are held.

    Those lines are marked with what they could read: sums of products are looked at later.
    """
    return _block(body, {}, names, kinds, aliases)


def held_by(stmt: Node, kinds: Mapping[str, Kind]) -> tuple[str, str] | None:
    """The factors in ``d = a * b``, where ``d`` is an array."""
    name = assigned(stmt)
    if not name or not isinstance(stmt, gast.Assign):
        return None
    value = stmt.value
    if not isinstance(value, gast.BinOp) or not isinstance(value.op, gast.Mult):
        return None
    if not isinstance(kinds.get(name), Array):
        return None
    if not is_name(value.left) or not is_name(value.right):
        return None
    left, right = sorted((value.left.id, value.right.id))
    return left, right


def _block(
    body: list[Node], known: Known, names: Names, kinds: Mapping[str, Kind], aliases: Aliases
) -> list[Node]:
    out = []
    for stmt in body:
        kept = known
        if known:
            changed = {n for each in statements_in([stmt]) for n in aliases.written(each)}
            kept = {pair: d for pair, d in known.items() if changed.isdisjoint((*pair, d))}
        if isinstance(stmt, COMPOUND):
            blocks = [
                _block(b, dict(kept), names, kinds, aliases) for b in (stmt.body, stmt.orelse)
            ]
            stmt = copy_node(stmt, body=blocks[0], orelse=blocks[1])
        elif known and _is_derivative(stmt, names):
            stmt = _with_held(stmt, known)
        known = kept
        pair = held_by(stmt, kinds)  # kinds are those of the primal's variables
        if pair is not None and assigned(stmt) not in pair:
            known = {**known, pair: assigned(stmt)}
        out.append(stmt)
    return out


def _with_held(stmt: Node, known: Known) -> Node:
    """A derivative's line that reads the products which are held, and is marked with them."""
    read = read_by(stmt)
    here = {pair: name for pair, name in known.items() if read.issuperset(pair)}
    if not here:
        return stmt
    stmt = copy_node(stmt, value=rewrite(stmt.value, partial(_read, known=here)))
    stmt.held = here
    return stmt


def _is_derivative(stmt: Node, names: Names) -> bool:
    if not isinstance(stmt, (gast.Assign, gast.AugAssign)):
        return False
    return not names.derivatives.isdisjoint(written_by(stmt))


def _read(node: Node, known: Known) -> Node | None:
    """A product with the variable that holds two of its factors in the place of the first."""
    if not isinstance(node, gast.BinOp) or not isinstance(node.op, gast.Mult):
        return None
    factors = factors_of(node)
    here = Counter(each.id for each in factors if is_name(each))
    held = next((p for p in known if not Counter(p) - here), None)
    if held is None:
        return None
    missing = list(held)
    out: list[Node] = []
    for each in factors:
        if is_name(each) and each.id in missing:
            if len(missing) == 2:
                out.append(load(known[held]))
            missing.remove(each.id)
        else:
            out.append(rewrite(each, partial(_read, known=known)))
    return product_of(out)


def factors_of(product: Node) -> list[Node]:
    """The factors of a product, from left to right, those of its factors too."""
    found: list[Node] = []
    pending = [product]
    while pending:
        node = pending.pop()
        if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Mult):
            pending += [node.right, node.left]
        else:
            found.append(node)
    return found


def product_of(factors: list[Node]) -> Node:
    """Their product."""
    return reduce(lambda left, right: binary(left, gast.Mult(), right), factors)
