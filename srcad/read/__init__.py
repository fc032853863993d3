"""Function or file → gast tree with positions, and which object each name means."""

from srcad.read.live import LiveScope
from srcad.read.locate import read_function, remember, source_for
from srcad.read.module import Module, Request, read_module
from srcad.read.source import Names, Scope, Source, Unresolved
from srcad.read.static import StaticScope
from srcad.read.text import read_text

__all__ = [
    "LiveScope",
    "Module",
    "Names",
    "Request",
    "Scope",
    "Source",
    "StaticScope",
    "Unresolved",
    "read_function",
    "read_module",
    "read_text",
    "remember",
    "source_for",
]
