"""One function's derivatives for the kinds of arguments that it is called with.

The source is generated at the first call with arguments of new kinds, and kept.  Free names are
bound to the objects that they meant then; when one of them has changed, the derivative is made
again, so that a changed global is seen.
"""

from __future__ import annotations

import gc
import itertools
import threading
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import gast
import numpy as np

from srcad.analysis.kind import (
    COMPLEX,
    Array,
    Kind,
    Literal,
    Other,
    TupleOf,
    is_complex,
    is_continuous,
    is_floating,
    leaf_kinds,
    library_of,
)
from srcad.build import build, placed
from srcad.dispatch import Watch, inside, key_of, still, watches, watches_attribute
from srcad.emit import one_line, text_of
from srcad.errors import ArgumentError, SrcadError, UnsupportedError
from srcad.foreign import converted, libraries, rebound, writes_in_place
from srcad.functions import LiftedScope, source_of
from srcad.layouts import copied, laid_out
from srcad.lower.ends import always_raises
from srcad.pipeline import Options, Program, made
from srcad.read import Source
from srcad.reasons import with_called
from srcad.rules.originals import check_builtins, is_original
from srcad.tree import Node, is_name, walk

Kinds = tuple[Kind, ...]


@contextmanager
def refusals(fun: Callable[..., Any] | None = None) -> Iterator[None]:
    """No error of our own code reaches a user as it is: it becomes a refusal.

    What is refused of ``fun`` is said with all that is wrong with it, and with what it calls.
    """
    check_builtins()
    try:
        yield
    except UnsupportedError as refusal:
        if fun is None:
            raise
        raise with_called(refusal, fun).with_traceback(refusal.__traceback__) from None
    except SrcadError:
        raise
    except RecursionError as error:
        raise SrcadError("this function is nested too deeply to be differentiated") from error
    except Exception as error:
        kind = type(error).__name__
        raise SrcadError(
            f"this function cannot be differentiated: srcad failed on it ({kind}: {error}); "
            "please report it"
        ) from error


