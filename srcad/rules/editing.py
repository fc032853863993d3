"""Entries put in, left out, or taken as numbers."""

from __future__ import annotations

import numpy as np

from srcad.analysis.kind import INT, Array, Kind, ListOf, Scalar, code_of, scalar
from srcad.analysis.lengths import longer
from srcad.rules.axes import dtype_of, first, keeps_derivative, normal_axis, rank_of
from srcad.rules.signature import Refused
from srcad.rules.sizes import array_of, axes_of
from srcad.rules.table import ATTRIBUTES, Use, elementwise, structured


def _axis(use: Use, name: str) -> int:
    axis, rank = use.value("axis"), rank_of(use.kinds[0])
    if axis is None and rank != 1:
        raise Refused(f"`{name}` without `axis=`", "it flattens the array", "`.ravel()` before it")
    return normal_axis(0 if axis is None else axis, rank)


def _kind_of_option(use: Use, option: str) -> Kind | None:
    kind: Kind | None = getattr(use.options[option], "kind", None)
    return kind


# -- left out --------------------------------------------------------------------------------------


def _delete_kind(use: Use) -> Kind:
    axis, axes = _axis(use, "np.delete"), list(axes_of(use.kinds[0]))
    obj = _kind_of_option(use, "obj")
    rows = isinstance(obj, Array) and obj.rank <= 1 and obj.dtype[0] in "iub"
    if obj == INT:
        axes[axis] = longer(axes[axis], -1)
    elif rows or (isinstance(obj, ListOf) and isinstance(obj.item, Scalar)):
        axes[axis] = "?"
    else:
        raise Refused("`np.delete`", "what it leaves out is no int, and no row of ints", "ints")
    return array_of(use, axes)


def _delete_adjoint(use: Use, _: int) -> str:
    axis = _axis(use, "np.delete")
    length = f"like_x.shape[{axis}]" if axis else "len(like_x)"
    return f"[{':, ' * axis}np.delete(np.arange({length}), obj)] += ȳ"


structured(
    "np.delete", "x/arr obj= axis=None", leaves_out=True, kind=_delete_kind, adjoint=_delete_adjoint
)

# -- put in ----------------------------------------------------------------------------------------


def _insert_kind(use: Use) -> Kind:
    _axis(use, "np.insert")
    if rank_of(use.kinds[0]) != 1 or rank_of(use.kinds[1]) > 1:
        raise Refused("`np.insert`", "the array has several axes", "`np.concatenate`")
    if _kind_of_option(use, "obj") != INT:
        raise Refused("`np.insert`", "it inserts at several places", "one int")
    return array_of(use, ["?"])


def _insert_adjoint(use: Use, operand: int) -> str:
    start = "s = len(like_x[:obj]); "
    count = "len(like_v)" if rank_of(use.kinds[1]) else "1"
    if use.names[operand] == "x":
        return f"{start}np.concatenate((ȳ[:s], ȳ[s + {count}:]))"
    return f"{start}ȳ[s:s + len(like_v)]" if rank_of(use.kinds[1]) else f"{start}ȳ[s]"


structured(
    "np.insert",
    "x/arr obj= v/values axis=None",
    jointly=True,
    kind=_insert_kind,
    adjoint=_insert_adjoint,
)

# -- as a number, and of another dtype -------------------------------------------------------------


def _item_kind(use: Use) -> Kind:
    return scalar(dtype_of(use.kinds[0]))


structured(
    "np.ndarray.item",
    "x",
    methods="item",
    kind=_item_kind,
    adjoint=lambda use, _: "np.full_like(like_x, ȳ)" if isinstance(use.kinds[0], Array) else "ȳ",
)


def _astype_kind(use: Use) -> Kind:
    kind, dtype = use.kinds[0], use.value("dtype")
    try:
        code = code_of(dtype)
    except TypeError:
        code = "O"
    if code[0] not in "fciub":
        raise Refused("`.astype(...)`", "it does not hold numbers", "`.astype(float)`")
    if dtype_of(kind)[0] == "c":
        keeps_derivative(code, "c16", "`.astype(...)`")
    return Array(axes_of(kind), code) if isinstance(kind, Array) else scalar(code)


def _astype_adjoint(use: Use, _: int) -> str:
    kind, result = use.kinds[0], use.result
    if not isinstance(kind, Array) or not isinstance(result, Array) or kind.dtype == result.dtype:
        return "ȳ"
    if kind.dtype[0] != result.dtype[0]:  # a real array made complex: it is the real part
        return "ȳ"
    return f"ȳ.astype(np.{np.dtype(kind.dtype).name})"


structured(
    "np.ndarray.astype np.astype",
    "x dtype= order! casting! subok! copy! device!",
    methods="astype",
    kind=_astype_kind,
    adjoint=_astype_adjoint,
)
elementwise("np.float64", "x", x="1")
ATTRIBUTES["real"] = structured(
    "np.real", "x/val", shares="view", kind=first, adjoint=lambda use, _: "ȳ"
)
