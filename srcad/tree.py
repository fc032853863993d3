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

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import gast

Node = Any

_new = gast.AST.__new__

# Contexts and operators have no fields: one of each serves all.
LOAD, STORE, MINUS = gast.Load(), gast.Store(), gast.USub()

# The statements of a listing that hold others.
COMPOUND = (gast.If, gast.For, gast.While)

# The fields of nodes that hold no part to look into: operators and contexts, and plain values.
_MARKS = frozenset({"ctx", "op", "ops", "id", "attr", "arg", "kind", "type_comment"})
_parts_of: dict[type, tuple[str, ...]] = {gast.Name: (), gast.Constant: ()}


class Comment(gast.stmt):  # type: ignore[misc]
    """A line of commentary in a listing; the printer writes it as ``# text``."""

    _fields = ("text",)
    _attributes = ()

    def __init__(self, text: str) -> None:
        self.text = text


def made(kind: type, /, **fields: Any) -> Node:
    """A node of a class, made without gast's constructor, which is slow."""
    node: Node = _new(kind)
    node.__dict__.update(fields)
    return node


class Facts:
    """What a node has found out about itself; a copy with other fields finds it out anew.

    None is what has not been asked for yet.
    """

    # Of an expression: its names, and the calls inside, in source order; the classes of its other
    # nodes.
    names: tuple[str, ...] | None = None
    calls: tuple[Node, ...] | None = None
    kinds: frozenset[type] | None = None
    # Its terms: see srcad.simplify.algebra.
    terms: list[Any] | None = None
    # Of a statement: see below, srcad.simplify.flow, and srcad.simplify.aliases.
    assigned: str | None = None
    reads: tuple[str, ...] | None = None
    read: frozenset[str] | None = None
    written: frozenset[str] | None = None
    changed: frozenset[str] | None = None
    in_place: frozenset[str] | None = None


def facts_of(node: Node) -> Facts:
    """Where a node remembers what it has found out about itself."""
    facts: Facts | None = getattr(node, "facts", None)
    if facts is None:
        facts = node.facts = Facts()
    return facts


def load(identifier: str) -> Node:
    """The expression that reads a variable."""
    return made(gast.Name, id=identifier, ctx=LOAD, annotation=None, type_comment=None)


def store(identifier: str) -> Node:
    """The target that assigns a variable."""
    return made(gast.Name, id=identifier, ctx=STORE, annotation=None, type_comment=None)


def constant(value: object) -> Node:
    """A literal; a negative number is the negation of a literal, as in source text."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and str(value)[0] == "-":
        return negate(made(gast.Constant, value=-value, kind=None))
    return made(gast.Constant, value=value, kind=None)


def assign(target: str | Node, value: Node) -> Node:
    """``target = value``."""
    target = store(target) if isinstance(target, str) else target
    return made(gast.Assign, targets=[target], value=value, type_comment=None)


def augment(target: str | Node, value: Node, op: Node | None = None) -> Node:
    """``target += value`` (or another operator)."""
    target = store(target) if isinstance(target, str) else target
    return made(gast.AugAssign, target=target, op=op or gast.Add(), value=value)


def call(function: str | Node, *arguments: Node, **keywords: Node) -> Node:
    """``function(*arguments, **keywords)``; a dotted string names the function."""
    if isinstance(function, str):
        function = parse(function)
    return gast.Call(
        function, list(arguments), [gast.keyword(key, value) for key, value in keywords.items()]
    )


def binary(left: Node, op: Node, right: Node) -> Node:
    """``left op right``."""
    return made(gast.BinOp, left=left, op=op, right=right)


def item(base: str | Node, index: Node, *, stored: bool = False) -> Node:
    """``base[index]``."""
    base = load(base) if isinstance(base, str) else base
    return made(gast.Subscript, value=base, slice=index, ctx=STORE if stored else LOAD)


def negate(expression: Node) -> Node:
    """``-expression``."""
    return made(gast.UnaryOp, op=MINUS, operand=expression)


@lru_cache(maxsize=4096)
def parse(source: str) -> Node:
    """The expression that a short text stands for."""
    return gast.parse(source, mode="eval").body


def statement(source: str) -> Node:
    """The statement that a short text stands for."""
    return gast.parse(source).body[0]


def parts_of(kind: type) -> tuple[str, ...]:
    """The fields of a class of nodes that may hold nodes, operators and contexts apart."""
    fields = _parts_of.get(kind)
    if fields is None:
        every: tuple[str, ...] = kind._fields  # type: ignore[attr-defined]
        fields = _parts_of[kind] = tuple(field for field in every if field not in _MARKS)
    return fields


def children(node: Node) -> list[Node]:
    """The direct child nodes in source order; operators and contexts are none."""
    found: list[Node] = []
    values = node.__dict__
    kind = type(node)
    for field in _parts_of.get(kind) or parts_of(kind):
        value = values.get(field)
        if value is None:
            continue
        if type(value) is list:
            found += [element for element in value if isinstance(element, gast.AST)]
        elif isinstance(value, gast.AST):
            found.append(value)
    return found


def walk(node: Node) -> Iterator[Node]:
    """All nodes of a tree in source order, operators and contexts apart; without recursion."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        kind = type(current)
        if kind is gast.BinOp:
            pending += (current.right, current.left)
        elif kind is not gast.Name and kind is not gast.Constant:
            pending += reversed(children(current))


