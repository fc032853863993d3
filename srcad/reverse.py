"""Reverse mode: listing to a forward sweep and a reverse sweep.

The forward sweep is the listing, with what :mod:`srcad.analysis.needed` says must be saved.  The
reverse sweep goes through the same statements from the last to the first: each active statement
``w = f(u, v)`` becomes ``ū += w̄ · ∂f/∂u`` and ``v̄ += w̄ · ∂f/∂v``, a loop runs backwards, a branch
is taken again, and what was overwritten is put back.

Of each adjoint it is known whether it is still zero (then the first accumulation is an
assignment), and whether the derivative owns its memory (then an array is added to in place).
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import gast

from srcad.adjoint import Adjoint, Adjoints, Contribution, may_be_array, written_targets, zeros
from srcad.analysis.activity import active_variables
from srcad.analysis.kind import (
    FLOAT,
    INT,
    NOTHING,
    OTHER,
    Array,
    Kind,
    ListOf,
    Literal,
    TupleOf,
    is_real,
    join,
    leaf_kinds,
)
from srcad.analysis.needed import Needed, Saves
from srcad.analysis.operation import Operation
from srcad.analysis.places import Block, exposed_reads, places_of
from srcad.chain import Modules
from srcad.errors import SrcadError
from srcad.listing import Listing, operand_leaves, origin_of, with_origin
from srcad.lower.replay import difference, replayable
from srcad.read import Source
from srcad.simplify.flow import written_by
from srcad.simplify.ownership import is_fresh
from srcad.tree import (
    Node,
    assign,
    augment,
    binary,
    call,
    constant,
    copy_node,
    is_name,
    is_number,
    item,
    load,
    names_in,
    number_of,
    popped_list,
    statements_in,
    store,
    substitute,
    walk,
)

# Of an adjoint: still zero; an array of our own; one that others hold too; a number 0.0 that
# stands for an array of zeros, or an array.
ZERO, OWNED, SHARED, LOOSE = "zero", "owned", "shared", "loose"


@dataclass
class Pair:
    """The two sweeps of a called function, as its callers see them.

    ``arguments`` are the parameters that the reverse sweep reads; ``tape`` says how the saved
    values travel: not at all (``""``), as a ``tuple``, or on a ``stack`` that all calls share.
    """

    forward: str
    reverse: str
    arguments: list[str]
    tape: str
    inputs: list[str]
    parameters: list[str]
    seeds: list[bool]
    saved: list[Kind] = field(default_factory=list)


CallPair = Callable[[Source, tuple[Kind, ...], tuple[bool, ...]], Pair]


@dataclass
class Tape:
    """Where the values of one name are saved: a list, read by index or popped."""

    name: str
    index: str = ""
    length: Node | None = None
    zero: object = 0.0
    loop: Node | None = None


@dataclass
class Sweeps:
    """The result of the differentiation: statements before simplification."""

    forward: list[Node] = field(default_factory=list)
    reverse: list[Node] = field(default_factory=list)


@dataclass
class Results:
    """The adjoints that a reverse sweep returns, and the statements that finish them."""

    statements: list[Node] = field(default_factory=list)
    values: list[Node] = field(default_factory=list)


class Reverse:
    """The adjoint of one listing with respect to some of its parameters.

    ``stack`` names the list on which everything is saved where the function is recursive;
    ``splits`` keeps what called functions save in a variable for each value.
    """

    def __init__(
        self,
        listing: Listing,
        inputs: list[str],
        modules: Modules,
        call_pair: CallPair,
        *,
        stack: str = "",
        splits: bool = False,
    ) -> None:
        self.splits = splits
        self.listing = listing
        self.inputs = inputs
        self.names = listing.names
        self.modules = modules
        self.call_pair = call_pair
        self.stack = stack
        self.kinds = listing.kinds
        self.active = active_variables(listing, inputs, listing.results)
        self.state: dict[str, str] = {}
        self.shared_stack = ""
        # The variables that statements outside loops save values in, by statement and name.
        self._plain_saves: dict[int, dict[str, str]] = {}
        if stack and any(getattr(stmt, "stop", None) for stmt in statements_in(listing.body)):
            raise SrcadError(
                f"{listing.name} is recursive and leaves a loop by `break` or `return`: this has "
                "no reverse mode yet; write a loop that runs to its end, or use forward mode"
            )
        self.body = replayable(self._calls(listing.body), self.names)
        self.places = places_of(self.body)
        self.adjoints = self._adjoints()
        needed = Needed(
            self.body,
            self.places,
            self.adjoints,
            listing.parameters,
            self.names.temporaries,
            self.active,
            whole=bool(stack),
        )
        self.needed = needed
        self.saves: Saves = needed.run()
        self.exposed = exposed_reads(self.body, self._active_reads())
        # The arrays that the caller gave, where the function rebinds their names.
        self._original = {
            name: self.names.temporary()
            for name in inputs
            if isinstance(listing.kinds_of_parameters[name], Array) and name in self.places.writers
        }
        self.tapes = self._tapes()
        # Per block of the reverse sweep: restores still to be written, values recomputed so far.
        self.pending: list[tuple[Block, dict[str, list[Node]]]] = []
        self.recomputed: set[str] = set()
        # What was overwritten is put back as late as can be: just before it is read.
        self.late: dict[str, Node] = {}
        self.again: dict[str, str] = {}

    # -- preparation ------------------------------------------------------------------------------

    def _calls(self, body: list[Node], in_loop: bool = False) -> list[Node]:
        """The body with active calls exchanged for calls of forward sweeps."""
        out: list[Node] = []
        for stmt in body:
            operation = getattr(getattr(stmt, "value", None), "operation", None)
            if isinstance(stmt, (gast.If, gast.For, gast.While)):
                in_loop = in_loop or not isinstance(stmt, gast.If)
                body_, orelse = self._calls(stmt.body, in_loop), self._calls(stmt.orelse, in_loop)
                out.append(copy_node(stmt, body=body_, orelse=orelse))
            elif (
                isinstance(stmt, gast.Assign)
                and operation is not None
                and operation.callee is not None
            ):
                out.append(self._call(stmt, operation, in_loop or self.splits))
            else:
                out.append(stmt)
        return out

    def _call(self, stmt: Node, operation: Operation, split: bool) -> Node:
        """The call of a forward sweep; what it saves is one variable, or ``split`` into several."""
        (target,) = stmt.targets
        assert operation.callee is not None
        given = [node for _, node in operation.operands]
        kinds = tuple(getattr(node, "kind", NOTHING) for node in given)
        operands = [
            leaf for node in given for leaf in operand_leaves(node) if not _is_literal(_kind(leaf))
        ]
        written = written_targets(stmt)
        flags = tuple(any(map(self._moves, operand_leaves(node))) for node in given)
        lists = any(isinstance(_kind(node), ListOf) and self._moves(node) for node in operands)
        if not any(flags) or not (lists or any(name in self.active for name in written)):
            return stmt
        pair = self.call_pair(operation.callee, kinds, flags)
        arguments = list(operands)
        new_target = target
        tape: Node | None = None
        if pair.tape == "stack":
            tape = load(self._stack())
            arguments = [*arguments, tape]
        elif pair.tape == "tuple":
            if split and len(pair.saved) > 1:
                parts = [_of_kind(load(self.names.temporary()), kind) for kind in pair.saved]
                tape = gast.Tuple(parts, gast.Load())
            else:
                kind = pair.saved[0] if len(pair.saved) == 1 else OTHER
                tape = _of_kind(load(self.names.fresh("tape")), kind)
            new_target = gast.Tuple([target, _stored(tape)], gast.Store())
        value = call(load(pair.forward), *arguments)
        value.effect = pair.tape == "stack" or getattr(stmt.value, "effect", False)
        new = copy_node(stmt, targets=[new_target], value=value)
        new.pair, new.pair_target, new.tape = pair, target, tape
        new.operands = operands
        new.tape_names = names_in(tape) if pair.tape == "tuple" else set()
        return new

    def _moves(self, node: Node) -> bool:
        return is_name(node) and node.id in self.active and is_real(_kind(node))

    def _stack(self) -> str:
        """The list on which recursive functions save: the function's own, or a new one."""
        if self.stack:
            return self.stack
        self.shared_stack = self.shared_stack or self.names.fresh("tape")
        return self.shared_stack

    def _adjoints(self) -> dict[int, Adjoint]:
        """The adjoint of every active statement, its forms chosen so that little is saved."""
        maker = Adjoints(self.names, self.modules, self.active)
        for stmt in statements_in(self.body):
            if isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]):
                maker.definitions[stmt.targets[0].id] = stmt
        known: set[str] = set()
        found: dict[int, Adjoint] = {}
        active = [
            stmt
            for stmt in statements_in(self.body)
            if isinstance(stmt, gast.Assign) and self._is_active(stmt)
        ]
        # First what there is no choice about, then the choices, in view of it.
        for choosing in (False, True):
            for stmt in active:
                if not choosing:
                    several: list[bool] = []

                    def rate(form: Node, several: list[bool] = several) -> float:
                        several.append(True)
                        return 0.0

                    adjoint = self._adjoint_of(maker, stmt, rate)
                    if not several:
                        known |= adjoint.before
                        found[id(stmt)] = adjoint
                        self._need_shape(stmt, adjoint)
                elif id(stmt) in found:
                    continue
                else:
                    found[id(stmt)] = self._adjoint_of(maker, stmt, partial(self.cost, known=known))
                    known |= found[id(stmt)].before
                    if found[id(stmt)].result:
                        known |= set(written_targets(stmt))
        return found

    def _need_shape(self, stmt: Node, adjoint: Adjoint) -> None:
        """An array's adjoint may be the number 0.0, after a branch or a loop: its shape is read."""
        (target,) = stmt.targets
        if not is_name(target) or self._is_set_once(target.id):
            return
        if may_be_array(getattr(target, "kind", NOTHING)) and adjoint.contributions:
            # Its shape is all that is read, unless a partial derivative reads it too.
            adjoint.shaped = "shape" if not adjoint.result else "value"
            adjoint.result = True

    def _is_made_once(self, name: str) -> bool:
        """Whether a list is made outside all branches and loops, and only there."""
        makers = [
            writer
            for writer in self.places.writers.get(name, [])
            if isinstance(writer, gast.Assign) and not isinstance(writer.targets[0], gast.Subscript)
        ]
        return all(self.places.block_of[id(maker)] is self.places.root for maker in makers)

    def _is_set_once(self, name: str) -> bool:
        """Whether a variable is a parameter that is kept, or is set once, outside all branches."""
        writers = self.places.writers.get(name, [])
        return not writers or (
            len(writers) == 1 and self.places.block_of[id(writers[0])] is self.places.root
        )

    def _adjoint_of(self, maker: Adjoints, stmt: Node, cost: Callable[[Node], float]) -> Adjoint:
        if hasattr(stmt, "pair"):
            adjoint = Adjoint()
            names = dict(zip(stmt.pair.parameters, stmt.operands, strict=True))
            for name in stmt.pair.arguments:
                if not isinstance(_kind(names[name]), ListOf):
                    adjoint.before |= names_in(names[name])
            leaves = _leaves(stmt.pair_target)
            adjoint.result = any(may_be_array(_kind(leaf)) for leaf in leaves)
            return adjoint
        if isinstance(stmt.targets[0], gast.Subscript):
            adjoint = Adjoint()
            adjoint.before = names_in(stmt.targets[0].slice)
            return adjoint
        return maker.of(stmt, cost)

    def _is_active(self, stmt: Node) -> bool:
        (target,) = stmt.targets
        if isinstance(target, gast.Subscript):
            return target.value.id in self.active
        if hasattr(stmt, "pair"):
            return True
        return is_name(target) and target.id in self.active

    def cost(self, form: Node, known: set[str]) -> float:
        """How many more values a form of a partial derivative makes the forward sweep keep."""
        calls = sum(isinstance(node, gast.Call) for node in walk(form))
        total = 5.0 * calls
        for name in names_in(form) - known:
            writers = self.places.writers.get(name, [])
            in_loop = any(self.places.loops(w) for w in writers)
            if name in self.names.temporaries:
                cheap = all(
                    isinstance(w, gast.Assign) and isinstance(w.value, (gast.BinOp, gast.UnaryOp))
                    for w in writers
                )
                total += 1.0 if cheap else 4.0
            elif not writers:
                total += 0.5
            else:
                total += 2.0 if in_loop else 1.5
        # Of forms that keep the same values, the one that computes less.
        return total + 0.01 * sum(1 for _ in walk(form))

    def _active_reads(self) -> dict[int, set[str]]:
        """The active variables whose adjoints each statement's reverse adds to."""
        found: dict[int, set[str]] = {}
        for stmt in statements_in(self.body):
            adjoint = self.adjoints.get(id(stmt))
            if adjoint is None:
                continue
            names = {each.operand.id for each in adjoint.contributions}
            if hasattr(stmt, "pair"):
                names |= {n.id for n in stmt.operands if is_name(n) and n.id in self.active}
            if isinstance(stmt.targets[0], gast.Subscript):
                names |= names_in(stmt.value) & self.active
            found[id(stmt)] = names
        for stmt in statements_in(self.body):
            if isinstance(stmt, gast.Expr):
                found[id(stmt)] = names_in(*getattr(stmt.value, "args", [])) & self.active
        return found

    def _tapes(self) -> dict[str, Tape]:
        """A list for each saved name; read by index where one save a trip is sure."""
        tapes: dict[str, Tape] = {}
        sites: dict[str, list[tuple[Node, bool]]] = {}
        for number, names in [*self.saves.before.items(), *self.saves.after.items()]:
            stmt = next(s for s in statements_in(self.body) if id(s) == number)
            for name in names:
                after = name in self.saves.after.get(number, [])
                sites.setdefault(name, []).append((stmt, after))
        for name, found in sites.items():
            tape = Tape(self.stack) if self.stack else None
            if tape is None and not any(self.places.loops(stmt) for stmt, _ in found):
                continue
            if tape is None:
                tape = Tape(self.names.fresh(f"{name}_tape"))
                self.names.tapes[tape.name] = name
                self._make_indexed(tape, name, found)
            tapes[name] = tape
        return tapes

    def _make_indexed(self, tape: Tape, name: str, sites: list[tuple[Node, bool]]) -> None:
        if len(sites) != 1:
            return
        stmt, _ = sites[0]
        loops = self.places.loops(stmt)
        if len(loops) != 1 or not isinstance(loops[0], gast.For):
            return
        (loop,) = loops
        bounds = loop.iter.args
        if len(bounds) == 2 and is_number(bounds[0]) and number_of(bounds[0]) == 0:
            bounds = bounds[1:]
        if len(bounds) != 1 or getattr(loop, "stop", None) or self._kind(name) not in (FLOAT, INT):
            return
        if self.places.block_of[id(stmt)].body is not loop.body:
            return
        root = self.places.block_of[id(loop)] is self.places.root
        if not root and not self._is_steady(bounds[0]):
            return  # the list must be there on every path
        tape.index, tape.length, tape.loop = loop.target.id, bounds[0], loop
        tape.zero = 0.0 if self._kind(name) == FLOAT else 0

    def _kind(self, name: str) -> Kind:
        """The kind of a variable, joined over all its assignments."""
        found: Kind = self.kinds.get(name, NOTHING)
        for stmt in self.places.writers.get(name, []):
            for target in stmt.targets if isinstance(stmt, gast.Assign) else []:
                for leaf in _leaves(target):
                    if is_name(leaf) and leaf.id == name:
                        found = join(found, getattr(leaf, "kind", NOTHING))
        return found

    # -- the forward sweep ------------------------------------------------------------------------

    def forward(self) -> list[Node]:
        """The listing, with its saves and with the tapes made before the loops that fill them."""
        body = self._forward_block(self.body)
        head: list[Node] = []
        if self.shared_stack:
            head.append(assign(self.shared_stack, _numbers(constant(0))))
        for tape in self.tapes.values():
            if tape.index:
                assert tape.length is not None
                if self._is_steady(tape.length):
                    head.append(assign(tape.name, _numbers(tape.length, tape.zero)))
            elif not self.stack:
                head.append(assign(tape.name, gast.List([], gast.Load())))
        return self._first_values() + head + body

    def _is_steady(self, length: Node) -> bool:
        """Whether a length is known where the function starts."""
        names = names_in(length)
        known = names <= set(self.listing.parameters) | self._free_names()
        return known and not any(self.places.writers.get(name) for name in names)

    def _free_names(self) -> set[str]:
        return {name for name in self.listing.resolver.captured() if name not in self.kinds}

    def _first_values(self) -> list[Node]:
        """What must have a value from the start, for it may be saved before it gets one."""
        out = [assign(kept, load(name)) for name, kept in self._original.items()]
        first: dict[str, Node] = {}
        for stmt in statements_in(self.body):
            for name in self.saves.before.get(id(stmt), []):
                first.setdefault(name, stmt)
        if self.stack:  # what a recursive function saves at its end must have a value there
            for stmt in self.body:
                for name in self.saves.after.get(id(stmt), []):
                    first.setdefault(name, self.body[0])
        for name, stmt in sorted(first.items()):
            if self.stack and self._is_root_level(name):
                continue
            if name not in self.listing.parameters and not self._is_certain(name, stmt):
                out.append(assign(name, constant(None)))
        return out

    def _is_root_level(self, name: str) -> bool:
        return any(
            self.places.block_of[id(writer)] is self.places.root and isinstance(writer, gast.Assign)
            for writer in self.places.writers.get(name, [])
        ) and not any(self.saves.before.get(id(s), []).count(name) for s in self.body)

    def _is_certain(self, name: str, stmt: Node) -> bool:
        """Whether a variable certainly has a value before a statement, and its loops, run."""
        loops = self.places.loops(stmt)
        start = self.places.number[id(loops[0] if loops else stmt)]
        return any(
            self.places.block_of[id(writer)] is self.places.root
            and self.places.number[id(writer)] < start
            and isinstance(writer, gast.Assign)
            for writer in self.places.writers.get(name, [])
        )

    def _forward_block(self, body: list[Node]) -> list[Node]:
        out: list[Node] = []
        ends: list[Node] = []
        for stmt in body:
            late: list[Node] = []
            for name in self.saves.before.get(id(stmt), []):
                if self.stack and getattr(stmt, "tape", None) is not None:
                    # What the callee saves on the stack comes first, for it is popped last.
                    kept = self.names.temporary()
                    out.append(with_origin(assign(kept, load(name)), origin_of(stmt)))
                    late.append(_replaced_value(self._save(name, stmt), load(kept)))
                else:
                    out.append(self._save(name, stmt))
            if isinstance(stmt, gast.Break):
                loop = self.places.loops(stmt)[-1]
                out += [*ends, *self._break_saves(stmt, loop)]
                ends = []
            for tape in self.tapes.values():
                if tape.loop is not stmt or tape.length is None:
                    continue
                if not self._is_steady(tape.length):
                    out.append(assign(tape.name, _numbers(tape.length, tape.zero)))
            if isinstance(stmt, (gast.If, gast.For, gast.While)):
                changes = {
                    "body": self._forward_block(stmt.body),
                    "orelse": self._forward_block(stmt.orelse),
                }
                out.append(copy_node(stmt, **changes))
            else:
                out.append(stmt)
            out += late
            for name in self.saves.after.get(id(stmt), []):
                if self.stack:
                    ends.append(self._save(name, stmt))
                elif name in self.tapes:
                    out.append(self._save(name, stmt))
        return out + ends

    def _break_saves(self, stmt: Node, loop: Node) -> list[Node]:
        """What the trip that breaks must still push, for the reverse sweep pops it."""
        out = []
        for number, names in self.saves.after.items():
            saved = next(s for s in statements_in(self.body) if id(s) == number)
            for name in names:
                scope = self.saves.scope[(number, name)]
                tape = self.tapes.get(name)
                if tape is None or tape.index or not self.places.inside(saved, loop):
                    continue
                block = self.places.block_of[id(stmt)]
                if not block.within(scope) or block is scope:
                    continue
                holder = self.places.top_level(stmt, scope)
                if self.places.number[id(holder)] <= self.places.number[id(saved)]:
                    out.append(self._save(name, None))
        return out

    def _save(self, name: str, stmt: Node | None) -> Node:
        tape = self.tapes.get(name)
        if tape is None:
            saved = self.names.temporary()
            self._plain_saves.setdefault(id(stmt), {})[name] = saved
            new = assign(saved, load(name))
        elif tape.index:
            new = gast.Assign([item(tape.name, load(tape.index), stored=True)], load(name), None)
        else:
            append = gast.Attribute(load(tape.name), "append", gast.Load())
            new = gast.Expr(call(append, load(name)))
        new.saves = True
        origin = origin_of(stmt) if stmt is not None else None
        return with_origin(new, origin)

    # -- the reverse sweep ------------------------------------------------------------------------

    def run(self) -> Sweeps:
        """Both sweeps; the seeds are the adjoints of the results."""
        forward = self.forward()
        for name in self.listing.results:
            if name in self.active:
                self.state[name] = SHARED if may_be_array(self._kind(name)) else OWNED
        reverse = self._shadow_lists()
        assert self.places.root is not None
        reverse += self._reverse_block(self.places.root)
        return Sweeps(forward, reverse)

    def _shadow_lists(self) -> list[Node]:
        """The adjoints of lists, as long as the lists are where the reverse sweep starts."""
        out = []
        for name in sorted(self.active):
            if isinstance(self._kind(name), ListOf):
                self.state[name] = OWNED
                if name not in [*self.listing.parameters, *self.listing.results]:
                    if not self._is_made_once(name):
                        raise SrcadError(
                            f"the list {name} is made in a branch or a loop, or more than once; "
                            "make it once, where the function starts"
                        )
                    out.append(assign(self.names.bar(name), _numbers(call("len", load(name)))))
        return out

    def _reverse_block(self, block: Block) -> list[Node]:
        out: list[Node] = []
        restores: dict[str, Node] = {}
        outer_recomputed = set(self.recomputed)
        for number, names in self.saves.after.items():
            for name in names:
                if self.saves.scope[(number, name)] is block and name in self.tapes:
                    restores[name] = self._restore(name)
        if self.stack:
            # One stack for all: everything is popped in the order opposite to the pushes.
            order = [
                n
                for stmt in block.body
                for n in self.saves.after.get(id(stmt), [])
                if n in restores
            ]
            out += [restores.pop(name) for name in reversed(order)]
        self.pending.append((block, restores))
        origin: Node | None = None
        for stmt in reversed(block.body):
            if origin_of(stmt) is not origin or not isinstance(stmt, gast.Assign):
                out += self._put_back()
            origin = origin_of(stmt)
            # Every push has its pop, in the opposite order, needed here or not.
            for name in reversed(self.saves.after.get(id(stmt), [])):
                if name in restores:
                    out.append(with_origin(restores.pop(name), origin_of(stmt)))
            out += self._reverse_statement(stmt)
        out += self._put_back()
        self.pending.pop()
        self.recomputed = outer_recomputed
        return out

    def _at_hand(self, names: set[str], origin: Node | None) -> list[Node]:
        """Restore or recompute the values that the next statements read."""
        out: list[Node] = self._put_back(names)
        for name in sorted(names, key=self.needed._first_place):
            if name in self.saves.recomputed:
                if name not in self.recomputed:
                    definition = self.saves.recomputed[name]
                    out += self._at_hand(names_in(definition.value), origin)
                    again = assign(self._again(name), self._renamed(definition.value))
                    out.append(with_origin(again, origin))
                    self.recomputed.add(name)
            else:
                for _, restores in self.pending:
                    if name in restores:
                        out.append(with_origin(restores.pop(name), origin))
        return out

    def _put_back(self, names: set[str] | None = None) -> list[Node]:
        """The late restores of some variables, or of all, with those that must come before."""
        if names is None or self.stack:
            chosen = list(self.late)
        else:
            chosen = [name for name in self.late if name in names]
        return [self.late.pop(name) for name in chosen]

    def _again(self, name: str) -> str:
        """The reverse sweep's own name for a temporary that it restores or recomputes."""
        if name not in self.names.temporaries:
            return name
        if name not in self.again:
            self.again[name] = self.names.temporary()
            self.names.twins[self.again[name]] = name
        return self.again[name]

    def _renamed(self, expression: Node) -> Node:
        """An expression of the primal under the reverse sweep's own names."""
        return substitute(
            expression,
            {old: _of_kind(load(new), self._kind(old)) for old, new in self.again.items()},
        )

    def _restore(self, name: str) -> Node:
        tape = self.tapes[name]
        if tape.index:
            value = item(tape.name, load(tape.index))
        else:
            value = call(gast.Attribute(load(tape.name), "pop", gast.Load()))
        new = assign(store(self._again(name)), value)
        new.restores = True
        return new

    def _restores_before(self, stmt: Node) -> list[Node]:
        """What a statement overwrote, put back."""
        out = []
        for name in reversed(self.saves.before.get(id(stmt), [])):
            if name in self.tapes:
                new = self._restore(name)
            else:
                new = assign(name, load(self._plain_saves[id(stmt)][name]))
            self.recomputed = {
                r for r in self.recomputed if name not in names_in(self.saves.recomputed[r].value)
            }
            out.append(with_origin(new, origin_of(stmt)))
        return out

    def _restores_for(self, stmt: Node) -> list[Node]:
        """The restores that a compound statement's reverse reads, written before it."""
        out = []
        for _, restores in self.pending:
            for name in [n for n in restores if self._is_read_in(stmt, n)]:
                out.append(with_origin(restores.pop(name), None))
        return out

    def _is_read_in(self, stmt: Node, name: str) -> bool:
        return any(
            use is stmt or self.places.inside(use, stmt) for use in self.needed._needing(name)
        )

    def _reverse_statement(self, stmt: Node) -> list[Node]:
        if isinstance(stmt, gast.If):
            return self._reverse_if(stmt)
        if isinstance(stmt, (gast.For, gast.While)):
            return self._reverse_loop(stmt)
        if isinstance(stmt, gast.Expr):
            return self._reverse_append(stmt)
        if not isinstance(stmt, gast.Assign):
            return []
        origin = origin_of(stmt)
        adjoint = self.adjoints.get(id(stmt))
        if adjoint is None and self._popped_from(stmt):
            adjoint = Adjoint()  # the list's adjoint grows, by 0.0 where the value has none
        if adjoint is None:
            return self._restores_before(stmt) + self._killed(stmt)
        if hasattr(stmt, "pair"):
            out = self._reverse_call(stmt, adjoint)
        elif isinstance(stmt.targets[0], gast.Subscript):
            out = self._reverse_element(stmt, adjoint)
        else:
            out = self._reverse_assign(stmt, adjoint)
        return [new if origin_of(new) is not None else with_origin(new, origin) for new in out]

    def _killed(self, stmt: Node) -> list[Node]:
        """An assignment without derivative ends the life of the adjoint."""
        for name in written_targets(stmt):
            self.state.pop(name, None)
        return []

    def _is_zero(self, name: str) -> bool:
        return self.state.get(name, ZERO) == ZERO

    def _reverse_assign(self, stmt: Node, adjoint: Adjoint) -> list[Node]:
        (target,) = stmt.targets
        origin = origin_of(stmt)
        restores = self._restores_before(stmt)
        if isinstance(target.kind, ListOf):
            return restores + self._reverse_display(stmt)
        popped = self._popped_from(stmt)
        if popped:
            bar: Node = load(self.names.bar(target.id))
            if self._is_zero(target.id):
                bar = constant(0.0)
            append = gast.Attribute(load(self.names.bar(popped)), "append", gast.Load())
            self.state.pop(target.id, None)
            return [*restores, gast.Expr(call(append, bar))]
        if self._is_zero(target.id) or not adjoint.contributions:
            self.state.pop(target.id, None)
            return restores
        out: list[Node] = []
        reads_result = adjoint.result and adjoint.shaped != "shape"
        if adjoint.result:
            out += self._at_hand({target.id}, origin)
        if adjoint.shaped and self.state[target.id] == LOOSE:
            out.append(assign(self._bar(target), self._filled(target.id)))
        if not reads_result:
            self._restore_late(restores)
        out += self._at_hand(adjoint.before, origin)
        out += [copy_node(each, value=self._renamed(each.value)) for each in adjoint.shared]
        adjoint = copy.copy(adjoint)
        adjoint.contributions = [
            Contribution(
                each.operand,
                self._renamed(each.value),
                None if each.index is None else self._renamed(each.index),
            )
            for each in adjoint.contributions
        ]
        own = [c for c in adjoint.contributions if c.operand.id == target.id and c.index is None]
        for each in adjoint.contributions:
            if each not in own:
                out += self._accumulate(each)
        if not own:
            self.state.pop(target.id, None)
        elif not (len(own) == 1 and is_name(own[0].value)):
            total = own[0].value
            for each in own[1:]:
                total = binary(total, gast.Add(), each.value)
            out.append(assign(self._bar(target), total))
            self.state[target.id] = OWNED if is_fresh(total) else SHARED
        if reads_result:
            self._restore_late(restores)
        return out

    def _reverse_display(self, stmt: Node) -> list[Node]:
        """``t = [a, b]``: each element's adjoint goes to what it was made of."""
        if not isinstance(stmt.value, gast.List):
            return []
        bar = load(self.names.bar(stmt.targets[0].id))
        out: list[Node] = []
        for position, element in enumerate(stmt.value.elts):
            if is_name(element) and element.id in self.active:
                out += self._accumulate(Contribution(element, item(bar, constant(position))))
        return out

    def _restore_late(self, restores: list[Node]) -> None:
        for each in restores:
            self.late[each.targets[0].id] = each

    def _popped_from(self, stmt: Node) -> str:
        """The list that ``y = t.pop()`` takes from, if it is an active one."""
        name = popped_list(stmt.value)
        return name if name in self.active else ""

    def _bar(self, node: Node) -> Node:
        target = store(self.names.bar(node.id))
        target.kind = getattr(node, "kind", NOTHING)
        return target

    def _accumulate(self, contribution: Contribution) -> list[Node]:
        """``x̄ = e`` the first time, ``x̄ += e`` later; a new array where the old one is shared."""
        operand, value = contribution.operand, contribution.value
        name = operand.id
        kind = getattr(operand, "kind", NOTHING)
        state = self.state.get(name, ZERO)
        if contribution.index is not None:
            return self._accumulate_item(contribution, kind, state)
        fresh = is_fresh(value)
        if is_name(value):
            for other in [n for n in self.state if self.names.bar(n) == value.id]:
                self.state[other] = SHARED
        if state == ZERO:
            self.state[name] = OWNED if fresh else SHARED
            return [assign(self._bar(operand), value)]
        if not may_be_array(kind) or (state == OWNED and isinstance(kind, Array)):
            return [augment(self._bar(operand), value)]
        self.state[name] = OWNED
        new = assign(self._bar(operand), binary(load(self.names.bar(name)), gast.Add(), value))
        new.fresh = True
        return [new]

    def _accumulate_item(self, contribution: Contribution, kind: Kind, state: str) -> list[Node]:
        operand, value = contribution.operand, contribution.value
        out: list[Node] = []
        bar = self._bar(operand)
        if not isinstance(kind, ListOf):
            if state == ZERO:
                out.append(assign(bar, zeros(load(operand.id), kind, self.modules)))
            elif state == LOOSE:
                out.append(assign(bar, self._filled(operand.id)))
            elif state == SHARED:
                copy = call(gast.Attribute(load(bar.id), "copy", gast.Load()))
                out.append(assign(bar, copy))
            self.state[operand.id] = OWNED
        element = item(load(bar.id), contribution.index, stored=True)
        out.append(augment(element, value))
        return out

    def _reverse_element(self, stmt: Node, adjoint: Adjoint) -> list[Node]:
        """``t[i] = v``: the element's adjoint goes to v and starts again from zero."""
        (target,) = stmt.targets
        out = self._at_hand(adjoint.before, origin_of(stmt))
        element = item(load(self.names.bar(target.value.id)), target.slice)
        if is_name(stmt.value) and stmt.value.id in self.active:
            out += self._accumulate(Contribution(stmt.value, element))
        out.append(gast.Assign([copy_node(element, ctx=gast.Store())], constant(0.0), None))
        return out

    def _reverse_append(self, stmt: Node) -> list[Node]:
        func = getattr(stmt.value, "func", None)
        if not isinstance(func, gast.Attribute) or func.attr != "append":
            return []
        if func.value.id not in self.active:
            return []
        bar = load(self.names.bar(func.value.id))
        popped = call(gast.Attribute(bar, "pop", gast.Load()))
        (value,) = stmt.value.args
        if is_name(value) and value.id in self.active:
            new = self._accumulate(Contribution(value, popped))
        else:
            new = [gast.Expr(popped)]
        return [with_origin(each, origin_of(stmt)) for each in new]

    def _reverse_call(self, stmt: Node, adjoint: Adjoint) -> list[Node]:
        """The reverse sweep of a called function, given what it reads, its tape and the seeds."""
        pair: Pair = stmt.pair
        origin = origin_of(stmt)
        out = self._restores_before(stmt)
        if pair.tape == "tuple":
            out = self._at_hand(stmt.tape_names, origin) + out
        out += self._at_hand(adjoint.before, origin)
        by_name = dict(zip(pair.parameters, stmt.operands, strict=True))
        arguments = [self._renamed(by_name[name]) for name in pair.arguments]
        if pair.tape:
            arguments.append(self._renamed(stmt.tape))
        targets: list[Node | None] = []
        for leaf in _leaves(stmt.pair_target):
            # A tuple of ints stays one variable; it has no adjoint.
            several = isinstance(_kind(leaf), TupleOf)
            targets += [None] * len(leaf_kinds(_kind(leaf))) if several else [leaf]
        for target, seeded in zip(targets, pair.seeds, strict=True):
            if target is None:
                continue
            if seeded:
                zero = self._is_zero(target.id)
                bar = load(self.names.bar(target.id))
                none = zeros(load(target.id), _kind(target), self.modules)
                arguments.append(none if zero else bar)
            self.state.pop(target.id, None)
        results = []
        for name in pair.inputs:
            node = by_name[name]
            if not isinstance(_kind(node), ListOf):
                results.append(node)
            elif self._moves(node):
                arguments.append(load(self.names.bar(node.id)))
            else:  # a list without derivative: its adjoint is not asked for
                arguments.append(_numbers(call("len", node)))
        value = call(load(pair.reverse), *arguments)
        value.effect = True
        if not results:
            return [*out, gast.Expr(value)]
        if len(results) == 1 and self._moves(results[0]):
            new = self._accumulate(Contribution(results[0], value))
            return out + new
        holders = []
        for node in results:
            holder = self.names.bar(self.names.temporary())
            holders.append((node, holder))
        parts = [store(holder) for _, holder in holders]
        target = parts[0] if len(parts) == 1 else gast.Tuple(parts, gast.Store())
        out.append(assign(target, value))
        for node, holder in holders:
            if not self._moves(node):
                continue
            bar = load(holder)
            bar.kind = getattr(node, "kind", NOTHING)
            out += self._accumulate(Contribution(node, bar))
        return out

    def results(self, order: list[str], *, lists: bool = True) -> Results:
        """The adjoints of the inputs, after :meth:`run`: of their shapes, and nobody else's."""
        found = Results()
        for name in order:
            kind = self.listing.kinds_of_parameters[name]
            if isinstance(kind, ListOf) and not lists:
                continue
            if self._is_zero(name):
                zero = zeros(load(self._original.get(name, name)), kind, self.modules)
                found.values.append(zero)
                continue
            value: Node = load(self.names.bar(name))
            value.kind = kind
            if name in self._original:
                value = self.modules.put(call("np.full_like", load(self._original[name]), value))
            elif isinstance(kind, Array) and (kind.dtype != "f8" or not kind.rank):
                value = self.modules.put(
                    call("np.array", value, dtype=gast.Attribute(load(name), "dtype", gast.Load()))
                )
            elif may_be_array(kind) and self.state[name] == LOOSE:
                value = self._filled(name)
            elif may_be_array(kind):
                value.must_own = True
            found.values.append(value)
        return found

    # -- branches and loops -----------------------------------------------------------------------

    def zero(self, name: str) -> Node:
        """The statement that starts an adjoint at zero."""
        kind = self._kind(name)
        target = store(self.names.bar(name))
        target.kind = kind
        if may_be_array(kind) and self._is_set_once(name):
            self.state[name] = OWNED
            return assign(target, zeros(load(name), kind, self.modules))
        self.state[name] = LOOSE if may_be_array(kind) else OWNED
        return assign(target, constant(0.0))

    def _filled(self, name: str) -> Node:
        """An adjoint that may be the number 0.0, as an array of the variable's shape."""
        bar = load(self.names.bar(name))
        return self.modules.put(call("np.full_like", load(name), bar))

    def _reverse_if(self, stmt: Node) -> list[Node]:
        entry = dict(self.state)
        recomputed = set(self.recomputed)
        out = self._restores_for(stmt)
        if self.needed.reversed_by(stmt):
            for name in sorted(self.needed._control_reads(stmt)):
                out += self._at_hand({name}, None)
        breaks = [_breaks(stmt.body), _breaks(stmt.orelse)]
        bodies: list[list[Node]] = []
        states: list[dict[str, str]] = []
        for branch in (stmt.body, stmt.orelse):
            self.state = dict(entry)
            self.recomputed = set(recomputed)
            bodies.append(self._reverse_block(self.places.blocks[id(branch)]))
            states.append(self.state)
        self.recomputed = recomputed
        raises = [_raises(stmt.body), _raises(stmt.orelse)]
        if raises[0] or raises[1]:
            taken = 1 if raises[0] else 0
            self.state = states[taken]
            return out + bodies[taken]
        before: list[Node] = []
        for name in sorted(set(states[0]) | set(states[1])):
            ends = [state.get(name, ZERO) for state in states]
            if ends[0] == ends[1]:
                self.state[name] = ends[0]
            elif ZERO not in ends:
                self.state[name] = LOOSE if LOOSE in ends else SHARED
            elif entry.get(name, ZERO) == ZERO and not (
                getattr(stmt, "guard", False)
                or self._writes(bodies[0 if ends[0] == ZERO else 1], name)
            ):
                before.append(self.zero(name))
                other = ends[1] if ends[0] == ZERO else ends[0]
                self.state[name] = _either(other, self.state[name])
            else:
                side = 0 if ends[0] == ZERO else 1
                bodies[side].append(self.zero(name))
                other = ends[1 - side]
                self.state[name] = _either(other, self.state[name])
        for name in list(self.state):
            if name not in states[0] and name not in states[1]:
                del self.state[name]
        if not bodies[0] and not bodies[1]:
            return [*out, *before] if before else []
        test = self._renamed(stmt.test)
        if any(breaks):
            side = 0 if breaks[0] else 1
            branch = (stmt.body, stmt.orelse)[side]
            record = branch[-2]
            test = gast.Compare(load(record.targets[0].id), [gast.Eq()], [record.value])
            if side == 1:
                bodies.reverse()
        new = copy_node(stmt, test=test, body=bodies[0], orelse=bodies[1])
        new.guard = getattr(stmt, "guard", False) and not any(breaks)
        return [*out, *before, with_origin(new, origin_of(stmt))]

    def _writes(self, body: list[Node], name: str) -> bool:
        """Whether reverse code gives a variable's adjoint a value."""
        bar = self.names.bar(name)
        return any(bar in written_by(each) for each in statements_in(body))

    def _reverse_loop(self, stmt: Node) -> list[Node]:
        origin = origin_of(stmt)
        if not self.needed.reversed_by(stmt):
            return self._restores_before(stmt)
        out = self._restores_for(stmt)
        for name in sorted(self.needed._control_reads(stmt)):
            out += self._at_hand({name}, None)
        inside = self.exposed[id(stmt)] & self.active
        assigned = {
            name
            for each in statements_in(stmt.body)
            if isinstance(each, gast.Assign)
            for name in written_targets(each)
        } & self.active
        in_part = self._read_in_part(stmt)
        for name in sorted(inside):
            if self._is_zero(name):
                out.append(self.zero(name))
            elif name in in_part and self.state[name] == LOOSE and name not in assigned:
                out.append(assign(self.names.bar(name), self._filled(name)))
                self.state[name] = OWNED
            elif name in in_part and self.state[name] == SHARED and name not in assigned:
                copy = call(gast.Attribute(load(self.names.bar(name)), "copy", gast.Load()))
                out.append(assign(self.names.bar(name), copy))
                self.state[name] = OWNED
            if name in assigned and may_be_array(self._kind(name)):
                self.state[name] = LOOSE
        for name in sorted(assigned - inside):
            if not self._is_zero(name) and may_be_array(self._kind(name)):
                self.state[name] = LOOSE
        head = dict(self.state)
        recomputed = self.recomputed
        self.recomputed = set()
        body = self._reverse_block(self.places.blocks[id(stmt.body)])
        self.recomputed = recomputed
        for name, state in sorted(head.items()):
            if state != ZERO and self._is_zero(name):
                body.append(self.zero(name))
        for name in [n for n, s in self.state.items() if s != ZERO and head.get(n, ZERO) == ZERO]:
            del self.state[name]
        self.state = head
        if getattr(stmt, "stop", None):
            body = self._clear_stop(body, stmt.stop)
        if body:
            out.append(with_origin(self._backwards(stmt, body), origin))
        return out + self._restores_before(stmt)

    def _read_in_part(self, loop: Node) -> set[str]:
        """The arrays of which a loop reads elements."""
        return {
            each.operand.id
            for stmt in statements_in(loop.body)
            for each in getattr(self.adjoints.get(id(stmt)), "contributions", [])
            if each.index is not None
        }

    def _clear_stop(self, body: list[Node], stop: str) -> list[Node]:
        """``stop = 0`` after the part that asks it: it is about the last trip only."""
        asking = [n for n, each in enumerate(body) if stop in names_in(each)]
        if not asking:
            return body
        last = body[asking[-1]]
        rest = body[asking[-1] + 1 :]
        if isinstance(last, gast.If) and stop not in names_in(last.test):
            sides = [
                stop in {n for each in side for n in names_in(each)}
                for side in (last.body, last.orelse)
            ]
            if sides != [True, True]:
                field = "body" if sides[0] else "orelse"
                inner = self._clear_stop(getattr(last, field), stop)
                return [*body[: asking[-1]], copy_node(last, **{field: inner}), *rest]
        return [*body[: asking[-1] + 1], assign(stop, constant(0)), *rest]

    def _backwards(self, stmt: Node, body: list[Node]) -> Node:
        """The loop with its trips in the opposite order."""
        if isinstance(stmt, gast.While):
            index = self.names.fresh("_")
            trips = call("range", self._renamed(load(stmt.trips)))
            return gast.For(store(index), trips, body, [], None)
        bounds = [self._renamed(bound) for bound in stmt.iter.args]
        lower = bounds[0] if len(bounds) > 1 else constant(0)
        upper = bounds[1] if len(bounds) > 1 else bounds[0]
        step = bounds[2] if len(bounds) > 2 else constant(1)
        end = difference(lower, step)
        back = difference(constant(0), step)
        if not is_number(step):
            back = gast.UnaryOp(gast.USub(), step)
        if getattr(stmt, "stop", None):
            start: Node = self._renamed(load(stmt.target.id))
        elif is_number(step) and number_of(step) == 1:
            start = difference(upper, constant(1))
        elif is_number(step) and number_of(step) == -1:
            start = binary(upper, gast.Add(), constant(1))
        else:
            # The last index: lower + (number of trips - 1) * step.
            trips = binary(call("len", call("range", *bounds)), gast.Sub(), constant(1))
            start = binary(lower, gast.Add(), binary(trips, gast.Mult(), step))
        return gast.For(store(stmt.target.id), call("range", start, end, back), body, [], None)


