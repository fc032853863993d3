"""The user's own line where it was kept, a comment with it where it was not."""

from __future__ import annotations

from collections import Counter

import gast

from srcad.analysis.kind import Array
from srcad.emit import one_line
from srcad.listing import origin_of, with_origin
from srcad.names import Names
from srcad.simplify.flow import read_by, reads_of, written_by
from srcad.tree import (
    Comment,
    Node,
    binary,
    blocks_of,
    copy_node,
    is_name,
    kinds_in,
    names_in,
    own_parts,
    popped_list,
    walk,
)


def presented(
    items: list[Node], origin: Node | None, names: Names, reads: Counter[str]
) -> list[Node]:
    """The lines that come from one of the user's, with that line.

    ``reads`` says how often each variable is read in the whole function.
    """
    if origin is None or not items or not hasattr(origin, "lineno"):
        return items
    verbatim = is_whole(items, origin, names, reads)
    if verbatim:
        primal = primal_places(items)
        whole = with_origin(_as_it_runs(origin, items[primal[0]]), origin)
        whole.primal = True
        items = [*items[: primal[0]], whole, *items[primal[-1] + 1 :]]
    if verbatim or isinstance(origin, (gast.For, gast.While, gast.If)):
        return items
    if len(items) == 1 and isinstance(items[0], gast.Return):
        return items
    if len(items) == 1 and one_line(items[0]) == one_line(_plain(origin)):
        return items
    if isinstance(origin, gast.Return) and is_name(origin.value):
        return items
    # What was made of the user's line for the functions in it is not what the user wrote.
    line = getattr(origin, "quoted", origin)
    return [with_origin(Comment(one_line(_plain(line))), origin), *items]


def quoted_once(body: list[Node]) -> list[Node]:
    """The body without a comment where the line that it quotes is that of the one before."""
    return _quoted_once(body, [None])


def _quoted_once(body: list[Node], last: list[Node | None]) -> list[Node]:
    out: list[Node] = []
    for stmt in body:
        origin = origin_of(stmt)
        if isinstance(stmt, Comment):
            if origin is not None and origin is last[0]:
                continue
            last[0] = origin
        elif isinstance(stmt, gast.Pass) or (origin is not None and origin is not last[0]):
            last[0] = None  # another line of the user's, or the other sweep
        if list(blocks_of(stmt)):
            blocks = {field: _quoted_once(getattr(stmt, field), last) for field in BLOCKS}
            stmt = copy_node(stmt, **blocks)
        out.append(stmt)
    return out


BLOCKS = ("body", "orelse")


def _as_it_runs(origin: Node, primal: Node) -> Node:
    """The user's statement; ``x = x + e`` for ``x += e`` where it makes a new array."""
    if isinstance(origin, gast.AugAssign) and isinstance(getattr(primal, "held", None), Array):
        value = binary(copy_node(origin.target, ctx=gast.Load()), origin.op, origin.value)
        return gast.Assign([origin.target], value, None)
    return _plain(origin)


def is_whole(items: list[Node], origin: Node | None, names: Names, reads: Counter[str]) -> bool:
    """Whether the primal statements of a group are all of the user's statement."""
    primal = primal_places(items)
    if not primal or primal != list(range(primal[0], primal[-1] + 1)):
        return False
    if not isinstance(origin, (gast.Assign, gast.AugAssign, gast.AnnAssign)):
        return False
    conditional = {gast.NamedExpr, gast.IfExp, gast.BoolOp}
    if not all(conditional.isdisjoint(kinds_in(part)) for part in own_parts(origin)):
        return False
    stmts = [items[n] for n in primal]
    others = (stmt for stmt in items if not getattr(stmt, "primal", False))
    if any(getattr(getattr(stmt, "value", None), "effect", False) for stmt in others):
        return False  # the user's line calls what has been called here, and has written
    if any(isinstance(stmt, gast.Expr) for stmt in stmts):
        return False  # one of several items that the user's statement adds to a list
    if any(hasattr(stmt, "pair") or getattr(stmt, "changed", False) for stmt in stmts):
        return False  # the call of a forward sweep, or a list in place of an array
    written = {name for stmt in stmts for name in written_by(stmt)}
    temporaries = {n for n in written if n in names.temporaries}
    read = {n for stmt in stmts for n in read_by(stmt)} & names.temporaries
    if not read <= written:
        return False  # a value that was computed otherwise: by the call of a tangent
    own = Counter([name for stmt in stmts for name in reads_of(stmt)]) if temporaries else {}
    if any(reads[name] != own[name] for name in temporaries):
        return False
    targets = getattr(origin, "targets", None) or [origin.target]
    parts = [leaf for target in targets for leaf in _leaves(target)]
    wanted = {n for part in parts for n in names_in(part.value if _is_part(part) else part)}
    if wanted != written - temporaries:
        return False
    indices = names_in(*(part.slice for part in parts if _is_part(part)))
    values = names_in(origin.value) | indices
    read = {n for stmt in stmts for n in read_by(stmt)}
    # A version has the user's name in the user's line, which is another array's here.
    return values <= read | _functions(origin) and read.isdisjoint(names.versions)


def _leaves(target: Node) -> list[Node]:
    """The names and the parts of arrays that a target writes."""
    if isinstance(target, (gast.Tuple, gast.List)):
        return [leaf for each in target.elts for leaf in _leaves(each)]
    return [target.value if isinstance(target, gast.Starred) else target]


def _is_part(target: Node) -> bool:
    return isinstance(target, gast.Subscript)


def primal_places(items: list[Node]) -> list[int]:
    """Where the statements of the primal are in a group."""
    return [n for n, stmt in enumerate(items) if getattr(stmt, "primal", False)]


def _functions(origin: Node) -> set[str]:
    """Names that the user's statement calls or that are modules: they are there in any case."""
    found: set[str] = set()
    for node in walk(origin.value):
        if isinstance(node, gast.Call) and not popped_list(node):
            found |= names_in(node.func)
        if isinstance(node, gast.Attribute) and node.attr != "pop":
            found |= names_in(node.value)
    return found


def _plain(origin: Node) -> Node:
    """The user's statement as it is quoted: an annotation is left out."""
    if isinstance(origin, gast.AnnAssign) and origin.value is not None:
        return gast.Assign([origin.target], origin.value, None)
    return origin
