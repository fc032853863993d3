"""``np.einsum("ij,ij->i", a, b)`` for ``(a * b).sum(axis=1)``: the product is never in memory.

Where a product of arrays is summed over an axis, a factor without that axis is taken out of the
sum, and of several others the sum is an ``einsum``.  An adjoint that is such a product itself, and
that nothing but such sums reads, goes into them, and has no line.

>>> import gast
>>> from srcad.analysis.kind import Array
>>> from srcad.emit import emit
>>> from srcad.names import Names
>>> x, k = Array(("x:0", "x:1"), "f8"), Array(("k:0",), "f8")
>>> names = Names()
>>> names.derivatives |= {"d", "w", "k_bar", "s_bar"}
>>> body = gast.parse('''
... d = 2 * np.expand_dims(k, 1) * x
... w = d * s
... s_bar = -(d * y).sum(axis=0)
... k_bar = (w * y).sum(axis=0, keepdims=True)
... ''').body
>>> kinds = {"x": x, "y": x, "k": k, "s": Array(("x:1",), "f8")}
>>> extents = Extents(body, kinds, names.derivatives)
>>> print(emit(contracted(body, names, extents, Aliases(body), lambda: "np")), end="")
s_bar = -2 * np.einsum('i,ij,ij->j', k, x, y)
k_bar = 2 * np.einsum('i,ij,ij->j', k, x, y)[None] * s
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property, partial

import gast

from srcad.listing import origin_of
from srcad.names import Names
from srcad.simplify.aliases import Aliases
from srcad.simplify.extents import Extents, summed_axis
from srcad.simplify.flow import read_by, reads_of, written_by
from srcad.simplify.lines import width
from srcad.simplify.products import Known, factors_of, product_of
from srcad.simplify.tidied import tidied
from srcad.tree import (
    COMPOUND,
    Comment,
    Node,
    assigned,
    binary,
    call,
    calls_in,
    constant,
    copy_node,
    is_name,
    is_number,
    load,
    name_occurrences,
    negate,
    number_of,
    rewrite,
    statements_in,
    substitute,
    walk,
)

# More factors than this are multiplied first.
MANY = 3
LETTERS = "ijklmnop"
WIDTH = 96


@dataclass(frozen=True)
class Factor:
    """A factor of a product, the letters of its axes, and those of them that have length 1."""

    node: Node
    letters: str
    single: str = ""


class Places:
    """Where in a block each name is read and written, and which names are read inside of sums."""

    def __init__(self, body: list[Node], aliases: Aliases, summed: set[str]) -> None:
        self.read: dict[str, set[int]] = {}
        self.written: dict[str, list[int]] = {}
        self.summed = set(summed)
        for place, stmt in enumerate(body):
            for each in statements_in([stmt]):
                for name in aliases.written(each):
                    self.written.setdefault(name, []).append(place)
            if not isinstance(stmt, COMPOUND):
                for name in read_by(stmt):
                    self.read.setdefault(name, set()).add(place)


class Contractions:
    """The sums of products in the adjoints' lines of one body."""

    def __init__(
        self,
        body: list[Node],
        names: Names,
        extents: Extents,
        aliases: Aliases,
        numpy: Callable[[], str],
    ) -> None:
        self.names = names
        self.extents = extents
        self.numpy = numpy
        self.aliases = aliases
        self.body = body
        # The factors that a sum reads no more, since a variable holds their product with others.
        self.replaced: set[str] = set()

    @cached_property
    def reads(self) -> Counter[str]:
        """How often each variable is read."""
        return Counter(name for stmt in statements_in(self.body) for name in reads_of(stmt))

    @cached_property
    def writes(self) -> Counter[str]:
        """How often each variable is written."""
        return Counter(name for stmt in statements_in(self.body) for name in written_by(stmt))

    def block(self, body: list[Node]) -> list[Node]:
        """A block, its sums contracted."""
        found: list[Node | None] = []
        for stmt in body:
            if isinstance(stmt, COMPOUND):
                blocks = self.block(stmt.body), self.block(stmt.orelse)
                stmt = copy_node(stmt, body=blocks[0], orelse=blocks[1])
            found.append(stmt)
        summed = _read_in_sums(body)
        if any(self._is_line_of_product(stmt, summed) for stmt in body):
            places = Places(body, self.aliases, summed)
            for place in range(len(found) - 1, -1, -1):
                if self._is_line_of_product(body[place], places.summed):
                    self._put_in(found, place, places)
        lines = [stmt for stmt in found if stmt is not None]
        return [self.line(stmt) for stmt in lines]

    def line(self, stmt: Node) -> Node:
        """A line, its sums contracted."""
        if isinstance(stmt, COMPOUND) or self.names.derivatives.isdisjoint(written_by(stmt)):
            return stmt
        if not isinstance(stmt, (gast.Assign, gast.AugAssign)) or not _sums(stmt.value):
            return stmt
        held: Known = getattr(stmt, "held", {})
        value = rewrite(stmt.value, partial(self._with_held, held=held)) if held else stmt.value
        value = rewrite(value, self._contraction)
        return stmt if value is stmt.value else tidied(copy_node(stmt, value=value), self.names)

    def _put_in(self, body: list[Node | None], place: int, places: Places) -> None:
        """Put a product into the sums that read it, if nothing else does."""
        stmt = body[place]
        name = assigned(stmt) if stmt is not None else ""
        if stmt is None or self.writes[name] != 1:
            return
        uses = sorted(each for each in places.read.get(name, ()) if each > place)
        lines = [body[n] for n in uses]
        if not uses or sum(reads_of(line).count(name) for line in lines) != self.reads[name]:
            return
        sources = read_by(stmt)
        if any(place < n < uses[-1] for each in sources for n in places.written.get(each, ())):
            return
        if len(uses) > 1 and not self._is_spread(stmt.value):
            return  # to multiply twice is more than to keep the product
        new = [self._with(line, name, stmt.value) for line in lines]
        if any(line is None for line in new):
            return
        for n, line in zip(uses, new, strict=True):
            body[n] = line
        body[place] = None
        for source in name_occurrences(stmt.value):
            self.reads[source] += len(uses) - 1
            places.read.setdefault(source, set()).update(uses)
            places.read[source].discard(place)
            places.summed.add(source)

    def _with(self, stmt: Node, name: str, value: Node) -> Node | None:
        """A line with a product put into the sum that reads it; None if it stays in no sum."""
        if self.names.derivatives.isdisjoint(written_by(stmt)) or name in written_by(stmt):
            return None
        if not isinstance(stmt, (gast.Assign, gast.AugAssign)):
            return None
        for node in walk(stmt.value):
            if _is_sum(node) and name in name_occurrences(node):
                inner = substitute(node, {name: value})
                made = self._contraction(inner)
                if name_occurrences(node).count(name) != 1 or made is None:
                    return None
                new = _exchanged(stmt.value, node, inner)
                if name in name_occurrences(new) or width(new) > WIDTH:
                    return None
                return copy_node(stmt, value=new)
        return None

    def _is_line_of_product(self, stmt: Node, summed: set[str]) -> bool:
        """Whether a line makes an adjoint that sums read, a product of arrays."""
        name = assigned(stmt)
        if name not in summed or name not in self.names.derivatives:
            return False
        if not isinstance(stmt, gast.Assign) or not isinstance(stmt.value, gast.BinOp):
            return False
        return bool(self.extents.of(stmt.value)) and len(_factors(stmt.value)) > 1

    def _is_spread(self, value: Node) -> bool:
        """Whether some factor of a product has fewer numbers than the product, or all but one."""
        rank = len(self.extents.of(value) or ())
        found = [self._factor(node, rank) for node in _factors(value) if not is_number(node)]
        small = [f is not None and len(f.letters) - len(f.single) < rank for f in found]
        return any(small) or len(found) == 1

    def _with_held(self, node: Node, held: Known) -> Node | None:
        """``(w̄ * d).sum(axis=0)`` for ``(w̄ * a).sum(axis=0) * b``, where ``d`` holds ``a * b``."""
        if not isinstance(node, gast.BinOp) or not isinstance(node.op, gast.Mult):
            return None
        factors = factors_of(node)
        for place, each in enumerate(factors):
            summed = summed_axis(each) if isinstance(each, gast.Call) else None
            axes = self.extents.of(each.func.value) if summed else None
            if summed is None or axes is None:
                continue
            inside = factors_of(each.func.value)
            inner = {f.id: n for n, f in enumerate(inside) if is_name(f)}
            outer = {
                f.id: n
                for n, f in enumerate(factors)
                if is_name(f) and (own := self._factor(f, len(axes)))
                if _fits_outside(own, summed[0], len(axes))
            }
            pairs = ((a, b, d) for pair, d in held.items() for a, b in (pair, pair[::-1]))
            found = next(((a, b, d) for a, b, d in pairs if a in inner and b in outer), None)
            if found is not None:
                a, b, product = found
                inside[inner[a]] = load(product)
                factors[place] = copy_node(
                    each, func=copy_node(each.func, value=product_of(inside))
                )
                del factors[outer[b]]
                self.replaced |= {a, b}
                return product_of(factors)
        return None

    # -- one sum --------------------------------------------------------------------------------

    def _contraction(self, node: Node) -> Node | None:
        """``(a * b).sum(axis=k)`` written without the product, where all shapes are known."""
        over = summed_axis(node) if isinstance(node, gast.Call) else None
        if over is None:
            return None
        (axis, keeps), product = over, node.func.value
        axes = self.extents.of(product)
        if axes is None or axis >= len(axes):
            return None
        rank = len(axes)
        letter, numbers = LETTERS[axis], list[float]()
        summed: list[Factor] = []
        outside: list[Node] = []
        for each in _factors(product):
            factor = self._factor(each, rank)
            if factor is None:
                return None
            if is_number(each):
                numbers.append(number_of(each))
            elif _fits_outside(factor, axis, rank) or (letter in factor.single and keeps):
                outside.append(each)
            else:
                summed.append(factor)
        if not any(letter in f.letters and letter not in f.single for f in summed):
            return None  # the sum is one of equal numbers, or of one
        if len(summed) > MANY or (len(summed) == 1 and not outside and not numbers):
            return None
        made = self._summed(node, summed, axis, keeps, rank)
        return None if made is None else _product(made, outside, numbers)

    def _summed(
        self, node: Node, summed: list[Factor], axis: int, keeps: bool, rank: int
    ) -> Node | None:
        if len(summed) == 1:
            (factor,) = summed
            if factor.letters != LETTERS[:rank]:
                return None
            return copy_node(node, func=copy_node(node.func, value=factor.node))
        left = LETTERS[:rank].replace(LETTERS[axis], "")
        if keeps and not left:
            return None  # a number has no axes to be put back
        if set(left) - {each for f in summed for each in f.letters}:
            return None
        subscripts = f"{','.join(f.letters for f in summed)}->{left}"
        function = gast.Attribute(load(self.numpy()), "einsum", gast.Load())
        made = call(function, constant(subscripts), *(f.node for f in summed))
        if not keeps:
            return made
        whole = gast.Slice(None, None, None)
        index = [constant(None) if n == axis else whole for n in range(axis + 1)]
        where = gast.Tuple(index, gast.Load()) if axis else index[0]
        return gast.Subscript(made, where, gast.Load())

    def _factor(self, node: Node, rank: int) -> Factor | None:
        """A factor with the letters of its axes in a product of a rank: the last ones."""
        axes = self.extents.of(node)
        if axes is None:
            return None
        letters = LETTERS[rank - len(axes) : rank]
        if _is_expanded(node):
            axis = int(number_of(node.args[1]))
            return Factor(node.args[0], letters[:axis] + letters[axis + 1 :])
        single = "".join(c for c, token in zip(letters, axes, strict=True) if token == "1")
        return Factor(node, letters, single)


