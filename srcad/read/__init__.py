"""Function or file → gast tree with positions, and which object each name means."""

from srcad.read.live import LiveScope
from srcad.read.locate import read_function, source_for
from srcad.read.source import Scope, Source, Unresolved

__all__ = [
    "LiveScope",
    "Scope",
    "Source",
    "Unresolved",
    "read_function",
    "source_for",
]
