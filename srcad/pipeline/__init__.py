"""All of the way, for one module: the units of each mode, and the passes in their order.

- :mod:`srcad.pipeline.listings`: the functions that a module is made from, lowered;
- :mod:`srcad.pipeline.tangents`: forward mode;
- :mod:`srcad.pipeline.gradients`: reverse mode, both sweeps in one function;
- :mod:`srcad.pipeline.pairs`: reverse mode of the functions that are called;
- :mod:`srcad.pipeline.passes`: what simplifies all of these, pass after pass;
- :mod:`srcad.pipeline.module`: the module that they are entered into.
"""

from srcad.pipeline.module import Function
from srcad.pipeline.options import Options
from srcad.pipeline.program import Program, made

__all__ = ["Function", "Options", "Program", "made"]
