"""``jvp`` and ``vjp`` inside a function that is differentiated: the code that they stand for.

A function that calls ``jvp(g, (y,), (v,))`` calls ``g_jvp(y, v)``; where it calls the pullback of
``vjp(g, y)``, it calls ``g_vjp(y, seed)``, with both sweeps in it.  What ``g`` captures stands
behind its own arguments, and is not differentiated.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import gast

from srcad.analysis.kind import (
    COMPLEX,
    FLOAT,
    Array,
    Kind,
    ListOf,
    Literal,
    Other,
    TupleOf,
    Unknown,
    is_complex,
    is_continuous,
    is_floating,
    leaf_kinds,
    same_shape,
)
from srcad.errors import ArgumentError
from srcad.functions.derived import Generated
from srcad.pipeline import Program
from srcad.read.called import signature_of
from srcad.simplify.results import owned
from srcad.specialisation import Compiled, Kinds
from srcad.structured import Structured
from srcad.tree import Node, call, constant, load


@dataclass(eq=False)
class Linear:
    """``jvp`` or ``vjp`` of a function with respect to its first ``count`` arguments.

    It is called with the function's arguments and then ``count`` tangents, or the adjoints of its
    ``results``; ``run`` does the same where nothing is differentiated.
    """

    primal: Any
    count: int
    results: int
    run: Callable[..., Any]
    specialiser: Structured = field(init=False)

    def __post_init__(self) -> None:
        self.specialiser = Structured(lambda: self.primal)

    @property
    def signature(self) -> inspect.Signature:
        """The parameters of the function, and then those of tangents or adjoints."""
        own = list(signature_of(self.primal).parameters)
        names, number = list(own), 1
        while len(names) < len(own) + self.more:
            names += [f"seed{number}"] if f"seed{number}" not in own else []
            number += 1
        kind = inspect.Parameter.POSITIONAL_ONLY
        return inspect.Signature([inspect.Parameter(name, kind) for name in names])

    @property
    def more(self) -> int:
        """The number of tangents, or of adjoints."""
        return self.results or self.count

    def generated(self, kinds: Kinds) -> Generated:
        """The code for arguments of given kinds."""
        own, seeds = kinds[: -self.more], kinds[-self.more :]
        for kind in own:
            check_plain(kind)
        active = tuple(n < self.count and is_continuous(kind) for n, kind in enumerate(own))
        if not any(active):
            raise ArgumentError("none of the arguments is floating point; pass floats (3.0, not 3)")
        with self.specialiser.once(kinds):
            if self.results:
                return self._pulled(own, active, seeds)
            return self._pushed(own, active, seeds)

    def _pushed(self, own: Kinds, active: tuple[bool, ...], seeds: Kinds) -> Generated:
        """``g_jvp``: its tangents are of the shapes of their primals, and its results its own."""
        checked = []
        for number, (kind, seed) in enumerate(zip(own, seeds, strict=False)):
            if not active[number]:
                if seed != Literal(None):
                    what = "its tangent must be None"
                    raise ArgumentError(f"the argument {number} is not floating point; {what}")
                continue
            check_alike(kind, seed, f"the tangent of argument {number}", "its primal")
            if not _surely_alike(kind, seed):
                checked.append(sum(active[:number]))

        def make(program: Program, source: Any, kinds: Kinds, active: Any, kind: Kind) -> str:
            for each in leaf_kinds(kind):
                if isinstance(each, (Unknown, ListOf)):
                    raise ArgumentError("the value is no number and no array for certain")
            entry = program.tangent(source, kinds, active)
            tree = next(each.tree for each in program.functions if each.name == entry)
            names = [each.id for each in tree.args.args]
            given = [not isinstance(each, Literal) for each in kinds]
            dots = names[sum(given) :]
            primals = [n for n, flag in zip(_given(names, given), active, strict=True) if flag]
            checks = [_same_shape(primals[n], dots[n]) for n in checked]
            tree.body = checks + owned(tree.body, [*leaf_kinds(kind)] * 2, names)
            return entry

        compiled = self._compiled(("pushed", own, active, tuple(checked)), own, active, make)
        kept = [n for n, kind in enumerate(own) if not isinstance(kind, Literal)]
        kept += [len(own) + n for n in range(len(seeds)) if active[n]]
        return Generated(compiled.function, tuple(kept), compiled.watched)

    def _pulled(self, own: Kinds, active: tuple[bool, ...], seeds: Kinds) -> Generated:
        """``g_vjp``, which gives adjoints only."""
        if not all(active[: self.count]):
            number = active.index(False)
            raise ArgumentError(f"the argument {number} is not floating point; pass a float")

        def make(program: Program, source: Any, kinds: Kinds, active: Any, kind: Kind) -> str:
            leaves = leaf_kinds(kind)
            if len(leaves) != len(seeds):
                raise ArgumentError(f"the pullback takes {len(leaves)} adjoints, as many as values")
            for leaf, seed in zip(leaves, seeds, strict=True):
                check_alike(leaf, seed, "the adjoint", "the result")
                if not _surely_alike(leaf, seed):
                    why = "the adjoint is not certainly of the shape of the result"
                    raise ArgumentError(f"{why}; make it by np.ones_like(value), say")
            order = tuple(range(self.count))
            return program.gradient(source, kinds, active, seeded=True, order=order, alone=True)

        compiled = self._compiled(("pulled", own, active, seeds), own, active, make)
        kept = [n for n, kind in enumerate(own) if not isinstance(kind, Literal)]
        kept += [len(own) + n for n in range(len(seeds))]
        return Generated(compiled.function, tuple(kept), compiled.watched)

    def _compiled(self, key: Any, own: Kinds, active: Any, make: Callable[..., str]) -> Compiled:
        """The code, of the function as it stands, or of one that was rewritten."""

        def plainly() -> Compiled:
            return self.specialiser.directional(key, own, active, make)

        def rewritten(found: Any) -> Compiled:
            made, of_plain = found
            made.check_gradient()
            made.check_nothing_outside()
            flags = [active[n] for n in self.specialiser.reduced(own)]
            found_code: Compiled = of_plain.directional(key, made.leaf_kinds, tuple(flags), make)
            return found_code

        return self.specialiser.attempted(own, plainly, rewritten)

    def __call__(self, *args: Any) -> Any:
        return self.run(self.primal, args[: -self.more], args[-self.more :], self.count)


def check_plain(kind: Kind) -> None:
    """Refuse what is no number and no array for certain."""
    if isinstance(kind, (Unknown, TupleOf, ListOf, Other)):
        raise ArgumentError("an argument is no number and no array for certain; pass one that is")


def check_alike(kind: Kind, seed: Kind, what: str, whose: str) -> None:
    """Refuse a tangent or an adjoint that is not like the value that it belongs to."""
    if isinstance(kind, Array):
        alike = (
            isinstance(seed, Array)
            and seed.rank == kind.rank
            and is_floating(seed.dtype)
            and (is_complex(kind) or not is_complex(seed))
            and all(map(_may_be_alike, kind.axes, seed.axes))
        )
    else:
        alike = seed == FLOAT or (kind == COMPLEX and seed == COMPLEX)
    if not alike:
        raise ArgumentError(f"{what} must be like {whose}, floating point and of its shape")


def _may_be_alike(left: str, right: str) -> bool:
    known = [each for each in (left, right) if each == "1" or each[0] == "="]
    return len(known) < 2 or left == right


def _surely_alike(kind: Kind, seed: Kind) -> bool:
    if not isinstance(kind, Array) or not isinstance(seed, Array):
        return True
    return same_shape(kind.axes, seed.axes) and kind.axes == seed.axes


def _given(names: list[str], given: list[bool]) -> list[str]:
    """The names of the parameters at all places; "" for a constant."""
    rest = iter(names)
    return [next(rest) if each else "" for each in given]


def _same_shape(primal: str, dot: str) -> Node:
    """``if ẋ.shape != x.shape: raise``."""
    shapes = [gast.Attribute(load(each), "shape", gast.Load()) for each in (dot, primal)]
    test = gast.Compare(shapes[0], [gast.NotEq()], [shapes[1]])
    error = call("ValueError", constant(f"the tangent of {primal} must be of its shape"))
    return gast.If(test, [gast.Raise(error, None)], [])


def pushed(jvp: Any) -> Callable[..., Linear]:
    """What makes ``jvp`` of a function."""

    def run(primal: Any, args: Any, tangents: Any, count: int) -> Any:
        return jvp(primal, args, [*tangents, *[None] * (len(args) - count)])

    return lambda primal, count: Linear(primal, count, 0, run)


def pulled(vjp: Any) -> Callable[..., Linear]:
    """What makes the pullback of a function."""

    def run(primal: Any, args: Any, seeds: Any, count: int) -> Any:
        value, pullback = vjp(primal, *args)
        return pullback(seeds if isinstance(value, tuple) else seeds[0])[:count]

    return lambda primal, count, results: Linear(primal, count, results, run)
