"""Functions that generated code may call.  They are printed with the code that uses them."""

from srcad.helpers.broadcasting import unbroadcast
from srcad.helpers.special import polygamma

__all__ = ["polygamma", "unbroadcast"]
