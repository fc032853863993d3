"""`jvp` and `vjp` inside a function: calls of what pushes tangents on, and pulls adjoints back."""

from __future__ import annotations

from typing import Any

import gast

from srcad.functions.derivatives import Derivatives
from srcad.functions.derived import maker_of
from srcad.functions.values import VALUES, Closure, Gradient, Known, Pullback
from srcad.functions.writes import may_write
from srcad.tree import Node, assign, copy_node, is_name, load

OF_JVP = ("fun", "primals", "tangents")


class Directions(Derivatives):
    """`jvp` and `vjp` among the expressions of a function."""

    def is_jvp(self, node: Node) -> bool:
        """Whether a call is one of `jvp`."""
        found = maker_of(self.meaning(node.func))
        return found is not None and found.what == "jvp"

    def along(self, node: Node) -> Node:
        """`jvp(f, (x,), (v,))` as a call of the function that gives its value and its tangent."""
        given = dict(zip(OF_JVP, node.args, strict=False))
        given |= {each.arg: each.value for each in node.keywords}
        function = self.value(given["fun"]) if given.keys() == set(OF_JVP) else None
        if function is None:
            self.refuse_derivative(node)
            return node
        primals, tangents = (self.items(given[name]) for name in OF_JVP[1:])
        if primals is None or tangents is None or len(primals) != len(tangents):
            why = "its primals and tangents are not written out, one tangent for each primal"
            self.problems.add(node, "`jvp` inside a function", why, "`jvp(f, (x,), (v,))`")
            return node
        maker = maker_of(self.meaning(node.func))
        found = self.base(function, primals, {}, node)
        if found is None or maker is None:
            return node
        base, operands = found
        inner = self.made_inner(base, maker, {"count": len(primals)})
        func = gast.copy_location(load(self.name_for(inner, inner.__name__)), node)
        return gast.Call(func, [*operands, *tangents], [])

    def items(self, node: Node) -> list[Node] | None:
        """The items of a tuple or list that is written out, if they are no functions."""
        if not isinstance(node, (gast.Tuple, gast.List)):
            return None
        found = [self.argument(each) for each in node.elts if not isinstance(each, gast.Starred)]
        plain = len(found) == len(node.elts) and not any(isinstance(e, VALUES) for e in found)
        return found if plain else None

    # -- vjp ---------------------------------------------------------------------------------------

    def pulled(self, stmt: Node, targets: list[Node]) -> list[Node] | None:
        """`value, pullback = vjp(f, x)`: a call of `f`, and what the pullback needs of now."""
        call, target = stmt.value, targets[0]
        maker = maker_of(self.meaning(call.func)) if isinstance(call, gast.Call) else None
        if maker is None or maker.what != "vjp" or len(targets) > 1:
            return None
        two = isinstance(target, gast.Tuple) and len(target.elts) == 2
        if not two or not is_name(target.elts[1]) or not call.args or call.keywords:
            return None
        function = self.value(call.args[0])
        if function is None or any(isinstance(each, gast.Starred) for each in call.args):
            return None
        if self.may_write_arrays():
            why = "an array may be written between its call and that of the pullback"
            self.problems.add(call, "`vjp` inside this function", why, "`grad`, or no writes")
            return [stmt]
        found = self.base(function, [self.now(each) for each in call.args[1:]], {}, call)
        if found is None:
            return [stmt]
        base, operands = found
        operands = [self.now(each) for each in operands]
        pullback = Pullback(base, maker, tuple(operands), len(call.args) - 1)
        name = target.elts[1].id
        self.env[name] = pullback
        self.free.add(name)
        stem = str(getattr(base, "name", None) or getattr(base, "__name__", "function"))
        func = gast.copy_location(load(self.name_for(base, stem)), call)
        value = gast.copy_location(gast.Call(func, operands, []), call)
        return [copy_node(stmt, targets=[target.elts[0]], value=value)]

    def now(self, node: Node) -> Node:
        """A value as it is now, under a name that it keeps."""
        if isinstance(node, gast.Constant) or (
            is_name(node) and node.id in self.parameters and not self.is_rebound(node.id)
        ):
            return node
        if is_name(node) and node.id in self.lasting:
            return node
        name = self.fresh(f"{node.id}_then" if is_name(node) else "primal")
        self.lasting.add(name)
        self.variables.add(name)
        self.before.append(gast.copy_location(assign(name, self.expr(node)), self.current))
        return load(name)

    def may_write_arrays(self) -> bool:
        """Whether this function, or one that it has been given, may write into an array."""
        sources = [self.source]
        for value in self.env.values():
            if isinstance(value, Closure):
                sources.append(value.frame.source)
            elif not isinstance(value, (Gradient, Pullback, Known)):
                return True
        return any(map(may_write, sources))

    def of_pullback(
        self, function: Pullback, args: list[Any], keywords: dict[str, Any], node: Node
    ) -> Node:
        """The call of a pullback: the adjoints of the arguments, in a tuple."""
        if len(args) != 1 or keywords or isinstance(args[0], VALUES):
            why = "it takes one adjoint, of the shape of the value"
            self.problems.add(node, "this call of a pullback", why, "one argument")
            return node
        seeds = self.leaves(args[0])
        options = {"count": function.count, "results": len(seeds)}
        inner = self.made_inner(function.base, function.maker, options)
        func = gast.copy_location(load(self.name_for(inner, inner.__name__)), node)
        return gast.Call(func, [*function.given, *seeds], [])

    def leaves(self, node: Node) -> list[Node]:
        """The items of a tuple that is written out; a value that is none, alone."""
        if not isinstance(node, gast.Tuple):
            return [node]
        return [leaf for each in node.elts for leaf in self.leaves(each)]
