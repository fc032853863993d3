"""``--at x=1.0,a=2.0``: the arguments of a function, and their kinds."""

from __future__ import annotations

import ast

from srcad.analysis.kind import BOOL, FLOAT, Kind, Literal, kind_of_value
from srcad.analysis.operation import defaults_of, parameters_of
from srcad.errors import ArgumentError
from srcad.show.job import Job
from srcad.show.settings import UsageError

Value = int | float | str | bool | None


def values_in(text: str) -> dict[str, Value]:
    """The values of a point.

    >>> values_in("x=1.0, a=-2, mode='fast'")
    {'x': 1.0, 'a': -2, 'mode': 'fast'}
    """
    wrong = UsageError(f"--at takes values with commas between, as in x=1.0,a=2.0, not {text!r}")
    try:
        parsed = ast.parse(f"f({text})", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise wrong from None
    if not isinstance(parsed, ast.Call) or parsed.args or not parsed.keywords:
        raise wrong
    found: dict[str, Value] = {}
    for keyword in parsed.keywords:
        if keyword.arg is None or keyword.arg in found:
            raise wrong
        try:
            value = ast.literal_eval(keyword.value)
        except (ValueError, SyntaxError):
            raise wrong from None
        if value is not None and not isinstance(value, int | float | str):
            raise UsageError(f"--at takes numbers: {keyword.arg} is a {type(value).__name__}")
        found[keyword.arg] = value
    return found


def point_of(job: Job, text: str) -> tuple[dict[str, Value], tuple[Kind, ...]]:
    """Every argument of a job's function, and its kind.

    A whole number is meant as a float where the function takes one.
    """
    given, source = values_in(text), job.source
    parameters = parameters_of(source)
    unknown = [name for name in given if name not in parameters]
    if unknown:
        raise UsageError(
            f"--at gives {unknown[0]}, but the parameters of {source.name} are "
            f"{', '.join(parameters)}: choose a function with --function"
        )
    values = {
        name: value
        for name, value in defaults_of(source).items()
        if value is None or isinstance(value, int | float | str)
    } | given
    missing = [name for name in parameters if name not in values]
    if missing:
        raise UsageError(f"--at gives no value for {missing[0]}, which {source.name} takes")
    point: dict[str, Value] = {}
    kinds: list[Kind] = []
    for position, name in enumerate(parameters):
        value = values[name]
        if type(value) is int and (position in job.wrt or job.kinds[position] == FLOAT):
            try:
                value = float(value)
            except OverflowError:
                raise UsageError(f"--at: {name} is too large for a float") from None
        kind = kind_of_value(value, name)
        if kind is None or kind == BOOL:
            kind = Literal(value)
        if position in job.wrt and kind != FLOAT:
            raise ArgumentError(f"{name} must be a number, because it is differentiated")
        point[name] = value
        kinds.append(kind)
    return point, tuple(kinds)
