"""A live function → its definition in its file, found by position and then proved.

Two functions may have one name, and several lambdas one line, but no two share a place. The file
may have been edited since it was imported, though: what is found is compiled in its context, and
compared with the code that runs. The derivative of another function than the one that runs would
be silently wrong.
"""

from __future__ import annotations

import ast
import functools
import types
import weakref
from collections.abc import Iterable
from typing import Any

import gast

from srcad.errors import SourceError, with_article
from srcad.read.contexts import without_contexts
from srcad.read.live import LiveScope, mangled
from srcad.read.source import Source
from srcad.read.text import FUTURE_FLAGS, Definition, File, nested_codes, parse, text_of, why_none
from srcad.read.tree import Node, definition
from srcad.tree import walk


def read_function(fun: object) -> Source:
    """The source of a plain Python function.

    >>> def square(x):
    ...     return x * x
    >>> source = read_function(square)
    >>> source.name, source.tree.lineno, source.lines[1]
    ('square', 1, '    return x * x')
    """
    if type(fun) is not types.FunctionType:
        raise SourceError(_not_plain(fun))
    code = fun.__code__
    what = "a lambda" if code.co_name == "<lambda>" else f"`{code.co_name}`"
    flags = code.co_flags & FUTURE_FLAGS
    text = text_of(code.co_filename, fun.__globals__, what)
    try:
        file = parse(text, code.co_filename, flags)
    except SourceError as error:
        message = f"the source of {what} cannot be read: {error.args[0]}"
        raise SourceError(message, error.problems) from None
    node, class_name = _find(code, file, what)
    tree = definition(node)
    _name_parameters(tree, class_name)
    scope = LiveScope(fun, class_name)
    source = Source(tree.name, tree, file.filename, file.lines, scope, fun, flags)
    return without_contexts(source)


def _name_parameters(tree: Node, class_name: str | None) -> None:
    """Give private parameters the names that Python gives them: `__k` inside `class A` is `_A__k`.

    That is how they are called, and how their defaults are found.
    """
    given = tree.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    names = {each.id: mangled(each.id, class_name) for each in every if each is not None}
    if any(name != own for name, own in names.items()):
        for node in walk(tree):
            if isinstance(node, gast.Name):
                node.id = names.get(node.id, node.id)


# From a function to its source. The source holds the function, so both are held weakly: the entry
# is there for as long as someone keeps the source.
_sources: weakref.WeakKeyDictionary[types.FunctionType, weakref.ref[Source]]
_sources = weakref.WeakKeyDictionary()
_codes: weakref.WeakKeyDictionary[Source, types.CodeType] = weakref.WeakKeyDictionary()


def source_for(obj: object) -> Source:
    """The source of a function, read once; a `Source` is its own.

    >>> def square(x):
    ...     return x * x
    >>> source = source_for(square)
    >>> source_for(square) is source, source_for(source) is source
    (True, True)
    """
    if type(obj) is Source:
        return obj
    if type(obj) is not types.FunctionType:
        return read_function(obj)
    reference = _sources.get(obj)
    source = reference() if reference is not None else None
    if source is None or _codes.get(source) is not obj.__code__:
        source = read_function(obj)
        _sources[obj] = weakref.ref(source)
        _codes[source] = obj.__code__
    return source


def remember(function: types.FunctionType, source: Source) -> None:
    """Note the source of a function that was made of it: it is not to be read from its text."""
    _sources[function] = weakref.ref(source)
    _codes[source] = function.__code__


def _find(code: types.CodeType, file: File, what: str) -> tuple[Definition, str | None]:
    """The definition of the function whose code this is, and the name of the class around it."""
    place = code.co_firstlineno, code.co_name
    every = file.definitions.get(place, [])
    for apart in (False, True):
        compiled = (file.codes_apart if apart else file.codes).get(place, []) if every else []
        nodes = every
        if code.co_name == "<lambda>":
            nodes, compiled = _pick_lambda(code, file, every, compiled)
        # A `finally` body is compiled twice: one definition, two codes.
        if nodes and any(fingerprint(other) == fingerprint(code) for other in compiled):
            return nodes[0]
    raise SourceError(_changed(code, file, what))


def _pick_lambda(
    code: types.CodeType,
    file: File,
    nodes: list[tuple[Definition, str | None]],
    compiled: list[types.CodeType],
) -> tuple[list[tuple[Definition, str | None]], list[types.CodeType]]:
    """Of the lambdas of one line, the one whose code this is, and the codes that it compiles to."""
    if len(nodes) <= 1:
        return nodes, compiled
    lambdas = [node for node, _ in nodes]
    owners = [_owner(other, lambdas) for other in compiled]
    unclaimed = [node for node in lambdas if not any(node is owner for owner in owners)]
    owner = _owner(code, lambdas)
    if owner is None:
        if _columns(code):  # it has a place, and no lambda is there now
            return [], []
        # Python 3.12 gives no place to a constant body: it is the one that nothing else claims.
        if len(unclaimed) != 1:
            raise SourceError(_ambiguous(code, "they return constants, or columns are not kept"))
        (owner,) = unclaimed
        mine = [c for c, other in zip(compiled, owners, strict=True) if other is None]
    else:
        mine = [c for c, other in zip(compiled, owners, strict=True) if other is owner]
    return [pair for pair in nodes if pair[0] is owner], mine


