"""What a rule is, and the table of all of them.

An *elementwise* rule gives each operand's partial derivative as an expression in the operands
and ``y``, the result.  The tangent ``ẏ = Σ ∂y/∂x · ẋ`` and the adjoint ``x̄ += ȳ · ∂y/∂x`` both
follow from it.  Where several expressions are listed the differentiator takes the one that keeps
the fewest values; at least one of them does not read ``y``.  ``m`` stands for the module, ``math``
or ``numpy``, that the operation comes from.  ``e if literal(b) else f`` is decided when a call is
differentiated: ``literal(b)`` says that the operand is a literal other than 0, ``given(b)`` that
an optional operand was given.

A *structured* rule gives its adjoint by a function of the operation's use.  If it gives no
tangent it is linear: its tangent is the operation itself on the tangents.  A *zero* rule says that
the derivative is zero where it exists.

How a call is bound to operands and options is a rule's signature
(:mod:`srcad.rules.signature`).  A function may have several rules: the first one that its
arguments fit is taken.
"""

from __future__ import annotations

import builtins
import cmath
import math
import sys
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy

from srcad import helpers
from srcad.analysis.kind import Array, Kind
from srcad.rules.originals import is_of_library, remember, replaced
from srcad.rules.signature import Refused, Signature, signatures
from srcad.tree import Node


@dataclass(frozen=True, eq=False)
class Rule:
    """The derivative of one operation.

    ``names`` are its dotted names, ``signatures`` the ways to call it.  ``domain`` says where the
    derivative exists, ``kink`` what is taken where it does not, and ``source`` where the formula
    is found.  A further rule of a function has a ``variant``.
    """

    names: tuple[str, ...]
    signatures: tuple[Signature, ...]
    domain: str = "all reals"
    kink: str = ""
    source: str = ""
    variant: str = ""

    @property
    def label(self) -> str:
        """What tells the rule from all others: its name, and what it is a variant for."""
        return f"{self.name} {self.variant}".rstrip()

    @property
    def name(self) -> str:
        """The first of the operation's names."""
        return self.names[0]

    @property
    def parameters(self) -> tuple[str, ...]:
        """The operands; a star before those that stand for several."""
        return self.signatures[0].operands

    def parameter_of(self, operand: str) -> str:
        """The parameter that a bound operand stands for: ``x`` for ``x1`` where there is ``*x``."""
        if operand in self.parameters:
            return operand
        return operand.rstrip("0123456789")


Slope = str | Callable[[Mapping[str, Node]], str]


@dataclass(frozen=True, eq=False)
class Elementwise(Rule):
    """A function of numbers, applied entry by entry to arrays.

    The result is floating point; with ``whole``, it is whole where all operands are.  An operation
    ``of_number`` takes numbers only, as those of ``math`` do.

    ``slope`` says where a partial derivative may be infinite: at an ``edge``, where the result is
    finite, or at a ``pole``; or it is a function that says so of the operands of one use.  An
    operation that takes each entry from one operand says when that is ``chosen``.
    """

    partials: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    whole: bool = False
    of_number: bool = False
    slope: Slope = ""
    chosen: Mapping[str, str] = field(default_factory=dict)


UNKNOWN_VALUE: Any = object()


@dataclass(frozen=True)
class Use:
    """One use of an operation, as its rule's functions see it.

    ``names`` are the operands that were given, ``options`` the options that were, and ``values``
    what all options are, as far as that is known before running: see :meth:`value`.
    """

    operands: tuple[Node, ...]
    kinds: tuple[Kind, ...]
    options: Mapping[str, Node]
    result: Kind
    like: Callable[[int], Node]
    """An expression with the shape of an operand (by its number)."""
    names: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    wanted: frozenset[str] = frozenset()
    """The results whose adjoints are asked for, or the operands that have tangents."""
    asked: frozenset[str] = frozenset()
    """The results whose derivatives are asked for, in either mode."""

    def value(self, option: str) -> Any:
        """What an option is: a literal, a captured constant or its default."""
        value = self.values.get(option)
        if value is UNKNOWN_VALUE and getattr(self.options[option], "attr", "") == "dtype":
            kind = getattr(self.options[option].value, "kind", None)
            if isinstance(kind, Array):  # `dtype=x.dtype`
                return numpy.dtype(kind.dtype)
        if value is UNKNOWN_VALUE:
            raise Refused(
                f"`{option}=`", "its value is not known before running", "a literal in the call"
            )
        return value

    def given(self, operand: str) -> int | None:
        """The number of an optional operand, or None."""
        return self.names.index(operand) if operand in self.names else None


KindOf = Callable[[Use], Kind]
AdjointOf = Callable[[Use, int], str | tuple[str, ...]]


def _none(use: Use) -> bool:
    return False


