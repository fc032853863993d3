"""Forward mode: listing to tangent listing.

Each active statement ``w = f(u, v)`` is followed by ``ẇ = ∂f/∂u · u̇ + ∂f/∂v · v̇``, or preceded
by it where it reads a value that the statement overwrites.  Control flow stays as it is.  A
tangent that is known to be zero is not written; it is set to ``0.0`` only where another path or
another trip gives it a value.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import gast

from srcad.analysis.activity import active_variables, differentiable_operands
from srcad.analysis.kind import (
    COMPLEX,
    NOTHING,
    UNKNOWN,
    Array,
    Kind,
    ListOf,
    Literal,
    Scalar,
    Unknown,
    is_complex,
    is_continuous,
)
from srcad.analysis.memory import Memory, base_of, is_memory, may_share
from srcad.analysis.operation import Operation
from srcad.analysis.overlap import Overlap, Parts, overlapping
from srcad.chain import (
    Modules,
    check_of,
    condition,
    full_axes,
    is_zero,
    partials,
    plus,
    times,
    where,
)
from srcad.choices import Choices, chooses, is_chosen, slope_at
from srcad.formula import TangentFormulas, refused_at
from srcad.listing import Listing, operand_leaves, origin_of, with_origin
from srcad.read import Source
from srcad.rules import Elementwise, Refused, Structured
from srcad.simplify.ownership import is_fresh
from srcad.tree import (
    Node,
    assign,
    binary,
    call,
    constant,
    copy_node,
    is_name,
    item,
    listed_array,
    load,
    names_in,
    popped_list,
    rewrite,
    statements_in,
    store,
    target_names,
    walk,
)

CallTangent = Callable[[Source, tuple[Kind, ...], tuple[bool, ...], Overlap], str]


class Forward:
    """The tangent of one listing with respect to some of its parameters.

    ``call_tangent`` gives the name of the function that computes the tangent of a called one; the
    tangents of the ``unread`` results are zero.
    """

    def __init__(
        self,
        listing: Listing,
        inputs: Sequence[str],
        modules: Modules,
        call_tangent: CallTangent,
        unread: Collection[int] = (),
    ) -> None:
        self.listing = listing
        self.names = listing.names
        self.modules = modules
        self.call_tangent = call_tangent
        read = [each for n, each in enumerate(listing.results) if n not in unread]
        written = listing.outputs[len(listing.results) :]
        self.active = active_variables(listing, inputs, [*read, *written])
        self.memory: Memory = listing.memory
        self.parts = Parts(listing.body)
        self.inputs = tuple(inputs)
        self.choices = Choices(listing.body, self.active, listing.results, modules)
        self.kinds = dict(listing.kinds)
        # Variables whose tangent holds a value; of the other active ones it is zero.
        self.moving: set[str] = set(inputs)
        self.bound: set[str] = set(listing.parameters)
        # Variables whose tangent the enclosing loop takes from one trip to the next.
        self.carried: set[str] = set()
        # What the tangent of the statement at hand reads more than once.
        self.definitions: list[Node] = []

    def run(self) -> list[Node]:
        """The body of the tangent function, without its return."""
        head = []
        for name in self.listing.parameters:
            if self._has_shadow(name) and name not in self.moving:
                head.append(self._zero_shadow(name))
        return head + self.block(self.listing.body)

    def tangents(self) -> list[Node]:
        """The tangents of the results, after :meth:`run`."""
        return [self.tangent_or_zero(load(name)) for name in self.listing.results]

    def dot(self, name: str) -> Node:
        """The tangent of a variable, as an expression."""
        return _with_kind(load(self.names.dot(name)), self.kinds.get(name, NOTHING))

    def moves(self, node: Node) -> bool:
        """Whether an operand has a tangent that is not known to be zero."""
        if not is_name(node) or node.id not in self.moving or node.id not in self.active:
            return False
        return is_continuous(getattr(node, "kind", UNKNOWN))

    def tangent_or_zero(self, node: Node) -> Node:
        """An operand's tangent, written out even where it is zero."""
        if self.moves(node):
            return self.dot(node.id)
        kind = getattr(node, "kind", None) or self.kinds.get(getattr(node, "id", ""), NOTHING)
        return self.zero(node, kind)

    def tangent_or_zeros(self, node: Node) -> Node:
        """The same, of a list that is made into an array."""
        if isinstance(getattr(node, "kind", NOTHING), ListOf) and not self.moves(node):
            return self.modules.put(call("np.zeros_like", node))
        return self.tangent_or_zero(node)

    def zero(self, node: Node, kind: Kind) -> Node:
        """A zero tangent of the shape of a value."""
        if isinstance(kind, (Array, Unknown)):
            return self.modules.put(call("np.zeros_like", node))
        if isinstance(kind, ListOf):  # it is popped from, and read at its places
            if isinstance(kind.item, (Array, Unknown)):
                zeros = gast.Attribute(load("np"), "zeros_like", gast.Load())
                return self.modules.put(call("list", call("map", zeros, node)))
            return binary(gast.List([constant(0.0)], gast.Load()), gast.Mult(), call("len", node))
        return constant(0j if kind == COMPLEX else 0.0)

    # -- memory: a tangent has the aliases that its primal has ------------------------------------

    def _has_shadow(self, name: str) -> bool:
        """Whether a variable's array is written, so that its tangent is written beside it."""
        return (
            name in self.active
            and self.memory.is_written(name)
            and is_continuous(self.kinds.get(name, NOTHING))
            and not isinstance(self.kinds.get(name), ListOf)
        )

    def _zero_shadow(self, name: str) -> Node:
        self.moving.add(name)
        return assign(self.names.dot(name), self.modules.put(call("np.zeros_like", load(name))))

    def _shadow(self, stmt: Node, target: Node, tangent: Node | None) -> Node:
        """The tangent of a new array that is written later: an array of its own, whole."""
        if tangent is None:
            return self._zero_shadow(target.id)
        self.moving.add(target.id)
        dotted = store(self.names.dot(target.id))
        dotted.kind = target.kind
        return assign(dotted, tangent)

    def _is_borrowed(self, stmt: Node, tangent: Node) -> bool:
        """Whether a new array's tangent is memory that is written under another name, or here."""
        if may_share(stmt.value) or is_fresh(tangent) or not may_be_memory(stmt.targets[0]):
            return False
        if isinstance(getattr(stmt.targets[0], "kind", NOTHING), ListOf):
            return False
        if self._has_shadow(stmt.targets[0].id):
            return True
        operands = differentiable_operands(stmt.value)
        return any(self.memory.is_written(name) for name in operands)

    def _write(self, stmt: Node) -> list[Node]:
        """``y[i] = v`` and ``y[i] += v``: the tangent changes at the same place."""
        target = stmt.target if isinstance(stmt, gast.AugAssign) else stmt.targets[0]
        if target.value.id not in self.active or not is_continuous(
            getattr(target.value, "kind", NOTHING)
        ):
            return [stmt]
        dotted = _with_kind(load(self.names.dot(target.value.id)), target.value.kind)
        element = item(dotted, target.slice, stored=True)
        element.kind = getattr(target, "kind", NOTHING)
        if isinstance(stmt, gast.AugAssign):
            if not self.moves(stmt.value):
                return [stmt]
            added = gast.AugAssign(element, stmt.op, self.dot(stmt.value.id))
            added.repeats = getattr(stmt, "repeats", False)
            return [stmt, added]
        tangent = self.dot(stmt.value.id) if self.moves(stmt.value) else constant(0.0)
        held = isinstance(getattr(target.value, "kind", NOTHING), ListOf)
        if held and self.memory.is_written(target.value.id):
            tangent = self.tangent_or_zero(stmt.value)  # an array, which may be written later
        return [stmt, gast.Assign([element], tangent, None)]

    # -- statements -----------------------------------------------------------------------------

    def block(self, body: list[Node]) -> list[Node]:
        """A block with its tangents."""
        out: list[Node] = []
        for stmt in body:
            try:
                new = self.statement(stmt)
            except Refused as refused:
                raise refused_at(stmt, self.listing.source, refused) from None
            out += [with_origin(each, origin_of(stmt)) for each in new]
        return out

    def statement(self, stmt: Node) -> list[Node]:
        """One statement with its tangent."""
        if isinstance(stmt, gast.Assign):
            return self._assign(stmt)
        if isinstance(stmt, gast.AugAssign):
            return self._write(stmt)
        if isinstance(stmt, gast.Expr):
            return self._append(stmt)
        if isinstance(stmt, gast.If):
            return self._if(stmt)
        if isinstance(stmt, (gast.For, gast.While)):
            return self._loop(stmt)
        if isinstance(stmt, gast.Break):
            return [*self.settled(self.carried), stmt]
        return [stmt]

    def settled(self, names: set[str]) -> list[Node]:
        """Zero tangents written out for those of the names that have none here."""
        missing = sorted(names - self.moving)
        self.moving |= names
        out = []
        for name in missing:
            kind = self.kinds.get(name, NOTHING) if name in self.bound else NOTHING
            out.append(assign(self.names.dot(name), self.zero(load(name), kind)))
        return out

    def _if(self, stmt: Node) -> list[Node]:
        before, bound = set(self.moving), set(self.bound)
        body = self.block(stmt.body)
        after_body, bound_body = self.moving, self.bound
        self.moving, self.bound = set(before), set(bound)
        orelse = self.block(stmt.orelse)
        # A branch that ends in a jump or a raise does not reach what follows.
        leaves = [_leaves(stmt.body), _leaves(stmt.orelse)]
        if leaves[0] and not leaves[1]:
            pass
        elif leaves[1] and not leaves[0]:
            self.moving, self.bound = after_body, bound_body
        else:
            both = after_body | self.moving
            orelse += self.settled(both)
            bound_else, self.bound, self.moving = self.bound, bound_body, after_body
            body += self.settled(both)
            self.bound = bound_body | bound_else
        branch = copy_node(stmt, body=body, orelse=orelse)
        return [branch]

    def _loop(self, stmt: Node) -> list[Node]:
        assigned = {
            name
            for each in statements_in(stmt.body)
            if isinstance(each, gast.Assign)
            for name in target_names(each.targets[0])
        }
        outer = self.carried
        self.carried = (assigned & self.active) | (self.moving & assigned)
        before = self.settled(self.carried)
        if isinstance(stmt, gast.For):
            self.bound.add(stmt.target.id)
        body = self.block(stmt.body)
        body += self.settled(self.carried)
        self.moving |= self.carried
        self.carried = outer
        return [*before, copy_node(stmt, body=body)]

    def _append(self, stmt: Node) -> list[Node]:
        func = getattr(stmt.value, "func", None)
        if not isinstance(func, gast.Attribute) or func.attr != "append":
            return [stmt]
        name = func.value.id
        if name not in self.active:
            return [stmt]
        tangent = self.tangent_or_zero(stmt.value.args[0])
        shadow = call(gast.Attribute(load(self.names.dot(name)), "append", gast.Load()), tangent)
        return [stmt, gast.Expr(shadow)]

    def _assign(self, stmt: Node) -> list[Node]:
        (target,) = stmt.targets
        if isinstance(target, gast.Subscript):
            return self._write(stmt)
        if getattr(stmt, "permutes", False):
            moves = not self.active.isdisjoint(target_names(target))
            return [stmt, self._permuted(stmt)] if moves else [stmt]
        written = target_names(target)
        self.bound.update(written)
        operation: Operation | None = getattr(stmt.value, "operation", None)
        if operation is not None and operation.callee is not None:
            return self._call(stmt, target, operation)
        if isinstance(target, gast.Tuple):
            if operation is None:  # a tuple without derivative
                return [stmt]
            return self._several(stmt, target, operation)
        self_reading = not names_in(stmt.value).isdisjoint(written)
        tangent = None
        if target.id in self.active:
            tangent = self.tangent(stmt.value, operation, target)
        definitions, self.definitions = self.definitions, []
        if tangent is not None and self._is_borrowed(stmt, tangent):
            tangent = self.modules.put(call("np.array", tangent))
        if self._has_shadow(target.id):
            shadow = with_origin(self._shadow(stmt, target, tangent), origin_of(stmt))
            if self.memory.must_be_checked(stmt):
                base = base_of(stmt.value)
                checked = [(shadow.targets[0].id, self.names.dot(base))]
                if not hasattr(stmt.value, "makes"):
                    checked.insert(0, (target.id, base))
                checks = [check_of(*each, self.modules, stmt) for each in checked]
                return [stmt, *definitions, shadow, *checks]
            if definitions:
                return [stmt, *definitions, shadow]
            reads_old = self_reading and tangent is not None and target.id in names_in(tangent)
            return [shadow, stmt] if reads_old else [stmt, shadow]
        if tangent is None:
            self.moving.discard(target.id)
            popped = popped_list(stmt.value)
            if popped in self.active:  # the list of tangents shrinks with it
                shadow = gast.Attribute(self.dot(popped), "pop", gast.Load())
                return [stmt, gast.Expr(call(shadow))]
            return [stmt]
        self.moving.add(target.id)
        dotted = store(self.names.dot(target.id))
        dotted.kind = target.kind
        derivative = with_origin(assign(dotted, tangent), origin_of(stmt))
        reads_target = target.id in names_in(tangent)
        if definitions:
            return [stmt, *definitions, derivative]
        return [derivative, stmt] if self_reading and reads_target else [stmt, derivative]

    def _permuted(self, stmt: Node) -> Node:
        """Tangents swap their names with their arrays."""
        parts = [
            copy_node(side, elts=[copy_node(n, id=self.names.dot(n.id)) for n in side.elts])
            for side in (stmt.targets[0], stmt.value)
        ]
        return gast.Assign([parts[0]], parts[1], None)

    def tangent(self, value: Node, operation: Operation | None, target: Node) -> Node | None:
        """The tangent of an operation's result, or None where it is zero."""
        if isinstance(target.kind, ListOf):
            return self._shadow_list(value)
        if operation is not None and operation.rule is not None:
            if isinstance(operation.rule, Structured):
                return self._structured(value, operation, target)
            if isinstance(operation.rule, Elementwise):
                return self._elementwise(value, operation, target)
            return None
        if isinstance(value, gast.Name):
            return self.dot(value.id) if self.moves(value) else None
        moving = differentiable_operands(value) & self.moving & self.active
        if not moving:
            return None
        if isinstance(value, gast.Subscript):
            return copy_node(value, value=self.dot(value.value.id))
        if isinstance(value, gast.Call):  # list.pop()
            func = copy_node(value.func, value=self.dot(value.func.value.id))
            return copy_node(value, func=func)
        return None

    def _shadow_list(self, value: Node) -> Node:
        """The tangents beside a new list: ``[ẋ, 0.0]``, ``[0.0] * n``."""
        if isinstance(value, gast.List):
            return copy_node(value, elts=[self.tangent_or_zero(each) for each in value.elts])
        if isinstance(value, gast.BinOp):
            left, right = self._shadow_list(value.left), self._shadow_list(value.right)
            return copy_node(value, left=left, right=right)
        if listed_array(value):  # x.tolist()
            func = copy_node(value.func, value=self.tangent_or_zero(value.func.value))
            return copy_node(value, func=func)
        return value

    def _elementwise(self, value: Node, operation: Operation, target: Node) -> Node | None:
        total: Node | None = None
        result = _with_kind(load(target.id), target.kind)
        reads_itself = target.id in names_in(value)
        for number, (_, operand) in enumerate(operation.operands):
            if not self.moves(operand):
                continue

            def choose(forms: list[Node]) -> Node:
                usable = [f for f in forms if not (reads_itself and _reads_result(f, result))]
                return min(usable or forms[-1:], key=self.cost)

            if isinstance(value, gast.BinOp) and isinstance(value.op, gast.Mult):
                # A product keeps its order: a · ẏ.
                total = plus(total, _replaced(value, {id(operand): self.dot(operand.id)}))
                continue
            partial = partials(operation, number, result, choose, self.modules)
            if not is_zero(partial):
                term = times(self.dot(operand.id), partial)
                total = plus(total, self._of_moving(term, operation, number, target))
        if total is None:
            return None
        if is_complex(target.kind) and not _has_complex(total):
            total = binary(total, gast.Add(), constant(0j))  # z = x + 0j has a complex tangent
        kinds = dict(self._kinds_in(operation)) | {target.id: target.kind}
        kinds |= {self.names.dot(name): kind for name, kind in self._kinds_in(operation)}
        unknown = isinstance(target.kind, Unknown) and len(operation.operands) > 1
        if unknown or not full_axes(total, operation, kinds, target.kind):
            shape = self.modules.put(call("np.shape", value if reads_itself else result))
            total = self.modules.put(call("np.broadcast_to", total, shape))
        return total

    def _of_moving(self, term: Node, operation: Operation, operand: int, target: Node) -> Node:
        """A product that is exactly zero for what does not move, whatever the slope is."""
        _, node = operation.operands[operand]
        if isinstance(target.kind, Scalar) and slope_at(operation):
            region = self.choices.region_at_hand(target.id)
            if region is not None:
                return where(region.test, region.holds, term, self.modules, number=True)
        if not isinstance(target.kind, Array):
            return term
        if chooses(operation) and is_chosen(operation, operand):
            if self.choices.comes_from_slope(node.id):
                test, holds = condition(operation, operand, self.modules)
                return where(test, holds, term, self.modules)
        elif slope_at(operation) == "edge":
            root = self.choices.root(node.id, self.inputs)
            if root is not None:
                moves = gast.Compare(self.dot(root), [gast.NotEq()], [constant(0.0)])
                return where(moves, True, term, self.modules)
        return term

    def _kinds_in(self, operation: Operation) -> list[tuple[str, Kind]]:
        return [
            (node.id, getattr(node, "kind", NOTHING))
            for _, operand in operation.operands
            for node in walk(operand)
            if is_name(node)
        ]

    def cost(self, form: Node) -> int:
        """How much a form asks for: temporaries to keep, functions to evaluate."""
        calls = sum(isinstance(node, gast.Call) for node in walk(form))
        names = names_in(form)
        return 4 * calls + 2 * len(names & self.names.temporaries) + len(names)

    def _structured(self, value: Node, operation: Operation, target: Node) -> Node | None:
        rule = operation.rule
        assert isinstance(rule, Structured)
        operands = [
            node for name, node in operation.operands if rule.parameter_of(name) not in rule.fixed
        ]
        moving = [node for node in operands if self.moves(node)]
        if not moving:
            return None
        if rule.is_nonlinear:
            return self._nonlinear(operation, target)
        if rule.jointly:
            return _replaced(value, {id(node): self.tangent_or_zeros(node) for node in operands})
        total: Node | None = None
        for node in moving:
            total = plus(total, _replaced(value, {id(node): self.dot(node.id)}))
        return total

    def _nonlinear(self, operation: Operation, target: Node) -> Node | None:
        formulas = self._formulas(operation, {"y": _with_kind(load(target.id), target.kind)})
        if formulas.rule.tangents is not None:
            (total,) = formulas.tangents()
        else:
            total = None
            for number, (name, operand) in enumerate(operation.operands):
                if name in formulas.use.wanted:
                    total = plus(total, formulas.tangent(number, self.dot(operand.id)))
        self.definitions = formulas.definitions
        return total

    def _formulas(self, operation: Operation, results: dict[str, Node]) -> TangentFormulas:
        rule = operation.rule
        assert isinstance(rule, Structured)
        moving = {
            name: self.dot(node.id)
            for name, node in operation.operands
            if rule.parameter_of(name) not in rule.fixed and self.moves(node)
        }
        wanted = [
            n for n, node in results.items() if node.id in self.active and is_continuous(node.kind)
        ]
        return TangentFormulas(
            operation, results, wanted, lambda node: node, self.names, self.modules, moving
        )

    def _several(self, stmt: Node, target: Node, operation: Operation) -> list[Node]:
        """An operation with several results: the tangent of each."""
        rule = operation.rule
        if not isinstance(rule, Structured) or self.active.isdisjoint(target_names(target)):
            return self._without_tangents(stmt, target)
        names = rule.result_names(len(target.elts))
        results = {
            name: _with_kind(load(each.id), each.kind)
            for name, each in zip(names, target.elts, strict=True)
        }
        formulas = self._formulas(operation, results)
        if not formulas.use.wanted:
            return self._without_tangents(stmt, target)
        self.moving -= set(target_names(target))
        if not rule.is_nonlinear:
            self.moving |= self.active & set(target_names(target))
            moved = {
                id(node): self.tangent_or_zeros(node)
                for name, node in operation.operands
                if rule.parameter_of(name) not in rule.fixed
            }
            return [stmt, assign(self._dotted(target), _replaced(stmt.value, moved))]
        tangents = []
        for node, tangent in zip(results.values(), formulas.tangents(), strict=True):
            if node.id not in self.active or not is_continuous(node.kind):
                continue
            if tangent is None:
                tangents += [self._zero_shadow(node.id)] if self._has_shadow(node.id) else []
                continue
            if self._has_shadow(node.id) and not is_fresh(tangent):
                tangent = call(gast.Attribute(tangent, "copy", gast.Load()))
            self.moving.add(node.id)
            dotted = store(self.names.dot(node.id))
            tangents.append(assign(_with_kind(dotted, node.kind), tangent))
        return [stmt, *formulas.definitions, *tangents]

    def _without_tangents(self, stmt: Node, target: Node) -> list[Node]:
        """An operation whose results have no tangents, but may be written to later."""
        names = target_names(target)
        self.moving -= set(names)
        return [stmt, *(self._zero_shadow(name) for name in names if self._has_shadow(name))]

    def _call(self, stmt: Node, target: Node, operation: Operation) -> list[Node]:
        given = [node for _, node in operation.operands]
        kinds = tuple(getattr(node, "kind", NOTHING) for node in given)
        flags = tuple(any(map(self.moves, operand_leaves(node))) for node in given)
        written = target_names(target)
        leaves = [leaf for node in given for leaf in operand_leaves(node)]
        changes = any(isinstance(leaf.kind, ListOf) and self.moves(leaf) for leaf in leaves)
        changes = changes or not self.memory.changed_by(stmt).isdisjoint(self.active)
        if not any(flags) or not (changes or any(name in self.active for name in written)):
            return self._without_tangents(stmt, target)
        assert operation.callee is not None
        arguments = [leaf for leaf in leaves if not _is_literal(leaf)]
        overlap = overlapping(arguments, self.memory.changed_by(stmt), self.memory, self.parts)
        function = self.call_tangent(operation.callee, kinds, flags, overlap)
        arguments += [
            self.tangent_or_zero(leaf)
            for node, flag in zip(given, flags, strict=True)
            for leaf in (operand_leaves(node) if flag else [])
            if is_continuous(getattr(leaf, "kind", NOTHING))
        ]
        if is_name(target) and _is_literal(target):  # it returns nothing
            call_ = call(load(function), *arguments)
            call_.effect = True
            return [gast.Expr(call_)]
        self.moving |= {name for name in written if name in self.active}
        values = gast.Tuple([target, self._dotted(target)], gast.Store())
        value = call(load(function), *arguments)
        value.effect = getattr(stmt.value, "effect", False)
        value.shares = getattr(stmt.value, "shares", False)
        return [assign(values, value)]

    def _dotted(self, target: Node) -> Node:
        """The target's tangents, in the target's structure."""
        if isinstance(target, gast.Tuple):
            return copy_node(target, elts=[self._dotted(each) for each in target.elts])
        return store(self.names.dot(target.id))


def may_be_memory(node: Node) -> bool:
    """Whether a variable is, or may be, an array."""
    return is_memory(getattr(node, "kind", None))


def _is_literal(node: Node) -> bool:
    return isinstance(getattr(node, "kind", None), Literal)


def _leaves(body: list[Node]) -> bool:
    return bool(body) and isinstance(body[-1], (gast.Break, gast.Raise))


def _with_kind(node: Node, kind: Kind) -> Node:
    node.kind = kind
    return node


def _has_complex(expression: Node) -> bool:
    """Whether an expression is made of complex values, and not of real ones only."""
    return any(
        is_complex(getattr(node, "kind", NOTHING))
        or isinstance(getattr(node, "value", None), complex)
        for node in walk(expression)
    )


def _reads_result(form: Node, result: Node) -> bool:
    return any(node is result for node in walk(form))


def _replaced(value: Node, replacements: dict[int, Node]) -> Node:
    """An operation with some of its operands, found by identity, exchanged."""
    return rewrite(value, lambda node: replacements.get(id(node)))
