"""Text to function: the text is compiled, never the tree, and what is shown is what runs."""

from __future__ import annotations

import itertools
import linecache
import types
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

_numbers = itertools.count(1)
# Where a generated module has its places, and its text: no name of a user's is like that.
PLACES = "places of lines"
TEXT = "text of the module"


def build(
    text: str, name: str, bindings: dict[str, object], places: Sequence[tuple[str, int]] = ()
) -> Any:
    """The function of a given name that a module's text defines.

    ``bindings`` are the live objects that its free names mean.  The text is entered into
    ``linecache``, so that tracebacks and debuggers show it; the module keeps it as well, to be read
    again, for others may empty ``linecache``.  ``places`` are the user's files and lines that its
    lines are made from: errors name them.

    >>> square = build("def square(x):\\n    return x * x\\n", "square", {})
    >>> square(3.0)
    9.0
    """
    filename = f"<srcad {name} {next(_numbers)}>"
    module = types.ModuleType("srcad.generated")
    module.__dict__.update(bindings)
    module.__dict__[PLACES] = places
    module.__dict__[TEXT] = text
    # No modification time: the entry is never checked against a file.
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    code = compile(text, filename, "exec", dont_inherit=True)
    exec(code, module.__dict__)  # compiling text is what srcad is for
    return module.__dict__[name]


@contextmanager
def placed() -> Iterator[None]:
    """An error out of generated code names the user's line."""
    try:
        yield
    except Exception as error:
        name_place(error)
        raise


def name_place(error: BaseException) -> None:
    """Add to an error out of generated code which line of the user's that was made from."""
    trace, place = error.__traceback__, ("", 0)
    while trace is not None:
        places = trace.tb_frame.f_globals.get(PLACES, ())
        if trace.tb_lineno <= len(places):
            place = places[trace.tb_lineno - 1]
        trace = trace.tb_next
    filename, lineno = place
    line = linecache.getline(filename, lineno).strip() if lineno else ""
    note = f'derived from "{filename}", line {lineno}: {line}'
    if line and note not in getattr(error, "__notes__", ()):
        error.add_note(note)
