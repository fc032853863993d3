"""Folding: temporaries back into the lines that use them, line by line of the user's code.

The statements that come from one statement of the user's are a *group*.  Within a group

- accumulations into one adjoint are written as one;
- a derivative's temporary is folded into its use if that is a product (or the use is a sum), a
  copy into all its uses;
- a temporary of the primal is folded back into the user's expression unless a derivative reads
  it, or its own tangent or adjoint has a line;
- if no temporary is left, the user's line stands as it was written; otherwise a comment quotes it.

>>> import gast
>>> from srcad.emit import emit, text
>>> from srcad.listing import with_origin
>>> from srcad.names import Names
>>> names = Names({"x", "a"})
>>> names.temporaries |= {"b1", "b2"}
>>> names.derivatives |= {"b1", "b2", "x_bar", "a_bar"}
>>> origin = gast.parse("y = x * a * 2").body[0]
>>> body = gast.parse('''
... b2 = y_bar * 2
... b1 = b2
... x_bar = b1 * a
... a_bar = b1 * x
... x_bar += b2
... ''').body
>>> group = [with_origin(stmt, origin) for stmt in body]
>>> print(emit(Fold(names, group, {"x_bar", "a_bar"}).block(group)), end="")
# y = x * a * 2
b2 = 2 * y_bar
x_bar = b2 * a + b2
a_bar = b2 * x
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import gast

from srcad.analysis.kind import FLOAT, Array, Scalar
from srcad.emit import one_line
from srcad.listing import origin_of, with_origin
from srcad.names import Names
from srcad.simplify import rename
from srcad.simplify.algebra import (
    FAST,
    NOTES,
    Style,
    Term,
    axes_of,
    kept_value,
    spread_value,
    terms,
    tidy,
    write,
)
from srcad.simplify.aliases import Aliases
from srcad.simplify.flow import has_effect, read_by, read_parts, written_by
from srcad.simplify.order import Order, in_place_of, place_of
from srcad.simplify.ownership import is_fresh
from srcad.tree import (
    Comment,
    Node,
    assign,
    binary,
    blocks_of,
    call,
    children,
    copy_node,
    is_name,
    is_number,
    load,
    name_occurrences,
    names_in,
    negate,
    number_of,
    popped_list,
    rewrite,
    statements_in,
    substitute,
    target_names,
    walk,
)

JUMPS = (gast.Break, gast.Continue, gast.Pass)

# A line longer than this is not made by folding.
WIDTH = 96


class Fold:
    """The pass over one function; ``results`` are read after its end.

    ``always`` folds every temporary: the user's statement is the unit, as in the notes.
    """

    def __init__(
        self, names: Names, body: list[Node], results: set[str], *, always: bool = False
    ) -> None:
        self.names = names
        self.always = always
        self.style: Style = NOTES if always else FAST
        # Of the group at hand: the variables that it writes, the definitions of its temporaries.
        self.kept: set[str] = set()
        self.definitions: dict[str, Node] = {}
        self.only_copies = False
        self.reads: Counter[str] = Counter(results)
        self.writes: Counter[str] = Counter()
        self.aliases = Aliases(body)
        carried: set[str] = set()
        started: dict[str, int] = {}
        for stmt in statements_in(body):
            found = _reads(stmt)
            self.reads.update(found)
            self.writes.update(written_by(stmt))
            if not isinstance(stmt, gast.Return):
                carried.update(found)
            for name in written_by(stmt):
                started.setdefault(name, len(started))
        self.order = Order(names, carried, started)
        # The adjoints that have lines: the reverse sweep is folded before the forward sweep.
        self.lines: set[str] = set()

    def block(self, body: list[Node]) -> list[Node]:
        """A block, group by group."""
        out: list[Node] = []
        position = 0
        while position < len(body):
            origin = origin_of(body[position])
            end = position + 1
            first = _simple(body[position])
            while first and end < len(body) and _simple(body[end]):
                if origin_of(body[end]) is not origin:
                    break
                end += 1
            group = body[position:end]
            if _simple(group[0]):
                out += self.group(group, origin)
            else:
                out += self.compound(group[0], out)
            position = end
        return out

    def compound(self, stmt: Node, before: list[Node]) -> list[Node]:
        """A compound statement: a test's own temporary goes back into the test."""
        if isinstance(stmt, JUMPS):
            return [stmt]
        changes = {"body": self.block(stmt.body), "orelse": self.block(stmt.orelse)}
        if isinstance(stmt, gast.If) and before and isinstance(before[-1], gast.Assign):
            last = before[-1]
            target = last.targets[0]
            if (
                len(last.targets) == 1
                and is_name(target)
                and target.id in self.names.temporaries
                and self.reads[target.id] == 1
                and self.writes[target.id] == 1
                and target.id in names_in(stmt.test)
            ):
                before.pop()
                changes["test"] = substitute(stmt.test, {target.id: last.value})
        return [copy_node(stmt, **changes)]

    # -- one group ------------------------------------------------------------------------------

    def group(self, group: list[Node], origin: Node | None) -> list[Node]:
        """The statements of one of the user's statements, folded."""
        self.style = NOTES if self.always else Style(floats=_writes_floats(origin))
        items = self.order.forward(group) if _primal(group) else list(group)
        if origin is not None:
            items = self.merged(self.sunk(items))
        for self.only_copies in (True, False):
            items = self.fold(items, self.is_derivative)
        items = self.merged(items)
        self.kept = {name for stmt in items for name in written_by(stmt)}
        self.lines |= self.kept
        if not self._is_whole(items, origin):
            self.kept = self.lines
        items = self.fold(items, lambda name: not self.is_derivative(name))
        items = self.renewed([self.tidied(stmt) for stmt in items])
        return self.presented(self.order.reverse(items) if origin else items, origin)

    def is_derivative(self, name: str) -> bool:
        """Whether a name is a tangent's or an adjoint's."""
        return name in self.names.derivatives

    def sunk(self, items: list[Node]) -> list[Node]:
        """New values of adjoints moved behind the lines that read the old ones."""
        for position in range(len(items) - 2, -1, -1):
            stmt = items[position]
            if not isinstance(stmt, gast.Assign) or not is_name(stmt.targets[0]):
                continue
            target = stmt.targets[0].id
            if not self.is_derivative(target) or target in self.names.temporaries:
                continue
            if has_effect(stmt.value):
                continue
            sources = read_by(stmt)
            place = position
            while place + 1 < len(items):
                after = items[place + 1]
                written = self.aliases.written(after)
                if target in read_by(after) | written or sources & written:
                    break
                if isinstance(after, gast.Return):
                    break
                place += 1
            items.insert(place, items.pop(position))
        return items

    def merged(self, items: list[Node]) -> list[Node]:
        """Accumulations into one adjoint moved together, down to the last of them."""
        position = 0
        while position < len(items):
            first = items[position]
            target = _accumulated(first)
            if target is not None and self.is_derivative(target) and not _is_view(first):
                later = self._next_accumulation(items, position, target)
                if later is not None:
                    joined = _joined(first, items[later])
                    if width(joined.value) <= WIDTH or self.always:
                        joined.place = min(place_of(first), place_of(items[later]))
                        items[later] = with_origin(joined, origin_of(first))
                        self.writes[target] -= 1
                        del items[position]
                        continue
            position += 1
        return items

    def _next_accumulation(self, items: list[Node], position: int, target: str) -> int | None:
        """The next ``target += ...`` to which a statement can be moved down."""
        sources = read_by(items[position]) - {target}
        changed = self.aliases.changed(items[position])
        for later in range(position + 1, len(items)):
            stmt = items[later]
            if (
                isinstance(stmt, gast.AugAssign)
                and is_name(stmt.target)
                and stmt.target.id == target
                and target not in names_in(stmt.value)
                and isinstance(stmt.op, gast.Add)
                and not has_effect(stmt.value)
            ):
                return later
            if _self_sum(stmt, target):
                return later
            written, read = self.aliases.written(stmt), read_by(stmt)
            if target in read | written or sources & written or changed & read:
                return None
        return None

    def fold(self, items: list[Node], wanted: Callable[[str], bool]) -> list[Node]:
        """Temporaries folded into their uses, in the order of their definitions."""
        self.definitions = {
            stmt.targets[0].id: stmt.value
            for stmt in items
            if isinstance(stmt, gast.Assign) and is_name(stmt.targets[0])
        }
        position = 0
        while position < len(items):
            name = self._candidate(items[position], wanted)
            if name is None or not self._fold_one(items, position, name):
                position += 1
        return items

    def _candidate(self, stmt: Node, wanted: Callable[[str], bool]) -> str | None:
        if not isinstance(stmt, gast.Assign) or not is_name(stmt.targets[0]):
            return None
        name: str = stmt.targets[0].id
        if name not in self.names.temporaries or self.writes[name] != 1 or not wanted(name):
            return None
        return None if has_effect(stmt.value) else name

    def _fold_one(self, items: list[Node], position: int, name: str) -> bool:
        """Fold one temporary into all its uses, if that is allowed and reads well."""
        value = items[position].value
        uses = [n for n in range(position + 1, len(items)) if name in read_by(items[n])]
        if self.is_derivative(name) or isinstance(value, gast.Compare):
            for n in uses:
                if _reads(items[n])[name] > 1:
                    self._collect(items, n)
            uses = [n for n in uses if name in read_by(items[n])]
        count = sum(_reads(items[n])[name] for n in uses)
        if count != self.reads[name]:
            return False  # read elsewhere, or by a compound statement
        sources = names_in(value)
        between = items[position + 1 : (uses or [position])[-1]]
        changed = {n for each in between for n in self.aliases.written(each)}
        if sources & changed:
            return False
        if not self._reads_well(name, value, [items[n] for n in uses], count):
            return False
        for n in uses:
            items[n] = self._replaced(items[n], name, value)
        for source, times in Counter(name_occurrences(value)).items():
            self.reads[source] += times * (count - 1)
        del self.reads[name]
        del items[position]
        return True

    def _collect(self, items: list[Node], position: int) -> None:
        """Collect the like terms of a line: a name may then be read less often."""
        before = _reads(items[position])
        items[position] = self.tidied(items[position])
        self.reads.subtract(before)
        self.reads.update(_reads(items[position]))

    def _reads_well(self, name: str, value: Node, uses: list[Node], count: int) -> bool:
        if not uses:
            return True
        if not self.is_derivative(name):
            return self._primal_reads_well(name, value, uses, count)
        value_terms = terms(value)
        if len(value_terms) == 1 and _is_trivial(value_terms[0]):
            return not (self.only_copies and self._negates_a_product(value))
        if spread_value(value) is not None:
            return all(_occurrence(use, name) == "factor" for use in uses)
        if self.only_copies or count > 1:
            return False
        (use,) = uses
        if width(value) + width(use) > WIDTH:
            return False
        occurrence = _occurrence(use, name)
        if occurrence == "inside":
            return False
        return len(value_terms) == 1 or occurrence == "term"

    def _negates_a_product(self, value: Node) -> bool:
        """``-t`` of a product that nothing else reads: the sign then goes into the product."""
        if not isinstance(value, gast.UnaryOp) or not is_name(value.operand):
            return False
        definition = self.definitions.get(value.operand.id)
        if definition is None or self.reads[value.operand.id] != 1:
            return False
        return len(terms(definition)) == 1

    def renewed(self, items: list[Node]) -> list[Node]:
        """``ȳ = 0.5 * ȳ; ...; ȳ += e`` for ``w̄ = 0.5 * ȳ; ...; ȳ = w̄ + e``."""
        for last, stmt in enumerate(items):
            if not isinstance(stmt, gast.Assign) or not is_name(stmt.targets[0]):
                continue
            target = stmt.targets[0]
            if self.always or target.id not in self.names.derivatives - self.names.dots():
                continue
            for first, made in enumerate(items[:last]):
                name = self._candidate(made, self.is_derivative)
                between = items[first + 1 : last + 1]
                if name is None or not self._may_take_over(name, target.id, made, between):
                    continue
                again = {name: load(target.id)}
                added = _as_augmented(stmt, target, substitute(stmt.value, again))
                if added is None:
                    continue
                replaced = [rename.renamed([each], {name: target.id})[0] for each in between[:-1]]
                made = copy_node(made, targets=[target])
                return [*items[:first], made, *replaced, self.tidied(added), *items[last + 1 :]]
        return items

    def _may_take_over(self, name: str, target: str, made: Node, later: list[Node]) -> bool:
        """Whether a temporary made of an adjoint's old value may have that adjoint's name."""
        reads = sum(_reads(each)[name] for each in later)
        if target not in read_by(made) or reads != self.reads[name]:
            return False
        return not any(target in read_by(each) | written_by(each) for each in later[:-1])

    def _primal_reads_well(self, name: str, value: Node, uses: list[Node], count: int) -> bool:
        derivative_uses = [use for use in uses if self._is_derivative_line(use)]
        copy = is_name(value) or isinstance(value, gast.Constant)
        if not copy and any(marked in self.kept for marked in self.names.marked(name)):
            return False
        if not derivative_uses:
            return count == 1
        if isinstance(value, (gast.Name, gast.Constant)) or (
            isinstance(value, gast.UnaryOp) and is_name(value.operand)
        ):
            return True
        if count != 1 or len(uses) != 1:
            return False
        found = terms(value)
        if _calls(value) and not self._collects(name, value, uses[0]):
            return False
        # w̄ * x / y may overflow where w̄ * (x / y) does not.
        whole = all(f.exponent > 0 for term in found for f in term.factors.values())
        return whole and len(found) <= 2 and width(value) + width(uses[0]) <= WIDTH

    def _collects(self, name: str, value: Node, use: Node) -> bool:
        """Whether a line has fewer terms if an expression is put in for a name."""
        before = use.value
        return len(terms(substitute(before, {name: value}))) < len(terms(before))

    def _is_derivative_line(self, stmt: Node) -> bool:
        return any(self.is_derivative(name) for name in written_by(stmt))

    def _replaced(self, stmt: Node, name: str, value: Node) -> Node:
        changes = {}
        for field in ("value", "test", "exc", "msg"):
            part = getattr(stmt, field, None)
            if isinstance(part, gast.AST):
                changes[field] = substitute(part, {name: value})
        if isinstance(stmt, gast.Assign):
            changes["targets"] = [
                t if is_name(t) else substitute(t, {name: value}) for t in stmt.targets
            ]
        elif isinstance(stmt, gast.AugAssign) and not is_name(stmt.target):
            changes["target"] = substitute(stmt.target, {name: value})
        return copy_node(stmt, **changes)

    # -- writing --------------------------------------------------------------------------------

    def tidied(self, stmt: Node) -> Node:
        """A derivative line with its algebra done."""
        if not self._is_derivative_line(stmt):
            return stmt
        if isinstance(getattr(stmt, "value", None), gast.expr):
            stmt = copy_node(stmt, value=without_seeds(stmt.value))
        if isinstance(getattr(stmt, "value", None), gast.Call):
            arguments = [
                tidy(each, self.style) if self._is_derivative_sum(each) else each
                for each in stmt.value.args
            ]
            stmt = copy_node(stmt, value=copy_node(stmt.value, args=arguments))
        if isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]):
            if not _algebraic(stmt.value):
                return stmt
            value = tidy(stmt.value, self.style)
            if is_fresh(stmt.value) and not is_fresh(value):
                value = _copied(value, stmt.targets[0])
            augmented = _as_augmented(stmt, stmt.targets[0], value)
            return copy_node(stmt, value=value) if augmented is None else self.tidied(augmented)
        if isinstance(stmt, gast.AugAssign) and isinstance(stmt.op, gast.Add):
            found = terms(stmt.value)
            if all(term.coefficient < 0 for term in found):
                value = tidy(negate(stmt.value), self.style)
                return copy_node(stmt, op=gast.Sub(), value=value)
            return copy_node(stmt, value=tidy(stmt.value, self.style))
        return stmt

    def _is_derivative_sum(self, node: Node) -> bool:
        if not isinstance(node, (gast.BinOp, gast.UnaryOp)):
            return False
        return any(map(self.is_derivative, names_in(node)))

    def presented(self, items: list[Node], origin: Node | None) -> list[Node]:
        """The user's own line where it was kept, a comment with it where it was not."""
        if origin is None or not items or not hasattr(origin, "lineno"):
            return items
        verbatim = self._is_whole(items, origin)
        if verbatim:
            primal = _primal(items)
            whole = with_origin(self._as_it_runs(origin, items[primal[0]]), origin)
            whole.primal = True
            items = [*items[: primal[0]], whole, *items[primal[-1] + 1 :]]
        if verbatim or isinstance(origin, (gast.For, gast.While, gast.If)):
            return items
        if len(items) == 1 and isinstance(items[0], gast.Return):
            return items
        if len(items) == 1 and one_line(items[0]) == one_line(_plain(origin)):
            return items
        if isinstance(origin, gast.Return) and is_name(origin.value):
            return items
        return [with_origin(Comment(one_line(_plain(origin))), origin), *items]

    def _as_it_runs(self, origin: Node, primal: Node) -> Node:
        """The user's statement; ``x = x + e`` for ``x += e`` where it makes a new array."""
        if isinstance(origin, gast.AugAssign) and isinstance(getattr(primal, "held", None), Array):
            value = binary(copy_node(origin.target, ctx=gast.Load()), origin.op, origin.value)
            return gast.Assign([origin.target], value, None)
        return _plain(origin)

    def _is_whole(self, items: list[Node], origin: Node | None) -> bool:
        """Whether the primal statements of a group are all of the user's statement."""
        primal = _primal(items)
        if not primal or primal != list(range(primal[0], primal[-1] + 1)):
            return False
        if not isinstance(origin, (gast.Assign, gast.AugAssign, gast.AnnAssign)):
            return False
        conditional = (gast.NamedExpr, gast.IfExp, gast.BoolOp)
        if any(isinstance(node, conditional) for node in walk(origin)):
            return False
        stmts = [items[n] for n in primal]
        if any(hasattr(stmt, "pair") for stmt in stmts):
            return False  # the call of a forward sweep
        written = {name for stmt in stmts for name in written_by(stmt)}
        temporaries = {n for n in written if n in self.names.temporaries}
        read = {n for stmt in stmts for n in read_by(stmt)} & self.names.temporaries
        if not read <= written:
            return False  # a value that was computed otherwise: by the call of a tangent
        outside = Counter[str]()
        for stmt in stmts:
            outside.update(_reads(stmt))
        if any(self.reads[name] != outside[name] for name in temporaries):
            return False
        targets = getattr(origin, "targets", None) or [origin.target]
        wanted = {name for target in targets for name in target_names(target)}
        if wanted != written - temporaries:
            return False
        values = names_in(origin.value)
        return values <= {n for stmt in stmts for n in read_by(stmt)} | written | _functions(origin)


