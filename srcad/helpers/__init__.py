"""Functions that generated code may call.  They are printed with the code that uses them."""

from srcad.helpers.broadcasting import unbroadcast
from srcad.helpers.diagonals import undiagonal
from srcad.helpers.fourier import fitted, whole_lengths, with_mirrors
from srcad.helpers.indexing import written_last
from srcad.helpers.interpolation import interp_slope, interp_slope_spread, interp_spread
from srcad.helpers.lists import parts_like
from srcad.helpers.matrices import block_triangle, free_of_phase, inverse_gaps, power_sum
from srcad.helpers.products import cumprod_adjoint, cumprod_tangent, product_of_others
from srcad.helpers.quantiles import quantile_weights
from srcad.helpers.rows import row_sums
from srcad.helpers.running import running_adjoint, running_tangent
from srcad.helpers.singular import has_no_cholesky, is_singular
from srcad.helpers.slopes import ungradient
from srcad.helpers.special import bessel_i, polygamma, sinc_derivative
from srcad.helpers.structures import like
from srcad.helpers.trapezoids import trapezoid_slopes, trapezoid_weights
from srcad.helpers.views import as_view

__all__ = [
    "as_view",
    "bessel_i",
    "block_triangle",
    "cumprod_adjoint",
    "cumprod_tangent",
    "fitted",
    "free_of_phase",
    "has_no_cholesky",
    "interp_slope",
    "interp_slope_spread",
    "interp_spread",
    "inverse_gaps",
    "is_singular",
    "like",
    "parts_like",
    "polygamma",
    "power_sum",
    "product_of_others",
    "quantile_weights",
    "row_sums",
    "running_adjoint",
    "running_tangent",
    "sinc_derivative",
    "trapezoid_slopes",
    "trapezoid_weights",
    "unbroadcast",
    "undiagonal",
    "ungradient",
    "whole_lengths",
    "with_mirrors",
    "written_last",
]
