"""Forward mode: the tangents of functions, and gradients as a tangent sweep for each entry."""

from __future__ import annotations

from typing import Any

import gast

from srcad.analysis.kind import Kind, Literal
from srcad.analysis.lengths import canonical
from srcad.analysis.operation import parameters_of
from srcad.analysis.overlap import Overlap
from srcad.driver import Driver
from srcad.forward import Forward
from srcad.listing import Listing, with_origin
from srcad.lower.tuples import expression_of
from srcad.pipeline.listings import Listings, chosen
from srcad.pipeline.module import Function, Module, function, last_return
from srcad.read import Source
from srcad.tree import Node, statements_in


class Tangents:
    """The tangents of a module's functions, each made once for each set of kinds."""

    def __init__(self, module: Module, listings: Listings) -> None:
        self.module = module
        self.listings = listings
        self._made: dict[Any, str] = {}

    def tangent(
        self,
        source: Source,
        kinds: tuple[Kind, ...],
        active: tuple[bool, ...],
        overlap: Overlap = (),
        unread: tuple[int, ...] = (),
    ) -> str:
        """The name of the function ``f_jvp(args, tangents) -> value, tangent``.

        ``overlap`` are the parameters that may be parts of one array, ``unread`` the results whose
        tangents nothing reads.
        """
        kinds, _ = canonical(kinds)
        key = ("jvp", source, kinds, active, overlap, unread)
        if key not in self._made:
            self._made[key] = self.module.function_name(source, "jvp")
            listing = self.listings.lowered(source, kinds, active, overlap)
            self._tangent(self._made[key], listing, chosen(listing, source, active), unread)
        return self._made[key]

    def _tangent(
        self, name: str, listing: Listing, inputs: list[str], unread: tuple[int, ...]
    ) -> None:
        modules = self.module.modules_for(listing)
        forward = Forward(listing, inputs, modules, self.tangent, unread)
        body = forward.run()
        dots = iter(forward.tangents())
        if not isinstance(listing.result_kind, Literal):
            value = expression_of(listing.structure)
            tangent = _with_leaves(listing.structure, dots)
            returned = gast.Return(gast.Tuple([value, tangent], gast.Load()))
            body.append(with_origin(returned, last_return(body)))
        parameters = listing.parameters + [listing.names.dot(each) for each in inputs]
        self.module.finish(name, parameters, body, listing, inputs=inputs)

    def gradient(
        self,
        source: Source,
        kinds: tuple[Kind, ...],
        wrt: tuple[int, ...],
        *,
        value: bool,
        several: bool,
        first: bool = False,
    ) -> str:
        """The name of ``f_grad(args)`` in forward mode: a tangent sweep for each entry."""
        parameters = parameters_of(source)
        active = tuple(n in wrt for n in range(len(kinds)))
        listing = self.listings.lowered(source, kinds, active)
        self.listings.keep(listing, source, canonical(kinds)[0], active)
        others = range(1, len(listing.results)) if first else ()
        jvp = self.tangent(source, kinds, active, unread=tuple(others))
        name = self.module.function_name(source, "grad")
        given = [p for p, k in zip(parameters, kinds, strict=True) if not isinstance(k, Literal)]
        written = self.listings.written_parameters(source, kinds)
        driver = Driver(
            jvp,
            given,
            [parameters[n] for n in wrt],
            [kinds[n] for n in wrt],
            sorted(wrt),
            parameters,
            self.module.plain_alias,
            written=[p for n, p in enumerate(parameters) if n in written],
            rebound=rebound_parameters(listing),
            ascii=self.module.options.ascii,
            others=len(others),
        )
        body = driver.body(value=value, several=several)
        tree = function(name, given, body)
        self.module.functions.append(Function(name, tree, {}))
        self.module.sign(source, kinds)
        return name


def rebound_parameters(listing: Listing) -> set[str]:
    """The parameters whose names become other arrays' on the way."""
    binding = [s for s in statements_in(listing.body) if not getattr(s, "permutes", False)]
    bound = {name for stmt in binding for name in listing.memory.binds(stmt)}
    return bound & set(listing.parameters)


def _with_leaves(structure: Any, leaves: Any) -> Node:
    """A structure with each name exchanged for the next leaf."""
    if isinstance(structure, str):
        return next(leaves)
    return gast.Tuple([_with_leaves(each, leaves) for each in structure], gast.Load())
