"""The derivatives of functions of structures: of the plain functions that they are rewritten to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from srcad.analysis.kind import Kind, Literal, is_continuous
from srcad.analysis.operation import parameters_of
from srcad.dispatch import still
from srcad.errors import ArgumentError
from srcad.pipeline import Program
from srcad.read import Source
from srcad.specialisation import Compiled, Kinds, Specialiser, check_scalar, refusals
from srcad.structures import Plain, Structure, is_structured, plain
from srcad.structures.entry import enter
from srcad.structures.layout import form_of, leaf_kinds, parts_of
from srcad.structures.run import Run


class OfPlain(Specialiser):
    """The derivatives of a plain function."""

    made: Plain

    def source(self, kinds: Kinds, program: Program) -> Source:
        """The plain function's source."""
        program.inherited = self.made.watched
        return self.made.source

    def reduced(self, kinds: Kinds) -> tuple[int, ...]:
        """All of its arguments."""
        return tuple(range(len(kinds)))


class Structured(Specialiser):
    """The specialisations of one function, whose arguments and results may be structures."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._plain: dict[Kinds, tuple[Plain, OfPlain] | None] = {}

    def plain_for(self, kinds: Kinds) -> tuple[Plain, OfPlain] | None:
        """The function rewritten for a layout; None of one that no structure takes part in."""
        found = self._plain.get(kinds)
        if found is not None and still(found[0].watched):
            return found
        if kinds in self._plain and found is None:
            return None
        with refusals():
            source = self.source(kinds, Program(self.options))
            self._plain[kinds] = None
            if is_structured(source, kinds, Run()):
                kept = list(self.reduced(kinds))
                made = plain(source, parameters_of(source), [kinds[n] for n in kept])
                of_plain = OfPlain(self.fun, self.options)
                of_plain.made = made
                self._plain[kinds] = made, of_plain
        return self._plain[kinds]

    def gradient(
        self, kinds: Kinds, wrt: tuple[int, ...], mode: str, value: bool, several: bool
    ) -> Compiled:
        """The module whose entry point computes the gradient."""
        found = self.plain_for(kinds)
        if found is None:
            return super().gradient(kinds, wrt, mode, value, several)
        made, _ = found
        made.check_gradient()
        kept = list(self.reduced(kinds))
        wanted = tuple(kept.index(n) for n in wrt)
        starts = [0]
        for kind in made.kinds:
            starts.append(starts[-1] + len(leaf_kinds(kind)))
        own = made.leaf_kinds
        order = tuple(
            n for k in wanted for n in range(starts[k], starts[k + 1]) if is_continuous(own[n])
        )
        active = [n in order for n in range(len(own))]

        def make(program: Program) -> dict[str, Any]:
            program.inherited = made.watched
            source = made.source
            check_scalar(source, program.result_kind(source, own, tuple(active)))
            if mode == "forward":
                entry = program.forward_gradient(source, own, order, value=value, several=True)
            else:
                entry = program.gradient(
                    source, own, tuple(active), value=value, order=order, several=True
                )
            enter(program.module, made, wanted, active, value=value, several=several)
            written = program.written(source, own)
            kinds = [kind for kind in made.kinds if not isinstance(kind, Literal)]
            return {"entry": entry, "written": written, "plain": made, "kinds": kinds}

        return self.compiled(("grad", own, kinds, wrt, mode, value, several), make)

    def run_jvp(
        self, kinds: Kinds, arguments: Sequence[Any], seeds: Sequence[Any]
    ) -> tuple[Any, Any]:
        """The value and its tangent."""
        found = self.plain_for(kinds)
        if found is None:
            return super().run_jvp(kinds, arguments, seeds)
        made, specialiser = found
        kept = self.reduced(kinds)
        arguments, seeds = [arguments[n] for n in kept], [seeds[n] for n in kept]
        made.check_returns()
        rows = enumerate(zip(seeds, made.kinds, strict=True))
        tangents = [leaf for n, (seed, kind) in rows for leaf in seeds_of(seed, kind, n)]
        leaves = made.leaves(arguments)
        value, tangent = specialiser.run_jvp(made.leaf_kinds, leaves, tangents)
        return made.returned(value), made.returned(tangent, constants=False)

    def run_vjp(
        self, kinds: Kinds, arguments: Sequence[Any], given_count: int
    ) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
        """The value and the pullback, which gives an adjoint for each argument that was given."""
        found = self.plain_for(kinds)
        if found is None:
            return super().run_vjp(kinds, arguments, given_count)
        made, specialiser = found
        made.check_returns()
        kept = self.reduced(kinds)
        leaves = made.leaves([arguments[n] for n in kept])
        value, pull = specialiser.run_vjp(made.leaf_kinds, leaves, len(leaves))

        def pullback(seed: Any) -> tuple[Any, ...]:
            adjoints = dict(zip(kept, made.rebuilt(pull(made.seeds(seed))), strict=True))
            return tuple(adjoints.get(n) for n in range(given_count))

        return made.returned(value), pullback


def seeds_of(seed: Any, kind: Kind, number: int) -> list[Any]:
    """The tangents of an argument's leaves."""
    if isinstance(kind, Literal):
        return []
    if not isinstance(kind, Structure):
        return [seed]
    if seed is None:
        return [None] * len(leaf_kinds(kind))
    form = form_of(seed)
    parts = parts_of(seed, form) if form == kind.form else {}
    if form != kind.form or parts.keys() != set(kind.keys):
        raise ArgumentError(
            f"the tangent of argument {number} must be like its primal, a {kind.form} of the same "
            "parts"
        )
    rows = zip(kind.keys, kind.items, strict=True)
    return [leaf for key, item in rows for leaf in seeds_of(parts[key], item, number)]
