"""Arrays made of arrays that are joined: the adjoint of a part is the same part of ``ȳ``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from srcad.analysis.kind import UNKNOWN, Array, Kind, Scalar, broadcast, promote
from srcad.analysis.lengths import UNNAMED, counted, derived, known_length
from srcad.rules.axes import dtype_of, first, normal_axis, wanted_dtype
from srcad.rules.signature import Refused
from srcad.rules.sizes import axes_of, product
from srcad.rules.table import Use, structured

# -- arrays of numbers, and of arrays of one shape -------------------------------------------------


def _array_kind(use: Use) -> Kind:
    parts = broadcast(*use.kinds)
    if not isinstance(parts, (Scalar, Array)):
        return UNKNOWN
    dtype = wanted_dtype(use, dtype_of(parts))
    return Array((counted(len(use.kinds)), *axes_of(parts)), dtype)


structured(
    "np.array np.asarray np.asanyarray np.ascontiguousarray np.asfortranarray",
    "[x] dtype=None copy! order! subok! ndmin! like!",
    jointly=True,
    takes_lists=True,
    kind=_array_kind,
    adjoint=lambda use, n: f"ȳ[{n}]",
)


def _same_entries(use: Use) -> Kind:
    kind = first(use)
    if not isinstance(kind, (Scalar, Array)):
        return kind
    return Array(axes_of(kind), wanted_dtype(use, dtype_of(kind)))


def _copied(use: Use) -> Kind:
    if not use.value("copy"):
        raise Refused("`copy=False`", "what it shares is not known before running", "`np.asarray`")
    return _same_entries(use)


structured(
    "np.array",
    "x/object dtype=None * copy=True order=None subok! ndmin! like!",
    variant="of an array",
    takes_unknown=True,
    takes_lists=True,
    kind=_copied,
    adjoint=lambda use, _: "ȳ",
)
structured(
    "np.copy",
    "x/a order=None subok!",
    methods="copy",
    takes_unknown=True,
    takes_lists=True,
    kind=first,
    adjoint=lambda use, _: "ȳ",
)
structured(
    "np.asarray np.asanyarray np.ascontiguousarray np.asfortranarray",
    "x/a dtype=None order=None copy! like!",
    shares="maybe",
    takes_unknown=True,
    takes_lists=True,
    kind=_same_entries,
    adjoint=lambda use, _: "ȳ",
)


def _stack_kind(use: Use) -> Kind:
    shapes = [axes_of(kind) for kind in use.kinds]
    axes = list(_common(shapes, "stack"))
    axes.insert(normal_axis(use.value("axis"), len(axes) + 1), counted(len(shapes)))
    return Array(tuple(axes), _joined_dtype(use))


def _stack_adjoint(use: Use, operand: int) -> str:
    axis = normal_axis(use.value("axis"), len(axes_of(use.kinds[0])) + 1)
    return f"ȳ[{':, ' * axis}{operand}]"


structured(
    "np.stack",
    "[x] axis=0 out! * dtype! casting!",
    jointly=True,
    kind=_stack_kind,
    adjoint=_stack_adjoint,
)


def _common(shapes: Sequence[tuple[str, ...]], name: str) -> tuple[str, ...]:
    """The one shape of several arrays, by the best of their tokens."""
    if len({len(shape) for shape in shapes}) > 1:
        raise Refused(f"`{name}`", "its arrays have different numbers of axes", "the same for all")
    return tuple(
        min(tokens, key=lambda t: (t[0] == "?", t)) for tokens in zip(*shapes, strict=True)
    )


def _joined_dtype(use: Use) -> str:
    dtype = dtype_of(use.kinds[0])
    for kind in use.kinds[1:]:
        dtype = promote(dtype, dtype_of(kind))
    return dtype


# -- one array after the other ---------------------------------------------------------------------

Places = list[tuple[str, int | None]]
"""The axes in which an operand is joined: the token, and the operand's own axis if it is one."""


@dataclass(frozen=True)
class Joined:
    """One use of a joining function: the axis of the result, and where each operand's axes go."""

    axis: int
    places: list[Places]
    flat: bool = False


Joining = Callable[[Use], Joined]


def _own(axes: Sequence[str]) -> Places:
    return [(token, n) for n, token in enumerate(axes)]


def _one(count: int) -> Places:
    return [("1", None)] * count


def _concatenate(use: Use) -> Joined:
    shapes = [axes_of(kind) for kind in use.kinds]
    if use.value("axis") is None:
        return Joined(0, [[(product(axes), None)] for axes in shapes], flat=True)
    rank = max(map(len, shapes))
    return Joined(normal_axis(use.value("axis"), rank), [_own(axes) for axes in shapes])


