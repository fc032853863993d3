"""``--at``: the table of all values and derivatives at a point, as one fills it in by hand.

A row is one value of the function, in the order of computation.  In forward mode a column gives
its derivative with respect to an input (the tangent, from the seed 1 of that input), in reverse
mode the derivative of the result with respect to the value (the adjoint; read from the bottom).
"""

from __future__ import annotations

from srcad.analysis.operation import parameters_of
from srcad.emit import one_line, text
from srcad.errors import ArgumentError
from srcad.names import Names
from srcad.pipeline import Program
from srcad.show.job import Job
from srcad.show.point import point_of
from srcad.show.say import columns
from srcad.show.trace import Trace


def table(job: Job, at: str) -> str:
    """The table of one function at one point.

    >>> from srcad.show.job import jobs_of
    >>> from srcad.show.order import orders_in
    >>> from srcad.show.settings import Settings
    >>> (order,) = orders_in("def f(x, a):\\n    y = x * a\\n    return x - y\\n", "f.py")
    >>> (job,) = jobs_of(order, Settings())
    >>> print(table(job, "x=3, a=2"), end="")
    variable  expression  source        value  w̄
    w1        x           x             3      -1
    w2        a           a             2      -3
    w3        w1 * w2     y = x * a     6      -1
    w4        w1 - w3     return x - y  -3     1
    """
    point, kinds = point_of(job, at)
    parameters = parameters_of(job.source)
    listing = Program(job.options).lowered(job.source, kinds, job.active)
    if len(listing.results) != 1 or not isinstance(listing.structure, str):
        raise ArgumentError(f"a table is made of a function with one result: {job.source.name}")
    trace = Trace(listing, point, {parameters[n] for n in job.wrt})
    trace.run()
    rows = [["variable", "expression", "source", "value"]]
    for step, value in zip(trace.steps, trace.values, strict=True):
        source = text(step.expression) if step.origin is None else one_line(step.origin)
        rows.append([step.name, text(step.expression), source, _number(value)])
    names = Names(ascii=job.options.ascii)
    if job.mode == "forward":
        for position in job.wrt:
            seed = trace.step_of_input(parameters[position])
            head = f"{names.dot('w')} ({names.dot(seed.name)} = 1)"
            _append(rows, head, tangents(trace, seed.number))
    else:
        end = trace.step_of(listing.result)
        _append(rows, names.bar("w"), adjoints(trace, end.number if end else 0))
    return _aligned(rows)


def tangents(trace: Trace, seed: int) -> list[float]:
    """The derivative of each value with respect to one input, in the order of computation."""
    # None: it does not depend on the input.  (0 times a slope that is infinite is not a number.)
    found: list[float | None] = []
    for number, slopes in enumerate(trace.slopes, 1):
        total = 1.0 if number == seed else None
        for operand, slope in slopes.items():
            tangent = found[operand - 1]
            if tangent is not None:
                total = (total or 0.0) + slope * tangent
        found.append(total)
    return [each or 0.0 for each in found]


def adjoints(trace: Trace, result: int) -> list[float]:
    """The derivative of the result with respect to each value, found from the last to the first."""
    # None: the result does not depend on it.
    found: list[float | None] = [None] * len(trace.slopes)
    if result:
        found[result - 1] = 1.0
    for number in range(len(found), 0, -1):
        adjoint = found[number - 1]
        if adjoint is not None:
            for operand, slope in trace.slopes[number - 1].items():
                found[operand - 1] = (found[operand - 1] or 0.0) + adjoint * slope
    return [each or 0.0 for each in found]


def _number(value: float) -> str:
    return f"{value:.10g}"


def _append(rows: list[list[str]], head: str, column: list[float]) -> None:
    for row, cell in zip(rows, [head, *map(_number, column)], strict=True):
        row.append(cell)


def _aligned(rows: list[list[str]]) -> str:
    widths = [max(map(columns, cells)) for cells in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [c + " " * (w - columns(c)) for c, w in zip(row, widths, strict=True)]
        lines.append("  ".join(cells).rstrip() + "\n")
    return "".join(lines)
