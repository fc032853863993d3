"""Arrays that are made: filled with a value, with a range, or with steps between two ends."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from srcad.analysis.kind import INT, Array, Kind, Scalar, broadcast, code_of
from srcad.analysis.lengths import counted
from srcad.rules.axes import dtype_of, keeps_derivative, normal_axis, rank_of
from srcad.rules.signature import Refused
from srcad.rules.sizes import (
    axes_of,
    given,
    is_number_kind,
    shape_option,
    token_of,
)
from srcad.rules.table import Use, structured, zero

# -- filled with one value -------------------------------------------------------------------------


def _dtype(use: Use, otherwise: str = "f8") -> str:
    """The dtype that is asked for: any that holds numbers."""
    dtype = use.value("dtype")
    code = otherwise if dtype is None else code_of(np.dtype(dtype))
    if code[0] not in "fciub":
        raise Refused("`dtype=`", "it does not hold numbers", "a dtype of numbers")
    return code


def _filled(use: Use) -> Kind:
    return Array(shape_option(use), _dtype(use))


def _filled_like(use: Use) -> Kind:
    model = use.kinds[0]
    if not isinstance(model, (Array, Scalar)):
        return model
    axes = shape_option(use) if "shape" in use.options else axes_of(model)
    return Array(axes, _dtype(use, dtype_of(model)))


zero(
    "np.zeros np.ones np.empty",
    _filled,
    "shape= dtype=None order=None * device! like!",
)
zero(
    "np.zeros_like np.ones_like np.empty_like",
    _filled_like,
    "x/a dtype=None order=None subok! shape=None * device!",
)


def _full_kind(use: Use) -> Kind:
    value = use.kinds[0]
    if isinstance(value, Array) and len(value.axes) > len(shape_option(use)):
        raise Refused("`shape=`", "the value has more axes", "a shape with as many axes")
    dtype = _dtype(use, dtype_of(value))
    keeps_derivative(dtype, dtype_of(value))
    return Array(shape_option(use), dtype)


structured(
    "np.full",
    "shape= x/fill_value dtype=None order=None * device! like!",
    broadcasts=True,
    kind=_full_kind,
    adjoint=lambda use, _: "ȳ",
)


def _full_like_kind(use: Use) -> Kind:
    like, value = use.kinds
    if not isinstance(like, (Array, Scalar)):
        return like
    dtype = _dtype(use, dtype_of(like))
    keeps_derivative(dtype, dtype_of(value), "`np.full_like`")
    axes = shape_option(use) if "shape" in use.options else axes_of(like)
    return Array(axes, dtype)


structured(
    "np.full_like",
    "like/a x/fill_value dtype=None order=None subok! shape=None * device!",
    fixed="like",
    broadcasts=True,
    kind=_full_like_kind,
    adjoint=lambda use, n: "ȳ",
)

# -- matrices of zeros and ones --------------------------------------------------------------------


def _square(use: Use) -> Kind:
    rows = token_of(use.options["n"])
    columns = token_of(use.options["m"]) if "m" in use.options else rows
    return Array((rows, columns), _dtype(use))


zero("np.eye", _square, "n/N= m/M=None k=0 dtype=None order! * device! like!")
zero("np.identity", _square, "n= dtype=None * like!")
zero("np.tri", _square, "n/N= m/M=None k=0 dtype=None * like!")

# -- ranges ----------------------------------------------------------------------------------------


def _arange_kind(use: Use) -> Kind:
    kind = broadcast(*use.kinds)
    if isinstance(kind, Array):
        raise Refused("`np.arange`", "its bounds are arrays", "numbers")
    dtype = _dtype(use, dtype_of(kind))
    return Array((_arange_length(use),), dtype)


def _arange_length(use: Use) -> str:
    tokens = [token_of(node) for node in use.operands]
    if use.names == ("stop",) and is_number_kind(use) and use.kinds[0] == INT:
        return tokens[0]
    return "?"


def _arange_adjoint(use: Use, operand: int) -> str:
    return "ȳ @ np.arange(len(ȳ))" if use.names[operand] == "step" else "ȳ.sum()"


def _arange_tangent(use: Use, operand: int) -> str:
    return "ẋ * np.arange(len(y))" if use.names[operand] == "step" else "np.full_like(y, ẋ)"


structured(
    "np.arange",
    "stop * dtype=None device! like! | start stop step? dtype=None * device! like!",
    fixed="stop",  # it says how many there are
    kind=_arange_kind,
    adjoint=_arange_adjoint,
    tangent=_arange_tangent,
)

# -- steps between two ends ------------------------------------------------------------------------

STEPS = "start stop num=50 endpoint=True"


def _steps_kind(use: Use) -> Kind:
    ends = broadcast(*use.kinds)
    if not isinstance(ends, (Scalar, Array)):
        return ends
    axis = normal_axis(use.value("axis"), rank_of(ends) + 1)
    if axis and rank_of(ends):
        raise Refused(f"`axis={axis}`", "the steps are the first axis here", "`np.moveaxis`")
    if "dtype" in use.options and _dtype(use)[0] != "f":
        raise Refused("`dtype=`", "a whole number has no derivative", "a floating point dtype")
    length = token_of(use.options["num"]) if "num" in use.options else counted(50)
    dtype = dtype_of(ends)
    kept = dtype[0] == "c" or (dtype[0] == "f" and isinstance(ends, Array))
    return Array((length, *axes_of(ends)), dtype if kept else "f8")


def _adjoint_of(scale: str = "") -> Callable[[Use, int], str]:
    """The sum over the steps of ``ȳ``, times how much of the end there is in each."""

    def adjoint(use: Use, operand: int) -> str:
        weights = _weights(use, use.names[operand])
        scaled = f"({scale.format(end=use.names[operand])})" if scale else "ȳ"
        if rank_of(use.result) == 1:
            return f"{scaled} @ {weights}"
        whole = f"np.tensordot({weights}, {scaled}, 1)"
        if is_number_kind(use, operand):
            return f"{whole}.sum()"
        return f"unbroadcast({whole}, like_{use.names[operand]})"

    return adjoint


def _weights(use: Use, end: str) -> str:
    count = "num" if "num" in use.options else "50"
    ends = "1.0, 0.0" if end == "start" else "0.0, 1.0"
    return f"np.linspace({ends}, {count}{given(use, 'endpoint')})"


def _tangent_of(scale: str) -> Callable[[Use, int], str]:
    def tangent(use: Use, operand: int) -> str:
        end = use.names[operand]
        weights = _weights(use, end)
        others = tuple(range(1, rank_of(use.result)))
        if others:
            weights = f"np.expand_dims({weights}, {others})"
        return f"ẋ * {scale.format(end=end)} * {weights}"

    return tangent


structured(
    "np.linspace",
    f"{STEPS} retstep! dtype=None axis=0 * device!",
    jointly=True,
    kind=_steps_kind,
    adjoint=_adjoint_of(),
)
structured(
    "np.logspace",
    f"{STEPS} base=10.0 dtype=None axis=0",
    kind=_steps_kind,
    adjoint=lambda use, n: _adjoint_of(f"ȳ * y * {_log_of_base(use)}")(use, n),
    tangent=lambda use, n: _tangent_of(f"y * {_log_of_base(use)}")(use, n),
)
structured(
    "np.geomspace",
    f"{STEPS} dtype=None axis=0",
    kind=_steps_kind,
    adjoint=_adjoint_of("ȳ * y / {end}"),
    tangent=_tangent_of("y / {end}"),
)


def _log_of_base(use: Use) -> str:
    return "np.log(base)" if "base" in use.options else "np.log(10.0)"


# -- powers ----------------------------------------------------------------------------------------


def _vander_kind(use: Use) -> Kind:
    if rank_of(use.kinds[0]) != 1:
        raise Refused("`np.vander`", "it takes a row of numbers", "an array with one axis")
    (length,) = axes_of(use.kinds[0])
    columns = token_of(use.options["N"]) if "N" in use.options else length
    return Array((length, columns), dtype_of(use.kinds[0]))


def _slopes_of_powers(use: Use) -> tuple[str, str]:
    """The columns that are no constants, and their derivatives."""
    if use.value("increasing"):
        return "1:", "y[:, :-1] * np.arange(1, y.shape[1])"
    return ":-1", "y[:, 1:] * np.arange(y.shape[1] - 1, 0, -1)"


def _vander_adjoint(use: Use, _: int) -> str:
    columns, slopes = _slopes_of_powers(use)
    return f"(ȳ[:, {columns}] * {slopes}).sum(axis=1)"


def _vander_tangent(use: Use, _: int) -> str:
    slopes = _slopes_of_powers(use)[1]
    borders = "(1, 0)" if use.value("increasing") else "(0, 1)"
    return f"np.expand_dims(ẋ, 1) * np.pad({slopes}, ((0, 0), {borders}))"


structured(
    "np.vander",
    "x N=None increasing=False",
    kind=_vander_kind,
    adjoint=_vander_adjoint,
    tangent=_vander_tangent,
)
