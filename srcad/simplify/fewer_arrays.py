"""What a derivative makes of arrays, with fewer arrays made on the way.

Adjoints that several terms read are taken out of these (:mod:`srcad.simplify.factored`), products
that a variable holds are read there (:mod:`srcad.simplify.products`), sums of products are
contracted (:mod:`srcad.simplify.contracted`), and what is not read again is changed in place
(:mod:`srcad.simplify.in_place`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import gast

from srcad.analysis.kind import Kind
from srcad.listing import origin_of
from srcad.names import Names
from srcad.simplify.aliases import Aliases
from srcad.simplify.contracted import contracted, sums_product
from srcad.simplify.extents import Extents
from srcad.simplify.factored import factored, repeats_adjoint
from srcad.simplify.in_place import in_place, renews
from srcad.simplify.products import held_by, known_products
from srcad.tree import COMPOUND, Comment, Node, assigned, copy_node, statements_in


def with_fewer_arrays(
    body: list[Node],
    names: Names,
    kinds: Mapping[str, Kind],
    parameters: Collection[str],
    numpy: Callable[[], str],
) -> list[Node]:
    """The body of a derivative after these passes; ``numpy`` gives the name of that module."""
    # What the reverse sweep computes again is of the same kind.
    again = {own: kinds[first] for own, first in names.twins.items() if first in kinds}
    kinds = {**kinds, **again}
    holds = sums = renewed = repeats = False
    products: set[str] = set()
    for stmt in statements_in(body):
        if not isinstance(stmt, (gast.Assign, gast.AugAssign)):
            continue
        name, value = assigned(stmt), stmt.value
        if name and name not in names.derivatives:
            holds = holds or held_by(stmt, kinds) is not None
            continue
        if isinstance(value, gast.BinOp):
            if isinstance(value.op, gast.Mult):
                products.add(name)
            renewed = renewed or renews(name, value)
            repeats = repeats or repeats_adjoint(value, names)
        sums = sums or sums_product(value, products)
    if not (holds or sums or renewed or repeats):
        return body
    aliases = Aliases(body, names.overlapping())
    if repeats:
        body = factored(body, names, aliases)
    if holds:
        body = known_products(body, names, kinds, aliases)
    if sums or renewed:
        extents = Extents(body, kinds, names.derivatives)
        if sums:
            body = contracted(body, names, extents, aliases, numpy)
        body = in_place(body, names, extents, aliases, parameters)
    return _without_empty(body)


def _without_empty(body: list[Node]) -> list[Node]:
    """The lines without quotations of which no line is left."""
    out: list[Node] = []
    for place, stmt in enumerate(body):
        if isinstance(stmt, COMPOUND):
            blocks = _without_empty(stmt.body), _without_empty(stmt.orelse)
            stmt = copy_node(stmt, body=blocks[0], orelse=blocks[1])
        elif isinstance(stmt, Comment) and origin_of(stmt) is not None:
            following = body[place + 1] if place + 1 < len(body) else None
            if following is None or isinstance(following, Comment):
                continue
        out.append(stmt)
    return out
