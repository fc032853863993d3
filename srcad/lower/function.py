"""All of lowering, in order: one function of the user's to its listing."""

from __future__ import annotations

import types
from collections.abc import Callable, Set
from functools import partial

import gast
import numpy as np

from srcad.analysis.expressions import CodeOf
from srcad.analysis.kind import (
    COMPLEX,
    FLOAT,
    INT,
    NOTHING,
    Array,
    Kind,
    ListOf,
    Literal,
    TupleOf,
    is_continuous,
    leaf_kinds,
)
from srcad.analysis.kinds import Kinds
from srcad.analysis.operation import Operation, parameters_of
from srcad.analysis.overlap import Overlap
from srcad.errors import Problems
from srcad.functions.derived import is_derived
from srcad.listing import Listing, leaves_of, origin_of, with_origin
from srcad.lower.apart import apart
from srcad.lower.arrays_of_lists import with_arrays_of_lists
from srcad.lower.cells import with_cells
from srcad.lower.classes import Classes
from srcad.lower.comprehensions import as_loops
from srcad.lower.contexts import check_contexts, with_imports, without_contexts
from srcad.lower.derived import with_derivatives
from srcad.lower.ends import maybe_none, open_ends
from srcad.lower.flatten import Flatten
from srcad.lower.handlers import as_branches
from srcad.lower.hidden import never_called, without_hidden
from srcad.lower.items import with_items_changed
from srcad.lower.iteration import by_index
from srcad.lower.jumps import Jumps
from srcad.lower.lists import one_name_for_lists
from srcad.lower.matches import captures, without_matches
from srcad.lower.memory import CallMemory, MemoryOf
from srcad.lower.ordered import ordered
from srcad.lower.outputs import with_outputs_checked
from srcad.lower.placed import with_places
from srcad.lower.reads import read_once
from srcad.lower.remade import with_lengths_before
from srcad.lower.resolve import Resolver
from srcad.lower.specialise import specialise
from srcad.lower.starred import without_stars
from srcad.lower.tables import as_tables
from srcad.lower.tuples import Tuples, tuple_variables
from srcad.lower.unassigned import unassigned
from srcad.lower.unpacked import with_counts_checked
from srcad.lower.validate import validate
from srcad.lower.varied import Varied
from srcad.lower.writes import as_assignments
from srcad.lower.written_out import Plain, plain_of, with_bodies
from srcad.names import Names
from srcad.read import Source
from srcad.rules import rule_of
from srcad.simplify.flow import written_by
from srcad.tree import (
    Node,
    assign,
    constant,
    fresh,
    is_name,
    load,
    statements_in,
    target_names,
    walk,
)

CallKind = Callable[[Source, tuple[Kind, ...]], Kind]
CallLists = Callable[[Source, tuple[Kind, ...]], list[Kind]]


def variables_of(source: Source) -> set[str]:
    """The function's own variables: its parameters and all that it assigns."""
    return set(source.assigned.union(parameters_of(source), captured_in(source)))


def identifiers_of(source: Source) -> set[str]:
    """Every identifier in the function."""
    return set(source.identifiers.union(parameters_of(source), captured_in(source)))


def captured_in(source: Source) -> set[str]:
    """The names that patterns bind."""
    cases = [node for node in source.nodes if isinstance(node, gast.match_case)]
    return {name for case in cases for name in captures(case.pattern)}