def _primal(items: list[Node]) -> list[int]:
    """Where the statements of the primal are in a group."""
    return [n for n, stmt in enumerate(items) if getattr(stmt, "primal", False)]


def _functions(origin: Node) -> set[str]:
    """Names that the user's statement calls or that are modules: they are there in any case."""
    found: set[str] = set()
    for node in walk(origin.value):
        if isinstance(node, gast.Call) and not popped_list(node):
            found |= names_in(node.func)
        if isinstance(node, gast.Attribute) and node.attr != "pop":
            found |= names_in(node.value)
    return found


def _copied(value: Node, target: Node) -> Node:
    """An array that was computed stays one of its own, also where nothing is left to compute."""
    if isinstance(getattr(target, "kind", FLOAT), Scalar):
        return value
    return call(gast.Attribute(value, "copy", gast.Load()))


def width(node: Node) -> int:
    """About how many characters a line takes: its names and numbers, and what joins them."""
    total = 0
    for part in walk(node):
        if isinstance(part, gast.Name):
            total += len(part.id) + 2
        elif isinstance(part, gast.Constant):
            total += len(repr(part.value)) + 2
        elif isinstance(part, gast.Attribute):
            total += len(part.attr) + 1
        elif isinstance(part, (gast.BinOp, gast.Call)):
            total += 1
    return total