def size(expression: Node) -> int:
    """How many nodes a tree has, its operators and the contexts of its compound parts included."""
    total = 0
    for node in walk(expression):
        total += 1
        if not isinstance(node, gast.Name):
            values = node.__dict__
            total += ("op" in values) + ("ctx" in values) + len(values.get("ops", ()))
    return total


def names_in(*nodes: Node | None) -> set[str]:
    """The names that the expressions read (or, for a target, write)."""
    return {name for node in nodes if node is not None for name in name_occurrences(node)}


def name_occurrences(node: Node) -> tuple[str, ...]:
    """Every occurrence of a name, in source order; a node remembers them."""
    names = facts_of(node).names
    return _look_into(node)[0] if names is None else names


def calls_in(node: Node) -> tuple[Node, ...]:
    """The calls in an expression; it remembers them."""
    calls = facts_of(node).calls
    inner = _look_into(node)[1] if calls is None else calls
    return (node, *inner) if type(node) is gast.Call else inner


def kinds_in(node: Node) -> frozenset[type]:
    """The classes of the nodes in an expression, and of the operators between two operands.

    Names and constants are left out.
    """
    kinds = facts_of(node).kinds
    return _look_into(node)[2] if kinds is None else kinds


def _look_into(node: Node) -> tuple[tuple[str, ...], tuple[Node, ...], frozenset[type]]:
    """Find out what there is in a tree: its names, its calls, and the classes of its nodes.

    A call is none of its own calls: a node that holds itself outlives its tree.
    """
    found: tuple[tuple[str, ...], tuple[Node, ...], frozenset[type]]
    if type(node) is gast.BinOp and type(node.left) is type(node.right) is gast.Name:
        found = (node.left.id, node.right.id), (), frozenset((gast.BinOp, type(node.op)))
    else:
        names: list[str] = []
        calls: list[Node] = []
        kinds: set[type] = set()
        pending = [node]
        while pending:
            current = pending.pop()
            kind = type(current)
            if kind is gast.Name:
                names.append(current.id)
            elif kind is not gast.Constant:
                kinds.add(kind)
                if kind is gast.BinOp:
                    kinds.add(type(current.op))
                    pending += (current.right, current.left)
                    continue
                if kind is gast.Call and current is not node:
                    calls.append(current)
                pending += reversed(children(current))
        found = tuple(names), tuple(calls), frozenset(kinds)
    if isinstance(node, gast.expr):
        facts = facts_of(node)
        facts.names, facts.calls, facts.kinds = found
    return found


def is_name(node: Node, *names: str) -> bool:
    """Whether the node is a variable: any, or one of those that are named."""
    return type(node) is gast.Name and (not names or node.id in names)


def assigned(stmt: Node) -> str:
    """The variable that ``name = ...`` or ``name += ...`` gives a value; "" for all others."""
    facts = facts_of(stmt)
    name = facts.assigned
    if name is None:
        target = None
        if isinstance(stmt, gast.Assign) and len(stmt.targets) == 1:
            (target,) = stmt.targets
        elif isinstance(stmt, gast.AugAssign):
            target = stmt.target
        name = facts.assigned = str(target.id) if isinstance(target, gast.Name) else ""
    return name


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
    duplicate: Node = _new(type(node))
    values = duplicate.__dict__
    values.update(node.__dict__, **changes)
    values.pop("facts", None)
    return duplicate


def fresh(node: Node) -> Node:
    """A deep copy, positions kept: marks on its nodes are nobody else's.  Without recursion."""

    def shallow(part: Node) -> Node:
        duplicate = copy_node(part)
        if parts_of(type(part)):
            pending.append(duplicate)
        return duplicate

    pending: list[Node] = []
    root = shallow(node)
    while pending:
        current = pending.pop()
        values = current.__dict__
        for field in parts_of(type(current)):
            value = values.get(field)
            if isinstance(value, list):
                values[field] = [shallow(v) if isinstance(v, gast.AST) else v for v in value]
            elif isinstance(value, gast.AST):
                values[field] = shallow(value)
    return root


