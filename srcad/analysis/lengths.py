"""Names for the lengths that are known only at run time.

A length token that starts with ``"?"`` is told from others by the place where the length comes to
be, and holds for one evaluation of that place: in another trip of a loop, or another call of a
function, it is another length.  ``"?"`` alone is a length that has no name: nothing is known of
it, not even that it equals itself.

>>> from srcad.tree import parse
>>> lengths = Lengths()
>>> place = parse("x[a:b]")
>>> lengths.named(Array(("?", "1"), "f8"), place).axes
('?@1', '1')
>>> derived("?@1", "*2"), derived("x:0", "*2"), derived("?", "*2")
('?@1*2', '?x:0*2', '?')
>>> inside, back = canonical((Array(("x:0", "?@1"), "f8"), Array(("x:0",), "f8")))
>>> [kind.axes for kind in inside], renamed(Array(("#0-1", "?#1", "?@5"), "f8"), back).axes
([('#0', '?#1'), ('#0',)], ('x:0-1', '?@1', '?'))
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from srcad.analysis.kind import Array, Kind, ListOf, Scalar, TupleOf
from srcad.tree import Node

UNNAMED = "?"
# An argument's length is known if it is one of these (see :mod:`srcad.analysis.kind`), so that of
# any other argument two entries less are never just one.
FEWER = 2


def derived(token: str, change: str) -> str:
    """The length that another one determines."""
    return UNNAMED if token == UNNAMED else f"?{token.removeprefix('?')}{change}"


def counted(length: int) -> str:
    """The token of a length that is known."""
    return "1" if length == 1 else f"={length}"


def known_length(token: str) -> int | None:
    """The length that a token stands for, where it is known."""
    return int(token.removeprefix("=")) if token == "1" or token[0] == "=" else None


def longer(token: str, by: int) -> str:
    """The length of an axis with more entries, or with fewer, if it has them.

    >>> longer("=5", -2), longer("1", -3), longer("x:0", 2), longer("?@1", 0)
    ('=3', '=0', '?x:0+2', '?@1')
    >>> longer("x:0", -1), longer("x:0-1", -1), longer("x:0-1", -2), longer("?@1-1", -1)
    ('x:0-1', 'x:0-2', '?x:0-3', '?@1-2')
    """
    known = known_length(token)
    if known is not None:
        return counted(max(0, known + by))
    if by >= 0:
        return derived(token, f"{by:+d}") if by else token
    whole, left_out = _shortened(token)
    if token == UNNAMED or not _is_plain(whole):
        return derived(token, f"{by:+d}")
    left_out -= by
    many = whole[0] != "?" and left_out <= FEWER
    return f"{whole}-{left_out}" if many else derived(whole, f"-{left_out}")


def _shortened(token: str) -> tuple[str, int]:
    """A length and the number of entries that are left out of it."""
    found = re.fullmatch(r"(.*)-(\d+)", token)
    return (found[1], int(found[2])) if found and _is_plain(found[1]) else (token, 0)


def _is_plain(token: str) -> bool:
    """Whether a length is one that an array came with, and not made of others."""
    return not set(token) & set("+-*/()")


def renamed(kind: Kind, rename: Callable[[str], str]) -> Kind:
    """The kind with its lengths' names exchanged."""
    if isinstance(kind, Array):
        return Array(tuple(map(rename, kind.axes)), kind.dtype)
    if isinstance(kind, TupleOf):
        return TupleOf(tuple(renamed(item, rename) for item in kind.items), kind.names)
    if isinstance(kind, ListOf):
        return ListOf(renamed(kind.item, rename))
    return kind


class Lengths:
    """The lengths that come to be in one listing."""

    def __init__(self) -> None:
        # The loops that are being gone through, innermost last.
        self.loops: list[Node] = []
        self._numbers: dict[tuple[int, int], int] = {}
        self._loops_of: dict[int, list[Node]] = {}

    def named(self, kind: Kind, place: Node) -> Kind:
        """The kind with a name for each length that has none: it comes to be at this place."""
        unnamed = 0

        def rename(token: str) -> str:
            nonlocal unnamed
            unnamed += token == UNNAMED
            return self._at(place, unnamed) if token == UNNAMED else token

        return renamed(kind, rename)

    def _at(self, place: Node, position: int) -> str:
        number = self._numbers.setdefault((id(place), position), len(self._numbers) + 1)
        self._loops_of[number] = list(self.loops)
        return f"?@{number}"

    def after_trip(self, kind: Kind, loop: Node) -> Kind:
        """The kind that is carried to a loop's next trip, where its lengths come to be anew."""
        if isinstance(kind, Scalar):
            return kind

        def rename(token: str) -> str:
            numbers = map(int, re.findall(r"@(\d+)", token))
            mine = any(each is loop for n in numbers for each in self._loops_of[n])
            return UNNAMED if mine else token

        return renamed(kind, rename)


def canonical(kinds: Sequence[Kind]) -> tuple[tuple[Kind, ...], Callable[[str], str]]:
    """The kinds of a call's arguments by names of the callee's own, and the way back.

    A length that comes to be in the callee has no name outside.
    """
    names: dict[str, str] = {}

    def rename(token: str) -> str:
        if token in ("1", UNNAMED) or token[0] == "=":
            return token
        whole, left_out = _shortened(token)
        if left_out and token[0] != "?":  # what else is left out of it in the callee must count
            return f"{rename(whole)}-{left_out}"
        unknown = "?" if token[0] == "?" else ""
        return names.setdefault(token, f"{unknown}#{len(names)}")

    inside = tuple(renamed(kind, rename) for kind in kinds)
    outside = {new: old for old, new in names.items()}

    def back(token: str) -> str:
        if token == "1" or token[0] == "=":
            return token
        whole, left_out = _shortened(token)
        if left_out and token[0] != "?" and whole in outside:
            return longer(outside[whole], -left_out)
        return outside.get(token, UNNAMED)

    return inside, back
