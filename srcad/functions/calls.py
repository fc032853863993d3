"""The expressions of one function: calls of what is known to be a function, made plain."""

from __future__ import annotations

import functools
import types
from collections.abc import Collection, Sequence
from typing import Any

import gast

from srcad.functions.containers import Containers
from srcad.functions.decided import Decided
from srcad.functions.directions import Directions
from srcad.functions.keyed import Keyed
from srcad.functions.meanings import is_function
from srcad.functions.repeated import Repeated
from srcad.functions.values import (
    VALUES,
    Choice,
    Closure,
    Function,
    Gradient,
    Held,
    Known,
    Partial,
    Pullback,
    Several,
    Undecided,
)
from srcad.lower.scopes import COMPREHENSIONS, bound_by, exchanged
from srcad.read import Source
from srcad.rules import Excluded, rule_of
from srcad.tree import Node, constant, copy_node, fresh, is_name, load, walk, with_parts


class Calls(Directions, Repeated, Keyed, Decided, Containers):
    """The rewriting of expressions."""

    # -- expressions -------------------------------------------------------------------------------

    def expr(self, node: Node) -> Node:
        """An expression with its calls made plain."""
        spine: list[Node] = []
        while isinstance(node, gast.BinOp):
            spine.append(node)
            node = node.left
        made = self.inside(node)
        for outer in reversed(spine):
            right = self.expr(outer.right)
            if made is not outer.left or right is not outer.right:
                outer = copy_node(outer, left=made, right=right)
            made = outer
        return made

    def inside(self, node: Node) -> Node:
        """A node's parts."""
        if self.named and (read := self.of_keywords(node)) is not None:
            return read
        if isinstance(node, (gast.Compare, gast.UnaryOp, gast.Call)):
            known = self.decided(node)
            if known is not None:
                return gast.copy_location(constant(known), node)
        if isinstance(node, gast.Call):
            return self.call(node)
        if isinstance(node, gast.BinOp):
            return self.expr(node)
        if is_name(node):
            if isinstance(node.ctx, gast.Load) and node.id in self.env:
                why = "it is used as a value here, and only calls of it are followed"
                instead = "a call of it, or the function itself as an argument of one of yours"
                construct = f"the function `{node.id}`"
                if isinstance(self.env[node.id], Several):
                    construct = f"the functions in `{node.id}`"
                    why = "they are used otherwise here than in a loop, by an index or by a key"
                    instead = "one list, tuple or dict, written out once and not changed"
                self.problems.add(node, construct, why, instead)
            elif node.id in self.named and isinstance(node.ctx, gast.Load):
                why = "which keywords there are is known for each call alone"
                instead = f"`{node.id}['name']`, or `**{node.id}` in a call"
                self.problems.add(node, f"the dict `{node.id}`", why, instead)
            return node
        reads = isinstance(node, gast.Subscript) and isinstance(node.ctx, gast.Load)
        if reads and is_name(node.value) and node.value.id in self.named:
            found = getattr(node.slice, "value", None)
            value = self.named[node.value.id].get(found) if isinstance(found, str) else None
            if value is not None and not isinstance(value, VALUES):
                return gast.copy_location(fresh(value), node)
        if isinstance(node, gast.Lambda):
            why = "it is used as a value here, and only calls of it are followed"
            instead = "a call of it, or the `lambda` as an argument of a function of yours"
            self.problems.add(node, "`lambda`", why, instead)
            return node
        if isinstance(node, COMPREHENSIONS):
            return self.comprehension(node)
        if isinstance(node, gast.IfExp) and (known := self.decided(node.test)) is not None:
            return self.expr(node.body if known else node.orelse)
        outer = self.hoists
        if isinstance(node, (gast.BoolOp, gast.IfExp)):
            self.hoists = False
        made = with_parts(node, self.expr)
        self.hoists = outer
        return made

    def of_keywords(self, node: Node) -> Node | None:
        """`kw.get("k", 1.0)` or `"k" in kw` of a `**kw`, whose keywords are known for each call."""
        if isinstance(node, gast.Compare) and isinstance(node.ops[0], (gast.In, gast.NotIn)):
            (held, *others) = node.comparators
            if others or not is_name(held) or held.id not in self.named:
                return None
            key = getattr(node.left, "value", None)
            if not isinstance(key, str):
                return None
            inside = key in self.named[held.id]
            return gast.copy_location(constant(inside is isinstance(node.ops[0], gast.In)), node)
        owner = getattr(getattr(node, "func", None), "value", None)
        if owner is None or not is_name(owner) or owner.id not in self.named:
            return None
        key = getattr(node.args[0], "value", None) if node.args else None
        if node.func.attr != "get" or node.keywords or not isinstance(key, str):
            return None
        default = node.args[1] if len(node.args) > 1 else constant(None)
        value = self.named[owner.id].get(key)
        if isinstance(value, VALUES) or not isinstance(default, (gast.Name, gast.Constant)):
            return None
        return self.expr(default) if value is None else gast.copy_location(fresh(value), node)

    def comprehension(self, node: Node) -> Node:
        """A comprehension: its variables hide those of the function."""
        loops = [copy_node(each, iter=self.listed(each.iter)) for each in node.generators]
        if any(one.iter is not two.iter for one, two in zip(loops, node.generators, strict=True)):
            node = copy_node(node, generators=loops)
        hidden = bound_by(node) & (self.variables | self.env.keys() | self.free)
        written_out = self.written_out(node)
        if written_out is not None:
            return written_out
        own = {name: self.fresh(name) for name in sorted(hidden)}
        if own:
            renames = {name: load(new) for name, new in own.items()}
            node = _with_own_names(node, renames)
        outer = self.hoists, set(self.variables)
        self.hoists = False
        self.variables |= bound_by(node)
        made = with_parts(
            node,
            lambda part: (
                with_parts(part, self.expr)
                if isinstance(part, gast.comprehension)
                else self.expr(part)
            ),
        )
        self.hoists, self.variables = outer
        return made

    def listed(self, iterable: Node) -> Node:
        """What a comprehension goes over: of `map` and `filter` a list of what they give."""
        if not isinstance(iterable, gast.Call) or iterable.keywords:
            return iterable
        meaning = self.meaning(iterable.func)
        if meaning in (enumerate, zip):
            args = [self.listed(each) for each in iterable.args]
            same = all(one is two for one, two in zip(args, iterable.args, strict=True))
            return iterable if same else copy_node(iterable, args=args)
        if meaning not in (map, filter) or len(iterable.args) < 2 or self.may_write(iterable):
            return iterable
        made = self.generator(iterable, meaning)
        return gast.copy_location(gast.ListComp(made.elt, made.generators), iterable)

    def written_out(self, node: Node) -> Node | None:
        """A comprehension over functions as a list of what it makes of each."""
        (first, *others) = node.generators
        if others or first.ifs or not isinstance(node, (gast.ListComp, gast.GeneratorExp)):
            return None
        rows = self.rows(first.iter)
        names = [each.id for each in getattr(first.target, "elts", [first.target]) if is_name(each)]
        if rows is None or any(len(each) != len(names) for each in rows):
            return None
        own = {name: self.fresh(name) for name in names}
        hoists, self.hoists = self.hoists, False
        made = []
        for row in rows:
            parts: dict[str, Node] = {}
            for name, each in zip(names, row, strict=True):
                parts[name] = load(own[name]) if isinstance(each, VALUES) else each
                if isinstance(each, VALUES):
                    self.env[own[name]] = each
            item = exchanged(fresh(node.elt), parts)
            if isinstance(node, gast.GeneratorExp) and any(self.may_write(n) for n in walk(item)):
                why = "it may write, and may not be gone over to its end"
                self.problems.add(node, "a generator over functions", why, "a list comprehension")
                break
            made.append(self.expr(item))
        self.hoists = hoists
        return gast.copy_location(gast.List(made, gast.Load()), node)

    # -- calls -------------------------------------------------------------------------------------

    def arguments(self, node: Node) -> tuple[list[Any], dict[str, Any]] | None:
        """The arguments of a call: expressions, and functions.  None if they are not known."""
        args: list[Any] = []
        for each in node.args:
            if isinstance(each, gast.Starred):
                if is_name(each.value) and each.value.id in self.star:
                    args += self.star[each.value.id]
                elif isinstance(each.value, (gast.Tuple, gast.List)) and not any(
                    isinstance(e, gast.Starred) for e in each.value.elts
                ):
                    args += [self.argument(e) for e in each.value.elts]
                elif (count := self.count_of(each.value)) is not None:
                    base = each.value
                    args += [
                        gast.Subscript(load(base.id), constant(n), gast.Load())
                        for n in range(count)
                    ]
                else:
                    return None
            else:
                args.append(self.argument(each))
        keywords: dict[str, Any] = {}
        for keyword in node.keywords:
            if keyword.arg is not None:
                keywords[keyword.arg] = self.argument(keyword.value)
            elif is_name(keyword.value) and keyword.value.id in self.named:
                keywords |= self.named[keyword.value.id]
            elif isinstance(keyword.value, gast.Dict) and all(
                isinstance(k, gast.Constant) for k in keyword.value.keys
            ):
                rows = zip(keyword.value.keys, keyword.value.values, strict=True)
                keywords |= {k.value: self.argument(v) for k, v in rows}
            else:
                return None
        return args, keywords

    def argument(self, node: Node) -> Any:
        """An argument: a function, or an expression."""
        value = self.value(node) if not isinstance(node, gast.Tuple) else None
        if value is None and isinstance(node, gast.Tuple) and node.elts:
            value = self.value(node)
        return value if value is not None else self.expr(node)

    def count_of(self, node: Node) -> int | None:
        """How many items a variable has that is assigned once, and is a tuple written out."""
        if not is_name(node) or node.id in self.parameters or node.id not in self.variables:
            return None
        found = [
            stmt.value
            for stmt in self.source.nodes
            if isinstance(stmt, gast.Assign)
            and any(is_name(each) and each.id == node.id for each in stmt.targets)
        ]
        stores = [
            each
            for each in self.source.nodes
            if is_name(each) and each.id == node.id and isinstance(each.ctx, gast.Store)
        ]
        if len(found) != 1 or len(stores) != 1 or not isinstance(found[0], gast.Tuple):
            return None
        starred = any(isinstance(each, gast.Starred) for each in found[0].elts)
        return None if starred else len(found[0].elts)

    def call(self, node: Node) -> Node:
        """A call."""
        if self.is_jvp(node):
            return gast.copy_location(self.along(node), node)
        function = self.value(node.func) if not self.is_plain(node.func) else None
        meaning = self.meaning(node.func)
        if meaning in (sum, max, min) and node.args and isinstance(node.args[0], gast.GeneratorExp):
            generator = node.args[0]  # they go over all of it
            items = gast.ListComp(generator.elt, generator.generators)
            written_out = self.written_out(gast.copy_location(items, generator))
            if written_out is not None:
                return copy_node(node, args=[written_out, *map(self.expr, node.args[1:])])
        if meaning in (sum, max, min) and len(node.args) == 1 and is_name(node.args[0]):
            parts = self.star.get(node.args[0].id, [])
            if parts and not any(isinstance(part, VALUES) for part in parts):
                every = gast.copy_location(gast.Tuple(parts, gast.Load()), node.args[0])
                return copy_node(node, args=[every])
        if meaning in (map, filter) and len(node.args) > 1 and not node.keywords:
            return self.expr(self.generator(node, meaning))
        if meaning is len and len(node.args) == 1 and is_name(node.args[0]):
            held = self.env.get(node.args[0].id)
            if isinstance(held, Several):
                return gast.copy_location(constant(len(held.items)), node)
        if meaning is functools.reduce:
            return self.reduced(node)
        if meaning in (max, min, sorted) and node.keywords:
            made = self.keyed(node, meaning)
            if made is not None:
                return gast.copy_location(made, node) if made is not node else node
        if function is None:
            if isinstance(node.func, gast.Call):
                node = copy_node(node, func=self.expr(node.func))
            elif not is_name(node.func):
                node = copy_node(node, func=with_parts(node.func, self.expr))
            return self.generic(node)
        given = self.arguments(node)
        if given is None:
            why = "which parameters it fills is known only when the function runs"
            self.problems.add(node, "`*` or `**` in a call", why, "the arguments one by one")
            return node
        made = self.applied(function, *given, node)
        return gast.copy_location(made, node) if made is not node else node

    def generic(self, node: Node) -> Node:
        """A call as it stands."""

        def part(each: Node) -> Node:
            if isinstance(each, gast.Starred):
                return each
            return self.expr(each)

        args = [part(each) for each in node.args]
        keywords = [copy_node(k, value=self.expr(k.value)) for k in node.keywords]
        return copy_node(node, args=args, keywords=keywords)

    def applied(
        self, function: Function, args: list[Any], keywords: dict[str, Any], node: Node
    ) -> Node:
        """The call of a function."""
        if isinstance(function, Partial):
            every = {**function.keywords, **keywords}
            return self.applied(function.inner, [*function.args, *args], every, node)
        if isinstance(function, Held):
            if any(isinstance(each, VALUES) for each in [*args, *keywords.values()]):
                self.undecided(node, "a call of this function", "it is an argument of the caller's")
                return node
            named = [gast.keyword(name, value) for name, value in keywords.items()]
            return copy_node(node, func=load(function.name), args=args, keywords=named)
        if isinstance(function, Choice):
            return self.either_of(
                function, lambda each: self.applied(each, args, keywords, node), node
            )
        if isinstance(function, Closure):
            inlined = self.inlined(function, args, keywords)
            if inlined is not None:
                return inlined
            return self.specialised(function, args, keywords, node)
        if isinstance(function, Gradient):
            return self.of_gradient(function, args, keywords, node)
        if isinstance(function, Pullback):
            return self.of_pullback(function, args, keywords, node)
        if isinstance(function, Known):
            target = function.function
            if (getattr(target, "__module__", None) or "").partition(".")[0] == "srcad":
                self.refuse_derivative(node)
                return node
            users = isinstance(target, (types.FunctionType, Source)) and rule_of(target) is None
            if users and self.needs_own(target, args, keywords, node):
                return self.specialised(function, args, keywords, node)
            if any(isinstance(each, VALUES) for each in [*args, *keywords.values()]):
                refusal = _refusal_of(target)
                if refusal is not None:
                    self.problems.add(node, *refusal)
                    return node
            for each in [*args, *keywords.values()]:
                if isinstance(each, VALUES):
                    self.undecided(
                        node,
                        "a function as an argument",
                        "what is called here is not a function of yours",
                    )
                    return node
            func = node.func
            if self.meaning(func) is not target:
                func = load(self.name_for(target, getattr(target, "__name__", "function")))
            if not args and not keywords and not node.args:
                return copy_node(node, func=func)
            return copy_node(
                node,
                func=gast.copy_location(func, node),
                args=args,
                keywords=[gast.keyword(name, value) for name, value in keywords.items()],
            )
        if isinstance(function, Undecided):
            self.undecided(node, "a call of this function", function.why)
        else:
            self.undecided(node, "a call of a tuple", "it is no function")
        return node

    def needs_own(self, target: Any, args: list[Any], keywords: dict[str, Any], node: Node) -> bool:
        """Whether a call of the user's function is of one that is made for it."""
        if any(isinstance(each, VALUES) for each in [*args, *keywords.values()]):
            return True
        code = getattr(target, "__code__", None)
        if code is not None:
            return bool(code.co_flags & 0x0C) or bool(functions_by_default(target, args, keywords))
        given = target.tree.args
        return bool(given.vararg or given.kwarg)


