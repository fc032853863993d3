"""The object that ``grad`` and ``value_and_grad`` return."""

from __future__ import annotations

import functools
import importlib
import inspect
import os
import sys
import types
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Generic, ParamSpec, TypeVar

import numpy as np

from srcad.analysis.kind import (
    COMPLEX,
    FLOAT,
    INT,
    Array,
    Kind,
    ListOf,
    Literal,
    Other,
    TupleOf,
    Unknown,
    is_floating,
)
from srcad.arguments import said
from srcad.build import name_place
from srcad.dispatch import ABSENT, NUMBERS, Plan, looks, with_plan
from srcad.errors import ArgumentError, a_type
from srcad.functions.derived import Generated
from srcad.functions.lifted import Lifting
from srcad.narrow import Narrowing, of_gradient
from srcad.pipeline import Options
from srcad.questions import check_classes
from srcad.read import read_function
from srcad.read.called import signature_of, unwrapped
from srcad.rules.originals import check_builtins
from srcad.specialisation import Compiled, Kinds, check_overlaps
from srcad.starred import Given, for_call, is_starred, places
from srcad.structured import Structured
from srcad.structures import Plain, Structure, fitting, has_floats, layout_of
from srcad.suggest import suggested_kinds

P = ParamSpec("P")
R = TypeVar("R")
Wrt = int | str | tuple[int | str, ...]


