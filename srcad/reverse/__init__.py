"""Reverse mode: listing to a forward sweep and a reverse sweep.

The forward sweep (:mod:`srcad.reverse.ahead`) is the listing, with what must be saved; the
reverse sweep (:mod:`srcad.reverse.back`) goes through the same statements from the last to the
first.  What both have to agree on is the :class:`~srcad.reverse.plan.Plan`.
"""

from srcad.reverse.ahead import Ahead
from srcad.reverse.back import Back
from srcad.reverse.pair import Pair
from srcad.reverse.plan import Plan

__all__ = ["Ahead", "Back", "Pair", "Plan"]
