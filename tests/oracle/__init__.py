"""The oracle: what a derivative is, by a route that shares nothing with srcad.

The user's own function is run, as it stands, on *dual numbers* ``value + dot ε`` with ``ε² = 0``.
Python and NumPy execute it, so loops, branches, aliases and broadcasting need no second theory;
only the arithmetic of a number is ours (``dual.py``, ``elementary.py``), and the memory that takes
the place of floats (``memory.py``). What refuses to carry a dual number (``math.sin``, ``float``,
``np.maximum``) is replaced (``shims.py``) in a copy of the function (``lift.py``). Duals of duals
give second and third derivatives, exactly.

    >>> import math
    >>> def f(x):
    ...     return x * math.sin(x)
    >>> gradient(f, (0.0,)), gradient(lambda x: gradient(f, (x,)), (0.0,))
    (0.0, 2.0)
"""

from tests.oracle.compare import Mismatch, assert_close
from tests.oracle.derivatives import directional, gradient, hessian, is_differentiable
from tests.oracle.dual import Dual, primal
from tests.oracle.memory import copied
from tests.oracle.nested import grad_

__all__ = [
    "Dual",
    "Mismatch",
    "assert_close",
    "copied",
    "directional",
    "grad_",
    "gradient",
    "hessian",
    "is_differentiable",
    "primal",
]
