"""Products, and running sums and products, right also where entries are 0."""

from __future__ import annotations

from dataclasses import replace

from srcad.analysis.kind import Array, Kind
from srcad.analysis.lengths import longer
from srcad.rules.axes import (
    along,
    array_needed,
    axes_text,
    no_nan,
    normal_axis,
    rank_of,
    summed_dtype,
    wanted_dtype,
    with_axes,
)
from srcad.rules.reductions import sum_kind, vector_needed
from srcad.rules.signature import Refused
from srcad.rules.table import Use, structured

# -- products --------------------------------------------------------------------------------------


def others(use: Use, x: str = "x") -> str:
    """For each entry the product of all others along the axes."""
    return f"product_of_others({x}, {axes_text(use)})"


def _prod_kind(use: Use) -> Kind:
    array_needed(use)
    return sum_kind(replace(use, values={"dtype": None, **use.values}))


for _name, _signature in (
    ("np.prod", "x/a axis=None dtype=None out! keepdims=False initial! where!"),
    ("np.multiply.reduce", "x/array axis=0 dtype=None out! keepdims=False initial! where!"),
):
    structured(
        _name,
        _signature,
        methods="prod" if _name == "np.prod" else "",
        kind=_prod_kind,
        tangent=lambda use, _: f"np.sum({others(use)} * ẋ{along(use)})",
        adjoint=lambda use, _: f"{with_axes(use, 'ȳ')} * {others(use)}",
    )


structured(
    "math.prod",
    "x/iterable * start!",
    variant="of a vector",
    kind=vector_needed,
    tangent=lambda use, _: "np.sum(product_of_others(x, None) * ẋ)",
    adjoint=lambda use, _: "ȳ * product_of_others(x, None)",
)


def _ones_for_nan(use: Use) -> str:
    return f"p = {others(use, 'np.where(np.isnan(x), 1.0, x)')}"


structured(
    "np.nanprod",
    "x/a axis=None dtype! out! keepdims=False initial! where!",
    chosen=no_nan,
    kind=_prod_kind,
    tangent=lambda use, _: (
        f"{_ones_for_nan(use)}; np.sum(np.where(np.isnan(x), 0.0, p * ẋ){along(use)})"
    ),
    adjoint=lambda use, _: (
        f"{_ones_for_nan(use)}; np.where(np.isnan(x), 0.0, {with_axes(use, 'ȳ')} * p)"
    ),
)
# With directions it is symmetric in all of them, and its derivative has one more.
structured(
    "helpers.product_of_others",
    "x axis=",
    kind=lambda use: use.kinds[0],
    tangent=lambda use, _: "product_of_others(x, axis, [ẋ])",
    adjoint=lambda use, _: "product_of_others(x, axis, [ȳ])",
)


def _one_more(use: Use, operand: int, direction: str) -> str:
    """The derivative along one more direction, or along another one."""
    names = [name for name in use.names if name != "x"]
    changed = [*names, direction] if operand == 0 else [
        direction if name == use.names[operand] else name for name in names
    ]  # fmt: skip
    return f"product_of_others(x, axis, [{', '.join(changed)}])"


structured(
    "helpers.product_of_others",
    "x axis= [u]",
    variant="along directions",
    kind=lambda use: use.kinds[0],
    tangent=lambda use, n: _one_more(use, n, "ẋ"),
    adjoint=lambda use, n: _one_more(use, n, "ȳ"),
)

# -- running sums and products ---------------------------------------------------------------------


def _running_kind(use: Use) -> Kind:
    array_needed(use)
    kind = use.kinds[0]
    assert isinstance(kind, Array)
    dtype = wanted_dtype(use, summed_dtype(kind.dtype))
    if use.value("axis") is None:
        return Array(kind.axes if kind.rank == 1 else ("?",), dtype)
    normal_axis(use.value("axis"), kind.rank)
    return Array(kind.axes, dtype)


def _backwards(use: Use) -> tuple[str, str]:
    """An index that turns an axis round, and that axis as a further argument."""
    rank = rank_of(use.kinds[0])
    axis = use.value("axis")
    if axis is None or rank == 1:
        return "::-1", ""
    axis = normal_axis(axis, rank)
    return ":, " * axis + "::-1", f", axis={axis}"


def _back_in_shape(use: Use, form: str) -> str:
    """Without an axis the entries were taken in one row."""
    flattened = use.value("axis") is None and rank_of(use.kinds[0]) != 1
    return f"np.reshape({form}, like_x.shape)" if flattened else form


