"""The computation graph of a function: a node for each value, an edge from operand to result.

An edge carries the local partial derivative: the chain rule along all paths from an input to the
result gives the derivative.
"""

from __future__ import annotations

from collections.abc import Callable

import gast

from srcad.analysis.kind import FLOAT, Array, ListOf, Unknown
from srcad.analysis.operation import Operation, parameters_of
from srcad.emit import one_line, text
from srcad.errors import ArgumentError
from srcad.listing import Listing, origin_of
from srcad.pipeline import Program
from srcad.show.job import Job
from srcad.show.steps import Path, Step, Steps, item_at, leaves_of, short_choice, simplified
from srcad.tree import Node, is_name, load


def graph(job: Job, language: str) -> str:
    """The graph of a job's function, for ``mermaid`` or for ``dot``.

    >>> from srcad.show.job import jobs_of
    >>> from srcad.show.order import orders_in
    >>> from srcad.show.settings import Settings
    >>> (order,) = orders_in("def f(x, a):\\n    return x * a\\n", "f.py")
    >>> (job,) = jobs_of(order, Settings())
    >>> print(graph(job, "mermaid"), end="")
    %% f.py:1 f(x, a): computation graph
    flowchart LR
        w1["w1 = x"]
        w2["w2 = a"]
        w3(["w3 = w1 * w2"])
        w1 -->|"w2"| w3
        w2 -->|"w1"| w3
    """
    listing = Program(job.options).lowered(
        job.source, job.kinds, tuple(kind == FLOAT for kind in job.kinds)
    )
    steps = steps_of(job, listing)
    results = {steps.where[name].number for name in listing.results if name in steps.where}
    write: Callable[[str, str, list[Step], set[int]], str]
    write = {"mermaid": mermaid, "dot": dot}[language]
    title = (
        f"{job.source.filename}:{job.lineno} {job.source.name}"
        f"({', '.join(parameters_of(job.source))}): computation graph"
    )
    return write(title, job.source.name, steps.steps, results)


def steps_of(job: Job, listing: Listing) -> Steps:
    """The steps of a listing of numbers without branches and loops."""
    steps = Steps(listing, _call_partials, short_choice)
    for name, kind in zip(parameters_of(job.source), job.kinds, strict=True):
        if kind == FLOAT:
            steps.input(name, load(name))
    for name, kind in listing.kinds.items():
        if isinstance(kind, Array | ListOf | Unknown):
            what = "a list" if isinstance(kind, ListOf) else "an array"
            raise ArgumentError(f"a graph is drawn of numbers: {name} is {what}")
    for stmt in listing.body:
        origin = origin_of(stmt)
        if isinstance(stmt, gast.If | gast.For | gast.While):
            where = one_line(origin if origin is not None else stmt)
            raise ArgumentError(f"a graph is drawn of code without branches and loops: `{where}`")
        if not isinstance(stmt, gast.Assign):
            continue
        (target,) = stmt.targets
        leaves = leaves_of(target)
        floats = {n: path for n, path in leaves.items() if listing.kinds.get(n) == FLOAT}
        others = {n: path for n, path in leaves.items() if n not in floats}
        if not is_name(target):
            steps.unpacked(floats, stmt.value, origin)
        elif floats:
            steps.assigned(target.id, stmt.value, origin)
        for name, path in others.items():
            steps.inlined(name, item_at(stmt.value, path))
    return steps


def _call_partials(operation: Operation, operands: list[Node], path: Path) -> dict[int, Node]:
    """The partial derivatives of a call of a user's function, by their names."""
    callee = operation.callee
    assert callee is not None
    names = parameters_of(callee)
    return {
        n: load(f"∂{text(item_at(load(callee.name), path))}/∂{names[n]}")
        for n in range(len(operands))
    }


def _edges(steps: list[Step]) -> list[tuple[str, str, str]]:
    return [
        (f"w{operand}", step.name, text(simplified(partial)))
        for step in steps
        for operand, partial in step.partials.items()
    ]


def mermaid(title: str, name: str, steps: list[Step], results: set[int]) -> str:
    """A flowchart of Mermaid; results are round."""
    lines = [f"%% {title}", "flowchart LR"]
    for step in steps:
        left, right = ("([", "])") if step.number in results else ("[", "]")
        label = _mermaid_text(f"{step.name} = {text(step.expression)}")
        lines.append(f'    {step.name}{left}"{label}"{right}')
    for start, end, label in _edges(steps):
        lines.append(f'    {start} -->|"{_mermaid_text(label)}"| {end}')
    return "\n".join(lines) + "\n"


def _mermaid_text(label: str) -> str:
    """A label in which nothing is read as markup.

    >>> _mermaid_text('a < "b"')
    'a #lt; #quot;b#quot;'
    """
    codes = {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "`": "#96;"}
    return "".join(codes.get(character, character) for character in label)


def dot(title: str, name: str, steps: list[Step], results: set[int]) -> str:
    """A digraph of Graphviz; results have a double border."""
    lines = [
        f"// {title}",
        f"digraph {_dot_text(name)} {{",
        "    rankdir=LR",
        "    node [shape=box]",
    ]
    for step in steps:
        label = _dot_text(f"{step.name} = {text(step.expression)}")
        border = ", peripheries=2" if step.number in results else ""
        lines.append(f"    {step.name} [label={label}{border}]")
    for start, end, label in _edges(steps):
        lines.append(f"    {start} -> {end} [label={_dot_text(label)}]")
    return "\n".join([*lines, "}"]) + "\n"


def _dot_text(label: str) -> str:
    """A quoted string of Graphviz.

    >>> print(_dot_text('a "b"'))
    "a \\"b\\""
    """
    escaped = label.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
