"""What users call: ``grad``, ``value_and_grad``, ``jvp`` and ``vjp``."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Sequence
from typing import Any, Literal, ParamSpec, TextIO, TypeVar, overload

from srcad.called import for_positions
from srcad.derivative import Derivative, Wrt, check_callable, kinds_of
from srcad.errors import ArgumentError, a_type
from srcad.functions.derived import MAKERS, Maker
from srcad.inside import pulled, pushed
from srcad.narrow import narrowing, widened
from srcad.structured import Structured

P = ParamSpec("P")
R = TypeVar("R")
Mode = Literal["forward", "reverse"]
Dump = bool | str | os.PathLike[str] | TextIO | None


@overload
def grad(
    fun: None = None,
    *,
    mode: Mode = "reverse",
    wrt: Wrt = 0,
    names: Literal["user", "w"] = "user",
    ascii: bool = False,
    optimize: bool = True,
    dump: Dump = None,
) -> Callable[[Callable[P, Any]], Derivative[P, Any]]: ...


@overload
def grad(
    fun: Callable[P, Any],
    *,
    mode: Mode = "reverse",
    wrt: Wrt = 0,
    names: Literal["user", "w"] = "user",
    ascii: bool = False,
    optimize: bool = True,
    dump: Dump = None,
) -> Derivative[P, Any]: ...


def grad(
    fun: Callable[..., Any] | None = None,
    *,
    mode: Mode = "reverse",
    wrt: Wrt = 0,
    names: Literal["user", "w"] = "user",
    ascii: bool = False,
    optimize: bool = True,
    dump: Dump = None,
) -> Any:
    """The gradient of a function with a scalar result, as a function of the same arguments.

    Use it as ``grad(f)``, ``@grad`` or ``@grad(mode="forward")``.

    :param mode: ``"reverse"`` (one reverse sweep gives every input's derivative) or ``"forward"``
        (one tangent sweep for each entry of each input).
    :param wrt: the argument to differentiate with respect to, by position or by name; a tuple of
        them gives a tuple of gradients.  A gradient has its argument's shape and dtype.
    :param names: ``"user"`` keeps the names of the function's variables, ``"w"`` numbers all
        values as lecture notes do.
    :param ascii: write ``x_bar`` for ``x̄``.
    :param optimize: simplify the generated code.
    :param dump: ``True`` prints the generated source, a path or a text stream receives it.
    :raises ArgumentError: for options or arguments of a wrong type, an integer argument to
        differentiate, a result that is not one number.
    :raises UnsupportedError: for what the accepted language lacks, before anything is run.
    :raises SourceError: for a function whose source cannot be found.

    >>> import srcad
    >>> def f(x, a):
    ...     return x * x * a
    >>> df = srcad.grad(f, wrt=(0, "a"))
    >>> df(3.0, 2.0)
    (12.0, 9.0)
    """
    return _decorate("grad", fun, mode, wrt, names, ascii, optimize, dump)


@overload
def value_and_grad(
    fun: None = None,
    *,
    mode: Mode = "reverse",
    wrt: Wrt = 0,
    names: Literal["user", "w"] = "user",
    ascii: bool = False,
    optimize: bool = True,
    dump: Dump = None,
) -> Callable[[Callable[P, R]], Derivative[P, tuple[R, Any]]]: ...


@overload
def value_and_grad(
    fun: Callable[P, R],
    *,
    mode: Mode = "reverse",
    wrt: Wrt = 0,
    names: Literal["user", "w"] = "user",
    ascii: bool = False,
    optimize: bool = True,
    dump: Dump = None,
) -> Derivative[P, tuple[R, Any]]: ...


def value_and_grad(
    fun: Callable[..., Any] | None = None,
    *,
    mode: Mode = "reverse",
    wrt: Wrt = 0,
    names: Literal["user", "w"] = "user",
    ascii: bool = False,
    optimize: bool = True,
    dump: Dump = None,
) -> Any:
    """Like :func:`grad`, but the result is ``(value, gradient)``, from one run.

    >>> import srcad
    >>> def f(x):
    ...     return x * x * x
    >>> srcad.value_and_grad(f)(2.0)
    (8.0, 12.0)
    """
    return _decorate("value_and_grad", fun, mode, wrt, names, ascii, optimize, dump)


def _decorate(
    what: str, fun: Any, mode: Any, wrt: Any, names: Any, ascii: Any, optimize: Any, dump: Any
) -> Any:
    if fun is None:
        return lambda function: Derivative(
            function,
            what,
            mode=mode,
            wrt=wrt,
            names=names,
            ascii=ascii,
            optimize=optimize,
            dump=dump,
        )
    return Derivative(
        fun, what, mode=mode, wrt=wrt, names=names, ascii=ascii, optimize=optimize, dump=dump
    )


_SPECIALISERS: weakref.WeakKeyDictionary[Any, Structured] = weakref.WeakKeyDictionary()


def _specialiser(fun: Any) -> Structured:
    check_callable(fun)
    if fun not in _SPECIALISERS:
        _SPECIALISERS[fun] = Structured(weakref.ref(fun))
    return _SPECIALISERS[fun]


def jvp(
    fun: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]
) -> tuple[Any, Any]:
    """The value of a function and its derivative along a direction: ``(f(x), f'(x) · ẋ)``.

    ``tangents`` has one entry for each of ``primals``, of its shape; the tangent of an argument
    that is not floating point is 0 or None.  The function may return numbers, arrays or tuples.

    :raises ArgumentError: where the two do not fit together.

    >>> import srcad
    >>> def f(x, y):
    ...     return x * y
    >>> srcad.jvp(f, (3.0, 2.0), (1.0, 0.0))
    (6.0, 2.0)
    """
    check_callable(fun)
    if not isinstance(primals, (tuple, list)) or not isinstance(tangents, (tuple, list)):
        raise ArgumentError("jvp takes its primals and its tangents as tuples or lists")
    if len(primals) != len(tangents):
        raise ArgumentError(f"jvp got {len(primals)} primals and {len(tangents)} tangents")
    fun, arguments, order = for_positions(fun, tuple(primals))
    specialiser = _specialiser(fun)
    kinds = kinds_of(fun, arguments)
    seeds: list[Any] = [None] * len(arguments)
    for place, tangent in zip(order, tangents, strict=True):
        seeds[place] = tangent
    values = [*map(widened, arguments)]
    return specialiser.decided(kinds, values, lambda k: specialiser.run_jvp(k, values, seeds))


def vjp(fun: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """The value of a function, and the function that pulls an adjoint of it back.

    The pullback takes an adjoint of the result, of its shape, and returns a tuple with the adjoint
    of each argument (None for one that is not floating point).  The forward sweep is run once;
    the pullback may be called many times.

    >>> import srcad
    >>> def f(x, y):
    ...     return x * y
    >>> value, pullback = srcad.vjp(f, 3.0, 2.0)
    >>> value, pullback(1.0), pullback(10.0)
    (6.0, (2.0, 3.0), (20.0, 30.0))
    """
    fun, arguments, order = for_positions(fun, primals)
    specialiser = _specialiser(fun)
    kinds = kinds_of(fun, arguments)
    values, count = [*map(widened, arguments)], max(order, default=-1) + 1
    value, pullback = specialiser.decided(
        kinds, values, lambda k: specialiser.run_vjp(k, values, count)
    )
    narrow = narrowing([*map(type, primals)])

    def given(seed: Any) -> tuple[Any, ...]:
        """The adjoints of the arguments that were given, each of its argument's type."""
        adjoints = pullback(seed)
        adjoints = adjoints if len(order) == count else tuple(adjoints[n] for n in order)
        return adjoints if narrow is None else narrow(adjoints)

    return value, pullback if narrow is None and len(order) == count else given


def save(derivative: Derivative[Any, Any], path: str | os.PathLike[str]) -> None:
    """Write a derivative's source to a module that needs only numpy and math.

    What is written is what the latest call has made; if there was none, what annotations and uses
    of the parameters suggest.  It is right for arguments like those: as many axes, the same dtypes,
    and lengths of 0, 1, 2 and 3 where they were so, for short axes are broadcast.  The function
    looks: called with others it raises a TypeError that says what it takes.  (Arguments that
    overlap in memory, of which it writes one, it does not find.)

    :raises ArgumentError: for something that is not a derivative, or a captured value that cannot
        be written as text.

    >>> import pathlib, srcad, tempfile
    >>> def f(x):
    ...     return x * x
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "f_grad.py")
    ...     srcad.save(srcad.grad(f), path)
    ...     print(path.read_text(encoding="utf-8"))
    def f_grad(x):
        if not isinstance(x, float):
            raise TypeError("x must be a float: this was generated for one")
        # return x * x
        x̄ = 2 * x
        return x̄
    <BLANKLINE>
    """
    if not isinstance(derivative, Derivative):
        raise ArgumentError(f"save takes a derivative, not {a_type(derivative)}")
    text = derivative.standalone()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


# What may be called inside a function that is differentiated.
MAKERS[grad] = Maker("grad", grad)
MAKERS[value_and_grad] = Maker("value_and_grad", value_and_grad)
MAKERS[jvp] = Maker("jvp", pushed(jvp))
MAKERS[vjp] = Maker("vjp", pulled(vjp))
