"""Real values of variables that are complex on another path.

The adjoint of such a variable is complex also where its value is real: ``s = 0.0`` before a loop
that adds complex numbers has none, but of ``s = x`` a real ``x`` would get a complex derivative.

>>> import gast
>>> from srcad.analysis.kind import FLOAT
>>> body = gast.parse("s = 0.0\\nt = x").body
>>> for node in (n for stmt in body for n in gast.walk(stmt) if isinstance(n, gast.Name)):
...     node.kind = FLOAT
>>> [name for _, name in real_values_of({"s", "t"}, body, {})]
['t']
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

import gast

from srcad.analysis.kind import NOTHING, Kind, is_complex, is_continuous
from srcad.tree import Node, is_name, kinds_in, names_in, statements_in, target_names


def real_values_of(
    names: Set[str], body: list[Node], parameters: Mapping[str, Kind]
) -> Iterator[tuple[Node, str]]:
    """The statements that give one of these variables a real value which may vary."""
    if not names:
        return
    first = body[0]
    for name in sorted(names & parameters.keys()):
        if _is_real(parameters[name]):
            yield first, name
    for stmt in statements_in(body):
        yield from ((stmt, name) for name in _given(stmt) if name in names)


def _given(stmt: Node) -> Iterator[str]:
    """The variables, and the lists, to which a statement gives a real value."""
    value: Node = getattr(stmt, "value", None)
    if isinstance(stmt, gast.Assign):
        (target,) = stmt.targets
        if isinstance(target, gast.Subscript):
            if is_name(target.value) and _varies(value):
                yield target.value.id
        elif is_name(target):
            made = isinstance(value, gast.BinOp) and gast.List in kinds_in(value)  # [0.0] * n
            if names_in(value) and not made and _is_real(getattr(target, "kind", NOTHING)):
                yield target.id
        else:
            yield from target_names(target)
    elif isinstance(stmt, gast.AugAssign) and is_name(getattr(stmt.target, "value", None)):
        if _varies(value):
            yield stmt.target.value.id
    elif isinstance(stmt, gast.Expr):  # t.append(x)
        appended: Node = getattr(getattr(value, "func", None), "value", None)
        if is_name(appended) and any(map(_varies, value.args)):
            yield appended.id


def _varies(node: Node) -> bool:
    return bool(names_in(node)) and _is_real(getattr(node, "kind", NOTHING))


def _is_real(kind: Kind) -> bool:
    return is_continuous(kind) and not is_complex(kind)