@dataclass(frozen=True, eq=False)
class Structured(Rule):
    """An operation on whole arrays.

    ``kind`` gives the kind of the result; it raises :class:`Refused` for a use that has no rule.
    ``adjoint`` writes what the adjoint ``ȳ`` of the result adds to that of an operand, ``tangent``
    what an operand's tangent ``ẋ`` adds to that of the result: in the operands' and the options'
    names, ``like_x`` (any value with the shape of the operand ``x``) and ``y``, the result.
    Without a tangent the operation is linear, in each of its operands or in all ``jointly``.
    What is read more than once is defined before:
    ``s̄ = np.linalg.solve(a.T, ȳ); -np.outer(s̄, y)``.

    ``tangents`` writes the whole tangent at once, from those operands that have one.  An operation
    with several ``results`` is read by their names: its adjoints ``ū``, ``v̄`` are those in
    ``use.wanted``, its ``tangents`` are one for each result, "" for one whose derivative is zero.
    Of the ``ruled_out`` results there is no rule.

    It is not differentiated with respect to the ``fixed`` operands.  A ``broadcasts`` operation
    broadcasts its operands: their adjoints are summed back.  One that ``takes_unknown`` has an
    operand of which it is not known whether it is a number or an array, one that ``takes_lists``
    a list of numbers.  One that takes each entry from one operand says when it is ``chosen``: the
    condition, and whether it must hold.  One that ``leaves_out`` entries, and does not say which,
    has an adjoint that is zero at some.

    ``shares`` says whether the result may be memory of its first operand: ``"never"``, always
    (``"view"``), or as NumPy finds (``"maybe"``); of a use that ``copies`` it is an array of its
    own.
    """

    jointly: bool = False
    fixed: tuple[str, ...] = ()
    broadcasts: bool = False
    shares: str = "never"
    copies: Callable[[Use], bool] = _none
    takes_unknown: bool = False
    takes_lists: bool = False
    chosen: Callable[[Use, int], tuple[str, bool]] | None = None
    leaves_out: bool = False
    kind: KindOf | None = None
    adjoint: AdjointOf | None = None
    tangent: Callable[[Use, int], str] | None = None
    tangents: Callable[[Use, frozenset[str]], str | tuple[str, ...]] | None = None
    results: tuple[str, ...] = ()
    ruled_out: tuple[str, ...] = ()

    @property
    def is_nonlinear(self) -> bool:
        """Whether the tangent is not the operation itself on the tangents."""
        return self.tangent is not None or self.tangents is not None

    def result_names(self, count: int) -> tuple[str, ...]:
        """The names of the results, of which there may be as many as a use has."""
        if self.results[0].startswith("*"):
            return tuple(f"{self.results[0][1:]}{n}" for n in range(count))
        return self.results


@dataclass(frozen=True, eq=False)
class Zero(Rule):
    """An operation whose derivative is zero wherever it exists.

    With no signature it is given any arguments.
    """

    kind: KindOf | None = None


@dataclass(frozen=True, eq=False)
class Excluded(Rule):
    """A function that is refused by its name: why, and what to write instead."""

    why: str = ""
    instead: str = ""


@dataclass(frozen=True, eq=False)
class Operator(Elementwise):
    """An operator of Python, found by the class of its syntax node."""


@dataclass(frozen=True, eq=False)
class Entry:
    """A rule, and the ways to call it under one name."""

    rule: Rule
    signatures: tuple[Signature, ...]

    @property
    def takes_display(self) -> bool:
        """Whether operands may be written out in a list or a tuple."""
        return any(each.elements for way in self.signatures for each in way.parameters)


_BY_OBJECT: dict[object, tuple[object, list[Entry]]] = {}
_BY_OPERATOR: dict[str, Rule] = {}
METHODS: dict[str, list[Entry]] = {}
ATTRIBUTES: dict[str, Rule] = {}
_ALL: list[Rule] = []
# The last names of functions and methods whose results may be memory of their operands.
SHARING: set[str] = set()

# The rules that hold for complex operands too, by name; and those that others stand for then.
_HOLOMORPHIC: dict[str, Callable[[Use], None] | None] = {}
_OF_COMPLEX: dict[str, Structured] = {}
_TO_REAL: set[str] = set()
OF_COMPLEX = "of complex numbers"
"""The variant of such a rule."""

Partials = str | Sequence[str]
Methods = str | Mapping[str, str]


def _alternatives(partials: Mapping[str, Partials]) -> dict[str, tuple[str, ...]]:
    return {p: (e,) if isinstance(e, str) else tuple(e) for p, e in partials.items()}


_MODULES = {"math": math, "cmath": cmath, "np": numpy, "builtins": builtins, "helpers": helpers}


