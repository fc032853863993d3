"""Dual numbers: ``value + dot ε`` with ``ε² = 0``, so that ``f(x + ε) = f(x) + f'(x) ε``.

A value or a dot may itself be a dual number. Each derivative being taken has its own ε, told from
the others by a *level*; where two levels meet, the number of the higher level is the outer one and
the other is a constant to it. (Mixing them up is the classic "perturbation confusion".)

    >>> x = Dual(1, 3.0, 1.0)
    >>> y = x * x + 1
    >>> y.value, y.dot
    (10.0, 6.0)
"""

from __future__ import annotations

import cmath
import math
import operator
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

# A number is a float, an int, or a Dual: what arithmetic in a user's function produces.
Number = Any


class Dual:
    """One dual number. Compares, branches and prints as its value does."""

    __slots__ = ("dot", "level", "value")

    def __init__(self, level: int, value: Number, dot: Number) -> None:
        self.level = level
        self.value = value
        self.dot = dot

    # Arithmetic.

    def __add__(self, other: Number) -> Number:
        return _operate(operator.add, _one, _one, self, other)

    def __radd__(self, other: Number) -> Number:
        return _operate(operator.add, _one, _one, other, self)

    def __sub__(self, other: Number) -> Number:
        return _operate(operator.sub, _one, _minus_one, self, other)

    def __rsub__(self, other: Number) -> Number:
        return _operate(operator.sub, _one, _minus_one, other, self)

    def __mul__(self, other: Number) -> Number:
        return _operate(operator.mul, _right, _left, self, other)

    def __rmul__(self, other: Number) -> Number:
        return _operate(operator.mul, _right, _left, other, self)

    def __truediv__(self, other: Number) -> Number:
        return _operate(operator.truediv, _div_a, _div_b, self, other)

    def __rtruediv__(self, other: Number) -> Number:
        return _operate(operator.truediv, _div_a, _div_b, other, self)

    def __mod__(self, other: Number) -> Number:
        return _operate(operator.mod, _one, _mod_b, self, other)

    def __rmod__(self, other: Number) -> Number:
        return _operate(operator.mod, _one, _mod_b, other, self)

    def __pow__(self, other: Number, modulus: None = None) -> Number:
        return _operate(operator.pow, _pow_a, _pow_b, self, other)

    def __rpow__(self, other: Number) -> Number:
        return _operate(operator.pow, _pow_a, _pow_b, other, self)

    def __floordiv__(self, other: Number) -> Number:
        # A step function: no tangent comes out.
        return NotImplemented if _foreign(other) else primal(self) // primal(other)

    def __rfloordiv__(self, other: Number) -> Number:
        return NotImplemented if _foreign(other) else primal(other) // primal(self)

    def __divmod__(self, other: Number) -> tuple[Number, Number]:
        return self // other, self % other

    def __rdivmod__(self, other: Number) -> tuple[Number, Number]:
        return other // self, other % self

    def __neg__(self) -> Dual:
        return Dual(self.level, -self.value, -self.dot)

    def __pos__(self) -> Dual:
        return self

    def __abs__(self) -> Dual:
        # At 0 the derivative is 0, the middle of the subgradient.
        if isinstance(primal(self), complex):
            size = abs(self.value)
            along_it = real(conjugate(self.value) * self.dot)
            return Dual(self.level, size, over(along_it, size) if primal(size) else 0.0)
        return Dual(self.level, abs(self.value), times(sign(self.value), self.dot))

    def conjugate(self) -> Dual:
        """The conjugate; of a real number itself."""
        return Dual(self.level, conjugate(self.value), conjugate(self.dot))

    @property
    def real(self) -> Dual:
        """The real part."""
        return Dual(self.level, real(self.value), real(self.dot))

    @property
    def imag(self) -> Dual:
        """The imaginary part."""
        return Dual(self.level, imag(self.value), imag(self.dot))

    def sum(self, **axes: None) -> Dual:
        """Itself, as of a NumPy float."""
        return self

    def mean(self, **axes: None) -> Dual:
        """Itself, as of a NumPy float."""
        return self

    # Questions are asked of the value.

    def __lt__(self, other: Number) -> Any:
        return NotImplemented if _foreign(other) else primal(self) < primal(other)

    def __le__(self, other: Number) -> Any:
        return NotImplemented if _foreign(other) else primal(self) <= primal(other)

    def __gt__(self, other: Number) -> Any:
        return NotImplemented if _foreign(other) else primal(self) > primal(other)

    def __ge__(self, other: Number) -> Any:
        return NotImplemented if _foreign(other) else primal(self) >= primal(other)

    def __eq__(self, other: object) -> Any:
        return NotImplemented if _foreign(other) else primal(self) == primal(other)

    def __ne__(self, other: object) -> Any:
        return NotImplemented if _foreign(other) else primal(self) != primal(other)

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        return bool(primal(self))

    # Steps: the tangent is dropped, because the derivative is 0.

    def __int__(self) -> int:
        return int(primal(self))

    def __trunc__(self) -> Any:
        return math.trunc(primal(self))

    def __floor__(self) -> Any:
        return math.floor(primal(self))

    def __ceil__(self) -> Any:
        return math.ceil(primal(self))

    def __round__(self, digits: int | None = None) -> Any:
        return round(primal(self), digits)

    def __complex__(self) -> NoReturn:
        raise TypeError("a dual number would lose its tangent here: give the function a shim")

    def __float__(self) -> NoReturn:
        raise TypeError("a dual number would lose its tangent here: give the function a shim")

    def __format__(self, spec: str) -> str:
        return format(primal(self), spec)

    def __repr__(self) -> str:
        return f"({self.value!r} + {self.dot!r} ε{self.level})"


