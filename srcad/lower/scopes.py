"""Scopes inside a function: what a lambda, a nested `def` or a comprehension binds and reads.

>>> from srcad.emit import text
>>> from srcad.tree import load, parse
>>> expression = parse("x + (lambda x: x * k)(k) + sum(x * k for x in x)")
>>> text(exchanged(expression, {"x": load("y"), "k": load("n")}))
'y + (lambda x: x * n)(n) + sum(x * n for x in y)'
>>> sorted(free_names(parse("lambda x: x * k + sum(i for i in t)")))
['k', 'sum', 't']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import gast

from srcad.tree import Node, children, copy_node, is_name, target_names, with_parts

FUNCTIONS = (gast.FunctionDef, gast.AsyncFunctionDef, gast.Lambda)
COMPREHENSIONS = (gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp)
SCOPES = (*FUNCTIONS, *COMPREHENSIONS, gast.ClassDef)

# The same, to be looked up by a node's class: most nodes are none of them.
_SCOPES = frozenset(SCOPES)
_DEFINITIONS = frozenset((*FUNCTIONS, gast.ClassDef))
# What is met most, and binds nothing.
_VALUES = frozenset((gast.BinOp, gast.Constant, gast.Call, gast.Attribute, gast.Subscript))


def own_nodes(*roots: Node) -> Iterator[Node]:
    """The nodes that belong to a scope itself; of a scope inside, only where it stands.

    What is evaluated outside a nested function (its defaults) and the first iterable of a
    comprehension belong to the scope around.
    """
    pending = list(reversed(roots))
    while pending:
        node = pending.pop()
        yield node
        pending += reversed(_around(node) if type(node) in _SCOPES else children(node))


def _around(scope: Node) -> list[Node]:
    """The parts of a scope that are evaluated in the scope around it."""
    if isinstance(scope, COMPREHENSIONS):
        return [scope.generators[0].iter]
    if isinstance(scope, gast.ClassDef):
        return [*scope.bases, *scope.decorator_list]
    defaults = [each for each in scope.args.kw_defaults if each is not None]
    return [*getattr(scope, "decorator_list", []), *scope.args.defaults, *defaults]


def parameters(function: Node) -> list[Node]:
    """The parameters of a function or a lambda, starred ones last."""
    given = function.args
    starred = [each for each in (given.vararg, given.kwarg) if each is not None]
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *starred]


def body_of(function: Node) -> list[Node]:
    """The body of a function, or the expression of a lambda."""
    return [function.body] if isinstance(function, gast.Lambda) else function.body


def assigned_in(roots: Iterable[Node]) -> set[str]:
    """The variables that a scope binds itself, by assignments, loops, `def` and `:=`."""
    roots = list(roots)
    found: set[str] = set()
    for node in own_nodes(*roots):
        if isinstance(node, gast.Name):
            if not isinstance(node.ctx, gast.Load):
                found.add(node.id)
        elif type(node) in _VALUES:
            continue
        elif isinstance(node, (gast.FunctionDef, gast.AsyncFunctionDef, gast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (gast.Import, gast.ImportFrom)):
            found |= {each.asname or each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, (gast.MatchAs, gast.MatchStar, gast.ExceptHandler)):
            name = getattr(node.name, "id", node.name)
            found |= {name} if name else set()
        elif isinstance(node, gast.MatchMapping) and node.rest:
            found.add(node.rest)
    for root in roots:  # a walrus in a comprehension binds around it
        found |= {each.target.id for each in _walruses(root)}
    return found


def _walruses(root: Node) -> Iterator[Node]:
    pending = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, gast.NamedExpr):
            yield node
        pending += _around(node) if type(node) in _DEFINITIONS else children(node)


def bound_by(scope: Node) -> set[str]:
    """The names that mean something of the scope's own inside it."""
    if isinstance(scope, COMPREHENSIONS):
        return {name for each in scope.generators for name in target_names(each.target)}
    outer = {
        name
        for node in own_nodes(*body_of(scope))
        if isinstance(node, (gast.Global, gast.Nonlocal))
        for name in node.names
    }
    return ({each.id for each in parameters(scope)} | assigned_in(body_of(scope))) - outer


def free_names(*roots: Node) -> set[str]:
    """The names that expressions or statements read, scopes inside taken into account."""
    found: set[str] = set()
    pending = list(roots)
    while pending:
        node = pending.pop()
        if is_name(node) and isinstance(node.ctx, gast.Load):
            found.add(node.id)
        if isinstance(node, COMPREHENSIONS):
            inside = [part for part in children(node) if not isinstance(part, gast.comprehension)]
            first, *others = node.generators
            inside += [*first.ifs, *(part for each in others for part in children(each))]
            found |= free_names(*inside) - bound_by(node)
            pending.append(first.iter)
        elif isinstance(node, FUNCTIONS):
            found |= free_names(*body_of(node)) - bound_by(node)
            pending += _around(node)
        else:
            pending += children(node)
    return found


def exchanged(node: Node, names: Mapping[str, Node]) -> Node:
    """The tree with names exchanged for expressions, but where a scope inside binds them."""
    if not names:
        return node
    if isinstance(node, gast.Name):
        new = names.get(node.id)
        if new is None:
            return node
        new = copy_node(new, ctx=node.ctx) if is_name(new) else new
        return gast.copy_location(copy_node(new), node)
    if isinstance(node, gast.Nonlocal):
        new = [names.get(name) for name in node.names]
        pairs = zip(node.names, new, strict=True)
        return copy_node(node, names=[n.id if is_name(n) else name for name, n in pairs])
    if isinstance(node, COMPREHENSIONS):
        own = bound_by(node)
        inner = {name: new for name, new in names.items() if name not in own}
        first, *others = node.generators
        first = copy_node(
            first,
            iter=exchanged(first.iter, names),
            target=exchanged(first.target, inner),
            ifs=[exchanged(each, inner) for each in first.ifs],
        )
        generators = [first, *(exchanged(each, inner) for each in others)]
        parts = {
            field: exchanged(getattr(node, field), inner)
            for field in ("elt", "key", "value")
            if hasattr(node, field)
        }
        return copy_node(node, generators=generators, **parts)
    if isinstance(node, FUNCTIONS):
        own = bound_by(node)
        inner = {name: new for name, new in names.items() if name not in own}
        args = copy_node(
            node.args,
            defaults=[exchanged(each, names) for each in node.args.defaults],
            kw_defaults=[each and exchanged(each, names) for each in node.args.kw_defaults],
        )
        if isinstance(node, gast.Lambda):
            return copy_node(node, args=args, body=exchanged(node.body, inner))
        return copy_node(node, args=args, body=[exchanged(each, inner) for each in node.body])
    return with_parts(node, lambda part: exchanged(part, names))
