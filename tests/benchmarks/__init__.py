"""What the derivatives cost, measured; nothing here is a test.

Run from the root of the repository, on an otherwise idle machine::

    python -m tests.benchmarks                      # everything, some minutes
    python -m tests.benchmarks lorenz import_time   # only these

The names are those of the files:

- ``sigmoid``, ``lorenz``, ``rosenbrock``: a program, its adjoint as an expert writes it by hand,
  and the adjoint that srcad generates.  The two gradients must agree to 1e-9 before anything is
  timed.
- ``kernels``: the same for NumPy code, with time loops, slices and elements written in place, and
  with the peak of memory in use.  Its files can be named alone: ``stencils``, ``seidel``,
  ``cholesky``, ``networks``, ``mixture``, ``bundle``, ``black_scholes``.
- ``element_time``: the time of an element read or written in a loop, which must not grow with the
  length of its array.
- ``call_overhead``: what the ``Derivative`` object adds to a call of the generated function.
- ``generation_time``: how long a derivative takes to generate, and how that grows with the source.
- ``import_time``: what ``import srcad`` adds to ``import numpy``.

Every table shows its target beside the measurement.  Competitors are timed in turn, A B A B, so
that a slow spell of the machine slows all of them.  Where a ratio or a difference is shown of the
minima and of the medians, the first is held against the target; where the two are far apart, the
measurement was disturbed.
The exit code is 0 whatever comes out: a time depends on the machine, so that a person must read it,
and it never fails a build.
"""