def _plain(origin: Node) -> Node:
    """The user's statement as it is quoted: an annotation is left out."""
    if isinstance(origin, gast.AnnAssign) and origin.value is not None:
        return gast.Assign([origin.target], origin.value, None)
    return origin


def _simple(stmt: Node) -> bool:
    return not isinstance(stmt, (gast.If, gast.For, gast.While, *JUMPS))


def _reads(stmt: Node) -> Counter[str]:
    """How often a simple statement, or a header, reads each variable."""
    found: Counter[str] = Counter()
    for part in read_parts(stmt):
        found.update(name_occurrences(part))
    return found


def _accumulated(stmt: Node) -> str | None:
    """The adjoint that a statement starts or adds to."""
    if isinstance(stmt, gast.AugAssign) and has_effect(stmt.value):
        return None
    if isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]):
        return None if has_effect(stmt.value) else str(stmt.targets[0].id)
    if isinstance(stmt, gast.AugAssign) and is_name(stmt.target) and isinstance(stmt.op, gast.Add):
        return str(stmt.target.id)
    return None


def _is_view(stmt: Node) -> bool:
    """Whether a statement gives an array another name: what is added to it is added to both."""
    if not isinstance(stmt, gast.Assign) or is_fresh(stmt.value):
        return False
    return not isinstance(getattr(stmt.targets[0], "kind", None), Scalar)


