"""The gradient of a function of structures: they are taken apart first, and made again last.

``def f_grad(p_w, p_b, x)`` becomes ``def f_grad(p, x)``, which begins with ``p_w = p["w"]`` and
returns ``{"w": ..., "b": ...}``.
"""

from __future__ import annotations

from collections.abc import Iterator

import gast

from srcad.analysis.kind import Kind, Literal
from srcad.pipeline.module import Module
from srcad.structures.layout import (
    DICT,
    LIST,
    NAMED,
    TUPLE,
    Structure,
    leaf_kinds,
    literal,
    path,
)
from srcad.structures.plain import Plain
from srcad.tree import (
    Comment,
    Node,
    assign,
    assigned,
    call,
    constant,
    copy_node,
    is_name,
    item,
    load,
    names_in,
    own_parts,
    statements_in,
    tuple_of,
    walk,
)


def enter(
    module: Module,
    made: Plain,
    wrt: tuple[int, ...],
    active: list[bool],
    *,
    value: bool,
    several: bool,
) -> None:
    """Let the function that was made last take and give structures.

    ``active`` says which of the leaves have an adjoint.
    """
    function = module.functions[-1]
    tree = function.tree
    every = [part for stmt in statements_in(tree.body) for part in own_parts(stmt)]
    read = names_in(*every)
    leaves = iter(tree.args.args)
    before: list[Node] = []
    arguments: list[Node] = []
    for parameter, kind in zip(made.parameters, made.kinds, strict=True):
        if isinstance(kind, Literal):
            continue
        if not isinstance(kind, Structure):
            arguments.append(next(leaves))
            continue
        arguments.append(gast.Name(parameter, gast.Param(), None, None))
        for part in paths(kind, load(parameter)):
            name = next(leaves).id
            if name in read:
                before.append(assign(name, part))
    names = outside_names(module, made, read | {each.id for each in tree.args.args})
    for each in made.outside:
        name = names[each.name]
        function.free[name] = module.globals[name] = each.value
        for part in () if each.kind is None else paths(each.kind, load(name)):
            leaf = next(leaves).id
            if leaf in read:
                before.append(assign(leaf, part))
    flags: list[list[bool]] = []
    rest = iter(active)
    for kind in made.kinds:
        flags.append([next(rest) for _ in leaf_kinds(kind)])

    helper = ""
    if any(_has_objects(made.kinds[n]) for n in wrt):
        helper = module.helper_alias("like", read | set(made.parameters))
        function.free[helper] = module.globals[helper]

    has_value = value or bool(made.state)

    def effects(stmt: Node) -> list[Node]:
        """What is written into the arguments: the value of the plain function holds it."""
        if not made.state:
            return []
        values = stmt.value.elts[0]

        def output(name: str) -> Node:
            place = made.outputs.index(name)
            is_tuple = isinstance(values, gast.Tuple)
            return values.elts[place] if is_tuple else item(values, constant(place))

        return made.state.statements(output, names)

    def returned(stmt: Node) -> Node:
        adjoints = stmt.value.elts[1] if has_value else stmt.value
        given = iter(adjoints.elts)
        results = []
        for n in wrt:
            slopes = (next(given) if flag else gast.Constant(None, None) for flag in flags[n])
            results.append(like(made.kinds[n], load(made.parameters[n]), slopes, helper))
        result = tuple_of(results, always=several)
        if value:
            found = stmt.value.elts[0]
            if made.state:
                is_tuple = isinstance(found, gast.Tuple)
                found = found.elts[0] if is_tuple else item(found, constant(0))
            result = gast.Tuple([found, result], gast.Load())
        return copy_node(stmt, value=result)

    def block(stmts: list[Node]) -> list[Node]:
        found = []
        for stmt in stmts:
            if isinstance(stmt, gast.Return):
                found += effects(stmt)
                stmt = returned(stmt)
            elif hasattr(stmt, "body"):
                stmt = copy_node(stmt, body=block(stmt.body), orelse=block(stmt.orelse))
            found.append(stmt)
        return found

    body = block(tree.body)
    if made.state and not value:
        body = _without_result(body, tree.body)
    tree.body = [*before, *body]
    tree.args = copy_node(tree.args, args=arguments)
    module.sign(made.original, made.kinds)


def outside_names(module: Module, made: Plain, taken: set[str]) -> dict[str, str]:
    """The names in generated code of what is outside, by what it is called in the rewriting."""
    found: dict[str, str] = {}
    for each in made.outside:
        name, number = each.stem, 2
        while (
            name in taken
            or name in found.values()
            or module.globals.get(name, each.value) is not each.value
        ):
            name, number = f"{each.stem}{number}", number + 1
        found[each.name] = name
    return found


def _without_result(body: list[Node], before: list[Node]) -> list[Node]:
    """The body without the value of the function, which was returned and nothing else reads."""
    end = before[-1].value.elts[0] if isinstance(before[-1], gast.Return) else None
    result = end.elts[0] if isinstance(end, gast.Tuple) else None
    if result is None or not is_name(result):
        return body
    uses = [n for stmt in body for n in walk(stmt) if is_name(n, result.id)]
    place = next((n for n, each in enumerate(body) if assigned(each) == result.id), None)
    if len(uses) != 1 or place is None:
        return body
    start = place - 1 if place and isinstance(body[place - 1], Comment) else place
    return body[:start] + body[place + 1 :]


def paths(kind: Kind, owner: Node) -> Iterator[Node]:
    """The expressions of a structure's leaves, in order."""
    if isinstance(kind, Literal):
        return
    if not isinstance(kind, Structure):
        yield owner
        return
    for n, (key, part) in enumerate(zip(kind.keys, kind.items, strict=True)):
        yield from paths(part, path(kind, owner, key, n))


def like(kind: Kind, owner: Node, leaves: Iterator[Node], helper: str) -> Node:
    """An expression that makes a structure like another one, of other leaves."""
    if isinstance(kind, Literal):
        return gast.Constant(None, None)
    if not isinstance(kind, Structure):
        return next(leaves)
    rows = list(zip(kind.keys, kind.items, strict=True))
    values = [
        like(part, path(kind, owner, key, n), leaves, helper) for n, (key, part) in enumerate(rows)
    ]
    if kind.form == DICT:
        return gast.Dict([literal(key) for key in kind.keys], values)
    if kind.form == LIST:
        return gast.List(values, gast.Load())
    if kind.form == TUPLE:
        return gast.Tuple(values, gast.Load())
    if kind.form == NAMED:
        return gast.Call(call("type", owner), values, [])
    keywords = [gast.keyword(str(k), v) for k, v in zip(kind.keys, values, strict=True)]
    return gast.Call(load(helper), [owner], keywords)


def _has_objects(kind: Kind) -> bool:
    if not isinstance(kind, Structure):
        return False
    return kind.form not in (DICT, LIST, TUPLE, NAMED) or any(map(_has_objects, kind.items))
