"""Complex values: which rules hold for them as they stand, and what stands for the others.

The adjoint of a complex ``z = x + iy`` is ``z̄ = ∂L/∂x - i ∂L/∂y``, so that ``dL = Re(z̄ dz)``.  Of
``w = f(z)`` with a complex derivative it is ``z̄ = w̄ f'(z)``, as for real numbers; of a linear map
it is the transpose, without conjugates.  What is real, an operand or a result, takes the real
part.  A function without a complex derivative has a rule of its own, found from ``Re(w̄ dw)``.

Everything that is not named here is refused for complex operands.
"""

from __future__ import annotations

from collections.abc import Callable

from srcad.analysis.kind import COMPLEX, FLOAT, Array, Kind, Scalar, is_complex
from srcad.rules.axes import (
    array,
    first,
    rank_of,
)
from srcad.rules.products import axes_of, product_dtype
from srcad.rules.signature import Refused
from srcad.rules.table import KindOf, Use, holomorphic, of_complex, structured
from srcad.tree import is_number, number_of

# -- functions with a complex derivative -----------------------------------------------------------

holomorphic("+ - * / -x +x np.add np.subtract np.multiply np.divide np.negative np.positive")
holomorphic("np.square np.reciprocal np.sqrt np.exp np.exp2 np.expm1")
holomorphic("np.log np.log2 np.log10 np.log1p")
holomorphic("np.sin np.cos np.tan np.arcsin np.arccos np.arctan")
holomorphic("np.sinh np.cosh np.tanh np.arcsinh np.arccosh np.arctanh")


def _base_of_power(use: Use) -> None:
    """The logarithm of a real base is real: of a negative one it would be nan."""
    base, _ = use.operands
    if is_complex(use.kinds[0]) or not is_complex(use.kinds[1]):
        return
    if not (is_number(base) and number_of(base) > 0):
        why = "its logarithm, which is part of the derivative, may be complex"
        raise Refused("a real base of a complex power", why, "`(x + 0j) ** z`")


holomorphic("** np.power np.float_power builtins.pow", check=_base_of_power)

# -- linear maps whose adjoints are their transposes -----------------------------------------------

holomorphic("np.sum np.add.reduce np.mean builtins.sum np.cumsum np.diff np.trace np.linalg.trace")
holomorphic("np.array np.copy np.asarray np.stack np.concatenate np.vstack np.hstack np.dstack")
holomorphic("np.column_stack np.append np.ndarray.astype np.full np.full_like np.where")
holomorphic("np.reshape np.ravel np.ndarray.flatten np.squeeze np.expand_dims np.broadcast_to")
holomorphic("np.atleast_1d np.atleast_2d np.atleast_3d")
holomorphic("np.transpose np.swapaxes np.moveaxis np.rollaxis np.matrix_transpose")
holomorphic("np.flip np.flipud np.fliplr np.rot90 np.roll np.tile")
holomorphic("np.diagonal np.diag np.diagflat np.tril np.triu np.linalg.diagonal")
holomorphic("np.split np.array_split np.hsplit np.vsplit np.dsplit np.broadcast_arrays")
holomorphic("np.add.accumulate np.ediff1d np.gradient np.average np.block np.meshgrid np.delete")
holomorphic(
    "np.insert np.ndarray.item np.take_along_axis np.compress np.extract np.choose np.select"
)
holomorphic("np.add.outer np.subtract.outer np.polyder np.polyadd np.polysub np.polyint np.pad")
holomorphic("np.cumulative_sum np.nansum np.nanmean np.linspace np.matvec")
holomorphic("np.trapezoid np.trapz helpers.trapezoid_weights helpers.trapezoid_slopes")
holomorphic("helpers.unbroadcast helpers.undiagonal helpers.ungradient")

# -- products, and what is made of them ------------------------------------------------------------

holomorphic("np.matmul np.dot np.inner np.outer np.linalg.outer np.tensordot np.einsum np.kron")
holomorphic("np.linalg.multi_dot np.linalg.tensordot np.cross np.linalg.cross np.multiply.outer")
holomorphic("np.prod np.multiply.reduce np.cumprod np.multiply.accumulate np.vander np.polyval")
holomorphic("helpers.product_of_others helpers.cumprod_tangent helpers.cumprod_adjoint")
holomorphic("np.linalg.solve np.linalg.inv np.linalg.det np.linalg.matrix_power")

# -- no derivative, of complex numbers either ------------------------------------------------------

