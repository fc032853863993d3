"""Functions made for one use: with the functions that they are given, and what they capture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast

from srcad.errors import SrcadError
from srcad.functions.binding import PLAIN, Bound, Unfit, bind, defaults_of
from srcad.functions.handed_back import (
    HandedBack,
    assigned_outside,
    returns_value,
    with_values_back,
)
from srcad.functions.lifted import with_tree
from srcad.functions.meanings import is_function
from srcad.functions.returned import Returned
from srcad.functions.values import (
    VALUES,
    Choice,
    Closure,
    Function,
    Known,
    Several,
    is_none,
    key_of,
    renamed,
    variables_of,
)
from srcad.lower.scopes import (
    COMPREHENSIONS,
    assigned_in,
    bound_by,
    exchanged,
    free_names,
)
from srcad.read import Source, source_for
from srcad.tree import Node, assign, constant, copy_node, fresh, is_name, load, walk

# As often one function is made anew, for other functions among its arguments; and as often within
# itself, which a recursion does that hands on another function at each step.
MOST = 100
MOST_WITHIN = 8


class Specialised(Returned, HandedBack):
    """Calls of functions that are made for them."""

    def inlined(self, function: Closure, args: list[Any], keywords: dict[str, Any]) -> Node | None:
        """The expression of a lambda with its arguments put in, where nothing is lost by that."""
        node = function.node
        if not isinstance(node, gast.Lambda) or function.frame is not self or function.names:
            return None
        if node.args.vararg or node.args.kwarg or id(node) in self.inlining:
            return None
        try:
            values = bind(node.args, args, keywords, function.defaults).values
        except Unfit:
            return None
        if any(isinstance(each, VALUES) for each in values.values()) or self.written_by(function):
            return None
        inner = list(walk(node.body))
        if any(isinstance(n, (gast.NamedExpr, gast.Lambda, *COMPREHENSIONS)) for n in inner):
            return None
        # An argument that is no plain name is evaluated where it is used, and that may be too late.
        simple = not any(isinstance(n, (gast.IfExp, gast.BoolOp)) for n in inner)
        simple = simple and not any(self.may_write(n) for n in inner)
        for name, value in values.items():
            uses = sum(is_name(n) and n.id == name for n in inner)
            atom = isinstance(value, (gast.Name, gast.Constant))
            once = uses == 1 and simple and not _may_have_effects(value)
            if not (atom or once):
                return None
        for name in free_names(node.body) - values.keys():
            if name in self.env and id(self.env[name]) == id(function):
                return None
        self.inlining.append(id(node))
        body = self.expr(exchanged(node.body, {n: fresh(v) for n, v in values.items()}))
        self.inlining.pop()
        return body

    def base_of(self, function: Closure | Known) -> Source:
        """The source of a function that is called."""
        if isinstance(function, Known):
            return source_for(function.function)
        key = ("base", id(function.node), id(function.frame))
        if key not in self.lifting.made:
            node, frame = function.node, function.frame
            tree = node
            if isinstance(node, gast.Lambda):
                name = next((n for n, v in frame.env.items() if v is function), "")
                name = name or f"{frame.source.name}_lambda"
                result = gast.copy_location(gast.Return(node.body), node.body)
                tree = gast.FunctionDef(name, node.args, [result], [], None, None, [])
                gast.copy_location(tree, node)
            self.lifting.made[key] = with_tree(frame.source, tree, frame.scope, None)
        found = self.lifting.made[key]
        assert isinstance(found, Source)
        return found

    def specialised(
        self, function: Closure | Known, args: list[Any], keywords: dict[str, Any], node: Node
    ) -> Node:
        """A call of a function that is made for the functions, and the captures, of this call."""
        from srcad.functions.frame import Frame

        try:
            base = self.base_of(function)
        except SrcadError as error:
            self.problems.add(node, "a call of this function", error.msg, "one with source")
            return node
        defaults: dict[str, Any]

        def slot(value: Any) -> Any:
            if isinstance(value, VALUES):
                return key_of(value)
            return "none" if is_none(value) else "variable"

        if isinstance(function, Closure):
            own = dict(function.names)
            defaults = {k: renamed(v, own) for k, v in function.defaults.items()}
        else:
            positional = [*base.tree.args.posonlyargs, *base.tree.args.args]
            given = {*keywords, *(each.id for each in positional[: len(args)])}
            defaults = {
                name: self.default(base, name, value)
                for name, value in defaults_of(base).items()
                if name not in given
            }
        try:
            bound = bind(base.tree.args, args, keywords, defaults)
        except Unfit as unfit:
            self.problems.add(node, f"`{base.name}(...)`", str(unfit), "the arguments it takes")
            return node
        functions = [v for v in _all(bound) if isinstance(v, VALUES)]
        captured: list[str] = []
        if isinstance(function, Closure):
            captured += variables_of(function)
        for each in functions:
            captured += variables_of(each)
        outer = list(dict.fromkeys(captured))
        unsure = self.unsure(outer)
        for place, value in enumerate(args if unsure else []):
            if isinstance(value, Choice) and self.unsure(variables_of(value)):

                def with_one(each: Function, place: int = place) -> Node:
                    return self.specialised(
                        function, [*args[:place], each, *args[place + 1 :]], keywords, node
                    )

                return self.either_of(value, with_one, node)
        if unsure:
            construct = "a function that branches choose"
            names = ", ".join(f"`{each}`" for each in unsure)
            why = f"{names} may have no value where it is handed on with it"
            self.problems.add(node, construct, why, "a value for it before the branches")
            return node
        pattern = tuple(outer.index(name) for name in captured)
        written = [name for each in (function, *functions) for name in self.written_by(each)]
        back = list(dict.fromkeys(written))
        shape = tuple(map(slot, bound.values.values()))
        stars = tuple(map(slot, bound.star))
        named = tuple((k, slot(v)) for k, v in bound.named.items())
        key = (key_of(function), tuple(bound.values), shape, stars, named, pattern)
        made = self.lifting.made.get(key)
        if made is None:
            origin = function.node if isinstance(function, Closure) else function.function
            times = self.lifting.times[id(origin)] = self.lifting.times.get(id(origin), 0) + 1
            if times > MOST or self.makers.count(id(origin)) >= MOST_WITHIN:
                construct = f"`{base.name}(...)` for ever more functions"
                why = "it is made anew for each of them, perhaps in a recursion without end"
                self.problems.add(node, construct, why, "a number that says what is to be done")
                self.problems.raise_if_any()
            frame = Frame(self.lifting, base)
            frame.makers = [*self.makers, id(origin)]
            made = frame.made_for(function, bound, outer, back, key)
        assert isinstance(made, Source)
        plain = [v for v in _all(bound) if not isinstance(v, VALUES)]
        func = load(self.name_for(made, made.name))
        called = [*plain, *(load(name) for name in outer)]
        call = gast.Call(gast.copy_location(func, node), called, [])
        return self.with_back(call, back, returns_value(base.tree.body), node) if back else call

    def unsure(self, names: list[str]) -> list[str]:
        """Of the variables that a chosen function needs those that may have no value here."""
        if not any(isinstance(each, Choice) for each in self.env.values()):
            return []
        return [each for each in names if each in self.partly - self.bound]

    def either_of(self, choice: Choice, call: Callable[[Function], Node], node: Node) -> Node:
        """A call of one of two functions: each has what it needs where it is the one."""
        made = []
        hoists, self.hoists = self.hoists, False
        for each in (choice.body, choice.orelse):
            bound = set(self.bound)
            self.bound |= set(variables_of(each))
            made.append(gast.copy_location(call(each), node))
            self.bound = bound
        self.hoists = hoists
        return gast.IfExp(choice.test, *made)

    def default(self, base: Source, name: str, value: Any) -> Any:
        """A default value: a literal, a function, or the object itself, under a name."""
        if type(value) in PLAIN:
            return constant(value)
        if is_function(value):
            return Known(value)
        return load(self.name_for(value, f"{base.name}_{name}"))

    def made_for(
        self,
        function: Closure | Known,
        bound: Bound,
        outer: list[str],
        handed_back: list[str],
        key: Any,
    ) -> Source:
        """This function, for the functions among its arguments and the variables that it needs."""
        tree = self.source.tree
        outlives = assigned_outside(tree) if isinstance(function, Known) else set()
        for name in sorted(outlives):
            why = "the function assigns it, and what outlives a call has no derivative"
            instead = f"a parameter for the old value, and `return` for the new `{name}`"
            self.problems.add(tree, f"`nonlocal {name}`", why, instead)
        self.problems.raise_if_any()
        self.is_made = True
        own: dict[str, str] = {}
        local = bound_by(tree)
        direct: set[str] = set()
        if isinstance(function, Closure):
            direct = (free_names(*tree.body) | assigned_outside(tree)) - local
        back = (
            {now: name for name, now in function.names.items()}
            if isinstance(function, Closure)
            else {}
        )
        for name in outer:
            # A variable that the body names itself keeps that name; others get one of their own.
            inside = back.get(name, name)
            keeps = inside in direct and inside not in own.values()
            own[name] = inside if keeps else self.fresh(inside)
        self.variables |= set(own.values())
        parameters: list[str] = []
        starts: list[Node] = []

        def entered(name: str, value: Any) -> Any:
            """A parameter: a variable, or a function."""
            if isinstance(value, VALUES):
                return renamed(value, own)
            parameters.append(name)
            self.variables.add(name)
            if is_none(value) and name not in self.assigned_inside:
                self.nones.add(name)
            return load(name)

        for name, value in bound.values.items():
            found = entered(name, value)
            if isinstance(found, VALUES):
                self.env[name] = found
                self.variables.discard(name)
                self.free.add(name)
        if tree.args.vararg is not None:
            name = tree.args.vararg.id
            parts = [
                entered(self.fresh(f"{name}_{n + 1}"), value) for n, value in enumerate(bound.star)
            ]
            rebound = name in assigned_in(tree.body)
            if not rebound:
                self.star[name] = parts
            if rebound or _is_read(tree.body, name):
                if not rebound and parts and all(isinstance(each, VALUES) for each in parts):
                    self.env[name] = Several(tuple(parts))
                else:
                    made = gast.Tuple([e for e in parts if not isinstance(e, VALUES)], gast.Load())
                    starts.append(gast.copy_location(assign(name, made), tree))
        if tree.args.kwarg is not None:
            name = tree.args.kwarg.id
            if name in assigned_in(tree.body):
                why = "which keywords there are is known for each call alone"
                self.problems.add(tree, f"`{name}`, bound anew", why, "another name")
            self.named[name] = {
                k: entered(self.fresh(f"{name}_{k}"), v) for k, v in bound.named.items()
            }
        if isinstance(function, Closure):
            frame = function.frame
            for name in sorted(direct):
                if name in frame.env:
                    value = frame.env[name]
                    names = {n: function.names.get(n, n) for n in variables_of(value)}
                    now = {n: own.get(m, m) for n, m in names.items()}
                    self.env[name] = renamed(value, now)
                    self.free.add(name)
        parameters += [own[name] for name in outer]
        arguments = gast.arguments(
            [gast.Name(each, gast.Param(), None, None) for each in parameters],
            [], None, [], [], None, [],
        )  # fmt: skip
        name = _unused(self.source.name, {each.name for each in self.lifting.sources})
        made_tree = copy_node(
            tree, name=name, args=arguments, body=[], decorator_list=[], returns=None
        )
        made = with_tree(self.source, made_tree, self.scope, None)
        made.__dict__["lifted"] = (made, None)
        self.lifting.made[key] = made
        self.lifting.kept += [self, bound, function]
        self.lifting.sources.append(made)
        # What calls itself finds this one.
        body = self.block(tree.body)
        if handed_back:
            returned = [own[each] for each in handed_back]
            body = with_values_back(body, returned, returns_value(tree.body))
        made_tree.body += [*starts, *body]
        self.problems.raise_if_any()
        return made


def _all(bound: Bound) -> list[Any]:
    return [*bound.values.values(), *bound.star, *bound.named.values()]


def _unused(stem: str, taken: set[str]) -> str:
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}{number}", number + 1
    return name


def _may_have_effects(node: Node) -> bool:
    return any(isinstance(each, (gast.Call, gast.NamedExpr)) for each in walk(node))


def _is_read(body: list[Node], name: str) -> bool:
    """Whether a name is read otherwise than as `*name` in a call."""
    starred = set()
    for stmt in body:
        for node in walk(stmt):
            if isinstance(node, gast.Call):
                starred |= {id(e.value) for e in node.args if isinstance(e, gast.Starred)}
    return any(
        is_name(node) and node.id == name and id(node) not in starred
        for stmt in body
        for node in walk(stmt)
    )
