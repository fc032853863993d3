"""Small gast vocabulary: building, reading and rewriting expressions.

Trees are treated as values.  Nothing here changes a node; :func:`substitute` builds new ones
where something differs and shares the rest.

>>> expression = parse("x * (y + 1)")
>>> sorted(names_in(expression))
['x', 'y']
>>> from srcad.emit import text
>>> text(substitute(expression, {"y": parse("a - b")}))
'x * (a - b + 1)'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import gast

Node = Any


class Comment(gast.stmt):  # type: ignore[misc]
    """A line of commentary in a listing; the printer writes it as ``# text``."""

    _fields = ("text",)
    _attributes = ()

    def __init__(self, text: str) -> None:
        self.text = text


def load(identifier: str) -> Node:
    """The expression that reads a variable."""
    return gast.Name(identifier, gast.Load(), None, None)


def store(identifier: str) -> Node:
    """The target that assigns a variable."""
    return gast.Name(identifier, gast.Store(), None, None)


def constant(value: object) -> Node:
    """A literal; a negative number is the negation of a literal, as in source text."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and str(value)[0] == "-":
        return gast.UnaryOp(gast.USub(), gast.Constant(-value, None))
    return gast.Constant(value, None)


def assign(target: str | Node, value: Node) -> Node:
    """``target = value``."""
    return gast.Assign([store(target) if isinstance(target, str) else target], value, None)


def augment(target: str | Node, value: Node, operator: Node | None = None) -> Node:
    """``target += value`` (or another operator)."""
    target = store(target) if isinstance(target, str) else target
    return gast.AugAssign(target, operator or gast.Add(), value)


def call(function: str | Node, *arguments: Node, **keywords: Node) -> Node:
    """``function(*arguments, **keywords)``; a dotted string names the function."""
    if isinstance(function, str):
        function = parse(function)
    return gast.Call(
        function, list(arguments), [gast.keyword(key, value) for key, value in keywords.items()]
    )


def binary(left: Node, operator: Node, right: Node) -> Node:
    """``left operator right``."""
    return gast.BinOp(left, operator, right)


def item(base: str | Node, index: Node, *, stored: bool = False) -> Node:
    """``base[index]``."""
    base = load(base) if isinstance(base, str) else base
    return gast.Subscript(base, index, gast.Store() if stored else gast.Load())


def negate(expression: Node) -> Node:
    """``-expression``."""
    return gast.UnaryOp(gast.USub(), expression)


@lru_cache(maxsize=4096)
def parse(source: str) -> Node:
    """The expression that a short text stands for."""
    return gast.parse(source, mode="eval").body


def statement(source: str) -> Node:
    """The statement that a short text stands for."""
    return gast.parse(source).body[0]


def children(node: Node) -> list[Node]:
    """The direct child nodes, in source order."""
    found: list[Node] = []
    values = node.__dict__
    for field in node._fields:
        value = values.get(field)
        if isinstance(value, list):
            found += [element for element in value if isinstance(element, gast.AST)]
        elif isinstance(value, gast.AST):
            found.append(value)
    return found


def walk(node: Node) -> Iterator[Node]:
    """All nodes of a tree in source order, without recursion."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        if not isinstance(current, (gast.Name, gast.Constant)):
            pending.extend(reversed(children(current)))


def names_in(*nodes: Node | None) -> set[str]:
    """The names that the expressions read (or, for a target, write)."""
    return {name for node in nodes if node is not None for name in name_occurrences(node)}


def name_occurrences(node: Node) -> tuple[str, ...]:
    """Every occurrence of a name, in source order; an expression remembers them."""
    if isinstance(node, gast.Name):
        return (node.id,)
    if isinstance(node, gast.Constant):
        return ()
    if not isinstance(node, gast.expr):
        return tuple(n.id for n in walk(node) if isinstance(n, gast.Name))
    known: tuple[str, ...] | None = node.__dict__.get("_occurrences")
    if known is None:
        known = tuple(n.id for n in walk(node) if isinstance(n, gast.Name))
        node._occurrences = known
    return known


def is_name(node: Node, *names: str) -> bool:
    """Whether the node is a variable: any, or one of those that are named."""
    return isinstance(node, gast.Name) and (not names or node.id in names)


def is_number(node: Node) -> bool:
    """Whether the node is a literal number (bools are not)."""
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
        node = node.operand
    return isinstance(node, gast.Constant) and type(node.value) in (int, float)


def number_of(node: Node) -> int | float:
    """The value of a literal number."""
    if isinstance(node, gast.UnaryOp):
        return -number_of(node.operand)
    value: int | float = node.value
    return value


