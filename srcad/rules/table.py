"""What a rule is, and the table of all of them.

An *elementwise* rule gives each operand's partial derivative as an expression in the operands
and ``y``, the result.  The tangent ``ẏ = Σ ∂y/∂x · ẋ`` and the adjoint ``x̄ += ȳ · ∂y/∂x`` both
follow from it.  Where several expressions are listed the differentiator takes the one that keeps
the fewest values; at least one of them does not read ``y``.  ``m`` stands for the module, ``math``
or ``numpy``, that the operation comes from.

A *structured* rule gives its adjoint by a function of the operation's use.  If it gives no
tangent it is linear: its tangent is the operation itself on the tangents.  A *zero* rule says that
the derivative is zero where it exists.
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy

from srcad import helpers
from srcad.analysis.kind import Kind
from srcad.tree import Node


@dataclass(frozen=True, eq=False)
class Rule:
    """The derivative of one operation.

    ``names`` are its dotted names, ``parameters`` its operands; a last parameter that starts with
    ``*`` takes all further operands.  ``options`` are parameters that carry no derivative.
    ``domain`` says where the derivative exists, ``kink`` what is taken where it does not, and
    ``source`` where the formula is found.
    """

    names: tuple[str, ...]
    parameters: tuple[str, ...]
    options: tuple[str, ...] = ()
    domain: str = "all reals"
    kink: str = ""
    source: str = ""

    @property
    def name(self) -> str:
        """The first of the operation's names."""
        return self.names[0]


@dataclass(frozen=True, eq=False)
class Elementwise(Rule):
    """A function of numbers, applied entry by entry to arrays."""

    partials: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Use:
    """One use of a structured operation, as its rule's functions see it."""

    operands: tuple[Node, ...]
    kinds: tuple[Kind, ...]
    options: Mapping[str, Node]
    result: Kind
    like: Callable[[int], Node]
    """An expression with the shape of an operand (by its number)."""


@dataclass(frozen=True, eq=False)
class Structured(Rule):
    """An operation on whole arrays.

    ``adjoint`` writes what the adjoint ``ȳ`` of the result adds to that of an operand, ``tangent``
    what an operand's tangent ``ẋ`` adds to that of the result: in the operands' names, ``like_x``
    (any value with the shape of the operand ``x``) and ``y``, the result.  Without a tangent the
    operation is linear, in each of its operands or in all ``jointly``.

    It is not differentiated with respect to the ``fixed`` operands.  A ``broadcasts`` operation
    broadcasts its operands: their adjoints are summed back.

    ``shares`` says whether the result may be memory of its first operand: ``"never"``, always
    (``"view"``), or as NumPy finds (``"maybe"``).
    """

    jointly: bool = False
    fixed: tuple[str, ...] = ()
    broadcasts: bool = False
    shares: str = "never"
    kind: Callable[[Use], Kind] | None = None
    adjoint: Callable[[Use, int], str] | None = None
    tangent: Callable[[Use, int], str] | None = None


@dataclass(frozen=True, eq=False)
class Zero(Rule):
    """An operation whose derivative is zero wherever it exists."""

    kind: str = "elementwise"


@dataclass(frozen=True, eq=False)
class Operator(Elementwise):
    """An operator of Python, found by the class of its syntax node."""


_BY_OBJECT: dict[int, tuple[object, Rule]] = {}
_BY_OPERATOR: dict[str, Rule] = {}
METHODS: dict[str, Rule] = {}
ATTRIBUTES: dict[str, Rule] = {}
_ALL: list[Rule] = []
# The last names of functions and methods whose results may be memory of their operands.
SHARING: set[str] = set()

Partials = str | Sequence[str]


def _alternatives(partials: Mapping[str, Partials]) -> dict[str, tuple[str, ...]]:
    return {p: (e,) if isinstance(e, str) else tuple(e) for p, e in partials.items()}


_MODULES = {"math": math, "np": numpy, "builtins": builtins, "helpers": helpers}


def find(name: str) -> object | None:
    """The function that a dotted name means, or None where this Python or NumPy lacks it."""
    root, _, rest = name.partition(".")
    found: object = _MODULES[root]
    for part in rest.split("."):
        found = getattr(found, part, None)
    return found


def declare(rule: Rule) -> Rule:
    """Enter a rule into the table under all its names."""
    _ALL.append(rule)
    for name in rule.names:
        found = find(name)
        if found is not None:
            _BY_OBJECT[id(found)] = (found, rule)
    return rule


def elementwise(names: str, parameters: str, facts: str = "", **partials: Partials) -> Elementwise:
    """Declare a function of numbers; ``facts`` reads ``domain; kink; source``."""
    domain, kink, source = ([*facts.split("; "), "", "", ""])[:3]
    rule = Elementwise(
        tuple(names.split()),
        tuple(parameters.split()),
        domain=domain or "all reals",
        kink=kink,
        source=source,
        partials=_alternatives(partials),
    )
    declare(rule)
    return rule


def structured(
    names: str,
    parameters: str,
    *,
    options: str = "",
    methods: str = "",
    jointly: bool = False,
    fixed: str = "",
    broadcasts: bool = False,
    shares: str = "never",
    kind: Callable[[Use], Kind],
    adjoint: Callable[[Use, int], str],
    tangent: Callable[[Use, int], str] | None = None,
) -> Structured:
    """Declare an operation on whole arrays; without a ``tangent`` it is linear."""
    rule = Structured(
        tuple(names.split()),
        tuple(parameters.split()),
        tuple(options.split()),
        jointly=jointly,
        fixed=tuple(fixed.split()),
        broadcasts=broadcasts,
        shares=shares,
        kind=kind,
        adjoint=adjoint,
        tangent=tangent,
    )
    declare(rule)
    for method in methods.split():
        METHODS[method] = rule
    if shares != "never":
        SHARING.update([name.rpartition(".")[2] for name in rule.names], methods.split())
    return rule


def zero(names: str, kind: str = "elementwise") -> None:
    """Declare operations with zero derivative; ``kind`` is the kind of their results."""
    for name in names.split():
        declare(Zero((name,), ("*x",), kind=kind))


def operator(symbol: str, node: str, parameters: str, **partials: Partials) -> None:
    """Declare one of Python's operators."""
    rule = Operator((symbol,), tuple(parameters.split()), partials=_alternatives(partials))
    _ALL.append(rule)
    _BY_OPERATOR[node] = rule


def operator_rule(node: Node) -> Rule | None:
    """The rule of an operator's syntax node."""
    return _BY_OPERATOR.get(type(node).__name__)


def rule_of(function: object) -> Rule | None:
    """The rule of a function, found by the object itself: a patched function has none."""
    entry = _BY_OBJECT.get(id(function))
    return entry[1] if entry is not None and entry[0] is function else None


def all_rules() -> tuple[Rule, ...]:
    """Every declared rule, in the order of declaration."""
    return tuple(_ALL)
