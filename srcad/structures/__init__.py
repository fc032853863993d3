"""Functions of structures (dicts, tuples, objects ...) as functions of the numbers in them."""

from srcad.structures.fits import fitting
from srcad.structures.layout import Structure, has_floats, layout_of, with_values
from srcad.structures.plain import Plain, is_structured, plain

__all__ = [
    "Plain",
    "Structure",
    "fitting",
    "has_floats",
    "is_structured",
    "layout_of",
    "plain",
    "with_values",
]