def _numbers(length: Node, zero: object = 0.0) -> Node:
    """``[0.0] * length``."""
    return binary(gast.List([constant(zero)], gast.Load()), gast.Mult(), length)


def _of_kind(node: Node, kind: Kind) -> Node:
    node.kind = kind
    return node


def _either(left: str, right: str) -> str:
    """The state of an adjoint that is in one state on one path and in another on another."""
    if left == right:
        return left
    return LOOSE if LOOSE in (left, right) else SHARED


def _replaced_value(save: Node, value: Node) -> Node:
    """``tape.append(value)`` for another value."""
    new = copy_node(save, value=copy_node(save.value, args=[value]))
    new.saves = True
    return new


def _stored(node: Node) -> Node:
    """A name, or a tuple of names, as a target."""
    if isinstance(node, gast.Tuple):
        return gast.Tuple([_stored(each) for each in node.elts], gast.Store())
    return copy_node(node, ctx=gast.Store())


def _kind(node: Node) -> Kind:
    kind: Kind = getattr(node, "kind", NOTHING)
    return kind


def _is_literal(kind: Kind) -> bool:
    return isinstance(kind, Literal)


def _leaves(target: Node) -> list[Node]:
    if isinstance(target, gast.Tuple):
        return [leaf for each in target.elts for leaf in _leaves(each)]
    return [target]


def _breaks(body: list[Node]) -> bool:
    return bool(body) and isinstance(body[-1], gast.Break)


def _raises(body: list[Node]) -> bool:
    return bool(body) and isinstance(body[-1], gast.Raise)