@contextmanager
def uncollected() -> Iterator[None]:
    """The collector of cycles is held off while code is generated.

    Trees are made without cycles, and die as soon as nobody has them. The collector would go
    through all that there is of them again and again, for a quarter of the time of a long function.
    They must be gone at the end, too: it then starts with all that is new, and is there.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@dataclass
class Compiled:
    """One generated module: its text, its entry point, and what it depends on.

    The trees that it was printed from are not kept, a hundred times the size of the text.  Whoever
    asks for ``program``, to look into its passes or to save it, has it ``generated`` again.
    """

    text: str
    function: Callable[..., Any]
    # Where each free name gets the value that it had when the code was made.
    watched: tuple[Watch, ...]
    extra: dict[str, Any]
    generated: Callable[[], tuple[Program, dict[str, Any]]]

    @property
    def arrays(self) -> list[np.ndarray[Any, Any]]:
        """The arrays that free names and attributes of modules mean."""
        return [value for _, _, value in self.watched if isinstance(value, np.ndarray)]

    @property
    def program(self) -> Program:
        """What the text is made from."""
        with refusals(), uncollected():
            return self.generated()[0]

    def is_current(self) -> bool:
        """Whether all captured names still mean what they meant."""
        return still(self.watched)


class Specialiser:
    """The specialisations of one function."""

    def __init__(self, fun: Callable[[], Any], options: Options | None = None) -> None:
        # A reference to the function: whoever keeps specialisers by function must not own it.
        self.fun = fun
        self.options = options or Options()
        self.cache: dict[Any, Compiled] = {}
        # The kinds for which code is being made, by the thread that makes it.
        self._making: set[tuple[int, object]] = set()

    @contextmanager
    def once(self, kinds: Kinds) -> Iterator[None]:
        """Code for these kinds is made, and must not be part of itself."""
        key = threading.get_ident(), kinds
        if key in self._making:
            raise ArgumentError(
                f"{self.fun().__name__} calls its own derivative, and so that of the derivative, "
                "without end"
            )
        self._making.add(key)
        try:
            yield
        finally:
            self._making.discard(key)

    def source(self, kinds: Kinds, program: Program) -> Source:
        """The function's source; of a derivative, the source generated for the given kinds."""
        fun = self.fun()
        if getattr(fun, "module_for", None) is None:
            return source_of(fun)
        module: Compiled = fun.module_for(kinds)
        program.inherited = module.watched
        return source_of(module.function)

    def compiled(self, key: Any, make: Callable[[Program], dict[str, Any]]) -> Compiled:
        """The module for a key, made by ``make`` at the first call and whenever it is stale."""
        found = self.cache.get(key)
        if found is None or not found.is_current():
            foreign = ", ".join(libraries(key[1]))

            def generated() -> tuple[Program, dict[str, Any]]:
                program, extra = made(replace(self.options, foreign=foreign), make)
                if foreign:
                    check_foreign(program)
                return program, extra

            with refusals(self.fun()), uncollected():
                program, extra = generated()
                lines = program.lines()
                text = text_of(lines)
                bindings = program.live_bindings()
                watched = watched_by(program, self.fun(), watched_in(program, bindings))
                function = build(text, extra["entry"], bindings, program.places(lines))
                found = Compiled(text, function, watched, extra, generated)
                del program
            self.cache[key] = found
        return found

    def unread(self) -> tuple[int, ...]:
        """The results that have no derivative: they are what was written beside the result."""
        return ()

    # -- gradients -------------------------------------------------------------------------------

    def reduced(self, kinds: Kinds) -> tuple[int, ...]:
        """The positions of the arguments that the source to differentiate has.

        What a derivative generated for other constants has no parameters for them.
        """
        if getattr(self.fun(), "module_for", None) is None:
            return tuple(range(len(kinds)))
        return tuple(n for n, kind in enumerate(kinds) if not isinstance(kind, Literal))

    def gradient(
        self, kinds: Kinds, wrt: tuple[int, ...], mode: str, value: bool, several: bool
    ) -> Compiled:
        """The module whose entry point computes the gradient."""
        key = ("grad", kinds, wrt, mode, value, several)

        def make(program: Program) -> dict[str, Any]:
            source = self.source(kinds, program)
            kept = self.reduced(kinds)
            own = tuple(kinds[n] for n in kept)
            order = tuple(kept.index(n) for n in wrt)
            active = tuple(n in wrt for n in kept)
            check_scalar(source, program.result_kind(source, own, active))
            if mode == "forward":
                entry = program.forward_gradient(source, own, order, value=value, several=several)
            else:
                entry = program.gradient(
                    source, own, active, value=value, order=order, several=several
                )
            return {
                "entry": entry,
                "written": program.written(source, own),
                "kinds": [kind for kind in own if not isinstance(kind, Literal)],
            }

        return self.compiled(key, make)

    def varied(self, kinds: Kinds) -> tuple[bool, ...]:
        """Which arguments a derivative is with respect to: those that are floating point."""
        active = tuple(is_continuous(kind) for kind in kinds)
        if not any(active):
            raise ArgumentError(
                f"none of the arguments of {self.fun().__name__} is floating point: there is "
                "nothing to differentiate; pass floats (3.0, not 3)"
            )
        return active

    def directional(
        self,
        key: Any,
        kinds: Kinds,
        active: tuple[bool, ...],
        entry: Callable[[Program, Source, Kinds, tuple[bool, ...], Kind], str],
    ) -> Compiled:
        """The module that ``entry`` makes, of the source for the kinds."""

        def make(program: Program) -> dict[str, Any]:
            kept = self.reduced(kinds)
            own, flags = tuple(kinds[n] for n in kept), tuple(active[n] for n in kept)
            source = self.source(kinds, program)
            result = program.call_kind(source, own)
            check_returns(source, result)
            return {"entry": entry(program, source, own, flags, result)}

        return self.compiled(("inside", kinds, key), make)

    # -- jvp and vjp -----------------------------------------------------------------------------

    def run_jvp(
        self, kinds: Kinds, arguments: Sequence[Any], seeds: Sequence[Any]
    ) -> tuple[Any, Any]:
        """The value and its tangent."""
        active = self.varied(kinds)
        rows = zip(kinds, active, seeds, arguments, strict=True)
        for number, (kind, flag, seed, primal) in enumerate(rows):
            check_seed(number, kind, flag, seed, primal)

        def make(program: Program) -> dict[str, Any]:
            kept = self.reduced(kinds)
            own, flags = tuple(kinds[n] for n in kept), tuple(active[n] for n in kept)
            source = self.source(kinds, program)
            check_returns(source, program.call_kind(source, own))
            return {
                "entry": program.tangent(source, own, flags, unread=self.unread()),
                "written": program.written(source, own),
            }

        compiled = self.compiled(("jvp", kinds), make)
        values = [v for v, k in zip(arguments, kinds, strict=True) if not isinstance(k, Literal)]
        tangents = [
            tangent_of(seed, primal, kind)
            for seed, kind, flag, primal in zip(seeds, kinds, active, arguments, strict=True)
            if flag
        ]
        check_overlaps(values, compiled.extra["written"], compiled.arrays)
        if compiled.extra["written"]:
            tangents = list(map(copied, tangents))
        with placed():
            value, tangent = compiled.function(*values, *tangents)
        given = [v for v in [*values, *tangents] if isinstance(v, np.ndarray)]
        return own(value, given), own(tangent, given)

    def run_vjp(
        self, kinds: Kinds, arguments: Sequence[Any], given_count: int
    ) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
        """The value and the pullback, which gives an adjoint for each argument that was given."""
        active = self.varied(kinds)

        def make(program: Program) -> dict[str, Any]:
            source = self.source(kinds, program)
            kept = self.reduced(kinds)
            own, flags = tuple(kinds[n] for n in kept), tuple(active[n] for n in kept)
            check_returns(source, program.call_kind(source, own))
            pair = program.pair(source, own, flags, unread=self.unread())
            return {
                "entry": pair.forward,
                "pair": pair,
                "result": program.call_kind(source, own),
                "written": program.written(source, own),
                "restores": program.restores,
            }

        compiled = self.compiled(("vjp", kinds), make)
        pair = compiled.extra["pair"]
        values = [v for v, k in zip(arguments, kinds, strict=True) if not isinstance(k, Literal)]
        parameters = iter(pair.parameters)
        kept = self.reduced(kinds)
        every = [
            next(parameters) if n in kept and not isinstance(kind, Literal) else ""
            for n, kind in enumerate(kinds)
        ]
        names = [p for p, k in zip(every, kinds, strict=True) if not isinstance(k, Literal)]
        written = compiled.extra["written"]
        check_overlaps(values, written, compiled.arrays)
        # The pullback may be called when the caller has changed an array: it has its own.
        start = [copied(v) for v in values]

        def sweep() -> tuple[Any, Any, list[Any]]:
            """The forward sweep: the value, what was saved, the arguments as it left them."""
            own_values = [copied(v) for v in start] if written else start
            if pair.tape == "stacks":
                stacks: list[Any] = [[] for _ in pair.stacks]
                return compiled.function(*own_values, *stacks), stacks, own_values
            if pair.tape == "tuple":
                return *compiled.function(*own_values), own_values
            return compiled.function(*own_values), None, own_values

        with placed():
            value, tape, left = sweep()
        for position in written:
            # Of an array that is bound to the name of a parameter, nothing has changed.
            if values[position].tobytes() != left[position].tobytes():
                values[position][...] = left[position]
        # A reverse sweep goes back over what was written: the next one needs it once more.
        swept = [(tape, left)]
        reverse = compiled.function.__globals__[pair.reverse]
        result_kind = compiled.extra["result"]

        def pullback(seed: Any) -> tuple[Any, ...]:
            marked = zip(leaves(seed, result_kind, value), pair.seeds, strict=True)
            seeds = [each for each, used in marked if used]
            tape, values = swept[0] if swept else sweep()[1:]
            if compiled.extra["restores"]:
                swept.clear()
            by_name = dict(zip(names, values, strict=True))
            tapes = fresh(tape if pair.tape == "stacks" else [tape]) if pair.tape else []
            shadows = {name: np.zeros_like(by_name[name]) for name in pair.shadowed}
            with placed():
                adjoints = reverse(
                    *(by_name[name] for name in pair.arguments), *tapes, *seeds, *shadows.values()
                )
            returned = [name for name in pair.inputs if name not in shadows]
            if len(returned) == 1:
                adjoints = (adjoints,)
            found = shadows | dict(zip(returned, adjoints or (), strict=True))
            given = [*values, *(s for s in seeds if isinstance(s, np.ndarray)), *arrays_in(tape)]
            return tuple(
                as_kind(own(found[name], given), kind) if name in found else None
                for name, kind in list(zip(every, kinds, strict=True))[:given_count]
            )

        return own(value, arrays_in([*values, *left, tape])), pullback


