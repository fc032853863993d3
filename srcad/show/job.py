"""From an order to all that its derivative depends on: mode, arguments, kinds, names."""

from __future__ import annotations

from dataclasses import dataclass

import gast

from srcad.analysis.kind import FLOAT, Array, Kind, is_continuous
from srcad.analysis.operation import defaults_of, parameters_of
from srcad.derivative import check_differentiable, check_options, positions_of
from srcad.emit import text
from srcad.errors import ArgumentError
from srcad.pipeline import Options
from srcad.read import Source
from srcad.show.order import Order
from srcad.show.settings import Settings, UsageError
from srcad.suggest import array_of, kinds_in

KNOWN = frozenset({"mode", "wrt", "names", "ascii", "optimize", "dump"})


@dataclass(frozen=True)
class Job:
    """One derivative to print."""

    source: Source
    lineno: int
    mode: str
    wrt: tuple[int, ...]
    kinds: tuple[Kind, ...]
    options: Options
    several: bool  #: the gradient is a tuple
    value: bool  #: the value is returned as well
    as_called: bool  #: what the file's own derivative runs, not the form of the textbooks
    #: Parameters beside arrays that nothing says anything of.
    taken_for_floats: tuple[str, ...] = ()

    @property
    def active(self) -> tuple[bool, ...]:
        """Which parameters are differentiated."""
        return tuple(n in self.wrt for n in range(len(self.kinds)))

    def header(self) -> str:
        """The line above the output."""
        parameters = parameters_of(self.source)
        wanted = ", ".join(parameters[n] for n in self.wrt)
        return (
            f"# {self.source.filename}:{self.lineno} {self.source.name}({', '.join(parameters)}): "
            f"{self.mode} mode, with respect to {wanted}"
        )


def jobs_of(order: Order, settings: Settings) -> list[Job]:
    """The derivatives of one order: two for ``--mode both``.

    Raises ``UsageError`` for options of the command line that do not fit the function, and
    ``ArgumentError`` for those of the file.
    """
    source = order.source
    if order.reason or source is None:
        raise ArgumentError(order.reason or "its source is not known")
    unknown = sorted(set(order.options) - KNOWN)
    if unknown:
        raise ArgumentError(f"{order.api} takes no option {unknown[0]!r}")
    own_mode = order.options.get("mode", "reverse")
    own_names = order.options.get("names", "user")
    check_options(own_mode, own_names)
    wrt, several = _wrt(order, source, settings)
    kinds = _kinds(source, wrt, settings)
    taken = _taken_for_floats(source, kinds, settings)
    for position in wrt:
        check_differentiable(parameters_of(source)[position], kinds[position], source.name)
    wanted = settings.mode or own_mode
    options = Options(
        str(settings.names or own_names),
        settings.ascii or bool(order.options.get("ascii", False)),
        bool(order.options.get("optimize", True)),
    )
    as_called = bool(order.api) and settings.mode is None and settings.names is None
    value = order.api == "value_and_grad"
    modes = ("forward", "reverse") if wanted == "both" else (str(wanted),)
    return [
        Job(source, order.lineno, mode, wrt, kinds, options, several, value, as_called, taken)
        for mode in modes
    ]


def _wrt(order: Order, source: Source, settings: Settings) -> tuple[tuple[int, ...], bool]:
    """The positions to differentiate with respect to, and whether a tuple of results is meant."""
    parameters = parameters_of(source)
    if settings.wrt is not None:
        try:
            positions = positions_of(settings.wrt, parameters, source.name)
        except ArgumentError as error:
            raise UsageError(f"--wrt: {error}") from None
        return positions, len(positions) > 1
    if order.api:
        own = order.options.get("wrt", 0)
        return positions_of(own, parameters, source.name), isinstance(own, tuple)
    floats = tuple(n for n, kind in enumerate(_kinds(source, (), settings)) if is_continuous(kind))
    if not floats:
        raise ArgumentError(f"{source.name} has no parameter that is a float or an array of them")
    return floats, len(floats) > 1


def _kinds(source: Source, differentiated: tuple[int, ...], settings: Settings) -> tuple[Kind, ...]:
    """The kinds that annotations, defaults and uses of the parameters suggest, or the command."""
    defaults = {k: v for k, v in defaults_of(source).items() if not isinstance(v, gast.AST)}
    kinds = kinds_in(source, annotations_of(source), defaults, differentiated)
    parameters, told = parameters_of(source), dict(settings.axes)
    unknown = [name for name in told if name not in parameters]
    if unknown:
        raise UsageError(
            f"--axes names {unknown[0]}, but the parameters of {source.name} are "
            f"{', '.join(parameters)}: choose a function with --function"
        )
    return tuple(
        kind if name not in told else array_of(name, told[name]) if told[name] else FLOAT
        for name, kind in zip(parameters, kinds, strict=True)
    )


def _taken_for_floats(
    source: Source, kinds: tuple[Kind, ...], settings: Settings
) -> tuple[str, ...]:
    """The parameters beside arrays that are floats because nothing says what they are."""
    told = annotations_of(source).keys() | defaults_of(source).keys() | dict(settings.axes).keys()
    rows = list(zip(parameters_of(source), kinds, strict=True))
    beside_arrays = any(isinstance(kind, Array) for kind in kinds)
    return tuple(n for n, kind in rows if kind == FLOAT and n not in told and beside_arrays)


def annotations_of(source: Source) -> dict[str, str]:
    """The annotations of the parameters, as they are written."""
    arguments = source.tree.args
    found: dict[str, str] = {}
    for each in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
        note = each.annotation
        if isinstance(note, gast.Constant) and isinstance(note.value, str):
            found[each.id] = note.value
        elif note is not None:
            found[each.id] = text(note)
    return found
