"""Variables that are read where no path has given them a value.

Python raises an error there; a derivative that drops the assignment after it would read a global
of that name instead.

>>> import gast
>>> body = gast.parse('''
... for i in range(n):
...     if i > 0:
...         s = s + t
...     t = x * i
... return s * u
... ''').body
>>> [name.id for name in unassigned(body, {"n", "x"}, {"i", "n", "s", "t", "u", "x"})]
['u']
"""

from __future__ import annotations

from collections.abc import Iterator

import gast

from srcad.tree import Node, blocks_of, walk

LOOPS = (gast.For, gast.While)


def unassigned(body: list[Node], given: set[str], variables: set[str]) -> Iterator[Node]:
    """The reads of a function's own variables that no assignment comes before."""
    yield from _block(body, set(given), variables)


def _block(body: list[Node], assigned: set[str], variables: set[str]) -> Iterator[Node]:
    """The reads in a block; what it assigns on some path is added to ``assigned``."""
    for stmt in body:
        if isinstance(stmt, LOOPS):
            assigned |= _stored([stmt])  # a trip reads what an earlier one has assigned
        nodes = [node for part in _own_parts(stmt) for node in walk(part)]
        names = [node for node in nodes if isinstance(node, gast.Name)]
        walruses = {node.target.id for node in nodes if isinstance(node, gast.NamedExpr)}
        read = [node for node in names if isinstance(node.ctx, gast.Load)]
        if isinstance(stmt, gast.AugAssign) and isinstance(stmt.target, gast.Name):
            read.append(stmt.target)
        for each in read:
            if each.id in variables and each.id not in assigned and each.id not in walruses:
                yield each
        assigned |= {node.id for node in names if isinstance(node.ctx, gast.Store)}
        if isinstance(stmt, gast.If):
            other = set(assigned)
            yield from _block(stmt.body, assigned, variables)
            yield from _block(stmt.orelse, other, variables)
            assigned |= other
        else:
            for block in blocks_of(stmt):
                yield from _block(block, assigned, variables)


def _own_parts(stmt: Node) -> list[Node]:
    """The expressions of a statement, those of the statements in it apart."""
    if isinstance(stmt, gast.For):
        return [stmt.iter, stmt.target]
    return [stmt.test] if isinstance(stmt, (gast.If, gast.While)) else [stmt]


def _stored(body: list[Node]) -> set[str]:
    nodes = [node for stmt in body for node in walk(stmt)]
    names = [node for node in nodes if isinstance(node, gast.Name)]
    return {node.id for node in names if isinstance(node.ctx, gast.Store)}