def watched_by(program: Program, fun: object, modules: Iterable[Watch]) -> tuple[Watch, ...]:
    """What a module depends on: its function, what free names mean, each once."""
    every = [*program.inherited, *program.watched, *inside(fun), *modules]
    for resolver in program.resolvers:
        scope: Any = resolver.scope
        while scope is not None:  # one may be around another
            every += scope.watched() if isinstance(scope, LiftedScope) else []
            scope = getattr(scope, "scope", None)
        for name, value in resolver.captured().items():
            every += watches(resolver.scope, name, value)
        for attribute in resolver.attributes():
            every += watches_attribute(*attribute)
    return tuple({key_of(each): each for each in every}.values())


def watched_in(program: Program, bindings: Mapping[str, object]) -> list[Watch]:
    """The functions of modules that generated code calls by name; refused if they were replaced."""
    found: dict[tuple[int, str], Watch] = {}

    def meaning(node: Node) -> object:
        if is_name(node):
            return bindings.get(node.id)
        module = meaning(node.value) if isinstance(node, gast.Attribute) else None
        if not isinstance(module, types.ModuleType) or node.attr not in vars(module):
            return None
        value = vars(module)[node.attr]
        if not is_original(module, node.attr):
            raise SrcadError(
                f"`{node.attr}` of {module.__name__} is not that of the library any more: it was "
                "replaced, and what it computes now is not known; put the library's own back"
            )
        found[id(module), node.attr] = (vars(module), node.attr, value)
        return value

    for each in program.functions:
        for node in walk(each.tree):
            if isinstance(node, gast.Attribute):
                meaning(node)
    return list(found.values())