def _self_sum(stmt: Node, target: str) -> bool:
    """``x̄ = x̄ + e``: an accumulation that must not be done in place."""
    return (
        isinstance(stmt, gast.Assign)
        and is_name(stmt.targets[0])
        and stmt.targets[0].id == target
        and isinstance(stmt.value, gast.BinOp)
        and isinstance(stmt.value.op, gast.Add)
        and is_name(stmt.value.left)
        and stmt.value.left.id == target
        and target not in names_in(stmt.value.right)
    )


def _joined(first: Node, second: Node) -> Node:
    """Two accumulations as one; what the first one does decides its form."""
    addition = second.value if isinstance(second, gast.AugAssign) else second.value.right
    value = binary(first.value, gast.Add(), addition)
    if isinstance(first, gast.AugAssign) and not isinstance(second, gast.AugAssign):
        target = first.target.id
        whole = binary(second.value.left, gast.Add(), value)
        return in_place_of(first, assign(target, whole))
    return copy_node(first, value=value)


def _is_trivial(term: object) -> bool:
    factors = getattr(term, "factors", {})
    if abs(getattr(term, "coefficient", 0)) != 1:
        return not factors
    names = [f for f in factors.values() if f.exponent == 1 and is_name(f.base)]
    return len(factors) == len(names) <= 1


