"""Arrays that are read in parts which leave nothing out: ``y[:, :2]`` and ``y[:, 2:]``.

>>> from srcad.tree import parse
>>> def shown(*texts):
...     return covers([parse(text).slice for text in texts])
>>> shown("y[:, 2:]", "y[:, :2]"), shown("y[:n]", "y[n:2 * n]", "y[2 * n:]")
(True, True)
>>> shown("y[:2]", "y[3:]"), shown("y[:2, 1:]", "y[2:, 1:]"), shown("y[::2]", "y[1::2]")
(False, False, False)
"""

from __future__ import annotations

from collections.abc import Sequence

import gast

from srcad.tree import Node, is_number, key_of, number_of

Bound = object


def covers(indices: Sequence[Node]) -> bool:
    """Whether slices along one axis, of all of the others, are together the whole array."""
    ways: dict[int, dict[Bound, set[Bound]]] = {}
    for index in indices:
        parts = index.elts if isinstance(index, gast.Tuple) else [index]
        cut = [place for place, part in enumerate(parts) if not _is_whole(part)]
        if not cut:
            return True
        if len(cut) == 1 and _is_range(parts[cut[0]]) and not any(map(_is_ellipsis, parts)):
            part = parts[cut[0]]
            steps = ways.setdefault(cut[0], {})
            lower = None if _is_zero(part.lower) else part.lower
            steps.setdefault(_bound(lower), set()).add(_bound(part.upper))
    return any(_leads_through(steps) for steps in ways.values())


def _leads_through(steps: dict[Bound, set[Bound]]) -> bool:
    """Whether ranges follow one another from the first item to the last.

    Where bounds are out of order, ``y[:a]``, ``y[a:b]``, ``y[b:]`` with b < a, they overlap.
    """
    reached: set[Bound] = set()
    pending: list[Bound] = [None]
    while pending:
        for end in steps.get(pending.pop(), set()) - reached:
            if end is None:
                return True
            reached.add(end)
            pending.append(end)
    return False


def _bound(node: Node | None) -> Bound:
    """What tells a bound from others; None for that of a slice without one."""
    return None if node is None else key_of(node)


def _is_zero(node: Node | None) -> bool:
    return node is not None and is_number(node) and number_of(node) == 0


def _is_range(part: Node) -> bool:
    return isinstance(part, gast.Slice) and part.step is None


def _is_whole(part: Node) -> bool:
    return _is_ellipsis(part) or (_is_range(part) and part.lower is None and part.upper is None)


def _is_ellipsis(part: Node) -> bool:
    return isinstance(part, gast.Constant) and part.value is Ellipsis
