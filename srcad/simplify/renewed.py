"""A new value of an adjoint made of its old one, in the adjoint itself.

``ȳ = 0.5 * ȳ; ...; ȳ += e`` is written for ``w̄ = 0.5 * ȳ; ...; ȳ = w̄ + e``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import gast

from srcad.names import Names
from srcad.simplify import rename
from srcad.simplify.algebra import Style
from srcad.simplify.flow import read_by, reads_of, written_by
from srcad.simplify.tidied import as_augmented, tidied
from srcad.tree import Node, assigned, copy_node, load, substitute


def renewed(
    items: list[Node],
    names: Names,
    reads: Counter[str],
    may_go: Callable[[Node], bool],
    style: Style,
) -> list[Node]:
    """The lines of a group, the first such pair of them written so.

    ``reads`` says how often each variable is read in the whole function, ``may_go`` whether a
    line defines a temporary that may have another name.
    """
    touched: dict[str, int] = {}
    for last, stmt in enumerate(items):
        if isinstance(stmt, gast.Assign) and names.is_adjoint(assigned(stmt)):
            target = stmt.targets[0]
            first = touched.get(target.id)
            if first is not None and may_go(items[first]):
                name = items[first].targets[0].id
                later = items[first + 1 : last + 1]
                added = None
                if _may_take_over(name, target.id, items[first], later, names, reads):
                    value = substitute(stmt.value, {name: load(target.id)})
                    added = as_augmented(stmt, target, value)
                if added is not None:
                    made = copy_node(items[first], targets=[target])
                    between = rename.renamed(later[:-1], {name: target.id})
                    added = tidied(added, names, style)
                    return [*items[:first], made, *between, added, *items[last + 1 :]]
        touched.update(dict.fromkeys(read_by(stmt), last))
        touched.update(dict.fromkeys(written_by(stmt), last))
    return items


def _may_take_over(
    name: str, target: str, made: Node, later: list[Node], names: Names, reads: Counter[str]
) -> bool:
    """Whether a temporary made of an adjoint's old value may have that adjoint's name."""
    if name not in names.derivatives or target not in read_by(made):
        return False
    return sum(reads_of(each).count(name) for each in later) == reads[name]
