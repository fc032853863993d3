"""A job to the text that is printed: its header, and the source, a table or a graph."""

from __future__ import annotations

from srcad.analysis.kind import Array, TupleOf
from srcad.pipeline import Program, made
from srcad.show.job import Job
from srcad.show.settings import Settings
from srcad.specialisation import check_scalar


def block(job: Job, settings: Settings) -> str:
    """All that is printed for one job; it ends in a newline."""
    if settings.at is not None:
        from srcad.show.table import table

        return f"{job.header()}\n{table(job, settings.at)}"
    if settings.format != "python":
        from srcad.show.graph import graph

        return graph(job, settings.format)
    return f"{job.header()}\n{derivative(job, stages=settings.stages)}"


def derivative(job: Job, *, stages: bool = False) -> str:
    """The generated source; with ``stages`` the text after each pass."""
    program, _ = made(job.options, lambda program: generate(program, job))
    if not stages:
        return program.text()
    return "\n".join(f"# stage: {name}\n{code}" for name, code in program.stages.items())


def generate(program: Program, job: Job) -> str:
    """Have the job's derivative made in a program; its name.

    For a function that asks for its gradient this is what it runs.  Else forward mode is shown as
    ``f_jvp``, with the tangents of the arguments as arguments, and reverse mode in the notes' own
    numbering as ``f_vjp``, with the adjoint of the result as an argument.
    """
    source, kinds, active = job.source, job.kinds, job.active
    result = program.call_kind(source, kinds)
    if job.as_called:
        check_scalar(source, result)
    if job.mode == "forward":
        if job.as_called:
            return program.forward_gradient(
                source, kinds, job.wrt, value=job.value, several=job.several
            )
        return program.tangent(source, kinds, active)
    seeded = not job.as_called and (
        job.options.names == "w" or isinstance(result, (Array, TupleOf))
    )
    if not seeded:
        check_scalar(source, result)
    return program.gradient(
        source,
        kinds,
        active,
        value=job.value and not seeded,
        seeded=seeded,
        order=job.wrt,
        several=job.several,
    )
