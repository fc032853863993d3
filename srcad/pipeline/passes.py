"""The passes that make a derivative readable, in order.

Of a function that holds both sweeps, of one in forward mode, and of a pair of sweeps that are
functions of their own: the passes are the same, each explained where it is defined.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import gast

from srcad.analysis.kind import Array, ListOf, Unknown
from srcad.listing import Listing
from srcad.names import Names
from srcad.pipeline.options import Options
from srcad.simplify.aliases import Aliases
from srcad.simplify.constants import propagate
from srcad.simplify.dead import live_code, popped_only
from srcad.simplify.ended import returned_as_they_are
from srcad.simplify.fewer_arrays import with_fewer_arrays
from srcad.simplify.first import set_first
from srcad.simplify.floats import Called, Floats
from srcad.simplify.fold import Fold
from srcad.simplify.freed import freed
from srcad.simplify.guards import early_ends, short_returns
from srcad.simplify.lists import as_lists, uses_single_precision
from srcad.simplify.number import numbered
from srcad.simplify.ones import with_ones
from srcad.simplify.quoted import quoted_once
from srcad.simplify.rename import renumbered
from srcad.simplify.results import own_results
from srcad.simplify.shapes import shapes_saved
from srcad.simplify.turn import turned
from srcad.simplify.versions import one_name
from srcad.tree import Comment, Node


def simplified(
    ahead: list[Node],
    behind: list[Node] | None,
    parameters: list[str],
    listing: Listing,
    options: Options,
    inputs: Sequence[str],
    called: Called,
    numpy: Callable[[], str],
) -> tuple[list[Node], list[str]]:
    """A derivative function's body after all simplifications; ``behind`` is its reverse sweep.

    ``numpy`` gives the name of that module.
    """
    marks = [gast.Pass()] if behind is not None else []
    body = [*ahead, *marks, *(behind or [])]
    always = options.names == "w"
    held = held_by_caller(listing)
    held |= {listing.names.dot(name) for name in held}
    names = listing.names
    if options.optimize or always:
        tapes = popped_only(body, names.tapes)
        body = live_code(body, held, Aliases(body, names.overlapping()), tapes)
        body, _ = one_name(body, names)
        aliases = Aliases(body, names.overlapping())
        body = propagate(body, names, parameters, aliases, always=always)
        body = live_code(body, held, aliases)
    if marks and options.optimize and not always:
        body = returned_as_they_are(body, names, parameters)
    kinds = dict(listing.kinds_of_parameters)
    kinds |= {marked: kinds[each] for each in inputs for marked in names.marked(each)}
    plain = always or not options.optimize or uses_single_precision(listing) or options.foreign
    with_lists, lists = (body, set[str]()) if plain else as_lists(body, kinds, names)
    before, after = folded(with_lists, names, options, split=bool(marks))
    if lists:
        floats = Floats([*before, *after], lists)
        arrays = {n for n, kind in listing.kinds.items() if isinstance(kind, (Array, Unknown))}
        if not floats.behave_alike(names.tapes.keys() | names.derivatives, arrays, called):
            before, after = folded(body, names, options, split=bool(marks))
    if not always and options.optimize:
        after = set_first(after, names.derivatives)
    if not plain:
        before, after = shapes_saved(before, after, _doubles(listing), names, numpy)
    if before:
        before = [Comment("forward sweep"), *before, Comment("reverse sweep")]
    body = quoted_once(before + after)
    if always:
        return numbered(own_results(body, parameters), parameters, listing, list(inputs))
    body = own_results(body, parameters)
    if options.optimize:
        body = with_ones(body, names.derivatives)
    if marks and options.optimize and not options.foreign:
        body = with_fewer_arrays(body, names, listing.kinds, parameters, numpy)
    if marks and options.optimize:
        body = freed(body, parameters, arrays_of(listing))
    return renumbered(body, parameters, listing)


def _doubles(listing: Listing) -> set[str]:
    """The names of arrays of double precision."""
    kinds = listing.kinds.items()
    return {name for name, kind in kinds if isinstance(kind, Array) and kind.dtype == "f8"}


def arrays_of(listing: Listing) -> set[str]:
    """The names that are known to be those of arrays, or of their derivatives."""
    names = {name for name, kind in listing.kinds.items() if isinstance(kind, Array)}
    return names.union(*map(listing.names.marked, names))


def folded(
    body: list[Node], names: Names, options: Options, *, split: bool
) -> tuple[list[Node], list[Node]]:
    """The two sweeps with their lines folded; only the second, of a body that is not ``split``."""
    always = options.names == "w"
    body = early_ends(body)
    place = next((n for n, each in enumerate(body) if isinstance(each, gast.Pass)), 0)
    before, after = (body[:place], body[place + 1 :]) if split else ([], body)
    if options.optimize and not always:
        before, after = turned(before, after, names)
    if options.optimize or always:
        fold = Fold(names, body, set(), always=always)
        after = short_returns(fold.block(after), names.temporaries)
        before = fold.block(before)
    return before, after


def simplified_pair(
    ahead: list[Node],
    behind: list[Node],
    arguments: list[str],
    parameters: list[str],
    listing: Listing,
    options: Options,
    held: set[str],
    seeds: list[str],
    aliases: Aliases,
    numpy: Callable[[], str],
) -> tuple[list[list[Node]], list[list[str]]]:
    """The bodies and the parameters of two sweeps, functions of their own, after the same passes.

    ``held`` is what the caller sees of what they write; ``numpy`` gives the name of that module.
    """
    bodies = [ahead, behind]
    if options.optimize:
        names = listing.names
        bodies = [live_code(each, held, aliases) for each in bodies]
        whole, again = one_name([*bodies[0], gast.Pass(), *bodies[1]], names, seeds)
        bodies, parameters = _split(whole), [again.get(each, each) for each in parameters]
        aliases = Aliases([*bodies[0], *bodies[1]], names.overlapping())
        own = arguments + parameters
        bodies = [propagate(each, names, own, aliases) for each in bodies]
        bodies = [live_code(each, held, aliases) for each in bodies]
        bodies = [early_ends(each) for each in bodies]
        fold = Fold(listing.names, [*bodies[0], *bodies[1]], set())
        bodies = [fold.block(each) for each in bodies[::-1]][::-1]
        bodies = [short_returns(each, listing.names.temporaries) for each in bodies]
        if not options.foreign:
            bodies[1] = with_fewer_arrays(bodies[1], names, listing.kinds, own, numpy)
        arrays = arrays_of(listing)
        bodies = [freed(each, own, arrays) for each in bodies]
        bodies = [with_ones(each, names.derivatives) for each in bodies]
    else:
        bodies = [early_ends(each) for each in bodies]
    together, both = renumbered(
        [*bodies[0], gast.Pass(), *bodies[1]], arguments + parameters, listing
    )
    together = quoted_once(own_results(together, both))
    return _split(together), [both[: len(arguments)], both[len(arguments) :]]


def _split(body: list[Node]) -> list[list[Node]]:
    """The two sweeps of a body, with a mark between them."""
    mark = next(n for n, each in enumerate(body) if isinstance(each, gast.Pass))
    return [body[:mark], body[mark + 1 :]]


def held_by_caller(listing: Listing) -> set[str]:
    """The parameters whose memory the function writes, for its caller to see."""
    kinds = listing.kinds_of_parameters
    return {
        name
        for name in listing.parameters
        if isinstance(kinds[name], ListOf) or listing.memory.is_written(name)
    }
