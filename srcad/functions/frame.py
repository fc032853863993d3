"""The statements of one function, with the functions in it followed."""

from __future__ import annotations

from typing import Any

import gast

from srcad.errors import Problems, UnsupportedError
from srcad.functions.binding import default_nodes, parameters_of
from srcad.functions.branches import Branches
from srcad.functions.calls import Calls
from srcad.functions.handed_back import HandedBack, assigned_outside
from srcad.functions.lifted import STARRED, LiftedScope, Lifting, with_tree
from srcad.functions.order import Order
from srcad.functions.trips import Trips
from srcad.functions.values import (
    VALUES,
    Closure,
    Function,
    Held,
    Undecided,
    is_none,
    key_of,
    parts_of,
    variables_of,
)
from srcad.lower.scopes import assigned_in, body_of, bound_by, free_names
from srcad.lower.validate import validate
from srcad.read import Source
from srcad.tree import Node, assign, blocks_of, copy_node, is_name, load


class Frame(Calls, Order, Trips, HandedBack, Branches):
    """One function that is rewritten, for the functions that it is given."""

    def __init__(self, lifting: Lifting, source: Source) -> None:
        self.lifting = lifting
        lifting.kept.append(self)
        self.source = source
        self.problems = Problems(source)
        self.parameters = [each.id for each in parameters_of(source.tree)]
        self.variables = set(self.parameters) | assigned_in(source.tree.body)
        self.taken = {n.id for n in source.nodes if isinstance(n, gast.Name)} | self.variables
        self.taken |= {n.name for n in source.nodes if isinstance(n, gast.FunctionDef)}
        # The names that are functions here.
        self.env: dict[str, Function] = {}
        self.star: dict[str, list[Any]] = {}
        self.named: dict[str, dict[str, Any]] = {}
        self.extra: dict[str, object] = {}
        self.scope = LiftedScope(source.scope, self.extra, lifting)
        # Names that were those of functions: they are free for what is made of them.
        self.free: set[str] = set()
        self.before: list[Node] = []
        # Parameters that are None, and not bound anew so far.
        self.nones = set()
        self.bound = set(self.parameters)
        self.partly = set()
        self.makers = []
        self.tests = set()
        # The variables that hold what a pullback needs, and nothing else ever.
        self.lasting: set[str] = set()
        self.hoists = True
        # The statement that is rewritten, or the part of it that is run first.
        self.current: Node = source.tree
        self.inlining: list[int] = []
        # The variables that functions in here assign.
        self.assigned_inside = {
            name for each in source.nodes if isinstance(each, gast.Nonlocal) for name in each.names
        }
        lifting.assigns_outside |= bool(self.assigned_inside)
        self.is_made = False

    def whole(self) -> Source:
        """The function that a program starts from: its parameters stay as they are."""
        tree = copy_node(self.source.tree, body=self.block(self.source.tree.body))
        if self.problems:
            self.say_all()
        return with_tree(self.source, tree, self.scope, self.source.function)

    def say_all(self) -> None:
        """Raise all that is wrong with the function, what is not about functions too."""
        if all(each.construct.startswith(STARRED) for each in self.problems.found):
            self.problems.raise_if_any()  # they may be followed as structures
        try:
            validate(self.source)
        except UnsupportedError as error:
            # What is followed here, or where structures are.
            ours = ["a nested `def`", "`lambda`", "`*` in a call", "`**` in a call"]
            ours += ["a dict", "a dict comprehension"]
            self.problems.found += [p for p in error.problems if p.construct not in ours]
        self.problems.raise_if_any()

    def fresh(self, stem: str) -> str:
        """A name that nothing in the function has."""
        name, number = stem, 2
        while name in self.taken:
            name, number = f"{stem}{number}", number + 1
        self.taken.add(name)
        return name

    def item(self, stem: str) -> str:
        """A variable of its own."""
        name = self.fresh(stem)
        self.variables.add(name)
        return name

    # -- what a closure needs ----------------------------------------------------------------------

    def needs(self, closure: Closure) -> tuple[list[str], Any]:
        """The variables that a function in here needs, and the functions, itself apart."""
        names: dict[str, None] = {}
        functions: dict[str, Any] = {}
        pending: list[Any] = [closure]
        seen: set[int] = set()
        while pending:
            value = pending.pop(0)
            if isinstance(value, Closure) and value.frame is self:
                if id(value.node) in seen:
                    continue
                seen.add(id(value.node))
                inside = free_names(*body_of(value.node)) - bound_by(value.node)
                inside |= assigned_outside(value.node) if self.assigned_inside else set()
                for name in sorted(inside):
                    if name in self.env:
                        other = self.env[name]
                        own = isinstance(other, Closure) and other.frame is self
                        functions[name] = id(other.node) if own else key_of(other)
                        pending.append(other)
                    elif name in self.variables:
                        names[name] = None
                for default in value.defaults.values():
                    pending.append(default)
            elif isinstance(value, (Closure, Held, gast.AST)):
                names |= dict.fromkeys(variables_of(value))
            else:
                pending += parts_of(value)
        return list(names), tuple(sorted(functions.items(), key=lambda each: each[0]))

    # -- statements --------------------------------------------------------------------------------

    def block(self, stmts: list[Node]) -> list[Node]:
        """The statements of a block."""
        out: list[Node] = []
        for stmt in stmts:
            outer, self.before = self.before, []
            made = self.statement(stmt)
            for each in self.before + made:
                if not isinstance(each, gast.If):
                    self.bound |= assigned_in([each])
            out += self.before + made
            self.before = outer
        return out

    def statement(self, stmt: Node) -> list[Node]:
        """A statement; what is to be done before it is in ``before``."""
        one_by_one = self.one_by_one(stmt)
        if one_by_one is not None:
            outer = self.before
            made = self.block(one_by_one)
            self.before = outer
            return made
        stmt = self.sorted_in_place(stmt)
        if isinstance(stmt, gast.Nonlocal) and self.is_made:
            return []
        self.hoists = isinstance(
            stmt,
            (gast.Assign, gast.AugAssign, gast.Return, gast.Expr, gast.AnnAssign, gast.FunctionDef),
        )
        self.current = stmt
        if isinstance(stmt, gast.FunctionDef):
            self.define(stmt)
            return []
        if isinstance(stmt, (gast.Assign, gast.AnnAssign)) and stmt.value is not None:
            targets = stmt.targets if isinstance(stmt, gast.Assign) else [stmt.target]
            if all(map(is_name, targets)):
                value = self.value(stmt.value, targets[0].id)
                if value is not None:
                    for each in targets:
                        self.env[each.id] = value
                        self.free.add(each.id)
                    return []
            pair = self.pulled(stmt, targets) or self.pairwise(stmt, targets)
            if pair is not None:
                return pair
        if isinstance(stmt, gast.If):
            return self.branches(stmt)
        if isinstance(stmt, (gast.For, gast.While)):
            return self.loop(stmt)
        returns = isinstance(stmt, gast.Return) and stmt.value is not None
        if returns and self.value(stmt.value) is not None:
            why = "what a function returns to its caller is differentiated as numbers"
            instead = "a call of it here, and `return` for the number"
            self.problems.add(stmt, "a function that is returned", why, instead)
            return [stmt]
        if list(blocks_of(stmt)) or isinstance(stmt, (gast.With, gast.Try, gast.Match)):
            for name in assigned_in([stmt]) & self.env.keys():
                self.env[name] = Undecided("a statement around the call binds it")
        made = self.inside(stmt)
        self.nones -= assigned_in([stmt])
        for name in assigned_in([stmt]):
            self.env.pop(name, None)
            self.star.pop(name, None)
            self.named.pop(name, None)
        if made is not stmt and _does_nothing(made):
            return []
        if made is not stmt:
            made.quoted = stmt
        return [made]

    def pairwise(self, stmt: Node, targets: list[Node]) -> list[Node] | None:
        """`f, g = sin, cos`."""
        target, value = targets[0], stmt.value
        if len(targets) > 1 or not isinstance(target, gast.Tuple):
            return None
        if not isinstance(value, gast.Tuple) or len(value.elts) != len(target.elts):
            return None
        values = [self.value(each) for each in value.elts]
        if any(each is None for each in values) or not all(map(is_name, target.elts)):
            return None
        for each, found in zip(target.elts, values, strict=True):
            assert found is not None
            self.env[each.id] = found
            self.free.add(each.id)
        return []

    def unrolled(self, stmt: Node, rows: list[list[Any]]) -> list[Node]:
        """`for f in (sin, cos)`, or over `*args`: its body, for each."""
        inner = [n for part in stmt.body for n in _own_loop(part)]
        if stmt.orelse or any(isinstance(n, (gast.Break, gast.Continue)) for n in inner):
            why = "the body is written once for each of them"
            construct = "a jump out of a `for` over functions or starred arguments"
            self.problems.add(stmt, construct, why, "an `if` instead")
            return [stmt]
        out: list[Node] = []
        names = [each.id for each in getattr(stmt.target, "elts", [stmt.target])]
        for row in rows:
            for name, each in zip(names, row, strict=True):
                if isinstance(each, VALUES):
                    self.env[name] = each
                    self.free.add(name)
                else:
                    self.env.pop(name, None)
                    out.append(gast.copy_location(assign(name, each), stmt))
            out += self.block(stmt.body)
        return out

    def define(self, node: Node) -> None:
        """A nested `def`."""
        found: Function = self.closure(node, node.name)
        for each in reversed(node.decorator_list):
            made = self.derivative_by(each, found)
            if made is None:
                why = "what a decorator makes of a function is known only when it was called"
                self.problems.add(each, "a decorator of a nested `def`", why, "the plain `def`")
                break
            found = made
        self.env[node.name] = found
        self.free.add(node.name)

    def closure(self, node: Node, stem: str) -> Closure:
        """A function in here; its defaults are evaluated now."""
        defaults = {
            name: self.kept(each, f"{stem}_{name}")
            for name, each in default_nodes(node.args).items()
        }
        self.lifting.kept.append(node)
        return Closure(node, self, defaults)

    def kept(self, node: Node, stem: str) -> Any:
        """A value that is evaluated now and used later."""
        value = self.value(node)
        if value is not None:
            return value
        if isinstance(node, gast.Constant):
            return node
        if is_name(node) and node.id in self.parameters and not self.is_rebound(node.id):
            return node
        if not self.may_go_before(node):
            why = "its values are evaluated where it stands: not always, or after something else"
            self.problems.add(node, "a function that is made here", why, "a `def` before it")
        name = self.fresh(stem)
        self.variables.add(name)
        made = assign(name, self.expr(node))
        self.before.append(gast.copy_location(made, node))
        return load(name)

    def is_rebound(self, name: str) -> bool:
        """Whether a parameter has more than one value."""
        return name in self.assigned_inside or name in assigned_in(self.source.tree.body)


def _own_loop(stmt: Node) -> list[Node]:
    """A statement and those in it, but for what loops inside hold."""
    if isinstance(stmt, (gast.For, gast.While)):
        return [stmt]
    return [stmt, *(n for block in blocks_of(stmt) for part in block for n in _own_loop(part))]


def _does_nothing(stmt: Node) -> bool:
    """`None` as a statement, and `a = a`."""
    if isinstance(stmt, gast.Expr):
        return is_none(stmt.value)
    names = getattr(stmt, "targets", [])
    return len(names) == 1 and is_name(stmt.value) and is_name(names[0], stmt.value.id)