def rewrite(node: Node, replace: Callable[[Node], Node | None]) -> Node:
    """The tree with every node for which ``replace`` gives one exchanged, outermost first."""
    # A long sum leans to the left: down that side without recursion.
    spine: list[Node] = []
    new = replace(node)
    while new is None and type(node) is gast.BinOp:
        spine.append(node)
        node = node.left
        new = replace(node)
    if new is None:
        new = with_parts(node, lambda part: rewrite(part, replace))
    for outer in reversed(spine):
        right = rewrite(outer.right, replace)
        if new is outer.left and right is outer.right:
            new = outer
        else:
            new = copy_node(outer, left=new, right=right)
    return new


def with_parts(node: Node, exchanged: Callable[[Node], Node]) -> Node:
    """The node with each of its parts exchanged."""
    changes: dict[str, Any] = {}
    values = node.__dict__
    for field in parts_of(type(node)):
        value = values.get(field)
        if type(value) is list:
            if value and (value[0] is None or isinstance(value[0], gast.AST)):
                new = [part if part is None else exchanged(part) for part in value]
                if any(map(operator.is_not, value, new)):
                    changes[field] = new
        elif isinstance(value, gast.AST):
            new = exchanged(value)
            if new is not value:
                changes[field] = new
    return copy_node(node, **changes) if changes else node


def substitute(node: Node, replacements: Mapping[str, Node]) -> Node:
    """The expression with the names that are read exchanged for expressions.

    A name that is a parameter of a lambda or a comprehension inside is exchanged as well:
    listings hold neither.
    """
    if not replacements or replacements.keys().isdisjoint(name_occurrences(node)):
        return node

    def exchanged(name: Node) -> Node:
        new = replacements.get(name.id)
        if new is None:
            return name
        if type(new) is gast.Name and type(new.ctx) is not type(name.ctx):
            return copy_node(new, ctx=name.ctx)
        return new

    return with_names(node, exchanged)


def with_names(node: Node, exchanged: Callable[[Node], Node]) -> Node:
    """The tree with each name exchanged for what is given for it."""
    spine: list[Node] = []  # as in rewrite
    while type(node) is gast.BinOp:
        spine.append(node)
        node = node.left
    if type(node) is gast.Name:
        new = exchanged(node)
    elif type(node) is gast.Constant:
        new = node
    else:
        new = with_parts(node, lambda part: with_names(part, exchanged))
    for outer in reversed(spine):
        right = with_names(outer.right, exchanged)
        if new is outer.left and right is outer.right:
            new = outer
        else:
            new = copy_node(outer, left=new, right=right)
    return new


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
    return _owner(value, "pop")


def appended_list(value: Node) -> str:
    """The list that ``t.append(x)`` adds to; "" for any other expression."""
    return _owner(value, "append")


def listed_array(value: Node) -> str:
    """The array of which ``x.tolist()`` makes a list; "" for any other expression."""
    return _owner(value, "tolist")


def _owner(value: Node, method: str) -> str:
    """The variable whose method an expression calls."""
    func = getattr(value, "func", None)
    if isinstance(func, gast.Attribute) and func.attr == method and is_name(func.value):
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
    if isinstance(stmt, COMPOUND):
        yield stmt.body
        yield stmt.orelse


def own_parts(stmt: Node) -> list[Node]:
    """The expressions of a statement itself, targets first: not those of statements inside."""
    found: list[Node] = []
    values = stmt.__dict__
    for field in parts_of(type(stmt)):
        value = values.get(field)
        if isinstance(value, gast.AST):
            found.append(value)
        elif field == "targets":
            found += value
    return found


def statements_in(body: Iterable[Node]) -> Iterator[Node]:
    """All statements of a body, nested ones after the statement that holds them."""
    pending = list(body)[::-1]
    while pending:
        current = pending.pop()
        yield current
        if type(current) in COMPOUND:
            pending += reversed(current.orelse)
            pending += reversed(current.body)


def tuple_of(values: list[Node], *, always: bool = False, stored: bool = False) -> Node:
    """A tuple of expressions, or of targets; one alone is itself, unless it is ``always`` one."""
    if len(values) == 1 and not always:
        return values[0]
    return gast.Tuple(values, gast.Store() if stored else gast.Load())