class Derivative(Generic[P, R]):
    """The derivative of a function: call it with the function's own arguments.

    ``primal`` is the function; ``source`` the generated text (of the latest specialisation, or of
    the one that annotations suggest); ``stages`` the text after each pass.

    >>> import srcad
    >>> @srcad.grad
    ... def f(x, a):
    ...     return x * x * a
    >>> f(3.0, 2.0)
    12.0
    >>> f
    <srcad grad of f(x, a): reverse mode, with respect to x>
    >>> print(f.source, end="")
    def f_grad(x, a):
        # return x * x * a
        x̄ = 2 * a * x
        return x̄
    """

    # What each call reads is found more quickly in slots; `__dict__` is the function's, as well.
    __slots__ = ("__dict__", "__weakref__", "_latest", "_own", "_plans")

    def __init__(
        self,
        fun: Callable[P, Any],
        what: str = "grad",
        *,
        mode: str = "reverse",
        wrt: Wrt = 0,
        names: str = "user",
        ascii: bool = False,
        optimize: bool = True,
        dump: Any = None,
    ) -> None:
        check_callable(fun)
        check_options(mode, names)
        check_dump(dump)
        functools.update_wrapper(self, fun)
        self.primal = fun
        self.__signature__ = signature_of(fun)
        self._own = unwrapped(fun)
        self.what = what
        self.mode = mode
        self.wrt = wrt
        self.options = Options(names, bool(ascii), bool(optimize))
        self.dump = dump
        parameters = signature_of(fun).parameters
        self.parameters = list(parameters)
        self.keyword_only = {n for n, p in parameters.items() if p.kind is p.KEYWORD_ONLY}
        self.is_starred: bool = fun.is_starred if isinstance(fun, Derivative) else is_starred(fun)
        self._calls: dict[object, tuple[Lifting, Derivative[..., Any]]] = {}
        self.positions: tuple[int, ...] = ()
        if not self.is_starred:
            self.positions = positions_of(wrt, self.parameters, self.__name__)
        self.several = isinstance(wrt, tuple)
        self._specialiser = Structured(lambda: fun, self.options)
        self._plans: defaultdict[object, tuple[Plan, ...]] = defaultdict(tuple)
        self._latest: Compiled | None = None

    __name__: str

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        key: object = (*map(type, args),)
        values: tuple[Any, ...] = args
        if kwargs:
            values = (*args, *kwargs.values())
            key = (len(args), *kwargs, *map(type, values))
        try:
            for plan in self._plans[key]:  # all of it here, since a call would cost more
                if self._own.__code__ is not plan.code:
                    continue
                for look_up, name, value in plan.watched:
                    if look_up(name, ABSENT) is not value:
                        break
                else:
                    for n, dtype, shape in plan.arrays:
                        array = values[n]
                        if array.dtype is not dtype or array.shape != shape:
                            break
                    else:
                        if plan.is_simple or plan.fits(values):
                            self._latest = plan.module
                            if kwargs or plan.picked is not None:
                                return plan.call(args, kwargs)  # type: ignore[no-any-return]
                            return plan.function(*args)  # type: ignore[no-any-return]
            return self._call(args, kwargs, key)  # type: ignore[no-any-return]
        except Exception as error:
            name_place(error)
            raise

    def _call(self, args: tuple[Any, ...], kwargs: dict[str, Any], key: object) -> Any:
        """The general call: arguments bound, their kinds found, the code made if it is new."""
        if self.is_starred:
            return self._of_starred(args, kwargs)
        arguments = bound_arguments(self.primal, args, kwargs)
        if [*signature_of(self.primal).parameters] != self.parameters:
            raise ArgumentError(
                f"{self.__name__} has other parameters than it had when its derivative was made: "
                "make the derivative anew"
            )
        as_found = kinds_of(self.primal, arguments)
        compiled, kinds = self._decided(as_found, arguments)
        given = dict(zip(self.parameters, args, strict=False)) | kwargs
        narrow = self._narrowing(arguments)
        by_kind = dict(zip(self.parameters, kinds, strict=True))
        # A plan does not look at the values of ints.
        plan = self._planned(compiled, by_kind, given, narrow) if kinds == as_found else None
        if plan is not None:
            self._plans[key] = with_plan(self._plans[key], plan)
        made: Plain | None = compiled.extra.get("plain")
        if made is not None:
            made.check(own_arguments(made, self.parameters, arguments))
            plain = made.arguments(own_arguments(made, self.parameters, arguments))
            given_plain = dict(zip(made.parameters, plain, strict=True))
            by_parameter = dict(zip(self.parameters, arguments, strict=True))
            arguments = list((by_parameter | given_plain).values())
        rows = zip(self.parameters, arguments, kinds, strict=True)
        values = {
            n: _plain(value, kind) for n, value, kind in rows if not isinstance(kind, Literal)
        }
        if compiled.extra["written"]:
            apart = list(values.values())
            if made is not None:
                apart = made.leaves(own_arguments(made, self.parameters, arguments))
            check_overlaps(apart, compiled.extra["written"], compiled.arrays)
        by_name = {name: values.pop(name) for name in self.keyword_only & values.keys()}
        found = compiled.function(*values.values(), **by_name)
        return found if narrow is None else narrow(found)

    def _of_starred(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The call of a function of `*args` or `**kwargs`: of one that was made for such calls."""
        made, given, _ = self.for_call(args, kwargs)
        result = made(*given.every)
        self._latest = made._latest
        return result

    def for_call(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[Derivative[..., Any], Given, Lifting]:
        """The derivative of the function that is made for a call with starred arguments."""
        given = Given.of(self.primal, args, kwargs, self.__name__)
        key = (self._own.__code__, *given.key)
        found = self._calls.get(key)
        if found is None or not found[0].is_current():
            names, count, keywords = list(given.named), len(given.star), list(given.keywords)
            function: Any
            if isinstance(self.primal, Derivative):
                function, _, lifting = self.primal.for_call(args, kwargs)
            else:
                function, lifting = for_call(self.primal, names, count, keywords)
            wanted = self.wrt if isinstance(self.wrt, tuple) else (self.wrt,)
            wrt = places(wanted, names, given.filled, count, keywords, self.__name__)
            options = self.options
            made: Derivative[..., Any] = Derivative(
                function,
                self.what,
                mode=self.mode,
                wrt=wrt if self.several else wrt[0],
                names=options.names,
                ascii=options.ascii,
                optimize=options.optimize,
                dump=self.dump,
            )
            found = self._calls[key] = lifting, made
        return found[1], given, found[0]

    def _narrowing(self, arguments: Sequence[Any]) -> Narrowing | None:
        """What gives the gradients the types of their arguments, where code gives floats."""
        types = [type(arguments[n]) for n in self.positions]
        return of_gradient(types, several=self.several, value=self.what == "value_and_grad")

    def _planned(
        self,
        compiled: Compiled,
        kinds: dict[str, Kind],
        given: dict[str, Any],
        narrow: Narrowing | None,
    ) -> Plan | None:
        """What the next call like this one may do at once; None if it must go the general way."""
        if compiled.extra["written"]:
            return None  # each call looks at the memory of its arguments
        if "plain" in compiled.extra:
            if compiled.extra["plain"].state:
                return None
            return self._planned_for_layout(compiled, kinds, given) if narrow is None else None
        taken = inspect.signature(compiled.function).parameters
        left_out = [name for name in taken if name not in given]
        now = signature_of(self.primal).parameters
        if not all(_is_same(taken[name].default, now[name].default) for name in left_out):
            return None
        arrays, constants, picked = [], [], []
        for n, (name, value) in enumerate(given.items()):
            kind = kinds[name]
            if isinstance(kind, Literal):
                constants.append((n, value))
                continue
            picked.append((n, _CONVERSIONS.get(kind) if type(value) not in NUMBERS else None))
            if isinstance(kind, Array):
                arrays.append((n, value.dtype, value.shape))
        as_given = not constants and not any(as_type for _, as_type in picked)
        handed_on = [name for name in given if name in taken]
        in_order = handed_on == list(taken)[: len(picked)]
        if as_given and narrow is not None:
            return None  # what is left out is such a number
        if not as_given and (not in_order or self.keyword_only & set(handed_on)):
            return None
        return Plan(
            compiled.function,
            tuple(arrays),
            tuple(constants),
            looks(compiled.watched, self._own),
            None if as_given else tuple(picked),
            # What is left out has the value that the code was made with.
            self._own if len(given) < len(kinds) else None,
            compiled,
            narrow,
            code=self._own.__code__,
        )

    def _planned_for_layout(
        self, compiled: Compiled, kinds: dict[str, Kind], given: dict[str, Any]
    ) -> Plan | None:
        """The same where structures take part: all arguments are given, in order."""
        layouts = [fitting(value) for value in given.values()]
        known = [each for each in layouts if each is not None]
        if list(given) != self.parameters or self.keyword_only or len(known) < len(layouts):
            return None
        taken = [n for n, name in enumerate(given) if not isinstance(kinds[name], Literal)]
        return Plan(
            compiled.function,
            watched=looks(compiled.watched, self._own),
            picked=None if len(taken) == len(given) else tuple((n, None) for n in taken),
            module=compiled,
            structures=tuple(enumerate(known)),
            code=self._own.__code__,
        )

    def _decided(self, kinds: Kinds, arguments: list[Any]) -> tuple[Compiled, Kinds]:
        """The specialisation for arguments, and for which kinds it is, or values."""
        return self._specialiser.decided(kinds, arguments, lambda k: (self._compiled(k), k))

    def _compiled(self, kinds: Kinds, mode: str = "") -> Compiled:
        """The specialisation for the kinds of the arguments."""
        for position in self.positions:
            check_differentiable(self.parameters[position], kinds[position], self.__name__)
        before = len(self._specialiser.cache)
        compiled = self._specialiser.gradient(
            kinds, self.positions, mode or self.mode, self.what == "value_and_grad", self.several
        )
        self._latest = compiled
        if len(self._specialiser.cache) != before and self.dump:
            write_dump(self.dump, compiled.text)
        return compiled

    def compiled(self, *args: Any, **kwargs: Any) -> Callable[..., Any]:
        """The generated function for arguments of these kinds.

        >>> import srcad
        >>> srcad.grad(lambda x: x * x).compiled(3.0)(5.0)
        10.0
        """
        if self.is_starred:
            made, given, _ = self.for_call(args, kwargs)
            return made.compiled(*given.every)
        arguments = bound_arguments(self.primal, args, kwargs)
        return self._decided(kinds_of(self.primal, arguments), arguments)[0].function

    @property
    def signature(self) -> inspect.Signature:
        """The parameters of the function, which are those of the derivative."""
        return signature_of(self.primal)

    def generated(self, kinds: Kinds) -> Generated:
        """The code for arguments of given kinds: what a call of it is in another derivative."""
        for name, kind in zip(self.parameters, kinds, strict=True):
            check_inside(name, kind, self.__name__)
        # A sweep for each entry of an array is no code that is differentiated again.
        arrays = any(isinstance(kinds[n], Array) for n in self.positions)
        with self._specialiser.once(kinds):
            compiled = self._compiled(kinds, "reverse" if arrays else self.mode)
        made: Plain | None = compiled.extra.get("plain")
        if made is not None:
            made.check_nothing_outside()
        kept = tuple(n for n, kind in enumerate(kinds) if not isinstance(kind, Literal))
        return Generated(compiled.function, kept, compiled.watched)

    def module_for(self, kinds: Kinds) -> Compiled:
        """The generated module for given kinds: what a second derivative starts from."""
        return self._compiled(kinds)

    def expected(self) -> Compiled:
        """The specialisation for the kinds that annotations and uses of parameters suggest."""
        return self._compiled(suggested_kinds(self.primal, self.positions))

    @property
    def source(self) -> str:
        """The generated source."""
        return (self._latest or self.expected()).text

    @property
    def stages(self) -> dict[str, str]:
        """The text after each pass, in order, by the name of the pass."""
        program = (self._latest or self.expected()).program
        return dict(program.stages)

    def standalone(self) -> str:
        """The text of a module that needs only numpy and math."""
        compiled = self._latest or self.expected()
        return compiled.program.standalone(compiled.extra["entry"], compiled.extra["kinds"])

    def __repr__(self) -> str:
        wanted = ", ".join(self.parameters[n] for n in self.positions) or self.wrt
        return (
            f"<srcad {self.what} of {self.__name__}({', '.join(self.parameters)}): "
            f"{self.mode} mode, with respect to {wanted}>"
        )

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        """As a method: the instance is the first argument."""
        return self if instance is None else types.MethodType(self, instance)

    def __reduce__(self) -> Any:
        module = sys.modules.get(getattr(self.primal, "__module__", "") or "")
        if getattr(module, getattr(self.primal, "__qualname__", ""), None) is self:
            # A decorated function: its name means the derivative.
            return (_by_name, (self.primal.__module__, self.primal.__qualname__))
        options = (self.options.names, self.options.ascii, self.options.optimize)
        return (_rebuilt, (self.primal, self.what, self.mode, self.wrt, options))


def _by_name(module: str, name: str) -> Any:
    return getattr(importlib.import_module(module), name)


def _rebuilt(fun: Any, what: str, mode: str, wrt: Wrt, options: tuple[str, bool, bool]) -> Any:
    names, ascii, optimize = options
    return Derivative(fun, what, mode=mode, wrt=wrt, names=names, ascii=ascii, optimize=optimize)


def write_dump(dump: Any, text: str) -> None:
    """Print the source, or write it to a path or a text stream."""
    if dump is True:
        print(text, end="")
        return
    if isinstance(dump, (str, os.PathLike)):
        with open(dump, "w", encoding="utf-8") as file:
            file.write(text)
        return
    try:
        dump.write(text)
    except TypeError as error:  # a stream of bytes has a `write`, too
        raise ArgumentError(f"{_DUMPS}, not {a_type(dump)}") from error


# -- arguments --------------------------------------------------------------------------------


def check_callable(fun: Any) -> None:
    """Refuse what is not a plain function or a derivative."""
    if isinstance(fun, Derivative):
        return
    if not isinstance(fun, types.FunctionType):
        if not callable(fun):
            raise ArgumentError(f"a function is differentiated, not {a_type(fun)}")
        read_function(fun)  # its own sentence for each kind of callable


def check_options(mode: Any, names: Any) -> None:
    """Refuse unknown options."""
    if mode not in ("forward", "reverse"):
        raise ArgumentError(f'mode must be "forward" or "reverse", not {mode!r}')
    if names not in ("user", "w"):
        raise ArgumentError(f'names must be "user" or "w", not {names!r}')


_DUMPS = "dump must be True, a path or a text stream"


def check_dump(dump: Any) -> None:
    """Refuse what the source cannot be written to."""
    if isinstance(dump, str) and not dump:
        raise ArgumentError(f"{_DUMPS}, not ''")
    known = dump is None or isinstance(dump, (bool, str, os.PathLike))
    if not known and not callable(getattr(dump, "write", None)):
        raise ArgumentError(f"{_DUMPS}, not {a_type(dump)}")


def positions_of(wrt: Any, parameters: list[str], name: str) -> tuple[int, ...]:
    """The positions of the parameters that ``wrt`` names."""
    wanted = wrt if isinstance(wrt, tuple) else (wrt,)
    if not wanted:
        raise ArgumentError("wrt names no argument")
    found = []
    for each in wanted:
        if isinstance(each, str):
            if each not in parameters:
                raise ArgumentError(
                    f"wrt={each!r}: {name} has the parameters {', '.join(parameters) or 'none'}"
                )
            found.append(parameters.index(each))
        elif isinstance(each, (int, np.integer)) and not isinstance(each, bool):
            if not -len(parameters) <= each < len(parameters):
                raise ArgumentError(f"wrt={each}: {name} has {len(parameters)} parameters")
            found.append(int(each) % len(parameters))
        else:
            raise ArgumentError(
                f"wrt takes a position, a parameter's name or a tuple of them, not {each!r}"
            )
    if len(set(found)) != len(found):
        raise ArgumentError("wrt names an argument twice")
    return tuple(found)


def bound_arguments(fun: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
    """The arguments in the order of the parameters, defaults filled in."""
    signature = signature_of(fun)
    name = getattr(fun, "__name__", "the function")
    for each in signature.parameters.values():
        if each.kind in (each.VAR_POSITIONAL, each.VAR_KEYWORD):
            raise ArgumentError(
                f"{name} has the parameter `{each}`: how many values it holds is known only when "
                "the function is called; write a parameter for each, or one for a tuple or a dict"
            )
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError as error:
        raise ArgumentError(f"{name}{signature}: {error}") from None
    bound.apply_defaults()
    return [bound.arguments[name] for name in signature.parameters]


def kinds_of(fun: Any, arguments: list[Any]) -> Kinds:
    """The kinds of the arguments of a call."""
    check_builtins()
    names = list(signature_of(fun).parameters)
    check_classes(fun, dict(zip(names, arguments, strict=True)))
    kinds = []
    for name, value in zip(names, arguments, strict=True):
        kind = layout_of(value, name)
        if kind is None:
            raise ArgumentError(said(name, value))
        kinds.append(kind)
    return tuple(kinds)


def own_arguments(made: Plain, parameters: list[str], arguments: list[Any]) -> list[Any]:
    """Of the arguments of a call those that the function has which was rewritten."""
    by_name = dict(zip(parameters, arguments, strict=True))
    return [by_name[name] for name in made.parameters]


def check_differentiable(name: str, kind: Kind, function: str) -> None:
    """Refuse to differentiate with respect to what is not floating point."""
    if kind in (FLOAT, COMPLEX) or (isinstance(kind, Array) and is_floating(kind.dtype)):
        return
    if isinstance(kind, Structure):
        if has_floats(kind):
            return
        what = f"a {kind.form} without floats in it"
    elif kind == INT:
        what = "an int: pass a float (3.0, not 3)"
    elif isinstance(kind, Array):
        what = f"an array of dtype {kind.dtype}: pass an array of floats"
    elif isinstance(kind, Literal):
        what = f"{kind.value!r}, which is no number"
    else:
        what = "not a number"
    raise ArgumentError(f"{function} is differentiated with respect to {name}, but it is {what}")


def check_inside(name: str, kind: Kind, function: str) -> None:
    """Refuse a derivative inside a function of what is no number and no array for certain."""
    if isinstance(kind, Unknown):
        what = "a number on one path and an array on another"
    elif isinstance(kind, (TupleOf, ListOf)):
        what = f"a {'tuple' if isinstance(kind, TupleOf) else 'list'}"
    elif isinstance(kind, Other):
        what = "no number and no array"
    else:
        return
    raise ArgumentError(f"the argument {name} of {function} is {what}")


def _is_same(left: object, right: object) -> bool:
    """Whether two defaults are one object, or are written the same."""
    numbers = type(left) is type(right) and type(left) in NUMBERS
    return left is right or (numbers and repr(left) == repr(right))


# How a NumPy number becomes a Python one.
_CONVERSIONS: dict[Kind, Callable[[Any], Any]] = {FLOAT: float, INT: int}


def _plain(value: Any, kind: Kind) -> Any:
    """A NumPy number as a Python one: scalar code runs twice as fast on it."""
    as_type = _CONVERSIONS.get(kind)
    return value if as_type is None else as_type(value)