def _occurrence(use: Node, name: str) -> str:
    """How a derivative line reads a name: as a ``term``, a ``factor``, or ``inside`` a call."""
    value = getattr(use, "value", None)
    return "inside" if value is None else _occurrence_in(value, name)


def _occurrence_in(value: Node, name: str) -> str:
    for term in terms(value):
        for factor in term.factors.values():
            if is_name(factor.base) and factor.base.id == name:
                alone = len(term.factors) == 1 and abs(term.coefficient) == 1
                return "term" if alone and factor.exponent == 1 else "factor"
            kept = kept_value(factor.base)
            if kept is not None and name in names_in(kept) - names_in(factor.base.args[0]):
                return _occurrence_in(kept, name)
    return "summed" if _is_summed(value, name) else "inside"


def _is_summed(value: Node, name: str) -> bool:
    """``(... name ...).sum()``: a product under a sum reads well."""
    for node in walk(value):
        if (
            isinstance(node, gast.Call)
            and isinstance(node.func, gast.Attribute)
            and node.func.attr == "sum"
            and is_name(node.func.value)
            and node.func.value.id == name
            and not node.keywords
        ):
            return True
    return False


def _calls(value: Node) -> bool:
    return any(isinstance(node, gast.Call) for node in walk(value))


def without_seeds(expression: Node) -> Node:
    """``np.outer(a, b)`` for ``np.outer(a, 1.0 * b)``: the seed 1.0 as a factor of an operand.

    Not where the product is a new array that matters: at the top, and of a function whose result
    may share memory with its operand.
    """

    def operand(node: Node) -> Node:
        if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Mult):
            seed = is_number(node.left) and number_of(node.left) == 1
            kind = getattr(node.right, "kind", None)
            floating = kind == FLOAT or (isinstance(kind, Array) and kind.dtype[0] == "f")
            if seed and is_name(node.right) and floating:
                return node.right
        return rewrite(node, replace)

    def replace(node: Node) -> Node | None:
        if isinstance(node, gast.Call) and is_fresh(node):
            return copy_node(node, args=[operand(each) for each in node.args])
        if isinstance(node, gast.BinOp) and isinstance(node.op, gast.MatMult):
            return copy_node(node, left=operand(node.left), right=operand(node.right))
        return None

    return rewrite(expression, replace)


