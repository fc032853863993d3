"""What must be saved: the to-be-recorded analysis.

The reverse sweep goes back through the program; at each place it needs some of the values that
the variables had there.  A variable is *needed* from the first statement whose adjoint reads it
until it is overwritten; what overwrites a needed variable saves it first and puts it back.  A
variable that every trip of a loop makes anew is saved where it is made.  Cheap functions of
values at hand are recomputed instead.

What an array holds that is written in place is its *content*, a name of its own
(:mod:`srcad.analysis.memory`): a write of a part of it saves that part, and the rest stays needed.

After Hascoët, Naumann and Pascual, *"To be recorded" analysis in reverse-mode automatic
differentiation*, Future Generation Computer Systems 21 (2005).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import gast

from srcad.adjoint import Adjoint
from srcad.analysis.changed_lists import ListChanges
from srcad.analysis.kind import Array, ListOf, Scalar, Unknown
from srcad.analysis.memory import Memory, element_of_array, has_index_array, is_content
from srcad.analysis.places import Block, Places, exposed_reads
from srcad.analysis.untouched import Untouched
from srcad.simplify.flow import has_effect
from srcad.tree import (
    Node,
    blocks_of,
    children,
    is_name,
    is_number,
    names_in,
    number_of,
    popped_list,
    statements_in,
    walk,
)

# An operation on numbers is about as fast as a third of saving one and fetching it again.
CHEAP = 3

COMPOUND = (gast.If, gast.For, gast.While)
ARITHMETIC = (gast.Add, gast.Sub, gast.Mult, gast.Div, gast.FloorDiv, gast.Mod)


@dataclass
class Saves:
    """What the forward sweep saves, by the statement that it goes with.

    ``before`` are saved before a statement overwrites them; ``after`` are made anew by every trip
    and saved after their last assignment in ``scope``.  ``recomputed`` are made again, from their
    definitions.
    """

    before: dict[int, list[str]] = field(default_factory=dict)
    after: dict[int, list[str]] = field(default_factory=dict)
    scope: dict[tuple[int, str], Block] = field(default_factory=dict)
    recomputed: dict[str, Node] = field(default_factory=dict)


class Needed:
    """The analysis of one listing; ``adjoints`` are its statements' adjoints, by identity.

    ``is_number_function`` says whether a call is one of a function of numbers that only computes.
    ``is_length`` whether an expression is the length, or the shape, of an array.
    ``whole`` treats the function's body as one trip of a loop: what a recursion does.  ``apart``
    says that the reverse sweep is a function of its own, which is handed what it reads.  What is in
    ``entry`` is needed as it was when the function was called, what is in ``end`` where it ends.
    """

    def __init__(
        self,
        body: list[Node],
        places: Places,
        adjoints: dict[int, Adjoint],
        parameters: list[str],
        temporaries: set[str],
        active: set[str],
        is_number_function: Callable[[Node], bool],
        is_length: Callable[[Node], bool],
        memory: Memory,
        *,
        whole: bool = False,
        apart: bool = False,
        entry: Iterable[str] = (),
        end: Iterable[str] = (),
    ) -> None:
        # What is needed as it was when the function was called, and as it is in the end.
        self.entry = set(entry)
        self.end = set(end)
        self.memory = memory
        self.body = body
        self.places = places
        self.adjoints = adjoints
        self.parameters = set(parameters)
        self.temporaries = temporaries
        self.active = active
        self.is_number_function = is_number_function
        self.is_length = is_length
        self.whole = whole
        self.apart = apart
        self.lists = ListChanges(places)
        self.untouched = Untouched(places, memory, parameters, is_length)
        self.saves = Saves()
        self.direct = self._direct()
        self.direct |= self._contents_instead()
        self.saves.recomputed = self._recomputable()
        # All that the reverse sweep may read, wherever it does.
        self.relevant = self._relevant()
        # An adjoint reads shadows, too, which are nowhere in the statements themselves.
        reads = {
            id(stmt): memory.reads(stmt) | getattr(adjoints.get(id(stmt)), "before", set())
            for stmt in places.every()
        }
        self.exposed = exposed_reads(body, reads, memory.binds)
        self.assigned: dict[int, set[str]] = {}
        self.summaries: dict[int, tuple[set[str], set[str]]] = {}

    def run(self) -> Saves:
        """The saves of the whole body."""
        self._summary(self.body)
        needed: set[str] = set(self.entry)
        self._block(self.body, needed)
        needed |= self.end
        if self.whole:
            assigned = self._assigned_in(self.body)
            for name in sorted(needed & assigned):
                if not is_content(name):
                    self._save_after(name, None)
        return self.saves

    # -- what is read -----------------------------------------------------------------------------

    def _direct(self) -> set[str]:
        """Every value that some adjoint, test or bound reads."""
        found: set[str] = set()
        for stmt in self.places.every():
            found.update(*self._own_reads(stmt))
        return found | self.entry | self.end

    def _relevant(self) -> set[str]:
        """What adjoints read, and what the control flow around what must be reversed reads."""
        compound = [s for s in self.places.every() if isinstance(s, COMPOUND)]
        found = self.expanded(self.direct)
        while True:
            self.relevant = found
            control = {name for stmt in compound for name in self._control_reads(stmt)}
            found = found | self.expanded(control)
            if found == self.relevant:
                return found

    def _own_reads(self, stmt: Node) -> tuple[set[str], AbstractSet[str]]:
        """What the reverse of one statement reads: before it, and of what it writes."""
        adjoint = self.adjoints.get(id(stmt))
        memory = self.memory
        before: set[str] = set()
        result: AbstractSet[str] = frozenset()
        if adjoint is not None:
            before = adjoint.before | adjoint.shapes | memory.contents(adjoint.before)
            if adjoint.result:
                result = memory.binds(stmt)
                if adjoint.shaped != "shape":
                    result = result | memory.contents(result)
            result = result | getattr(stmt, "tape_names", set()) | adjoint.bound
            if hasattr(stmt, "pair"):
                # The callee goes back from what it left, to what it found.
                result = result | memory.contents(memory.changed_by(stmt))
        element = element_of_array(stmt)
        if element is not None:  # where to put back what is overwritten
            before = before | {element.value.id} | memory.reads(gast.Expr(element.slice))
        elif not hasattr(stmt, "pair"):  # a call that is not reversed: the arrays that it writes
            before = before | memory.changed_by(stmt)
        return before, result

    def _control_reads(self, stmt: Node) -> set[str]:
        """What the reverse of a compound statement reads, as it is after the statement."""
        if not isinstance(stmt, COMPOUND) or not self.reversed_by(stmt):
            return set()
        if isinstance(stmt, gast.If):
            if _ends_in_break(stmt.body) or _ends_in_break(stmt.orelse):
                return set()
            return self._header_reads(stmt, stmt.test)
        if isinstance(stmt, gast.While):
            found = {stmt.trips}
        else:
            found = self._header_reads(stmt, stmt.iter)
            if getattr(stmt, "stop", None):
                found.add(stmt.target.id)
        if getattr(stmt, "stop", None) and any(map(self.reversed_by, _endings(stmt.body))):
            found.add(stmt.stop)
        return found

    def _header_reads(self, stmt: Node, header: Node) -> set[str]:
        """What a header reads: not the content of an array of which it asks the length only."""
        values: list[str] = []
        pending = [header]
        while pending:
            node = pending.pop()
            if is_name(node):
                values.append(node.id)
            elif not self.is_length(node):
                pending += children(node)
        unread = self.memory.contents(names_in(header)) - self.memory.contents(values)
        return set(self.memory.reads(stmt)) - unread

    def reversed_by(self, stmt: Node) -> bool:
        """Whether anything inside a compound statement has to be reversed."""
        for each in statements_in([stmt]):
            adjoint = self.adjoints.get(id(each))
            if adjoint is not None and (adjoint.contributions or adjoint.before):
                return True
            if isinstance(each, (gast.Assign, gast.AugAssign, gast.Expr)):
                names = self.memory.writes(each) | self.memory.changed_by(each)
                names |= {popped_list(each.value)}
                if names & self.active or names & self.relevant:
                    return True
            # The index of a loop is put back before it, though the loop may not be run backwards.
            inner = isinstance(each, gast.For) and each is not stmt
            if inner and each.target.id in self.relevant:
                return True
        return False

    # -- what is recomputed -----------------------------------------------------------------------

    def _contents_instead(self) -> set[str]:
        """The contents of arrays of which the elements that are read are more than those written.

        What is overwritten is then saved, and put back; the elements are read again.
        """
        if not self.memory:
            return set()
        reads: dict[str, float] = {}
        found: set[str] = set()
        for name in sorted(self.direct):
            (definition, *others) = self.places.writers.get(name, [None])
            if definition is None or others or not _reads_element(definition):
                continue
            content = self.memory.content(definition.value.value.id)
            if content:
                reads[content] = reads.get(content, 0.0) + self._weight(definition)
        for content, weight in reads.items():
            writes = self.places.writers.get(content, [])
            saved = [each for each in writes if self._loses(each, content)]
            if content not in self.direct and weight > sum(map(self._weight, saved)):
                found.add(content)
        return found

    def _weight(self, stmt: Node) -> float:
        """How often a statement runs: each loop around it makes it ten times as much."""
        return 10.0 ** len(self.places.loops(stmt))

    def _recomputable(self) -> dict[str, Node]:
        """Cheap temporaries of loops whose operands are at hand wherever they are needed."""
        found: dict[str, Node] = {}
        costs: dict[str, int] = {}
        uses = self._uses()
        for name in sorted(self.direct | self._made_of(self.direct), key=self._first_place):
            writers = self.places.writers.get(name, [])
            if len(writers) != 1 or name in self.parameters:
                continue
            (definition,) = writers
            if not isinstance(definition, gast.Assign) or not is_name(definition.targets[0], name):
                continue
            loops = self.places.loops(definition)
            if not loops and not self.apart:
                continue
            if self.memory.is_written(name) and not self._is_view(definition.value):
                continue  # what it holds is not what it was made as
            if any(self.lists.is_changed_after(each, definition) for each in _lists_in(definition)):
                continue  # it is not put back what a list holds
            cost = self._cost(definition.value)
            cost += sum(costs.get(leaf, 0) for leaf in names_in(definition.value))
            if cost <= CHEAP and self._at_hand(definition, uses.get(name, []), found):
                found[name] = definition
                # What the reverse sweep reads anyway costs those that are made of it nothing.
                costs[name] = 0 if name in self.direct else cost
        return found

    def _made_of(self, names: set[str]) -> set[str]:
        """The temporaries that the named variables are made of: parts of the same expressions."""
        found: set[str] = set()
        pending = list(names)
        while pending:
            for writer in self.places.writers.get(pending.pop(), []):
                if isinstance(writer, gast.Assign):
                    new = (names_in(writer.value) & self.temporaries) - found
                    found |= new
                    pending += new
        return found

    def _first_place(self, name: str) -> tuple[int, str]:
        writers = self.places.writers.get(name)
        return (self.places.number[id(writers[0])] if writers else 0, name)

    def _uses(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for stmt in self.places.every():
            before, result = self._own_reads(stmt)
            names = before | result
            if isinstance(stmt, COMPOUND):
                names = names | self.memory.reads(stmt)
            for name in names:
                found.setdefault(name, []).append(stmt)
        return found

    def _cost(self, value: Node) -> int:
        """How many operations an expression takes; more than is cheap, where it must be saved."""
        kind = getattr(value, "kind", None)
        if isinstance(kind, Array):
            return 0 if self._is_view(value) else self._array_cost(value)
        if isinstance(kind, (Array, Unknown, ListOf)) or has_effect(value):
            return CHEAP + 1
        total = 0
        reads = [node for node in walk(value) if isinstance(node, gast.Subscript)]
        indices = {id(part) for read in reads for part in walk(read.slice)}
        for node in walk(value):
            if isinstance(node, gast.Call):
                total += 2 if self.is_number_function(node) else CHEAP + 1
                if not names_in(*node.args).isdisjoint(self.active):
                    total += CHEAP
            elif isinstance(node, gast.Subscript):
                is_list = isinstance(getattr(node.value, "kind", None), ListOf)
                total += CHEAP + 1 if is_list else 1
            elif isinstance(node, gast.BinOp) and id(node) not in indices:
                total += 1 if _is_arithmetic(node) else CHEAP + 1
        return total

    def _array_cost(self, value: Node) -> int:
        """Of arithmetic on arrays: fresh memory for what is saved costs more than an operation."""
        parts = (gast.BinOp, gast.UnaryOp, gast.Name, gast.Constant, gast.Subscript)
        pending, total = [value], 0
        while pending:
            node = pending.pop()
            if not isinstance(node, parts) or has_effect(node):
                return CHEAP + 1
            if isinstance(node, gast.BinOp):
                if not _is_arithmetic(node):
                    return CHEAP + 1
                total += 1
                pending += [node.left, node.right]
            elif isinstance(node, gast.UnaryOp):
                if not isinstance(node.op, (gast.USub, gast.UAdd)):
                    return CHEAP + 1
                total += 1
                pending.append(node.operand)
            elif isinstance(node, gast.Subscript) and not self._is_view(node):
                return CHEAP + 1
        return total

    def _is_view(self, value: Node) -> bool:
        """Whether an array is a part of another one: it is made again without a copy."""
        if isinstance(value, gast.Attribute) and value.attr == "T":
            return is_name(value.value)
        if not isinstance(value, gast.Subscript) or not is_name(value.value):
            return False
        calls = any(isinstance(node, gast.Call) for node in walk(value.slice))
        return not calls and not has_index_array(value)

    def _at_hand(self, definition: Node, uses: list[Node], found: dict[str, Node]) -> bool:
        """Whether the operands of a definition hold their values wherever its value is needed."""
        places, loops = self.places, self.places.loops(definition)
        # What it is made of is made again where its value is needed, too.
        if not all(self._is_kept(each, uses, found) for each in self._chain(definition, found)):
            return False
        leaves = self._leaves(definition)
        for leaf in leaves:
            if leaf in found or leaf in self.direct:
                continue
            inner = loops[-1] if loops else None
            if inner is not None and not places.written_in(leaf, inner):
                continue
            if inner is not None and isinstance(inner, gast.For) and inner.target.id == leaf:
                continue
            if self.apart and not places.writers.get(leaf):
                continue
            return False
        return True

    def leaves(self, name: str) -> set[str]:
        """What the definition of a recomputed variable reads."""
        return self._leaves(self.saves.recomputed[name])

    def _leaves(self, definition: Node) -> set[str]:
        """What a definition reads: variables, and the contents of arrays."""
        names = names_in(definition.value)
        if isinstance(getattr(definition.value, "kind", None), Array) and self._is_view(
            definition.value
        ):
            return names  # where the memory is, not what it holds
        return names | self.memory.contents(names)

    def _chain(self, definition: Node, found: dict[str, Node]) -> list[Node]:
        """A definition, and those of the recomputed variables that it is made of."""
        chain = [definition]
        seen: set[str] = set()
        for each in chain:
            new = (self._leaves(each) & found.keys()) - seen
            seen |= new
            chain += [found[name] for name in sorted(new)]
        return chain

    def _is_kept(self, definition: Node, uses: list[Node], found: dict[str, Node]) -> bool:
        """Whether what a definition reads is, at all uses, as it was at the definition."""
        places = self.places
        block, loops = places.block_of[id(definition)], places.loops(definition)
        leaves = self._leaves(definition)
        for use in uses:
            if places.loops(use) != loops or isinstance(use, COMPOUND):
                return False
            if places.number[id(use)] < places.number[id(definition)]:
                return False  # it reads what an earlier trip has made
            if not places.block_of[id(use)].within(block):
                return False
            if hasattr(use, "pair") and leaves & self.memory.writes(use):
                return False  # it is handed to the callee, which puts back what it has written
            adjoint = self.adjoints.get(id(use))
            if (
                adjoint is not None
                and adjoint.result
                and adjoint.shaped != "shape"
                and (leaves - found.keys()) & self.memory.writes(use)
            ):
                return False  # it reads what the statement assigns: older values are not back yet
            if hasattr(use, "pair") and leaves & self.memory.contents(self.memory.changed_by(use)):
                return False  # the call that is handed the value puts back what it was read from
            if any(places.written_between(leaf, definition, use) for leaf in leaves):
                return False
        return True

    def expanded(self, names: AbstractSet[str]) -> set[str]:
        """The names with those that are recomputed exchanged for what they are made of."""
        if self.saves.recomputed.keys().isdisjoint(names):
            return set(names)
        result: set[str] = set()
        pending = list(names)
        seen: set[str] = set()
        while pending:
            name = pending.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in self.saves.recomputed:
                pending.extend(self._leaves(self.saves.recomputed[name]))
            else:
                result.add(name)
        return result

    # -- the flow of needs ------------------------------------------------------------------------

    def _assigned_in(self, body: list[Node]) -> set[str]:
        return {name for stmt in statements_in(body) for name in self.memory.writes(stmt)}

    def _locals(self, loop: Node) -> set[str]:
        """The variables that every trip makes anew before it reads them."""
        if id(loop) not in self.assigned:
            self.assigned[id(loop)] = self._assigned_in(loop.body)
        own = self.assigned[id(loop)] - self.exposed[id(loop)]
        return {name for name in own if not is_content(name)}

    def _summary(self, body: list[Node]) -> tuple[set[str], set[str]]:
        """What a block makes needed, and what it certainly overwrites."""
        made: set[str] = set()
        killed: set[str] = set()
        for stmt in body:
            if isinstance(stmt, gast.If):
                (m1, k1), (m2, k2) = self._summary(stmt.body), self._summary(stmt.orelse)
                made = (made - (k1 & k2)) | m1 | m2 | self.expanded(self._control_reads(stmt))
                killed |= k1 & k2
            elif isinstance(stmt, (gast.For, gast.While)):
                inner, _ = self._summary(stmt.body)
                if isinstance(stmt, gast.For):
                    made.discard(stmt.target.id)
                made |= inner - self._locals(stmt) - self._index(stmt)
                made |= self.expanded(self._control_reads(stmt))
            elif getattr(stmt, "permutes", False):
                made = _permuted(made, self.memory.binds(stmt))
            else:
                before, result = self._own_reads(stmt)
                made |= self.expanded(before)
                written = self.memory.binds(stmt) if isinstance(stmt, gast.Assign) else set()
                made -= written | self.memory.left_behind(stmt)
                killed |= written
                made |= self.expanded(result)
        self.summaries[id(body)] = (made, killed)
        return made, killed

    def _index(self, loop: Node) -> set[str]:
        return {loop.target.id} if isinstance(loop, gast.For) else set()

    def _block(self, body: list[Node], needed: set[str]) -> None:
        for stmt in body:
            if isinstance(stmt, gast.If):
                other = set(needed)
                self._block(stmt.body, needed)
                self._block(stmt.orelse, other)
                needed |= other
                needed |= self.expanded(self._control_reads(stmt))
            elif isinstance(stmt, (gast.For, gast.While)):
                self._loop(stmt, needed)
            elif getattr(stmt, "permutes", False):
                needed |= _permuted(needed, self.memory.binds(stmt))
            elif isinstance(stmt, (gast.Assign, gast.AugAssign)):
                before, result = self._own_reads(stmt)
                needed |= self.expanded(before)
                for name in sorted(self.memory.writes(stmt)):
                    if name in needed and self._loses(stmt, name):
                        self.saves.before.setdefault(id(stmt), []).append(name)
                    if not is_content(name):
                        needed.discard(name)
                needed -= self.memory.left_behind(stmt)
                needed |= self.expanded(result)

    def _loses(self, stmt: Node, name: str) -> bool:
        """Whether a statement that writes a name has to save what was there."""
        if getattr(stmt, "is_stop", False):
            return False
        if not is_content(name):
            return True
        return not hasattr(stmt, "pair") and not self.untouched.before(stmt)

    def _loop(self, loop: Node, needed: set[str]) -> None:
        own = self._locals(loop)
        overwritten = (needed & own) | (needed & self._index(loop))
        for name in sorted(overwritten):
            self.saves.before.setdefault(id(loop), []).append(name)
        needed -= overwritten
        inner = self.summaries[id(loop.body)][0]
        carried = inner - own - self._index(loop)
        trip = set(needed) | carried
        self._block(loop.body, trip)
        for name in sorted(trip & own):
            self._save_after(name, loop)
        needed |= carried
        needed |= self.expanded(self._control_reads(loop))

    def _save_after(self, name: str, loop: Node | None) -> None:
        """Save a variable that a trip makes anew, in the block that holds all its uses."""
        places = self.places
        body = loop.body if loop is not None else self.body
        writers = places.writers.get(name, [])
        sites = [writers, self._needing(name)]
        if loop is not None:
            sites = [[each for each in site if places.inside(each, loop)] for site in sites]
        self._save_in(places.blocks[id(body)], name, *sites)

    def _save_in(self, block: Block, name: str, writers: list[Node], uses: list[Node]) -> None:
        """Save after the last assignment in a block, or in each branch that has its own value."""
        places = self.places
        if not writers:
            return
        tops = [places.top_level(each, block) for each in [*writers, *uses]]
        (first, *others) = tops
        alone = isinstance(first, gast.If) and all(each is first for each in others)
        if alone and not any(each is first for each in uses):
            for branch in (first.body, first.orelse):
                inner = places.blocks[id(branch)]
                sites = [
                    [each for each in site if places.block_of[id(each)].within(inner)]
                    for site in (writers, uses)
                ]
                self._save_in(inner, name, *sites)
            return
        last = max(tops[: len(writers)], key=lambda stmt: places.number[id(stmt)])
        self.saves.after.setdefault(id(last), []).append(name)
        self.saves.scope[(id(last), name)] = block

    def _needing(self, name: str) -> list[Node]:
        """The statements whose reverse reads a value, also through what is recomputed."""
        if not hasattr(self, "_needing_table"):
            self._needing_table: dict[str, list[Node]] = {}
            for stmt in self.places.every():
                before, result = self._own_reads(stmt)
                reads = self.expanded(before | result | self._control_reads(stmt))
                for each in reads:
                    self._needing_table.setdefault(each, []).append(stmt)
        return self._needing_table.get(name, [])


def _lists_in(stmt: Node) -> set[str]:
    """The lists whose elements an assignment takes."""
    return {
        node.value.id
        for node in walk(stmt.value)
        if isinstance(node, gast.Subscript) and is_name(node.value) and _is_list(node.value)
    }


def _is_list(node: Node) -> bool:
    return isinstance(getattr(node, "kind", None), ListOf)


def _permuted(needed: set[str], names: AbstractSet[str]) -> set[str]:
    """What is needed after names were swapped, if it was needed under any of them before."""
    return needed | names if needed & names else needed


def _is_arithmetic(node: Node) -> bool:
    """``+ - * / // %``, and the square and the cube."""
    if isinstance(node.op, gast.Pow):
        return is_number(node.right) and number_of(node.right) in (2, 3)
    return isinstance(node.op, ARITHMETIC)


def _reads_element(stmt: Node) -> bool:
    """``w = x[i]``, a number."""
    value = stmt.value if isinstance(stmt, gast.Assign) else None
    if not isinstance(value, gast.Subscript) or not is_name(value.value):
        return False
    return isinstance(getattr(value, "kind", None), Scalar)


def _endings(body: list[Node]) -> Iterator[Node]:
    """The branches of a loop's body that may break out of it."""
    for stmt in body:
        if isinstance(stmt, gast.If):
            if _ends_in_break(stmt.body) or _ends_in_break(stmt.orelse):
                yield stmt
            for block in blocks_of(stmt):
                yield from _endings(block)


def _ends_in_break(body: list[Node]) -> bool:
    return bool(body) and isinstance(body[-1], gast.Break)