def lower(
    source: Source,
    kinds: tuple[Kind, ...],
    active: tuple[bool, ...],
    call_kind: CallKind,
    call_memory: CallMemory,
    code_of: CodeOf,
    call_lists: CallLists,
    *,
    overlap: Overlap = (),
    own_names: bool = False,
    recursive: bool = False,
    ascii: bool = False,
    is_entry: bool = False,
    numbered: bool = False,
    reserved: Set[str] = frozenset(),
    plain: Callable[[Operation], Plain | None] | None = None,
) -> Listing:
    """The listing of a function for parameters of given kinds.

    ``active`` says which parameters are differentiated, ``overlap`` which of the listing's may be
    parts of one array; ``is_entry``, that its numbers are the caller's, and so Python's own;
    ``numbered``, that all variables get other names in the end;
    ``reserved`` are names that mean something else where the code will be; ``plain`` gives what is
    to be written out in the place of a call.
    Raises ``UnsupportedError`` with all that is not accepted.
    """
    validate(source)
    parameters = parameters_of(source)
    literals = {
        name: kind.value
        for name, kind in zip(parameters, kinds, strict=True)
        if isinstance(kind, Literal)
    }
    variables = variables_of(source)
    problems = Problems(source)
    resolver = Resolver(with_imports(source, problems), variables)
    names = Names(identifiers_of(source), ascii=ascii)
    check_contexts(source, resolver, problems)
    problems.raise_if_any()
    # The analyses mark the nodes, for these kinds only.
    body = without_hidden([fresh(stmt) for stmt in source.tree.body], resolver, names)
    if not numbered:
        resolver.never_called = never_called(body, set(parameters), source.assigned)
    body = apart(body, source.identifiers & reserved - variables, resolver, names, reserved)
    rebound = source.assigned | captured_in(source)
    kept = {n: k for n, k in zip(parameters, kinds, strict=True) if n not in rebound}
    numbers = (FLOAT, INT, COMPLEX) if is_entry and not recursive else ()
    own = {n for n, k in zip(parameters, kinds, strict=True) if k in numbers}
    body = without_contexts(as_branches(body, own, resolver, problems))
    problems.raise_if_any()
    body = without_stars(without_matches(body, kept, names, problems), names)
    body = specialise(body, literals, Classes(kept, resolver, problems).ask)
    problems.raise_if_any()
    body = ordered(body, names, resolver, problems)
    body = as_tables(body, set(parameters), names, resolver)
    body = as_loops(body, set(parameters), names, resolver, problems)
    body = as_assignments(body, resolver, names)
    body = with_cells(
        body, _without_axes(parameters, kinds) if is_entry else set(), resolver, names
    )
    body = by_index(body, names, resolver, problems)
    problems.raise_if_any()
    resolver.variables |= {name for stmt in statements_in(body) for name in _written(stmt)}
    result = names.temporary()
    for node in unassigned(body, set(parameters), variables_of(source)):
        why, instead = "it is read before it has a value", f"an assignment of `{node.id}` before it"
        problems.add(node, f"`{node.id}`", why, instead)
    ends = open_ends(body)
    body = Jumps(names, result).function(body)
    returned = [stmt for stmt in statements_in(body) if result in _written(stmt)]
    if not returned:  # it is called for what it writes into its arguments
        body.append(with_origin(assign(result, constant(None)), None))
    for end in ends if any(not _is_none(stmt.value) for stmt in returned) else []:
        construct, instead = "the path that ends here", "a `return` or a `raise` after it"
        problems.add(end, construct, "it returns None, and other paths return a value", instead)
    problems.raise_if_any()
    inputs = {name for name, flag in zip(parameters, active, strict=True) if flag}
    varied = Varied(body, inputs, resolver)
    flatten = Flatten(names, resolver, varied, is_user_function)
    names_used = [n for stmt in body for n in walk(stmt) if isinstance(n, gast.Name)]
    flatten.occurrences.update(node.id for node in names_used)
    flatten.loads |= {node.id for node in names_used if isinstance(node.ctx, gast.Load)}
    flatten.growing |= lists_that_grow(body)
    flatten.writes = varied.writes
    body = flatten.block(body)
    listing = Listing(
        source.name,
        [n for n, k in zip(parameters, kinds, strict=True) if not isinstance(k, Literal)],
        body,
        result,
        names,
        resolver,
        source,
        varied=varied,
    )
    given = dict(zip(parameters, kinds, strict=True))

    def infer(given: dict[str, Kind]) -> dict[str, Kind]:
        return Kinds(listing, problems, call_kind, code_of, call_lists).infer(given)

    environment = infer(given)
    body = with_arrays_of_lists(listing.body, names, resolver, varied.names, problems)
    if body is not listing.body and not problems:
        listing.body = body
        environment = infer(given)
    body = with_items_changed(listing.body, names, varied.names) if not problems else body
    if body is not listing.body:
        listing.body = body
        resolver.variables |= {name for stmt in statements_in(body) for name in written_by(stmt)}
        environment = infer(given)
    if not problems:
        numpy = partial(resolver.name_of, np, "np")
        body = with_places(listing.body, names, varied.names, numpy)
        if body is not listing.body:
            listing.body = body
            resolver.variables |= {
                name for stmt in statements_in(body) for name in written_by(stmt)
            }
            environment = infer(given)
    if not problems and (called := with_derivatives(listing, code_of)):
        listing.body = called
        environment = infer(given)
    _check_range(listing, problems)
    _check_lists(listing, given, problems)
    listing.leaves = {name: [name] for name in listing.parameters}
    tuples = tuple_variables(listing.body) if not problems else {}
    tuples |= {n: k for n, k in given.items() if isinstance(k, TupleOf) and is_continuous(k)}
    if tuples:
        taken_apart = Tuples(names, tuples)
        listing.body = taken_apart.block(listing.body)
        listing.structure = taken_apart.parts.get(result)
        for name in listing.parameters:
            if name in tuples:
                parts = leaves_of(taken_apart.parts[name])
                listing.leaves[name] = parts
                given |= dict(zip(parts, leaf_kinds(given.pop(name)), strict=True))
        listing.parameters = [p for n in listing.parameters for p in listing.leaves[n]]
        listing.resolver.variables |= set(listing.parameters)
        listing.resolver.variables |= {
            name for stmt in statements_in(listing.body) for name in _written(stmt)
        }
        listing.result_kind = environment.get(result, NOTHING)
        lists = {name for name, kind in given.items() if isinstance(kind, ListOf)}
        one_name_for_lists(listing, lists)
        environment = infer(given)
    else:
        listing.result_kind = environment.get(result, NOTHING)
    if listing.structure is None:
        listing.structure = result
    if not isinstance(listing.result_kind, Literal) and not source.is_generated:
        for stmt in maybe_none(listing.body, listing.results):
            place = origin_of(stmt) or source.tree
            problems.add(place, "None", "it may be returned, and is no number", "a number")
    problems.raise_if_any()
    own = names.temporaries - set(listing.results)
    body = read_once(listing.body, own, lambda each: _has_rule(each, resolver))
    body = with_outputs_checked(with_counts_checked(body))
    body = with_lengths_before(body, names, {*listing.parameters, *listing.results})
    if body is not listing.body:
        listing.body = body
        environment = infer(given)
    while plain is not None and (body := with_bodies(listing, plain)) is not listing.body:
        listing.body = body
        environment = infer(given)
    problems.raise_if_any()
    listing.kinds_of_parameters = given
    listing.plain = plain_of(listing)
    memory = MemoryOf(listing, call_memory, overlap, own_names=own_names, recursive=recursive)
    if memory.prepare():  # what an operation's operands are is marked anew
        environment = infer(given)
    listing.kinds = environment
    memory.find(parameters, problems)
    return listing


