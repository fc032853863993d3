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

import gast

from srcad.listing import origin_of
from srcad.names import Names
from srcad.simplify.accumulations import merged, sunk
from srcad.simplify.algebra import FAST, NOTES, Style, kept_value, spread_value, terms
from srcad.simplify.aliases import Aliases
from srcad.simplify.equal import computed_once
from srcad.simplify.flow import has_effect, reads_of, written_by
from srcad.simplify.lines import Line, Lines, width
from srcad.simplify.order import Order
from srcad.simplify.quoted import is_whole, presented, primal_places
from srcad.simplify.renewed import renewed
from srcad.simplify.taken import Sharing, taken
from srcad.simplify.tidied import style_of, tidied
from srcad.tree import (
    Node,
    assigned,
    calls_in,
    copy_node,
    is_name,
    names_in,
    statements_in,
    substitute,
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
        self.limit = None if always else WIDTH
        self.style: Style = NOTES if always else FAST
        self.styles: dict[int, Style] = {}
        # Of the group at hand: its lines before folding, the variables that they write, and (once
        # they are asked for) the definitions of these.
        self.items: list[Node] = []
        self.kept: set[str] = set()
        self.definitions: dict[str, Node] | None = None
        self.only_copies = False
        self.reads: Counter[str] = Counter(results)
        self.reads.update(name for stmt in statements_in(body) for name in reads_of(stmt))
        self.writes = Counter(name for stmt in statements_in(body) for name in written_by(stmt))
        self.aliases = Aliases(body, names.overlapping())
        self.sharing = Sharing(body, self.aliases, names.overlapping())
        carried = {
            name
            for stmt in statements_in(body)
            if not isinstance(stmt, gast.Return)
            for name in reads_of(stmt)
        }
        started = {name: number for number, name in enumerate(self.writes)}
        self.order = Order(names, self.aliases, carried, started)
        twins = names.twins.items()
        self.again = {name for own, name in twins if self.writes[own] and own != name}
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
        if self.limit is not None:
            if id(origin) not in self.styles:
                self.styles[id(origin)] = style_of(origin)
            self.style = self.styles[id(origin)]
        items = self.order.forward(group) if primal_places(group) else group
        self.kept = {name for stmt in items for name in written_by(stmt)}
        if not self.kept.isdisjoint(self.names.derivatives):
            context = self.names, self.aliases, self.writes, self.limit
            if origin is not None:
                items = merged(sunk(items, self.names, self.aliases), *context)
            items = self.folded(items, derivatives=True)
            items = merged(items, *context)
            self.kept = {name for stmt in items for name in written_by(stmt)}
        self.lines |= self.kept
        if not is_whole(items, origin, self.names, self.reads):
            self.kept = self.lines
        elif self._stands_as_written(items, origin):
            return presented(items, origin, self.names, self.reads)
        items = self.folded(items, derivatives=False)
        items = [tidied(stmt, self.names, self.style) for stmt in items]
        if self.limit is not None:
            items = renewed(items, self.names, self.reads, self._may_go, self.style)
        if origin is not None:
            items = self.order.reverse(items)
            if self.limit is not None:
                items = computed_once(items, self.names.derivatives)
                items = self._taken(items)
        return presented(items, origin, self.names, self.reads)

    def _taken(self, items: list[Node]) -> list[Node]:
        """What is taken of arrays, without a copy where that serves."""
        out = taken(items, self.names, self.sharing, self.reads, self.writes)
        if out is not items:
            self.reads.subtract(name for stmt in items for name in reads_of(stmt))
            self.reads.update(name for stmt in out for name in reads_of(stmt))
            gone = {assigned(stmt) for stmt in items} - {assigned(stmt) for stmt in out}
            self.lines -= gone
        return out

    def _stands_as_written(self, items: list[Node], origin: Node | None) -> bool:
        """Whether the user's own line takes the place of a whole group, however it is folded."""
        if self.limit is None or isinstance(origin, gast.AugAssign):
            return False
        return len(primal_places(items)) == len(items)

    def is_derivative(self, name: str) -> bool:
        """Whether a name is a tangent's or an adjoint's."""
        return name in self.names.derivatives

    def folded(self, items: list[Node], *, derivatives: bool) -> list[Node]:
        """The lines with temporaries folded into their uses, in the order of their definitions."""
        names = self.names.derivatives
        candidates = [
            place
            for place, stmt in enumerate(items)
            if self._may_go(stmt) and (assigned(stmt) in names) is derivatives
        ]
        if not candidates:
            return items
        lines = Lines(items, [assigned(items[place]) for place in candidates], self.aliases)
        self.items, self.definitions = items, None
        # Of a derivative's temporaries the copies go first: what they copy is then read more often.
        for self.only_copies in (True, False) if derivatives else (False,):
            for line in [lines.lines[place] for place in candidates]:
                if not line.gone:
                    self._fold_one(lines, line)
        return lines.stmts()

    def _may_go(self, stmt: Node) -> bool:
        """Whether a statement defines a temporary, once, and does nothing else."""
        name = assigned(stmt)
        if name not in self.names.temporaries or self.writes[name] != 1:
            return False
        if not isinstance(stmt, gast.Assign):
            return False
        called = self.is_derivative(name) and getattr(stmt.value, "effect", False)
        return called or not has_effect(stmt.value)

    def _fold_one(self, lines: Lines, line: Line) -> None:
        """Fold one temporary into all its uses, if that is allowed and reads well."""
        name = assigned(line.stmt)
        uses = lines.readers_after(name, line.place)
        if self.is_derivative(name) or isinstance(line.stmt.value, gast.Compare):
            several = [use for use in uses if use.reads[name] > 1]
            for use in several:
                self._collect(use)
            if several:
                uses = [use for use in uses if name in use.reads]
        count = sum([use.reads[name] for use in uses])
        if count != self.reads[name]:
            return  # read elsewhere, or by a compound statement
        if has_effect(line.stmt.value) and not (
            lines.is_next(line, uses) and _stays(name, uses[0].stmt.value)
        ):
            return
        if uses and lines.is_changed_between(line.reads, line.place, uses[-1].place):
            return
        if not self._reads_well(name, line.stmt.value, uses, count):
            return
        if count != 1:
            for source, times in line.reads.items():
                self.reads[source] += times * (count - 1)
        del self.reads[name]
        lines.fold(name, line, uses)

    def _collect(self, line: Line) -> None:
        """Collect the like terms of a line: a name may then be read less often."""
        self.reads.subtract(line.reads)
        line.exchange(tidied(line.stmt, self.names, self.style))
        self.reads.update(line.reads)

    def _reads_well(self, name: str, value: Node, uses: list[Line], count: int) -> bool:
        if not uses:
            return True
        if not self.is_derivative(name):
            return self._primal_reads_well(name, value, uses, count)
        value_terms = terms(value)
        if len(value_terms) == 1 and _is_trivial(value_terms[0]):
            return not (self.only_copies and self._negates_a_product(value))
        if spread_value(value) is not None:
            return all(_occurrence(use.stmt, name) == "factor" for use in uses)
        if self.only_copies or count > 1:
            return False
        (use,) = uses
        if width(value) + use.width > WIDTH:
            return False
        occurrence = _occurrence(use.stmt, name)
        if occurrence == "inside":
            return False
        return len(value_terms) == 1 or occurrence == "term"

    def _negates_a_product(self, value: Node) -> bool:
        """``-t`` of a product that nothing else reads: the sign then goes into the product."""
        if not isinstance(value, gast.UnaryOp) or not is_name(value.operand):
            return False
        if self.definitions is None:
            self.definitions = {
                assigned(stmt): stmt.value for stmt in self.items if isinstance(stmt, gast.Assign)
            }
        definition = self.definitions.get(value.operand.id)
        if definition is None or self.reads[value.operand.id] != 1:
            return False
        return len(terms(definition)) == 1

    def _primal_reads_well(self, name: str, value: Node, uses: list[Line], count: int) -> bool:
        derivatives = self.names.derivatives
        derivative_uses = [use for use in uses if not derivatives.isdisjoint(written_by(use.stmt))]
        copy = is_name(value) or isinstance(value, gast.Constant)
        # The adjoint of what is written is that of the right-hand side.
        copy = copy or (len(uses) == count == 1 and _is_written(name, uses[0].stmt))
        # What the reverse sweep computes again has its line there.
        copy = copy or name in self.again
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
        (use,) = uses
        if assigned(use.stmt) and _is_alone(use.stmt.value):
            return True
        if calls_in(value) and not self._collects(name, value, use.stmt):
            return False
        # w̄ * x / y may overflow where w̄ * (x / y) does not.
        found = terms(value)
        whole = all(f.exponent > 0 for term in found for f in term.factors.values())
        if len(found) > 2 or not whole or width(value) + use.width > WIDTH:
            return False
        # Python's (a + b) ** 2 raises where w * w overflows.
        return len(found) == 1 or all(abs(each) == 1 for each in _exponents(use.stmt, name))

    def _collects(self, name: str, value: Node, use: Node) -> bool:
        """Whether a line has fewer terms if an expression is put in for a name."""
        return len(terms(substitute(use.value, {name: value}))) < len(terms(use.value))


def _simple(stmt: Node) -> bool:
    return not isinstance(stmt, (gast.If, gast.For, gast.While, *JUMPS))


def _is_trivial(term: object) -> bool:
    factors = getattr(term, "factors", {})
    if abs(getattr(term, "coefficient", 0)) != 1:
        return not factors
    names = [f for f in factors.values() if f.exponent == 1 and is_name(f.base)]
    return len(factors) == len(names) <= 1


def _stays(name: str, value: Node) -> bool:
    """Whether a name is left, once, when a line's algebra is done."""
    factors = [f for term in terms(value) for f in term.factors.values()]
    return [name in names_in(f.base) for f in factors].count(True) == 1


def _is_alone(value: Node) -> bool:
    """Whether a line's value is a name, and nothing else once its algebra is done."""
    found = terms(value)
    return len(found) == 1 and found[0].coefficient == 1 and _is_trivial(found[0])


def _is_written(name: str, use: Node) -> bool:
    """``y[i] = w``."""
    writes = isinstance(use, gast.Assign) and isinstance(use.targets[0], gast.Subscript)
    return writes and is_name(use.value, name)


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


def _exponents(use: Node, name: str) -> list[int]:
    """The exponents of a name that is a factor in a line."""
    factors = (factor for term in terms(use.value) for factor in term.factors.values())
    return [factor.exponent for factor in factors if is_name(factor.base, name)]


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
