"""Derivatives inside the function that is differentiated, by dual numbers of a level of their own.

Where a program calls ``srcad.grad``, its copy that runs on dual numbers calls ``grad_``: the inner
derivative, too, is found by running the inner function, on duals of a higher level, whose
values may be those of the outer derivative. srcad is not asked anything.

    >>> directional(lambda x: x * grad_(lambda y: x + y)(1.0), (3.0,), (1.0,))
    (3.0, 1.0)
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import srcad
from tests.oracle.derivatives import _partial, _run, directional
from tests.oracle.lift import OTHERS, lift
from tests.oracle.memory import cells
from tests.oracle.shims import BY_IDENTITY


def grad_(fun: Any = None, *, wrt: Any = 0, **options: Any) -> Callable[..., Any]:
    """``srcad.grad``."""
    if fun is None:
        return lambda function: grad_(function, wrt=wrt, **options)
    return _with_signature(lambda *args: _slopes(fun, args, wrt), fun)


def value_and_grad_(fun: Any = None, *, wrt: Any = 0, **options: Any) -> Callable[..., Any]:
    """``srcad.value_and_grad``."""
    if fun is None:
        return lambda function: value_and_grad_(function, wrt=wrt, **options)

    def both(*args: Any) -> Any:
        return _in_order(fun)(*args), _slopes(fun, args, wrt)

    return _with_signature(both, fun)


def jvp_(fun: Any, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """``srcad.jvp``."""
    value, dot = _run(fun, primals, tangents)
    return _writable(value), _writable(dot)


def _writable(result: Any) -> Any:
    """A result in which dual numbers can be written."""
    if isinstance(result, tuple):
        return tuple(map(_writable, result))
    return cells(result)


def vjp_(fun: Any, *primals: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """``srcad.vjp``: what the function captures is as it was, whenever the pullback is called."""
    fun, primals = _frozen(fun), tuple(_frozen(each) for each in primals)
    value = fun(*primals)

    def pulled(seed: Any) -> tuple[Any, ...]:
        def weighted(*args: Any) -> Any:
            return _inner(seed, fun(*args))

        return tuple(_entries(_partial(weighted, primals, k)) for k in range(len(primals)))

    return value, pulled


def _frozen(value: Any, memo: dict[int, Any] | None = None) -> Any:
    """An array's copy; a function with variables of its own, of the same values."""
    memo = {} if memo is None else memo
    if isinstance(value, np.ndarray):
        return value.copy()
    if not isinstance(value, types.FunctionType) or not value.__closure__:
        return value
    if id(value) in memo:  # it calls itself
        return memo[id(value)]
    captured = tuple(types.CellType() for _ in value.__closure__)
    code, names = value.__code__, value.__globals__
    frozen = types.FunctionType(code, names, value.__name__, value.__defaults__, captured)
    frozen.__kwdefaults__ = value.__kwdefaults__
    frozen.__dict__.update(value.__dict__)
    memo[id(value)] = frozen
    for cell, original in zip(captured, value.__closure__, strict=True):
        cell.cell_contents = _frozen(original.cell_contents, memo)
    return frozen


def _inner(seed: Any, result: Any) -> Any:
    if isinstance(seed, (tuple, list)):
        return sum(_inner(s, r) for s, r in zip(seed, result, strict=True))
    return np.sum(np.multiply(seed, result))


def _slopes(fun: Any, args: Any, wrt: Any) -> Any:
    names = list(inspect.signature(fun).parameters)

    def position(each: Any) -> int:
        return names.index(each) if isinstance(each, str) else each % len(names)

    if isinstance(wrt, tuple):
        return tuple(_entries(_partial(_in_order(fun), args, position(k))) for k in wrt)
    return _entries(_partial(_in_order(fun), args, position(wrt)))


def _entries(slope: Any) -> Any:
    """An array of duals as the memory that stands for floats."""
    return cells(slope) if isinstance(slope, np.ndarray) and slope.ndim else slope


def _in_order(fun: Any) -> Callable[..., Any]:
    """The function of its parameters in order, those by keyword too."""
    parameters = inspect.signature(fun).parameters.values()
    named = [each.name for each in parameters if each.kind is each.KEYWORD_ONLY]

    def call(*args: Any) -> Any:
        first = len(args) - len(named)
        return fun(*args[:first], **dict(zip(named, args[first:], strict=True)))

    return call


def _with_signature(derivative: Callable[..., Any], fun: Any) -> Callable[..., Any]:
    """The derivative, to be called as the function is."""
    signature = inspect.signature(fun)

    def call(*args: Any, **keywords: Any) -> Any:
        bound = signature.bind(*args, **keywords)
        bound.apply_defaults()
        return derivative(*(bound.arguments[name] for name in signature.parameters))

    call.__signature__ = signature  # type: ignore[attr-defined]
    return call


def of_derivative(value: Any, memo: dict[int, Any]) -> Any:
    """What stands for a derivative that was there before."""
    maker = {"grad": grad_, "value_and_grad": value_and_grad_}[value.what]
    return maker(lift(value.primal, memo), wrt=value.wrt)


SHIMS = {
    srcad.grad: grad_,
    srcad.value_and_grad: value_and_grad_,
    srcad.jvp: jvp_,
    srcad.vjp: vjp_,
}
BY_IDENTITY.update({id(function): shim for function, shim in SHIMS.items()})
OTHERS[srcad.Derivative] = of_derivative

__all__ = ["directional", "grad_", "jvp_", "value_and_grad_", "vjp_"]
