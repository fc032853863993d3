"""Calls of derivatives as calls of the functions that their code is.

Which code that is, the kinds of the arguments say.  What has been a constant when it was made, is
no argument of it.

>>> import gast
>>> from types import SimpleNamespace
>>> from srcad.analysis.kind import FLOAT
>>> from srcad.api import grad
>>> from srcad.emit import emit
>>> from srcad.functions import source_of
>>> from srcad.lower.resolve import Resolver
>>> from srcad.names import Names
>>> def cube(x):
...     return x * x * x
>>> class Scope:
...     def lookup(self, name): return {"slope": grad(cube)}[name]
>>> body = gast.parse("w1 = slope(y)\\nz = w1 * y").body
>>> body[0].value.args[0].kind = FLOAT
>>> listing = SimpleNamespace(
...     body=body, resolver=Resolver(Scope(), {"w1", "y", "z"}), names=Names({"w1", "y", "z"})
... )
>>> def code_of(derived, kinds):
...     found = derived.generated(kinds)
...     return source_of(found.function), found.kept
>>> print(emit(with_derivatives(listing, code_of)), end="")
w1 = cube_grad(y)
z = w1 * y
"""

from __future__ import annotations

from typing import Any

import gast

from srcad.analysis.expressions import CodeOf
from srcad.analysis.kind import NOTHING, Kind, Nothing, kind_of_value
from srcad.analysis.operation import operation_of
from srcad.functions.derived import Inner, is_derived
from srcad.read import Source
from srcad.tree import Node, copy_node, kinds_in, load, rewrite


def with_derivatives(listing: Any, code_of: CodeOf) -> list[Node]:
    """The body of a listing whose kinds are known; empty if no derivative is called in it."""
    calls = any(gast.Call in kinds_in(stmt) for stmt in listing.body)
    derived = _Derived(listing, code_of)
    body = [rewrite(stmt, derived.called) for stmt in listing.body] if calls else []
    return body if derived.names else []


class _Derived:
    """The generated functions of one listing; no closure, which would keep the listing alive."""

    def __init__(self, listing: Any, code_of: CodeOf) -> None:
        self.listing = listing
        self.code_of = code_of
        self.names: dict[Source, str] = {}

    def called(self, node: Node) -> Node | None:
        """The call of a derivative as one of the function that is generated for it."""
        resolver = self.listing.resolver
        callee = resolver.object_of(node.func) if isinstance(node, gast.Call) else None
        if not is_derived(callee):
            return None
        operation = operation_of(node, resolver)
        assert operation is not None
        assert operation.derived is not None
        operands = [operand for _, operand in operation.operands]
        kinds = tuple(map(_kind_of, operands))
        if any(isinstance(each, Nothing) for each in kinds):
            return None  # no path leads here
        code, kept = self.code_of(operation.derived, kinds)
        if code not in self.names:
            own = node.func.id if isinstance(callee, Inner) else ""
            free = own and own not in resolver.made
            self.names[code] = own if free else self.listing.names.fresh(code.name)
            resolver.made[self.names[code]] = code
        given = code.tree.args
        positional = [*given.posonlyargs, *given.args]
        values = [rewrite(operands[n], self.called) for n in kept]
        return copy_node(
            node,
            func=gast.copy_location(load(self.names[code]), node.func),
            args=values[: len(positional)],
            keywords=[
                gast.keyword(each.id, value)
                for each, value in zip(given.kwonlyargs, values[len(positional) :], strict=True)
            ],
        )


def _kind_of(node: Node) -> Kind:
    """What an argument is; a default has been written out after the kinds were found."""
    if isinstance(node, gast.Constant):
        return kind_of_value(node.value) or NOTHING
    kind: Kind = getattr(node, "kind", NOTHING)
    return kind
