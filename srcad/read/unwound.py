"""``finally`` that binds names: its statements before each jump out of the body, and after it.

>>> from srcad.emit import emit
>>> import gast
>>> (stmt,) = gast.parse('''
... try:
...     if x > 1:
...         return x * n
...     y = 1 / x
... finally:
...     n = n + 1
... ''').body
>>> print(emit(unwound(stmt, "result")), end="")
try:
    if x > 1:
        result = x * n
        n = n + 1
        return result
    y = 1 / x
finally:
    pass
n = n + 1
"""

from __future__ import annotations

import gast

from srcad.tree import Node, assign, copy_node, is_name, load, walk

LOOPS = (gast.For, gast.While)
# What raises nothing of numbers.
CALM = (gast.Add, gast.Sub, gast.Mult)


def is_unwound(stmt: Node) -> bool:
    """Whether a `finally` does nothing but to bind names."""
    return bool(stmt.finalbody) and all(map(_binds, stmt.finalbody))


def _binds(stmt: Node) -> bool:
    if isinstance(stmt, gast.Assign):
        targets = stmt.targets
    elif isinstance(stmt, gast.AugAssign):
        targets = [stmt.target]
        if not isinstance(stmt.op, CALM):
            return False
    else:
        return isinstance(stmt, gast.Pass)
    parts = [n for n in walk(stmt.value) if isinstance(n, gast.expr)]
    calm = (gast.Name, gast.Constant, gast.BinOp, gast.UnaryOp)
    plain = all(isinstance(n, calm) for n in parts)
    operators = [n.op for n in parts if isinstance(n, gast.BinOp)]
    return plain and all(map(is_name, targets)) and all(isinstance(o, CALM) for o in operators)


def unwound(stmt: Node, name: str) -> list[Node]:
    """A `try` and what is done after it; ``name`` is free for what is returned."""
    last = stmt.finalbody

    def jump(stmt: Node) -> list[Node]:
        if not isinstance(stmt, gast.Return) or stmt.value is None:
            return [*last, stmt]
        if isinstance(stmt.value, gast.Constant):
            return [*last, stmt]
        kept = gast.copy_location(assign(name, stmt.value), stmt)
        return [kept, *last, copy_node(stmt, value=gast.copy_location(load(name), stmt))]

    def block(stmts: list[Node], *, in_loop: bool) -> list[Node]:
        return [new for each in stmts for new in statement(each, in_loop=in_loop)]

    def statement(stmt: Node, *, in_loop: bool) -> list[Node]:
        left = isinstance(stmt, (gast.Break, gast.Continue)) and not in_loop
        if isinstance(stmt, gast.Return) or left:
            return jump(stmt)
        if isinstance(stmt, gast.FunctionDef):
            return [stmt]
        changes = {}
        for field in ("body", "orelse", "finalbody"):
            inner = getattr(stmt, field, None)
            if isinstance(inner, list):
                inside = in_loop or (field == "body" and isinstance(stmt, LOOPS))
                changes[field] = block(inner, in_loop=inside)
        for field in ("handlers", "cases"):
            parts = getattr(stmt, field, [])
            if parts:
                changes[field] = [copy_node(p, body=block(p.body, in_loop=in_loop)) for p in parts]
        return [copy_node(stmt, **changes) if changes else stmt]

    made = copy_node(
        stmt,
        body=block(stmt.body, in_loop=False),
        handlers=[copy_node(h, body=block(h.body, in_loop=False)) for h in stmt.handlers],
        orelse=block(stmt.orelse, in_loop=False),
        finalbody=[gast.copy_location(gast.Pass(), stmt)],
    )
    return [made, *last]
