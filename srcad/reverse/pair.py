"""The pair of sweeps of a called function, and the calls of the first one.

A call ``y = g(x)`` of a user's function becomes ``y, tape = g_forward(x)`` in the forward sweep;
its adjoint is ``x̄ += g_reverse(x, tape, ȳ)``.  Recursive functions save on stacks that all
their calls share (:mod:`srcad.reverse.stacks`), and so do loops that are run inside a loop or
a branch of the caller: a tape of tapes would not be a list of numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import gast

from srcad.adjoint import written_targets
from srcad.analysis.kind import NOTHING, OTHER, Kind, ListOf, Literal, is_continuous
from srcad.analysis.memory import Memory
from srcad.analysis.operation import Operation
from srcad.analysis.overlap import Overlap, Parts, overlapping
from srcad.listing import operand_leaves
from srcad.names import Names
from srcad.read import Source
from srcad.tree import Node, blocks_of, call, copy_node, is_name, load, names_in


@dataclass
class Pair:
    """The two sweeps of a called function, as its callers see them.

    ``arguments`` are the parameters that the reverse sweep reads; ``tape`` says how the saved
    values travel: not at all (``""``), as a ``tuple``, or on the ``stacks`` that all calls of a
    recursion share.  The adjoints of the ``shadowed`` inputs, arrays that are written or read in
    part, are handed to the reverse sweep, which adds to them in place; it returns those of the
    others.
    """

    forward: str
    reverse: str
    arguments: list[str]
    tape: str
    inputs: list[str]
    parameters: list[str]
    seeds: list[bool]
    saved: list[Kind] = field(default_factory=list)
    stacks: list[str] = field(default_factory=list)
    shadowed: list[str] = field(default_factory=list)


# The last arguments say that the call may be run several times, or not at all, which of the
# arguments may be parts of one array, and which of the results nothing reads.
CallPair = Callable[
    [Source, tuple[Kind, ...], tuple[bool, ...], bool, Overlap, tuple[int, ...]], Pair
]


class Calls:
    """A body with its active calls exchanged for calls of forward sweeps.

    ``stacks`` names the lists on which everything is saved where the function is recursive;
    ``splits`` keeps what called functions save in a variable for each value.
    """

    def __init__(
        self,
        names: Names,
        memory: Memory,
        active: set[str],
        call_pair: CallPair,
        parts: Parts,
        *,
        stacks: dict[str, str],
        splits: bool,
    ) -> None:
        self.names = names
        self.memory = memory
        self.active = active
        self.call_pair = call_pair
        self.stacks = stacks
        self.splits = splits
        self.parts = parts
        # The stacks of functions that are called, where this one has none itself.
        self.shared: dict[str, str] = {}

    def block(self, body: list[Node], *, in_loop: bool = False, nested: bool = False) -> list[Node]:
        """The body with active calls exchanged for calls of forward sweeps.

        ``nested`` says that the body is part of a branch or of a loop.
        """
        out: list[Node] = []
        for stmt in body:
            operation = getattr(getattr(stmt, "value", None), "operation", None)
            if isinstance(stmt, (gast.If, gast.For, gast.While)):
                inside = in_loop or not isinstance(stmt, gast.If)
                body_, orelse = (
                    self.block(block, in_loop=inside, nested=True) for block in blocks_of(stmt)
                )
                out.append(copy_node(stmt, body=body_, orelse=orelse))
            elif (
                isinstance(stmt, gast.Assign)
                and operation is not None
                and operation.callee is not None
            ):
                out.append(self._call(stmt, operation, in_loop or self.splits, nested))
            else:
                out.append(stmt)
        return out

    def _call(self, stmt: Node, operation: Operation, split: bool, nested: bool) -> Node:
        """The call of a forward sweep; what it saves is one variable, or ``split`` into several."""
        (target,) = stmt.targets
        assert operation.callee is not None
        given = [node for _, node in operation.operands]
        kinds = tuple(map(kind_of, given))
        operands = [
            leaf
            for node in given
            for leaf in operand_leaves(node)
            if not isinstance(kind_of(leaf), Literal)
        ]
        written = written_targets(stmt)
        flags = tuple(any(map(self.moves, operand_leaves(node))) for node in given)
        lists = any(isinstance(kind_of(node), ListOf) and self.moves(node) for node in operands)
        changes = self.memory.changed_by(stmt)
        lists = lists or not changes.isdisjoint(self.active)
        if not any(flags) or not (lists or any(name in self.active for name in written)):
            return stmt
        overlap = overlapping(operands, changes, self.memory, self.parts)
        several_times = nested or bool(self.stacks)
        leaves = leaves_of_target(target)
        unread = tuple(n for n, leaf in enumerate(leaves) if getattr(leaf, "unread", False))
        pair = self.call_pair(operation.callee, kinds, flags, several_times, overlap, unread)
        arguments = list(operands)
        new_target = target
        tapes: list[Node] = []
        if pair.tape == "stacks":
            tapes = [load(self._stack(stem)) for stem in pair.stacks]
            arguments = [*arguments, *tapes]
        elif pair.tape == "tuple":
            if split:
                parts = [of_kind(load(self.names.temporary()), kind) for kind in pair.saved]
                tape = gast.Tuple(parts, gast.Load()) if len(parts) > 1 else parts[0]
            else:
                kind = pair.saved[0] if len(pair.saved) == 1 else OTHER
                tape = of_kind(load(self.names.fresh("tape")), kind)
            tapes = [tape]
            new_target = gast.Tuple([target, _stored(tape)], gast.Store())
            if isinstance(kind_of(target), Literal):  # it returns nothing
                new_target = _stored(tape)
        value = call(load(pair.forward), *arguments)
        value.effect = pair.tape == "stacks" or getattr(stmt.value, "effect", False)
        value.shares = any(map(self.memory.is_written, names_in(*operands)))
        new = copy_node(stmt, targets=[new_target], value=value)
        new.pair, new.pair_target, new.tapes = pair, target, tapes
        new.operands, new.changes, new.primal_call = operands, changes, stmt
        new.tape_names = names_in(*tapes) if pair.tape == "tuple" else set()
        return new

    def moves(self, node: Node) -> bool:
        return is_name(node) and node.id in self.active and is_continuous(kind_of(node))

    def _stack(self, stem: str) -> str:
        """A list on which called functions save: the function's own, or a new one."""
        if stem in self.stacks:
            return self.stacks[stem]
        if stem not in self.shared:
            self.shared[stem] = self.names.fresh(stem)
        return self.shared[stem]


def shadowed_operands(stmt: Node) -> list[Node]:
    """The operands of a call whose adjoints its reverse sweep adds to in place."""
    by_name = dict(zip(stmt.pair.parameters, stmt.operands, strict=True))
    return [by_name[name] for name in stmt.pair.shadowed]


def kind_of(node: Node) -> Kind:
    """The kind that a node is marked with."""
    kind: Kind = getattr(node, "kind", NOTHING)
    return kind


def of_kind(node: Node, kind: Kind) -> Node:
    """The node, marked with a kind."""
    node.kind = kind
    return node


def leaves_of_target(target: Node) -> list[Node]:
    """The names in a target, in order."""
    if isinstance(target, gast.Tuple):
        return [leaf for each in target.elts for leaf in leaves_of_target(each)]
    return [target]


def _stored(node: Node) -> Node:
    """A name, or a tuple of names, as a target."""
    if isinstance(node, gast.Tuple):
        return gast.Tuple([_stored(each) for each in node.elts], gast.Store())
    return copy_node(node, ctx=gast.Store())