def lists_that_grow(body: list[Node]) -> set[str]:
    """The names of lists that are appended to, or popped from."""
    return {
        node.value.id
        for stmt in body
        for node in walk(stmt)
        if isinstance(node, gast.Attribute)
        and node.attr in ("append", "pop")
        and is_name(node.value)
    }


def _without_axes(parameters: list[str], kinds: tuple[Kind, ...]) -> set[str]:
    """The parameters that are arrays of floats without axes."""
    return {
        name
        for name, kind in zip(parameters, kinds, strict=True)
        if isinstance(kind, Array) and not kind.rank and kind.dtype[0] == "f"
    }


def _is_none(value: Node) -> bool:
    return isinstance(value, gast.Constant) and value.value is None


def _written(stmt: Node) -> list[str]:
    if isinstance(stmt, gast.Assign):
        return [name for target in stmt.targets for name in target_names(target)]
    return []


def _check_range(listing: Listing, problems: Problems) -> None:
    for stmt in statements_in(listing.body):
        if not isinstance(stmt, gast.For) or not isinstance(stmt.iter, gast.Call):
            continue
        if listing.resolver.object_of(stmt.iter.func) is not range:
            why = "`range` is not Python's own here, but a function or a variable of yours"
            problems.add(stmt.iter, "`for`", why, "another name for that, and Python's `range`")


def _check_lists(listing: Listing, given: dict[str, Kind], problems: Problems) -> None:
    """A variable is a list everywhere or nowhere: the adjoints of the two are no one variable."""
    is_list = {name: isinstance(kind, ListOf) for name, kind in given.items()}
    for stmt in statements_in(listing.body):
        for name in _written(stmt):
            (target,) = stmt.targets
            if not is_name(target):
                continue
            now = isinstance(getattr(target, "kind", None), ListOf)
            if is_list.setdefault(name, now) is not now and listing.varied.carries(load(name)):
                why = "it is a list in one place, and none in another"
                problems.add(origin_of(stmt) or stmt, f"`{name}`", why, "a name for each")


def _has_rule(node: Node, resolver: Resolver) -> bool:
    return rule_of(resolver.object_of(node.func)) is not None


def is_user_function(function: object) -> bool:
    """Whether an object is a function of the user's: one with source and no rule, or a derivative.

    A maker of derivatives is none: what it makes is followed before (``functions/``).
    """
    plain = isinstance(function, (types.FunctionType, Source)) or is_derived(function)
    return plain and rule_of(function) is None
