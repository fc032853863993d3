"""Checks of a function's derivatives against its values.

Forward mode is held against finite differences.  Reverse mode is held against them too, and
against forward mode by the adjoint identity ``⟨ȳ, J ẋ⟩ = ⟨Jᵀ ȳ, ẋ⟩``, which holds to rounding for
any ``ȳ`` and ``ẋ``: random ones are taken, with a fixed seed.

There is no absolute tolerance.  What is granted beside a relative one is the rounding of the
differences themselves, which grows with the function's own values and with nothing else.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from srcad.analysis.kind import Literal, library_of
from srcad.api import jvp, vjp
from srcad.build import build
from srcad.called import for_positions
from srcad.derivative import (
    Derivative,
    bound_arguments,
    check_callable,
    check_options,
    kinds_of,
)
from srcad.errors import ArgumentError, a_type
from srcad.read.called import signature_of
from srcad.specialisation import Kinds, Specialiser

Vector = np.ndarray[Any, np.dtype[np.float64]]


def check_grads(
    f: Callable[..., Any],
    args: Sequence[Any],
    order: int = 2,
    modes: Sequence[str] = ("forward", "reverse"),
    *,
    rtol: float | None = None,
    eps: float = 2.0**-4,
) -> None:
    """Check the value and the derivatives of ``f`` at ``args``, up to an order, in some modes.

    ``f`` may return numbers, arrays or tuples of them.  At each order are checked: the value; in
    forward mode ``J ẋ`` for each argument, in reverse mode ``Jᵀ ȳ``; that no call writes to its
    arguments.  The next order does the same with the derivatives: with the tangent function, and
    with the gradient of a random linear combination of the results.

    :param rtol: the relative tolerance of a comparison with finite differences: 1e-7, or 1e-3 if
        an argument is of less than double precision.
    :param eps: the first step of the differences, relative to the size of the argument.  It is
        halved where the function does not exist, and for the extrapolation.
    :raises AssertionError: where a derivative is wrong, and where the function is not smooth.

    >>> import math, srcad
    >>> def f(x, a):
    ...     return math.exp(-a * x) * x
    >>> srcad.check_grads(f, (1.5, 0.3))
    >>> srcad.check_grads(lambda x: x if x < 1 else 2 * x - 1, (1.0,), order=1)
    Traceback (most recent call last):
    AssertionError: <lambda>: the derivative with respect to x, in forward mode, at order 1: got J ẋ = -2.4, expected -1.8 from finite differences
    """  # noqa: E501  (the line is the message, as printed)
    if not isinstance(modes, (tuple, list)) or not modes:
        raise ArgumentError(f'modes must be a tuple of "forward" and "reverse", not {modes!r}')
    for mode in modes:
        check_options(mode, "user")
    if not isinstance(args, (tuple, list)):
        raise ArgumentError(f"args must be a tuple or a list of arguments, not {a_type(args)}")
    if not isinstance(order, int) or isinstance(order, bool) or order < 1:
        raise ArgumentError(f"order must be a whole number from 1, not {order!r}")
    check_callable(f)
    name = getattr(f, "__name__", "the function")
    for library in filter(None, map(library_of, args)):
        raise ArgumentError(f"check_grads takes NumPy's arrays, not {library}'s")
    made, arguments, _ = for_positions(f, tuple(args))
    given = list(args) if made is f else arguments
    f = made
    narrow = any(getattr(each, "dtype", None) in NARROW for each in given)
    tolerance = rtol if rtol is not None else 1e-3 if narrow else 1e-7
    labels = list(signature_of(f).parameters)[: len(given)]
    case = Case(name, f, given, labels, tolerance, 1e-3 if narrow else 1e-10, eps)
    if isinstance(f, Derivative):
        labels, given, kinds = case.bound()
        case = case.at(f.module_for(kinds).function, values(labels, given, kinds))
    if not case.smooth:
        raise ArgumentError("check_grads needs an argument of floating point")
    case.check(order, tuple(modes), ())


@dataclass
class Case:
    """One function at one point."""

    name: str
    function: Callable[..., Any]
    args: list[Any]
    labels: list[str]
    rtol: float
    identity: float
    eps: float

    @property
    def smooth(self) -> list[int]:
        """The positions of the arguments that may vary."""
        return [n for n, each in enumerate(self.args) if _is_float(each)]

    def check(self, order: int, modes: tuple[str, ...], path: tuple[str, ...]) -> None:
        """Check the first derivatives, and then those of what the modes make of the function."""
        random = np.random.default_rng(0)
        value, left = self._run(self.function, self.args)
        seeds = _random_like(value, random)
        if not flat(value, value).size and not self._is_empty(value):
            raise ArgumentError(f"{self.name} returns nothing that has a derivative")
        for position in self.smooth:
            direction = _direction(self.args[position], random)
            slope = self._differences(position, direction)
            tangent = None
            if "forward" in modes:
                tangent = self._check_jvp(position, direction, slope, value, left, path)
            if "reverse" in modes:
                self._check_vjp(position, direction, slope, tangent, value, seeds, left, path)
        if order > 1:
            if "forward" in modes:
                self._tangent().check(order - 1, modes, (*path, "forward"))
            if "reverse" in modes:
                self._gradient(value, seeds).check(order - 1, modes, (*path, "reverse"))

    @staticmethod
    def _is_empty(value: Any) -> bool:
        return any(np.size(leaf) == 0 for leaf in _leaves(value))

    # -- what is checked -------------------------------------------------------------------------

    def _check_jvp(
        self,
        position: int,
        direction: Any,
        slope: Slope,
        value: Any,
        left: list[Any],
        path: tuple[str, ...],
    ) -> Vector:
        tangents = [_zero(each) if _is_float(each) else None for each in self.args]
        tangents[position] = direction
        what = self._said(position, "forward", path)
        (got_value, got), after = self._run(
            lambda *given: jvp(self.function, given, copy.deepcopy(tangents)), self.args
        )
        self._check_arguments(after, left, what)
        self._check_value(got_value, value, what)
        for leaf, primal in zip(_leaves(got), _leaves(value), strict=True):
            if _is_float(primal) and np.shape(leaf) != np.shape(primal):
                raise AssertionError(
                    f"{what}: got a tangent of shape {np.shape(leaf)}, expected {np.shape(primal)}"
                )
        found = flat(got, value)
        self._compare("J ẋ", found, slope.value, slope.tolerance(self.rtol), what, slope.remark())
        return found

    def _check_vjp(
        self,
        position: int,
        direction: Any,
        slope: Slope,
        tangent: Vector | None,
        value: Any,
        seeds: Any,
        left: list[Any],
        path: tuple[str, ...],
    ) -> None:
        what = self._said(position, "reverse", path)
        pullbacks: list[Callable[[Any], tuple[Any, ...]]] = []

        def forward(*given: Any) -> Any:
            result, pullback = vjp(self.function, *given)
            pullbacks.append(pullback)
            return result

        got_value, after = self._run(forward, self.args)
        self._check_arguments(after, left, what)
        self._check_value(got_value, value, what)
        own = copy.deepcopy(seeds)
        adjoint = pullbacks[0](own)[position]
        if not _same(own, seeds):
            raise AssertionError(f"{what}: the pullback writes to its seed")
        if np.shape(adjoint) != np.shape(self.args[position]):
            raise AssertionError(
                f"{what}: got an adjoint of shape {np.shape(adjoint)}, expected "
                f"{np.shape(self.args[position])}"
            )
        # Of complex numbers the pairing is Re(ȳ ẏ), without a conjugate.
        weights = flat(_conjugated(seeds), value)
        right = np.ravel(np.multiply(_wide(adjoint), _wide(direction)).real)
        got, size = np.array([math.fsum(right)]), float(np.sum(np.abs(right)))
        for reference, rtol, noise, remark in (
            (slope.value, self.rtol, slope.noise, slope.remark()),
            (tangent, self.identity, 0.0, "from ⟨ȳ, J ẋ⟩ with the tangents of forward mode"),
        ):
            if reference is None:
                continue
            terms = weights * reference
            scale = size + float(np.sum(np.abs(terms)))
            tolerance = rtol * scale + float(np.sum(np.abs(weights) * noise))
            want = np.array([np.sum(terms)])
            self._compare("⟨Jᵀ ȳ, ẋ⟩", got, want, np.array([tolerance]), what, remark)

    def _compare(
        self, form: str, got: Vector, want: Vector, tolerance: Vector, what: str, remark: str
    ) -> None:
        # NaN compares false: it never is within a tolerance.
        wrong = ~(np.abs(got - want) <= tolerance)
        if wrong.any():
            n = int(np.argmax(wrong))
            entry = f", entry {n} of the result" if got.size > 1 else ""
            raise AssertionError(
                f"{what}{entry}: got {form} = {float(got[n]):.9g}, "
                f"expected {float(want[n]):.9g} {remark}"
            )

    def _check_value(self, got: Any, want: Any, what: str) -> None:
        left, right = list(_leaves(got)), list(_leaves(want))
        same = len(left) == len(right)
        for one, other in zip(left, right, strict=False):
            same = same and np.shape(one) == np.shape(other)
            if same and _is_float(other):
                size = np.max(np.abs(other), initial=0.0)
                same = bool(np.all(np.abs(np.subtract(one, other)) <= self.identity * size))
            elif same:
                same = bool(np.all(np.equal(one, other)))
        if not same:
            raise AssertionError(f"{what}: got the value {got!r}, expected {want!r}")

    def _check_arguments(self, after: list[Any], left: list[Any], what: str) -> None:
        """The arguments must end as the function itself leaves them."""
        for label, got, want in zip(self.labels, after, left, strict=True):
            if not _same(got, want):
                raise AssertionError(f"{what}: the call changed its argument {label}")

    def _said(self, position: int, mode: str, path: tuple[str, ...]) -> str:
        inner = "".join(f" over {each}" for each in reversed(path))
        return (
            f"{self.name}: the derivative with respect to {self.labels[position]}, "
            f"in {mode}{inner} mode, at order {len(path) + 1}"
        )

    @staticmethod
    def _run(function: Callable[..., Any], args: list[Any]) -> tuple[Any, list[Any]]:
        """The result of a call, and the arguments after it."""
        own = copy.deepcopy(args)
        return copy.deepcopy(function(*own)), own

    # -- finite differences ----------------------------------------------------------------------

    def _differences(self, position: int, direction: Any) -> Slope:
        """The directional derivative, in double precision."""
        args = [_widened(each) for each in self.args]

        def along(t: float) -> Vector:
            moved = copy.deepcopy(args)
            moved[position] = moved[position] + t * _wide(direction)
            if not isinstance(args[position], np.ndarray):
                moved[position] = moved[position].item()
            value = self.function(*moved)
            return flat(value, value)

        slope = differences(along, self.eps)
        if slope is None:
            raise AssertionError(
                f"{self.name} has no finite values around its argument {self.labels[position]}"
            )
        return slope

    # -- the next order --------------------------------------------------------------------------

    def bound(self) -> tuple[list[str], list[Any], Kinds]:
        """All parameters of the function, with the defaults of those that were not given."""
        args = bound_arguments(self.function, tuple(self.args), {})
        labels = list(signature_of(self.function).parameters)
        return labels, args, kinds_of(self.function, args)

    def _tangent(self) -> Case:
        """The generated tangent function, at these arguments and random tangents."""
        labels, args, kinds = self.bound()
        random = np.random.default_rng(1)
        tangents = [_direction(each, random) if _is_float(each) else None for each in args]
        specialiser = Specialiser(lambda: self.function)
        specialiser.run_jvp(kinds, copy.deepcopy(args), copy.deepcopy(tangents))
        (compiled,) = specialiser.cache.values()
        seeds = [(f"the tangent of {n}", t) for n, t in zip(labels, tangents, strict=True)]
        chosen = values(labels, args, kinds)
        return self.at(compiled.function, chosen + [each for each in seeds if each[1] is not None])

    def _gradient(self, value: Any, seeds: Any) -> Case:
        """The generated gradient of a linear combination of the results."""
        labels, args, kinds = self.bound()
        scalar = self.function
        if not isinstance(value, float):
            labels, args, kinds = self.labels, self.args, kinds[: len(self.args)]
            scalar = scalarised(self.function, len(args), value, seeds)
        derivative: Derivative[..., Any] = Derivative(scalar, wrt=tuple(self.smooth))
        by_keyword = derivative.keyword_only  # they keep their defaults
        chosen = [each for each in values(labels, args, kinds) if each[0] not in by_keyword]
        return self.at(derivative.module_for(kinds).function, chosen)

    def at(self, function: Callable[..., Any], chosen: list[tuple[str, Any]]) -> Case:
        """Another function at other arguments, with the same tolerances."""
        labels, args = [label for label, _ in chosen], [value for _, value in chosen]
        return Case(self.name, function, args, labels, self.rtol, self.identity, self.eps)


def values(labels: list[str], args: list[Any], kinds: Kinds) -> list[tuple[str, Any]]:
    """The arguments that generated code takes: those that are no constants of it."""
    return [
        (label, value)
        for label, value, kind in zip(labels, args, kinds, strict=True)
        if not isinstance(kind, Literal)
    ]


def scalarised(f: Callable[..., Any], count: int, value: Any, seeds: Any) -> Callable[..., Any]:
    """``⟨ȳ, f(x)⟩`` as a function with a source: what a gradient exists of.

    >>> g = scalarised(lambda x, a: (x * a, x), 2, (6.0, 3.0), (10.0, 1.0))
    >>> g(3.0, 2.0)
    63.0
    """
    parameters = ", ".join(f"x{n}" for n in range(count))
    bindings: dict[str, object] = {"f": f, "np": np}
    terms: list[str] = []

    def pattern(leaf: Any, seed: Any) -> str:
        """The target that a result is unpacked to; its terms are noted on the way."""
        if isinstance(leaf, tuple):
            parts = [pattern(one, other) for one, other in zip(leaf, seed, strict=True)]
            return f"({', '.join(parts)},)"
        name = f"y{len(bindings)}"
        bindings[f"s{name}"] = seed
        if _is_float(leaf):
            term = f"np.sum({name} * s{name})" if np.ndim(leaf) else f"({name} * s{name})"
            terms.append(f"{term}.real" if np.iscomplexobj(leaf) else term)
        return name

    target = pattern(value, seeds)
    text = (
        f"def scalarised({parameters}):\n"
        f"    {target} = f({parameters})\n"
        f"    return {' + '.join(terms)}\n"
    )
    function: Callable[..., Any] = build(text, "scalarised", bindings)
    return function


@dataclass
class Slope:
    """A derivative by finite differences, entry by entry, and how well it is known."""

    value: Vector
    noise: Vector  #: what rounding of the function's values does to it
    error: Vector  #: by how much the last extrapolations differ

    def tolerance(self, rtol: float) -> Vector:
        """The largest difference that is granted."""
        return rtol * np.abs(self.value) + self.noise

    def remark(self) -> str:
        """Where the number comes from, and whether it can be trusted."""
        settled = self.error <= 1e-4 * np.abs(self.value) + self.noise
        doubt = "" if bool(np.all(settled)) else ", which do not settle here"
        return f"from finite differences{doubt}"


def differences(along: Callable[[float], Vector], step: float, rows: int = 11) -> Slope | None:
    """``d along / dt`` at 0, by central differences and Richardson's extrapolation.

    Ridders, *Accurate computation of F'(x) and F'(x) F''(x)*, Adv. Eng. Software 4 (1982): the
    step is halved, the even powers of it are eliminated, and of all extrapolations the one that
    differs least from its neighbours is taken, here for each entry of the result.  None where
    there is no value on one side at any step.

    >>> slope = differences(lambda t: np.array([math.exp(1.0 + t)]), 0.0625)
    >>> abs(float(slope.value[0]) / math.e - 1) < 1e-12
    True
    """
    best: Slope | None = None
    previous: list[Vector] = []
    noise: Any = 0.0
    for _ in range(rows):
        sides = _both_sides(along, step)
        if sides is None:  # outside the domain: nothing at this step
            previous, step = [], step / 2
            continue
        up, down = sides
        row = [(up - down) / (2 * step)]
        noise = np.maximum(noise, 2.0**-47 * np.maximum(np.abs(up), np.abs(down)) / step)
        if best is None:
            best = Slope(row[0], noise, np.full_like(row[0], np.inf))
        for power, older in enumerate(previous, 1):
            row.append(row[-1] + (row[-1] - older) / (4.0**power - 1))
            error = np.maximum(np.abs(row[-1] - row[-2]), np.abs(row[-1] - older))
            better = error <= best.error
            best = Slope(
                np.where(better, row[-1], best.value),
                np.where(better, noise, best.noise),
                np.where(better, error, best.error),
            )
        previous, step = row, step / 2
    return best


def _both_sides(along: Callable[[float], Vector], step: float) -> tuple[Vector, Vector] | None:
    try:
        with np.errstate(all="ignore"):
            up, down = along(step), along(-step)
    except (ArithmeticError, ValueError):
        return None
    return (up, down) if np.isfinite(up).all() and np.isfinite(down).all() else None


# -- numbers, arrays and tuples of them ----------------------------------------------------------


NARROW = (np.float16, np.float32, np.complex64)


def _is_float(value: Any) -> bool:
    if isinstance(value, (np.ndarray, np.generic)):
        return value.dtype.kind in "fc"
    return isinstance(value, (float, complex))


def _wide(value: Any) -> Any:
    """A number or an array in double precision."""
    return np.asarray(value, np.complex128 if np.iscomplexobj(value) else np.float64)


def _conjugated(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return tuple(map(_conjugated, value))
    return np.conj(value)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, (tuple, list)):
        for each in value:
            yield from _leaves(each)
    else:
        yield value


def flat(value: Any, like: Any) -> Vector:
    """The entries of all leaves that are of floating point in ``like``, as one vector.

    >>> flat((1.0, np.array([[2.0, 3.0]]), 5), (1.0, np.array([[0.0, 0.0]]), 5))
    array([1., 2., 3.])
    >>> flat(1 + 2j, 0j)  # a complex number is two real ones
    array([1., 2.])
    """
    pairs = zip(_leaves(value), _leaves(like), strict=True)
    parts = [
        np.ravel(np.asarray(v, np.complex128)).view(np.float64)
        if np.iscomplexobj(each)
        else np.ravel(np.asarray(v, np.float64))
        for v, each in pairs
        if _is_float(each)
    ]
    return np.concatenate(parts) if parts else np.zeros(0)


def _signs(shape: tuple[int, ...], random: np.random.Generator) -> Any:
    return random.integers(16, 32, shape) / 20 * random.choice([-1.0, 1.0], shape)


def _random_like(value: Any, random: np.random.Generator) -> Any:
    """A random adjoint for a result."""
    if isinstance(value, (tuple, list)):
        return tuple(_random_like(each, random) for each in value)
    if not _is_float(value):
        return 0.0
    seed = _signs(np.shape(value), random)
    if np.iscomplexobj(value):
        seed = seed + 1j * _signs(np.shape(value), random)
    return np.asarray(seed, value.dtype) if isinstance(value, np.ndarray) else _number(seed)


def _number(value: Any) -> Any:
    return np.asarray(value).item()


def _direction(value: Any, random: np.random.Generator) -> Any:
    """A random tangent, each entry of its primal's size."""
    sizes = np.abs(_wide(value))
    largest = float(np.max(sizes, initial=0.0)) or 1.0
    tangent = np.where(sizes == 0, largest, sizes) * np.abs(_signs(np.shape(value), random))
    tangent *= random.choice([-1.0, 1.0], np.shape(value))
    if np.iscomplexobj(value):
        tangent = tangent * np.exp(1j * _signs(np.shape(value), random))
    return np.asarray(tangent, value.dtype) if isinstance(value, np.ndarray) else _number(tangent)


def _zero(value: Any) -> Any:
    return np.zeros_like(value) if isinstance(value, np.ndarray) else 0.0


def _widened(value: Any) -> Any:
    """The value in double precision: differences of single precision show nothing."""
    if isinstance(value, np.ndarray):
        return _wide(value) if _is_float(value) else value
    return _number(_wide(value)) if _is_float(value) else value


def _same(got: Any, want: Any) -> bool:
    """Equal to the last bit."""
    if isinstance(want, (tuple, list)):
        return all(_same(g, w) for g, w in zip(got, want, strict=True))
    if isinstance(want, (float, complex, np.generic, np.ndarray)):
        return bool(np.array_equal(got, want, equal_nan=np.asarray(want).dtype.kind in "fc"))
    return bool(got == want)
