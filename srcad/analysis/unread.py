"""Which variables are not read at all on some path: their adjoints are zero there.

>>> import gast
>>> body = gast.parse('''
... r = f(x)
... q = g(x)
... v = 2 * r
... if x > 1:
...     y = v + q
... else:
...     y = x - q
... ''').body
>>> sorted(unread(body, {"y"}, lambda stmt: {n.id for n in gast.walk(stmt.value)
...                                        if isinstance(n, gast.Name)}))
['r', 'v']

A loop is taken to run once at least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import gast

from srcad.tree import Node, is_name, target_names

# The branches that a statement is in: of each the number of the `if`, and the side.
Chain = tuple[tuple[int, int], ...]


def unread(
    body: list[Node], results: Iterable[str], reads: Callable[[Node], Iterable[str]]
) -> set[str]:
    """The variables that nothing which matters reads on some path; ``results`` are read at the end.

    ``reads`` gives the variables that a statement takes a derivative from.
    """
    if not any(isinstance(stmt, gast.If) for stmt, _ in _placed(body, ())):
        return set()
    writers: dict[str, list[Chain]] = {}
    readers: dict[str, list[tuple[Chain, str]]] = {}
    for stmt, chain in _placed(body, ()):
        if isinstance(stmt, gast.Assign) and all(is_name(each) for each in stmt.targets):
            (target,) = stmt.targets if len(stmt.targets) == 1 else [None]
            for name in target_names(*stmt.targets):
                writers.setdefault(name, []).append(chain)
            into = target.id if target is not None else ""
        else:
            into = ""
        if getattr(stmt, "value", None) is not None:
            for name in reads(stmt):
                readers.setdefault(name, []).append((chain, into))
    matters = set(results) | {""}
    pending = True
    while pending:
        found = {
            name
            for name, places in readers.items()
            if name not in matters and _is_read(writers.get(name, []), places, matters)
        }
        matters |= found
        pending = bool(found)
    return {name for name in readers if name not in matters and name in writers}


def _placed(body: list[Node], chain: Chain) -> Iterator[tuple[Node, Chain]]:
    """All statements, each with the branches that it is in."""
    for stmt in body:
        yield stmt, chain
        for side, block in enumerate((getattr(stmt, "body", None), getattr(stmt, "orelse", None))):
            if isinstance(block, list):
                branch = ((id(stmt), side),) if isinstance(stmt, gast.If) else ()
                yield from _placed(block, chain + branch)


def _is_read(writers: list[Chain], places: list[tuple[Chain, str]], matters: set[str]) -> bool:
    """Whether what is written is read on every path, by something that matters."""
    chains = [chain for chain, into in places if into in matters]
    if len(writers) != 1:
        return bool(chains)
    (own,) = writers
    if any(chain[: len(own)] != own for chain in chains):
        return True
    return _covers([chain[len(own) :] for chain in chains])


def _covers(chains: list[Chain]) -> bool:
    """Whether one of the chains of branches is taken on every path."""
    if () in chains:
        return True
    sides = {
        number: [[c[1:] for c in chains if c[0] == (number, side)] for side in (0, 1)]
        for number in {chain[0][0] for chain in chains}
    }
    return any(all(map(_covers, both)) for both in sides.values())
