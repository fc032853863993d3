"""NumPy's functions whose derivative is zero: roundings, comparisons, places, counts and shapes."""

from __future__ import annotations

from srcad.analysis.kind import (
    BOOL,
    INT,
    NOTHING,
    OTHER,
    UNKNOWN,
    Array,
    Kind,
    Nothing,
    TupleOf,
    is_floating_point,
)
from srcad.rules.axes import (
    floating,
    normal_axis,
    numbers,
    one,
    reduction,
    same,
)
from srcad.rules.signature import Refused
from srcad.rules.table import ATTRIBUTES, Use, zero

# -- roundings and signs ---------------------------------------------------------------------------

zero("np.floor np.ceil np.trunc np.rint np.fix np.spacing", floating)
zero("np.angle", floating, "x/z deg=False")
zero("np.round np.around", same, "x/a decimals=0 out!", methods="round")
zero("np.sign np.floor_divide", same)
ATTRIBUTES["imag"] = zero("np.imag", same, "x/val")

# -- truth -----------------------------------------------------------------------------------------

zero(
    "np.isnan np.isinf np.isfinite np.isneginf np.isposinf np.signbit np.isreal np.iscomplex "
    "np.greater np.greater_equal np.less np.less_equal np.equal np.not_equal "
    "np.logical_and np.logical_or np.logical_xor np.logical_not",
    numbers("b1"),
)
zero("np.isclose", numbers("b1"), "a b rtol=1e-05 atol=1e-08 equal_nan=False")
zero("np.isscalar np.iscomplexobj np.isrealobj", one(BOOL))
zero("np.issubdtype", one(BOOL))
zero("helpers.is_singular helpers.has_no_cholesky", one(BOOL))
zero("np.allclose np.array_equal np.array_equiv", one(BOOL))
zero("np.may_share_memory np.shares_memory", one(BOOL), "x/a y/b max_work!")
zero(
    "np.any",
    reduction("b1"),
    "x/a axis=None out! keepdims=False * where=True",
    methods="any",
)
zero(
    "np.all",
    reduction("b1"),
    "x/a axis=None out! keepdims=False * where=True",
    methods="all",
)

# -- whole numbers ---------------------------------------------------------------------------------


def _whole(use: Use) -> Kind:
    """Where the derivative does not need the value, nothing else fails."""
    if any(map(is_floating_point, use.kinds)):
        what = "a float in a function of whole numbers"
        raise Refused(what, "NumPy raises a TypeError", "`x.astype(int)`")
    return same(use)


zero(
    "np.gcd np.lcm np.bitwise_and np.bitwise_or np.bitwise_xor np.invert np.left_shift "
    "np.right_shift",
    _whole,
)

zero("np.bitwise_count", numbers("u1"))

# -- places and counts -----------------------------------------------------------------------------


def _order(use: Use) -> Kind:
    """The kind of the places in which a sort puts the entries; without an axis, of all."""
    kind = use.kinds[0]
    if not isinstance(kind, Array):
        return NOTHING if isinstance(kind, Nothing) else UNKNOWN
    if use.value("axis") is None:
        return Array(("?",), "i8")
    normal_axis(use.value("axis"), kind.rank)
    return Array(kind.axes, "i8")


for _name in ("argmax", "argmin"):
    zero(
        f"np.{_name}",
        reduction("i8"),
        "x/a axis=None out! keepdims=False",
        methods=_name,
    )
    zero(f"np.nan{_name}", reduction("i8"), "x/a axis=None out! keepdims=False")
zero("np.argsort", _order, "x/a axis=-1 kind=None order! stable=None", methods="argsort")
zero(
    "np.argpartition",
    _order,
    "x/a kth= axis=-1 kind=None order!",
    methods="argpartition",
)
zero("np.count_nonzero", reduction("i8"), "x/a axis=None * keepdims=False")

# -- shapes ----------------------------------------------------------------------------------------


def _shape(use: Use) -> Kind:
    (kind, *_) = use.kinds
    return TupleOf((INT,) * kind.rank) if isinstance(kind, Array) else OTHER


zero("np.shape", _shape)
zero("np.size np.ndim", one(INT))