holomorphic("np.zeros_like np.ones_like np.empty_like np.shape np.size np.ndim builtins.len")
holomorphic("np.isnan np.isinf np.isfinite np.isreal np.iscomplex np.equal np.not_equal")
holomorphic("np.may_share_memory np.shares_memory")
holomorphic("np.isclose np.allclose np.array_equal np.any np.all np.count_nonzero np.nonzero")
holomorphic("np.flatnonzero np.argwhere builtins.bool builtins.isinstance")
holomorphic("np.issubdtype np.isscalar np.iscomplexobj np.isrealobj")

# -- between real and complex ----------------------------------------------------------------------


def real_part(kind: Kind) -> Kind:
    """The kind of the real parts."""
    if not isinstance(kind, Array):
        return FLOAT
    return Array(kind.axes, f"f{int(kind.dtype[1:]) // 2}")


def _real(use: Use) -> Kind:
    return real_part(use.kinds[0])


def conjugate(use: Use, name: str = "x") -> str:
    """The conjugate of an operand."""
    number = isinstance(use.kinds[use.names.index(name)], Scalar)
    return f"{name}.conjugate()" if number else f"np.conj({name})"


def _conjugated(derivative: str) -> Callable[[Use, int], str]:
    """The conjugate of a tangent or an adjoint; of a number by what Python's numbers have, too."""

    def formula(use: Use, _: int) -> str:
        number = isinstance(use.kinds[0], Scalar)
        return f"{derivative}.conjugate()" if number else f"np.conj({derivative})"

    return formula


of_complex("np.conjugate", "x", kind=first, adjoint=_conjugated("ȳ"), tangent=_conjugated("ẋ"))
of_complex("np.real", "x/val", shares="view", kind=_real, adjoint=lambda use, _: "ȳ + 0j")
of_complex("np.imag", "x/val", shares="view", kind=_real, adjoint=lambda use, _: "-1j * ȳ")
of_complex(
    "np.abs np.absolute builtins.abs",
    "x",
    domain="x != 0",
    kink="0 at 0",
    kind=_real,
    adjoint=lambda use, _: f"ȳ / (y + (y == 0)) * {conjugate(use)}",
    tangent=lambda use, _: f"({conjugate(use)} * ẋ).real / (y + (y == 0))",
)


def _degrees(use: Use) -> str:
    """What an angle is multiplied by."""
    return " * (180 / np.pi)" if use.value("deg") else ""


of_complex(
    "np.angle",
    "x",
    domain="x != 0 and no negative real number",
    kind=_real,
    kink="0 at 0",
    adjoint=lambda use, _: f"-1j * ȳ{_degrees(use)} * (x != 0) / (x + (x == 0))",
    tangent=lambda use, _: f"(ẋ * (x != 0) / (x + (x == 0))).imag{_degrees(use)}",
)


def _vdot_adjoint(use: Use, operand: int) -> str:
    """``Σ conj(a) b``: of the first operand it is the conjugate that counts."""
    product = ("np.conj(ȳ * b)", f"ȳ * {conjugate(use, 'a')}")[operand]
    own, other = use.kinds[operand], use.kinds[1 - operand]
    equal = axes_of(own) == axes_of(other) and "?" not in axes_of(own)
    if equal or rank_of(own) == rank_of(other) == 1:
        return product
    # Both are read as one long vector: their shapes may differ.
    name = use.names[operand]
    return f"np.reshape({product}, np.shape(like_{name}))" if rank_of(own) else f"np.sum({product})"


of_complex(
    "np.vdot",
    "a b",
    kind=lambda use: array((), product_dtype(use)),
    adjoint=_vdot_adjoint,
)


def _made_complex(dtype: str) -> KindOf:
    def kind(use: Use) -> Kind:
        of = use.kinds[0]
        return Array(of.axes, dtype) if isinstance(of, Array) else COMPLEX

    return kind


def _complex_kind(use: Use) -> Kind:
    if any(isinstance(kind, Array) for kind in use.kinds):
        raise Refused("`complex` of an array", "it takes numbers", "`a + 1j * b`")
    if len(use.kinds) > 1 and any(map(is_complex, use.kinds)):
        raise Refused("`complex` of complex numbers", "its two parts are real", "`a + 1j * b`")
    return COMPLEX


structured(
    "builtins.complex",
    "a/real b?/imag",
    jointly=True,
    kind=_complex_kind,
    adjoint=lambda use, operand: ("ȳ", "-ȳ.imag")[operand],
)
structured("np.complex128", "x", kind=_made_complex("c16"), adjoint=lambda use, _: "ȳ")
structured("np.complex64", "x", kind=_made_complex("c8"), adjoint=lambda use, _: "ȳ")
holomorphic("builtins.complex np.complex128 np.complex64")
