"""The expressions of one function: calls of what is known to be a function, made plain."""

from __future__ import annotations

import functools
import types
from typing import Any

import gast

from srcad.errors import Problems, SrcadError
from srcad.functions.binding import Bound, Unfit, bind, defaults_of
from srcad.functions.lifted import LiftedScope, Lifting, with_tree
from srcad.functions.values import (
    VALUES,
    Choice,
    Closure,
    Function,
    Known,
    Partial,
    Several,
    Undecided,
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
    own_nodes,
)
from srcad.read import Source, Unresolved, source_for
from srcad.rules import Excluded, rule_of
from srcad.tree import (
    Node,
    assign,
    constant,
    copy_node,
    fresh,
    is_name,
    load,
    store,
    walk,
    with_parts,
)

# As often one function is made anew, for other functions among its arguments.
MOST = 12
PLAIN = (int, float, str, bool, type(None))


class Calls:
    """The rewriting of expressions."""

    lifting: Lifting
    source: Source
    problems: Problems
    env: dict[str, Function]
    star: dict[str, list[Any]]
    named: dict[str, dict[str, Any]]
    variables: set[str]
    parameters: list[str]
    taken: set[str]
    free: set[str]
    extra: dict[str, object]
    scope: LiftedScope
    before: list[Node]
    hoists: bool
    inlining: list[int]

    def fresh(self, stem: str) -> str:
        raise NotImplementedError

    def closure(self, node: Node, stem: str) -> Closure:
        raise NotImplementedError

    def kept(self, node: Node, stem: str) -> Any:
        raise NotImplementedError

    def block(self, stmts: list[Node]) -> list[Node]:
        raise NotImplementedError

    def may_go_before(self, node: Node) -> bool:
        raise NotImplementedError

    def needs(self, closure: Closure) -> tuple[list[str], Any]:
        raise NotImplementedError

    # -- what an expression stands for -------------------------------------------------------------

    def meaning(self, node: Node) -> object:
        """The object that a free name, or an attribute of a module, stands for; else None."""
        if is_name(node):
            if node.id in self.variables or node.id in self.env:
                return None
            try:
                found = self.scope.lookup(node.id)
            except Unresolved:
                return None
            self.lifting.watch(self.source.scope, node.id, found)
            return found
        if isinstance(node, gast.Attribute):
            base = self.meaning(node.value)
            return getattr(base, node.attr, None) if isinstance(base, types.ModuleType) else None
        return None

    def value(self, node: Node, stem: str = "function") -> Function | None:
        """The function that an expression stands for; None if it is none."""
        from srcad.functions.frame import is_function

        if isinstance(node, gast.Lambda):
            return self.closure(node, stem)
        if is_name(node) and node.id in self.env:
            return self.env[node.id]
        if isinstance(node, (gast.Name, gast.Attribute)):
            found = self.meaning(node)
            return Known(found) if is_function(found) else None
        if isinstance(node, gast.Tuple) and node.elts:
            if all(self.may_be_function(each) for each in node.elts):
                items = [self.value(each, stem) for each in node.elts]
                return Several(tuple(each for each in items if each is not None))
            return None
        if isinstance(node, gast.IfExp):
            if self.may_be_function(node.body) and self.may_be_function(node.orelse):
                test = self.kept(node.test, f"{stem}_test")
                # What belongs to one of them is evaluated for that one only.
                outer, self.hoists = self.hoists, False
                body, orelse = self.value(node.body, stem), self.value(node.orelse, stem)
                self.hoists = outer
                assert body is not None
                assert orelse is not None
                return Choice(test, body, orelse)
            return None
        if isinstance(node, gast.Subscript):
            several = self.value(node.value) if is_name(node.value) else None
            index = node.slice
            number: Any = index.value if isinstance(index, gast.Constant) else None
            if isinstance(several, Several) and number in range(len(several.items)):
                return several.items[int(number)]
            return None
        if isinstance(node, gast.Call):
            if self.meaning(node.func) is functools.partial and node.args:
                inner = self.value(node.args[0], stem)
                if inner is None or any(isinstance(a, gast.Starred) for a in node.args):
                    return None
                args = tuple(self.kept(each, f"{stem}_value") for each in node.args[1:])
                keywords = {k.arg: self.kept(k.value, f"{stem}_{k.arg}") for k in node.keywords}
                return None if None in keywords else Partial(inner, args, keywords)
            return self.returned(node, stem)
        return None

    def may_be_function(self, node: Node) -> bool:
        """Whether an expression stands for a function, without making it."""
        from srcad.functions.frame import is_function

        if isinstance(node, gast.Lambda):
            return True
        if is_name(node) and node.id in self.env:
            return True
        return is_function(self.meaning(node))

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
        if isinstance(node, gast.Call):
            return self.call(node)
        if isinstance(node, gast.BinOp):
            return self.expr(node)
        if is_name(node):
            if isinstance(node.ctx, gast.Load) and node.id in self.env:
                why = "it is used as a value here, and only calls of it are followed"
                instead = "a call of it, or the function itself as an argument of one of yours"
                self.problems.add(node, f"the function `{node.id}`", why, instead)
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
        outer = self.hoists
        if isinstance(node, (gast.BoolOp, gast.IfExp)):
            self.hoists = False
        made = with_parts(node, self.expr)
        self.hoists = outer
        return made

    def comprehension(self, node: Node) -> Node:
        """A comprehension: its variables hide those of the function."""
        hidden = bound_by(node) & (self.variables | self.env.keys() | self.free)
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
        function = self.value(node.func) if not self.is_plain(node.func) else None
        meaning = self.meaning(node.func)
        if meaning in (map, filter) and len(node.args) > 1 and not node.keywords:
            return self.expr(self.generator(node, meaning))
        if meaning is functools.reduce:
            return self.reduced(node)
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

    def is_plain(self, func: Node) -> bool:
        return isinstance(func, gast.Attribute) and self.meaning(func) is None

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
        if isinstance(function, Choice):
            branches = [
                gast.copy_location(self.applied(each, args, keywords, node), node)
                for each in (function.body, function.orelse)
            ]
            return gast.IfExp(function.test, *branches)
        if isinstance(function, Closure):
            inlined = self.inlined(function, args, keywords)
            if inlined is not None:
                return inlined
            return self.specialised(function, args, keywords, node)
        if isinstance(function, Known):
            target = function.function
            if (getattr(target, "__module__", None) or "").partition(".")[0] == "srcad":
                construct = f"`{getattr(target, '__name__', 'srcad')}` inside a function"
                why = "the derivative that it makes is there only when the function runs"
                instead = "the derivative written out, or the derivative of this function's own"
                self.problems.add(node, construct, why, instead)
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

    def undecided(self, node: Node, construct: str, why: str) -> None:
        self.problems.add(
            node,
            construct,
            f"which function is meant is not known: {why}",
            "a call of one function by its name, in each branch",
        )

    def needs_own(self, target: Any, args: list[Any], keywords: dict[str, Any], node: Node) -> bool:
        """Whether a call of the user's function is of one that is made for it."""
        if any(isinstance(each, VALUES) for each in [*args, *keywords.values()]):
            return True
        code = getattr(target, "__code__", None)
        if code is not None:
            return bool(code.co_flags & 0x0C)
        given = target.tree.args
        return bool(given.vararg or given.kwarg)

    def name_for(self, found: object, stem: str) -> str:
        """A name in this function that means an object."""
        for name, other in self.extra.items():
            if other is found:
                return name
        name, number = stem, 2
        while name in self.extra or (name in self.taken and name not in self.free):
            name, number = f"{stem}{number}", number + 1
        self.taken.add(name)
        self.extra[name] = found
        return name

    # -- lambdas of one expression -----------------------------------------------------------------

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
        if any(isinstance(each, VALUES) for each in values.values()):
            return None
        inner = list(walk(node.body))
        if any(isinstance(n, (gast.NamedExpr, gast.Lambda, *COMPREHENSIONS)) for n in inner):
            return None
        simple = not any(isinstance(n, (gast.IfExp, gast.BoolOp)) for n in inner)
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

    # -- functions made for one use ----------------------------------------------------------------

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
        if isinstance(function, Closure):
            own = dict(function.names)
            defaults = {k: renamed(v, own) for k, v in function.defaults.items()}
        else:
            defaults = {
                k: constant(v) if type(v) in PLAIN else Undecided("a default value")
                for k, v in defaults_of(base).items()
            }
            defaults = {
                k: Known(defaults_of(base)[k])
                if isinstance(v, Undecided) and callable(defaults_of(base)[k])
                else v
                for k, v in defaults.items()
            }
        try:
            bound = bind(base.tree.args, args, keywords, defaults)
        except Unfit as unfit:
            self.problems.add(node, f"`{base.name}(...)`", str(unfit), "the arguments it takes")
            return node
        for name, each in bound.values.items():
            if isinstance(each, Undecided):
                why = f"the default value of {name!r} is not a number, a string or None"
                self.problems.add(node, f"`{base.name}(...)`", why, "the argument in the call")
                return node
        functions = [v for v in _all(bound) if isinstance(v, VALUES)]
        captured: list[str] = []
        if isinstance(function, Closure):
            captured += variables_of(function)
        for each in functions:
            captured += variables_of(each)
        outer = list(dict.fromkeys(captured))
        pattern = tuple(outer.index(name) for name in captured)
        shape = tuple(
            key_of(v) if isinstance(v, VALUES) else "variable" for v in bound.values.values()
        )
        stars = tuple(key_of(v) if isinstance(v, VALUES) else "variable" for v in bound.star)
        named = tuple(
            (k, key_of(v) if isinstance(v, VALUES) else "variable") for k, v in bound.named.items()
        )
        key = (key_of(function), tuple(bound.values), shape, stars, named, pattern)
        made = self.lifting.made.get(key)
        if made is None:
            origin = function.node if isinstance(function, Closure) else function.function
            self.lifting.times[id(origin)] = self.lifting.times.get(id(origin), 0) + 1
            if self.lifting.times[id(origin)] > MOST:
                construct = f"`{base.name}(...)` for more than {MOST} functions"
                why = "it is made anew for each of them, perhaps in a recursion without end"
                self.problems.add(node, construct, why, "a number that says what is to be done")
                self.problems.raise_if_any()
            frame = Frame(self.lifting, base)
            made = frame.made_for(self, function, bound, outer, key)
        assert isinstance(made, Source)
        plain = [v for v in _all(bound) if not isinstance(v, VALUES)]
        func = load(self.name_for(made, made.name))
        called = [*plain, *(load(name) for name in outer)]
        return gast.Call(gast.copy_location(func, node), called, [])

    def made_for(
        self, caller: Any, function: Closure | Known, bound: Bound, outer: list[str], key: Any
    ) -> Source:
        """This function, for the functions among its arguments and the variables that it needs."""
        tree = self.source.tree
        for stmt in own_nodes(*tree.body):
            if isinstance(stmt, gast.Nonlocal):
                construct = f"`nonlocal {', '.join(stmt.names)}`"
                why = "a captured variable is handed over at the call, and does not come back"
                instead = (
                    f"a parameter for the old value, and `return` for the new `{stmt.names[0]}`"
                )
                self.problems.add(stmt, construct, why, instead)
        self.problems.raise_if_any()
        own: dict[str, str] = {}
        local = bound_by(tree)
        direct: set[str] = set()
        if isinstance(function, Closure):
            direct = free_names(*tree.body) - local
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
        made_tree.body += [*starts, *self.block(tree.body)]
        self.problems.raise_if_any()
        return made

    # -- functions that are returned ---------------------------------------------------------------

    def returned(self, node: Node, stem: str) -> Function | None:
        """The function that a call of one of the user's returns: its statements, written here."""
        if isinstance(node.func, gast.Call):
            maker = self.returned(node.func, stem)
        else:
            maker = self.value(node.func) if not self.is_plain(node.func) else None
        base: Source | None = None
        if isinstance(maker, Closure) and maker.frame is self and not maker.names:
            base = self.base_of(maker)
        elif isinstance(maker, Known) and isinstance(maker.function, (types.FunctionType, Source)):
            if rule_of(maker.function) is not None:
                return None
            try:
                base = source_for(maker.function)
            except SrcadError:
                return None
        if base is None or base is self.source:
            return None
        *first, last = base.tree.body
        if not isinstance(last, gast.Return) or last.value is None:
            return None
        makes = {each.name for each in first if isinstance(each, gast.FunctionDef)}
        is_made = isinstance(last.value, gast.Lambda) or (
            is_name(last.value) and last.value.id in makes
        )
        if not is_made or not self.may_go_before(node):
            return None
        if not all(isinstance(s, (gast.Assign, gast.FunctionDef, gast.Expr)) for s in first):
            return None
        given = self.arguments(node)
        free = free_names(*base.tree.body) - bound_by(base.tree)
        closed = isinstance(maker, Closure)
        if given is None or (not closed and self.hides(base, free)):
            return None
        defaults = (
            maker.defaults
            if isinstance(maker, Closure)
            else {k: constant(v) for k, v in defaults_of(base).items() if type(v) in PLAIN}
        )
        try:
            bound = bind(base.tree.args, *given, defaults)
        except Unfit:
            return None
        if bound.star or bound.named or base.tree.args.vararg or base.tree.args.kwarg:
            return None
        names = {name: load(self.fresh(f"{stem}_{name}")) for name in sorted(bound_by(base.tree))}
        for name, value in bound.values.items():
            own = names[name].id
            if isinstance(value, VALUES):
                self.env[own] = value
                continue
            self.variables.add(own)
            self.before.append(gast.copy_location(assign(own, value), node))
        body = [_renamed_scope(each, names) for each in base.tree.body]
        for name in bound_by(base.tree) - makes - bound.values.keys():
            self.variables.add(names[name].id)
        outer = self.before
        made = self.block(body[:-1])
        self.before = outer
        self.before += [gast.copy_location(each, node) for each in made]
        return self.value(body[-1].value, stem)

    def hides(self, base: Source, free: set[str]) -> bool:
        """Whether a name of another function would mean something else here."""
        if base.filename != self.source.filename:
            return True
        for name in free:
            if name in self.variables or name in self.env:
                return True
            try:
                if base.scope.lookup(name) is not self.scope.lookup(name):
                    return True
            except Unresolved:
                return True
        return False

    # -- map, filter, reduce -----------------------------------------------------------------------

    def generator(self, node: Node, kind: object) -> Node:
        """`map` and `filter` as the generators that they stand for."""
        func, *iterables = node.args
        names = [self.fresh("item") for _ in iterables]
        target: Node = store(names[0])
        over = iterables[0]
        if len(iterables) > 1:
            target = gast.Tuple([store(each) for each in names], gast.Store())
            over = gast.Call(load("zip"), iterables, [])
        loop = gast.comprehension(target, over, [], 0)
        if kind is map:
            made = gast.Call(func, [load(each) for each in names], [])
        else:
            made = load(names[0])
            is_none = isinstance(func, gast.Constant) and func.value is None
            loop.ifs = [load(names[0]) if is_none else gast.Call(func, [load(names[0])], [])]
        for each in walk(made):
            gast.copy_location(each, node)
        return gast.copy_location(gast.GeneratorExp(made, [loop]), node)

    def reduced(self, node: Node) -> Node:
        """`functools.reduce` as a loop before the statement."""
        function = self.value(node.args[0]) if len(node.args) in (2, 3) else None
        if function is None or node.keywords or not self.may_go_before(node):
            why = "its steps are a loop, which cannot stand here"
            self.problems.add(node, "`reduce`", why, "a `for` loop")
            return node
        values = self.expr(node.args[1])
        if not is_name(values) and not self._is_range(values):
            name = self.fresh("values")
            self.variables.add(name)
            self.before.append(gast.copy_location(assign(name, values), node))
            values = load(name)
        total, each = self.fresh("total"), self.fresh("item")
        self.variables |= {total, each}
        if len(node.args) == 3:
            start = self.expr(node.args[2])
        elif is_name(values):
            start = gast.Subscript(values, constant(0), gast.Load())
            values = gast.Subscript(values, gast.Slice(constant(1), None, None), gast.Load())
        else:
            why = "without a start it begins with the first item, which a `range` may not have"
            self.problems.add(node, "`reduce` over a `range`", why, "a start as third argument")
            return node
        outer = self.before
        self.before = []
        step = self.applied(function, [load(total), load(each)], {}, node)
        body = [*self.before, gast.copy_location(assign(total, step), node)]
        self.before = outer
        self.before.append(gast.copy_location(assign(total, start), node))
        loop = gast.For(store(each), values, body, [], None)
        self.before.append(gast.copy_location(loop, node))
        return load(total)

    def _is_range(self, node: Node) -> bool:
        return isinstance(node, gast.Call) and self.meaning(node.func) is range


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


def _renamed_scope(stmt: Node, names: dict[str, Node]) -> Node:
    """A statement of another function, its variables renamed; names of functions too."""
    made = exchanged(stmt, names)
    if isinstance(made, gast.FunctionDef) and made.name in names:
        made = copy_node(made, name=names[made.name].id)
    return made


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


__all__ = ["Calls"]


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
