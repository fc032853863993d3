"""Calls in the reverse sweep: the second sweep of the called function, and what it gives back."""

from __future__ import annotations

import gast

from srcad.adjoint import Adjoint, Contribution, may_be_array, zeros
from srcad.analysis.kind import ListOf, TupleOf, leaf_kinds
from srcad.listing import origin_of
from srcad.reverse.bars import LOOSE, Bars
from srcad.reverse.pair import Pair, kind_of, leaves_of_target, shadowed_operands
from srcad.reverse.plan import Plan
from srcad.reverse.stacks import numbers
from srcad.reverse.values import Values
from srcad.tree import Node, assign, call, load, store


def reversed_call(
    stmt: Node, adjoint: Adjoint, plan: Plan, values: Values, bars: Bars
) -> list[Node]:
    """The reverse sweep of a called function, given what it reads, its tape and the seeds."""
    pair: Pair = stmt.pair
    origin = origin_of(stmt)
    out, seeds = _seeds_of_arrays(stmt, plan, values, bars)
    if pair.tape == "tuple":
        out += values.at_hand(stmt.tape_names, origin)
    out += values.restores_before(stmt)
    out += values.at_hand(values.needs(adjoint), origin)
    by_name = dict(zip(pair.parameters, stmt.operands, strict=True))
    arguments = [values.renamed(by_name[name]) for name in pair.arguments]
    arguments += [values.renamed(tape) for tape in stmt.tapes]
    for target, seeded in _results(stmt):
        if seeded:
            zero = bars.is_zero(target.id)
            bar = load(plan.names.bar(target.id))
            none = zeros(load(target.id), kind_of(target), plan.modules)
            seed = none if zero else values.in_names(bar)
            arguments.append(seeds.get(target.id, seed))
        bars.state.pop(target.id, None)
    results = []
    for name in pair.inputs:
        node = by_name[name]
        if name in pair.shadowed:
            moves = plan.moves(node)
            out += bars.bind(node.id) if moves else []
            model = values.renamed(node)
            none = plan.modules.put(call("np.zeros_like", model))
            arguments.append(load(plan.names.bar(node.id)) if moves else none)
        elif not isinstance(kind_of(node), ListOf):
            results.append(node)
        elif plan.moves(node):
            arguments.append(load(plan.names.bar(node.id)))
        else:  # a list without derivative: its adjoint is not asked for
            arguments.append(numbers(call("len", node)))
    value = call(load(pair.reverse), *arguments)
    value.effect = True
    if not results:
        return [*out, gast.Expr(value)]
    if len(results) == 1 and plan.moves(results[0]):
        new = bars.accumulate(Contribution(results[0], value))
        return out + new
    holders = []
    for node in results:
        holder = plan.names.bar(plan.names.temporary())
        holders.append((node, holder))
    parts = [store(holder) for _, holder in holders]
    target = parts[0] if len(parts) == 1 else gast.Tuple(parts, gast.Store())
    out.append(assign(target, value))
    for node, holder in holders:
        if not plan.moves(node):
            continue
        bar = load(holder)
        bar.kind = kind_of(node)
        out += bars.accumulate(Contribution(node, bar))
    return out


def _results(stmt: Node) -> list[tuple[Node, bool]]:
    """The variables that a call's results are bound to, and whether each adjoint is asked for."""
    targets: list[Node | None] = []
    for leaf in leaves_of_target(stmt.pair_target):
        # A tuple of ints stays one variable; it has no adjoint.
        several = isinstance(kind_of(leaf), TupleOf)
        targets += [None] * (len(leaf_kinds(kind_of(leaf))) or 1) if several else [leaf]
    pairs = zip(targets, stmt.pair.seeds, strict=True)
    return [(target, seeded) for target, seeded in pairs if target is not None]


def _seeds_of_arrays(
    stmt: Node, plan: Plan, values: Values, bars: Bars
) -> tuple[list[Node], dict[str, Node]]:
    """The adjoints of the results that are not at hand as arrays of their shapes.

    One may be 0.0, or be still zero where the result has overwritten another array; after
    ``y, s = f(y)`` one name means the adjoint of the result first, and then that of the argument.
    The results are those of the call still: what they overwrote is put back after that.
    """
    out: list[Node] = []
    seeds: dict[str, Node] = {}
    overwritten = values.saves.before.get(id(stmt), [])
    arguments = {node.id for node in shadowed_operands(stmt) if plan.moves(node)}
    for target, seeded in _results(stmt):
        name, kind = target.id, kind_of(target)
        if not seeded or not may_be_array(kind) or plan.is_apart(name):
            continue
        bar, new = bars.target(target), None
        if bars.is_zero(name):
            if name in overwritten or name in arguments:
                new = zeros(values.renamed(load(name)), kind, plan.modules)
        elif bars.state.get(name) == LOOSE:
            new = bars.filled(name)
        elif name in arguments:
            new = load(bar.id)
        if new is None:
            continue
        if name in arguments:
            bar = store(plan.names.bar(plan.names.temporary()))
            bar.kind = kind
        out += values.at_hand({name}, origin_of(stmt))
        out.append(assign(bar, new))
        seeds[name] = load(bar.id)
    return out, seeds