def _algebraic(value: Node) -> bool:
    if any(isinstance(node, gast.List) for node in walk(value)):
        return False  # [0.0] * n
    algebraic = isinstance(value, (gast.BinOp, gast.UnaryOp)) or kept_value(value) is not None
    return algebraic or is_number(value)


def _as_augmented(stmt: Node, target: Node, value: Node) -> Node | None:
    """``x̄ += e`` for ``x̄ = x̄ + e`` of numbers."""
    if axes_of(target) or getattr(stmt, "fresh", False):
        return None
    if not isinstance(getattr(target, "kind", None), Scalar):
        return None  # an array may be somebody else's
    found = terms(value)
    own = [n for n, term in enumerate(found) if _is_variable(term, target.id)]
    others = [term for n, term in enumerate(found) if n not in own]
    if len(own) != 1 or not others:
        return None
    if any(target.id in names_in(f.base) for term in others for f in term.factors.values()):
        return None
    return in_place_of(stmt, gast.AugAssign(target, gast.Add(), write(others)))


def _writes_floats(origin: Node | None) -> bool:
    """Whether the user's numbers in a statement are floats: then so are its derivative's.

    CPython multiplies two floats in half the time that an int and a float take.
    """
    numbers: list[Node] = []
    pending = [] if origin is None or any(blocks_of(origin)) else [origin]
    while pending:
        node = pending.pop()
        if is_number(node):
            numbers.append(node)
        elif isinstance(node, gast.BinOp) and isinstance(node.op, gast.Pow):
            pending.append(node.left)
        elif not isinstance(node, gast.Subscript):
            pending += children(node)
    return bool(numbers) and all(isinstance(number_of(node), float) for node in numbers)


def _is_variable(term: Term, name: str) -> bool:
    """Whether a term is just a variable."""
    factors = list(term.factors.values())
    return (
        term.coefficient == 1
        and len(factors) == 1
        and factors[0].exponent == 1
        and is_name(factors[0].base)
        and factors[0].base.id == name
    )
