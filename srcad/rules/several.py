"""Operations with several results: arrays taken apart, and arrays brought to one shape."""

from __future__ import annotations

from collections.abc import Callable

from srcad.analysis.kind import Array, Kind, Scalar, TupleOf, broadcast, same_length
from srcad.analysis.lengths import counted, derived, known_length
from srcad.rules.axes import dtype_of, normal_axis, rank_of
from srcad.rules.signature import Refused
from srcad.rules.sizes import axes_of, written
from srcad.rules.table import Use, structured

AxisOf = Callable[[Use], int]

# -- taken apart -----------------------------------------------------------------------------------


def _parts(use: Use) -> int:
    """Into how many parts an array is split."""
    sections = use.options["sections"]
    value = use.values["sections"]
    if isinstance(value, int) and value > 0:
        return value
    places = written(use, "sections") if hasattr(sections, "elts") else None
    if not isinstance(places, list) or not all(isinstance(each, str) for each in places):
        raise Refused(
            "a split", "how many parts there are is not known before running", "a literal number"
        )
    return len(places) + 1


def _split_kind(axis_of: AxisOf, *, equal: bool) -> Callable[[Use], Kind]:
    def kind(use: Use) -> Kind:
        axes = list(axes_of(use.kinds[0]))
        axis, count = axis_of(use), _parts(use)
        whole = equal and isinstance(use.values["sections"], int)
        known = known_length(axes[axis])
        part = derived(axes[axis], f"/{count}") if known is None else counted(known // count)
        axes[axis] = part if whole else "?"
        return TupleOf((Array(tuple(axes), dtype_of(use.kinds[0])),) * count)

    return kind


def _split_adjoint(axis_of: AxisOf) -> Callable[[Use, int], str]:
    def adjoint(use: Use, _: int) -> str:
        assert isinstance(use.result, TupleOf)
        names = [f"y{n}" for n in range(len(use.result.items))]
        parts = [f"ȳ{y[1:]}" if y in use.wanted else f"np.zeros_like({y})" for y in names]
        axis = axis_of(use)
        along = f", axis={axis}" if axis else ""
        return f"np.concatenate(({', '.join(parts)},){along})"

    return adjoint


def _given_axis(use: Use) -> int:
    return normal_axis(use.value("axis"), rank_of(use.kinds[0]))


def _own_axis(axis: int, least: int) -> AxisOf:
    def axis_of(use: Use) -> int:
        rank = rank_of(use.kinds[0])
        if rank < least:
            raise Refused("a split", f"the array has {rank} axes", f"one with {least}")
        return min(axis, rank - 1)

    return axis_of


for _name, _axis_of, _equal, _signature in (
    ("np.split", _given_axis, True, "axis=0"),
    ("np.array_split", _given_axis, False, "axis=0"),
    ("np.hsplit", _own_axis(1, 1), True, ""),
    ("np.vsplit", _own_axis(0, 2), True, ""),
    ("np.dsplit", _own_axis(2, 3), True, ""),
):
    structured(
        _name,
        f"x/ary sections/indices_or_sections= {_signature}",
        shares="view",
        results="*y",
        kind=_split_kind(_axis_of, equal=_equal),
        adjoint=_split_adjoint(_axis_of),
    )

# -- brought to one shape --------------------------------------------------------------------------


def _broadcast_kind(use: Use) -> Kind:
    whole = broadcast(*use.kinds)
    if not isinstance(whole, (Array, Scalar)):
        return whole
    return TupleOf(tuple(Array(axes_of(whole), dtype_of(kind)) for kind in use.kinds))


def _broadcast_adjoint(use: Use, operand: int) -> str:
    if f"y{operand}" not in use.wanted:
        return ""
    assert isinstance(use.result, TupleOf)
    kind, result = use.kinds[operand], use.result.items[operand]
    if isinstance(kind, Scalar):
        return f"np.sum(ȳ{operand})"
    assert isinstance(kind, Array)
    assert isinstance(result, Array)
    if kind.rank == result.rank and all(map(same_length, kind.axes, result.axes)):
        return f"ȳ{operand}"
    return f"unbroadcast(ȳ{operand}, like_x{operand})"


structured(
    "np.broadcast_arrays",
    "*x subok!False",
    jointly=True,
    shares="view",
    results="*y",
    kind=_broadcast_kind,
    adjoint=_broadcast_adjoint,
)


def _grid_axes(use: Use) -> list[int]:
    """The axis of the grid along which each operand goes."""
    axes = list(range(len(use.kinds)))
    if use.value("indexing") == "xy":
        axes[:2] = axes[:2][::-1]
    return axes


def _meshgrid_kind(use: Use) -> Kind:
    if any(rank_of(kind) > 1 for kind in use.kinds):
        raise Refused("`np.meshgrid`", "it flattens an array", "arrays with one axis")
    lengths = [axes_of(kind)[0] if rank_of(kind) else "1" for kind in use.kinds]
    whole = ["1"] * len(lengths)
    for axis, length in zip(_grid_axes(use), lengths, strict=True):
        whole[axis] = length
    results = []
    for own, kind in zip(_grid_axes(use), use.kinds, strict=True):
        sparse = ["1" if n != own else length for n, length in enumerate(whole)]
        axes = sparse if use.value("sparse") else whole
        results.append(Array(tuple(axes), dtype_of(kind)))
    return TupleOf(tuple(results))


def _meshgrid_adjoint(use: Use, operand: int) -> str:
    if f"y{operand}" not in use.wanted:
        return ""
    if not rank_of(use.kinds[operand]):
        return f"ȳ{operand}.sum()"
    own = _grid_axes(use)[operand]
    others = tuple(n for n in range(len(use.kinds)) if n != own)
    return f"ȳ{operand}.sum(axis={others[0] if len(others) == 1 else others})"


structured(
    "np.meshgrid",
    "*x copy!True sparse=False indexing='xy'",
    jointly=True,
    results="*y",
    kind=_meshgrid_kind,
    adjoint=_meshgrid_adjoint,
)
