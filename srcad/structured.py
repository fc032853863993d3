"""The derivatives of functions of structures: of the plain functions that they are rewritten to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from srcad.analysis.kind import Kind, Literal, TupleOf, is_continuous
from srcad.analysis.operation import parameters_of
from srcad.dispatch import still
from srcad.errors import ArgumentError, SrcadError, UndecidedError, UnsupportedError
from srcad.pipeline import Program
from srcad.read import Source
from srcad.specialisation import Compiled, Kinds, Specialiser, check_scalar, refusals
from srcad.structures import Plain, Structure, is_structured, plain, with_values
from srcad.structures.entry import enter
from srcad.structures.layout import form_of, leaf_kinds, parts_of
from srcad.structures.run import Run

T = TypeVar("T")
# For so many values of its ints code of a function is kept.
MOST_DECIDED = 64


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

    def unread(self) -> tuple[int, ...]:
        """What the function writes into its arguments."""
        return self.made.written


class Structured(Specialiser):
    """The specialisations of one function, whose arguments and results may be structures."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._plain: dict[Kinds, tuple[Plain, OfPlain] | None] = {}
        # The kinds for which the values of ints decide, and those with such values, oldest first.
        self._undecided: set[Kinds] = set()
        self._decided: dict[Kinds, None] = {}

    def plain_for(self, kinds: Kinds, *, always: bool = False) -> tuple[Plain, OfPlain] | None:
        """The function rewritten for a layout; None of one that no structure takes part in.

        ``always`` asks for it in any case.
        """
        if kinds in self._plain:
            found = self._plain[kinds]
            if found is None and not always:
                return None
            if found is not None and still(found[0].watched):
                return found
        with refusals(self.fun()):
            source = self.source(kinds, Program(self.options))
            found = None
            if always or is_structured(source, kinds, Run()):
                own = [kinds[n] for n in self.reduced(kinds)]
                of_plain = OfPlain(self.fun, self.options)
                of_plain.made = plain(source, parameters_of(source), own)
                of_plain.made.run.watch_function(source.function)
                found = of_plain.made, of_plain
            self._plain[kinds] = found
        return found

    def decided(self, kinds: Kinds, arguments: Sequence[Any], run: Callable[[Kinds], T]) -> T:
        """What ``run`` gives for the kinds of arguments, the values of ints among them if need be.

        Where they decide which part of a structure is meant, code is made for each of them; the
        oldest of it is let go.
        """
        if kinds not in self._undecided:
            try:
                return run(kinds)
            except UndecidedError:
                if by_value(kinds, arguments) == kinds:
                    raise
        known = by_value(kinds, arguments)
        if known not in self._decided and len(self._decided) >= MOST_DECIDED:
            oldest = next(iter(self._decided))
            self._decided.pop(oldest, None)
            self._plain.pop(oldest, None)
            for key in [key for key in list(self.cache) if oldest in key]:
                self.cache.pop(key, None)
        self._decided[known] = None
        result = run(known)
        self._undecided.add(kinds)
        return result

    def attempted(self, kinds: Kinds, plainly: Callable[[], T], rewritten: Callable[[Any], T]) -> T:
        """What a function's derivative gives: of the function as it stands, or rewritten.

        Where it is refused as it stands, it may be for a tuple or a list that is taken apart here.
        """
        found = self.plain_for(kinds)
        if found is not None:
            return rewritten(found)
        try:
            return plainly()
        except UnsupportedError as refusal:
            try:
                found = self.plain_for(kinds, always=True)
                result = rewritten(found)
            except SrcadError:
                self._plain[kinds] = None
                raise refusal from None
            return result

    def gradient(
        self, kinds: Kinds, wrt: tuple[int, ...], mode: str, value: bool, several: bool
    ) -> Compiled:
        """The module whose entry point computes the gradient."""
        return self.attempted(
            kinds,
            lambda: super(Structured, self).gradient(kinds, wrt, mode, value, several),
            lambda found: self._gradient(found[0], kinds, wrt, mode, value, several),
        )

    def _gradient(
        self, made: Plain, kinds: Kinds, wrt: tuple[int, ...], mode: str, value: bool, several: bool
    ) -> Compiled:
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
            result = program.result_kind(source, own, tuple(active))
            first = False
            if made.state and isinstance(result, TupleOf):
                first, others, result = True, result.items[1:], result.items[0]
                if mode == "reverse":
                    made.state.check_arrays(others)
            check_scalar(source, result)
            ask = {"value": value or bool(made.state), "several": True, "first": first}
            if mode == "forward":
                entry = program.forward_gradient(source, own, order, **ask)
            else:
                entry = program.gradient(source, own, tuple(active), order=order, **ask)
            enter(program.module, made, wanted, active, value=value, several=several)
            written = program.written(source, own)
            kinds = [kind for kind in made.kinds if not isinstance(kind, Literal)]
            return {"entry": entry, "written": written, "plain": made, "kinds": kinds}

        return self.compiled(("grad", own, kinds, wrt, mode, value, several), make)

    def run_jvp(
        self, kinds: Kinds, arguments: Sequence[Any], seeds: Sequence[Any]
    ) -> tuple[Any, Any]:
        """The value and its tangent."""
        return self.attempted(
            kinds,
            lambda: super(Structured, self).run_jvp(kinds, arguments, seeds),
            lambda found: self._jvp(found[0], found[1], kinds, arguments, seeds),
        )

    def _jvp(
        self,
        made: Plain,
        specialiser: OfPlain,
        kinds: Kinds,
        arguments: Sequence[Any],
        seeds: Sequence[Any],
    ) -> tuple[Any, Any]:
        kept = self.reduced(kinds)
        arguments, seeds = [arguments[n] for n in kept], [seeds[n] for n in kept]
        made.check_returns()
        rows = enumerate(zip(seeds, made.kinds, strict=True))
        tangents = [leaf for n, (seed, kind) in rows for leaf in seeds_of(seed, kind, n)]
        leaves = made.leaves(arguments)
        tangents += [None] * (len(leaves) - len(tangents))
        made.check(arguments)
        value, tangent = specialiser.run_jvp(made.leaf_kinds, leaves, tangents)
        made.state.write(made.parameters, arguments, made.by_name, value)
        return made.returned(value), made.returned(tangent, constants=False)

    def run_vjp(
        self, kinds: Kinds, arguments: Sequence[Any], given_count: int
    ) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
        """The value and the pullback, which gives an adjoint for each argument that was given."""
        return self.attempted(
            kinds,
            lambda: super(Structured, self).run_vjp(kinds, arguments, given_count),
            lambda found: self._vjp(found[0], found[1], kinds, arguments, given_count),
        )

    def _vjp(
        self,
        made: Plain,
        specialiser: OfPlain,
        kinds: Kinds,
        arguments: Sequence[Any],
        given_count: int,
    ) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
        made.check_returns()
        kept = self.reduced(kinds)
        given = [arguments[n] for n in kept]
        leaves = made.leaves(given)
        made.check(given)
        value, pull = specialiser.run_vjp(made.leaf_kinds, leaves, len(leaves))
        made.state.write(made.parameters, given, made.by_name, value)

        def pullback(seed: Any) -> tuple[Any, ...]:
            adjoints = dict(zip(kept, made.rebuilt(pull(made.seeds(seed, value))), strict=True))
            return tuple(adjoints.get(n) for n in range(given_count))

        return made.returned(value), pullback


def by_value(kinds: Kinds, arguments: Sequence[Any]) -> Kinds:
    """The kinds of arguments, the values of ints among them."""
    return tuple(with_values(kind, value) for kind, value in zip(kinds, arguments, strict=True))


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
