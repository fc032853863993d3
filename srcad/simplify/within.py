"""Statements in the contexts that their user's statements stand in: `with np.errstate(...)`.

>>> from srcad.emit import emit
>>> from srcad.listing import with_origin
>>> from srcad.read import read_module
>>> (source,) = read_module('''
... import numpy as np
... def f(x):
...     with np.errstate(divide="ignore"):
...         y = np.log(x)
...     return y * y
... ''', "example.py").functions
>>> logarithm, product = source.tree.body
>>> import gast
>>> body = gast.parse("y = np.log(x)\\ny_bar = 2 * y\\nx_bar = y_bar / x").body
>>> marked = [with_origin(s, o) for s, o in zip(body, (logarithm, product, logarithm))]
>>> print(emit(within(marked, source.contexts)), end="")
with np.errstate(divide='ignore'):
    y = np.log(x)
y_bar = 2 * y
with np.errstate(divide='ignore'):
    x_bar = y_bar / x
"""

from __future__ import annotations

from collections.abc import Sequence

import gast

from srcad.listing import origin_of
from srcad.read.contexts import Context
from srcad.tree import Comment, Node, blocks_of, copy_node, statements_in


def within(body: list[Node], contexts: Sequence[Context]) -> list[Node]:
    """The statements, those of a context in it."""
    if not contexts:
        return body
    out: list[Node] = []
    place = 0
    while place < len(body):
        context = _outermost(body[place], contexts)
        end = place + 1
        if context is None or context is _ANY:
            out.append(_inside(body[place], contexts))
        else:
            last = place
            while end < len(body) and _outermost(body[end], contexts) in (context, _ANY):
                last = end if _outermost(body[end], contexts) is context else last
                end += 1
            end = last + 1
            inner = [each for each in contexts if each is not context]
            block = [*context.first, *within(body[place:end], inner)]
            out.append(gast.With(list(context.items), block, None))
        place = end
    return out


def with_contexts(
    body: list[Node], contexts: Sequence[Context], *, is_reverse: bool = False
) -> list[Node]:
    """A function's body; what is entered once is so in the forward sweep only."""
    marks = (n for n, s in enumerate(body) if isinstance(s, Comment) and s.text == "reverse sweep")
    place = next(marks, 0 if is_reverse else len(body))
    again = [each for each in contexts if not each.once]
    return [*within(body[:place], contexts), *within(body[place:], again)]


# What belongs to no statement of the user's may stand in any context.
_ANY = Context((), (), (0, 0), (0, 0), once=False)


def _outermost(stmt: Node, contexts: Sequence[Context]) -> Context | None:
    """The context around a statement that holds the others."""
    origin = origin_of(stmt)
    if isinstance(stmt, Comment) and origin is None:
        return None
    if origin is not None and hasattr(origin, "lineno"):
        return next((each for each in contexts if each.holds(origin)), None)
    inside = [each for each in statements_in([stmt]) if each is not stmt]
    found = {id(each): each for s in inside if (each := _outermost(s, contexts)) is not _ANY}
    if not found:
        return None if inside or isinstance(stmt, gast.Return) else _ANY
    return next(iter(found.values())) if len(found) == 1 else None


def _inside(stmt: Node, contexts: Sequence[Context]) -> Node:
    if not list(blocks_of(stmt)):
        return stmt
    blocks = {"body": within(stmt.body, contexts), "orelse": within(stmt.orelse, contexts)}
    return copy_node(stmt, **blocks)