def primal(x: Number) -> Any:
    """The number itself, every ε set to 0."""
    while isinstance(x, Dual):
        x = x.value
    return x


def real(x: Number) -> Number:
    """The real part of a number."""
    return x.real


def imag(x: Number) -> Number:
    """The imaginary part of a number."""
    return x.imag


def conjugate(x: Number) -> Number:
    """The conjugate of a number."""
    return x.conjugate()


def sign(x: Number) -> float:
    """-1.0, 0.0 or 1.0, without a tangent."""
    v = primal(x)
    return float(v > 0) - float(v < 0)


def times(partial: Number, dot: Number) -> Number:
    """``partial * dot`` with a strong zero: what does not vary stays so, even times infinity."""
    if not isinstance(dot, Dual) and dot == 0:
        return 0.0
    return partial * dot


def over(a: Number, b: Number) -> Number:
    """``a / b``, infinite rather than an exception at ``b = 0``: a partial may be infinite."""
    if primal(b) != 0:
        return a / b
    v = primal(a)
    return math.nan if v == 0 or v != v else math.copysign(math.inf, v)


def linearise(
    f: Callable[..., Number], partials: tuple[Callable[..., Number], ...], *args: Number
) -> Number:
    """``f`` at dual arguments; ``partials[k](*values, f(*values))`` is its k-th partial.

    Values and partials are computed with the numbers of the lower levels, by the same rules:
    that is how higher derivatives come out.
    """
    level = max((a.level for a in args if isinstance(a, Dual)), default=0)
    if level == 0:
        return f(*args)
    outer = [isinstance(a, Dual) and a.level == level for a in args]
    values = [a.value if o else a for a, o in zip(args, outer, strict=True)]
    value = f(*values)
    dot: Number = 0.0
    for a, o, partial in zip(args, outer, partials, strict=True):
        if o and (isinstance(a.dot, Dual) or a.dot != 0):
            dot = dot + partial(*values, value) * a.dot
    return Dual(level, value, dot)


def log(x: Number) -> Number:
    """The natural logarithm, for the derivative of a power; -inf and nan where it has none."""
    if isinstance(x, Dual):
        return Dual(x.level, log(x.value), times(over(1.0, x.value), x.dot))
    if isinstance(x, complex):
        return cmath.log(x)
    return math.log(x) if x > 0 else (-math.inf if x == 0 else math.nan)


def _foreign(x: object) -> bool:
    """Arrays do their own looping over elements; anything that is no number is not ours."""
    return not isinstance(x, (Dual, int, float, complex, np.number, np.bool_))


def _operate(
    f: Callable[..., Number],
    da: Callable[..., Number],
    db: Callable[..., Number],
    a: Number,
    b: Number,
) -> Number:
    if _foreign(a) or _foreign(b):
        return NotImplemented
    return linearise(f, (da, db), a, b)


def _one(a: Number, b: Number, w: Number) -> Number:
    return 1.0


def _minus_one(a: Number, b: Number, w: Number) -> Number:
    return -1.0


def _left(a: Number, b: Number, w: Number) -> Number:
    return a


def _right(a: Number, b: Number, w: Number) -> Number:
    return b


def _div_a(a: Number, b: Number, w: Number) -> Number:
    return over(1.0, b)


def _div_b(a: Number, b: Number, w: Number) -> Number:
    return over(-w, b)


def _mod_b(a: Number, b: Number, w: Number) -> Number:
    return -(primal(a) // primal(b))


def _pow_a(a: Number, p: Number, w: Number) -> Number:
    # The exponent 0 gives a constant, at a = 0 too, where a ** (0 - 1) has no value.
    if not isinstance(p, Dual) and p == 0:
        return 0.0
    if primal(a) == 0 and not isinstance(primal(p), complex) and primal(p) < 1:
        return over(p, abs(primal(a)))
    return p * a ** (p - 1)


def _pow_b(a: Number, p: Number, w: Number) -> Number:
    # 0 ** p is 0 on both sides of p > 0.
    return 0.0 if primal(a) == 0 else w * log(a)