def functions_by_default(
    target: Any, args: Sequence[Any] = (), keywords: Collection[str] = ()
) -> list[str]:
    """The parameters that are functions if a call does not give them."""
    names = target.__code__.co_varnames[: target.__code__.co_argcount]
    defaults = target.__defaults__ or ()
    found = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    found |= target.__kwdefaults__ or {}
    given = {*names[: len(args)], *keywords}
    return [name for name, value in found.items() if name not in given and is_function(value)]


def _with_own_names(node: Node, names: dict[str, Node]) -> Node:
    """A comprehension with its own variables renamed."""
    first, *others = node.generators
    generators = [
        copy_node(
            first,
            target=exchanged(first.target, names),
            ifs=[exchanged(each, names) for each in first.ifs],
        )
    ]
    generators += [exchanged(each, names) for each in others]
    parts = {
        field: exchanged(getattr(node, field), names)
        for field in ("elt", "key", "value")
        if hasattr(node, field)
    }
    return copy_node(node, generators=generators, **parts)


def _refusal_of(function: object) -> tuple[str, str, str] | None:
    """What is said of a library's function that calls another one, if there is more to say."""
    if function is max or function is min:
        construct = f"`key=` in `{getattr(function, '__name__', '')}`"
        why = "which value is the result is decided by another function"
        return construct, why, "a loop that compares, and keeps the best"
    rule = rule_of(function)
    if isinstance(rule, Excluded):
        return f"`{rule.name}(...)`", rule.why, rule.instead
    return None
