"""`grad` and its like inside a function: which derivative they make, and the calls of it."""

from __future__ import annotations

from typing import Any

import gast

from srcad.errors import SrcadError
from srcad.functions.derived import Inner, Maker, is_derived, maker_of
from srcad.functions.specialised import Specialised
from srcad.functions.values import (
    VALUES,
    Choice,
    Closure,
    Function,
    Gradient,
    Known,
    Undecided,
)
from srcad.tree import Node, is_name, load

PLAIN = (bool, int, str, type(None))
UNKNOWN = object()


class Derivatives(Specialised):
    """Derivatives among the expressions of a function."""

    # -- what makes a derivative -------------------------------------------------------------------

    def maker(self, node: Node) -> Maker | None:
        """What `grad`, or `grad(mode=...)`, makes derivatives by; None of anything else."""
        if not isinstance(node, gast.Call):
            found = maker_of(self.meaning(node))
            return found if found is None or found.what in ("grad", "value_and_grad") else None
        outer = None if node.args else self.maker(node.func)
        return None if outer is None else self.with_options(outer, node)

    def makes_derivatives(self, node: Node) -> bool:
        """Whether an expression is such a maker."""
        inside = node.func if isinstance(node, gast.Call) and not node.args else node
        found = maker_of(self.meaning(inside))
        return found is not None and found.what in ("grad", "value_and_grad")

    def with_options(self, maker: Maker, node: Node) -> Maker | None:
        """A maker with the options of a call."""
        options: dict[str, Any] = {}
        for each in node.keywords:
            value = self.constant_of(each.value)
            if value is UNKNOWN or each.arg is None:
                construct = f"`{each.arg}=` of `{maker.what}` inside a function"
                why = "which derivative is meant must be known before the function runs"
                self.problems.add(each, construct, why, "a constant")
                return None
            if each.arg == "dump" and value:
                construct, why = "`dump=` inside a function", "the code is part of the function's"
                self.problems.add(
                    each, construct, why, "no option; `.source` of the whole shows it"
                )
                return None
            if each.arg != "dump":
                options[each.arg] = value
        return maker.with_options(options)

    def constant_of(self, node: Node) -> Any:
        """The value of an option."""
        if isinstance(node, gast.Constant):
            return node.value
        if isinstance(node, gast.Tuple):
            items = [self.constant_of(each) for each in node.elts]
            return UNKNOWN if any(each is UNKNOWN for each in items) else tuple(items)
        if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
            value = self.constant_of(node.operand)
            return -value if isinstance(value, int) else UNKNOWN
        if is_name(node):
            found = self.meaning(node)
            if found is not None and isinstance(found, PLAIN):
                return found
        return UNKNOWN

    def derivative(self, node: Node, stem: str) -> Function:
        """The derivative that a call like `grad(f, wrt=1)` makes."""
        maker = self.maker(node.func)
        if maker is None:
            return Undecided("its options are not known")
        maker = self.with_options(maker, node)
        if maker is None:
            return Undecided("its options are not known")
        inner = self.value(node.args[0], stem)
        if inner is None or len(node.args) > 1 or isinstance(inner, Undecided):
            self.refuse_derivative(node)
            return Undecided("what is differentiated is not known")
        return _each(inner, maker)

    def derivative_by(self, decorator: Node, function: Function) -> Function | None:
        """The derivative that a decorator makes of a nested function; None if it is another one."""
        if not self.makes_derivatives(decorator):
            return None
        maker = self.maker(decorator)
        return Undecided("its options are not known") if maker is None else _each(function, maker)

    def refuse_derivative(self, node: Node) -> None:
        """Say that it is not known what is differentiated, or how."""
        found = maker_of(self.meaning(node.func))
        construct = f"`{found.what if found else 'srcad'}` inside a function"
        why = "which function it differentiates is not known before the function runs"
        instead = "it of a function by its name, or of a `lambda`"
        if found is not None and node.args and self.value(node.args[0]) is not None:
            why = "what it makes is used as a value here, and only calls of it are followed"
            instead = "a call of it, or it as an argument of a function of yours"
        self.problems.add(node, construct, why, instead)

    # -- calls of it -------------------------------------------------------------------------------

    def of_gradient(
        self, function: Gradient, args: list[Any], keywords: dict[str, Any], node: Node
    ) -> Node:
        """The call of a derivative: of one that is made here, its captures handed over."""
        found = self.inner(function, args, keywords, node)
        if found is None:
            return node
        inner, given = found
        func = gast.copy_location(load(self.name_for(inner, inner.__name__)), node)
        return gast.Call(func, given, [])

    def inner(
        self, function: Gradient, args: list[Any], keywords: dict[str, Any], node: Node
    ) -> tuple[Inner, list[Node]] | None:
        """The derivative, and what it is called with."""
        found = self.base(function.inner, args, keywords, node)
        if found is None:
            return None
        before = len(self.problems.found)
        options = dict(function.maker.options)
        names = self.parameters_of(function.inner)
        options["wrt"] = self.by_name(options.get("wrt", 0), names, node)
        if len(self.problems.found) > before:
            return None
        base, given = found
        return self.made_inner(base, function.maker, options), given

    def base(
        self, function: Function, args: list[Any], keywords: dict[str, Any], node: Node
    ) -> tuple[Any, list[Node]] | None:
        """What is differentiated, made for its captures, and what it is called with."""
        if isinstance(function, Gradient):
            return self.inner(function, args, keywords, node)
        if any(self.written_by(each) for each in (function, *args, *keywords.values())):
            why = "what it assigns outside itself does not come back through its derivative"
            construct = "the derivative of a function with `nonlocal`"
            self.problems.add(node, construct, why, "a function that returns what it assigns")
            return None
        names = self.parameters_of(function)
        if isinstance(function, Known) and is_derived(function.function):
            plain = not keywords and not any(isinstance(each, VALUES) for each in args)
            if plain and len(args) == len(names or ()):
                return function.function, args
            why = "it was made before, and is not given its arguments one by one"
            instead = "all of its arguments, which are no functions"
            self.problems.add(node, "the derivative of a derivative", why, instead)
            return None
        if not isinstance(function, (Known, Closure)):
            self.refuse_derivative(node)
            return None
        if names is None:
            construct = "the derivative of this function"
            why = "it takes *args or **kwargs, or has no source"
            self.problems.add(node, construct, why, "a function with named parameters")
            return None
        before = len(self.problems.found)
        call = self.specialised(function, args, keywords, node)
        if len(self.problems.found) > before or call is node:
            return None
        return self.extra[call.func.id], call.args

    def made_inner(self, base: Any, maker: Maker, options: dict[str, Any]) -> Inner:
        """The derivative of something: one, however often it is asked for."""
        key = ("inner", id(base), maker, tuple(sorted(options.items())))
        if key not in self.lifting.made:
            self.lifting.made[key] = Inner(base, maker, options)
            self.lifting.kept.append(base)
        found = self.lifting.made[key]
        assert isinstance(found, Inner)
        return found

    def parameters_of(self, function: Function) -> list[str] | None:
        """The parameters of a function as its caller counts them; None where it takes others."""
        while isinstance(function, Gradient):
            function = function.inner
        if isinstance(function, Known) and is_derived(function.function):
            return list(function.function.signature.parameters)
        if not isinstance(function, (Known, Closure)):
            return None
        try:
            given = self.base_of(function).tree.args
        except SrcadError:
            return None
        if given.vararg is not None or given.kwarg is not None:
            return None
        return [each.id for each in [*given.posonlyargs, *given.args, *given.kwonlyargs]]

    def by_name(self, wrt: Any, names: list[str] | None, node: Node) -> Any:
        """The arguments that a derivative is with respect to, by their names."""
        wanted = wrt if isinstance(wrt, tuple) else (wrt,)
        found = []
        for each in wanted:
            position = names is not None and type(each) is int and -len(names) <= each < len(names)
            if names is None or not (position or each in names):
                construct = f"`wrt={wrt!r}`"
                why = "the function that is differentiated has no such parameter"
                self.problems.add(node, construct, why, f"one of {', '.join(names or [])}")
                return wrt
            found.append(names[each] if position else each)
        return tuple(found) if isinstance(wrt, tuple) else found[0]


def _each(function: Function, maker: Maker) -> Function:
    """The derivative of a function; of one of two functions, one of two derivatives."""
    if isinstance(function, Choice):
        return Choice(function.test, _each(function.body, maker), _each(function.orelse, maker))
    return Gradient(function, maker)
