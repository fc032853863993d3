"""Differences of neighbours, slopes, and sums of products with a window that slides along."""

from __future__ import annotations

from srcad.analysis.kind import Array, Kind, Scalar, TupleOf, is_complex, promote
from srcad.analysis.lengths import longer
from srcad.rules.axes import dtype_of, float_dtype, normal_axis, rank_of
from srcad.rules.signature import Refused
from srcad.rules.sizes import array_of, axes_of, given
from srcad.rules.table import Use, holomorphic, of_complex, structured

# -- differences -----------------------------------------------------------------------------------


def _order(use: Use) -> int:
    order = use.value("n")
    if not isinstance(order, int) or order < 1:
        raise Refused(f"`n={order}`", "it is no order of a difference", "1, 2 or more")
    return order


def _diff_kind(use: Use) -> Kind:
    axes = list(axes_of(use.kinds[0]))
    axis = normal_axis(use.value("axis"), len(axes))
    for name, kind in zip(use.names, use.kinds, strict=True):
        if rank_of(kind) not in (0, len(axes)) or not isinstance(kind, (Array, Scalar)):
            raise Refused(f"`{name}=`", f"the array has {len(axes)} axes", "as many, or a number")
    axes[axis] = longer(axes[axis], -_order(use)) if len(use.names) == 1 else "?"
    return array_of(use, axes)


def _diff_adjoint(use: Use, operand: int) -> str | tuple[str, ...]:
    order, rank = _order(use), rank_of(use.kinds[0])
    axis = normal_axis(use.value("axis"), rank)
    before = ":, " * axis
    if order == 1 and len(use.names) == 1:
        return f"[{before}1:] += ȳ", f"[{before}:-1] -= ȳ"
    # The differences of an array between zeros.
    n = "n" if "n" in use.options else "1"
    widths = ", ".join(f"({n}, {n})" if k == axis else "(0, 0)" for k in range(rank))
    along = "" if axis == rank - 1 else f", axis={axis}"
    sign = "-" if order % 2 else ""
    whole = f"{sign}np.diff(np.pad(ȳ, {n if rank == 1 else f'({widths})'}){given(use, 'n')}{along})"
    lengths = {"x": _length("x", axis)}
    for name, kind in zip(use.names, use.kinds, strict=True):
        lengths[name] = _length(name, axis) if rank_of(kind) else "1"
    start = [lengths[n] for n in ("prepend", "x") if n in lengths]
    parts = {
        "prepend": f":{lengths.get('prepend')}",
        "x": f"{lengths.get('prepend', '')}:{' + '.join(start)}",
        "append": f"{' + '.join(start)}:{' + '.join([*start, lengths.get('append', '')])}",
    }
    part = f"s̄[{before}{parts[use.names[operand]]}]"
    return f"s̄ = {whole}; {part if rank_of(use.kinds[operand]) else f'{part}.sum()'}"


def _length(name: str, axis: int) -> str:
    return f"like_{name}.shape[{axis}]" if axis else f"len(like_{name})"


structured(
    "np.diff",
    "x/a n=1 axis=-1 prepend? append?",
    jointly=True,
    kind=_diff_kind,
    adjoint=_diff_adjoint,
)


def _ediff_kind(use: Use) -> Kind:
    if rank_of(use.kinds[0]) != 1 or any(rank_of(kind) > 1 for kind in use.kinds):
        raise Refused("`np.ediff1d`", "it flattens an array", "`.ravel()` before it")
    if len(use.names) == 1:
        return array_of(use, [longer(axes_of(use.kinds[0])[0], -1)])
    return array_of(use, ["?"])


def _ediff_adjoint(use: Use, operand: int) -> str | tuple[str, ...]:
    lengths = {
        name: "1" if not rank_of(kind) else f"len(like_{name})"
        for name, kind in zip(use.names, use.kinds, strict=True)
    }
    start = lengths.get("to_begin", "")
    stop = f"len(ȳ) - {lengths['to_end']}" if "to_end" in lengths else ""
    if use.names[operand] == "x":
        middle = f"ȳ[{start}:{stop}]" if start or stop else "ȳ"
        return f"[1:] += {middle}", f"[:-1] -= {middle}"
    if not rank_of(use.kinds[operand]):
        return "ȳ[0]" if use.names[operand] == "to_begin" else "ȳ[-1]"
    return f"ȳ[:{start}]" if use.names[operand] == "to_begin" else f"ȳ[{stop}:]"


structured(
    "np.ediff1d",
    "x/ary to_end? to_begin?",
    jointly=True,
    kind=_ediff_kind,
    adjoint=_ediff_adjoint,
)

# -- slopes ----------------------------------------------------------------------------------------


def _slope_axes(use: Use) -> list[int]:
    """The axes along which slopes are asked for, one result for each."""
    rank, axis = rank_of(use.kinds[0]), use.value("axis")
    if axis is None:
        return list(range(rank))
    return [normal_axis(each, rank) for each in (axis if isinstance(axis, tuple) else (axis,))]


def _spacing(use: Use, n: int) -> str:
    """The spacing along the n-th of those axes."""
    if len(use.names) == 1:
        return "1.0"
    return use.names[1] if len(use.names) == 2 else use.names[1 + n]