def _columns(code: types.CodeType) -> list[tuple[int, int, int, int]]:
    """The places of the instructions that have one: (line, column, end line, end column)."""
    places = []
    for line, end_line, column, end_column in code.co_positions():
        if line is None or end_line is None or column is None or end_column is None:
            continue
        if (line, column) != (end_line, end_column):  # of no width: the function's own prologue
            places.append((line, column, end_line, end_column))
    return places


def _owner(code: types.CodeType, lambdas: Iterable[Definition]) -> Definition | None:
    """The innermost lambda whose body holds every instruction of the code."""
    places = _columns(code)
    holders = []
    for node in lambdas:
        body = node.body
        assert isinstance(body, ast.expr)
        start = body.lineno, body.col_offset
        end = body.end_lineno or 0, body.end_col_offset or 0
        if places and all(start <= p[:2] and p[2:] <= end for p in places):
            holders.append((start, node))
    return max(holders, key=lambda holder: holder[0])[1] if holders else None


def fingerprint(code: types.CodeType) -> Any:
    """All of a code object that decides what it computes; equal for equal programs.

    File names and lines are left out, and constants are compared with their types and signs:
    to `==`, `1`, `1.0` and `True` are one number, and so are `0.0` and `-0.0`.
    """
    return (
        code.co_name,
        code.co_qualname,
        code.co_flags,
        code.co_code,
        code.co_exceptiontable,
        code.co_argcount,
        code.co_posonlyargcount,
        code.co_kwonlyargcount,
        code.co_names,
        code.co_varnames,
        code.co_freevars,
        code.co_cellvars,
        tuple(_constant(value) for value in code.co_consts),
    )


def _constant(value: object) -> Any:
    if isinstance(value, types.CodeType):
        return fingerprint(value)
    if isinstance(value, tuple):
        return tuple, tuple(_constant(item) for item in value)
    if isinstance(value, frozenset):
        return frozenset, frozenset(_constant(item) for item in value)
    if isinstance(value, float | complex):
        return type(value), repr(value)
    return type(value), value


def _changed(code: types.CodeType, file: File, what: str) -> str:
    """Why the text at that place is not the function's."""
    inner = [code, *nested_codes(code)]
    if any(name.startswith("@py") for c in inner for name in c.co_names + c.co_varnames):
        return (
            f"the code of {what} is not that of {file.filename}: pytest rewrote its assert"
            " statements; define the function in a module that is not a test file"
        )
    if code.co_name.startswith("<") and code.co_name != "<lambda>":
        return f"{code.co_name} is not a function that someone wrote; there is nothing to read"
    if file.filename == "<string>":  # Python 3.13 keeps the text of `python -c` under that name
        return f"the source of {what} cannot be found: {why_none(file.filename, {})}"
    return (
        f"the code of {what} is not that of {file.filename}, line {code.co_firstlineno}: the file"
        " was edited after it was imported, or the function was made in another way; import it anew"
    )


def _ambiguous(code: types.CodeType, why: str) -> str:
    return (
        f"{code.co_filename}, line {code.co_firstlineno}: the lambdas of this line cannot be told"
        f" apart ({why}); write them on separate lines, or use def"
    )


_IN_C = (
    types.BuiltinFunctionType,
    types.MethodDescriptorType,
    types.MethodWrapperType,
    types.WrapperDescriptorType,
)


def _not_plain(obj: object) -> str:
    """Why an object that is not a plain Python function has no source."""
    kind = type(obj)
    name = type.__dict__["__name__"].__get__(kind)  # what a class says of itself is not trusted
    if issubclass(kind, type):
        return "a class cannot be differentiated; write a function that calls it"
    if kind in _IN_C:
        return "a function written in C has no Python source; write a function that calls it"
    if kind is types.MethodType:
        return "a bound method cannot be differentiated, it hides an argument; write a function"
    if kind is functools.partial:
        return "a functools.partial has no source of its own; write a def or a lambda instead"
    if kind in (staticmethod, classmethod):
        return f"a {name} object is not a function; differentiate the function that it wraps"
    if kind in (types.CoroutineType, types.GeneratorType):
        return f"a {name} is the result of a call; pass the function itself, without calling it"
    if not callable(obj):
        return f"{with_article(name)} is not a function; pass a plain Python function"
    return f"{with_article(name)} object is not a plain Python function; write a def that calls it"