# Modules that are not imported for their rules: what they declare waits until they are there.
LATE = ("numpy.fft", "numpy.random", "scipy.special", "scipy.linalg")
_WAITING: dict[str, list[tuple[str, Entry]]] = {}


for _module in (math, cmath, numpy, numpy.linalg):
    remember(_module)


def find(name: str) -> object | None:
    """The function that a dotted name means, or None where it is not there."""
    module, _, rest = name.rpartition(".")
    if module in LATE:
        return getattr(sys.modules.get(module), rest, None)
    root, _, rest = name.partition(".")
    found: object = _MODULES[root]
    for part in rest.split(".") if rest else ():
        found = getattr(found, part, None)
    return found


def _key(function: object) -> object:
    """What stands for a function: a ufunc's method (``np.add.reduce``) is made anew each time."""
    owner = getattr(function, "__self__", None)
    if isinstance(owner, numpy.ufunc):
        return id(owner), getattr(function, "__name__", "")
    return id(function)


def _enter(entry: Entry, names: Iterable[str]) -> None:
    known = {name.rpartition(".")[2] for name in entry.rule.names}
    functions: dict[object, object] = {}
    for name in names:
        function = find(name)
        if function is None:
            continue
        if is_of_library(function) and getattr(function, "__name__", "") in known:
            functions[_key(function)] = function
            continue
        # What has been put in the place of a library's function is not what the rule is of.
        module, _, last = name.rpartition(".")
        owner = sys.modules.get(module) or find(module)
        if isinstance(owner, types.ModuleType):
            replaced(owner, last)
    for key, found in functions.items():
        entries = _BY_OBJECT.setdefault(key, (found, []))[1]
        entries.append(entry)
        entries.sort(key=lambda each: not each.takes_display)  # else a list would be one operand


def _enter_waiting() -> None:
    """Enter the rules of the modules that have been imported since they were declared."""
    for module in [each for each in _WAITING if each in sys.modules]:
        remember(sys.modules[module])
        entries: dict[int, tuple[Entry, list[str]]] = {}
        for name, entry in _WAITING.pop(module):
            entries.setdefault(id(entry), (entry, []))[1].append(name)
        for entry, names in entries.values():
            _enter(entry, names)


def declare(rule: Rule, methods: Methods = "") -> Rule:
    """Enter a rule into the table under all its names."""
    _ALL.append(rule)
    entry = Entry(rule, rule.signatures)
    _enter(entry, rule.names)
    for name in rule.names:
        if name.rpartition(".")[0] in LATE:
            _WAITING.setdefault(name.rpartition(".")[0], []).append((name, entry))
    for method in methods if isinstance(methods, Mapping) else methods.split():
        own = signatures(methods[method]) if isinstance(methods, Mapping) else rule.signatures
        METHODS.setdefault(method, []).append(Entry(rule, own))
    return rule


def elementwise(
    names: str,
    signature: str,
    facts: str = "",
    *,
    whole: bool = False,
    of_number: bool = False,
    slope: Slope = "",
    chosen: Mapping[str, str] | None = None,
    methods: Methods = "",
    variant: str = "",
    **partials: Partials,
) -> Elementwise:
    """Declare a function of numbers; ``facts`` reads ``domain; kink; source``."""
    domain, kink, source = ([*facts.split("; "), "", "", ""])[:3]
    rule = Elementwise(
        tuple(names.split()),
        signatures(signature),
        domain=domain or "all reals",
        kink=kink,
        source=source,
        variant=variant,
        partials=_alternatives(partials),
        whole=whole,
        of_number=of_number,
        slope=slope,
        chosen=chosen or {},
    )
    declare(rule, methods)
    return rule


def structured(
    names: str,
    signature: str,
    *,
    methods: Methods = "",
    jointly: bool = False,
    fixed: str = "",
    broadcasts: bool = False,
    shares: str = "never",
    copies: Callable[[Use], bool] = _none,
    takes_unknown: bool = False,
    takes_lists: bool = False,
    chosen: Callable[[Use, int], tuple[str, bool]] | None = None,
    leaves_out: bool = False,
    kind: KindOf,
    adjoint: AdjointOf,
    tangent: Callable[[Use, int], str] | None = None,
    tangents: Callable[[Use, frozenset[str]], str | tuple[str, ...]] | None = None,
    results: str = "",
    facts: str = "",
    variant: str = "",
) -> Structured:
    """Declare an operation on whole arrays; without a tangent it is linear.

    A result with ``!`` has no rule.
    """
    domain, kink, source = ([*facts.split("; "), "", "", ""])[:3]
    rule = Structured(
        tuple(names.split()),
        signatures(signature),
        domain=domain or "all reals",
        kink=kink,
        source=source,
        variant=variant,
        jointly=jointly,
        fixed=tuple(fixed.split()),
        broadcasts=broadcasts,
        shares=shares,
        copies=copies,
        takes_unknown=takes_unknown,
        takes_lists=takes_lists,
        chosen=chosen,
        leaves_out=leaves_out,
        kind=kind,
        adjoint=adjoint,
        tangent=tangent,
        tangents=tangents,
        results=tuple(each.rstrip("!") for each in results.split()),
        ruled_out=tuple(each[:-1] for each in results.split() if each[-1] == "!"),
    )
    declare(rule, methods)
    if shares != "never":
        SHARING.update(name.rpartition(".")[2] for name in rule.names)
        SHARING.update(methods if isinstance(methods, Mapping) else methods.split())
    return rule


