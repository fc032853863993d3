"""The units of one generated module, and what is asked of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from srcad.analysis.kind import Kind
from srcad.dispatch import Watch
from srcad.errors import UnsupportedError
from srcad.pipeline.gradients import Gradients
from srcad.pipeline.listings import Listings
from srcad.pipeline.module import Module
from srcad.pipeline.options import Options
from srcad.pipeline.pairs import Pairs
from srcad.pipeline.tangents import Tangents
from srcad.read import Source
from srcad.standalone import standalone

T = TypeVar("T")


class Program:
    """One generated module.  Functions are made on demand, each once for each set of kinds.

    Calls of the functions that are ``written_out`` are none: their statements stand there.
    """

    def __init__(self, options: Options, written_out: frozenset[Source] = frozenset()) -> None:
        module = Module(options)
        listings = Listings(module, written_out)
        tangents = Tangents(module, listings)
        pairs = Pairs(module, listings)
        gradients = Gradients(module, listings, pairs)
        # What the free names meant of the module that the function to differentiate is part of, if
        # that is generated.
        self.inherited: tuple[Watch, ...] = ()
        # Each question is answered by the unit whose it is: first what is known of functions,
        self.resolvers = listings.resolvers
        self.watched = listings.watched
        self.lowered = listings.lowered
        self.call_kind = listings.call_kind
        self.result_kind = listings.result_kind
        self.written = listings.written
        # then what makes functions, and gives their names,
        self.tangent = tangents.tangent
        self.forward_gradient = tangents.gradient
        self.gradient = gradients.gradient
        self.pair = pairs.pair
        self.pairs = pairs
        # and the module that they are in.
        self.module = module
        self.options = options
        self.functions = module.functions
        self.globals = module.globals
        self.generated = module.generated
        self.lines = module.lines
        self.text = module.text
        self.places = module.places
        self.live_bindings = module.live_bindings

    @property
    def stages(self) -> dict[str, str]:
        """The text after each pass, by its name."""
        return self.module.stages

    @property
    def restores(self) -> bool:
        """Whether a reverse sweep goes back over arrays that the forward sweep has written."""
        return self.pairs.restores

    def shadow_counts(self) -> dict[str, int]:
        """How many of the last arguments of each reverse sweep are adjoints that it adds to."""
        return self.pairs.shadow_counts()

    def standalone(self, entry: str, kinds: Sequence[Kind]) -> str:
        """The module with its imports, helpers and constants: it needs only numpy and math."""
        return standalone(self, entry, kinds)


def made(options: Options, make: Callable[[Program], T]) -> tuple[Program, T]:
    """A module, and what is made in it.

    Where a reverse sweep of its own cannot follow the arrays of a called function, its calls are
    written out; what is refused then, too, is refused for the first reason.
    """
    first: UnsupportedError | None = None
    written_out: frozenset[Source] = frozenset()
    while True:
        program = Program(options, written_out)
        try:
            return program, make(program)
        except UnsupportedError as refusal:
            first = first or refusal
            more = refusal.callees - written_out
            if not more:
                raise first from None
            written_out |= more