def _gradient_kind(use: Use) -> Kind:
    axes, kind = _slope_axes(use), use.kinds[0]
    if use.value("edge_order") not in (1, 2):
        raise Refused("`edge_order=`", "it is neither 1 nor 2", "1 or 2")
    if any(rank_of(each) > 1 for each in use.kinds[1:]):
        raise Refused("`np.gradient`", "the coordinates have several axes", "one row of them")
    if not axes or len(use.names) not in (1, 2, 1 + len(axes)):
        raise Refused("`np.gradient`", "there is not one spacing for each axis", "one for each")
    slope = Array(axes_of(kind), float_dtype(dtype_of(kind)))
    return slope if len(axes) == 1 else TupleOf((slope,) * len(axes))


def _results(use: Use) -> list[tuple[str, int, str]]:
    """Each result with its axis and its spacing."""
    axes = _slope_axes(use)
    names = ["y"] if len(axes) == 1 else [f"y{n}" for n in range(len(axes))]
    return [
        (y, axis, _spacing(use, n)) for n, (y, axis) in enumerate(zip(names, axes, strict=True))
    ]


def _number_needed(use: Use, spacing: str) -> None:
    """Coordinates are constant."""
    if rank_of(use.kinds[use.names.index(spacing)]):
        why = "they depend on what is differentiated, and have no rule"
        raise Refused("the coordinates of `np.gradient`", why, "the differences, written out")


def _gradient_adjoint(use: Use, operand: int) -> str:
    own, terms = use.names[operand], []
    for y, axis, spacing in _results(use):
        bar = f"ȳ{y[1:]}"
        if y not in use.wanted:
            continue
        if own == "x":
            terms.append(f"ungradient({bar}, {spacing}, {axis}, {use.value('edge_order')})")
        elif own == spacing:
            _number_needed(use, own)
            terms.append(f"-({bar} * {y}).sum() / {spacing}")
    return " + ".join(terms)


def _gradient_tangents(use: Use, moving: frozenset[str]) -> tuple[str, ...]:
    found = []
    for y, axis, spacing in _results(use):
        along = f"axis={axis}{given(use, 'edge_order')}"
        terms = [f"np.gradient(ẋ, {spacing}, {along})"] if "x" in moving else []
        if spacing in moving:
            _number_needed(use, spacing)
            terms.append(f"-ḣ{spacing[1:]} / {spacing} * {y}")
        found.append(" + ".join(terms))
    return tuple(found)


_SLOPES = "* axis=None edge_order=1"
structured(
    "np.gradient",
    f"x/f {_SLOPES} | x/f h {_SLOPES} | x/f h0 h1 {_SLOPES} | x/f h0 h1 h2 {_SLOPES}",
    results="*y",
    kind=_gradient_kind,
    adjoint=_gradient_adjoint,
    tangents=_gradient_tangents,
)
structured(
    "helpers.ungradient",
    "x h axis= edge_order=",
    kind=lambda use: use.kinds[0],
    adjoint=lambda use, n: (
        "np.gradient(ȳ, h, axis=axis, edge_order=edge_order)",
        "-(ȳ * y).sum() / h",
    )[n],
    tangents=lambda use, moving: " + ".join(
        ["ungradient(ẋ, h, axis, edge_order)"] * ("x" in moving) + ["-ḣ / h * y"] * ("h" in moving)
    ),
)

# -- sliding windows -------------------------------------------------------------------------------


def _window_kind(use: Use) -> Kind:
    if use.value("mode") not in ("full", "same", "valid"):
        raise Refused("`mode=`", "it is none of NumPy's", "'full', 'same' or 'valid'")
    if any(rank_of(kind) != 1 for kind in use.kinds):
        raise Refused("this operation", "it takes two rows of numbers", "arrays with one axis")
    return Array(("?",), promote(dtype_of(use.kinds[0]), dtype_of(use.kinds[1])))


def _whole(use: Use, name: str) -> str:
    """The adjoint of the whole result, of which the mode cuts the ends; what comes before it."""
    if use.value("mode") == "full":
        return ""
    first = "s // 2"
    if use.value("mode") == "same" and name == "np.correlate":
        # NumPy slides the shorter one, and turns the result round if that is the first.
        first = "(s + (len(like_a) < len(like_v))) // 2"
    cut = "s = len(like_a) + len(like_v) - 1 - len(ȳ); "
    return f"{cut}s̄ = np.pad(ȳ, ({first}, s - {first})); "


def _conj(use: Use, name: str) -> str:
    """The conjugate of an operand that is complex: ``np.correlate`` conjugates its second."""
    return f"np.conj({name})" if is_complex(use.kinds[use.names.index(name)]) else name


def _convolve_adjoint(use: Use, operand: int) -> str:
    before = _whole(use, "np.convolve")
    other = _conj(use, ("v", "a")[operand])
    return f"{before}np.correlate({'s̄' if before else 'ȳ'}, {other}, 'valid')"


def _correlate_adjoint(use: Use, operand: int) -> str:
    before = _whole(use, "np.correlate")
    whole = "s̄" if before else "ȳ"
    if operand == 0:
        return f"{before}np.convolve({whole}, {_conj(use, 'v')}, 'valid')"
    turned = f"np.correlate({whole}, {_conj(use, 'a')}, 'valid')[::-1]"
    return before + (f"np.conj({turned})" if is_complex(use.kinds[1]) else turned)


structured("np.convolve", "a v mode='full'", kind=_window_kind, adjoint=_convolve_adjoint)
structured("np.correlate", "a v mode='valid'", kind=_window_kind, adjoint=_correlate_adjoint)
holomorphic("np.convolve")
of_complex("np.correlate", "a v", kind=_window_kind, adjoint=_correlate_adjoint)