def zero(
    names: str, kind: KindOf, signature: str = "", *, methods: Methods = "", variant: str = ""
) -> Zero:
    """Declare operations with zero derivative; ``kind`` gives the kind of their results.

    Each name is a rule of its own; ``methods`` belong to the last, which is returned.
    """
    ways = signatures(signature) if signature else ()
    *others, last = (Zero((name,), ways, variant=variant, kind=kind) for name in names.split())
    for rule in others:
        declare(rule)
    declare(last, methods)
    return last


def excluded(names: str, why: str, instead: str) -> None:
    """Declare functions that are refused, each for the same reason."""
    for name in names.split():
        declare(Excluded((name,), (), why=why, instead=instead))


def holomorphic(
    names: str, check: Callable[[Use], None] | None = None, *, real: bool = False
) -> None:
    """Declare that rules hold for complex operands as they stand; ``check`` refuses some uses.

    A rule holds if the operation has a complex derivative, and the formulas are that: or if it is
    linear, and the adjoint its transpose, without conjugates.  Of a zero rule: if it is one, too.
    The result of a linear one may be ``real``.
    """
    _HOLOMORPHIC.update(dict.fromkeys(names.split(), check))
    if real:
        _TO_REAL.update(names.split())


def of_complex(names: str, signature: str, **fields: Any) -> Structured:
    """Declare what stands for the rules of some functions where an operand is complex.

    The operands and the options are bound by the rules of the functions; ``fields`` are those of
    a structured rule.
    """
    rule = Structured(tuple(names.split()), signatures(signature), variant=OF_COMPLEX, **fields)
    _ALL.append(rule)
    _OF_COMPLEX.update(dict.fromkeys(rule.names, rule))
    return rule


def gives_real(rule: Rule) -> bool:
    """Whether the result of complex operands is real, and the rule made for that."""
    return rule.variant == OF_COMPLEX or not _TO_REAL.isdisjoint(rule.names)


def takes_complex(rule: Rule) -> bool:
    """Whether there is a rule of the operation for complex operands."""
    own = rule.variant in ("", OF_COMPLEX)
    return any(name in _HOLOMORPHIC or (own and name in _OF_COMPLEX) for name in rule.names)


def complex_rule(rule: Rule, use: Use) -> Rule | None:
    """The rule for an operation that has a complex operand: another one, the same, or none."""
    for name in rule.names:
        if name in _OF_COMPLEX:  # it stands for the function's own rule, and knows its options
            return None if rule.variant else _OF_COMPLEX[name]
    for name in rule.names:
        if name in _HOLOMORPHIC:
            check = _HOLOMORPHIC[name]
            if check is not None:
                check(use)
            return rule
    return None


def operator(
    symbol: str,
    node: str,
    signature: str,
    *,
    whole: bool = True,
    slope: Slope = "",
    **partials: Partials,
) -> None:
    """Declare one of Python's operators."""
    ways = signatures(signature)
    rule = Operator((symbol,), ways, partials=_alternatives(partials), whole=whole, slope=slope)
    _ALL.append(rule)
    _BY_OPERATOR[node] = rule


def operator_rule(node: Node) -> Rule | None:
    """The rule of an operator's syntax node."""
    return _BY_OPERATOR.get(type(node).__name__)


def entries_of(function: object) -> list[Entry]:
    """The rules of a function, found by the object itself: a patched function has none."""
    _enter_waiting()
    found, entries = _BY_OBJECT.get(_key(function), (None, []))
    return entries if found is function or (entries and found == function) else []


def rule_of(function: object) -> Rule | None:
    """The first rule of a function."""
    entries = entries_of(function)
    return entries[0].rule if entries else None


def is_zero_function(entries: Sequence[Entry]) -> bool:
    """Whether all rules of a function or a method say that its derivative is zero."""
    rules = [each.rule for each in entries]
    return bool(rules) and all(isinstance(r, Zero) and r.name not in _OF_COMPLEX for r in rules)


def all_rules() -> tuple[Rule, ...]:
    """Every declared rule, in the order of declaration."""
    return tuple(_ALL)
