"""Functions that generated code may call.  They are printed with the code that uses them."""

from srcad.helpers.broadcasting import unbroadcast
from srcad.helpers.diagonals import undiagonal
from srcad.helpers.matrices import block_triangle, inverse_gaps, power_sum
from srcad.helpers.slopes import ungradient
from srcad.helpers.special import polygamma

__all__ = [
    "block_triangle",
    "inverse_gaps",
    "polygamma",
    "power_sum",
    "unbroadcast",
    "undiagonal",
    "ungradient",
]
