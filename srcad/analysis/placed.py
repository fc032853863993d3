"""Values that are put into places of an array: what kind the places are of, and what is refused.

NumPy takes the values in turn, and again from the first where there are too few.

>>> y, many = Array(("y:0", "=3"), "f8"), Array(("?",), "f8")
>>> places(FLAT, y, INT), places(DIAGONAL, y, OTHER)
(Scalar(name='float'), Array(axes=('?',), dtype='f8'))
>>> why_not(MASK, y, None, many), is_counted(many), is_counted(y)
('the array, or what says where, has not the axes that it takes', True, False)
"""

from __future__ import annotations

from srcad.analysis.kind import BOOL, INT, OTHER, Array, Kind, ListOf, Scalar, is_complex, scalar

FLAT, DIAGONAL, MASK, PLACE, ALONG, AT = "flat", "diagonal", "mask", "place", "along", "at"
NAMES = {
    FLAT: "writing at a place that is counted through all axes",
    DIAGONAL: "this `np.fill_diagonal`",
    MASK: "this `np.putmask`",
    PLACE: "this `np.place`",
    ALONG: "this `np.put_along_axis`",
    AT: "this `.at(...)`",
}


def places(manner: str, base: Array, index: Kind) -> Kind | None:
    """The kind of the places that are written; None if they are no such as NumPy takes."""
    if manner == DIAGONAL:
        rows, columns = base.axes if base.rank == 2 else ("", "")
        token = rows if rows == columns else "?"
        return Array((token,), base.dtype) if base.rank == 2 else None
    if manner in (MASK, PLACE):
        fits = isinstance(index, Array) and index.dtype == "b1" and index.rank == base.rank
        return (base if manner == MASK else Array(("?",), base.dtype)) if fits else None
    if manner == ALONG:
        fits = isinstance(index, Array) and index.dtype[0] in "iu" and index.rank == base.rank
        return Array(("?",) * base.rank, base.dtype) if fits else None
    if manner == AT:
        return _rows(base, index)
    if index == INT:
        return scalar(base.dtype)
    if index == ListOf(INT):
        return Array(("?",), base.dtype)
    if isinstance(index, Array) and index.rank == 1 and index.dtype[0] in "iu":
        return Array(index.axes, base.dtype)
    return Array(("?",), base.dtype) if index == OTHER else None  # a slice


def _rows(base: Array, index: Kind) -> Kind | None:
    """The entries, or rows, that an int or a list of ints takes of the first axis."""
    several: tuple[str, ...] = ()
    if index == ListOf(INT):
        several = ("?",)
    elif isinstance(index, Array) and index.rank == 1 and index.dtype[0] in "iu":
        several = index.axes
    elif index != INT:
        return None
    axes = (*several, *base.axes[1:])
    return Array(axes, base.dtype) if axes else scalar(base.dtype)


def why_not(manner: str, base: Array, place: Kind | None, value: Kind) -> str:
    """Why the values cannot be put there; "" if they can."""
    if place is None:
        return "the array, or what says where, has not the axes that it takes"
    if base.dtype[0] in "iub" and not _is_whole(value):
        return "the array is one of ints, and the values are not"
    if is_complex(value) and not is_complex(base):
        return "the array is real, and the values are not"
    if isinstance(value, Scalar):
        return ""
    if not isinstance(value, Array) or not value.rank:
        return "the values are no number and no array"
    if isinstance(place, Scalar):
        return "one place gets several values"
    if manner == AT:
        alike = isinstance(place, Array) and value.rank == place.rank and value.axes[0] != "1"
        return "" if alike else "the values are not one for each place"
    if manner == ALONG:
        return "" if value.rank <= base.rank else "the values have more axes than the array"
    return "there are no values" if "=0" in value.axes else ""


def is_turned(place: Kind, value: Kind) -> bool:
    """Whether there may be fewer values, or more, than places."""
    if not isinstance(place, Array) or not isinstance(value, Array):
        return True
    return place.axes != value.axes or "?" in value.axes


def is_counted(value: Kind) -> bool:
    """Whether only running tells if there are any values."""
    return isinstance(value, Array) and any(token[0] == "?" for token in value.axes)


def _is_whole(value: Kind) -> bool:
    return value in (INT, BOOL) or (isinstance(value, Array) and value.dtype[0] in "iub")