def contracted(
    body: list[Node],
    names: Names,
    extents: Extents,
    aliases: Aliases,
    numpy: Callable[[], str],
) -> list[Node]:
    """The body with its adjoints' sums of products contracted; ``numpy`` gives a module's name."""
    contractions = Contractions(body, names, extents, aliases, numpy)
    body = contractions.block(body)
    return _folded(body, contractions.replaced & names.temporaries)


def sums_product(value: Node, products: Collection[str]) -> bool:
    """Whether an expression sums a product over an axis; ``products`` are variables that are."""
    for node in calls_in(value):
        if _is_sum(node):
            inner = node.func.value
            if isinstance(inner, gast.BinOp) or (is_name(inner) and inner.id in products):
                return True
    return False


def _folded(body: list[Node], replaced: set[str]) -> list[Node]:
    """The body with a factor that only its product reads by now written in that line."""
    if not replaced:
        return body
    reads = Counter(name for stmt in statements_in(body) for name in reads_of(stmt))
    writes = Counter(name for stmt in statements_in(body) for name in written_by(stmt))
    out: list[Node] = []
    for stmt in body:
        for place in range(len(out) - 1, -1, -1):
            line = out[place]
            name = assigned(line)
            if isinstance(line, Comment) or origin_of(line) is not origin_of(stmt):
                break
            once = reads[name] == writes[name] == 1 and name in replaced
            apart = all(read_by(line).isdisjoint(written_by(each)) for each in out[place + 1 :])
            if once and apart and getattr(line, "primal", False) and name in reads_of(stmt):
                stmt = copy_node(stmt, value=substitute(stmt.value, {name: line.value}))
                del out[place]
        out.append(stmt)
    return out