def check_foreign(program: Program) -> None:
    """Refuse code that would write into arrays of another library, or into their parts."""
    called = program.shadow_counts()
    for each in program.functions:
        count = called.get(each.name, 0)
        parameters = [argument.id for argument in each.tree.args.args]
        shadows = parameters[len(parameters) - count :]
        for stmt in writes_in_place(each.tree.body, shadows, called):
            raise ArgumentError(
                f"arrays of {program.options.foreign} are not written in place, as "
                f"`{one_line(stmt)}` in {each.name} would be: what is written into a part of one "
                "is not found in the whole; pass NumPy arrays, or write the function without "
                "in-place writes"
            )
        each.tree.body = rebound(each.tree.body)


def check_scalar(source: Source, kind: Kind) -> None:
    """Refuse a gradient of what is not one number."""
    check_returns(source, kind)
    if is_complex(kind) and not isinstance(kind, TupleOf):
        raise ArgumentError(
            f"grad needs a function that returns one real number; what {source.name} returns is "
            "complex; take .real, .imag or abs (vjp and jvp differentiate it)"
        )
    if isinstance(kind, (Array, TupleOf)):
        what = "an array" if isinstance(kind, Array) else "a tuple"
        if isinstance(kind, Array) and not kind.rank:
            return
        raise ArgumentError(
            f"grad needs a function that returns one number; {source.name} returns {what} "
            "(vjp and jvp differentiate it)"
        )


def check_overlaps(
    values: Sequence[Any], written: Sequence[int], captured: Sequence[np.ndarray[Any, Any]]
) -> None:
    """Refuse arguments that share memory where one of them is written.

    ``captured`` are the arrays that the function knows by other names than its parameters.
    """
    arrays = [arrays_in(value) for value in values]
    for position in written:
        for one, two in itertools.product(arrays[position], captured):
            if np.shares_memory(one, two):
                raise ArgumentError(
                    f"the argument {position} is written, and overlaps in memory with an array "
                    "that the function knows by another name: the derivative is that of arrays "
                    "that are apart; pass a copy"
                )
        for other, others in enumerate(arrays):
            for one, two in itertools.product(arrays[position], others):
                if other != position and np.shares_memory(one, two):
                    raise ArgumentError(
                        f"the arguments {position} and {other} overlap in memory, and one of them "
                        "is written: the derivative is that of arguments that are apart; pass a "
                        "copy"
                    )


