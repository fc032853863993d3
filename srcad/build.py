"""Text to function: the text is compiled, never the tree, and what is shown is what runs."""

from __future__ import annotations

import itertools
import linecache
import types
from typing import Any

_numbers = itertools.count(1)


def build(text: str, name: str, bindings: dict[str, object]) -> Any:
    """The function of a given name that a module's text defines.

    ``bindings`` are the live objects that its free names mean.  The text is entered into
    ``linecache``, so that tracebacks and debuggers show it, and it can be read again.

    >>> square = build("def square(x):\\n    return x * x\\n", "square", {})
    >>> square(3.0)
    9.0
    """
    filename = f"<srcad {name} {next(_numbers)}>"
    module = types.ModuleType("srcad.generated")
    module.__dict__.update(bindings)
    # No modification time: the entry is never checked against a file.
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    code = compile(text, filename, "exec", dont_inherit=True)
    exec(code, module.__dict__)  # compiling text is what srcad is for
    return module.__dict__[name]