def _cumsum_adjoint(use: Use, _: int) -> str:
    index, axis = _backwards(use)
    return _back_in_shape(use, f"np.cumsum(ȳ[{index}]{axis})[{index}]")


for _name, _signature in (
    ("np.cumsum", "x/a axis=None dtype=None out!"),
    ("np.add.accumulate", "x/array axis=0 dtype=None out!"),
):
    structured(
        _name,
        _signature,
        methods="cumsum" if _name == "np.cumsum" else "",
        kind=_running_kind,
        adjoint=_cumsum_adjoint,
    )


def _nancumsum_adjoint(use: Use, operand: int) -> str:
    return f"np.where(np.isnan(x), 0.0, {_cumsum_adjoint(use, operand)})"


def _running(use: Use, x: str) -> str:
    axis = use.value("axis")
    return f"{x}{'' if axis is None else f', {normal_axis(axis, rank_of(use.kinds[0]))}'}"


structured(
    "np.nancumsum",
    "x/a axis=None dtype! out!",
    chosen=no_nan,
    kind=lambda use: _running_kind(replace(use, values={**use.values, "dtype": None})),
    tangent=lambda use, _: f"np.cumsum({_running(use, 'np.where(np.isnan(x), 0.0, ẋ)')})",
    adjoint=_nancumsum_adjoint,
)


def _cumprod_axis(use: Use) -> str:
    axis = use.value("axis")
    return "None" if axis is None else str(normal_axis(axis, rank_of(use.kinds[0])))


for _name, _signature in (
    ("np.cumprod", "x/a axis=None dtype! out!"),
    ("np.multiply.accumulate", "x/array axis=0 dtype! out!"),
):
    structured(
        _name,
        _signature,
        methods="cumprod" if _name == "np.cumprod" else "",
        kind=lambda use: _running_kind(replace(use, values={**use.values, "dtype": None})),
        tangent=lambda use, _: f"cumprod_tangent(x, {_cumprod_axis(use)}, [ẋ])",
        adjoint=lambda use, _: f"cumprod_adjoint(x, {_cumprod_axis(use)}, [], ȳ)",
    )
structured(
    "np.nancumprod",
    "x/a axis=None dtype! out!",
    chosen=no_nan,
    kind=lambda use: _running_kind(replace(use, values={**use.values, "dtype": None})),
    tangent=lambda use, _: (
        f"cumprod_tangent(np.where(np.isnan(x), 1.0, x), {_cumprod_axis(use)}, "
        "[np.where(np.isnan(x), 0.0, ẋ)])"
    ),
    adjoint=lambda use, _: (
        "np.where(np.isnan(x), 0.0, cumprod_adjoint(np.where(np.isnan(x), 1.0, x), "
        f"{_cumprod_axis(use)}, [], ȳ))"
    ),
)


def _from_first(use: Use) -> str:
    """An index that leaves out the first along the axis; "" where there is no start to leave."""
    axis = normal_axis(use.value("axis") or 0, rank_of(use.kinds[0]))
    return f"[{':, ' * axis}1:]" if use.value("include_initial") else ""


def _in_array_api(use: Use) -> Kind:
    kind = _running_kind(use)
    assert isinstance(kind, Array)
    if use.value("axis") is None and rank_of(use.kinds[0]) != 1:
        raise Refused("`axis=None`", "the array has more axes than one", "one of its axes")
    if not use.value("include_initial"):
        return kind
    axis = normal_axis(use.value("axis") or 0, kind.rank)
    axes = list(kind.axes)
    axes[axis] = longer(axes[axis], 1)
    return Array(tuple(axes), kind.dtype)


def _cumulative_sum_adjoint(use: Use, _: int) -> str:
    index, axis = _backwards(use)
    own = _from_first(use)
    seed = "ȳ"
    if own:  # the start is constant
        seed = f"ȳ{own}"
    return f"np.cumsum({seed}[{index}]{axis})[{index}]"


def _cumulative_prod_tangent(use: Use, _: int) -> str:
    rank, axis = rank_of(use.kinds[0]), normal_axis(use.value("axis") or 0, rank_of(use.kinds[0]))
    value = f"cumprod_tangent(x, {axis}, [ẋ])"
    if not use.value("include_initial"):
        return value
    return f"np.pad({value}, {tuple((int(n == axis), 0) for n in range(rank))})"