def _sums(value: Node | None) -> bool:
    return isinstance(value, gast.expr) and any(map(_is_sum, calls_in(value)))


def _read_in_sums(body: list[Node]) -> set[str]:
    """The variables that are read inside of sums over an axis."""
    return {
        name
        for stmt in body
        if isinstance(stmt, (gast.Assign, gast.AugAssign))
        for node in calls_in(stmt.value)
        if _is_sum(node)
        for name in name_occurrences(node)
    }


def _is_sum(node: Node) -> bool:
    return isinstance(node, gast.Call) and summed_axis(node) is not None


def _factors(product: Node) -> list[Node]:
    """The factors of a product: its sign, and numbers that are spread over an axis, apart."""
    found: list[Node] = []
    for node in factors_of(product):
        if is_number(node):
            found.append(node)
        elif isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
            found += [constant(-1), *_factors(node.operand)]
        elif _is_expanded(node):
            inner = _factors(node.args[0])
            numbers = [each for each in inner if is_number(each)]
            rest = product_of([each for each in inner if not is_number(each)])
            found += [*numbers, copy_node(node, args=[rest, *node.args[1:]])] if numbers else [node]
        else:
            found.append(node)
    return found


def _is_expanded(node: Node) -> bool:
    return isinstance(node, gast.Call) and getattr(node.func, "attr", "") == "expand_dims"


def _fits_outside(factor: Factor, axis: int, rank: int) -> bool:
    """Whether what lacks an axis is still broadcast the same way where that axis is gone."""
    own = LETTERS.index(factor.letters[0]) if factor.letters else rank
    whole = factor.letters == LETTERS[own:rank]
    return whole and own > axis


def _product(made: Node, outside: list[Node], numbers: list[float]) -> Node:
    """What was summed times what stands outside of the sum."""
    number = math.prod(numbers)
    if abs(number) != 1:
        made = binary(constant(abs(number)), gast.Mult(), made)
    for each in outside:
        made = binary(made, gast.Mult(), each)
    return negate(made) if number < 0 else made


def _exchanged(expression: Node, part: Node, other: Node) -> Node:
    """An expression with another part in the place of one."""
    return rewrite(expression, lambda node: other if node is part else None)
