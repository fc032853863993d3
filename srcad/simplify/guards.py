"""Early ends: ``if c: return a`` and ``if c: break`` followed by the rest, not ``else`` around it.

The listing has one way out; generated code is written as people write it.

>>> import gast
>>> from srcad.emit import emit
>>> body = gast.parse('''
... if n == 0:
...     w = 1.0
... else:
...     w = x * x
... return w
... ''').body
>>> body[0].guard = True
>>> print(emit(early_ends(body)), end="")
if n == 0:
    w = 1.0
    return w
w = x * x
return w
"""

from __future__ import annotations

import gast

from srcad.emit import emit
from srcad.listing import origin_of, with_origin
from srcad.simplify.flow import written_by
from srcad.tree import (
    Comment,
    Node,
    assign,
    constant,
    copy_node,
    is_name,
    is_number,
    statements_in,
    substitute,
    target_names,
)


def early_ends(body: list[Node]) -> list[Node]:
    """A function's body with its guards written flat, and no empty branches."""
    if len(body) > 1 and isinstance(body[-1], gast.Return):
        before = body[-2]
        if isinstance(before, gast.If) and getattr(before, "guard", False):
            ended, rest = (
                branch if _raises(branch) else [*branch, _return_from(body[-1], branch)]
                for branch in (before.body, before.orelse)
            )
            head = copy_node(before, body=early_ends(ended), orelse=[])
            return [*_block(body[:-2], None), head, *early_ends(rest)]
    return _block(body, None)


def short_returns(body: list[Node], temporaries: set[str]) -> list[Node]:
    """``return x * y`` for ``w = x * y; return w``, in every branch; no comment that repeats it."""
    out = [
        copy_node(
            stmt,
            body=short_returns(stmt.body, temporaries),
            orelse=short_returns(stmt.orelse, temporaries),
        )
        if isinstance(stmt, (gast.If, gast.For, gast.While))
        else stmt
        for stmt in body
    ]
    while len(out) > 1 and isinstance(out[-1], gast.Return):
        before, last = out[-2], out[-1]
        if isinstance(before, Comment) and f"{before.text}\n" == emit([last]):
            del out[-2]
            continue
        if not isinstance(before, gast.Assign) or len(before.targets) != 1:
            break
        (target,) = before.targets
        if not is_name(target):
            break
        plain = is_number(before.value) or (is_name(before.value) and target.id in temporaries)
        whole = is_name(last.value) and last.value.id == target.id and target.id in temporaries
        if not plain and not whole:
            break
        value = substitute(last.value, {target.id: before.value})
        out[-2:] = [copy_node(last, value=value)]
    return out


def placeholders(body: list[Node], names: set[str], exposed: set[str]) -> list[Node]:
    """The body with the names set to 0.0 on the paths that do not set them.

    What is ``exposed`` the function may read too early: it must fail there, as it would.
    """

    def start(missing: set[str]) -> list[Node]:
        return [
            assign(name, constant(None if name in exposed else 0.0)) for name in sorted(missing)
        ]

    missing = names - _certain(body)
    written = {name for stmt in statements_in(body[:-1]) for name in written_by(stmt)}
    first = start(missing & written)
    missing -= written
    if missing and body and isinstance(body[-1], gast.If):
        last = body[-1]
        branches = [placeholders(each, missing, exposed) for each in (last.body, last.orelse)]
        body = [*body[:-1], copy_node(last, body=branches[0], orelse=branches[1])]
    elif missing:
        inside = {name for stmt in statements_in(body) for name in written_by(stmt)}
        first += start(missing & inside)
        body = [*body, *start(missing - inside)]
    return [*first, *body]


def _certain(body: list[Node]) -> set[str]:
    """The names that a block certainly writes."""
    found: set[str] = set()
    for stmt in body:
        if isinstance(stmt, gast.If):
            found |= _certain(stmt.body) & _certain(stmt.orelse)
        elif isinstance(stmt, gast.Assign):
            found |= {name for target in stmt.targets for name in target_names(target)}
    return found


def _raises(branch: list[Node]) -> bool:
    return bool(branch) and isinstance(branch[-1], gast.Raise)


def _return_from(stmt: Node, branch: list[Node]) -> Node:
    """The return that ends a branch: it comes from the user's own, if the branch ends in one."""
    origin = origin_of(branch[-1]) if branch else None
    return with_origin(copy_node(stmt), origin if isinstance(origin, gast.Return) else None)


def _block(body: list[Node], tail: Node | None) -> list[Node]:
    """A block; ``tail`` is the jump that may end it early (``continue``, in a loop)."""
    out: list[Node] = []
    for position, stmt in enumerate(body):
        last = position == len(body) - 1
        if isinstance(stmt, gast.If):
            out += _if(stmt, tail if last else None)
        elif isinstance(stmt, (gast.For, gast.While)):
            inner = _block(stmt.body, gast.Continue())
            out.append(copy_node(stmt, body=inner or [gast.Pass()]))
        else:
            out.append(stmt)
    return out


def _if(stmt: Node, tail: Node | None) -> list[Node]:
    guard = getattr(stmt, "guard", False)
    body, orelse = _block(stmt.body, tail), _block(stmt.orelse, tail)
    leaves = bool(body) and isinstance(body[-1], (gast.Break, gast.Continue, gast.Raise))
    if guard and leaves:
        return [copy_node(stmt, body=body, orelse=[]), *orelse]
    if guard and tail is not None and not body and len(orelse) > 1:
        return [copy_node(stmt, body=[tail], orelse=[]), *orelse]
    if not body:
        return [copy_node(stmt, test=negated(stmt.test), body=orelse or [gast.Pass()], orelse=[])]
    return [copy_node(stmt, body=body, orelse=orelse)]


OPPOSITE = {gast.Eq: gast.NotEq, gast.NotEq: gast.Eq, gast.Is: gast.IsNot, gast.IsNot: gast.Is}


def negated(test: Node) -> Node:
    """``not test``; equality is turned round (an order is not: NaN is in none)."""
    if isinstance(test, gast.UnaryOp) and isinstance(test.op, gast.Not):
        return test.operand
    if isinstance(test, gast.Compare) and len(test.ops) == 1 and type(test.ops[0]) in OPPOSITE:
        return copy_node(test, ops=[OPPOSITE[type(test.ops[0])]()])
    return gast.UnaryOp(gast.Not(), test)
