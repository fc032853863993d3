"""NumPy's functions whose derivative is zero: roundings, comparisons, counts and shapes."""

from srcad.analysis.kind import INT, OTHER, Array, Kind, TupleOf
from srcad.rules.axes import floating, numbers, one, same
from srcad.rules.table import Use, zero


def _shape(use: Use) -> Kind:
    (kind, *_) = use.kinds
    return TupleOf((INT,) * kind.rank) if isinstance(kind, Array) else OTHER


zero("np.shape", _shape)
zero("np.size np.ndim", one(INT))
zero("np.floor np.ceil np.trunc np.rint", floating)
zero("np.round np.sign", same)
zero("np.isnan np.isinf np.isfinite", numbers("b1"))