def _vstack(use: Use) -> Joined:
    shapes = [axes_of(kind) for kind in use.kinds]
    return Joined(0, [_one(2 - len(axes)) + _own(axes) for axes in shapes])


def _hstack(use: Use) -> Joined:
    places = [_one(1 - len(axes_of(kind))) + _own(axes_of(kind)) for kind in use.kinds]
    return Joined(0 if len(places[0]) == 1 else 1, places)


def _dstack(use: Use) -> Joined:
    places = []
    for kind in use.kinds:
        own = _own(axes_of(kind))
        padded = own if len(own) > 1 else _one(2 - len(own)) + own
        places.append(padded + _one(3 - len(padded)))
    return Joined(2, places)


def _column_stack(use: Use) -> Joined:
    shapes = [axes_of(kind) for kind in use.kinds]
    return Joined(1, [_own(axes) + _one(2 - len(axes)) for axes in shapes])


def _block(use: Use) -> Joined:
    shapes = [axes_of(kind) for kind in use.kinds]
    rank = max(1, *map(len, shapes))
    return Joined(rank - 1, [_one(rank - len(axes)) + _own(axes) for axes in shapes])


def _kind_of(joining: Joining, name: str) -> Callable[[Use], Kind]:
    def kind(use: Use) -> Kind:
        joined = joining(use)
        shapes = [tuple(token for token, _ in places) for places in joined.places]
        axes = list(_common(shapes, name))
        if not axes:
            raise Refused(f"`{name}`", "a number has no axis to join along", "`np.array`")
        axes[joined.axis] = _total([shape[joined.axis] for shape in shapes])
        return Array(tuple(axes), _joined_dtype(use))

    return kind


def _total(tokens: list[str]) -> str:
    """The sum of lengths."""
    known = [each for each in map(known_length, tokens) if each is not None]
    others = [token for token in tokens if known_length(token) is None]
    if not others:
        return counted(sum(known))
    if UNNAMED in others:
        return UNNAMED
    constants = [str(sum(known))] if sum(known) else []
    rest = [token.removeprefix("?") for token in others[1:]] + constants
    return derived(others[0], "".join(f"+{each}" for each in rest)) if rest else others[0]


def _adjoint_of(joining: Joining) -> Callable[[Use, int], str]:
    def adjoint(use: Use, operand: int) -> str:
        joined = joining(use)
        lengths = [_length(use, n, joined) for n in range(len(use.kinds))]
        start = _sum(lengths[:operand])
        stop = _sum(lengths[: operand + 1]) if operand < len(lengths) - 1 else ""
        part = f"{start if start != '0' else ''}:{stop}"
        if joined.flat:
            return _unflattened(use, operand, f"ȳ[{part}]", start)
        index = [
            (start if own is None else part) if n == joined.axis else "0" if own is None else ":"
            for n, (_, own) in enumerate(joined.places[operand])
        ]
        while len(index) > 1 and index[-1] == ":":
            index.pop()
        return f"ȳ[{', '.join(index)}]"

    return adjoint


def _unflattened(use: Use, operand: int, part: str, start: str) -> str:
    rank = len(axes_of(use.kinds[operand]))
    if rank == 0:
        return f"ȳ[{start}]"
    return part if rank == 1 else f"{part}.reshape(like_{use.names[operand]}.shape)"


def _length(use: Use, operand: int, joined: Joined) -> int | str:
    """How far an operand reaches along the axis: a number, or a formula."""
    token, own = joined.places[operand][joined.axis]
    like = f"like_{use.names[operand]}"
    known = known_length(token)
    if known is not None:
        return known
    if joined.flat:
        return f"{like}.size" if len(axes_of(use.kinds[operand])) > 1 else f"len({like})"
    return f"{like}.shape[{own}]" if own else f"len({like})"


def _sum(lengths: Sequence[int | str]) -> str:
    known = sum(each for each in lengths if isinstance(each, int))
    terms = [each for each in lengths if isinstance(each, str)]
    if known or not terms:
        terms.append(str(known))
    return " + ".join(terms)


for _names, _signature, _joining in (
    ("np.concatenate", "[x] axis=0 out! * dtype! casting!", _concatenate),
    ("np.vstack np.row_stack", "[x] * dtype! casting!", _vstack),
    ("np.hstack", "[x] * dtype! casting!", _hstack),
    ("np.dstack", "[x]", _dstack),
    ("np.column_stack", "[x]", _column_stack),
    ("np.block", "[x]", _block),
    ("np.append", "x/arr v/values axis=None", _concatenate),
):
    structured(
        _names,
        _signature,
        jointly=True,
        takes_lists=_names != "np.block",  # where a list is a row
        kind=_kind_of(_joining, _names.split()[0].removeprefix("np.")),
        adjoint=_adjoint_of(_joining),
    )
