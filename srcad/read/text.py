"""The text of a file, its tree and its code: where every question about a source starts.

`inspect.getsource` is not used: it cuts a function out of its file by indentation, which a string
with a line at column 0 defeats, and what it cuts out must then be dedented, which moves every
column. Here the whole file is parsed, and everything keeps its place in it.
"""

from __future__ import annotations
import __future__

import ast
import functools
import importlib.util
import linecache
import os.path
import re
import types
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from srcad.build import TEXT
from srcad.errors import Problem, SourceError

Definition: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda"

# What `from __future__ import ...` changes for the compiler, one bit each.
FUTURE_FLAGS = 0
for _name in __future__.all_feature_names:
    FUTURE_FLAGS |= getattr(__future__, _name).compiler_flag


@dataclass(frozen=True, eq=False)
class File:
    """A parsed and compiled file. Nothing of it is executed."""

    text: str
    filename: str
    lines: tuple[str, ...]
    tree: ast.Module
    code: types.CodeType

    @functools.cached_property
    def definitions(self) -> Mapping[tuple[int, str], list[tuple[Definition, str | None]]]:
        """Each function and lambda with the class around it, by first line and name.

        The line of a decorated function is that of its first decorator, as in `co_firstlineno`.
        """
        found: dict[tuple[int, str], list[tuple[Definition, str | None]]] = defaultdict(list)
        waiting: list[tuple[ast.AST, str | None]] = [(self.tree, None)]
        inside_expressions = "lambda" in self.text
        while waiting:  # no recursion: trees are as deep as expressions are long
            node, class_name = waiting.pop()
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
                found[first, node.name].append((node, class_name))
            elif isinstance(node, ast.Lambda):
                found[node.lineno, "<lambda>"].append((node, class_name))
            elif isinstance(node, ast.ClassDef):
                class_name = node.name
            if inside_expressions or not isinstance(node, ast.expr):
                waiting += [(child, class_name) for child in ast.iter_child_nodes(node)]
        return found

    @functools.cached_property
    def codes(self) -> Mapping[tuple[int, str], list[types.CodeType]]:
        """Each code object of the file, by first line and name."""
        found: dict[tuple[int, str], list[types.CodeType]] = defaultdict(list)
        for code in nested_codes(self.code):
            found[code.co_firstlineno, code.co_name].append(code)
        return found

    @functools.cached_property
    def codes_apart(self) -> Mapping[tuple[int, str], list[types.CodeType]]:
        """The same, of each statement compiled alone, as notebooks compile those of a cell.

        A call of `np.sin` is then another code, if `np` is imported by another statement.
        """
        found: dict[tuple[int, str], list[types.CodeType]] = defaultdict(list)
        flags = self.code.co_flags & FUTURE_FLAGS
        for stmt in self.tree.body:
            alone = ast.Module([stmt], [])
            for code in nested_codes(compile(alone, self.filename, "exec", flags, True)):
                found[code.co_firstlineno, code.co_name].append(code)
        return found


def nested_codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """The code objects inside a code object, at any depth."""
    waiting = [code]
    while waiting:
        inner = [c for c in waiting.pop().co_consts if isinstance(c, types.CodeType)]
        yield from inner
        waiting += inner


@functools.lru_cache(maxsize=128)
def parse(text: str, filename: str, flags: int = 0) -> File:
    """Parse and compile a text, once. `SourceError` if it is not Python.

    >>> parse("def f(x):\\n    return x\\n", "f.py").lines
    ('def f(x):', '    return x')
    """
    # A cell of a notebook may `await` at its top level; that changes nothing inside functions.
    flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    text = text.removeprefix("\ufeff")
    lines = split_lines(text)
    try:
        with warnings.catch_warnings():  # the user has seen them, when the file was imported
            warnings.simplefilter("ignore")
            only_tree = flags | ast.PyCF_ONLY_AST
            tree = compile(text, filename, "exec", only_tree, dont_inherit=True)
            # The text again, not the tree: Python's compiler takes deeper texts than trees.
            code = compile(text, filename, "exec", flags, dont_inherit=True)
    except SyntaxError as error:
        raise SourceError(f"{filename} is not valid Python: {error.msg}", _place(error)) from None
    except (RecursionError, MemoryError):
        message = f"{filename} has an expression that is too long for Python's own parser here"
        raise SourceError(f"{message}; break it up over several statements") from None
    except (ValueError, OverflowError) as error:  # null bytes, lone surrogates
        raise SourceError(f"{filename} is not valid Python: {error}") from None
    assert isinstance(tree, ast.Module)
    return File(text, filename, lines, tree, code)