def copy_node(node: Node, **changes: Node) -> Node:
    """A shallow copy of a node, its position kept, some of its fields changed."""
    duplicate: Node = gast.AST.__new__(type(node))
    duplicate.__dict__.update(node.__dict__)
    duplicate.__dict__.update(changes)
    duplicate.__dict__.pop("_occurrences", None)
    return duplicate


def fresh(node: Node) -> Node:
    """A deep copy, positions kept: marks on its nodes are nobody else's.  Without recursion."""

    def shallow(part: Node) -> Node:
        duplicate: Node = gast.AST.__new__(type(part))
        duplicate.__dict__.update(part.__dict__)
        pending.append(duplicate)
        return duplicate

    pending: list[Node] = []
    root = shallow(node)
    while pending:
        current = pending.pop()
        for field in current._fields:
            value = current.__dict__.get(field)
            if isinstance(value, list):
                parts = [shallow(v) if isinstance(v, gast.AST) else v for v in value]
                setattr(current, field, parts)
            elif isinstance(value, gast.AST) and not isinstance(value, gast.expr_context):
                setattr(current, field, shallow(value))
    return root


def rewrite(node: Node, replace: Callable[[Node], Node | None]) -> Node:
    """The tree with every node for which ``replace`` gives one exchanged, outermost first."""
    replaced = replace(node)
    if replaced is not None:
        return replaced
    if isinstance(node, (gast.Name, gast.Constant)):
        return node
    changes: dict[str, Any] = {}
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, gast.AST):
            new = rewrite(value, replace)
            if new is not value:
                changes[field] = new
        elif isinstance(value, list) and value and isinstance(value[0], (gast.AST, type(None))):
            new_list = [v if v is None else rewrite(v, replace) for v in value]
            if any(a is not b for a, b in zip(value, new_list, strict=True)):
                changes[field] = new_list
    return copy_node(node, **changes) if changes else node


def substitute(node: Node, replacements: Mapping[str, Node]) -> Node:
    """The expression with the names that are read exchanged for expressions.

    A name that is a parameter of a lambda or a comprehension inside is exchanged as well:
    listings hold neither.
    """
    if replacements.keys().isdisjoint(name_occurrences(node)):
        return node

    def replace(part: Node) -> Node | None:
        if isinstance(part, gast.Name) and part.id in replacements:
            new = replacements[part.id]
            if isinstance(new, gast.Name) and type(new.ctx) is not type(part.ctx):
                return copy_node(new, ctx=part.ctx)
            return new
        return None

    return rewrite(node, replace)


def same(left: Node, right: Node) -> bool:
    """Whether two expressions are written the same."""
    return key_of(left) == key_of(right)


def key_of(node: Node) -> object:
    """A hashable value that is equal for expressions that are written the same."""
    if isinstance(node, gast.Name):
        return node.id
    if isinstance(node, gast.Constant):
        return (type(node.value).__name__, repr(node.value))
    if isinstance(node, list):
        return tuple(key_of(element) for element in node)
    if not isinstance(node, gast.AST):
        return node
    if isinstance(node, gast.expr_context):
        return None
    fields = [key_of(getattr(node, field, None)) for field in node._fields]
    return (type(node).__name__, *fields)


def popped_list(value: Node) -> str:
    """The list that ``t.pop()`` takes from; "" for any other expression."""
    func = getattr(value, "func", None)
    if isinstance(func, gast.Attribute) and func.attr == "pop" and is_name(func.value):
        name: str = func.value.id
        return name
    return ""


def target_names(target: Node) -> list[str]:
    """The variables that an assignment target binds (``x[i]`` binds none)."""
    if isinstance(target, gast.Name):
        return [target.id]
    if isinstance(target, (gast.Tuple, gast.List)):
        return [name for element in target.elts for name in target_names(element)]
    if isinstance(target, gast.Starred):
        return target_names(target.value)
    return []


def blocks_of(stmt: Node) -> Iterator[list[Node]]:
    """The statement lists nested directly in a compound statement."""
    if isinstance(stmt, (gast.If, gast.For, gast.While)):
        yield stmt.body
        yield stmt.orelse


def statements_in(body: Iterable[Node]) -> Iterator[Node]:
    """All statements of a body, nested ones after the statement that holds them."""
    pending = list(body)[::-1]
    while pending:
        current = pending.pop()
        yield current
        nested = [stmt for block in blocks_of(current) for stmt in block]
        pending.extend(reversed(nested))
