"""srcad: derivatives of plain Python functions, as source code that you can read.

>>> import srcad
>>> @srcad.grad
... def f(x):
...     return x * x * x
>>> f(2.0)
12.0
"""

from srcad.api import grad, jvp, save, value_and_grad, vjp
from srcad.check import check_grads
from srcad.derivative import Derivative
from srcad.errors import ArgumentError, SourceError, SrcadError, UnsupportedError

__all__ = [
    "ArgumentError",
    "Derivative",
    "SourceError",
    "SrcadError",
    "UnsupportedError",
    "check_grads",
    "grad",
    "jvp",
    "save",
    "value_and_grad",
    "vjp",
]