def check_returns(source: Source, kind: Kind) -> None:
    """Refuse the derivative of what returns nothing, or no numbers."""
    if kind == Literal(None):
        what = "always raises" if always_raises(source.tree.body) else "returns nothing (None)"
        raise ArgumentError(f"{source.name} {what}: it has no derivative")
    for each in leaf_kinds(kind):
        if isinstance(each, (Literal, Other)):
            what = repr(each.value) if isinstance(each, Literal) else "no number"
            raise ArgumentError(f"{source.name} returns {what}: it has no derivative")


def check_seed(number: int, kind: Kind, active: bool, seed: Any, primal: Any) -> None:
    """Refuse a tangent that does not fit its argument."""
    if not active:
        if seed is not None and (not is_numeric(seed) or np.any(np.asarray(seed) != 0)):
            raise ArgumentError(f"argument {number} is not floating point: its tangent must be 0")
        return
    if seed is None:
        return
    if not is_numeric(seed) or np.shape(seed) != np.shape(primal):
        raise ArgumentError(
            f"the tangent of argument {number} must be like its primal, of shape {np.shape(primal)}"
        )
    if np.iscomplexobj(seed) and not is_complex(kind):
        raise ArgumentError(f"argument {number} is real: its tangent must be real")


def is_numeric(value: Any) -> bool:
    """Whether a value is a number or an array of numbers."""
    if library_of(value):
        return value.dtype.kind in "fiub"
    try:
        return np.asarray(value).dtype.kind in "fciub"
    except ValueError:  # a ragged sequence
        return False


def leaves(seed: Any, kind: Kind, value: Any) -> list[Any]:
    """The seeds of a result's elements; each is like the element."""
    if isinstance(kind, TupleOf):
        if not isinstance(seed, (tuple, list)) or len(seed) != len(kind.items):
            raise ArgumentError(f"the pullback takes a tuple of {len(kind.items)} adjoints")
        rows = zip(seed, kind.items, value, strict=True)
        return [leaf for s, k, v in rows for leaf in leaves(s, k, v)]
    if not is_numeric(seed) or np.shape(seed) != np.shape(value):
        raise ArgumentError(
            f"the pullback takes an adjoint like the result, of shape {np.shape(value)}"
        )
    if np.iscomplexobj(seed) and not is_complex(kind):
        raise ArgumentError("the result is real: the pullback takes a real adjoint")
    if isinstance(kind, Array):
        return [converted(seed, kind.dtype if is_floating(kind.dtype) else "f8")]
    if library_of(seed):
        return [seed]
    if kind == COMPLEX:
        return [complex(seed)]
    return [np.asarray(seed, "f8") if np.ndim(seed) else float(seed)]


def tangent_of(seed: Any, primal: Any, kind: Kind) -> Any:
    """An argument's tangent, zero if not given; it lies in memory as the argument does."""
    return laid_out(as_kind(np.zeros(np.shape(primal)) if seed is None else seed, kind), primal)


def as_kind(value: Any, kind: Kind) -> Any:
    """A tangent or an adjoint in its primal's type."""
    if isinstance(kind, Array):
        return converted(value, kind.dtype if is_floating(kind.dtype) else "f8")
    return complex(value) if kind == COMPLEX and not np.iscomplexobj(value) else value


def own(value: Any, others: Sequence[np.ndarray[Any, Any]]) -> Any:
    """A result that the caller may write to: it shares no memory, nor do its elements."""
    if isinstance(value, tuple):
        results: list[Any] = []
        for each in value:
            results.append(own(each, [*others, *arrays_in(results)]))
        return tuple(results)
    if isinstance(value, np.ndarray) and (
        # A stride of 0: NumPy warns where it is asked whether such an array may be written to.
        0 in value.strides
        or not value.flags.writeable
        or any(np.may_share_memory(value, o) for o in others)
    ):
        return value.copy()
    return value


def fresh(tape: Any) -> Any:
    """A tape that may be emptied: the lists in it are copies."""
    if isinstance(tape, tuple):
        return tuple(fresh(each) for each in tape)
    if isinstance(tape, list):
        return [fresh(each) for each in tape]
    return tape


def arrays_in(tape: Any) -> list[Any]:
    """The arrays that a tape holds."""
    if isinstance(tape, np.ndarray):
        return [tape]
    if isinstance(tape, (tuple, list)):
        return [array for each in tape for array in arrays_in(each)]
    return []