def _cumulative_prod_adjoint(use: Use, _: int) -> str:
    axis = normal_axis(use.value("axis") or 0, rank_of(use.kinds[0]))
    return f"cumprod_adjoint(x, {axis}, [], ȳ{_from_first(use)})"


structured(
    "np.cumulative_sum",
    "x * axis=None dtype=None out! include_initial=False",
    kind=_in_array_api,
    adjoint=_cumulative_sum_adjoint,
)
structured(
    "np.cumulative_prod",
    "x * axis=None dtype! out! include_initial=False",
    kind=lambda use: _in_array_api(replace(use, values={**use.values, "dtype": None})),
    tangent=_cumulative_prod_tangent,
    adjoint=_cumulative_prod_adjoint,
)


def _directions(use: Use, operand: int, direction: str) -> str:
    """The directions after a derivative with respect to x, or to one of them."""
    names = [name for name in use.names if name[0] == "u"]
    if operand == 0:
        return f"[{', '.join([*names, direction])}]"
    own = use.names[operand]
    return f"[{', '.join(direction if name == own else name for name in names)}]"


def _without(use: Use, operand: int) -> str:
    """The directions but one: the gradient with respect to it is the adjoint along the others."""
    names = [name for name in use.names if name[0] == "u"]
    return f"[{', '.join(name for name in names if name != use.names[operand])}]"


def _cumprod_tangent_kind(use: Use) -> Kind:
    kind = use.kinds[0]
    assert isinstance(kind, Array)
    flattened = use.value("axis") is None and kind.rank != 1
    return Array(("?",), kind.dtype) if flattened else kind


structured(
    "helpers.cumprod_tangent",
    "x axis= [u]",
    kind=_cumprod_tangent_kind,
    tangent=lambda use, n: f"cumprod_tangent(x, axis, {_directions(use, n, 'ẋ')})",
    adjoint=lambda use, n: f"cumprod_adjoint(x, axis, {_without(use, n)}, ȳ)",
)


def _cumprod_adjoint_tangent(use: Use, operand: int) -> str:
    if use.names[operand] == "d":
        names = [name for name in use.names if name[0] == "u"]
        return f"cumprod_adjoint(x, axis, [{', '.join(names)}], ẋ)"
    return f"cumprod_adjoint(x, axis, {_directions(use, operand, 'ẋ')}, d)"


def _cumprod_adjoint_adjoint(use: Use, operand: int) -> str:
    names = [name for name in use.names if name[0] == "u"]
    if use.names[operand] == "d":
        return f"cumprod_tangent(x, axis, [{', '.join([*names, 'ȳ'])}])"
    others = [name for name in names if name != use.names[operand]]
    return f"cumprod_adjoint(x, axis, [{', '.join([*others, 'ȳ'])}], d)"


structured(
    "helpers.cumprod_adjoint",
    "x axis= [u] d",
    kind=lambda use: use.kinds[0],
    tangent=_cumprod_adjoint_tangent,
    adjoint=_cumprod_adjoint_adjoint,
)


# -- the largest and the smallest so far -----------------------------------------------------------


def _so_far_kind(use: Use) -> Kind:
    array_needed(use)
    normal_axis(use.value("axis"), rank_of(use.kinds[0]))
    return use.kinds[0]


def _so_far_axis(use: Use) -> int:
    return normal_axis(use.value("axis"), rank_of(use.kinds[0]))


for _name in ("maximum", "minimum"):
    structured(
        f"np.{_name}.accumulate",
        "x/array axis=0 dtype! out!",
        facts="no entry is equal to the extreme one before it; ties share equally",
        leaves_out=True,
        kind=_so_far_kind,
        tangent=lambda use, _: f"running_tangent(ẋ, x, y, {_so_far_axis(use)})",
        adjoint=lambda use, _: f"running_adjoint(ȳ, x, y, {_so_far_axis(use)})",
    )
structured(
    "helpers.running_tangent",
    "t x top axis=",
    fixed="x top",
    kind=lambda use: use.kinds[0],
    adjoint=lambda use, _: "running_adjoint(ȳ, x, top, axis)",
)
structured(
    "helpers.running_adjoint",
    "t x top axis=",
    fixed="x top",
    kind=lambda use: use.kinds[0],
    adjoint=lambda use, _: "running_tangent(ȳ, x, top, axis)",
)
