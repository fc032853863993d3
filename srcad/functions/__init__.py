"""Functions as values: nested ones, lambdas, and those that are handed on, as plain functions."""

from srcad.functions.lifted import LiftedScope, source_of

__all__ = ["LiftedScope", "source_of"]