def _place(error: SyntaxError) -> list[Problem]:
    """Where Python's own syntax error is. (No place for one that has none.)"""
    if error.lineno is None:
        return []
    offset = max((error.offset or 1) - 1, 0)
    end = max((error.end_offset or 0) - 1, offset)
    return [
        Problem(
            "invalid syntax",
            "Python cannot read this" if error.msg == "invalid syntax" else error.msg,
            "",
            error.filename or "",
            error.lineno,
            offset,
            error.end_lineno or error.lineno,
            end,
            (error.text or "").rstrip("\n"),
        )
    ]


def split_lines(text: str) -> tuple[str, ...]:
    """The lines as Python's tokenizer counts them: form feeds and U+2028 end no line.

    >>> split_lines("a\\x0cb\\r\\nc\\n")
    ('a\\x0cb', 'c')
    """
    lines = re.split(r"\r\n|\r|\n", text)
    return tuple(lines[:-1] if lines[-1] == "" else lines)


def read_text(path: str, what: str = "this file") -> str:
    """The text of a file of Python, in the encoding that it says it has.

    `what` names, in the error, whose source it is that cannot be read.
    """
    try:
        with open(path, "rb") as stream:
            return importlib.util.decode_source(stream.read())
    except (UnicodeError, SyntaxError, LookupError):
        message = f"the source of {what} cannot be decoded: {path} is not in the encoding"
        raise SourceError(f"{message} that its first lines say (UTF-8, if nothing)") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it cannot be opened"
        raise SourceError(f"the source of {what} cannot be read: {path}: {reason}") from None


def text_of(filename: str, names: Mapping[str, object], what: str) -> str:
    """The text of the file that a function was compiled from; `names` are its globals.

    `what` names the function in the error that says why there is none.
    """
    generated = names.get(TEXT)
    if type(generated) is str and filename.startswith("<srcad "):
        return generated
    path = _on_disk(filename, names)
    if path is not None:
        return read_text(path, what)
    try:  # notebooks and doctests keep their text there, zip files in the loader
        lines = linecache.getlines(filename, dict(names))
    except Exception:  # a loader of someone else's may raise anything
        lines = []
    if lines:
        return "".join(lines)
    raise SourceError(f"the source of {what} cannot be found: {why_none(filename, names)}")


def _on_disk(filename: str, names: Mapping[str, object]) -> str | None:
    """The path of the file, if there is one."""
    if os.path.isfile(filename):
        return filename
    # A script's file name is relative, and the working directory may have changed since.
    path = names.get("__file__")
    if type(path) is str and os.path.basename(path) == os.path.basename(filename):
        return path if os.path.isfile(path) else None
    return None


def why_none(filename: str, names: Mapping[str, object]) -> str:
    """Why there is no text for a function."""
    if filename.startswith("<stdin"):
        return "it was typed at the prompt, which keeps no text; put it in a file or a notebook"
    if filename.startswith(("<timed", "<magic-timeit")):
        return "it was defined in a cell of `%%time` or `%%timeit`; define it in a cell of its own"
    if filename.startswith("<frozen"):
        return "it is frozen into the Python interpreter"
    if filename.startswith("<"):
        return f"it was made by exec or eval, or given to python -c ({filename}); put it in a file"
    compiled = names.get("__file__")
    if type(compiled) is str and compiled.endswith(".pyc"):
        return f"only the compiled file {compiled} is there"
    return f"the file {filename} is not there any more"
